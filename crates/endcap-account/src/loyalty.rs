//! How firmly accounts stay: shares and rates, all exact fractions.

use endcap_types::{Exact, Money};

use crate::error::AccountError;
use crate::members::same_currency;

fn count(value: u64) -> Exact {
    Exact::from_int(i128::from(value))
}

/// `part / whole`, where the part lies inside the whole.
fn inside(
    (part_name, part): (&'static str, u64),
    (whole_name, whole): (&'static str, u64),
) -> Result<Exact, AccountError> {
    if whole == 0 {
        return Err(AccountError::ZeroTotal);
    }
    if part > whole {
        let (part, whole) = (part.to_string(), whole.to_string());
        return Err(AccountError::Inconsistent { part_name, part, whole_name, whole });
    }
    Ok(count(part).div(&count(whole))?)
}

/// Share of wallet (客户份额): the account's purchases from us over its purchases of the category; 0–1.
///
/// # Errors
///
/// - [`AccountError::ZeroTotal`] for a category of zero; [`AccountError::NegativeInput`] for an amount below zero.
/// - [`AccountError::Inconsistent`] where own purchases exceed those of the category.
/// - [`AccountError::Value`] where the currencies differ.
///
/// # Examples
///
/// ```
/// use endcap_account::share_of_wallet;
/// use endcap_types::{Currency, Money};
///
/// let (own, category) = (Money::parse("300.00", Currency::CNY)?, Money::parse("1200.00", Currency::CNY)?);
/// assert_eq!(share_of_wallet(&own, &category)?.to_string(), "1/4");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Trade usage.
pub fn share_of_wallet(own: &Money, category: &Money) -> Result<Exact, AccountError> {
    same_currency(own, category.currency())?;
    for (what, amount) in [("own purchases", own), ("purchases of the category", category)] {
        if amount.is_negative() {
            let value = amount.to_amount_string();
            return Err(AccountError::NegativeInput { what: what.to_owned(), value });
        }
    }
    if category.is_zero() {
        return Err(AccountError::ZeroTotal);
    }
    if own.minor() > category.minor() {
        return Err(AccountError::Inconsistent {
            part_name: "own purchases",
            part: own.to_amount_string(),
            whole_name: "purchases of the category",
            whole: category.to_amount_string(),
        });
    }
    Ok(Exact::ratio(own.minor(), category.minor())?)
}

/// Retention rate (客户留存率): `(end − new) / start`, accounts kept through a period over accounts at its start; 0–1.
///
/// # Errors
///
/// - [`AccountError::ZeroTotal`] where none were there at the start.
/// - [`AccountError::Inconsistent`] where more are new than there are at the end, or more were kept than there were.
///
/// # Examples
///
/// ```
/// use endcap_account::{churn_rate, retention_rate};
///
/// assert_eq!(retention_rate(120, 130, 25)?.to_string(), "7/8"); // 105 of 120 are still there
/// assert_eq!(churn_rate(120, 130, 25)?.to_string(), "1/8");
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// Trade usage.
pub fn retention_rate(start: u64, end: u64, new: u64) -> Result<Exact, AccountError> {
    let kept = end.checked_sub(new).ok_or_else(|| AccountError::Inconsistent {
        part_name: "new accounts",
        part: new.to_string(),
        whole_name: "accounts at the end",
        whole: end.to_string(),
    })?;
    inside(("accounts kept", kept), ("accounts at the start", start))
}

/// Churn rate (客户流失率): `1 − retention`; 0–1.
///
/// # Errors
///
/// - As [`retention_rate`].
///
/// # Source
///
/// Trade usage.
pub fn churn_rate(start: u64, end: u64, new: u64) -> Result<Exact, AccountError> {
    Ok(Exact::ONE.sub(&retention_rate(start, end, new)?)?)
}

/// Repurchase rate (复购率): buyers with at least two purchases over all buyers; 0–1.
///
/// # Errors
///
/// - [`AccountError::ZeroTotal`] without buyers; [`AccountError::Inconsistent`] for more repeat buyers than buyers.
///
/// # Examples
///
/// ```
/// assert_eq!(endcap_account::repurchase_rate(90, 200)?.to_string(), "9/20");
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// Trade usage.
pub fn repurchase_rate(repeat_buyers: u64, buyers: u64) -> Result<Exact, AccountError> {
    inside(("repeat buyers", repeat_buyers), ("buyers", buyers))
}

/// Range breadth (采购广度): items bought over items listed at the account; 0–1.
///
/// # Errors
///
/// - [`AccountError::ZeroTotal`] without listed items; [`AccountError::Inconsistent`] for more bought than listed.
///
/// # Examples
///
/// ```
/// assert_eq!(endcap_account::range_breadth(18, 24)?.to_string(), "3/4");
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// House rule.
pub fn range_breadth(items_bought: u64, items_listed: u64) -> Result<Exact, AccountError> {
    inside(("items bought", items_bought), ("items listed", items_listed))
}

/// Share of an account's wallet expected from the ranks it gives to the brands it uses (排名份额).
///
/// `(1 − rank/(n + 1))·2/n` for `n` brands; equal brands take the mean of their ranks, which keeps the sum at 1.
/// `preferences[i]` is how brand `i` is placed: the lowest number is the first choice, equal numbers are ties. The
/// result is in the same order.
///
/// # Errors
///
/// - [`AccountError::Empty`] without brands.
///
/// # Examples
///
/// ```
/// use endcap_account::rank_share;
///
/// let shares = rank_share(&[1, 2, 3])?;
/// assert_eq!(shares.iter().map(ToString::to_string).collect::<Vec<_>>(), ["1/2", "1/3", "1/6"]);
/// let tied = rank_share(&[1, 1, 3])?; // both first choices have rank 1.5
/// assert_eq!(tied.iter().map(ToString::to_string).collect::<Vec<_>>(), ["5/12", "5/12", "1/6"]);
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// Keiningham, Aksoy, Williams and Buoye, The Wallet Allocation Rule, 2015, appendix A.
pub fn rank_share(preferences: &[u32]) -> Result<Vec<Exact>, AccountError> {
    let brands = u64::try_from(preferences.len()).map_err(|_| AccountError::Overflow { what: "a count" })?;
    if brands == 0 {
        return Err(AccountError::Empty);
    }
    let mut sorted = preferences.to_vec();
    sorted.sort_unstable();
    let brands = count(brands);
    let weights = brands.mul(&brands.add(&Exact::ONE)?)?;
    let share = |preference: &u32| {
        let ahead = sorted.partition_point(|other| other < preference);
        let to = sorted.partition_point(|other| other <= preference);
        // Twice the mean of the ranks ahead+1 to `to`.
        let twice_rank = u64::try_from(ahead.saturating_add(to).saturating_add(1))
            .map_err(|_| AccountError::Overflow { what: "a count" })?;
        let twice = brands.add(&Exact::ONE)?.mul(&Exact::from_int(2))?.sub(&count(twice_rank))?;
        Ok(twice.div(&weights)?)
    };
    preferences.iter().map(share).collect()
}

/// How much a figure of regularity says (样本说明).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Evidence {
    /// Two or more gaps.
    Several,
    /// A single gap: the variation is 0 whatever the account does.
    SingleGap,
}

/// Regularity of orders (采购规律性): 0 is a clock, 1 is as irregular as chance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regularity {
    /// Squared coefficient of variation of the gaps, at least 0.
    pub cv_squared: Exact,
    /// How much that says.
    pub evidence: Evidence,
}

/// Regularity of orders from the gaps between them in days (采购规律性): `population variance / mean²`, exactly.
///
/// # Errors
///
/// - [`AccountError::Empty`] without gaps; [`AccountError::ZeroTotal`] where all gaps are zero.
/// - [`AccountError::Value`] where a sum outgrows the limit of exact numbers.
///
/// # Examples
///
/// ```
/// use endcap_account::regularity;
///
/// // The mean of 5, 9, 7, 7 is 7; the squared distances 4, 4, 0, 0 average 2: 2/49.
/// assert_eq!(regularity(&[5, 9, 7, 7])?.cv_squared.to_string(), "2/49");
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// Squared coefficient of variation, any statistics textbook; as a measure of purchase habit, house rule.
pub fn regularity(gaps_days: &[u32]) -> Result<Regularity, AccountError> {
    let number = u64::try_from(gaps_days.len()).map_err(|_| AccountError::Overflow { what: "a count" })?;
    if number == 0 {
        return Err(AccountError::Empty);
    }
    let (mut sum, mut squares) = (0_u128, 0_u128);
    for gap in gaps_days {
        // A gap has 32 bits and a slice fewer than 2^63 of them: neither sum can overflow.
        sum = sum.saturating_add(u128::from(*gap));
        squares = squares.saturating_add(u128::from(*gap).saturating_mul(u128::from(*gap)));
    }
    if sum == 0 {
        return Err(AccountError::ZeroTotal);
    }
    let exact = |value: u128| {
        i128::try_from(value)
            .map(Exact::from_int)
            .map_err(|_| AccountError::Overflow { what: "a sum of gaps" })
    };
    let (sum, squares) = (exact(sum)?, exact(squares)?);
    // n·Σx²/(Σx)² − 1 is the variance over the squared mean.
    let cv_squared = count(number).mul(&squares)?.div(&sum.mul(&sum)?)?.sub(&Exact::ONE)?;
    let evidence = if number == 1 { Evidence::SingleGap } else { Evidence::Several };
    Ok(Regularity { cv_squared, evidence })
}
