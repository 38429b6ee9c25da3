//! Balances brought to a figure, and balances of groups.

use endcap_ledger::{AdjustTo, At, Due, LedgerError, Replay};
use endcap_types::Currency;
use proptest::prelude::*;

use crate::kit::{day, doc, fen, invoice, ka, key, ledger};

fn adjust(name: &str, account: &str, target: i128, on: u64) -> AdjustTo {
    AdjustTo {
        key: key(name),
        document: doc(name),
        account: account.to_owned(),
        key_account: None,
        target: fen(target),
        counter: "6601".to_owned(),
        description: "count".to_owned(),
        effective: day(on),
        recorded: day(900),
    }
}

proptest! {
    #![proptest_config(crate::kit::cases(128))]
    /// The balance is the target at the end of its day, and later days move by the difference alone.
    #[test]
    fn a_balance_comes_to_its_target(first in -900..900_i128, second in -900..900_i128, on in 1..90_u64) {
        let mut ledger = ledger();
        let start = adjust("a", "1002", first, 50);
        let at = |ledger: &endcap_ledger::Ledger, on| ledger.balance("1002", Currency::CNY, At::EndOf(day(on))).unwrap().minor();
        ledger.adjust_to(start).unwrap();
        prop_assert_eq!(at(&ledger, 50), first);
        let (before, last, events) = (at(&ledger, on), at(&ledger, 99), ledger.events().len());
        let asked = adjust("b", "1002", second, on);
        let receipt = ledger.adjust_to(asked.clone()).unwrap();
        prop_assert_eq!(at(&ledger, on), second);
        prop_assert_eq!(at(&ledger, 99) - last, second - before);
        let posted = usize::from(second != before);
        prop_assert_eq!(ledger.events().len(), events + posted);
        if posted == 1 {
            let entry = ledger.entry(receipt.entry()).unwrap();
            prop_assert_eq!(entry.legs[0].signed_minor(), second - before);
            // The same command again is the same entry, whatever the balance is by then.
            ledger.adjust_to(adjust("c", "1002", second + 1, on)).unwrap();
            let again = ledger.adjust_to(asked).unwrap();
            prop_assert_eq!((again.seq, again.replay), (receipt.seq, Replay::Replayed));
        }
        prop_assert!(ledger.audit().is_clean());
    }
}

#[test]
fn an_adjustment_of_a_control_account_names_its_key_account() {
    let mut ledger = ledger();
    ledger.post(&invoice("i1", "KA1", fen(10_000), day(1), Due::NoDate)).unwrap();
    let asked = adjust("a", "1122", 9_000, 5);
    assert_eq!(
        ledger.adjust_to(asked.clone()),
        Err(LedgerError::MissingKeyAccount { code: "1122".to_owned() })
    );
    ledger.adjust_to(AdjustTo { key_account: Some(ka("KA1")), ..asked }).unwrap();
    assert_eq!(ledger.balance_of("1122", &ka("KA1"), Currency::CNY, At::Now), Ok(fen(9_000)));
    assert!(ledger.audit().is_clean());
}

#[test]
fn a_group_is_the_sum_of_its_members_each_once() {
    let mut ledger = ledger();
    for (name, who, minor) in [("i1", "KA1", 100), ("i2", "KA2", 20), ("i3", "KA3", 3)] {
        ledger.post(&invoice(name, who, fen(minor), day(1), Due::NoDate)).unwrap();
    }
    let of = |group: &[&str]| {
        let group: Vec<_> = group.iter().map(|name| ka(name)).collect();
        ledger.balance_of_group("1122", &group, Currency::CNY, At::Now).unwrap().minor()
    };
    assert_eq!(of(&["KA1", "KA3"]), 103);
    assert_eq!(of(&["KA3", "KA1", "KA3"]), 103);
    assert_eq!((of(&[]), of(&["KA9"])), (0, 0));
}
