//! Recency, frequency, monetary value: scores by rank, so that equal accounts always score the same.

use core::num::NonZeroU8;

use crate::error::AccountError;
use crate::minor::MinorUnits;

/// Which end of a measure scores high (打分方向).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Better {
    /// More is better, such as orders.
    Higher,
    /// Less is better, such as days since the last order.
    Lower,
}

/// Which rank a group of equal values has (并列名次).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum TieRank {
    /// That of its worst member.
    #[default]
    Min,
    /// The mean of its worst and best.
    Mid,
    /// That of its best member.
    Max,
}

/// Scores from 1 to `bins` by rank (分位打分): `scores[i]` belongs to `values[i]`.
///
/// Sorted from worst to best, a group of equal values has the rank `r` of its worst, middle or best member, counted
/// from 0; of `n` members it scores `⌊r·B/n⌋ + 1`. Bins may stay empty, and there may be more bins than members.
///
/// # Examples
///
/// ```
/// use core::num::NonZeroU8;
/// use endcap_account::{Better, TieRank, rank_scores};
///
/// let five = NonZeroU8::new(5).ok_or("zero")?;
/// // Seven accounts by orders a year: 3·5/7 = 2.14 gives the fourth a 3.
/// assert_eq!(rank_scores(&[1, 2, 3, 4, 5, 6, 7], five, Better::Higher, TieRank::Min), [1, 1, 2, 3, 3, 4, 5]);
/// // Days since the last order: fewer are better.
/// assert_eq!(rank_scores(&[3, 90], five, Better::Lower, TieRank::Min), [3, 1]);
/// # Ok::<(), &'static str>(())
/// ```
///
/// # Source
///
/// House rule; SQL's NTILE splits equal values between bins by row order, which this does not.
#[must_use]
pub fn rank_scores<V: Ord>(values: &[V], bins: NonZeroU8, better: Better, ties: TieRank) -> Vec<u8> {
    let compare = |a: &V, b: &V| match better {
        Better::Higher => a.cmp(b),
        Better::Lower => b.cmp(a),
    };
    let mut order: Vec<(usize, &V)> = values.iter().enumerate().collect();
    order.sort_unstable_by(|a, b| compare(a.1, b.1).then(a.0.cmp(&b.0)));
    let mut scores = vec![1_u8; values.len()];
    let (bins, members) = (u128::from(bins.get()), u128::try_from(values.len()).unwrap_or(u128::MAX));
    let mut worst = 0_u128;
    for group in order.chunk_by(|a, b| compare(a.1, b.1).is_eq()) {
        let size = u128::try_from(group.len()).unwrap_or(u128::MAX);
        let best = worst.saturating_add(size).saturating_sub(1);
        let twice = match ties {
            TieRank::Min => worst.saturating_mul(2),
            TieRank::Mid => worst.saturating_add(best),
            TieRank::Max => best.saturating_mul(2),
        };
        let below = twice.saturating_mul(bins).checked_div(members.saturating_mul(2)).unwrap_or(0);
        let score = u8::try_from(below.saturating_add(1)).unwrap_or(u8::MAX);
        for (index, _) in group {
            if let Some(slot) = scores.get_mut(*index) {
                *slot = score;
            }
        }
        worst = worst.saturating_add(size);
    }
    scores
}

/// How the three scores are made (RFM设置); the default is five bins and the rank of the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(deny_unknown_fields, default)
)]
pub struct RfmScheme {
    /// Highest score.
    pub bins: NonZeroU8,
    /// Rank of equal values.
    pub ties: TieRank,
}

impl Default for RfmScheme {
    fn default() -> Self {
        Self { bins: NonZeroU8::MIN.saturating_add(4), ties: TieRank::Min }
    }
}

/// The three scores of one account (RFM得分), each from 1 to the number of bins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RfmScore {
    /// How recently it bought (最近购买).
    pub recency: u8,
    /// How often it buys (购买频率).
    pub frequency: u8,
    /// How much it spends (消费金额).
    pub monetary: u8,
}

/// Scores accounts by recency, frequency and monetary value (RFM模型): entry `i` of each slice is account `i`.
///
/// `days_since[i]` are days since the last order, fewer are better; `orders[i]` are orders in the period;
/// `spend[i]` is spend in minor units. Each is scored by [`rank_scores`].
///
/// # Errors
///
/// - [`AccountError::LengthMismatch`] where the slices differ in length.
///
/// # Examples
///
/// ```
/// use endcap_account::{RfmScheme, rfm};
///
/// let scores = rfm(&[5, 40, 200], &[24, 11, 1], &[900_000_i64, 950_000, 8_000], &RfmScheme::default())?;
/// assert_eq!((scores[0].recency, scores[0].frequency, scores[0].monetary), (4, 4, 2));
/// assert_eq!((scores[2].recency, scores[2].frequency, scores[2].monetary), (1, 1, 1));
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// Hughes, Strategic Database Marketing (quintile coding); ties by house rule.
pub fn rfm<V: MinorUnits>(
    days_since: &[u32],
    orders: &[u64],
    spend: &[V],
    scheme: &RfmScheme,
) -> Result<Vec<RfmScore>, AccountError> {
    for (what, given) in [("orders", orders.len()), ("spend", spend.len())] {
        if given != days_since.len() {
            return Err(AccountError::LengthMismatch { what, given, expected: days_since.len() });
        }
    }
    let recency = rank_scores(days_since, scheme.bins, Better::Lower, scheme.ties);
    let frequency = rank_scores(orders, scheme.bins, Better::Higher, scheme.ties);
    let monetary = rank_scores(spend, scheme.bins, Better::Higher, scheme.ties);
    let scores = recency.into_iter().zip(frequency).zip(monetary);
    Ok(scores.map(|((recency, frequency), monetary)| RfmScore { recency, frequency, monetary }).collect())
}
