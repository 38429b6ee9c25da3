//! Slow and obvious versions of the kernels, in rational arithmetic, one formula per line.

use endcap_account::{Convention, Measure, NegativePolicy, Scheme, TiePolicy};
use endcap_types::Exact;

fn exact(value: i128) -> Exact {
    Exact::from_int(value)
}

fn sum(values: impl IntoIterator<Item = Exact>) -> Exact {
    values.into_iter().fold(Exact::ZERO, |sum, value| sum.add(&value).expect("small"))
}

/// Class positions of members in ascending order of id.
pub(crate) fn classes(values: &[i128], scheme: &Scheme) -> Vec<u8> {
    let last = u8::try_from(scheme.cutoffs.cuts().len()).expect("few");
    let left_out = |value: i128| scheme.negatives == NegativePolicy::LastClass && value < 0;
    let counted =
        |value: i128| if scheme.negatives == NegativePolicy::ClampZero { value.max(0) } else { value };
    let weight = |value: i128| match scheme.measure {
        Measure::Value => exact(counted(value)),
        Measure::Count => exact(1),
    };
    let base: Vec<usize> = (0..values.len()).filter(|i| !left_out(values[*i])).collect();
    let total = sum(base.iter().map(|i| weight(values[*i])));
    // Strictly ahead: a larger counted value, or an equal one with a lower id.
    let ahead = |j: usize, i: usize| {
        let (a, b) = (counted(values[j]), counted(values[i]));
        a > b || (a == b && j < i)
    };
    let by_id = |i: usize| -> u8 {
        let prior = sum(base.iter().filter(|j| ahead(**j, i)).map(|j| weight(values[*j])));
        let cum = prior.add(&weight(values[i])).expect("small");
        if total <= Exact::ZERO {
            return last;
        }
        let limit = |cut: &endcap_account::Cut| {
            let cut = Exact::ratio(cut.numerator().into(), cut.denominator().into()).expect("positive");
            cut.mul(&total).expect("small")
        };
        let below = scheme.cutoffs.cuts().iter().filter(|cut| match scheme.convention {
            Convention::PrefixExclusive => prior >= limit(cut),
            Convention::InclusiveLe => cum > limit(cut),
            Convention::InclusiveLt => cum >= limit(cut),
        });
        u8::try_from(below.count()).expect("few")
    };
    let place = |i: usize| -> u8 {
        let negative_net =
            scheme.negatives == NegativePolicy::Net && scheme.measure == Measure::Value && values[i] < 0;
        if left_out(values[i]) || negative_net {
            return last;
        }
        let group: Vec<usize> =
            base.iter().copied().filter(|j| counted(values[*j]) == counted(values[i])).collect();
        match scheme.ties {
            TiePolicy::ById => by_id(i),
            TiePolicy::Promote => by_id(group[0]),
            TiePolicy::Demote => by_id(group[group.len() - 1]),
        }
    };
    (0..values.len()).map(place).collect()
}

/// `Σ share²`.
pub(crate) fn hhi(values: &[i128]) -> Exact {
    let total = sum(values.iter().map(|value| exact(*value)));
    sum(values.iter().map(|value| {
        let share = exact(*value).div(&total).expect("a total");
        share.mul(&share).expect("small")
    }))
}

/// Mean absolute difference over twice the mean: `Σ_i Σ_j |x_i − x_j| / (2 n Σ x)`.
pub(crate) fn gini(values: &[i128]) -> Exact {
    let members = i128::try_from(values.len()).expect("few");
    let total = sum(values.iter().map(|value| exact(*value)));
    let pairs = values
        .iter()
        .flat_map(|a| values.iter().map(move |b| exact(*a).sub(&exact(*b)).expect("small").abs()));
    sum(pairs).div(&total.mul(&exact(2 * members)).expect("small")).expect("a total")
}
