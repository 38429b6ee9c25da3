//! Arbitrary facts under arbitrary contracts: no panic, and what is settled can be verified and does not depend on order.
#![no_main]

mod beyond;
mod world;

use endcap_settlement::batch::{Plan, TurnoverState, Validity};
use endcap_settlement::{Language, LineKind, settle};
use libfuzzer_sys::fuzz_target;
use world::World;

fuzz_target!(|world: World| {
    let Some(contract) = world.contract() else { return };
    let Some(mut owned) = world.facts(&contract) else { return };
    let period = world.period();
    let Ok(statement) = settle(&contract, &owned.facts(), period, &[]) else { return };
    statement.trace().verify().unwrap();
    for line in statement.lines() {
        assert!(!statement.explain(line, Language::Zh).unwrap().is_empty());
    }
    owned.reverse();
    let again = settle(&contract, &owned.facts(), period, &[]).unwrap();
    assert_eq!(again.fingerprint(), statement.fingerprint());
    let next = settle(&contract, &owned.facts(), period.next().unwrap_or(period), &[statement.clone()]);
    if let Ok(next) = next {
        next.trace().verify().unwrap();
    }
    if let Ok(plan) = Plan::new(&contract, period) {
        let mut state = TurnoverState::identity(1);
        let sum: i128 = statement.lines_of(LineKind::Turnover).map(|line| line.net.minor()).sum();
        state.add(&[0], &[sum], Validity::All).unwrap();
        state.finish(|_| &plan).unwrap();
    }
});
