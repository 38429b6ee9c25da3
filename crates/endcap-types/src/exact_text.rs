//! [`Exact`] as text: `n/d` in lowest terms, both ways.

use core::fmt;
use core::str::FromStr;

use num_bigint::BigInt;

use crate::exact::Repr;
use crate::exact_small::reduce;
use crate::limits::MAX_EXACT_CHARS;
use crate::{Exact, TypesError};

impl fmt::Display for Exact {
    /// Lowest terms, `n/d`, or `n` alone when the value is an integer.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.repr() {
            Repr::Small { num, den } => match reduce(*num, *den) {
                (num, 1) => fmt::Display::fmt(&num, f),
                (num, den) => f.pad(&format!("{num}/{den}")),
            },
            Repr::Big(parts) if parts.1 == BigInt::from(1) => fmt::Display::fmt(&parts.0, f),
            Repr::Big(parts) => f.pad(&format!("{}/{}", parts.0, parts.1)),
        }
    }
}

impl fmt::Debug for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Exact({self})")
    }
}

impl FromStr for Exact {
    type Err = TypesError;

    /// Reads what `Display` writes: `-345/2` or `17`.
    fn from_str(text: &str) -> Result<Self, TypesError> {
        let invalid = || TypesError::InvalidExact { text: text.chars().take(80).collect() };
        if text.len() > MAX_EXACT_CHARS {
            return Err(invalid());
        }
        let (num, den) = text.split_once('/').unwrap_or((text, "1"));
        let canonical = |part: &str, signed: bool| {
            let digits = if signed { part.strip_prefix('-').unwrap_or(part) } else { part };
            !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
        };
        if !canonical(num, true) || !canonical(den, false) {
            return Err(invalid());
        }
        let num = num.parse::<BigInt>().map_err(|_| invalid())?;
        let den = den.parse::<BigInt>().map_err(|_| invalid())?;
        Self::from_big(num, den)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Exact {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Exact {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
