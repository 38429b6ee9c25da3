//! Rules of receivables, discounts and accruals as documents: written, read back, refused when they break a rule.

use endcap_calendar::DayCount;
use endcap_settlement::accrual::*;
use endcap_settlement::credit::*;
use endcap_settlement::discount::*;
use endcap_settlement::{Boundary, Tier, TierMethod, TierTable};
use endcap_types::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::support::*;

fn comes_back<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) {
    let text = serde_json::to_string(value).unwrap();
    let read: T = serde_json::from_str(&text).unwrap();
    assert_eq!(&read, value, "{text}");
}

fn refused<T: DeserializeOwned + std::fmt::Debug>(text: &str, why: &str) {
    let error = serde_json::from_str::<T>(text).unwrap_err().to_string();
    assert!(error.contains(why), "{error}");
}

fn interest() -> LateInterestRule {
    let change = RateChange { from: day("2025-07-01"), rate: rate("10.15%") };
    let rates = RateTable::new(rate("11.15%"), [change]).unwrap();
    let mut rule = LateInterestRule::new(rates, InterestBasis::Yearly(DayCount::Act365F));
    rule.cap = InterestCap::ShareOfPrincipal(rate("20%"));
    rule
}

#[test]
fn rules_come_back_as_written() {
    comes_back(&interest());
    comes_back(&LateItem::new(money("1.00"), day("2026-01-31")).paid(day("2026-02-01"), money("0.50")));
    let level = DunningLevel { from_days: 10, fee: money("5.00"), interest: DunningInterest::Charged };
    comes_back(&DunningRule::new([level], interest()).unwrap());
    comes_back(&CompensationTable::united_kingdom().unwrap());
    comes_back(&AgeEdges::new([30, 60, 90]).unwrap());
    let item = OpenItem::new(document("a"), day("2026-01-01"), day("2026-01-31"), money("1.00"));
    comes_back(&item.with_interest(money("0.10"), rate("12%")));
    let mut policy = AllocationPolicy::new(AllocationOrder::Specific(vec![document("a")]));
    policy.within = WithinItem::PrincipalOnly;
    comes_back(&policy);
    comes_back(&Tolerance::both(WriteOffLimit::LesserOf(money("0.05"), rate("0.1%"))));
    let limit = CreditLimit::new(money("500000.00")).unwrap();
    comes_back(&ExposurePolicy::including(limit, ExposureComponent::ALL));
    let loss = |n, d| LossRate::new(Exact::ratio(n, d).unwrap()).unwrap();
    comes_back(&ProvisionMatrix::new([loss(1, 50), loss(2, 23)]).unwrap());
    let line = DiscountLine { net: money("1000.00"), tax_rate: rate("13%") };
    comes_back(&EarlyPayment::new(Currency::CNY, [line]));
    let table = TierTable::new([Tier::rate(0.into(), rate("1%"))], Boundary::ReachedAt).unwrap();
    comes_back(&AccrualRule::new(table, TierMethod::Whole, Currency::CNY));
    comes_back(&Estimator::ForecastTier { forecast: Exact::from_int(1_200_000) });
}

#[test]
fn money_and_rates_are_text() {
    let told = late_interest(
        &LateItem::new(money("3600.00"), day("2026-01-31")),
        day("2026-04-01"),
        &LateInterestRule::new(
            RateTable::flat(rate("12%")).unwrap(),
            InterestBasis::Yearly(DayCount::Act365F),
        ),
    );
    let json = serde_json::to_value(told.unwrap()).unwrap();
    assert_eq!(json["interest"]["amount"], "71.01");
    assert_eq!(json["segments"][0]["rate"], "12%");
    assert_eq!(json["raw"]["minor"], "518400/73");
}

#[test]
fn broken_documents_are_refused() {
    let twice =
        r#"{"initial":"1%","changes":[{"from":"2025-07-01","rate":"2%"},{"from":"2025-07-01","rate":"3%"}]}"#;
    refused::<RateTable>(twice, "the day of a rate change must be above 2025-07-01");
    refused::<RateTable>(r#"{"initial":"-1%"}"#, "negative");
    refused::<RateTable>(r#"{"initial":"1%","ceiling":"2%"}"#, "unknown field");
    refused::<AgeEdges>("[60,30]", "an edge of ageing must be above 60");
    refused::<LossRate>("\"3/2\"", "not between 0 and 1");
    refused::<ProvisionMatrix>("[]", "at least one loss rate");
    refused::<CreditLimit>(r#"{"amount":"-1.00","currency":"CNY"}"#, "a credit limit must not be negative");
    refused::<CompensationTable>("[]", "at least one band");
    refused::<AllocationOrder>("\"newest_first\"", "unknown variant");
}
