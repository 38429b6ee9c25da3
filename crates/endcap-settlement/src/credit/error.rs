//! What can go wrong with receivables, accruals and cash discounts.

use endcap_types::{DocumentId, Money, Rate};

use super::ExposureComponent;

/// Why open items, exposure, loss rates, accruals or cash discounts were refused, with the offending value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CreditError {
    /// More was paid on a debt than was owed.
    #[error("payments of {paid} exceed the principal of {principal}")]
    PaymentsExceedPrincipal {
        /// Sum of the payments.
        paid: Money,
        /// The debt.
        principal: Money,
    },
    /// An open item is listed or named twice.
    #[error("open item {item} is given twice")]
    DuplicateItem {
        /// The item.
        item: DocumentId,
    },
    /// A receipt names an item that is not open.
    #[error("item {item} is not among the open items")]
    UnknownItem {
        /// The item.
        item: DocumentId,
    },
    /// A credit note carries late interest.
    #[error("credit note {item} carries interest of {interest}")]
    InterestOnCredit {
        /// The credit note.
        item: DocumentId,
        /// The interest.
        interest: Money,
    },
    /// Days of sales without credit sales.
    #[error("days of sales need credit sales above zero, not {sales}")]
    NoCreditSales {
        /// The sales.
        sales: Money,
    },
    /// Days that do not follow from the facts they are explained with.
    #[error("{what}: {told} days follow from what is given, {stated} are stated")]
    DaysBroken {
        /// The rule.
        what: &'static str,
        /// What follows.
        told: String,
        /// What is stated.
        stated: String,
    },
    /// A component that lowers the exposure has an amount above zero.
    #[error("{} lower the exposure and must be zero or less, not {amount}", component.word())]
    ExposureSign {
        /// The component.
        component: ExposureComponent,
        /// Its amount.
        amount: Money,
    },
    /// A loss rate below 0 or above 1.
    #[error("loss rate {rate} is not between 0 and 1")]
    LossRateOutside {
        /// The rate.
        rate: String,
    },
    /// Not one balance for each loss rate.
    #[error("{balances} balance(s) for {rates} loss rate(s)")]
    BucketCount {
        /// Balances given.
        balances: usize,
        /// Rates of the matrix.
        rates: usize,
    },
    /// A bucket that no balance reached: its loss rate is unknown.
    #[error("no balance reached bucket {bucket}: its loss rate is unknown")]
    FlowEmpty {
        /// The bucket, counted from 0.
        bucket: usize,
    },
    /// More reached a bucket than had reached the one before it.
    #[error("{balance} cannot reach a bucket after {previous}")]
    FlowRises {
        /// The balance.
        balance: Money,
        /// The one before it.
        previous: Money,
    },
    /// A cash discount outside its range.
    #[error("a cash discount of {rate} is outside 0% to 100%, or is all of the amount")]
    DiscountOutside {
        /// The discount.
        rate: Rate,
    },
    /// Forgoing a discount that gives no more days costs nothing that could be put per year.
    #[error("the net day {net_day} is not after the discount day {discount_day}")]
    NoCreditDays {
        /// Last day of the discount.
        discount_day: u32,
        /// Day of the net payment.
        net_day: u32,
    },
    /// The value lies so close to a tie, or needs so many digits, that its rounding cannot be decided.
    #[error("the rounding of {what} at {rate} cannot be decided")]
    RoundingUndecided {
        /// What was to be rounded.
        what: &'static str,
        /// The rate it comes from.
        rate: Rate,
    },
    /// An accrual by forecast needs a forecast above zero.
    #[error("an accrual needs a forecast above zero, not {forecast}")]
    ForecastNotPositive {
        /// The forecast.
        forecast: String,
    },
}
