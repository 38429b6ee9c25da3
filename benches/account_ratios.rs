//! Ratios of one run: classes of ten million members, the fit of a repeat-buying model, expectations of a million customers.
//!
//! ```text
//! cargo bench -p endcap-benches --bench account_ratios                # against baselines in Rust
//! python3 benches/compare_account.py                                  # against pandas, Polars and lifetimes
//! ```
//!
//! With `--serve DIR` it writes its data there and then answers one command a line (`abc`, `fit`, `expect`) with the
//! seconds of one run, so that another program can alternate with it.

use std::error::Error;
use std::hint::black_box;
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use endcap::account::value::{BgNbd, Cbs, CbsTable, FitOptions, RepeatBuying};
use endcap::account::{Scheme, class_codes, classify_slice};

const MEMBERS: usize = 10_000_000;
const PLACED: usize = 1_000_000;
const CUSTOMERS: usize = 1_000_000;
const HORIZON: f64 = 39.0;
const ROUNDS: usize = 7;

type Outcome<T> = Result<T, Box<dyn Error>>;

struct Stream(u64);

impl Stream {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn unit(&mut self) -> f64 {
        (self.next() as f64 + 0.5) / (1_u64 << 31) as f64
    }
}

/// Many small amounts and few large, in minor units.
fn amounts(count: usize) -> Vec<i64> {
    let mut stream = Stream(20_250_604);
    let below = 1_000_000_000_u64;
    (0..count).map(|_| (stream.next() % below * (stream.next() % below) / below) as i64).collect()
}

/// Customers of many kinds: no two of the same age.
fn customers(count: usize) -> Outcome<Vec<Cbs>> {
    let mut stream = Stream(7);
    let mut customers = Vec::with_capacity(count);
    for _ in 0..count {
        let repeats = (-3.0 * stream.unit().ln() * stream.unit()) as u32;
        let age = 20.0 + 60.0 * stream.unit();
        let recency = if repeats == 0 { 0.0 } else { age * stream.unit() };
        customers.push(Cbs::new(repeats, recency, age)?);
    }
    Ok(customers)
}

/// The baseline: a three-way quickselect of each limit by running sum, on a copy, and one pass that writes classes.
fn weighted_quickselect(values: &[i64], codes: &mut [u8]) -> [usize; 3] {
    let total: i128 = values.iter().map(|value| i128::from(*value)).sum();
    let mut scratch = values.to_vec();
    let (mut start, mut above) = (0_usize, 0_i128);
    let mut cuts = [(0_i64, 0_usize); 2];
    let mut stream = Stream(3);
    for (cut, percent) in cuts.iter_mut().zip([80, 95]) {
        let limit = (total * percent + 99) / 100;
        let mut end = scratch.len();
        *cut = loop {
            let active = &mut scratch[start..end];
            let pivot = active[stream.next() as usize % active.len()];
            // Larger first, then equal, then smaller.
            let (mut larger, mut at, mut smaller) = (0, 0, active.len());
            let mut sum = 0_i128;
            while at < smaller {
                let value = active[at];
                if value > pivot {
                    sum += i128::from(value);
                    active.swap(larger, at);
                    larger += 1;
                    at += 1;
                } else if value == pivot {
                    at += 1;
                } else {
                    smaller -= 1;
                    active.swap(at, smaller);
                }
            }
            let equal = i128::from(pivot) * (smaller - larger) as i128;
            if above + sum >= limit {
                end = start + larger;
            } else if above + sum + equal >= limit {
                // The first of the group whose own end reaches the limit is still above it.
                let reaching = (limit - above - sum + i128::from(pivot) - 1) / i128::from(pivot);
                // The next limit lies in this group or behind it.
                start += larger;
                above += sum;
                break (pivot, reaching as usize);
            } else {
                above += sum + equal;
                start += smaller;
            }
        };
    }
    let mut members = [0; 3];
    let mut left = [cuts[0].1, cuts[1].1];
    for (code, value) in codes.iter_mut().zip(values) {
        let mut class = 0_u8;
        for ((cut, _), left) in cuts.iter().zip(&mut left) {
            let below = *value < *cut || (*value == *cut && *left == 0);
            if *value == *cut && *left > 0 {
                *left -= 1;
            }
            class += u8::from(below);
        }
        *code = class;
        members[usize::from(class)] += 1;
    }
    members
}

/// Sort and add up in 128 bits: the classes that every other way must give.
fn full_sort(values: &[i64], codes: &mut [u8]) {
    let mut order: Vec<(i64, u32)> = values.iter().copied().zip(0..).collect();
    order.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let total: i128 = values.iter().map(|value| i128::from(*value)).sum();
    let mut prior = 0_i128;
    for (value, position) in order {
        codes[position as usize] = u8::from(prior * 100 >= total * 80) + u8::from(prior * 100 >= total * 95);
        prior += i128::from(value);
    }
}

/// The same on floats, as one writes it first.
fn sorted_floats(values: &[i64], codes: &mut [u8]) {
    let mut order: Vec<(f64, usize)> = values.iter().map(|value| *value as f64).zip(0..).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0));
    let total: f64 = order.iter().map(|(value, _)| value).sum();
    let mut prior = 0.0;
    for (value, position) in order {
        let share = prior / total;
        codes[position] = u8::from(share >= 0.80) + u8::from(share >= 0.95);
        prior += value;
    }
}

fn seconds<T>(run: impl FnOnce() -> T) -> (f64, T) {
    let started = Instant::now();
    let result = black_box(run());
    (started.elapsed().as_secs_f64(), result)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Runs each in turn, several times, and gives the medians.
fn alternate(rounds: usize, runs: &mut [&mut dyn FnMut()]) -> Vec<f64> {
    let mut times = vec![Vec::new(); runs.len()];
    for round in 0..=rounds {
        for (run, times) in runs.iter_mut().zip(&mut times) {
            let (took, ()) = seconds(&mut **run);
            // The first round warms up.
            if round > 0 {
                times.push(took);
            }
        }
    }
    times.into_iter().map(median).collect()
}

fn against_rust() -> Outcome<()> {
    let scheme = Scheme::default();
    let values = amounts(MEMBERS);
    let (mut expected, mut mine, mut theirs) = (vec![9; MEMBERS], vec![9; MEMBERS], vec![9; MEMBERS]);
    full_sort(&values, &mut expected);
    let mut sorted = vec![9; MEMBERS];
    let times = alternate(
        ROUNDS,
        &mut [&mut || drop(class_codes(black_box(&values), &scheme, &mut mine)), &mut || {
            let _ = black_box(weighted_quickselect(black_box(&values), &mut theirs));
        }],
    );
    let (sorting, ()) = seconds(|| full_sort(black_box(&values), &mut sorted));
    assert!(mine == expected && theirs == expected && sorted == expected, "classes differ");
    println!("classes of {MEMBERS} members, identical to a full sort");
    println!("  class_codes / bare weighted quickselect  {:.2} (at most 1.2)", times[0] / times[1]);
    println!("  full sort / class_codes                  {:.1}", sorting / times[0]);
    let part = &values[..PLACED];
    let (mut floats, mut placed) = (vec![9; PLACED], Vec::new());
    let times = alternate(
        ROUNDS,
        &mut [
            &mut || placed = classify_slice(black_box(part), &scheme).expect("classes").placements().to_vec(),
            &mut || drop(black_box(classify_slice(black_box(part), &scheme))),
            &mut || sorted_floats(black_box(part), &mut floats),
        ],
    );
    assert!(placed.iter().zip(&floats).all(|(one, code)| one.class.position() == *code), "classes differ");
    println!("classes of {PLACED} members with rank, shares and reason");
    println!("  classify_slice / sorted floats           {:.2}", times[1] / times[2]);
    let model = BgNbd::new(0.243, 4.414, 0.793, 2.426)?;
    let crowd = customers(100_000)?;
    let (mut many, mut single) = (Vec::new(), Vec::new());
    let few = &crowd[..5_000];
    let times = alternate(
        3,
        &mut [
            &mut || many = model.conditional_expectations(black_box(&crowd), HORIZON).expect("means"),
            &mut || {
                let one =
                    |customer| model.conditional_expected_transactions(customer, HORIZON).expect("a mean");
                single = black_box(few).iter().map(one).collect();
            },
        ],
    );
    assert!(many.iter().zip(&single).all(|(many, one)| (many - one).abs() <= 1e-12 * one), "means differ");
    let each = (times[1] / few.len() as f64) / (times[0] / crowd.len() as f64);
    println!("expectations of {} customers, equal to 12 digits", crowd.len());
    println!("  one by one / all at once                 {each:.1}");
    Ok(())
}

fn bytes<T: Copy, const N: usize>(values: &[T], of: impl Fn(T) -> [u8; N]) -> Vec<u8> {
    values.iter().flat_map(|value| of(*value)).collect()
}

fn serve(folder: &Path) -> Outcome<()> {
    let scheme = Scheme::default();
    let values = amounts(MEMBERS);
    let mut codes = vec![9; MEMBERS];
    let crowd = customers(CUSTOMERS)?;
    let mut table = CbsTable::new();
    for line in std::fs::read_to_string(folder.join("customers.csv"))?.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        table.add(Cbs::new(cells[0].parse()?, cells[1].parse()?, cells[2].parse()?)?);
    }
    let fit = BgNbd::fit(&table, &FitOptions::default())?;
    std::fs::write(folder.join("values.i64"), bytes(&values, i64::to_le_bytes))?;
    for (name, of) in [
        ("repeats.f64", (|one: &Cbs| f64::from(one.repeats())) as fn(&Cbs) -> f64),
        ("recency.f64", Cbs::recency),
        ("age.f64", Cbs::age),
    ] {
        let column: Vec<f64> = crowd.iter().map(of).collect();
        std::fs::write(folder.join(name), bytes(&column, f64::to_le_bytes))?;
    }
    class_codes(&values, &scheme, &mut codes)?;
    std::fs::write(folder.join("codes.u8"), &codes)?;
    let means = fit.model.conditional_expectations(&crowd, HORIZON)?;
    std::fs::write(folder.join("means.f64"), bytes(&means, f64::to_le_bytes))?;
    let estimates: Vec<String> = fit.estimates.iter().map(|one| format!("{}", one.value)).collect();
    println!("ready {} {}", fit.log_likelihood, estimates.join(" "));
    std::io::stdout().flush()?;
    for line in std::io::stdin().lock().lines() {
        let took = match line?.trim() {
            "abc" => {
                let (took, found) = seconds(|| class_codes(black_box(&values), &scheme, &mut codes));
                found?;
                took
            }
            "fit" => {
                let (took, found) = seconds(|| BgNbd::fit(black_box(&table), &FitOptions::default()));
                assert_eq!(found?, fit);
                took
            }
            "expect" => {
                let (took, found) =
                    seconds(|| fit.model.conditional_expectations(black_box(&crowd), HORIZON));
                assert_eq!(found?, means);
                took
            }
            other => return Err(format!("unknown command {other:?}").into()),
        };
        println!("{took}");
        std::io::stdout().flush()?;
    }
    Ok(())
}

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().position(|one| one == "--serve") {
        Some(at) => serve(&PathBuf::from(arguments.get(at + 1).ok_or("--serve needs a directory")?)),
        // `cargo bench -- --test` only asks whether benches still run.
        None if arguments.iter().any(|one| one == "--test") => Ok(()),
        None => against_rust(),
    }
}
