//! The passes that pair lines: sorted and merged, O(n log n), the same whatever the order of input or of sides.

use core::cmp::{Ordering, Reverse};
use core::ops::Deref;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chrono::NaiveDate;
use endcap_types::{DocumentId, RoundingMode};

use super::key::{Key, groups, hash, key, lacks};
use super::line::{KeyField, LedgerLine};
use super::report::Pass;
use super::rules::ReconRules;
use super::tolerance::Tolerance;
use crate::SettlementError;
use crate::cut::ranks;

/// A line with its place among the ids of its side.
#[derive(Debug, Clone, Copy)]
pub(super) struct Booked<'a> {
    pub(super) line: &'a LedgerLine,
    pub(super) rank: usize,
}

impl Deref for Booked<'_> {
    type Target = LedgerLine;

    fn deref(&self) -> &LedgerLine {
        self.line
    }
}

/// The lines of one side, each with its rank.
fn booked(lines: &[LedgerLine]) -> Vec<Booked<'_>> {
    let ranks = ranks(lines.iter().map(|line| line.id.as_str()));
    lines.iter().zip(ranks).map(|(line, rank)| Booked { line, rank }).collect()
}

/// Two lines that book the same thing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) ours: Booked<'a>,
    pub(super) theirs: Booked<'a>,
    pub(super) pass: Pass,
}

/// What is paired and what is still open.
#[derive(Debug, Default)]
pub(super) struct Paired<'a> {
    pub(super) pairs: Vec<Pair<'a>>,
    pub(super) ours: Vec<Booked<'a>>,
    pub(super) theirs: Vec<Booked<'a>>,
}

/// All three passes.
pub(super) fn pair<'a>(
    ours: &'a [LedgerLine],
    theirs: &'a [LedgerLine],
    rules: &ReconRules,
) -> Result<Paired<'a>, SettlementError> {
    let mut work = Paired { pairs: Vec::new(), ours: booked(ours), theirs: booked(theirs) };
    work.keyed(&rules.full_key, Absent::Equal, Pass::Exact);
    for fields in &rules.reduced_keys {
        work.keyed(fields, Absent::SitsOut, Pass::Reduced);
    }
    work.fuzzy(rules)?;
    work.pairs.sort_unstable_by_key(|pair| pair.ours.rank);
    work.ours.sort_unstable_by_key(|line| line.rank);
    work.theirs.sort_unstable_by_key(|line| line.rank);
    Ok(work)
}

/// What an absent value means to a pass.
#[derive(Clone, Copy, PartialEq)]
enum Absent {
    Equal,
    SitsOut,
}

type Bucket<'a> = (Vec<Booked<'a>>, Vec<Booked<'a>>);

impl<'a> Paired<'a> {
    /// Pairs lines of equal keys: equal amounts first, then in order of amount, dates and id.
    fn keyed(&mut self, fields: &BTreeSet<KeyField>, absent: Absent, pass: Pass) {
        let asked = |line: &Booked<'a>| absent == Absent::Equal || !lacks(line.line, fields);
        let (ours, out_ours): (Vec<_>, Vec<_>) = core::mem::take(&mut self.ours).into_iter().partition(asked);
        let (theirs, out_theirs): (Vec<_>, Vec<_>) =
            core::mem::take(&mut self.theirs).into_iter().partition(asked);
        (self.ours, self.theirs) = (out_ours, out_theirs);
        let sides =
            ours.into_iter().map(|line| (true, line)).chain(theirs.into_iter().map(|line| (false, line)));
        let hashed: Vec<_> = sides.map(|side| (hash(side.1.line, fields), side)).collect();
        groups(
            hashed,
            |side| side.1.line,
            fields,
            |lines| {
                let (mut ours, mut theirs): (Vec<_>, Vec<_>) = (Vec::new(), Vec::new());
                for (is_ours, line) in lines {
                    if is_ours { ours.push(line) } else { theirs.push(line) }
                }
                // One of each side is a pair at any amount.
                if let ([ours], [theirs]) = (ours.as_slice(), theirs.as_slice()) {
                    self.pairs.push(Pair { ours: *ours, theirs: *theirs, pass });
                    return;
                }
                ours.sort_by(|one, other| one.line.rank().cmp(&other.line.rank()));
                theirs.sort_by(|one, other| one.line.rank().cmp(&other.line.rank()));
                let (ours, theirs) = self.equal_amounts(ours, theirs, pass);
                let (mut ours, mut theirs) = (ours.into_iter(), theirs.into_iter());
                loop {
                    match (ours.next(), theirs.next()) {
                        (Some(ours), Some(theirs)) => self.pairs.push(Pair { ours, theirs, pass }),
                        (None, None) => break,
                        (left, right) => {
                            self.ours.extend(left);
                            self.theirs.extend(right);
                        }
                    }
                }
            },
        );
    }

    /// Merges two sorted lists, pairs equal amounts and gives back the rest.
    fn equal_amounts(&mut self, ours: Vec<Booked<'a>>, theirs: Vec<Booked<'a>>, pass: Pass) -> Bucket<'a> {
        let mut rest = (Vec::new(), Vec::new());
        let (mut ours, mut theirs) = (ours.into_iter().peekable(), theirs.into_iter().peekable());
        while let (Some(one), Some(other)) = (ours.peek().copied(), theirs.peek().copied()) {
            match one.amount.minor().cmp(&other.amount.minor()) {
                Ordering::Less => rest.0.extend(ours.next()),
                Ordering::Greater => rest.1.extend(theirs.next()),
                Ordering::Equal => {
                    self.pairs.push(Pair { ours: one, theirs: other, pass });
                    ours.next();
                    theirs.next();
                }
            }
        }
        rest.0.extend(ours);
        rest.1.extend(theirs);
        rest
    }

    /// Pairs by amount and date: equal amounts first, then those within tolerance.
    ///
    /// A line that repeats one paired exactly is a duplicate, and is not lent to an unrelated line.
    fn fuzzy(&mut self, rules: &ReconRules) -> Result<(), SettlementError> {
        let full = &rules.full_key;
        if self.ours.is_empty() || self.theirs.is_empty() {
            return Ok(());
        }
        let seen = |side: fn(&Pair<'a>) -> Booked<'a>, open: &[Booked<'a>]| {
            let exact = self.pairs.iter().filter(|pair| pair.pass == Pass::Exact);
            keys_among(exact.map(|pair| side(pair).line), open, full)
        };
        let (seen_ours, seen_theirs) =
            (seen(|pair| pair.ours, &self.ours), seen(|pair| pair.theirs, &self.theirs));
        let (repeated_ours, ours): (Vec<_>, Vec<_>) = core::mem::take(&mut self.ours)
            .into_iter()
            .partition(|line| seen_ours.contains(&key(line.line, full)));
        let (repeated_theirs, theirs): (Vec<_>, Vec<_>) = core::mem::take(&mut self.theirs)
            .into_iter()
            .partition(|line| seen_theirs.contains(&key(line.line, full)));
        let mut groups: BTreeMap<(Key<'a>, i8), Bucket<'a>> = BTreeMap::new();
        for line in ours {
            groups.entry((key(line.line, &rules.fuzzy_key), line.amount.signum())).or_default().0.push(line);
        }
        for line in theirs {
            groups.entry((key(line.line, &rules.fuzzy_key), line.amount.signum())).or_default().1.push(line);
        }
        for (ours, theirs) in groups.into_values() {
            let (ours, theirs) = self.sweep(ours, theirs, &Tolerance::NONE, rules.window_days)?;
            let (ours, theirs) = self.sweep(ours, theirs, &rules.tolerance, rules.window_days)?;
            self.ours.extend(ours);
            self.theirs.extend(theirs);
        }
        self.ours.extend(repeated_ours);
        self.theirs.extend(repeated_theirs);
        Ok(())
    }

    /// Walks both sides by size; each line takes the nearest waiting line of the other side, or waits itself.
    fn sweep(
        &mut self,
        ours: Vec<Booked<'a>>,
        theirs: Vec<Booked<'a>>,
        tolerance: &Tolerance,
        window_days: u32,
    ) -> Result<Bucket<'a>, SettlementError> {
        if ours.is_empty() || theirs.is_empty() {
            return Ok((ours, theirs));
        }
        // Which side goes first on a tie is decided by content, so that swapping the sides changes nothing.
        let (mut waiting_ours, mut waiting_theirs) = (Waiting::default(), Waiting::default());
        for (ours_now, line) in merged(ours, theirs) {
            let size = line.amount.abs();
            let least = size.exact().sub(&tolerance.limit(&size.exact())?)?;
            let least = least.value().round_to_int(RoundingMode::Ceil)?;
            let (own, other) = if ours_now {
                (&mut waiting_ours, &mut waiting_theirs)
            } else {
                (&mut waiting_theirs, &mut waiting_ours)
            };
            match other.take_nearest(line.date, least, window_days) {
                Some(found) if ours_now => {
                    self.pairs.push(Pair { ours: line, theirs: found, pass: Pass::Fuzzy });
                }
                Some(found) => self.pairs.push(Pair { ours: found, theirs: line, pass: Pass::Fuzzy }),
                None => own.push(line),
            }
        }
        Ok((waiting_ours.rest(), waiting_theirs.rest()))
    }
}

/// The full keys that lines share with open ones; the others are not built.
fn keys_among<'a>(
    lines: impl Iterator<Item = &'a LedgerLine>,
    open: &[Booked<'a>],
    fields: &BTreeSet<KeyField>,
) -> BTreeSet<Key<'a>> {
    let wanted = hashes(open, fields);
    let lines = lines.filter(|line| wanted.binary_search(&hash(line, fields)).is_ok());
    lines.map(|line| key(line, fields)).collect()
}

/// The hashes of the keys of open lines, in order.
pub(super) fn hashes(open: &[Booked<'_>], fields: &BTreeSet<KeyField>) -> Vec<u64> {
    let mut hashes: Vec<u64> = open.iter().map(|line| hash(line.line, fields)).collect();
    hashes.sort_unstable();
    hashes
}

type Rank<'a> = (i128, NaiveDate, NaiveDate, &'a DocumentId);

fn size_rank(line: &LedgerLine) -> Rank<'_> {
    (line.amount.abs().minor(), line.date, line.posted, &line.id)
}

/// Both sides in one list, smallest first; `true` marks ours.
fn merged<'a>(mut ours: Vec<Booked<'a>>, mut theirs: Vec<Booked<'a>>) -> Vec<(bool, Booked<'a>)> {
    ours.sort_by(|one, other| size_rank(one.line).cmp(&size_rank(other.line)));
    theirs.sort_by(|one, other| size_rank(one.line).cmp(&size_rank(other.line)));
    let ours_first = ours.iter().map(|l| size_rank(l.line)).le(theirs.iter().map(|l| size_rank(l.line)));
    let mut all: Vec<_> = ours.into_iter().map(|line| (true, line)).collect();
    all.extend(theirs.into_iter().map(|line| (false, line)));
    all.sort_by(|one, other| {
        let tie = (one.0 != ours_first).cmp(&(other.0 != ours_first));
        size_rank(one.1.line).cmp(&size_rank(other.1.line)).then(tie)
    });
    all
}

type Place<'a> = (Reverse<i128>, Reverse<NaiveDate>, &'a DocumentId);

/// Lines that wait for a partner, by date; pushed in order of size, so the smallest leave first.
#[derive(Default)]
struct Waiting<'a> {
    by_date: BTreeMap<NaiveDate, BTreeMap<Place<'a>, Booked<'a>>>,
    by_size: VecDeque<Booked<'a>>,
    gone: Vec<Booked<'a>>,
}

fn place(line: &LedgerLine) -> Place<'_> {
    (Reverse(line.amount.abs().minor()), Reverse(line.posted), &line.id)
}

impl<'a> Waiting<'a> {
    fn push(&mut self, line: Booked<'a>) {
        self.by_date.entry(line.date).or_default().insert(place(line.line), line);
        self.by_size.push_back(line);
    }

    fn remove(&mut self, line: Booked<'a>) -> Option<Booked<'a>> {
        let of_day = self.by_date.get_mut(&line.date)?;
        let removed = of_day.remove(&place(line.line));
        if of_day.is_empty() {
            self.by_date.remove(&line.date);
        }
        removed
    }

    /// The line of at least `least` nearest in date; ties go to the earlier date, then to the nearer amount, then to
    /// the later posting and the lower id.
    fn take_nearest(&mut self, date: NaiveDate, least: i128, window_days: u32) -> Option<Booked<'a>> {
        while let Some(small) = self.by_size.front().copied().filter(|line| line.amount.abs().minor() < least)
        {
            self.by_size.pop_front();
            let left = self.remove(small);
            self.gone.extend(left);
        }
        let distance = |other: NaiveDate| other.signed_duration_since(date).num_days().unsigned_abs();
        let before = self.by_date.range(..=date).next_back().map(|(day, _)| *day);
        let after = self.by_date.range(date..).next().map(|(day, _)| *day);
        let day = [before, after].into_iter().flatten().min_by_key(|day| distance(*day))?;
        if distance(day) > u64::from(window_days) {
            return None;
        }
        let found = *self.by_date.get(&day)?.first_key_value()?.1;
        self.remove(found)
    }

    fn rest(self) -> Vec<Booked<'a>> {
        let mut rest = self.gone;
        rest.extend(self.by_date.into_values().flat_map(BTreeMap::into_values));
        rest
    }
}
