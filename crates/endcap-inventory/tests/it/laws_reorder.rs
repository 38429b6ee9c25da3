//! Laws of the cost of a reorder point and a quantity under continuous review.

use endcap_inventory::models::UnitCosts;
use endcap_inventory::models::rq_normal::ContinuousReview;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// The cost is an integral over the positions from `r` to `r + Q`, so that two stretches cost what they cost together,
    /// however far beyond the demand the upper end lies.
    #[test]
    fn costs_of_stretches_add_up(
        low in -8.0_f64..30.0, first in 0.01_f64..20.0, second in 0.01_f64..20.0,
        sd in 0.5_f64..40.0, mean in 1.0_f64..500.0, h in 0.01_f64..5.0, p in 0.01_f64..50.0,
    ) {
        let stock = ContinuousReview { costs: UnitCosts::new(h, p).unwrap(), fixed: 0.0, mean, sd, lead: 1.0 };
        let parts = |from: f64, length: f64| {
            let cost = stock.cost_of(mean + from * sd, length * sd).unwrap().cost;
            (cost.holding * length, cost.shortage * length)
        };
        let whole = parts(low, first + second);
        let (lower, upper) = (parts(low, first), parts(low + first, second));
        // Both are differences of the loss at the ends: the scale of what may be lost in rounding.
        let held = h * sd * (1.0 + (low + first + second).powi(2) + low * low) * 1e-13;
        let short = parts(low, 60.0).1 * 1e-10 + mean * p * 1e-15;
        prop_assert!((whole.0 - lower.0 - upper.0).abs() <= held, "{whole:?} {lower:?} {upper:?}");
        prop_assert!((whole.1 - lower.1 - upper.1).abs() <= short, "{whole:?} {lower:?} {upper:?}");
        prop_assert!(whole.1 >= lower.1 * (1.0 - 1e-10) && lower.1 >= 0.0);
    }
}
