//! How much of the turnover hangs on how few accounts: HHI, Gini, Lorenz, top shares.
// `BigInt` arithmetic cannot overflow; machine integers below are checked.
#![allow(clippy::arithmetic_side_effects)]

use num_bigint::BigInt;

use crate::abc::checked_sum;
use crate::error::AccountError;
use crate::fraction::Fraction;
use crate::minor::MinorUnits;

/// Whether a distribution may hold values below zero (负份额).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum NegativeShares {
    /// Refuse them: choose a policy for net returns first.
    #[default]
    Refuse,
    /// Take the formulas as they stand over the net total; results may then leave their usual ranges.
    Net,
}

/// The concentration of one distribution of values (集中度), exact; built from any order of members.
///
/// # Examples
///
/// ```
/// use endcap_account::{Concentration, NegativeShares};
///
/// let market = Concentration::of(&[30_i64, 30, 20, 20], NegativeShares::Refuse)?;
/// assert_eq!(market.hhi_points().to_string(), "2600");
/// assert_eq!(market.gini().to_string(), "1/10");
/// assert_eq!(market.effective_number()?.to_fixed(4), "3.8462");
/// assert_eq!(market.top_share(1).to_string(), "3/10");
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// US Department of Justice and FTC, Horizontal Merger Guidelines (HHI on the 0–10,000 scale); Gini coefficient as
/// the mean-difference formula over ordered values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concentration {
    /// Ascending.
    values: Vec<i128>,
    total: i128,
}

impl Concentration {
    /// Reads a distribution: `values[i]` is the value of member `i` in minor units, in any order.
    ///
    /// # Errors
    ///
    /// - [`AccountError::Empty`] without members.
    /// - [`AccountError::NegativeValue`] for a value below zero under [`NegativeShares::Refuse`].
    /// - [`AccountError::ZeroTotal`] where the values sum to zero.
    /// - [`AccountError::NonPositiveTotal`] where they sum to less than zero.
    /// - [`AccountError::Overflow`] where the sum does not fit 128 bits.
    pub fn of<V: MinorUnits>(values: &[V], negatives: NegativeShares) -> Result<Self, AccountError> {
        if values.is_empty() {
            return Err(AccountError::Empty);
        }
        let mut sorted: Vec<i128> = values.iter().map(|value| value.widen()).collect();
        if negatives == NegativeShares::Refuse
            && let Some(member) = sorted.iter().position(|value| *value < 0)
        {
            let value = sorted.get(member).copied().unwrap_or_default();
            return Err(AccountError::NegativeValue { member: format!("at position {member}"), value });
        }
        let total = checked_sum(sorted.iter().copied())?;
        match total {
            0 => return Err(AccountError::ZeroTotal),
            total if total < 0 => return Err(AccountError::NonPositiveTotal { total }),
            _ => {}
        }
        sorted.sort_unstable();
        Ok(Self { values: sorted, total })
    }

    /// Number of members.
    #[must_use]
    pub fn members(&self) -> usize {
        self.values.len()
    }

    /// Sum of all values in minor units, above zero.
    #[must_use]
    pub const fn total(&self) -> i128 {
        self.total
    }

    /// Herfindahl–Hirschman index (赫芬达尔指数), 0–1: `Σ share²`.
    #[must_use]
    pub fn hhi(&self) -> Fraction {
        let total = BigInt::from(self.total);
        ratio(self.sum_of_squares(), &total * &total)
    }

    /// The same on the 0–10,000 scale of regulators.
    #[must_use]
    pub fn hhi_points(&self) -> Fraction {
        self.hhi().times(&Fraction::whole(10_000))
    }

    /// HHI freed from the number of members, 0–1: `(HHI − 1/n) / (1 − 1/n)`.
    ///
    /// # Errors
    ///
    /// - [`AccountError::TooFewMembers`] for a single member, where it is 0/0.
    pub fn hhi_normalised(&self) -> Result<Fraction, AccountError> {
        let even = ratio(BigInt::from(1), BigInt::from(self.values.len()));
        let spread = Fraction::whole(1).minus(&even);
        self.hhi().minus(&even).over(&spread).ok_or(self.too_few())
    }

    /// Number of equal members with the same HHI: `1 / HHI`.
    ///
    /// # Errors
    ///
    /// - [`AccountError::ZeroTotal`] never for a value built by [`Concentration::of`]; kept total for safety.
    pub fn effective_number(&self) -> Result<Fraction, AccountError> {
        Fraction::whole(1).over(&self.hhi()).ok_or(AccountError::ZeroTotal)
    }

    /// Gini coefficient (基尼系数), 0 to `(n−1)/n`: `2·Σ i·x_i / (n·Σ x) − (n+1)/n`, `x` ascending, `i` from 1.
    #[must_use]
    pub fn gini(&self) -> Fraction {
        let (members, total) = (BigInt::from(self.values.len()), BigInt::from(self.total));
        let numerator = self.weighted_sum() * 2_u8 - (&members + 1_u8) * &total;
        ratio(numerator, members * total)
    }

    /// Gini with the small-sample correction, 0–1: `gini · n/(n−1)`.
    ///
    /// # Errors
    ///
    /// - [`AccountError::TooFewMembers`] for a single member.
    pub fn gini_unbiased(&self) -> Result<Fraction, AccountError> {
        let members = BigInt::from(self.values.len());
        let factor = Fraction::new(members.clone(), members - 1_u8).ok_or(self.too_few())?;
        Ok(self.gini().times(&factor))
    }

    /// Share of the `count` largest members (前N大份额), 0–1; more than there are counts all.
    #[must_use]
    pub fn top_share(&self, count: usize) -> Fraction {
        let mut sum = BigInt::ZERO;
        for value in self.values.iter().rev().take(count) {
            sum += *value;
        }
        ratio(sum, BigInt::from(self.total))
    }

    /// Height of the Lorenz curve (洛伦兹曲线), the share of the smallest `position` of all members, linear between them.
    ///
    /// # Errors
    ///
    /// - [`AccountError::OutsideCurve`] where `position` is not between 0 and 1.
    pub fn lorenz(&self, position: &Fraction) -> Result<Fraction, AccountError> {
        let outside = || AccountError::OutsideCurve { position: position.to_string(), limit: "0 to 1" };
        if *position < Fraction::whole(0) || *position > Fraction::whole(1) {
            return Err(outside());
        }
        let at = position.times(&Fraction::whole(self.values.len()));
        let whole = at.numerator() / at.denominator();
        let count = usize::try_from(&whole).map_err(|_| outside())?;
        let mut sum = BigInt::ZERO;
        for value in self.values.iter().take(count) {
            sum += *value;
        }
        let next = self.values.get(count).copied().unwrap_or_default();
        let part = at.minus(&Fraction::whole(whole)).times(&Fraction::whole(next));
        Ok(Fraction::whole(sum).plus(&part).times(&ratio(BigInt::from(1), BigInt::from(self.total))))
    }

    /// The points of the Lorenz curve in minor units: `result[k]` is the sum of the `k` smallest values, from `k` = 0.
    ///
    /// # Errors
    ///
    /// - [`AccountError::Overflow`] where a partial sum does not fit 128 bits.
    pub fn lorenz_points(&self) -> Result<Vec<i128>, AccountError> {
        let mut points = Vec::with_capacity(self.values.len().saturating_add(1));
        let mut sum = 0_i128;
        points.push(sum);
        for value in &self.values {
            sum = sum.checked_add(*value).ok_or(AccountError::Overflow { what: "a partial sum of values" })?;
            points.push(sum);
        }
        Ok(points)
    }

    fn too_few(&self) -> AccountError {
        AccountError::TooFewMembers { members: self.values.len(), needed: 2 }
    }

    /// `Σ x²`: in 128 bits while it fits, then in big integers.
    fn sum_of_squares(&self) -> BigInt {
        let fast = self.values.iter().try_fold(0_i128, |sum, value| sum.checked_add(value.checked_mul(*value)?));
        fast.map_or_else(
            || self.values.iter().map(|value| BigInt::from(*value) * BigInt::from(*value)).sum(),
            BigInt::from,
        )
    }

    /// `Σ i·x_i`, `i` from 1: in 128 bits while it fits, then in big integers.
    fn weighted_sum(&self) -> BigInt {
        let fast = self.values.iter().zip(1_i128..).try_fold(0_i128, |sum, (value, rank)| {
            sum.checked_add(value.checked_mul(rank)?)
        });
        fast.map_or_else(
            || self.values.iter().zip(1_u64..).map(|(value, rank)| BigInt::from(*value) * rank).sum(),
            BigInt::from,
        )
    }
}

/// A fraction whose denominator is known to be positive.
fn ratio(numerator: BigInt, denominator: BigInt) -> Fraction {
    Fraction::new(numerator, denominator).unwrap_or_else(|| Fraction::whole(0))
}
