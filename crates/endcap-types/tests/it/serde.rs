//! Serialised forms: exact text, read back to the same value, strict about everything else.

use core::fmt::Debug;

use endcap_types::vat::{self, DocumentTax, TaxSite, VatSplit};
use endcap_types::{
    AccountId, CasePack, Currency, Exact, Money, Price, Quantity, Rate, Rounding, RoundingMode, TaxBasis,
    Unit, Unrounded,
};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{from_str, to_string};

use crate::common::{any_exact, any_money, any_rate, any_rounding, decimal, money, rate};

/// The value writes exactly `json` and `json` reads as the value.
fn form<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, json: &str) {
    assert_eq!(to_string(value).unwrap(), json);
    assert_eq!(&from_str::<T>(json).unwrap(), value);
}

/// Each text is refused, with a message that holds the words given.
fn refused<T: DeserializeOwned + Debug>(cases: &[(&str, &str)]) {
    for (json, words) in cases {
        let error = from_str::<T>(json).unwrap_err().to_string();
        assert!(error.contains(words), "{json}: {error}");
    }
}

fn price() -> Price {
    Price::new(decimal("74.50"), Currency::CNY, Unit::Case, TaxBasis::Inclusive).unwrap()
}

#[test]
fn every_type_has_one_written_form() {
    form(&Currency::CNY, r#""CNY""#);
    form(&money("-1234.50"), r#"{"amount":"-1234.50","currency":"CNY"}"#);
    form(&Exact::ratio(-345, 2).unwrap(), r#""-345/2""#);
    form(
        &Unrounded::new(Exact::ratio(62_000_000, 73).unwrap(), Currency::CNY),
        r#"{"minor":"62000000/73","currency":"CNY"}"#,
    );
    form(&rate("2.75%"), r#""2.75%""#);
    form(&Quantity::pieces(36).unwrap(), r#""36 pc""#);
    form(&Unit::Kilogram, r#""kilogram""#);
    form(&CasePack::new(12).unwrap(), "12");
    form(&TaxBasis::Exclusive, r#""exclusive""#);
    form(&TaxSite::PerRateGroup, r#""per_rate_group""#);
    form(&price(), r#"{"per_unit":"74.5","currency":"CNY","unit":"case","tax":"inclusive"}"#);
    form(&Rounding::HALF_AWAY, r#"{"mode":"half_away_from_zero","step_minor":1}"#);
    form(&AccountId::new("大润发").unwrap(), r#""大润发""#);
    form(
        &vat::add_exclusive(&money("100.00"), &rate("13%"), &Rounding::HALF_AWAY).unwrap(),
        concat!(
            r#"{"net":{"amount":"100.00","currency":"CNY"},"tax":{"amount":"13.00","currency":"CNY"},"#,
            r#""gross":{"amount":"113.00","currency":"CNY"}}"#
        ),
    );
    for mode in RoundingMode::ALL {
        form(&mode, &format!("\"{}\"", mode.name()));
    }
}

#[test]
fn rates_are_keys_of_a_written_document() {
    let lines = [(money("10.05"), rate("13%")), (money("5.00"), rate("0%"))];
    let rule = (TaxBasis::Exclusive, TaxSite::PerDocument);
    let tax = vat::document(&lines, Currency::CNY, rule, &Rounding::HALF_AWAY).unwrap();
    let json = to_string(&tax).unwrap();
    assert!(json.starts_with(r#"{"groups":{"0%":{"net":"#), "{json}");
    assert_eq!(from_str::<DocumentTax>(&json).unwrap(), tax);
    let tampered = json.replacen("1.31", "1.30", 1).replacen("11.36", "11.35", 1);
    let error = from_str::<DocumentTax>(&tampered).unwrap_err().to_string();
    assert!(error.contains("the rate groups sum to CNY 15.05 + 1.30 = 16.35"), "{error}");
}

#[test]
fn a_rounding_rule_may_leave_out_what_is_default() {
    assert_eq!(from_str::<Rounding>("{}").unwrap(), Rounding::HALF_AWAY);
    assert_eq!(from_str::<Rounding>(r#"{"mode":"half_even"}"#).unwrap(), Rounding::HALF_EVEN);
    let cash = Rounding::HALF_AWAY.with_step(&money("0.05")).unwrap();
    assert_eq!(from_str::<Rounding>(r#"{"step_minor":5}"#).unwrap(), cash);
    refused::<Rounding>(&[
        (r#"{"step_minor":0}"#, "nonzero"),
        (r#"{"step_minor":-5}"#, "nonzero"),
        (r#"{"step_minor":0.05}"#, "invalid type"),
        (r#"{"mode":"bankers"}"#, "unknown variant"),
        (r#"{"mode":"up","step":5}"#, "unknown field `step`"),
    ]);
}

#[test]
fn numbers_in_place_of_strings_are_refused() {
    refused::<Money>(&[
        (r#"{"amount":12.5,"currency":"CNY"}"#, "invalid type: floating point `12.5`, expected a string"),
        (r#"{"amount":12,"currency":"CNY"}"#, "invalid type: integer `12`, expected a string"),
        ("12.5", "invalid type"),
    ]);
    refused::<Rate>(&[("0.0275", "expected a string"), ("22", "expected a string")]);
    refused::<Exact>(&[("17", "expected a string")]);
    refused::<Quantity>(&[("36", "expected a string")]);
    let number = r#"{"per_unit":74.5,"currency":"CNY","unit":"case","tax":"inclusive"}"#;
    refused::<Price>(&[(number, "expected a string")]);
    refused::<AccountId>(&[("1001", "expected a string")]);
    refused::<Currency>(&[("156", "expected a string")]);
}

#[test]
fn unknown_and_missing_fields_are_refused() {
    refused::<Money>(&[
        (r#"{"amount":"1.00","currency":"CNY","note":""}"#, "unknown field `note`"),
        (r#"{"amount":"1.00"}"#, "missing field `currency`"),
    ]);
    refused::<Unrounded>(&[
        (r#"{"minor":"1/2","currency":"CNY","value":"1/2"}"#, "unknown field `value`"),
        (r#"{"currency":"CNY"}"#, "missing field `minor`"),
    ]);
    let price = r#"{"per_unit":"1","currency":"CNY","unit":"case","tax":"inclusive","vat":"13%"}"#;
    refused::<Price>(&[(price, "unknown field `vat`")]);
    let zero = r#"{"amount":"0.00","currency":"CNY"}"#;
    refused::<VatSplit>(&[
        (&format!(r#"{{"net":{zero},"tax":{zero},"gross":{zero},"rate":"13%"}}"#), "unknown field `rate`"),
        (&format!(r#"{{"net":{zero},"tax":{zero}}}"#), "missing field `gross`"),
    ]);
    let split = format!(r#"{{"net":{zero},"tax":{zero},"gross":{zero}}}"#);
    refused::<DocumentTax>(&[
        (&format!(r#"{{"groups":{{}},"total":{split},"site":"per_line"}}"#), "unknown field `site`"),
        (&format!(r#"{{"groups":{{"-1%":{split}}},"total":{split}}}"#), "rate must not be negative"),
        (
            &format!(r#"{{"groups":{{"6%":{split},"6.0%":{split}}},"total":{split}}}"#),
            "key 6% is given twice",
        ),
    ]);
}

#[test]
fn reading_goes_through_the_checked_constructors() {
    refused::<Money>(&[
        (r#"{"amount":"0.005","currency":"CNY"}"#, "too many decimals"),
        (r#"{"amount":"1e3","currency":"CNY"}"#, "not an amount"),
        (r#"{"amount":"1.00","currency":"ZZZ"}"#, "unknown currency"),
    ]);
    refused::<Exact>(&[(r#""1/0""#, "division by zero"), (r#""0.5""#, "not an exact value")]);
    refused::<Rate>(&[(r#""0.0275""#, "not a rate"), (r#""1000000000%""#, "rate out of range")]);
    refused::<Quantity>(&[(r#""1.5 pc""#, "not a whole number"), (r#""1 dozen""#, "not a quantity")]);
    refused::<CasePack>(&[
        ("0", "case pack out of range"),
        ("100001", "case pack out of range"),
        ("-1", "invalid value"),
    ]);
    refused::<AccountId>(&[(r#""""#, "it is empty"), (r#"" a""#, "begins or ends")]);
    let price = |per_unit: &str| {
        format!(r#"{{"per_unit":"{per_unit}","currency":"CNY","unit":"case","tax":"inclusive"}}"#)
    };
    refused::<Price>(&[
        (&price("-1"), "price out of range"),
        (&price("1_000"), "not an amount"),
        // 29 decimals: a lenient parser would round this to one.
        (&price("0.99999999999999999999999999999"), "not an amount"),
        (&price("0.12345678901"), "too many decimals"),
    ]);
    let cny = |amount: &str| format!(r#"{{"amount":"{amount}","currency":"CNY"}}"#);
    let unbalanced =
        format!(r#"{{"net":{},"tax":{},"gross":{}}}"#, cny("100.00"), cny("13.00"), cny("113.01"));
    refused::<VatSplit>(&[(&unbalanced, "net + tax is not gross")]);
}

proptest! {
    #[test]
    fn what_is_written_reads_back(
        amount in any_money(), value in any_exact(), rate in any_rate(), rounding in any_rounding(),
    ) {
        prop_assert_eq!(from_str::<Money>(&to_string(&amount).unwrap()).unwrap(), amount);
        prop_assert_eq!(from_str::<Exact>(&to_string(&value).unwrap()).unwrap(), value.clone());
        prop_assert_eq!(from_str::<Rate>(&to_string(&rate).unwrap()).unwrap(), rate);
        prop_assert_eq!(from_str::<Rounding>(&to_string(&rounding).unwrap()).unwrap(), rounding);
        let unrounded = Unrounded::new(value, amount.currency());
        prop_assert_eq!(from_str::<Unrounded>(&to_string(&unrounded).unwrap()).unwrap(), unrounded);
    }
}
