//! What each account should order next, and why that many cases.

use std::collections::BTreeMap;
use std::error::Error;

use endcap::calendar::Period;
use endcap::inventory::{
    Column, ConflictRule, Demand, Language, OrderColumns, OrderOptions, Safety, cover_backward, suggest_all,
};
use endcap::types::{Money, RoundingMode};

use super::stock::{Place, Stock, sold};
use crate::book::Book;
use crate::document::{OrderRow, OrderTotals, Orders};

/// Days from order to delivery.
const LEAD_DAYS: i64 = 4;
/// Days between two orders.
const REVIEW_DAYS: i64 = 7;
/// Days of demand kept as safety stock.
const SAFETY_DAYS: i64 = 3;

/// One order line per place that needs goods, with its reasons.
pub fn suggest(book: &Book, stock: &Stock, month: Period) -> Result<Orders, Box<dyn Error>> {
    let places: Vec<&Place> = stock.lines.keys().collect();
    let on_hand: Vec<i64> = stock.lines.values().map(|line| line.best_stock()).collect();
    let sold: Vec<i64> = stock.lines.values().map(|line| sold(line).max(0)).collect();
    let mut coming: BTreeMap<Place, i64> = BTreeMap::new();
    for order in &book.open_orders {
        *coming.entry((order.account.clone(), order.sku.clone())).or_default() += order.pieces;
    }
    let in_transit: Vec<i64> = places.iter().map(|place| coming.get(*place).copied().unwrap_or(0)).collect();
    let packs: Vec<i64> = places
        .iter()
        .map(|(_, sku)| book.skus.get(sku).map_or(1, |s| i64::from(s.case_pack.get())))
        .collect();
    let demand = Demand::Rate {
        sold: Column::Each(&sold),
        sold_days: Column::Same(i64::from(month.days())),
        lead_days: Column::Same(LEAD_DAYS),
        review_days: Column::Same(REVIEW_DAYS),
    };
    let columns = OrderColumns {
        safety: Safety::Days(Column::Same(SAFETY_DAYS)),
        in_transit: Column::Each(&in_transit),
        case_pack: Column::Each(&packs),
        ..OrderColumns::new(&on_hand, demand)
    };
    let options = OrderOptions { conflict: ConflictRule::OrderNothing, ..OrderOptions::default() };
    let lines = suggest_all(&columns, &options)?;

    let mut result = Orders::default();
    let mut total = Money::zero(book.currency);
    let mut accounts: BTreeMap<&str, (OrderTotals, Money)> = BTreeMap::new();
    for (i, ((account, sku), line)) in places.iter().copied().zip(&lines).enumerate() {
        let price = book.supply_price(account, sku, month.last_day()).unwrap_or(Money::zero(book.currency));
        let value = price.checked_mul_int(line.quantity())?;
        let cover = cover_backward(on_hand[i].max(0) + in_transit[i], sold[i], month.days())?;
        let days = cover.days().map(|days| days.to_fixed(1, RoundingMode::HalfAwayFromZero));
        let urgent = cover.days().is_some_and(|days| *days < endcap::types::Exact::from_int(7));
        let (totals, sum) = accounts.entry(account.as_str()).or_insert_with(|| {
            (
                OrderTotals { account: account.to_string(), ..OrderTotals::default() },
                Money::zero(book.currency),
            )
        });
        totals.urgent += usize::from(urgent);
        if line.quantity() == 0 {
            continue;
        }
        totals.lines += 1;
        totals.pieces += line.quantity();
        *sum = sum.checked_add(&value)?;
        total = total.checked_add(&value)?;
        result.pieces += line.quantity();
        result.order_lines.push(OrderRow {
            account: account.to_string(),
            sku: sku.to_string(),
            name: book.skus.get(sku).map(|s| format!("{} {}", s.name, s.name_zh)).unwrap_or_default(),
            on_hand: on_hand[i],
            pipeline: in_transit[i],
            weekly_demand: endcap::types::Exact::ratio(i128::from(sold[i]) * 7, i128::from(month.days()))?
                .to_fixed(1, RoundingMode::HalfAwayFromZero),
            days_of_supply: days.unwrap_or_default(),
            cases: line.quantity() / packs[i].max(1),
            pieces: line.quantity(),
            value: value.to_amount_string(),
            reasons: line.explain(Language::En),
            reasons_zh: line.explain(Language::Zh),
            reasons_sum: line.reasons().map(|reason| reason.quantity).sum(),
        });
    }
    result.lines = result.order_lines.len();
    result.value = total.to_amount_string();
    result.accounts = accounts
        .into_values()
        .map(|(totals, value)| OrderTotals { value: value.to_amount_string(), ..totals })
        .collect();
    Ok(result)
}
