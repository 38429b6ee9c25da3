//! Ageing of the sub-ledger: how old what is owed is, in places that always sum to the control account.

use chrono::NaiveDate;
use endcap_types::{AccountId, Currency, DocumentId, Money};

use crate::board::Item;
use crate::limits::MAX_BUCKETS;
use crate::log::index;
use crate::state::{State, is_control};
use crate::{Due, EntryId, ItemId, LedgerError, Side};

/// The upper edges of an ageing (账龄区间), in days; one more bucket follows the last edge.
///
/// # Examples
///
/// ```
/// use endcap_ledger::Buckets;
/// let buckets = Buckets::new(vec![30, 60, 90, 180])?;
/// assert_eq!(buckets.labels(), ["1-30", "31-60", "61-90", "91-180", "181+"]);
/// # Ok::<(), endcap_ledger::LedgerError>(())
/// ```
///
/// # Source
///
/// House rule: edges are data.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "Vec<u32>", into = "Vec<u32>")
)]
pub struct Buckets(Vec<u32>);

impl Buckets {
    /// Buckets with these upper edges, each at least 1 and above the one before.
    ///
    /// # Errors
    ///
    /// - [`LedgerError::BucketsNotIncreasing`], [`LedgerError::TooMany`] beyond [`MAX_BUCKETS`] edges.
    pub fn new(edges: Vec<u32>) -> Result<Self, LedgerError> {
        if edges.len() > MAX_BUCKETS {
            return Err(LedgerError::TooMany {
                what: "ageing edges",
                count: edges.len(),
                limit: MAX_BUCKETS,
            });
        }
        let increasing = edges.iter().zip(edges.iter().skip(1)).all(|(edge, next)| edge < next);
        if !increasing || edges.first() == Some(&0) {
            return Err(LedgerError::BucketsNotIncreasing { edges });
        }
        Ok(Self(edges))
    }

    /// 1–30, 31–60, 61–90, 91–180 and above.
    #[must_use]
    pub fn standard() -> Self {
        Self(vec![30, 60, 90, 180])
    }

    /// The edges.
    #[must_use]
    pub fn edges(&self) -> &[u32] {
        &self.0
    }

    /// One label a bucket, such as `31-60`; the last is open, such as `181+`.
    #[must_use]
    pub fn labels(&self) -> Vec<String> {
        self.labels_from(1)
    }

    fn labels_from(&self, first: u32) -> Vec<String> {
        let mut from = first;
        let mut labels = Vec::with_capacity(self.0.len().saturating_add(1));
        for edge in &self.0 {
            labels.push(format!("{from}-{edge}"));
            from = edge.saturating_add(1);
        }
        labels.push(format!("{from}+"));
        labels
    }
}

impl From<Buckets> for Vec<u32> {
    fn from(buckets: Buckets) -> Self {
        buckets.0
    }
}

impl TryFrom<Vec<u32>> for Buckets {
    type Error = LedgerError;

    fn try_from(edges: Vec<u32>) -> Result<Self, LedgerError> {
        Self::new(edges)
    }
}

/// The date an age is counted from (账龄口径).
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AgeBasis {
    /// 到期日: the due date; up to and including it an item is not due.
    #[default]
    DueDate,
    /// 单据日期: the document date; the first bucket takes the day itself, so it runs from 0.
    DocumentDate,
    /// 送货日期: the day of delivery, counted as the document date is; an item that names none has no date here.
    DeliveryDate,
}

impl AgeBasis {
    /// Every basis.
    pub const ALL: [Self; 3] = [Self::DueDate, Self::DocumentDate, Self::DeliveryDate];
}

/// What to age.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgeingQuery<'a> {
    /// Code of a control account.
    pub account: &'a str,
    /// The currency.
    pub currency: Currency,
    /// The day at whose end the items are looked at.
    pub as_of: NaiveDate,
    /// What age is counted from.
    pub basis: AgeBasis,
}

/// What is open, split by age; every amount is debit positive and `total` is the sum of all but
/// `disputed`, which is an of-which.
///
/// # Source
///
/// House rule: every open item falls in exactly one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgeingSplit {
    /// 未到期: not due yet, the due date itself included; by the other dates, what is dated after the day.
    pub not_due: Money,
    /// 逾期: one amount per bucket, in the order of [`Buckets::labels`].
    pub overdue: Vec<Money>,
    /// 无日期: without a date on the chosen basis.
    pub no_due_date: Money,
    /// 未核销款项: open items on the side against the account, such as receipts not matched to an invoice.
    pub unallocated_credit: Money,
    /// 其中争议: what of all this the key account disputes, with its sign; part of the other figures, not beside them.
    pub disputed: Money,
    /// The sum, which is the balance of the control account.
    pub total: Money,
}

impl AgeingSplit {
    /// What is past due: the sum of the buckets.
    ///
    /// # Errors
    ///
    /// - [`LedgerError::Types`] when the sum is out of range, which no ledger can bring about.
    pub fn past_due(&self) -> Result<Money, LedgerError> {
        Ok(Money::sum(self.overdue.iter().copied(), self.total.currency())?)
    }
}

/// The ageing of a control account (账龄分析): one row per key account, and their sum.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ageing {
    /// The day.
    pub as_of: NaiveDate,
    /// The labels of the buckets.
    pub labels: Vec<String>,
    /// Per key account that was ever posted to, by id.
    pub rows: Vec<(AccountId, AgeingSplit)>,
    /// The sum over key accounts.
    pub total: AgeingSplit,
}

impl Ageing {
    /// The row of one key account.
    #[must_use]
    pub fn of(&self, key_account: &AccountId) -> Option<&AgeingSplit> {
        self.rows.iter().find(|(id, _)| id == key_account).map(|(_, split)| split)
    }
}

/// An item that is open at a date.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenItem {
    /// The item.
    pub id: ItemId,
    /// The entry that opened it.
    pub entry: EntryId,
    /// Debit for what is owed to us, credit for what we owe or hold.
    pub side: Side,
    /// The document.
    pub document: DocumentId,
    /// The date of the document.
    pub dated: NaiveDate,
    /// When it falls due.
    pub due: Due,
    /// When its goods were delivered, where that is known.
    pub delivered: Option<NaiveDate>,
    /// Its full amount, above zero.
    pub original: Money,
    /// What is open of it, above zero.
    pub open: Money,
    /// What of it is disputed, not negative, at most what is open.
    pub disputed: Money,
    /// Days past the due date, negative before it; nothing without a due date.
    pub days_past_due: Option<i64>,
}

fn days_between(from: NaiveDate, to: NaiveDate) -> i64 {
    to.signed_duration_since(from).num_days()
}

impl State {
    /// What is open of an item at the end of a day, and disputed of that, as known at a recorded day.
    pub(crate) fn open_known(&self, item: &Item, day: NaiveDate, known: NaiveDate) -> (i128, i128) {
        let open = if known == NaiveDate::MAX {
            self.open_at(item, day)
        } else {
            let knows = |by: EntryId| self.recorded_of(by).is_some_and(|recorded| recorded <= known);
            if item.effective > day || !self.entry_of(item).is_some_and(knows) {
                return (0, 0);
            }
            self.left_after(item, |applied| applied.effective <= day && knows(applied.by()))
        };
        match self.disputes_of(item) {
            [] => (open, 0),
            disputes => (open, self.marked_at(disputes, day, known).min(open)),
        }
    }

    pub(crate) fn ageing(
        &self,
        query: &AgeingQuery<'_>,
        buckets: &Buckets,
        known: NaiveDate,
    ) -> Result<Ageing, LedgerError> {
        let (account, named) = self.account_named(query.account)?;
        if !is_control(named) {
            return Err(LedgerError::NotAControlAccount { code: query.account.to_owned() });
        }
        let slots = self.slots_of(account, query.currency);
        let sums = self.age(&slots, query, (named.normal_side(), buckets), known);
        let (splits, total) = sums.splits(query.currency)?;
        let named = slots.iter().zip(splits);
        let rows = named.filter_map(|(slot, row)| Some((self.party(slot.party)?.clone(), row))).collect();
        let labels = match query.basis {
            AgeBasis::DueDate => buckets.labels(),
            AgeBasis::DocumentDate | AgeBasis::DeliveryDate => buckets.labels_from(0),
        };
        Ok(Ageing { as_of: query.as_of, labels, rows, total })
    }

    pub(crate) fn open_items(
        &self,
        code: &str,
        key_account: &AccountId,
        currency: Currency,
        (as_of, known): (NaiveDate, NaiveDate),
    ) -> Result<Vec<OpenItem>, LedgerError> {
        let (account, named) = self.account_named(code)?;
        if !is_control(named) {
            return Err(LedgerError::NotAControlAccount { code: code.to_owned() });
        }
        let mut open_items = Vec::new();
        let slot = self.slot(account, Some(key_account), currency).map(|(_, slot)| slot);
        for at in slot.into_iter().flat_map(|slot| slot.items.iter()) {
            let Some(item) = self.items.get(index(at)) else { continue };
            let (Some(entry), Some(document)) = (self.entry_of(item), self.document_of(item)) else {
                continue;
            };
            let (open, disputed) = self.open_known(item, as_of, known);
            if open != 0 {
                open_items.push(OpenItem {
                    id: ItemId(u64::from(at)),
                    entry,
                    side: item.side,
                    document,
                    dated: item.dated,
                    due: item.due,
                    delivered: self.delivered(item),
                    original: Money::from_minor(self.original(item), currency)?,
                    open: Money::from_minor(open, currency)?,
                    disputed: Money::from_minor(disputed, currency)?,
                    days_past_due: match item.due {
                        Due::On(due) => Some(days_between(due, as_of)),
                        Due::NoDate => None,
                    },
                });
            }
        }
        Ok(open_items)
    }
}
