//! One case per error of scoring, ranking and rates, with its message.

use endcap_account::{
    AccountError, Class, ClassTransitions, Criterion, CriterionMatrix, Dimension, Gate, Judgements,
    MissingPoints, OrderActivity, OrderCosts, OtherName, PointBands, PotentialGrid, RfmScheme, ScoreItem,
    Scorecard, Stocked, Weighting, best_weights, blended_weights, class_codes, data_limits, edas,
    half_life_periods, ng, ng_score, range_breadth, rank_share, regularity, repurchase_rate, retention_rate,
    rfm, saw, share_of_wallet, topsis, vikor,
};
use endcap_types::{AccountId, Currency, Exact, Money, Rate};

fn message<T: std::fmt::Debug>(result: Result<T, AccountError>) -> String {
    result.expect_err("refused").to_string()
}

fn int(value: i128) -> Exact {
    Exact::from_int(value)
}

fn money(text: &str) -> Money {
    Money::parse(text, Currency::CNY).expect("an amount")
}

fn item(name: &str, weight: i128) -> ScoreItem {
    ScoreItem { name: name.to_owned(), dimension: Dimension::Loyalty, weight: int(weight) }
}

fn card(missing: MissingPoints) -> Scorecard {
    Scorecard::new(vec![item("wallet", 1), item("years", 3)], vec!["licence".to_owned()], missing)
        .expect("a card")
}

fn matrix(criteria: &[Criterion], rows: &[&[i128]]) -> Result<CriterionMatrix, AccountError> {
    let rows = rows.iter().map(|row| row.iter().map(|figure| int(*figure)).collect()).collect();
    CriterionMatrix::new(criteria.to_vec(), rows)
}

fn judged(rows: &[&[&str]]) -> Result<Judgements, AccountError> {
    Judgements::new(
        rows.iter().map(|row| row.iter().map(|text| text.parse().expect("exact")).collect()).collect(),
    )
}

#[test]
fn missing_and_all_missing() {
    let pass = [("licence", Gate::Pass)];
    let half = [("wallet", int(10))];
    assert_eq!(
        message(card(MissingPoints::Error).score(half.clone(), pass)),
        "\"years\" has no answer: choose a policy for missing points first"
    );
    assert_eq!(
        message(card(MissingPoints::Neutral).score(half, [])),
        "\"licence\" has no answer: choose a policy for missing points first"
    );
    assert_eq!(message(card(MissingPoints::Reweight).score([], pass)), "every criterion is missing");
}

#[test]
fn gate_failed() {
    // Before anything else: not even the unreadable points are looked at.
    let points = [("wallet", int(900))];
    assert_eq!(
        message(card(MissingPoints::Error).score(points, [("licence", Gate::Fail)])),
        "gate \"licence\" failed, so there is no score"
    );
}

#[test]
fn zero_weight() {
    let none = Scorecard::new(vec![item("a", 1), item("b", 0)], vec![], MissingPoints::Error);
    assert_eq!(message(none), "the weight of b is zero");
    let none = matrix(&[Criterion::benefit(Exact::ZERO)], &[&[1]]);
    assert_eq!(message(none), "the weight of all criteria together is zero");
}

#[test]
fn unknown_and_repeated_names() {
    let pass = [("licence", Gate::Pass)];
    assert_eq!(
        message(card(MissingPoints::Neutral).score([("age", int(1))], pass)),
        "\"age\" is not a criterion or gate of the scorecard"
    );
    let twice = [("wallet", int(1)), ("wallet", int(2))];
    let expected = "id \"wallet\" is given more than once";
    assert_eq!(message(card(MissingPoints::Neutral).score(twice, pass)), expected);
    let twice = Scorecard::new(vec![item("wallet", 1)], vec!["wallet".to_owned()], MissingPoints::Error);
    assert_eq!(message(twice), expected);
    let id = || (AccountId::new("wallet").expect("an id"), Class::A);
    assert_eq!(message(ClassTransitions::between([id(), id()], [])), expected);
    assert_eq!(message(ClassTransitions::between([], [id(), id()])), expected);
}

#[test]
fn out_of_range() {
    let pass = [("licence", Gate::Pass)];
    assert_eq!(
        message(card(MissingPoints::Neutral).score([("wallet", int(101))], pass)),
        "the points of wallet is 101; points are from 0 to 100"
    );
    assert_eq!(
        message(PointBands::new(int(-1), vec![])),
        "the points of a band is -1; points are from 0 to 100"
    );
    let one = matrix(&[Criterion::benefit(int(1))], &[&[1]]).expect("a matrix");
    assert_eq!(message(vikor(&one, &int(2))), "the strategy weight is 2; it must be from 0 to 1");
    assert_eq!(message(blended_weights(&one, &int(-1))), "the emphasis is -1; it must be from 0 to 1");
    let many = matrix(&vec![Criterion::benefit(int(1)); 25], &[&[1; 25]]);
    assert_eq!(message(many), "the number of criteria is 25; at most 24 are allowed");
    let sizes = edas(&one).expect("scores").classes(&[1; 26]);
    assert_eq!(message(sizes), "the number of class sizes is 26; at most 25 sizes make classes A to Z");
    let cost = matrix(&[Criterion::cost(int(1))], &[&[1]]).expect("a matrix");
    assert_eq!(
        message(best_weights(&cost, Weighting::MostFavourable)),
        "criterion 0 is a cost; members weigh benefits only; turn it around first"
    );
    assert_eq!(
        message(judged(&[&["1", "101"], &["1/101", "1"]])),
        "judgement (0, 1) is 101; it must be from 1/100 to 100"
    );
    assert_eq!(
        message(judged(&[["1"; 11].as_slice(); 11])),
        "the number of things judged is 11; at most 10 have a random index"
    );
    for retention in ["0", "1", "-1", "3/2"] {
        let found = half_life_periods(&retention.parse().expect("exact"));
        let expected =
            format!("the retention of a class is {retention}; a half-life needs it above 0 and below 1");
        assert_eq!(message(found), expected);
    }
    let name = "it must have 1 to 64 characters, no control characters and no space around it";
    assert_eq!(message(OtherName::new(" kiosk")), format!("a name on an axis is \" kiosk\"; {name}"));
    assert_eq!(message(OtherName::new("")), format!("a name on an axis is \"\"; {name}"));
}

#[test]
fn not_monotone() {
    let rising = matrix(&[Criterion::benefit(int(1)), Criterion::benefit(int(2))], &[&[1, 1]]);
    assert_eq!(
        message(ng(&rising.expect("a matrix"))),
        "the importance of the criteria breaks at position 1; weights must not rise from one criterion to the next"
    );
    let (a, b, c) = (Class::A, Class::B, Class::C);
    assert_eq!(
        message(PotentialGrid::new([[a, b, c], [a, a, c], [c, c, c]])),
        "the value and potential grid breaks at position 4; less value or less potential must not give a better class"
    );
    assert_eq!(
        message(PointBands::new(int(0), vec![(int(5), int(10)), (int(5), int(20))])),
        "a series of bands breaks at position 1; each threshold must be above the one before it"
    );
    assert_eq!(
        message(PointBands::new(int(0), vec![(int(5), int(20)), (int(6), int(10))])),
        "a series of bands breaks at position 1; points must only rise or only fall"
    );
    // Falling points are a choice, such as for days late.
    let late = PointBands::new(int(100), vec![(int(1), int(60)), (int(30), int(0))]).expect("bands");
    assert_eq!(late.points(&int(12)), &int(60));
}

#[test]
fn not_reciprocal() {
    assert_eq!(
        message(judged(&[&["1", "3"], &["1/2", "1"]])),
        "judgement (0, 1) is 3 but its mirror is 1/2; their product must be 1"
    );
    assert_eq!(
        message(judged(&[&["2", "1"], &["1", "1"]])),
        "judgement (0, 0) is 2 but its mirror is 2; their product must be 1"
    );
}

#[test]
fn non_positive() {
    assert_eq!(
        message(judged(&[&["1", "-2"], &["-1/2", "1"]])),
        "judgement (0, 1) is -2; it must be above zero"
    );
    let zero = matrix(&[Criterion::benefit(int(1))], &[&[0], &[0]]).expect("a matrix");
    assert_eq!(message(edas(&zero)), "the mean of criterion 0 is 0; it must be above zero");
    assert_eq!(message(saw(&zero)), "the largest figure of criterion 0 is 0; it must be above zero");
    assert_eq!(
        message(best_weights(&zero, Weighting::LeastFavourable)),
        "a figure of criterion 0 is 0; it must be above zero"
    );
    let cost = matrix(&[Criterion::cost(int(1))], &[&[-2], &[3]]).expect("a matrix");
    assert_eq!(message(saw(&cost)), "the smallest figure of criterion 0 is -2; it must be above zero");
    let dear = OrderCosts::new(money("6.00"), money("1.00"), "50%".parse().expect("a rate")).expect("costs");
    assert_eq!(
        message(dear.break_even_order(&"20%".parse().expect("a rate"), Stocked::Yes)),
        "what a unit of revenue leaves is -1/5; it must be above zero"
    );
}

#[test]
fn inconsistent() {
    assert_eq!(
        message(share_of_wallet(&money("130.00"), &money("100.00"))),
        "own purchases (130.00) cannot exceed purchases of the category (100.00)"
    );
    assert_eq!(message(retention_rate(10, 5, 6)), "new accounts (6) cannot exceed accounts at the end (5)");
    assert_eq!(
        message(retention_rate(10, 15, 4)),
        "accounts kept (11) cannot exceed accounts at the start (10)"
    );
    assert_eq!(message(repurchase_rate(3, 2)), "repeat buyers (3) cannot exceed buyers (2)");
    assert_eq!(message(range_breadth(3, 2)), "items bought (3) cannot exceed items listed (2)");
    let costs = OrderCosts::new(money("6.00"), money("1.00"), Rate::ZERO).expect("costs");
    let activity =
        OrderActivity { revenue: money("9.00"), margin: Rate::ZERO, orders: 1, non_stocked_orders: 2 };
    assert_eq!(message(costs.profit(&activity)), "non-stocked orders (2) cannot exceed orders (1)");
}

#[test]
fn degenerate() {
    let alike = matrix(&[Criterion::benefit(int(1)), Criterion::cost(int(0))], &[&[3, 1], &[3, 2]]);
    assert_eq!(
        message(topsis(&alike.expect("a matrix"))),
        "all 2 members are equal in every weighted criterion, so nothing ranks them"
    );
}

#[test]
fn empty_zero_negative_and_unequal_lengths() {
    assert_eq!(message(matrix(&[], &[&[]])), "there are no members");
    assert_eq!(message(matrix(&[Criterion::benefit(int(1))], &[])), "there are no members");
    assert_eq!(message(judged(&[])), "there are no members");
    assert_eq!(message(Scorecard::new(vec![], vec![], MissingPoints::Error)), "there are no members");
    assert_eq!(message(ng_score(&[])), "there are no members");
    assert_eq!(message(rank_share(&[])), "there are no members");
    assert_eq!(message(regularity(&[])), "there are no members");
    assert_eq!(message(data_limits::<i64>(&[])), "there are no members");
    let zero = "the total is zero, so there are no shares";
    assert_eq!(message(regularity(&[0, 0])), zero);
    assert_eq!(message(data_limits(&[0_i64])), zero);
    assert_eq!(message(ClassTransitions::default().retention(Class::A)), zero);
    let free = OrderCosts::new(money("0.00"), money("0.00"), Rate::ZERO).expect("costs");
    let nothing =
        OrderActivity { revenue: money("0.00"), margin: Rate::ZERO, orders: 0, non_stocked_orders: 0 };
    assert_eq!(message(free.profit(&nothing).expect("a profit").profit_percent()), zero);
    assert_eq!(
        message(data_limits(&[1_i64, -1])),
        "member at position 1 has the negative value -1 (minor units): choose a policy for negative values first"
    );
    assert_eq!(
        message(matrix(&[Criterion::benefit(int(-1))], &[&[1]])),
        "weight of criterion 0 is -1; it must not be negative"
    );
    let item = Scorecard::new(vec![item("a", -1)], vec![], MissingPoints::Error);
    assert_eq!(message(item), "the weight of a is -1; it must not be negative");
    assert_eq!(
        message(OrderCosts::new(money("-1.00"), money("1.00"), Rate::ZERO)),
        "cost per order is -1.00; it must not be negative"
    );
    assert_eq!(
        message(share_of_wallet(&money("-1.00"), &money("1.00"))),
        "own purchases is -1.00; it must not be negative"
    );
    assert_eq!(
        message(matrix(&[Criterion::benefit(int(1))], &[&[1, 2]])),
        "figures of a member: 2 entries given, 1 expected"
    );
    assert_eq!(message(judged(&[&["1", "1"]])), "judgements in a row: 2 entries given, 1 expected");
    assert_eq!(
        message(rfm(&[1], &[], &[1_i64], &RfmScheme::default())),
        "orders: 0 entries given, 1 expected"
    );
    let mut codes = [7];
    assert_eq!(
        message(class_codes(&[1_i64, 2], &endcap_account::Scheme::default(), &mut codes)),
        "class codes: 1 entries given, 2 expected"
    );
    assert_eq!(
        message(class_codes(&[i128::MAX, 1], &endcap_account::Scheme::default(), &mut [0; 2])),
        "the sum of values does not fit 128 bits"
    );
}
