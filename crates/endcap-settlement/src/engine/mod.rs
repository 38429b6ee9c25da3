//! The settlement run: facts in canonical order, lines by method and clause, totals, statement.

mod advances;
mod average;
mod chosen;
mod clauses;
mod consigned;
mod consignment;
mod cover;
mod credit;
mod growth;
mod guarantee;
mod layers;
mod limits;
mod measure;
mod moved;
mod order;
mod rates;
mod records;
mod rent;
mod source;
mod stacking;
mod start;
mod stock_rules;
mod tiered;
mod till;
mod totals;
mod turnover;

use endcap_calendar::{BusinessCalendar, Due, Event, Period};
use endcap_types::{
    ClauseId, DocumentId, Exact, Money, Quantity, Rate, Rounding, SkuId, StatementId, TaxBasis, Unrounded,
};

use crate::canon::Canon;
use crate::fact_block::Group;
use crate::trace::Cell;
use crate::{
    Basis, Catalogue, Column, Contract, Facts, Formula, LineKind, Measure, Method, SettlementError,
    SideAmount, Statement, StatementLine, StatementParts, StockReport, Subject, TierOutlook, Trace, What,
};

use records::Records;

/// 结算: settles one contract for one period.
///
/// `facts` may hold more than the period and more than the contract's scope; what lies outside is left alone.
/// `prior` are the earlier statements of the contract, in any order; cumulative clauses and guarantee cycles that began
/// before `period` need all of them since their beginning.
///
/// # Errors
/// - [`SettlementError::PeriodOutsideContract`], [`SettlementError::FactCurrency`], [`SettlementError::UnknownProduct`],
///   [`SettlementError::ProductConflict`], [`SettlementError::UnknownClause`], [`SettlementError::UnclaimedFunding`],
///   [`SettlementError::NoSupplyPrice`], [`SettlementError::CountConflict`] for facts that cannot be settled.
/// - [`SettlementError::MissingPrior`], [`SettlementError::ForeignPrior`], [`SettlementError::PriorOverlap`] for earlier
///   statements that do not fit.
/// - [`SettlementError::GuaranteePeriod`] when the period does not fit the guarantee.
/// - [`SettlementError::Types`], [`SettlementError::Calendar`] when a value leaves its range.
///
/// # Examples
/// ```
/// use endcap_calendar::{Event, EventDates, Period, dates};
/// use endcap_settlement::*;
/// use endcap_types::*;
/// let contract = Contract::new(ContractTerms {
///     id: ContractId::new("C-1")?,
///     account: AccountId::new("WANYUE")?,
///     currency: Currency::CNY,
///     valid: Period::year(2025)?,
///     scope: Scope::All,
///     payment_terms: "from(statement_confirmed);days(45)".parse().map_err(SettlementError::from)?,
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
/// let june = Period::month(2025, 6)?;
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
/// let statement = settle(&contract, &facts, june, &[])?;
/// assert_eq!(statement.totals().goods.to_amount_string(), "8000.00");
/// assert_eq!(statement.totals().invoice_deduct.to_amount_string(), "1760.00");
/// assert_eq!(statement.totals().payment.to_amount_string(), "6240.00");
/// assert_eq!(statement.due().date(), Some(dates::ymd(2025, 8, 19)?));
/// let commission = statement.lines_of(LineKind::Commission).next().ok_or("none")?;
/// let why = statement.explain(commission, Language::En)?;
/// assert_eq!(why[0], "commission: 1760.00 = 8000.00 × 22%");
/// assert_eq!(why[2], "    till sale [POS-0610 A1] 2025-06-10: 8000.00");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// House rule; see [`Method`] and [`Clause`](crate::Clause) for the rules it applies.
pub fn settle(
    contract: &Contract,
    facts: &Facts<'_>,
    period: Period,
    prior: &[Statement],
) -> Result<Statement, SettlementError> {
    let terms = contract.terms();
    let window = period.intersect(terms.valid).ok_or_else(|| SettlementError::PeriodOutsideContract {
        contract: terms.id.clone(),
        period,
        valid: terms.valid,
    })?;
    let catalogue = Catalogue::new(facts.products)?;
    let mut trace = Trace::new(terms.currency);
    let records = Records::collect(contract, facts, window, &catalogue, &mut trace)?;
    let prior = cover::ordered(contract, period, prior)?;
    let mut run = Run {
        contract,
        period,
        window,
        catalogue,
        records,
        prior,
        trace,
        lines: Vec::new(),
        outlook: Vec::new(),
        known_bases: Vec::new(),
        all_sales: None,
        vat_cells: Vec::new(),
    };
    let stock = match &terms.method {
        Method::CreditTerms(_) => {
            run.credit_terms()?;
            None
        }
        Method::Consignment(method) => Some(run.consignment(method)?),
        Method::TurnoverDeduction(method) => {
            run.turnover_deduction(method)?;
            None
        }
    };
    run.clauses()?;
    run.side_amounts()?;
    let advances_left = run.use_advances()?;
    let due = due(contract, facts, window)?;
    run.finish(due, stock, advances_left)
}

fn due(contract: &Contract, facts: &Facts<'_>, window: Period) -> Result<Due, SettlementError> {
    let mut events = facts.events.clone();
    if events.get(Event::EndOfSupplyPeriod).is_none() {
        events = events.with(Event::EndOfSupplyPeriod, window.last_day());
    }
    let weekends;
    let calendar = match facts.calendar {
        Some(calendar) => calendar,
        None => {
            weekends = BusinessCalendar::weekends();
            &weekends
        }
    };
    Ok(contract.terms().payment_terms.due_date(&events, calendar)?)
}

/// One run: what is settled, what is known, and what was posted so far.
struct Run<'a> {
    contract: &'a Contract,
    period: Period,
    /// The days of the period in which the contract is in force.
    window: Period,
    catalogue: Catalogue<'a>,
    records: Records<'a>,
    /// Earlier statements, oldest first.
    prior: Vec<&'a Statement>,
    trace: Trace,
    lines: Vec<StatementLine>,
    outlook: Vec<TierOutlook>,
    /// What clauses measured so far.
    known_bases: Vec<measure::Known>,
    /// The amounts of all sales, once asked for.
    all_sales: Option<Group>,
    /// VAT rates as traced terms.
    vat_cells: Vec<(Rate, Cell)>,
}

/// What a line says beyond its amount.
struct Draft {
    column: Column,
    kind: LineKind,
    clause: Option<ClauseId>,
    document: Option<DocumentId>,
    sku: Option<SkuId>,
    basis: Option<Basis>,
    rate: Option<Rate>,
    against: Option<Money>,
    free: Option<Quantity>,
    /// The VAT rate, and whether the amount posted contains it.
    vat: (Rate, TaxBasis),
}

impl Draft {
    const fn new(column: Column, kind: LineKind, vat: (Rate, TaxBasis)) -> Self {
        Self {
            column,
            kind,
            clause: None,
            document: None,
            sku: None,
            basis: None,
            rate: None,
            against: None,
            free: None,
            vat,
        }
    }
}

impl Run<'_> {
    const fn rounding(&self) -> Rounding {
        self.contract.terms().rounding
    }

    /// A rate as a traced term.
    fn rate_cell(&mut self, what: What, of: &str, rate: &Rate) -> Cell {
        self.trace.given(Subject::of(what, of), Measure::Share, rate.to_exact())
    }

    /// A VAT rate as a traced term, the same for all lines.
    fn vat_cell(&mut self, vat: Rate) -> Cell {
        if let Some((_, cell)) = self.vat_cells.iter().find(|(known, _)| *known == vat) {
            return cell.clone();
        }
        let cell = self.rate_cell(What::VatRate, "", &vat);
        self.vat_cells.push((vat, cell.clone()));
        cell
    }

    /// A contract amount as a traced term.
    fn amount_cell(
        &mut self,
        what: What,
        of: &str,
        amount: rust_decimal::Decimal,
    ) -> Result<Cell, SettlementError> {
        let money = self.contract.money(amount)?;
        Ok(self.trace.given_money(Subject::of(what, of), &money))
    }

    /// Money per unit as a traced term; it may have more decimals than the currency.
    fn price_cell(
        &mut self,
        what: What,
        of: &str,
        amount: rust_decimal::Decimal,
    ) -> Result<Cell, SettlementError> {
        let minor = Exact::from_int(self.contract.currency().minor_per_major());
        let value = Exact::from_decimal(amount).mul(&minor)?;
        Ok(self.trace.given(Subject::of(what, of), Measure::Amount, value))
    }

    /// An exact sum of amounts.
    fn sum(&mut self, subject: Subject, measure: Measure, cells: &[Cell]) -> Result<Cell, SettlementError> {
        Ok(self.trace.sum(subject, measure, cells.iter())?)
    }

    /// The money a cell of whole minor units holds.
    fn money_of(&self, cell: &Cell) -> Result<Money, SettlementError> {
        if let Some((minor, 1)) = cell.value.fraction() {
            return Ok(Money::from_minor(minor, self.contract.currency())?);
        }
        let amount = Unrounded::new(cell.value.clone(), self.contract.currency());
        Ok(amount.round(&Rounding::HALF_AWAY)?)
    }

    /// Adds a line for a posted amount and splits its VAT.
    fn post(&mut self, draft: Draft, posted: &Cell) -> Result<(), SettlementError> {
        let (vat, tax_basis) = draft.vat;
        let of = draft.clause.as_ref().map_or_else(String::new, ToString::to_string);
        let rate = self.vat_cell(vat);
        let rounding = self.contract.tax_rounding();
        let formula = match tax_basis {
            TaxBasis::Inclusive => Formula::TaxInside,
            TaxBasis::Exclusive => Formula::TaxOnTop,
        };
        let (tax_cell, tax) =
            self.trace.posted(Subject::of(What::Tax, &of), formula, &[posted, &rate], rounding)?;
        let (gross_cell, net) = match tax_basis {
            TaxBasis::Inclusive => (posted.clone(), self.money_of(posted)?.checked_sub(&tax)?),
            TaxBasis::Exclusive => {
                let subject = match draft.kind {
                    LineKind::Clause(kind) => Subject::clause(kind, &of),
                    kind => Subject::of(kind.what(), &of),
                };
                let inputs = [posted, &tax_cell];
                let gross = self.trace.exact(subject, Measure::Amount, Formula::Sum, &inputs)?;
                (gross, self.money_of(posted)?)
            }
        };
        let amount = self.money_of(&gross_cell)?;
        self.lines.push(StatementLine {
            column: draft.column,
            kind: draft.kind,
            clause: draft.clause,
            document: draft.document,
            sku: draft.sku,
            basis: draft.basis,
            rate: draft.rate,
            against: draft.against,
            free: draft.free,
            vat,
            amount,
            net,
            tax,
            trace: gross_cell.id,
            tax_trace: tax_cell.id,
        });
        Ok(())
    }

    /// Advances and adjustments: they carry no VAT and belong to no clause.
    fn side_amounts(&mut self) -> Result<(), SettlementError> {
        let sides = [
            (Column::Advance, LineKind::Advance, self.records.advances.clone()),
            (Column::Adjustment, LineKind::Adjustment, self.records.adjustments.clone()),
        ];
        for (column, kind, facts) in sides {
            for fact in facts {
                let mut draft = Draft::new(column, kind, (Rate::ZERO, TaxBasis::Inclusive));
                draft.document = Some(fact.record.document.clone());
                self.post(draft, &fact.cell)?;
            }
        }
        Ok(())
    }

    fn finish(
        mut self,
        due: Due,
        stock: Option<StockReport>,
        advances_left: Vec<SideAmount>,
    ) -> Result<Statement, SettlementError> {
        self.outlook.sort_by(|a, b| a.clause.cmp(&b.clause));
        self.lines.sort_by(|a, b| {
            let key = |line: &StatementLine| (line.column, line.kind);
            key(a)
                .cmp(&key(b))
                .then_with(|| a.clause.cmp(&b.clause))
                .then_with(|| a.document.cmp(&b.document))
                .then_with(|| a.sku.cmp(&b.sku))
                .then_with(|| a.rate.cmp(&b.rate))
                .then_with(|| a.vat.cmp(&b.vat))
                .then_with(|| a.trace.cmp(&b.trace))
        });
        let (totals, total_traces) = self.totals()?;
        let terms = self.contract.terms();
        Statement::new(StatementParts {
            id: statement_id(self.contract, self.period)?,
            contract: terms.id.clone(),
            account: terms.account.clone(),
            period: self.period,
            method: terms.method.kind(),
            currency: terms.currency,
            lines: self.lines,
            totals,
            total_traces,
            due,
            stock,
            outlook: self.outlook,
            advances_left,
            trace: self.trace,
        })
    }
}

/// `C-1@2025-06-01..2025-07-01`; a contract id too long for that is replaced by its hash.
fn statement_id(contract: &Contract, period: Period) -> Result<StatementId, SettlementError> {
    let id = contract.id().as_str();
    let name = if id.chars().count() <= 40 {
        id.to_owned()
    } else {
        Canon::default().text(id).hex().chars().take(40).collect()
    };
    Ok(StatementId::new(format!("{name}@{period}"))?)
}
