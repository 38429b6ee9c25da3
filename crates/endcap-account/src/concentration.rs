//! How much of the turnover hangs on how few accounts: HHI, Gini, Lorenz, top shares.

use endcap_types::Exact;

use crate::abc::checked_sum;
use crate::error::AccountError;
use crate::minor::MinorUnits;

/// Whether a distribution may hold values below zero (负份额).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum NegativeShares {
    /// Refuse them: choose a policy for net returns first.
    #[default]
    Refuse,
    /// Take the formulas as they stand over the net total; results may then leave their usual ranges.
    Net,
}

/// The concentration of one distribution of values (集中度), exact; the order of members does not matter.
///
/// # Examples
///
/// ```
/// use endcap_account::{Concentration, NegativeShares};
/// use endcap_types::RoundingMode;
///
/// let market = Concentration::of(&[30_i64, 30, 20, 20], NegativeShares::Refuse)?;
/// assert_eq!(market.hhi_points()?.to_string(), "2600");
/// assert_eq!(market.gini()?.to_string(), "1/10");
/// assert_eq!(market.effective_number()?.to_fixed(4, RoundingMode::HalfAwayFromZero), "3.8462");
/// assert_eq!(market.top_share(1)?.to_string(), "3/10");
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
            && let Some((member, value)) = sorted.iter().enumerate().find(|(_, value)| **value < 0)
        {
            return Err(AccountError::NegativeValue {
                member: format!("at position {member}"),
                value: *value,
            });
        }
        sorted.sort_unstable();
        // Descending order keeps partial sums of a net total as small as they can be.
        let total = checked_sum(sorted.iter().rev().copied())?;
        match total {
            0 => Err(AccountError::ZeroTotal),
            total if total < 0 => Err(AccountError::NonPositiveTotal { total }),
            total => Ok(Self { values: sorted, total }),
        }
    }

    /// Number of members, at least one.
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
    ///
    /// # Errors
    ///
    /// - [`AccountError::Value`] where a term outgrows the limit of exact numbers.
    pub fn hhi(&self) -> Result<Exact, AccountError> {
        let total = Exact::from_int(self.total);
        Ok(self.sum_of_squares()?.div(&total.mul(&total)?)?)
    }

    /// The same on the 0–10,000 scale of regulators.
    ///
    /// # Errors
    ///
    /// As for [`Concentration::hhi`].
    pub fn hhi_points(&self) -> Result<Exact, AccountError> {
        Ok(self.hhi()?.mul(&Exact::from_int(10_000))?)
    }

    /// HHI freed from the number of members, 0–1: `(HHI − 1/n) / (1 − 1/n)`.
    ///
    /// # Errors
    ///
    /// - [`AccountError::TooFewMembers`] for a single member, where it is 0/0.
    /// - [`AccountError::Value`] as for [`Concentration::hhi`].
    pub fn hhi_normalised(&self) -> Result<Exact, AccountError> {
        let even = Exact::ONE.div(&self.at_least_two()?)?;
        Ok(self.hhi()?.sub(&even)?.div(&Exact::ONE.sub(&even)?)?)
    }

    /// Number of equal members with the same HHI (有效个数): `1 / HHI`.
    ///
    /// # Errors
    ///
    /// As for [`Concentration::hhi`].
    pub fn effective_number(&self) -> Result<Exact, AccountError> {
        Ok(self.hhi()?.reciprocal()?)
    }

    /// Gini coefficient (基尼系数), 0 to `(n−1)/n`: `2·Σ i·x_i / (n·Σ x) − (n+1)/n`, `x` ascending, `i` from 1.
    ///
    /// # Errors
    ///
    /// As for [`Concentration::hhi`].
    pub fn gini(&self) -> Result<Exact, AccountError> {
        let (members, total) = (self.count()?, Exact::from_int(self.total));
        let area = self.weighted_sum()?.mul(&Exact::from_int(2))?;
        let even = members.add(&Exact::ONE)?.mul(&total)?;
        Ok(area.sub(&even)?.div(&members.mul(&total)?)?)
    }

    /// Gini with the small-sample correction, 0–1: `gini · n/(n−1)`.
    ///
    /// # Errors
    ///
    /// - [`AccountError::TooFewMembers`] for a single member.
    /// - [`AccountError::Value`] as for [`Concentration::hhi`].
    pub fn gini_unbiased(&self) -> Result<Exact, AccountError> {
        let members = self.at_least_two()?;
        Ok(self.gini()?.mul(&members)?.div(&members.sub(&Exact::ONE)?)?)
    }

    /// Share of the `count` largest members (前N大份额), 0–1; more than there are counts all.
    ///
    /// # Errors
    ///
    /// - [`AccountError::Overflow`] where a partial sum does not fit 128 bits.
    pub fn top_share(&self, count: usize) -> Result<Exact, AccountError> {
        Ok(Exact::ratio(checked_sum(self.values.iter().rev().take(count).copied())?, self.total)?)
    }

    /// Height of the Lorenz curve (洛伦兹曲线): the share of the smallest `position` of all members, linear in between.
    ///
    /// # Errors
    ///
    /// - [`AccountError::OutsideCurve`] where `position` is not between 0 and 1.
    /// - [`AccountError::Overflow`] where a partial sum does not fit 128 bits.
    pub fn lorenz(&self, position: &Exact) -> Result<Exact, AccountError> {
        let (below, part, next) = crate::curve::locate(position, &self.values)?;
        Ok(Exact::from_int(below)
            .add(&part.mul(&Exact::from_int(next))?)?
            .div(&Exact::from_int(self.total))?)
    }

    /// The points of the Lorenz curve in minor units: `result[k]` is the sum of the `k` smallest values, from `k` = 0.
    ///
    /// # Errors
    ///
    /// - [`AccountError::Overflow`] where a partial sum does not fit 128 bits.
    pub fn lorenz_points(&self) -> Result<Vec<i128>, AccountError> {
        crate::curve::cumulative(&self.values)
    }

    /// The values in ascending order.
    pub(crate) fn ascending(&self) -> &[i128] {
        &self.values
    }

    fn count(&self) -> Result<Exact, AccountError> {
        let members = i128::try_from(self.values.len());
        Ok(Exact::from_int(members.map_err(|_| AccountError::Overflow { what: "the number of members" })?))
    }

    fn at_least_two(&self) -> Result<Exact, AccountError> {
        match self.values.len() {
            members @ 0..2 => Err(AccountError::TooFewMembers { members, needed: 2 }),
            _ => self.count(),
        }
    }

    /// `Σ x²`: in 128 bits while it fits, then exactly at any size.
    fn sum_of_squares(&self) -> Result<Exact, AccountError> {
        let terms = || self.values.iter().map(|value| (*value, *value));
        sum_of_products(terms)
    }

    /// `Σ i·x_i`, `i` from 1: in 128 bits while it fits, then exactly at any size.
    fn weighted_sum(&self) -> Result<Exact, AccountError> {
        let terms = || self.values.iter().copied().zip(1_i128..);
        sum_of_products(terms)
    }
}

fn sum_of_products<I: Iterator<Item = (i128, i128)>>(terms: impl Fn() -> I) -> Result<Exact, AccountError> {
    if let Some(sum) = terms().try_fold(0_i128, |sum, (a, b)| sum.checked_add(a.checked_mul(b)?)) {
        return Ok(Exact::from_int(sum));
    }
    let mut sum = Exact::ZERO;
    for (a, b) in terms() {
        sum = sum.add(&Exact::from_int(a).mul(&Exact::from_int(b))?)?;
    }
    Ok(sum)
}
