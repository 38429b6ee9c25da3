//! Snapshots: with their tail they are the whole ledger, and nothing in them can change unnoticed.

use endcap_ledger::*;
use proptest::prelude::*;

use crate::controls::{confirm, direct, dispute, limit, lock, reserve, write_off};
use crate::fx::{sale, settlement};
use crate::kit::{cny, day, doc, draft, invoice, ka, ledger, receipt};
use crate::script::{run, script};

/// A ledger with something of every kind.
fn busy() -> Ledger {
    let mut ledger = ledger();
    ledger.post(&invoice("i1", "KA1", cny("100.00"), day(5), Due::NoDate)).unwrap();
    ledger.post(&receipt("cash", "KA1", cny("60.00"), day(6), ClearingPolicy::Fifo)).unwrap();
    direct(&mut ledger, "limit", limit("900.00", BoundDates::EveryDate)).unwrap();
    let held = ledger.reserve(reserve("r1", "20.00", 8)).unwrap().entry();
    ledger.reserve(reserve("r2", "30.00", 9)).unwrap();
    let confirmed = ledger.confirm(confirm("c1", held, ConfirmedAmounts::Full, 10)).unwrap().entry();
    ledger.post(&sale("s1", "10.00", "7.1", 11)).unwrap();
    ledger.settle_foreign(settlement("p1", "4.00", "7.2", 12)).unwrap();
    let claim = direct(&mut ledger, "claim", dispute("i1", "5.00", 13)).unwrap().entry();
    let outcome = DisputeOutcome::PartlyAccepted(cny("2.00"));
    let resolution =
        DisputeResolution { dispute: claim, outcome, reason: "x".to_owned(), effective: day(14) };
    direct(&mut ledger, "resolve", Directive::ResolveDispute(resolution)).unwrap();
    ledger.write_off(write_off("w1", "i1", "2.00", Authority::Unlimited)).unwrap();
    let third = ledger.reserve(reserve("r3", "1.00", 9)).unwrap().entry();
    let void = Voiding { reservation: third, reason: "x".to_owned(), effective: day(9) };
    direct(&mut ledger, "void", Directive::Void(void)).unwrap();
    let vouched = Assertion {
        account: "1122".to_owned(),
        key_account: Some(ka("KA1")),
        day: day(3),
        expected: cny("0.00"),
        strength: Strength::Advisory,
    };
    direct(&mut ledger, "vouched", Directive::AssertBalance(vouched)).unwrap();
    let expiring = ReserveDraft { expires: Expiry::After(day(901)), ..reserve("r4", "1.00", 9) };
    ledger.reserve(expiring).unwrap();
    direct(&mut ledger, "expire", Directive::Expire(day(902))).unwrap();
    direct(&mut ledger, "soft", lock(PeriodAction::SoftClose, 1)).unwrap();
    let late = invoice("late", "KA1", cny("1.00"), day(5), Due::NoDate).overriding("in the mail");
    ledger.post(&late).unwrap();
    let fix = draft("fix", day(6))
        .leg(LegDraft::debit("6601", cny("1.00")))
        .leg(LegDraft::credit("1002", cny("1.00")));
    ledger.post(&fix.corrects(confirmed).or_first_open_day()).unwrap();
    direct(&mut ledger, "reopen", lock(PeriodAction::Reopen, 1)).unwrap();
    ledger
}

#[test]
fn a_change_anywhere_in_a_snapshot_is_found() {
    let sound = busy().snapshot().unwrap();
    assert_eq!(sound.clone().restore().unwrap(), busy());
    let refused = |change: &dyn Fn(&mut Snapshot)| {
        let mut snapshot = sound.clone();
        change(&mut snapshot);
        snapshot.restore().unwrap_err()
    };
    let corrupt = |reason| LedgerError::Control(ControlError::CorruptSnapshot { reason });
    let digest = corrupt("the digest does not match");
    assert_eq!(refused(&|s| s.seq += 1), digest);
    assert_eq!(refused(&|s| s.head = Hash::default()), digest);
    assert_eq!(refused(&|s| s.ledger.push('x')), digest);
    assert_eq!(refused(&|s| s.negative_stock = NegativeStock::Allow), digest);
    assert_eq!(refused(&|s| s.balances[0].posted = cny("0.01")), digest);
    assert_eq!(refused(&|s| s.open_items[0].document = doc("x")), digest);
    assert_eq!(refused(&|s| s.open_items.clear()), digest);
    assert_eq!(refused(&|s| s.digest = Hash::default()), digest);
    for seq in [1, 20, 40] {
        assert_eq!(
            refused(&|s| s.events[seq - 1].recorded = day(901)),
            LedgerError::BrokenChain { seq: seq as u64 }
        );
        assert_eq!(
            refused(&|s| drop(s.events.remove(seq - 1))),
            LedgerError::BrokenChain { seq: seq as u64 }
        );
        assert_eq!(refused(&|s| s.events.swap(seq - 1, seq)), LedgerError::BrokenChain { seq: seq as u64 });
    }
    assert_eq!(refused(&|s| drop(s.events.pop())), corrupt("the log does not end where the snapshot says"));
    for version in [0, SNAPSHOT_VERSION + 1] {
        let expected = ControlError::SnapshotVersion { version, supported: SNAPSHOT_VERSION };
        assert_eq!(refused(&|s| s.version = version), expected.into());
    }
}

#[cfg(feature = "serde")]
#[test]
fn a_snapshot_is_the_same_after_json() {
    let snapshot = busy().snapshot().unwrap();
    let text = serde_json::to_string(&snapshot).unwrap();
    let back: Snapshot = serde_json::from_str(&text).unwrap();
    assert_eq!(back, snapshot);
    assert_eq!(back.restore().unwrap(), busy());
    assert!(
        serde_json::from_str::<Snapshot>(&text.replacen("{\"version\"", "{\"extra\":1,\"version\"", 1))
            .is_err()
    );
}

proptest! {
    #![proptest_config(crate::kit::cases(24))]

    #[test]
    fn p08_snapshot_and_tail_are_the_whole_at_every_cut(steps in script(16)) {
        let mut ledger = ledger();
        run(&mut ledger, &steps);
        let log = ledger.events();
        for cut in 39..=log.len() {
            let (before, after) = log.split_at(cut);
            let early = Ledger::replay(ledger.settings().clone(), before.to_vec()).unwrap();
            let whole = Ledger::resume(early.snapshot().unwrap(), after.to_vec()).unwrap();
            prop_assert_eq!(&whole, &ledger);
        }
    }
}
