//! The one table of limits. Every bound a value of this crate must respect is here and nowhere else.
//!
//! | limit | value | what it guards |
//! |---|---|---|
//! | [`MAX_CLASSES`] | 1 000 000 | classes of one knapsack |
//! | [`MAX_CAPACITIES`] | 1 000 | capacities of one knapsack of several |
//! | [`MAX_TOTAL`] | 10¹⁸ | Σ of the largest widths, and Σ of the largest absolute profits, of one knapsack |
//! | [`PROFIT_UNITS_PER_MINOR`] | 10⁶ | profit units in one minor unit of money |
//! | [`MAX_FACINGS`] | 1 000 | facings of one product |
//! | [`MAX_ELASTICITY_DECIMALS`] | 9 | decimals of a space elasticity |
//! | [`MAX_LENGTH_MM`] | 100 000 | any length of a product or shelf, in millimetres |
//! | [`MAX_STACK`] | 1 000 | units above one another |
//! | [`MAX_UNITS_PER_FACING`] | 1 000 000 | units one facing holds |
//! | [`MAX_SHELVES`] | 500 | shelves of one fixture, all segments together |
//! | [`MAX_PRODUCTS`] | 2 000 | products planned at once |
//! | [`MAX_CANDIDATES`] | 500 | products of one assortment review |
//! | [`MAX_TEXT_CHARS`] | 200 | characters of a name |
//! | [`MAX_MEAN_DEMAND`] | 1 000 000 | mean units demanded over one cover time |
//! | [`MAX_TRIAL_WEEKS`] | 520 | weeks of an entry trial |
//! | [`MAX_SHARE_DIGITS`] | 12 | decimals of a rounded share |

/// Most classes of one multiple-choice knapsack.
pub const MAX_CLASSES: usize = 1_000_000;
/// Most capacities of one knapsack; keeps a sum of prices inside 128 bits.
pub const MAX_CAPACITIES: usize = 1_000;
/// Largest sum over classes of the widest item, and of the largest absolute profit; keeps every product inside 128 bits.
pub const MAX_TOTAL: i64 = 1_000_000_000_000_000_000;
/// Profit units in one minor unit of money: a unit is a millionth of a fen.
pub const PROFIT_UNITS_PER_MINOR: i64 = 1_000_000;
/// Most facings one product may have.
pub const MAX_FACINGS: u32 = 1_000;
/// Most decimals of a space elasticity.
pub const MAX_ELASTICITY_DECIMALS: u32 = 9;
/// Longest width, height or depth, in millimetres.
pub const MAX_LENGTH_MM: u32 = 100_000;
/// Most units stacked above one another.
pub const MAX_STACK: u32 = 1_000;
/// Most units one facing holds.
pub const MAX_UNITS_PER_FACING: u32 = 1_000_000;
/// Most shelves of one fixture, all segments together.
pub const MAX_SHELVES: usize = 500;
/// Most products planned at once.
pub const MAX_PRODUCTS: usize = 2_000;
/// Most products of one assortment review.
pub const MAX_CANDIDATES: usize = 500;
/// Longest name of a product, brand or fixture, in characters.
pub const MAX_TEXT_CHARS: usize = 200;
/// Most decimals of a rounded share.
pub const MAX_SHARE_DIGITS: u32 = 12;
/// Most mean units demanded over one cover time.
pub const MAX_MEAN_DEMAND: u32 = 1_000_000;
/// Most weeks of an entry trial.
pub const MAX_TRIAL_WEEKS: u32 = 520;
