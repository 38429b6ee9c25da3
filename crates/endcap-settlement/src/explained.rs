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

    /// One amount, by what it is and the record it belongs to; the record is empty where there is only one.
    #[must_use]
    pub fn find(&self, what: What, of: &str) -> Option<&ExplainedAmount> {
        self.amounts.iter().find(|amount| amount.subject.what == what && amount.subject.of == of)
    }

    /// Why one amount is what it is, in words; nothing when there is no such amount.
    ///
    /// # Errors
    /// - [`SettlementError::TraceMissing`] never: every amount has its node by constructor.
    pub fn explain(&self, what: What, of: &str, language: Language) -> Result<Vec<String>, SettlementError> {
        match self.find(what, of) {
            Some(amount) => self.trace.explain(amount.node, language),
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
        Ok(self)
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename = "Explained", deny_unknown_fields)]
struct Parts {
    amounts: Vec<ExplainedAmount>,
    trace: Trace,
}

#[cfg(feature = "serde")]
impl From<Explained> for Parts {
    fn from(explained: Explained) -> Self {
        Self { amounts: explained.amounts, trace: explained.trace }
    }
}

#[cfg(feature = "serde")]
impl TryFrom<Parts> for Explained {
    type Error = SettlementError;

    fn try_from(parts: Parts) -> Result<Self, SettlementError> {
        Explained { trace: parts.trace, amounts: parts.amounts }.checked()
    }
}

/// Builds an [`Explained`]: nodes are added, and amounts that can be asked for are named.
#[derive(Debug)]
pub(crate) struct Explainer {
    trace: Trace,
    amounts: Vec<ExplainedAmount>,
}

impl Explainer {
    pub(crate) const fn new(currency: Currency) -> Self {
        Self { trace: Trace::new(currency), amounts: Vec::new() }
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
        Explained { trace: self.trace, amounts: self.amounts }
    }
}
