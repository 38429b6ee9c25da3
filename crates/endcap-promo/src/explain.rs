//! The reasons in words, in English and Chinese.

use endcap_types::{Exact, Language, Money, RoundingMode};

use crate::border::units_from_estimate;
use crate::exact_units::units_text;
use crate::{
    Evaluation, EvidenceGap, FundingAmount, FundingBasis, Measure, Measured, NotEvaluable, Outcome, Reading,
    Shortfall, Verdict,
};

impl Evaluation {
    /// The verdict and its reasons, one sentence an item, in a fixed order: effect, interval, baselines, pull-forward,
    /// money, break-even, and what this design cannot rule out.
    ///
    /// # Source
    ///
    /// House rule: a verdict never stands without its reasons, nor without what it could not see.
    #[must_use]
    pub fn explain(&self, language: Language) -> Vec<String> {
        let mut lines = vec![self.effect().words(language)];
        match &self.outcome {
            Outcome::NotMeasurable(_) => lines.push(match language {
                Language::En => format!("Committed funding so far: {}.", self.spend),
                Language::Zh => format!("已承诺的促销投入：{}。", self.spend),
            }),
            Outcome::Measured(measured) => {
                if let Some(primary) = measured.primary() {
                    lines.extend(effect_lines(self, primary, language));
                    lines.push(baseline_line(&measured.readings, language));
                    lines.extend(money_lines(self, measured, primary, language));
                }
                lines.push(no_control(language).to_owned());
            }
        }
        lines
    }
}

/// The caveat every answer from one series carries.
const fn no_control(language: Language) -> &'static str {
    match language {
        Language::En => {
            "No control stores: whatever else happened in those weeks (weather, a competitor, a price change) is inside these figures."
        }
        Language::Zh => "没有对照门店：同期的其他因素（天气、竞品、调价）都包含在这些数字里。",
    }
}

impl Verdict {
    /// The verdict in one sentence, with the reason.
    #[must_use]
    pub fn words(&self, language: Language) -> String {
        let seen =
            |could: &Option<f64>| could.and_then(|units| units_from_estimate(units).ok()).map(|u| whole(&u));
        match (self, language) {
            (Self::Works, Language::En) => {
                "Works: it sold more, beyond what quiet weeks do by themselves.".to_owned()
            }
            (Self::Works, Language::Zh) => "有效：多卖了，且超出平常周自身的波动。".to_owned(),
            (Self::DoesNot { because: Shortfall::BelowZero }, Language::En) => {
                "Does not work: the whole interval lies below zero.".to_owned()
            }
            (Self::DoesNot { because: Shortfall::BelowZero }, Language::Zh) => {
                "无效：整个区间都在零以下。".to_owned()
            }
            (Self::DoesNot { because: Shortfall::Immaterial }, Language::En) => {
                "Does not work: whatever effect there is has been shown to be too small to matter.".to_owned()
            }
            (Self::DoesNot { because: Shortfall::Immaterial }, Language::Zh) => {
                "无效：已证明效果小于事先声明的最小有意义幅度。".to_owned()
            }
            (Self::NotEnoughEvidence { because, could_have_seen }, Language::En) => {
                let could = seen(could_have_seen).map_or_else(String::new, |units| {
                    format!(" An effect below {units} units could not have been seen (80 % power).")
                });
                format!("Not enough evidence: {}.{could}", because.words(language))
            }
            (Self::NotEnoughEvidence { because, could_have_seen }, Language::Zh) => {
                let could = seen(could_have_seen).map_or_else(String::new, |units| {
                    format!("小于 {units} 件的效果本来就看不出来（80% 检出力）。")
                });
                format!("证据不足：{}。{could}", because.words(language))
            }
        }
    }
}

impl EvidenceGap {
    /// Why the evidence is not enough.
    #[must_use]
    pub const fn words(&self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Underpowered, Language::En) => {
                "the interval holds zero, so quiet weeks alone could have done this"
            }
            (Self::Underpowered, Language::Zh) => "区间包含零，平常周的波动也能产生这样的结果",
            (Self::PoorFit, Language::En) => {
                "the baseline missed quiet weeks by more than the limit, so it cannot judge busy ones"
            }
            (Self::PoorFit, Language::Zh) => "基线对平常周的预测误差超过上限，不能用来评判活动周",
            (Self::BaselinesDisagree, Language::En) => "two admissible baselines give different verdicts",
            (Self::BaselinesDisagree, Language::Zh) => "两种可用基线得出不同结论",
            (Self::NotEvaluable(why), language) => why.words(language),
        }
    }
}

impl NotEvaluable {
    /// Why the event cannot be judged.
    #[must_use]
    pub const fn words(&self, language: Language) -> &'static str {
        match (self, language) {
            (Self::OverlappingEvents, Language::En) => {
                "another promotion of the same items overlaps the event or its cooldown, and the two cannot be told apart"
            }
            (Self::OverlappingEvents, Language::Zh) => "活动期或观察期内同品又有促销，两次活动无法区分",
            (Self::PrePeriodTooShort, Language::En) => "there are too few quiet weeks to know what is normal",
            (Self::PrePeriodTooShort, Language::Zh) => "平常周太少，无法确定正常销量",
            (Self::NoControls, Language::En) => {
                "the design needs stores that did not take part, and there are none"
            }
            (Self::NoControls, Language::Zh) => "该方法需要未参加活动的对照门店，但没有",
            (Self::MissingWeek, Language::En) => "sales of a week of the event or cooldown are unknown",
            (Self::MissingWeek, Language::Zh) => "活动期或观察期有一周销量缺失",
            (Self::WindowOpen, Language::En) => "the event or its cooldown is not over in the data",
            (Self::WindowOpen, Language::Zh) => "数据中活动期或观察期尚未结束",
            (Self::ZeroBase, Language::En) => {
                "nothing was sold in quiet weeks, so there is no base to compare with"
            }
            (Self::ZeroBase, Language::Zh) => "平常周没有销量，没有可比的基数",
        }
    }
}

fn whole(units: &Exact) -> String {
    units.to_fixed(0, RoundingMode::HalfAwayFromZero)
}

fn estimate(units: f64) -> String {
    units_from_estimate(units).map_or_else(|_| "?".to_owned(), |units| whole(&units))
}

fn effect_lines(evaluation: &Evaluation, reading: &Reading, language: Language) -> Vec<String> {
    let confidence = evaluation.confidence;
    let (base, sold) = (whole(&reading.base_units), units_text(&evaluation.actual_units));
    let (gross, net) = (whole(&reading.incremental_units), whole(&reading.net_incremental_units));
    let lift = reading.lift.to_percent(1);
    let mut lines = vec![match language {
        Language::En => format!("Sold {sold} against {base} expected: {gross} on top, a lift of {lift}."),
        Language::Zh => format!("实销 {sold} 件，基线 {base} 件：增量 {gross} 件，提升率 {lift}。"),
    }];
    let share = match &reading.pull_forward_share {
        Measure::Value(_) => reading.pull_forward_share.to_percent(0),
        other => other.to_string(),
    };
    let rose = reading.post_dip_units.signum() < 0;
    let after = whole(&reading.post_dip_units.abs());
    lines.push(match (language, rose) {
        (Language::En, false) => {
            format!("Afterwards {after} were missing ({share} of the gain pulled forward), which leaves {net} net.")
        }
        (Language::En, true) => format!("Afterwards {after} more than expected were sold, which makes {net} net."),
        (Language::Zh, false) => format!("活动后少卖 {after} 件（提前消费占 {share}），净增量 {net} 件。"),
        (Language::Zh, true) => format!("活动后多卖 {after} 件，净增量 {net} 件。"),
    });
    if let Some(evidence) = reading.effect.evidence {
        let (low, high) = (estimate(evidence.low), estimate(evidence.high));
        let df = reading.effect.estimate.df;
        lines.push(match language {
            Language::En => format!(
                "Quiet stretches of the same length stray by {} units (out of sample, {df} degrees of freedom): {confidence} interval {low} to {high} net units.",
                estimate(reading.effect.estimate.standard_error)
            ),
            Language::Zh => format!(
                "同样长度的平常周段样本外偏差为 {} 件（自由度 {df}）：净增量的 {confidence} 区间为 {low} 到 {high} 件。",
                estimate(reading.effect.estimate.standard_error)
            ),
        });
    }
    lines
}

fn baseline_line(readings: &[Reading], language: Language) -> String {
    let parts: Vec<String> = readings
        .iter()
        .map(|reading| {
            let (name, lift) = (reading.method.label(language), reading.lift.to_percent(1));
            match language {
                Language::En => {
                    format!("{name} {lift} ({}, {})", reading.effect.verdict.name(), reading.payback.name())
                }
                Language::Zh => format!(
                    "{name} {lift}（{}，{}）",
                    short_zh(&reading.effect.verdict),
                    payback_zh(&reading.payback)
                ),
            }
        })
        .collect();
    match language {
        Language::En => format!("Lift by baseline (effect, payback): {}.", parts.join("; ")),
        Language::Zh => format!("不同基线下的提升率（效果，回本）：{}。", parts.join("；")),
    }
}

const fn short_zh(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Works => "有效",
        Verdict::DoesNot { .. } => "无效",
        Verdict::NotEnoughEvidence { .. } => "证据不足",
    }
}

const fn payback_zh(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Works => "回本",
        Verdict::DoesNot { .. } => "不回本",
        Verdict::NotEnoughEvidence { .. } => "证据不足",
    }
}

fn money_lines(
    evaluation: &Evaluation,
    measured: &Measured,
    reading: &Reading,
    language: Language,
) -> Vec<String> {
    let (margin, spend, net) = (measured.incremental_margin, evaluation.spend, measured.net_margin);
    let range = |money: &Money| money.to_amount_string();
    let (low, high) = (range(&reading.supplier_net_low), range(&reading.supplier_net_high));
    let roi = measured.returns.roi_net.to_percent(1);
    let paid = payback_words(&measured.payback, language);
    let break_even = measured.break_even.lift.to_percent(1);
    match language {
        Language::En => vec![
            format!(
                "{paid} Margin on net units {margin} less funding {spend} is {net} (interval {low} to {high}); net return on spend {roi}."
            ),
            format!(
                "At the planned funding, and with nothing pulled forward, the supplier breaks even at a lift of {break_even}."
            ),
        ],
        Language::Zh => vec![
            format!(
                "{paid}净增量毛利 {margin}，减促销投入 {spend}，净得 {net}（区间 {low} 到 {high}）；净投入产出比 {roi}。"
            ),
            format!("按计划费用且无提前消费，供应商盈亏平衡需要提升率 {break_even}。"),
        ],
    }
}

const fn payback_words(verdict: &Verdict, language: Language) -> &'static str {
    match (verdict, language) {
        (Verdict::Works, Language::En) => "It paid for itself.",
        (Verdict::Works, Language::Zh) => "已回本。",
        (Verdict::DoesNot { .. }, Language::En) => "It did not pay for itself.",
        (Verdict::DoesNot { .. }, Language::Zh) => "没有回本。",
        (Verdict::NotEnoughEvidence { .. }, Language::En) => "Whether it paid for itself cannot be said.",
        (Verdict::NotEnoughEvidence { .. }, Language::Zh) => "是否回本无法判断。",
    }
}

impl crate::Baseline {
    /// The method in words.
    #[must_use]
    pub const fn label(&self, language: Language) -> &'static str {
        match (self, language) {
            (Self::TrailingMean { .. }, Language::En) => "trailing mean",
            (Self::TrailingMean { .. }, Language::Zh) => "移动平均",
            (Self::TrailingMedian { .. }, Language::En) => "trailing median",
            (Self::TrailingMedian { .. }, Language::Zh) => "移动中位数",
            (Self::TrimmedMean { .. }, Language::En) => "trimmed moving average",
            (Self::TrimmedMean { .. }, Language::Zh) => "截尾移动平均",
            (Self::PrePostMean { .. }, Language::En) => "mean of weeks before and after",
            (Self::PrePostMean { .. }, Language::Zh) => "前后平均",
            (Self::LinearTrend { .. }, Language::En) => "straight line",
            (Self::LinearTrend { .. }, Language::Zh) => "线性趋势",
            (Self::ExponentialSmoothing { .. }, Language::En) => "exponential smoothing",
            (Self::ExponentialSmoothing { .. }, Language::Zh) => "指数平滑",
        }
    }
}

impl FundingAmount {
    /// How the amount came about, in one sentence.
    #[must_use]
    pub fn explain(&self, language: Language) -> String {
        let exact = self.exact.to_fixed(4, RoundingMode::HalfAwayFromZero);
        let units = units_text(&self.units);
        let how = match (&self.basis, language) {
            (FundingBasis::ScanBack { per_unit }, Language::En) => {
                format!("{units} units scanned × {per_unit}")
            }
            (FundingBasis::ScanBack { per_unit }, Language::Zh) => format!("扫描 {units} 件 × {per_unit}"),
            (FundingBasis::OffInvoice { per_unit }, Language::En) => {
                format!("{units} units invoiced × {per_unit}")
            }
            (FundingBasis::OffInvoice { per_unit }, Language::Zh) => format!("进货 {units} 件 × {per_unit}"),
            (FundingBasis::BillBack { per_unit }, Language::En) => {
                format!("{units} units bought in, claimed at {per_unit}")
            }
            (FundingBasis::BillBack { per_unit }, Language::Zh) => {
                format!("事后补差 {units} 件 × {per_unit}")
            }
            (FundingBasis::SellInShare { rate }, Language::En) => {
                format!("{rate} of {units} units invoiced at the supply price")
            }
            (FundingBasis::SellInShare { rate }, Language::Zh) => format!("进货 {units} 件供价额的 {rate}"),
            (FundingBasis::SellOutShare { rate }, Language::En) => {
                format!("{rate} of what shoppers paid for {units} units")
            }
            (FundingBasis::SellOutShare { rate }, Language::Zh) => format!("销售 {units} 件实收额的 {rate}"),
            (FundingBasis::LumpSum { amount }, Language::En) => format!("lump sum {amount}"),
            (FundingBasis::LumpSum { amount }, Language::Zh) => format!("一口价 {amount}"),
            (FundingBasis::FreeGoods { units }, Language::En) => {
                format!("{units} free units at the supply price")
            }
            (FundingBasis::FreeGoods { units }, Language::Zh) => format!("赠品 {units} 件按供价计"),
        };
        let capped = match (self.cap, language) {
            (crate::CapEffect::Free, _) => "",
            (crate::CapEffect::CapReached, Language::En) => ", cut at the cap",
            (crate::CapEffect::CapReached, Language::Zh) => "，触及上限",
        };
        format!("{}: {how} = {exact}{capped} → {}", self.line, self.amount)
    }
}
