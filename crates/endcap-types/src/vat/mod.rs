//! Value-added tax: net + tax = gross, always.

use core::fmt;

use crate::{Currency, Exact, Money, Rate, Rounding, TaxBasis, TypesError};

mod document;

pub use document::{DocumentTax, TaxSite, document};

/// An amount split into net, tax and gross (价税分离), with `net + tax = gross` by construction.
///
/// # Source
///
/// House rule.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Parts"))]
pub struct VatSplit {
    net: Money,
    tax: Money,
    gross: Money,
}

impl VatSplit {
    /// A split as somebody else stated it, on an invoice for instance.
    ///
    /// # Errors
    ///
    /// - [`TypesError::UnbalancedTax`] when net and tax do not sum to gross.
    /// - [`TypesError::CurrencyMismatch`], [`TypesError::AmountOutOfRange`].
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_types::{vat::VatSplit, Currency, Money, TypesError};
    /// let cny = |text| Money::parse(text, Currency::CNY);
    /// assert!(VatSplit::new(cny("100.00")?, cny("13.00")?, cny("113.00")?).is_ok());
    /// let unbalanced = VatSplit::new(cny("100.00")?, cny("13.00")?, cny("113.01")?);
    /// assert!(matches!(unbalanced, Err(TypesError::UnbalancedTax { .. })));
    /// # Ok::<(), TypesError>(())
    /// ```
    pub fn new(net: Money, tax: Money, gross: Money) -> Result<Self, TypesError> {
        let split = Self::from_net_and_tax(net, tax)?;
        if split.gross == gross {
            Ok(split)
        } else {
            Err(TypesError::UnbalancedTax { net_tax_gross: Box::new([net, tax, gross]) })
        }
    }

    fn from_net_and_tax(net: Money, tax: Money) -> Result<Self, TypesError> {
        Ok(Self { net, tax, gross: net.checked_add(&tax)? })
    }

    fn from_gross_and_tax(gross: Money, tax: Money) -> Result<Self, TypesError> {
        Ok(Self { net: gross.checked_sub(&tax)?, tax, gross })
    }

    fn from_basis(amount: Money, tax: Money, basis: TaxBasis) -> Result<Self, TypesError> {
        match basis {
            TaxBasis::Inclusive => Self::from_gross_and_tax(amount, tax),
            TaxBasis::Exclusive => Self::from_net_and_tax(amount, tax),
        }
    }

    /// Nothing, in `currency`.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        let zero = Money::zero(currency);
        Self { net: zero, tax: zero, gross: zero }
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

    /// The split with the other sign: that of the credit note.
    #[must_use]
    pub const fn negated(&self) -> Self {
        Self { net: self.net.negated(), tax: self.tax.negated(), gross: self.gross.negated() }
    }
}

impl fmt::Display for VatSplit {
    /// `CNY 100.00 + 13.00 = 113.00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (tax, gross) = (self.tax.to_amount_string(), self.gross.to_amount_string());
        f.pad(&format!("{} + {tax} = {gross}", self.net))
    }
}

impl fmt::Debug for VatSplit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn not_negative(rate: &Rate) -> Result<(), TypesError> {
    if rate.is_negative() { Err(TypesError::NegativeRate { percent: rate.as_percent() }) } else { Ok(()) }
}

/// The exact share of an amount that is tax: `rate` of a net amount, `rate / (100 % + rate)` of a gross one.
///
/// # Errors
///
/// - [`TypesError::NegativeRate`].
///
/// # Examples
///
/// ```
/// use endcap_types::{vat, Exact, TaxBasis};
/// assert_eq!(vat::tax_share(TaxBasis::Exclusive, &"13%".parse()?)?, Exact::ratio(13, 100)?);
/// assert_eq!(vat::tax_share(TaxBasis::Inclusive, &"13%".parse()?)?, Exact::ratio(13, 113)?);
/// # Ok::<(), endcap_types::TypesError>(())
/// ```
///
/// # Source
///
/// As [`split_inclusive`].
pub fn tax_share(basis: TaxBasis, rate: &Rate) -> Result<Exact, TypesError> {
    not_negative(rate)?;
    let share = rate.to_exact();
    match basis {
        TaxBasis::Exclusive => Ok(share),
        TaxBasis::Inclusive => share.over_one_plus_self(),
    }
}

/// Tax inside a gross amount: `tax = round(gross × rate / (100 % + rate))`, `net = gross − tax`.
///
/// # Errors
///
/// - [`TypesError::NegativeRate`], [`TypesError::AmountOutOfRange`].
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
    split(gross, TaxBasis::Inclusive, rate, rounding)
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
    split(net, TaxBasis::Exclusive, rate, rounding)
}

/// The split of `amount`, which is gross or net as `basis` says.
///
/// # Errors
///
/// - [`TypesError::NegativeRate`], [`TypesError::AmountOutOfRange`].
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
    let tax = amount.exact().times(&tax_share(basis, rate)?)?.round(rounding)?;
    VatSplit::from_basis(*amount, tax, basis)
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(rename = "VatSplit", deny_unknown_fields)]
struct Parts {
    net: Money,
    tax: Money,
    gross: Money,
}

#[cfg(feature = "serde")]
impl TryFrom<Parts> for VatSplit {
    type Error = TypesError;

    fn try_from(parts: Parts) -> Result<Self, TypesError> {
        Self::new(parts.net, parts.tax, parts.gross)
    }
}
