//! Left to right: brand blocks in one order on every shelf.
//!
//! # Source
//!
//! House rule: vertical brand blocks.

use core::cmp::Reverse;
use std::collections::BTreeMap;

use endcap_types::CategoryId;

use crate::{Fixture, Placement, Product};

use super::choices::Choices;
use super::improve::Layout;

/// Placements shelf by shelf from the bottom of the leftmost segment, each from left to right.
///
/// Categories follow one another by what they earn, and so do the brands of a category; the order is the same on all shelves,
/// so that blocks stand above one another. Within a block the best earner comes first.
pub(super) fn arrange(
    fixture: &Fixture,
    products: &[Product],
    choices: &Choices,
    layout: &Layout,
) -> Vec<Placement> {
    let shown: Vec<usize> = (0..products.len()).filter(|product| layout.facings(*product) > 0).collect();
    let mut categories: BTreeMap<&CategoryId, i64> = BTreeMap::new();
    let mut brands: BTreeMap<(&CategoryId, &str), i64> = BTreeMap::new();
    for index in &shown {
        let Some(spec) = products.get(*index).map(Product::spec) else { continue };
        let profit = layout.profit(choices, *index);
        let category = categories.entry(&spec.category).or_default();
        *category = category.saturating_add(profit);
        let brand = brands.entry((&spec.category, &spec.brand)).or_default();
        *brand = brand.saturating_add(profit);
    }
    let mut order: Vec<_> = shown
        .iter()
        .filter_map(|index| {
            let spec = products.get(*index)?.spec();
            let category = Reverse(categories.get(&spec.category).copied());
            let brand = Reverse(brands.get(&(&spec.category, spec.brand.as_str())).copied());
            let own = Reverse(layout.profit(choices, *index));
            Some(((category, &spec.category, brand, &spec.brand, own, &spec.sku), *index))
        })
        .collect();
    order.sort();

    let mut placements = Vec::with_capacity(order.len());
    for place in fixture.places() {
        let slot = choices.slots.iter().position(|s| (s.segment, s.shelf) == (place.segment, place.shelf));
        let mut x_mm = 0_u32;
        for (_, index) in &order {
            let at = layout.at.get(*index).copied().flatten();
            let (Some(product), Some(candidate)) = (products.get(*index), choices.products.get(*index))
            else {
                continue;
            };
            let Some(kind) = at.filter(|_| at == slot).and_then(|slot| candidate.kind(slot)) else {
                continue;
            };
            let facings = layout.facings(*index);
            let Some(fit) = kind.fit(facings) else { continue };
            placements.push(Placement {
                sku: product.sku().clone(),
                segment: place.segment,
                shelf: place.shelf,
                x_mm,
                facings,
                stack: fit.stack,
                deep: fit.deep,
                orientation: fit.orientation,
            });
            x_mm = x_mm.saturating_add(facings.saturating_mul(fit.facing_mm));
        }
    }
    placements
}
