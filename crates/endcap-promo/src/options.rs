//! What an evaluation is told besides the promotion and the sales.

use endcap_types::{Currency, Price, Quantity, Rate, Rounding, TaxBasis, Unit};

use crate::border::fraction;
use crate::limits::MAX_COOLDOWN_WEEKS;
use crate::{Baseline, PromoError, Promotion, WeeklySeries};

/// How much the retailer bought in the buying window (进货量), which off-invoice money is paid on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum SellIn {
    /// As much as shoppers bought in the event.
    EqualsSellOut,
    /// This much.
    Units(Quantity),
}

/// Prices and cost of the promoted item (经济参数), per unit, all on the tax basis of the promotion.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Economics {
    /// What one unit costs the supplier (单位成本).
    pub unit_cost: Price,
    /// What the retailer pays for one unit before funding (供价).
    pub supply_price: Price,
    /// What shoppers pay outside promotions (正常零售价).
    pub shelf_regular: Price,
    /// What the retailer bought in.
    pub sell_in: SellIn,
}

/// How an event is judged (评估口径). The defaults are house rules; change them in the plan, not after the fact.
///
/// # Source
///
/// House rule for the defaults; Abraham & Lodish (1987) for leaving weeks beside an event out of the baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct EvaluationOptions {
    /// The baseline the figures stand on; default trimmed mean of 8 clean weeks, 12.5 % off each end.
    pub baseline: Baseline,
    /// The baseline that must agree; default exponential smoothing with weight 30 %.
    pub cross_check: Baseline,
    /// Weeks after the event that belong to its effect; default 2 (观察期).
    pub cooldown_weeks: u32,
    /// Weeks before any promoted week that teach nothing; default 1.
    pub halo_before: u32,
    /// Weeks after any promoted week that teach nothing; default 2.
    pub halo_after: u32,
    /// Confidence of the intervals; default 95 %.
    pub confidence: Rate,
    /// Smallest lift that matters; default 3 %. Zero: none declared.
    pub material_lift: Rate,
    /// Largest out-of-sample error of quiet weeks, as a share of their sales; default 15 % (拟合闸门).
    pub max_fit_error: Rate,
    /// How every amount is posted; default half away from zero to the minor unit.
    pub rounding: Rounding,
}

fn percent(whole: i64, decimals: u32) -> Rate {
    Rate::percent(rust_decimal::Decimal::new(whole, decimals)).unwrap_or(Rate::ZERO)
}

impl Default for EvaluationOptions {
    fn default() -> Self {
        Self {
            baseline: Baseline::TrimmedMean { weeks: 8, trim: percent(125, 1) },
            cross_check: Baseline::ExponentialSmoothing { alpha: percent(30, 0) },
            cooldown_weeks: 2,
            halo_before: 1,
            halo_after: 2,
            confidence: percent(95, 0),
            material_lift: percent(3, 0),
            max_fit_error: percent(15, 0),
            rounding: Rounding::HALF_AWAY,
        }
    }
}

impl EvaluationOptions {
    /// Checks every option.
    ///
    /// # Errors
    ///
    /// - [`PromoError::OptionOutOfRange`], [`PromoError::BaselineParameter`].
    pub fn check(&self) -> Result<(), PromoError> {
        let refuse =
            |option, value: String, expected| Err(PromoError::OptionOutOfRange { option, value, expected });
        self.baseline.check()?;
        self.cross_check.check()?;
        if self.cooldown_weeks > MAX_COOLDOWN_WEEKS {
            return refuse("cooldown_weeks", self.cooldown_weeks.to_string(), "0 to 26");
        }
        for (option, weeks) in [("halo_before", self.halo_before), ("halo_after", self.halo_after)] {
            if weeks > MAX_COOLDOWN_WEEKS {
                return refuse(option, weeks.to_string(), "0 to 26");
            }
        }
        if !(0.5..=0.9999).contains(&fraction(&self.confidence)) {
            return refuse("confidence", self.confidence.to_string(), "50% to 99.99%");
        }
        if self.material_lift.is_negative() {
            return refuse("material_lift", self.material_lift.to_string(), "0% or more");
        }
        if self.max_fit_error.is_negative() || self.max_fit_error.is_zero() {
            return refuse("max_fit_error", self.max_fit_error.to_string(), "above 0%");
        }
        Ok(())
    }
}

/// The currency, unit and tax basis everything of one evaluation must share.
struct Terms {
    currency: Currency,
    unit: Unit,
    tax: TaxBasis,
}

impl Terms {
    fn check_unit(&self, what: &'static str, found: Unit) -> Result<(), PromoError> {
        if found == self.unit {
            Ok(())
        } else {
            Err(PromoError::UnitDiffers { what, expected: self.unit, found })
        }
    }

    fn check_price(&self, what: &'static str, price: &Price) -> Result<(), PromoError> {
        if price.currency() != self.currency {
            return Err(PromoError::CurrencyDiffers {
                what,
                expected: self.currency,
                found: price.currency(),
            });
        }
        if price.tax() != self.tax {
            return Err(PromoError::TaxBasisDiffers { what, expected: self.tax, found: price.tax() });
        }
        self.check_unit(what, price.unit())
    }
}

/// Refuses prices and quantities in another currency, unit or tax basis than the promotion.
pub(crate) fn check_terms(
    promotion: &Promotion,
    series: &WeeklySeries,
    economics: &Economics,
) -> Result<(), PromoError> {
    let plan = promotion.plan();
    let terms = Terms { currency: plan.currency, unit: plan.unit, tax: plan.tax };
    terms.check_price("the unit cost", &economics.unit_cost)?;
    terms.check_price("the supply price", &economics.supply_price)?;
    terms.check_price("the regular shelf price", &economics.shelf_regular)?;
    if let SellIn::Units(quantity) = &economics.sell_in {
        terms.check_unit("the sell-in", quantity.unit())?;
        if quantity.is_negative() {
            return Err(PromoError::NegativeUnits { what: "sell-in", value: quantity.to_string() });
        }
    }
    if let Some(unit) = series.unit() {
        terms.check_unit("the weekly series", unit)?;
    }
    for price in series.weeks().iter().filter_map(|week| week.shelf_price.as_ref()) {
        terms.check_price("a weekly shelf price", price)?;
    }
    Ok(())
}
