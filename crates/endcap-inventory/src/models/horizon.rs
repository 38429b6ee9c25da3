//! A stochastic stock over a finite horizon: exact dynamic programme over whole pieces.
#![allow(clippy::float_arithmetic, reason = "a statistics module: costs of a model are f64")]

use super::dist::Kind;
use super::dist::tails::normal_upper;
use super::num::{float, half_open_fraction, length, not_negative, whole};
use super::{Distribution, ModelError, UnitCosts};

/// One period of a finite horizon (有限期).
#[derive(Debug, Clone, PartialEq)]
pub struct HorizonPeriod {
    /// Holding and shortage cost a piece.
    pub costs: UnitCosts,
    /// Purchase cost a piece.
    pub purchase: f64,
    /// Fixed cost of an order.
    pub fixed: f64,
    /// Demand: in whole pieces, or normal, which is rounded to pieces as `Φ((d+½−μ)/σ) − Φ((d−½−μ)/σ)`.
    pub demand: Distribution,
    /// Discount factor from this period to the next, more than 0 and at most 1.
    pub discount: f64,
}

/// What stock and backorders cost after the last period (期末成本), money a piece.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terminal {
    /// A piece left.
    pub holding: f64,
    /// A piece still owed.
    pub shortage: f64,
}

/// The best policy of one period: order up to `up_to` at or below `reorder`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HorizonLevels {
    /// `s_t`.
    pub reorder: i64,
    /// `S_t`.
    pub up_to: i64,
}

/// The best policy over the horizon and its expected cost (有限期最优策略).
#[derive(Debug, Clone, PartialEq)]
pub struct HorizonPlan {
    /// One pair a period.
    pub levels: Vec<HorizonLevels>,
    /// Expected discounted cost from the initial stock.
    pub cost: f64,
}

/// Most states of the programme.
const MAX_STATES: usize = 400_000;
/// How far a rounded normal reaches, in deviations.
const REACH: f64 = 9.5;

/// Probabilities from `first` on.
struct Steps {
    first: i64,
    masses: Vec<f64>,
}

/// Value of having `low, low+1, …` pieces, linear below.
struct Value {
    low: i64,
    values: Vec<f64>,
    slope_below: f64,
}

impl Value {
    fn at(&self, x: i64) -> f64 {
        match usize::try_from(x.saturating_sub(self.low)) {
            Ok(place) => self.values.get(place).or(self.values.last()).copied().unwrap_or(f64::INFINITY),
            Err(_) => {
                let gap = float(self.low.saturating_sub(x));
                self.values.first().copied().unwrap_or(0.0) - self.slope_below * gap
            }
        }
    }
}

/// The best (s_t, S_t) for every period, and the expected cost from `initial` pieces (有限期动态规划).
///
/// `V_t(x) = min_{y≥x} K·[y>x] + c(y−x) + h·n̄ + p·n + γ·E[V_{t+1}(y − D)]`. The range of states is widened until no
/// period orders at its lower end or up to its upper end; below it the value is linear, which is exact there.
///
/// # Errors
///
/// - [`ModelError::Empty`]; [`ModelError::NotFinite`], [`ModelError::Negative`], [`ModelError::NotPositive`],
///   [`ModelError::OutOfRange`]; [`ModelError::NoSolution`] for other continuous demand or where holding no stock at
///   all is best; [`ModelError::TooLarge`] beyond 400,000 states.
///
/// # Source
///
/// Bellman, Glicksberg and Gross 1955; Scarf 1960; Snyder and Shen, §4.5. Levels of normal demand are whole pieces.
pub fn finite_horizon(
    periods: &[HorizonPeriod],
    terminal: &Terminal,
    initial: i64,
) -> Result<HorizonPlan, ModelError> {
    if periods.is_empty() {
        return Err(ModelError::Empty { what: "periods" });
    }
    not_negative("terminal holding cost", terminal.holding)?;
    not_negative("terminal shortage cost", terminal.shortage)?;
    super::num::signed("initial stock", float(initial))?;
    let mut steps = Vec::with_capacity(periods.len());
    let (mut middle, mut spread) = ((f64::INFINITY, f64::NEG_INFINITY), 10.0_f64);
    for period in periods {
        not_negative("purchase cost", period.purchase)?;
        not_negative("fixed cost", period.fixed)?;
        half_open_fraction("discount factor", period.discount)?;
        steps.push(rounded(&period.demand)?);
        let (mean, sd) = (period.demand.mean(), period.demand.variance().sqrt());
        middle = (middle.0.min(mean), middle.1.max(mean));
        spread = spread.max(6.0 * sd + (2.0 * period.fixed * mean / period.costs.holding()).sqrt());
    }
    // Demand can be negative where a normal reaches below zero: stock may then rise by as much.
    let rise: i64 = steps.iter().map(|step| step.first.saturating_neg().max(0)).fold(0, i64::saturating_add);
    for _ in 0..24 {
        let low = whole((middle.0 - spread).floor()).min(0);
        let high = whole((middle.1 + spread).ceil());
        let top = high.max(initial).saturating_add(rise);
        let states = length(float(top.saturating_sub(low)) + 1.0);
        if states > MAX_STATES {
            let as_u64 = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
            return Err(ModelError::TooLarge {
                what: "states",
                value: as_u64(states),
                limit: as_u64(MAX_STATES),
            });
        }
        if let Some(plan) = solve(periods, &steps, terminal, initial, (low, high, states))? {
            return Ok(plan);
        }
        spread *= 1.7;
    }
    Err(ModelError::NoSolution { why: "a period never stops ordering: stock is worth more than it costs" })
}

fn solve(
    periods: &[HorizonPeriod],
    steps: &[Steps],
    terminal: &Terminal,
    initial: i64,
    (low, high, states): (i64, i64, usize),
) -> Result<Option<HorizonPlan>, ModelError> {
    let levels_from = |count: usize| (low..).take(count);
    let mut value = Value {
        low,
        values: levels_from(states)
            .map(|x| {
                terminal.holding * float(x.max(0)) + terminal.shortage * float(x.min(0).saturating_neg())
            })
            .collect(),
        slope_below: -terminal.shortage,
    };
    let mut levels = Vec::with_capacity(periods.len());
    for (period, step) in periods.iter().zip(steps).rev() {
        let mut go = Vec::with_capacity(states);
        for y in levels_from(states) {
            let mut later = 0.0;
            for (d, mass) in (step.first..).zip(&step.masses) {
                later += mass * value.at(y.saturating_sub(d));
            }
            let now = period.costs.of(smooth_loss(&period.demand, y)?);
            go.push(period.purchase * float(y) + now + period.discount * later);
        }
        let (mut up_to, mut least) = (low, f64::INFINITY);
        for (y, cost) in (low..).zip(&go) {
            if *cost < least {
                (up_to, least) = (y, *cost);
            }
        }
        // Suffix minima: the best level at or above x.
        let mut best_above = f64::INFINITY;
        let mut reorder = i64::MIN;
        let mut values = vec![0.0; states];
        for ((x, cost), slot) in (low..).zip(&go).zip(values.iter_mut()).rev_pairs() {
            let order = period.fixed + best_above;
            if order < cost {
                reorder = reorder.max(x);
            }
            *slot = cost.min(order) - period.purchase * float(x);
            best_above = best_above.min(cost);
        }
        if reorder < low || up_to >= high {
            return Ok(None);
        }
        levels.push(HorizonLevels { reorder, up_to });
        value = Value { low, values, slope_below: -period.purchase };
    }
    levels.reverse();
    Ok(Some(HorizonPlan { levels, cost: value.at(initial) }))
}

/// Walks pairs of (level, cost) and slots from the end.
trait RevPairs<'a> {
    fn rev_pairs(self) -> std::vec::IntoIter<((i64, f64), &'a mut f64)>;
}
impl<'a, I: Iterator<Item = ((i64, &'a f64), &'a mut f64)>> RevPairs<'a> for I {
    fn rev_pairs(self) -> std::vec::IntoIter<((i64, f64), &'a mut f64)> {
        let mut all: Vec<((i64, f64), &'a mut f64)> =
            self.map(|((x, cost), slot)| ((x, *cost), slot)).collect();
        all.reverse();
        all.into_iter()
    }
}

fn smooth_loss(demand: &Distribution, y: i64) -> Result<super::Losses, ModelError> {
    demand.loss(float(y))
}

/// Demand in whole pieces.
fn rounded(demand: &Distribution) -> Result<Steps, ModelError> {
    match demand.kind {
        Kind::Normal { mean, sd } => {
            if sd == 0.0 {
                return Ok(Steps { first: whole(mean.round()), masses: vec![1.0] });
            }
            let first = whole((mean - REACH * sd).floor());
            let last = whole((mean + REACH * sd).ceil());
            let count = length(float(last.saturating_sub(first)) + 1.0);
            if count > MAX_STATES {
                return Err(ModelError::OutOfRange {
                    what: "deviation",
                    value: sd,
                    range: "at most 20,000 here",
                });
            }
            let masses = (first..).take(count).map(|d| {
                let (a, b) = ((float(d) - 0.5 - mean) / sd, (float(d) + 0.5 - mean) / sd);
                // The difference is taken on the side where both tails are small.
                if a > 0.0 { normal_upper(a) - normal_upper(b) } else { normal_upper(-b) - normal_upper(-a) }
            });
            Ok(Steps { first, masses: masses.collect() })
        }
        Kind::Counting(_) => {
            let mut last = demand.quantile(0.999_999)?;
            while demand.upper_tail(last) > 1e-17 && last < 1e6 {
                last = (last * 1.2 + 1.0).ceil();
            }
            Ok(Steps { first: 0, masses: demand.masses(length(last + 1.0))? })
        }
        Kind::Pmf(ref pmf) => Ok(Steps { first: pmf.offset(), masses: pmf.as_slice().to_vec() }),
        _ => Err(ModelError::NoSolution { why: "demand is neither normal nor in whole pieces" }),
    }
}
