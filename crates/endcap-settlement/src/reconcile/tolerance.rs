//! [`Tolerance`] and [`ToleranceBand`]: how far two figures may lie apart and still count as agreed.

use endcap_types::{Exact, Money, Rate, Unrounded};

use crate::SettlementError;

/// 容差: the largest deviation that passes, as a share, as money, or as the lesser or greater of both.
///
/// A bound itself is inside. Shares are 0–100 %, money is zero or more.
///
/// # Examples
/// ```
/// use endcap_settlement::reconcile::Tolerance;
/// use endcap_types::{Currency, Money};
/// // 5 % of 10.00 is 0.50: inside with 5 %, outside with the lesser of 5 % and one cent.
/// let yuan = |text: &str| Money::parse(text, Currency::CNY).map(|money| money.exact());
/// let cent = Money::parse("0.01", Currency::CNY)?;
/// assert!(Tolerance::percent("5%".parse()?)?.allows(&yuan("0.50")?, &yuan("10.00")?)?);
/// assert!(!Tolerance::lesser_of("5%".parse()?, cent)?.allows(&yuan("0.50")?, &yuan("10.00")?)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// Invoice-matching tolerances of purchasing systems; the inclusive bound is a house rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(try_from = "super::rules_text::ToleranceText", into = "super::rules_text::ToleranceText")
)]
pub struct Tolerance(pub(super) Kind);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    None,
    Percent(Rate),
    Absolute(Money),
    Lesser(Rate, Money),
    Greater(Rate, Money),
}

impl Tolerance {
    /// 零容差: nothing but equality passes.
    pub const NONE: Self = Self(Kind::None);

    /// 百分比容差: a share of the reference.
    ///
    /// # Errors
    /// - [`SettlementError::InvalidTolerance`] outside 0–100 %.
    pub fn percent(share: Rate) -> Result<Self, SettlementError> {
        Ok(Self(Kind::Percent(checked_share(share)?)))
    }

    /// 绝对容差: an amount of money.
    ///
    /// # Errors
    /// - [`SettlementError::InvalidTolerance`] below zero.
    pub fn absolute(amount: Money) -> Result<Self, SettlementError> {
        Ok(Self(Kind::Absolute(checked_amount(amount)?)))
    }

    /// 取小: both the share and the amount must allow the deviation.
    ///
    /// # Errors
    /// - [`SettlementError::InvalidTolerance`] as [`Tolerance::percent`] and [`Tolerance::absolute`].
    pub fn lesser_of(share: Rate, amount: Money) -> Result<Self, SettlementError> {
        Ok(Self(Kind::Lesser(checked_share(share)?, checked_amount(amount)?)))
    }

    /// 取大: either the share or the amount must allow the deviation.
    ///
    /// # Errors
    /// - [`SettlementError::InvalidTolerance`] as [`Tolerance::percent`] and [`Tolerance::absolute`].
    pub fn greater_of(share: Rate, amount: Money) -> Result<Self, SettlementError> {
        Ok(Self(Kind::Greater(checked_share(share)?, checked_amount(amount)?)))
    }

    /// The money of the tolerance, where it has some.
    #[must_use]
    pub const fn money(&self) -> Option<Money> {
        match self.0 {
            Kind::None | Kind::Percent(_) => None,
            Kind::Absolute(amount) | Kind::Lesser(_, amount) | Kind::Greater(_, amount) => Some(amount),
        }
    }

    /// 允差额: the largest deviation from `reference` that passes; the sign of the reference does not matter.
    ///
    /// # Errors
    /// - [`SettlementError::Types`] when the currencies differ or a value is too large.
    pub fn limit(&self, reference: &Unrounded) -> Result<Unrounded, SettlementError> {
        let of = |share: &Rate| reference.abs().times_rate(share);
        Ok(match &self.0 {
            Kind::None => Unrounded::new(Exact::ZERO, reference.currency()),
            Kind::Percent(share) => of(share)?,
            Kind::Absolute(amount) => {
                reference.compare(&amount.exact())?; // refuses another currency
                amount.exact()
            }
            Kind::Lesser(share, amount) => of(share)?.smaller(&amount.exact())?,
            Kind::Greater(share, amount) => of(share)?.larger(&amount.exact())?,
        })
    }

    /// 是否在容差内: whether `|deviation| ≤ limit(reference)`.
    ///
    /// # Errors
    /// - [`SettlementError::Types`] when the currencies differ or a value is too large.
    pub fn allows(&self, deviation: &Unrounded, reference: &Unrounded) -> Result<bool, SettlementError> {
        Ok(deviation.abs().compare(&self.limit(reference)?)?.is_le())
    }

    /// Whether a deviation that has no value passes: its share decides, and money that does not differ is inside.
    pub(super) fn allows_share(
        &self,
        deviation: &Unrounded,
        reference: &Unrounded,
    ) -> Result<bool, SettlementError> {
        match &self.0 {
            Kind::None => Ok(deviation.is_zero()),
            Kind::Percent(share) | Kind::Lesser(share, _) => {
                Self(Kind::Percent(*share)).allows(deviation, reference)
            }
            Kind::Absolute(_) | Kind::Greater(..) => Ok(true),
        }
    }
}

fn checked_share(share: Rate) -> Result<Rate, SettlementError> {
    if share.is_negative() || share > Rate::ONE {
        return Err(SettlementError::InvalidTolerance { tolerance: share.to_string(), limit: "0% to 100%" });
    }
    Ok(share)
}

fn checked_amount(amount: Money) -> Result<Money, SettlementError> {
    if amount.is_negative() {
        return Err(SettlementError::InvalidTolerance {
            tolerance: amount.to_string(),
            limit: "an amount of zero or more",
        });
    }
    Ok(amount)
}

/// 双边容差: one tolerance for figures that are too high and one for those that are too low.
///
/// # Source
/// House rule: a bill that is too low is told as well, for it hides a wrong price or a missing line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct ToleranceBand {
    /// For a deviation above zero.
    pub over: Tolerance,
    /// For a deviation below zero.
    pub under: Tolerance,
}

impl ToleranceBand {
    /// 零容差: nothing but equality passes.
    pub const NONE: Self = Self::symmetric(Tolerance::NONE);

    /// 对称容差: the same tolerance up and down.
    #[must_use]
    pub const fn symmetric(tolerance: Tolerance) -> Self {
        Self { over: tolerance, under: tolerance }
    }

    /// 是否在容差内: whether the side of the band that `deviation` falls on allows it.
    ///
    /// # Errors
    /// - [`SettlementError::Types`] when the currencies differ or a value is too large.
    pub fn allows(&self, deviation: &Unrounded, reference: &Unrounded) -> Result<bool, SettlementError> {
        let side = if deviation.is_negative() { &self.under } else { &self.over };
        side.allows(deviation, reference)
    }
}
