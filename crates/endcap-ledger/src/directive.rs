//! Directives: what is laid down beside entries, such as locks on periods, limits on balances and disputes.

use chrono::NaiveDate;
use endcap_calendar::Period;
use endcap_types::{AccountId, Currency, DocumentId, Money};

use crate::{AccountKind, EntryId, GroupLimit, Hash, IdempotencyKey, KeyAccountGroup, LimitOverride};

/// What happens to the lock of a period (结账状态).
///
/// # Source
///
/// House rule: open, then soft closed (adjustments with a reason only), then closed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case", deny_unknown_fields)
)]
pub enum PeriodAction {
    /// 预结账: from now on an entry in the period must say why it goes there all the same.
    SoftClose,
    /// 结账: no entry may count in the period.
    Close {
        /// Reservations effective in the period that stay pending all the same; any other one refuses the close.
        carry_over: Vec<EntryId>,
    },
    /// 反结账: the period takes entries again.
    Reopen,
}

/// The kinds of accounts that a lock is on (锁定范围).
///
/// # Source
///
/// House rule: receivables may close before stock.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case", deny_unknown_fields)
)]
pub enum LockedKinds {
    /// Every kind.
    All,
    /// These kinds; an entry must be free of the lock with all of its legs.
    Only(Vec<AccountKind>),
}

/// A change of the lock of a period (结账、反结账).
///
/// Each kind of accounts has one border: everything before it is closed. A period is closed in order; reopening one
/// reopens nothing after it, so a later closed period must be reopened first or named in the same period.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct PeriodChange {
    /// What happens.
    pub action: PeriodAction,
    /// To which days.
    pub period: Period,
    /// For which kinds of accounts.
    pub kinds: LockedKinds,
    /// Why; mandatory for a reopening, else it may be empty.
    pub reason: String,
    /// Who ordered it; mandatory.
    pub by: String,
}

/// The days a bound is checked on.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum BoundDates {
    /// 当前: the balance of everything posted, whatever its date.
    Current,
    /// 每日: the balance at the end of every day as well, from the first on which it moves, so that a backdated entry
    /// cannot break a past one.
    EveryDate,
}

/// Limits of a signed balance, debit positive (余额上下限, 信用额度): the maximum of a receivable is a credit limit.
///
/// Pending amounts count at their worst: all pending debits against the maximum, all pending credits against the
/// minimum. So confirming or voiding a reservation never breaks a bound.
///
/// # Source
///
/// House rule; pending amounts in limits as in two-phase transfers.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Bounds {
    /// Code of the account.
    pub account: String,
    /// One key account, or the account as a whole.
    pub key_account: Option<AccountId>,
    /// The currency of the balance.
    pub currency: Currency,
    /// The least the balance may be, if there is a least.
    pub min: Option<Money>,
    /// The most the balance may be, if there is a most.
    pub max: Option<Money>,
    /// The days it holds on.
    pub dates: BoundDates,
}

/// How binding an asserted balance is.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Strength {
    /// An audit reports when a later entry breaks it.
    Advisory,
    /// 对账确认: an entry that would break it is refused.
    Locked,
}

/// A balance at the end of a day that someone vouches for (余额确认), such as a statement both sides signed.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Assertion {
    /// Code of the account.
    pub account: String,
    /// One key account, or the account as a whole.
    pub key_account: Option<AccountId>,
    /// The day at whose end it holds.
    #[cfg_attr(feature = "serde", serde(with = "crate::strict_date"))]
    pub day: NaiveDate,
    /// The balance, debit positive.
    pub expected: Money,
    /// How binding it is.
    pub strength: Strength,
}

/// An item, or a part of it, that the key account disputes (争议款项).
///
/// It stays on the control account and in the ageing, with a mark.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Dispute {
    /// Code of the control account.
    pub account: String,
    /// The key account.
    pub key_account: AccountId,
    /// The document of the item.
    pub document: DocumentId,
    /// How much of it is disputed, above zero and at most what is open.
    pub amount: Money,
    /// What the key account says.
    pub reason: String,
    /// From when it counts.
    #[cfg_attr(feature = "serde", serde(with = "crate::strict_date"))]
    pub effective: NaiveDate,
}

/// How a dispute ended.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case", deny_unknown_fields)
)]
pub enum DisputeOutcome {
    /// 认可: the key account is right; a credit note or write-off follows as its own entry.
    Accepted,
    /// 部分认可: this much of it.
    PartlyAccepted(Money),
    /// 驳回: the item stays due.
    Rejected,
}

/// The end of a dispute (争议处理): the mark goes, the item stays as open as it is.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct DisputeResolution {
    /// The dispute: the sequence number of its event.
    pub dispute: EntryId,
    /// How it ended.
    pub outcome: DisputeOutcome,
    /// Why.
    pub reason: String,
    /// From when it counts.
    #[cfg_attr(feature = "serde", serde(with = "crate::strict_date"))]
    pub effective: NaiveDate,
}

/// The release of a reservation without an entry (作废).
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Voiding {
    /// The reservation.
    pub reservation: EntryId,
    /// Why.
    pub reason: String,
    /// From when it counts, not before the reservation.
    #[cfg_attr(feature = "serde", serde(with = "crate::strict_date"))]
    pub effective: NaiveDate,
}

/// What is laid down beside entries (指令).
///
/// # Source
///
/// House rule: each is an event of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case", deny_unknown_fields)
)]
#[non_exhaustive]
pub enum Directive {
    /// 结账、反结账.
    ChangePeriod(PeriodChange),
    /// 余额上下限; both limits absent lift it.
    SetBounds(Bounds),
    /// 余额确认.
    AssertBalance(Assertion),
    /// 争议.
    Dispute(Dispute),
    /// 争议处理.
    ResolveDispute(DisputeResolution),
    /// 作废.
    Void(Voiding),
    /// 集团成员: who belongs to a group of key accounts.
    SetGroup(KeyAccountGroup),
    /// 集团授信额度; no most lifts it.
    SetGroupLimit(GroupLimit),
    /// 临时额度: more than the limit of a group, for a time.
    OverrideGroupLimit(LimitOverride),
    /// 到期作废: every reservation whose last day is before this one.
    Expire(#[cfg_attr(feature = "serde", serde(with = "crate::strict_date"))] NaiveDate),
}

/// A directive as asked for.
///
/// # Examples
///
/// ```
/// use endcap_ledger::*;
/// use endcap_types::{AccountId, Currency, Money};
/// # let day = chrono::NaiveDate::from_ymd_opt(2025, 1, 1).expect("a real day");
/// let mut ledger = Ledger::new(Settings::new("demo")?);
/// ledger.open_all(chart::key_account_supplier()?, day)?;
/// // KA001 may owe us 50,000.00 at most, pending deliveries included.
/// let limit = Bounds {
///     account: "1122".to_owned(),
///     key_account: Some(AccountId::new("KA001")?),
///     currency: Currency::CNY,
///     min: None,
///     max: Some(Money::parse("50000.00", Currency::CNY)?),
///     dates: BoundDates::Current,
/// };
/// let key = IdempotencyKey::new("limit/KA001/2025")?;
/// ledger.direct(Directing { key, recorded: day, directive: Directive::SetBounds(limit) })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directing {
    /// The idempotency key.
    pub key: IdempotencyKey,
    /// When the ledger learns of it.
    pub recorded: NaiveDate,
    /// What is laid down.
    pub directive: Directive,
}

/// A directive as it stands in the log.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Directed {
    /// The idempotency key.
    pub key: IdempotencyKey,
    /// SHA-256 of what was asked: tells a replay from a conflict.
    pub request: Hash,
    /// What was laid down.
    pub directive: Directive,
}
