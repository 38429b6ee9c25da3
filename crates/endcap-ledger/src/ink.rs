//! Red ink: what is taken back on the side it stands on, and the form a reversal takes.

use endcap_types::Money;

use crate::{Leg, LegAmount, LegDraft, Side};

/// The ink of a leg (红字、蓝字).
///
/// A red leg counts negatively on its own side: it takes back turnover (发生额) instead of adding to the turnover of the
/// other side. The balance is the same either way.
///
/// # Source
///
/// 会计基础工作规范 (Ministry of Finance of China), art. 59: errors of a booked voucher are corrected by a voucher in red
/// and, where needed, a new one in blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Ink {
    /// 蓝字: an amount above zero.
    Blue,
    /// 红字: an amount below zero.
    Red,
}

/// The form of a reversal (冲销方式).
///
/// Both leave the same balances, items and stock. An entry over 113.00 and its reversal leave turnovers of 113.00 on
/// both sides with swapped sides, and of nothing in red ink.
///
/// # Source
///
/// 会计基础工作规范 art. 59 for red ink; reversing entries with swapped sides are the practice elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum ReversalForm {
    /// 反向冲销: the same amounts on the other sides.
    #[default]
    SwappedSides,
    /// 红字冲销: the same sides with negative amounts.
    RedLetter,
}

/// Who says in which form an entry is reversed.
///
/// # Source
///
/// House rule: a standing choice of the ledger, which one contract may depart from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum FormRule {
    /// The [`Settings`](crate::Settings) of the ledger.
    #[default]
    AsLedger,
    /// This form, whatever the ledger is used to.
    Always(ReversalForm),
}

/// Whether a ledger reverses on swapped sides, as one that says nothing does.
pub(crate) fn is_usual(form: &ReversalForm) -> bool {
    *form == ReversalForm::SwappedSides
}

impl FormRule {
    /// The form under this rule in a ledger that is used to `standing`.
    #[must_use]
    pub const fn form(self, standing: ReversalForm) -> ReversalForm {
        match self {
            Self::AsLedger => standing,
            Self::Always(form) => form,
        }
    }
}

impl Leg {
    /// Red for an amount below zero.
    #[must_use]
    pub const fn ink(&self) -> Ink {
        if self.amount.is_negative() { Ink::Red } else { Ink::Blue }
    }

    /// The side on which the leg moves the balance (余额方向): for a red leg the other one than its own.
    #[must_use]
    pub const fn weighs_on(&self) -> Side {
        match self.ink() {
            Ink::Blue => self.side,
            Ink::Red => self.side.opposite(),
        }
    }

    /// The amount without its sign, in minor units.
    pub(crate) const fn size(&self) -> i128 {
        self.amount.minor().saturating_abs()
    }

    /// The leg that undoes this one. What undoes a red leg is the blue leg on the same side, in either form.
    pub(crate) fn undone(&self, form: ReversalForm) -> Self {
        let side = match (form, self.ink()) {
            (ReversalForm::SwappedSides, Ink::Blue) => {
                return Self { side: self.side.opposite(), ..self.clone() };
            }
            (ReversalForm::RedLetter, _) | (_, Ink::Red) => self.side,
        };
        Self { side, amount: self.amount.negated(), ..self.clone() }
    }
}

/// What a leg adds to the turnover that a ledger may come to: debits, and red legs of either side, without their sign.
///
/// Blue credits are `debits − red debits + red credits` at most, so no column can pass the limit unnoticed.
pub(crate) const fn turns_over(side: Side, minor: i128) -> i128 {
    match side {
        Side::Credit if minor >= 0 => 0,
        _ => minor.saturating_abs(),
    }
}

impl LegAmount {
    /// Side and amount as posted: below zero in red ink; nothing for a remainder.
    pub(crate) fn posted(&self) -> Option<(Side, Money)> {
        match self {
            Self::Fixed(side, amount) => Some((*side, *amount)),
            Self::Red(side, amount) => Some((*side, amount.negated())),
            Self::Remainder(_) => None,
        }
    }
}

impl LegDraft {
    /// A red debit (借方红字): takes back an amount above zero on the debit side.
    ///
    /// # Examples
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use endcap_ledger::{chart, At, EntryDraft, IdempotencyKey, Ink, Ledger, LegDraft, Settings};
    /// use endcap_types::{Currency, DocumentId, Money};
    /// let day = NaiveDate::from_ymd_opt(2025, 6, 30).expect("a real day");
    /// let cny = |text| Money::parse(text, Currency::CNY);
    /// let mut ledger = Ledger::new(Settings::new("demo")?);
    /// ledger.open_all(chart::key_account_supplier()?, day)?;
    /// let draft = |name: &str| -> Result<EntryDraft, Box<dyn std::error::Error>> {
    ///     Ok(EntryDraft::new(IdempotencyKey::new(name)?, DocumentId::new(name)?, day, day))
    /// };
    /// // Goods of 600.00 went out and were written up as 6,000.00: the difference is taken back in red.
    /// let wrong = draft("out")?.leg(LegDraft::debit("6401", cny("6000.00")?)).leg(LegDraft::credit("1405", cny("6000.00")?));
    /// let of = ledger.post(&wrong)?.entry();
    /// let red = draft("red")?
    ///     .corrects(of)
    ///     .leg(LegDraft::red_debit("6401", cny("5400.00")?))
    ///     .leg(LegDraft::red_credit("1405", cny("5400.00")?));
    /// ledger.post(&red)?;
    /// let row = &ledger.trial_balance(day)?.rows[0];
    /// assert_eq!((row.debit, row.credit), (cny("0.00")?, cny("600.00")?)); // 1405: credited with 600.00, debited with nothing
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Source
    ///
    /// 红字更正法: a difference that was booked too much is taken back in red on the same sides.
    #[must_use]
    pub fn red_debit(account: impl Into<String>, amount: Money) -> Self {
        Self { amount: LegAmount::Red(Side::Debit, amount), ..Self::debit(account, amount) }
    }

    /// A leg that moves the balance by `amount`, debit positive, in one ink or the other.
    pub(crate) fn inked(account: impl Into<String>, amount: Money, ink: Ink) -> Self {
        match ink {
            Ink::Blue => Self::signed(account, amount),
            Ink::Red if amount.is_negative() => Self::red_debit(account, amount.negated()),
            Ink::Red => Self::red_credit(account, amount),
        }
    }

    /// A red credit (贷方红字): takes back an amount above zero on the credit side.
    ///
    /// # Source
    ///
    /// As for [`LegDraft::red_debit`].
    #[must_use]
    pub fn red_credit(account: impl Into<String>, amount: Money) -> Self {
        Self { amount: LegAmount::Red(Side::Credit, amount), ..Self::credit(account, amount) }
    }
}
