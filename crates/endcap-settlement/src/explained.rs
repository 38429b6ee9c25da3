//! [`Explained`]: the amounts of one computation, each with its reason in one trace.

use endcap_types::{Currency, Exact, Money, Rounding};

use crate::trace::Cell;
use crate::{Formula, Language, Measure, SettlementError, Subject, Trace, TraceId, What};

/// 说明项: one amount and the node that says why.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct ExplainedAmount {
    /// What it is, and of which record.
    pub subject: Subject,
    /// The amount, rounded where its node says so.
    pub amount: Money,
    /// Why it is what it is.
    pub node: TraceId,
}

/// 说明数: one figure that is no money, such as a number of days, and the node that says why.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct ExplainedFigure {
    /// What it is, and of which record.
    pub subject: Subject,
    /// The figure, exactly.
    pub value: Exact,
    /// Why it is what it is.
    pub node: TraceId,
}

/// 金额说明: every amount of a reconciliation, a match or a step of receivables control, with its reason.
///
/// The trace is the one of a [`Statement`](crate::Statement): it can be recomputed, worded in English and Chinese, and
/// written as JSON.
///
/// # Examples
/// See [`ReconReport::explained`](crate::reconcile::ReconReport::explained).
///
/// # Source
/// House rule: every amount can be asked why.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Parts", into = "Parts"))]
pub struct Explained {
    trace: Trace,
    amounts: Vec<ExplainedAmount>,
    figures: Vec<ExplainedFigure>,
}

impl Explained {
    /// The trace behind all amounts.
    #[must_use]
    pub const fn trace(&self) -> &Trace {
        &self.trace
    }

    /// The amounts, in the order they were computed.
    #[must_use]
    pub fn amounts(&self) -> &[ExplainedAmount] {
        &self.amounts
    }

    /// The figures that are no money, in the order they were computed.
    #[must_use]
    pub fn figures(&self) -> &[ExplainedFigure] {
        &self.figures
    }

    /// One figure that is no money, by what it is and the record it belongs to; empty where there is only one.
    #[must_use]
    pub fn figure(&self, what: What, of: &str) -> Option<&ExplainedFigure> {
        self.figures.iter().find(|figure| figure.subject.what == what && figure.subject.of == of)
    }

    /// One amount, by what it is and the record it belongs to; the record is empty where there is only one.
    #[must_use]
    pub fn find(&self, what: What, of: &str) -> Option<&ExplainedAmount> {
        self.amounts.iter().find(|amount| amount.subject.what == what && amount.subject.of == of)
    }

    /// Why one amount or figure is what it is, in words; nothing when there is none.
    ///
    /// # Errors
    /// - [`SettlementError::TraceMissing`] never: every amount has its node by constructor.
    pub fn explain(&self, what: What, of: &str, language: Language) -> Result<Vec<String>, SettlementError> {
        let amount = self.find(what, of).map(|amount| amount.node);
        match amount.or_else(|| self.figure(what, of).map(|figure| figure.node)) {
            Some(node) => self.trace.explain(node, language),
            None => Ok(Vec::new()),
        }
    }

    #[cfg(feature = "serde")]
    fn checked(self) -> Result<Self, SettlementError> {
        for amount in &self.amounts {
            let node = self.trace.node(amount.node)?;
            let stated = Exact::from_int(amount.amount.minor());
            let fits = node.result == stated
                && amount.amount.currency() == self.trace.currency()
                && node.subject == amount.subject;
            if !fits {
                return Err(SettlementError::TraceBroken { node: amount.node });
            }
        }
        for figure in &self.figures {
            let node = self.trace.node(figure.node)?;
            if node.result != figure.value || node.subject != figure.subject {
                return Err(SettlementError::TraceBroken { node: figure.node });
            }
        }
        Ok(self)
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename = "Explained", deny_unknown_fields)]
struct Parts {
    amounts: Vec<ExplainedAmount>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    figures: Vec<ExplainedFigure>,
    trace: Trace,
}

#[cfg(feature = "serde")]
impl From<Explained> for Parts {
    fn from(explained: Explained) -> Self {
        Self { amounts: explained.amounts, figures: explained.figures, trace: explained.trace }
    }
}

#[cfg(feature = "serde")]
impl TryFrom<Parts> for Explained {
    type Error = SettlementError;

    fn try_from(parts: Parts) -> Result<Self, SettlementError> {
        Explained { trace: parts.trace, amounts: parts.amounts, figures: parts.figures }.checked()
    }
}

/// Builds an [`Explained`]: nodes are added, and amounts that can be asked for are named.
#[derive(Debug)]
pub(crate) struct Explainer {
    trace: Trace,
    amounts: Vec<ExplainedAmount>,
    figures: Vec<ExplainedFigure>,
}

impl Explainer {
    pub(crate) const fn new(currency: Currency) -> Self {
        Self { trace: Trace::new(currency), amounts: Vec::new(), figures: Vec::new() }
    }

    /// A stated amount.
    pub(crate) fn money(&mut self, subject: Subject, amount: &Money) -> Cell {
        self.trace.given_money(subject, amount)
    }

    /// A stated number or share.
    pub(crate) fn number(&mut self, subject: Subject, measure: Measure, value: Exact) -> Cell {
        self.trace.given(subject, measure, value)
    }

    /// A computed number that is not asked for by itself.
    pub(crate) fn step(
        &mut self,
        subject: Subject,
        measure: Measure,
        formula: Formula,
        inputs: &[&Cell],
    ) -> Result<Cell, SettlementError> {
        Ok(self.trace.exact(subject, measure, formula, inputs)?)
    }

    /// A computed figure that is no money and can be asked for.
    pub(crate) fn figure(
        &mut self,
        subject: Subject,
        measure: Measure,
        formula: Formula,
        inputs: &[&Cell],
    ) -> Result<Cell, SettlementError> {
        let cell = self.step(subject.clone(), measure, formula, inputs)?;
        self.figures.push(ExplainedFigure { subject, value: cell.value.clone(), node: cell.id });
        Ok(cell)
    }

    /// A computed amount in whole minor units that can be asked for.
    pub(crate) fn amount(
        &mut self,
        subject: Subject,
        formula: Formula,
        inputs: &[&Cell],
    ) -> Result<(Cell, Money), SettlementError> {
        self.posted(subject, formula, inputs, Rounding::HALF_AWAY)
    }

    /// A computed amount that is rounded here and can be asked for.
    pub(crate) fn posted(
        &mut self,
        subject: Subject,
        formula: Formula,
        inputs: &[&Cell],
        rounding: Rounding,
    ) -> Result<(Cell, Money), SettlementError> {
        let (cell, amount) = self.trace.posted(subject.clone(), formula, inputs, rounding)?;
        self.amounts.push(ExplainedAmount { subject, amount, node: cell.id });
        Ok((cell, amount))
    }

    pub(crate) fn done(self) -> Explained {
        Explained { trace: self.trace, amounts: self.amounts, figures: self.figures }
    }
}
