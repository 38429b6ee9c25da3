//! The result as text, as JSON, as a table of customers and as a chart.

use std::fmt::Write;
use std::process::ExitCode;

use serde_json::json;

use crate::analysis::{Analysis, Forecast, ModelReport, Valued};
use crate::common::Format;
use crate::common::output::{print, write_file};
use crate::load::{Loaded, date};
use crate::{Args, chart};

/// Prints the report and writes the files that were asked for.
pub fn publish(args: &Args, loaded: &Loaded, analysis: &Analysis) -> ExitCode {
    if loaded.skipped > 0 {
        eprintln!("warning: lines without a customer left out: {} of {}", loaded.skipped, loaded.lines);
    }
    if analysis.spend.is_none() {
        eprintln!("warning: the spend model has no fit; every customer is valued at the mean spend of all");
    }
    if let Some(remark) = &analysis.model.remark {
        eprintln!("warning: the model is {}: {remark}", analysis.model.state.replace('_', " "));
    }
    let written = [
        args.customers_out.as_ref().map(|path| (path, table(analysis))),
        args.svg
            .as_ref()
            .map(|path| (path, chart::calibration(&analysis.calibration).map(String::into_bytes))),
    ];
    for (path, content) in written.into_iter().flatten() {
        let done = content.and_then(|content| write_file(path, &content).map_err(|error| error.to_string()));
        if let Err(error) = done {
            eprintln!("{}: cannot be written: {error}", path.display());
            return ExitCode::FAILURE;
        }
    }
    let text = match args.format {
        Format::Text => text(args, loaded, analysis),
        Format::Json => match serde_json::to_string_pretty(&document(args, loaded, analysis)) {
            Ok(json) => json + "\n",
            Err(error) => {
                eprintln!("the report: cannot be written: {error}");
                return ExitCode::FAILURE;
            }
        },
    };
    print(&text)
}

/// Transactions of all customers, first ones included.
fn transactions(analysis: &Analysis) -> u64 {
    analysis.summaries.iter().map(|(_, summary)| u64::from(summary.repeats) + 1).sum()
}

fn returns(analysis: &Analysis, args: &Args) -> String {
    let sums = analysis.summaries.iter().map(|(_, summary)| summary.returns);
    endcap::types::Money::sum(sums, args.currency())
        .map_or_else(|_| "—".to_owned(), |sum| sum.to_amount_string())
}

fn document(args: &Args, loaded: &Loaded, analysis: &Analysis) -> serde_json::Value {
    let top = analysis.ranking.iter().take(args.top).enumerate().map(|(rank, one)| {
        let (customer, summary) = &analysis.summaries[one.position];
        json!({
            "rank": rank + 1,
            "customer": customer,
            "repeats": summary.repeats,
            "last_seen_days": summary.age_days - summary.recency_days,
            "alive": one.alive,
            "expected": one.expected,
            "spend": one.spend.to_amount_string(),
            "value": one.value.to_amount_string(),
        })
    });
    json!({
        "files": loaded.files,
        "lines": loaded.lines,
        "skipped_lines": loaded.skipped,
        "currency": args.currency().code(),
        "first_day": date(loaded.span.0),
        "end": date(loaded.span.1),
        "customers": analysis.summaries.len(),
        "transactions": transactions(analysis),
        "returns": returns(analysis, args),
        "model": analysis.model,
        "spend": analysis.spend,
        "calibration": analysis.calibration,
        "value": {
            "periods": args.periods,
            "period_days": args.period_days,
            "discount": args.discount.to_string(),
            "margin": args.margin.to_string(),
            "total": analysis.total.to_amount_string(),
        },
        "top": top.collect::<Vec<_>>(),
    })
}

fn text(args: &Args, loaded: &Loaded, analysis: &Analysis) -> String {
    let mut text = String::new();
    let (customers, currency) = (analysis.summaries.len(), args.currency().code());
    let _ = writeln!(
        text,
        "{customers} customers, {} transactions, {} lines from {} to {} (exclusive), returns {currency} {}\n",
        transactions(analysis),
        loaded.lines,
        date(loaded.span.0),
        date(loaded.span.1),
        returns(analysis, args),
    );
    model(&mut text, &analysis.model);
    if let Some(spend) = &analysis.spend {
        model(&mut text, &spend.model);
        if let Some(correlation) = spend.correlation_with_frequency {
            let _ =
                writeln!(text, "  frequency and spend correlate by {correlation:.3}; the model assumes 0");
        }
    }
    let found = &analysis.calibration;
    let _ = writeln!(
        text,
        "\nHold-out: fitted on {} customers until {}, {} transactions in the {} days after",
        found.customers, found.fitted_until, found.actual, found.holdout_days
    );
    let line = |name: &str, one: &Forecast| {
        let off = one.total_error_percent.map_or_else(|| "—".to_owned(), |off| format!("{off:+.1} %"));
        format!(
            "  {name:<12} {:>10.1} {:>10} {:>10.3} {:>10.3}\n",
            one.predicted, off, one.mean_absolute_error, one.root_mean_square_error
        )
    };
    text += &format!("  {:<12} {:>10} {:>10} {:>10} {:>10}\n", "forecast", "predicted", "off", "MAE", "RMSE");
    text += &line("model", &found.model);
    text += &line("as before", &found.naive);
    text += &format!(
        "\n  {:<8} {:>9} {:>9} {:>9} {:>9}\n",
        "repeats", "customers", "actual", "model", "as before"
    );
    for bucket in &found.by_frequency {
        text += &format!(
            "  {:<8} {:>9} {:>9.3} {:>9.3} {:>9.3}\n",
            bucket.repeats, bucket.customers, bucket.actual, bucket.model, bucket.naive
        );
    }
    let _ = writeln!(
        text,
        "\nValue over {} periods of {} days, {} a period, {} contribution: {currency} {}",
        args.periods,
        args.period_days,
        args.discount,
        args.margin,
        analysis.total.to_amount_string()
    );
    text += &format!(
        "  {:>4}  {:<16} {:>7} {:>9} {:>7} {:>9} {:>12} {:>14}\n",
        "rank", "customer", "repeats", "silent d", "alive", "expected", "spend", "value"
    );
    for (rank, one) in analysis.ranking.iter().take(args.top).enumerate() {
        let (customer, summary) = &analysis.summaries[one.position];
        text += &format!(
            "  {:>4}  {:<16} {:>7} {:>9} {:>7.3} {:>9.2} {:>12} {:>14}\n",
            rank + 1,
            customer,
            summary.repeats,
            summary.age_days - summary.recency_days,
            one.alive,
            one.expected,
            one.spend.to_amount_string(),
            one.value.to_amount_string()
        );
    }
    text
}

fn model(text: &mut String, model: &ModelReport) {
    let _ = writeln!(
        text,
        "{} ({}): log-likelihood {:.3}, {} of {} starts agree, gradient {:.1e}, condition {}",
        model.name,
        model.state,
        model.log_likelihood,
        model.agreeing_starts,
        model.starts,
        model.gradient_norm,
        model.condition.map_or_else(|| "—".to_owned(), |value| format!("{value:.0}")),
    );
    for parameter in &model.parameters {
        let error = parameter.standard_error.map_or_else(String::new, |error| format!(" ± {error:.4}"));
        let value = parameter.value;
        // A parameter on its way to zero or without end is told by its power of ten.
        let value = if (1e-4..1e6).contains(&value) { format!("{value:.4}") } else { format!("{value:.2e}") };
        let _ = writeln!(text, "  {:<6} {value:>10}{error}", parameter.name);
    }
}

fn table(analysis: &Analysis) -> Result<Vec<u8>, String> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    let columns = [
        "rank",
        "customer",
        "repeats",
        "recency_days",
        "age_days",
        "repeat_spend",
        "alive",
        "expected",
        "spend",
        "value",
    ];
    csv.write_record(columns).map_err(|error| error.to_string())?;
    let line = |(rank, one): (usize, &Valued)| {
        let (customer, summary) = &analysis.summaries[one.position];
        [
            (rank + 1).to_string(),
            customer.clone(),
            summary.repeats.to_string(),
            summary.recency_days.to_string(),
            summary.age_days.to_string(),
            summary.repeat_spend.to_amount_string(),
            format!("{:.6}", one.alive),
            format!("{:.6}", one.expected),
            one.spend.to_amount_string(),
            one.value.to_amount_string(),
        ]
    };
    for record in analysis.ranking.iter().enumerate().map(line) {
        csv.write_record(record).map_err(|error| error.to_string())?;
    }
    csv.into_inner().map_err(|error| error.to_string())
}
