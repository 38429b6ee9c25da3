//! Laws of the fit of customer value: what a search for the most likely parameters must find, whatever the data.

use endcap_account::value::{
    BgBb, BgNbd, Boundary, Cbs, CbsTable, FitOptions, FitState, MbgNbd, Opportunities, OpportunityTable,
    ParetoNbd, Penalty, RepeatBuying, RetentionTable, Sbg,
};

use crate::laws_value::*;

/// Simulated buyers, from a fixed linear congruential sequence: Poisson purchases, dropout after each.
pub(crate) fn buyers(count: u32, seed: u64, unit: f64) -> Vec<Cbs> {
    let mut state = seed;
    let mut uniform = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    };
    (0..count)
        .map(|number| {
            // A gamma rate of shape 2, and a chance to leave with much spread.
            let rate = -0.05 * (uniform() * uniform()).ln();
            let leave = 0.9 * uniform() * uniform() * uniform();
            let age = 20.0 + f64::from(number % 20);
            let (mut now, mut last, mut repeats) = (0.0, 0.0, 0);
            loop {
                now -= uniform().ln() / rate;
                if now > age {
                    break;
                }
                (last, repeats) = (now, repeats + 1);
                if uniform() < leave {
                    break;
                }
            }
            // Hundredths, as published summaries have it.
            let last = if repeats == 0 { 0.0 } else { (last * 100.0_f64).ceil().min(age * 100.0) / 100.0 };
            cbs((repeats, last * unit, age * unit))
        })
        .collect()
}

/// The same, but customers leave at any moment: Pareto dropout.
fn leavers(count: u32, seed: u64) -> Vec<Cbs> {
    let mut state = seed;
    let mut uniform = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    };
    (0..count)
        .map(|_| {
            let rate = -0.2 * uniform().ln();
            let life = -uniform().ln() / (-0.08 * uniform().ln() * uniform());
            let (mut now, mut last, mut repeats) = (0.0, 0.0, 0);
            loop {
                now -= uniform().ln() / rate;
                if now > life.min(40.0) {
                    break;
                }
                (last, repeats) = (now, repeats + 1);
            }
            cbs((repeats, last, 40.0))
        })
        .collect()
}

fn any_boundary() -> FitOptions {
    FitOptions { boundary: Boundary::Report, ..FitOptions::default() }
}

#[test]
fn a_fit_knows_no_order_no_grouping_and_no_unit() {
    let rows = buyers(1_200, 7, 1.0);
    let table: CbsTable = rows.iter().copied().collect();
    let shuffled: CbsTable = rows.iter().rev().copied().collect();
    let (mut left, right): (CbsTable, CbsTable) =
        (rows[..500].iter().copied().collect(), rows[500..].iter().copied().collect());
    left.merge(&right);
    let fit = BgNbd::fit(&table, &FitOptions::default()).expect("a fit");
    assert_eq!(BgNbd::fit(&shuffled, &FitOptions::default()).expect("a fit"), fit);
    assert_eq!(BgNbd::fit(&left, &FitOptions::default()).expect("a fit"), fit);
    // Everybody twice: the same maximum, half the variance.
    left.merge(&table);
    let twice = BgNbd::fit(&left, &FitOptions::default()).expect("a fit");
    for (one, two) in fit.estimates.iter().zip(&twice.estimates) {
        assert!(near(two.value, one.value, 1e-6));
        let (one, two) = (one.standard_error.expect("an error"), two.standard_error.expect("an error"));
        assert!(near(two * 2.0_f64.sqrt(), one, 1e-5));
    }
    // One row a customer, straight from the public likelihood.
    let sum: f64 = rows.iter().map(|row| fit.model.log_likelihood(row).expect("a likelihood")).sum();
    assert!((sum - fit.log_likelihood).abs() < 1e-8 * sum.abs());
    // Days instead of weeks.
    let days: CbsTable = buyers(1_200, 7, 7.0).into_iter().collect();
    let daily = BgNbd::fit(&days, &FitOptions::default()).expect("a fit");
    for (estimate, unit) in fit.estimates.iter().zip([1.0, 7.0, 1.0, 1.0]) {
        let found = daily.estimates.iter().find(|other| other.name == estimate.name).expect("the same");
        assert!(near(found.value, estimate.value * unit, 1e-6), "{found:?} {estimate:?}");
    }
}

/// Moving any parameter lowers the likelihood; the standard errors are those of its curvature.
#[test]
fn a_fit_is_a_maximum() {
    let rows: CbsTable = buyers(1_500, 11, 1.0).into_iter().collect();
    let four =
        |fit: &[endcap_account::value::Estimate]| -> [f64; 4] { std::array::from_fn(|i| fit[i].value) };
    let bg = BgNbd::fit(&rows, &FitOptions::default()).expect("a fit");
    let mbg = MbgNbd::fit(&rows, &FitOptions::default()).expect("a fit");
    let left: CbsTable = leavers(1_500, 11).into_iter().collect();
    let pareto = ParetoNbd::fit(&left, &FitOptions::default()).expect("a fit");
    type Build = fn([f64; 4]) -> Box<dyn RepeatBuying>;
    let cases: [(&CbsTable, &[_], f64, Build); 3] = [
        (&rows, &bg.estimates, bg.log_likelihood, |[r, al, a, b]| {
            Box::new(BgNbd::new(r, al, a, b).expect("a model"))
        }),
        (&rows, &mbg.estimates, mbg.log_likelihood, |[r, al, a, b]| {
            Box::new(MbgNbd::new(r, al, a, b).expect("a model"))
        }),
        (&left, &pareto.estimates, pareto.log_likelihood, |[r, al, s, be]| {
            Box::new(ParetoNbd::new(r, al, s, be).expect("a model"))
        }),
    ];
    for (rows, estimates, best, build) in cases {
        let at = four(estimates);
        assert!((build(at).total_log_likelihood(rows).expect("a likelihood") - best).abs() < 1e-6);
        for i in 0..4 {
            for factor in [0.98, 0.999, 1.001, 1.02] {
                let moved = std::array::from_fn(|j| if i == j { at[j] * factor } else { at[j] });
                let found = build(moved).total_log_likelihood(rows).expect("a likelihood");
                assert!(found < best, "{i} {factor}: {found} {best}");
            }
        }
    }
    // The delta method of one parameter is its standard error; of a mean it is positive and small.
    let own = bg.standard_error_of(|values| Ok(values[1])).expect("an error");
    assert!(near(own, bg.estimates[1].standard_error.expect("an error"), 1e-6));
    let mean = bg.standard_error_of(|v| BgNbd::new(v[0], v[1], v[2], v[3])?.expected_transactions(26.0));
    assert!((0.001..0.5).contains(&mean.expect("an error")));
}

#[test]
fn other_models_find_the_parameters_that_made_the_data() {
    let model = BgBb::new(1.2, 0.8, 0.7, 2.8).expect("a model");
    let mut table = OpportunityTable::new();
    for t_x in 0..=6_u32 {
        for x in u32::from(t_x > 0)..=t_x {
            let history = Opportunities::new(x, t_x, 6).expect("a history");
            let ways: f64 = (1..x).fold(1.0, |ways, k| ways * f64::from(t_x - k) / f64::from(k));
            let expected = 1e6 * ways * model.log_likelihood(&history).expect("a likelihood").exp();
            table.add_many(history, expected.round() as u64);
        }
    }
    let fit = BgBb::fit(&table, &FitOptions::default()).expect("a fit");
    for (estimate, expected) in fit.estimates.iter().zip([1.2, 0.8, 0.7, 2.8]) {
        assert!(near(estimate.value, expected, 1e-3), "{estimate:?}");
    }
    let truth = Sbg::new(0.9, 2.2).expect("a model");
    let survivors: Vec<u64> =
        (0..12).map(|t| (1e8 * truth.survival(t).expect("a share")).round() as u64).collect();
    let mut renewals = RetentionTable::new();
    renewals.add_cohort(&survivors).expect("a cohort");
    renewals.add_cohort(&survivors[..5]).expect("a younger cohort");
    let fit = Sbg::fit(&renewals, &FitOptions::default()).expect("a fit");
    assert!(near(fit.estimates[0].value, 0.9, 1e-4) && near(fit.estimates[1].value, 2.2, 1e-4));
}

/// What ordinary searches trip over: nobody returns, everybody returns, no spread, huge counts, huge and tiny units.
#[test]
fn awkward_data_end_in_a_fit_or_in_a_reason() {
    let of = |rows: &[(u32, f64, f64, u64)]| {
        let mut table = CbsTable::new();
        rows.iter().for_each(|(x, t_x, t, n)| table.add_many(cbs((*x, *t_x, *t)), *n));
        table
    };
    let cases = [
        of(&[(0, 0.0, 30.0, 50), (0, 0.0, 40.0, 50)]),
        of(&[(10, 30.0, 30.0, 50), (12, 40.0, 40.0, 50)]),
        of(&[(1, 3.0, 30.0, 1)]),
        of(&[(4_000_000, 300.0, 301.0, 3), (0, 0.0, 300.0, 1_000_000)]),
        of(&[(2, 1e-9, 2e-9, 5), (0, 0.0, 2e-9, 9), (7, 1.5e-9, 2e-9, 2)]),
        of(&[(2, 1e9, 2e9, 5), (0, 0.0, 2e9, 9), (7, 1.5e9, 2e9, 2)]),
        of(&[(1, 0.01, 500.0, 400), (300, 499.9, 500.0, 20), (2, 80.0, 500.0, 90), (0, 0.0, 500.0, 2_000)]),
    ];
    for (number, table) in cases.iter().enumerate() {
        for options in [any_boundary(), FitOptions { penalty: Penalty::LogRidge(0.01), ..any_boundary() }] {
            let fits = [
                BgNbd::fit(table, &options).map(|fit| (fit.log_likelihood, fit.convergence)),
                MbgNbd::fit(table, &options).map(|fit| (fit.log_likelihood, fit.convergence)),
                ParetoNbd::fit(table, &options).map(|fit| (fit.log_likelihood, fit.convergence)),
            ];
            for fit in fits {
                match fit {
                    Ok((log_likelihood, report)) => {
                        assert!(
                            log_likelihood.is_finite() && report.gradient_norm <= 1e-3,
                            "{number} {report:?}"
                        );
                        assert!(report.state != FitState::Identified || report.gradient_norm <= 1e-6);
                        if options.penalty != Penalty::None {
                            assert_eq!(report.state, FitState::Identified, "{number}");
                        }
                    }
                    Err(error) => panic!("case {number}, {:?}: {error}", options.penalty),
                }
            }
        }
    }
}

/// Customers who buy every hour for a year: the search of the Python package `lifetimes` 0.11.3 ends on exactly these
/// data with "The model did not converge".
#[test]
fn a_common_search_fails_where_this_one_ends() {
    let mut state = 9_u64;
    let mut uniform = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    };
    let mut table = CbsTable::new();
    for number in 0..600 {
        let rate = -20.0 * (uniform() * uniform()).ln();
        let leave = 0.3 * uniform() * uniform() * uniform();
        let age = f64::from(300 + number % 400);
        let stays = (uniform().ln() / (-leave).ln_1p()).floor() + 1.0;
        let x = stays.min((rate * age).floor());
        let recency = if x > 0.0 { ((x / rate * 100.0).ceil() / 100.0).min(age) } else { 0.0 };
        table.add(cbs((x as u32, recency, age)));
    }
    let fit = BgNbd::fit(&table, &FitOptions::default()).expect("a fit");
    assert!(fit.convergence.agreeing_starts >= 2, "{:?}", fit.convergence);
    // The rates are gamma of shape 2 and scale 1/20 a day.
    assert!((fit.estimates[0].value - 2.0).abs() < 0.4, "{:?}", fit.estimates);
    assert!((fit.estimates[1].value - 0.05).abs() < 0.02, "{:?}", fit.estimates);
}
