//! Foreign currency: stated rates, exchanges through a trading account, settlement and revaluation.

use chrono::NaiveDate;
use endcap_types::{AccountId, Currency, DocumentId, Exact, Money, Rounding};
use rust_decimal::Decimal;

use crate::{ClearingPolicy, ControlError, IdempotencyKey, LedgerError, LegDraft, Side};

/// A rate as someone stated it (汇率): units of `to` for one unit of `from`, on a day, by a source.
///
/// # Examples
///
/// ```
/// use endcap_ledger::ExchangeRate;
/// use endcap_types::{Currency, Money};
/// let day = chrono::NaiveDate::from_ymd_opt(2025, 3, 31).expect("a real day");
/// let rate = ExchangeRate::new((Currency::USD, Currency::CNY), "7.1782".parse()?, day, "PBoC central parity")?;
/// let dollars = Money::parse("1250.50", Currency::USD)?;
/// assert_eq!(rate.convert(dollars)?.to_amount_string(), "8976.34"); // 8,976.3391
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// IAS 21.8 (exchange rate); the ledger never looks one up.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "raw::RawRate"))]
pub struct ExchangeRate {
    from: Currency,
    to: Currency,
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    rate: Decimal,
    #[cfg_attr(feature = "serde", serde(with = "crate::strict_date"))]
    date: NaiveDate,
    source: String,
}

impl ExchangeRate {
    /// A rate above zero between two currencies.
    ///
    /// # Errors
    ///
    /// - [`ControlError::InvalidRate`] for a rate that is not above zero, or between a currency and itself.
    /// - [`LedgerError::InvalidText`] for a source that breaks the rules for text.
    pub fn new(
        (from, to): (Currency, Currency),
        rate: Decimal,
        date: NaiveDate,
        source: impl Into<String>,
    ) -> Result<Self, LedgerError> {
        let source = source.into();
        crate::error::check_text("rate source", &source, crate::limits::MAX_TEXT_CHARS)?;
        if from == to || rate <= Decimal::ZERO {
            return Err(LedgerError::Control(ControlError::InvalidRate { from, to, rate }));
        }
        Ok(Self { from, to, rate: rate.normalize(), date, source })
    }

    /// The currency that is exchanged.
    #[must_use]
    pub const fn from(&self) -> Currency {
        self.from
    }

    /// The currency that it is exchanged for.
    #[must_use]
    pub const fn to(&self) -> Currency {
        self.to
    }

    /// Units of `to` for one unit of `from`.
    #[must_use]
    pub const fn rate(&self) -> Decimal {
        self.rate
    }

    /// The day of the rate.
    #[must_use]
    pub const fn date(&self) -> NaiveDate {
        self.date
    }

    /// Who stated it.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// `amount × rate`, rounded once to the minor unit, half away from zero.
    ///
    /// # Errors
    ///
    /// - [`ControlError::MissingRate`] when `amount` is not in the currency exchanged.
    /// - [`LedgerError::Types`] when the result is out of range.
    pub fn convert(&self, amount: Money) -> Result<Money, LedgerError> {
        if amount.currency() != self.from {
            return Err(LedgerError::Control(ControlError::MissingRate {
                currency: amount.currency(),
                to: self.to,
            }));
        }
        let per_minor = Exact::ratio(self.to.minor_per_major(), self.from.minor_per_major())?;
        let minor = Exact::from_int(amount.minor()).mul(&per_minor)?.mul(&Exact::from_decimal(self.rate))?;
        Ok(Money::from_minor(minor.round_to_int(Rounding::HALF_AWAY.mode())?, self.to)?)
    }
}

/// An exchange of one currency against another in an entry (货币兑换): two legs on the trading account.
///
/// Each currency of the entry balances by itself; nothing is ever converted implicitly.
///
/// # Source
///
/// Selinger, *Tutorial on Multiple Currency Accounting* (trading accounts); CAS account 3002 货币兑换.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExchangeDraft {
    /// Code of the trading account.
    pub trading: String,
    /// The side of the foreign leg on the trading account: credit against a debit of a receivable.
    pub side: Side,
    /// The foreign amount, above zero.
    pub foreign: Money,
    /// The functional amount, which must be `foreign × rate`, rounded once.
    pub functional: Money,
    /// The rate.
    pub rate: ExchangeRate,
}

impl ExchangeDraft {
    /// An exchange of `foreign` at `rate` through an account.
    ///
    /// # Errors
    ///
    /// - Those of [`ExchangeRate::convert`].
    pub fn at(
        trading: impl Into<String>,
        side: Side,
        foreign: Money,
        rate: ExchangeRate,
    ) -> Result<Self, LedgerError> {
        let functional = rate.convert(foreign)?;
        Ok(Self { trading: trading.into(), side, foreign, functional, rate })
    }

    /// The two legs, once the amounts are what the rate says.
    pub(crate) fn legs(&self) -> Result<[LegDraft; 2], LedgerError> {
        let expected = self.rate.convert(self.foreign)?;
        if expected != self.functional {
            return Err(LedgerError::Control(ControlError::RateMismatch {
                stated: self.functional,
                expected,
            }));
        }
        let sides = [(self.side, self.foreign), (self.side.opposite(), self.functional)];
        Ok(sides.map(|(side, amount)| match side {
            Side::Debit => LegDraft::debit(&self.trading, amount),
            Side::Credit => LegDraft::credit(&self.trading, amount),
        }))
    }
}

/// The settlement of foreign-currency items with money of the functional currency (外币结算).
///
/// ```text
/// money    = foreign × rate of the day                        (rounded once)
/// released = carried × settled ÷ open, per item               (the last part takes the rest)
/// result   = money − Σ released                               (a gain on receivables when positive)
/// ```
///
/// # Source
///
/// IAS 21.28: the difference between what was carried and what came in goes to profit or loss.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignSettlement {
    /// The idempotency key.
    pub key: IdempotencyKey,
    /// The document behind it.
    pub document: DocumentId,
    /// Code of the control account.
    pub account: String,
    /// The key account.
    pub key_account: AccountId,
    /// The side of the items settled: debit for receivables.
    pub side: Side,
    /// How much is settled, in the foreign currency; at most what is open of the items.
    pub foreign: Money,
    /// Which items.
    pub policy: ClearingPolicy,
    /// Code of the account the money goes to or comes from.
    pub bank: String,
    /// The rate of the day.
    pub rate: ExchangeRate,
    /// Code of the trading account.
    pub trading: String,
    /// Code of the account of exchange differences.
    pub result: String,
    /// When it counts.
    pub effective: NaiveDate,
    /// When the ledger learns of it.
    pub recorded: NaiveDate,
}

/// The revaluation of what is held in foreign currencies (期末汇兑重估), as an entry of its own.
///
/// Looks at the trading account and the items carried at the end of the effective day: afterwards the trading account
/// holds, in the functional currency, exactly what its foreign balances are worth at the rates given.
///
/// # Source
///
/// IAS 21.23(a), 21.28: monetary items at the closing rate, differences in profit or loss.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revaluation {
    /// The idempotency key.
    pub key: IdempotencyKey,
    /// The document behind it.
    pub document: DocumentId,
    /// Code of the trading account.
    pub trading: String,
    /// Code of the account of exchange differences.
    pub result: String,
    /// One closing rate per foreign currency, all into the functional currency.
    pub rates: Vec<ExchangeRate>,
    /// When it counts.
    pub effective: NaiveDate,
    /// When the ledger learns of it.
    pub recorded: NaiveDate,
}

#[cfg(feature = "serde")]
mod raw {
    use super::{Currency, Decimal, ExchangeRate, LedgerError, NaiveDate};

    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct RawRate {
        from: Currency,
        to: Currency,
        #[serde(with = "rust_decimal::serde::str")]
        rate: Decimal,
        #[serde(with = "crate::strict_date")]
        date: NaiveDate,
        source: String,
    }

    impl TryFrom<RawRate> for ExchangeRate {
        type Error = LedgerError;

        fn try_from(raw: RawRate) -> Result<Self, LedgerError> {
            Self::new((raw.from, raw.to), raw.rate, raw.date, raw.source)
        }
    }
}
