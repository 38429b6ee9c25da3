//! A month of a mixed account from TOML to statement, and every document form there and back.

use endcap_calendar::{Event, EventDates};
use endcap_settlement::*;
use endcap_types::*;

use crate::support::*;

pub(crate) const CONTRACT: &str = r#"
id = "C-2025-017"
account = "WANYUE"
currency = "CNY"
valid = "2025-01-01..=2025-12-31"
payment_terms = "from(statement_confirmed);eom;days(45)"
goods_vat = "13%"
service_vat = "6%"
scope = { except = { categories = ["bakery"] } }

[method.turnover_deduction]
rate = "22%"
overrides = [
    { at = { category = "dairy" }, rate = "18%" },
    { at = { sku = "MILK-1L" }, rate = "17.5%" },
    { at = "any_promotion", rate = "19%" },
]

[method.turnover_deduction.guarantee]
amount = "90000.00"
cycle = "quarter"
algorithm = "monthly_then_true_up"
rate = "22%"

[[stacks]]
id = "rebates"
mode = "cascade"

[[clauses]]
id = "R1"
kind = "rebate"
rule = { percent = { of = "turnover", rate = "2%" } }
settle = "invoice_deduct"
tax = "goods"
stack = "rebates"
priority = 1

[[clauses]]
id = "R2"
kind = "logistics"
rule = { percent = { of = "turnover", rate = "1%" } }
settle = "invoice_deduct"
tax = "goods"
stack = "rebates"
priority = 2

[[clauses]]
id = "R3"
kind = "rebate"
settle = "payment_deduct"
tax = "service"
[clauses.rule.tiered]
of = "turnover"
method = "marginal"
accumulate = { since = "2025-01-01" }
table = { tiers = [{ from = "0", rate = "0%" }, { from = "20000", rate = "1%" }] }

[[clauses]]
id = "DM"
kind = "leaflet"
rule = { per_occasion = "300.00" }
settle = "payment_deduct"
tax = "service"

[[clauses]]
id = "PROMO"
kind = "promotion_funding"
rule = "promotion_funding"
settle = "on_invoice"
tax = "goods"

[[clauses]]
id = "NEW"
kind = "new_store"
rule = { per_store = "500.00" }
settle = "separate"
tax = "service"
scope = "all"
"#;

pub(crate) fn january() -> (Vec<Product>, Vec<Sale>, Vec<Occasion>, Vec<PromotionFunding>) {
    let product = |id: &str, category: &str| Product {
        sku: sku(id),
        category: Some(CategoryId::new(category).unwrap()),
        brand: Some("Endcap Farms".to_owned()),
    };
    let products = vec![
        product("MILK-1L", "dairy"),
        product("YOG-4", "dairy"),
        product("SOAP", "care"),
        product("BUN", "bakery"),
    ];
    let mut promoted = sale("S4", "2025-01-20", "SOAP", 100, "1000.00");
    promoted.promotion = Some(PromotionId::new("P-NY").unwrap());
    let sales = vec![
        sale("S1", "2025-01-05", "MILK-1L", 1000, "10000.00"),
        sale("S2", "2025-01-06", "YOG-4", 500, "6000.00"),
        sale("S3", "2025-01-07", "SOAP", 400, "8000.00"),
        promoted,
        sale("S5", "2025-01-08", "BUN", 10, "99.00"), // out of scope
        sale("S6", "2025-02-01", "SOAP", 10, "200.00"), // out of the period
    ];
    let occasion = |clause: &str, id: &str, store: &str, count: u32| Occasion {
        clause: ClauseId::new(clause).unwrap(),
        document: document(id),
        date: day("2025-01-15"),
        store: Some(StoreId::new(store).unwrap()),
        sku: None,
        count,
    };
    let occasions = vec![
        occasion("DM", "DM-1", "S-01", 2),
        occasion("NEW", "OPEN-1", "S-09", 1),
        occasion("NEW", "OPEN-2", "S-09", 1),
        occasion("NEW", "OPEN-3", "S-10", 1),
    ];
    let funding = vec![PromotionFunding {
        promotion: PromotionId::new("P-NY").unwrap(),
        kind: ClauseKind::PromotionFunding,
        document: document("PS-1"),
        date: day("2025-01-31"),
        amount: money("120.00"),
    }];
    (products, sales, occasions, funding)
}

pub(crate) fn settle_january() -> Statement {
    let contract: Contract = toml::from_str(CONTRACT).unwrap();
    let (products, sales, occasions, funding) = january();
    let facts = Facts {
        products: &products,
        sales: &sales,
        occasions: &occasions,
        funding: &funding,
        events: EventDates::new().with(Event::StatementConfirmed, day("2025-02-06")),
        ..Facts::default()
    };
    settle(&contract, &facts, period("2025-01"), &[]).unwrap()
}

#[test]
fn a_month_from_toml_to_statement() {
    let statement = settle_january();
    let totals = statement.totals();
    let text = |money: Money| money.to_amount_string();
    // 10 000 × 17.5 % + 6 000 × 18 % + 8 000 × 22 % + 1 000 × 19 % = 1 750 + 1 080 + 1 760 + 190
    let mut commission: Vec<Money> =
        statement.lines_of(LineKind::Commission).map(|line| line.amount).collect();
    commission.sort_by_key(Money::minor);
    assert_eq!(commission, ["190.00", "1080.00", "1750.00", "1760.00"].map(money));
    assert_eq!(text(totals.goods), "25000.00");
    // a third of 90 000 is 30 000: (30 000 − 25 000) × 22 %
    let top_up = statement.lines_of(LineKind::TopUp).next().unwrap();
    assert_eq!((text(top_up.amount), text(top_up.against.unwrap())), ("1100.00".into(), "30000.00".into()));
    // 2 % of 25 000, then 1 % of 24 500
    assert_eq!(text(totals.on_invoice), "120.00");
    // 4 780 + 1 100 + 500 + 245
    assert_eq!(text(totals.invoice_deduct), "6625.00");
    // 1 % above 20 000 = 50, two leaflets = 600
    assert_eq!(text(totals.payment_deduct), "650.00");
    // two stores opened, whatever the number of documents
    assert_eq!(text(totals.separate), "1000.00");
    assert_eq!(text(totals.invoice), "18255.00");
    assert_eq!(text(totals.payment), "17605.00");
    assert_eq!(statement.due().date(), Some(day("2025-04-14")));
}

#[test]
fn statements_survive_json() {
    let statement = settle_january();
    let text = serde_json::to_string(&statement).unwrap();
    let back: Statement = serde_json::from_str(&text).unwrap();
    assert_eq!(back, statement);
    assert_eq!(back.fingerprint(), statement.fingerprint());
    assert_eq!(serde_json::to_string(&back).unwrap(), text);
}

#[test]
fn a_tampered_statement_is_refused() {
    let text = serde_json::to_string(&settle_january()).unwrap();
    let tampered = text.replacen("25000.00", "26000.00", 1);
    assert_ne!(text, tampered);
    assert!(serde_json::from_str::<Statement>(&tampered).is_err());
}

#[test]
fn contracts_survive_toml_and_json() {
    let contract: Contract = toml::from_str(CONTRACT).unwrap();
    let back: Contract = toml::from_str(&toml::to_string(&contract).unwrap()).unwrap();
    assert_eq!(back, contract);
    let back: Contract = serde_json::from_str(&serde_json::to_string(&contract).unwrap()).unwrap();
    assert_eq!(back, contract);
}

#[test]
fn unknown_fields_are_refused() {
    let text = CONTRACT.replace("goods_vat", "goods_tva");
    let error = toml::from_str::<Contract>(&text).unwrap_err().to_string();
    assert!(error.contains("goods_tva"), "{error}");
    let text = CONTRACT.replace("rate = \"2%\"", "rate = \"2\"");
    let error = toml::from_str::<Contract>(&text).unwrap_err().to_string();
    assert!(error.contains("not a rate"), "{error}");
}

#[test]
fn explanations_name_everything_in_both_languages() {
    let statement = settle_january();
    let line = statement
        .lines()
        .iter()
        .find(|line| line.clause.as_ref().is_some_and(|id| id.as_str() == "R2"))
        .unwrap();
    let en = statement.explain(line, Language::En).unwrap();
    assert_eq!(en[0], "logistics allowance [R2]: 245.00 = 245.00");
    assert_eq!(en[1], "  entitlement [R2]: 245.00 = 24500.00 × 1%");
    assert_eq!(en[2], "    base left by earlier clauses [R2]: 24500.00 = 25000.00 − 500.00");
    let zh = statement.explain(line, Language::Zh).unwrap();
    assert_eq!(zh[0], "物流费 [R2]：245.00 = 245.00");
    assert_eq!(zh.len(), en.len());
}

/// The example of the README, figures and words.
#[test]
fn the_readme_tells_the_truth() {
    let readme = include_str!("../../README.md");
    let block = |language: &str| {
        let (_, rest) = readme.split_once(&format!("```{language}\n")).unwrap();
        rest.split_once("```").unwrap().0
    };
    let contract: Contract = toml::from_str(block("toml")).unwrap();
    let sales = [sale("S1", "2025-01-10", "A1", 100, "26000.00")];
    let facts = Facts { sales: &sales, ..Facts::default() };
    let statement = settle(&contract, &facts, period("2025-01"), &[]).unwrap();
    let top_up = statement.lines_of(LineKind::TopUp).next().unwrap();
    let told = statement.explain(top_up, Language::En).unwrap().join("\n");
    assert_eq!(told.trim(), block("text").trim());
    assert_eq!(statement.totals().payment, money("19400.00"));
    assert_eq!(statement.totals().invoice, money("19400.00"));
}
