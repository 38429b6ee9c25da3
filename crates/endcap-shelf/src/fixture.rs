//! The furniture: segments side by side, each with shelves from the floor up.

use rust_decimal::Decimal;

use crate::ShelfError;
use crate::facings::not_negative;
use crate::limits::{MAX_LENGTH_MM, MAX_SHELVES};
use crate::mount::{Mount, PegGrid};
use crate::product::{check_length, check_text};

/// One shelf board and the room above it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Shelf {
    /// Usable width in millimetres.
    pub width_mm: u32,
    /// Clear height above the board in millimetres.
    pub height_mm: u32,
    /// Usable depth in millimetres.
    pub depth_mm: u32,
    /// How much more than average the shelf sells: 1 is average, eye level perhaps 1.2, the bottom 0.8.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str", default = "average"))]
    pub appeal: Decimal,
    /// What holds the goods.
    #[cfg_attr(feature = "serde", serde(default))]
    pub mount: Mount,
}

impl Shelf {
    /// A board of width, height and depth in millimetres, as appealing as the average.
    #[must_use]
    pub const fn board(width_mm: u32, height_mm: u32, depth_mm: u32) -> Self {
        Self { width_mm, height_mm, depth_mm, appeal: Decimal::ONE, mount: Mount::Board }
    }

    /// The same shelf with another appeal.
    #[must_use]
    pub const fn with_appeal(self, appeal: Decimal) -> Self {
        Self { appeal, ..self }
    }

    /// The same shelf with pegs on a grid, as long as it is deep.
    #[must_use]
    pub const fn with_pegs(self, grid: PegGrid) -> Self {
        Self { mount: Mount::Pegs(grid), ..self }
    }
}

/// Where boards can hang on the uprights of a segment (立柱孔位).
///
/// # Source
///
/// House rule: uprights are slotted at a fixed pitch, commonly 25 or 50 mm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case", deny_unknown_fields))]
pub enum Notches {
    /// Anywhere.
    #[default]
    None,
    /// With the upper side of the board at `first_mm` above the floor, or a multiple of `pitch_mm` above that.
    Every {
        /// Height of the lowest notch.
        first_mm: u32,
        /// From notch to notch.
        pitch_mm: u32,
    },
}

/// A board between two notches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OffNotch {
    /// Index of the segment, from the left.
    pub segment: usize,
    /// Index of the shelf, from the bottom.
    pub shelf: usize,
    /// Where its upper side would be, in millimetres above the floor.
    pub board_top_mm: u32,
}

/// A bay between two uprights: shelves from bottom to top.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Segment {
    /// Name on the drawing.
    pub name: String,
    /// Shelves, the lowest first.
    pub shelves: Vec<Shelf>,
    /// Where the boards can hang.
    #[cfg_attr(feature = "serde", serde(default))]
    pub notches: Notches,
}

/// Everything a fixture is made of; plain data, checked by [`Fixture::new`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct FixtureSpec {
    /// Name on the drawing.
    pub name: String,
    /// Height of the plinth under the lowest board, in millimetres.
    pub base_mm: u32,
    /// Thickness of a board, in millimetres.
    pub board_mm: u32,
    /// Room to leave above products for the hand, in millimetres.
    pub headroom_mm: u32,
    /// Segments from left to right.
    pub segments: Vec<Segment>,
}

/// A shelf fixture (货架): a [`FixtureSpec`] that keeps the rules.
///
/// # Examples
///
/// ```
/// use endcap_shelf::{Fixture, FixtureSpec, Notches, Segment, Shelf};
/// let shelf = |height_mm| Shelf::board(900, height_mm, 400);
/// let fixture = Fixture::new(FixtureSpec {
///     name: "端架 12".into(), base_mm: 150, board_mm: 30, headroom_mm: 20,
///     segments: vec![Segment { name: "A".into(), shelves: vec![shelf(350), shelf(350), shelf(300)], notches: Notches::None }],
/// })?;
/// // The second board lies above the plinth, a board, 350 mm of room and its own thickness.
/// assert_eq!(fixture.places().map(|place| place.board_top_mm).collect::<Vec<_>>(), [180, 560, 940]);
/// assert_eq!((fixture.width_mm(), fixture.height_mm()), (900, 1240));
/// # Ok::<(), endcap_shelf::ShelfError>(())
/// ```
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "FixtureSpec", into = "FixtureSpec"))]
pub struct Fixture(FixtureSpec);

/// One shelf and where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// Index of the segment, from the left.
    pub segment: usize,
    /// Index of the shelf, from the bottom.
    pub shelf: usize,
    /// Left end of the shelf from the left end of the fixture, in millimetres.
    pub left_mm: u32,
    /// Upper side of the board above the floor, in millimetres.
    pub board_top_mm: u32,
    /// The shelf itself.
    pub board: &'a Shelf,
}

/// Height of the eyes above the floor that "eye level" refers to, in millimetres.
const EYE_LEVEL_MM: u32 = 1_400;

impl Place<'_> {
    /// Millimetres between the middle of the room above the board and eye level at 1.40 m.
    pub(crate) fn off_eye_level_mm(&self) -> u32 {
        self.board_top_mm.saturating_add(self.board.height_mm / 2).abs_diff(EYE_LEVEL_MM)
    }
}

impl Fixture {
    /// Checks a fixture.
    ///
    /// # Errors
    ///
    /// - [`ShelfError::ShelfCountOutOfRange`] without shelves or with more than 500; every segment needs one.
    /// - [`ShelfError::LengthOutOfRange`] for a length of zero or beyond 100 m, the total width and height included.
    /// - [`ShelfError::NegativeValue`] for an appeal below zero; [`ShelfError::InvalidText`] for a name.
    /// - [`ShelfError::OffNotch`] listing every board that lies between two notches.
    pub fn new(spec: FixtureSpec) -> Result<Self, ShelfError> {
        check_text("fixture name", &spec.name)?;
        let count = spec.segments.iter().map(|s| s.shelves.len()).fold(0_usize, usize::saturating_add);
        let empty = spec.segments.iter().any(|segment| segment.shelves.is_empty());
        if count == 0 || empty || count > MAX_SHELVES {
            let count = if empty { 0 } else { count };
            return Err(ShelfError::ShelfCountOutOfRange { count, limit: MAX_SHELVES });
        }
        for (what, length) in
            [("plinth", spec.base_mm), ("board thickness", spec.board_mm), ("headroom", spec.headroom_mm)]
        {
            if length > MAX_LENGTH_MM {
                return Err(ShelfError::LengthOutOfRange { what, millimetres: length, limit: MAX_LENGTH_MM });
            }
        }
        for segment in &spec.segments {
            check_text("segment name", &segment.name)?;
            for shelf in &segment.shelves {
                check_length("shelf width", shelf.width_mm)?;
                check_length("shelf height", shelf.height_mm)?;
                check_length("shelf depth", shelf.depth_mm)?;
                not_negative("appeal", shelf.appeal)?;
                shelf.mount.check()?;
            }
            if let Notches::Every { first_mm, pitch_mm } = segment.notches {
                check_length("first notch", first_mm.max(1))?;
                check_length("notch pitch", pitch_mm)?;
            }
        }
        let fixture = Self(spec);
        check_length("fixture width", fixture.width_mm())?;
        check_length("fixture height", fixture.height_mm())?;
        let boards = fixture.off_notch();
        if boards.is_empty() { Ok(fixture) } else { Err(ShelfError::OffNotch { boards }) }
    }

    /// Every board that lies between two notches.
    fn off_notch(&self) -> Vec<OffNotch> {
        let off = |place: &Place<'_>| match self.0.segments.get(place.segment).map(|segment| segment.notches)
        {
            Some(Notches::Every { first_mm, pitch_mm }) => {
                place.board_top_mm.checked_sub(first_mm).and_then(|above| above.checked_rem(pitch_mm))
                    != Some(0)
            }
            _ => false,
        };
        let boards = self.places().filter(off);
        boards
            .map(|Place { segment, shelf, board_top_mm, .. }| OffNotch { segment, shelf, board_top_mm })
            .collect()
    }

    /// What it is made of.
    #[must_use]
    pub const fn spec(&self) -> &FixtureSpec {
        &self.0
    }

    /// Total width in millimetres: each segment is as wide as its widest shelf.
    #[must_use]
    pub fn width_mm(&self) -> u32 {
        self.0.segments.iter().map(Segment::width_mm).fold(0, u32::saturating_add)
    }

    /// Height of the highest segment in millimetres, its topmost room included.
    #[must_use]
    pub fn height_mm(&self) -> u32 {
        let each = self.0.segments.iter().map(|segment| {
            segment.shelves.iter().fold(self.0.base_mm, |height, shelf| {
                height.saturating_add(self.0.board_mm).saturating_add(shelf.height_mm)
            })
        });
        each.max().unwrap_or(0)
    }

    /// All shelves: segments from the left, shelves from the bottom.
    pub fn places(&self) -> impl Iterator<Item = Place<'_>> {
        let mut left = 0_u32;
        self.0.segments.iter().enumerate().flat_map(move |(segment, bay)| {
            let left_mm = left;
            left = left.saturating_add(bay.width_mm());
            let mut top = self.0.base_mm;
            bay.shelves.iter().enumerate().map(move |(shelf, board)| {
                let board_top_mm = top.saturating_add(self.0.board_mm);
                top = board_top_mm.saturating_add(board.height_mm);
                Place { segment, shelf, left_mm, board_top_mm, board }
            })
        })
    }

    /// The shelf at an address, if there is one.
    #[must_use]
    pub fn place(&self, segment: usize, shelf: usize) -> Option<Place<'_>> {
        self.places().find(|place| (place.segment, place.shelf) == (segment, shelf))
    }
}

impl Segment {
    /// Width of the widest shelf in millimetres.
    #[must_use]
    pub fn width_mm(&self) -> u32 {
        self.shelves.iter().map(|shelf| shelf.width_mm).max().unwrap_or(0)
    }
}

impl TryFrom<FixtureSpec> for Fixture {
    type Error = ShelfError;

    fn try_from(spec: FixtureSpec) -> Result<Self, ShelfError> {
        Self::new(spec)
    }
}

impl From<Fixture> for FixtureSpec {
    fn from(fixture: Fixture) -> Self {
        fixture.0
    }
}

#[cfg(feature = "serde")]
fn average() -> Decimal {
    Decimal::ONE
}
