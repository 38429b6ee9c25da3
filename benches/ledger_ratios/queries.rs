//! Balances, trial balance, ageing and clearing: bars 5 to 9.

use std::collections::VecDeque;
use std::hint::black_box;
use std::time::Duration;

use chrono::{Days, NaiveDate};
use endcap::ledger::{
    AgeBasis, AgeingQuery, At, Buckets, ClearingPolicy, Due, EntryDraft, IdempotencyKey, ItemDraft, Ledger,
    LegDraft, match_in_order,
};
use endcap::types::{AccountId, Currency, DocumentId};

use crate::work::{HALF, Sale, cny, day, empty, income, party, posted, sales};
use crate::{Size, Table, in_turns, timed};

/// Questions of one measurement.
const QUESTIONS: usize = 200_000;

fn parties() -> Vec<AccountId> {
    (0..HALF).map(party).collect()
}

/// A key account and a day for each question, without order.
fn questions(parties: &[AccountId]) -> Vec<(usize, NaiveDate)> {
    (0..QUESTIONS).map(|n| (n * 7919 % parties.len(), day((n * 104_729 % 400) as u64))).collect()
}

fn ask(
    ledger: &Ledger,
    parties: &[AccountId],
    questions: &[(usize, NaiveDate)],
    at: impl Fn(NaiveDate) -> At,
) -> (Duration, i128) {
    timed(|| {
        questions.iter().fold(0_i128, |sum, (who, on)| {
            sum + ledger.balance_of("1122", &parties[*who], Currency::CNY, at(*on)).unwrap().minor()
        })
    })
}

/// Days and running balances of each key account, as a plain program keeps them to ask by binary search.
fn prefixes(sales: &[Sale]) -> Vec<Vec<(NaiveDate, i128)>> {
    let mut moves: Vec<Vec<(NaiveDate, i128)>> = vec![Vec::new(); HALF as usize];
    for sale in sales {
        moves[sale.party as usize].push((day(sale.day), i128::from(sale.minor)));
    }
    for list in &mut moves {
        list.sort_by_key(|(day, _)| *day);
        let mut sum = 0;
        list.iter_mut().for_each(|(_, minor)| {
            sum += *minor;
            *minor = sum;
        });
    }
    moves
}

pub fn bars(size: Size, table: &mut Table) {
    let all = sales(size.entries);
    let (small, medium) = (posted(&all[..size.entries.min(1000)]), posted(&all[..size.entries.min(10_000)]));
    let large = posted(&all);
    let (parties, entries) = (parties(), size.entries);
    let questions = questions(&parties);

    // Both ledgers know every key account by now or answer zero; the sums are those of the sales.
    let (few, many) = in_turns(
        size.rounds,
        || ask(&small, &parties, &questions, |_| At::Now).0,
        || ask(&large, &parties, &questions, |_| At::Now).0,
    );
    let nanoseconds = |seconds: f64| seconds / QUESTIONS as f64 * 1e9;
    let detail = format!(" ({:.0} ns against {:.0} ns)", nanoseconds(many), nanoseconds(few));
    table.at_most(&format!("5 balance now, {entries} entries"), "1,000 entries", 2.0, many / few, &detail);

    let prefixes = prefixes(&all);
    let search = || {
        timed(|| {
            questions.iter().fold(0_i128, |sum, (who, on)| {
                let list = &prefixes[*who];
                let end = list.partition_point(|(day, _)| day <= on);
                sum + end.checked_sub(1).map_or(0, |last| list[last].1)
            })
        })
    };
    let expected = search().1;
    let (plain, as_of) = in_turns(
        size.rounds,
        || {
            let (time, sum) = search();
            assert_eq!(sum, expected);
            time
        },
        || {
            let (time, sum) = ask(&large, &parties, &questions, At::EndOf);
            assert_eq!(sum, expected);
            time
        },
    );
    let detail = format!(" ({:.0} ns against {:.0} ns)", nanoseconds(as_of), nanoseconds(plain));
    table.at_most(
        "6 balance as of a date",
        "binary search over running balances",
        3.0,
        as_of / plain,
        &detail,
    );

    let owed: i128 = all.iter().map(|sale| i128::from(sale.minor)).sum();
    let trial = |ledger: &Ledger, debit: Option<i128>| {
        let (time, balance) = timed(|| black_box(ledger).trial_balance(day(400)).unwrap());
        assert!(balance.is_balanced());
        assert!(debit.is_none_or(|debit| balance.totals[0].debit.minor() == debit));
        time
    };
    let (few, many) = in_turns(size.rounds * 5, || trial(&medium, None), || trial(&large, Some(owed)));
    let detail = format!(" ({:.0} µs against {:.0} µs)", many * 1e6, few * 1e6);
    table.at_most(&format!("7 trial balance, {entries} entries"), "10,000 entries", 2.0, many / few, &detail);
    drop((small, medium, large));

    ageing(size, table);
    clearing(size, table);
}

/// Not due, then 1–30, 31–60, 61–90 and more days overdue, in one loop.
fn loop_over_items(items: &[(NaiveDate, i128)], as_of: NaiveDate) -> Vec<i128> {
    let mut split = vec![0; 6];
    for (due, open) in items {
        let days = (as_of - *due).num_days();
        split[[0, 30, 60, 90, 180].iter().filter(|edge| days > **edge).count()] += open;
    }
    split
}

fn ageing(size: Size, table: &mut Table) {
    let sales = sales(size.entries.min(100_000));
    let ledger = posted(&sales);
    let as_of = day(340);
    let items: Vec<(NaiveDate, i128)> =
        sales.iter().map(|sale| (day(sale.day) + Days::new(30), i128::from(sale.minor))).collect();
    // What has not happened yet is not open.
    let open: Vec<(NaiveDate, i128)> =
        items.into_iter().filter(|(due, _)| *due - Days::new(30) <= as_of).collect();
    let expected = loop_over_items(&open, as_of);
    let buckets = Buckets::new(vec![30, 60, 90, 180]).unwrap();
    let query = AgeingQuery { account: "1122", currency: Currency::CNY, as_of, basis: AgeBasis::DueDate };
    let (plain, ours) = in_turns(
        size.rounds * 3,
        || {
            let (time, split) = timed(|| loop_over_items(black_box(&open), as_of));
            assert_eq!(split, expected);
            time
        },
        || {
            let (time, ageing) = timed(|| black_box(&ledger).ageing(&query, &buckets).unwrap());
            let total = &ageing.total;
            let found = std::iter::once(total.not_due.minor())
                .chain(total.overdue.iter().map(|bucket| bucket.minor()));
            assert!(found.eq(expected.iter().copied()));
            time
        },
    );
    let each = |seconds: f64| seconds / sales.len() as f64 * 1e9;
    let detail = format!(" ({:.1} ns against {:.1} ns an item)", each(ours), each(plain));
    let what = format!("8 ageing of {} open items, 6 buckets, by key account", sales.len());
    table.at_most(&what, "bucket loop", 8.0, ours / plain, &detail);
}

/// Invoices of one key account and receipts that each clear a hundred of them.
fn clearing(size: Size, table: &mut Table) {
    let (count, each) = (size.entries.min(100_000), 100);
    let sales = sales(count);
    let mut ledger = empty();
    for (n, sale) in sales.iter().enumerate() {
        let document = DocumentId::new(format!("INV-{n:07}")).unwrap();
        let item = ItemDraft {
            document: document.clone(),
            dated: day(n as u64 / 400),
            due: Due::NoDate,
            delivered: None,
        };
        let draft =
            EntryDraft::new(IdempotencyKey::new(format!("sale/{n}")).unwrap(), document, day(0), day(400))
                .leg(LegDraft::debit("1122", cny(sale.minor)).of(party(0)).opens(item))
                .leg(LegDraft::credit(income(0), cny(sale.minor)));
        ledger.post(&draft).unwrap();
    }
    let receipts: Vec<EntryDraft> = sales
        .chunks(each)
        .enumerate()
        .map(|(n, paid)| {
            let name = format!("R-{n:07}");
            let amount = cny(paid.iter().map(|sale| sale.minor).sum());
            EntryDraft::new(
                IdempotencyKey::new(&*name).unwrap(),
                DocumentId::new(&*name).unwrap(),
                day(300),
                day(400),
            )
            .leg(LegDraft::debit("1002", amount))
            .leg(LegDraft::credit("1122", amount).of(party(0)).clears(ClearingPolicy::Fifo))
        })
        .collect();
    let by_queue = || {
        let mut open: VecDeque<i64> = sales.iter().map(|sale| sale.minor).collect();
        let paid: Vec<i64> =
            sales.chunks(each).map(|paid| paid.iter().map(|sale| sale.minor).sum()).collect();
        let (time, matches) = timed(|| {
            let mut matches = Vec::new();
            for mut left in black_box(paid) {
                while let Some(first) = open.front_mut().filter(|_| left > 0) {
                    let part = left.min(*first);
                    (*first, left) = (*first - part, left - part);
                    let done = *first == 0;
                    matches.push((open.len(), part));
                    if done {
                        open.pop_front();
                    }
                }
            }
            matches
        });
        assert_eq!((open.len(), matches.len()), (0, count));
        time
    };
    let open: Vec<(usize, i128)> = sales.iter().map(|sale| i128::from(sale.minor)).enumerate().collect();
    let paid = sales.chunks(each).map(|paid| paid.iter().map(|sale| i128::from(sale.minor)).sum());
    let paid: Vec<(usize, i128)> = paid.enumerate().collect();
    let (queue, kernel) = in_turns(size.rounds * 3, by_queue, || {
        let (time, matches) =
            timed(|| match_in_order(black_box(&open).iter().copied(), black_box(&paid).iter().copied()));
        assert_eq!(matches.len(), count);
        assert!(matches.iter().all(|pair| pair.credit == pair.debit / each));
        time
    });
    let detail = |ours: f64, queue: f64| {
        let each = |seconds: f64| seconds / count as f64 * 1e9;
        format!(" ({:.1} ns against {:.1} ns a match)", each(ours), each(queue))
    };
    table.at_most(
        "9 FIFO clearing, the matching itself",
        "VecDeque loop",
        8.0,
        kernel / queue,
        &detail(kernel, queue),
    );
    let (queue, ours) = in_turns(size.rounds, by_queue, || {
        let mut ledger = ledger.clone();
        let (time, ()) = timed(|| {
            for receipt in &receipts {
                ledger.post(receipt).unwrap();
            }
        });
        assert_eq!(ledger.balance("1122", Currency::CNY, At::Now).unwrap().minor(), 0);
        assert!(ledger.open_items("1122", &party(0), Currency::CNY, day(400)).unwrap().is_empty());
        time
    });
    let detail = detail(ours, queue);
    table.at_most(
        "9 FIFO clearing, posted, chained and indexed",
        "VecDeque loop",
        8.0,
        ours / queue,
        &detail,
    );
}
