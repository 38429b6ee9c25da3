//! The planogram itself: which product stands where, with how many facings.

use std::collections::BTreeMap;

use endcap_types::SkuId;

use crate::{Fixture, Mount, Orientation, Place, Problem, Product, SizeMm};

/// One product on one shelf: a block of facings side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Placement {
    /// The product.
    pub sku: SkuId,
    /// Index of the segment, from the left.
    pub segment: usize,
    /// Index of the shelf, from the bottom.
    pub shelf: usize,
    /// Left end from the left end of the shelf, in millimetres.
    pub x_mm: u32,
    /// Units side by side.
    pub facings: u32,
    /// Units above one another.
    pub stack: u32,
    /// Units behind one another.
    pub deep: u32,
    /// How each unit is turned.
    #[cfg_attr(feature = "serde", serde(default))]
    pub orientation: Orientation,
}

impl Placement {
    /// Shelf capacity (货架容量) in units: `facings × stack × deep`.
    #[must_use]
    pub fn capacity_units(&self) -> u64 {
        let front = u64::from(self.facings).saturating_mul(u64::from(self.stack));
        front.saturating_mul(u64::from(self.deep))
    }

    /// Width and height of the block.
    pub(crate) fn block_mm(&self, mount: Mount, size: SizeMm) -> (u64, u64) {
        let (facing, row) = mount.cell_mm(self.orientation.turn(size));
        let times = |count: u32, each: u32| u64::from(count).saturating_mul(u64::from(each));
        (times(self.facings, facing), times(self.stack, row))
    }
}

/// A drawing of the shelf in data (陈列图): fixture, products, facings planned, and where they stand.
///
/// Plain data, so that a planogram from elsewhere can be held; [`Planogram::validate`] says everything that is wrong with it.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Planogram {
    /// The furniture.
    pub fixture: Fixture,
    /// The products known, on the shelf or not.
    pub products: Vec<Product>,
    /// Facings decided for each product; products left out are absent.
    pub planned: BTreeMap<SkuId, u32>,
    /// What stands where.
    pub placements: Vec<Placement>,
}

impl Planogram {
    /// Everything that is wrong, at once and in a fixed order; empty when nothing is (陈列图校验).
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_shelf::{Fixture, FixtureSpec, Notches, Orientation, Placement, Planogram, Segment, Shelf};
    /// let board = Shelf::board(900, 300, 400);
    /// let fixture = Fixture::new(FixtureSpec {
    ///     name: "A".into(), base_mm: 150, board_mm: 30, headroom_mm: 20,
    ///     segments: vec![Segment { name: "1".into(), shelves: vec![board], notches: Notches::None }],
    /// })?;
    /// let ghost = Placement { sku: "ghost".parse()?, segment: 0, shelf: 4, x_mm: 0, facings: 0, stack: 1, deep: 1, orientation: Orientation::Front };
    /// let planogram = Planogram { fixture, products: vec![], planned: [].into(), placements: vec![ghost] };
    /// let problems: Vec<String> = planogram.validate().iter().map(ToString::to_string).collect();
    /// assert_eq!(problems, [
    ///     "ghost: not among the products",
    ///     "ghost: there is no shelf 5 in segment 1",
    ///     "ghost: 0 facings placed, 1 or more expected",
    /// ]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Source
    ///
    /// House rule: a document that a person must mend reports all its problems at once.
    #[must_use]
    pub fn validate(&self) -> Vec<Problem> {
        crate::validate::validate(self)
    }

    /// The product of an id; the first when it is listed twice.
    #[must_use]
    pub fn product(&self, sku: &SkuId) -> Option<&Product> {
        self.products.iter().find(|product| product.sku() == sku)
    }

    /// Width and height of a block in millimetres: whole meshes of the grid where it hangs on pegs (陈列块尺寸).
    ///
    /// `None` when the product is not among the products; a shelf that does not exist counts as a board.
    ///
    /// # Source
    ///
    /// House rule.
    #[must_use]
    pub fn block_mm(&self, placement: &Placement) -> Option<(u64, u64)> {
        let spec = self.product(&placement.sku)?.spec();
        let mount =
            self.fixture.place(placement.segment, placement.shelf).map_or(Mount::Board, |p| p.board.mount);
        Some(placement.block_mm(mount, spec.size))
    }

    /// The placements of one shelf from left to right.
    #[must_use]
    pub fn on(&self, place: &Place<'_>) -> Vec<&Placement> {
        let here = |p: &&Placement| (p.segment, p.shelf) == (place.segment, place.shelf);
        let mut all: Vec<&Placement> = self.placements.iter().filter(here).collect();
        all.sort_by(|a, b| a.x_mm.cmp(&b.x_mm).then(a.sku.cmp(&b.sku)));
        all
    }
}
