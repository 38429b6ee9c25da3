//! What can be wrong with a written contract; the writer is told all of it at once.

use core::fmt;

use endcap_calendar::Period;
use rust_decimal::Decimal;

/// 问题: one broken rule of a contract, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where, such as `clauses[R1].rule`.
    pub place: String,
    /// Which rule.
    pub rule: BrokenRule,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.rule)
    }
}

/// A rule that a written contract can break.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BrokenRule {
    /// More parts than allowed.
    #[error("{count} parts exceed the limit of {limit}")]
    TooMany {
        /// Parts given.
        count: usize,
        /// The limit.
        limit: usize,
    },
    /// A tier table without tiers.
    #[error("a tier table needs at least one tier")]
    NoTiers,
    /// A threshold below zero.
    #[error("threshold {threshold} is negative")]
    NegativeThreshold {
        /// The threshold.
        threshold: Decimal,
    },
    /// A threshold that is not above the one before it.
    #[error("threshold {threshold} is not above {previous}")]
    ThresholdNotIncreasing {
        /// The threshold.
        threshold: Decimal,
        /// The one before it.
        previous: Decimal,
    },
    /// A rate, an amount per unit or a flat amount below zero.
    #[error("a tier must not pay a negative amount")]
    NegativePay,
    /// Rates and amounts per unit in one table.
    #[error("one table pays rates or amounts per unit, not both")]
    MixedPay,
    /// A tier with neither or both of `rate` and `per_unit`.
    #[error("a tier needs exactly one of `rate` and `per_unit`")]
    TierPayUnclear,
    /// An id used twice.
    #[error("id {id:?} is used twice")]
    DuplicateId {
        /// The id.
        id: String,
    },
    /// A scope that names nothing.
    #[error("the scope names no category, brand or SKU; write \"all\" for everything")]
    EmptyScope,
    /// A selection that names nothing.
    #[error("no category, brand or SKU is named")]
    EmptySelection,
    /// A validity without a day in the contract.
    #[error("validity {valid} has no day in the contract {contract}")]
    OutsideContract {
        /// The validity.
        valid: Period,
        /// Validity of the contract.
        contract: Period,
    },
    /// A rate below zero or above the whole.
    #[error("rate {percent}% is outside 0% to {limit}%")]
    RateOutside {
        /// The rate in percent.
        percent: Decimal,
        /// Highest rate in percent.
        limit: u32,
    },
    /// An amount below zero where none is allowed.
    #[error("amount {amount} is negative")]
    NegativeAmount {
        /// The amount.
        amount: Decimal,
    },
    /// A floor above the cap.
    #[error("floor {floor} is above cap {cap}")]
    FloorAboveCap {
        /// The floor.
        floor: Decimal,
        /// The cap.
        cap: Decimal,
    },
    /// A quantity where an amount is needed, or the reverse.
    #[error("{rule} cannot be measured on {measure}")]
    MeasureMismatch {
        /// The rule.
        rule: &'static str,
        /// The measure.
        measure: &'static str,
    },
    /// Goods of the statement measured for part of the goods.
    #[error("`goods` are measured for the whole statement; use purchases or turnover with a narrower scope")]
    GoodsNeedWholeScope,
    /// Flat amounts with a method that does not define them.
    #[error("flat amounts need the method marginal or whole")]
    FlatNotDefined,
    /// Accumulation that starts outside the validity of the contract.
    #[error("accumulation since {since} starts outside the contract {contract}")]
    SinceOutside {
        /// The start.
        since: chrono::NaiveDate,
        /// Validity of the contract.
        contract: Period,
    },
    /// Service VAT used but not stated.
    #[error("service VAT is used, but `service_vat` is not stated")]
    NoServiceVat,
    /// A discount on the goods invoice taxed unlike the goods.
    #[error("what lowers the goods invoice carries the goods' VAT; tax must be \"goods\"")]
    InvoiceTaxNotGoods,
    /// Net amounts with tax rounded per group.
    #[error("amounts without tax need `tax_site = \"per_line\"`: each line posts its own gross")]
    NetNeedsLineTax,
    /// A base without tax asked for where amounts already are without tax, or a rule that cannot tell.
    #[error("amounts of the contract are without tax, so `base_tax` must be \"exclusive\"")]
    BaseTaxUnknown,
    /// A cumulative base without VAT over goods of several rates, on lines that do not keep the rates apart.
    #[error("a cumulative base without VAT over goods of several rates needs tax = \"goods\"")]
    NetCumulationNeedsGoodsTax,
    /// A stack that the contract does not have.
    #[error("stack {stack:?} is not in `stacks`")]
    UnknownStack {
        /// The stack.
        stack: String,
    },
    /// A rule that cannot stand in its stack.
    #[error("a {mode} stack takes only {takes}")]
    StackRule {
        /// The mode.
        mode: &'static str,
        /// What it takes.
        takes: &'static str,
    },
    /// A clause reduced by something that is not in its directed stack.
    #[error("reduced by {clause}, which is not another clause of the same directed stack")]
    ReducedByOutside {
        /// The clause named.
        clause: String,
    },
    /// Two clauses that would fund the same promotion money.
    #[error("promotion money of kind {kind} is already funded by clause {other}")]
    DoubleFunding {
        /// The kind.
        kind: &'static str,
        /// The other clause.
        other: String,
    },
    /// Two rates for the same target.
    #[error("{target} already has a rate")]
    DuplicateRate {
        /// The target.
        target: String,
    },
    /// A multiple of free goods of zero or less.
    #[error("free goods need a multiple above zero, not {multiple}")]
    FreeMultiple {
        /// The multiple.
        multiple: Decimal,
    },
    /// Free goods at an average that changes from period to period.
    #[error("free goods that accumulate need a price; an average belongs to one period")]
    AverageNeedsPeriod,
    /// A deferral that is not one of the payment alone.
    #[error(
        "base stock defers payment under credit terms: settle = \"payment_deduct\", tax = \"out_of_scope\", no stack, \
         floor or cap"
    )]
    BaseStockForm,
    /// Rates of both kinds.
    #[error("write `overrides` or `rates`, not both")]
    RatesTwice,
    /// Two rates for the same sale, and nothing tells which one wins.
    #[error("rate {other:?} can fit the same sales and is as specific; give one of them a lower `priority`")]
    RateOverlap {
        /// The other rate.
        other: String,
    },
    /// A range of discount depth that holds nothing.
    #[error("no discount depth lies between {from} and {to}")]
    EmptyDepth {
        /// Lower bound.
        from: endcap_types::Rate,
        /// Upper bound.
        to: endcap_types::Rate,
    },
    /// The till is read without saying how.
    #[error("{what} needs `till`: how the till is read")]
    NeedsTill {
        /// What needs it.
        what: &'static str,
    },
    /// Tenders on a tag price, which knows none.
    #[error("{what} needs a base of received money; a tag price is not paid by tender")]
    TenderOnTag {
        /// What needs received money.
        what: &'static str,
    },
    /// Discounts shared although the rate is on received money.
    #[error(
        "commission on {base} and a shared discount are two styles of contract; share discounts with base = \"gross_tag\""
    )]
    StylesMixed {
        /// The base.
        base: &'static str,
    },
    /// A rate on the tag price without saying who bears discounts.
    #[error("commission on the tag price needs `burdens`: who bears which discount")]
    TagWithoutBurdens,
    /// A guarantee that follows a peer counter month by month.
    #[error(
        "a guarantee that follows a peer counter is known when its cycle ends: use per_period or cycle_end"
    )]
    PeerNeedsCycleEnd,
    /// A guarantee paid at the start that is not one of commission.
    #[error("a guarantee paid at the start is measured on commission, at a rate of 100%, beside no rent")]
    StartNeedsCommission,
    /// A guarantee cycle that is not a calendar period of whole months.
    #[error("a guarantee cycle is a month, quarter, half year or year")]
    GuaranteeCycle,
    /// Overage bands together with rates that vary.
    #[error(
        "overage bands need one commission rate, a monthly guarantee on turnover per period, and no tiers"
    )]
    OverageNotAlone,
    /// A top-up taken of something other than the shortfall, on a measure that does not allow it.
    #[error("a top-up on the guarantee or the turnover needs the measure turnover with all sales counted")]
    TopUpBaseMeasure,
    /// A supplier share of shrink without an agreement.
    #[error("a supplier share of shrink needs `shrink_agreement`")]
    ShrinkWithoutAgreement,
    /// Two prices of one SKU from the same day.
    #[error("SKU {sku} has two prices from {from}")]
    DuplicatePrice {
        /// The SKU.
        sku: String,
        /// The day.
        from: chrono::NaiveDate,
    },
    /// Price at sale or at settlement without prices.
    #[error("price at sale or at settlement needs `prices`")]
    NoPrices,
    /// An amount that the currency cannot hold.
    #[error("{amount} has more decimals than {currency} has")]
    TooPrecise {
        /// The amount.
        amount: Decimal,
        /// The currency.
        currency: endcap_types::Currency,
    },
}
