//! Order lines and their totals, for people, as JSON and as CSV.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use endcap::inventory::{Language, OrderLine, OrderTotals, ReasonKind};
use serde_json::{Value, json};

use crate::common::weekly::Weekly;

/// Everything a report shows; lines in the order of the sales file.
pub struct Report<'a> {
    pub sales: &'a Weekly<i64>,
    pub lines: &'a [OrderLine],
    pub cases: &'a [i64],
    pub expected: &'a [f64],
    pub language: Language,
}

impl Report<'_> {
    fn totals(&self) -> OrderTotals {
        let mut totals = OrderTotals::default();
        self.lines.iter().for_each(|line| totals.add(line));
        totals
    }

    fn rows(&self) -> impl Iterator<Item = (&Vec<String>, &OrderLine, i64, f64)> {
        let cases = self.lines.iter().zip(self.cases).map(|(line, case)| line.quantity() / (*case).max(1));
        self.sales
            .ids
            .iter()
            .zip(self.lines)
            .zip(cases)
            .zip(self.expected)
            .map(|(((id, line), cases), expected)| (id, line, cases, *expected))
    }

    fn outcomes(&self) -> BTreeMap<String, u64> {
        let mut outcomes = BTreeMap::new();
        for line in self.lines {
            let code = serde_json::to_value(line.outcome()).unwrap_or_default();
            *outcomes.entry(code.as_str().unwrap_or_default().to_owned()).or_default() += 1;
        }
        outcomes
    }

    /// The summary and the lines for people.
    pub fn text(&self, lead: usize, all: bool) -> String {
        let totals = self.totals();
        let week = self.sales.weeks.last().map_or_else(String::new, ToString::to_string);
        let mut text = format!(
            "{} lines at the end of the week of {week}, lead {lead} weeks: {} order {} pieces, {} pieces unmet\n",
            totals.lines(),
            totals.ordered_lines(),
            totals.quantity(),
            totals.unmet()
        );
        for kind in ReasonKind::ALL {
            let pieces = totals.reason(kind);
            if pieces != 0 {
                let _ = writeln!(text, "  {:<44} {pieces:>+10}", kind.words(self.language));
            }
        }
        text.push('\n');
        for (id, line, _, _) in self.rows().filter(|(_, line, _, _)| all || line.quantity() > 0) {
            let _ = writeln!(text, "{}: {}", id.join(" "), line.explain(self.language));
        }
        text
    }

    /// One JSON document.
    pub fn json(&self, lead: usize, all: bool) -> String {
        let totals = self.totals();
        let count = |value: i128| Value::from(i64::try_from(value).unwrap_or(i64::MAX));
        let orders: Vec<Value> = self
            .rows()
            .filter(|(_, line, _, _)| all || line.quantity() > 0)
            .map(|(id, line, cases, expected)| {
                json!({
                    "series": id,
                    "quantity": line.quantity(),
                    "cases": cases,
                    "outcome": line.outcome(),
                    "unmet": line.unmet(),
                    "forecast": format!("{expected:.2}"),
                    "reasons": line.reasons().map(|r| json!({"kind": r.kind.code(), "quantity": r.quantity})).collect::<Vec<Value>>(),
                    "because": line.explain(self.language),
                })
            })
            .collect();
        let reasons: serde_json::Map<String, Value> = ReasonKind::ALL
            .into_iter()
            .filter(|kind| totals.reason(*kind) != 0)
            .map(|kind| (kind.code().to_owned(), count(totals.reason(kind))))
            .collect();
        let document = json!({
            "week": self.sales.weeks.last().map(ToString::to_string),
            "lead": lead,
            "lines": totals.lines(),
            "ordered_lines": totals.ordered_lines(),
            "quantity": count(totals.quantity()),
            "cases": self.rows().map(|(_, _, cases, _)| cases).sum::<i64>(),
            "unmet": count(totals.unmet()),
            "outcomes": self.outcomes(),
            "reasons": reasons,
            "orders": orders,
        });
        serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
    }

    /// Every line as CSV, one column a reason.
    pub fn csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let mut header: Vec<String> = self.sales.id_columns.clone();
        header.extend(["quantity", "cases", "outcome", "unmet", "forecast"].map(str::to_owned));
        header.extend(ReasonKind::ALL.map(|kind| kind.code().to_owned()));
        header.push("because".to_owned());
        // Writing to memory cannot fail.
        let _ = writer.write_record(&header);
        for (id, line, cases, expected) in self.rows() {
            let outcome = serde_json::to_value(line.outcome()).unwrap_or_default();
            let mut row = id.clone();
            row.extend([
                line.quantity().to_string(),
                cases.to_string(),
                outcome.as_str().unwrap_or_default().to_owned(),
                line.unmet().to_string(),
                format!("{expected:.2}"),
            ]);
            row.extend(ReasonKind::ALL.map(|kind| line.reason(kind).to_string()));
            row.push(line.explain(self.language));
            let _ = writer.write_record(&row);
        }
        String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
    }
}
