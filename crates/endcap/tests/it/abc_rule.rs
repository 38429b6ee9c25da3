//! Accounts and goods are classified by one rule, although their crates do not know each other: the share ahead decides.

use endcap::account::{Scheme, TiePolicy, classify_slice};
use endcap::inventory::{Abc, Cuts, abc_classes};
use proptest::prelude::*;
use rust_decimal::Decimal;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn goods_and_accounts_have_the_same_classes(values in prop::collection::vec(prop_oneof![0_i64..6, 0_i64..1_000_000], 1..40)) {
        let ids: Vec<String> = (0..values.len()).map(|at| format!("{at:03}")).collect();
        let items: Vec<(&str, Decimal)> =
            ids.iter().zip(&values).map(|(id, value)| (id.as_str(), Decimal::new(*value, 2))).collect();
        let goods = abc_classes(&items, &Cuts::abc()).unwrap();
        let scheme = Scheme { ties: TiePolicy::ById, ..Scheme::default() };
        let accounts = classify_slice(&values, &scheme).unwrap();
        for ((goods, account), value) in goods.iter().zip(accounts.placements()).zip(&values) {
            // Goods that sold nothing are C; an account of no value stands where the share ahead of it puts it.
            let expected = if *value == 0 { 'C' } else { account.class.letter() };
            prop_assert_eq!(*goods, match expected { 'A' => Abc::A, 'B' => Abc::B, _ => Abc::C });
        }
    }
}
