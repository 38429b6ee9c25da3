//! Where a caller keeps the log, and what is left of a ledger after a crash.

use endcap_ledger::{Event, Ledger};

/// The events that were kept.
#[derive(Debug, Default)]
pub(crate) struct Store(Vec<Event>);

impl Store {
    /// Appends what the ledger has decided since.
    pub(crate) fn keep(&mut self, ledger: &Ledger) {
        self.0.extend(ledger.events().from(self.0.len()));
    }

    /// A crash after the answer: the ledger comes back from what was kept, with all that was acknowledged.
    pub(crate) fn crash(&self, ledger: &Ledger) -> Result<Ledger, String> {
        let settings = ledger.settings().clone();
        let back = Ledger::replay(settings, self.0.iter().cloned()).map_err(|error| error.to_string())?;
        if back == *ledger { Ok(back) } else { Err("the log that was kept gives another ledger".to_owned()) }
    }
}
