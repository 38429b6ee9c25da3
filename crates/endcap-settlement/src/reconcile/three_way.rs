//! [`three_way_match`]: order, receipt and bill of one line, compared within tolerances.

use core::fmt;

use endcap_types::{Exact, Money, Price, Quantity, Rounding, TaxBasis, Unrounded};

use super::tolerance::{Tolerance, ToleranceBand};
use crate::SettlementError;

/// 订单行 (PO): what was ordered, and at what price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct OrderLine {
    /// Ordered.
    pub quantity: Quantity,
    /// Price of the order.
    pub price: Price,
}

/// 收货行 (GRN): what was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct ReceiptLine {
    /// Received.
    pub quantity: Quantity,
}

/// 发票行: what was billed, at what price, and the value printed on the line, when there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct InvoiceLine {
    /// Billed.
    pub quantity: Quantity,
    /// Price of the bill.
    pub price: Price,
    /// The printed value; without it, quantity × price.
    #[cfg_attr(feature = "serde", serde(default))]
    pub amount: Option<Money>,
}

/// 超收政策: whether more may arrive than was ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum OverDelivery {
    /// No piece more.
    Forbid,
    /// As much more as the tolerance allows, measured on the order.
    UpTo(Tolerance),
    /// Whatever arrives.
    Allow,
}

/// 应付政策: what is paid; no policy pays more than the printed value of the bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum PayablePolicy {
    /// `min(received, billed) × min(order price, bill price)`.
    #[default]
    ReceivedAtLowerPrice,
    /// `min(ordered, received, billed) × min(order price, bill price)`: what was not ordered is not paid.
    OrderedAtMost,
    /// The bill when nothing is beyond tolerance, else as `ReceivedAtLowerPrice`.
    BilledWithinTolerance,
    /// As `ReceivedAtLowerPrice` when nothing is beyond tolerance, else nothing until it is cleared.
    HoldOnException,
}

/// 匹配规则: the tolerances and policies of a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default = "strict", deny_unknown_fields))]
pub struct MatchRules {
    /// For the price, measured on the order price; money tolerances are for the value of the line.
    pub price: ToleranceBand,
    /// For billed against received and for received short of ordered; money tolerances are for the value.
    pub quantity: ToleranceBand,
    /// For the printed value against quantity × price.
    pub value: ToleranceBand,
    /// For received above ordered.
    pub over_delivery: OverDelivery,
    /// What is paid.
    pub payable: PayablePolicy,
    /// How posted amounts are rounded.
    pub rounding: Rounding,
}

impl MatchRules {
    /// 严格匹配: no tolerance, no over-delivery, received at the lower price.
    pub const STRICT: Self = Self {
        price: ToleranceBand::NONE,
        quantity: ToleranceBand::NONE,
        value: ToleranceBand::NONE,
        over_delivery: OverDelivery::Forbid,
        payable: PayablePolicy::ReceivedAtLowerPrice,
        rounding: Rounding::HALF_AWAY,
    };
}

#[cfg(feature = "serde")]
const fn strict() -> MatchRules {
    MatchRules::STRICT
}

/// 匹配结论.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum MatchStatus {
    /// 一致: all three agree.
    Matched,
    /// 容差内: they differ, nowhere beyond tolerance.
    WithinTolerance,
    /// 异常: something is beyond tolerance.
    Exception,
}

/// 差异原因, in order of weight: the first that applies is the primary one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum MatchReason {
    /// 未收货先开票: billed, nothing received; stands in for `BilledMoreThanReceived`.
    InvoicedNothingReceived,
    /// 开票多于收货.
    BilledMoreThanReceived,
    /// 超订单收货.
    ReceivedMoreThanOrdered,
    /// 价格不符, in either direction.
    PriceDiffers,
    /// 短交: received short of the order; no money differs by it.
    ShortDelivery,
    /// 金额不符: the printed value is not quantity × price.
    ValueGap,
    /// 容差内差异.
    WithinTolerance,
    /// 一致.
    Matched,
}

impl MatchReason {
    /// The word used in files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::InvoicedNothingReceived => "InvoicedNothingReceived",
            Self::BilledMoreThanReceived => "BilledMoreThanReceived",
            Self::ReceivedMoreThanOrdered => "ReceivedMoreThanOrdered",
            Self::PriceDiffers => "PriceDiffers",
            Self::ShortDelivery => "ShortDelivery",
            Self::ValueGap => "ValueGap",
            Self::WithinTolerance => "WithinTolerance",
            Self::Matched => "Matched",
        }
    }
}

impl fmt::Display for MatchReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// 差异: one reason with the money it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct MatchFinding {
    /// The reason.
    pub reason: MatchReason,
    /// Its value: the bill, units × price, price difference × billed, printed − computed; zero for a short delivery.
    pub value: Money,
}

/// 匹配结果: every reason, the primary one first, and what is payable.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "super::rules_text::MatchText"))]
pub struct MatchResult {
    /// The verdict.
    pub status: MatchStatus,
    /// All reasons in order of weight; never empty.
    pub findings: Vec<MatchFinding>,
    /// The first finding.
    pub primary: MatchFinding,
    /// Billed above received; zero when the bill is lower.
    pub billed_not_received: Quantity,
    /// 暂估: received above billed, still to be invoiced.
    pub received_not_billed: Quantity,
    /// The bill: its printed value, or quantity × price.
    pub billed: Money,
    /// 应付: what the policy pays.
    pub payable: Money,
}

/// 三单匹配: compares order, receipt and bill of one line, records every reason and says what is payable.
///
/// `payable = min(received, billed) × min(order price, bill price)` under the default policy, never above the bill.
///
/// # Errors
/// - [`SettlementError::NegativeQuantity`] when a quantity is below zero.
/// - [`SettlementError::TaxBasisMismatch`] when one price holds tax and the other does not.
/// - [`SettlementError::Types`] when units or currencies differ, or an amount is out of range.
///
/// # Examples
/// ```
/// use endcap_settlement::reconcile::*;
/// use endcap_types::{Currency, Price, Quantity, TaxBasis, Unit};
/// let price = Price::new(10.into(), Currency::CNY, Unit::Piece, TaxBasis::Exclusive)?;
/// let order = OrderLine { quantity: Quantity::pieces(100)?, price };
/// let receipt = ReceiptLine { quantity: Quantity::pieces(90)? };
/// let bill = InvoiceLine { quantity: Quantity::pieces(95)?, price, amount: None };
/// let result = three_way_match(&order, &receipt, &bill, &MatchRules::STRICT)?;
/// assert_eq!(result.primary.reason, MatchReason::BilledMoreThanReceived);
/// assert_eq!(result.primary.value.to_string(), "CNY 50.00"); // 5 × 10.00
/// assert_eq!(result.findings.len(), 2); // and ten pieces short
/// assert_eq!(result.payable.to_string(), "CNY 900.00");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// Three-way matching of purchasing systems; the order of reasons and the default payable are house rules.
pub fn three_way_match(
    order: &OrderLine,
    receipt: &ReceiptLine,
    invoice: &InvoiceLine,
    rules: &MatchRules,
) -> Result<MatchResult, SettlementError> {
    check(order, receipt, invoice)?;
    let unit = order.quantity.unit();
    let computed = invoice.price.times(&invoice.quantity)?;
    let billed = invoice.amount.map_or_else(|| computed.clone(), |printed| printed.exact());
    let billed_over = invoice.quantity.checked_sub(&receipt.quantity)?;
    let received_over = receipt.quantity.checked_sub(&order.quantity)?;
    let agreed = order.price.times(&invoice.quantity)?;
    let price_gap = computed.sub(&agreed)?;
    let value_gap = billed.sub(&computed)?;

    let mut found: Vec<(MatchReason, Unrounded)> = Vec::new();
    let beyond = |found: &mut Vec<_>, reason, inside: bool, value: Unrounded| {
        if !inside {
            found.push((reason, value));
        }
    };
    if billed_over.amount().is_sign_positive() && !billed_over.is_zero() {
        let value = invoice.price.times(&billed_over)?;
        if receipt.quantity.is_zero() {
            found.push((MatchReason::InvoicedNothingReceived, billed.clone()));
        } else {
            let inside = quantity_inside(&rules.quantity.over, &billed_over, &receipt.quantity, &value)?;
            beyond(&mut found, MatchReason::BilledMoreThanReceived, inside, value);
        }
    }
    let order_value = order.price.times(&received_over)?;
    if received_over.is_negative() {
        let inside = quantity_inside(&rules.quantity.under, &received_over, &order.quantity, &order_value)?;
        let nothing = Unrounded::zero(order_value.currency());
        beyond(&mut found, MatchReason::ShortDelivery, inside, nothing);
    } else if !received_over.is_zero() {
        let inside = match &rules.over_delivery {
            OverDelivery::Forbid => false,
            OverDelivery::Allow => true,
            OverDelivery::UpTo(most) => quantity_inside(most, &received_over, &order.quantity, &order_value)?,
        };
        beyond(&mut found, MatchReason::ReceivedMoreThanOrdered, inside, order_value);
    }
    beyond(
        &mut found,
        MatchReason::PriceDiffers,
        rules.price.allows(&price_gap, &agreed)?,
        price_gap.clone(),
    );
    beyond(&mut found, MatchReason::ValueGap, rules.value.allows(&value_gap, &computed)?, value_gap.clone());
    found.sort_by_key(|(reason, _)| *reason);

    let differs = !billed_over.is_zero()
        || !received_over.is_zero()
        || order.price.per_unit() != invoice.price.per_unit()
        || !value_gap.is_zero();
    let status = match (found.is_empty(), differs) {
        (false, _) => MatchStatus::Exception,
        (true, true) => MatchStatus::WithinTolerance,
        (true, false) => MatchStatus::Matched,
    };
    let billed = billed.round(&rules.rounding)?;
    let payable = payable(order, receipt, invoice, rules, status)?.smaller(&billed)?;
    let payable = payable.larger(&Money::zero(billed.currency()))?;
    let mut findings = Vec::with_capacity(found.len().max(1));
    for (reason, value) in &found {
        findings.push(MatchFinding { reason: *reason, value: value.round(&rules.rounding)? });
    }
    if findings.is_empty() {
        let reason = if differs { MatchReason::WithinTolerance } else { MatchReason::Matched };
        findings.push(MatchFinding { reason, value: billed.checked_sub(&payable)? });
    }
    let nothing = Quantity::zero(unit);
    let received_not_billed = if billed_over.is_negative() { billed_over.negated() } else { nothing };
    let billed_not_received = if billed_over.is_negative() { nothing } else { billed_over };
    let primary = findings
        .first()
        .copied()
        .unwrap_or(MatchFinding { reason: MatchReason::Matched, value: Money::zero(billed.currency()) });
    Ok(MatchResult { status, findings, primary, billed_not_received, received_not_billed, billed, payable })
}

fn check(order: &OrderLine, receipt: &ReceiptLine, invoice: &InvoiceLine) -> Result<(), SettlementError> {
    let quantities =
        [("ordered", order.quantity), ("received", receipt.quantity), ("billed", invoice.quantity)];
    for (what, quantity) in quantities {
        if quantity.is_negative() {
            return Err(SettlementError::NegativeQuantity { what, quantity });
        }
    }
    same_basis("the bill", order.price.tax(), invoice.price.tax())
}

pub(crate) fn same_basis(
    what: &'static str,
    expected: TaxBasis,
    found: TaxBasis,
) -> Result<(), SettlementError> {
    if expected == found { Ok(()) } else { Err(SettlementError::TaxBasisMismatch { what, expected, found }) }
}

/// Whether a difference in quantity passes: shares are measured in units, money in the value of the difference.
///
/// Both are brought to money at one price, so that one tolerance serves: `deviation / reference` units become
/// `value / (reference × value / deviation)`. At a price of zero no money differs, and units are compared instead.
fn quantity_inside(
    tolerance: &Tolerance,
    deviation: &Quantity,
    reference: &Quantity,
    value: &Unrounded,
) -> Result<bool, SettlementError> {
    let ratio = reference.to_exact().div(&deviation.to_exact())?;
    if value.is_zero() {
        let one = Unrounded::new(Exact::ONE, value.currency());
        return tolerance.allows_share(&one, &one.times(&ratio)?);
    }
    tolerance.allows(value, &value.times(&ratio)?)
}

fn payable(
    order: &OrderLine,
    receipt: &ReceiptLine,
    invoice: &InvoiceLine,
    rules: &MatchRules,
    status: MatchStatus,
) -> Result<Money, SettlementError> {
    let smaller = |one: Quantity, other: Quantity| -> Result<Quantity, SettlementError> {
        Ok(if one.compare(&other)?.is_le() { one } else { other })
    };
    let mut quantity = smaller(receipt.quantity, invoice.quantity)?;
    match (rules.payable, status) {
        (PayablePolicy::OrderedAtMost, _) => quantity = smaller(quantity, order.quantity)?,
        (PayablePolicy::HoldOnException, MatchStatus::Exception) => {
            return Ok(Money::zero(order.price.currency()));
        }
        (PayablePolicy::BilledWithinTolerance, MatchStatus::Matched | MatchStatus::WithinTolerance) => {
            let billed = invoice.price.times(&invoice.quantity)?.round(&rules.rounding)?;
            return Ok(invoice.amount.unwrap_or(billed));
        }
        _ => {}
    }
    let (at_order, at_bill) = (order.price.times(&quantity)?, invoice.price.times(&quantity)?);
    Ok(at_order.smaller(&at_bill)?.round(&rules.rounding)?)
}
