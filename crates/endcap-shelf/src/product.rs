//! Products as the shelf sees them: a box, what it sells and how many facings it may have.

use std::collections::BTreeSet;

use endcap_types::{CategoryId, SkuId};
use rust_decimal::Decimal;

use crate::facings::not_negative;
use crate::limits::{MAX_LENGTH_MM, MAX_STACK, MAX_TEXT_CHARS};
use crate::{FacingRule, Hanging, Orientation, ProfitCurve, ShelfError, SpaceElasticity};

/// Outer dimensions of one unit as it stands on the shelf, in millimetres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct SizeMm {
    /// Left to right.
    pub width: u32,
    /// Bottom to top.
    pub height: u32,
    /// Front to back.
    pub depth: u32,
}

/// Everything a planner asks about a product; plain data, checked by [`Product::new`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct ProductSpec {
    /// The product.
    pub sku: SkuId,
    /// Name on the label.
    pub name: String,
    /// Brand: the colour of the block.
    pub brand: String,
    /// Category: blocks never mix categories.
    pub category: CategoryId,
    /// Outer dimensions.
    pub size: SizeMm,
    /// Units sold a week with one facing on a shelf of appeal 1.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub weekly_units: Decimal,
    /// Margin of one unit in major units of the plan's currency.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub unit_margin: Decimal,
    /// How profit grows with facings.
    pub curve: ProfitCurve,
    /// How many facings it may have.
    pub rule: FacingRule,
    /// Most units stacked on one another; 1 for bottles.
    pub max_stack: u32,
    /// Whether it stands or hangs.
    #[cfg_attr(feature = "serde", serde(default))]
    pub hanging: Hanging,
    /// The ways it may be turned, the best first; at least one.
    #[cfg_attr(feature = "serde", serde(default = "upright"))]
    pub orientations: Vec<Orientation>,
}

/// A product that can be planned (商品): a [`ProductSpec`] that keeps the rules.
///
/// # Examples
///
/// ```
/// use endcap_shelf::{Product, ProductSpec, SizeMm};
/// use endcap_types::{CategoryId, SkuId};
/// let cola = ProductSpec {
///     weekly_units: 90.into(),
///     unit_margin: "0.80".parse()?,
///     ..ProductSpec::new(
///         SkuId::new("6901")?, "可乐 500ml", "红罐", CategoryId::new("饮料")?,
///         SizeMm { width: 65, height: 230, depth: 65 })
/// };
/// assert_eq!(Product::new(cola)?.spec().rule.most(), 6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "ProductSpec", into = "ProductSpec"))]
pub struct Product(ProductSpec);

impl ProductSpec {
    /// A product that sells nothing yet: 1–6 facings, may be delisted, typical elasticity, standing upright, not stacked.
    #[must_use]
    pub fn new(
        sku: SkuId,
        name: impl Into<String>,
        brand: impl Into<String>,
        category: CategoryId,
        size: SizeMm,
    ) -> Self {
        Self {
            sku,
            name: name.into(),
            brand: brand.into(),
            category,
            size,
            weekly_units: Decimal::ZERO,
            unit_margin: Decimal::ZERO,
            curve: ProfitCurve::SpaceElastic(SpaceElasticity::TYPICAL),
            rule: FacingRule::default(),
            max_stack: 1,
            hanging: Hanging::Never,
            orientations: upright(),
        }
    }
}

impl Product {
    /// Checks a product.
    ///
    /// # Errors
    ///
    /// - [`ShelfError::InvalidText`] for its name or brand.
    /// - [`ShelfError::LengthOutOfRange`] for its size, [`ShelfError::CountOutOfRange`] for a stack of none or above 1,000.
    /// - [`ShelfError::NegativeValue`] for weekly units below zero, [`ShelfError::OrientationsRefused`] for no way to turn it or
    ///   one given twice.
    pub fn new(spec: ProductSpec) -> Result<Self, ShelfError> {
        check_text("product name", &spec.name)?;
        check_text("brand", &spec.brand)?;
        check_length("product width", spec.size.width)?;
        check_length("product height", spec.size.height)?;
        check_length("product depth", spec.size.depth)?;
        check_count("stack", spec.max_stack, MAX_STACK)?;
        not_negative("weekly units", spec.weekly_units)?;
        let different = spec.orientations.iter().collect::<BTreeSet<_>>().len();
        let count = spec.orientations.len();
        if count == 0 || different < count {
            return Err(ShelfError::OrientationsRefused { count, different });
        }
        Ok(Self(spec))
    }

    /// What it is.
    #[must_use]
    pub const fn spec(&self) -> &ProductSpec {
        &self.0
    }

    /// Its id.
    #[must_use]
    pub const fn sku(&self) -> &SkuId {
        &self.0.sku
    }
}

fn upright() -> Vec<Orientation> {
    vec![Orientation::Front]
}

impl TryFrom<ProductSpec> for Product {
    type Error = ShelfError;

    fn try_from(spec: ProductSpec) -> Result<Self, ShelfError> {
        Self::new(spec)
    }
}

impl From<Product> for ProductSpec {
    fn from(product: Product) -> Self {
        product.0
    }
}

pub(crate) fn check_length(what: &'static str, millimetres: u32) -> Result<(), ShelfError> {
    if millimetres == 0 || millimetres > MAX_LENGTH_MM {
        return Err(ShelfError::LengthOutOfRange { what, millimetres, limit: MAX_LENGTH_MM });
    }
    Ok(())
}

pub(crate) fn check_count(what: &'static str, count: u32, limit: u32) -> Result<(), ShelfError> {
    if count == 0 || count > limit {
        return Err(ShelfError::CountOutOfRange { what, count, limit });
    }
    Ok(())
}

pub(crate) fn check_text(what: &'static str, text: &str) -> Result<(), ShelfError> {
    let fits =
        !text.is_empty() && text.chars().count() <= MAX_TEXT_CHARS && !text.chars().any(char::is_control);
    if fits {
        return Ok(());
    }
    Err(ShelfError::InvalidText { what, text: text.chars().take(20).collect(), limit: MAX_TEXT_CHARS })
}
