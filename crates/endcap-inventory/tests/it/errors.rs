//! One test per variant of `InventoryError`, with its message.

use chrono::NaiveDate;
use endcap_calendar::Period;
use endcap_inventory::*;
use endcap_types::{Currency, Money};
use rust_decimal::Decimal;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn says(error: InventoryError, message: &str) {
    assert_eq!(error.to_string(), message);
}

/// One row with a forecast of ten pieces and five on hand.
fn one_row<'a>() -> OrderColumns<'a> {
    OrderColumns::new(&[5], Demand::Forecast(Column::Same(10)))
}

fn refused(columns: &OrderColumns<'_>) -> InventoryError {
    suggest_all(columns, &OrderOptions::default()).unwrap_err()
}

#[test]
fn negative_input() {
    let flows = Flows { sales: -1, ..Flows::default() };
    says(roll_forward(0, &flows, None).unwrap_err(), "movement, row 0: -1 is negative");
    says(roll_forward(0, &Flows::default(), Some(-2)).unwrap_err(), "counted, row 0: -2 is negative");
    let columns = OrderColumns { in_transit: Column::Same(-3), ..one_row() };
    says(refused(&columns), "in transit, row 0: -3 is negative");
    says(cover_backward(-4, 1, 1).unwrap_err(), "on hand, row 0: -4 is negative");
    let mut state = RollState::new(1);
    let kinds = [MoveKind::Adjustment, MoveKind::Sale];
    says(state.accumulate(&[0, 0], &kinds, &[-5, -6]).unwrap_err(), "movement, row 1: -6 is negative");
}

#[test]
fn not_positive() {
    let columns = OrderColumns { case_pack: Column::Same(0), ..one_row() };
    says(refused(&columns), "case pack, row 0: 0 is not at least 1");
    says(cover_backward(1, 1, 0).unwrap_err(), "days, row 0: 0 is not at least 1");
    says(turns_in_pieces(1, &[1], 0).unwrap_err(), "days, row 0: 0 is not at least 1");
}

#[test]
fn above_limit() {
    let columns = OrderColumns { backorder: Column::Same(1_000_000_000_001), ..one_row() };
    says(refused(&columns), "backorder, row 0: 1000000000001 is above the limit of 1000000000000");
    let columns = OrderColumns { order_cap: Column::Same(i64::MAX - 1), ..one_row() };
    assert!(matches!(refused(&columns), InventoryError::AboveLimit { column: "order cap", .. }));
}

#[test]
fn length_mismatch() {
    let columns = OrderColumns { minimum: Column::Each(&[1, 2]), ..one_row() };
    says(refused(&columns), "minimum: 2 entries given, 1 expected");
    let mut lines = vec![OrderLine::default(); 3];
    let error = suggest_into(&one_row(), &OrderOptions::default(), &mut lines).unwrap_err();
    says(error, "lines: 3 entries given, 1 expected");
    says(RollState::new(2).merge(&RollState::new(1)).unwrap_err(), "groups: 1 entries given, 2 expected");
}

#[test]
fn every_column_is_measured() {
    let two = Column::Each(&[1, 1]);
    let rate =
        |sold, sold_days, lead_days, review_days| Demand::Rate { sold, sold_days, lead_days, review_days };
    let same = Column::Same(1);
    let factor = SalesFactor::new(Decimal::TWO).unwrap();
    let with_demand = |demand| OrderColumns { demand, ..one_row() };
    let wrong = [
        with_demand(rate(two, same, same, same)),
        with_demand(rate(same, two, same, same)),
        with_demand(rate(same, same, two, same)),
        with_demand(rate(same, same, same, two)),
        with_demand(Demand::Forecast(two)),
        with_demand(Demand::Target(two)),
        with_demand(Demand::SalesMultiple { previous_stock: two, received: same, factor }),
        with_demand(Demand::SalesMultiple { previous_stock: same, received: two, factor }),
        OrderColumns { safety: Safety::Pieces(two), ..one_row() },
        OrderColumns { safety: Safety::Thousandths(two), ..one_row() },
        OrderColumns { safety: Safety::Days(two), ..with_demand(rate(same, same, same, same)) },
        OrderColumns { backorder: two, ..one_row() },
        OrderColumns { promotion: two, ..one_row() },
        OrderColumns { unusable: two, ..one_row() },
        OrderColumns { in_transit: two, ..one_row() },
        OrderColumns { case_pack: two, ..one_row() },
        OrderColumns { minimum: two, ..one_row() },
        OrderColumns { order_cap: two, ..one_row() },
        OrderColumns { shelf_capacity: two, ..one_row() },
    ];
    for columns in wrong {
        assert!(
            matches!(refused(&columns), InventoryError::LengthMismatch { given: 2, expected: 1, .. }),
            "{columns:?}"
        );
    }
}

#[test]
fn unknown_group() {
    let error = RollState::new(2).accumulate(&[2], &[MoveKind::Sale], &[1]).unwrap_err();
    says(error, "row 0 belongs to group 2, but there are 2 groups");
}

#[test]
fn overflow() {
    let flows = Flows { receipts: i64::MAX, ..Flows::default() };
    says(roll_forward(1, &flows, None).unwrap_err(), "closing stock does not fit 64 bits");
    let both = Flows { transfers_in: 1, ..flows };
    says(both.net().unwrap_err(), "net movement does not fit 64 bits");
    says(flows.plus(&flows).unwrap_err(), "a movement total does not fit 64 bits");
}

#[test]
fn negative_sell_out() {
    let message = "row 0: sell-out is -5 pieces; stock grew without a delivery, check count and receipts";
    says(implied_sell_out(10, &Flows::default(), 15).unwrap_err(), message);
    let demand = Demand::SalesMultiple {
        previous_stock: Column::Same(10),
        received: Column::Same(0),
        factor: SalesFactor::new(Decimal::TWO).unwrap(),
    };
    says(refused(&OrderColumns::new(&[15], demand)), message);
}

#[test]
fn negative_stock() {
    let columns = OrderColumns::new(&[3, -4], Demand::Forecast(Column::Same(10)));
    says(refused(&columns), "row 1: stock on hand is -4 pieces; count it before ordering");
    let options = OrderOptions { conflict: ConflictRule::OrderNothing, ..OrderOptions::default() };
    let lines = suggest_all(&columns, &options).unwrap();
    assert_eq!((lines[0].quantity(), lines[0].outcome()), (7, Outcome::Ordered));
    assert_eq!((lines[1].quantity(), lines[1].outcome()), (0, Outcome::DataConflict));
    assert_eq!(lines[1].reasons().count(), 0);
    // A bad cell stays an error under any rule.
    let bad = OrderColumns { case_pack: Column::Same(0), ..columns };
    assert!(suggest_all(&bad, &options).is_err());
}

#[test]
fn unusable_above_stock() {
    let columns = OrderColumns { unusable: Column::Same(6), ..one_row() };
    says(refused(&columns), "row 0: 6 pieces unusable of 5 on hand");
}

#[test]
fn safety_days_without_rate() {
    let columns = OrderColumns { safety: Safety::Days(Column::Same(2)), ..one_row() };
    says(refused(&columns), "safety stock is given in days, but the demand is not a daily rate");
}

#[test]
fn factor_out_of_range() {
    let message = "sales multiple 1.23456: expected more than 0, at most 100, with at most 4 decimals";
    says(SalesFactor::new(Decimal::new(123_456, 5)).unwrap_err(), message);
    assert!(SalesFactor::new(Decimal::ZERO).is_err());
    assert!(SalesFactor::new(Decimal::from(101)).is_err());
    assert!(SalesFactor::new(Decimal::from(100)).is_ok());
}

#[test]
fn empty_chain() {
    says(chain(&[], Carry::Book).unwrap_err(), "no stock periods to chain");
}

#[test]
fn periods_not_adjacent() {
    let line = roll_forward(1, &Flows::default(), None).unwrap();
    let periods = [(Period::month(2025, 5).unwrap(), line), (Period::month(2025, 7).unwrap(), line)];
    let message = "stock period 1 begins on 2025-07-01, the one before ends on 2025-06-01";
    says(chain(&periods, Carry::Book).unwrap_err(), message);
}

#[test]
fn break_in_chain_and_not_counted() {
    let may = (Period::month(2025, 5).unwrap(), roll_forward(10, &Flows::default(), None).unwrap());
    let june = (Period::month(2025, 6).unwrap(), roll_forward(9, &Flows::default(), None).unwrap());
    let message = "stock period 1 opens with 9, the one before closes with 10";
    says(chain(&[may, june], Carry::Book).unwrap_err(), message);
    says(chain(&[may, june], Carry::Count).unwrap_err(), "stock period 0 was not counted");
}

#[test]
fn negative_decimal() {
    let forecast = [Decimal::ONE, Decimal::NEGATIVE_ONE];
    says(cover_forward(Decimal::ONE, &forecast).unwrap_err(), "forecast, position 1: -1 is negative");
    let cost = Money::parse("-1.50", Currency::CNY).unwrap();
    says(turns_in_money(cost, &[], 30).unwrap_err(), "cost of sales, position 0: -1.50 is negative");
}

#[test]
fn no_stock() {
    let message = "mean stock is not above zero, so it has no turns";
    says(turns_in_pieces(5, &[], 30).unwrap_err(), message);
    says(turns_in_pieces(5, &[-3, 3], 30).unwrap_err(), message);
}

#[test]
fn not_finite_and_out_of_range() {
    says(normal_quantile(f64::NAN).unwrap_err(), "p is NaN, not a finite number");
    says(normal_quantile(1.0).unwrap_err(), "p is 1, expected more than 0 and less than 1");
    let risk = DemandRisk { daily_sd: f64::INFINITY, ..DemandRisk::default() };
    says(
        safety_stock(&risk, &ServiceGoal::Cycle(0.9)).unwrap_err(),
        "daily deviation is inf, not a finite number",
    );
    let risk = DemandRisk { lead_days: -1.0, ..DemandRisk::default() };
    says(safety_stock(&risk, &ServiceGoal::Cycle(0.9)).unwrap_err(), "lead time is -1, expected 0 to 1e12");
    says(fill_rate_of(0.0, 0.0, 1.0).unwrap_err(), "deviation is 0, expected more than 0, at most 1e12");
    let error = cycle_service_of(2e12, 1.0).unwrap_err();
    says(error, "safety stock is 2000000000000, expected at most 1e12 either sign");
}

#[test]
fn no_solution() {
    let risk = DemandRisk { daily_mean: 5.0, lead_days: 3.0, ..DemandRisk::default() };
    let goal = ServiceGoal::Fill { fill: 0.9, order_quantity: 10.0 };
    says(
        safety_stock(&risk, &goal).unwrap_err(),
        "no safety stock reaches the goal: without uncertainty the fill rate is 1 at any safety stock",
    );
}

#[test]
fn invalid_cuts() {
    let cuts = |first, second| Cuts::new(Decimal::new(first, 1), Decimal::new(second, 1)).unwrap_err();
    says(cuts(0, 5), "class limits 0.0 and 0.5: the first must be more than 0");
    says(cuts(5, 5), "class limits 0.5 and 0.5: the second must be the larger");
}

#[test]
fn duplicate_id() {
    let items = [("a", Decimal::ONE), ("b", Decimal::ONE), ("a", Decimal::TWO)];
    says(abc_classes(&items, &Cuts::abc()).unwrap_err(), "id \"a\" is given more than once");
    let batch = Batch { lot: "L".into(), expires_on: day("2025-06-01"), quantity: 1 };
    let request = FefoRequest { as_of: day("2025-05-01"), min_remaining_days: 0, quantity: 1 };
    says(fefo(&[batch.clone(), batch], &request).unwrap_err(), "id \"L\" is given more than once");
}

#[test]
fn invalid_bands() {
    let band = |min_life_days, near_expiry_days| Band { min_life_days, near_expiry_days };
    says(BandTable::new(vec![]).unwrap_err(), "near-expiry band 0: at least one band is needed");
    let rising = BandTable::new(vec![band(30, 5), band(30, 4)]).unwrap_err();
    says(rising, "near-expiry band 1: shelf lives must fall from band to band");
    let negative = BandTable::new(vec![band(30, -1)]).unwrap_err();
    says(negative, "near-expiry band 0: days must not be negative");
}

#[test]
fn no_band() {
    let error = BandTable::common().threshold_days(0).unwrap_err();
    says(error, "no near-expiry band covers a shelf life of 0 days");
}

#[test]
fn made_after_expiry() {
    let (made, expires) = (day("2025-06-02"), day("2025-06-01"));
    says(
        expiry_on(made, expires, expires, &BandTable::common()).unwrap_err(),
        "made on 2025-06-02, after its last sellable day 2025-06-01",
    );
}

#[test]
fn types_error_passes_through() {
    let cost = Money::parse("1.50", Currency::CNY).unwrap();
    let stock = Money::parse("1.50", Currency::EUR).unwrap();
    says(turns_in_money(cost, &[stock], 30).unwrap_err(), "currencies differ: CNY and EUR");
}

#[cfg(feature = "serde")]
#[test]
fn does_not_close() {
    let text = r#"{"opening":10,"flows":{"sales":3},"closing":8}"#;
    let error = serde_json::from_str::<RollForward>(text).unwrap_err();
    assert!(error.to_string().starts_with("the line states a closing stock of 8"), "{error}");
}

#[test]
fn pallet_not_cases() {
    let columns = OrderColumns { case_pack: Column::Same(7), pallet: Column::Same(50), ..one_row() };
    says(refused(&columns), "row 0: a pallet of 50 pieces is not a whole number of cases of 7");
}
