//! [`TierTable`]: one vector of thresholds, so that bands can neither overlap nor leave a gap.

use endcap_types::{Exact, Rate, TypesError};
use rust_decimal::Decimal;

use crate::SettlementError;
use crate::curve::Curve;
use crate::problem::{BrokenRule, Problem};

/// 起算边界: whether an amount equal to a threshold has reached it.
///
/// # Source
/// House rule; 满 X in Chinese contracts and scale "from" columns mean [`Boundary::ReachedAt`], "up to and including"
/// tables mean [`Boundary::Exceeds`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Boundary {
    /// 满: `x ≥ threshold`.
    #[default]
    ReachedAt,
    /// 超: `x > threshold`; a first threshold of zero is still entered at zero.
    Exceeds,
}

/// 阶梯算法: how the bands that were reached pay.
///
/// 10 % to 1 000 and 25 % above, on 2 000: marginal 350, whole 500, rolling 600, total 700.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum TierMethod {
    /// 超额累进: each band pays on the part of the amount inside it.
    Marginal,
    /// 全额累进: the highest band reached pays on the whole amount.
    Whole,
    /// Each band reached pays on the amount up to its upper end.
    Rolling,
    /// Each band reached pays on the whole amount.
    Total,
}

impl TierMethod {
    /// The word used in contracts.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Marginal => "marginal",
            Self::Whole => "whole",
            Self::Rolling => "rolling",
            Self::Total => "total",
        }
    }
}

/// What one band pays: a share of an amount or money per unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum TierPay {
    /// A share of the measured amount.
    Rate(Rate),
    /// Major units of the contract's currency per measured unit.
    PerUnit(#[cfg_attr(feature = "serde", serde(with = "crate::text::decimal"))] Decimal),
}

impl TierPay {
    /// The factor on the measured amount.
    #[must_use]
    pub fn factor(&self) -> Exact {
        match self {
            Self::Rate(rate) => rate.to_exact(),
            Self::PerUnit(amount) => Exact::from_decimal(*amount),
        }
    }

    fn is_negative(&self) -> bool {
        self.factor().signum() < 0
    }
}

/// 一级阶梯: a threshold, what its band pays, and a flat amount for entering it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Tier {
    /// Where the band begins, in the unit that is measured (major units for money).
    #[cfg_attr(feature = "serde", serde(with = "crate::text::decimal"))]
    pub from: Decimal,
    /// What the band pays.
    pub pay: TierPay,
    /// Major units of the contract's currency paid once for entering the band.
    #[cfg_attr(feature = "serde", serde(default, with = "crate::text::decimal"))]
    pub flat: Decimal,
}

impl Tier {
    /// A band that pays a share of the amount from `from` on.
    #[must_use]
    pub const fn rate(from: Decimal, rate: Rate) -> Self {
        Self { from, pay: TierPay::Rate(rate), flat: Decimal::ZERO }
    }

    /// A band that pays `amount` per unit from `from` on.
    #[must_use]
    pub const fn per_unit(from: Decimal, amount: Decimal) -> Self {
        Self { from, pay: TierPay::PerUnit(amount), flat: Decimal::ZERO }
    }

    /// The same band with a flat amount for entering it.
    #[must_use]
    pub const fn with_flat(self, flat: Decimal) -> Self {
        Self { from: self.from, pay: self.pay, flat }
    }
}

/// 阶梯表: strictly increasing thresholds and what each band pays; contiguous by construction.
///
/// Below the first threshold (起返点) and for negative amounts nothing is paid.
///
/// # Examples
/// ```
/// use endcap_settlement::{Boundary, Tier, TierMethod, TierTable};
/// use endcap_types::Exact;
/// let table = TierTable::new(
///     [Tier::rate(0.into(), "1%".parse()?), Tier::rate(1_000_000.into(), "2%".parse()?)],
///     Boundary::ReachedAt,
/// )?;
/// let sales = Exact::from_int(1_500_000);
/// assert_eq!(table.evaluate(TierMethod::Whole, &sales)?, Exact::from_int(30_000));
/// assert_eq!(table.evaluate(TierMethod::Marginal, &sales)?, Exact::from_int(20_000));
/// let next = table.next_threshold(TierMethod::Whole, &Exact::from_int(999_000))?.ok_or("top")?;
/// assert_eq!((next.missing, next.extra), (Exact::from_int(1_000), Exact::from_int(10_010)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// Trade practice of volume rebates; the four methods are those of published rebate engines under the names of
/// [`TierMethod`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Parts", into = "Parts"))]
pub struct TierTable {
    tiers: Vec<Tier>,
    boundary: Boundary,
    /// The same table in integers; follows from the rest, none where 128 bits do not hold it.
    curve: Option<Box<Curve>>,
}

/// One band as it was applied: `(taken) × pay + flat`, where `taken` depends on the method.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Band {
    /// Where the band begins.
    #[cfg_attr(feature = "serde", serde(with = "crate::text::decimal"))]
    pub lower: Decimal,
    /// Where the next band begins; none for the last band.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none", with = "crate::text::optional_decimal")
    )]
    pub upper: Option<Decimal>,
    /// What the band pays.
    pub pay: TierPay,
    /// Flat amount for entering the band.
    #[cfg_attr(feature = "serde", serde(with = "crate::text::decimal"))]
    pub flat: Decimal,
}

/// 距下一档: how far the next threshold is and what reaching it would add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextThreshold {
    /// The threshold.
    pub threshold: Decimal,
    /// Amount still missing.
    pub missing: Exact,
    /// Entitlement at the threshold, its band entered, less the entitlement now.
    pub extra: Exact,
}

impl TierTable {
    /// A table of `tiers`, lowest threshold first.
    ///
    /// # Errors
    /// - [`SettlementError::InvalidTiers`] with every broken rule: no tiers, too many, a negative threshold, thresholds
    ///   not strictly increasing, rates mixed with amounts per unit, a negative pay or flat amount.
    pub fn new(tiers: impl IntoIterator<Item = Tier>, boundary: Boundary) -> Result<Self, SettlementError> {
        let tiers: Vec<Tier> = tiers.into_iter().collect();
        let problems = problems_of(&tiers);
        if problems.is_empty() {
            let curve = Curve::new(&tiers, boundary).map(Box::new);
            Ok(Self { tiers, boundary, curve })
        } else {
            Err(SettlementError::InvalidTiers { problems })
        }
    }

    /// The tiers, lowest threshold first.
    #[must_use]
    pub fn tiers(&self) -> &[Tier] {
        &self.tiers
    }

    /// Whether an amount equal to a threshold has reached it.
    #[must_use]
    pub const fn boundary(&self) -> Boundary {
        self.boundary
    }

    /// Whether bands pay money per unit rather than a share.
    #[must_use]
    pub fn is_per_unit(&self) -> bool {
        self.tiers.first().is_some_and(|tier| matches!(tier.pay, TierPay::PerUnit(_)))
    }

    /// Whether any band has a flat amount.
    #[must_use]
    pub fn has_flat(&self) -> bool {
        self.tiers.iter().any(|tier| !tier.flat.is_zero())
    }

    fn reaches(&self, x: &Exact, from: Decimal) -> bool {
        if x.signum() < 0 {
            return false;
        }
        let threshold = Exact::from_decimal(from);
        match self.boundary {
            Boundary::ReachedAt => *x >= threshold,
            Boundary::Exceeds => *x > threshold || threshold.is_zero(),
        }
    }

    /// Number of bands reached by `x`.
    #[must_use]
    pub fn reached(&self, x: &Exact) -> usize {
        let fast = self.curve().zip(x.fraction()).and_then(|(curve, (num, den))| curve.reached(num, den));
        fast.unwrap_or_else(|| self.reached_slowly(x))
    }

    fn reached_slowly(&self, x: &Exact) -> usize {
        self.tiers.iter().take_while(|tier| self.reaches(x, tier.from)).count()
    }

    /// The bands that pay for `x` under `method`, lowest first.
    #[must_use]
    pub fn bands(&self, method: TierMethod, x: &Exact) -> Vec<Band> {
        self.bands_reached(method, self.reached(x))
    }

    fn bands_reached(&self, method: TierMethod, reached: usize) -> Vec<Band> {
        let uppers = self.tiers.iter().skip(1).map(|tier| Some(tier.from)).chain([None]);
        let bands = self.tiers.iter().zip(uppers).take(reached).map(|(tier, upper)| Band {
            lower: tier.from,
            upper,
            pay: tier.pay,
            flat: tier.flat,
        });
        match method {
            TierMethod::Whole => bands.last().into_iter().collect(),
            TierMethod::Marginal | TierMethod::Rolling | TierMethod::Total => bands.collect(),
        }
    }

    /// What `x` earns under `method`, exactly, in major units.
    ///
    /// ```text
    /// whole    = x · r_k + f_k                              k = highest band reached
    /// marginal = Σ reached (min(x, upper_i) − lower_i) · r_i + f_i
    /// rolling  = Σ reached min(x, upper_i) · r_i + f_i
    /// total    = Σ reached x · r_i + f_i
    /// ```
    ///
    /// # Errors
    /// - [`TypesError::ExactTooLarge`] beyond the limit of exact numbers.
    pub fn evaluate(&self, method: TierMethod, x: &Exact) -> Result<Exact, TypesError> {
        let in_integers = |(curve, (num, den)): (&Curve, _)| curve.evaluate(method, num, den);
        match self.curve().zip(x.fraction()).and_then(in_integers) {
            Some((num, den)) => Exact::ratio(num, den),
            None => self.sum_of(method, x, self.reached_slowly(x)),
        }
    }

    /// The table in integers.
    pub(crate) fn curve(&self) -> Option<&Curve> {
        self.curve.as_deref()
    }

    fn sum_of(&self, method: TierMethod, x: &Exact, reached: usize) -> Result<Exact, TypesError> {
        self.bands_reached(method, reached)
            .iter()
            .try_fold(Exact::ZERO, |sum, band| sum.add(&band.evaluate(method, x)?))
    }

    /// The next threshold above `x` and what reaching it would add; none in the last band.
    ///
    /// # Errors
    /// - [`TypesError::ExactTooLarge`] beyond the limit of exact numbers.
    pub fn next_threshold(&self, method: TierMethod, x: &Exact) -> Result<Option<NextThreshold>, TypesError> {
        let reached = self.reached(x);
        let Some(next) = self.tiers.get(reached) else { return Ok(None) };
        let at = Exact::from_decimal(next.from);
        let there = self.sum_of(method, &at, reached.saturating_add(1))?;
        Ok(Some(NextThreshold {
            threshold: next.from,
            missing: at.sub(x)?,
            extra: there.sub(&self.evaluate(method, x)?)?,
        }))
    }
}

impl TierTable {
    /// The next threshold above `x`, and the bands that pay once it is reached; none in the last band.
    pub(crate) fn next_bands(&self, method: TierMethod, x: &Exact) -> Option<(Decimal, Vec<Band>)> {
        let reached = self.reached(x);
        let next = self.tiers.get(reached)?;
        Some((next.from, self.bands_reached(method, reached.saturating_add(1))))
    }
}

impl Band {
    /// The part of `x` on which the band pays under `method`.
    ///
    /// # Errors
    /// - [`TypesError::ExactTooLarge`] beyond the limit of exact numbers.
    pub fn taken(&self, method: TierMethod, x: &Exact) -> Result<Exact, TypesError> {
        let up_to = || {
            let upper = self.upper.map(Exact::from_decimal);
            upper.map_or_else(|| x.clone(), |upper| if *x < upper { x.clone() } else { upper })
        };
        match method {
            TierMethod::Whole | TierMethod::Total => Ok(x.clone()),
            TierMethod::Rolling => Ok(up_to()),
            TierMethod::Marginal => up_to().sub(&Exact::from_decimal(self.lower)),
        }
    }

    /// What the band pays for `x` under `method`: `taken × pay + flat`.
    ///
    /// # Errors
    /// - [`TypesError::ExactTooLarge`] beyond the limit of exact numbers.
    pub fn evaluate(&self, method: TierMethod, x: &Exact) -> Result<Exact, TypesError> {
        self.taken(method, x)?.mul(&self.pay.factor())?.add(&Exact::from_decimal(self.flat))
    }
}

/// Most tiers of one table.
pub(crate) const MAX_TIERS: usize = 100;

fn problems_of(tiers: &[Tier]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut tell = |place: String, rule| problems.push(Problem { place, rule });
    if tiers.is_empty() {
        tell("tiers".to_owned(), BrokenRule::NoTiers);
    }
    if tiers.len() > MAX_TIERS {
        tell("tiers".to_owned(), BrokenRule::TooMany { count: tiers.len(), limit: MAX_TIERS });
        return problems;
    }
    for (index, tier) in tiers.iter().enumerate() {
        let place = format!("tiers[{index}]");
        if tier.from < Decimal::ZERO {
            tell(place.clone(), BrokenRule::NegativeThreshold { threshold: tier.from });
        }
        if tier.pay.is_negative() || tier.flat < Decimal::ZERO {
            tell(place.clone(), BrokenRule::NegativePay);
        }
        let Some(before) = index.checked_sub(1).and_then(|before| tiers.get(before)) else { continue };
        if tier.from <= before.from {
            tell(
                place.clone(),
                BrokenRule::ThresholdNotIncreasing { threshold: tier.from, previous: before.from },
            );
        }
        if matches!(tier.pay, TierPay::Rate(_)) != matches!(before.pay, TierPay::Rate(_)) {
            tell(place, BrokenRule::MixedPay);
        }
    }
    problems
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename = "TierTable", deny_unknown_fields)]
struct Parts {
    #[serde(default)]
    boundary: Boundary,
    tiers: Vec<Row>,
}

/// How a tier is written by hand: `{ from = "0", rate = "1%" }` or `{ from = "0", per_unit = "0.10", flat = "2" }`.
#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    #[serde(with = "crate::text::decimal")]
    from: Decimal,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rate: Option<Rate>,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "crate::text::optional_decimal")]
    per_unit: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Decimal::is_zero", with = "crate::text::decimal")]
    flat: Decimal,
}

#[cfg(feature = "serde")]
impl From<TierTable> for Parts {
    fn from(table: TierTable) -> Self {
        let row = |tier: Tier| {
            let (rate, per_unit) = match tier.pay {
                TierPay::Rate(rate) => (Some(rate), None),
                TierPay::PerUnit(amount) => (None, Some(amount)),
            };
            Row { from: tier.from, rate, per_unit, flat: tier.flat }
        };
        Self { boundary: table.boundary, tiers: table.tiers.into_iter().map(row).collect() }
    }
}

#[cfg(feature = "serde")]
impl TryFrom<Parts> for TierTable {
    type Error = SettlementError;

    fn try_from(parts: Parts) -> Result<Self, SettlementError> {
        let mut problems = Vec::new();
        let mut tiers = Vec::new();
        for (index, row) in parts.tiers.iter().enumerate() {
            let pay = match (row.rate, row.per_unit) {
                (Some(rate), None) => TierPay::Rate(rate),
                (None, Some(amount)) => TierPay::PerUnit(amount),
                _ => {
                    let rule = BrokenRule::TierPayUnclear;
                    problems.push(Problem { place: format!("tiers[{index}]"), rule });
                    continue;
                }
            };
            tiers.push(Tier { from: row.from, pay, flat: row.flat });
        }
        if problems.is_empty() {
            Self::new(tiers, parts.boundary)
        } else {
            Err(SettlementError::InvalidTiers { problems })
        }
    }
}
