//! What is read passes the checked constructors, and what is written reads back the same.

use endcap_shelf::{Fixture, PlanOptions, Planogram, Product, plan};
use endcap_types::Currency;

use crate::samples::{fixture, product, shelf};

const FIXTURE: &str = r#"{
    "name": "端架", "base_mm": 150, "board_mm": 30, "headroom_mm": 20,
    "segments": [{"name": "S1", "shelves": [
        {"width_mm": 600, "height_mm": 300, "depth_mm": 400, "appeal": "1.25"},
        {"width_mm": 600, "height_mm": 300, "depth_mm": 400}
    ]}]
}"#;

#[test]
fn a_fixture_reads_with_appeal_as_text_and_one_by_default() {
    let read: Fixture = serde_json::from_str(FIXTURE).unwrap();
    let boards = vec![shelf(600, 300, 400, 125), shelf(600, 300, 400, 100)];
    assert_eq!(read, fixture(vec![boards]));
}

#[test]
fn unknown_fields_and_broken_rules_are_refused() {
    let unknown = FIXTURE.replace("\"base_mm\"", "\"colour\": 1, \"base_mm\"");
    assert!(serde_json::from_str::<Fixture>(&unknown).unwrap_err().to_string().contains("colour"));
    let narrow = FIXTURE.replace("\"width_mm\": 600", "\"width_mm\": 0");
    let error = serde_json::from_str::<Fixture>(&narrow).unwrap_err().to_string();
    assert!(error.contains("shelf width out of range: 0 mm"), "{error}");
}

#[test]
fn products_and_planograms_read_back_the_same() {
    let fixture: Fixture = serde_json::from_str(FIXTURE).unwrap();
    let products =
        vec![product("a", "甲", (70, 200, 60), 60, 150), product("b", "乙", (60, 200, 60), 80, 90)];
    let text = serde_json::to_string(&products).unwrap();
    assert!(text.contains(r#""unit_margin":"1.50""#) && text.contains(r#""space_elastic":"0.17""#), "{text}");
    assert_eq!(serde_json::from_str::<Vec<Product>>(&text).unwrap(), products);
    let best = plan(&fixture, &products, &PlanOptions::new(Currency::CNY)).unwrap().planogram;
    let text = serde_json::to_string(&best).unwrap();
    assert_eq!(serde_json::from_str::<Planogram>(&text).unwrap(), best);
}
