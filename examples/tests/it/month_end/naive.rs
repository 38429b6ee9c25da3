//! Every identity of a close, worked out again with whole numbers: from the files where they say it, else from the
//! results against each other. Nothing of the example's own checks is used.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::results::{Results, minor, text};
use super::sample::Files;

/// The columns of a statement by the words that its lines use.
const SETTLED: [(&str, &str); 5] = [
    ("goods 货款", "goods"),
    ("discount on the invoice 票折", "on_invoice"),
    ("deducted before invoicing 票扣", "invoice_deduct"),
    ("deducted from the payment 账扣", "payment_deduct"),
    ("settled separately 单独结算", "separate"),
];

/// Statements that the report shows line by line; the sample has fewer.
const NAMED: usize = 25;

/// Debits equal credits, entry by entry and over all accounts.
pub fn ledger(results: &Results) {
    let (mut debit, mut credit) = (0, 0);
    for row in results.table("trial_balance.csv") {
        debit += minor(&row["debit"]);
        credit += minor(&row["credit"]);
    }
    assert!(debit > 0);
    assert_eq!(debit, credit, "the trial balance");
    assert_eq!(debit, results.money("/trial_balance/debit"));
    assert_eq!(credit, results.money("/trial_balance/credit"));
    let mut entries: BTreeMap<String, i128> = BTreeMap::new();
    for row in results.table("journal.csv") {
        *entries.entry(row["entry"].clone()).or_default() += minor(&row["debit"]) - minor(&row["credit"]);
    }
    let open: Vec<_> = entries.iter().filter(|(_, net)| **net != 0).collect();
    assert!(!entries.is_empty() && open.is_empty(), "entries that do not balance: {open:?}");
}

/// Rows, columns and the whole ageing sum to the control account, as the trial balance has it.
pub fn ageing(results: &Results) {
    let rows = results.table("ageing.csv");
    let mut total = 0;
    let mut columns: BTreeMap<&str, i128> = BTreeMap::new();
    for row in &rows {
        let parts = row.iter().filter(|(name, _)| !["account", "total"].contains(&name.as_str()));
        let mut sum = 0;
        for (name, amount) in parts {
            sum += minor(amount);
            *columns.entry(name).or_default() += minor(amount);
        }
        assert_eq!(sum, minor(&row["total"]), "{row:?}");
        total += sum;
    }
    let buckets = results.list("/ageing/buckets");
    for (bucket, amount) in buckets.iter().zip(results.list("/ageing/totals")) {
        let column = columns.get(bucket.as_str().expect("a label")).copied().unwrap_or_default();
        assert_eq!(column, minor(amount.as_str().expect("an amount")), "{bucket}");
    }
    assert_eq!(total, results.money("/ageing/total"));
    assert_eq!(total, results.money("/ageing/control"));
    let balance = results.table("trial_balance.csv");
    let control = balance.iter().find(|row| row["account"] == "1122").expect("receivables");
    assert_eq!(total, minor(&control["debit"]) - minor(&control["credit"]));
}

/// Lines sum to columns, columns to invoice and payment, statements to totals; the report names them all.
pub fn statements(results: &Results) {
    let (mut goods, mut invoice, mut payment) = (0, 0, 0);
    let statements = results.list("/statements");
    assert!(!statements.is_empty());
    for statement in statements {
        let id = text(statement, "/statement");
        let mut columns: BTreeMap<&str, i128> = BTreeMap::new();
        for line in statement["lines"].as_array().expect("lines") {
            let of = |name: &str| minor(line[name].as_str().expect("an amount"));
            assert_eq!(of("net") + of("tax"), of("amount"), "{id}: {line}");
            let settle = text(line, "/settle");
            let (_, column) = SETTLED.iter().find(|(words, _)| *words == settle).expect(settle);
            *columns.entry(column).or_default() += of("amount");
        }
        let of = |name: &str| minor(statement[name].as_str().expect("an amount"));
        for (_, column) in SETTLED {
            assert_eq!(columns.get(column).copied().unwrap_or_default(), of(column), "{id}: {column}");
        }
        assert_eq!(of("goods"), of("invoice") + of("on_invoice") + of("invoice_deduct"), "{id}");
        assert_eq!(of("payment"), of("invoice") - of("payment_deduct"), "{id}");
        (goods, invoice, payment) = (goods + of("goods"), invoice + of("invoice"), payment + of("payment"));
    }
    assert_eq!(goods, results.money("/settled/goods"));
    assert_eq!(invoice, results.money("/settled/invoice"));
    assert_eq!(payment, results.money("/settled/payment"));
    posted(results, statements);
    // The report names the largest; each has its text and its trace.
    for statement in statements.iter().take(NAMED) {
        let id =
            text(statement, "/statement").replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        assert!(results.html.contains(&id), "the report does not name {id}");
    }
    assert_eq!(results.files_in("statements"), 2 * statements.len());
}

/// What a statement asks for stands on the control account under its document.
fn posted(results: &Results, statements: &[Value]) {
    let mut posted: BTreeMap<String, i128> = BTreeMap::new();
    for leg in results.table("journal.csv").iter().filter(|leg| leg["account"] == "1122") {
        *posted.entry(leg["document"].clone()).or_default() += minor(&leg["debit"]) - minor(&leg["credit"]);
    }
    for statement in statements {
        let id = text(statement, "/statement");
        let found = posted.get(id).copied().unwrap_or_default();
        assert_eq!(found, minor(text(statement, "/payment")), "{id}");
    }
}

/// Account sales are the lines of the file.
pub fn sales(results: &Results, files: &Files, month: &str) {
    let mut naive: BTreeMap<&str, i128> = BTreeMap::new();
    for row in files.rows("sales.csv").filter(|row| row[0].starts_with(month)) {
        *naive.entry(row[1]).or_default() += minor(row[4]);
    }
    let shown = results.list("/accounts").iter();
    let shown: BTreeMap<&str, i128> =
        shown.map(|account| (text(account, "/account"), minor(text(account, "/sales")))).collect();
    assert_eq!(shown, naive);
    assert_eq!(results.money("/total_sales"), naive.values().sum::<i128>());
}

/// Counts on the eve, movements and counts on the last day make the stock of the report, and goods under credit terms
/// and turnover deduction are deliveries less returns and till money.
pub fn stock(results: &Results, files: &Files, month: &str, (eve, last): (&str, &str)) {
    let pieces = |file: &str, column: usize| -> i64 {
        let rows = files.rows(file).filter(|row| row[0].starts_with(month));
        rows.map(|row| row[column].parse::<i64>().expect("pieces")).sum()
    };
    let counted = |day: &str| -> i64 {
        let rows = files.rows("stock_counts.csv").filter(|row| row[0] == day);
        rows.map(|row| row[3].parse::<i64>().expect("pieces")).sum()
    };
    let opening = counted(eve);
    let (delivered, returned) = (pieces("deliveries.csv", 4), pieces("returns.csv", 4));
    let sold = pieces("sales.csv", 3);
    assert!(opening > 0 && delivered > 0 && sold > 0);
    assert_eq!(results.count("/stock/opening"), opening);
    assert_eq!(results.count("/stock/delivered"), delivered);
    assert_eq!(results.count("/stock/returned"), returned);
    assert_eq!(results.count("/stock/sold"), sold);
    let expected = opening + delivered - returned - sold;
    assert_eq!(results.count("/stock/expected"), expected);
    assert_eq!(results.count("/stock/counted"), counted(last));
    assert_eq!(results.count("/stock/variance"), counted(last) - expected);
    let methods = |wanted: &str| -> BTreeSet<String> {
        let of = |method: &str| -> BTreeSet<String> {
            let own = results.list("/statements").iter().filter(|s| text(s, "/method") == method);
            own.map(|statement| text(statement, "/account").to_owned()).collect()
        };
        let others: BTreeSet<String> = ["consignment", "credit terms", "turnover deduction"]
            .into_iter()
            .filter(|method| *method != wanted)
            .flat_map(of)
            .collect();
        of(wanted).difference(&others).cloned().collect()
    };
    let goods = |account: &str| -> i128 {
        let own = results.list("/statements").iter().filter(|s| text(s, "/account") == account);
        own.map(|statement| minor(text(statement, "/goods"))).sum()
    };
    let value = |file: &str, account: &str| -> i128 {
        let rows = files.rows(file).filter(|row| row[0].starts_with(month) && row[2] == account);
        rows.map(|row| row[4].parse::<i128>().expect("pieces") * minor(row[5])).sum()
    };
    for account in &methods("credit terms") {
        let moved = value("deliveries.csv", account) - value("returns.csv", account);
        assert_eq!(goods(account), moved, "{account}");
    }
    for account in &methods("turnover deduction") {
        let tills = files.rows("sales.csv").filter(|row| row[0].starts_with(month) && row[1] == account);
        assert_eq!(goods(account), tills.map(|row| minor(row[4])).sum::<i128>(), "{account}");
    }
    assert!(!methods("credit terms").is_empty() && !methods("turnover deduction").is_empty());
}

/// The reasons of every order line, in both languages, sum to its pieces, which are whole cases of stock that is there.
pub fn orders(results: &Results, files: &Files, last: &str) {
    let packs: BTreeMap<&str, i64> =
        files.rows("skus.csv").map(|row| (row[0], row[5].parse().expect("a pack"))).collect();
    let counts: BTreeMap<(&str, &str), i64> = files
        .rows("stock_counts.csv")
        .filter(|row| row[0] == last)
        .map(|row| ((row[1], row[2]), row[3].parse().expect("pieces")))
        .collect();
    let rows = results.table("orders.csv");
    assert!(!rows.is_empty());
    let (mut pieces, mut value) = (0, 0);
    for row in &rows {
        let of = |name: &str| row[name].parse::<i64>().expect("a count");
        let sum = |reasons: &str| -> i64 {
            let (_, reasons) = reasons.split_once(" = ").expect("reasons");
            let numbers =
                reasons.split([',', ',']).map(|reason| reason.rsplit(' ').next().expect("a number"));
            numbers.map(|number| number.replace('−', "-").parse::<i64>().expect(number)).sum()
        };
        assert_eq!(sum(&row["reasons"]), of("pieces"), "{row:?}");
        assert_eq!(sum(&row["reasons_zh"]), of("pieces"), "{row:?}");
        assert_eq!(of("cases") * packs[row["sku"].as_str()], of("pieces"), "{row:?}");
        assert_eq!(of("on_hand"), counts[&(row["account"].as_str(), row["sku"].as_str())], "{row:?}");
        pieces += of("pieces");
        value += minor(&row["value"]);
    }
    assert_eq!(pieces, results.count("/orders/pieces"));
    assert_eq!(value, results.money("/orders/value"));
}

/// The whale curve runs through the accounts' profits, best first, and ends at their sum.
pub fn profits(results: &Results) {
    let accounts = results.list("/accounts").iter();
    let mut profits: BTreeMap<&str, i128> =
        accounts.map(|account| (text(account, "/account"), minor(text(account, "/profit")))).collect();
    let total: i128 = profits.values().sum();
    let (mut running, mut before, mut peak) = (0, i128::MAX, 0);
    for point in results.list("/profit/curve") {
        let profit = minor(text(point, "/profit"));
        assert_eq!(profits.remove(text(point, "/account")), Some(profit), "{point}");
        assert!(profit <= before, "{point}");
        (running, before) = (running + profit, profit);
        peak = peak.max(running);
        assert_eq!(minor(text(point, "/running")), running, "{point}");
    }
    assert!(profits.is_empty(), "not on the curve: {profits:?}");
    assert_eq!(running, total);
    assert_eq!(results.money("/profit/total"), total);
    assert_eq!(results.money("/profit/peak"), peak);
    assert_eq!(results.money("/profit/destroyed"), peak - total);
    for account in results.list("/accounts") {
        let of = |name: &str| minor(account[name].as_str().expect("an amount"));
        assert_eq!(of("profit"), of("net_revenue") - of("goods_cost") - of("cost_to_serve"), "{account}");
    }
}

/// The report needs no other file and no network.
pub fn page(results: &Results) {
    let html = &results.html;
    assert!(html.starts_with("<!DOCTYPE html>"));
    for foreign in ["<script", "<link", "<img", "<iframe", "<object", "<embed", "@import", "url("] {
        assert!(!html.contains(foreign), "the report holds {foreign}");
    }
    for attribute in ["src=\"", "href=\""] {
        for rest in html.split(attribute).skip(1) {
            let target = rest.split('"').next().expect("a target");
            assert!(target.starts_with('#'), "the report points at {target}");
            let place = format!("id=\"{}\"", target.trim_start_matches('#'));
            assert!(html.contains(&place), "the report points at {target}, which is not in it");
        }
    }
    // Names of XML are not addresses: nothing is fetched from them.
    let addresses = html.replace("http://www.w3.org/", "");
    assert!(!addresses.contains("http://") && !addresses.contains("https://"));
}

/// All checks that the close itself makes hold.
pub fn checks(results: &Results, least: usize) {
    let checks = results.list("/checks");
    assert!(checks.len() >= least, "{checks:?}");
    for check in checks {
        assert_eq!(check["holds"], true, "{check}");
    }
}
