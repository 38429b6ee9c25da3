//! The exact plan in O(T log T): a lower envelope of lines instead of a table.
#![allow(clippy::float_arithmetic, reason = "a statistics module: costs of a model are f64")]

use super::super::ModelError;
use super::{ExactLotPlan, LotSizing};

/// One way of going on: order again in `start`. A line over the price of a unit, `value − rest·price`.
#[derive(Clone, Copy)]
struct Line {
    start: usize,
    /// Demand from `start` on.
    rest: f64,
    /// `θ'_start`.
    value: f64,
}

impl Line {
    fn at(&self, price: f64) -> f64 {
        self.value - self.rest * price
    }
}

/// The cheapest plan (Wagner–Whitin 最优批量), right for setup, holding and unit costs that vary, in O(T log T).
///
/// With `C_t = c_t + Σ_{v≥t} h_v`, `E_t` the demand from `t` on and `W_t = Σ_{u≥t} d_u·Σ_{v≥u} h_v`, the shifted cost
/// `θ'_t = θ_t + W_t` is `min_s K_t + C_t·(E_t − E_s) + θ'_s`: a lower envelope of lines over `C_t`, kept as a convex hull
/// and searched by halves. A period without demand may pass without an order. The plan is then priced by direct
/// summation, so shifts leave no trace in its cost. Among equal plans: the latest next order, so the fewest orders.
///
/// # Errors
///
/// - [`ModelError::Empty`], [`ModelError::LengthMismatch`], [`ModelError::NotFinite`], [`ModelError::Negative`],
///   [`ModelError::OutOfRange`].
///
/// # Examples
///
/// ```
/// use endcap_inventory::models::lot_sizing::{wagner_whitin, LotSizing, PerPeriod};
/// let problem = LotSizing {
///     setup: PerPeriod::Same(500.0),
///     holding: PerPeriod::Same(2.0),
///     unit: PerPeriod::Same(0.0),
///     demand: &[90.0, 120.0, 80.0, 70.0],
/// };
/// let exact = wagner_whitin(&problem)?;
/// assert_eq!(exact.plan.orders, [210.0, 0.0, 150.0, 0.0]);
/// assert_eq!(exact.plan.cost(), 1380.0);
/// assert_eq!(exact.cost_to_go, [1380.0, 940.0, 640.0, 500.0, 0.0]);
/// # Ok::<(), endcap_inventory::models::ModelError>(())
/// ```
///
/// # Source
///
/// Wagner and Whitin 1958; Federgruen and Tzur 1991 and Wagelmans, van Hoesel and Kolen 1992 for the bound on the work.
pub fn wagner_whitin(problem: &LotSizing<'_>) -> Result<ExactLotPlan, ModelError> {
    problem.check()?;
    let periods = problem.demand.len();
    // next[t]: where the next block starts; t + 1 with an order of nothing means "pass".
    let mut next = vec![periods; periods];
    let mut cost_to_go = vec![0.0; periods.saturating_add(1)];
    let mut hull: Vec<Line> = Vec::with_capacity(periods.saturating_add(1));
    hull.push(Line { start: periods, rest: 0.0, value: 0.0 });
    // Suffix sums at t + 1: Σh, E, W, and θ' of t + 1.
    let (mut carried, mut rest, mut shift, mut after) = (0.0_f64, 0.0_f64, 0.0_f64, 0.0_f64);
    let backwards = problem.demand.iter().enumerate().rev().zip(next.iter_mut().rev());
    let mut to_go = cost_to_go.iter_mut().rev().skip(1);
    for ((period, demand), next) in backwards {
        carried += problem.holding.at(period);
        rest += demand;
        shift += demand * carried;
        let price = problem.unit.at(period) + carried;
        let line = cheapest(&hull, price);
        let order = problem.setup.at(period) + price * rest + line.at(price);
        // Passing: demand zero, so E, W and θ' stay.
        let value = if *demand <= 0.0 && after <= order {
            *next = period.saturating_add(1);
            after
        } else {
            *next = line.start;
            order
        };
        if let Some(slot) = to_go.next() {
            *slot = (value - shift).max(0.0);
        }
        after = value;
        push(&mut hull, Line { start: period, rest, value });
    }
    let mut starts = Vec::new();
    let mut period = 0;
    while let Some(&end) = next.get(period) {
        starts.push(period);
        period = end.max(period.saturating_add(1));
    }
    Ok(ExactLotPlan { plan: problem.plan_of_blocks(&starts), cost_to_go })
}

/// The line that is lowest at `price`; the latest start among equals.
fn cheapest(hull: &[Line], price: f64) -> Line {
    // Lines lie in the order of their starts, latest first; each next one is better only from a larger price on,
    // because its slope −rest is steeper.
    let better = hull.partition_point_pairs(price);
    hull.get(better).copied().unwrap_or(Line { start: 0, rest: 0.0, value: f64::INFINITY })
}

/// Where along a hull the lowest line lies.
trait Lowest {
    fn partition_point_pairs(&self, price: f64) -> usize;
}

impl Lowest for [Line] {
    fn partition_point_pairs(&self, price: f64) -> usize {
        let (mut low, mut high) = (0_usize, self.len().saturating_sub(1));
        while low < high {
            let middle = low.midpoint(high);
            let (this, that) = (self.get(middle), self.get(middle.saturating_add(1)));
            match (this, that) {
                (Some(this), Some(that)) if that.at(price) < this.at(price) => low = middle.saturating_add(1),
                _ => high = middle,
            }
        }
        low
    }
}

/// Adds a steeper line and drops those it hides.
fn push(hull: &mut Vec<Line>, line: Line) {
    while let Some(last) = hull.last().copied() {
        if line.rest <= last.rest {
            // Same slope (no demand between): keep the cheaper, the later among equals.
            if line.value < last.value {
                hull.pop();
                continue;
            }
            return;
        }
        let Some(before) = hull.len().checked_sub(2).and_then(|at| hull.get(at)).copied() else { break };
        // `last` is hidden when `line` overtakes `before` no later than `last` does.
        let overtake_new = (line.value - before.value) * (last.rest - before.rest);
        let overtake_old = (last.value - before.value) * (line.rest - before.rest);
        if overtake_new <= overtake_old {
            hull.pop();
        } else {
            break;
        }
    }
    hull.push(line);
}
