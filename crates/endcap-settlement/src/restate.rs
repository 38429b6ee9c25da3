//! [`restate`]: what a closed period settled wrong, as differences to post into the open one.

use std::collections::{BTreeMap, BTreeSet};

use endcap_calendar::Period;
use endcap_types::{ClauseId, ContractId, Currency, DocumentId, Money, Rate, SkuId, StatementId};

use crate::{Column, LineKind, SettlementError, Statement, StatementLine, TraceId};

/// 版本: a statement as it stood, and the trace nodes of the lines meant; none where it had no such line.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Version {
    /// The statement.
    pub statement: StatementId,
    /// Its fingerprint: the posted statement and its replacement share their id.
    pub fingerprint: String,
    /// Why the amounts were what they were, in the trace of that statement.
    pub traces: Vec<TraceId>,
}

/// 重算差额行: what one line of a closed period is short of, or beyond, what it should have been.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct DeltaLine {
    /// The contract.
    pub contract: ContractId,
    /// The closed period it corrects.
    pub period: Period,
    /// The column it is added to.
    pub column: Column,
    /// What it corrects.
    pub kind: LineKind,
    /// The clause, for trade terms.
    pub clause: Option<ClauseId>,
    /// The document, for lines of one document.
    pub document: Option<DocumentId>,
    /// The SKU, for lines of one SKU.
    pub sku: Option<SkuId>,
    /// The rate, for lines of commission and of shared discounts.
    pub rate: Option<Rate>,
    /// The VAT rate of the closed period.
    pub vat: Rate,
    /// The difference with VAT.
    pub amount: Money,
    /// The difference without VAT.
    pub net: Money,
    /// The difference in VAT: `net + tax = amount`.
    pub tax: Money,
    /// What was posted.
    pub posted: Version,
    /// What replaces it.
    pub replaced_by: Version,
}

impl DeltaLine {
    /// 对付款的影响: what the line adds to the payment of the period it is posted into; a deduction lowers it.
    #[must_use]
    pub const fn effect(&self) -> Money {
        match self.column {
            Column::Goods | Column::Adjustment => self.amount,
            Column::OnInvoice | Column::InvoiceDeduct | Column::PaymentDeduct | Column::Advance => {
                self.amount.negated()
            }
            Column::Separate | Column::OnHold => Money::zero(self.amount.currency()),
        }
    }
}

/// 行标识: what makes two lines of two versions of a statement the same line.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct LineKey {
    /// The settlement period.
    pub period: Period,
    /// The column.
    pub column: Column,
    /// What the line is.
    pub kind: LineKind,
    /// The clause, for trade terms.
    pub clause: Option<ClauseId>,
    /// The document, for lines of one document.
    pub document: Option<DocumentId>,
    /// The SKU, for lines of one SKU.
    pub sku: Option<SkuId>,
    /// The rate, for lines of commission and of shared discounts.
    pub rate: Option<Rate>,
    /// The VAT rate.
    pub vat: Rate,
}

impl core::fmt::Display for LineKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} {}", self.period, self.kind.name_en())?;
        if let Some(clause) = &self.clause {
            write!(f, " {clause}")?;
        }
        if let Some(document) = &self.document {
            write!(f, " {document}")?;
        }
        if let Some(sku) = &self.sku {
            write!(f, " {sku}")?;
        }
        if let Some(rate) = &self.rate {
            write!(f, " at {rate}")?;
        }
        Ok(())
    }
}

impl LineKey {
    /// The key of a line of the statement of `period`.
    #[must_use]
    pub fn of(period: Period, line: &StatementLine) -> Self {
        // Only commission and shared discounts have several lines that differ by their rate alone.
        let by_rate = matches!(line.kind, LineKind::Commission | LineKind::DiscountShare);
        let rate = line.rate.filter(|_| by_rate);
        let (clause, document, sku) = (line.clause.clone(), line.document.clone(), line.sku.clone());
        Self { period, column: line.column, kind: line.kind, clause, document, sku, rate, vat: line.vat }
    }

    /// The key of the line that a restatement corrects.
    #[must_use]
    pub fn of_delta(delta: &DeltaLine) -> Self {
        let (clause, document, sku) = (delta.clause.clone(), delta.document.clone(), delta.sku.clone());
        let (period, column, kind) = (delta.period, delta.column, delta.kind);
        Self { period, column, kind, clause, document, sku, rate: delta.rate, vat: delta.vat }
    }
}

/// New less posted, and the lines behind both.
#[derive(Debug)]
struct Difference {
    amount: Money,
    net: Money,
    tax: Money,
    posted: Vec<TraceId>,
    replacing: Vec<TraceId>,
}

impl Difference {
    const fn none(currency: Currency) -> Self {
        let zero = Money::zero(currency);
        Self { amount: zero, net: zero, tax: zero, posted: Vec::new(), replacing: Vec::new() }
    }

    fn add(&mut self, amount: &Money, net: &Money, tax: &Money) -> Result<(), SettlementError> {
        self.amount = self.amount.checked_add(amount)?;
        self.net = self.net.checked_add(net)?;
        self.tax = self.tax.checked_add(tax)?;
        Ok(())
    }

    fn take(&mut self, amount: &Money, net: &Money, tax: &Money) -> Result<(), SettlementError> {
        self.add(&amount.negated(), &net.negated(), &tax.negated())
    }
}

/// 重算: the differences between closed statements as posted and as they should be, in the order of their lines.
///
/// ```text
/// Δ = new − posted, for each period, column, kind, clause, document, SKU, VAT rate (and rate of a commission)
/// ```
///
/// `new` holds [`settle`](crate::settle) run again over corrected facts or terms, for the same periods as `old`, in
/// either order; periods that nothing touched may be left out of both. Cumulative clauses and guarantee cycles are
/// recomputed by giving each run the new earlier statements. Only differences are told; the sum over any column is
/// exactly `new − old`. Post the lines into the open period at the VAT rate they carry: a corrected VAT rate takes the
/// posted line back at the old rate and brings it at the new. The VAT of the goods invoice, where it is rounded for a
/// whole rate group, differs by `totals().invoice_tax` of both versions.
///
/// Restating twice tells nothing new: see [`restate_after`] for a period that was restated before.
///
/// # Errors
/// - [`SettlementError::RestatedTwice`] for two statements of one period in one version.
/// - [`SettlementError::NotReplaced`] for a posted statement without its replacement, [`SettlementError::NeverPosted`]
///   for the reverse.
/// - [`SettlementError::ForeignPrior`] when statements are of different contracts or currencies.
/// - [`SettlementError::Types`] when a difference leaves its range.
///
/// # Examples
/// ```
/// use endcap_calendar::{Period, dates};
/// use endcap_settlement::*;
/// use endcap_types::*;
/// # let contract = Contract::new(ContractTerms {
/// #     id: ContractId::new("C-1")?,
/// #     account: AccountId::new("WANYUE")?,
/// #     currency: Currency::CNY,
/// #     valid: Period::year(2025)?,
/// #     scope: Scope::All,
/// #     payment_terms: "from(statement_confirmed);days(45)".parse().map_err(SettlementError::from)?,
/// #     goods_vat: "13%".parse()?,
/// #     goods_vat_by: vec![],
/// #     service_vat: None,
/// #     amounts: TaxBasis::Inclusive,
/// #     tax_site: vat::TaxSite::PerRateGroup,
/// #     rounding: Rounding::HALF_AWAY,
/// #     method: Method::CreditTerms(CreditTerms {}),
/// #     stacks: vec![],
/// #     clauses: vec![],
/// # })?;
/// let june = Period::month(2025, 6)?;
/// let settled = |amount: &str| {
///     let delivery = Delivery {
///         document: DocumentId::new("D-0610")?,
///         date: dates::ymd(2025, 6, 10)?,
///         store: None,
///         sku: SkuId::new("A1")?,
///         quantity: Quantity::pieces(100)?,
///         amount: Money::parse(amount, Currency::CNY)?,
///     };
///     settle(&contract, &Facts { deliveries: &[delivery], ..Facts::default() }, june, &[])
/// };
/// // Settled at 1,130.00; the delivery note says 1,017.00.
/// let (posted, corrected) = (settled("1130.00")?, settled("1017.00")?);
/// let deltas = restate(&[posted], &[corrected.clone()])?;
/// assert_eq!(deltas.len(), 1);
/// assert_eq!(deltas[0].amount.to_amount_string(), "-113.00");
/// assert_eq!(deltas[0].tax.to_amount_string(), "-13.00");
/// assert!(restate(&[corrected.clone()], &[corrected])?.is_empty());
/// # Ok::<(), SettlementError>(())
/// ```
///
/// # Source
/// The industry pattern of reversing all old rows and posting the new ones into the current period, net; house rule.
pub fn restate(old: &[Statement], new: &[Statement]) -> Result<Vec<DeltaLine>, SettlementError> {
    restate_after(old, &[], new)
}

/// 再次重算: [`restate`] for periods that were restated before.
///
/// `Δ = new − (posted + earlier deltas)`: with 100.00 posted, +20.00 restated and 115.00 right, the difference is −5.00.
/// Deltas of periods that `old` does not hold are left alone.
///
/// # Errors
/// - As [`restate`], [`SettlementError::ForeignPrior`] also for an earlier delta of another contract.
/// - [`SettlementError::IdentityBroken`] for an earlier delta whose net and tax are not its amount.
///
/// # Source
/// As [`restate`].
pub fn restate_after(
    old: &[Statement],
    earlier: &[DeltaLine],
    new: &[Statement],
) -> Result<Vec<DeltaLine>, SettlementError> {
    let Some(first) = old.first().or(new.first()) else { return Ok(Vec::new()) };
    let one_contract = |statement: &StatementId, contract: &ContractId, currency: Currency| {
        if contract == first.contract() && currency == first.currency() {
            return Ok(());
        }
        let (statement, contract) = (statement.clone(), contract.clone());
        Err(SettlementError::ForeignPrior { statement, contract, currency })
    };
    for statement in old.iter().chain(new) {
        one_contract(statement.id(), statement.contract(), statement.currency())?;
    }
    let (old, new) = (by_period(old)?, by_period(new)?);
    if let Some((_, statement)) = old.iter().find(|(period, _)| !new.contains_key(period)) {
        return Err(SettlementError::NotReplaced { statement: statement.id().clone() });
    }
    if let Some((_, statement)) = new.iter().find(|(period, _)| !old.contains_key(period)) {
        return Err(SettlementError::NeverPosted { statement: statement.id().clone() });
    }

    let mut differences: BTreeMap<LineKey, Difference> = BTreeMap::new();
    let currency = first.currency();
    for (period, statement) in &new {
        for line in statement.lines() {
            let key = LineKey::of(*period, line);
            let difference = differences.entry(key).or_insert(Difference::none(currency));
            difference.add(&line.amount, &line.net, &line.tax)?;
            difference.replacing.push(line.trace);
        }
    }
    for (period, statement) in &old {
        for line in statement.lines() {
            let key = LineKey::of(*period, line);
            let difference = differences.entry(key).or_insert(Difference::none(currency));
            difference.take(&line.amount, &line.net, &line.tax)?;
            difference.posted.push(line.trace);
        }
    }
    for delta in earlier {
        one_contract(&delta.posted.statement, &delta.contract, delta.amount.currency())?;
        let (identity, left, right) =
            ("net + tax = amount", delta.net.checked_add(&delta.tax)?, delta.amount);
        if left != right {
            return Err(SettlementError::IdentityBroken { identity, left, right });
        }
        if old.contains_key(&delta.period) {
            let key = LineKey::of_delta(delta);
            let difference = differences.entry(key).or_insert(Difference::none(currency));
            difference.take(&delta.amount, &delta.net, &delta.tax)?;
        }
    }
    let prints = |versions: &BTreeMap<Period, &Statement>| -> BTreeMap<Period, (StatementId, String)> {
        let print = |(period, statement): (&Period, &&Statement)| {
            (*period, (statement.id().clone(), statement.fingerprint()))
        };
        versions.iter().map(print).collect()
    };
    let (posted, replacing) = (prints(&old), prints(&new));
    let mut deltas = Vec::new();
    for (key, difference) in differences {
        if difference.amount.is_zero() && difference.net.is_zero() && difference.tax.is_zero() {
            continue;
        }
        // Both versions hold every period of a key.
        let (Some(was), Some(is)) = (posted.get(&key.period), replacing.get(&key.period)) else { continue };
        let version = |(statement, fingerprint): &(StatementId, String), traces| Version {
            statement: statement.clone(),
            fingerprint: fingerprint.clone(),
            traces,
        };
        deltas.push(DeltaLine {
            contract: first.contract().clone(),
            period: key.period,
            column: key.column,
            kind: key.kind,
            clause: key.clause,
            document: key.document,
            sku: key.sku,
            rate: key.rate,
            vat: key.vat,
            amount: difference.amount,
            net: difference.net,
            tax: difference.tax,
            posted: version(was, difference.posted),
            replaced_by: version(is, difference.replacing),
        });
    }
    Ok(deltas)
}

/// One statement for each period.
fn by_period(statements: &[Statement]) -> Result<BTreeMap<Period, &Statement>, SettlementError> {
    let mut seen = BTreeSet::new();
    for statement in statements {
        if !seen.insert(statement.period()) {
            return Err(SettlementError::RestatedTwice { period: statement.period() });
        }
    }
    Ok(statements.iter().map(|statement| (statement.period(), statement)).collect())
}
