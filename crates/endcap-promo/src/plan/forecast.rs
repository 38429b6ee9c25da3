//! What an event should come to, and which events a budget should buy.

use endcap_types::{Exact, Money, PromotionId, Rate, Rounding};

use super::PlannedEvent;
use crate::break_even::{BreakEven, FundedEvent, of_funding};
use crate::bridge::{Bridge, BridgeInput, build};
use crate::exact_units::minor_per_unit;
use crate::{Accrual, FundingAmount, FundingVolume, Measure, Party, PromoError, SellIn};

/// An event at one lift (活动预测).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Forecast {
    /// Units with the event: `base · (1 + lift)`.
    pub units: Exact,
    /// What every funding line comes to.
    pub funding: Vec<FundingAmount>,
    /// Funding together.
    pub spend: Money,
    /// What the supplier keeps on top of a normal period: incremental contribution less funding.
    pub net_margin: Money,
    /// Lift at which that is nothing. Caps of funding lines are left out: they only help.
    pub break_even: BreakEven,
    /// Who pays and who gains.
    pub bridge: Bridge,
}

/// What an event comes to at a lift (预测损益).
///
/// # Errors
///
/// - [`PromoError::Types`] when an amount leaves the range of money or of exact numbers.
///
/// # Source
///
/// House rule: the money bridge of a finished event, with planned volumes.
pub fn forecast(event: &PlannedEvent, lift: &Rate) -> Result<Forecast, PromoError> {
    let promotion = &event.promotion;
    let currency = promotion.currency();
    let economics = &event.economics;
    let supply = minor_per_unit(&economics.supply_price)?;
    let cost = minor_per_unit(&economics.unit_cost)?;
    let shelf = minor_per_unit(&economics.shelf_regular)?;
    let units = event.base_units.add(&event.base_units.mul(&lift.to_exact())?)?;
    let invoiced = match &economics.sell_in {
        SellIn::EqualsSellOut => units.clone(),
        SellIn::Units(units) => units.to_exact(),
    };
    let shelf_promo = promotion.mechanic().planned_unit_price(&economics.shelf_regular)?.value().clone();
    let volume = FundingVolume {
        scanned: units.clone(),
        invoiced: invoiced.clone(),
        supply_price_minor: supply.clone(),
        shelf_price_minor: shelf_promo.clone(),
        currency,
        rounding: Rounding::HALF_AWAY,
    };
    let mut funding = Vec::with_capacity(promotion.funding().len());
    let mut unit_funding = Exact::ZERO;
    let mut fixed = Exact::ZERO;
    for line in promotion.funding() {
        let amount = line.amount(promotion.id(), &volume)?;
        unit_funding = unit_funding.add(&line.basis.per_unit_minor(&volume)?)?;
        if line.basis.accrual() == Accrual::Fixed {
            fixed = fixed.add(amount.payable.value())?;
        }
        funding.push(amount);
    }
    let bridge = build(
        &BridgeInput {
            base_units: event.base_units.clone(),
            actual_units: units.clone(),
            sell_in_units: invoiced,
            dip_units: Exact::ZERO,
            supply_price: supply.clone(),
            unit_cost: cost.clone(),
            shelf_regular: shelf,
            shelf_promo,
            currency,
            rounding: Rounding::HALF_AWAY,
        },
        &funding,
    )?;
    let break_even = of_funding(&FundedEvent {
        base_units: event.base_units.clone(),
        unit_contribution: supply.sub(&cost)?,
        unit_funding,
        fixed_spend: fixed,
        pull_forward_share: Exact::ZERO,
        cannibalised_share: Exact::ZERO,
        cannibalised_unit_contribution: Exact::ZERO,
    })?;
    Ok(Forecast {
        spend: Money::sum(funding.iter().map(|line| line.amount), currency)?,
        net_margin: bridge.net(Party::Supplier)?,
        units,
        funding,
        break_even,
        bridge,
    })
}

/// By what events are ranked (排序口径).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum RankBy {
    /// Expected net incremental margin.
    NetMargin,
    /// The same per money spent: what a tight budget should look at.
    NetPerSpend,
}

/// One event with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RankedEvent {
    /// The event.
    pub event: PromotionId,
    /// Expected spend.
    pub spend: Money,
    /// Expected net incremental margin.
    pub net_margin: Money,
    /// Net margin per money spent; undefined for an event that costs nothing.
    pub net_per_spend: Measure,
}

/// What a budget should buy (预算分配建议): a suggestion in order, not an optimiser's promise.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Portfolio {
    /// Events taken, best first: each earns something and still fits.
    pub taken: Vec<RankedEvent>,
    /// Events that earn something and did not fit any more.
    pub over_budget: Vec<RankedEvent>,
    /// Events expected to earn nothing or to lose.
    pub not_worth_it: Vec<RankedEvent>,
    /// Spend of those taken.
    pub spend: Money,
    /// Net margin of those taken.
    pub net_margin: Money,
}

/// Ranks planned events at their planned lifts and takes them in order while the budget lasts (活动排序).
///
/// Ties go to the lower id; the order given changes nothing.
///
/// # Errors
///
/// - [`PromoError::CurrencyDiffers`] when an event is in another currency than the budget.
/// - [`PromoError::Types`] when an amount leaves the range of money.
///
/// # Source
///
/// House rule.
pub fn rank(events: &[PlannedEvent], budget: Money, by: RankBy) -> Result<Portfolio, PromoError> {
    let mut ranked = Vec::with_capacity(events.len());
    for event in events {
        if event.promotion.currency() != budget.currency() {
            return Err(PromoError::CurrencyDiffers {
                what: "the budget",
                expected: event.promotion.currency(),
                found: budget.currency(),
            });
        }
        let forecast = forecast(event, &event.planned_lift)?;
        let per_spend = Measure::ratio(
            &Exact::from_int(forecast.net_margin.minor()),
            &Exact::from_int(forecast.spend.minor()),
            crate::Undefined::ZeroSpend,
        )?;
        ranked.push(RankedEvent {
            event: event.promotion.id().clone(),
            spend: forecast.spend,
            net_margin: forecast.net_margin,
            net_per_spend: per_spend,
        });
    }
    ranked.sort_by(|a, b| {
        let by_net = b.net_margin.minor().cmp(&a.net_margin.minor());
        let order = match by {
            RankBy::NetMargin => by_net,
            // What costs nothing comes before everything that costs something.
            RankBy::NetPerSpend => match (a.net_per_spend.value(), b.net_per_spend.value()) {
                (Some(a), Some(b)) => b.cmp(a),
                (None, Some(_)) => core::cmp::Ordering::Less,
                (Some(_), None) => core::cmp::Ordering::Greater,
                (None, None) => by_net,
            },
        };
        order.then_with(|| a.event.cmp(&b.event))
    });
    let zero = Money::zero(budget.currency());
    let mut portfolio = Portfolio {
        taken: Vec::new(),
        over_budget: Vec::new(),
        not_worth_it: Vec::new(),
        spend: zero,
        net_margin: zero,
    };
    for event in ranked {
        let spend = portfolio.spend.checked_add(&event.spend)?;
        if !event.net_margin.is_positive() {
            portfolio.not_worth_it.push(event);
        } else if spend.minor() > budget.minor() {
            portfolio.over_budget.push(event);
        } else {
            portfolio.spend = spend;
            portfolio.net_margin = portfolio.net_margin.checked_add(&event.net_margin)?;
            portfolio.taken.push(event);
        }
    }
    Ok(portfolio)
}
