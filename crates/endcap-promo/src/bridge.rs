//! The money bridge: every flow has two ends, so what one side pays another receives, to the minor unit.

use endcap_types::{ClauseId, Currency, Exact, Money, Rounding, Unrounded};

use crate::exact_units::value;
use crate::{Accrual, FundingAmount, FundingBasis, PromoError};

/// A side of the bridge (资金方).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Party {
    /// The brand that supplies (供应商).
    Supplier,
    /// The chain (零售商).
    Retailer,
    /// The shopper (消费者).
    Consumer,
    /// Whoever makes the goods: where unit cost goes (生产成本).
    Production,
}

/// What a flow is (资金流项).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum FlowKind {
    /// Till money of the event less what the base would have paid: `V1·p − V0·r`.
    ShopperPayments,
    /// Supply of the extra units at the supply price: `(V1 − V0)·i`.
    Supply,
    /// Making the extra units: `(V1 − V0)·c`.
    MakingGoods,
    /// Till money missing in the cooldown: `−dip·r`.
    ShopperPaymentsAfter,
    /// Supply missing in the cooldown: `−dip·i`.
    SupplyAfter,
    /// Units not made for the cooldown: `−dip·c`.
    MakingGoodsAfter,
    /// A funding line.
    Funding(ClauseId),
}

/// One payment (资金流): `from` pays `amount` to `to`; a negative amount is paid the other way.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Flow {
    /// What it is.
    pub kind: FlowKind,
    /// Who pays.
    pub from: Party,
    /// Who receives.
    pub to: Party,
    /// Before rounding; a funding line after its cap.
    pub exact: Unrounded,
    /// The posted amount: `exact` rounded once.
    pub amount: Money,
}

/// Volumes and prices of one event; all prices with tax or all without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BridgeInput {
    /// V0: units expected in the event.
    pub base_units: Exact,
    /// V1: units sold in the event.
    pub actual_units: Exact,
    /// Units invoiced in the buying window.
    pub sell_in_units: Exact,
    /// Units missing in the cooldown, negative for a rise.
    pub dip_units: Exact,
    /// i, minor units per unit.
    pub supply_price: Exact,
    /// c, minor units per unit.
    pub unit_cost: Exact,
    /// r, minor units per unit.
    pub shelf_regular: Exact,
    /// p, average over the event, minor units per unit.
    pub shelf_promo: Exact,
    /// Currency of every amount.
    pub currency: Currency,
    /// How every flow is posted.
    pub rounding: Rounding,
}

/// Who paid and who gained (资金桥).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Bridge {
    /// Every flow, zero ones included, in the order of the funding lines given.
    pub flows: Vec<Flow>,
    /// `V1·(r − p)`: what shoppers kept in their pockets (消费者节省).
    pub shopper_saving: Money,
    /// `V0·(r − p)`: the part kept by those who would have bought anyway.
    pub saving_of_base_buyers: Money,
    /// The part of the saving that the supplier's per-unit lines paid for, at most the saving. Free goods are not
    /// counted: they lower no shelf price.
    pub saving_funded_by_supplier: Money,
    /// The rest, paid by the retailer out of its margin.
    pub saving_funded_by_retailer: Money,
    /// Allowances on units bought in (off-invoice, bill-back, shares of sell-in), for those sold in the event.
    pub off_invoice_on_units_sold: Money,
    /// The same for units bought ahead and not sold in the event.
    pub off_invoice_on_forward_buy: Money,
    /// What the free goods cost to make: information, already inside the making of goods.
    pub free_goods_at_cost: Money,
}

/// Builds the bridge from volumes, prices and the amounts of the funding lines.
///
/// # Errors
///
/// - [`PromoError::Types`] when an amount leaves the range of money or a funding line is in another currency.
///
/// # Examples
///
/// ```
/// use endcap_promo::{bridge, BridgeInput, Party};
/// use endcap_types::{Currency, Exact, Rounding};
/// let n = Exact::from_int;
/// // 5.00 off at the retailer's own expense: 1,000 expected, 1,500 sold at 8.10 instead of 9.00.
/// let bridge = bridge::build(&BridgeInput {
///     base_units: n(1_000), actual_units: n(1_500), sell_in_units: n(1_500), dip_units: n(0),
///     supply_price: n(600), unit_cost: n(360), shelf_regular: n(900), shelf_promo: n(810),
///     currency: Currency::CNY, rounding: Rounding::HALF_AWAY,
/// }, &[])?;
/// assert_eq!(bridge.net(Party::Supplier)?.to_amount_string(), "1200.00");
/// assert_eq!(bridge.net(Party::Retailer)?.to_amount_string(), "150.00");
/// assert_eq!(bridge.net(Party::Consumer)?.to_amount_string(), "-3150.00");
/// assert!(bridge.sum_over_parties()?.is_zero());
/// # Ok::<(), endcap_promo::PromoError>(())
/// ```
///
/// # Source
///
/// House rule: flows with two ends, posted once.
pub fn build(input: &BridgeInput, funding: &[FundingAmount]) -> Result<Bridge, PromoError> {
    let currency = input.currency;
    let increment = input.actual_units.sub(&input.base_units)?;
    let missing = input.dip_units.negated();
    let worth = |units: &Exact, per_unit: &Exact| value(units, per_unit, currency);
    let base_value = worth(&input.base_units, &input.shelf_regular)?;
    let till = worth(&input.actual_units, &input.shelf_promo)?.sub(&base_value)?;
    let (c, r, s, p) = (Party::Consumer, Party::Retailer, Party::Supplier, Party::Production);
    let priced = [
        (FlowKind::ShopperPayments, c, r, till),
        (FlowKind::Supply, r, s, worth(&increment, &input.supply_price)?),
        (FlowKind::MakingGoods, s, p, worth(&increment, &input.unit_cost)?),
        (FlowKind::ShopperPaymentsAfter, c, r, worth(&missing, &input.shelf_regular)?),
        (FlowKind::SupplyAfter, r, s, worth(&missing, &input.supply_price)?),
        (FlowKind::MakingGoodsAfter, s, p, worth(&missing, &input.unit_cost)?),
    ];
    let mut flows = Vec::with_capacity(priced.len().saturating_add(funding.len()));
    for (kind, from, to, exact) in priced {
        let amount = exact.round(&input.rounding)?;
        flows.push(Flow { kind, from, to, exact, amount });
    }
    flows.extend(funding.iter().map(|line| Flow {
        kind: FlowKind::Funding(line.line.clone()),
        from: Party::Supplier,
        to: Party::Retailer,
        exact: line.payable.clone(),
        amount: line.amount,
    }));
    let cut = input.shelf_regular.sub(&input.shelf_promo)?;
    let shopper_saving = worth(&input.actual_units, &cut)?.round(&input.rounding)?;
    let saving_of_base_buyers = worth(&input.base_units, &cut)?.round(&input.rounding)?;
    let off_invoice = total(funding, currency, |basis| basis.accrual() == Accrual::UnitsInvoiced)?;
    let off_invoice_on_units_sold = sold_share(&off_invoice, input)?;
    let off_invoice_on_forward_buy = off_invoice.checked_sub(&off_invoice_on_units_sold)?;
    let scan_back = total(funding, currency, |basis| basis.accrual() == Accrual::UnitsScanned)?;
    // Allowances on goods that never reached a shopper cannot have paid for a shopper's saving.
    let variable = scan_back.checked_add(&off_invoice_on_units_sold)?;
    let zero = Money::zero(currency);
    let saving_funded_by_supplier = variable.smaller(&shopper_saving.larger(&zero)?)?;
    let saving_funded_by_retailer = shopper_saving.checked_sub(&saving_funded_by_supplier)?;
    let mut free_units = funding.iter().filter(|line| matches!(line.basis, FundingBasis::FreeGoods { .. }));
    let free_units = free_units.try_fold(Exact::ZERO, |sum, line| sum.add(&line.units))?;
    let free_goods_at_cost = worth(&free_units, &input.unit_cost)?.round(&input.rounding)?;
    Ok(Bridge {
        flows,
        shopper_saving,
        saving_of_base_buyers,
        saving_funded_by_supplier,
        saving_funded_by_retailer,
        off_invoice_on_units_sold,
        off_invoice_on_forward_buy,
        free_goods_at_cost,
    })
}

fn total(
    funding: &[FundingAmount],
    currency: Currency,
    wanted: impl Fn(&FundingBasis) -> bool,
) -> Result<Money, PromoError> {
    let amounts = funding.iter().filter(|line| wanted(&line.basis)).map(|line| line.amount);
    Ok(Money::sum(amounts, currency)?)
}

/// The part of the off-invoice money that goes with units sold: `min(1, V1 / S)`, rounded once; the rest is forward buying.
fn sold_share(off_invoice: &Money, input: &BridgeInput) -> Result<Money, PromoError> {
    if input.sell_in_units <= input.actual_units || input.sell_in_units.signum() <= 0 {
        return Ok(*off_invoice);
    }
    let share = input.actual_units.div(&input.sell_in_units)?;
    Ok(off_invoice.exact().times(&share)?.round(&input.rounding)?)
}

impl Bridge {
    /// What a party gained by the event, funding included: received less paid.
    ///
    /// # Errors
    ///
    /// - [`PromoError::Types`] when the sum leaves the range of money.
    pub fn net(&self, party: Party) -> Result<Money, PromoError> {
        let received = self.sum(|flow| flow.to == party)?;
        Ok(received.checked_sub(&self.sum(|flow| flow.from == party)?)?)
    }

    /// The sum of the nets of all parties: zero, by construction.
    ///
    /// # Errors
    ///
    /// - [`PromoError::Types`] when a sum leaves the range of money.
    pub fn sum_over_parties(&self) -> Result<Money, PromoError> {
        let parties = [Party::Supplier, Party::Retailer, Party::Consumer, Party::Production];
        let nets = parties.into_iter().map(|party| self.net(party)).collect::<Result<Vec<_>, _>>()?;
        Ok(Money::sum(nets, self.shopper_saving.currency())?)
    }

    /// All funding: what the supplier pays and grants, the retailer's back margin (后毛利).
    ///
    /// # Errors
    ///
    /// - [`PromoError::Types`] when the sum leaves the range of money.
    pub fn funding(&self) -> Result<Money, PromoError> {
        self.sum(|flow| matches!(flow.kind, FlowKind::Funding(_)))
    }

    /// Change of the retailer's front margin (前毛利): till money less supply, funding left out.
    ///
    /// # Errors
    ///
    /// - [`PromoError::Types`] when the sum leaves the range of money.
    pub fn front_margin_change(&self) -> Result<Money, PromoError> {
        Ok(self.net(Party::Retailer)?.checked_sub(&self.funding()?)?)
    }

    /// The supplier's margin on units that came on top, before funding: supply less making.
    ///
    /// # Errors
    ///
    /// - [`PromoError::Types`] when the sum leaves the range of money.
    pub fn supplier_margin_change(&self) -> Result<Money, PromoError> {
        Ok(self.net(Party::Supplier)?.checked_add(&self.funding()?)?)
    }

    /// The supplier's revenue on units that came on top, at the supply price.
    ///
    /// # Errors
    ///
    /// - [`PromoError::Types`] when the sum leaves the range of money.
    pub fn supplier_revenue_change(&self) -> Result<Money, PromoError> {
        self.sum(|flow| matches!(flow.kind, FlowKind::Supply | FlowKind::SupplyAfter))
    }

    fn sum(&self, wanted: impl Fn(&Flow) -> bool) -> Result<Money, PromoError> {
        let amounts = self.flows.iter().filter(|flow| wanted(flow)).map(|flow| flow.amount);
        Ok(Money::sum(amounts, self.shopper_saving.currency())?)
    }
}
