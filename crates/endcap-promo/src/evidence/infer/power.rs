//! What a test could have seen: power, detectable effect, sample size.

use super::super::EvidenceError;
use super::super::distribution::{
    bisect, check_probability, noncentral_t_cdf, normal_cdf, normal_quantile, student_quantile,
};

/// Which layout the t-test has (检验设计).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum TTest {
    /// Two groups of `n` each; `sd` within a group.
    TwoSample,
    /// `n` differences, such as matched pairs of stores; `sd` of the differences.
    OneSample,
}

/// Which results reject (拒绝域).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Rejection {
    /// One-sided: large values only.
    OneSided,
    /// Two-sided, both regions.
    BothRegions,
    /// Two-sided critical value, but only the region on the side of the effect: the default of R, slightly low.
    NearRegion,
}

/// A planned t-test: how many, how noisy, how strict.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// Layout.
    pub test: TTest,
    /// Units a group, or pairs; at least 2, need not be whole while planning.
    pub n: f64,
    /// Standard deviation.
    pub sd: f64,
    /// Error probability.
    pub alpha: f64,
    /// Rejection region.
    pub rejection: Rejection,
}

impl Plan {
    fn check(&self) -> Result<(), EvidenceError> {
        check_probability(self.alpha)?;
        let refuse = |parameter, value: f64, expected| {
            Err(EvidenceError::Parameter { parameter, value: value.to_string(), expected })
        };
        if !(2.0..=1e9).contains(&self.n) {
            return refuse("n", self.n, "2 or more");
        }
        if !(self.sd > 0.0 && self.sd.is_finite()) {
            return refuse("sd", self.sd, "above 0");
        }
        Ok(())
    }

    fn df(&self) -> f64 {
        match self.test {
            TTest::TwoSample => 2.0 * (self.n - 1.0),
            TTest::OneSample => self.n - 1.0,
        }
    }

    fn standard_error(&self) -> f64 {
        match self.test {
            TTest::TwoSample => self.sd * (2.0 / self.n).sqrt(),
            TTest::OneSample => self.sd / self.n.sqrt(),
        }
    }

    /// Chance to see an effect of size `delta` (检出力).
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::Parameter`] for a plan out of range.
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_promo::evidence::infer::power::{Plan, Rejection, TTest};
    /// let plan = Plan { test: TTest::TwoSample, n: 20.0, sd: 1.0, alpha: 0.05, rejection: Rejection::NearRegion };
    /// assert!((plan.power(1.0)? - 0.868_952_8).abs() < 1e-7);
    /// # Ok::<(), endcap_promo::evidence::EvidenceError>(())
    /// ```
    ///
    /// # Source
    ///
    /// Noncentral t: Cohen, Statistical Power Analysis, chapter 2; R `power.t.test` for the regions.
    pub fn power(&self, delta: f64) -> Result<f64, EvidenceError> {
        self.check()?;
        let (df, ncp) = (self.df(), delta / self.standard_error());
        let upper = |tail: f64, ncp: f64| -> Result<f64, EvidenceError> {
            Ok(1.0 - noncentral_t_cdf(student_quantile(1.0 - tail, df)?, df, ncp)?)
        };
        match self.rejection {
            Rejection::OneSided => upper(self.alpha, ncp),
            Rejection::NearRegion => upper(0.5 * self.alpha, ncp.abs()),
            Rejection::BothRegions => Ok(upper(0.5 * self.alpha, ncp)? + upper(0.5 * self.alpha, -ncp)?),
        }
    }

    /// The smallest effect seen with that power (最小可检效应).
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::Parameter`] for a plan out of range, or a power not between alpha and 1.
    pub fn detectable(&self, power: f64) -> Result<f64, EvidenceError> {
        self.check_power(power)?;
        let unit = self.standard_error();
        let mut high = unit;
        while self.power(high)? < power && high < 1e6 * unit {
            high *= 2.0;
        }
        Ok(bisect(0.0, high, |delta| self.power(delta).is_ok_and(|p| p < power)))
    }

    /// Units a group (pairs) for that power at an effect, not rounded up; between 2 and a billion (所需样本量).
    ///
    /// # Errors
    ///
    /// - As [`Self::detectable`]; [`EvidenceError::NotConverged`] when no number suffices.
    pub fn required_n(&self, delta: f64, power: f64) -> Result<f64, EvidenceError> {
        self.check_power(power)?;
        let at = |n: f64| Self { n, ..*self };
        let mut high = 2.0;
        while at(high).power(delta)? < power {
            high *= 2.0;
            if high > 1e9 {
                return Err(EvidenceError::NotConverged { what: "sample size", iterations: 30 });
            }
        }
        Ok(bisect(2.0, high, |n| at(n).power(delta).is_ok_and(|p| p < power)))
    }

    fn check_power(&self, power: f64) -> Result<(), EvidenceError> {
        self.check()?;
        if power > self.alpha && power < 1.0 {
            return Ok(());
        }
        Err(EvidenceError::Parameter {
            parameter: "power",
            value: power.to_string(),
            expected: "between alpha and 1",
        })
    }
}

/// Power of a two-sided test of two proportions with `n` a group (比例检验的检出力): pooled variance under the null, and
/// only the region on the side of the effect.
///
/// # Errors
///
/// - [`EvidenceError::Parameter`] for proportions or alpha outside (0, 1), or `n` below 1.
///
/// # Source
///
/// R `power.prop.test`; Fleiss, Statistical Methods for Rates and Proportions, 3.2.
pub fn two_proportions(n: f64, first: f64, second: f64, alpha: f64) -> Result<f64, EvidenceError> {
    for p in [first, second, alpha] {
        check_probability(p)?;
    }
    if n.is_nan() || n < 1.0 {
        return Err(EvidenceError::Parameter { parameter: "n", value: n.to_string(), expected: "1 or more" });
    }
    let gap = (first - second).abs();
    let critical = normal_quantile(1.0 - 0.5 * alpha)?;
    let pooled = ((first + second) * (2.0 - first - second) / 2.0).sqrt();
    let own = (first * (1.0 - first) + second * (1.0 - second)).sqrt();
    Ok(normal_cdf((n.sqrt() * gap - critical * pooled) / own))
}

/// The smallest effect a finished evaluation would have shown with 80 % power: `(t₁₋α/₂ + t₀.₈₀)·se` (事后可检效应).
///
/// # Errors
///
/// - [`EvidenceError::Parameter`] for an alpha or degrees of freedom out of range.
pub fn detectable_after(standard_error: f64, df: f64, alpha: f64) -> Result<f64, EvidenceError> {
    Ok((student_quantile(1.0 - 0.5 * alpha, df)? + student_quantile(0.8, df)?) * standard_error)
}
