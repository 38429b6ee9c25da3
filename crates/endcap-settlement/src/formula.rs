//! How a number in a trace follows from its inputs; one definition computes it, checks it and words it.

use endcap_types::{Currency, Exact, RoundingMode, TypesError};

use crate::content::{exact, length, shown, text};
use crate::{Band, TierMethod, TierPay};

/// 度量: what a number in a trace counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Measure {
    /// Minor units of the trace's currency.
    Amount,
    /// Units, days, stores.
    Number,
    /// A share: 1 is 100 %.
    Share,
}

impl Measure {
    /// One byte under the id of a node.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Amount => b'a',
            Self::Number => b'n',
            Self::Share => b's',
        }
    }
}

/// 公式: how a number follows from its inputs, written `a`, `b`, `c` in order.
///
/// # Source
/// House rule: one definition computes a number, checks it and words it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Formula {
    /// Stated by a fact, a term of the contract or an earlier statement.
    Given,
    /// `a`, to be rounded.
    Take,
    /// `a + b + …`.
    Sum,
    /// `a − b − …`.
    Subtract,
    /// `a × b × …`.
    Multiply,
    /// `a × b / c`.
    Prorate,
    /// `a × r / (1 + r)`, inputs `a` and `r`.
    TaxInside,
    /// `a × r`, inputs `a` and `r`.
    TaxOnTop,
    /// `a / (1 + r)`, inputs `a` and `r`.
    WithoutTax,
    /// The largest input.
    Larger,
    /// The smallest input.
    Smaller,
    /// `max(0, a − b − …)`.
    Excess,
    /// Part `index` (from 0) of `count` equal parts of `a` in minor units; the first parts take the odd units.
    EqualShare {
        /// Which part, from 0.
        index: u32,
        /// How many parts.
        count: u32,
    },
    /// Part `index` (from 0) of `a` in minor units, shared over the weights `b`, `c`, … by largest remainder, ties to the
    /// first; the weights have one sign.
    Share {
        /// Which weight, from 0.
        index: u32,
    },
    /// What one tier pays for `a`.
    Band {
        /// How bands pay.
        method: TierMethod,
        /// What `a` counts.
        measured: Measure,
        /// The band.
        band: Band,
    },
    /// `a / b`.
    Ratio,
    /// How many full `b` there are in `a`; none below zero.
    FullMultiples,
    /// The rate, or the amount per unit, of the tier that `a` reaches.
    TierRate {
        /// What `a` counts; a share is read in percent points.
        measured: Measure,
        /// The band.
        band: Band,
    },
    /// `a`, on hold until its evidence arrives.
    OnHold,
    /// Zero, because another amount prevails; inputs are its own amount and the one that prevails.
    NotChosen,
}

impl Formula {
    /// The exact result for `inputs`; `None` when the inputs do not fit the formula.
    pub(crate) fn evaluate(
        &self,
        inputs: &[&Exact],
        currency: Currency,
    ) -> Result<Option<Exact>, TypesError> {
        let first = inputs.first().copied();
        Ok(match (self, inputs) {
            (Self::Take, [a]) => Some((*a).clone()),
            (Self::Sum, _) => Some(inputs.iter().try_fold(Exact::ZERO, |sum, input| sum.add(input))?),
            (Self::Subtract | Self::Excess, [_, rest @ ..]) => {
                let Some(first) = first else { return Ok(None) };
                let left = rest.iter().try_fold(first.clone(), |left, input| left.sub(input))?;
                let keep = *self == Self::Subtract || left.signum() > 0;
                Some(if keep { left } else { Exact::ZERO })
            }
            (Self::Multiply, [_, ..]) => {
                Some(inputs.iter().try_fold(Exact::ONE, |product, input| product.mul(input))?)
            }
            (Self::Prorate, [a, b, c]) => Some(a.mul(b)?.div(c)?),
            (Self::TaxInside, [a, r]) => Some(a.mul(r)?.div(&Exact::ONE.add(r)?)?),
            (Self::TaxOnTop, [a, r]) => Some(a.mul(r)?),
            (Self::WithoutTax, [a, r]) => Some(a.div(&Exact::ONE.add(r)?)?),
            (Self::Larger, [_, ..]) => inputs.iter().max().map(|value| (*value).clone()),
            (Self::Smaller, [_, ..]) => inputs.iter().min().map(|value| (*value).clone()),
            (Self::EqualShare { index, count }, [a]) => equal_share(a, *index, *count)?,
            (Self::Share { index }, [a, weights @ ..]) => share(a, weights, *index)?,
            (Self::Band { method, measured, band }, [a]) => {
                let minor = Exact::from_int(currency.minor_per_major());
                let x = if *measured == Measure::Amount { a.div(&minor)? } else { (*a).clone() };
                Some(band.evaluate(*method, &x)?.mul(&minor)?)
            }
            (Self::NotChosen, [_, _]) => Some(Exact::ZERO),
            (Self::OnHold, [a]) => Some((*a).clone()),
            (Self::Ratio, [a, b]) => Some(a.div(b)?),
            (Self::FullMultiples, [a, b]) => {
                let full = a.div(b)?.round_to_int(RoundingMode::Floor)?;
                Some(Exact::from_int(full.max(0)))
            }
            (Self::TierRate { measured, band }, [a]) => tier_rate(a, *measured, band, currency)?,
            _ => None,
        })
    }

    /// Adds the formula to the bytes under the id of its node.
    pub(crate) fn content(&self, bytes: &mut Vec<u8>) {
        text(bytes, self.word());
        match self {
            Self::EqualShare { index, count } => {
                shown(bytes, index);
                shown(bytes, count);
            }
            Self::Share { index } => shown(bytes, index),
            Self::TierRate { measured, band } => {
                bytes.push(measured.code());
                band_content(bytes, band);
            }
            Self::Band { method, measured, band } => {
                text(bytes, method.word());
                bytes.push(measured.code());
                band_content(bytes, band);
            }
            _ => {}
        }
    }

    /// The word used in documents.
    pub(crate) const fn word(&self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Take => "take",
            Self::Sum => "sum",
            Self::Subtract => "subtract",
            Self::Multiply => "multiply",
            Self::Prorate => "prorate",
            Self::TaxInside => "tax_inside",
            Self::TaxOnTop => "tax_on_top",
            Self::WithoutTax => "without_tax",
            Self::Larger => "larger",
            Self::Smaller => "smaller",
            Self::Excess => "excess",
            Self::EqualShare { .. } => "equal_share",
            Self::Share { .. } => "share",
            Self::Band { .. } => "band",
            Self::NotChosen => "not_chosen",
            Self::Ratio => "ratio",
            Self::FullMultiples => "full_multiples",
            Self::TierRate { .. } => "tier_rate",
            Self::OnHold => "on_hold",
        }
    }
}

/// The bytes of a band.
fn band_content(bytes: &mut Vec<u8>, band: &Band) {
    shown(bytes, &band.lower.normalize());
    match band.upper {
        None => length(bytes, 0),
        Some(upper) => shown(bytes, &upper.normalize()),
    }
    bytes.push(match band.pay {
        TierPay::Rate(_) => 0,
        TierPay::PerUnit(_) => 1,
    });
    exact(bytes, &band.pay.factor());
    shown(bytes, &band.flat.normalize());
}

/// What the band pays per unit of its base, in minor units where it is money; `None` when `a` does not lie in it.
fn tier_rate(
    a: &Exact,
    measured: Measure,
    band: &Band,
    currency: Currency,
) -> Result<Option<Exact>, TypesError> {
    let minor = Exact::from_int(currency.minor_per_major());
    let x = match measured {
        Measure::Amount => a.div(&minor)?,
        Measure::Share => a.mul(&Exact::from_int(100))?,
        Measure::Number => a.clone(),
    };
    let below = band.upper.is_some_and(|upper| x > Exact::from_decimal(upper));
    if x < Exact::from_decimal(band.lower) || below {
        return Ok(None);
    }
    match band.pay {
        TierPay::Rate(_) => Ok(Some(band.pay.factor())),
        TierPay::PerUnit(_) => Ok(Some(band.pay.factor().mul(&minor)?)),
    }
}

/// Part `index` of `count` equal parts of a whole number of minor units, the first parts taking the odd units.
fn equal_share(total: &Exact, index: u32, count: u32) -> Result<Option<Exact>, TypesError> {
    if index >= count {
        return Ok(None);
    }
    let minor = total.round_to_int(RoundingMode::Down)?;
    let parts = i128::from(count);
    let (Some(floor), Some(odd)) = (minor.checked_div_euclid(parts), minor.checked_rem_euclid(parts)) else {
        return Ok(None);
    };
    let extra = i128::from(i128::from(index) < odd);
    Ok(Some(Exact::from_int(floor.saturating_add(extra))))
}

/// Part `index` of a whole number of minor units over weights of one sign; `None` when they are not, or sum to zero.
fn share(total: &Exact, weights: &[&Exact], index: u32) -> Result<Option<Exact>, TypesError> {
    let sum = Exact::sum(weights.iter().copied())?;
    let one_sign = weights.iter().all(|weight| weight.is_zero() || weight.signum() == sum.signum());
    let Ok(index) = usize::try_from(index) else { return Ok(None) };
    if sum.is_zero() || !one_sign || index >= weights.len() {
        return Ok(None);
    }
    let size = total.abs();
    let mut left = size.round_to_int(RoundingMode::Down)?;
    let whole = Exact::from_int(left);
    let mut parts = Vec::with_capacity(weights.len());
    for (at, weight) in weights.iter().enumerate() {
        let ideal = whole.mul(weight)?.div(&sum)?;
        let floor = ideal.round_to_int(RoundingMode::Floor)?;
        left = left.saturating_sub(floor);
        parts.push((ideal.sub(&Exact::from_int(floor))?, at, floor));
    }
    parts.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let place = parts.iter().position(|(_, at, _)| *at == index);
    let Some((place, (_, _, floor))) = place.and_then(|place| Some((place, parts.get(place)?))) else {
        return Ok(None);
    };
    let extra = i128::from(i128::try_from(place).is_ok_and(|place| place < left));
    let part = Exact::from_int(floor.saturating_add(extra));
    Ok(Some(if total.is_negative() { part.negated() } else { part }))
}
