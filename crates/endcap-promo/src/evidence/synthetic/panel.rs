//! Treated and untreated units over time.

use super::super::EvidenceError;
use super::super::linalg::{check_finite, check_length, variance};
use crate::border::count;

/// Outcomes of units over the same periods (面板): the treated ones, and donors by name.
///
/// Units are kept in the order of their names, so the order they come in changes no bit of any answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    treated: Vec<(String, Vec<f64>)>,
    donors: Vec<(String, Vec<f64>)>,
    start: usize,
}

impl Panel {
    /// Units by name, each with one value a period; the event runs from index `start`.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::TooFew`] without treated units, without donors, with fewer than two periods before the event or
    ///   none after.
    /// - [`EvidenceError::Shape`], [`EvidenceError::NotFinite`].
    pub fn new(
        mut treated: Vec<(String, Vec<f64>)>,
        mut donors: Vec<(String, Vec<f64>)>,
        start: usize,
    ) -> Result<Self, EvidenceError> {
        let periods = treated.first().map_or(0, |unit| unit.1.len());
        for (what, have, need) in [
            ("treated units", treated.len(), 1),
            ("control units", donors.len(), 1),
            ("periods before the event", start.min(periods), 2),
            ("periods of the event", periods.saturating_sub(start), 1),
        ] {
            if have < need {
                return Err(EvidenceError::TooFew { what, have, need });
            }
        }
        for (_, values) in treated.iter().chain(&donors) {
            check_length("unit", values.len(), periods)?;
            check_finite("unit", values)?;
        }
        treated.sort_by(|a, b| a.0.cmp(&b.0));
        donors.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(Self { treated, donors, start })
    }

    /// First period of the event.
    #[must_use]
    pub const fn start(&self) -> usize {
        self.start
    }

    /// Number of periods.
    #[must_use]
    pub fn periods(&self) -> usize {
        self.treated.first().map_or(0, |unit| unit.1.len())
    }

    /// Names of the donors, in order.
    pub fn donor_names(&self) -> impl Iterator<Item = &str> {
        self.donors.iter().map(|(name, _)| name.as_str())
    }

    /// Outcomes of the donors, in the order of their names.
    #[must_use]
    pub fn donors(&self) -> Vec<&[f64]> {
        self.donors.iter().map(|(_, values)| values.as_slice()).collect()
    }

    /// Number of treated units.
    #[must_use]
    pub fn treated_count(&self) -> usize {
        self.treated.len()
    }

    /// Mean of the treated units, period by period.
    #[must_use]
    pub fn treated_mean(&self) -> Vec<f64> {
        let mut mean = vec![0.0; self.periods()];
        for (_, values) in &self.treated {
            mean.iter_mut().zip(values).for_each(|(m, v)| *m += v);
        }
        let n = count(self.treated.len());
        mean.iter_mut().for_each(|m| *m /= n);
        mean
    }

    /// Standard deviation of all first differences of donors before the event (噪声水平): the scale of the ridge.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::TooFew`] for fewer than two differences.
    ///
    /// # Source
    ///
    /// Arkhangelsky, Athey, Hirshberg, Imbens & Wager (2021), equation 2.4.
    pub fn noise_level(&self) -> Result<f64, EvidenceError> {
        let steps: Vec<f64> = self
            .donors
            .iter()
            .filter_map(|(_, values)| values.get(..self.start))
            .flat_map(|before| before.iter().zip(before.iter().skip(1)).map(|(a, b)| b - a))
            .collect();
        Ok(variance(&steps)?.sqrt())
    }

    /// Ridge scale of synthetic DiD: `(N₁·T₁)^¼` times the noise level.
    ///
    /// # Errors
    ///
    /// - As [`Self::noise_level`].
    pub fn regularisation(&self) -> Result<f64, EvidenceError> {
        let after = count(self.periods().saturating_sub(self.start));
        Ok((count(self.treated.len()) * after).sqrt().sqrt() * self.noise_level()?)
    }

    /// The panel in which some donors take the place of the treated; the treated are left out.
    pub(super) fn swapped(&self, chosen: &[usize]) -> Result<Self, EvidenceError> {
        let pick = |inside: bool| -> Vec<(String, Vec<f64>)> {
            let donors = self.donors.iter().enumerate();
            donors.filter(|(at, _)| chosen.contains(at) == inside).map(|(_, unit)| unit.clone()).collect()
        };
        Self::new(pick(true), pick(false), self.start)
    }
}
