//! From an estimate to a verdict: works, does not, or not enough evidence and what could have been seen.

use endcap_types::{Exact, Money, Rounding};

use super::EvidenceError;
use super::distribution::student_cdf;
use super::effect::{Effect, Relative, relative};
use super::infer::conformal::PlaceboScores;
use super::infer::power::detectable_after;
use super::structural::Impact;
use crate::border::units_from_estimate;
use crate::exact_units::value;
use crate::{DecisionRule, EvidenceGap, Gate, Language, PromoError, Shortfall, Verdict};

/// What a design found, in one shape (读数): effect and base cumulative over the window, in units.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Finding {
    /// Actual less expected.
    pub effect: f64,
    /// Lower end of the interval of level `1 − alpha`.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Two-sided p-value, from the same distribution as the interval.
    pub p_two_sided: f64,
    /// The larger p-value of the two one-sided tests against ± the material effect; absent when none was declared.
    pub p_equivalence: Option<f64>,
    /// The effect that would have been seen with 80 % power.
    pub detectable: f64,
    /// Expected without the event.
    pub base: f64,
    /// Effect as a share of the base; absent when the base cannot be told from zero.
    pub relative: Option<Relative>,
}

impl Finding {
    /// From an effect with a Student-t interval: regression, geo, difference in differences, roll-out.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::Parameter`] for an alpha or degrees of freedom out of range.
    pub fn from_effect(effect: &Effect, rule: &DecisionRule) -> Result<Self, EvidenceError> {
        let level = 1.0 - rule.alpha;
        let (low, high) = effect.interval(level)?;
        let se = effect.standard_error;
        let below = |bound: f64| -> Result<f64, EvidenceError> {
            let away = effect.point - bound;
            if se > 0.0 { student_cdf(away / se, effect.df) } else { Ok(if away > 0.0 { 1.0 } else { 0.0 }) }
        };
        let p_equivalence = if rule.material_effect > 0.0 {
            Some((1.0 - below(-rule.material_effect)?).max(below(rule.material_effect)?))
        } else {
            None
        };
        Ok(Self {
            effect: effect.point,
            low,
            high,
            p_two_sided: effect.p_two_sided()?,
            p_equivalence,
            detectable: detectable_after(se, effect.df, rule.alpha)?,
            base: effect.base,
            relative: effect.relative(level)?,
        })
    }

    /// From an effect whose interval the ranks of placebo events set (共形区间): `effect ± reach·s`, p-values by rank, and the
    /// detectable effect `(reach + margin at 80 %)·s`. The effect's own degrees of freedom are not read.
    ///
    /// # Errors
    ///
    /// - As [`PlaceboScores::reach`].
    pub fn from_placebos(
        effect: &Effect,
        scores: &PlaceboScores,
        rule: &DecisionRule,
    ) -> Result<Self, EvidenceError> {
        let se = effect.standard_error;
        let reach = scores.reach(1.0 - rule.alpha)?;
        let (low, high) = (effect.point - reach * se, effect.point + reach * se);
        let away = |bound: f64| {
            let distance = bound - effect.point;
            if se > 0.0 { distance / se } else { distance.signum() * f64::INFINITY }
        };
        let p_equivalence = (rule.material_effect > 0.0).then(|| {
            let (above, below) = (away(rule.material_effect), away(-rule.material_effect));
            scores.p_beyond(above).max(scores.p_beyond(-below))
        });
        Ok(Self {
            effect: effect.point,
            low,
            high,
            p_two_sided: scores.p_two_sided(away(0.0)),
            p_equivalence,
            detectable: (reach + scores.margin(0.8)?) * se,
            base: effect.base,
            relative: relative(effect.base, effect.point, low, high),
        })
    }

    /// From the posterior of a structural time series.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::Parameter`] for an alpha out of range.
    pub fn from_impact(impact: &Impact, rule: &DecisionRule) -> Result<Self, EvidenceError> {
        let level = 1.0 - rule.alpha;
        let (low, high) = impact.interval(level)?;
        let posterior = impact.cumulative();
        let p_equivalence = (rule.material_effect > 0.0).then(|| {
            let above = 1.0 - posterior.cdf(rule.material_effect);
            above.max(posterior.cdf(-rule.material_effect))
        });
        let detectable = detectable_after(posterior.standard_deviation(), f64::INFINITY, rule.alpha)?;
        Ok(Self {
            effect: posterior.mean(),
            low,
            high,
            p_two_sided: impact.p_two_sided(),
            p_equivalence,
            detectable,
            base: impact.base(),
            relative: impact.relative(level)?,
        })
    }

    /// The verdict in the order of [`crate::verdict::decide`]: not evaluable, poor fit, immaterial, above zero, below
    /// zero, underpowered.
    #[must_use]
    pub fn verdict(&self, rule: &DecisionRule, gate: Gate) -> Verdict {
        let could_have_seen = Some(self.detectable);
        match gate {
            Gate::NotEvaluable(why) => {
                let because = EvidenceGap::NotEvaluable(why);
                Verdict::NotEnoughEvidence { because, could_have_seen: None }
            }
            Gate::PoorFit => Verdict::NotEnoughEvidence { because: EvidenceGap::PoorFit, could_have_seen },
            Gate::Pass if self.p_equivalence.is_some_and(|p| p < rule.alpha) => {
                Verdict::DoesNot { because: Shortfall::Immaterial }
            }
            Gate::Pass if self.low > 0.0 => Verdict::Works,
            Gate::Pass if self.high < 0.0 => Verdict::DoesNot { because: Shortfall::BelowZero },
            Gate::Pass => Verdict::NotEnoughEvidence { because: EvidenceGap::Underpowered, could_have_seen },
        }
    }

    /// The effect that could have been seen, as a share of the base; absent when the base is not above zero.
    #[must_use]
    pub fn detectable_share(&self) -> Option<f64> {
        (self.base > 0.0).then(|| self.detectable / self.base)
    }
}

/// What a unit earns and what the event cost (资金口径).
#[derive(Debug, Clone, PartialEq)]
pub struct MoneyTerms {
    /// Supplier's margin on one unit, in minor units.
    pub unit_margin: Exact,
    /// All funding of the event.
    pub spend: Money,
    /// How posted money is rounded.
    pub rounding: Rounding,
}

/// Margin on the effect less all funding (净得): at the point and both ends, each exact from the units.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct NetMoney {
    /// At the point estimate.
    pub point: Money,
    /// At the worse end.
    pub low: Money,
    /// At the better end.
    pub high: Money,
}

/// An event judged by one design (评估结论).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Judgement {
    /// What the design found.
    pub finding: Finding,
    /// Did it sell more?
    pub effect: Verdict,
    /// The money, when margin and spend are known.
    pub money: Option<NetMoney>,
    /// Did the supplier earn its money back?
    pub payback: Option<Verdict>,
}

/// Judges a finding, with the money when it is known (综合判定).
///
/// # Errors
///
/// - [`PromoError::EstimateOutOfRange`] when units cannot cross to the exact side; [`PromoError::Types`] for money out of
///   range.
///
/// # Examples
///
/// ```
/// use endcap_promo::evidence::judge::{judge, Finding, MoneyTerms};
/// use endcap_promo::evidence::Effect;
/// use endcap_promo::{DecisionRule, Gate, Language, Verdict};
/// use endcap_types::{Currency, Exact, Money, Rounding};
/// let effect = Effect { point: 800.0, standard_error: 500.0, df: 30.0, base: 10_000.0 };
/// let rule = DecisionRule { alpha: 0.05, material_effect: 300.0 };
/// let terms = MoneyTerms {
///     unit_margin: Exact::from_int(240), // 2.40
///     spend: Money::from_minor(500_000, Currency::CNY)?,
///     rounding: Rounding::HALF_AWAY,
/// };
/// let judged = judge(Finding::from_effect(&effect, &rule)?, &rule, Gate::Pass, Some(&terms))?;
/// assert_eq!(judged.effect.name(), "not_enough_evidence");
/// assert!(judged.explain(Language::En)[0].contains("below 14.5% could not have been seen"));
/// assert_eq!(judged.payback, Some(Verdict::DoesNot { because: endcap_promo::Shortfall::BelowZero }));
/// # Ok::<(), endcap_promo::PromoError>(())
/// ```
///
/// # Source
///
/// House rule: an event may work and lose money, so there are two verdicts.
pub fn judge(
    finding: Finding,
    rule: &DecisionRule,
    gate: Gate,
    terms: Option<&MoneyTerms>,
) -> Result<Judgement, PromoError> {
    let effect = finding.verdict(rule, gate);
    let Some(terms) = terms.filter(|_| !matches!(gate, Gate::NotEvaluable(_))) else {
        return Ok(Judgement { finding, effect, money: None, payback: None });
    };
    let net = |units: f64| -> Result<Money, PromoError> {
        let margin = value(&units_from_estimate(units)?, &terms.unit_margin, terms.spend.currency())?;
        let posted = margin.round(&terms.rounding)?;
        Ok(posted.checked_sub(&terms.spend)?)
    };
    let ends = (net(finding.low)?, net(finding.high)?);
    let money = NetMoney {
        point: net(finding.effect)?,
        low: ends.0.smaller(&ends.1)?,
        high: ends.0.larger(&ends.1)?,
    };
    let could_have_seen = Some(finding.detectable);
    let payback = if gate == Gate::PoorFit {
        Verdict::NotEnoughEvidence { because: EvidenceGap::PoorFit, could_have_seen }
    } else if money.low.is_positive() {
        Verdict::Works
    } else if money.high.is_negative() {
        Verdict::DoesNot { because: Shortfall::BelowZero }
    } else {
        Verdict::NotEnoughEvidence { because: EvidenceGap::Underpowered, could_have_seen }
    };
    Ok(Judgement { finding, effect, money: Some(money), payback: Some(payback) })
}

impl Judgement {
    /// Verdict, figures and money in words, one sentence an item.
    #[must_use]
    pub fn explain(&self, language: Language) -> Vec<String> {
        let mut lines = vec![self.headline(language)];
        if matches!(self.effect, Verdict::NotEnoughEvidence { because: EvidenceGap::NotEvaluable(_), .. }) {
            return lines;
        }
        let found = &self.finding;
        let share = |x: f64| format!("{:.1}%", 100.0 * x);
        let p = if found.p_two_sided < 0.000_1 {
            "p < 0.0001".to_owned()
        } else {
            format!("p = {:.4}", found.p_two_sided)
        };
        let lift = found.relative.map(|r| (share(r.point), share(r.low), share(r.high)));
        lines.push(match (language, lift) {
            (Language::En, Some((point, low, high))) => format!(
                "{:.0} units on top of {:.0} expected: a lift of {point} (interval {low} to {high}); {p}.",
                found.effect, found.base
            ),
            (Language::Zh, Some((point, low, high))) => format!(
                "预期 {:.0} 件之外多卖 {:.0} 件：提升率 {point}（区间 {low} 到 {high}）；{p}。",
                found.base, found.effect
            ),
            (Language::En, None) => format!(
                "{:.0} units (interval {:.0} to {:.0}); the base cannot be told from zero, so there is no lift.",
                found.effect, found.low, found.high
            ),
            (Language::Zh, None) => format!(
                "{:.0} 件（区间 {:.0} 到 {:.0}）；基数与零无法区分，不给出提升率。",
                found.effect, found.low, found.high
            ),
        });
        if let (Some(money), Some(payback)) = (&self.money, &self.payback) {
            let paid = match (payback, language) {
                (Verdict::Works, Language::En) => "It paid for itself",
                (Verdict::Works, Language::Zh) => "已回本",
                (Verdict::DoesNot { .. }, Language::En) => "It did not pay for itself",
                (Verdict::DoesNot { .. }, Language::Zh) => "没有回本",
                (Verdict::NotEnoughEvidence { .. }, Language::En) => {
                    "Whether it paid for itself cannot be said"
                }
                (Verdict::NotEnoughEvidence { .. }, Language::Zh) => "是否回本无法判断",
            };
            let (low, high) = (money.low.to_amount_string(), money.high.to_amount_string());
            lines.push(match language {
                Language::En => format!("{paid}: net {} (interval {low} to {high}).", money.point),
                Language::Zh => format!("{paid}：净得 {}（区间 {low} 到 {high}）。", money.point),
            });
        }
        lines
    }

    /// The verdict in one sentence; what could have been seen as a lift where there is a base.
    #[must_use]
    pub fn headline(&self, language: Language) -> String {
        let share = self.finding.detectable_share().map(|x| format!("{:.1}%", 100.0 * x));
        match (&self.effect, language, share) {
            (Verdict::NotEnoughEvidence { because, could_have_seen: Some(_) }, Language::En, Some(share)) => {
                format!(
                    "Not enough evidence: {}. A lift below {share} could not have been seen (80 % power).",
                    because.words(language)
                )
            }
            (Verdict::NotEnoughEvidence { because, could_have_seen: Some(_) }, Language::Zh, Some(share)) => {
                format!(
                    "证据不足：{}。小于 {share} 的提升本来就看不出来（80% 检出力）。",
                    because.words(language)
                )
            }
            _ => self.effect.words(language),
        }
    }
}
