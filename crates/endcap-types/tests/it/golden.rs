//! Golden cases: figures published elsewhere or fixed by house rule, one row each.

use std::collections::BTreeMap;

use endcap_types::vat::{self, TaxSite};
use endcap_types::{
    Currency, Exact, Money, Rate, Rounding, RoundingMode, TaxBasis, Unrounded, allocate_cascade,
    allocate_in_steps,
};
use rust_decimal::Decimal;

use crate::common::{decimal, money, rate};

/// Rows of a golden file, each a map from column to field; no field holds a comma.
fn rows(text: &'static str) -> Vec<BTreeMap<&'static str, &'static str>> {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    lines
        .map(|line| {
            let fields: Vec<&str> = line.split(',').collect();
            assert_eq!(fields.len(), header.len(), "{line}");
            let row: BTreeMap<&str, &str> = header.iter().copied().zip(fields).collect();
            assert!(!row["case"].is_empty() && !row["source"].is_empty(), "{line}");
            row
        })
        .collect()
}

fn pairs(text: &'static str, entry: char, inner: char) -> Vec<(&'static str, &'static str)> {
    text.split(entry).map(|pair| pair.split_once(inner).unwrap()).collect()
}

fn check<F: Fn(&BTreeMap<&'static str, &'static str>)>(text: &'static str, expected_rows: usize, run: F) {
    let rows = rows(text);
    assert_eq!(rows.len(), expected_rows);
    let cases: std::collections::BTreeSet<&str> = rows.iter().map(|row| row["case"]).collect();
    assert_eq!(cases.len(), expected_rows, "case names are unique");
    for row in &rows {
        run(row);
    }
}

fn currency_of(step: &str) -> Currency {
    match step.split_once('.').map_or(0, |(_, fraction)| fraction.len()) {
        0 => Currency::JPY,
        2 => Currency::CNY,
        3 => Currency::KWD,
        decimals => panic!("no currency with {decimals} decimals"),
    }
}

fn mode(name: &str) -> RoundingMode {
    match name {
        "half_away" => RoundingMode::HalfAwayFromZero,
        "half_even" => RoundingMode::HalfEven,
        "up" => RoundingMode::Up,
        "down" => RoundingMode::Down,
        _ => panic!("unknown mode {name}"),
    }
}

#[test]
fn allocation_and_rounding() {
    check(include_str!("../golden/allocation_rounding.csv"), 31, |row| {
        let case = row["case"];
        let currency = currency_of(row["step"]);
        let step = Money::parse(row["step"], currency).unwrap();
        match row["topic"] {
            "allocate" => {
                let total = Money::parse(row["total_or_value"], currency).unwrap();
                let weights: Vec<(&str, Decimal)> = pairs(row["weights"], '|', ':')
                    .into_iter()
                    .map(|(key, weight)| (key, decimal(weight)))
                    .collect();
                let parts = match row["policy"] {
                    "largest_remainder" => {
                        let rounding = Rounding::default().with_step(&step).unwrap();
                        allocate_in_steps(total, weights.clone(), &rounding).unwrap()
                    }
                    "cascade_floor" => allocate_cascade(total, weights.clone()).unwrap(),
                    policy => panic!("{case}: {policy}"),
                };
                let expected = pairs(row["expected"], '|', ':');
                assert_eq!(parts.len(), expected.len(), "{case}");
                for (key, amount) in expected {
                    assert_eq!(parts[key].to_amount_string(), amount, "{case}, key {key}");
                }
            }
            "round" => {
                let major = Exact::from_decimal(decimal(row["total_or_value"]));
                let minor = major.mul(&Exact::from_int(currency.minor_per_major())).unwrap();
                let rounding = Rounding::new(mode(row["policy"])).with_step(&step).unwrap();
                let posted = Unrounded::new(minor, currency).round(&rounding).unwrap();
                assert_eq!(posted.to_amount_string(), row["expected"], "{case}");
            }
            topic => panic!("{case}: {topic}"),
        }
    });
}

/// What a program does that rounds the unit net first: net = qty × round(unit / (1 + rate)), then taxed.
fn naive_per_line_gross(unit_gross: &Money, quantity: i64, rate: &Rate) -> Money {
    let unit_net = vat::split_inclusive(unit_gross, rate, &Rounding::HALF_AWAY).unwrap().net();
    let net = unit_net.checked_mul_int(quantity).unwrap();
    vat::add_exclusive(&net, rate, &Rounding::HALF_AWAY).unwrap().gross()
}

fn document_tax(lines: &[(Money, Rate)], site: TaxSite) -> vat::DocumentTax {
    vat::document(lines, Currency::CNY, (TaxBasis::Exclusive, site), &Rounding::HALF_AWAY).unwrap()
}

#[test]
fn tax() {
    check(include_str!("../golden/tax.csv"), 15, |row| {
        let case = row["case"];
        let inputs: BTreeMap<&str, &str> = pairs(row["inputs"], ';', '=').into_iter().collect();
        let percent = |key: &str| rate(&format!("{}%", inputs[key]));
        let inside = |key: &str| {
            vat::split_inclusive(&money(inputs[key]), &percent("rate_pct"), &Rounding::HALF_AWAY).unwrap()
        };
        let actual: BTreeMap<&str, String> = match row["topic"] {
            "inclusive" => {
                let quantity: i64 = inputs["qty"].parse().unwrap();
                let unit = money(inputs["unit_gross"]);
                let gross = unit.checked_mul_int(quantity).unwrap();
                let split = vat::split_inclusive(&gross, &percent("rate_pct"), &Rounding::HALF_AWAY).unwrap();
                let naive = naive_per_line_gross(&unit, quantity, &percent("rate_pct"));
                BTreeMap::from([
                    ("net", split.net().to_amount_string()),
                    ("tax", split.tax().to_amount_string()),
                    ("gross", split.gross().to_amount_string()),
                    ("naive_per_line_gross", naive.to_amount_string()),
                ])
            }
            "exclusive_sites" => {
                let lines: Vec<(Money, Rate)> =
                    inputs["lines"].split('|').map(|line| (money(line), percent("rate_pct"))).collect();
                let tax = |site| document_tax(&lines, site).total().tax().to_amount_string();
                assert_eq!(tax(TaxSite::PerRateGroup), tax(TaxSite::PerDocument), "{case}: one rate");
                BTreeMap::from([
                    ("per_line", tax(TaxSite::PerLine)),
                    ("per_document", tax(TaxSite::PerDocument)),
                ])
            }
            "rate_groups" => {
                let lines: Vec<(Money, Rate)> = pairs(inputs["lines"], '|', ':')
                    .into_iter()
                    .map(|(amount, percent)| (money(amount), rate(&format!("{percent}%"))))
                    .collect();
                let tax = document_tax(&lines, TaxSite::PerRateGroup);
                let groups: Vec<String> = tax
                    .groups()
                    .iter()
                    .map(|(rate, group)| format!("{}:{}", rate.as_percent(), group.tax().to_amount_string()))
                    .collect();
                BTreeMap::from([("tax", groups.join("|")), ("total", tax.total().tax().to_amount_string())])
            }
            "split_discount" => BTreeMap::from([
                ("net", inside("amount").net().to_amount_string()),
                ("tax", inside("amount").tax().to_amount_string()),
            ]),
            "rebate_input_vat" => {
                BTreeMap::from([("reduction", inside("rebate_incl").tax().to_amount_string())])
            }
            "service_fee" => BTreeMap::from([
                ("net", inside("fee_incl").net().to_amount_string()),
                ("tax", inside("fee_incl").tax().to_amount_string()),
            ]),
            topic => panic!("{case}: {topic}"),
        };
        let expected: BTreeMap<&str, String> = pairs(row["expected"], ';', '=')
            .into_iter()
            .map(|(key, value)| (key, value.to_owned()))
            .collect();
        assert_eq!(actual, expected, "{case}");
    });
}
