//! Laws of amounts: limits, splits, foreign currency, remainders, verdicts, and what a bad draft is told.

use endcap_calendar::Period;
use endcap_ledger::*;
use endcap_types::{Currency, Money};
use proptest::prelude::*;

use crate::fx::{sale, settlement};
use crate::kit::{cny, day, draft, fen, invoice, ka, ledger, receipt};
use crate::sim::name_of;

type Check = Result<(), String>;

fn holds(condition: bool, what: &str) -> Check {
    if condition { Ok(()) } else { Err(what.to_owned()) }
}

/// P16: parts sum to what is split, and each is within one unit of its exact share.
fn p16(parts: &[i128], open: &[i128], minor: i128) -> Check {
    let whole: i128 = open.iter().sum();
    holds(parts.iter().sum::<i128>() == minor.min(whole), "the parts are not the whole")?;
    let near = |(part, open): (&i128, &i128)| (part * whole - open * minor.min(whole)).abs() < whole;
    holds(parts.iter().zip(open).all(near), "a part is a unit or more away")
}

/// P28: a remainder is the negated sum of the other legs of its currency.
fn p28(legs: &[i128]) -> Check {
    let (last, others) = legs.split_last().unwrap();
    holds(*last == -others.iter().sum::<i128>(), "the remainder is not what is left")
}

proptest! {
    #![proptest_config(crate::kit::cases(24))]

    #[test]
    fn p15_the_largest_amounts_are_refused_and_never_wrap(shares in prop::collection::vec(1_i128..=12, 1..8)) {
        let mut ledger = ledger();
        let mut turnover = 0_i128;
        for (n, share) in shares.iter().enumerate() {
            let amount = limits::MAX_TURNOVER_MINOR / share;
            let outcome = ledger.post(&invoice(&format!("i{n}"), "KA1", fen(amount), day(1), Due::NoDate));
            if turnover + amount <= limits::MAX_TURNOVER_MINOR {
                turnover += amount;
                prop_assert!(outcome.is_ok());
            } else {
                let refused = matches!(outcome, Err(LedgerError::TurnoverOutOfRange { .. }));
                prop_assert!(refused, "{outcome:?}");
            }
            prop_assert_eq!(ledger.balance("1122", Currency::CNY, At::Now).unwrap().minor(), turnover);
        }
    }

    #[test]
    fn p16_a_proportional_clearing_is_an_allocation(open in prop::collection::vec(1_i128..10_000, 1..9), minor in 1_i128..60_000) {
        let mut ledger = ledger();
        for (n, amount) in open.iter().enumerate() {
            ledger.post(&invoice(&format!("i{n}"), "KA1", fen(*amount), day(n as u64), Due::NoDate)).unwrap();
        }
        let of = ledger.post(&receipt("cash", "KA1", fen(minor), day(50), ClearingPolicy::Proportional)).unwrap().entry();
        let clearings = &ledger.entry(of).unwrap().clearings;
        let part = |n: usize| clearings.iter().find(|c| c.debit.index() == n as u64).map_or(0, |c| c.amount.minor());
        let parts: Vec<i128> = (0..open.len()).map(part).collect();
        prop_assert_eq!(p16(&parts, &open, minor), Ok(()));
    }

    /// Sales in dollars at any rates, paid in any parts at any rates: what was realised is what came in less what was
    /// booked, and the trading account is empty.
    #[test]
    fn p17_realised_differences_are_settled_less_booked(
        sales in prop::collection::vec((1_i64..5_000, 600_u32..800), 1..5),
        parts in prop::collection::vec((1_i64..4_000, 600_u32..800), 0..6),
        last in 600_u32..800,
    ) {
        let mut ledger = ledger();
        let dollars = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
        let stated = |rate: u32| format!("{}.{:02}", rate / 100, rate % 100);
        let mut open: i64 = 0;
        for (n, (cents, at)) in sales.iter().enumerate() {
            ledger.post(&sale(&format!("s{n}"), &dollars(*cents), &stated(*at), n as u64)).unwrap();
            open += cents;
        }
        let booked = -ledger.balance("6001", Currency::CNY, At::Now).unwrap().minor();
        let settle = |ledger: &mut Ledger, name: &str, cents: i64, at: u32| {
            let settlement = settlement(name, &dollars(cents), &stated(at), 60);
            let money = settlement.rate.convert(settlement.foreign).unwrap();
            ledger.settle_foreign(settlement).map(|_| money.minor())
        };
        let mut received = 0;
        for (n, (cents, at)) in parts.iter().enumerate() {
            let outcome = settle(&mut ledger, &format!("p{n}"), *cents, *at);
            if *cents <= open {
                received += outcome.unwrap();
                open -= cents;
            } else {
                let refused = matches!(outcome, Err(LedgerError::ExceedsOpen { .. }));
                prop_assert!(refused);
            }
        }
        if open > 0 {
            received += settle(&mut ledger, "last", open, last).unwrap();
        }
        prop_assert_eq!(-ledger.balance("6603.01", Currency::CNY, At::Now).unwrap().minor(), received - booked);
        for currency in [Currency::CNY, Currency::USD] {
            prop_assert!(ledger.balance("3002", currency, At::Now).unwrap().is_zero());
        }
        prop_assert!(ledger.audit().is_clean());
    }

    #[test]
    fn p26_currencies_never_balance_each_other(one in 1_i128..9_999, other in 1_i128..9_999, third in 0_i128..3) {
        let mut ledger = ledger();
        let usd = Money::from_minor(other, Currency::USD).unwrap();
        let mixed = draft("x", day(1)).leg(LegDraft::debit("1002", fen(one))).leg(LegDraft::credit("1002", usd));
        let surplus = vec![(Currency::CNY, one), (Currency::USD, -other)];
        prop_assert_eq!(ledger.post(&mixed), Err(LedgerError::Unbalanced { surplus }));
        let half = mixed.leg(LegDraft::credit("6001", fen(one))).leg(LegDraft::debit("6001", usd));
        prop_assert_eq!(ledger.post(&half).is_ok(), true);
        let skewed = draft("y", day(1)).leg(LegDraft::debit("1002", usd)).leg(LegDraft::credit("6001",
            Money::from_minor(other + third, Currency::USD).unwrap()));
        prop_assert_eq!(ledger.post(&skewed).is_ok(), third == 0);
    }

    #[test]
    fn p27_verdicts_follow_the_date_not_the_order(
        amounts in prop::collection::vec((1_i128..900, 0_u64..20), 1..12), at in 0_u64..20, off in 0_i128..2, seed in any::<usize>(),
    ) {
        let drafts: Vec<EntryDraft> = amounts.iter().enumerate().map(|(n, (amount, on))| {
            invoice(&format!("i{n}"), "KA1", fen(*amount), day(*on), Due::NoDate)
        }).collect();
        let mut turned = drafts.clone();
        turned.rotate_left(seed % drafts.len());
        turned.reverse();
        let until = |(_, on): &&(i128, u64)| *on <= at;
        let expected = fen(amounts.iter().filter(until).map(|(amount, _)| amount).sum::<i128>() + off);
        let verdicts = [drafts, turned].map(|drafts| {
            let mut ledger = ledger();
            ledger.post_batch(&drafts).unwrap();
            ledger.assert_balance("1122", At::EndOf(day(at)), expected)
        });
        prop_assert_eq!(&verdicts[0], &verdicts[1]);
        prop_assert_eq!(verdicts[0].is_ok(), off == 0);
    }

    #[test]
    fn p28_a_remainder_is_exactly_what_is_left(amounts in prop::collection::vec((-9_999_i128..9_999).prop_filter("not zero", |n| *n != 0), 1..12)) {
        let mut ledger = ledger();
        let legs = amounts.iter().map(|minor| LegDraft::signed("6601", fen(*minor)));
        let mut asked = draft("x", day(1));
        asked.legs.extend(legs);
        let outcome = ledger.post(&asked.leg(LegDraft::remainder("1002", Currency::CNY)));
        if amounts.iter().sum::<i128>() == 0 {
            prop_assert_eq!(outcome, Err(LedgerError::EmptyLeg { leg: amounts.len() }));
        } else {
            let legs: Vec<i128> = ledger.entry(outcome.unwrap().entry()).unwrap().legs.iter().map(Leg::signed_minor).collect();
            prop_assert_eq!(p28(&legs), Ok(()));
        }
    }

    #[test]
    fn p31_p32_every_problem_is_told_and_a_mended_draft_goes_through(flaws in 0_u8..32) {
        let mut ledger = ledger();
        ledger.close_period(Period::month(2025, 1).unwrap(), day(900)).unwrap();
        let flawed = |flaws: u8| {
            let has = |bit: u8| flaws & (1 << bit) != 0;
            let mut asked = draft("x", day(if has(4) { 5 } else { 40 }));
            asked.recorded = day(if has(0) { 899 } else { 900 });
            let to = LegDraft::debit("1122", cny("10.00"));
            asked = asked.leg(if has(1) { to } else { to.of(ka("KA1")) });
            if has(2) {
                asked = asked.leg(LegDraft::debit("1002", cny("0.00")));
            }
            asked.leg(LegDraft::credit("6001", if has(3) { cny("9.99") } else { cny("10.00") }))
        };
        let names = |problems: Vec<LedgerError>| -> Vec<String> { problems.iter().map(name_of).collect() };
        let expected = ["RecordedBeforeHead", "MissingKeyAccount", "EmptyLeg", "Unbalanced", "PeriodClosed"];
        let expected: Vec<String> = (0_u8..5).filter(|bit| flaws & (1 << bit) != 0).map(|bit| expected[usize::from(bit)].to_owned()).collect();
        prop_assert_eq!(names(ledger.problems(&flawed(flaws))), expected.clone());
        let first = ledger.post(&flawed(flaws)).map_err(|error| name_of(&error));
        prop_assert_eq!(first.err(), expected.first().cloned());
        // P32: the key is still free for the mended draft; mended already, it is a replay.
        prop_assert!(ledger.post(&flawed(0)).is_ok());
    }
}

/// The checks above can fail: each is shown a doctored figure.
#[test]
fn a_doctored_split_is_noticed() {
    assert_eq!(p16(&[34, 33, 33], &[100, 100, 100], 100), Ok(()));
    assert!(p16(&[33, 33, 33], &[100, 100, 100], 100).is_err());
    assert!(p16(&[35, 33, 32], &[100, 100, 100], 100).is_err());
    assert_eq!(p28(&[5, 7, -12]), Ok(()));
    assert!(p28(&[5, 7, -11]).is_err());
}
