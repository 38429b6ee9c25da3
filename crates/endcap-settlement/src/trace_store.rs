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

/// Where the nodes are, by the first bits of their ids, which are hashes and lie evenly.
#[derive(Debug, Clone)]
struct Index {
    /// How far an id is shifted to the number of its bucket.
    shift: u32,
    /// The places of the nodes, bucket by bucket, in each in order of the ids.
    places: Vec<u32>,
    /// Where the buckets end.
    ends: Vec<u32>,
}

impl Index {
    fn of(made: &[Made]) -> Self {
        let bits = made.len().checked_ilog2().unwrap_or(0).clamp(1, 24);
        let shift = 128_u32.saturating_sub(bits);
        let mut ends = vec![0_u32; 1_usize.checked_shl(bits).unwrap_or(1)];
        for made in made {
            if let Some(count) = ends.get_mut(bucket(made.node.id, shift)) {
                *count = count.saturating_add(1);
            }
        }
        let mut sum = 0_u32;
        for end in &mut ends {
            sum = sum.saturating_add(*end);
            *end = sum;
        }
        let mut places = vec![0; made.len()];
        let mut next = ends.clone();
        for (made, at) in made.iter().zip(0..) {
            if let Some(free) = next.get_mut(bucket(made.node.id, shift)) {
                *free = free.saturating_sub(1);
                if let Some(place) = places.get_mut(index(*free)) {
                    *place = at;
                }
            }
        }
        let mut from = 0;
        for end in ends.iter().map(|end| index(*end)) {
            if end.saturating_sub(from) > 1
                && let Some(bucket) = places.get_mut(from..end)
            {
                bucket.sort_by_key(|at| made.get(index(*at)).map(|made| made.node.id));
            }
            from = end;
        }
        Self { shift, places, ends }
    }

    fn find<'m>(&self, id: TraceId, made: &'m [Made]) -> Option<&'m Made> {
        let bucket = bucket(id, self.shift);
        let from = bucket.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let places = self.places.get(index(from)..index(*self.ends.get(bucket)?))?;
        let of = |at: &u32| made.get(index(*at)).map(|made| made.node.id);
        let at = places.partition_point(|at| of(at) < Some(id));
        made.get(index(*places.get(at)?)).filter(|made| made.node.id == id)
    }
}

fn bucket(id: TraceId, shift: u32) -> usize {
    usize::try_from(id.0.wrapping_shr(shift)).unwrap_or_default()
}

fn index(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

/// The numbers of a trace.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    blocks: Vec<Arc<Block>>,
    /// The other nodes as they were made; equal ones may repeat.
    made: Vec<Made>,
    /// Places in `made` by id.
    index: OnceLock<Index>,
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
        let index = self.index.get_or_init(|| Index::of(&self.made));
        let made = index.find(id, &self.made);
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
