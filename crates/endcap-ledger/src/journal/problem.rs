//! What is wrong with a text that was to be read: place, value and what was expected.

use core::fmt;

use chrono::NaiveDate;
use endcap_types::{Currency, Money, TypesError};

use crate::LedgerError;

/// One problem with a text (导入错误): line and column from 1, the value found there, and what was expected.
///
/// `Display` writes `line:column: "value": expected …`.
///
/// # Source
///
/// House rule: a text that a person must mend lists all its problems at once.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {value:?}: {fault}")]
pub struct InputProblem {
    /// The line, from 1.
    pub line: u64,
    /// The column in characters, from 1.
    pub column: usize,
    /// What stands there, cut to a readable length.
    pub value: String,
    /// What was expected instead.
    pub fault: Box<InputFault>,
}

/// What was expected of a text, named after the rule that was broken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InputFault {
    /// A line begins with nothing that is known.
    #[error("expected a date such as 2026-06-30, `account`, or `;` before a comment")]
    NotALine,
    /// A date is not one.
    #[error("expected a date such as 2026-06-30")]
    NotADate,
    /// Something of the larger journal formats that is left out on purpose.
    #[error("expected none: {what} are not part of this journal")]
    Refused {
        /// What it is called.
        what: &'static str,
    },
    /// An indented line has no entry above it.
    #[error("expected an entry line with a date above an indented line")]
    NoEntry,
    /// An entry has no legs.
    #[error("expected at least one indented line with an account and an amount below")]
    NoLegs,
    /// An account is not written as a path.
    #[error(
        "expected an account such as Assets:1122 or Assets:1122:KA001 \
         (Assets, Liabilities, Equity, Income or Expenses, the code, the key account)"
    )]
    NotAnAccount,
    /// Account and amount are not kept apart.
    #[error("expected two spaces between account and amount")]
    OneSpace,
    /// The chart has no such account.
    #[error("expected an account that an `account` line declares")]
    UnknownAccount,
    /// The account is of another kind.
    #[error("expected {root}:{code}, as the account is declared")]
    KindDiffers {
        /// The root of its kind.
        root: &'static str,
        /// The code.
        code: String,
    },
    /// The account was declared before.
    #[error("expected a code of its own: the account is declared already")]
    DeclaredTwice,
    /// The account is kept per key account and none is named.
    #[error("expected a key account behind the code: the account is kept per key account")]
    MissingKeyAccount,
    /// The account is not kept per key account and one is named.
    #[error("expected no key account: the account is not kept per key account")]
    KeyAccountNotAllowed,
    /// An amount is not one.
    #[error("expected an amount such as -1234.50 CNY: digits, a point, one space, the currency")]
    NotAnAmount,
    /// The currency is unknown.
    #[error("expected a currency code such as CNY")]
    NotACurrency,
    /// The amount is finer than the currency.
    #[error("expected at most {limit} decimals for {currency}")]
    TooManyDecimals {
        /// The currency.
        currency: Currency,
        /// How many it has.
        limit: u8,
    },
    /// The amount, or a sum, is larger than money can be.
    #[error("expected an amount of at most 36 digits in minor units")]
    AmountOutOfRange,
    /// The amount is zero.
    #[error("expected an amount other than zero, or a balance behind `=`")]
    ZeroAmount,
    /// More than one amount is left out.
    #[error("expected an amount: line {first} leaves out its own, and one an entry may")]
    SecondElided {
        /// The line of the first.
        first: u64,
    },
    /// An amount is left out of an entry of several currencies.
    #[error("expected an amount: the entry is in {count} currencies, so what is left is not one amount")]
    ElidedCurrency {
        /// How many currencies.
        count: usize,
    },
    /// An amount is left out and nothing is left for it.
    #[error("expected an amount: the others balance, so nothing is left for this account")]
    NothingElided,
    /// Debits and credits differ in some currency.
    #[error("expected debits to equal credits in each currency; off by {}", listed(surplus))]
    Unbalanced {
        /// Debits minus credits, per currency.
        surplus: Vec<Money>,
    },
    /// A balance is not what was asserted.
    #[error("expected the balance asserted for {account}; found {}", amount(found))]
    AssertionFailed {
        /// The account as written.
        account: String,
        /// What was asserted.
        expected: Money,
        /// What it is.
        found: Money,
    },
    /// A tag is unknown.
    #[error("expected one of the tags {known}; a comment keeps a space before its colon")]
    UnknownTag {
        /// The tags that may stand here.
        known: &'static str,
    },
    /// A tag stands twice.
    #[error("expected each tag once")]
    RepeatedTag,
    /// The value of a tag is not what it should be.
    #[error("expected {expected}")]
    BadTag {
        /// What was expected.
        expected: &'static str,
    },
    /// Two tags contradict each other.
    #[error("expected `clears` alone: a leg that clears opens no item of its own")]
    ClearsAndOpens,
    /// Open items are named at an account that has none.
    #[error("expected no {tag}: the account has no open items")]
    NotAControlAccount {
        /// The tag.
        tag: &'static str,
    },
    /// A recorded date goes back.
    #[error("expected {before} or later: recorded dates never go back")]
    RecordedBack {
        /// The recorded date of the entry before.
        before: NaiveDate,
    },
    /// `%` escapes do not spell text.
    #[error("expected the bytes behind % to be UTF-8")]
    NotUtf8,
    /// A code, key, name or id breaks the rules for text.
    #[error("expected a shorter or cleaner text: {0}")]
    BadText(#[source] LedgerError),
    /// The ledger refuses the entry.
    #[error("expected an entry that the ledger accepts: {0}")]
    Rule(#[source] LedgerError),
    /// A line of a log is not the event that should stand there.
    #[error("expected {expected}: {reason}")]
    NotAnEvent {
        /// What should stand there.
        expected: &'static str,
        /// What is wrong.
        reason: String,
    },
}

impl From<TypesError> for InputFault {
    fn from(error: TypesError) -> Self {
        Self::BadText(error.into())
    }
}

fn amount(money: &Money) -> String {
    format!("{} {}", money.to_amount_string(), money.currency())
}

fn listed(surplus: &[Money]) -> String {
    let parts: Vec<String> = surplus.iter().map(amount).collect();
    parts.join(", ")
}

/// A piece of a line and where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece<'t> {
    pub(crate) line: u64,
    pub(crate) column: usize,
    pub(crate) text: &'t str,
}

impl<'t> Piece<'t> {
    pub(crate) fn fault(self, fault: InputFault) -> InputProblem {
        InputProblem {
            line: self.line,
            column: self.column,
            value: self.text.chars().take(MAX_SHOWN_CHARS).collect(),
            fault: Box::new(fault),
        }
    }

    /// The piece from byte `at` on.
    fn from(self, at: usize) -> Self {
        let (head, tail) = self.text.split_at_checked(at).unwrap_or((self.text, ""));
        Self { column: self.column.saturating_add(head.chars().count()), text: tail, ..self }
    }

    pub(crate) fn trim(self) -> Self {
        let start = self.text.len().saturating_sub(self.text.trim_start().len());
        let rest = self.from(start);
        Self { text: rest.text.trim_end(), ..rest }
    }

    /// What stands before and behind the first `mark`.
    pub(crate) fn split_once(self, mark: &str) -> Option<(Self, Self)> {
        let at = self.text.find(mark)?;
        let head = Self { text: self.text.get(..at)?, ..self };
        Some((head, self.from(at.saturating_add(mark.len()))))
    }

    /// The pieces between all `mark`s.
    pub(crate) fn split(self, mark: &'static str) -> impl Iterator<Item = Self> + use<'t> {
        let mut rest = Some(self);
        core::iter::from_fn(move || {
            let piece = rest?;
            let (head, tail) = match piece.split_once(mark) {
                Some((head, tail)) => (head, Some(tail)),
                None => (piece, None),
            };
            rest = tail;
            Some(head)
        })
    }

    pub(crate) fn strip(self, prefix: &str) -> Option<Self> {
        self.text.starts_with(prefix).then(|| self.from(prefix.len()))
    }
}

impl fmt::Display for Piece<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.text)
    }
}

/// Longest piece of a value that a problem repeats, in characters.
const MAX_SHOWN_CHARS: usize = 80;
