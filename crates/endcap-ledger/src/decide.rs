//! Deciding: what a command comes to, without changing anything.
//!
//! # Source
//!
//! House rule: decide, then apply; a refused command leaves no trace.

use endcap_types::Currency;

use crate::board::NewItem;
use crate::canon::{clear_digest, draft_digest};
use crate::clear::Want;
use crate::exchange::{carried, written_out};
use crate::ink::turns_over;
use crate::limits::{MAX_ACCOUNTS, MAX_BATCH};
use crate::matching::match_in_order;
use crate::periods::{Kinds, close_period};
use crate::resolve::{Resolved, resolve};
use crate::state::is_control;
use crate::view::{BoardKey, Later, View};
use crate::{
    Account, ClearRequest, Clearing, Command, ControlError, Decision, Due, Entry, EntryDraft, EntryKind,
    EventBody, ExchangeRate, Expect, Hash, ItemDraft, ItemEffect, ItemId, LedgerError, Leg, Link, OpenedItem,
    Receipt, Replay, Side, State, Valuation,
};
use chrono::NaiveDate;
use endcap_types::Money;

/// What `command` comes to on `state` (裁决): the events to [`apply`](crate::apply) and the receipts to hand back.
///
/// A batch is all or nothing. A refused command leaves no trace and does not use up its key.
///
/// # Errors
///
/// - The rule that was broken; when several were, the first in this order: key, recorded date, structure, amounts,
///   remainder, balance, account rules, period, open items, stock. [`Ledger::problems`](crate::Ledger::problems)
///   lists them all.
/// - [`LedgerError::BatchRejected`] names the culprit of a batch.
///
/// # Examples
///
/// ```
/// use endcap_ledger::{apply, decide, Account, AccountKind, Command, Settings, State};
/// let day = chrono::NaiveDate::from_ymd_opt(2025, 1, 1).expect("a real day");
/// let mut state = State::new(Settings::new("demo")?);
/// let cash = Account::new("1002", ("Bank", "银行存款"), AccountKind::Asset)?;
/// let decision = decide(&state, &Command::OpenAccount(cash, day))?;
/// for event in decision.events {
///     apply(&mut state, event)?;
/// }
/// assert_eq!(state.events().len(), 1);
/// # Ok::<(), endcap_ledger::LedgerError>(())
/// ```
///
/// # Source
///
/// House rule; the order of checks is that of the crate's guide.
pub fn decide(state: &State, command: &Command) -> Result<Decision, LedgerError> {
    let mut view = View::new(state);
    match command {
        Command::OpenAccount(account, recorded) => open_account(&mut view, account, *recorded)?,
        Command::Post(draft) => post_one(&mut view, draft)?,
        Command::PostBatch(drafts) => post_batch(&mut view, drafts)?,
        Command::Reverse(reversal) => crate::reverse::reverse(&mut view, reversal)?,
        Command::Clear(request) => clear(&mut view, request)?,
        Command::ClosePeriod(period, recorded) => close_period(&mut view, *period, *recorded)?,
        Command::Reserve(asked) => crate::two_phase::reserve(&mut view, asked)?,
        Command::Confirm(asked) => crate::two_phase::confirm(&mut view, asked)?,
        Command::Direct(asked) => crate::direct::direct(&mut view, asked)?,
        Command::AdjustTo(asked) => crate::adjust::adjust_to(&mut view, asked)?,
        Command::WriteOff(asked) => crate::settle::write_off(&mut view, asked)?,
        Command::Unclear(asked) => crate::settle::unclear(&mut view, asked)?,
        Command::SettleForeign(asked) => crate::exchange::settle_foreign(&mut view, asked)?,
        Command::Revalue(asked) => crate::exchange::revalue(&mut view, asked)?,
    }
    Ok(view.finish())
}

/// As [`decide`], for a caller that knows up to where the log goes (乐观并发).
///
/// A key that holds this very command is answered whatever the log has come to.
///
/// # Errors
///
/// - [`ControlError::StaleState`] when the log has gone on.
/// - Those of [`decide`].
///
/// # Source
///
/// House rule: optimistic concurrency on the sequence number.
pub fn decide_at(state: &State, command: &Command, expect: Expect) -> Result<Decision, LedgerError> {
    let actual = state.next_seq().saturating_sub(1);
    let stale = match expect {
        Expect::Exactly(expected) if expected != actual => {
            Some(LedgerError::Control(ControlError::StaleState { expected, actual }))
        }
        _ => None,
    };
    match (decide(state, command), stale) {
        (Ok(decision), _) if decision.events.is_empty() => Ok(decision),
        (Err(conflict @ LedgerError::IdempotencyConflict { .. }), _) => Err(conflict),
        (_, Some(stale)) => Err(stale),
        (outcome, None) => outcome,
    }
}

/// Every rule a draft breaks on `state`, in the order of [`decide`]; empty when it would be accepted.
pub(crate) fn problems(state: &State, draft: &EntryDraft) -> Vec<LedgerError> {
    let mut view = View::new(state);
    match view.replayed(&draft.key, &draft_digest(draft)) {
        Ok(Some(_)) => return Vec::new(),
        Ok(None) => {}
        Err(conflict) => return vec![conflict],
    }
    let whole = match written_out(draft) {
        Ok(whole) => whole,
        Err(error) => return vec![error],
    };
    let draft = &whole;
    match resolve(&view, draft) {
        Err(found) => found,
        Ok(resolved) => {
            let mut found = Vec::new();
            found.extend(view.check_limits((resolved.effective, draft.recorded), &resolved.legs).err());
            found.extend(item_effects(&mut view, draft, &resolved.legs, resolved.effective).err());
            found.extend(stock_effects(&mut view, draft).err());
            found
        }
    }
}

fn open_account(view: &mut View<'_>, account: &Account, recorded: NaiveDate) -> Result<(), LedgerError> {
    view.check_recorded(recorded)?;
    if view.base.codes.contains_key(account.code()) {
        return Err(LedgerError::DuplicateAccount { code: account.code().to_owned() });
    }
    let count = view.base.accounts.len().saturating_add(1);
    if count > MAX_ACCOUNTS {
        return Err(LedgerError::TooMany { what: "accounts", count, limit: MAX_ACCOUNTS });
    }
    view.seal(recorded, EventBody::AccountOpened(account.clone()));
    Ok(())
}

pub(crate) fn post_batch(view: &mut View<'_>, drafts: &[EntryDraft]) -> Result<(), LedgerError> {
    if drafts.len() > MAX_BATCH {
        return Err(LedgerError::TooMany { what: "drafts", count: drafts.len(), limit: MAX_BATCH });
    }
    for (index, draft) in drafts.iter().enumerate() {
        post(view, draft).map_err(|cause| LedgerError::BatchRejected {
            index,
            key: draft.key.clone(),
            cause: Box::new(cause),
        })?;
    }
    Ok(())
}

/// Posts the only entry of a decision.
pub(crate) fn post_one(view: &mut View<'_>, draft: &EntryDraft) -> Result<(), LedgerError> {
    if draft.legs.iter().filter(|leg| leg.key_account.is_some()).count() < 2 {
        view.later = Later::Nothing;
    }
    post(view, draft)
}

fn post(view: &mut View<'_>, draft: &EntryDraft) -> Result<(), LedgerError> {
    let request = draft_digest(draft);
    if let Some(receipt) = view.replayed(&draft.key, &request)? {
        view.answer(receipt);
        return Ok(());
    }
    let kind = match draft.link {
        Link::None => EntryKind::Posting,
        Link::Corrects(of) => EntryKind::Correction { of },
    };
    let rates = draft.exchanges.iter().map(|exchange| exchange.rate.clone()).collect();
    post_as(view, draft, Origin { request, kind, rates, released: Vec::new() })
}

/// Where the entry of a draft comes from.
#[derive(Debug)]
pub(crate) struct Origin {
    /// Digest of what was asked.
    pub(crate) request: Hash,
    pub(crate) kind: EntryKind,
    /// The rates it states.
    pub(crate) rates: Vec<ExchangeRate>,
    /// What items are carried at less.
    pub(crate) released: Vec<Valuation>,
}

/// Posts a draft whose key is free, as an entry of some kind.
pub(crate) fn post_as(view: &mut View<'_>, draft: &EntryDraft, origin: Origin) -> Result<(), LedgerError> {
    if !draft.exchanges.is_empty() {
        let whole = written_out(draft)?;
        return post_whole(view, &whole, origin);
    }
    post_whole(view, draft, origin)
}

fn post_whole(view: &mut View<'_>, draft: &EntryDraft, origin: Origin) -> Result<(), LedgerError> {
    let Resolved { legs, debits, effective } =
        resolve(view, draft).map_err(|found| found.into_iter().next().unwrap_or(LedgerError::NoLegs))?;
    match origin.kind {
        EntryKind::Confirmation { .. } => view.check_confirmed(effective, &legs)?,
        _ => view.check_limits((effective, draft.recorded), &legs)?,
    }
    let (items, clearings) = item_effects(view, draft, &legs, effective)?;
    stock_effects(view, draft)?;
    let mut valuations = carried(&draft.exchanges, &legs, &items)?;
    valuations.extend(origin.released);
    let entry = Entry {
        key: draft.key.clone(),
        request: origin.request,
        kind: origin.kind,
        document: draft.document.clone(),
        effective,
        description: draft.description.clone(),
        legs,
        items,
        clearings,
        stock: draft.stock.clone(),
        relates_to: (effective != draft.effective).then_some(draft.effective),
        override_reason: draft.override_reason.clone(),
        rates: origin.rates,
        valuations,
    };
    view.seal_entry(draft.recorded, entry, &debits);
    Ok(())
}

fn stock_effects(view: &mut View<'_>, draft: &EntryDraft) -> Result<(), LedgerError> {
    for (index, stock_move) in draft.stock.iter().enumerate() {
        if stock_move.pieces < 1 {
            return Err(LedgerError::EmptyMove { index, pieces: stock_move.pieces });
        }
        view.move_stock(stock_move)?;
    }
    Ok(())
}

/// Opens an item for each leg of a control account, in leg order, and clears what the leg asks for.
fn item_effects(
    view: &mut View<'_>,
    draft: &EntryDraft,
    legs: &[Leg],
    effective: NaiveDate,
) -> Result<(Vec<OpenedItem>, Vec<Clearing>), LedgerError> {
    let (mut items, mut clearings) = (Vec::new(), Vec::new());
    for (index, (leg, asked)) in (0_u32..).zip(legs.iter().zip(&draft.legs)) {
        let control = view.base.account(leg.account).is_some_and(is_control);
        let Some(key_account) = leg.key_account.as_ref().filter(|_| control) else { continue };
        let board: BoardKey = (leg.account.0, key_account.clone(), leg.amount.currency());
        let drafted = match &asked.item {
            ItemEffect::Open(item) => item.clone(),
            ItemEffect::Plain | ItemEffect::Clear(_) => ItemDraft {
                document: draft.document.clone(),
                dated: draft.effective,
                due: Due::NoDate,
                delivered: None,
            },
        };
        let chosen = match &asked.item {
            ItemEffect::Clear(policy) => {
                let (side, minor) = (leg.weighs_on().opposite(), leg.size());
                view.choose(&Want { board: &board, code: &asked.account, side, minor }, policy)?
            }
            ItemEffect::Plain | ItemEffect::Open(_) => Vec::new(),
        };
        let id = match &asked.item {
            // Nothing will ask for the only item of the only entry.
            ItemEffect::Plain | ItemEffect::Open(_) if view.later == Later::Nothing => view.next_item(),
            _ => add_item(view, &board, leg, &drafted, effective),
        };
        for (target, minor) in chosen {
            clearings.push(set_off(view, &board, (id, target), minor, effective)?);
        }
        let ItemDraft { document, dated, due, delivered } = drafted;
        items.push(OpenedItem { id, leg: index, document, dated, due, delivered });
    }
    Ok((items, clearings))
}

pub(crate) fn add_item(
    view: &mut View<'_>,
    board: &BoardKey,
    leg: &Leg,
    drafted: &ItemDraft,
    effective: NaiveDate,
) -> ItemId {
    let item = NewItem {
        side: leg.weighs_on(),
        open: leg.size(),
        document: drafted.document.clone(),
        dated: drafted.dated,
        due: drafted.due,
        effective,
    };
    view.add_item(board, item)
}

/// Clears two items of opposite sides against each other, from when both exist and are free.
fn set_off(
    view: &mut View<'_>,
    board: &BoardKey,
    (one, other): (ItemId, ItemId),
    minor: i128,
    effective: NaiveDate,
) -> Result<Clearing, LedgerError> {
    let free_from = |id| view.side_of(id).map_or(effective, |(_, free_from)| free_from);
    let effective = effective.max(free_from(one)).max(free_from(other));
    let (debit, credit) = match view.side_of(one).map(|(side, _)| side) {
        Some(Side::Credit) => (other, one),
        _ => (one, other),
    };
    view.clear_item(board, one, minor);
    view.clear_item(board, other, minor);
    Ok(Clearing { debit, credit, amount: Money::from_minor(minor, board.2)?, effective })
}

fn clear(view: &mut View<'_>, request: &ClearRequest) -> Result<(), LedgerError> {
    let digest = clear_digest(request);
    if let Some(receipt) = view.replayed(&request.key, &digest)? {
        view.answer(receipt);
        return Ok(());
    }
    view.check_recorded(request.recorded)?;
    let (account, named) = view.base.account_named(&request.account)?;
    if !is_control(named) {
        return Err(LedgerError::NotAControlAccount { code: request.account.clone() });
    }
    let kinds = Kinds::touched(view.base, &[], [crate::LedgerAccountId(account)], None);
    view.check_open(request.effective, kinds)?;

    let code = request.account.as_str();
    let board: BoardKey = (account, request.key_account.clone(), request.currency);
    let from = Want { board: &board, code, side: request.side, minor: i128::MAX };
    let sources = view.choose(&from, &crate::ClearingPolicy::Documents(vec![request.document.clone()]))?;
    let minor = sources.iter().fold(0_i128, |sum, (_, open)| sum.saturating_add(*open));
    let want = Want { board: &board, code, side: request.side.opposite(), minor };
    let targets = view.choose(&want, &request.policy)?;
    if minor == 0 || targets.is_empty() {
        return Err(LedgerError::NothingToClear {
            code: code.to_owned(),
            document: request.document.clone(),
        });
    }
    let mut clearings = Vec::new();
    for pair in match_in_order(targets, sources.iter().copied()) {
        clearings.push(set_off(view, &board, (pair.credit, pair.debit), pair.minor, request.effective)?);
    }
    let (named, document) = ((request.key.clone(), digest), request.document.clone());
    let bare = Entry::bare(named, EntryKind::Clearing, document, request.effective);
    let entry = Entry { clearings, ..bare };
    view.seal_entry(request.recorded, entry, &[]);
    Ok(())
}

/// A receipt that stands for several: the last one.
pub(crate) fn last_receipt(decision: &Decision, state: &State) -> Receipt {
    decision.receipts.last().copied().unwrap_or(Receipt {
        seq: state.next_seq().saturating_sub(1),
        hash: state.head,
        replay: Replay::Replayed,
    })
}

/// Per currency of a list of legs, what they add to the turnover of the ledger.
pub(crate) fn debits(legs: &[Leg]) -> Vec<(Currency, i128)> {
    let mut debits: Vec<(Currency, i128)> = Vec::with_capacity(1);
    for leg in legs {
        let (currency, turned) = (leg.amount.currency(), turns_over(leg.side, leg.amount.minor()));
        match debits.iter_mut().find(|(other, _)| *other == currency) {
            Some((_, sum)) => *sum = sum.saturating_add(turned),
            None if turned != 0 => debits.push((currency, turned)),
            None => {}
        }
    }
    debits
}
