//! The classification kernel over a plain slice of minor units.

use super::cutoffs::Exactness;
use super::placement::{ClassTotal, Classification, Placement, Reason};
use super::scheme::{Class, Convention, Measure, NegativePolicy, Scheme, TiePolicy};
use crate::error::AccountError;
use crate::minor::MinorUnits;

/// Classifies members by value in minor units (ABC分类): `values[i]` is member `i`, members in ascending order of id.
///
/// Order: value descending, then position ascending. With `prior_i` the sum of the values ahead of member `i`,
/// `cum_i = prior_i + value_i` and `V` the total, the class is the number of limits `c_k` with
///
/// - prefix-exclusive: `prior_i ≥ c_k·V`
/// - inclusive, at most: `cum_i > c_k·V`
/// - inclusive, below: `cum_i ≥ c_k·V`
///
/// Limits are compared as integers (`⌈c_k·V⌉`), so nothing is divided per member and nothing is rounded. A total of
/// zero or less puts every member into the last class. `placements[i]` of the result belongs to `values[i]`.
/// Runs in `O(n log n)`.
///
/// # Errors
///
/// - [`AccountError::NegativeValue`] for a value below zero under [`NegativePolicy::Error`].
/// - [`AccountError::Overflow`] where a sum does not fit 128 bits.
///
/// # Examples
///
/// ```
/// use endcap_account::{Class, Scheme, classify_slice};
///
/// let result = classify_slice(&[10_i64, 25, 50, 15], &Scheme::default())?;
/// let letters: String = result.placements().iter().map(|placement| placement.class.letter()).collect();
/// assert_eq!(letters, "BAAA"); // the third member ends at 75 %, the fourth crosses 80 % and goes up
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// House rule: the usual spreadsheet rule (own share included) can leave class A empty.
pub fn classify_slice<V: MinorUnits>(values: &[V], scheme: &Scheme) -> Result<Classification, AccountError> {
    let ordered = order(values, scheme.negatives)?;
    let weigh = |member: &Ordered<V>| weight(member.counted, scheme);
    let total = checked_sum(ordered.iter().map(weigh))?;
    let thresholds = Thresholds::new(scheme, total);
    // What ranks decide, by parts of the input: a part and its share of the large result fit the cache together, where
    // writing each member in order of rank would miss it every time.
    let mut parts: Vec<Vec<Ranked>> =
        values.chunks(PART).map(|part| Vec::with_capacity(part.len())).collect();
    let mut rank = 0_usize;
    let mut prior = 0_i128;
    // Between two limits neither class nor reason changes, and nearly every member stands there.
    let mut between: Option<(i128, Class)> = None;
    for members in ordered.chunk_by(|a, b| a.counted == b.counted) {
        let group = members.len();
        let Some(first) = members.first() else { continue };
        // A member alone decides for itself.
        let group_class =
            if group > 1 { thresholds.group_class(scheme, prior, members, weigh(first))? } else { None };
        for member in members {
            let cum = checked_add(prior, weigh(member))?;
            let (raw, reason) = match between {
                Some((next, class)) if cum < next && member.counted > V::ZERO => (class, Reason::Within),
                _ => {
                    let (class, reason) = thresholds.place(scheme, member, prior, cum);
                    between = (reason == Reason::Within).then(|| (thresholds.next(prior), class));
                    (class, reason)
                }
            };
            let (class, reason) = match group_class {
                Some(class) if class != raw => {
                    (class, Reason::Tie { group, policy: scheme.ties, by_id: raw })
                }
                _ => (raw, reason),
            };
            rank = rank.saturating_add(1);
            let (part, within) = (member.index.checked_div(PART), member.index.checked_rem(PART));
            if let (Some(part), Some(within)) = (part.and_then(|part| parts.get_mut(part)), within) {
                part.push(Ranked { within, rank, prior, group, class, reason });
            }
            prior = cum;
        }
    }
    let mut totals = ClassTotals::new(scheme);
    let mut placements = Vec::with_capacity(values.len());
    let mut order = vec![0_usize; values.len().min(PART)];
    for (part, values) in parts.iter().zip(values.chunks(PART)) {
        for (at, ranked) in part.iter().enumerate() {
            if let Some(slot) = order.get_mut(ranked.within) {
                *slot = at;
            }
        }
        for (value, at) in values.iter().zip(&order) {
            let Some(&Ranked { rank, prior, group, class, reason, .. }) = part.get(*at) else { continue };
            let counted = weight(counted(*value, scheme.negatives), scheme);
            let cum = checked_add(prior, counted)?;
            let value = value.widen();
            let placement = Placement { class, rank, tie_group: group, value, counted, prior, cum, reason };
            totals.add(&placement);
            placements.push(placement);
        }
    }
    Ok(Classification { total, placements, classes: totals.finish()? })
}

/// Members of a part.
const PART: usize = 1 << 13;

/// What a rank decides about the member that has it, which stands at `within` in its part.
#[derive(Clone, Copy)]
struct Ranked {
    within: usize,
    rank: usize,
    prior: i128,
    group: usize,
    class: Class,
    reason: Reason,
}

/// A value after the policy for negatives.
fn counted<V: MinorUnits>(value: V, policy: NegativePolicy) -> V {
    if policy == NegativePolicy::ClampZero { value.max(V::ZERO) } else { value }
}

/// What a member adds to the running sum.
fn weight<V: MinorUnits>(counted: V, scheme: &Scheme) -> i128 {
    match (standing(counted, scheme), scheme.measure) {
        (Standing::LeftOut, _) => 0,
        (Standing::Counted, Measure::Value) => counted.widen(),
        (Standing::Counted, Measure::Count) => 1,
    }
}

fn standing<V: MinorUnits>(counted: V, scheme: &Scheme) -> Standing {
    if scheme.negatives == NegativePolicy::LastClass && counted < V::ZERO {
        Standing::LeftOut
    } else {
        Standing::Counted
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Counted,
    LeftOut,
}

/// A member in order: its value after the policy for negatives, in its own width, and where it stood.
#[derive(Debug, Clone, Copy)]
struct Ordered<V> {
    counted: V,
    index: usize,
}

fn order<V: MinorUnits>(values: &[V], policy: NegativePolicy) -> Result<Vec<Ordered<V>>, AccountError> {
    let mut ordered = Vec::with_capacity(values.len());
    for (index, value) in values.iter().enumerate() {
        if policy == NegativePolicy::Error && *value < V::ZERO {
            return Err(AccountError::NegativeValue {
                member: format!("at position {index}"),
                value: value.widen(),
            });
        }
        ordered.push(Ordered { counted: counted(*value, policy), index });
    }
    // Negative values sort behind all others, so members left out of the total are last already.
    ordered.sort_unstable_by(|a, b| b.counted.cmp(&a.counted).then(a.index.cmp(&b.index)));
    Ok(ordered)
}

struct Thresholds {
    /// `(⌊c_k·V⌋, whether exact)` in ascending order; empty where the total is not positive.
    limits: Vec<(i128, Exactness)>,
    total: i128,
}

impl Thresholds {
    fn new(scheme: &Scheme, total: i128) -> Self {
        let positive = u128::try_from(total).unwrap_or(0);
        let limit = |(below, exactness)| (i128::try_from(below).unwrap_or(i128::MAX), exactness);
        let limits = scheme.cutoffs.cuts().iter().map(|cut| limit(cut.of(positive))).collect();
        Self { limits, total }
    }

    /// Number of limits that `share` has reached (`≥ c_k·V`).
    fn reached(&self, share: i128) -> usize {
        let reached = |&(below, exactness): &(i128, Exactness)| match exactness {
            Exactness::Exact => share >= below,
            Exactness::RoundedDown => share > below,
        };
        self.limits.partition_point(reached)
    }

    /// Number of limits that `share` has passed (`> c_k·V`).
    fn passed(&self, share: i128) -> usize {
        self.limits.partition_point(|&(below, _)| share > below)
    }

    /// The least limit above `share`, rounded down: a sum below it has passed none that `share` has not.
    fn next(&self, share: i128) -> i128 {
        self.limits.get(self.passed(share)).map_or(i128::MAX, |&(below, _)| below)
    }

    /// The limit that `share` equals exactly.
    fn at(&self, share: i128) -> Option<usize> {
        self.limits.iter().position(|&(below, exactness)| exactness == Exactness::Exact && share == below)
    }

    fn raw_class(&self, scheme: &Scheme, prior: i128, cum: i128) -> Class {
        if self.total <= 0 {
            return scheme.last_class();
        }
        Class::from_count(match scheme.convention {
            Convention::PrefixExclusive => self.reached(prior),
            Convention::InclusiveLe => self.passed(cum),
            Convention::InclusiveLt => self.reached(cum),
        })
    }

    fn group_class<V: MinorUnits>(
        &self,
        scheme: &Scheme,
        prior: i128,
        members: &[Ordered<V>],
        weight: i128,
    ) -> Result<Option<Class>, AccountError> {
        let ahead = match scheme.ties {
            TiePolicy::ById => return Ok(None),
            TiePolicy::Promote => 0,
            TiePolicy::Demote => members.len().saturating_sub(1),
        };
        let Some(deciding) = members.get(ahead) else { return Ok(None) };
        let ahead = i128::try_from(ahead).ok().and_then(|ahead| ahead.checked_mul(weight));
        let prior = checked_add(prior, ahead.ok_or(AccountError::Overflow { what: "the sum of values" })?)?;
        let cum = checked_add(prior, weight)?;
        Ok(Some(self.place(scheme, deciding, prior, cum).0))
    }

    fn place<V: MinorUnits>(
        &self,
        scheme: &Scheme,
        member: &Ordered<V>,
        prior: i128,
        cum: i128,
    ) -> (Class, Reason) {
        let by_value = scheme.measure == Measure::Value;
        let left_out = standing(member.counted, scheme) == Standing::LeftOut;
        if left_out || (by_value && member.counted < V::ZERO) {
            return (scheme.last_class(), Reason::NegativeValue);
        }
        let class = self.raw_class(scheme, prior, cum);
        let reason = match self.total.cmp(&0) {
            core::cmp::Ordering::Equal => Reason::ZeroTotal,
            core::cmp::Ordering::Less => Reason::NegativeTotal,
            core::cmp::Ordering::Greater if by_value && member.counted == V::ZERO => Reason::ZeroValue,
            core::cmp::Ordering::Greater => self.reason(scheme.convention, prior, cum),
        };
        (class, reason)
    }

    fn reason(&self, convention: Convention, prior: i128, cum: i128) -> Reason {
        let (starts, ends) = (self.at(prior), self.at(cum));
        // Limits strictly between prior and cum: from the first not reached by prior to the last passed by cum.
        let (first, behind) = (self.reached(prior), self.passed(cum));
        let crossed = first < behind;
        match (convention, starts, ends) {
            (Convention::PrefixExclusive, Some(cut), _) => Reason::StartsAtCut { cut },
            (Convention::PrefixExclusive, _, _) if crossed && self.at(cum) != Some(first) => {
                Reason::CrossedUp { cut: first }
            }
            (_, _, Some(cut)) => Reason::EndsAtCut { cut },
            (_, _, None) if crossed => Reason::CrossedDown { cut: behind.saturating_sub(1) },
            (_, Some(cut), None) => Reason::StartsAtCut { cut },
            (_, None, None) => Reason::Within,
        }
    }
}

/// The totals of all classes, member by member.
struct ClassTotals {
    classes: Vec<(ClassTotal, WideSum, WideSum)>,
}

impl ClassTotals {
    fn new(scheme: &Scheme) -> Self {
        let empty = |position| {
            let class = Class::from_count(position);
            let total = ClassTotal { class, members: 0, value: 0, counted: 0, lowest: None };
            (total, WideSum::default(), WideSum::default())
        };
        Self { classes: (0..scheme.cutoffs.classes()).map(empty).collect() }
    }

    fn add(&mut self, placement: &Placement) {
        let at = usize::from(placement.class.position());
        if let Some((total, value, counted)) = self.classes.get_mut(at) {
            total.members = total.members.saturating_add(1);
            value.add(placement.value);
            counted.add(placement.counted);
            total.lowest = Some(total.lowest.map_or(placement.value, |lowest| lowest.min(placement.value)));
        }
    }

    fn finish(self) -> Result<Vec<ClassTotal>, AccountError> {
        let finish = |(total, value, counted): (ClassTotal, WideSum, WideSum)| {
            Ok(ClassTotal { value: value.finish()?, counted: counted.finish()?, ..total })
        };
        self.classes.into_iter().map(finish).collect()
    }
}

/// A sum that asks only at its end whether it fits 128 bits, so that the order of members cannot matter.
#[derive(Debug, Clone, Copy, Default)]
struct WideSum {
    low: i128,
    /// The sum is `low + carries · 2^128`.
    carries: i64,
}

impl WideSum {
    fn add(&mut self, value: i128) {
        let (low, overflowed) = self.low.overflowing_add(value);
        self.low = low;
        if overflowed {
            self.carries = self.carries.saturating_add(if value < 0 { -1 } else { 1 });
        }
    }

    fn finish(self) -> Result<i128, AccountError> {
        if self.carries == 0 {
            Ok(self.low)
        } else {
            Err(AccountError::Overflow { what: "the sum of values" })
        }
    }
}

pub(crate) fn checked_add(a: i128, b: i128) -> Result<i128, AccountError> {
    a.checked_add(b).ok_or(AccountError::Overflow { what: "the sum of values" })
}

pub(crate) fn checked_sum(values: impl Iterator<Item = i128>) -> Result<i128, AccountError> {
    let mut total = 0_i128;
    for value in values {
        total = checked_add(total, value)?;
    }
    Ok(total)
}
