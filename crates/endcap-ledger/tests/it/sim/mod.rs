//! The simulator: seeded worlds of random commands, retries, duplicates, backdating, closes and reopens, crashes and
//! corrupted events, with a naive model that predicts every reply.
//!
//! ```text
//! cargo test -p endcap-ledger --test it sim::                                        100,000 commands
//! ENDCAP_SIM_COMMANDS=1000000 cargo test --release -p endcap-ledger --test it sim::  a million
//! ENDCAP_SIM_SEED=17 cargo test -p endcap-ledger --test it sim::                     one world again
//! ```

mod checks;
mod figures;
mod items;
mod laws;
mod model;
mod mutant;
mod rng;
mod send;
mod store;
mod words;
mod world;

use std::collections::BTreeSet;

use mutant::Mutant;
pub(crate) use words::name_of;
use world::World;

/// Commands of one world.
const STEPS: u64 = 150;

/// Every rule that the model knows; a run breaks each of them.
const RULES: [&str; 35] = [
    "AlreadyResolved",
    "AlreadyReversed",
    "AlreadyUncleared",
    "AssertionFailed",
    "BatchRejected",
    "BoundViolated",
    "BoundsCrossed",
    "BreaksAssertion",
    "DisputeResolved",
    "ExceedsAuthority",
    "ExceedsOpen",
    "ExceedsPending",
    "IdempotencyConflict",
    "ItemsCleared",
    "KeyAccountNotAllowed",
    "LaterPeriodClosed",
    "MissingKeyAccount",
    "NoLegs",
    "NotClosed",
    "NotPending",
    "NotReservable",
    "NotReversible",
    "NothingToRelease",
    "PendingInPeriod",
    "PeriodClosed",
    "PriorPeriodOpen",
    "RecordedBeforeHead",
    "ReservationExpired",
    "SoftClosed",
    "TooEarly",
    "Unbalanced",
    "UnknownAccount",
    "UnknownDispute",
    "UnknownEntry",
    "UnknownItem",
];

fn simulate(seed: u64, mutant: Option<Mutant>) -> Result<World, String> {
    let mut world = World::new(seed, mutant);
    for step in 1..=STEPS {
        let outcome = world.step().and_then(|()| match step % 25 {
            0 => world.check_now().and_then(|()| world.check_dated()),
            _ => Ok(()),
        });
        outcome.map_err(|error| failed(seed, step, &error))?;
    }
    world.finish().map_err(|error| failed(seed, STEPS, &error))?;
    Ok(world)
}

fn failed(seed: u64, step: u64, error: &str) -> String {
    format!(
        "ENDCAP_SIM_SEED={seed} cargo test -p endcap-ledger --test it sim::simulated  # command {step}: {error}"
    )
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// At least 100,000 commands, each answered as the model says.
#[test]
fn simulated_ledgers_answer_as_the_model_says() {
    if let Some(seed) = number("ENDCAP_SIM_SEED") {
        simulate(seed, None).unwrap_or_else(|error| panic!("{error}"));
        return;
    }
    let worlds = number("ENDCAP_SIM_COMMANDS").unwrap_or(100_000).div_ceil(STEPS);
    let (mut accepted, mut refused) = (0, 0);
    let mut rules = BTreeSet::new();
    for seed in 0..worlds {
        let world = simulate(seed, None).unwrap_or_else(|error| panic!("{error}"));
        accepted += world.accepted;
        refused += world.refused;
        rules.extend(world.rules);
    }
    assert_eq!(accepted + refused, worlds * STEPS);
    if worlds * STEPS < 50_000 {
        return; // too few to meet the rare rules
    }
    let never: Vec<_> = RULES.iter().filter(|rule| !rules.contains(*rule)).collect();
    assert!(never.is_empty(), "never broken: {never:?}");
    // Both roads are travelled.
    assert!(accepted * 10 > refused * 3 && refused * 10 > accepted, "{accepted} accepted, {refused} refused");
}

/// Every wrong model is found out: the simulation can fail.
#[test]
fn every_mutant_is_noticed() {
    for mutant in Mutant::ALL {
        let noticed = (0..60).any(|seed| simulate(seed, Some(mutant)).is_err());
        assert!(noticed, "{mutant:?} was not noticed");
    }
}
