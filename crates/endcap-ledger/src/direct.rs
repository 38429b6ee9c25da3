//! Deciding and committing directives.
//!
//! # Source
//!
//! House rule: what is laid down beside entries is an event of the chain like any other.

use crate::canon::directive_digest;
use crate::clear::Want;
use crate::error::check_text;
use crate::limits::MAX_TEXT_CHARS;
use crate::state::{State, is_control};
use crate::view::View;
use crate::{
    Assertion, At, ControlError, Directed, Directing, Directive, Dispute, DisputeOutcome, DisputeResolution,
    EntryId, EventBody, Expiry, ItemId, LedgerError, Voiding,
};
use chrono::NaiveDate;
use endcap_types::Money;

/// A dispute about an item, as the state keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Disputed {
    pub(crate) item: ItemId,
    pub(crate) minor: i128,
    pub(crate) effective: NaiveDate,
    pub(crate) resolved: Option<(EntryId, NaiveDate)>,
}

/// Lays down a directive; one that changes nothing leaves no event.
pub(crate) fn direct(view: &mut View<'_>, asked: &Directing) -> Result<(), LedgerError> {
    let request = directive_digest(&asked.directive);
    if let Some(receipt) = view.replayed(&asked.key, &request)? {
        view.answer(receipt);
        return Ok(());
    }
    view.check_recorded(asked.recorded)?;
    if view.base.check_directive(&asked.directive)? {
        let (key, directive) = (asked.key.clone(), asked.directive.clone());
        view.seal(asked.recorded, EventBody::Directed(Directed { key, request, directive }));
    }
    Ok(())
}

impl State {
    /// Whether a directive may be laid down; `Ok(false)` when it would change nothing.
    pub(crate) fn check_directive(&self, directive: &Directive) -> Result<bool, LedgerError> {
        match directive {
            Directive::ChangePeriod(change) => self.check_period_change(change),
            Directive::SetBounds(asked) => self.sound_bound(asked).map(|_| true),
            Directive::AssertBalance(asked) => self.check_assertion(asked).map(|()| true),
            Directive::Dispute(asked) => self.disputed(asked).map(|_| true),
            Directive::ResolveDispute(asked) => self.check_resolution(asked).map(|()| true),
            Directive::Void(asked) => self.check_void(asked).map(|()| true),
            Directive::SetGroup(asked) => self.check_group(asked),
            Directive::SetGroupLimit(asked) => self.sound_group_limit(asked).map(|_| true),
            Directive::OverrideGroupLimit(asked) => self.sound_override(asked).map(|_| true),
            Directive::Expire(day) => Ok(!self.expired(*day).is_empty()),
        }
    }

    fn check_assertion(&self, asked: &Assertion) -> Result<(), LedgerError> {
        let currency = asked.expected.currency();
        self.balance_key(&asked.account, asked.key_account.as_ref(), currency)?;
        let at = At::EndOf(asked.day);
        let actual = match &asked.key_account {
            Some(id) => self.balance_of(&asked.account, id, currency, at)?,
            None => self.balance(&asked.account, currency, at)?,
        };
        if actual == asked.expected {
            return Ok(());
        }
        Err(LedgerError::AssertionFailed { code: asked.account.clone(), expected: asked.expected, actual })
    }

    /// The item that a sound dispute is about.
    fn disputed(&self, asked: &Dispute) -> Result<ItemId, LedgerError> {
        check_text("reason", &asked.reason, MAX_TEXT_CHARS)?;
        let (account, named) = self.account_named(&asked.account)?;
        let code = asked.account.as_str();
        if !is_control(named) {
            return Err(LedgerError::NotAControlAccount { code: code.to_owned() });
        }
        let document = &asked.document;
        if !asked.amount.is_positive() {
            return Err(LedgerError::NotPositive { document: document.clone(), asked: asked.amount });
        }
        let board = (account, asked.key_account.clone(), asked.amount.currency());
        let view = View::new(self);
        let mut most = Money::zero(asked.amount.currency());
        let want = Want { board: &board, code, side: named.normal_side(), minor: i128::MAX };
        for id in view.of_document(&want, document)? {
            let Some(item) = self.item(id) else { continue };
            let marked = self.marked_now(id);
            let free = Money::from_minor(item.open.saturating_sub(marked), board.2)?;
            if free.compare(&asked.amount)?.is_lt() {
                most = most.larger(&free)?;
                continue;
            }
            if asked.effective < item.effective {
                let (date, from) = (asked.effective, item.effective);
                return Err(LedgerError::Control(ControlError::TooEarly { what: "the dispute", date, from }));
            }
            return Ok(id);
        }
        Err(LedgerError::ExceedsOpen { document: document.clone(), open: most, asked: asked.amount })
    }

    /// What is disputed of an item now, as it was claimed.
    fn marked_now(&self, id: ItemId) -> i128 {
        let disputes = self.item(id).map_or(&[][..], |item| self.disputes_of(item));
        let open = disputes.iter().filter_map(|id| self.disputes.get(id)).filter(|d| d.resolved.is_none());
        open.fold(0_i128, |sum, dispute| sum.saturating_add(dispute.minor))
    }

    /// What is disputed of an item at a point, as it was claimed.
    pub(crate) fn marked_at(&self, disputes: &[EntryId], day: NaiveDate, known: NaiveDate) -> i128 {
        let knows = |id: EntryId| self.recorded_of(id).is_some_and(|recorded| recorded <= known);
        let mut sum = 0_i128;
        for (id, dispute) in disputes.iter().filter_map(|id| Some((*id, self.disputes.get(id)?))) {
            let over = dispute.resolved.is_some_and(|(by, effective)| effective <= day && knows(by));
            if dispute.effective <= day && knows(id) && !over {
                sum = sum.saturating_add(dispute.minor);
            }
        }
        sum
    }

    fn check_resolution(&self, asked: &DisputeResolution) -> Result<(), LedgerError> {
        check_text("reason", &asked.reason, MAX_TEXT_CHARS)?;
        let id = asked.dispute;
        let dispute = self
            .disputes
            .get(&id)
            .ok_or(LedgerError::Control(ControlError::UnknownDispute { dispute: id }))?;
        if let Some((by, _)) = dispute.resolved {
            return Err(LedgerError::Control(ControlError::DisputeResolved { dispute: id, by }));
        }
        if asked.effective < dispute.effective {
            let (date, from) = (asked.effective, dispute.effective);
            return Err(LedgerError::Control(ControlError::TooEarly { what: "the resolution", date, from }));
        }
        if let DisputeOutcome::PartlyAccepted(part) = asked.outcome {
            let document = self.item(dispute.item).and_then(|item| self.document_of(item));
            let Some(document) = document else {
                return Err(LedgerError::Control(ControlError::UnknownDispute { dispute: id }));
            };
            if !part.is_positive() {
                return Err(LedgerError::NotPositive { document, asked: part });
            }
            let claimed = self.item(dispute.item).and_then(|item| self.slot_of(item));
            let currency = claimed.map_or(part.currency(), |slot| slot.currency);
            let open = Money::from_minor(dispute.minor, currency)?;
            if open.compare(&part)?.is_lt() {
                return Err(LedgerError::ExceedsOpen { document, open, asked: part });
            }
        }
        Ok(())
    }

    fn check_void(&self, asked: &Voiding) -> Result<(), LedgerError> {
        check_text("reason", &asked.reason, MAX_TEXT_CHARS)?;
        self.unresolved(asked.reservation)?.check_from("the voiding", asked.effective)
    }

    /// The reservations whose last day is before `day`, by id.
    pub(crate) fn expired(&self, day: NaiveDate) -> Vec<EntryId> {
        let over = |expires| matches!(expires, Expiry::After(last) if last < day);
        self.pending().filter(|(_, held)| over(held.expires)).map(|(id, _)| id).collect()
    }

    pub(crate) fn commit_directed(&mut self, by: EntryId, directed: &Directed) {
        match &directed.directive {
            Directive::ChangePeriod(change) => self.locks.commit(change),
            Directive::SetBounds(asked) => {
                if let Ok((key, bound)) = self.sound_bound(asked) {
                    match bound {
                        Some(bound) => drop(self.bounds.insert(key, bound)),
                        None => drop(self.bounds.remove(&key)),
                    }
                }
            }
            Directive::AssertBalance(asked) => {
                let currency = asked.expected.currency();
                if let Ok(key) = self.balance_key(&asked.account, asked.key_account.as_ref(), currency) {
                    let days = self.asserted.entry(key).or_default();
                    let kept = days.entry(asked.day).or_insert((0, asked.strength));
                    *kept = (asked.expected.minor(), kept.1.max(asked.strength));
                }
            }
            Directive::Dispute(asked) => {
                let Ok(id) = self.disputed(asked) else { return };
                let (minor, effective) = (asked.amount.minor(), asked.effective);
                self.disputes.insert(by, Disputed { item: id, minor, effective, resolved: None });
                self.extra_mut(id).into_iter().for_each(|extra| extra.disputes.push(by));
            }
            Directive::ResolveDispute(asked) => {
                if let Some(dispute) = self.disputes.get_mut(&asked.dispute) {
                    dispute.resolved = Some((by, asked.effective));
                }
            }
            Directive::SetGroup(asked) => self.commit_group(asked),
            Directive::SetGroupLimit(asked) => self.commit_group_limit(asked),
            Directive::OverrideGroupLimit(asked) => self.commit_override(by, asked),
            Directive::Void(asked) => self.commit_resolved(asked.reservation, by, asked.effective),
            Directive::Expire(day) => {
                self.expired(*day).into_iter().for_each(|id| self.commit_resolved(id, by, *day));
            }
        }
    }
}
