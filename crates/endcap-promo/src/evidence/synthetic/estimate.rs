//! Weighted double differences: one family from difference in differences to synthetic DiD.

use super::super::EvidenceError;
use super::super::linalg::{dot, mean};
use super::super::simplex::{SimplexFit, simplex_least_squares};
use super::Panel;
use crate::border::count;

/// Ridge of weights that only needs to make them unique, in noise levels.
const SLIGHT: f64 = 1e-6;

/// Whether weights match the level too, or only the movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Intercept {
    /// Level and movement.
    None,
    /// A constant takes the level: only the movement is matched.
    Free,
}

/// How donors are weighted (单位权重).
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Units {
    /// All the same.
    Equal,
    /// Fitted to the treated before the event, with `zeta²·periods·‖w‖²` against concentration.
    Fitted {
        /// Level or movement.
        intercept: Intercept,
        /// Ridge scale, in units of the outcome.
        zeta: f64,
    },
}

/// How periods before the event are weighted (时间权重).
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Periods {
    /// None is subtracted: the level is matched by the donors already.
    None,
    /// All the same.
    Equal,
    /// Fitted to the donors' mean of the event.
    Fitted {
        /// Level or movement.
        intercept: Intercept,
        /// Ridge scale, in units of the outcome.
        zeta: f64,
    },
}

/// Weights of units and of periods: `τ = (ȳ_T,post − λ'y_T,pre) − ω'(ȳ_post − Y_pre·λ)`.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Design {
    /// Donors.
    pub units: Units,
    /// Periods before the event.
    pub periods: Periods,
}

impl Design {
    /// Difference in differences (双重差分): equal weights throughout.
    pub const DIFFERENCE_IN_DIFFERENCES: Self = Self { units: Units::Equal, periods: Periods::Equal };

    /// Synthetic control (合成控制) with a ridge scale, 0 for none.
    #[must_use]
    pub const fn synthetic_control(zeta: f64) -> Self {
        Self { units: Units::Fitted { intercept: Intercept::None, zeta }, periods: Periods::None }
    }

    /// Demeaned synthetic control (去均值合成控制): only the movement is matched.
    #[must_use]
    pub const fn demeaned(zeta: f64) -> Self {
        Self { units: Units::Fitted { intercept: Intercept::Free, zeta }, periods: Periods::Equal }
    }

    /// Synthetic difference in differences (合成双重差分) with the ridge of its authors.
    ///
    /// # Errors
    ///
    /// - As [`Panel::noise_level`].
    pub fn synthetic_did(panel: &Panel) -> Result<Self, EvidenceError> {
        let free = Intercept::Free;
        Ok(Self {
            units: Units::Fitted { intercept: free, zeta: panel.regularisation()? },
            periods: Periods::Fitted { intercept: free, zeta: SLIGHT * panel.noise_level()? },
        })
    }
}

/// An effect per treated unit and period, with the weights behind it.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SyntheticEstimate {
    /// Mean effect per period of the event and treated unit.
    pub effect: f64,
    /// Weights of the donors, in the order of their names; they sum to one.
    pub unit_weights: Vec<f64>,
    /// Weights of the periods before the event; they sum to one, or all are 0 when none is subtracted.
    pub period_weights: Vec<f64>,
    /// Treated less weighted donors in every period, before any level is taken out.
    pub gaps: Vec<f64>,
    /// Mean squared gap before the event, after the constant if there is one (拟合误差).
    pub pre_error: f64,
    /// `pre_error + zeta²·‖ω‖²`: what the unit weights minimise.
    pub objective: f64,
    /// How far the weights are from their optimality conditions, relative; the larger of units and periods.
    pub kkt_residual: f64,
}

impl SyntheticEstimate {
    /// Donors that would carry the same concentration with equal weights, `1/Σω²` (有效对照数).
    #[must_use]
    pub fn effective_donors(&self) -> f64 {
        1.0 / dot(&self.unit_weights, &self.unit_weights)
    }

    /// The same for the periods; infinite when none is subtracted.
    #[must_use]
    pub fn effective_periods(&self) -> f64 {
        1.0 / dot(&self.period_weights, &self.period_weights)
    }
}

/// Fits the weights and takes the double difference (合成对照估计).
///
/// # Errors
///
/// - As [`simplex_least_squares`].
///
/// # Examples
///
/// ```
/// use endcap_promo::evidence::synthetic::{estimate, Design, Panel};
/// let unit = |name: &str, values: [f64; 6]| (name.to_owned(), values.to_vec());
/// let panel = Panel::new(
///     vec![unit("T", [15.0, 16.0, 14.0, 15.0, 20.0, 21.0])],
///     vec![unit("A", [10.0, 11.0, 9.0, 10.0, 10.0, 11.0]), unit("B", [20.0, 21.0, 19.0, 20.0, 20.0, 21.0])],
///     4,
/// )?;
/// let fit = estimate(&panel, &Design::synthetic_control(0.0))?;
/// assert!((fit.effect - 5.0).abs() < 1e-9 && (fit.unit_weights[0] - 0.5).abs() < 1e-6);
/// # Ok::<(), endcap_promo::evidence::EvidenceError>(())
/// ```
///
/// # Source
///
/// Abadie, Diamond & Hainmueller (2010); Doudchenko & Imbens (2016) for the demeaned form; Arkhangelsky et al. (2021),
/// algorithm 1. Weights at the exact optimum, where published figures stop early.
pub fn estimate(panel: &Panel, design: &Design) -> Result<SyntheticEstimate, EvidenceError> {
    let start = panel.start();
    let treated = panel.treated_mean();
    let donors = panel.donors();
    let split = |values: &[f64]| -> (Vec<f64>, f64) {
        let (before, after) = values.split_at_checked(start).unwrap_or((values, &[]));
        (before.to_vec(), mean(after))
    };
    let (treated_before, treated_after) = split(&treated);
    let (before, after): (Vec<Vec<f64>>, Vec<f64>) = donors.iter().map(|d| split(d)).unzip();
    let (unit_weights, zeta, intercept, units_kkt) = match design.units {
        Units::Equal => (equal(donors.len()), 0.0, Intercept::Free, 0.0),
        Units::Fitted { intercept, zeta } => {
            let fit = fitted(&before, &treated_before, intercept, zeta)?;
            (fit.weights, zeta, intercept, fit.kkt_residual)
        }
    };
    let (period_weights, periods_kkt) = match design.periods {
        Periods::None => (vec![0.0; start], 0.0),
        Periods::Equal => (equal(start), 0.0),
        Periods::Fitted { intercept, zeta } => {
            // One column a period, one row a donor.
            let columns: Vec<Vec<f64>> = (0..start)
                .map(|t| before.iter().filter_map(|donor| donor.get(t).copied()).collect())
                .collect();
            let fit = fitted(&columns, &after, intercept, zeta)?;
            (fit.weights, fit.kkt_residual)
        }
    };
    let mut gaps = treated.clone();
    for (donor, w) in donors.iter().zip(&unit_weights) {
        gaps.iter_mut().zip(*donor).for_each(|(gap, y)| *gap -= w * y);
    }
    let own: Vec<f64> = before.iter().map(|donor| dot(donor, &period_weights)).collect();
    let effect = (treated_after - dot(&period_weights, &treated_before))
        - (dot(&unit_weights, &after) - dot(&unit_weights, &own));
    let early = gaps.get(..start).unwrap_or(&[]);
    let level = if intercept == Intercept::Free { mean(early) } else { 0.0 };
    let pre_error = mean(&early.iter().map(|gap| (gap - level) * (gap - level)).collect::<Vec<f64>>());
    let objective = pre_error + zeta * zeta * dot(&unit_weights, &unit_weights);
    Ok(SyntheticEstimate {
        effect,
        unit_weights,
        period_weights,
        gaps,
        pre_error,
        objective,
        kkt_residual: units_kkt.max(periods_kkt),
    })
}

fn equal(n: usize) -> Vec<f64> {
    vec![1.0 / count(n.max(1)); n]
}

/// `min ‖A·w − b‖² + zeta²·rows·‖w‖²` on the simplex, with or without a constant.
pub(super) fn fitted(
    columns: &[Vec<f64>],
    target: &[f64],
    intercept: Intercept,
    zeta: f64,
) -> Result<SimplexFit, EvidenceError> {
    let ridge = zeta * zeta * count(target.len());
    if intercept == Intercept::None {
        let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        return simplex_least_squares(&slices, target, ridge);
    }
    let centred = |values: &[f64]| -> Vec<f64> {
        let centre = mean(values);
        values.iter().map(|x| x - centre).collect()
    };
    let columns: Vec<Vec<f64>> = columns.iter().map(|column| centred(column)).collect();
    let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    simplex_least_squares(&slices, &centred(target), ridge)
}
