//! Seasons: a state that sums to zero over a cycle.

use super::filter::{Determinant, Filtered, LANES, Lane, Series};
use crate::border::count;

/// A season of the structural model (季节).
///
/// `γ_{t+1} = −(γ_t + … + γ_{t−S+2}) + ω_t` whenever a season ends, unchanged in between: `S` effects that sum to zero up to
/// the steps `ω`, whose scale is summed over like the others.
///
/// # Source
///
/// Harvey (1989), Forecasting, Structural Time Series Models and the Kalman Filter, 2.3.4, dummy seasonals; the prior of
/// the steps as in the R package bsts, `AddSeasonal`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Season {
    /// No season.
    #[default]
    None,
    /// `seasons` effects, each lasting `periods` periods: 7 × 1 for days of a week, 13 × 4 for weeks of a year.
    Cycle {
        /// Number of seasons in a cycle, 2 to 24.
        seasons: usize,
        /// Periods a season lasts, 1 to 53.
        periods: usize,
    },
}

impl Season {
    /// Periods of a whole cycle; 0 without a season.
    #[must_use]
    pub const fn cycle(self) -> usize {
        match self {
            Self::None => 0,
            Self::Cycle { seasons, periods } => seasons.saturating_mul(periods),
        }
    }

    /// Whether a history of so many periods can tell a season from drift: two whole cycles (季节可估).
    #[must_use]
    pub const fn fits(self, history: usize) -> bool {
        history >= self.cycle().saturating_mul(2)
    }
}

/// How the season enters the average of the event, the same for every pair of scales.
#[derive(Debug, Clone)]
pub(super) struct SeasonPlan {
    /// Free seasonal states, one fewer than seasons.
    states: usize,
    periods: usize,
    /// Weights of the seasonal states at the first period of the event.
    ahead: Vec<f64>,
    /// `Σ r²` over the season's steps during the event.
    pub(super) drift: f64,
}

impl SeasonPlan {
    /// None without a season; `event[i]` says whether period `start + i` is known.
    pub(super) fn new(season: Season, start: usize, event: &[bool]) -> Option<Self> {
        let Season::Cycle { seasons, periods } = season else { return None };
        let states = seasons.saturating_sub(1);
        let known = count(event.iter().filter(|known| **known).count());
        let mut ahead = vec![0.0; states];
        let mut drift = 0.0;
        for (at, known_here) in event.iter().enumerate().rev() {
            // The transition from this period to the next, backwards.
            if changes(start.saturating_add(at), periods) {
                let first = ahead.first().copied().unwrap_or(0.0);
                drift += first * first;
                ahead.rotate_left(1);
                if let Some(last) = ahead.last_mut() {
                    *last = 0.0;
                }
                ahead.iter_mut().for_each(|r| *r -= first);
            }
            if *known_here && let Some(own) = ahead.first_mut() {
                *own += 1.0 / known;
            }
        }
        Some(Self { states, periods, ahead, drift })
    }
}

/// Whether another season begins after period `t`.
const fn changes(t: usize, periods: usize) -> bool {
    match t.saturating_add(1).checked_rem(periods) {
        Some(left) => left == 0,
        None => false,
    }
}

/// Level and seasons, side by side for all lanes.
struct States {
    /// Means by series, then by state.
    means: Vec<Vec<Lane>>,
    /// Covariance, by rows.
    covariance: Vec<Vec<Lane>>,
}

impl States {
    fn new(series: &Series, states: usize) -> Self {
        let size = states.saturating_add(1);
        let mut means = vec![vec![[0.0; LANES]; size]; series.width];
        if let Some(own) = means.first_mut().and_then(|first| first.first_mut()) {
            *own = [series.first; LANES];
        }
        let unit = |i: usize| {
            let row = (0..size).map(|j| if i == j { [1.0; LANES] } else { [0.0; LANES] });
            row.collect::<Vec<Lane>>()
        };
        Self { means, covariance: (0..size).map(unit).collect() }
    }

    /// One known row: gains, and the innovations of every series into `misses`. Gives the innovation's variance.
    fn update(&mut self, row: &[f64], noise: &Lane, misses: &mut [Lane]) -> Lane {
        let gains: Vec<Lane> = self.covariance.iter().map(|row| add(row.first(), row.get(1))).collect();
        let mut scale = add(gains.first(), gains.get(1));
        scale.iter_mut().zip(noise).for_each(|(f, o)| *f += o);
        let shares: Vec<Lane> = gains
            .iter()
            .map(|gain| {
                let mut share = *gain;
                share.iter_mut().zip(&scale).for_each(|(k, f)| *k /= f);
                share
            })
            .collect();
        for ((value, states), miss) in row.iter().zip(&mut self.means).zip(misses) {
            let expected = add(states.first(), states.get(1));
            miss.iter_mut().zip(&expected).for_each(|(miss, a)| *miss = value - a);
            for (state, share) in states.iter_mut().zip(&shares) {
                state.iter_mut().zip(share).zip(miss.iter()).for_each(|((a, k), miss)| *a += k * miss);
            }
        }
        for (row, gain) in self.covariance.iter_mut().zip(&gains) {
            for (cell, share) in row.iter_mut().zip(&shares) {
                cell.iter_mut().zip(gain).zip(share).for_each(|((p, g), k)| *p -= g * k);
            }
        }
        scale
    }

    /// To the next period: the level steps, and the season where another begins.
    fn advance(&mut self, level: &Lane, season: &Lane, another: bool) {
        if another {
            self.means.iter_mut().for_each(|states| turn(states));
            self.covariance.iter_mut().for_each(|row| turn(row));
            turn_rows(&mut self.covariance);
            if let Some(cell) = self.covariance.get_mut(1).and_then(|row| row.get_mut(1)) {
                cell.iter_mut().zip(season).for_each(|(p, s)| *p += s);
            }
        }
        if let Some(cell) = self.covariance.first_mut().and_then(|row| row.first_mut()) {
            cell.iter_mut().zip(level).for_each(|(p, l)| *p += l);
        }
    }
}

fn add(left: Option<&Lane>, right: Option<&Lane>) -> Lane {
    let mut sum = left.copied().unwrap_or([0.0; LANES]);
    if let Some(right) = right {
        sum.iter_mut().zip(right).for_each(|(sum, x)| *sum += x);
    }
    sum
}

/// The seasonal part of one row: minus the sum of all first, the others move on.
fn turn(row: &mut [Lane]) {
    let Some((_, seasons)) = row.split_first_mut() else { return };
    let mut sum = [0.0; LANES];
    for season in seasons.iter() {
        sum.iter_mut().zip(season).for_each(|(sum, x)| *sum += x);
    }
    seasons.rotate_right(1);
    if let Some(first) = seasons.first_mut() {
        first.iter_mut().zip(&sum).for_each(|(first, sum)| *first = -sum);
    }
}

/// The same for rows of a matrix.
fn turn_rows(rows: &mut [Vec<Lane>]) {
    let Some((_, seasons)) = rows.split_first_mut() else { return };
    let width = seasons.first().map_or(0, Vec::len);
    let mut sum = vec![[0.0; LANES]; width];
    for row in seasons.iter() {
        for (sum, cell) in sum.iter_mut().zip(row) {
            sum.iter_mut().zip(cell).for_each(|(sum, x)| *sum -= x);
        }
    }
    seasons.rotate_right(1);
    if let Some(first) = seasons.first_mut() {
        *first = sum;
    }
}

impl Series {
    /// Filters with level variances `level`, observation variances `noise` and variances `season` of the season's steps.
    pub(super) fn filter_seasons(
        &self,
        level: &Lane,
        noise: &Lane,
        season: &Lane,
        plan: &SeasonPlan,
    ) -> Filtered {
        let mut states = States::new(self, plan.states);
        let pairs = self.width.saturating_mul(self.width.saturating_add(1)) / 2;
        let mut products = vec![[0.0_f64; LANES]; pairs];
        let mut misses = vec![[0.0_f64; LANES]; self.width];
        let mut determinant = Determinant::new();
        for (t, (row, known)) in self.rows.iter().zip(&self.known).enumerate() {
            if *known {
                let scale = states.update(row, noise, &mut misses);
                determinant.multiply(&scale);
                let pairs = misses
                    .iter()
                    .enumerate()
                    .flat_map(|(i, left)| misses.iter().skip(i).map(move |right| (left, right)));
                for (slot, (left, right)) in products.iter_mut().zip(pairs) {
                    for (((s, a), b), f) in slot.iter_mut().zip(left).zip(right).zip(&scale) {
                        *s += a * b / f;
                    }
                }
            }
            states.advance(level, season, changes(t, plan.periods));
        }
        // The average of the event: the level as it is, the seasons by their weights.
        let weights: Vec<f64> = core::iter::once(1.0).chain(plan.ahead.iter().copied()).collect();
        let weigh = |row: &[Lane]| {
            let mut sum = [0.0; LANES];
            for (w, cell) in weights.iter().zip(row) {
                sum.iter_mut().zip(cell).for_each(|(sum, x)| *sum += w * x);
            }
            sum
        };
        let levels = states.means.iter().map(|row| weigh(row)).collect();
        let rows: Vec<Lane> = states.covariance.iter().map(|row| weigh(row)).collect();
        let mut variance = weigh(&rows);
        variance.iter_mut().zip(season).for_each(|(p, s)| *p += s * plan.drift);
        Filtered { log_determinant: determinant.finish(), products, levels, variance }
    }
}
