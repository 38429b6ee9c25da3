//! 合规检查: laws of trade as dated data, held against contracts, statements and what was done. Not legal advice.
//!
//! | item | what it is |
//! |---|---|
//! | [`check()`]; [`Dossier`] + [`RuleSet`] + a day → [`Finding`] | what the rules in effect say |
//! | [`Rule`], [`Check`], [`StatutoryRate`], [`Wording`] | one article: what it looks at, where the line is, what it says |
//! | [`Condition`] → [`Applicability`] | to whom a rule applies, and what would have to be known |
//! | [`Severity`], [`Confidence`], [`Jurisdiction`] | how heavy, how well checked, whose law |
//! | [`Parties`], [`BuyerKind`], [`EnterpriseSize`], [`SmeStatus`], [`GoodsKind`], [`AgreedInterest`] | who trades what |
//! | [`PaymentFact`], [`ConductFact`], [`EvidenceFact`], [`TargetFact`], [`ConsignedFact`], [`AllowanceFact`] | facts |
//! | [`DayBase`], [`Conduct`], [`Evidence`], [`Measured`] | what facts are about |
//! | [`RuleSet::sample`] | rules of China, the European Union, the United Kingdom and the United States to start from |
//! | [`ComplianceError`] | what a rule can break |
//!
//! Rules are the caller's data. The sample is one reading of the texts named in each rule, some of them not checked
//! against the official text; a rule and its findings say so. Laws change: replace what is out of date.

mod clauses;
mod condition;
mod conduct;
mod dossier;
mod error;
mod fact;
mod finding;
mod payments;
mod rule;
mod rule_set;
mod run;
mod sample;

pub use condition::{Applicability, Condition};
pub use dossier::{AgreedInterest, BuyerKind, Dossier, EnterpriseSize, GoodsKind, Parties, SmeStatus};
pub use error::ComplianceError;
pub use fact::{
    AllowanceFact, Conduct, ConductFact, ConsignedFact, DayBase, Evidence, EvidenceFact, PaymentFact,
    TargetFact,
};
pub use finding::{Finding, Measured};
pub use rule::{Check, Confidence, Jurisdiction, Rule, Severity, StatutoryRate, Wording};
pub use rule_set::RuleSet;
pub use run::check;
