//! Short hands for building contracts and facts.

use chrono::NaiveDate;
use endcap_calendar::Period;
use endcap_settlement::*;
use endcap_types::*;
use proptest::test_runner::Config as ProptestConfig;
use rust_decimal::Decimal;

/// How often a law is tried: this often, and more often where `PROPTEST_CASES` asks for more.
pub(crate) fn at_least(cases: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|asked| asked.parse().ok());
    ProptestConfig { cases: asked.map_or(cases, |asked: u32| asked.max(cases)), ..ProptestConfig::default() }
}

pub(crate) fn money(text: &str) -> Money {
    Money::parse(text, Currency::CNY).unwrap()
}

pub(crate) fn decimal(text: &str) -> Decimal {
    Decimal::from_str_exact(text).unwrap()
}

pub(crate) fn day(text: &str) -> NaiveDate {
    endcap_calendar::dates::parse(text).unwrap()
}

pub(crate) fn period(text: &str) -> Period {
    text.parse().unwrap()
}

pub(crate) fn rate(text: &str) -> Rate {
    text.parse().unwrap()
}

pub(crate) fn pieces(count: i64) -> Quantity {
    Quantity::pieces(count).unwrap()
}

pub(crate) fn sku(text: &str) -> SkuId {
    SkuId::new(text).unwrap()
}

pub(crate) fn document(text: &str) -> DocumentId {
    DocumentId::new(text).unwrap()
}

/// A contract for 2025 in yuan, goods at 13 %, services at 6 %, without clauses.
pub(crate) fn terms(method: Method) -> ContractTerms {
    ContractTerms {
        id: ContractId::new("C-1").unwrap(),
        account: AccountId::new("WANYUE").unwrap(),
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

pub(crate) fn delivery(id: &str, on: &str, of: &str, count: i64, amount: &str) -> Delivery {
    Delivery {
        document: document(id),
        date: day(on),
        store: None,
        sku: sku(of),
        quantity: pieces(count),
        amount: money(amount),
    }
}

pub(crate) fn goods_return(id: &str, on: &str, of: &str, count: i64, amount: &str) -> GoodsReturn {
    GoodsReturn {
        document: document(id),
        date: day(on),
        store: None,
        sku: sku(of),
        quantity: pieces(count),
        amount: money(amount),
    }
}

pub(crate) fn sale(id: &str, on: &str, of: &str, count: i64, amount: &str) -> Sale {
    Sale {
        document: document(id),
        date: day(on),
        store: None,
        sku: sku(of),
        quantity: pieces(count),
        amount: money(amount),
        promotion: None,
        original: OriginalTerms::default(),
    }
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

pub(crate) fn percent(of: BaseMeasure, text: &str) -> AmountRule {
    AmountRule::Percent(Percent { of, rate: rate(text), base_tax: TaxBasis::Inclusive })
}
