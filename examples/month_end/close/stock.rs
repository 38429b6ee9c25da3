//! Stock of every account and SKU through the month: opening, movements, what should be there, what was counted.

use std::collections::BTreeMap;
use std::error::Error;

use endcap::calendar::Period;
use endcap::inventory::{MoveKind, RollForward, RollState};
use endcap::types::{AccountId, SkuId};

use crate::book::Book;
use crate::document::StockTotals;

/// One account and SKU: where its stock is kept.
pub type Place = (AccountId, SkuId);

/// The roll-forward of one month, place by place.
pub struct Stock {
    pub lines: BTreeMap<Place, RollForward>,
}

/// Pieces sold less what shoppers brought back.
pub fn sold(line: &RollForward) -> i64 {
    let flows = line.flows();
    flows.sales.saturating_sub(flows.customer_returns)
}

impl Stock {
    /// Rolls every place forward over `month`: the count on the eve opens it, the count on the last day checks it.
    ///
    /// Where nothing was counted on the eve, the close of the month before opens it, and zero where there is none.
    pub fn roll(book: &Book, month: Period, before: Option<&Self>) -> Result<Self, Box<dyn Error>> {
        let eve = month.start().pred_opt().ok_or("the month has no eve")?;
        let places: Vec<Place> = book.prices.keys().cloned().collect();
        let group: BTreeMap<&Place, usize> = places.iter().enumerate().map(|(i, place)| (place, i)).collect();
        let find = |account: &AccountId, sku: &SkuId| group.get(&(account.clone(), sku.clone())).copied();

        let closed =
            |place| before.and_then(|stock| stock.lines.get(place)).map_or(0, RollForward::best_stock);
        let mut opening: Vec<i64> = places.iter().map(closed).collect();
        let mut counted = vec![None; places.len()];
        for count in &book.counts {
            if let Some(index) = find(&count.account, &count.sku) {
                if count.date == eve {
                    opening[index] = count.pieces;
                } else if count.date == month.last_day() {
                    counted[index] = Some(count.pieces);
                }
            }
        }
        let (mut groups, mut kinds, mut pieces) = (Vec::new(), Vec::new(), Vec::new());
        let mut add = |account: &AccountId, sku: &SkuId, kind: MoveKind, quantity: i64| {
            let index =
                find(account, sku).ok_or_else(|| format!("{account} has no supply price for {sku}"))?;
            groups.push(index);
            kinds.push(kind);
            pieces.push(quantity);
            Ok::<(), String>(())
        };
        for m in book.deliveries.iter().filter(|m| month.contains(m.date)) {
            add(&m.account, &m.sku, MoveKind::Receipt, m.pieces)?;
        }
        for m in book.returns.iter().filter(|m| month.contains(m.date)) {
            add(&m.account, &m.sku, MoveKind::SupplierReturn, m.pieces)?;
        }
        for s in book.sales.iter().filter(|s| month.contains(s.date)) {
            // A line below zero is what shoppers brought back.
            let kind = if s.units < 0 { MoveKind::CustomerReturn } else { MoveKind::Sale };
            add(&s.account, &s.sku, kind, s.units.saturating_abs())?;
        }
        let mut state = RollState::new(places.len());
        state.accumulate(&groups, &kinds, &pieces)?;
        let lines = state.finish(&opening, &counted)?;
        Ok(Self { lines: places.into_iter().zip(lines).collect() })
    }

    /// The month's sums over all places.
    pub fn totals(&self) -> StockTotals {
        let mut t = StockTotals { positions: self.lines.len(), ..StockTotals::default() };
        for line in self.lines.values() {
            let flows = line.flows();
            t.opening += line.opening();
            t.delivered += flows.receipts;
            t.returned += flows.supplier_returns;
            t.sold += sold(line);
            t.expected += line.closing();
            t.counted += line.best_stock();
            t.variance += line.variance().unwrap_or(0);
        }
        t
    }
}
