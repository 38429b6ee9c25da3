//! The whale curve over cumulative sales instead of the number of members.

use core::cmp::Ordering;

use endcap_types::Exact;

use crate::curve::cumulative;
use crate::error::AccountError;
use crate::minor::MinorUnits;
use crate::whale::percent_of;

/// Cumulative profit over cumulative sales (按销售额展开的鲸鱼曲线), ordered by profit per unit of sales, best first.
///
/// Members without sales come first where they have a profit and last where they have a loss.
///
/// # Examples
///
/// ```
/// use endcap_account::SalesWhaleCurve;
/// use endcap_types::Exact;
///
/// // Four customer groups: share of sales and share of profit, in tenths of a percent.
/// let curve = SalesWhaleCurve::of(&[154_i64, 96, 361, 389], &[589_i64, 293, 296, -178])?;
/// let quarter = curve.profit_percent_at(&Exact::from_int(25))?;
/// assert_eq!(quarter.to_string(), "441/5"); // 25 % of the sales make 88.2 % of the profit
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// Koch, The 80/20 Principle, table of customer groups by share of sales and profit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SalesWhaleCurve {
    ranking: Vec<usize>,
    sales: Vec<i128>,
    profits: Vec<i128>,
}

impl SalesWhaleCurve {
    /// Draws the curve: `sales[i]` and `profits[i]` in minor units belong to member `i`, ids ascending.
    ///
    /// # Errors
    ///
    /// - [`AccountError::LengthMismatch`] where the slices differ in length.
    /// - [`AccountError::NegativeInput`] for sales below zero.
    /// - [`AccountError::ZeroTotal`] where there are no sales at all.
    /// - [`AccountError::Overflow`] where a sum does not fit 128 bits.
    pub fn of<V: MinorUnits>(sales: &[V], profits: &[V]) -> Result<Self, AccountError> {
        if sales.len() != profits.len() {
            let (given, expected) = (profits.len(), sales.len());
            return Err(AccountError::LengthMismatch { what: "profits", given, expected });
        }
        if let Some((member, value)) = sales.iter().enumerate().find(|(_, value)| value.widen() < 0) {
            let (what, value) = (format!("sales of member {member}"), value.widen().to_string());
            return Err(AccountError::NegativeInput { what, value });
        }
        let mut ordered: Vec<(Exact, i128, i128, usize)> = Vec::with_capacity(sales.len());
        for (index, (sale, profit)) in sales.iter().zip(profits).enumerate() {
            let (sale, profit) = (sale.widen(), profit.widen());
            // Without sales the order is decided by the sign of the profit alone.
            let ratio = Exact::ratio(profit, sale).unwrap_or(Exact::ZERO);
            ordered.push((ratio, sale, profit, index));
        }
        ordered.sort_by(|a, b| {
            let standing = |sale: i128, profit: i128| match (sale, profit.cmp(&0)) {
                (0, Ordering::Greater) => 0,
                (0, Ordering::Less) => 2,
                _ => 1_u8,
            };
            standing(a.1, a.2).cmp(&standing(b.1, b.2)).then_with(|| b.0.cmp(&a.0)).then(a.3.cmp(&b.3))
        });
        let curve = Self {
            ranking: ordered.iter().map(|member| member.3).collect(),
            sales: cumulative(&ordered.iter().map(|member| member.1).collect::<Vec<_>>())?,
            profits: cumulative(&ordered.iter().map(|member| member.2).collect::<Vec<_>>())?,
        };
        if curve.sales.last().copied().unwrap_or_default() == 0 {
            return Err(AccountError::ZeroTotal);
        }
        Ok(curve)
    }

    /// Positions in the input by profit per unit of sales, best first.
    #[must_use]
    pub fn ranking(&self) -> &[usize] {
        &self.ranking
    }

    /// The points `(cumulative sales, cumulative profit)` in minor units, from `(0, 0)`.
    pub fn points(&self) -> impl Iterator<Item = (i128, i128)> {
        self.sales.iter().copied().zip(self.profits.iter().copied())
    }

    /// Cumulative profit in percent of the total, at cumulative sales in percent (0–100), linear in between.
    ///
    /// # Errors
    ///
    /// - [`AccountError::OutsideCurve`] where `sales_percent` is not between 0 and 100.
    /// - [`AccountError::NonPositiveTotal`] where the total profit is not positive.
    pub fn profit_percent_at(&self, sales_percent: &Exact) -> Result<Exact, AccountError> {
        if sales_percent < &Exact::ZERO || sales_percent > &Exact::from_int(100) {
            let position = sales_percent.to_string();
            return Err(AccountError::OutsideCurve { position, limit: "0 to 100 percent" });
        }
        let total = self.sales.last().copied().unwrap_or_default();
        let at = sales_percent.mul(&Exact::ratio(total, 100)?)?;
        // The last point not behind the position; where several share it, the one after the free gains.
        let below = self.sales.partition_point(|sales| Exact::from_int(*sales) <= at).saturating_sub(1);
        let point = |k: usize| (self.sales.get(k).copied(), self.profits.get(k).copied());
        let (Some(sales), Some(profit)) = point(below) else { return Err(AccountError::ZeroTotal) };
        let height = match point(below.saturating_add(1)) {
            (Some(next_sales), Some(next_profit)) => {
                let run = Exact::from_int(next_sales).sub(&Exact::from_int(sales))?;
                let rise = Exact::from_int(next_profit).sub(&Exact::from_int(profit))?;
                let part = at.sub(&Exact::from_int(sales))?;
                Exact::from_int(profit).add(&rise.mul(&part)?.div(&run)?)?
            }
            _ => Exact::from_int(profit),
        };
        percent_of(&height, self.profits.last().copied().unwrap_or_default())
    }

    /// The highest point in percent of the total profit.
    ///
    /// # Errors
    ///
    /// - [`AccountError::NonPositiveTotal`] where the total profit is not positive.
    pub fn peak_percent(&self) -> Result<Exact, AccountError> {
        percent_of(&Exact::from_int(self.peak()), self.profits.last().copied().unwrap_or_default())
    }

    /// What the losses take off the peak, in percent of the total profit.
    ///
    /// # Errors
    ///
    /// - [`AccountError::NonPositiveTotal`] where the total profit is not positive.
    pub fn erosion_percent(&self) -> Result<Exact, AccountError> {
        Ok(self.peak_percent()?.sub(&Exact::from_int(100))?)
    }

    fn peak(&self) -> i128 {
        self.profits.iter().copied().max().unwrap_or_default()
    }
}
