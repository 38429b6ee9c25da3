//! The result as text, as JSON, and as a file of members.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use endcap::account::{
    AccountError, Classification, Concentration, NegativeShares, Placement, Reason, Scheme, classify_slice,
};
use endcap::types::{Exact, RoundingMode};
use serde::Serialize;

use crate::Args;
use crate::common::Format;
use crate::common::amount::AmountReader;
use crate::common::output::write_file;
use crate::totals::{Members, Totals};

/// Everything that is printed.
#[derive(Debug, Serialize)]
pub struct Report {
    files: usize,
    rows: u64,
    currency: &'static str,
    cutoffs: Vec<String>,
    #[serde(flatten)]
    decisions: Decisions,
    members: usize,
    total: String,
    classes: Vec<ClassLine>,
    hhi: Option<String>,
    gini: Option<String>,
    top: Vec<TopLine>,
    negative_members: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown_stores: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    months: Option<BTreeMap<String, String>>,
    #[serde(skip)]
    classification: Classification,
}

#[derive(Debug, Serialize)]
struct Decisions {
    convention: String,
    ties: String,
    negatives: String,
}

#[derive(Debug, Serialize)]
struct ClassLine {
    class: char,
    members: usize,
    value: String,
    share: Option<String>,
}

#[derive(Debug, Serialize)]
struct TopLine {
    rank: usize,
    key: String,
    class: char,
    value: String,
    share: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stores: Option<usize>,
}

impl Report {
    /// Classifies the members and renders every figure.
    pub fn new(
        args: &Args,
        files: &[PathBuf],
        totals: &Totals,
        members: &Members,
        unknown_stores: usize,
    ) -> Result<Self, AccountError> {
        let money = AmountReader::new(args.currency());
        let scheme: Scheme = args.scheme();
        let values: Vec<i128> = members.values().map(|member| member.sum).collect();
        let classification = classify_slice(&values, &scheme)?;
        let placements = classification.placements();
        let base = classification.total();
        let counted: Vec<i128> = placements.iter().map(|placement| placement.counted).collect();
        let concentration = match Concentration::of(&counted, NegativeShares::Net) {
            Ok(all) => Some((all.hhi_points()?, all.gini()?)),
            Err(AccountError::Empty | AccountError::ZeroTotal | AccountError::NonPositiveTotal { .. }) => {
                None
            }
            Err(error) => return Err(error),
        };
        let classes = classification.classes().iter().map(|class| ClassLine {
            class: class.class.letter(),
            members: class.members,
            value: money.render(class.value),
            share: percent(class.counted, base),
        });
        let keys: Vec<&String> = members.keys().collect();
        let top = classification.ranking().into_iter().take(args.top).filter_map(|position| {
            let (key, placement) = (keys.get(position)?, placements.get(position)?);
            Some(TopLine {
                rank: placement.rank,
                key: (*key).clone(),
                class: placement.class.letter(),
                value: money.render(placement.value),
                share: percent(placement.counted, base),
                stores: args.chains.as_ref().and_then(|_| Some(members.get(*key)?.stores)),
            })
        });
        let top: Vec<TopLine> = top.collect();
        let classes: Vec<ClassLine> = classes.collect();
        Ok(Self {
            files: files.len(),
            rows: totals.rows,
            currency: args.currency().code(),
            cutoffs: args.cutoffs.cuts().iter().map(ToString::to_string).collect(),
            decisions: Decisions {
                convention: name(args.convention),
                ties: name(args.ties),
                negatives: name(args.negatives),
            },
            members: members.len(),
            total: money.render(values.iter().sum()),
            classes,
            hhi: concentration.as_ref().map(|(hhi, _)| fixed(hhi, 6)),
            gini: concentration.as_ref().map(|(_, gini)| fixed(gini, 10)),
            top,
            negative_members: values.iter().filter(|value| **value < 0).count(),
            unknown_stores: args.chains.as_ref().map(|_| unknown_stores),
            months: args.by_month.as_ref().map(|_| {
                totals.months.iter().map(|(month, sum)| (month.clone(), money.render(*sum))).collect()
            }),
            classification,
        })
    }

    /// Prints the report, writes the members where asked, and says what deserves attention.
    pub fn publish(&self, args: &Args, members: &Members) -> ExitCode {
        if let Some(unknown) = self.unknown_stores.filter(|unknown| *unknown > 0) {
            eprintln!(
                "warning: stores that the store table does not have: {unknown}; each is its own account IND:<id>"
            );
        }
        if self.negative_members > 0 {
            let (count, policy) = (self.negative_members, &self.decisions.negatives);
            eprintln!("warning: members with a negative net amount: {count} (--negatives {policy})");
        }
        let text = match args.format {
            Format::Text => self.text(),
            Format::Json => match serde_json::to_string_pretty(self) {
                Ok(json) => json + "\n",
                Err(error) => return failed("the report", &error),
            },
        };
        if let Some(path) = &args.members_out
            && let Err(error) = self.members_csv(args, members).and_then(|csv| write_file(path, &csv))
        {
            return failed(&path.display().to_string(), &error);
        }
        match std::io::Write::write_all(&mut std::io::stdout().lock(), text.as_bytes()) {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => failed("standard output", &error),
            _ => ExitCode::SUCCESS,
        }
    }

    fn text(&self) -> String {
        let mut text = String::new();
        let dash = |share: &Option<String>| share.clone().unwrap_or_else(|| "—".to_owned());
        let (members, rows, currency, total) = (self.members, self.rows, self.currency, &self.total);
        let _ = writeln!(text, "{members} members, {rows} rows, total {currency} {total}\n");
        let classes = self.classes.iter().map(|class| {
            [class.class.to_string(), class.members.to_string(), class.value.clone(), dash(&class.share)]
        });
        text += &columns(["class", "members", "value", "share"], classes, [true, false, false, false]);
        let _ = writeln!(text, "\nHHI {} of 10000   Gini {}\n", dash(&self.hhi), dash(&self.gini));
        let top = self.top.iter().map(|line| {
            let stores = line.stores.map_or_else(String::new, |stores| stores.to_string());
            let (rank, class) = (line.rank.to_string(), line.class.to_string());
            [rank, line.key.clone(), class, line.value.clone(), dash(&line.share), stores]
        });
        let stores = if self.unknown_stores.is_some() { "stores" } else { "" };
        let left = [false, true, true, false, false, false];
        text += &columns(["rank", "key", "class", "value", "share", stores], top, left);
        if let Some(months) = &self.months {
            text.push('\n');
            let months = months.iter().map(|(month, sum)| [month.clone(), sum.clone()]);
            text += &columns(["month", "value"], months, [true, false]);
        }
        text
    }

    fn members_csv(&self, args: &Args, members: &Members) -> std::io::Result<Vec<u8>> {
        let money = AmountReader::new(args.currency());
        let mut csv = csv::Writer::from_writer(Vec::new());
        csv.write_record(["rank", "key", "class", "value", "share", "ahead", "rows", "reason"])?;
        let base = self.classification.total();
        let all: Vec<_> = members.iter().zip(self.classification.placements()).collect();
        for position in self.classification.ranking() {
            let Some(((key, member), placement)) = all.get(position) else { continue };
            csv.write_record([
                placement.rank.to_string(),
                (*key).clone(),
                placement.class.to_string(),
                money.render(placement.value),
                percent(placement.counted, base).unwrap_or_default(),
                percent(placement.prior, base).unwrap_or_default(),
                member.rows.to_string(),
                explain(placement, args),
            ])?;
        }
        csv.into_inner().map_err(|error| error.into_error())
    }
}

/// Why a member is where it is, in words.
fn explain(placement: &Placement, args: &Args) -> String {
    let limit = |cut: usize| args.cutoffs.cuts().get(cut).map_or_else(String::new, ToString::to_string);
    match placement.reason {
        Reason::Within => "between two limits".to_owned(),
        Reason::CrossedUp { cut } => format!("crosses {} and goes up", limit(cut)),
        Reason::CrossedDown { cut } => format!("crosses {} and goes down", limit(cut)),
        Reason::EndsAtCut { cut } => format!("ends exactly at {}", limit(cut)),
        Reason::StartsAtCut { cut } => format!("starts exactly at {}", limit(cut)),
        Reason::Tie { group, by_id, .. } => {
            format!("one of {group} of equal amount; by key it would be {by_id}")
        }
        Reason::ZeroValue => "no net amount".to_owned(),
        Reason::ZeroTotal => "the total is zero".to_owned(),
        Reason::NegativeTotal => "the total is negative".to_owned(),
        Reason::NegativeValue => "negative net amount".to_owned(),
        other => format!("{other:?}"),
    }
}

fn fixed(value: &Exact, places: u8) -> String {
    value.to_fixed(places, RoundingMode::HalfAwayFromZero)
}

/// `part / whole` in percent with 6 decimals; nothing where the whole is not positive.
fn percent(part: i128, whole: i128) -> Option<String> {
    let share = Exact::ratio(part, whole).ok().filter(|_| whole > 0)?;
    Some(fixed(&share.mul(&Exact::from_int(100)).ok()?, 6) + "%")
}

fn name(choice: impl clap::ValueEnum) -> String {
    choice.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}

fn failed(what: &str, error: &dyn std::fmt::Display) -> ExitCode {
    eprintln!("{what}: cannot be written: {error}");
    ExitCode::FAILURE
}

/// Aligned columns with two spaces in between; `left` says which are aligned to the left.
fn columns<const N: usize>(
    header: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
    left: [bool; N],
) -> String {
    let mut lines = vec![header.map(str::to_owned)];
    lines.extend(rows);
    let mut widths = [0; N];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for line in &lines {
        let mut row = String::new();
        for ((cell, width), left) in line.iter().zip(widths).zip(left) {
            let _ = if left { write!(row, "{cell:<width$}  ") } else { write!(row, "{cell:>width$}  ") };
        }
        text += row.trim_end();
        text.push('\n');
    }
    text
}
