//! The controls of a ledger: two-phase posting, limits, locks, disputes, residuals and foreign currency.

use chrono::NaiveDate;
use endcap_types::{AccountId, Currency, Money};

use crate::periods::Kinds;
use crate::{
    AccountKind, AdjustTo, Ageing, AgeingQuery, At, Buckets, Command, Confirmation, Directing, EntryId,
    EntryStatus, Expect, ForeignSettlement, LayeredBalance, Ledger, LedgerError, OpenItem, Receipt,
    Reservation, ReserveDraft, Revaluation, Unclear, WriteOff, decide_at,
};

/// The controls (控制).
impl Ledger {
    /// Does what `command` asks if the log ends where the caller thinks it does (乐观并发); the receipts in the order
    /// asked.
    ///
    /// # Errors
    ///
    /// - [`ControlError::StaleState`](crate::ControlError::StaleState) when the log has gone on.
    /// - Those of [`decide`](crate::decide).
    ///
    /// # Source
    ///
    /// House rule: optimistic concurrency on the sequence number.
    pub fn execute_at(&mut self, command: &Command, expect: Expect) -> Result<Vec<Receipt>, LedgerError> {
        let decision = decide_at(&self.state, command, expect)?;
        decision.events.into_iter().for_each(|event| self.state.commit(event));
        Ok(decision.receipts)
    }

    /// Holds an entry as pending (待确认).
    ///
    /// # Errors
    ///
    /// - [`ControlError::NotReservable`](crate::ControlError::NotReservable),
    ///   [`ControlError::BoundViolated`](crate::ControlError::BoundViolated), and those of posting a draft.
    ///
    /// # Source
    ///
    /// Two-phase posting, as in ledgers of payments.
    pub fn reserve(&mut self, asked: ReserveDraft) -> Result<Receipt, LedgerError> {
        self.execute_one(&Command::Reserve(asked))
    }

    /// Posts what is pending, or a part of it, and releases the rest (确认).
    ///
    /// # Errors
    ///
    /// - [`ControlError::NotPending`](crate::ControlError::NotPending),
    ///   [`ControlError::AlreadyResolved`](crate::ControlError::AlreadyResolved),
    ///   [`ControlError::ExceedsPending`](crate::ControlError::ExceedsPending),
    ///   [`ControlError::ReservationExpired`](crate::ControlError::ReservationExpired), and those of posting a draft.
    ///
    /// # Source
    ///
    /// Two-phase posting: in full or in part, and the rest is released.
    pub fn confirm(&mut self, asked: Confirmation) -> Result<Receipt, LedgerError> {
        self.execute_one(&Command::Confirm(asked))
    }

    /// Lays something down beside entries (指令): locks, limits, balances vouched for, disputes, voidings.
    ///
    /// # Errors
    ///
    /// - The [`ControlError`](crate::ControlError) of the directive.
    ///
    /// # Source
    ///
    /// House rule: each directive is an event of the chain.
    pub fn direct(&mut self, asked: Directing) -> Result<Receipt, LedgerError> {
        self.execute_one(&Command::Direct(asked))
    }

    /// Brings a balance to a figure (调账至目标余额): exactly the difference is posted; without one, nothing is.
    ///
    /// # Errors
    ///
    /// - Those of posting a draft.
    ///
    /// # Examples
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use endcap_ledger::{AdjustTo, At, IdempotencyKey, Ledger, Settings, chart};
    /// use endcap_types::{Currency, DocumentId, Money};
    /// let day = NaiveDate::from_ymd_opt(2025, 6, 30).expect("a real day");
    /// let mut ledger = Ledger::new(Settings::new("demo")?);
    /// ledger.open_all(chart::key_account_supplier()?, day)?;
    /// let counted = AdjustTo {
    ///     key: IdempotencyKey::new("count/2025-06")?,
    ///     document: DocumentId::new("COUNT-06")?,
    ///     account: "1405".to_owned(),
    ///     key_account: None,
    ///     target: Money::parse("60.00", Currency::CNY)?,
    ///     counter: "1901".to_owned(),
    ///     description: "stock count".to_owned(),
    ///     effective: day,
    ///     recorded: day,
    /// };
    /// ledger.adjust_to(counted.clone())?;
    /// assert_eq!(ledger.balance("1405", Currency::CNY, At::Now)?, counted.target);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Source
    ///
    /// House rule: the difference is posted against a counter account that is named.
    pub fn adjust_to(&mut self, asked: AdjustTo) -> Result<Receipt, LedgerError> {
        self.execute_one(&Command::AdjustTo(asked))
    }

    /// The balance of a group of key accounts (集团余额), debit positive; a member named twice counts once.
    ///
    /// # Errors
    ///
    /// - Those of [`Ledger::balance_of`].
    ///
    /// # Source
    ///
    /// House rule: a member counts once.
    pub fn balance_of_group(
        &self,
        code: &str,
        group: &[AccountId],
        currency: Currency,
        at: At,
    ) -> Result<Money, LedgerError> {
        self.state.balance_of_group(code, group, currency, at)
    }

    /// Writes off what is open of an item (核销坏账).
    ///
    /// # Errors
    ///
    /// - [`ControlError::ExceedsAuthority`](crate::ControlError::ExceedsAuthority), [`LedgerError::ExceedsOpen`], and
    ///   those of posting a draft.
    ///
    /// # Source
    ///
    /// House rule: never by tolerance, always by order.
    pub fn write_off(&mut self, asked: WriteOff) -> Result<Receipt, LedgerError> {
        self.execute_one(&Command::WriteOff(asked))
    }

    /// Takes back what an entry cleared (反核销).
    ///
    /// # Errors
    ///
    /// - [`ControlError::NothingToRelease`](crate::ControlError::NothingToRelease),
    ///   [`ControlError::AlreadyUncleared`](crate::ControlError::AlreadyUncleared), and those common to all commands.
    ///
    /// # Source
    ///
    /// House rule: clearing and taking it back leaves everything as it was.
    pub fn unclear(&mut self, asked: Unclear) -> Result<Receipt, LedgerError> {
        self.execute_one(&Command::Unclear(asked))
    }

    /// Settles foreign-currency items with functional money (外币结算).
    ///
    /// # Errors
    ///
    /// - [`ControlError::NotCarried`](crate::ControlError::NotCarried), [`LedgerError::ExceedsOpen`], and those of
    ///   posting a draft.
    ///
    /// # Source
    ///
    /// IAS 21.28: the difference between booked and settled is a result.
    pub fn settle_foreign(&mut self, asked: ForeignSettlement) -> Result<Receipt, LedgerError> {
        self.execute_one(&Command::SettleForeign(asked))
    }

    /// Carries the foreign positions of a trading account at new rates (汇兑重估); nothing to carry posts nothing.
    ///
    /// # Errors
    ///
    /// - [`ControlError::MissingRate`](crate::ControlError::MissingRate) for a position without a rate, and those of
    ///   posting a draft.
    ///
    /// # Source
    ///
    /// IAS 21.23: monetary items are carried at the closing rate.
    pub fn revalue(&mut self, asked: Revaluation) -> Result<Receipt, LedgerError> {
        self.execute_one(&Command::Revalue(asked))
    }

    /// A balance with what is pending beside it (分层余额), of one key account or of the account as a whole.
    ///
    /// # Errors
    ///
    /// - [`LedgerError::UnknownAccount`], [`LedgerError::UnknownEntry`], [`LedgerError::KeyAccountNotAllowed`].
    ///
    /// # Source
    ///
    /// House rule: what is pending stands beside the balance, never in it.
    pub fn layers(
        &self,
        code: &str,
        key_account: Option<&AccountId>,
        currency: Currency,
        at: At,
    ) -> Result<LayeredBalance, LedgerError> {
        let key = self.state.balance_key(code, key_account, currency)?;
        let posted = match key_account {
            Some(id) => self.state.balance_of(code, id, currency, at)?,
            None => self.state.balance(code, currency, at)?,
        };
        let pending = self.state.pending_at(&key, at);
        Ok(LayeredBalance {
            posted,
            pending_debit: Money::from_minor(pending.debit, currency)?,
            pending_credit: Money::from_minor(pending.credit, currency)?,
        })
    }

    /// What may still be debited before the maximum of a balance, pending debits included (可用额度); nothing for a
    /// balance without a maximum.
    ///
    /// # Errors
    ///
    /// - [`LedgerError::UnknownAccount`], [`LedgerError::KeyAccountNotAllowed`].
    ///
    /// # Source
    ///
    /// House rule: pending debits use up a limit.
    pub fn available(
        &self,
        code: &str,
        key_account: Option<&AccountId>,
        currency: Currency,
    ) -> Result<Option<Money>, LedgerError> {
        self.state.headroom(&self.state.balance_key(code, key_account, currency)?)
    }

    /// Where an entry or a reservation stands (凭证状态).
    ///
    /// # Source
    ///
    /// House rule.
    #[must_use]
    pub fn status(&self, id: EntryId) -> Option<EntryStatus> {
        self.state.status(id)
    }

    /// The reservations still pending, by id.
    ///
    /// # Source
    ///
    /// House rule.
    pub fn pending(&self) -> impl Iterator<Item = (EntryId, &Reservation)> {
        self.state.pending()
    }

    /// The first day on which entries may count, for one kind of accounts; the second figure is the first that needs no
    /// reason (soft close).
    ///
    /// # Source
    ///
    /// House rule: locks by period and kind of accounts.
    #[must_use]
    pub fn first_open_day(&self, kind: AccountKind) -> (NaiveDate, NaiveDate) {
        let mut kinds = Kinds::default();
        kinds.add(kind);
        (self.state.locks.first_open(kinds), self.state.locks.first_free(kinds))
    }

    /// The ageing of a control account as known at the end of a recorded day (账龄分析).
    ///
    /// # Errors
    ///
    /// - Those of [`Ledger::ageing`].
    ///
    /// # Source
    ///
    /// House rule: two dates, and a past answer never changes.
    pub fn ageing_known(
        &self,
        query: &AgeingQuery<'_>,
        buckets: &Buckets,
        recorded: NaiveDate,
    ) -> Result<Ageing, LedgerError> {
        self.state.ageing(query, buckets, recorded)
    }

    /// What is open of a key account at the end of a day, as known at the end of a recorded day.
    ///
    /// # Errors
    ///
    /// - Those of [`Ledger::open_items`].
    ///
    /// # Source
    ///
    /// House rule: two dates, and a past answer never changes.
    pub fn open_items_known(
        &self,
        code: &str,
        key_account: &AccountId,
        currency: Currency,
        (as_of, recorded): (NaiveDate, NaiveDate),
    ) -> Result<Vec<OpenItem>, LedgerError> {
        self.state.open_items(code, key_account, currency, (as_of, recorded))
    }
}
