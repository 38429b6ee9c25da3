//! What an evaluation answers.

use chrono::NaiveDate;
use endcap_calendar::Period;
use endcap_types::{Exact, Money, PromotionId, Rate};

use crate::{
    Baseline, BreakEven, Bridge, Decision, EvidenceGap, FundingAmount, Gate, Measure, NotEvaluable, Return,
    Verdict, WeekMark,
};

/// What a week is for this event (周角色).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum WeekRole {
    /// Neither event nor cooldown.
    Around,
    /// A week of the event (活动周).
    Event,
    /// A week of the cooldown (观察周).
    Cooldown,
}

/// One point of the chart (图表点).
///
/// # Source
///
/// House rule: whoever doubts a lift is shown the weeks it was read from.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ChartWeek {
    /// First day.
    pub start: NaiveDate,
    /// Units sold; absent when unknown.
    pub actual: Option<f64>,
    /// Units expected by the first baseline: in the event and cooldown what stands behind the figures, elsewhere the
    /// forecast one week ahead; absent where the history is too short.
    pub baseline: Option<f64>,
    /// What the week is for the baseline, halo included.
    pub mark: WeekMark,
    /// What it is for this event.
    pub role: WeekRole,
}

/// The event under one baseline (一种基线下的读数).
///
/// # Source
///
/// House rule: the choice of the baseline moves the answer, so every baseline has a reading of its own.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Reading {
    /// The baseline.
    pub method: Baseline,
    /// Units expected in the event (基线销量).
    pub base_units: Exact,
    /// Units sold in the event less the base (毛增量).
    pub incremental_units: Exact,
    /// `incremental / base` of the event (提升率).
    pub lift: Measure,
    /// Units missing in the cooldown, negative for a rise (活动后回落).
    pub post_dip_units: Exact,
    /// Incremental less post dip (净增量).
    pub net_incremental_units: Exact,
    /// Post dip over incremental (提前消费占比).
    pub pull_forward_share: Measure,
    /// Out-of-sample error of quiet weeks, as a share of their sales.
    pub fit_error: f64,
    /// Whether the figures may be judged.
    pub gate: Gate,
    /// Interval and verdict on the incremental units of the event alone.
    pub gross: Decision,
    /// Interval and verdict on the net incremental units, event and cooldown as one window.
    pub effect: Decision,
    /// Supplier's margin on the net units less all funding.
    pub supplier_net: Money,
    /// The same at the lower end of the interval of the net units (the upper, when a unit loses money).
    pub supplier_net_low: Money,
    /// The same at the upper end.
    pub supplier_net_high: Money,
    /// Verdict on the supplier's money: the interval of its net against zero (是否回本). What could have been seen is in
    /// net units, as in `effect`.
    pub payback: Verdict,
}

/// The figures of an event that could be measured.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Measured {
    /// One reading per baseline; the first one is the one the money stands on.
    pub readings: Vec<Reading>,
    /// Supplier's revenue on the net units, at the supply price.
    pub incremental_revenue: Money,
    /// Supplier's margin on the net units, before funding.
    pub incremental_margin: Money,
    /// That margin less all funding.
    pub net_margin: Money,
    /// Cost per unit on top, return on spend gross and net; money in minor units.
    pub returns: Return,
    /// Where the event breaks even at the planned funding, before pull-forward.
    pub break_even: BreakEven,
    /// Who paid and who gained.
    pub bridge: Bridge,
    /// Did it sell more: the verdict on which all baselines agree.
    pub effect: Verdict,
    /// Did the supplier earn its money back: the verdict on which all baselines agree.
    pub payback: Verdict,
}

/// Measured, or the reason why not.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Outcome {
    /// The figures.
    Measured(Box<Measured>),
    /// No figure should be read from the data.
    NotMeasurable(NotEvaluable),
}

/// The evaluation of one event (活动评估).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Evaluation {
    /// The promotion.
    pub promotion: PromotionId,
    /// The weeks of the event: whole weeks that the promotion touches.
    pub event: Period,
    /// Units sold in the known weeks of the event.
    pub actual_units: Exact,
    /// What each funding line comes to, in the order of the plan: one settlement clause each.
    pub funding: Vec<FundingAmount>,
    /// Their sum (总投入).
    pub spend: Money,
    /// Confidence of the intervals.
    pub confidence: Rate,
    /// Actual, baseline and role of every week of the series.
    pub chart: Vec<ChartWeek>,
    /// Figures and verdicts.
    pub outcome: Outcome,
}

impl Evaluation {
    /// The figures, when the event could be measured.
    #[must_use]
    pub fn measured(&self) -> Option<&Measured> {
        match &self.outcome {
            Outcome::Measured(measured) => Some(measured),
            Outcome::NotMeasurable(_) => None,
        }
    }

    /// Did it sell more (是否有效).
    #[must_use]
    pub fn effect(&self) -> Verdict {
        self.measured().map_or_else(|| self.not_measurable(), |measured| measured.effect)
    }

    /// Did the supplier earn its money back (是否回本).
    #[must_use]
    pub fn payback(&self) -> Verdict {
        self.measured().map_or_else(|| self.not_measurable(), |measured| measured.payback)
    }

    fn not_measurable(&self) -> Verdict {
        let why = match self.outcome {
            Outcome::NotMeasurable(why) => why,
            Outcome::Measured(_) => NotEvaluable::MissingWeek,
        };
        Verdict::NotEnoughEvidence { because: EvidenceGap::NotEvaluable(why), could_have_seen: None }
    }
}

impl Measured {
    /// The reading the money stands on.
    #[must_use]
    pub fn primary(&self) -> Option<&Reading> {
        self.readings.first()
    }
}
