//! Least squares and its standard errors against Stata, NIST and exact rationals.

use endcap_promo::evidence::distribution::student_quantile;
use endcap_promo::evidence::linalg::Design;
use endcap_promo::evidence::regression::diagnostics::{breusch_godfrey, durbin_watson};
use endcap_promo::evidence::regression::{Covariance, Ols, SampleFactor, clustered, two_way_clustered};

use super::{Answers, column, ids, load};

#[test]
fn newey_west_and_white_match_stata() {
    let data = load(include_str!("../../golden/evidence/data/macrodata.csv"));
    let growth = |name: &str| -> Vec<f64> {
        let values = column(&data, name);
        values.windows(2).map(|pair| 400.0 * (pair[1].ln() - pair[0].ln())).collect()
    };
    let (y, gdp, rate) = (growth("realinv"), growth("realgdp"), column(&data, "realint"));
    let design = Design::new(202)
        .and_then(|d| d.with("g_realgdp", &gdp))
        .and_then(|d| d.with("lag_realint", &rate[..202]))
        .and_then(|d| d.constant("const"))
        .unwrap();
    let fit = Ols::fit(&design, &y).unwrap();
    let mut answers = Answers::default();
    for (name, b) in design.names().iter().zip(fit.coefficients()) {
        answers.put("ols", name, *b);
    }
    answers.put("ols", "rmse", fit.residual_variance().sqrt());
    answers.put("ols", "r_squared", fit.r_squared());
    let small = SampleFactor::SmallSample;
    for (case, estimator) in [
        ("ols", Covariance::Classical),
        ("hc0", Covariance::Hc0),
        ("hc1", Covariance::Hc1),
        ("hc2", Covariance::Hc2),
        ("hc3", Covariance::Hc3),
        ("newey_west_lag4_small", Covariance::NeweyWest { lags: 4, factor: small }),
        ("newey_west_lag4", Covariance::NeweyWest { lags: 4, factor: SampleFactor::None }),
        ("newey_west_lag0_small", Covariance::NeweyWest { lags: 0, factor: small }),
        ("newey_west_lag8", Covariance::NeweyWest { lags: 8, factor: SampleFactor::None }),
    ] {
        for (name, se) in design.names().iter().zip(fit.standard_errors(estimator).unwrap()) {
            answers.put(case, format!("se:{name}"), se);
        }
    }
    for lags in [1, 4] {
        let test = breusch_godfrey(&fit, lags).unwrap();
        answers.put("diagnostics", format!("breusch_godfrey_lm_{lags}"), test.statistic);
        answers.put("diagnostics", format!("breusch_godfrey_p_{lags}"), test.p);
    }
    answers.put("diagnostics", "durbin_watson", durbin_watson(fit.residuals()));
    answers.agree(&load(include_str!("../../golden/evidence/hac.csv")), 37);
}

#[test]
fn clustered_standard_errors_match_stata() {
    let data = load(include_str!("../../golden/evidence/data/grunfeld.csv"));
    let data = &data[..200];
    let design = Design::new(200)
        .and_then(|d| d.with("value", &column(data, "value")))
        .and_then(|d| d.with("capital", &column(data, "capital")))
        .and_then(|d| d.constant("const"))
        .unwrap();
    let fit = Ols::fit(&design, &column(data, "invest")).unwrap();
    let (firms, years) = (ids(data, "firm"), ids(data, "year"));
    let mut answers = Answers::default();
    for (name, b) in design.names().iter().zip(fit.coefficients()) {
        answers.put("ols", name, *b);
    }
    let (small, plain) = (SampleFactor::SmallSample, SampleFactor::None);
    for (case, covariance) in [
        ("cluster_firm_small", clustered(&fit, &firms, small)),
        ("cluster_firm", clustered(&fit, &firms, plain)),
        ("cluster_year_small", clustered(&fit, &years, small)),
        ("two_way_firm_year", two_way_clustered(&fit, &firms, &years, plain)),
        ("two_way_firm_year_small", two_way_clustered(&fit, &firms, &years, small)),
    ] {
        for (name, variance) in design.names().iter().zip(covariance.unwrap().diagonal()) {
            answers.put(case, format!("se:{name}"), variance.sqrt());
        }
    }
    answers.put("inference", "t_critical_95_df_9", student_quantile(0.975, 9.0).unwrap());
    answers.agree(&load(include_str!("../../golden/evidence/clustered_se.csv")), 19);
}

#[test]
fn least_squares_matches_nist_and_exact_rationals() {
    let mut answers = Answers::default();
    let norris = load(include_str!("../../golden/evidence/data/nist_norris.csv"));
    let x = column(&norris, "x");
    let design = Design::new(x.len()).and_then(|d| d.constant("b0")).and_then(|d| d.with("b1", &x)).unwrap();
    let fit = Ols::fit(&design, &column(&norris, "y")).unwrap();
    let se = fit.standard_errors(Covariance::Classical).unwrap();
    for ((name, b), se) in design.names().iter().zip(fit.coefficients()).zip(se) {
        answers.put("nist_norris", name, *b);
        answers.put("nist_norris", format!("se_{name}"), se);
    }
    answers.put("nist_norris", "residual_sd", fit.residual_variance().sqrt());
    answers.put("nist_norris", "r_squared", fit.r_squared());
    for (case, coefficients) in [
        ("wampler_1", [1.0, 1.0, 1.0, 1.0, 1.0, 1.0]),
        ("wampler_2", [1.0, 0.1, 0.01, 0.001, 0.000_1, 0.000_01]),
    ] {
        let mut design = Design::new(21).unwrap();
        let mut y = vec![0.0; 21];
        for (power, b) in (0_i32..).zip(coefficients) {
            let x: Vec<f64> = (0..21).map(|x| f64::from(x).powi(power)).collect();
            y.iter_mut().zip(&x).for_each(|(y, x)| *y += b * x);
            design = design.with(&format!("b{power}"), &x).unwrap();
        }
        for (name, b) in design.names().iter().zip(Ols::fit(&design, &y).unwrap().coefficients()) {
            answers.put(case, name, *b);
        }
    }
    super::gold_methods::interrupted_answers(&mut answers);
    answers.agree(&load(include_str!("../../golden/evidence/ols_exact.csv")), 32);
}
