//! Expected credit loss by age bucket.

use endcap_types::{Exact, Money, Rounding};

use super::{CreditError, not_negative};
use crate::SettlementError;

/// 损失率: the part of a bucket that will not be paid, an exact fraction from 0 to 1.
///
/// # Examples
/// ```
/// use endcap_settlement::credit::LossRate;
/// use endcap_types::Exact;
/// assert_eq!(LossRate::new(Exact::ratio(2, 23)?)?.as_exact().to_string(), "2/23"); // not 8.7 %
/// assert!(LossRate::new(Exact::ratio(3, 2)?).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// IFRS 9 B5.5.35; an exact fraction instead of a printed percentage is a house rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "Exact", into = "Exact")
)]
pub struct LossRate(Exact);

impl LossRate {
    /// A fraction from 0 to 1, both included.
    ///
    /// # Errors
    /// - [`CreditError::LossRateOutside`] for anything else.
    pub fn new(rate: Exact) -> Result<Self, SettlementError> {
        if rate.is_negative() || rate > Exact::ONE {
            return Err(CreditError::LossRateOutside { rate: rate.to_string() }.into());
        }
        Ok(Self(rate))
    }

    /// The fraction.
    #[must_use]
    pub const fn as_exact(&self) -> &Exact {
        &self.0
    }
}

impl TryFrom<Exact> for LossRate {
    type Error = SettlementError;

    fn try_from(rate: Exact) -> Result<Self, SettlementError> {
        Self::new(rate)
    }
}

impl From<LossRate> for Exact {
    fn from(rate: LossRate) -> Self {
        rate.0
    }
}

/// 准备金矩阵: one loss rate for each age bucket, not due first.
///
/// # Examples
/// ```
/// use endcap_settlement::credit::{LossRate, ProvisionMatrix};
/// use endcap_types::{Currency, Exact, Money, Rounding};
/// let yuan = |text: &str| Money::parse(text, Currency::CNY);
/// let rate = |n, d| LossRate::new(Exact::ratio(n, d)?);
/// let matrix = ProvisionMatrix::new([rate(1, 50)?, rate(2, 23)?])?;
/// let told = matrix.provide(&[yuan("300000.00")?, yuan("60000.00")?], &Rounding::HALF_AWAY)?;
/// assert_eq!(told.parts, [yuan("6000.00")?, yuan("5217.39")?]);
/// assert_eq!(told.total, yuan("11217.39")?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// IFRS 9 B5.5.35, provision matrix as a practical expedient for trade receivables.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "Vec<LossRate>", into = "Vec<LossRate>")
)]
pub struct ProvisionMatrix(Vec<LossRate>);

/// 坏账准备: the provision of each bucket and their sum.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Provision {
    /// `round(balance × loss rate)` of each bucket, in order.
    pub parts: Vec<Money>,
    /// Their sum.
    pub total: Money,
}

impl ProvisionMatrix {
    /// A matrix of at least one rate, in the order of the buckets.
    ///
    /// # Errors
    /// - [`SettlementError::NothingGiven`] without rates.
    pub fn new(rates: impl IntoIterator<Item = LossRate>) -> Result<Self, SettlementError> {
        let rates: Vec<LossRate> = rates.into_iter().collect();
        if rates.is_empty() {
            return Err(SettlementError::NothingGiven { what: "loss rate" });
        }
        Ok(Self(rates))
    }

    /// The rates, in the order of the buckets.
    #[must_use]
    pub fn rates(&self) -> &[LossRate] {
        &self.0
    }

    /// 前瞻调整: every rate times `factor`, at most 1.
    ///
    /// # Errors
    /// - [`CreditError::LossRateOutside`] for a factor below zero, unless all rates are zero.
    /// - [`SettlementError::Types`] beyond the limit of exact numbers.
    ///
    /// # Source
    /// IFRS 9 B5.5.52: historical rates adjusted for current conditions and forecasts.
    pub fn adjusted(&self, factor: &Exact) -> Result<Self, SettlementError> {
        let rates = self.0.iter().map(|rate| LossRate::new(rate.0.mul(factor)?.min(Exact::ONE)));
        Ok(Self(rates.collect::<Result<_, SettlementError>>()?))
    }

    /// 计提坏账准备: the expected loss on `balances`, one for each rate, each part rounded once.
    ///
    /// A bucket in credit carries no loss: its part is zero.
    ///
    /// # Errors
    /// - [`CreditError::BucketCount`] when there are more or fewer balances than rates.
    /// - [`SettlementError::Types`] when currencies differ or a sum is out of range.
    pub fn provide(&self, balances: &[Money], rounding: &Rounding) -> Result<Provision, SettlementError> {
        let (Some(first), true) = (balances.first(), balances.len() == self.0.len()) else {
            return Err(CreditError::BucketCount { balances: balances.len(), rates: self.0.len() }.into());
        };
        let zero = Money::zero(first.currency());
        let parts = balances
            .iter()
            .zip(&self.0)
            .map(|(balance, rate)| Ok(balance.larger(&zero)?.exact().times(&rate.0)?.round(rounding)?));
        let parts: Vec<Money> = parts.collect::<Result<_, SettlementError>>()?;
        let total = Money::sum(parts.iter().copied(), first.currency())?;
        Ok(Provision { parts, total })
    }
}

impl TryFrom<Vec<LossRate>> for ProvisionMatrix {
    type Error = SettlementError;

    fn try_from(rates: Vec<LossRate>) -> Result<Self, SettlementError> {
        Self::new(rates)
    }
}

impl From<ProvisionMatrix> for Vec<LossRate> {
    fn from(matrix: ProvisionMatrix) -> Self {
        matrix.0
    }
}

/// 迁徙率: what part of each bucket rolled into the next, and the loss rates that follow.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RollRates {
    /// `next / this`, one fewer than the balances.
    pub rolls: Vec<Exact>,
    /// `final loss / this`: the product of the rolls from this bucket on; the last rate is 1.
    pub losses: ProvisionMatrix,
}

impl RollRates {
    /// 迁徙率法: from `flow`, the balance that reached each bucket in turn, the last being the final loss.
    ///
    /// # Errors
    /// - [`SettlementError::NothingGiven`] without balances.
    /// - [`SettlementError::NegativeAmount`], [`CreditError::FlowEmpty`] for a balance below or at zero.
    /// - [`CreditError::FlowRises`] when a balance is above the one before it.
    /// - [`SettlementError::Types`] when currencies differ.
    ///
    /// # Examples
    /// ```
    /// use endcap_settlement::credit::RollRates;
    /// use endcap_types::{Currency, Exact, Money};
    /// let flow = ["100000", "50000", "23000", "8000", "2000"];
    /// let flow: Vec<Money> = flow.iter().map(|f| Money::parse(f, Currency::EUR)).collect::<Result<_, _>>()?;
    /// let told = RollRates::from_flow(&flow)?;
    /// assert_eq!(told.losses.rates()[2].as_exact(), &Exact::ratio(2, 23)?); // 2,000 of 23,000
    /// assert_eq!(told.rolls[0], Exact::ratio(1, 2)?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Source
    /// Roll-rate method as in published provision matrix examples; IFRS 9 B5.5.35.
    pub fn from_flow(flow: &[Money]) -> Result<Self, SettlementError> {
        let Some(lost) = flow.last() else {
            return Err(SettlementError::NothingGiven { what: "balance of a flow" });
        };
        let mut rolls = Vec::new();
        let mut losses = Vec::new();
        let mut before: Option<&Money> = None;
        for balance in flow {
            not_negative("a balance of a flow", *balance)?;
            if balance.is_zero() {
                return Err(CreditError::FlowEmpty { bucket: losses.len() }.into());
            }
            if let Some(previous) = before {
                if balance.compare(previous)?.is_gt() {
                    return Err(CreditError::FlowRises { balance: *balance, previous: *previous }.into());
                }
                rolls.push(balance.exact().share_of(&previous.exact())?);
            }
            // A later balance above this one is refused when it is reached.
            losses.push(lost.exact().share_of(&balance.exact())?);
            before = Some(balance);
        }
        let losses = losses.into_iter().map(LossRate::new).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { rolls, losses: ProvisionMatrix::new(losses)? })
    }
}
