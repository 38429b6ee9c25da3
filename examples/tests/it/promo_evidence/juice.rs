//! Orange juice in 83 stores over 121 weeks: price, feature and deal.

use std::collections::BTreeMap;

use endcap::promo::evidence::Inestimable;
use endcap::promo::evidence::demand::expected_lift;
use endcap::promo::evidence::linalg::Design;
use endcap::promo::evidence::panel::{Coefficient, FixedEffects, PanelFit};
use endcap::promo::evidence::regression::{Covariance, Ols, SampleFactor};

use super::{Answers, Row, golden, number, public};

const BRANDS: [(u32, &str, &str); 3] =
    [(10, "", "dominicks"), (5, "mm", "minute_maid"), (1, "tr", "tropicana")];

fn brand(row: &Row) -> u32 {
    row["brand"].parse().expect("sound data")
}

/// Price of 64 ounces of the own brand, as published or to the cent.
fn price(row: &Row, cents: bool) -> f64 {
    let price = 64.0 * number(row, &format!("price{}", brand(row)));
    if cents { (price * 100.0).round() / 100.0 } else { price }
}

fn three_way(rows: &[&Row], cents: bool) -> Design {
    let log_price: Vec<f64> = rows.iter().map(|row| price(row, cents).ln()).collect();
    let flag = |yes: &dyn Fn(&Row) -> bool| -> Vec<f64> {
        rows.iter().map(|row| f64::from(u8::from(yes(row)))).collect()
    };
    let (mm, tr) = (flag(&|row| brand(row) == 5), flag(&|row| brand(row) == 1));
    let feat = flag(&|row| number(row, "feat") > 0.0);
    let times = |x: &[f64], y: &[f64]| -> Vec<f64> { x.iter().zip(y).map(|(x, y)| x * y).collect() };
    let price_feat = times(&log_price, &feat);
    [
        ("log_price", log_price.clone()),
        ("brand_mm", mm.clone()),
        ("brand_tr", tr.clone()),
        ("feat", feat.clone()),
        ("log_price:mm", times(&log_price, &mm)),
        ("log_price:tr", times(&log_price, &tr)),
        ("log_price:feat", price_feat.clone()),
        ("mm:feat", times(&mm, &feat)),
        ("tr:feat", times(&tr, &feat)),
        ("log_price:mm:feat", times(&price_feat, &mm)),
        ("log_price:tr:feat", times(&price_feat, &tr)),
    ]
    .iter()
    .fold(
        Design::new(rows.len()).expect("sound data").constant("intercept").expect("sound data"),
        |design, (name, column)| design.with(name, column).expect("sound data"),
    )
}

#[test]
fn real_orange_juice_matches_its_golden_rows() {
    let Some(data) = public("bayesm_orangeJuice_yx.csv.zst") else { return };
    let rows: Vec<&Row> = data.iter().filter(|row| [1, 5, 10].contains(&brand(row))).collect();
    let y: Vec<f64> = rows.iter().map(|row| number(row, "logmove")).collect();
    let mut a = Answers::default();
    let put = |a: &mut Answers, case: &str, fit: &Ols<'_>, names: &[&str]| {
        let errors = fit.standard_errors(Covariance::Classical).expect("sound data");
        for ((name, b), se) in fit.design().names().iter().zip(fit.coefficients()).zip(errors) {
            if names.is_empty() || names.contains(&name.as_str()) {
                a.put(case, name, *b);
                a.put(case, format!("se:{name}"), se);
            }
        }
    };
    for (case, cents) in [("three_way_cents", true), ("three_way_unrounded", false)] {
        let design = three_way(&rows, cents);
        let fit = Ols::fit(&design, &y).expect("sound data");
        put(&mut a, case, &fit, &[]);
        a.put(case, "r_squared", fit.r_squared());
        a.put(case, "n", rows.len() as f64);
        if cents {
            let b = |name: &str| fit.coefficient(name).unwrap_or(0.0);
            for (_, short, long) in BRANDS {
                let plain = b("log_price") + b(&format!("log_price:{short}"));
                let featured = plain + b("log_price:feat") + b(&format!("log_price:{short}:feat"));
                a.put("elasticity_table", format!("{long}:no_feature"), plain);
                a.put("elasticity_table", format!("{long}:feature"), featured);
                a.put(
                    "predicted_lift",
                    format!("{long}:cut20_no_feature"),
                    expected_lift(plain, 0.2, 0.0).expect("sound data"),
                );
                // From 2.00 without a feature to 1.60 with one: the interaction acts on the whole log price.
                let support = b("feat") + b(&format!("{short}:feat")) + (featured - plain) * 2.0_f64.ln();
                a.put(
                    "predicted_lift",
                    format!("{long}:cut20_with_feature"),
                    expected_lift(featured, 0.2, support).expect("sound data"),
                );
            }
        }
        if !cents {
            let brands = design.keep(|j| j < 4);
            put(&mut a, "brand_effects_unrounded", &Ols::fit(&brands, &y).expect("sound data"), &[]);
        } else {
            let brands = design.keep(|j| j < 4);
            put(&mut a, "brand_effects_only", &Ols::fit(&brands, &y).expect("sound data"), &[]);
        }
    }
    let mut absorbed = Vec::new();
    for (own, others) in [(5, [1, 10]), (10, [1, 5]), (1, [5, 10])] {
        let rows: Vec<&Row> = data.iter().filter(|row| brand(row) == own).collect();
        let logs = |of: u32| -> Vec<f64> {
            rows.iter().map(|row| number(row, &format!("price{of}")).ln()).collect()
        };
        let plain = |key: &str| -> Vec<f64> { rows.iter().map(|row| number(row, key)).collect() };
        let ids = |key: &str| -> Vec<usize> {
            rows.iter().map(|row| row[key].parse().expect("sound data")).collect()
        };
        let design = Design::new(rows.len())
            .and_then(|d| d.with("log_own_price", &logs(own)))
            .and_then(|d| d.with(&format!("log_price_brand_{}", others[0]), &logs(others[0])))
            .and_then(|d| d.with(&format!("log_price_brand_{}", others[1]), &logs(others[1])))
            .and_then(|d| d.with("feat", &plain("feat")))
            .and_then(|d| d.with("deal", &plain("deal")))
            .expect("sound data");
        let (stores, weeks) = (ids("store"), ids("week"));
        let fit = PanelFit::new(&design, &plain("logmove"), FixedEffects::Two(&stores, &weeks))
            .expect("sound data");
        let case = format!("scanpro_fe_brand_{own}");
        let clustered: BTreeMap<String, f64> =
            fit.clustered_errors(&stores, SampleFactor::None).expect("sound data").into_iter().collect();
        for (name, coefficient) in &fit.coefficients {
            match coefficient {
                Coefficient::Estimated { value, standard_error } => {
                    a.put(&case, name, *value);
                    a.put(&case, format!("se:{name}"), *standard_error);
                    a.put(&format!("{case}_cluster"), name, *value);
                    a.put(&format!("{case}_cluster"), format!("se:{name}"), clustered[name]);
                }
                Coefficient::NotEstimable(why) => absorbed.push((own, name.clone(), *why)),
            }
        }
        a.put(&case, "n", rows.len() as f64);
        a.put(&case, "stores", fit.groups[0] as f64);
        a.put(&case, "weeks", fit.groups[1] as f64);
        a.put(&case, "residual_df", fit.df as f64);
        a.put(&case, "rss", fit.rss);
    }
    // The store brand's flag is the same in all stores of a week.
    assert_eq!(absorbed, [(10, "feat".to_owned(), Inestimable::Absorbed)]);
    let rows = golden("orange_juice_loglog.csv");
    assert_eq!(rows.len(), 88);
    a.agree(&rows, "expected", "tolerance");
    a.agree(&rows, "expected_se", "tolerance_se");
}
