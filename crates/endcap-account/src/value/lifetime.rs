//! Lifetime value: expected transactions times margin, discounted over a stated horizon, less the cost to serve.
#![allow(
    clippy::float_arithmetic,
    reason = "a statistics module: the result crosses the border in `money.rs`"
)]

use endcap_types::{Currency, Money, Rate};

use super::cbs::Cbs;
use super::error::ValueError;
use super::model::RepeatBuying;
use super::money::{major_units, money_from_estimate, share};
use super::special_functions::finite;
use crate::error::AccountError;

/// Most periods of a horizon.
const MAX_PERIODS: u32 = 10_000;

/// Over which horizon and at which rates a customer is valued (价值测算口径). There is no infinite horizon.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValuePlan {
    periods: u32,
    period: f64,
    discount: f64,
    margin: f64,
    cost_to_serve: f64,
}

impl ValuePlan {
    /// `periods` periods of `period` time units each, discounted at `discount` a period, with a contribution of
    /// `margin` of each transaction's spend.
    ///
    /// # Errors
    ///
    /// - [`ValueError::InvalidSetting`] for no period or more than 10,000, a period that is not above zero, or a discount of −100 % or less.
    pub fn new(periods: u32, period: f64, discount: &Rate, margin: &Rate) -> Result<Self, AccountError> {
        let refuse = |what, value: String, rule| Err(ValueError::InvalidSetting { what, value, rule }.into());
        if periods == 0 || periods > MAX_PERIODS {
            return refuse("the number of periods", periods.to_string(), "it must be 1 to 10,000");
        }
        if !period.is_finite() || period <= 0.0 {
            return refuse("the length of a period", period.to_string(), "it must be above zero and finite");
        }
        let discount = self::discount(share(discount))?;
        Ok(Self { periods, period, discount, margin: share(margin), cost_to_serve: 0.0 })
    }

    /// The same plan with a cost to serve (服务成本) that falls due in every period, whatever is bought.
    ///
    /// # Errors
    ///
    /// - [`ValueError::OutOfFloat`] beyond floating point.
    pub fn less_cost_to_serve(self, per_period: &Money) -> Result<Self, AccountError> {
        let cost_to_serve = major_units(per_period.exact().value(), per_period.currency())?;
        Ok(Self { cost_to_serve, ..self })
    }

    /// Discounted expected transactions (折现期望购买次数): `Σ_k (E[Y(kΔ)] − E[Y((k−1)Δ)])/(1+d)^k`.
    ///
    /// # Errors
    ///
    /// The errors of [`RepeatBuying::conditional_expected_transactions`].
    pub fn discounted_transactions(
        &self,
        model: &dyn RepeatBuying,
        customer: &Cbs,
    ) -> Result<f64, AccountError> {
        let (mut sum, mut factor, mut before, mut end) = (0.0, 1.0, 0.0, 0.0);
        for _ in 0..self.periods {
            factor *= self.discount;
            end += self.period;
            let upto = model.conditional_expected_transactions(customer, end)?;
            sum += (upto - before).max(0.0) * factor;
            before = upto;
        }
        finite("the discounted transactions", sum)
    }

    /// Lifetime value of a customer (客户终身价值) in major units: discounted transactions × spend × margin, less the
    /// discounted cost to serve.
    ///
    /// `spend` is the expected spend per transaction, from
    /// [`GammaGamma::conditional_mean`](crate::value::GammaGamma::conditional_mean) or from a plan.
    ///
    /// # Errors
    ///
    /// The errors of [`RepeatBuying::conditional_expected_transactions`]; [`ValueError::OutOfFloat`].
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_account::value::{BgNbd, Cbs, GammaGamma, Spend, ValuePlan};
    /// use endcap_types::{Currency, Rate};
    ///
    /// let model = BgNbd::new(0.243, 4.414, 0.793, 2.426)?;
    /// let spend = GammaGamma::new(6.25, 3.74, 15.44)?.conditional_mean(&Spend::new(2, 22.35)?)?;
    /// // 12 periods of 4 weeks, 1 % a period, 30 % contribution.
    /// let plan = ValuePlan::new(12, 4.0, &"1%".parse::<Rate>()?, &"30%".parse::<Rate>()?)?;
    /// let customer = Cbs::new(2, 30.43, 38.86)?;
    /// let value = plan.lifetime_value_as_money(&model, &customer, spend, Currency::USD)?;
    /// assert_eq!(value.to_amount_string(), "10.17");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Source
    ///
    /// Fader, Hardie & Lee 2005, RFM and CLV, Journal of Marketing Research 42(4), with a finite horizon.
    pub fn lifetime_value(
        &self,
        model: &dyn RepeatBuying,
        customer: &Cbs,
        spend: f64,
    ) -> Result<f64, AccountError> {
        let mut factor = 1.0;
        let mut service = 0.0;
        for _ in 0..self.periods {
            factor *= self.discount;
            service += factor * self.cost_to_serve;
        }
        let transactions = self.discounted_transactions(model, customer)?;
        finite("the lifetime value", transactions * spend * self.margin - service)
    }

    /// [`lifetime_value`](Self::lifetime_value) as money, through [`money_from_estimate`].
    ///
    /// # Errors
    ///
    /// As [`lifetime_value`](Self::lifetime_value) and [`money_from_estimate`].
    pub fn lifetime_value_as_money(
        &self,
        model: &dyn RepeatBuying,
        customer: &Cbs,
        spend: f64,
        currency: Currency,
    ) -> Result<Money, AccountError> {
        money_from_estimate(self.lifetime_value(model, customer, spend)?, currency)
    }
}

/// `1/(1 + rate)`.
pub(crate) fn discount(rate: f64) -> Result<f64, AccountError> {
    if rate.is_finite() && rate > -1.0 {
        return finite("the discount factor", 1.0 / (1.0 + rate));
    }
    let rule = "a discount rate must be above −1 and finite";
    Err(ValueError::InvalidSetting { what: "the discount rate", value: rate.to_string(), rule }.into())
}
