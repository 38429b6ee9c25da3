//! Every analytic gradient against differences of its likelihood, at points far from any maximum.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use proptest::prelude::*;

use super::cbs::Row;
use super::gamma_gamma::GammaGamma;
use super::geometric::{Dropout, Geometric};
use super::pareto::ParetoNbd;
use super::sbg::{RetentionTable, Sbg};
use super::{BgBb, Opportunities, OpportunityTable};

/// The gradient by `parameters` by Richardson's central differences.
fn differences<const N: usize>(at: [f64; N], f: impl Fn([f64; N]) -> f64) -> [f64; N] {
    std::array::from_fn(|i| {
        let slope = |by: f64| {
            let moved = |by: f64| std::array::from_fn(|j| if i == j { at[j] * (1.0 + by) } else { at[j] });
            (f(moved(by)) - f(moved(-by))) / (2.0 * by * at[i])
        };
        (4.0 * slope(5e-4) - slope(1e-3)) / 3.0
    })
}

fn agree<const N: usize>(at: [f64; N], f: impl Fn([f64; N]) -> (f64, [f64; N])) -> Result<(), TestCaseError> {
    let (value, gradient) = f(at);
    let expected = differences(at, |at| f(at).0);
    for ((found, expected), at) in gradient.iter().zip(expected).zip(at) {
        // In units of the log-parameter, beside the size of the likelihood that was differenced.
        let off = (found - expected).abs() * at;
        prop_assert!(off <= 1e-7 * (1.0 + value.abs()) + 1e-6 * (expected * at).abs(), "{found} {expected}");
    }
    Ok(())
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (0_u32..60, 0.01_f64..1.0, 0.05_f64..4.0, 1_u32..9).prop_map(|(x, part, age, weight)| Row {
        x: f64::from(x),
        recency: if x == 0 { 0.0 } else { part * age },
        age,
        weight: f64::from(weight),
    });
    prop::collection::vec(row, 1..20).prop_map(|mut rows| {
        rows.sort_by(|a, b| a.x.total_cmp(&b.x));
        rows
    })
}

fn four() -> impl Strategy<Value = [f64; 4]> {
    prop::array::uniform4((-3.0_f64..3.0).prop_map(f64::exp))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn beta_geometric(rows in rows(), at in four()) {
        for dropout in [Dropout::AfterRepeat, Dropout::AfterAny] {
            agree(at, |[r, alpha, a, b]| Geometric { r, alpha, a, b, dropout }.gradient(&rows))?;
        }
    }

    #[test]
    fn pareto(rows in rows(), at in four()) {
        agree(at, |[r, alpha, s, beta]| ParetoNbd::new(r, alpha, s, beta).expect("a model").gradient(&rows))?;
    }

    #[test]
    fn beta_bernoulli(
        histories in prop::collection::vec((0_u32..12, 0_u32..12, 0_u32..12, 1_u64..9), 1..12),
        at in four(),
    ) {
        let mut table = OpportunityTable::new();
        for (x, misses, silence, customers) in histories {
            let t_x = if x == 0 { 0 } else { x + misses };
            table.add_many(Opportunities::new(x, t_x, t_x + silence).expect("a history"), customers);
        }
        agree(at, |[alpha, beta, gamma, delta]| {
            BgBb::new(alpha, beta, gamma, delta).expect("a model").gradient(&table)
        })?;
    }

    #[test]
    fn spend(rows in prop::collection::vec((1_u32..40, 0.01_f64..50.0), 1..20), at in prop::array::uniform3((-3.0_f64..3.0).prop_map(f64::exp))) {
        let mut rows: Vec<(f64, f64)> = rows.into_iter().map(|(x, mean)| (f64::from(x), mean)).collect();
        rows.sort_by(|a, b| a.0.total_cmp(&b.0));
        agree(at, |[p, q, v]| GammaGamma::new(p, q, v).expect("a model").gradient(&rows))?;
    }

    #[test]
    fn renewals(steps in prop::collection::vec(0_u64..50, 1..40), at in prop::array::uniform2((-3.0_f64..3.0).prop_map(f64::exp))) {
        let mut left: u64 = steps.iter().sum::<u64>() + 7;
        let mut survivors = vec![left];
        for step in steps {
            left -= step;
            survivors.push(left);
        }
        let mut table = RetentionTable::new();
        table.add_cohort(&survivors).expect("a cohort");
        agree(at, |[alpha, beta]| Sbg::new(alpha, beta).expect("a model").gradient(&table))?;
    }
}
