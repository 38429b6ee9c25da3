//! [`sensitivity`]: the comparison again, with one figure changed at a time.

use endcap_types::{Price, Rate};

use super::scenario::Scenario;
use super::terms::{Comparison, Discounting, compare_terms};
use crate::SettlementError;

/// 敏感因素: one figure of a scenario with the value it is to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Change {
    /// 零售价.
    Retail(Price),
    /// 供价.
    Supply(Price),
    /// 扣点.
    Concession(Rate),
    /// 资金成本.
    CostOfCapital(Rate),
    /// Days from delivery to sale.
    DaysToSale(u32),
    /// Days from sale to settlement.
    DaysToSettle(u32),
    /// 账期.
    CreditDays(u32),
    /// 损耗.
    Shrink(Rate),
    /// Selling cost per unit.
    SellingCost(Price),
    /// Expected loss of credit terms.
    LossCredit(Rate),
    /// Expected loss after sale.
    LossAfterSale(Rate),
}

impl Change {
    /// The scenario with this figure changed.
    #[must_use]
    pub const fn applied_to(self, scenario: &Scenario) -> Scenario {
        let mut changed = *scenario;
        match self {
            Self::Retail(price) => changed.retail = price,
            Self::Supply(price) => changed.supply = price,
            Self::Concession(rate) => changed.concession = rate,
            Self::CostOfCapital(rate) => changed.cost_of_capital = rate,
            Self::DaysToSale(days) => changed.days_to_sale = days,
            Self::DaysToSettle(days) => changed.days_to_settle = days,
            Self::CreditDays(days) => changed.credit_days = days,
            Self::Shrink(rate) => changed.shrink = rate,
            Self::SellingCost(price) => changed.selling_cost = price,
            Self::LossCredit(rate) => changed.loss_credit = rate,
            Self::LossAfterSale(rate) => changed.loss_after_sale = rate,
        }
        changed
    }
}

/// 敏感性行: one change and the comparison under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SensitivityRow {
    /// The change.
    pub change: Change,
    /// The comparison.
    pub comparison: Comparison,
}

/// 敏感性分析: one row for each change, in the order given; each starts from the same scenario.
///
/// # Errors
/// As [`compare_terms`], for the first change that breaks a rule.
///
/// # Examples
/// ```
/// use endcap_settlement::MethodKind;
/// use endcap_settlement::compare::{Change, Discounting, Scenario, sensitivity};
/// use endcap_types::{Currency, Price, Rate, TaxBasis, Unit};
/// let price = |text: &str, tax| Price::new(text.parse().unwrap(), Currency::CNY, Unit::Piece, tax);
/// let scenario = Scenario {
///     retail: price("100", TaxBasis::Exclusive)?,
///     supply: price("70", TaxBasis::Exclusive)?,
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
/// // A concession is worth most at 25 %, and least at 31 %.
/// let changes = [Change::Concession("25%".parse()?), Change::Concession("31%".parse()?)];
/// let rows = sensitivity(&scenario, Discounting::Simple, &changes)?;
/// let places = rows.iter().map(|row| row.comparison.ranking().map(|m| m == MethodKind::TurnoverDeduction));
/// assert_eq!(places.collect::<Vec<_>>(), [[true, false, false], [false, false, true]]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// One-at-a-time sensitivity analysis.
pub fn sensitivity(
    scenario: &Scenario,
    discounting: Discounting,
    changes: &[Change],
) -> Result<Vec<SensitivityRow>, SettlementError> {
    let row = |change: &Change| {
        let comparison = compare_terms(&change.applied_to(scenario), discounting)?;
        Ok(SensitivityRow { change: *change, comparison })
    };
    changes.iter().map(row).collect()
}
