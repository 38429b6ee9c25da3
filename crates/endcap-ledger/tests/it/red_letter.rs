//! Red ink: the same balances as a reversal on swapped sides, and turnovers as if nothing had been posted.

use std::collections::BTreeMap;

use endcap_calendar::Period;
use endcap_ledger::*;
use endcap_types::Currency;
use proptest::prelude::*;

use crate::golden::rows;
use crate::kit::{cny, day, doc, draft, fen, invoice, ka, key, ledger, ledger_with, receipt};
use crate::oracle;
use crate::script::{WHO, run, script};

/// Debits and credits of each account and currency, by adding up columns.
type Turnovers = BTreeMap<(String, Currency), (i128, i128)>;

fn columns<'e>(ledger: &Ledger, entries: impl Iterator<Item = &'e Entry>) -> Turnovers {
    let mut turnovers = Turnovers::new();
    for leg in entries.flat_map(|entry| &entry.legs) {
        let code = ledger.accounts()[leg.account.index() as usize].code().to_owned();
        let (debit, credit) = turnovers.entry((code, leg.amount.currency())).or_default();
        *(if leg.side == Side::Debit { debit } else { credit }) += leg.amount.minor();
    }
    turnovers.retain(|_, turned| *turned != (0, 0));
    turnovers
}

/// The same as the trial balance says.
fn stated(ledger: &Ledger) -> Turnovers {
    let trial = ledger.trial_balance(day(2_000)).unwrap();
    let rows = trial
        .rows
        .iter()
        .map(|row| ((row.code.clone(), row.closing.currency()), (row.debit.minor(), row.credit.minor())));
    rows.filter(|(_, turned)| *turned != (0, 0)).collect()
}

/// The law: turnovers after a red reversal are those of the journal without the entry.
fn restored(after: &Turnovers, without: &Turnovers) -> Result<(), String> {
    if after == without { Ok(()) } else { Err(format!("{after:?} is not {without:?}")) }
}

fn undo(of: EntryId, name: &str, form: ReversalForm) -> Reversal {
    Reversal {
        of,
        key: key(name),
        document: doc(name),
        reason: "wrong customer".to_owned(),
        date: CorrectionDate::OriginalOrFirstOpen,
        recorded: day(900),
        cleared: ClearedItems::Release,
        form: FormRule::Always(form),
    }
}

fn entry_of(ledger: &Ledger, back: u64) -> EntryId {
    EntryId::from_seq(ledger.events().len() as u64 - back % ledger.events().len() as u64)
}

proptest! {
    #![proptest_config(crate::kit::cases(64))]

    /// P05 in red: balances, items and ageing as with swapped sides, turnovers as without the entry.
    #[test]
    fn p05_red_ink_takes_turnovers_back(steps in script(30), back in 0_u64..40, on in 0_u64..160) {
        let mut before = ledger();
        run(&mut before, &steps);
        let of = entry_of(&before, back);
        let (mut red, mut swapped) = (before.clone(), before.clone());
        let Ok(receipt) = red.reverse(undo(of, "undo", ReversalForm::RedLetter)) else {
            prop_assert!(swapped.reverse(undo(of, "undo", ReversalForm::SwappedSides)).is_err());
            return Ok(());
        };
        swapped.reverse(undo(of, "undo", ReversalForm::SwappedSides)).unwrap();
        let (original, mirror) = (before.entry(of).unwrap(), red.entry(receipt.entry()).unwrap());
        for (leg, back) in original.legs.iter().zip(&mirror.legs) {
            prop_assert_eq!((back.side, back.amount), (leg.side, leg.amount.negated()));
        }
        prop_assert_eq!(red.reversed_by(of), Some(receipt.entry()));

        let entries: Vec<Entry> = before.events().iter().filter_map(|event| before.entry(EntryId::from_seq(event.seq)).filter(|_| event.seq != of.seq())).collect();
        prop_assert_eq!(restored(&stated(&red), &columns(&before, entries.iter())), Ok(()));
        prop_assert_eq!(stated(&red), columns(&red, oracle::entries(&red).collect::<Vec<_>>().iter()));
        for account in before.accounts() {
            for currency in [Currency::CNY, Currency::USD] {
                for at in [At::Now, At::EndOf(day(on))] {
                    prop_assert_eq!(red.balance(account.code(), currency, at), swapped.balance(account.code(), currency, at));
                }
            }
        }
        for who in WHO.map(ka) {
            let open = |ledger: &Ledger| ledger.open_items("1122", &who, Currency::CNY, day(on)).unwrap();
            prop_assert_eq!(open(&red), open(&swapped));
            prop_assert_eq!(red.stock_cards(&who, Period::month(2025, 2).unwrap()), swapped.stock_cards(&who, Period::month(2025, 2).unwrap()));
        }
        prop_assert!(red.audit().is_clean(), "{:?}", red.audit().findings);
        prop_assert_eq!(Ledger::replay(red.settings().clone(), red.events().to_vec()), Ok(red.clone()));

        // Undone itself, the entry stands again with its turnovers: in red always, and what is red comes back in blue on
        // its own side whatever form is asked for. What undid a red entry is blue, so there the form decides.
        let was_red = original.legs.iter().any(|leg| leg.ink() == Ink::Red);
        let swapped_too = Some(ReversalForm::SwappedSides).filter(|_| !was_red);
        for form in [ReversalForm::RedLetter].into_iter().chain(swapped_too) {
            let mut again = red.clone();
            if again.reverse(undo(receipt.entry(), "redo", form)).is_ok() {
                prop_assert_eq!(stated(&again), stated(&before));
                prop_assert!(again.audit().is_clean());
            }
        }
    }

    /// A page rolls forward by its turnovers, red lines and all.
    #[test]
    fn a_page_rolls_by_its_turnovers(steps in script(40), month in 1_u32..6) {
        let mut ledger = ledger();
        run(&mut ledger, &steps);
        for who in WHO.map(ka) {
            let query = PageQuery { account: "1122", key_account: &who, currency: Currency::CNY, period: Period::month(2025, month).unwrap() };
            let page = ledger.page(&query).unwrap();
            let (debit, credit) = (page.turnover(Side::Debit).unwrap(), page.turnover(Side::Credit).unwrap());
            prop_assert_eq!(page.opening.minor() + debit.minor() - credit.minor(), page.closing.minor());
        }
    }

    /// Red and blue legs in any mix balance or are refused by what they leave; items weigh as the legs do.
    #[test]
    fn red_legs_balance_by_their_sign(legs in prop::collection::vec((0_usize..4, any::<bool>(), any::<bool>(), 1_i128..5_000), 1..9)) {
        let mut ledger = ledger();
        let mut asked = draft("mixed", day(3));
        let mut net = 0;
        for (which, red, debit, amount) in &legs {
            let code = ["1122", "6001", "2202", "1002"][*which];
            let leg = match (red, debit) {
                (true, true) => LegDraft::red_debit(code, fen(*amount)),
                (true, false) => LegDraft::red_credit(code, fen(*amount)),
                (false, true) => LegDraft::debit(code, fen(*amount)),
                (false, false) => LegDraft::credit(code, fen(*amount)),
            };
            net += if red != debit { *amount } else { -amount };
            asked = asked.leg(if matches!(code, "1122" | "2202") { leg.of(ka("KA1")) } else { leg });
        }
        let mut kept = asked.clone();
        if net != 0 {
            prop_assert_eq!(ledger.post(&asked), Err(LedgerError::Unbalanced { surplus: vec![(Currency::CNY, net)] }));
            kept = asked.leg(LegDraft::remainder("6603", Currency::CNY));
        }
        let of = ledger.post(&kept).unwrap().entry();
        let entry = ledger.entry(of).unwrap();
        prop_assert_eq!(stated(&ledger), columns(&ledger, [&entry].into_iter()));
        for code in ["1122", "2202"] {
            let open = ledger.open_items(code, &ka("KA1"), Currency::CNY, day(9)).unwrap();
            let open: i128 = open.iter().map(|item| item.side.sign(item.open.minor())).sum();
            prop_assert_eq!(open, ledger.balance(code, Currency::CNY, At::Now).unwrap().minor());
        }
        prop_assert!(ledger.audit().is_clean());
        prop_assert_eq!(Ledger::replay(ledger.settings().clone(), ledger.events().to_vec()), Ok(ledger));
    }
}

/// The law above can fail: a swapped reversal is no red one, and one unit is noticed.
#[test]
fn a_swapped_reversal_is_not_red() {
    let mut ledger = ledger();
    let of = ledger.post(&invoice("i1", "KA1", fen(11_300), day(3), Due::NoDate)).unwrap().entry();
    let without = Turnovers::new();
    let mut red = ledger.clone();
    red.reverse(undo(of, "undo", ReversalForm::RedLetter)).unwrap();
    assert_eq!(restored(&stated(&red), &without), Ok(()));
    ledger.reverse(undo(of, "undo", ReversalForm::SwappedSides)).unwrap();
    assert!(restored(&stated(&ledger), &without).is_err());
    let off = Turnovers::from([(("1122".to_owned(), Currency::CNY), (1, 0))]);
    assert!(restored(&stated(&red), &off).is_err());
}

/// The standing choice of a ledger, which one reversal may depart from; the log carries it.
#[test]
fn a_ledger_has_a_form_of_its_own() {
    let mut red = ledger_with(Settings::new("red").unwrap().with_reversals(ReversalForm::RedLetter));
    assert_ne!(red.head(), ledger_with(Settings::new("red").unwrap()).head());
    let ids: Vec<EntryId> = (0..3)
        .map(|n| red.post(&invoice(&format!("i{n}"), "KA1", fen(100), day(3), Due::NoDate)).unwrap().entry())
        .collect();
    let rules = [
        (FormRule::AsLedger, Ink::Red, Side::Debit),
        (FormRule::Always(ReversalForm::SwappedSides), Ink::Blue, Side::Credit),
        (FormRule::Always(ReversalForm::RedLetter), Ink::Red, Side::Debit),
    ];
    for (n, ((rule, ink, side), of)) in rules.into_iter().zip(ids).enumerate() {
        let form = Reversal { form: rule, ..undo(of, &format!("undo{n}"), ReversalForm::RedLetter) };
        let undone = red.reverse(form).unwrap().entry();
        let leg = &red.entry(undone).unwrap().legs[0];
        assert_eq!((leg.ink(), leg.side, leg.weighs_on()), (ink, side, Side::Credit));
    }
    assert_eq!(red.snapshot().unwrap().restore(), Ok(red.clone()));
    assert_eq!(Ledger::replay(red.settings().clone(), red.events().to_vec()), Ok(red));
}

/// The month of the original is closed: the red entry counts on the first open day and keeps what it relates to.
#[test]
fn a_red_reversal_of_a_closed_month_lands_in_the_next_open_one() {
    let mut ledger = ledger();
    let of = ledger.post(&invoice("i1", "KA1", fen(11_300), day(3), Due::NoDate)).unwrap().entry();
    let january = Period::month(2025, 1).unwrap();
    ledger.close_period(january, day(900)).unwrap();
    let asked = Reversal { date: CorrectionDate::On(day(3)), ..undo(of, "undo", ReversalForm::RedLetter) };
    let refused = LedgerError::PeriodClosed { effective: day(3), first_open: january.end() };
    assert_eq!(ledger.reverse(asked), Err(refused));
    let undone = ledger.reverse(undo(of, "undo", ReversalForm::RedLetter)).unwrap().entry();
    let entry = ledger.entry(undone).unwrap();
    assert_eq!((entry.effective, entry.relates_to), (january.end(), Some(day(3))));
    // January keeps what it showed, and February takes the turnover back on its own side.
    let row = |period| {
        let trial = ledger.trial_balance_within(period).unwrap();
        let row = trial.rows.into_iter().find(|row| row.code == "1122").unwrap();
        (row.debit, row.credit, row.closing)
    };
    assert_eq!(row(january), (cny("113.00"), cny("0.00"), cny("113.00")));
    assert_eq!(row(Period::month(2025, 2).unwrap()), (cny("-113.00"), cny("0.00"), cny("0.00")));
    let who = ka("KA1");
    let query = PageQuery {
        account: "1122",
        key_account: &who,
        currency: Currency::CNY,
        period: Period::year(2025).unwrap(),
    };
    let page = ledger.page(&query).unwrap();
    assert_eq!(
        page.lines.iter().map(|line| (line.side, line.amount)).collect::<Vec<_>>(),
        [(Side::Debit, cny("113.00")), (Side::Debit, cny("-113.00")),]
    );
    assert!(page.turnover(Side::Debit).unwrap().is_zero() && page.turnover(Side::Credit).unwrap().is_zero());
    assert!(ledger.audit().is_clean());
}

/// What red ink is not: an amount below zero, nothing, pending.
#[test]
fn red_ink_is_held_to_the_rules_of_blue() {
    let mut ledger = ledger();
    let red = |minor| {
        draft("x", day(3))
            .leg(LegDraft::red_debit("1002", fen(minor)))
            .leg(LegDraft::remainder("6603", Currency::CNY))
    };
    assert_eq!(ledger.post(&red(-5)), Err(LedgerError::NegativeLeg { leg: 0, amount: fen(-5) }));
    assert_eq!(ledger.post(&red(0)), Err(LedgerError::EmptyLeg { leg: 0 }));
    let held = ReserveDraft { draft: red(5), expires: Expiry::Never };
    let refused = ControlError::NotReservable { reason: "red ink is not pending" };
    assert_eq!(ledger.reserve(held), Err(refused.into()));
    // A red debit of a control account clears what a credit would.
    ledger.post(&invoice("i1", "KA1", fen(500), day(3), Due::NoDate)).unwrap();
    ledger.post(&receipt("part", "KA1", fen(100), day(4), ClearingPolicy::Fifo)).unwrap();
    let less = draft("less", day(5))
        .leg(LegDraft::red_debit("1122", fen(150)).of(ka("KA1")).clears(ClearingPolicy::Fifo))
        .leg(LegDraft::red_credit("6001", fen(150)));
    ledger.post(&less).unwrap();
    let open = ledger.open_items("1122", &ka("KA1"), Currency::CNY, day(9)).unwrap();
    assert_eq!(open.iter().map(|item| (item.side, item.open)).collect::<Vec<_>>(), [(Side::Debit, fen(250))]);
    assert!(ledger.audit().is_clean());
}

/// What red ink takes back is used up all the same: the limit counts what went through the columns.
#[test]
fn red_ink_makes_no_room_below_the_turnover_limit() {
    let mut ledger = ledger();
    // A red entry counts on both of its sides, so this and its reversal come to the limit.
    let third = fen(limits::MAX_TURNOVER_MINOR / 3);
    let of = ledger.post(&invoice("i1", "KA1", third, day(3), Due::NoDate)).unwrap().entry();
    ledger.reverse(undo(of, "undo", ReversalForm::RedLetter)).unwrap();
    assert!(ledger.balance("1122", Currency::CNY, At::Now).unwrap().is_zero());
    let refused = |outcome: Result<Receipt, LedgerError>| {
        assert!(matches!(outcome, Err(LedgerError::TurnoverOutOfRange { .. })), "{outcome:?}");
    };
    refused(ledger.post(&invoice("i2", "KA1", third, day(3), Due::NoDate)));
    let red = draft("r2", day(3))
        .leg(LegDraft::red_debit("1002", fen(1)))
        .leg(LegDraft::red_credit("6001", fen(1)));
    refused(ledger.post(&red));
    // Red on both sides of one column leaves nothing and turns over twice.
    let both =
        draft("r3", day(3)).leg(LegDraft::credit("1002", fen(2))).leg(LegDraft::red_credit("1002", fen(2)));
    refused(ledger.post(&both));
    assert_eq!(Ledger::replay(ledger.settings().clone(), ledger.events().to_vec()), Ok(ledger));
}

/// 12 of 12 rows.
#[test]
fn golden_turnovers_come_out_as_told() {
    let told = rows(include_str!("../golden/red_letter.csv"));
    assert_eq!(told.len(), 12);
    let sale = |name: &str, net: i128, tax: i128| {
        draft(name, day(4))
            .leg(LegDraft::debit("1122", fen(net + tax)).of(ka("KA001")))
            .leg(LegDraft::credit("6001", fen(net)))
            .leg(LegDraft::credit("2221.01", fen(tax)))
    };
    for row in told {
        let mut ledger = ledger();
        let of = ledger.post(&sale("wrong", 100_000, 13_000)).unwrap().entry();
        match row["form"].as_str() {
            "swapped_sides" => drop(ledger.reverse(undo(of, "undo", ReversalForm::SwappedSides)).unwrap()),
            "red_letter" => drop(ledger.reverse(undo(of, "undo", ReversalForm::RedLetter)).unwrap()),
            "red_then_blue" => {
                ledger.reverse(undo(of, "undo", ReversalForm::RedLetter)).unwrap();
                ledger.post(&sale("right", 80_000, 10_400).corrects(of)).unwrap();
            }
            "red_difference" => {
                let less = draft("less", day(4))
                    .corrects(of)
                    .leg(LegDraft::red_debit("1122", cny("226.00")).of(ka("KA001")))
                    .leg(LegDraft::red_credit("6001", cny("200.00")))
                    .leg(LegDraft::red_credit("2221.01", cny("26.00")));
                ledger.post(&less).unwrap();
            }
            other => panic!("{other}"),
        }
        let turned = stated(&ledger).remove(&(row["account"].clone(), Currency::CNY)).unwrap_or_default();
        assert_eq!(turned, (cny(&row["debit"]).minor(), cny(&row["credit"]).minor()), "{row:?}");
        let closing = ledger.balance(&row["account"], Currency::CNY, At::Now).unwrap();
        assert_eq!(closing, cny(&row["closing"]), "{row:?}");
        assert!(ledger.audit().is_clean());
    }
}
