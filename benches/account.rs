//! A million accounts classified, and lines summed by account.
//!
//! The baselines are what one writes first: sort floats and add them up, and a map from names to decimals.

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use endcap::account::{GroupedSums, Scheme, Validity, classify_slice};
use rust_decimal::Decimal;

/// Amounts below `below`, many small ones and few large, from a fixed linear congruential sequence.
fn amounts(count: usize, below: u64) -> Vec<i64> {
    let mut state = 20_250_604_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    (0..count).map(|_| i64::try_from(next() * next() / below).unwrap()).collect()
}

/// Members of A, B and C at 80 % and 95 %, by counting equal amounts: no member is looked at twice and none is sorted.
fn independent(values: &[i64]) -> [usize; 3] {
    let total: i128 = values.iter().map(|value| i128::from(*value)).sum();
    let mut counts = BTreeMap::<i64, i128>::new();
    for value in values {
        *counts.entry(-value).or_default() += 1;
    }
    let (mut members, mut prior) = ([0_usize; 3], 0_i128);
    for (negated, count) in counts {
        for _ in 0..count {
            members[usize::from(prior * 100 >= total * 80) + usize::from(prior * 100 >= total * 95)] += 1;
            prior -= i128::from(negated);
        }
    }
    members
}

/// Sort and add up, as a spreadsheet does; the share ahead of a member decides.
fn sorted_floats(values: &[i64]) -> (Vec<u8>, [usize; 3]) {
    let mut order: Vec<(f64, usize)> = values.iter().map(|value| *value as f64).zip(0..).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0));
    let total: f64 = order.iter().map(|(value, _)| value).sum();
    let (mut classes, mut members, mut prior) = (vec![0_u8; values.len()], [0_usize; 3], 0.0);
    for (value, index) in order {
        let share = prior / total;
        let class = usize::from(share >= 0.80) + usize::from(share >= 0.95);
        classes[index] = class as u8;
        members[class] += 1;
        prior += value;
    }
    (classes, members)
}

fn classify(c: &mut Criterion) {
    let count = 1_000_000;
    let values = amounts(count, 1_000_000_000);
    let expected = independent(&values);
    let mut group = c.benchmark_group("classify_a_million");
    group.throughput(Throughput::Elements(u64::try_from(count).unwrap()));
    group.sample_size(10);
    let scheme = Scheme::default();
    group.bench_function("classify_slice", |bencher| {
        bencher.iter(|| {
            let result = classify_slice(black_box(&values), &scheme).unwrap();
            let members: Vec<usize> = result.classes().iter().map(|class| class.members).collect();
            assert_eq!(members, expected);
            result
        });
    });
    group.bench_function("sorted_f64", |bencher| {
        bencher.iter(|| {
            let result = sorted_floats(black_box(&values));
            assert_eq!(result.1, expected);
            result
        });
    });
    group.finish();
}

fn group_sums(c: &mut Criterion) {
    let (rows, groups) = (200_000, 1_000);
    let values = amounts(rows, 10_000_000);
    let ids: Vec<usize> = (0..rows).map(|row| row * 7_919 % groups).collect();
    let names: Vec<String> = ids.iter().map(|id| format!("ACCOUNT-{id:04}")).collect();
    let decimals: Vec<Decimal> = values.iter().map(|minor| Decimal::new(*minor, 2)).collect();
    // One group in full, and all of them together.
    let of = |group: usize| -> i128 {
        values.iter().zip(&ids).filter(|(_, id)| **id == group).map(|(value, _)| i128::from(*value)).sum()
    };
    let (seventh, total) = (of(7), values.iter().map(|value| i128::from(*value)).sum::<i128>());

    let mut group = c.benchmark_group("sums_by_account");
    group.throughput(Throughput::Elements(u64::try_from(rows).unwrap()));
    group.sample_size(30);
    group.bench_function("grouped_sums", |bencher| {
        bencher.iter(|| {
            let mut state = GroupedSums::identity(groups);
            state.add(black_box(&values), &ids, Validity::All).unwrap();
            let (sums, _) = state.finish();
            assert_eq!((sums[7], sums.iter().sum::<i128>()), (seventh, total));
            sums
        });
    });
    let as_decimal = |minor| Decimal::from_i128_with_scale(minor, 2);
    group.bench_function("btree_map_of_names_and_decimals", |bencher| {
        bencher.iter(|| {
            let mut sums = BTreeMap::<String, Decimal>::new();
            for (name, amount) in black_box(&names).iter().zip(&decimals) {
                match sums.get_mut(name) {
                    Some(sum) => *sum += amount,
                    None => drop(sums.insert(name.clone(), *amount)),
                }
            }
            let whole: Decimal = sums.values().sum();
            assert_eq!((sums["ACCOUNT-0007"], whole), (as_decimal(seventh), as_decimal(total)));
            sums
        });
    });
    group.finish();
}

criterion_group!(benches, classify, group_sums);
criterion_main!(benches);
