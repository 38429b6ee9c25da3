//! Unit costs that every stochastic model shares.
#![allow(clippy::float_arithmetic, reason = "a statistics module: costs of a model are f64")]

use super::num::positive;
use super::{Distribution, Losses, ModelError};

/// Cost of a piece held and of a piece short (单位持有与缺货成本), in money per piece and unit of time.
///
/// # Examples
///
/// ```
/// use endcap_inventory::models::UnitCosts;
/// let costs = UnitCosts::new(0.2, 1.0)?;
/// assert!((costs.critical_ratio() - 5.0 / 6.0).abs() < 1e-15);
/// # Ok::<(), endcap_inventory::models::ModelError>(())
/// ```
///
/// # Source
///
/// Textbook notation `h` and `p`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnitCosts {
    holding: f64,
    shortage: f64,
}

impl UnitCosts {
    /// Holding and shortage cost, both more than zero.
    ///
    /// # Errors
    ///
    /// - [`ModelError::NotFinite`], [`ModelError::NotPositive`], [`ModelError::OutOfRange`].
    pub fn new(holding: f64, shortage: f64) -> Result<Self, ModelError> {
        positive("holding cost", holding)?;
        positive("shortage cost", shortage)?;
        Ok(Self { holding, shortage })
    }
    /// Cost of a piece held.
    #[must_use]
    pub const fn holding(&self) -> f64 {
        self.holding
    }
    /// Cost of a piece short.
    #[must_use]
    pub const fn shortage(&self) -> f64 {
        self.shortage
    }
    /// `p/(p+h)` (临界比).
    #[must_use]
    pub fn critical_ratio(&self) -> f64 {
        self.shortage / (self.shortage + self.holding)
    }
    /// `h/(p+h)`, without cancellation.
    #[must_use]
    pub fn critical_tail(&self) -> f64 {
        self.holding / (self.shortage + self.holding)
    }
    /// `h·n̄ + p·n`.
    #[must_use]
    pub fn of(&self, losses: Losses) -> f64 {
        self.holding * losses.excess + self.shortage * losses.shortage
    }
}

/// How long a level must last (补货周期): which demand a newsvendor or base stock faces.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RiskTime {
    /// One period, nothing carried.
    OnePeriod,
    /// Orders at the start of each period with this lead time: demand over `L + 1` periods.
    Periodic {
        /// Lead time, in periods.
        lead: f64,
    },
    /// Orders at any moment with this lead time: demand over `L`.
    Continuous {
        /// Lead time, in periods.
        lead: f64,
    },
}

impl RiskTime {
    /// Demand over the time a level must last.
    ///
    /// # Errors
    ///
    /// - As [`Distribution::over`].
    pub fn demand(&self, one_period: &Distribution) -> Result<Distribution, ModelError> {
        match *self {
            Self::OnePeriod => Ok(one_period.clone()),
            Self::Periodic { lead } => {
                super::num::not_negative("lead time", lead)?;
                one_period.over(lead + 1.0)
            }
            Self::Continuous { lead } => one_period.over(lead),
        }
    }
}
