//! Splitting an amount so that the parts always sum to the whole.

use core::fmt::Debug;
use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::limits::MAX_ALLOCATION_KEYS;
use crate::{Money, Rounding, TypesError};

mod share;

/// Splits `total` over keys in proportion to their weights (分摊), in whole minor units.
///
/// Each key's ideal share is `total × weight / Σ weights`. Everyone gets the floor of it; the units left over go one by
/// one to the largest fractional parts, ties to the lowest key. So the parts sum to the total, no part is a unit or
/// more from its ideal, a zero weight gets nothing, a negative total mirrors the positive one, and the order in which
/// keys are listed changes nothing.
///
/// # Errors
///
/// - [`TypesError::NoKeys`], [`TypesError::TooManyKeys`], [`TypesError::DuplicateKey`].
/// - [`TypesError::NegativeWeight`]; [`TypesError::ZeroWeights`] when there is something to split and nobody to get it.
///
/// # Examples
///
/// ```
/// use endcap_types::{allocate, Currency, Money};
/// let quarter = Money::parse("100000.00", Currency::CNY)?;
/// let shares = allocate(quarter, [("Jan", 1.into()), ("Feb", 1.into()), ("Mar", 1.into())])?;
/// assert_eq!(shares["Feb"].to_amount_string(), "33333.34"); // the lowest key takes the odd fen
/// assert_eq!(shares["Jan"].to_amount_string(), "33333.33");
/// # Ok::<(), endcap_types::TypesError>(())
/// ```
///
/// # Source
///
/// Hamilton's method of largest remainders (Balinski & Young, *Fair Representation*, 1982); ties by key are a house rule.
pub fn allocate<K, W>(total: Money, weights: W) -> Result<BTreeMap<K, Money>, TypesError>
where
    K: Ord + Debug,
    W: IntoIterator<Item = (K, Decimal)>,
{
    allocate_in_steps(total, weights, &Rounding::HALF_AWAY)
}

/// [`allocate`] in multiples of the step of `rounding` (its mode plays no part), such as 0.05 for cash.
///
/// # Errors
///
/// - Those of [`allocate`], and [`TypesError::NotOnStep`] when the total is not a multiple of the step.
///
/// # Examples
///
/// ```
/// use endcap_types::{allocate_in_steps, Currency, Money, Rounding};
/// let till = Money::parse("10.00", Currency::CHF)?;
/// let cash = Rounding::HALF_AWAY.with_step(&Money::parse("0.05", Currency::CHF)?)?;
/// let parts = allocate_in_steps(till, [("a", 1.into()), ("b", 1.into()), ("c", 1.into())], &cash)?;
/// assert_eq!(parts["a"].to_amount_string(), "3.35");
/// assert_eq!(parts["c"].to_amount_string(), "3.30");
/// # Ok::<(), endcap_types::TypesError>(())
/// ```
///
/// # Source
///
/// As [`allocate`].
pub fn allocate_in_steps<K, W>(
    total: Money,
    weights: W,
    rounding: &Rounding,
) -> Result<BTreeMap<K, Money>, TypesError>
where
    K: Ord + Debug,
    W: IntoIterator<Item = (K, Decimal)>,
{
    let step = i128::from(rounding.step_minor().get());
    if total.minor().checked_rem(step) != Some(0) {
        return Err(TypesError::NotOnStep { minor: total.minor(), step: rounding.step_minor().get() });
    }
    let units = total.minor().unsigned_abs().checked_div(step.unsigned_abs()).unwrap_or(0);

    let keyed = collect(weights)?;
    let shares = share::largest_remainder(units, keyed.values())?;

    let sign = if total.is_negative() { step.saturating_neg() } else { step };
    keyed
        .into_keys()
        .zip(shares)
        .map(|(key, share)| {
            let minor = i128::try_from(share).ok().and_then(|share| share.checked_mul(sign));
            let minor = minor.ok_or(TypesError::AmountOutOfRange { currency: total.currency() })?;
            Ok((key, Money::from_minor(minor, total.currency())?))
        })
        .collect()
}

/// Splits `total` heaviest key first, each part rounded down, the last key taking the rest (瀑布分摊).
///
/// The order is weight descending, then key ascending. Where a rule book prescribes it; [`allocate`] is fairer.
///
/// # Errors
///
/// - Those of [`allocate`].
///
/// # Examples
///
/// ```
/// use endcap_types::{allocate_cascade, Currency, Money};
/// let total = Money::parse("300.01", Currency::CNY)?;
/// let parts = allocate_cascade(total, [("a", 300.into()), ("b", 200.into()), ("c", 100.into())])?;
/// assert_eq!(parts["a"].to_amount_string(), "150.00");
/// assert_eq!(parts["c"].to_amount_string(), "50.01"); // the lightest takes the rest
/// # Ok::<(), endcap_types::TypesError>(())
/// ```
///
/// # Source
///
/// Discount allocation rule of retail contracts: largest first, rounding down, the last takes the rest.
pub fn allocate_cascade<K, W>(total: Money, weights: W) -> Result<BTreeMap<K, Money>, TypesError>
where
    K: Ord + Debug,
    W: IntoIterator<Item = (K, Decimal)>,
{
    let keyed = collect(weights)?;
    let parts = share::cascade(total.minor(), keyed.values())?;
    keyed
        .into_keys()
        .zip(parts)
        .map(|(key, part)| Ok((key, Money::from_minor(part, total.currency())?)))
        .collect()
}

fn collect<K, W>(weights: W) -> Result<BTreeMap<K, Decimal>, TypesError>
where
    K: Ord + Debug,
    W: IntoIterator<Item = (K, Decimal)>,
{
    let mut keyed = BTreeMap::new();
    for (key, weight) in weights {
        if weight.is_sign_negative() && !weight.is_zero() {
            return Err(TypesError::NegativeWeight { key: format!("{key:?}"), weight });
        }
        if keyed.contains_key(&key) {
            return Err(TypesError::DuplicateKey { key: format!("{key:?}") });
        }
        if keyed.len() >= MAX_ALLOCATION_KEYS {
            return Err(TypesError::TooManyKeys {
                count: keyed.len().saturating_add(1),
                limit: MAX_ALLOCATION_KEYS,
            });
        }
        keyed.insert(key, weight);
    }
    if keyed.is_empty() { Err(TypesError::NoKeys) } else { Ok(keyed) }
}
