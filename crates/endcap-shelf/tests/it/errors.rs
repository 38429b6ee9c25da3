//! One test for every reason to refuse a question.

use endcap_shelf::mckp::{Budget, Item, solve};
use endcap_shelf::{
    FacingRequest, FacingRule, Fixture, FixtureSpec, Hanging, Mount, Notches, OffNotch, Orientation, PegGrid,
    PlanOptions, Product, ProductSpec, ProfitCurve, Segment, ShelfError, SpaceElasticity, Stocking, plan,
    plan_facings, share_of_shelf,
};
use endcap_types::{Currency, TypesError};
use rust_decimal::Decimal;

use crate::samples::{fixture, product, shelf, sku, spec};

fn item(width: i64, profit: i64) -> Item {
    Item { width, profit }
}

fn knapsack(classes: &[Vec<Item>], capacity: i64) -> ShelfError {
    solve(classes, capacity, &Budget::default()).unwrap_err()
}

fn must(id: &str, size: (u32, u32, u32), least: u32, most: u32) -> ProductSpec {
    let rule = FacingRule::new(least, most, Stocking::MustStock).unwrap();
    ProductSpec { rule, ..spec(id, "brand", size, 70, 100) }
}

fn planned(specs: Vec<ProductSpec>) -> ShelfError {
    let products: Vec<Product> = specs.into_iter().map(|spec| Product::new(spec).unwrap()).collect();
    let fixture = fixture(vec![vec![shelf(500, 300, 300, 100), shelf(500, 300, 300, 100)]]);
    plan(&fixture, &products, &PlanOptions::new(Currency::CNY)).unwrap_err()
}

#[test]
fn empty_class() {
    assert_eq!(knapsack(&[vec![item(1, 1)], vec![]], 9), ShelfError::EmptyClass { class: 1 });
}

#[test]
fn too_many_classes() {
    let error = solve(&vec![[item(0, 0)]; 1_000_001], 9, &Budget::default()).unwrap_err();
    assert_eq!(error, ShelfError::TooManyClasses { count: 1_000_001, limit: 1_000_000 });
}

#[test]
fn negative_width() {
    assert_eq!(knapsack(&[vec![item(-1, 1)]], 9), ShelfError::NegativeWidth { class: 0, width: -1 });
}

#[test]
fn negative_capacity() {
    assert_eq!(knapsack(&[vec![item(1, 1)]], -9), ShelfError::NegativeCapacity { capacity: -9 });
}

#[test]
fn total_too_large() {
    let limit = endcap_shelf::limits::MAX_TOTAL;
    let at_limit = [vec![item(limit, limit)]];
    assert_eq!(solve(&at_limit, limit, &Budget::default()).unwrap().profit, limit);
    for extreme in [item(limit, -limit - 1), item(1, i64::MIN), item(i64::MAX, 1)] {
        assert!(matches!(knapsack(&[vec![extreme]], 9), ShelfError::TotalTooLarge { .. }));
    }
    let two = [vec![item(limit, 0)], vec![item(1, 0)]];
    assert!(matches!(knapsack(&two, 9), ShelfError::TotalTooLarge { width, .. } if width == limit + 1));
}

#[test]
fn too_narrow() {
    let error = knapsack(&[vec![item(5, 1), item(3, 0)], vec![item(4, 1)]], 6);
    assert_eq!(error, ShelfError::TooNarrow { width: 6, minimum: 7 });
    let error = planned((0..3).map(|i| must(&format!("p{i}"), (340, 200, 60), 1, 2)).collect());
    assert_eq!(error, ShelfError::TooNarrow { width: 1_000, minimum: 1_020 });
}

#[test]
fn facings_out_of_reach_lists_all() {
    let mut slow = must("slow", (60, 200, 60), 1, 2);
    slow.rule = slow.rule.with_days_of_supply(14.into()).unwrap();
    let fast = ProductSpec { weekly_units: 700.into(), sku: sku("fast"), ..slow.clone() };
    let error = planned(vec![slow, fast, must("fine", (60, 200, 60), 1, 2)]);
    assert_eq!(
        error.to_string(),
        "no allowed number of facings reaches the supply required: slow needs 28 of at most 2, fast needs 280 of at most 2"
    );
    assert!(matches!(error, ShelfError::FacingsOutOfReach { .. }));
}

#[test]
fn fits_nowhere_lists_all() {
    let error = planned(vec![
        must("high", (60, 281, 60), 1, 2),
        must("deep", (60, 200, 301), 1, 2),
        must("wide", (501, 200, 60), 1, 2),
        must("two", (251, 200, 60), 2, 2),
        must("fine", (60, 280, 300), 1, 2),
    ]);
    assert_eq!(error.to_string(), "no shelf is high, deep and wide enough for: high, deep, wide, two");
}

#[test]
fn no_placement_found() {
    // Three of 300 mm on two shelves of 500 mm: 900 of 1,000 mm, and yet only one fits on each.
    let error = planned((0..3).map(|i| must(&format!("p{i}"), (300, 200, 60), 1, 2)).collect());
    assert_eq!(error, ShelfError::NoPlacementFound { skus: vec![sku("p2")] });
}

#[test]
fn elasticity_out_of_range() {
    for text in ["-0.01", "1.0001", "0.1234567891"] {
        let value: Decimal = text.parse().unwrap();
        let error = SpaceElasticity::new(value).unwrap_err();
        assert_eq!(error, ShelfError::ElasticityOutOfRange { value, decimals: 9 });
    }
    assert_eq!(SpaceElasticity::new("0.170000000000".parse().unwrap()).unwrap(), SpaceElasticity::TYPICAL);
}

#[test]
fn profit_out_of_range() {
    let rich = ProductSpec { weekly_units: Decimal::MAX, ..spec("rich", "brand", (60, 200, 60), 0, 100) };
    assert_eq!(planned(vec![rich]), ShelfError::ProfitOutOfRange { sku: sku("rich"), facings: 1 });
}

#[test]
fn curve_too_short() {
    let table = ProfitCurve::Table(vec![0.into(), 5.into()]);
    let short = ProductSpec { curve: table, ..spec("short", "brand", (60, 200, 60), 0, 100) };
    let error = planned(vec![short]);
    assert_eq!(error, ShelfError::CurveTooShort { sku: sku("short"), points: 2, needed: 7, facings: 6 });
}

#[test]
fn facings_out_of_range() {
    for (least, most) in [(0, 0), (3, 2), (1, 1_001)] {
        let error = FacingRule::new(least, most, Stocking::MayDelist).unwrap_err();
        assert_eq!(error, ShelfError::FacingsOutOfRange { least, most, limit: 1_000 });
    }
}

#[test]
fn length_and_count_out_of_range() {
    let piled = ProductSpec { max_stack: 1_001, ..spec("piled", "brand", (60, 60, 60), 0, 100) };
    let piled = Product::new(piled).unwrap_err();
    assert_eq!(piled, ShelfError::CountOutOfRange { what: "stack", count: 1_001, limit: 1_000 });
    let flat = Product::new(spec("flat", "brand", (60, 0, 60), 0, 100)).unwrap_err();
    let limit = 100_000;
    assert_eq!(flat, ShelfError::LengthOutOfRange { what: "product height", millimetres: 0, limit });
    let request = FacingRequest {
        sku: sku("thin"),
        width_mm: 0,
        units_per_facing: 1,
        weekly_units: 1.into(),
        unit_margin: 1.into(),
        appeal: 1.into(),
        curve: ProfitCurve::SpaceElastic(SpaceElasticity::TYPICAL),
        rule: FacingRule::default(),
    };
    let none = FacingRequest { width_mm: 60, units_per_facing: 0, ..request.clone() };
    let none = plan_facings(&[none], 100, Currency::CNY, &Budget::default()).unwrap_err();
    assert_eq!(none, ShelfError::CountOutOfRange { what: "units per facing", count: 0, limit: 1_000_000 });
    let thin = plan_facings(&[request], 100, Currency::CNY, &Budget::default()).unwrap_err();
    assert_eq!(thin, ShelfError::LengthOutOfRange { what: "product width", millimetres: 0, limit });
    let spec = furniture(vec![Segment {
        name: "A".into(),
        shelves: vec![shelf(900, 300, 100_001, 100)],
        notches: Notches::None,
    }]);
    let deep = Fixture::new(spec).unwrap_err();
    assert_eq!(deep, ShelfError::LengthOutOfRange { what: "shelf depth", millimetres: 100_001, limit });
    let wide =
        Segment { name: "A".into(), shelves: vec![shelf(60_000, 300, 400, 100)], notches: Notches::None };
    let long = Fixture::new(furniture(vec![wide.clone(), wide])).unwrap_err();
    assert_eq!(long, ShelfError::LengthOutOfRange { what: "fixture width", millimetres: 120_000, limit });
}

fn furniture(segments: Vec<Segment>) -> FixtureSpec {
    FixtureSpec { name: "F".into(), base_mm: 0, board_mm: 0, headroom_mm: 0, segments }
}

#[test]
fn negative_value() {
    let value = Decimal::NEGATIVE_ONE;
    let sold = ProductSpec { weekly_units: value, ..spec("p", "brand", (60, 200, 60), 0, 100) };
    assert_eq!(Product::new(sold).unwrap_err(), ShelfError::NegativeValue { what: "weekly units", value });
    let days = FacingRule::default().with_days_of_supply(value).unwrap_err();
    assert_eq!(days, ShelfError::NegativeValue { what: "days of supply", value });
    let board =
        Segment { name: "A".into(), shelves: vec![shelf(900, 300, 400, -100)], notches: Notches::None };
    let appeal = Fixture::new(furniture(vec![board])).unwrap_err();
    assert!(matches!(appeal, ShelfError::NegativeValue { what: "appeal", .. }));
    let measured = share_of_shelf([("a", value), ("b", 2.into())], 2).unwrap_err();
    assert_eq!(measured, ShelfError::NegativeValue { what: "measure", value });
}

#[test]
fn invalid_text() {
    for name in [String::new(), "a\u{7}b".into(), "长".repeat(201)] {
        let error =
            Product::new(ProductSpec { name, ..spec("p", "brand", (60, 200, 60), 0, 100) }).unwrap_err();
        assert!(matches!(error, ShelfError::InvalidText { what: "product name", limit: 200, .. }), "{error}");
    }
}

#[test]
fn shelf_count_out_of_range() {
    let refused = |segments| Fixture::new(furniture(segments)).unwrap_err();
    assert_eq!(refused(vec![]), ShelfError::ShelfCountOutOfRange { count: 0, limit: 500 });
    let full =
        Segment { name: "A".into(), shelves: vec![shelf(900, 90, 400, 100); 500], notches: Notches::None };
    let bare = Segment { name: "B".into(), shelves: vec![], notches: Notches::None };
    assert!(Fixture::new(furniture(vec![full.clone()])).is_ok());
    assert_eq!(refused(vec![full.clone(), bare]), ShelfError::ShelfCountOutOfRange { count: 0, limit: 500 });
    assert_eq!(
        refused(vec![full.clone(), full]),
        ShelfError::ShelfCountOutOfRange { count: 1_000, limit: 500 }
    );
}

#[test]
fn too_many_products() {
    let one = product("p", "brand", (60, 200, 60), 0, 100);
    let fixture = fixture(vec![vec![shelf(500, 300, 300, 100)]]);
    let error = plan(&fixture, &vec![one; 2_001], &PlanOptions::new(Currency::CNY)).unwrap_err();
    assert_eq!(error, ShelfError::TooManyProducts { count: 2_001, limit: 2_000 });
}

#[test]
fn duplicate_product() {
    let one = spec("p", "brand", (60, 200, 60), 0, 100);
    assert_eq!(planned(vec![one.clone(), one]), ShelfError::DuplicateProduct { sku: sku("p") });
}

#[test]
fn nothing_measured() {
    assert_eq!(share_of_shelf([("a", Decimal::ZERO)], 2).unwrap_err(), ShelfError::NothingMeasured);
    assert_eq!(share_of_shelf::<&str, _>([], 2).unwrap_err(), ShelfError::NothingMeasured);
}

#[test]
fn duplicate_key() {
    let error = share_of_shelf([("a", 1.into()), ("a", 2.into())], 2).unwrap_err();
    assert_eq!(error, ShelfError::DuplicateKey { key: "\"a\"".into() });
}

#[test]
fn too_many_digits() {
    let error = share_of_shelf([("a", 1.into())], 13).unwrap_err();
    assert_eq!(error, ShelfError::TooManyDigits { digits: 13, limit: 12 });
}

#[test]
fn types() {
    let options = PlanOptions { block_tolerance: "-1%".parse().unwrap(), ..PlanOptions::new(Currency::CNY) };
    let fixture = fixture(vec![vec![shelf(500, 300, 300, 100)]]);
    let error = plan(&fixture, &[], &options).unwrap_err();
    assert!(matches!(error, ShelfError::Types(TypesError::NegativeRate { .. })), "{error}");
}

#[test]
fn boards_between_notches() {
    let tall = |segment| FixtureSpec { base_mm: 150, board_mm: 30, ..furniture(vec![segment]) };
    let notches = Notches::Every { first_mm: 180, pitch_mm: 50 };
    // Tops at 180, 510 and 860 mm: the second and the third miss a notch, and both are told.
    let shelves = vec![shelf(900, 300, 400, 100), shelf(900, 320, 400, 100), shelf(900, 300, 400, 100)];
    let error = Fixture::new(tall(Segment { name: "A".into(), shelves, notches })).unwrap_err();
    let off = |shelf, board_top_mm| OffNotch { segment: 0, shelf, board_top_mm };
    assert_eq!(error, ShelfError::OffNotch { boards: vec![off(1, 510), off(2, 860)] });
    let told = "no notch holds: shelf 2 of segment 1 at 510 mm, shelf 3 of segment 1 at 860 mm";
    assert_eq!(error.to_string(), told);
    let even = vec![shelf(900, 320, 400, 100); 3];
    assert!(Fixture::new(tall(Segment { name: "A".into(), shelves: even, notches })).is_ok());
    let below = Notches::Every { first_mm: 230, pitch_mm: 50 };
    let one = vec![shelf(900, 320, 400, 100)];
    let error = Fixture::new(tall(Segment { name: "A".into(), shelves: one.clone(), notches: below }));
    assert_eq!(error.unwrap_err(), ShelfError::OffNotch { boards: vec![off(0, 180)] });
    let none = Notches::Every { first_mm: 180, pitch_mm: 0 };
    let error = Fixture::new(tall(Segment { name: "A".into(), shelves: one, notches: none }));
    assert!(matches!(error.unwrap_err(), ShelfError::LengthOutOfRange { what: "notch pitch", .. }));
    let wall = shelf(900, 300, 400, 100).with_pegs(PegGrid { across_mm: 0, up_mm: 25 });
    let segment = Segment { name: "A".into(), shelves: vec![wall], notches: Notches::None };
    let error = Fixture::new(tall(segment)).unwrap_err();
    assert!(matches!(error, ShelfError::LengthOutOfRange { what: "distance of pegs across", .. }));
    assert_eq!(Mount::default(), Mount::Board);
}

#[test]
fn a_product_that_may_be_turned_in_no_way() {
    let turned =
        |orientations| Product::new(ProductSpec { orientations, ..spec("a", "b", (60, 200, 60), 1, 1) });
    let error = turned(vec![]).unwrap_err();
    assert_eq!(error, ShelfError::OrientationsRefused { count: 0, different: 0 });
    let error = turned(vec![Orientation::Top, Orientation::Top]).unwrap_err();
    assert_eq!(error, ShelfError::OrientationsRefused { count: 2, different: 1 });
}

#[test]
fn what_only_hangs_fits_on_no_board() {
    let hangs = ProductSpec { hanging: Hanging::Only, ..must("card", (60, 200, 60), 1, 2) };
    assert!(matches!(planned(vec![hangs]), ShelfError::FitsNowhere { .. }));
}
