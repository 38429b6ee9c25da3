//! The comfortable ledger: commands in, receipts out, and every query in one place.

use chrono::NaiveDate;
use endcap_calendar::Period;
use endcap_types::{AccountId, Currency, Money, SkuId};

use crate::balance::Window;
use crate::decide::{last_receipt, problems};
use crate::{
    Account, AccountPage, Ageing, AgeingQuery, At, AuditReport, Buckets, ClearRequest, Command, Entry,
    EntryDraft, EntryId, Event, Events, Hash, LedgerAccountId, LedgerError, OpenItem, PageQuery, Receipt,
    Replay, Reversal, Settings, State, StockCard, TrialBalance, apply, decide,
};

/// A ledger (账簿): [`decide`] and [`apply`] over one [`State`].
///
/// # Examples
///
/// ```
/// use chrono::NaiveDate;
/// use endcap_ledger::{
///     chart, AgeBasis, AgeingQuery, At, Buckets, ClearingPolicy, Due, EntryDraft, IdempotencyKey, ItemDraft, Ledger,
///     LegDraft, Settings,
/// };
/// use endcap_types::{AccountId, Currency, DocumentId, Money};
/// let day = |d| NaiveDate::from_ymd_opt(2025, 6, d).expect("a real day");
/// let cny = |text| Money::parse(text, Currency::CNY);
/// let ka = AccountId::new("KA001")?;
/// let mut ledger = Ledger::new(Settings::new("demo")?);
/// ledger.open_all(chart::key_account_supplier()?, day(1))?;
///
/// let invoice = DocumentId::new("INV-1")?;
/// ledger.post(&EntryDraft::new(IdempotencyKey::new("inv/1")?, invoice.clone(), day(2), day(2))
///     .leg(LegDraft::debit("1122", cny("11300.00")?).of(ka.clone())
///         .opens(ItemDraft { document: invoice, dated: day(2), due: Due::On(day(20)), delivered: None }))
///     .leg(LegDraft::credit("6001", cny("10000.00")?))
///     .leg(LegDraft::credit("2221.01", cny("1300.00")?)))?;
/// ledger.post(&EntryDraft::new(IdempotencyKey::new("bank/1")?, DocumentId::new("BNK-1")?, day(25), day(25))
///     .leg(LegDraft::debit("1002", cny("9500.00")?))
///     .leg(LegDraft::credit("1122", cny("9500.00")?).of(ka.clone()).clears(ClearingPolicy::Fifo)))?;
///
/// assert_eq!(ledger.balance_of("1122", &ka, Currency::CNY, At::Now)?, cny("1800.00")?);
/// let query = AgeingQuery { account: "1122", currency: Currency::CNY, as_of: day(30), basis: AgeBasis::DueDate };
/// let ageing = ledger.ageing(&query, &Buckets::standard())?;
/// assert_eq!(ageing.total.overdue[0], cny("1800.00")?); // ten days late
/// assert!(ledger.trial_balance(day(30))?.is_balanced());
/// assert!(ledger.audit().is_clean());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    pub(crate) state: State,
}

impl Ledger {
    /// An empty ledger.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { state: State::new(settings) }
    }

    /// The ledger of a log (重放), every event proved on the way.
    ///
    /// # Errors
    ///
    /// - [`LedgerError::BrokenChain`], [`LedgerError::CorruptEvent`] with the first sequence number that fails.
    pub fn replay(settings: Settings, events: impl IntoIterator<Item = Event>) -> Result<Self, LedgerError> {
        let mut state = State::new(settings);
        events.into_iter().try_for_each(|event| apply(&mut state, event))?;
        Ok(Self { state })
    }

    /// Does what `command` asks, or nothing; the receipts in the order asked.
    ///
    /// # Errors
    ///
    /// - Those of [`decide`].
    pub fn execute(&mut self, command: &Command) -> Result<Vec<Receipt>, LedgerError> {
        if let Command::Post(draft) = command
            && let Some(receipt) = self.state.post_straight(draft)
        {
            return Ok(vec![receipt]);
        }
        let decision = decide(&self.state, command)?;
        decision.events.into_iter().for_each(|event| self.state.commit(event));
        Ok(decision.receipts)
    }

    pub(crate) fn execute_one(&mut self, command: &Command) -> Result<Receipt, LedgerError> {
        let decision = decide(&self.state, command)?;
        let receipt = last_receipt(&decision, &self.state);
        decision.events.into_iter().for_each(|event| self.state.commit(event));
        Ok(receipt)
    }

    /// Opens an account (开设科目).
    ///
    /// # Errors
    ///
    /// - [`LedgerError::DuplicateAccount`], [`LedgerError::TooMany`], [`LedgerError::RecordedBeforeHead`].
    pub fn open_account(
        &mut self,
        account: Account,
        recorded: NaiveDate,
    ) -> Result<LedgerAccountId, LedgerError> {
        let id = LedgerAccountId(u32::try_from(self.state.accounts.len()).unwrap_or(u32::MAX));
        self.execute_one(&Command::OpenAccount(account, recorded))?;
        Ok(id)
    }

    /// Opens all accounts of a chart, such as that of [`chart`](crate::chart).
    ///
    /// # Errors
    ///
    /// - Those of [`Ledger::open_account`]; the accounts before the offending one stay open.
    pub fn open_all(
        &mut self,
        accounts: impl IntoIterator<Item = Account>,
        recorded: NaiveDate,
    ) -> Result<(), LedgerError> {
        accounts.into_iter().try_for_each(|account| self.open_account(account, recorded).map(drop))
    }

    /// Posts one entry (记账).
    ///
    /// # Errors
    ///
    /// - The first rule the draft breaks; [`Ledger::problems`] lists them all.
    pub fn post(&mut self, draft: &EntryDraft) -> Result<Receipt, LedgerError> {
        if let Some(receipt) = self.state.post_straight(draft) {
            return Ok(receipt);
        }
        let mut view = crate::view::View::new(&self.state);
        crate::decide::post_one(&mut view, draft)?;
        let decision = view.finish();
        let receipt = last_receipt(&decision, &self.state);
        decision.events.into_iter().for_each(|event| self.state.commit(event));
        Ok(receipt)
    }

    /// Posts all entries or none (批量记账); one receipt per draft.
    ///
    /// # Errors
    ///
    /// - [`LedgerError::BatchRejected`] with index, key and cause of the culprit.
    pub fn post_batch(&mut self, drafts: &[EntryDraft]) -> Result<Vec<Receipt>, LedgerError> {
        let mut view = crate::view::View::new(&self.state);
        crate::decide::post_batch(&mut view, drafts)?;
        let decision = view.finish();
        decision.events.into_iter().for_each(|event| self.state.commit(event));
        Ok(decision.receipts)
    }

    /// Reverses an entry (冲销).
    ///
    /// # Errors
    ///
    /// - [`LedgerError::UnknownEntry`], [`LedgerError::AlreadyReversed`], [`LedgerError::NotReversible`],
    ///   [`LedgerError::ItemsCleared`], [`LedgerError::PeriodClosed`] and those common to all commands.
    pub fn reverse(&mut self, reversal: Reversal) -> Result<Receipt, LedgerError> {
        self.execute_one(&Command::Reverse(reversal))
    }

    /// Clears what is open already (核销).
    ///
    /// # Errors
    ///
    /// - [`LedgerError::UnknownItem`], [`LedgerError::NothingToClear`], [`LedgerError::ExceedsOpen`],
    ///   [`LedgerError::ExceedsClearing`] and those common to all commands.
    pub fn clear(&mut self, request: ClearRequest) -> Result<Receipt, LedgerError> {
        self.execute_one(&Command::Clear(request))
    }

    /// Closes a period and every day before it (结账); closing twice is closing once.
    ///
    /// # Errors
    ///
    /// - [`LedgerError::PriorPeriodOpen`], [`LedgerError::RecordedBeforeHead`].
    pub fn close_period(&mut self, period: Period, recorded: NaiveDate) -> Result<Replay, LedgerError> {
        self.execute_one(&Command::ClosePeriod(period, recorded)).map(|receipt| receipt.replay)
    }

    /// Every rule a draft breaks, the primary one first; nothing when it would be accepted.
    #[must_use]
    pub fn problems(&self, draft: &EntryDraft) -> Vec<LedgerError> {
        problems(&self.state, draft)
    }

    /// Balance of an account over all key accounts (余额), debit positive.
    ///
    /// # Errors
    ///
    /// - [`LedgerError::UnknownAccount`], [`LedgerError::UnknownEntry`].
    pub fn balance(&self, code: &str, currency: Currency, at: At) -> Result<Money, LedgerError> {
        self.state.balance(code, currency, at)
    }

    /// Balance of an account for one key account, debit positive.
    ///
    /// # Errors
    ///
    /// - [`LedgerError::UnknownAccount`], [`LedgerError::UnknownEntry`].
    pub fn balance_of(
        &self,
        code: &str,
        key_account: &AccountId,
        currency: Currency,
        at: At,
    ) -> Result<Money, LedgerError> {
        self.state.balance_of(code, key_account, currency, at)
    }

    /// Holds a balance of an account against what someone says it is (余额核对).
    ///
    /// # Errors
    ///
    /// - [`LedgerError::AssertionFailed`] with both figures, and those of [`Ledger::balance`].
    pub fn assert_balance(&self, code: &str, at: At, expected: Money) -> Result<(), LedgerError> {
        let actual = self.state.balance(code, expected.currency(), at)?;
        if actual == expected {
            return Ok(());
        }
        Err(LedgerError::AssertionFailed { code: code.to_owned(), expected, actual })
    }

    /// The trial balance of everything up to the end of a day (试算平衡).
    ///
    /// # Errors
    ///
    /// - [`LedgerError::Types`] when a figure is out of range, which no ledger can bring about.
    pub fn trial_balance(&self, as_of: NaiveDate) -> Result<TrialBalance, LedgerError> {
        self.state.trial_balance(Window::Until(as_of))
    }

    /// The trial balance of a period, with opening balances (发生额及余额表).
    ///
    /// # Errors
    ///
    /// - [`LedgerError::Types`] when a figure is out of range, which no ledger can bring about.
    pub fn trial_balance_within(&self, period: Period) -> Result<TrialBalance, LedgerError> {
        self.state.trial_balance(Window::Within(period))
    }

    /// The ageing of a control account (账龄分析).
    ///
    /// # Errors
    ///
    /// - [`LedgerError::UnknownAccount`], [`LedgerError::NotAControlAccount`].
    pub fn ageing(&self, query: &AgeingQuery<'_>, buckets: &Buckets) -> Result<Ageing, LedgerError> {
        self.state.ageing(query, buckets, NaiveDate::MAX)
    }

    /// What is open of a key account at the end of a day (未核销明细), in the order of posting.
    ///
    /// # Errors
    ///
    /// - [`LedgerError::UnknownAccount`], [`LedgerError::NotAControlAccount`].
    pub fn open_items(
        &self,
        code: &str,
        key_account: &AccountId,
        currency: Currency,
        as_of: NaiveDate,
    ) -> Result<Vec<OpenItem>, LedgerError> {
        self.state.open_items(code, key_account, currency, (as_of, NaiveDate::MAX))
    }

    /// The page of a key account for a period (台账).
    ///
    /// # Errors
    ///
    /// - [`LedgerError::UnknownAccount`], and [`LedgerError::KeyAccountNotAllowed`] for an account not kept per key
    ///   account.
    pub fn page(&self, query: &PageQuery<'_>) -> Result<AccountPage, LedgerError> {
        self.state.page(query)
    }

    /// The stock cards of a key account for a period (进销存), by article.
    #[must_use]
    pub fn stock_cards(&self, key_account: &AccountId, period: Period) -> Vec<StockCard> {
        self.state.stock_cards(key_account, period)
    }

    /// Pieces of an article at a key account at the end of a day.
    #[must_use]
    pub fn stock_on(&self, key_account: &AccountId, sku: &SkuId, day: NaiveDate) -> i64 {
        self.state.stock_on(key_account, sku, day)
    }

    /// Proves everything again from the log (审计).
    #[must_use]
    pub fn audit(&self) -> AuditReport {
        self.state.audit()
    }

    /// The accounts, in the order of their ids.
    #[must_use]
    pub fn accounts(&self) -> &[Account] {
        &self.state.accounts
    }

    /// The key accounts ever posted to, in the order of their first posting.
    #[must_use]
    pub fn key_accounts(&self) -> &[AccountId] {
        &self.state.parties
    }

    /// A posted entry.
    #[must_use]
    pub fn entry(&self, id: EntryId) -> Option<Entry> {
        self.state.entry(id)
    }

    /// The entry that reversed `entry`, if one did.
    #[must_use]
    pub fn reversed_by(&self, entry: EntryId) -> Option<EntryId> {
        self.state.reversed.get(&entry).copied()
    }

    /// The log.
    #[must_use]
    pub fn events(&self) -> Events<'_> {
        self.state.events()
    }

    /// The hash of the last event: keep it elsewhere to be able to prove that nothing was cut off.
    #[must_use]
    pub const fn head(&self) -> Hash {
        self.state.head()
    }

    /// Name and standing choices.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.state.settings
    }

    /// The state, for [`decide`] and [`apply`].
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.state
    }
}
