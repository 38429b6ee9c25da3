//! Turnover deduction of account-months over columns in memory, against a plain read and sum of the same columns.

use std::hint::black_box;
use std::thread;

use endcap::calendar::{Grain, Period};
use endcap::settlement::batch::{Charged, Plan, TurnoverState, Validity};
use endcap::settlement::*;
use endcap::types::{Rate, TaxBasis};
use rust_decimal::Decimal;

use crate::ratio::{Line, Mode, Work, compare};
use crate::statement::{contract, rate};

/// Thresholds in major units and rates in hundredths of a percent, marginal; the guarantee in major units and its rate.
const TIERS: [(i64, i64); 5] =
    [(0, 2_200), (200_000, 2_000), (500_000, 1_850), (1_000_000, 1_625), (5_000_000, 1_500)];
const GUARANTEE: (i64, i64) = (1_100_000, 1_800);

/// The columns of ten million till lines.
struct Columns {
    groups: usize,
    group_ids: Vec<usize>,
    amounts: Vec<i64>,
    mask: Vec<bool>,
}

/// How rows lie in the columns.
#[derive(Clone, Copy)]
enum Order {
    /// Account-months mixed, as tills report them.
    Mixed,
    /// Sorted by account-month.
    Sorted,
}

/// SplitMix64 of a number: columns that other languages can build alike.
fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Columns {
    fn new(rows: usize, groups: usize, order: Order) -> Self {
        let spread =
            |column: u64, below: u64| (0..rows).map(move |row| mixed(3 * row as u64 + column) % below);
        let mut group_ids: Vec<usize> = spread(0, groups as u64).map(|id| id as usize).collect();
        if let Order::Sorted = order {
            group_ids.sort_unstable();
        }
        let amounts = spread(1, 60_000).map(|minor| minor as i64 - 2_000).collect();
        let mask = spread(2, 50).map(|value| value != 0).collect();
        Self { groups, group_ids, amounts, mask }
    }

    /// A plain read and sum.
    fn read(&self, from: usize, to: usize) -> (usize, i64, usize) {
        let groups = self.group_ids[from..to].iter().fold(0_usize, |sum, id| sum.wrapping_add(*id));
        let amounts = self.amounts[from..to].iter().sum();
        (groups, amounts, self.mask[from..to].iter().map(|valid| usize::from(*valid)).sum())
    }

    fn state(&self, from: usize, to: usize) -> TurnoverState {
        let mut state = TurnoverState::identity(self.groups);
        let mask = Validity::Mask(&self.mask[from..to]);
        state.add(&self.group_ids[from..to], &self.amounts[from..to], mask).unwrap();
        state
    }

    /// The kernel over all rows: one state a thread, merged and finished.
    fn settle(&self, threads: usize, plan: &Plan) -> Vec<Charged> {
        let states = on_threads(self.amounts.len(), threads, |from, to| black_box(self).state(from, to));
        let mut states = states.into_iter();
        let mut state = states.next().unwrap();
        for other in states {
            state.merge(&other).unwrap();
        }
        state.finish(|_| plan).unwrap()
    }

    /// The usual loops over integers.
    fn expected(&self) -> Vec<Charged> {
        let mut turnover = vec![0_i64; self.groups];
        for ((group, amount), valid) in self.group_ids.iter().zip(&self.amounts).zip(&self.mask) {
            turnover[*group] += if *valid { *amount } else { 0 };
        }
        turnover.into_iter().map(charged).collect()
    }
}

fn charged(turnover: i64) -> Charged {
    let share = |minor: i64, points: i64| (2 * minor * points + 10_000) / 20_000;
    let upper = |n: usize| TIERS.get(n + 1).map_or(i64::MAX, |(from, _)| from * 100);
    let reached = TIERS.iter().filter(|(from, _)| turnover >= from * 100).count();
    let exact: i64 = (0..reached).map(|n| (turnover.min(upper(n)) - TIERS[n].0 * 100) * TIERS[n].1).sum();
    let shortfall = (GUARANTEE.0 * 100 - turnover).max(0);
    Charged {
        turnover_minor: turnover.into(),
        commission_minor: share(exact, 1).into(),
        top_up_minor: share(shortfall, GUARANTEE.1).into(),
    }
}

fn plan() -> Plan {
    let points = |points: i64| Rate::basis_points(Decimal::from(points)).unwrap();
    let mut method = TurnoverDeduction::at(rate("22%"));
    let bands = TIERS.map(|(from, share)| Tier::rate(Decimal::from(from), points(share)));
    let table = TierTable::new(bands, Boundary::ReachedAt).unwrap();
    method.tiers = Some(CommissionTiers { method: TierMethod::Marginal, table });
    method.guarantee = Some(Guarantee {
        amount: Decimal::from(GUARANTEE.0),
        cycle: Grain::Month,
        algorithm: GuaranteeAlgorithm::PerPeriod,
        rate: points(GUARANTEE.1),
        measure: GuaranteeMeasure::Turnover,
        top_up_on: TopUpBase::Shortfall,
        true_up: TrueUp::TwoWay,
        promotion_sales: PromotionSales::Count,
        overage: None,
    });
    let contract = contract(Method::TurnoverDeduction(method), vec![], TaxBasis::Inclusive);
    Plan::new(&contract, Period::month(2025, 6).unwrap()).unwrap()
}

/// The rows of each of `threads` parts.
fn parts(rows: usize, threads: usize) -> Vec<(usize, usize)> {
    (0..threads).map(|part| (rows * part / threads, rows * (part + 1) / threads)).collect()
}

/// One part a thread; the first on this thread.
fn on_threads<T: Send>(rows: usize, threads: usize, work: impl Fn(usize, usize) -> T + Sync) -> Vec<T> {
    let parts = parts(rows, threads);
    thread::scope(|scope| {
        let work = &work;
        let others: Vec<_> =
            parts[1..].iter().map(|(from, to)| scope.spawn(move || work(*from, *to))).collect();
        let mut done = vec![work(parts[0].0, parts[0].1)];
        done.extend(others.into_iter().map(|other| other.join().unwrap()));
        done
    })
}

pub fn lines(mode: Mode) -> Vec<Line> {
    let rows = mode.rows(10_000_000);
    let plan = plan();
    let mut lines = Vec::new();
    for (groups, order, title) in [
        (2_400, Order::Mixed, "2,400 account-months, mixed"),
        (2_400, Order::Sorted, "2,400 account-months, sorted"),
        (48_000, Order::Mixed, "48,000 account-months, mixed"),
    ] {
        let columns = Columns::new(rows, groups, order);
        let expected = columns.expected();
        for threads in [1, 2] {
            let read = || {
                let sums = on_threads(rows, threads, |from, to| black_box(&columns).read(from, to));
                sums.iter().fold((0_usize, 0_i64), |sum, part| {
                    (sum.0.wrapping_add(part.0).wrapping_add(part.2), sum.1.wrapping_add(part.1))
                })
            };
            let run = || {
                let charged = columns.settle(threads, &plan);
                assert!(charged == expected);
                charged
            };
            let name = format!("batch of 10 M till lines, {title}, {threads} thread(s)");
            let (baseline, subject) = (Work { per_call: 1, run: read }, Work { per_call: 1, run });
            lines.push(compare(mode.fewer(), (&name, "plain reads", 4.0), baseline, subject));
        }
    }
    lines
}

/// For `compare_settlement.py`: the result as lines of text, then the seconds of one run for every line read.
pub fn serve(rows: usize, groups: usize, threads: usize) {
    let plan = plan();
    let columns = Columns::new(rows, groups, Order::Mixed);
    let charged = columns.settle(threads, &plan);
    assert!(charged == columns.expected());
    for charged in &charged {
        println!("{} {} {}", charged.turnover_minor, charged.commission_minor, charged.top_up_minor);
    }
    for _ in std::io::stdin().lines() {
        let started = std::time::Instant::now();
        let again = black_box(columns.settle(threads, &plan));
        let seconds = started.elapsed().as_secs_f64();
        assert!(again == charged);
        println!("{seconds}");
    }
}
