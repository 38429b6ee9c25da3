//! Laws of `consignment_roll`: the stock report and the settlement say the same of the same movements.

use endcap::bridge::{BridgeError, consignment_roll};
use endcap::inventory::{Flows, implied_sell_out, roll_forward};
use endcap::types::Quantity;
use proptest::prelude::*;

use crate::kit::*;

fn flows() -> impl Strategy<Value = Flows> {
    let ways = prop::collection::vec(0_i64..900, 7);
    (ways, -90_i64..90).prop_map(|(ways, adjustment)| Flows {
        receipts: ways[0],
        transfers_in: ways[1],
        customer_returns: ways[2],
        sales: ways[3],
        supplier_returns: ways[4],
        transfers_out: ways[5],
        scrap: ways[6],
        adjustment,
    })
}

fn pieces(count: i64) -> Quantity {
    Quantity::pieces(count).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn both_roll_to_the_same_stock(
        opening in -50_i64..2_000,
        flows in flows(),
        counted in prop::option::of(0_i64..3_000),
    ) {
        let stock = roll_forward(opening, &flows, counted).unwrap();
        let roll = consignment_roll(&sku("A1"), &stock).unwrap();
        prop_assert_eq!(roll.expected_close().unwrap(), pieces(stock.closing()));
        prop_assert_eq!(roll.variance().unwrap(), stock.variance().map(pieces));
        // What nobody reported is what the count misses.
        prop_assert_eq!(roll.unreported().unwrap(), stock.variance().map(|variance| pieces(-variance)));
        if let Some(counted) = counted
            && let Ok(sell_out) = implied_sell_out(opening, &flows, counted)
        {
            let net = pieces(sell_out - flows.customer_returns);
            prop_assert_eq!(roll.implied_sales().unwrap(), Some(net));
        }
    }
}

#[test]
fn a_count_beyond_a_quantity_is_refused() {
    let flows = Flows { receipts: i64::MAX, ..Flows::default() };
    let stock = roll_forward(0, &flows, None).unwrap();
    match consignment_roll(&sku("A1"), &stock) {
        Err(BridgeError::Types(_)) => {}
        other => panic!("expected a refusal, got {other:?}"),
    }
}
