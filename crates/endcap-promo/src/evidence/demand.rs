//! What price, display and feature do at one account: the log-log demand model.

use super::linalg::{Design, Square, check_finite, check_length, dot};
use super::panel::Coefficient;
use super::regression::{Covariance, Ols, SampleFactor};
use super::shrink::Account;
use super::{EvidenceError, Inestimable};

/// Weeks of one account (客户周数据); every slice has one entry a week, in order of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AccountWeeks<'a> {
    /// Units sold, above zero.
    pub volume: &'a [f64],
    /// Shelf price, above zero.
    pub price: &'a [f64],
    /// Share of the account's volume on display, 0 to 1.
    pub display: &'a [f64],
    /// Share of the account's volume in the flyer, 0 to 1; empty when not recorded.
    pub feature: &'a [f64],
}

/// Order of the effects: intercept, display, log price, feature.
pub const EFFECTS: [&str; 4] = ["intercept", "display", "log_price", "feature"];

/// One effect with its standard errors, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct DemandEffect {
    /// Name, one of [`EFFECTS`].
    pub name: &'static str,
    /// The estimate under equal scatter, or why it is not estimable.
    pub estimate: Coefficient,
    /// Newey–West standard error; absent with the estimate.
    pub robust_error: Option<f64>,
}

/// Demand of one account (客户需求模型): `ln volume = a + γ·display + β·ln price + δ·feature + ε`.
///
/// `β` is the own-price elasticity, expected below zero; `exp(γ) − 1` the lift of full display.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountDemand {
    /// Effects in the order of [`EFFECTS`], feature only when recorded.
    pub effects: Vec<DemandEffect>,
    /// Weeks.
    pub weeks: usize,
    /// Residual sum of squares, in squared logarithms.
    pub rss: f64,
    /// Residual degrees of freedom.
    pub df: usize,
    /// What the account's data say, for shrinkage; places as in [`EFFECTS`].
    pub evidence: Account,
}

impl AccountDemand {
    /// Fits the model; an effect the weeks cannot separate is reported as not estimable, and the others are fitted
    /// without it.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::Shape`]; [`EvidenceError::NotPositive`] for a volume or price that has no logarithm.
    /// - [`EvidenceError::TooFew`] with no more weeks than effects.
    /// - [`EvidenceError::Constant`] when the fit leaves no residual.
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_promo::evidence::demand::{AccountDemand, AccountWeeks};
    /// let price = [2.0, 1.8, 2.0, 1.5, 2.1, 1.9, 1.6, 2.0];
    /// let volume = [100.0, 124.0, 101.0, 178.0, 90.0, 112.0, 155.0, 99.0];
    /// let weeks = AccountWeeks { volume: &volume, price: &price, display: &[0.0; 8], feature: &[] };
    /// let demand = AccountDemand::fit(&weeks, 2)?;
    /// assert!(demand.effect("log_price").unwrap().estimate.value().unwrap() < -1.5);
    /// assert!(demand.effect("display").unwrap().estimate.value().is_none()); // never on display: not estimable
    /// # Ok::<(), endcap_promo::evidence::EvidenceError>(())
    /// ```
    ///
    /// # Source
    ///
    /// Boatwright, McCulloch & Rossi (1999), equation 1; standard errors by Newey & West (1987).
    pub fn fit(weeks: &AccountWeeks<'_>, lags: usize) -> Result<Self, EvidenceError> {
        let n = weeks.volume.len();
        let logs = |what: &'static str, values: &[f64]| -> Result<Vec<f64>, EvidenceError> {
            check_length(what, values.len(), n)?;
            match values.iter().enumerate().find(|(_, v)| v.is_nan() || **v <= 0.0) {
                Some((at, value)) => Err(EvidenceError::NotPositive { what, at, value: *value }),
                None => Ok(values.iter().map(|v| libm::log(*v)).collect()),
            }
        };
        let volume = logs("volume", weeks.volume)?;
        let price = logs("price", weeks.price)?;
        let mut columns = vec![vec![1.0; n], weeks.display.to_vec(), price];
        if !weeks.feature.is_empty() {
            columns.push(weeks.feature.to_vec());
        }
        let mut refused: [Option<Inestimable>; 4] = [None; 4];
        loop {
            let mut design = Design::new(n)?;
            let mut places = Vec::new();
            for (place, (name, column)) in EFFECTS.iter().zip(&columns).enumerate() {
                if refused.get(place).copied().flatten().is_none() {
                    design = design.with(name, column)?;
                    places.push(place);
                }
            }
            let fit = match Ols::fit(&design, &volume) {
                Ok(fit) => fit,
                Err(EvidenceError::NotEstimable { column, why }) => {
                    let place = EFFECTS.iter().position(|name| *name == column);
                    match place.and_then(|at| refused.get_mut(at)) {
                        Some(slot) => *slot = Some(why),
                        None => return Err(EvidenceError::NotEstimable { column, why }),
                    }
                    continue;
                }
                Err(error) => return Err(error),
            };
            let classical = fit.standard_errors(Covariance::Classical)?;
            let robust = fit.standard_errors(Covariance::NeweyWest { lags, factor: SampleFactor::None })?;
            let mut found = fit.coefficients().iter().zip(classical).zip(robust);
            let effects = EFFECTS
                .iter()
                .zip(&refused)
                .take(columns.len())
                .filter_map(|(name, refused)| match refused {
                    Some(why) => Some(DemandEffect {
                        name,
                        estimate: Coefficient::NotEstimable(*why),
                        robust_error: None,
                    }),
                    None => found.next().map(|((value, standard_error), robust)| DemandEffect {
                        name,
                        estimate: Coefficient::Estimated { value: *value, standard_error },
                        robust_error: Some(robust),
                    }),
                })
                .collect();
            let evidence = Account::from_fit(&fit, &places, columns.len())?;
            return Ok(Self { effects, weeks: n, rss: fit.rss(), df: fit.df(), evidence });
        }
    }

    /// What the account's data say when a week counts half as much every `half_life` weeks into the past (近期加权), with
    /// the residual variance of the plain fit: for forecasts where effects drift.
    ///
    /// Choose the half-life on weeks of the past that are held out, never on the weeks to be forecast.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::Parameter`] for a half-life that is not above zero; [`EvidenceError::Shape`],
    ///   [`EvidenceError::NotPositive`] for weeks that are not those of the fit.
    ///
    /// # Source
    ///
    /// Discounted least squares: Brown (1963), Smoothing, Forecasting and Prediction, chapter 9.
    pub fn recent_evidence(
        &self,
        weeks: &AccountWeeks<'_>,
        half_life: f64,
    ) -> Result<Account, EvidenceError> {
        if half_life.is_nan() || half_life <= 0.0 {
            let value = half_life.to_string();
            return Err(EvidenceError::Parameter { parameter: "half_life", value, expected: "above 0" });
        }
        check_length("weeks", weeks.volume.len(), self.weeks)?;
        let logs = |values: &[f64]| -> Vec<f64> { values.iter().map(|v| libm::log(*v)).collect() };
        let columns =
            [vec![1.0; self.weeks], weeks.display.to_vec(), logs(weeks.price), weeks.feature.to_vec()];
        let volume = logs(weeks.volume);
        let variance = self.rss / crate::border::count(self.df);
        // Square roots of the weights, the newest week first.
        let roots: Vec<f64> = (0..self.weeks)
            .rev()
            .map(|age| libm::exp2(-0.5 * crate::border::count(age) / half_life) / variance.sqrt())
            .collect();
        let weighed =
            |values: &[f64]| -> Vec<f64> { values.iter().zip(&roots).map(|(v, w)| v * w).collect() };
        let known = |place: usize| {
            self.effects
                .get(place)
                .is_some_and(|effect| matches!(effect.estimate, Coefficient::Estimated { .. }))
        };
        let columns: Vec<Vec<f64>> = columns
            .iter()
            .take(self.effects.len())
            .enumerate()
            .map(|(place, column)| if known(place) { weighed(column) } else { vec![0.0; self.weeks] })
            .collect();
        let at = |i: usize| columns.get(i).map_or(&[][..], Vec::as_slice);
        let volume = weighed(&volume);
        let score: Vec<f64> = columns.iter().map(|column| dot(column, &volume)).collect();
        check_finite("weighted logarithms", &score)?;
        Ok(Account { precision: Square::symmetric(columns.len(), |i, j| dot(at(i), at(j))), score })
    }

    /// An effect by name.
    #[must_use]
    pub fn effect(&self, name: &str) -> Option<&DemandEffect> {
        self.effects.iter().find(|effect| effect.name == name)
    }
}

/// Lift of a price cut with or without support (预计提升率): `exp(β·ln(1 − cut) + Σγ) − 1`; the retransformation factor
/// cancels in a ratio.
///
/// # Errors
///
/// - [`EvidenceError::Parameter`] for a cut outside 0 to below 1.
///
/// # Examples
///
/// ```
/// let lift = endcap_promo::evidence::demand::expected_lift(-2.774_154_358_6, 0.2, 0.0)?;
/// assert!((lift - 0.857_134_401_7).abs() < 1e-9);
/// # Ok::<(), endcap_promo::evidence::EvidenceError>(())
/// ```
///
/// # Source
///
/// Wittink et al. (1988), deal multipliers.
pub fn expected_lift(elasticity: f64, cut: f64, support: f64) -> Result<f64, EvidenceError> {
    if !(0.0..1.0).contains(&cut) {
        return Err(EvidenceError::Parameter {
            parameter: "cut",
            value: cut.to_string(),
            expected: "0 to below 1",
        });
    }
    Ok(libm::exp(elasticity * libm::log1p(-cut) + support) - 1.0)
}
