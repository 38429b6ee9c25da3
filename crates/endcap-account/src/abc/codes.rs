//! Classes of many members without ranks: linear time, one byte a member.

use super::cutoffs::Exactness;
use super::scheme::{Convention, Measure, NegativePolicy, Scheme, TiePolicy};
use super::select::{Crossing, Histogram, Weight};
use crate::error::AccountError;
use crate::minor::MinorUnits;

/// Where one limit falls (分级点): the value whose group of equal members it cuts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CutPoint {
    /// The value in minor units, after the policy for negatives: larger ones are above the limit, smaller ones below.
    pub value: i128,
    /// Members of a larger value.
    pub members_above: u64,
    /// Members of exactly this value.
    pub group: u64,
    /// How many of those, first by id, are above the limit; the tie policies make it all or none.
    pub group_above: u64,
}

/// What [`class_codes`] found besides the codes (分级点汇总).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassCuts {
    total: i128,
    cuts: Vec<Option<CutPoint>>,
    members: Vec<u64>,
}

impl ClassCuts {
    /// `V`: the sum of all weights, in minor units (or members, by count).
    #[must_use]
    pub const fn total(&self) -> i128 {
        self.total
    }

    /// One entry per limit; `None` where the limit has no member below it but those that are last in any case, or where
    /// the total is zero or less.
    #[must_use]
    pub fn cuts(&self) -> &[Option<CutPoint>] {
        &self.cuts
    }

    /// Number of members per class, A first.
    #[must_use]
    pub fn members(&self) -> &[u64] {
        &self.members
    }
}

/// Classifies members like [`classify_slice`](crate::classify_slice), classes only (线性时间ABC分类): `codes[i]` becomes
/// the position of the class of `values[i]`, 0 is A.
///
/// Same order, conventions, ties and policies, member by member; no ranks, shares or reasons. Each limit is found by
/// selection instead of a sort: time is linear in the worst case, and nothing recurses. Comparisons are those of whole
/// minor units in 128 bits.
///
/// # Errors
///
/// - [`AccountError::LengthMismatch`] where `codes` and `values` differ in length.
/// - [`AccountError::NegativeValue`] for a value below zero under [`NegativePolicy::Error`].
/// - [`AccountError::Overflow`] where the sum of values does not fit 128 bits.
///
/// On an error `codes` is unchanged.
///
/// # Examples
///
/// ```
/// use endcap_account::{Scheme, class_codes};
///
/// let mut codes = [0; 4];
/// let cuts = class_codes(&[10_i64, 25, 50, 15], &Scheme::default(), &mut codes)?;
/// assert_eq!(codes, [1, 0, 0, 0]);
/// // 80 % is crossed inside the member worth 15, which goes up whole.
/// assert_eq!(cuts.cuts()[0].map(|cut| (cut.value, cut.members_above, cut.group_above)), Some((15, 2, 1)));
/// assert_eq!(cuts.members(), [3, 1, 0]);
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// House rule, see [`classify_slice`](crate::classify_slice); selection by distribution, Knuth, The Art of Computer
/// Programming 3, section 5.3.3.
pub fn class_codes<V: MinorUnits>(
    values: &[V],
    scheme: &Scheme,
    codes: &mut [u8],
) -> Result<ClassCuts, AccountError> {
    if codes.len() != values.len() {
        return Err(AccountError::LengthMismatch {
            what: "class codes",
            given: codes.len(),
            expected: values.len(),
        });
    }
    let survey = Survey::of(values, scheme)?;
    let last = scheme.last_class().position();
    let limits = scheme.cutoffs.cuts().len();
    let all = u64::try_from(values.len()).unwrap_or(u64::MAX);
    if survey.total <= 0 {
        codes.fill(last);
        let mut members = vec![0; limits.saturating_add(1)];
        if let Some(slot) = members.last_mut() {
            *slot = all;
        }
        return Ok(ClassCuts { total: survey.total, cuts: vec![None; limits], members });
    }
    let cuts = survey.cuts(values, scheme);
    write(values, codes, survey.clamp, survey.last_below_zero.then_some(last), &cuts);
    // Above a limit: larger values and the first of its group; without a crossing, all that can be above at all.
    let mut members = Vec::with_capacity(limits.saturating_add(1));
    let mut before = 0_u64;
    for cut in &cuts {
        let above = cut.as_ref().map_or(all.saturating_sub(survey.forced), |(crossing, group_above)| {
            crossing.members_above.saturating_add(*group_above)
        });
        members.push(above.saturating_sub(before));
        before = above;
    }
    members.push(all.saturating_sub(before));
    let point = |(crossing, group_above): (Crossing<V>, u64)| CutPoint {
        value: crossing.value.widen(),
        members_above: crossing.members_above,
        group: crossing.group,
        group_above,
    };
    let cuts = cuts.into_iter().map(|cut| cut.map(point)).collect();
    Ok(ClassCuts { total: survey.total, cuts, members })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Clamp {
    Keep,
    ToZero,
}

impl Clamp {
    #[inline]
    fn apply<V: MinorUnits>(self, value: V) -> V {
        match self {
            Self::Keep => value,
            Self::ToZero => value.max(V::ZERO),
        }
    }
}

/// What one pass over the values shows.
struct Survey<V> {
    total: i128,
    /// Least and largest of the members among which limits are looked for.
    range: Option<(V, V)>,
    weight: Weight,
    clamp: Clamp,
    /// Whether members below zero are in the last class whatever the limits say, and how many they are.
    last_below_zero: bool,
    forced: u64,
}

impl<V: MinorUnits> Survey<V> {
    fn of(values: &[V], scheme: &Scheme) -> Result<Self, AccountError> {
        if scheme.negatives == NegativePolicy::Error
            && let Some((position, value)) = values.iter().enumerate().find(|(_, value)| **value < V::ZERO)
        {
            let member = format!("at position {position}");
            return Err(AccountError::NegativeValue { member, value: value.widen() });
        }
        let clamp = match scheme.negatives {
            NegativePolicy::ClampZero => Clamp::ToZero,
            _ => Clamp::Keep,
        };
        let by_value = scheme.measure == Measure::Value;
        let net = scheme.negatives == NegativePolicy::Net;
        let last_below_zero = scheme.negatives == NegativePolicy::LastClass || (net && by_value);
        let (mut sum, mut below, mut range) = (0_i128, 0_u64, None);
        for value in values {
            let negative = *value < V::ZERO;
            if negative {
                below = below.saturating_add(1);
            } else if by_value {
                sum = added(sum, value.widen())?;
            }
            let value = clamp.apply(*value);
            // By value only gains can cross a limit; by count everybody can who is not last in any case.
            let candidate = if by_value { value > V::ZERO } else { !(negative && last_below_zero) };
            if candidate {
                range = Some(
                    range.map_or((value, value), |(low, high): (V, V)| (low.min(value), high.max(value))),
                );
            }
        }
        if net && by_value && below > 0 {
            // From the sum of gains downwards, as the order of values has it.
            for value in values.iter().filter(|value| **value < V::ZERO) {
                sum = added(sum, value.widen())?;
            }
        }
        let forced = if last_below_zero { below } else { 0 };
        let total = if by_value {
            sum
        } else {
            let left_out = if scheme.negatives == NegativePolicy::LastClass { below } else { 0 };
            i128::from(u64::try_from(values.len()).unwrap_or(u64::MAX).saturating_sub(left_out))
        };
        let weight = if by_value { Weight::Value } else { Weight::One };
        Ok(Self { total, range, weight, clamp, last_below_zero, forced })
    }

    /// Per limit, the group that it cuts and how many of the group are above it.
    fn cuts(&self, values: &[V], scheme: &Scheme) -> Vec<Option<(Crossing<V>, u64)>> {
        // What is below the least of them weighs nothing or is last in any case.
        let Some(range @ (floor, _)) = self.range else {
            return vec![None; scheme.cutoffs.cuts().len()];
        };
        let clamp = self.clamp;
        let counted =
            || values.iter().map(move |value| clamp.apply(*value)).filter(move |value| *value >= floor);
        let histogram = Histogram::of(counted(), range, self.weight);
        let total = u128::try_from(self.total).unwrap_or(0);
        let cut = |cut: &super::Cut| {
            let (below, exactness) = cut.of(total);
            let below = i128::try_from(below).unwrap_or(i128::MAX);
            // The first whole weight that has reached the limit, or passed it.
            let reached = match (scheme.convention, exactness) {
                (Convention::PrefixExclusive | Convention::InclusiveLt, Exactness::Exact) => below,
                // Beyond the type: no sum of 128 bits passes its largest value.
                _ => below.checked_add(1)?,
            };
            let crossing = histogram.crossing(counted(), reached, self.weight)?;
            let group_above = group_above(&crossing, reached, self.weight, scheme);
            Some((crossing, group_above))
        };
        scheme.cutoffs.cuts().iter().map(cut).collect()
    }
}

/// Inlined wherever the kernel is compiled, which may be another crate.
#[inline]
fn added(sum: i128, value: i128) -> Result<i128, AccountError> {
    match sum.checked_add(value) {
        Some(sum) => Ok(sum),
        None => Err(AccountError::Overflow { what: "the sum of values" }),
    }
}

/// How many members of the group are above the limit. With `m = ⌈(limit − sum above)/weight⌉`, the `m`-th is the first
/// whose own end reaches the limit: it is above when only what lies ahead counts, and below when its own share does.
fn group_above<V: MinorUnits>(crossing: &Crossing<V>, limit: i128, weight: Weight, scheme: &Scheme) -> u64 {
    let missing = limit.saturating_sub(crossing.sum_above);
    let each = weight.of(crossing.value);
    let whole = missing.checked_div(each).unwrap_or(0);
    let rest = missing.checked_rem(each).unwrap_or(0);
    let reaching = whole.saturating_add(i128::from(rest > 0));
    let above = match scheme.convention {
        Convention::PrefixExclusive => reaching,
        Convention::InclusiveLe | Convention::InclusiveLt => reaching.saturating_sub(1),
    };
    let above = u64::try_from(above).unwrap_or(0);
    match scheme.ties {
        TiePolicy::ById => above,
        TiePolicy::Promote if above > 0 => crossing.group,
        TiePolicy::Demote if above >= crossing.group => crossing.group,
        TiePolicy::Promote | TiePolicy::Demote => 0,
    }
}

/// One pass that writes the codes.
fn write<V: MinorUnits>(
    values: &[V],
    codes: &mut [u8],
    clamp: Clamp,
    below_zero: Option<u8>,
    cuts: &[Option<(Crossing<V>, u64)>],
) {
    // Value, members of the group still to go above.
    let mut open: Vec<(V, u64)> =
        cuts.iter().flatten().map(|(crossing, above)| (crossing.value, *above)).collect();
    for (value, code) in values.iter().zip(codes) {
        if let Some(last) = below_zero
            && *value < V::ZERO
        {
            *code = last;
            continue;
        }
        let value = clamp.apply(*value);
        let mut class = 0_u8;
        for (at, left) in &mut open {
            if value < *at {
                class = class.saturating_add(1);
            } else if value == *at {
                class = class.saturating_add(u8::from(*left == 0));
                *left = left.saturating_sub(1);
            }
        }
        *code = class;
    }
}
