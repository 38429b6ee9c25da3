//! Knapsacks and facings with known optimum.

use endcap_shelf::mckp::{Budget, Item, solve};
use endcap_shelf::{
    CaseRule, FacingRequest, FacingRule, ProfitCurve, ShelfError, SpaceElasticity, Status, Stocking,
    limits::PROFIT_UNITS_PER_MINOR, plan_facings,
};
use endcap_types::{CasePack, Currency, Exact, SkuId};
use rust_decimal::Decimal;

/// Rows of a golden file as fields; no field holds a comma.
pub(crate) fn rows(csv: &str) -> Vec<Vec<String>> {
    let columns = csv.lines().next().unwrap().split(',').count();
    let rows: Vec<Vec<String>> =
        csv.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect();
    assert!(!rows.is_empty() && rows.iter().all(|row: &Vec<String>| row.len() == columns));
    rows
}

#[test]
fn knapsacks_reach_their_known_optimum() {
    let rows = rows(include_str!("../golden/mckp.csv"));
    assert_eq!(rows.len(), 32);
    for row in rows {
        let [case, capacity, classes, status, optimum, choice, bound, _] = row.as_slice() else { panic!() };
        let item = |text: &str| {
            let (width, profit) = text.split_once(':').unwrap();
            Item { width: width.parse().unwrap(), profit: profit.parse().unwrap() }
        };
        let classes: Vec<Vec<Item>> =
            classes.split('|').map(|class| class.split(';').map(item).collect()).collect();
        let answer = solve(&classes, capacity.parse().unwrap(), &Budget::default());
        if status == "infeasible" {
            assert!(matches!(answer, Err(ShelfError::TooNarrow { .. })), "{case}: {answer:?}");
            continue;
        }
        let answer = answer.unwrap();
        assert_eq!(answer.profit.to_string(), *optimum, "{case}");
        assert_eq!(answer.certificate.status(), Status::Optimal, "{case}");
        assert_eq!(answer.relaxation, bound.parse::<Exact>().unwrap(), "{case}");
        if !choice.is_empty() {
            let ours: Vec<String> = answer.choice.iter().map(ToString::to_string).collect();
            assert_eq!(ours.join(";"), *choice, "{case}");
        }
    }
}

#[test]
fn facings_reach_their_known_optimum() {
    let rows = rows(include_str!("../golden/facings.csv"));
    assert_eq!(rows.len(), 10);
    for row in rows {
        let [case, width, items, status, facings, used, profit, minimum, _] = row.as_slice() else {
            panic!()
        };
        let requests: Vec<FacingRequest> = items.split('|').map(request).collect();
        let plan = plan_facings(&requests, width.parse().unwrap(), Currency::CNY, &Budget::default());
        match status.as_str() {
            "infeasible_width" => {
                let Err(ShelfError::TooNarrow { minimum: ours, .. }) = plan else {
                    panic!("{case}: {plan:?}")
                };
                assert_eq!(ours.to_string(), *minimum, "{case}");
            }
            "infeasible_sku" => {
                let Err(ShelfError::FacingsOutOfReach { products }) = plan else {
                    panic!("{case}: {plan:?}")
                };
                let named: Vec<String> =
                    products.iter().map(|p| format!("{} {} {}", p.sku, p.needed, p.allowed)).collect();
                assert_eq!(named, ["A 14 6"], "{case}");
            }
            "optimal" => {
                let plan = plan.unwrap();
                assert_eq!(plan.certificate.status(), Status::Optimal, "{case}");
                if !facings.is_empty() {
                    let ours: Vec<String> = plan.lines.iter().map(|line| line.facings.to_string()).collect();
                    assert_eq!(ours.join(";"), *facings, "{case}");
                    assert_eq!(plan.width_mm.to_string(), *used, "{case}");
                }
                // The file has the profit of a day to eleven decimals; a plan has that of a week in units of 10⁻⁸.
                let week = Exact::from_decimal(profit.parse().unwrap()).mul(&Exact::from_int(700)).unwrap();
                let error = plan.profit.value().sub(&week).unwrap().abs();
                let each = Exact::ratio(1, 2 * i128::from(PROFIT_UNITS_PER_MINOR)).unwrap();
                let allowed = each.mul(&Exact::from_int(1 + requests.len() as i128)).unwrap();
                assert!(error <= allowed, "{case}: off by {error}");
            }
            other => panic!("{case}: {other}"),
        }
    }
}

/// `sku:width:units a facing:case:units a day:margin:elasticity:least:most:stocking:days:case rule:appeal`.
fn request(text: &str) -> FacingRequest {
    let f: Vec<&str> = text.split(':').collect();
    assert_eq!(f.len(), 13);
    let decimal = |index: usize| f[index].parse::<Decimal>().unwrap();
    let number = |index: usize| f[index].parse::<u32>().unwrap();
    let stocking = match f[9] {
        "must_stock" => Stocking::MustStock,
        "may_delist" => Stocking::MayDelist,
        other => panic!("{other}"),
    };
    let case = match f[11] {
        "case" => CaseRule::MustFit(CasePack::new(number(3)).unwrap()),
        _ => CaseRule::Ignore,
    };
    let rule = FacingRule::new(number(7), number(8), stocking).unwrap();
    FacingRequest {
        sku: SkuId::new(f[0]).unwrap(),
        width_mm: number(1),
        units_per_facing: number(2),
        weekly_units: decimal(4) * Decimal::from(7),
        unit_margin: decimal(5),
        appeal: decimal(12),
        curve: ProfitCurve::SpaceElastic(SpaceElasticity::new(decimal(6)).unwrap()),
        rule: rule.with_days_of_supply(decimal(10)).unwrap().with_case(case),
    }
}
