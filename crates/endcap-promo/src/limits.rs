//! The one table of limits of this crate.
//!
//! | limit | value | what it guards |
//! |---|---|---|
//! | [`MAX_WEEKS`] | 1 040 | weeks of one series: twenty years |
//! | [`MAX_SKUS`] | 1 000 | items of one promotion |
//! | [`MAX_FUNDING_LINES`] | 100 | funding lines of one promotion |
//! | [`MAX_GROUP`] | 1 000 | units counted by one mechanic application |
//! | [`MAX_UNITS`] | 8 × 10⁹ | units of one estimate, either sign: below 2³³ six decimals survive an f64 |
//! | [`UNIT_DECIMALS`] | 6 | decimals kept when an estimate becomes an exact number of units |
//! | [`MIN_HISTORY_WEEKS`] | 8 | clean weeks before an event, at least |
//! | [`MIN_DEGREES_OF_FREEDOM`] | 2 | of the spread of the quiet windows, at least |
//! | [`MAX_DEGREES_OF_FREEDOM`] | 10 000 | of a Student t |
//! | [`MAX_COOLDOWN_WEEKS`] | 26 | weeks after the event that still belong to it |
//! | [`MAX_BASELINE_WEEKS`] | 520 | weeks one baseline looks back |
//! | [`MAX_BASKET_UNITS`] | 100 000 | units of one basket |
//! | [`MAX_BASKET_MINOR`] | 10¹⁵ | minor units of one basket or one amount of an offer |
//! | [`MAX_OFFERS`] | 1 000 | offers of one stack |

/// Most weeks of one series.
///
/// # Source
///
/// House rule: twenty years of weeks, and far beyond what one event needs.
pub const MAX_WEEKS: usize = 1_040;
/// Most items of one promotion.
pub const MAX_SKUS: usize = 1_000;
/// Most funding lines of one promotion.
pub const MAX_FUNDING_LINES: usize = 100;
/// Most units counted by one application of a mechanic.
pub const MAX_GROUP: u32 = 1_000;
/// Largest estimate of units, either sign. Below 2³³ neighbouring doubles are less than a millionth apart, so six
/// decimals go there and back unchanged; at 2³³ they no longer do.
pub const MAX_UNITS: u64 = 8_000_000_000;
/// Decimals kept when an estimate becomes an exact number of units.
pub const UNIT_DECIMALS: u32 = 6;
/// Fewest clean weeks before an event.
pub const MIN_HISTORY_WEEKS: usize = 8;
/// Fewest degrees of freedom of the noise.
pub const MIN_DEGREES_OF_FREEDOM: u32 = 2;
/// Most degrees of freedom of a Student t.
pub const MAX_DEGREES_OF_FREEDOM: u32 = 10_000;
/// Longest cooldown, in weeks.
pub const MAX_COOLDOWN_WEEKS: u32 = 26;
/// Longest look-back of a baseline, in weeks.
pub const MAX_BASELINE_WEEKS: u32 = 520;
/// Most units of one basket.
pub const MAX_BASKET_UNITS: u64 = 100_000;
/// Most minor units of one basket, and of one amount of an offer.
pub const MAX_BASKET_MINOR: i128 = 1_000_000_000_000_000;
/// Most offers of one stack.
pub const MAX_OFFERS: usize = 1_000;
