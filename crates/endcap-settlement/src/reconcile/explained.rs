//! Why every amount of a reconciliation is what it is.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use endcap_types::{ClauseId, DocumentId, Money};

use super::bridge::{BridgeCause, BridgeSide};
use super::error::ReconcileError;
use super::line::{LedgerLine, Side};
use super::report::{LineClass, LineResult, ReconReport};
use super::rules::{Allowance, ReconRules};
use crate::explained::{Explained, Explainer};
use crate::trace::Cell;
use crate::{Formula, Measure, SettlementError, Subject, What};

/// A deduction and its place among those that use up a clause.
type Taker = ((u8, NaiveDate, NaiveDate, DocumentId), LineResult, LedgerLine);
type Lines<'a> = BTreeMap<(Side, &'a DocumentId), &'a LedgerLine>;

impl ReconReport {
    /// 差异说明: why every balance, difference, excess, row of the bridge, claim and the undisputed part is what it is.
    ///
    /// Lines and rules are those the report was made from. Amounts are found by side and line, such as `"ours D1"`,
    /// a pair by our line; rows of the bridge by cause and side, such as `"price both"`.
    ///
    /// # Errors
    /// - [`ReconcileError::ForeignLine`] for a line that is missing or differs from the report.
    /// - [`ReconcileError::ReportBroken`] when an amount does not follow from the lines and rules given.
    /// - [`SettlementError::Types`] when a sum is out of range.
    ///
    /// # Examples
    /// ```
    /// use endcap_calendar::{Period, dates};
    /// use endcap_settlement::{Language, What, reconcile::*};
    /// use endcap_types::{Currency, DocumentId, Money};
    /// let line = |id: &str, amount: &str| -> Result<LedgerLine, Box<dyn std::error::Error>> {
    ///     let amount = Money::parse(amount, Currency::CNY)?;
    ///     let mut line = LedgerLine::new(DocumentId::new(id)?, EntryKind::Delivery, dates::ymd(2025, 6, 10)?, amount);
    ///     line.order = Some(DocumentId::new("PO1")?);
    ///     line.invoice = Some(DocumentId::new("INV1")?);
    ///     Ok(line)
    /// };
    /// let (ours, theirs) = ([line("D1", "1123.45")?], [line("R1", "1000.00")?]);
    /// let rules = ReconRules::new(Period::month(2025, 6)?, Currency::CNY);
    /// let why = reconcile(&ours, &theirs, &rules)?.explained(&ours, &theirs, &rules)?;
    /// assert_eq!(why.explain(What::Difference, "ours D1", Language::En)?, [
    ///     "difference [ours D1]: 123.45 = 1123.45 − 1000.00",
    ///     "  line in our books [D1] 2025-06-10: 1123.45",
    ///     "  line in their books [R1] 2025-06-10: 1000.00",
    /// ]);
    /// assert_eq!(why.explain(What::BridgeRow, "price both", Language::Zh)?[0], "调节项 [price both]：123.45 = 123.45");
    /// why.trace().verify()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Source
    /// House rule: every amount can be asked why.
    pub fn explained(
        &self,
        ours: &[LedgerLine],
        theirs: &[LedgerLine],
        rules: &ReconRules,
    ) -> Result<Explained, SettlementError> {
        let mut lines = Lines::new();
        lines.extend(ours.iter().map(|line| ((Side::Ours, &line.id), line)));
        lines.extend(theirs.iter().map(|line| ((Side::Theirs, &line.id), line)));
        let known = |result: &LineResult| {
            lines.get(&(result.side, &result.line)).is_some_and(|line| line.amount == result.amount)
        };
        if let Some(result) = self.lines.iter().find(|result| !known(result)) {
            return Err(foreign(result.side, &result.line));
        }
        let mut work = Work { why: Explainer::new(self.currency), report: self, lines: &lines, rules };
        work.run()?;
        Ok(work.why.done())
    }
}

fn foreign(side: Side, line: &DocumentId) -> SettlementError {
    ReconcileError::ForeignLine { side, line: line.clone() }.into()
}

struct Work<'a> {
    why: Explainer,
    report: &'a ReconReport,
    lines: &'a Lines<'a>,
    rules: &'a ReconRules,
}

impl Work<'_> {
    fn run(&mut self) -> Result<(), SettlementError> {
        let report = self.report;
        let mut rows: BTreeMap<(BridgeCause, BridgeSide), Vec<Cell>> = BTreeMap::new();
        let mut agreed = Vec::new();
        let (mut differences, mut excesses) = (BTreeMap::new(), self.excesses()?);
        for (result, amount) in report.differences()? {
            let partner = result.partner.as_ref().map(|id| (result.side.other(), id));
            let own = (result.side, &result.line);
            let (our, their) = match result.side {
                Side::Ours => (Some(own), partner),
                Side::Theirs => (None, Some(own)),
            };
            let (one, other) = (self.counted(our)?, self.counted(their)?);
            let subject = Subject::of(What::Difference, named(result.side, &result.line));
            let (cell, told) = self.why.amount(subject, Formula::Subtract, &[&one, &other])?;
            same(told, amount, "a difference is ours less theirs")?;
            // A pair booked in two periods stands in the row of the side that booked it in this one.
            let counts = match their {
                Some((side, id)) if result.counted.is_zero() => report.line(side, id).unwrap_or(result),
                _ => result,
            };
            if let Some(row) = BridgeCause::row_of(counts) {
                rows.entry(row).or_default().push(cell.clone());
            }
            differences.insert((result.side, result.line.clone()), cell);
            agreed.extend(self.agreed(our, their)?);
        }
        let (ours, theirs) = (self.balance(Side::Ours)?, self.balance(Side::Theirs)?);
        same(ours.1, report.bridge.our_balance, "our balance is the sum of our lines")?;
        same(theirs.1, report.bridge.their_balance, "their balance is the sum of their lines")?;
        let mut inputs = vec![ours.0, theirs.0];
        for row in &report.bridge.rows {
            let cells = rows.remove(&(row.cause, row.side)).unwrap_or_default();
            let name = format!("{} {}", row.cause.word(), row.side.word());
            let subject = Subject::of(What::BridgeRow, name);
            let (cell, told) = self.why.amount(subject, Formula::Sum, &refs(&cells))?;
            same(told, row.amount, "a row of the bridge is the sum of its differences")?;
            inputs.push(cell);
        }
        let subject = Subject::new(What::Residual);
        let (_, told) = self.why.amount(subject, Formula::Subtract, &refs(&inputs))?;
        same(told, report.bridge.residual, "the residual is what the rows leave")?;
        let subject = Subject::new(What::Undisputed);
        let (_, told) = self.why.amount(subject, Formula::Sum, &refs(&agreed))?;
        same(told, report.undisputed, "the undisputed part is the sum of the agreed parts")?;
        for claim in report.claim_sheet()?.claims {
            let difference = differences.get(&(claim.side, claim.line.clone()));
            let excess = excesses.remove(&(claim.side, claim.line.clone()));
            let subject = Subject::of(What::Claim, named(claim.side, &claim.line));
            let (_, told) = match (difference, excess, claim.side) {
                (Some(difference), Some(excess), Side::Theirs) => {
                    self.why.amount(subject, Formula::Smaller, &[difference, &excess])?
                }
                (Some(difference), ..) => self.why.amount(subject, Formula::Take, &[difference])?,
                (None, ..) => return Err(foreign(claim.side, &claim.line)),
            };
            same(told, claim.amount, "a claim is the difference, at most what is beyond the clause")?;
        }
        Ok(())
    }

    fn line(&self, side: Side, id: &DocumentId) -> Result<&LedgerLine, SettlementError> {
        self.lines.get(&(side, id)).copied().ok_or_else(|| foreign(side, id))
    }

    fn cell(&mut self, side: Side, line: &LedgerLine) -> Cell {
        let what = match side {
            Side::Ours => What::OurLine,
            Side::Theirs => What::TheirLine,
        };
        self.why.money(Subject::fact(what, &line.id, line.date), &line.amount)
    }

    /// The line as its balance counts it; nothing when it is not there or booked in another period.
    fn counted(&mut self, key: Option<(Side, &DocumentId)>) -> Result<Cell, SettlementError> {
        let Some((side, id)) = key else {
            return Ok(self.why.money(Subject::new(What::NotCounted), &Money::zero(self.report.currency)));
        };
        let line = self.line(side, id)?.clone();
        if self.rules.period.contains(line.posted) {
            return Ok(self.cell(side, &line));
        }
        let subject = Subject::fact(What::NotCounted, &line.id, line.posted);
        Ok(self.why.money(subject, &Money::zero(self.report.currency)))
    }

    fn balance(&mut self, side: Side) -> Result<(Cell, Money), SettlementError> {
        let mut cells = Vec::new();
        for result in self.report.lines.iter().filter(|result| result.side == side) {
            let line = self.line(side, &result.line)?.clone();
            if self.rules.period.contains(line.posted) {
                cells.push(self.cell(side, &line));
            }
        }
        let what = match side {
            Side::Ours => What::OurBalance,
            Side::Theirs => What::TheirBalance,
        };
        self.why.amount(Subject::new(what), Formula::Sum, &refs(&cells))
    }

    /// The smaller amount of a pair, where the later booking is in the period and the signs agree.
    fn agreed(
        &mut self,
        our: Option<(Side, &DocumentId)>,
        their: Option<(Side, &DocumentId)>,
    ) -> Result<Option<Cell>, SettlementError> {
        let (Some((_, our)), Some((_, their))) = (our, their) else { return Ok(None) };
        let ours = self.line(Side::Ours, our)?.clone();
        let theirs = self.line(Side::Theirs, their)?.clone();
        let inside = self.rules.period.contains(ours.posted.max(theirs.posted));
        if !inside || ours.amount.signum() != theirs.amount.signum() {
            return Ok(None);
        }
        let formula = if ours.amount.is_negative() { Formula::Larger } else { Formula::Smaller };
        let (one, other) = (self.cell(Side::Ours, &ours), self.cell(Side::Theirs, &theirs));
        let subject = Subject::of(What::Agreed, named(Side::Ours, &ours.id));
        self.why.amount(subject, formula, &[&one, &other]).map(|(cell, _)| Some(cell))
    }

    /// What deductions take beyond their clauses: agreed pairs first, then disputed ones, then lone lines.
    fn excesses(&mut self) -> Result<BTreeMap<(Side, DocumentId), Cell>, SettlementError> {
        let mut found: BTreeMap<(Side, DocumentId), Cell> = BTreeMap::new();
        let mut of_pairs: BTreeMap<DocumentId, Vec<Cell>> = BTreeMap::new();
        for side in [Side::Ours, Side::Theirs] {
            for (clause, limit) in self.rules.clauses.clone() {
                let Allowance::UpTo(limit) = limit else { continue };
                let mut taken = Vec::new();
                for (result, line) in self.takers(side, &clause)? {
                    let amount = line.amount.negated();
                    let subject = Subject::fact(What::ClauseTaken, &line.id, line.date);
                    let own = self.why.money(subject, &amount);
                    taken.push(own.clone());
                    let LineClass::AmountExceedsClause { excess } = result.class else { continue };
                    let name = named(side, &line.id);
                    let used = Subject::of(What::ClauseUsed, &name);
                    let used = self.why.step(used, Measure::Amount, Formula::Sum, &refs(&taken))?;
                    let limit = self.why.money(Subject::of(What::ClauseLimit, &clause), &limit);
                    let over = Subject::of(What::BeyondClause, format!("{name} {clause}"));
                    let over = self.why.step(over, Measure::Amount, Formula::Excess, &[&used, &limit])?;
                    let subject = Subject::of(What::BeyondClause, format!("{name} alone"));
                    let beyond = self.why.step(subject, Measure::Amount, Formula::Smaller, &[&over, &own])?;
                    match &result.partner {
                        None => {
                            let subject = Subject::of(What::BeyondClause, &name);
                            let (cell, told) = self.why.amount(subject, Formula::Take, &[&beyond])?;
                            same(told, excess, "what is beyond a clause follows from what was taken before")?;
                            found.insert((side, line.id.clone()), cell);
                        }
                        Some(partner) => {
                            let ours = if side == Side::Ours { &line.id } else { partner };
                            of_pairs.entry(ours.clone()).or_default().push(beyond);
                        }
                    }
                }
            }
        }
        for (id, cells) in of_pairs {
            let subject = Subject::of(What::BeyondClause, named(Side::Ours, &id));
            let (cell, told) = self.why.amount(subject, Formula::Larger, &refs(&cells))?;
            let stated = self.report.line(Side::Ours, &id).map(|result| result.class.clone());
            if stated != Some(LineClass::AmountExceedsClause { excess: told }) {
                return Err(broken("what is beyond a clause follows from what was taken before"));
            }
            found.insert((Side::Ours, id), cell);
        }
        Ok(found)
    }

    /// The deductions of one side that a clause lets through or not, in the order they use it up.
    fn takers(
        &self,
        side: Side,
        clause: &ClauseId,
    ) -> Result<Vec<(LineResult, LedgerLine)>, SettlementError> {
        let mut takers: Vec<Taker> = Vec::new();
        for result in self.report.lines.iter().filter(|result| result.side == side) {
            let line = self.line(side, &result.line)?;
            let takes = line.kind == super::EntryKind::Deduction
                && line.clause.as_ref() == Some(clause)
                && line.amount.is_negative()
                && self.rules.period.contains(line.posted);
            let place = match (&result.partner, &result.class) {
                (Some(_), LineClass::PriceVariance { .. } | LineClass::QtyVariance { .. }) => 1,
                (Some(_), LineClass::AmountExceedsClause { .. }) => 1,
                (Some(_), _) => 0,
                (None, LineClass::Duplicate { .. } | LineClass::UnknownSku | LineClass::UnknownStore) => {
                    continue;
                }
                (None, _) => 2,
            };
            if takes {
                // Pairs go by date and id, lone lines by date, posting and id.
                let posted = if place == 2 { line.posted } else { line.date };
                takers.push(((place, line.date, posted, line.id.clone()), result.clone(), line.clone()));
            }
        }
        takers.sort_by(|one, other| one.0.cmp(&other.0));
        Ok(takers.into_iter().map(|(_, result, line)| (result, line)).collect())
    }
}

/// How a line is named among amounts: ids of the two sides may be equal.
fn named(side: Side, id: &DocumentId) -> String {
    format!("{} {id}", side.word())
}

fn refs(cells: &[Cell]) -> Vec<&Cell> {
    cells.iter().collect()
}

fn broken(rule: &'static str) -> SettlementError {
    ReconcileError::ReportBroken { rule }.into()
}

fn same(told: Money, stated: Money, rule: &'static str) -> Result<(), SettlementError> {
    if told == stated { Ok(()) } else { Err(broken(rule)) }
}
