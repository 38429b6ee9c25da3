//! The model: entries in a list, everything else recomputed from it. It predicts every reply of the ledger.

use std::collections::BTreeMap;

use super::mutant::Mutant;
use super::words::*;

/// First days of the months of 2025; day 1 is the first of January, and 0 is before all days.
pub(crate) const MONTHS: [u64; 6] = [1, 32, 60, 91, 121, 152];
pub(crate) const CODES: [(&str, usize, bool); 5] =
    [("1002", 0, false), ("1122", 0, true), ("6001", 1, false), ("6601.11", 2, false), ("2241", 3, true)];

/// A balance, its minimum and maximum, and whether they hold on every day.
pub(crate) type ModelBound = (Of, Option<i128>, Option<i128>, bool);

#[derive(Debug, Clone, Default)]
pub(crate) struct Model {
    pub(crate) mutant: Option<Mutant>,
    pub(crate) seq: u64,
    pub(crate) recorded: u64,
    pub(crate) entries: Vec<ModelEntry>,
    pub(crate) items: Vec<ModelItem>,
    pub(crate) clearings: Vec<ModelClearing>,
    pub(crate) held: Vec<Held>,
    pub(crate) disputes: Vec<ModelDispute>,
    pub(crate) bounds: Vec<ModelBound>,
    pub(crate) vouched: Vec<(Of, u64, i128)>,
    pub(crate) keys: BTreeMap<String, (String, u64)>,
    pub(crate) hard: [u64; 5],
    pub(crate) soft: [u64; 5],
}

fn class(code: &str) -> Option<usize> {
    CODES.iter().find(|(known, ..)| *known == code).map(|(_, class, _)| *class)
}

impl Model {
    pub(crate) fn is(&self, mutant: Mutant) -> bool {
        self.mutant == Some(mutant)
    }

    /// The reply to a command recorded on a day; takes it in when it is accepted.
    pub(crate) fn tell(&mut self, ask: &Ask, recorded: u64) -> Verdict {
        if let Ask::Batch(drafts) = ask {
            let mut whole = self.clone();
            let mut seqs = Vec::new();
            for draft in drafts {
                match whole.tell(&Ask::Post(draft.clone()), recorded) {
                    Verdict::Accepted(seq) => seqs.extend(seq),
                    _ if self.is(Mutant::P04KeepPartOfABatch) => {
                        *self = whole;
                        return Verdict::Refused("BatchRejected");
                    }
                    _ => return Verdict::Refused("BatchRejected"),
                }
            }
            *self = whole;
            return Verdict::Accepted(seqs);
        }
        let (key, payload) = (key_of(ask).to_owned(), format!("{ask:?}"));
        if let Some((held, seq)) = self.keys.get(&key) {
            return if *held == payload || self.is(Mutant::P06AnswerAnyPayload) {
                Verdict::Accepted(vec![*seq])
            } else {
                Verdict::Refused("IdempotencyConflict")
            };
        }
        if matches!(ask, Ask::Reserve(draft, _) if draft.legs.iter().any(|leg| leg.red)) {
            return self.refuse(key, payload, "NotReservable");
        }
        if recorded < self.recorded {
            return self.refuse(key, payload, "RecordedBeforeHead");
        }
        self.seq += 1;
        match self.judge(ask, recorded) {
            Ok(true) => {
                self.recorded = recorded;
                self.keys.insert(key, (payload, self.seq));
                Verdict::Accepted(vec![self.seq])
            }
            Ok(false) => {
                self.seq -= 1;
                Verdict::Nothing
            }
            Err(name) => {
                if !self.is(Mutant::P03TakeASequenceNumberForARefusal) {
                    self.seq -= 1;
                }
                self.refuse(key, payload, name)
            }
        }
    }

    fn refuse(&mut self, key: String, payload: String, name: &'static str) -> Verdict {
        if self.is(Mutant::P32BurnTheKeyOfARefusal) {
            self.keys.insert(key, (payload, self.seq));
        }
        Verdict::Refused(name)
    }

    /// Judges a command and takes it in; nothing has changed when it is refused or changes nothing.
    fn judge(&mut self, ask: &Ask, recorded: u64) -> Result<bool, &'static str> {
        match ask {
            Ask::Post(draft) => self.post(draft, recorded, Kind::Posting, true).map(|()| true),
            Ask::Batch(_) => Err("a batch in a batch"),
            Ask::Reserve(draft, last) => {
                let effective = self.check_draft(draft)?;
                if last.is_some_and(|last| last < effective.max(recorded)) {
                    return Err("TooEarly");
                }
                self.check_bounds(effective, &draft.legs, true)?;
                let (seq, legs, last) = (self.seq, draft.legs.clone(), *last);
                self.held.push(Held { seq, recorded, effective, legs, last, over: None });
                Ok(true)
            }
            Ask::Confirm(key, of, percent, effective) => {
                self.confirm(key, *of, *percent, *effective, recorded).map(|()| true)
            }
            Ask::Void(_, of, effective) => {
                let index = self.pending(*of)?;
                if *effective < self.held[index].effective {
                    return Err("TooEarly");
                }
                self.held[index].over = Some((self.seq, recorded, *effective));
                Ok(true)
            }
            Ask::Expire(_, day) => {
                let mut any = false;
                for held in self.held.iter_mut().filter(|held| held.over.is_none()) {
                    if held.last.is_some_and(|last| last < *day) {
                        held.over = Some((self.seq, recorded, *day));
                        any = true;
                    }
                }
                Ok(any)
            }
            Ask::Reverse(_, of, effective, release, red) => {
                self.reverse(*of, *effective, (*release, *red), recorded)
            }
            Ask::Unclear(_, of, effective) => self.unclear(*of, *effective, recorded),
            Ask::WriteOff(key, who, item, minor, effective, most) => {
                if minor > most && !self.is(Mutant::P13WriteOffBeyondAuthority) {
                    return Err("ExceedsAuthority");
                }
                let leg = |code, who, minor| ModelLeg { code, who, minor, effect: Effect::Plain, red: false };
                let legs = vec![leg("6601.11", None, *minor), leg("1122", Some(*who), -minor)];
                let draft =
                    ModelDraft { key: key.clone(), effective: *effective, legs, later: false, reason: false };
                self.check_draft(&draft)?;
                self.check_vouched(*effective, &draft.legs)?;
                self.check_bounds(*effective, &draft.legs, false)?;
                let named = self.of_document(who, item, 1);
                if named.is_empty() {
                    return Err("UnknownItem");
                }
                let chosen = self.take(named, *minor);
                if chosen.iter().map(|(_, part)| part).sum::<i128>() != *minor {
                    return Err("ExceedsOpen");
                }
                self.write(&draft, *effective, recorded, Kind::Posting, Some(chosen));
                Ok(true)
            }
            Ask::Dispute(_, who, document, minor, effective) => {
                let named = self.of_document(who, document, 1);
                if named.is_empty() {
                    return Err("UnknownItem");
                }
                let marked = |item| -> i128 {
                    let open = self.disputes.iter().filter(|dispute| dispute.item == item && !dispute.over);
                    open.map(|dispute| dispute.minor).sum()
                };
                let fits =
                    named.into_iter().find(|item| self.open(*item, None, None) - marked(*item) >= *minor);
                let Some(item) = fits else { return Err("ExceedsOpen") };
                if *effective < self.items[item].effective {
                    return Err("TooEarly");
                }
                let (seq, minor, effective) = (self.seq, *minor, *effective);
                self.disputes.push(ModelDispute { seq, item, minor, effective, over: false });
                Ok(true)
            }
            Ask::Resolve(_, of, effective) => {
                let dispute = self.disputes.iter_mut().find(|dispute| dispute.seq == *of);
                let dispute = dispute.ok_or("UnknownDispute")?;
                if dispute.over {
                    return Err("DisputeResolved");
                }
                if *effective < dispute.effective {
                    return Err("TooEarly");
                }
                dispute.over = true;
                Ok(true)
            }
            Ask::Bounds(_, of, min, max, every) => {
                if matches!((min, max), (Some(min), Some(max)) if min > max) {
                    return Err("BoundsCrossed");
                }
                let bound = (*of, *min, *max, *every);
                self.worst(&bound, 0)?;
                self.bounds.retain(|(known, ..)| known != of);
                self.bounds.push(bound);
                Ok(true)
            }
            Ask::Vouch(_, of, day, minor) => {
                if self.balance(*of, Some(*day), None) != *minor {
                    return Err("AssertionFailed");
                }
                self.vouched.push((*of, *day, *minor));
                Ok(true)
            }
            Ask::Period(_, action, month, assets) => self.period(*action, *month as usize, *assets),
        }
    }

    fn pending(&self, of: u64) -> Result<usize, &'static str> {
        if of == 0 || of >= self.seq {
            return Err("UnknownEntry");
        }
        let index = self.held.iter().position(|held| held.seq == of).ok_or("NotPending")?;
        if self.held[index].over.is_some() { Err("AlreadyResolved") } else { Ok(index) }
    }

    fn confirm(
        &mut self,
        key: &str,
        of: u64,
        percent: u64,
        effective: u64,
        recorded: u64,
    ) -> Result<(), &'static str> {
        let index = self.pending(of)?;
        let held = self.held[index].clone();
        if held.last.is_some_and(|last| recorded > last) {
            return Err("ReservationExpired");
        }
        if effective < held.effective {
            return Err("TooEarly");
        }
        if percent > 100 {
            return Err("ExceedsPending");
        }
        let mut legs = held.legs;
        legs.iter_mut().for_each(|leg| leg.minor = part(leg.minor, percent));
        legs.retain(|leg| leg.minor != 0);
        if legs.is_empty() {
            return Err("NoLegs");
        }
        let draft = ModelDraft { key: key.to_owned(), effective, legs, later: false, reason: false };
        let named = ModelDraft { key: self.document_of(of), ..draft };
        self.post(&named, recorded, Kind::Posting, false)?;
        self.held[index].over = Some((self.seq, recorded, effective));
        Ok(())
    }

    /// The document under which a reservation stands: its key.
    fn document_of(&self, of: u64) -> String {
        let found = self.keys.iter().find(|(_, (_, seq))| *seq == of);
        found.map(|(key, _)| key.clone()).unwrap_or_default()
    }

    pub(super) fn check_draft(&self, draft: &ModelDraft) -> Result<u64, &'static str> {
        for leg in &draft.legs {
            let known = CODES.iter().find(|(code, ..)| *code == leg.code).ok_or("UnknownAccount")?;
            if known.2 != leg.who.is_some() {
                return Err(if known.2 { "MissingKeyAccount" } else { "KeyAccountNotAllowed" });
            }
        }
        let skewed = draft.legs.iter().map(|leg| leg.minor).sum::<i128>() != 0;
        if skewed && !self.is(Mutant::P01AcceptWhatIsNotBalanced) {
            return Err("Unbalanced");
        }
        let first = |days: &[u64; 5]| {
            draft.legs.iter().filter_map(|leg| class(leg.code)).map(|class| days[class]).max().unwrap_or(0)
        };
        let (hard, soft) = (first(&self.hard), first(&self.soft).max(first(&self.hard)));
        let from = if draft.reason { hard } else { soft };
        if draft.effective >= from || self.is(Mutant::P10PostIntoClosedPeriods) {
            return Ok(draft.effective);
        }
        if draft.later {
            return Ok(from);
        }
        Err(if draft.effective < hard { "PeriodClosed" } else { "SoftClosed" })
    }

    fn post(
        &mut self,
        draft: &ModelDraft,
        recorded: u64,
        kind: Kind,
        limits: bool,
    ) -> Result<(), &'static str> {
        let effective = self.check_draft(draft)?;
        self.check_vouched(effective, &draft.legs)?;
        if limits {
            self.check_bounds(effective, &draft.legs, false)?;
        }
        for leg in draft.legs.iter().filter(|leg| leg.code == "1122") {
            if let (Effect::Documents(documents), Some(who)) = (&leg.effect, leg.who) {
                for document in documents {
                    if self.of_document(who, document, -leg.minor.signum()).is_empty() {
                        return Err("UnknownItem");
                    }
                }
            }
        }
        self.write(draft, effective, recorded, kind, None);
        Ok(())
    }

    fn write(
        &mut self,
        draft: &ModelDraft,
        effective: u64,
        recorded: u64,
        kind: Kind,
        chosen: Option<Vec<(usize, i128)>>,
    ) {
        let mut items = Vec::new();
        for leg in draft.legs.iter().filter(|leg| leg.code == "1122") {
            let Some(who) = leg.who else { continue };
            let taken = match (&leg.effect, &chosen) {
                (_, Some(chosen)) => chosen.clone(),
                (Effect::Fifo, _) => self.take(self.in_order(who, -leg.minor.signum()), leg.minor.abs()),
                (Effect::Documents(documents), _) => {
                    let mut named: Vec<usize> = Vec::new();
                    for document in documents {
                        let new = self.of_document(who, document, -leg.minor.signum());
                        named.extend(new.into_iter().filter(|id| !named.contains(id)).collect::<Vec<_>>());
                    }
                    self.take(named, leg.minor.abs())
                }
                _ => Vec::new(),
            };
            let (due, dated) = match leg.effect {
                Effect::Due(due, dated) => (Some(due), dated),
                _ => (None, draft.effective),
            };
            let (document, seq) = (draft.key.clone(), self.seq);
            let id = self.items.len();
            self.items.push(ModelItem { who, minor: leg.minor, document, dated, due, effective, seq });
            items.push(id);
            for (other, minor) in taken {
                let effective = effective.max(self.free_from(id)).max(self.free_from(other));
                self.set_off(id, other, minor, effective);
            }
        }
        let (seq, legs) = (self.seq, draft.legs.clone());
        self.entries.push(ModelEntry { seq, recorded, effective, legs, items, kind });
    }

    fn period(&mut self, action: u8, month: usize, assets: bool) -> Result<bool, &'static str> {
        let (start, end) = (MONTHS[month], MONTHS[month + 1]);
        let classes: Vec<usize> = if assets { vec![0] } else { (0..5).collect() };
        let earliest = self.entries.iter().map(|entry| entry.effective).min();
        let border = |model: &Self, class: usize| match action {
            0 => model.soft[class].max(model.hard[class]),
            _ => model.hard[class],
        };
        if action == 2 {
            let closed_to =
                classes.iter().map(|class| self.soft[*class].max(self.hard[*class])).max().unwrap_or(0);
            if closed_to > end {
                return Err("LaterPeriodClosed");
            }
            let open = classes.iter().all(|class| self.hard[*class] <= start && self.soft[*class] <= start);
            if open {
                return Err("NotClosed");
            }
            for class in classes {
                self.hard[class] = self.hard[class].min(start);
                self.soft[class] = self.soft[class].min(start);
            }
            return Ok(true);
        }
        let changes = |model: &Self| match action {
            0 => classes.iter().any(|class| model.soft[*class] < end),
            _ => classes.iter().any(|class| model.hard[*class] < end),
        };
        if action == 1 && !changes(self) {
            return Ok(false);
        }
        for class in &classes {
            let from = match border(self, *class) {
                0 => earliest,
                border => Some(border),
            };
            if from.is_some_and(|from| from < start) {
                return Err("PriorPeriodOpen");
            }
        }
        if action == 0 && !changes(self) {
            return Ok(false);
        }
        if action == 1 && self.held.iter().any(|held| held.over.is_none() && held.effective < end) {
            return Err("PendingInPeriod");
        }
        for class in classes {
            let days = if action == 0 { &mut self.soft } else { &mut self.hard };
            days[class] = days[class].max(end);
        }
        Ok(true)
    }
}
