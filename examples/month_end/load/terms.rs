//! Contracts, account rules, cost pools and fixtures: the TOML files people write by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::NaiveDate;
use endcap::calendar::{Grain, Period};
use endcap::settlement::Contract;
use endcap::types::{AccountId, ContractId, Currency, Money};
use serde::Deserialize;
use toml::Spanned;

use crate::book::Pool;
use crate::common::chains::{self, Chains};
use crate::common::contracts::{self, ID_CHARS_MAX, Places};
use crate::common::problems::{Problem, Problems, Source};
use crate::common::toml_file::read_toml;

/// The account of the contract that stands for every account without one of its own.
const EVERYONE_ELSE: &str = "*";

/// What the contracts file says.
pub struct Terms {
    pub title: String,
    pub note: String,
    pub currency: Currency,
    pub chains: Chains,
    pub(super) contracts: Vec<(Contract, u64)>,
    pub places: Places,
    pub(super) source: Source,
}

impl Terms {
    /// Reads contracts; `number` is the position of the file among all inputs.
    pub fn read(path: &Path, number: usize, problems: &mut Problems) -> Option<Self> {
        let Some(file) = contracts::read(path, number, problems) else {
            return Self::currency_only(path, number);
        };
        let chains = Chains::of_rules(file.rules, &file.text, &file.source, problems);
        let (title, note, currency, source) = (file.title, file.note, file.currency, file.source);
        Some(Self { title, note, currency, chains, contracts: file.contracts, places: file.places, source })
    }

    /// Contracts of one account: its own, or the copy of the contract of account `*`.
    fn of(&self, account: &AccountId) -> Vec<Contract> {
        let of = |wanted: &str| {
            let wanted = wanted.to_owned();
            self.contracts.iter().map(|(c, _)| c).filter(move |c| c.account().as_str() == wanted)
        };
        let own: Vec<Contract> = of(account.as_str()).cloned().collect();
        if !own.is_empty() {
            return own;
        }
        of(EVERYONE_ELSE).filter_map(|contract| copied(contract, account)).take(1).collect()
    }

    /// Says what was expected where a receipt's reference is not a statement that its payer could have had by then.
    pub fn check_reference(
        &self,
        account: &AccountId,
        reference: &str,
        first: NaiveDate,
        received: NaiveDate,
    ) -> Result<(), String> {
        let own = self.of(account);
        let months = Period::containing(Grain::Month, first)
            .and_then(|first| Ok((first, Period::containing(Grain::Month, received)?)));
        let (Ok((oldest, newest)), Some(example)) = (months, own.first()) else { return Ok(()) };
        let period = reference.rsplit_once('@').and_then(|(contract, period)| {
            let contract = own.iter().find(|own| own.id().as_str() == contract)?;
            let start = period.split_once("..")?.0.parse::<NaiveDate>().ok()?;
            let month = Period::containing(Grain::Month, start).ok()?;
            let given = month.to_string() == period && month.overlap_days(contract.terms().valid) > 0;
            given.then_some(month)
        });
        match period {
            None => Err(format!(
                "expected a statement of this account such as {}@{oldest}, or nothing",
                example.id()
            )),
            Some(month) if month.start() < oldest.start() || month.end() > newest.start() => Err(format!(
                "expected a statement of a month from {} on that was over when the money came, or nothing",
                oldest.start().format("%Y-%m")
            )),
            Some(_) => Ok(()),
        }
    }

    /// Of a file with a mistake in it, only the currency, so that the other files can be read and their mistakes told, too.
    fn currency_only(path: &Path, number: usize) -> Option<Self> {
        let table: toml::Table = std::fs::read_to_string(path).ok()?.parse().ok()?;
        Some(Self {
            title: String::new(),
            note: String::new(),
            currency: Currency::from_code(table.get("currency")?.as_str()?).ok()?,
            chains: Chains::default(),
            contracts: Vec::new(),
            places: Places::of(&Source::new(path, number), ""),
            source: Source::new(path, number),
        })
    }

    /// One list of contracts for the accounts given: their own, or a copy of the contract of account `*`.
    pub fn contracts_for<'a>(
        &self,
        accounts: impl Iterator<Item = &'a AccountId>,
        rules: &Chains,
        problems: &mut Problems,
    ) -> BTreeMap<AccountId, Vec<Contract>> {
        let accounts: BTreeSet<&AccountId> = accounts.collect();
        let mut found: BTreeMap<AccountId, Vec<Contract>> = BTreeMap::new();
        let mut everyone_else = None;
        for (contract, line) in &self.contracts {
            if contract.account().as_str() == EVERYONE_ELSE {
                everyone_else = Some(contract);
            } else if accounts.contains(contract.account()) {
                found.entry(contract.account().clone()).or_default().push(contract.clone());
            } else if !rules.lead_to(contract.account().as_str()) {
                // A chain that a rule names may have bought nothing; a name that nothing leads to is a slip.
                let expected =
                    "expected an account that the files know (or * for every account without a contract)";
                let value = contract.account().as_str().as_bytes();
                problems.push(Problem::value(&self.source, *line, 1, value, expected));
            }
        }
        for account in accounts {
            if found.contains_key(account) {
                continue;
            }
            match everyone_else.and_then(|contract| copied(contract, account)) {
                Some(contract) => {
                    found.insert(account.clone(), vec![contract]);
                }
                None if everyone_else.is_some() => {
                    let text = format!(
                        "account {account}: expected a shorter name; with the id of the contract for account \"*\" \
                         it may have {ID_CHARS_MAX} characters"
                    );
                    problems.push(Problem::file(&self.source, text));
                }
                None => {
                    let text = format!(
                        "account {account} has no contract; expected one of its own or one for account \"*\""
                    );
                    problems.push(Problem::file(&self.source, text));
                }
            }
        }
        found
    }
}

/// The contract of account `*` for one account.
fn copied(contract: &Contract, account: &AccountId) -> Option<Contract> {
    let mut terms = contract.terms().clone();
    let id = format!("{}-{account}", terms.id);
    terms.id = ContractId::new(id).ok().filter(|id| id.as_str().chars().count() <= ID_CHARS_MAX)?;
    terms.account = account.clone();
    Contract::new(terms).ok()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PoolsFile {
    currency: Currency,
    pool: Vec<Spanned<PoolTerms>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PoolTerms {
    #[allow(dead_code, reason = "names the pool for whoever reads the file")]
    name: String,
    monthly_cost: String,
    capacity_minutes: i64,
    minutes: BTreeMap<String, i64>,
}

/// Reads the cost pools of `activity_rates.toml`.
pub fn read_pools(path: &Path, number: usize, currency: Currency, problems: &mut Problems) -> Vec<Pool> {
    let Some((file, text, source)) = read_toml::<PoolsFile>(path, number, "cost pools", problems) else {
        return Vec::new();
    };
    let mut pools = Vec::new();
    for spanned in file.pool {
        let (line, column) = chains::place(&text, spanned.span().start);
        let terms = spanned.into_inner();
        let mut refuse = |value: &str, expected: &str| {
            problems.push(Problem::value(&source, line, column, value.as_bytes(), expected));
        };
        if file.currency != currency {
            refuse(file.currency.code(), &format!("expected {currency}, the currency of this book"));
        }
        if terms.capacity_minutes <= 0 {
            refuse(&terms.capacity_minutes.to_string(), "expected capacity_minutes above zero");
        }
        if let Some((activity, _)) = terms.minutes.iter().find(|(_, minutes)| **minutes < 0) {
            refuse(activity, "expected minutes of zero or more");
        }
        match Money::parse(&terms.monthly_cost, currency) {
            Ok(cost) if cost.is_negative() => {
                refuse(&terms.monthly_cost, "expected a monthly_cost of zero or more")
            }
            Ok(monthly_cost) => pools.push(Pool {
                monthly_cost,
                capacity_minutes: terms.capacity_minutes,
                minutes: terms.minutes,
            }),
            Err(error) => refuse(&terms.monthly_cost, &format!("expected a monthly_cost: {error}")),
        }
    }
    pools
}
