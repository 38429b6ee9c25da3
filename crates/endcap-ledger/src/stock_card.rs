//! Stock cards: opening, every flow and closing of one article at one key account.

use chrono::NaiveDate;
use endcap_calendar::Period;
use endcap_types::{AccountId, SkuId};

use crate::StockFlow;
use crate::state::{State, Stock};

/// The stock card of an article at a key account (进销存卡片), in pieces.
///
/// `closing = opening + Σ in − Σ out`
///
/// # Source
///
/// House rule: quantities obey the balance law of money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockCard {
    /// The article.
    pub sku: SkuId,
    /// Pieces before the period.
    pub opening: i64,
    /// Pieces of each flow, in the order of [`StockFlow::ALL`]; what goes out is positive too.
    pub flows: [(StockFlow, i64); 6],
    /// Pieces at the end of the period.
    pub closing: i64,
}

impl StockCard {
    /// Pieces of one flow.
    #[must_use]
    pub fn flow(&self, flow: StockFlow) -> i64 {
        self.flows.iter().find(|(other, _)| *other == flow).map_or(0, |(_, pieces)| *pieces)
    }
}

// The limit on pieces moved keeps every sum below within an i64.
fn sum<'a>(days: impl Iterator<Item = (&'a NaiveDate, &'a [i64; 6])>) -> [i64; 6] {
    days.fold([0; 6], |mut sum, (_, flows)| {
        for (total, flow) in sum.iter_mut().zip(flows) {
            *total = total.saturating_add(*flow);
        }
        sum
    })
}

fn change(flows: [i64; 6]) -> i64 {
    let changes = StockFlow::ALL.into_iter().zip(flows).map(|(flow, pieces)| flow.change(pieces));
    changes.fold(0, i64::saturating_add)
}

fn card(sku: &SkuId, stock: &Stock, period: Period) -> StockCard {
    let opening = change(sum(stock.days.range(..period.start())));
    let moved = sum(stock.days.range(period.start()..period.end()));
    let mut flows = StockFlow::ALL.map(|flow| (flow, 0));
    for ((_, pieces), total) in flows.iter_mut().zip(moved) {
        *pieces = total;
    }
    StockCard { sku: sku.clone(), opening, flows, closing: opening.saturating_add(change(moved)) }
}

impl State {
    pub(crate) fn stock_cards(&self, key_account: &AccountId, period: Period) -> Vec<StockCard> {
        let shelf = self.stock.get(key_account);
        shelf.into_iter().flatten().map(|(sku, stock)| card(sku, stock, period)).collect()
    }

    pub(crate) fn stock_on(&self, key_account: &AccountId, sku: &SkuId, day: NaiveDate) -> i64 {
        let stock = self.stock.get(key_account).and_then(|shelf| shelf.get(sku));
        stock.map_or(0, |stock| change(sum(stock.days.range(..=day))))
    }
}
