//! Laws of shares and compliance.

use std::collections::BTreeMap;

use endcap_shelf::{Front, compliance, share_of_shelf};
use endcap_types::Exact;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::samples::sku;

fn front() -> impl Strategy<Value = Front> {
    let row = vec((0_usize..5, 1_u32..4), 0..5).prop_map(|row| {
        // A product once on a shelf: seen twice it would be counted together.
        let mut known = Vec::new();
        row.into_iter()
            .filter(|(id, _)| {
                !known.contains(id) && {
                    known.push(*id);
                    true
                }
            })
            .map(|(id, facings)| (sku(["A", "B", "C", "D", "E"][id]), facings))
            .collect::<Vec<_>>()
    });
    btree_map((1_u8..4).prop_map(|n| n.to_string()), row, 0..4).prop_map(|shelves| Front { shelves })
}

fn shown(front: &Front) -> BTreeMap<&String, &Vec<(endcap_types::SkuId, u32)>> {
    front.shelves.iter().filter(|(_, row)| !row.is_empty()).collect()
}

proptest! {
    #[test]
    fn rounded_shares_add_up_to_one(measures in btree_map("[a-z]{1,3}", 0_i64..10_000, 1..12), scale in 0_u32..4, digits in 0_u32..=12) {
        let measures: Vec<(String, Decimal)> = measures.into_iter().map(|(k, v)| (k, Decimal::new(v, scale))).collect();
        prop_assume!(measures.iter().any(|(_, measure)| !measure.is_zero()));
        let shares = share_of_shelf(measures.clone(), digits).unwrap();
        prop_assert_eq!(shares.values().map(|share| share.rounded).sum::<Decimal>(), Decimal::ONE);
        let whole = shares.values().try_fold(Exact::ZERO, |sum, share| sum.add(&share.exact)).unwrap();
        prop_assert_eq!(whole, Exact::ONE);
        // No share is a whole place away from the exact one.
        let place = Exact::from_decimal(Decimal::new(1, digits));
        for share in shares.values() {
            prop_assert!(Exact::from_decimal(share.rounded).sub(&share.exact).unwrap().abs() < place);
        }
        let turned = share_of_shelf(measures.into_iter().rev(), digits).unwrap();
        prop_assert_eq!(shares, turned);
    }

    #[test]
    fn compliance_is_between_zero_and_one_and_one_only_when_the_same(plan in front(), shop in front()) {
        let seen = compliance(&plan, &shop).unwrap();
        for part in [&seen.presence, &seen.shelf, &seen.sequence, &seen.facings, &seen.score] {
            prop_assert!(*part >= Exact::ZERO && *part <= Exact::ONE);
        }
        prop_assert_eq!(seen.score == Exact::ONE, shown(&plan) == shown(&shop));
        prop_assert_eq!(compliance(&plan, &plan).unwrap().score, Exact::ONE);
        let back = compliance(&shop, &plan).unwrap();
        prop_assert_eq!((seen.sequence, seen.facings), (back.sequence, back.facings));
    }
}
