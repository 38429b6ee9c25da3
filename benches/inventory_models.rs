//! Inventory models: each task asserts the result that the Python peer must give too (`compare_inventory.py`).

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use endcap::inventory::models::discount::{DiscountCosts, DiscountKind, PriceBreaks, eoq_discount};
use endcap::inventory::models::echelon::guaranteed::{Customers, SupplyStage, SupplyTree};
use endcap::inventory::models::echelon::serial::SerialSystem;
use endcap::inventory::models::eoq::{LotCosts, eoq};
use endcap::inventory::models::lot_sizing::{LotSizing, PerPeriod, wagner_whitin};
use endcap::inventory::models::newsvendor::newsvendor;
use endcap::inventory::models::rq_integer::PieceReview;
use endcap::inventory::models::rq_normal::ContinuousReview;
use endcap::inventory::models::ss::PeriodicReview;
use endcap::inventory::models::{Distribution, UnitCosts};
use endcap::inventory::{Column, Demand, OrderColumns, OrderOptions, suggest_all};

fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-6 * expected.abs(), "{found} but {expected}");
}

fn unit(holding: f64, shortage: f64) -> UnitCosts {
    UnitCosts::new(holding, shortage).unwrap()
}

fn lots(c: &mut Criterion) {
    let costs = LotCosts { fixed: 8.0, holding: 0.225, demand: 1300.0 };
    close(eoq(&costs).unwrap().cost(), 68.410_525_505_95);
    c.bench_function("eoq", |b| b.iter(|| eoq(black_box(&costs))));
    let costs = DiscountCosts { fixed: 8.0, holding_rate: 0.3, demand: 1300.0 };
    let list = PriceBreaks { breaks: &[0.0, 400.0, 800.0], prices: &[0.75, 0.72, 0.68] };
    for (name, kind, cost) in [
        ("eoq_all_units", DiscountKind::AllUnits, 978.6),
        ("eoq_incremental", DiscountKind::Incremental, 1_043.410_525_506),
    ] {
        close(eoq_discount(&costs, &list, kind).unwrap().cost(), cost);
        c.bench_function(name, |b| b.iter(|| eoq_discount(black_box(&costs), &list, kind)));
    }
}

fn newsvendors(c: &mut Criterion) {
    let costs = unit(0.18, 0.7);
    let normal =
        || newsvendor(black_box(&costs), &Distribution::normal(black_box(50.0), 8.0).unwrap()).unwrap();
    close(normal().level, 56.603_955_927_43);
    close(normal().cost(), 1.997_605_193_177);
    c.bench_function("newsvendor_normal", |b| b.iter(normal));
    let poisson = || newsvendor(black_box(&costs), &Distribution::poisson(black_box(50.0)).unwrap()).unwrap();
    close(poisson().level, 56.0);
    c.bench_function("newsvendor_poisson_50", |b| b.iter(poisson));
}

fn min_max(c: &mut Criterion) {
    for (name, mean, fixed, shortage, expected) in [
        ("ss_exact_6", 6.0, 5.0, 4.0, (4, 10, 8.034_111_561_472)),
        ("ss_exact_25", 25.0, 64.0, 9.0, (19, 56, 54.262_166_718_589)),
        ("ss_exact_60", 60.0, 64.0, 9.0, (52, 129, 77.305_929_434_523)),
    ] {
        let stock = PeriodicReview {
            costs: unit(1.0, shortage),
            fixed,
            demand: Distribution::poisson(mean).unwrap(),
            lead: 0,
        };
        let plan = stock.optimum().unwrap();
        assert_eq!((plan.reorder, plan.up_to), (expected.0, expected.1));
        close(plan.cost(), expected.2);
        c.bench_function(name, |b| b.iter(|| black_box(&stock).optimum()));
    }
}

fn reorder(c: &mut Criterion) {
    let pieces = PieceReview {
        costs: unit(20.0, 150.0),
        fixed: 100.0,
        demand: Distribution::poisson(1.5).unwrap(),
        lead: 2.0,
    };
    close(pieces.optimum().unwrap().cost(), 107.923_580_633_1);
    c.bench_function("rq_poisson_exact", |b| b.iter(|| black_box(&pieces).optimum()));
    let stock =
        ContinuousReview { costs: unit(0.225, 7.5), fixed: 8.0, mean: 1300.0, sd: 150.0, lead: 1.0 / 12.0 };
    close(stock.best_reorder_for(318.0).unwrap().reorder, 127.788_035_028_3);
    close(stock.expected_level_heuristic().unwrap().plan.reorder, 213.970_442_125_8);
    close(stock.eoq_backorder_heuristic().unwrap().reorder, 128.637_814_311_5);
    close(stock.eoq_plus_safety().unwrap().reorder, 190.336_996_571_6);
    close(stock.loss_heuristic().unwrap().reorder, 126.867_063_367_6);
    c.bench_function("rq_r_for_q", |b| b.iter(|| black_box(&stock).best_reorder_for(318.0)));
    c.bench_function("rq_eil", |b| b.iter(|| black_box(&stock).expected_level_heuristic()));
    c.bench_function("rq_eoqb", |b| b.iter(|| black_box(&stock).eoq_backorder_heuristic()));
    c.bench_function("rq_eoqss", |b| b.iter(|| black_box(&stock).eoq_plus_safety()));
    c.bench_function("rq_normal_exact", |b| b.iter(|| black_box(&stock).optimum()));
}

/// Demand of the comparison: `(37 t² + 11 t) mod 101`, with every seventh period empty.
fn demand(periods: u32) -> Vec<f64> {
    (0..periods).map(|t| if t % 7 == 6 { 0.0 } else { f64::from((37 * t * t + 11 * t) % 101) }).collect()
}

fn lot_sizing(c: &mut Criterion) {
    for (name, periods, cost) in [
        ("wagner_whitin_12", 12, 1_452.0),
        ("wagner_whitin_52", 52, 5_513.0),
        ("wagner_whitin_365", 365, 38_290.0),
    ] {
        let demand = demand(periods);
        let problem = LotSizing {
            setup: PerPeriod::Same(250.0),
            holding: PerPeriod::Same(1.0),
            unit: PerPeriod::Same(0.0),
            demand: &demand,
        };
        close(wagner_whitin(&problem).unwrap().plan.cost(), cost);
        c.bench_function(name, |b| b.iter(|| wagner_whitin(black_box(&problem))));
    }
}

fn networks(c: &mut Criterion) {
    let stage = |holding: f64, processing: u32, supplier_time: u32, customers: Customers| SupplyStage {
        holding,
        processing,
        supplier_time,
        customers,
    };
    let customers = |service_time: u32| Customers::Promised { service_time, sd: 1.0 };
    let small = SupplyTree {
        stages: vec![
            stage(1.0, 2, 1, Customers::None),
            stage(3.0, 1, 0, customers(0)),
            stage(2.0, 1, 0, Customers::None),
            stage(3.0, 1, 0, customers(1)),
        ],
        links: vec![(0, 2), (2, 1), (2, 3)],
        factor: 1.0,
    };
    close(small.optimum().unwrap().cost, 8.277_916_867_53);
    c.bench_function("gsm_tree_4", |b| b.iter(|| black_box(&small).optimum()));
    let holding = [0.01, 0.03, 0.04, 0.06, 0.12, 0.13, 0.20, 0.08, 0.04, 0.50];
    let times = [2, 3, 2, 4, 2, 3, 6, 4, 3, 2];
    let mut stages: Vec<SupplyStage> =
        holding.iter().zip(times).map(|(h, t)| stage(*h, t, 0, Customers::None)).collect();
    stages[9].customers = Customers::Promised { service_time: 2, sd: 10.0 };
    let large = SupplyTree {
        stages,
        links: vec![(0, 1), (1, 2), (2, 4), (3, 4), (4, 5), (5, 9), (6, 9), (7, 9), (8, 9)],
        factor: 1.644_853_626_951_472_2,
    };
    close(large.optimum().unwrap().cost, 18.824_004_472_59);
    c.bench_function("gsm_tree_10", |b| b.iter(|| black_box(&large).optimum()));
    let serial = SerialSystem {
        holding: vec![3.0, 2.0, 2.0],
        lead: vec![1.0, 1.0, 2.0],
        shortage: 37.12,
        demand: Distribution::normal(5.0, 1.0).unwrap(),
    };
    close(serial.optimum().unwrap().cost, 47.660_149_6);
    c.bench_function("ssm_serial_3", |b| b.iter(|| black_box(&serial).optimum()));
}

/// A hundred thousand lines, each with its own newsvendor optimum as order-up-to level, then cases and reasons.
fn newsvendor_lines(c: &mut Criterion) {
    let rows = 100_000_u32;
    let demand: Vec<(f64, f64)> =
        (0..rows).map(|n| (f64::from(n % 97) + 3.0, f64::from(n % 13) + 1.0)).collect();
    let on_hand: Vec<i64> = (0..rows).map(|n| i64::from(n % 89)).collect();
    let costs = unit(0.2, 1.0);
    let plan = || {
        let targets: Vec<i64> = demand
            .iter()
            .map(|(mean, sd)| {
                newsvendor(&costs, &Distribution::normal(*mean, *sd).unwrap()).unwrap().pieces_up()
            })
            .collect();
        let columns = OrderColumns {
            case_pack: Column::Same(6),
            ..OrderColumns::new(&on_hand, Demand::Target(Column::Each(&targets)))
        };
        suggest_all(&columns, &OrderOptions::default()).unwrap()
    };
    let ordered: i64 = plan().iter().map(|line| line.quantity()).sum();
    // z(5/6) = 0.967421566…: recomputed from the table of the normal distribution.
    let expected: i64 = demand
        .iter()
        .zip(&on_hand)
        .map(|((mean, sd), stock)| {
            let need = ((mean + 0.967_421_566_101_701 * sd).ceil() as i64 - stock).max(0);
            (need + 5) / 6 * 6
        })
        .sum();
    assert_eq!(ordered, expected);
    let mut group = c.benchmark_group("lines");
    group.throughput(Throughput::Elements(u64::from(rows)));
    group.bench_function("newsvendor", |b| b.iter(plan));
    group.finish();
}

criterion_group!(benches, lots, newsvendors, min_max, reorder, lot_sizing, networks, newsvendor_lines);
criterion_main!(benches);
