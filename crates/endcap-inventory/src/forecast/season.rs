//! The seasonal index of every series, pooled over its group and all series.
//!
//! # Source
//!
//! House rule, from ratios to a centred mean (the classical decomposition) and group seasonal indices (Dalhart 1974;
//! Withycombe 1989).
#![allow(clippy::float_arithmetic, reason = "a statistics module: forecasts are f64")]

use super::demand::ForecastOptions;
use super::panel::SalesPanel;
use crate::models::{float, float_len};

/// Least index, so that a week without sales last year does not forbid sales this year.
const LEAST_INDEX: f64 = 0.05;

/// A table of series × periods.
pub(super) struct Grid {
    pub(super) width: usize,
    pub(super) values: Vec<f64>,
    /// How far the season of the last period is to be believed, 0 to 1.
    pub(super) reliability: f64,
}

impl Grid {
    fn new(rows: usize, width: usize) -> Self {
        Self { width, values: vec![0.0; rows.saturating_mul(width)], reliability: 0.0 }
    }
    pub(super) fn row(&self, row: usize) -> &[f64] {
        let start = row.saturating_mul(self.width);
        self.values.get(start..start.saturating_add(self.width)).unwrap_or_default()
    }
    fn row_mut(&mut self, row: usize) -> &mut [f64] {
        let start = row.saturating_mul(self.width);
        self.values.get_mut(start..start.saturating_add(self.width)).unwrap_or_default()
    }
    fn add(&mut self, row: usize, other: &[f64]) {
        for (slot, value) in self.row_mut(row).iter_mut().zip(other) {
            *slot += value;
        }
    }
}

/// Seasonal indices of all series for the known periods and `ahead` more.
///
/// The index of period `u` comes from the same period of earlier years, which lie in the past for every `u`; the first
/// year has only its own ratio, pooled. While no coming period has an earlier year there is no season: what is high now
/// is a level until a year has shown otherwise.
pub(super) fn seasonal_index(panel: &SalesPanel<'_>, ahead: usize, options: &ForecastOptions) -> Grid {
    let known = panel.periods();
    let (series, width) = (panel.series(), known.saturating_add(ahead));
    let mut index = Grid::new(series, width);
    index.values.fill(1.0);
    let year = options.season_length;
    if year == 0 || width <= year {
        return index;
    }
    let reliabilities: Vec<f64> = (0..width)
        .map(|period| {
            let years = years_seen(period, known, options);
            years / (years + options.season_prior)
        })
        .collect();
    index.reliability = reliabilities.last().copied().unwrap_or(0.0);
    let (mut sold, mut usual) = (Grid::new(series, width), Grid::new(series, width));
    let (mut group_sold, mut group_usual) =
        (Grid::new(panel.group_count(), width), Grid::new(panel.group_count(), width));
    let (mut all_sold, mut all_usual) = (Grid::new(1, width), Grid::new(1, width));
    for (at, &group) in panel.groups().iter().enumerate() {
        let (own_sold, own_usual) = usual_sales(panel, at, year);
        for (years, weight) in (1..).zip(options.year_weights) {
            let lag = year.saturating_mul(years);
            spread(sold.row_mut(at), &own_sold, lag, weight);
            spread(usual.row_mut(at), &own_usual, lag, weight);
        }
        // The first year stands for itself, in the pools only.
        let first = year.min(known);
        for (pool, row, own) in [
            (&mut group_sold, group, &own_sold),
            (&mut group_usual, group, &own_usual),
            (&mut all_sold, 0, &own_sold),
            (&mut all_usual, 0, &own_usual),
        ] {
            pool.add(row, own.get(..first).unwrap_or_default());
        }
        group_sold.add(group, sold.row(at));
        group_usual.add(group, usual.row(at));
        all_sold.add(0, sold.row(at));
        all_usual.add(0, usual.row(at));
    }
    let shrink =
        |sold: f64, usual: f64, weight: f64, toward: f64| (sold + weight * toward) / (usual + weight);
    let ratio = |sold: &Grid, usual: &Grid, row: usize| -> Vec<(f64, f64)> {
        sold.row(row).iter().copied().zip(usual.row(row).iter().copied()).collect()
    };
    let all = ratio(&all_sold, &all_usual, 0);
    let groups: Vec<Vec<f64>> = (0..panel.group_count())
        .map(|group| {
            ratio(&group_sold, &group_usual, group)
                .into_iter()
                .zip(&all)
                .map(|((sold, usual), &(all_sold, all_usual))| {
                    let toward = shrink(all_sold, all_usual, options.pool_all, 1.0);
                    shrink(sold, usual, options.pool_group, toward)
                })
                .collect()
        })
        .collect();
    for (at, &group) in panel.groups().iter().enumerate() {
        let toward = groups.get(group).map(Vec::as_slice).unwrap_or_default();
        let own = ratio(&sold, &usual, at);
        let slots = index.row_mut(at).iter_mut().zip(own).zip(toward).zip(&reliabilities);
        for (((slot, (sold, usual)), toward), reliability) in slots {
            let value = shrink(sold, usual, options.pool_series, *toward);
            *slot = value.max(LEAST_INDEX).powf(*reliability);
        }
    }
    index
}

/// Weighted years that show the season of a period: one counts in full where half a year to both sides of it is known.
fn years_seen(period: usize, known: usize, options: &ForecastOptions) -> f64 {
    let year = options.season_length;
    let half = year.checked_div(2).unwrap_or(0);
    let seen = |at: usize| {
        let around =
            at.saturating_add(half).saturating_add(1).min(known).saturating_sub(at.saturating_sub(half));
        float_len(around) / float_len(half.saturating_mul(2).saturating_add(1))
    };
    let own = if period < year.min(known) { seen(period) } else { 0.0 };
    let before = |(years, weight): (usize, f64)| {
        let at = period.checked_sub(year.saturating_mul(years)).filter(|at| *at < known);
        at.map_or(0.0, |at| weight * seen(at))
    };
    own + (1..).zip(options.year_weights).map(before).sum::<f64>()
}

/// In-stock sales of one series, and what is usual around each period: the in-stock mean of half a year to both sides.
fn usual_sales(panel: &SalesPanel<'_>, series: usize, year: usize) -> (Vec<f64>, Vec<f64>) {
    let half = year.checked_div(2).unwrap_or(0);
    let stocked = panel.in_stock_of(series);
    let sold: Vec<f64> = panel
        .sales_of(series)
        .iter()
        .zip(stocked)
        .map(|(sales, on)| if *on { float(*sales) } else { 0.0 })
        .collect();
    let mut sums = vec![(0.0, 0.0)];
    let mut sum = (0.0, 0.0);
    for (sales, on) in sold.iter().zip(stocked) {
        sum = (sum.0 + sales, sum.1 + f64::from(u8::from(*on)));
        sums.push(sum);
    }
    let at = |place: usize| sums.get(place.min(sold.len())).copied().unwrap_or((0.0, 0.0));
    let usual = stocked
        .iter()
        .enumerate()
        .map(|(period, on)| {
            let (low, high) =
                (at(period.saturating_sub(half)), at(period.saturating_add(half).saturating_add(1)));
            let count = high.1 - low.1;
            if *on && count > 0.0 { (high.0 - low.0) / count } else { 0.0 }
        })
        .collect();
    (sold, usual)
}

/// Adds `weight · from` to `to`, `lag` periods later.
fn spread(to: &mut [f64], from: &[f64], lag: usize, weight: f64) {
    for (slot, value) in to.iter_mut().skip(lag).zip(from) {
        *slot += weight * value;
    }
}
