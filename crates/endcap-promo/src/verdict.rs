//! The verdict on an estimate: it works, it does not, or the evidence is not enough and what could have been seen.
#![allow(clippy::float_arithmetic, reason = "a statistics module: f64 inside, units cross at the border")]

use crate::{PromoError, student_t};

/// An estimate with its uncertainty; point and standard error share one unit.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Estimate {
    /// The estimated effect.
    pub point: f64,
    /// Its standard error, at least 0.
    pub standard_error: f64,
    /// Degrees of freedom of the standard error.
    pub df: u32,
}

/// What the plan declared before the event, in the unit of the estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct DecisionRule {
    /// Error probability of the two-sided interval: 0.05 for 95 %.
    pub alpha: f64,
    /// Smallest effect that matters; 0 when none was declared, and then "no effect" can never be concluded.
    pub material_effect: f64,
}

/// Whether the figures may be judged at all (拟合闸门).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Gate {
    /// Nothing stands against it.
    Pass,
    /// The baseline missed quiet weeks by too much (拟合不佳).
    PoorFit,
    /// It cannot be judged, and no figure should be read from it.
    NotEvaluable(NotEvaluable),
}

/// Why an event cannot be judged (无法评估).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum NotEvaluable {
    /// Another promotion of the same items runs in the window.
    OverlappingEvents,
    /// Too few clean weeks before the event, or around it, to know what is normal.
    PrePeriodTooShort,
    /// The design needs units that did not take part, and there are none.
    NoControls,
    /// Sales of a week of the window are unknown.
    MissingWeek,
    /// The cooldown is not over in the data.
    WindowOpen,
    /// No unit was expected in the event: a lift has no denominator.
    ZeroBase,
}

/// Why it does not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Shortfall {
    /// The whole interval lies below zero.
    BelowZero,
    /// The effect is shown to be smaller than the one that matters, whichever its sign.
    Immaterial,
}

/// Why the evidence is not enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum EvidenceGap {
    /// The noise is too large for the effect (噪声过大).
    Underpowered,
    /// The baseline missed quiet weeks by too much.
    PoorFit,
    /// Two admissible baselines give different verdicts (结论随基线而变).
    BaselinesDisagree,
    /// It cannot be judged at all.
    NotEvaluable(NotEvaluable),
}

/// The verdict (结论).
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Verdict {
    /// It works: the interval lies above zero and the effect may matter (有效).
    Works,
    /// It does not (无效).
    DoesNot {
        /// Why.
        because: Shortfall,
    },
    /// The evidence is not enough to say (证据不足).
    NotEnoughEvidence {
        /// Why.
        because: EvidenceGap,
        /// The effect that four events in five would have shown, in the unit of the estimate; absent when nothing
        /// could be measured.
        could_have_seen: Option<f64>,
    },
}

impl Verdict {
    /// The verdict's name in files: `works`, `does_not`, `not_enough_evidence`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::DoesNot { .. } => "does_not",
            Self::NotEnoughEvidence { .. } => "not_enough_evidence",
        }
    }

    /// Whether two verdicts say the same, figures aside.
    #[must_use]
    pub fn agrees_with(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

/// The figures a decision stands on.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Evidence {
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
    /// Two-sided p-value of "no effect"; below alpha exactly when the interval excludes 0.
    pub p_two_sided: f64,
    /// The larger p-value of the two one-sided tests against ± the material effect; absent when none was declared.
    pub p_equivalence: Option<f64>,
    /// The effect that would have been seen with probability 80 %: `(t₁₋α/₂ + t₀.₈₀)·se`.
    pub detectable: f64,
}

/// A verdict with its figures; the figures are absent when the event cannot be judged.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Decision {
    /// What was estimated.
    pub estimate: Estimate,
    /// Interval, p-values, detectable effect.
    pub evidence: Option<Evidence>,
    /// The verdict.
    pub verdict: Verdict,
}

/// Interval, p-values and detectable effect of an estimate.
///
/// # Errors
///
/// - [`PromoError::InvalidSpread`], [`PromoError::DegreesOfFreedom`], [`PromoError::ProbabilityOutOfRange`].
///
/// # Examples
///
/// ```
/// use endcap_promo::{verdict, DecisionRule, Estimate};
/// let estimate = Estimate { point: 0.18, standard_error: 0.04, df: 40 };
/// let rule = DecisionRule { alpha: 0.05, material_effect: 0.03 };
/// let evidence = verdict::evidence(&estimate, &rule)?;
/// assert!((evidence.low - 0.099_156_984).abs() < 1e-9);
/// # Ok::<(), endcap_promo::PromoError>(())
/// ```
///
/// # Source
///
/// Student's t; two one-sided tests by Schuirmann (1987).
pub fn evidence(estimate: &Estimate, rule: &DecisionRule) -> Result<Evidence, PromoError> {
    let Estimate { point, standard_error: se, df } = *estimate;
    for value in [se, point] {
        if !value.is_finite() {
            return Err(PromoError::InvalidSpread { value });
        }
    }
    if se < 0.0 {
        return Err(PromoError::InvalidSpread { value: se });
    }
    let critical = student_t::quantile(1.0 - rule.alpha / 2.0, df)?;
    let reach = critical * se;
    let below = |bound: f64| -> Result<f64, PromoError> {
        // P(T ≤ (point − bound)/se); without noise the point lies on one side for certain.
        if se > 0.0 { student_t::cdf((point - bound) / se, df) } else { Ok(side(point - bound)) }
    };
    let at_zero = below(0.0)?;
    let p_two_sided = (2.0 * at_zero.min(1.0 - at_zero)).clamp(0.0, 1.0);
    let p_equivalence = if rule.material_effect > 0.0 {
        let above_lower = 1.0 - below(-rule.material_effect)?;
        let below_upper = below(rule.material_effect)?;
        Some(above_lower.max(below_upper))
    } else {
        None
    };
    let detectable = (critical + student_t::quantile(0.8, df)?) * se;
    Ok(Evidence { low: point - reach, high: point + reach, p_two_sided, p_equivalence, detectable })
}

fn side(distance: f64) -> f64 {
    if distance > 0.0 {
        1.0
    } else if distance < 0.0 {
        0.0
    } else {
        0.5
    }
}

/// The verdict, in this order: not evaluable, poor fit, immaterial, above zero, below zero, underpowered.
///
/// Immaterial comes before above zero: an effect shown to be too small does not work, however small its p-value.
///
/// # Errors
///
/// - As [`evidence`].
///
/// # Examples
///
/// ```
/// use endcap_promo::{verdict, DecisionRule, Estimate, EvidenceGap, Gate, Verdict};
/// let estimate = Estimate { point: 0.08, standard_error: 0.06, df: 20 };
/// let rule = DecisionRule { alpha: 0.05, material_effect: 0.03 };
/// let Verdict::NotEnoughEvidence { because, could_have_seen } = verdict::decide(&estimate, &rule, Gate::Pass)?.verdict
/// else { unreachable!() };
/// assert_eq!(because, EvidenceGap::Underpowered);
/// assert!((could_have_seen.unwrap() - 0.176_755_673_2).abs() < 1e-9); // a lift of 17.7 % would have been seen
/// # Ok::<(), endcap_promo::PromoError>(())
/// ```
///
/// # Source
///
/// House rule: a decision table, so that two people read one figure the same way.
pub fn decide(estimate: &Estimate, rule: &DecisionRule, gate: Gate) -> Result<Decision, PromoError> {
    if let Gate::NotEvaluable(why) = gate {
        let because = EvidenceGap::NotEvaluable(why);
        let verdict = Verdict::NotEnoughEvidence { because, could_have_seen: None };
        return Ok(Decision { estimate: *estimate, evidence: None, verdict });
    }
    let evidence = evidence(estimate, rule)?;
    let could_have_seen = Some(evidence.detectable);
    let verdict = if gate == Gate::PoorFit {
        Verdict::NotEnoughEvidence { because: EvidenceGap::PoorFit, could_have_seen }
    } else if evidence.p_equivalence.is_some_and(|p| p < rule.alpha) {
        Verdict::DoesNot { because: Shortfall::Immaterial }
    } else if evidence.low > 0.0 {
        Verdict::Works
    } else if evidence.high < 0.0 {
        Verdict::DoesNot { because: Shortfall::BelowZero }
    } else {
        Verdict::NotEnoughEvidence { because: EvidenceGap::Underpowered, could_have_seen }
    };
    Ok(Decision { estimate: *estimate, evidence: Some(evidence), verdict })
}
