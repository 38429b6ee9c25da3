//! Adjusting a balance to a figure that is known: exactly the difference is posted.

use chrono::NaiveDate;
use endcap_types::{AccountId, DocumentId, Money};

use crate::canon::Canon;
use crate::decide::{Origin, post_as};
use crate::state::State;
use crate::view::View;
use crate::{Dimension, EntryDraft, EntryKind, Hash, IdempotencyKey, LedgerError, LegDraft};

/// Brings a balance to a figure (调账至目标余额): posts `target − balance` and the opposite on a counter account.
///
/// The balance is that at the end of the effective day. The difference stands in the legs of the entry; when there is
/// none, nothing is posted and the key stays free.
///
/// # Source
///
/// House rule: the counter account is named, never chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdjustTo {
    /// The idempotency key.
    pub key: IdempotencyKey,
    /// The document behind it: a count, a confirmation of balance.
    pub document: DocumentId,
    /// Code of the account.
    pub account: String,
    /// The key account, where the account is kept per key account.
    pub key_account: Option<AccountId>,
    /// What the balance is to be, debit positive.
    pub target: Money,
    /// Code of the account that takes the other side; of the same key account, where it is kept per key account.
    pub counter: String,
    /// Why, for a reader; may be empty.
    pub description: String,
    /// When it counts.
    pub effective: NaiveDate,
    /// When the ledger learns of it.
    pub recorded: NaiveDate,
}

fn digest(asked: &AdjustTo) -> Hash {
    let mut canon = Canon::new("endcap-ledger/adjust-to/1");
    canon.text(asked.document.as_str());
    canon.text(&asked.account);
    canon.key_account(asked.key_account.as_ref());
    canon.money(&asked.target);
    canon.text(&asked.counter);
    canon.text(&asked.description);
    canon.date(asked.effective);
    canon.finish()
}

/// Posts the difference between a balance and its target.
pub(crate) fn adjust_to(view: &mut View<'_>, asked: &AdjustTo) -> Result<(), LedgerError> {
    let request = digest(asked);
    if let Some(receipt) = view.replayed(&asked.key, &request)? {
        view.answer(receipt);
        return Ok(());
    }
    view.check_recorded(asked.recorded)?;
    let difference = view.base.missing_to(asked)?;
    if difference.is_zero() {
        return Ok(());
    }
    let leg = |code: &str, amount| -> Result<LegDraft, LedgerError> {
        let (_, account) = view.base.account_named(code)?;
        let leg = LegDraft::signed(code, amount);
        Ok(match &asked.key_account {
            Some(id) if account.dimension() != Dimension::None => leg.of(id.clone()),
            _ => leg,
        })
    };
    let draft = EntryDraft::new(asked.key.clone(), asked.document.clone(), asked.effective, asked.recorded)
        .describe(asked.description.clone())
        .leg(leg(&asked.account, difference)?)
        .leg(leg(&asked.counter, difference.negated())?);
    post_as(
        view,
        &draft,
        Origin { request, kind: EntryKind::Posting, rates: Vec::new(), released: Vec::new() },
    )
}

impl State {
    /// What a balance lacks of its target.
    fn missing_to(&self, asked: &AdjustTo) -> Result<Money, LedgerError> {
        let currency = asked.target.currency();
        let key = self.balance_key(&asked.account, asked.key_account.as_ref(), currency)?;
        let balance = Money::from_minor(self.posted_at(&key, asked.effective), currency)?;
        Ok(asked.target.checked_sub(&balance)?)
    }
}
