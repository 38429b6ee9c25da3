//! Selection: the value at which the running sum, from the largest down, crosses a limit. No sort, no recursion.
//!
//! Values are counted into a histogram whose ranges widen with the distance from the smallest value, 64 to a power of
//! two, so that even and heavy-tailed values both spread over it. The range in which the sum crosses is kept and looked
//! at again. Each look takes at least 7 bits off the spread, so an `i64` needs at most 10 looks and an `i128` at most
//! 19: the time is linear in the worst case, whatever the values are.
//!
//! # Source
//!
//! House rule; selection by histogram is the radix form of quickselect (Hoare 1961, Algorithm 65).

use crate::minor::MinorUnits;

/// What a value adds to the running sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    Value,
    One,
}

impl Weight {
    #[inline]
    pub(crate) fn of<V: MinorUnits>(self, value: V) -> i128 {
        match self {
            Self::Value => value.widen(),
            Self::One => 1,
        }
    }
}

/// The group of equal values in which a running sum crosses a limit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Crossing<V> {
    pub(crate) value: V,
    /// Members of larger values, and what they weigh: below the limit.
    pub(crate) members_above: u64,
    pub(crate) sum_above: i128,
    /// Members of this value.
    pub(crate) group: u64,
}

struct Bucket {
    sum: i128,
    members: u64,
}

/// Members by ranges of value.
pub(crate) struct Histogram<V> {
    low: V,
    buckets: Vec<Bucket>,
}

/// What lies above a bucket, which it is, and how many it holds.
struct Found {
    bucket: usize,
    members: usize,
    sum_above: i128,
    members_above: u64,
}

impl<V: MinorUnits> Histogram<V> {
    /// Counts values from `low` to `high`; their weights must be at least 0 and their sum must fit 128 bits.
    pub(crate) fn of(values: impl Iterator<Item = V>, (low, high): (V, V), weight: Weight) -> Self {
        let used = high.bucket(low).saturating_add(1);
        let mut buckets: Vec<Bucket> = (0..used).map(|_| Bucket { sum: 0, members: 0 }).collect();
        for value in values {
            if let Some(bucket) = buckets.get_mut(value.bucket(low)) {
                bucket.sum = bucket.sum.wrapping_add(weight.of(value));
                bucket.members = bucket.members.wrapping_add(1);
            }
        }
        Self { low, buckets }
    }

    /// The highest bucket at whose end the sum from above reaches `limit`.
    fn find(&self, limit: i128, mut sum_above: i128, mut members_above: u64) -> Option<Found> {
        for (bucket, content) in self.buckets.iter().enumerate().rev() {
            let sum = sum_above.wrapping_add(content.sum);
            if content.members > 0 && sum >= limit {
                let members = usize::try_from(content.members).unwrap_or(0);
                return Some(Found { bucket, members, sum_above, members_above });
            }
            sum_above = sum;
            members_above = members_above.wrapping_add(content.members);
        }
        None
    }

    /// Where the sum of `values`, which this histogram counted, reaches `limit`; `None` where it never does.
    pub(crate) fn crossing(
        &self,
        values: impl Iterator<Item = V>,
        limit: i128,
        weight: Weight,
    ) -> Option<Crossing<V>> {
        let mut found = self.find(limit, 0, 0)?;
        let mut kept = Vec::with_capacity(found.members);
        kept.extend(values.filter(|value| value.bucket(self.low) == found.bucket));
        loop {
            let (low, high) = (kept.iter().copied().min()?, kept.iter().copied().max()?);
            if low == high {
                let Found { sum_above, members_above, .. } = found;
                let group = u64::try_from(kept.len()).unwrap_or(u64::MAX);
                return Some(Crossing { value: low, members_above, sum_above, group });
            }
            let finer = Self::of(kept.iter().copied(), (low, high), weight);
            found = finer.find(limit, found.sum_above, found.members_above)?;
            kept.retain(|value| value.bucket(finer.low) == found.bucket);
        }
    }
}
