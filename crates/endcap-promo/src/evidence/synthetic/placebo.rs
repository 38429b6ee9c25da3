//! What the same method finds where nothing happened.

use super::super::EvidenceError;
use super::super::infer::permutation::block_p;
use super::super::linalg::{mean, sum};
use super::estimate::{Intercept, estimate, fitted};
use super::{Design, Panel};
use crate::border::count;

/// Most placebo groups that are enumerated.
const MAX_GROUPS: usize = 20_000;

/// Effects found at untreated units (安慰剂效应).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Placebos {
    /// One effect a placebo group, in lexicographic order of the groups.
    pub effects: Vec<f64>,
}

/// Spread and p-value from placebos.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct PlaceboSpread {
    /// Population standard deviation of the placebo effects: the standard error of the effect (安慰剂标准误).
    pub standard_error: f64,
    /// `(1 + #{|placebo| ≥ |effect|}) / (1 + N)`.
    pub p_two_sided: f64,
}

impl Placebos {
    /// Spread of the placebos, and where an effect lies among them.
    ///
    /// # Errors
    ///
    /// - As [`super::super::infer::permutation::placebo_p`].
    pub fn spread(&self, effect: f64) -> Result<PlaceboSpread, EvidenceError> {
        use super::super::infer::permutation::{Side, placebo_p};
        let centre = mean(&self.effects);
        let squares: Vec<f64> = self.effects.iter().map(|e| (e - centre) * (e - centre)).collect();
        Ok(PlaceboSpread {
            standard_error: (sum(&squares) / count(self.effects.len())).sqrt(),
            p_two_sided: placebo_p(effect, &self.effects, Side::TwoSided)?,
        })
    }
}

/// Every group of donors as large as the treated group takes its place once, with the other donors (穷举安慰剂检验).
///
/// All groups, not a draw of them: published random draws of one panel print 8.4, 9.88 and 10.79 for what is 9.37.
///
/// # Errors
///
/// - [`EvidenceError::ControlsNotMore`] unless there are more donors than treated units.
/// - [`EvidenceError::TooMany`] beyond twenty thousand groups.
/// - As [`estimate`].
///
/// # Source
///
/// Arkhangelsky et al. (2021), algorithm 4, enumerated; Abadie, Diamond & Hainmueller (2010).
pub fn placebos(panel: &Panel, design: &Design) -> Result<Placebos, EvidenceError> {
    let (controls, treated) = (panel.donors().len(), panel.treated_count());
    if controls <= treated {
        return Err(EvidenceError::ControlsNotMore { controls, treated });
    }
    let mut effects = Vec::new();
    let mut group: Vec<usize> = (0..treated).collect();
    loop {
        if effects.len() >= MAX_GROUPS {
            return Err(EvidenceError::TooMany {
                what: "placebo groups",
                have: effects.len().saturating_add(1),
                limit: MAX_GROUPS,
            });
        }
        effects.push(estimate(&panel.swapped(&group)?, design)?.effect);
        if !advance(&mut group, controls) {
            return Ok(Placebos { effects });
        }
    }
}

/// The next group in lexicographic order, or false after the last.
fn advance(group: &mut [usize], of: usize) -> bool {
    let size = group.len();
    for place in (0..size).rev() {
        let highest = of.saturating_sub(size).saturating_add(place);
        let Some(now) = group.get(place).copied() else { return false };
        if now < highest {
            for (later, slot) in group.iter_mut().enumerate().skip(place) {
                *slot = now.saturating_add(1).saturating_add(later.saturating_sub(place));
            }
            return true;
        }
    }
    false
}

/// Mean squared gap of the event over that before it, treated first, then every donor in the place of the treated with
/// the other donors (误差比).
///
/// A trap where donors outnumber periods: a placebo that fits almost perfectly before the event gets a huge ratio. Read
/// it together with a limit on the fit.
///
/// # Errors
///
/// - As [`placebos`].
///
/// # Source
///
/// Abadie, Diamond & Hainmueller (2010), section 3.4.
pub fn error_ratios(panel: &Panel, design: &Design) -> Result<Vec<f64>, EvidenceError> {
    let ratio = |panel: &Panel| -> Result<f64, EvidenceError> {
        let fit = estimate(panel, design)?;
        let after = fit.gaps.get(panel.start()..).unwrap_or(&[]);
        Ok(mean(&after.iter().map(|gap| gap * gap).collect::<Vec<f64>>()) / fit.pre_error)
    };
    let mut ratios = vec![ratio(panel)?];
    for donor in 0..panel.donors().len() {
        ratios.push(ratio(&panel.swapped(&[donor])?)?);
    }
    Ok(ratios)
}

/// P-value of "the effect of every period of the event is `effect`" (共形检验): the demeaned synthetic control is fitted on
/// all periods with that effect taken out, and the residuals of the event are compared with all cyclic shifts.
///
/// # Errors
///
/// - As [`estimate`] and [`block_p`].
///
/// # Source
///
/// Chernozhukov, Wüthrich & Zhu (2021), "An Exact and Robust Conformal Inference Method for Counterfactual and Synthetic
/// Controls".
pub fn conformal_p(panel: &Panel, effect: f64) -> Result<f64, EvidenceError> {
    let mut treated = panel.treated_mean();
    treated.iter_mut().skip(panel.start()).for_each(|y| *y -= effect);
    let donors: Vec<Vec<f64>> = panel.donors().iter().map(|donor| donor.to_vec()).collect();
    let fit = fitted(&donors, &treated, Intercept::Free, 0.0)?;
    for (donor, w) in donors.iter().zip(&fit.weights) {
        treated.iter_mut().zip(donor).for_each(|(gap, y)| *gap -= w * y);
    }
    let level = mean(&treated);
    let residuals: Vec<f64> = treated.iter().map(|gap| gap - level).collect();
    block_p(&residuals, panel.periods().saturating_sub(panel.start()))
}
