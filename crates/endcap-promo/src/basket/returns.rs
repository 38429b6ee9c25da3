//! Bringing goods back: the offers are worked out again for what is kept.

use std::collections::BTreeMap;

use endcap_types::{Money, SkuId};

use super::{Basket, BasketError, BasketSettlement, Context, Stack, settle_basket};

/// What a return comes to (退货结算).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Refund {
    /// The goods kept, settled as if bought alone.
    pub kept: BasketSettlement,
    /// Paid before − price of the goods kept, never below zero.
    pub amount: Money,
    /// What the shopper would owe if offers lost were charged: price of the goods kept − paid before, where positive.
    /// Nobody pays it; it shows what the return gave away.
    pub waived: Money,
    /// Goods that had been handed out and are no longer earned: they come back, or their value does.
    pub handed_out_back: BTreeMap<SkuId, u64>,
    /// What those goods are worth.
    pub handed_out_value: Money,
    /// Points taken back.
    pub points_back: u64,
    /// Claims that lapse.
    pub claims_lapse: Money,
}

/// Works a return out (退货): the offers are applied again to what is kept, in the context of the purchase.
///
/// `refund = max(0, paid before − price of the kept basket)`. A full return refunds exactly what was paid.
///
/// # Errors
///
/// - [`BasketError::ReturnedMoreThanBought`], and those of [`settle_basket`].
///
/// # Examples
///
/// 满100减20 on 60 + 45, and the 45 comes back: what is kept no longer reaches 100.
///
/// ```
/// use endcap_promo::basket::{AmountStep, Basket, Context, Offer, Rule, Stack, Threshold, refund};
/// use endcap_types::{Currency, Money};
/// let cny = |text| Money::parse(text, Currency::CNY);
/// let step = AmountStep { spend: cny("100.00")?, off: cny("20.00")? };
/// let rule = Rule::new("MAN-JIAN".parse()?, Offer::SpendThreshold { threshold: Threshold::Once(step) });
/// let stack = Stack::single(Currency::CNY, rule).map_err(|mut found| found.remove(0))?;
/// let back = Basket::new(Currency::CNY).with_units("B".parse()?, cny("45.00")?, 1)?;
/// let bought = back.clone().with_units("A".parse()?, cny("60.00")?, 1)?; // paid 85.00
/// let refund = refund(&bought, &back, &stack, &Context::guest("2025-06-18T12:00:00".parse()?))?;
/// assert_eq!(refund.amount.to_amount_string(), "25.00"); // 85.00 − 60.00, not 45.00
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// House rule.
pub fn refund(
    bought: &Basket,
    returned: &Basket,
    stack: &Stack,
    context: &Context,
) -> Result<Refund, BasketError> {
    let before = settle_basket(bought, stack, context)?;
    let kept = settle_basket(&bought.without(returned)?, stack, context)?;
    let difference = before.pay.checked_sub(&kept.pay)?;
    let zero = Money::zero(before.currency);
    let mut back: BTreeMap<SkuId, u64> = BTreeMap::new();
    for out in before.handed_out() {
        let units = back.entry(out.sku.clone()).or_insert(0);
        *units = units.saturating_add(out.units);
    }
    for out in kept.handed_out() {
        let units = back.entry(out.sku.clone()).or_insert(0);
        *units = units.saturating_sub(out.units);
    }
    back.retain(|_, units| *units > 0);
    let goods =
        |settled: &BasketSettlement| Money::sum(settled.handed_out().map(|out| out.value), before.currency);
    let later = |settled: &BasketSettlement| {
        Money::sum(settled.offers.iter().map(|offer| offer.later), before.currency)
    };
    Ok(Refund {
        amount: difference.larger(&zero)?,
        waived: difference.negated().larger(&zero)?,
        handed_out_back: back,
        handed_out_value: goods(&before)?.checked_sub(&goods(&kept)?)?.larger(&zero)?,
        points_back: before.points().saturating_sub(kept.points()),
        claims_lapse: later(&before)?.checked_sub(&later(&kept)?)?.larger(&zero)?,
        kept,
    })
}
