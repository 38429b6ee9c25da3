//! The contracts file: a title, a currency, and one `[[contract]]` table per contract.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use endcap::calendar::Period;
use endcap::settlement::{Contract, ContractTerms, FactError, SettlementError};
use endcap::types::Currency;
use serde::Deserialize;
use toml::Spanned;

use super::chains;
use super::problems::{Problem, Problems, Source};
use super::toml_file::read_toml;

/// Longest id of a contract: a statement's id is that of its contract with a period behind it.
pub const ID_CHARS_MAX: usize = 41;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ContractsFile {
    /// Shown at the top of every report.
    title: String,
    #[serde(default)]
    note: String,
    currency: Currency,
    #[serde(default)]
    rule: Vec<chains::Rule>,
    contract: Vec<Spanned<ContractTerms>>,
}

/// Only the ids, for their places.
#[derive(Deserialize)]
struct Ids {
    contract: Vec<ContractIds>,
}

#[derive(Deserialize)]
struct ContractIds {
    id: Spanned<String>,
    #[serde(default)]
    clauses: Vec<ClauseIds>,
}

#[derive(Deserialize)]
struct ClauseIds {
    id: Spanned<String>,
}

/// Where contracts and their clauses stand in their file, by id.
#[derive(Debug, Clone)]
pub struct Places {
    source: Source,
    contracts: BTreeMap<String, Place>,
}

#[derive(Debug, Clone, Default)]
struct Place {
    at: (u64, usize),
    clauses: BTreeMap<String, (u64, usize)>,
}

impl Places {
    /// The places in a file that was read as contracts; none in another.
    pub fn of(source: &Source, text: &str) -> Self {
        let ids = toml::from_str(text).unwrap_or(Ids { contract: Vec::new() });
        let at = |id: &Spanned<String>| chains::place(text, id.span().start);
        let contracts = ids.contract.iter().map(|contract| {
            let clauses = contract.clauses.iter().map(|clause| (clause.id.get_ref().clone(), at(&clause.id)));
            let place = Place { at: at(&contract.id), clauses: clauses.collect() };
            (contract.id.get_ref().clone(), place)
        });
        Self { source: source.clone(), contracts: contracts.collect() }
    }

    /// What the engine refused in a month, at the clause it names, else at the contract.
    pub fn unsettled(
        &self,
        contract: &Contract,
        month: Option<Period>,
        (error, hint): (&SettlementError, &str),
    ) -> Problem {
        let id = contract.id().as_str();
        let place = self.contracts.get(id).cloned().unwrap_or_default();
        let named = match error {
            SettlementError::UnknownClause { clause, .. }
            | SettlementError::Fact(FactError::ReferenceKind { clause, .. }) => Some(clause.as_str()),
            SettlementError::MissingPrior { rule, .. } => Some(rule.as_str()),
            _ => None,
        };
        let (line, column) = named.and_then(|clause| place.clauses.get(clause)).copied().unwrap_or(place.at);
        let month = month.map(|month| format!(" of {}", month.start().format("%Y-%m")));
        Problem::at(&self.source, line, column, format!("{id}{}: {error}{hint}", month.unwrap_or_default()))
    }
}

/// What the file says; contracts that break a rule are left out, and told.
pub struct ContractsRead {
    /// The title.
    pub title: String,
    /// The note below it.
    pub note: String,
    /// Currency of all contracts.
    pub currency: Currency,
    /// Which account a store belongs to.
    pub rules: Vec<chains::Rule>,
    /// Sound contracts with the line each begins on.
    pub contracts: Vec<(Contract, u64)>,
    /// Where they and their clauses stand.
    pub places: Places,
    /// The whole file.
    pub text: String,
    /// The file in messages.
    pub source: Source,
}

/// Reads contracts; `number` is the position of the file among all inputs.
pub fn read(path: &Path, number: usize, problems: &mut Problems) -> Option<ContractsRead> {
    let (file, text, source) = read_toml::<ContractsFile>(path, number, "contracts", problems)?;
    let mut contracts = Vec::new();
    let mut seen = BTreeSet::new();
    for spanned in file.contract {
        let (line, column) = chains::place(&text, spanned.span().start);
        let terms = spanned.into_inner();
        let mut refuse = |value: &str, expected: String| {
            problems.push(Problem::value(&source, line, column, value.as_bytes(), expected));
        };
        if !seen.insert(terms.id.clone()) {
            refuse(terms.id.as_str(), "expected each contract id once".to_owned());
        }
        if terms.currency != file.currency {
            let expected = format!("expected {}, the currency of this file", file.currency);
            refuse(terms.currency.code(), expected);
        }
        if terms.id.as_str().chars().count() > ID_CHARS_MAX {
            refuse(terms.id.as_str(), format!("expected an id of at most {ID_CHARS_MAX} characters"));
        }
        for problem in terms.validate() {
            refuse(terms.id.as_str(), problem.to_string());
        }
        if let Ok(contract) = Contract::new(terms) {
            contracts.push((contract, line));
        }
    }
    let (title, note, currency) = (file.title, file.note, file.currency);
    let places = Places::of(&source, &text);
    Some(ContractsRead { title, note, currency, rules: file.rule, contracts, places, text, source })
}
