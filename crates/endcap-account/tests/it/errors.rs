//! One case per error, with its message.

use endcap_account::{
    AccountError, AccountWhale, Band, Between, Class, Concentration, CostPool, Cut, Cutoffs, GroupedSums,
    MAX_CUTS, NegativeShares, SalesWhaleCurve, Scheme, TimeEquation, Validity, WhaleCurve, classify,
    classify_slice, percent_of_time_rate,
};
use endcap_types::{AccountId, Currency, Exact, Money, Rate};
use rust_decimal::Decimal;

fn money(text: &str) -> Money {
    Money::parse(text, Currency::CNY).expect("an amount")
}

fn account(id: &str) -> AccountId {
    AccountId::new(id).expect("an id")
}

fn message<T: std::fmt::Debug>(result: Result<T, AccountError>) -> String {
    result.expect_err("refused").to_string()
}

fn pool(activities: &[(&str, i64)]) -> Result<CostPool, AccountError> {
    let times = activities.iter().map(|(name, time)| ((*name).to_owned(), Decimal::from(*time)));
    CostPool::new(money("100.00"), Decimal::from(10), times)
}

#[test]
fn invalid_cuts() {
    let cases = [
        ("0.95|0.8", "class limit 1 is 4/5: each limit must be above the one before it"),
        ("0.8|0.8", "class limit 1 is 4/5: each limit must be above the one before it"),
        ("0|0.8", "class limit 0 is 0: a limit must be above 0"),
        ("0.8|-0.9", "class limit 1 is -0.9: a limit must be above 0"),
        ("0.8|1.01", "class limit 1 is 1.01: a limit must be at most 1"),
        ("5/4", "class limit 0 is 5/4: a limit must be at most 1"),
        ("1/0", "class limit 0 is 1/0: a limit must be above 0"),
        ("most", "class limit 0 is most: a limit is written as 0.8, 80% or 4/5"),
        (
            "0.12345678901234567891",
            "class limit 0 is 0.12345678901234567891: a limit can have at most 19 decimals",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(message(text.parse::<Cutoffs>()), expected);
    }
    let many = (1..=26).map(|part| Cut::ratio(part, 100)).collect::<Result<Vec<_>, _>>().expect("limits");
    assert_eq!(
        message(Cutoffs::new(many.clone())),
        "class limit 25 is 13/50: at most 25 limits make classes A to Z"
    );
    let classes = Cutoffs::new(many[..MAX_CUTS].to_vec()).expect("A to Z").classes();
    assert_eq!(Class::new(u8::try_from(classes - 1).expect("few")).map(Class::letter), Some('Z'));
    assert_eq!((Class::new(26), Class::from_letter('a')), (None, None));
}

#[test]
fn duplicate_id() {
    let twice = [(account("a"), money("1.00")), (account("a"), money("2.00"))];
    let expected = "id \"a\" is given more than once";
    assert_eq!(message(classify(twice.clone(), Currency::CNY, &Scheme::default())), expected);
    assert_eq!(message(AccountWhale::of(twice, Currency::CNY)), expected);
    assert_eq!(message(pool(&[("a", 1), ("a", 2)])), expected);
    let terms = [("a".to_owned(), Decimal::ONE), ("a".to_owned(), Decimal::ONE)];
    assert_eq!(message(TimeEquation::new(Decimal::ONE, terms)), expected);
}

#[test]
fn negative_value() {
    let expected =
        "member north has the negative value -100 (minor units): choose a policy for negative values first";
    let members = [(account("north"), money("-1.00"))];
    assert_eq!(message(classify(members, Currency::CNY, &Scheme::default())), expected);
    let expected = expected.replace("north", "at position 1");
    assert_eq!(message(classify_slice(&[5_i64, -100], &Scheme::default())), expected);
    assert_eq!(message(Concentration::of(&[5_i64, -100], NegativeShares::Refuse)), expected);
}

#[test]
fn negative_value_has_no_entropy() {
    let net = Concentration::of(&[5_i64, -1], NegativeShares::Net).expect("a positive total");
    let expected = "member ranked 0 from below has the negative value -1 (minor units): choose a policy for negative values first";
    assert_eq!(message(net.entropy_nats()), expected);
}

#[test]
fn empty() {
    assert_eq!(message(Concentration::of::<i64>(&[], NegativeShares::Net)), "there are no members");
}

#[test]
fn zero_total() {
    let expected = "the total is zero, so there are no shares";
    assert_eq!(message(Concentration::of(&[0_i64, 0], NegativeShares::Refuse)), expected);
    assert_eq!(message(SalesWhaleCurve::of(&[0_i64], &[1_i64])), expected);
    let classes = classify_slice(&[0_i64], &Scheme::default()).expect("classes");
    assert_eq!(message(classes.share(&classes.classes()[0])), expected);
}

#[test]
fn non_positive_total() {
    let expected = "the total is -15 (minor units); a percentage of it needs a positive total";
    assert_eq!(message(Concentration::of(&[10_i64, -25], NegativeShares::Net)), expected);
    let curve = WhaleCurve::of(&[10_i64, -30, 5]).expect("a curve");
    assert_eq!(message(curve.peak_percent()), expected);
    assert_eq!(message(curve.erosion_percent()), expected);
    assert_eq!(message(curve.percent_at(&Exact::ONE, Between::Interpolate)), expected);
    let curve = SalesWhaleCurve::of(&[1_i64, 1], &[10, -25]).expect("a curve");
    assert_eq!(message(curve.profit_percent_at(&Exact::ONE)), expected);
}

#[test]
fn too_few_members() {
    let one = Concentration::of(&[7_i64], NegativeShares::Refuse).expect("one member");
    let expected = "1 member(s) given; this measure needs at least 2";
    assert_eq!(message(one.hhi_normalised()), expected);
    assert_eq!(message(one.gini_unbiased()), expected);
}

#[test]
fn outside_the_curve() {
    let all = Concentration::of(&[7_i64, 3], NegativeShares::Refuse).expect("members");
    let above = Exact::ratio(11, 10).expect("1.1");
    assert_eq!(message(all.lorenz(&above)), "position 11/10 is outside 0 to 1");
    assert_eq!(message(all.lorenz(&above.negated())), "position -11/10 is outside 0 to 1");
    let curve = SalesWhaleCurve::of(&[1_i64], &[1]).expect("a curve");
    let beyond = message(curve.profit_percent_at(&Exact::from_int(101)));
    assert_eq!(beyond, "position 101 is outside 0 to 100 percent");
}

#[test]
fn overflow() {
    let halves = [i128::MAX, i128::MAX];
    assert_eq!(
        message(classify_slice(&halves, &Scheme::default())),
        "the sum of values does not fit 128 bits"
    );
    assert_eq!(
        message(Concentration::of(&halves, NegativeShares::Refuse)),
        "the sum of values does not fit 128 bits"
    );
    assert_eq!(message(WhaleCurve::of(&halves)), "a partial sum of values does not fit 128 bits");
    assert_eq!(
        message(WhaleCurve::of(&[i128::MAX, i128::MIN, i128::MIN])),
        "a partial sum of values does not fit 128 bits"
    );
    let mut sums = GroupedSums::identity(1);
    sums.add(&[i128::MAX], &[0], Validity::All).expect("fits");
    assert_eq!(message(sums.clone().merge(&sums)), "the sum of a group does not fit 128 bits");
    assert_eq!(message(sums.add(&[1_i64], &[0], Validity::All)), "the sum of a group does not fit 128 bits");
}

#[test]
fn length_mismatch() {
    let mut sums = GroupedSums::identity(1);
    assert_eq!(message(sums.add(&[1_i64], &[], Validity::All)), "group ids: 0 entries given, 1 expected");
    assert_eq!(
        message(sums.add(&[1_i64], &[0], Validity::Mask(&[]))),
        "the validity mask: 0 entries given, 1 expected"
    );
    assert_eq!(message(SalesWhaleCurve::of(&[1_i64], &[])), "profits: 0 entries given, 1 expected");
}

#[test]
fn unknown_group() {
    let expected = "row 1 belongs to group 3, but the state has 2 groups";
    assert_eq!(message(GroupedSums::identity(2).add(&[1_i64, 1], &[0, 3], Validity::All)), expected);
}

#[test]
fn non_positive_capacity() {
    let none = CostPool::new(money("1.00"), Decimal::ZERO, []);
    assert_eq!(message(none), "practical capacity is 0; it must be above zero");
    let half = Rate::percent(Decimal::from(50)).expect("a rate");
    let none = percent_of_time_rate(&money("1.00"), &half, Decimal::ZERO);
    assert_eq!(message(none), "practical capacity is 0; it must be above zero");
}

#[test]
fn negative_input() {
    let refund = CostPool::new(money("-1.00"), Decimal::ONE, []);
    assert_eq!(message(refund), "cost supplied is -1.00; it must not be negative");
    assert_eq!(message(pool(&[("visit", -1)])), "unit time of visit is -1; it must not be negative");
    let pool = pool(&[("visit", 1)]).expect("a pool");
    let back = pool.assign([(account("a"), "visit", Decimal::from(-2))]);
    assert_eq!(message(back), "volume of visit at a is -2; it must not be negative");
    let back = pool.assign_times([(account("a"), Exact::from_int(-2))]);
    assert_eq!(message(back), "time of a is -2; it must not be negative");
    assert_eq!(message(TimeEquation::new(Decimal::from(-1), [])), "base time is -1; it must not be negative");
    assert_eq!(
        message(SalesWhaleCurve::of(&[-1_i64], &[1])),
        "sales of member 0 is -1; it must not be negative"
    );
}

#[test]
fn unknown_activity() {
    let pool = pool(&[("visit", 1)]).expect("a pool");
    let expected = "activity \"call\" is not defined by the pool";
    assert_eq!(message(pool.driver_rate("call")), expected);
    assert_eq!(message(pool.assign([(account("a"), "call", Decimal::ONE)])), expected);
    let equation = TimeEquation::new(Decimal::ONE, []).expect("an equation");
    assert_eq!(message(equation.time([("call", Decimal::ONE)])), expected);
}

#[test]
fn invalid_hysteresis() {
    for (width, text) in [(Exact::ONE, "1"), (Exact::from_int(-1), "-1")] {
        let expected = format!("the half-width of the band is {text}; it must be at least 0 and below 1");
        assert_eq!(message(Band::new(Cutoffs::default(), width)), expected);
    }
}

#[test]
fn value_of_another_currency() {
    let members = [(account("a"), Money::parse("1.00", Currency::USD).expect("an amount"))];
    assert_eq!(
        message(classify(members, Currency::CNY, &Scheme::default())),
        "currencies differ: CNY and USD"
    );
}

#[test]
fn corrections_of_classes() {
    let placed = classify_slice(&[3_i64, 2, 1], &Scheme::default()).expect("classes");
    let expected = "minimum sizes: 4 entries given, 3 expected";
    assert_eq!(message(endcap_account::with_minimum_sizes(&placed, &[1, 1, 1, 1])), expected);
    let manual = |by: &str, until| endcap_account::ManualClass::new(Class::A, by, 10, until);
    let expected = "the end of a manual class is 10; a manual class must end after the day it begins";
    assert_eq!(message(manual("north", 10)), expected);
    assert_eq!(message(manual(" ", 11)), "who decided a manual class is \" \"; somebody must sign it");
    let kept = manual("north ", 11).expect("a decision");
    assert_eq!((kept.by(), kept.days()), ("north", (10, 11)));
}
