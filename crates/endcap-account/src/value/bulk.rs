//! Expectations of a column of customers: customers of equal counts together, eight at a time.
//!
//! # Source
//!
//! House rule.
#![allow(clippy::float_arithmetic, reason = "a statistics module: logarithms and ratios, never money")]

use super::cbs::Cbs;
use super::geometric::Geometric;
use super::interpolate::{Interpolant, LANES};
use super::model::duration;
use super::special_functions::finite;
use crate::error::AccountError;

/// Numbers of repeats that have a function of their own.
const DENSE: usize = 10_000;
/// Customers sorted at a time: few enough to stay in the cache.
const BLOCK: usize = 1 << 15;
/// Shapes up to here lose no twelfth digit to the logarithm of a rounded ratio.
const SMALL_SHAPE: f64 = 1_000.0;

/// What all customers of one number of repeats share.
struct Kind {
    mean: Interpolant,
    shape: f64,
    /// Odds to have dropped out, before any silence; `None` where that is impossible.
    odds: Option<f64>,
}

/// Where the ages of a number of repeats lie, and how many customers have it.
#[derive(Clone, Copy)]
struct Span {
    youngest: f64,
    oldest: f64,
    uses: usize,
}

impl Geometric {
    /// All customers: for each number of repeats the mean is one smooth function of `z = t/(α + age)`, so it is evaluated
    /// at few of them and interpolated between; its singularities lie at `z ≤ −1`.
    pub(crate) fn conditional_many(&self, customers: &[Cbs], t: f64) -> Result<Vec<f64>, AccountError> {
        let t = duration(t)?;
        let kinds = self.kinds(customers, t)?;
        let mut means = vec![0.0; customers.len()];
        // Where the customers of each kind end in the block, and their positions, kind by kind.
        let mut ends = vec![0_usize; kinds.len().saturating_add(1)];
        let mut sorted = vec![0_u32; customers.len().min(BLOCK)];
        for (block, means) in customers.chunks(BLOCK).zip(means.chunks_mut(BLOCK)) {
            sort_by_repeats(block, &mut ends, &mut sorted);
            let mut start = 0;
            for (kind, end) in kinds.iter().map(Some).chain([None]).zip(&ends) {
                let members = sorted.get(start..*end).unwrap_or_default();
                match kind.and_then(Option::as_ref) {
                    Some(kind) => self.of_kind(kind, t, block, members, means)?,
                    None => self.one_by_one(t, block, members, means)?,
                }
                start = *end;
            }
        }
        Ok(means)
    }

    /// A function for each number of repeats that pays for it.
    fn kinds(&self, customers: &[Cbs], t: f64) -> Result<Vec<Option<Kind>>, AccountError> {
        let most = customers.iter().map(|customer| customer.repeats()).max().unwrap_or(0);
        let kinds = position(most).min(DENSE).saturating_add(1);
        let mut spans = vec![Span { youngest: f64::INFINITY, oldest: 0.0, uses: 0 }; kinds];
        for customer in customers {
            if let Some(span) = spans.get_mut(position(customer.repeats())) {
                let age = customer.age();
                span.youngest = if age < span.youngest { age } else { span.youngest };
                span.oldest = if age > span.oldest { age } else { span.oldest };
                span.uses = span.uses.saturating_add(1);
            }
        }
        let horizon = |age: f64| t / (self.alpha + age);
        let kind = |(repeats, span): (u32, Span)| {
            if span.uses == 0 {
                return Ok(None);
            }
            let x = f64::from(repeats);
            let mean = |z: f64| self.mean_alive(x, z);
            let mean = Interpolant::of(horizon(span.oldest), horizon(span.youngest), span.uses, mean)?;
            Ok(mean.map(|mean| Kind { mean, shape: self.r + x, odds: self.odds_gone(repeats) }))
        };
        (0..).zip(spans).map(kind).collect()
    }

    fn of_kind(
        &self,
        kind: &Kind,
        t: f64,
        block: &[Cbs],
        members: &[u32],
        means: &mut [f64],
    ) -> Result<(), AccountError> {
        let small = kind.shape <= SMALL_SHAPE;
        for members in members.chunks(LANES) {
            let (mut horizons, mut silences) = ([0.0; LANES], [0.0; LANES]);
            let lanes = horizons.iter_mut().zip(&mut silences);
            for ((horizon, silence), customer) in
                lanes.zip(members.iter().filter_map(|at| block.get(position(*at))))
            {
                let seen = self.alpha + customer.age();
                *horizon = t / seen;
                let bought = self.alpha + customer.recency();
                *silence = if small {
                    (seen / bought).ln()
                } else {
                    ((customer.age() - customer.recency()) / bought).ln_1p()
                };
            }
            let mut results = kind.mean.at_each(&horizons);
            if let Some(odds) = kind.odds {
                for (result, silence) in results.iter_mut().zip(&silences) {
                    // Infinite odds are the certainty of having gone.
                    *result /= 1.0 + odds * (kind.shape * silence).exp();
                }
            }
            for (at, result) in members.iter().zip(results) {
                if let Some(slot) = means.get_mut(position(*at)) {
                    *slot = finite("the expected transactions", result)?;
                }
            }
        }
        Ok(())
    }

    fn one_by_one(
        &self,
        t: f64,
        block: &[Cbs],
        members: &[u32],
        means: &mut [f64],
    ) -> Result<(), AccountError> {
        for at in members {
            if let (Some(customer), Some(slot)) = (block.get(position(*at)), means.get_mut(position(*at))) {
                *slot = self.conditional(customer, t)?;
            }
        }
        Ok(())
    }
}

fn position(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// Counting sort: `sorted` holds the positions by repeats, `ends[x]` where those of `x` end; the last kind is all the rest.
fn sort_by_repeats(block: &[Cbs], ends: &mut [usize], sorted: &mut [u32]) {
    let rest = ends.len().saturating_sub(1);
    let kind = |customer: &Cbs| position(customer.repeats()).min(rest);
    ends.fill(0);
    for customer in block {
        if let Some(end) = ends.get_mut(kind(customer)) {
            *end = end.wrapping_add(1);
        }
    }
    let mut sum = 0_usize;
    for end in ends.iter_mut() {
        // Where they start; it moves to their end as they are placed.
        (*end, sum) = (sum, sum.wrapping_add(*end));
    }
    for (at, customer) in (0_u32..).zip(block) {
        if let Some(end) = ends.get_mut(kind(customer)) {
            if let Some(slot) = sorted.get_mut(*end) {
                *slot = at;
            }
            *end = end.wrapping_add(1);
        }
    }
}
