//! A world: one ledger, one model, and a stream of commands from a careless caller.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use endcap_calendar::Period;
use endcap_ledger::*;

use super::model::{CODES, Model};
use super::mutant::Mutant;
use super::rng::Rng;
use super::send::command;
use super::store::Store;
use super::words::{Ask, Effect, ModelDraft, ModelLeg, Of, Verdict, name_of};

pub(crate) const WHO: [&str; 2] = ["KA1", "KA2"];

/// Day `n` of the model.
pub(crate) fn on(n: u64) -> NaiveDate {
    crate::kit::day(n - 1)
}

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) rng: Rng,
    pub(crate) ledger: Ledger,
    pub(crate) model: Model,
    asked: Vec<Ask>,
    store: Store,
    next: u64,
    pub(crate) accepted: u64,
    pub(crate) refused: u64,
    /// The rules broken so far.
    pub(crate) rules: BTreeSet<&'static str>,
}

impl World {
    pub(crate) fn new(seed: u64, mutant: Option<Mutant>) -> Self {
        let mut ledger = Ledger::new(Settings::new("simulated").unwrap());
        let wanted = |account: &Account| CODES.iter().any(|(code, ..)| *code == account.code());
        ledger.open_all(chart::key_account_supplier().unwrap().into_iter().filter(wanted), on(1)).unwrap();
        let seq = ledger.events().len() as u64;
        let model = Model { seq, recorded: 1, mutant, ..Model::default() };
        Self {
            rng: Rng::new(seed),
            ledger,
            model,
            asked: Vec::new(),
            store: Store::default(),
            next: 0,
            accepted: 0,
            refused: 0,
            rules: BTreeSet::new(),
        }
    }

    /// One command, its faults, and the comparison of its reply.
    pub(crate) fn step(&mut self) -> Result<(), String> {
        let ask = self.ask();
        let mut recorded = self.model.recorded + self.rng.below(3);
        if self.rng.chance(2) {
            recorded = self.model.recorded.saturating_sub(1).max(1);
        }
        let command = command(&self.model, &ask, recorded);
        if self.rng.chance(5) {
            // A crash between deciding and appending: nothing has happened, and the caller asks again.
            let events = self.ledger.events().len();
            drop(decide(self.ledger.state(), &command));
            if self.ledger.events().len() != events {
                return Err("deciding changed the ledger".to_owned());
            }
        }
        if self.rng.chance(3) {
            self.stale(&command)?;
        }
        if self.rng.chance(2) {
            self.corrupted(&command)?;
        }
        self.store.keep(&self.ledger);
        let expected = self.model.tell(&ask, recorded);
        let reply = match self.ledger.execute(&command) {
            Ok(receipts) if receipts.is_empty() && !matches!(ask, Ask::Batch(_)) => Verdict::Nothing,
            Ok(receipts) => Verdict::Accepted(receipts.iter().map(|receipt| receipt.seq).collect()),
            Err(error) => {
                let name = name_of(&error);
                if matches!(&expected, Verdict::Refused(rule) if *rule == name) {
                    expected.clone()
                } else {
                    return Err(format!("{ask:?} was refused with {error}, expected {expected:?}"));
                }
            }
        };
        if reply != expected {
            return Err(format!("{ask:?} was answered {reply:?}, expected {expected:?}"));
        }
        match expected {
            Verdict::Refused(rule) => {
                self.rules.insert(rule);
                self.refused += 1;
            }
            _ => self.accepted += 1,
        }
        if self.ledger.events().len() as u64 != self.model.seq {
            return Err(format!("{} events, expected {}", self.ledger.events().len(), self.model.seq));
        }
        if !self.model.is(Mutant::P07AcknowledgeBeforeItIsKept) {
            self.store.keep(&self.ledger);
        }
        if self.rng.chance(1) {
            self.ledger = self.store.crash(&self.ledger)?;
        }
        self.asked.push(ask);
        Ok(())
    }

    /// A command meant for an earlier point is refused, unless it was answered before.
    fn stale(&self, command: &Command) -> Result<(), String> {
        let outcome = decide_at(self.ledger.state(), command, Expect::Exactly(self.model.seq - 1));
        match outcome {
            Err(
                LedgerError::Control(ControlError::StaleState { .. })
                | LedgerError::IdempotencyConflict { .. },
            ) => Ok(()),
            Ok(decision) if decision.events.is_empty() => Ok(()),
            other => Err(format!("stale and answered {other:?}")),
        }
    }

    /// An event that was changed on the way is refused and changes nothing.
    fn corrupted(&mut self, command: &Command) -> Result<(), String> {
        let Ok(decision) = decide(self.ledger.state(), command) else { return Ok(()) };
        let Some(mut event) = decision.events.into_iter().next() else { return Ok(()) };
        match self.rng.below(4) {
            0 => event.seq += 1,
            1 => event.recorded = on(999),
            2 => event.hash = Hash::default(),
            _ => event.body = EventBody::PeriodClosed(Period::month(2024, 1).unwrap()),
        }
        let mut state = self.ledger.state().clone();
        match apply(&mut state, event) {
            Err(LedgerError::BrokenChain { .. }) if state == *self.ledger.state() => Ok(()),
            other => Err(format!("a corrupted event was answered {other:?}")),
        }
    }

    fn fresh_key(&mut self) -> String {
        self.next += 1;
        format!("k{}", self.next)
    }

    fn known_key(&mut self) -> String {
        format!("k{}", 1 + self.rng.below(self.next.max(1)))
    }

    /// A sequence number: of an entry mostly, else any.
    fn entry(&mut self) -> u64 {
        let entries = &self.model.entries;
        if entries.is_empty() || self.rng.chance(15) {
            return self.rng.below(self.model.seq + 3);
        }
        let back = self.rng.below(entries.len().min(12) as u64) as usize;
        entries[entries.len() - 1 - back].seq
    }

    fn held(&mut self) -> u64 {
        let held = &self.model.held;
        if held.is_empty() || self.rng.chance(10) {
            return self.rng.below(self.model.seq + 3);
        }
        let back = self.rng.below(held.len().min(4) as u64) as usize;
        held[held.len() - 1 - back].seq
    }

    fn of(&mut self) -> Of {
        let who = *self.rng.pick(&WHO);
        *self.rng.pick(&[("1122", Some(who)), ("1122", None), ("1002", None), ("2241", Some(who))])
    }

    fn ask(&mut self) -> Ask {
        let roll = self.rng.below(100);
        if roll < 6 && !self.asked.is_empty() {
            return self.rng.pick(&self.asked.clone()).clone(); // a retry, or a duplicate
        }
        let who = *self.rng.pick(&WHO);
        let day = 1 + self.rng.below(150);
        match roll {
            0..=50 => Ask::Post(self.draft()),
            51..=54 => {
                let count = 1 + self.rng.below(4);
                Ask::Batch((0..count).map(|_| self.draft()).collect())
            }
            55..=61 => {
                let last = self.rng.chance(60).then(|| self.model.recorded + self.rng.below(20));
                Ask::Reserve(self.draft(), last)
            }
            62..=67 => {
                Ask::Confirm(self.fresh_key(), self.held(), *self.rng.pick(&[100, 100, 60, 0, 101]), day)
            }
            68..=69 => Ask::Void(self.fresh_key(), self.held(), day),
            70 => Ask::Expire(self.fresh_key(), self.model.recorded + self.rng.below(10)),
            71..=77 => {
                let to = self.rng.chance(50).then_some(day);
                let (release, red) = (self.rng.chance(60), self.rng.chance(50));
                Ask::Reverse(self.fresh_key(), self.entry(), to, release, red)
            }
            78..=80 => Ask::Unclear(self.fresh_key(), self.entry(), day),
            81..=83 => {
                let (key, item, minor) = (self.fresh_key(), self.item(), i128::from(1 + self.rng.below(300)));
                Ask::WriteOff(key, who, item, minor, day, 250)
            }
            84..=86 => {
                let (key, item, minor) = (self.fresh_key(), self.item(), i128::from(1 + self.rng.below(300)));
                Ask::Dispute(key, who, item, minor, day)
            }
            87..=88 => {
                let disputes = &self.model.disputes;
                let known = disputes.get(self.rng.below(disputes.len().max(1) as u64 + 1) as usize);
                let of = known.map_or(self.model.seq, |dispute| dispute.seq);
                Ask::Resolve(self.fresh_key(), of, day)
            }
            89..=92 => {
                let (of, key) = (self.of(), self.fresh_key());
                let limit =
                    |rng: &mut Rng, sign: i128| rng.chance(60).then(|| sign * i128::from(rng.below(3_000)));
                let sign = if self.rng.chance(90) { -1 } else { 1 };
                let (min, max) = (limit(&mut self.rng, sign), limit(&mut self.rng, 1));
                Ask::Bounds(key, of, min, max, self.rng.chance(50))
            }
            93..=94 => {
                let (of, key) = (self.of(), self.fresh_key());
                // Late in the calendar a locked day would stop almost everything.
                let day = 1 + day % 20;
                let wrong = i128::from(self.rng.chance(25));
                Ask::Vouch(key, of, day, self.model.balance(of, Some(day), None) + wrong)
            }
            _ => {
                let month = self.rng.below(3);
                Ask::Period(self.fresh_key(), self.rng.below(3) as u8, month, self.rng.chance(30))
            }
        }
    }

    fn item(&mut self) -> String {
        let items = &self.model.items;
        if items.is_empty() || self.rng.chance(10) {
            return self.known_key();
        }
        items[self.rng.below(items.len() as u64) as usize].document.clone()
    }

    fn draft(&mut self) -> ModelDraft {
        let key = if self.rng.chance(4) { self.known_key() } else { self.fresh_key() };
        let effective = 1 + self.rng.below(150);
        let who = *self.rng.pick(&WHO);
        let minor = i128::from(1 + self.rng.below(500));
        let leg = |code, who, minor, effect| ModelLeg { code, who, minor, effect, red: false };
        let mut legs = match self.rng.below(10) {
            0..=3 => {
                let effect = if self.rng.chance(70) {
                    Effect::Due(effective + self.rng.below(60), effective)
                } else {
                    Effect::Plain
                };
                vec![leg("1122", Some(who), minor, effect), leg("6001", None, -minor, Effect::Plain)]
            }
            4..=7 => {
                let effect = match self.rng.below(5) {
                    0 => Effect::Plain,
                    1 => Effect::Documents(vec![self.item(), self.item()]),
                    _ => Effect::Fifo,
                };
                vec![leg("1002", None, minor, Effect::Plain), leg("1122", Some(who), -minor, effect)]
            }
            8 => vec![
                leg("6601.11", None, minor, Effect::Plain),
                leg("2241", Some(who), -minor, Effect::Plain),
            ],
            _ => {
                let other = i128::from(1 + self.rng.below(500));
                vec![
                    leg("1002", None, -minor, Effect::Plain),
                    leg("6601.11", None, -other, Effect::Plain),
                    leg("2241", Some(who), minor + other, Effect::Plain),
                ]
            }
        };
        match self.rng.below(60) {
            // A cent too much, never a leg of nothing.
            0 => legs[0].minor += legs[0].minor.signum(),
            1 => legs[0].code = "9999",
            2 => legs[0].who = if legs[0].who.is_some() { None } else { Some("KA1") },
            3..=6 => legs.iter_mut().for_each(|leg| leg.red = true),
            _ => {}
        }
        ModelDraft { key, effective, legs, later: self.rng.chance(20), reason: self.rng.chance(20) }
    }
}
