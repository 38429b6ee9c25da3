//! From the stock records to the roll-forward a consignment settles.

use endcap_inventory as inventory;
use endcap_settlement as settlement;
use endcap_types::{Quantity, SkuId, TypesError, Unit};

use super::BridgeError;

/// The month's stock movements of one product in one store, in pieces, as a consignment settles them (进销存滚动).
///
/// Both say the same: the closing stock and the variance of the count are equal, and the sales the count implies differ by
/// the customer returns, which the stock report counts in and a settlement takes off the sales. A booked correction
/// (盘点调整) becomes agreed shrink with the sign turned: pieces written off by agreement are no sale, pieces found are a
/// negative shrink.
///
/// # Errors
///
/// - [`BridgeError::Types`] when a count is beyond the range of a quantity.
///
/// # Examples
///
/// ```
/// use endcap::bridge::consignment_roll;
/// use endcap::inventory::{Flows, roll_forward};
/// use endcap::types::{Quantity, SkuId};
///
/// // 50 on hand, 100 delivered, 82 sold and 2 brought back, 1 written off by agreement; 66 are counted.
/// let flows = Flows { receipts: 100, sales: 82, customer_returns: 2, adjustment: -1, ..Flows::default() };
/// let stock = roll_forward(50, &flows, Some(66))?;
/// let roll = consignment_roll(&SkuId::new("A1")?, &stock)?;
/// assert_eq!(roll.expected_close()?, Quantity::pieces(69)?);
/// assert_eq!(roll.variance()?, Some(Quantity::pieces(-3)?));
/// assert_eq!(roll.unreported()?, Some(Quantity::pieces(3)?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// House rule.
pub fn consignment_roll(
    sku: &SkuId,
    stock: &inventory::RollForward,
) -> Result<settlement::RollForward, BridgeError> {
    let flows = stock.flows();
    let pieces = |count: i64| -> Result<Quantity, TypesError> { Quantity::pieces(count) };
    Ok(settlement::RollForward {
        opening: pieces(stock.opening())?,
        deliveries: pieces(flows.receipts)?,
        transfers_in: pieces(flows.transfers_in)?,
        transfers_out: pieces(flows.transfers_out)?,
        sales: pieces(flows.sales)?,
        customer_returns: pieces(flows.customer_returns)?,
        returns_to_supplier: pieces(flows.supplier_returns)?,
        destroyed: pieces(flows.scrap)?,
        agreed_shrink: pieces(flows.adjustment)?.negated(),
        counted: stock.counted().map(pieces).transpose()?,
        ..settlement::RollForward::empty(sku.clone(), Unit::Piece)
    })
}
