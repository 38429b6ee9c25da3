//! Finding everything that is wrong with a planogram.
//!
//! # Source
//!
//! House rule: a document that a person must mend reports all its problems at once.

use std::collections::{BTreeMap, BTreeSet};

use endcap_types::SkuId;

use crate::{Mount, Place, Placement, Planogram, Problem, Product, SizeMm, Stocking};

pub(crate) fn validate(planogram: &Planogram) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut products: BTreeMap<&SkuId, &Product> = BTreeMap::new();
    for product in &planogram.products {
        if products.contains_key(product.sku()) {
            problems.push(Problem::DuplicateProduct { sku: product.sku().clone() });
        } else {
            products.insert(product.sku(), product);
        }
    }
    for placement in &planogram.placements {
        let place = planogram.fixture.place(placement.segment, placement.shelf);
        one_placement(planogram, placement, place, products.get(&placement.sku).copied(), &mut problems);
    }
    for place in planogram.fixture.places() {
        one_shelf(planogram, &place, &products, &mut problems);
    }
    let skus: BTreeSet<&SkuId> = (planogram.planned.keys())
        .chain(planogram.placements.iter().map(|placement| &placement.sku))
        .chain(products.keys().copied())
        .collect();
    for sku in skus {
        one_product(planogram, sku, products.get(sku).copied(), &mut problems);
    }
    problems
}

/// What can be wrong with a block by itself.
fn one_placement(
    planogram: &Planogram,
    placement: &Placement,
    place: Option<Place<'_>>,
    product: Option<&Product>,
    problems: &mut Vec<Problem>,
) {
    let &Placement { segment, shelf, facings, stack, deep, .. } = placement;
    let sku = || placement.sku.clone();
    if product.is_none() {
        problems.push(Problem::UnknownProduct { sku: sku() });
    }
    if place.is_none() {
        problems.push(Problem::NoSuchShelf { sku: sku(), segment, shelf });
    }
    if facings == 0 || stack == 0 || deep == 0 {
        problems.push(Problem::NothingPlaced { sku: sku(), facings, stack, deep });
    }
    let Some(spec) = product.map(Product::spec) else { return };
    let stands = place.is_none_or(|place| place.board.mount == Mount::Board);
    if stands && stack > spec.max_stack {
        problems.push(Problem::StackedTooHigh { sku: sku(), stack, limit: spec.max_stack });
    }
    let orientation = placement.orientation;
    if !spec.orientations.contains(&orientation) {
        problems.push(Problem::TurnedWrong { sku: sku(), orientation });
    }
    let Some(board) = place.map(|place| place.board) else { return };
    if !board.mount.takes(spec.hanging) {
        problems.push(Problem::WrongMount { sku: sku(), segment, shelf });
    }
    if placement.x_mm.checked_rem(board.mount.step_mm()).is_some_and(|over| over > 0) {
        let (x_mm, across_mm) = (placement.x_mm, board.mount.step_mm());
        problems.push(Problem::OffPeg { sku: sku(), segment, shelf, x_mm, across_mm });
    }
    let right_mm = right_mm(placement, board.mount, spec.size);
    if right_mm > u64::from(board.width_mm) {
        let width_mm = board.width_mm;
        problems.push(Problem::OutOfShelf { sku: sku(), segment, shelf, right_mm, width_mm });
    }
    let (_, rows_mm) = placement.block_mm(board.mount, spec.size);
    let height_mm = rows_mm.saturating_add(u64::from(planogram.fixture.spec().headroom_mm));
    if height_mm > u64::from(board.height_mm) {
        let limit_mm = board.height_mm;
        problems.push(Problem::TooHigh { sku: sku(), segment, shelf, height_mm, limit_mm });
    }
    let depth_mm = u64::from(deep).saturating_mul(u64::from(orientation.turn(spec.size).depth));
    if depth_mm > u64::from(board.depth_mm) {
        let limit_mm = board.depth_mm;
        problems.push(Problem::TooDeep { sku: sku(), segment, shelf, depth_mm, limit_mm });
    }
}

/// What can be wrong between the blocks of a shelf: overlaps and broken brand blocks.
fn one_shelf(
    planogram: &Planogram,
    place: &Place<'_>,
    products: &BTreeMap<&SkuId, &Product>,
    problems: &mut Vec<Problem>,
) {
    let (segment, shelf) = (place.segment, place.shelf);
    let blocks = planogram.on(place);
    let mut rightmost: Option<(u64, &SkuId)> = None;
    let mut finished = BTreeSet::new();
    let mut reported = BTreeSet::new();
    let mut current = None;
    for block in blocks {
        let Some(spec) = products.get(&block.sku).map(|product| product.spec()) else { continue };
        let end = right_mm(block, place.board.mount, spec.size);
        if let Some((right, left)) = rightmost
            && right > u64::from(block.x_mm)
        {
            let overlap_mm = right.min(end).saturating_sub(u64::from(block.x_mm));
            let (left, right) = (left.clone(), block.sku.clone());
            problems.push(Problem::Overlap { left, right, segment, shelf, overlap_mm });
        }
        if rightmost.is_none_or(|(right, _)| end > right) {
            rightmost = Some((end, &block.sku));
        }

        let brand = (&spec.category, &spec.brand);
        if current != Some(brand) {
            finished.extend(current);
            current = Some(brand);
            if finished.contains(&brand) && reported.insert(brand) {
                problems.push(Problem::BlockBroken {
                    brand: spec.brand.clone(),
                    category: spec.category.to_string(),
                    segment,
                    shelf,
                });
            }
        }
    }
}

/// What can be wrong with all blocks of a product together.
fn one_product(planogram: &Planogram, sku: &SkuId, product: Option<&Product>, problems: &mut Vec<Problem>) {
    let blocks: Vec<&Placement> = planogram.placements.iter().filter(|p| p.sku == *sku).collect();
    let sum = |of: fn(&Placement) -> u64| blocks.iter().map(|b| of(b)).fold(0_u64, u64::saturating_add);
    let placed = sum(|block| u64::from(block.facings));
    let planned = planogram.planned.get(sku).copied().unwrap_or(0);
    if blocks.len() > 1 {
        problems.push(Problem::PlacedTwice { sku: sku.clone(), blocks: blocks.len() });
    }
    if placed != u64::from(planned) {
        problems.push(Problem::WrongFacings { sku: sku.clone(), placed, planned });
    }
    let Some(spec) = product.map(Product::spec) else { return };
    if placed == 0 {
        if spec.rule.stocking == Stocking::MustStock {
            problems.push(Problem::MustStockMissing { sku: sku.clone() });
        }
        return;
    }
    let (least, most) = (spec.rule.least().max(1), spec.rule.most());
    if placed < u64::from(least) || placed > u64::from(most) {
        problems.push(Problem::FacingsOutOfRule { sku: sku.clone(), placed, least, most });
    }
    // A supply beyond what can be counted is more than any shelf holds.
    let needed_units = spec.rule.supply(spec.weekly_units).unwrap_or(u64::MAX);
    let capacity_units = sum(Placement::capacity_units);
    if capacity_units < needed_units {
        problems.push(Problem::SupplyTooShort { sku: sku.clone(), capacity_units, needed_units });
    }
}

fn right_mm(block: &Placement, mount: Mount, size: SizeMm) -> u64 {
    block.block_mm(mount, size).0.saturating_add(u64::from(block.x_mm))
}
