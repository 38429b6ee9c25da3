//! Supply that fails or yields less than ordered.
#![allow(clippy::float_arithmetic, reason = "a statistics module: costs of a model are f64")]

use super::eoq::LotCosts;
use super::num::{float, not_negative, open_fraction, positive, root, signed, whole};
use super::{Distribution, ModelError, UnitCosts};

/// An EOQ whose supplier is down at times (供应中断): exponential up and down times, shortage cost a lost piece.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DisruptedLot {
    /// Fixed and holding cost, demand.
    pub lot: LotCosts,
    /// Cost of a piece lost while the supplier is down.
    pub shortage: f64,
    /// Disruptions per unit of time while up.
    pub disruption: f64,
    /// Recoveries per unit of time while down.
    pub recovery: f64,
}

/// How the probability of finding the supplier down is taken (中断概率取法).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disruption {
    /// `ψ = λ/(λ+μ)·(1 − e^{−(λ+μ)Q/d})`.
    Exact,
    /// `ψ = λ/(λ+μ)`, which gives a closed form.
    Approximate,
}

/// A quantity and its expected cost (数量与期望成本).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QuantityCost {
    /// Pieces.
    pub quantity: f64,
    /// Expected cost, per unit of time where the model has one.
    pub cost: f64,
}

impl DisruptedLot {
    fn check(&self) -> Result<(), ModelError> {
        self.lot.check()?;
        positive("demand rate", self.lot.demand)?;
        positive("shortage cost", self.shortage)?;
        positive("disruption rate", self.disruption)?;
        positive("recovery rate", self.recovery)
    }
    /// Probability of finding the supplier down, and its slope in the quantity.
    fn down(&self, quantity: f64, kind: Disruption) -> (f64, f64) {
        let total = self.disruption + self.recovery;
        let share = self.disruption / total;
        match kind {
            Disruption::Approximate => (share, 0.0),
            Disruption::Exact => {
                let decay = total / self.lot.demand;
                (-share * libm::expm1(-decay * quantity), share * decay * (-decay * quantity).exp())
            }
        }
    }
    /// Expected cost of a quantity: `(K + hQ²/(2d) + p·d·ψ/μ)/(Q/d + ψ/μ)`.
    ///
    /// # Errors
    ///
    /// - [`ModelError::NotFinite`], [`ModelError::Negative`], [`ModelError::NotPositive`], [`ModelError::OutOfRange`].
    ///
    /// # Source
    ///
    /// Parlar and Berkin 1991 as corrected by Berk and Arreola-Risa 1994; Snyder and Shen, §9.2.
    pub fn cost_of(&self, quantity: f64, kind: Disruption) -> Result<QuantityCost, ModelError> {
        self.check()?;
        positive("order quantity", quantity)?;
        Ok(QuantityCost { quantity, cost: self.parts(quantity, kind).0 })
    }
    /// Cost and a quantity with the sign of its slope.
    fn parts(&self, quantity: f64, kind: Disruption) -> (f64, f64) {
        let d = self.lot.demand;
        let (psi, slope) = self.down(quantity, kind);
        let per_cycle = self.lot.fixed
            + self.lot.holding * quantity * quantity / (2.0 * d)
            + self.shortage * d * psi / self.recovery;
        let cycle = quantity / d + psi / self.recovery;
        let per_cycle_slope = self.lot.holding * quantity / d + self.shortage * d * slope / self.recovery;
        let cycle_slope = 1.0 / d + slope / self.recovery;
        (per_cycle / cycle, per_cycle_slope * cycle - per_cycle * cycle_slope)
    }
    /// The best quantity (中断下的经济批量).
    ///
    /// # Errors
    ///
    /// - As [`DisruptedLot::cost_of`].
    ///
    /// # Source
    ///
    /// Snyder and Shen, §9.2; the approximation is Snyder 2014, the exact form is solved on its derivative.
    pub fn optimum(&self, kind: Disruption) -> Result<QuantityCost, ModelError> {
        self.check()?;
        let (k, h, d) = (self.lot.fixed, self.lot.holding, self.lot.demand);
        let (share, _) = self.down(0.0, Disruption::Approximate);
        let mu = self.recovery;
        let half = share * d * h;
        let close = ((half * half + 2.0 * h * mu * (k * d * mu + d * d * self.shortage * share)).sqrt()
            - half)
            / (h * mu);
        if kind == Disruption::Approximate {
            return self.cost_of(close, kind);
        }
        // The slope changes sign once in the range where the cost falls and rises again.
        let (mut low, mut high) = (close, close);
        for _ in 0..200 {
            if self.parts(low, kind).1 <= 0.0 || low < 1e-9 {
                break;
            }
            low *= 0.5;
        }
        for _ in 0..200 {
            if self.parts(high, kind).1 >= 0.0 || high > 1e12 {
                break;
            }
            high *= 2.0;
        }
        let quantity = root(low, high, |q| self.parts(q, kind).1);
        self.cost_of(quantity, kind)
    }
}

/// A newsvendor whose supplier is down at times (供应中断的报童): known demand a period, geometric up and down times.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DisruptedNewsvendor {
    /// Holding and shortage cost a piece and period.
    pub costs: UnitCosts,
    /// Demand of a period.
    pub demand: f64,
    /// Probability that a supplier that is up goes down.
    pub disruption: f64,
    /// Probability that a supplier that is down comes back.
    pub recovery: f64,
}

impl DisruptedNewsvendor {
    fn check(&self) -> Result<(), ModelError> {
        positive("demand", self.demand)?;
        open_fraction("disruption probability", self.disruption)?;
        open_fraction("recovery probability", self.recovery)
    }
    /// The best base stock: `d·(1 + n)` for the least `n` with `F(n) ≥ p/(p+h)`, `F` over the periods down.
    ///
    /// # Errors
    ///
    /// - [`ModelError::NotFinite`], [`ModelError::NotPositive`], [`ModelError::OutOfRange`].
    ///
    /// # Source
    ///
    /// Tomlin 2006; Snyder and Shen, §9.3.
    pub fn optimum(&self) -> Result<QuantityCost, ModelError> {
        self.check()?;
        let (a, b) = (self.disruption, self.recovery);
        // P(down for more than n periods) = a/(a+b)·(1−b)ⁿ.
        let tail = self.costs.critical_tail();
        let share = a / (a + b);
        let exact = (tail / share).ln() / libm::log1p(-b);
        let n = whole((exact - 1e-12 * exact.abs()).ceil()).max(0);
        self.cost_of(self.demand * (1.0 + float(n)))
    }
    /// Expected cost of a base stock per period; the geometric tail in closed form.
    ///
    /// # Errors
    ///
    /// - As [`DisruptedNewsvendor::optimum`]; the level is zero or more.
    ///
    /// # Source
    ///
    /// Snyder and Shen, §9.3; states `π_0 = β/(α+β)`, `π_n = αβ/(α+β)·(1−β)^{n−1}`.
    pub fn cost_of(&self, level: f64) -> Result<QuantityCost, ModelError> {
        self.check()?;
        not_negative("base stock", level)?;
        let (h, p, d) = (self.costs.holding(), self.costs.shortage(), self.demand);
        let (a, b) = (self.disruption, self.recovery);
        let stay = 1.0 - b;
        // In state n the demand of n + 1 periods has left the stock; T = n + 1, G(T) = h(S−dT)⁺ + p(dT−S)⁺.
        let full = (level / d).floor();
        if full > 1e7 {
            return Err(ModelError::TooLarge {
                what: "base stock in periods of demand",
                value: 10_000_001,
                limit: 10_000_000,
            });
        }
        let mut left = 0.0;
        let mut mass = b / (a + b);
        let mut periods = 1.0;
        while periods <= full {
            left += mass * (level - d * periods);
            mass = if periods == 1.0 { a * b / (a + b) } else { mass * stay };
            periods += 1.0;
        }
        // E[dT − S] = E[(dT−S)⁺] − E[(S−dT)⁺], with E[T] = 1 + a/((a+b)·b).
        let mean = d * (1.0 + a / ((a + b) * b));
        let short = (mean - level + left).max(0.0);
        Ok(QuantityCost { quantity: level, cost: h * left + p * short })
    }
}

/// Mean and deviation of what arrives on top of, or as a share of, what was ordered (产出不确定).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Yield {
    /// Arrives: ordered + `Y`.
    Additive {
        /// Mean of `Y`, may be negative.
        mean: f64,
        /// Its deviation.
        sd: f64,
    },
    /// Arrives: ordered × `Y`.
    Multiplicative {
        /// Mean of `Y`.
        mean: f64,
        /// Its deviation.
        sd: f64,
    },
}

/// EOQ with an uncertain yield: `√(2Kd/h + σ²) − μ`, or `√(2Kd/(h(σ²+μ²)))`.
///
/// # Errors
///
/// - [`ModelError::NotFinite`], [`ModelError::Negative`], [`ModelError::NotPositive`], [`ModelError::OutOfRange`].
///
/// # Source
///
/// Snyder and Shen, §9.4.
pub fn eoq_yield(lot: &LotCosts, yields: &Yield) -> Result<QuantityCost, ModelError> {
    lot.check()?;
    let base = 2.0 * lot.fixed * lot.demand / lot.holding;
    let quantity = match *yields {
        Yield::Additive { mean, sd } => {
            signed("yield mean", mean)?;
            not_negative("yield deviation", sd)?;
            (base + sd * sd).sqrt() - mean
        }
        Yield::Multiplicative { mean, sd } => {
            positive("yield mean", mean)?;
            not_negative("yield deviation", sd)?;
            (base / (sd * sd + mean * mean)).sqrt()
        }
    };
    eoq_yield_cost_of(lot, yields, quantity)
}

/// Expected cost of a quantity under an uncertain yield, per unit of time.
///
/// # Errors
///
/// - As [`eoq_yield`]; the mean that arrives is more than zero.
///
/// # Source
///
/// Snyder and Shen, §9.4.
pub fn eoq_yield_cost_of(lot: &LotCosts, yields: &Yield, quantity: f64) -> Result<QuantityCost, ModelError> {
    lot.check()?;
    signed("order quantity", quantity)?;
    let (mean, square) = match *yields {
        Yield::Additive { mean, sd } => {
            signed("yield mean", mean)?;
            not_negative("yield deviation", sd)?;
            (quantity + mean, (quantity + mean) * (quantity + mean) + sd * sd)
        }
        Yield::Multiplicative { mean, sd } => {
            positive("yield mean", mean)?;
            not_negative("yield deviation", sd)?;
            (quantity * mean, quantity * quantity * (mean * mean + sd * sd))
        }
    };
    positive("mean that arrives", mean)?;
    Ok(QuantityCost { quantity, cost: lot.fixed * lot.demand / mean + lot.holding * square / (2.0 * mean) })
}

/// Newsvendor of a known demand with an additive yield `Y`: `S = d − F_Y⁻¹(h/(h+p))`.
///
/// # Errors
///
/// - [`ModelError::NotFinite`], [`ModelError::NotPositive`].
///
/// # Source
///
/// Snyder and Shen, §9.4.
pub fn newsvendor_yield(
    costs: &UnitCosts,
    demand: f64,
    yields: &Distribution,
) -> Result<QuantityCost, ModelError> {
    positive("demand", demand)?;
    let level = demand - yields.level_for(costs.critical_tail(), costs.critical_ratio());
    newsvendor_yield_cost_of(costs, demand, yields, level)
}

/// Expected cost of an order under an additive yield: `h·E[(Y − (d−S))⁺] + p·E[((d−S) − Y)⁺]`.
///
/// # Errors
///
/// - As [`newsvendor_yield`]; [`ModelError::NotAnInteger`] where the yield comes in whole pieces.
///
/// # Source
///
/// Snyder and Shen, §9.4.
pub fn newsvendor_yield_cost_of(
    costs: &UnitCosts,
    demand: f64,
    yields: &Distribution,
    level: f64,
) -> Result<QuantityCost, ModelError> {
    positive("demand", demand)?;
    signed("level", level)?;
    let losses = yields.loss(demand - level)?;
    Ok(QuantityCost {
        quantity: level,
        cost: costs.holding() * losses.shortage + costs.shortage() * losses.excess,
    })
}
