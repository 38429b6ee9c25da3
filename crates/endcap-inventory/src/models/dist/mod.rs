//! Demand distributions (需求分布): checked parameters, moments, tails, quantiles and losses.
//!
//! Time is the caller's: a distribution describes one period, and [`Distribution::over`] adds periods up.
#![allow(clippy::float_arithmetic, reason = "a statistics module: probabilities are f64")]

mod continuous;
mod counting;
mod pmf;
pub(crate) mod tails;

pub use pmf::Pmf;

use super::ModelError;
use super::num::{float, integer, open_fraction, positive, signed};
pub(crate) use counting::Counting;

/// Largest deviation of a counting distribution, in pieces: its tails are summed piece by piece.
const MAX_COUNT_DEVIATION: f64 = 1e6;

/// Demand of one period (需求分布), in pieces.
///
/// # Examples
///
/// ```
/// use endcap_inventory::models::Distribution;
/// let demand = Distribution::poisson(6.0)?;
/// assert_eq!(demand.quantile(0.8)?, 8.0);
/// let losses = demand.loss(8.0)?;
/// assert!((losses.shortage - 0.314_021_389_154_187_5).abs() < 1e-12);
/// # Ok::<(), endcap_inventory::models::ModelError>(())
/// ```
///
/// # Source
///
/// Textbook definitions of each family.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution {
    pub(crate) kind: Kind,
}

/// The families.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    Normal { mean: f64, sd: f64 },
    Exponential { rate: f64 },
    Uniform { low: f64, high: f64 },
    Gamma { shape: f64, scale: f64 },
    Lognormal { mu: f64, sigma: f64 },
    Counting(Counting),
    Pmf(Pmf),
}

/// Where a geometric count starts (几何分布起点).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GeometricStart {
    /// Trials up to and with the first success: 1, 2, ….
    One,
    /// Failures before it: 0, 1, ….
    Zero,
}

/// Expected shortage and excess of a level (损失函数), in pieces or pieces².
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Losses {
    /// Loss `n`: what is asked for above the level.
    pub shortage: f64,
    /// Complementary loss `n̄`: what is left below it.
    pub excess: f64,
}

impl Distribution {
    /// Normal demand (正态) with a mean and a deviation of zero or more, in pieces.
    ///
    /// # Errors
    ///
    /// - [`ModelError::NotFinite`], [`ModelError::Negative`], [`ModelError::OutOfRange`].
    pub fn normal(mean: f64, sd: f64) -> Result<Self, ModelError> {
        signed("mean", mean)?;
        super::num::not_negative("deviation", sd)?;
        Ok(Self { kind: Kind::Normal { mean, sd } })
    }
    /// Exponential demand with mean `1/rate`.
    ///
    /// # Errors
    ///
    /// - [`ModelError::NotFinite`], [`ModelError::NotPositive`], [`ModelError::OutOfRange`].
    pub fn exponential(rate: f64) -> Result<Self, ModelError> {
        positive("rate", rate)?;
        Ok(Self { kind: Kind::Exponential { rate } })
    }
    /// Uniform demand between two levels.
    ///
    /// # Errors
    ///
    /// - [`ModelError::NotFinite`], [`ModelError::OutOfRange`] unless `low < high`.
    pub fn uniform(low: f64, high: f64) -> Result<Self, ModelError> {
        signed("low end", low)?;
        signed("high end", high)?;
        if low >= high {
            return Err(ModelError::OutOfRange { what: "high end", value: high, range: "above the low end" });
        }
        Ok(Self { kind: Kind::Uniform { low, high } })
    }
    /// Gamma demand with mean `shape·scale`.
    ///
    /// # Errors
    ///
    /// - [`ModelError::NotFinite`], [`ModelError::NotPositive`], [`ModelError::OutOfRange`].
    pub fn gamma(shape: f64, scale: f64) -> Result<Self, ModelError> {
        positive("shape", shape)?;
        positive("scale", scale)?;
        Ok(Self { kind: Kind::Gamma { shape, scale } })
    }
    /// Lognormal demand: its logarithm is normal with mean `mu` and deviation `sigma`.
    ///
    /// # Errors
    ///
    /// - [`ModelError::NotFinite`], [`ModelError::NotPositive`], [`ModelError::OutOfRange`] for a mean above 1e12.
    pub fn lognormal(mu: f64, sigma: f64) -> Result<Self, ModelError> {
        signed("mu", mu)?;
        positive("sigma", sigma)?;
        let mean = (mu + sigma * sigma / 2.0).exp();
        if mean > crate::limits::MAX_STATISTIC || sigma > 10.0 {
            return Err(ModelError::OutOfRange {
                what: "mean",
                value: mean,
                range: "at most 1e12, sigma at most 10",
            });
        }
        Ok(Self { kind: Kind::Lognormal { mu, sigma } })
    }
    /// Poisson demand (泊松) with a mean of zero or more; a mean of zero never sells.
    ///
    /// # Errors
    ///
    /// - [`ModelError::NotFinite`], [`ModelError::Negative`], [`ModelError::OutOfRange`] for a deviation above 1e6.
    pub fn poisson(mean: f64) -> Result<Self, ModelError> {
        super::num::not_negative("mean", mean)?;
        Self::counting(Counting::Poisson { mean })
    }
    /// Negative binomial demand (负二项): failures before the `r`-th success of probability `p`; mean `r(1−p)/p`.
    ///
    /// # Errors
    ///
    /// - [`ModelError::NotFinite`], [`ModelError::NotPositive`], [`ModelError::OutOfRange`].
    pub fn negative_binomial(r: f64, p: f64) -> Result<Self, ModelError> {
        positive("r", r)?;
        open_fraction("p", p)?;
        Self::counting(Counting::NegativeBinomial { r, p })
    }
    /// Negative binomial demand by mean and variance.
    ///
    /// # Errors
    ///
    /// - [`ModelError::MeanNotBelowVariance`]; else as [`Distribution::negative_binomial`].
    pub fn negative_binomial_moments(mean: f64, variance: f64) -> Result<Self, ModelError> {
        positive("mean", mean)?;
        positive("variance", variance)?;
        if mean >= variance {
            return Err(ModelError::MeanNotBelowVariance { mean, variance });
        }
        Self::negative_binomial(mean * mean / (variance - mean), mean / variance)
    }
    /// Geometric demand with success probability `p`.
    ///
    /// # Errors
    ///
    /// - [`ModelError::NotFinite`], [`ModelError::OutOfRange`] unless `0 < p < 1`.
    pub fn geometric(p: f64, start: GeometricStart) -> Result<Self, ModelError> {
        open_fraction("p", p)?;
        Self::counting(Counting::Geometric { p, first: i64::from(start == GeometricStart::One) })
    }
    /// Demand given by its probabilities.
    #[must_use]
    pub const fn pmf(pmf: Pmf) -> Self {
        Self { kind: Kind::Pmf(pmf) }
    }

    fn counting(counting: Counting) -> Result<Self, ModelError> {
        let deviation = counting.variance().sqrt();
        if deviation > MAX_COUNT_DEVIATION {
            return Err(ModelError::OutOfRange {
                what: "deviation",
                value: deviation,
                range: "at most 1e6 for counts",
            });
        }
        Ok(Self { kind: Kind::Counting(counting) })
    }

    /// Mean, in pieces.
    #[must_use]
    pub fn mean(&self) -> f64 {
        match &self.kind {
            Kind::Normal { mean, .. } => *mean,
            Kind::Exponential { rate } => 1.0 / rate,
            Kind::Uniform { low, high } => 0.5 * (low + high),
            Kind::Gamma { shape, scale } => shape * scale,
            Kind::Lognormal { mu, sigma } => (mu + sigma * sigma / 2.0).exp(),
            Kind::Counting(counting) => counting.mean(),
            Kind::Pmf(pmf) => pmf.mean(),
        }
    }
    /// Variance, in pieces².
    #[must_use]
    pub fn variance(&self) -> f64 {
        match &self.kind {
            Kind::Normal { sd, .. } => sd * sd,
            Kind::Exponential { rate } => 1.0 / (rate * rate),
            Kind::Uniform { low, high } => (high - low) * (high - low) / 12.0,
            Kind::Gamma { shape, scale } => shape * scale * scale,
            Kind::Lognormal { mu, sigma } => {
                let s = sigma * sigma;
                libm::expm1(s) * (2.0 * mu + s).exp()
            }
            Kind::Counting(counting) => counting.variance(),
            Kind::Pmf(pmf) => pmf.variance(),
        }
    }
    /// Whether demand comes in whole pieces.
    #[must_use]
    pub const fn is_counting(&self) -> bool {
        matches!(self.kind, Kind::Counting(_) | Kind::Pmf(_))
    }
    /// Share of a normal demand below zero, `Φ(−mean/sd)`: above 1e-3 the normal form is doubtful (截断提示).
    #[must_use]
    pub fn mass_below_zero(&self) -> f64 {
        match self.kind {
            Kind::Normal { mean, sd } if sd > 0.0 => tails::normal_upper(mean / sd),
            _ => 0.0,
        }
    }
    /// Probability of exactly `k` pieces; zero for continuous demand.
    #[must_use]
    pub fn mass(&self, k: i64) -> f64 {
        match &self.kind {
            Kind::Counting(counting) => counting.mass(k),
            Kind::Pmf(pmf) => pmf.mass(k),
            _ => 0.0,
        }
    }
    /// Probability of at most `x` (累积概率).
    #[must_use]
    pub fn cdf(&self, x: f64) -> f64 {
        self.tails(x).0
    }
    /// Probability of more than `x`, to relative accuracy (上尾概率).
    #[must_use]
    pub fn upper_tail(&self, x: f64) -> f64 {
        self.tails(x).1
    }
    fn tails(&self, x: f64) -> (f64, f64) {
        if x.is_nan() {
            return (x, x);
        }
        match &self.kind {
            Kind::Counting(counting) => counting.tails(super::num::whole(x.floor())),
            Kind::Pmf(pmf) => pmf.tails(super::num::whole(x.floor())),
            kind => continuous::tails(kind, x),
        }
    }
    /// The least level that meets demand with probability `q` (分位数), in pieces.
    ///
    /// For counts a cumulative probability within a relative 1e-12 of `q` qualifies.
    ///
    /// # Errors
    ///
    /// - [`ModelError::NotFinite`], [`ModelError::OutOfRange`] unless `0 < q < 1`.
    pub fn quantile(&self, q: f64) -> Result<f64, ModelError> {
        open_fraction("probability", q)?;
        Ok(self.level_for(q, 1.0 - q))
    }
    /// The quantile from both probabilities, so that a small tail keeps its digits.
    pub(crate) fn level_for(&self, q: f64, tail: f64) -> f64 {
        match &self.kind {
            Kind::Counting(counting) => float(counting.quantile(q, tail)),
            Kind::Pmf(pmf) => float(pmf.quantile(q)),
            kind => continuous::quantile(kind, q, tail),
        }
    }
    /// First loss (损失函数): `n(x) = E[(D−x)⁺]`, `n̄(x) = E[(x−D)⁺]`, in pieces; linear outside the support.
    ///
    /// # Errors
    ///
    /// - [`ModelError::NotFinite`]; [`ModelError::NotAnInteger`] for counts.
    ///
    /// # Source
    ///
    /// Zipkin 2000, Foundations of Inventory Management, appendix C; each tail is summed from its lighter side.
    pub fn loss(&self, x: f64) -> Result<Losses, ModelError> {
        signed("level", x)?;
        Ok(match &self.kind {
            Kind::Counting(counting) => counting.loss(integer("level", x)?).0,
            Kind::Pmf(pmf) => pmf.losses(integer("level", x)?).0,
            kind => continuous::first(kind, x),
        })
    }
    /// Second loss: `½E[((D−x)⁺)²]` for continuous demand, `½E[(D−x)⁺(D−x−1)⁺]` for counts, in pieces².
    ///
    /// # Errors
    ///
    /// - As [`Distribution::loss`].
    ///
    /// # Source
    ///
    /// Zipkin 2000, appendix C; the complementary form for counts is `½E[(x−D)⁺(x−D+1)⁺]`.
    pub fn second_loss(&self, x: f64) -> Result<Losses, ModelError> {
        signed("level", x)?;
        Ok(match &self.kind {
            Kind::Counting(counting) => counting.loss(integer("level", x)?).1,
            Kind::Pmf(pmf) => pmf.losses(integer("level", x)?).1,
            kind => continuous::second(kind, x),
        })
    }
    /// First loss inside the support only.
    ///
    /// # Errors
    ///
    /// - [`ModelError::OutsideSupport`]; else as [`Distribution::loss`].
    pub fn strict_loss(&self, x: f64) -> Result<Losses, ModelError> {
        self.inside(x)?;
        self.loss(x)
    }
    /// Second loss inside the support only.
    ///
    /// # Errors
    ///
    /// - [`ModelError::OutsideSupport`]; else as [`Distribution::second_loss`].
    pub fn strict_second_loss(&self, x: f64) -> Result<Losses, ModelError> {
        self.inside(x)?;
        self.second_loss(x)
    }
    fn inside(&self, x: f64) -> Result<(), ModelError> {
        let inside = match &self.kind {
            Kind::Exponential { .. } => x >= 0.0,
            Kind::Gamma { .. } | Kind::Lognormal { .. } => x > 0.0,
            Kind::Uniform { low, high } => (*low..=*high).contains(&x),
            Kind::Counting(Counting::Geometric { first, .. }) => x >= float(*first),
            Kind::Counting(_) => x >= 0.0,
            Kind::Normal { .. } | Kind::Pmf(_) => true,
        };
        if inside { Ok(()) } else { Err(ModelError::OutsideSupport { x }) }
    }
    /// Demand of `periods` independent periods (累加期间), zero or more; pmf and uniform demand take whole numbers.
    ///
    /// # Errors
    ///
    /// - [`ModelError::Negative`], [`ModelError::NotAnInteger`], [`ModelError::TooLarge`].
    /// - [`ModelError::NoSolution`] for lognormal and uniform demand over anything but one period.
    pub fn over(&self, periods: f64) -> Result<Self, ModelError> {
        super::num::not_negative("periods", periods)?;
        if periods == 1.0 {
            return Ok(self.clone());
        }
        if periods == 0.0 {
            return Self::normal(0.0, 0.0)
                .and_then(|none| if self.is_counting() { Self::poisson(0.0) } else { Ok(none) });
        }
        match &self.kind {
            Kind::Normal { mean, sd } => Self::normal(mean * periods, sd * periods.sqrt()),
            Kind::Exponential { rate } => Self::gamma(periods, 1.0 / rate),
            Kind::Gamma { shape, scale } => Self::gamma(shape * periods, *scale),
            Kind::Counting(Counting::Poisson { mean }) => Self::poisson(mean * periods),
            Kind::Counting(Counting::NegativeBinomial { r, p }) => Self::negative_binomial(r * periods, *p),
            Kind::Counting(Counting::Geometric { p, first: 0 }) => Self::negative_binomial(periods, *p),
            Kind::Pmf(pmf) => Ok(Self::pmf(pmf.power(integer("periods", periods)?)?)),
            _ => Err(ModelError::NoSolution { why: "this family has no closed sum of periods" }),
        }
    }
    /// Masses of 0, 1, … `entries − 1` pieces.
    ///
    /// # Errors
    ///
    /// - [`ModelError::NoSolution`] for continuous demand, or masses below zero.
    pub fn masses(&self, entries: usize) -> Result<Vec<f64>, ModelError> {
        match &self.kind {
            Kind::Counting(counting) => Ok(counting.masses(entries)),
            Kind::Pmf(pmf) => pmf.masses(entries),
            _ => Err(ModelError::NoSolution { why: "continuous demand has no masses" }),
        }
    }
}
