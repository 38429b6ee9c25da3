//! Laws of plans: sound whatever the input, never better than the best, and as good as they say.

use std::collections::BTreeMap;

use endcap_shelf::mckp::Budget;
use endcap_shelf::{
    CaseRule, FacingRequest, FacingRule, Fixture, PlanOptions, Planogram, Product, ProductSpec, ProfitCurve,
    Shelf, ShelfError, ShelfPlan, SpaceElasticity, Status, Stocking, SvgOptions,
    limits::PROFIT_UNITS_PER_MINOR, plan, plan_facings,
};
use endcap_types::{CasePack, CategoryId, Currency, Exact, Unrounded};
use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::samples::{fixture, shelf, sku, spec, tabled};

fn shelves() -> impl Strategy<Value = Vec<Vec<Shelf>>> {
    let one = (200_u32..900, 150_u32..400, 100_u32..500, 50_i64..150);
    let one = one.prop_map(|(width, height, depth, appeal)| shelf(width, height, depth, appeal));
    vec(vec(one, 1..=3), 1..=2)
}

fn stocking() -> impl Strategy<Value = Stocking> {
    prop_oneof![1 => Just(Stocking::MustStock), 4 => Just(Stocking::MayDelist)]
}

fn any_product(index: usize) -> impl Strategy<Value = Product> {
    let sizes = (30_u32..130, 60_u32..260, 40_u32..150);
    let sales = (0_i64..200, -50_i64..400, 0_i64..=100);
    let rules = (0_u32..3, 0_u32..3, stocking(), 0_i64..3, prop::option::of(1_u32..12), 1_u32..4);
    let groups = (0_usize..3, prop_oneof![4 => Just(0_usize), 1 => Just(1)]);
    (sizes, sales, rules, groups).prop_map(move |(size, sales, rules, groups)| {
        let (least, more, stocking, days, case, max_stack) = rules;
        let rule = FacingRule::new(least, least.max(1) + more, stocking).unwrap();
        let case = case.map_or(CaseRule::Ignore, |case| CaseRule::MustFit(CasePack::new(case).unwrap()));
        let brand = ["红", "blue", "<&>"][groups.0];
        let elasticity = SpaceElasticity::new(Decimal::new(sales.2, 2)).unwrap();
        Product::new(ProductSpec {
            category: CategoryId::new(["茶", "水"][groups.1]).unwrap(),
            curve: ProfitCurve::SpaceElastic(elasticity),
            rule: rule.with_days_of_supply(days.into()).unwrap().with_case(case),
            max_stack,
            ..spec(&format!("p{index}"), brand, size, sales.0, sales.1)
        })
        .unwrap()
    })
}

fn products(most: usize) -> impl Strategy<Value = Vec<Product>> {
    (0..=most).prop_flat_map(|count| (0..count).map(any_product).collect::<Vec<_>>())
}

fn options(tolerance: &str) -> PlanOptions {
    PlanOptions { block_tolerance: tolerance.parse().unwrap(), ..PlanOptions::new(Currency::CNY) }
}

/// The profit of a planogram from nothing but the planogram: shelf appeal, facings, product data and floating powers.
fn recomputed(planogram: &Planogram) -> f64 {
    let number = |decimal: Decimal| decimal.to_string().parse::<f64>().unwrap();
    let earns = |placement: &endcap_shelf::Placement| {
        let spec = planogram.product(&placement.sku).unwrap().spec();
        let board = planogram.fixture.place(placement.segment, placement.shelf).unwrap().board;
        let ProfitCurve::SpaceElastic(elasticity) = &spec.curve else { panic!() };
        let lift = f64::from(placement.facings).powf(number(elasticity.value()));
        number(spec.weekly_units) * number(spec.unit_margin) * number(board.appeal) * lift
    };
    planogram.placements.iter().map(earns).sum()
}

fn units(amount: &Unrounded) -> i64 {
    let (num, den) =
        amount.value().mul(&Exact::from_int(PROFIT_UNITS_PER_MINOR.into())).unwrap().parts().unwrap();
    assert_eq!(num % den, 0);
    i64::try_from(num / den).unwrap()
}

fn check(best: &ShelfPlan, products: &[Product]) -> Result<(), TestCaseError> {
    prop_assert_eq!(best.planogram.validate(), vec![]);
    prop_assert_eq!(best.lines.iter().map(|line| units(&line.profit)).sum::<i64>(), units(&best.profit));
    prop_assert_eq!(best.certificate.lower(), units(&best.profit));
    prop_assert!(best.certificate.gap() >= 0);
    let skus: Vec<_> = best.lines.iter().map(|line| &line.sku).collect();
    prop_assert_eq!(skus, products.iter().map(Product::sku).collect::<Vec<_>>());
    for line in &best.lines {
        prop_assert_eq!(best.delisted.contains(&line.sku), line.facings == 0);
        let placed = best.planogram.placements.iter().find(|p| p.sku == line.sku);
        prop_assert_eq!(placed.map_or(0, |p| p.facings), line.facings);
        prop_assert_eq!(placed.map_or(0, |p| p.capacity_units()), line.capacity_units);
    }
    let major = units(&best.profit) as f64 / 100.0 / PROFIT_UNITS_PER_MINOR as f64;
    prop_assert!((recomputed(&best.planogram) - major).abs() < 1e-6);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn every_planogram_the_planner_makes_is_without_problems(shelves in shelves(), products in products(12)) {
        let fixture = fixture(shelves);
        for tolerance in ["0%", "5%"] {
            match plan(&fixture, &products, &options(tolerance)) {
                Ok(best) => check(&best, &products)?,
                Err(
                    ShelfError::FitsNowhere { .. }
                    | ShelfError::FacingsOutOfReach { .. }
                    | ShelfError::TooNarrow { .. }
                    | ShelfError::NoPlacementFound { .. },
                ) => {
                    let must = |product: &Product| product.spec().rule.stocking == Stocking::MustStock;
                    prop_assert!(products.iter().any(must));
                }
                Err(other) => prop_assert!(false, "{other}"),
            }
        }
    }

    #[test]
    fn blocks_cost_no_more_than_allowed(shelves in shelves(), products in products(8)) {
        let fixture = fixture(shelves);
        let (Ok(free), Ok(blocked)) =
            (plan(&fixture, &products, &options("0%")), plan(&fixture, &products, &options("10%"))) else { return Ok(()) };
        let (free, blocked) = (units(&free.profit), units(&blocked.profit));
        prop_assert!(i128::from(free - blocked) * 10 <= i128::from(free).abs(), "{free} {blocked}");
    }

    #[test]
    fn the_same_question_gets_the_same_bytes(shelves in shelves(), products in products(6)) {
        let fixture = fixture(shelves);
        let draw = || plan(&fixture, &products, &options("1%")).map(|best| {
            (best.planogram.to_svg(&SvgOptions::new("同")), best)
        });
        prop_assert_eq!(draw(), draw());
    }
}

/// Weekly profits in minor units at 0 to 3 facings of a product so wide, on each of two or three shelves.
type Tiny = (Vec<(u32, Stocking, Vec<i64>)>, Vec<(u32, i64)>);

fn tiny() -> impl Strategy<Value = Tiny> {
    let product = (1_u32..6, stocking(), vec(-100_i64..1_000, 2..=4)).prop_map(|(w, s, t)| (w * 50, s, t));
    let shelf = (2_u32..9, prop_oneof![Just(100_i64), 50_i64..150]).prop_map(|(w, appeal)| (w * 50, appeal));
    (vec(product, 1..=4), vec(shelf, 1..=3))
}

/// The best total by trying every product on every shelf with every number of facings, in ten-thousandths of a minor unit.
fn best_of_all((products, shelves): &Tiny, room: &mut Vec<u32>, next: usize) -> Option<i64> {
    let Some((width, stocking, table)) = products.get(next) else { return Some(0) };
    let mut best = None;
    if *stocking == Stocking::MayDelist {
        best = best_of_all(&(products.clone(), shelves.clone()), room, next + 1)
            .map(|rest| rest + table[0] * 100);
    }
    for slot in 0..shelves.len() {
        for (facings, profit) in table.iter().enumerate().skip(1) {
            let takes = width * u32::try_from(facings).unwrap();
            if takes <= room[slot] {
                room[slot] -= takes;
                let rest = best_of_all(&(products.clone(), shelves.clone()), room, next + 1);
                best = best.max(rest.map(|rest| rest + profit * shelves[slot].1));
                room[slot] += takes;
            }
        }
    }
    best
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_certificate_of_a_plan_brackets_the_best_plan_there_is(tiny in tiny()) {
        let boards = tiny.1.iter().map(|(width, appeal)| shelf(*width, 300, 300, *appeal)).collect();
        let products: Vec<Product> = tiny.0.iter().enumerate()
            .map(|(index, (width, stocking, table))| tabled(&format!("p{index}"), *width, *stocking, table)).collect();
        let mut room: Vec<u32> = tiny.1.iter().map(|(width, _)| *width).collect();
        let best = best_of_all(&tiny, &mut room, 0);
        match plan(&fixture(vec![boards]), &products, &options("0%")) {
            Ok(ours) => {
                let scale = PROFIT_UNITS_PER_MINOR / 100;
                let best = best.unwrap() * scale;
                let proof = ours.certificate;
                prop_assert!(proof.lower() <= best && best <= proof.upper(), "{best} in {proof:?}");
                if proof.status() == Status::Optimal {
                    prop_assert_eq!(proof.lower(), best);
                }
            }
            // At this size the packing search is complete: no placement found means that there is none.
            Err(error) => prop_assert_eq!(best, None, "{}", error),
        }
    }

    #[test]
    fn facings_keep_their_rules_and_reach_the_best_of_all(
        asks in vec((1_u32..5, 1_u32..8, 0_i64..100, 0_i64..300, 0_u32..3, 0_u32..4, stocking(), 0_i64..5), 1..=5),
        width in 0_i64..1_500,
    ) {
        let requests: Vec<FacingRequest> = asks.iter().enumerate().map(|(index, ask)| {
            let (width, per_facing, weekly, margin, least, more, stocking, days) = *ask;
            let rule = FacingRule::new(least, least.max(1) + more, stocking).unwrap();
            FacingRequest {
                sku: sku(&format!("p{index}")),
                width_mm: width * 30,
                units_per_facing: per_facing,
                weekly_units: weekly.into(),
                unit_margin: Decimal::new(margin, 2),
                appeal: Decimal::ONE,
                curve: ProfitCurve::SpaceElastic(SpaceElasticity::TYPICAL),
                rule: rule.with_days_of_supply(days.into()).unwrap(),
            }
        }).collect();
        let answer = plan_facings(&requests, width, Currency::CNY, &Budget::default());
        let best = best_facings(&requests, width);
        let Ok(answer) = answer else {
            prop_assert_eq!(best, None);
            return Ok(());
        };
        prop_assert_eq!(answer.certificate.status(), Status::Optimal);
        prop_assert!(answer.width_mm <= width);
        let ours = units(&answer.profit) as f64 / 100.0 / PROFIT_UNITS_PER_MINOR as f64;
        prop_assert!((ours - best.unwrap()).abs() < 1e-6, "{ours} {best:?}");
        prop_assert_eq!(answer.lines.iter().map(|line| units(&line.profit)).sum::<i64>(), units(&answer.profit));
        let given: BTreeMap<_, _> = answer.lines.iter().map(|line| (&line.sku, line)).collect();
        for request in &requests {
            let line = given[&request.sku];
            let hidden = line.facings == 0 && request.rule.stocking == Stocking::MayDelist;
            prop_assert!(hidden || (request.rule.least().max(1)..=request.rule.most()).contains(&line.facings));
            let sold = request.weekly_units * request.rule.days_of_supply();
            prop_assert!(hidden || Decimal::from(line.capacity_units * 7) >= sold);
        }
    }
}

/// The best weekly profit of facings by trying all of them, in floating point.
fn best_facings(requests: &[FacingRequest], width: i64) -> Option<f64> {
    let Some((first, rest)) = requests.split_first() else { return Some(0.0) };
    let number = |decimal: Decimal| decimal.to_string().parse::<f64>().unwrap();
    let mut best: Option<f64> = None;
    for facings in 0..=first.rule.most() {
        let hidden = facings == 0 && first.rule.stocking == Stocking::MayDelist;
        let holds = Decimal::from(facings * first.units_per_facing * 7);
        let enough = holds >= first.weekly_units * first.rule.days_of_supply();
        let left = width - i64::from(facings * first.width_mm);
        if left < 0 || !(hidden || facings >= first.rule.least().max(1) && enough) {
            continue;
        }
        let lift = if facings == 0 { 0.0 } else { f64::from(facings).powf(0.17) };
        if let Some(rest) = best_facings(rest, left) {
            let total = number(first.weekly_units) * number(first.unit_margin) * lift + rest;
            best = Some(best.map_or(total, |best| best.max(total)));
        }
    }
    best
}

#[test]
fn brands_stand_together_on_a_shelf_whatever_they_earn() {
    // Alternating brands with falling earnings: by earnings alone no two neighbours would be of one brand.
    let products: Vec<Product> = (0..8_u32)
        .map(|index| {
            let brand = ["甲", "乙"][index as usize % 2];
            crate::samples::product(
                &format!("p{index}"),
                brand,
                (60, 200, 60),
                100 - 10 * i64::from(index),
                100,
            )
        })
        .collect();
    let best = plan(&fixture(vec![vec![shelf(1_000, 300, 400, 100)]]), &products, &options("0%")).unwrap();
    let brand = |placement: &endcap_shelf::Placement| {
        best.planogram.product(&placement.sku).unwrap().spec().brand.clone()
    };
    let brands: Vec<String> = best.planogram.placements.iter().map(brand).collect();
    assert_eq!(brands, ["甲", "甲", "甲", "甲", "乙", "乙", "乙", "乙"]);
    assert_eq!(best.planogram.validate(), []);
}

#[test]
fn what_must_be_stocked_is_packed_even_where_the_widest_first_does_not_fit() {
    // 250 + 150 + 100 and 200 + 200 + 100 fill two shelves of 500; widest first puts 250 and 200 together and fails.
    let widths = [250, 200, 200, 150, 100, 100];
    let product = |(index, width): (usize, &u32)| {
        tabled(&format!("p{index}"), *width, Stocking::MustStock, &[0, i64::from(*width) * i64::from(*width)])
    };
    let products: Vec<Product> = widths.iter().enumerate().map(product).collect();
    let fixture = fixture(vec![vec![shelf(500, 300, 300, 100), shelf(500, 300, 300, 100)]]);
    let best = plan(&fixture, &products, &options("0%")).unwrap();
    assert_eq!(best.delisted, []);
    assert_eq!(best.planogram.validate(), []);
    assert_eq!(best.certificate.status(), Status::Optimal);
}

#[test]
fn small_shelves_are_planned_within_a_hundredth_of_their_bound() {
    // Twelve products of three brands on six shelves: the heuristic part must not be far from the proof.
    let board = |appeal| shelf(700, 300, 400, appeal);
    let fixture: Fixture =
        fixture(vec![vec![board(80), board(110), board(125)], vec![board(80), board(110), board(125)]]);
    let products: Vec<Product> = (0..12_u32)
        .map(|index| {
            let brand = ["甲", "乙", "丙"][index as usize % 3];
            let size = (60 + index * 3, 200 + index * 5, 60 + index);
            crate::samples::product(
                &format!("p{index:02}"),
                brand,
                size,
                i64::from(150 - index * 9),
                60 + i64::from(index) * 11,
            )
        })
        .collect();
    let best = plan(&fixture, &products, &options("0%")).unwrap();
    let ratio = best.certificate.gap_ratio().unwrap();
    assert!(ratio < Exact::ratio(1, 100).unwrap(), "gap {ratio}");
    assert_eq!(best.delisted, []);
}
