//! The page of a key account: what was delivered, deducted and paid in a period, from opening to closing.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use endcap_calendar::Period;
use endcap_types::{AccountId, Currency, DocumentId, Money};

use crate::state::State;
use crate::{At, EntryId, LedgerError, Nature, Side};

/// Which page.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageQuery<'a> {
    /// Code of an account that is kept per key account.
    pub account: &'a str,
    /// The key account.
    pub key_account: &'a AccountId,
    /// The currency.
    pub currency: Currency,
    /// The days, by effective date.
    pub period: Period,
}

/// One line of a page: one leg.
///
/// # Source
///
/// House rule: both dates on every line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageLine {
    /// When it counts.
    pub effective: NaiveDate,
    /// When the ledger learned of it.
    pub recorded: NaiveDate,
    /// The entry.
    pub entry: EntryId,
    /// The document.
    pub document: DocumentId,
    /// What happened.
    pub description: String,
    /// What it means.
    pub nature: Nature,
    /// Debit or credit.
    pub side: Side,
    /// The amount: above zero, or below zero in red ink, which takes back on its own side.
    pub amount: Money,
    /// The balance after the line, debit positive.
    pub balance: Money,
}

/// The page of a key account (台账): `opening + Σ movements = closing`, and the closing balance is that of the account.
///
/// # Source
///
/// Account statement as exchanged between trading partners (对账单); the columns are a house rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountPage {
    /// The days.
    pub period: Period,
    /// Balance before the period, debit positive.
    pub opening: Money,
    /// The lines, by effective date and sequence number.
    pub lines: Vec<PageLine>,
    /// Net movement of each meaning that occurs, debit positive.
    pub movements: BTreeMap<Nature, Money>,
    /// Balance at the end of the period, debit positive.
    pub closing: Money,
}

impl AccountPage {
    /// The net movement of one meaning, zero when there was none.
    #[must_use]
    pub fn movement(&self, nature: Nature) -> Money {
        self.movements.get(&nature).copied().unwrap_or(Money::zero(self.opening.currency()))
    }
}

impl AccountPage {
    /// The turnover of one side (借方、贷方发生额): what the lines debited or credited, less what red lines took back.
    ///
    /// `opening + turnover(Debit) − turnover(Credit) = closing`
    ///
    /// # Errors
    ///
    /// - [`LedgerError::Types`] when the sum is out of range, which no ledger can bring about.
    pub fn turnover(&self, side: Side) -> Result<Money, LedgerError> {
        let lines = self.lines.iter().filter(|line| line.side == side);
        Ok(Money::sum(lines.map(|line| line.amount), self.opening.currency())?)
    }
}

impl State {
    pub(crate) fn page(&self, query: &PageQuery<'_>) -> Result<AccountPage, LedgerError> {
        let PageQuery { account: code, key_account, currency, period } = *query;
        let (account, named) = self.account_named(code)?;
        if named.dimension() == crate::Dimension::None {
            return Err(LedgerError::KeyAccountNotAllowed {
                code: code.to_owned(),
                key_account: key_account.clone(),
            });
        }
        let opening = match period.start().pred_opt() {
            Some(eve) => self.balance_of(code, key_account, currency, At::EndOf(eve))?,
            None => Money::zero(currency),
        };
        let slot = self.slot(account, Some(key_account), currency).map(|(_, slot)| slot);
        let mut refs = Vec::new();
        for leg in slot.into_iter().flat_map(|slot| self.legs_of(slot)) {
            let header = self.log.header(leg.entry());
            refs.extend(
                header.filter(|header| period.contains(header.effective)).map(|header| (header, leg)),
            );
        }
        // Legs stand in sequence order; a stable sort keeps that within a day.
        refs.sort_by_key(|(header, _)| header.effective);

        let mut balance = opening;
        let mut movements: BTreeMap<Nature, Money> = BTreeMap::new();
        let mut lines = Vec::with_capacity(refs.len());
        for (header, leg) in refs {
            let minor = self.log.minor(leg);
            let signed = Money::from_minor(leg.side().sign(minor), currency)?;
            balance = balance.checked_add(&signed)?;
            let movement = movements.entry(leg.nature()).or_insert(Money::zero(currency));
            *movement = movement.checked_add(&signed)?;
            lines.push(PageLine {
                effective: header.effective,
                recorded: header.recorded,
                entry: leg.entry(),
                document: DocumentId::new(self.log.texts.get(header.document))?,
                description: self.log.texts.get(header.description).to_owned(),
                nature: leg.nature(),
                side: leg.side(),
                amount: Money::from_minor(minor, currency)?,
                balance,
            });
        }
        Ok(AccountPage { period, opening, lines, movements, closing: balance })
    }
}
