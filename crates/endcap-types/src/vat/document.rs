//! The tax of a whole document, rounded where the contract says.

use std::collections::BTreeMap;

use super::{VatSplit, not_negative, split, tax_share};
use crate::{Currency, Money, Rate, Rounding, RoundingMode, TaxBasis, TypesError, Unrounded};

/// Where the tax of a document is rounded (税额舍入位置). Legal either way; the contract names one.
///
/// 10.05 three times at 13 %: 3.93 per line, 3.92 per rate group or document.
///
/// # Source
///
/// EU law leaves the rounding of VAT to the Member States (Court of Justice, C-484/06 *Koninklijke Ahold*, 2008); which
/// site applies is a contract term here, the default is a house rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum TaxSite {
    /// Each line is rounded, then summed.
    PerLine,
    /// Lines of one rate are summed, then rounded.
    #[default]
    PerRateGroup,
    /// The exact tax of the whole document is rounded once and shared among its rate groups by largest remainder.
    PerDocument,
}

/// The tax of one document: one split per rate, and their sum.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Parts"))]
pub struct DocumentTax {
    groups: BTreeMap<Rate, VatSplit>,
    total: VatSplit,
}

impl DocumentTax {
    /// The tax of a document as somebody else stated it.
    ///
    /// # Errors
    ///
    /// - [`TypesError::TaxTotalDiffers`] when the groups do not sum to the stated total.
    /// - [`TypesError::NegativeRate`], [`TypesError::CurrencyMismatch`], [`TypesError::AmountOutOfRange`].
    pub fn new(groups: BTreeMap<Rate, VatSplit>, stated: VatSplit) -> Result<Self, TypesError> {
        groups.keys().try_for_each(not_negative)?;
        let document = Self::of(groups, stated.net().currency())?;
        if document.total == stated {
            Ok(document)
        } else {
            let (stated, groups) = (Box::new(stated), Box::new(document.total));
            Err(TypesError::TaxTotalDiffers { stated, groups })
        }
    }

    fn of(groups: BTreeMap<Rate, VatSplit>, currency: Currency) -> Result<Self, TypesError> {
        let total =
            groups.values().try_fold(VatSplit::zero(currency), |total, group| total.checked_add(group))?;
        Ok(Self { groups, total })
    }

    /// One split per rate, lowest rate first.
    #[must_use]
    pub const fn groups(&self) -> &BTreeMap<Rate, VatSplit> {
        &self.groups
    }

    /// The sum of the groups.
    #[must_use]
    pub const fn total(&self) -> VatSplit {
        self.total
    }
}

/// Tax of a document (整单税额) of lines `(amount, rate)`, rounded at `site`.
///
/// The order of lines changes nothing, short of sums beyond the limit of [`Money`].
///
/// # Errors
///
/// - [`TypesError::CurrencyMismatch`] when a line is not in `currency`.
/// - [`TypesError::NegativeRate`], [`TypesError::AmountOutOfRange`].
/// - [`TypesError::ExactTooLarge`] when dozens of different rates of many decimals meet in one `PerDocument` sum.
///
/// # Examples
///
/// ```
/// use endcap_types::{vat, Currency, Money, Rounding, TaxBasis};
/// let line = (Money::parse("10.05", Currency::CNY)?, "13%".parse()?);
/// let rule = (TaxBasis::Exclusive, vat::TaxSite::PerLine);
/// let tax = vat::document(&[line, line, line], Currency::CNY, rule, &Rounding::HALF_AWAY)?;
/// assert_eq!(tax.total().tax().to_amount_string(), "3.93");
/// let rule = (TaxBasis::Exclusive, vat::TaxSite::PerRateGroup);
/// let tax = vat::document(&[line, line, line], Currency::CNY, rule, &Rounding::HALF_AWAY)?;
/// assert_eq!(tax.total().tax().to_amount_string(), "3.92");
/// # Ok::<(), endcap_types::TypesError>(())
/// ```
///
/// # Source
///
/// EN 16931-1 BG-23 (one tax breakdown per rate) for the default; the choice of site is a contract term.
pub fn document(
    lines: &[(Money, Rate)],
    currency: Currency,
    (basis, site): (TaxBasis, TaxSite),
    rounding: &Rounding,
) -> Result<DocumentTax, TypesError> {
    let zero = VatSplit::zero(currency);
    let mut groups: BTreeMap<Rate, VatSplit> = BTreeMap::new();
    let mut sums: BTreeMap<Rate, Money> = BTreeMap::new();
    for (amount, rate) in lines {
        match site {
            TaxSite::PerLine => {
                let line = split(amount, basis, rate, rounding)?;
                let group = groups.entry(*rate).or_insert(zero);
                *group = group.checked_add(&line)?;
            }
            TaxSite::PerRateGroup | TaxSite::PerDocument => {
                let sum = sums.entry(*rate).or_insert(Money::zero(currency));
                *sum = sum.checked_add(amount)?;
            }
        }
    }
    match site {
        TaxSite::PerLine => {}
        TaxSite::PerRateGroup => {
            for (rate, sum) in sums {
                groups.insert(rate, split(&sum, basis, &rate, rounding)?);
            }
        }
        TaxSite::PerDocument => groups = per_document(sums, currency, basis, rounding)?,
    }
    DocumentTax::of(groups, currency)
}

/// Rounds the exact tax of the document once and shares it among the rate groups.
///
/// Each group gets its exact tax truncated toward zero to the step. What the truncations drop, all groups together,
/// is S steps, |S| below the number of groups whose dropped part has the sign of S; the rounded total differs from the
/// truncated sum by S rounded to one of its two neighbours, so by no more steps than there are such groups. Those with
/// the largest dropped part in that direction take one step each, ties to the lowest rate. Hence the groups always sum
/// to the rounded total, each stays within one step of its exact tax, a group without a dropped part (rate zero, say)
/// is left alone, and the negated document gives the negated split wherever the mode itself is symmetric.
fn per_document(
    sums: BTreeMap<Rate, Money>,
    currency: Currency,
    basis: TaxBasis,
    rounding: &Rounding,
) -> Result<BTreeMap<Rate, VatSplit>, TypesError> {
    let toward_zero = Rounding::new(RoundingMode::Down).with_step_minor(rounding.step_minor());
    let mut exact_total = Unrounded::zero(currency);
    let mut shares = Vec::with_capacity(sums.len());
    for (rate, amount) in sums {
        let exact = amount.exact().times(&tax_share(basis, &rate)?)?;
        exact_total = exact_total.add(&exact)?;
        let truncated = exact.round(&toward_zero)?;
        let dropped = exact.sub(&truncated.exact())?;
        shares.push(Share { rate, amount, truncated, dropped });
    }
    let truncated = Money::sum(shares.iter().map(|share| share.truncated), currency)?;
    let left = exact_total.round(rounding)?.checked_sub(&truncated)?;
    let step = rounding.step_in(currency)?;
    let (mut left, step) = if left.is_negative() { (left.negated(), step.negated()) } else { (left, step) };
    shares.sort_by(|a, b| {
        let order = if step.is_negative() {
            a.dropped.value().cmp(b.dropped.value())
        } else {
            b.dropped.value().cmp(a.dropped.value())
        };
        order.then(a.rate.cmp(&b.rate))
    });
    let mut groups = BTreeMap::new();
    for share in shares {
        let tax = if left.is_positive() {
            left = left.checked_sub(&step.abs())?;
            share.truncated.checked_add(&step)?
        } else {
            share.truncated
        };
        groups.insert(share.rate, VatSplit::from_basis(share.amount, tax, basis)?);
    }
    Ok(groups)
}

/// One rate group on its way through [`per_document`].
struct Share {
    rate: Rate,
    amount: Money,
    truncated: Money,
    dropped: Unrounded,
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(rename = "DocumentTax", deny_unknown_fields)]
struct Parts {
    #[serde(deserialize_with = "groups_once")]
    groups: BTreeMap<Rate, VatSplit>,
    total: VatSplit,
}

/// Reads a map in which no rate may stand twice, not even as `6%` and `6.0%`; the plain reader would keep the last.
#[cfg(feature = "serde")]
fn groups_once<'de, D: serde::Deserializer<'de>>(reader: D) -> Result<BTreeMap<Rate, VatSplit>, D::Error> {
    struct Groups;

    impl<'de> serde::de::Visitor<'de> for Groups {
        type Value = BTreeMap<Rate, VatSplit>;

        fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
            f.write_str("a map from rate to tax split")
        }

        fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut groups = BTreeMap::new();
            while let Some((rate, split)) = map.next_entry::<Rate, VatSplit>()? {
                if groups.insert(rate, split).is_some() {
                    let twice = TypesError::DuplicateKey { key: rate.to_string() };
                    return Err(serde::de::Error::custom(twice));
                }
            }
            Ok(groups)
        }
    }

    reader.deserialize_map(Groups)
}

#[cfg(feature = "serde")]
impl TryFrom<Parts> for DocumentTax {
    type Error = TypesError;

    fn try_from(parts: Parts) -> Result<Self, TypesError> {
        Self::new(parts.groups, parts.total)
    }
}
