//! Facings proven best, as figures to set beside another solver: `benches/compare_shelf.py` does it with HiGHS.
//!
//! ```text
//! cargo bench --bench shelf_ratios                          # a table
//! cargo bench --bench shelf_ratios -- --write DIRECTORY     # the instances as text, and one line of JSON each
//! ```
//!
//! Every result is asserted: a proof where one is claimed, checked against the textbook table where that is affordable.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Instant;

use endcap::shelf::Status;
use endcap::shelf::mckp::{Budget, Item, Selection, solve};

const LEVELS: i64 = 10;

/// A linear congruential generator, so that the instances are the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((self.0 >> 33) % limit).expect("below the limit")
    }
}

struct Instance {
    name: &'static str,
    classes: Vec<Vec<Item>>,
    capacity: i64,
    /// Largest gap allowed, in millionths of the best found; 0 asks for a proof.
    gap_ppm: i128,
}

/// Products 40 to 159 mm wide; each further facing adds a random part of what the one before it added.
fn facings(name: &'static str, products: usize, seed: u64) -> Instance {
    let mut random = Random(seed);
    let classes: Vec<Vec<Item>> = (0..products)
        .map(|_| {
            let (width, mut gain, mut profit) = (40 + random.below(120), 20_000 + random.below(180_000), 0);
            (1..=LEVELS)
                .map(|level| {
                    profit += gain;
                    gain = gain * (500 + random.below(450)) / 1_000;
                    Item { width: width * level, profit }
                })
                .collect()
        })
        .collect();
    // Room for about four facings of each.
    let capacity = classes.iter().map(|class| class[3].width).sum();
    Instance { name, classes, capacity, gap_ppm: 0 }
}

/// Strongly correlated: within a class weights add up, and each step earns its weight and ten.
fn strongly_correlated(name: &'static str, products: usize, range: u64, seed: u64) -> Instance {
    let mut random = Random(seed);
    let classes: Vec<Vec<Item>> = (0..products)
        .map(|_| {
            let mut steps: Vec<i64> = (0..LEVELS).map(|_| 1 + random.below(range)).collect();
            steps.sort_unstable();
            let (mut width, mut profit) = (0, 0);
            steps
                .into_iter()
                .map(|step| {
                    width += step;
                    profit += step + 10;
                    Item { width, profit }
                })
                .collect()
        })
        .collect();
    let half = |pick: fn(&[Item]) -> &Item| classes.iter().map(|class| pick(class).width).sum::<i64>();
    let capacity = (half(|class| &class[0]) + half(|class| &class[class.len() - 1])) / 2;
    Instance { name, classes, capacity, gap_ppm: 1_000 }
}

/// `best[w]`: the most that the classes so far can earn in at most `w`.
fn table(instance: &Instance) -> i64 {
    let room = usize::try_from(instance.capacity).expect("a capacity");
    let mut best = vec![0_i64; room + 1];
    let mut next = vec![i64::MIN; room + 1];
    for class in &instance.classes {
        next.fill(i64::MIN);
        for item in class {
            let width = usize::try_from(item.width).expect("a width").min(room + 1);
            for (to, from) in next[width..].iter_mut().zip(&best) {
                if *from > i64::MIN {
                    *to = (*to).max(from + item.profit);
                }
            }
        }
        std::mem::swap(&mut best, &mut next);
    }
    best[room]
}

fn check(instance: &Instance, found: &Selection) {
    let (lower, upper) = (found.certificate.lower(), found.certificate.upper());
    assert!(found.width <= instance.capacity && lower == found.profit && lower <= upper, "{}", instance.name);
    let gap_ppm = i128::from(upper - lower) * 1_000_000 / i128::from(lower.max(1));
    assert!(gap_ppm <= instance.gap_ppm, "{}: gap {gap_ppm} ppm", instance.name);
    if instance.gap_ppm == 0 {
        assert_eq!(found.certificate.status(), Status::Optimal, "{}", instance.name);
    }
}

/// Median of the times of several runs, in nanoseconds, and the answer.
fn time(instance: &Instance, runs: usize) -> (u128, Selection) {
    let mut times = Vec::with_capacity(runs);
    let mut answer = None;
    for _ in 0..runs {
        let start = Instant::now();
        let found = solve(&instance.classes, instance.capacity, &Budget::default()).expect("a plan");
        times.push(start.elapsed().as_nanos());
        check(instance, &found);
        answer = Some(found);
    }
    times.sort_unstable();
    (times[times.len() / 2], answer.expect("at least one run"))
}

fn text(instance: &Instance) -> String {
    let mut text = format!("{} {}\n", instance.classes.len(), instance.capacity);
    for class in &instance.classes {
        for item in class {
            let _ = write!(text, "{}:{} ", item.width, item.profit);
        }
        text.push('\n');
    }
    text
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let small = arguments.iter().any(|argument| argument == "--test");
    let directory = arguments.iter().position(|argument| argument == "--write");
    let directory = directory.and_then(|at| arguments.get(at + 1)).map(PathBuf::from);
    if small {
        let instance = facings("facings_60", 60, 7);
        let (_, found) = time(&instance, 1);
        assert_eq!(found.profit, table(&instance));
        let hard = strongly_correlated("strong_200", 200, 100, 7);
        check(&hard, &solve(&hard.classes, hard.capacity, &Budget::default()).expect("a plan"));
        println!("facings are proven best and gaps are within their bounds");
        return;
    }
    let instances = [
        facings("facings_500x10", 500, 20_250_607),
        facings("facings_5000x10", 5_000, 20_250_608),
        strongly_correlated("strong_5000x10_r1000", 5_000, 1_000, 20_250_609),
        strongly_correlated("strong_5000x10_r10000", 5_000, 10_000, 20_250_610),
    ];
    println!("{:<24} {:>12} {:>16} {:>16} {:>9}", "instance", "median", "profit", "upper bound", "gap ppm");
    for instance in &instances {
        let (nanoseconds, found) = time(instance, if instance.gap_ppm == 0 { 31 } else { 3 });
        if instance.name == "facings_500x10" {
            assert_eq!(found.profit, table(instance), "the textbook table agrees");
        }
        let (lower, upper) = (found.certificate.lower(), found.certificate.upper());
        let gap = i128::from(upper - lower) * 1_000_000 / i128::from(lower.max(1));
        let milliseconds = f64::from(u32::try_from(nanoseconds / 1_000).unwrap_or(u32::MAX)) / 1_000.0;
        println!("{:<24} {milliseconds:>9.3} ms {lower:>16} {upper:>16} {gap:>9}", instance.name);
        if let Some(directory) = &directory {
            std::fs::write(directory.join(format!("{}.txt", instance.name)), text(instance))
                .expect("written");
            let line = format!(
                "{{\"name\":\"{}\",\"ns\":{nanoseconds},\"lower\":{lower},\"upper\":{upper}}}",
                instance.name
            );
            println!("{line}");
        }
    }
}
