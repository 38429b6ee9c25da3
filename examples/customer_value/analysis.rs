//! Fit, hold-out calibration, ranking.

use std::num::NonZeroU32;

use endcap::account::AccountError;
use endcap::account::value::{
    BgNbd, Cbs, CbsTable, Fit, FitState, GammaGamma, MbgNbd, ParetoNbd, PurchaseSummary, RepeatBuying, Spend,
    ValuePlan, money_from_estimate, spend_correlation,
};
use endcap::types::Money;
use serde::Serialize;

use crate::load::{Loaded, date};
use crate::{Args, ModelArg};

/// Days of the unit that models are fitted in.
const WEEK: NonZeroU32 = NonZeroU32::new(7).expect("seven is above zero");
/// Customers with this many repeats and more are one line of the calibration.
const MOST_REPEATS: u32 = 7;

/// Everything that is found.
#[derive(Debug)]
pub struct Analysis {
    pub summaries: Vec<(String, PurchaseSummary)>,
    pub model: ModelReport,
    pub spend: Option<SpendReport>,
    pub calibration: Calibration,
    pub ranking: Vec<Valued>,
    pub total: Money,
}

/// A fit as it is printed.
#[derive(Debug, Serialize)]
pub struct ModelReport {
    pub name: &'static str,
    pub unit: &'static str,
    pub parameters: Vec<Parameter>,
    pub log_likelihood: f64,
    pub state: &'static str,
    /// What that means for the forecasts; none where the maximum is well established.
    pub remark: Option<String>,
    pub gradient_norm: f64,
    pub condition: Option<f64>,
    pub agreeing_starts: usize,
    pub starts: usize,
    pub iterations: u32,
    pub customers: u64,
    pub groups: usize,
}

#[derive(Debug, Serialize)]
pub struct Parameter {
    pub name: &'static str,
    pub value: f64,
    pub standard_error: Option<f64>,
}

#[derive(Debug, Serialize)]
pub struct SpendReport {
    #[serde(flatten)]
    pub model: ModelReport,
    /// The model assumes that frequency and spend have nothing to do with each other.
    pub correlation_with_frequency: Option<f64>,
}

/// One customer of the ranking.
#[derive(Debug)]
pub struct Valued {
    /// Position in [`Analysis::summaries`].
    pub position: usize,
    pub alive: f64,
    pub expected: f64,
    pub spend: Money,
    pub value: Money,
}

/// The forecast of days that the fit has not seen.
#[derive(Debug, Serialize)]
pub struct Calibration {
    pub fitted_until: String,
    pub holdout_days: i32,
    pub customers: usize,
    pub actual: u64,
    pub model: Forecast,
    pub naive: Forecast,
    pub by_frequency: Vec<Bucket>,
}

#[derive(Debug, Default, Serialize)]
pub struct Forecast {
    pub predicted: f64,
    pub total_error_percent: Option<f64>,
    pub mean_absolute_error: f64,
    pub root_mean_square_error: f64,
}

/// Mean transactions in the hold-out of customers with so many repeats before it.
#[derive(Debug, Serialize)]
pub struct Bucket {
    pub repeats: String,
    pub customers: usize,
    pub actual: f64,
    pub model: f64,
    pub naive: f64,
}

type Fitted = (Box<dyn RepeatBuying>, ModelReport);

impl Analysis {
    pub fn of(loaded: &Loaded, args: &Args) -> Result<Self, String> {
        let (first, end) = loaded.span;
        let summaries = loaded.log.summaries(end).map_err(|error| error.to_string())?;
        let days = end - first;
        let holdout = args.holdout_days.map_or(days / 3, |days| i32::try_from(days).unwrap_or(i32::MAX));
        if holdout < 1 || holdout >= days {
            return Err(format!("spans {days} days; expected more than the hold-out of {holdout}"));
        }
        let calibration = calibrate(loaded, args, end - holdout, end)
            .map_err(|error| format!("cannot be fitted without its last {holdout} days: {error}"))?;
        let (model, report) = fit(&summaries, args).map_err(|error| format!("cannot be fitted: {error}"))?;
        let (spends, spend) = spend_model(&summaries);
        let ranking = rank(&summaries, &*model, &spends, args).map_err(|error| error.to_string())?;
        let total = Money::sum(ranking.iter().map(|one| one.value), args.currency());
        Ok(Self {
            model: report,
            spend,
            calibration,
            total: total.map_err(|error| error.to_string())?,
            ranking,
            summaries,
        })
    }
}

fn histories(summaries: &[(String, PurchaseSummary)]) -> Result<Vec<Cbs>, AccountError> {
    summaries.iter().map(|(_, summary)| summary.history(WEEK)).collect()
}

fn fit(summaries: &[(String, PurchaseSummary)], args: &Args) -> Result<Fitted, AccountError> {
    let table: CbsTable = histories(summaries)?.into_iter().collect();
    let options = args.options();
    fn boxed<M: RepeatBuying + Copy + 'static>(fit: Fit<M>) -> Fitted {
        (Box::new(fit.model), described(fit.model.name(), &fit))
    }
    Ok(match args.model {
        ModelArg::BgNbd => boxed(BgNbd::fit(&table, &options)?),
        ModelArg::MbgNbd => boxed(MbgNbd::fit(&table, &options)?),
        ModelArg::ParetoNbd => boxed(ParetoNbd::fit(&table, &options)?),
    })
}

fn described<M>(name: &'static str, fit: &Fit<M>) -> ModelReport {
    let report = &fit.convergence;
    let parameter = |one: &endcap::account::value::Estimate| Parameter {
        name: one.name,
        value: one.value,
        standard_error: one.standard_error,
    };
    ModelReport {
        name,
        unit: "week",
        parameters: fit.estimates.iter().map(parameter).collect(),
        log_likelihood: fit.log_likelihood,
        state: code(report.state),
        remark: remark(report.state, fit),
        gradient_norm: report.gradient_norm,
        condition: report.condition,
        agreeing_starts: report.agreeing_starts,
        starts: report.starts,
        iterations: report.iterations,
        customers: fit.customers,
        groups: fit.groups,
    }
}

fn code(state: FitState) -> &'static str {
    match state {
        FitState::Identified => "identified",
        FitState::AtBoundary { .. } => "at_boundary",
        FitState::Unidentified => "unidentified",
    }
}

/// What a fit without a well established maximum means, in words.
fn remark<M>(state: FitState, fit: &Fit<M>) -> Option<String> {
    let short = "Forecasts over a horizon like the one seen hold, parameters and long horizons do not. --penalty 0.001 \
                 picks the least extreme of them; --model tries another kind of dropout.";
    let widest = fit
        .estimates
        .iter()
        .filter_map(|one| Some((one.name, one.value, one.standard_error?)))
        .max_by(|left, right| (left.2 / left.1).total_cmp(&(right.2 / right.1)));
    let value = |name: &str| fit.estimates.iter().find(|one| one.name == name).map(|one| one.value);
    if let (Some(a), Some(b), true) = (value("a"), value("b"), state != FitState::Identified)
        && a / (a + b) < 1e-3
    {
        return Some(format!(
            "the chance to be lost after a purchase, a/(a+b), is {:.1e}: the data show next to nobody leave, so that a and \
             b apart mean nothing and nearly everybody counts as alive. {short}",
            a / (a + b)
        ));
    }
    match (state, widest) {
        (FitState::Identified, _) => None,
        (FitState::AtBoundary { parameter }, _) => Some(format!(
            "the likelihood still rises where {parameter} leaves every sensible scale: the data show no trace of what \
             {parameter} describes, such as dropout that never or always happens. {short}"
        )),
        (FitState::Unidentified, Some((name, value, error))) => Some(format!(
            "many sets of parameters fit these data as well as this one: {name} is {value:.4}, give or take {error:.4}. \
             {short}"
        )),
        (FitState::Unidentified, None) => {
            Some(format!("many sets of parameters fit these data as well as this one. {short}"))
        }
    }
}

/// Expected spend per transaction of every customer, and the model behind it; the mean of all where there is none.
fn spend_model(summaries: &[(String, PurchaseSummary)]) -> (Vec<f64>, Option<SpendReport>) {
    let spends: Vec<Spend> = summaries.iter().filter_map(|(_, summary)| summary.spend().ok()).collect();
    let fit = GammaGamma::fit(spends.iter().copied(), &Default::default());
    if let Ok(fit) = &fit
        && let Ok(means) = spends.iter().map(|spend| fit.model.conditional_mean(spend)).collect()
    {
        let model = ModelReport { unit: "currency", ..described("Gamma-Gamma", fit) };
        let report = SpendReport { model, correlation_with_frequency: spend_correlation(&spends).ok() };
        return (means, Some(report));
    }
    let (sum, count) = spends
        .iter()
        .filter(|spend| spend.transactions() > 0)
        .fold((0.0, 0.0), |so_far, spend| (so_far.0 + spend.mean(), so_far.1 + 1.0));
    let mean = if count > 0.0 { sum / count } else { 0.0 };
    (vec![mean; summaries.len()], None)
}

fn rank(
    summaries: &[(String, PurchaseSummary)],
    model: &dyn RepeatBuying,
    spends: &[f64],
    args: &Args,
) -> Result<Vec<Valued>, AccountError> {
    let weeks = f64::from(args.period_days) / 7.0;
    let plan = ValuePlan::new(args.periods, weeks, &args.discount, &args.margin)?;
    let mut ranking = Vec::with_capacity(summaries.len());
    for (position, (history, spend)) in histories(summaries)?.iter().zip(spends).enumerate() {
        let expected = model.conditional_expected_transactions(history, weeks * f64::from(args.periods))?;
        ranking.push(Valued {
            position,
            alive: model.p_alive(history)?,
            expected,
            spend: money_from_estimate(*spend, args.currency())?,
            value: plan.lifetime_value_as_money(model, history, *spend, args.currency())?,
        });
    }
    // Equal values by name: summaries are in order of name.
    ranking.sort_by(|a, b| b.value.minor().cmp(&a.value.minor()).then(a.position.cmp(&b.position)));
    Ok(ranking)
}

fn calibrate(loaded: &Loaded, args: &Args, cut: i32, end: i32) -> Result<Calibration, AccountError> {
    let summaries = loaded.log.summaries(cut)?;
    let (model, _) = fit(&summaries, args)?;
    let histories = histories(&summaries)?;
    let weeks = f64::from(end - cut) / 7.0;
    let predicted = model.conditional_expectations(&histories, weeks)?;
    let (mut actual, mut naive, mut by) = (Vec::new(), Vec::new(), Vec::new());
    for ((customer, _), history) in summaries.iter().zip(&histories) {
        actual.push(loaded.log.between(customer, cut, end)?.0);
        // Everything bought so far over the time it took, and on.
        naive.push((f64::from(history.repeats()) + 1.0) / history.age() * weeks);
        by.push(history.repeats().min(MOST_REPEATS));
    }
    let bucket = |repeats: u32| {
        let members: Vec<usize> = (0..by.len()).filter(|i| by[*i] == repeats).collect();
        let n = members.len() as f64;
        let mean = |of: &dyn Fn(usize) -> f64| members.iter().map(|i| of(*i)).sum::<f64>() / n;
        let plus = if repeats == MOST_REPEATS { "+" } else { "" };
        (!members.is_empty()).then(|| Bucket {
            repeats: format!("{repeats}{plus}"),
            customers: members.len(),
            actual: mean(&|i| f64::from(actual[i])),
            model: mean(&|i| predicted[i]),
            naive: mean(&|i| naive[i]),
        })
    };
    Ok(Calibration {
        fitted_until: date(cut),
        holdout_days: end - cut,
        customers: summaries.len(),
        actual: actual.iter().map(|n| u64::from(*n)).sum(),
        model: forecast(&predicted, &actual),
        naive: forecast(&naive, &actual),
        by_frequency: (0..=MOST_REPEATS).filter_map(bucket).collect(),
    })
}

fn forecast(predicted: &[f64], actual: &[u32]) -> Forecast {
    let n = predicted.len() as f64;
    let errors = || predicted.iter().zip(actual).map(|(found, actual)| found - f64::from(*actual));
    let (sum, whole) = (predicted.iter().sum::<f64>(), actual.iter().map(|n| f64::from(*n)).sum::<f64>());
    Forecast {
        predicted: sum,
        total_error_percent: (whole > 0.0).then(|| (sum / whole - 1.0) * 100.0),
        mean_absolute_error: errors().map(f64::abs).sum::<f64>() / n,
        root_mean_square_error: (errors().map(|error| error * error).sum::<f64>() / n).sqrt(),
    }
}
