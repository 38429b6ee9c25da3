//! Ratios measured by turns: baseline and subject alternate within one process, each pair gives one ratio.
//!
//! What is taken is the processor time of the process, all threads together: on a machine that others use, a long call
//! is interrupted more often than a short one, and wall time would compare their luck.

use std::hint::black_box;
use std::time::Duration;

use cpu_time::ProcessTime;

/// How the program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Measures, with this many pairs where a pair is short.
    Measure { pairs: usize },
    /// Only checks results, on small inputs.
    Test,
}

impl Mode {
    /// `full` rows when measuring, a hundredth when only checking.
    pub fn rows(self, full: usize) -> usize {
        match self {
            Self::Measure { .. } => full,
            Self::Test => full / 100,
        }
    }

    /// Pairs for work that takes long: a tenth of the usual number.
    pub fn fewer(self) -> Self {
        match self {
            Self::Measure { pairs } => Self::Measure { pairs: (pairs / 10).max(5) },
            Self::Test => Self::Test,
        }
    }

    fn pairs(self) -> usize {
        match self {
            Self::Measure { pairs } => pairs,
            Self::Test => 1,
        }
    }
}

/// One line of the table.
pub struct Line {
    name: String,
    unit: &'static str,
    bar: f64,
    /// One ratio a pair, ascending.
    ratios: Vec<f64>,
}

impl Line {
    fn median(&self) -> f64 {
        self.ratios[self.ratios.len() / 2]
    }

    pub fn holds(&self) -> bool {
        self.median() <= self.bar
    }

    pub fn print(&self) {
        let (low, high) = (self.ratios[0], self.ratios[self.ratios.len() - 1]);
        let quarter = self.ratios.len() / 4;
        let (q1, q3) = (self.ratios[quarter], self.ratios[self.ratios.len() - 1 - quarter]);
        let verdict = if self.holds() { "holds" } else { "MISSED" };
        println!(
            "{:<58} {:>8.3} {:<14} bar {:>6.2}  {verdict:<6}  quartiles {q1:.3}..{q3:.3}, range {low:.3}..{high:.3}",
            self.name,
            self.median(),
            self.unit,
            self.bar,
        );
    }
}

/// What one call of a closure does, to be divided out.
pub struct Work<F> {
    /// Operations of one call.
    pub per_call: usize,
    /// The call.
    pub run: F,
}

fn timed<T>(run: &mut impl FnMut() -> T) -> (Duration, T) {
    let started = ProcessTime::now();
    let result = black_box(run());
    (started.elapsed(), result)
}

/// Times both by turns: `(subject / its operations) / (baseline / its operations)`.
///
/// What a call returns is dropped outside the clock, on both sides.
pub fn compare<A, B>(
    mode: Mode,
    (name, unit, bar): (&str, &'static str, f64),
    mut baseline: Work<impl FnMut() -> A>,
    mut subject: Work<impl FnMut() -> B>,
) -> Line {
    let mut ratios = Vec::new();
    // One call of each warms caches and allocator.
    let (mut seen_baseline, mut seen_subject) = (timed(&mut baseline.run).0, timed(&mut subject.run).0);
    for _ in 0..mode.pairs() {
        if mode != Mode::Test {
            seen_baseline = timed(&mut baseline.run).0;
            seen_subject = timed(&mut subject.run).0;
        }
        let one = seen_baseline.as_secs_f64() / baseline.per_call as f64;
        let other = seen_subject.as_secs_f64() / subject.per_call as f64;
        ratios.push(other / one.max(1e-15));
    }
    ratios.sort_by(f64::total_cmp);
    Line { name: name.to_owned(), unit, bar, ratios }
}
