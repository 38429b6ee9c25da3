//! Simple discounting, exact in rationals: `df(t) = 1 / (1 + r × t / 365)`.

use endcap_types::{Exact, Rate, TypesError};

pub(super) fn factor(rate: &Rate, days: u64) -> Result<Exact, TypesError> {
    interest(rate, days)?.reciprocal()
}

/// `1 + r × t / 365`.
fn interest(rate: &Rate, days: u64) -> Result<Exact, TypesError> {
    Exact::ONE.add(&rate.to_exact().mul(&Exact::ratio(i128::from(days), 365)?)?)
}

/// The days after which one unit is worth `share` of a unit after `days`: `df(T) = share × df(days)`.
pub(super) fn days_for(rate: &Rate, days: u64, share: &Exact) -> Result<Exact, TypesError> {
    let grown = interest(rate, days)?.div(share)?;
    grown.sub(&Exact::ONE)?.mul(&Exact::from_int(365))?.div(&rate.to_exact())
}
