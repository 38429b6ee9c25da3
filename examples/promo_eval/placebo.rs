//! Placebo events: the same method in windows without an event, and what it may therefore claim.

use std::collections::BTreeMap;

use endcap::promo::Language;
use endcap::promo::evidence::distribution::normal_quantile;
use endcap::promo::evidence::infer::conformal::PlaceboScores;
use endcap::promo::evidence::infer::placebo::{FalsePositives, Placebo, false_positives};
use serde_json::{Value, json};

use super::Args;
use super::common::progress::Progress;
use super::evaluate::{Found, LEAST_HISTORY, busy, look};
use super::load::{Event, Loaded};

/// Most placebo events of one length.
const MOST: usize = 240;
/// Most lengths; events of other lengths take the nearest.
const LENGTHS: usize = 5;

/// What the method finds in windows without an event, by length of the event.
pub struct Calibration {
    lengths: BTreeMap<i64, PlaceboScores>,
    rate: Option<FalsePositives>,
    level: f64,
    /// Placebo events found, whether or not they were enough.
    found: usize,
}

impl Calibration {
    /// Places placebo events of every usual length in clean windows of all accounts.
    pub fn new(args: &Args, loaded: &Loaded) -> Self {
        let level = args.confidence / 100.0;
        let mut usual: BTreeMap<i64, usize> = BTreeMap::new();
        for event in &loaded.events {
            *usual.entry(event.last - event.first + 1).or_default() += 1;
        }
        let mut usual: Vec<(i64, usize)> = usual.into_iter().collect();
        usual.sort_by_key(|(weeks, events)| (std::cmp::Reverse(*events), *weeks));
        let mut calibration = Self { lengths: BTreeMap::new(), rate: None, level, found: 0 };
        let mut rates = Vec::new();
        for (weeks, _) in usual.into_iter().take(LENGTHS) {
            let placebos = placebos(args, loaded, weeks);
            calibration.found += placebos.len();
            let scores: Vec<f64> = placebos.iter().map(|placebo| placebo.score).collect();
            if let Ok(scores) = PlaceboScores::new(&scores)
                && scores.reach(level).is_ok()
            {
                calibration.lengths.insert(weeks, scores);
            }
            let own_limit = normal_quantile(0.5 + 0.5 * level).unwrap_or(f64::INFINITY);
            rates.extend(false_positives(&placebos, level, own_limit).ok());
        }
        let judged: usize = rates.iter().map(|rate| rate.judged).sum();
        let mean = |of: fn(&FalsePositives) -> f64| {
            rates.iter().map(|rate| of(rate) * rate.judged as f64).sum::<f64>() / judged as f64
        };
        calibration.rate = (judged > 0).then(|| FalsePositives {
            nominal: 1.0 - level,
            judged,
            conformal: mean(|rate| rate.conformal),
            stated: mean(|rate| rate.stated),
        });
        calibration
    }

    /// The scores that set an event's limits: those of the nearest length.
    pub fn scores(&self, event: &Event) -> Option<&PlaceboScores> {
        let weeks = event.last - event.first + 1;
        self.lengths.iter().min_by_key(|(length, _)| ((*length - weeks).abs(), **length)).map(|(_, s)| s)
    }

    /// The rate beside the nominal one, in a sentence or two.
    pub fn words(&self, language: Language, confidence: f64) -> String {
        let found = self.found;
        if self.lengths.is_empty() {
            return match language {
                Language::En => format!(
                    "Only {found} windows without an event could be tried, too few to check the method: the intervals are \
                     the model's own, and real weeks may stray farther."
                ),
                Language::Zh => format!(
                    "只有 {found} 个无活动窗口可试，不足以检验方法：区间是模型自己的，实际波动可能更大。"
                ),
            };
        }
        let Some(rate) = self.rate else {
            return match language {
                Language::En => format!(
                    "The intervals of {confidence} % reach as far as {found} placebo events (windows without an event) \
                     demand; there are too few of other accounts and weeks to check the rate of false claims."
                ),
                Language::Zh => format!(
                    "{confidence}% 区间按 {found} 次安慰剂活动（无活动窗口）设定；其他客户和其他周的样本太少，无法检验误报率。"
                ),
            };
        };
        let percent = |share: f64| format!("{:.1}", 100.0 * share);
        let (own, stated, nominal) = (percent(rate.conformal), percent(rate.stated), percent(rate.nominal));
        let judged = rate.judged;
        let slack = 2.0 * (rate.nominal * (1.0 - rate.nominal) / judged as f64).sqrt();
        let mut words = match language {
            Language::En => format!(
                "False claims: in {judged} placebo events (windows without an event) an effect is found in {own} %, nominal \
                 {nominal} %, with limits that know neither the account nor the weeks; the model's own limits would claim {stated} %."
            ),
            Language::Zh => format!(
                "误报率：{judged} 次安慰剂活动（无活动窗口）中有 {own}% 被判有效果，名义值 {nominal}%（界限不含该客户和该周的数据）；\
                 按模型自己的界限则为 {stated}%。"
            ),
        };
        if (rate.conformal - rate.nominal).abs() > slack {
            words.push_str(match language {
                Language::En => {
                    " That is farther from nominal than chance explains: accounts or seasons differ, so read single \
                     verdicts near the limit with care."
                }
                Language::Zh => "与名义值的差距超出随机范围：客户或季节之间有差异，接近界限的结论需谨慎。",
            });
        }
        words
    }

    /// The same as JSON.
    pub fn document(&self) -> Value {
        let ratio = |x: f64| format!("{x:.4}");
        let lengths: Vec<Value> = self
            .lengths
            .iter()
            .map(|(weeks, scores)| {
                let limit = scores.reach(self.level).ok().map(ratio);
                json!({"weeks": weeks, "placebos": scores.count(), "limit": limit})
            })
            .collect();
        json!({
            "judged": self.rate.map_or(0, |rate| rate.judged),
            "nominal": ratio(1.0 - self.level),
            "rate": self.rate.map(|rate| ratio(rate.conformal)),
            "stated_rate": self.rate.map(|rate| ratio(rate.stated)),
            "lengths": lengths,
        })
    }
}

/// Windows laid end to end, backwards from every account's last week; evenly spread when there are more than enough.
fn placebos(args: &Args, loaded: &Loaded, weeks: i64) -> Vec<Placebo> {
    let mut places = Vec::new();
    for (unit, (account, own)) in loaded.accounts.iter().enumerate() {
        let taken = busy(args, loaded, account, "");
        let (Some(start), Some(last)) = (own.keys().next(), own.keys().next_back()) else { continue };
        let span = weeks + args.cooldown;
        let mut first = last + 1 - span;
        while first >= start + LEAST_HISTORY as i64 {
            if (first..first + span).all(|week| own.contains_key(&week) && !taken.contains(&week)) {
                places.push((unit, account, first));
            }
            first -= span;
        }
    }
    let step = places.len().div_ceil(MOST).max(1);
    let mut progress = Progress::of_steps(places.len() / step, "placebo events");
    let mut found = Vec::new();
    for (done, (unit, account, first)) in places.into_iter().step_by(step).enumerate() {
        progress.set(done as u64);
        let id = format!("placebo {account} {first}");
        let event = Event { id, account: account.clone(), first, last: first + weeks - 1, money: None };
        if let Ok((_, Found::Impact(impact))) = look(args, loaded, &event) {
            let deviation = impact.average.standard_deviation();
            if deviation > 0.0 {
                let score = impact.average.mean() / deviation;
                found.push(Placebo { unit, first, last: first + weeks - 1 + args.cooldown, score });
            }
        }
    }
    progress.finish();
    found
}
