//! Selection and sorting answer the same, member by member.

use endcap_account::{
    AccountError, Convention, Cut, Cutoffs, GroupedSums, Measure, MinorUnits, NegativePolicy, Scheme,
    TiePolicy, Validity, class_codes, classify_slice, with_minimum_sizes,
};
use proptest::prelude::*;

pub(crate) fn any_scheme() -> impl Strategy<Value = Scheme> {
    let cutoffs = prop::collection::btree_set(1_u64..=24, 0..5).prop_map(|parts| {
        let cuts = parts.into_iter().map(|part| Cut::ratio(part, 24).expect("a limit")).collect();
        Cutoffs::new(cuts).expect("ascending")
    });
    let convention = prop::sample::select(vec![
        Convention::PrefixExclusive,
        Convention::InclusiveLe,
        Convention::InclusiveLt,
    ]);
    let ties = prop::sample::select(vec![TiePolicy::ById, TiePolicy::Promote, TiePolicy::Demote]);
    let negatives = prop::sample::select(vec![
        NegativePolicy::Error,
        NegativePolicy::ClampZero,
        NegativePolicy::LastClass,
        NegativePolicy::Net,
    ]);
    let measure = prop::sample::select(vec![Measure::Value, Measure::Count]);
    (cutoffs, convention, ties, negatives, measure).prop_map(
        |(cutoffs, convention, ties, negatives, measure)| Scheme {
            cutoffs,
            convention,
            ties,
            negatives,
            measure,
        },
    )
}

/// Ties, zeros, returns, a wide spread, and the ends of the type.
fn values() -> impl Strategy<Value = Vec<i64>> {
    let value = prop_oneof![
        6 => 0_i64..12,
        2 => -6_i64..0,
        3 => 0_i64..1_000_000,
        2 => any::<i64>(),
        1 => prop::sample::select(vec![i64::MAX, i64::MAX - 1, i64::MIN, i64::MIN + 1, 1 << 40, (1 << 40) + 1]),
    ];
    prop::collection::vec(value, 0..60)
}

fn same<V: MinorUnits>(values: &[V], scheme: &Scheme) -> Result<(), TestCaseError> {
    let mut codes = vec![99; values.len()];
    let found = class_codes(values, scheme, &mut codes);
    match (classify_slice(values, scheme), found) {
        (Ok(sorted), Ok(cuts)) => {
            let expected: Vec<u8> = sorted.placements().iter().map(|at| at.class.position()).collect();
            prop_assert_eq!(&codes, &expected);
            prop_assert_eq!(cuts.total(), sorted.total());
            let members: Vec<u64> = sorted.classes().iter().map(|class| class.members as u64).collect();
            prop_assert_eq!(cuts.members(), members);
            for (limit, cut) in cuts.cuts().iter().enumerate() {
                // The cut value parts the classes above the limit from those below it.
                for placement in sorted.placements().iter().filter(|placement| placement.counted > 0) {
                    let above = usize::from(placement.class.position()) <= limit;
                    let value = placement.value;
                    match cut {
                        Some(cut) if value > cut.value => prop_assert!(above),
                        Some(cut) if value < cut.value && value > 0 => prop_assert!(!above),
                        _ => {}
                    }
                }
            }
        }
        (Err(AccountError::Overflow { .. }), Ok(_)) => {
            // The sort also adds up each class as given, which can need more bits than the total.
            prop_assert!(
                scheme.negatives == NegativePolicy::LastClass
                    || scheme.measure == Measure::Count
                    || scheme.negatives == NegativePolicy::ClampZero
            );
        }
        (Err(expected), Err(found)) => {
            prop_assert_eq!(expected, found);
            prop_assert!(codes.iter().all(|code| *code == 99));
        }
        (sorted, found) => prop_assert!(false, "{:?} {:?}", sorted, found),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn selection_equals_the_sort(values in values(), scheme in any_scheme()) {
        same(&values, &scheme)?;
    }

    #[test]
    fn selection_equals_the_sort_without_returns(values in values(), scheme in any_scheme()) {
        let gains: Vec<i64> = values.iter().map(|value| value.checked_abs().unwrap_or(i64::MAX)).collect();
        same(&gains, &Scheme { negatives: NegativePolicy::Error, ..scheme })?;
    }

    #[test]
    fn selection_equals_the_sort_in_128_bits(values in values(), scheme in any_scheme(), power in 0_u32..64) {
        let wide: Vec<i128> = values.iter().map(|value| i128::from(*value) << power).collect();
        same(&wide, &scheme)?;
    }

    #[test]
    fn selection_equals_the_sort_at_the_ends_of_128_bits(
        values in prop::collection::vec(prop_oneof![any::<i128>(), Just(i128::MAX), Just(i128::MIN), Just(0)], 0..20),
        scheme in any_scheme(),
    ) {
        same(&values, &scheme)?;
        same(&values, &Scheme { measure: Measure::Count, negatives: NegativePolicy::Net, ..scheme })?;
    }

    #[test]
    fn selection_equals_the_sort_among_many_members(
        seed in any::<u64>(), scheme in any_scheme(), bits in 1_u32..63,
    ) {
        // More members than a histogram has ranges; xorshift, so that a failure shrinks to its seed.
        let mut state = seed | 1;
        let values: Vec<i64> = (0..6_000).map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let spread = state.trailing_zeros();
            (state >> (64 - bits)) as i64 >> spread.min(62)
        }).collect();
        same(&values, &scheme)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn least_sizes_are_met_in_order_of_rank_as_far_as_members_go(
        values in prop::collection::vec(0_i64..500, 0..40), scheme in any_scheme(),
        minimums in prop::collection::vec(0_usize..6, 0..3),
    ) {
        // Tie policies and returns may leave classes out of the order of rank; there the rule says nothing new.
        let scheme = Scheme { ties: TiePolicy::ById, ..scheme };
        let placed = classify_slice(&values, &scheme).expect("classes");
        let classes = placed.classes().len();
        let minimums = &minimums[..minimums.len().min(classes)];
        let found = with_minimum_sizes(&placed, minimums).expect("classes");
        let raw: Vec<_> = placed.placements().iter().map(|at| at.class).collect();
        prop_assert!(minimums.iter().any(|least| *least > 0) || found == raw);
        // Nobody moves down, order of rank holds, and a class is short only where members ran out.
        prop_assert!(found.iter().zip(&raw).all(|(new, old)| new <= old));
        let mut by_rank: Vec<_> = placed.placements().iter().map(|at| at.rank).zip(&found).collect();
        by_rank.sort();
        prop_assert!(by_rank.windows(2).all(|pair| pair[0].1 <= pair[1].1));
        let size = |class: usize| found.iter().filter(|one| usize::from(one.position()) == class).count();
        for (class, least) in minimums.iter().enumerate() {
            prop_assert!(size(class) >= *least || (class + 1..classes).all(|later| size(later) == 0));
        }
    }

    /// Lines dealt to shards at random, summed there, merged in any order: the same sums, so the same classes.
    #[test]
    fn shards_merge_to_the_same_classes(
        lines in prop::collection::vec((0_usize..12, -2_000_i64..9_000, 0_usize..5), 1..120),
        order in Just([0_usize, 1, 2, 3, 4]).prop_shuffle(), scheme in any_scheme(),
    ) {
        let part = |keep: &dyn Fn(usize) -> bool| {
            let chosen: Vec<_> = lines.iter().filter(|line| keep(line.2)).collect();
            let values: Vec<i64> = chosen.iter().map(|line| line.1).collect();
            let groups: Vec<usize> = chosen.iter().map(|line| line.0).collect();
            let mut sums = GroupedSums::identity(12);
            sums.add(&values, &groups, Validity::All).expect("sums");
            sums
        };
        let whole = part(&|_| true);
        let mut merged = GroupedSums::identity(0);
        for shard in order {
            merged.merge(&part(&|of| of == shard)).expect("merged");
        }
        prop_assert_eq!(&merged, &whole);
        let ((merged, _), (whole, _)) = (merged.finish(), whole.finish());
        match (classify_slice(&merged, &scheme), classify_slice(&whole, &scheme)) {
            (Ok(found), Ok(expected)) => {
                prop_assert_eq!(&found, &expected);
                let mut codes = vec![0; merged.len()];
                class_codes(&merged, &scheme, &mut codes).expect("classes");
                let placed: Vec<u8> = found.placements().iter().map(|at| at.class.position()).collect();
                prop_assert_eq!(codes, placed);
            }
            (found, expected) => prop_assert_eq!(found, expected),
        }
    }
}

/// The whole total may be as large as the type, and then nobody can pass it.
#[test]
fn a_total_as_large_as_the_type_is_reached_and_not_passed() {
    let whole = Cutoffs::new(vec!["100%".parse().unwrap()]).unwrap();
    for convention in [Convention::InclusiveLe, Convention::InclusiveLt, Convention::PrefixExclusive] {
        let scheme = Scheme { cutoffs: whole.clone(), convention, ..Scheme::default() };
        same(&[i128::MAX], &scheme).unwrap();
        same(&[i128::MAX - 1, 1], &scheme).unwrap();
    }
}
