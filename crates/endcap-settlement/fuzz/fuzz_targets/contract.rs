//! Contracts as text: JSON when the first byte is even, TOML when it is odd. What is accepted survives its own text.
#![no_main]

use endcap_settlement::{Contract, ContractTerms};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((form, text)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let terms: Option<ContractTerms> =
        if form & 1 == 0 { serde_json::from_str(text).ok() } else { toml::from_str(text).ok() };
    let Some(terms) = terms else { return };
    for problem in terms.validate() {
        assert!(!problem.to_string().is_empty());
    }
    let Ok(contract) = Contract::new(terms) else { return };
    let written = serde_json::to_string(&contract).unwrap();
    let again: Contract = serde_json::from_str(&written).unwrap();
    assert_eq!(again, contract);
});
