//! The hash chain against tampering: every byte of a stored log, and every order of its events.

use endcap_ledger::{Head, LedgerError, verify};
use proptest::prelude::*;

use crate::kit::ledger;
use crate::script::{run, script};

proptest! {
    #![proptest_config(crate::kit::cases(48))]

    #[test]
    fn dropping_swapping_or_repeating_events_is_seen(steps in script(25), at in any::<prop::sample::Index>()) {
        let mut ledger = ledger();
        run(&mut ledger, &steps);
        let log = ledger.events().to_vec();
        let index = at.index(log.len() - 1);
        let settings = ledger.settings();
        let broken = Err(LedgerError::BrokenChain { seq: index as u64 + 1 });

        let mut dropped = log.to_vec();
        dropped.remove(index);
        prop_assert_eq!(verify(settings, &dropped, Head::Any), broken.clone());
        let mut swapped = log.to_vec();
        swapped.swap(index, index + 1);
        prop_assert_eq!(verify(settings, &swapped, Head::Any), broken);
        let mut repeated = log.to_vec();
        repeated.insert(index + 1, log[index].clone());
        prop_assert_eq!(verify(settings, &repeated, Head::Any), Err(LedgerError::BrokenChain { seq: index as u64 + 2 }));
        // Sequence numbers are covered: moving an event elsewhere with a mended number does not help.
        let mut renumbered = dropped.clone();
        renumbered[index].seq = index as u64 + 1;
        prop_assert_eq!(verify(settings, &renumbered, Head::Any), Err(LedgerError::BrokenChain { seq: index as u64 + 1 }));
        // Nor does a log verify under another name.
        let other = endcap_ledger::Settings::new("other").unwrap();
        prop_assert_eq!(verify(&other, log, Head::Any), Err(LedgerError::BrokenChain { seq: 1 }));
    }
}

#[cfg(feature = "serde")]
mod stored {
    use endcap_ledger::{ClearingPolicy, Due, Event, Ledger, LedgerError, StockFlow, StockMove, apply};

    use crate::kit::{cny, day, invoice, ka, ledger, receipt, sku};

    /// A small log that holds every kind of thing an event can hold.
    fn sample() -> Ledger {
        let mut ledger = ledger();
        let goods =
            StockMove { key_account: ka("KA1"), sku: sku("S1"), flow: StockFlow::Delivered, pieces: 7 };
        ledger.post(&invoice("i1", "KA1", cny("113.00"), day(1), Due::On(day(31))).moves(goods)).unwrap();
        ledger.post(&receipt("cash", "KA1", cny("99.00"), day(9), ClearingPolicy::Fifo)).unwrap();
        let fixed = invoice("i2", "KA2", cny("5.00"), day(2), Due::NoDate).describe("late");
        ledger.post(&fixed).unwrap();
        ledger.close_period(endcap_calendar::Period::month(2025, 1).unwrap(), day(900)).unwrap();
        ledger
    }

    fn lines(log: &[Event]) -> Vec<String> {
        log.iter().map(|event| serde_json::to_string(event).unwrap()).collect()
    }

    #[test]
    fn a_log_survives_the_store() {
        let ledger = sample();
        let stored = lines(&ledger.events().to_vec());
        let read: Vec<Event> = stored.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(read, ledger.events().to_vec());
        assert_eq!(lines(&read), stored);
        let replayed = Ledger::replay(ledger.settings().clone(), read).unwrap();
        assert_eq!(replayed, ledger);
    }

    /// Each byte of every stored entry, with each of its bits flipped: the line no longer reads, or the chain breaks there.
    #[test]
    fn any_single_byte_of_a_stored_log_is_covered() {
        let ledger = sample();
        let log = ledger.events().to_vec();
        let (mut unreadable, mut broken) = (0, 0);
        for (index, event) in log.iter().enumerate().rev().take(6) {
            let before = Ledger::replay(ledger.settings().clone(), log[..index].to_vec()).unwrap();
            let mut state = before.state().clone();
            let bytes = serde_json::to_vec(event).unwrap();
            for at in 0..bytes.len() {
                for bit in 0..8 {
                    let mut bytes = bytes.clone();
                    bytes[at] ^= 1 << bit;
                    let Ok(changed) = serde_json::from_slice::<Event>(&bytes) else {
                        unreadable += 1;
                        continue;
                    };
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    let seq = index as u64 + 1;
                    assert_eq!(apply(&mut state, changed), Err(LedgerError::BrokenChain { seq }), "{text}");
                    broken += 1;
                }
            }
            assert_eq!(state, *before.state());
            apply(&mut state, event.clone()).unwrap();
        }
        assert!(unreadable > 1_000 && broken > 1_000, "{unreadable} unreadable, {broken} broken");
    }

    #[test]
    fn unknown_fields_are_refused() {
        let ledger = sample();
        let line = serde_json::to_string(&ledger.events().last().unwrap()).unwrap();
        let line = line.replacen('{', "{\"extra\":1,", 1);
        assert!(serde_json::from_str::<Event>(&line).is_err());
    }
}
