//! The arithmetic of a split: weights as integers on one scale, floors, remainders, and who takes what is left.
//!
//! Two forms of one computation: `u128` where every product fits, big integers where one does not.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{ToPrimitive, Zero};
use rust_decimal::Decimal;

use crate::TypesError;
use crate::exact_small::POW10;

/// Shares of `units` in the order of `weights`, by largest remainder, ties to the lower index.
pub(super) fn largest_remainder<'a>(
    units: u128,
    weights: impl Iterator<Item = &'a Decimal> + Clone,
) -> Result<Vec<u128>, TypesError> {
    if weights.clone().all(Decimal::is_zero) {
        // Nothing over no weight is nothing for everyone.
        return if units == 0 { Ok(weights.map(|_| 0).collect()) } else { Err(TypesError::ZeroWeights) };
    }
    let small = small_weights(weights.clone()).and_then(|weights| small_shares(units, &weights));
    Ok(small.unwrap_or_else(|| big_shares(units, &big_weights(weights))))
}

/// Parts of `total`, heaviest first and rounded toward zero, the last key that has a weight taking the rest.
pub(super) fn cascade<'a>(
    total: i128,
    weights: impl Iterator<Item = &'a Decimal> + Clone,
) -> Result<Vec<i128>, TypesError> {
    let weights = big_weights(weights);
    let sum: BigInt = weights.iter().sum();
    if sum.is_zero() {
        return if total == 0 { Ok(vec![0; weights.len()]) } else { Err(TypesError::ZeroWeights) };
    }
    let mut order: Vec<(usize, &BigInt)> = weights.iter().enumerate().collect();
    order.sort_by(|(i, a), (j, b)| b.cmp(a).then(i.cmp(j)));
    let last = order.iter().rev().find(|(_, weight)| !weight.is_zero()).map(|(index, _)| *index);

    let mut parts = vec![0_i128; weights.len()];
    let mut rest = total;
    for (index, weight) in order {
        let part = if Some(index) == last {
            rest
        } else {
            // |part| ≤ |total|, so it fits and what is left keeps the sign of the total.
            product(&BigInt::from(total), weight).div_rem(&sum).0.to_i128().unwrap_or(0)
        };
        rest = rest.saturating_sub(part);
        if let Some(slot) = parts.get_mut(index) {
            *slot = part;
        }
    }
    Ok(parts)
}

fn common_scale<'a>(weights: impl Iterator<Item = &'a Decimal>) -> u32 {
    weights.map(Decimal::scale).max().unwrap_or(0)
}

/// The weights as integers on one common scale, when all of them fit.
fn small_weights<'a>(weights: impl Iterator<Item = &'a Decimal> + Clone) -> Option<Vec<u128>> {
    let scale = common_scale(weights.clone());
    weights
        .map(|weight| {
            let missing = usize::try_from(scale.checked_sub(weight.scale())?).ok()?;
            let factor = POW10.get(missing)?;
            weight.mantissa().checked_mul(*factor).map(i128::unsigned_abs)
        })
        .collect()
}

fn big_weights<'a>(weights: impl Iterator<Item = &'a Decimal> + Clone) -> Vec<BigInt> {
    let scale = common_scale(weights.clone());
    weights
        .map(|weight| {
            let factor = BigInt::from(10).pow(scale.saturating_sub(weight.scale()));
            product(&BigInt::from(weight.mantissa()), &factor)
        })
        .collect()
}

#[allow(clippy::arithmetic_side_effects, reason = "big integers do not overflow")]
fn product(left: &BigInt, right: &BigInt) -> BigInt {
    left * right
}

fn small_shares(units: u128, weights: &[u128]) -> Option<Vec<u128>> {
    let sum = weights.iter().try_fold(0_u128, |sum, weight| sum.checked_add(*weight))?;
    let mut shares = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    for (index, weight) in weights.iter().enumerate() {
        let product = units.checked_mul(*weight)?;
        let floor = product.checked_div(sum)?;
        shares.push(floor);
        remainders.push((index, product.wrapping_sub(floor.wrapping_mul(sum))));
    }
    hand_out(units, &mut shares, remainders);
    Some(shares)
}

fn big_shares(units: u128, weights: &[BigInt]) -> Vec<u128> {
    let sum: BigInt = weights.iter().sum();
    let units_big = BigInt::from(units);
    let mut shares = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    for (index, weight) in weights.iter().enumerate() {
        let (floor, rest) = product(&units_big, weight).div_rem(&sum);
        // floor ≤ units, so it fits.
        shares.push(floor.to_u128().unwrap_or(0));
        remainders.push((index, rest));
    }
    hand_out(units, &mut shares, remainders);
    shares
}

/// Gives what the floors left over, one unit each, to the largest remainders, ties to the lower index.
///
/// The remainders sum to `left × sum` and each is below `sum`, so more than `left` of them are positive or `left` is
/// zero: no key without a remainder, and so no zero weight, ever takes a unit.
fn hand_out<R: Ord>(units: u128, shares: &mut [u128], mut remainders: Vec<(usize, R)>) {
    let given = shares.iter().fold(0_u128, |sum, share| sum.saturating_add(*share));
    let left = usize::try_from(units.saturating_sub(given)).unwrap_or(0);
    if left == 0 {
        return;
    }
    if left < remainders.len() {
        // The order is total, so which keys come first does not depend on how they are selected.
        remainders.select_nth_unstable_by(left, |(i, a), (j, b)| b.cmp(a).then(i.cmp(j)));
    }
    for (index, _) in remainders.iter().take(left) {
        if let Some(share) = shares.get_mut(*index) {
            *share = share.saturating_add(1);
        }
    }
}
