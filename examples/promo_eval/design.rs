//! A planned event: what could be seen with how many accounts, and on what spend.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::process::ExitCode;

use endcap::promo::Language;
use endcap::promo::evidence::geo::GeoDesign;
use serde_json::{Value, json};

use super::Args;
use super::common::Format;
use super::evaluate::{LEAST_HISTORY, busy};
use super::load::Loaded;

/// Fewest quiet weeks before a window: twice the shortest history.
const HISTORY: usize = 2 * LEAST_HISTORY;

/// One group of accounts that might take part.
struct Group {
    accounts: Vec<String>,
    outcome: Result<Seen, String>,
}

/// What an event in these accounts could show.
struct Seen {
    design: GeoDesign,
    detectable: f64,
    power: f64,
    required_spend: Option<f64>,
    /// Half-width of the return on the planned spend, and the smallest return told from none.
    precision: Option<(f64, f64)>,
}

/// Weeks in rows; accounts with at least nine tenths of them.
struct Market {
    weeks: Vec<i64>,
    /// Account, units by week, weeks with units and without an event, mean of those.
    accounts: Vec<(String, Vec<f64>, Vec<bool>, f64)>,
    left_out: Vec<String>,
}

/// Plans and prints.
pub fn run(args: &Args, loaded: &Loaded) -> Result<ExitCode, String> {
    let market = Market::new(args, loaded);
    let groups = groups(args, &market)?;
    let groups: Vec<Group> = groups
        .into_iter()
        .map(|members| {
            let accounts = members.iter().map(|at| market.accounts[*at].0.clone()).collect();
            Group { accounts, outcome: seen(args, &market, &members) }
        })
        .collect();
    match args.format {
        Format::Text => print!("{}", text(args, &market, &groups)),
        Format::Json => println!("{:#}", document(args, &market, &groups)),
    }
    Ok(ExitCode::SUCCESS)
}

impl Market {
    fn new(args: &Args, loaded: &Loaded) -> Self {
        let all: BTreeSet<i64> = loaded.accounts.values().flat_map(|weeks| weeks.keys().copied()).collect();
        let weeks: Vec<i64> = match (all.first(), all.last()) {
            (Some(first), Some(last)) => (*first..=*last).collect(),
            _ => Vec::new(),
        };
        let (mut accounts, mut left_out) = (Vec::new(), Vec::new());
        for (name, own) in &loaded.accounts {
            let taken = busy(args, loaded, name, "");
            let units: Vec<f64> =
                weeks.iter().map(|week| own.get(week).map_or(0.0, |seen| seen.units)).collect();
            let quiet: Vec<bool> =
                weeks.iter().map(|week| own.contains_key(week) && !taken.contains(week)).collect();
            let known = quiet.iter().filter(|quiet| **quiet).count();
            let total: f64 = units.iter().zip(&quiet).filter(|(_, q)| **q).map(|(u, _)| u).sum();
            if own.len() * 10 < weeks.len() * 9 || known == 0 || total <= 0.0 {
                left_out.push(name.clone());
            } else {
                accounts.push((name.clone(), units, quiet, total / known as f64));
            }
        }
        Self { weeks, accounts, left_out }
    }
}

/// Indices of the accounts of every group to look at.
fn groups(args: &Args, market: &Market) -> Result<Vec<Vec<usize>>, String> {
    let total = market.accounts.len();
    if let Some(names) = &args.treat {
        let mut members = Vec::new();
        for name in names.split(',').map(str::trim) {
            let at = market.accounts.iter().position(|account| account.0 == name);
            members.push(at.ok_or_else(|| {
                format!("--treat {name}: expected an account with sales in nine tenths of the weeks")
            })?);
        }
        members.sort_unstable();
        members.dedup();
        if members.len() == total {
            return Err("--treat: expected at least one account that takes no part".to_owned());
        }
        return Ok(vec![members]);
    }
    if total < 2 {
        return Err("--design: expected at least two accounts, one of which takes no part".to_owned());
    }
    let mut by_size: Vec<usize> = (0..total).collect();
    by_size.sort_by(|a, b| {
        let (a, b) = (&market.accounts[*a], &market.accounts[*b]);
        b.3.total_cmp(&a.3).then_with(|| a.0.cmp(&b.0))
    });
    let mut groups = Vec::new();
    let mut size = 1;
    while size < total {
        // The middle account of each of `size` bands of equal number.
        let members = (0..size).map(|k| by_size[(2 * k + 1) * total / (2 * size)]);
        let members: BTreeSet<usize> = members.collect();
        groups.push(members.into_iter().collect());
        size *= 2;
    }
    Ok(groups)
}

/// Regression of the group on the index of all other accounts, in past windows of the same length.
fn seen(args: &Args, market: &Market, members: &[usize]) -> Result<Seen, String> {
    let inside: BTreeSet<usize> = members.iter().copied().collect();
    let (mut treated, mut control, mut quiet) = (Vec::new(), Vec::new(), Vec::new());
    for week in 0..market.weeks.len() {
        treated.push(members.iter().map(|at| market.accounts[*at].1[week]).sum::<f64>());
        // Mean of the others, each in its own weekly mean: an account in an event of its own drops out for that week.
        let others: Vec<f64> = market
            .accounts
            .iter()
            .enumerate()
            .filter(|(at, account)| !inside.contains(at) && account.2[week])
            .map(|(_, account)| account.1[week] / account.3)
            .collect();
        control.push(if others.is_empty() { 0.0 } else { others.iter().sum::<f64>() / others.len() as f64 });
        quiet.push(!others.is_empty() && members.iter().all(|at| market.accounts[*at].2[week]));
    }
    let periods = usize::try_from(args.weeks + args.cooldown).unwrap_or(usize::MAX);
    let design = GeoDesign::from_history(&treated, &control, &quiet, periods, HISTORY)
        .map_err(|error| error.to_string())?;
    let (alpha, power) = (1.0 - args.confidence / 100.0, args.power / 100.0);
    let failed = |error: endcap::promo::evidence::EvidenceError| error.to_string();
    let detectable = design.detectable(alpha, power).map_err(failed)?;
    let at_lift = design.power(args.lift / 100.0 * design.base, alpha).map_err(failed)?;
    let required_spend = args
        .margin
        .map(|margin| design.required_spend(margin, args.target_return, alpha, power))
        .transpose()
        .map_err(failed)?;
    let precision = match (args.margin, args.spend) {
        (Some(margin), Some(spend)) => {
            let found = design.precision(margin, spend, alpha, power).map_err(failed)?;
            Some((found.half_width, found.detectable_return))
        }
        _ => None,
    };
    Ok(Seen { design, detectable, power: at_lift, required_spend, precision })
}

fn text(args: &Args, market: &Market, groups: &[Group]) -> String {
    let mut out = String::new();
    let language = args.language();
    let (weeks, cooldown, lift, power, level) =
        (args.weeks, args.cooldown, args.lift, args.power, args.confidence);
    let _ = match language {
        Language::En => writeln!(
            out,
            "A planned event of {weeks} weeks and {cooldown} weeks after it, judged by regression on the accounts that take \
             no part; noise is what the same regression finds in past windows of that length.\n\n\
             accounts  windows  sold without  noise  smallest visible lift  power at {lift} %"
        ),
        Language::Zh => writeln!(
            out,
            "计划活动 {weeks} 周加观察期 {cooldown} 周，以未参加的客户做回归对照；噪声取自历史上同样长度的无活动窗口。\n\n\
             客户数  窗口数  无活动销量  噪声  最小可检提升  提升 {lift}% 时的检出力"
        ),
    };
    for group in groups {
        let _ = match &group.outcome {
            Ok(seen) => writeln!(
                out,
                "{:>8}  {:>7}  {:>12.0}  {:>4.1}%  {:>20.1}%  {:>5.1}%",
                group.accounts.len(),
                seen.design.windows,
                seen.design.base,
                100.0 * seen.design.standard_error / seen.design.base,
                100.0 * seen.detectable / seen.design.base,
                100.0 * seen.power
            ),
            Err(why) => writeln!(out, "{:>8}  {why}", group.accounts.len()),
        };
    }
    let _ = match language {
        Language::En => {
            writeln!(out, "\nConfidence {level} %, power {power} % for the smallest visible lift.")
        }
        Language::Zh => writeln!(out, "\n置信度 {level}%，最小可检提升按检出力 {power}% 计。"),
    };
    for group in groups {
        let (names, Ok(seen)) = (group.accounts.join(", "), &group.outcome) else { continue };
        let _ = writeln!(out, "{}: {names}", group.accounts.len());
        if let Some(spend) = seen.required_spend {
            let target = args.target_return;
            let _ = match language {
                Language::En => writeln!(
                    out,
                    "  To tell a return of {target} on the spend from none, spend at least {spend:.2}."
                ),
                Language::Zh => writeln!(out, "  要把回报率 {target} 与零区分开，至少投入 {spend:.2}。"),
            };
        }
        if let (Some((half, least)), Some(spend)) = (seen.precision, args.spend) {
            let _ = match language {
                Language::En => writeln!(
                    out,
                    "  On {spend:.2} the return would be known to ± {half:.2}; a return below {least:.2} could not be seen."
                ),
                Language::Zh => writeln!(
                    out,
                    "  投入 {spend:.2} 时回报率的精度为 ± {half:.2}；低于 {least:.2} 的回报率看不出来。"
                ),
            };
        }
    }
    if !market.left_out.is_empty() {
        let names = market.left_out.join(", ");
        let _ = match language {
            Language::En => writeln!(out, "Left out, sales in fewer than nine tenths of the weeks: {names}."),
            Language::Zh => writeln!(out, "未计入（有销售的周不足九成）：{names}。"),
        };
    }
    out
}

fn document(args: &Args, market: &Market, groups: &[Group]) -> Value {
    let ratio = |x: f64| format!("{x:.4}");
    let amount = |x: f64| format!("{x:.2}");
    let groups: Vec<Value> = groups
        .iter()
        .map(|group| {
            let seen = group.outcome.as_ref().ok();
            json!({
                "accounts": group.accounts,
                "windows": seen.map(|s| s.design.windows),
                "base": seen.map(|s| amount(s.design.base)),
                "noise": seen.map(|s| ratio(s.design.standard_error / s.design.base)),
                "detectable_lift": seen.map(|s| ratio(s.detectable / s.design.base)),
                "detectable_units": seen.map(|s| amount(s.detectable)),
                "power_at_lift": seen.map(|s| ratio(s.power)),
                "required_spend": seen.and_then(|s| s.required_spend).map(amount),
                "return_half_width": seen.and_then(|s| s.precision).map(|p| ratio(p.0)),
                "detectable_return": seen.and_then(|s| s.precision).map(|p| ratio(p.1)),
                "reason": group.outcome.as_ref().err(),
            })
        })
        .collect();
    json!({
        "weeks": args.weeks,
        "cooldown": args.cooldown,
        "confidence": amount(args.confidence),
        "power": amount(args.power),
        "lift": ratio(args.lift / 100.0),
        "left_out": market.left_out,
        "groups": groups,
    })
}
