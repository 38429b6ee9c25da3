//! What is read passes the checked constructors, and what is written reads back the same.

use std::fmt::Debug;

use chrono::NaiveDate;
use endcap_shelf::{
    Assortment, Candidate, Compliance, Fixture, Front, Listing, PlanOptions, Planogram, PriceTag, Product,
    SeenBlock, SeenLot, Task, Visit, Work, assortment, compliance, plan,
};
use endcap_types::{Currency, SkuId};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

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

/// Written, read and written again: the same value and the same text; an unknown field is refused.
fn there_and_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) -> Value {
    let text = serde_json::to_string(value).unwrap();
    let read: T = serde_json::from_str(&text).unwrap();
    assert_eq!(&read, value);
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
    let mut document: Value = serde_json::from_str(&text).unwrap();
    if let Value::Object(fields) = &document {
        let mut more = fields.clone();
        more.insert("colour".to_owned(), Value::from(1));
        assert!(serde_json::from_value::<T>(Value::Object(more)).is_err(), "{text}");
    }
    document.take()
}

fn refused<T: DeserializeOwned + Debug>(document: Value, expected: &str) {
    let error = serde_json::from_value::<T>(document).unwrap_err().to_string();
    assert!(error.contains(expected), "{error}");
}

fn sku(name: &str) -> SkuId {
    name.parse().unwrap()
}

#[test]
fn a_visit_and_its_tasks_read_back_the_same() {
    let fixture: Fixture = serde_json::from_str(FIXTURE).unwrap();
    let products =
        vec![product("a", "甲", (70, 200, 60), 60, 150), product("b", "乙", (60, 200, 60), 80, 90)];
    let planned = plan(&fixture, &products, &PlanOptions::new(Currency::CNY)).unwrap().planogram;
    let day = |day| NaiveDate::from_ymd_opt(2025, 6, day).unwrap();
    let lots = vec![
        SeenLot { expires_on: day(20), units: 6 },
        SeenLot { expires_on: day(12), units: 4 },
        SeenLot { expires_on: day(9), units: 1 },
    ];
    let blocks = ["b", "a", "stray"].map(|name| SeenBlock {
        sku: sku(name),
        facings: 2,
        lots: lots.clone(),
        tag: PriceTag::Wrong,
    });
    let visit =
        Visit { as_of: day(9), min_remaining_days: 2, shelves: [("1/1".to_owned(), blocks.to_vec())].into() };
    let written = there_and_back(&visit);
    assert_eq!(written["as_of"], "2025-06-09");
    assert_eq!(written["shelves"]["1/1"][0]["tag"], "wrong");
    let tasks = planned.work_list(&visit);
    assert!(tasks.len() > 5, "{tasks:?}");
    tasks.iter().for_each(|task| drop(there_and_back(task)));
    // Every kind of work.
    for work in [
        Work::Pull { units: 3, expires_before: day(11) },
        Work::TakeOff { facings: 2 },
        Work::MoveHere { from: "1/2".to_owned() },
        Work::Reorder { place: 1 },
        Work::PutUp { facings: 2, units: 12 },
        Work::SetFacings { seen: 2, planned: 3 },
        Work::Rotate,
        Work::Refill { units: 4, capacity: 18 },
        Work::FixTag { tag: PriceTag::Missing },
    ] {
        there_and_back(&Task { work, shelf: "1/1".to_owned(), sku: sku("a") });
    }
    refused::<Work>(json!({"take_off": {"facings": 2, "why": "old"}}), "unknown field `why`");
    refused::<Work>(json!({"burn": {}}), "unknown variant `burn`");
}

#[test]
fn a_front_and_its_score_read_back_the_same_and_a_wrong_score_is_refused() {
    let row =
        |skus: &[(&str, u32)]| skus.iter().map(|(name, facings)| (sku(name), *facings)).collect::<Vec<_>>();
    let planned = Front { shelves: [("1".to_owned(), row(&[("A", 3), ("B", 2)]))].into() };
    let seen = Front { shelves: [("1".to_owned(), row(&[("B", 2), ("A", 2)]))].into() };
    there_and_back(&planned);
    let written = there_and_back(&compliance(&planned, &seen).unwrap());
    assert_eq!((&written["score"], &written["sequence"]), (&json!("43/50"), &json!("1/2")));
    let with = |part: &str, value: &str| {
        let mut other = written.clone();
        other[part] = json!(value);
        other
    };
    refused::<Compliance>(with("score", "44/50"), "expected a score of 43/50, not 22/25");
    refused::<Compliance>(with("sequence", "3/2"), "expected sequence from 0 to 1, not 3/2");
    refused::<Compliance>(with("shelf", "-1"), "expected shelf from 0 to 1, not -1");
}

#[test]
fn an_assortment_reads_back_the_same_and_one_that_loses_demand_is_refused() {
    let ask = |name: &str, units: i64, margin: &str, listing| Candidate {
        sku: sku(name),
        category: "tea".parse().unwrap(),
        weekly_units: units.into(),
        unit_margin: margin.parse().unwrap(),
        listing,
    };
    let candidates = [
        ask("a", 60, "1.00", Listing::Protected),
        ask("b", 20, "0.50", Listing::Listed),
        ask("c", 30, "2.00", Listing::Proposed),
        ask("d", 1, "0.10", Listing::Proposed),
    ];
    for candidate in &candidates {
        let written = there_and_back(candidate);
        assert!(written["weekly_units"].is_string() && written["unit_margin"].is_string(), "{written}");
        let mut negative = written;
        negative["weekly_units"] = json!("-1");
        refused::<Candidate>(negative, "weekly units");
    }
    let review = assortment(&candidates, 2, "0.25".parse().unwrap()).unwrap();
    let written = there_and_back(&review);
    assert_eq!(
        (&written["lines"][1]["decision"], &written["swaps"]),
        (&json!("delist"), &json!([["c", "b"]]))
    );
    let with = |change: &dyn Fn(&mut Value)| {
        let mut other = written.clone();
        change(&mut other);
        other
    };
    for (other, expected) in [
        (
            with(&|it| it["lines"][1]["transferred"] = json!("6")),
            "expected as much demand received as transferred",
        ),
        (with(&|it| it["lines"][0]["lost"] = json!("1")), "expected no transferred or lost demand of a"),
        (with(&|it| it["lines"][1]["received"] = json!("1")), "expected no demand received by b"),
        (with(&|it| it["lines"][1]["lost"] = json!("-1")), "expected no negative demand of b"),
        (with(&|it| it["lines"][1]["sku"] = json!("z")), "expected lines by rising id, not c after z"),
        (with(&|it| it["swaps"] = json!([["a", "b"]])), "expected a newly listed and b delisted"),
        (with(&|it| it["profit"] = json!("1000000")), "expected a profit of at most the bound"),
        (with(&|it| it["lines"][0]["role"] = json!("hero")), "unknown variant `hero`"),
    ] {
        refused::<Assortment>(other, expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// The checks on reading refuse nothing that the functions return.
    #[test]
    fn whatever_is_decided_or_scored_reads_back_the_same(
        asked in prop::collection::vec((0_u8..3, 0_i64..60, -20_i64..90, 0_u8..3), 1..7), places in 1_usize..8, percent in 0_i64..=100,
        rows in prop::collection::vec((0_u8..4, 0_u8..5, 0_u32..4), 0..12), shown in prop::collection::vec((0_u8..4, 0_u8..5, 0_u32..4), 0..12),
    ) {
        let candidates: Vec<Candidate> = asked
            .iter()
            .enumerate()
            .map(|(at, (category, units, cents, listing))| Candidate {
                sku: sku(&format!("p{at}")),
                category: format!("c{category}").parse().unwrap(),
                weekly_units: (*units).into(),
                unit_margin: rust_decimal::Decimal::new(*cents, 2),
                listing: [Listing::Protected, Listing::Listed, Listing::Proposed][usize::from(*listing)],
            })
            .collect();
        if let Ok(review) = assortment(&candidates, places, rust_decimal::Decimal::new(percent, 2)) {
            there_and_back(&review);
        }
        let front = |rows: &[(u8, u8, u32)]| {
            let mut front = Front::default();
            for (shelf, name, facings) in rows {
                front.shelves.entry(shelf.to_string()).or_default().push((sku(&format!("p{name}")), *facings));
            }
            front
        };
        let (planned, seen) = (front(&rows), front(&shown));
        there_and_back(&planned);
        there_and_back(&compliance(&planned, &seen).unwrap());
    }
}
