//! Boards and pegs, and products turned so that more of them fit.

use endcap_shelf::{
    FacingRule, Hanging, Mount, Orientation, PegGrid, Placement, PlanOptions, Product, ProductSpec,
    ProfitCurve, SizeMm, Status, Stocking, SvgOptions, plan,
};
use endcap_types::Currency;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::subsequence;
use rust_decimal::Decimal;

use crate::samples::{fixture, shelf, sku, spec};

const GRID: PegGrid = PegGrid { across_mm: 25, up_mm: 40 };
const ALL: [Orientation; 6] = [
    Orientation::Front,
    Orientation::FrontLying,
    Orientation::Side,
    Orientation::SideLying,
    Orientation::Top,
    Orientation::TopLying,
];

fn card(id: &str, size: (u32, u32, u32), hanging: Hanging) -> Product {
    let rule = FacingRule::new(1, 4, Stocking::MustStock).unwrap();
    Product::new(ProductSpec { hanging, rule, ..spec(id, "brand", size, 30, 100) }).unwrap()
}

#[test]
fn the_six_ways_to_turn_a_box_are_different_and_keep_its_volume() {
    let size = SizeMm { width: 2, height: 3, depth: 5 };
    let mut turned: Vec<[u32; 3]> =
        ALL.iter().map(|o| o.turn(size)).map(|s| [s.width, s.height, s.depth]).collect();
    assert!(turned.iter().all(|sides| sides.iter().product::<u32>() == 30));
    turned.sort_unstable();
    turned.dedup();
    assert_eq!(turned.len(), 6);
}

#[test]
fn cards_hang_in_whole_meshes_and_bottles_stand() {
    let wall = shelf(900, 520, 210, 100).with_pegs(GRID);
    let fixture = fixture(vec![vec![shelf(900, 300, 400, 100), wall]]);
    let products = [
        card("blade", (70, 110, 20), Hanging::Only),
        card("bottle", (80, 200, 80), Hanging::Never),
        card("brush", (26, 230, 30), Hanging::Either),
    ];
    let best = plan(&fixture, &products, &PlanOptions::new(Currency::CNY)).unwrap();
    assert_eq!(best.planogram.validate(), []);
    let at = |id: &str| best.planogram.placements.iter().find(|p| p.sku == sku(id)).unwrap();
    // 70 mm takes three meshes of 25, 110 mm three of 40; 500 mm hold four rows, 210 mm ten cards of 20.
    let blade = at("blade");
    assert_eq!((blade.shelf, blade.facings, blade.stack, blade.deep), (1, 4, 4, 10));
    assert_eq!(best.planogram.block_mm(blade), Some((300, 480)));
    assert_eq!(at("bottle").shelf, 0);
    assert!(best.planogram.placements.iter().filter(|p| p.shelf == 1).all(|p| p.x_mm.is_multiple_of(25)));
    let svg = best.planogram.to_svg(&SvgOptions::new(""));
    assert_eq!(svg.matches("<pattern ").count(), 1);
    assert!(svg.contains("url(#holes-0-1)") && svg.contains("h70v110h-70z"), "{svg}");
}

#[test]
fn a_box_is_turned_where_that_earns_more_and_where_the_supply_allows_it() {
    let fixture = fixture(vec![vec![shelf(400, 120, 200, 100)]]);
    // 120 wide, 100 high, 40 deep: five facings of the front, sixteen units; ten of the side, one unit each.
    let curve = ProfitCurve::Table((0..=10).map(Decimal::from).collect());
    let boxed = |days: i64| {
        let rule =
            FacingRule::new(1, 10, Stocking::MayDelist).unwrap().with_days_of_supply(days.into()).unwrap();
        let orientations = vec![Orientation::Front, Orientation::Side];
        let whole = spec("a", "brand", (120, 100, 40), 7, 100);
        Product::new(ProductSpec { curve: curve.clone(), rule, orientations, ..whole }).unwrap()
    };
    let placed = |days: i64| -> Vec<Placement> {
        let best = plan(&fixture, &[boxed(days)], &PlanOptions::new(Currency::CNY)).unwrap();
        assert_eq!((best.planogram.validate(), best.certificate.status()), (vec![], Status::Optimal));
        best.planogram.placements
    };
    let side = &placed(0)[0];
    assert_eq!((side.orientation, side.facings, side.deep), (Orientation::Side, 10, 1));
    // Twelve units: no ten facings of the side hold them, three of the front hold fifteen.
    let front = &placed(12)[0];
    assert_eq!((front.orientation, front.facings, front.deep), (Orientation::Front, 3, 5));
}

fn hanging() -> impl Strategy<Value = Hanging> {
    prop_oneof![Just(Hanging::Never), Just(Hanging::Only), Just(Hanging::Either)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn every_plan_of_boards_and_pegs_validates_and_earns_at_least_what_upright_goods_do(
        products in vec((20_u32..150, 40_u32..300, 10_u32..120, 1_i64..90, hanging(), subsequence(ALL.to_vec(), 1..=6)), 1..7),
        widths in vec((200_u32..700, prop::bool::ANY), 1..4),
    ) {
        let shelves = widths.iter().map(|(width, pegs)| {
            let board = shelf(*width, 320, 300, 100);
            if *pegs { board.with_pegs(GRID) } else { board }
        });
        let fixture = fixture(vec![shelves.collect()]);
        let specs: Vec<ProductSpec> = products.into_iter().enumerate().map(|(index, (w, h, d, weekly, hanging, orientations))| {
            ProductSpec { hanging, orientations, ..spec(&format!("p{index}"), "brand", (w, h, d), weekly, 100) }
        }).collect();
        let earned = |specs: &[ProductSpec]| {
            let products: Vec<Product> = specs.iter().cloned().map(|spec| Product::new(spec).unwrap()).collect();
            plan(&fixture, &products, &PlanOptions::new(Currency::CNY)).unwrap()
        };
        let best = earned(&specs);
        prop_assert_eq!(best.planogram.validate(), vec![]);
        for placed in &best.planogram.placements {
            let spec = best.planogram.product(&placed.sku).unwrap().spec();
            let board = fixture.place(placed.segment, placed.shelf).unwrap().board;
            let pegs = board.mount != Mount::Board;
            prop_assert!(spec.hanging != if pegs { Hanging::Never } else { Hanging::Only }, "{:?}", placed);
            let turned = placed.orientation.turn(spec.size);
            prop_assert!(placed.facings * turned.width <= board.width_mm && placed.deep * turned.depth <= 300);
            prop_assert!(placed.stack * turned.height <= 300);
        }
        // One way to turn it is no more than all of them, whatever the search finds: the bounds say so.
        let first: Vec<ProductSpec> = specs.iter().cloned()
            .map(|spec| ProductSpec { orientations: spec.orientations[..1].to_vec(), ..spec }).collect();
        prop_assert!(earned(&first).certificate.lower() <= best.certificate.upper());
    }
}
