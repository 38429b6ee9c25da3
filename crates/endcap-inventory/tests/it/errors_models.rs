//! One test per variant of `ModelError`, with its message.

use endcap_inventory::models::discount::*;
use endcap_inventory::models::echelon::guaranteed::{Customers, SupplyStage, SupplyTree};
use endcap_inventory::models::eoq::*;
use endcap_inventory::models::lot_sizing::*;
use endcap_inventory::models::myopic::{MyopicPeriod, Side};
use endcap_inventory::models::newsvendor::*;
use endcap_inventory::models::ss::PeriodicReview;
use endcap_inventory::models::*;

fn says<T: core::fmt::Debug>(result: Result<T, ModelError>, message: &str) {
    assert_eq!(result.unwrap_err().to_string(), message);
}

const LOT: LotCosts = LotCosts { fixed: 8.0, holding: 0.225, demand: 1300.0 };

#[test]
fn numbers() {
    says(eoq(&LotCosts { fixed: f64::NAN, ..LOT }), "fixed cost is NaN, not a finite number");
    says(eoq(&LotCosts { demand: f64::INFINITY, ..LOT }), "demand rate is inf, not a finite number");
    says(eoq(&LotCosts { fixed: -8.0, ..LOT }), "fixed cost is -8, expected at least 0");
    says(eoq(&LotCosts { holding: 0.0, ..LOT }), "holding cost is 0, expected more than 0");
    says(
        eoq(&LotCosts { fixed: 2e12, ..LOT }),
        "fixed cost is 2000000000000, expected at most 1e12 either sign",
    );
    let demand = Distribution::poisson(3.0).unwrap();
    says(demand.loss(0.5), "level is 0.5, expected a whole number");
    says(demand.quantile(1.0), "probability is 1, expected more than 0 and less than 1");
    says(Distribution::poisson(1e13), "mean is 10000000000000, expected at most 1e12 either sign");
    says(epq(&LOT, 1000.0), "production rate 1000 is not above the demand rate 1300");
}

#[test]
fn lists() {
    let problem = |demand| LotSizing {
        setup: PerPeriod::Each(&[1.0]),
        holding: PerPeriod::Same(1.0),
        unit: PerPeriod::Same(0.0),
        demand,
    };
    says(wagner_whitin(&problem(&[])), "demand is empty");
    says(wagner_whitin(&problem(&[1.0, 2.0])), "setup cost: 1 entries given, 2 expected");
    let costs = DiscountCosts { fixed: 8.0, holding_rate: 0.3, demand: 1300.0 };
    let discount = |breaks: &[f64], prices: &[f64]| {
        eoq_discount(&costs, &PriceBreaks { breaks, prices }, DiscountKind::AllUnits)
    };
    says(discount(&[5.0], &[1.0]), "the first price break is at 5, expected 0");
    says(discount(&[0.0, 5.0, 5.0], &[3.0, 2.0, 1.0]), "price break 2 at 5 is not above 5");
    says(discount(&[0.0, 5.0], &[3.0, 3.0]), "price 1 of 3 is not below 3");
}

#[test]
fn distributions() {
    says(Pmf::new(0, vec![0.5, 0.4]), "probabilities sum to 0.9, expected 1 within 1e-9");
    says(Pmf::new(0, Vec::new()), "probabilities is empty");
    says(Distribution::negative_binomial_moments(5.0, 4.0), "mean 5 is not below the variance 4");
    let demand = Distribution::uniform(1.0, 5.0).unwrap();
    says(demand.strict_loss(7.0), "7 lies outside the support of the distribution");
    says(Pmf::of_observations(&[0, 2_000_000]), "entries of a pmf is 2000001, above the limit of 1048576");
    says(demand.over(2.0), "no solution: this family has no closed sum of periods");
}

#[test]
fn policies() {
    let prices = SeasonPrices { revenue: 1.0, purchase: 2.0, salvage: 0.5, holding: 0.0, shortage: 0.0 };
    let demand = Distribution::normal(50.0, 8.0).unwrap();
    says(
        newsvendor_season(&prices, &demand),
        "revenue 1, purchase cost 2, salvage value 0.5: expected in falling order",
    );
    let period = MyopicPeriod {
        costs: UnitCosts::new(0.5, 0.75).unwrap(),
        purchase: 2.0,
        purchase_next: 0.0,
        discount: 1.0,
        demand: demand.clone(),
    };
    says(period.best_level(), "net purchase cost 2 is not between −0.5 and 0.75");
    let period = MyopicPeriod { purchase: 0.25, ..period };
    let error = period.level_costing(1.0, Side::Above).unwrap_err();
    assert!(matches!(error, ModelError::BelowLeastCost { cost: 1.0, .. }), "{error}");
    assert!(error.to_string().starts_with("no level costs 1: the least cost is "));
    let stock = PeriodicReview {
        costs: UnitCosts::new(1.0, 4.0).unwrap(),
        fixed: 5.0,
        demand: Distribution::poisson(6.0).unwrap(),
        lead: 0,
    };
    says(stock.cost_of(10, 10), "reorder point 10 is not below the order-up-to level 10");
    says(stock.cost_of(0, 300_000), "S − s is 300000, above the limit of 200000");
    let never = PeriodicReview { demand: Distribution::poisson(0.0).unwrap(), ..stock.clone() };
    says(never.optimum(), "no solution: demand is always zero");
    let smooth = PeriodicReview { demand, ..stock };
    says(smooth.optimum(), "no solution: demand does not come in whole pieces");
}

#[test]
fn networks() {
    let stage = SupplyStage {
        holding: 1.0,
        processing: 1,
        supplier_time: 0,
        customers: Customers::Promised { service_time: 0, sd: 1.0 },
    };
    let tree =
        |links: Vec<(usize, usize)>| SupplyTree { stages: vec![stage; 3], links, factor: 1.0 }.optimum();
    says(tree(vec![(0, 1)]), "the network is not a tree: it needs one link less than stages");
    says(tree(vec![(0, 1), (1, 0)]), "the network is not a tree: its links form a circle");
    says(tree(vec![(0, 1), (1, 7)]), "stage 7 does not exist: there are 3");
}
