//! Fixed compensation for a late debt.

use endcap_types::{Currency, Money};

use super::not_negative;
use crate::SettlementError;

/// 补偿档: what a debt of at least `from` brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct CompensationBand {
    /// Smallest debt of the band, included.
    pub from: Money,
    /// The compensation.
    pub amount: Money,
}

/// 追偿补偿: a fixed sum for recovering a late debt, by the size of the debt.
///
/// # Examples
/// ```
/// use endcap_settlement::credit::CompensationTable;
/// use endcap_types::{Currency, Money};
/// let table = CompensationTable::united_kingdom()?;
/// assert_eq!(table.amount(Money::parse("999.99", Currency::GBP)?)?.to_amount_string(), "40.00");
/// assert_eq!(table.amount(Money::parse("1000.00", Currency::GBP)?)?.to_amount_string(), "70.00");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// Late Payment of Commercial Debts (Interest) Act 1998 s. 5A; Directive 2011/7/EU art. 6 asks for at least EUR 40.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "Vec<CompensationBand>", into = "Vec<CompensationBand>")
)]
pub struct CompensationTable {
    bands: Vec<CompensationBand>,
}

impl CompensationTable {
    /// Bands from the smallest debt to the largest; a debt below the first brings nothing.
    ///
    /// # Errors
    /// - [`SettlementError::NothingGiven`] without bands.
    /// - [`SettlementError::NotIncreasing`] when a band does not begin above the one before it.
    /// - [`SettlementError::NegativeAmount`] for a debt or a compensation below zero.
    /// - [`SettlementError::Types`] when currencies differ.
    pub fn new(bands: impl IntoIterator<Item = CompensationBand>) -> Result<Self, SettlementError> {
        let bands: Vec<CompensationBand> = bands.into_iter().collect();
        let Some(first) = bands.first() else {
            return Err(SettlementError::NothingGiven { what: "band of compensation" });
        };
        let mut before: Option<Money> = None;
        for band in &bands {
            not_negative("a debt in a table of compensation", band.from)?;
            not_negative("a compensation", band.amount)?;
            first.from.compare(&band.amount)?;
            if let Some(previous) = before
                && band.from.compare(&previous)?.is_le()
            {
                return Err(SettlementError::NotIncreasing {
                    what: "the debt of a band of compensation",
                    value: band.from.to_string(),
                    previous: previous.to_string(),
                });
            }
            before = Some(band.from);
        }
        Ok(Self { bands })
    }

    /// GBP 40 for a debt below 1,000; 70 below 10,000; 100 from there on.
    ///
    /// # Errors
    /// - [`SettlementError::Types`] never: the figures are constants.
    ///
    /// # Source
    /// Late Payment of Commercial Debts (Interest) Act 1998 s. 5A(2).
    pub fn united_kingdom() -> Result<Self, SettlementError> {
        let gbp = |pence| Money::from_minor(pence, Currency::GBP);
        Self::new([
            CompensationBand { from: gbp(1)?, amount: gbp(4_000)? },
            CompensationBand { from: gbp(100_000)?, amount: gbp(7_000)? },
            CompensationBand { from: gbp(1_000_000)?, amount: gbp(10_000)? },
        ])
    }

    /// The bands, smallest debt first.
    #[must_use]
    pub fn bands(&self) -> &[CompensationBand] {
        &self.bands
    }

    /// The compensation for one late `debt`, of the last band that the debt reaches.
    ///
    /// # Errors
    /// - [`SettlementError::NegativeAmount`] for a debt below zero.
    /// - [`SettlementError::Types`] when the debt is in another currency.
    pub fn amount(&self, debt: Money) -> Result<Money, SettlementError> {
        not_negative("a late debt", debt)?;
        let mut amount = Money::zero(debt.currency());
        for band in &self.bands {
            if debt.compare(&band.from)?.is_ge() {
                amount = band.amount;
            }
        }
        Ok(amount)
    }
}

impl TryFrom<Vec<CompensationBand>> for CompensationTable {
    type Error = SettlementError;

    fn try_from(bands: Vec<CompensationBand>) -> Result<Self, SettlementError> {
        Self::new(bands)
    }
}

impl From<CompensationTable> for Vec<CompensationBand> {
    fn from(table: CompensationTable) -> Self {
        table.bands
    }
}
