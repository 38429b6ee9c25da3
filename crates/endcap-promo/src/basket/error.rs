//! Why a basket, an offer or a stack could not be read or settled.

use chrono::NaiveDateTime;
use endcap_types::{Currency, Money, PromotionId, Rate, SkuId, TypesError};

/// A broken rule of the till: a basket, an offer or a stack of offers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BasketError {
    /// A value of the floor below was refused.
    #[error(transparent)]
    Types(#[from] TypesError),
    /// More units than one basket may hold.
    #[error("the basket holds {units} units, at most {limit} allowed")]
    TooManyUnits {
        /// Units put in.
        units: u64,
        /// The limit.
        limit: u64,
    },
    /// A unit price that is negative.
    #[error("the price of {sku} is negative: {price}")]
    NegativePrice {
        /// The item.
        sku: SkuId,
        /// Its price.
        price: Money,
    },
    /// An amount beyond what a till adds up.
    #[error("{what} is {amount}, at most {limit} minor units allowed")]
    AmountTooLarge {
        /// What it is.
        what: &'static str,
        /// The amount.
        amount: String,
        /// The limit, in minor units.
        limit: i128,
    },
    /// A weight that is zero or negative.
    #[error("the weight of {sku} is {kilograms} kg, expected more than 0")]
    WeightOutOfRange {
        /// The item.
        sku: SkuId,
        /// As given.
        kilograms: String,
    },
    /// Two currencies in one basket, or an offer in another currency than the basket.
    #[error("{what} is in {found}, the basket is in {expected}")]
    CurrencyDiffers {
        /// What carries the other currency.
        what: String,
        /// The currency of the basket.
        expected: Currency,
        /// The currency found.
        found: Currency,
    },
    /// A rate off outside 0 % to 100 %.
    #[error("offer {offer}: {rate} off is outside 0% to 100%")]
    RateOutOfRange {
        /// The offer.
        offer: PromotionId,
        /// The rate.
        rate: Rate,
    },
    /// An amount of an offer that is negative, or zero where it must be more.
    #[error("offer {offer}: {what} is {amount}, expected {expected}")]
    AmountOutOfRange {
        /// The offer.
        offer: PromotionId,
        /// Which amount.
        what: &'static str,
        /// As given.
        amount: Money,
        /// What is allowed.
        expected: &'static str,
    },
    /// A count of an offer that is zero or beyond the limit.
    #[error("offer {offer}: {what} is {count}, expected 1 to {limit}")]
    CountOutOfRange {
        /// The offer.
        offer: PromotionId,
        /// Which count.
        what: &'static str,
        /// As given.
        count: u32,
        /// The limit.
        limit: u32,
    },
    /// Steps of a tier or threshold table that do not rise, or a table without one.
    #[error("offer {offer}: the steps must rise strictly and there must be one; {found} follows {after}")]
    StepsNotRising {
        /// The offer.
        offer: PromotionId,
        /// The step before, or `nothing`.
        after: String,
        /// The step found, or `nothing`.
        found: String,
    },
    /// An item that stands in two slots of one bundle, so that a unit could fill either.
    #[error("offer {offer}: {sku} stands in two slots of the bundle")]
    SlotsOverlap {
        /// The offer.
        offer: PromotionId,
        /// The item.
        sku: SkuId,
    },
    /// A slot without an item, or a bundle without a slot.
    #[error("offer {offer}: a bundle needs slots, and every slot an item")]
    EmptySlot {
        /// The offer.
        offer: PromotionId,
    },
    /// A window that ends before it starts.
    #[error("offer {offer}: the window ends {to}, not after its start {from}")]
    EmptyWindow {
        /// The offer.
        offer: PromotionId,
        /// Start, in store time.
        from: NaiveDateTime,
        /// End, in store time, not included.
        to: NaiveDateTime,
    },
    /// Shares of those who pay that do not add up to 100 %.
    #[error("offer {offer}: the funding shares add up to {total}, expected 100%")]
    SharesNotWhole {
        /// The offer.
        offer: PromotionId,
        /// Their sum.
        total: Rate,
    },
    /// A funding share that is negative.
    #[error("offer {offer}: a funding share is {rate}, expected 0% or more")]
    NegativeShare {
        /// The offer.
        offer: PromotionId,
        /// The share.
        rate: Rate,
    },
    /// Two offers with one id.
    #[error("offer {offer} stands in the stack twice")]
    OfferTwice {
        /// The offer.
        offer: PromotionId,
    },
    /// Two offers of one group, or two groups of one stage, with the same priority: the winner would be arbitrary.
    #[error("{what} {first} and {second} have the same priority {priority}")]
    PriorityTwice {
        /// Offers or groups.
        what: &'static str,
        /// The one.
        first: String,
        /// The other.
        second: String,
        /// The priority both have.
        priority: u32,
    },
    /// Offers of different stages in one group.
    #[error("offer {offer} belongs to the stage {found}, its group is of the stage {expected}")]
    StageDiffers {
        /// The offer.
        offer: PromotionId,
        /// The stage of the group's first offer.
        expected: &'static str,
        /// The stage of this offer.
        found: &'static str,
    },
    /// More offers than one stack may hold.
    #[error("the stack holds {count} offers, at most {limit} allowed")]
    TooManyOffers {
        /// Offers given.
        count: usize,
        /// The limit.
        limit: usize,
    },
    /// Something is brought back that was not bought, or more of it than was bought.
    #[error("{returned} of {sku} at {price} come back, {bought} were bought")]
    ReturnedMoreThanBought {
        /// The item.
        sku: SkuId,
        /// Its unit price.
        price: Money,
        /// Units brought back.
        returned: u64,
        /// Units bought.
        bought: u64,
    },
}
