//! The two yardsticks: Y, a decimal multiplication with rounding, and M, a month added.

use std::hint::black_box;

use chrono::{Months, NaiveDate};
use rust_decimal::{Decimal, RoundingStrategy};

use crate::ratio::Work;

/// Operations of one call of a yardstick.
const OPERATIONS: usize = 2_000;

/// A fixed linear congruential sequence.
pub fn sequence(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    }
}

/// Y: one `rust_decimal` checked multiplication of an amount and a rate, rounded to two places.
pub fn y() -> Work<impl FnMut() -> Decimal> {
    let mut next = sequence(1);
    let amounts: Vec<Decimal> =
        (0..OPERATIONS).map(|_| Decimal::new(i64::try_from(1_000 + next(90_000_000)).unwrap(), 2)).collect();
    let rates: Vec<Decimal> =
        (0..OPERATIONS).map(|_| Decimal::new(i64::try_from(1 + next(3_000)).unwrap(), 4)).collect();
    let run = move || {
        let mut last = Decimal::ZERO;
        for (amount, rate) in black_box(&amounts).iter().zip(black_box(&rates)) {
            let product = amount.checked_mul(*rate).unwrap();
            last = black_box(product.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero));
        }
        last
    };
    Work { per_call: OPERATIONS, run }
}

/// Dates of ten years in no order.
pub fn dates(count: usize) -> Vec<NaiveDate> {
    let mut next = sequence(2);
    let first = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap();
    (0..count).map(|_| first + chrono::Days::new(next(3_650))).collect()
}

/// M: one `chrono` checked addition of a month.
pub fn m() -> Work<impl FnMut() -> Option<NaiveDate>> {
    let dates = dates(OPERATIONS);
    let run = move || {
        let mut last = None;
        for date in black_box(&dates) {
            last = black_box(date.checked_add_months(black_box(Months::new(1))));
        }
        last
    };
    Work { per_call: OPERATIONS, run }
}
