//! What the controls of a ledger refuse: periods, reservations, limits, disputes and foreign currency.
//!
//! # Source
//!
//! House rule.

use chrono::NaiveDate;
use endcap_types::{AccountId, Currency, DocumentId, Money};
use rust_decimal::Decimal;

use crate::{EntryId, GroupUsage};

/// Why a control refused a command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ControlError {
    /// The command was meant for another point of the log.
    #[error("meant for sequence number {expected}, but the log is at {actual}")]
    StaleState {
        /// The last sequence number the caller knew.
        expected: u64,
        /// The last sequence number.
        actual: u64,
    },
    /// The effective date lies in a period that is soft closed, and no reason was given.
    #[error("{effective} is soft closed: give a reason, or use {first_open} or later")]
    SoftClosed {
        /// The effective date asked for.
        effective: NaiveDate,
        /// The first day that needs no reason.
        first_open: NaiveDate,
    },
    /// A later period is closed: reopen it first, or name it in the same period.
    #[error("cannot reopen up to {end}: closed up to {closed_to}")]
    LaterPeriodClosed {
        /// End of the period to reopen.
        end: NaiveDate,
        /// The first day after what is closed.
        closed_to: NaiveDate,
    },
    /// The period to reopen is not closed.
    #[error("nothing from {start} is closed: the first open day is {first_open}")]
    NotClosed {
        /// First day of the period.
        start: NaiveDate,
        /// The first open day.
        first_open: NaiveDate,
    },
    /// A reservation is pending in the period to close and is not carried over.
    #[error("reservation {reservation} is pending before {end}: resolve it or carry it over")]
    PendingInPeriod {
        /// End of the period.
        end: NaiveDate,
        /// The first such reservation.
        reservation: EntryId,
    },
    /// A draft holds something that cannot be pending.
    #[error("cannot be reserved: {reason}")]
    NotReservable {
        /// What.
        reason: &'static str,
    },
    /// A date lies before the day it may be at the earliest.
    #[error("{what} {date} is before {from}")]
    TooEarly {
        /// Of what.
        what: &'static str,
        /// The date.
        date: NaiveDate,
        /// The earliest.
        from: NaiveDate,
    },
    /// The reservation could be confirmed up to a recorded day that is past.
    #[error("reservation {reservation} expired after {last}; recorded {recorded}")]
    ReservationExpired {
        /// The reservation.
        reservation: EntryId,
        /// Its last day.
        last: NaiveDate,
        /// The recorded day of the confirmation.
        recorded: NaiveDate,
    },
    /// A confirmation names another number of amounts than there are legs.
    #[error("{given} amounts for {expected} legs")]
    LegCount {
        /// How many amounts were given.
        given: usize,
        /// How many legs are pending.
        expected: usize,
    },
    /// More is to be confirmed than is pending.
    #[error("leg {leg} has {pending} pending, {asked} asked")]
    ExceedsPending {
        /// Index of the leg.
        leg: usize,
        /// What is pending.
        pending: Money,
        /// What was asked.
        asked: Money,
    },
    /// The event is no reservation.
    #[error("{entry} is not a reservation")]
    NotPending {
        /// The id given.
        entry: EntryId,
    },
    /// The reservation was confirmed or voided before.
    #[error("reservation {reservation} was resolved by {by}")]
    AlreadyResolved {
        /// The reservation.
        reservation: EntryId,
        /// What resolved it.
        by: EntryId,
    },
    /// A balance would leave its limits.
    #[error("{} would be {balance_minor} minor units of {currency}{}: the bound is {bound_minor}",
        whose(code, key_account.as_ref()), on(*day))]
    BoundViolated {
        /// The account code.
        code: String,
        /// The key account, where the bound is on one.
        key_account: Option<AccountId>,
        /// The currency.
        currency: Currency,
        /// The first day on which it would be broken; none for the current balance.
        day: Option<NaiveDate>,
        /// The balance at its worst, in minor units, debit positive.
        balance_minor: i128,
        /// The bound, in minor units.
        bound_minor: i128,
    },
    /// The least is more than the most.
    #[error("the minimum {min} is above the maximum {max}")]
    BoundsCrossed {
        /// The minimum.
        min: Money,
        /// The maximum.
        max: Money,
    },
    /// An entry would change a balance that is locked.
    #[error("{code} is locked at {expected} on {day}: it would be {actual}")]
    BreaksAssertion {
        /// The account code.
        code: String,
        /// The first locked day that it would break.
        day: NaiveDate,
        /// What is locked.
        expected: Money,
        /// What it would be.
        actual: Money,
    },
    /// No dispute has this id.
    #[error("unknown dispute {dispute}")]
    UnknownDispute {
        /// The id.
        dispute: EntryId,
    },
    /// The dispute was resolved before.
    #[error("dispute {dispute} was resolved by {by}")]
    DisputeResolved {
        /// The dispute.
        dispute: EntryId,
        /// What resolved it.
        by: EntryId,
    },
    /// More is to be written off than whoever orders it may.
    #[error("cannot write off {asked}: the authority ends at {limit}")]
    ExceedsAuthority {
        /// What was asked.
        asked: Money,
        /// The limit.
        limit: Money,
    },
    /// The entry cleared nothing that is still cleared.
    #[error("entry {entry} has no clearing to take back")]
    NothingToRelease {
        /// The entry.
        entry: EntryId,
    },
    /// The clearings of the entry were taken back before.
    #[error("the clearings of entry {entry} were taken back by {by}")]
    AlreadyUncleared {
        /// The entry.
        entry: EntryId,
        /// What took them back.
        by: EntryId,
    },
    /// A rate is not above zero, or is between a currency and itself.
    #[error("no rate: {rate} {to} for one {from}")]
    InvalidRate {
        /// The currency exchanged.
        from: Currency,
        /// The currency it is exchanged for.
        to: Currency,
        /// The rate.
        rate: Decimal,
    },
    /// No rate into the functional currency was given.
    #[error("no rate from {currency} into {to}")]
    MissingRate {
        /// The currency without a rate.
        currency: Currency,
        /// The functional currency.
        to: Currency,
    },
    /// An exchange does not come to what its rate says.
    #[error("exchanged for {stated}, but the rate makes it {expected}")]
    RateMismatch {
        /// The amount stated.
        stated: Money,
        /// Foreign amount × rate, rounded once.
        expected: Money,
    },
    /// An item in a foreign currency was opened without an exchange, so nothing says what it is carried at.
    #[error("{document} is carried at no functional amount")]
    NotCarried {
        /// Its document.
        document: DocumentId,
    },
    /// No such group of key accounts was laid down.
    #[error("{group} is no group")]
    UnknownGroup {
        /// The name given.
        group: AccountId,
    },
    /// The account is not kept per key account, so a group has no share in it.
    #[error("{code} is not kept per key account")]
    NotPerKeyAccount {
        /// Code of the account.
        code: String,
    },
    /// The members of a group would owe more together than they may.
    #[error(
        "{asked} asked of group {}, which may owe {} on {}: {} is owed, {} is left",
        usage.group, usage.limit, usage.account, usage.exposure, usage.headroom
    )]
    GroupLimitExceeded {
        /// Group, limit in force, exposure and headroom before the command.
        usage: Box<GroupUsage>,
        /// How much the command would add to the exposure; nothing where the limit itself is too low.
        asked: Money,
    },
    /// A limit is to be passed that does not exist.
    #[error("group {group} has no limit on {code}")]
    NoGroupLimit {
        /// The group.
        group: AccountId,
        /// Code of the account.
        code: String,
    },
    /// An override that allows no more than the limit does.
    #[error("{up_to} is not above the limit of {limit}")]
    OverrideBelowLimit {
        /// What the override would allow.
        up_to: Money,
        /// The limit.
        limit: Money,
    },
    /// A snapshot does not hold together.
    #[error("corrupt snapshot: {reason}")]
    CorruptSnapshot {
        /// What is wrong.
        reason: &'static str,
    },
    /// A snapshot is of a version this release does not read.
    #[error("snapshot of version {version}: this release reads {supported}")]
    SnapshotVersion {
        /// Its version.
        version: u32,
        /// The newest version that is read.
        supported: u32,
    },
}

fn whose(code: &str, key_account: Option<&AccountId>) -> String {
    key_account.map_or_else(|| code.to_owned(), |id| format!("{code} of {id}"))
}

fn on(day: Option<NaiveDate>) -> String {
    day.map_or_else(String::new, |day| format!(" on {day}"))
}
