//! Entry trials: a new product on the shelf for some weeks, judged against targets agreed before it came.

use endcap_types::{Exact, SkuId};
use rust_decimal::Decimal;

use crate::ShelfError;
use crate::facings::not_negative;
use crate::limits::MAX_TRIAL_WEEKS;

/// What a trial is judged by (试销指标), over the weeks after the ramp-up.
///
/// # Source
///
/// Trade definitions: sales per point of distribution, numeric distribution and repeat rate are the usual trio of a launch review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum TrialMeasure {
    /// Units a selling store sells a week (单店周销): `Σ units ÷ Σ stores selling`.
    Velocity,
    /// Share of the planned stores that sell it (铺货率), 0 to 1: `Σ stores selling ÷ (weeks × stores planned)`.
    Distribution,
    /// Share of purchases by someone who bought it before (复购率), 0 to 1: `Σ repeat purchases ÷ Σ purchases`.
    Repeat,
    /// Margin a selling store earns a week (单店周毛利), in major units: `velocity × unit margin`.
    Margin,
}

/// One target of a trial (试销目标): what keeps the product, and what ends the trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct TrialTarget {
    /// What is measured.
    pub measure: TrialMeasure,
    /// Met from here on.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub keep_from: Decimal,
    /// Missed below this; not above `keep_from`.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub delist_below: Decimal,
}

/// What was agreed before a trial; plain data, checked by [`Trial::new`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct TrialSpec {
    /// The product.
    pub sku: SkuId,
    /// Stores that agreed to list it.
    pub stores_planned: u32,
    /// Margin of one unit in major units.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub unit_margin: Decimal,
    /// First weeks that do not count: stores are still filling.
    pub ramp_up_weeks: u32,
    /// Weeks that must count before anything is decided.
    pub least_weeks: u32,
    /// Weeks that may count before it must be decided.
    pub most_weeks: u32,
    /// At least one, each measure once.
    pub targets: Vec<TrialTarget>,
}

/// An entry trial (新品试销): a [`TrialSpec`] that keeps the rules.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "TrialSpec", into = "TrialSpec"))]
pub struct Trial(TrialSpec);

/// What one week of a trial showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct TrialWeek {
    /// Units sold in all stores.
    pub units: u64,
    /// Stores that sold at least one.
    pub stores_selling: u32,
    /// Purchases with a known buyer; 0 where no card tells.
    pub purchases: u64,
    /// Those of them by someone who had bought it before.
    pub repeat_purchases: u64,
}

/// Where a measure lies between its two limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum TrialScore {
    /// Below the lower limit.
    Missed,
    /// Nothing to divide by: no store sold, or no buyer is known.
    Unmeasured,
    /// Between the limits.
    Open,
    /// At or above the upper limit.
    Met,
}

/// What one target came to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TrialLine {
    /// The target.
    pub target: TrialTarget,
    /// The measure, exact; absent when there was nothing to divide by.
    #[cfg_attr(feature = "serde", serde(serialize_with = "as_text"))]
    pub measured: Option<Exact>,
    /// Where it lies.
    pub score: TrialScore,
}

/// Keep, extend or delist (留用 / 延长 / 汰换), from worst to best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum TrialDecision {
    /// A target is missed, or the time is up with one still open.
    Delist,
    /// Too early to say: so many weeks more.
    Extend {
        /// Weeks to add, at least one.
        weeks: u32,
    },
    /// Every target is met.
    Keep,
}

/// The verdict of a trial (试销结论) with every measure behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TrialVerdict {
    /// What to do.
    pub decision: TrialDecision,
    /// Weeks that counted.
    pub weeks: u32,
    /// One line a target, in the order of the targets.
    pub lines: Vec<TrialLine>,
}

impl Trial {
    /// Checks what was agreed.
    ///
    /// # Errors
    ///
    /// - [`ShelfError::TrialWeeksOutOfRange`] unless `1 ≤ least ≤ most ≤ 520`, the ramp-up at most 520 too.
    /// - [`ShelfError::TrialTargetsOutOfOrder`] for a lower limit above the upper one, [`ShelfError::NegativeValue`] for one below
    ///   zero, [`ShelfError::DuplicateKey`] for a measure given twice.
    /// - [`ShelfError::CountOutOfRange`] without stores or targets.
    pub fn new(spec: TrialSpec) -> Result<Self, ShelfError> {
        let (least, most) = (spec.least_weeks, spec.most_weeks);
        let longest = most.max(spec.ramp_up_weeks);
        if least == 0 || least > most || longest > MAX_TRIAL_WEEKS {
            return Err(ShelfError::TrialWeeksOutOfRange { least, most: longest, limit: MAX_TRIAL_WEEKS });
        }
        crate::product::check_count("stores planned", spec.stores_planned, u32::MAX)?;
        let targets = u32::try_from(spec.targets.len()).unwrap_or(u32::MAX);
        crate::product::check_count("targets", targets, u32::MAX)?;
        let mut seen = std::collections::BTreeSet::new();
        for target in &spec.targets {
            let TrialTarget { measure, keep_from, delist_below } = *target;
            not_negative("target", delist_below)?;
            if delist_below > keep_from {
                return Err(ShelfError::TrialTargetsOutOfOrder { keep_from, delist_below });
            }
            if !seen.insert(measure) {
                return Err(ShelfError::DuplicateKey { key: format!("{measure:?}") });
            }
        }
        Ok(Self(spec))
    }

    /// What was agreed.
    #[must_use]
    pub const fn spec(&self) -> &TrialSpec {
        &self.0
    }

    /// Judges the weeks so far, first week first (试销评审).
    ///
    /// The ramp-up leaves. Fewer than the least weeks: extend by those missing. Then a missed target delists, all met keep, and
    /// anything else extends up to the most weeks, after which it delists. Weeks beyond the most do not count.
    ///
    /// # Errors
    ///
    /// - [`ShelfError::CountOutOfRange`] for more selling stores than planned, or more repeat purchases than purchases.
    /// - [`ShelfError::Types`] never for counts that fit a chain; the arithmetic is bounded.
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_shelf::{Trial, TrialDecision, TrialMeasure, TrialScore, TrialSpec, TrialTarget, TrialWeek};
    /// let target = |measure, keep: &str, delist: &str| -> Result<TrialTarget, Box<dyn std::error::Error>> {
    ///     Ok(TrialTarget { measure, keep_from: keep.parse()?, delist_below: delist.parse()? })
    /// };
    /// let trial = Trial::new(TrialSpec {
    ///     sku: "6901".parse()?, stores_planned: 40, unit_margin: "1.50".parse()?,
    ///     ramp_up_weeks: 1, least_weeks: 3, most_weeks: 8,
    ///     targets: vec![
    ///         target(TrialMeasure::Velocity, "6", "3")?,
    ///         target(TrialMeasure::Distribution, "0.8", "0.5")?,
    ///         target(TrialMeasure::Repeat, "0.25", "0.1")?,
    ///     ],
    /// })?;
    /// let week = |units, stores_selling, repeat_purchases| TrialWeek { units, stores_selling, purchases: units, repeat_purchases };
    /// let verdict = trial.judge(&[week(40, 12, 0), week(190, 30, 40), week(210, 34, 60), week(230, 36, 70)])?;
    /// // 630 units in 100 store-weeks, 100 of 120 planned, 170 of 630 bought again.
    /// let measured: Vec<String> = verdict.lines.iter().filter_map(|line| Some(line.measured.as_ref()?.to_string())).collect();
    /// assert_eq!(measured, ["63/10", "5/6", "17/63"]);
    /// assert!(verdict.lines.iter().all(|line| line.score == TrialScore::Met));
    /// assert_eq!(verdict.decision, TrialDecision::Keep);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Source
    ///
    /// House rule.
    pub fn judge(&self, weeks: &[TrialWeek]) -> Result<TrialVerdict, ShelfError> {
        let spec = &self.0;
        let size = |weeks: u32| usize::try_from(weeks).unwrap_or(usize::MAX);
        let mut sum = Sums { store_weeks: 0, units: 0, purchases: 0, repeats: 0, counted: 0 };
        for week in weeks.iter().skip(size(spec.ramp_up_weeks)).take(size(spec.most_weeks)) {
            if week.stores_selling > spec.stores_planned {
                let (count, limit) = (week.stores_selling, spec.stores_planned);
                return Err(ShelfError::CountOutOfRange { what: "stores selling", count, limit });
            }
            if week.repeat_purchases > week.purchases {
                let count = u32::try_from(week.repeat_purchases).unwrap_or(u32::MAX);
                let limit = u32::try_from(week.purchases).unwrap_or(u32::MAX);
                return Err(ShelfError::CountOutOfRange { what: "repeat purchases", count, limit });
            }
            sum.add(week);
        }
        let mut lines = Vec::with_capacity(spec.targets.len());
        for target in &spec.targets {
            let measured = sum.measure(target.measure, spec)?;
            let score = match &measured {
                None => TrialScore::Unmeasured,
                Some(value) if *value >= Exact::from_decimal(target.keep_from) => TrialScore::Met,
                Some(value) if *value < Exact::from_decimal(target.delist_below) => TrialScore::Missed,
                Some(_) => TrialScore::Open,
            };
            lines.push(TrialLine { target: *target, measured, score });
        }
        let worst = lines.iter().map(|line| line.score).min();
        let more = |until: u32| TrialDecision::Extend { weeks: until.saturating_sub(sum.counted) };
        let decision = match worst {
            _ if sum.counted < spec.least_weeks => more(spec.least_weeks),
            Some(TrialScore::Met) => TrialDecision::Keep,
            Some(TrialScore::Open | TrialScore::Unmeasured) if sum.counted < spec.most_weeks => {
                more(sum.counted.saturating_add(spec.least_weeks).min(spec.most_weeks))
            }
            _ => TrialDecision::Delist,
        };
        Ok(TrialVerdict { decision, weeks: sum.counted, lines })
    }
}

/// Sums over the weeks that count.
struct Sums {
    store_weeks: u64,
    units: u128,
    purchases: u128,
    repeats: u128,
    counted: u32,
}

impl Sums {
    fn add(&mut self, week: &TrialWeek) {
        self.store_weeks = self.store_weeks.saturating_add(u64::from(week.stores_selling));
        self.units = self.units.saturating_add(u128::from(week.units));
        self.purchases = self.purchases.saturating_add(u128::from(week.purchases));
        self.repeats = self.repeats.saturating_add(u128::from(week.repeat_purchases));
        self.counted = self.counted.saturating_add(1);
    }

    fn measure(&self, measure: TrialMeasure, spec: &TrialSpec) -> Result<Option<Exact>, ShelfError> {
        let possible = u64::from(self.counted).saturating_mul(u64::from(spec.stores_planned));
        let (of, all) = match measure {
            TrialMeasure::Velocity | TrialMeasure::Margin => (self.units, u128::from(self.store_weeks)),
            TrialMeasure::Distribution => (u128::from(self.store_weeks), u128::from(possible)),
            TrialMeasure::Repeat => (self.repeats, self.purchases),
        };
        if all == 0 {
            return Ok(None);
        }
        let signed = |count: u128| i128::try_from(count).unwrap_or(i128::MAX);
        let ratio = Exact::ratio(signed(of), signed(all))?;
        Ok(Some(match measure {
            TrialMeasure::Margin => ratio.mul(&Exact::from_decimal(spec.unit_margin))?,
            _ => ratio,
        }))
    }
}

impl TryFrom<TrialSpec> for Trial {
    type Error = ShelfError;

    fn try_from(spec: TrialSpec) -> Result<Self, ShelfError> {
        Self::new(spec)
    }
}

impl From<Trial> for TrialSpec {
    fn from(trial: Trial) -> Self {
        trial.0
    }
}

/// The exact fraction as text, such as `63/10`.
#[cfg(feature = "serde")]
fn as_text<S: serde::Serializer>(value: &Option<Exact>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.collect_str(value),
        None => serializer.serialize_none(),
    }
}
