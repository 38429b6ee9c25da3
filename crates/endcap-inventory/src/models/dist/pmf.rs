//! Demand given by its probabilities.
#![allow(clippy::float_arithmetic, reason = "a statistics module: probabilities are f64")]

use super::super::ModelError;
use super::super::num::float;
use super::Losses;

/// Most entries of a pmf, also after adding periods.
const MAX_ENTRIES: usize = 1 << 20;
/// Relative slack with which a cumulative probability meets its target.
const SLACK: f64 = 1e-12;

/// Probabilities of whole pieces (离散分布): `masses[i]` is the probability of `offset + i`.
///
/// # Examples
///
/// ```
/// use endcap_inventory::models::Pmf;
/// let pmf = Pmf::new(1, vec![0.25, 0.5, 0.25])?;
/// assert_eq!(pmf.mean(), 2.0);
/// let counted = Pmf::of_observations(&[0, 2, 2, 4])?;
/// assert_eq!(counted.mean(), 2.0);
/// # Ok::<(), endcap_inventory::models::ModelError>(())
/// ```
///
/// # Source
///
/// Textbook definition.
#[derive(Debug, Clone, PartialEq)]
pub struct Pmf {
    offset: i64,
    masses: Vec<f64>,
}

impl Pmf {
    /// Probabilities from `offset` on; they sum to 1 within 1e-9.
    ///
    /// # Errors
    ///
    /// - [`ModelError::Empty`], [`ModelError::TooLarge`], [`ModelError::NotFinite`], [`ModelError::Negative`],
    ///   [`ModelError::MassNotOne`]; [`ModelError::OutOfRange`] for an offset beyond 1e12.
    pub fn new(offset: i64, masses: Vec<f64>) -> Result<Self, ModelError> {
        if masses.is_empty() {
            return Err(ModelError::Empty { what: "probabilities" });
        }
        check_size(masses.len())?;
        super::super::num::signed("offset", float(offset))?;
        let mut sum = 0.0;
        for mass in &masses {
            super::super::num::not_negative("probability", *mass)?;
            sum += mass;
        }
        if (sum - 1.0).abs() > 1e-9 {
            return Err(ModelError::MassNotOne { sum });
        }
        Ok(Self { offset, masses })
    }
    /// The empirical distribution of observed demands, each with the same weight (经验分布).
    ///
    /// # Errors
    ///
    /// - [`ModelError::Empty`]; [`ModelError::TooLarge`] for a spread of more than a million pieces.
    pub fn of_observations(observed: &[i64]) -> Result<Self, ModelError> {
        let (Some(&low), Some(&high)) = (observed.iter().min(), observed.iter().max()) else {
            return Err(ModelError::Empty { what: "observations" });
        };
        let spread = high.saturating_sub(low).saturating_add(1);
        let entries = usize::try_from(spread).unwrap_or(usize::MAX);
        check_size(entries)?;
        let mut counts = vec![0.0_f64; entries];
        for value in observed {
            let place = usize::try_from(value.saturating_sub(low)).unwrap_or(usize::MAX);
            if let Some(slot) = counts.get_mut(place) {
                *slot += 1.0;
            }
        }
        let total = super::super::num::float_len(observed.len());
        for count in &mut counts {
            *count /= total;
        }
        Self::new(low, counts)
    }
    /// The smallest value listed.
    #[must_use]
    pub const fn offset(&self) -> i64 {
        self.offset
    }
    /// The probabilities from the offset on.
    #[must_use]
    pub fn as_slice(&self) -> &[f64] {
        &self.masses
    }
    /// Mean, in pieces.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.points().map(|(x, mass)| x * mass).sum()
    }
    /// Variance, in pieces².
    #[must_use]
    pub fn variance(&self) -> f64 {
        let mean = self.mean();
        self.points().map(|(x, mass)| (x - mean) * (x - mean) * mass).sum()
    }
    fn points(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        let first = float(self.offset);
        self.masses.iter().scan(first, |x, mass| {
            let at = *x;
            *x += 1.0;
            Some((at, *mass))
        })
    }
    pub(crate) fn mass(&self, k: i64) -> f64 {
        let place = usize::try_from(k.saturating_sub(self.offset)).ok();
        place.and_then(|i| self.masses.get(i)).copied().unwrap_or(0.0)
    }
    pub(crate) fn tails(&self, k: i64) -> (f64, f64) {
        let limit = float(k);
        let mut sums = (0.0, 0.0);
        for (x, mass) in self.points() {
            if x <= limit { sums.0 += mass } else { sums.1 += mass }
        }
        sums
    }
    pub(crate) fn quantile(&self, q: f64) -> i64 {
        let mut sum = 0.0;
        let mut last = self.offset;
        for (value, mass) in (self.offset..).zip(&self.masses) {
            sum += mass;
            if *mass > 0.0 {
                last = value;
            }
            if sum >= q * (1.0 - SLACK) {
                return last;
            }
        }
        last
    }
    /// First and second losses at `k`.
    pub(crate) fn losses(&self, k: i64) -> (Losses, Losses) {
        let x = float(k);
        let (mut short, mut left, mut short2, mut left2) = (0.0, 0.0, 0.0, 0.0);
        for (value, mass) in self.points() {
            let away = value - x;
            if away > 0.0 {
                short += away * mass;
                short2 += 0.5 * away * (away - 1.0) * mass;
            } else {
                left -= away * mass;
                left2 += 0.5 * away * (away - 1.0) * mass;
            }
        }
        (Losses { shortage: short, excess: left }, Losses { shortage: short2, excess: left2 })
    }
    /// The sum of `periods` independent draws.
    pub(crate) fn power(&self, periods: i64) -> Result<Self, ModelError> {
        let mut sum = Self { offset: 0, masses: vec![1.0] };
        let mut base = self.clone();
        let mut left = periods.max(0);
        while left > 0 {
            if left & 1 == 1 {
                sum = sum.plus(&base)?;
            }
            left >>= 1;
            if left > 0 {
                base = base.plus(&base)?;
            }
        }
        Ok(sum)
    }
    /// The sum of two independent demands.
    ///
    /// # Errors
    ///
    /// - [`ModelError::TooLarge`] beyond a million entries.
    pub fn plus(&self, other: &Self) -> Result<Self, ModelError> {
        let entries = self.masses.len().saturating_add(other.masses.len()).saturating_sub(1);
        check_size(entries)?;
        let mut masses = vec![0.0; entries];
        for (i, left) in self.masses.iter().enumerate() {
            if *left == 0.0 {
                continue;
            }
            for (slot, right) in masses.iter_mut().skip(i).zip(&other.masses) {
                *slot += left * right;
            }
        }
        Ok(Self { offset: self.offset.saturating_add(other.offset), masses })
    }
    pub(crate) fn masses(&self, entries: usize) -> Result<Vec<f64>, ModelError> {
        if self.offset < 0 && self.points().any(|(x, mass)| x < 0.0 && mass > 0.0) {
            return Err(ModelError::NoSolution { why: "demand can be negative" });
        }
        let mut out = vec![0.0; entries];
        for (value, mass) in (self.offset..).zip(&self.masses) {
            if let Some(slot) = usize::try_from(value).ok().and_then(|i| out.get_mut(i)) {
                *slot = *mass;
            }
        }
        Ok(out)
    }
}

fn check_size(entries: usize) -> Result<(), ModelError> {
    if entries <= MAX_ENTRIES {
        return Ok(());
    }
    let as_u64 = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    Err(ModelError::TooLarge { what: "entries of a pmf", value: as_u64(entries), limit: as_u64(MAX_ENTRIES) })
}
