//! The inner loop of clearing: two lists of open amounts set against each other in order.

/// One match (核销配对): how much of one open amount is set against one of the other side.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match<D, C> {
    /// What is cleared.
    pub debit: D,
    /// What clears it.
    pub credit: C,
    /// How much, in minor units, above zero.
    pub minor: i128,
}

/// Sets open amounts against each other in the order given (先进先出配对), until one side has nothing left.
///
/// Amounts are minor units; what is not above zero is passed over. The matches sum to
/// `min(Σ debits, Σ credits)`, at most one fewer than there are amounts. Every clearing by order goes through here: the
/// order is the policy, and lists may be of any length, because each is walked once.
///
/// # Examples
///
/// ```
/// use endcap_ledger::match_in_order;
/// // Two invoices of 100.00 and 50.00, paid with 120.00 and 20.00.
/// let paid = match_in_order([("i1", 10_000), ("i2", 5_000)], [("r1", 12_000), ("r2", 2_000)]);
/// let pairs: Vec<_> = paid.iter().map(|pair| (pair.debit, pair.credit, pair.minor)).collect();
/// assert_eq!(pairs, [("i1", "r1", 10_000), ("i2", "r1", 2_000), ("i2", "r2", 2_000)]);
/// ```
///
/// # Source
///
/// House rule; first in, first out as in accounts-receivable practice.
#[must_use]
pub fn match_in_order<D: Copy, C: Copy>(
    debits: impl IntoIterator<Item = (D, i128)>,
    credits: impl IntoIterator<Item = (C, i128)>,
) -> Vec<Match<D, C>> {
    let mut credits = credits.into_iter().filter(|(_, minor)| *minor > 0);
    let Some((mut credit, mut left)) = credits.next() else { return Vec::new() };
    let mut matches = Vec::new();
    for (debit, mut open) in debits.into_iter().filter(|(_, minor)| *minor > 0) {
        while open > left {
            matches.push(Match { debit, credit, minor: left });
            open = open.saturating_sub(left);
            let Some(next) = credits.next() else { return matches };
            (credit, left) = next;
        }
        matches.push(Match { debit, credit, minor: open });
        left = left.saturating_sub(open);
        if left == 0 {
            let Some(next) = credits.next() else { return matches };
            (credit, left) = next;
        }
    }
    matches
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use proptest::prelude::*;

    use super::*;

    /// The slow way: one unit at a time.
    fn by_units(debits: &[i128], credits: &[i128]) -> Vec<Match<usize, usize>> {
        let units = |amounts: &[i128]| -> VecDeque<usize> {
            let each = amounts.iter().enumerate();
            each.flat_map(|(at, minor)| std::iter::repeat_n(at, usize::try_from(*minor).unwrap_or(0)))
                .collect()
        };
        let mut matches: Vec<Match<usize, usize>> = Vec::new();
        for (debit, credit) in units(debits).into_iter().zip(units(credits)) {
            match matches.last_mut() {
                Some(last) if (last.debit, last.credit) == (debit, credit) => {
                    last.minor = last.minor.saturating_add(1)
                }
                _ => matches.push(Match { debit, credit, minor: 1 }),
            }
        }
        matches
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]
        #[test]
        fn any_two_lists_are_matched_unit_by_unit(
            debits in prop::collection::vec(-2..9_i128, 0..12), credits in prop::collection::vec(-2..9_i128, 0..12),
        ) {
            let of = |amounts: &[i128]| amounts.iter().copied().enumerate().collect::<Vec<_>>();
            prop_assert_eq!(match_in_order(of(&debits), of(&credits)), by_units(&debits, &credits));
        }
    }
}
