//! Goods at a key account: pieces as stock moves, their cost as money.

use chrono::NaiveDate;
use endcap_ledger::{EntryDraft, IdempotencyKey, LegDraft, StockFlow, StockMove};
use endcap_types::{AccountId, DocumentId, Money, SkuId};

use super::{BridgeError, Codes};

/// When title passes (所有权转移).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Title {
    /// With the delivery: credit terms.
    OnDelivery,
    /// With the sale to the shopper: consignment and turnover deduction.
    OnSale,
}

/// What happened to one article of one account in a month, in pieces, and what a piece costs without tax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goods {
    /// The article.
    pub sku: SkuId,
    /// Whose the goods are on the shelf.
    pub title: Title,
    /// Full cost of a piece, where it is known.
    pub unit_cost: Option<Money>,
    /// Taken over when the ledger begins.
    pub opening: i64,
    /// Delivered.
    pub delivered: i64,
    /// Sold through the till.
    pub sold: i64,
    /// Sent back to us, and written off.
    pub returned: i64,
    /// Counted less expected: negative when pieces are missing.
    pub variance: i64,
}

/// Sums of one entry, by account.
struct Sums {
    stock: Money,
    dispatched: Money,
    cost_of_sales: Money,
    losses: Money,
}

/// The entry of a month's goods (成本与库存记账): stock moves of every article, and their cost.
///
/// Title on delivery: cost of sales against stock; returns move from cost of sales to losses. Title on sale: deliveries
/// go to goods dispatched, sales from there to cost of sales, returns and missing pieces to losses.
///
/// # Errors
///
/// - [`BridgeError::NegativePieces`] for a quantity below zero (the variance may be).
/// - [`BridgeError::Types`] when a value is out of range, [`BridgeError::Ledger`] when the key is.
///
/// # Source
///
/// IFRS 15.B77–B78 and CAS 14 for consignment: revenue and cost arise with the sale to the third party.
pub fn goods_entry(
    account: &AccountId,
    goods: &[Goods],
    (document, effective, recorded): (DocumentId, NaiveDate, NaiveDate),
    codes: &Codes,
) -> Result<EntryDraft, BridgeError> {
    let key = IdempotencyKey::new(format!("goods/{document}"))?;
    let mut draft = EntryDraft::new(key, document, effective, recorded).describe("goods and their cost");
    let mut sums: Option<Sums> = None;
    for line in goods {
        for (flow, pieces, what) in [
            (StockFlow::Opening, line.opening, "opening stock"),
            (StockFlow::Delivered, line.delivered, "delivered quantity"),
            (StockFlow::Found, line.variance.max(0), "found quantity"),
            (StockFlow::Sold, line.sold, "sold quantity"),
            (StockFlow::Returned, line.returned, "returned quantity"),
            (StockFlow::Lost, line.variance.min(0).saturating_neg(), "lost quantity"),
        ] {
            if pieces < 0 {
                return Err(BridgeError::NegativePieces { what, pieces });
            }
            if pieces > 0 {
                let moved = StockMove { key_account: account.clone(), sku: line.sku.clone(), flow, pieces };
                draft = draft.moves(moved);
            }
        }
        let Some(cost) = line.unit_cost else { continue };
        let zero = Money::zero(cost.currency());
        let sums =
            sums.get_or_insert(Sums { stock: zero, dispatched: zero, cost_of_sales: zero, losses: zero });
        add(sums, line, cost)?;
    }
    if let Some(sums) = sums {
        for (code, amount) in [
            (&codes.stock, sums.stock),
            (&codes.cost_of_sales, sums.cost_of_sales),
            (&codes.losses, sums.losses),
        ] {
            if !amount.is_zero() {
                draft = draft.leg(LegDraft::signed(code, amount));
            }
        }
        if !sums.dispatched.is_zero() {
            draft = draft.leg(LegDraft::signed(&codes.dispatched, sums.dispatched).of(account.clone()));
        }
    }
    Ok(draft)
}

fn add(sums: &mut Sums, line: &Goods, cost: Money) -> Result<(), BridgeError> {
    let value = |pieces: i64| cost.checked_mul_int(pieces);
    // Opening stock and deliveries leave our own stock; so does nothing else.
    let out = value(line.opening)?.checked_add(&value(line.delivered)?)?;
    sums.stock = sums.stock.checked_sub(&out)?;
    match line.title {
        Title::OnDelivery => {
            sums.cost_of_sales = sums.cost_of_sales.checked_add(&out)?.checked_sub(&value(line.returned)?)?;
            sums.losses = sums.losses.checked_add(&value(line.returned)?)?;
        }
        Title::OnSale => {
            let lost = value(line.returned)?.checked_sub(&value(line.variance)?)?;
            let gone = value(line.sold)?.checked_add(&lost)?;
            sums.cost_of_sales = sums.cost_of_sales.checked_add(&value(line.sold)?)?;
            sums.losses = sums.losses.checked_add(&lost)?;
            sums.dispatched = sums.dispatched.checked_add(&out)?.checked_sub(&gone)?;
        }
    }
    Ok(())
}
