//! What goes out comes back, and unknown fields are refused.

use endcap_inventory::*;
use rust_decimal::Decimal;

#[test]
fn round_trips() {
    let flows = Flows { receipts: 60, sales: 70, ..Flows::default() };
    let line = roll_forward(100, &flows, Some(89)).unwrap();
    let text = serde_json::to_string(&line).unwrap();
    assert!(text.contains(r#""closing":90,"counted":89,"variance":-1"#), "{text}");
    assert_eq!(serde_json::from_str::<RollForward>(&text).unwrap(), line);

    let cuts = Cuts::new(Decimal::new(8, 1), Decimal::new(95, 2)).unwrap();
    let text = serde_json::to_string(&cuts).unwrap();
    assert_eq!(text, r#"{"first":"0.8","second":"0.95"}"#);
    assert_eq!(serde_json::from_str::<Cuts>(&text).unwrap(), cuts);

    let table = BandTable::common();
    let text = serde_json::to_string(&table).unwrap();
    assert_eq!(serde_json::from_str::<BandTable>(&text).unwrap(), table);
}

#[test]
fn options_read_as_people_write_them() {
    let options: OrderOptions = serde_json::from_str(r#"{"conflict":"order_nothing"}"#).unwrap();
    assert_eq!(options.conflict, ConflictRule::OrderNothing);
    assert_eq!(options.case_rounding, CaseRounding::Up);
    assert!(serde_json::from_str::<OrderOptions>(r#"{"conflicts":"refuse"}"#).is_err());
    assert!(serde_json::from_str::<BandTable>("[]").is_err());
    assert!(serde_json::from_str::<Cuts>(r#"{"first":"0.9","second":"0.5"}"#).is_err());
}

#[test]
fn reasons_are_named() {
    let reason = Reason { kind: ReasonKind::OnHand, quantity: -30 };
    assert_eq!(serde_json::to_string(&reason).unwrap(), r#"{"kind":"on_hand","quantity":-30}"#);
    for kind in ReasonKind::ALL {
        assert_eq!(serde_json::to_string(&kind).unwrap(), format!("{:?}", kind.code()));
    }
}

#[test]
fn a_request_is_read_and_its_order_written() {
    let text = r#"{
        "sku": "NOODLE-5", "store": "S001", "on_hand": 30, "case_pack": 12, "order_cap": {"pieces": 96},
        "demand": {"sales_multiple": {"previous_stock": 40, "received": 60, "factor": "1.5"}}
    }"#;
    let request: OrderRequest = serde_json::from_str(text).unwrap();
    let order = suggest(&request, &OrderOptions::default()).unwrap();
    assert_eq!(
        serde_json::to_string(&order).unwrap(),
        r#"{"sku":"NOODLE-5","store":"S001","case_pack":12,"quantity":84,"outcome":"ordered","unmet":0,"reasons":[{"kind":"sales_multiple","quantity":105},{"kind":"on_hand","quantity":-30},{"kind":"case_round","quantity":9}]}"#
    );
    let again: OrderRequest = serde_json::from_str(&serde_json::to_string(&request).unwrap()).unwrap();
    assert_eq!(again, request);
    assert!(serde_json::from_str::<OrderRequest>(&text.replace("\"1.5\"", "\"0\"")).is_err());
    assert!(serde_json::from_str::<OrderRequest>(&text.replace("received", "receipts")).is_err());
}
