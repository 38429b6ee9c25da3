//! Two corrections of classes by rule: least sizes, and decisions of a person, which always expire.

use super::placement::Classification;
use super::scheme::Class;
use crate::error::AccountError;

/// Classes with at least so many members each (最小组规模): `minimums[k]` is the least size of class `k`, A first.
///
/// Members stay in order of rank; each limit moves down the ranking just as far as its class needs, and never up. A class
/// without a minimum given needs none. Where members run out, the last classes stay short. `result[i]` is the class of
/// the `i`-th member of the input.
///
/// # Errors
///
/// - [`AccountError::LengthMismatch`] for more minimums than classes.
///
/// # Examples
///
/// ```
/// use endcap_account::{Scheme, classify_slice, with_minimum_sizes};
///
/// let classes = classify_slice(&[90_i64, 4, 3, 2, 1], &Scheme::default())?; // A, B, B, C, C
/// let letters = |minimums: &[usize]| -> Result<String, endcap_account::AccountError> {
///     Ok(with_minimum_sizes(&classes, minimums)?.into_iter().map(|class| class.letter()).collect())
/// };
/// assert_eq!(letters(&[])?, "ABBCC");
/// assert_eq!(letters(&[2])?, "AABCC");
/// assert_eq!(letters(&[2, 3])?, "AABBB");
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// House rule: a visit plan or a price list needs a class worth having.
pub fn with_minimum_sizes(
    classification: &Classification,
    minimums: &[usize],
) -> Result<Vec<Class>, AccountError> {
    let classes = classification.classes();
    if minimums.len() > classes.len() {
        let (given, expected) = (minimums.len(), classes.len());
        return Err(AccountError::LengthMismatch { what: "minimum sizes", given, expected });
    }
    // Ranks up to which each class reaches.
    let mut ends = Vec::with_capacity(classes.len());
    let (mut given, mut end) = (0_usize, 0_usize);
    for (position, class) in classes.iter().enumerate() {
        given = given.saturating_add(class.members);
        let least = minimums.get(position).copied().unwrap_or(0);
        end = given.max(end.saturating_add(least));
        ends.push(end);
    }
    let last = classes.len().saturating_sub(1);
    let class = |rank: usize| Class::from_count(ends.partition_point(|end| *end < rank).min(last));
    Ok(classification.placements().iter().map(|placement| class(placement.rank)).collect())
}

/// A class that a person decided (人工定级), with who, when and until when; days are whole numbers from any fixed day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManualClass {
    class: Class,
    by: String,
    from: i32,
    until: i32,
}

impl ManualClass {
    /// A decision that holds on days `[from, until)`. There is none without an end.
    ///
    /// # Errors
    ///
    /// - [`AccountError::OutOfRange`] where it ends before it begins, or nobody signs it.
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_account::{Class, ManualClass};
    ///
    /// let b = Class::from_letter('B').ok_or("no class")?;
    /// let kept = ManualClass::new(Class::A, "key-account manager north", 100, 190)?;
    /// assert_eq!((kept.effective(b, 99), kept.effective(b, 100), kept.effective(b, 190)), (b, Class::A, b));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Source
    ///
    /// House rule: an override always carries an expiry date.
    pub fn new(class: Class, by: &str, from: i32, until: i32) -> Result<Self, AccountError> {
        let refuse = |what: &str, value: String, rule| {
            Err(AccountError::OutOfRange { what: what.to_owned(), value, rule })
        };
        if until <= from {
            let rule = "a manual class must end after the day it begins";
            return refuse("the end of a manual class", until.to_string(), rule);
        }
        if by.trim().is_empty() {
            return refuse("who decided a manual class", format!("{by:?}"), "somebody must sign it");
        }
        Ok(Self { class, by: by.trim().to_owned(), from, until })
    }

    /// The class on a day: the decided one while it holds, else `raw`.
    #[must_use]
    pub const fn effective(&self, raw: Class, day: i32) -> Class {
        if self.from <= day && day < self.until { self.class } else { raw }
    }

    /// Who decided.
    #[must_use]
    pub fn by(&self) -> &str {
        &self.by
    }

    /// The days on which it holds, half-open.
    #[must_use]
    pub const fn days(&self) -> (i32, i32) {
        (self.from, self.until)
    }
}
