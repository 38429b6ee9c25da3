//! Offers on the eligible spend: threshold and coupon at the till; gift, rebate and points after it.

use endcap_types::{Money, SkuId};

use super::item::limited;
use super::state::{Effect, State, share};
use super::{BasketError, Context, GiftFor, Handout, LimitScope, RebateRule, Rule, Status, Threshold};

/// A threshold over the eligible spend.
///
/// # Source
///
/// House rule: reached at the amount itself, measured after the stages before; the highest tier, not the sum.
pub(crate) fn threshold(state: &State, rule: &Rule, threshold: &Threshold) -> Result<Effect, BasketError> {
    let units = state.eligible(rule);
    let spend = state.sum(&units);
    let missing = |need: i128| -> Result<Effect, BasketError> {
        let missing = Money::from_minor(need.saturating_sub(spend), state.currency)?;
        Ok(Effect::none(Status::SpendShort { missing }))
    };
    let mut status = Status::Applied;
    let (off, times) = match threshold {
        Threshold::Once(step) if spend >= step.spend.minor() => (step.off.minor(), 1),
        Threshold::Once(step) => return missing(step.spend.minor()),
        Threshold::Repeat(step) => {
            let times = spend.checked_div(step.spend.minor()).unwrap_or(0);
            if times == 0 {
                return missing(step.spend.minor());
            }
            let most = rule.limits.applications.map_or(i128::MAX, i128::from);
            status = limited(times > most, Some(LimitScope::Basket));
            (step.off.minor(), times.min(most))
        }
        Threshold::Tiered(steps) => match steps.iter().rfind(|step| spend >= step.spend.minor()) {
            Some(step) => (step.off.minor(), 1),
            None => return missing(steps.first().map_or(0, |step| step.spend.minor())),
        },
        Threshold::Percent(steps) => match steps.iter().rfind(|step| spend >= step.spend.minor()) {
            Some(step) => (share(spend, &step.rate.to_exact(), state.currency)?, 1),
            None => return missing(steps.first().map_or(0, |step| step.spend.minor())),
        },
    };
    let most_each = rule.limits.amounts.get(&LimitScope::Application).map_or(i128::MAX, Money::minor);
    if off > most_each {
        status = Status::CapReached { scope: LimitScope::Application };
    }
    let total = off.min(most_each).saturating_mul(times).min(spend);
    let cuts = state.split(&units, total)?;
    Ok(Effect { status, ..Effect::cuts(vec![cuts]) })
}

/// One coupon, at most the eligible spend.
///
/// # Source
///
/// House rule: one a transaction, never above what is left to pay.
pub(crate) fn coupon(state: &State, rule: &Rule, face: i128, minimum: i128) -> Result<Effect, BasketError> {
    let units = state.eligible(rule);
    let spend = state.sum(&units);
    if spend < minimum || spend == 0 {
        return short(state, minimum.saturating_sub(spend));
    }
    Ok(Effect::cuts(vec![state.split(&units, face.min(spend))?]))
}

/// Goods handed out for units bought or money spent, while they last.
pub(crate) fn gift(
    state: &State,
    rule: &Rule,
    context: &Context,
    given_for: GiftFor,
    (gifts, value): (&[SkuId], Money),
) -> Result<Effect, BasketError> {
    let units = state.eligible(rule);
    let times = match given_for {
        GiftFor::Units(need) => {
            let have = u64::try_from(units.len()).unwrap_or(u64::MAX);
            let times = have.checked_div(u64::from(need)).unwrap_or(0);
            if times == 0 {
                return Ok(Effect::none(Status::UnitsShort {
                    missing: u64::from(need).saturating_sub(have),
                }));
            }
            times
        }
        GiftFor::Spend(need) => {
            let spend = state.sum(&units);
            let times = spend.checked_div(need.minor()).unwrap_or(0);
            if times == 0 {
                return short(state, need.minor().saturating_sub(spend));
            }
            u64::try_from(times).unwrap_or(u64::MAX)
        }
    };
    let (left, scope) = context.units_left(rule);
    let most = rule.limits.applications.unwrap_or(u64::MAX);
    let mut status =
        if times > most { limited(true, Some(LimitScope::Basket)) } else { limited(times > left, scope) };
    let mut wanted = times.min(most).min(left);
    let mut effect = Effect::none(Status::Applied);
    for sku in gifts {
        let stock = context.gift_stock.get(sku).copied().unwrap_or(0);
        let given = wanted.min(stock);
        if given > 0 {
            let worth = value.minor().saturating_mul(i128::from(given));
            let value = Money::from_minor(worth, state.currency)?;
            effect.handed_out.push(Handout { sku: sku.clone(), units: given, value });
            wanted = wanted.saturating_sub(given);
        }
    }
    if wanted > 0 {
        status = Status::GiftsShort { missing: wanted };
    }
    effect.status = status;
    Ok(effect)
}

/// Money that may be claimed later.
pub(crate) fn rebate(
    state: &State,
    rule: &Rule,
    rebate: RebateRule,
    minimum: i128,
) -> Result<Effect, BasketError> {
    let spend = state.sum(&state.eligible(rule));
    if spend < minimum || spend == 0 {
        return short(state, minimum.saturating_sub(spend));
    }
    let later = match rebate {
        RebateRule::Rate(rate) => share(spend, &rate.to_exact(), state.currency)?,
        RebateRule::Amount(amount) => amount.minor().min(spend),
    };
    Ok(Effect { later, ..Effect::none(Status::Applied) })
}

/// Points on what is left to pay, carried-over spend included: `⌊(c + s)/u⌋·k − ⌊c/u⌋·k`.
///
/// # Source
///
/// House rule: whole steps of spend only.
pub(crate) fn points(
    state: &State,
    rule: &Rule,
    context: &Context,
    per: i128,
    points: u32,
) -> Result<Effect, BasketError> {
    let carried = context.carried_spend.get(&rule.id).map_or(0, Money::minor).max(0);
    let spend = state.sum(&state.eligible(rule));
    let steps = |minor: i128| minor.checked_div(per).unwrap_or(0);
    let earned = steps(carried.saturating_add(spend)).saturating_sub(steps(carried));
    if earned == 0 {
        let next = per.saturating_sub(carried.saturating_add(spend).checked_rem(per).unwrap_or(0));
        return short(state, next);
    }
    let points = u64::try_from(earned).unwrap_or(u64::MAX).saturating_mul(u64::from(points));
    Ok(Effect { points, ..Effect::none(Status::Applied) })
}

fn short(state: &State, missing: i128) -> Result<Effect, BasketError> {
    let missing = Money::from_minor(missing.max(0), state.currency)?;
    Ok(Effect::none(Status::SpendShort { missing }))
}
