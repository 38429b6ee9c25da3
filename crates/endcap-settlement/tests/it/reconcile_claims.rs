//! Claims: every transition, every deadline, and money that is never made or lost.

use endcap_settlement::SettlementError;
use endcap_settlement::reconcile::*;
use proptest::prelude::*;

use crate::support::*;

const RULES: DisputeRules =
    DisputeRules { dispute_days: 30, evidence_days: 14, decision_days: 30, recovery_days: 60 };

fn opened() -> Claim {
    Claim::open(document("K1"), money("300.00"), day("2025-07-01"), RULES).unwrap()
}

fn walked(actions: &[ClaimAction]) -> Claim {
    let step = |claim: Claim, action: &ClaimAction| claim.apply(*action, day("2025-07-01")).unwrap();
    actions.iter().fold(opened(), step)
}

/// A claim in each state.
fn in_state(state: ClaimState) -> Claim {
    use ClaimAction::{Accept, AcceptPart, Dispute, Recover, Reject, SubmitEvidence, Validate, WriteOff};
    walked(match state {
        ClaimState::Claimed => &[],
        ClaimState::Validated => &[Validate],
        ClaimState::Disputed => &[Dispute],
        ClaimState::Evidence => &[Validate, SubmitEvidence],
        ClaimState::Accepted => &[Validate, SubmitEvidence, Accept],
        ClaimState::PartiallyAccepted => {
            return walked(&[Dispute, SubmitEvidence, AcceptPart(money("200.00"))]);
        }
        ClaimState::Rejected => &[Dispute, SubmitEvidence, Reject],
        ClaimState::Recovered => {
            return walked(&[Validate, SubmitEvidence, Accept, Recover(money("300.00"))]);
        }
        ClaimState::WrittenOff => {
            return walked(&[Dispute, SubmitEvidence, Reject, WriteOff(money("300.00"))]);
        }
    })
}

fn actions() -> [ClaimAction; 8] {
    [
        ClaimAction::Validate,
        ClaimAction::Dispute,
        ClaimAction::SubmitEvidence,
        ClaimAction::Accept,
        ClaimAction::AcceptPart(money("200.00")),
        ClaimAction::Reject,
        ClaimAction::Recover(money("300.00")),
        ClaimAction::WriteOff(money("300.00")),
    ]
}

#[test]
fn only_the_drawn_transitions_are_legal() {
    use ClaimState::{
        Accepted, Claimed, Disputed, Evidence, PartiallyAccepted, Recovered, Rejected, Validated, WrittenOff,
    };
    // The columns are the actions above; each cell is the state reached.
    let table: [(ClaimState, [Option<ClaimState>; 8]); 9] = [
        (Claimed, [Some(Validated), Some(Disputed), None, None, None, None, None, None]),
        (Validated, [None, None, Some(Evidence), None, None, None, None, None]),
        (Disputed, [None, None, Some(Evidence), None, None, None, None, None]),
        (Evidence, [None, None, None, Some(Accepted), Some(PartiallyAccepted), Some(Rejected), None, None]),
        (Accepted, [None, None, None, None, None, None, Some(Recovered), Some(WrittenOff)]),
        (PartiallyAccepted, [None, None, None, None, None, None, Some(Recovered), Some(WrittenOff)]),
        (Rejected, [None, None, None, None, None, None, Some(Recovered), Some(WrittenOff)]),
        (Recovered, [None; 8]),
        (WrittenOff, [None; 8]),
    ];
    assert_eq!(table.map(|(from, _)| from), ClaimState::ALL);
    for (from, reached) in table {
        let claim = in_state(from);
        assert_eq!(claim.state(), from);
        for (action, expected) in actions().into_iter().zip(reached) {
            match (claim.apply(action, day("2025-07-02")), expected) {
                (Ok(next), Some(state)) => assert_eq!(next.state(), state, "{from} {action:?}"),
                (Err(error), None) => assert_eq!(
                    error,
                    SettlementError::IllegalTransition { claim: document("K1"), from, action: action.word() }
                ),
                (got, _) => panic!("{from} {action:?}: {got:?}"),
            }
        }
    }
}

#[test]
fn deadlines_count_from_the_state_and_include_their_last_day() {
    let claim = opened();
    assert_eq!(claim.deadline().unwrap(), Some(day("2025-07-31")));
    assert!(!claim.is_overdue(day("2025-07-31")).unwrap());
    assert!(claim.is_overdue(day("2025-08-01")).unwrap());
    let disputed = claim.apply(ClaimAction::Dispute, day("2025-07-31")).unwrap();
    assert_eq!(disputed.deadline().unwrap(), Some(day("2025-08-14")));
    // Nobody disputed in time: it can still be validated.
    let validated = claim.apply(ClaimAction::Validate, day("2025-09-01")).unwrap();
    assert_eq!(validated.deadline().unwrap(), Some(day("2025-09-15")));
    // A late decision is a decision.
    let evidence = validated.apply(ClaimAction::SubmitEvidence, day("2025-09-15")).unwrap();
    let accepted = evidence.apply(ClaimAction::Accept, day("2026-09-15")).unwrap();
    // An instalment does not restart the time for the rest.
    let part = accepted.apply(ClaimAction::Recover(money("100.00")), day("2026-10-01")).unwrap();
    assert_eq!((part.state(), part.since()), (ClaimState::Accepted, day("2026-09-15")));
    assert_eq!(part.deadline().unwrap(), accepted.deadline().unwrap());
    let rest = part.apply(ClaimAction::WriteOff(money("200.00")), day("2026-10-02")).unwrap();
    assert_eq!((rest.state(), rest.deadline().unwrap()), (ClaimState::Recovered, None));
    assert_eq!(rest.history().len(), 5);
}

#[test]
fn money_in_meets_the_accepted_part_first_and_a_write_off_the_rejected_one() {
    let claim = in_state(ClaimState::PartiallyAccepted);
    let paid = claim.apply(ClaimAction::Recover(money("250.00")), day("2025-08-01")).unwrap().amounts();
    assert_eq!((paid.accepted, paid.rejected, paid.recovered), (money("0"), money("50.00"), money("250.00")));
    let gone = claim.apply(ClaimAction::WriteOff(money("150.00")), day("2025-08-01")).unwrap().amounts();
    assert_eq!(
        (gone.rejected, gone.accepted, gone.written_off),
        (money("0"), money("150.00"), money("150.00"))
    );
}

#[test]
fn every_state_and_action_has_its_names() {
    let mut names: Vec<&str> = ClaimState::ALL.iter().flat_map(|s| [s.name_en(), s.name_zh()]).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 18);
}

proptest! {
    #![proptest_config(crate::support::at_least(128))]

    #[test]
    fn claims_conserve_money(
        claimed in 1_i128..1_000_000,
        steps in prop::collection::vec((0_usize..8, 0_i128..1_000_000, 0_u64..10), 0..14),
    ) {
        let yuan = |minor| endcap_types::Money::from_minor(minor, endcap_types::Currency::CNY).unwrap();
        let mut claim = Claim::open(document("K1"), yuan(claimed), day("2025-07-01"), RULES).unwrap();
        let mut today = day("2025-07-01");
        for (kind, amount, days) in steps {
            today = today + chrono::Days::new(days);
            let action = match kind {
                4 => ClaimAction::AcceptPart(yuan(amount % claimed)),
                6 => ClaimAction::Recover(yuan(amount % (claimed + 1))),
                7 => ClaimAction::WriteOff(yuan(amount % (claimed + 1))),
                _ => actions()[kind],
            };
            let before = claim.amounts();
            let Ok(next) = claim.apply(action, today) else { continue };
            let after = next.amounts();
            prop_assert_eq!(after.total().unwrap(), yuan(claimed));
            for part in [after.undecided, after.accepted, after.rejected, after.recovered, after.written_off] {
                prop_assert!(!part.is_negative());
            }
            prop_assert!(after.recovered.minor() >= before.recovered.minor());
            prop_assert!(after.written_off.minor() >= before.written_off.minor());
            prop_assert_eq!(next.state().is_final(), after.open().unwrap().is_zero());
            prop_assert_eq!(next.history().len(), claim.history().len() + 1);
            claim = next;
        }
    }
}
