//! [`Block`]: the amounts that facts of one kind state, column by column, and lists of them that many sums share.
//!
//! A fact costs one row of narrow columns; a sum over facts keeps their places, four bytes each or a range, and the list
//! of their ids is written out only when the trace is asked.

use core::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;
use endcap_types::{Exact, TypesError};

use crate::content::{FactForm, list_of};
use crate::trace::{Stated, TraceId, TraceNode};
use crate::{Formula, Measure, Subject, What};

/// Amounts in minor units, in 64 bits while all of them fit.
#[derive(Debug, Clone)]
enum Minors {
    Narrow(Vec<i64>),
    Wide(Vec<i128>),
}

impl Minors {
    fn push(&mut self, minor: i128) {
        match (&mut *self, i64::try_from(minor)) {
            (Self::Narrow(known), Ok(minor)) => known.push(minor),
            (Self::Narrow(known), Err(_)) => {
                let mut wide: Vec<i128> = known.iter().map(|minor| i128::from(*minor)).collect();
                wide.push(minor);
                *self = Self::Wide(wide);
            }
            (Self::Wide(known), _) => known.push(minor),
        }
    }

    fn get(&self, place: usize) -> Option<i128> {
        match self {
            Self::Narrow(known) => known.get(place).copied().map(i128::from),
            Self::Wide(known) => known.get(place).copied(),
        }
    }

    fn ordered(&self, order: &[u32]) -> Self {
        match self {
            Self::Narrow(known) => Self::Narrow(gathered(known, order)),
            Self::Wide(known) => Self::Wide(gathered(known, order)),
        }
    }

    /// The exact sum over some places.
    fn sum(&self, places: &Places) -> Result<Exact, TypesError> {
        match (self, places) {
            // 2⁶³ amounts of 64 bits are fewer than 128 bits can hold, and more than memory can.
            (Self::Narrow(known), Places::Range(range)) => {
                Ok(narrow(known.get(range.clone()).unwrap_or_default().iter()))
            }
            (Self::Narrow(known), Places::Some(places)) => Ok(narrow(picked(known, places))),
            (Self::Wide(known), Places::Range(range)) => {
                wide(known.get(range.clone()).unwrap_or_default().iter())
            }
            (Self::Wide(known), Places::Some(places)) => wide(picked(known, places)),
        }
    }
}

fn narrow<'m>(minors: impl Iterator<Item = &'m i64>) -> Exact {
    Exact::from_int(minors.fold(0_i128, |sum, minor| sum.wrapping_add(i128::from(*minor))))
}

fn wide<'m>(minors: impl Iterator<Item = &'m i128>) -> Result<Exact, TypesError> {
    // What left `sum` before it would have overflowed.
    let (mut done, mut sum) = (Exact::ZERO, 0_i128);
    for minor in minors {
        sum = match sum.checked_add(*minor) {
            Some(sum) => sum,
            None => {
                done = done.add(&Exact::from_int(sum))?;
                *minor
            }
        };
    }
    done.add(&Exact::from_int(sum))
}

/// The values at some places, in the order of the places.
pub(crate) fn picked<'v, T>(values: &'v [T], places: &'v [u32]) -> impl Iterator<Item = &'v T> {
    places.iter().filter_map(|place| values.get(usize::try_from(*place).ok()?))
}

/// The values at some places, in a list made at once.
pub(crate) fn gathered<T: Copy>(values: &[T], places: &[u32]) -> Vec<T> {
    let mut list = Vec::with_capacity(places.len());
    list.extend(picked(values, places));
    list
}

/// Facts in the order in which they are given, before they have their canonical order.
#[derive(Debug)]
pub(crate) struct Reading {
    form: FactForm,
    ids: Vec<TraceId>,
    minors: Minors,
    days: Vec<NaiveDate>,
    /// The names of the facts, one after the other.
    names: String,
    /// Their lengths; a name is two ids and a space.
    lengths: Vec<u16>,
    /// The lengths of the first of the two.
    firsts: Vec<u16>,
}

impl Reading {
    pub(crate) fn new(what: What, facts: usize) -> Self {
        Self {
            form: FactForm::new(what),
            ids: Vec::with_capacity(facts),
            minors: Minors::Narrow(Vec::with_capacity(facts)),
            days: Vec::with_capacity(facts),
            names: String::new(),
            lengths: Vec::with_capacity(facts),
            firsts: Vec::with_capacity(facts),
        }
    }

    /// Adds an amount that a fact of two names states.
    pub(crate) fn push(&mut self, [one, other]: [&str; 2], on: NaiveDate, minor: i128) {
        let start = self.names.len();
        if start == 0 {
            // Names of one kind are mostly of one length.
            let length = one.len().saturating_add(other.len()).saturating_add(1);
            self.names.reserve(length.saturating_mul(self.ids.capacity()));
        }
        self.names.push_str(one);
        self.names.push(' ');
        self.names.push_str(other);
        let name = self.names.get(start..).unwrap_or_default();
        self.ids.push(self.form.id(name, on, minor));
        self.minors.push(minor);
        self.days.push(on);
        self.lengths.push(u16::try_from(name.len()).unwrap_or(u16::MAX));
        self.firsts.push(u16::try_from(one.len()).unwrap_or(u16::MAX));
    }

    /// The days of the facts.
    pub(crate) fn days(&self) -> &[NaiveDate] {
        &self.days
    }

    /// The first names of the facts.
    pub(crate) fn firsts(&self) -> impl Iterator<Item = &str> + Clone {
        let names = names(&self.names, &self.lengths).zip(&self.firsts);
        names.map(|(name, first)| name.get(..usize::from(*first)).unwrap_or_default())
    }

    /// The facts in an order that names each place once.
    pub(crate) fn finish(self, order: Vec<u32>) -> Block {
        Block {
            what: self.form.what(),
            ids: gathered(&self.ids, &order),
            minors: self.minors.ordered(&order),
            order,
            days: self.days,
            names: self.names,
            lengths: self.lengths,
        }
    }
}

/// Amounts stated by facts of one kind, in canonical order.
#[derive(Debug)]
pub(crate) struct Block {
    what: What,
    ids: Vec<TraceId>,
    minors: Minors,
    /// Where each fact stands in the columns below, which keep the order in which facts were given.
    order: Vec<u32>,
    days: Vec<NaiveDate>,
    names: String,
    lengths: Vec<u16>,
}

/// Texts that follow each other, by their lengths.
fn names<'n>(names: &'n str, lengths: &'n [u16]) -> impl Iterator<Item = &'n str> + Clone {
    let mut rest = names;
    lengths.iter().map(move |length| {
        let (name, others) = rest.split_at_checked(usize::from(*length)).unwrap_or((rest, ""));
        rest = others;
        name
    })
}

impl Block {
    /// What the fact at a place states.
    pub(crate) fn at(&self, place: usize) -> Option<Stated> {
        Some(Stated { id: *self.ids.get(place)?, minor: self.minors.get(place)? })
    }

    /// What all facts state, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Stated> + Clone {
        let minors = (0..self.ids.len()).filter_map(|place| self.minors.get(place));
        self.ids.iter().zip(minors).map(|(id, minor)| Stated { id: *id, minor })
    }

    /// The nodes of the facts.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = (TraceId, TraceNode)> {
        let texts: Vec<&str> = names(&self.names, &self.lengths).collect();
        self.order.iter().zip(self.iter()).filter_map(move |(place, stated)| {
            let place = usize::try_from(*place).ok()?;
            let name = *texts.get(place)?;
            let value = Exact::from_int(stated.minor);
            let subject = Subject {
                what: self.what,
                kind: None,
                of: name.to_owned(),
                on: Some(*self.days.get(place)?),
            };
            let node = TraceNode {
                id: stated.id,
                subject,
                measure: Measure::Amount,
                formula: Formula::Given,
                inputs: Vec::new(),
                raw: value.clone(),
                rounding: None,
                result: value,
            };
            Some((stated.id, node))
        })
    }
}

/// Some facts of a block, ascending.
#[derive(Debug, Clone)]
pub(crate) enum Places {
    /// One after the other.
    Range(Range<usize>),
    /// Here and there.
    Some(Arc<[u32]>),
}

impl Places {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Range(range) => range.len(),
            Self::Some(places) => places.len(),
        }
    }

    /// The places one by one.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> {
        let (range, some) = match self {
            Self::Range(range) => (range.clone(), &[][..]),
            Self::Some(places) => (0..0, &**places),
        };
        range.filter_map(|place| u32::try_from(place).ok()).chain(some.iter().copied())
    }
}

/// Facts in an order, by block; sums over them share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct List(Vec<(Arc<Block>, Places)>);

impl List {
    pub(crate) fn len(&self) -> usize {
        self.0.iter().fold(0, |sum: usize, (_, places)| sum.saturating_add(places.len()))
    }

    /// Their ids.
    pub(crate) fn ids(&self) -> Vec<TraceId> {
        let mut ids = Vec::with_capacity(self.len());
        for (block, places) in &self.0 {
            match places {
                Places::Range(range) => {
                    ids.extend_from_slice(block.ids.get(range.clone()).unwrap_or_default());
                }
                Places::Some(places) => ids.extend(picked(&block.ids, places)),
            }
        }
        ids
    }
}

/// Amounts of facts in an order, and their sum.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) list: List,
    /// The hash of the ids.
    pub(crate) hash: u128,
    pub(crate) sum: Exact,
}

impl Group {
    /// The facts at `parts`, one part after the other.
    pub(crate) fn of(parts: Vec<(Arc<Block>, Places)>) -> Result<Self, TypesError> {
        let mut sum = Exact::ZERO;
        for (block, places) in &parts {
            sum = sum.add(&block.minors.sum(places)?)?;
        }
        let list = List(parts);
        let hash = match list.0.as_slice() {
            [(block, Places::Range(range))] => {
                list_of(block.ids.get(range.clone()).unwrap_or_default().iter())
            }
            [(block, Places::Some(places))] => list_of(picked(&block.ids, places)),
            _ => list_of(list.ids().iter()),
        };
        Ok(Self { list, hash, sum })
    }
}
