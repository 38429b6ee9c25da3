//! Class limits as exact fractions of the total.

use core::fmt;
use core::str::FromStr;

use rust_decimal::Decimal;

use crate::error::AccountError;

/// Most limits a scheme can have: 26 classes, A to Z.
pub const MAX_CUTS: usize = 25;

/// One class limit (分级线): a fraction of the total, above 0 and at most 1, exact and in lowest terms.
///
/// # Examples
///
/// ```
/// use endcap_account::Cut;
///
/// let cut: Cut = "80%".parse()?;
/// assert_eq!(cut, "0.8".parse()?);
/// assert_eq!(cut, Cut::ratio(4, 5)?);
/// assert_eq!(cut.to_string(), "4/5");
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// House rule: a limit of one third exists, so limits are fractions and never floating-point numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cut {
    numerator: u64,
    denominator: u64,
}

impl Cut {
    /// The limit `numerator / denominator` of the total.
    ///
    /// # Errors
    ///
    /// - [`AccountError::InvalidCuts`] where it is not above 0 and at most 1.
    pub fn ratio(numerator: u64, denominator: u64) -> Result<Self, AccountError> {
        let invalid =
            |rule| AccountError::InvalidCuts { position: 0, cut: format!("{numerator}/{denominator}"), rule };
        if numerator == 0 || denominator == 0 {
            return Err(invalid("a limit must be above 0"));
        }
        if numerator > denominator {
            return Err(invalid("a limit must be at most 1"));
        }
        let divisor = gcd(numerator, denominator);
        Ok(Self {
            numerator: numerator.checked_div(divisor).unwrap_or(numerator),
            denominator: denominator.checked_div(divisor).unwrap_or(denominator),
        })
    }

    /// The limit as a decimal fraction of the total: `0.8` is 80 %.
    ///
    /// # Errors
    ///
    /// - [`AccountError::InvalidCuts`] where it is not above 0 and at most 1, or has more than 19 decimals.
    pub fn decimal(fraction: Decimal) -> Result<Self, AccountError> {
        let fraction = fraction.normalize();
        let invalid = |rule| AccountError::InvalidCuts { position: 0, cut: fraction.to_string(), rule };
        if fraction.is_sign_negative() || fraction.is_zero() {
            return Err(invalid("a limit must be above 0"));
        }
        if fraction > Decimal::ONE {
            return Err(invalid("a limit must be at most 1"));
        }
        let too_long = || invalid("a limit can have at most 19 decimals");
        let denominator = 10_u64.checked_pow(fraction.scale()).ok_or_else(too_long)?;
        let numerator = u64::try_from(fraction.mantissa()).map_err(|_| too_long())?;
        Self::ratio(numerator, denominator)
    }

    /// The numerator in lowest terms.
    #[must_use]
    pub const fn numerator(self) -> u64 {
        self.numerator
    }

    /// The denominator in lowest terms.
    #[must_use]
    pub const fn denominator(self) -> u64 {
        self.denominator
    }

    /// `cut × total` rounded down, and whether that is exact; `total` must not be negative.
    pub(crate) fn of(self, total: u128) -> (u128, Exactness) {
        let (numerator, denominator) = (u128::from(self.numerator), u128::from(self.denominator));
        // numerator <= denominator < 2^64, so neither product can overflow.
        let whole = total.checked_div(denominator).unwrap_or(0).saturating_mul(numerator);
        let rest = total.checked_rem(denominator).unwrap_or(0).saturating_mul(numerator);
        let below = whole.saturating_add(rest.checked_div(denominator).unwrap_or(0));
        let exactness =
            if rest.checked_rem(denominator) == Some(0) { Exactness::Exact } else { Exactness::RoundedDown };
        (below, exactness)
    }

    fn is_below(self, other: Self) -> bool {
        u128::from(self.numerator).saturating_mul(u128::from(other.denominator))
            < u128::from(other.numerator).saturating_mul(u128::from(self.denominator))
    }
}

fn gcd(mut a: u64, mut b: u64) -> u64 {
    while let Some(rest) = a.checked_rem(b) {
        (a, b) = (b, rest);
    }
    a
}

/// Whether a limit falls on a whole minor unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exactness {
    Exact,
    RoundedDown,
}

impl fmt::Display for Cut {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.denominator == 1 {
            write!(formatter, "{}", self.numerator)
        } else {
            write!(formatter, "{}/{}", self.numerator, self.denominator)
        }
    }
}

impl FromStr for Cut {
    type Err = AccountError;

    /// Reads `0.8`, `80%` or `4/5`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unreadable = || AccountError::InvalidCuts {
            position: 0,
            cut: text.to_owned(),
            rule: "a limit is written as 0.8, 80% or 4/5",
        };
        if let Some((numerator, denominator)) = text.split_once('/') {
            let numerator = numerator.trim().parse().map_err(|_| unreadable())?;
            let denominator = denominator.trim().parse().map_err(|_| unreadable())?;
            return Self::ratio(numerator, denominator);
        }
        if let Some(percent) = text.strip_suffix('%') {
            let percent = Decimal::from_str_exact(percent.trim()).map_err(|_| unreadable())?.normalize();
            let scale = percent.scale().checked_add(2).ok_or_else(unreadable)?;
            let fraction =
                Decimal::try_from_i128_with_scale(percent.mantissa(), scale).map_err(|_| unreadable())?;
            return Self::decimal(fraction);
        }
        Self::decimal(Decimal::from_str_exact(text.trim()).map_err(|_| unreadable())?)
    }
}

/// The class limits of a scheme (分级线组), strictly increasing; N limits make N + 1 classes.
///
/// # Examples
///
/// ```
/// use endcap_account::Cutoffs;
///
/// let limits = Cutoffs::percent(&[80, 95])?;
/// assert_eq!(limits, "0.8|0.95".parse()?);
/// assert_eq!(limits.classes(), 3);
/// assert!(Cutoffs::percent(&[95, 80]).is_err());
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// House rule; 80 % and 95 % are the usual preset, 70/90 and 20/50 (by count) are common alternatives.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Vec<String>", into = "Vec<String>"))]
pub struct Cutoffs(Vec<Cut>);

impl Cutoffs {
    /// Checked limits in ascending order; no limit at all makes a single class.
    ///
    /// # Errors
    ///
    /// - [`AccountError::InvalidCuts`] where a limit is not above the one before it, or there are more than [`MAX_CUTS`].
    pub fn new(cuts: Vec<Cut>) -> Result<Self, AccountError> {
        if cuts.len() > MAX_CUTS {
            let cut = cuts.get(MAX_CUTS).map_or_else(String::new, ToString::to_string);
            return Err(AccountError::InvalidCuts {
                position: MAX_CUTS,
                cut,
                rule: "at most 25 limits make classes A to Z",
            });
        }
        for (position, pair) in cuts.windows(2).enumerate() {
            if let [before, cut] = pair
                && !before.is_below(*cut)
            {
                return Err(AccountError::InvalidCuts {
                    position: position.saturating_add(1),
                    cut: cut.to_string(),
                    rule: "each limit must be above the one before it",
                });
            }
        }
        Ok(Self(cuts))
    }

    /// Limits in whole percent of the total.
    ///
    /// # Errors
    ///
    /// - [`AccountError::InvalidCuts`] as for [`Cutoffs::new`], or for a percentage of 0 or above 100.
    pub fn percent(percents: &[u8]) -> Result<Self, AccountError> {
        let read = |(position, percent): (usize, &u8)| {
            Cut::ratio(u64::from(*percent), 100).map_err(|error| at_position(error, position))
        };
        Self::new(percents.iter().enumerate().map(read).collect::<Result<_, _>>()?)
    }

    /// The limits in ascending order.
    #[must_use]
    pub fn cuts(&self) -> &[Cut] {
        &self.0
    }

    /// Number of classes: one more than there are limits.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.0.len().saturating_add(1)
    }
}

fn at_position(error: AccountError, position: usize) -> AccountError {
    match error {
        AccountError::InvalidCuts { cut, rule, .. } => AccountError::InvalidCuts { position, cut, rule },
        other => other,
    }
}

impl Default for Cutoffs {
    /// The preset 80 % and 95 %.
    fn default() -> Self {
        Self(vec![Cut { numerator: 4, denominator: 5 }, Cut { numerator: 19, denominator: 20 }])
    }
}

impl TryFrom<Vec<String>> for Cutoffs {
    type Error = AccountError;

    fn try_from(texts: Vec<String>) -> Result<Self, Self::Error> {
        let read =
            |(position, text): (usize, &String)| text.parse().map_err(|error| at_position(error, position));
        Self::new(texts.iter().enumerate().map(read).collect::<Result<_, _>>()?)
    }
}

impl From<Cutoffs> for Vec<String> {
    fn from(cutoffs: Cutoffs) -> Self {
        cutoffs.0.iter().map(ToString::to_string).collect()
    }
}

impl FromStr for Cutoffs {
    type Err = AccountError;

    /// Reads limits separated by `|` or `,`, each as [`Cut`] reads it; an empty text is no limit.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split(['|', ',']).map(str::trim).filter(|part| !part.is_empty());
        Self::try_from(parts.map(str::to_owned).collect::<Vec<_>>())
    }
}
