//! `docs/contracts.md`: every block of it is read, and every word of the contract stands in it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use endcap::calendar::PaymentTerms;
use endcap::settlement::{ClauseKind, Contract, ContractTerms};

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/contracts.md");
    fs::read_to_string(path).expect("docs/contracts.md")
}

/// The blocks that begin with a fence of this label.
fn blocks(label: &str) -> Vec<String> {
    let page = page();
    let fence = format!("```{label}\n");
    let blocks = page.split(&fence).skip(1).map(|rest| rest.split("```").next().expect("a block").to_owned());
    blocks.collect()
}

/// A whole contract around what a block shows of one.
fn around(block: &str) -> String {
    let method = if block.contains("[method.") { "" } else { "method = { credit_terms = {} }\n" };
    format!(
        "id = \"C\"\naccount = \"A\"\ncurrency = \"CNY\"\nvalid = \"2026\"\n\
         payment_terms = \"from(end_of_supply_period);days(30)\"\ngoods_vat = \"13%\"\nservice_vat = \"6%\"\n\
         {method}{block}"
    )
}

#[test]
fn every_block_is_a_sound_contract() {
    let parts = blocks("toml contract");
    assert_eq!(parts.len(), 9);
    for block in parts {
        let text = around(&block);
        let terms: ContractTerms = toml::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(terms.validate(), [], "{text}");
    }
    for block in blocks("toml terms") {
        for line in block.lines() {
            assert_eq!(line.parse::<PaymentTerms>().expect(line).to_string(), line);
        }
    }
    for file in blocks("toml") {
        let value: toml::Table = toml::from_str(&file).expect("a file");
        for contract in value["contract"].as_array().expect("contracts") {
            let text = toml::to_string(contract).expect("a table");
            toml::from_str::<Contract>(&text).expect("a sound contract");
        }
    }
}

#[test]
fn every_line_of_a_rule_is_read() {
    let page = page();
    let table = page.split("| rule | what it pays").nth(1).expect("the table of rules");
    let rules: Vec<&str> = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .filter_map(|line| line.split('`').rev().nth(1).filter(|code| code.contains(['{', '"'])))
        .collect();
    assert_eq!(rules.len(), 7);
    for rule in rules {
        let clause = format!(
            "clauses = [{{ id = \"X\", kind = \"other\", settle = \"payment_deduct\", tax = \"service\", rule = {rule} }}]"
        );
        let text = around(&clause);
        toml::from_str::<ContractTerms>(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    }
}

#[test]
fn no_kind_of_clause_is_left_out() {
    let page = page();
    for kind in ClauseKind::ALL {
        assert!(page.contains(&format!("`{}`", kind.word())), "{kind} is not in docs/contracts.md");
    }
}

#[test]
fn every_key_of_a_contract_is_told() {
    // Contracts that use everything, written out: each key must stand in the page.
    let page = page();
    let mut keys = Vec::new();
    for block in blocks("toml contract") {
        let terms: ContractTerms = toml::from_str(&around(&block)).expect("a contract");
        let value = toml::Value::try_from(&terms).expect("a table");
        gather(&value, &mut keys);
    }
    keys.sort();
    keys.dedup();
    assert!(keys.len() > 60, "{}", keys.len());
    let words: BTreeSet<&str> = page.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
    for key in keys {
        assert!(words.contains(key.as_str()), "{key} is not in docs/contracts.md");
    }
}

fn gather(value: &toml::Value, keys: &mut Vec<String>) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                keys.push(key.clone());
                gather(value, keys);
            }
        }
        toml::Value::Array(values) => values.iter().for_each(|value| gather(value, keys)),
        _ => {}
    }
}
