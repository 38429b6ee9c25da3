//! Every contract, month by month, from the first month of the files to the one that is closed.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use chrono::NaiveDate;
use endcap::bridge::promotion_funding;
use endcap::calendar::Period;
use endcap::settlement::{
    AmountRule, Catalogue, Contract, Delivery, Facts, GoodsReturn, Language, Layer, MethodKind, Occasion,
    OriginalTerms, Product, PromotionFunding, Sale, SettlementError, Statement, StatementLine, StockCount,
    settle,
};
use endcap::types::{
    AccountId, CategoryId, ClauseId, ContractId, DocumentId, Money, Quantity, SkuId, StoreId,
};

use super::BadInput;
use super::promotions::Judged;
use crate::book::Book;
use crate::common::contracts::Places;
use crate::common::progress::Progress;
use crate::document::{LineRow, SettledTotals, StatementRow};

/// Most neighbouring facts of a trace that a report repeats; all of them are in the statement's JSON.
const NEIGHBOURS: usize = 3;

/// All statements so far, by contract, in the order of their periods.
pub type Statements = BTreeMap<ContractId, Vec<Statement>>;

/// Facts of one account in the shape settlement reads, each list in order of date.
#[derive(Default)]
struct AccountFacts {
    deliveries: Vec<Delivery>,
    returns: Vec<GoodsReturn>,
    sales: Vec<Sale>,
    counts: Vec<StockCount>,
    opening: Vec<Layer>,
    funding: Vec<(SkuId, PromotionFunding)>,
    stores: Vec<StoreId>,
}

impl AccountFacts {
    fn skus(&self) -> BTreeSet<&SkuId> {
        let moved = self.deliveries.iter().map(|d| &d.sku).chain(self.returns.iter().map(|r| &r.sku));
        let held = self.counts.iter().map(|c| &c.sku).chain(self.opening.iter().map(|l| &l.sku));
        let sold = self.sales.iter().map(|s| &s.sku).chain(self.funding.iter().map(|(sku, _)| sku));
        moved.chain(held).chain(sold).collect()
    }
}

/// Months from the first fact to `last`, in order.
pub fn months(book: &Book, last: Period) -> Result<Vec<Period>, Box<dyn Error>> {
    let first = book.sales.iter().map(|s| s.date).chain(book.deliveries.iter().map(|d| d.date)).min();
    let Some(first) = first else { return Ok(vec![last]) };
    let mut month = Period::containing(endcap::calendar::Grain::Month, first)?;
    let mut months = Vec::new();
    while month.start() <= last.start() {
        months.push(month);
        month = month.next()?;
    }
    Ok(months)
}

/// Settles every contract for every month.
pub fn settle_all(
    book: &Book,
    (contracts, places): (&BTreeMap<AccountId, Vec<Contract>>, &Places),
    months: &[Period],
    judged: &[Judged],
) -> Result<Statements, Box<dyn Error>> {
    let all_products = products(book)?;
    let facts = facts(book, months.first().map(|m| m.start()), judged)?;
    let mut statements = Statements::new();
    let mut progress = Progress::of_steps(contracts.len(), "settling");
    for (number, (account, contracts)) in contracts.iter().enumerate() {
        progress.set(u64::try_from(number).unwrap_or(u64::MAX));
        let Some(facts) = facts.get(account) else { continue };
        // Settlement looks through the products of every run: only those the account deals in.
        let dealt = facts.skus();
        let products: Vec<Product> =
            all_products.iter().filter(|p| dealt.contains(&p.sku)).cloned().collect();
        let catalogue = Catalogue::new(&products)?;
        for contract in contracts {
            let own = settle_one((contract, places), facts, (&products, &catalogue), months)?;
            statements.insert(contract.id().clone(), own);
        }
    }
    Ok(statements)
}

/// What is said of facts that cannot be settled under a contract.
fn unsettled(
    (contract, places): (&Contract, &Places),
    month: Option<Period>,
    error: &SettlementError,
) -> BadInput {
    let hint = match error {
        SettlementError::NoSupplyPrice { .. } => {
            "; expected a delivery before the sale, or stock in the count on the eve of the first month"
        }
        _ => "",
    };
    BadInput(places.unsettled(contract, month, (error, hint)).to_string())
}

fn settle_one(
    (contract, places): (&Contract, &Places),
    facts: &AccountFacts,
    (products, catalogue): (&[Product], &Catalogue<'_>),
    months: &[Period],
) -> Result<Vec<Statement>, Box<dyn Error>> {
    let refused = |month| move |error| unsettled((contract, places), month, &error);
    let scope = &contract.terms().scope;
    let mut funding = Vec::new();
    for (sku, fact) in &facts.funding {
        if scope.covers(sku, catalogue).map_err(refused(None))? {
            funding.push(fact.clone());
        }
    }
    let mut layers = Vec::new();
    for layer in &facts.opening {
        if scope.covers(&layer.sku, catalogue).map_err(refused(None))? {
            layers.push(layer.clone());
        }
    }
    let per_store: Vec<&ClauseId> = contract
        .terms()
        .clauses
        .iter()
        .filter(|clause| matches!(clause.rule, AmountRule::PerStore(_)))
        .map(|clause| &clause.id)
        .collect();
    let mut statements: Vec<Statement> = Vec::new();
    for month in months.iter().filter(|month| month.overlap_days(contract.terms().valid) > 0) {
        let own = funding.iter().filter(|f| month.contains(f.date)).cloned().collect::<Vec<_>>();
        let occasions = visits(&per_store, &facts.stores, *month)?;
        let run = Facts {
            products,
            occasions: &occasions,
            deliveries: within(&facts.deliveries, *month, |d| d.date),
            returns: within(&facts.returns, *month, |r| r.date),
            sales: within(&facts.sales, *month, |s| s.date),
            counts: within(&facts.counts, *month, |c| c.date),
            opening_layers: &layers,
            funding: &own,
            ..Facts::default()
        };
        let statement = settle(contract, &run, *month, &statements).map_err(refused(Some(*month)))?;
        if let Some(stock) = statement.stock() {
            layers.clone_from(&stock.closing_layers);
        }
        statements.push(statement);
    }
    Ok(statements)
}

/// A fee per store is owed once a month for every store of the account.
fn visits(clauses: &[&ClauseId], stores: &[StoreId], month: Period) -> Result<Vec<Occasion>, Box<dyn Error>> {
    let mut occasions = Vec::new();
    for clause in clauses {
        for store in stores {
            occasions.push(Occasion {
                clause: (*clause).clone(),
                document: DocumentId::new(format!("{}/{store}", month.start().format("%Y-%m")))?,
                date: month.last_day(),
                store: Some(store.clone()),
                sku: None,
                count: 1,
            });
        }
    }
    Ok(occasions)
}

/// The part of a list in order of date that lies in `month`.
fn within<T>(list: &[T], month: Period, date: impl Fn(&T) -> NaiveDate) -> &[T] {
    let from = list.partition_point(|fact| date(fact) < month.start());
    let to = list.partition_point(|fact| date(fact) < month.end());
    list.get(from..to).unwrap_or_default()
}

pub fn products(book: &Book) -> Result<Vec<Product>, Box<dyn Error>> {
    book.skus
        .iter()
        .map(|(id, sku)| {
            let category = CategoryId::new(sku.category.clone()).ok();
            Ok(Product { sku: id.clone(), category, brand: Some(sku.brand.clone()) })
        })
        .collect()
}

fn facts(
    book: &Book,
    first_day: Option<NaiveDate>,
    judged: &[Judged],
) -> Result<BTreeMap<AccountId, AccountFacts>, Box<dyn Error>> {
    let mut facts: BTreeMap<AccountId, AccountFacts> = BTreeMap::new();
    for (account, details) in &book.accounts {
        let own = AccountFacts { stores: details.stores.clone(), ..AccountFacts::default() };
        facts.insert(account.clone(), own);
    }
    for d in &book.deliveries {
        facts.entry(d.account.clone()).or_default().deliveries.push(Delivery {
            document: d.document.clone(),
            date: d.date,
            store: None,
            sku: d.sku.clone(),
            quantity: Quantity::pieces(d.pieces)?,
            amount: d.amount,
        });
    }
    for r in &book.returns {
        facts.entry(r.account.clone()).or_default().returns.push(GoodsReturn {
            document: r.document.clone(),
            date: r.date,
            store: None,
            sku: r.sku.clone(),
            quantity: Quantity::pieces(r.pieces)?,
            amount: r.amount,
        });
    }
    for s in &book.sales {
        facts.entry(s.account.clone()).or_default().sales.push(Sale {
            document: DocumentId::new(format!("POS-{}", s.date.format("%Y%m%d")))?,
            date: s.date,
            store: None,
            sku: s.sku.clone(),
            quantity: Quantity::pieces(s.units)?,
            amount: s.amount,
            promotion: s.promotion.clone(),
            original: OriginalTerms::default(),
        });
    }
    let eve = first_day.and_then(|day| day.pred_opt());
    for c in &book.counts {
        let own = facts.entry(c.account.clone()).or_default();
        let quantity = Quantity::pieces(c.pieces)?;
        if Some(c.date) == eve && c.pieces > 0 {
            let price = book.supply_price(&c.account, &c.sku, first_day.unwrap_or(c.date));
            let price = price.ok_or_else(|| format!("{} has no supply price for {}", c.account, c.sku))?;
            own.opening.push(Layer {
                document: DocumentId::new("OPENING")?,
                date: c.date,
                sku: c.sku.clone(),
                delivered: quantity,
                amount: price.checked_mul_int(c.pieces)?,
                remaining: quantity,
            });
        } else {
            own.counts.push(StockCount { date: c.date, sku: c.sku.clone(), quantity });
        }
    }
    for item in judged {
        let document = DocumentId::new(format!("{}/{}", item.plan.id, item.sku))?;
        for fact in promotion_funding(&item.evaluation, &document, item.plan.period.last_day())? {
            facts.entry(item.plan.account.clone()).or_default().funding.push((item.sku.clone(), fact));
        }
    }
    for own in facts.values_mut() {
        own.deliveries.sort_by_key(|d| d.date);
        own.returns.sort_by_key(|r| r.date);
        own.sales.sort_by_key(|s| s.date);
        own.counts.sort_by_key(|c| c.date);
    }
    Ok(facts)
}

/// The statements of `month`.
pub fn of_month(statements: &Statements, month: Period) -> Vec<&Statement> {
    statements.values().flatten().filter(|statement| statement.period() == month).collect()
}

/// Rows of the report, and their sums.
pub fn rows(
    statements: &[&Statement],
    book: &Book,
) -> Result<(Vec<StatementRow>, SettledTotals), Box<dyn Error>> {
    let mut rows = Vec::new();
    let zero = Money::zero(book.currency);
    let (mut goods, mut invoice, mut payment, mut cost) = (zero, zero, zero, zero);
    // A contract without any movement has nothing to say this month.
    let mut ordered: Vec<&Statement> = statements.iter().copied().filter(|s| !s.lines().is_empty()).collect();
    ordered.sort_by_key(|s| (std::cmp::Reverse(s.totals().goods.minor()), s.id().clone()));
    for statement in ordered {
        let t = statement.totals();
        goods = goods.checked_add(&t.goods)?;
        invoice = invoice.checked_add(&t.invoice)?;
        payment = payment.checked_add(&t.payment)?;
        cost = cost.checked_add(&t.cost_of_terms()?)?;
        rows.push(StatementRow {
            statement: statement.id().to_string(),
            account: statement.account().to_string(),
            contract: statement.contract().to_string(),
            method: method_name(statement.method()).to_owned(),
            method_zh: statement.method().name_zh().to_owned(),
            goods: t.goods.to_amount_string(),
            on_invoice: t.on_invoice.to_amount_string(),
            invoice_deduct: t.invoice_deduct.to_amount_string(),
            invoice: t.invoice.to_amount_string(),
            payment_deduct: t.payment_deduct.to_amount_string(),
            separate: t.separate.to_amount_string(),
            payment: t.payment.to_amount_string(),
            due: statement.due().date().map_or_else(|| "pending".to_owned(), |date| date.to_string()),
            fingerprint: statement.fingerprint(),
            lines: statement
                .lines()
                .iter()
                .map(|line| line_row(statement, line))
                .collect::<Result<_, _>>()?,
        });
    }
    let totals = SettledTotals {
        goods: goods.to_amount_string(),
        invoice: invoice.to_amount_string(),
        payment: payment.to_amount_string(),
        cost_of_terms: cost.to_amount_string(),
    };
    Ok((rows, totals))
}

/// The method in two words.
pub const fn method_name(method: MethodKind) -> &'static str {
    match method {
        MethodKind::Consignment => "consignment",
        MethodKind::CreditTerms => "credit terms",
        MethodKind::TurnoverDeduction => "turnover deduction",
    }
}

fn line_row(statement: &Statement, line: &StatementLine) -> Result<LineRow, Box<dyn Error>> {
    let mut label = line.kind.name_en().to_owned();
    for detail in [line.document.as_ref().map(|d| d.as_str()), line.sku.as_ref().map(|s| s.as_str())]
        .into_iter()
        .flatten()
    {
        label = format!("{label} {detail}");
    }
    Ok(LineRow {
        line: line.trace.to_string(),
        clause: line.clause.as_ref().map(ToString::to_string).unwrap_or_default(),
        label,
        label_zh: line.kind.name_zh().to_owned(),
        settle: format!("{} {}", line.column.name_en(), line.column.name_zh()),
        net: line.net.to_amount_string(),
        tax: line.tax.to_amount_string(),
        amount: line.amount.to_amount_string(),
        why: cut(statement.explain(line, Language::En)?, "more in the JSON of the statement"),
        why_zh: cut(statement.explain(line, Language::Zh)?, "项见 JSON"),
    })
}

/// Lists of many facts shortened: of neighbours at one depth the first few, then how many more there are.
fn cut(why: Vec<String>, more: &str) -> Vec<String> {
    let depth = |line: &str| line.len() - line.trim_start().len();
    let mut kept: Vec<String> = Vec::new();
    let mut start = 0;
    while start < why.len() {
        let level = depth(&why[start]);
        let run = why[start..].iter().take_while(|line| depth(line) == level).count();
        let shown = if run > NEIGHBOURS + 1 { NEIGHBOURS } else { run };
        kept.extend(why[start..start + shown].iter().cloned());
        if shown < run {
            kept.push(format!("{:level$}… {} {more}", "", run - shown));
        }
        start += run;
    }
    kept
}

/// An id and the file kept under it.
pub type NamedFile = (String, Vec<u8>);

/// The statements of `month` as they are, every step of every trace, for programs and auditors.
pub fn whole(statements: &[&Statement]) -> Result<Vec<NamedFile>, Box<dyn Error>> {
    statements
        .iter()
        .filter(|statement| !statement.lines().is_empty())
        .map(|statement| Ok((statement.id().to_string(), serde_json::to_vec(statement)?)))
        .collect()
}
