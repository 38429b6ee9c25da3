//! Growth, free goods, base stock, price protection, evidence, thresholds ahead and balances of advances, inside a
//! settlement; each worked out by hand.

use endcap_calendar::Period;
use endcap_settlement::*;
use endcap_types::*;

use crate::support::*;

fn growth(
    of: BaseMeasure,
    by: GrowthBy,
    pay_on: GrowthBase,
    table: TierTable,
    since: Accumulation,
) -> AmountRule {
    AmountRule::Growth(Growth {
        of,
        base_tax: TaxBasis::Inclusive,
        by,
        pay_on,
        table,
        accumulate: since,
        true_up: TrueUp::TwoWay,
    })
}

fn with(rule: AmountRule, kind: ClauseKind, settle: SettleMode, tax: TaxRule) -> ContractTerms {
    let mut terms = terms(credit());
    terms.clauses.push(clause("R", kind, rule, settle, tax));
    terms
}

fn rebate(rule: AmountRule) -> ContractTerms {
    with(rule, ClauseKind::GrowthRebate, SettleMode::PaymentDeduct, TaxRule::Service)
}

fn reference(id: &str, on: &str, base: Basis) -> Reference {
    Reference { clause: ClauseId::new("R").unwrap(), document: document(id), date: day(on), base }
}

fn year_table() -> TierTable {
    let tiers =
        [("0", "0%"), ("5", "1%"), ("10", "2%")].map(|(from, text)| Tier::rate(decimal(from), rate(text)));
    TierTable::new(tiers, Boundary::ReachedAt).unwrap()
}

fn run(terms: ContractTerms, facts: &Facts<'_>, of: &str, prior: &[Statement]) -> Statement {
    let statement = settle(&Contract::new(terms).unwrap(), facts, period(of), prior).unwrap();
    statement.trace().verify().unwrap();
    #[cfg(feature = "serde")]
    crate::oracle::reading::walk(&statement);
    statement
}

/// 6 % growth selects 1 %: on the total 10 600, on the increment 600; as the free function says.
#[test]
fn growth_on_total_and_on_increment() {
    let deliveries = [delivery("D1", "2025-01-15", "A1", 1, "1060000.00")];
    let references = [reference("LY", "2025-01-31", Basis::Amount(money("1000000")))];
    let facts = Facts { deliveries: &deliveries, references: &references, ..Facts::default() };
    for (on, expected) in [(GrowthBase::Total, "10600.00"), (GrowthBase::Increment, "600.00")] {
        let rule =
            growth(BaseMeasure::NetPurchases, GrowthBy::Percent, on, year_table(), Accumulation::EachPeriod);
        let statement = run(rebate(rule), &facts, "2025-01", &[]);
        assert_eq!(statement.totals().payment_deduct, money(expected));
        let (base, reference) = (Exact::from_int(1_060_000), Exact::from_int(1_000_000));
        let told = growth_rebate(&year_table(), on, &base, &reference).unwrap();
        assert_eq!(
            Unrounded::new(told.mul(&Exact::from_int(100)).unwrap(), Currency::CNY)
                .round(&Rounding::HALF_AWAY)
                .unwrap(),
            money(expected)
        );
        let line = statement.lines().iter().find(|line| line.clause.is_some()).unwrap();
        let why = statement.explain(line, Language::En).unwrap().join("\n");
        assert!(
            why.contains("rate of the tier reached [R]: 1% = what the tier from 5 pays, reached by 6%"),
            "{why}"
        );
        let why = statement.explain(line, Language::Zh).unwrap().join("\n");
        assert!(why.contains("增长率 [R]：6% = 60000.00 / 1000000.00"), "{why}");
    }
}

/// Bands by growth in units: 0.50 a unit above 100 more than last year, with 20.00 flat.
#[test]
fn growth_by_quantity_with_a_flat_amount() {
    let tier = Tier::per_unit(decimal("100"), decimal("0.50")).with_flat(decimal("20"));
    let table = TierTable::new([tier], Boundary::ReachedAt).unwrap();
    let rule = growth(
        BaseMeasure::PurchasedQuantity,
        GrowthBy::Increment,
        GrowthBase::Increment,
        table,
        Accumulation::EachPeriod,
    );
    let references = [reference("LY", "2025-01-31", Basis::Quantity(pieces(400)))];
    for (count, expected) in [(500, "70.00"), (499, "0.00"), (620, "130.00")] {
        let deliveries = [delivery("D1", "2025-01-15", "A1", count, "1.00")];
        let facts = Facts { deliveries: &deliveries, references: &references, ..Facts::default() };
        let statement = run(rebate(rule.clone()), &facts, "2025-01", &[]);
        assert_eq!(statement.totals().payment_deduct, money(expected), "{count}");
    }
}

/// Year to date against last year to date, month by month: interim payments sum to the one-shot, with a claw-back.
#[test]
fn growth_accumulates() {
    let since = Accumulation::Since(day("2025-01-01"));
    let rule = growth(BaseMeasure::NetPurchases, GrowthBy::Percent, GrowthBase::Total, year_table(), since);
    let bought = ["120000.00", "100000.00", "90000.00"];
    let deliveries: Vec<Delivery> = (1..)
        .zip(bought)
        .map(|(month, amount)| delivery("D", &format!("2025-0{month}-15"), "A1", 1, amount))
        .collect();
    let references: Vec<Reference> = (1..=3)
        .map(|month| reference("LY", &format!("2025-0{month}-28"), Basis::Amount(money("100000"))))
        .collect();
    let facts = Facts { deliveries: &deliveries, references: &references, ..Facts::default() };
    let mut prior = Vec::new();
    for (month, expected) in [("2025-01", "2400.00"), ("2025-02", "2000.00"), ("2025-03", "-4400.00")] {
        let statement = run(rebate(rule.clone()), &facts, month, &prior);
        assert_eq!(statement.totals().payment_deduct, money(expected), "{month}");
        prior.push(statement);
    }
    let whole = run(rebate(rule), &facts, "2025-Q1", &[]);
    assert_eq!(whole.totals().payment_deduct, money("0.00")); // 310 000 over 300 000 is 3.3 %
}

#[test]
fn growth_needs_a_reference() {
    let rule = growth(
        BaseMeasure::NetPurchases,
        GrowthBy::Percent,
        GrowthBase::Total,
        year_table(),
        Accumulation::EachPeriod,
    );
    let contract = Contract::new(rebate(rule)).unwrap();
    let told = |references: &[Reference]| {
        let facts = Facts { references, ..Facts::default() };
        settle(&contract, &facts, period("2025-01"), &[]).unwrap_err().to_string()
    };
    assert_eq!(told(&[]), "growth needs a reference above zero, not 0");
    let zero = [reference("LY", "2025-01-31", Basis::Amount(money("0")))];
    assert_eq!(told(&zero), "growth needs a reference above zero, not 0");
    let units = [reference("LY", "2025-01-31", Basis::Quantity(pieces(4)))];
    assert_eq!(told(&units), "reference LY of clause R counts another thing than the clause measures");
    let mut stray = reference("LY", "2025-01-31", Basis::Amount(money("1")));
    stray.clause = ClauseId::new("X").unwrap();
    assert_eq!(told(&[stray]), "occasion LY names clause X, which the contract does not have");
}

fn free(value: FreeGoodsValue, accumulate: Accumulation) -> ContractTerms {
    let rule = AmountRule::FreeGoods(FreeGoods {
        of: BaseMeasure::PurchasedQuantity,
        buy: decimal("100"),
        free: decimal("2"),
        value,
        accumulate,
        true_up: TrueUp::TwoWay,
    });
    with(rule, ClauseKind::FreeGoods, SettleMode::OnInvoice, TaxRule::Goods)
}

/// Two free per hundred: 250 bought bring 4, at 3.50 each 14.00, or at the average of 2.00 8.00.
#[test]
fn free_goods_as_quantity_and_value() {
    let deliveries = [delivery("D1", "2025-01-15", "A1", 250, "500.00")];
    let facts = Facts { deliveries: &deliveries, ..Facts::default() };
    let price = FreeGoodsValue::Price(decimal("3.50"));
    for (value, expected) in [(price, "14.00"), (FreeGoodsValue::Average, "8.00")] {
        let statement = run(free(value, Accumulation::EachPeriod), &facts, "2025-01", &[]);
        let line = statement.lines().iter().find(|line| line.clause.is_some()).unwrap();
        assert_eq!((line.free, line.basis), (Some(pieces(4)), Some(Basis::Quantity(pieces(250)))));
        assert_eq!(line.amount, money(expected));
    }
    // Cumulatively 150 + 150 = 300: two in the first month, four more in the second; a return takes two back.
    let mut deliveries = vec![
        delivery("D1", "2025-01-15", "A1", 150, "300.00"),
        delivery("D2", "2025-02-15", "A1", 150, "300.00"),
    ];
    deliveries.push(delivery("D3", "2025-03-01", "A1", 1, "2.00"));
    let returns = [goods_return("R1", "2025-03-05", "A1", 50, "100.00")];
    let facts = Facts { deliveries: &deliveries, returns: &returns, ..Facts::default() };
    let mut prior = Vec::new();
    for (month, count, expected) in
        [("2025-01", 2, "7.00"), ("2025-02", 4, "14.00"), ("2025-03", -2, "-7.00")]
    {
        let terms = free(price, Accumulation::Since(day("2025-01-01")));
        let statement = run(terms, &facts, month, &prior);
        let line = statement.lines().iter().find(|line| line.clause.is_some()).unwrap();
        assert_eq!((line.free, line.amount), (Some(pieces(count)), money(expected)), "{month}");
        prior.push(statement);
    }
}

/// The first 50 000 stay unpaid: 0, 20 000, 25 000, a credit of 45 000 after returns, and 35 000 at the end.
#[test]
fn base_stock_stays_unpaid_until_the_end() {
    let rule = AmountRule::BaseStock(decimal("50000"));
    let mut terms = with(rule, ClauseKind::BaseStock, SettleMode::PaymentDeduct, TaxRule::OutOfScope);
    terms.valid = period("2025-01-01..2025-06-01");
    let deliveries = [
        delivery("D1", "2025-01-15", "A1", 1, "30000"),
        delivery("D2", "2025-02-15", "A1", 1, "40000"),
        delivery("D3", "2025-03-15", "A1", 1, "25000"),
    ];
    let returns = [goods_return("R1", "2025-04-15", "A1", 1, "60000")];
    let facts = Facts { deliveries: &deliveries, returns: &returns, ..Facts::default() };
    let mut prior = Vec::new();
    for (month, expected) in (1..=5).zip(["0.00", "20000.00", "25000.00", "-45000.00", "35000.00"]) {
        let contract = Contract::new(terms.clone()).unwrap();
        let statement = settle(&contract, &facts, Period::month(2025, month).unwrap(), &prior).unwrap();
        assert_eq!(statement.totals().payment, money(expected), "{month}");
        prior.push(statement);
    }
    use BaseStockEvent::{Delivered, Returned, Terminated};
    let events = [
        Delivered(money("30000")),
        Delivered(money("40000")),
        Delivered(money("25000")),
        Returned(money("60000")),
        Terminated,
    ];
    let told = base_stock_payables(money("50000"), &events).unwrap();
    let paid: Vec<Money> = prior.iter().map(|statement| statement.totals().payment).collect();
    assert_eq!(paid, told);
}

/// 10.50 falls to 10.00 with 30 on hand: 15.00 where the stock was paid for, nothing under pure consignment.
#[test]
fn price_protection_follows_the_stock_terms() {
    let price =
        |text: &str| Price::new(decimal(text), Currency::CNY, Unit::Piece, TaxBasis::Inclusive).unwrap();
    let cut = |old: &str, new: &str| PriceCut { old: price(old), new: price(new), on_hand: pieces(30) };
    let notice = |id: &str, cut| SupplyPriceCut {
        document: document(id),
        date: day("2025-01-10"),
        sku: sku("A1"),
        cut,
    };
    let price_cuts = [notice("N1", cut("10.50", "10.00")), notice("N2", cut("10.00", "11.00"))];
    let facts = Facts { price_cuts: &price_cuts, ..Facts::default() };
    for (stock, expected) in [
        (StockTerms::SaleOrReturn, "15.00"),
        (StockTerms::Prepaid, "15.00"),
        (StockTerms::PureConsignment, "0.00"),
    ] {
        let rule = AmountRule::PriceProtection(stock);
        let terms = with(rule, ClauseKind::PriceProtection, SettleMode::OnInvoice, TaxRule::Goods);
        assert_eq!(run(terms, &facts, "2025-01", &[]).totals().on_invoice, money(expected));
    }
}

fn display_fee() -> ContractTerms {
    let rule = AmountRule::Fixed(decimal("500"));
    let mut terms = with(rule, ClauseKind::Display, SettleMode::PaymentDeduct, TaxRule::Service);
    terms.clauses[0].evidence = EvidenceNeed::Required;
    terms
}

fn proof(id: &str, covers: &str) -> ClauseEvidence {
    ClauseEvidence { clause: ClauseId::new("R").unwrap(), document: document(id), covers: period(covers) }
}

/// Shown but not netted until proof covers the whole month; then released as a restatement, once.
#[test]
fn a_fee_waits_for_its_evidence() {
    let deliveries = [delivery("D1", "2025-01-15", "A1", 1, "1000.00")];
    let facts = Facts { deliveries: &deliveries, ..Facts::default() };
    let held = run(display_fee(), &facts, "2025-01", &[]);
    assert_eq!((held.totals().on_hold, held.totals().payment), (money("500"), money("1000")));
    let line = held.lines().iter().find(|line| line.column == Column::OnHold).unwrap();
    assert_eq!(
        held.explain(line, Language::En).unwrap()[0],
        "display fee [R]: 500.00 = 500.00, not settled: its evidence is missing"
    );
    assert_eq!(
        held.explain(line, Language::Zh).unwrap()[0],
        "陈列费 [R]：500.00 = 500.00，凭证未到，暂不结算"
    );
    // Half of the month is not the month; two halves are.
    let halves = [proof("P2", "2025-01-16..2025-02-01"), proof("P1", "2025-01-01..2025-01-16")];
    let half = run(display_fee(), &Facts { evidence: &halves[..1], ..facts.clone() }, "2025-01", &[]);
    assert_eq!(half.totals().on_hold, money("500"));
    let proved = run(display_fee(), &Facts { evidence: &halves, ..facts.clone() }, "2025-01", &[]);
    assert_eq!((proved.totals().on_hold, proved.totals().payment), (money("0"), money("500")));
    let released = restate(std::slice::from_ref(&held), std::slice::from_ref(&proved)).unwrap();
    let effect = Money::sum(released.iter().map(DeltaLine::effect), Currency::CNY).unwrap();
    assert_eq!((released.len(), effect), (2, money("-500")));
    assert!(restate_after(std::slice::from_ref(&held), &released, &[proved]).unwrap().is_empty());
}

/// A cumulative rebate on hold in January is paid with February's, once the proof is there.
#[test]
fn a_cumulative_clause_catches_up() {
    let tiers = [Tier::rate(0.into(), rate("2%"))];
    let rule = AmountRule::Tiered(Tiered {
        of: BaseMeasure::NetPurchases,
        base_tax: TaxBasis::Inclusive,
        method: TierMethod::Whole,
        table: TierTable::new(tiers, Boundary::ReachedAt).unwrap(),
        accumulate: Accumulation::Since(day("2025-01-01")),
        true_up: TrueUp::TwoWay,
    });
    let mut terms = rebate(rule);
    terms.clauses[0].evidence = EvidenceNeed::Required;
    let deliveries =
        [delivery("D1", "2025-01-15", "A1", 1, "1000.00"), delivery("D2", "2025-02-15", "A1", 1, "500.00")];
    let evidence = [proof("P", "2025-02")];
    let facts = Facts { deliveries: &deliveries, evidence: &evidence, ..Facts::default() };
    let first = run(terms.clone(), &facts, "2025-01", &[]);
    assert_eq!((first.totals().on_hold, first.totals().payment_deduct), (money("20"), money("0")));
    let second = run(terms, &facts, "2025-02", &[first]);
    assert_eq!((second.totals().on_hold, second.totals().payment_deduct), (money("0"), money("30")));
}

/// 1 % from 0, 3 % on everything from 10 000: at 9 000 there are 1 000 missing, and they are worth 210.
#[test]
fn the_statement_tells_the_cliff_ahead() {
    let tiered = |method, base_tax| {
        AmountRule::Tiered(Tiered {
            of: BaseMeasure::NetPurchases,
            base_tax,
            method,
            table: TierTable::new(
                [Tier::rate(0.into(), rate("1%")), Tier::rate(10_000.into(), rate("3%"))],
                Boundary::ReachedAt,
            )
            .unwrap(),
            accumulate: Accumulation::EachPeriod,
            true_up: TrueUp::TwoWay,
        })
    };
    let look = |rule, amount: &str| {
        let deliveries = [delivery("D1", "2025-01-15", "A1", 1, amount)];
        let statement =
            run(rebate(rule), &Facts { deliveries: &deliveries, ..Facts::default() }, "2025-01", &[]);
        let ahead = statement.outlook().first().cloned();
        ahead.map(|told| (told.threshold.to_string(), told.missing.to_string(), told.gain.to_amount_string()))
    };
    let told = |a: &str, b: &str, c: &str| Some((a.to_owned(), b.to_owned(), c.to_owned()));
    let (whole, inside) = (TierMethod::Whole, TaxBasis::Inclusive);
    assert_eq!(look(tiered(whole, inside), "9000"), told("10000", "CNY 1000.00", "210.00"));
    assert_eq!(look(tiered(TierMethod::Marginal, inside), "9000"), told("10000", "CNY 1000.00", "10.00"));
    assert_eq!(look(tiered(whole, inside), "10000"), None);
    // Without VAT 9 000 is 7 964.60…; what is missing is rounded up.
    assert_eq!(look(tiered(whole, TaxBasis::Exclusive), "9000"), told("10000", "CNY 2035.40", "220.35"));
}

/// Balances of 300 and 500 against 600 to pay: the older first, 200 are left for the next month; a debit uses nothing.
#[test]
fn advances_are_used_up_oldest_first() {
    let balance = |id: &str, on: &str, amount: &str| SideAmount {
        document: document(id),
        date: day(on),
        amount: money(amount),
    };
    let balances = [balance("B", "2024-12-20", "500"), balance("A", "2024-11-05", "300")];
    let deliveries = [delivery("D1", "2025-01-15", "A1", 1, "700")];
    let advances = [balance("C", "2025-01-03", "100")];
    let facts = Facts {
        deliveries: &deliveries,
        advances: &advances,
        opening_advances: &balances,
        ..Facts::default()
    };
    let first = run(terms(credit()), &facts, "2025-01", &[]);
    assert_eq!((first.totals().advances, first.totals().payment), (money("700"), money("0")));
    assert_eq!(first.advances_left(), [balance("B", "2024-12-20", "200")]);
    let left = first.advances_left().to_vec();
    let returns = [goods_return("R1", "2025-02-15", "A1", 1, "50")];
    let facts = Facts { returns: &returns, opening_advances: &left, ..Facts::default() };
    let second = run(terms(credit()), &facts, "2025-02", &[]);
    assert_eq!((second.totals().payment, second.advances_left()), (money("-50"), &left[..]));
    let wrong = [balance("B", "2024-12-20", "-1")];
    let facts = Facts { opening_advances: &wrong, ..Facts::default() };
    let error = settle(&Contract::new(terms(credit())).unwrap(), &facts, period("2025-01"), &[]).unwrap_err();
    assert_eq!(error.to_string(), "the balance of an advance must not be negative: CNY -1.00");
}

#[test]
fn rules_that_break_are_told() {
    let told = |terms: ContractTerms| -> Vec<String> {
        terms.validate().iter().map(|problem| problem.rule.to_string()).collect()
    };
    let each = Accumulation::EachPeriod;
    let units =
        growth(BaseMeasure::PurchasedQuantity, GrowthBy::Percent, GrowthBase::Total, year_table(), each);
    assert_eq!(told(rebate(units)), ["a rate cannot be measured on purchased_quantity"]);
    let mut wrong = free(FreeGoodsValue::Average, Accumulation::Since(day("2024-01-01")));
    if let AmountRule::FreeGoods(rule) = &mut wrong.clauses[0].rule {
        rule.buy = decimal("0");
    }
    assert_eq!(
        told(wrong),
        [
            "free goods need a multiple above zero, not 0",
            "free goods that accumulate need a price; an average belongs to one period",
            "accumulation since 2024-01-01 starts outside the contract 2025-01-01..2026-01-01",
        ]
    );
    let base = with(
        AmountRule::BaseStock(decimal("1")),
        ClauseKind::BaseStock,
        SettleMode::OnInvoice,
        TaxRule::Goods,
    );
    assert_eq!(
        told(base),
        [
            "base stock defers payment under credit terms: settle = \"payment_deduct\", tax = \"out_of_scope\", no stack, floor or cap"
        ]
    );
}
