//! One broken planogram for every problem, each found with exactly its words.

use endcap_shelf::{
    FacingRule, Hanging, Orientation, PegGrid, Placement, Planogram, Problem, Product, ProductSpec, Stocking,
};

use crate::samples::{fixture, product, shelf, sku, spec};

fn block(id: &str, x_mm: u32, facings: u32) -> Placement {
    Placement {
        sku: sku(id),
        segment: 0,
        shelf: 0,
        x_mm,
        facings,
        stack: 1,
        deep: 4,
        orientation: Orientation::Front,
    }
}

/// Two products of two brands side by side on the first of two shelves: nothing is wrong.
fn sound() -> Planogram {
    Planogram {
        fixture: fixture(vec![vec![shelf(600, 300, 400, 100), shelf(600, 300, 400, 100)]]),
        products: vec![
            product("cola", "red", (70, 220, 70), 14, 100),
            product("tea", "green", (80, 220, 80), 14, 100),
            product("lime", "red", (60, 220, 70), 14, 100),
        ],
        planned: [(sku("cola"), 3), (sku("tea"), 2)].into(),
        placements: vec![block("cola", 0, 3), block("tea", 210, 2)],
    }
}

/// The problems of the sound planogram after one change.
fn after(change: impl FnOnce(&mut Planogram)) -> Vec<String> {
    let mut planogram = sound();
    change(&mut planogram);
    planogram.validate().iter().map(ToString::to_string).collect()
}

fn with_rule(planogram: &mut Planogram, index: usize, rule: FacingRule) {
    let spec = planogram.products[index].spec().clone();
    planogram.products[index] = Product::new(ProductSpec { rule, ..spec }).unwrap();
}

#[test]
fn a_sound_planogram_has_none() {
    assert_eq!(sound().validate(), []);
}

#[test]
fn a_product_listed_twice() {
    assert_eq!(after(|p| p.products.push(p.products[0].clone())), ["cola: listed twice"]);
}

#[test]
fn an_unknown_product() {
    let found = after(|p| p.placements[1].sku = sku("milk"));
    assert_eq!(
        found,
        [
            "milk: not among the products",
            "milk: 2 facings placed, 0 planned",
            "tea: 0 facings placed, 2 planned"
        ]
    );
}

#[test]
fn a_shelf_that_does_not_exist() {
    assert_eq!(after(|p| p.placements[1].segment = 1), ["tea: there is no shelf 1 in segment 2"]);
}

#[test]
fn nothing_placed() {
    let found = after(|p| p.placements[1].facings = 0);
    assert_eq!(found, ["tea: 0 facings placed, 1 or more expected", "tea: 0 facings placed, 2 planned"]);
    assert_eq!(after(|p| p.placements[1].deep = 0), ["tea: 1 stacked and 0 deep, 1 or more expected"]);
}

#[test]
fn out_of_the_shelf() {
    assert_eq!(
        after(|p| p.placements[1].x_mm = 450),
        ["tea: ends at 610 mm, shelf 1 in segment 1 ends at 600 mm"]
    );
}

#[test]
fn an_overlap() {
    assert_eq!(
        after(|p| p.placements[1].x_mm = 200),
        ["cola and tea: overlap by 10 mm on shelf 1 in segment 1"]
    );
    // A wide block covers two others: each overlap is told.
    let found = after(|p| {
        p.placements = vec![block("cola", 0, 3), block("tea", 20, 1), block("lime", 130, 1)];
        p.planned = [(sku("cola"), 3), (sku("tea"), 1), (sku("lime"), 1)].into();
    });
    assert_eq!(
        found,
        [
            "cola and tea: overlap by 80 mm on shelf 1 in segment 1",
            "cola and lime: overlap by 60 mm on shelf 1 in segment 1",
            "red (drinks): stands apart on shelf 1 in segment 1"
        ]
    );
}

#[test]
fn too_high() {
    let found = after(|p| {
        p.placements[0].stack = 2;
        let spec = p.products[0].spec().clone();
        p.products[0] = Product::new(ProductSpec { max_stack: 2, ..spec }).unwrap();
    });
    assert_eq!(found, ["cola: 460 mm with headroom, shelf 1 in segment 1 is 300 mm high"]);
}

#[test]
fn too_deep() {
    assert_eq!(
        after(|p| p.placements[0].deep = 6),
        ["cola: 420 mm deep, shelf 1 in segment 1 is 400 mm deep"]
    );
}

#[test]
fn stacked_too_high() {
    let found = after(|p| {
        let flat = spec("cola", "red", (70, 50, 70), 14, 100);
        p.products[0] = Product::new(flat).unwrap();
        p.placements[0].stack = 2;
    });
    assert_eq!(found, ["cola: 2 stacked, at most 1"]);
}

#[test]
fn placed_twice() {
    let found = after(|p| {
        p.placements[0].facings = 2;
        p.placements.push(Placement { shelf: 1, ..block("cola", 0, 1) });
    });
    assert_eq!(found, ["cola: in 2 blocks, one expected"]);
}

#[test]
fn wrong_facings() {
    assert_eq!(after(|p| p.placements[0].facings = 2), ["cola: 2 facings placed, 3 planned"]);
}

#[test]
fn facings_out_of_rule() {
    let found = after(|p| with_rule(p, 0, FacingRule::new(4, 6, Stocking::MayDelist).unwrap()));
    assert_eq!(found, ["cola: 3 facings placed, 4 to 6 allowed"]);
    let found = after(|p| with_rule(p, 0, FacingRule::new(0, 2, Stocking::MayDelist).unwrap()));
    assert_eq!(found, ["cola: 3 facings placed, 1 to 2 allowed"]);
}

#[test]
fn must_stock_missing() {
    let found = after(|p| with_rule(p, 2, FacingRule::new(1, 6, Stocking::MustStock).unwrap()));
    assert_eq!(found, ["lime: must be stocked and is not"]);
}

#[test]
fn supply_too_short() {
    let rule = FacingRule::new(1, 6, Stocking::MayDelist).unwrap().with_days_of_supply(5.into()).unwrap();
    assert_eq!(after(|p| with_rule(p, 1, rule)), ["tea: holds 8 units, 10 needed"]);
}

#[test]
fn a_broken_block() {
    let found = after(|p| {
        p.placements.push(block("lime", 370, 2));
        p.planned.insert(sku("lime"), 2);
    });
    assert_eq!(found, ["red (drinks): stands apart on shelf 1 in segment 1"]);
}

#[test]
fn turned_in_a_way_it_may_not_be() {
    let found = after(|p| p.placements[0].orientation = Orientation::Side);
    assert_eq!(found, ["cola: must not be turned Side"]);
}

#[test]
fn what_stands_on_pegs_and_between_their_holes() {
    let pegs = |p: &mut Planogram| {
        let wall = shelf(600, 300, 400, 100).with_pegs(PegGrid { across_mm: 40, up_mm: 50 });
        p.fixture = fixture(vec![vec![wall, shelf(600, 300, 400, 100)]]);
    };
    let found = after(|p| {
        pegs(p);
        p.placements.retain(|placed| placed.sku == sku("tea"));
        p.planned.remove(&sku("cola"));
    });
    let here = "shelf 1 in segment 1";
    assert_eq!(
        found,
        [
            format!("tea: does not hold on {here}"),
            format!("tea: begins at 210 mm, the holes of {here} are every 40 mm")
        ]
    );
    // Hung on the grid, a facing of 70 mm takes two meshes: three end at 240 mm, and 220 mm of height take five rows of 50.
    let found = after(|p| {
        pegs(p);
        for product in &mut p.products {
            let spec = product.spec().clone();
            *product = Product::new(ProductSpec { hanging: Hanging::Either, ..spec }).unwrap();
        }
        p.placements[1].x_mm = 200;
    });
    assert_eq!(found, [format!("cola and tea: overlap by 40 mm on {here}")]);
}

#[test]
fn all_problems_are_told_at_once_and_in_a_fixed_order() {
    let mut planogram = sound();
    planogram.placements[0].deep = 9;
    planogram.placements[1].x_mm = 100;
    planogram.planned.insert(sku("cola"), 4);
    let found = planogram.validate();
    assert!(matches!(
        found.as_slice(),
        [Problem::TooDeep { .. }, Problem::Overlap { .. }, Problem::WrongFacings { .. }]
    ));
    planogram.placements.reverse();
    assert_eq!(planogram.validate(), found);
}
