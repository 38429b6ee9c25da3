//! Canonical bytes of reservations, directives and foreign currency, and of the requests for them.

use endcap_types::Money;

use crate::canon::{Canon, write_draft};
use crate::{
    AccountKind, Authority, BoundDates, Confirmation, ConfirmedAmounts, Directed, Directive, DisputeOutcome,
    EntryDraft, ExchangeDraft, ExchangeRate, Expiry, ForeignSettlement, Hash, LockedKinds, PeriodAction,
    Reservation, ReserveDraft, Revaluation, Strength, Unclear, Valuation, WriteOff,
};

impl Canon {
    fn expiry(&mut self, expires: Expiry) {
        match expires {
            Expiry::Never => self.tag(0),
            Expiry::After(day) => {
                self.tag(1);
                self.date(day);
            }
        }
    }

    pub(crate) fn rate(&mut self, rate: &ExchangeRate) {
        self.currency(rate.from());
        self.currency(rate.to());
        self.text(&rate.rate().to_string());
        self.date(rate.date());
        self.text(rate.source());
    }

    pub(crate) fn rates(&mut self, rates: &[ExchangeRate]) {
        self.len(rates.len());
        rates.iter().for_each(|rate| self.rate(rate));
    }

    pub(crate) fn valuations(&mut self, valuations: &[Valuation]) {
        self.len(valuations.len());
        for Valuation { item, change } in valuations {
            self.u64(item.0);
            self.money(change);
        }
    }

    pub(crate) fn exchange_draft(&mut self, exchange: &ExchangeDraft) {
        self.text(&exchange.trading);
        self.side(exchange.side);
        self.money(&exchange.foreign);
        self.money(&exchange.functional);
        self.rate(&exchange.rate);
    }

    pub(crate) fn reservation(&mut self, held: &Reservation) {
        self.text(held.key.as_str());
        self.hash(&held.request);
        self.text(held.document.as_str());
        self.date(held.effective);
        self.text(&held.description);
        self.len(held.legs.len());
        for pending in &held.legs {
            self.leg(&pending.leg);
            self.item_effect(&pending.item);
        }
        self.expiry(held.expires);
    }

    pub(crate) fn directed(&mut self, directed: &Directed) {
        self.text(directed.key.as_str());
        self.hash(&directed.request);
        self.directive(&directed.directive);
    }

    fn optional_money(&mut self, money: Option<&Money>) {
        match money {
            None => self.tag(0),
            Some(money) => {
                self.tag(1);
                self.money(money);
            }
        }
    }

    fn directive(&mut self, directive: &Directive) {
        match directive {
            Directive::ChangePeriod(change) => {
                self.tag(0);
                match &change.action {
                    PeriodAction::SoftClose => self.tag(0),
                    PeriodAction::Close { carry_over } => {
                        self.tag(1);
                        self.len(carry_over.len());
                        carry_over.iter().for_each(|id| self.u64(id.0));
                    }
                    PeriodAction::Reopen => self.tag(2),
                }
                self.date(change.period.start());
                self.date(change.period.end());
                match &change.kinds {
                    LockedKinds::All => self.tag(0),
                    LockedKinds::Only(kinds) => {
                        self.tag(1);
                        self.len(kinds.len());
                        kinds.iter().for_each(|kind| self.account_kind(*kind));
                    }
                }
                self.text(&change.reason);
                self.text(&change.by);
            }
            Directive::SetBounds(bounds) => {
                self.tag(1);
                self.text(&bounds.account);
                self.key_account(bounds.key_account.as_ref());
                self.currency(bounds.currency);
                self.optional_money(bounds.min.as_ref());
                self.optional_money(bounds.max.as_ref());
                self.tag(match bounds.dates {
                    BoundDates::Current => 0,
                    BoundDates::EveryDate => 1,
                });
            }
            Directive::AssertBalance(asserted) => {
                self.tag(2);
                self.text(&asserted.account);
                self.key_account(asserted.key_account.as_ref());
                self.date(asserted.day);
                self.money(&asserted.expected);
                self.tag(match asserted.strength {
                    Strength::Advisory => 0,
                    Strength::Locked => 1,
                });
            }
            Directive::Dispute(dispute) => {
                self.tag(3);
                self.text(&dispute.account);
                self.key_account(Some(&dispute.key_account));
                self.text(dispute.document.as_str());
                self.money(&dispute.amount);
                self.text(&dispute.reason);
                self.date(dispute.effective);
            }
            Directive::ResolveDispute(resolution) => {
                self.tag(4);
                self.u64(resolution.dispute.0);
                match resolution.outcome {
                    DisputeOutcome::Accepted => self.tag(0),
                    DisputeOutcome::PartlyAccepted(part) => {
                        self.tag(1);
                        self.money(&part);
                    }
                    DisputeOutcome::Rejected => self.tag(2),
                }
                self.text(&resolution.reason);
                self.date(resolution.effective);
            }
            Directive::Void(void) => {
                self.tag(5);
                self.u64(void.reservation.0);
                self.text(&void.reason);
                self.date(void.effective);
            }
            Directive::Expire(day) => {
                self.tag(6);
                self.date(*day);
            }
            Directive::SetGroup(group) => {
                self.tag(7);
                self.text(group.group.as_str());
                self.len(group.members.len());
                group.members.iter().for_each(|member| self.text(member.as_str()));
            }
            Directive::SetGroupLimit(limit) => {
                self.tag(8);
                self.text(limit.group.as_str());
                self.text(&limit.account);
                self.currency(limit.currency);
                self.optional_money(limit.max.as_ref());
            }
            Directive::OverrideGroupLimit(over) => {
                self.tag(9);
                self.text(over.group.as_str());
                self.text(&over.account);
                self.money(&over.up_to);
                self.date(over.until);
                self.text(&over.reason);
                self.text(&over.by);
            }
        }
    }

    pub(crate) fn account_kind(&mut self, kind: AccountKind) {
        self.tag(match kind {
            AccountKind::Asset => 0,
            AccountKind::Liability => 1,
            AccountKind::Equity => 2,
            AccountKind::Income => 3,
            AccountKind::Expense => 4,
        });
    }
}

/// What a draft asks for beyond the first version of its digest; nothing, for a draft that asks for nothing more.
pub(crate) fn write_draft_extension(canon: &mut Canon, draft: &EntryDraft) {
    let plain = draft.closed == crate::ClosedDay::Refuse
        && draft.override_reason.is_none()
        && draft.exchanges.is_empty();
    if plain {
        return;
    }
    canon.tag(match draft.closed {
        crate::ClosedDay::Refuse => 1,
        crate::ClosedDay::FirstOpen => 2,
    });
    canon.optional_text(draft.override_reason.as_deref());
    canon.len(draft.exchanges.len());
    draft.exchanges.iter().for_each(|exchange| canon.exchange_draft(exchange));
}

/// Digest of a reservation as asked for.
pub(crate) fn reserve_digest(asked: &ReserveDraft) -> Hash {
    let mut canon = Canon::new("endcap-ledger/reserve/1");
    canon.expiry(asked.expires);
    write_draft(&mut canon, &asked.draft);
    canon.finish()
}

/// Digest of a confirmation as asked for.
pub(crate) fn confirm_digest(asked: &Confirmation) -> Hash {
    let mut canon = Canon::new("endcap-ledger/confirm/1");
    canon.u64(asked.of.0);
    match &asked.amounts {
        ConfirmedAmounts::Full => canon.tag(0),
        ConfirmedAmounts::Legs(amounts) => {
            canon.tag(1);
            canon.len(amounts.len());
            amounts.iter().for_each(|amount| canon.money(amount));
        }
    }
    canon.date(asked.effective);
    canon.finish()
}

/// Digest of a directive as asked for.
pub(crate) fn directive_digest(directive: &Directive) -> Hash {
    let mut canon = Canon::new("endcap-ledger/direct/1");
    canon.directive(directive);
    canon.finish()
}

/// Digest of a write-off as asked for.
pub(crate) fn write_off_digest(asked: &WriteOff) -> Hash {
    let mut canon = Canon::new("endcap-ledger/write-off/1");
    canon.text(asked.document.as_str());
    canon.text(&asked.account);
    canon.text(asked.key_account.as_str());
    canon.text(asked.item.as_str());
    canon.side(asked.side);
    canon.money(&asked.amount);
    canon.text(&asked.to);
    canon.text(&asked.reason);
    match asked.authority {
        Authority::Unlimited => canon.tag(0),
        Authority::UpTo(limit) => {
            canon.tag(1);
            canon.money(&limit);
        }
    }
    canon.date(asked.effective);
    canon.finish()
}

/// Digest of the taking back of a clearing as asked for.
pub(crate) fn unclear_digest(asked: &Unclear) -> Hash {
    let mut canon = Canon::new("endcap-ledger/unclear/1");
    canon.u64(asked.of.0);
    canon.text(asked.document.as_str());
    canon.text(&asked.reason);
    canon.date(asked.effective);
    canon.finish()
}

/// Digest of a foreign settlement as asked for.
pub(crate) fn foreign_digest(asked: &ForeignSettlement) -> Hash {
    let mut canon = Canon::new("endcap-ledger/settle-foreign/1");
    canon.text(asked.document.as_str());
    canon.text(&asked.account);
    canon.text(asked.key_account.as_str());
    canon.side(asked.side);
    canon.money(&asked.foreign);
    canon.policy(&asked.policy);
    canon.text(&asked.bank);
    canon.rate(&asked.rate);
    canon.text(&asked.trading);
    canon.text(&asked.result);
    canon.date(asked.effective);
    canon.finish()
}

/// Digest of a revaluation as asked for.
pub(crate) fn revaluation_digest(asked: &Revaluation) -> Hash {
    let mut canon = Canon::new("endcap-ledger/revalue/1");
    canon.text(asked.document.as_str());
    canon.text(&asked.trading);
    canon.text(&asked.result);
    canon.rates(&asked.rates);
    canon.date(asked.effective);
    canon.finish()
}
