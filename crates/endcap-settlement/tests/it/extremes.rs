//! Nothing a caller can hand over makes the crate panic; it settles or says why not.

use endcap_settlement::*;
use endcap_types::*;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::support::*;
use crate::world::world;

fn any_money() -> impl Strategy<Value = Money> {
    let most = limits::MAX_MINOR;
    prop_oneof![Just(most), Just(-most), Just(0), -most..=most, -1000_i128..1000]
        .prop_map(|minor| Money::from_minor(minor, Currency::CNY).unwrap())
}

fn any_pieces() -> impl Strategy<Value = Quantity> {
    let most = limits::MAX_QUANTITY;
    prop_oneof![Just(most), Just(-most), Just(0), -most..=most, -9_i64..9].prop_map(pieces)
}

fn any_decimal() -> impl Strategy<Value = Decimal> {
    let scaled =
        (any::<u64>(), 0_u32..28).prop_map(|(m, scale)| Decimal::from_i128_with_scale(m.into(), scale));
    prop_oneof![Just(Decimal::MAX), Just(Decimal::ZERO), scaled]
}

proptest! {
    #![proptest_config(crate::support::at_least(64))]

    #[test]
    fn any_facts_settle_or_are_refused(
        world in world(),
        values in prop::collection::vec((any_money(), any_pieces()), 12),
        which in any::<u16>(),
    ) {
        let mut world = world;
        let pick = |index: usize| values[index % values.len()];
        let hit = |index: usize| which & (1 << (index % 16)) != 0;
        for (n, d) in world.deliveries.iter_mut().enumerate().filter(|(n, _)| hit(*n)) {
            (d.amount, d.quantity) = pick(n);
        }
        for (n, r) in world.returns.iter_mut().enumerate().filter(|(n, _)| hit(n + 3)) {
            (r.amount, r.quantity) = pick(n + 1);
        }
        for (n, s) in world.sales.iter_mut().enumerate().filter(|(n, _)| hit(n + 5)) {
            (s.amount, s.quantity) = pick(n + 2);
        }
        for (n, l) in world.layers.iter_mut().enumerate().filter(|(n, _)| hit(n + 7)) {
            (l.amount, l.remaining) = pick(n + 3);
            l.delivered = pick(n + 4).1;
        }
        for (n, c) in world.counts.iter_mut().enumerate().filter(|(n, _)| hit(n + 11)) {
            c.quantity = pick(n + 5).1;
        }
        let contract = Contract::new(world.terms.clone()).unwrap();
        if let Ok(statement) = settle(&contract, &world.facts(), period("2025-01"), &[]) {
            statement.trace().verify().unwrap();
        }
    }

    #[test]
    fn any_terms_are_checked_or_refused(amounts in prop::collection::vec(any_decimal(), 6), floor in any::<bool>()) {
        let tiers = amounts.iter().map(|amount| Tier::per_unit(*amount, *amount).with_flat(*amount));
        if let Ok(table) = TierTable::new(tiers, Boundary::Exceeds) {
            for method in [TierMethod::Marginal, TierMethod::Whole, TierMethod::Rolling, TierMethod::Total] {
                let x = Exact::from_decimal(amounts[0]);
                let _ = (table.evaluate(method, &x), table.next_threshold(method, &x));
            }
        }
        let mut terms = terms(credit());
        let rule = AmountRule::PerUnit(PerUnit { of: BaseMeasure::PurchasedQuantity, amount: amounts[0] });
        let mut fee = clause("F", ClauseKind::Display, rule, SettleMode::Separate, TaxRule::Service);
        if floor {
            (fee.floor, fee.cap) = (Some(amounts[1]), Some(amounts[2]));
        }
        terms.clauses = vec![fee];
        terms.clauses.push(clause("G", ClauseKind::Display, AmountRule::Fixed(amounts[3]), SettleMode::OnInvoice, TaxRule::Goods));
        if let Ok(contract) = Contract::new(terms) {
            let deliveries = [delivery("D1", "2025-01-02", "A1", 9, "9.99")];
            let _ = settle(&contract, &Facts { deliveries: &deliveries, ..Facts::default() }, period("2025"), &[]);
        }
    }
}
