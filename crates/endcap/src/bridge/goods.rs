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
    /// Taken over when the ledger begins; where title passed on delivery, they are pieces without a cost of ours.
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
/// Title on delivery: cost of sales against stock; returns move from cost of sales to losses; what the account sells,
/// misses or held before is its own. Title on sale: opening stock and deliveries go to goods dispatched, sales from
/// there to cost of sales, returns and missing pieces to losses, pieces found back again.
///
/// ```text
///                  title on delivery            title on sale
/// stock            −delivered · cost            −(opening + delivered) · cost
/// dispatched                                    (opening + delivered − sold − returned + variance) · cost
/// cost of sales    (delivered − returned) · cost  sold · cost
/// losses           returned · cost              (returned − variance) · cost
/// ```
///
/// Articles without a cost move pieces only. A month in which nothing moved gives an entry of nothing, which the ledger
/// refuses.
///
/// # Errors
///
/// - [`BridgeError::NegativePieces`] for a quantity below zero (the variance may be).
/// - [`BridgeError::Types`] when a value is out of range or costs are in several currencies.
/// - [`BridgeError::Ledger`] when the key does not fit the ledger's limits.
///
/// # Examples
///
/// ```
/// use endcap::bridge::{Codes, Goods, Title, goods_entry};
/// use endcap::calendar::dates;
/// use endcap::ledger::LegDraft;
/// use endcap::types::{AccountId, Currency, DocumentId, Money, SkuId};
///
/// let cost = Money::parse("60.00", Currency::CNY)?;
/// let account = AccountId::new("KA001")?;
/// let goods = [Goods {
///     sku: SkuId::new("A1")?,
///     title: Title::OnSale,
///     unit_cost: Some(cost),
///     opening: 0,
///     delivered: 100,
///     sold: 60,
///     returned: 10,
///     variance: -2,
/// }];
/// let day = dates::ymd(2025, 3, 31)?;
/// let draft = goods_entry(&account, &goods, (DocumentId::new("GOODS-2025-03")?, day, day), &Codes::default())?;
/// let money = |pieces| cost.checked_mul_int(pieces);
/// assert_eq!(draft.legs, [
///     LegDraft::credit("1405", money(100)?),
///     LegDraft::debit("6401", money(60)?),
///     LegDraft::debit("6601.09", money(12)?),           // ten sent back and written off, two missing
///     LegDraft::debit("1406", money(28)?).of(account),  // still on the chain's shelves, and ours
/// ]);
/// assert_eq!(draft.stock.len(), 4); // delivered, sold, returned, lost
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
    // Deliveries leave our own stock, and so does the opening stock that is still ours; nothing else does.
    let out = match line.title {
        Title::OnDelivery => value(line.delivered)?,
        Title::OnSale => value(line.opening)?.checked_add(&value(line.delivered)?)?,
    };
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
