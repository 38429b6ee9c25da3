//! The matcher again, pair by pair: every open line of one side against every open line of the other, until no pair is
//! left. Slow, and written from the rules rather than from the code.

use std::collections::BTreeSet;

use endcap_settlement::reconcile::*;

pub(crate) type Found = BTreeSet<(String, String, Pass)>;

/// Tolerance of the oracle: whole percent of the larger amount, or this many cents, whichever is more.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Near {
    pub(crate) percent: i128,
    pub(crate) cents: i128,
}

impl Near {
    fn holds(self, one: i128, other: i128) -> bool {
        let apart = (one - other).abs();
        apart <= self.cents || apart * 100 <= self.percent * one.abs().max(other.abs())
    }
}

fn field(line: &LedgerLine, field: KeyField) -> Option<String> {
    match field {
        KeyField::Order => line.order.as_ref().map(ToString::to_string),
        KeyField::Receipt => line.receipt.as_ref().map(ToString::to_string),
        KeyField::Invoice => line.invoice.as_ref().map(ToString::to_string),
        KeyField::Store => line.store.as_ref().map(ToString::to_string),
        KeyField::Sku => line.sku.as_ref().map(ToString::to_string),
        KeyField::Clause => line.clause.as_ref().map(ToString::to_string),
        KeyField::Date => Some(line.date.to_string()),
        KeyField::Quantity => line.quantity.as_ref().map(ToString::to_string),
        KeyField::Amount => Some(line.amount.to_string()),
    }
}

fn equal(one: &LedgerLine, other: &LedgerLine, fields: &BTreeSet<KeyField>) -> bool {
    one.kind == other.kind && fields.iter().all(|f| field(one, *f) == field(other, *f))
}

fn complete(line: &LedgerLine, fields: &BTreeSet<KeyField>) -> bool {
    fields.iter().all(|f| field(line, *f).is_some())
}

fn rank(line: &LedgerLine) -> (i128, String, String, String) {
    (line.amount.minor(), line.date.to_string(), line.posted.to_string(), line.id.to_string())
}

fn size_rank(line: &LedgerLine) -> (i128, String, String, String) {
    (line.amount.minor().abs(), line.date.to_string(), line.posted.to_string(), line.id.to_string())
}

pub(crate) fn pairs(ours: &[LedgerLine], theirs: &[LedgerLine], rules: &ReconRules, near: Near) -> Found {
    let mut found = Found::new();
    let mut ours: Vec<&LedgerLine> = ours.iter().collect();
    let mut theirs: Vec<&LedgerLine> = theirs.iter().collect();
    let mut exact: Vec<(&LedgerLine, &LedgerLine)> = Vec::new();

    // Keys: of all pairs that share one, equal amounts go first, then the lowest ranks.
    let mut passes = vec![(&rules.full_key, Pass::Exact)];
    passes.extend(rules.reduced_keys.iter().map(|key| (key, Pass::Reduced)));
    for (key, pass) in passes {
        loop {
            let mut best: Option<(&LedgerLine, &LedgerLine)> = None;
            for one in &ours {
                for other in &theirs {
                    let asked = pass == Pass::Exact || (complete(one, key) && complete(other, key));
                    if !asked || !equal(one, other, key) {
                        continue;
                    }
                    let weight = |o: &LedgerLine, t: &LedgerLine| (o.amount != t.amount, rank(o), rank(t));
                    if best.is_none_or(|(o, t)| weight(one, other) < weight(o, t)) {
                        best = Some((one, other));
                    }
                }
            }
            let Some((one, other)) = best else { break };
            found.insert((one.id.to_string(), other.id.to_string(), pass));
            if pass == Pass::Exact {
                exact.push((one, other));
            }
            ours.retain(|line| line.id != one.id);
            theirs.retain(|line| line.id != other.id);
        }
    }

    // Repeats of what is paired exactly stay out.
    ours.retain(|line| !exact.iter().any(|(one, _)| equal(one, line, &rules.full_key)));
    theirs.retain(|line| !exact.iter().any(|(_, other)| equal(other, line, &rules.full_key)));

    // Amount and date: lines in order of size each look for the best line of the other side that came before.
    for near in [Near { percent: 0, cents: 0 }, near] {
        // Each group is walked with the side that ranks lower going first on ties.
        let group = |line: &LedgerLine| {
            let values: Vec<_> = rules.fuzzy_key.iter().map(|f| field(line, *f)).collect();
            (line.kind, values, line.amount.signum())
        };
        let groups: BTreeSet<_> = ours.iter().chain(&theirs).map(|line| group(line)).collect();
        for wanted in groups {
            let mut members: Vec<(bool, &LedgerLine)> = Vec::new();
            members.extend(ours.iter().filter(|l| group(l) == wanted).map(|l| (true, *l)));
            members.extend(theirs.iter().filter(|l| group(l) == wanted).map(|l| (false, *l)));
            let ranks = |mine: bool| {
                let mut ranks: Vec<_> =
                    members.iter().filter(|m| m.0 == mine).map(|m| size_rank(m.1)).collect();
                ranks.sort();
                ranks
            };
            let first = ranks(true) <= ranks(false);
            members.sort_by_key(|(mine, line)| (size_rank(line), *mine != first));
            let mut waiting: Vec<(bool, &LedgerLine)> = Vec::new();
            for (mine, line) in members {
                let fits = |other: &LedgerLine| {
                    near.holds(line.amount.minor(), other.amount.minor())
                        && (line.date - other.date).num_days().abs() <= i64::from(rules.window_days)
                };
                let best = waiting.iter().filter(|(side, other)| *side != mine && fits(other)).min_by_key(
                    |(_, other)| {
                        (
                            (line.date - other.date).num_days().abs(),
                            other.date,
                            (line.amount.minor() - other.amount.minor()).abs(),
                            std::cmp::Reverse(other.posted),
                            other.id.to_string(),
                        )
                    },
                );
                match best.copied() {
                    Some((_, other)) => {
                        waiting.retain(|(side, w)| *side == mine || w.id != other.id);
                        let (o, t) = if mine { (line, other) } else { (other, line) };
                        found.insert((o.id.to_string(), t.id.to_string(), Pass::Fuzzy));
                        ours.retain(|l| l.id != o.id);
                        theirs.retain(|l| l.id != t.id);
                    }
                    None => waiting.push((mine, line)),
                }
            }
        }
    }
    found
}
