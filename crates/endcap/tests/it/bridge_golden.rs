//! Worked months and the side each kind of fee falls on, from golden files.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use endcap::bridge::{CashReceipt, Codes, Goods, Title, goods_entry, receipt_entry};
use endcap::calendar::{Event, EventDates};
use endcap::ledger::{At, Due, Ledger};
use endcap::settlement::*;
use endcap::types::*;

use crate::kit::*;

fn fixed(amount: &str) -> AmountRule {
    AmountRule::Fixed(decimal(amount))
}

/// A fee of so much without VAT, taken off the payment.
fn fee(id: &str, kind: ClauseKind, amount: &str, tax: TaxRule) -> Clause {
    let clause = clause(id, kind, fixed(amount), SettleMode::PaymentDeduct, tax);
    Clause { amounts: TaxBasis::Exclusive, ..clause }
}

fn settled(terms: &ContractTerms, facts: &Facts<'_>, month: &str) -> Statement {
    settle(&Contract::new(terms.clone()).unwrap(), facts, period(month), &[]).unwrap()
}

/// The line kinds of a golden word, and a month in which 106.00 with 6 % VAT of it is taken off the payment.
fn month_of(word: &str) -> Statement {
    let mut method = TurnoverDeduction::at(rate("10.6%"));
    (method.settle, method.tax) = (SettleMode::PaymentDeduct, TaxRule::Service);
    let sales = [sale("S", day("2025-01-10"), 1, money("1000.00"))];
    let turnover = Facts { sales: &sales, ..Facts::default() };
    match word {
        "commission" => settled(&terms(Method::TurnoverDeduction(method)), &turnover, "2025-01"),
        "top_up" => {
            method.rate = Rate::ZERO;
            method.guarantee = Some(Guarantee {
                amount: decimal("2000.00"),
                cycle: endcap::calendar::Grain::Month,
                algorithm: GuaranteeAlgorithm::PerPeriod,
                rate: rate("10.6%"),
                measure: GuaranteeMeasure::Turnover,
                top_up_on: TopUpBase::Shortfall,
                true_up: TrueUp::TwoWay,
                promotion_sales: PromotionSales::Count,
                overage: None,
            });
            settled(&terms(Method::TurnoverDeduction(method)), &turnover, "2025-01")
        }
        "rent" => {
            method.rate = Rate::ZERO;
            method.occupancy = Some(Occupancy { rent: decimal("106.00"), mode: OccupancyMode::Sum });
            settled(&terms(Method::TurnoverDeduction(method)), &turnover, "2025-01")
        }
        _ => {
            let kind = ClauseKind::ALL.iter().find(|kind| kind.word() == word);
            let kind = *kind.unwrap_or_else(|| panic!("no kind {word}"));
            let mut terms = terms(credit());
            terms.clauses = vec![fee("K", kind, "100.00", TaxRule::Service)];
            settled(&terms, &Facts::default(), "2025-01")
        }
    }
}

#[test]
fn every_kind_is_borne_where_the_table_says() {
    let rows = rows(include_str!("../golden/bearing.csv"));
    for row in &rows {
        let [kind, bears, vat, side] = [0, 1, 2, 3].map(|n| row[n].as_str());
        let mut ledger = ledger();
        let statement = month_of(kind);
        assert_eq!(statement.totals().payment_deduct, money("106.00"), "{kind}");
        post_statement(&mut ledger, &statement);
        assert_eq!(balance(&ledger, bears), money("100.00"), "{kind} is borne by {bears}");
        let invoiced = if vat == "2221.01" { statement.totals().invoice_tax } else { fen(0) };
        assert_eq!(
            balance(&ledger, vat).checked_add(&invoiced).unwrap(),
            money("6.00"),
            "VAT of {kind} goes to {vat}"
        );
        assert_eq!(side, if bears.starts_with("6001") { "revenue" } else { "expense" }, "{kind}");
    }
    for kind in ClauseKind::ALL {
        assert!(rows.iter().any(|row| row[0] == kind.word()), "{kind} has no row");
    }
}

#[test]
fn a_fee_is_an_expense_as_far_as_it_buys_a_service() {
    let mut codes = Codes::default();
    codes.overrides.insert(LineKind::Clause(ClauseKind::Other), "6001.02".to_owned());
    for row in rows(include_str!("../golden/fee_treatment.csv")) {
        let [case, distinct, other, expense, reduction] = [0, 1, 2, 3, 4].map(|n| row[n].as_str());
        let mut terms = terms(credit());
        terms.clauses = vec![
            fee("SERVICE", ClauseKind::Display, distinct, TaxRule::Service),
            fee("REST", ClauseKind::Other, other, TaxRule::Service),
        ];
        let statement = settled(&terms, &Facts::default(), "2025-01");
        let mut ledger = ledger();
        for draft in endcap::bridge::statement_entries(&statement, &codes, recorded()).unwrap() {
            ledger.post(&draft).unwrap();
        }
        let sum = |prefix: &str| -> i128 {
            let trial = ledger.trial_balance(recorded()).unwrap();
            trial.rows.iter().filter(|row| row.code.starts_with(prefix)).map(|row| row.closing.minor()).sum()
        };
        assert_eq!(sum("6601"), money(expense).minor(), "{case}");
        assert_eq!(sum("6001"), money(reduction).minor(), "{case}");
    }
}

/// A month's goods of one article at a cost of 60.
fn move_goods(ledger: &mut Ledger, title: Title, on: &str, [delivered, sold, returned, variance]: [i64; 4]) {
    let goods = [Goods {
        sku: sku("A1"),
        title,
        unit_cost: Some(money("60.00")),
        opening: 0,
        delivered,
        sold,
        returned,
        variance,
    }];
    let named = (document(&format!("GOODS-{on}")), day(on), recorded());
    ledger.post(&goods_entry(&account(), &goods, named, &Codes::default()).unwrap()).unwrap();
}

fn receive(ledger: &mut Ledger, id: &str, on: &str, amount: &str, reference: &Statement) {
    let receipt = CashReceipt {
        document: document(id),
        account: account(),
        date: day(on),
        amount: money(amount),
        reference: Some(document(reference.id().as_str())),
    };
    ledger.post(&receipt_entry(&receipt, &Codes::default(), recorded()).unwrap()).unwrap();
}

/// 代销实结: 100 pieces sent out, 60 sold, a commission by invoice, then two lost and ten back.
fn case_a() -> Ledger {
    let mut terms = terms(Method::Consignment(Consignment {
        price_basis: PriceBasis::PriceAtSale,
        prices: vec![SupplyPrice {
            sku: sku("A1"),
            from: day("2025-01-01"),
            price: decimal("113.00"),
            unit: Unit::Piece,
        }],
        shrink: ShrinkBearer::Retailer,
        shrink_agreement: None,
    }));
    let rule = AmountRule::Percent(Percent {
        of: BaseMeasure::Goods,
        rate: rate("10%"),
        base_tax: TaxBasis::Exclusive,
    });
    let commission = clause("COM", ClauseKind::Other, rule, SettleMode::PaymentDeduct, TaxRule::Service);
    terms.clauses = vec![Clause { amounts: TaxBasis::Exclusive, ..commission }];
    let layers = [Layer {
        document: document("OUT-1"),
        date: day("2025-03-01"),
        sku: sku("A1"),
        delivered: Quantity::pieces(100).unwrap(),
        amount: money("11300.00"),
        remaining: Quantity::pieces(100).unwrap(),
    }];
    let sales = [sale("LIST-1", day("2025-03-31"), 60, money("9000.00"))];
    let facts = Facts { opening_layers: &layers, sales: &sales, ..Facts::default() };
    let statement = settled(&terms, &facts, "2025-03");

    let mut ledger = ledger();
    move_goods(&mut ledger, Title::OnSale, "2025-03-31", [100, 60, 0, 0]);
    post_statement(&mut ledger, &statement);
    move_goods(&mut ledger, Title::OnSale, "2025-04-10", [0, 0, 10, -2]);
    receive(&mut ledger, "BANK-A", "2025-04-20", "6144.00", &statement);
    ledger
}

/// 赊销账期: an invoice, a fee and a return, a short payment and a rebate.
fn case_b() -> Ledger {
    let mut ledger = ledger();
    let mut terms = terms(credit());
    terms.payment_terms = "from(delivery);days(60)".parse().unwrap();
    let deliveries = [delivery("D-1", day("2025-01-10"), money("11300.00"))];
    let events = EventDates::new().with(Event::Delivery, day("2025-01-10"));
    let january = settled(&terms, &Facts { deliveries: &deliveries, events, ..Facts::default() }, "2025-01");
    move_goods(&mut ledger, Title::OnDelivery, "2025-01-10", [100, 0, 0, 0]);
    post_statement(&mut ledger, &january);
    let items = ledger.open_items("1122", &account(), Currency::CNY, recorded()).unwrap();
    assert_eq!(items[0].due, Due::On(day("2025-03-11")));

    terms.clauses = vec![
        fee("DISPLAY", ClauseKind::Display, "400.00", TaxRule::Service),
        fee("ABOVE", ClauseKind::Other, "100.00", TaxRule::Service),
    ];
    let returns = [goods_return("R-1", day("2025-02-20"), money("565.00"))];
    let february = settled(&terms, &Facts { returns: &returns, ..Facts::default() }, "2025-02");
    let mut codes = Codes::default();
    codes.overrides.insert(LineKind::Clause(ClauseKind::Other), "6001.02".to_owned());
    move_goods(&mut ledger, Title::OnDelivery, "2025-02-20", [0, 0, 5, 0]);
    for draft in endcap::bridge::statement_entries(&february, &codes, recorded()).unwrap() {
        ledger.post(&draft).unwrap();
    }

    terms.clauses = vec![fee("REBATE", ClauseKind::Rebate, "285.00", TaxRule::Goods)];
    let march = settled(&terms, &Facts::default(), "2025-03");
    receive(&mut ledger, "BANK-B", "2025-03-11", "9500.00", &january);
    post_statement(&mut ledger, &march);
    ledger
}

#[test]
fn worked_months_end_on_their_balances() {
    let ledgers = BTreeMap::from([("A", case_a()), ("B", case_b())]);
    let rows = rows(include_str!("../golden/worked_accounts.csv"));
    assert_eq!(rows.len(), 31);
    for row in rows {
        let [case, as_of, code, expected] = [0, 1, 2, 3].map(|n| row[n].as_str());
        let at = At::EndOf(NaiveDate::parse_from_str(as_of, "%Y-%m-%d").unwrap());
        let actual = ledgers[case].balance(code, Currency::CNY, at).unwrap();
        assert_eq!(actual, money(expected), "{case} {as_of} {code}");
    }
    for ledger in ledgers.values() {
        assert!(ledger.audit().is_clean());
        assert!(ledger.trial_balance(recorded()).unwrap().is_balanced());
    }
}

/// 流水倒扣: off the invoice or by an invoice of the chain, the cash and the profit before VAT differences are the same.
#[test]
fn net_and_gross_presentation_give_the_same_cash() {
    let mut net = TurnoverDeduction::at(rate("22%"));
    let mut gross = net.clone();
    (gross.settle, gross.tax) = (SettleMode::PaymentDeduct, TaxRule::Service);
    net.settle = SettleMode::InvoiceDeduct;
    let sales = [sale("S", day("2025-06-10"), 40, money("8000.00"))];
    let facts = Facts { sales: &sales, ..Facts::default() };
    let cash = [net, gross].map(|method| {
        let statement = settled(&terms(Method::TurnoverDeduction(method)), &facts, "2025-06");
        let mut ledger = ledger();
        post_statement(&mut ledger, &statement);
        assert_eq!(balance(&ledger, "1122"), money("6240.00"));
        receive(&mut ledger, "BANK", "2025-08-01", "6240.00", &statement);
        assert_eq!(ledger.open_items("1122", &account(), Currency::CNY, recorded()).unwrap(), []);
        (balance(&ledger, "1002"), balance(&ledger, "6601.02"), balance(&ledger, "2221.02"))
    });
    // 1,760.00 is 1,557.52 + 13 % off the invoice, or 1,660.38 + 6 % by service invoice.
    assert_eq!(cash[0], (money("6240.00"), money("1557.52"), money("0.00")));
    assert_eq!(cash[1], (money("6240.00"), money("1660.38"), money("99.62")));
}
