//! How many facings each product gets on one run of shelf.

use std::collections::BTreeSet;

use endcap_types::{CasePack, Currency, Exact, RoundingMode, SkuId, Unrounded};
use rust_decimal::Decimal;

use crate::curve::Earning;
use crate::limits::{MAX_FACINGS, MAX_UNITS_PER_FACING, PROFIT_UNITS_PER_MINOR};
use crate::mckp::{Budget, Item, solve};
use crate::product::{check_count, check_length};
use crate::{Certificate, OutOfReach, ProfitCurve, ShelfError};

/// Whether a product may be left out (必备 / 可汰换).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Stocking {
    /// On the shelf in every plan: a listing agreement or a core item.
    MustStock,
    /// Left out when the width earns more elsewhere.
    MayDelist,
}

/// Whether a full case must fit behind the facings (整箱上架).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum CaseRule {
    /// Cases are opened in the back room.
    #[default]
    Ignore,
    /// One whole case must fit: `facings × units per facing ≥ case`.
    MustFit(CasePack),
}

/// The facings a product may have (排面规则).
///
/// On the shelf it has at least `max(1, least, ⌈days × weekly units ÷ 7 ÷ units per facing⌉, ⌈case ÷ units per facing⌉)` and
/// at most `most`; off it only with [`Stocking::MayDelist`].
///
/// # Source
///
/// House rule; capacity = facings × depth × stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "RuleParts", into = "RuleParts"))]
pub struct FacingRule {
    least: u32,
    most: u32,
    /// Whether it may be left out.
    pub stocking: Stocking,
    /// Days of average sales the shelf must hold; not negative.
    days_of_supply: Decimal,
    /// Whether a case must fit.
    pub case: CaseRule,
}

impl FacingRule {
    /// From `least` to `most` facings, no supply rules.
    ///
    /// # Errors
    ///
    /// - [`ShelfError::FacingsOutOfRange`] unless `least ≤ most` and `1 ≤ most ≤ 1000`.
    pub fn new(least: u32, most: u32, stocking: Stocking) -> Result<Self, ShelfError> {
        if least > most || most == 0 || most > MAX_FACINGS {
            return Err(ShelfError::FacingsOutOfRange { least, most, limit: MAX_FACINGS });
        }
        Ok(Self { least, most, stocking, days_of_supply: Decimal::ZERO, case: CaseRule::Ignore })
    }

    /// The same rule, and the shelf must hold so many days of average sales.
    ///
    /// # Errors
    ///
    /// - [`ShelfError::NegativeValue`] for negative days.
    pub fn with_days_of_supply(self, days: Decimal) -> Result<Self, ShelfError> {
        not_negative("days of supply", days)?;
        Ok(Self { days_of_supply: days, ..self })
    }

    /// The same rule with another rule for cases.
    #[must_use]
    pub const fn with_case(self, case: CaseRule) -> Self {
        Self { case, ..self }
    }

    /// Fewest facings on the shelf, before supply rules.
    #[must_use]
    pub const fn least(&self) -> u32 {
        self.least
    }

    /// Most facings.
    #[must_use]
    pub const fn most(&self) -> u32 {
        self.most
    }

    /// Days of average sales the shelf must hold.
    #[must_use]
    pub const fn days_of_supply(&self) -> Decimal {
        self.days_of_supply
    }

    /// Units the shelf must hold: the days of supply and the case, whichever is more.
    pub(crate) fn supply(&self, weekly_units: Decimal) -> Result<u64, ShelfError> {
        let days = Exact::from_decimal(self.days_of_supply).mul(&Exact::from_decimal(weekly_units))?;
        let units = days.div(&Exact::from_int(7))?.round_to_int(RoundingMode::Ceil)?;
        let case = match self.case {
            CaseRule::Ignore => 0,
            CaseRule::MustFit(pack) => u64::from(pack.get()),
        };
        Ok(u64::try_from(units).unwrap_or(u64::MAX).max(case))
    }

    /// Fewest facings on a shelf that holds so many units a facing, with the supply rules; may exceed [`FacingRule::most`].
    pub(crate) fn needed(&self, weekly_units: Decimal, units_per_facing: u32) -> Result<u64, ShelfError> {
        let supply = self.supply(weekly_units)?.div_ceil(u64::from(units_per_facing.max(1)));
        Ok(supply.max(u64::from(self.least)).max(1))
    }
}

impl Default for FacingRule {
    /// One to six facings, may be delisted, no supply rules.
    fn default() -> Self {
        Self {
            least: 1,
            most: 6,
            stocking: Stocking::MayDelist,
            days_of_supply: Decimal::ZERO,
            case: CaseRule::Ignore,
        }
    }
}

/// One product asking for width.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacingRequest {
    /// The product.
    pub sku: SkuId,
    /// Width of one facing in millimetres.
    pub width_mm: u32,
    /// Units one facing holds: depth × stack.
    pub units_per_facing: u32,
    /// Units sold a week with one facing on a shelf of appeal 1.
    pub weekly_units: Decimal,
    /// Margin of one unit in major units of the currency.
    pub unit_margin: Decimal,
    /// Appeal of the shelf: 1 is average, eye level more.
    pub appeal: Decimal,
    /// How profit grows with facings.
    pub curve: ProfitCurve,
    /// How many facings it may have.
    pub rule: FacingRule,
}

/// What one product got, and what it earns by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacingLine {
    /// The product.
    pub sku: SkuId,
    /// Facings; 0 for delisted.
    pub facings: u32,
    /// `facings × width` in millimetres.
    pub width_mm: i64,
    /// `facings × units per facing`.
    pub capacity_units: u64,
    /// Weekly profit at these facings.
    pub profit: Unrounded,
}

/// Facings for every product asked about, and the proof (排面方案).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacingPlan {
    /// One line a request, in the order of the requests; their profits add up to `profit`.
    pub lines: Vec<FacingLine>,
    /// Σ widths in millimetres.
    pub width_mm: i64,
    /// Σ weekly profits, exact to a millionth of a minor unit for each line.
    pub profit: Unrounded,
    /// Bounds in profit units, a millionth of a minor unit.
    pub certificate: Certificate,
}

/// The most profitable facings on one run of shelf (排面优化).
///
/// `max Σ profit_i(f_i)` subject to `Σ width_i × f_i ≤ width_mm` and each product's [`FacingRule`].
///
/// # Errors
///
/// - [`ShelfError::FacingsOutOfReach`] listing every product that must be shown but cannot hold its supply.
/// - [`ShelfError::TooNarrow`] when the least facings together are wider than the shelf.
/// - [`ShelfError::DuplicateProduct`], [`ShelfError::CurveTooShort`], [`ShelfError::ProfitOutOfRange`],
///   [`ShelfError::LengthOutOfRange`], [`ShelfError::CountOutOfRange`], [`ShelfError::NegativeValue`],
///   [`ShelfError::NegativeCapacity`].
///
/// # Examples
///
/// ```
/// use endcap_shelf::{mckp::Budget, plan_facings, FacingRequest, FacingRule, ProfitCurve, SpaceElasticity, Status, Stocking};
/// use endcap_types::{Currency, SkuId};
/// let ask = |sku: &str, width_mm, weekly: i64, margin: &str| -> Result<FacingRequest, Box<dyn std::error::Error>> {
///     Ok(FacingRequest {
///         sku: SkuId::new(sku)?, width_mm, units_per_facing: 4, weekly_units: weekly.into(), unit_margin: margin.parse()?,
///         appeal: 1.into(), curve: ProfitCurve::SpaceElastic(SpaceElasticity::TYPICAL),
///         rule: FacingRule::new(1, 6, Stocking::MustStock)?,
///     })
/// };
/// let plan = plan_facings(
///     &[ask("cola", 65, 90, "0.80")?, ask("tea", 70, 40, "1.60")?, ask("water", 65, 120, "0.30")?],
///     500, Currency::CNY, &Budget::default())?;
/// let facings: Vec<u32> = plan.lines.iter().map(|line| line.facings).collect();
/// assert_eq!((facings, plan.width_mm), (vec![3, 3, 1], 470));
/// assert_eq!(plan.certificate.status(), Status::Optimal);
/// assert_eq!(plan.profit.round(&endcap_types::Rounding::HALF_AWAY)?.to_string(), "CNY 199.93");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Corstjens & Doyle, "A model for optimizing retail space allocations", Management Science 27 (1981), without cross
/// terms; solved as a multiple-choice knapsack.
pub fn plan_facings(
    requests: &[FacingRequest],
    width_mm: i64,
    currency: Currency,
    budget: &Budget,
) -> Result<FacingPlan, ShelfError> {
    let classes = classes(requests, currency)?;
    let items: Vec<Vec<Item>> =
        classes.iter().map(|class| class.iter().map(|(_, item)| *item).collect()).collect();
    let best = solve(&items, width_mm, budget)?;
    answer(requests, &classes, &best.choice, (currency, best.certificate))
}

/// The facings every product may have, with what each takes and earns.
pub(crate) fn classes(
    requests: &[FacingRequest],
    currency: Currency,
) -> Result<Vec<Vec<(u32, Item)>>, ShelfError> {
    let mut seen = BTreeSet::new();
    let mut out_of_reach = Vec::new();
    let mut classes: Vec<Vec<(u32, Item)>> = Vec::with_capacity(requests.len());
    for request in requests {
        if !seen.insert(&request.sku) {
            return Err(ShelfError::DuplicateProduct { sku: request.sku.clone() });
        }
        let class = request.options(currency)?;
        if class.is_empty() {
            let needed = request.rule.needed(request.weekly_units, request.units_per_facing)?;
            out_of_reach.push(OutOfReach { sku: request.sku.clone(), needed, allowed: request.rule.most });
        }
        classes.push(class);
    }
    if !out_of_reach.is_empty() {
        return Err(ShelfError::FacingsOutOfReach { products: out_of_reach });
    }
    Ok(classes)
}

/// The plan that picks so from the classes.
pub(crate) fn answer(
    requests: &[FacingRequest],
    classes: &[Vec<(u32, Item)>],
    choice: &[usize],
    (currency, certificate): (Currency, Certificate),
) -> Result<FacingPlan, ShelfError> {
    let mut lines = Vec::with_capacity(requests.len());
    for ((request, class), choice) in requests.iter().zip(classes).zip(choice) {
        let (facings, item) = class.get(*choice).copied().unwrap_or((0, Item { width: 0, profit: 0 }));
        lines.push(FacingLine {
            sku: request.sku.clone(),
            facings,
            width_mm: item.width,
            capacity_units: u64::from(facings).saturating_mul(u64::from(request.units_per_facing)),
            profit: money(item.profit, currency)?,
        });
    }
    let width_mm = lines.iter().fold(0_i64, |sum, line| sum.saturating_add(line.width_mm));
    Ok(FacingPlan { lines, width_mm, profit: money(certificate.lower(), currency)?, certificate })
}

impl FacingRequest {
    /// The facings allowed, with what each takes and earns; empty when none is.
    fn options(&self, currency: Currency) -> Result<Vec<(u32, Item)>, ShelfError> {
        check_length("product width", self.width_mm)?;
        check_count("units per facing", self.units_per_facing, MAX_UNITS_PER_FACING)?;
        not_negative("weekly units", self.weekly_units)?;
        not_negative("appeal", self.appeal)?;
        let earning = Earning {
            curve: &self.curve,
            weekly_units: self.weekly_units,
            unit_margin: self.unit_margin,
            appeal: self.appeal,
            currency,
        };
        let needed = self.rule.needed(self.weekly_units, self.units_per_facing)?;
        options(&self.sku, &earning, &self.rule, needed, self.width_mm)
    }
}

/// Options of a product from the facings it needs to the most it may have, and none at all where that is allowed.
pub(crate) fn options(
    sku: &SkuId,
    earning: &Earning<'_>,
    rule: &FacingRule,
    needed: u64,
    width_mm: u32,
) -> Result<Vec<(u32, Item)>, ShelfError> {
    if let ProfitCurve::Table(table) = earning.curve {
        let points = usize::try_from(rule.most).unwrap_or(usize::MAX).saturating_add(1);
        if table.len() < points {
            return Err(ShelfError::CurveTooShort {
                sku: sku.clone(),
                points: table.len(),
                needed: points,
                facings: rule.most,
            });
        }
    }
    let first = u32::try_from(needed).unwrap_or(u32::MAX);
    let shown = first..=rule.most;
    let hidden = (rule.stocking == Stocking::MayDelist).then_some(0);
    let mut all = Vec::new();
    for facings in hidden.into_iter().chain(shown) {
        let profit = earning
            .profit(facings)?
            .ok_or_else(|| ShelfError::ProfitOutOfRange { sku: sku.clone(), facings })?;
        let width = i64::from(facings).saturating_mul(i64::from(width_mm));
        all.push((facings, Item { width, profit }));
    }
    Ok(all)
}

/// Profit units as an exact amount.
pub(crate) fn money(units: i64, currency: Currency) -> Result<Unrounded, ShelfError> {
    Ok(Unrounded::new(Exact::ratio(i128::from(units), i128::from(PROFIT_UNITS_PER_MINOR))?, currency))
}

pub(crate) fn not_negative(what: &'static str, value: Decimal) -> Result<(), ShelfError> {
    if value.is_sign_negative() && !value.is_zero() {
        return Err(ShelfError::NegativeValue { what, value });
    }
    Ok(())
}

/// A rule as it is written.
#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleParts {
    least: u32,
    most: u32,
    stocking: Stocking,
    #[serde(with = "rust_decimal::serde::str", default)]
    days_of_supply: Decimal,
    #[serde(default)]
    case: CaseRule,
}

#[cfg(feature = "serde")]
impl From<FacingRule> for RuleParts {
    fn from(rule: FacingRule) -> Self {
        let FacingRule { least, most, stocking, days_of_supply, case } = rule;
        Self { least, most, stocking, days_of_supply, case }
    }
}

#[cfg(feature = "serde")]
impl TryFrom<RuleParts> for FacingRule {
    type Error = ShelfError;

    fn try_from(parts: RuleParts) -> Result<Self, ShelfError> {
        let rule = Self::new(parts.least, parts.most, parts.stocking)?;
        Ok(rule.with_days_of_supply(parts.days_of_supply)?.with_case(parts.case))
    }
}
