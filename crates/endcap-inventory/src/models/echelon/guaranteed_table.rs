//! The tables of the tree programme: what a side of the tree costs by the time it shares with the rest.
//!
//! # Source
//!
//! Graves and Willems 2000, Optimizing strategic safety stock placement in supply chains, the dynamic programme on trees.
#![allow(clippy::float_arithmetic, reason = "a statistics module: costs of a model are f64")]

/// A neighbour already solved: cheapest cost of its side of the tree by the time it shares with its parent.
pub(super) struct Solved {
    /// The parent is downstream: cost by quoted time, cheapest up to the index. Upstream: by inbound time, from it on.
    pub(super) best: Vec<(f64, usize)>,
    /// For each shared time: the stage's own other time.
    pub(super) other: Vec<usize>,
}

/// How a stage hangs on its parent.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Parent {
    Downstream,
    Upstream,
    Root,
}

/// Bounds on the times of one stage.
pub(super) struct Limits {
    pub(super) inbound_min: usize,
    pub(super) inbound_max: usize,
    pub(super) outbound_max: usize,
    pub(super) time: usize,
}

impl Limits {
    /// Tables of one stage: cost by the time shared with the parent.
    pub(super) fn solve(
        &self,
        side: Parent,
        scale: f64,
        roots: &[f64],
        ups: &[f64],
        downs: &[f64],
    ) -> Solved {
        let inbounds = self.inbound_min..=self.inbound_max.max(self.inbound_min);
        let of = |list: &[f64], at: usize| list.get(at).or(list.last()).copied().unwrap_or(0.0);
        let cost = |inbound: usize, outbound: usize| {
            let net = inbound.saturating_add(self.time).saturating_sub(outbound);
            scale * of(roots, net) + of(ups, inbound) + of(downs, outbound)
        };
        let outbound_top = |inbound: usize| inbound.saturating_add(self.time).min(self.outbound_max);
        if side == Parent::Downstream {
            let top = outbound_top(self.inbound_max.max(self.inbound_min));
            let mut by_out = vec![(f64::INFINITY, 0_usize); top.saturating_add(1)];
            for (outbound, slot) in by_out.iter_mut().enumerate() {
                let least = outbound.saturating_sub(self.time).max(self.inbound_min);
                for inbound in least..=*inbounds.end() {
                    let value = cost(inbound, outbound);
                    if value < slot.0 {
                        *slot = (value, inbound);
                    }
                }
            }
            // Cheapest up to each time: the parent waits at least that long.
            let mut best: Vec<(f64, usize)> = Vec::with_capacity(by_out.len());
            for (outbound, &(value, _)) in by_out.iter().enumerate() {
                let last = best.last().copied().unwrap_or((f64::INFINITY, 0));
                best.push(if value < last.0 { (value, outbound) } else { last });
            }
            return Solved { best, other: by_out.into_iter().map(|(_, inbound)| inbound).collect() };
        }
        let end = *inbounds.end();
        let mut by_in = vec![(f64::INFINITY, 0_usize); end.saturating_add(1)];
        for (inbound, slot) in by_in.iter_mut().enumerate().skip(self.inbound_min) {
            for outbound in 0..=outbound_top(inbound) {
                let value = cost(inbound, outbound);
                if value < slot.0 {
                    *slot = (value, outbound);
                }
            }
        }
        // Cheapest from each time on: waiting longer than the parent quotes is allowed.
        let mut best = vec![(f64::INFINITY, end); by_in.len()];
        let mut last = (f64::INFINITY, end);
        for (inbound, (slot, &(value, _))) in best.iter_mut().zip(&by_in).enumerate().rev() {
            if value <= last.0 {
                last = (value, inbound);
            }
            *slot = last;
        }
        Solved { best, other: by_in.into_iter().map(|(_, outbound)| outbound).collect() }
    }
}

/// Costs of solved neighbours by shared time, summed.
pub(super) fn summed(stages: &[usize], solved: &[Option<Solved>], entries: usize) -> Vec<f64> {
    let mut sum = vec![0.0; entries.max(1)];
    for stage in stages {
        if let Some(Some(table)) = solved.get(*stage) {
            for (at, slot) in sum.iter_mut().enumerate() {
                *slot += table.best.get(at).or(table.best.last()).map_or(0.0, |(value, _)| *value);
            }
        }
    }
    sum
}
