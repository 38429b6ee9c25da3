//! Groups of key accounts: a chain whose banners and stores are key accounts of their own, and one credit limit over
//! all of them.

use chrono::NaiveDate;
use endcap_types::{AccountId, Currency, Money};

use crate::EntryId;

/// The key accounts of one group (集团成员): who answers for whom.
///
/// Laid down again it replaces the members; without members it dissolves the group and its limits. A key account may
/// belong to several groups, such as its banner and its headquarters; every limit counts.
///
/// # Source
///
/// House rule: connected customers are one exposure, as in Regulation (EU) 575/2013, art. 4(1)(39).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct KeyAccountGroup {
    /// Name of the group, such as the id of its headquarters.
    pub group: AccountId,
    /// Its members; one named twice counts once.
    pub members: Vec<AccountId>,
}

/// The most that the members of a group may owe together (集团授信额度).
///
/// `exposure = Σ members (posted balance + pending debits) ≤ max`, judged whenever a command raises it, so that a receipt
/// is never refused. Laid down again it replaces the limit and ends its override.
///
/// # Source
///
/// House rule; pending amounts count at their worst, as for [`Bounds`](crate::Bounds).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct GroupLimit {
    /// The group.
    pub group: AccountId,
    /// Code of the account, such as that of the receivables.
    pub account: String,
    /// The currency.
    pub currency: Currency,
    /// The most, if there is a most; none lifts the limit.
    pub max: Option<Money>,
}

/// More than the limit of a group for a time (临时额度): an event of its own, with reason and name.
///
/// # Source
///
/// House rule: nothing passes a limit without an event that says who let it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct LimitOverride {
    /// The group.
    pub group: AccountId,
    /// Code of the account.
    pub account: String,
    /// The most from now on, above the limit.
    pub up_to: Money,
    /// The last recorded day on which it counts.
    #[cfg_attr(feature = "serde", serde(with = "crate::strict_date"))]
    pub until: NaiveDate,
    /// Why; mandatory.
    pub reason: String,
    /// Who allowed it; mandatory.
    pub by: String,
}

/// How much of the limit of a group is used (额度占用).
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupUsage {
    /// The group.
    pub group: AccountId,
    /// Code of the account.
    pub account: String,
    /// The limit in force.
    pub limit: Money,
    /// The override that makes it so, where one is in force.
    pub overridden_by: Option<EntryId>,
    /// What the members owe together, pending debits included.
    pub exposure: Money,
    /// `limit − exposure`; below zero where an override has run out.
    pub headroom: Money,
}
