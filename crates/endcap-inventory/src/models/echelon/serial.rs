//! A serial system with stochastic service: exact levels, the cost of given ones, and the newsvendor bounds.
#![allow(clippy::float_arithmetic, reason = "a statistics module: costs of a model are f64")]

use super::super::dist::Kind;
use super::super::num::{not_negative, positive, same_length, signed};
use super::super::{Distribution, ModelError};
use super::{serial_normal, serial_poisson};
use crate::models::dist::{self};

/// Stages in a row (串行系统): stage 0 faces demand, stage `j + 1` supplies stage `j`, the last buys outside.
#[derive(Debug, Clone, PartialEq)]
pub struct SerialSystem {
    /// Echelon holding cost of each stage, money a piece and unit of time.
    pub holding: Vec<f64>,
    /// Lead time to each stage.
    pub lead: Vec<f64>,
    /// Cost of a backorder at stage 0, money a piece and unit of time.
    pub shortage: f64,
    /// Demand of one unit of time: normal or Poisson.
    pub demand: Distribution,
}

/// Echelon base-stock levels and the expected cost per unit of time (级联基准库存).
#[derive(Debug, Clone, PartialEq)]
pub struct EchelonPlan {
    /// One level a stage; whole for Poisson demand.
    pub levels: Vec<f64>,
    /// Expected cost.
    pub cost: f64,
}

/// Newsvendor bounds on the levels (报童界).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EchelonBounds {
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

impl EchelonBounds {
    /// Their mean: the heuristic level.
    #[must_use]
    pub fn middle(&self) -> f64 {
        0.5 * (self.low + self.high)
    }
}

impl SerialSystem {
    pub(super) fn check(&self) -> Result<(), ModelError> {
        if self.holding.is_empty() {
            return Err(ModelError::Empty { what: "stages" });
        }
        same_length("lead times", self.lead.len(), self.holding.len())?;
        for (holding, lead) in self.holding.iter().zip(&self.lead) {
            positive("echelon holding cost", *holding)?;
            match self.demand.kind {
                Kind::Normal { .. } => positive("lead time", *lead)?,
                _ => not_negative("lead time", *lead)?,
            }
        }
        positive("shortage cost", self.shortage)?;
        match self.demand.kind {
            Kind::Normal { mean, sd } => {
                not_negative("mean demand", mean)?;
                positive("deviation", sd)
            }
            Kind::Counting(dist::Counting::Poisson { mean }) => positive("mean demand", mean),
            _ => Err(ModelError::NoSolution { why: "demand is neither normal nor Poisson" }),
        }
    }
    /// `p + Σh`.
    pub(super) fn penalty(&self) -> f64 {
        self.shortage + self.holding.iter().sum::<f64>()
    }

    /// The best echelon base-stock levels (最优级联基准库存), exactly.
    ///
    /// `Ĉ_1(x) = h_1·x + (p+Σh)·x⁻`, `C_j(y) = E[Ĉ_j(y − D(L_j))]`, `S_j = argmin C_j`,
    /// `Ĉ_{j+1}(x) = h_{j+1}·x + C_j(min(x, S_j))`. Poisson demand: exact sums over whole pieces. Normal demand:
    /// quadrature split at the kink, accurate to about 1e-8 of the cost.
    ///
    /// # Errors
    ///
    /// - [`ModelError::Empty`], [`ModelError::LengthMismatch`], [`ModelError::NotPositive`], [`ModelError::Negative`],
    ///   [`ModelError::NotFinite`], [`ModelError::NoSolution`] for other demand; lead times of normal demand are more
    ///   than zero.
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_inventory::models::{echelon::serial::SerialSystem, Distribution};
    /// let system = SerialSystem {
    ///     holding: vec![0.25; 4], lead: vec![0.25; 4], shortage: 9.0, demand: Distribution::poisson(16.0)?,
    /// };
    /// let plan = system.optimum()?;
    /// assert_eq!(plan.levels, [8.0, 13.0, 18.0, 22.0]);
    /// assert!((plan.cost - 12.687_897_83).abs() < 1e-6);
    /// # Ok::<(), endcap_inventory::models::ModelError>(())
    /// ```
    ///
    /// # Source
    ///
    /// Clark and Scarf 1960; Chen and Zheng 1994; case from Shang and Song 2003, Table 1.
    pub fn optimum(&self) -> Result<EchelonPlan, ModelError> {
        self.check()?;
        match self.demand.kind {
            Kind::Normal { mean, sd } => Ok(serial_normal::solve(self, mean, sd, None)),
            _ => serial_poisson::solve(self, None),
        }
    }

    /// Expected cost of given echelon levels.
    ///
    /// # Errors
    ///
    /// - As [`SerialSystem::optimum`]; [`ModelError::NotAnInteger`] for Poisson demand.
    ///
    /// # Source
    ///
    /// As [`SerialSystem::optimum`], with the given levels in place of the best.
    pub fn cost_of(&self, levels: &[f64]) -> Result<EchelonPlan, ModelError> {
        self.check()?;
        same_length("levels", levels.len(), self.holding.len())?;
        levels.iter().try_for_each(|level| signed("level", *level))?;
        match self.demand.kind {
            Kind::Normal { mean, sd } => Ok(serial_normal::solve(self, mean, sd, Some(levels))),
            _ => serial_poisson::solve(self, Some(levels)),
        }
    }

    /// Newsvendor bounds on every level (Shang–Song 报童启发式), on demand over `L_1 + … + L_j`:
    /// `F⁻¹((p+Σ_{i>j}h)/(p+Σh))` and `F⁻¹((p+Σ_{i>j}h)/(p+Σ_{i≥j}h))`.
    ///
    /// # Errors
    ///
    /// - As [`SerialSystem::optimum`].
    ///
    /// # Source
    ///
    /// Shang and Song 2003, "Newsvendor bounds and heuristic for optimal policies in serial supply chains".
    pub fn newsvendor_bounds(&self) -> Result<Vec<EchelonBounds>, ModelError> {
        self.check()?;
        let total: f64 = self.penalty();
        let mut lead = 0.0;
        let mut downstream = 0.0;
        let mut bounds = Vec::with_capacity(self.holding.len());
        for (holding, own) in self.holding.iter().zip(&self.lead) {
            lead += own;
            // p + Σ_{i>j} h and p + Σ_{i≥j} h.
            let above = total - downstream - holding;
            let from = total - downstream;
            downstream += holding;
            let demand = self.demand.over(lead)?;
            let at = |share: f64| demand.level_for(share, 1.0 - share);
            bounds.push(EchelonBounds { low: at(above / total), high: at(above / from) });
        }
        Ok(bounds)
    }
}
