//! Deciding on foreign currency: exchanges in drafts, settlement at the rate of the day, revaluation.
//!
//! # Source
//!
//! IAS 21.21–28: booked at the rate of the day, settled or carried at another, and the difference is a result.

use std::collections::BTreeMap;

use endcap_types::{Currency, Money, Rounding};

use crate::canon::{foreign_digest, revaluation_digest};
use crate::clear::Want;
use crate::decide::{Origin, post_as};
use crate::periods::Kinds;
use crate::state::is_control;
use crate::view::View;
use crate::{
    At, ControlError, Entry, EntryDraft, EntryKind, ExchangeDraft, ExchangeRate, ForeignSettlement, ItemId,
    LedgerError, Leg, LegDraft, Nature, OpenedItem, Revaluation, Side, Valuation,
};

/// The draft with the legs of its exchanges written out.
pub(crate) fn written_out(draft: &EntryDraft) -> Result<EntryDraft, LedgerError> {
    let mut whole = draft.clone();
    for exchange in &draft.exchanges {
        whole.legs.extend(exchange.legs()?);
    }
    Ok(whole)
}

/// What the items of an entry are carried at: their share of what its exchanges come to, in leg order, so that the
/// shares sum to the whole.
pub(crate) fn carried(
    exchanges: &[ExchangeDraft],
    legs: &[Leg],
    items: &[OpenedItem],
) -> Result<Vec<Valuation>, LedgerError> {
    let mut positions: BTreeMap<(Currency, Currency), (i128, i128)> = BTreeMap::new();
    for exchange in exchanges {
        let key = (exchange.foreign.currency(), exchange.functional.currency());
        let (foreign, functional) = positions.entry(key).or_default();
        let other = exchange.side.opposite();
        *foreign = foreign.saturating_add(other.sign(exchange.foreign.minor()));
        *functional = functional.saturating_add(other.sign(exchange.functional.minor()));
    }
    let mut valuations = Vec::new();
    for ((foreign, functional), (whole, worth)) in positions {
        let (mut sum, mut before) = (0_i128, 0_i128);
        for opened in items.iter().filter(|_| whole != 0) {
            let leg = usize::try_from(opened.leg).ok().and_then(|index| legs.get(index));
            let Some(leg) = leg.filter(|leg| leg.amount.currency() == foreign) else { continue };
            sum = sum.saturating_add(leg.signed_minor());
            let after = share(worth, sum, whole, functional)?;
            let change = Money::from_minor(after.saturating_sub(before), functional)?;
            before = after;
            valuations.push(Valuation { item: opened.id, change });
        }
    }
    Ok(valuations)
}

/// `worth × part ÷ whole`, rounded half away from zero.
fn share(worth: i128, part: i128, whole: i128, currency: Currency) -> Result<i128, LedgerError> {
    let exact = Money::from_minor(worth, currency)?.exact().times_ratio(part, whole)?;
    Ok(exact.round(&Rounding::HALF_AWAY)?.minor())
}

/// Settles items in a foreign currency with functional money and books the difference.
pub(crate) fn settle_foreign(view: &mut View<'_>, asked: &ForeignSettlement) -> Result<(), LedgerError> {
    let request = foreign_digest(asked);
    if let Some(receipt) = view.replayed(&asked.key, &request)? {
        view.answer(receipt);
        return Ok(());
    }
    let (account, named) = view.base.account_named(&asked.account)?;
    let code = asked.account.as_str();
    if !is_control(named) {
        return Err(LedgerError::NotAControlAccount { code: code.to_owned() });
    }
    if !asked.foreign.is_positive() {
        return Err(LedgerError::NotPositive { document: asked.document.clone(), asked: asked.foreign });
    }
    let functional = asked.rate.to();
    let money = asked.rate.convert(asked.foreign)?;
    let board = (account, asked.key_account.clone(), asked.foreign.currency());
    let want = Want { board: &board, code, side: asked.side, minor: asked.foreign.minor() };
    let chosen = view.choose(&want, &asked.policy)?;
    let open = chosen.iter().fold(0_i128, |sum, (_, part)| sum.saturating_add(*part));
    if open != asked.foreign.minor() {
        let open = Money::from_minor(open, asked.foreign.currency())?;
        let document = asked.document.clone();
        return Err(LedgerError::ExceedsOpen { document, open, asked: asked.foreign });
    }
    let (mut released, mut total) = (Vec::new(), 0_i128);
    for (id, part) in chosen {
        let release = release_of(view, id, part, functional)?;
        total = total.saturating_add(release);
        let change = Money::from_minor(release.saturating_neg(), functional)?;
        released.push(Valuation { item: id, change });
    }
    let received = asked.side.sign(money.minor());
    let fixed = |side, amount| match side {
        Side::Debit => LegDraft::debit(&asked.trading, amount),
        Side::Credit => LegDraft::credit(&asked.trading, amount),
    };
    let mut clears = fixed(asked.side.opposite(), asked.foreign);
    clears.account.clone_from(&asked.account);
    let clears = clears.of(asked.key_account.clone()).clears(asked.policy.clone());
    let mut draft =
        EntryDraft::new(asked.key.clone(), asked.document.clone(), asked.effective, asked.recorded)
            .nature(Nature::Receipt);
    for (code, minor) in [
        (&asked.bank, received),
        (&asked.trading, total.saturating_neg()),
        (&asked.result, total.saturating_sub(received)),
    ] {
        if minor != 0 {
            draft = draft.leg(LegDraft::signed(code, Money::from_minor(minor, functional)?));
        }
    }
    draft = draft.leg(fixed(asked.side, asked.foreign)).leg(clears);
    let origin = Origin { request, kind: EntryKind::Posting, rates: vec![asked.rate.clone()], released };
    post_as(view, &draft, origin)
}

/// What a part of an item releases of what the item is carried at; the last part takes the rest.
fn release_of(view: &View<'_>, id: ItemId, part: i128, functional: Currency) -> Result<i128, LedgerError> {
    let Some(item) = view.base.item(id) else { return Ok(0) };
    let extra = view.base.extra(item).filter(|extra| extra.carried_in == Some(functional));
    let Some(extra) = extra else {
        return match view.base.document_of(item) {
            Some(document) => Err(LedgerError::Control(ControlError::NotCarried { document })),
            None => Ok(0),
        };
    };
    let carried = extra.values.iter().fold(0_i128, |sum, (_, minor)| sum.saturating_add(*minor));
    match view.open_of(id) {
        open if open == part => Ok(carried),
        open => share(carried, part, open, functional),
    }
}

/// Carries the foreign positions of a trading account at new rates.
pub(crate) fn revalue(view: &mut View<'_>, asked: &Revaluation) -> Result<(), LedgerError> {
    let request = revaluation_digest(asked);
    if let Some(receipt) = view.replayed(&asked.key, &request)? {
        view.answer(receipt);
        return Ok(());
    }
    view.check_recorded(asked.recorded)?;
    let state = view.base;
    let Some(functional) = asked.rates.first().map(ExchangeRate::to) else { return Ok(()) };
    if let Some(other) = asked.rates.iter().find(|rate| rate.to() != functional) {
        return Err(LedgerError::Control(ControlError::MissingRate {
            currency: other.from(),
            to: functional,
        }));
    }
    let (_, result) = state.account_named(&asked.result)?;
    let (trading, named) = state.account_named(&asked.trading)?;
    let at = At::EndOf(asked.effective);
    let mut positions: BTreeMap<Currency, i128> = BTreeMap::new();
    for slot in state.slots.iter().filter(|slot| slot.account == trading) {
        let sum = positions.entry(slot.currency).or_default();
        *sum = sum.saturating_add(state.totals_at(slot, at).net());
    }
    let kept = positions.remove(&functional).unwrap_or(0);
    // What the position of each currency stands against, apart from items: money at banks and such.
    let mut rest: BTreeMap<Currency, i128> =
        positions.into_iter().map(|(currency, sum)| (currency, sum.saturating_neg())).collect();
    let convert = |currency, minor| -> Result<i128, LedgerError> {
        if minor == 0 {
            return Ok(0);
        }
        let rate = asked.rates.iter().find(|rate| rate.from() == currency);
        let rate =
            rate.ok_or(LedgerError::Control(ControlError::MissingRate { currency, to: functional }))?;
        Ok(rate.convert(Money::from_minor(minor, currency)?)?.minor())
    };
    let (mut valuations, mut target) = (Vec::new(), 0_i128);
    for (index, item) in (0_u64..).zip(&state.items) {
        let Some(extra) = state.extra(item).filter(|extra| extra.carried_in == Some(functional)) else {
            continue;
        };
        let Some(slot) = state.slot_of(item) else { continue };
        let open = item.side.sign(state.open_at(item, asked.effective));
        let values = extra.values.iter().filter(|(effective, _)| *effective <= asked.effective);
        let before = values.fold(0_i128, |sum, (_, minor)| sum.saturating_add(*minor));
        let worth = convert(slot.currency, open)?;
        target = target.saturating_add(worth);
        let position = rest.entry(slot.currency).or_default();
        *position = position.saturating_sub(open);
        let change = worth.saturating_sub(before);
        if change != 0 {
            let change = Money::from_minor(change, functional)?;
            valuations.push(Valuation { item: ItemId(index), change });
        }
    }
    for (currency, minor) in rest {
        target = target.saturating_add(convert(currency, minor)?);
    }
    let difference = target.saturating_sub(kept);
    if difference == 0 && valuations.is_empty() {
        return Ok(());
    }
    if difference == 0 {
        let mut kinds = Kinds::default();
        [named, result].into_iter().for_each(|account| kinds.add(account.kind()));
        view.check_open(asked.effective, kinds)?;
        let (named, document) = ((asked.key.clone(), request), asked.document.clone());
        let bare = Entry::bare(named, EntryKind::Revaluation, document, asked.effective);
        let entry = Entry { rates: asked.rates.clone(), valuations, ..bare };
        view.seal_entry(asked.recorded, entry, &[]);
        return Ok(());
    }
    let difference = Money::from_minor(difference, functional)?;
    let draft = EntryDraft::new(asked.key.clone(), asked.document.clone(), asked.effective, asked.recorded)
        .leg(LegDraft::signed(&asked.trading, difference))
        .leg(LegDraft::signed(&asked.result, difference.negated()));
    let rates = asked.rates.clone();
    post_as(view, &draft, Origin { request, kind: EntryKind::Revaluation, rates, released: valuations })
}
