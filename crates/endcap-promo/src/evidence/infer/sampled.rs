//! Relabelling where there are too many assignments to list.

use super::super::EvidenceError;
use super::super::linalg::{check_finite, mean, sum};
use super::permutation::two_groups;
use crate::border::count;

/// Most relabellings that are drawn.
const MAX_DRAWS: usize = 10_000_000;

/// Where a p-value by relabelling comes from (置换方式).
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Relabelled {
    /// Every assignment was looked at: the p-value is exact.
    All,
    /// A sample was drawn, its sequence given by the data alone.
    Sampled {
        /// Relabellings drawn, the observed one not counted.
        draws: usize,
        /// Standard error that drawing leaves in the p-value.
        standard_error: f64,
    },
}

/// A difference of group means, its p-value and how it was found.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RelabelledGroups {
    /// Mean of the treated less mean of the controls.
    pub difference: f64,
    /// Share of assignments with a difference at least as extreme, two-sided.
    pub p: f64,
    /// All assignments, or a sample.
    pub relabelled: Relabelled,
}

/// Difference of means with its p-value over all assignments when there are at most [`MAX_ENUMERATION`](super::permutation::MAX_ENUMERATION) of them, else over
/// `draws` of them (大样本置换检验): `(1 + #{at least as extreme})/(1 + draws)`, which never claims more than `draws` can carry.
///
/// The draws follow from the values themselves: the same two groups give the same p-value in any order of their units, on
/// any machine, and there is no seed to choose.
///
/// # Errors
///
/// - [`EvidenceError::TooFew`] for an empty group or no draws; [`EvidenceError::TooMany`] beyond ten million draws;
///   [`EvidenceError::NotFinite`].
///
/// # Examples
///
/// ```
/// use endcap_promo::evidence::infer::permutation::{Relabelled, two_groups_any};
/// let treated: Vec<f64> = (0..40).map(|i| 100.0 + f64::from(i * 37 % 41)).collect();
/// let control: Vec<f64> = (0..60).map(|i| 85.0 + f64::from(i * 29 % 43)).collect();
/// let found = two_groups_any(&treated, &control, 9_999)?; // 1.4e28 assignments
/// assert!(found.p < 0.001 && matches!(found.relabelled, Relabelled::Sampled { draws: 9_999, .. }));
/// # Ok::<(), endcap_promo::evidence::EvidenceError>(())
/// ```
///
/// # Source
///
/// Phipson & Smyth (2010), "Permutation P-values Should Never Be Zero"; Steele, Lea & Flood (2014) for the generator.
pub fn two_groups_any(
    treated: &[f64],
    control: &[f64],
    draws: usize,
) -> Result<RelabelledGroups, EvidenceError> {
    match two_groups(treated, control) {
        Ok(found) => {
            return Ok(RelabelledGroups {
                difference: found.difference,
                p: found.p,
                relabelled: Relabelled::All,
            });
        }
        Err(EvidenceError::TooMany { .. }) => {}
        Err(other) => return Err(other),
    }
    if draws == 0 {
        return Err(EvidenceError::TooFew { what: "draws", have: 0, need: 1 });
    }
    if draws > MAX_DRAWS {
        return Err(EvidenceError::TooMany { what: "draws", have: draws, limit: MAX_DRAWS });
    }
    let ordered = |group: &[f64]| {
        let mut group = group.to_vec();
        group.sort_by(f64::total_cmp);
        group
    };
    let (own, other) = (ordered(treated), ordered(control));
    let mut all: Vec<f64> = own.iter().chain(&other).copied().collect();
    check_finite("group", &all)?;
    let (total, k, m) = (sum(&all), count(own.len()), count(other.len()));
    let gap = |chosen: f64| (chosen / k - (total - chosen) / m).abs();
    let scale = all.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    let observed = gap(sum(&own)) - 1e-12 * scale;
    // The smaller group is drawn; the gap of one is the gap of the other.
    let size = own.len().min(other.len());
    let flipped = own.len() > other.len();
    let mut sequence = Sequence::of(&all);
    let mut extreme = 0.0;
    for _ in 0..draws {
        for place in 0..size {
            let rest = all.len().saturating_sub(place);
            all.swap(place, place.saturating_add(sequence.below(rest)));
        }
        let chosen = sum(all.get(..size).unwrap_or(&[]));
        let chosen = if flipped { total - chosen } else { chosen };
        extreme += if gap(chosen) >= observed { 1.0 } else { 0.0 };
    }
    let n = count(draws);
    let p = (1.0 + extreme) / (1.0 + n);
    let standard_error = (p * (1.0 - p) / n).sqrt();
    Ok(RelabelledGroups {
        difference: mean(&own) - mean(&other),
        p,
        relabelled: Relabelled::Sampled { draws, standard_error },
    })
}

/// SplitMix64, started from the bits of the values.
struct Sequence(u64);

impl Sequence {
    fn of(values: &[f64]) -> Self {
        let mut state = Self(0x005E_ED0F_DA7A);
        for value in values {
            // −0 and 0 are the same value.
            state.0 ^= if *value == 0.0 { 0 } else { value.to_bits() };
            state.0 = state.next();
        }
        state
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A whole number below `limit`, by the high bits of a product: off from uniform by less than `limit/2⁶⁴`.
    fn below(&mut self, limit: usize) -> usize {
        let wide = u128::from(self.next()).wrapping_mul(u128::try_from(limit).unwrap_or(1));
        usize::try_from(wide >> 64).unwrap_or(0)
    }
}
