//! What to do at a shelf so that it keeps to its plan: a visit's work list.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use endcap_types::{Language, SkuId};

use crate::{Front, Planogram};

/// Units of one date in a block, as seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct SeenLot {
    /// Last sellable day.
    pub expires_on: NaiveDate,
    /// Units.
    pub units: u32,
}

/// State of a price tag (价签).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum PriceTag {
    /// There, and right.
    Right,
    /// There, with a wrong price or product.
    Wrong,
    /// Not there.
    Missing,
}

/// A block of one product as seen on a shelf.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct SeenBlock {
    /// The product.
    pub sku: SkuId,
    /// Facings; a block without any is not there.
    pub facings: u32,
    /// What stands in it from front to back.
    pub lots: Vec<SeenLot>,
    /// Its price tag.
    pub tag: PriceTag,
}

/// A visit (巡店): what was seen on every shelf, and which dates may stay.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Visit {
    /// The day of the visit.
    pub as_of: NaiveDate,
    /// Days that must remain on that day; 0 lets a unit stay on its last day.
    pub min_remaining_days: u32,
    /// Blocks from left to right, by shelf; shelves are named `segment/shelf`, both from one.
    pub shelves: BTreeMap<String, Vec<SeenBlock>>,
}

/// What one task asks for; the order of the variants is the order of the work.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case", deny_unknown_fields))]
#[non_exhaustive]
#[allow(missing_docs, reason = "the fields are named after what they hold")]
pub enum Work {
    /// Take units off that are too near to their date (下架临期品).
    Pull { units: u64, expires_before: NaiveDate },
    /// Take the block off the shelf: the plan has no place for it (下架).
    TakeOff { facings: u32 },
    /// Bring the block from another shelf (移位).
    MoveHere { from: String },
    /// Move the block within its shelf, to the place from the left (调整顺序).
    Reorder { place: usize },
    /// Put a missing product on the shelf, with a price tag (上架).
    PutUp { facings: u32, units: u64 },
    /// Widen or narrow the block (调整排面).
    SetFacings { seen: u32, planned: u32 },
    /// Earliest date to the front (先进先出).
    Rotate,
    /// Fill up from the back room (补货).
    Refill { units: u64, capacity: u64 },
    /// Put or mend the price tag (价签).
    FixTag { tag: PriceTag },
}

/// One task at a shelf (理货任务).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Task {
    /// What to do.
    pub work: Work,
    /// The shelf where it is done.
    pub shelf: String,
    /// The product.
    pub sku: SkuId,
}

impl Visit {
    /// What was seen, as [`compliance`](crate::compliance) takes it.
    #[must_use]
    pub fn front(&self) -> Front {
        let row = |blocks: &Vec<SeenBlock>| blocks.iter().map(|b| (b.sku.clone(), b.facings)).collect();
        Front { shelves: self.shelves.iter().map(|(name, blocks)| (name.clone(), row(blocks))).collect() }
    }
}

/// A place the plan has for a product.
struct Slot<'a> {
    shelf: String,
    /// From the left.
    place: usize,
    sku: &'a SkuId,
    facings: u32,
    capacity: u64,
    block: Option<(&'a str, &'a SeenBlock)>,
}

impl Planogram {
    /// Everything to do so that a shelf as seen keeps to this plan (理货清单): no task is left when and only when it does.
    ///
    /// On each shelf the longest sequence of blocks already in planned order stays. Every other block is moved within its
    /// shelf, else to another shelf where the plan wants its product, else taken off: no plan needs fewer blocks moved while
    /// that sequence stays. Tasks come by kind of work, then shelf, then product.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use chrono::NaiveDate;
    /// use endcap_shelf::{Fixture, FixtureSpec, Language, Notches, Orientation, Placement, Planogram, PriceTag, SeenBlock, SeenLot, Segment, Shelf, Visit};
    /// let board = Shelf::board(900, 300, 400);
    /// let fixture = Fixture::new(FixtureSpec {
    ///     name: "A".into(), base_mm: 150, board_mm: 30, headroom_mm: 20,
    ///     segments: vec![Segment { name: "1".into(), shelves: vec![board], notches: Notches::None }],
    /// })?;
    /// let tea = Placement { sku: "tea".parse()?, segment: 0, shelf: 0, x_mm: 0, facings: 3, stack: 1, deep: 6, orientation: Orientation::Front };
    /// let plan = Planogram { fixture, products: vec![], planned: [].into(), placements: vec![tea] };
    /// let day = |d| NaiveDate::from_ymd_opt(2025, 6, d).ok_or("date");
    /// let lots = vec![SeenLot { expires_on: day(20)?, units: 6 }, SeenLot { expires_on: day(12)?, units: 4 }];
    /// let seen = SeenBlock { sku: "tea".parse()?, facings: 2, lots, tag: PriceTag::Missing };
    /// let visit = Visit { as_of: day(9)?, min_remaining_days: 2, shelves: [("1/1".to_owned(), vec![seen])].into() };
    /// let told: Vec<String> = plan.work_list(&visit).iter().map(|task| task.reason(Language::En)).collect();
    /// assert_eq!(told, [
    ///     "tea on 1/1: set 3 facings, 2 seen",
    ///     "tea on 1/1: earliest date to the front",
    ///     "tea on 1/1: refill 8 units, the shelf holds 18",
    ///     "tea on 1/1: put up the missing price tag",
    /// ]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Source
    ///
    /// House rule.
    #[must_use]
    pub fn work_list(&self, visit: &Visit) -> Vec<Task> {
        let mut slots = self.slots();
        let mut loose = keep_in_order(&mut slots, visit);
        let mut tasks = Vec::new();
        // Loose blocks to open places: of their own shelf first.
        for within in [true, false] {
            for slot in slots.iter_mut().filter(|slot| slot.block.is_none()) {
                let fits = |(shelf, block): &(&str, &SeenBlock)| {
                    block.sku == *slot.sku && (*shelf == slot.shelf) == within
                };
                let Some(at) = loose.iter().position(fits) else { continue };
                let (from, block) = loose.remove(at);
                slot.block = Some((from, block));
                let work = if within {
                    Work::Reorder { place: slot.place.saturating_add(1) }
                } else {
                    Work::MoveHere { from: from.to_owned() }
                };
                tasks.push(slot.task(work));
            }
        }
        for (shelf, block) in loose {
            let work = Work::TakeOff { facings: block.facings };
            tasks.push(Task { work, shelf: shelf.to_owned(), sku: block.sku.clone() });
        }
        for slot in &slots {
            slot.stock(visit, &mut tasks);
        }
        tasks.sort();
        tasks
    }

    /// Every place of the plan, shelf by shelf from the left.
    fn slots(&self) -> Vec<Slot<'_>> {
        let mut slots = Vec::with_capacity(self.placements.len());
        for place in self.fixture.places() {
            let shelf = format!("{}/{}", place.segment.saturating_add(1), place.shelf.saturating_add(1));
            let row = self.on(&place).into_iter().filter(|placement| placement.facings > 0).enumerate();
            slots.extend(row.map(|(place, placement)| Slot {
                shelf: shelf.clone(),
                place,
                sku: &placement.sku,
                facings: placement.facings,
                capacity: placement.capacity_units(),
                block: None,
            }));
        }
        slots
    }
}

impl Slot<'_> {
    fn task(&self, work: Work) -> Task {
        Task { work, shelf: self.shelf.clone(), sku: self.sku.clone() }
    }

    /// Facings, dates, stock and tag of the block that stands here once everything is in its place.
    fn stock(&self, visit: &Visit, tasks: &mut Vec<Task>) {
        let Some((from, block)) = self.block else {
            tasks.push(self.task(Work::PutUp { facings: self.facings, units: self.capacity }));
            return;
        };
        let first_day = visit.as_of.checked_add_days(Days::new(u64::from(visit.min_remaining_days)));
        let first_day = first_day.unwrap_or(NaiveDate::MAX);
        let units = |lots: &mut dyn Iterator<Item = &SeenLot>| {
            lots.fold(0_u64, |sum, lot| sum.saturating_add(u64::from(lot.units)))
        };
        let there = || block.lots.iter().filter(|lot| lot.units > 0);
        let pulled = units(&mut there().filter(|lot| lot.expires_on < first_day));
        if pulled > 0 {
            // Where it stands now: pulling comes before moving.
            let work = Work::Pull { units: pulled, expires_before: first_day };
            tasks.push(Task { shelf: from.to_owned(), ..self.task(work) });
        }
        if block.facings != self.facings {
            tasks.push(self.task(Work::SetFacings { seen: block.facings, planned: self.facings }));
        }
        let staying = || there().filter(|lot| lot.expires_on >= first_day);
        if !staying().map(|lot| lot.expires_on).is_sorted() {
            tasks.push(self.task(Work::Rotate));
        }
        let missing = self.capacity.saturating_sub(units(&mut staying()));
        if missing > 0 {
            tasks.push(self.task(Work::Refill { units: missing, capacity: self.capacity }));
        }
        if block.tag != PriceTag::Right {
            tasks.push(self.task(Work::FixTag { tag: block.tag }));
        }
    }
}

/// Gives each place the block that already stands in order for it; answers the blocks left over, shelf by shelf.
fn keep_in_order<'a>(slots: &mut [Slot<'a>], visit: &'a Visit) -> Vec<(&'a str, &'a SeenBlock)> {
    let mut loose = Vec::new();
    for (shelf, blocks) in &visit.shelves {
        let blocks: Vec<&SeenBlock> = blocks.iter().filter(|block| block.facings > 0).collect();
        let mut row: Vec<&mut Slot<'a>> = slots.iter_mut().filter(|slot| slot.shelf == *shelf).collect();
        let wanted: Vec<&SkuId> = row.iter().map(|slot| slot.sku).collect();
        let lengths = common_lengths(&wanted, &blocks);
        let length = |i: usize, j: usize| lengths.get(i).and_then(|row| row.get(j)).copied().unwrap_or(0);
        let (mut i, mut j) = (0_usize, 0_usize);
        while let Some(block) = blocks.get(j) {
            let (down, right) = (i.saturating_add(1), j.saturating_add(1));
            if wanted.get(i) == Some(&&block.sku) {
                if let Some(slot) = row.get_mut(i) {
                    slot.block = Some((shelf, block));
                }
                (i, j) = (down, right);
            } else if i < wanted.len() && length(down, j) >= length(i, right) {
                i = down;
            } else {
                loose.push((shelf.as_str(), *block));
                j = right;
            }
        }
    }
    loose
}

/// `lengths[i][j]`: the longest common sequence of what is wanted from `i` on and the blocks from `j` on.
fn common_lengths(wanted: &[&SkuId], blocks: &[&SeenBlock]) -> Vec<Vec<usize>> {
    let mut below = vec![0_usize; blocks.len().saturating_add(1)];
    let mut lengths = vec![below.clone()];
    for sku in wanted.iter().rev() {
        let mut row = vec![0_usize];
        for ((block, diagonal), down) in
            blocks.iter().rev().zip(below.iter().skip(1).rev()).zip(below.iter().rev().skip(1))
        {
            let right = row.last().copied().unwrap_or(0);
            row.push(if block.sku == **sku { diagonal.saturating_add(1) } else { right.max(*down) });
        }
        row.reverse();
        lengths.push(row.clone());
        below = row;
    }
    lengths.reverse();
    lengths
}

impl Task {
    /// The task and why, in one line.
    #[must_use]
    pub fn reason(&self, language: Language) -> String {
        let Self { work, shelf, sku } = self;
        match language {
            Language::En => format!("{sku} on {shelf}: {}", work.english()),
            Language::Zh => format!("{shelf} 层 {sku}：{}", work.chinese()),
        }
    }
}

impl Work {
    fn english(&self) -> String {
        match self {
            Self::Pull { units, expires_before } => {
                format!("take off {units} units dated before {expires_before}")
            }
            Self::TakeOff { facings } => format!("take off, {facings} facings the plan has no place for"),
            Self::MoveHere { from } => format!("bring it from {from}, the plan wants it here"),
            Self::Reorder { place } => format!("move it to place {place} from the left"),
            Self::PutUp { facings, units } => {
                format!("put it up, missing: {facings} facings with {units} units and a price tag")
            }
            Self::SetFacings { seen, planned } => format!("set {planned} facings, {seen} seen"),
            Self::Rotate => "earliest date to the front".to_owned(),
            Self::Refill { units, capacity } => format!("refill {units} units, the shelf holds {capacity}"),
            Self::FixTag { tag: PriceTag::Missing } => "put up the missing price tag".to_owned(),
            Self::FixTag { .. } => "mend the wrong price tag".to_owned(),
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::Pull { units, expires_before } => format!("下架 {units} 件，到期日早于 {expires_before}"),
            Self::TakeOff { facings } => format!("下架，{facings} 个排面不在陈列图内"),
            Self::MoveHere { from } => format!("从 {from} 层移来，陈列图要求在此"),
            Self::Reorder { place } => format!("移到左起第 {place} 位"),
            Self::PutUp { facings, units } => format!("缺品上架：{facings} 个排面、{units} 件，并放价签"),
            Self::SetFacings { seen, planned } => format!("排面调为 {planned}，现为 {seen}"),
            Self::Rotate => "先到期的放在前面".to_owned(),
            Self::Refill { units, capacity } => format!("补货 {units} 件，货架容量 {capacity} 件"),
            Self::FixTag { tag: PriceTag::Missing } => "补放缺失的价签".to_owned(),
            Self::FixTag { .. } => "更正错误的价签".to_owned(),
        }
    }
}
