//! One class for every line, from its pair or from what is known of it alone.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use endcap_calendar::Period;
use endcap_types::{ClauseId, DocumentId, Money};

use super::key::{Key, hash, key};
use super::line::{EntryKind, LedgerLine, Side};
use super::pairing::{Booked, Pair, Paired, hashes};
use super::report::{LineClass, LineResult, Pass};
use super::rules::{Allowance, ReconRules};
use crate::SettlementError;

pub(super) struct Classified {
    pub(super) lines: Vec<LineResult>,
    pub(super) undisputed: Money,
}

pub(super) fn classify(paired: &Paired<'_>, rules: &ReconRules) -> Result<Classified, SettlementError> {
    let mut classes = Vec::with_capacity(paired.pairs.len());
    for pair in &paired.pairs {
        classes.push((pair, pair_class(pair, rules)?));
    }
    // Agreed deductions use up their clauses first, then disputed pairs, then lines alone; each by date and id.
    let (mut ours, mut theirs) = (Used::default(), Used::default());
    for agreed in [true, false] {
        ours.take_pairs(&mut classes, Side::Ours, agreed, rules)?;
        theirs.take_pairs(&mut classes, Side::Theirs, agreed, rules)?;
    }
    let mut lines = Placed::new(paired);
    let mut undisputed = Vec::new();
    for (pair, class) in &classes {
        undisputed.extend(agreed_part(pair, rules.period)?);
        for (side, line, partner) in
            [(Side::Ours, pair.ours, pair.theirs), (Side::Theirs, pair.theirs, pair.ours)]
        {
            lines
                .put(line.rank, result(side, line.line, class.clone(), Some(partner.line), pair.pass, rules));
        }
    }
    alone(&mut lines, Side::Ours, paired, &mut ours, rules)?;
    alone(&mut lines, Side::Theirs, paired, &mut theirs, rules)?;
    Ok(Classified { lines: lines.finish(), undisputed: Money::sum(undisputed, rules.currency)? })
}

/// The results, ours before theirs, each side by id: every line has its place from the start.
struct Placed {
    ours: Vec<Option<LineResult>>,
    theirs: Vec<Option<LineResult>>,
}

impl Placed {
    fn new(paired: &Paired<'_>) -> Self {
        let room = |open: usize| {
            let mut room = Vec::new();
            room.resize_with(open.saturating_add(paired.pairs.len()), || None);
            room
        };
        Self { ours: room(paired.ours.len()), theirs: room(paired.theirs.len()) }
    }

    fn put(&mut self, rank: usize, result: LineResult) {
        let side = match result.side {
            Side::Ours => &mut self.ours,
            Side::Theirs => &mut self.theirs,
        };
        if let Some(place) = side.get_mut(rank) {
            *place = Some(result);
        }
    }

    fn finish(self) -> Vec<LineResult> {
        self.ours.into_iter().chain(self.theirs).flatten().collect()
    }
}

fn result(
    side: Side,
    line: &LedgerLine,
    class: LineClass,
    partner: Option<&LedgerLine>,
    pass: Pass,
    rules: &ReconRules,
) -> LineResult {
    let counts = rules.period.contains(line.posted);
    LineResult {
        side,
        line: line.id.clone(),
        kind: line.kind,
        amount: line.amount,
        counted: if counts { line.amount } else { Money::zero(line.amount.currency()) },
        class,
        partner: partner.map(|partner| partner.id.clone()),
        pass,
    }
}

/// Timing first, then agreement, then what differs; clauses are looked at later.
fn pair_class(pair: &Pair<'_>, rules: &ReconRules) -> Result<LineClass, SettlementError> {
    let (ours, theirs) = (pair.ours, pair.theirs);
    let delta = ours.amount.checked_sub(&theirs.amount)?;
    let elsewhere = match (rules.period.contains(ours.posted), rules.period.contains(theirs.posted)) {
        (true, false) => Some(theirs.posted),
        (false, true) => Some(ours.posted),
        _ => None,
    };
    if let Some(posted) = elsewhere {
        return Ok(LineClass::CutOffTiming { period: Period::containing(rules.grain, posted)?, delta });
    }
    let same_quantity = match (&ours.quantity, &theirs.quantity) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    };
    if delta.is_zero() && same_quantity {
        return Ok(LineClass::Matched);
    }
    let reference = ours.amount.abs().larger(&theirs.amount.abs())?;
    Ok(if rules.tolerance.allows(&delta.exact(), &reference.exact())? {
        LineClass::MatchedWithinTolerance { delta }
    } else if same_quantity {
        LineClass::PriceVariance { delta }
    } else {
        LineClass::QtyVariance { delta }
    })
}

/// The smaller amount of a pair, in the period in which the later side books it; nothing when the signs differ.
fn agreed_part(pair: &Pair<'_>, period: Period) -> Result<Option<Money>, SettlementError> {
    let (ours, theirs) = (&pair.ours.amount, &pair.theirs.amount);
    if !period.contains(pair.ours.posted.max(pair.theirs.posted)) || ours.signum() != theirs.signum() {
        return Ok(None);
    }
    Ok(Some(if ours.is_negative() { ours.larger(theirs)? } else { ours.smaller(theirs)? }))
}

/// What the deductions of one side have taken of each clause.
#[derive(Default)]
struct Used<'a>(BTreeMap<&'a ClauseId, Money>);

impl<'a> Used<'a> {
    /// Takes a deduction and gives the part beyond its clause; none for other lines, periods and clauses.
    fn take(&mut self, line: &'a LedgerLine, rules: &ReconRules) -> Result<Option<Money>, SettlementError> {
        let taken = line.amount.negated();
        if line.kind != EntryKind::Deduction || !taken.is_positive() || !rules.period.contains(line.posted) {
            return Ok(None);
        }
        let Some((clause, Allowance::UpTo(limit))) =
            line.clause.as_ref().and_then(|clause| rules.clauses.get_key_value(clause))
        else {
            return Ok(None);
        };
        let Some(clause) = line.clause.as_ref().filter(|own| *own == clause) else { return Ok(None) };
        let used = self.0.entry(clause).or_insert(Money::zero(rules.currency));
        *used = used.checked_add(&taken)?;
        let excess = used.checked_sub(limit)?.smaller(&taken)?;
        Ok(excess.is_positive().then_some(excess))
    }

    /// Takes the deductions of the agreed or of the disputed pairs; a disputed pair beyond its clause is told as such.
    fn take_pairs(
        &mut self,
        classes: &mut [(&Pair<'a>, LineClass)],
        side: Side,
        agreed: bool,
        rules: &ReconRules,
    ) -> Result<(), SettlementError> {
        let of = |pair: &Pair<'a>| match side {
            Side::Ours => pair.ours.line,
            Side::Theirs => pair.theirs.line,
        };
        let disputed = |class: &LineClass| {
            matches!(
                class,
                LineClass::PriceVariance { .. }
                    | LineClass::QtyVariance { .. }
                    | LineClass::AmountExceedsClause { .. }
            )
        };
        // Only deductions take anything.
        let deductions = classes.iter_mut().filter(|(pair, _)| of(pair).kind == EntryKind::Deduction);
        let mut taken: Vec<_> = deductions.filter(|(_, class)| disputed(class) != agreed).collect();
        taken.sort_by_key(|(pair, _)| (of(pair).date, &of(pair).id));
        for (pair, class) in taken {
            let excess = self.take(of(pair), rules)?;
            if let Some(mut excess) = excess.filter(|_| !agreed) {
                if let LineClass::AmountExceedsClause { excess: known } = class {
                    excess = excess.larger(known)?;
                }
                *class = LineClass::AmountExceedsClause { excess };
            }
        }
        Ok(())
    }
}

/// Classes of the lines of one side that found no partner.
fn alone<'a>(
    lines: &mut Placed,
    side: Side,
    paired: &Paired<'a>,
    used: &mut Used<'a>,
    rules: &ReconRules,
) -> Result<(), SettlementError> {
    let mut open: Vec<Booked<'a>> = match side {
        Side::Ours => paired.ours.clone(),
        Side::Theirs => paired.theirs.clone(),
    };
    // Of the lines that found a partner, those an open line may repeat.
    let wanted = hashes(&open, &rules.full_key);
    let mut first: BTreeMap<Key<'a>, (NaiveDate, &'a DocumentId)> = BTreeMap::new();
    for pair in paired.pairs.iter().filter(|_| !open.is_empty()) {
        let line = match side {
            Side::Ours => pair.ours.line,
            Side::Theirs => pair.theirs.line,
        };
        if wanted.binary_search(&hash(line, &rules.full_key)).is_ok() {
            let place = (line.posted, &line.id);
            let known = first.entry(key(line, &rules.full_key)).or_insert(place);
            *known = place.min(*known);
        }
    }
    open.sort_by_key(|line| (line.date, line.posted, line.rank));
    for Booked { line, rank } in open {
        let full = key(line, &rules.full_key);
        let class = match first.get(&full) {
            Some((_, of)) => LineClass::Duplicate { of: (*of).clone() },
            None => {
                first.insert(full, (line.posted, &line.id));
                lone_class(line, side, used, rules)?
            }
        };
        lines.put(rank, result(side, line, class, None, Pass::Unpaired, rules));
    }
    Ok(())
}

/// What an unpaired line is: first who and what it is about, then whether it may be taken, then when.
fn lone_class<'a>(
    line: &'a LedgerLine,
    side: Side,
    used: &mut Used<'a>,
    rules: &ReconRules,
) -> Result<LineClass, SettlementError> {
    if !rules.stores.knows(line.store.as_ref()) {
        return Ok(LineClass::UnknownStore);
    }
    if !rules.skus.knows(line.sku.as_ref()) {
        return Ok(LineClass::UnknownSku);
    }
    if line.kind == EntryKind::Deduction {
        if !line.clause.as_ref().is_some_and(|clause| rules.clauses.contains_key(clause)) {
            return Ok(LineClass::UnauthorisedDeduction);
        }
        if let Some(excess) = used.take(line, rules)? {
            return Ok(LineClass::AmountExceedsClause { excess });
        }
    }
    if !rules.period.contains(line.posted) || !rules.period.contains(line.date) {
        return Ok(LineClass::WrongPeriod);
    }
    let days_left = rules.period.end().signed_duration_since(line.date).num_days();
    if line.kind.is_goods() && days_left <= i64::from(rules.transit_days) {
        let period = Period::containing(rules.grain, rules.period.end())?;
        return Ok(LineClass::CutOffTiming { period, delta: Money::zero(rules.currency) });
    }
    Ok(match side {
        Side::Ours => LineClass::OnlyOurs,
        Side::Theirs => LineClass::OnlyTheirs,
    })
}
