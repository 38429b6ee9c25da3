//! Evidence on promotions: one series, a geo experiment, 88 accounts, a synthetic control, a portfolio.
//!
//! `cargo bench --bench promo -- --compare TASK RUNS` prints seconds a run and the result as JSON instead, for
//! `compare_promo.py`.

use std::hint::black_box;
use std::time::Instant;

use criterion::Criterion;
use endcap::promo::evidence::demand::{AccountDemand, AccountWeeks};
use endcap::promo::evidence::geo::Tbr;
use endcap::promo::evidence::judge::{Finding, judge};
use endcap::promo::evidence::portfolio::{PortfolioEvent, rank};
use endcap::promo::evidence::simplex::simplex_least_squares;
use endcap::promo::evidence::structural::{StructuralOptions, impact};
use endcap::promo::{DecisionRule, Gate};

/// The same stream in Rust and in Python: a linear congruential generator, thousandths.
struct Stream(u64);

impl Stream {
    fn next(&mut self, below: u64) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % below) as f64 / 1_000.0
    }
}

/// 91 weeks around 100 with a slow drift; the event is the last 20.
fn series(stream: &mut Stream) -> Vec<f64> {
    let mut level = 100.0;
    (0..91)
        .map(|_| {
            level += stream.next(401) - 0.2;
            level + stream.next(8_001) - 4.0
        })
        .collect()
}

fn local_level(y: &[Option<f64>]) -> (f64, f64) {
    let found = impact(y, &[], 71, &StructuralOptions::default()).expect("an effect");
    let (low, high) = found.interval(0.95).expect("an interval");
    (found.average.mean(), (high - low) / 20.0)
}

/// Geo-days: day, group and sales of 100 geos over 92 days.
fn geo_days(stream: &mut Stream) -> Vec<(u8, u8, f64)> {
    let mut rows = Vec::new();
    for day in 0..92_u8 {
        for geo in 0..100_u8 {
            let sales = 50.0 + f64::from(geo) + stream.next(20_001);
            rows.push((
                day,
                geo % 2,
                if geo % 2 == 1 && (42..70).contains(&day) { sales * 1.2 } else { sales },
            ));
        }
    }
    rows
}

fn geo_roi(rows: &[(u8, u8, f64)]) -> (f64, f64) {
    // Eight sums beside each other: one alone would wait for itself at every row.
    let mut lanes = [[[0.0_f64; 92]; 2]; 8];
    for rows in rows.chunks(8) {
        for (days, (day, group, sales)) in lanes.iter_mut().zip(rows) {
            days[usize::from(*group)][usize::from(*day)] += sales;
        }
    }
    let mut days = [[0.0_f64; 92]; 2];
    for lane in &lanes {
        for (day, part) in days.iter_mut().flatten().zip(lane.iter().flatten()) {
            *day += part;
        }
    }
    let [control, treated] = &days;
    let fit = Tbr::fit(&control[..42], &treated[..42]).expect("a fit");
    let effect = fit.effect(&control[42..70], &treated[42..70]).expect("an effect");
    (effect.point / 50_000.0, effect.lower_bound(0.9).expect("a bound") / 50_000.0)
}

struct Weeks {
    volume: Vec<f64>,
    price: Vec<f64>,
    display: Vec<f64>,
}

fn accounts(stream: &mut Stream) -> Vec<Weeks> {
    (0..88)
        .map(|_| {
            let mut weeks = Weeks { volume: Vec::new(), price: Vec::new(), display: Vec::new() };
            for _ in 0..61 {
                let (price, display) = (2.0 + stream.next(1_501), stream.next(801));
                weeks.price.push(price);
                weeks.display.push(display);
                weeks.volume.push(1_000.0 / (price * price) * (1.0 + display) * (0.8 + stream.next(401)));
            }
            weeks
        })
        .collect()
}

/// Sums of all elasticities and of their robust errors.
fn account_effects(accounts: &[Weeks]) -> (f64, f64) {
    let (mut effects, mut errors) = (0.0, 0.0);
    for weeks in accounts {
        let data = AccountWeeks {
            volume: &weeks.volume,
            price: &weeks.price,
            display: &weeks.display,
            feature: &[],
        };
        let demand = AccountDemand::fit(&data, 4).expect("a fit");
        let price = demand.effect("log_price").expect("a price effect");
        effects += price.estimate.value().expect("estimable");
        errors += price.robust_error.expect("an error");
    }
    (effects, errors)
}

fn donors(stream: &mut Stream) -> (Vec<Vec<f64>>, Vec<f64>) {
    let common: Vec<f64> = (0..90).map(|_| stream.next(20_001)).collect();
    let columns: Vec<Vec<f64>> = (0..38)
        .map(|_| {
            let (level, load) = (stream.next(50_001), stream.next(2_001));
            common.iter().map(|c| level + load * c + stream.next(6_001)).collect()
        })
        .collect();
    let target = common.iter().map(|c| 25.0 + c + stream.next(6_001)).collect();
    (columns, target)
}

fn synthetic_control(columns: &[Vec<f64>], target: &[f64]) -> (f64, f64) {
    let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let fit = simplex_least_squares(&slices, target, 0.0).expect("weights");
    assert!(fit.kkt_residual < 1e-12);
    (fit.objective, fit.weights.iter().fold(0.0, |most: f64, w| most.max(*w)))
}

/// Events of 52 weeks, 4 of them the event and its cooldown, three controls: effect, verdict, portfolio.
fn portfolio(stream: &mut Stream, events: usize) -> (f64, f64) {
    let rule = DecisionRule { alpha: 0.05, material_effect: 0.0 };
    let mut entries = Vec::with_capacity(events);
    let mut works = 0.0;
    for id in 0..events {
        let common: Vec<f64> = (0..52).map(|_| stream.next(10_001)).collect();
        let mut own = || -> Vec<f64> { common.iter().map(|c| 80.0 + c + stream.next(10_001)).collect() };
        let controls = [own(), own(), own()];
        let mut treated: Vec<Option<f64>> = own().into_iter().map(Some).collect();
        treated[48..].iter_mut().flatten().for_each(|y| *y += if id % 2 == 0 { 12.0 } else { 0.0 });
        let slices: Vec<&[f64]> = controls.iter().map(Vec::as_slice).collect();
        let options = StructuralOptions { nodes: 12, ..StructuralOptions::default() };
        let found = impact(&treated, &slices, 48, &options).expect("an effect");
        let finding = Finding::from_impact(&found, &rule).expect("a finding");
        let judged = judge(finding, &rule, Gate::Pass, None).expect("a verdict");
        works += f64::from(u8::from(judged.effect.name() == "works"));
        let standard_error = (finding.high - finding.low) / 3.92;
        entries.push(PortfolioEvent {
            id: format!("{id:05}"),
            net: finding.effect,
            standard_error,
            spend: 1.0,
        });
    }
    (works, rank(&entries).expect("a ranking").mean)
}

fn compare(task: &str, runs: usize) {
    let mut stream = Stream(42);
    let y: Vec<Option<f64>> = series(&mut stream).into_iter().map(Some).collect();
    let rows = geo_days(&mut stream);
    let accounts = accounts(&mut stream);
    let (columns, target) = donors(&mut stream);
    let run = || match task {
        "local_level" => local_level(black_box(&y)),
        "geo_roi" => geo_roi(black_box(&rows)),
        "accounts" => account_effects(black_box(&accounts)),
        "synthetic_control" => synthetic_control(black_box(&columns), black_box(&target)),
        "portfolio" => portfolio(&mut Stream(7), 10_000),
        _ => panic!("no such task: {task}"),
    };
    let mut seconds = Vec::new();
    let mut result = (0.0, 0.0);
    for _ in 0..runs {
        let started = Instant::now();
        result = run();
        seconds.push(started.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    println!("{{\"seconds\": {:e}, \"result\": [{:.12}, {:.12}]}}", seconds[runs / 2], result.0, result.1);
}

fn criterion(c: &mut Criterion) {
    let mut stream = Stream(42);
    let y: Vec<Option<f64>> = series(&mut stream).into_iter().map(Some).collect();
    let rows = geo_days(&mut stream);
    let accounts = accounts(&mut stream);
    let (columns, target) = donors(&mut stream);
    // What was built in: a lift of a fifth on 28 days of about 5,525 a day, an elasticity of −2 a account.
    assert!((geo_roi(&rows).0 - 0.2 * 28.0 * 50.0 * 110.0 / 50_000.0).abs() < 0.1);
    assert!((account_effects(&accounts).0 / 88.0 + 2.0).abs() < 0.05);
    let (works, _) = portfolio(&mut Stream(7), 200);
    assert!((100.0..=112.0).contains(&works), "{works}");
    assert!(local_level(&y).0.abs() < local_level(&y).1 * 2.0);
    c.bench_function("local_level_91", |b| b.iter(|| local_level(black_box(&y))));
    c.bench_function("geo_roi_9200_rows", |b| b.iter(|| geo_roi(black_box(&rows))));
    c.bench_function("accounts_88_hac", |b| b.iter(|| account_effects(black_box(&accounts))));
    c.bench_function("synthetic_control_38_by_90", |b| {
        b.iter(|| synthetic_control(black_box(&columns), black_box(&target)));
    });
    c.bench_function("portfolio_200_events", |b| b.iter(|| portfolio(&mut Stream(7), 200)));
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "--compare") {
        let runs = arguments.get(at + 2).and_then(|runs| runs.parse().ok()).unwrap_or(1);
        compare(arguments.get(at + 1).map_or("", String::as_str), runs);
        return;
    }
    let mut c = Criterion::default().configure_from_args();
    criterion(&mut c);
    c.final_summary();
}
