//! What tags mean: natures, dimensions, items and clearings.
//!
//! # Source
//!
//! House rule.

use endcap_types::{Currency, DocumentId, Money};

use super::problem::{InputFault, InputProblem, Piece};
use super::read::{RawAccount, RawLeg, Tag, plain, read_date};
use crate::{
    Account, ClearingPolicy, CurrencyRule, Dimension, Due, Ink, ItemDraft, ItemEffect, LedgerError, Nature,
    Side,
};

/// Values of `clears` that are policies, not documents.
pub(crate) const CLEARS_WORDS: [&str; 3] = ["fifo", "oldest_due", "proportional"];

pub(super) const NATURES: [(&str, Nature); 8] = [
    ("opening", Nature::Opening),
    ("invoice", Nature::Invoice),
    ("return", Nature::Return),
    ("deduction", Nature::Deduction),
    ("rebate", Nature::Rebate),
    ("receipt", Nature::Receipt),
    ("write_off", Nature::WriteOff),
    ("other", Nature::Other),
];

/// The word for a nature.
pub(crate) fn nature_name(nature: Nature) -> &'static str {
    NATURES.iter().find(|(_, other)| *other == nature).map_or("other", |(name, _)| name)
}

/// The tag of a name.
pub(super) fn find<'t>(tags: &[Tag<'t>], name: &str) -> Option<Tag<'t>> {
    tags.iter().find(|tag| tag.name.text == name).copied()
}

fn one_of<T: Copy>(tag: Tag<'_>, words: &[(&str, T)], expected: &'static str) -> Result<T, InputProblem> {
    let found = words.iter().find(|(word, _)| *word == tag.value.text);
    found.map(|(_, value)| *value).ok_or_else(|| tag.value.fault(InputFault::BadTag { expected }))
}

pub(super) fn nature(tags: &[Tag<'_>]) -> Result<Option<Nature>, InputProblem> {
    let expected = "opening, invoice, return, deduction, rebate, receipt, write_off or other";
    find(tags, "nature").map(|tag| one_of(tag, &NATURES, expected)).transpose()
}

/// The ink of a leg; blue where nothing is said.
pub(super) fn ink(tags: &[Tag<'_>]) -> Result<Ink, InputProblem> {
    let inks = [("red", Ink::Red), ("blue", Ink::Blue)];
    let ink = find(tags, "ink").map(|tag| one_of(tag, &inks, "red or blue")).transpose()?;
    Ok(ink.unwrap_or(Ink::Blue))
}

/// The account that an `account` line declares.
pub(super) fn account(raw: &RawAccount<'_>) -> Result<Account, InputProblem> {
    if raw.path.key_account.is_some() {
        return Err(raw.path.piece.fault(InputFault::KeyAccountNotAllowed));
    }
    let text = |name: &str| match find(&raw.tags, name) {
        Some(tag) => plain(tag.value),
        None => Ok(raw.path.code.clone()),
    };
    let (name, name_zh) = (text("name")?, text("name_zh")?);
    let account = Account::new(raw.path.code.clone(), (&name, &name_zh), raw.path.kind)
        .map_err(|error| raw.path.piece.fault(InputFault::BadText(error)))?;
    let by = [
        ("none", Dimension::None),
        ("key_account", Dimension::KeyAccount),
        ("open_items", Dimension::OpenItems),
    ];
    let by =
        find(&raw.tags, "by").map(|tag| one_of(tag, &by, "none, key_account or open_items")).transpose()?;
    let grows = [("debit", Side::Debit), ("credit", Side::Credit)];
    let grows = find(&raw.tags, "grows").map(|tag| one_of(tag, &grows, "debit or credit")).transpose()?;
    let currency = find(&raw.tags, "currency").map(|tag| {
        Currency::from_code(tag.value.text).map_err(|_| tag.value.fault(InputFault::NotACurrency))
    });
    let side = grows.unwrap_or(account.normal_side());
    Ok(account
        .with_dimension(by.unwrap_or_default())
        .with_normal_side(side)
        .with_currency(currency.transpose()?.map_or(CurrencyRule::Any, CurrencyRule::Only)))
}

/// What a leg does to open items; `dated` and `due` default to the effective date and none.
pub(super) fn effect(
    leg: &RawLeg<'_>,
    dimension: Dimension,
    currency: Option<Currency>,
    default: impl FnOnce() -> ItemDraft,
) -> Result<ItemEffect, InputProblem> {
    if dimension != Dimension::OpenItems {
        return match ["item", "dated", "due", "clears", "delivered"]
            .into_iter()
            .find_map(|n| Some((n, find(&leg.tags, n)?)))
        {
            Some((name, tag)) => Err(tag.name.fault(InputFault::NotAControlAccount { tag: name })),
            None => Ok(ItemEffect::Plain),
        };
    }
    let [item, dated, due, delivered] =
        ["item", "dated", "due", "delivered"].map(|name| find(&leg.tags, name));
    if let Some(clears) = find(&leg.tags, "clears") {
        if item.or(dated).or(due).or(delivered).is_some() {
            return Err(clears.name.fault(InputFault::ClearsAndOpens));
        }
        let Some(currency) = currency else { return Ok(ItemEffect::Plain) };
        return policy(clears.value, currency).map(ItemEffect::Clear);
    }
    if item.or(dated).or(due).or(delivered).is_none() {
        return Ok(ItemEffect::Plain);
    }
    let mut draft = default();
    if let Some(tag) = item {
        draft.document = document(tag.value)?;
    }
    if let Some(tag) = dated {
        draft.dated = read_date(tag.value)?;
    }
    if let Some(tag) = delivered {
        draft.delivered = Some(read_date(tag.value)?);
    }
    match due {
        Some(tag) if tag.value.text == "none" => draft.due = Due::NoDate,
        Some(tag) => draft.due = Due::On(read_date(tag.value)?),
        None => {}
    }
    Ok(ItemEffect::Open(draft))
}

/// A document without its escapes.
pub(super) fn document(piece: Piece<'_>) -> Result<DocumentId, InputProblem> {
    DocumentId::new(plain(piece)?).map_err(|error| piece.fault(error.into()))
}

pub(super) fn policy(value: Piece<'_>, currency: Currency) -> Result<ClearingPolicy, InputProblem> {
    match value.text {
        "fifo" => return Ok(ClearingPolicy::Fifo),
        "oldest_due" => return Ok(ClearingPolicy::OldestDue),
        "proportional" => return Ok(ClearingPolicy::Proportional),
        _ => {}
    }
    let (mut documents, mut amounts) = (Vec::new(), Vec::new());
    for piece in value.split("|") {
        match piece.split_once("=") {
            Some((name, number)) => amounts.push((document(name)?, clearing(number, currency)?)),
            None => documents.push(document(piece)?),
        }
    }
    match (documents.is_empty(), amounts.is_empty()) {
        (_, true) => Ok(ClearingPolicy::Documents(documents)),
        (true, _) => Ok(ClearingPolicy::Amounts(amounts)),
        _ => {
            Err(value
                .fault(InputFault::BadTag { expected: "an amount behind each document, or behind none" }))
        }
    }
}

fn clearing(number: Piece<'_>, currency: Currency) -> Result<Money, InputProblem> {
    Money::parse(number.text, currency)
        .ok()
        .filter(Money::is_positive)
        .ok_or_else(|| number.fault(InputFault::BadTag { expected: "an amount above zero, such as A=60.00" }))
}

/// Maps a rule about text to the place where the text stands.
pub(super) fn text_fault(piece: Piece<'_>) -> impl Fn(LedgerError) -> InputProblem {
    move |error| piece.fault(InputFault::BadText(error))
}
