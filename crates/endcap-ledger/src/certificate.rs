//! The certificate: ageing, open items, control account and trial balance agree on one date.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use endcap_types::{Currency, Money};

use crate::balance::Window;
use crate::state::{State, is_control};
use crate::{AgeBasis, AgeingQuery, At, Buckets, Finding, Hash, Ledger, LedgerError};

/// Four figures of one control account and currency that must be one (勾稽): all at the end of the same effective day.
///
/// # Source
///
/// House rule: sub-ledger and general ledger on one date basis.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TieOut {
    /// Code of the control account.
    pub account: String,
    /// The total of the ageing.
    pub ageing: Money,
    /// The sum of the open items, credits negative.
    pub open_items: Money,
    /// The balance of the control account.
    pub control: Money,
    /// Its row in the trial balance; zero when it has none.
    pub trial_balance: Money,
}

impl TieOut {
    /// Whether all four are one.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.ageing == self.open_items
            && self.open_items == self.control
            && self.control == self.trial_balance
    }
}

/// What a clean audit proved of a ledger on a day (审计证书); only [`Ledger::certify`] makes one.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Certificate {
    as_of: NaiveDate,
    head: Hash,
    events: usize,
    entries: usize,
    legs: usize,
    items: usize,
    tie_outs: Vec<TieOut>,
}

impl Certificate {
    /// The effective day at whose end it holds.
    #[must_use]
    pub const fn as_of(&self) -> NaiveDate {
        self.as_of
    }

    /// The hash of the last event proved.
    #[must_use]
    pub const fn head(&self) -> Hash {
        self.head
    }

    /// Events whose hash was proved.
    #[must_use]
    pub const fn events(&self) -> usize {
        self.events
    }

    /// Entries proved to balance.
    #[must_use]
    pub const fn entries(&self) -> usize {
        self.entries
    }

    /// Legs added up.
    #[must_use]
    pub const fn legs(&self) -> usize {
        self.legs
    }

    /// Items of the sub-ledger proved.
    #[must_use]
    pub const fn items(&self) -> usize {
        self.items
    }

    /// Per control account and currency, by code and currency, the figures that agree.
    #[must_use]
    pub fn tie_outs(&self) -> &[TieOut] {
        &self.tie_outs
    }
}

impl Ledger {
    /// Proves the whole ledger, and that on `as_of` ageing, open items, control accounts and trial balance are one
    /// (审计). Time: `O(events + items)`.
    ///
    /// # Errors
    ///
    /// - Every [`Finding`]; in a sound ledger there is none, on any day.
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_ledger::{Ledger, Settings, chart};
    /// # let day = chrono::NaiveDate::from_ymd_opt(2025, 1, 31).expect("a real day");
    /// let mut ledger = Ledger::new(Settings::new("demo")?);
    /// ledger.open_all(chart::key_account_supplier()?, day)?;
    /// let certificate = ledger.certify(day).expect("nothing is wrong");
    /// assert_eq!((certificate.events(), certificate.head()), (38, ledger.head()));
    /// # Ok::<(), endcap_ledger::LedgerError>(())
    /// ```
    pub fn certify(&self, as_of: NaiveDate) -> Result<Certificate, Vec<Finding>> {
        let report = self.audit();
        let mut findings = report.findings;
        let tie_outs = self.state.tie_outs(as_of).unwrap_or_else(|error| {
            findings.push(Finding::QueryFailed(error));
            Vec::new()
        });
        let apart = tie_outs.iter().filter(|tie_out| !tie_out.holds());
        findings
            .extend(apart.map(|tie_out| Finding::ApartOnDay { as_of, tie_out: Box::new(tie_out.clone()) }));
        if !findings.is_empty() {
            return Err(findings);
        }
        Ok(Certificate {
            as_of,
            head: report.head,
            events: report.events,
            entries: report.entries,
            legs: report.legs,
            items: report.items,
            tie_outs,
        })
    }
}

impl State {
    fn tie_outs(&self, as_of: NaiveDate) -> Result<Vec<TieOut>, LedgerError> {
        let trial = self.trial_balance(Window::Until(as_of))?;
        let mut open: BTreeMap<(u32, Currency), i128> = BTreeMap::new();
        for item in &self.items {
            let Some(slot) = self.slot_of(item) else { continue };
            let sum = open.entry((slot.account, slot.currency)).or_default();
            *sum = sum.saturating_add(item.side.sign(self.open_at(item, as_of)));
        }
        let mut tie_outs = Vec::new();
        for (code, account) in &self.codes {
            let id = crate::LedgerAccountId(*account);
            if !self.account(id).is_some_and(is_control) {
                continue;
            }
            let mut currencies: Vec<Currency> =
                self.slots.iter().filter(|slot| slot.account == *account).map(|slot| slot.currency).collect();
            currencies.sort_unstable();
            currencies.dedup();
            for currency in currencies {
                let query = AgeingQuery { account: code, currency, as_of, basis: AgeBasis::DueDate };
                let row =
                    trial.rows.iter().find(|row| row.account == id && row.closing.currency() == currency);
                tie_outs.push(TieOut {
                    account: code.clone(),
                    ageing: self.ageing(&query, &Buckets::standard(), NaiveDate::MAX)?.total.total,
                    open_items: Money::from_minor(
                        open.get(&(*account, currency)).copied().unwrap_or(0),
                        currency,
                    )?,
                    control: self.balance(code, currency, At::EndOf(as_of))?,
                    trial_balance: row.map_or(Money::zero(currency), |row| row.closing),
                });
            }
        }
        Ok(tie_outs)
    }
}
