//! Shrinkage across studies and accounts against published figures.

use endcap_promo::evidence::linalg::Design;
use endcap_promo::evidence::portfolio::{PortfolioEvent, rank};
use endcap_promo::evidence::shrink::{Between, RandomEffects};

use super::{Answers, column, load};

#[test]
fn random_effects_match_raudenbush_and_bryk() {
    let data = load(include_str!("../../golden/evidence/data/raudenbush1985.csv"));
    let (y, v) = (column(&data, "yi"), column(&data, "vi"));
    let mut answers = Answers::default();
    let case = "random_effects";
    let fit = RandomEffects::fit(&y, &v, Between::Reml).unwrap();
    answers.put(case, "tau2_reml", fit.tau_squared);
    answers.put(case, "mu", fit.coefficients[0]);
    answers.put(case, "se_mu", fit.standard_errors()[0]);
    answers.put(case, "z", fit.coefficients[0] / fit.standard_errors()[0]);
    answers.put(case, "Q", fit.q);
    answers.put(case, "I2_percent_from_Q", 100.0 * fit.heterogeneity());
    for (name, between) in
        [("tau2_dersimonian_laird", Between::DerSimonianLaird), ("tau2_paule_mandel", Between::PauleMandel)]
    {
        answers.put(case, name, RandomEffects::fit(&y, &v, between).unwrap().tau_squared);
    }
    let common = RandomEffects::fit(&y, &v, Between::Common).unwrap();
    answers.put("common_effect", "mu", common.coefficients[0]);
    answers.put("common_effect", "se_mu", common.standard_errors()[0]);
    for (study, blup) in (1..).zip(fit.blups().unwrap()) {
        let (low, high) = blup.interval(0.95).unwrap();
        answers.put(case, format!("blup:{study}"), blup.mean);
        answers.put(case, format!("blup_lower_95:{study}"), low);
        answers.put(case, format!("blup_upper_95:{study}"), high);
        answers.put(case, format!("shrinkage_factor:{study}"), blup.shrinkage);
    }
    let weeks: Vec<f64> = column(&data, "weeks").iter().map(|w| w.min(3.0)).collect();
    let design = Design::new(19).and_then(|d| d.constant("i")).and_then(|d| d.with("w", &weeks)).unwrap();
    let fit = RandomEffects::with_moderators(&y, &v, design, Between::Reml).unwrap();
    let case = "moderator_weeks_capped_3";
    answers.put(case, "tau2_reml", fit.tau_squared);
    answers.put(case, "QE", fit.q);
    for (j, name) in ["intercept", "slope"].into_iter().enumerate() {
        answers.put(case, name, fit.coefficients[j]);
        answers.put(case, format!("z_{name}"), fit.coefficients[j] / fit.standard_errors()[j]);
    }
    answers.agree(&load(include_str!("../../golden/evidence/reml_shrinkage.csv")), 92);
    assert_eq!(fit.tau_squared, 0.0, "on the boundary exactly");
}

#[test]
fn a_portfolio_is_shrunk_adjusted_and_ranked() {
    let golden = load(include_str!("../../golden/evidence/portfolio.csv"));
    assert_eq!(golden.len(), 13);
    let (events, next) = golden.split_at(12);
    let number = |row: &crate::golden::Row, key: &str| row[key].parse::<f64>().unwrap();
    let given: Vec<PortfolioEvent> = events
        .iter()
        .map(|row| PortfolioEvent {
            id: row["case"].to_owned(),
            net: number(row, "net_estimate"),
            standard_error: number(row, "se"),
            spend: number(row, "spend"),
        })
        .collect();
    let portfolio = rank(&given).unwrap();
    assert!((portfolio.tau_squared - 17_012_307.55).abs() < 0.01, "{}", portfolio.tau_squared);
    assert!((portfolio.mean - 2_653.531_632).abs() < 0.001);
    assert!((portfolio.mean_error - 1_689.293_811).abs() < 0.001);
    for (row, event) in events.iter().zip(&portfolio.events) {
        for (key, got, allowed) in [
            ("expected_posterior_mean", event.shrunk.mean, 0.001),
            ("expected_posterior_sd", event.shrunk.standard_deviation, 0.001),
            ("expected_shrinkage", event.shrunk.shrinkage, 1e-7),
            ("expected_prob_positive", event.probability_positive, 1e-7),
            ("expected_p_one_sided", event.p_one_sided, 1e-7),
            ("expected_q_bh", event.q, 1e-7),
        ] {
            assert!((got - number(row, key)).abs() <= allowed, "{key} {row:?}: {got}");
        }
        assert_eq!((event.q <= 0.10).to_string(), row["expected_discovery_q10"]);
        for (key, got) in [
            ("expected_rank_raw", event.rank_raw),
            ("expected_rank_shrunk", event.rank_shrunk),
            ("expected_rank_per_spend", event.rank_per_spend),
        ] {
            assert_eq!(got.to_string(), row[key], "{key} {row:?}");
        }
    }
    let next_event = portfolio.next_event;
    assert!((next_event.mean - number(&next[0], "expected_posterior_mean")).abs() < 0.001);
    assert!((next_event.standard_deviation - number(&next[0], "expected_posterior_sd")).abs() < 0.001);
    let positive = next_event.probability_above(0.0);
    assert!((positive - number(&next[0], "expected_prob_positive")).abs() < 1e-7);
}
