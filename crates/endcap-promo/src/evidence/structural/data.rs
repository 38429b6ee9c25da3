//! The data of the structural model, standardised by their own pre-period.

use super::super::EvidenceError;
use super::super::linalg::{Square, check_finite, check_length, dot, mean, variance};
use super::filter::Series;
use super::model::StructuralOptions;
use super::season::{Season, SeasonPlan};
use crate::border::count;

/// Most control series: their sets are enumerated.
const MAX_CONTROLS: usize = 12;
/// Fewest known periods before the event.
const MIN_PERIODS: usize = 3;
/// Upper limit of the level's scale, in pre-period standard deviations.
pub(super) const LEVEL_LIMIT: f64 = 1.0;

/// Everything standardised.
///
/// # Source
///
/// Brodersen et al. (2015), and the defaults of their program: all series standardised by their own pre-period.
pub(super) struct Data {
    pub(super) series: Series,
    /// `X'X` per period of the columns, constant first.
    pub(super) gram: Square,
    pub(super) controls: usize,
    /// Mean of the columns over the known periods of the event.
    pub(super) ahead: Vec<f64>,
    /// Known values of the event, in own units.
    pub(super) event: Vec<f64>,
    /// `Σ (share of known periods from step i on)²`: the level's own share of the average's variance.
    pub(super) drift: f64,
    pub(super) centre: f64,
    pub(super) scale: f64,
    pub(super) season: Option<SeasonPlan>,
}

impl Data {
    pub(super) fn new(
        treated: &[Option<f64>],
        controls: &[&[f64]],
        start: usize,
        options: &StructuralOptions,
    ) -> Result<Self, EvidenceError> {
        let refuse = |parameter, value: f64, expected| {
            Err(EvidenceError::Parameter { parameter, value: value.to_string(), expected })
        };
        if !(options.level_scale > 0.0 && options.level_scale < LEVEL_LIMIT) {
            return refuse("level_scale", options.level_scale, "above 0 and below 1");
        }
        if !(options.level_weight > 0.0 && options.level_weight.is_finite()) {
            return refuse("level_weight", options.level_weight, "above 0");
        }
        if options.expected_controls.is_nan() || options.expected_controls <= 0.0 {
            return refuse("expected_controls", options.expected_controls, "above 0");
        }
        if controls.len() > MAX_CONTROLS {
            return Err(EvidenceError::TooMany {
                what: "controls",
                have: controls.len(),
                limit: MAX_CONTROLS,
            });
        }
        if let Season::Cycle { seasons, periods } = options.season {
            if !(2..=24).contains(&seasons) {
                return refuse("seasons", count(seasons), "2 to 24");
            }
            if !(1..=53).contains(&periods) {
                return refuse("periods of a season", count(periods), "1 to 53");
            }
            if !options.season.fits(start) {
                let need = options.season.cycle().saturating_mul(2);
                return Err(EvidenceError::TooFew {
                    what: "periods before the event for a season",
                    have: start,
                    need,
                });
            }
        }
        let (before, after) = treated.split_at_checked(start).unwrap_or((treated, &[]));
        let known: Vec<f64> = before.iter().flatten().copied().collect();
        let event: Vec<f64> = after.iter().flatten().copied().collect();
        check_finite("treated series", &known)?;
        check_finite("treated series", &event)?;
        for (what, have, need) in [
            ("known periods before the event", known.len(), MIN_PERIODS),
            ("known periods of the event", event.len(), 1),
        ] {
            if have < need {
                return Err(EvidenceError::TooFew { what, have, need });
            }
        }
        let (centre, scale) = standard("treated series", &known)?;
        let mut columns = Vec::new();
        let mut ahead = Vec::new();
        if !controls.is_empty() {
            columns.push(vec![1.0; treated.len()]);
            ahead.push(1.0);
        }
        for control in controls {
            check_length("control series", control.len(), treated.len())?;
            check_finite("control series", control)?;
            let (own, later) = control.split_at_checked(start).unwrap_or((control, &[]));
            let (middle, spread) = standard("control series", own)?;
            columns.push(control.iter().map(|x| (x - middle) / spread).collect());
            let seen: Vec<f64> = later
                .iter()
                .zip(after)
                .filter(|(_, y)| y.is_some())
                .map(|(x, _)| (x - middle) / spread)
                .collect();
            ahead.push(mean(&seen));
        }
        let standardised: Vec<Option<f64>> = before.iter().map(|y| y.map(|y| (y - centre) / scale)).collect();
        // The level moves before every period of the event but the first; a step reaches the known periods after it.
        let all = count(event.len());
        let mut remaining = all;
        let mut drift = 0.0;
        for (at, value) in after.iter().enumerate() {
            if at > 0 {
                drift += (remaining / all) * (remaining / all);
            }
            if value.is_some() {
                remaining -= 1.0;
            }
        }
        let series = Series::new(&standardised, &columns);
        let gram = Square::symmetric(columns.len(), |i, j| {
            let column = |k: usize| columns.get(k).map_or(&[][..], Vec::as_slice);
            dot(column(i), column(j)) / count(treated.len())
        });
        let seen: Vec<bool> = after.iter().map(Option::is_some).collect();
        let season = SeasonPlan::new(options.season, start, &seen);
        Ok(Self { series, gram, controls: controls.len(), ahead, event, drift, centre, scale, season })
    }
}

/// Mean and standard deviation before the event.
fn standard(what: &'static str, values: &[f64]) -> Result<(f64, f64), EvidenceError> {
    let (centre, spread) = (mean(values), variance(values)?.sqrt());
    if spread <= 1e-12 * centre.abs() || spread == 0.0 {
        return Err(EvidenceError::Constant { what });
    }
    Ok((centre, spread))
}
