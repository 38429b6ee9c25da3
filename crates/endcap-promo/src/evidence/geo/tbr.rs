//! Time-based regression: what the treated group would have sold, read from the control group.

use super::super::EvidenceError;
use super::super::effect::Effect;
use super::super::linalg::{Design, check_finite, check_length, mean, sum};
use super::super::regression::diagnostics::breusch_godfrey;
use super::super::regression::{Covariance, FirstOrder, Ols, SampleFactor, SumVariance};
use crate::border::count;

/// Fewest periods before the event.
const MIN_PERIODS: usize = 4;

/// How the noise of the periods is taken (残差结构).
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Noise {
    /// Independent from period to period.
    Independent,
    /// Correlated up to `lags` periods; the wider of the two variances is reported.
    Correlated {
        /// Lags of the Bartlett kernel.
        lags: usize,
    },
    /// [`Self::FirstOrder`] when Breusch–Godfrey with that many lags rejects at 5 %, else independent.
    Tested {
        /// Lags of the test.
        lags: usize,
    },
    /// Every period remembers the one before: the variance of the whole window, line included, under the correlation the
    /// periods before the event show, with its own degrees of freedom. The window follows the history without a gap.
    FirstOrder,
}

/// A regression of the treated group on the control group before the event (基于时间的回归).
///
/// `y_t = α + β·x_t + ε_t`; the effect of `T` periods is `Σ(y_t − α̂ − β̂x_t)` with variance
/// `T²·(σ̂²/n + (x̄_T − x̄)²σ̂²/S_xx) + T·σ̂²` and `n − 2` degrees of freedom.
///
/// # Examples
///
/// ```
/// use endcap_promo::evidence::geo::Tbr;
/// let control = [100.0, 110.0, 90.0, 105.0, 95.0, 102.0];
/// let treated = [201.0, 219.0, 181.0, 210.0, 189.0, 204.0];
/// let fit = Tbr::fit(&control, &treated)?;
/// let effect = fit.effect(&[100.0, 104.0], &[250.0, 258.0])?;
/// assert!((effect.point - 100.1974).abs() < 1e-3);
/// # Ok::<(), endcap_promo::evidence::EvidenceError>(())
/// ```
///
/// # Source
///
/// Kerman, Wang & Vaver (2017), "Estimating Ad Effectiveness using Geo Experiments in a Time-Based Regression
/// Framework", in closed form instead of posterior draws.
#[derive(Debug, Clone, PartialEq)]
pub struct Tbr {
    /// `β̂`.
    pub slope: f64,
    /// `α̂`.
    pub intercept: f64,
    /// `σ̂² = rss/(n − 2)`.
    pub residual_variance: f64,
    /// `n − 2`.
    pub df: usize,
    mean_control: f64,
    spread_control: f64,
    control: Vec<f64>,
    treated: Vec<f64>,
}

impl Tbr {
    /// Fits the periods before the event; `control[t]` and `treated[t]` are totals of the groups.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::Shape`], [`EvidenceError::NotFinite`].
    /// - [`EvidenceError::TooFew`] for fewer than four periods.
    /// - [`EvidenceError::Constant`] for a control group that never varies.
    pub fn fit(control: &[f64], treated: &[f64]) -> Result<Self, EvidenceError> {
        check_length("treated group", treated.len(), control.len())?;
        check_finite("control group", control)?;
        check_finite("treated group", treated)?;
        if control.len() < MIN_PERIODS {
            return Err(EvidenceError::TooFew {
                what: "periods before the event",
                have: control.len(),
                need: MIN_PERIODS,
            });
        }
        let (mean_control, mean_treated) = (mean(control), mean(treated));
        let products = |f: &dyn Fn(f64, f64) -> f64| {
            let terms: Vec<f64> =
                control.iter().zip(treated).map(|(x, y)| f(x - mean_control, y - mean_treated)).collect();
            sum(&terms)
        };
        let spread_control = products(&|x, _| x * x);
        if spread_control <= 1e-24 * mean_control * mean_control * count(control.len()) {
            return Err(EvidenceError::Constant { what: "control group" });
        }
        let slope = products(&|x, y| x * y) / spread_control;
        let intercept = mean_treated - slope * mean_control;
        let rss = products(&|x, y| (y - slope * x) * (y - slope * x));
        let df = control.len().saturating_sub(2);
        Ok(Self {
            slope,
            intercept,
            residual_variance: rss / count(df),
            df,
            mean_control,
            spread_control,
            control: control.to_vec(),
            treated: treated.to_vec(),
        })
    }

    /// What the treated group is expected to sell in one period.
    #[must_use]
    pub fn expected(&self, control: f64) -> f64 {
        self.intercept + self.slope * control
    }

    /// Standard deviation of one new period around its expectation.
    #[must_use]
    pub fn prediction_deviation(&self, control: f64) -> f64 {
        let away = control - self.mean_control;
        let own = 1.0 / count(self.control.len()) + away * away / self.spread_control;
        (self.residual_variance * (1.0 + own)).sqrt()
    }

    /// The cumulative effect of a window, periods independent.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::Shape`], [`EvidenceError::NotFinite`]; [`EvidenceError::TooFew`] for an empty window.
    pub fn effect(&self, control: &[f64], treated: &[f64]) -> Result<Effect, EvidenceError> {
        self.effect_with(control, treated, Noise::Independent)
    }

    /// The cumulative effect of a window under a model of the noise.
    ///
    /// # Errors
    ///
    /// - As [`Self::effect`], [`Ols::covariance`] and [`breusch_godfrey`].
    pub fn effect_with(
        &self,
        control: &[f64],
        treated: &[f64],
        noise: Noise,
    ) -> Result<Effect, EvidenceError> {
        check_length("treated group", treated.len(), control.len())?;
        check_finite("control group", control)?;
        check_finite("treated group", treated)?;
        if control.is_empty() {
            return Err(EvidenceError::TooFew { what: "periods of the event", have: 0, need: 1 });
        }
        let periods = count(control.len());
        let misses: Vec<f64> = control.iter().zip(treated).map(|(x, y)| y - self.expected(*x)).collect();
        let point = sum(&misses);
        let away = mean(control) - self.mean_control;
        let line = 1.0 / count(self.control.len()) + away * away / self.spread_control;
        let mut variance = self.residual_variance * (periods * periods * line + periods);
        let mut df = count(self.df);
        let remembers = match noise {
            Noise::Independent | Noise::Correlated { .. } => false,
            Noise::Tested { lags } => self.correlated(lags)?,
            Noise::FirstOrder => true,
        };
        if let Noise::Correlated { lags } = noise {
            variance = variance.max(self.correlated_variance(control, lags)?);
        }
        if remembers {
            let found = self.remembered(control)?;
            (variance, df) = (found.variance, found.df.min(df));
        }
        Ok(Effect { point, standard_error: variance.sqrt(), df, base: sum(treated) - point })
    }

    /// The effect cumulated up to every period of a window (累计路径).
    ///
    /// # Errors
    ///
    /// - As [`Self::effect`].
    pub fn path(&self, control: &[f64], treated: &[f64]) -> Result<Vec<Effect>, EvidenceError> {
        check_length("treated group", treated.len(), control.len())?;
        (1..=control.len())
            .map(|end| {
                self.effect(control.get(..end).unwrap_or(control), treated.get(..end).unwrap_or(treated))
            })
            .collect()
    }

    fn design(&self) -> Result<Design, EvidenceError> {
        let centred: Vec<f64> = self.control.iter().map(|x| x - self.mean_control).collect();
        Design::new(self.control.len())?.constant("level")?.with("control", &centred)
    }

    fn correlated(&self, lags: usize) -> Result<bool, EvidenceError> {
        let design = self.design()?;
        let fit = Ols::fit(&design, &self.treated)?;
        Ok(fit.rss() > 0.0 && breusch_godfrey(&fit, lags)?.p < 0.05)
    }

    /// The effect is a weighted sum of all periods: 1 for those of the event, the line's own weights before.
    fn remembered(&self, control: &[f64]) -> Result<SumVariance, EvidenceError> {
        let design = self.design()?;
        let fit = Ols::fit(&design, &self.treated)?;
        let away = sum(control) - count(control.len()) * self.mean_control;
        let line = fit.row_weights(&[count(control.len()), away])?;
        let weights: Vec<f64> = line.into_iter().map(|w| -w).chain(control.iter().map(|_| 1.0)).collect();
        Ok(FirstOrder::fit(&fit)?.sum(&weights))
    }

    /// `T²·c'V_NW c` of the line plus the Bartlett-weighted autocovariances of the window's own noise.
    fn correlated_variance(&self, control: &[f64], lags: usize) -> Result<f64, EvidenceError> {
        let design = self.design()?;
        let fit = Ols::fit(&design, &self.treated)?;
        let covariance = fit.covariance(Covariance::NeweyWest { lags, factor: SampleFactor::SmallSample })?;
        let periods = count(control.len());
        let (_, line) = fit.contrast(&[1.0, mean(control) - self.mean_control], &covariance)?;
        let e = fit.residuals();
        let mut own = periods * self.residual_variance;
        for lag in 1..=lags.min(control.len().saturating_sub(1)) {
            let weight = 1.0 - count(lag) / (count(lags) + 1.0);
            let products: f64 = e.iter().zip(e.iter().skip(lag)).map(|(a, b)| a * b).sum();
            own += 2.0 * (periods - count(lag)) * weight * products / count(self.df);
        }
        Ok(periods * periods * line + own.max(0.0))
    }
}
