//! The page of a group: what its members were delivered, deducted and paid, as one statement.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use endcap_calendar::Period;
use endcap_types::{AccountId, Currency, Money};

use crate::{
    AccountPage, Ageing, AgeingSplit, GroupUsage, Ledger, LedgerError, Nature, PageLine, PageQuery, Side,
};

/// Which page of a group.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupPageQuery<'a> {
    /// Code of an account that is kept per key account.
    pub account: &'a str,
    /// The members; one named twice counts once.
    pub members: &'a [AccountId],
    /// The currency.
    pub currency: Currency,
    /// The days, by effective date.
    pub period: Period,
}

/// One line of the page of a group.
///
/// # Source
///
/// House rule: as on the page of the member, but for the balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupLine {
    /// Whose line it is.
    pub key_account: AccountId,
    /// The line of the member, with the balance of the group after it.
    pub line: PageLine,
}

/// The page of a group (集团台账): every figure is the sum of those on the pages of its members.
///
/// # Source
///
/// House rule: a consolidated statement adds up and nets nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupPage {
    /// The days.
    pub period: Period,
    /// Balance of the group before the period, debit positive.
    pub opening: Money,
    /// The lines of all members, by effective date, entry and key account.
    pub lines: Vec<GroupLine>,
    /// Net movement of each meaning that occurs, debit positive.
    pub movements: BTreeMap<Nature, Money>,
    /// Balance of the group at the end of the period, debit positive.
    pub closing: Money,
    /// The page of each member, by id.
    pub members: Vec<(AccountId, AccountPage)>,
}

impl GroupPage {
    /// The turnover of one side over all members, less what red lines took back.
    ///
    /// # Errors
    ///
    /// - [`LedgerError::Types`] when the sum is out of range, which no ledger can bring about.
    pub fn turnover(&self, side: Side) -> Result<Money, LedgerError> {
        let lines = self.lines.iter().map(|of| &of.line).filter(|line| line.side == side);
        Ok(Money::sum(lines.map(|line| line.amount), self.opening.currency())?)
    }
}

/// Groups of key accounts (集团).
impl Ledger {
    /// The page of several key accounts as one (集团台账).
    ///
    /// # Errors
    ///
    /// - Those of [`Ledger::page`].
    ///
    /// # Examples
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use endcap_calendar::Period;
    /// use endcap_ledger::*;
    /// use endcap_types::{AccountId, Currency, DocumentId, Money};
    /// let day = NaiveDate::from_ymd_opt(2025, 6, 2).expect("a real day");
    /// let mut ledger = Ledger::new(Settings::new("demo")?);
    /// ledger.open_all(chart::key_account_supplier()?, day)?;
    /// let members = [AccountId::new("HEXI-NORTH")?, AccountId::new("HEXI-SOUTH")?];
    /// for (member, amount) in members.iter().zip(["300.00", "200.00"]) {
    ///     let amount = Money::parse(amount, Currency::CNY)?;
    ///     let name = format!("INV/{member}");
    ///     let draft = EntryDraft::new(IdempotencyKey::new(name.clone())?, DocumentId::new(name)?, day, day);
    ///     ledger.post(&draft.leg(LegDraft::debit("1122", amount).of(member.clone())).leg(LegDraft::credit("6001", amount)))?;
    /// }
    /// let period = Period::month(2025, 6)?;
    /// let query = GroupPageQuery { account: "1122", members: &members, currency: Currency::CNY, period };
    /// let page = ledger.group_page(&query)?;
    /// assert_eq!(page.closing, Money::parse("500.00", Currency::CNY)?);
    /// assert_eq!(page.members[1].1.closing, Money::parse("200.00", Currency::CNY)?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Source
    ///
    /// House rule.
    pub fn group_page(&self, query: &GroupPageQuery<'_>) -> Result<GroupPage, LedgerError> {
        let GroupPageQuery { account, currency, period, .. } = *query;
        let members: BTreeSet<&AccountId> = query.members.iter().collect();
        let mut pages = Vec::with_capacity(members.len());
        for member in members {
            let page = self.page(&PageQuery { account, key_account: member, currency, period })?;
            pages.push((member.clone(), page));
        }
        let opening = Money::sum(pages.iter().map(|(_, page)| page.opening), currency)?;
        let mut lines: Vec<GroupLine> = Vec::new();
        let mut movements: BTreeMap<Nature, Money> = BTreeMap::new();
        for (member, page) in &pages {
            let named = page.lines.iter().map(|line| (member.clone(), line.clone()));
            lines.extend(named.map(|(key_account, line)| GroupLine { key_account, line }));
            for (nature, amount) in &page.movements {
                let sum = movements.entry(*nature).or_insert(Money::zero(currency));
                *sum = sum.checked_add(amount)?;
            }
        }
        // Pages stand by key account; a stable sort keeps that, and the order of legs, within an entry.
        lines.sort_by_key(|of| (of.line.effective, of.line.entry));
        let mut balance = opening;
        for of in &mut lines {
            let moved = Money::from_minor(of.line.side.sign(of.line.amount.minor()), currency)?;
            balance = balance.checked_add(&moved)?;
            of.line.balance = balance;
        }
        Ok(GroupPage { period, opening, lines, movements, closing: balance, members: pages })
    }

    /// The members of a group, by id; nothing for a group that was never laid down.
    pub fn group_members(&self, group: &AccountId) -> impl Iterator<Item = &AccountId> {
        self.state.groups.get(group).into_iter().flat_map(|group| &group.members)
    }

    /// The groups laid down, by name.
    pub fn groups(&self) -> impl Iterator<Item = &AccountId> {
        self.state.groups.keys()
    }

    /// How much of the limit of a group is used, as a command recorded on a day would find it (额度占用); nothing for a
    /// group without a limit on that account.
    ///
    /// # Errors
    ///
    /// - [`ControlError::UnknownGroup`](crate::ControlError::UnknownGroup),
    ///   [`ControlError::NotPerKeyAccount`](crate::ControlError::NotPerKeyAccount), [`LedgerError::UnknownAccount`].
    ///
    /// # Source
    ///
    /// House rule.
    pub fn group_usage(
        &self,
        group: &AccountId,
        (code, currency): (&str, Currency),
        recorded: NaiveDate,
    ) -> Result<Option<GroupUsage>, LedgerError> {
        self.state.group_usage(group, (code, currency), recorded)
    }
}

impl Ageing {
    /// The ageing of several key accounts as one (集团账龄); one named twice counts once.
    ///
    /// # Errors
    ///
    /// - [`LedgerError::Types`] when a sum is out of range, which no ledger can bring about.
    pub fn of_group(&self, members: &[AccountId]) -> Result<AgeingSplit, LedgerError> {
        let currency = self.total.total.currency();
        let rows: Vec<&AgeingSplit> =
            self.rows.iter().filter(|(id, _)| members.contains(id)).map(|(_, split)| split).collect();
        let sum =
            |part: &dyn Fn(&AgeingSplit) -> Money| Money::sum(rows.iter().map(|row| part(row)), currency);
        let bucket = |at: usize| sum(&|row| row.overdue.get(at).copied().unwrap_or(Money::zero(currency)));
        Ok(AgeingSplit {
            not_due: sum(&|row| row.not_due)?,
            overdue: (0..self.total.overdue.len()).map(bucket).collect::<Result<_, _>>()?,
            no_due_date: sum(&|row| row.no_due_date)?,
            unallocated_credit: sum(&|row| row.unallocated_credit)?,
            disputed: sum(&|row| row.disputed)?,
            total: sum(&|row| row.total)?,
        })
    }
}
