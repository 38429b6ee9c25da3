//! Placebo events as the measure of a method: how often it claims an effect where nothing happened.

use super::super::EvidenceError;
use super::super::distribution::check_probability;
use super::super::linalg::check_finite;
use crate::border::count;

/// A window in which nothing happened, judged like an event (占位活动).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placebo {
    /// Number of the account or store.
    pub unit: usize,
    /// First period of the window, on one time axis for all units.
    pub first: i64,
    /// Last period of the window.
    pub last: i64,
    /// Effect found, in its own standard errors.
    pub score: f64,
}

/// How often a method claims an effect where there is none (误报率).
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct FalsePositives {
    /// Nominal share, `1 − level`.
    pub nominal: f64,
    /// Placebo events that could be judged by others.
    pub judged: usize,
    /// Share beyond the limits that the other placebos set.
    pub conformal: f64,
    /// Share beyond the method's own limit.
    pub stated: f64,
}

/// Judges every placebo by limits that know nothing of it: taken from other units in other periods (留出误报率).
///
/// Windows of the same unit share its quirks, windows of the same periods share whatever happened to everybody; both are
/// left out before the `⌈level·(n + 1)⌉`-th smallest absolute score is taken, so a rate near `1 − level` says that the limits
/// carry over to another account and another season. A placebo left with fewer others than the level needs is not judged.
/// With one unit, only its windows in the same periods are left out. `own_limit` is what the method itself would have used,
/// such as 1.96.
///
/// # Errors
///
/// - [`EvidenceError::Parameter`] for a level outside (0, 1); [`EvidenceError::NotFinite`].
/// - [`EvidenceError::TooFew`] when no placebo has enough others: nineteen for 95 %.
///
/// # Examples
///
/// ```
/// use endcap_promo::evidence::infer::placebo::{false_positives, Placebo};
/// // Ten accounts, eight quarters; the method states half of its true error.
/// let placebos: Vec<Placebo> = (0..80_u32)
///     .map(|i| Placebo {
///         unit: i as usize % 10,
///         first: i64::from(i / 10) * 13,
///         last: i64::from(i / 10) * 13 + 1,
///         score: f64::from(i * 37 % 80) / 10.0 - 4.0,
///     })
///     .collect();
/// let found = false_positives(&placebos, 0.95, 1.96)?;
/// assert_eq!((found.judged, found.stated), (80, 0.5125));
/// assert_eq!(found.conformal, 0.0375); // 3 of 80
/// # Ok::<(), endcap_promo::evidence::EvidenceError>(())
/// ```
///
/// # Source
///
/// Vovk (2015), "Cross-conformal predictors", for limits from the other folds; Roberts et al. (2017), "Cross-validation
/// strategies for data with temporal, spatial, hierarchical, or phylogenetic structure", for leaving out whole blocks.
pub fn false_positives(
    placebos: &[Placebo],
    level: f64,
    own_limit: f64,
) -> Result<FalsePositives, EvidenceError> {
    check_probability(level)?;
    let scores: Vec<f64> = placebos.iter().map(|placebo| placebo.score).collect();
    check_finite("placebo scores", &scores)?;
    let mut order: Vec<&Placebo> = placebos.iter().collect();
    order.sort_by(|a, b| a.score.abs().total_cmp(&b.score.abs()));
    let several = placebos.iter().zip(placebos.iter().skip(1)).any(|(a, b)| a.unit != b.unit);
    let (mut judged, mut beyond, mut stated, mut most) = (0_usize, 0.0, 0.0, 0_usize);
    for own in placebos {
        let apart = |other: &&&Placebo| {
            (!several || other.unit != own.unit) && (other.last < own.first || other.first > own.last)
        };
        let others = order.iter().filter(apart).count();
        most = most.max(others);
        let place = level * (count(others) + 1.0);
        let limit = order.iter().filter(apart).zip(1_usize..).find(|(_, rank)| count(*rank) >= place - 1e-9);
        let Some((limit, _)) = limit else { continue };
        judged = judged.saturating_add(1);
        beyond += f64::from(u8::from(own.score.abs() > limit.score.abs()));
        stated += f64::from(u8::from(own.score.abs() > own_limit));
    }
    if judged == 0 {
        let need = (1_usize..=1_000_000).find(|n| count(*n) >= level * (count(*n) + 1.0) - 1e-9);
        let need = need.unwrap_or(usize::MAX);
        return Err(EvidenceError::TooFew {
            what: "placebo events of other units and periods",
            have: most,
            need,
        });
    }
    let share = |some: f64| some / count(judged);
    Ok(FalsePositives { nominal: 1.0 - level, judged, conformal: share(beyond), stated: share(stated) })
}
