//! Small months worked out by hand, one rule each.

use endcap_calendar::{Event, EventDates};
use endcap_settlement::*;
use endcap_types::*;

use crate::support::*;

fn january(terms: ContractTerms, facts: &Facts<'_>) -> Statement {
    settle(&Contract::new(terms).unwrap(), facts, period("2025-01"), &[]).unwrap()
}

/// The most specific rate wins: promotion, any promotion, SKU, brand, category, default.
#[test]
fn the_most_specific_rate_wins() {
    let promotion = |id: &str| PromotionId::new(id).unwrap();
    let ladder = [
        (RateTarget::Promotion(promotion("P1")), "11%"),
        (RateTarget::AnyPromotion, "12%"),
        (RateTarget::Sku(sku("A1")), "13%"),
        (RateTarget::Brand("Farm".to_owned()), "14%"),
        (RateTarget::Category(CategoryId::new("dairy").unwrap()), "15%"),
    ];
    let products = [Product {
        sku: sku("A1"),
        category: Some(CategoryId::new("dairy").unwrap()),
        brand: Some("Farm".to_owned()),
    }];
    let mut sold = sale("S1", "2025-01-10", "A1", 1, "100.00");
    sold.promotion = Some(promotion("P1"));
    // Take the rungs away one by one.
    for (rung, expected) in ["11.00", "12.00", "13.00", "14.00", "15.00", "22.00"].iter().enumerate() {
        let mut method = TurnoverDeduction::at(rate("22%"));
        let row = |(at, text): &(RateTarget, &str)| RateOverride { at: at.clone(), rate: rate(text) };
        method.overrides = ladder.iter().skip(rung).rev().map(row).collect();
        let sales = [sold.clone()];
        let facts = Facts { products: &products, sales: &sales, ..Facts::default() };
        let statement = january(terms(Method::TurnoverDeduction(method)), &facts);
        assert_eq!(statement.totals().invoice_deduct, money(expected));
    }
    // Another promotion has no rate of its own.
    let mut method = TurnoverDeduction::at(rate("22%"));
    method.overrides =
        ladder.iter().map(|(at, text)| RateOverride { at: at.clone(), rate: rate(text) }).collect();
    sold.promotion = Some(promotion("P2"));
    let facts = Facts { products: &products, sales: &[sold], ..Facts::default() };
    let statement = january(terms(Method::TurnoverDeduction(method)), &facts);
    assert_eq!(statement.totals().invoice_deduct, money("12.00"));
}

/// 22 % up to 10 000, 20 % above, on 15 000: 2 200 + 1 000.
#[test]
fn commission_by_tiers() {
    let mut method = TurnoverDeduction::at(rate("22%"));
    let tiers = [Tier::rate(0.into(), rate("22%")), Tier::rate(10_000.into(), rate("20%"))];
    let table = TierTable::new(tiers, Boundary::ReachedAt).unwrap();
    method.tiers = Some(CommissionTiers { method: TierMethod::Marginal, table });
    let sales = [sale("S1", "2025-01-10", "A1", 1, "9000.00"), sale("S2", "2025-01-11", "A1", 1, "6000.00")];
    let statement =
        january(terms(Method::TurnoverDeduction(method)), &Facts { sales: &sales, ..Facts::default() });
    assert_eq!(statement.totals().invoice_deduct, money("3200.00"));
}

/// 0.10 a piece to 500, 0.15 above, over two months: 40.00, then 500 × 0.10 + 300 × 0.15 − 40.00 = 55.00.
#[test]
fn cumulative_quantities() {
    let tiers = [Tier::per_unit(0.into(), decimal("0.10")), Tier::per_unit(500.into(), decimal("0.15"))];
    let rule = AmountRule::Tiered(Tiered {
        of: BaseMeasure::SoldQuantity,
        base_tax: TaxBasis::Inclusive,
        method: TierMethod::Marginal,
        table: TierTable::new(tiers, Boundary::ReachedAt).unwrap(),
        accumulate: Accumulation::Since(day("2025-01-01")),
        true_up: TrueUp::TwoWay,
    });
    let mut terms = terms(credit());
    terms.clauses.push(clause("Q", ClauseKind::Rebate, rule, SettleMode::PaymentDeduct, TaxRule::Service));
    let contract = Contract::new(terms).unwrap();
    let sales = [sale("S1", "2025-01-10", "A1", 400, "1.00"), sale("S2", "2025-02-10", "A1", 400, "1.00")];
    let facts = Facts { sales: &sales, ..Facts::default() };
    let first = settle(&contract, &facts, period("2025-01"), &[]).unwrap();
    let second = settle(&contract, &facts, period("2025-02"), std::slice::from_ref(&first)).unwrap();
    assert_eq!(first.totals().payment_deduct, money("40.00"));
    assert_eq!(second.totals().payment_deduct, money("55.00"));
    // A month in which nothing was sold pays nothing and breaks nothing.
    let third = settle(&contract, &facts, period("2025-03"), &[second, first]).unwrap();
    assert_eq!(third.totals().payment_deduct, money("0.00"));
}

/// A fee of 3 100 for 31 days, in force for 10: 1 000; its floor of 1 550 is 500 by days.
#[test]
fn proration_of_amounts_and_limits() {
    let run = |proration, floor: &str, cap: &str| {
        let rule = AmountRule::Fixed(decimal("3100.00"));
        let mut fee = clause("F", ClauseKind::Display, rule, SettleMode::Separate, TaxRule::Service);
        fee.valid = Some(period("2025-01-22..2025-06-01"));
        (fee.proration, fee.floor, fee.cap) = (proration, Some(decimal(floor)), Some(decimal(cap)));
        let mut terms = terms(credit());
        terms.clauses.push(fee);
        january(terms, &Facts::default()).totals().separate
    };
    assert_eq!(run(Proration::None, "0", "5000"), money("3100.00"));
    assert_eq!(run(Proration::Days, "0", "5000"), money("1000.00"));
    assert_eq!(run(Proration::Days, "1550", "5000"), money("1550.00"));
    assert_eq!(run(Proration::DaysWithLimits, "1550", "5000"), money("1000.00"));
    assert_eq!(run(Proration::Days, "0", "1550"), money("1000.00"));
    assert_eq!(run(Proration::DaysWithLimits, "0", "1550"), money("500.00"));
}

/// Three lines of 10.05 without VAT at 13 %: 3.93 line by line; 34.08 with VAT.
#[test]
fn amounts_without_tax() {
    let mut terms = terms(credit());
    (terms.amounts, terms.tax_site) = (TaxBasis::Exclusive, vat::TaxSite::PerLine);
    let rule = AmountRule::Percent(Percent {
        of: BaseMeasure::NetPurchases,
        rate: rate("10%"),
        base_tax: TaxBasis::Exclusive,
    });
    let mut rebate = clause("R", ClauseKind::Rebate, rule, SettleMode::InvoiceDeduct, TaxRule::Goods);
    rebate.amounts = TaxBasis::Exclusive;
    terms.clauses.push(rebate);
    let deliveries = ["D1", "D2", "D3"].map(|id| delivery(id, "2025-01-10", "A1", 1, "10.05"));
    let statement = january(terms, &Facts { deliveries: &deliveries, ..Facts::default() });
    let totals = statement.totals();
    assert_eq!(totals.goods, money("34.08"));
    // 10 % of 30.15 = 3.015, posted 3.02, with 0.39 VAT.
    assert_eq!(totals.invoice_deduct, money("3.41"));
    assert_eq!(totals.invoice_tax, money("3.54"));
}

/// Three lines of 11.36 with VAT at 13 %: 1.31 each, but 3.92 of the whole.
#[test]
fn where_the_tax_is_rounded() {
    let deliveries = ["D1", "D2", "D3"].map(|id| delivery(id, "2025-01-10", "A1", 1, "11.36"));
    let facts = Facts { deliveries: &deliveries, ..Facts::default() };
    let at = |site| {
        let mut terms = terms(credit());
        terms.tax_site = site;
        january(terms, &facts).totals().invoice_tax
    };
    assert_eq!(at(vat::TaxSite::PerLine), money("3.93"));
    assert_eq!(at(vat::TaxSite::PerRateGroup), money("3.92"));
    assert_eq!(at(vat::TaxSite::PerDocument), money("3.92"));
}

/// The closing layers of one month open the next; sold out, every delivery has been paid exactly once.
#[test]
fn consignment_over_two_months() {
    let method = Consignment {
        price_basis: PriceBasis::PriceAtDelivery,
        prices: vec![],
        shrink: ShrinkBearer::Retailer,
        shrink_agreement: None,
    };
    let contract = Contract::new(terms(Method::Consignment(method))).unwrap();
    let deliveries = [
        delivery("D1", "2025-01-02", "A1", 3, "10.00"),
        delivery("D2", "2025-01-20", "A1", 7, "30.00"),
        delivery("D3", "2025-02-03", "A1", 2, "9.99"),
    ];
    let sales = [sale("S1", "2025-01-25", "A1", 4, "60.00"), sale("S2", "2025-02-25", "A1", 8, "99.00")];
    // A count in the middle of the period closes nothing.
    let counts = [StockCount { date: day("2025-01-15"), sku: sku("A1"), quantity: pieces(1) }];
    let facts = Facts { deliveries: &deliveries, sales: &sales, counts: &counts, ..Facts::default() };
    let first = settle(&contract, &facts, period("2025-01"), &[]).unwrap();
    assert_eq!(first.totals().goods, money("14.29")); // 10.00 + 30.00 / 7
    let stock = first.stock().unwrap();
    assert_eq!((stock.rolls[0].counted, stock.closing_layers.len()), (None, 1));
    let opening = stock.closing_layers.clone();
    assert_eq!((opening[0].remaining, opening[0].delivered), (pieces(6), pieces(7)));
    let facts = Facts { opening_layers: &opening, ..facts };
    let second = settle(&contract, &facts, period("2025-02"), &[first]).unwrap();
    assert_eq!(second.totals().goods, money("35.70")); // 180.00 / 7 + 9.99
    assert!(second.stock().unwrap().closing_layers.is_empty());
}

/// The price of the day of sale, from the first day of the price on.
#[test]
fn price_at_sale_changes_on_its_day() {
    let price = |from: &str, amount: &str| SupplyPrice {
        sku: sku("A1"),
        from: day(from),
        price: decimal(amount),
        unit: Unit::Piece,
    };
    let method = Consignment {
        price_basis: PriceBasis::PriceAtSale,
        prices: vec![price("2025-01-16", "2.00"), price("2025-01-01", "1.00")],
        shrink: ShrinkBearer::Retailer,
        shrink_agreement: None,
    };
    let sales = [sale("S1", "2025-01-15", "A1", 1, "9.00"), sale("S2", "2025-01-16", "A1", 1, "9.00")];
    let statement = january(terms(Method::Consignment(method)), &Facts { sales: &sales, ..Facts::default() });
    assert_eq!(statement.totals().goods, money("3.00"));
    // Nothing was delivered: two pieces are owed to the stock, reported and carried.
    let stock = statement.stock().unwrap();
    assert_eq!(stock.rolls[0].expected_close().unwrap(), pieces(-2));
    assert_eq!(stock.closing_layers[0].remaining, pieces(-2));
}

/// Two contracts with complementary scopes settle each good once.
#[test]
fn a_mixed_account_settles_each_good_once() {
    let dairy = Selection { categories: [CategoryId::new("dairy").unwrap()].into(), ..Selection::default() };
    let product = |id: &str, category: &str| Product {
        sku: sku(id),
        category: Some(CategoryId::new(category).unwrap()),
        brand: None,
    };
    let products = [product("A1", "dairy"), product("B1", "care")];
    let catalogue = Catalogue::new(&products).unwrap();
    let (only, except) = (Scope::Only(dairy.clone()), Scope::Except(dairy));
    assert_eq!(only.first_overlap(&except, &catalogue).unwrap(), None);
    assert_eq!(only.first_overlap(&Scope::All, &catalogue).unwrap(), Some(&sku("A1")));
    let deliveries =
        [delivery("D1", "2025-01-02", "A1", 1, "100.00"), delivery("D1", "2025-01-02", "B1", 1, "20.00")];
    let facts = Facts { products: &products, deliveries: &deliveries, ..Facts::default() };
    let goods = |scope| {
        let mut terms = terms(credit());
        terms.scope = scope;
        january(terms, &facts).totals().goods
    };
    assert_eq!(
        (goods(only), goods(except), goods(Scope::All)),
        (money("100.00"), money("20.00"), money("120.00"))
    );
}

/// The due date waits for its event; the end of the supply period is known unless the facts say otherwise.
#[test]
fn due_dates() {
    let due = |text: &str, events: EventDates| {
        let mut terms = terms(credit());
        terms.payment_terms = text.parse().unwrap();
        january(terms, &Facts { events, ..Facts::default() }).due().clone()
    };
    let waiting = due("from(statement_confirmed);days(45)", EventDates::new());
    assert_eq!(waiting.to_string(), "pending: waiting for statement_confirmed");
    let known = due("from(end_of_supply_period);days(45)", EventDates::new());
    assert_eq!(known.date(), Some(day("2025-03-17")));
    let stated = EventDates::new().with(Event::EndOfSupplyPeriod, day("2025-01-25"));
    assert_eq!(due("from(end_of_supply_period);days(45)", stated).date(), Some(day("2025-03-11")));
}

/// Amounts in steps of 0.05: 33.333… % of 100 becomes 33.35; tax stays on the cent.
#[test]
fn rounding_in_steps() {
    let mut terms = terms(credit());
    let step = Money::parse("0.05", Currency::CNY).unwrap();
    terms.rounding = Rounding::new(RoundingMode::HalfAwayFromZero).with_step(&step).unwrap();
    let rule = percent(BaseMeasure::NetPurchases, "33.333%");
    terms.clauses.push(clause("R", ClauseKind::Rebate, rule, SettleMode::PaymentDeduct, TaxRule::Service));
    let deliveries = [delivery("D1", "2025-01-02", "A1", 1, "100.01")];
    let statement = january(terms, &Facts { deliveries: &deliveries, ..Facts::default() });
    let line = statement.lines().iter().find(|line| line.clause.is_some()).unwrap();
    assert_eq!((line.amount, line.tax), (money("33.35"), money("1.89")));
    // What the documents say is not rounded again.
    assert_eq!(statement.totals().goods, money("100.01"));
}

/// The contract begins in the middle of the period: only its days count.
#[test]
fn facts_before_the_contract_are_not_settled() {
    let mut terms = terms(credit());
    terms.valid = period("2025-01-10..2026-01-01");
    let deliveries = [
        delivery("D1", "2025-01-09", "A1", 1, "100.00"),
        delivery("D2", "2025-01-10", "A1", 1, "10.00"),
        delivery("D3", "2025-02-01", "A1", 1, "1.00"),
    ];
    let statement = january(terms, &Facts { deliveries: &deliveries, ..Facts::default() });
    assert_eq!(statement.totals().goods, money("10.00"));
}

/// Two statements that differ only in stock, or only in the due date, have different fingerprints.
#[test]
fn the_fingerprint_covers_stock_and_due_date() {
    let method = || {
        Method::Consignment(Consignment {
            price_basis: PriceBasis::PriceAtDelivery,
            prices: vec![],
            shrink: ShrinkBearer::Retailer,
            shrink_agreement: None,
        })
    };
    let run = |amount: &str, count: i64, confirmed: &str| {
        let mut terms = terms(method());
        terms.payment_terms = "from(statement_confirmed);days(45)".parse().unwrap();
        let deliveries = [delivery("D1", "2025-01-02", "A1", count, amount)];
        let events = EventDates::new().with(Event::StatementConfirmed, day(confirmed));
        let statement = january(terms, &Facts { deliveries: &deliveries, events, ..Facts::default() });
        assert!(statement.lines().is_empty());
        statement.fingerprint()
    };
    let base = run("10.00", 3, "2025-02-05");
    assert_eq!(base, run("10.00", 3, "2025-02-05"));
    assert_ne!(base, run("10.01", 3, "2025-02-05"));
    assert_ne!(base, run("10.00", 4, "2025-02-05"));
    assert_ne!(base, run("10.00", 3, "2025-02-06"));
    assert_eq!((base.len(), base.bytes().all(|b| b.is_ascii_hexdigit())), (64, true));
}
