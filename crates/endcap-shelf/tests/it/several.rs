//! Knapsacks under several capacities: known optima, laws, and trying everything.

use endcap_shelf::mckp;
use endcap_shelf::mmkp::{Budget, Item, Selection, solve};
use endcap_shelf::{ShelfError, Status};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::golden_knapsack::rows;

/// The one instance that takes hundreds of thousands of nodes.
const HARD: &str = "I04";

/// A row of the golden file: name, classes, capacities, optimum.
type Known = (String, Vec<Vec<Item>>, Vec<i64>, i64);

fn known() -> Vec<Known> {
    let rows = rows(include_str!("../golden/mmkp.csv"));
    assert_eq!(rows.len(), 25);
    let read = |row: Vec<String>| {
        let [case, capacities, classes, optimum, _] = row.as_slice() else { panic!() };
        let numbers = |text: &str| text.split(' ').map(|n| n.parse().unwrap()).collect::<Vec<i64>>();
        let item = |text: &str| {
            let (profit, uses) = text.split_once(':').unwrap();
            Item { uses: numbers(uses), profit: profit.parse().unwrap() }
        };
        let class = |class: &str| class.split(';').map(item).collect();
        let classes = classes.split('|').map(class).collect();
        (case.clone(), classes, numbers(capacities), optimum.parse().unwrap())
    };
    rows.into_iter().map(read).collect()
}

fn reaches_its_optimum((case, classes, capacities, optimum): &Known) {
    let answer = solve(classes, capacities, &Budget::default()).unwrap();
    assert_eq!(answer.profit, *optimum, "{case}: {:?}", answer.certificate);
    assert_eq!(answer.certificate.status(), Status::Optimal, "{case}");
    holds(classes, capacities, &answer);
}

#[test]
fn known_instances_reach_their_optimum_with_proof() {
    let small: Vec<Known> = known().into_iter().filter(|known| known.0 != HARD).collect();
    assert_eq!(small.len(), 24);
    small.iter().for_each(reaches_its_optimum);
}

#[test]
#[cfg_attr(debug_assertions, ignore = "ten seconds in a release build, minutes without optimisation")]
fn the_hard_known_instance_reaches_its_optimum_with_proof() {
    known().iter().filter(|known| known.0 == HARD).for_each(reaches_its_optimum);
}

#[test]
fn known_instances_stay_between_their_bounds_when_the_search_is_cut_short() {
    for (case, classes, capacities, optimum) in known() {
        let answer = solve(&classes, &capacities, &Budget { max_nodes: 3, ..Budget::default() }).unwrap();
        holds(&classes, &capacities, &answer);
        let proof = answer.certificate;
        assert!(proof.lower() <= optimum && optimum <= proof.upper(), "{case}: {optimum} in {proof:?}");
        // The bound at the root is already within five parts in a hundred.
        assert!(proof.upper() * 100 <= optimum * 105 || classes.len() <= 10, "{case}: {proof:?}");
    }
}

/// The selection is what it says: one item of each class, inside every capacity.
fn holds(classes: &[Vec<Item>], capacities: &[i64], answer: &Selection) {
    assert_eq!(answer.choice.len(), classes.len());
    let picked: Vec<&Item> = classes.iter().zip(&answer.choice).map(|(class, pick)| &class[*pick]).collect();
    assert_eq!(picked.iter().map(|item| item.profit).sum::<i64>(), answer.profit);
    for (j, capacity) in capacities.iter().enumerate() {
        let used: i64 = picked.iter().map(|item| item.uses[j]).sum();
        assert_eq!(used, answer.used[j]);
        assert!(used <= *capacity);
    }
    assert_eq!(answer.certificate.lower(), answer.profit);
}

/// The best profit by trying every combination.
fn best_of_all(classes: &[Vec<Item>], room: &[i64]) -> Option<i64> {
    let Some((first, rest)) = classes.split_first() else { return Some(0) };
    let each = first.iter().filter_map(|item| {
        let left: Vec<i64> = room.iter().zip(&item.uses).map(|(room, uses)| room - uses).collect();
        (left.iter().all(|left| *left >= 0))
            .then(|| best_of_all(rest, &left))
            .flatten()
            .map(|p| p + item.profit)
    });
    each.max()
}

fn instance() -> impl Strategy<Value = (Vec<Vec<Item>>, Vec<i64>)> {
    (0_usize..4).prop_flat_map(|width| {
        let any_item = (vec(0_i64..12, width), -20_i64..60).prop_map(|(uses, profit)| Item { uses, profit });
        // Profit is what it takes plus a constant: the hard ones.
        let hard_item =
            vec(0_i64..12, width).prop_map(|uses| Item { profit: uses.iter().sum::<i64>() + 5, uses });
        let classes = vec(prop_oneof![vec(any_item, 1..5), vec(hard_item, 1..5)], 0..6);
        (classes, vec(0_i64..45, width))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn the_optimum_is_that_of_trying_everything((classes, capacities) in instance()) {
        match (solve(&classes, &capacities, &Budget::default()), best_of_all(&classes, &capacities)) {
            (Ok(answer), Some(best)) => {
                prop_assert_eq!(answer.profit, best);
                prop_assert_eq!(answer.certificate.status(), Status::Optimal);
                holds(&classes, &capacities, &answer);
            }
            (Err(ShelfError::NothingFits), None) => {}
            (answer, best) => prop_assert!(false, "{answer:?} but {best:?}"),
        }
    }

    #[test]
    fn the_certificate_brackets_the_optimum((classes, capacities) in instance(), nodes in 0_u64..4, prices in 0_u64..4_000) {
        let budget = Budget { max_nodes: nodes, max_prices: prices };
        match (solve(&classes, &capacities, &budget), best_of_all(&classes, &capacities)) {
            (Ok(answer), Some(best)) => {
                holds(&classes, &capacities, &answer);
                prop_assert!(answer.profit <= best && best <= answer.certificate.upper(), "{best} in {answer:?}");
            }
            (Err(ShelfError::NothingFits), None) | (Err(ShelfError::NothingFound { .. }), _) => {}
            (answer, best) => prop_assert!(false, "{answer:?} but {best:?}"),
        }
    }

    #[test]
    fn more_capacity_never_lowers_profit_and_order_changes_nothing((classes, capacities) in instance(), more in vec(0_i64..20, 4)) {
        let wider: Vec<i64> = capacities.iter().zip(&more).map(|(room, more)| room + more).collect();
        let Ok(narrow) = solve(&classes, &capacities, &Budget::default()) else { return Ok(()) };
        prop_assert!(solve(&classes, &wider, &Budget::default()).unwrap().profit >= narrow.profit);
        let mut turned: Vec<Vec<Item>> = classes.iter().rev().cloned().collect();
        turned.iter_mut().flat_map(|class| { class.reverse(); class }).for_each(|item| item.uses.reverse());
        let capacities: Vec<i64> = capacities.iter().rev().copied().collect();
        prop_assert_eq!(solve(&turned, &capacities, &Budget::default()).unwrap().profit, narrow.profit);
    }

    #[test]
    fn one_capacity_is_the_knapsack_of_one((classes, capacities) in instance()) {
        let Some(room) = capacities.first() else { return Ok(()) };
        let several: Vec<Vec<Item>> = classes.iter().map(|class| class.iter().map(|item| Item { uses: item.uses[..1].to_vec(), profit: item.profit }).collect()).collect();
        let one: Vec<Vec<mckp::Item>> = classes.iter().map(|class| class.iter().map(|item| mckp::Item { width: item.uses[0], profit: item.profit }).collect()).collect();
        let ours = solve(&several, &[*room], &Budget::default()).map(|answer| answer.profit).ok();
        prop_assert_eq!(ours, mckp::solve(&one, *room, &mckp::Budget::default()).map(|answer| answer.profit).ok());
    }
}

#[test]
fn what_breaks_a_rule_is_refused() {
    let item = |uses: &[i64], profit| Item { uses: uses.to_vec(), profit };
    let refused = |classes: &[Vec<Item>], room: &[i64]| solve(classes, room, &Budget::default()).unwrap_err();
    assert_eq!(refused(&[vec![]], &[1]), ShelfError::EmptyClass { class: 0 });
    assert_eq!(
        refused(&[vec![item(&[1], 1)]], &[1, 2]),
        ShelfError::UsesMismatch { class: 0, uses: 1, capacities: 2 }
    );
    assert_eq!(refused(&[], &[0; 1_001]), ShelfError::TooManyCapacities { count: 1_001, limit: 1_000 });
    assert_eq!(refused(&[vec![item(&[-1], 1)]], &[1]), ShelfError::NegativeWidth { class: 0, width: -1 });
    assert_eq!(refused(&[], &[-1]), ShelfError::NegativeCapacity { capacity: -1 });
    assert!(matches!(refused(&[vec![item(&[i64::MAX], i64::MIN)]], &[1]), ShelfError::TotalTooLarge { .. }));
    assert_eq!(refused(&[vec![item(&[2, 0], 1), item(&[0, 2], 1)]], &[1, 1]), ShelfError::NothingFits);
    let limit = endcap_shelf::limits::MAX_TOTAL;
    let extreme = solve(&[vec![item(&[limit, limit], limit)]], &[limit, limit], &Budget::default()).unwrap();
    assert_eq!((extreme.profit, extreme.certificate.gap()), (limit, 0));
}

#[test]
fn nothing_found_is_not_nothing_fits() {
    // Which of these add up to exactly so much? Nothing fits but a true subset sum, which greedy exchanges rarely meet.
    let weights = [310_i64, 471, 593, 737, 891, 1_013, 1_279];
    let item = |left, right| Item { uses: vec![left, right], profit: 1 };
    let classes: Vec<Vec<Item>> = weights.iter().map(|w| vec![item(0, *w), item(*w, 0)]).collect();
    let starved = Budget { max_nodes: 0, max_prices: 0 };
    let total: i64 = weights.iter().sum();
    let found = (0..128_u32).map(|subset| {
        let chosen = weights.iter().enumerate().filter(|(i, _)| subset >> i & 1 == 1);
        let sum: i64 = chosen.map(|(_, w)| w).sum();
        let room = [sum, total - sum];
        (solve(&classes, &room, &starved), best_of_all(&classes, &room))
    });
    let mut missed = 0;
    for (answer, best) in found {
        match answer {
            Err(ShelfError::NothingFound { nodes }) => {
                assert_eq!(nodes, 0);
                missed += 1;
            }
            Err(ShelfError::NothingFits) => assert_eq!(best, None),
            other => assert!(other.unwrap().profit <= best.unwrap()),
        }
    }
    assert!(missed > 0);
}
