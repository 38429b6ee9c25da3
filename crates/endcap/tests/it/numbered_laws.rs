//! The numbered invariants of the ledger that take two crates: P19, the reconciliation of two sides' statements.

use endcap::bridge::page_lines;
use endcap::calendar::Period;
use endcap::ledger::*;
use endcap::settlement::reconcile::{LineClass, ReconReport, ReconRules, reconcile};
use endcap::types::{AccountId, Currency, DocumentId, Money};
use proptest::prelude::*;

fn day(n: u64) -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(2025, 1, 1).unwrap() + chrono::Days::new(n)
}

fn fen(minor: i128) -> Money {
    Money::from_minor(minor, Currency::CNY).unwrap()
}

/// What happened between supplier and chain, as one of them books it.
#[derive(Debug, Clone)]
struct Deal {
    what: u8,
    fen: i128,
    on: u64,
    /// 0 both book it, 1 the supplier alone, 2 the chain alone, 3 the chain with another amount.
    fate: u8,
    red: bool,
}

fn deals() -> impl Strategy<Value = Vec<Deal>> {
    let deal = (0_u8..4, 1_i128..900, 0_u64..90, 0_u8..7, any::<bool>());
    prop::collection::vec(
        deal.prop_map(|(what, fen, on, fate, red)| Deal { what, fen, on, fate, red }),
        0..20,
    )
}

/// The books of one side: 1122 of the supplier, or 2202 of the chain, whose entries are the other way round.
fn books(code: &str, owed_on: Side, deals: &[Deal], books: impl Fn(&Deal) -> Option<i128>) -> Ledger {
    let mut ledger = Ledger::new(Settings::new(code).unwrap());
    let open = |code, kind| Account::new(code, ("a", "b"), kind).unwrap();
    let kind = if owed_on == Side::Debit { AccountKind::Asset } else { AccountKind::Liability };
    ledger.open_account(open(code, kind).with_dimension(Dimension::OpenItems), day(0)).unwrap();
    ledger.open_account(open("other", AccountKind::Expense), day(0)).unwrap();
    for (n, deal) in deals.iter().enumerate() {
        let Some(minor) = books(deal) else { continue };
        let name = format!("D{n}");
        let (nature, owed) = [
            (Nature::Invoice, true),
            (Nature::Return, false),
            (Nature::Deduction, false),
            (Nature::Receipt, false),
        ][usize::from(deal.what)];
        let side = if owed { owed_on } else { owed_on.opposite() };
        // Red or not is the business of whose books it is: the supplier takes returns off in red.
        let leg = match (deal.red && owed_on == Side::Debit, side) {
            (false, Side::Debit) => LegDraft::debit(code, fen(minor)),
            (false, Side::Credit) => LegDraft::credit(code, fen(minor)),
            (true, Side::Debit) => LegDraft::red_credit(code, fen(minor)),
            (true, Side::Credit) => LegDraft::red_debit(code, fen(minor)),
        };
        let who = AccountId::new("KA1").unwrap();
        let draft = EntryDraft::new(
            IdempotencyKey::new(name.as_str()).unwrap(),
            DocumentId::new(name).unwrap(),
            day(deal.on),
            day(400),
        );
        let draft = draft.leg(leg.of(who).nature(nature)).leg(LegDraft::remainder("other", Currency::CNY));
        ledger.post(&draft).unwrap();
    }
    ledger
}

fn page(ledger: &Ledger, code: &str, period: Period) -> AccountPage {
    let who = AccountId::new("KA1").unwrap();
    ledger.page(&PageQuery { account: code, key_account: &who, currency: Currency::CNY, period }).unwrap()
}

/// What both statements say and what stands between them, from the supplier's point of view.
#[derive(Debug, Clone)]
struct Both {
    ours: (i128, i128, i128),
    theirs: (i128, i128, i128),
    report: ReconReport,
    swapped: ReconReport,
}

/// The law.
fn p19(both: &Both) -> Result<(), String> {
    let holds = |condition: bool, what: &str| if condition { Ok(()) } else { Err(what.to_owned()) };
    for (opening, moved, closing) in [both.ours, both.theirs] {
        holds(opening + moved == closing, "a statement does not roll forward")?;
    }
    let bridge = &both.report.bridge;
    holds(bridge.our_balance.minor() == both.ours.1, "our lines are not our movement")?;
    holds(bridge.their_balance.minor() == both.theirs.1, "their lines are not their movement")?;
    let explained: i128 = bridge.rows.iter().map(|row| row.amount.minor()).sum();
    let gap = (both.ours.2 - both.theirs.2) - (both.ours.0 - both.theirs.0);
    holds(explained == gap, "the rows do not explain the gap")?;
    let classes = both.report.lines.iter().map(|line| {
        let signed = line.counted.minor();
        if line.side == endcap::settlement::reconcile::Side::Ours { signed } else { -signed }
    });
    holds(classes.sum::<i128>() == gap, "the classes do not explain the gap")?;
    holds(both.swapped == both.report.mirrored(), "swapping the sides does not mirror the result")
}

fn both(deals: &[Deal], month: u32) -> Both {
    let period = Period::month(2025, month).unwrap();
    let ours = books("1122", Side::Debit, deals, |deal| (deal.fate != 2).then_some(deal.fen));
    let theirs = books("2202", Side::Credit, deals, |deal| match deal.fate {
        1 => None,
        3 => Some(deal.fen + 7),
        _ => Some(deal.fen),
    });
    let (ours, theirs) = (page(&ours, "1122", period), page(&theirs, "2202", period));
    let mut rules = ReconRules::new(period, Currency::CNY);
    rules.window_days = 3;
    let (our_lines, their_lines) =
        (page_lines(&ours, Side::Debit).unwrap(), page_lines(&theirs, Side::Credit).unwrap());
    let moved = |page: &AccountPage| page.movements.values().map(Money::minor).sum::<i128>();
    Both {
        ours: (ours.opening.minor(), moved(&ours), ours.closing.minor()),
        // The chain owes on the credit side.
        theirs: (-theirs.opening.minor(), -moved(&theirs), -theirs.closing.minor()),
        report: reconcile(&our_lines, &their_lines, &rules).unwrap(),
        swapped: reconcile(&their_lines, &our_lines, &rules).unwrap(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn p19_two_statements_and_what_stands_between_them(deals in deals(), month in 1_u32..4) {
        prop_assert_eq!(p19(&both(&deals, month)), Ok(()));
    }

    #[test]
    fn p19_equal_books_leave_nothing_open(deals in deals(), month in 1_u32..4) {
        let equal: Vec<Deal> = deals.into_iter().map(|deal| Deal { fate: 0, ..deal }).collect();
        let both = both(&equal, month);
        prop_assert_eq!(p19(&both), Ok(()));
        prop_assert!(both.report.lines.iter().all(|line| line.class == LineClass::Matched), "{:?}", both.report.lines);
    }
}

/// The law can fail: each figure of it is doctored once.
#[test]
fn a_doctored_reconciliation_is_noticed() {
    let deal = |what, fate, on| Deal { what, fen: 100 + i128::from(what), on, fate, red: what == 1 };
    let deals = [deal(0, 0, 3), deal(0, 1, 9), deal(1, 2, 12), deal(2, 3, 15), deal(3, 0, 20)];
    let sound = both(&deals, 1);
    assert_eq!(p19(&sound), Ok(()));
    let doctored: [&dyn Fn(&mut Both); 7] = [
        &|both| both.ours.0 += 1,
        &|both| both.theirs.2 -= 1,
        &|both| both.report.bridge.our_balance = fen(1),
        &|both| both.report.bridge.their_balance = fen(1),
        &|both| both.report.bridge.rows.truncate(both.report.bridge.rows.len() - 1),
        &|both| drop(both.report.lines.remove(0)),
        &|both| both.swapped = both.report.clone(),
    ];
    for (n, doctor) in doctored.iter().enumerate() {
        let mut both = sound.clone();
        doctor(&mut both);
        assert!(p19(&both).is_err(), "{n} was not noticed");
    }
}
