//! The course of an event: from draft to closed, and what each step asks for.

use endcap_promo::plan::{
    CheckRules, Claims, Command, Completeness, Lifecycle, LifecycleError, State, check,
};
use endcap_types::{Currency, Money, Rate};

use crate::basket_support::{cny, promo};
use crate::plan::event;
use crate::support::day;

fn rate(text: &str) -> Rate {
    text.parse().unwrap()
}

fn draft() -> Lifecycle {
    let period = "2025-06-09..2025-06-23".parse().unwrap();
    Lifecycle::new(promo("618"), period, 2, cny("10.00"), rate("95%")).unwrap()
}

fn approved() -> Lifecycle {
    let on = day("2025-05-01");
    let planned = draft().apply(Command::Plan(vec![]), on).unwrap();
    planned.apply(Command::Budget, on).unwrap().apply(Command::Approve(cny("1000.00")), on).unwrap()
}

fn ended() -> Lifecycle {
    let running = approved().apply(Command::Start, day("2025-06-09")).unwrap();
    running.apply(Command::End, day("2025-06-23")).unwrap()
}

#[test]
fn an_event_goes_from_draft_to_closed_and_reopens_only_its_settlement() {
    let claims = |text| Command::Settle(Claims { claimed: cny(text), without_proof: 0 });
    let data = |text| Command::Evaluate(Completeness { reported: rate(text) });
    let settled = ended().apply(claims("1010.00"), day("2025-06-25")).unwrap();
    let both = settled.apply(data("95%"), day("2025-07-07")).unwrap();
    let closed = both.apply(Command::Close, day("2025-07-08")).unwrap();
    assert_eq!(closed.state(), State::Closed);
    let late = closed.apply(Command::ReopenSettlement, day("2025-08-01")).unwrap();
    assert_eq!((late.state(), late.settled().is_some(), late.evaluations()), (State::Ended, false, 1));
    let again = late.apply(data("100%"), day("2025-08-02")).unwrap();
    assert_eq!(again.evaluations(), 2); // a revised series makes a new version
    // Evaluated first, settled afterwards: either order.
    let other =
        ended().apply(data("95%"), day("2025-07-07")).unwrap().apply(claims("0.00"), day("2025-07-07"));
    assert!(other.unwrap().apply(Command::Close, day("2025-07-07")).is_ok());
}

#[test]
fn every_guard_refuses_with_its_reason() {
    let on = day("2025-06-30");
    let says = |result: Result<Lifecycle, LifecycleError>| result.unwrap_err().to_string();
    assert_eq!(says(draft().apply(Command::Start, on)), "cannot start promotion 618: it is Draft");
    let mut bad = event("E");
    bad.target = None;
    let findings = check(&[bad], &CheckRules::default()).unwrap();
    assert_eq!(
        says(draft().apply(Command::Plan(findings), on)),
        "promotion 618 has 1 error(s) to mend before it is planned"
    );
    assert_eq!(
        says(approved().apply(Command::Cancel, day("2025-06-09"))),
        "cannot cancel promotion 618 on 2025-06-09: it starts 2025-06-09"
    );
    assert_eq!(
        says(ended().apply(Command::Settle(Claims { claimed: cny("1010.01"), without_proof: 0 }), on)),
        "promotion 618: CNY 1010.01 claimed, CNY 1000.00 approved and CNY 10.00 tolerated"
    );
    assert_eq!(
        says(ended().apply(Command::Settle(Claims { claimed: cny("1.00"), without_proof: 2 }), on)),
        "promotion 618: 2 lump sum(s) without proof of performance"
    );
    let data = |text| Command::Evaluate(Completeness { reported: rate(text) });
    assert_eq!(
        says(ended().apply(data("95%"), day("2025-07-06"))),
        "cannot evaluate promotion 618 on 2025-07-06: it cools down until 2025-07-07"
    );
    assert_eq!(
        says(ended().apply(data("94.9%"), day("2025-07-07"))),
        "promotion 618: 94.9% of the store-weeks are reported, 95% required"
    );
    assert_eq!(says(ended().apply(Command::Close, on)), "promotion 618 is not settled yet");
    let usd = Money::parse("1.00", Currency::USD).unwrap();
    let foreign = ended().apply(Command::Settle(Claims { claimed: usd, without_proof: 0 }), on);
    assert!(matches!(foreign, Err(LifecycleError::Types(_))));
}
