//! A double-entry ledger with open items, ageing and stock beside money, as pure logic (台账).
//!
//! Floor 2 of `endcap`. It can be trusted, because every figure is a function of an append-only, hash-chained log that
//! [`Ledger::audit`] proves again; and it can be asked, because each leg knows its key account, document and meaning.
//!
//! | item | what it is |
//! |---|---|
//! | [`Ledger`] | the comfortable whole: post, reverse, clear, close, and every query |
//! | [`decide`], [`apply`], [`State`] | the engine: a command comes to events, an event changes the state |
//! | [`Command`], [`Reversal`], [`ClearRequest`] | everything a ledger can be asked to do |
//! | [`EntryDraft`], [`LegDraft`], [`ItemEffect`] | what is to be posted, and what it does to open items |
//! | [`ReserveDraft`], [`Confirmation`], [`LayeredBalance`] | two-phase posting: pending, confirmed in full or part, voided, expired |
//! | [`Ink`], [`ReversalForm`] | red ink: what is taken back on its own side, beside reversals that swap sides |
//! | [`Directive`], [`Directing`] | locks on periods, bounds of balances, balances vouched for, disputes, voidings |
//! | [`WriteOff`], [`Unclear`] | what becomes of a residual |
//! | [`AdjustTo`] | a balance brought to a figure that is known |
//! | [`ExchangeRate`], [`ExchangeDraft`], [`ForeignSettlement`], [`Revaluation`] | foreign currency, always explicit |
//! | [`ClearingPolicy`] | first in first out, oldest due, in proportion, named documents, named amounts |
//! | [`match_in_order`] | the kernel of clearing: open amounts against open amounts, in order |
//! | [`Entry`], [`Leg`], [`OpenedItem`], [`Clearing`] | what was posted and never changes |
//! | [`Event`], [`Events`], [`verify`], [`struct@Hash`] | the log, its chain and its proof |
//! | [`Account`], [`chart`] | the chart of accounts, and a default one as data |
//! | [`At`], [`TrialBalance`] | balances now, as of a date, as known at a date; all accounts at once |
//! | [`Ageing`], [`Buckets`], [`OpenItem`] | how old what is owed is; always sums to the control account |
//! | [`AccountPage`] | one key account, one period: opening, deliveries, deductions, receipts, closing |
//! | [`KeyAccountGroup`], [`GroupLimit`], [`GroupPage`] | a chain whose banners are key accounts: one limit, one page |
//! | [`StockMove`], [`StockCard`] | pieces at a key account, by the same balance law |
//! | [`journal`] | a strict text journal in, every problem with line and column |
//! | [`export`] | hledger, Ledger, Beancount, CSV and JSON Lines out |
//! | [`AuditReport`], [`Certificate`], [`TieOut`] | what an audit proved and found; the day on which all figures agree |
//! | [`Snapshot`] | a ledger up to one event, with its head and figures, in one versioned value |
//! | [`decide_at`], [`Expect`] | optimistic concurrency on the sequence number |
//! | [`ProvisionMatrix`] | the loss allowance of an ageing |
//! | [`FlatBook`] | the bare book: balanced postings over dense accounts, and nothing else |
//! | [`limits`] | the one table of limits |
//! | [`LedgerError`], [`ControlError`] | what the ledger refuses, named after the broken rule |
//!
//! # Scope of this crate
//!
//! It knows no contract and no settlement: it takes balanced drafts and never recomputes them. No clock, no store:
//! dates come in as arguments, events go out to be kept. One ledger per legal entity; the key account is a dimension.

mod account;
mod adjust;
mod ageing;
mod ageing_sum;
mod apply;
mod audit;
mod balance;
mod board;
mod bounds;
mod canon;
mod canon_control;
mod canon_entry;
mod certificate;
mod chain;
pub mod chart;
mod clear;
mod command;
mod commit;
mod controls;
#[cfg(test)]
mod cost_tests;
mod day_index;
mod decide;
mod dense;
mod direct;
mod directive;
mod draft;
mod entry;
mod error;
mod error_control;
mod escape;
mod event;
mod events;
mod exchange;
pub mod export;
mod flat;
#[cfg(test)]
mod forgery_control_tests;
#[cfg(test)]
mod forgery_tests;
mod fx;
mod group;
mod group_limit;
mod group_page;
mod ink;
mod item;
pub mod journal;
mod ledger;
pub mod limits;
mod log;
mod matching;
mod nature;
mod page;
mod periods;
mod positions;
#[cfg(test)]
mod preimage_control_tests;
#[cfg(test)]
mod preimage_tests;
mod provision;
mod reservation;
mod residual;
mod resolve;
mod reverse;
mod run;
mod settings;
mod settle;
mod sink;
mod snapshot;
mod standing;
mod state;
mod stock;
mod stock_card;
mod straight;
#[cfg(feature = "serde")]
mod strict_date;
mod table;
mod texts;
mod two_phase;
mod view;

pub use account::{Account, AccountKind, CurrencyRule, Dimension, LedgerAccountId, Side};
pub use adjust::AdjustTo;
pub use ageing::{AgeBasis, Ageing, AgeingQuery, AgeingSplit, Buckets, OpenItem};
pub use apply::apply;
pub use audit::{AuditReport, Finding};
pub use balance::{At, TrialBalance, TrialBalanceRow, TrialBalanceTotal};
pub use certificate::{Certificate, TieOut};
pub use chain::{Head, verify};
pub use command::{
    ClearRequest, ClearedItems, Command, CorrectionDate, Decision, Expect, Receipt, Replay, Reversal,
};
pub use decide::{decide, decide_at};
pub use directive::{
    Assertion, BoundDates, Bounds, Directed, Directing, Directive, Dispute, DisputeOutcome,
    DisputeResolution, LockedKinds, PeriodAction, PeriodChange, Strength, Voiding,
};
pub use draft::{ClosedDay, EntryDraft, IdempotencyKey, LegAmount, LegDraft, Link};
pub use entry::{Clearing, Entry, EntryId, EntryKind, ItemId, Leg, OpenedItem, Valuation};
pub use error::LedgerError;
pub use error_control::ControlError;
pub use event::{Event, EventBody, Hash};
pub use events::{Events, EventsIter};
pub use flat::FlatBook;
pub use fx::{ExchangeDraft, ExchangeRate, ForeignSettlement, Revaluation};
pub use group::{GroupLimit, GroupUsage, KeyAccountGroup, LimitOverride};
pub use group_page::{GroupLine, GroupPage, GroupPageQuery};
pub use ink::{FormRule, Ink, ReversalForm};
pub use item::{ClearingPolicy, Due, ItemDraft, ItemEffect};
pub use ledger::Ledger;
pub use matching::{Match, match_in_order};
pub use nature::Nature;
pub use page::{AccountPage, PageLine, PageQuery};
pub use provision::ProvisionMatrix;
pub use reservation::{
    Confirmation, ConfirmedAmounts, EntryStatus, Expiry, LayeredBalance, PendingLeg, Reservation,
    ReserveDraft,
};
pub use residual::{Authority, Unclear, WriteOff};
pub use settings::Settings;
pub use snapshot::{SNAPSHOT_VERSION, Snapshot, SnapshotBalance, SnapshotItem};
pub use state::State;
pub use stock::{NegativeStock, StockFlow, StockMove};
pub use stock_card::StockCard;

/// The example of the README, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
