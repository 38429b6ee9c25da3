//! Snapshots: a ledger as of one sequence number in one value, with its chain head and the figures it must come to.

use endcap_types::{AccountId, DocumentId, Money};

use crate::canon::Canon;
use crate::chain::follows;
use crate::ink::is_usual;
use crate::{
    At, ControlError, Event, Hash, ItemId, Ledger, LedgerAccountId, LedgerError, NegativeStock, ReversalForm,
    Settings, State, apply,
};

/// The version of the snapshots that this release writes, and the newest that it reads.
pub const SNAPSHOT_VERSION: u32 = 1;

/// A balance as a snapshot states it.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct SnapshotBalance {
    /// Code of the account.
    pub account: String,
    /// The key account, where the account is kept per key account.
    pub key_account: Option<AccountId>,
    /// The balance of everything posted, debit positive.
    pub posted: Money,
    /// Pending debits.
    pub pending_debit: Money,
    /// Pending credits.
    pub pending_credit: Money,
}

/// An open item as a snapshot states it.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct SnapshotItem {
    /// The item.
    pub id: ItemId,
    /// Its document.
    pub document: DocumentId,
    /// What is open of it, debit positive.
    pub open: Money,
}

/// A ledger up to one sequence number (快照), version 1.
///
/// | field | what it is |
/// |---|---|
/// | `version` | [`SNAPSHOT_VERSION`] of the release that wrote it |
/// | `ledger`, `negative_stock`, `reversals` | the settings, from which the chain begins |
/// | `seq`, `head` | the last event and its hash |
/// | `events` | the log up to there, so that every figure can still be asked why |
/// | `balances` | per account, key account and currency, by code: what the log must come to |
/// | `open_items` | what is open, by item: what the sub-ledger must come to |
/// | `digest` | SHA-256 over all of the above but the events, which `head` covers |
///
/// In JSON money, dates and hashes are strings and unknown fields are refused. A later version is read by this release
/// never, an older one always.
///
/// # Source
///
/// House rule: a snapshot and the events after it are the same ledger as all events.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Snapshot {
    /// Version of the format.
    pub version: u32,
    /// Name of the ledger.
    pub ledger: String,
    /// The rule for stock below zero.
    pub negative_stock: NegativeStock,
    /// The form of reversals that name none.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "crate::ink::is_usual"))]
    pub reversals: ReversalForm,
    /// Sequence number of the last event; 0 for an empty ledger.
    pub seq: u64,
    /// Hash of the last event: the head of the chain.
    pub head: Hash,
    /// The log.
    pub events: Vec<Event>,
    /// What it comes to, by account.
    pub balances: Vec<SnapshotBalance>,
    /// What is open, by item.
    pub open_items: Vec<SnapshotItem>,
    /// SHA-256 over the rest.
    pub digest: Hash,
}

impl Snapshot {
    pub(crate) fn computed_digest(&self) -> Hash {
        let mut canon = Canon::new("endcap-ledger/snapshot/1");
        canon.u64(u64::from(self.version));
        canon.text(&self.ledger);
        canon.tag(match self.negative_stock {
            NegativeStock::Refuse => 0,
            NegativeStock::Allow => 1,
        });
        if !is_usual(&self.reversals) {
            canon.text("red letter");
        }
        canon.u64(self.seq);
        canon.hash(&self.head);
        canon.len(self.balances.len());
        for balance in &self.balances {
            canon.text(&balance.account);
            canon.key_account(balance.key_account.as_ref());
            [balance.posted, balance.pending_debit, balance.pending_credit]
                .iter()
                .for_each(|m| canon.money(m));
        }
        canon.len(self.open_items.len());
        for item in &self.open_items {
            canon.u64(item.id.0);
            canon.text(item.document.as_str());
            canon.money(&item.open);
        }
        canon.finish()
    }

    /// The ledger of the snapshot, once version, digest, chain and figures prove sound (载入快照).
    ///
    /// The events are hashed and folded; the rules they were decided by are not judged again, which is what makes it
    /// faster than [`Ledger::replay`].
    ///
    /// # Errors
    ///
    /// - [`ControlError::SnapshotVersion`] for a version this release does not know.
    /// - [`ControlError::CorruptSnapshot`] when the digest, the end of the log, a balance or an open item is wrong.
    /// - [`LedgerError::BrokenChain`] with the first event that does not follow.
    pub fn restore(self) -> Result<Ledger, LedgerError> {
        if self.version == 0 || self.version > SNAPSHOT_VERSION {
            let (version, supported) = (self.version, SNAPSHOT_VERSION);
            return Err(ControlError::SnapshotVersion { version, supported }.into());
        }
        let corrupt = |reason| LedgerError::Control(ControlError::CorruptSnapshot { reason });
        if self.computed_digest() != self.digest {
            return Err(corrupt("the digest does not match"));
        }
        let mut state = State::new(
            Settings::new(self.ledger.clone())?
                .with_negative_stock(self.negative_stock)
                .with_reversals(self.reversals),
        );
        for event in &self.events {
            if !follows(&state.head, state.next_seq(), event) {
                return Err(LedgerError::BrokenChain { seq: state.next_seq() });
            }
            state.commit(event.clone());
        }
        if state.next_seq().saturating_sub(1) != self.seq || state.head != self.head {
            return Err(corrupt("the log does not end where the snapshot says"));
        }
        let ledger = Ledger { state };
        if ledger.state.stated_balances()? != self.balances {
            return Err(corrupt("a balance is not what the log comes to"));
        }
        if ledger.state.stated_items()? != self.open_items {
            return Err(corrupt("an open item is not what the log comes to"));
        }
        Ok(ledger)
    }
}

impl State {
    fn stated_balances(&self) -> Result<Vec<SnapshotBalance>, LedgerError> {
        let mut balances = Vec::with_capacity(self.slots.len());
        let mut keys: Vec<_> =
            self.slots.iter().map(|slot| (slot.account, self.party(slot.party), slot.currency)).collect();
        let pending = self.pending.keys().filter(|(account, key_account, _)| {
            let dimension = self.account(LedgerAccountId(*account)).map(crate::Account::dimension);
            key_account.is_some() == dimension.is_some_and(|dimension| dimension != crate::Dimension::None)
        });
        keys.extend(
            pending.map(|(account, key_account, currency)| (*account, key_account.as_ref(), *currency)),
        );
        keys.sort_unstable();
        keys.dedup();
        for (account, key_account, currency) in keys {
            let key = (account, key_account.cloned(), currency);
            let posted = self.slot(account, key_account, currency).map_or(0, |(_, slot)| slot.balance);
            let pending = self.pending_at(&key, At::Now);
            balances.push(SnapshotBalance {
                account: self.code_of(&key),
                key_account: key.1,
                posted: Money::from_minor(posted, currency)?,
                pending_debit: Money::from_minor(pending.debit, currency)?,
                pending_credit: Money::from_minor(pending.credit, currency)?,
            });
        }
        balances.sort_by(|a, b| {
            let key = |balance: &SnapshotBalance| {
                (balance.account.clone(), balance.key_account.clone(), balance.posted.currency())
            };
            key(a).cmp(&key(b))
        });
        Ok(balances)
    }

    fn stated_items(&self) -> Result<Vec<SnapshotItem>, LedgerError> {
        let mut open_items = Vec::new();
        for (index, item) in (0_u64..).zip(&self.items).filter(|(_, item)| item.open != 0) {
            let (Some(slot), Some(document)) = (self.slot_of(item), self.document_of(item)) else { continue };
            let open = Money::from_minor(item.side.sign(item.open), slot.currency)?;
            open_items.push(SnapshotItem { id: ItemId(index), document, open });
        }
        Ok(open_items)
    }
}

impl Ledger {
    /// The ledger as one value to keep (快照).
    ///
    /// # Errors
    ///
    /// - [`LedgerError::Types`] when a figure is out of range, which no ledger can bring about.
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_ledger::{Ledger, Settings, chart};
    /// # let day = chrono::NaiveDate::from_ymd_opt(2025, 1, 1).expect("a real day");
    /// let mut ledger = Ledger::new(Settings::new("demo")?);
    /// ledger.open_all(chart::key_account_supplier()?, day)?;
    /// let snapshot = ledger.snapshot()?;
    /// assert_eq!((snapshot.seq, snapshot.head), (38, ledger.head()));
    /// // A snapshot and the events after it are the same ledger as all events.
    /// let (before, after) = ledger.events().split_at(20);
    /// let early = Ledger::replay(ledger.settings().clone(), before.to_vec())?.snapshot()?;
    /// assert_eq!(Ledger::resume(early, after.to_vec())?, ledger);
    /// # Ok::<(), endcap_ledger::LedgerError>(())
    /// ```
    pub fn snapshot(&self) -> Result<Snapshot, LedgerError> {
        let state = &self.state;
        let mut snapshot = Snapshot {
            version: SNAPSHOT_VERSION,
            ledger: state.settings.name.clone(),
            negative_stock: state.settings.negative_stock,
            reversals: state.settings.reversals,
            seq: state.next_seq().saturating_sub(1),
            head: state.head,
            events: state.events().to_vec(),
            balances: state.stated_balances()?,
            open_items: state.stated_items()?,
            digest: Hash::default(),
        };
        snapshot.digest = snapshot.computed_digest();
        Ok(snapshot)
    }

    /// The ledger of a snapshot and of the events after it (快照加增量), each of which is proved.
    ///
    /// # Errors
    ///
    /// - Those of [`Snapshot::restore`], and those of [`apply`] with the first event that fails.
    pub fn resume(snapshot: Snapshot, tail: impl IntoIterator<Item = Event>) -> Result<Self, LedgerError> {
        let mut ledger = snapshot.restore()?;
        tail.into_iter().try_for_each(|event| apply(&mut ledger.state, event))?;
        Ok(ledger)
    }
}
