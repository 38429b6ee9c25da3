//! One verdict an event, and the events among each other.

use std::collections::BTreeSet;

use endcap::promo::evidence::distribution::normal_quantile;
use endcap::promo::evidence::judge::{Finding, Judgement, MoneyTerms, judge};
use endcap::promo::evidence::portfolio::{Portfolio, PortfolioEvent, RankedEvent, rank};
use endcap::promo::evidence::similarity::{Band, nearest};
use endcap::promo::evidence::structural::{Impact, Season, StructuralOptions, impact};
use endcap::promo::evidence::{Effect, EvidenceError};
use endcap::promo::{DecisionRule, EvidenceGap, Gate, NotEvaluable, Verdict};
use endcap::types::Rounding;

use super::Args;
use super::common::progress::Progress;
use super::load::{Accounts, Event, Loaded};
use super::placebo::Calibration;

/// Controls of one event.
const CONTROLS: usize = 3;
/// Fewest known weeks before an event.
pub const LEAST_HISTORY: usize = 8;

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
    /// What the method finds where nothing happened, and the limits that follow.
    pub calibration: Calibration,
    pub portfolio: Option<Portfolio>,
    /// Whether the portfolio counts money or units.
    pub in_money: bool,
}

pub fn evaluate(args: &Args, loaded: &Loaded) -> Result<Evaluated, String> {
    let calibration = Calibration::new(args, loaded);
    let mut progress = Progress::of_steps(loaded.events.len(), "events");
    let mut events = Vec::with_capacity(loaded.events.len());
    for (done, event) in loaded.events.iter().enumerate() {
        progress.set(done as u64);
        let (controls, outcome) =
            one(args, loaded, event, &calibration).map_err(|error| format!("event {}: {error}", event.id))?;
        events.push(Judged { event: event.clone(), controls, outcome, ranked: None });
    }
    progress.finish();
    let in_money = events.iter().filter_map(Judged::judgement).all(|judgement| judgement.money.is_some());
    // As if the interval were a normal one of its level.
    let reach = normal_quantile(0.5 + 0.005 * args.confidence).map_err(|error| error.to_string())?;
    let mut places = Vec::new();
    let mut entries = Vec::new();
    for (at, judged) in events.iter().enumerate() {
        let Some(judgement) = judged.judgement() else { continue };
        let found = &judgement.finding;
        let spread = (found.high - found.low) / (2.0 * reach);
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
            let id = format!("{} {}", judged.event.id, judged.event.account);
            entries.push(PortfolioEvent { id, net, standard_error, spend });
        }
    }
    let portfolio =
        if entries.len() < 2 { None } else { Some(rank(&entries).map_err(|error| error.to_string())?) };
    if let Some(portfolio) = &portfolio {
        for (at, ranked) in places.into_iter().zip(&portfolio.events) {
            events[at].ranked = Some(ranked.clone());
        }
    }
    Ok(Evaluated { events, calibration, portfolio, in_money })
}

/// Weeks of an account that belong to an event or its cooldown.
pub fn busy(args: &Args, loaded: &Loaded, account: &str, except: &str) -> BTreeSet<i64> {
    let own = loaded.events_of(account).filter(|event| event.id != except);
    own.flat_map(|event| event.first..=event.last + args.cooldown).collect()
}

/// The effect of one event, or why there is none.
pub enum Found {
    Impact(Box<Impact>),
    None(NotEvaluable),
}

/// Finds window and controls, and estimates.
pub fn look(args: &Args, loaded: &Loaded, event: &Event) -> Result<(Vec<String>, Found), String> {
    let none = |why| Ok((Vec::new(), Found::None(why)));
    let Some(own) = loaded.accounts.get(&event.account) else { return none(NotEvaluable::MissingWeek) };
    let end = event.last + args.cooldown;
    if own.keys().next_back().is_none_or(|last| *last < end) {
        return none(NotEvaluable::WindowOpen);
    }
    if (event.first..=end).any(|week| !own.contains_key(&week)) {
        return none(NotEvaluable::MissingWeek);
    }
    let others = busy(args, loaded, &event.account, &event.id);
    let starts = loaded
        .events_of(&event.account)
        .any(|other| other.id != event.id && other.first <= end && other.last + args.cooldown >= event.first);
    if starts {
        return none(NotEvaluable::OverlappingEvents);
    }
    let wanted = args.season.unwrap_or_default();
    let history = args.history.max(2 * wanted.cycle() as i64);
    let from = event.first - history;
    let window: Vec<i64> = (from..=end).collect();
    let start = usize::try_from(history).unwrap_or(0);
    let treated: Vec<Option<f64>> = window
        .iter()
        .map(|week| {
            own.get(week).filter(|_| *week >= event.first || !others.contains(week)).map(|seen| seen.units)
        })
        .collect();
    // Weeks before the account's first, or before it first sold anything, are not weeks.
    let sold = treated[..start].iter().position(|units| units.is_some_and(|units| units > 0.0));
    let skip = sold.or_else(|| treated.iter().position(Option::is_some)).unwrap_or(0).min(start);
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
    let season = if wanted.fits(start) { wanted } else { Season::None };
    let nodes = if season == Season::None { 16 } else { 8 };
    let options = StructuralOptions { nodes, season, ..StructuralOptions::drifting() };
    let found = match impact(treated, &series, start, &options) {
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
    calibration: &Calibration,
) -> Result<(Vec<String>, Outcome), String> {
    let (controls, found) = look(args, loaded, event)?;
    let found = match found {
        Found::None(why) => return Ok((controls, Outcome::NotEvaluable(why))),
        Found::Impact(found) => found,
    };
    let posterior = found.cumulative();
    let periods = found.periods as f64;
    let effect = Effect {
        point: posterior.mean(),
        standard_error: posterior.standard_deviation(),
        df: f64::INFINITY,
        base: found.base(),
    };
    let noise = 100.0 * posterior.standard_deviation() / periods.sqrt() / (found.base() / periods).abs();
    let gate = if noise <= args.max_noise { Gate::Pass } else { Gate::PoorFit };
    let alpha = 1.0 - args.confidence / 100.0;
    let rule = DecisionRule { alpha, material_effect: (args.material / 100.0 * found.base()).max(0.0) };
    let finding = match calibration.scores(event) {
        Some(scores) => Finding::from_placebos(&effect, scores, &rule),
        None => Finding::from_impact(&found, &rule),
    };
    let finding = finding.map_err(|error| error.to_string())?;
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
    let (Some(from), Some(end)) = (window.first(), window.last()) else { return candidates };
    for (name, weeks) in accounts.iter().filter(|(name, _)| **name != event.account) {
        if loaded.events_of(name).any(|own| own.first <= *end && own.last + args.cooldown >= *from) {
            continue;
        }
        let values: Option<Vec<f64>> =
            window.iter().map(|week| weeks.get(week).map(|seen| seen.units)).collect();
        if let Some(values) = values
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
