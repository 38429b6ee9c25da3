//! A promotion rolled out in waves: effects by cohort and period.

use std::collections::{BTreeMap, BTreeSet};

use super::EvidenceError;
use super::effect::Effect;
use super::linalg::{check_finite, check_length, mean, sum};
use crate::border::count;

/// Who a wave is compared with (对照组).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Comparison {
    /// Units that never take part.
    NeverTreated,
    /// Units that have not started yet, the never treated among them.
    NotYetTreated,
}

/// One unit of a roll-out.
#[derive(Debug, Clone, PartialEq)]
pub struct RolloutUnit {
    /// Index of its first treated period; absent when it never takes part.
    pub first: Option<usize>,
    /// One value a period.
    pub outcomes: Vec<f64>,
}

/// The effect on one cohort in one period (组别—时期效应).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct GroupTime {
    /// First treated period of the cohort.
    pub cohort: usize,
    /// The period.
    pub period: usize,
    /// Effect on a unit of the cohort; before the start, what should be zero.
    pub effect: f64,
    /// Standard error from the influence function.
    pub standard_error: f64,
    /// Units of the cohort.
    pub units: usize,
    /// Influence of every unit, in the order given.
    #[cfg_attr(feature = "serde", serde(skip))]
    influence: Vec<f64>,
}

/// All group-time effects of a roll-out (分批上线评估).
///
/// For cohort `g` and period `t`: `E[Y_t − Y_b | G = g] − E[Y_t − Y_b | control]` with base `b = g − 1` from the start on and
/// `b = t − 1` before it. Influence of unit `i`: `1{G=g}(Δ_i − Δ̄_g)/P(g) − 1{C}(Δ_i − Δ̄_C)/P(C)`, `se = √Σ IF² / n`.
///
/// # Source
///
/// Callaway & Sant'Anna (2021), without covariates, varying base period.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Rollout {
    /// Every cohort and period from the second on, cohorts first.
    pub effects: Vec<GroupTime>,
    units: usize,
    treated_mean: f64,
}

impl Rollout {
    /// Estimates every group-time effect.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::TooFew`] without units, without a wave, or without a comparison group.
    /// - [`EvidenceError::Shape`], [`EvidenceError::NotFinite`].
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_promo::evidence::staggered::{Comparison, Rollout, RolloutUnit};
    /// let unit = |first, outcomes: [f64; 4]| RolloutUnit { first, outcomes: outcomes.to_vec() };
    /// let units = [
    ///     unit(Some(2), [10.0, 11.0, 17.0, 18.0]),
    ///     unit(Some(3), [20.0, 21.0, 22.0, 33.0]),
    ///     unit(None, [5.0, 6.0, 7.0, 8.0]),
    /// ];
    /// let rollout = Rollout::estimate(&units, Comparison::NeverTreated)?;
    /// assert!((rollout.overall().unwrap().point - (5.0 + 5.0 + 10.0) / 3.0).abs() < 1e-12);
    /// # Ok::<(), endcap_promo::evidence::EvidenceError>(())
    /// ```
    pub fn estimate(units: &[RolloutUnit], comparison: Comparison) -> Result<Self, EvidenceError> {
        let periods = units.first().map_or(0, |unit| unit.outcomes.len());
        for unit in units {
            check_length("unit", unit.outcomes.len(), periods)?;
            check_finite("unit", &unit.outcomes)?;
        }
        // A unit treated from the first period has no base, and one that starts after the data is not yet treated.
        let starts = |unit: &RolloutUnit| unit.first.filter(|first| *first < periods);
        let cohorts: BTreeSet<usize> = units.iter().filter_map(starts).filter(|first| *first > 0).collect();
        if cohorts.is_empty() {
            return Err(EvidenceError::TooFew { what: "waves", have: 0, need: 1 });
        }
        let mut effects = Vec::new();
        for cohort in cohorts {
            for period in 1..periods {
                let base = if period >= cohort { cohort.saturating_sub(1) } else { period.saturating_sub(1) };
                let control = |unit: &RolloutUnit| match comparison {
                    Comparison::NeverTreated => unit.first.is_none(),
                    Comparison::NotYetTreated => {
                        unit.first.is_none_or(|first| first > period.max(base) && first != cohort)
                    }
                };
                effects.push(group_time(units, (cohort, period, base), starts, control)?);
            }
        }
        let treated: Vec<f64> = units
            .iter()
            .filter_map(|unit| Some((starts(unit).filter(|first| *first > 0)?, unit)))
            .flat_map(|(first, unit)| unit.outcomes.iter().skip(first).copied())
            .collect();
        Ok(Self { effects, units: units.len(), treated_mean: mean(&treated) })
    }

    /// Every treated cell weighted by its cohort's size (总平均效应), per unit and period.
    #[must_use]
    pub fn overall(&self) -> Option<Effect> {
        self.combine(|cell| cell.period >= cell.cohort)
    }

    /// Effect so many periods after the start, negative before it (事件研究), cohorts weighted by size.
    #[must_use]
    pub fn event_study(&self) -> BTreeMap<i64, Effect> {
        let since = |cell: &GroupTime| {
            let of = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
            of(cell.period).saturating_sub(of(cell.cohort))
        };
        let times: BTreeSet<i64> = self.effects.iter().map(since).collect();
        times.into_iter().filter_map(|time| Some((time, self.combine(|cell| since(cell) == time)?))).collect()
    }

    /// Mean over the treated periods of every cohort (按批次).
    #[must_use]
    pub fn by_cohort(&self) -> BTreeMap<usize, Effect> {
        let cohorts: BTreeSet<usize> = self.effects.iter().map(|cell| cell.cohort).collect();
        let own = |g: usize| self.combine(move |cell| cell.cohort == g && cell.period >= cell.cohort);
        cohorts.into_iter().filter_map(|g| Some((g, own(g)?))).collect()
    }

    /// Mean over the cohorts treated by every period, weighted by size (按日历时期).
    #[must_use]
    pub fn by_period(&self) -> BTreeMap<usize, Effect> {
        let periods: BTreeSet<usize> = self.effects.iter().map(|cell| cell.period).collect();
        let own = |t: usize| self.combine(move |cell| cell.period == t && cell.period >= cell.cohort);
        periods.into_iter().filter_map(|t| Some((t, own(t)?))).collect()
    }

    /// Weighted mean of cells; the weights are taken as given, the influence functions are added.
    fn combine(&self, chosen: impl Fn(&GroupTime) -> bool) -> Option<Effect> {
        let cells: Vec<&GroupTime> = self.effects.iter().filter(|cell| chosen(cell)).collect();
        let weight = count(cells.iter().map(|cell| cell.units).sum());
        if cells.is_empty() {
            return None;
        }
        let share = |cell: &GroupTime| count(cell.units) / weight;
        let point = sum(&cells.iter().map(|cell| share(cell) * cell.effect).collect::<Vec<f64>>());
        let mut influence = vec![0.0; self.units];
        for cell in &cells {
            influence.iter_mut().zip(&cell.influence).for_each(|(total, own)| *total += share(cell) * own);
        }
        let df = count(self.units.saturating_sub(1));
        let base = self.treated_mean - point;
        Some(Effect { point, standard_error: spread(&influence), df, base })
    }
}

fn spread(influence: &[f64]) -> f64 {
    let squares: Vec<f64> = influence.iter().map(|x| x * x).collect();
    sum(&squares).sqrt() / count(influence.len())
}

fn group_time(
    units: &[RolloutUnit],
    (cohort, period, base): (usize, usize, usize),
    starts: impl Fn(&RolloutUnit) -> Option<usize>,
    control: impl Fn(&RolloutUnit) -> bool,
) -> Result<GroupTime, EvidenceError> {
    let change = |unit: &RolloutUnit| {
        let at = |t: usize| unit.outcomes.get(t).copied().unwrap_or(f64::NAN);
        at(period) - at(base)
    };
    let inside = |unit: &RolloutUnit| starts(unit) == Some(cohort);
    let own: Vec<f64> = units.iter().filter(|unit| inside(unit)).map(change).collect();
    let other: Vec<f64> = units.iter().filter(|unit| control(unit)).map(change).collect();
    if other.is_empty() {
        return Err(EvidenceError::TooFew { what: "units to compare with", have: 0, need: 1 });
    }
    let n = count(units.len());
    let (own_mean, other_mean) = (mean(&own), mean(&other));
    let influence: Vec<f64> = units
        .iter()
        .map(|unit| {
            if inside(unit) {
                (change(unit) - own_mean) * n / count(own.len())
            } else if control(unit) {
                -(change(unit) - other_mean) * n / count(other.len())
            } else {
                0.0
            }
        })
        .collect();
    Ok(GroupTime {
        cohort,
        period,
        effect: own_mean - other_mean,
        standard_error: spread(&influence),
        units: own.len(),
        influence,
    })
}

/// What a regression with unit and period effects and one treatment dummy says (静态双向固定效应): shown beside
/// [`Rollout::overall`], never instead of it.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TwoWayContrast {
    /// Its coefficient, wrong where effects differ by cohort or grow with time.
    pub coefficient: f64,
    /// Treated unit-periods that enter it with a negative weight.
    pub negative_cells: usize,
}

/// The static two-way coefficient and its negative weights, as a warning.
///
/// # Errors
///
/// - As [`Rollout::estimate`]; [`EvidenceError::Constant`] when every unit is treated in the same periods.
///
/// # Source
///
/// Goodman-Bacon (2021); de Chaisemartin & D'Haultfœuille (2020), theorem 1.
pub fn two_way_contrast(units: &[RolloutUnit]) -> Result<TwoWayContrast, EvidenceError> {
    let periods = units.first().map_or(0, |unit| unit.outcomes.len());
    let mut rows: Vec<Vec<f64>> = Vec::with_capacity(units.len());
    for unit in units {
        check_length("unit", unit.outcomes.len(), periods)?;
        check_finite("unit", &unit.outcomes)?;
        rows.push((0..periods).map(|t| if unit.first.is_some_and(|g| t >= g) { 1.0 } else { 0.0 }).collect());
    }
    let all: Vec<f64> = rows.iter().flatten().copied().collect();
    let grand = mean(&all);
    let column = |t: usize| mean(&rows.iter().filter_map(|row| row.get(t).copied()).collect::<Vec<f64>>());
    let columns: Vec<f64> = (0..periods).map(column).collect();
    let (mut products, mut squares, mut negative_cells) = (Vec::new(), Vec::new(), 0_usize);
    for (row, unit) in rows.iter().zip(units) {
        let own = mean(row);
        for ((d, column), y) in row.iter().zip(&columns).zip(&unit.outcomes) {
            let left = d - own - column + grand;
            products.push(left * y);
            squares.push(left * left);
            if *d > 0.0 && left < -1e-12 {
                negative_cells = negative_cells.saturating_add(1);
            }
        }
    }
    let total = sum(&squares);
    if total <= 1e-12 {
        return Err(EvidenceError::Constant { what: "treatment beyond unit and period" });
    }
    Ok(TwoWayContrast { coefficient: sum(&products) / total, negative_cells })
}
