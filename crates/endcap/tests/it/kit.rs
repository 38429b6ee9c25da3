//! Short hands for the tests of the bridges.

use chrono::NaiveDate;
use endcap::bridge::{Codes, statement_entries};
use endcap::calendar::Period;
use endcap::ledger::{At, EntryDraft, Ledger, LegAmount, NegativeStock, Settings, Side, chart};
use endcap::settlement::*;
use endcap::types::*;
use rust_decimal::Decimal;

pub(crate) fn money(text: &str) -> Money {
    Money::parse(text, Currency::CNY).unwrap()
}

pub(crate) fn fen(minor: i64) -> Money {
    Money::from_minor(minor.into(), Currency::CNY).unwrap()
}

pub(crate) fn day(text: &str) -> NaiveDate {
    endcap::calendar::dates::parse(text).unwrap()
}

pub(crate) fn period(text: &str) -> Period {
    text.parse().unwrap()
}

pub(crate) fn rate(text: &str) -> Rate {
    text.parse().unwrap()
}

pub(crate) fn decimal(text: &str) -> Decimal {
    Decimal::from_str_exact(text).unwrap()
}

pub(crate) fn document(text: &str) -> DocumentId {
    DocumentId::new(text).unwrap()
}

pub(crate) fn sku(text: &str) -> SkuId {
    SkuId::new(text).unwrap()
}

pub(crate) fn account() -> AccountId {
    AccountId::new("WANYUE").unwrap()
}

/// The day everything is recorded on.
pub(crate) fn recorded() -> NaiveDate {
    day("2025-12-31")
}

/// A contract for 2025 in yuan, goods at 13 %, services at 6 %, due 45 days after the end of the supply period.
pub(crate) fn terms(method: Method) -> ContractTerms {
    ContractTerms {
        id: ContractId::new("C-1").unwrap(),
        account: account(),
        currency: Currency::CNY,
        valid: period("2025"),
        scope: Scope::All,
        payment_terms: "from(end_of_supply_period);days(45)".parse().unwrap(),
        goods_vat: rate("13%"),
        goods_vat_by: vec![],
        service_vat: Some(rate("6%")),
        amounts: TaxBasis::Inclusive,
        tax_site: vat::TaxSite::PerRateGroup,
        rounding: Rounding::HALF_AWAY,
        method,
        stacks: vec![],
        clauses: vec![],
    }
}

pub(crate) fn credit() -> Method {
    Method::CreditTerms(CreditTerms {})
}

pub(crate) fn clause(
    id: &str,
    kind: ClauseKind,
    rule: AmountRule,
    settle: SettleMode,
    tax: TaxRule,
) -> Clause {
    Clause::new(ClauseId::new(id).unwrap(), kind, rule, settle, tax)
}

pub(crate) fn delivery(id: &str, on: NaiveDate, amount: Money) -> Delivery {
    Delivery {
        document: document(id),
        date: on,
        store: None,
        sku: sku("A1"),
        quantity: Quantity::pieces(1).unwrap(),
        amount,
    }
}

pub(crate) fn goods_return(id: &str, on: NaiveDate, amount: Money) -> GoodsReturn {
    GoodsReturn {
        document: document(id),
        date: on,
        store: None,
        sku: sku("A1"),
        quantity: Quantity::pieces(1).unwrap(),
        amount,
    }
}

pub(crate) fn sale(id: &str, on: NaiveDate, pieces: i64, amount: Money) -> Sale {
    Sale {
        document: document(id),
        date: on,
        store: None,
        sku: sku("A1"),
        quantity: Quantity::pieces(pieces).unwrap(),
        amount,
        promotion: None,
        original: OriginalTerms::default(),
    }
}

/// A ledger with the default chart; stock may go below zero.
pub(crate) fn ledger() -> Ledger {
    let settings = Settings::new("Supplier Ltd").unwrap().with_negative_stock(NegativeStock::Allow);
    let mut ledger = Ledger::new(settings);
    ledger.open_all(chart::key_account_supplier().unwrap(), day("2025-01-01")).unwrap();
    ledger
}

pub(crate) fn post_statement(ledger: &mut Ledger, statement: &Statement) {
    for draft in statement_entries(statement, &Codes::default(), recorded()).unwrap() {
        ledger.post(&draft).unwrap();
    }
}

pub(crate) fn balance(ledger: &Ledger, code: &str) -> Money {
    ledger.balance(code, Currency::CNY, At::Now).unwrap()
}

/// Σ debits − Σ credits of a draft on one account, or on all accounts, in minor units.
pub(crate) fn net_of(draft: &EntryDraft, code: Option<&str>) -> i128 {
    let legs = draft.legs.iter().filter(|leg| code.is_none_or(|code| leg.account == code));
    legs.map(|leg| match leg.amount {
        LegAmount::Fixed(Side::Debit, amount) => amount.minor(),
        LegAmount::Fixed(Side::Credit, amount) => -amount.minor(),
        LegAmount::Red(..) | LegAmount::Remainder(_) => panic!("the bridges state every amount, in blue"),
    })
    .sum()
}

/// Rows of a golden file, without its head and comments.
pub(crate) fn rows(text: &str) -> Vec<Vec<String>> {
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines.skip(1).map(|line| line.split(',').map(|cell| cell.trim().to_owned()).collect()).collect()
}
