//! [`Plan`]: the commission, guarantee and rounding of one contract, compiled for one period.

use endcap_calendar::Period;
use endcap_types::{Currency, Exact, Money, Rate, Rounding, Unrounded};

use super::error::BatchError;
use crate::curve::rounded;
use crate::{
    Contract, Guarantee, GuaranteeAlgorithm, GuaranteeMeasure, Method, PromotionSales, SettlementError,
    TierMethod, TierTable, TopUpBase, TurnoverDeduction,
};

/// 扣点方案: how the turnover of one group becomes commission and top-up; see [`TurnoverState`](super::TurnoverState).
///
/// The rows of a group are the till sales of one contract, in its scope, in one settlement period.
///
/// # Source
/// As [`TurnoverDeduction`](crate::TurnoverDeduction), of which it is the part that can be settled over columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    currency: Currency,
    rounding: Rounding,
    commission: Commission,
    guarantee: Option<Promised>,
}

/// How turnover is charged.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Commission {
    Rate(Share),
    Tiers(TierMethod, TierTable),
    /// The rate up to the guarantee, bands above it.
    Overage(Share, TierTable),
}

/// A rate as a fraction over a power of ten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Share {
    rate: Rate,
    numerator: i128,
    denominator: i128,
}

/// The guarantee of the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Promised {
    minor: i128,
    rate: Share,
    measured: Measured,
    top_up_on: TopUpBase,
}

/// What is compared with the guarantee.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measured {
    Turnover,
    Commission,
}

/// 结果: what one group turned over and is charged, in minor units and in the tax basis of its contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Charged {
    /// 流水: turnover.
    pub turnover_minor: i128,
    /// 扣点: commission, rounded once.
    pub commission_minor: i128,
    /// 保底补差: guarantee top-up, rounded once.
    pub top_up_minor: i128,
}

impl Share {
    fn new(rate: Rate) -> Self {
        // A rate has few decimals and no big digits, so its fraction is always held in 128 bits.
        let (numerator, denominator) = rate.to_exact().fraction().unwrap_or((0, 1));
        Self { rate, numerator, denominator }
    }

    /// The share of an integer, as a fraction.
    fn of(&self, minor: i128) -> Option<(i128, i128)> {
        Some((minor.checked_mul(self.numerator)?, self.denominator))
    }
}

impl Plan {
    /// The plan of a contract under turnover deduction for one settlement period.
    ///
    /// Clauses of the contract are not part of it; its amounts are in the tax basis of the contract.
    ///
    /// # Errors
    /// - [`BatchError::NotInBatch`] for terms that need more than the turnover of a group: another method, rates for
    ///   part of the sales, rent, a guarantee over earlier statements or without promotion sales.
    /// - [`SettlementError::PeriodOutsideContract`] as [`settle`](crate::settle).
    /// - [`SettlementError::GuaranteePeriod`] when the period is not one guarantee cycle.
    /// - [`SettlementError::Types`], [`SettlementError::Calendar`] when a value leaves its range.
    pub fn new(contract: &Contract, period: Period) -> Result<Self, SettlementError> {
        let terms = contract.terms();
        let refused = |term| BatchError::NotInBatch { contract: terms.id.clone(), term };
        let Method::TurnoverDeduction(method) = &terms.method else {
            return Err(refused("another method than turnover deduction").into());
        };
        if let Some(term) = beyond_turnover(method) {
            return Err(refused(term).into());
        }
        let window = period.intersect(terms.valid).ok_or_else(|| SettlementError::PeriodOutsideContract {
            contract: terms.id.clone(),
            period,
            valid: terms.valid,
        })?;
        let guarantee = match &method.guarantee {
            Some(guarantee) => Some(promised(contract, guarantee, period, window)?),
            None => None,
        };
        let rate = Share::new(method.rate);
        let overage = method.guarantee.as_ref().and_then(|guarantee| guarantee.overage.as_ref());
        let commission = match (&method.tiers, overage) {
            (Some(tiers), _) => Commission::Tiers(tiers.method, tiers.table.clone()),
            (None, Some(table)) => Commission::Overage(rate, table.clone()),
            (None, None) => Commission::Rate(rate),
        };
        Ok(Self { currency: terms.currency, rounding: terms.rounding, commission, guarantee })
    }

    /// Commission and top-up of a turnover in minor units.
    ///
    /// # Errors
    /// - [`SettlementError::Types`] when an amount is out of range.
    pub fn charge(&self, turnover_minor: i128) -> Result<Charged, SettlementError> {
        let turnover = Money::from_minor(turnover_minor, self.currency)?.minor();
        let commission = self.post(self.commission(turnover), || self.slow_commission(turnover))?;
        let top_up = match &self.guarantee {
            Some(guarantee) => self.top_up(guarantee, turnover, commission)?,
            None => 0,
        };
        Ok(Charged { turnover_minor: turnover, commission_minor: commission, top_up_minor: top_up })
    }

    /// Rounds a fraction of minor units; where 128 bits do not hold it, the same as an exact number.
    fn post(
        &self,
        fast: Option<(i128, i128)>,
        slow: impl FnOnce() -> Result<Exact, SettlementError>,
    ) -> Result<i128, SettlementError> {
        let step = self.rounding.step_minor().get();
        let posted = match fast.and_then(|fraction| rounded(fraction, step, self.rounding.mode())) {
            Some(minor) => Money::from_minor(minor, self.currency)?,
            None => Unrounded::new(slow()?, self.currency).round(&self.rounding)?,
        };
        Ok(posted.minor())
    }

    fn promised_minor(&self) -> i128 {
        self.guarantee.as_ref().map_or(0, |guarantee| guarantee.minor)
    }

    fn commission(&self, turnover: i128) -> Option<(i128, i128)> {
        let per_major = self.currency.minor_per_major();
        match &self.commission {
            Commission::Rate(rate) => rate.of(turnover),
            Commission::Tiers(method, table) => table.curve()?.minor(*method, turnover, per_major),
            Commission::Overage(rate, table) => {
                let promised = self.promised_minor();
                let (num, den) = rate.of(turnover.min(promised))?;
                let excess = turnover.checked_sub(promised)?.max(0);
                let (more, scale) = table.curve()?.minor(TierMethod::Marginal, excess, per_major)?;
                let sum = num.checked_mul(scale)?.checked_add(more.checked_mul(den)?)?;
                Some((sum, den.checked_mul(scale)?))
            }
        }
    }

    fn slow_commission(&self, turnover: i128) -> Result<Exact, SettlementError> {
        let minor = Exact::from_int(self.currency.minor_per_major());
        let bands = |method, table: &TierTable, x: i128| -> Result<Exact, SettlementError> {
            Ok(table.evaluate(method, &Exact::from_int(x).div(&minor)?)?.mul(&minor)?)
        };
        match &self.commission {
            Commission::Rate(rate) => Ok(Exact::from_int(turnover).mul(&rate.rate.to_exact())?),
            Commission::Tiers(method, table) => bands(*method, table, turnover),
            Commission::Overage(rate, table) => {
                let promised = self.promised_minor();
                let inside = Exact::from_int(turnover.min(promised)).mul(&rate.rate.to_exact())?;
                let excess = turnover.saturating_sub(promised).max(0);
                Ok(inside.add(&bands(TierMethod::Marginal, table, excess)?)?)
            }
        }
    }

    /// ```text
    /// reached when measured ≥ guarantee
    /// top-up  = (guarantee − measured) × rate                       shortfall
    ///         = max(0, guarantee or turnover × rate − commission)   otherwise
    /// ```
    fn top_up(
        &self,
        guarantee: &Promised,
        turnover: i128,
        commission: i128,
    ) -> Result<i128, SettlementError> {
        let measured = match guarantee.measured {
            Measured::Turnover => turnover,
            Measured::Commission => commission,
        };
        if measured >= guarantee.minor {
            return Ok(0);
        }
        // Both are money, far from the edge of 128 bits.
        let shortfall = guarantee.minor.saturating_sub(measured);
        let (base, less) = match guarantee.top_up_on {
            TopUpBase::Shortfall => (shortfall, None),
            TopUpBase::Guarantee => (guarantee.minor, Some(commission)),
            TopUpBase::Turnover => (turnover, Some(commission)),
        };
        let slow = || Ok(Exact::from_int(base).mul(&guarantee.rate.rate.to_exact())?);
        let charge = self.post(guarantee.rate.of(base), slow)?;
        Ok(less.map_or(charge, |commission| charge.saturating_sub(commission).max(0)))
    }
}

/// The first term that the turnover of a group alone does not settle.
fn beyond_turnover(method: &TurnoverDeduction) -> Option<&'static str> {
    if method.till.is_some() {
        return Some("how the till is read");
    }
    if !method.overrides.is_empty() || !method.rates.is_empty() {
        return Some("rates for part of the sales");
    }
    if method.occupancy.is_some() {
        return Some("rent");
    }
    let guarantee = method.guarantee.as_ref()?;
    if guarantee.algorithm != GuaranteeAlgorithm::PerPeriod {
        return Some("a guarantee over several statements");
    }
    if !matches!(guarantee.measure, GuaranteeMeasure::Turnover | GuaranteeMeasure::Commission) {
        return Some("a guarantee over more than turnover and commission");
    }
    (guarantee.promotion_sales == PromotionSales::Exclude).then_some("a guarantee without promotion sales")
}

/// The guarantee of the cycle, by days where the contract covers only part of it.
fn promised(
    contract: &Contract,
    guarantee: &Guarantee,
    period: Period,
    window: Period,
) -> Result<Promised, SettlementError> {
    let valid = contract.terms().valid;
    let cycle = Period::containing(guarantee.cycle, window.start())?;
    if cycle.intersect(valid) != Some(window) {
        let expected = "one settlement for each whole guarantee cycle";
        return Err(SettlementError::GuaranteePeriod { period, expected });
    }
    let whole = contract.money(guarantee.amount)?;
    let covered = cycle.overlap_days(valid);
    let minor = if covered == cycle.days() {
        whole.minor()
    } else {
        let part = whole.exact().times_ratio(covered.into(), cycle.days().into())?;
        part.round(&contract.terms().rounding)?.minor()
    };
    let measured = match guarantee.measure {
        GuaranteeMeasure::Commission => Measured::Commission,
        // `beyond_turnover` refuses what needs more.
        _ => Measured::Turnover,
    };
    let (rate, top_up_on) = (Share::new(guarantee.rate), guarantee.top_up_on);
    Ok(Promised { minor, rate, measured, top_up_on })
}
