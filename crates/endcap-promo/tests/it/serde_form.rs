//! The form in files: TOML and JSON, checked on the way in, the same bytes on the way out.

use endcap_promo::{Evaluation, EvaluationOptions, Promotion, PromotionPlan, Week, WeeklySeries, evaluate};

use crate::support::{economics, lump, plan, promotion, scan_back, series, weeks};

const TOML: &str = r#"
id = "EVENT"
period = "2025-06-02..2025-06-16"
skus = ["SKU-1"]
currency = "CNY"
unit = "piece"
tax = "inclusive"
mechanic = { kind = "percent_off", rate = "20%" }

[[funding]]
id = "SB"
purpose = "price_support"
basis = { kind = "scan_back", per_unit = "1.00" }

[[funding]]
id = "LUMP"
purpose = "price_support"
basis = { kind = "lump_sum", amount = "5000.00" }
"#;

#[test]
fn a_promotion_reads_from_toml() {
    // 2 June 2025 is the Monday 22 weeks after 30 December 2024.
    let read: Promotion = toml::from_str(TOML).unwrap();
    assert_eq!(read, promotion(22, 2, vec![scan_back("1.00"), lump("5000.00")]));
    let again: Promotion = toml::from_str(&toml::to_string(&read).unwrap()).unwrap();
    assert_eq!(again, read);
}

#[test]
fn every_mechanic_and_basis_reads_from_toml() {
    for mechanic in [
        r#"{ kind = "amount_off", amount = "1.50" }"#,
        r#"{ kind = "fixed_price", price = "7.90" }"#,
        r#"{ kind = "buy_get", buy = 2, free = 1 }"#,
        r#"{ kind = "bundle", units = 2, price = "15.00" }"#,
        r#"{ kind = "support_only" }"#,
    ] {
        let text = TOML.replace(r#"{ kind = "percent_off", rate = "20%" }"#, mechanic);
        let read: Promotion = toml::from_str(&text).unwrap();
        let again: Promotion = serde_json::from_str(&serde_json::to_string(&read).unwrap()).unwrap();
        assert_eq!(again, read);
    }
    for basis in [r#"kind = "off_invoice", per_unit = "0.5""#, r#"kind = "free_goods", units = 12"#] {
        let text = TOML.replace(r#"kind = "scan_back", per_unit = "1.00""#, basis);
        toml::from_str::<Promotion>(&text).unwrap();
    }
}

#[test]
fn a_bad_promotion_is_refused_on_the_way_in() {
    let negative = TOML.replace("\"1.00\"", "\"-1.00\"").replace("20%", "200%");
    let error = toml::from_str::<Promotion>(&negative).unwrap_err().to_string();
    assert!(error.contains("200% off is outside 0% to 100%; funding line SB is negative: -1.00"), "{error}");
    // Unchecked, the plan can be read, to list its problems.
    assert_eq!(toml::from_str::<PromotionPlan>(&negative).unwrap().validate().len(), 2);
    let unknown = TOML.replace("\nunit = ", "\ncolour = \"red\"\nunit = ");
    assert!(toml::from_str::<Promotion>(&unknown).unwrap_err().to_string().contains("colour"));
    let bare_number = TOML.replace("\"5000.00\"", "5000.00");
    assert!(toml::from_str::<Promotion>(&bare_number).is_err());
    let bare_rate = TOML.replace("20%", "0.2");
    assert!(toml::from_str::<Promotion>(&bare_rate).is_err());
}

#[test]
fn options_economics_and_series_round_trip() {
    let options: EvaluationOptions =
        toml::from_str("cooldown_weeks = 4\nbaseline = { method = \"linear_trend\", weeks = 13 }").unwrap();
    assert_eq!(options.cooldown_weeks, 4);
    assert_eq!(options.confidence, EvaluationOptions::default().confidence);
    let again: EvaluationOptions = toml::from_str(&toml::to_string(&options).unwrap()).unwrap();
    assert_eq!(again, options);
    assert!(toml::from_str::<EvaluationOptions>("cooldown = 4").is_err());
    let economics = economics();
    let again = serde_json::from_str(&serde_json::to_string(&economics).unwrap()).unwrap();
    assert_eq!(economics, again);
    let series = series(&[1, 2, 3], |at| at == 1);
    let text = serde_json::to_string(&series).unwrap();
    assert_eq!(serde_json::from_str::<WeeklySeries>(&text).unwrap(), series);
    let twice: Vec<Week> = weeks(&[1], |_| false).into_iter().cycle().take(2).collect();
    let text = serde_json::to_string(&twice).unwrap();
    assert!(serde_json::from_str::<WeeklySeries>(&text).unwrap_err().to_string().contains("given twice"));
}

#[test]
fn an_evaluation_writes_the_same_bytes() {
    let bytes = || {
        let units: Vec<i64> = (0..30).map(|at| 700 + at * 37 % 91).collect();
        let promotion = Promotion::new(plan(22, 2, vec![scan_back("0.33")])).unwrap();
        let evaluation: Evaluation =
            evaluate(&promotion, &series(&units, |_| false), &economics(), &EvaluationOptions::default())
                .unwrap();
        serde_json::to_string(&evaluation).unwrap()
    };
    assert_eq!(bytes(), bytes());
}
