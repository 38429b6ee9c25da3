//! [`StatementFile`]: a statement on its way from draft to closed.

use core::fmt;

use chrono::NaiveDate;
use endcap_types::{DocumentId, Money};

use super::{InvoiceOf, InvoiceRegister, LifecycleError};
use crate::{DeltaLine, SettlementError, Statement, restate_after};

/// 单据状态: where a statement stands.
///
/// ```text
/// draft → issued → confirmed → invoiced → paid → closed
///           ↓  ↖      ↑
///           ↓   ↖     ↑
///          disputed ──┘      (confirmed after all, or withdrawn to draft)
/// ```
///
/// # Source
/// House rule; the states are those of Chinese retail statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum StatementState {
    /// 草稿: computed, not sent.
    Draft,
    /// 已出单: sent to the other side.
    Issued,
    /// 有异议: the other side objects.
    Disputed,
    /// 已确认: both sides agree.
    Confirmed,
    /// 已开票: the goods invoice is issued.
    Invoiced,
    /// 已付款: all of the payment has moved.
    Paid,
    /// 已关账: nothing of it moves any more.
    Closed,
}

impl StatementState {
    /// The word used in documents.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Issued => "issued",
            Self::Disputed => "disputed",
            Self::Confirmed => "confirmed",
            Self::Invoiced => "invoiced",
            Self::Paid => "paid",
            Self::Closed => "closed",
        }
    }

    /// Whether the amounts stand, so that only a restatement can change them.
    #[must_use]
    pub const fn is_posted(self) -> bool {
        !matches!(self, Self::Draft)
    }
}

impl fmt::Display for StatementState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// 单据动作: one step of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum StatementAction {
    /// 出单.
    Issue,
    /// 确认.
    Confirm,
    /// 提出异议, with its reason.
    Dispute(String),
    /// 撤回 to draft, to be replaced.
    Withdraw,
    /// 开票, with the invoice.
    Invoice(DocumentId),
    /// 付款: money that moved; parts add up.
    Pay(Money),
    /// 关账.
    Close,
}

impl StatementAction {
    const fn done(&self) -> &'static str {
        match self {
            Self::Issue => "issued",
            Self::Confirm => "confirmed",
            Self::Dispute(_) => "disputed",
            Self::Withdraw => "withdrawn",
            Self::Invoice(_) => "invoiced",
            Self::Pay(_) => "paid",
            Self::Close => "closed",
        }
    }
}

/// 单据历史: a step and its day.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct StatementStep {
    /// The day.
    pub on: NaiveDate,
    /// What happened.
    pub action: StatementAction,
}

/// 单据档案: a statement with its history; its state follows from its steps.
///
/// # Examples
/// ```
/// # use endcap_calendar::{Period, dates::ymd};
/// # use endcap_settlement::*;
/// # use endcap_types::*;
/// # let contract = Contract::new(ContractTerms {
/// #     id: ContractId::new("C-1")?, account: AccountId::new("WANYUE")?, currency: Currency::CNY,
/// #     valid: Period::year(2025)?, scope: Scope::All,
/// #     payment_terms: "from(end_of_supply_period);days(45)".parse().map_err(SettlementError::from)?,
/// #     goods_vat: "13%".parse()?, goods_vat_by: vec![], service_vat: None, amounts: TaxBasis::Inclusive,
/// #     tax_site: vat::TaxSite::PerRateGroup, rounding: Rounding::HALF_AWAY,
/// #     method: Method::CreditTerms(CreditTerms {}), stacks: vec![], clauses: vec![],
/// # })?;
/// # let deliveries = [Delivery {
/// #     document: DocumentId::new("D-1")?, date: ymd(2025, 6, 2)?, store: None, sku: SkuId::new("A1")?,
/// #     quantity: Quantity::pieces(10)?, amount: Money::parse("1000", Currency::CNY)?,
/// # }];
/// # let facts = Facts { deliveries: &deliveries, ..Facts::default() };
/// # let june = settle(&contract, &facts, Period::month(2025, 6)?, &[])?;
/// use endcap_settlement::lifecycle::{InvoiceRegister, StatementFile, StatementState};
/// let mut register = InvoiceRegister::default();
/// let mut file = StatementFile::new(june.clone());
/// file.issue(ymd(2025, 7, 3)?)?;
/// file.confirm(ymd(2025, 7, 8)?)?;
/// file.invoice(ymd(2025, 7, 10)?, DocumentId::new("INV-7")?, &mut register)?;
/// assert!(file.close(ymd(2025, 7, 11)?).is_err()); // not paid yet
/// file.pay(ymd(2025, 8, 14)?, Money::parse("1000.00", Currency::CNY)?)?;
/// assert_eq!(file.state(), StatementState::Paid);
/// file.close(ymd(2025, 8, 31)?)?;
/// let told = file.replace(june).unwrap_err();
/// assert!(told.to_string().ends_with("is closed: its period changes by restatement only"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "FileParts", into = "FileParts"))]
pub struct StatementFile {
    statement: Statement,
    state: StatementState,
    paid: Money,
    steps: Vec<StatementStep>,
}

impl StatementFile {
    /// A draft.
    #[must_use]
    pub fn new(statement: Statement) -> Self {
        let paid = Money::zero(statement.currency());
        Self { statement, state: StatementState::Draft, paid, steps: Vec::new() }
    }

    /// The statement.
    #[must_use]
    pub const fn statement(&self) -> &Statement {
        &self.statement
    }

    /// Where it stands.
    #[must_use]
    pub const fn state(&self) -> StatementState {
        self.state
    }

    /// 已付金额: what has moved of the payment.
    #[must_use]
    pub const fn paid(&self) -> Money {
        self.paid
    }

    /// Its history, oldest first.
    #[must_use]
    pub fn steps(&self) -> &[StatementStep] {
        &self.steps
    }

    /// The invoices of its goods.
    pub fn invoices(&self) -> impl Iterator<Item = &DocumentId> {
        self.steps.iter().filter_map(|step| match &step.action {
            StatementAction::Invoice(document) => Some(document),
            _ => None,
        })
    }

    /// 出单: sends a draft.
    ///
    /// # Errors
    /// - [`LifecycleError::Refused`] outside a draft, [`LifecycleError::DateBackwards`].
    pub fn issue(&mut self, on: NaiveDate) -> Result<(), SettlementError> {
        self.step(on, StatementAction::Issue)
    }

    /// 确认: the other side agrees, at once or after a dispute.
    ///
    /// # Errors
    /// - [`LifecycleError::Refused`] unless issued or disputed, [`LifecycleError::DateBackwards`].
    pub fn confirm(&mut self, on: NaiveDate) -> Result<(), SettlementError> {
        self.step(on, StatementAction::Confirm)
    }

    /// 提出异议: the other side objects.
    ///
    /// # Errors
    /// - [`LifecycleError::Refused`] unless issued, [`LifecycleError::DateBackwards`].
    pub fn dispute(&mut self, on: NaiveDate, reason: impl Into<String>) -> Result<(), SettlementError> {
        self.step(on, StatementAction::Dispute(reason.into()))
    }

    /// 撤回: an issued or disputed statement becomes a draft again.
    ///
    /// # Errors
    /// - [`LifecycleError::Refused`] unless issued or disputed, [`LifecycleError::DateBackwards`].
    pub fn withdraw(&mut self, on: NaiveDate) -> Result<(), SettlementError> {
        self.step(on, StatementAction::Withdraw)
    }

    /// 开票: the goods invoice of a confirmed statement, once.
    ///
    /// # Errors
    /// - [`LifecycleError::AlreadyInvoiced`] for a line that is on an invoice of the register.
    /// - [`LifecycleError::Refused`] unless confirmed, [`LifecycleError::DateBackwards`].
    pub fn invoice(
        &mut self,
        on: NaiveDate,
        document: DocumentId,
        register: &mut InvoiceRegister,
    ) -> Result<(), SettlementError> {
        let mut next = self.clone();
        next.step(on, StatementAction::Invoice(document.clone()))?;
        register.invoice(document, &self.statement, InvoiceOf::Goods)?;
        *self = next;
        Ok(())
    }

    /// 付款: money moves; when all of the payment has, the statement is paid.
    ///
    /// # Errors
    /// - [`LifecycleError::PaymentBeyond`] for more than is owed, or money in the other direction.
    /// - [`LifecycleError::Refused`] unless invoiced, [`LifecycleError::DateBackwards`].
    /// - [`SettlementError::Types`] when currencies differ.
    pub fn pay(&mut self, on: NaiveDate, amount: Money) -> Result<(), SettlementError> {
        self.step(on, StatementAction::Pay(amount))
    }

    /// 关账.
    ///
    /// # Errors
    /// - [`LifecycleError::Refused`] unless paid, [`LifecycleError::DateBackwards`].
    pub fn close(&mut self, on: NaiveDate) -> Result<(), SettlementError> {
        self.step(on, StatementAction::Close)
    }

    /// 换稿: another version of a draft.
    ///
    /// # Errors
    /// - [`LifecycleError::MustRestate`] when it is no draft any more.
    /// - [`LifecycleError::OtherStatement`] for a statement of another contract or period.
    pub fn replace(&mut self, statement: Statement) -> Result<(), SettlementError> {
        if self.state.is_posted() {
            let (statement, state) = (self.statement.id().clone(), self.state);
            return Err(LifecycleError::MustRestate { statement, state }.into());
        }
        self.same(&statement)?;
        self.statement = statement;
        Ok(())
    }

    /// 更正: what a posted statement is short of, to be posted into the open period; the statement itself stands.
    ///
    /// # Errors
    /// - [`LifecycleError::Refused`] for a draft, which is replaced.
    /// - [`LifecycleError::OtherStatement`] for a statement of another contract or period.
    /// - As [`restate_after`].
    pub fn correct(
        &self,
        right: &Statement,
        earlier: &[DeltaLine],
    ) -> Result<Vec<DeltaLine>, SettlementError> {
        if !self.state.is_posted() {
            return Err(self.refused("restated").into());
        }
        self.same(right)?;
        restate_after(core::slice::from_ref(&self.statement), earlier, core::slice::from_ref(right))
    }

    fn same(&self, other: &Statement) -> Result<(), LifecycleError> {
        let (mine, theirs) = (&self.statement, other);
        if mine.id() == theirs.id() && mine.contract() == theirs.contract() {
            return Ok(());
        }
        Err(LifecycleError::OtherStatement { expected: mine.id().clone(), found: theirs.id().clone() })
    }

    fn refused(&self, action: &'static str) -> LifecycleError {
        LifecycleError::Refused { statement: self.statement.id().clone(), state: self.state, action }
    }

    fn step(&mut self, on: NaiveDate, action: StatementAction) -> Result<(), SettlementError> {
        use StatementState::{Closed, Confirmed, Disputed, Draft, Invoiced, Issued, Paid};
        if let Some(last) = self.steps.last().map(|step| step.on).filter(|last| on < *last) {
            let statement = self.statement.id().clone();
            return Err(LifecycleError::DateBackwards { statement, on, last }.into());
        }
        let next = match (self.state, &action) {
            (Draft, StatementAction::Issue) => Issued,
            (Issued, StatementAction::Dispute(_)) => Disputed,
            (Issued | Disputed, StatementAction::Confirm) => Confirmed,
            (Issued | Disputed, StatementAction::Withdraw) => Draft,
            (Confirmed, StatementAction::Invoice(_)) => Invoiced,
            (Invoiced, StatementAction::Pay(amount)) => {
                let owed = self.statement.totals().payment;
                let paid = self.paid.checked_add(amount)?;
                let with = |money: &Money| money.is_zero() || money.is_negative() == owed.is_negative();
                if !(with(amount) && with(&owed.checked_sub(&paid)?)) {
                    let statement = self.statement.id().clone();
                    return Err(LifecycleError::PaymentBeyond { statement, paid, owed }.into());
                }
                self.paid = paid;
                if paid == owed { Paid } else { Invoiced }
            }
            (Paid, StatementAction::Close) => Closed,
            _ => return Err(self.refused(action.done()).into()),
        };
        self.state = next;
        self.steps.push(StatementStep { on, action });
        Ok(())
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename = "StatementFile", deny_unknown_fields)]
struct FileParts {
    statement: Statement,
    steps: Vec<StatementStep>,
}

#[cfg(feature = "serde")]
impl From<StatementFile> for FileParts {
    fn from(file: StatementFile) -> Self {
        Self { statement: file.statement, steps: file.steps }
    }
}

#[cfg(feature = "serde")]
impl TryFrom<FileParts> for StatementFile {
    type Error = SettlementError;

    /// Takes every step again, so that a history that could not have happened is refused.
    fn try_from(parts: FileParts) -> Result<Self, SettlementError> {
        let mut file = Self::new(parts.statement);
        for step in parts.steps {
            file.step(step.on, step.action)?;
        }
        Ok(file)
    }
}
