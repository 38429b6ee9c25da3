//! Dynamic programming outwards from the break solution, pruned by bounds, with a beam when the budget runs out.
//!
//! # Source
//!
//! Pisinger, "A minimal algorithm for the multiple-choice knapsack problem", EJOR 83 (1995): dynamic programming over an expanding core.

use super::Budget;
use super::complete::complete;
use super::hull::{Fronts, step, wide};
use super::relax::Break;

/// The best selection found, and what no selection exceeds.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) points: Vec<usize>,
    pub(super) width: i64,
    pub(super) profit: i64,
    pub(super) upper: i64,
}

/// A slope `rise ÷ run`, `run > 0`.
#[derive(Debug, Clone, Copy)]
struct Slope {
    rise: i64,
    run: i64,
}

impl Slope {
    fn steeper(self, other: Self) -> bool {
        wide(self.rise, other.run) > wide(other.rise, self.run)
    }
}

/// What the classes not yet decided can still do, each standing at its break point: gain at most `up` per unit of room
/// left, or give back width at a loss of at least `down` per unit.
#[derive(Debug, Clone, Copy, Default)]
struct Outlook {
    up: Option<Slope>,
    down: Option<Slope>,
}

impl Outlook {
    /// The most a partial plan of `width` and `profit` can become, rounded down; `None` when it can never fit.
    ///
    /// Widening gains at most `up`, narrowing loses at least `down`, and `up ≤ down` on both sides of the break slope; so a plan
    /// with room gains at most `room × up`, and one that is `over` loses at least `over × down`.
    fn reach(&self, width: i64, profit: i64, capacity: i64) -> Option<i64> {
        let room = capacity.saturating_sub(width);
        let slope = if room >= 0 { self.up } else { Some(self.down?) };
        let Some(slope) = slope else { return Some(profit) };
        let gain = wide(room, slope.rise).div_euclid(i128::from(slope.run.max(1)));
        // Saturation only loosens an upper bound that is far beyond any reachable profit, or one far below all of them.
        let gain = i64::try_from(gain).unwrap_or(if gain > 0 { i64::MAX } else { i64::MIN });
        Some(profit.saturating_add(gain))
    }
}

/// A change of one class away from its break point.
#[derive(Debug, Clone, Copy)]
pub(super) struct Move {
    pub(super) width: i64,
    pub(super) profit: i64,
    pub(super) point: usize,
}

/// A partial plan: the decided classes moved, all others at their break points.
#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    pub(super) width: i64,
    pub(super) profit: i64,
    /// The last change made, as an index of nodes; `ROOT` for none.
    pub(super) node: usize,
    /// A change not yet recorded as a node; `ROOT` for none.
    pending: usize,
}

const ROOT: usize = usize::MAX;

/// Classes decided before states are first completed; the break solution itself is completed by `swap`.
const COMPLETE_FROM: usize = 4;

#[derive(Debug, Clone, Copy)]
struct Node {
    parent: usize,
    point: usize,
}

/// Where the best selection so far comes from.
#[derive(Debug)]
enum Incumbent {
    /// The break solution with these points put in place of those of their classes.
    Points(Vec<usize>),
    /// The break solution changed along a chain of nodes.
    Chain(usize),
}

pub(super) fn search(fronts: &Fronts, start: &Break, capacity: i64, budget: &Budget) -> Found {
    let lattice = fronts.lattice();
    // Room that no selection can use is none; the break solution leaves the same steps out.
    let room = capacity.saturating_sub(start.width);
    let capacity =
        start.width.saturating_add(room.saturating_sub(room.checked_rem(lattice.width).unwrap_or(0)));
    let (mut lower, points) = swap(fronts, start, capacity);
    let mut best = Incumbent::Points(points);
    let mut dropped = i64::MIN;
    let linear = start.step.map_or(start.profit, |step| {
        let whole = Outlook { up: Some(Slope { rise: step.rise, run: step.run }), down: None };
        whole.reach(start.width, start.profit, capacity).unwrap_or(i64::MAX)
    });
    let mut nodes: Vec<Node> = Vec::new();
    if linear >= lower.saturating_add(lattice.profit) {
        if budget.max_states == 0 || budget.max_nodes == 0 || budget.max_moves == 0 {
            dropped = linear;
        } else {
            let open = open_classes(fronts, start, capacity, lower);
            let mut work =
                Work { capacity, target: lower.saturating_add(lattice.profit), moves: budget.max_moves };
            let found = work.expand_all(start, &open, lattice.profit, budget, &mut nodes);
            dropped = found.dropped;
            if let Some((profit, incumbent)) = found.best {
                (lower, best) = (profit, incumbent);
            }
        }
    }

    let points = rebuild(fronts, start, &nodes, best);
    let width = points.iter().fold(0_i64, |sum, point| sum.saturating_add(fronts.point(*point).width));
    let over = dropped.min(linear).saturating_sub(lower).max(0);
    let upper = lower.saturating_add(over.saturating_sub(over.checked_rem(lattice.profit).unwrap_or(0)));
    Found { points, width, profit: lower, upper }
}

/// What the search over partial plans found.
struct Outcome {
    best: Option<(i64, Incumbent)>,
    /// The bound of the best partial plan that was not followed.
    dropped: i64,
}

/// What every step of the search needs.
struct Work {
    capacity: i64,
    /// The least profit that is better than the incumbent.
    target: i64,
    /// Moves that may still be tried.
    moves: u64,
}

impl Work {
    /// Decides class after class until nothing better is left or the budget is used up.
    fn expand_all(
        &mut self,
        start: &Break,
        open: &[Vec<Move>],
        grain: i64,
        budget: &Budget,
        nodes: &mut Vec<Node>,
    ) -> Outcome {
        let outlooks = outlooks(open);
        let mut found = Outcome { best: None, dropped: i64::MIN };
        let mut states = vec![State { width: start.width, profit: start.profit, node: ROOT, pending: ROOT }];
        for ((decided, class), outlook) in (1_usize..).zip(open).zip(outlooks.iter().skip(1)) {
            let tried = states.len().saturating_mul(class.len().saturating_add(1));
            let left = self.moves.checked_sub(u64::try_from(tried).unwrap_or(u64::MAX));
            let next = left.map(|left| {
                self.moves = left;
                expand(&states, class, outlook, self)
            });
            let Some(next) = next.filter(|next| nodes.len().saturating_add(next.len()) <= budget.max_nodes)
            else {
                // The bounds of what is at hand, before this class was decided.
                let before = outlooks.get(decided.saturating_sub(1)).copied().unwrap_or_default();
                let bounds = states.iter().filter_map(|s| before.reach(s.width, s.profit, self.capacity));
                found.dropped = bounds.fold(found.dropped, i64::max);
                return found;
            };
            states = next;
            for state in &mut states {
                if state.pending != ROOT {
                    nodes.push(Node { parent: state.node, point: state.pending });
                    state.node = nodes.len().saturating_sub(1);
                    state.pending = ROOT;
                }
            }
            // Profits rise with width, so the last state that fits is the best that fits.
            let fitting = states.partition_point(|state| state.width <= self.capacity);
            if let Some(state) = fitting.checked_sub(1).and_then(|last| states.get(last)) {
                self.offer(state.profit, Incumbent::Chain(state.node), grain, &mut found);
            }
            if decided.is_power_of_two()
                && decided >= COMPLETE_FROM
                && let Some((profit, state, point)) =
                    complete(&states, open.get(decided..).unwrap_or_default(), self.capacity)
                && profit >= self.target
            {
                nodes.push(Node { parent: state, point });
                self.offer(profit, Incumbent::Chain(nodes.len().saturating_sub(1)), grain, &mut found);
            }
            states.retain(|s| {
                outlook.reach(s.width, s.profit, self.capacity).is_some_and(|most| most >= self.target)
            });
            if states.is_empty() {
                return found;
            }
            found.dropped = found.dropped.max(narrow(&mut states, outlook, self.capacity, budget.max_states));
        }
        found
    }

    /// Takes a better selection as the incumbent.
    fn offer(&mut self, profit: i64, incumbent: Incumbent, grain: i64, found: &mut Outcome) {
        if profit >= self.target {
            self.target = profit.saturating_add(grain);
            found.best = Some((profit, incumbent));
        }
    }
}

/// The best of the break solution and its neighbours: one class moved, with or without taking the break step too.
fn swap(fronts: &Fronts, start: &Break, capacity: i64) -> (i64, Vec<usize>) {
    let stepped = start.step.and_then(|broken| {
        let class = broken.class();
        let (to, from) =
            (fronts.hull(class).get(broken.position().checked_add(1)?)?, start.points.get(class)?);
        let (rise, run) = step(&fronts.point(*from), &fronts.point(*to));
        Some((class, *to, start.width.saturating_add(run), start.profit.saturating_add(rise)))
    });
    let mut best = (start.profit, Vec::new());
    for (class, from) in start.points.iter().enumerate() {
        let from = fronts.point(*from);
        let (first, points) = fronts.class(class);
        for (point, to) in (first..).zip(points) {
            let (rise, run) = step(&from, to);
            if rise > 0 && start.width.saturating_add(run) <= capacity {
                let profit = start.profit.saturating_add(rise);
                if profit > best.0 {
                    best = (profit, vec![point]);
                }
            }
            if let Some((broken, taken, width, profit)) = stepped
                && broken != class
                && width.saturating_add(run) <= capacity
                && profit.saturating_add(rise) > best.0
            {
                best = (profit.saturating_add(rise), vec![taken, point]);
            }
        }
    }
    best
}

/// The classes that may still leave their break point, those that lose least by it first.
///
/// With the break slope as price of width, moving class `k` to a point loses `(p_b − p) − slope × (w_b − w) ≥ 0` against the
/// linear bound; a move that brings the bound down to the incumbent can be part of no better selection.
fn open_classes(fronts: &Fronts, start: &Break, capacity: i64, lower: i64) -> Vec<Vec<Move>> {
    let Some(price) = start.step else { return Vec::new() };
    let (rise, run) = (price.rise, price.run);
    // Everything times `run`: what may be lost before the bound is no better than the incumbent.
    let room = wide(capacity.saturating_sub(start.width), rise);
    let slack = room.saturating_sub(wide(lower.saturating_sub(start.profit), run));
    let mut open: Vec<(i128, usize, Vec<Move>)> = Vec::new();
    for (class, at) in start.points.iter().enumerate() {
        let from = fronts.point(*at);
        let (first, points) = fronts.class(class);
        let mut least = i128::MAX;
        let mut moves = Vec::new();
        for (point, to) in (first..).zip(points) {
            if point == *at {
                continue;
            }
            let (profit, width) = step(&from, to);
            let loss = wide(width, rise).saturating_sub(wide(profit, run));
            if slack.saturating_sub(loss) >= i128::from(run) {
                least = least.min(loss);
                moves.push(Move { width, profit, point });
            }
        }
        if !moves.is_empty() {
            open.push((least, class, moves));
        }
    }
    open.sort_by_key(|(least, class, _)| (*least, *class));
    open.into_iter().map(|(_, _, moves)| moves).collect()
}

/// `outlooks[t]` is what classes `t..` can still do; one longer than `open`.
fn outlooks(open: &[Vec<Move>]) -> Vec<Outlook> {
    let mut all = vec![Outlook::default()];
    let mut now = Outlook::default();
    for class in open.iter().rev() {
        for change in class {
            if change.width > 0 {
                let slope = Slope { rise: change.profit, run: change.width };
                if now.up.is_none_or(|up| slope.steeper(up)) {
                    now.up = Some(slope);
                }
            } else if change.width < 0 {
                let slope =
                    Slope { rise: change.profit.saturating_neg(), run: change.width.saturating_neg() };
                if now.down.is_none_or(|down| down.steeper(slope)) {
                    now.down = Some(slope);
                }
            }
        }
        all.push(now);
    }
    all.reverse();
    all
}

/// Every state stays or makes one of the moves; the hopeless and the dominated leave. Sorted by width, profits rising.
fn expand(states: &[State], class: &[Move], outlook: &Outlook, work: &Work) -> Vec<State> {
    let stay = Move { width: 0, profit: 0, point: ROOT };
    let mut next = Vec::with_capacity(states.len().saturating_mul(2));
    for change in core::iter::once(&stay).chain(class) {
        next.extend(states.iter().filter_map(|state| {
            let width = state.width.saturating_add(change.width);
            let profit = state.profit.saturating_add(change.profit);
            let most = outlook.reach(width, profit, work.capacity)?;
            (most >= work.target).then_some(State { width, profit, node: state.node, pending: change.point })
        }));
    }
    // A stable sort: it merges the runs it finds, and equal states keep the earliest move.
    next.sort_by(|a, b| a.width.cmp(&b.width).then(b.profit.cmp(&a.profit)));
    let mut best: Option<i64> = None;
    next.retain(|state| {
        let better = best.is_none_or(|profit| state.profit > profit);
        if better {
            best = Some(state.profit);
        }
        better
    });
    next
}

/// Keeps the `limit` most promising states; answers the bound of the best one dropped.
fn narrow(states: &mut Vec<State>, outlook: &Outlook, capacity: i64, limit: usize) -> i64 {
    if states.len() <= limit {
        return i64::MIN;
    }
    let most = |state: &State| outlook.reach(state.width, state.profit, capacity).unwrap_or(i64::MIN);
    states.sort_by(|a, b| most(b).cmp(&most(a)).then(a.width.cmp(&b.width)));
    let dropped = states.get(limit).map_or(i64::MIN, most);
    states.truncate(limit);
    states.sort_by_key(|state| state.width);
    dropped
}

fn rebuild(fronts: &Fronts, start: &Break, nodes: &[Node], best: Incumbent) -> Vec<usize> {
    let mut points = start.points.clone();
    let mut put = |point: usize| {
        if let Some(slot) = points.get_mut(fronts.point(point).class) {
            *slot = point;
        }
    };
    match best {
        Incumbent::Points(changes) => changes.into_iter().for_each(&mut put),
        Incumbent::Chain(mut at) => {
            while let Some(node) = nodes.get(at) {
                put(node.point);
                at = node.parent;
            }
        }
    }
    points
}
