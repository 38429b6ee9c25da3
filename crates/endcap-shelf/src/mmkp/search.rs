//! Depth-first search over classes, with prices improved at every node.
//!
//! # Source
//!
//! Kellerer, Pferschy, Pisinger, *Knapsack Problems* (2004), ch. 9: branch and bound with Lagrangian bounds; the order is a house rule.

use super::Budget;
use super::dual::Dual;
use super::repair::repair;
use super::space::Space;

/// Rounds of prices at the root, and at every other node.
const ROOT_ROUNDS: u32 = 400;
const NODE_ROUNDS: u32 = 24;
/// Rounds without a better bound after which the step is halved, at the root and elsewhere.
const ROOT_PATIENCE: u32 = 12;
const NODE_PATIENCE: u32 = 4;
/// The first step, in sixteenths of Polyak's.
const PACE: i128 = 16;
/// Every so many rounds the root tries to make a selection that fits.
const REPAIR_EVERY: u32 = 16;

/// What was found.
#[derive(Debug)]
pub(super) struct Found {
    /// Profit and the index of the item in each class.
    pub(super) best: Option<(i64, Vec<usize>)>,
    /// What no selection exceeds; `None` when there is none at all.
    pub(super) upper: Option<i64>,
    pub(super) nodes: u64,
}

/// A class under branching.
#[derive(Debug)]
struct Frame {
    mark: usize,
    /// Items still to try with their bounds, the most promising last.
    items: Vec<(i128, usize)>,
    prices: Vec<i64>,
}

/// What is left of a node after its bound.
enum Node {
    /// Nothing better under it.
    Closed,
    /// To be branched on, with the bound it has.
    Open(i128),
}

struct Search<'a> {
    space: Space,
    dual: Dual,
    budget: &'a Budget,
    best: Option<Vec<usize>>,
    /// A better selection earns at least this much.
    target: i64,
    nodes: u64,
}

pub(super) fn search(mut space: Space, least: i64, budget: &Budget) -> Found {
    if !space.close_unfitting() {
        return Found { best: None, upper: None, nodes: 0 };
    }
    let dual = Dual::new(&space);
    let mut search = Search { space, dual, budget, best: None, target: least, nodes: 0 };
    let open = search.run();
    let best = search.best.map(|items| {
        let indices = items.iter().map(|item| search.space.index_in_class(*item)).collect();
        (search.target.saturating_sub(1), indices)
    });
    let proven = best.as_ref().map(|(profit, _)| *profit);
    Found { best, upper: open.or(proven), nodes: search.nodes }
}

impl Search<'_> {
    /// Answers the bound of what was left open; `None` when nothing was.
    fn run(&mut self) -> Option<i64> {
        let Node::Open(bound) = self.root() else { return None };
        let mut frames: Vec<Frame> = Vec::new();
        let mut node = Node::Open(bound);
        loop {
            if let Node::Open(bound) = core::mem::replace(&mut node, Node::Closed) {
                if self.nodes >= self.budget.max_nodes || self.dual.priced >= self.budget.max_prices {
                    let left = frames.iter().flat_map(|frame| frame.items.iter().map(|(bound, _)| *bound));
                    let upper = self.dual.floor(left.fold(bound, i128::max));
                    return (upper >= self.target).then_some(upper);
                }
                if let Some(frame) = self.branch(bound) {
                    frames.push(frame);
                }
            }
            let frame = frames.last_mut()?;
            self.space.undo(frame.mark);
            let Some((bound, item)) = frame.items.pop() else {
                frames.pop();
                continue;
            };
            if bound >= self.dual.scaled(self.target) {
                self.dual.prices.clone_from(&frame.prices);
                self.space.keep_only(item);
                self.nodes = self.nodes.saturating_add(1);
                node = self.node();
            }
        }
    }

    /// Long pricing with repairs: both bounds before the first branch.
    fn root(&mut self) -> Node {
        let node = self.price(ROOT_ROUNDS, ROOT_PATIENCE, Some(REPAIR_EVERY));
        if let Node::Open(bound) = node { self.reduce(bound) } else { node }
    }

    fn node(&mut self) -> Node {
        if !self.space.close_unfitting() {
            return Node::Closed;
        }
        match self.price(NODE_ROUNDS, NODE_PATIENCE, None) {
            Node::Open(bound) => self.reduce(bound),
            closed @ Node::Closed => closed,
        }
    }

    /// Improves the prices for some rounds; leaves the best of them in place, priced.
    fn price(&mut self, rounds: u32, patience: u32, repairs: Option<u32>) -> Node {
        self.dual.changes.fill(0);
        let mut best: Option<(i128, Vec<i64>)> = None;
        let (mut pace, mut idle) = (PACE, 0_u32);
        for round in 0..rounds {
            self.dual.price(&self.space);
            if self.space.fits(&self.dual.used) {
                self.offer(self.dual.picks.clone());
            }
            if repairs.is_some_and(|every| round.checked_rem(every) == Some(0)) {
                self.offer_repaired();
            }
            if self.dual.bound < self.dual.scaled(self.target) {
                return Node::Closed;
            }
            if best.as_ref().is_none_or(|(bound, _)| self.dual.bound < *bound) {
                best = Some((self.dual.bound, self.dual.prices.clone()));
                idle = 0;
            } else {
                idle = idle.saturating_add(1);
                if idle >= patience {
                    pace = (pace / 2).max(1);
                    idle = 0;
                }
            }
            let spent = self.dual.priced >= self.budget.max_prices;
            if spent || !self.dual.step(&self.space, self.dual.scaled(self.target), pace) {
                break;
            }
        }
        let Some((bound, prices)) = best else { return Node::Closed };
        self.dual.prices = prices;
        self.dual.price(&self.space);
        self.offer_repaired();
        if bound < self.dual.scaled(self.target) { Node::Closed } else { Node::Open(bound) }
    }

    /// Closes the items that no better selection can hold.
    fn reduce(&mut self, bound: i128) -> Node {
        let slack = bound.saturating_sub(self.dual.scaled(self.target));
        let mut closing = Vec::new();
        for class in 0..self.space.class_count() {
            let open = self.space.open(class).iter();
            closing.extend(open.filter(|item| self.dual.loss(&self.space, **item) > slack).copied());
        }
        if closing.is_empty() {
            return Node::Open(bound);
        }
        closing.into_iter().for_each(|item| self.space.remove(item));
        if self.space.close_unfitting() { Node::Open(bound) } else { Node::Closed }
    }

    /// Takes the class whose pick changed most often; its items become children. `None` at a leaf.
    fn branch(&mut self, bound: i128) -> Option<Frame> {
        let mut chosen: Option<(u32, usize, usize)> = None;
        for class in 0..self.space.class_count() {
            let open = self.space.open(class).len();
            if open < 2 {
                continue;
            }
            let changes = self.dual.changes.get(class).copied().unwrap_or(0);
            if chosen.is_none_or(|(most, fewest, _)| (changes, fewest) > (most, open)) {
                chosen = Some((changes, open, class));
            }
        }
        let Some((_, _, class)) = chosen else {
            let items: Vec<usize> = (0..self.space.class_count())
                .filter_map(|class| self.space.open(class).first().copied())
                .collect();
            if self.space.fits(&self.space.used(&items)) {
                self.offer(items);
            }
            return None;
        };
        let open = self.space.open(class).iter();
        let mut items: Vec<(i128, usize)> =
            open.map(|item| (bound.saturating_sub(self.dual.loss(&self.space, *item)), *item)).collect();
        items.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
        Some(Frame { mark: self.space.mark(), items, prices: self.dual.prices.clone() })
    }

    fn offer_repaired(&mut self) {
        if let Some(items) = repair(&self.space, &mut self.dual) {
            self.offer(items);
        }
    }

    /// Keeps a selection that fits when it earns more than the best so far.
    fn offer(&mut self, items: Vec<usize>) {
        let profit = items.iter().fold(0_i64, |sum, item| sum.saturating_add(self.space.profit(*item)));
        if profit >= self.target {
            self.target = profit.saturating_add(1);
            self.best = Some(items);
        }
    }
}
