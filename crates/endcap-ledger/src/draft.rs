//! What a caller asks to be posted: drafts of entries, their legs and what the legs do to open items.

use core::fmt;

use chrono::NaiveDate;
use endcap_types::{AccountId, Currency, DocumentId, Money};

use crate::error::check_text;
use crate::limits::MAX_KEY_CHARS;
use crate::{
    ClearingPolicy, EntryId, ExchangeDraft, ItemDraft, ItemEffect, LedgerError, Nature, Side, StockMove,
};

/// The caller's key of one command (幂等键): the same key never posts twice.
///
/// Between 1 and 160 characters, no control characters, no outer spaces.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Checks and keeps a key.
    ///
    /// # Errors
    ///
    /// - [`LedgerError::InvalidText`] when the text breaks a rule above.
    pub fn new(text: impl Into<String>) -> Result<Self, LedgerError> {
        let text = text.into();
        check_text("idempotency key", &text, MAX_KEY_CHARS)?;
        Ok(Self(text))
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for IdempotencyKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for IdempotencyKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(deserializer)?;
        Self::new(text).map_err(serde::de::Error::custom)
    }
}

/// The amount of a drafted leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LegAmount {
    /// An amount above zero on one side.
    Fixed(Side, Money),
    /// 红字: an amount above zero that is taken back on its own side.
    Red(Side, Money),
    /// Whatever balances the currency, exactly; one leg a currency at most.
    Remainder(Currency),
}

/// One leg of a draft (分录行).
///
/// # Examples
///
/// ```
/// use endcap_ledger::{LegDraft, Nature};
/// use endcap_types::{AccountId, Currency, Money};
/// let leg = LegDraft::debit("1122", Money::parse("11300.00", Currency::CNY)?)
///     .of(AccountId::new("KA002")?)
///     .nature(Nature::Invoice);
/// assert_eq!(leg.account, "1122");
/// # Ok::<(), endcap_types::TypesError>(())
/// ```
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegDraft {
    /// Code of the account.
    pub account: String,
    /// The key account, where the account is kept per key account.
    pub key_account: Option<AccountId>,
    /// Side and amount, or the remainder.
    pub amount: LegAmount,
    /// What the leg means on the page of the key account; that of the entry when absent.
    pub nature: Option<Nature>,
    /// What the leg does to open items; only legs of control accounts may say anything but `Plain`.
    pub item: ItemEffect,
}

impl LegDraft {
    fn with(account: impl Into<String>, amount: LegAmount) -> Self {
        Self { account: account.into(), key_account: None, amount, nature: None, item: ItemEffect::Plain }
    }

    /// A debit (借) of an amount above zero.
    #[must_use]
    pub fn debit(account: impl Into<String>, amount: Money) -> Self {
        Self::with(account, LegAmount::Fixed(Side::Debit, amount))
    }

    /// A credit (贷) of an amount above zero.
    #[must_use]
    pub fn credit(account: impl Into<String>, amount: Money) -> Self {
        Self::with(account, LegAmount::Fixed(Side::Credit, amount))
    }

    /// A debit if `amount` is positive, a credit of its absolute value if negative.
    #[must_use]
    pub fn signed(account: impl Into<String>, amount: Money) -> Self {
        if amount.is_negative() {
            Self::credit(account, amount.negated())
        } else {
            Self::debit(account, amount)
        }
    }

    /// The leg that takes whatever balances `currency` (轧差).
    #[must_use]
    pub fn remainder(account: impl Into<String>, currency: Currency) -> Self {
        Self::with(account, LegAmount::Remainder(currency))
    }

    /// The same leg of a key account.
    #[must_use]
    pub fn of(mut self, key_account: AccountId) -> Self {
        self.key_account = Some(key_account);
        self
    }

    /// The same leg with a meaning of its own.
    #[must_use]
    pub const fn nature(mut self, nature: Nature) -> Self {
        self.nature = Some(nature);
        self
    }

    /// The same leg opening `item`.
    #[must_use]
    pub fn opens(mut self, item: ItemDraft) -> Self {
        self.item = ItemEffect::Open(item);
        self
    }

    /// The same leg clearing items of the other side.
    #[must_use]
    pub fn clears(mut self, policy: ClearingPolicy) -> Self {
        self.item = ItemEffect::Clear(policy);
        self
    }
}

/// What an entry refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Link {
    /// Nothing before it.
    #[default]
    None,
    /// It corrects an earlier entry (更正), which may lie in a closed period.
    Corrects(EntryId),
}

/// What happens to a draft whose effective date is closed.
///
/// # Source
///
/// House rule: the correction of a closed month lands in the next open one and keeps what it relates to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClosedDay {
    /// It is refused.
    #[default]
    Refuse,
    /// 顺延: it counts on the first open day and relates to its own.
    FirstOpen,
}

/// An entry to be posted (凭证草稿): money legs that balance per currency, stock moves, and both dates.
///
/// # Examples
///
/// ```
/// use chrono::NaiveDate;
/// use endcap_ledger::{EntryDraft, IdempotencyKey, LegDraft};
/// use endcap_types::{Currency, DocumentId, Money};
/// let day = NaiveDate::from_ymd_opt(2025, 6, 30).expect("a real day");
/// let draft = EntryDraft::new(IdempotencyKey::new("bank/2025-06/17")?, DocumentId::new("BNK-17")?, day, day)
///     .describe("bank charges")
///     .leg(LegDraft::debit("6603", Money::parse("12.50", Currency::CNY)?))
///     .leg(LegDraft::remainder("1002", Currency::CNY));
/// assert_eq!(draft.legs.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryDraft {
    /// The idempotency key.
    pub key: IdempotencyKey,
    /// The document behind the entry.
    pub document: DocumentId,
    /// When it counts (业务日期).
    pub effective: NaiveDate,
    /// When the ledger learns of it (记账日期); never before that of the last event.
    pub recorded: NaiveDate,
    /// What happened, for a reader; may be empty.
    pub description: String,
    /// What its legs mean on the page of a key account, unless they say otherwise.
    pub nature: Nature,
    /// What it refers to.
    pub link: Link,
    /// The money legs.
    pub legs: Vec<LegDraft>,
    /// The stock moves.
    pub stock: Vec<StockMove>,
    /// What happens when the effective date is closed.
    pub closed: ClosedDay,
    /// Why the entry may count in a period that is soft closed; without it, such a period is closed.
    pub override_reason: Option<String>,
    /// Exchanges of one currency against another, at a stated rate.
    pub exchanges: Vec<ExchangeDraft>,
}

impl EntryDraft {
    /// A draft without legs.
    #[must_use]
    pub const fn new(
        key: IdempotencyKey,
        document: DocumentId,
        effective: NaiveDate,
        recorded: NaiveDate,
    ) -> Self {
        Self {
            key,
            document,
            effective,
            recorded,
            description: String::new(),
            nature: Nature::Other,
            link: Link::None,
            legs: Vec::new(),
            stock: Vec::new(),
            closed: ClosedDay::Refuse,
            override_reason: None,
            exchanges: Vec::new(),
        }
    }

    /// The same draft with a description.
    #[must_use]
    pub fn describe(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// The same draft with a meaning for its legs.
    #[must_use]
    pub const fn nature(mut self, nature: Nature) -> Self {
        self.nature = nature;
        self
    }

    /// The same draft as a correction of `entry`.
    #[must_use]
    pub const fn corrects(mut self, entry: EntryId) -> Self {
        self.link = Link::Corrects(entry);
        self
    }

    /// The same draft, to count on the first open day when its own is closed; it then relates to its own.
    #[must_use]
    pub const fn or_first_open_day(mut self) -> Self {
        self.closed = ClosedDay::FirstOpen;
        self
    }

    /// The same draft, to count in a soft closed period for this reason.
    #[must_use]
    pub fn overriding(mut self, reason: impl Into<String>) -> Self {
        self.override_reason = Some(reason.into());
        self
    }

    /// The same draft with one more exchange.
    #[must_use]
    pub fn exchanges(mut self, exchange: ExchangeDraft) -> Self {
        self.exchanges.push(exchange);
        self
    }

    /// The same draft with one more leg.
    #[must_use]
    pub fn leg(mut self, leg: LegDraft) -> Self {
        self.legs.push(leg);
        self
    }

    /// The same draft with one more stock move.
    #[must_use]
    pub fn moves(mut self, stock: StockMove) -> Self {
        self.stock.push(stock);
        self
    }
}
