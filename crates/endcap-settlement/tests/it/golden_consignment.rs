//! Consignment figures, row by row.

use std::collections::BTreeMap;

use endcap_settlement::*;
use endcap_types::*;

use crate::support::*;

type Pairs = BTreeMap<String, String>;

fn pairs(text: &str) -> Pairs {
    text.split(';')
        .filter_map(|pair| pair.split_once('='))
        .map(|(k, v)| (k.to_owned(), v.to_owned()))
        .collect()
}

fn consignment(price_basis: PriceBasis, price: Option<&str>) -> Consignment {
    let prices = price.map(|price| SupplyPrice {
        sku: sku("A1"),
        from: day("2025-01-01"),
        price: decimal(price),
        unit: Unit::Piece,
    });
    Consignment {
        price_basis,
        prices: prices.into_iter().collect(),
        shrink: ShrinkBearer::Retailer,
        shrink_agreement: None,
    }
}

fn whole(text: &str) -> i64 {
    text.parse().unwrap()
}

/// An opening layer of January.
fn layer(id: &str, count: i64, amount: &str) -> Layer {
    Layer {
        document: document(id),
        date: day("2024-12-01"),
        sku: sku("A1"),
        delivered: pieces(count),
        amount: money(amount),
        remaining: pieces(count),
    }
}

/// `qty@price|qty@price` as layers, oldest first.
fn layers(text: &str) -> Vec<Layer> {
    let parts = text.split('|').enumerate().map(|(index, part)| {
        let (count, price) = part.split_once('@').unwrap();
        let amount = money(price).checked_mul_int(whole(count)).unwrap();
        layer(&format!("L{index}"), whole(count), &amount.to_amount_string())
    });
    parts.collect()
}

/// Exact value of layers in cents of yuan.
fn stock_value(layers: &[Layer]) -> String {
    let mut value = Exact::ZERO;
    for layer in layers {
        let share = layer.remaining.to_exact().div(&layer.delivered.to_exact()).unwrap();
        value = value.add(layer.amount.exact().times(&share).unwrap().value()).unwrap();
    }
    Unrounded::new(value, Currency::CNY).round(&Rounding::HALF_AWAY).unwrap().to_amount_string()
}

fn january(terms: ContractTerms, facts: &Facts<'_>) -> Statement {
    settle(&Contract::new(terms).unwrap(), facts, period("2025-01"), &[]).unwrap()
}

#[test]
fn consignment_rows() {
    let mut tested: BTreeMap<String, i32> = BTreeMap::new();
    let mut reader = csv::Reader::from_reader(include_str!("../golden/consignment.csv").as_bytes());
    for row in reader.deserialize::<Pairs>() {
        let row = row.unwrap();
        assert!(!row["source"].is_empty());
        let (given, expected) = (pairs(&row["inputs"]), pairs(&row["expected"]));
        *tested.entry(row["topic"].clone()).or_insert(0) += 1;
        match row["topic"].as_str() {
            "roll_forward" | "implied_sales" => roll_forward(&row["case"], &given, &expected),
            "price_layers" => price_layers(&row["case"], &given, &expected),
            "remittance" => remittance(&given, &expected),
            "remittance_vat" => remittance_vat(&row["case"], &given, &expected),
            "withdrawal" => withdrawal(&given, &expected),
            "return" => refund(&given, &expected),
            "shrink" => shrink(&row["case"], &given, &expected),
            "price_change" => price_change(&row["case"], &given, &expected),
            "base_stock_credit" => base_stock(&row["case"], &given, &expected),
            "batch_held" => batch_held(&row["case"], &given, &expected),
            "deemed_sale" => deemed_sale(&row["case"], &given, &expected),
            other => panic!("{other}"),
        }
    }
    let counts: Vec<(&str, i32)> = tested.iter().map(|(topic, count)| (topic.as_str(), *count)).collect();
    let expected = [
        ("base_stock_credit", 3),
        ("batch_held", 2),
        ("deemed_sale", 3),
        ("implied_sales", 1),
        ("price_change", 2),
        ("price_layers", 5),
        ("remittance", 1),
        ("remittance_vat", 2),
        ("return", 1),
        ("roll_forward", 4),
        ("shrink", 4),
        ("withdrawal", 1),
    ];
    assert_eq!(counts, expected);
}

fn roll_forward(case: &str, given: &Pairs, expected: &Pairs) {
    let number = |key: &str| given.get(key).map_or(0, |text| whole(text));
    let opening = [layer("L0", number("open"), &format!("{}", number("open") * 10))];
    let opening: &[Layer] = if number("open") == 0 { &[] } else { &opening };
    let brought = number("deliveries");
    let deliveries = [delivery("D1", "2025-01-03", "A1", brought, &format!("{}", brought * 10))];
    let deliveries: &[Delivery] = if brought == 0 { &[] } else { &deliveries };
    let returned = number("returns_to_supplier");
    let returns = [goods_return("R1", "2025-01-20", "A1", returned, &format!("{}", returned * 10))];
    let reported = number("sales") + number("reported");
    let back = number("customer_returns");
    let sales = [
        sale("S1", "2025-01-10", "A1", reported, &format!("{}", reported * 15)),
        sale("S2", "2025-01-11", "A1", -back, &format!("{}", back * -15)),
    ];
    let movement = |kind, key: &str| Movement {
        document: document(key),
        date: day("2025-01-15"),
        sku: sku("A1"),
        kind,
        quantity: pieces(number(key)),
    };
    let movements = [
        movement(MovementKind::TransferIn, "transfers_in"),
        movement(MovementKind::TransferOut, "transfers_out"),
        movement(MovementKind::Destroyed, "destroyed"),
        movement(MovementKind::Sample, "samples"),
        movement(MovementKind::AgreedShrink, "agreed_shrink"),
    ];
    let counted = given.get("counted").map(|text| StockCount {
        date: day("2025-01-31"),
        sku: sku("A1"),
        quantity: pieces(whole(text)),
    });
    let counts: Vec<StockCount> = counted.into_iter().collect();
    let facts = Facts {
        opening_layers: opening,
        deliveries,
        returns: &returns,
        sales: &sales,
        movements: &movements,
        counts: &counts,
        ..Facts::default()
    };
    let method = consignment(PriceBasis::PriceAtDelivery, Some("10"));
    let statement = january(terms(Method::Consignment(method)), &facts);
    let stock = statement.stock().unwrap();
    let roll = &stock.rolls[0];
    for (key, value) in expected {
        let told = match key.as_str() {
            "expected_close" => Some(roll.expected_close().unwrap()),
            "variance" => roll.variance().unwrap(),
            "implied" => roll.implied_sales().unwrap(),
            "unreported" => roll.unreported().unwrap(),
            other => panic!("{other}"),
        };
        assert_eq!(told, Some(pieces(whole(value))), "{case} {key}");
    }
}

fn price_layers(case: &str, given: &Pairs, expected: &Pairs) {
    let basis = match given["basis"].as_str() {
        "fifo" => PriceBasis::PriceAtDelivery,
        "price_at_sale" => PriceBasis::PriceAtSale,
        "average" => PriceBasis::AverageOfPeriod,
        other => panic!("{other}"),
    };
    let price = Some(given["current_price"].as_str()).filter(|price| !price.is_empty());
    let opening = layers(&given["layers"]);
    let sales = [sale("S1", "2025-01-10", "A1", whole(&given["sold"]), "9999.00")];
    let facts = Facts { opening_layers: &opening, sales: &sales, ..Facts::default() };
    let statement = january(terms(Method::Consignment(consignment(basis, price))), &facts);
    assert_eq!(statement.totals().goods, money(&expected["amount"]), "{case}");
    let closing = &statement.stock().unwrap().closing_layers;
    assert_eq!(stock_value(closing), expected["stock_value"], "{case}");
}

/// 收取手续费: retail price settled, commission off the payment, stock at landed cost.
fn remittance(given: &Pairs, expected: &Pairs) {
    let shipped = whole(&given["shipped"]);
    let landed = money(&given["unit_cost"]).checked_mul_int(shipped).unwrap();
    let landed = landed.checked_add(&money(&given["freight"])).unwrap();
    let opening = [layer("L0", shipped, &landed.to_amount_string())];
    let sales = [sale("S1", "2025-01-10", "A1", whole(&given["sold"]), "0")];
    let mut terms = terms(Method::Consignment(consignment(PriceBasis::PriceAtSale, Some(&given["price"]))));
    let rule = percent(BaseMeasure::Goods, &format!("{}%", given["commission_pct"]));
    terms.clauses.push(clause(
        "fee",
        ClauseKind::Other,
        rule,
        SettleMode::PaymentDeduct,
        TaxRule::OutOfScope,
    ));
    let facts = Facts { opening_layers: &opening, sales: &sales, ..Facts::default() };
    let statement = january(terms, &facts);
    let totals = statement.totals();
    assert_eq!(
        landed.exact().divided_by_int(shipped.into()).unwrap().to_fixed(2, RoundingMode::Down),
        expected["unit_cost_landed"]
    );
    assert_eq!(totals.goods, money(&expected["gross"]));
    assert_eq!(totals.payment_deduct, money(&expected["commission"]));
    assert_eq!(totals.payment, money(&expected["remit"]));
    let closing = stock_value(&statement.stock().unwrap().closing_layers);
    assert_eq!(closing, expected["closing_stock"]);
    let cost = landed.checked_sub(&money(&closing)).unwrap();
    assert_eq!(totals.payment.checked_sub(&cost).unwrap(), money(&expected["profit"]));
}

/// Prices without VAT, the fee on the net amount.
fn remittance_vat(case: &str, given: &Pairs, expected: &Pairs) {
    let method = consignment(PriceBasis::PriceAtSale, Some(&given["price_net"]));
    let mut terms = terms(Method::Consignment(method));
    terms.goods_vat = rate(&format!("{}%", given["vat_pct"]));
    terms.amounts = TaxBasis::Exclusive;
    terms.tax_site = vat::TaxSite::PerLine;
    let fee = Percent {
        of: BaseMeasure::Goods,
        rate: rate(&format!("{}%", given["fee_pct"])),
        base_tax: TaxBasis::Exclusive,
    };
    let rule = AmountRule::Percent(fee);
    terms.clauses.push(clause(
        "fee",
        ClauseKind::Other,
        rule,
        SettleMode::PaymentDeduct,
        TaxRule::OutOfScope,
    ));
    let opening = [layer("L0", 1000, "50000")];
    let sales = [sale("S1", "2025-01-10", "A1", whole(&given["qty"]), "0")];
    let facts = Facts { opening_layers: &opening, sales: &sales, ..Facts::default() };
    let statement = january(terms, &facts);
    assert_eq!(statement.totals().invoice, money(&expected["invoice"]), "{case}");
    assert_eq!(statement.totals().payment_deduct, money(&expected["fee"]), "{case}");
    assert_eq!(statement.totals().payment, money(&expected["remit"]), "{case}");
}

/// The withdrawal creates the liability, at the price on record.
fn withdrawal(given: &Pairs, expected: &Pairs) {
    let currency = Currency::from_code(&given["currency"]).unwrap();
    let mut terms = terms(Method::Consignment(consignment(PriceBasis::PriceAtSale, Some(&given["price"]))));
    terms.currency = currency;
    let usd = |text: &str| Money::parse(text, currency).unwrap();
    let opening = [Layer { amount: usd("10.00"), ..layer("L0", 10, "0") }];
    let sales = [Sale { amount: usd("3.00"), ..sale("S1", "2025-01-10", "A1", whole(&given["qty"]), "0") }];
    let facts = Facts { opening_layers: &opening, sales: &sales, ..Facts::default() };
    assert_eq!(january(terms, &facts).totals().goods, usd(&expected["liability"]));
}

/// Returned after it was settled: back at the settled price, not at today's.
fn refund(given: &Pairs, expected: &Pairs) {
    for basis in [PriceBasis::PriceAtSale, PriceBasis::PriceAtDelivery] {
        let mut back = sale("S1", "2025-01-10", "A1", -whole(&given["returned"]), "-200.00");
        back.original.supply_price = Some(decimal(&given["price_settled"]));
        let sales = [back];
        let facts = Facts { sales: &sales, ..Facts::default() };
        let method = consignment(basis, Some(&given["price_now"]));
        let statement = january(terms(Method::Consignment(method)), &facts);
        assert_eq!(statement.totals().goods, money(&expected["amount"]));
        let stock = statement.stock().unwrap();
        assert_eq!(stock.closing_layers[0].remaining, pieces(whole(&given["returned"])));
        assert_eq!(stock_value(&stock.closing_layers), "105.00");
    }
}

/// Sales of 100 000 and a loss at a price of 1 a piece.
fn shrink(case: &str, given: &Pairs, expected: &Pairs) {
    let (sold, lost) = (whole(&given["sales"]), whole(&given["loss"]));
    let mut method = consignment(PriceBasis::PriceAtDelivery, None);
    method.shrink_agreement = Some(document("AGR-1"));
    let percent_of = |key: &str| rate(&format!("{}%", given[key]));
    method.shrink = match given["bearer"].as_str() {
        "retailer" => ShrinkBearer::Retailer,
        "shared" => ShrinkBearer::Shared(percent_of("supplier_pct")),
        "retailer_above_allowance" => {
            ShrinkBearer::RetailerAboveAllowance(percent_of("allowance_pct_of_sales"))
        }
        other => panic!("{other}"),
    };
    let opening = [layer("L0", sold + 5000, &format!("{}", sold + 5000))];
    let sales = [sale("S1", "2025-01-10", "A1", sold, "150000")];
    let counts = [StockCount { date: day("2025-01-31"), sku: sku("A1"), quantity: pieces(5000 - lost) }];
    let facts = Facts { opening_layers: &opening, sales: &sales, counts: &counts, ..Facts::default() };
    let statement = january(terms(Method::Consignment(method)), &facts);
    let line = statement.lines_of(LineKind::ShrinkCharge).next().unwrap();
    assert_eq!(line.amount, money(&expected["retailer"]), "{case}");
    let loss = money(&given["loss"]);
    assert_eq!(loss.checked_sub(&line.amount).unwrap(), money(&expected["supplier"]), "{case}");
    assert_eq!(line.basis, Some(Basis::Amount(loss)), "{case}");
    assert_eq!(
        stock_value(&statement.stock().unwrap().closing_layers),
        format!("{}.00", 5000 - lost),
        "{case}"
    );
}

fn price_change(case: &str, given: &Pairs, expected: &Pairs) {
    let price = |key: &str| Price::new(decimal(&given[key]), Currency::CNY, Unit::Piece, TaxBasis::Inclusive);
    let cut = PriceCut {
        old: price("old").unwrap(),
        new: price("new").unwrap(),
        on_hand: pieces(whole(&given["on_hand"])),
    };
    let terms = match given["terms"].as_str() {
        "sale_or_return" => StockTerms::SaleOrReturn,
        "pure_consignment" => StockTerms::PureConsignment,
        other => panic!("{other}"),
    };
    assert_eq!(cut.credit(terms, &Rounding::HALF_AWAY).unwrap(), money(&expected["credit"]), "{case}");
    // A rise is no credit.
    let rise = PriceCut { old: cut.new, new: cut.old, ..cut };
    assert!(rise.credit(terms, &Rounding::HALF_AWAY).unwrap().is_zero(), "{case}");
}

fn base_stock(case: &str, given: &Pairs, expected: &Pairs) {
    let event = |text: &str| match text.split_once(':').unwrap() {
        ("deliver", amount) => BaseStockEvent::Delivered(money(amount)),
        ("return", amount) => BaseStockEvent::Returned(money(amount)),
        ("terminate", _) => BaseStockEvent::Terminated,
        other => panic!("{other:?}"),
    };
    let events: Vec<BaseStockEvent> = given["events"].split('|').map(event).collect();
    let payables = base_stock_payables(money(&given["base"]), &events).unwrap();
    let told: Vec<String> = payables.iter().map(Money::to_amount_string).collect();
    assert_eq!(told.join("|"), expected["payable"], "{case}");
}

fn batch_held(case: &str, given: &Pairs, expected: &Pairs) {
    use endcap_calendar::{BatchHeld, BusinessCalendar, Trade};
    let lag = format!("days({})", given["lag_days"]).parse().unwrap();
    let terms = BatchHeld::new(given["k"].parse().unwrap(), lag).unwrap();
    let receipts: Vec<_> = given["receipts"].split('|').map(day).collect();
    let ended = Trade::Terminated(day(&given["termination"]));
    let dues = terms.due_dates(&receipts, ended, &BusinessCalendar::weekends()).unwrap();
    let told: Vec<String> = dues.iter().map(|due| due.date().unwrap().to_string()).collect();
    assert_eq!(told.join("|"), expected["due"], "{case}");
}

/// What was listed or paid is no longer in its layer.
fn deemed_sale(case: &str, given: &Pairs, expected: &Pairs) {
    let (dispatched, as_of) = (day(&given["dispatched"]), day(&given["as_of"]));
    let rule = DeemedSaleRule { days: given["limit_days"].parse().unwrap() };
    assert_eq!(rule, DeemedSaleRule::CHINA);
    let open = if given["settled"] == "true" { 0 } else { 40 };
    let found = rule
        .findings(&[Layer { date: dispatched, remaining: pieces(open), ..layer("L", 100, "1000") }], as_of);
    assert_eq!(DeemedSaleRule::age_days(dispatched, as_of).to_string(), expected["age_days"], "{case}");
    assert_eq!((!found.is_empty()).to_string(), expected["deemed"], "{case}");
    assert!(found.iter().all(|found| found.quantity == pieces(40) && found.dispatched == dispatched));
}
