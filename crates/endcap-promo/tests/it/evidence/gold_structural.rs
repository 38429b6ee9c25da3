//! The structural model against R CausalImpact and against its own limit.

use endcap_promo::evidence::structural::{Impact, StructuralOptions, impact};

use super::{Answers, column, load};

fn put(a: &mut Answers, case: &str, found: &Impact) {
    let (low, high) = found.interval(0.95).unwrap();
    let n = found.periods as f64;
    let actual = found.actual_average * n;
    let effect = found.average.mean() * n;
    for kind in ["r", "exact"] {
        for (name, value) in [
            ("point_effect_mean", effect / n),
            ("ci_lower_95", low / n),
            ("ci_upper_95", high / n),
            ("posterior_sd", found.average.standard_deviation()),
            ("cumulative_effect", effect),
            ("actual_cumulative", actual),
            ("predicted_cumulative", actual - effect),
            ("predicted_sd", found.average.standard_deviation() * n),
            ("effect_cumulative", effect),
            ("effect_lower_95", low),
            ("effect_upper_95", high),
            ("tail_probability", found.tail()),
            ("relative_effect", found.relative(0.95).unwrap().unwrap().point),
            ("posterior_mean_sigma_obs_standardised", found.noise_scale),
            ("posterior_mean_sigma_level_standardised", found.level_scale),
        ] {
            a.put(case, format!("{kind}:{name}"), value);
        }
    }
    a.say(case, "interval_contains_zero", &(low <= 0.0 && high >= 0.0).to_string());
    // One posterior: the interval excludes zero exactly when the tail is below α/2.
    assert_eq!(low > 0.0 || high < 0.0, found.tail() < 0.025);
}

#[test]
fn impacts_match_r_and_their_own_limit() {
    let mut a = Answers::default();
    let options = StructuralOptions::default();
    for (case, text) in [
        ("basic", include_str!("../../golden/evidence/data/causalimpact_basic.json")),
        ("no_effect", include_str!("../../golden/evidence/data/causalimpact_no_effect.json")),
        ("strong_effect", include_str!("../../golden/evidence/data/causalimpact_strong_effect.json")),
    ] {
        let json: serde_json::Value = serde_json::from_str(text).unwrap();
        let y: Vec<Option<f64>> = json["data"]["y"].as_array().unwrap().iter().map(|v| v.as_f64()).collect();
        let start = json["n_pre"].as_u64().unwrap() as usize;
        put(&mut a, case, &impact(&y, &[], start, &options).unwrap());
    }
    let with = |csv, target: &str, controls: &[&str], start: usize| {
        let rows = load(csv);
        let y: Vec<Option<f64>> = column(&rows, target).into_iter().map(Some).collect();
        let columns: Vec<Vec<f64>> = controls.iter().map(|name| column(&rows, name)).collect();
        let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        (impact(&y, &slices, start, &options).unwrap(), y.len() - start)
    };
    let mut series = |case: &str, (found, after): (Impact, usize), start: usize| {
        a.put(case, "n_pre", start as f64);
        a.put(case, "n_post", after as f64);
        put(&mut a, case, &found);
    };
    series(
        "arma",
        with(include_str!("../../golden/evidence/data/causalimpact_arma.csv"), "y", &["X"], 70),
        70,
    );
    let controls = ["NOT_CHANGED_1", "NOT_CHANGED_2", "NOT_CHANGED_3"];
    let csv = include_str!("../../golden/evidence/data/causalimpact_comparison.csv");
    series("comparison", with(csv, "CHANGED", &controls, 90), 90);
    let csv = include_str!("../../golden/evidence/data/causalimpact_volks.csv");
    let start = load(csv).iter().filter(|row| row["Date"] <= "2015-09-13").count();
    series("volks", with(csv, "VolksWagen", &["BMW", "Allianz"], start), start);
    a.agree(&load(include_str!("../../golden/evidence/bsts_causalimpact.csv")), 85);
}

#[test]
fn the_same_bits_on_every_run() {
    let rows = load(include_str!("../../golden/evidence/data/causalimpact_arma.csv"));
    let y: Vec<Option<f64>> = column(&rows, "y").into_iter().map(Some).collect();
    let x = column(&rows, "X");
    let run = || impact(&y, &[&x], 70, &StructuralOptions::default()).unwrap();
    assert_eq!(format!("{:?}", run()), format!("{:?}", run()));
}
