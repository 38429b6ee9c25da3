//! What it takes to bring a loss-making account to a target profit: each lever alone, exact.

use endcap_types::{Exact, Money, Rate, Unrounded};

use crate::error::AccountError;
use crate::members::same_currency;

/// Whether an account is kept for reasons beside its profit (战略标记).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Strategic {
    /// Kept only for what it earns.
    #[default]
    No,
    /// Kept in any case: an exit is never proposed.
    Yes,
}

/// One kind of service to an account (服务项目) and what it cost in the period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceCost {
    /// The activity, as in the cost pool.
    pub activity: String,
    /// How often it was done.
    pub quantity: Exact,
    /// What that cost.
    pub cost: Unrounded,
}

/// An account's economics over one period (客户损益构成).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountEconomics {
    /// Net revenue after all trade terms.
    pub revenue: Money,
    /// Cost of the goods.
    pub product_cost: Money,
    /// Cost to serve by activity.
    pub service: Vec<ServiceCost>,
    /// Share of the cost to serve that would go with the account; the rest is capacity that stays.
    pub avoidable: Rate,
    /// Whether it is kept for other reasons.
    pub strategic: Strategic,
}

/// One change that alone brings the account to its target (改善措施).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lever {
    /// Raise prices, or lower terms, by this share of net revenue at unchanged volume.
    PriceRise {
        /// `gap / revenue`.
        share: Exact,
    },
    /// Do one activity less often.
    LessService {
        /// The activity.
        activity: String,
        /// How often it may still be done: `quantity · (1 − gap/cost)`.
        keep: Exact,
        /// The share that goes: `gap / cost`, at most 1.
        cut: Exact,
    },
    /// Cut all service by one share, as fewer and larger orders do.
    FewerOrders {
        /// `gap / cost to serve`, at most 1.
        cut: Exact,
    },
    /// Give the account up: what would be saved exceeds what it contributes.
    Exit {
        /// Avoidable cost less lost contribution.
        saves: Unrounded,
    },
}

impl AccountEconomics {
    /// Cost to serve: the sum of all service.
    ///
    /// # Errors
    ///
    /// - [`AccountError::Value`] for a cost in another currency.
    pub fn cost_to_serve(&self) -> Result<Unrounded, AccountError> {
        Ok(Unrounded::sum(self.service.iter().map(|line| &line.cost), self.revenue.currency())?)
    }

    /// What revenue leaves after product cost (毛利).
    ///
    /// # Errors
    ///
    /// - [`AccountError::Value`] for amounts in different currencies.
    pub fn contribution(&self) -> Result<Unrounded, AccountError> {
        Ok(self.revenue.exact().sub(&self.product_cost.exact())?)
    }

    /// Contribution less cost to serve (客户利润).
    ///
    /// # Errors
    ///
    /// - [`AccountError::Value`] for amounts in different currencies.
    pub fn profit(&self) -> Result<Unrounded, AccountError> {
        Ok(self.contribution()?.sub(&self.cost_to_serve()?)?)
    }

    /// Every lever that alone closes the gap to `target`, exactly (扭亏措施); empty where there is no gap.
    ///
    /// In the order of decision: less of one activity (the largest cost first, ties by name), fewer orders, a price rise,
    /// exit. A lever that cannot close the gap alone is left out. An exit is proposed only where the *avoidable* cost
    /// exceeds the contribution and the account is not strategic, never on allocated cost that would stay.
    ///
    /// # Errors
    ///
    /// - [`AccountError::Value`] for amounts in different currencies.
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_account::{AccountEconomics, Lever, ServiceCost, Strategic};
    /// use endcap_types::{Currency, Exact, Money};
    ///
    /// let yuan = |text| Money::parse(text, Currency::CNY);
    /// let account = AccountEconomics {
    ///     revenue: yuan("1000.00")?,
    ///     product_cost: yuan("700.00")?,
    ///     service: vec![ServiceCost {
    ///         activity: "delivery drop".to_owned(),
    ///         quantity: Exact::from_int(20),
    ///         cost: yuan("400.00")?.exact(),
    ///     }],
    ///     avoidable: "50%".parse()?,
    ///     strategic: Strategic::No,
    /// };
    /// // It loses 100: five drops fewer, or 10 % more price.
    /// let levers = account.levers(&yuan("0.00")?)?;
    /// let keep = Exact::from_int(15);
    /// let cut = Exact::ratio(1, 4)?;
    /// assert_eq!(levers[0], Lever::LessService { activity: "delivery drop".to_owned(), keep, cut });
    /// assert_eq!(levers[2], Lever::PriceRise { share: Exact::ratio(1, 10)? });
    /// assert_eq!(levers.len(), 3); // no exit: 200 avoidable is less than 300 of contribution
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Source
    ///
    /// House rule, after Kaplan & Narayanan 2001, Measuring and Managing Customer Profitability: first the own process,
    /// then the price of service, then terms, last the customer.
    pub fn levers(&self, target: &Money) -> Result<Vec<Lever>, AccountError> {
        same_currency(target, self.revenue.currency())?;
        let gap = target.exact().sub(&self.profit()?)?;
        if !gap.is_positive() {
            return Ok(Vec::new());
        }
        let mut levers = Vec::new();
        let mut lines: Vec<&ServiceCost> =
            self.service.iter().filter(|line| line.cost.is_positive()).collect();
        lines.sort_by(|a, b| b.cost.value().cmp(a.cost.value()).then_with(|| a.activity.cmp(&b.activity)));
        for line in lines {
            let cut = gap.share_of(&line.cost)?;
            if cut <= Exact::ONE {
                let keep = line.quantity.mul(&Exact::ONE.sub(&cut)?)?;
                levers.push(Lever::LessService { activity: line.activity.clone(), keep, cut });
            }
        }
        let service = self.cost_to_serve()?;
        if service.is_positive() {
            let cut = gap.share_of(&service)?;
            if cut <= Exact::ONE {
                levers.push(Lever::FewerOrders { cut });
            }
        }
        if self.revenue.is_positive() {
            levers.push(Lever::PriceRise { share: gap.share_of(&self.revenue.exact())? });
        }
        let saves = service.times_rate(&self.avoidable)?.sub(&self.contribution()?)?;
        if self.strategic == Strategic::No && saves.is_positive() {
            levers.push(Lever::Exit { saves });
        }
        Ok(levers)
    }
}
