//! What holds for every input.

use std::num::NonZeroU32;

use endcap_account::{
    AccountWhale, Band, Between, Class, Classification, Concentration, Confirmed, Convention, CostPool, Cut,
    Cutoffs, GroupedSums, Measure, NegativePolicy, NegativeShares, Reason, SalesWhaleCurve, Scheme,
    TiePolicy, Validity, WhaleCurve, class_steps, classify, classify_slice,
};
use endcap_types::{AccountId, Currency, Exact, Money, Rounding, RoundingMode};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::oracle;

fn cutoffs() -> impl Strategy<Value = Cutoffs> {
    prop::collection::btree_set(1_u64..=24, 0..5).prop_map(|parts| {
        // Twenty-fourths: fall on whole units often enough to test exact limits, and include thirds.
        let cuts = parts.into_iter().map(|part| Cut::ratio(part, 24).expect("a limit")).collect();
        Cutoffs::new(cuts).expect("ascending")
    })
}

fn scheme() -> impl Strategy<Value = Scheme> {
    let convention = prop::sample::select(vec![
        Convention::PrefixExclusive,
        Convention::InclusiveLe,
        Convention::InclusiveLt,
    ]);
    let ties = prop::sample::select(vec![TiePolicy::ById, TiePolicy::Promote, TiePolicy::Demote]);
    let negatives =
        prop::sample::select(vec![NegativePolicy::ClampZero, NegativePolicy::LastClass, NegativePolicy::Net]);
    let measure = prop::sample::select(vec![Measure::Value, Measure::Count]);
    (cutoffs(), convention, ties, negatives, measure).prop_map(
        |(cutoffs, convention, ties, negatives, measure)| Scheme {
            cutoffs,
            convention,
            ties,
            negatives,
            measure,
        },
    )
}

/// Few distinct values, so that ties, zeros and exact limits are common.
fn values() -> impl Strategy<Value = Vec<i64>> {
    prop::collection::vec(prop_oneof![4 => 0_i64..12, 1 => -6_i64..0, 1 => 0_i64..1_000_000], 0..14)
}

fn positive() -> impl Strategy<Value = Vec<i64>> {
    prop::collection::vec(prop_oneof![2 => 1_i64..12, 1 => 1_i64..1_000_000_000_000], 1..14)
}

fn positions(result: &Classification) -> Vec<u8> {
    result.placements().iter().map(|placement| placement.class.position()).collect()
}

fn wide(values: &[i64]) -> Vec<i128> {
    values.iter().map(|value| i128::from(*value)).collect()
}

fn run(values: &[i64], scheme: &Scheme) -> Classification {
    classify_slice(values, scheme).expect("classes")
}

fn exact(value: i128) -> Exact {
    Exact::from_int(value)
}

fn account(number: usize) -> AccountId {
    AccountId::new(format!("a{number:03}")).expect("an id")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn the_kernel_equals_the_oracle(values in values(), scheme in scheme()) {
        prop_assert_eq!(positions(&run(&values, &scheme)), oracle::classes(&wide(&values), &scheme));
    }

    #[test]
    fn both_integer_widths_agree(values in values(), scheme in scheme()) {
        prop_assert_eq!(run(&values, &scheme), classify_slice(&wide(&values), &scheme).expect("classes"));
    }

    #[test]
    fn every_member_is_in_exactly_one_class_and_classes_sum_to_the_total(values in values(), scheme in scheme()) {
        let result = run(&values, &scheme);
        prop_assert_eq!(result.placements().len(), values.len());
        prop_assert_eq!(result.classes().len(), scheme.cutoffs.classes());
        prop_assert_eq!(result.classes().iter().map(|class| class.members).sum::<usize>(), values.len());
        prop_assert_eq!(result.classes().iter().map(|class| class.counted).sum::<i128>(), result.total());
        prop_assert_eq!(result.classes().iter().map(|class| class.value).sum::<i128>(), wide(&values).iter().sum::<i128>());
        for class in result.classes() {
            let members = result.placements().iter().filter(|placement| placement.class == class.class);
            prop_assert_eq!(class.lowest, members.map(|placement| placement.value).min());
        }
        if result.total() != 0 {
            let mut shares = Exact::ZERO;
            for class in result.classes() {
                shares = shares.add(&result.share(class).expect("a share")).expect("small");
            }
            prop_assert_eq!(shares, Exact::ONE);
        }
    }

    #[test]
    fn ranks_are_a_permutation_and_priors_chain(values in values(), scheme in scheme()) {
        let result = run(&values, &scheme);
        let mut cum = 0;
        for (rank, position) in result.ranking().into_iter().enumerate() {
            let placement = result.placements()[position];
            prop_assert_eq!(placement.rank, rank + 1);
            prop_assert_eq!(placement.prior, cum);
            cum += placement.counted;
            prop_assert_eq!(placement.cum, cum);
        }
        prop_assert_eq!(cum, result.total());
    }

    #[test]
    fn the_order_of_input_changes_nothing(values in values(), scheme in scheme(), turn in 0_usize..14) {
        let mut members: Vec<(AccountId, Money)> = values.iter().enumerate()
            .map(|(i, value)| (account(i), Money::from_minor(i128::from(*value), Currency::EUR).expect("money"))).collect();
        let first = classify(members.clone(), Currency::EUR, &scheme).expect("classes");
        members.reverse();
        let turn = turn.min(members.len());
        members.rotate_left(turn);
        prop_assert_eq!(first, classify(members, Currency::EUR, &scheme).expect("classes"));
    }

    #[test]
    fn scaling_all_values_changes_no_class(values in values(), scheme in scheme(), factor in 2_i64..1000) {
        let scaled: Vec<i64> = values.iter().map(|value| value * factor).collect();
        prop_assert_eq!(positions(&run(&values, &scheme)), positions(&run(&scaled, &scheme)));
    }

    #[test]
    fn a_larger_value_never_has_a_worse_class(values in values(), scheme in scheme()) {
        let classes = positions(&run(&values, &scheme));
        // Clamping makes all returns equal to zero before anything is compared.
        let clamp = scheme.negatives == NegativePolicy::ClampZero;
        let values: Vec<i64> = values.into_iter().map(|value| if clamp { value.max(0) } else { value }).collect();
        for i in 0..values.len() {
            for j in 0..values.len() {
                prop_assert!(values[i] <= values[j] || classes[i] <= classes[j], "{values:?} {classes:?}");
            }
        }
    }

    #[test]
    fn exclusive_fills_class_a_and_is_never_below_inclusive(values in values(), scheme in scheme()) {
        let with = |convention| Scheme { convention, ties: TiePolicy::ById, ..scheme.clone() };
        let exclusive = run(&values, &with(Convention::PrefixExclusive));
        let (le, lt) = (run(&values, &with(Convention::InclusiveLe)), run(&values, &with(Convention::InclusiveLt)));
        prop_assert!(exclusive.total() <= 0 || exclusive.classes()[0].members > 0);
        for (i, value) in values.iter().enumerate() {
            if *value > 0 {
                prop_assert!(positions(&exclusive)[i] <= positions(&le)[i]);
                prop_assert!(positions(&le)[i] <= positions(&lt)[i]);
            }
        }
    }

    #[test]
    fn promote_by_id_demote_are_ordered_and_ties_stay_together(values in values(), scheme in scheme()) {
        let with = |ties| positions(&run(&values, &Scheme { ties, ..scheme.clone() }));
        let (promote, by_id, demote) = (with(TiePolicy::Promote), with(TiePolicy::ById), with(TiePolicy::Demote));
        for i in 0..values.len() {
            prop_assert!(promote[i] <= by_id[i] && by_id[i] <= demote[i]);
            for j in 0..values.len() {
                prop_assert!(values[i] != values[j] || (promote[i] == promote[j] && demote[i] == demote[j]));
            }
        }
    }

    #[test]
    fn raising_a_limit_moves_nobody_down(values in values(), scheme in scheme(), raise in 1_u64..24) {
        let cuts = scheme.cutoffs.cuts();
        if let Some(last) = cuts.last() {
            // To a common denominator of 24 × 24, then up by some of those units, at most to 1.
            let now = last.numerator() * (576 / last.denominator());
            let mut raised = cuts.to_vec();
            let end = raised.len() - 1;
            raised[end] = Cut::ratio((now + raise).min(576), 576).expect("a limit");
            let raised = Scheme { cutoffs: Cutoffs::new(raised).expect("ascending"), ..scheme.clone() };
            let (before, after) = (positions(&run(&values, &scheme)), positions(&run(&values, &raised)));
            for (before, after) in before.iter().zip(after) {
                // Nothing has a share without a positive total, and returns are last whatever the limits.
                prop_assert!(after <= *before);
            }
        }
    }

    #[test]
    fn a_reason_says_what_the_numbers_say(values in values(), scheme in scheme()) {
        let scheme = Scheme { measure: Measure::Value, ..scheme };
        let result = run(&values, &scheme);
        let limit = |cut: usize| {
            let cut = scheme.cutoffs.cuts()[cut];
            exact(result.total()).mul(&Exact::ratio(cut.numerator().into(), cut.denominator().into()).expect("positive")).expect("small")
        };
        for placement in result.placements() {
            let (prior, cum) = (exact(placement.prior), exact(placement.cum));
            let crosses = |cut: usize| prior < limit(cut) && limit(cut) < cum;
            match placement.reason {
                Reason::Within => prop_assert!((0..scheme.cutoffs.cuts().len()).all(|cut| !crosses(cut) && limit(cut) != prior && limit(cut) != cum)),
                Reason::CrossedUp { cut } => prop_assert!(crosses(cut) && scheme.convention == Convention::PrefixExclusive),
                Reason::CrossedDown { cut } => prop_assert!(crosses(cut) && scheme.convention != Convention::PrefixExclusive),
                Reason::StartsAtCut { cut } => prop_assert_eq!(prior, limit(cut)),
                Reason::EndsAtCut { cut } => prop_assert_eq!(cum, limit(cut)),
                Reason::Tie { group, policy, by_id } => {
                    prop_assert!(group == placement.tie_group && group > 1);
                    prop_assert!((by_id > placement.class) == (policy == TiePolicy::Promote));
                }
                Reason::ZeroValue => prop_assert!(placement.counted == 0 && result.total() > 0),
                Reason::ZeroTotal => prop_assert_eq!(result.total(), 0),
                Reason::NegativeTotal => prop_assert!(result.total() < 0),
                Reason::NegativeValue => prop_assert!(placement.value < 0),
                other => prop_assert!(false, "{:?}", other),
            }
        }
    }

    #[test]
    fn concentration_equals_the_oracle_and_stays_in_its_ranges(values in positive()) {
        let wide = wide(&values);
        let all = Concentration::of(&values, NegativeShares::Refuse).expect("a distribution");
        prop_assert_eq!(all.hhi().expect("hhi"), oracle::hhi(&wide));
        prop_assert_eq!(all.gini().expect("gini"), oracle::gini(&wide));
        let members = i128::try_from(values.len()).expect("few");
        let (hhi, gini) = (all.hhi().expect("hhi"), all.gini().expect("gini"));
        prop_assert!(Exact::ratio(1, members).expect("n") <= hhi && hhi <= Exact::ONE);
        prop_assert!(Exact::ZERO <= gini && gini <= Exact::ratio(members - 1, members).expect("n"));
        prop_assert_eq!(all.top_share(values.len()).expect("all"), Exact::ONE);
        let entropy = all.entropy_nats().expect("no negatives");
        prop_assert!((0.0..=(values.len() as f64).ln() + 1e-12).contains(&entropy));
    }

    #[test]
    fn net_concentration_equals_the_oracle(values in values()) {
        let wide = wide(&values);
        if wide.iter().sum::<i128>() > 0 {
            let all = Concentration::of(&values, NegativeShares::Net).expect("a distribution");
            prop_assert_eq!(all.hhi().expect("hhi"), oracle::hhi(&wide));
            prop_assert_eq!(all.gini().expect("gini"), oracle::gini(&wide));
        }
    }

    #[test]
    fn concentration_ignores_scale_even_beyond_128_bits(values in positive(), power in 60_u32..80) {
        let scaled: Vec<i128> = values.iter().map(|value| i128::from(*value) << power).collect();
        let small = Concentration::of(&values, NegativeShares::Refuse).expect("a distribution");
        let large = Concentration::of(&scaled, NegativeShares::Refuse).expect("a distribution");
        prop_assert_eq!(small.hhi().expect("hhi"), large.hhi().expect("hhi"));
        prop_assert_eq!(small.gini().expect("gini"), large.gini().expect("gini"));
    }

    #[test]
    fn merging_two_accounts_never_lowers_hhi(values in positive()) {
        if values.len() > 1 {
            let mut merged = values.clone();
            let last = merged.pop().expect("there");
            merged[0] += last;
            let hhi = |values: &[i64]| Concentration::of(values, NegativeShares::Refuse).expect("values").hhi().expect("hhi");
            prop_assert!(hhi(&merged) > hhi(&values));
        }
    }

    #[test]
    fn the_lorenz_curve_is_convex_and_below_the_diagonal(values in positive()) {
        let all = Concentration::of(&values, NegativeShares::Refuse).expect("a distribution");
        let points = all.lorenz_points().expect("points");
        prop_assert_eq!(points.last().copied(), Some(all.total()));
        for three in points.windows(3) {
            prop_assert!(three[1] - three[0] <= three[2] - three[1]);
        }
        let members = i128::try_from(values.len()).expect("few");
        for (k, point) in points.iter().enumerate() {
            let position = Exact::ratio(k as i128, members).expect("n");
            let height = Exact::ratio(*point, all.total()).expect("a total");
            prop_assert!(height <= position);
            prop_assert_eq!(all.lorenz(&position).expect("on the curve"), height);
        }
    }

    #[test]
    fn grouped_sums_merge_in_any_cut_and_order(
        rows in prop::collection::vec((any::<i64>(), 0_usize..5, any::<bool>()), 0..40), cut in 0_usize..40,
    ) {
        let values: Vec<i64> = rows.iter().map(|row| row.0).collect();
        let groups: Vec<usize> = rows.iter().map(|row| row.1).collect();
        let mask: Vec<bool> = rows.iter().map(|row| row.2).collect();
        let sum = |range: std::ops::Range<usize>| {
            let mut state = GroupedSums::identity(5);
            state.add(&values[range.clone()], &groups[range.clone()], Validity::Mask(&mask[range])).expect("added");
            state
        };
        let cut = cut.min(rows.len());
        let (whole, head, tail) = (sum(0..rows.len()), sum(0..cut), sum(cut..rows.len()));
        let (mut forward, mut backward) = (head.clone(), tail.clone());
        forward.merge(&tail).expect("merged");
        backward.merge(&head).expect("merged");
        prop_assert_eq!(&forward, &whole);
        prop_assert_eq!(&backward, &whole);
        let mut with_identity = whole.clone();
        with_identity.merge(&GroupedSums::identity(5)).expect("merged");
        prop_assert_eq!(&with_identity, &whole);
        let (sums, counts) = whole.finish();
        for group in 0..5 {
            let of: Vec<i128> = rows.iter().filter(|row| row.1 == group && row.2).map(|row| i128::from(row.0)).collect();
            prop_assert_eq!((sums[group], counts[group]), (of.iter().sum::<i128>(), of.len() as u64));
        }
    }

    #[test]
    fn hysteresis_holds_between_its_bounds_and_steps_never_rise_with_the_band(
        cutoffs in cutoffs(), series in prop::collection::vec(0_i128..=48, 0..20), widths in (0_i128..12, 0_i128..12), start in 0_u8..5,
    ) {
        let start = Class::new(start.min(u8::try_from(cutoffs.cuts().len()).expect("few"))).expect("a class");
        let replay = |width: i128| {
            let band = Band::new(cutoffs.clone(), Exact::ratio(width, 48).expect("48")).expect("a band");
            let mut class = start;
            series.iter().map(|at| { class = band.next(class, &Exact::ratio(*at, 48).expect("48")).expect("a class"); class }).collect::<Vec<_>>()
        };
        let raw = Band::new(cutoffs.clone(), Exact::ZERO).expect("a band");
        let memoryless: Vec<Class> = series.iter().map(|at| raw.first(&Exact::ratio(*at, 48).expect("48")).expect("a class")).collect();
        prop_assert_eq!(replay(0), memoryless);
        let (narrow, wide) = (widths.0.min(widths.1), widths.0.max(widths.1));
        prop_assert!(class_steps(start, &replay(wide)) <= class_steps(start, &replay(narrow)));
    }

    #[test]
    fn confirmation_over_one_period_has_no_memory(series in prop::collection::vec(0_u8..4, 0..20)) {
        let series: Vec<Class> = series.into_iter().filter_map(Class::new).collect();
        let mut confirmed = Confirmed::new(Class::new(0).expect("A"), NonZeroU32::MIN);
        let held: Vec<Class> = series.iter().map(|raw| confirmed.propose(*raw)).collect();
        prop_assert_eq!(held, series);
    }

    #[test]
    fn the_whale_is_concave_and_peaks_at_the_sum_of_gains(profits in prop::collection::vec(-50_i64..100, 0..14)) {
        let curve = WhaleCurve::of(&profits).expect("a curve");
        let gains: i128 = wide(&profits).iter().filter(|profit| **profit > 0).sum();
        prop_assert_eq!(curve.total(), wide(&profits).iter().sum::<i128>());
        prop_assert_eq!(curve.peak(), gains);
        prop_assert_eq!(Some(curve.peak()), curve.points().iter().copied().max());
        prop_assert_eq!(curve.peak() - curve.erosion(), curve.total());
        for three in curve.points().windows(3) {
            prop_assert!(three[1] - three[0] >= three[2] - three[1]);
        }
        let mut with_zero = profits.clone();
        with_zero.push(0);
        let with_zero = WhaleCurve::of(&with_zero).expect("a curve");
        prop_assert_eq!((curve.total(), curve.peak(), curve.erosion()), (with_zero.total(), with_zero.peak(), with_zero.erosion()));
        if curve.total() > 0 {
            prop_assert_eq!(curve.percent_at(&Exact::ONE, Between::Interpolate).expect("the end"), exact(100));
        }
    }

    #[test]
    fn whale_makers_and_destroyers_sum_to_peak_and_erosion(profits in prop::collection::vec(-50_i64..100, 0..14)) {
        let members = profits.iter().enumerate()
            .map(|(i, profit)| (account(i), Money::from_minor(i128::from(*profit), Currency::CNY).expect("money")));
        let whale = AccountWhale::of(members, Currency::CNY).expect("a curve");
        prop_assert_eq!(whale.makers().map(|point| point.profit.minor()).sum::<i128>(), whale.curve().peak());
        prop_assert_eq!(whale.destroyers().map(|point| point.profit.minor()).sum::<i128>(), -whale.curve().erosion());
        prop_assert_eq!(whale.points().len(), profits.len());
        let worst: Vec<i128> = whale.destroyers().map(|point| point.profit.minor()).collect();
        prop_assert!(worst.is_sorted() && whale.makers().map(|point| -point.profit.minor()).is_sorted());
    }

    #[test]
    fn the_sales_whale_is_concave_and_ends_at_the_total(
        members in prop::collection::vec((0_i64..50, -50_i64..100), 1..12),
    ) {
        let (sales, profits): (Vec<i64>, Vec<i64>) = members.into_iter().unzip();
        if sales.iter().sum::<i64>() > 0 {
            let curve = SalesWhaleCurve::of(&sales, &profits).expect("a curve");
            let points: Vec<(i128, i128)> = curve.points().collect();
            prop_assert_eq!(points.last().copied(), Some((i128::from(sales.iter().sum::<i64>()), i128::from(profits.iter().sum::<i64>()))));
            for three in points.windows(3) {
                let run = |a: (i128, i128), b: (i128, i128)| (b.0 - a.0, b.1 - a.1);
                let (first, second) = (run(three[0], three[1]), run(three[1], three[2]));
                prop_assert!(first.0 == 0 || second.0 == 0 || first.1 * second.0 >= second.1 * first.0);
            }
            if profits.iter().sum::<i64>() > 0 {
                prop_assert_eq!(curve.profit_percent_at(&exact(100)).expect("the end"), exact(100));
            }
        }
    }

    #[test]
    fn assigned_and_unused_sum_to_the_cost_supplied(
        supplied in 0_i128..1_000_000_000, capacity in 1_i64..10_000, unit in 0_i64..500,
        volumes in prop::collection::vec((0_usize..4, 0_i64..100), 0..10),
    ) {
        let cost = |supplied: i128| {
            let supplied = Money::from_minor(supplied, Currency::CNY).expect("money");
            let times = [("visit".to_owned(), Decimal::new(unit, 2))];
            let pool = CostPool::new(supplied, Decimal::from(capacity), times).expect("a pool");
            pool.assign(volumes.iter().map(|(id, times)| (account(*id), "visit", Decimal::from(*times)))).expect("costs")
        };
        let (once, twice) = (cost(supplied), cost(2 * supplied));
        let whole = once.assigned.add(&once.unused).expect("small");
        prop_assert_eq!(whole.value(), &exact(supplied));
        let parts = once.accounts.values().fold(Exact::ZERO, |sum, part| sum.add(part.cost.value()).expect("small"));
        prop_assert_eq!(&parts, once.assigned.value());
        prop_assert_eq!(twice.assigned.value(), &once.assigned.value().mul(&exact(2)).expect("small"));
        for mode in [RoundingMode::HalfAwayFromZero, RoundingMode::HalfEven, RoundingMode::Up] {
            let posted = once.post(&Rounding::new(mode)).expect("posted");
            let sum: i128 = posted.accounts.values().map(Money::minor).sum();
            prop_assert_eq!(sum + posted.unused.minor(), supplied);
            for (id, amount) in &posted.accounts {
                prop_assert_eq!(amount.minor(), once.accounts[id].cost.value().round_to_int(mode).expect("small"));
            }
        }
    }
}

#[test]
fn extreme_values_are_exact_or_refused() {
    let third = i128::MAX / 3;
    let result = classify_slice(&[third, third, third], &Scheme::default()).expect("fits");
    assert_eq!(positions(&result), [0, 0, 0]);
    assert_eq!(result.classes()[0].counted, third * 3);
    let all = Concentration::of(&[third, third, third], NegativeShares::Refuse).expect("fits");
    assert_eq!(all.hhi().expect("hhi").to_string(), "1/3");
    assert_eq!(all.gini().expect("gini"), Exact::ZERO);
}
