//! The figures of the model: every one by filter and sum over its lists.

use super::model::{Model, ModelBound};
use super::mutant::Mutant;
use super::words::{Held, Kind, ModelEntry, ModelItem, ModelLeg, Of};

impl Model {
    pub(super) fn check_vouched(&self, effective: u64, legs: &[ModelLeg]) -> Result<(), &'static str> {
        let breaks = self.vouched.iter().any(|(of, day, _)| {
            *day >= effective
                && legs.iter().filter(|leg| leg.counts(*of)).map(|leg| leg.minor).sum::<i128>() != 0
        });
        if breaks && !self.is(Mutant::P29ForgetLockedBalances) { Err("BreaksAssertion") } else { Ok(()) }
    }

    pub(super) fn check_bounds(
        &self,
        effective: u64,
        legs: &[ModelLeg],
        pending: bool,
    ) -> Result<(), &'static str> {
        if !self.bounds.iter().any(|(of, ..)| legs.iter().any(|leg| leg.counts(*of))) {
            return Ok(());
        }
        let mut after = self.clone();
        let (seq, recorded, legs) = (self.seq, self.recorded, legs.to_vec());
        if pending {
            after.held.push(Held { seq, recorded, effective, legs: legs.clone(), last: None, over: None });
        } else {
            let (items, kind, legs) = (Vec::new(), Kind::Posting, legs.clone());
            after.entries.push(ModelEntry { seq, recorded, effective, legs, items, kind });
        }
        for bound in self.bounds.iter().filter(|(of, ..)| legs.iter().any(|leg| leg.counts(*of))) {
            after.worst(bound, effective)?;
        }
        Ok(())
    }

    /// Refuses a balance that leaves its limits now, or on any day from `from` on.
    pub(crate) fn worst(&self, (of, min, max, every): &ModelBound, from: u64) -> Result<(), &'static str> {
        let mut days: Vec<Option<u64>> = vec![None];
        if *every && !self.is(Mutant::P29CheckCurrentBalancesOnly) {
            // A bound holds from the first day on which the balance moves.
            let moves = |legs: &[ModelLeg]| legs.iter().any(|leg| leg.counts(*of));
            let posted = self.entries.iter().filter(|entry| moves(&entry.legs)).map(|entry| entry.effective);
            let pending = self.held.iter().filter(|held| moves(&held.legs));
            let pending = pending.flat_map(|held| [Some(held.effective), held.over.map(|over| over.2)]);
            days.extend(posted.chain(pending.flatten()).filter(|day| *day >= from).map(Some));
        }
        for day in days {
            let posted = self.balance(*of, day, None);
            let (mut debit, mut credit) = self.pending_at(*of, day, None);
            if self.is(Mutant::P18ForgetWhatIsPending) {
                (debit, credit) = (0, 0);
            }
            if max.is_some_and(|max| posted + debit > max) || min.is_some_and(|min| posted - credit < min) {
                return Err("BoundViolated");
            }
        }
        Ok(())
    }

    /// A balance by filter and sum.
    pub(crate) fn balance(&self, of: Of, until: Option<u64>, known: Option<u64>) -> i128 {
        let counts = |entry: &&ModelEntry| {
            let until = until.is_none_or(|day| {
                if self.is(Mutant::P11LeaveOutTheLastDay) {
                    entry.effective < day
                } else {
                    entry.effective <= day
                }
            });
            until && known.is_none_or(|day| entry.recorded <= day || self.is(Mutant::P12KnowTheFuture))
        };
        let legs = self.entries.iter().filter(counts).flat_map(|entry| &entry.legs);
        legs.filter(|leg| leg.counts(of)).map(|leg| leg.minor).sum()
    }

    /// Debit and credit turnover by filter and sum: a red leg takes back on the side it does not move.
    pub(crate) fn turnover(&self, of: Of, until: u64) -> (i128, i128) {
        let (mut debit, mut credit) = (0, 0);
        let entries = self.entries.iter().filter(|entry| entry.effective <= until);
        for leg in entries.flat_map(|entry| &entry.legs).filter(|leg| leg.counts(of)) {
            let red = leg.red && !self.is(Mutant::P05ForgetRedInk);
            match (leg.minor > 0, red) {
                (true, false) => debit += leg.minor,
                (false, false) => credit -= leg.minor,
                (true, true) => credit -= leg.minor,
                (false, true) => debit += leg.minor,
            }
        }
        (debit, credit)
    }

    /// Pending debits and credits by filter and sum.
    pub(crate) fn pending_at(&self, of: Of, until: Option<u64>, known: Option<u64>) -> (i128, i128) {
        let counts = |effective: u64, recorded: u64| {
            until.is_none_or(|day| effective <= day) && known.is_none_or(|day| recorded <= day)
        };
        let (mut debit, mut credit) = (0, 0);
        for held in self.held.iter().filter(|held| counts(held.effective, held.recorded)) {
            if held.over.is_some_and(|(_, recorded, effective)| counts(effective, recorded)) {
                continue;
            }
            for leg in held.legs.iter().filter(|leg| leg.counts(of)) {
                if leg.minor > 0 { debit += leg.minor } else { credit -= leg.minor }
            }
        }
        (debit, credit)
    }

    /// What is open of an item, not negative, by filter and sum.
    pub(crate) fn open(&self, item: usize, until: Option<u64>, known: Option<u64>) -> i128 {
        let recorded =
            |seq: u64| self.entries.iter().find(|entry| entry.seq == seq).map_or(0, |entry| entry.recorded);
        let counts = |effective: u64, seq: u64| {
            until.is_none_or(|day| effective <= day) && known.is_none_or(|day| recorded(seq) <= day)
        };
        let ModelItem { minor, effective, seq, .. } = &self.items[item];
        if !counts(*effective, *seq) {
            return 0;
        }
        let touching = self.clearings.iter().filter(|c| c.debit == item || c.credit == item);
        let cleared: i128 = touching.filter(|c| counts(c.effective, c.seq)).map(|c| c.minor).sum();
        minor.abs() - cleared
    }

    /// What is disputed now of the items of a key account, at most what is open.
    pub(crate) fn disputed(&self, who: &str) -> i128 {
        let ours = (0..self.items.len()).filter(|id| self.items[*id].who == who);
        let marked = ours.map(|id| {
            let open = self.disputes.iter().filter(|dispute| dispute.item == id && !dispute.over);
            open.map(|dispute| dispute.minor).sum::<i128>().min(self.open(id, None, None))
        });
        marked.sum()
    }
}
