//! A good incumbent early: every partial plan takes its best move of a class not yet decided.
//!
//! # Source
//!
//! House rule.

use super::search::{Move, State};

/// The best that one state and one move of an undecided class make together: its profit, the node of the state and the point of
/// the move; `None` when nothing fits.
///
/// `states` are sorted by width. As their room shrinks, the moves that still fit become fewer: one walk over both.
pub(super) fn complete(
    states: &[State],
    undecided: &[Vec<Move>],
    capacity: i64,
) -> Option<(i64, usize, usize)> {
    let mut moves: Vec<Move> = undecided.iter().flatten().copied().collect();
    moves.sort_unstable_by(|a, b| {
        a.width.cmp(&b.width).then(b.profit.cmp(&a.profit)).then(a.point.cmp(&b.point))
    });
    // Only moves that earn more than every narrower one can be the best for some room.
    let mut best: Option<i64> = None;
    moves.retain(|change| {
        let better = best.is_none_or(|profit| change.profit > profit);
        best = if better { Some(change.profit) } else { best };
        better
    });
    let mut fitting = moves.len();
    let mut most: Option<(i64, usize, usize)> = None;
    for state in states {
        let room = capacity.saturating_sub(state.width);
        while fitting
            .checked_sub(1)
            .and_then(|last| moves.get(last))
            .is_some_and(|change| change.width > room)
        {
            fitting = fitting.saturating_sub(1);
        }
        let Some(change) = fitting.checked_sub(1).and_then(|last| moves.get(last)) else { break };
        let profit = state.profit.saturating_add(change.profit);
        if most.is_none_or(|(most, _, _)| profit > most) {
            most = Some((profit, state.node, change.point));
        }
    }
    most
}
