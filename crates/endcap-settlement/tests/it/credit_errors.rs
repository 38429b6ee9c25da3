//! One case for every way receivables, discounts and accruals are refused.

use endcap_calendar::{CalendarError, DayCount};
use endcap_settlement::accrual::*;
use endcap_settlement::credit::*;
use endcap_settlement::discount::*;
use endcap_settlement::{Boundary, SettlementError, Tier, TierMethod, TierTable};
use endcap_types::*;

use crate::support::*;

fn flat() -> LateInterestRule {
    LateInterestRule::new(RateTable::flat(rate("12%")).unwrap(), InterestBasis::Yearly(DayCount::Act365F))
}

fn item(id: &str, amount: &str) -> OpenItem {
    OpenItem::new(document(id), day("2026-01-01"), day("2026-01-31"), money(amount))
}

fn fifo() -> AllocationPolicy {
    AllocationPolicy::new(AllocationOrder::Fifo)
}

fn told<T: std::fmt::Debug>(result: Result<T, SettlementError>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn negative_amount() {
    let late = LateItem::new(money("-1.00"), day("2026-01-31"));
    assert_eq!(
        told(late_interest(&late, day("2026-03-01"), &flat())),
        "the principal of a late item must not be negative: CNY -1.00"
    );
    let late = LateItem::new(money("1.00"), day("2026-01-31")).paid(day("2026-01-31"), money("-0.01"));
    assert_eq!(
        told(late_interest(&late, day("2026-01-01"), &flat())),
        "a payment on a late item must not be negative: CNY -0.01"
    );
    let mut capped = flat();
    capped.cap = InterestCap::Amount(money("-5.00"));
    let late = LateItem::new(money("1.00"), day("2026-01-31"));
    assert_eq!(
        told(late_interest(&late, day("2026-01-01"), &capped)),
        "a cap on interest must not be negative: CNY -5.00"
    );
    let cases = [
        (told(allocate_receipt(&[], money("-1.00"), &fifo())), "a receipt"),
        (told(CreditLimit::new(money("-1.00"))), "a credit limit"),
        (told(count_back(money("-1.00"), &[])), "a receivable"),
        (
            told(count_back(money("0.00"), &[SalesMonth { sales: money("-1.00"), days: 30 }])),
            "the sales of a month",
        ),
        (told(RollRates::from_flow(&[money("-1.00")])), "a balance of a flow"),
        (told(release(money("-1.00"), money("0.00"), Settlement::Final)), "an accrual"),
        (told(release(money("0.00"), money("-1.00"), Settlement::Partial)), "a settled amount"),
    ];
    for (message, what) in cases {
        assert_eq!(message, format!("{what} must not be negative: CNY -1.00"));
    }
    let debt = item("a", "1.00").with_interest(money("-1.00"), rate("1%"));
    assert_eq!(
        told(allocate_receipt(&[debt], money("1.00"), &fifo())),
        "the interest of an open item must not be negative: CNY -1.00"
    );
    let limit = WriteOffLimit::Amount(money("-0.05"));
    assert_eq!(
        told(write_off(money("1.00"), money("1.00"), &Tolerance::both(limit))),
        "a limit of tolerance must not be negative: CNY -0.05"
    );
    let uk = CompensationTable::united_kingdom().unwrap();
    let debt = Money::parse("-1", Currency::GBP).unwrap();
    assert_eq!(told(uk.amount(debt)), "a late debt must not be negative: GBP -1.00");
    let policy = ExposurePolicy::including(CreditLimit::new(money("9.00")).unwrap(), []);
    let open = exposure(&[].into(), &policy).unwrap();
    assert_eq!(told(open.release(money("-1.00"))), "an order must not be negative: CNY -1.00");
}

#[test]
fn not_increasing() {
    let change = |on: &str| RateChange { from: day(on), rate: rate("1%") };
    assert_eq!(
        told(RateTable::new(rate("1%"), [change("2026-07-01"), change("2026-07-01")])),
        "the day of a rate change must be above 2026-07-01, not 2026-07-01"
    );
    assert_eq!(told(AgeEdges::new([30, 30])), "an edge of ageing must be above 30, not 30");
    assert_eq!(told(AgeEdges::new([1])), "an edge of ageing must be above 1, not 1");
    let level = |from_days| DunningLevel { from_days, fee: money("1.00"), interest: DunningInterest::Waived };
    assert_eq!(
        told(DunningRule::new([level(0)], flat())),
        "the first day of a dunning level must be above 0, not 0"
    );
    assert_eq!(
        told(DunningRule::new([level(9), level(8)], flat())),
        "the first day of a dunning level must be above 9, not 8"
    );
    let band = |from: &str| CompensationBand { from: money(from), amount: money("40.00") };
    assert_eq!(
        told(CompensationTable::new([band("0.00"), band("0.00")])),
        "the debt of a band of compensation must be above CNY 0.00, not CNY 0.00"
    );
}

#[test]
fn nothing_given() {
    assert_eq!(told(DunningRule::new([], flat())), "at least one dunning level is needed");
    assert_eq!(told(CompensationTable::new([])), "at least one band of compensation is needed");
    assert_eq!(told(ProvisionMatrix::new([])), "at least one loss rate is needed");
    assert_eq!(told(RollRates::from_flow(&[])), "at least one balance of a flow is needed");
}

#[test]
fn payments_exceed_principal() {
    let late = LateItem::new(money("1.00"), day("2026-01-31")).paid(day("2026-02-01"), money("1.01"));
    assert_eq!(
        told(late_interest(&late, day("2026-03-01"), &flat())),
        "payments of CNY 1.01 exceed the principal of CNY 1.00"
    );
}

#[test]
fn duplicate_and_unknown_items() {
    let items = [item("a", "1.00"), item("a", "2.00")];
    assert_eq!(told(allocate_receipt(&items, money("1.00"), &fifo())), "open item a is given twice");
    let named = |ids: &[&str]| {
        AllocationPolicy::new(AllocationOrder::Specific(ids.iter().map(|id| document(id)).collect()))
    };
    let items = [item("a", "1.00")];
    assert_eq!(
        allocate_receipt(&items, money("1.00"), &named(&["a", "a"])).unwrap_err(),
        CreditError::DuplicateItem { item: document("a") }.into()
    );
    assert_eq!(
        told(allocate_receipt(&items, money("1.00"), &named(&["b"]))),
        "item b is not among the open items"
    );
}

#[test]
fn interest_on_credit() {
    let note = item("cn", "-1.00").with_interest(money("0.01"), rate("1%"));
    assert_eq!(
        told(allocate_receipt(&[note], money("1.00"), &fifo())),
        "credit note cn carries interest of CNY 0.01"
    );
}

#[test]
fn no_credit_sales() {
    let facts = SalesOutstanding {
        receivable: money("1.00"),
        current: money("1.00"),
        credit_sales: money("0.00"),
        days: 30,
    };
    assert_eq!(
        told(days_sales_outstanding(&facts)),
        "days of sales need credit sales above zero, not CNY 0.00"
    );
}

#[test]
fn exposure_sign() {
    let policy = ExposurePolicy::including(CreditLimit::new(money("9.00")).unwrap(), []);
    let amounts = [(ExposureComponent::AccruedRebates, money("1.00"))].into();
    assert_eq!(
        told(exposure(&amounts, &policy)),
        "accrued_rebates lower the exposure and must be zero or less, not CNY 1.00"
    );
}

#[test]
fn loss_rates() {
    let half = LossRate::new(Exact::ratio(1, 2).unwrap()).unwrap();
    assert_eq!(told(LossRate::new(Exact::ratio(-1, 2).unwrap())), "loss rate -1/2 is not between 0 and 1");
    assert_eq!(told(LossRate::new(Exact::ratio(3, 2).unwrap())), "loss rate 3/2 is not between 0 and 1");
    let matrix = ProvisionMatrix::new([half]).unwrap();
    assert_eq!(told(matrix.adjusted(&Exact::from_int(-1))), "loss rate -1/2 is not between 0 and 1");
    assert_eq!(told(matrix.provide(&[], &Rounding::HALF_AWAY)), "0 balance(s) for 1 loss rate(s)");
    let two = [money("1.00"), money("1.00")];
    assert_eq!(
        matrix.provide(&two, &Rounding::HALF_AWAY).unwrap_err(),
        CreditError::BucketCount { balances: 2, rates: 1 }.into()
    );
}

#[test]
fn flows() {
    assert_eq!(
        told(RollRates::from_flow(&[money("1.00"), money("0.00")])),
        "no balance reached bucket 1: its loss rate is unknown"
    );
    assert_eq!(
        told(RollRates::from_flow(&[money("2.00"), money("3.00"), money("1.00")])),
        "CNY 3.00 cannot reach a bucket after CNY 2.00"
    );
}

#[test]
fn discounts() {
    let invoice = EarlyPayment::new(Currency::CNY, []);
    assert_eq!(
        told(invoice.settled_at(rate("100.01%"))),
        "a cash discount of 100.01% is outside 0% to 100%, or is all of the amount"
    );
    assert!(invoice.settled_at(rate("100%")).is_ok());
    let full = SettlementError::from(CreditError::DiscountOutside { rate: Rate::ONE });
    assert_eq!(effective_cost(Rate::ONE, 10, 30).unwrap_err(), full);
    assert_eq!(simple_cost(Rate::ONE, 10, 30, YearDays::Days360).unwrap_err(), full);
    assert!(matches!(
        invoice.settled_at(rate("-1%")),
        Err(SettlementError::Credit(CreditError::DiscountOutside { .. }))
    ));
    assert_eq!(told(effective_cost(rate("2%"), 30, 30)), "the net day 30 is not after the discount day 30");
    assert!(matches!(
        effective_cost(rate("99%"), 0, 1),
        Err(SettlementError::Types(TypesError::RateOutOfRange { .. }))
    ));
}

#[test]
fn rounding_undecided() {
    // Chosen so that a year of it, 31 days at a time, is within 10⁻²⁰ of 9.175 %: nearer to the tie than 64 bits can
    // tell, and (1 − d)^365 has more digits than an exact number may have.
    let near = rate("0.7427727247527336%");
    let error = effective_cost(near, 0, 31).unwrap_err();
    assert_eq!(error, CreditError::RoundingUndecided { what: "an effective cost", rate: near }.into());
    assert_eq!(
        error.to_string(),
        "the rounding of an effective cost at 0.7427727247527336% cannot be decided"
    );
    assert_eq!(effective_cost(rate("0.7427727247527%"), 0, 31).unwrap().to_string(), "9.17%");
    assert_eq!(effective_cost(rate("0.7427727247528%"), 0, 31).unwrap().to_string(), "9.18%");
}

#[test]
fn forecast_not_positive() {
    let table = TierTable::new([Tier::rate(0.into(), rate("1%"))], Boundary::ReachedAt).unwrap();
    let rule = AccrualRule::new(table, TierMethod::Whole, Currency::CNY);
    let estimator = Estimator::ForecastTier { forecast: Exact::ZERO };
    assert_eq!(
        told(rule.accrue(&estimator, &Exact::ONE, money("0.00"))),
        "an accrual needs a forecast above zero, not 0"
    );
}

#[test]
fn negative_rates_and_foreign_money() {
    let negative = |result: Result<_, SettlementError>| {
        assert!(matches!(result, Err(SettlementError::Types(TypesError::NegativeRate { .. }))));
    };
    negative(RateTable::flat(rate("-1%")).map(|_| ()));
    negative(RateTable::flat(rate("1%")).unwrap().at_most(rate("-1%")).map(|_| ()));
    let mut capped = flat();
    capped.cap = InterestCap::ShareOfPrincipal(rate("-1%"));
    let late = LateItem::new(money("1.00"), day("2026-01-31"));
    negative(late_interest(&late, day("2026-02-01"), &capped).map(|_| ()));
    let share = Tolerance::both(WriteOffLimit::Share(rate("-1%")));
    negative(write_off(money("1.00"), money("1.00"), &share).map(|_| ()));

    let foreign = |result: Result<_, SettlementError>| {
        assert!(matches!(result, Err(SettlementError::Types(TypesError::CurrencyMismatch { .. }))));
    };
    let usd = Money::parse("1.00", Currency::USD).unwrap();
    foreign(allocate_receipt(&[item("a", "1.00")], usd, &fifo()).map(|_| ()));
    foreign(write_off(money("1.00"), usd, &Tolerance::both(WriteOffLimit::Amount(usd))).map(|_| ()));
    foreign(
        late_interest(&late.clone().paid(day("2026-02-01"), usd), day("2026-02-01"), &flat()).map(|_| ()),
    );
    let edges = AgeEdges::new([30]).unwrap();
    foreign(
        ageing(&[item("a", "1.00")], day("2026-02-01"), (AgeBy::DueDate, &edges), Currency::USD).map(|_| ()),
    );
    let policy = ExposurePolicy::including(CreditLimit::new(money("9.00")).unwrap(), []);
    foreign(exposure(&[(ExposureComponent::Overdue, usd)].into(), &policy).map(|_| ()));
    foreign(release(money("1.00"), usd, Settlement::Final).map(|_| ()));
    foreign(CompensationTable::united_kingdom().unwrap().amount(usd).map(|_| ()));
    foreign(count_back(usd, &[SalesMonth { sales: money("1.00"), days: 30 }]).map(|_| ()));
    let line = DiscountLine { net: usd, tax_rate: Rate::ZERO };
    foreign(EarlyPayment::new(Currency::CNY, [line]).settled_at(rate("1%")).map(|_| ()));
}

#[test]
fn dates_out_of_range() {
    let change = RateChange { from: chrono::NaiveDate::MAX, rate: rate("1%") };
    assert!(matches!(
        RateTable::new(rate("1%"), [change]),
        Err(SettlementError::Calendar(CalendarError::DateOutOfRange { .. }))
    ));
}
