//! Control units: Proposition 99, synthetic controls with predictors, a staggered roll-out.

use std::collections::BTreeMap;

use endcap_promo::evidence::simplex::simplex_least_squares;
use endcap_promo::evidence::staggered::{Comparison, Rollout, RolloutUnit, two_way_contrast};
use endcap_promo::evidence::synthetic::{
    Design, Intercept, Panel, Starts, SyntheticEstimate, Unit, Units, conformal_p, error_ratios, estimate,
    nested_ratios, nested_weights, placebos, predictor_weights,
};

use super::{Answers, load};

pub(crate) fn prop99() -> Panel {
    let mut states: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for row in load(include_str!("../../golden/evidence/data/california_prop99.csv")) {
        states.entry(row["State"].to_owned()).or_default().push(row["PacksPerCapita"].parse().unwrap());
    }
    let california = states.remove_entry("California").unwrap();
    Panel::new(vec![california], states.into_iter().collect(), 19).unwrap()
}

fn weights(a: &mut Answers, case: &str, panel: &Panel, fit: &SyntheticEstimate) {
    for (name, w) in panel.donor_names().zip(&fit.unit_weights) {
        a.put(case, format!("unit:{name}"), *w);
    }
    for (year, w) in (1970..).zip(&fit.period_weights) {
        a.put(case, format!("period:{year}"), *w);
    }
}

#[test]
fn proposition_99_at_the_exact_optimum() {
    let panel = prop99();
    let (noise, zeta) = (panel.noise_level().unwrap(), panel.regularisation().unwrap());
    let (slight, none, free) = (1e-6 * noise, Intercept::None, Intercept::Free);
    let sdid = Design::synthetic_did(&panel).unwrap();
    let mut a = Answers::default();
    a.put("panel", "noise_level", noise);
    a.put("panel", "zeta_omega", zeta);
    let mut fits = BTreeMap::new();
    for (case, design) in [
        ("did", Design::DIFFERENCE_IN_DIFFERENCES),
        ("sdid", sdid),
        ("sc", Design::synthetic_control(slight)),
        ("sc_unpenalised", Design::synthetic_control(0.0)),
        ("sc_regularised", Design::synthetic_control(zeta)),
        ("difp", Design::demeaned(slight)),
        ("difp_regularised", Design::demeaned(zeta)),
        ("time_weighted_did", Design { units: Units::Equal, periods: sdid.periods }),
        (
            "sdid_no_intercept",
            Design { units: Units::Fitted { intercept: none, zeta }, periods: sdid.periods },
        ),
    ] {
        let fit = estimate(&panel, &design).unwrap();
        assert!(fit.kkt_residual < 1e-12, "{case}: {}", fit.kkt_residual);
        assert!((fit.unit_weights.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{case}");
        a.put(case, "att", fit.effect);
        a.put(case, "objective_unit_weights", fit.objective);
        fits.insert(case, fit);
    }
    assert_eq!(sdid.units, Units::Fitted { intercept: free, zeta });
    a.put("sdid", "effective_controls", fits["sdid"].effective_donors());
    a.put("sdid", "effective_periods", fits["sdid"].effective_periods());
    a.put("sc", "pre_mspe", fits["sc"].pre_error);
    a.put("sc", "gap_2000", fits["sc"].gaps[30]);
    let ratios = error_ratios(&panel, &Design::synthetic_control(0.0)).unwrap();
    let above = ratios.iter().filter(|r| **r >= ratios[0]).count();
    let case = "sc_placebo_in_space";
    a.put(case, "rank_of_california", above as f64);
    a.put(case, "p_value", above as f64 / 39.0);
    a.put(case, "mspe_ratio:California", ratios[0]);
    for (name, ratio) in panel.donor_names().zip(&ratios[1..]) {
        a.put(case, format!("mspe_ratio:{name}"), *ratio);
    }
    let spread = placebos(&panel, &sdid).unwrap().spread(fits["sdid"].effect).unwrap();
    a.put("sdid", "placebo_se_exhaustive", spread.standard_error);
    a.put("sdid", "p_placebo_two_sided", spread.p_two_sided);
    let spread = placebos(&panel, &Design::DIFFERENCE_IN_DIFFERENCES).unwrap().spread(0.0).unwrap();
    a.put("did", "placebo_se_exhaustive", spread.standard_error);
    a.put("conformal_null_zero", "p_block", conformal_p(&panel, 0.0).unwrap());
    a.agree(&load(include_str!("../../golden/evidence/prop99.csv")), 30);

    let golden = load(include_str!("../../golden/evidence/prop99_weights.csv"));
    assert_eq!(golden.len(), 78);
    let mut a = Answers::default();
    for case in ["sdid", "sc", "sc_regularised", "difp"] {
        weights(&mut a, case, &panel, &fits[case]);
    }
    weights(&mut a, "sdid_published", &panel, &fits["sdid"]);
    let keyed: Vec<String> = golden.iter().map(|row| format!("{}:{}", row["kind"], row["key"])).collect();
    let rows: Vec<_> = golden
        .iter()
        .zip(&keyed)
        .map(|(row, key)| {
            let mut row = row.clone();
            row.insert("quantity", key.clone().leak());
            row
        })
        .collect();
    a.agree(&rows, 78);
    // Every unit not listed has weight 0.
    for case in ["sdid", "sc"] {
        let listed = golden.iter().filter(|row| row["case"] == case && row["kind"] == "unit").count();
        assert_eq!(fits[case].unit_weights.iter().filter(|w| **w > 1e-6).count(), listed, "{case}");
    }
}

struct Smoking {
    names: Vec<String>,
    sales: Vec<Vec<f64>>,
    predictors: Vec<Vec<f64>>,
}

const PREDICTORS: [&str; 7] =
    ["lnincome", "retprice", "age15to24", "beer", "cigsale1975", "cigsale1980", "cigsale1988"];

fn smoking() -> Smoking {
    let rows = load(include_str!("../../golden/evidence/data/adh_smoking.csv"));
    let mut states: BTreeMap<&str, Vec<&crate::golden::Row>> = BTreeMap::new();
    for row in &rows {
        states.entry(row["state"]).or_default().push(row);
    }
    let mut found = Smoking { names: Vec::new(), sales: Vec::new(), predictors: Vec::new() };
    for (name, rows) in &states {
        let mean = |key: &str, from: f64, to: f64| {
            let values: Vec<f64> = rows
                .iter()
                .filter(|row| (from..=to).contains(&row["year"].parse::<f64>().unwrap()))
                .filter_map(|row| row[key].parse().ok())
                .collect();
            values.iter().sum::<f64>() / values.len() as f64
        };
        found.names.push((*name).to_owned());
        found.sales.push(rows.iter().map(|row| row["cigsale"].parse().unwrap()).collect());
        found.predictors.push(vec![
            mean("lnincome", 1980.0, 1988.0),
            mean("retprice", 1980.0, 1988.0),
            mean("age15to24", 1980.0, 1988.0),
            mean("beer", 1984.0, 1988.0),
            mean("cigsale", 1975.0, 1975.0),
            mean("cigsale", 1980.0, 1980.0),
            mean("cigsale", 1988.0, 1988.0),
        ]);
    }
    found
}

#[test]
fn synthetic_control_with_predictors() {
    let data = smoking();
    let at = data.names.iter().position(|name| name == "California").unwrap();
    let donors: Vec<usize> = (0..data.names.len()).filter(|i| *i != at).collect();
    let mut a = Answers::default();
    let summary = |a: &mut Answers, case: &str, weights: &BTreeMap<&str, f64>, full: bool| {
        let gap = |t: usize| {
            let mix: f64 = donors
                .iter()
                .map(|i| weights.get(data.names[*i].as_str()).unwrap_or(&0.0) * data.sales[*i][t])
                .sum();
            data.sales[at][t] - mix
        };
        let mean = |from: usize, to: usize, power: i32| {
            (from..to).map(|t| gap(t).powi(power)).sum::<f64>() / (to - from) as f64
        };
        a.put(case, "att_1989_2000", mean(19, 31, 1));
        a.put(case, "pre_mspe_1970_1988", mean(0, 19, 2));
        if full {
            a.put(case, "gap_2000", gap(30));
            a.put(case, "post_mspe_1989_2000", mean(19, 31, 2));
            a.put(case, "mspe_ratio", mean(19, 31, 2) / mean(0, 19, 2));
            for t in 19..31 {
                a.put(case, format!("gap:{}", 1970 + t), gap(t));
            }
        }
        for (name, w) in weights {
            a.put(case, format!("weight:{name}"), *w);
        }
    };
    let given = BTreeMap::from([
        ("Utah", 0.334),
        ("Nevada", 0.234),
        ("Montana", 0.199),
        ("Colorado", 0.164),
        ("Connecticut", 0.069),
    ]);
    summary(&mut a, "given_weights", &given, true);
    let slices: Vec<&[f64]> = donors.iter().map(|i| data.predictors[*i].as_slice()).collect();
    let own = &data.predictors[at];
    for (case, v) in
        [("inner_equal_v", [1.0 / 7.0; 7]), ("inner_v_lagged", [0.01, 0.04, 0.05, 0.10, 0.20, 0.25, 0.35])]
    {
        let fit = predictor_weights(own, &slices, &v).unwrap();
        assert!(fit.kkt_residual < 1e-12, "{case}: {}", fit.kkt_residual);
        let weights: BTreeMap<&str, f64> =
            donors.iter().map(|i| data.names[*i].as_str()).zip(fit.weights.iter().copied()).collect();
        summary(&mut a, case, &weights, false);
        a.put(case, "loss_w", fit.loss);
        for (name, v) in PREDICTORS.iter().zip(v) {
            a.put(case, format!("v:{name}"), (v * 1e12).round() / 1e12);
        }
        if case == "inner_equal_v" {
            for ((name, x), scale) in PREDICTORS.iter().zip(own).zip(&fit.scales) {
                a.put("predictors", format!("california:{name}"), *x);
                a.put("predictors", format!("sd_all_39:{name}"), *scale);
            }
        }
    }
    // The nested search has a test of its own.
    let golden: Vec<_> = load(include_str!("../../golden/evidence/adh_synthetic_control.csv"))
        .into_iter()
        .filter(|row| row["case"] != "nested_v_published")
        .collect();
    a.agree(&golden, 65);
}

/// Placebo states of the published table with its mean squared error before the event: the search behind it stopped at
/// these values. The exact inner problem from the same two starts falls below every one of them, so the ratio printed
/// beside it is not the ratio of the optimum, and an earlier edition of the same table prints 99.0 for California and
/// 49.8, 22.6, 20.1, 8.38 and 6.54 for five of these states.
const STOPPED_EARLY: [(&str, f64); 6] = [
    ("Georgia", 3.79),
    ("Indiana", 25.2),
    ("West Virginia", 9.52),
    ("Wisconsin", 11.1),
    ("Missouri", 3.03),
    ("Texas", 14.4),
];

#[test]
fn nested_search_over_the_importance_of_predictors() {
    let data = smoking();
    let units: Vec<Unit<'_>> = data
        .sales
        .iter()
        .zip(&data.predictors)
        .map(|(outcomes, predictors)| Unit { outcomes, predictors })
        .collect();
    let fits = nested_ratios(&units, 19, Starts::EqualAndRegression).unwrap();
    let of = |name: &str| &fits[data.names.iter().position(|own| own == name).unwrap()];
    let california = of("California");
    let above = fits.iter().filter(|fit| fit.error_ratio() >= california.error_ratio()).count();
    let case = "nested_v_published";
    let mut a = Answers::default();
    a.put(case, "california:pre_mspe", california.pre_error);
    a.put(case, "california:post_mspe", california.post_error);
    a.put(case, "california:mspe_ratio", california.error_ratio());
    a.put(case, "california:rank", above as f64);
    a.put(case, "california:fisher_p", above as f64 / fits.len() as f64);
    a.put(case, "mspe_ratio:West Virginia", of("West Virginia").error_ratio());
    let golden: Vec<_> = load(include_str!("../../golden/evidence/adh_synthetic_control.csv"))
        .into_iter()
        .filter(|row| row["case"] == case)
        .collect();
    assert_eq!(golden.len(), 11);
    let (reached, passed): (Vec<_>, Vec<_>) = golden.into_iter().partition(|row| {
        ["Georgia", "Indiana", "Wisconsin", "Missouri", "Texas"]
            .iter()
            .all(|state| !row["quantity"].ends_with(state))
    });
    a.agree(&reached, 6);
    assert_eq!(passed.len(), 5);
    for (state, published) in STOPPED_EARLY {
        let fit = of(state);
        assert!(fit.pre_error < published - 0.05, "{state}: {} against {published}", fit.pre_error);
    }
    for fit in &fits {
        assert!(fit.kkt_residual < 1e-12, "{}", fit.kkt_residual);
        assert!((fit.weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!((fit.importance.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
}

#[test]
fn a_wider_nested_search_never_fits_worse_and_beats_every_published_fit() {
    let data = smoking();
    let at = data.names.iter().position(|name| name == "California").unwrap();
    let unit = |i: usize| Unit { outcomes: &data.sales[i], predictors: &data.predictors[i] };
    let donors: Vec<Unit<'_>> = (0..data.names.len()).filter(|i| *i != at).map(unit).collect();
    let two = nested_weights(unit(at), &donors, 19, Starts::EqualAndRegression).unwrap();
    let wide = nested_weights(unit(at), &donors, 19, Starts::Spread { extra: 6 }).unwrap();
    assert!(wide.pre_error <= two.pre_error);
    // Published 3.17, 3.94 and, from four starts of another library, 3.86 to 34.8; the printed weights leave 3.089.
    assert!(wide.pre_error < 3.089, "{}", wide.pre_error);
    assert_eq!(wide, nested_weights(unit(at), &donors, 19, Starts::Spread { extra: 6 }).unwrap());
    // Scaling a predictor, in any unit, changes nothing but the last bits of the scales.
    assert!((wide.effect(19) + 18.9).abs() < 0.5, "{}", wide.effect(19));
}

#[test]
fn a_staggered_roll_out_group_by_group() {
    let rows = load(include_str!("../../golden/evidence/data/staggered_panel.csv"));
    let golden = load(include_str!("../../golden/evidence/staggered.csv"));
    let mut a = Answers::default();
    let mut errors: BTreeMap<(String, String), f64> = BTreeMap::new();
    for case in ["units_exact", "units_noisy"] {
        let mut accounts: BTreeMap<&str, RolloutUnit> = BTreeMap::new();
        for row in &rows {
            let first = row["first_week"].parse::<usize>().ok().filter(|week| *week > 0).map(|week| week - 1);
            let unit = accounts.entry(row["account"]).or_insert(RolloutUnit { first, outcomes: Vec::new() });
            unit.outcomes.push(row[case].parse().unwrap());
        }
        let units: Vec<RolloutUnit> = accounts.into_values().collect();
        let rollout = Rollout::estimate(&units, Comparison::NeverTreated).unwrap();
        for cell in &rollout.effects {
            let key = format!("att:g={}:t={}", cell.cohort + 1, cell.period + 1);
            a.put(case, key.clone(), cell.effect);
            errors.insert((case.to_owned(), key), cell.standard_error);
        }
        a.put(case, "att_simple", rollout.overall().unwrap().point);
        for (time, effect) in rollout.event_study() {
            a.put(case, format!("event_study:{time}"), effect.point);
        }
        for (cohort, effect) in rollout.by_cohort() {
            a.put(case, format!("cohort:{}", cohort + 1), effect.point);
        }
        let contrast = two_way_contrast(&units).unwrap();
        a.put(case, "twfe_static_contrast", contrast.coefficient);
        a.put(case, "twfe_negative_weight_cells", contrast.negative_cells as f64);
    }
    a.agree(&golden, 67);
    for row in golden.iter().filter(|row| !row["expected_se"].is_empty()) {
        let got = errors[&(row["case"].to_owned(), row["quantity"].to_owned())];
        let want: f64 = row["expected_se"].parse().unwrap();
        assert!((got - want).abs() < 1e-9, "{row:?}: {got}");
    }
}

#[test]
fn simplex_weights_reach_an_independent_optimum() {
    // Projected gradient, slow and obvious, on a problem with more columns than rows.
    let columns: Vec<Vec<f64>> =
        (0..12_i32).map(|j| (0..8_i32).map(|t| f64::from((j * 7 + t * 5 + j * t) % 11)).collect()).collect();
    let target: Vec<f64> = (0..8).map(|t| 4.0 + f64::from(t % 3)).collect();
    let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let ridge = 0.5;
    let fit = simplex_least_squares(&slices, &target, ridge).unwrap();
    let objective = |w: &[f64]| {
        let misses: f64 = (0..8)
            .map(|t| columns.iter().zip(w).map(|(c, w)| c[t] * w).sum::<f64>() - target[t])
            .map(|miss| miss * miss)
            .sum();
        misses + ridge * w.iter().map(|w| w * w).sum::<f64>()
    };
    let mut w = vec![1.0 / 12.0; 12];
    for _ in 0..200_000 {
        let residual: Vec<f64> =
            (0..8).map(|t| columns.iter().zip(&w).map(|(c, w)| c[t] * w).sum::<f64>() - target[t]).collect();
        for (j, w) in w.iter_mut().enumerate() {
            let g: f64 = columns[j].iter().zip(&residual).map(|(c, r)| c * r).sum::<f64>() + ridge * *w;
            *w -= 2e-4 * g;
        }
        w = onto_simplex(&w);
    }
    assert!((fit.objective - objective(&w)).abs() < 1e-6, "{} {}", fit.objective, objective(&w));
    assert!(fit.objective <= objective(&w) + 1e-9);
}

/// Euclidean projection onto the simplex.
fn onto_simplex(v: &[f64]) -> Vec<f64> {
    let mut sorted = v.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let (mut total, mut shift) = (0.0, 0.0);
    for (n, x) in (1..).zip(&sorted) {
        total += x;
        let own = (total - 1.0) / f64::from(n);
        if x - own > 0.0 {
            shift = own;
        }
    }
    v.iter().map(|x| (x - shift).max(0.0)).collect()
}
