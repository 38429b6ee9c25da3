//! Serial system under Poisson demand: exact sums over whole pieces.
//!
//! # Source
//!
//! The recursion of Clark and Scarf 1960 in the form of Chen and Zheng 1994, on whole pieces.
#![allow(clippy::float_arithmetic, reason = "a statistics module: costs of a model are f64")]

use super::super::ModelError;
use super::super::num::{float, integer, length};
use super::serial::{EchelonPlan, SerialSystem};

/// A stage cost on `0, 1, …`, linear below zero, which is exact there because demand is never negative.
struct Stage {
    values: Vec<f64>,
    slope_below: f64,
}

impl Stage {
    fn at(&self, x: i64) -> f64 {
        match usize::try_from(x) {
            Ok(place) => self.values.get(place).or(self.values.last()).copied().unwrap_or(0.0),
            Err(_) => self.values.first().copied().unwrap_or(0.0) + self.slope_below * float(x),
        }
    }
}

pub(super) fn solve(system: &SerialSystem, given: Option<&[f64]>) -> Result<EchelonPlan, ModelError> {
    let penalty = system.penalty();
    let bounds = system.newsvendor_bounds()?;
    let mut levels = Vec::with_capacity(bounds.len());
    let mut stage: Option<(Stage, i64)> = None;
    let mut cost = 0.0;
    for (place, (bound, (holding, lead))) in
        bounds.iter().zip(system.holding.iter().zip(&system.lead)).enumerate()
    {
        let fixed = match given.and_then(|levels| levels.get(place)) {
            Some(level) => Some(integer("level", *level)?),
            None => None,
        };
        let top = fixed.map_or(bound.high + 2.0, |level| float(level).max(0.0));
        let entries = length(top).saturating_add(1);
        if entries > 1_000_000 {
            return Err(ModelError::OutOfRange {
                what: "level",
                value: top,
                range: "at most 1,000,000 here",
            });
        }
        let demand = system.demand.over(*lead)?;
        let masses = demand.masses(entries)?;
        // Ĉ_j on 0..entries and its slope below zero.
        let slope_below = holding + stage.as_ref().map_or(-penalty, |(stage, _)| stage.slope_below);
        let hat: Vec<f64> = (0..)
            .take(entries)
            .map(|x| {
                holding * float(x) + stage.as_ref().map_or(0.0, |(stage, level)| stage.at(x.min(*level)))
            })
            .collect();
        // Where the level below is negative, Ĉ_j is flat from there on but still linear below it.
        let at_zero = hat.first().copied().unwrap_or(0.0);
        let mut values = Vec::with_capacity(entries);
        for y in 0..entries {
            let level = float(i64::try_from(y).unwrap_or(i64::MAX));
            let recent = hat.get(..=y).unwrap_or_default();
            let met: f64 = masses.iter().zip(recent.iter().rev()).map(|(mass, value)| mass * value).sum();
            let short = demand.loss(level)?.shortage;
            values.push(met + at_zero * demand.upper_tail(level) - slope_below * short);
        }
        let current = Stage { values, slope_below };
        let level = match fixed {
            Some(level) => level,
            None => {
                let mut best = 0_i64;
                let mut least = f64::INFINITY;
                for (y, value) in (0_i64..).zip(&current.values) {
                    if *value < least {
                        (best, least) = (y, *value);
                    }
                }
                best
            }
        };
        if fixed.is_some_and(|level| level < 0) && place.saturating_add(1) < bounds.len() {
            return Err(ModelError::Negative { what: "level", value: float(level) });
        }
        cost = current.at(level);
        levels.push(float(level));
        stage = Some((current, level));
    }
    Ok(EchelonPlan { levels, cost })
}
