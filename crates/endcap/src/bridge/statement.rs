//! From a settlement statement to the ledger.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use endcap_calendar::Due as CalendarDue;
use endcap_ledger::{ClearingPolicy, Due, EntryDraft, IdempotencyKey, ItemDraft, LegDraft, Nature};
use endcap_settlement::{Column, LineKind, Statement, StatementLine};
use endcap_types::vat::{self, VatSplit};
use endcap_types::{ClauseId, DocumentId, Money, Rate, Rounding, TypesError, allocate};

use super::{AdjustmentVat, BridgeError, Codes};

/// The entries of a statement (结算单记账): the invoice with what lowers it, the deductions from the payment, and what is
/// paid apart; each balances, and none is made of nothing.
///
/// ```text
/// invoice      receivable  = invoice                    output VAT = invoice VAT
///              bearing     = net of 票折, 票扣, returns   sales      = the rest
/// deductions   bearing     = net of 账扣                 VAT        = its tax, by nature
///              advances    = 预付款                      adjustments = 调整, their VAT apart
///              receivable  = −账扣 − advances + adjustments
/// apart        bearing     = net, VAT = tax             payable    = what is settled apart
/// ```
///
/// Their effect on the receivables of the account is exactly the statement's payment:
/// `invoice − 账扣 − advances + adjustments`. What the account owes opens items under the statement's id, due on the
/// legal due date; deductions clear the invoice at once. Keys are built from the statement id, so posting a statement
/// twice is a replay.
///
/// # Errors
///
/// - [`BridgeError::Types`], [`BridgeError::Ledger`] when an id or key does not fit the ledger's limits.
///
/// # Examples
///
/// ```
/// use endcap::bridge::{Codes, statement_entries};
/// use endcap::calendar::{Event, EventDates, Period, dates};
/// use endcap::ledger::{At, Ledger, Settings, chart};
/// use endcap::settlement::*;
/// use endcap::types::*;
///
/// // 流水倒扣 at 22 %: till turnover of 8,000.00, commission 1,760.00, an invoice over 6,240.00.
/// let contract = Contract::new(ContractTerms {
///     id: ContractId::new("C-1")?,
///     account: AccountId::new("WANYUE")?,
///     currency: Currency::CNY,
///     valid: Period::year(2025)?,
///     scope: Scope::All,
///     payment_terms: "from(statement_confirmed);days(45)".parse()?,
///     goods_vat: "13%".parse()?,
///     goods_vat_by: vec![],
///     service_vat: None,
///     amounts: TaxBasis::Inclusive,
///     tax_site: vat::TaxSite::PerRateGroup,
///     rounding: Rounding::HALF_AWAY,
///     method: Method::TurnoverDeduction(TurnoverDeduction::at("22%".parse()?)),
///     stacks: vec![],
///     clauses: vec![],
/// })?;
/// let sales = [Sale {
///     document: DocumentId::new("POS-0610")?,
///     date: dates::ymd(2025, 6, 10)?,
///     store: None,
///     sku: SkuId::new("A1")?,
///     quantity: Quantity::pieces(40)?,
///     amount: Money::parse("8000.00", Currency::CNY)?,
///     promotion: None,
///     original: OriginalTerms::default(),
/// }];
/// let events = EventDates::new().with(Event::StatementConfirmed, dates::ymd(2025, 7, 5)?);
/// let facts = Facts { sales: &sales, events, ..Facts::default() };
/// let statement = settle(&contract, &facts, Period::month(2025, 6)?, &[])?;
///
/// let mut ledger = Ledger::new(Settings::new("Supplier Ltd")?);
/// let recorded = dates::ymd(2025, 7, 5)?;
/// ledger.open_all(chart::key_account_supplier()?, recorded)?;
/// for draft in statement_entries(&statement, &Codes::default(), recorded)? {
///     ledger.post(&draft)?;
/// }
/// let balance = |code| ledger.balance(code, Currency::CNY, At::Now).map(|money| money.to_amount_string());
/// assert_eq!(balance("1122")?, "6240.00");     // the payment
/// assert_eq!(balance("2221.01")?, "-717.88");  // 6,240.00 × 13 ÷ 113
/// assert_eq!(balance("6601.02")?, "1557.52");  // the commission without its VAT
/// assert_eq!(balance("6001")?, "-7079.64");    // the rest
/// let items = ledger.open_items("1122", statement.account(), Currency::CNY, recorded)?;
/// assert_eq!(items[0].days_past_due, Some(-45)); // due on 19 August
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// IFRS 15.70–72 for the side a deduction falls on; the split into entries is a house rule.
pub fn statement_entries(
    statement: &Statement,
    codes: &Codes,
    recorded: NaiveDate,
) -> Result<Vec<EntryDraft>, BridgeError> {
    let writer = Writer { statement, codes, recorded, document: DocumentId::new(statement.id().as_str())? };
    let drafts = [writer.invoice()?, writer.deductions()?, writer.apart()?];
    Ok(drafts.into_iter().flatten().collect())
}

struct Writer<'a> {
    statement: &'a Statement,
    codes: &'a Codes,
    recorded: NaiveDate,
    document: DocumentId,
}

impl Writer<'_> {
    fn draft(&self, part: &str) -> Result<EntryDraft, BridgeError> {
        let key = IdempotencyKey::new(format!("statement/{}/{part}", self.statement.id()))?;
        let effective = self.statement.period().last_day();
        Ok(EntryDraft::new(key, self.document.clone(), effective, self.recorded)
            .describe(format!("{} {part}", self.statement.id())))
    }

    fn lines(&self, wanted: &'static [Column]) -> impl Iterator<Item = &StatementLine> {
        self.statement.lines().iter().filter(move |line| wanted.contains(&line.column))
    }

    fn due(&self) -> Due {
        match self.statement.due() {
            CalendarDue::On(due) => Due::On(due.due),
            CalendarDue::Pending(_) => Due::NoDate,
        }
    }

    /// What this statement makes the account owe, under one document and due date; it answers for many deliveries, so
    /// it names no date of one.
    fn item(&self) -> ItemDraft {
        let dated = self.statement.period().last_day();
        ItemDraft { document: self.document.clone(), dated, due: self.due(), delivered: None }
    }

    fn receivable(&self, amount: Money) -> LegDraft {
        LegDraft::signed(&self.codes.receivable, amount).of(self.statement.account().clone())
    }

    /// Receivable and output VAT of the invoice; deductions on it and returns to the accounts that bear them; the
    /// rest is sales.
    fn invoice(&self) -> Result<Option<EntryDraft>, BridgeError> {
        let totals = self.statement.totals();
        let mut draft = self.draft("invoice")?.nature(Nature::Invoice);
        if !totals.invoice.is_zero() {
            draft = draft.leg(self.receivable(totals.invoice).opens(self.item()));
        }
        let mut used = BTreeMap::new();
        let mut sales = totals.invoice_tax.checked_sub(&totals.invoice)?;
        if !totals.invoice_tax.is_zero() {
            draft = draft.leg(LegDraft::signed(&self.codes.output_vat, totals.invoice_tax.negated()));
        }
        for line in self.lines(&[Column::OnInvoice, Column::InvoiceDeduct]).filter(|line| !line.net.is_zero())
        {
            for (code, part) in self.borne(line, &mut used)? {
                if code != self.codes.sales {
                    sales = sales.checked_sub(&part)?;
                    draft = draft.leg(LegDraft::signed(code, part));
                }
            }
        }
        let returned = self.lines(&[Column::Goods]).filter(|line| line.kind == LineKind::ReturnedGoods);
        let returned = Money::sum(returned.map(|line| line.net), self.statement.currency())?.negated();
        if !returned.is_zero() {
            sales = sales.checked_sub(&returned)?;
            draft = draft.leg(LegDraft::signed(self.codes.bearing(LineKind::ReturnedGoods), returned));
        }
        if !sales.is_zero() {
            draft = draft.leg(LegDraft::signed(&self.codes.sales, sales));
        }
        Ok((!draft.legs.is_empty()).then_some(draft))
    }

    /// Deductions from the payment clear the invoice they are taken off.
    fn deductions(&self) -> Result<Option<EntryDraft>, BridgeError> {
        let mut draft = self.draft("deductions")?.nature(Nature::Deduction);
        let mut receivable = Money::zero(self.statement.currency());
        let mut used = BTreeMap::new();
        for line in self.lines(&[Column::PaymentDeduct]) {
            draft = self.bear(draft, line, &mut used)?;
            receivable = receivable.checked_sub(&line.amount)?;
        }
        for line in self.lines(&[Column::Advance]).filter(|line| !line.amount.is_zero()) {
            let leg = LegDraft::signed(&self.codes.advances, line.amount);
            draft = draft.leg(leg.of(self.statement.account().clone()));
            receivable = receivable.checked_sub(&line.amount)?;
        }
        for line in self.lines(&[Column::Adjustment]).filter(|line| !line.amount.is_zero()) {
            let split = self.adjustment(line.amount)?;
            for (code, part) in
                [(self.codes.bearing(line.kind), split.net()), (&self.codes.output_vat, split.tax())]
            {
                if !part.is_zero() {
                    draft = draft.leg(LegDraft::signed(code, part.negated()));
                }
            }
            receivable = receivable.checked_add(&line.amount)?;
        }
        if !receivable.is_zero() {
            let leg = self.receivable(receivable);
            let own = ClearingPolicy::Documents(vec![self.document.clone()]);
            let clears = receivable.is_negative() && self.statement.totals().invoice.is_positive();
            draft = draft.leg(if clears { leg.clears(own) } else { leg.opens(self.item()) });
        }
        Ok((!draft.legs.is_empty()).then_some(draft))
    }

    /// What is paid apart is owed to the account.
    fn apart(&self) -> Result<Option<EntryDraft>, BridgeError> {
        let mut draft = self.draft("apart")?.nature(Nature::Deduction);
        let mut owed = Money::zero(self.statement.currency());
        let mut used = BTreeMap::new();
        for line in self.lines(&[Column::Separate]) {
            draft = self.bear(draft, line, &mut used)?;
            owed = owed.checked_sub(&line.amount)?;
        }
        if !owed.is_zero() {
            let leg = LegDraft::signed(&self.codes.payable, owed);
            draft = draft.leg(leg.of(self.statement.account().clone()));
        }
        Ok((!draft.legs.is_empty()).then_some(draft))
    }

    /// Which accounts bear a line, without tax. The fair value of a service is used up once per statement part.
    fn borne(&self, line: &StatementLine, used: &mut Used) -> Result<Vec<(&str, Money)>, BridgeError> {
        let treated = line.clause.as_ref().and_then(|id| Some((id, *self.codes.treatments.get(id)?)));
        let bearing = self.codes.bearing(line.kind);
        let Some((clause, treatment)) = treated else { return Ok(vec![(bearing, line.net)]) };
        let zero = Money::zero(line.net.currency());
        let before = used.get(clause).copied().unwrap_or((zero, zero));
        let fee = before.0.checked_add(&line.net)?;
        let expense = treatment.split(fee)?.expense;
        let own = expense.checked_sub(&before.1)?;
        used.insert(clause.clone(), (fee, expense));
        let parts = [(bearing, own), (self.codes.consideration.as_str(), line.net.checked_sub(&own)?)];
        Ok(parts.into_iter().filter(|(_, part)| !part.is_zero()).collect())
    }

    /// An adjustment without its VAT, and its VAT.
    fn adjustment(&self, amount: Money) -> Result<VatSplit, BridgeError> {
        let outside = || VatSplit::new(amount, Money::zero(amount.currency()), amount);
        let rounding = Rounding::HALF_AWAY;
        Ok(match self.codes.adjustment_vat {
            AdjustmentVat::Outside => outside()?,
            AdjustmentVat::At(rate) => vat::split_inclusive(&amount, &rate, &rounding)?,
            AdjustmentVat::OfGoods => {
                let mut rates: BTreeMap<Rate, Money> = BTreeMap::new();
                for line in self.lines(&[Column::Goods]) {
                    let sum = rates.entry(line.vat).or_insert(Money::zero(amount.currency()));
                    *sum = sum.checked_add(&line.amount)?;
                }
                rates.retain(|_, sum| sum.is_positive());
                if rates.is_empty() {
                    return Ok(outside()?);
                }
                let weights: Result<Vec<_>, _> =
                    rates.into_iter().map(|(rate, sum)| Ok((rate, sum.to_decimal()?))).collect();
                let weights = weights.map_err(|error: TypesError| error)?;
                let zero = Money::zero(amount.currency());
                let mut whole = VatSplit::new(zero, zero, zero)?;
                for (rate, part) in allocate(amount, weights)? {
                    whole = whole.checked_add(&vat::split_inclusive(&part, &rate, &rounding)?)?;
                }
                whole
            }
        })
    }

    fn bear(
        &self,
        mut draft: EntryDraft,
        line: &StatementLine,
        used: &mut Used,
    ) -> Result<EntryDraft, BridgeError> {
        if !line.net.is_zero() {
            for (code, part) in self.borne(line, used)? {
                draft = draft.leg(LegDraft::signed(code, part));
            }
        }
        if !line.tax.is_zero() {
            draft = draft.leg(LegDraft::signed(self.codes.vat_of(line.kind), line.tax));
        }
        Ok(draft)
    }
}

/// Per clause, the fees met so far and how much of them is an expense.
type Used = BTreeMap<ClauseId, (Money, Money)>;
