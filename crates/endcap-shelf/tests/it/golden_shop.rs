//! Shares and compliance scores with known values.

use std::collections::BTreeMap;

use endcap_shelf::{Front, compliance, share_of_shelf};
use endcap_types::Exact;
use rust_decimal::Decimal;

use crate::golden_knapsack::rows;
use crate::samples::sku;

/// An integer, a fraction or a decimal, exactly.
fn exact(text: &str) -> Exact {
    text.parse::<Decimal>().map_or_else(|_| text.parse().unwrap(), Exact::from_decimal)
}

#[test]
fn shares_of_shelf_are_as_known() {
    let rows = rows(include_str!("../golden/share_of_shelf.csv"));
    assert_eq!(rows.len(), 7);
    for row in rows {
        let [case, _, brands, digits, exacts, rounded, _] = row.as_slice() else { panic!() };
        let pairs = |text: &str| -> Vec<(String, String)> {
            let pair = |pair: &str| pair.split_once(':').map(|(k, v)| (k.to_owned(), v.to_owned())).unwrap();
            text.split(';').map(pair).collect()
        };
        let measures = pairs(brands).into_iter().map(|(brand, measure)| (brand, measure.parse().unwrap()));
        let shares = share_of_shelf(measures, digits.parse().unwrap()).unwrap();
        assert_eq!(shares.len(), pairs(exacts).len(), "{case}");
        for ((brand, fraction), (same, decimal)) in pairs(exacts).into_iter().zip(pairs(rounded)) {
            assert_eq!(brand, same);
            assert_eq!(shares[&brand].exact, exact(&fraction), "{case}: {brand}");
            assert_eq!(shares[&brand].rounded, decimal.parse::<Decimal>().unwrap(), "{case}: {brand}");
        }
    }
}

/// `S1=A*3+B*2|S2=…`.
fn front(text: &str) -> Front {
    let mut shelves = BTreeMap::new();
    for shelf in text.split('|').filter(|shelf| !shelf.is_empty()) {
        let (name, row) = shelf.split_once('=').unwrap();
        let item = |item: &str| {
            let (id, facings) = item.split_once('*').unwrap();
            (sku(id), facings.parse().unwrap())
        };
        shelves.insert(name.to_owned(), row.split('+').map(item).collect());
    }
    Front { shelves }
}

#[test]
fn compliance_scores_are_as_known() {
    let rows = rows(include_str!("../golden/compliance.csv"));
    assert_eq!(rows.len(), 9);
    for row in rows {
        let [case, planned, actual, presence, shelf, sequence, facings, score, _] = row.as_slice() else {
            panic!()
        };
        let seen = compliance(&front(planned), &front(actual)).unwrap();
        assert_eq!(seen.presence, exact(presence), "{case}");
        assert_eq!(seen.shelf, exact(shelf), "{case}");
        assert_eq!(seen.sequence, exact(sequence), "{case}");
        assert_eq!(seen.facings, exact(facings), "{case}");
        assert_eq!(seen.score, exact(score), "{case}");
    }
}
