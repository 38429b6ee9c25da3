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

    #[test]
    fn availability_is_the_frequency_of_like_shelves(data in panel_data(), horizon in 1_usize..5, memory in 0.5_f64..0.99) {
        let (periods, sales, stocked, groups) = data;
        let panel = SalesPanel::new(periods, &sales, &stocked, &groups).unwrap();
        let options = ForecastOptions { spread_memory: memory, ..ForecastOptions::default() };
        let forecast = forecast_demand(&panel, horizon, &options).unwrap();
        // How long a shelf has been empty: two lengths are alike when they lie between the same powers of two.
        let state = |series: usize, period: usize| {
            let past = &stocked[series * periods..=series * periods + period];
            let empty = past.iter().rev().take_while(|on| !**on).count();
            let alike = if empty == 0 { -1 } else { i32::try_from((empty - 1).min(32).checked_ilog2().map_or(0, |log| log + 1)).unwrap() };
            (alike, empty > 0 && empty == past.len())
        };
        // Stocked shelves and all shelves of one state that were seen again so many periods later.
        let seen = |like: (i32, bool), ahead: usize| {
            let (mut on, mut all) = (0.0, 0.0);
            for other in 0..groups.len() {
                for period in 0..periods.saturating_sub(ahead) {
                    if state(other, period) == like {
                        let weight = memory.powi(i32::try_from(periods - 1 - period - ahead).unwrap());
                        all += weight;
                        on += if stocked[other * periods + period + ahead] { weight } else { 0.0 };
                    }
                }
            }
            (on, all)
        };
        for series in 0..groups.len() {
            let now = state(series, periods - 1);
            prop_assert_eq!(forecast.availability(series).len(), horizon);
            for (ahead, found) in (1..).zip(forecast.availability(series)) {
                // From the stocked shelf to the one empty for as long as this: each leans with five shelves on the one before.
                let listed = if now.1 { -1..=0 } else { -1..=now.0 };
                let never = (0..=now.0).filter(|_| now.1);
                let chain = listed.map(|empty| (empty, false)).chain(never.map(|empty| (empty, true)));
                let expected = chain.fold(1.0, |before, like| {
                    let (on, all) = seen(like, ahead);
                    (on + 5.0 * before) / (all + 5.0)
                });
                prop_assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
                prop_assert!(*found > 0.0 && *found <= 1.0);
            }
        }
        let filled = ForecastOptions { empty_shelf: EmptyShelf::IsFilled, ..options };
        let filled = forecast_demand(&panel, horizon, &filled).unwrap();
        prop_assert!(filled.availability(0).iter().all(|one| *one == 1.0));
        prop_assert_eq!(filled.means(0), forecast.means(0));
    }
}

/// Two articles sold alike until one left the shelf for good, as others had done: only the one that is left is ordered.
#[test]
fn an_article_that_left_is_not_ordered_and_one_that_is_refilled_is() {
    let periods = 100;
    let last_seen = [30, 40, 50, 60, 100];
    let stocked: Vec<bool> =
        last_seen.iter().flat_map(|last| (0..periods).map(move |week| week < *last)).collect();
    let sales: Vec<i64> = stocked.iter().map(|on| if *on { 5 } else { 0 }).collect();
    let panel = SalesPanel::new(periods, &sales, &stocked, &[0, 1, 2, 3, 4]).unwrap();
    let setting = PolicySetting { lead: 2, costs: UnitCosts::new(0.2, 1.0).unwrap() };
    let stocks = [StockState { on_hand: 0, arriving: &[0] }; 5];
    let orders = |empty_shelf| {
        let forecast = ForecastOptions { empty_shelf, ..ForecastOptions::default() };
        plan_orders(&panel, &stocks, &setting, &ReplenishmentPolicy::Pooled { forecast, overstay: 1.0 / 6.0 })
            .unwrap()
    };
    let away = orders(EmptyShelf::MayStay);
    assert_eq!(away[..4], [0; 4]);
    assert!((5..=7).contains(&away[4]), "{away:?}");
    assert!(orders(EmptyShelf::IsFilled).iter().all(|order| (5..=7).contains(order)));
}

/// In the first year there is no season: what rose stays up, and is not taken for a peak that will pass.
#[test]
fn in_the_first_year_a_rise_is_a_level() {
    let sales: Vec<i64> = (0..40).map(|week| if week < 20 { 10 } else { 20 }).collect();
    let panel = SalesPanel::new(40, &sales, &[true; 40], &[0]).unwrap();
    let forecast = forecast_demand(&panel, 3, &ForecastOptions::default()).unwrap();
    assert!(forecast.means(0).iter().all(|mean| (17.0..20.5).contains(mean)), "{:?}", forecast.means(0));
}

/// Ten weeks show nothing of how long an article stays unlisted; that it has not been listed yet is enough to wait.
#[test]
fn an_article_never_listed_is_not_ordered_in_a_short_history() {
    for periods in [6, 10, 20] {
        let stocked: Vec<bool> =
            (0..40).flat_map(|series| std::iter::repeat_n(series < 25, periods)).collect();
        let sales: Vec<i64> = stocked.iter().map(|on| if *on { 4 } else { 0 }).collect();
        let groups: Vec<usize> = (0..40).collect();
        let panel = SalesPanel::new(periods, &sales, &stocked, &groups).unwrap();
        let setting = PolicySetting { lead: 3, costs: UnitCosts::new(0.2, 1.0).unwrap() };
        let stocks = [StockState { on_hand: 0, arriving: &[0, 0] }; 40];
        let orders = plan_orders(&panel, &stocks, &setting, &ReplenishmentPolicy::default()).unwrap();
        assert!(orders[..25].iter().all(|order| (4..=6).contains(order)), "{orders:?}");
        assert_eq!(orders[25..], [0; 15]);
    }
}

/// What is sold after a low forecast lies nearer to the middle, and so do the forecasts once the panel has shown it.
#[test]
fn forecasts_of_a_size_come_true_on_the_whole() {
    // Poisson sales of 0.2 to 6 a week: the low forecasts are low partly by chance.
    let (series, periods) = (1_000, 50);
    let mut state = 9_u64;
    let mut uniform = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut sales = Vec::new();
    for article in 0..series {
        let demand =
            Distribution::poisson(0.2 * 30_f64.powf(f64::from(article) / f64::from(series))).unwrap();
        sales
            .extend((0..periods).map(|_| demand.quantile(uniform().clamp(1e-9, 1.0 - 1e-9)).unwrap() as i64));
    }
    let (stocked, groups) = (vec![true; sales.len()], (0..1_000).collect::<Vec<usize>>());
    let panel = SalesPanel::new(periods, &sales, &stocked, &groups).unwrap();
    let (mut sold, mut forecast) = ([0.0; 3], [0.0; 3]);
    for known in (20..periods - 2).step_by(3) {
        let ahead = forecast_demand(
            &panel.known_after(known).unwrap(),
            3,
            &ForecastOptions { season_length: 0, ..ForecastOptions::default() },
        )
        .unwrap();
        for one in 0..groups.len() {
            let mean = ahead.means(one)[2];
            let size = usize::from(mean >= 0.5) + usize::from(mean >= 2.0);
            forecast[size] += mean;
            sold[size] += panel.sales_of(one)[known + 2] as f64;
        }
    }
    // Uncorrected, what is forecast below a half sells 18 % more than forecast.
    for ((sold, forecast), within) in sold.iter().zip(forecast).zip([0.12, 0.02, 0.02]) {
        assert!((sold / forecast - 1.0_f64).abs() < within, "{sold} after {forecast}");
    }
}
