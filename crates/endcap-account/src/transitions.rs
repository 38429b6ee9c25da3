//! From class to class between two periods: who moved, who stayed, who came and went.

use std::collections::BTreeMap;

use endcap_types::{AccountId, Exact};

use crate::abc::{Class, MAX_CUTS};
use crate::error::AccountError;

/// Number of classes that counts cover, A to Z.
const CLASSES: usize = MAX_CUTS + 1;

/// Counts of moves between classes (等级迁移表), mergeable in any order.
///
/// Merging is not idempotent: the same accounts merged twice count twice.
///
/// # Examples
///
/// ```
/// use endcap_account::{AccountError, Class, ClassTransitions};
/// use endcap_types::AccountId;
///
/// let members = |list: &[(&str, Class)]| -> Result<Vec<(AccountId, Class)>, AccountError> {
///     list.iter().map(|(id, class)| Ok((AccountId::new(*id)?, *class))).collect()
/// };
/// let (a, b, c) = (Class::A, Class::B, Class::C);
/// let spring = members(&[("mart", a), ("super", a), ("corner", b), ("kiosk", c)])?;
/// let autumn = members(&[("mart", a), ("super", b), ("corner", b), ("online", a)])?;
/// let moves = ClassTransitions::between(spring, autumn)?;
/// assert_eq!((moves.count(a, a), moves.count(a, b), moves.left(c), moves.entered(a)), (1, 1, 1, 1));
/// assert_eq!(moves.retention(a)?.to_string(), "1/2");
/// assert_eq!(moves.upgraded() + moves.downgraded(), 1);
/// # Ok::<(), AccountError>(())
/// ```
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClassTransitions {
    moves: BTreeMap<(Option<Class>, Option<Class>), u64>,
}

impl ClassTransitions {
    /// Counts the moves of accounts from `before` to `after`, each account at most once in either.
    ///
    /// # Errors
    ///
    /// - [`AccountError::DuplicateId`] for an account given twice in the same period.
    pub fn between(
        before: impl IntoIterator<Item = (AccountId, Class)>,
        after: impl IntoIterator<Item = (AccountId, Class)>,
    ) -> Result<Self, AccountError> {
        let (before, mut after) = (by_account(before)?, by_account(after)?);
        let mut result = Self::default();
        for (id, from) in before {
            result.add(Some(from), after.remove(&id))?;
        }
        for to in after.into_values() {
            result.add(None, Some(to))?;
        }
        Ok(result)
    }

    /// Adds one account: `None` before it entered and after it left; absent in both periods counts nowhere.
    ///
    /// # Errors
    ///
    /// - [`AccountError::Overflow`] beyond the largest 64-bit count.
    pub fn add(&mut self, from: Option<Class>, to: Option<Class>) -> Result<(), AccountError> {
        self.add_many(from, to, 1)
    }

    fn add_many(&mut self, from: Option<Class>, to: Option<Class>, times: u64) -> Result<(), AccountError> {
        if from.is_none() && to.is_none() {
            return Ok(());
        }
        let count = self.moves.entry((from, to)).or_insert(0);
        *count = count.checked_add(times).ok_or(AccountError::Overflow { what: "a count of moves" })?;
        Ok(())
    }

    /// Adds the counts of other accounts.
    ///
    /// # Errors
    ///
    /// - [`AccountError::Overflow`] beyond the largest 64-bit count.
    pub fn merge(&mut self, other: &Self) -> Result<(), AccountError> {
        let mut merged = self.clone();
        for ((from, to), times) in &other.moves {
            merged.add_many(*from, *to, *times)?;
        }
        *self = merged;
        Ok(())
    }

    /// Accounts that were in `from` and are in `to`.
    #[must_use]
    pub fn count(&self, from: Class, to: Class) -> u64 {
        self.at(Some(from), Some(to))
    }

    /// Accounts that were in `from` and are gone.
    #[must_use]
    pub fn left(&self, from: Class) -> u64 {
        self.at(Some(from), None)
    }

    /// Accounts in `to` that were not there before.
    #[must_use]
    pub fn entered(&self, to: Class) -> u64 {
        self.at(None, Some(to))
    }

    /// Accounts that moved to a better class.
    #[must_use]
    pub fn upgraded(&self) -> u64 {
        self.sum(|from, to| from.is_some() && to.is_some() && to < from)
    }

    /// Accounts that moved to a worse class; those that left are not among them.
    #[must_use]
    pub fn downgraded(&self) -> u64 {
        self.sum(|from, to| from.is_some() && to.is_some() && to > from)
    }

    /// Retention of a class (等级保持率): accounts still in it over all that were in it, those that left included; 0–1.
    ///
    /// # Errors
    ///
    /// - [`AccountError::ZeroTotal`] where nobody was in the class.
    pub fn retention(&self, class: Class) -> Result<Exact, AccountError> {
        let before = self.sum(|from, _| from == Some(class));
        if before == 0 {
            return Err(AccountError::ZeroTotal);
        }
        Ok(Exact::ratio(i128::from(self.count(class, class)), i128::from(before))?)
    }

    /// The classes that occur, A first.
    #[must_use]
    pub fn classes(&self) -> Vec<Class> {
        let mut seen = [false; CLASSES];
        for class in self.moves.keys().flat_map(|(from, to)| [*from, *to]).flatten() {
            if let Some(slot) = seen.get_mut(usize::from(class.position())) {
                *slot = true;
            }
        }
        let all = (0..).map_while(Class::new);
        all.zip(seen).filter_map(|(class, seen)| seen.then_some(class)).collect()
    }

    fn at(&self, from: Option<Class>, to: Option<Class>) -> u64 {
        self.moves.get(&(from, to)).copied().unwrap_or(0)
    }

    fn sum(&self, pick: impl Fn(Option<Class>, Option<Class>) -> bool) -> u64 {
        let picked = self.moves.iter().filter(|((from, to), _)| pick(*from, *to));
        picked.fold(0_u64, |sum, (_, times)| sum.saturating_add(*times))
    }
}

fn by_account(
    accounts: impl IntoIterator<Item = (AccountId, Class)>,
) -> Result<BTreeMap<AccountId, Class>, AccountError> {
    let mut map = BTreeMap::new();
    for (id, class) in accounts {
        if map.contains_key(&id) {
            return Err(AccountError::DuplicateId { id: id.to_string() });
        }
        map.insert(id, class);
    }
    Ok(map)
}
