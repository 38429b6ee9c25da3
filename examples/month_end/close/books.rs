//! The ledger of the close: every statement, receipt and movement of goods since the first month, in order of day.

use std::collections::BTreeMap;
use std::error::Error;

use chrono::NaiveDate;
use endcap::bridge::{CashReceipt, Codes, Goods, Title, goods_entry, receipt_entry, statement_entries};
use endcap::calendar::Period;
use endcap::ledger::{
    Account, AccountKind, AgeBasis, Ageing as LedgerAgeing, AgeingQuery, AgeingSplit, Buckets, EntryDraft,
    EventBody, IdempotencyKey, Ledger, LegDraft, Settings, Side, chart,
};
use endcap::settlement::{Catalogue, Contract, MethodKind, Product};
use endcap::types::{AccountId, CategoryId, DocumentId, Money, SkuId};

use super::BadInput;
use super::accounts::Earned;
use super::settle::{Statements, of_month};
use super::stock::{Stock, sold};
use crate::book::{Book, Source};
use crate::document::{Ageing, AgeingRow, TrialBalance, TrialRow};

/// What we owe those who make the goods; not in the default chart.
const PAYABLE_TO_MAKERS: &str = "2202";

/// The ledger after the close, and what each account earned in the month.
pub struct Books {
    pub ledger: Ledger,
    pub codes: Codes,
    pub earned: BTreeMap<AccountId, Earned>,
    pub month_stock: Option<Stock>,
}

/// Posts everything up to the end of the last month.
pub fn post(
    book: &Book,
    contracts: &BTreeMap<AccountId, Vec<Contract>>,
    months: &[Period],
    statements: &Statements,
) -> Result<Books, Box<dyn Error>> {
    let codes = Codes::default();
    let first = months.first().ok_or("there is no month to close")?;
    let mut ledger = Ledger::new(Settings::new(&book.title)?);
    let mut accounts = chart::key_account_supplier()?;
    accounts.push(Account::new(PAYABLE_TO_MAKERS, ("Accounts payable", "应付账款"), AccountKind::Liability)?);
    ledger.open_all(accounts, first.start())?;
    let titles = titles(book, contracts)?;
    let mut earned = BTreeMap::new();
    let mut month_stock = None;
    for month in months {
        for payment in book.payments.iter().filter(|p| month.contains(p.date)) {
            let receipt = CashReceipt {
                document: payment.receipt.clone(),
                account: payment.account.clone(),
                date: payment.date,
                amount: payment.amount,
                reference: payment.reference.as_ref().map(DocumentId::new).transpose()?,
            };
            ledger
                .post(&receipt_entry(&receipt, &codes, payment.date)?)
                .map_err(|error| BadInput(format!("receipt {}: {error}", payment.receipt)))?;
        }
        let mut costs = BTreeMap::new();
        if book.source == Source::Full {
            let stock = Stock::roll(book, *month, month_stock.as_ref())?;
            costs = goods(book, &stock, *month, month == first, &titles, &codes, &mut ledger)?;
            month_stock = Some(stock);
        }
        let of_month = of_month(statements, *month);
        for statement in &of_month {
            for draft in statement_entries(statement, &codes, month.last_day())? {
                ledger.post(&draft)?;
            }
        }
        if Some(month) == months.last() && book.source == Source::Full {
            for statement in of_month {
                let zero = Money::zero(book.currency);
                let cost = costs.get(statement.account()).copied().unwrap_or(zero);
                let own = earned
                    .entry(statement.account().clone())
                    .or_insert(Earned { net_revenue: zero, goods_cost: cost });
                for line in statement.lines() {
                    own.net_revenue = match line.column {
                        endcap::settlement::Column::Goods | endcap::settlement::Column::Adjustment => {
                            own.net_revenue.checked_add(&line.net)?
                        }
                        endcap::settlement::Column::Advance => own.net_revenue,
                        _ => own.net_revenue.checked_sub(&line.net)?,
                    };
                }
            }
        }
    }
    Ok(Books { ledger, codes, earned, month_stock })
}

/// When title to each account's articles passes: with the delivery under credit terms, else with the sale.
fn titles(
    book: &Book,
    contracts: &BTreeMap<AccountId, Vec<Contract>>,
) -> Result<BTreeMap<(AccountId, SkuId), Title>, Box<dyn Error>> {
    let products: Vec<Product> = book
        .skus
        .iter()
        .map(|(id, sku)| Product {
            sku: id.clone(),
            category: CategoryId::new(sku.category.clone()).ok(),
            brand: Some(sku.brand.clone()),
        })
        .collect();
    let catalogue = Catalogue::new(&products)?;
    let mut titles = BTreeMap::new();
    for (account, sku) in book.prices.keys() {
        for contract in contracts.get(account).into_iter().flatten() {
            if contract.terms().scope.covers(sku, &catalogue)? {
                let title = match contract.terms().method.kind() {
                    MethodKind::CreditTerms => Title::OnDelivery,
                    _ => Title::OnSale,
                };
                titles.insert((account.clone(), sku.clone()), title);
            }
        }
    }
    Ok(titles)
}

/// Posts the month's goods of every account; the cost of what each one bought or sold.
fn goods(
    book: &Book,
    stock: &Stock,
    month: Period,
    is_first: bool,
    titles: &BTreeMap<(AccountId, SkuId), Title>,
    codes: &Codes,
    ledger: &mut Ledger,
) -> Result<BTreeMap<AccountId, Money>, Box<dyn Error>> {
    let mut lines: BTreeMap<&AccountId, Vec<Goods>> = BTreeMap::new();
    let mut costs: BTreeMap<AccountId, Money> = BTreeMap::new();
    let mut made = Money::zero(book.currency);
    for ((account, sku), line) in &stock.lines {
        let unit_cost = book.skus.get(sku).and_then(|s| s.unit_cost);
        let title = titles.get(&(account.clone(), sku.clone())).copied().unwrap_or(Title::OnDelivery);
        // What a credit account held before the first month was its own already.
        let opening = if is_first { line.opening() } else { 0 };
        let (flows, sold) = (line.flows(), sold(line));
        if let Some(cost) = unit_cost {
            let ours = if title == Title::OnSale { opening } else { 0 };
            let sent = ours.checked_add(flows.receipts).ok_or("stock is out of range")?;
            made = made.checked_add(&cost.checked_mul_int(sent)?)?;
            let pieces = match title {
                Title::OnDelivery => flows.receipts,
                Title::OnSale => sold,
            };
            let sum = costs.entry(account.clone()).or_insert(Money::zero(book.currency));
            *sum = sum.checked_add(&cost.checked_mul_int(pieces)?)?;
        }
        lines.entry(account).or_default().push(Goods {
            sku: sku.clone(),
            title,
            unit_cost,
            opening,
            delivered: flows.receipts,
            sold: sold.max(0),
            returned: flows.supplier_returns,
            // What shoppers brought back beyond all sales of the month was found.
            variance: line.variance().unwrap_or(0).checked_sub(sold.min(0)).ok_or("stock is out of range")?,
        });
    }
    let (name, day) = (month.start().format("%Y-%m"), month.last_day());
    if made.is_positive() {
        let document = DocumentId::new(format!("MADE-{name}"))?;
        let key = IdempotencyKey::new(format!("made/{name}"))?;
        let draft = EntryDraft::new(key, document, day, day)
            .describe("goods taken into stock")
            .leg(LegDraft::debit(&codes.stock, made))
            .leg(LegDraft::credit(PAYABLE_TO_MAKERS, made));
        ledger.post(&draft)?;
    }
    for (account, goods) in lines {
        let document = DocumentId::new(format!("GOODS-{name}-{account}"))?;
        let draft = goods_entry(account, &goods, (document, day, day), codes)?;
        if !draft.legs.is_empty() || !draft.stock.is_empty() {
            ledger.post(&draft)?;
        }
    }
    Ok(costs)
}

/// The trial balance on a day.
pub fn trial_balance(books: &Books, as_of: NaiveDate) -> Result<TrialBalance, Box<dyn Error>> {
    let balance = books.ledger.trial_balance(as_of)?;
    let total = balance.totals.first();
    let audit = books.ledger.audit();
    Ok(TrialBalance {
        rows: balance
            .rows
            .iter()
            .filter(|row| !row.closing.is_zero())
            .map(|row| {
                let amount = row.closing.abs().to_amount_string();
                let (debit, credit) =
                    if row.closing.is_negative() { (String::new(), amount) } else { (amount, String::new()) };
                TrialRow {
                    account: row.code.clone(),
                    name: row.name.clone(),
                    name_zh: row.name_zh.clone(),
                    debit,
                    credit,
                }
            })
            .collect(),
        debit: total.map(|t| t.closing_debit.to_amount_string()).unwrap_or_default(),
        credit: total.map(|t| t.closing_credit.to_amount_string()).unwrap_or_default(),
        entries: audit.entries,
        chain_head: audit.head.to_string(),
    })
}

/// Ageing of receivables on a day, as the ledger sees it.
pub fn ledger_ageing(books: &Books, book: &Book, as_of: NaiveDate) -> Result<LedgerAgeing, Box<dyn Error>> {
    let query = AgeingQuery {
        account: &books.codes.receivable,
        currency: book.currency,
        as_of,
        basis: AgeBasis::DueDate,
    };
    Ok(books.ledger.ageing(&query, &Buckets::standard())?)
}

/// Ageing of receivables for the report: every column sums, and their sum is the control account.
pub fn ageing(books: &Books, book: &Book, as_of: NaiveDate) -> Result<Ageing, Box<dyn Error>> {
    let ageing = ledger_ageing(books, book, as_of)?;
    let control =
        books.ledger.balance(&books.codes.receivable, book.currency, endcap::ledger::At::EndOf(as_of))?;
    let mut buckets = vec!["not due".to_owned()];
    buckets.extend(ageing.labels.iter().map(|label| format!("{label} days")));
    buckets.extend(["no due date".to_owned(), "unallocated".to_owned()]);
    let columns = |split: &AgeingSplit| {
        let mut amounts = vec![split.not_due];
        amounts.extend(split.overdue.iter().copied());
        amounts.extend([split.no_due_date, split.unallocated_credit]);
        amounts.iter().map(Money::to_amount_string).collect::<Vec<_>>()
    };
    let mut rows: Vec<_> = ageing.rows.iter().filter(|(_, split)| !is_empty(split)).collect();
    rows.sort_by_key(|(account, split)| (std::cmp::Reverse(split.total.minor()), account.clone()));
    Ok(Ageing {
        as_of: as_of.to_string(),
        buckets,
        accounts: rows
            .into_iter()
            .map(|(account, split)| AgeingRow {
                account: account.to_string(),
                amounts: columns(split),
                total: split.total.to_amount_string(),
            })
            .collect(),
        totals: columns(&ageing.total),
        total: ageing.total.total.to_amount_string(),
        control: control.to_amount_string(),
        overdue: ageing.total.past_due()?.to_amount_string(),
    })
}

fn is_empty(split: &AgeingSplit) -> bool {
    split.not_due.is_zero()
        && split.no_due_date.is_zero()
        && split.unallocated_credit.is_zero()
        && split.overdue.iter().all(Money::is_zero)
}

/// Every leg posted for `month`, for journal.csv.
pub fn journal(books: &Books, month: Period) -> Vec<Vec<String>> {
    let names = [
        "entry",
        "effective",
        "document",
        "description",
        "account",
        "name",
        "key_account",
        "debit",
        "credit",
    ];
    let mut rows = vec![names.map(str::to_owned).to_vec()];
    for event in books.ledger.events() {
        let EventBody::EntryPosted(entry) = &event.body else { continue };
        if !month.contains(entry.effective) {
            continue;
        }
        for leg in &entry.legs {
            let account = books.ledger.accounts().get(leg.account.index() as usize);
            let amount = leg.amount.to_amount_string();
            let (debit, credit) = match leg.side {
                Side::Debit => (amount, String::new()),
                Side::Credit => (String::new(), amount),
            };
            rows.push(vec![
                event.seq.to_string(),
                entry.effective.to_string(),
                entry.document.to_string(),
                entry.description.clone(),
                account.map(|a| a.code().to_owned()).unwrap_or_default(),
                account.map(|a| a.name().to_owned()).unwrap_or_default(),
                leg.key_account.as_ref().map(ToString::to_string).unwrap_or_default(),
                debit,
                credit,
            ]);
        }
    }
    rows
}
