//! What would have sold without the event: baselines over the clean weeks of a series.
#![allow(clippy::float_arithmetic, reason = "a statistics module: f64 inside, units cross at the border")]

use endcap_types::Rate;

use crate::PromoError;
use crate::border::{count, fraction};
use crate::limits::{MAX_BASELINE_WEEKS, MIN_HISTORY_WEEKS};

/// A baseline method (基线方法). Weeks are clean weeks; masked ones carry no information.
///
/// | method | the level of the event weeks |
/// |---|---|
/// | `TrailingMean` | mean of the last n clean weeks |
/// | `TrailingMedian` | their median; mean of the middle two for even n |
/// | `TrimmedMean` | mean after dropping ⌊trim·n⌋ weeks at each end of their order |
/// | `PrePostMean` | mean of n clean weeks before and n after |
/// | `LinearTrend` | least-squares line on real week numbers through the last n |
/// | `ExponentialSmoothing` | `level ← level + α·(week − level)` from the first clean week on |
///
/// # Source
///
/// House rule for the list; Brown (1959) for simple exponential smoothing, Tukey (1962) for the trimmed mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(tag = "method", rename_all = "snake_case", deny_unknown_fields))]
#[non_exhaustive]
pub enum Baseline {
    /// Mean of the last clean weeks (移动平均).
    TrailingMean {
        /// Clean weeks looked back.
        weeks: u32,
    },
    /// Median of the last clean weeks (移动中位数).
    TrailingMedian {
        /// Clean weeks looked back.
        weeks: u32,
    },
    /// Trimmed mean of the last clean weeks (截尾移动平均).
    TrimmedMean {
        /// Clean weeks looked back.
        weeks: u32,
        /// Share dropped at each end, 0 % up to but without 50 %.
        trim: Rate,
    },
    /// Mean of clean weeks on both sides (前后平均).
    PrePostMean {
        /// Clean weeks on each side.
        weeks: u32,
    },
    /// Least-squares line (线性趋势).
    LinearTrend {
        /// Clean weeks looked back, at least 2.
        weeks: u32,
    },
    /// Simple exponential smoothing over all earlier clean weeks (指数平滑).
    ExponentialSmoothing {
        /// Weight of the newest week, above 0 % up to 100 %.
        alpha: Rate,
    },
}

impl Baseline {
    /// The method's name in files and reports.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::TrailingMean { .. } => "trailing_mean",
            Self::TrailingMedian { .. } => "trailing_median",
            Self::TrimmedMean { .. } => "trimmed_mean",
            Self::PrePostMean { .. } => "pre_post_mean",
            Self::LinearTrend { .. } => "linear_trend",
            Self::ExponentialSmoothing { .. } => "exponential_smoothing",
        }
    }

    /// Clean weeks needed before a window and after it.
    #[must_use]
    pub fn needs(&self) -> (usize, usize) {
        let n = |weeks: &u32| usize::try_from(*weeks).unwrap_or(usize::MAX);
        match self {
            Self::TrailingMean { weeks }
            | Self::TrailingMedian { weeks }
            | Self::TrimmedMean { weeks, .. }
            | Self::LinearTrend { weeks } => (n(weeks), 0),
            Self::PrePostMean { weeks } => (n(weeks), n(weeks)),
            Self::ExponentialSmoothing { .. } => (MIN_HISTORY_WEEKS, 0),
        }
    }

    /// Checks the parameters.
    ///
    /// # Errors
    ///
    /// - [`PromoError::BaselineParameter`].
    pub fn check(&self) -> Result<(), PromoError> {
        let refuse = |parameter, value: String, expected| {
            Err(PromoError::BaselineParameter { parameter, value, expected })
        };
        let (weeks, least) = match self {
            Self::LinearTrend { weeks } => (*weeks, 2),
            Self::TrailingMean { weeks }
            | Self::TrailingMedian { weeks }
            | Self::TrimmedMean { weeks, .. }
            | Self::PrePostMean { weeks } => (*weeks, 1),
            Self::ExponentialSmoothing { alpha } => {
                if alpha.is_negative() || alpha.is_zero() || *alpha > Rate::ONE {
                    return refuse("alpha", alpha.to_string(), "above 0% up to 100%");
                }
                return Ok(());
            }
        };
        if weeks < least || weeks > MAX_BASELINE_WEEKS {
            return refuse("weeks", weeks.to_string(), "1 (a line: 2) to 520");
        }
        if let Self::TrimmedMean { trim, .. } = self
            && (trim.is_negative() || fraction(trim) >= 0.5)
        {
            return refuse("trim", trim.to_string(), "0% up to but without 50%");
        }
        Ok(())
    }
}

/// Expected units (基线销量) of each week of `window`, from the clean weeks around it.
///
/// `units[i]` and `clean[i]` are week `i`; `window` lists ascending positions. Weeks of the window and weeks whose
/// `clean` is false are never read: whatever stands there changes nothing.
///
/// # Errors
///
/// - [`PromoError::ShapeMismatch`] when a length or position does not fit.
/// - [`PromoError::BaselineParameter`] when a parameter is out of range.
/// - [`PromoError::TooFewCleanWeeks`] when the method needs more clean weeks than there are.
///
/// # Examples
///
/// ```
/// use endcap_promo::{baseline, Baseline};
/// let units = [400.0, 420.0, 999.0, 410.0, 700.0];
/// let clean = [true, true, false, true, false]; // week 2 was a stock-out
/// let base = baseline::expected(&Baseline::TrailingMean { weeks: 3 }, &units, &clean, &[4])?;
/// assert_eq!(base, [410.0]);
/// # Ok::<(), endcap_promo::PromoError>(())
/// ```
///
/// # Source
///
/// As [`Baseline`].
pub fn expected(
    method: &Baseline,
    units: &[f64],
    clean: &[bool],
    window: &[usize],
) -> Result<Vec<f64>, PromoError> {
    method.check()?;
    if clean.len() != units.len() {
        return Err(PromoError::ShapeMismatch {
            what: "length of the clean mask",
            found: clean.len(),
            weeks: units.len(),
        });
    }
    let (Some(&first), Some(&last)) = (window.first(), window.last()) else { return Ok(Vec::new()) };
    if let Some(&outside) = window.iter().find(|&&at| at >= units.len()) {
        return Err(PromoError::ShapeMismatch {
            what: "position in the window",
            found: outside,
            weeks: units.len(),
        });
    }
    let usable = |range: core::ops::Range<usize>| -> Vec<(usize, f64)> {
        let weeks = units.iter().zip(clean).enumerate().skip(range.start).take(range.len());
        weeks.filter(|(_, (_, clean))| **clean).map(|(at, (units, _))| (at, *units)).collect()
    };
    let before = usable(0..first);
    let after = usable(last.saturating_add(1)..units.len());
    at_level(method, &before, &after, window)
}

/// The same on the clean weeks already picked out: `before` and `after` are (position, units), ascending.
pub(crate) fn at_level(
    method: &Baseline,
    before: &[(usize, f64)],
    after: &[(usize, f64)],
    window: &[usize],
) -> Result<Vec<f64>, PromoError> {
    let (need_before, need_after) = method.needs();
    for (have, need) in [(before.len(), need_before), (after.len(), need_after)] {
        if have < need {
            return Err(PromoError::TooFewCleanWeeks { method: method.name(), have, need });
        }
    }
    let tail = before.get(before.len().saturating_sub(need_before)..).unwrap_or(before);
    let level = match method {
        Baseline::TrailingMean { .. } => mean(tail.iter().map(|week| week.1)),
        Baseline::TrailingMedian { .. } => {
            let sorted = sorted(tail);
            let middle = need_before.div_ceil(2).saturating_sub(1);
            let width = if need_before % 2 == 0 { 2 } else { 1 };
            mean(sorted.iter().copied().skip(middle).take(width))
        }
        Baseline::TrimmedMean { trim, .. } => {
            let drop = dropped(trim, need_before);
            let kept = need_before.saturating_sub(drop.saturating_mul(2));
            mean(sorted(tail).iter().copied().skip(drop).take(kept))
        }
        Baseline::PrePostMean { .. } => {
            mean(tail.iter().chain(after.iter().take(need_after)).map(|week| week.1))
        }
        Baseline::LinearTrend { .. } => return Ok(line(tail, window)),
        Baseline::ExponentialSmoothing { alpha } => smooth(fraction(alpha), before),
    };
    Ok(vec![level; window.len()])
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut n) = (0.0, 0_usize);
    for value in values {
        sum += value;
        n = n.saturating_add(1);
    }
    sum / count(n)
}

fn sorted(weeks: &[(usize, f64)]) -> Vec<f64> {
    let mut values: Vec<f64> = weeks.iter().map(|week| week.1).collect();
    values.sort_by(f64::total_cmp);
    values
}

/// ⌊trim·n⌋, exactly.
fn dropped(trim: &Rate, n: usize) -> usize {
    use endcap_types::{Exact, RoundingMode};
    let n = Exact::from_int(i128::try_from(n).unwrap_or(i128::MAX));
    let share = trim.to_exact().mul(&n).and_then(|weeks| weeks.round_to_int(RoundingMode::Floor));
    share.ok().and_then(|weeks| usize::try_from(weeks).ok()).unwrap_or(0)
}

fn smooth(alpha: f64, weeks: &[(usize, f64)]) -> f64 {
    let mut weeks = weeks.iter().map(|week| week.1);
    let start = weeks.next().unwrap_or(0.0);
    weeks.fold(start, |level, units| level + alpha * (units - level))
}

/// Least squares on centred week numbers, so skipped weeks keep their distance.
fn line(weeks: &[(usize, f64)], window: &[usize]) -> Vec<f64> {
    let x_mean = mean(weeks.iter().map(|week| count(week.0)));
    let y_mean = mean(weeks.iter().map(|week| week.1));
    let (mut s_xy, mut s_xx) = (0.0, 0.0);
    for (at, units) in weeks {
        let x = count(*at) - x_mean;
        s_xy += x * (units - y_mean);
        s_xx += x * x;
    }
    let slope = s_xy / s_xx;
    window.iter().map(|at| y_mean + slope * (count(*at) - x_mean)).collect()
}

/// The same weeks a year ago, and which of them were not clean (去年同期).
///
/// Shown for arithmetic only: a reading with a week in `not_clean` measures one promotion against another.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct YearAgo {
    /// Units of each week of the window, `lag` weeks earlier.
    pub expected: Vec<f64>,
    /// Positions of the earlier weeks that were not clean.
    pub not_clean: Vec<usize>,
}

/// Units `lag` weeks before each week of `window`, with a flag for every one that was not clean.
///
/// `units[i]`, `clean[i]` and `known[i]` are week `i`.
///
/// # Errors
///
/// - [`PromoError::TooFewCleanWeeks`] when an earlier week is unknown or before the series.
///
/// # Source
///
/// House rule: last year's weeks are no baseline until they are shown to be clean.
pub fn year_ago(
    units: &[f64],
    clean: &[bool],
    known: &[bool],
    window: &[usize],
    lag: usize,
) -> Result<YearAgo, PromoError> {
    let mut answer = YearAgo { expected: Vec::with_capacity(window.len()), not_clean: Vec::new() };
    for at in window {
        let earlier = at.checked_sub(lag).filter(|at| known.get(*at) == Some(&true));
        let week = earlier.and_then(|at| Some((at, *units.get(at)?, *clean.get(at)?)));
        let Some((at, units, clean)) = week else {
            let have = answer.expected.len();
            return Err(PromoError::TooFewCleanWeeks { method: "year_ago", have, need: window.len() });
        };
        answer.expected.push(units);
        if !clean {
            answer.not_clean.push(at);
        }
    }
    Ok(answer)
}
