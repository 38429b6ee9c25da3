//! (s, S) under periodic review, exact for any counting demand, with lead time.
#![allow(clippy::float_arithmetic, reason = "a statistics module: costs of a model are f64")]

use super::cost_table::CostTable;
use super::num::{float, not_negative};
use super::{Distribution, ModelError, RiskTime, UnitCosts};

/// A stock reviewed every period with a fixed cost of ordering (定期盘点).
#[derive(Debug, Clone, PartialEq)]
pub struct PeriodicReview {
    /// Holding and shortage cost a piece and period, charged at its end.
    pub costs: UnitCosts,
    /// Fixed cost of an order.
    pub fixed: f64,
    /// Demand of one period, in whole pieces.
    pub demand: Distribution,
    /// Lead time in whole periods; 0 means usable in the same period.
    pub lead: u32,
}

/// An (s, S) policy (再订货点与目标库存) and its expected cost per period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MinMaxPlan {
    /// Order when the position is at or below `s`.
    pub reorder: i64,
    /// Order up to `S`.
    pub up_to: i64,
    /// Fixed costs per period.
    pub ordering: f64,
    /// Holding and shortage costs per period.
    pub stock: f64,
}

impl MinMaxPlan {
    /// Expected cost, money per period.
    #[must_use]
    pub fn cost(&self) -> f64 {
        self.ordering + self.stock
    }
}

/// Largest `S − s` searched or priced.
const MAX_SPAN: i64 = 200_000;

/// Expected visits of each position below `S` in a cycle, and their running sums.
struct Renewal {
    /// `p_1/(1−p_0), p_2/(1−p_0), …`, reversed access by zip.
    steps: Vec<f64>,
    /// `m(0), m(1), …`.
    visits: Vec<f64>,
    /// `m(0), m(0)+m(1), …`.
    sums: Vec<f64>,
}

impl Renewal {
    fn new(demand: &Distribution) -> Result<Self, ModelError> {
        let zero = demand.mass(0);
        if zero >= 1.0 || demand.mean() <= 0.0 {
            return Err(ModelError::NoSolution { why: "demand is always zero" });
        }
        let mut renewal = Self { steps: Vec::new(), visits: Vec::new(), sums: Vec::new() };
        renewal.grow(demand, 64)?;
        Ok(renewal)
    }
    /// At least `entries` visits.
    fn grow(&mut self, demand: &Distribution, entries: usize) -> Result<(), ModelError> {
        if self.visits.len() >= entries {
            return Ok(());
        }
        let entries = entries.max(self.visits.len().saturating_mul(2));
        let masses = demand.masses(entries.saturating_add(1))?;
        let again = 1.0 / (1.0 - masses.first().copied().unwrap_or(0.0));
        self.steps = masses.iter().skip(1).map(|mass| mass * again).collect();
        // Steps beyond the last mass add nothing.
        let used = self.steps.iter().rposition(|step| *step > 0.0).map_or(0, |last| last.saturating_add(1));
        self.steps.truncate(used);
        self.visits.reserve(entries);
        if self.visits.is_empty() {
            self.visits.push(again);
        }
        while self.visits.len() < entries {
            let next = dot_reversed(&self.steps, &self.visits);
            self.visits.push(next);
        }
        let mut sum = 0.0;
        self.sums = self
            .visits
            .iter()
            .map(|visit| {
                sum += visit;
                sum
            })
            .collect();
        Ok(())
    }
}

/// `Σ steps[l]·visits[last − l]`, in four lanes.
fn dot_reversed(steps: &[f64], visits: &[f64]) -> f64 {
    let count = steps.len().min(visits.len());
    let steps = steps.get(..count).unwrap_or_default();
    let recent = visits.get(visits.len().saturating_sub(count)..).unwrap_or_default();
    let mut lanes = [0.0_f64; 4];
    let (left, right) = (steps.chunks_exact(4), recent.rchunks_exact(4));
    let tail: f64 =
        left.remainder().iter().zip(right.remainder().iter().rev()).map(|(step, visit)| step * visit).sum();
    for (a, b) in left.zip(right) {
        for (lane, (step, visit)) in lanes.iter_mut().zip(a.iter().zip(b.iter().rev())) {
            *lane += step * visit;
        }
    }
    let [a, b, c, d] = lanes;
    (a + b) + (c + d) + tail
}

impl PeriodicReview {
    fn check(&self) -> Result<Distribution, ModelError> {
        not_negative("fixed cost", self.fixed)?;
        if !self.demand.is_counting() {
            return Err(ModelError::NoSolution { why: "demand does not come in whole pieces" });
        }
        RiskTime::Periodic { lead: f64::from(self.lead) }.demand(&self.demand)
    }

    /// Exact expected cost of a policy: `(K + Σ_{j<S−s} m(j)·G(S−j)) / Σ_{j<S−s} m(j)`.
    ///
    /// `m` is the renewal function of one period's demand, `G` the one-period cost over lead time + 1 periods.
    ///
    /// # Errors
    ///
    /// - [`ModelError::ReorderNotBelowLevel`]; [`ModelError::NoSolution`] for demand that is always zero, negative or
    ///   continuous; [`ModelError::TooLarge`] for `S − s` above 200,000; [`ModelError::Negative`].
    ///
    /// # Source
    ///
    /// Zheng and Federgruen 1991, equations (2)–(4).
    pub fn cost_of(&self, reorder: i64, up_to: i64) -> Result<MinMaxPlan, ModelError> {
        let long = self.check()?;
        if reorder >= up_to {
            return Err(ModelError::ReorderNotBelowLevel { reorder, up_to });
        }
        super::num::signed("order-up-to level", float(up_to))?;
        let span = up_to.saturating_sub(reorder);
        check_span(span)?;
        let mut table = CostTable::new(&self.costs, &long)?;
        check_span(up_to.saturating_sub(table.best()).saturating_abs())?;
        check_span(reorder.saturating_sub(table.best()).saturating_abs())?;
        let mut renewal = Renewal::new(&self.demand)?;
        let entries = usize::try_from(span).unwrap_or(usize::MAX);
        renewal.grow(&self.demand, entries)?;
        table.cover(reorder, up_to);
        Ok(self.plan(&table, &renewal, reorder, up_to))
    }

    fn plan(&self, table: &CostTable<'_>, renewal: &Renewal, reorder: i64, up_to: i64) -> MinMaxPlan {
        let entries = usize::try_from(up_to.saturating_sub(reorder)).unwrap_or(0);
        let visits = renewal.visits.get(..entries).unwrap_or_default();
        let length = renewal.sums.get(entries.saturating_sub(1)).copied().unwrap_or(f64::NAN);
        MinMaxPlan { reorder, up_to, ordering: self.fixed / length, stock: table.dot(up_to, visits) / length }
    }

    /// The best policy (最优 (s,S) 策略), exactly. Without fixed cost a base stock, `s = S − 1`.
    ///
    /// Among equal policies: the largest `s` with `G(s) ≥ c*`, and the smallest `S`.
    ///
    /// # Errors
    ///
    /// - As [`PeriodicReview::cost_of`].
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_inventory::models::{ss::PeriodicReview, Distribution, UnitCosts};
    /// let stock = PeriodicReview {
    ///     costs: UnitCosts::new(1.0, 4.0)?, fixed: 5.0, demand: Distribution::poisson(6.0)?, lead: 0,
    /// };
    /// let plan = stock.optimum()?;
    /// assert_eq!((plan.reorder, plan.up_to), (4, 10));
    /// assert!((plan.cost() - 8.034_111_561_471_642).abs() < 1e-9);
    /// # Ok::<(), endcap_inventory::models::ModelError>(())
    /// ```
    ///
    /// # Source
    ///
    /// Zheng and Federgruen 1991, "Finding optimal (s,S) policies is about as simple as evaluating a single policy".
    pub fn optimum(&self) -> Result<MinMaxPlan, ModelError> {
        let long = self.check()?;
        let mut table = CostTable::new(&self.costs, &long)?;
        let best = table.best();
        if self.fixed == 0.0 {
            return self.cost_of(best.saturating_sub(1), best);
        }
        let mut renewal = Renewal::new(&self.demand)?;
        // Lower s from the best level until stopping there is no dearer than the average.
        let mut up_to = best;
        let mut reorder = best;
        let mut weighted = 0.0;
        let mut cost = f64::INFINITY;
        for visited in 0_usize.. {
            // c(s, S) with s = best − visited.
            if visited > 0 && cost <= table.at(reorder) {
                break;
            }
            check_span(up_to.saturating_sub(reorder))?;
            renewal.grow(&self.demand, visited.saturating_add(1))?;
            let visit = renewal.visits.get(visited).copied().unwrap_or(0.0);
            weighted += visit * table.at(reorder);
            reorder = reorder.saturating_sub(1);
            cost = (self.fixed + weighted) / renewal.sums.get(visited).copied().unwrap_or(f64::NAN);
        }
        let mut level = best.saturating_add(1);
        while table.at(level) <= cost {
            let span = level.saturating_sub(reorder);
            check_span(span)?;
            renewal.grow(&self.demand, usize::try_from(span).unwrap_or(usize::MAX))?;
            if self.plan(&table, &renewal, reorder, level).cost() < cost {
                up_to = level;
                cost = self.plan(&table, &renewal, reorder, up_to).cost();
                while cost <= table.at(reorder.saturating_add(1)) && reorder.saturating_add(1) < up_to {
                    reorder = reorder.saturating_add(1);
                    cost = self.plan(&table, &renewal, reorder, up_to).cost();
                }
            }
            level = level.saturating_add(1);
        }
        Ok(self.plan(&table, &renewal, reorder, up_to))
    }

    /// The power approximation (幂近似), rounded to whole pieces, beside its exact cost.
    ///
    /// # Errors
    ///
    /// - As [`PeriodicReview::cost_of`] and [`power_approximation`](super::power::power_approximation).
    ///
    /// # Source
    ///
    /// Ehrhardt and Mosier 1984.
    pub fn power_plan(&self) -> Result<MinMaxPlan, ModelError> {
        let pair = super::power::power_approximation(&super::power::PowerInput {
            costs: self.costs,
            fixed: self.fixed,
            mean: self.demand.mean(),
            sd: self.demand.variance().sqrt(),
            lead: self.lead,
        })?;
        let reorder = super::num::whole(pair.reorder.round());
        let up_to = super::num::whole(pair.up_to.round()).max(reorder.saturating_add(1));
        self.cost_of(reorder, up_to)
    }
}

fn check_span(span: i64) -> Result<(), ModelError> {
    if span <= MAX_SPAN {
        return Ok(());
    }
    let as_u64 = |n: i64| u64::try_from(n).unwrap_or(u64::MAX);
    Err(ModelError::TooLarge { what: "S − s", value: as_u64(span), limit: as_u64(MAX_SPAN) })
}
