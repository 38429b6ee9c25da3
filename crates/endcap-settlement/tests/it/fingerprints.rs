//! Statements that must never change by a byte while the form of fingerprints, version 2, is what it is.

use endcap_settlement::*;
use endcap_types::vat::TaxSite;

use crate::support::*;
use crate::world::{Seed, World, build, clauses, methods};

/// Twelve facts of each kind from a small generator.
fn seeds(mut state: u64, count: usize) -> Vec<Seed> {
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut facts = Vec::new();
    for _ in 0..count {
        let (day, sku) = (next(31) + 1, next(4));
        let (units, minor) = (next(59) + 1, next(90_000));
        facts.push((day as u32, sku as usize, units as i64, minor as i64));
    }
    facts
}

fn fixed(method: Method, site: TaxSite) -> World {
    let (stacks, clauses) = clauses();
    let mut terms = terms(method);
    (terms.stacks, terms.clauses, terms.tax_site) = (stacks, clauses, site);
    let moved = (seeds(1, 8), seeds(2, 4), seeds(3, 12));
    build(terms, moved, (seeds(4, 4), seeds(5, 3), seeds(6, 2)), &[true, false, true, true])
}

#[test]
fn statements_of_one_vat_rate_are_what_they_were() {
    let mut told = Vec::new();
    for method in methods().into_iter().take(4) {
        for site in [TaxSite::PerRateGroup, TaxSite::PerLine] {
            told.push(fixed(method.clone(), site).settle().fingerprint());
        }
    }
    let expected = [
        "82eb3ad8abdbe607c788edad710ef36052fc28c02a4afaee4e3941d43f3bd701",
        "6dbf6989f43b6081386da966d7d8a537138f82da9bac999169b410e606360c55",
        "a8ef25d836c97d03002f175649383fec65fe8a81d439deac560924f47e1dc924",
        "9bc73106b265ffc6c118457a7d015496965c4f2862e09a9fb7906f9da9fcda3f",
        "a2b5fea9bdd93dac7b9bff95ab75c20985c1275479a842f374f6e51d188f26b6",
        "f7e68087422003f9e5c6c4ddb58a66e95b900dbf1449d244bd265b1a265d4c3b",
        "4137e110396c57f9a7873ca2d7074b001a4d5254a31b61ef975eee21ba6abde8",
        "75dce89ff09cdf350fa0e8cdc0beedebec03719fa2fc4bf5b7dceb9f2de2842f",
    ];
    assert_eq!(told, expected);
}

#[cfg(feature = "serde")]
#[test]
fn the_document_is_what_it_was() {
    let told = crate::document::settle_january().fingerprint();
    assert_eq!(told, "1254b3d2d0348153e265bda5c7f5bb9966b2af54759f73e062ac105d5b2f13ac");
}
