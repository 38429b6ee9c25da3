//! What a leg of a control account does to open items: the item it opens, and the items it clears.

use chrono::NaiveDate;
use endcap_types::{DocumentId, Money};

/// When an item falls due (到期日).
///
/// # Source
///
/// House rule: an item without a due date has its own place in the ageing and never vanishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Due {
    /// On this day; the day itself is not overdue.
    On(#[cfg_attr(feature = "serde", serde(with = "crate::strict_date"))] NaiveDate),
    /// The terms give no date (yet).
    NoDate,
}

/// An open item to be opened (往来单据): the document behind a leg of a control account.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct ItemDraft {
    /// The document: invoice, statement, receipt.
    pub document: DocumentId,
    /// The date of the document.
    #[cfg_attr(feature = "serde", serde(with = "crate::strict_date"))]
    pub dated: NaiveDate,
    /// When it falls due.
    pub due: Due,
    /// 送货日期: when the goods were delivered, where that is known.
    #[cfg_attr(
        feature = "serde",
        serde(default, with = "crate::strict_date::maybe", skip_serializing_if = "Option::is_none")
    )]
    pub delivered: Option<NaiveDate>,
}

/// Which items a leg clears, and in which order (核销规则).
///
/// For every policy but [`ClearingPolicy::Amounts`] the sum cleared is `min(amount of the leg, Σ open of the items)`;
/// what is left stays on the account as an item of its own. Ties go by document, never by position.
///
/// # Source
///
/// House rule; the orders are those common in accounts-receivable practice.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case", deny_unknown_fields)
)]
pub enum ClearingPolicy {
    /// 先进先出: by document date.
    Fifo,
    /// 最早到期: by due date, no due date last, then by document date.
    OldestDue,
    /// 按比例: every open item by its share of what is open; odd units by largest remainder, ties to the oldest.
    Proportional,
    /// 指定单据: these documents only, in this order.
    Documents(Vec<DocumentId>),
    /// 指定金额: exactly these amounts; more than is open is refused.
    Amounts(Vec<(DocumentId, Money)>),
}

/// What a leg of a control account does to its open items.
///
/// # Source
///
/// House rule: each leg of a control account makes exactly one item, so items always sum to the account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case", deny_unknown_fields)
)]
pub enum ItemEffect {
    /// An item under the document and effective date of the entry, without due date: an unallocated credit, if a credit.
    #[default]
    Plain,
    /// This item.
    Open(ItemDraft),
    /// An item as for `Plain`, which at once clears items of the other side.
    Clear(ClearingPolicy),
}
