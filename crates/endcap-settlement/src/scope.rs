//! [`Scope`]: which goods a contract, a clause or a rate is about.

use std::collections::{BTreeMap, BTreeSet};

use endcap_types::{CategoryId, SkuId};

use crate::{Product, SettlementError};

/// 选择: categories, brands and SKUs by name; a good is selected when any list names it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
pub struct Selection {
    /// Categories (品类).
    pub categories: BTreeSet<CategoryId>,
    /// Brands (品牌), as the products write them.
    pub brands: BTreeSet<String>,
    /// SKUs (单品).
    pub skus: BTreeSet<SkuId>,
}

impl Selection {
    /// Whether nothing is named.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.categories.is_empty() && self.brands.is_empty() && self.skus.is_empty()
    }

    /// Whether a good is selected; its record is asked for only when a category or brand is named.
    fn selects<'p>(
        &self,
        sku: &SkuId,
        product: impl FnOnce() -> Result<&'p Product, SettlementError>,
    ) -> Result<bool, SettlementError> {
        if self.skus.contains(sku) {
            return Ok(true);
        }
        if self.categories.is_empty() && self.brands.is_empty() {
            return Ok(false);
        }
        Ok(self.names_class_of(product()?))
    }

    /// Whether it names the category or the brand of a product.
    pub(crate) fn names_class_of(&self, product: &Product) -> bool {
        product.category.as_ref().is_some_and(|category| self.categories.contains(category))
            || product.brand.as_ref().is_some_and(|brand| self.brands.contains(brand))
    }
}

/// 范围: the goods meant. A mixed account holds two contracts, one with `only` and one with `except` the same selection.
///
/// # Examples
/// ```
/// use endcap_settlement::{Catalogue, Product, Scope, Selection};
/// use endcap_types::{CategoryId, SkuId};
/// let milk = Product { sku: SkuId::new("MILK-1L")?, category: Some(CategoryId::new("dairy")?), brand: None };
/// let products = [milk];
/// let catalogue = Catalogue::new(&products)?;
/// let dairy = Selection { categories: [CategoryId::new("dairy")?].into(), ..Selection::default() };
/// let sku = SkuId::new("MILK-1L")?;
/// assert!(Scope::Only(dairy.clone()).covers(&sku, &catalogue)?);
/// assert!(!Scope::Except(dairy).covers(&sku, &catalogue)?);
/// # Ok::<(), endcap_settlement::SettlementError>(())
/// ```
///
/// # Source
/// House rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Scope {
    /// Everything.
    #[default]
    All,
    /// What the selection names.
    Only(Selection),
    /// Everything but what the selection names.
    Except(Selection),
}

impl Scope {
    /// Whether `sku` is meant.
    ///
    /// # Errors
    /// - [`SettlementError::UnknownProduct`] when a category or brand is asked for and the SKU has no product record.
    pub fn covers(&self, sku: &SkuId, catalogue: &Catalogue<'_>) -> Result<bool, SettlementError> {
        self.asks(sku, || catalogue.product(sku))
    }

    fn asks<'p>(
        &self,
        sku: &SkuId,
        product: impl FnOnce() -> Result<&'p Product, SettlementError>,
    ) -> Result<bool, SettlementError> {
        match self {
            Self::All => Ok(true),
            Self::Only(selection) => selection.selects(sku, product),
            Self::Except(selection) => selection.selects(sku, product).map(|selected| !selected),
        }
    }

    /// The first SKU of the catalogue that both scopes mean; none when the scopes are disjoint on it.
    ///
    /// # Errors
    /// - [`SettlementError::UnknownProduct`] as [`Scope::covers`].
    pub fn first_overlap<'a>(
        &self,
        other: &Self,
        catalogue: &Catalogue<'a>,
    ) -> Result<Option<&'a SkuId>, SettlementError> {
        for sku in catalogue.skus() {
            if self.covers(sku, catalogue)? && other.covers(sku, catalogue)? {
                return Ok(Some(sku));
            }
        }
        Ok(None)
    }

    pub(crate) fn is_empty_selection(&self) -> bool {
        match self {
            Self::All => false,
            Self::Only(selection) | Self::Except(selection) => selection.is_empty(),
        }
    }
}

/// 商品档案: product records by SKU.
#[derive(Debug, Clone, Default)]
pub struct Catalogue<'a> {
    by_sku: BTreeMap<&'a SkuId, &'a Product>,
}

impl<'a> Catalogue<'a> {
    /// The records by SKU; equal records may repeat.
    ///
    /// # Errors
    /// - [`SettlementError::ProductConflict`] when one SKU has two different records.
    pub fn new(products: &'a [Product]) -> Result<Self, SettlementError> {
        let mut by_sku: BTreeMap<&SkuId, &Product> = BTreeMap::new();
        // Of several, the first by SKU, whatever the order of the list.
        let mut conflict: Option<&SkuId> = None;
        for product in products {
            if let Some(known) = by_sku.insert(&product.sku, product)
                && known != product
                && conflict.is_none_or(|first| product.sku < *first)
            {
                conflict = Some(&product.sku);
            }
        }
        match conflict {
            Some(sku) => Err(SettlementError::ProductConflict { sku: sku.clone() }),
            None => Ok(Self { by_sku }),
        }
    }

    /// The record of `sku`.
    ///
    /// # Errors
    /// - [`SettlementError::UnknownProduct`] when there is none.
    pub fn product(&self, sku: &SkuId) -> Result<&'a Product, SettlementError> {
        self.by_sku.get(sku).copied().ok_or_else(|| SettlementError::UnknownProduct { sku: sku.clone() })
    }

    /// The SKUs with a record, in order.
    pub fn skus(&self) -> impl Iterator<Item = &'a SkuId> + '_ {
        self.by_sku.keys().copied()
    }
}
