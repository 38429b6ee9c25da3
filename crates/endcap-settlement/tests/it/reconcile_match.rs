//! Three-way match: published and agreed cases, laws, and an oracle in integers.

use std::collections::BTreeMap;

use endcap_settlement::reconcile::*;
use endcap_types::*;
use proptest::prelude::*;

use crate::support::*;

fn price(text: &str) -> Price {
    Price::new(decimal(text), Currency::CNY, Unit::Piece, TaxBasis::Exclusive).unwrap()
}

fn percent_of(text: &str) -> Rate {
    Rate::percent(decimal(text)).unwrap()
}

fn count(text: &str) -> Quantity {
    pieces(text.parse().unwrap())
}

/// Percent or money, whichever is more, in both directions.
fn band(percent: &str, absolute: &str) -> ToleranceBand {
    ToleranceBand::symmetric(Tolerance::greater_of(percent_of(percent), money(absolute)).unwrap())
}

#[test]
fn golden() {
    let mut reader = csv::Reader::from_reader(include_str!("../golden/three_way_match.csv").as_bytes());
    let rows: Vec<BTreeMap<String, String>> = reader.deserialize().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 15);
    for row in rows {
        let case = &row["case"];
        assert!(!row["source"].is_empty(), "{case}");
        let order = OrderLine { quantity: count(&row["ordered"]), price: price(&row["po_price"]) };
        let receipt = ReceiptLine { quantity: count(&row["received"]) };
        let printed = &row["invoice_amount"];
        let invoice = InvoiceLine {
            quantity: count(&row["invoiced"]),
            price: price(&row["invoice_price"]),
            amount: (!printed.is_empty()).then(|| money(printed)),
        };
        let rules = MatchRules {
            price: band(&row["price_tol_pct"], &row["abs_tol"]),
            quantity: band(&row["qty_tol_pct"], &row["abs_tol"]),
            value: band("0", &row["abs_tol"]),
            ..MatchRules::STRICT
        };
        let result = three_way_match(&order, &receipt, &invoice, &rules).unwrap();
        let status = match result.status {
            MatchStatus::Matched => "matched",
            MatchStatus::WithinTolerance => "within_tolerance",
            MatchStatus::Exception => "exception",
        };
        let told: Vec<String> =
            result.findings.iter().map(|f| format!("{}:{}", f.reason, f.value.to_amount_string())).collect();
        assert_eq!(status, row["expected_status"], "{case}");
        assert_eq!(told.join("|"), row["expected_findings"], "{case}");
        assert_eq!(result.billed_not_received, count(&row["expected_qty_var"]), "{case}");
        assert_eq!(result.payable.to_amount_string(), row["expected_payable"], "{case}");
        if case == "under-billed" {
            assert_eq!(result.received_not_billed, pieces(10));
        }
    }
}

#[test]
fn lesser_and_greater_of_percent_and_money() {
    // 10.00 against 10.40 on 100 pieces: 4 % and 40.00.
    let order = OrderLine { quantity: pieces(100), price: price("10") };
    let receipt = ReceiptLine { quantity: pieces(100) };
    let invoice = InvoiceLine { quantity: pieces(100), price: price("10.40"), amount: None };
    let status = |tolerance| {
        let rules = MatchRules { price: ToleranceBand::symmetric(tolerance), ..MatchRules::STRICT };
        three_way_match(&order, &receipt, &invoice, &rules).unwrap().status
    };
    let (five, three) = (percent_of("5"), percent_of("3"));
    assert_eq!(status(Tolerance::lesser_of(five, money("39.99")).unwrap()), MatchStatus::Exception);
    assert_eq!(status(Tolerance::lesser_of(five, money("40.00")).unwrap()), MatchStatus::WithinTolerance);
    assert_eq!(status(Tolerance::greater_of(three, money("40.00")).unwrap()), MatchStatus::WithinTolerance);
    assert_eq!(status(Tolerance::greater_of(three, money("39.99")).unwrap()), MatchStatus::Exception);
    assert_eq!(status(Tolerance::absolute(money("40.00")).unwrap()), MatchStatus::WithinTolerance);
    assert_eq!(status(Tolerance::NONE), MatchStatus::Exception);
}

#[test]
fn each_direction_has_its_own_tolerance() {
    let rules = MatchRules {
        price: ToleranceBand { over: Tolerance::NONE, under: Tolerance::percent(percent_of("100")).unwrap() },
        ..MatchRules::STRICT
    };
    let order = OrderLine { quantity: pieces(10), price: price("5") };
    let receipt = ReceiptLine { quantity: pieces(10) };
    let bill = |at| InvoiceLine { quantity: pieces(10), price: price(at), amount: None };
    let status = |at| three_way_match(&order, &receipt, &bill(at), &rules).unwrap().status;
    assert_eq!(status("4"), MatchStatus::WithinTolerance);
    assert_eq!(status("5.01"), MatchStatus::Exception);
}

#[test]
fn over_delivery_and_payable_policies() {
    let order = OrderLine { quantity: pieces(100), price: price("2") };
    let receipt = ReceiptLine { quantity: pieces(104) };
    let invoice = InvoiceLine { quantity: pieces(105), price: price("2.10"), amount: None };
    let result = |over_delivery, payable| {
        let wide = ToleranceBand::symmetric(Tolerance::percent(percent_of("5")).unwrap());
        let rules = MatchRules { price: wide, quantity: wide, over_delivery, payable, ..MatchRules::STRICT };
        let result = three_way_match(&order, &receipt, &invoice, &rules).unwrap();
        (result.status, result.payable.to_amount_string())
    };
    let (inside, beyond) = (MatchStatus::WithinTolerance, MatchStatus::Exception);
    let up_to = |text| OverDelivery::UpTo(Tolerance::percent(percent_of(text)).unwrap());
    use PayablePolicy::{BilledWithinTolerance, HoldOnException, OrderedAtMost, ReceivedAtLowerPrice};
    assert_eq!(result(up_to("4"), ReceivedAtLowerPrice), (inside, "208.00".into()));
    assert_eq!(result(up_to("3.9"), ReceivedAtLowerPrice), (beyond, "208.00".into()));
    assert_eq!(result(OverDelivery::Allow, OrderedAtMost), (inside, "200.00".into()));
    assert_eq!(result(OverDelivery::Allow, BilledWithinTolerance), (inside, "220.50".into()));
    assert_eq!(result(OverDelivery::Forbid, BilledWithinTolerance), (beyond, "208.00".into()));
    assert_eq!(result(OverDelivery::Allow, HoldOnException), (inside, "208.00".into()));
    assert_eq!(result(OverDelivery::Forbid, HoldOnException), (beyond, "0.00".into()));
}

#[test]
fn free_goods_differ_in_units_only() {
    // At a price of zero no money can differ, so the share of units decides.
    let order = OrderLine { quantity: pieces(100), price: price("0") };
    let receipt = ReceiptLine { quantity: pieces(90) };
    let invoice = InvoiceLine { quantity: pieces(90), price: price("0"), amount: None };
    let reason = |tolerance| {
        let rules = MatchRules { quantity: ToleranceBand::symmetric(tolerance), ..MatchRules::STRICT };
        three_way_match(&order, &receipt, &invoice, &rules).unwrap().primary.reason
    };
    assert_eq!(reason(Tolerance::NONE), MatchReason::ShortDelivery);
    assert_eq!(reason(Tolerance::percent(percent_of("9")).unwrap()), MatchReason::ShortDelivery);
    assert_eq!(reason(Tolerance::percent(percent_of("10")).unwrap()), MatchReason::WithinTolerance);
    assert_eq!(reason(Tolerance::absolute(money("0")).unwrap()), MatchReason::WithinTolerance);
}

fn cents(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

proptest! {
    #![proptest_config(crate::support::at_least(128))]

    /// The oracle: integers in cents, quantities whole, percent tolerances whole, written without the types above.
    #[test]
    fn match_agrees_with_integers(
        (ordered, received, invoiced) in (0_i64..12, 0_i64..12, 0_i64..12),
        (at_order, at_bill) in (1_i64..6, 1_i64..6),
        gap in prop_oneof![Just(0_i64), -3_i64..4],
        (price_pct, qty_pct) in (0_i64..60, 0_i64..60),
    ) {
        let order = OrderLine { quantity: pieces(ordered), price: price(&cents(at_order)) };
        let receipt = ReceiptLine { quantity: pieces(received) };
        let printed = (invoiced * at_bill + gap).max(0);
        let invoice = InvoiceLine {
            quantity: pieces(invoiced), price: price(&cents(at_bill)), amount: Some(money(&cents(printed))),
        };
        let wide = |percent: i64| {
            ToleranceBand::symmetric(Tolerance::percent(percent_of(&percent.to_string())).unwrap())
        };
        let mut rules =
            MatchRules { price: wide(price_pct), quantity: wide(qty_pct), ..MatchRules::STRICT };
        let result = three_way_match(&order, &receipt, &invoice, &rules).unwrap();

        let mut expected = Vec::new();
        if invoiced > 0 && received == 0 {
            expected.push((MatchReason::InvoicedNothingReceived, printed));
        } else if (invoiced - received) * 100 > qty_pct * received && invoiced > received {
            expected.push((MatchReason::BilledMoreThanReceived, (invoiced - received) * at_bill));
        }
        if received > ordered {
            expected.push((MatchReason::ReceivedMoreThanOrdered, (received - ordered) * at_order));
        }
        if (at_bill - at_order).abs() * invoiced * 100 > price_pct * at_order * invoiced {
            expected.push((MatchReason::PriceDiffers, (at_bill - at_order) * invoiced));
        }
        if (ordered - received) * 100 > qty_pct * ordered {
            expected.push((MatchReason::ShortDelivery, 0));
        }
        if printed != invoiced * at_bill {
            expected.push((MatchReason::ValueGap, printed - invoiced * at_bill));
        }
        let agreed = received.min(invoiced) * at_order.min(at_bill);
        let payable = agreed.min(printed);
        if expected.is_empty() {
            let same = ordered == received && received == invoiced && at_order == at_bill;
            let reason = if same { MatchReason::Matched } else { MatchReason::WithinTolerance };
            expected.push((reason, printed - payable));
        }
        let told: Vec<_> = result.findings.iter().map(|f| (f.reason, f.value.minor() as i64)).collect();
        prop_assert_eq!(&told, &expected);
        prop_assert_eq!(result.primary, result.findings[0]);
        prop_assert_eq!(result.payable.minor(), i128::from(payable));
        prop_assert_eq!(
            result.status == MatchStatus::Exception,
            !matches!(expected[0].0, MatchReason::Matched | MatchReason::WithinTolerance)
        );

        // Payable is never above the value of what is both received and billed, nor above the bill.
        for policy in [PayablePolicy::OrderedAtMost, PayablePolicy::HoldOnException] {
            rules.payable = policy;
            let paid = three_way_match(&order, &receipt, &invoice, &rules).unwrap().payable.minor();
            prop_assert!((0..=i128::from(payable)).contains(&paid));
        }
        rules.payable = PayablePolicy::BilledWithinTolerance;
        let paid = three_way_match(&order, &receipt, &invoice, &rules).unwrap().payable;
        let most = if result.status == MatchStatus::Exception { payable } else { printed };
        prop_assert_eq!(paid.minor(), i128::from(most));
    }
}
