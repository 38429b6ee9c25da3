//! Before a geo experiment: what it could see, and what it must spend to price its own effect.

use super::super::EvidenceError;
use super::super::distribution::{bisect, check_probability, noncentral_t_cdf, student_quantile};
use super::super::linalg::{check_length, mean, sum};
use super::Tbr;
use crate::border::count;

/// Fewest windows that say how noisy a window is.
const MIN_WINDOWS: usize = 4;

/// What the same regression finds in past windows of the planned length, in which nothing happened (实验设计).
///
/// # Source
///
/// Kerman, Wang & Vaver (2017), "Estimating Ad Effectiveness using Geo Experiments in a Time-Based Regression Framework",
/// section 5 on design; the empirical spread in place of the model's own error is a house rule.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct GeoDesign {
    /// Root mean square of the placebo effects, cumulative over the window, and never below the model's own error.
    pub standard_error: f64,
    /// Degrees of freedom: the number of windows.
    pub df: f64,
    /// What the treated group sells in a window without an event: mean over the windows.
    pub base: f64,
    /// The model's own standard error of a window, root mean square.
    pub model_error: f64,
    /// Windows looked at.
    pub windows: usize,
}

/// Ratio of the margin on an effect to the money spent, before it is spent (投入产出比的精度).
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RatioPrecision {
    /// Half-width of the interval of the return on a spend that is known.
    pub half_width: f64,
    /// Smallest return told from zero with the power asked for.
    pub detectable_return: f64,
}

impl GeoDesign {
    /// Lays windows of `periods` end to end, backwards from the last period, each judged by a regression on all other
    /// usable periods before it.
    ///
    /// `treated[t]` and `control[t]` are the groups' sums of period `t`; `quiet[t]` says that no event touched either.
    /// Periods that are not quiet are neither judged nor fitted. A window needs `history` quiet periods before it.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::Shape`]; [`EvidenceError::Parameter`] for no periods.
    /// - [`EvidenceError::TooFew`] for fewer than four such windows, and as [`Tbr::fit`].
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_promo::evidence::geo::GeoDesign;
    /// let control: Vec<f64> = (0..80).map(|t| 900.0 + f64::from(t * 31 % 17) * 10.0).collect();
    /// let treated: Vec<f64> = control.iter().zip(0..).map(|(x, t)| 0.5 * x + f64::from(t * 7 % 5) * 4.0).collect();
    /// let design = GeoDesign::from_history(&treated, &control, &[true; 80], 4, 20)?;
    /// let least = design.detectable(0.05, 0.8)?;
    /// assert!((design.power(least, 0.05)? - 0.8).abs() < 1e-9);
    /// assert!(least / design.base < 0.05); // below 5 % of four weeks' sales
    /// // A unit earns 2.00: to tell a return of 1 from none, spend at least what the smallest visible effect earns.
    /// assert!((design.required_spend(2.0, 1.0, 0.05, 0.8)? - 2.0 * least).abs() < 1e-9);
    /// # Ok::<(), endcap_promo::evidence::EvidenceError>(())
    /// ```
    pub fn from_history(
        treated: &[f64],
        control: &[f64],
        quiet: &[bool],
        periods: usize,
        history: usize,
    ) -> Result<Self, EvidenceError> {
        check_length("control group", control.len(), treated.len())?;
        check_length("quiet periods", quiet.len(), treated.len())?;
        if periods == 0 {
            let value = periods.to_string();
            return Err(EvidenceError::Parameter { parameter: "periods", value, expected: "1 or more" });
        }
        let rows: Vec<(f64, f64, bool)> =
            treated.iter().zip(control).zip(quiet).map(|((y, x), quiet)| (*x, *y, *quiet)).collect();
        let (mut effects, mut bases, mut errors) = (Vec::new(), Vec::new(), Vec::new());
        let mut end = rows.len();
        while let Some(start) = end.checked_sub(periods) {
            let (before, rest) = rows.split_at_checked(start).unwrap_or((&rows, &[]));
            let window = rest.get(..periods).unwrap_or(rest);
            let known: Vec<&(f64, f64, bool)> = before.iter().filter(|row| row.2).collect();
            if known.len() < history {
                break;
            }
            if window.iter().any(|row| !row.2) {
                end = end.saturating_sub(1);
                continue;
            }
            let column =
                |of: fn(&(f64, f64, bool)) -> f64| -> Vec<f64> { known.iter().map(|row| of(row)).collect() };
            let fit = Tbr::fit(&column(|row| row.0), &column(|row| row.1))?;
            let (x, y): (Vec<f64>, Vec<f64>) = window.iter().map(|row| (row.0, row.1)).unzip();
            let effect = fit.effect(&x, &y)?;
            effects.push(effect.point * effect.point);
            errors.push(effect.standard_error * effect.standard_error);
            bases.push(sum(&y));
            end = start;
        }
        if effects.len() < MIN_WINDOWS {
            return Err(EvidenceError::TooFew {
                what: "quiet windows of the planned length",
                have: effects.len(),
                need: MIN_WINDOWS,
            });
        }
        let model_error = mean(&errors).sqrt();
        Ok(Self {
            standard_error: mean(&effects).sqrt().max(model_error),
            df: count(effects.len()),
            base: mean(&bases),
            model_error,
            windows: effects.len(),
        })
    }

    /// Chance that a two-sided test sees an effect of `units` over the window (检出力).
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::Parameter`] for an alpha outside (0, 1).
    pub fn power(&self, units: f64, alpha: f64) -> Result<f64, EvidenceError> {
        check_probability(alpha)?;
        let limit = student_quantile(1.0 - 0.5 * alpha, self.df)?;
        let away = if self.standard_error > 0.0 { units / self.standard_error } else { f64::MAX.sqrt() };
        if away.abs() > 1e3 {
            return Ok(if units == 0.0 { alpha } else { 1.0 });
        }
        let upper =
            |away: f64| -> Result<f64, EvidenceError> { Ok(1.0 - noncentral_t_cdf(limit, self.df, away)?) };
        Ok((upper(away)? + upper(-away)?).clamp(0.0, 1.0))
    }

    /// The smallest effect over the window, in units, seen with that power: the inverse of [`Self::power`] (最小可检效应).
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::Parameter`] for an alpha outside (0, 1) or a power not between alpha and 1.
    pub fn detectable(&self, alpha: f64, power: f64) -> Result<f64, EvidenceError> {
        check_probability(alpha)?;
        if !(power > alpha && power < 1.0) {
            let value = power.to_string();
            let expected = "between alpha and 1";
            return Err(EvidenceError::Parameter { parameter: "power", value, expected });
        }
        let unit = self.standard_error;
        let mut high = unit;
        while self.power(high, alpha)? < power && high < 1e3 * unit {
            high *= 2.0;
        }
        Ok(bisect(0.0, high, |units| self.power(units, alpha).is_ok_and(|p| p < power)))
    }

    /// The spend that a return of `target` must be earned on for the test to see it: smallest visible effect times
    /// `unit_margin` over `target`; money in the unit of the margin (所需预算).
    ///
    /// # Errors
    ///
    /// - As [`Self::detectable`]; [`EvidenceError::Parameter`] for a margin or target that is not above zero.
    pub fn required_spend(
        &self,
        unit_margin: f64,
        target: f64,
        alpha: f64,
        power: f64,
    ) -> Result<f64, EvidenceError> {
        positive("unit_margin", unit_margin)?;
        positive("target", target)?;
        Ok(self.detectable(alpha, power)? * unit_margin / target)
    }

    /// How exactly the return on a known spend would be measured.
    ///
    /// # Errors
    ///
    /// - As [`Self::detectable`]; [`EvidenceError::Parameter`] for a margin or spend that is not above zero.
    pub fn precision(
        &self,
        unit_margin: f64,
        spend: f64,
        alpha: f64,
        power: f64,
    ) -> Result<RatioPrecision, EvidenceError> {
        positive("unit_margin", unit_margin)?;
        positive("spend", spend)?;
        let reach = student_quantile(1.0 - 0.5 * alpha, self.df)? * self.standard_error;
        let per_unit = unit_margin / spend;
        Ok(RatioPrecision {
            half_width: reach * per_unit,
            detectable_return: self.detectable(alpha, power)? * per_unit,
        })
    }
}

fn positive(parameter: &'static str, value: f64) -> Result<(), EvidenceError> {
    if value > 0.0 && value.is_finite() {
        return Ok(());
    }
    Err(EvidenceError::Parameter { parameter, value: value.to_string(), expected: "above 0" })
}
