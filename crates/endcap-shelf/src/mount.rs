//! How goods are held: on boards or on pegs, upright or turned.

use crate::product::{SizeMm, check_length};
use crate::{Place, ProductSpec, ShelfError};

/// What holds the goods of a shelf (陈列方式).
///
/// # Source
///
/// House rule: perforated back walls have holes on a grid; 25 mm and one inch are common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Mount {
    /// Goods stand on a board.
    #[default]
    Board,
    /// Goods hang on pegs (挂钩) as long as the shelf is deep, in holes on a grid from the left end and from the top.
    Pegs(PegGrid),
}

/// Distances between the holes of a back wall, in millimetres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct PegGrid {
    /// From a hole to the next one beside it.
    pub across_mm: u32,
    /// From a hole to the next one above it.
    pub up_mm: u32,
}

/// Whether a product hangs (挂孔).
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Hanging {
    /// It has no hole: boards only.
    #[default]
    Never,
    /// It cannot stand: pegs only.
    Only,
    /// It does both.
    Either,
}

/// Which side of a box faces the buyer, and whether it lies (摆放方向).
///
/// # Source
///
/// House rule: the six ways to turn a box, named as planogram programs do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Orientation {
    /// Upright, front to the buyer.
    #[default]
    Front,
    /// Front to the buyer, lying on its side.
    FrontLying,
    /// Upright, side to the buyer.
    Side,
    /// Side to the buyer, lying on its back.
    SideLying,
    /// Lying on its back, top to the buyer.
    Top,
    /// Lying on its side, top to the buyer.
    TopLying,
}

impl Orientation {
    /// The box as it stands, turned this way.
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_shelf::{Orientation, SizeMm};
    /// let tea = SizeMm { width: 80, height: 200, depth: 50 };
    /// assert_eq!(Orientation::Side.turn(tea), SizeMm { width: 50, height: 200, depth: 80 });
    /// assert_eq!(Orientation::FrontLying.turn(tea), SizeMm { width: 200, height: 80, depth: 50 });
    /// ```
    ///
    /// # Source
    ///
    /// House rule.
    #[must_use]
    pub const fn turn(self, size: SizeMm) -> SizeMm {
        let SizeMm { width: w, height: h, depth: d } = size;
        let (width, height, depth) = match self {
            Self::Front => (w, h, d),
            Self::FrontLying => (h, w, d),
            Self::Side => (d, h, w),
            Self::SideLying => (h, d, w),
            Self::Top => (w, d, h),
            Self::TopLying => (d, w, h),
        };
        SizeMm { width, height, depth }
    }
}

/// How one facing of a product stands or hangs at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fit {
    pub(crate) orientation: Orientation,
    /// Units above one another.
    pub(crate) stack: u32,
    /// Units behind one another.
    pub(crate) deep: u32,
    /// Width that a facing takes.
    pub(crate) facing_mm: u32,
}

impl Fit {
    pub(crate) const fn units(&self) -> u32 {
        self.stack.saturating_mul(self.deep)
    }
}

impl Mount {
    pub(crate) fn check(self) -> Result<(), ShelfError> {
        if let Self::Pegs(grid) = self {
            check_length("distance of pegs across", grid.across_mm)?;
            check_length("distance of pegs up", grid.up_mm)?;
        }
        Ok(())
    }

    /// Whether goods that hang so can be here.
    pub(crate) const fn takes(self, hanging: Hanging) -> bool {
        match self {
            Self::Board => !matches!(hanging, Hanging::Only),
            Self::Pegs(_) => !matches!(hanging, Hanging::Never),
        }
    }

    /// Width of a facing and height of a row for a box so turned: its own on a board, whole meshes of the grid on pegs.
    pub(crate) fn cell_mm(self, turned: SizeMm) -> (u32, u32) {
        let meshes = |length: u32, mesh: u32| length.div_ceil(mesh.max(1)).saturating_mul(mesh.max(1));
        match self {
            Self::Board => (turned.width, turned.height),
            Self::Pegs(grid) => (meshes(turned.width, grid.across_mm), meshes(turned.height, grid.up_mm)),
        }
    }

    /// Where blocks may begin: every so many millimetres.
    pub(crate) const fn step_mm(self) -> u32 {
        match self {
            Self::Board => 1,
            Self::Pegs(grid) => grid.across_mm,
        }
    }
}

impl Place<'_> {
    /// How a facing of a product fits, in each of the ways it may be turned; only those in which it does.
    pub(crate) fn fits(&self, spec: &ProductSpec, headroom_mm: u32) -> Vec<Fit> {
        if !self.board.mount.takes(spec.hanging) {
            return Vec::new();
        }
        let room = self.board.height_mm.saturating_sub(headroom_mm);
        let each = spec.orientations.iter().filter_map(|orientation| {
            let turned = orientation.turn(spec.size);
            let (facing_mm, row_mm) = self.board.mount.cell_mm(turned);
            let rows = room.checked_div(row_mm).unwrap_or(0);
            let stack = match self.board.mount {
                Mount::Board => rows.min(spec.max_stack),
                Mount::Pegs(_) => rows,
            };
            let deep = self.board.depth_mm.checked_div(turned.depth).unwrap_or(0);
            let fits = stack > 0 && deep > 0 && facing_mm <= self.board.width_mm;
            fits.then_some(Fit { orientation: *orientation, stack, deep, facing_mm })
        });
        each.collect()
    }
}
