//! Which open items a policy clears, and by how much.
//!
//! # Source
//!
//! Orders common in accounts-receivable practice: first in first out, oldest due, in proportion, by document; largest
//! remainder for odd units. Ties go by document, a house rule.

use endcap_types::{DocumentId, Exact, Money, RoundingMode};

use crate::board::Order;
use crate::view::{BoardKey, View};
use crate::{ClearingPolicy, ItemId, LedgerError, Match, Side, match_in_order};

/// What is to be cleared.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Want<'a> {
    /// Account, key account and currency.
    pub(crate) board: &'a BoardKey,
    /// Code of the account, for errors.
    pub(crate) code: &'a str,
    /// The side of the items to clear.
    pub(crate) side: Side,
    /// At most this much, in minor units.
    pub(crate) minor: i128,
}

impl View<'_> {
    /// The items that `policy` clears and how much of each; never more than `want.minor` in all.
    pub(crate) fn choose(
        &self,
        want: &Want<'_>,
        policy: &ClearingPolicy,
    ) -> Result<Vec<(ItemId, i128)>, LedgerError> {
        match policy {
            ClearingPolicy::Fifo => Ok(self.in_order(want, Order::Date)),
            ClearingPolicy::OldestDue => Ok(self.in_order(want, Order::Due)),
            ClearingPolicy::Proportional => self.in_proportion(want),
            ClearingPolicy::Documents(documents) => {
                let mut chosen = Chosen::new(want.minor);
                for (index, document) in documents.iter().enumerate() {
                    if documents.iter().take(index).any(|earlier| earlier == document) {
                        continue; // named twice
                    }
                    for id in self.of_document(want, document)? {
                        chosen.take(id, self.open_of(id));
                    }
                }
                Ok(chosen.items)
            }
            ClearingPolicy::Amounts(amounts) => self.exactly(want, amounts),
        }
    }

    /// Each open item in proportion to what is open of it; odd units by largest remainder, ties to the oldest.
    fn in_proportion(&self, want: &Want<'_>) -> Result<Vec<(ItemId, i128)>, LedgerError> {
        let all = self.in_order(&Want { minor: i128::MAX, ..*want }, Order::Date);
        let whole = all.iter().fold(0_i128, |sum, (_, open)| sum.saturating_add(*open));
        if whole <= want.minor {
            return Ok(all);
        }
        let mut parts = Vec::with_capacity(all.len());
        let mut left = want.minor;
        for (place, (id, open)) in all.into_iter().enumerate() {
            let ideal = Exact::from_int(open).mul(&Exact::ratio(want.minor, whole)?)?;
            let part = ideal.round_to_int(RoundingMode::Down)?;
            left = left.saturating_sub(part);
            parts.push((ideal.sub(&Exact::from_int(part))?, place, id, part));
        }
        parts.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        for part in parts.iter_mut().take(usize::try_from(left).unwrap_or(usize::MAX)) {
            part.3 = part.3.saturating_add(1);
        }
        parts.sort_by_key(|(_, place, _, _)| *place);
        Ok(parts.into_iter().map(|(_, _, id, part)| (id, part)).filter(|(_, part)| *part > 0).collect())
    }

    fn in_order(&self, want: &Want<'_>, order: Order) -> Vec<(ItemId, i128)> {
        let (account, key_account, currency) = want.board;
        let slot = self.base.slot(*account, Some(key_account), *currency).map(|(slot, _)| slot);
        let Some(added) = self.boards.get(want.board) else {
            // Nothing was decided here yet: the order of the run is all, and no document need be read.
            let run = slot.into_iter().flat_map(|slot| self.base.run(slot, want.side, order));
            let open = run.map(|item| ItemId(u64::from(item))).map(|id| (id, self.open_of(id)));
            return chosen(match_in_order(open, [((), want.minor)]));
        };
        let based = slot.into_iter().flat_map(|slot| self.base.in_order(slot, want.side, order));
        let mut based = based.peekable();
        let mut added = added.in_order(want.side, order).peekable();

        let merged = core::iter::from_fn(|| match (based.peek(), added.peek()) {
            (Some(a), Some(b)) if b < a => added.next(),
            (Some(_), _) => based.next(),
            (None, _) => added.next(),
        });
        let open = merged.map(|(_, _, _, id)| (id, self.open_of(id)));
        chosen(match_in_order(open, [((), want.minor)]))
    }

    /// Items of a document on the side wanted, oldest first; unknown when there never was one.
    pub(crate) fn of_document(
        &self,
        want: &Want<'_>,
        document: &DocumentId,
    ) -> Result<Vec<ItemId>, LedgerError> {
        let (account, key_account, currency) = want.board;
        let slot = self.base.slot(*account, Some(key_account), *currency);
        let based = slot.map(|(slot, _)| self.base.items_under(slot, document.as_str()));
        let added = self.boards.get(want.board).and_then(|board| board.documents.get(document));
        let ids = based.into_iter().flatten().chain(added.into_iter().flatten().copied());
        let ids: Vec<ItemId> =
            ids.filter(|id| self.side_of(*id).is_some_and(|(side, _)| side == want.side)).collect();
        if ids.is_empty() {
            return Err(LedgerError::UnknownItem { code: want.code.to_owned(), document: document.clone() });
        }
        Ok(ids)
    }

    fn exactly(
        &self,
        want: &Want<'_>,
        amounts: &[(DocumentId, Money)],
    ) -> Result<Vec<(ItemId, i128)>, LedgerError> {
        let currency = want.board.2;
        let asked = Money::sum(amounts.iter().map(|(_, amount)| *amount), currency)?;
        if asked.minor() > want.minor {
            let available = Money::from_minor(want.minor, currency)?;
            return Err(LedgerError::ExceedsClearing { asked, available });
        }
        let mut items: Vec<(ItemId, i128)> = Vec::new();
        for (document, asked) in amounts {
            if !asked.is_positive() {
                return Err(LedgerError::NotPositive { document: document.clone(), asked: *asked });
            }
            let mut chosen = Chosen::new(asked.minor());
            for id in self.of_document(want, document)? {
                let before = items.iter().filter(|(other, _)| *other == id);
                let taken = before.fold(0_i128, |sum, (_, minor)| sum.saturating_add(*minor));
                chosen.take(id, self.open_of(id).saturating_sub(taken));
            }
            if chosen.left > 0 {
                let open = Money::from_minor(asked.minor().saturating_sub(chosen.left), currency)?;
                return Err(LedgerError::ExceedsOpen { document: document.clone(), open, asked: *asked });
            }
            items.extend(chosen.items);
        }
        Ok(items)
    }
}

/// The items of matches, and how much of each.
fn chosen(matches: Vec<Match<ItemId, ()>>) -> Vec<(ItemId, i128)> {
    matches.into_iter().map(|Match { debit, minor, .. }| (debit, minor)).collect()
}

/// Items chosen so far and what is left to clear.
#[derive(Debug)]
struct Chosen {
    items: Vec<(ItemId, i128)>,
    left: i128,
}

impl Chosen {
    const fn new(left: i128) -> Self {
        Self { items: Vec::new(), left }
    }

    fn take(&mut self, id: ItemId, open: i128) {
        let part = open.min(self.left);
        if part > 0 {
            self.items.push((id, part));
            self.left = self.left.saturating_sub(part);
        }
    }
}
