//! From weekly sales to a verdict.

use endcap_types::{Exact, Money};

use crate::border::{exact_to_estimate, fraction, units_from_estimate};
use crate::evaluation::{Evaluation, Measured, Outcome, Reading};
use crate::exact_units::{minor, minor_per_unit, value};
use crate::frame::Frame;
use crate::options::check_terms;
use crate::{
    Baseline, BreakEven, BridgeInput, DecisionRule, Economics, Estimate, EvaluationOptions, EvidenceGap,
    FundedEvent, FundingAmount, FundingBasis, FundingVolume, Gate, Measure, NotEvaluable, PromoError,
    Promotion, SellIn, Shortfall, Undefined, Verdict, WeeklySeries, baseline, break_even, bridge, kpi, noise,
    verdict,
};

/// Judges one event (活动评估) from weekly sell-out of the promoted items.
///
/// Event weeks are the whole weeks the promotion touches; the cooldown follows. Both are forecast from clean weeks
/// around them by two baselines, each with its own interval from placebo windows ([`noise`]). Units cross to the
/// exact side with six decimals, and money is computed from them there, each amount rounded once.
///
/// # Errors
///
/// - [`PromoError::OptionOutOfRange`], [`PromoError::BaselineParameter`] for the options.
/// - [`PromoError::CurrencyDiffers`], [`PromoError::UnitDiffers`], [`PromoError::TaxBasisDiffers`],
///   [`PromoError::NegativeUnits`] for prices and quantities.
/// - [`PromoError::EventOutsideSeries`] when the event does not start within the series.
/// - [`PromoError::Types`], [`PromoError::EstimateOutOfRange`] when a figure leaves its range.
///
/// Data that are sound but do not allow a judgement are no error: see [`Outcome::NotMeasurable`].
///
/// # Examples
///
/// See the [crate documentation](crate).
///
/// # Source
///
/// House rule: one window for event and cooldown, a gate before any figure, two baselines before any verdict.
pub fn evaluate(
    promotion: &Promotion,
    series: &WeeklySeries,
    economics: &Economics,
    options: &EvaluationOptions,
) -> Result<Evaluation, PromoError> {
    options.check()?;
    check_terms(promotion, series, economics)?;
    let frame = Frame::new(promotion, series, options)?;
    let actual_units = frame.sold(&frame.event)?;
    let shelf_price = average_shelf_price(promotion, economics, &frame, &actual_units)?;
    let volume = funding_volume(promotion, economics, &actual_units, &shelf_price, options)?;
    let funding = promotion.funding().iter().map(|line| line.amount(promotion.id(), &volume));
    let funding = funding.collect::<Result<Vec<FundingAmount>, _>>()?;
    let spend = Money::sum(funding.iter().map(|line| line.amount), promotion.currency())?;
    let case =
        Case { promotion, economics, options, frame: &frame, funding: &funding, volume: &volume, spend };
    let outcome = match frame.obstacle(options) {
        Some(why) => Outcome::NotMeasurable(why),
        None => case.measure(&actual_units)?,
    };
    let chart = frame.chart(&options.baseline)?;
    let event = frame.event_period(promotion)?;
    let promotion = promotion.id().clone();
    let confidence = options.confidence;
    Ok(Evaluation { promotion, event, actual_units, funding, spend, confidence, chart, outcome })
}

fn funding_volume(
    promotion: &Promotion,
    economics: &Economics,
    scanned: &Exact,
    shelf_price: &Exact,
    options: &EvaluationOptions,
) -> Result<FundingVolume, PromoError> {
    let invoiced = match &economics.sell_in {
        SellIn::EqualsSellOut => scanned.clone(),
        SellIn::Units(quantity) => quantity.to_exact(),
    };
    Ok(FundingVolume {
        scanned: scanned.clone(),
        invoiced,
        supply_price_minor: minor_per_unit(&economics.supply_price)?,
        shelf_price_minor: shelf_price.clone(),
        currency: promotion.currency(),
        rounding: options.rounding,
    })
}

/// Volume-weighted shelf price of the event, minor units per unit; the planned price where a week's is unknown.
fn average_shelf_price(
    promotion: &Promotion,
    economics: &Economics,
    frame: &Frame,
    actual_units: &Exact,
) -> Result<Exact, PromoError> {
    let planned = promotion.mechanic().planned_unit_price(&economics.shelf_regular)?;
    if actual_units.signum() <= 0 {
        return Ok(planned.value().clone());
    }
    let mut till = Exact::ZERO;
    for at in &frame.event {
        let (Some(units), Some(week)) = (frame.series.units(*at), frame.series.weeks().get(*at)) else {
            continue;
        };
        let price = match &week.shelf_price {
            Some(price) => minor_per_unit(price)?,
            None => planned.value().clone(),
        };
        till = till.add(&units.mul(&price)?)?;
    }
    Ok(till.div(actual_units)?)
}

/// Everything a reading needs.
struct Case<'a> {
    promotion: &'a Promotion,
    economics: &'a Economics,
    options: &'a EvaluationOptions,
    frame: &'a Frame,
    funding: &'a [FundingAmount],
    volume: &'a FundingVolume,
    spend: Money,
}

impl Case<'_> {
    fn measure(&self, actual_units: &Exact) -> Result<Outcome, PromoError> {
        let methods = [self.options.baseline, self.options.cross_check];
        let readings =
            methods.iter().map(|method| self.read(method, actual_units)).collect::<Result<Vec<_>, _>>()?;
        let Some(primary) = readings.first() else {
            return Ok(Outcome::NotMeasurable(NotEvaluable::PrePeriodTooShort));
        };
        let bridge = bridge::build(&self.bridge_input(primary, actual_units)?, self.funding)?;
        let incremental_margin = bridge.supplier_margin_change()?;
        let returns = kpi::return_on_spend(
            incremental_margin.exact().value(),
            self.spend.exact().value(),
            &primary.net_incremental_units,
        )?;
        let effect = agreed(&readings, |reading| reading.effect.verdict);
        let payback = agreed(&readings, |reading| reading.payback);
        Ok(Outcome::Measured(Box::new(Measured {
            incremental_revenue: bridge.supplier_revenue_change()?,
            incremental_margin,
            net_margin: incremental_margin.checked_sub(&self.spend)?,
            returns,
            break_even: self.break_even(&primary.base_units)?,
            bridge,
            effect,
            payback,
            readings,
        })))
    }

    /// The event under one baseline.
    fn read(&self, method: &Baseline, actual_units: &Exact) -> Result<Reading, PromoError> {
        let frame = self.frame;
        let window = frame.window();
        let expected = baseline::expected(method, &frame.units, &frame.clean, &window)?;
        let exact = expected.iter().map(|base| units_from_estimate(*base)).collect::<Result<Vec<_>, _>>()?;
        let (event, cooldown) = exact.split_at_checked(frame.event.len()).unwrap_or((&exact, &[]));
        let sum = |weeks: &[Exact]| weeks.iter().try_fold(Exact::ZERO, |sum, base| sum.add(base));
        let base_units = sum(event)?;
        let incremental_units = actual_units.sub(&base_units)?;
        let post_dip_units = sum(cooldown)?.sub(&frame.sold(&frame.cooldown)?)?;
        let net_incremental_units = incremental_units.sub(&post_dip_units)?;
        let fit_error = noise::weighted_error(method, &frame.units, &frame.clean)?.unwrap_or(f64::INFINITY);
        let gate =
            if fit_error <= fraction(&self.options.max_fit_error) { Gate::Pass } else { Gate::PoorFit };
        let material = self.options.material_lift.to_exact().mul(&base_units)?;
        let rule = DecisionRule {
            alpha: fraction(&self.options.confidence.complement()?),
            material_effect: exact_to_estimate(&material)?.max(0.0),
        };
        let decide = |units: &Exact, weeks: usize| -> Result<_, PromoError> {
            let noise = noise::of_windows(method, &frame.units, &frame.clean, weeks)?;
            let point = exact_to_estimate(units)?;
            let estimate = Estimate { point, standard_error: noise.standard_error, df: noise.df };
            verdict::decide(&estimate, &rule, gate)
        };
        let gross = decide(&incremental_units, frame.event.len())?;
        let effect = decide(&net_incremental_units, window.len())?;
        let supplier_net = self.supplier_net(&incremental_units, &post_dip_units)?;
        let (low, high) = effect.evidence.map_or((0.0, 0.0), |evidence| (evidence.low, evidence.high));
        let ends = (
            self.supplier_net(&units_from_estimate(low)?, &Exact::ZERO)?,
            self.supplier_net(&units_from_estimate(high)?, &Exact::ZERO)?,
        );
        let (supplier_net_low, supplier_net_high) = (ends.0.smaller(&ends.1)?, ends.0.larger(&ends.1)?);
        let could_have_seen = effect.evidence.map(|evidence| evidence.detectable);
        let payback = payback(gate, &supplier_net_low, &supplier_net_high, could_have_seen);
        Ok(Reading {
            method: *method,
            lift: kpi::lift(&incremental_units, &base_units)?,
            pull_forward_share: Measure::ratio(&post_dip_units, &incremental_units, Undefined::NoIncrement)?,
            base_units,
            incremental_units,
            post_dip_units,
            net_incremental_units,
            fit_error,
            gate,
            gross,
            effect,
            supplier_net,
            supplier_net_low,
            supplier_net_high,
            payback,
        })
    }

    /// Supply less making of what came on top, less the same of what is missing afterwards, each posted, less all
    /// funding: the postings of the bridge.
    fn supplier_net(&self, incremental: &Exact, missing: &Exact) -> Result<Money, PromoError> {
        let currency = self.promotion.currency();
        let mut net = self.spend.negated();
        for units in [incremental.clone(), missing.negated()] {
            let posted = |price| -> Result<Money, PromoError> {
                Ok(value(&units, &minor_per_unit(price)?, currency)?.round(&self.options.rounding)?)
            };
            let margin =
                posted(&self.economics.supply_price)?.checked_sub(&posted(&self.economics.unit_cost)?)?;
            net = net.checked_add(&margin)?;
        }
        Ok(net)
    }

    fn bridge_input(&self, reading: &Reading, actual_units: &Exact) -> Result<BridgeInput, PromoError> {
        let invoiced = match &self.economics.sell_in {
            SellIn::EqualsSellOut => actual_units.clone(),
            SellIn::Units(quantity) => quantity.to_exact(),
        };
        Ok(BridgeInput {
            base_units: reading.base_units.clone(),
            actual_units: actual_units.clone(),
            sell_in_units: invoiced,
            dip_units: reading.post_dip_units.clone(),
            supply_price: minor_per_unit(&self.economics.supply_price)?,
            unit_cost: minor_per_unit(&self.economics.unit_cost)?,
            shelf_regular: minor_per_unit(&self.economics.shelf_regular)?,
            shelf_promo: self.volume.shelf_price_minor.clone(),
            currency: self.promotion.currency(),
            rounding: self.options.rounding,
        })
    }

    /// Break-even at the planned rates: per-unit lines on every unit, lumps and free goods as fixed spend;
    /// sell-in equals sell-out and caps do not bite.
    fn break_even(&self, base_units: &Exact) -> Result<BreakEven, PromoError> {
        let currency = self.promotion.currency();
        let supply = minor_per_unit(&self.economics.supply_price)?;
        let (mut unit_funding, mut fixed_spend) = (Exact::ZERO, Exact::ZERO);
        for line in self.promotion.funding() {
            unit_funding = unit_funding.add(&line.basis.per_unit_minor(self.volume)?)?;
            fixed_spend = match &line.basis {
                FundingBasis::LumpSum { amount } => fixed_spend.add(&minor(*amount, currency)?)?,
                FundingBasis::FreeGoods { units } => {
                    fixed_spend.add(&supply.mul(&Exact::from_int(i128::from(*units)))?)?
                }
                _ => fixed_spend,
            };
        }
        break_even::of_funding(&FundedEvent {
            base_units: base_units.clone(),
            unit_contribution: supply.sub(&minor_per_unit(&self.economics.unit_cost)?)?,
            unit_funding,
            fixed_spend,
            pull_forward_share: Exact::ZERO,
            cannibalised_share: Exact::ZERO,
            cannibalised_unit_contribution: Exact::ZERO,
        })
    }
}

fn payback(gate: Gate, low: &Money, high: &Money, could_have_seen: Option<f64>) -> Verdict {
    if gate != Gate::Pass {
        Verdict::NotEnoughEvidence { because: EvidenceGap::PoorFit, could_have_seen }
    } else if low.is_positive() {
        Verdict::Works
    } else if high.is_negative() {
        Verdict::DoesNot { because: Shortfall::BelowZero }
    } else {
        Verdict::NotEnoughEvidence { because: EvidenceGap::Underpowered, could_have_seen }
    }
}

/// The first reading's verdict, unless it is definite and another reading does not share it.
fn agreed(readings: &[Reading], of: impl Fn(&Reading) -> Verdict) -> Verdict {
    let Some(first) = readings.first() else {
        let because = EvidenceGap::BaselinesDisagree;
        return Verdict::NotEnoughEvidence { because, could_have_seen: None };
    };
    let verdict = of(first);
    let shared = readings.iter().all(|reading| of(reading).agrees_with(&verdict));
    if shared || matches!(verdict, Verdict::NotEnoughEvidence { .. }) {
        return verdict;
    }
    let could_have_seen = first.effect.evidence.map(|evidence| evidence.detectable);
    Verdict::NotEnoughEvidence { because: EvidenceGap::BaselinesDisagree, could_have_seen }
}
