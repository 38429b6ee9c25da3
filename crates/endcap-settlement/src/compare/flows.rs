//! Dated cash of the three methods, in major units without tax.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use endcap_calendar::{Period, dates};
use endcap_types::{Exact, TypesError};

use super::scenario::Figures;
use super::trade::{Lots, TradeScenario, lots};
use crate::{Language, MethodKind, SettlementError};

/// 现金流类型: what moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum FlowKind {
    /// 货物成本: the supplier pays for the goods.
    Cost,
    /// 回款: the retailer pays.
    Receipt,
    /// 销售费用: the supplier's own cost of selling at a counter.
    Selling,
    /// 保底补差: turnover stayed below the guarantee.
    TopUp,
    /// 预期信用损失: the part of the receipt that is not expected to come.
    ExpectedLoss,
    /// 残值: unsold goods that are the supplier's.
    Salvage,
}

impl FlowKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Cost, Self::Receipt, Self::Selling, Self::TopUp, Self::ExpectedLoss, Self::Salvage];

    /// The name in a language.
    #[must_use]
    pub const fn name(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Cost, Language::En) => "cost of goods",
            (Self::Cost, Language::Zh) => "货物成本",
            (Self::Receipt, Language::En) => "receipt",
            (Self::Receipt, Language::Zh) => "回款",
            (Self::Selling, Language::En) => "selling cost",
            (Self::Selling, Language::Zh) => "销售费用",
            (Self::TopUp, Language::En) => "guarantee top-up",
            (Self::TopUp, Language::Zh) => "保底补差",
            (Self::ExpectedLoss, Language::En) => "expected credit loss",
            (Self::ExpectedLoss, Language::Zh) => "预期信用损失",
            (Self::Salvage, Language::En) => "salvage of unsold goods",
            (Self::Salvage, Language::Zh) => "未售残值",
        }
    }
}

/// 现金流: money that moves on a day; what leaves the supplier is negative.
///
/// # Source
/// House rule; VAT follows the goods, its timing is ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct CashFlow {
    /// The day.
    pub on: NaiveDate,
    /// What moves.
    pub kind: FlowKind,
    /// How much, in major units without tax.
    pub amount: Exact,
}

type Sums = BTreeMap<(NaiveDate, FlowKind), Exact>;

fn add(sums: &mut Sums, on: NaiveDate, kind: FlowKind, amount: &Exact) -> Result<(), TypesError> {
    let sum = sums.entry((on, kind)).or_insert(Exact::ZERO);
    *sum = sum.add(amount)?;
    Ok(())
}

/// The flows of one method, by day and kind; nothing that is zero.
pub(super) fn flows(
    scenario: &TradeScenario,
    figures: &Figures,
    (method, factor): (MethodKind, &Exact),
) -> Result<Vec<CashFlow>, SettlementError> {
    let mut sums = Sums::new();
    let delivered = lots(&scenario.deliveries, &Exact::ONE)?;
    let sold = lots(&scenario.sales, factor)?;
    let cost = Exact::from_decimal(scenario.cost.per_unit());
    for (on, units) in &delivered {
        let paid = dates::add_days(*on, i64::from(scenario.cost_days))?;
        add(&mut sums, paid, FlowKind::Cost, &units.mul(&cost)?.negated())?;
    }
    match method {
        MethodKind::CreditTerms => {
            let lost = Exact::ONE.sub(&figures.paid_credit)?;
            for (on, units) in &delivered {
                receive(&mut sums, scenario.credit_day(*on)?, &units.mul(&figures.supply)?, &lost)?;
            }
        }
        MethodKind::Consignment => {
            let lost = Exact::ONE.sub(&figures.paid_after_sale)?;
            let price = figures.supply.mul(&figures.kept)?;
            for (on, units) in &sold {
                receive(&mut sums, scenario.settled_day(*on)?, &units.mul(&price)?, &lost)?;
            }
            salvage(&mut sums, scenario, (&delivered, &sold), &cost)?;
        }
        MethodKind::TurnoverDeduction => {
            concession(&mut sums, scenario, figures, &sold)?;
            top_ups(&mut sums, scenario, figures, &sold)?;
            salvage(&mut sums, scenario, (&delivered, &sold), &cost)?;
        }
    }
    let flows = sums.into_iter().filter(|(_, amount)| !amount.is_zero());
    Ok(flows.map(|((on, kind), amount)| CashFlow { on, kind, amount }).collect())
}

fn receive(sums: &mut Sums, on: NaiveDate, amount: &Exact, lost: &Exact) -> Result<(), TypesError> {
    add(sums, on, FlowKind::Receipt, amount)?;
    add(sums, on, FlowKind::ExpectedLoss, &amount.mul(lost)?.negated())
}

/// Turnover less commission and selling cost; the loss is expected on what is left, as on one unit.
fn concession(
    sums: &mut Sums,
    scenario: &TradeScenario,
    figures: &Figures,
    sold: &Lots,
) -> Result<(), SettlementError> {
    let lost = Exact::ONE.sub(&figures.paid_after_sale)?;
    let rest = Exact::ONE.sub(&scenario.unit.concession.to_exact())?;
    let price = figures.retail.mul(&rest)?.mul(&figures.kept)?;
    for (on, units) in sold {
        let day = scenario.settled_day(*on)?;
        let (amount, selling) = (units.mul(&price)?, units.mul(&figures.selling_cost)?);
        add(sums, day, FlowKind::Receipt, &amount)?;
        add(sums, day, FlowKind::Selling, &selling.negated())?;
        add(sums, day, FlowKind::ExpectedLoss, &amount.sub(&selling)?.mul(&lost)?.negated())?;
    }
    Ok(())
}

/// For each cycle `rate × max(0, guarantee − turnover)`, without tax, with the settlement of its last day.
fn top_ups(
    sums: &mut Sums,
    scenario: &TradeScenario,
    figures: &Figures,
    sold: &Lots,
) -> Result<(), SettlementError> {
    let Some(guarantee) = &scenario.guarantee else { return Ok(()) };
    let with_tax = Exact::ONE.add(&scenario.unit.goods_vat.to_exact())?;
    let till = figures.retail.mul(&with_tax)?.mul(&figures.kept)?;
    let minor = Exact::ratio(1, guarantee.amount.currency().minor_per_major())?;
    let whole = guarantee.amount.exact().value().mul(&minor)?;
    let mut cycle = Period::containing(guarantee.cycle, scenario.window.start())?;
    while cycle.start() < scenario.window.end() {
        let Some(covered) = cycle.intersect(scenario.window) else { break };
        let share = Exact::ratio(i128::from(covered.days()), i128::from(cycle.days()))?;
        let units = sold.iter().filter(|(on, _)| covered.contains(*on)).map(|(_, units)| units);
        let turnover = Exact::sum(units)?.mul(&till)?;
        let missing = whole.mul(&share)?.sub(&turnover)?;
        if missing.is_positive() {
            let amount = missing.mul(&guarantee.rate.to_exact())?.div(&with_tax)?;
            let day = scenario.settled_day(covered.last_day())?;
            add(sums, day, FlowKind::TopUp, &amount.negated())?;
        }
        cycle = cycle.next_of(guarantee.cycle)?;
    }
    Ok(())
}

/// Goods that did not leave stock come back at a share of their cost on the last day of the window.
fn salvage(
    sums: &mut Sums,
    scenario: &TradeScenario,
    (delivered, sold): (&Lots, &Lots),
    cost: &Exact,
) -> Result<(), SettlementError> {
    let total = |lots: &Lots| Exact::sum(lots.iter().map(|(_, units)| units));
    let left = total(delivered)?.sub(&total(sold)?)?;
    let worth = left.mul(cost)?.mul(&scenario.salvage.to_exact())?;
    Ok(add(sums, scenario.last_day(), FlowKind::Salvage, &worth)?)
}
