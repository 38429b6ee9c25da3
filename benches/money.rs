//! Multiply and round: the inner step of every settlement line.
//!
//! Three ways to take a rate of an amount and round half away from zero: the kernel on plain integers, the typed path
//! on top of it, and `rust_decimal` as the usual alternative. Every run asserts the total it times, so a faster wrong
//! answer fails instead of winning.

use std::hint::black_box;

use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use endcap::types::{Currency, Money, Rate, Rounding, RoundingMode, allocate, round_fraction, vat};
use rust_decimal::{Decimal, RoundingStrategy};

const LINES: usize = 1_000;
const RATES: [&str; 5] = ["22%", "2.75%", "0.6%", "13%", "1.125%"];
const MODE: RoundingMode = RoundingMode::HalfAwayFromZero;
const DECIMAL_MODE: RoundingStrategy = RoundingStrategy::MidpointAwayFromZero;

/// Amounts in fen, about half of them credits, from a fixed linear congruential sequence.
fn amounts(largest: i128) -> Vec<i128> {
    let mut state = 20_260_401_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i128::from(state >> 11)
    };
    (0..LINES).map(|_| (next() * next()).rem_euclid(2 * largest) - largest).collect()
}

struct Lines {
    minor: Vec<i128>,
    money: Vec<Money>,
    decimal: Vec<Decimal>,
    /// Numerator and denominator of the rate of each line.
    fraction: Vec<(i128, i128)>,
    rate: Vec<Rate>,
    decimal_rate: Vec<Decimal>,
}

impl Lines {
    fn new(largest: i128) -> Self {
        let minor = amounts(largest);
        let rate: Vec<Rate> = RATES.iter().cycle().take(LINES).map(|text| text.parse().unwrap()).collect();
        Self {
            money: minor.iter().map(|minor| Money::from_minor(*minor, Currency::CNY).unwrap()).collect(),
            decimal: minor.iter().map(|minor| Decimal::from_i128_with_scale(*minor, 2)).collect(),
            fraction: rate
                .iter()
                .map(|rate| (rate.as_percent().mantissa(), 10_i128.pow(rate.as_percent().scale() + 2)))
                .collect(),
            decimal_rate: rate.iter().map(|rate| rate.as_percent() / Decimal::ONE_HUNDRED).collect(),
            minor,
            rate,
        }
    }

    fn kernel(&self) -> i128 {
        let pairs = self.minor.iter().zip(&self.fraction);
        pairs.map(|(minor, (num, den))| round_fraction(minor * num, *den, MODE).unwrap()).sum()
    }

    fn typed(&self) -> i128 {
        let pairs = self.money.iter().zip(&self.rate);
        pairs
            .map(|(money, rate)| {
                money.exact().times_rate(rate).unwrap().round(&Rounding::HALF_AWAY).unwrap().minor()
            })
            .sum()
    }

    fn decimal(&self) -> Decimal {
        let pairs = self.decimal.iter().zip(&self.decimal_rate);
        pairs.map(|(amount, rate)| (amount * rate).round_dp_with_strategy(2, DECIMAL_MODE)).sum()
    }

    fn typed_vat(&self) -> i128 {
        let pairs = self.money.iter().zip(&self.rate);
        pairs
            .map(|(gross, rate)| {
                vat::split_inclusive(gross, rate, &Rounding::HALF_AWAY).unwrap().tax().minor()
            })
            .sum()
    }

    fn decimal_vat(&self) -> Decimal {
        let pairs = self.decimal.iter().zip(&self.decimal_rate);
        pairs
            .map(|(gross, rate)| {
                (gross * rate / (Decimal::ONE + rate)).round_dp_with_strategy(2, DECIMAL_MODE)
            })
            .sum()
    }
}

fn time<T: PartialEq + std::fmt::Debug>(
    group: &mut BenchmarkGroup<'_, criterion::measurement::WallTime>,
    name: &str,
    lines: &Lines,
    expected: T,
    run: fn(&Lines) -> T,
) {
    group.bench_function(name, |bencher| {
        bencher.iter(|| {
            let total = run(black_box(lines));
            assert_eq!(total, expected);
            total
        });
    });
}

fn multiply_and_round(c: &mut Criterion) {
    // Up to a million yuan a line: all products fit 64 bits.
    let lines = Lines::new(100_000_000);
    let expected = lines.kernel();
    let mut group = c.benchmark_group("multiply_and_round");
    group.throughput(Throughput::Elements(LINES as u64));
    time(&mut group, "round_fraction", &lines, expected, Lines::kernel);
    time(&mut group, "typed", &lines, expected, Lines::typed);
    let decimal = Decimal::from_i128_with_scale(expected, 2);
    time(&mut group, "rust_decimal", &lines, decimal, Lines::decimal);
    group.finish();

    // Up to 10^21 fen a line: every product needs more than 64 bits.
    let lines = Lines::new(1_000_000_000_000_000_000_000);
    let expected = lines.kernel();
    let mut group = c.benchmark_group("multiply_and_round_wide");
    group.throughput(Throughput::Elements(LINES as u64));
    time(&mut group, "round_fraction", &lines, expected, Lines::kernel);
    time(&mut group, "typed", &lines, expected, Lines::typed);
    let decimal = Decimal::from_i128_with_scale(expected, 2);
    time(&mut group, "rust_decimal", &lines, decimal, Lines::decimal);
    group.finish();
}

fn split_tax(c: &mut Criterion) {
    let lines = Lines::new(100_000_000);
    let expected = lines.typed_vat();
    let mut group = c.benchmark_group("split_inclusive_tax");
    group.throughput(Throughput::Elements(LINES as u64));
    time(&mut group, "typed", &lines, expected, Lines::typed_vat);
    let decimal = Decimal::from_i128_with_scale(expected, 2);
    time(&mut group, "rust_decimal", &lines, decimal, Lines::decimal_vat);
    group.finish();
}

fn sum(c: &mut Criterion) {
    let lines = Lines::new(100_000_000);
    let expected: i128 = lines.minor.iter().sum();
    let mut group = c.benchmark_group("sum");
    group.throughput(Throughput::Elements(LINES as u64));
    time(&mut group, "typed", &lines, expected, |lines| {
        Money::sum(lines.money.iter().copied(), Currency::CNY).unwrap().minor()
    });
    let decimal = Decimal::from_i128_with_scale(expected, 2);
    time(&mut group, "rust_decimal", &lines, decimal, |lines| lines.decimal.iter().sum());
    group.finish();
}

fn split_over_keys(c: &mut Criterion) {
    let total = Money::from_minor(10_000_000_001, Currency::CNY).unwrap();
    let weights: Vec<(usize, Decimal)> = amounts(1_000_000)
        .into_iter()
        .map(|w| Decimal::from_i128_with_scale(w.abs(), 2))
        .enumerate()
        .collect();
    let mut group = c.benchmark_group("allocate");
    group.throughput(Throughput::Elements(LINES as u64));
    group.bench_function("largest_remainder", |bencher| {
        bencher.iter(|| {
            let parts = allocate(total, black_box(&weights).iter().copied()).unwrap();
            assert_eq!(Money::sum(parts.values().copied(), Currency::CNY), Ok(total));
            parts
        });
    });
    group.finish();
}

criterion_group!(benches, multiply_and_round, split_tax, sum, split_over_keys);
criterion_main!(benches);
