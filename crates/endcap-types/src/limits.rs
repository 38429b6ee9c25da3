//! The one table of limits. Every bound a value of this crate must respect is here and nowhere else.
//!
//! | limit | value | what it guards |
//! |---|---|---|
//! | [`MAX_MINOR`] | 10³⁶ − 1 | an amount of [`Money`](crate::Money), in minor units, either sign |
//! | [`MAX_AMOUNT_CHARS`] | 64 | characters read as one amount |
//! | [`MAX_EXACT_BITS`] | 4096 | bits of the numerator or denominator of an [`Exact`](crate::Exact) |
//! | [`MAX_EXACT_CHARS`] | 2 600 | characters read as one [`Exact`](crate::Exact) |
//! | [`MAX_RATE_PERCENT`] | 10⁸ % | a [`Rate`](crate::Rate), either sign |
//! | [`MAX_RATE_DECIMALS`] | 16 | decimals of a rate written in percent |
//! | [`MAX_QUANTITY`] | 10¹⁵ | a [`Quantity`](crate::Quantity), either sign, in its unit |
//! | [`MAX_QUANTITY_DECIMALS`] | 6 | decimals of a weighed or poured quantity |
//! | [`MAX_PRICE`] | 10¹² | a [`Price`](crate::Price) per unit, in major units |
//! | [`MAX_PRICE_DECIMALS`] | 10 | decimals of a price |
//! | [`MAX_CASE_PACK`] | 100 000 | pieces in a case |
//! | [`MAX_ID_CHARS`] | 64 | characters of an id |
//! | [`MAX_ALLOCATION_KEYS`] | 1 000 000 | parts of one allocation |

/// Largest amount of money in minor units, either sign: 10³⁶ − 1. The sum of any two fits an `i128`.
pub const MAX_MINOR: i128 = 999_999_999_999_999_999_999_999_999_999_999_999;
/// Longest text read as one amount of money, in characters.
pub const MAX_AMOUNT_CHARS: usize = 64;
/// Most bits of the numerator or of the denominator of an exact rational.
pub const MAX_EXACT_BITS: u64 = 4096;
/// Longest text read as one exact rational: 4096 bits are 1,234 digits; two such numbers and a bar, with room to spare.
pub const MAX_EXACT_CHARS: usize = 2_600;
/// Largest rate, either sign, in percent.
pub const MAX_RATE_PERCENT: i64 = 100_000_000;
/// Most decimals of a rate written in percent.
pub const MAX_RATE_DECIMALS: u32 = 16;
/// Largest quantity, either sign, in its own unit.
pub const MAX_QUANTITY: i64 = 1_000_000_000_000_000;
/// Most decimals of a quantity that is weighed or poured.
pub const MAX_QUANTITY_DECIMALS: u32 = 6;
/// Largest price per unit, in major units of its currency.
pub const MAX_PRICE: i64 = 1_000_000_000_000;
/// Most decimals of a price.
pub const MAX_PRICE_DECIMALS: u32 = 10;
/// Most pieces in one case.
pub const MAX_CASE_PACK: u32 = 100_000;
/// Longest id, in characters.
pub const MAX_ID_CHARS: usize = 64;
/// Most parts one allocation may have.
pub const MAX_ALLOCATION_KEYS: usize = 1_000_000;
