//! The items of the model: what clears what, and what is taken back.

use std::collections::BTreeMap;

use super::model::Model;
use super::mutant::Mutant;
use super::words::{Kind, ModelClearing, ModelDraft, ModelEntry, ModelItem};

impl Model {
    pub(super) fn set_off(&mut self, one: usize, other: usize, minor: i128, effective: u64) {
        let (debit, credit) = if self.items[one].minor > 0 { (one, other) } else { (other, one) };
        let seq = self.seq;
        self.clearings.push(ModelClearing { debit, credit, minor, effective, seq });
    }

    pub(super) fn free_from(&self, item: usize) -> u64 {
        let released = self.clearings.iter().filter(|c| c.minor < 0 && (c.debit == item || c.credit == item));
        released.map(|c| c.effective).chain([self.items[item].effective]).max().unwrap()
    }

    pub(super) fn take(&self, from: Vec<usize>, most: i128) -> Vec<(usize, i128)> {
        let mut left = most;
        let mut taken = Vec::new();
        for item in from {
            let part = self.open(item, None, None).min(left);
            if part > 0 {
                taken.push((item, part));
                left -= part;
            }
        }
        taken
    }

    pub(super) fn in_order(&self, who: &str, sign: i128) -> Vec<usize> {
        let mut ids: Vec<usize> = (0..self.items.len())
            .filter(|id| self.items[*id].who == who && self.items[*id].minor.signum() == sign)
            .collect();
        ids.sort_by_key(|id| (self.items[*id].dated, self.items[*id].document.clone(), *id));
        if self.is(Mutant::P13ClearTheNewestFirst) {
            ids.reverse();
        }
        ids
    }

    pub(super) fn of_document(&self, who: &str, document: &str, sign: i128) -> Vec<usize> {
        let ours =
            |item: &ModelItem| item.who == who && item.document == document && item.minor.signum() == sign;
        (0..self.items.len()).filter(|id| ours(&self.items[*id])).collect()
    }

    pub(super) fn reverse(
        &mut self,
        of: u64,
        asked: Option<u64>,
        (release, red): (bool, bool),
        recorded: u64,
    ) -> Result<bool, &'static str> {
        let original = self.entries.iter().find(|entry| entry.seq == of).ok_or("UnknownEntry")?.clone();
        if self.entries.iter().any(|entry| entry.kind == Kind::Reversal(of))
            && !self.is(Mutant::P05ReverseTwice)
        {
            return Err("AlreadyReversed");
        }
        if original.legs.is_empty() {
            return Err("NotReversible");
        }
        let mut draft = ModelDraft {
            key: String::new(),
            effective: asked.unwrap_or(original.effective),
            legs: original.legs.clone(),
            later: asked.is_none(),
            reason: false,
        };
        for leg in &mut draft.legs {
            leg.minor = -leg.minor;
            leg.red = red && !leg.red;
        }
        let effective = self.check_draft(&draft)?;
        self.check_vouched(effective, &draft.legs)?;
        self.check_bounds(effective, &draft.legs, false)?;
        let cleared = |id: &usize| self.open(*id, None, None) != self.items[*id].minor.abs();
        if !release && original.items.iter().any(cleared) {
            return Err("ItemsCleared");
        }
        let mut mirrors = Vec::new();
        let mut released: BTreeMap<(usize, usize), u64> = BTreeMap::new();
        for id in &original.items {
            let mut from = effective.max(self.free_from(*id));
            for (other, (minor, last)) in self.live(*id) {
                let pair = if self.items[*id].minor > 0 { (*id, other) } else { (other, *id) };
                if let Some(at) = released.get(&pair) {
                    from = from.max(*at);
                    continue;
                }
                let at = effective.max(last);
                self.set_off(*id, other, -minor, at);
                released.insert(pair, at);
                from = from.max(at);
            }
            let mirror = ModelItem {
                minor: -self.items[*id].minor,
                effective,
                seq: self.seq,
                ..self.items[*id].clone()
            };
            let whole = mirror.minor.abs();
            self.items.push(mirror);
            let new = self.items.len() - 1;
            self.set_off(*id, new, whole, from);
            mirrors.push(new);
        }
        let (seq, legs, items) = (self.seq, draft.legs, mirrors);
        self.entries.push(ModelEntry { seq, recorded, effective, legs, items, kind: Kind::Reversal(of) });
        Ok(true)
    }

    pub(super) fn live(&self, item: usize) -> BTreeMap<usize, (i128, u64)> {
        let mut live: BTreeMap<usize, (i128, u64)> = BTreeMap::new();
        for c in self.clearings.iter().filter(|c| c.debit == item || c.credit == item) {
            let other = if c.debit == item { c.credit } else { c.debit };
            let (sum, last) = live.entry(other).or_insert((0, c.effective));
            *sum += c.minor;
            *last = (*last).max(c.effective);
        }
        live.retain(|_, (sum, _)| *sum != 0);
        live
    }

    pub(super) fn unclear(&mut self, of: u64, effective: u64, recorded: u64) -> Result<bool, &'static str> {
        if !self.entries.iter().any(|entry| entry.seq == of) {
            return Err("UnknownEntry");
        }
        if self.entries.iter().any(|entry| entry.kind == Kind::Release(of)) {
            return Err("AlreadyUncleared");
        }
        let mut pairs: Vec<(usize, usize)> = self
            .clearings
            .iter()
            .filter(|c| c.seq == of && c.minor > 0)
            .map(|c| (c.debit, c.credit))
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        let mut back = Vec::new();
        for (debit, credit) in pairs {
            let history: Vec<_> =
                self.clearings.iter().filter(|c| (c.debit, c.credit) == (debit, credit)).cloned().collect();
            let mut live: BTreeMap<u64, i128> = BTreeMap::new();
            for c in &history {
                if c.minor > 0 {
                    *live.entry(c.seq).or_default() += c.minor;
                    continue;
                }
                match self.entries.iter().find(|entry| entry.seq == c.seq).map(|entry| entry.kind) {
                    Some(Kind::Release(of)) => drop(live.remove(&of)),
                    _ => live.clear(),
                }
            }
            let last = history.iter().map(|c| c.effective).max().unwrap();
            if let Some(minor) = live.get(&of).filter(|minor| **minor > 0) {
                back.push((debit, credit, *minor, effective.max(last)));
            }
        }
        if back.is_empty() {
            return Err("NothingToRelease");
        }
        let soft = self.soft[0].max(self.hard[0]);
        if effective < soft {
            return Err(if effective < self.hard[0] { "PeriodClosed" } else { "SoftClosed" });
        }
        for (debit, credit, minor, effective) in back {
            self.set_off(debit, credit, -minor, effective);
        }
        let (seq, legs, items, kind) = (self.seq, Vec::new(), Vec::new(), Kind::Release(of));
        self.entries.push(ModelEntry { seq, recorded, effective, legs, items, kind });
        Ok(true)
    }
}
