//! The result of a close as one document: what `--format json` prints, and what every report is made from.
//!
//! Money, rates and shares are strings; money is in major units of `currency`.

use serde::Serialize;

#[derive(Debug, Default, Serialize)]
pub struct Document {
    pub schema: &'static str,
    pub title: String,
    pub note: String,
    /// `2026-06`.
    pub month: String,
    pub first_day: String,
    pub last_day: String,
    pub currency: String,
    /// Sales lines read.
    pub rows: u64,
    /// Sales of the month over all accounts.
    pub total_sales: String,
    pub accounts: Vec<AccountRow>,
    pub classes: Vec<ClassRow>,
    pub concentration: Concentration,
    pub profit: Option<Profit>,
    pub statements: Vec<StatementRow>,
    pub settled: SettledTotals,
    pub promotions: Vec<PromotionRow>,
    pub orders: Option<Orders>,
    pub planograms: Vec<PlanogramRow>,
    pub trial_balance: TrialBalance,
    pub ageing: Ageing,
    pub stock: Option<StockTotals>,
    pub checks: Vec<Check>,
}

#[derive(Debug, Default, Clone, Serialize)]
pub struct AccountRow {
    pub account: String,
    pub name: String,
    pub name_zh: String,
    pub format: String,
    pub stores: usize,
    pub class: String,
    pub reason: String,
    pub sales: String,
    pub share: String,
    /// Contracts of the account, by method.
    pub methods: Vec<String>,
    /// Revenue after trade terms, without tax; empty where costs are unknown.
    pub net_revenue: Option<String>,
    pub goods_cost: Option<String>,
    pub cost_to_serve: Option<String>,
    pub profit: Option<String>,
}

#[derive(Debug, Default, Serialize)]
pub struct ClassRow {
    pub class: String,
    pub members: usize,
    pub value: String,
    pub share: String,
}

#[derive(Debug, Default, Serialize)]
pub struct Concentration {
    pub hhi: String,
    pub gini: String,
    pub effective_accounts: String,
}

/// The whale curve: running profit, most profitable account first.
#[derive(Debug, Default, Serialize)]
pub struct Profit {
    pub total: String,
    pub peak: String,
    pub peak_share_of_total: String,
    pub accounts_at_peak: usize,
    /// Percent of the total that the best 20 % of accounts make: the first figure of the 20/225 principle.
    pub best_fifth_share: String,
    pub destroyed: String,
    pub curve: Vec<CurvePoint>,
}

#[derive(Debug, Default, Serialize)]
pub struct CurvePoint {
    pub account: String,
    pub profit: String,
    pub running: String,
}

#[derive(Debug, Default, Serialize)]
pub struct StatementRow {
    pub statement: String,
    pub account: String,
    pub contract: String,
    pub method: String,
    pub method_zh: String,
    pub goods: String,
    pub on_invoice: String,
    pub invoice_deduct: String,
    pub invoice: String,
    pub payment_deduct: String,
    pub separate: String,
    pub payment: String,
    pub due: String,
    pub fingerprint: String,
    pub lines: Vec<LineRow>,
}

#[derive(Debug, Default, Serialize)]
pub struct LineRow {
    pub line: String,
    pub clause: String,
    pub label: String,
    pub label_zh: String,
    pub settle: String,
    pub net: String,
    pub tax: String,
    pub amount: String,
    pub why: Vec<String>,
    pub why_zh: Vec<String>,
}

#[derive(Debug, Default, Serialize)]
pub struct SettledTotals {
    pub goods: String,
    pub invoice: String,
    pub payment: String,
    pub cost_of_terms: String,
}

#[derive(Debug, Default, Serialize)]
pub struct PromotionRow {
    pub promotion: String,
    pub account: String,
    pub skus: Vec<String>,
    pub first_day: String,
    pub last_day: String,
    pub mechanic: String,
    pub baseline_units: String,
    pub actual_units: String,
    pub incremental_units: String,
    pub low: String,
    pub high: String,
    pub lift: String,
    pub cost: String,
    pub incremental_margin: String,
    pub net: String,
    pub verdict: String,
    pub reason: String,
    pub reason_zh: String,
    pub chart: Series,
}

/// Weekly figures behind a chart.
#[derive(Debug, Default, Serialize)]
pub struct Series {
    pub weeks: Vec<String>,
    pub actual: Vec<String>,
    pub baseline: Vec<String>,
    pub promoted: Vec<bool>,
}

#[derive(Debug, Default, Serialize)]
pub struct Orders {
    pub lines: usize,
    pub pieces: i64,
    pub value: String,
    pub accounts: Vec<OrderTotals>,
    pub order_lines: Vec<OrderRow>,
}

#[derive(Debug, Default, Serialize)]
pub struct OrderTotals {
    pub account: String,
    pub lines: usize,
    pub pieces: i64,
    pub value: String,
    /// SKUs with less than a week of stock and pipeline.
    pub urgent: usize,
}

#[derive(Debug, Default, Clone, Serialize)]
pub struct OrderRow {
    pub account: String,
    pub sku: String,
    pub name: String,
    pub on_hand: i64,
    pub pipeline: i64,
    pub weekly_demand: String,
    pub days_of_supply: String,
    pub cases: i64,
    pub pieces: i64,
    pub value: String,
    pub reasons: String,
    pub reasons_zh: String,
    /// Sum of the reasons; equals `pieces`.
    #[serde(skip)]
    pub reasons_sum: i64,
}

#[derive(Debug, Default, Serialize)]
pub struct PlanogramRow {
    pub fixture: String,
    pub account: String,
    pub products: usize,
    pub facings: u32,
    pub profit: String,
    pub lower: String,
    pub upper: String,
    pub gap: String,
    pub status: String,
    pub file: String,
    #[serde(skip)]
    pub svg: String,
}

#[derive(Debug, Default, Serialize)]
pub struct TrialBalance {
    pub rows: Vec<TrialRow>,
    pub debit: String,
    pub credit: String,
    pub entries: usize,
    pub chain_head: String,
}

#[derive(Debug, Default, Serialize)]
pub struct TrialRow {
    pub account: String,
    pub name: String,
    pub name_zh: String,
    pub debit: String,
    pub credit: String,
}

#[derive(Debug, Default, Serialize)]
pub struct Ageing {
    pub as_of: String,
    pub buckets: Vec<String>,
    pub accounts: Vec<AgeingRow>,
    pub totals: Vec<String>,
    pub total: String,
    pub control: String,
    pub overdue: String,
}

#[derive(Debug, Default, Serialize)]
pub struct AgeingRow {
    pub account: String,
    pub amounts: Vec<String>,
    pub total: String,
}

#[derive(Debug, Default, Serialize)]
pub struct StockTotals {
    pub opening: i64,
    pub delivered: i64,
    pub returned: i64,
    pub sold: i64,
    pub expected: i64,
    pub counted: i64,
    pub variance: i64,
    pub positions: usize,
}

#[derive(Debug, Serialize)]
pub struct Check {
    pub check: String,
    pub holds: bool,
    pub detail: String,
}

/// An id as a file name on any system.
pub fn file_name(id: &str) -> String {
    id.chars().map(|c| if c.is_alphanumeric() || "-_@.&".contains(c) { c } else { '_' }).collect()
}

/// A figure for a chart. Charts may be off by less than a pixel; nothing is computed from this.
pub fn plot(amount: &str) -> f64 {
    amount.trim_end_matches('%').parse().unwrap_or(0.0)
}
