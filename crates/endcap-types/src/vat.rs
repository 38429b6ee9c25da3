//! Value-added tax: net + tax = gross, always.

use std::collections::BTreeMap;

use crate::{Currency, Exact, Money, Rate, Rounding, TaxBasis, TypesError};

/// An amount split into net, tax and gross (价税分离), with `net + tax = gross` by construction.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct VatSplit {
    net: Money,
    tax: Money,
    gross: Money,
}

impl VatSplit {
    fn from_net_and_tax(net: Money, tax: Money) -> Result<Self, TypesError> {
        Ok(Self { net, tax, gross: net.checked_add(&tax)? })
    }

    fn from_gross_and_tax(gross: Money, tax: Money) -> Result<Self, TypesError> {
        Ok(Self { net: gross.checked_sub(&tax)?, tax, gross })
    }

    /// The amount without tax (未税金额).
    #[must_use]
    pub const fn net(&self) -> Money {
        self.net
    }

    /// The tax (税额).
    #[must_use]
    pub const fn tax(&self) -> Money {
        self.tax
    }

    /// The amount with tax (含税金额).
    #[must_use]
    pub const fn gross(&self) -> Money {
        self.gross
    }

    /// The sum of two splits of one currency.
    ///
    /// # Errors
    ///
    /// - [`TypesError::CurrencyMismatch`], [`TypesError::AmountOutOfRange`].
    pub fn checked_add(&self, other: &Self) -> Result<Self, TypesError> {
        Self::from_net_and_tax(self.net.checked_add(&other.net)?, self.tax.checked_add(&other.tax)?)
    }
}

fn not_negative(rate: &Rate) -> Result<(), TypesError> {
    if rate.is_negative() { Err(TypesError::NegativeRate { percent: rate.as_percent() }) } else { Ok(()) }
}

/// Tax inside a gross amount: `tax = round(gross × rate / (100 % + rate))`, `net = gross − tax`.
///
/// # Errors
///
/// - [`TypesError::NegativeRate`].
///
/// # Examples
///
/// ```
/// use endcap_types::{vat, Currency, Money, Rounding};
/// let split = vat::split_inclusive(&Money::parse("758.00", Currency::EUR)?, &"21%".parse()?, &Rounding::HALF_AWAY)?;
/// assert_eq!(split.net().to_amount_string(), "626.45");
/// assert_eq!(split.tax().to_amount_string(), "131.55");
/// # Ok::<(), endcap_types::TypesError>(())
/// ```
///
/// # Source
///
/// Council Directive 2006/112/EC art. 73–79 for the taxable amount; the single rounding is a house rule.
pub fn split_inclusive(gross: &Money, rate: &Rate, rounding: &Rounding) -> Result<VatSplit, TypesError> {
    not_negative(rate)?;
    let share = rate.to_exact().div(&Exact::ONE.add(&rate.to_exact())?)?;
    VatSplit::from_gross_and_tax(*gross, gross.exact().times(&share)?.round(rounding)?)
}

/// Tax on top of a net amount: `tax = round(net × rate)`, `gross = net + tax`.
///
/// # Errors
///
/// - [`TypesError::NegativeRate`], [`TypesError::AmountOutOfRange`].
///
/// # Examples
///
/// ```
/// use endcap_types::{vat, Currency, Money, Rounding};
/// let split = vat::add_exclusive(&Money::parse("10.05", Currency::CNY)?, &"13%".parse()?, &Rounding::HALF_AWAY)?;
/// assert_eq!(split.gross().to_amount_string(), "11.36");
/// # Ok::<(), endcap_types::TypesError>(())
/// ```
///
/// # Source
///
/// As [`split_inclusive`].
pub fn add_exclusive(net: &Money, rate: &Rate, rounding: &Rounding) -> Result<VatSplit, TypesError> {
    not_negative(rate)?;
    VatSplit::from_net_and_tax(*net, net.exact().times_rate(rate)?.round(rounding)?)
}

/// The split of `amount`, which is gross or net as `basis` says.
///
/// # Errors
///
/// - Those of [`split_inclusive`] and [`add_exclusive`].
///
/// # Source
///
/// As [`split_inclusive`].
pub fn split(
    amount: &Money,
    basis: TaxBasis,
    rate: &Rate,
    rounding: &Rounding,
) -> Result<VatSplit, TypesError> {
    match basis {
        TaxBasis::Inclusive => split_inclusive(amount, rate, rounding),
        TaxBasis::Exclusive => add_exclusive(amount, rate, rounding),
    }
}

/// Where the tax of a document is rounded (税额舍入位置). Legal either way; the contract names one.
///
/// 10.05 three times at 13 %: 3.93 per line, 3.92 per rate group or document.
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
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct DocumentTax {
    groups: BTreeMap<Rate, VatSplit>,
    total: VatSplit,
}

impl DocumentTax {
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

/// Tax of a document of lines `(amount, rate)`, rounded at `site`. The order of lines changes nothing.
///
/// # Errors
///
/// - [`TypesError::CurrencyMismatch`] when a line is not in `currency`.
/// - [`TypesError::NegativeRate`], [`TypesError::AmountOutOfRange`].
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
    let zero = VatSplit::from_net_and_tax(Money::zero(currency), Money::zero(currency))?;
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
    let total = groups.values().try_fold(zero, |total, group| total.checked_add(group))?;
    Ok(DocumentTax { groups, total })
}

/// Rounds the exact tax of the document once; groups get their floor and the largest remainders one step more.
fn per_document(
    sums: BTreeMap<Rate, Money>,
    currency: Currency,
    basis: TaxBasis,
    rounding: &Rounding,
) -> Result<BTreeMap<Rate, VatSplit>, TypesError> {
    let floor = Rounding::new(crate::RoundingMode::Floor).with_step_minor(rounding.step_minor());
    let mut exact_total = crate::Unrounded::zero(currency);
    let mut shares = Vec::with_capacity(sums.len());
    for (rate, sum) in sums {
        not_negative(&rate)?;
        let factor = match basis {
            TaxBasis::Exclusive => rate.to_exact(),
            TaxBasis::Inclusive => rate.to_exact().div(&Exact::ONE.add(&rate.to_exact())?)?,
        };
        let raw = sum.exact().times(&factor)?;
        let floored = raw.round(&floor)?;
        exact_total = exact_total.add(&raw)?;
        shares.push((rate, sum, floored, raw.sub(&floored.exact())?));
    }
    let floors = Money::sum(shares.iter().map(|(_, _, floored, _)| *floored), currency)?;
    let mut left = exact_total.round(rounding)?.checked_sub(&floors)?;
    shares.sort_by(|a, b| b.3.value().cmp(a.3.value()).then(a.0.cmp(&b.0)));
    let step = rounding.step_in(currency)?;
    let mut groups = BTreeMap::new();
    for (rate, sum, floored, _) in shares {
        let tax = if left.is_positive() {
            left = left.checked_sub(&step)?;
            floored.checked_add(&step)?
        } else {
            floored
        };
        let group = match basis {
            TaxBasis::Exclusive => VatSplit::from_net_and_tax(sum, tax)?,
            TaxBasis::Inclusive => VatSplit::from_gross_and_tax(sum, tax)?,
        };
        groups.insert(rate, group);
    }
    Ok(groups)
}
