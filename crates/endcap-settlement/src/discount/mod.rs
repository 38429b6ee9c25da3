//! Early payment: what it saves under three tax treatments, and what it costs not to take it.
//!
//! | item | what it is |
//! |---|---|
//! | [`EarlyPayment`], [`DiscountLine`] | 提前付款: an invoice and how a discount on it is taxed and rounded |
//! | [`DiscountTax`] | 折扣税务处理: included, excluded, mixed |
//! | [`DiscountSite`] | 折扣舍入位置: on the amount to pay, the discount or each line |
//! | [`Settled`], [`EarlyWindow`] | what the invoice settles at, at one rate or in one window |
//! | [`simple_cost`], [`effective_cost`], [`YearDays`] | 放弃折扣成本: the yearly rate of not taking a discount |
//!
//! Which rate is earned on which day is [`endcap_calendar::CashDiscount`].

mod amounts;
mod cost;
mod power;

pub use amounts::{DiscountLine, DiscountSite, DiscountTax, EarlyPayment, EarlyWindow, Settled};
pub use cost::{YearDays, effective_cost, simple_cost};
