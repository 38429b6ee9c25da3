//! Laws of open items, clearing and ageing.

use endcap_ledger::{
    AgeBasis, AgeingQuery, AgeingSplit, At, Buckets, ClearRequest, ClearedItems, ClearingPolicy,
    CorrectionDate, Due, ItemEffect, Ledger, OpenItem, Reversal, Side,
};
use endcap_types::Currency;
use proptest::prelude::*;

use crate::kit::{cny, day, doc, fen, invoice, ka, key, ledger, receipt};
use crate::oracle;
use crate::script::{run, script};

const CASES: u32 = 64;

fn edges() -> impl Strategy<Value = Vec<u32>> {
    prop::collection::btree_set(1_u32..200, 0..6).prop_map(|edges| edges.into_iter().collect())
}

fn basis() -> impl Strategy<Value = AgeBasis> {
    (0..AgeBasis::ALL.len()).prop_map(|at| AgeBasis::ALL[at])
}

/// Not due, one figure a bucket, no date, unallocated credit: by a look at every item.
fn placed(items: &[OpenItem], edges: &[u32], as_of: chrono::NaiveDate, basis: AgeBasis) -> Vec<i128> {
    let mut figures = vec![0; edges.len() + 4];
    let (no_date, credit) = (edges.len() + 2, edges.len() + 3);
    for item in items {
        let date = match (basis, item.due) {
            (AgeBasis::DueDate, Due::On(due)) => Some(due),
            (AgeBasis::DueDate, Due::NoDate) => None,
            (AgeBasis::DocumentDate, _) => Some(item.dated),
            (AgeBasis::DeliveryDate, _) => item.delivered,
        };
        let place = match (item.side, date.map(|date| (as_of - date).num_days())) {
            (Side::Credit, _) => credit,
            (Side::Debit, None) => no_date,
            (Side::Debit, Some(days)) => {
                let not_yet = if basis == AgeBasis::DueDate { days <= 0 } else { days < 0 };
                let within = edges.iter().position(|edge| days <= i64::from(*edge)).unwrap_or(edges.len());
                if not_yet { 0 } else { 1 + within }
            }
        };
        figures[place] += item.side.sign(item.open.minor());
    }
    figures
}

fn figures(split: &AgeingSplit) -> Vec<i128> {
    let parts = [split.not_due].into_iter().chain(split.overdue.clone());
    parts.chain([split.no_due_date, split.unallocated_credit]).map(|money| money.minor()).collect()
}

/// The law can fail: an item on another basis, or on the day after, stands elsewhere.
#[test]
fn an_item_that_stands_elsewhere_is_noticed() {
    let mut ledger = ledger();
    let mut sold = invoice("i1", "KA1", fen(100), day(10), Due::On(day(40)));
    if let ItemEffect::Open(item) = &mut sold.legs[0].item {
        item.delivered = Some(day(5));
    }
    ledger.post(&sold).unwrap();
    let items = ledger.open_items("1122", &ka("KA1"), Currency::CNY, day(99)).unwrap();
    let at = |on: u64, basis| placed(&items, &[30, 60], day(on), basis);
    for on in [36, 41, 70] {
        for basis in AgeBasis::ALL {
            let query = AgeingQuery { account: "1122", currency: Currency::CNY, as_of: day(on), basis };
            let ageing = ledger.ageing(&query, &Buckets::new(vec![30, 60]).unwrap()).unwrap();
            assert_eq!(figures(&ageing.rows[0].1), at(on, basis));
        }
    }
    assert_ne!(at(36, AgeBasis::DeliveryDate), at(36, AgeBasis::DocumentDate));
    assert_ne!(at(36, AgeBasis::DueDate), at(36, AgeBasis::DocumentDate));
    assert_ne!(at(35, AgeBasis::DeliveryDate), at(36, AgeBasis::DeliveryDate));
    assert_ne!(at(40, AgeBasis::DueDate), at(41, AgeBasis::DueDate));
}

proptest! {
    #![proptest_config(crate::kit::cases(CASES))]

    #[test]
    fn p14_ageing_sums_to_the_control_account(
        steps in script(60), edges in edges(), on in 0_u64..220, basis in basis(),
    ) {
        let mut ledger = ledger();
        run(&mut ledger, &steps);
        let buckets = Buckets::new(edges).unwrap();
        for (account, currency) in [("1122", Currency::CNY), ("1122", Currency::USD), ("2202", Currency::CNY)] {
            let as_of = day(on);
            let ageing = ledger.ageing(&AgeingQuery { account, currency, as_of, basis }, &buckets).unwrap();
            prop_assert_eq!(ageing.total.total, ledger.balance(account, currency, At::EndOf(as_of)).unwrap());
            let mut rows = 0;
            for (who, split) in &ageing.rows {
                prop_assert_eq!(split.overdue.len(), ageing.labels.len());
                let parts: i128 = split.overdue.iter().map(|money| money.minor()).sum::<i128>()
                    + split.not_due.minor() + split.no_due_date.minor() + split.unallocated_credit.minor();
                prop_assert_eq!(parts, split.total.minor());
                let slow = oracle::balance(&ledger, account, Some(who), currency, as_of);
                prop_assert_eq!(split.total.minor(), slow);
                rows += split.total.minor();
            }
            prop_assert_eq!(rows, ageing.total.total.minor());
        }
    }

    /// P14 item by item: each stands where the date of its basis says, counted in days and nothing else.
    #[test]
    fn p14_each_item_stands_where_its_date_says(
        steps in script(60), edges in edges(), on in 0_u64..220, basis in basis(),
    ) {
        let mut ledger = ledger();
        run(&mut ledger, &steps);
        let query = AgeingQuery { account: "1122", currency: Currency::CNY, as_of: day(on), basis };
        let ageing = ledger.ageing(&query, &Buckets::new(edges.clone()).unwrap()).unwrap();
        for (who, split) in &ageing.rows {
            let items = ledger.open_items("1122", who, Currency::CNY, day(on)).unwrap();
            prop_assert_eq!(placed(&items, &edges, day(on), basis), figures(split));
        }
        let first = if basis == AgeBasis::DueDate { "1" } else { "0" };
        prop_assert!(ageing.labels[0].starts_with(first), "{:?}", ageing.labels);
    }

    #[test]
    fn p13_an_item_is_never_cleared_beyond_what_it_holds_on_any_day(steps in script(60), on in 0_u64..220) {
        let mut ledger = ledger();
        run(&mut ledger, &steps);
        let items: Vec<_> = oracle::entries(&ledger)
            .flat_map(|entry| { let legs = entry.legs; entry.items.into_iter().map(move |item| (item.id, legs[item.leg as usize].clone())) })
            .collect();
        for (id, leg) in items {
            let open = oracle::open(&ledger, id, day(on));
            prop_assert!((0..=leg.amount.minor().abs()).contains(&open), "{open} of {}", leg.amount);
            let code = ledger.accounts()[leg.account.index() as usize].code();
            let who = leg.key_account.clone().unwrap();
            let shown = ledger.open_items(code, &who, leg.amount.currency(), day(on)).unwrap();
            let shown = shown.iter().find(|item| item.id == id).map_or(0, |item| item.open.minor());
            prop_assert_eq!(shown, open);
        }
    }

    #[test]
    fn a_policy_clears_as_much_as_it_can(
        invoices in prop::collection::vec((1_i128..5_000, 0_u64..100, prop::option::of(0_u64..150)), 0..15),
        cash in 1_i128..30_000,
        by_due in any::<bool>(),
    ) {
        let mut ledger = ledger();
        for (n, (amount, on, due)) in invoices.iter().enumerate() {
            let due = due.map_or(Due::NoDate, |due| Due::On(day(due)));
            ledger.post(&invoice(&format!("i{n:02}"), "KA1", fen(*amount), day(*on), due)).unwrap();
        }
        let policy = if by_due { ClearingPolicy::OldestDue } else { ClearingPolicy::Fifo };
        let posted = ledger.post(&receipt("cash", "KA1", fen(cash), day(120), policy)).unwrap().entry();
        let cleared: i128 = ledger.entry(posted).unwrap().clearings.iter().map(|c| c.amount.minor()).sum();
        let owed: i128 = invoices.iter().map(|(amount, _, _)| amount).sum();
        prop_assert_eq!(cleared, cash.min(owed));

        // A naive till: sort, then pay in order.
        let mut queue: Vec<_> = invoices.iter().enumerate().map(|(n, (amount, on, due))| {
            let first = if by_due { due.unwrap_or(u64::MAX) } else { *on };
            (first, *on, format!("i{n:02}"), *amount)
        }).collect();
        queue.sort();
        let mut left = cash;
        for (_, _, name, amount) in queue {
            let paid = left.min(amount);
            left -= paid;
            let items = ledger.open_items("1122", &ka("KA1"), Currency::CNY, day(400)).unwrap();
            let open = items.iter().find(|item| item.document == doc(&name)).map_or(0, |item| item.open.minor());
            prop_assert_eq!(open, amount - paid, "{}", name);
        }
    }

    #[test]
    fn clearing_does_not_depend_on_the_order_of_posting(
        invoices in prop::collection::vec((1_i128..5_000, 0_u64..10, prop::option::of(0_u64..10)), 1..12),
        cash in 1_i128..20_000,
        by_due in any::<bool>(),
    ) {
        let policy = if by_due { ClearingPolicy::OldestDue } else { ClearingPolicy::Fifo };
        let outcome = |order: Vec<usize>| {
            let mut ledger = ledger();
            for n in order {
                let (amount, on, due) = invoices[n];
                let due = due.map_or(Due::NoDate, |due| Due::On(day(due)));
                ledger.post(&invoice(&format!("i{n}"), "KA1", fen(amount), day(on), due)).unwrap();
            }
            ledger.post(&receipt("cash", "KA1", fen(cash), day(120), policy.clone())).unwrap();
            let items = ledger.open_items("1122", &ka("KA1"), Currency::CNY, day(400)).unwrap();
            let mut open: Vec<_> = items.into_iter().map(|item| (item.document, item.open)).collect();
            open.sort_by(|a, b| a.0.cmp(&b.0));
            open
        };
        let forward: Vec<usize> = (0..invoices.len()).collect();
        let backward: Vec<usize> = (0..invoices.len()).rev().collect();
        prop_assert_eq!(outcome(forward), outcome(backward));
    }
}

fn item(ledger: &Ledger, name: &str) -> i128 {
    let items = ledger.open_items("1122", &ka("KA1"), Currency::CNY, day(400)).unwrap();
    items.iter().find(|item| item.document == doc(name)).map_or(0, |item| item.open.minor())
}

/// A receipt kept on account is cleared later; a bounced one gives its invoices back.
#[test]
fn a_credit_on_account_is_cleared_later_and_a_bounced_receipt_gives_back() {
    let mut ledger = ledger();
    ledger.post(&invoice("i1", "KA1", cny("100.00"), day(1), Due::On(day(31)))).unwrap();
    let cash = receipt("cash", "KA1", cny("80.00"), day(5), ClearingPolicy::Documents(vec![]));
    let paid = ledger.post(&cash).unwrap().entry();
    assert_eq!((item(&ledger, "i1"), item(&ledger, "cash")), (10_000, 8_000));

    let request = ClearRequest {
        key: key("match"),
        account: "1122".to_owned(),
        key_account: ka("KA1"),
        currency: Currency::CNY,
        side: Side::Credit,
        document: doc("cash"),
        policy: ClearingPolicy::OldestDue,
        effective: day(6),
        recorded: day(900),
    };
    ledger.clear(request).unwrap();
    assert_eq!((item(&ledger, "i1"), item(&ledger, "cash")), (2_000, 0));
    let as_of_five = ledger.open_items("1122", &ka("KA1"), Currency::CNY, day(5)).unwrap();
    assert_eq!(as_of_five.len(), 2); // on the fifth nothing was matched yet

    let bounced = Reversal {
        of: paid,
        key: key("bounce"),
        document: doc("bounce"),
        reason: "cheque bounced".to_owned(),
        date: CorrectionDate::On(day(9)),
        recorded: day(900),
        cleared: ClearedItems::Release,
        form: endcap_ledger::FormRule::AsLedger,
    };
    ledger.reverse(bounced).unwrap();
    assert_eq!((item(&ledger, "i1"), item(&ledger, "cash"), item(&ledger, "bounce")), (10_000, 0, 0));
    assert_eq!(ledger.balance_of("1122", &ka("KA1"), Currency::CNY, At::Now), Ok(cny("100.00")));
    assert!(ledger.audit().is_clean());
}

/// Items due after the day asked for are in the ageing, and so are those without a date: nothing vanishes.
#[test]
fn future_due_dates_and_missing_ones_have_their_places() {
    let mut ledger = ledger();
    ledger.post(&invoice("soon", "KA1", cny("1.00"), day(1), Due::On(day(400)))).unwrap();
    ledger.post(&invoice("never", "KA1", cny("2.00"), day(1), Due::NoDate)).unwrap();
    ledger.post(&invoice("late", "KA1", cny("4.00"), day(1), Due::On(day(10)))).unwrap();
    ledger.post(&receipt("cash", "KA1", cny("8.00"), day(2), ClearingPolicy::Documents(vec![]))).unwrap();
    let query =
        AgeingQuery { account: "1122", currency: Currency::CNY, as_of: day(191), basis: AgeBasis::DueDate };
    let total = ledger.ageing(&query, &Buckets::standard()).unwrap().total;
    assert_eq!((total.not_due, total.no_due_date), (cny("1.00"), cny("2.00")));
    assert_eq!((total.overdue[4], total.unallocated_credit), (cny("4.00"), cny("-8.00"))); // 181 days late
    assert_eq!((total.past_due().unwrap(), total.total), (cny("4.00"), cny("-1.00")));
}

/// A released item is free again from the release on, not before: a later receipt of an earlier date waits until then.
#[test]
fn a_backdated_receipt_cannot_clear_what_was_cleared_on_that_day() {
    let mut ledger = ledger();
    ledger.post(&invoice("i1", "KA1", cny("100.00"), day(1), Due::On(day(31)))).unwrap();
    let paid = receipt("cheque", "KA1", cny("100.00"), day(5), ClearingPolicy::Fifo);
    let paid = ledger.post(&paid).unwrap().entry();
    let bounced = Reversal {
        of: paid,
        key: key("bounce"),
        document: doc("bounce"),
        reason: "cheque bounced".to_owned(),
        date: CorrectionDate::On(day(20)),
        recorded: day(900),
        cleared: ClearedItems::Release,
        form: endcap_ledger::FormRule::AsLedger,
    };
    ledger.reverse(bounced).unwrap();
    ledger.post(&receipt("cash", "KA1", cny("100.00"), day(10), ClearingPolicy::Fifo)).unwrap();

    let open = |on| {
        let items = ledger.open_items("1122", &ka("KA1"), Currency::CNY, day(on)).unwrap();
        items.into_iter().map(|item| (item.document.to_string(), item.open)).collect::<Vec<_>>()
    };
    assert_eq!(open(12), [("cash".to_owned(), cny("100.00"))]); // the cheque still held i1 on that day
    assert_eq!(open(20), []);
    assert!(ledger.audit().is_clean());
}
