//! House and published cases of scorecards, loyalty, RFM, data limits, moves between classes and order cost.

use std::collections::BTreeMap;
use std::num::NonZeroU8;

use endcap_account::{
    AccountError, Better, Class, ClassTransitions, CostPool, Dimension, Evidence, Gate, MissingPoints,
    OrderActivity, OrderCosts, ScoreItem, Scorecard, Stocked, TieRank, account_contribution, churn_rate,
    data_limits, half_life_periods, range_breadth, rank_scores, rank_share, regularity, repurchase_rate,
    retention_rate, share_of_wallet,
};
use endcap_types::{AccountId, Currency, Exact, Money, Rate};
use rust_decimal::Decimal;

use crate::golden::{check, error_name, exact, pairs};
use crate::{golden as rows_of, scaled};

type Inputs<'text> = BTreeMap<&'text str, &'text str>;

fn inputs<'text>(text: &'text str) -> Inputs<'text> {
    text.split(';').map(|part| part.split_once('=').expect("name=value")).collect()
}

fn integer(inputs: &Inputs<'_>, name: &str) -> u64 {
    inputs[name].parse().expect("an integer")
}

fn money(text: &str) -> Money {
    Money::parse(text, Currency::CNY).expect("an amount")
}

#[test]
fn limits_from_the_data() {
    for row in rows_of(include_str!("../golden/abc_limits.csv")) {
        let values = scaled(&row["values"].split('|').collect::<Vec<_>>());
        let limits = data_limits(&values).expect("limits");
        let found = [limits.pareto, limits.break_even, limits.size_a, limits.size_a_and_b];
        let expected =
            ["pareto", "break_even", "size_a", "size_a_and_b"].map(|column| row[column].to_owned());
        assert_eq!(found.map(|size| size.to_string()), expected, "{}", row["case"]);
    }
}

#[test]
fn moves_between_classes() {
    let class = |text: &str| Class::from_letter(text.chars().next().expect("a letter")).expect("a class");
    let members = |text: &'static str| {
        let member = |(id, letter): (&str, &str)| (AccountId::new(id).expect("an id"), class(letter));
        pairs(text).into_iter().map(member).collect::<Vec<_>>()
    };
    for row in rows_of(include_str!("../golden/class_transitions.csv")) {
        let moves = ClassTransitions::between(members(row["before"]), members(row["after"])).expect("moves");
        let found = match (row["from"], row["to"]) {
            ("entered", to) => moves.entered(class(to)),
            (from, "left") => moves.left(class(from)),
            (from, to) => moves.count(class(from), class(to)),
        };
        assert_eq!(found.to_string(), row["expected_count"], "{row:?}");
    }
}

fn score(row: &BTreeMap<&str, &str>) -> Result<Exact, AccountError> {
    let item = |(name, weight): (&str, &str)| ScoreItem {
        name: name.to_owned(),
        dimension: Dimension::Other,
        weight: exact(weight),
    };
    let missing = match row["missing"] {
        "error" => MissingPoints::Error,
        "reweight" => MissingPoints::Reweight,
        "neutral_50" => MissingPoints::Neutral,
        other => panic!("{other}"),
    };
    let gates: Vec<(&str, Gate)> = pairs(row["gates"])
        .into_iter()
        .map(|(name, answer)| (name, if answer == "pass" { Gate::Pass } else { Gate::Fail }))
        .collect();
    let names = gates.iter().map(|(name, _)| (*name).to_owned()).collect();
    let card = Scorecard::new(pairs(row["weights"]).into_iter().map(item).collect(), names, missing)?;
    let given = pairs(row["scores"]).into_iter().filter(|(_, points)| !points.is_empty());
    let score = card.score(given.map(|(name, points)| (name, exact(points))), gates)?;
    Ok(score.total().clone())
}

#[test]
fn scorecards() {
    for row in rows_of(include_str!("../golden/scorecard.csv")) {
        let found = match score(&row) {
            Ok(total) => total.to_string(),
            Err(AccountError::Missing { criterion }) => format!("!Missing({criterion})"),
            Err(AccountError::GateFailed { gate }) => format!("!GateFailed({gate})"),
            Err(error) => format!("!{}", error_name(&error)),
        };
        assert_eq!(found, row["expected"], "{row:?}");
    }
}

#[test]
fn scores_by_rank() {
    for row in rows_of(include_str!("../golden/rfm.csv")) {
        let values = scaled(&row["values"].split('|').collect::<Vec<_>>());
        let bins: NonZeroU8 = row["bins"].parse().expect("bins");
        let better = match row["direction"] {
            "higher_is_better" => Better::Higher,
            "lower_is_better" => Better::Lower,
            other => panic!("{other}"),
        };
        let ties = match row["tie"] {
            "min" => TieRank::Min,
            "mid" => TieRank::Mid,
            "max" => TieRank::Max,
            other => panic!("{other}"),
        };
        let found: Vec<String> =
            rank_scores(&values, bins, better, ties).iter().map(ToString::to_string).collect();
        assert_eq!(found.join("|"), row["expected_scores"], "{row:?}");
    }
}

fn loyalty(row: &BTreeMap<&str, &str>) -> Result<Exact, AccountError> {
    let inputs = inputs(row["inputs"]);
    let number = |name: &str| integer(&inputs, name);
    match row["measure"] {
        "wallet_allocation_rule" => {
            let brands: Vec<u32> = (1..=u32::try_from(number("brands")).expect("few")).collect();
            let rank = usize::try_from(number("rank")).expect("few");
            Ok(rank_share(&brands)?[rank - 1].clone())
        }
        "wallet_allocation_rule_tied" => {
            // Ranks are given halved; only their order and equality count.
            let halves = scaled(&inputs["ranks"].split('|').collect::<Vec<_>>());
            let places: Vec<u32> = halves.iter().map(|rank| u32::try_from(*rank).expect("few")).collect();
            let shares = rank_share(&places)?;
            assert_eq!(Exact::sum(&shares).expect("small"), Exact::ONE);
            Ok(shares[usize::try_from(number("member")).expect("few") - 1].clone())
        }
        "share_of_wallet" => share_of_wallet(&money(inputs["own"]), &money(inputs["category"])),
        "retention_rate" => retention_rate(number("start"), number("end"), number("new")),
        "churn_rate" => churn_rate(number("start"), number("end"), number("new")),
        "repurchase_rate" => repurchase_rate(number("repeat_buyers"), number("buyers")),
        "range_breadth" => range_breadth(number("skus_bought"), number("skus_listed")),
        "regularity_cv_squared" => {
            let gaps: Vec<u32> = inputs["gaps"].split('|').map(|gap| gap.parse().expect("days")).collect();
            let found = regularity(&gaps)?;
            assert_eq!(found.evidence == Evidence::SingleGap, gaps.len() == 1);
            Ok(found.cv_squared)
        }
        "class_retention_half_life_periods" => {
            let periods = half_life_periods(&exact(inputs["p"]))?;
            // Both cases are powers of one half: the quotient of logarithms is exact.
            Ok(exact(&periods.to_string()))
        }
        other => panic!("{other}"),
    }
}

#[test]
fn loyalty_measures() {
    for row in rows_of(include_str!("../golden/loyalty.csv")) {
        match loyalty(&row) {
            Ok(value) => check(&value, &row),
            Err(error) => assert_eq!(format!("!{}", error_name(&error)), row["expected_exact"], "{row:?}"),
        }
    }
}

#[test]
fn glossary_formulas_of_accounts() {
    for row in rows_of(include_str!("../golden/glossary.csv")) {
        let inputs = inputs(row["inputs"]);
        let number = |name: &str| integer(&inputs, name);
        let value = match row["case"] {
            "客户份额/钱包份额" => {
                share_of_wallet(&money(inputs["own_purchases"]), &money(inputs["category_purchases"]))
            }
            "客户留存率" => retention_rate(number("start"), number("end"), number("new")),
            "复购率" => repurchase_rate(number("repeat_buyers"), number("buyers")),
            "服务成本" => {
                // A pool of 1,000 minutes at that rate; both activities by their minutes.
                let rate = exact(inputs["rate_per_min"]).mul(&Exact::from_int(1000)).expect("small");
                let cost = money(&format!("{rate}.00"));
                let pool = CostPool::new(cost, Decimal::from(1000), []).expect("a pool");
                let account = AccountId::new("all").expect("an id");
                let minutes = inputs["minutes"].split('|').map(|minutes| (account.clone(), exact(minutes)));
                let assigned = pool.assign_times(minutes).expect("costs").assigned;
                Ok(assigned.value().div(&Exact::from_int(100)).expect("a hundred"))
            }
            "客户利润贡献" => {
                let amount = |name: &str| money(inputs[name]);
                let left = account_contribution(
                    &amount("net_revenue"),
                    &amount("product_cost"),
                    &amount("cost_to_serve"),
                );
                Ok(exact(&left.expect("an amount").to_amount_string()))
            }
            other => panic!("{other}"),
        };
        check(&value.expect("a figure"), &row);
    }
}

#[test]
fn order_costs() {
    for row in rows_of(include_str!("../golden/order_cost.csv")) {
        let costs =
            OrderCosts::new(money(row["cost_per_order"]), money(row["extra_per_non_stocked"]), Rate::ZERO);
        let costs = costs.expect("costs");
        let percent = exact(row["gross_margin_rate"]).mul(&Exact::from_int(100)).expect("small");
        let margin: Rate = format!("{percent}%").parse().expect("a rate");
        let integer = |column: &str| row[column].parse::<u64>().expect("a count");
        let profit = costs.profit(&OrderActivity {
            revenue: money(row["revenue"]),
            margin,
            orders: integer("orders"),
            non_stocked_orders: integer("non_stocked_orders"),
        });
        let profit = profit.expect("a profit");
        assert_eq!(profit.profit.value(), money(row["expected_profit"]).exact().value(), "{row:?}");
        assert_eq!(
            profit.profit_percent().expect("revenue"),
            exact(row["expected_profit_percent"]),
            "{row:?}"
        );
        let at_break_even = match row["case"] {
            "break_even_order_size" => Stocked::Yes,
            "break_even_non_stocked" => Stocked::No,
            _ => continue,
        };
        let order = costs.break_even_order(&margin, at_break_even).expect("an order");
        assert_eq!(order.value(), money(row["revenue"]).exact().value(), "{row:?}");
    }
}
