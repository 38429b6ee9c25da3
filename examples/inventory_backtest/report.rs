//! The cost table, for people and as JSON.

use std::fmt::Write as _;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::replay::Result;

/// What the run was asked for.
pub struct Head {
    /// First week.
    pub from: NaiveDate,
    /// Number of weeks.
    pub weeks: usize,
    /// Lead time in weeks.
    pub lead: usize,
    /// Cost of a piece left.
    pub holding: Decimal,
    /// Cost of a piece short.
    pub shortage: Decimal,
    /// Number of series.
    pub series: usize,
}

/// Costs of all policies; the last one is the default.
pub struct Report {
    rows: Vec<Row>,
}

struct Row {
    policy: &'static str,
    holding: Decimal,
    shortage: Decimal,
    censored: Decimal,
    by_week: Vec<Decimal>,
    result: Result,
}

impl Row {
    fn cost(&self) -> Decimal {
        self.holding + self.shortage
    }
    fn fill_rate(&self) -> Decimal {
        let short: i64 = self.result.short.iter().sum();
        let demand = Decimal::from(self.result.demand.max(1));
        ((demand - Decimal::from(short)) / demand).round_dp(4)
    }
}

impl Report {
    /// Prices the results.
    pub fn new(holding: Decimal, shortage: Decimal, results: Vec<(&'static str, Result)>) -> Self {
        let price = |left: i64, short: i64| (Decimal::from(left) * holding, Decimal::from(short) * shortage);
        let rows = results
            .into_iter()
            .map(|(policy, result)| {
                let (held, lost) = price(result.left.iter().sum(), result.short.iter().sum());
                let censored = price(result.censored.0, result.censored.1);
                let weeks = result.left.iter().zip(&result.short);
                Row {
                    policy,
                    holding: held,
                    shortage: lost,
                    censored: censored.0 + censored.1,
                    by_week: weeks.map(|(left, short)| price(*left, *short)).map(|(h, s)| h + s).collect(),
                    result,
                }
            })
            .collect();
        Self { rows }
    }

    /// The cheapest simple policy, the default, and what the default saves.
    fn verdict(&self) -> Option<(&Row, &Row, Decimal)> {
        let (default, simple) = self.rows.split_last()?;
        let best = simple.iter().min_by_key(|row| row.cost())?;
        let saving =
            if best.cost().is_zero() { Decimal::ZERO } else { Decimal::ONE - default.cost() / best.cost() };
        Some((best, default, saving.round_dp(4)))
    }

    /// The table for people.
    pub fn text(&self, head: &Head) -> String {
        let mut text = format!(
            "{} series, {} weeks from {}, lead {} weeks, {} a piece left and {} a piece short, per week\n\n",
            head.series, head.weeks, head.from, head.lead, head.holding, head.shortage
        );
        let _ = writeln!(
            text,
            "{:<16} {:>12} {:>12} {:>12} {:>12} {:>12} {:>10}",
            "policy", "cost", "holding", "shortage", "left", "short", "fill rate"
        );
        for row in &self.rows {
            let _ = writeln!(
                text,
                "{:<16} {:>12.1} {:>12.1} {:>12.1} {:>12} {:>12} {:>9.2}%",
                row.policy,
                row.cost(),
                row.holding,
                row.shortage,
                row.result.left.iter().sum::<i64>(),
                row.result.short.iter().sum::<i64>(),
                row.fill_rate() * Decimal::ONE_HUNDRED,
            );
        }
        if let Some((best, default, saving)) = self.verdict() {
            let _ = writeln!(
                text,
                "\n{} costs {:.1} % {} than {}, the better of the simple policies",
                default.policy,
                saving.abs() * Decimal::ONE_HUNDRED,
                if saving.is_sign_negative() { "more" } else { "less" },
                best.policy
            );
        }
        text
    }

    /// One JSON document.
    pub fn json(&self, head: &Head) -> String {
        let money = |value: &Decimal| Value::String(value.normalize().to_string());
        let policies: Vec<Value> = self
            .rows
            .iter()
            .map(|row| {
                json!({
                    "policy": row.policy,
                    "cost": money(&row.cost()),
                    "holding_cost": money(&row.holding),
                    "shortage_cost": money(&row.shortage),
                    "piece_weeks_left": row.result.left.iter().sum::<i64>(),
                    "pieces_short": row.result.short.iter().sum::<i64>(),
                    "demand": row.result.demand,
                    "fill_rate": money(&row.fill_rate()),
                    "ordered": row.result.ordered,
                    "cost_of_censored_weeks": money(&row.censored),
                    "cost_by_week": row.by_week.iter().map(money).collect::<Vec<Value>>(),
                })
            })
            .collect();
        let mut document = json!({
            "from": head.from.to_string(),
            "weeks": head.weeks,
            "lead": head.lead,
            "holding": money(&head.holding),
            "shortage": money(&head.shortage),
            "series": head.series,
            "policies": policies,
        });
        if let Some((best, default, saving)) = self.verdict() {
            document["best_simple"] = best.policy.into();
            document["default"] = default.policy.into();
            document["saving"] = money(&saving);
        }
        serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
    }
}
