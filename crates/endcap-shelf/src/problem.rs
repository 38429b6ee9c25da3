//! What can be wrong with a planogram.

use core::fmt;

use endcap_types::SkuId;

use crate::Orientation;

/// One thing wrong with a planogram (陈列图问题); shelves and segments are shown counted from one.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
#[allow(missing_docs, reason = "the fields are named after what they hold; lengths are in millimetres")]
pub enum Problem {
    /// The product is listed twice.
    DuplicateProduct { sku: SkuId },
    /// A placement of a product that is not listed.
    UnknownProduct { sku: SkuId },
    /// A placement on a shelf that does not exist.
    NoSuchShelf { sku: SkuId, segment: usize, shelf: usize },
    /// A placement without facings, or with none above or behind one another.
    NothingPlaced { sku: SkuId, facings: u32, stack: u32, deep: u32 },
    /// It ends beyond the right end of the shelf.
    OutOfShelf { sku: SkuId, segment: usize, shelf: usize, right_mm: u64, width_mm: u32 },
    /// Two blocks share width.
    Overlap { left: SkuId, right: SkuId, segment: usize, shelf: usize, overlap_mm: u64 },
    /// The stack and the headroom are higher than the shelf.
    TooHigh { sku: SkuId, segment: usize, shelf: usize, height_mm: u64, limit_mm: u32 },
    /// The row is deeper than the shelf.
    TooDeep { sku: SkuId, segment: usize, shelf: usize, depth_mm: u64, limit_mm: u32 },
    /// More units above one another than the product bears.
    StackedTooHigh { sku: SkuId, stack: u32, limit: u32 },
    /// Turned in a way the product may not be.
    TurnedWrong { sku: SkuId, orientation: Orientation },
    /// On pegs without a hole, or on a board though it only hangs.
    WrongMount { sku: SkuId, segment: usize, shelf: usize },
    /// It begins between two holes of the back wall.
    OffPeg { sku: SkuId, segment: usize, shelf: usize, x_mm: u32, across_mm: u32 },
    /// The product stands in more than one block.
    PlacedTwice { sku: SkuId, blocks: usize },
    /// The facings placed are not those planned.
    WrongFacings { sku: SkuId, placed: u64, planned: u32 },
    /// The facings placed are fewer or more than the product may have.
    FacingsOutOfRule { sku: SkuId, placed: u64, least: u32, most: u32 },
    /// A product that must be shown is not.
    MustStockMissing { sku: SkuId },
    /// The facings hold less than the days of supply or the case asked for.
    SupplyTooShort { sku: SkuId, capacity_units: u64, needed_units: u64 },
    /// A set of products has less or more of the width than was agreed.
    ShareOutOfRule { name: String, used_mm: i64, least_mm: i64, most_mm: i64 },
    /// Products of one brand and category stand apart on a shelf.
    BlockBroken { brand: String, category: String, segment: usize, shelf: usize },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = |segment: &usize, shelf: &usize| {
            format!("shelf {} in segment {}", shelf.saturating_add(1), segment.saturating_add(1))
        };
        match self {
            Self::DuplicateProduct { sku } => write!(f, "{sku}: listed twice"),
            Self::UnknownProduct { sku } => write!(f, "{sku}: not among the products"),
            Self::NoSuchShelf { sku, segment, shelf } => {
                write!(f, "{sku}: there is no {}", at(segment, shelf))
            }
            Self::NothingPlaced { sku, facings, .. } if *facings == 0 => {
                write!(f, "{sku}: 0 facings placed, 1 or more expected")
            }
            Self::NothingPlaced { sku, stack, deep, .. } => {
                write!(f, "{sku}: {stack} stacked and {deep} deep, 1 or more expected")
            }
            Self::OutOfShelf { sku, segment, shelf, right_mm, width_mm } => {
                write!(f, "{sku}: ends at {right_mm} mm, {} ends at {width_mm} mm", at(segment, shelf))
            }
            Self::Overlap { left, right, segment, shelf, overlap_mm } => {
                write!(f, "{left} and {right}: overlap by {overlap_mm} mm on {}", at(segment, shelf))
            }
            Self::TooHigh { sku, segment, shelf, height_mm, limit_mm } => {
                write!(f, "{sku}: {height_mm} mm with headroom, {} is {limit_mm} mm high", at(segment, shelf))
            }
            Self::TooDeep { sku, segment, shelf, depth_mm, limit_mm } => {
                write!(f, "{sku}: {depth_mm} mm deep, {} is {limit_mm} mm deep", at(segment, shelf))
            }
            Self::StackedTooHigh { sku, stack, limit } => {
                write!(f, "{sku}: {stack} stacked, at most {limit}")
            }
            Self::TurnedWrong { sku, orientation } => write!(f, "{sku}: must not be turned {orientation:?}"),
            Self::WrongMount { sku, segment, shelf } => {
                write!(f, "{sku}: does not hold on {}", at(segment, shelf))
            }
            Self::OffPeg { sku, segment, shelf, x_mm, across_mm } => {
                let at = at(segment, shelf);
                write!(f, "{sku}: begins at {x_mm} mm, the holes of {at} are every {across_mm} mm")
            }
            Self::PlacedTwice { sku, blocks } => write!(f, "{sku}: in {blocks} blocks, one expected"),
            Self::WrongFacings { sku, placed, planned } => {
                write!(f, "{sku}: {placed} facings placed, {planned} planned")
            }
            Self::FacingsOutOfRule { sku, placed, least, most } => {
                write!(f, "{sku}: {placed} facings placed, {least} to {most} allowed")
            }
            Self::MustStockMissing { sku } => write!(f, "{sku}: must be stocked and is not"),
            Self::SupplyTooShort { sku, capacity_units, needed_units } => {
                write!(f, "{sku}: holds {capacity_units} units, {needed_units} needed")
            }
            Self::ShareOutOfRule { name, used_mm, least_mm, most_mm } => {
                write!(f, "{name}: {used_mm} mm of the shelves, {least_mm} to {most_mm} agreed")
            }
            Self::BlockBroken { brand, category, segment, shelf } => {
                write!(f, "{brand} ({category}): stands apart on {}", at(segment, shelf))
            }
        }
    }
}
