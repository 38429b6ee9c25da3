//! Offers that look at one unit at a time: price cut, volume tier, member price, trade-in.

use super::state::{Effect, State};
use super::{BasketError, Context, LimitScope, PriceCut, Rule, Status, TierMode, UnitStep};

/// Every eligible unit, or as many as are left, gets a lower price.
///
/// # Source
///
/// House rule: one rounding a line, never below zero, never a dearer price.
pub(crate) fn price_cut(
    state: &State,
    rule: &Rule,
    context: &Context,
    cut: &PriceCut,
) -> Result<Effect, BasketError> {
    let (units, status) = first_units(state, rule, context);
    let mut effect = by_lot(state, &units, cut)?;
    effect.status = status;
    Ok(effect)
}

/// Tiers over the number of eligible units.
///
/// # Source
///
/// House rule: all units or marginal, as written in the offer; thresholds are reached at the number itself.
pub(crate) fn volume_tier(
    state: &State,
    rule: &Rule,
    context: &Context,
    steps: &[UnitStep],
    mode: TierMode,
) -> Result<Effect, BasketError> {
    let eligible = state.dearest_first(state.eligible(rule));
    let count = u64::try_from(eligible.len()).unwrap_or(u64::MAX);
    let reached = |units: u64| steps.iter().rfind(|step| u64::from(step.from_units) <= units);
    if reached(count).is_none() {
        let need = steps.first().map_or(0, |step| u64::from(step.from_units));
        return Ok(Effect::none(Status::UnitsShort { missing: need.saturating_sub(count) }));
    }
    let (discounted, status) = first_units(state, rule, context);
    let mut effect = match (mode, reached(count)) {
        (TierMode::AllUnits, Some(step)) => by_lot(state, &discounted, &step.cut)?,
        (TierMode::AllUnits, None) => Effect::none(Status::Applied),
        (TierMode::Marginal, _) => {
            let mut effect = Effect::cuts(Vec::new());
            for (at, step) in steps.iter().enumerate() {
                let from = usize::try_from(step.from_units.saturating_sub(1)).unwrap_or(usize::MAX);
                let next = steps.get(at.saturating_add(1));
                let to = next.map_or(usize::MAX, |next| {
                    usize::try_from(next.from_units.saturating_sub(1)).unwrap_or(usize::MAX)
                });
                let band = eligible.iter().skip(from).take(to.saturating_sub(from)).copied();
                let band: Vec<usize> = band.filter(|unit| discounted.contains(unit)).collect();
                effect.applications.extend(by_lot(state, &band, &step.cut)?.applications);
            }
            effect
        }
    };
    effect.status = status;
    Ok(effect)
}

/// An allowance for each old item handed over, on the dearest units, at most their price.
pub(crate) fn trade_in(
    state: &State,
    rule: &Rule,
    context: &Context,
    allowance: i128,
    residual: i128,
) -> Result<Effect, BasketError> {
    let handed_over = context.traded_in.get(&rule.id).copied().unwrap_or(0);
    if handed_over == 0 {
        return Ok(Effect::none(Status::NothingTradedIn));
    }
    let (mut units, status) = first_units(state, rule, context);
    units.truncate(usize::try_from(handed_over).unwrap_or(usize::MAX));
    let cut = PriceCut::Amount(endcap_types::Money::from_minor(allowance, state.currency)?);
    let mut effect = by_lot(state, &units, &cut)?;
    effect.recovered = residual.saturating_mul(i128::try_from(units.len()).unwrap_or(i128::MAX));
    effect.status = status;
    Ok(effect)
}

/// The eligible units an offer may still discount, dearest first, and the limit that bit.
fn first_units(state: &State, rule: &Rule, context: &Context) -> (Vec<usize>, Status) {
    let mut units = state.dearest_first(state.eligible(rule));
    let (left, scope) = context.units_left(rule);
    let left = usize::try_from(left).unwrap_or(usize::MAX);
    let status = limited(units.len() > left, scope);
    units.truncate(left);
    (units, status)
}

/// What to say when a limit on units did or did not bite.
pub(crate) fn limited(bites: bool, scope: Option<LimitScope>) -> Status {
    match scope {
        Some(scope) if bites => Status::CapReached { scope },
        _ => Status::Applied,
    }
}

/// One application a lot.
fn by_lot(state: &State, units: &[usize], cut: &PriceCut) -> Result<Effect, BasketError> {
    let lots = state.by_lot(units);
    let cuts: Result<Vec<_>, BasketError> = lots.values().map(|units| state.cut(units, cut)).collect();
    Ok(Effect::cuts(cuts?))
}
