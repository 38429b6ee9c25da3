//! What can be wrong with a shelf question, named after the rule it breaks.

use endcap_types::{SkuId, TypesError};
use rust_decimal::Decimal;

use crate::OffNotch;

/// Why a question was refused. Each variant carries the offending value and the limit it broke.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ShelfError {
    /// A class of the knapsack has no item to choose.
    #[error("class {class} has no items")]
    EmptyClass {
        /// Index of the class.
        class: usize,
    },
    /// Too many classes.
    #[error("{count} classes, at most {limit}")]
    TooManyClasses {
        /// Classes given.
        count: usize,
        /// The limit.
        limit: usize,
    },
    /// An item takes a negative width.
    #[error("class {class} has an item of negative width {width}")]
    NegativeWidth {
        /// Index of the class.
        class: usize,
        /// The width.
        width: i64,
    },
    /// The capacity is negative.
    #[error("negative capacity {capacity}")]
    NegativeCapacity {
        /// The capacity.
        capacity: i64,
    },
    /// The widths or the profits add up to more than exact 128-bit bounds allow.
    #[error("widths add up to {width} and profits to {profit}, at most {limit} each")]
    TotalTooLarge {
        /// Σ of the widest item of each class.
        width: i64,
        /// Σ of the largest absolute profit of each class.
        profit: i64,
        /// The limit.
        limit: i64,
    },
    /// Too many capacities.
    #[error("{count} capacities, at most {limit}")]
    TooManyCapacities {
        /// Capacities given.
        count: usize,
        /// The limit.
        limit: usize,
    },
    /// An item does not say what it takes of every capacity.
    #[error("class {class} has an item with {uses} uses for {capacities} capacities")]
    UsesMismatch {
        /// Index of the class.
        class: usize,
        /// Uses given.
        uses: usize,
        /// Capacities there are.
        capacities: usize,
    },
    /// No selection keeps every capacity.
    #[error("no selection keeps every capacity")]
    NothingFits,
    /// The budget ran out before a selection that keeps every capacity was found; there may be one.
    #[error("no selection found within {nodes} nodes")]
    NothingFound {
        /// Nodes looked at.
        nodes: u64,
    },
    /// The budget ran out before a selection better than the one known was found.
    #[error("nothing better found; nothing earns more than {upper}")]
    NothingBetter {
        /// What no selection exceeds.
        upper: i64,
    },
    /// A share of the shelf outside 0 % to 100 %, or a least above the most.
    #[error("share of {name} from {least}% to {most}% out of range: in order, from 0% to 100%")]
    ShareOutOfRange {
        /// The rule.
        name: String,
        /// Percent it must have.
        least: Decimal,
        /// Percent it may not exceed.
        most: Decimal,
    },
    /// No plan keeps all the shares asked for.
    #[error("no plan keeps the shares of: {}", .names.join(", "))]
    SharesOutOfReach {
        /// The rules.
        names: Vec<String>,
    },
    /// Shares on a plan with too many choices.
    #[error("{uses} uses of shelves and shares by choices, at most {limit} where shares are asked for")]
    TooManyChoices {
        /// Choices × capacities.
        uses: usize,
        /// The limit.
        limit: usize,
    },
    /// Even the least that must be shown does not fit.
    #[error("the width is {width}, the least that must be shown takes {minimum}")]
    TooNarrow {
        /// Width there is.
        width: i64,
        /// Width needed.
        minimum: i64,
    },
    /// Boards that lie between two notches, all of them at once.
    #[error("no notch holds: {}", off(.boards))]
    OffNotch {
        /// The boards.
        boards: Vec<OffNotch>,
    },
    /// A product that may be turned in no way, or twice in one.
    #[error("{count} ways to turn a product, {different} of them different: expected one or more, each once")]
    OrientationsRefused {
        /// Ways given.
        count: usize,
        /// Different ones among them.
        different: usize,
    },
    /// Products that must be shown need more facings than they may have, all of them at once.
    #[error("no allowed number of facings reaches the supply required: {}", list(.products))]
    FacingsOutOfReach {
        /// Each product, the facings it needs and the facings it may have.
        products: Vec<OutOfReach>,
    },
    /// Products that must be shown fit on no shelf, all of them at once.
    #[error("no shelf is high, deep and wide enough for: {}", names(.skus))]
    FitsNowhere {
        /// The products.
        skus: Vec<SkuId>,
    },
    /// Each product fits, but no way was found to put all that must be shown on the shelves together.
    #[error("no placement found for: {}", names(.skus))]
    NoPlacementFound {
        /// The products left over.
        skus: Vec<SkuId>,
    },
    /// A space elasticity outside 0 to 1, or with too many decimals.
    #[error("space elasticity {value} out of range: 0 to 1 with at most {decimals} decimals")]
    ElasticityOutOfRange {
        /// What was given.
        value: Decimal,
        /// Decimals allowed.
        decimals: u32,
    },
    /// The profit of a product is beyond what a profit unit can count.
    #[error("profit of {sku} at {facings} facings out of range")]
    ProfitOutOfRange {
        /// The product.
        sku: SkuId,
        /// Facings at which it leaves the range.
        facings: u32,
    },
    /// A demand beyond what its distribution is summed over, or a value beyond what a decimal holds.
    #[error("{what} {value} out of range: a mean of at most {limit}, and profits inside a decimal")]
    DemandOutOfRange {
        /// Which value.
        what: &'static str,
        /// What was given.
        value: Decimal,
        /// The limit.
        limit: u32,
    },
    /// The caller's profit curve does not reach the most facings allowed.
    #[error("profit curve of {sku} has {points} points, {needed} needed for 0 to {facings} facings")]
    CurveTooShort {
        /// The product.
        sku: SkuId,
        /// Points given.
        points: usize,
        /// Points needed.
        needed: usize,
        /// The most facings allowed.
        facings: u32,
    },
    /// A number of facings is out of range, or the least is above the most.
    #[error("facings {least} to {most} out of range: at least one at most, in order, up to {limit}")]
    FacingsOutOfRange {
        /// The least.
        least: u32,
        /// The most.
        most: u32,
        /// The limit.
        limit: u32,
    },
    /// A length is zero or too long.
    #[error("{what} out of range: {millimetres} mm, expected 1 to {limit} mm")]
    LengthOutOfRange {
        /// Which length of what.
        what: &'static str,
        /// The length in millimetres.
        millimetres: u32,
        /// The limit.
        limit: u32,
    },
    /// A count is zero or too large.
    #[error("{what} out of range: {count}, expected 1 to {limit}")]
    CountOutOfRange {
        /// What is counted.
        what: &'static str,
        /// The count.
        count: u32,
        /// The limit.
        limit: u32,
    },
    /// A quantity that must not be negative is.
    #[error("{what} must not be negative: {value}")]
    NegativeValue {
        /// Which quantity.
        what: &'static str,
        /// What was given.
        value: Decimal,
    },
    /// A name is empty, too long or holds a control character.
    #[error("{what} {text:?} refused: 1 to {limit} characters without control characters")]
    InvalidText {
        /// Which name.
        what: &'static str,
        /// Its first characters.
        text: String,
        /// The limit.
        limit: usize,
    },
    /// A fixture without shelves, or with too many.
    #[error("{count} shelves, expected 1 to {limit}")]
    ShelfCountOutOfRange {
        /// Shelves given.
        count: usize,
        /// The limit.
        limit: usize,
    },
    /// Too many products.
    #[error("{count} products, at most {limit}")]
    TooManyProducts {
        /// Products given.
        count: usize,
        /// The limit.
        limit: usize,
    },
    /// A product is given twice.
    #[error("product {sku} is given twice")]
    DuplicateProduct {
        /// The product.
        sku: SkuId,
    },
    /// A share of demand that turns to other products outside 0 to 1.
    #[error("transfer share {value} out of range: 0 to 1")]
    TransferOutOfRange {
        /// What was given.
        value: Decimal,
    },
    /// More products must stay than there are places.
    #[error("{count} products must stay, {places} places")]
    TooManyProtected {
        /// Products that must stay.
        count: usize,
        /// Places there are.
        places: usize,
    },
    /// Nothing was measured: shares of nothing are not defined.
    #[error("all measures are zero: there is nothing to share")]
    NothingMeasured,
    /// A brand is given twice.
    #[error("{key:?} is given twice")]
    DuplicateKey {
        /// The key.
        key: String,
    },
    /// Too many decimals asked of a rounded share.
    #[error("{digits} decimals asked, at most {limit}")]
    TooManyDigits {
        /// Decimals asked.
        digits: u32,
        /// The limit.
        limit: u32,
    },
    /// The weeks of a trial are none, out of order or too many.
    #[error("trial of {least} to {most} weeks out of range: at least one, in order, up to {limit}")]
    TrialWeeksOutOfRange {
        /// Weeks that must count.
        least: u32,
        /// Weeks that may count, or the ramp-up where that is longer.
        most: u32,
        /// The limit.
        limit: u32,
    },
    /// A target of a trial ends it above where it is met.
    #[error("a target met from {keep_from} cannot be missed below {delist_below}")]
    TrialTargetsOutOfOrder {
        /// Met from here on.
        keep_from: Decimal,
        /// Missed below this.
        delist_below: Decimal,
    },
    /// A value of the types below was refused.
    #[error(transparent)]
    Types(#[from] TypesError),
}

/// A product whose supply rule asks for more facings than it may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutOfReach {
    /// The product.
    pub sku: SkuId,
    /// Facings its days of supply or its case would need.
    pub needed: u64,
    /// Facings it may have.
    pub allowed: u32,
}

fn off(boards: &[OffNotch]) -> String {
    let each = boards.iter().map(|board| {
        let (segment, shelf) = (board.segment.saturating_add(1), board.shelf.saturating_add(1));
        format!("shelf {shelf} of segment {segment} at {} mm", board.board_top_mm)
    });
    each.collect::<Vec<_>>().join(", ")
}

fn list(products: &[OutOfReach]) -> String {
    let each = products.iter().map(|p| format!("{} needs {} of at most {}", p.sku, p.needed, p.allowed));
    each.collect::<Vec<_>>().join(", ")
}

fn names(skus: &[SkuId]) -> String {
    skus.iter().map(SkuId::as_str).collect::<Vec<_>>().join(", ")
}
