//! [`GoodsVat`]: goods of several VAT rates in one contract.

use endcap_types::{Rate, SkuId};

use crate::{Catalogue, ContractTerms, Selection, SettlementError};

/// 商品税率: the VAT rate of part of the goods; the most specific that names an SKU wins: SKU, then brand, then category.
///
/// A statement over goods of several rates posts
/// - one goods line for each document and rate, so that `net + tax = amount` holds at one rate on every line;
/// - for every deduction with the goods' VAT one line for each rate: the amount is rounded once as ever, then shared in
///   whole minor units in proportion to what the deduction measured at each rate (largest remainder, ties to the lowest
///   rate). What measures no money or units, such as a fixed fee or a rent, is shared in proportion to the goods of the
///   statement; without goods it carries `goods_vat`. A base below zero beside a larger one above zero takes no share.
///   Each line shows its part of the base; what was not measured by rate stands on the first line.
/// - `invoice_tax` by the tax site: line by line, once for each rate group, or once for the document.
///
/// Example: goods of 600.00 at 13 % and 400.00 at 9 %, commission 22 %: 220.00 is posted as 132.00 at 13 % and 88.00 at
/// 9 %; the invoice is 468.00 with 53.84 VAT and 312.00 with 25.76.
///
/// # Examples
/// ```
/// use endcap_settlement::{Catalogue, GoodsVat, Product, Selection};
/// # #[cfg(feature = "serde")] {
/// # use endcap_settlement::Contract;
/// use endcap_types::{CategoryId, SkuId};
/// let text = r#"
///     id = "C-1"
///     account = "WANYUE"
///     currency = "CNY"
///     valid = "2025"
///     payment_terms = "days(45)"
///     goods_vat = "13%"
///     goods_vat_by = [{ at = { categories = ["milk"], skus = ["EGG-10"] }, rate = "9%" }]
///     method = { credit_terms = {} }
/// "#;
/// # let text = text.replace("days(45)", "from(statement_confirmed);days(45)");
/// let contract: Contract = toml::from_str(&text).unwrap();
/// let milk = SkuId::new("MILK-1L").unwrap();
/// let products = [Product { sku: milk.clone(), category: Some(CategoryId::new("milk").unwrap()), brand: None }];
/// let catalogue = Catalogue::new(&products).unwrap();
/// assert_eq!(contract.goods_vat_of(&milk, &catalogue).unwrap().to_string(), "9%");
/// # }
/// ```
///
/// # Source
/// China VAT: 13 % on most goods, 9 % on agricultural goods and basic food, in one basket. Order of rates and sharing of
/// deductions are house rules.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct GoodsVat {
    /// The goods.
    pub at: Selection,
    /// Their VAT rate.
    pub rate: Rate,
}

/// The rate of an SKU: by SKU, by brand, by category, else the contract's.
pub(crate) fn rate_of(
    terms: &ContractTerms,
    sku: &SkuId,
    catalogue: &Catalogue<'_>,
) -> Result<Rate, SettlementError> {
    let rows = &terms.goods_vat_by;
    if let Some(row) = rows.iter().find(|row| row.at.skus.contains(sku)) {
        return Ok(row.rate);
    }
    if rows.iter().all(|row| row.at.brands.is_empty() && row.at.categories.is_empty()) {
        return Ok(terms.goods_vat);
    }
    let product = catalogue.product(sku)?;
    let brand = product.brand.as_ref();
    let category = product.category.as_ref();
    let by_brand = rows.iter().find(|row| brand.is_some_and(|brand| row.at.brands.contains(brand)));
    let by_category =
        || rows.iter().find(|row| category.is_some_and(|category| row.at.categories.contains(category)));
    Ok(by_brand.or_else(by_category).map_or(terms.goods_vat, |row| row.rate))
}
