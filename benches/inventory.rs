//! Suggested orders of a chain: columns of a hundred thousand rows, against one typed request after the other.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use endcap::inventory::{
    Column, Demand, DemandOf, OrderColumns, OrderOptions, OrderRequest, Safety, SafetyOf, suggest,
    suggest_all,
};
use endcap::types::{CasePack, SkuId, StoreId};

const SOLD_DAYS: i64 = 28;
const LEAD_DAYS: i64 = 3;
const REVIEW_DAYS: i64 = 7;

#[derive(Default)]
struct Rows {
    on_hand: Vec<i64>,
    sold: Vec<i64>,
    safety: Vec<i64>,
    in_transit: Vec<i64>,
    case_pack: Vec<i64>,
}

fn rows() -> Rows {
    let mut state = 20_250_606_u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((state >> 33) % below).unwrap()
    };
    let mut rows = Rows::default();
    for _ in 0..100_000 {
        rows.on_hand.push(next(200));
        rows.sold.push(next(600));
        rows.safety.push(next(40));
        rows.in_transit.push(next(60));
        rows.case_pack.push([1, 6, 12, 24][usize::try_from(next(4)).unwrap()]);
    }
    rows
}

/// `⌈sold × cover ÷ days + safety − on hand − in transit⌉`, then whole cases; all over 28, so in integers.
fn independent(rows: &Rows) -> i64 {
    let mut total = 0;
    for n in 0..rows.on_hand.len() {
        let stock = rows.safety[n] - rows.on_hand[n] - rows.in_transit[n];
        let need = rows.sold[n] * (LEAD_DAYS + REVIEW_DAYS) + stock * SOLD_DAYS;
        if need > 0 {
            let (pieces, case) = ((need + SOLD_DAYS - 1) / SOLD_DAYS, rows.case_pack[n]);
            total += (pieces + case - 1) / case * case;
        }
    }
    total
}

fn orders(c: &mut Criterion) {
    let rows = rows();
    let expected = independent(&rows);
    let count = rows.on_hand.len();
    let options = OrderOptions::default();
    let mut group = c.benchmark_group("orders_of_100000_rows");
    group.throughput(Throughput::Elements(u64::try_from(count).unwrap()));
    group.sample_size(20);

    let demand = Demand::Rate {
        sold: Column::Each(&rows.sold),
        sold_days: Column::Same(SOLD_DAYS),
        lead_days: Column::Same(LEAD_DAYS),
        review_days: Column::Same(REVIEW_DAYS),
    };
    let columns = OrderColumns {
        safety: Safety::Pieces(Column::Each(&rows.safety)),
        in_transit: Column::Each(&rows.in_transit),
        case_pack: Column::Each(&rows.case_pack),
        ..OrderColumns::new(&rows.on_hand, demand)
    };
    group.bench_function("suggest_all", |bencher| {
        bencher.iter(|| {
            let lines = suggest_all(black_box(&columns), &options).unwrap();
            assert_eq!(lines.iter().map(|line| line.quantity()).sum::<i64>(), expected);
            lines
        });
    });

    let days = |days: i64| u16::try_from(days).unwrap();
    let requests: Vec<OrderRequest> = (0..count)
        .map(|n| {
            let demand = DemandOf::Rate {
                sold: rows.sold[n],
                sold_days: days(SOLD_DAYS),
                lead_days: days(LEAD_DAYS),
                review_days: days(REVIEW_DAYS),
            };
            let sku = SkuId::new(format!("A{}", n % 500)).unwrap();
            let store = StoreId::new(format!("S{}", n / 500)).unwrap();
            let case_pack = CasePack::new(u32::try_from(rows.case_pack[n]).unwrap()).unwrap();
            OrderRequest {
                safety: SafetyOf::Pieces(rows.safety[n]),
                in_transit: rows.in_transit[n],
                ..OrderRequest::new(sku, store, rows.on_hand[n], demand, case_pack)
            }
        })
        .collect();
    group.bench_function("suggest_one_by_one", |bencher| {
        bencher.iter(|| {
            let orders: Vec<_> =
                black_box(&requests).iter().map(|request| suggest(request, &options).unwrap()).collect();
            assert_eq!(orders.iter().map(|order| order.quantity()).sum::<i64>(), expected);
            orders
        });
    });
    group.finish();
}

criterion_group!(benches, orders);
criterion_main!(benches);
