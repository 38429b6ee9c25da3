//! What every product may do on every shelf.
//!
//! # Source
//!
//! House rule.

use endcap_types::{CategoryId, Currency, SkuId};
use rust_decimal::Decimal;
use std::collections::BTreeSet;

use crate::curve::Earning;
use crate::facings::options;
use crate::mckp::Item;
use crate::mount::Fit;
use crate::quota::Quota;
use crate::{Fixture, OutOfReach, Product, ShareRule, ShelfError, Stocking};

/// A shelf as a bin to fill.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) segment: usize,
    pub(super) shelf: usize,
    pub(super) width: i64,
    pub(super) off_eye_level: u32,
}

/// What a product may do on shelves of one kind: the same fit and the same appeal.
#[derive(Debug)]
pub(super) struct Kind {
    /// The ways it may be turned and fits, each with the facings its supply needs.
    fits: Vec<(Fit, u64)>,
    appeal: Decimal,
    /// Facings on the shelf, with what they take and earn; those too wide for every such shelf are left out.
    pub(super) options: Vec<(u32, Item)>,
}

impl Kind {
    /// The narrowest way to show so many facings that holds the supply; the first as given among equals.
    pub(super) fn fit(&self, facings: u32) -> Option<&Fit> {
        let enough = self.fits.iter().filter(|(_, needed)| *needed <= u64::from(facings));
        enough.map(|(fit, _)| fit).min_by_key(|fit| fit.facing_mm)
    }
}

/// One product with all its choices.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) sku: SkuId,
    /// What leaving it out earns; `None` when it must be stocked.
    pub(super) hidden: Option<Item>,
    pub(super) kinds: Vec<Kind>,
    /// `kind_at[s]` is the index of its kind on slot `s`; `None` where it does not fit.
    kind_at: Vec<Option<usize>>,
    /// Rank of its brand block: products of one brand and category share it.
    pub(super) block: usize,
    pub(super) category: CategoryId,
}

/// All products and all shelves.
#[derive(Debug)]
pub(super) struct Choices {
    pub(super) slots: Vec<Slot>,
    pub(super) products: Vec<Candidate>,
    /// Shares agreed, each with whether product `i` counts.
    pub(super) quotas: Vec<(Quota, Vec<bool>)>,
}

impl Choices {
    pub(super) fn of(
        fixture: &Fixture,
        products: &[Product],
        currency: Currency,
    ) -> Result<Self, ShelfError> {
        let slots: Vec<Slot> = fixture
            .places()
            .map(|place| Slot {
                segment: place.segment,
                shelf: place.shelf,
                width: i64::from(place.board.width_mm),
                off_eye_level: place.off_eye_level_mm(),
            })
            .collect();
        let mut seen = BTreeSet::new();
        let blocks: BTreeSet<_> = products.iter().map(|p| (&p.spec().category, &p.spec().brand)).collect();
        let blocks: Vec<_> = blocks.into_iter().collect();
        let mut candidates = Vec::with_capacity(products.len());
        let (mut nowhere, mut out_of_reach) = (Vec::new(), Vec::new());
        for product in products {
            if !seen.insert(product.sku()) {
                return Err(ShelfError::DuplicateProduct { sku: product.sku().clone() });
            }
            let (mut candidate, reach) = candidate(fixture, product, currency)?;
            let block = (&product.spec().category, &product.spec().brand);
            candidate.block = blocks.binary_search(&block).unwrap_or(0);
            if candidate.hidden.is_none() && candidate.kinds.is_empty() {
                match reach {
                    Some(reach) => out_of_reach.push(reach),
                    None => nowhere.push(product.sku().clone()),
                }
            }
            candidates.push(candidate);
        }
        if !nowhere.is_empty() {
            return Err(ShelfError::FitsNowhere { skus: nowhere });
        }
        if !out_of_reach.is_empty() {
            return Err(ShelfError::FacingsOutOfReach { products: out_of_reach });
        }
        Ok(Self { slots, products: candidates, quotas: Vec::new() })
    }

    /// The same choices with shares to keep.
    pub(super) fn with_shares(mut self, rules: &[ShareRule]) -> Result<Self, ShelfError> {
        let width_mm = self.total_width();
        for rule in rules {
            let members = self.products.iter().map(|product| rule.members.contains(&product.sku)).collect();
            self.quotas.push((rule.quota(width_mm)?, members));
        }
        Ok(self)
    }

    pub(super) fn total_width(&self) -> i64 {
        self.slots.iter().map(|slot| slot.width).fold(0, i64::saturating_add)
    }
}

impl Candidate {
    pub(super) fn kind(&self, slot: usize) -> Option<&Kind> {
        self.kinds.get(self.kind_at.get(slot).copied().flatten()?)
    }

    /// Its options on a slot no wider than `room`, widest last.
    pub(super) fn fitting(&self, slot: usize, room: i64) -> impl DoubleEndedIterator<Item = &(u32, Item)> {
        let all = self.kind(slot).map(|kind| kind.options.as_slice()).unwrap_or_default();
        all.iter().filter(move |(_, item)| item.width <= room)
    }

    /// The least width it can stand on a slot with.
    pub(super) fn least_width(&self, slot: usize) -> Option<i64> {
        self.kind(slot)?.options.iter().map(|(_, item)| item.width).min()
    }
}

/// The choices of one product, and what it would need if only its supply rule keeps it off the shelves.
fn candidate(
    fixture: &Fixture,
    product: &Product,
    currency: Currency,
) -> Result<(Candidate, Option<OutOfReach>), ShelfError> {
    let spec = product.spec();
    let mut earning = Earning {
        curve: &spec.curve,
        weekly_units: spec.weekly_units,
        unit_margin: spec.unit_margin,
        appeal: Decimal::ONE,
        currency,
    };
    let mut reach: Option<OutOfReach> = None;
    let mut kinds: Vec<Kind> = Vec::new();
    let mut kind_at = Vec::new();
    for place in fixture.places() {
        let mut ways = Vec::new();
        for fit in place.fits(spec, fixture.spec().headroom_mm) {
            ways.push((fit, spec.rule.needed(spec.weekly_units, fit.units())?));
        }
        let appeal = place.board.appeal;
        let width = i64::from(place.board.width_mm);
        let known = kinds.iter().position(|kind| kind.appeal == appeal && kind.fits == ways);
        let mut fits = None;
        if let Some(index) = known {
            fits = Some(index);
        } else if let Some(needed) = ways.iter().map(|(_, needed)| *needed).min() {
            if needed > u64::from(spec.rule.most()) {
                let least = reach.as_ref().map_or(u64::MAX, |reach| reach.needed).min(needed);
                reach = Some(OutOfReach { sku: spec.sku.clone(), needed: least, allowed: spec.rule.most() });
            }
            earning.appeal = appeal;
            let mut kind = Kind { fits: ways, appeal, options: Vec::new() };
            let mut all = options(&spec.sku, &earning, &spec.rule, needed, 0)?;
            all.retain(|(facings, _)| *facings > 0);
            for (facings, item) in &mut all {
                let facing_mm = kind.fit(*facings).map_or(0, |fit| fit.facing_mm);
                item.width = i64::from(*facings).saturating_mul(i64::from(facing_mm));
            }
            kind.options = all;
            if !kind.options.is_empty() {
                fits = Some(kinds.len());
                kinds.push(kind);
            }
        }
        // The least facings of the kind may still be wider than this shelf.
        let least = fits.and_then(|kind| kinds.get(kind)?.options.iter().map(|(_, item)| item.width).min());
        kind_at.push(fits.filter(|_| least.is_some_and(|least| least <= width)));
    }
    // Facings wider than the widest shelf of their kind can be on no plan; kinds used nowhere go too.
    for (index, kind) in kinds.iter_mut().enumerate() {
        let widest = fixture.places().zip(&kind_at).filter(|(_, at)| **at == Some(index));
        let widest = widest.map(|(place, _)| i64::from(place.board.width_mm)).max().unwrap_or(0);
        kind.options.retain(|(_, item)| item.width <= widest);
    }
    if kinds.iter().all(|kind| kind.options.is_empty()) {
        kinds.clear();
    } else {
        reach = None;
    }
    let hidden = if spec.rule.stocking == Stocking::MayDelist {
        let profit = earning.profit(0)?;
        let profit =
            profit.ok_or_else(|| ShelfError::ProfitOutOfRange { sku: spec.sku.clone(), facings: 0 })?;
        Some(Item { width: 0, profit })
    } else {
        None
    };
    Ok((
        Candidate {
            sku: spec.sku.clone(),
            hidden,
            kinds,
            kind_at,
            block: 0,
            category: spec.category.clone(),
        },
        reach,
    ))
}
