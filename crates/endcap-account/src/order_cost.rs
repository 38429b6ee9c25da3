//! The order-cost model: what small and non-stocked orders do to a margin.

use endcap_types::{Exact, Money, Rate, TypesError, Unrounded};

use crate::error::AccountError;
use crate::members::same_currency;

/// Costs that orders and volume cause (订单成本模型).
///
/// `profit = revenue·margin − orders·c − non-stocked·extra − volume rate·cost of goods`. An order of items that are not
/// in stock bears the cost of an order and the extra.
///
/// # Examples
///
/// ```
/// use endcap_account::{OrderActivity, OrderCosts, Stocked};
/// use endcap_types::{Currency, Money, Rate};
///
/// let cny = |text| Money::parse(text, Currency::CNY);
/// let costs = OrderCosts::new(cny("600.00")?, cny("1800.00")?, Rate::ZERO)?;
/// let year = |orders, non_stocked_orders| -> Result<_, Box<dyn std::error::Error>> {
///     let (revenue, margin) = (cny("200000.00")?, "40%".parse()?);
///     Ok(costs.profit(&OrderActivity { revenue, margin, orders, non_stocked_orders })?)
/// };
/// // The same turnover and margin: four large orders earn 37.9 %, eighty small ones 2.5 %.
/// assert_eq!(year(4, 1)?.profit_percent()?.to_string(), "379/10");
/// assert_eq!(year(80, 15)?.profit_percent()?.to_string(), "5/2");
/// assert_eq!(costs.break_even_order(&"40%".parse()?, Stocked::Yes)?.value().to_string(), "150000"); // 1,500.00
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Kaplan, Kanthal (Harvard Business School case): order-related and volume-related cost pools.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderCosts {
    per_order: Money,
    extra_per_non_stocked: Money,
    volume_rate: Rate,
}

/// What an account ordered in a period (订货活动).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderActivity {
    /// Net revenue.
    pub revenue: Money,
    /// Gross margin on revenue.
    pub margin: Rate,
    /// All orders.
    pub orders: u64,
    /// Those of them for items that are not in stock.
    pub non_stocked_orders: u64,
}

/// Whether an order is served from stock (是否备货).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stocked {
    /// From stock.
    Yes,
    /// Made or bought for the order.
    No,
}

/// What is left of a margin after orders and volume (订单后利润), unrounded; the parts sum to the profit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderProfit {
    revenue: Money,
    /// `revenue · margin`.
    pub gross_margin: Unrounded,
    /// `orders · cost per order`.
    pub order_cost: Unrounded,
    /// `non-stocked orders · extra`.
    pub non_stocked_cost: Unrounded,
    /// `volume rate · (revenue − gross margin)`.
    pub volume_cost: Unrounded,
    /// What remains.
    pub profit: Unrounded,
}

impl OrderCosts {
    /// Checked costs: per order, extra per non-stocked order, and a rate on the cost of goods.
    ///
    /// # Errors
    ///
    /// - [`AccountError::NegativeInput`] for a cost or rate below zero.
    /// - [`AccountError::Value`] where the currencies differ.
    pub fn new(
        per_order: Money,
        extra_per_non_stocked: Money,
        volume_rate: Rate,
    ) -> Result<Self, AccountError> {
        same_currency(&extra_per_non_stocked, per_order.currency())?;
        let negative =
            |what: &str, value: String| Err(AccountError::NegativeInput { what: what.to_owned(), value });
        for (what, amount) in [("cost per order", &per_order), ("extra cost", &extra_per_non_stocked)] {
            if amount.is_negative() {
                return negative(what, amount.to_amount_string());
            }
        }
        if volume_rate.is_negative() {
            return negative("the volume rate", volume_rate.to_string());
        }
        Ok(Self { per_order, extra_per_non_stocked, volume_rate })
    }

    /// The profit of one account.
    ///
    /// # Errors
    ///
    /// - [`AccountError::Inconsistent`] for more non-stocked orders than orders.
    /// - [`AccountError::Value`] for revenue in another currency, or an amount beyond the limit of exact numbers.
    pub fn profit(&self, activity: &OrderActivity) -> Result<OrderProfit, AccountError> {
        if activity.non_stocked_orders > activity.orders {
            return Err(AccountError::Inconsistent {
                part_name: "non-stocked orders",
                part: activity.non_stocked_orders.to_string(),
                whole_name: "orders",
                whole: activity.orders.to_string(),
            });
        }
        same_currency(&activity.revenue, self.per_order.currency())?;
        let gross_margin = activity.revenue.exact().times_rate(&activity.margin)?;
        let order_cost = self.per_order.exact().times_int(i128::from(activity.orders))?;
        let extra = self.extra_per_non_stocked.exact();
        let non_stocked_cost = extra.times_int(i128::from(activity.non_stocked_orders))?;
        let goods = activity.revenue.exact().sub(&gross_margin)?;
        let volume_cost = goods.times_rate(&self.volume_rate)?;
        let profit = gross_margin.sub(&order_cost)?.sub(&non_stocked_cost)?.sub(&volume_cost)?;
        let revenue = activity.revenue;
        Ok(OrderProfit { revenue, gross_margin, order_cost, non_stocked_cost, volume_cost, profit })
    }

    /// The revenue at which one order earns nothing (盈亏平衡订单额): its cost over what a unit of revenue leaves.
    ///
    /// # Errors
    ///
    /// - [`AccountError::NonPositive`] where a unit of revenue leaves nothing: `margin − volume rate·(1 − margin) ≤ 0`.
    /// - [`AccountError::Value`] beyond the limit of exact numbers.
    pub fn break_even_order(&self, margin: &Rate, stocked: Stocked) -> Result<Unrounded, AccountError> {
        let margin = margin.to_exact();
        let goods = Exact::ONE.sub(&margin)?;
        let leaves = margin.sub(&self.volume_rate.to_exact().mul(&goods)?)?;
        if !leaves.is_positive() {
            let what = "what a unit of revenue leaves".to_owned();
            return Err(AccountError::NonPositive { what, value: leaves.to_string() });
        }
        let cost = match stocked {
            Stocked::Yes => self.per_order.exact(),
            Stocked::No => self.per_order.exact().add(&self.extra_per_non_stocked.exact())?,
        };
        Ok(cost.divided_by(&leaves)?)
    }
}

impl OrderProfit {
    /// The profit in percent of revenue.
    ///
    /// # Errors
    ///
    /// - [`AccountError::ZeroTotal`] without revenue.
    /// - [`AccountError::Value`] beyond the limit of exact numbers.
    pub fn profit_percent(&self) -> Result<Exact, AccountError> {
        if self.revenue.is_zero() {
            return Err(AccountError::ZeroTotal);
        }
        Ok(self.profit.share_of(&self.revenue.exact())?.mul(&Exact::from_int(100))?)
    }
}

/// What an account contributes to profit (客户利润贡献): `net revenue − product cost − cost to serve`, posted amounts.
///
/// Net revenue is after all trade terms.
///
/// # Errors
///
/// - [`TypesError`] where the currencies differ or the result is beyond the limit of an amount.
///
/// # Examples
///
/// ```
/// use endcap_account::account_contribution;
/// use endcap_types::{Currency, Money};
///
/// let cny = |text| Money::parse(text, Currency::CNY);
/// let left = account_contribution(&cny("100000.00")?, &cny("60000.00")?, &cny("28000.00")?)?;
/// assert_eq!(left.to_amount_string(), "12000.00");
/// # Ok::<(), endcap_types::TypesError>(())
/// ```
///
/// # Source
///
/// Customer profitability analysis; Kaplan and Anderson, Time-Driven Activity-Based Costing, 2007.
pub fn account_contribution(
    net_revenue: &Money,
    product_cost: &Money,
    cost_to_serve: &Money,
) -> Result<Money, TypesError> {
    net_revenue.checked_sub(product_cost)?.checked_sub(cost_to_serve)
}
