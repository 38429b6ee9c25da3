//! The arithmetic behind the worked examples: every formula is evaluated exactly and found again in the books.

use std::collections::BTreeMap;

use endcap_ledger::*;
use endcap_types::{Currency, Exact, Money, Rate, RoundingMode};

use crate::golden::{rows, worked};
use crate::kit::{cny, date, ka};

/// Sums, products, brackets, `min(a b)` and `round(a)` over named inputs.
struct Formula<'a> {
    rest: &'a str,
    inputs: BTreeMap<&'a str, Exact>,
}

impl Formula<'_> {
    fn eat(&mut self, token: char) -> bool {
        let found = self.rest.starts_with(token);
        self.rest = if found { &self.rest[1..] } else { self.rest };
        found
    }

    fn sum(&mut self) -> Exact {
        let mut value = self.product();
        loop {
            value = if self.eat('+') {
                value.add(&self.product()).unwrap()
            } else if self.eat('-') {
                value.sub(&self.product()).unwrap()
            } else {
                return value;
            };
        }
    }

    fn product(&mut self) -> Exact {
        let mut value = self.atom();
        while self.eat('*') {
            value = value.mul(&self.atom()).unwrap();
        }
        value
    }

    fn atom(&mut self) -> Exact {
        if self.eat('(') {
            let value = self.sum();
            assert!(self.eat(')'));
            return value;
        }
        let end = self.rest.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        if !self.eat('(') {
            return self.inputs[name].clone();
        }
        let mut value = self.sum();
        if self.eat(' ') {
            let other = self.sum();
            assert_eq!(name, "min");
            value = if other < value { other } else { value };
        } else {
            assert_eq!(name, "round");
            let cents = value.mul(&Exact::from_int(100)).unwrap();
            let cents = cents.round_to_int(RoundingMode::HalfAwayFromZero).unwrap();
            value = Exact::ratio(cents, 100).unwrap();
        }
        assert!(self.eat(')'));
        value
    }
}

fn exact(text: &str) -> Exact {
    Exact::from_decimal(text.parse().unwrap())
}

/// 22 of 22 rows.
#[test]
fn worked_figures_follow_from_their_formulas_and_stand_in_the_books() {
    let derivations = rows(include_str!("../golden/worked_derivations.csv"));
    assert_eq!(derivations.len(), 22);
    let ledgers = BTreeMap::from([("A", worked("A")), ("B", worked("B"))]);
    for row in derivations {
        let inputs = row["inputs"].split(';').map(|pair| pair.split_once('=').unwrap());
        let inputs = inputs.map(|(name, value)| (name, exact(value))).collect();
        let mut formula = Formula { rest: &row["formula"], inputs };
        let value = formula.sum();
        assert_eq!(formula.rest, "");
        assert_eq!(value, exact(&row["expected"]), "{row:?}");

        let ledger = &ledgers[row["example"].as_str()];
        let expected = row["expected"].as_str();
        let balance = |code: &str, at| ledger.balance(code, Currency::CNY, at).unwrap();
        match row["quantity"].as_str() {
            "units_remaining" => {} // pieces stand in no leg; the golden of example A counts them
            "value_remaining" => assert_eq!(balance("1406", At::Now), cny(expected)),
            "open_residual" => assert_eq!(balance("1122", At::Now), cny(expected)),
            "short_payment" => assert_eq!(balance("1122", At::EndOf(date("2025-03-11"))), cny(expected)),
            _ => {
                let entries = crate::oracle::entries(ledger);
                let legs = entries
                    .filter(|entry| entry.document.as_str() == row["entry"])
                    .flat_map(|entry| entry.legs);
                assert!(legs.into_iter().any(|leg| leg.amount == cny(expected)), "{row:?}");
            }
        }
    }
}

/// The allowance of example B from its ageing: 5 % of 382.95, twenty days late.
#[test]
fn an_allowance_is_what_the_ageing_says_it_is() {
    let ledger = worked("B");
    let query = AgeingQuery {
        account: "1122",
        currency: Currency::CNY,
        as_of: date("2025-03-31"),
        basis: AgeBasis::DueDate,
    };
    let ageing = ledger.ageing(&query, &Buckets::standard()).unwrap();
    let rate = |text: &str| text.parse::<Rate>().unwrap();
    let matrix = ProvisionMatrix {
        not_due: rate("1%"),
        overdue: vec![rate("5%"), rate("50%")],
        no_due_date: rate("2%"),
    };
    let split = ageing.of(&ka("KA002")).unwrap();
    assert_eq!(matrix.allowance(split).unwrap(), cny("19.15"));
    // Every place counts at its own rate, further buckets at the last one, credits not at all; rounded once.
    let mut mixed = split.clone();
    mixed.not_due = cny("1.00");
    mixed.overdue = [1, 1, 1, 0, 0].map(|cents| Money::from_minor(cents, Currency::CNY).unwrap()).to_vec();
    mixed.no_due_date = cny("10.00");
    mixed.unallocated_credit = cny("-500.00");
    assert_eq!(matrix.allowance(&mixed).unwrap(), cny("0.22")); // 1 + 0.05 + 0.5 + 0.5 + 20 cents
}
