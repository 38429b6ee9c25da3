//! Accrual of trade terms: what is booked before the settlement, and how it is undone.
//!
//! | item | what it is |
//! |---|---|
//! | [`AccrualRule`] | 计提规则: the tier table of a clause and how its accrual is rounded |
//! | [`Estimator`] | 估计方法: current tier, forecast tier, historical rate |
//! | [`AccrualRule::accrue`], [`Accrual`] | 计提: what to book now, on top of what is booked |
//! | [`AccrualRule::true_up`] | 清算: what is missing once the final amount is known |
//! | [`release`], [`Settlement`], [`AccrualRelease`] | 冲回: the accrual given back against the settlement |
//!
//! Every accrual is cumulative, `round(rate × base to date) − accrued`, so the bookings of any sequence of dates sum to
//! the last target: nothing drifts. The rebate is an amount above zero for the one who owes it.

use endcap_types::{Currency, Exact, Money, Rate, Rounding, Unrounded};

use crate::credit::{CreditError, not_negative, rate_not_negative};
use crate::{SettlementError, TierMethod, TierTable};

/// 估计方法: which effective rate an accrual uses.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Estimator {
    /// 当前档: the entitlement of the base to date; too low until a retroactive tier is reached.
    CurrentTier,
    /// 预测档: `entitlement(forecast) / forecast`, the rate expected for the whole period.
    ForecastTier {
        /// Expected base of the whole period, in the unit the tier table measures.
        forecast: Exact,
    },
    /// 历史率: the rate that was earned before.
    Historical(Rate),
}

/// 计提规则: the tiers of a clause and how its accrual is posted.
///
/// # Examples
/// ```
/// use endcap_settlement::{Boundary, Tier, TierMethod, TierTable};
/// use endcap_settlement::accrual::{AccrualRule, Estimator};
/// use endcap_types::{Currency, Exact, Money};
/// // 1 %, and 3 % on everything from 1,000,000.
/// let tiers = [Tier::rate(0.into(), "1%".parse()?), Tier::rate(1_000_000.into(), "3%".parse()?)];
/// let rule = AccrualRule::new(TierTable::new(tiers, Boundary::ReachedAt)?, TierMethod::Whole, Currency::CNY);
/// let none = Money::zero(Currency::CNY);
/// let base = Exact::from_int(250_000);
/// // On actuals the upper tier is far away; the forecast of 1,200,000 reaches it.
/// assert_eq!(rule.accrue(&Estimator::CurrentTier, &base, none)?.delta.to_amount_string(), "2500.00");
/// let forecast = Estimator::ForecastTier { forecast: Exact::from_int(1_200_000) };
/// assert_eq!(rule.accrue(&forecast, &base, none)?.delta.to_amount_string(), "7500.00");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// Delta accruals of condition contracts in public business software; provisions on forecasts are a published request of
/// their users. A base below zero accrues nothing: house rule.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct AccrualRule {
    /// 阶梯: what is earned.
    pub table: TierTable,
    /// How the bands pay.
    pub method: TierMethod,
    /// Currency of the accrual.
    pub currency: Currency,
    /// The one rounding, of the cumulative target.
    #[cfg_attr(feature = "serde", serde(default))]
    pub rounding: Rounding,
}

/// 计提: one booking of an accrual.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Accrual {
    /// 实际率: entitlement over base, exactly; money per unit for a table that pays per unit. Zero on a base of zero.
    pub effective_rate: Exact,
    /// Cumulative accrual before rounding.
    pub raw: Unrounded,
    /// 累计应计提: cumulative accrual, rounded once.
    pub target: Money,
    /// 本次计提: `target − accrued to date`; below zero when too much was accrued.
    pub delta: Money,
}

impl AccrualRule {
    /// A rule that rounds half away from zero.
    #[must_use]
    pub const fn new(table: TierTable, method: TierMethod, currency: Currency) -> Self {
        Self { table, method, currency, rounding: Rounding::HALF_AWAY }
    }

    /// 计提: what to book for a `base` to date of which `accrued` is booked already.
    ///
    /// `delta = round(effective rate × base) − accrued`
    ///
    /// `base` is cumulative, in the unit the table measures (major units for money); below zero it accrues nothing.
    ///
    /// # Errors
    /// - [`CreditError::ForecastNotPositive`] for a forecast of zero or less.
    /// - [`SettlementError::Types`] for a negative historical rate, another currency and values out of range.
    pub fn accrue(
        &self,
        estimator: &Estimator,
        base: &Exact,
        accrued: Money,
    ) -> Result<Accrual, SettlementError> {
        let (effective_rate, earned) = match estimator {
            Estimator::CurrentTier => {
                let earned = self.table.evaluate(self.method, base)?;
                (if base.is_zero() { Exact::ZERO } else { earned.div(base)? }, earned)
            }
            Estimator::ForecastTier { forecast } => {
                if !forecast.is_positive() {
                    return Err(CreditError::ForecastNotPositive { forecast: forecast.to_string() }.into());
                }
                self.at(self.table.evaluate(self.method, forecast)?.div(forecast)?, base)?
            }
            Estimator::Historical(rate) => self.at(rate_not_negative(*rate)?.to_exact(), base)?,
        };
        let minor = earned.mul(&Exact::from_int(self.currency.minor_per_major()))?;
        let raw = Unrounded::new(minor, self.currency);
        let target = raw.round(&self.rounding)?;
        let delta = target.checked_sub(&accrued)?;
        Ok(Accrual { effective_rate, raw, target, delta })
    }

    fn at(&self, rate: Exact, base: &Exact) -> Result<(Exact, Exact), SettlementError> {
        let earned = if base.is_negative() { Exact::ZERO } else { rate.mul(base)? };
        Ok((rate, earned))
    }

    /// 清算: what is missing (or too much) at the end, the base being final: the entitlement less what is accrued.
    ///
    /// # Errors
    /// - As [`AccrualRule::accrue`].
    ///
    /// # Examples
    /// ```
    /// # use endcap_settlement::{Boundary, Tier, TierMethod, TierTable};
    /// # use endcap_settlement::accrual::AccrualRule;
    /// # use endcap_types::{Currency, Exact, Money};
    /// # let tiers = [Tier::rate(0.into(), "1%".parse()?), Tier::rate(1_000_000.into(), "3%".parse()?)];
    /// # let rule = AccrualRule::new(TierTable::new(tiers, Boundary::ReachedAt)?, TierMethod::Whole, Currency::CNY);
    /// // 27,000.00 was accrued on a forecast; 900,000 only earns 1 %.
    /// let accrued = Money::parse("27000.00", Currency::CNY)?;
    /// let told = rule.true_up(&Exact::from_int(900_000), accrued)?;
    /// assert_eq!((told.target.to_amount_string(), told.delta.to_amount_string()), ("9000.00".into(), "-18000.00".into()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn true_up(&self, final_base: &Exact, accrued: Money) -> Result<Accrual, SettlementError> {
        self.accrue(&Estimator::CurrentTier, final_base, accrued)
    }
}

/// 结算类型: how much of an accrual a settlement gives back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Settlement {
    /// 部分结算: as much as is settled, at most what is accrued.
    Partial,
    /// 最终结算: all that is accrued, whatever is settled.
    Final,
}

/// 冲回: an accrual given back. `accrued + release = remaining` and `release + settled = expense`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct AccrualRelease {
    /// Booked against the accrual, zero or less.
    pub release: Money,
    /// What stays accrued; zero after a final settlement.
    pub remaining: Money,
    /// What the settlement still costs (above zero) or brings back (below zero) beyond what was accrued.
    pub expense: Money,
}

/// 冲回计提: what a settlement of `settled` gives back of the `accrued` amount.
///
/// After the final settlement Σ accruals + Σ releases = 0, and the whole cost is what was settled.
///
/// # Errors
/// - [`SettlementError::NegativeAmount`] for an accrual or a settlement below zero.
/// - [`SettlementError::Types`] when currencies differ.
///
/// # Examples
/// ```
/// use endcap_settlement::accrual::{Settlement, release};
/// use endcap_types::{Currency, Money};
/// let yuan = |text: &str| Money::parse(text, Currency::CNY);
/// let told = release(yuan("18000.00")?, yuan("17500.00")?, Settlement::Final)?;
/// assert_eq!(told.release, yuan("-18000.00")?);
/// assert_eq!((told.remaining, told.expense), (yuan("0.00")?, yuan("-500.00")?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// Partial and final settlement of condition contracts in public business software.
pub fn release(
    accrued: Money,
    settled: Money,
    settlement: Settlement,
) -> Result<AccrualRelease, SettlementError> {
    not_negative("an accrual", accrued)?;
    not_negative("a settled amount", settled)?;
    let given_back = match settlement {
        Settlement::Partial => accrued.smaller(&settled)?,
        Settlement::Final => accrued,
    };
    Ok(AccrualRelease {
        release: given_back.negated(),
        remaining: accrued.checked_sub(&given_back)?,
        expense: settled.checked_sub(&given_back)?,
    })
}
