//! Key-account management (重点客户管理) for consumer-goods suppliers: one facade over the endcap crates.
//!
//! Re-exports of the domain crates, a [`glossary`] of the trade's terms, and [`bridge`]: the only place where two
//! domain crates meet.
//!
//! | module | crate | what it answers |
//! |---|---|---|
//! | [`types`] | `endcap-types` | what is an amount, a rate, a price, a quantity |
//! | [`calendar`] | `endcap-calendar` | when does a period end, when is it due |
//! | [`account`] | `endcap-account` | who is key, why, and what does each one earn |
//! | [`settlement`] | `endcap-settlement` | what does the account owe this month, line by line |
//! | [`promo`] | `endcap-promo` | did the promotion work, who paid, do we know |
//! | [`inventory`] | `endcap-inventory` | what to order, and why that many cases |
//! | [`shelf`] | `endcap-shelf` | how many facings, where, how far from the best |
//! | [`ledger`] | `endcap-ledger` | does it all balance, and can it be proved |
//!
//! # Scope of this crate
//!
//! Nothing is computed here that belongs to one domain. A bridge translates what one crate returns into what another
//! takes, and nothing more.

pub mod bridge;
pub mod glossary;

pub use endcap_account as account;
pub use endcap_calendar as calendar;
pub use endcap_inventory as inventory;
pub use endcap_ledger as ledger;
pub use endcap_promo as promo;
pub use endcap_settlement as settlement;
pub use endcap_shelf as shelf;
pub use endcap_types as types;

/// The README's example compiles and holds.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
