//! Walking along a cumulative curve, shared by the Lorenz and whale curves.

use endcap_types::{Exact, RoundingMode};

use crate::error::AccountError;

/// `result[k]` is the sum of the first `k` values, from `k` = 0.
pub(crate) fn cumulative(values: &[i128]) -> Result<Vec<i128>, AccountError> {
    let mut points = Vec::with_capacity(values.len().saturating_add(1));
    let mut sum = 0_i128;
    points.push(sum);
    for value in values {
        sum = sum.checked_add(*value).ok_or(AccountError::Overflow { what: "a partial sum of values" })?;
        points.push(sum);
    }
    Ok(points)
}

/// Where `position` (0–1 of all members) falls: the sum of whole members below, the part of the next, and its value.
pub(crate) fn locate(position: &Exact, values: &[i128]) -> Result<(i128, Exact, i128), AccountError> {
    let outside = || AccountError::OutsideCurve { position: position.to_string(), limit: "0 to 1" };
    if position < &Exact::ZERO || position > &Exact::ONE {
        return Err(outside());
    }
    let members = i128::try_from(values.len()).map_err(|_| outside())?;
    let at = position.mul(&Exact::from_int(members))?;
    let whole = at.round_to_int(RoundingMode::Floor)?;
    let count = usize::try_from(whole).map_err(|_| outside())?;
    let below = crate::abc::checked_sum(values.iter().take(count).copied())?;
    let part = at.sub(&Exact::from_int(whole))?;
    Ok((below, part, values.get(count).copied().unwrap_or_default()))
}
