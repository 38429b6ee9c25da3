//! Exact money, rates, prices, quantities, rounding, allocation, tax and typed ids for retail-trade software.
//!
//! Floor 0 of `endcap`: everything else stands on it. No clock, no files, no environment, no floating point.
//!
//! | item | what it is |
//! |---|---|
//! | [`Currency`] | ISO 4217 code with the exponent of its minor unit, 0 to 4 |
//! | [`Money`] | a posted amount: an integer number of minor units |
//! | [`Unrounded`] | an exact amount that is not posted yet |
//! | [`Exact`] | an exact rational number |
//! | [`Rounding`], [`RoundingMode`] | how the one becomes the other, with a step |
//! | [`Rate`] | percent, permille or basis points, never a bare number |
//! | [`Quantity`], [`Unit`], [`CasePack`] | pieces, cases, kilograms, litres |
//! | [`Price`], [`TaxBasis`] | money per unit, tax in or out |
//! | [`allocate`], [`allocate_in_steps`], [`allocate_cascade`] | a split whose parts sum to the whole, whatever the order |
//! | [`vat`] | net + tax = gross, always; tax per line, rate group or document |
//! | [`AccountId`] and its kin | ids that cannot be mixed up |
//! | [`Language`] | the language in which a reason is told |
//! | [`round_fraction`] | the rounding kernel on plain integers |
//! | [`limits`] | the one table of limits |
//! | [`TypesError`] | what can be wrong with a value |
//!
//! # A worked number
//!
//! A department store keeps 22 % of 8,000.00 till money and remits the rest:
//!
//! ```
//! use endcap_types::{vat, Currency, Money, Rate, Rounding};
//! let till = Money::parse("8000.00", Currency::CNY)?;
//! let rate: Rate = "22%".parse()?;
//! let commission = till.exact().times_rate(&rate)?.round(&Rounding::HALF_AWAY)?;
//! assert_eq!(commission.to_amount_string(), "1760.00");
//! // The commission is a service with 6 % VAT inside.
//! let split = vat::split_inclusive(&commission, &"6%".parse()?, &Rounding::HALF_AWAY)?;
//! assert_eq!((split.net().to_amount_string(), split.tax().to_amount_string()), ("1660.38".into(), "99.62".into()));
//! assert_eq!(till.checked_sub(&commission)?.to_amount_string(), "6240.00");
//! # Ok::<(), endcap_types::TypesError>(())
//! ```
//!
//! # Scope of this crate
//!
//! Values and their arithmetic. No exchange rates, no formatting for a locale, no tax law: rates are the caller's data.

mod allocate;
mod case_pack;
mod currency;
mod decimal;
mod error;
mod exact;
mod exact_big;
mod exact_small;
mod exact_text;
mod id;
mod language;
pub mod limits;
mod money;
mod price;
mod quantity;
mod rate;
mod rounding;
mod unrounded;
pub mod vat;

pub use allocate::{allocate, allocate_cascade, allocate_in_steps};
pub use case_pack::CasePack;
pub use currency::Currency;
pub use error::TypesError;
pub use exact::Exact;
pub use id::{
    AccountId, CategoryId, ClauseId, ContractId, DocumentId, PromotionId, SkuId, StatementId, StoreId,
};
pub use language::Language;
pub use money::Money;
pub use price::{Price, TaxBasis};
pub use quantity::{Quantity, Unit};
pub use rate::Rate;
pub use rounding::{Rounding, RoundingMode, round_fraction};
pub use unrounded::Unrounded;

/// The code of the README, compiled and run with the other examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
