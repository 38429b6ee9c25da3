//! Laws of forecasts and policies.

use endcap_inventory::forecast::*;
use endcap_inventory::models::{Distribution, UnitCosts};
use proptest::prelude::*;

/// Probability that demand of the last period is met, over all paths of demand, by brute force.
fn service_of(on_hand: i64, arriving: &[i64], means: &[f64], dispersion: f64, order: i64) -> f64 {
    let demand = |mean: f64| {
        if mean <= 1e-9 {
            Distribution::poisson(0.0)
        } else if dispersion <= 1.0 + 1e-9 {
            Distribution::poisson(mean)
        } else {
            Distribution::negative_binomial(mean / (dispersion - 1.0), 1.0 / dispersion)
        }
        .unwrap()
    };
    fn walk(stock: i64, arriving: &[i64], demands: &[Distribution], order: i64) -> f64 {
        match (arriving, demands) {
            ([next, rest @ ..], [now, later @ ..]) => {
                let stock = stock + next;
                let mut met = 0.0;
                for d in 0..stock {
                    met += now.mass(d) * walk(stock - d, rest, later, order);
                }
                met + (1.0 - now.cdf((stock - 1) as f64)) * walk(0, rest, later, order)
            }
            (_, [last]) => last.cdf((stock + order) as f64),
            _ => unreachable!("one demand more than arrivals"),
        }
    }
    let demands: Vec<Distribution> = means.iter().map(|mean| demand(*mean)).collect();
    walk(on_hand, arriving, &demands, order)
}

fn panel_data() -> impl Strategy<Value = (usize, Vec<i64>, Vec<bool>, Vec<usize>)> {
    (1_usize..5, 1_usize..130).prop_flat_map(|(series, periods)| {
        let cells = series * periods;
        (
            Just(periods),
            prop::collection::vec(0_i64..30, cells),
            prop::collection::vec(prop::bool::weighted(0.9), cells),
            prop::collection::vec(0..series, series),
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn an_order_is_the_least_that_serves(
        on_hand in 0_i64..8, arriving in prop::collection::vec(0_i64..5, 0..3), means in prop::collection::vec(0.0_f64..6.0, 3),
        dispersion in prop_oneof![Just(1.0), 1.02_f64..4.0], service in 0.3_f64..0.98,
    ) {
        let means = &means[..=arriving.len()];
        let stock = StockState { on_hand, arriving: &arriving };
        let order = lost_sales_order(&stock, means, dispersion, service).unwrap();
        let of = |order| service_of(on_hand, &arriving, means, dispersion, order);
        prop_assert!(order >= 0 && of(order) >= service - 1e-9, "{order}: {}", of(order));
        prop_assert!(order == 0 || of(order - 1) < service + 1e-9, "{order}: {}", of(order - 1));
        // More stock never asks for more, more service never for less.
        let richer = StockState { on_hand: on_hand + 1, ..stock };
        prop_assert!(lost_sales_order(&richer, means, dispersion, service).unwrap() <= order);
        prop_assert!(lost_sales_order(&stock, means, dispersion, (service + 1.0) / 2.0).unwrap() >= order);
    }

    #[test]
    fn policies_see_nothing_later(data in panel_data(), lead in 1_usize..5, cut in 0.1_f64..1.0) {
        let (periods, sales, stocked, groups) = data;
        let known = ((periods as f64 * cut) as usize).max(1);
        let panel = SalesPanel::new(periods, &sales, &stocked, &groups).unwrap();
        // The same past with another future.
        let mut other = sales.clone();
        for (at, value) in other.iter_mut().enumerate() {
            if at % periods >= known {
                *value = 29 - *value;
            }
        }
        let changed = SalesPanel::new(periods, &other, &stocked, &groups).unwrap();
        let arriving = vec![1; lead - 1];
        let stocks = vec![StockState { on_hand: 3, arriving: &arriving }; groups.len()];
        let setting = PolicySetting { lead, costs: UnitCosts::new(0.2, 1.0).unwrap() };
        for policy in [
            ReplenishmentPolicy::MovingAverage { periods: 4 },
            ReplenishmentPolicy::SeasonalNaive { season_length: 52 },
            ReplenishmentPolicy::default(),
        ] {
            let order = |panel: &SalesPanel<'_>| {
                plan_orders(&panel.known_after(known).unwrap(), &stocks, &setting, &policy).unwrap()
            };
            let orders = order(&panel);
            prop_assert!(orders.iter().all(|order| (0..=10_000).contains(order)), "{orders:?}");
            prop_assert_eq!(orders, order(&changed));
        }
    }

    #[test]
    fn forecasts_are_finite_and_a_missing_shelf_is_no_demand(data in panel_data()) {
        let (periods, sales, stocked, groups) = data;
        let panel = SalesPanel::new(periods, &sales, &stocked, &groups).unwrap();
        let forecast = forecast_demand(&panel, 3, &ForecastOptions::default()).unwrap();
        // Sales of a week with an empty shelf are not read at all.
        let mut other = sales.clone();
        for (value, on) in other.iter_mut().zip(&stocked) {
            if !on {
                *value = 7;
            }
        }
        let again = SalesPanel::new(periods, &other, &stocked, &groups).unwrap();
        prop_assert_eq!(&forecast, &forecast_demand(&again, 3, &ForecastOptions::default()).unwrap());
        for series in 0..groups.len() {
            prop_assert!(forecast.means(series).iter().all(|mean| mean.is_finite() && *mean >= 0.0 && *mean < 1e4));
            prop_assert!(forecast.dispersion(series) >= 1.0);
        }
    }
}
