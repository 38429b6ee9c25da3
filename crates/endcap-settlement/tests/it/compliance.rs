//! Compliance: a table of cases for every rule of the sample, and what findings say.

use std::collections::{BTreeMap, BTreeSet};

use endcap_settlement::compliance::{Evidence, *};
use endcap_settlement::credit::RateTable;
use endcap_settlement::*;
use endcap_types::*;

use crate::support::*;

fn amount(text: &str) -> Money {
    let (code, amount) = text.split_once(' ').unwrap();
    Money::parse(amount, Currency::from_code(code).unwrap()).unwrap()
}

/// What a case is about, owned.
pub(crate) struct Case {
    pub(crate) contract: Contract,
    pub(crate) parties: Parties,
    pub(crate) payments: Vec<PaymentFact>,
    pub(crate) conduct: Vec<ConductFact>,
    pub(crate) evidence: Vec<EvidenceFact>,
    pub(crate) targets: Vec<TargetFact>,
    pub(crate) consigned: Vec<ConsignedFact>,
    pub(crate) allowances: Vec<AllowanceFact>,
}

impl Case {
    pub(crate) fn dossier(&self) -> Dossier<'_> {
        Dossier {
            payments: &self.payments,
            conduct: &self.conduct,
            evidence: &self.evidence,
            targets: &self.targets,
            consigned: &self.consigned,
            allowances: &self.allowances,
            ..Dossier::new(&self.contract, &self.parties)
        }
    }
}

fn word<T>(all: &[T], text: &str, of: impl Fn(&T) -> String) -> T
where
    T: Copy,
{
    let found = all.iter().find(|one| of(one).replace('_', "").eq_ignore_ascii_case(&text.replace('_', "")));
    *found.unwrap_or_else(|| panic!("{text}"))
}

fn conduct_of(text: &str) -> Conduct {
    word(Conduct::ALL, text, |conduct| format!("{conduct:?}"))
}

fn size(text: &str) -> EnterpriseSize {
    use EnterpriseSize::{Large, Medium, Micro, Small};
    word(&[Micro, Small, Medium, Large], text, |size| format!("{size:?}"))
}

/// Parties to which every rule of a jurisdiction applies.
fn parties(rule: &str) -> (Parties, Currency) {
    let (jurisdiction, currency) = match rule.split('-').next().unwrap() {
        "CN" => (Jurisdiction::China, Currency::CNY),
        "EU" => (Jurisdiction::EuropeanUnion, Currency::EUR),
        "UK" => (Jurisdiction::UnitedKingdom, Currency::GBP),
        _ => (Jurisdiction::UnitedStates, Currency::USD),
    };
    let mut parties = Parties::under([jurisdiction]);
    parties.buyer_turnover = Some(Money::parse("3000000000", currency).unwrap());
    parties.supplier_turnover = Some(Money::parse("5000000", currency).unwrap());
    (parties.stores, parties.largest_store) = (Some(30), Some(8_000));
    (parties.buyer_size, parties.supplier_size) = (Some(EnterpriseSize::Large), Some(EnterpriseSize::Small));
    parties.sme_status = SmeStatus::Declared;
    parties.goods = match jurisdiction {
        Jurisdiction::EuropeanUnion | Jurisdiction::UnitedKingdom => [GoodsKind::OtherFood].into(),
        Jurisdiction::UnitedStates => [GoodsKind::FreshProduce].into(),
        _ => BTreeSet::new(),
    };
    let reference = if jurisdiction == Jurisdiction::EuropeanUnion { "2%" } else { "4%" };
    parties.reference_rates = Some(RateTable::flat(rate(reference)).unwrap());
    (parties, currency)
}

fn clause_of(text: &str) -> Clause {
    let parts: Vec<&str> = text.split(':').collect();
    let part = |index: usize| parts.get(index).copied().unwrap_or_default();
    let kind = word(ClauseKind::ALL, part(0), |kind| kind.word().to_owned());
    let rule = match part(1) {
        "fixed" => AmountRule::Fixed(decimal("100.00")),
        "percent" => percent(BaseMeasure::Turnover, "2%"),
        "tiered" => AmountRule::Tiered(Tiered {
            of: BaseMeasure::NetPurchases,
            base_tax: TaxBasis::Inclusive,
            method: TierMethod::Marginal,
            table: TierTable::new([Tier::rate(0.into(), rate("1%"))], Boundary::ReachedAt).unwrap(),
            accumulate: Accumulation::EachPeriod,
            true_up: TrueUp::TwoWay,
        }),
        other => panic!("{other}"),
    };
    let settle = match part(3) {
        "on_invoice" => SettleMode::OnInvoice,
        "invoice_deduct" => SettleMode::InvoiceDeduct,
        "separate" => SettleMode::Separate,
        _ => SettleMode::PaymentDeduct,
    };
    let tax = match part(4) {
        "goods" => TaxRule::Goods,
        "rate" => TaxRule::Rate(rate("9%")),
        _ => TaxRule::Service,
    };
    let mut clause = clause("X", kind, rule, settle, tax);
    clause.valid = (!part(2).is_empty()).then(|| part(2).parse().unwrap());
    clause
}

pub(crate) fn case(rule: &str, setup: &str) -> Case {
    let (mut parties, currency) = parties(rule);
    let money = |text: &str| Money::parse(text, currency).unwrap();
    let mut payment = PaymentFact::new(document("D-1"), money("1000.00"));
    let mut paying = false;
    let mut terms = terms(credit());
    terms.currency = currency;
    terms.valid = period("1930-01-01..=2060-12-31");
    terms.payment_terms = "from(delivery);days(7)".parse().unwrap();
    let (mut conduct, mut evidence, mut targets) = (vec![], vec![], vec![]);
    let (mut consigned, mut allowances) = (vec![], vec![]);
    // Two semicolons stand for one inside a value.
    for pair in setup.replace(";;", "\u{1}").split(';').filter(|pair| !pair.is_empty()) {
        let pair = pair.replace('\u{1}', ";");
        let (key, value) = pair.split_once('=').unwrap();
        paying |= matches!(key, "received" | "accepted" | "invoiced" | "sold" | "due" | "amount");
        match key {
            "received" => payment.received = Some(day(value)),
            "accepted" => payment.accepted = Some(day(value)),
            "invoiced" => payment.invoiced = Some(day(value)),
            "sold" => payment.sold = Some(day(value)),
            "due" => payment.due = Some(day(value)),
            "paid" => payment.paid = Some(day(value)),
            "amount" => payment.amount = money(value),
            "disputed" => payment.disputed = money(value),
            "terms" => terms.payment_terms = value.parse().unwrap(),
            "method" => {
                terms.method = Method::Consignment(Consignment {
                    price_basis: PriceBasis::PriceAtDelivery,
                    prices: vec![],
                    shrink: ShrinkBearer::Retailer,
                    shrink_agreement: None,
                });
            }
            "goods" => {
                use GoodsKind::{Other, OtherFood, PerishableFood};
                let kind = word(&[Other, OtherFood, PerishableFood], value, |kind| format!("{kind:?}"));
                parties.goods = [kind].into();
            }
            "buyer" => parties.buyer_kind = BuyerKind::PublicBody,
            "buyer_size" => parties.buyer_size = Some(size(value)),
            "supplier_size" => parties.supplier_size = Some(size(value)),
            "sme" => parties.sme_status = SmeStatus::NotDeclared,
            "buyer_turnover" => parties.buyer_turnover = Some(amount(value)),
            "supplier_turnover" => parties.supplier_turnover = Some(amount(value)),
            "stores" => parties.stores = Some(value.parse().unwrap()),
            "largest_store" => parties.largest_store = Some(value.parse().unwrap()),
            "agreed" => parties.late_interest = AgreedInterest::Yearly(rate(value)),
            "signing" => parties.reference_at_signing = Some(rate(value)),
            "clause" => terms.clauses.push(clause_of(value)),
            "conduct" => {
                let mut parts = value.split(':');
                conduct.push(ConductFact {
                    conduct: conduct_of(parts.next().unwrap()),
                    document: document("L-1"),
                    on: day(parts.next().unwrap()),
                    told: parts.next().map(day),
                });
            }
            "evidence" => {
                let (kind, on) = value.split_once(':').unwrap();
                evidence.push(EvidenceFact {
                    clause: ClauseId::new("X").unwrap(),
                    evidence: word(Evidence::ALL, kind, |evidence| format!("{evidence:?}")),
                    document: document("E-1"),
                    on: day(on),
                });
            }
            "target" => {
                let parts: Vec<Money> = value.split(':').map(money).collect();
                let (target, reached, taken) = (parts[0], parts[1], parts[2]);
                targets.push(TargetFact { clause: ClauseId::new("X").unwrap(), target, reached, taken });
            }
            "consigned" => consigned.push(ConsignedFact {
                document: document("D-1"),
                sku: sku("A"),
                delivered: day(value),
            }),
            "allowances" => {
                for account in value.split('+') {
                    let parts: Vec<&str> = account.split(':').collect();
                    allowances.push(AllowanceFact {
                        account: AccountId::new(parts[0]).unwrap(),
                        purchases: money(parts[1]),
                        allowances: money(parts[2]),
                    });
                }
            }
            other => panic!("{other}"),
        }
    }
    let payments = if paying { vec![payment] } else { vec![] };
    let contract = Contract::new(terms).unwrap();
    Case { contract, parties, payments, conduct, evidence, targets, consigned, allowances }
}

/// Fact and limit of the findings of one rule.
pub(crate) fn told(findings: &[Finding], rule: &str) -> String {
    let of = |finding: &&Finding| finding.rule == rule;
    let one = |finding: &Finding| {
        let text = finding.render(Language::En);
        let place = format!("; {}: ", finding.place.en);
        let rest = &text[text.find(&place).unwrap() + place.len()..];
        let (fact, limit) = rest.split_once(", limit ").unwrap();
        format!("{fact}/{}", limit.split(" (").next().unwrap())
    };
    let found: Vec<String> = findings.iter().filter(of).map(one).collect();
    if found.is_empty() { "none".to_owned() } else { found.join("|") }
}

pub(crate) fn golden() -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(include_str!("../golden/compliance.csv").as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}

#[test]
fn every_rule_has_cases_and_every_case_holds() {
    let rules = RuleSet::sample().unwrap();
    let rows = golden();
    let mut cases: BTreeMap<&str, usize> = rules.rules().map(|rule| (rule.id.as_str(), 0)).collect();
    for row in &rows {
        let (case_name, rule) = (&row["case"], row["rule"].as_str());
        assert!(!row["source"].is_empty(), "{case_name}");
        let case = case(rule, &row["setup"]);
        let found = check(&case.dossier(), &rules, day(&row["on"])).unwrap();
        assert_eq!(told(&found, rule), row["expected"], "{case_name}");
        assert!(found.iter().all(|finding| finding.applies == Applicability::Applies), "{case_name}");
        *cases.get_mut(rule).unwrap() += 1;
    }
    assert!(cases.values().all(|count| *count >= 4), "{cases:?}");
    assert_eq!((cases.len(), rows.len()), (RULES, CASES));
}

const RULES: usize = 42;
const CASES: usize = 281;

#[test]
fn every_rule_names_article_source_and_confidence() {
    let rules = RuleSet::sample().unwrap();
    let rows = [
        "CN-FT-13",
        "CN-FT-6",
        "CN-FT-fees",
        "CN-2011",
        "CN-SME",
        "CN-VAT-180",
        "CN-VAT-REB",
        "EU-UTP",
        "EU-LP",
        "UK-LP",
        "UK-GSCOP",
        "US-PACA",
        "US-RP",
    ];
    for row in rows {
        assert!(rules.rules().any(|rule| rule.id.starts_with(row)), "{row}");
    }
    for rule in rules.rules() {
        let marked = rule.confidence == Confidence::Unverified;
        assert_eq!(marked, rule.source.contains("general knowledge"), "{}", rule.id);
        // Chinese text in Chinese, English in English.
        assert!(rule.message.en.is_ascii() || rule.message.en.contains('£'), "{}", rule.id);
        assert!(rule.message.zh.chars().any(|c| c > '\u{4e00}'), "{}", rule.id);
    }
    assert_eq!(rules.rule("CN-SME-9").unwrap().article, "第九条");
    assert!(rules.rule("CN-SME-10").is_none());
}

#[test]
fn what_was_not_checked_is_said_in_the_finding() {
    let rules = RuleSet::sample().unwrap();
    let case = case("CN-FT-13", "received=2026-02-02;paid=2026-04-04;clause=renewal:fixed");
    let found = check(&case.dossier(), &rules, day("2026-06-30")).unwrap();
    let of = |id: &str| found.iter().find(|finding| finding.rule == id).unwrap();
    assert_eq!(
        of("CN-FT-13").render(Language::Zh),
        "[违规] CN-FT-13 零售商供应商公平交易管理办法（2006年第17号令） 第十三条：货款支付期限最长不超过收货后60天；\
         单据 D-1，2026-04-04 付款：61 天，限度 60 天（条号未经官方文本核对）"
    );
    assert!(of("CN-FT-fees-listed").render(Language::En).ends_with("(not checked in the official text)"));
    assert_eq!(of("CN-FT-fees-listed").confidence, Confidence::Unverified);
}

fn known(en: &str, zh: &str) -> Wording {
    Wording { en: en.to_owned(), zh: zh.to_owned() }
}

#[test]
fn what_is_not_known_is_named() {
    let rules = RuleSet::sample().unwrap();
    let mut case = case("CN-FT-13", "received=2026-02-02;paid=2026-04-04");
    (case.parties.buyer_turnover, case.parties.supplier_size) = (None, None);
    let found = check(&case.dossier(), &rules, day("2026-06-30")).unwrap();
    let of = |id: &str| found.iter().find(|finding| finding.rule == id).unwrap();
    let unknown =
        Applicability::IfKnown([known("yearly sales of the buyer in CNY", "零售商年销售额（CNY）")].into());
    assert_eq!(of("CN-FT-13").applies, unknown);
    assert!(
        of("CN-FT-13")
            .render(Language::En)
            .contains("(if the rule applies; not known: yearly sales of the buyer in CNY)")
    );
    assert_eq!(
        of("CN-SME-60").applies,
        Applicability::IfKnown([known("size of the supplier", "供应商规模")].into())
    );
    // A condition that is known not to hold outweighs what is not known.
    case.parties.buyer_kind = BuyerKind::PublicBody;
    let found = check(&case.dossier(), &rules, day("2026-06-30")).unwrap();
    assert!(found.iter().all(|finding| finding.rule != "CN-FT-13" && finding.rule != "CN-SME-60"));
}

#[test]
fn statements_are_held_against_the_rules() {
    let mut terms = terms(credit());
    terms.clauses = vec![clause(
        "N1",
        ClauseKind::Anniversary,
        AmountRule::Fixed(decimal("500.00")),
        SettleMode::PaymentDeduct,
        TaxRule::Service,
    )];
    let contract = Contract::new(terms).unwrap();
    let deliveries = [delivery("D1", "2025-03-03", "A", 10, "1000.00")];
    let facts = Facts { deliveries: &deliveries, ..Facts::default() };
    let statement = settle(&contract, &facts, period("2025-03"), &[]).unwrap();
    let (parties, _) = parties("CN-2011");
    let statements = [statement];
    let dossier = Dossier { statements: &statements, ..Dossier::new(&contract, &parties) };
    let found = check(&dossier, &RuleSet::sample().unwrap(), day("2025-04-30")).unwrap();
    let of: Vec<(&str, &Measured)> = found
        .iter()
        .filter(|finding| finding.rule == "CN-2011-fees")
        .map(|finding| (finding.place.en.as_str(), &finding.fact))
        .collect();
    assert_eq!(of[0], ("clause N1", &Measured::Kind(ClauseKind::Anniversary)));
    assert_eq!(
        of[1],
        ("statement C-1@2025-03-01..2025-04-01, clause N1", &Measured::Amount(money("500.00")))
    );
}

#[test]
fn consigned_stock_of_the_last_statement_is_aged() {
    let method = Method::Consignment(Consignment {
        price_basis: PriceBasis::PriceAtDelivery,
        prices: vec![],
        shrink: ShrinkBearer::Retailer,
        shrink_agreement: None,
    });
    let contract = Contract::new(terms(method)).unwrap();
    let deliveries =
        [delivery("D1", "2025-01-03", "A", 10, "100.00"), delivery("D2", "2025-01-05", "B", 1, "9.00")];
    let sales = [sale("S1", "2025-01-09", "B", 1, "15.00")];
    let facts = Facts { deliveries: &deliveries, sales: &sales, ..Facts::default() };
    let statements = [settle(&contract, &facts, period("2025-01"), &[]).unwrap()];
    let (parties, _) = parties("CN-VAT");
    let dossier = Dossier { statements: &statements, ..Dossier::new(&contract, &parties) };
    let rules = RuleSet::sample().unwrap();
    // D1 is 180 days old on 2 July; D2 was sold.
    assert_eq!(told(&check(&dossier, &rules, day("2025-07-01")).unwrap(), "CN-VAT-180"), "none");
    let found = check(&dossier, &rules, day("2025-07-02")).unwrap();
    assert_eq!(told(&found, "CN-VAT-180"), "180 days/180 days");
}
