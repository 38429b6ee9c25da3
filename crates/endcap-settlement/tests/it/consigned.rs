//! Consignment on other bases than layers: price at settlement, fee, mark-up, and sales that only the count tells.

use endcap_settlement::*;
use endcap_types::*;

use crate::support::*;

fn consigned(price_basis: PriceBasis, prices: Vec<SupplyPrice>) -> ContractTerms {
    let shrink = ShrinkBearer::Retailer;
    terms(Method::Consignment(Consignment { price_basis, prices, shrink, shrink_agreement: None }))
}

fn price(from: &str, amount: &str) -> SupplyPrice {
    SupplyPrice { sku: sku("A1"), from: day(from), price: decimal(amount), unit: Unit::Piece }
}

fn fee(text: &str, base_tax: TaxBasis, tax: TaxRule) -> PriceBasis {
    PriceBasis::TillLessFee(SalesFee { rate: rate(text), base_tax, settle: SettleMode::PaymentDeduct, tax })
}

fn january(terms: ContractTerms, facts: &Facts<'_>) -> Statement {
    let statement = settle(&Contract::new(terms).unwrap(), facts, period("2025-01"), &[]).unwrap();
    statement.trace().verify().unwrap();
    #[cfg(feature = "serde")]
    crate::oracle::reading::walk(&statement);
    statement
}

/// 10.00 until the 15th, 10.50 after: 4 sold before and 6 after are settled at 10.50 on the last day.
#[test]
fn price_at_settlement_is_the_price_of_the_last_day() {
    let prices = vec![price("2025-01-16", "10.50"), price("2025-01-01", "10.00")];
    let sales = [sale("S1", "2025-01-05", "A1", 4, "60.00"), sale("S2", "2025-01-20", "A1", 6, "90.00")];
    let deliveries = [delivery("D1", "2025-01-02", "A1", 12, "108.00")];
    let facts = Facts { sales: &sales, deliveries: &deliveries, ..Facts::default() };
    let statement = january(consigned(PriceBasis::PriceAtSettlement, prices.clone()), &facts);
    assert_eq!(statement.totals().goods, money("105.00"));
    assert_eq!(statement.stock().unwrap().closing_layers[0].remaining, pieces(2));
    let statement = january(consigned(PriceBasis::PriceAtSale, prices.clone()), &facts);
    assert_eq!(statement.totals().goods, money("103.00"));
    // What the count misses is worth the price of that day too.
    let counts = [StockCount { date: day("2025-01-31"), sku: sku("A1"), quantity: pieces(1) }];
    let facts = Facts { counts: &counts, ..facts };
    let statement = january(consigned(PriceBasis::PriceAtSettlement, prices), &facts);
    assert_eq!(statement.totals().goods, money("115.50"));
}

/// 420 sold at 150.00 with a fee of 20 %: 63 000 of goods, 12 600 of fee, 50 400 remitted; 330 stay in stock.
#[test]
fn commission_consignment_remits_the_till_less_a_fee() {
    let deliveries = [delivery("D1", "2025-01-02", "A1", 750, "76500.00")];
    let sales = [sale("S1", "2025-01-10", "A1", 420, "63000.00")];
    let facts = Facts { sales: &sales, deliveries: &deliveries, ..Facts::default() };
    let statement = january(consigned(fee("20%", TaxBasis::Inclusive, TaxRule::OutOfScope), vec![]), &facts);
    let totals = statement.totals();
    assert_eq!(
        (totals.goods, totals.payment_deduct, totals.payment),
        (money("63000"), money("12600"), money("50400"))
    );
    assert_eq!(statement.stock().unwrap().closing_layers[0].remaining, pieces(330));
    // 100 at 100.00 without VAT, fee 10 % of the amount without VAT: 11 300 less 1 000.
    let sales = [sale("S1", "2025-01-10", "A1", 100, "11300.00")];
    let facts = Facts { sales: &sales, ..facts };
    let statement = january(consigned(fee("10%", TaxBasis::Exclusive, TaxRule::OutOfScope), vec![]), &facts);
    assert_eq!(statement.totals().payment, money("10300.00"));
    let line = statement.lines_of(LineKind::Commission).next().unwrap();
    assert_eq!((line.rate, line.column), (Some(rate("10%")), Column::PaymentDeduct));
}

/// A mark-up of 25 % on the supply price: 125.00 at the till is 100.00 to the supplier; oversold stock is owed at nothing.
#[test]
fn markup_consignment_takes_the_markup_off() {
    let sales = [sale("S1", "2025-01-10", "A1", 3, "125.00"), sale("S2", "2025-01-11", "A1", -1, "-41.67")];
    let facts = Facts { sales: &sales, ..Facts::default() };
    let statement = january(consigned(PriceBasis::TillLessMarkup(rate("25%")), vec![]), &facts);
    assert_eq!(statement.totals().goods, money("66.66")); // 83.33 / 1.25 = 66.664
    let layer = &statement.stock().unwrap().closing_layers[0];
    assert_eq!((layer.remaining, layer.amount), (pieces(-2), money("0")));
}

/// 50 on hand and 100 delivered, 4 returned, 67 counted: 79 were sold, 76 of them reported; the other 3 are settled as
/// sales, and nothing is missing any more.
#[test]
fn what_the_count_implies_can_be_settled_as_sales() {
    let prices = vec![price("2025-01-01", "10.00")];
    let terms = consigned(PriceBasis::PriceAtSale, prices);
    let layer = Layer {
        document: document("D0"),
        date: day("2024-12-01"),
        sku: sku("A1"),
        delivered: pieces(50),
        amount: money("450"),
        remaining: pieces(50),
    };
    let deliveries = [delivery("D1", "2025-01-02", "A1", 100, "900.00")];
    let returns = [goods_return("R1", "2025-01-20", "A1", 4, "36.00")];
    let counts = [StockCount { date: day("2025-01-31"), sku: sku("A1"), quantity: pieces(67) }];
    let mut sales = vec![sale("S1", "2025-01-10", "A1", 76, "1500.00")];
    let layers = [layer];
    let run = |sales: &[Sale]| {
        let facts = Facts {
            opening_layers: &layers,
            deliveries: &deliveries,
            returns: &returns,
            counts: &counts,
            sales,
            ..Facts::default()
        };
        january(terms.clone(), &facts)
    };
    let first = run(&sales);
    let roll = &first.stock().unwrap().rolls[0];
    assert_eq!(
        (roll.implied_sales().unwrap(), roll.unreported().unwrap()),
        (Some(pieces(79)), Some(pieces(3)))
    );
    assert!(first.lines_of(LineKind::ShrinkCharge).count() > 0);
    let found = roll.unreported_sale(document("COUNT"), day("2025-01-31"), Currency::CNY).unwrap();
    sales.push(found.unwrap());
    let second = run(&sales);
    assert_eq!(second.lines_of(LineKind::ShrinkCharge).count(), 0);
    assert_eq!(second.totals().goods, money("790.00"));
    let roll = &second.stock().unwrap().rolls[0];
    assert!(roll.unreported_sale(document("COUNT"), day("2025-01-31"), Currency::CNY).unwrap().is_none());
}

/// 铺底 as a quantity: opening stock is not settled until it is sold or found missing.
#[test]
fn base_stock_as_a_quantity_is_plain_opening_stock() {
    let layer = Layer {
        document: document("BASE"),
        date: day("2024-06-01"),
        sku: sku("A1"),
        delivered: pieces(100),
        amount: money("1000"),
        remaining: pieces(100),
    };
    let counts = [StockCount { date: day("2025-01-31"), sku: sku("A1"), quantity: pieces(100) }];
    let layers = [layer];
    let facts = Facts { opening_layers: &layers, counts: &counts, ..Facts::default() };
    let statement = january(consigned(PriceBasis::PriceAtDelivery, vec![]), &facts);
    assert_eq!(statement.totals().payment, money("0"));
    // The store closes: a full count of nothing is a buy-out at supply price.
    let counts = [StockCount { date: day("2025-01-31"), sku: sku("A1"), quantity: pieces(0) }];
    let facts = Facts { counts: &counts, ..facts };
    let statement = january(consigned(PriceBasis::PriceAtDelivery, vec![]), &facts);
    assert_eq!(statement.totals().payment, money("1000"));
}

#[test]
fn fees_and_prices_are_checked() {
    let told =
        |terms: ContractTerms| -> Vec<String> { terms.validate().iter().map(ToString::to_string).collect() };
    assert_eq!(
        told(consigned(PriceBasis::PriceAtSettlement, vec![])),
        ["method.consignment.prices: price at sale or at settlement needs `prices`"]
    );
    let mut wrong = consigned(fee("101%", TaxBasis::Inclusive, TaxRule::Service), vec![]);
    wrong.service_vat = None;
    assert_eq!(
        told(wrong),
        [
            "method.consignment.price_basis: rate 101% is outside 0% to 100%",
            "method.consignment.price_basis: service VAT is used, but `service_vat` is not stated",
        ]
    );
}

/// Without a contract price, goods from another account are worth what the stock of their day was: 10.00 before the
/// delivery at 12.00 came; before any delivery, what the first one brings.
#[test]
fn a_transfer_is_worth_what_was_delivered_by_its_day() {
    let deliveries =
        [delivery("D1", "2025-01-02", "A1", 10, "100.00"), delivery("D2", "2025-01-20", "A1", 10, "120.00")];
    // All that was there by then is sold: the first delivery and the transfer, or everything.
    for (on, sold, expected) in
        [("2025-01-01", 15, "150.00"), ("2025-01-05", 15, "150.00"), ("2025-01-20", 25, "280.00")]
    {
        let movements = [Movement {
            document: document("M1"),
            date: day(on),
            sku: sku("A1"),
            kind: MovementKind::TransferIn,
            quantity: pieces(5),
        }];
        let sales = [sale("S1", "2025-01-31", "A1", sold, "0.00")];
        let facts =
            Facts { deliveries: &deliveries, movements: &movements, sales: &sales, ..Facts::default() };
        let statement = january(consigned(PriceBasis::PriceAtDelivery, vec![]), &facts);
        assert_eq!(statement.totals().goods, money(expected), "{on}");
    }
}
