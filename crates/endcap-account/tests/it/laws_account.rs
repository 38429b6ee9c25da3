//! What holds for every scorecard, series of classes, order and account.

use std::num::{NonZeroU8, NonZeroU32};

use endcap_account::{
    AccountType, Authority, Band, BandThenConfirmed, Better, Class, ClassTransitions, Cut, Cutoffs,
    Dimension, Expectation, Format, Gate, MissingPoints, OrderActivity, OrderCosts, OtherName, Ownership,
    PotentialGrid, Scope, ScoreItem, Scorecard, Settlement, Supply, TieRank, churn_rate, data_limits,
    format_features, half_life_periods, rank_scores, rank_share, regularity, retention_rate,
};
use endcap_types::{AccountId, Currency, Exact, Money, Rate};
use proptest::prelude::*;
use rust_decimal::Decimal;

fn int(value: i128) -> Exact {
    Exact::from_int(value)
}

fn dimension(index: usize) -> Dimension {
    [Dimension::PurchaseHabit, Dimension::SpendingPower, Dimension::Loyalty, Dimension::Other][index % 4]
}

fn card(weights: &[i128], missing: MissingPoints) -> Scorecard {
    let item = |(index, weight): (usize, &i128)| ScoreItem {
        name: index.to_string(),
        dimension: dimension(index),
        weight: int(*weight),
    };
    Scorecard::new(weights.iter().enumerate().map(item).collect(), vec![], missing).expect("a card")
}

const NONE: [(&str, Gate); 0] = [];
const NAMES: [&str; 6] = ["0", "1", "2", "3", "4", "5"];

/// An account, its class before and its class after.
type Move = (usize, (Option<u8>, Option<u8>));

fn class(position: u8) -> Class {
    Class::new(position).expect("a class")
}

/// The straight reading of the published definition, in `f64` only where squares are small.
fn limits_by_definition(values: &[i64]) -> [usize; 4] {
    let mut sorted: Vec<i128> = values.iter().map(|value| i128::from(*value)).collect();
    sorted.sort_by_key(|value| -value);
    let (n, total) = (sorted.len() as i128, sorted.iter().sum::<i128>());
    let cum = |k: usize| sorted[..k].iter().sum::<i128>();
    let nearest = |x: usize, from: usize| {
        let distance = |k: usize| {
            let (dx, dy) = ((k as i128 - x as i128) * total, (total - cum(k)) * n);
            dx * dx + dy * dy
        };
        (from..=sorted.len()).min_by_key(|k| (distance(*k), *k)).expect("a member")
    };
    let pareto = nearest(0, 1);
    let break_even = (1..=sorted.len()).rev().find(|k| sorted[k - 1] * n >= total).expect("the largest");
    let behind = pareto.max(break_even);
    [pareto, break_even, pareto.min(break_even), nearest(behind, behind)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn contributions_and_dimensions_sum_to_the_score(
        rows in prop::collection::vec((1_i128..50, prop::option::of(0_i128..=100)), 1..6),
        neutral in any::<bool>(),
    ) {
        let weights: Vec<i128> = rows.iter().map(|row| row.0).collect();
        let missing = if neutral { MissingPoints::Neutral } else { MissingPoints::Reweight };
        let given = rows.iter().zip(NAMES).filter_map(|((_, points), name)| points.map(|points| (name, int(points))));
        if let Ok(score) = card(&weights, missing).score(given, NONE) {
            let adds: Vec<Exact> = score.contributions().iter().map(|contribution| contribution.adds.clone()).collect();
            prop_assert_eq!(&Exact::sum(&adds).expect("small"), score.total());
            prop_assert_eq!(&Exact::sum(score.by_dimension().values()).expect("small"), score.total());
            let shares: Vec<Exact> = score.contributions().iter().map(|contribution| contribution.share.clone()).collect();
            prop_assert_eq!(Exact::sum(&shares).expect("small"), Exact::ONE);
            prop_assert!(*score.total() >= Exact::ZERO && *score.total() <= int(100));
            // The formula, read straight.
            let counted: Vec<(i128, i128)> = rows.iter()
                .filter_map(|(weight, points)| points.or(neutral.then_some(50)).map(|points| (*weight, points))).collect();
            let weighted: i128 = counted.iter().map(|(weight, points)| weight * points).sum();
            let sum: i128 = counted.iter().map(|(weight, _)| weight).sum();
            prop_assert_eq!(score.total(), &Exact::ratio(weighted, sum).expect("positive"));
        } else {
            prop_assert!(!neutral && rows.iter().all(|(_, points)| points.is_none()));
        }
    }

    #[test]
    fn a_scorecard_is_monotone_and_its_weights_have_no_scale(
        rows in prop::collection::vec((1_i128..50, 0_i128..=100), 1..6), at in 0_usize..6, by in 1_i128..=100, factor in 2_i128..9,
    ) {
        let weights: Vec<i128> = rows.iter().map(|row| row.0).collect();
        let points: Vec<i128> = rows.iter().map(|row| row.1).collect();
        let total = |weights: &[i128], points: &[i128]| {
            let given = points.iter().zip(NAMES).map(|(points, name)| (name, int(*points)));
            card(weights, MissingPoints::Error).score(given, NONE).expect("a score").total().clone()
        };
        let at = at % rows.len();
        let mut better = points.clone();
        better[at] = (better[at] + by).min(100);
        let (before, after) = (total(&weights, &points), total(&weights, &better));
        prop_assert!(after >= before && (after > before) == (better[at] > points[at]));
        let scaled: Vec<i128> = weights.iter().map(|weight| weight * factor).collect();
        prop_assert_eq!(before, total(&scaled, &points));
    }

    #[test]
    fn rank_scores_rise_with_the_value_and_equal_values_share_one(
        values in prop::collection::vec(0_i64..8, 0..20), bins in 1_u8..8, lower in any::<bool>(), tie in 0_usize..3,
    ) {
        let bins = NonZeroU8::new(bins).expect("above zero");
        let ties = [TieRank::Min, TieRank::Mid, TieRank::Max][tie];
        let better = if lower { Better::Lower } else { Better::Higher };
        let scores = rank_scores(&values, bins, better, ties);
        for (i, a) in values.iter().enumerate() {
            prop_assert!(scores[i] >= 1 && scores[i] <= bins.get());
            for (j, b) in values.iter().enumerate() {
                prop_assert!(a != b || scores[i] == scores[j]);
                let (worse, best) = if lower { (scores[j], scores[i]) } else { (scores[i], scores[j]) };
                prop_assert!(a >= b || worse <= best);
            }
        }
        let doubled: Vec<i64> = values.iter().map(|value| value * 2 + 1).collect();
        prop_assert_eq!(scores, rank_scores(&doubled, bins, better, ties));
    }

    #[test]
    fn rank_shares_sum_to_one_and_fall_with_the_rank(places in prop::collection::vec(0_u32..5, 1..9)) {
        let shares = rank_share(&places).expect("shares");
        prop_assert_eq!(Exact::sum(&shares).expect("small"), Exact::ONE);
        for (i, a) in places.iter().enumerate() {
            for (j, b) in places.iter().enumerate() {
                prop_assert_eq!(a.cmp(b), shares[j].cmp(&shares[i]));
            }
        }
    }

    #[test]
    fn retention_and_churn_make_one(start in 1_u64..1000, kept in 0_u64..1000, new in 0_u64..1000) {
        let end = kept.min(start) + new;
        let (stay, go) = (retention_rate(start, end, new), churn_rate(start, end, new));
        prop_assert_eq!(stay.expect("a rate").add(&go.expect("a rate")).expect("small"), Exact::ONE);
    }

    #[test]
    fn regularity_has_no_unit_and_is_zero_for_a_clock(gaps in prop::collection::vec(1_u32..60, 1..12), factor in 2_u32..9) {
        let scaled: Vec<u32> = gaps.iter().map(|gap| gap * factor).collect();
        let found = regularity(&gaps).expect("gaps");
        prop_assert_eq!(&found, &regularity(&scaled).expect("gaps"));
        prop_assert_eq!(found.cv_squared.is_zero(), gaps.iter().all(|gap| *gap == gaps[0]));
        // The definition: mean squared distance over squared mean.
        let n = gaps.len() as i128;
        let sum: i128 = gaps.iter().map(|gap| i128::from(*gap)).sum();
        let squares: i128 = gaps.iter().map(|gap| (n * i128::from(*gap) - sum).pow(2)).sum();
        prop_assert_eq!(found.cv_squared, Exact::ratio(squares, n * sum * sum).expect("positive"));
    }

    #[test]
    fn data_limits_equal_their_definition_in_any_order_and_scale(
        values in prop::collection::vec(prop_oneof![3 => 0_i64..9, 1 => 0_i64..100_000], 1..14), factor in 2_i64..1000, turn in 0_usize..14,
    ) {
        if values.iter().any(|value| *value > 0) {
            let limits = data_limits(&values).expect("limits");
            let found = [limits.pareto, limits.break_even, limits.size_a, limits.size_a_and_b];
            prop_assert_eq!(found, limits_by_definition(&values));
            prop_assert!(1 <= limits.size_a && limits.size_a <= limits.size_a_and_b && limits.size_a_and_b <= values.len());
            let mut other: Vec<i64> = values.iter().map(|value| value * factor).collect();
            other.reverse();
            let turn = turn % other.len();
            other.rotate_left(turn);
            prop_assert_eq!(limits, data_limits(&other).expect("limits"));
        }
    }

    #[test]
    fn moves_conserve_accounts_and_merge_in_any_order(
        members in prop::collection::vec((prop::option::of(0_u8..4), prop::option::of(0_u8..4)), 0..30), cut in 0_usize..30,
    ) {
        let count = |members: &[Move]| {
            let id = |index: usize| AccountId::new(format!("a{index}")).expect("an id");
            let before = members.iter().filter_map(|(index, (from, _))| from.map(|from| (id(*index), class(from))));
            let after = members.iter().filter_map(|(index, (_, to))| to.map(|to| (id(*index), class(to))));
            ClassTransitions::between(before, after).expect("moves")
        };
        let members: Vec<Move> = members.into_iter().enumerate().collect();
        let cut = cut.min(members.len());
        let (whole, head, tail) = (count(&members), count(&members[..cut]), count(&members[cut..]));
        let (mut forward, mut backward) = (head.clone(), tail.clone());
        forward.merge(&tail).expect("merged");
        backward.merge(&head).expect("merged");
        prop_assert_eq!(&forward, &whole);
        prop_assert_eq!(&backward, &whole);
        for from in 0..4 {
            let were = members.iter().filter(|(_, (before, _))| *before == Some(from)).count() as u64;
            let stayed_or_moved: u64 = (0..4).map(|to| whole.count(class(from), class(to))).sum();
            prop_assert_eq!(stayed_or_moved + whole.left(class(from)), were);
            let are = members.iter().filter(|(_, (_, after))| *after == Some(from)).count() as u64;
            let came: u64 = (0..4).map(|of| whole.count(class(of), class(from))).sum();
            prop_assert_eq!(came + whole.entered(class(from)), are);
        }
        let both = members.iter().filter(|(_, (before, after))| before.is_some() && after.is_some());
        let stayed: u64 = (0..4).map(|at| whole.count(class(at), class(at))).sum();
        prop_assert_eq!(whole.upgraded() + whole.downgraded() + stayed, both.count() as u64);
    }

    #[test]
    fn a_half_life_halves(percent in 1_i128..100) {
        let periods = half_life_periods(&Exact::ratio(percent, 100).expect("100")).expect("periods");
        let left = (percent as f64 / 100.0).powf(periods);
        prop_assert!((left - 0.5).abs() < 1e-12);
    }

    #[test]
    fn noise_below_the_band_never_flips_a_class(
        limit in 20_u64..80, width in 1_i128..15, noise in prop::collection::vec(-14_i128..15, 1..30), periods in 1_u32..4, upper in any::<bool>(),
    ) {
        let cutoffs = Cutoffs::new(vec![Cut::ratio(limit, 100).expect("a limit")]).expect("limits");
        let band = Band::new(cutoffs, Exact::ratio(width, 100).expect("100")).expect("a band");
        let start = if upper { Class::A } else { Class::B };
        let mut class = BandThenConfirmed::new(band, start, NonZeroU32::new(periods).expect("above zero"));
        for noise in noise {
            // Strictly inside the band around the limit itself, the worst place there is.
            let noise = noise % width;
            let position = Exact::ratio(i128::from(limit) + noise, 100).expect("100");
            prop_assert_eq!(class.observe(&position).expect("a class"), start);
        }
    }

    #[test]
    fn both_memories_together_reduce_to_either(
        series in prop::collection::vec(0_i128..=48, 0..20), width in 0_i128..12, start in 0_u8..3,
    ) {
        let band = || Band::new(Cutoffs::default(), Exact::ratio(width, 48).expect("48")).expect("a band");
        // One period of confirmation leaves the band alone.
        let mut both = BandThenConfirmed::new(band(), class(start), NonZeroU32::MIN);
        let mut alone = class(start);
        for at in &series {
            let position = Exact::ratio(*at, 48).expect("48");
            alone = band().next(alone, &position).expect("a class");
            prop_assert_eq!(both.observe(&position).expect("a class"), alone);
        }
        // A band of zero leaves the confirmation alone.
        let raw = Band::new(Cutoffs::default(), Exact::ZERO).expect("a band");
        let two = NonZeroU32::new(2).expect("above zero");
        let mut both = BandThenConfirmed::new(raw.clone(), class(start), two);
        let mut alone = endcap_account::Confirmed::new(class(start), two);
        for at in &series {
            let position = Exact::ratio(*at, 48).expect("48");
            prop_assert_eq!(both.observe(&position).expect("a class"), alone.propose(raw.first(&position).expect("a class")));
        }
    }

    #[test]
    fn order_profit_is_the_sum_of_its_parts_and_zero_at_break_even(
        margin in 1_i64..100, volume in 0_i64..30, per_order in 1_i128..10_000, extra in 0_i128..10_000,
        revenue in 0_i128..10_000_000, orders in 0_u64..50, non_stocked in 0_u64..50,
    ) {
        let cny = |minor| Money::from_minor(minor, Currency::CNY).expect("an amount");
        let rate = |percent: i64| Rate::percent(Decimal::from(percent)).expect("a rate");
        let costs = OrderCosts::new(cny(per_order), cny(extra), rate(volume)).expect("costs");
        let non_stocked_orders = non_stocked.min(orders);
        let found = costs.profit(&OrderActivity { revenue: cny(revenue), margin: rate(margin), orders, non_stocked_orders });
        let found = found.expect("a profit");
        // In ten-thousandths of a fen: margin·10⁴ − cost·10⁴ − volume·(100 − margin).
        let goods = revenue * i128::from(100 - margin);
        let expected = revenue * i128::from(margin) * 100
            - (per_order * i128::from(orders) + extra * i128::from(non_stocked_orders)) * 10_000 - goods * i128::from(volume);
        prop_assert_eq!(found.profit.value(), &Exact::ratio(expected, 10_000).expect("positive"));
        if i128::from(margin) * 100 > i128::from(volume) * i128::from(100 - margin) {
            use endcap_account::Stocked;
            let stocked = costs.break_even_order(&rate(margin), Stocked::Yes).expect("an order");
            let to_order = costs.break_even_order(&rate(margin), Stocked::No).expect("an order");
            prop_assert!(to_order.value() >= stocked.value());
            let leaves = Exact::ratio(i128::from(margin) * 100 - i128::from(volume) * i128::from(100 - margin), 10_000);
            prop_assert_eq!(stocked.value().mul(&leaves.expect("positive")).expect("small"), int(per_order));
        }
    }
}

#[test]
fn the_default_grid_is_one_that_the_check_accepts() {
    use endcap_account::Level::{High, Low, Medium};
    let grid = PotentialGrid::default();
    let cells =
        [High, Medium, Low].map(|value| [High, Medium, Low].map(|potential| grid.class(value, potential)));
    assert_eq!(PotentialGrid::new(cells).expect("monotone"), grid);
    let letters: String = cells.iter().flatten().map(|class| class.letter()).collect();
    assert_eq!(letters, "AAAABBBCC");
}

#[test]
fn every_type_of_account_has_its_expectations() {
    let mut found = std::collections::BTreeSet::new();
    for authority in Authority::NAMED {
        for supply in Supply::NAMED {
            for settlement in Settlement::NAMED {
                let account = AccountType {
                    format: Format::DepartmentStore,
                    ownership: Ownership::State,
                    scope: Scope::Local,
                    authority: authority.clone(),
                    supply: supply.clone(),
                    settlement: settlement.clone(),
                };
                let expected = account.expectations();
                let has = |expectation| expected.contains(&expectation);
                assert_eq!(has(Expectation::ContractsPerStore), *authority == Authority::Store);
                assert_eq!(has(Expectation::LogisticsAllowance), *supply == Supply::DistributionCentre);
                assert_eq!(
                    has(Expectation::NoReceivableBeforeSale),
                    *settlement == Settlement::TurnoverDeduction
                );
                found.extend(expected);
            }
        }
    }
    assert_eq!(found.len(), 3);
    // Thirteen formats with a usual answer, four without, and none for a name of one's own.
    let known = Format::NAMED.iter().filter(|format| format_features(format).is_some()).count();
    assert_eq!((Format::NAMED.len(), known), (17, 13));
    assert!(format_features(&Format::Other(OtherName::new("canteen").expect("a name"))).is_none());
}
