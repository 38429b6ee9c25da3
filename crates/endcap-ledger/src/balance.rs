//! Balances now, as of a date and as known at a date; the trial balance.

use chrono::NaiveDate;
use endcap_calendar::Period;
use endcap_types::{AccountId, Currency, Money};

use crate::state::{Slot, State, Totals};
use crate::{EntryId, LedgerAccountId, LedgerError};

/// The point at which a balance is asked for (时点).
///
/// # Source
///
/// House rule: two dates, and neither is a default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// After everything posted so far, whatever its date.
    Now,
    /// At the end of a day: everything effective on or before it.
    EndOf(NaiveDate),
    /// As `EndOf(effective)`, counting only what was recorded on or before `recorded`.
    Known {
        /// The last effective day that counts.
        effective: NaiveDate,
        /// The last recorded day that counts.
        recorded: NaiveDate,
    },
    /// Just after an entry in effective order: earlier days, and its own day up to its sequence number.
    AfterEntry(EntryId),
}

/// One account and currency of a trial balance; signed figures are debit positive.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrialBalanceRow {
    /// The account.
    pub account: LedgerAccountId,
    /// Its code.
    pub code: String,
    /// Its English name.
    pub name: String,
    /// Its Chinese name.
    pub name_zh: String,
    /// Balance before the period.
    pub opening: Money,
    /// Debited in the period.
    pub debit: Money,
    /// Credited in the period.
    pub credit: Money,
    /// `opening + debit − credit`.
    pub closing: Money,
}

/// The sums of a trial balance in one currency.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrialBalanceTotal {
    /// All debits of the period.
    pub debit: Money,
    /// All credits of the period.
    pub credit: Money,
    /// All closing balances on the debit side.
    pub closing_debit: Money,
    /// All closing balances on the credit side, as a positive amount.
    pub closing_credit: Money,
}

impl TrialBalanceTotal {
    /// Whether debits equal credits, in movements and in balances.
    #[must_use]
    pub fn is_balanced(&self) -> bool {
        self.debit == self.credit && self.closing_debit == self.closing_credit
    }
}

/// The trial balance (试算平衡表): every account with a movement, by code and currency, and one total per currency.
///
/// # Source
///
/// Double-entry bookkeeping: total debits equal total credits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrialBalance {
    /// One row per account and currency, by code, then by currency.
    pub rows: Vec<TrialBalanceRow>,
    /// One total per currency.
    pub totals: Vec<TrialBalanceTotal>,
}

impl TrialBalance {
    /// The closing balance of an account and of all accounts below it (科目汇总): `6601` takes in `6601.02`; zero when
    /// there is none.
    ///
    /// # Errors
    ///
    /// - [`LedgerError::Types`] when the sum is out of range, which no ledger can bring about.
    pub fn rolled_up(&self, code: &str, currency: Currency) -> Result<Money, LedgerError> {
        let below = |other: &str| {
            other.strip_prefix(code).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let rows = self.rows.iter().filter(|row| row.closing.currency() == currency && below(&row.code));
        Ok(Money::sum(rows.map(|row| row.closing), currency)?)
    }

    /// Whether every currency is balanced.
    #[must_use]
    pub fn is_balanced(&self) -> bool {
        self.totals.iter().all(TrialBalanceTotal::is_balanced)
    }
}

impl State {
    /// What one slot was debited and credited with up to a point.
    pub(crate) fn totals_at(&self, slot: &Slot, at: At) -> Totals {
        match at {
            At::Now => slot.days.all(),
            At::EndOf(day) => slot.days.until(day),
            At::Known { effective, recorded } => self.scan(slot, |entry_day, _, entry_recorded| {
                entry_day <= effective && entry_recorded <= recorded
            }),
            At::AfterEntry(entry) => {
                let day = self.effective_of(entry);
                self.scan(slot, |entry_day, id, _| day.is_some_and(|day| (entry_day, id) <= (day, entry)))
            }
        }
    }

    fn scan(&self, slot: &Slot, counts: impl Fn(NaiveDate, EntryId, NaiveDate) -> bool) -> Totals {
        let mut totals = Totals::default();
        for leg in self.legs_of(slot) {
            let id = leg.entry();
            let Some(header) = self.log.header(id) else { continue };
            if counts(header.effective, id, header.recorded) {
                totals.add(leg.side(), self.log.minor(leg));
            }
        }
        totals
    }

    fn check_point(&self, at: At) -> Result<(), LedgerError> {
        match at {
            At::AfterEntry(entry) if !self.has_entry(entry) => Err(LedgerError::UnknownEntry { entry }),
            _ => Ok(()),
        }
    }

    /// Balance of an account over all key accounts.
    pub(crate) fn balance(&self, code: &str, currency: Currency, at: At) -> Result<Money, LedgerError> {
        self.check_point(at)?;
        let (account, _) = self.account_named(code)?;
        let slots = self.slots_of(account, currency);
        let minor = slots.iter().fold(0_i128, |sum, slot| sum.saturating_add(self.net_at(slot, at)));
        Ok(Money::from_minor(minor, currency)?)
    }

    /// Balance of an account for one key account.
    pub(crate) fn balance_of(
        &self,
        code: &str,
        key_account: &AccountId,
        currency: Currency,
        at: At,
    ) -> Result<Money, LedgerError> {
        self.check_point(at)?;
        let (account, _) = self.account_named(code)?;
        let slot = self.slot(account, Some(key_account), currency);
        Ok(Money::from_minor(slot.map_or(0, |(_, slot)| self.net_at(slot, at)), currency)?)
    }

    /// The balance of several key accounts at once, in minor units, debit positive.
    pub(crate) fn balance_of_group(
        &self,
        code: &str,
        group: &[AccountId],
        currency: Currency,
        at: At,
    ) -> Result<Money, LedgerError> {
        let mut members: Vec<&AccountId> = group.iter().collect();
        members.sort_unstable();
        members.dedup();
        let balances: Result<Vec<Money>, LedgerError> =
            members.into_iter().map(|id| self.balance_of(code, id, currency, at)).collect();
        Ok(Money::sum(balances?, currency)?)
    }

    fn net_at(&self, slot: &Slot, at: At) -> i128 {
        if at == At::Now { slot.balance } else { self.totals_at(slot, at).net() }
    }

    /// The trial balance of the days from `start` (all days before, when there is none) to before `end`.
    pub(crate) fn trial_balance(&self, window: Window) -> Result<TrialBalance, LedgerError> {
        let (mut rows, mut totals) = (Vec::new(), Vec::new());
        let mut currencies: Vec<Currency> = self.slots.iter().map(|slot| slot.currency).collect();
        currencies.sort_unstable();
        currencies.dedup();
        for currency in currencies {
            let mut total = [0_i128; 4];
            for (code, account) in &self.codes {
                let (mut opening, mut moved) = (Totals::default(), Totals::default());
                let slots = self.slots_of(*account, currency);
                for slot in &slots {
                    opening.merge(window.before(slot));
                    moved.merge(window.inside(slot));
                }
                let closing = opening.net().saturating_add(moved.net());
                if slots.is_empty() || (opening == Totals::default() && moved == Totals::default()) {
                    continue;
                }
                let parts = [moved.debit, moved.credit, closing.max(0), closing.min(0).saturating_neg()];
                for (sum, part) in total.iter_mut().zip(parts) {
                    *sum = sum.saturating_add(part);
                }
                let id = LedgerAccountId(*account);
                let Some(named) = self.account(id) else { continue };
                rows.push(TrialBalanceRow {
                    account: id,
                    code: code.clone(),
                    name: named.name().to_owned(),
                    name_zh: named.name_zh().to_owned(),
                    opening: Money::from_minor(opening.net(), currency)?,
                    debit: Money::from_minor(moved.debit, currency)?,
                    credit: Money::from_minor(moved.credit, currency)?,
                    closing: Money::from_minor(closing, currency)?,
                });
            }
            let [debit, credit, closing_debit, closing_credit] = total;
            totals.push(TrialBalanceTotal {
                debit: Money::from_minor(debit, currency)?,
                credit: Money::from_minor(credit, currency)?,
                closing_debit: Money::from_minor(closing_debit, currency)?,
                closing_credit: Money::from_minor(closing_credit, currency)?,
            });
        }
        rows.sort_by(|a, b| a.code.cmp(&b.code).then(a.closing.currency().cmp(&b.closing.currency())));
        Ok(TrialBalance { rows, totals })
    }
}

/// The days of a trial balance.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Window {
    /// Everything up to the end of a day.
    Until(NaiveDate),
    /// A period, with what came before as opening.
    Within(Period),
}

impl Window {
    pub(crate) fn before(self, slot: &Slot) -> Totals {
        match self {
            Self::Until(_) => Totals::default(),
            Self::Within(period) => slot.days.before(period.start()),
        }
    }

    pub(crate) fn inside(self, slot: &Slot) -> Totals {
        match self {
            Self::Until(day) => slot.days.until(day),
            Self::Within(period) => slot.days.within(period.start(), period.end()),
        }
    }
}
