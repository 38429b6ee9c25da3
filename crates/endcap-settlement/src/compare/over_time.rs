//! [`compare_over_time`]: the three methods over one course of sales: cash, value, funding, risk, break-even.

use core::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use endcap_calendar::dates;
use endcap_types::{Currency, Exact, Rate, RoundingMode, TypesError};

use super::flows::{CashFlow, FlowKind, flows};
use super::scenario::{Figures, Scenario};
use super::terms::Discounting;
use super::trade::{Timing, TradeScenario};
use super::{compound, simple};
use crate::{MethodKind, SettlementError};

/// Decimals to which each discounted flow is kept.
const PLACES: u8 = 20;
/// Longest credit that is tried for the break-even, in days.
const MOST_DAYS: u32 = 3_650;

/// 方式结果: what one method comes to, in major units without tax.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MethodOutcome {
    /// The method.
    pub method: MethodKind,
    /// Its cash, by day.
    pub flows: Vec<CashFlow>,
    /// 现金净额: the sum of the flows, not discounted.
    pub net_cash: Exact,
    /// 净现值: the flows discounted to the first day of the window.
    pub npv: Exact,
    /// 资金峰值: the most the supplier has laid out at the end of a day; zero when it never has.
    pub peak_funding: Exact,
    /// The first day of that peak.
    pub peak_on: Option<NaiveDate>,
    /// 现金循环天数: from the mean day the goods are paid for to the mean day of the receipts; none without receipts.
    pub cash_to_cash_days: Option<Exact>,
    /// 预期信用损失: as an amount above zero.
    pub expected_loss: Exact,
    /// 保底补差: as an amount above zero.
    pub top_up: Exact,
}

/// 盈亏平衡账期: credit days over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum BreakEvenTerm {
    /// The last day from delivery on which credit terms are worth at least as much as consignment.
    Days(u32),
    /// Even ten years of credit are worth more.
    Any,
    /// Not even payment on delivery is worth as much.
    Never,
}

/// 动销比较: the three methods over one course of sales.
///
/// VAT is taken as paid when the money comes: differences in the timing of VAT are not in the figures.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TradeComparison {
    /// How it was discounted.
    pub discounting: Discounting,
    /// The currency.
    pub currency: Currency,
    /// The day everything is valued on.
    pub valued_on: NaiveDate,
    /// The outcomes: consignment, credit terms, turnover deduction.
    pub outcomes: [MethodOutcome; 3],
    /// 盈亏平衡扣点: the commission at which the concession is worth what credit terms are; none without sales.
    pub break_even_rate: Option<Exact>,
    /// 盈亏平衡账期.
    pub break_even_term: BreakEvenTerm,
}

impl TradeComparison {
    /// The outcome of one method.
    #[must_use]
    pub const fn outcome(&self, method: MethodKind) -> &MethodOutcome {
        let [consignment, credit, concession] = &self.outcomes;
        match method {
            MethodKind::Consignment => consignment,
            MethodKind::CreditTerms => credit,
            MethodKind::TurnoverDeduction => concession,
        }
    }

    /// The methods, the most valuable first; equal ones in the order of [`MethodKind`].
    #[must_use]
    pub fn ranking(&self) -> [MethodKind; 3] {
        let mut methods = METHODS;
        methods.sort_by_key(|method| (Reverse(self.outcome(*method).npv.clone()), *method));
        methods
    }

    /// The break-even commission as a rate, half away from zero to `places` decimals of a percent.
    ///
    /// # Errors
    /// - [`SettlementError::Types`] when it is no valid rate.
    pub fn break_even_rate_rounded(&self, places: u8) -> Result<Option<Rate>, SettlementError> {
        let rate = self.break_even_rate.as_ref();
        let rate = rate.map(|rate| Rate::from_exact_rounded(rate, places, RoundingMode::HalfAwayFromZero));
        Ok(rate.transpose()?)
    }
}

const METHODS: [MethodKind; 3] =
    [MethodKind::Consignment, MethodKind::CreditTerms, MethodKind::TurnoverDeduction];

/// 动销比较: dated cash, present value, peak funding, cash-to-cash days and expected loss of the three methods, and where
/// they break even.
///
/// ```text
/// NPV = Σ flow × df(days from the first day of the window)
/// break-even commission = (NPV of the concession at 0 % − NPV of credit) / (NPV of the concession at 0 % − at 100 %)
/// ```
///
/// With one delivery on the first day that sells on one day, this is [`compare_terms`](super::compare_terms) times the
/// quantity. Each discounted flow is kept to 20 decimals.
///
/// # Errors
/// - [`CompareError`](super::CompareError) when quantities, days or terms make no course of sales.
/// - [`SettlementError::ScenarioOutOfRange`], [`SettlementError::TaxBasisMismatch`], [`SettlementError::NegativeAmount`]
///   for figures outside their range.
/// - [`SettlementError::DiscountVanishes`] when compound discounting leaves nothing that could be told from zero.
/// - [`SettlementError::Types`], [`SettlementError::Calendar`] for currencies, units, sums and dates.
///
/// # Examples
/// An account manager weighs three offers for a season: 1,000 pieces delivered in two lots and sold over three months.
/// ```
/// use endcap_calendar::{Grain, Period, dates::ymd};
/// use endcap_settlement::MethodKind::{Consignment, CreditTerms, TurnoverDeduction};
/// use endcap_settlement::compare::*;
/// use endcap_types::{Currency, Money, Price, Quantity, Rate, RoundingMode, TaxBasis, Unit};
/// let price = |text: &str, tax| Price::new(text.parse().unwrap(), Currency::CNY, Unit::Piece, tax);
/// let pieces = |on, count| Ok::<_, Box<dyn std::error::Error>>(DatedQuantity { on, quantity: Quantity::pieces(count)? });
/// let scenario = TradeScenario {
///     unit: Scenario {
///         retail: price("113.00", TaxBasis::Inclusive)?,
///         supply: price("79.10", TaxBasis::Inclusive)?,
///         goods_vat: "13%".parse()?,
///         concession: "28%".parse()?,
///         cost_of_capital: "10%".parse()?,
///         days_to_sale: 0, // the dates of the sales say it
///         days_to_settle: 45,
///         credit_days: 60,
///         shrink: Rate::ZERO,
///         selling_cost: price("0", TaxBasis::Exclusive)?,
///         loss_credit: "1%".parse()?,
///         loss_after_sale: "0.5%".parse()?,
///     },
///     window: Period::quarter(2026, 1)?,
///     deliveries: vec![pieces(ymd(2026, 1, 1)?, 600)?, pieces(ymd(2026, 2, 1)?, 400)?],
///     sales: vec![
///         pieces(ymd(2026, 1, 31)?, 300)?,
///         pieces(ymd(2026, 2, 28)?, 400)?,
///         pieces(ymd(2026, 3, 31)?, 300)?,
///     ],
///     cost: price("50.00", TaxBasis::Exclusive)?,
///     cost_days: 0,
///     salvage: "40%".parse()?,
///     timing: Timing::Days,
///     guarantee: Some(TradeGuarantee {
///         amount: Money::parse("100000.00", Currency::CNY)?,
///         rate: "28%".parse()?,
///         cycle: Grain::Quarter,
///     }),
/// };
/// let offer = compare_over_time(&scenario, Discounting::Simple)?;
/// let shown = |method| offer.outcome(method).npv.to_fixed(2, RoundingMode::HalfAwayFromZero);
/// // As they stand, consignment is worth least, and a counter at 28 % most …
/// assert_eq!([shown(Consignment), shown(CreditTerms), shown(TurnoverDeduction)], ["17893.18", "18121.69", "19828.17"]);
/// // … the counter may cost up to 29.76 % before credit of 60 days is better …
/// assert_eq!(offer.break_even_rate_rounded(2)?.unwrap().to_string(), "29.76%");
/// // … and credit may run up to 72 days before consignment is.
/// assert_eq!(offer.break_even_term, BreakEvenTerm::Days(72));
/// // Bad season: 40 % fewer sales. The guarantee bites, and credit is the only offer that still pays.
/// let worst = worst_case(&scenario, Discounting::Simple, "40%".parse()?)?;
/// let top_up = &worst.outcome(TurnoverDeduction).top_up;
/// assert_eq!(top_up.to_fixed(2, RoundingMode::HalfAwayFromZero), "7978.76"); // 28 % × (100,000 − 67,800) / 1.13
/// let shown = |method| worst.outcome(method).npv.to_fixed(2, RoundingMode::HalfAwayFromZero);
/// assert_eq!([shown(Consignment), shown(CreditTerms), shown(TurnoverDeduction)], ["-1387.14", "18121.69", "-7922.36"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// Net present value and cash conversion as corporate finance teaches them; the scenario is a house rule.
pub fn compare_over_time(
    scenario: &TradeScenario,
    discounting: Discounting,
) -> Result<TradeComparison, SettlementError> {
    compare_scaled(scenario, discounting, &Exact::ONE)
}

/// The comparison with sales times `factor`.
pub(super) fn compare_scaled(
    scenario: &TradeScenario,
    discounting: Discounting,
    factor: &Exact,
) -> Result<TradeComparison, SettlementError> {
    scenario.check()?;
    let run = Run { scenario, discounting, factor };
    let figures = scenario.unit.figures()?;
    let outcome = |method| run.outcome(&figures, method);
    let [consignment, credit, concession] = METHODS;
    let outcomes = [outcome(consignment)?, outcome(credit)?, outcome(concession)?];
    let [of_consignment, of_credit, _] = &outcomes;
    let break_even_rate = run.break_even_rate(&of_credit.npv)?;
    let break_even_term = run.break_even_term(&of_consignment.npv)?;
    Ok(TradeComparison {
        discounting,
        currency: figures.currency,
        valued_on: scenario.window.start(),
        break_even_rate,
        break_even_term,
        outcomes,
    })
}

struct Run<'a> {
    scenario: &'a TradeScenario,
    discounting: Discounting,
    factor: &'a Exact,
}

impl Run<'_> {
    fn factor_on(&self, on: NaiveDate) -> Result<Exact, SettlementError> {
        let days = dates::days_between(self.scenario.window.start(), on);
        let days = u64::try_from(days).unwrap_or(0);
        let rate = &self.scenario.unit.cost_of_capital;
        match self.discounting {
            Discounting::Simple => Ok(simple::factor(rate, days)?),
            Discounting::Compound => compound::factor(rate, days),
        }
    }

    fn npv(&self, flows: &[CashFlow]) -> Result<Exact, SettlementError> {
        let mut by_day: BTreeMap<NaiveDate, Exact> = BTreeMap::new();
        for flow in flows {
            let sum = by_day.entry(flow.on).or_insert(Exact::ZERO);
            *sum = sum.add(&flow.amount)?;
        }
        let mut npv = Exact::ZERO;
        for (on, amount) in by_day {
            npv = npv.add(&kept(&amount.mul(&self.factor_on(on)?)?)?)?;
        }
        Ok(npv)
    }

    fn outcome(&self, figures: &Figures, method: MethodKind) -> Result<MethodOutcome, SettlementError> {
        let flows = flows(self.scenario, figures, (method, self.factor))?;
        let of = |kind: FlowKind| {
            Exact::sum(flows.iter().filter(|flow| flow.kind == kind).map(|flow| &flow.amount))
        };
        let (mut balance, mut peak, mut peak_on) = (Exact::ZERO, Exact::ZERO, None);
        let mut days = flows.iter().peekable();
        while let Some(flow) = days.next() {
            balance = balance.add(&flow.amount)?;
            let day_over = days.peek().is_none_or(|next| next.on != flow.on);
            if day_over && balance.negated() > peak {
                (peak, peak_on) = (balance.negated(), Some(flow.on));
            }
        }
        Ok(MethodOutcome {
            method,
            net_cash: Exact::sum(flows.iter().map(|flow| &flow.amount))?,
            npv: self.npv(&flows)?,
            peak_funding: peak,
            peak_on,
            cash_to_cash_days: self.cash_to_cash(&flows)?,
            expected_loss: of(FlowKind::ExpectedLoss)?.negated(),
            top_up: of(FlowKind::TopUp)?.negated(),
            flows,
        })
    }

    /// Mean day of the receipts less mean day of paying for the goods delivered, each by weight.
    fn cash_to_cash(&self, flows: &[CashFlow]) -> Result<Option<Exact>, SettlementError> {
        let start = self.scenario.window.start();
        let day = |on| Exact::from_int(i128::from(dates::days_between(start, on)));
        let receipts = flows.iter().filter(|flow| flow.kind == FlowKind::Receipt);
        let receipts = mean(receipts.map(|flow| (day(flow.on), flow.amount.clone())))?;
        let paid = self.scenario.deliveries.iter().map(|lot| (day(lot.on), lot.quantity.to_exact()));
        let paid = mean(paid)?;
        let (Some(receipts), Some(paid)) = (receipts, paid) else { return Ok(None) };
        let paid = paid.add(&Exact::from_int(i128::from(self.scenario.cost_days)))?;
        Ok(Some(receipts.sub(&paid)?))
    }

    fn npv_of(&self, scenario: &TradeScenario, method: MethodKind) -> Result<Exact, SettlementError> {
        let run = Run { scenario, discounting: self.discounting, factor: self.factor };
        run.npv(&flows(scenario, &scenario.unit.figures()?, (method, self.factor))?)
    }

    /// The value of a concession falls in a straight line with its commission.
    fn break_even_rate(&self, credit: &Exact) -> Result<Option<Exact>, SettlementError> {
        let at = |concession| {
            let unit = Scenario { concession, ..self.scenario.unit };
            let scenario = TradeScenario { unit, ..self.scenario.clone() };
            self.npv_of(&scenario, MethodKind::TurnoverDeduction)
        };
        let (free, all) = (at(Rate::ZERO)?, at(Rate::ONE)?);
        let slope = free.sub(&all)?;
        if slope.is_zero() {
            return Ok(None);
        }
        Ok(Some(free.sub(credit)?.div(&slope)?))
    }

    /// More credit days are never worth more, so the last day is found by halving.
    fn break_even_term(&self, consignment: &Exact) -> Result<BreakEvenTerm, SettlementError> {
        let worth = |credit_days: u32| -> Result<bool, SettlementError> {
            let unit = Scenario { credit_days, ..self.scenario.unit };
            let scenario = TradeScenario { unit, timing: Timing::Days, ..self.scenario.clone() };
            Ok(self.npv_of(&scenario, MethodKind::CreditTerms)? >= *consignment)
        };
        if !worth(0)? {
            return Ok(BreakEvenTerm::Never);
        }
        if worth(MOST_DAYS)? {
            return Ok(BreakEvenTerm::Any);
        }
        let (mut low, mut high) = (0_u32, MOST_DAYS);
        while high.saturating_sub(low) > 1 {
            let middle = low.midpoint(high);
            if worth(middle)? {
                low = middle;
            } else {
                high = middle;
            }
        }
        Ok(BreakEvenTerm::Days(low))
    }
}

/// To 20 decimals, half to even.
fn kept(value: &Exact) -> Result<Exact, TypesError> {
    let scale = Exact::from_int(10).pow(u32::from(PLACES))?;
    let whole = value.mul(&scale)?.round_to_int(RoundingMode::HalfEven)?;
    Exact::from_int(whole).div(&scale)
}

/// The mean of values by weight; none when nothing weighs.
fn mean(weighted: impl Iterator<Item = (Exact, Exact)>) -> Result<Option<Exact>, TypesError> {
    let (mut sum, mut weight) = (Exact::ZERO, Exact::ZERO);
    for (value, by) in weighted {
        sum = sum.add(&value.mul(&by)?)?;
        weight = weight.add(&by)?;
    }
    if weight.is_zero() { Ok(None) } else { sum.div(&weight).map(Some) }
}
