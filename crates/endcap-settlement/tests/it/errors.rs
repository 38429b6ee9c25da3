//! One case for every way to be refused.

use endcap_settlement::*;
use endcap_types::*;

use crate::support::*;

fn refused(terms: ContractTerms, facts: &Facts<'_>) -> SettlementError {
    settle(&Contract::new(terms).unwrap(), facts, period("2025-01"), &[]).unwrap_err()
}

fn consignment() -> Method {
    Method::Consignment(Consignment {
        price_basis: PriceBasis::PriceAtDelivery,
        prices: vec![],
        shrink: ShrinkBearer::Retailer,
        shrink_agreement: None,
    })
}

fn cumulative() -> Clause {
    let rule = AmountRule::Tiered(Tiered {
        of: BaseMeasure::NetPurchases,
        base_tax: TaxBasis::Inclusive,
        method: TierMethod::Whole,
        table: TierTable::new([Tier::rate(0.into(), rate("1%"))], Boundary::ReachedAt).unwrap(),
        accumulate: Accumulation::Since(day("2025-01-01")),
        true_up: TrueUp::TwoWay,
    });
    clause("R", ClauseKind::Rebate, rule, SettleMode::PaymentDeduct, TaxRule::Service)
}

fn empty(month: &str, terms: &ContractTerms, prior: &[Statement]) -> Result<Statement, SettlementError> {
    settle(&Contract::new(terms.clone()).unwrap(), &Facts::default(), period(month), prior)
}

#[test]
fn invalid_contract_lists_everything() {
    let mut terms = terms(credit());
    terms.scope = Scope::Only(Selection::default());
    terms.service_vat = None;
    terms.clauses = vec![cumulative(), cumulative()];
    let Err(SettlementError::InvalidContract { problems }) = Contract::new(terms) else { panic!() };
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "scope: the scope names no category, brand or SKU; write \"all\" for everything",
            "clauses[R].tax: service VAT is used, but `service_vat` is not stated",
            "clauses[R]: id \"R\" is used twice",
            "clauses[R].tax: service VAT is used, but `service_vat` is not stated",
        ]
    );
}

#[test]
fn invalid_tiers_lists_everything() {
    let tiers = [
        Tier::rate(decimal("-1"), rate("1%")),
        Tier::rate(decimal("-1"), rate("-2%")),
        Tier::per_unit(decimal("5"), decimal("0.1")),
    ];
    let Err(SettlementError::InvalidTiers { problems }) = TierTable::new(tiers, Boundary::ReachedAt) else {
        panic!()
    };
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "tiers[0]: threshold -1 is negative",
            "tiers[1]: threshold -1 is negative",
            "tiers[1]: a tier must not pay a negative amount",
            "tiers[1]: threshold -1 is not above -1",
            "tiers[2]: one table pays rates or amounts per unit, not both",
        ]
    );
    let Err(SettlementError::InvalidTiers { problems }) = TierTable::new([], Boundary::ReachedAt) else {
        panic!()
    };
    assert_eq!(problems[0].rule, BrokenRule::NoTiers);
    let many = (0..101).map(|n| Tier::rate(n.into(), rate("1%")));
    let Err(SettlementError::InvalidTiers { problems }) = TierTable::new(many, Boundary::ReachedAt) else {
        panic!()
    };
    assert_eq!(problems[0].rule, BrokenRule::TooMany { count: 101, limit: 100 });
}

#[test]
fn period_outside_contract() {
    let error = empty("2026-01", &terms(credit()), &[]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "period 2026-01-01..2026-02-01 has no day in the validity 2025-01-01..2026-01-01 of contract C-1"
    );
}

#[test]
fn fact_currency() {
    let mut wrong = delivery("D1", "2025-01-02", "A1", 1, "1.00");
    wrong.amount = Money::parse("1.00", Currency::USD).unwrap();
    let facts = Facts { deliveries: &[wrong], ..Facts::default() };
    let error = refused(terms(credit()), &facts);
    assert_eq!(error.to_string(), "delivery D1 A1 is in USD, the contract is in CNY");
}

#[test]
fn unknown_product() {
    let mut terms = terms(credit());
    let brands = ["Endcap Farms".to_owned()].into();
    terms.scope = Scope::Except(Selection { brands, ..Selection::default() });
    let deliveries = [delivery("D1", "2025-01-02", "A1", 1, "1.00")];
    let facts = Facts { deliveries: &deliveries, ..Facts::default() };
    assert_eq!(refused(terms, &facts), SettlementError::UnknownProduct { sku: sku("A1") });
}

#[test]
fn product_conflict() {
    let product = |brand: &str| Product { sku: sku("A1"), category: None, brand: Some(brand.to_owned()) };
    let products = [product("x"), product("x"), product("y")];
    let facts = Facts { products: &products, ..Facts::default() };
    assert_eq!(refused(terms(credit()), &facts), SettlementError::ProductConflict { sku: sku("A1") });
    Catalogue::new(&products[..2]).unwrap();
}

#[test]
fn unknown_clause() {
    let occasions = [Occasion {
        clause: ClauseId::new("NONE").unwrap(),
        document: document("O1"),
        date: day("2025-01-02"),
        store: None,
        sku: None,
        count: 1,
    }];
    let facts = Facts { occasions: &occasions, ..Facts::default() };
    let error = refused(terms(credit()), &facts);
    assert_eq!(error.to_string(), "occasion O1 names clause NONE, which the contract does not have");
}

#[test]
fn unclaimed_funding() {
    let funding = [PromotionFunding {
        promotion: PromotionId::new("P-618").unwrap(),
        kind: ClauseKind::PromotionFunding,
        document: document("F1"),
        date: day("2025-01-02"),
        amount: money("1.00"),
    }];
    let facts = Facts { funding: &funding, ..Facts::default() };
    let error = refused(terms(credit()), &facts);
    let expected =
        "promotion P-618 brings promotion_funding money, but no clause of that kind funds promotions";
    assert_eq!(error.to_string(), expected);
    // A clause that is not in force on that day does not claim it either.
    let mut terms = terms(credit());
    let mut late = clause(
        "P",
        ClauseKind::PromotionFunding,
        AmountRule::PromotionFunding,
        SettleMode::PaymentDeduct,
        TaxRule::OutOfScope,
    );
    late.valid = Some(period("2025-01-03..2025-06-01"));
    terms.clauses.push(late);
    assert!(matches!(refused(terms, &facts), SettlementError::UnclaimedFunding { .. }));
}

#[test]
fn no_supply_price() {
    let sales = [sale("S1", "2025-01-10", "A1", 7, "70.00")];
    let deliveries = [delivery("D1", "2025-01-02", "A1", 3, "30.00")];
    let facts = Facts { sales: &sales, deliveries: &deliveries, ..Facts::default() };
    let error = refused(terms(consignment()), &facts);
    assert_eq!(error.to_string(), "no supply price for 4 pc of SKU A1 on 2025-01-31");
}

#[test]
fn count_conflict() {
    let count = |quantity| StockCount { date: day("2025-01-31"), sku: sku("A1"), quantity: pieces(quantity) };
    let counts = [count(2), count(3)];
    let facts = Facts { counts: &counts, ..Facts::default() };
    let error = refused(terms(consignment()), &facts);
    assert_eq!(error.to_string(), "SKU A1 was counted twice on 2025-01-31: 2 pc and 3 pc");
}

#[test]
fn missing_prior() {
    let mut terms = terms(credit());
    terms.clauses.push(cumulative());
    let january = empty("2025-01", &terms, &[]).unwrap();
    empty("2025-02", &terms, std::slice::from_ref(&january)).unwrap();
    let error = empty("2025-03", &terms, &[january]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "R accumulates since 2025-01-01, but no earlier statement covers 2025-02-01..2025-03-01"
    );
    assert!(matches!(empty("2025-02", &terms, &[]).unwrap_err(), SettlementError::MissingPrior { .. }));
    // A hole between two statements: the first stretch that is missing is named.
    let free = self::terms(credit());
    let of = |month: &str| empty(month, &free, &[]).unwrap();
    let error = empty("2025-06", &terms, &[of("2025-01"), of("2025-04")]).unwrap_err();
    let expected = "R accumulates since 2025-01-01, but no earlier statement covers 2025-02-01..2025-04-01";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn foreign_prior() {
    let mut other = terms(credit());
    other.id = ContractId::new("C-2").unwrap();
    let foreign = empty("2025-01", &other, &[]).unwrap();
    let error = empty("2025-02", &terms(credit()), &[foreign]).unwrap_err();
    assert_eq!(error.to_string(), "statement C-2@2025-01-01..2025-02-01 belongs to contract C-2 in CNY");
}

#[test]
fn prior_overlap() {
    let terms = terms(credit());
    let of = |month: &str| empty(month, &terms, &[]).unwrap();
    let error = empty("2025-01", &terms, &[of("2025-01")]).unwrap_err();
    assert!(matches!(error, SettlementError::PriorOverlap { .. }));
    // Also among the earlier ones.
    let error = empty("2025-06", &terms, &[of("2025-02"), of("2025-Q1")]).unwrap_err();
    let expected =
        "statement C-1@2025-02-01..2025-03-01 for 2025-02-01..2025-03-01 overlaps 2025-01-01..2025-04-01";
    assert_eq!(error.to_string(), expected);
}

fn guaranteed(algorithm: GuaranteeAlgorithm, cycle: endcap_calendar::Grain) -> TurnoverDeduction {
    let mut method = TurnoverDeduction::at(rate("22%"));
    method.guarantee = Some(Guarantee {
        amount: decimal("1000"),
        cycle,
        algorithm,
        rate: rate("22%"),
        measure: GuaranteeMeasure::Turnover,
        top_up_on: TopUpBase::Shortfall,
        true_up: TrueUp::TwoWay,
        promotion_sales: PromotionSales::Count,
        overage: None,
    });
    method
}

#[test]
fn guarantee_period() {
    use endcap_calendar::Grain;
    let each = |algorithm, cycle| terms(Method::TurnoverDeduction(guaranteed(algorithm, cycle)));
    let monthly = each(GuaranteeAlgorithm::PerPeriod, Grain::Month);
    empty("2025-01", &monthly, &[]).unwrap();
    let error = empty("2025-Q1", &monthly, &[]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "period 2025-01-01..2025-04-01 does not fit the guarantee: one settlement for each whole guarantee cycle"
    );
    for algorithm in [GuaranteeAlgorithm::MonthlyThenTrueUp, GuaranteeAlgorithm::CycleEnd] {
        let quarterly = each(algorithm, Grain::Quarter);
        empty("2025-01", &quarterly, &[]).unwrap();
        assert!(matches!(empty("2025-01-H1", &quarterly, &[]), Err(SettlementError::GuaranteePeriod { .. })));
        // The month that settles the cycle needs the months before it.
        assert!(matches!(empty("2025-03", &quarterly, &[]), Err(SettlementError::MissingPrior { .. })));
    }
    let carry = each(GuaranteeAlgorithm::CumulativeCarry, Grain::Month);
    assert!(matches!(empty("2025-02", &carry, &[]), Err(SettlementError::MissingPrior { .. })));
}

#[test]
fn growth_reference() {
    let table = TierTable::new([Tier::rate(0.into(), rate("1%"))], Boundary::ReachedAt).unwrap();
    let error = growth_rebate(&table, GrowthBase::Total, &Exact::ONE, &Exact::ZERO).unwrap_err();
    assert_eq!(error.to_string(), "growth needs a reference above zero, not 0");
}

#[test]
fn free_goods_multiple() {
    let error = free_goods(&Exact::ONE, &Exact::ZERO, &Exact::ONE).unwrap_err();
    assert_eq!(error.to_string(), "free goods need a multiple above zero, not 0");
}

#[test]
fn identity_broken() {
    let deliveries = [delivery("D1", "2025-01-02", "A1", 1, "113.00")];
    let facts = Facts { deliveries: &deliveries, ..Facts::default() };
    let contract = Contract::new(terms(credit())).unwrap();
    let statement = settle(&contract, &facts, period("2025-01"), &[]).unwrap();
    type Break = fn(&mut StatementParts);
    let breaks: [(&str, Break); 7] = [
        ("net + tax = amount", |p| p.lines[0].net = money("99.00")),
        ("line amount = its trace", |p| {
            p.lines[0].amount = money("114.00");
            p.lines[0].net = money("101.00");
        }),
        ("goods = Σ lines", |p| p.totals.goods = money("112.00")),
        ("票扣 = Σ lines", |p| p.totals.invoice_deduct = money("1.00")),
        ("invoice = goods − 票折 − 票扣", |p| p.totals.invoice = money("112.00")),
        ("payment = invoice − 账扣 − advances + adjustments", |p| p.totals.payment = money("1.00")),
        ("invoice VAT = its trace", |p| p.totals.invoice_tax = money("1.00")),
    ];
    for (expected, change) in breaks {
        let mut parts = statement.clone().into_parts();
        change(&mut parts);
        let Err(SettlementError::IdentityBroken { identity, .. }) = Statement::new(parts) else {
            panic!("{expected}")
        };
        assert_eq!(identity, expected);
    }
    Statement::new(statement.into_parts()).unwrap();
}

#[test]
fn trace_missing() {
    let id: TraceId = "00000000000000000000000000000000".parse().unwrap();
    let statement = empty("2025-01", &terms(credit()), &[]).unwrap();
    assert_eq!(statement.trace().node(id).unwrap_err(), SettlementError::TraceMissing { node: id });
    let mut parts = statement.into_parts();
    parts.total_traces.payment = id;
    assert_eq!(Statement::new(parts).unwrap_err(), SettlementError::TraceMissing { node: id });
}

#[cfg(feature = "serde")]
#[test]
fn trace_broken() {
    let deliveries = [delivery("D1", "2025-01-02", "A1", 1, "113.00")];
    let facts = Facts { deliveries: &deliveries, ..Facts::default() };
    let contract = Contract::new(terms(credit())).unwrap();
    let statement = settle(&contract, &facts, period("2025-01"), &[]).unwrap();
    let json = serde_json::to_value(statement.trace()).unwrap();
    serde_json::from_value::<Trace>(json.clone()).unwrap();
    let nodes = json["nodes"].as_array().unwrap();
    let tax = nodes.iter().position(|node| node["formula"] == "tax_inside").unwrap();
    let fact = nodes.iter().position(|node| node["subject"]["what"] == "delivery").unwrap();
    let refused = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut json = json.clone();
        change(&mut json["nodes"]);
        let error = serde_json::from_value::<Trace>(json).unwrap_err().to_string();
        assert!(error.contains("does not follow from its inputs"), "{error}");
    };
    // A result, a formula, and a fact that was stated by another document.
    refused(&|nodes| nodes[tax]["result"] = "1301".into());
    refused(&|nodes| nodes[tax]["formula"] = "tax_on_top".into());
    refused(&|nodes| nodes[fact]["subject"]["of"] = "D2 A1".into());
    refused(&|nodes| nodes[fact]["inputs"] = serde_json::json!([nodes[tax]["id"]]));
}

#[test]
fn trace_id_text() {
    for text in ["", "xyz", "0000000000000000000000000000000G", "+0000000000000000000000000000000"] {
        let error = text.parse::<TraceId>().unwrap_err();
        assert_eq!(error, SettlementError::TraceIdText { text: text.to_owned() });
    }
}

#[test]
fn types_and_calendar() {
    let most = Money::from_minor(limits::MAX_MINOR, Currency::CNY).unwrap();
    let mut one = delivery("D1", "2025-01-02", "A1", 1, "0");
    one.amount = most;
    let facts = Facts { deliveries: &[one.clone(), one], ..Facts::default() };
    let error = refused(terms(credit()), &facts);
    assert_eq!(error, SettlementError::Types(TypesError::AmountOutOfRange { currency: Currency::CNY }));

    let mut terms = terms(credit());
    terms.payment_terms = "from(delivery);days(30)".parse().unwrap();
    let events =
        endcap_calendar::EventDates::new().with(endcap_calendar::Event::Delivery, chrono::NaiveDate::MAX);
    let facts = Facts { events, ..Facts::default() };
    assert!(matches!(refused(terms, &facts), SettlementError::Calendar(_)));
}

#[test]
fn units_that_cannot_be_added() {
    let sales = [sale("S1", "2025-01-10", "A1", 1, "10.00")];
    let mut cases = delivery("D1", "2025-01-02", "A1", 3, "30.00");
    cases.quantity = Quantity::cases(3).unwrap();
    let facts = Facts { sales: &sales, deliveries: &[cases], ..Facts::default() };
    let error = refused(terms(consignment()), &facts);
    let differ = FactError::UnitsDiffer {
        fact: "till sale [S1 A1] of 2025-01-10".to_owned(),
        unit: Unit::Piece,
        expected: Unit::Case,
    };
    assert_eq!(error, differ.into());
    assert_eq!(
        error.to_string(),
        "till sale [S1 A1] of 2025-01-10 counts in pc, but the facts before it count in cs"
    );
    // A count has no document; a clause that counts names the fact that differs too.
    let mut counted = StockCount { date: day("2025-01-31"), sku: sku("A1"), quantity: pieces(1) };
    let counts = [counted.clone()];
    let facts = Facts { counts: &counts, sales: &[], ..facts };
    let told = refused(terms(consignment()), &facts).to_string();
    assert_eq!(told, "count [A1] of 2025-01-31 counts in pc, but the facts before it count in cs");
    counted.quantity = Quantity::cases(1).unwrap();
    let sales = [sale("S1", "2025-01-10", "A1", 1, "10.00"), {
        let mut other = sale("S2", "2025-01-10", "B1", 1, "10.00");
        other.quantity = counted.quantity;
        other
    }];
    let mut by_unit = terms(Method::TurnoverDeduction(TurnoverDeduction::at(rate("22%"))));
    let rule = AmountRule::PerUnit(PerUnit { of: BaseMeasure::SoldQuantity, amount: decimal("0.5") });
    by_unit.clauses =
        vec![clause("U", ClauseKind::Logistics, rule, SettleMode::PaymentDeduct, TaxRule::Service)];
    let told = refused(by_unit, &Facts { sales: &sales, ..Facts::default() }).to_string();
    assert_eq!(told, "quantity sold [S2 B1] of 2025-01-10 counts in cs, but the facts before it count in pc");
}
