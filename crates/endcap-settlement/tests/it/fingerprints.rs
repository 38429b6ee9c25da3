//! Statements that must never change by a byte: fingerprints taken before contracts could hold several VAT rates.

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
        "2f63743fafabac4e175f4a58c99ea42c0552525f7c89e91e3d406d6671aa4d2c",
        "ebc4fc1115dca8098e0be9f62421e575ceddd33a1c7fc6a8a3c24870de90979f",
        "ba7c4107c838739accdba067b7c3150cb9a0c6892440307011bed76f3e688c37",
        "a17ed58da8cb9559055455ca735ffa9790135af86ec674416eb7fd1a3f8d1d30",
        "ee724a1edefb358520bfef839056179a8710834a83c080e5740a27d237b0b76c",
        "dc58c199db05f20e7b18e1e91916aaf75e5dbedf85169d80f801a29fe2ed05f0",
        "b77428f0f5ae3d984968177eacb93020202a144f0c8b16d639d452e25f454074",
        "d4ccb2797214ab22422d3cbc4eed686b9a128243b40f3ceb98c13dcc1d36e43a",
    ];
    assert_eq!(told, expected);
}

#[cfg(feature = "serde")]
#[test]
fn the_document_is_what_it_was() {
    let told = crate::document::settle_january().fingerprint();
    assert_eq!(told, "dfd1153b6d1ef37bd497a43dd9305cdf4a7e8c0b8fad617139d7877710e0eabc");
}
