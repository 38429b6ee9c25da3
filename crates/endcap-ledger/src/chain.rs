//! The hash chain: sealing events and proving that a log is whole.

use core::borrow::Borrow;

use crate::canon::Canon;
use crate::{Event, EventBody, Hash, LedgerError, Settings};
use chrono::NaiveDate;

/// The hash before the first event: over the domain tag, the version and the settings of the ledger.
pub(crate) fn genesis(settings: &Settings) -> Hash {
    let mut canon = Canon::new("endcap-ledger/genesis/1");
    canon.text(&settings.name);
    canon.text(match settings.negative_stock {
        crate::NegativeStock::Refuse => "refuse",
        crate::NegativeStock::Allow => "allow",
    });
    if settings.reversals == crate::ReversalForm::RedLetter {
        canon.text("red letter");
    }
    canon.finish()
}

fn link(previous: &Hash, seq: u64, recorded: NaiveDate, body: &EventBody) -> Hash {
    let mut canon = begin(Vec::with_capacity(512), previous, seq, recorded);
    canon.body(body);
    canon.finish()
}

/// What the hash of every event begins with, gathered in `buffer`; its body follows.
pub(crate) fn begin(buffer: Vec<u8>, previous: &Hash, seq: u64, recorded: NaiveDate) -> Canon {
    let mut canon = Canon::over(buffer, "endcap-ledger/event/1");
    canon.hash(previous);
    canon.u64(seq);
    canon.date(recorded);
    canon
}

/// Seals an event behind `previous`.
pub(crate) fn seal(previous: &Hash, seq: u64, recorded: NaiveDate, body: EventBody) -> Event {
    let hash = link(previous, seq, recorded, &body);
    Event { seq, recorded, body, hash }
}

/// Whether `event` follows `previous` at `seq`.
pub(crate) fn follows(previous: &Hash, seq: u64, event: &Event) -> bool {
    event.seq == seq && event.hash == link(previous, seq, event.recorded, &event.body)
}

/// Where a proof of a log must end.
///
/// # Source
///
/// House rule: a cut tail can only be seen by who keeps the head elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Head {
    /// Anywhere: proves that nothing inside was changed.
    Any,
    /// At this hash: proves as well that nothing was cut off.
    At(Hash),
}

/// Proves a log (验链), be it a slice or [`Events`](crate::Events): every event hashes to what it says, follows the one before it, and the end is `head`.
///
/// Returns the hash of the last event, or that of the empty ledger.
///
/// # Errors
///
/// - [`LedgerError::BrokenChain`] with the first sequence number that fails; for a wrong head, one past the last.
///
/// # Examples
///
/// ```
/// use endcap_ledger::{chart, verify, Head, Ledger, LedgerError, Settings};
/// # let day = chrono::NaiveDate::from_ymd_opt(2025, 1, 1).expect("a real day");
/// let mut ledger = Ledger::new(Settings::new("demo")?);
/// ledger.open_all(chart::key_account_supplier()?, day)?;
/// let mut log = ledger.events().to_vec();
/// assert_eq!(verify(ledger.settings(), &log, Head::At(ledger.head()))?, ledger.head());
/// log.remove(3);
/// assert_eq!(verify(ledger.settings(), &log, Head::Any), Err(LedgerError::BrokenChain { seq: 4 }));
/// # Ok::<(), LedgerError>(())
/// ```
///
/// # Source
///
/// Hash chains after Haber & Stornetta, *How to time-stamp a digital document* (1991).
pub fn verify(
    settings: &Settings,
    events: impl IntoIterator<Item: Borrow<Event>>,
    head: Head,
) -> Result<Hash, LedgerError> {
    let mut previous = genesis(settings);
    let mut seq: u64 = 0;
    for event in events {
        let event = event.borrow();
        seq = seq.saturating_add(1);
        if !follows(&previous, seq, event) {
            return Err(LedgerError::BrokenChain { seq });
        }
        previous = event.hash;
    }
    match head {
        Head::At(expected) if expected != previous => {
            Err(LedgerError::BrokenChain { seq: seq.saturating_add(1) })
        }
        _ => Ok(previous),
    }
}
