//! Small shelves and products to test with.

use endcap_shelf::{
    FacingRule, Fixture, FixtureSpec, Notches, Product, ProductSpec, ProfitCurve, Segment, Shelf, SizeMm,
    Stocking,
};
use endcap_types::{CategoryId, SkuId};
use rust_decimal::Decimal;

pub(crate) fn sku(text: &str) -> SkuId {
    SkuId::new(text).unwrap()
}

/// A shelf of width, height and depth with an appeal in percent.
pub(crate) fn shelf(width_mm: u32, height_mm: u32, depth_mm: u32, appeal_percent: i64) -> Shelf {
    Shelf::board(width_mm, height_mm, depth_mm).with_appeal(Decimal::new(appeal_percent, 2))
}

/// Segments of shelves, with 20 mm of headroom.
pub(crate) fn fixture(segments: Vec<Vec<Shelf>>) -> Fixture {
    let named = |(index, shelves): (usize, Vec<Shelf>)| Segment {
        name: format!("S{}", index + 1),
        shelves,
        notches: Notches::None,
    };
    Fixture::new(FixtureSpec {
        name: "端架".into(),
        base_mm: 150,
        board_mm: 30,
        headroom_mm: 20,
        segments: segments.into_iter().enumerate().map(named).collect(),
    })
    .unwrap()
}

pub(crate) fn spec(
    id: &str,
    brand: &str,
    size: (u32, u32, u32),
    weekly: i64,
    margin_cents: i64,
) -> ProductSpec {
    let (width, height, depth) = size;
    ProductSpec {
        weekly_units: weekly.into(),
        unit_margin: Decimal::new(margin_cents, 2),
        ..ProductSpec::new(
            sku(id),
            format!("{brand} {id}"),
            brand,
            CategoryId::new("drinks").unwrap(),
            SizeMm { width, height, depth },
        )
    }
}

pub(crate) fn product(
    id: &str,
    brand: &str,
    size: (u32, u32, u32),
    weekly: i64,
    margin_cents: i64,
) -> Product {
    Product::new(spec(id, brand, size, weekly, margin_cents)).unwrap()
}

/// A product whose weekly profit at 0, 1, … facings is given in whole minor units.
pub(crate) fn tabled(id: &str, width: u32, stocking: Stocking, table: &[i64]) -> Product {
    let most = u32::try_from(table.len() - 1).unwrap();
    let curve = ProfitCurve::Table(table.iter().map(|cents| Decimal::new(*cents, 2)).collect());
    let rule = FacingRule::new(1, most, stocking).unwrap();
    Product::new(ProductSpec { curve, rule, ..spec(id, "brand", (width, 200, 100), 0, 0) }).unwrap()
}
