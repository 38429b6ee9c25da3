//! Control of receivables: what is open, what is late, what it costs and what may still be delivered.
//!
//! | item | what it is |
//! |---|---|
//! | [`OpenItem`] | 未清项: one invoice or credit note that is not settled |
//! | [`allocate_receipt`], [`AllocationPolicy`], [`AllocationOrder`], [`WithinItem`], [`CreditNotes`] | 核销: a receipt applied to open items |
//! | [`write_off`], [`Tolerance`], [`WriteOffLimit`], [`Residual`] | 尾差: small differences written off, by name |
//! | [`late_interest`], [`LateItem`], [`LateInterestRule`], [`RateTable`], [`InterestBasis`], [`InterestCap`] | 逾期利息: simple interest, piece by piece |
//! | [`CompensationTable`] | 追偿补偿: a fixed sum per late debt, by its size |
//! | [`DunningRule`], [`DunningLevel`], [`Dunning`] | 催款: level, fee and interest of a reminder |
//! | [`ageing`], [`AgeEdges`], [`AgeBy`], [`AgeRange`] | 账龄: the balance by days past due |
//! | [`days_sales_outstanding`], [`count_back`] | 应收账款周转天数: three measures and the count-back |
//! | [`exposure`], [`ExposurePolicy`], [`CreditLimit`], [`Release`] | 信用敞口: what is at risk, and whether an order may go |
//! | [`ProvisionMatrix`], [`LossRate`], [`RollRates`] | 坏账准备: expected credit loss by age bucket |
//! | [`CreditError`] | what can be wrong |
//!
//! Every figure can be asked why: `explained` of [`LateInterest`], [`Dunning`], [`Allocation`], [`Residual`], [`Ageing`],
//! [`Exposure`], [`Provision`], [`DaysOutstanding`], [`CountBack`] and [`CompensationTable`] gives an
//! [`Explained`](crate::Explained).
//!
//! Dates come in as arguments; nothing here knows what day it is. One rounding per posted amount.

mod ageing;
mod allocation;
mod compensation;
mod dso;
mod dunning;
mod error;
mod explained;
mod explained_days;
mod explained_items;
mod exposure;
mod interest;
mod item;
mod provision;
mod rates;
mod write_off;

pub use ageing::{AgeBucket, AgeBy, AgeEdges, AgeRange, Ageing, ageing};
pub use allocation::{
    Allocation, AllocationLine, AllocationOrder, AllocationPolicy, CreditNotes, WithinItem, allocate_receipt,
};
pub use compensation::{CompensationBand, CompensationTable};
pub use dso::{CountBack, DaysOutstanding, SalesMonth, SalesOutstanding, count_back, days_sales_outstanding};
pub use dunning::{Dunning, DunningInterest, DunningLevel, DunningRule};
pub use error::CreditError;
pub use exposure::{
    Breach, ComponentRule, CreditLimit, Exposure, ExposureComponent, ExposureLine, ExposurePolicy, Inclusion,
    Limited, Release, exposure,
};
pub use interest::{
    InterestBasis, InterestCap, InterestSegment, LateInterest, LateInterestRule, LateItem, PartPayment,
    late_interest,
};
pub use item::OpenItem;
pub use provision::{LossRate, Provision, ProvisionMatrix, RollRates};
pub use rates::{RateChange, RateTable};
pub use write_off::{Residual, Tolerance, WriteOffLimit, write_off};

use endcap_types::{Money, Rate, TypesError};

use crate::SettlementError;

/// Refuses an amount below zero.
pub(crate) fn not_negative(what: &'static str, amount: Money) -> Result<Money, SettlementError> {
    if amount.is_negative() { Err(SettlementError::NegativeAmount { what, amount }) } else { Ok(amount) }
}

/// Refuses a rate below zero.
pub(crate) fn rate_not_negative(rate: Rate) -> Result<Rate, SettlementError> {
    if rate.is_negative() {
        Err(TypesError::NegativeRate { percent: rate.as_percent() }.into())
    } else {
        Ok(rate)
    }
}
