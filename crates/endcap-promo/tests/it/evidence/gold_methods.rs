//! Interrupted series, geo regression, ratios, smoothing, similarity and tests against published figures.

use std::collections::BTreeMap;

use endcap_promo::evidence::distribution::{noncentral_t_cdf, student_quantile};
use endcap_promo::evidence::geo::{
    RatioInput, RatioInterval, Tbr, difference_in_differences, ratio_interval,
};
use endcap_promo::evidence::holt_winters::{HoltWinters, Season, Smoothing};
use endcap_promo::evidence::infer::multiplicity::{Adjustment, adjust};
use endcap_promo::evidence::infer::permutation::{Side, block_p, independent_p, placebo_p, two_groups};
use endcap_promo::evidence::infer::power::{Plan, Rejection, TTest, two_proportions};
use endcap_promo::evidence::interrupted::interrupted;
use endcap_promo::evidence::regression::{Covariance, SampleFactor};
use endcap_promo::evidence::similarity::{Band, nearest, warping_distance};

use super::{Answers, column, load};

pub(crate) fn interrupted_answers(answers: &mut Answers) {
    let y =
        [100.0, 103.0, 101.0, 106.0, 104.0, 108.0, 107.0, 111.0, 131.0, 134.0, 131.0, 137.0, 136.0, 139.0];
    let classical = interrupted(&y, 8, Covariance::Classical).unwrap();
    let hac = interrupted(&y, 8, Covariance::NeweyWest { lags: 2, factor: SampleFactor::None }).unwrap();
    for (j, name) in ["level", "trend", "step", "trend_change"].into_iter().enumerate() {
        answers.put("its_small", name, classical.coefficients[j]);
        answers.put("its_small", format!("se:{name}"), classical.standard_errors[j]);
        answers.put("its_small", format!("hac2:{name}"), hac.standard_errors[j]);
    }
    answers.put("its_small", "incremental_weeks_9_14", classical.effect.point);
    answers.put("its_small", "lift", classical.effect.point / classical.effect.base);
}

#[test]
fn the_geo_experiment_matches_matched_markets() {
    let groups: BTreeMap<&str, &str> =
        load(include_str!("../../golden/evidence/data/matched_markets_geoassignment.csv"))
            .iter()
            .map(|row| (row["geo"], row["geo.group"]))
            .collect();
    let rows = load(include_str!("../../golden/evidence/data/matched_markets_salesandcost.csv"));
    let mut days: BTreeMap<&str, [f64; 4]> = BTreeMap::new();
    for row in &rows {
        let at = usize::from(groups[row["geo"]] == "2");
        let day = days.entry(row["date"]).or_default();
        day[at] += row["sales"].parse::<f64>().unwrap();
        day[2 + at] += row["cost"].parse::<f64>().unwrap();
    }
    let part =
        |from: &str, to: &str, at: usize| -> Vec<f64> { days.range(from..to).map(|d| d.1[at]).collect() };
    let window = |from: &str, to: &str| (part(from, to, 0), part(from, to, 1));
    let (pre_start, start, end, last) = ("2015-01-05", "2015-02-16", "2015-03-16", "2015-04-08");
    let (pre, test, cooldown) = (window(pre_start, start), window(start, end), window(end, last));
    let fit = Tbr::fit(&pre.0, &pre.1).unwrap();
    let effect = fit.effect(&test.0, &test.1).unwrap();
    let mut a = Answers::default();
    for (name, value) in [
        ("n_pre", pre.0.len() as f64),
        ("n_test", test.0.len() as f64),
        ("n_cooldown", cooldown.0.len() as f64),
        ("rows_in_file", rows.len() as f64),
        ("geos", groups.len() as f64),
        ("slope", fit.slope),
        ("intercept", fit.intercept),
        ("residual_variance", fit.residual_variance),
        ("residual_df", fit.df as f64),
    ] {
        a.put("fit", name, value);
    }
    let cost = |from, to, at| part(from, to, at).iter().sum::<f64>();
    let spent = cost(start, end, 3) - cost(pre_start, start, 3);
    let ratio = |point: f64, se: f64, alpha: f64| {
        let input = RatioInput {
            numerator: point,
            denominator: spent,
            numerator_variance: se * se,
            denominator_variance: 0.0,
            covariance: 0.0,
            df: effect.df,
        };
        ratio_interval(&input, alpha).unwrap()
    };
    let RatioInterval::Bounded { low, high } = ratio(effect.point, effect.standard_error, 0.1).interval
    else {
        panic!("a known cost bounds the ratio")
    };
    let one_sided = effect.lower_bound(0.9).unwrap();
    let (low95, high95) = effect.interval(0.95).unwrap();
    let actual: f64 = test.1.iter().sum();
    let relative = effect.relative(0.8).unwrap().unwrap();
    for (name, value) in [
        ("incremental_response", effect.point),
        ("incremental_response_se", effect.standard_error),
        ("incremental_cost", spent),
        ("cost_control_test", cost(start, end, 2)),
        ("cost_treatment_pre", cost(pre_start, start, 3)),
        ("iroas", effect.point / spent),
        ("t_quantile_one_sided_90", student_quantile(0.9, effect.df).unwrap()),
        ("iroas_precision_one_sided_90", (effect.point - one_sided) / spent),
        ("iroas_lower_one_sided_90", one_sided / spent),
        ("t_quantile_two_sided_90", student_quantile(0.95, effect.df).unwrap()),
        ("iroas_precision_two_sided_90", 0.5 * (high - low)),
        ("iroas_lower_two_sided_90", low),
        ("iroas_upper_two_sided_90", high),
        ("incremental_response_lower_95", low95),
        ("incremental_response_upper_95", high95),
        ("actual_response", actual),
        ("counterfactual_response", effect.base),
        ("relative_lift", relative.point),
        ("relative_lift_lower_one_sided_90", relative.low),
        ("p_one_sided", effect.tail().unwrap()),
    ] {
        a.put("test", name, value);
    }
    let day = test.0[0];
    let reach = student_quantile(0.9, effect.df).unwrap() * fit.prediction_deviation(day);
    a.put("first_test_day", "counterfactual", fit.expected(day));
    a.put("first_test_day", "lower_two_sided_80", fit.expected(day) - reach);
    a.put("first_test_day", "upper_two_sided_80", fit.expected(day) + reach);
    a.put("first_pre_day", "fitted", fit.expected(pre.0[0]));
    let path = fit.path(&test.0, &test.1).unwrap();
    for day in [7, 14, 21, 28] {
        a.put(&format!("cumulative_day_{day}"), "incremental_response", path[day - 1].point);
        a.put(&format!("cumulative_day_{day}"), "se", path[day - 1].standard_error);
    }
    let whole = window(start, last);
    let both = fit.effect(&whole.0, &whole.1).unwrap();
    a.put("with_cooldown", "incremental_response", both.point);
    a.put("with_cooldown", "se", both.standard_error);
    a.put("with_cooldown", "iroas", both.point / spent);
    let after = fit.effect(&cooldown.0, &cooldown.1).unwrap();
    a.put("cooldown_only", "incremental_response", after.point);
    a.put("cooldown_only", "se", after.standard_error);
    let att = difference_in_differences((&pre.1, &test.1), (&pre.0, &test.0)).unwrap();
    a.put("did_daily", "att", att);
    a.put("did_daily", "incremental_response", att * 28.0);
    a.agree(&load(include_str!("../../golden/evidence/tbr_roi.csv")), 48);
}

#[test]
fn ratios_match_fieller() {
    let golden = load(include_str!("../../golden/evidence/ratio_interval.csv"));
    let mut a = Answers::default();
    let mut seen = Vec::new();
    for row in &golden {
        if seen.contains(&row["case"]) {
            continue;
        }
        seen.push(row["case"]);
        let inputs: BTreeMap<&str, f64> = row["inputs"]
            .split(';')
            .map(|pair| pair.split_once('=').map(|(k, v)| (k, v.parse().unwrap())).unwrap())
            .collect();
        let input = RatioInput {
            numerator: inputs["a"],
            denominator: inputs["b"],
            numerator_variance: inputs["var_a"],
            denominator_variance: inputs["var_b"],
            covariance: inputs["cov_ab"],
            df: inputs["df"],
        };
        let ratio = ratio_interval(&input, inputs["alpha"]).unwrap();
        a.put(row["case"], "ratio", ratio.point);
        a.put(row["case"], "g", ratio.g);
        match ratio.interval {
            RatioInterval::Bounded { low, high } => {
                a.put(row["case"], "lower", low);
                a.put(row["case"], "upper", high);
            }
            RatioInterval::Unbounded => a.say(row["case"], "interval", "unbounded"),
        }
    }
    a.agree(&golden, 18);
}

#[test]
fn holt_winters_matches_r() {
    let data = load(include_str!("../../golden/evidence/data/airpassengers.csv"));
    let y = column(&data, "passengers_thousand");
    let mut a = Answers::default();
    let case = "air_multiplicative";
    let smoothing = Smoothing {
        level: 0.275_592_5,
        trend: 0.032_692_95,
        season: 0.870_729_2,
        period: 12,
        form: Season::Multiplicative,
    };
    for (name, value) in
        [("alpha", smoothing.level), ("beta", smoothing.trend), ("gamma", smoothing.season), ("period", 12.0)]
    {
        a.put(case, format!("input:{name}"), value);
    }
    let fit = HoltWinters::new(&y, &smoothing).unwrap();
    a.put(case, "initial_level", fit.initial.level);
    a.put(case, "initial_trend", fit.initial.trend);
    for (n, (first, last)) in (1..).zip(fit.initial.season.iter().zip(&fit.last.season)) {
        a.put(case, format!("initial_seasonal:{n}"), *first);
        a.put(case, format!("final_s{n}"), *last);
    }
    a.put(case, "final_a", fit.last.level);
    a.put(case, "final_b", fit.last.trend);
    a.put(case, "sse", fit.sse);
    for ahead in [1, 6, 12] {
        a.put(case, format!("forecast:{ahead}"), fit.forecast(ahead));
    }
    let case = "air_additive_given";
    a.say(case, "input:alpha_beta_gamma", "0.3|0.05|0.6");
    let smoothing = Smoothing { level: 0.3, trend: 0.05, season: 0.6, period: 12, form: Season::Additive };
    let fit = HoltWinters::new(&y, &smoothing).unwrap();
    a.put(case, "final_a", fit.last.level);
    a.put(case, "final_b", fit.last.trend);
    a.put(case, "final_s1", fit.last.season[0]);
    a.put(case, "final_s12", fit.last.season[11]);
    a.put(case, "sse", fit.sse);
    a.agree(&load(include_str!("../../golden/evidence/holt_winters.csv")), 42);
}

#[test]
fn power_matches_r_and_numerical_integration() {
    let golden = load(include_str!("../../golden/evidence/power.csv"));
    assert_eq!(golden.len(), 25);
    for row in &golden {
        let number = |key: &str| row[key].parse::<f64>().unwrap_or(f64::NAN);
        let quantity = row["quantity"];
        let rejection = match (row["sides"], quantity) {
            ("1", _) => Rejection::OneSided,
            (_, "power_both_regions" | "mde_sd_units_power_0.8") => Rejection::BothRegions,
            _ => Rejection::NearRegion,
        };
        let test = if row["test"] == "one_sample_t" { TTest::OneSample } else { TTest::TwoSample };
        let n = if row["n"].is_empty() { 2.0 } else { number("n") };
        let plan = Plan { test, n, sd: 1.0, alpha: number("alpha"), rejection };
        let got = match (row["test"], quantity) {
            ("noncentral_t_cdf", _) => {
                let of = |key: &str| -> f64 {
                    let part = quantity.split(' ').find_map(|p| p.strip_prefix(key)).unwrap();
                    part.parse().unwrap()
                };
                noncentral_t_cdf(of("t="), of("df="), of("ncp=")).unwrap()
            }
            ("two_proportions", _) => two_proportions(n, 0.5, 0.75, 0.05).unwrap(),
            (_, "mde_sd_units_power_0.8") => plan.detectable(0.8).unwrap(),
            (_, q) if q.starts_with("power") => plan.power(number("delta")).unwrap(),
            (_, q) => {
                let power = q.rsplit('_').next().unwrap().parse().unwrap();
                plan.required_n(number("delta"), power).unwrap()
            }
        };
        let miss = (got - number("expected")).abs();
        assert!(miss <= number("tolerance"), "{row:?}: {got}, off by {miss:e}");
    }
    // Large noncentrality: the far tail is next to nothing, and never NaN.
    let far = noncentral_t_cdf(-2.0, 20.0, 12.0).unwrap();
    assert!((0.0..1e-20).contains(&far), "{far}");
}

#[test]
fn adjusted_p_values_match_their_papers() {
    let golden = load(include_str!("../../golden/evidence/multiple_testing.csv"));
    assert_eq!(golden.len(), 34);
    let mut cases: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, row) in golden.iter().enumerate() {
        cases.entry(row["case"]).or_default().push(at);
    }
    for places in cases.values() {
        let p: Vec<f64> = places.iter().map(|at| golden[*at]["p"].parse().unwrap()).collect();
        for (name, method) in [
            ("bonferroni", Adjustment::Bonferroni),
            ("holm", Adjustment::Holm),
            ("bh", Adjustment::BenjaminiHochberg),
            ("by", Adjustment::BenjaminiYekutieli),
        ] {
            for (at, got) in places.iter().zip(adjust(&p, method).unwrap()) {
                let row = &golden[*at];
                let want: f64 = row[name].parse().unwrap();
                assert!((got - want).abs() <= row["tolerance"].parse().unwrap(), "{name} {row:?}: {got}");
                let reject = row[format!("reject_{name}").as_str()];
                assert_eq!((got <= 0.05 + 1e-12).to_string(), reject, "{name} {row:?}");
            }
        }
    }
}

#[test]
fn permutations_are_exact() {
    let golden = load(include_str!("../../golden/evidence/permutation.csv"));
    assert_eq!(golden.len(), 7);
    for row in &golden {
        let inputs: BTreeMap<&str, Vec<f64>> = row["inputs"]
            .split(';')
            .filter_map(|pair| pair.split_once('='))
            .map(|(key, list)| (key, list.split('|').map(|x| x.parse().unwrap()).collect()))
            .collect();
        let side = if row["statistic"] == "effect" { Side::Greater } else { Side::TwoSided };
        let got = match row["quantity"] {
            "p" => placebo_p(inputs["estimate"][0], &inputs["placebos"], side).unwrap(),
            "p_block" => block_p(&inputs["residuals"], 4).unwrap(),
            "p_iid" => independent_p(&inputs["residuals"], 4).unwrap(),
            "estimate" => two_groups(&inputs["treated"], &inputs["control"]).unwrap().difference,
            _ => two_groups(&inputs["treated"], &inputs["control"]).unwrap().p,
        };
        let want: f64 = row["expected"].parse().unwrap();
        assert!((got - want).abs() <= 1e-11, "{row:?}: {got}");
    }
}

#[test]
fn warping_distances_match_r() {
    let golden = load(include_str!("../../golden/evidence/dtw.csv"));
    assert_eq!(golden.len(), 9);
    let json: serde_json::Value =
        serde_json::from_str(include_str!("../../golden/evidence/data/causalimpact_dtw.json")).unwrap();
    let scenarios: BTreeMap<&str, &serde_json::Value> =
        json.as_array().unwrap().iter().map(|s| (s["scenario"].as_str().unwrap(), s)).collect();
    let list = |value: &serde_json::Value| -> Vec<f64> {
        value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
    };
    for row in &golden {
        let (scenario, control) = row["case"].split_once(':').unwrap_or((row["case"], ""));
        let s = scenarios[scenario];
        if scenario == "control_selection_ranking" {
            let y = list(&s["y"]);
            let candidates = s["candidates"].as_array().unwrap();
            let names: Vec<&str> = candidates.iter().map(|c| c["name"].as_str().unwrap()).collect();
            let controls: Vec<Vec<f64>> = candidates.iter().map(|c| list(&c["values"])).collect();
            let slices: Vec<&[f64]> = controls.iter().map(Vec::as_slice).collect();
            let order = nearest(&y, &slices, Band::Free).unwrap();
            if control.is_empty() {
                let ranking: Vec<&str> = order.iter().map(|(at, _)| names[*at]).collect();
                assert_eq!(ranking.join(" > "), row["expected"]);
            } else {
                let at = names.iter().position(|name| *name == control).unwrap();
                let got = order.iter().find(|(i, _)| *i == at).unwrap().1;
                let want: f64 = row["expected"].parse().unwrap();
                assert!((got - want).abs() <= 1e-7, "{row:?}: {got}");
            }
            continue;
        }
        let band = row["window"].parse().map_or(Band::Free, Band::Within);
        let got = warping_distance(&list(&s["x"]), &list(&s["y"]), band).unwrap();
        let want: f64 = row["expected"].parse().unwrap();
        assert!((got - want).abs() <= 1e-9, "{row:?}: {got}");
    }
}
