//! Shares agreed: kept by every plan, never at the cost of a plan that would have kept them too.

use endcap_shelf::{
    FacingRequest, FacingRule, PlanOptions, Product, ProfitCurve, ShareRule, ShelfError, Status, Stocking,
    limits::PROFIT_UNITS_PER_MINOR, mmkp, plan, plan_facings_with_shares,
};
use endcap_types::{CategoryId, Currency, Rate};
use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::samples::{fixture, product, shelf, sku, tabled};

fn percent(value: i64) -> Rate {
    Rate::percent(value.into()).unwrap()
}

/// Width, stocking and weekly profits at 0 to 3 facings; widths and appeals of shelves; members, least and most percent.
type Case = (Vec<(u32, Stocking, Vec<i64>)>, Vec<(u32, i64)>, Vec<(Vec<bool>, i64, i64)>);

fn case() -> impl Strategy<Value = Case> {
    let stocking = prop_oneof![1 => Just(Stocking::MustStock), 4 => Just(Stocking::MayDelist)];
    let product = (1_u32..6, stocking, vec(-100_i64..1_000, 2..=4)).prop_map(|(w, s, t)| (w * 50, s, t));
    let shelf = (2_u32..9, prop_oneof![Just(100_i64), 50_i64..150]).prop_map(|(w, appeal)| (w * 50, appeal));
    let rule = (vec(prop::bool::ANY, 4), 0_i64..=60, 20_i64..=100);
    let rule = rule.prop_map(|(members, least, most)| (members, least.min(most), most));
    (vec(product, 1..=4), vec(shelf, 1..=3), vec(rule, 1..=2))
}

fn rules(case: &Case) -> Vec<ShareRule> {
    let each = case.2.iter().enumerate().map(|(index, (members, least, most))| ShareRule {
        name: format!("r{index}"),
        members: members
            .iter()
            .enumerate()
            .filter(|(_, is)| **is)
            .map(|(i, _)| sku(&format!("p{i}")))
            .collect(),
        least: percent(*least),
        most: percent(*most),
    });
    each.collect()
}

fn products(case: &Case) -> Vec<Product> {
    let each = case.0.iter().enumerate();
    each.map(|(index, (width, stocking, table))| tabled(&format!("p{index}"), *width, *stocking, table))
        .collect()
}

/// The best total by trying everything, in ten-thousandths of a minor unit; `used[i]` is the width product `i` takes.
fn best_of_all(case: &Case, room: &mut Vec<u32>, used: &mut Vec<u32>) -> Option<i64> {
    let Some((width, stocking, table)) = case.0.get(used.len()) else {
        let all: u32 = case.1.iter().map(|(width, _)| *width).sum();
        let keeps = case.2.iter().all(|(members, least, most)| {
            let own: u32 = used.iter().zip(members).filter(|(_, is)| **is).map(|(width, _)| *width).sum();
            let (own, all) = (i64::from(own) * 100, i64::from(all));
            *least * all <= own && own <= *most * all
        });
        return keeps.then_some(0);
    };
    let mut best = None;
    if *stocking == Stocking::MayDelist {
        used.push(0);
        best = best_of_all(case, room, used).map(|rest| rest + table[0] * 100);
        used.pop();
    }
    for slot in 0..case.1.len() {
        for (facings, profit) in table.iter().enumerate().skip(1) {
            let takes = width * u32::try_from(facings).unwrap();
            if takes <= room[slot] {
                room[slot] -= takes;
                used.push(takes);
                best = best.max(best_of_all(case, room, used).map(|rest| rest + profit * case.1[slot].1));
                used.pop();
                room[slot] += takes;
            }
        }
    }
    best
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn plans_keep_their_shares_and_their_certificate_brackets_the_best_that_does(case in case()) {
        let boards = case.1.iter().map(|(width, appeal)| shelf(*width, 300, 300, *appeal)).collect();
        let mut room: Vec<u32> = case.1.iter().map(|(width, _)| *width).collect();
        let best = best_of_all(&case, &mut room, &mut Vec::new());
        let options = PlanOptions { shares: rules(&case), ..PlanOptions::new(Currency::CNY) };
        match plan(&fixture(vec![boards]), &products(&case), &options) {
            Ok(ours) => {
                prop_assert_eq!(ours.planogram.validate(), vec![]);
                prop_assert_eq!(ours.planogram.validate_shares(&options.shares).unwrap(), vec![]);
                let best = best.unwrap() * (PROFIT_UNITS_PER_MINOR / 100);
                let proof = ours.certificate;
                prop_assert!(proof.lower() <= best && best <= proof.upper(), "{best} in {proof:?}");
                prop_assert!(proof.status() != Status::Optimal || proof.lower() == best);
            }
            Err(error) => prop_assert_eq!(best, None, "{}", error),
        }
    }

    #[test]
    fn facings_keep_their_shares_and_are_the_best_that_do(case in case()) {
        // One run of shelf: the widths of the first shelf, and its appeal.
        let case: Case = (case.0, case.1[..1].to_vec(), case.2);
        let (width, appeal) = case.1[0];
        let requests: Vec<FacingRequest> = case.0.iter().enumerate().map(|(index, (width, stocking, table))| FacingRequest {
            sku: sku(&format!("p{index}")),
            width_mm: *width,
            units_per_facing: 1,
            weekly_units: Decimal::ZERO,
            unit_margin: Decimal::ZERO,
            appeal: Decimal::new(appeal, 2),
            curve: ProfitCurve::Table(table.iter().map(|cents| Decimal::new(*cents, 2)).collect()),
            rule: FacingRule::new(1, u32::try_from(table.len()).unwrap() - 1, *stocking).unwrap(),
        }).collect();
        let best = best_of_all(&case, &mut vec![width], &mut Vec::new());
        let shares = rules(&case);
        let answer = plan_facings_with_shares(&requests, i64::from(width), Currency::CNY, (&shares, &mmkp::Budget::default()));
        match answer {
            Ok(plan) => {
                prop_assert_eq!(plan.certificate.status(), Status::Optimal);
                prop_assert_eq!(plan.certificate.lower(), best.unwrap() * (PROFIT_UNITS_PER_MINOR / 100));
                prop_assert!(plan.width_mm <= i64::from(width));
            }
            Err(error) => {
                prop_assert_eq!(best, None, "{}", error);
                let refused = matches!(error, ShelfError::SharesOutOfReach { .. });
                prop_assert!(refused, "{}", error);
            }
        }
    }
}

/// Ten products of two brands in two categories on four shelves.
fn bay() -> (endcap_shelf::Fixture, Vec<Product>) {
    let board = |appeal| shelf(900, 300, 400, appeal);
    let products = (0..10_u32).map(|index| {
        let brand = ["red", "blue"][usize::from(index % 2 == 1)];
        let weekly = i64::from(120 - 10 * index) * if index % 2 == 1 { 1 } else { 3 };
        product(&format!("p{index}"), brand, (60 + index, 200, 60), weekly, 100)
    });
    (fixture(vec![vec![board(80), board(100), board(125), board(110)]]), products.collect())
}

#[test]
fn a_share_agreed_costs_profit_and_is_kept_through_blocks_too() {
    let (fixture, products) = bay();
    let free = plan(&fixture, &products, &PlanOptions::new(Currency::CNY)).unwrap();
    let red = ShareRule::of_brand("red", &products, percent(20), percent(40));
    assert_eq!(red.members.len(), 5);
    let told: Vec<String> = free
        .planogram
        .validate_shares(std::slice::from_ref(&red))
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(told.len(), 1);
    assert!(
        told[0].starts_with("red: ") && told[0].ends_with(" mm of the shelves, 720 to 1440 agreed"),
        "{told:?}"
    );
    for tolerance in ["0%", "3%"] {
        let options = PlanOptions {
            shares: vec![red.clone()],
            block_tolerance: tolerance.parse().unwrap(),
            ..PlanOptions::new(Currency::CNY)
        };
        let best = plan(&fixture, &products, &options).unwrap();
        assert_eq!(
            (best.planogram.validate(), best.planogram.validate_shares(&options.shares).unwrap()),
            (vec![], vec![])
        );
        assert!(best.certificate.lower() < free.certificate.lower());
        assert!(best.certificate.gap_ratio().unwrap() < endcap_types::Exact::ratio(1, 20).unwrap());
    }
}

#[test]
fn shares_that_cannot_be_are_refused() {
    let (fixture, products) = bay();
    let refused = |rule: ShareRule| {
        let options = PlanOptions { shares: vec![rule], ..PlanOptions::new(Currency::CNY) };
        plan(&fixture, &products, &options).unwrap_err()
    };
    let turned = refused(ShareRule::of_brand("red", &products, percent(60), percent(50)));
    let out_of_range = |least: i64, most: i64| {
        let (least, most) = (least.into(), most.into());
        ShelfError::ShareOutOfRange { name: "red".into(), least, most }
    };
    assert_eq!(turned, out_of_range(60, 50));
    assert_eq!(
        refused(ShareRule::of_brand("red", &products, percent(0), percent(101))),
        out_of_range(0, 101)
    );
    // Nobody is green, and a tenth of the shelf is asked for them.
    let green = refused(ShareRule::of_brand("green", &products, percent(10), percent(20)));
    assert_eq!(green, ShelfError::SharesOutOfReach { names: vec!["green".into()] });
    assert_eq!(green.to_string(), "no plan keeps the shares of: green");
    let drinks =
        ShareRule::of_category(&CategoryId::new("drinks").unwrap(), &products, percent(0), percent(100));
    assert_eq!(drinks.members.len(), 10);
}
