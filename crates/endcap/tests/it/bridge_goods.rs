//! Laws of `goods_entry`: pieces close, and cost goes where the naive sums say.

use endcap::bridge::{Codes, Goods, Title, goods_entry};
use proptest::prelude::*;

use crate::kit::*;

fn goods() -> impl Strategy<Value = Vec<Goods>> {
    let title = prop_oneof![Just(Title::OnDelivery), Just(Title::OnSale)];
    let cost = prop_oneof![4 => (1_i64..50_000).prop_map(|minor| Some(fen(minor))), 1 => Just(None)];
    let pieces = || prop_oneof![1 => Just(0_i64), 3 => 0_i64..500];
    let one = (title, cost, pieces(), pieces(), pieces(), pieces(), -40_i64..40);
    prop::collection::vec(one, 0..6).prop_map(|all| {
        (0..)
            .zip(all)
            .map(|(n, (title, unit_cost, opening, delivered, sold, returned, variance))| Goods {
                sku: sku(&format!("A{n}")),
                title,
                unit_cost,
                opening,
                delivered,
                sold,
                returned,
                variance,
            })
            .collect()
    })
}

/// Σ cost × pieces over the articles with one title.
fn value(goods: &[Goods], title: Title, pieces: impl Fn(&Goods) -> i64) -> i128 {
    let of = goods.iter().filter(|line| line.title == title);
    of.map(|line| line.unit_cost.map_or(0, |cost| cost.minor() * i128::from(pieces(line)))).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn stock_closes_and_cost_is_the_naive_sum(goods in goods()) {
        let on = day("2025-01-31");
        let draft =
            goods_entry(&account(), &goods, (document("G-1"), on, recorded()), &Codes::default()).unwrap();
        if draft.legs.is_empty() && draft.stock.is_empty() {
            return Ok(());
        }
        let mut ledger = ledger();
        ledger.post(&draft).unwrap();
        for line in &goods {
            let closing = line.opening + line.delivered - line.sold - line.returned + line.variance;
            prop_assert_eq!(ledger.stock_on(&account(), &line.sku, on), closing);
        }
        use Title::{OnDelivery, OnSale};
        let stock = -value(&goods, OnDelivery, |l| l.delivered) - value(&goods, OnSale, |l| l.opening + l.delivered);
        let dispatched =
            value(&goods, OnSale, |l| l.opening + l.delivered - l.sold - l.returned + l.variance);
        let cost = value(&goods, OnDelivery, |l| l.delivered - l.returned) + value(&goods, OnSale, |l| l.sold);
        let losses = value(&goods, OnDelivery, |l| l.returned) + value(&goods, OnSale, |l| l.returned - l.variance);
        let got = ["1405", "1406", "6401", "6601.09"].map(|code| balance(&ledger, code).minor());
        prop_assert_eq!(got, [stock, dispatched, cost, losses]);
        prop_assert!(ledger.audit().is_clean());
        prop_assert!(ledger.trial_balance(recorded()).unwrap().is_balanced());
    }
}

fn one(title: Title, opening: i64, variance: i64) -> Goods {
    Goods {
        sku: sku("A1"),
        title,
        unit_cost: Some(money("60.00")),
        opening,
        delivered: 100,
        sold: 60,
        returned: 10,
        variance,
    }
}

fn posted(goods: Goods) -> [String; 4] {
    let on = day("2025-01-31");
    let draft =
        goods_entry(&account(), &[goods], (document("G-1"), on, recorded()), &Codes::default()).unwrap();
    let mut ledger = ledger();
    ledger.post(&draft).unwrap();
    ["1405", "1406", "6401", "6601.09"].map(|code| balance(&ledger, code).to_amount_string())
}

#[test]
fn opening_stock_costs_us_only_where_it_is_still_ours() {
    assert_eq!(posted(one(Title::OnSale, 20, 0)), ["-7200.00", "3000.00", "3600.00", "600.00"]);
    // Delivered before the ledger began, cost taken then.
    assert_eq!(posted(one(Title::OnDelivery, 20, 0)), ["-6000.00", "0.00", "5400.00", "600.00"]);
}

#[test]
fn found_pieces_come_back_from_losses_and_missing_ones_go_there() {
    assert_eq!(posted(one(Title::OnSale, 0, 3)), ["-6000.00", "1980.00", "3600.00", "420.00"]);
    assert_eq!(posted(one(Title::OnSale, 0, -2)), ["-6000.00", "1680.00", "3600.00", "720.00"]);
    // What is missing on the shelf of a chain that owns it is its own loss.
    assert_eq!(posted(one(Title::OnDelivery, 0, -2)), ["-6000.00", "0.00", "5400.00", "600.00"]);
}
