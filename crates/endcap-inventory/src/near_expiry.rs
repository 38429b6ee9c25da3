//! Near expiry (临期): how many days before its end a product counts as short-dated.

use chrono::NaiveDate;

use crate::InventoryError;

/// One band (临期档): products with a shelf life from `min_life_days` are near expiry in their last
/// `near_expiry_days` days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Band {
    /// Shortest shelf life of the band, in days; the band ends below the one before it.
    pub min_life_days: i64,
    /// Days before the last sellable day at which the product counts as near expiry.
    pub near_expiry_days: i64,
}

/// A table of bands (临期标准), longest life first. Contract data: trade tables differ.
///
/// # Source
///
/// Trade custom. Two published tables are presets: [`BandTable::common`] and [`BandTable::variant`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Vec<Band>", into = "Vec<Band>"))]
pub struct BandTable(Vec<Band>);

impl BandTable {
    /// A table from its bands, longest life first.
    ///
    /// # Errors
    ///
    /// - [`InventoryError::InvalidBands`] without bands, when lives do not fall strictly or a life or threshold is
    ///   negative.
    pub fn new(bands: Vec<Band>) -> Result<Self, InventoryError> {
        if bands.is_empty() {
            return Err(InventoryError::InvalidBands { position: 0, rule: "at least one band is needed" });
        }
        let mut above = i64::MAX;
        for (position, band) in bands.iter().enumerate() {
            let invalid = |rule| Err(InventoryError::InvalidBands { position, rule });
            if band.min_life_days >= above {
                return invalid("shelf lives must fall from band to band");
            }
            if band.min_life_days < 0 || band.near_expiry_days < 0 {
                return invalid("days must not be negative");
            }
            above = band.min_life_days;
        }
        Ok(Self(bands))
    }

    /// The six-band table found most often (常见六档): 45, 20, 15, 10, 5 and 4 days.
    ///
    /// # Source
    ///
    /// Published by several trade web pages in the same words. One year is read as 365 days and half a year as 180; the
    /// pages leave a life of exactly 15 days open, it is in the shortest band here.
    #[must_use]
    pub fn common() -> Self {
        Self::preset([(365, 45), (180, 20), (90, 15), (30, 10), (16, 5), (1, 4)])
    }

    /// A published variant (另一常见标准): 45, 30, 20, 10, 2 and 1 days.
    ///
    /// # Source
    ///
    /// One trade web page.
    #[must_use]
    pub fn variant() -> Self {
        Self::preset([(365, 45), (180, 30), (90, 20), (30, 10), (10, 2), (1, 1)])
    }

    fn preset(bands: [(i64, i64); 6]) -> Self {
        let band = |(min_life_days, near_expiry_days)| Band { min_life_days, near_expiry_days };
        Self(bands.into_iter().map(band).collect())
    }

    /// The bands, longest life first.
    #[must_use]
    pub fn bands(&self) -> &[Band] {
        &self.0
    }

    /// Days before the end at which a product with this shelf life is near expiry.
    ///
    /// # Errors
    ///
    /// - [`InventoryError::NoBand`] for a life shorter than the last band.
    pub fn threshold_days(&self, life_days: i64) -> Result<i64, InventoryError> {
        let band = self.0.iter().find(|band| band.min_life_days <= life_days);
        band.map(|band| band.near_expiry_days).ok_or(InventoryError::NoBand { life_days })
    }
}

#[cfg(feature = "serde")]
impl TryFrom<Vec<Band>> for BandTable {
    type Error = InventoryError;
    fn try_from(bands: Vec<Band>) -> Result<Self, InventoryError> {
        Self::new(bands)
    }
}

#[cfg(feature = "serde")]
impl From<BandTable> for Vec<Band> {
    fn from(table: BandTable) -> Self {
        table.0
    }
}

/// Where a batch stands (效期状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum ExpiryStatus {
    /// More days remain than the threshold (正常).
    Normal,
    /// `0 ≤ remaining ≤ threshold` (临期).
    NearExpiry,
    /// The last sellable day is past (过期).
    Expired,
}

/// The life of a batch on one day (效期), in days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Expiry {
    /// Shelf life: last sellable day − day of manufacture.
    pub life_days: i64,
    /// Last sellable day − the day asked about; negative when expired.
    pub remaining_days: i64,
    /// The threshold of its band.
    pub threshold_days: i64,
    /// Where it stands.
    pub status: ExpiryStatus,
}

/// Where a batch stands on a day (临期判断); the boundary day is near expiry, the last day is still sellable.
///
/// # Errors
///
/// - [`InventoryError::MadeAfterExpiry`], [`InventoryError::NoBand`].
///
/// # Examples
///
/// ```
/// use endcap_inventory::{expiry_on, BandTable, ExpiryStatus};
/// // Biscuits with a year of life, 45 days before their end.
/// let state = expiry_on("2024-06-01".parse()?, "2025-06-01".parse()?, "2025-04-17".parse()?, &BandTable::common())?;
/// assert_eq!((state.remaining_days, state.status), (45, ExpiryStatus::NearExpiry));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// House rule on trade tables.
pub fn expiry_on(
    made_on: NaiveDate,
    expires_on: NaiveDate,
    as_of: NaiveDate,
    table: &BandTable,
) -> Result<Expiry, InventoryError> {
    let life_days = expires_on.signed_duration_since(made_on).num_days();
    if life_days < 0 {
        return Err(InventoryError::MadeAfterExpiry { made_on, expires_on });
    }
    let remaining_days = expires_on.signed_duration_since(as_of).num_days();
    let threshold_days = table.threshold_days(life_days)?;
    let status = if remaining_days < 0 {
        ExpiryStatus::Expired
    } else if remaining_days <= threshold_days {
        ExpiryStatus::NearExpiry
    } else {
        ExpiryStatus::Normal
    };
    Ok(Expiry { life_days, remaining_days, threshold_days, status })
}
