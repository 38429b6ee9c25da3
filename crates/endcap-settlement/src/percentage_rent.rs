//! [`PercentageRent`]: base rent, and a share of the sales above a breakpoint.

use endcap_types::{Exact, Money, Rate, Rounding, Unrounded};

use crate::SettlementError;
use crate::credit::{not_negative, rate_not_negative};

/// 起算点: the sales above which percentage rent is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Breakpoint {
    /// 自然起算点: base rent ÷ rate, where the share of the sales has paid the base rent.
    Natural,
    /// 约定起算点: any other figure.
    At(Money),
}

/// 保底租金加提成: base rent and a percentage of the sales above the breakpoint.
///
/// ```text
/// breakpoint = base rent ÷ rate, or as agreed
/// overage    = rate × max(0, sales − breakpoint)
/// total      = base rent + overage
/// ```
///
/// With the natural breakpoint the total is the larger of the base rent and the rate on all sales. In a statement the
/// same is written as an [`Occupancy`](crate::Occupancy) in the mode `sum` with marginal commission tiers that start at
/// the breakpoint.
///
/// # Examples
/// ```
/// use endcap_settlement::{Breakpoint, PercentageRent};
/// use endcap_types::{Currency, Money, Rounding};
/// let cny = |text| Money::parse(text, Currency::CNY);
/// let rent = PercentageRent { base_rent: cny("36000")?, rate: "6%".parse()?, breakpoint: Breakpoint::Natural };
/// let due = rent.due(cny("720000")?, &Rounding::HALF_AWAY)?;
/// assert_eq!(due.breakpoint.round(&Rounding::HALF_AWAY)?.to_amount_string(), "600000.00");
/// assert_eq!(due.overage.to_amount_string(), "7200.00");
/// assert_eq!(due.total.to_amount_string(), "43200.00"); // 6 % of 720,000
/// # Ok::<(), endcap_settlement::SettlementError>(())
/// ```
///
/// # Source
/// Percentage rent of retail leases, natural and artificial breakpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct PercentageRent {
    /// Owed whatever the sales are.
    pub base_rent: Money,
    /// The share of the sales above the breakpoint.
    pub rate: Rate,
    /// Where it starts.
    pub breakpoint: Breakpoint,
}

/// 应付租金: what percentage rent comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PercentageRentDue {
    /// The breakpoint, exact: a natural one need not end on a cent.
    pub breakpoint: Unrounded,
    /// Rent on the sales above it.
    pub overage: Money,
    /// Base rent and overage.
    pub total: Money,
}

impl PercentageRent {
    /// The breakpoint in the currency of the rent, exact; 1,250,000.00 for 50,000.00 at 4 %.
    ///
    /// # Errors
    /// - [`SettlementError::NegativeAmount`] for a rent or an agreed breakpoint below zero.
    /// - [`SettlementError::NoNaturalBreakpoint`] for a natural breakpoint at a rate of zero.
    /// - [`SettlementError::Types`] for a negative rate, or when the value leaves its range.
    ///
    /// # Source
    /// As [`PercentageRent`].
    pub fn breakpoint(&self) -> Result<Unrounded, SettlementError> {
        let rent = not_negative("base rent", self.base_rent)?;
        let rate = rate_not_negative(self.rate)?;
        match self.breakpoint {
            Breakpoint::At(sales) => Ok(not_negative("breakpoint", sales)?.exact()),
            Breakpoint::Natural if rate.is_zero() => Err(SettlementError::NoNaturalBreakpoint { rent }),
            Breakpoint::Natural => Ok(rent.exact().divided_by(&rate.to_exact())?),
        }
    }

    /// Rent for the sales of the lease period; the overage is the one amount rounded.
    ///
    /// # Errors
    /// - As [`breakpoint`](Self::breakpoint); [`SettlementError::Types`] when currencies mix.
    ///
    /// # Source
    /// As [`PercentageRent`].
    pub fn due(&self, sales: Money, rounding: &Rounding) -> Result<PercentageRentDue, SettlementError> {
        let breakpoint = self.breakpoint()?;
        let zero = Unrounded::new(Exact::ZERO, sales.currency());
        let above = sales.exact().sub(&breakpoint)?.larger(&zero)?;
        let overage = above.times_rate(&self.rate)?.round(rounding)?;
        let total = self.base_rent.checked_add(&overage)?;
        Ok(PercentageRentDue { breakpoint, overage, total })
    }
}
