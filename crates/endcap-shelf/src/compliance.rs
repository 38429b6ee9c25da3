//! How well the shelf in the shop keeps to the planogram.

use std::collections::{BTreeMap, BTreeSet};

use endcap_types::{Exact, SkuId, TypesError};

use crate::{Planogram, ShelfError};

/// What stands on the shelves, seen from the front: the shelf, and its products from left to right with their facings.
///
/// Shelves are named as the planogram and the visit agree to name them. A product may be listed twice on a shelf.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Front {
    /// Products from left to right with their facings, by shelf.
    pub shelves: BTreeMap<String, Vec<(SkuId, u32)>>,
}

/// How well a shelf keeps to its plan (陈列合规得分), each part and the whole from 0 to 1, exact.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "crate::read::Compliance"))]
pub struct Compliance {
    /// Planned products that are anywhere on the shelves ÷ planned products.
    pub presence: Exact,
    /// Planned pairs of product and shelf that are so ÷ planned pairs.
    pub shelf: Exact,
    /// Longest common left-to-right sequence ÷ the longer of the two, both summed over shelves.
    pub sequence: Exact,
    /// Σ smaller ÷ Σ larger of planned and seen facings, over pairs of product and shelf.
    pub facings: Exact,
    /// `(2 × presence + shelf + sequence + facings) ÷ 5`.
    pub score: Exact,
}

impl Planogram {
    /// What the planogram asks to be seen: shelves are named `segment/shelf`, both from one.
    #[must_use]
    pub fn front(&self) -> Front {
        let mut shelves = BTreeMap::new();
        for place in self.fixture.places() {
            let name = format!("{}/{}", place.segment.saturating_add(1), place.shelf.saturating_add(1));
            let row: Vec<(SkuId, u32)> = self.on(&place).iter().map(|p| (p.sku.clone(), p.facings)).collect();
            shelves.insert(name, row);
        }
        Front { shelves }
    }
}

/// Scores what was seen against what was planned (陈列合规得分).
///
/// A part with nothing to compare scores 1. The score is 1 exactly when every shelf shows the planned products in the planned
/// order and nothing else, each with its planned facings (counted together where it is listed twice).
///
/// # Errors
///
/// - [`ShelfError::Types`] never for counts that fit a shop; the arithmetic is bounded.
///
/// # Examples
///
/// ```
/// use endcap_shelf::{compliance, Front};
/// use endcap_types::SkuId;
/// let row = |skus: &[(&str, u32)]| -> Result<Vec<(SkuId, u32)>, endcap_types::TypesError> {
///     skus.iter().map(|(sku, facings)| Ok((SkuId::new(*sku)?, *facings))).collect()
/// };
/// let plan = Front { shelves: [("1".to_owned(), row(&[("A", 3), ("B", 2)])?)].into() };
/// let shop = Front { shelves: [("1".to_owned(), row(&[("B", 2), ("A", 2)])?)].into() };
/// let seen = compliance(&plan, &shop)?;
/// // Both are there and on their shelf; one of two is in order; 4 of 5 facings.
/// assert_eq!(seen.score.to_string(), "43/50");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// House rule: presence counts twice. The parts follow what shelf-audit vendors score.
pub fn compliance(planned: &Front, seen: &Front) -> Result<Compliance, ShelfError> {
    let (plan, shop) = (planned.facings(), seen.facings());
    let skus = |front: &BTreeMap<(&str, &SkuId), u64>| -> BTreeSet<SkuId> {
        front.keys().map(|(_, sku)| (*sku).clone()).collect()
    };
    let (wanted, there) = (skus(&plan), skus(&shop));
    let presence = part(wanted.intersection(&there).count(), wanted.len())?;
    let shelf = part(plan.keys().filter(|pair| shop.contains_key(*pair)).count(), plan.len())?;

    let names: BTreeSet<&String> = planned.shelves.keys().chain(seen.shelves.keys()).collect();
    let (mut common, mut longest) = (0_usize, 0_usize);
    for name in names {
        let (left, right) = (planned.row(name), seen.row(name));
        common = common.saturating_add(common_length(&left, &right));
        longest = longest.saturating_add(left.len().max(right.len()));
    }
    let sequence = part(common, longest)?;

    let pairs: BTreeSet<&(&str, &SkuId)> = plan.keys().chain(shop.keys()).collect();
    let (mut smaller, mut larger) = (0_u64, 0_u64);
    for pair in pairs {
        let (left, right) = (plan.get(pair).copied().unwrap_or(0), shop.get(pair).copied().unwrap_or(0));
        smaller = smaller.saturating_add(left.min(right));
        larger = larger.saturating_add(left.max(right));
    }
    let facings = part(smaller, larger)?;

    let score = score(&presence, &shelf, &sequence, &facings)?;
    Ok(Compliance { presence, shelf, sequence, facings, score })
}

/// `(2 × presence + shelf + sequence + facings) ÷ 5`.
pub(crate) fn score(
    presence: &Exact,
    shelf: &Exact,
    sequence: &Exact,
    facings: &Exact,
) -> Result<Exact, TypesError> {
    presence.add(presence)?.add(shelf)?.add(sequence)?.add(facings)?.div(&Exact::from_int(5))
}

impl Front {
    /// Facings of each pair of shelf and product; products without facings are not there.
    fn facings(&self) -> BTreeMap<(&str, &SkuId), u64> {
        let mut all: BTreeMap<(&str, &SkuId), u64> = BTreeMap::new();
        for (shelf, row) in &self.shelves {
            for (sku, facings) in row.iter().filter(|(_, facings)| *facings > 0) {
                let sum = all.entry((shelf, sku)).or_default();
                *sum = sum.saturating_add(u64::from(*facings));
            }
        }
        all
    }

    /// Products of a shelf from left to right.
    fn row(&self, shelf: &str) -> Vec<&SkuId> {
        let row = self.shelves.get(shelf).map(Vec::as_slice).unwrap_or_default();
        row.iter().filter(|(_, facings)| *facings > 0).map(|(sku, _)| sku).collect()
    }
}

/// `of ÷ all`; 1 when there is nothing to compare.
fn part<N: TryInto<i128>>(of: N, all: N) -> Result<Exact, ShelfError> {
    let (of, all) = (of.try_into().unwrap_or(i128::MAX), all.try_into().unwrap_or(i128::MAX));
    if all == 0 { Ok(Exact::ONE) } else { Ok(Exact::ratio(of, all)?) }
}

/// Length of the longest common subsequence.
fn common_length(left: &[&SkuId], right: &[&SkuId]) -> usize {
    let mut row = vec![0_usize; right.len().saturating_add(1)];
    for a in left {
        let mut diagonal = 0_usize;
        let mut before = 0_usize;
        for (cell, b) in row.iter_mut().skip(1).zip(right) {
            let above = *cell;
            *cell = if a == b { diagonal.saturating_add(1) } else { above.max(before) };
            diagonal = above;
            before = *cell;
        }
    }
    row.last().copied().unwrap_or(0)
}
