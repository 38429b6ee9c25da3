//! Ageing: the balance by days past due.

use chrono::NaiveDate;
use endcap_calendar::dates;
use endcap_types::{Currency, Money, TypesError};

use super::OpenItem;
use crate::SettlementError;

/// 账龄起点: the day an item's age counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum AgeBy {
    /// 到期日: days past due; an item due on the day or later is not due.
    #[default]
    DueDate,
    /// 开票日: days since the document; an item of the day is 0 days old and in the first bucket of ages.
    DocumentDate,
}

/// 账龄分段: where one bucket ends and the next begins, in days.
///
/// Buckets are half-open: edges 30, 60, 90 make not due, `[1, 30)`, `[30, 60)`, `[60, 90)` and `[90, ∞)`. For reports
/// headed 1–30, 31–60, 61–90 the edges are 31, 61, 91.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "Vec<u32>", into = "Vec<u32>")
)]
pub struct AgeEdges(Vec<u32>);

impl AgeEdges {
    /// Edges in days, strictly increasing, the first above 1; without edges there is one bucket for all that is late.
    ///
    /// # Errors
    /// - [`SettlementError::NotIncreasing`] when an edge is not above the one before it, or the first not above 1.
    pub fn new(edges: impl IntoIterator<Item = u32>) -> Result<Self, SettlementError> {
        let edges: Vec<u32> = edges.into_iter().collect();
        let mut previous = 1;
        for edge in &edges {
            if *edge <= previous {
                return Err(SettlementError::NotIncreasing {
                    what: "an edge of ageing",
                    value: edge.to_string(),
                    previous: previous.to_string(),
                });
            }
            previous = *edge;
        }
        Ok(Self(edges))
    }

    /// The edges in days.
    #[must_use]
    pub fn days(&self) -> &[u32] {
        &self.0
    }

    /// Number of buckets: not due, one for each edge, and the open end.
    #[must_use]
    pub fn buckets(&self) -> usize {
        self.0.len().saturating_add(2)
    }

    /// Bucket of an age in days: 0 below `first` days, then by edges.
    #[must_use]
    pub(super) fn bucket_of(&self, days: i64, first: i64) -> usize {
        if days < first {
            return 0;
        }
        self.0.partition_point(|edge| i64::from(*edge) <= days).saturating_add(1)
    }

    fn range(&self, bucket: usize, first: u32) -> AgeRange {
        let Some(late) = bucket.checked_sub(1) else { return AgeRange::NotDue };
        let from = late.checked_sub(1).and_then(|before| self.0.get(before)).copied().unwrap_or(first);
        match self.0.get(late) {
            Some(to) => AgeRange::Days { from, to: *to },
            None => AgeRange::Over { from },
        }
    }
}

impl TryFrom<Vec<u32>> for AgeEdges {
    type Error = SettlementError;

    fn try_from(edges: Vec<u32>) -> Result<Self, SettlementError> {
        Self::new(edges)
    }
}

impl From<AgeEdges> for Vec<u32> {
    fn from(edges: AgeEdges) -> Self {
        edges.0
    }
}

/// 账龄区间: the days of one bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum AgeRange {
    /// 未到期: not due yet (by document date: dated later than the day asked for).
    NotDue,
    /// `from` days included to `to` days excluded.
    Days {
        /// First day of age.
        from: u32,
        /// Day of age that is no longer in the bucket.
        to: u32,
    },
    /// `from` days and more.
    Over {
        /// First day of age.
        from: u32,
    },
}

/// 账龄段: what is open in one bucket; `balance = debits + credits`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct AgeBucket {
    /// Which ages.
    pub range: AgeRange,
    /// Number of items.
    pub items: usize,
    /// Sum of what is owed, zero or more.
    pub debits: Money,
    /// Sum of credit notes, zero or less; they count in the bucket of their own age.
    pub credits: Money,
    /// Debits less credits.
    pub balance: Money,
}

/// 账龄表: the balance by age; the buckets sum to it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Ageing {
    /// The day asked for.
    pub as_of: NaiveDate,
    /// What ages count from.
    pub by: AgeBy,
    /// Not due first, oldest last.
    pub buckets: Vec<AgeBucket>,
    /// The whole balance.
    pub balance: Money,
}

impl Ageing {
    /// 逾期金额: the balance of all buckets but the first.
    ///
    /// # Errors
    /// - [`TypesError::AmountOutOfRange`].
    pub fn late(&self) -> Result<Money, TypesError> {
        Money::sum(self.buckets.iter().skip(1).map(|bucket| bucket.balance), self.balance.currency())
    }

    /// The balances in order, as [`ProvisionMatrix::provide`](super::ProvisionMatrix::provide) takes them.
    #[must_use]
    pub fn balances(&self) -> Vec<Money> {
        self.buckets.iter().map(|bucket| bucket.balance).collect()
    }
}

/// 账龄分析: what is open in `items` on `as_of`, by age; all items in `currency`.
///
/// `age = as_of − due date` (or document date) in days; principal and interest both count.
///
/// # Errors
/// - [`SettlementError::Types`] when an item is in another currency or a sum is out of range.
/// - [`SettlementError::Calendar`] for a date out of range.
///
/// # Examples
/// ```
/// use endcap_calendar::dates;
/// use endcap_settlement::credit::{AgeBy, AgeEdges, OpenItem, ageing};
/// use endcap_types::{Currency, DocumentId, Money};
/// let item = |id: &str, due, amount: &str| -> Result<OpenItem, Box<dyn std::error::Error>> {
///     Ok(OpenItem::new(DocumentId::new(id)?, due, due, Money::parse(amount, Currency::CNY)?))
/// };
/// let as_of = dates::ymd(2026, 5, 1)?;
/// // Due on the day itself, 29 days late, 30 days late.
/// let items = [item("a", as_of, "10.00")?, item("b", dates::ymd(2026, 4, 2)?, "30.00")?,
///              item("c", dates::ymd(2026, 4, 1)?, "40.00")?];
/// let told = ageing(&items, as_of, (AgeBy::DueDate, &AgeEdges::new([30, 60])?), Currency::CNY)?;
/// let shown: Vec<String> = told.buckets.iter().map(|b| b.balance.to_amount_string()).collect();
/// assert_eq!(shown, ["10.00", "30.00", "40.00", "0.00"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// House rule: half-open buckets, credit notes in the bucket of their own date.
pub fn ageing(
    items: &[OpenItem],
    as_of: NaiveDate,
    (by, edges): (AgeBy, &AgeEdges),
    currency: Currency,
) -> Result<Ageing, SettlementError> {
    dates::check(as_of)?;
    let first: u32 = match by {
        AgeBy::DueDate => 1,
        AgeBy::DocumentDate => 0,
    };
    let count = edges.buckets();
    let mut parts: Vec<Vec<Money>> = vec![Vec::new(); count];
    for item in items {
        let day = match by {
            AgeBy::DueDate => item.due,
            AgeBy::DocumentDate => item.dated,
        };
        let days = dates::days_between(dates::check(day)?, as_of);
        if let Some(part) = parts.get_mut(edges.bucket_of(days, i64::from(first))) {
            part.push(item.open()?);
        }
    }
    let buckets = parts
        .iter()
        .enumerate()
        .map(|(index, amounts)| bucket(edges.range(index, first), amounts, currency))
        .collect::<Result<Vec<AgeBucket>, TypesError>>()?;
    let balance = Money::sum(parts.into_iter().flatten(), currency)?;
    Ok(Ageing { as_of, by, buckets, balance })
}

fn bucket(range: AgeRange, amounts: &[Money], currency: Currency) -> Result<AgeBucket, TypesError> {
    let side = |credit: bool| {
        let side = amounts.iter().filter(|amount| amount.is_negative() == credit);
        Money::sum(side.copied(), currency)
    };
    let (debits, credits) = (side(false)?, side(true)?);
    Ok(AgeBucket { range, items: amounts.len(), debits, credits, balance: debits.checked_add(&credits)? })
}
