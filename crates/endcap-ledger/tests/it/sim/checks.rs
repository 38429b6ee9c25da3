//! What a world is held to after its commands: every figure of the ledger is that of the model.

use endcap_ledger::*;
use endcap_types::Currency;

use super::model::CODES;
use super::words::Of;
use super::world::{WHO, World, on};
use crate::kit::ka;

fn same<T: PartialEq + core::fmt::Debug>(what: &str, found: T, expected: T) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{what} is {found:?}, expected {expected:?}")) }
}

impl World {
    fn all(&self) -> Vec<Of> {
        let mut all: Vec<Of> = CODES.iter().map(|(code, ..)| (*code, None)).collect();
        let kept = CODES.iter().filter(|(.., by_key_account)| *by_key_account);
        all.extend(kept.flat_map(|(code, ..)| WHO.map(|who| (*code, Some(who)))));
        all
    }

    /// Every balance now, posted and pending.
    pub(crate) fn check_now(&self) -> Result<(), String> {
        self.check_at(At::Now, None, None)
    }

    fn check_at(&self, at: At, until: Option<u64>, known: Option<u64>) -> Result<(), String> {
        for of in self.all() {
            let who = of.1.map(ka);
            let found =
                self.ledger.layers(of.0, who.as_ref(), Currency::CNY, at).map_err(|e| e.to_string())?;
            let found = (found.posted.minor(), found.pending_debit.minor(), found.pending_credit.minor());
            let (debit, credit) = self.model.pending_at(of, until, known);
            same(&format!("{of:?} at {at:?}"), found, (self.model.balance(of, until, known), debit, credit))?;
        }
        Ok(())
    }

    /// What every account was debited and credited with up to a day.
    fn check_turnovers(&self, day: u64) -> Result<(), String> {
        let trial = self.ledger.trial_balance(on(day)).map_err(|error| error.to_string())?;
        for (code, ..) in CODES {
            let row = trial.rows.iter().find(|row| row.code == code);
            let found = row.map_or((0, 0), |row| (row.debit.minor(), row.credit.minor()));
            same(&format!("the turnover of {code}"), found, self.model.turnover((code, None), day))?;
        }
        Ok(())
    }

    /// Balances, ageing and open items on some day, as known on some day.
    pub(crate) fn check_dated(&mut self) -> Result<(), String> {
        let (day, known) = (1 + self.rng.below(200), 1 + self.rng.below(self.model.recorded + 1));
        let recorded = on(known);
        self.check_turnovers(day)?;
        self.check_at(At::EndOf(on(day)), Some(day), None)?;
        self.check_at(At::Known { effective: on(day), recorded }, Some(day), Some(known))?;
        let edges = (0..self.rng.below(4)).map(|n| 7 + n as u32 * 20).collect();
        let buckets = Buckets::new(edges).map_err(|error| error.to_string())?;
        let basis = *self.rng.pick(&AgeBasis::ALL);
        let query = AgeingQuery { account: "1122", currency: Currency::CNY, as_of: on(day), basis };
        let now = self.ledger.ageing(&query, &buckets).map_err(|error| error.to_string())?;
        let then = self.ledger.ageing_known(&query, &buckets, recorded).map_err(|error| error.to_string())?;
        for (ageing, known) in [(now, None), (then, Some(known))] {
            same(
                "an ageing",
                ageing.total.total.minor(),
                self.model.balance(("1122", None), Some(day), known),
            )?;
            for (who, split) in &ageing.rows {
                let who = *WHO.iter().find(|name| **name == who.as_str()).unwrap();
                let places = [split.not_due, split.no_due_date, split.unallocated_credit];
                let sum: i128 = places.iter().chain(&split.overdue).map(|money| money.minor()).sum();
                same("the sum of the buckets", sum, split.total.minor())?;
                same("an ageing row", sum, self.model.balance(("1122", Some(who)), Some(day), known))?;
                self.check_items(who, day, known)?;
            }
        }
        Ok(())
    }

    /// The open items of a key account, one by one.
    fn check_items(&self, who: &'static str, day: u64, known: Option<u64>) -> Result<(), String> {
        let recorded = known.map_or(chrono::NaiveDate::MAX, on);
        let items = self.ledger.open_items_known("1122", &ka(who), Currency::CNY, (on(day), recorded));
        let items = items.map_err(|error| error.to_string())?;
        let found: Vec<(usize, i128)> =
            items.iter().map(|item| (item.id.index() as usize, item.side.sign(item.open.minor()))).collect();
        let ours = (0..self.model.items.len()).filter(|id| self.model.items[*id].who == who);
        let open =
            ours.map(|id| (id, self.model.items[id].minor.signum() * self.model.open(id, Some(day), known)));
        same("what is open", found, open.filter(|(_, open)| *open != 0).collect())?;
        for item in &items {
            let kept = &self.model.items[item.id.index() as usize];
            let due = kept.due.map_or(Due::NoDate, |due| Due::On(on(due)));
            same("a due date", item.due, due)?;
            same("the date of a document", item.dated, on(kept.dated))?;
        }
        Ok(())
    }

    /// The end of a world: it proves itself, its log gives it again, and a change of the log is found.
    pub(crate) fn finish(&mut self) -> Result<(), String> {
        self.check_now()?;
        let far = on(900);
        for who in WHO {
            let items =
                self.ledger.open_items("1122", &ka(who), Currency::CNY, far).map_err(|e| e.to_string())?;
            let found: i128 = items.iter().map(|item| item.disputed.minor()).sum();
            same("what is disputed", found, self.model.disputed(who))?;
        }
        let pending: Vec<u64> = self.ledger.pending().map(|(id, _)| id.seq()).collect();
        let held = self.model.held.iter().filter(|held| held.over.is_none());
        same("what is pending", pending, held.map(|held| held.seq).collect())?;
        for day in [on(1 + self.rng.below(200)), far] {
            self.ledger.certify(day).map_err(|findings| format!("{findings:?}"))?;
        }
        let log = self.ledger.events();
        let cut = self.rng.below(log.len() as u64 + 1) as usize;
        let (before, after) = log.split_at(cut);
        let settings = self.ledger.settings().clone();
        let early = Ledger::replay(settings.clone(), before.to_vec()).and_then(|early| early.snapshot());
        let whole =
            early.and_then(|early| Ledger::resume(early, after.to_vec())).map_err(|e| e.to_string())?;
        if whole != self.ledger {
            return Err(format!("a snapshot at {cut} and its tail are another ledger"));
        }
        let mut log = log.to_vec();
        let place = self.rng.below(log.len() as u64) as usize;
        match self.rng.below(3) {
            0 => drop(log.remove(place)),
            1 => log[place].recorded = on(990),
            _ => log.insert(place, log[place].clone()),
        }
        let head = Head::At(self.ledger.head());
        match verify(&settings, &log, head) {
            Err(LedgerError::BrokenChain { .. }) => Ok(()),
            other => Err(format!("a changed log was verified: {other:?}")),
        }
    }
}
