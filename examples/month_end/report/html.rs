//! The report: one page that needs no other file and no network.

use std::error::Error;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::charts;
use super::text::short_share;
use crate::common::amount;
use crate::document::{Ageing, Document, LineRow, PromotionRow, StatementRow, plot};

const STYLE: &str = include_str!("style.css");
/// More accounts than this are summed up in the charts and shortened in the tables.
const SHOWN: usize = 25;

/// The page.
pub fn page(doc: &Document) -> Result<String, Box<dyn Error>> {
    let body = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Month close " (doc.month) " – " (doc.title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    div {
                        p.kicker { "Key accounts · 重点客户 · month close 月结" }
                        h1 { (doc.title) }
                        p.when { (doc.first_day) " to " (doc.last_day) " · amounts in " (doc.currency) }
                    }
                    @if !doc.note.is_empty() { p.note { (doc.note) } }
                }
                nav {
                    a href="#accounts" { "Accounts" }
                    a href="#settlement" { "Settlement" }
                    @if !doc.promotions.is_empty() { a href="#promotions" { "Promotions" } }
                    a href="#receivables" { "Receivables" }
                    @if doc.orders.is_some() { a href="#orders" { "Orders" } }
                    @if !doc.planograms.is_empty() { a href="#shelf" { "Shelf" } }
                    a href="#ledger" { "Ledger" }
                    a href="#checks" { "Checks" }
                }
                (tiles(doc))
                (accounts(doc)?)
                (settlement(doc))
                @if !doc.promotions.is_empty() { (promotions(doc)?) }
                (receivables(doc)?)
                @if doc.orders.is_some() { (orders(doc)) }
                @if !doc.planograms.is_empty() { (shelf(doc)) }
                (ledger(doc))
                (checks(doc))
                footer { "Made by endcap. Every amount on this page is in the files beside it, with its trace." }
            }
        }
    };
    Ok(body.into_string())
}

/// An amount with a true minus sign.
fn grouped(amount: &str) -> String {
    amount::grouped(amount).replacen('-', "−", 1)
}

fn money(amount: &str) -> Markup {
    html! { span.neg[amount.starts_with('-')] { (grouped(amount)) } }
}

fn tile(label: &str, label_zh: &str, value: &str, hint: &str) -> Markup {
    html! {
        div.tile { p.label { (label) " " span.zh { (label_zh) } } p.value { (value) } p.hint { (hint) } }
    }
}

fn whole(amount: &str) -> String {
    grouped(amount.split('.').next().unwrap_or(amount))
}

fn tiles(doc: &Document) -> Markup {
    let held = doc.checks.iter().filter(|c| c.holds).count();
    let class_a = doc.classes.first();
    html! {
        section.tiles {
            (tile("Sales of the month", "销售额", &whole(&doc.total_sales), &format!("{} accounts", doc.accounts.len())))
            @if let Some(a) = class_a {
                (tile("Class A", "A类客户", &format!("{} accounts", a.members), &format!("{} of sales", short_share(&a.share))))
            }
            (tile("Invoiced", "开票", &whole(&doc.settled.invoice), &format!("terms cost {}", whole(&doc.settled.cost_of_terms))))
            (tile("Payable to us", "应付款", &whole(&doc.settled.payment), &format!("{} statements", doc.statements.len())))
            (tile("Receivables", "应收账款", &whole(&doc.ageing.total), &format!("{} past due", whole(&doc.ageing.overdue))))
            @if let Some(profit) = &doc.profit {
                (tile("Profit after serving", "客户利润", &whole(&profit.total), &format!("peak {} of it", profit.peak_share_of_total)))
            }
            (tile("Checks", "核对", &format!("{held} of {}", doc.checks.len()), if held == doc.checks.len() { "all hold" } else { "look below" }))
        }
    }
}

fn accounts(doc: &Document) -> Result<Markup, Box<dyn Error>> {
    let mut bars: Vec<(String, f64)> =
        doc.accounts.iter().take(SHOWN.min(10)).map(|a| (short(&a.account), plot(&a.sales))).collect();
    let rest: f64 = doc.accounts.iter().skip(bars.len()).map(|a| plot(&a.sales)).sum();
    if doc.accounts.len() > bars.len() {
        bars.push(("others".to_owned(), rest));
    }
    let pareto = charts::pareto(&bars, &[80.0, 95.0])?;
    let whale = match &doc.profit {
        Some(profit) => {
            let points: Vec<(String, f64)> =
                profit.curve.iter().map(|p| (short(&p.account), plot(&p.running))).collect();
            Some(charts::whale(&points)?)
        }
        None => None,
    };
    Ok(html! {
        section id="accounts" {
            h2 { "Accounts " span.zh { "客户分类" } }
            div.charts {
                figure { (PreEscaped(pareto)) figcaption { "Sales of the month and their running share; dashed: the 80 % and 95 % cuts." } }
                @if let Some(whale) = whale {
                    figure { (PreEscaped(whale)) figcaption { "Whale curve: running profit after cost to serve. Red: accounts that give profit back." } }
                }
            }
            p.facts {
                @for class in &doc.classes { "Class " b { (class.class) } ": " (class.members) " accounts, " (whole(&class.value)) " (" (short_share(&class.share)) "). " }
                "HHI " b { (doc.concentration.hhi) } ", Gini " b { (doc.concentration.gini) } ", like "
                b { (doc.concentration.effective_accounts) } " equal accounts."
                @if let Some(profit) = &doc.profit {
                    " The " (profit.accounts_at_peak) " most profitable accounts make " b { (whole(&profit.peak)) }
                    "; the others give back " b { (whole(&profit.destroyed)) } ". The best fifth makes " b { (profit.best_fifth_share) }
                    " of the profit (the 20/225 principle)."
                }
            }
            div.scroll { table {
                thead { tr {
                    th { "Account" } th { "Class" } th { "Why" } th.num { "Sales" } th.num { "Share" } th { "Settled by" }
                    @if doc.profit.is_some() { th.num { "Net revenue" } th.num { "Goods cost" } th.num { "Cost to serve" } th.num { "Profit" } }
                } }
                tbody { @for a in doc.accounts.iter().take(SHOWN) { tr {
                    td { b { (a.account) } " " (a.name) @if !a.name_zh.is_empty() { " " span.zh { (a.name_zh) } } }
                    td { span class={ "class c" (a.class) } { (a.class) } }
                    td.small { (a.reason) }
                    td.num { (money(&a.sales)) } td.num { (short_share(&a.share)) }
                    td.small { (a.methods.join(", ")) }
                    @if doc.profit.is_some() {
                        @for figure in [&a.net_revenue, &a.goods_cost, &a.cost_to_serve, &a.profit] {
                            td.num { @if let Some(figure) = figure { (money(figure)) } }
                        }
                    }
                } } }
            } }
            @if doc.accounts.len() > SHOWN { p.more { "… and " (doc.accounts.len() - SHOWN) " more in accounts.csv." } }
        }
    })
}

fn short(name: &str) -> String {
    let cut: String = name.chars().take(9).collect();
    if cut.len() < name.len() { format!("{cut}…") } else { cut }
}

fn settlement(doc: &Document) -> Markup {
    html! {
        section id="settlement" {
            h2 { "Settlement " span.zh { "结算" } }
            p.facts { "goods = invoice + on-invoice 票折 + invoice deductions 票扣; payment = invoice − payment deductions 账扣. Open a statement to see why." }
            div.scroll { table {
                thead { tr {
                    th { "Statement" } th { "Method" } th.num { "Goods" } th.num { "票折" } th.num { "票扣" } th.num { "Invoice" }
                    th.num { "账扣" } th.num { "Payment" } th { "Due" }
                } }
                tbody { @for (place, s) in doc.statements.iter().take(SHOWN * 2).enumerate() { tr {
                    td { @if place < SHOWN { a href={ "#" (s.statement) } { b { (s.contract) } } } @else { b { (s.contract) } } }
                    td.small { (s.method) " " span.zh { (s.method_zh) } }
                    @for figure in [&s.goods, &s.on_invoice, &s.invoice_deduct, &s.invoice, &s.payment_deduct, &s.payment] {
                        td.num { (money(figure)) }
                    }
                    td.small { (s.due) }
                } } }
                tfoot { tr {
                    th { "Total" } th {} th.num { (grouped(&doc.settled.goods)) } th {} th {} th.num { (grouped(&doc.settled.invoice)) }
                    th {} th.num { (grouped(&doc.settled.payment)) } th {}
                } }
            } }
            @if doc.statements.len() > SHOWN * 2 { p.more { "… and " (doc.statements.len() - SHOWN * 2) " more in statements/." } }
            @for s in doc.statements.iter().take(SHOWN) { (statement(s)) }
        }
    }
}

fn statement(s: &StatementRow) -> Markup {
    html! {
        details id=(s.statement) {
            summary { b { (s.contract) } " · " (s.method) " · payment " b { (grouped(&s.payment)) } " · due " (s.due) }
            table {
                thead { tr { th { "Line" } th { "Settled" } th.num { "Net" } th.num { "Tax" } th.num { "Amount" } th { "Why" } } }
                tbody { @for line in &s.lines { (line_row(line)) } }
            }
            p.print { "fingerprint " code { (s.fingerprint) } }
        }
    }
}

fn line_row(line: &LineRow) -> Markup {
    html! { tr {
        td { (line.label) " " span.zh { (line.label_zh) } @if !line.clause.is_empty() { br; span.small { (line.clause) } } }
        td.small { (line.settle) }
        td.num { (money(&line.net)) } td.num { (money(&line.tax)) } td.num { b { (money(&line.amount)) } }
        td.why { @for step in &line.why { div { (step) } } }
    } }
}

fn promotions(doc: &Document) -> Result<Markup, Box<dyn Error>> {
    let mut cards = Vec::new();
    for p in &doc.promotions {
        cards.push(promotion(p)?);
    }
    Ok(html! {
        section id="promotions" {
            h2 { "Promotions " span.zh { "促销评估" } }
            p.facts { "Blue: units sold. Dashed: what would have sold without the promotion. Shaded: the weeks it ran. Extra units are net of what was missing afterwards, with their 95 % interval; margin and cost with tax." }
            div.cards { @for card in &cards { (card) } }
        }
    })
}

fn promotion(p: &PromotionRow) -> Result<Markup, Box<dyn Error>> {
    let numbers = |figures: &[String]| figures.iter().map(|f| plot(f)).collect::<Vec<_>>();
    let (actual, baseline) = (numbers(&p.chart.actual), numbers(&p.chart.baseline));
    let weeks = charts::Weeks {
        labels: &p.chart.weeks,
        actual: &actual,
        baseline: &baseline,
        promoted: &p.chart.promoted,
    };
    let svg = charts::promotion(&weeks)?;
    let tone = match p.verdict.as_str() {
        "works" => "good",
        "does not" => "bad",
        _ => "open",
    };
    Ok(html! {
        article.card {
            h3 { (p.promotion) " " span.small { (p.account) " · " (p.skus.join(", ")) " · " (p.first_day) " to " (p.last_day) } }
            p.verdict { span class={ "pill " (tone) } { (p.verdict) } " " (first_sentence(&p.reason)) }
            (PreEscaped(svg))
            @if p.lift.is_empty() {
                dl { dt { "Cost so far" } dd { (money(&p.cost)) } }
            } @else {
                dl {
                    dt { "Extra units" } dd { (p.incremental_units) " (" (p.low) " to " (p.high) ")" }
                    dt { "Lift" } dd { (p.lift) }
                    dt { "Extra margin" } dd { (money(&p.incremental_margin)) }
                    dt { "Cost" } dd { (money(&p.cost)) }
                    dt { "Net" } dd { b { (money(&p.net)) } }
                }
            }
            details.quiet { summary { "Why 理由" } p.small { (p.reason) } p.zh.small { (p.reason_zh) } }
        }
    })
}

/// The verdict without its figures.
fn first_sentence(reason: &str) -> &str {
    reason.find(". ").map_or(reason, |end| &reason[..=end])
}

fn receivables(doc: &Document) -> Result<Markup, Box<dyn Error>> {
    let ageing: &Ageing = &doc.ageing;
    let mut shown: Vec<(String, Vec<f64>)> = ageing
        .accounts
        .iter()
        .take(SHOWN)
        .map(|a| (short(&a.account), a.amounts.iter().map(|x| plot(x)).collect()))
        .collect();
    shown.truncate(15);
    let svg = charts::ageing(&shown, &ageing.buckets)?;
    Ok(html! {
        section id="receivables" {
            h2 { "Receivables on " (ageing.as_of) " " span.zh { "应收账龄" } }
            figure.wide { (PreEscaped(svg)) figcaption { "Open amounts by days past the legal due date." } }
            div.scroll { table {
                thead { tr { th { "Account" } @for b in &ageing.buckets { th.num { (b) } } th.num { "Total" } } }
                tbody { @for a in ageing.accounts.iter().take(SHOWN) { tr {
                    td { b { (a.account) } } @for x in &a.amounts { td.num { (money(x)) } } td.num { b { (money(&a.total)) } }
                } } }
                tfoot { tr { th { "Total" } @for x in &ageing.totals { th.num { (grouped(x)) } } th.num { (grouped(&ageing.total)) } } }
            } }
            @if ageing.accounts.len() > SHOWN { p.more { "… and " (ageing.accounts.len() - SHOWN) " more in ageing.csv." } }
        }
    })
}

fn orders(doc: &Document) -> Markup {
    let Some(orders) = &doc.orders else { return html! {} };
    html! {
        section id="orders" {
            h2 { "Suggested orders " span.zh { "建议订单" } }
            p.facts { (orders.lines) " lines, " (grouped(&orders.pieces.to_string())) " pieces, worth " b { (grouped(&orders.value)) } " at supply price. All lines are in orders.csv." }
            div.two {
                table {
                    thead { tr { th { "Account" } th.num { "Lines" } th.num { "Pieces" } th.num { "Value" } th.num { "Under a week" } } }
                    tbody { @for a in &orders.accounts { tr {
                        td { b { (a.account) } } td.num { (a.lines) } td.num { (grouped(&a.pieces.to_string())) } td.num { (money(&a.value)) } td.num { (a.urgent) }
                    } } }
                }
                table {
                    thead { tr { th { "Most urgent" } th.num { "Days" } th.num { "Cases" } th { "Why" } } }
                    tbody { @for o in urgent(doc) { tr {
                        td { b { (o.account) } " " (o.sku) br; span.small { (o.name) } }
                        td.num { (o.days_of_supply) } td.num { (o.cases) } td.why { (o.reasons) }
                    } } }
                }
            }
        }
    }
}

fn urgent(doc: &Document) -> Vec<&crate::document::OrderRow> {
    let mut rows: Vec<_> = doc.orders.iter().flat_map(|o| &o.order_lines).filter(|o| o.pieces > 0).collect();
    rows.sort_by(|a, b| plot(&a.days_of_supply).total_cmp(&plot(&b.days_of_supply)));
    rows.truncate(8);
    rows
}

fn shelf(doc: &Document) -> Markup {
    html! {
        section id="shelf" {
            h2 { "Shelf plans " span.zh { "陈列图" } }
            @for p in &doc.planograms {
                h3 { (p.fixture) " " span.small { (p.account) } }
                p.facts {
                    (p.products) " products, " (p.facings) " facings, weekly profit " b { (grouped(&p.profit)) }
                    "; proven between " (grouped(&p.lower)) " and " (grouped(&p.upper)) " (gap " (p.gap) ", " (p.status) ")."
                }
                div.planogram { (PreEscaped(p.svg.clone())) }
            }
        }
    }
}

fn ledger(doc: &Document) -> Markup {
    let t = &doc.trial_balance;
    html! {
        section id="ledger" {
            h2 { "Trial balance " span.zh { "试算平衡表" } }
            div.scroll { table {
                thead { tr { th { "Account" } th { "Name" } th.num { "Debit" } th.num { "Credit" } } }
                tbody { @for row in &t.rows { tr {
                    td { (row.account) } td { (row.name) " " span.zh { (row.name_zh) } }
                    td.num { @if !row.debit.is_empty() { (money(&row.debit)) } } td.num { @if !row.credit.is_empty() { (money(&row.credit)) } }
                } } }
                tfoot { tr { th { "Total" } th { (t.entries) " entries" } th.num { (grouped(&t.debit)) } th.num { (grouped(&t.credit)) } } }
            } }
            @if !t.chain_head.is_empty() { p.print { "head of the hash chain " code { (t.chain_head) } } }
        }
    }
}

fn checks(doc: &Document) -> Markup {
    html! {
        section id="checks" {
            h2 { "Checks " span.zh { "核对" } }
            ul.checks { @for c in &doc.checks { li.ok[c.holds].failed[!c.holds] { b { (c.check) } " – " (c.detail) } } }
        }
    }
}
