//! Rules about what was done, about stock that stays, and about fairness among accounts.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use endcap_calendar::dates;
use endcap_types::{Exact, Rate, RoundingMode};

use super::dossier::Dossier;
use super::fact::{Conduct, ConductFact};
use super::finding::Measured;
use super::rule::Wording;
use super::run::Found;
use crate::SettlementError;

/// Decimals of a percent that shares are shown with.
const SHOWN_DECIMALS: u8 = 4;

fn dated(fact: &ConductFact) -> Wording {
    Wording::new(
        format!("document {} of {}", fact.document, fact.on),
        format!("{} 单据 {}", fact.on, fact.document),
    )
}

pub(super) fn no_conduct(
    found: &mut Found<'_>,
    dossier: &Dossier<'_>,
    forbidden: &BTreeSet<Conduct>,
    on: NaiveDate,
) {
    for fact in dossier.conduct.iter().filter(|fact| fact.on <= on && forbidden.contains(&fact.conduct)) {
        let place = dated(fact);
        found.push(place, Measured::Conduct(fact.conduct), Measured::Nothing);
    }
}

pub(super) fn notice_of(
    found: &mut Found<'_>,
    dossier: &Dossier<'_>,
    (conduct, limit): (Conduct, u32),
    on: NaiveDate,
) {
    for fact in dossier.conduct.iter().filter(|fact| fact.on <= on && fact.conduct == conduct) {
        let notice = fact.told.map_or(0, |told| dates::days_between(told, fact.on).max(0));
        if notice < i64::from(limit) {
            let place = dated(fact);
            found.push(place, Measured::Days(notice), Measured::Days(i64::from(limit)));
        }
    }
}

/// Consigned goods not invoiced: those named, and what the last statement leaves of each delivery.
pub(super) fn consigned_stock_age(found: &mut Found<'_>, dossier: &Dossier<'_>, limit: u32, on: NaiveDate) {
    let named = dossier.consigned.iter().map(|fact| (&fact.document, &fact.sku, fact.delivered));
    let last = dossier
        .statements
        .iter()
        .filter(|statement| statement.period().last_day() <= on)
        .max_by_key(|statement| (statement.period().last_day(), statement.id()));
    let left = last.and_then(|statement| statement.stock()).into_iter();
    let left = left.flat_map(|stock| &stock.closing_layers).filter(|layer| !layer.remaining.is_zero());
    let left = left.map(|layer| (&layer.document, &layer.sku, layer.date));
    for (document, sku, delivered) in named.chain(left) {
        let age = dates::days_between(delivered, on);
        if age >= i64::from(limit) {
            let place = Wording::new(
                format!("document {document}, SKU {sku}"),
                format!("单据 {document}，单品 {sku}"),
            );
            found.push(place, Measured::Days(age), Measured::Days(i64::from(limit)));
        }
    }
}

/// Accounts whose allowances, measured on their purchases, stay behind those of the best-treated one.
pub(super) fn proportional_allowances(
    found: &mut Found<'_>,
    dossier: &Dossier<'_>,
    tolerance: Rate,
) -> Result<(), SettlementError> {
    let mut shares: Vec<(Wording, Exact)> = Vec::new();
    for fact in dossier.allowances.iter().filter(|fact| fact.purchases.is_positive()) {
        let share = fact.allowances.exact().share_of(&fact.purchases.exact())?;
        shares.push((
            Wording::new(format!("account {}", fact.account), format!("客户 {}", fact.account)),
            share,
        ));
    }
    let Some(best) = shares.iter().map(|(_, share)| share).max().cloned() else { return Ok(()) };
    let shown = |share: &Exact| {
        Rate::from_exact_rounded(share, SHOWN_DECIMALS, RoundingMode::HalfAwayFromZero).map(Measured::Rate)
    };
    for (place, share) in &shares {
        if best.sub(share)? > tolerance.to_exact() {
            found.push(place.clone(), shown(share)?, shown(&best)?);
        }
    }
    Ok(())
}
