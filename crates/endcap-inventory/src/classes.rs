//! ABC by value and XYZ by steadiness (ABC–XYZ 分类), with exact comparisons.

use endcap_types::Exact;
use rust_decimal::Decimal;

use crate::InventoryError;
use crate::cover::not_negative;
use crate::fefo::no_duplicates;

/// Class by share of value (ABC 分类).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Abc {
    /// The few that bring most.
    A,
    /// The middle.
    B,
    /// The many that bring little.
    C,
}

/// Class by steadiness of demand (XYZ 分类).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Xyz {
    /// Steady.
    X,
    /// Varying.
    Y,
    /// Erratic, or no demand.
    Z,
}

/// Two limits of three classes (分类界限), `0 < first < second`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "RawCuts", into = "RawCuts"))]
pub struct Cuts {
    first: Decimal,
    second: Decimal,
}

impl Cuts {
    /// Two limits.
    ///
    /// # Errors
    ///
    /// - [`InventoryError::InvalidCuts`] unless `0 < first < second`.
    pub fn new(first: Decimal, second: Decimal) -> Result<Self, InventoryError> {
        if first <= Decimal::ZERO {
            return Err(InventoryError::InvalidCuts { first, second, rule: "the first must be more than 0" });
        }
        if second <= first {
            return Err(InventoryError::InvalidCuts { first, second, rule: "the second must be the larger" });
        }
        Ok(Self { first, second })
    }

    /// 80 % and 95 % of the value (ABC).
    #[must_use]
    pub fn abc() -> Self {
        Self { first: Decimal::new(8, 1), second: Decimal::new(95, 2) }
    }

    /// Coefficients of variation 0.5 and 1.0 (XYZ).
    #[must_use]
    pub fn xyz() -> Self {
        Self { first: Decimal::new(5, 1), second: Decimal::ONE }
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCuts {
    #[serde(with = "rust_decimal::serde::str")]
    first: Decimal,
    #[serde(with = "rust_decimal::serde::str")]
    second: Decimal,
}

#[cfg(feature = "serde")]
impl TryFrom<RawCuts> for Cuts {
    type Error = InventoryError;
    fn try_from(raw: RawCuts) -> Result<Self, InventoryError> {
        Self::new(raw.first, raw.second)
    }
}

#[cfg(feature = "serde")]
impl From<Cuts> for RawCuts {
    fn from(cuts: Cuts) -> Self {
        Self { first: cuts.first, second: cuts.second }
    }
}

/// Classes by cumulative value (ABC 分类): `classes[i]` belongs to `items[i]`, an id and its value.
///
/// Items go by falling value, then by id. An item is A while the share *before* it is below the first limit, B while it
/// is below the second, else C: the item that crosses a limit is in the higher class. Without any value all are C.
///
/// # Errors
///
/// - [`InventoryError::NegativeDecimal`] for a negative value, [`InventoryError::DuplicateId`] for an id given twice.
/// - [`InventoryError::Types`] when an exact value outgrows its limit.
///
/// # Examples
///
/// ```
/// use endcap_inventory::{abc_classes, Abc, Cuts};
/// use rust_decimal::Decimal;
/// let items = [("big", Decimal::from(90)), ("small", Decimal::from(10))];
/// assert_eq!(abc_classes(&items, &Cuts::abc())?, [Abc::A, Abc::B]);
/// # Ok::<(), endcap_inventory::InventoryError>(())
/// ```
///
/// # Source
///
/// Pareto classification; class by the share before the item is a house rule.
pub fn abc_classes<I: AsRef<str>>(items: &[(I, Decimal)], cuts: &Cuts) -> Result<Vec<Abc>, InventoryError> {
    for (position, (_, value)) in items.iter().enumerate() {
        not_negative("value", position, *value)?;
    }
    no_duplicates(items.iter().map(|(id, _)| id.as_ref()))?;
    let mut total = Exact::ZERO;
    for (_, value) in items {
        total = total.add(&Exact::from_decimal(*value))?;
    }
    let first = total.mul(&Exact::from_decimal(cuts.first))?;
    let second = total.mul(&Exact::from_decimal(cuts.second))?;

    let mut order: Vec<usize> = (0..items.len()).collect();
    let key = |position: usize| items.get(position).map(|(id, value)| (*value, id.as_ref()));
    order.sort_by(|&a, &b| match (key(a), key(b)) {
        (Some((left, left_id)), Some((right, right_id))) => {
            right.cmp(&left).then_with(|| left_id.cmp(right_id))
        }
        _ => a.cmp(&b),
    });

    let mut classes = vec![Abc::C; items.len()];
    let mut before = Exact::ZERO;
    for position in order {
        let (Some((_, value)), Some(class)) = (items.get(position), classes.get_mut(position)) else {
            continue;
        };
        if !total.is_zero() && !value.is_zero() {
            if before < first {
                *class = Abc::A;
            } else if before < second {
                *class = Abc::B;
            }
        }
        before = before.add(&Exact::from_decimal(*value))?;
    }
    Ok(classes)
}

/// Squared coefficient of variation (变异系数的平方), exactly: population variance / mean²; none for a mean of zero.
///
/// # Errors
///
/// - [`InventoryError::NegativeDecimal`] for negative demand.
/// - [`InventoryError::Types`] when an exact value outgrows its limit.
///
/// # Examples
///
/// ```
/// use endcap_inventory::squared_variation;
/// use rust_decimal::Decimal;
/// let weeks = [10, 12, 9, 11].map(Decimal::from);
/// assert_eq!(squared_variation(&weeks)?.map(|v| v.to_string()).as_deref(), Some("5/441"));
/// # Ok::<(), endcap_inventory::InventoryError>(())
/// ```
///
/// # Source
///
/// Textbook definition; population variance is a house rule.
pub fn squared_variation(demand: &[Decimal]) -> Result<Option<Exact>, InventoryError> {
    let (mut sum, mut squares, mut count) = (Exact::ZERO, Exact::ZERO, 0_i128);
    for (position, value) in demand.iter().enumerate() {
        not_negative("demand", position, *value)?;
        let value = Exact::from_decimal(*value);
        sum = sum.add(&value)?;
        squares = squares.add(&value.mul(&value)?)?;
        count = count.saturating_add(1);
    }
    if sum.is_zero() {
        return Ok(None);
    }
    // (Σx²/n − (Σx/n)²) / (Σx/n)² = n·Σx²/(Σx)² − 1.
    let ratio = squares.mul(&Exact::from_int(count))?.div(&sum.mul(&sum)?)?;
    Ok(Some(ratio.sub(&Exact::ONE)?))
}

/// Class by steadiness of one demand series (XYZ 分类): limits on the coefficient of variation, inclusive.
///
/// Compared as `cv² ≤ limit²`, so no root is taken. No demand is Z.
///
/// # Errors
///
/// As [`squared_variation`].
///
/// # Examples
///
/// ```
/// use endcap_inventory::{xyz_class, Cuts, Xyz};
/// use rust_decimal::Decimal;
/// // Mean 10, deviation 5: exactly one half.
/// assert_eq!(xyz_class(&[5, 15].map(Decimal::from), &Cuts::xyz())?, Xyz::X);
/// # Ok::<(), endcap_inventory::InventoryError>(())
/// ```
///
/// # Source
///
/// House rule for the limits.
pub fn xyz_class(demand: &[Decimal], cuts: &Cuts) -> Result<Xyz, InventoryError> {
    let Some(variation) = squared_variation(demand)? else { return Ok(Xyz::Z) };
    let squared = |limit: Decimal| {
        let limit = Exact::from_decimal(limit);
        limit.mul(&limit)
    };
    Ok(if variation <= squared(cuts.first)? {
        Xyz::X
    } else if variation <= squared(cuts.second)? {
        Xyz::Y
    } else {
        Xyz::Z
    })
}
