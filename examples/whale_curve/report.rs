//! The result as text, as JSON, as a table and as a chart.

use std::fmt::Write;
use std::process::ExitCode;

use endcap::account::{Between, Lever};
use endcap::types::{Exact, RoundingMode};
use serde_json::{Value, json};

use crate::common::Format;
use crate::common::output::{print, write_file};
use crate::economics::Found;
use crate::load::Book;
use crate::{Args, chart};

/// Shares of the customers at which the height of the curve is told.
const POSITIONS: [i128; 7] = [5, 10, 20, 40, 60, 80, 90];

pub fn publish(args: &Args, book: &Book, found: &Found) -> ExitCode {
    let written = [
        args.customers_out.as_ref().map(|path| (path, table(found))),
        args.svg.as_ref().map(|path| (path, chart::whale(book, found).map(String::into_bytes))),
    ];
    for (path, content) in written.into_iter().flatten() {
        let done = content.and_then(|content| write_file(path, &content).map_err(|error| error.to_string()));
        if let Err(error) = done {
            eprintln!("{}: cannot be written: {error}", path.display());
            return ExitCode::FAILURE;
        }
    }
    let text = match args.format {
        Format::Text => text(args, book, found),
        Format::Json => match serde_json::to_string_pretty(&document(args, book, found)) {
            Ok(json) => json + "\n",
            Err(error) => {
                eprintln!("the report: cannot be written: {error}");
                return ExitCode::FAILURE;
            }
        },
    };
    print(&text)
}

/// A share as percent with one decimal.
pub fn percent(share: &Exact) -> String {
    let hundred = share.mul(&Exact::from_int(100));
    hundred.map_or_else(|_| "—".to_owned(), |value| value.to_fixed(1, RoundingMode::HalfAwayFromZero) + " %")
}

fn points(value: Result<Exact, endcap::account::AccountError>) -> Option<String> {
    value.ok().map(|value| value.to_fixed(1, RoundingMode::HalfAwayFromZero))
}

fn money(minor: i128, book: &Book) -> String {
    endcap::types::Money::from_minor(minor, book.currency)
        .map_or_else(|_| minor.to_string(), |m| m.to_amount_string())
}

/// Percent of the profit made by the best so many percent of the customers.
pub fn at(found: &Found, customers_percent: i128) -> Option<String> {
    let position = Exact::ratio(customers_percent, 100).ok()?;
    points(found.whale.curve().percent_at(&position, Between::Interpolate))
}

fn document(args: &Args, book: &Book, found: &Found) -> Value {
    let curve = found.whale.curve();
    let pools: Vec<Value> = found
        .pools
        .iter()
        .map(|pool| {
            json!({
                "name": pool.name,
                "cost": pool.cost.to_amount_string(),
                "used_percent": percent(&pool.used).replace(" %", ""),
                "assigned": pool.assigned.to_amount_string(),
                "unused": pool.unused.to_amount_string(),
            })
        })
        .collect();
    let actions: Vec<Value> = found
        .actions
        .iter()
        .map(|action| {
            json!({
                "customer": action.account.as_str(),
                "class": action.class.letter().to_string(),
                "profit": action.profit.to_amount_string(),
                "first_move": action.first_move,
                "why": action.why,
                "levers": action.levers.iter().map(lever).collect::<Vec<_>>(),
            })
        })
        .collect();
    let top: Vec<Value> = found
        .whale
        .points()
        .iter()
        .take(args.top)
        .filter_map(|point| {
            let one = found.customers.get(&point.account)?;
            Some(json!({
                "rank": point.rank,
                "customer": point.account.as_str(),
                "class": one.class.letter().to_string(),
                "revenue": one.revenue.to_amount_string(),
                "product_cost": one.product_cost.to_amount_string(),
                "cost_to_serve": one.service.to_amount_string(),
                "profit": one.profit.to_amount_string(),
                "cumulative": point.cumulative.to_amount_string(),
            }))
        })
        .collect();
    let heights: Vec<Value> = POSITIONS
        .iter()
        .map(|position| json!({"customers_percent": position, "profit_percent": at(found, *position)}))
        .collect();
    json!({
        "currency": book.currency.code(),
        "customers": found.customers.len(),
        "pools": pools,
        "revenue": found.totals.revenue.to_amount_string(),
        "product_cost": found.totals.product_cost.to_amount_string(),
        "cost_to_serve": found.totals.service.to_amount_string(),
        "profit": money(curve.total(), book),
        "unused_cost": found.totals.unused.to_amount_string(),
        "whale": {
            "peak": money(curve.peak(), book),
            "peak_percent": points(curve.peak_percent()),
            "peak_customers": curve.peak_members(),
            "erosion": money(curve.erosion(), book),
            "erosion_percent": points(curve.erosion_percent()),
            "at": heights,
        },
        "makers": found.whale.makers().count(),
        "losers": found.whale.destroyers().count(),
        "sales_profit_rank_correlation":
            found.rank_correlation.as_ref().map(|value| value.to_fixed(4, RoundingMode::HalfAwayFromZero)),
        "actions": actions,
        "top": top,
    })
}

fn lever(lever: &Lever) -> Value {
    let fixed = |value: &Exact| value.to_fixed(2, RoundingMode::HalfAwayFromZero);
    let share = |value: &Exact| percent(value).replace(" %", "");
    match lever {
        Lever::PriceRise { share: rise } => json!({"lever": "price_rise", "percent": share(rise)}),
        Lever::LessService { activity, keep, cut } => {
            json!({"lever": "less_service", "activity": activity, "keep": fixed(keep), "cut_percent": share(cut)})
        }
        Lever::FewerOrders { cut } => json!({"lever": "fewer_orders", "cut_percent": share(cut)}),
        Lever::Exit { saves } => {
            json!({"lever": "exit", "saves": saves.to_fixed(2, RoundingMode::HalfAwayFromZero)})
        }
        other => json!({"lever": format!("{other:?}")}),
    }
}

fn text(args: &Args, book: &Book, found: &Found) -> String {
    let mut text = String::new();
    let curve = found.whale.curve();
    let dash = |value: Option<String>| value.map_or_else(|| "—".to_owned(), |value| value + " %");
    let code = book.currency.code();
    let _ = writeln!(text, "{} customers; {code}", found.customers.len());
    for (name, amount) in [
        ("net revenue", found.totals.revenue.to_amount_string()),
        ("product cost", found.totals.product_cost.to_amount_string()),
        ("cost to serve", found.totals.service.to_amount_string()),
        ("profit", money(curve.total(), book)),
    ] {
        let _ = writeln!(text, "  {name:<14} {amount:>16}");
    }
    text += "\nCost to serve by pool; unused capacity is charged to nobody\n";
    let _ =
        writeln!(text, "  {:<14} {:>14} {:>8} {:>14} {:>14}", "pool", "cost", "used", "assigned", "unused");
    for pool in &found.pools {
        let _ = writeln!(
            text,
            "  {:<14} {:>14} {:>8} {:>14} {:>14}",
            pool.name,
            pool.cost.to_amount_string(),
            percent(&pool.used),
            pool.assigned.to_amount_string(),
            pool.unused.to_amount_string()
        );
    }
    let share = Exact::ratio(
        i128::try_from(curve.peak_members()).unwrap_or(0),
        i128::try_from(found.customers.len().max(1)).unwrap_or(1),
    );
    let share = share.as_ref().map_or_else(|_| "—".to_owned(), percent);
    let _ = writeln!(
        text,
        "\nWhale curve: {} customers ({share}) make {} ({} of the profit); the rest destroys {} ({})",
        curve.peak_members(),
        money(curve.peak(), book),
        dash(points(curve.peak_percent())),
        money(curve.erosion(), book),
        dash(points(curve.erosion_percent())),
    );
    for position in POSITIONS {
        let _ = writeln!(text, "  best {position:>2} %  {:>10}", dash(at(found, position)));
    }
    if let Some(rank) = &found.rank_correlation {
        let value = rank.to_fixed(3, RoundingMode::HalfAwayFromZero);
        let _ = writeln!(text, "  sales and profit rank alike by {value} (Spearman)");
    }
    if !found.actions.is_empty() {
        let _ = writeln!(text, "\nWhat to do first, worst of {} losses first", found.actions.len());
        let _ = writeln!(
            text,
            "  {:<12} {:<5} {:>12}  {:<22} needs",
            "customer", "class", "profit", "first move"
        );
        for action in found.actions.iter().take(args.top) {
            let _ = writeln!(
                text,
                "  {:<12} {:<5} {:>12}  {:<22} {}",
                action.account.as_str(),
                action.class.letter(),
                action.profit.to_amount_string(),
                action.first_move,
                action.why
            );
        }
    }
    let _ = writeln!(text, "\nBest customers");
    let _ = writeln!(
        text,
        "  {:>4}  {:<12} {:<5} {:>14} {:>14} {:>12} {:>14}",
        "rank", "customer", "class", "revenue", "service", "profit", "cumulative"
    );
    for point in found.whale.points().iter().take(args.top) {
        let Some(one) = found.customers.get(&point.account) else { continue };
        let _ = writeln!(
            text,
            "  {:>4}  {:<12} {:<5} {:>14} {:>14} {:>12} {:>14}",
            point.rank,
            point.account.as_str(),
            one.class.letter(),
            one.revenue.to_amount_string(),
            one.service.to_amount_string(),
            point.profit.to_amount_string(),
            point.cumulative.to_amount_string()
        );
    }
    text
}

fn table(found: &Found) -> Result<Vec<u8>, String> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    let columns =
        ["rank", "customer", "class", "revenue", "product_cost", "cost_to_serve", "profit", "cumulative"];
    csv.write_record(columns).map_err(|error| error.to_string())?;
    for point in found.whale.points() {
        let Some(one) = found.customers.get(&point.account) else { continue };
        let record = [
            point.rank.to_string(),
            point.account.to_string(),
            one.class.letter().to_string(),
            one.revenue.to_amount_string(),
            one.product_cost.to_amount_string(),
            one.service.to_amount_string(),
            point.profit.to_amount_string(),
            point.cumulative.to_amount_string(),
        ];
        csv.write_record(record).map_err(|error| error.to_string())?;
    }
    csv.into_inner().map_err(|error| error.to_string())
}
