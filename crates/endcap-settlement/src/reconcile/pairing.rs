//! The passes that pair lines: sorted and merged, O(n log n), the same whatever the order of input or of sides.

use core::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chrono::NaiveDate;
use endcap_types::{DocumentId, RoundingMode};

use super::line::{EntryKind, KeyField, LedgerLine, Part};
use super::report::Pass;
use super::rules::ReconRules;
use super::tolerance::Tolerance;
use crate::SettlementError;

/// Two lines that book the same thing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) ours: &'a LedgerLine,
    pub(super) theirs: &'a LedgerLine,
    pub(super) pass: Pass,
}

/// What is paired and what is still open.
#[derive(Debug, Default)]
pub(super) struct Paired<'a> {
    pub(super) pairs: Vec<Pair<'a>>,
    pub(super) ours: Vec<&'a LedgerLine>,
    pub(super) theirs: Vec<&'a LedgerLine>,
}

pub(super) type Key<'a> = (EntryKind, Vec<Part<'a>>);

/// The values of `fields`, an absent one standing for itself.
pub(super) fn key<'a>(line: &'a LedgerLine, fields: &BTreeSet<KeyField>) -> Key<'a> {
    (line.kind, fields.iter().map(|field| field.of(line)).collect())
}

/// All three passes.
pub(super) fn pair<'a>(
    ours: &'a [LedgerLine],
    theirs: &'a [LedgerLine],
    rules: &ReconRules,
) -> Result<Paired<'a>, SettlementError> {
    let mut work = Paired { pairs: Vec::new(), ours: ours.iter().collect(), theirs: theirs.iter().collect() };
    work.keyed(&rules.full_key, Absent::Equal, Pass::Exact);
    for fields in &rules.reduced_keys {
        work.keyed(fields, Absent::SitsOut, Pass::Reduced);
    }
    work.fuzzy(rules)?;
    work.pairs.sort_by(|one, other| one.ours.id.cmp(&other.ours.id));
    work.ours.sort_by(|one, other| one.id.cmp(&other.id));
    work.theirs.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(work)
}

/// What an absent value means to a pass.
#[derive(Clone, Copy, PartialEq)]
enum Absent {
    Equal,
    SitsOut,
}

type Bucket<'a> = (Vec<&'a LedgerLine>, Vec<&'a LedgerLine>);

impl<'a> Paired<'a> {
    /// Pairs lines of equal keys: equal amounts first, then in order of amount, dates and id.
    fn keyed(&mut self, fields: &BTreeSet<KeyField>, absent: Absent, pass: Pass) {
        let mut buckets: BTreeMap<Key<'a>, Bucket<'a>> = BTreeMap::new();
        let asked = |key: &Key<'_>| absent == Absent::Equal || !key.1.contains(&Part::Absent);
        let (mut out_ours, mut out_theirs) = (Vec::new(), Vec::new());
        for line in core::mem::take(&mut self.ours) {
            let key = key(line, fields);
            if asked(&key) { buckets.entry(key).or_default().0.push(line) } else { out_ours.push(line) }
        }
        for line in core::mem::take(&mut self.theirs) {
            let key = key(line, fields);
            if asked(&key) { buckets.entry(key).or_default().1.push(line) } else { out_theirs.push(line) }
        }
        (self.ours, self.theirs) = (out_ours, out_theirs);
        for (mut ours, mut theirs) in buckets.into_values() {
            ours.sort_by(|one, other| one.rank().cmp(&other.rank()));
            theirs.sort_by(|one, other| one.rank().cmp(&other.rank()));
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
        }
    }

    /// Merges two sorted lists, pairs equal amounts and gives back the rest.
    fn equal_amounts(
        &mut self,
        ours: Vec<&'a LedgerLine>,
        theirs: Vec<&'a LedgerLine>,
        pass: Pass,
    ) -> Bucket<'a> {
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
        let exact = |side: fn(&Pair<'a>) -> &'a LedgerLine| -> BTreeSet<Key<'a>> {
            let pairs = self.pairs.iter().filter(|pair| pair.pass == Pass::Exact);
            pairs.map(|pair| key(side(pair), &rules.full_key)).collect()
        };
        let (seen_ours, seen_theirs) = (exact(|pair| pair.ours), exact(|pair| pair.theirs));
        let (repeated_ours, ours): (Vec<_>, Vec<_>) = core::mem::take(&mut self.ours)
            .into_iter()
            .partition(|line| seen_ours.contains(&key(line, &rules.full_key)));
        let (repeated_theirs, theirs): (Vec<_>, Vec<_>) = core::mem::take(&mut self.theirs)
            .into_iter()
            .partition(|line| seen_theirs.contains(&key(line, &rules.full_key)));
        let mut groups: BTreeMap<(Key<'a>, i8), Bucket<'a>> = BTreeMap::new();
        for line in ours {
            groups.entry((key(line, &rules.fuzzy_key), line.amount.signum())).or_default().0.push(line);
        }
        for line in theirs {
            groups.entry((key(line, &rules.fuzzy_key), line.amount.signum())).or_default().1.push(line);
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
        ours: Vec<&'a LedgerLine>,
        theirs: Vec<&'a LedgerLine>,
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

type Rank<'a> = (i128, NaiveDate, NaiveDate, &'a DocumentId);

fn size_rank(line: &LedgerLine) -> Rank<'_> {
    (line.amount.abs().minor(), line.date, line.posted, &line.id)
}

/// Both sides in one list, smallest first; `true` marks ours.
fn merged<'a>(mut ours: Vec<&'a LedgerLine>, mut theirs: Vec<&'a LedgerLine>) -> Vec<(bool, &'a LedgerLine)> {
    ours.sort_by(|one, other| size_rank(one).cmp(&size_rank(other)));
    theirs.sort_by(|one, other| size_rank(one).cmp(&size_rank(other)));
    let ours_first = ours.iter().map(|l| size_rank(l)).le(theirs.iter().map(|l| size_rank(l)));
    let mut all: Vec<_> = ours.into_iter().map(|line| (true, line)).collect();
    all.extend(theirs.into_iter().map(|line| (false, line)));
    all.sort_by(|one, other| {
        let tie = (one.0 != ours_first).cmp(&(other.0 != ours_first));
        size_rank(one.1).cmp(&size_rank(other.1)).then(tie)
    });
    all
}

type Place<'a> = (Reverse<i128>, Reverse<NaiveDate>, &'a DocumentId);

/// Lines that wait for a partner, by date; pushed in order of size, so the smallest leave first.
#[derive(Default)]
struct Waiting<'a> {
    by_date: BTreeMap<NaiveDate, BTreeMap<Place<'a>, &'a LedgerLine>>,
    by_size: VecDeque<&'a LedgerLine>,
    gone: Vec<&'a LedgerLine>,
}

fn place(line: &LedgerLine) -> Place<'_> {
    (Reverse(line.amount.abs().minor()), Reverse(line.posted), &line.id)
}

impl<'a> Waiting<'a> {
    fn push(&mut self, line: &'a LedgerLine) {
        self.by_date.entry(line.date).or_default().insert(place(line), line);
        self.by_size.push_back(line);
    }

    fn remove(&mut self, line: &'a LedgerLine) -> Option<&'a LedgerLine> {
        let of_day = self.by_date.get_mut(&line.date)?;
        let removed = of_day.remove(&place(line));
        if of_day.is_empty() {
            self.by_date.remove(&line.date);
        }
        removed
    }

    /// The line of at least `least` nearest in date; ties go to the earlier date, then to the nearer amount, then to
    /// the later posting and the lower id.
    fn take_nearest(&mut self, date: NaiveDate, least: i128, window_days: u32) -> Option<&'a LedgerLine> {
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

    fn rest(self) -> Vec<&'a LedgerLine> {
        let mut rest = self.gone;
        rest.extend(self.by_date.into_values().flat_map(BTreeMap::into_values));
        rest
    }
}
