//! What must hold between the results of different crates, compared after the close and before anything is written.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use endcap::calendar::Period;
use endcap::ledger::{At, EventBody, StockFlow};
use endcap::settlement::{LineKind, Statement};
use endcap::types::{AccountId, Money};

use super::books::{Books, ledger_ageing};
use super::settle::{Statements, of_month};
use crate::book::{Book, Source};
use crate::common::amount::grouped;
use crate::document::{Check, Document};

/// Everything a check may look at.
pub struct Evidence<'a> {
    pub book: &'a Book,
    pub month: Period,
    pub statements: &'a Statements,
    pub books: &'a Books,
    pub planogram_problems: usize,
}

impl Evidence<'_> {
    fn zero(&self) -> Money {
        Money::zero(self.book.currency)
    }

    fn of_month(&self) -> Vec<&Statement> {
        of_month(self.statements, self.month)
    }
}

/// Runs every check.
pub fn run(evidence: &Evidence<'_>, doc: &Document) -> Result<Vec<Check>, Box<dyn Error>> {
    let mut checks = vec![
        trial_balance(evidence)?,
        audit(evidence),
        ageing(evidence)?,
        posted(evidence)?,
        receivables(evidence)?,
        traces(evidence)?,
        sales(evidence, doc)?,
        goods(evidence)?,
    ];
    if evidence.book.source == Source::Full {
        checks.push(stock(evidence)?);
        checks.push(orders(doc));
        checks.push(planograms(evidence));
        checks.push(profits(evidence, doc)?);
    }
    Ok(checks)
}

fn check(name: &str, holds: bool, detail: String) -> Check {
    Check { check: name.to_owned(), holds, detail }
}

fn shown(money: &Money) -> String {
    grouped(&money.to_amount_string())
}

fn trial_balance(e: &Evidence<'_>) -> Result<Check, Box<dyn Error>> {
    let balance = e.books.ledger.trial_balance(e.month.last_day())?;
    let detail =
        balance.totals.iter().map(|t| format!("{} debit, {} credit", shown(&t.debit), shown(&t.credit)));
    Ok(check("Debits equal credits", balance.is_balanced(), detail.collect::<Vec<_>>().join("; ")))
}

fn audit(e: &Evidence<'_>) -> Check {
    let day = e.month.last_day();
    match e.books.ledger.certify(day) {
        Ok(proved) => {
            let detail = format!(
                "{} entries, {} legs, {} open items and the hash chain proved again; ageing, open items, control account \
                 and trial balance agree on {day}",
                proved.entries(),
                proved.legs(),
                proved.items(),
            );
            check("The ledger's audit is clean", true, detail)
        }
        Err(findings) => {
            let detail = format!("{} findings, the first: {:?}", findings.len(), findings.first());
            check("The ledger's audit is clean", false, detail)
        }
    }
}

fn ageing(e: &Evidence<'_>) -> Result<Check, Box<dyn Error>> {
    let day = e.month.last_day();
    let ageing = ledger_ageing(e.books, e.book, day)?;
    let control = e.books.ledger.balance(&e.books.codes.receivable, e.book.currency, At::EndOf(day))?;
    let mut sum = e.zero();
    for (_, split) in &ageing.rows {
        for part in [split.not_due, split.no_due_date, split.unallocated_credit] {
            sum = sum.checked_add(&part)?;
        }
        sum = sum.checked_add(&split.past_due()?)?;
    }
    let detail = format!("{} in the buckets, {} on the control account", shown(&sum), shown(&control));
    Ok(check("Ageing sums to receivables", sum == control, detail))
}

/// What the month's statements ask for is what was posted to receivables under their documents.
fn posted(e: &Evidence<'_>) -> Result<Check, Box<dyn Error>> {
    let statements = e.of_month();
    let asked = Money::sum(statements.iter().map(|s| s.totals().payment), e.book.currency)?;
    let receivable = e.books.ledger.accounts().iter().position(|a| a.code() == e.books.codes.receivable);
    let ids: BTreeSet<&str> = statements.iter().map(|s| s.id().as_str()).collect();
    let mut posted = e.zero();
    for event in e.books.ledger.events() {
        let EventBody::EntryPosted(entry) = &event.body else { continue };
        if !ids.contains(entry.document.as_str()) {
            continue;
        }
        for leg in entry.legs.iter().filter(|leg| Some(leg.account.index() as usize) == receivable) {
            posted = posted.checked_add(&Money::from_minor(leg.signed_minor(), leg.amount.currency())?)?;
        }
    }
    let detail = format!("{} on {} statements, {} posted", shown(&asked), statements.len(), shown(&posted));
    Ok(check("Statement totals equal what was posted", asked == posted, detail))
}

/// All statements ever, less all money ever received, is what is open.
fn receivables(e: &Evidence<'_>) -> Result<Check, Box<dyn Error>> {
    let asked = Money::sum(e.statements.values().flatten().map(|s| s.totals().payment), e.book.currency)?;
    let received = e.book.payments.iter().filter(|p| p.date < e.month.end()).map(|p| p.amount);
    let received = Money::sum(received, e.book.currency)?;
    let open =
        e.books.ledger.balance(&e.books.codes.receivable, e.book.currency, At::EndOf(e.month.last_day()))?;
    let detail = format!("{} settled − {} received = {} open", shown(&asked), shown(&received), shown(&open));
    Ok(check("Settled less received is open", asked.checked_sub(&received)? == open, detail))
}

fn traces(e: &Evidence<'_>) -> Result<Check, Box<dyn Error>> {
    let (mut nodes, mut wrong) = (0, 0);
    for statement in e.of_month() {
        nodes += statement.trace().nodes().len();
        wrong += usize::from(statement.trace().verify().is_err());
    }
    let detail = format!("{nodes} steps computed again, {wrong} statements differ");
    Ok(check("Every amount follows from its trace", wrong == 0, detail))
}

fn sales(e: &Evidence<'_>, doc: &Document) -> Result<Check, Box<dyn Error>> {
    let lines = e.book.sales.iter().filter(|s| e.month.contains(s.date)).map(|s| s.amount);
    let total = Money::sum(lines, e.book.currency)?;
    let mut rows = e.zero();
    for row in &doc.accounts {
        rows = rows.checked_add(&Money::parse(&row.sales, e.book.currency)?)?;
    }
    let detail =
        format!("{} in the files, {} over {} accounts", shown(&total), shown(&rows), doc.accounts.len());
    Ok(check("Account sales sum to the files", total == rows, detail))
}

/// Goods settled under credit terms and turnover deduction are the deliveries less returns, or the till money, of the
/// same account in the files, whatever contracts share them.
fn goods(e: &Evidence<'_>) -> Result<Check, Box<dyn Error>> {
    let mut settled: BTreeMap<&AccountId, Money> = BTreeMap::new();
    let mut consigned = BTreeSet::new();
    let mut turnover = BTreeSet::new();
    for statement in e.of_month() {
        for line in statement.lines() {
            let _ = match line.kind {
                LineKind::SoldGoods | LineKind::ShrinkCharge => consigned.insert(statement.account()),
                LineKind::Turnover => turnover.insert(statement.account()),
                _ => false,
            };
        }
        let sum = settled.entry(statement.account()).or_insert(e.zero());
        *sum = sum.checked_add(&statement.totals().goods)?;
    }
    let mut tills: BTreeMap<&AccountId, Money> = BTreeMap::new();
    for sale in e.book.sales.iter().filter(|sale| e.month.contains(sale.date)) {
        let sum = tills.entry(&sale.account).or_insert(e.zero());
        *sum = sum.checked_add(&sale.amount)?;
    }
    let mut receipts: BTreeMap<&AccountId, Money> = BTreeMap::new();
    let delivered = e.book.deliveries.iter().map(|d| (&d.account, d.date, d.amount));
    let returned = e.book.returns.iter().map(|r| (&r.account, r.date, r.amount.negated()));
    for (account, _, amount) in delivered.chain(returned).filter(|(_, date, _)| e.month.contains(*date)) {
        let sum = receipts.entry(account).or_insert(e.zero());
        *sum = sum.checked_add(&amount)?;
    }
    let (mut compared, mut expected, mut found) = (0, e.zero(), e.zero());
    for (account, goods) in settled.into_iter().filter(|(account, _)| !consigned.contains(account)) {
        let source = if turnover.contains(account) { &tills } else { &receipts };
        let files = source.get(account).copied().unwrap_or(e.zero());
        compared += 1;
        expected = expected.checked_add(&files)?;
        found = found.checked_add(&goods)?;
        if files != goods {
            let detail = format!("{account}: {} in the files, {} settled", shown(&files), shown(&goods));
            return Ok(check("Settled goods equal the files", false, detail));
        }
    }
    let detail = format!("{} in the files, {} settled, {compared} accounts", shown(&expected), shown(&found));
    Ok(check("Settled goods equal the files", expected == found, detail))
}

/// Opening and movements make the count, in the roll-forward and on the ledger's stock cards alike.
fn stock(e: &Evidence<'_>) -> Result<Check, Box<dyn Error>> {
    let Some(stock) = &e.books.month_stock else {
        return Ok(check("Stock rolls forward", false, "there is no stock".to_owned()));
    };
    let mut wrong = 0;
    for ((account, sku), line) in &stock.lines {
        let on_ledger = e.books.ledger.stock_on(account, sku, e.month.last_day());
        wrong += usize::from(on_ledger != line.best_stock());
    }
    let mut cards = 0;
    for account in e.book.accounts.keys() {
        for card in e.books.ledger.stock_cards(account, e.month) {
            cards += 1;
            let change: i64 = StockFlow::ALL.iter().map(|flow| flow.change(card.flow(*flow))).sum();
            wrong += usize::from(card.opening + change != card.closing);
        }
    }
    let t = stock.totals();
    let detail = format!(
        "{} opening + {} delivered − {} returned − {} sold = {} expected; {} counted; {} places, {cards} cards, {wrong} differ",
        grouped(&t.opening.to_string()),
        grouped(&t.delivered.to_string()),
        grouped(&t.returned.to_string()),
        grouped(&t.sold.to_string()),
        grouped(&t.expected.to_string()),
        grouped(&t.counted.to_string()),
        t.positions
    );
    Ok(check("Stock rolls forward", wrong == 0 && t.expected + t.variance == t.counted, detail))
}

fn orders(doc: &Document) -> Check {
    let Some(orders) = &doc.orders else {
        return check("Order reasons add up", false, "there are no orders".to_owned());
    };
    let wrong = orders.order_lines.iter().filter(|line| line.reasons_sum != line.pieces).count();
    let detail = format!("{} lines, {wrong} whose reasons do not sum to the quantity", orders.lines);
    check("Order reasons add up", wrong == 0, detail)
}

fn planograms(e: &Evidence<'_>) -> Check {
    let detail = format!("{} problems found by the validator", e.planogram_problems);
    check("Planograms are sound", e.planogram_problems == 0, detail)
}

/// The whale curve ends at the sum of the accounts' profits.
fn profits(e: &Evidence<'_>, doc: &Document) -> Result<Check, Box<dyn Error>> {
    let mut sum = e.zero();
    for profit in doc.accounts.iter().filter_map(|a| a.profit.as_ref()) {
        sum = sum.checked_add(&Money::parse(profit, e.book.currency)?)?;
    }
    let end = doc.profit.as_ref().map(|p| p.total.clone()).unwrap_or_default();
    let detail = format!("{} over accounts, {} at the end of the curve", shown(&sum), grouped(&end));
    Ok(check("The whale curve ends at the total profit", sum.to_amount_string() == end, detail))
}
