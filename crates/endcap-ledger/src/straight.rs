//! The straight road: a draft with nothing rare in it goes into the columns at once, and no event is built as a value.
//!
//! Only what breaks no rule goes this way. Everything else is decided as any command is, so that both roads come to the
//! same log and a refusal has one place.

use endcap_types::{Currency, Money};

use crate::canon::draft_digest_over;
use crate::canon_entry::EntryHead;
use crate::chain::begin;
use crate::commit::NewPlace;
use crate::error::check_text;
use crate::limits::{MAX_LEGS, MAX_TEXT_CHARS, MAX_TURNOVER_MINOR};
use crate::log::{Header, Shape, narrow};
use crate::periods::Kinds;
use crate::state::{State, is_control};
use crate::{
    ClosedDay, CurrencyRule, Dimension, Due, EntryDraft, EntryKind, ItemEffect, ItemId, LegAmount, Link,
    Nature, Receipt, Replay, Side,
};

/// A leg of a draft, with its balance looked up.
#[derive(Debug, Clone, Copy)]
struct PlainLeg {
    slot: u32,
    account: u32,
    side: Side,
    nature: Nature,
    amount: Money,
    opens: Opens,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opens {
    Nothing,
    Item,
}

/// Memory that is used again for every posting.
#[derive(Debug, Default)]
pub(crate) struct Work {
    bytes: Vec<u8>,
    legs: Vec<PlainLeg>,
}

/// Nothing is kept from one posting to the next.
impl Clone for Work {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Work {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Work {}

/// What the legs of a plain draft come to.
#[derive(Debug, Clone, Copy)]
struct Plain {
    currency: Currency,
    debit: i128,
    /// The hash by which its key is looked up.
    key: u64,
}

impl State {
    /// Posts a plain draft that breaks no rule; nothing, and no change, for any other.
    pub(crate) fn post_straight(&mut self, draft: &EntryDraft) -> Option<Receipt> {
        let mut work = core::mem::take(&mut self.work);
        let plain = self.plain(draft, &mut work.legs);
        let receipt = plain.map(|plain| self.commit_plain(draft, plain, &mut work));
        self.work = work;
        receipt
    }

    /// The legs of a draft with their balances, if all of it is plain and sound.
    fn plain(&self, draft: &EntryDraft, legs: &mut Vec<PlainLeg>) -> Option<Plain> {
        let EntryDraft {
            key,
            document: _,
            effective,
            recorded,
            description,
            nature,
            link,
            legs: drafted,
            stock,
            closed,
            override_reason,
            exchanges,
        } = draft;
        let plain = stock.is_empty()
            && exchanges.is_empty()
            && override_reason.is_none()
            && (*link, *closed) == (Link::None, ClosedDay::Refuse)
            && self.has_no_limits();
        let currency = match drafted.first()?.amount {
            LegAmount::Fixed(_, amount) => amount.currency(),
            _ => return None,
        };
        if !plain || *recorded < self.recorded || drafted.len() > MAX_LEGS {
            return None;
        }
        if !description.is_empty() {
            check_text("description", description, MAX_TEXT_CHARS).ok()?;
        }
        self.room_for(drafted.len()).ok()?;

        legs.clear();
        let (mut debit, mut credit, mut kinds) = (0_i128, 0_i128, Kinds::default());
        for leg in drafted {
            let LegAmount::Fixed(side, amount) = leg.amount else { return None };
            let (account, named) = self.account_named(&leg.account).ok()?;
            let allowed = match named.currency() {
                CurrencyRule::Any => true,
                CurrencyRule::Only(only) => only == currency,
            };
            let by_key_account = named.dimension() != Dimension::None;
            let opens = if is_control(named) { Opens::Item } else { Opens::Nothing };
            let item = match (&leg.item, opens) {
                (ItemEffect::Plain, _) => true,
                (ItemEffect::Open(item), Opens::Item) => item.delivered.is_none(),
                (ItemEffect::Open(_), Opens::Nothing) | (ItemEffect::Clear(_), _) => false,
            };
            let sound = allowed && item && amount.is_positive() && amount.currency() == currency;
            if !sound || by_key_account != leg.key_account.is_some() {
                return None;
            }
            let party = match &leg.key_account {
                None => None,
                Some(id) => Some(self.party_named(id)?),
            };
            let slot = self.slot_at((account, party, currency))?;
            let sum = if side == Side::Debit { &mut debit } else { &mut credit };
            *sum = sum.checked_add(amount.minor())?;
            kinds.add(named.kind());
            let nature = leg.nature.unwrap_or(*nature);
            legs.push(PlainLeg { slot, account, side, nature, amount, opens });
        }
        let before = self.turnover.get(&currency).copied().unwrap_or(0);
        let fits = before.checked_add(debit).is_some_and(|turnover| turnover <= MAX_TURNOVER_MINOR);
        let open = *effective >= self.locks.first_free(kinds);
        let hash = self.log.key_hash(key);
        let sound = debit == credit && fits && open && self.log.holder_of(key, hash).is_none();
        sound.then_some(Plain { currency, debit, key: hash })
    }

    fn commit_plain(&mut self, draft: &EntryDraft, plain: Plain, work: &mut Work) -> Receipt {
        let seq = self.next_seq();
        let (request, bytes) = draft_digest_over(core::mem::take(&mut work.bytes), draft);
        let mut canon = begin(bytes, &self.head, seq, draft.recorded);
        canon.entry_posted(EntryHead {
            key: draft.key.as_str(),
            request: &request,
            kind: &EntryKind::Posting,
            document: draft.document.as_str(),
            effective: draft.effective,
            description: &draft.description,
        });
        canon.len(work.legs.len());
        for (leg, drafted) in work.legs.iter().zip(&draft.legs) {
            let meaning = (leg.side, leg.nature);
            canon.leg_parts(leg.account, drafted.key_account.as_ref(), meaning, &leg.amount);
        }
        let opening = || work.legs.iter().zip(&draft.legs).zip(0_u32..);
        let opening = || opening().filter(|((leg, _), _)| leg.opens == Opens::Item);
        canon.len(opening().count());
        for (((_, drafted), leg), id) in opening().zip(self.next_item()..) {
            match &drafted.item {
                ItemEffect::Open(item) => {
                    canon.opened(ItemId(id), leg, item.document.as_str(), (item.dated, item.due, None));
                }
                _ => {
                    let dates = (draft.effective, Due::NoDate, None);
                    canon.opened(ItemId(id), leg, draft.document.as_str(), dates);
                }
            }
        }
        canon.entry_ends();
        let (hash, bytes) = canon.finish_again();
        work.bytes = bytes;

        let texts = &mut self.log.texts;
        let header = Header {
            key: texts.push(draft.key.as_str()),
            document: texts.push(draft.document.as_str()),
            description: texts.push(&draft.description),
            effective: draft.effective,
            recorded: draft.recorded,
            legs: narrow(self.log.legs.len()),
            items: narrow(self.items.len()),
            clearings: narrow(self.log.clearings.len()),
            shape: Shape::Posting,
        };
        let effective = draft.effective;
        for (leg, drafted) in work.legs.iter().zip(&draft.legs) {
            let PlainLeg { slot, side, nature, amount, opens, .. } = *leg;
            let (open, position) =
                (amount.minor(), self.commit_leg(slot, effective, (side, nature), amount.minor()));
            if opens == Opens::Nothing {
                self.commit_plain_leg(slot, position);
                continue;
            }
            let (document, dated, due) = match &drafted.item {
                ItemEffect::Open(item) if item.document == draft.document => {
                    (header.document, item.dated, item.due)
                }
                ItemEffect::Open(item) => (self.log.texts.push(item.document.as_str()), item.dated, item.due),
                _ => (header.document, effective, Due::NoDate),
            };
            let leg = position;
            self.commit_item(NewPlace { open, document, slot, leg, dated, due, effective, side });
        }
        let turnover = self.turnover.entry(plain.currency).or_default();
        *turnover = turnover.saturating_add(plain.debit);
        self.log.push_hashed(header, (hash, request), Some(plain.key));
        self.earliest = Some(self.earliest.map_or(effective, |day| day.min(effective)));
        self.recorded = draft.recorded;
        self.head = hash;
        Receipt { seq, hash, replay: Replay::First }
    }
}
