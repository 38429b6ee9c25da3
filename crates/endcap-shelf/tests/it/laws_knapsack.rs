//! Laws of the knapsack under every plan.

use endcap_shelf::mckp::{Budget, Item, Selection, solve};
use endcap_shelf::{ShelfError, Status};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::oracle::{best_by_capacity, best_of_all};

fn classes(count: usize, items: usize) -> impl Strategy<Value = Vec<Vec<Item>>> {
    let any_item = (0_i64..30, -20_i64..60).prop_map(|(width, profit)| Item { width, profit });
    // Strongly correlated classes are the hard ones: profit is width plus a constant.
    let hard_item = (0_i64..30).prop_map(|width| Item { width, profit: width + 10 });
    vec(prop_oneof![vec(any_item, 1..=items), vec(hard_item, 1..=items)], 0..=count)
}

fn recomputed(classes: &[Vec<Item>], answer: &Selection) -> (i64, i64) {
    assert_eq!(classes.len(), answer.choice.len());
    let picked = classes.iter().zip(&answer.choice).map(|(class, choice)| class[*choice]);
    picked.fold((0, 0), |(width, profit), item| (width + item.width, profit + item.profit))
}

/// Budgets from none to ample: small ones exercise the beam and the node limit.
fn budgets() -> impl Strategy<Value = Budget> {
    prop_oneof![
        Just(Budget::GREEDY),
        (0_usize..6, 0_usize..20).prop_map(|(max_states, max_nodes)| Budget {
            max_states,
            max_nodes,
            ..Budget::default()
        }),
        (0_u64..60).prop_map(|max_moves| Budget { max_moves, ..Budget::default() }),
        (1_usize..5).prop_map(|max_states| Budget { max_states, ..Budget::default() }),
        Just(Budget::default()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn the_optimum_is_that_of_trying_everything(classes in classes(6, 5), capacity in 0_i64..120) {
        match (solve(&classes, capacity, &Budget::default()), best_of_all(&classes, capacity)) {
            (Ok(answer), Some(best)) => {
                prop_assert_eq!(answer.profit, best);
                prop_assert_eq!(answer.certificate.status(), Status::Optimal);
                prop_assert_eq!(recomputed(&classes, &answer), (answer.width, answer.profit));
                prop_assert!(answer.width <= capacity);
            }
            (Err(ShelfError::TooNarrow { minimum, .. }), None) => {
                prop_assert!(minimum > capacity);
                prop_assert!(best_of_all(&classes, minimum).is_some());
                prop_assert!(best_of_all(&classes, minimum - 1).is_none());
            }
            (answer, best) => prop_assert!(false, "{answer:?} but {best:?}"),
        }
    }

    #[test]
    fn the_certificate_brackets_the_optimum(classes in classes(7, 5), capacity in 0_i64..150, budget in budgets()) {
        let Some(best) = best_of_all(&classes, capacity) else { return Ok(()) };
        let answer = solve(&classes, capacity, &budget).unwrap();
        let proof = answer.certificate;
        prop_assert_eq!(proof.lower(), answer.profit);
        prop_assert!(proof.lower() <= best && best <= proof.upper(), "{} in {proof:?}", best);
        prop_assert_eq!(proof.status() == Status::Optimal, proof.gap() == 0);
        prop_assert_eq!(recomputed(&classes, &answer), (answer.width, answer.profit));
        prop_assert!(answer.width <= capacity);
        let linear = answer.relaxation.round_to_int(endcap_types::RoundingMode::Floor).unwrap();
        prop_assert!(i128::from(proof.upper()) <= linear);
    }

    #[test]
    fn more_width_never_lowers_profit(classes in classes(8, 5), capacity in 0_i64..150, more in 0_i64..40) {
        if let Ok(narrow) = solve(&classes, capacity, &Budget::default()) {
            let wide = solve(&classes, capacity + more, &Budget::default()).unwrap();
            prop_assert!(wide.profit >= narrow.profit);
        }
    }

    #[test]
    fn the_order_of_classes_and_items_changes_nothing(classes in classes(8, 5), capacity in 0_i64..150) {
        let mut turned: Vec<Vec<Item>> = classes.iter().rev().cloned().collect();
        turned.iter_mut().for_each(|class| class.reverse());
        let profits = [&classes, &turned].map(|classes| solve(classes, capacity, &Budget::default()).map(|a| a.profit).ok());
        prop_assert_eq!(profits[0], profits[1]);
    }

    #[test]
    fn the_same_question_gets_the_same_answer(classes in classes(8, 5), capacity in 0_i64..150, budget in budgets()) {
        prop_assert_eq!(solve(&classes, capacity, &budget), solve(&classes, capacity, &budget));
    }
}

/// A small generator of our own, so that large instances are the same everywhere.
struct Xorshift(u64);

impl Xorshift {
    fn below(&mut self, limit: u64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        i64::try_from(self.0 % limit).unwrap()
    }
}

/// Sixty classes of eight rising items and an empty one: uncorrelated, weakly and strongly correlated, subset sum, profit in
/// steps of three, width in steps of four, and multiples of two articles.
fn large(random: &mut Xorshift, family: u32) -> Vec<Vec<Item>> {
    let class = |random: &mut Xorshift| {
        let mut width = 0;
        let mut items = vec![Item { width: 0, profit: 0 }];
        for _ in 0..8 {
            width += 1 + random.below(40);
            let profit = match family {
                0 => random.below(1_000),
                1 => (width + random.below(21) - 10).max(1),
                2 => width + 10,
                4 => 3 * ((width + 2) / 3),
                5 => 4 * width + random.below(3),
                _ => width,
            };
            let spanned = [Item { width: 17, profit: 23 }, Item { width: 29, profit: 37 }];
            items.push(match family {
                5 => Item { width: 4 * width, profit },
                6 => {
                    let (of, times) = (spanned[usize::from(random.below(2) == 1)], 1 + random.below(9));
                    Item { width: of.width * times, profit: of.profit * times }
                }
                _ => Item { width, profit },
            });
        }
        items
    };
    (0..60).map(|_| class(random)).collect()
}

#[test]
fn large_families_agree_with_the_program_over_every_millimetre() {
    let mut random = Xorshift(0x9E37_79B9_7F4A_7C15);
    for family in 0..7 {
        let classes = large(&mut random, family);
        for capacity in [0, 311, 2_000, 4_500] {
            let answer = solve(&classes, capacity, &Budget::default()).unwrap();
            assert_eq!(
                Some(answer.profit),
                best_by_capacity(&classes, capacity),
                "family {family} at {capacity}"
            );
            assert_eq!(answer.certificate.status(), Status::Optimal);
        }
    }
}

#[test]
fn a_starved_search_still_brackets_the_optimum_of_large_families() {
    let mut random = Xorshift(0x2545_F491_4F6C_DD1D);
    let (mut open, mut proven) = (0, 0);
    for round in 0..10_u32 {
        let classes = large(&mut random, round % 7);
        for capacity in [311, 901] {
            let best = best_by_capacity(&classes, capacity).unwrap();
            for max_states in [1, 2, 4, 16] {
                let budget = Budget { max_states, ..Budget::default() };
                let proof = solve(&classes, capacity, &budget).unwrap().certificate;
                assert!(proof.lower() <= best && best <= proof.upper(), "{best} in {proof:?}");
                match proof.status() {
                    Status::Optimal => proven += 1,
                    Status::Feasible => open += 1,
                }
            }
        }
    }
    // Both outcomes occur, or the test would show nothing.
    assert!(open > 0 && proven > 0, "{open} open, {proven} proven");
}
