//! Accounts of the chart: what they are called, which side they grow on, and whether they are kept per key account.

use core::fmt;

use endcap_types::Currency;

use crate::LedgerError;
use crate::error::check_text;
use crate::limits::{MAX_CODE_CHARS, MAX_TEXT_CHARS};

/// Dense handle of a ledger account (科目编号): the order in which it was opened, from 0.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct LedgerAccountId(pub(crate) u32);

impl LedgerAccountId {
    /// The position in the chart, from 0.
    #[must_use]
    pub const fn index(self) -> u32 {
        self.0
    }
}

/// The side of a leg (借贷方向). In signed figures debit is positive and credit negative.
///
/// # Source
///
/// Double-entry bookkeeping; the sign is a house rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Side {
    /// 借.
    Debit,
    /// 贷.
    Credit,
}

impl Side {
    /// The other side.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Debit => Self::Credit,
            Self::Credit => Self::Debit,
        }
    }

    /// `minor` with the sign of the side: debit positive, credit negative.
    #[must_use]
    pub const fn sign(self, minor: i128) -> i128 {
        match self {
            Self::Debit => minor,
            Self::Credit => minor.saturating_neg(),
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Debit => "debit",
            Self::Credit => "credit",
        })
    }
}

/// What an account is (科目类别).
///
/// # Source
///
/// IASB Conceptual Framework 4.1–4.72: the elements of financial statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum AccountKind {
    /// 资产.
    Asset,
    /// 负债.
    Liability,
    /// 所有者权益.
    Equity,
    /// 收入.
    Income,
    /// 费用.
    Expense,
}

impl AccountKind {
    /// The side on which accounts of this kind grow: debit for assets and expenses.
    #[must_use]
    pub const fn normal_side(self) -> Side {
        match self {
            Self::Asset | Self::Expense => Side::Debit,
            Self::Liability | Self::Equity | Self::Income => Side::Credit,
        }
    }
}

/// How an account is broken down (辅助核算).
///
/// # Source
///
/// House rule: a posting to a control account must name its key account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Dimension {
    /// Not at all: naming a key account is refused.
    #[default]
    None,
    /// By key account.
    KeyAccount,
    /// By key account, and each leg opens or clears an item of the sub-ledger (往来核算): a control account.
    OpenItems,
}

/// The currencies an account takes (核算币种).
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum CurrencyRule {
    /// Every currency, each with its own balance.
    #[default]
    Any,
    /// One only.
    Only(Currency),
}

/// An account of the chart (会计科目).
///
/// # Examples
///
/// ```
/// use endcap_ledger::{Account, AccountKind, Dimension, Side};
/// let receivable = Account::new("1122", ("Accounts receivable", "应收账款"), AccountKind::Asset)?
///     .with_dimension(Dimension::OpenItems);
/// assert_eq!(receivable.normal_side(), Side::Debit);
/// let allowance = Account::new("1231", ("Loss allowance", "坏账准备"), AccountKind::Asset)?
///     .with_normal_side(Side::Credit); // a contra account
/// assert_eq!(allowance.kind(), AccountKind::Asset);
/// # Ok::<(), endcap_ledger::LedgerError>(())
/// ```
///
/// # Source
///
/// House rule: codes are data, never constants in code.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "raw::RawAccount")
)]
pub struct Account {
    code: String,
    name: String,
    name_zh: String,
    kind: AccountKind,
    normal_side: Side,
    dimension: Dimension,
    currency: CurrencyRule,
}

impl Account {
    /// An account with its English and Chinese name; it takes every currency and is not broken down.
    ///
    /// # Errors
    ///
    /// - [`LedgerError::InvalidText`] when the code or a name is empty, too long or holds control characters.
    pub fn new(
        code: impl Into<String>,
        (name, name_zh): (&str, &str),
        kind: AccountKind,
    ) -> Result<Self, LedgerError> {
        let code = code.into();
        check_text("account code", &code, MAX_CODE_CHARS)?;
        check_text("account name", name, MAX_TEXT_CHARS)?;
        check_text("account name", name_zh, MAX_TEXT_CHARS)?;
        Ok(Self {
            code,
            name: name.to_owned(),
            name_zh: name_zh.to_owned(),
            kind,
            normal_side: kind.normal_side(),
            dimension: Dimension::None,
            currency: CurrencyRule::Any,
        })
    }

    /// The same account growing on `side`, for contra accounts (备抵科目).
    #[must_use]
    pub const fn with_normal_side(mut self, side: Side) -> Self {
        self.normal_side = side;
        self
    }

    /// The same account broken down by `dimension`.
    #[must_use]
    pub const fn with_dimension(mut self, dimension: Dimension) -> Self {
        self.dimension = dimension;
        self
    }

    /// The same account taking the currencies of `rule`.
    #[must_use]
    pub const fn with_currency(mut self, rule: CurrencyRule) -> Self {
        self.currency = rule;
        self
    }

    /// The code, such as `1122`.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The English name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The Chinese name.
    #[must_use]
    pub fn name_zh(&self) -> &str {
        &self.name_zh
    }

    /// What the account is.
    #[must_use]
    pub const fn kind(&self) -> AccountKind {
        self.kind
    }

    /// The side it grows on.
    #[must_use]
    pub const fn normal_side(&self) -> Side {
        self.normal_side
    }

    /// How it is broken down.
    #[must_use]
    pub const fn dimension(&self) -> Dimension {
        self.dimension
    }

    /// The currencies it takes.
    #[must_use]
    pub const fn currency(&self) -> CurrencyRule {
        self.currency
    }
}

#[cfg(feature = "serde")]
mod raw {
    use super::{Account, AccountKind, CurrencyRule, Dimension, LedgerError, Side};

    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct RawAccount {
        code: String,
        name: String,
        name_zh: String,
        kind: AccountKind,
        normal_side: Side,
        dimension: Dimension,
        currency: CurrencyRule,
    }

    impl TryFrom<RawAccount> for Account {
        type Error = LedgerError;

        fn try_from(raw: RawAccount) -> Result<Self, LedgerError> {
            let account = Account::new(raw.code, (&raw.name, &raw.name_zh), raw.kind)?;
            Ok(account
                .with_normal_side(raw.normal_side)
                .with_dimension(raw.dimension)
                .with_currency(raw.currency))
        }
    }
}
