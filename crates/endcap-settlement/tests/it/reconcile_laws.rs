//! The laws of reconciliation, on random books small enough to collide often.

use std::collections::BTreeSet;

use chrono::Days;
use endcap_settlement::Language;
use endcap_settlement::reconcile::*;
use endcap_types::*;
use proptest::prelude::*;

use crate::reconcile_oracle::{Found, Near, pairs};
use crate::support::*;

fn pick<T: Clone + std::fmt::Debug + 'static>(
    values: &[&'static str],
    of: fn(&str) -> T,
) -> BoxedStrategy<Option<T>> {
    let mut choices: Vec<Option<T>> = values.iter().map(|text| Some(of(text))).collect();
    choices.push(None);
    prop::sample::select(choices).boxed()
}

/// A line without its id.
fn any_line() -> impl Strategy<Value = LedgerLine> {
    let kind = prop::sample::select(vec![EntryKind::Delivery, EntryKind::Return, EntryKind::Deduction]);
    let when = (0_u64..40, prop_oneof![3 => Just(0_u64), 1 => 0_u64..9]);
    let amount = prop_oneof![-3_i128..4, 95_i128..106, -105_i128..-94];
    let documents =
        (pick(&["P1", "P2"], document), pick(&["G1"], document), pick(&["I1", "I2", "I3"], document));
    let goods = (
        pick(&["S1", "S9"], |text| StoreId::new(text).unwrap()),
        pick(&["A", "ZZ"], sku),
        pick(&["C1", "C2", "C9"], |text| ClauseId::new(text).unwrap()),
        prop::option::of(1_i64..3),
    );
    (kind, when, amount, documents, goods).prop_map(
        |(kind, (after, late), amount, (order, receipt, invoice), (store, sku, clause, count))| {
            let date = day("2025-05-28") + Days::new(after);
            LedgerLine {
                posted: date + Days::new(late),
                quantity: count.map(pieces),
                order,
                receipt,
                invoice,
                store,
                sku,
                clause,
                ..LedgerLine::new(
                    document("x"),
                    kind,
                    date,
                    Money::from_minor(amount, Currency::CNY).unwrap(),
                )
            }
        },
    )
}

#[derive(Debug, Clone)]
pub(crate) struct Books {
    pub(crate) ours: Vec<LedgerLine>,
    pub(crate) theirs: Vec<LedgerLine>,
    pub(crate) rules: ReconRules,
    near: Near,
}

/// Lines from one pool, so that the sides share some exactly and some nearly; repeats make duplicates.
pub(crate) fn books() -> impl Strategy<Value = Books> {
    let side = || prop::collection::vec((any::<prop::sample::Index>(), -2_i128..3, 0_u64..3), 0..14);
    let pool = prop::collection::vec(any_line(), 1..9);
    let settings = (0_u32..12, 0_u32..10, 0_i128..12, 0_i128..4);
    (pool, side(), side(), settings).prop_map(
        |(pool, ours, theirs, (window_days, transit_days, percent, cents))| {
            let build = |picks: Vec<(prop::sample::Index, i128, u64)>| -> Vec<LedgerLine> {
                let line = |(n, (index, more, later)): (usize, (prop::sample::Index, i128, u64))| {
                    let mut line = index.get(&pool).clone();
                    // Half of the lines stay as they are in the pool.
                    if n % 2 == 0 {
                        let minor = line.amount.minor() + more;
                        line.amount = Money::from_minor(minor, Currency::CNY).unwrap();
                        line.date = line.date + Days::new(later);
                        line.posted = line.posted + Days::new(later);
                    }
                    LedgerLine { id: document(&format!("L{n}")), ..line }
                };
                picks.into_iter().enumerate().map(line).collect()
            };
            let share = Rate::percent(percent.to_string().parse().unwrap()).unwrap();
            let money = Money::from_minor(cents, Currency::CNY).unwrap();
            let clause = |text: &str| ClauseId::new(text).unwrap();
            let rules = ReconRules {
                tolerance: Tolerance::greater_of(share, money).unwrap(),
                window_days,
                transit_days,
                skus: Known::Only([sku("A")].into()),
                stores: Known::Only([StoreId::new("S1").unwrap()].into()),
                clauses: [
                    (clause("C1"), Allowance::Unlimited),
                    (clause("C2"), Allowance::UpTo(Money::from_minor(120, Currency::CNY).unwrap())),
                ]
                .into(),
                ..ReconRules::new(period("2025-06"), Currency::CNY)
            };
            Books { ours: build(ours), theirs: build(theirs), rules, near: Near { percent, cents } }
        },
    )
}

impl Books {
    pub(crate) fn report(&self) -> ReconReport {
        reconcile(&self.ours, &self.theirs, &self.rules).unwrap()
    }

    fn side(&self, side: Side) -> &[LedgerLine] {
        match side {
            Side::Ours => &self.ours,
            Side::Theirs => &self.theirs,
        }
    }
}

proptest! {
    #![proptest_config(crate::support::at_least(1_000))]

    #[test]
    fn every_line_of_both_sides_is_in_exactly_one_class(books in books()) {
        let report = books.report();
        let told: Vec<_> = report.lines.iter().map(|l| (l.side, l.line.clone())).collect();
        let distinct: BTreeSet<_> = told.iter().cloned().collect();
        prop_assert_eq!(distinct.len(), told.len());
        prop_assert_eq!(told.len(), books.ours.len() + books.theirs.len());
        for side in [Side::Ours, Side::Theirs] {
            for line in books.side(side) {
                let result = report.line(side, &line.id).unwrap();
                prop_assert_eq!((result.kind, result.amount), (line.kind, line.amount));
                // Partners name each other, and share their class.
                prop_assert_eq!(result.partner.is_some(), result.pass != Pass::Unpaired);
                if let Some(partner) = &result.partner {
                    let other = report.line(side.other(), partner).unwrap();
                    prop_assert_eq!(other.partner.as_ref(), Some(&line.id));
                    prop_assert_eq!(&other.class, &result.class);
                }
                match &result.class {
                    LineClass::OnlyOurs => prop_assert_eq!(side, Side::Ours),
                    LineClass::OnlyTheirs => prop_assert_eq!(side, Side::Theirs),
                    LineClass::Duplicate { of } => prop_assert!(*of != line.id && report.line(side, of).is_some()),
                    LineClass::AmountExceedsClause { excess } => prop_assert!(excess.is_positive()),
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn the_bridge_closes_to_zero(books in books()) {
        let report = books.report();
        let bridge = &report.bridge;
        prop_assert!(bridge.residual.is_zero());
        let booked = |side| -> i128 {
            let lines = books.side(side).iter().filter(|line| books.rules.period.contains(line.posted));
            lines.map(|line| line.amount.minor()).sum()
        };
        let rows: i128 = bridge.rows.iter().map(|row| row.amount.minor()).sum();
        prop_assert_eq!(bridge.their_balance.minor(), booked(Side::Theirs));
        prop_assert_eq!(bridge.our_balance.minor(), booked(Side::Ours));
        prop_assert_eq!(bridge.their_balance.minor() + rows, bridge.our_balance.minor());
        // Every line that counts and is not simply matched stands in a row.
        let open = report.lines.iter().filter(|l| !l.counted.is_zero() && l.class != LineClass::Matched);
        prop_assert_eq!(bridge.rows.iter().map(|row| row.lines).sum::<usize>(), open.count());
    }

    #[test]
    fn swapping_the_sides_mirrors_the_report(books in books()) {
        let swapped = reconcile(&books.theirs, &books.ours, &books.rules).unwrap();
        prop_assert_eq!(&swapped, &books.report().mirrored());
        prop_assert_eq!(swapped.mirrored().mirrored(), swapped);
    }

    #[test]
    fn the_order_of_lines_changes_nothing(books in books(), turns in 0_usize..14) {
        let turned = |lines: &[LedgerLine]| {
            let mut lines = lines.to_vec();
            lines.reverse();
            let len = lines.len().max(1);
            lines.rotate_left(turns % len);
            lines
        };
        let report = reconcile(&turned(&books.ours), &turned(&books.theirs), &books.rules).unwrap();
        prop_assert_eq!(&report, &books.report());
        prop_assert_eq!(report.render(Language::Zh), books.report().render(Language::Zh));
    }

    #[test]
    fn sorted_matcher_agrees_with_the_pairwise_oracle(books in books()) {
        let report = books.report();
        let found: Found = report
            .lines
            .iter()
            .filter(|line| line.side == Side::Ours)
            .filter_map(|l| l.partner.as_ref().map(|p| (l.line.to_string(), p.to_string(), l.pass)))
            .collect();
        prop_assert_eq!(found, pairs(&books.ours, &books.theirs, &books.rules, books.near));
    }

    #[test]
    fn the_undisputed_part_is_in_both_books(mut books in books()) {
        // With goods only, all positive, nothing can be undisputed that is not in both balances or was booked before.
        for line in books.ours.iter_mut().chain(&mut books.theirs) {
            line.amount = line.amount.abs();
            line.posted = day("2025-06-15");
        }
        let report = books.report();
        let least = report.bridge.our_balance.smaller(&report.bridge.their_balance).unwrap();
        prop_assert!(!report.undisputed.is_negative());
        prop_assert!(report.undisputed.minor() <= least.minor());
    }

    #[test]
    fn equal_books_have_nothing_open(books in books()) {
        let report = reconcile(&books.ours, &books.ours, &books.rules).unwrap();
        prop_assert!(report.lines.iter().all(|line| line.class == LineClass::Matched));
        prop_assert!(report.bridge.rows.is_empty());
        prop_assert_eq!(report.undisputed, report.bridge.our_balance);
    }
}

#[test]
fn twenty_thousand_lines_take_no_pairwise_time() {
    // All of one key, one amount and one date: 10^8 pairs, were they looked at one by one.
    let lines = |prefix: &str| -> Vec<LedgerLine> {
        let line = |n: usize| {
            let id = document(&format!("{prefix}{n:05}"));
            LedgerLine::new(id, EntryKind::Delivery, day("2025-06-10"), money("1.00"))
        };
        (0..10_000).map(line).collect()
    };
    let rules = ReconRules::new(period("2025-06"), Currency::CNY);
    let report = reconcile(&lines("A"), &lines("B"), &rules).unwrap();
    assert_eq!(report.undisputed, money("10000.00"));
    assert_eq!(report.open_lines().count(), 0);
}
