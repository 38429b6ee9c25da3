//! Receipts applied to open items.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use endcap_types::{DocumentId, Money, TypesError, allocate};

use super::{CreditError, OpenItem, not_negative};
use crate::SettlementError;

/// 核销顺序: which items a receipt pays first. The order in which items are listed never matters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum AllocationOrder {
    /// 先开先核: by document date, then due date, then id.
    Fifo,
    /// 先到期先核: by due date, then document date, then id.
    OldestDueFirst,
    /// By rate of late interest, highest first, then as [`AllocationOrder::OldestDueFirst`].
    HighestInterestFirst,
    /// 按比例: every item in proportion to what is payable on it, largest remainder, ties to the lowest id.
    ProRata,
    /// 指定核销: only the named items, in this order.
    Specific(Vec<DocumentId>),
}

/// 本息顺序: what is paid first within one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum WithinItem {
    /// 先息后本.
    #[default]
    InterestThenPrincipal,
    /// 先本后息.
    PrincipalThenInterest,
    /// Interest stays open.
    PrincipalOnly,
}

/// 贷项: whether credit notes help to pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum CreditNotes {
    /// Credit notes are used up before the receipt; with [`AllocationOrder::Specific`] only the named ones.
    First,
    /// Credit notes are left alone.
    #[default]
    Apart,
}

/// 核销规则: how a receipt is applied.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct AllocationPolicy {
    /// Which items first.
    pub order: AllocationOrder,
    /// What first within an item.
    #[cfg_attr(feature = "serde", serde(default))]
    pub within: WithinItem,
    /// Whether credit notes help to pay.
    #[cfg_attr(feature = "serde", serde(default))]
    pub credit_notes: CreditNotes,
}

impl AllocationPolicy {
    /// Interest before principal, credit notes apart.
    #[must_use]
    pub const fn new(order: AllocationOrder) -> Self {
        Self { order, within: WithinItem::InterestThenPrincipal, credit_notes: CreditNotes::Apart }
    }
}

/// 核销行: what one item got and what stays open on it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct AllocationLine {
    /// The item.
    pub id: DocumentId,
    /// Applied to interest.
    pub to_interest: Money,
    /// Applied to principal; below zero for a credit note that was used.
    pub to_principal: Money,
    /// Interest still open.
    pub open_interest: Money,
    /// Principal still open; below zero for what is left of a credit note.
    pub open_principal: Money,
}

/// 核销结果: a receipt applied. `receipt = Σ applied + unapplied`, credit notes being applied with their own sign.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Allocation {
    /// One line for every item, by id.
    pub lines: Vec<AllocationLine>,
    /// Credit notes used up, as an amount above zero.
    pub credit_used: Money,
    /// 未核销: what is left of the receipt.
    pub unapplied: Money,
}

/// 核销: applies `receipt` to `items`.
///
/// No item gets more than is open on it; what is left stays unapplied.
///
/// # Errors
/// - [`SettlementError::NegativeAmount`] for a receipt or an interest below zero.
/// - [`CreditError::InterestOnCredit`] for a credit note that carries interest.
/// - [`CreditError::DuplicateItem`] when an id is listed or named twice.
/// - [`CreditError::UnknownItem`] when a named item is not listed.
/// - [`SettlementError::Types`] when currencies differ; pro rata beyond 7.9 × 10²⁸ minor units an item.
///
/// # Examples
/// ```
/// use endcap_calendar::dates;
/// use endcap_settlement::credit::{AllocationOrder, AllocationPolicy, OpenItem, allocate_receipt};
/// use endcap_types::{Currency, DocumentId, Money};
/// let yuan = |text: &str| Money::parse(text, Currency::CNY);
/// let item = |id: &str, month, amount: &str| -> Result<OpenItem, Box<dyn std::error::Error>> {
///     let day = dates::ymd(2026, month, 28)?;
///     Ok(OpenItem::new(DocumentId::new(id)?, day, day, yuan(amount)?))
/// };
/// // 40.00 on instalments of 60, 100 and 40 leaves 20, 100 and 40.
/// let items = [item("i1", 1, "60.00")?, item("i2", 2, "100.00")?, item("i3", 3, "40.00")?];
/// let told = allocate_receipt(&items, yuan("40.00")?, &AllocationPolicy::new(AllocationOrder::OldestDueFirst))?;
/// assert_eq!(told.lines[0].open_principal, yuan("20.00")?);
/// assert!(told.unapplied.is_zero());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// The instalments are a published test of an accounts receivable report; ties and the treatment of credit notes are house
/// rules. Interest before principal is the legal default of many codes (Civil Code of China art. 561).
pub fn allocate_receipt(
    items: &[OpenItem],
    receipt: Money,
    policy: &AllocationPolicy,
) -> Result<Allocation, SettlementError> {
    let currency = receipt.currency();
    not_negative("a receipt", receipt)?;
    let book = book_of(items, receipt)?;
    let ordered = ordered(&book, &policy.order)?;
    let (credits, debits): (Vec<&OpenItem>, Vec<&OpenItem>) =
        ordered.into_iter().partition(|item| item.is_credit());
    let credits = match policy.credit_notes {
        CreditNotes::First => credits,
        CreditNotes::Apart => Vec::new(),
    };

    let payable = |item: &OpenItem| match policy.within {
        WithinItem::PrincipalOnly => Ok(item.principal),
        WithinItem::InterestThenPrincipal | WithinItem::PrincipalThenInterest => item.open(),
    };
    let wanted: Vec<(&OpenItem, Money)> =
        debits.into_iter().map(|item| Ok((item, payable(item)?))).collect::<Result<_, TypesError>>()?;
    let total = Money::sum(wanted.iter().map(|(_, payable)| *payable), currency)?;
    let credit = Money::sum(credits.iter().map(|item| item.principal.negated()), currency)?;
    let credit_used = credit.smaller(&total)?;
    let cash_used = receipt.smaller(&total.checked_sub(&credit_used)?)?;

    let pool = credit_used.checked_add(&cash_used)?;
    let mut applied = match policy.order {
        AllocationOrder::ProRata => pro_rata(pool, &wanted)?,
        _ => in_order(pool, &wanted)?,
    };
    let used: Vec<(&OpenItem, Money)> =
        credits.into_iter().map(|item| (item, item.principal.negated())).collect();
    for (id, amount) in in_order(credit_used, &used)? {
        applied.insert(id, amount.negated());
    }
    let lines = book
        .values()
        .map(|item| line(item, applied.get(&item.id).copied(), policy.within))
        .collect::<Result<_, TypesError>>()?;
    Ok(Allocation { lines, credit_used, unapplied: receipt.checked_sub(&cash_used)? })
}

pub(super) type Book<'a> = BTreeMap<&'a DocumentId, &'a OpenItem>;

/// The items by id, each checked.
pub(super) fn book_of<'a>(items: &'a [OpenItem], receipt: Money) -> Result<Book<'a>, SettlementError> {
    let mut book = BTreeMap::new();
    for item in items {
        receipt.compare(&item.principal)?;
        receipt.compare(&item.interest)?;
        not_negative("the interest of an open item", item.interest)?;
        if item.is_credit() && !item.interest.is_zero() {
            return Err(
                CreditError::InterestOnCredit { item: item.id.clone(), interest: item.interest }.into()
            );
        }
        if book.insert(&item.id, item).is_some() {
            return Err(CreditError::DuplicateItem { item: item.id.clone() }.into());
        }
    }
    Ok(book)
}

/// The items that take part, in the order they are paid.
pub(super) fn ordered<'a>(
    book: &Book<'a>,
    order: &AllocationOrder,
) -> Result<Vec<&'a OpenItem>, SettlementError> {
    let mut items: Vec<&OpenItem> = book.values().copied().collect();
    // Sorts are stable and the book is by id, so ties go to the lowest id.
    match order {
        AllocationOrder::Fifo => items.sort_by_key(|item| (item.dated, item.due)),
        AllocationOrder::OldestDueFirst | AllocationOrder::ProRata => {
            items.sort_by_key(|item| (item.due, item.dated));
        }
        AllocationOrder::HighestInterestFirst => {
            items.sort_by_key(|item| (Reverse(item.rate), item.due, item.dated));
        }
        AllocationOrder::Specific(named) => {
            items.clear();
            let mut left = book.clone();
            for id in named {
                match left.remove(id) {
                    Some(item) => items.push(item),
                    None if book.contains_key(id) => {
                        return Err(CreditError::DuplicateItem { item: id.clone() }.into());
                    }
                    None => return Err(CreditError::UnknownItem { item: id.clone() }.into()),
                }
            }
        }
    }
    Ok(items)
}

type Applied<'a> = BTreeMap<&'a DocumentId, Money>;

fn in_order<'a>(pool: Money, wanted: &[(&'a OpenItem, Money)]) -> Result<Applied<'a>, TypesError> {
    let mut left = pool;
    let mut applied = BTreeMap::new();
    for (item, payable) in wanted {
        let amount = left.smaller(payable)?;
        left = left.checked_sub(&amount)?;
        applied.insert(&item.id, amount);
    }
    Ok(applied)
}

/// Largest remainder: an item's share is at most its ideal rounded up, so never more than is payable on it.
fn pro_rata<'a>(pool: Money, wanted: &[(&'a OpenItem, Money)]) -> Result<Applied<'a>, TypesError> {
    if pool.is_zero() {
        return Ok(BTreeMap::new());
    }
    let weights = wanted.iter().map(|(item, payable)| Ok((&item.id, payable.to_decimal()?)));
    allocate(pool, weights.collect::<Result<Vec<_>, TypesError>>()?)
}

fn line(item: &OpenItem, applied: Option<Money>, within: WithinItem) -> Result<AllocationLine, TypesError> {
    let applied = applied.unwrap_or(Money::zero(item.principal.currency()));
    let (to_interest, to_principal) = if item.is_credit() {
        (item.interest, applied)
    } else {
        match within {
            WithinItem::InterestThenPrincipal => {
                let to_interest = applied.smaller(&item.interest)?;
                (to_interest, applied.checked_sub(&to_interest)?)
            }
            WithinItem::PrincipalThenInterest | WithinItem::PrincipalOnly => {
                let to_principal = applied.smaller(&item.principal)?;
                (applied.checked_sub(&to_principal)?, to_principal)
            }
        }
    };
    Ok(AllocationLine {
        id: item.id.clone(),
        to_interest,
        to_principal,
        open_interest: item.interest.checked_sub(&to_interest)?,
        open_principal: item.principal.checked_sub(&to_principal)?,
    })
}
