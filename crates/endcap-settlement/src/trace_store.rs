//! Where the numbers of a trace are kept: facts in blocks of columns, the others as nodes, all as nodes once asked for.
//!
//! A statement has many facts and few questions. A fact is hashed when it is stated, for every id above it depends on
//! its own, but its node (text, exact numbers, place in the order of ids) is built with the first question to the trace.
//! Sums over the same facts share one list of them until then.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use endcap_types::Exact;

use crate::content::{Inputs, id_of};
use crate::fact_block::{Block, Group, List};
use crate::trace::{TraceId, TraceNode};

/// A node that is no fact.
#[derive(Debug, Clone)]
struct Made {
    /// Without inputs where `over` lists them.
    node: TraceNode,
    over: Option<List>,
}

impl Made {
    fn whole(&self) -> TraceNode {
        let mut node = self.node.clone();
        if let Some(over) = &self.over {
            node.inputs = over.ids();
        }
        node
    }
}

/// The numbers of a trace.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    blocks: Vec<Arc<Block>>,
    /// The other nodes as they were made; equal ones may repeat.
    made: Vec<Made>,
    /// Ids of `made` in order, each with its place.
    index: OnceLock<Vec<(TraceId, usize)>>,
    /// Everything by id.
    nodes: OnceLock<BTreeMap<TraceId, TraceNode>>,
    /// Bytes of one node.
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
            blocks: Vec::new(),
            made: Vec::new(),
            index: OnceLock::new(),
            nodes: OnceLock::new(),
            scratch: Vec::new(),
        }
    }

    /// Everything by id.
    pub(crate) fn nodes(&self) -> &BTreeMap<TraceId, TraceNode> {
        self.nodes.get_or_init(|| {
            let facts = self.blocks.iter().flat_map(|block| block.nodes());
            facts.chain(self.made.iter().map(|made| (made.node.id, made.whole()))).collect()
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

    /// Adds a node, with the facts it sums where it sums facts, and gives its id.
    pub(crate) fn insert(&mut self, mut node: TraceNode, over: Option<Group>) -> TraceId {
        let inputs = match &over {
            None => Inputs::Each(&node.inputs),
            Some(group) => Inputs::Listed(group),
        };
        let id = id_of(&mut self.scratch, &node, inputs);
        node.id = id;
        self.index.take();
        let made = Made { node, over: over.map(|group| group.list) };
        if let Some(nodes) = self.nodes.get_mut() {
            nodes.entry(id).or_insert_with(|| made.whole());
        } else {
            self.made.push(made);
        }
        id
    }

    /// Room for nodes to come.
    pub(crate) fn reserve(&mut self, nodes: usize) {
        self.made.reserve(nodes);
    }

    /// Adds facts.
    pub(crate) fn add(&mut self, block: &Arc<Block>) {
        if let Some(nodes) = self.nodes.get_mut() {
            nodes.extend(block.nodes());
        } else {
            self.blocks.push(Arc::clone(block));
        }
    }
}
