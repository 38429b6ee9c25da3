//! Facings of five hundred products, up to ten each: proven best, against the textbook table.
//!
//! The baseline is the plain dynamic program over every centimetre of shelf: as exact, and blind to bounds.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use endcap::shelf::Status;
use endcap::shelf::mckp::{Budget, Item, solve};

const FACINGS: i64 = 10;

/// Products 4 to 15 cm wide; each further facing adds a random part of what the one before it added.
fn classes() -> Vec<Vec<Item>> {
    let mut state = 20_250_607_u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((state >> 33) % below).unwrap()
    };
    (0..500)
        .map(|_| {
            let (width, mut gain, mut profit) = (4 + next(12), 20_000 + next(180_000), 0);
            (1..=FACINGS)
                .map(|facings| {
                    profit += gain;
                    gain = gain * (500 + next(450)) / 1_000;
                    Item { width: width * facings, profit }
                })
                .collect()
        })
        .collect()
}

/// `best[w]`: the most that the classes so far can earn in at most `w` centimetres.
fn table(classes: &[Vec<Item>], capacity: usize) -> i64 {
    let mut best = vec![0_i64; capacity + 1];
    let mut next = vec![i64::MIN; capacity + 1];
    for class in classes {
        next.fill(i64::MIN);
        for item in class {
            let width = usize::try_from(item.width).unwrap();
            for (to, from) in next[width.min(capacity + 1)..].iter_mut().zip(&best) {
                if *from > i64::MIN {
                    *to = (*to).max(from + item.profit);
                }
            }
        }
        std::mem::swap(&mut best, &mut next);
    }
    best[capacity]
}

fn facings(c: &mut Criterion) {
    let classes = classes();
    // Room for about four facings of each.
    let capacity = classes.iter().map(|class| class[3].width).sum::<i64>();
    let room = usize::try_from(capacity).unwrap();
    let expected = table(&classes, room);
    let mut group = c.benchmark_group("facings_500_by_10");
    group.throughput(Throughput::Elements(u64::try_from(classes.len()).unwrap()));
    group.sample_size(10);
    group.bench_function("mckp", |bencher| {
        bencher.iter(|| {
            let best = solve(black_box(&classes), capacity, &Budget::default()).unwrap();
            assert_eq!((best.profit, best.certificate.status()), (expected, Status::Optimal));
            best
        });
    });
    group.bench_function("dynamic_program", |bencher| {
        bencher.iter(|| {
            let best = table(black_box(&classes), room);
            assert_eq!(best, expected);
            best
        });
    });
    group.finish();
}

criterion_group!(benches, facings);
criterion_main!(benches);
