//! statement
use crate::ratio::{Line, Mode};
use endcap::calendar::Period;
use endcap::settlement::*;
use endcap::types::*;

pub fn rate(text: &str) -> Rate {
    text.parse().unwrap()
}

/// A contract of 2025 over everything, 13 % on goods and 6 % on services.
pub fn contract(method: Method, clauses: Vec<Clause>, amounts: TaxBasis) -> Contract {
    Contract::new(ContractTerms {
        id: ContractId::new("C-1").unwrap(),
        account: AccountId::new("WANYUE").unwrap(),
        currency: Currency::CNY,
        valid: Period::year(2025).unwrap(),
        scope: Scope::All,
        payment_terms: "from(end_of_supply_period);days(45)".parse().unwrap(),
        goods_vat: rate("13%"),
        goods_vat_by: vec![],
        service_vat: Some(rate("6%")),
        amounts,
        tax_site: vat::TaxSite::PerRateGroup,
        rounding: Rounding::HALF_AWAY,
        method,
        stacks: vec![],
        clauses,
    })
    .unwrap()
}
pub fn lines(_: Mode) -> Vec<Line> {
    Vec::new()
}
