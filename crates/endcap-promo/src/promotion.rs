//! One promotion: what it is, and everything that is wrong with its plan.

use core::fmt;
use std::collections::BTreeSet;

use endcap_calendar::Period;
use endcap_types::{ClauseId, Currency, PromotionId, Rate, SkuId, TaxBasis, Unit};
use rust_decimal::Decimal;

use crate::limits::{MAX_FUNDING_LINES, MAX_GROUP, MAX_SKUS};
use crate::{FundingBasis, FundingLine, Mechanic, PromoError};

/// A promotion as people write it (促销方案): not yet checked.
///
/// All amounts are major units of `currency`, per `unit`, with tax as `tax` says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct PromotionPlan {
    /// Its id.
    pub id: PromotionId,
    /// The days it runs, half-open.
    pub period: Period,
    /// The items on promotion.
    pub skus: Vec<SkuId>,
    /// Currency of every amount.
    pub currency: Currency,
    /// The unit sales and prices are counted in.
    pub unit: Unit,
    /// Whether the amounts contain value-added tax; one answer for the whole promotion.
    pub tax: TaxBasis,
    /// What the shopper gets.
    pub mechanic: Mechanic,
    /// What the supplier pays the retailer.
    #[cfg_attr(feature = "serde", serde(default))]
    pub funding: Vec<FundingLine>,
}

/// One thing wrong with a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// No item is on promotion.
    NoSkus,
    /// More items than the limit.
    TooManySkus {
        /// Items given.
        count: usize,
    },
    /// An item is listed twice.
    SkuTwice {
        /// The item.
        sku: SkuId,
    },
    /// A percentage off outside 0 % to 100 %.
    PercentOutOfRange {
        /// The rate.
        rate: Rate,
    },
    /// An amount of the mechanic is negative.
    NegativeMechanicAmount {
        /// The amount.
        amount: Decimal,
    },
    /// A group of the mechanic is empty or beyond the limit: no unit to buy, none free, an empty bundle.
    GroupOutOfRange {
        /// Which count.
        what: &'static str,
        /// The count.
        count: u32,
    },
    /// More funding lines than the limit.
    TooManyFundingLines {
        /// Lines given.
        count: usize,
    },
    /// Two funding lines share an id.
    FundingLineTwice {
        /// The id.
        line: ClauseId,
    },
    /// A rate or amount of a funding line is negative.
    NegativeFunding {
        /// The line.
        line: ClauseId,
        /// The value.
        value: Decimal,
    },
    /// The cap of a funding line is negative.
    NegativeCap {
        /// The line.
        line: ClauseId,
        /// The cap.
        cap: Decimal,
    },
    /// A cap on a lump sum that is below the lump: the document contradicts itself.
    CapBelowLump {
        /// The line.
        line: ClauseId,
        /// The cap.
        cap: Decimal,
        /// The lump.
        lump: Decimal,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSkus => f.write_str("no item is on promotion"),
            Self::TooManySkus { count } => write!(f, "{count} items, at most {MAX_SKUS} allowed"),
            Self::SkuTwice { sku } => write!(f, "item {sku} is listed twice"),
            Self::PercentOutOfRange { rate } => write!(f, "{rate} off is outside 0% to 100%"),
            Self::NegativeMechanicAmount { amount } => write!(f, "mechanic amount {amount} is negative"),
            Self::GroupOutOfRange { what, count } => {
                write!(f, "{what} is {count}, expected 1 to {MAX_GROUP}")
            }
            Self::TooManyFundingLines { count } => {
                write!(f, "{count} funding lines, at most {MAX_FUNDING_LINES} allowed")
            }
            Self::FundingLineTwice { line } => write!(f, "funding line {line} is given twice"),
            Self::NegativeFunding { line, value } => write!(f, "funding line {line} is negative: {value}"),
            Self::NegativeCap { line, cap } => write!(f, "cap of funding line {line} is negative: {cap}"),
            Self::CapBelowLump { line, cap, lump } => {
                write!(f, "funding line {line} promises {lump} and caps it at {cap}")
            }
        }
    }
}

impl PromotionPlan {
    /// Everything wrong with the plan, in the order of the document; empty when it is sound.
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_promo::{Mechanic, PromotionPlan};
    /// use endcap_types::{Currency, TaxBasis, Unit};
    /// let plan = PromotionPlan {
    ///     id: "618".parse()?, period: "2025-06-09..2025-06-23".parse()?, skus: vec![],
    ///     currency: Currency::CNY, unit: Unit::Piece, tax: TaxBasis::Inclusive,
    ///     mechanic: Mechanic::BuyGet { buy: 0, free: 1 }, funding: vec![],
    /// };
    /// assert_eq!(plan.validate().len(), 2); // no item, and nothing to buy
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn validate(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.skus.is_empty() {
            problems.push(Problem::NoSkus);
        }
        if self.skus.len() > MAX_SKUS {
            problems.push(Problem::TooManySkus { count: self.skus.len() });
        }
        let mut seen = BTreeSet::new();
        problems.extend(
            self.skus
                .iter()
                .filter(|sku| !seen.insert(*sku))
                .map(|sku| Problem::SkuTwice { sku: sku.clone() }),
        );
        self.check_mechanic(&mut problems);
        if self.funding.len() > MAX_FUNDING_LINES {
            problems.push(Problem::TooManyFundingLines { count: self.funding.len() });
        }
        let mut seen = BTreeSet::new();
        for line in &self.funding {
            if !seen.insert(&line.id) {
                problems.push(Problem::FundingLineTwice { line: line.id.clone() });
            }
            check_line(line, &mut problems);
        }
        problems
    }

    fn check_mechanic(&self, problems: &mut Vec<Problem>) {
        let mut amount = |amount: Decimal| {
            if amount < Decimal::ZERO {
                problems.push(Problem::NegativeMechanicAmount { amount });
            }
        };
        match &self.mechanic {
            Mechanic::PercentOff { rate } => {
                if rate.is_negative() || *rate > Rate::ONE {
                    problems.push(Problem::PercentOutOfRange { rate: *rate });
                }
            }
            Mechanic::AmountOff { amount: off } => amount(*off),
            Mechanic::FixedPrice { price } => amount(*price),
            Mechanic::BuyGet { buy, free } => {
                group("the number to buy", *buy, problems);
                group("the number free", *free, problems);
            }
            Mechanic::Bundle { units, price } => {
                amount(*price);
                group("the number in the bundle", *units, problems);
            }
            Mechanic::SupportOnly => {}
        }
    }
}

fn group(what: &'static str, count: u32, problems: &mut Vec<Problem>) {
    if count == 0 || count > MAX_GROUP {
        problems.push(Problem::GroupOutOfRange { what, count });
    }
}

fn check_line(line: &FundingLine, problems: &mut Vec<Problem>) {
    let value = line.basis.written();
    if value < Decimal::ZERO {
        problems.push(Problem::NegativeFunding { line: line.id.clone(), value });
    }
    let Some(cap) = line.cap else { return };
    if cap < Decimal::ZERO {
        problems.push(Problem::NegativeCap { line: line.id.clone(), cap });
    } else if let FundingBasis::LumpSum { amount } = &line.basis
        && cap < *amount
    {
        problems.push(Problem::CapBelowLump { line: line.id.clone(), cap, lump: *amount });
    }
}

/// A checked promotion (促销活动): period, items, mechanic, funding lines.
///
/// # Examples
///
/// ```
/// use endcap_promo::{FundingBasis, FundingLine, FundingPurpose, Mechanic, Promotion, PromotionPlan};
/// use endcap_types::{Currency, TaxBasis, Unit};
/// let promotion = Promotion::new(PromotionPlan {
///     id: "618".parse()?, period: "2025-06-09..2025-06-23".parse()?, skus: vec!["SHAMPOO-400".parse()?],
///     currency: Currency::CNY, unit: Unit::Piece, tax: TaxBasis::Inclusive,
///     mechanic: Mechanic::PercentOff { rate: "20%".parse()? },
///     funding: vec![FundingLine {
///         id: "C-07".parse()?, purpose: FundingPurpose::PriceSupport,
///         basis: FundingBasis::ScanBack { per_unit: "1.00".parse()? }, cap: None,
///     }],
/// })?;
/// assert_eq!(promotion.id().as_str(), "618");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// House rule: mechanic and funding are separate, because the shopper's gain and the payer's cost are different questions.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "PromotionPlan", into = "PromotionPlan"))]
pub struct Promotion(PromotionPlan);

impl Promotion {
    /// Checks a plan.
    ///
    /// # Errors
    ///
    /// - [`PromoError::InvalidPromotion`] with all problems at once.
    pub fn new(plan: PromotionPlan) -> Result<Self, PromoError> {
        let problems = plan.validate();
        if problems.is_empty() {
            Ok(Self(plan))
        } else {
            Err(PromoError::InvalidPromotion { id: plan.id.to_string(), problems })
        }
    }

    /// The plan it was checked from.
    #[must_use]
    pub const fn plan(&self) -> &PromotionPlan {
        &self.0
    }

    /// Its id.
    #[must_use]
    pub const fn id(&self) -> &PromotionId {
        &self.0.id
    }

    /// The days it runs, half-open.
    #[must_use]
    pub const fn period(&self) -> Period {
        self.0.period
    }

    /// The items on promotion, in the order of the plan.
    #[must_use]
    pub fn skus(&self) -> &[SkuId] {
        &self.0.skus
    }

    /// What the shopper gets.
    #[must_use]
    pub const fn mechanic(&self) -> &Mechanic {
        &self.0.mechanic
    }

    /// What the supplier pays the retailer, in the order of the plan.
    #[must_use]
    pub fn funding(&self) -> &[FundingLine] {
        &self.0.funding
    }

    /// Currency of every amount.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.0.currency
    }
}

impl TryFrom<PromotionPlan> for Promotion {
    type Error = PromoError;

    fn try_from(plan: PromotionPlan) -> Result<Self, PromoError> {
        Self::new(plan)
    }
}

impl From<Promotion> for PromotionPlan {
    fn from(promotion: Promotion) -> Self {
        promotion.0
    }
}
