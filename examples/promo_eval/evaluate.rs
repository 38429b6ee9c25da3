//! One verdict an event, and the events among each other.

use std::collections::BTreeSet;

use endcap::promo::evidence::infer::calibration::inflation;
use endcap::promo::evidence::judge::{Finding, Judgement, MoneyTerms, judge};
use endcap::promo::evidence::portfolio::{Portfolio, PortfolioEvent, RankedEvent, rank};
use endcap::promo::evidence::similarity::{Band, nearest};
use endcap::promo::evidence::structural::{Impact, StructuralOptions, impact};
use endcap::promo::evidence::{Effect, EvidenceError};
use endcap::promo::{DecisionRule, EvidenceGap, Gate, NotEvaluable, Verdict};
use endcap::types::Rounding;

use super::Args;
use super::common::progress::Progress;
use super::load::{Accounts, Event, Loaded};

/// Controls of one event.
const CONTROLS: usize = 3;
/// Fewest known weeks before an event.
const LEAST_HISTORY: usize = 8;
/// Placebo events an account.
const PLACEBOS: usize = 4;

/// An event with its verdict.
pub struct Judged {
    pub event: Event,
    pub controls: Vec<String>,
    pub outcome: Outcome,
    /// Place among the others, when it was judged.
    pub ranked: Option<RankedEvent>,
}

pub enum Outcome {
    Judged(Box<Judgement>),
    NotEvaluable(NotEvaluable),
}

impl Judged {
    pub fn verdict(&self) -> Verdict {
        match &self.outcome {
            Outcome::Judged(judgement) => judgement.effect,
            Outcome::NotEvaluable(why) => {
                Verdict::NotEnoughEvidence { because: EvidenceGap::NotEvaluable(*why), could_have_seen: None }
            }
        }
    }

    pub fn judgement(&self) -> Option<&Judgement> {
        match &self.outcome {
            Outcome::Judged(judgement) => Some(judgement),
            Outcome::NotEvaluable(_) => None,
        }
    }
}

pub struct Evaluated {
    pub events: Vec<Judged>,
    /// By how much placebo events widened the intervals.
    pub widening: Widening,
    pub portfolio: Option<Portfolio>,
    /// Whether the portfolio counts money or units.
    pub in_money: bool,
}

/// What the method finds in windows without an event.
#[derive(Debug, Clone, Copy)]
pub struct Widening {
    /// Factor on every standard error, at least 1.
    pub factor: f64,
    /// Placebo events behind it; too few leave the factor at 1.
    pub placebos: usize,
}

/// Places a placebo event in clean windows of every account and compares what is found with its own error.
fn widening(args: &Args, loaded: &Loaded) -> Widening {
    let mut scores: Vec<f64> = Vec::new();
    let mut progress = Progress::of_steps(loaded.accounts.len(), "placebo events");
    // A hundred accounts, evenly spread, say enough.
    let step = loaded.accounts.len().div_ceil(100).max(1);
    for (done, (account, weeks)) in loaded.accounts.iter().enumerate().step_by(step) {
        progress.set(done as u64);
        let taken = busy(args, &loaded.events, account, "");
        let Some(last) = weeks.keys().next_back().copied() else { continue };
        let mut own = 0;
        let mut first = last - args.cooldown - 1;
        while own < PLACEBOS && weeks.keys().next().is_some_and(|start| first >= start + LEAST_HISTORY as i64)
        {
            let end = first + 1 + args.cooldown;
            let clean = (first..=end).all(|week| weeks.contains_key(&week) && !taken.contains(&week));
            let id = format!("placebo {account} {first}");
            let event = Event { id, account: account.clone(), first, last: first + 1, money: None };
            if clean && let Ok((_, Found::Impact(found))) = look(args, loaded, &event) {
                let deviation = found.average.standard_deviation();
                scores.extend((deviation > 0.0).then(|| found.average.mean() / deviation));
                own += 1;
            }
            first -= 2 + args.cooldown;
        }
    }
    progress.finish();
    let factor = inflation(&scores).unwrap_or(1.0);
    Widening { factor, placebos: scores.len() }
}

pub fn evaluate(args: &Args, loaded: &Loaded) -> Result<Evaluated, String> {
    let widening = widening(args, loaded);
    let mut progress = Progress::of_steps(loaded.events.len(), "events");
    let mut events = Vec::with_capacity(loaded.events.len());
    for (done, event) in loaded.events.iter().enumerate() {
        progress.set(done as u64);
        let (controls, outcome) =
            one(args, loaded, event, widening).map_err(|error| format!("event {}: {error}", event.id))?;
        events.push(Judged { event: event.clone(), controls, outcome, ranked: None });
    }
    progress.finish();
    let in_money = events.iter().filter_map(Judged::judgement).all(|judgement| judgement.money.is_some());
    let mut places = Vec::new();
    let mut entries = Vec::new();
    for (at, judged) in events.iter().enumerate() {
        let Some(judgement) = judged.judgement() else { continue };
        let found = &judgement.finding;
        let spread = (found.high - found.low) / (2.0 * 1.959_964);
        let (net, standard_error, spend) = match (&judged.event.money, in_money) {
            (Some((margin, spend)), true) => {
                let minor = |value: &endcap::types::Exact| {
                    value
                        .to_fixed(6, endcap::types::RoundingMode::HalfEven)
                        .parse::<f64>()
                        .unwrap_or(f64::NAN)
                };
                let cost = spend.minor() as f64 / 100.0;
                let per_unit = minor(margin) / 100.0;
                (found.effect * per_unit - cost, spread * per_unit.abs(), cost)
            }
            _ => (found.effect, spread, 1.0),
        };
        if standard_error > 0.0 && spend > 0.0 {
            places.push(at);
            entries.push(PortfolioEvent { id: judged.event.id.clone(), net, standard_error, spend });
        }
    }
    let portfolio =
        if entries.len() < 2 { None } else { Some(rank(&entries).map_err(|error| error.to_string())?) };
    if let Some(portfolio) = &portfolio {
        for (at, ranked) in places.into_iter().zip(&portfolio.events) {
            events[at].ranked = Some(ranked.clone());
        }
    }
    Ok(Evaluated { events, widening, portfolio, in_money })
}

/// Weeks of an account that belong to an event or its cooldown.
fn busy(args: &Args, events: &[Event], account: &str, except: &str) -> BTreeSet<i64> {
    let own = events.iter().filter(|event| event.account == account && event.id != except);
    own.flat_map(|event| event.first..=event.last + args.cooldown).collect()
}

/// The effect of one event, or why there is none.
enum Found {
    Impact(Box<Impact>),
    None(NotEvaluable),
}

/// Finds window and controls, and estimates.
fn look(args: &Args, loaded: &Loaded, event: &Event) -> Result<(Vec<String>, Found), String> {
    let none = |why| Ok((Vec::new(), Found::None(why)));
    let Some(own) = loaded.accounts.get(&event.account) else { return none(NotEvaluable::MissingWeek) };
    let end = event.last + args.cooldown;
    if own.keys().next_back().is_none_or(|last| *last < end) {
        return none(NotEvaluable::WindowOpen);
    }
    if (event.first..=end).any(|week| !own.contains_key(&week)) {
        return none(NotEvaluable::MissingWeek);
    }
    let others = busy(args, &loaded.events, &event.account, &event.id);
    let starts = loaded.events.iter().any(|other| {
        other.account == event.account
            && other.id != event.id
            && other.first <= end
            && other.last >= event.first
    });
    if starts {
        return none(NotEvaluable::OverlappingEvents);
    }
    let from = event.first - args.history;
    let window: Vec<i64> = (from..=end).collect();
    let start = usize::try_from(args.history).unwrap_or(0);
    let treated: Vec<Option<f64>> = window
        .iter()
        .map(|week| {
            own.get(week).filter(|_| *week >= event.first || !others.contains(week)).map(|seen| seen.units)
        })
        .collect();
    // Weeks before the account's first are not weeks.
    let skip = treated.iter().position(Option::is_some).unwrap_or(0).min(start);
    let (window, treated, start) = (&window[skip..], &treated[skip..], start - skip);
    let known: Vec<f64> = treated[..start].iter().flatten().copied().collect();
    if known.len() < LEAST_HISTORY {
        return none(NotEvaluable::PrePeriodTooShort);
    }
    let mean = known.iter().sum::<f64>() / known.len() as f64;
    if mean <= 0.0 {
        return none(NotEvaluable::ZeroBase);
    }
    let chosen = controls(args, loaded, event, window, treated, start);
    let series: Vec<&[f64]> = chosen.iter().map(|(_, values)| values.as_slice()).collect();
    let found = match impact(
        treated,
        &series,
        start,
        &StructuralOptions { nodes: 16, ..StructuralOptions::drifting() },
    ) {
        Ok(found) => found,
        Err(EvidenceError::Constant { .. }) => return none(NotEvaluable::ZeroBase),
        Err(error) => return Err(error.to_string()),
    };
    Ok((chosen.into_iter().map(|(name, _)| name).collect(), Found::Impact(Box::new(found))))
}

fn one(
    args: &Args,
    loaded: &Loaded,
    event: &Event,
    widening: Widening,
) -> Result<(Vec<String>, Outcome), String> {
    let (controls, found) = look(args, loaded, event)?;
    let found = match found {
        Found::None(why) => return Ok((controls, Outcome::NotEvaluable(why))),
        Found::Impact(found) => found,
    };
    let posterior = found.cumulative();
    let periods = found.periods as f64;
    let df = if widening.factor > 1.0 { widening.placebos as f64 } else { f64::INFINITY };
    let effect = Effect {
        point: posterior.mean(),
        standard_error: posterior.standard_deviation() * widening.factor,
        df,
        base: found.base(),
    };
    let noise = 100.0 * posterior.standard_deviation() / periods.sqrt() / (found.base() / periods).abs();
    let gate = if noise <= args.max_noise { Gate::Pass } else { Gate::PoorFit };
    let alpha = 1.0 - args.confidence / 100.0;
    let rule = DecisionRule { alpha, material_effect: (args.material / 100.0 * found.base()).max(0.0) };
    let finding = Finding::from_effect(&effect, &rule).map_err(|error| error.to_string())?;
    let terms = event.money.as_ref().map(|(unit_margin, spend)| MoneyTerms {
        unit_margin: unit_margin.clone(),
        spend: *spend,
        rounding: Rounding::HALF_AWAY,
    });
    let judged = judge(finding, &rule, gate, terms.as_ref()).map_err(|error| error.to_string())?;
    Ok((controls, Outcome::Judged(Box::new(judged))))
}

/// The accounts that move most alike before the event and have no event of their own in its weeks.
fn controls(
    args: &Args,
    loaded: &Loaded,
    event: &Event,
    window: &[i64],
    treated: &[Option<f64>],
    start: usize,
) -> Vec<(String, Vec<f64>)> {
    let mut candidates: Vec<(String, Vec<f64>)> = Vec::new();
    let accounts: &Accounts = &loaded.accounts;
    for (name, weeks) in accounts.iter().filter(|(name, _)| **name != event.account) {
        let taken = busy(args, &loaded.events, name, "");
        let quiet = window.iter().all(|week| !taken.contains(week));
        let values: Option<Vec<f64>> =
            window.iter().map(|week| weeks.get(week).map(|seen| seen.units)).collect();
        if let Some(values) = values.filter(|_| quiet)
            && values[..start].iter().any(|v| *v != values[0])
        {
            candidates.push((name.clone(), values));
        }
    }
    let shape = |values: &[f64]| -> Vec<f64> {
        let kept: Vec<f64> =
            values.iter().zip(treated).take(start).filter(|(_, y)| y.is_some()).map(|(v, _)| *v).collect();
        let mean = kept.iter().sum::<f64>() / kept.len() as f64;
        kept.iter().map(|v| v / mean).collect()
    };
    let target: Vec<f64> = treated.iter().map(|y| y.unwrap_or(0.0)).collect();
    let shapes: Vec<Vec<f64>> = candidates.iter().map(|(_, values)| shape(values)).collect();
    let slices: Vec<&[f64]> = shapes.iter().map(Vec::as_slice).collect();
    let Ok(order) = nearest(&shape(&target), &slices, Band::Within(1)) else { return Vec::new() };
    order.into_iter().take(CONTROLS).map(|(at, _)| candidates[at].clone()).collect()
}
