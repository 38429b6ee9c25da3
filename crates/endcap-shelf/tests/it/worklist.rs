//! The work list leads from what was seen to the plan, and is empty when there is nothing to do.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use endcap_shelf::{
    Language, Orientation, Placement, Planogram, PriceTag, SeenBlock, SeenLot, Task, Visit, Work, compliance,
};
use endcap_types::{Exact, SkuId};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::samples::{fixture, shelf, sku};

fn day(of_june: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 6, of_june).unwrap()
}

const SKUS: [&str; 6] = ["A", "B", "C", "D", "E", "F"];

/// Blocks of product, facings and units behind one another on two shelves, left to right.
fn planogram(shelves: &[Vec<(usize, u32, u32)>]) -> Planogram {
    let mut placements = Vec::new();
    for (index, row) in shelves.iter().enumerate() {
        placements.extend(row.iter().enumerate().map(|(place, (product, facings, deep))| Placement {
            sku: sku(SKUS[*product]),
            segment: 0,
            shelf: index,
            x_mm: u32::try_from(place).unwrap() * 100,
            facings: *facings,
            stack: 1,
            deep: *deep,
            orientation: Orientation::Front,
        }));
    }
    let boards = shelves.iter().map(|_| shelf(900, 300, 400, 100)).collect();
    Planogram { fixture: fixture(vec![boards]), products: vec![], planned: BTreeMap::new(), placements }
}

/// The shelf exactly as planned, full and with right tags.
fn perfect(plan: &Planogram) -> Visit {
    let mut shelves: BTreeMap<String, Vec<SeenBlock>> = BTreeMap::new();
    for p in &plan.placements {
        let units = u32::try_from(p.capacity_units()).unwrap();
        let lots = vec![
            SeenLot { expires_on: day(10), units: units / 2 },
            SeenLot { expires_on: day(20), units: units - units / 2 },
        ];
        let block = SeenBlock { sku: p.sku.clone(), facings: p.facings, lots, tag: PriceTag::Right };
        shelves.entry(format!("{}/{}", p.segment + 1, p.shelf + 1)).or_default().push(block);
    }
    Visit { as_of: day(5), min_remaining_days: 3, shelves }
}

fn rows() -> impl Strategy<Value = Vec<Vec<(usize, u32, u32)>>> {
    vec(vec((0_usize..6, 1_u32..4, 1_u32..5), 0..5), 2)
}

/// Does the tasks on a count of blocks and facings by shelf and product.
fn done(visit: &Visit, tasks: &[Task]) -> BTreeMap<(String, SkuId), i64> {
    let mut blocks: BTreeMap<(String, SkuId), i64> = BTreeMap::new();
    for (shelf, row) in &visit.shelves {
        row.iter().for_each(|block| *blocks.entry((shelf.clone(), block.sku.clone())).or_default() += 1);
    }
    for Task { work, shelf, sku } in tasks {
        let here = (shelf.clone(), sku.clone());
        match work {
            Work::TakeOff { .. } => *blocks.entry(here).or_default() -= 1,
            Work::PutUp { .. } => *blocks.entry(here).or_default() += 1,
            Work::MoveHere { from } => {
                *blocks.entry((from.clone(), sku.clone())).or_default() -= 1;
                *blocks.entry(here).or_default() += 1;
            }
            _ => {}
        }
    }
    assert!(blocks.values().all(|count| *count >= 0));
    blocks.retain(|_, count| *count > 0);
    blocks
}

/// Longest common sequence, by trying every way.
fn common(a: &[SkuId], b: &[SkuId]) -> usize {
    match (a.split_first(), b.split_first()) {
        (Some((x, rest)), Some((y, other))) if x == y => 1 + common(rest, other),
        (Some((_, rest)), Some((_, other))) => common(rest, b).max(common(a, other)),
        _ => 0,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn doing_the_tasks_makes_the_plan(plan in rows(), seen in rows()) {
        let (plan, visit) = (planogram(&plan), perfect(&planogram(&seen)));
        let tasks = plan.work_list(&visit);
        prop_assert_eq!(&tasks, &plan.work_list(&visit));
        prop_assert!(tasks.is_sorted());
        prop_assert_eq!(done(&visit, &tasks), done(&perfect(&plan), &[]));
        // As many blocks change place as are outside the longest sequence in order.
        let kept: usize = plan.front().shelves.iter().map(|(name, row)| {
            let ids = |row: &[(SkuId, u32)]| row.iter().map(|(sku, _)| sku.clone()).collect::<Vec<_>>();
            visit.front().shelves.get(name).map_or(0, |seen| common(&ids(row), &ids(seen)))
        }).sum();
        let moved = tasks.iter().filter(|t| matches!(t.work, Work::TakeOff { .. } | Work::MoveHere { .. } | Work::Reorder { .. }));
        let all: usize = visit.shelves.values().map(Vec::len).sum();
        prop_assert_eq!(moved.count(), all - kept);
    }

    #[test]
    fn there_is_nothing_to_do_exactly_when_the_shelf_keeps_to_the_plan(plan in rows(), seen in rows()) {
        // Every block holds its planned stock here, so only places and facings can be wrong.
        let plan = planogram(&plan);
        prop_assert_eq!(plan.work_list(&perfect(&plan)), vec![]);
        let visit = perfect(&planogram(&seen));
        let tasks = plan.work_list(&visit);
        let identical = plan.front().shelves.iter().all(|(name, row)| visit.front().shelves.get(name).map_or(row.is_empty(), |seen| seen == row));
        let placed = tasks.iter().any(|t| !matches!(t.work, Work::Refill { .. }));
        prop_assert_eq!(placed, !identical);
        if identical {
            prop_assert_eq!(compliance(&plan.front(), &visit.front()).unwrap().score, Exact::ONE);
        }
    }

    #[test]
    fn compliance_is_a_share_with_symmetric_counts(plan in rows(), seen in rows()) {
        let (plan, seen) = (planogram(&plan).front(), planogram(&seen).front());
        let (there, back) = (compliance(&plan, &seen).unwrap(), compliance(&seen, &plan).unwrap());
        for part in [&there.presence, &there.shelf, &there.sequence, &there.facings, &there.score] {
            prop_assert!(*part >= Exact::ZERO && *part <= Exact::ONE);
        }
        prop_assert_eq!((&there.sequence, &there.facings), (&back.sequence, &back.facings));
        prop_assert_eq!(compliance(&plan, &plan).unwrap().score, Exact::ONE);
    }
}

#[test]
fn every_kind_of_work_has_a_reason_in_both_languages() {
    let plan = planogram(&[vec![(0, 2, 4), (1, 2, 3), (2, 1, 5)], vec![(3, 1, 2), (4, 2, 3)]]);
    let block = |id: &str, facings, lots: &[(u32, u32)], tag| SeenBlock {
        sku: sku(id),
        facings,
        lots: lots.iter().map(|(on, units)| SeenLot { expires_on: day(*on), units: *units }).collect(),
        tag,
    };
    let first = vec![
        block("B", 2, &[(20, 3), (12, 3)], PriceTag::Right), // later date in front
        block("A", 3, &[(7, 2), (15, 6)], PriceTag::Wrong),  // too near, too wide, wrong tag, out of order
        block("E", 2, &[(15, 6)], PriceTag::Right),          // belongs on the other shelf
        block("F", 1, &[(15, 5)], PriceTag::Right),          // nowhere in the plan
    ];
    let second = vec![block("D", 1, &[(15, 2)], PriceTag::Missing)];
    let shelves = [("1/1".to_owned(), first), ("1/2".to_owned(), second)].into();
    let visit = Visit { as_of: day(5), min_remaining_days: 3, shelves };
    let tasks = plan.work_list(&visit);
    let told = |language| tasks.iter().map(|task| task.reason(language)).collect::<Vec<_>>();
    assert_eq!(
        told(Language::En),
        [
            "A on 1/1: take off 2 units dated before 2025-06-08",
            "F on 1/1: take off, 1 facings the plan has no place for",
            "E on 1/2: bring it from 1/1, the plan wants it here",
            "A on 1/1: move it to place 1 from the left",
            "C on 1/1: put it up, missing: 1 facings with 5 units and a price tag",
            "A on 1/1: set 2 facings, 3 seen",
            "B on 1/1: earliest date to the front",
            "A on 1/1: refill 2 units, the shelf holds 8",
            "A on 1/1: mend the wrong price tag",
            "D on 1/2: put up the missing price tag",
        ]
    );
    assert_eq!(
        told(Language::Zh),
        [
            "1/1 层 A：下架 2 件，到期日早于 2025-06-08",
            "1/1 层 F：下架，1 个排面不在陈列图内",
            "1/2 层 E：从 1/1 层移来，陈列图要求在此",
            "1/1 层 A：移到左起第 1 位",
            "1/1 层 C：缺品上架：1 个排面、5 件，并放价签",
            "1/1 层 A：排面调为 2，现为 3",
            "1/1 层 B：先到期的放在前面",
            "1/1 层 A：补货 2 件，货架容量 8 件",
            "1/1 层 A：更正错误的价签",
            "1/2 层 D：补放缺失的价签",
        ]
    );
}

#[test]
fn a_unit_on_its_last_day_stays_when_no_days_must_remain() {
    let plan = planogram(&[vec![(0, 1, 2)], vec![]]);
    let lots = |on| vec![SeenLot { expires_on: on, units: 2 }];
    let visit = |on| Visit {
        as_of: day(5),
        min_remaining_days: 0,
        shelves: [(
            "1/1".to_owned(),
            vec![SeenBlock { sku: sku("A"), facings: 1, lots: lots(on), tag: PriceTag::Right }],
        )]
        .into(),
    };
    assert_eq!(plan.work_list(&visit(day(5))), vec![]);
    let work: Vec<Work> = plan.work_list(&visit(day(4))).into_iter().map(|task| task.work).collect();
    let pull = Work::Pull { units: 2, expires_before: day(5) };
    assert_eq!(work, [pull, Work::Refill { units: 2, capacity: 2 }]);
}
