//! The batch kernel against the typed run, and the laws of its state.

use endcap_calendar::{Grain, Period};
use endcap_settlement::batch::{BatchError, Charged, Plan, TurnoverState, Validity};
use endcap_settlement::*;
use endcap_types::*;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::support::*;
use crate::world::{cents, shuffle};

const GROUPS: usize = 5;

/// A till line: group, minor units, whether it counts.
type Row = (usize, i64, bool);

fn rates() -> impl Strategy<Value = Rate> {
    (0_u32..5, 0_i64..=1_000_000).prop_map(|(scale, share)| {
        let most = 100 * 10_i64.pow(scale);
        Rate::percent(Decimal::new(share * most / 1_000_000, scale)).unwrap()
    })
}

fn tables() -> impl Strategy<Value = TierTable> {
    let row = (0_i64..2_000_000, rates(), prop_oneof![3 => Just(0_i64), 1 => 0_i64..5_000]);
    (proptest::collection::vec(row, 1..6), any::<bool>()).prop_map(|(mut rows, exceeds)| {
        rows.sort_by_key(|row| row.0);
        rows.dedup_by_key(|row| row.0);
        let tiers = rows.into_iter().map(|(from, rate, flat)| {
            Tier::rate(Decimal::new(from, 2), rate).with_flat(Decimal::new(flat, 2))
        });
        let boundary = if exceeds { Boundary::Exceeds } else { Boundary::ReachedAt };
        TierTable::new(tiers, boundary).unwrap()
    })
}

fn guarantees() -> impl Strategy<Value = Guarantee> {
    let measure = prop_oneof![Just(GuaranteeMeasure::Turnover), Just(GuaranteeMeasure::Commission)];
    let top_up_on =
        prop_oneof![Just(TopUpBase::Shortfall), Just(TopUpBase::Guarantee), Just(TopUpBase::Turnover)];
    (0_i64..3_000_000, rates(), measure, top_up_on, proptest::option::of(tables())).prop_map(
        |(amount, rate, measure, top_up_on, overage)| Guarantee {
            amount: Decimal::new(amount, 2),
            cycle: Grain::Month,
            algorithm: GuaranteeAlgorithm::PerPeriod,
            rate,
            measure,
            // Other bases are for a guarantee over turnover.
            top_up_on: if measure == GuaranteeMeasure::Turnover { top_up_on } else { TopUpBase::Shortfall },
            true_up: TrueUp::TwoWay,
            promotion_sales: PromotionSales::Count,
            // Bands above the guarantee need a guarantee over turnover.
            overage: overage.filter(|_| measure == GuaranteeMeasure::Turnover),
        },
    )
}

fn tier_methods() -> impl Strategy<Value = TierMethod> {
    use TierMethod::{Marginal, Rolling, Total, Whole};
    prop_oneof![Just(Marginal), Just(Whole), Just(Rolling), Just(Total)]
}

prop_compose! {
    fn contracts()(
        rate in rates(),
        tiers in proptest::option::of((tier_methods(), tables())),
        guarantee in proptest::option::of(guarantees()),
        mode in 0_usize..6,
        step in prop_oneof![Just(1_u64), Just(5), Just(100)],
        first in 1_u32..20,
        exclusive in any::<bool>(),
    ) -> Contract {
        let mut method = TurnoverDeduction::at(rate);
        method.guarantee = guarantee;
        method.tiers = tiers
            .filter(|_| method.guarantee.as_ref().is_none_or(|terms| terms.overage.is_none()))
            .map(|(method, table)| {
                // Flat amounts are for methods that enter a band once.
                let flat = matches!(method, TierMethod::Marginal | TierMethod::Whole);
                let plain = |tier: &Tier| Tier { flat: if flat { tier.flat } else { Decimal::ZERO }, ..*tier };
                let table = TierTable::new(table.tiers().iter().map(plain), table.boundary()).unwrap();
                CommissionTiers { method, table }
            });
        let mut terms = terms(Method::TurnoverDeduction(method));
        terms.valid = Period::closed(day(&format!("2025-01-{first:02}")), day("2025-12-31")).unwrap();
        terms.rounding =
            Rounding::new(RoundingMode::ALL[mode]).with_step_minor(std::num::NonZeroU64::new(step).unwrap());
        if exclusive {
            terms.tax_site = vat::TaxSite::PerLine;
        }
        terms.amounts = if exclusive { TaxBasis::Exclusive } else { TaxBasis::Inclusive };
        Contract::new(terms).unwrap()
    }
}

/// What the typed run posts for the rows of one group.
fn typed(contract: &Contract, rows: &[Row], group: usize) -> Charged {
    let rows = rows.iter().enumerate().filter(|(_, row)| row.0 == group && row.2);
    let sales: Vec<Sale> = rows
        .map(|(n, row)| Sale {
            document: DocumentId::new(format!("S-{n}")).unwrap(),
            date: day("2025-01-20"),
            store: None,
            sku: SkuId::new("A1").unwrap(),
            quantity: Quantity::pieces(1).unwrap(),
            amount: cents(row.1),
            promotion: None,
            original: OriginalTerms::default(),
        })
        .collect();
    let facts = Facts { sales: &sales, ..Facts::default() };
    let statement = settle(contract, &facts, period("2025-01"), &[]).unwrap();
    let sum = |kind| {
        statement
            .lines_of(kind)
            .map(|line| match contract.terms().amounts {
                TaxBasis::Inclusive => line.amount.minor(),
                TaxBasis::Exclusive => line.net.minor(),
            })
            .sum()
    };
    Charged {
        turnover_minor: sum(LineKind::Turnover),
        commission_minor: sum(LineKind::Commission),
        top_up_minor: sum(LineKind::TopUp),
    }
}

fn state_of(rows: &[Row]) -> TurnoverState {
    let group_ids: Vec<usize> = rows.iter().map(|row| row.0).collect();
    let amounts: Vec<i64> = rows.iter().map(|row| row.1).collect();
    let mask: Vec<bool> = rows.iter().map(|row| row.2).collect();
    let mut state = TurnoverState::identity(GROUPS);
    state.add(&group_ids, &amounts, Validity::Mask(&mask)).unwrap();
    state
}

fn row() -> impl Strategy<Value = Row> {
    let amount = prop_oneof![6 => -20_000_i64..400_000, 1 => Just(0)];
    (0..GROUPS - 1, amount, proptest::bool::weighted(0.9))
}

proptest! {
    #![proptest_config(crate::support::at_least(512))]

    #[test]
    fn a_batch_charges_what_the_typed_run_posts(
        contract in contracts(),
        rows in proptest::collection::vec(row(), 0..24),
    ) {
        let plan = Plan::new(&contract, period("2025-01")).unwrap();
        let charged = state_of(&rows).finish(|_| &plan).unwrap();
        for (group, charged) in charged.iter().enumerate() {
            prop_assert_eq!(*charged, typed(&contract, &rows, group));
        }
    }

    #[test]
    fn any_split_and_order_gives_the_state_of_one_pass(
        rows in proptest::collection::vec(row(), 0..200),
        cuts in proptest::collection::vec(0_usize..200, 0..8),
        seed in any::<u64>(),
    ) {
        let whole = state_of(&rows);
        let mut mixed = rows.clone();
        shuffle(&mut mixed, seed);
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(rows.len())).collect();
        cuts.extend([0, rows.len()]);
        cuts.sort_unstable();
        let mut parts: Vec<TurnoverState> = cuts.windows(2).map(|cut| state_of(&mixed[cut[0]..cut[1]])).collect();
        shuffle(&mut parts, seed.rotate_left(7));
        let mut merged = TurnoverState::identity(GROUPS);
        for part in &parts {
            merged.merge(part).unwrap();
        }
        prop_assert_eq!(&merged, &whole);
        // One state fed in chunks.
        let mut fed = TurnoverState::identity(GROUPS);
        for chunk in mixed.chunks(7) {
            let group_ids: Vec<usize> = chunk.iter().map(|row| row.0).collect();
            let amounts: Vec<i128> = chunk.iter().map(|row| row.1.into()).collect();
            let bytes = chunk.iter().enumerate().fold(0_u16, |bits, (n, row)| bits | u16::from(row.2) << (n + 3));
            let bits = Validity::Bits { bytes: &bytes.to_le_bytes(), offset: 3 };
            fed.add(&group_ids, &amounts, bits).unwrap();
        }
        prop_assert_eq!(&fed, &whole);
    }

    #[test]
    fn threads_change_nothing(rows in proptest::collection::vec(row(), 0..300), threads in 1_usize..5) {
        let parts = rows.chunks(rows.len().div_ceil(threads).max(1));
        let states = std::thread::scope(|scope| {
            let running: Vec<_> = parts.map(|part| scope.spawn(move || state_of(part))).collect();
            running.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
        });
        let mut merged = TurnoverState::identity(GROUPS);
        for state in &states {
            merged.merge(state).unwrap();
        }
        prop_assert_eq!(merged, state_of(&rows));
    }
}

#[test]
fn sums_beyond_64_bits_stay_exact() {
    let mut state = TurnoverState::identity(2);
    let rows = [i64::MAX, i64::MAX, 5, i64::MIN, i64::MAX];
    for _ in 0..3 {
        state.add(&[1; 5], &rows, Validity::All).unwrap();
    }
    let expected: i128 = 3 * rows.iter().map(|row| i128::from(*row)).sum::<i128>();
    assert_eq!(state.turnover().collect::<Vec<_>>(), [0, expected]);
    let mut wide = TurnoverState::identity(2);
    wide.add(&[1], &[expected], Validity::All).unwrap();
    assert_eq!(wide, state);
    wide.merge(&state).unwrap();
    assert_eq!(wide.turnover().nth(1), Some(2 * expected));
    wide.add(&[1], &[-2 * expected], Validity::All).unwrap();
    assert_eq!(wide, TurnoverState::identity(2));
}

#[test]
fn rates_and_amounts_beyond_128_bits_take_the_slow_way() {
    let mut method = TurnoverDeduction::at(rate("0.1234567890123456%"));
    let plan = Plan::new(
        &Contract::new(terms(Method::TurnoverDeduction(method.clone()))).unwrap(),
        period("2025-01"),
    );
    let most = 10_i128.pow(36) - 1;
    let charged = plan.unwrap().charge(most).unwrap();
    let exact = Exact::from_int(most).mul(&rate("0.1234567890123456%").to_exact()).unwrap();
    assert_eq!(charged.commission_minor, exact.round_to_int(RoundingMode::HalfAwayFromZero).unwrap());
    let table = TierTable::new(
        [Tier::rate(Decimal::ZERO, rate("3.3333333333333333%")), Tier::rate(decimal("0.01"), rate("1.7%"))],
        Boundary::ReachedAt,
    )
    .unwrap();
    let x = Exact::ratio(most, 100).unwrap();
    let earned = table.evaluate(TierMethod::Marginal, &x).unwrap().mul(&Exact::from_int(100)).unwrap();
    method.tiers = Some(CommissionTiers { method: TierMethod::Marginal, table });
    let plan =
        Plan::new(&Contract::new(terms(Method::TurnoverDeduction(method))).unwrap(), period("2025-01"));
    let charged = plan.unwrap().charge(most).unwrap();
    assert_eq!(charged.commission_minor, earned.round_to_int(RoundingMode::HalfAwayFromZero).unwrap());
}

#[test]
fn batches_that_are_refused() {
    let refused = |change: &dyn Fn(&mut TurnoverDeduction)| {
        let mut method = TurnoverDeduction::at(rate("22%"));
        change(&mut method);
        let contract = Contract::new(terms(Method::TurnoverDeduction(method))).unwrap();
        Plan::new(&contract, period("2025-01")).unwrap_err().to_string()
    };
    let guarantee = |algorithm, promotion_sales| Guarantee {
        amount: Decimal::from(1_000),
        cycle: Grain::Quarter,
        algorithm,
        rate: rate("22%"),
        measure: GuaranteeMeasure::Turnover,
        top_up_on: TopUpBase::Shortfall,
        true_up: TrueUp::TwoWay,
        promotion_sales,
        overage: None,
    };
    let monthly = refused(&|method| {
        method.guarantee = Some(guarantee(GuaranteeAlgorithm::CycleEnd, PromotionSales::Count));
    });
    assert!(
        monthly.ends_with(
            "a guarantee over several statements, which a batch over turnover alone cannot settle"
        )
    );
    let promoted = refused(&|method| {
        method.guarantee = Some(guarantee(GuaranteeAlgorithm::PerPeriod, PromotionSales::Exclude));
    });
    assert!(promoted.contains("a guarantee without promotion sales"));
    let cycle = refused(&|method| {
        method.guarantee = Some(guarantee(GuaranteeAlgorithm::PerPeriod, PromotionSales::Count));
    });
    assert!(cycle.contains("one settlement for each whole guarantee cycle"), "{cycle}");
    let rent = refused(&|method| {
        method.occupancy = Some(Occupancy { rent: Decimal::ONE, mode: OccupancyMode::Sum });
    });
    assert!(rent.contains("states rent"));
    let overrides = refused(&|method| {
        method.overrides = vec![RateOverride { at: RateTarget::AnyPromotion, rate: rate("1%") }];
    });
    assert!(overrides.contains("rates for part of the sales"));
    let credit = Contract::new(terms(Method::CreditTerms(CreditTerms {}))).unwrap();
    assert!(matches!(
        Plan::new(&credit, period("2025-01")),
        Err(SettlementError::Batch(BatchError::NotInBatch { .. }))
    ));
    assert!(matches!(
        Plan::new(&credit_free(), period("2031-01")),
        Err(SettlementError::PeriodOutsideContract { .. })
    ));

    let mut state = TurnoverState::identity(2);
    let error = |result: Result<(), SettlementError>| match result {
        Err(SettlementError::Batch(error)) => error,
        other => panic!("{other:?}"),
    };
    let column = "the group column";
    assert_eq!(
        error(state.add(&[0], &[1_i64, 2], Validity::All)),
        BatchError::LengthMismatch { column, given: 1, expected: 2 }
    );
    let column = "the validity mask";
    assert_eq!(
        error(state.add(&[0, 0], &[1_i64, 2], Validity::Mask(&[true]))),
        BatchError::LengthMismatch { column, given: 1, expected: 2 }
    );
    let (bytes, column) = ([255_u8], "the validity bitmap");
    assert_eq!(
        error(state.add(&[0; 6], &[1_i64; 6], Validity::Bits { bytes: &bytes, offset: 3 })),
        BatchError::LengthMismatch { column, given: 5, expected: 6 }
    );
    assert_eq!(state, TurnoverState::identity(2));
    // The group of a row that does not count is not looked at.
    state.add(&[7, 1], &[1_i64, 2], Validity::Mask(&[false, true])).unwrap();
    assert_eq!(
        error(state.add(&[1, 7], &[1_i64, 2], Validity::All)),
        BatchError::UnknownGroup { row: 1, group: 7, groups: 2 }
    );
    assert_eq!(
        error(state.merge(&TurnoverState::identity(3))),
        BatchError::GroupsDiffer { given: 3, expected: 2 }
    );
    assert_eq!(error(state.add(&[0], &[i128::MAX], Validity::All)), BatchError::Overflow { group: 0 });
    let plan = Plan::new(&credit_free(), period("2025-01")).unwrap();
    let mut far = TurnoverState::identity(1);
    far.add(&[0], &[10_i128.pow(36)], Validity::All).unwrap();
    assert!(matches!(far.finish(|_| &plan), Err(SettlementError::Types(_))));
}

fn credit_free() -> Contract {
    Contract::new(terms(Method::TurnoverDeduction(TurnoverDeduction::at(rate("22%"))))).unwrap()
}
