//! Share of shelf, and how it compares with share of market.

use std::collections::BTreeMap;

use endcap_types::{Exact, RoundingMode};
use rust_decimal::Decimal;

use crate::ShelfError;
use crate::facings::not_negative;
use crate::limits::MAX_SHARE_DIGITS;

/// The share of one brand (陈列面占比).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The exact fraction, 0 to 1.
    pub exact: Exact,
    /// The fraction in the decimals asked for; those of all brands add up to exactly 1.
    pub rounded: Decimal,
}

/// Share of shelf of each brand (陈列面占比): `own ÷ Σ of all`, by facings, millimetres or any other measure.
///
/// The rounded shares add up to 1: each is rounded down, and the last places left go to the largest remainders, ties to the
/// lowest brand.
///
/// # Errors
///
/// - [`ShelfError::NothingMeasured`] when all measures are zero, [`ShelfError::NegativeValue`] for one below zero.
/// - [`ShelfError::DuplicateKey`] for a brand given twice, [`ShelfError::TooManyDigits`] beyond 12 decimals.
///
/// # Examples
///
/// ```
/// use endcap_shelf::share_of_shelf;
/// let shares = share_of_shelf([("own", 18.into()), ("rest", 42.into())], 4)?;
/// assert_eq!((shares["own"].exact.to_string(), shares["own"].rounded.to_string()), ("3/10".into(), "0.3000".into()));
/// # Ok::<(), endcap_shelf::ShelfError>(())
/// ```
///
/// # Source
///
/// Trade definition: own facings over all facings of the category; rounding by largest remainder (house rule).
pub fn share_of_shelf<K, I>(measures: I, digits: u32) -> Result<BTreeMap<K, Share>, ShelfError>
where
    K: Ord + core::fmt::Debug,
    I: IntoIterator<Item = (K, Decimal)>,
{
    if digits > MAX_SHARE_DIGITS {
        return Err(ShelfError::TooManyDigits { digits, limit: MAX_SHARE_DIGITS });
    }
    let mut keyed: BTreeMap<K, Exact> = BTreeMap::new();
    let mut sum = Exact::ZERO;
    for (key, measure) in measures {
        not_negative("measure", measure)?;
        let measure = Exact::from_decimal(measure);
        sum = sum.add(&measure)?;
        if keyed.contains_key(&key) {
            return Err(ShelfError::DuplicateKey { key: format!("{key:?}") });
        }
        keyed.insert(key, measure);
    }
    if sum.is_zero() {
        return Err(ShelfError::NothingMeasured);
    }

    let whole = 10_i128.checked_pow(digits).unwrap_or(1);
    let mut parts = Vec::with_capacity(keyed.len());
    let mut left = whole;
    for measure in keyed.values() {
        let exact = measure.div(&sum)?;
        let ideal = exact.mul(&Exact::from_int(whole))?;
        let floor = ideal.round_to_int(RoundingMode::Floor)?;
        left = left.saturating_sub(floor);
        parts.push((exact, floor, ideal.sub(&Exact::from_int(floor))?));
    }
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by(|a, b| {
        let remainder = |index: &usize| parts.get(*index).map(|part| &part.2);
        remainder(b).cmp(&remainder(a)).then(a.cmp(b))
    });
    // Fewer places are left than there are brands with a remainder.
    for index in order.into_iter().take(usize::try_from(left).unwrap_or(0)) {
        if let Some(part) = parts.get_mut(index) {
            part.1 = part.1.saturating_add(1);
        }
    }
    let shares = parts.into_iter().map(|(exact, places, _)| {
        // At most 10^12 places: inside a decimal.
        let rounded = Decimal::try_from_i128_with_scale(places, digits).unwrap_or_default();
        Share { exact, rounded }
    });
    Ok(keyed.into_keys().zip(shares).collect())
}

/// Fair-share index (陈列公平指数): share of shelf over share of market; 1 is fair, above 1 the shelf gives more than the market.
///
/// # Errors
///
/// - [`ShelfError::Types`] when the share of market is zero.
///
/// # Examples
///
/// ```
/// use endcap_shelf::fair_share_index;
/// use endcap_types::Exact;
/// // 30 % of the facings with 24 % of the sales.
/// assert_eq!(fair_share_index(&Exact::ratio(30, 100)?, &Exact::ratio(24, 100)?)?.to_string(), "5/4");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Trade definition: share of shelf ÷ share of market.
pub fn fair_share_index(shelf: &Exact, market: &Exact) -> Result<Exact, ShelfError> {
    Ok(shelf.div(market)?)
}
