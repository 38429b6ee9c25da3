//! The whale curve: cumulative profit from the best account to the worst.

use endcap_types::{AccountId, Currency, Exact, Money};

use crate::curve::{cumulative, locate};
use crate::error::AccountError;
use crate::members::Sorted;
use crate::minor::MinorUnits;

/// What a position between two members means (插值方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Between {
    /// A straight line between the two points.
    #[default]
    Interpolate,
    /// Only whole members count: rounded down.
    WholeMembers,
}

/// Cumulative profit by rank in minor units (鲸鱼曲线): `P_k` is the profit of the `k` most profitable members.
///
/// `points[0] = 0`, the curve is concave, its last point is the total, and its peak is the sum of all gains.
///
/// # Examples
///
/// ```
/// use endcap_account::{Between, WhaleCurve};
/// use endcap_types::Exact;
///
/// // Ten customers: a fifth makes 225 % of the profit, one loses 125 % of it.
/// let curve = WhaleCurve::of(&[150_i64, 75, 0, 0, 0, 0, 0, 0, 0, -125])?;
/// assert_eq!((curve.total(), curve.peak(), curve.erosion()), (100, 225, 125));
/// let fifth = curve.percent_at(&Exact::ratio(1, 5)?, Between::Interpolate)?;
/// assert_eq!(fifth.to_string(), "225");
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// Kaplan, Kanthal (Harvard Business School case): 20 % of the customers made 225 % of the profit. Ten members above
/// are ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhaleCurve {
    ranking: Vec<usize>,
    profits: Vec<i128>,
    points: Vec<i128>,
    peak: i128,
    erosion: i128,
    peak_members: usize,
}

impl WhaleCurve {
    /// Draws the curve: `profits[i]` is the profit of member `i` in minor units, members in ascending order of id.
    ///
    /// # Errors
    ///
    /// - [`AccountError::Overflow`] where a sum does not fit 128 bits.
    pub fn of<V: MinorUnits>(profits: &[V]) -> Result<Self, AccountError> {
        let mut ordered: Vec<(i128, usize)> =
            profits.iter().enumerate().map(|(index, profit)| (profit.widen(), index)).collect();
        ordered.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        let (profits, ranking): (Vec<i128>, Vec<usize>) = ordered.into_iter().unzip();
        let peak_members = profits.partition_point(|profit| *profit > 0);
        let points = cumulative(&profits)?;
        let peak = points.get(peak_members).copied().unwrap_or_default();
        let total = points.last().copied().unwrap_or_default();
        let erosion = peak.checked_sub(total).ok_or(AccountError::Overflow { what: "the sum of losses" })?;
        Ok(Self { ranking, profits, points, peak, erosion, peak_members })
    }

    /// Cumulative profit after `k` members, from `k` = 0.
    #[must_use]
    pub fn points(&self) -> &[i128] {
        &self.points
    }

    /// Profits from best to worst.
    #[must_use]
    pub fn profits(&self) -> &[i128] {
        &self.profits
    }

    /// Positions in the input from the best member to the worst, ties by position.
    #[must_use]
    pub fn ranking(&self) -> &[usize] {
        &self.ranking
    }

    /// Profit of all members.
    #[must_use]
    pub fn total(&self) -> i128 {
        self.points.last().copied().unwrap_or_default()
    }

    /// Sum of all gains: the highest point of the curve.
    #[must_use]
    pub const fn peak(&self) -> i128 {
        self.peak
    }

    /// Sum of all losses, as a positive amount: `peak − total`.
    #[must_use]
    pub const fn erosion(&self) -> i128 {
        self.erosion
    }

    /// Members with a profit above zero.
    #[must_use]
    pub const fn peak_members(&self) -> usize {
        self.peak_members
    }

    /// The peak in percent of the total.
    ///
    /// # Errors
    ///
    /// - [`AccountError::NonPositiveTotal`] where the total is zero or a loss: use the absolute curve.
    pub fn peak_percent(&self) -> Result<Exact, AccountError> {
        self.percent(&Exact::from_int(self.peak))
    }

    /// The erosion in percent of the total.
    ///
    /// # Errors
    ///
    /// - [`AccountError::NonPositiveTotal`] where the total is zero or a loss: use the absolute curve.
    pub fn erosion_percent(&self) -> Result<Exact, AccountError> {
        self.percent(&Exact::from_int(self.erosion))
    }

    /// Height of the curve in percent of the total at `position`, the fraction 0–1 of the members.
    ///
    /// # Errors
    ///
    /// - [`AccountError::NonPositiveTotal`] where the total is zero or a loss.
    /// - [`AccountError::OutsideCurve`] where `position` is not between 0 and 1.
    pub fn percent_at(&self, position: &Exact, between: Between) -> Result<Exact, AccountError> {
        let (below, part, next) = locate(position, &self.profits)?;
        let height = match between {
            Between::Interpolate => Exact::from_int(below).add(&part.mul(&Exact::from_int(next))?)?,
            Between::WholeMembers => Exact::from_int(below),
        };
        self.percent(&height)
    }

    fn percent(&self, amount: &Exact) -> Result<Exact, AccountError> {
        percent_of(amount, self.total())
    }
}

/// `amount` in percent of a positive total.
pub(crate) fn percent_of(amount: &Exact, total: i128) -> Result<Exact, AccountError> {
    if total <= 0 {
        return Err(AccountError::NonPositiveTotal { total });
    }
    Ok(amount.mul(&Exact::ratio(100, total)?)?)
}

/// One account on the whale curve; amounts in the currency of the curve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhalePoint {
    /// Rank by profit, from 1.
    pub rank: usize,
    /// The account.
    pub account: AccountId,
    /// Its profit.
    pub profit: Money,
    /// Profit of this account and all that are more profitable.
    pub cumulative: Money,
}

/// A whale curve of accounts (客户鲸鱼曲线): who makes the profit, and who destroys how much of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountWhale {
    points: Vec<WhalePoint>,
    curve: WhaleCurve,
}

impl AccountWhale {
    /// Draws the curve from the profit of each account after all terms and cost to serve, in any order.
    ///
    /// # Errors
    ///
    /// - [`AccountError::DuplicateId`] where an id is given twice.
    /// - [`AccountError::Value`] for an amount in another currency, or a sum beyond the limit of an amount.
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_account::AccountWhale;
    /// use endcap_types::{AccountId, Currency, Money, TypesError};
    ///
    /// let read = |(id, profit)| Ok((AccountId::new(id)?, Money::parse(profit, Currency::CNY)?));
    /// let profits = [("north", "60.00"), ("south", "-20.00"), ("west", "30.00")].map(read);
    /// let profits = profits.into_iter().collect::<Result<Vec<_>, TypesError>>()?;
    /// let whale = AccountWhale::of(profits, Currency::CNY)?;
    /// let makers: Vec<_> = whale.makers().map(|point| point.account.as_str()).collect();
    /// let losers: Vec<_> = whale.destroyers().map(|point| point.profit.to_amount_string()).collect();
    /// assert_eq!((makers, losers), (vec!["north", "west"], vec!["-20.00".to_owned()]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of<I>(profits: I, currency: Currency) -> Result<Self, AccountError>
    where
        I: IntoIterator<Item = (AccountId, Money)>,
    {
        let Sorted { ids, values } = Sorted::new(profits, currency)?;
        let curve = WhaleCurve::of(&values)?;
        let mut points = Vec::with_capacity(ids.len());
        let heights = curve.points().iter().skip(1);
        for (rank, ((position, profit), height)) in
            curve.ranking().iter().zip(curve.profits()).zip(heights).enumerate()
        {
            if let Some(account) = ids.get(*position) {
                points.push(WhalePoint {
                    rank: rank.saturating_add(1),
                    account: account.clone(),
                    profit: Money::from_minor(*profit, currency)?,
                    cumulative: Money::from_minor(*height, currency)?,
                });
            }
        }
        Ok(Self { points, curve })
    }

    /// The chart as data: one point per account, best first.
    #[must_use]
    pub fn points(&self) -> &[WhalePoint] {
        &self.points
    }

    /// Accounts with a profit, best first.
    pub fn makers(&self) -> impl Iterator<Item = &WhalePoint> {
        self.points.iter().filter(|point| point.profit.is_positive())
    }

    /// Accounts with a loss, worst first.
    pub fn destroyers(&self) -> impl Iterator<Item = &WhalePoint> {
        self.points.iter().rev().filter(|point| point.profit.is_negative())
    }

    /// The curve in minor units: total, peak, erosion, percentages.
    #[must_use]
    pub const fn curve(&self) -> &WhaleCurve {
        &self.curve
    }
}
