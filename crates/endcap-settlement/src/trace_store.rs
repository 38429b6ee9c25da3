//! Where the numbers of a trace are kept: facts in a compact list, the others as nodes, all as nodes once asked for.
//!
//! A statement has many facts and few questions. A fact is hashed when it is stated, for every id above it depends on
//! its own, but its node (text, exact numbers, place in the order of ids) is built with the first question to the trace.
//! Sums over the same facts share one list of them until then.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use chrono::NaiveDate;
use endcap_types::Exact;

use super::trace::{TraceId, TraceNode};
use crate::content::{Inputs, fact_id, id_of};
use crate::{Formula, Measure, Subject, What};

/// An amount stated by a fact.
#[derive(Debug, Clone, Copy)]
struct Leaf {
    id: TraceId,
    minor: i128,
    what: What,
    on: NaiveDate,
    /// End of its name in the common text.
    end: usize,
}

/// A node that is no fact.
#[derive(Debug, Clone)]
struct Made {
    /// Without inputs where `over` lists them.
    node: TraceNode,
    over: Option<Arc<Vec<TraceId>>>,
}

impl Made {
    fn whole(&self) -> TraceNode {
        let mut node = self.node.clone();
        if let Some(over) = &self.over {
            node.inputs = over.as_ref().clone();
        }
        node
    }
}

/// The numbers of a trace.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    leaves: Vec<Leaf>,
    /// The names of the leaves, one after the other.
    names: String,
    /// The other nodes as they were made; equal ones may repeat.
    made: Vec<Made>,
    /// Ids of `made` in order, each with its place.
    index: OnceLock<Vec<(TraceId, usize)>>,
    /// Everything by id.
    nodes: OnceLock<BTreeMap<TraceId, TraceNode>>,
    /// Bytes of one leaf.
    scratch: Vec<u8>,
}

#[cfg(feature = "serde")]
impl From<BTreeMap<TraceId, TraceNode>> for Store {
    fn from(nodes: BTreeMap<TraceId, TraceNode>) -> Self {
        Self { nodes: OnceLock::from(nodes), ..Self::new() }
    }
}

impl PartialEq for Store {
    fn eq(&self, other: &Self) -> bool {
        self.nodes() == other.nodes()
    }
}

impl Eq for Store {}

impl Store {
    /// Nothing yet.
    pub(crate) const fn new() -> Self {
        Self {
            leaves: Vec::new(),
            names: String::new(),
            made: Vec::new(),
            index: OnceLock::new(),
            nodes: OnceLock::new(),
            scratch: Vec::new(),
        }
    }

    /// Everything by id.
    pub(crate) fn nodes(&self) -> &BTreeMap<TraceId, TraceNode> {
        self.nodes.get_or_init(|| {
            let mut from = 0;
            let leaves = self.leaves.iter().map(|leaf| {
                let name = self.names.get(from..leaf.end).unwrap_or_default();
                from = leaf.end;
                (leaf.id, leaf.node(name))
            });
            leaves.chain(self.made.iter().map(|made| (made.node.id, made.whole()))).collect()
        })
    }

    /// Everything by id, for keeps.
    #[cfg(feature = "serde")]
    pub(crate) fn into_nodes(self) -> BTreeMap<TraceId, TraceNode> {
        match self.nodes.into_inner() {
            Some(nodes) => nodes,
            None => Self { nodes: OnceLock::new(), ..self }.nodes().clone(),
        }
    }

    /// The result of one node, without building the others where it can be helped.
    pub(crate) fn result(&self, id: TraceId) -> Option<&Exact> {
        if let Some(nodes) = self.nodes.get() {
            return nodes.get(&id).map(|node| &node.result);
        }
        let index = self.index.get_or_init(|| {
            let mut index: Vec<_> =
                self.made.iter().zip(0..).map(|(made, place)| (made.node.id, place)).collect();
            index.sort_unstable();
            index
        });
        let place = index.partition_point(|(known, _)| *known < id);
        let made = index.get(place).filter(|(known, _)| *known == id).and_then(|(_, at)| self.made.get(*at));
        made.map(|made| &made.node).or_else(|| self.nodes().get(&id)).map(|node| &node.result)
    }

    /// Adds a node, with the list of its inputs where other nodes share it, and gives its id.
    pub(crate) fn insert(
        &mut self,
        mut node: TraceNode,
        over: Option<(&Arc<Vec<TraceId>>, u128)>,
    ) -> TraceId {
        let inputs = match over {
            None => Inputs::Each(&node.inputs),
            Some((list, hash)) => Inputs::Hashed(list, hash),
        };
        let id = id_of(&mut self.scratch, &node, inputs);
        node.id = id;
        self.index.take();
        let made = Made { node, over: over.map(|(list, _)| Arc::clone(list)) };
        if let Some(nodes) = self.nodes.get_mut() {
            nodes.entry(id).or_insert_with(|| made.whole());
        } else {
            self.made.push(made);
        }
        id
    }

    /// Room for facts.
    pub(crate) fn reserve(&mut self, facts: usize) {
        self.leaves.reserve(facts);
    }

    /// Adds an amount in minor units that a fact of two names states, and gives its id.
    pub(crate) fn fact(
        &mut self,
        what: What,
        [one, other]: [&str; 2],
        on: NaiveDate,
        minor: i128,
    ) -> TraceId {
        let start = self.names.len();
        self.names.push_str(one);
        self.names.push(' ');
        self.names.push_str(other);
        let name = self.names.get(start..).unwrap_or_default();
        let id = fact_id(&mut self.scratch, what, name, on, minor);
        let leaf = Leaf { id, minor, what, on, end: self.names.len() };
        if let Some(nodes) = self.nodes.get_mut() {
            nodes.entry(id).or_insert_with(|| leaf.node(name));
            self.names.truncate(start);
        } else {
            self.leaves.push(leaf);
        }
        id
    }
}

impl Leaf {
    fn node(&self, name: &str) -> TraceNode {
        let value = Exact::from_int(self.minor);
        TraceNode {
            id: self.id,
            subject: Subject { what: self.what, kind: None, of: name.to_owned(), on: Some(self.on) },
            measure: Measure::Amount,
            formula: Formula::Given,
            inputs: Vec::new(),
            raw: value.clone(),
            rounding: None,
            result: value,
        }
    }
}
