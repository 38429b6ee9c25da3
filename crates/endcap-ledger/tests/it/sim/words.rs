//! The words of the model: what can be asked, what is answered, and what the model keeps of it.

use endcap_ledger::LedgerError;

/// Key account and code of a balance; no key account for the account as a whole.
pub(crate) type Of = (&'static str, Option<&'static str>);

/// What the model says of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// One event per number.
    Accepted(Vec<u64>),
    /// Nothing changes and nothing is answered.
    Nothing,
    /// The rule that is broken, by the name of its error.
    Refused(&'static str),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Effect {
    Plain,
    /// Due day and date of the document.
    Due(u64, u64),
    Fifo,
    Documents(Vec<String>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ModelLeg {
    pub(crate) code: &'static str,
    pub(crate) who: Option<&'static str>,
    /// Debit positive.
    pub(crate) minor: i128,
    pub(crate) effect: Effect,
    /// On the other side, below zero.
    pub(crate) red: bool,
}

impl ModelLeg {
    pub(super) fn counts(&self, (code, who): Of) -> bool {
        self.code == code && (who.is_none() || self.who == who)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ModelDraft {
    pub(crate) key: String,
    pub(crate) effective: u64,
    pub(crate) legs: Vec<ModelLeg>,
    pub(crate) later: bool,
    pub(crate) reason: bool,
}

/// Commands in the words of the model; days are numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ask {
    Post(ModelDraft),
    Batch(Vec<ModelDraft>),
    Reserve(ModelDraft, Option<u64>),
    /// Reservation, percent of each leg, effective.
    Confirm(String, u64, u64, u64),
    Void(String, u64, u64),
    Expire(String, u64),
    /// Entry, effective or the original day, release, in red.
    Reverse(String, u64, Option<u64>, bool, bool),
    Unclear(String, u64, u64),
    /// Item document, amount, effective, authority.
    WriteOff(String, &'static str, String, i128, u64, i128),
    Dispute(String, &'static str, String, i128, u64),
    Resolve(String, u64, u64),
    Bounds(String, Of, Option<i128>, Option<i128>, bool),
    /// Locked balance of a day.
    Vouch(String, Of, u64, i128),
    /// 0 soft, 1 close, 2 reopen; month; assets only.
    Period(String, u8, u64, bool),
}

#[derive(Debug, Clone)]
pub(crate) struct ModelEntry {
    pub(crate) seq: u64,
    pub(crate) recorded: u64,
    pub(crate) effective: u64,
    pub(crate) legs: Vec<ModelLeg>,
    pub(crate) items: Vec<usize>,
    pub(crate) kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Posting,
    Reversal(u64),
    Release(u64),
}

#[derive(Debug, Clone)]
pub(crate) struct ModelItem {
    pub(crate) who: &'static str,
    pub(crate) minor: i128,
    pub(crate) document: String,
    pub(crate) dated: u64,
    pub(crate) due: Option<u64>,
    pub(crate) effective: u64,
    pub(crate) seq: u64,
}

#[derive(Debug, Clone)]
pub(crate) struct ModelClearing {
    pub(crate) debit: usize,
    pub(crate) credit: usize,
    pub(crate) minor: i128,
    pub(crate) effective: u64,
    pub(crate) seq: u64,
}

#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub(crate) seq: u64,
    pub(crate) recorded: u64,
    pub(crate) effective: u64,
    pub(crate) legs: Vec<ModelLeg>,
    pub(crate) last: Option<u64>,
    /// Event, recorded, effective.
    pub(crate) over: Option<(u64, u64, u64)>,
}

#[derive(Debug, Clone)]
pub(crate) struct ModelDispute {
    pub(crate) seq: u64,
    pub(crate) item: usize,
    pub(crate) minor: i128,
    pub(crate) effective: u64,
    pub(crate) over: bool,
}

/// A percentage of an amount, toward zero.
pub(crate) fn part(minor: i128, percent: u64) -> i128 {
    minor * i128::from(percent) / 100
}

pub(crate) fn key_of(ask: &Ask) -> &str {
    match ask {
        Ask::Post(draft) | Ask::Reserve(draft, _) => &draft.key,
        Ask::Batch(_) => "",
        Ask::Confirm(key, ..)
        | Ask::Void(key, ..)
        | Ask::Expire(key, _)
        | Ask::Reverse(key, ..)
        | Ask::Unclear(key, ..)
        | Ask::WriteOff(key, ..)
        | Ask::Dispute(key, ..)
        | Ask::Resolve(key, ..)
        | Ask::Bounds(key, ..)
        | Ask::Vouch(key, ..)
        | Ask::Period(key, ..) => key,
    }
}

/// The name of an error, as the model writes it.
pub(crate) fn name_of(error: &LedgerError) -> String {
    let text = match error {
        LedgerError::Control(error) => format!("{error:?}"),
        other => format!("{other:?}"),
    };
    text.split([' ', '{', '(']).next().unwrap_or_default().to_owned()
}
