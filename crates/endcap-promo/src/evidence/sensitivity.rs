//! Does the verdict hang on the baseline? The same event under every admissible one.

use endcap_types::Rate;

use crate::border::exact_to_estimate;
use crate::{
    Baseline, Economics, EvaluationOptions, Measure, PromoError, Promotion, Verdict, WeeklySeries, evaluate,
};

/// The event under one baseline.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct BaselineReading {
    /// The baseline.
    pub method: Baseline,
    /// Lift over the event; undefined where it cannot be measured.
    pub lift: Option<Measure>,
    /// Did it sell more?
    pub effect: Verdict,
    /// Did the supplier earn its money back?
    pub payback: Verdict,
}

/// How far the verdicts agree (结论稳健性).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Stability {
    /// All baselines share the verdict.
    Stable,
    /// Some see too little evidence, none says the opposite.
    Weakens,
    /// One says it works, another that it does not.
    Reverses,
}

/// An event under several baselines (基线敏感性).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Sensitivity {
    /// One reading per baseline, in the order given.
    pub readings: Vec<BaselineReading>,
    /// Smallest and largest lift; absent when none could be measured.
    pub lift_range: Option<(f64, f64)>,
    /// Agreement on the effect.
    pub effect: Stability,
    /// Agreement on the money.
    pub payback: Stability,
}

/// The baselines that ask for at most thirteen clean weeks (可用基线): what an event with a short history can be held
/// against.
#[must_use]
pub fn usual_baselines() -> Vec<Baseline> {
    let percent = |whole: i64, decimals: u32| {
        Rate::percent(rust_decimal::Decimal::new(whole, decimals)).unwrap_or(Rate::ZERO)
    };
    vec![
        Baseline::TrimmedMean { weeks: 8, trim: percent(125, 1) },
        Baseline::TrailingMean { weeks: 8 },
        Baseline::TrailingMedian { weeks: 8 },
        Baseline::PrePostMean { weeks: 4 },
        Baseline::LinearTrend { weeks: 13 },
        Baseline::ExponentialSmoothing { alpha: percent(30, 0) },
    ]
}

/// Evaluates one event under every baseline on its own (基线敏感性分析).
///
/// One published event was reported from +6 % to +49 % under five baselines: a verdict that hangs on the choice is not
/// one.
///
/// # Errors
///
/// - As [`evaluate()`]; [`crate::evidence::EvidenceError::TooFew`] without a baseline.
///
/// # Source
///
/// House rule.
pub fn sensitivity(
    promotion: &Promotion,
    series: &WeeklySeries,
    economics: &Economics,
    options: &EvaluationOptions,
    methods: &[Baseline],
) -> Result<Sensitivity, PromoError> {
    if methods.is_empty() {
        return Err(super::EvidenceError::TooFew { what: "baselines", have: 0, need: 1 }.into());
    }
    let mut readings = Vec::with_capacity(methods.len());
    let mut lift_range: Option<(f64, f64)> = None;
    for method in methods {
        let own = EvaluationOptions { baseline: *method, cross_check: *method, ..options.clone() };
        let evaluation = evaluate(promotion, series, economics, &own)?;
        let lift = evaluation.measured().and_then(|m| m.primary()).map(|reading| reading.lift.clone());
        if let Some(Measure::Value(value)) = &lift {
            let value = exact_to_estimate(value)?;
            lift_range = Some(lift_range.map_or((value, value), |(l, h)| (l.min(value), h.max(value))));
        }
        let (effect, payback) = (evaluation.effect(), evaluation.payback());
        readings.push(BaselineReading { method: *method, lift, effect, payback });
    }
    let effect = stability(readings.iter().map(|reading| &reading.effect));
    let payback = stability(readings.iter().map(|reading| &reading.payback));
    Ok(Sensitivity { readings, lift_range, effect, payback })
}

fn stability<'a>(verdicts: impl Iterator<Item = &'a Verdict>) -> Stability {
    let (mut works, mut does_not, mut open) = (false, false, false);
    for verdict in verdicts {
        match verdict {
            Verdict::Works => works = true,
            Verdict::DoesNot { .. } => does_not = true,
            Verdict::NotEnoughEvidence { .. } => open = true,
        }
    }
    match (works, does_not, open) {
        (true, true, _) => Stability::Reverses,
        (true, false, true) | (false, true, true) => Stability::Weakens,
        _ => Stability::Stable,
    }
}
