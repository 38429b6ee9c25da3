//! Tiers, cumulative settlement, guarantees, discounts and allocation a second time, in plain fractions that share no code
//! with the crate; a thousand cases each.

use std::collections::BTreeMap;

use endcap_calendar::{Grain, Period};
use endcap_settlement::*;
use endcap_types::*;
use num_rational::Ratio;
use proptest::prelude::*;

use crate::numbered_laws::thousand;
use crate::support::*;
use crate::world::cents;

type R = Ratio<i128>;

fn whole(value: i128) -> R {
    R::from_integer(value)
}

/// Half away from zero.
fn round(value: R) -> i128 {
    let half = R::new(1, 2);
    if value < whole(0) {
        -((-value + half).floor().to_integer())
    } else {
        (value + half).floor().to_integer()
    }
}

/// Thresholds in yuan and rates in hundredths of a percent, as drawn.
type Bands = Vec<(i128, i128)>;

fn bands() -> impl Strategy<Value = Bands> {
    prop::collection::vec((1_i128..4_000, 0_i128..2_000), 1..5).prop_map(|steps| {
        let mut from = 0;
        let mut told = Vec::new();
        for (index, (step, rate)) in steps.into_iter().enumerate() {
            from += if index == 0 { step % 3 * 500 } else { step };
            told.push((from, rate));
        }
        told
    })
}

fn table(bands: &Bands, boundary: Boundary) -> TierTable {
    let tier = |(from, rate): &(i128, i128)| {
        Tier::rate(
            i64::try_from(*from).unwrap().into(),
            Rate::basis_points(i64::try_from(*rate).unwrap().into()).unwrap(),
        )
    };
    TierTable::new(bands.iter().map(tier), boundary).unwrap()
}

/// What an amount in cents earns, in cents, before rounding: every band asked by itself.
fn earned(bands: &Bands, boundary: Boundary, method: TierMethod, minor: i128) -> R {
    let mut total = whole(0);
    let mut last = whole(0);
    for (index, (from, rate)) in bands.iter().enumerate() {
        let lower = from * 100;
        let reached = minor >= 0
            && match boundary {
                Boundary::ReachedAt => minor >= lower,
                Boundary::Exceeds => minor > lower || lower == 0,
            };
        if !reached {
            continue;
        }
        let upper = bands.get(index + 1).map_or(minor, |(next, _)| minor.min(next * 100));
        let taken = match method {
            TierMethod::Whole | TierMethod::Total => minor,
            TierMethod::Rolling => upper,
            TierMethod::Marginal => upper - lower,
        };
        last = R::new(taken * rate, 10_000);
        total += last;
    }
    if method == TierMethod::Whole { last } else { total }
}

const METHODS: [TierMethod; 4] =
    [TierMethod::Marginal, TierMethod::Whole, TierMethod::Rolling, TierMethod::Total];

fn to_exact(value: R) -> Exact {
    Exact::ratio(*value.numer(), *value.denom()).unwrap()
}

proptest! {
    #![proptest_config(thousand())]

    #[test]
    fn tiers(told in bands(), which in 0_usize..4, exceeds in any::<bool>(), minor in -50_000_i128..1_500_000) {
        let boundary = if exceeds { Boundary::Exceeds } else { Boundary::ReachedAt };
        let x = Exact::ratio(minor, 100).unwrap();
        let found = table(&told, boundary).evaluate(METHODS[which], &x).unwrap();
        prop_assert_eq!(found, to_exact(earned(&told, boundary, METHODS[which], minor) / whole(100)));
    }

    /// Months of purchases under a cumulative rule: `round(entitlement to date) − posted`, taking back or never.
    #[test]
    fn cumulative_settlement(
        told in bands(), which in 0_usize..4, up_only in any::<bool>(), months in prop::collection::vec(-200_000_i64..900_000, 3),
    ) {
        let rule = AmountRule::Tiered(Tiered {
            of: BaseMeasure::NetPurchases,
            base_tax: TaxBasis::Inclusive,
            method: METHODS[which],
            table: table(&told, Boundary::ReachedAt),
            accumulate: Accumulation::Since(day("2025-01-01")),
            true_up: if up_only { TrueUp::UpOnly } else { TrueUp::TwoWay },
        });
        let mut terms = terms(credit());
        terms.clauses.push(clause("R", ClauseKind::Rebate, rule, SettleMode::Separate, TaxRule::Service));
        let contract = Contract::new(terms).unwrap();
        let (mut prior, mut base, mut posted) = (Vec::<Statement>::new(), 0_i128, 0_i128);
        for (month, minor) in (1..).zip(months) {
            let mut d = delivery("D", &format!("2025-0{month}-15"), "A1", 1, "0");
            d.amount = cents(minor);
            let facts = Facts { deliveries: &[d], ..Facts::default() };
            let statement = settle(&contract, &facts, Period::month(2025, month).unwrap(), &prior).unwrap();
            base += i128::from(minor);
            let due = round(earned(&told, Boundary::ReachedAt, METHODS[which], base)) - posted;
            let due = if up_only { due.max(0) } else { due };
            prop_assert_eq!(statement.totals().separate.minor(), due);
            posted += due;
            // What is told about the next threshold is the difference of the two entitlements.
            if let Some(ahead) = statement.outlook().first() {
                let there = told.iter().find(|(from, _)| base < from * 100).unwrap();
                prop_assert_eq!(ahead.threshold.to_string(), there.0.to_string());
                prop_assert_eq!(ahead.missing, Basis::Amount(cents(i64::try_from(there.0 * 100 - base).unwrap())));
                let gain = earned(&told, Boundary::ReachedAt, METHODS[which], there.0 * 100)
                    - earned(&told, Boundary::ReachedAt, METHODS[which], base);
                prop_assert_eq!(ahead.gain.minor(), round(gain));
            }
            prior.push(statement);
        }
    }

    /// A quarter's guarantee by every algorithm and base of the top-up.
    #[test]
    fn guarantees(
        months in prop::collection::vec(0_i64..6_000_000, 3), guarantee in 0_i128..120_000, bp in 0_i128..4_000, on in 0_usize..3, monthly in any::<bool>(), up_only in any::<bool>(),
    ) {
        let mut method = TurnoverDeduction::at(rate("22%"));
        method.guarantee = Some(Guarantee {
            amount: i64::try_from(guarantee).unwrap().into(),
            cycle: Grain::Quarter,
            algorithm: if monthly { GuaranteeAlgorithm::MonthlyThenTrueUp } else { GuaranteeAlgorithm::CycleEnd },
            rate: Rate::basis_points(i64::try_from(bp).unwrap().into()).unwrap(),
            measure: GuaranteeMeasure::Turnover,
            top_up_on: [TopUpBase::Shortfall, TopUpBase::Guarantee, TopUpBase::Turnover][on],
            true_up: if up_only { TrueUp::UpOnly } else { TrueUp::TwoWay },
            promotion_sales: PromotionSales::Count,
            overage: None,
        });
        let contract = Contract::new(terms(Method::TurnoverDeduction(method))).unwrap();
        let missed = |guarantee: i128, base: i128, commission: i128| {
            if base >= guarantee {
                return 0;
            }
            match on {
                0 => round(R::new((guarantee - base) * bp, 10_000)),
                1 => (round(R::new(guarantee * bp, 10_000)) - commission).max(0),
                _ => (round(R::new(base * bp, 10_000)) - commission).max(0),
            }
        };
        let whole_guarantee = guarantee * 100;
        let (mut prior, mut charged, mut base, mut commission) = (Vec::<Statement>::new(), 0, 0, 0);
        for (month, minor) in (0..).zip(&months) {
            let mut sold = sale("S", &format!("2025-0{}-10", month + 1), "A1", 1, "0");
            sold.amount = cents(*minor);
            let facts = Facts { sales: &[sold], ..Facts::default() };
            let period = Period::month(2025, u32::try_from(month + 1).unwrap()).unwrap();
            let statement = settle(&contract, &facts, period, &prior).unwrap();
            let (now, own) = (i128::from(*minor), round(R::new(i128::from(*minor) * 22, 100)));
            base += now;
            commission += own;
            let share = whole_guarantee / 3 + i128::from(month < whole_guarantee % 3);
            let due = match (month, monthly) {
                (2, true) => {
                    let due = missed(whole_guarantee, base, commission) - charged;
                    if up_only { due.max(0) } else { due }
                }
                (2, false) => missed(whole_guarantee, base, commission),
                (_, true) => missed(share, now, own),
                (_, false) => 0,
            };
            let top_up: i128 = statement.lines_of(LineKind::TopUp).map(|line| line.amount.minor()).sum();
            prop_assert_eq!(top_up, due);
            charged += due;
            prior.push(statement);
        }
    }

    /// Growth in fractions: the band by percent, the pay on the total or the increment.
    #[test]
    fn growth(told in bands(), base in 0_i128..900_000, reference in 1_i128..600_000, total in any::<bool>()) {
        // Thresholds as hundredths of what the bands drew: percent points.
        let points: Bands = told.iter().map(|(from, rate)| (from / 40, *rate)).collect();
        prop_assume!(points.windows(2).all(|pair| pair[0].0 < pair[1].0));
        let on = if total { GrowthBase::Total } else { GrowthBase::Increment };
        let rule = AmountRule::Growth(Growth {
            of: BaseMeasure::NetPurchases,
            base_tax: TaxBasis::Inclusive,
            by: GrowthBy::Percent,
            pay_on: on,
            table: table(&points, Boundary::ReachedAt),
            accumulate: Accumulation::EachPeriod,
            true_up: TrueUp::TwoWay,
        });
        let mut terms = terms(credit());
        terms.clauses.push(clause("R", ClauseKind::GrowthRebate, rule, SettleMode::Separate, TaxRule::Service));
        let mut d = delivery("D", "2025-01-15", "A1", 1, "0");
        d.amount = cents(i64::try_from(base).unwrap());
        let references = [Reference {
            clause: ClauseId::new("R").unwrap(),
            document: document("LY"),
            date: day("2025-01-31"),
            base: Basis::Amount(cents(i64::try_from(reference).unwrap())),
        }];
        let facts = Facts { deliveries: &[d], references: &references, ..Facts::default() };
        let statement = settle(&Contract::new(terms).unwrap(), &facts, period("2025-01"), &[]).unwrap();
        let grown = R::new((base - reference) * 100, reference);
        let band = points.iter().rev().find(|(from, _)| base >= reference && grown >= whole(*from));
        let paid_on = if total { base } else { base - reference };
        let due = band.map_or(0, |(_, bp)| round(R::new(paid_on * bp, 10_000)));
        prop_assert_eq!(statement.totals().separate.minor(), due);
    }

    /// Largest remainder: parts sum to the total, each within a unit of its share, whatever the order of the keys.
    #[test]
    fn law_2_allocation(total in -900_000_i128..900_000, weights in prop::collection::vec(0_i64..50, 1..7), seed in any::<u64>()) {
        prop_assume!(weights.iter().any(|weight| *weight > 0));
        let mut keyed: Vec<(usize, rust_decimal::Decimal)> =
            weights.iter().map(|weight| (*weight).into()).enumerate().collect();
        let money = Money::from_minor(total, Currency::CNY).unwrap();
        let parts = allocate(money, keyed.clone()).unwrap();
        let sum: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
        // One unit after another to whoever is owed the largest fraction, ties to the first.
        let mut fractions: Vec<(R, usize)> = Vec::new();
        let mut expected: BTreeMap<usize, i128> = BTreeMap::new();
        for (key, weight) in weights.iter().enumerate() {
            let ideal = R::new(total.abs() * i128::from(*weight), sum);
            expected.insert(key, ideal.floor().to_integer());
            fractions.push((-(ideal - ideal.floor()), key));
        }
        fractions.sort();
        let left = total.abs() - expected.values().sum::<i128>();
        for (_, key) in fractions.iter().take(usize::try_from(left).unwrap()) {
            *expected.get_mut(key).unwrap() += 1;
        }
        for (key, part) in &parts {
            prop_assert_eq!(part.minor(), expected[key] * total.signum());
            prop_assert!(weights[*key] != 0 || part.is_zero());
        }
        prop_assert_eq!(parts.values().map(Money::minor).sum::<i128>(), total);
        crate::world::shuffle(&mut keyed, seed);
        prop_assert_eq!(allocate(money, keyed).unwrap(), parts);
    }

    /// A discount taken early: what is paid and what is taken off sum to the invoice, and paying later never pays less.
    #[test]
    fn shared_discounts(tag in 0_i128..9_000_000, off in 0_i128..900_000, share in 0_i128..=10_000, bp in 0_i128..9_000) {
        let money = |minor| Money::from_minor(minor, Currency::CNY).unwrap();
        let basis = |bp: i128| Rate::basis_points(i64::try_from(bp).unwrap().into()).unwrap();
        let discount = SharedDiscount { amount: money(off), supplier: basis(share) };
        for (on, base) in [(CommissionOn::Tag, tag), (CommissionOn::Received, tag - off)] {
            let split = share_discounts(money(tag), &[discount], (basis(bp), on), &Rounding::HALF_AWAY).unwrap();
            let (commission, borne) = (round(R::new(base * bp, 10_000)), round(R::new(off * share, 10_000)));
            prop_assert_eq!((split.commission.minor(), split.supplier_bears.minor()), (commission, borne));
            prop_assert_eq!(split.supplier_net.minor(), tag - commission - borne);
            prop_assert_eq!(split.retailer_bears.minor(), off - borne);
        }
    }
}
