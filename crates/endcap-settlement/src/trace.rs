//! [`Trace`]: why every amount of a statement is what it is, as a graph that can be recomputed.

use core::fmt;
use core::str::FromStr;
#[cfg(feature = "serde")]
use std::collections::BTreeMap;
use std::sync::Arc;

use endcap_types::{Currency, Exact, Money, Rounding, TypesError, Unrounded};

use crate::content::{Inputs, id_of};
use crate::fact_block::{Block, Group};
use crate::trace_store::Store;
use crate::{Formula, Measure, SettlementError, Subject};

/// 追溯编号: the id of a trace node, derived from its content; equal content, equal id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub struct TraceId(pub(crate) u128);

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl FromStr for TraceId {
    type Err = SettlementError;

    fn from_str(text: &str) -> Result<Self, SettlementError> {
        let refused = || SettlementError::TraceIdText { text: text.chars().take(40).collect() };
        let canonical = text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if !canonical {
            return Err(refused());
        }
        u128::from_str_radix(text, 16).map(Self).map_err(|_| refused())
    }
}

impl TryFrom<String> for TraceId {
    type Error = SettlementError;

    fn try_from(text: String) -> Result<Self, SettlementError> {
        text.parse()
    }
}

impl From<TraceId> for String {
    fn from(id: TraceId) -> Self {
        id.to_string()
    }
}

/// 追溯节点: one number, what it is, and how it follows from its inputs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct TraceNode {
    /// The id.
    pub id: TraceId,
    /// What the number is.
    pub subject: Subject,
    /// What it counts.
    pub measure: Measure,
    /// How it follows from the inputs.
    pub formula: Formula,
    /// The inputs, in the order of the formula.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub inputs: Vec<TraceId>,
    /// The exact value before rounding.
    pub raw: Exact,
    /// How it was rounded, where an amount was posted.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub rounding: Option<Rounding>,
    /// The value that others build on: `raw`, rounded where the node says so.
    pub result: Exact,
}

/// 追溯: every number behind a statement; inputs always lie inside, and no number depends on itself.
///
/// # Source
/// House rule: every amount can be asked why.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Parts", into = "Parts"))]
pub struct Trace {
    currency: Currency,
    store: Store,
}

/// A traced number during a run.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    pub(crate) id: TraceId,
    pub(crate) value: Exact,
}

/// An amount stated by a fact, in minor units.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stated {
    pub(crate) id: TraceId,
    pub(crate) minor: i128,
}

impl Stated {
    pub(crate) fn cell(&self) -> Cell {
        Cell { id: self.id, value: Exact::from_int(self.minor) }
    }
}

impl Trace {
    pub(crate) const fn new(currency: Currency) -> Self {
        Self { currency, store: Store::new() }
    }

    /// The currency of its amounts.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// The nodes in order of their ids.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = &TraceNode> {
        self.store.nodes().values()
    }

    /// One node.
    ///
    /// # Errors
    /// - [`SettlementError::TraceMissing`].
    pub fn node(&self, id: TraceId) -> Result<&TraceNode, SettlementError> {
        self.store.nodes().get(&id).ok_or(SettlementError::TraceMissing { node: id })
    }

    /// The result of one node; the nodes of facts are not built for it.
    pub(crate) fn result(&self, id: TraceId) -> Result<&Exact, SettlementError> {
        self.store.result(id).ok_or(SettlementError::TraceMissing { node: id })
    }

    /// The exact amount of a node before rounding.
    ///
    /// # Errors
    /// - [`SettlementError::TraceMissing`].
    pub fn raw(&self, id: TraceId) -> Result<Unrounded, SettlementError> {
        Ok(Unrounded::new(self.node(id)?.raw.clone(), self.currency))
    }

    /// Recomputes every node from its inputs.
    ///
    /// # Errors
    /// - [`SettlementError::TraceBroken`] for a node that does not follow from its inputs or does not match its id.
    /// - [`SettlementError::TraceMissing`] for an input that is not there.
    pub fn verify(&self) -> Result<(), SettlementError> {
        let mut bytes = Vec::new();
        for (key, node) in self.store.nodes() {
            let mut inputs = Vec::with_capacity(node.inputs.len());
            for input in &node.inputs {
                inputs.push(&self.node(*input)?.result);
            }
            let broken = || SettlementError::TraceBroken { node: *key };
            if node.formula == Formula::Given {
                if !inputs.is_empty() {
                    return Err(broken());
                }
            } else if node.formula.evaluate(&inputs, self.currency)?.as_ref() != Some(&node.raw) {
                return Err(broken());
            }
            // The id covers the inputs, so a node cannot be among its own ancestors.
            let rounded = round(&node.raw, node.rounding.as_ref(), self.currency)?;
            let told = id_of(&mut bytes, node, Inputs::Each(&node.inputs));
            if rounded != node.result || told != *key || node.id != *key {
                return Err(broken());
            }
        }
        Ok(())
    }

    fn insert(&mut self, node: TraceNode) -> Cell {
        let value = node.result.clone();
        Cell { id: self.store.insert(node, None), value }
    }

    /// A number stated by a fact, a term or an earlier statement.
    pub(crate) fn given(&mut self, subject: Subject, measure: Measure, value: Exact) -> Cell {
        self.insert(TraceNode {
            id: TraceId(0),
            subject,
            measure,
            formula: Formula::Given,
            inputs: Vec::new(),
            raw: value.clone(),
            rounding: None,
            result: value,
        })
    }

    /// A stated amount of money.
    pub(crate) fn given_money(&mut self, subject: Subject, money: &Money) -> Cell {
        self.given(subject, Measure::Amount, Exact::from_int(money.minor()))
    }

    /// Room for nodes to come.
    pub(crate) fn reserve(&mut self, nodes: usize) {
        self.store.reserve(nodes);
    }

    /// Amounts stated by facts.
    pub(crate) fn facts(&mut self, block: &Arc<Block>) {
        self.store.add(block);
    }

    /// The sum of the amounts of facts.
    pub(crate) fn sum_of(&mut self, subject: Subject, group: Group) -> Cell {
        let value = group.sum.clone();
        let node = TraceNode {
            id: TraceId(0),
            subject,
            measure: Measure::Amount,
            formula: Formula::Sum,
            inputs: Vec::new(),
            raw: value.clone(),
            rounding: None,
            result: value.clone(),
        };
        Cell { id: self.store.insert(node, Some(group)), value }
    }

    /// The sum of amounts or numbers, kept exact.
    pub(crate) fn sum<'c>(
        &mut self,
        subject: Subject,
        measure: Measure,
        cells: impl Iterator<Item = &'c Cell> + Clone,
    ) -> Result<Cell, TypesError> {
        let mut inputs = Vec::with_capacity(cells.size_hint().1.unwrap_or_default());
        let mut whole = Some(0_i128);
        for cell in cells.clone() {
            inputs.push(cell.id);
            whole = match (whole, cell.value.fraction()) {
                (Some(sum), Some((value, 1))) => sum.checked_add(value),
                _ => None,
            };
        }
        let raw = match whole {
            Some(whole) => Exact::from_int(whole),
            None => Exact::sum(cells.map(|cell| &cell.value))?,
        };
        let (formula, result) = (Formula::Sum, raw.clone());
        let id = TraceId(0);
        Ok(self.insert(TraceNode { id, subject, measure, formula, inputs, raw, rounding: None, result }))
    }

    /// A number computed from others and kept exact.
    pub(crate) fn exact(
        &mut self,
        subject: Subject,
        measure: Measure,
        formula: Formula,
        inputs: &[&Cell],
    ) -> Result<Cell, TypesError> {
        self.computed(subject, measure, (formula, None), inputs)
    }

    /// An amount computed from others and rounded here.
    pub(crate) fn posted(
        &mut self,
        subject: Subject,
        formula: Formula,
        inputs: &[&Cell],
        rounding: Rounding,
    ) -> Result<(Cell, Money), TypesError> {
        let cell = self.computed(subject, Measure::Amount, (formula, Some(rounding)), inputs)?;
        // Rounding what is rounded changes nothing.
        let money = match cell.value.fraction() {
            Some((minor, 1)) => Money::from_minor(minor, self.currency)?,
            _ => Unrounded::new(cell.value.clone(), self.currency).round(&rounding)?,
        };
        Ok((cell, money))
    }

    fn computed(
        &mut self,
        subject: Subject,
        measure: Measure,
        (formula, rounding): (Formula, Option<Rounding>),
        inputs: &[&Cell],
    ) -> Result<Cell, TypesError> {
        let values: Vec<&Exact> = inputs.iter().map(|cell| &cell.value).collect();
        // The engine gives each formula the inputs it takes; a division by zero is an error of the types.
        let raw = formula.evaluate(&values, self.currency)?.ok_or(TypesError::DivisionByZero)?;
        let result = round(&raw, rounding.as_ref(), self.currency)?;
        let inputs = inputs.iter().map(|cell| cell.id).collect();
        Ok(self.insert(TraceNode {
            id: TraceId(0),
            subject,
            measure,
            formula,
            inputs,
            raw,
            rounding,
            result,
        }))
    }
}

fn round(raw: &Exact, rounding: Option<&Rounding>, currency: Currency) -> Result<Exact, TypesError> {
    match rounding {
        None => Ok(raw.clone()),
        Some(rounding) => {
            let money = Unrounded::new(raw.clone(), currency).round(rounding)?;
            Ok(Exact::from_int(money.minor()))
        }
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename = "Trace", deny_unknown_fields)]
struct Parts {
    currency: Currency,
    nodes: Vec<TraceNode>,
}

#[cfg(feature = "serde")]
impl From<Trace> for Parts {
    fn from(trace: Trace) -> Self {
        Self { currency: trace.currency, nodes: trace.store.into_nodes().into_values().collect() }
    }
}

#[cfg(feature = "serde")]
impl TryFrom<Parts> for Trace {
    type Error = SettlementError;

    fn try_from(parts: Parts) -> Result<Self, SettlementError> {
        let nodes: BTreeMap<_, _> = parts.nodes.into_iter().map(|node| (node.id, node)).collect();
        let trace = Self { currency: parts.currency, store: nodes.into() };
        trace.verify()?;
        Ok(trace)
    }
}
