//! Serial system under normal demand: Gauss–Legendre quadrature split at the kink, Hermite tables between stages.
//!
//! # Source
//!
//! The recursion of Clark and Scarf 1960 in the form of Chen and Zheng 1994; nodes of the 12-point rule: Abramowitz and
//! Stegun, table 25.4. Splitting at the kink and the tables between stages are a house rule.
#![allow(clippy::float_arithmetic, reason = "a statistics module: costs of a model are f64")]

use super::super::dist::tails::{normal_density, normal_first, normal_upper};
use super::super::num::{float_len, length, root};
use super::serial::{EchelonPlan, SerialSystem};

/// How far a normal reaches, in deviations.
const REACH: f64 = 9.0;
/// Table points per deviation of a stage.
const POINTS: f64 = 32.0;

/// Nodes and weights of the 12-point Gauss–Legendre rule on `[−1, 1]`, one side.
const RULE: [(f64, f64); 6] = [
    (0.125_233_408_511_468_9, 0.249_147_045_813_402_8),
    (0.367_831_498_998_180_2, 0.233_492_536_538_354_8),
    (0.587_317_954_286_617_5, 0.203_167_426_723_065_9),
    (0.769_902_674_194_304_7, 0.160_078_328_543_346_2),
    (0.904_117_256_370_474_9, 0.106_939_325_995_318_4),
    (0.981_560_634_246_719_2, 0.047_175_336_386_511_83),
];

/// `C_j` below its kink: a table of values and slopes, linear further down.
struct Table {
    low: f64,
    step: f64,
    points: Vec<(f64, f64)>,
    slope_below: f64,
    kink: f64,
    at_kink: f64,
}

impl Table {
    /// Value and slope at `x ≤ kink`.
    fn at(&self, x: f64) -> (f64, f64) {
        let first = self.points.first().copied().unwrap_or((0.0, 0.0));
        if x <= self.low {
            return (first.0 + self.slope_below * (x - self.low), self.slope_below);
        }
        let place = ((x - self.low) / self.step).floor();
        let index = length(place).min(self.points.len().saturating_sub(2));
        let (Some(&(a, da)), Some(&(b, db))) =
            (self.points.get(index), self.points.get(index.saturating_add(1)))
        else {
            return first;
        };
        let h = self.step;
        let t = (x - self.low - float_len(index) * h) / h;
        let (u, v) = (t * t * (3.0 - 2.0 * t), t * (1.0 - t));
        let value = a + (b - a) * u + h * v * (da * (1.0 - t) - db * t);
        let slope = 6.0 * v * (b - a) / h + da * (1.0 - t) * (1.0 - 3.0 * t) + db * t * (3.0 * t - 2.0);
        (value, slope)
    }
}

/// Cost and slope of a stage at a level.
struct Stage<'a> {
    holding: f64,
    penalty: f64,
    mean: f64,
    sd: f64,
    below: Option<&'a Table>,
}

impl Stage<'_> {
    fn at(&self, y: f64) -> (f64, f64) {
        let own = self.holding * (y - self.mean);
        let Some(table) = self.below else {
            let z = (y - self.mean) / self.sd;
            return (
                own + self.penalty * self.sd * normal_first(z),
                self.holding - self.penalty * normal_upper(z),
            );
        };
        // Demand below y − kink leaves more than the kink: the stage below takes no more.
        let z = (y - table.kink - self.mean) / self.sd;
        let (mut value, mut slope) = (table.at_kink * normal_upper(-z), 0.0);
        let start = z.max(-REACH);
        if start < REACH {
            let panels = (REACH - start).ceil().max(1.0);
            let half = (REACH - start) / panels / 2.0;
            let mut panel = 0.0;
            while panel < panels {
                let middle = start + (2.0 * panel + 1.0) * half;
                for (node, weight) in RULE {
                    for at in [middle - half * node, middle + half * node] {
                        let mass = weight * half * normal_density(at);
                        let (cost, tilt) = table.at(y - self.mean - self.sd * at);
                        value += mass * cost;
                        slope += mass * tilt;
                    }
                }
                panel += 1.0;
            }
        }
        (own + value, self.holding + slope)
    }
}

pub(super) fn solve(system: &SerialSystem, mean: f64, sd: f64, given: Option<&[f64]>) -> EchelonPlan {
    let penalty = system.penalty();
    let mut levels = Vec::with_capacity(system.holding.len());
    let mut table: Option<Table> = None;
    let (mut lead_so_far, mut slope_below, mut cost) = (0.0, -penalty, 0.0);
    for (place, (holding, lead)) in system.holding.iter().zip(&system.lead).enumerate() {
        lead_so_far += lead;
        slope_below += holding;
        let stage = Stage {
            holding: *holding,
            penalty,
            mean: mean * lead,
            sd: sd * lead.sqrt(),
            below: table.as_ref(),
        };
        let (middle, spread) = (mean * lead_so_far, sd * lead_so_far.sqrt());
        let level = match given.and_then(|levels| levels.get(place)) {
            Some(level) => *level,
            None => {
                let (mut low, mut high) = (middle - spread, middle + spread);
                for _ in 0..60 {
                    if stage.at(low).1 < 0.0 {
                        break;
                    }
                    low -= spread;
                }
                for _ in 0..60 {
                    if stage.at(high).1 > 0.0 {
                        break;
                    }
                    high += spread;
                }
                root(low, high, |y| stage.at(y).1)
            }
        };
        cost = stage.at(level).0;
        levels.push(level);
        // Below `low` the stage is out of stock for sure, and its cost is linear.
        let low = (middle - REACH * spread).min(level - spread);
        let count = ((level - low) / stage.sd * POINTS).ceil().clamp(16.0, 20_000.0);
        let step = (level - low) / count;
        let points = (0..=length(count)).map(|i| stage.at(low + step * float_len(i))).collect();
        table = Some(Table { low, step, points, slope_below, kink: level, at_kink: cost });
    }
    EchelonPlan { levels, cost }
}
