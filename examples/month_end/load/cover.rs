//! Whether the contracts fit the goods: no article in two contracts of an account at a time, and none in no contract.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use endcap::calendar::Period;
use endcap::settlement::{Catalogue, Contract, MethodKind};
use endcap::types::{AccountId, SkuId};

use super::terms::Terms;
use crate::book::Book;
use crate::close::settle;
use crate::common::problems::{Problem, Problems, Source};

/// Days without any sale or delivery after which a date before them is taken for a slip of the pen.
const SILENCE_DAYS_MAX: i64 = 366;

/// Reports contracts of one account that would both settle the same goods.
pub fn overlaps(terms: &Terms, book: &Book, problems: &mut Problems) {
    let Ok(products) = settle::products(book) else { return };
    let Ok(catalogue) = Catalogue::new(&products) else { return };
    for (position, (contract, line)) in terms.contracts.iter().enumerate() {
        let own = contract.terms();
        for (other, _) in terms.contracts.iter().take(position) {
            let theirs = other.terms();
            if own.account != theirs.account || own.valid.intersect(theirs.valid).is_none() {
                continue;
            }
            if let Ok(Some(sku)) = own.scope.first_overlap(&theirs.scope, &catalogue) {
                let text = format!(
                    "expected every article in one contract of {} at a time; {sku} is in {}, too",
                    own.account,
                    other.id()
                );
                let value = contract.id().as_str().as_bytes();
                problems.push(Problem::value(&terms.source, *line, 1, value, text));
            }
        }
    }
}

/// Reports goods of `month` that no contract of their account settles.
pub fn gaps(
    contracts_file: &Path,
    book: &Book,
    contracts: &BTreeMap<AccountId, Vec<Contract>>,
    month: Period,
) -> Problems {
    let mut problems = Problems::default();
    let Ok(products) = settle::products(book) else { return problems };
    let Ok(catalogue) = Catalogue::new(&products) else { return problems };
    let of = |account: &AccountId| contracts.get(account).map(Vec::as_slice).unwrap_or_default();
    // What a credit account sells on is its own business, also after the contract.
    let tills_count = |account: &AccountId| {
        of(account).iter().all(|contract| contract.terms().method.kind() != MethodKind::CreditTerms)
    };
    let moved = book.deliveries.iter().chain(&book.returns).map(|m| (&m.account, &m.sku, m.date));
    let sold = book.sales.iter().map(|s| (&s.account, &s.sku, s.date));
    let sold = sold.filter(|(account, ..)| tills_count(account));
    let facts: BTreeSet<_> = moved.chain(sold).filter(|(.., date)| month.contains(*date)).collect();
    let mut missing: BTreeMap<&AccountId, BTreeMap<&SkuId, chrono::NaiveDate>> = BTreeMap::new();
    for (account, sku, date) in facts {
        let settled = of(account).iter().map(Contract::terms).any(|terms| {
            terms.valid.contains(date) && terms.scope.covers(sku, &catalogue).unwrap_or_default()
        });
        if !settled {
            missing.entry(account).or_default().entry(sku).or_insert(date);
        }
    }
    let source = Source::new(contracts_file, 0);
    for (account, skus) in missing {
        let Some((sku, date)) = skus.first_key_value() else { continue };
        let others = match skus.len() {
            1 => String::new(),
            n => format!(" (and {} more of its articles)", n - 1),
        };
        let text =
            format!("account {account}: expected a contract for {sku}{others} on {date}; none covers it");
        problems.push(Problem::file(&source, text));
    }
    problems
}

/// Reports a silence of more than a year in the sales and deliveries of a full book: one of its ends is mistyped.
pub fn silence(directory: &Path, book: &Book, problems: &mut Problems) {
    let sold = book.sales.iter().map(|sale| sale.date);
    let days: BTreeSet<_> = sold.chain(book.deliveries.iter().map(|delivery| delivery.date)).collect();
    for (before, after) in days.iter().zip(days.iter().skip(1)) {
        if after.signed_duration_since(*before).num_days() > SILENCE_DAYS_MAX {
            let text = format!(
                "nothing is sold or delivered between {before} and {after}; expected no gap of more than a year: is \
                 one of the two dates mistyped?"
            );
            problems.push(Problem::file(&Source::new(&directory.join("sales.csv"), 4), text));
        }
    }
}
