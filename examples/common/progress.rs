//! A progress bar that shows itself only on a terminal and only after a second.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// Waits shorter than this get no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// Progress through a known amount of work.
pub struct Progress {
    started: Instant,
    total: u64,
    label: String,
    bar: Option<ProgressBar>,
    terminal: bool,
    template: &'static str,
}

impl Progress {
    /// Progress through a number of steps, such as accounts.
    pub fn of_steps(total: usize, label: &str) -> Self {
        let total = u64::try_from(total).unwrap_or(u64::MAX);
        Self::new(total, label, "{msg} {bar:30} {pos}/{len} {eta}")
    }

    /// Progress through the bytes of a file.
    pub fn of_bytes(total: u64, label: &str) -> Self {
        Self::new(total, label, "{msg} {bar:30} {bytes}/{total_bytes} {eta}")
    }

    fn new(total: u64, label: &str, template: &'static str) -> Self {
        let terminal = std::io::stderr().is_terminal();
        Self { started: Instant::now(), total, label: label.to_owned(), bar: None, terminal, template }
    }

    /// Says how far the work is.
    pub fn set(&mut self, done: u64) {
        if !self.terminal || (self.bar.is_none() && self.started.elapsed() < PATIENCE) {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            let style = ProgressStyle::with_template(self.template);
            let bar = ProgressBar::new(self.total);
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.set_message(self.label.clone());
            bar
        });
        bar.set_position(done);
    }

    /// Removes the bar.
    pub fn finish(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.finish();
    }
}
