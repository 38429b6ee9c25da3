//! [`compare_terms`]: present values of the three methods, and where they break even.

use core::cmp::Reverse;

use endcap_types::{Currency, Exact, Rate, RoundingMode};
use rust_decimal::Decimal;

use super::scenario::{Figures, Scenario};
use super::{compound, simple};
use crate::{MethodKind, SettlementError};

/// 折现方式: how a year's cost of capital is spread over days, 365 to the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Discounting {
    /// 单利: `1 / (1 + r × t / 365)`, exact.
    Simple,
    /// 复利: `(1 + r)^(−t/365)`, the power in f64.
    Compound,
}

/// 盈亏平衡账期: the credit days at which credit terms are worth what consignment is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BreakEvenDays {
    /// This many, a fraction of a day included.
    Days(Exact),
    /// Any number: time costs nothing and the amounts are equal.
    Any,
    /// None: credit terms are worth less even when paid on delivery, or time costs nothing and the amounts differ.
    Never,
}

/// 结算方式比较: what one unit is worth today under each method, in major units without tax.
///
/// VAT is taken as paid when the money comes: differences in the timing of VAT are not in the figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// How it was discounted.
    pub discounting: Discounting,
    /// The currency.
    pub currency: Currency,
    /// 赊销账期: `S′ × df(T) × (1 − el)`.
    pub credit: Exact,
    /// 代销实结: `S′ × (1 − s) × df(D + L) × (1 − el)`.
    pub consignment: Exact,
    /// 流水倒扣: `(P′ × (1 − c) × (1 − s) − k) × df(D + L) × (1 − el)`.
    pub concession: Exact,
    /// 盈亏平衡扣点: `1 − S′ / P′ × df(T) / df(D + L) / (1 − s)`, a share; without selling cost and losses.
    pub break_even_rate: Exact,
    /// The commission at which concession and credit terms are worth the same, selling cost and losses included.
    pub indifferent_rate: Exact,
    /// 盈亏平衡账期.
    pub break_even_days: BreakEvenDays,
}

impl Comparison {
    /// The present value under one method.
    #[must_use]
    pub const fn value(&self, method: MethodKind) -> &Exact {
        match method {
            MethodKind::Consignment => &self.consignment,
            MethodKind::CreditTerms => &self.credit,
            MethodKind::TurnoverDeduction => &self.concession,
        }
    }

    /// The methods, the most valuable first; equal ones in the order of [`MethodKind`].
    #[must_use]
    pub fn ranking(&self) -> [MethodKind; 3] {
        let mut methods = [MethodKind::Consignment, MethodKind::CreditTerms, MethodKind::TurnoverDeduction];
        methods.sort_by_key(|method| (Reverse(self.value(*method).clone()), *method));
        methods
    }

    /// The present value under one method as a decimal, half away from zero.
    ///
    /// # Errors
    /// - [`SettlementError::Types`] when it does not fit a decimal.
    pub fn value_rounded(&self, method: MethodKind, places: u8) -> Result<Decimal, SettlementError> {
        Ok(self.value(method).to_decimal(places, RoundingMode::HalfAwayFromZero)?)
    }

    /// The break-even commission as a rate, half away from zero to `places` decimals of a percent.
    ///
    /// # Errors
    /// - [`SettlementError::Types`] when it is no valid rate.
    pub fn break_even_rate_rounded(&self, places: u8) -> Result<Rate, SettlementError> {
        Ok(Rate::from_exact_rounded(&self.break_even_rate, places, RoundingMode::HalfAwayFromZero)?)
    }
}

/// 结算方式比较: present values of credit terms, consignment and concession for one unit, and where they break even.
///
/// The formulas stand at the fields of [`Comparison`]; everything but the power of compound discounting is exact.
///
/// # Errors
/// - [`SettlementError::ScenarioOutOfRange`] when a rate or price is outside its range.
/// - [`SettlementError::TaxBasisMismatch`] when the selling cost holds tax.
/// - [`SettlementError::DiscountVanishes`] when compound discounting leaves nothing that could be told from zero.
/// - [`SettlementError::Types`] when currencies or units differ, or a value is too large.
///
/// # Examples
/// ```
/// use endcap_settlement::MethodKind;
/// use endcap_settlement::compare::{BreakEvenDays, Discounting, Scenario, compare_terms};
/// use endcap_types::{Currency, Exact, Price, Rate, TaxBasis, Unit};
/// let price = |text: &str, tax| Price::new(text.parse().unwrap(), Currency::CNY, Unit::Piece, tax);
/// // Sold at 113.00, supplied at 79.10; 10 % a year; paid after 60 days, or 30 + 45 days, or at 25 % commission.
/// let scenario = Scenario {
///     retail: price("113", TaxBasis::Inclusive)?,
///     supply: price("79.10", TaxBasis::Inclusive)?,
///     goods_vat: "13%".parse()?,
///     concession: "25%".parse()?,
///     cost_of_capital: "10%".parse()?,
///     days_to_sale: 30,
///     days_to_settle: 45,
///     credit_days: 60,
///     shrink: Rate::ZERO,
///     selling_cost: price("0", TaxBasis::Exclusive)?,
///     loss_credit: Rate::ZERO,
///     loss_after_sale: Rate::ZERO,
/// };
/// let compared = compare_terms(&scenario, Discounting::Simple)?;
/// assert_eq!(compared.credit, Exact::ratio(3_650, 53)?); // 70 / (1 + 0.10 × 60 / 365) = 68.867925
/// assert_eq!(compared.value_rounded(MethodKind::Consignment, 6)?.to_string(), "68.590604");
/// assert_eq!(compared.value_rounded(MethodKind::TurnoverDeduction, 6)?.to_string(), "73.489933");
/// assert_eq!(compared.break_even_rate_rounded(6)?.to_string(), "29.716981%");
/// assert_eq!(compared.break_even_days, BreakEvenDays::Days(Exact::from_int(75)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// Present values as corporate finance teaches them; the scenario and its parameters are house rules.
pub fn compare_terms(scenario: &Scenario, discounting: Discounting) -> Result<Comparison, SettlementError> {
    let figures = scenario.figures()?;
    let rate = &figures.cost_of_capital;
    let factor = |days| match discounting {
        Discounting::Simple => Ok(simple::factor(rate, days)?),
        Discounting::Compound => compound::factor(rate, days),
    };
    let (after_credit, after_sale) = (factor(figures.credit_days)?, factor(figures.days_after)?);
    let credit = figures.credit.mul(&after_credit)?;
    let consignment = figures.consignment.mul(&after_sale)?;
    let concession = figures.concession.mul(&after_sale)?;
    // c* = 1 − S′/P′ × df(T) / df(D + L) / (1 − s)
    let share = figures.supply.div(&figures.retail)?;
    let equal = share.mul(&after_credit)?.div(&after_sale)?.div(&figures.kept)?;
    // From NPV_concession(c) = NPV_credit: P′ (1 − c) (1 − s) = NPV_credit / df(D + L) / (1 − el) + k
    let needed = credit.div(&after_sale)?.div(&figures.paid_after_sale)?.add(&figures.selling_cost)?;
    let needed = needed.div(&figures.retail)?.div(&figures.kept)?;
    Ok(Comparison {
        discounting,
        currency: figures.currency,
        break_even_rate: Exact::ONE.sub(&equal)?,
        indifferent_rate: Exact::ONE.sub(&needed)?,
        break_even_days: break_even_days(&figures, discounting)?,
        credit,
        consignment,
        concession,
    })
}

/// T* of `df(T*) = df(D + L) × (1 − s) (1 − el after sale) / (1 − el of credit)`.
fn break_even_days(figures: &Figures, discounting: Discounting) -> Result<BreakEvenDays, SettlementError> {
    let share = figures.kept.mul(&figures.paid_after_sale)?.div(&figures.paid_credit)?;
    let rate = &figures.cost_of_capital;
    if rate.is_zero() {
        return Ok(if share == Exact::ONE { BreakEvenDays::Any } else { BreakEvenDays::Never });
    }
    let days = match discounting {
        Discounting::Simple => simple::days_for(rate, figures.days_after, &share)?,
        Discounting::Compound => compound::days_for(rate, figures.days_after, &share)?,
    };
    Ok(if days.is_negative() { BreakEvenDays::Never } else { BreakEvenDays::Days(days) })
}
