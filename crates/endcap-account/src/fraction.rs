//! Exact fractions of any size, and their decimal rendering.
// `BigInt` arithmetic cannot overflow; the denominator is checked before every division.
#![allow(clippy::arithmetic_side_effects)]

use core::cmp::Ordering;
use core::fmt;

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{One, Signed, Zero};

/// An exact ratio in lowest terms (分数), without unit; the denominator is positive.
///
/// # Examples
///
/// ```
/// use endcap_account::Fraction;
///
/// let share = Fraction::new(1, 3).ok_or("zero denominator")?;
/// assert_eq!(share.to_string(), "1/3");
/// assert_eq!(share.to_fixed(4), "0.3333");
/// # Ok::<(), &'static str>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Fraction {
    numerator: BigInt,
    denominator: BigInt,
}

impl Fraction {
    /// `numerator / denominator` in lowest terms, or `None` where the denominator is zero.
    #[must_use]
    pub fn new(numerator: impl Into<BigInt>, denominator: impl Into<BigInt>) -> Option<Self> {
        let (mut numerator, mut denominator) = (numerator.into(), denominator.into());
        if denominator.is_zero() {
            return None;
        }
        if denominator.sign() == Sign::Minus {
            numerator = -numerator;
            denominator = -denominator;
        }
        let divisor = numerator.gcd(&denominator);
        if !divisor.is_one() {
            numerator /= &divisor;
            denominator /= &divisor;
        }
        Some(Self { numerator, denominator })
    }

    /// A whole number.
    #[must_use]
    pub fn whole(value: impl Into<BigInt>) -> Self {
        Self { numerator: value.into(), denominator: BigInt::one() }
    }

    /// The numerator in lowest terms.
    #[must_use]
    pub const fn numerator(&self) -> &BigInt {
        &self.numerator
    }

    /// The denominator in lowest terms, above zero.
    #[must_use]
    pub const fn denominator(&self) -> &BigInt {
        &self.denominator
    }

    /// The sum of two fractions.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let numerator = &self.numerator * &other.denominator + &other.numerator * &self.denominator;
        Self::reduced(numerator, &self.denominator * &other.denominator)
    }

    /// The difference of two fractions.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        let numerator = &self.numerator * &other.denominator - &other.numerator * &self.denominator;
        Self::reduced(numerator, &self.denominator * &other.denominator)
    }

    /// The product of two fractions.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        Self::reduced(&self.numerator * &other.numerator, &self.denominator * &other.denominator)
    }

    /// The quotient of two fractions, or `None` where the divisor is zero.
    #[must_use]
    pub fn over(&self, other: &Self) -> Option<Self> {
        Self::new(&self.numerator * &other.denominator, &self.denominator * &other.numerator)
    }

    /// The decimal rendering with exactly `decimals` places, rounded half away from zero.
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_account::Fraction;
    ///
    /// let hhi = Fraction::new(-1, 8).ok_or("zero denominator")?;
    /// assert_eq!(hhi.to_fixed(2), "-0.13");
    /// # Ok::<(), &'static str>(())
    /// ```
    #[must_use]
    pub fn to_fixed(&self, decimals: u32) -> String {
        let scale = BigInt::from(10_u8).pow(decimals);
        let scaled: BigInt = self.numerator.abs() * scale * 2_u8 + &self.denominator;
        let digits = scaled.div_floor(&(&self.denominator * 2_u8)).to_string();
        let places = usize::try_from(decimals).unwrap_or(usize::MAX);
        let digits = format!("{digits:0>width$}", width = places.saturating_add(1));
        let (whole, part) = digits.split_at(digits.len().saturating_sub(places));
        let minus = if self.numerator.is_negative() && digits.bytes().any(|digit| digit != b'0') { "-" } else { "" };
        if decimals == 0 { format!("{minus}{whole}") } else { format!("{minus}{whole}.{part}") }
    }

    fn reduced(numerator: BigInt, denominator: BigInt) -> Self {
        let divisor = numerator.gcd(&denominator);
        if divisor.is_zero() || divisor.is_one() {
            return Self { numerator, denominator };
        }
        Self { numerator: numerator / &divisor, denominator: denominator / &divisor }
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Fraction {
    fn cmp(&self, other: &Self) -> Ordering {
        (&self.numerator * &other.denominator).cmp(&(&other.numerator * &self.denominator))
    }
}

impl fmt::Display for Fraction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.denominator.is_one() {
            write!(formatter, "{}", self.numerator)
        } else {
            write!(formatter, "{}/{}", self.numerator, self.denominator)
        }
    }
}
