//! Splitting an amount so that the parts always sum to the whole.

use core::fmt::Debug;
use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{ToPrimitive, Zero};
use rust_decimal::Decimal;

use crate::limits::MAX_ALLOCATION_KEYS;
use crate::{Money, Rounding, TypesError};

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
/// - [`TypesError::NegativeWeight`], [`TypesError::ZeroWeights`].
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
    let shares = largest_remainder(units, &integer_weights(keyed.values()))?;

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
/// # Source
///
/// Discount allocation rule of retail contracts: largest first, rounding down, the last takes the rest.
pub fn allocate_cascade<K, W>(total: Money, weights: W) -> Result<BTreeMap<K, Money>, TypesError>
where
    K: Ord + Debug,
    W: IntoIterator<Item = (K, Decimal)>,
{
    let keyed = collect(weights)?;
    let weights = integer_weights(keyed.values());
    let sum: BigInt = weights.iter().sum();
    if sum.is_zero() {
        return Err(TypesError::ZeroWeights);
    }
    let mut order: Vec<(usize, &BigInt)> = weights.iter().enumerate().collect();
    order.sort_by(|(i, a), (j, b)| b.cmp(a).then(i.cmp(j)));
    // The last key that has a weight takes the rest; zero weights get nothing.
    let last = order.iter().rev().find(|(_, weight)| !weight.is_zero()).map(|(index, _)| *index);

    let mut parts = vec![0_i128; weights.len()];
    let mut rest = total.minor();
    for (index, weight) in order {
        let part = if Some(index) == last {
            rest
        } else {
            let product = BigInt::from(total.minor()).checked_mul_by(weight);
            num_integer::Integer::div_rem(&product, &sum).0.to_i128().unwrap_or(0)
        };
        rest = rest.saturating_sub(part);
        if let Some(slot) = parts.get_mut(index) {
            *slot = part;
        }
    }
    keyed
        .into_keys()
        .zip(parts)
        .map(|(key, part)| Ok((key, Money::from_minor(part, total.currency())?)))
        .collect()
}

/// Multiplication of big integers, which cannot overflow.
trait CheckedMulBy {
    fn checked_mul_by(&self, other: &BigInt) -> BigInt;
}

impl CheckedMulBy for BigInt {
    #[allow(clippy::arithmetic_side_effects, reason = "big integers do not overflow")]
    fn checked_mul_by(&self, other: &BigInt) -> BigInt {
        self * other
    }
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

/// The weights as integers on one common scale.
fn integer_weights<'a>(weights: impl Iterator<Item = &'a Decimal> + Clone) -> Vec<BigInt> {
    let scale = weights.clone().map(Decimal::scale).max().unwrap_or(0);
    weights
        .map(|weight| {
            let factor = BigInt::from(10).pow(scale.saturating_sub(weight.scale()));
            BigInt::from(weight.mantissa()).checked_mul_by(&factor)
        })
        .collect()
}

/// Shares of `units` in the order of `weights`, by largest remainder, ties to the lower index.
fn largest_remainder(units: u128, weights: &[BigInt]) -> Result<Vec<u128>, TypesError> {
    let sum: BigInt = weights.iter().sum();
    if sum.is_zero() {
        return Err(TypesError::ZeroWeights);
    }
    let units_big = BigInt::from(units);
    let mut shares = Vec::with_capacity(weights.len());
    let mut remainders: Vec<(usize, BigInt)> = Vec::with_capacity(weights.len());
    let mut given: u128 = 0;
    for (index, weight) in weights.iter().enumerate() {
        let (floor, rest) = units_big.checked_mul_by(weight).div_rem(&sum);
        // floor ≤ units, so it fits and the running sum cannot exceed units.
        let floor = floor.to_u128().unwrap_or(0);
        given = given.saturating_add(floor);
        shares.push(floor);
        remainders.push((index, rest));
    }
    // Fewer units are left over than there are keys with a remainder.
    let left = usize::try_from(units.saturating_sub(given)).unwrap_or(0);
    remainders.sort_by(|(i, a), (j, b)| b.cmp(a).then(i.cmp(j)));
    for (index, _) in remainders.iter().take(left) {
        if let Some(share) = shares.get_mut(*index) {
            *share = share.saturating_add(1);
        }
    }
    Ok(shares)
}
