//! Shelf life on receipt: which goods a customer takes, as data of the contract.

use chrono::{Days, NaiveDate};

use crate::InventoryError;

/// One limit on shelf life (效期限制); limits are inclusive and compared in whole days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum LifeLimit {
    /// At most this share of the life has passed: `elapsed·den ≤ life·num`, such as one third.
    MaxElapsed {
        /// Numerator.
        num: u32,
        /// Denominator, more than zero.
        den: u32,
    },
    /// At least this share of the life remains, and at least one day: `remaining·den ≥ life·num`.
    MinRemaining {
        /// Numerator.
        num: u32,
        /// Denominator, more than zero.
        den: u32,
    },
    /// At least the smaller of a share of the life and a number of days remains.
    MinRemainingCapped {
        /// Numerator.
        num: u32,
        /// Denominator, more than zero.
        den: u32,
        /// Days that are enough in any case.
        cap_days: u32,
    },
    /// At least so many days remain.
    MinRemainingDays(u32),
}

/// One step of a customer's rule (收货规则): within the limit the goods are taken as `decision` says.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct AcceptanceStep {
    /// The limit.
    pub limit: LifeLimit,
    /// Who must agree; nobody for plain acceptance.
    pub approval: Approval,
}

/// Who must agree to goods that are getting old (审批).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Approval {
    /// Nobody.
    NotNeeded,
    /// This role, such as "store manager".
    By(String),
}

/// What happens to a delivery (收货结论).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum AcceptanceDecision {
    /// Taken.
    Accept,
    /// Taken if this role agrees.
    AcceptWithApproval(String),
    /// Not taken.
    Reject,
    /// A date is missing: not taken until it is known.
    Unknown,
}

/// A decision and the figures behind it (收货判断).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Acceptance {
    /// The decision.
    pub decision: AcceptanceDecision,
    /// Days from manufacture to the last sellable day.
    pub life_days: Option<i64>,
    /// Days from manufacture to receipt.
    pub elapsed_days: Option<i64>,
    /// Days from receipt to the last sellable day.
    pub remaining_days: Option<i64>,
    /// Days past the first limit; zero within it.
    pub days_past: i64,
    /// Last day on which the same goods would be taken as decided.
    pub valid_until: Option<NaiveDate>,
}

/// The dates of a delivery (批次日期); missing dates are never guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct BatchDates {
    /// Day of manufacture, if printed.
    pub made_on: Option<NaiveDate>,
    /// Last sellable day, if printed.
    pub expires_on: Option<NaiveDate>,
}

impl LifeLimit {
    /// The one-third rule (三分之一规则): delivered within the first third of the life.
    ///
    /// # Source
    ///
    /// Japanese trade custom.
    pub const ONE_THIRD: Self = Self::MaxElapsed { num: 1, den: 3 };
    /// A fifth of the life remains, at least one day (剩余五分之一).
    ///
    /// # Source
    ///
    /// Notice of a Chinese marketplace for ordinary food, 2017.
    pub const LAST_FIFTH: Self = Self::MinRemaining { num: 1, den: 5 };

    /// Most days that may have passed on receipt, for a life in days; negative when even fresh goods fail.
    fn most_elapsed(self, life: i64) -> Option<i64> {
        let life = i128::from(life);
        let ceiling = |num: u32, den: u32| {
            let product = life.checked_mul(i128::from(num))?;
            let den = i128::from(den);
            product.checked_add(den.checked_sub(1)?)?.checked_div(den)
        };
        let days = match self {
            Self::MaxElapsed { num, den } => {
                life.checked_mul(i128::from(num))?.checked_div(i128::from(den))?
            }
            Self::MinRemaining { num, den } => life.checked_sub(ceiling(num, den)?.max(1))?,
            Self::MinRemainingCapped { num, den, cap_days } => {
                life.checked_sub(ceiling(num, den)?.min(i128::from(cap_days)).max(1))?
            }
            Self::MinRemainingDays(days) => life.checked_sub(i128::from(days))?,
        };
        i64::try_from(days).ok()
    }
}

/// Decides on a delivery by the steps of a customer's rule (收货判断): the first step whose limit holds.
///
/// Steps go from strict to lenient, such as: within a third nobody is asked, within a half the store manager, then the
/// buyer. Goods made after receipt and goods past their last day are rejected whatever the steps say.
///
/// # Errors
///
/// - [`InventoryError::InvalidBands`] for a denominator of zero; [`InventoryError::MadeAfterExpiry`].
///
/// # Examples
///
/// ```
/// use endcap_inventory::*;
/// let day = |text: &str| text.parse::<chrono::NaiveDate>();
/// let rule = [
///     AcceptanceStep { limit: LifeLimit::ONE_THIRD, approval: Approval::NotNeeded },
///     AcceptanceStep { limit: LifeLimit::MaxElapsed { num: 1, den: 2 }, approval: Approval::By("store manager".into()) },
/// ];
/// let dates = BatchDates { made_on: Some(day("2025-01-01")?), expires_on: Some(day("2025-10-28")?) };
/// let on_time = accept_on_receipt(&dates, day("2025-04-11")?, &rule)?;
/// assert_eq!((on_time.decision, on_time.days_past), (AcceptanceDecision::Accept, 0));
/// let late = accept_on_receipt(&dates, day("2025-04-12")?, &rule)?;
/// assert_eq!(late.decision, AcceptanceDecision::AcceptWithApproval("store manager".into()));
/// assert_eq!((late.days_past, late.valid_until), (1, Some(day("2025-05-31")?)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Trade custom and customers' contracts; inclusive limits are a house rule.
pub fn accept_on_receipt(
    dates: &BatchDates,
    received_on: NaiveDate,
    steps: &[AcceptanceStep],
) -> Result<Acceptance, InventoryError> {
    for (position, step) in steps.iter().enumerate() {
        if let LifeLimit::MaxElapsed { den: 0, .. }
        | LifeLimit::MinRemaining { den: 0, .. }
        | LifeLimit::MinRemainingCapped { den: 0, .. } = step.limit
        {
            return Err(InventoryError::InvalidBands {
                position,
                rule: "a share needs a denominator above zero",
            });
        }
    }
    let days = |from: NaiveDate, to: NaiveDate| to.signed_duration_since(from).num_days();
    let elapsed_days = dates.made_on.map(|made| days(made, received_on));
    let remaining_days = dates.expires_on.map(|end| days(received_on, end));
    let mut result = Acceptance {
        decision: AcceptanceDecision::Unknown,
        life_days: None,
        elapsed_days,
        remaining_days,
        days_past: 0,
        valid_until: None,
    };
    let (Some(made_on), Some(expires_on)) = (dates.made_on, dates.expires_on) else { return Ok(result) };
    if made_on > expires_on {
        return Err(InventoryError::MadeAfterExpiry { made_on, expires_on });
    }
    let (life, elapsed) = (days(made_on, expires_on), days(made_on, received_on));
    result.life_days = Some(life);
    result.decision = AcceptanceDecision::Reject;
    let mut first = None;
    for step in steps {
        let Some(most) = step.limit.most_elapsed(life) else { continue };
        let most = most.min(life);
        let past = elapsed.saturating_sub(most).max(0);
        let first = *first.get_or_insert(past);
        result.days_past = first;
        if past == 0 && elapsed >= 0 {
            result.decision = match &step.approval {
                Approval::NotNeeded => AcceptanceDecision::Accept,
                Approval::By(role) => AcceptanceDecision::AcceptWithApproval(role.clone()),
            };
            result.valid_until =
                u64::try_from(most).ok().and_then(|days| made_on.checked_add_days(Days::new(days)));
            break;
        }
    }
    Ok(result)
}
