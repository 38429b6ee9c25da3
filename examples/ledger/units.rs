//! Pieces beside money: the stock cards of a key account (进销存).

use endcap::calendar::Period;
use endcap::ledger::{Ledger, StockFlow};
use endcap::types::AccountId;
use serde_json::{Map, Value};

use crate::grid::{Align, Grid};

/// The word for a flow, in JSON and on the page.
fn word(flow: StockFlow) -> (&'static str, &'static str) {
    match flow {
        StockFlow::Opening => ("taken_over", "taken over 期初转入"),
        StockFlow::Delivered => ("delivered", "delivered 送货"),
        StockFlow::Found => ("found", "found 盘盈"),
        StockFlow::Sold => ("sold", "sold 销售"),
        StockFlow::Returned => ("returned", "returned 退货"),
        StockFlow::Lost => ("lost", "lost 盘亏"),
    }
}

/// The cards of the articles that ever moved; text only where there are any.
pub fn cards(ledger: &Ledger, key_account: &AccountId, period: Period, out: &mut String) -> Vec<Value> {
    let cards = ledger.stock_cards(key_account, period);
    let mut columns = vec![("article", Align::Left), ("opening 期初", Align::Right)];
    columns.extend(StockFlow::ALL.map(|flow| (word(flow).1, Align::Right)));
    columns.push(("closing 期末", Align::Right));
    let mut grid = Grid::new(&columns);
    let mut rows = Vec::new();
    for card in &cards {
        let mut row = vec![card.sku.to_string(), card.opening.to_string()];
        let mut object = Map::new();
        object.insert("sku".to_owned(), Value::String(card.sku.to_string()));
        object.insert("opening".to_owned(), Value::from(card.opening));
        for (flow, pieces) in card.flows {
            row.push(pieces.to_string());
            object.insert(word(flow).0.to_owned(), Value::from(pieces));
        }
        row.push(card.closing.to_string());
        object.insert("closing".to_owned(), Value::from(card.closing));
        grid.row(row);
        rows.push(Value::Object(object));
    }
    if !cards.is_empty() {
        out.push_str(&format!("\nUnits, in pieces 数量\n{}", grid.render()));
    }
    rows
}
