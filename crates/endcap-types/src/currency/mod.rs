//! Currencies and their minor units.

mod table;

use core::fmt;
use core::str::FromStr;

use crate::TypesError;
use table::TABLE;

#[derive(Debug)]
struct Entry {
    code: &'static str,
    numeric: u16,
    exponent: u8,
    name: &'static str,
}

/// A currency (币种) of the ISO 4217 list, with the exponent of its minor unit (0 to 4).
///
/// # Examples
///
/// ```
/// use endcap_types::Currency;
/// assert_eq!(Currency::CNY.exponent(), 2);
/// assert_eq!(Currency::from_code("JPY")?.exponent(), 0);
/// assert_eq!(Currency::from_code("CLF")?.minor_per_major(), 10_000);
/// # Ok::<(), endcap_types::TypesError>(())
/// ```
///
/// # Source
///
/// ISO 4217 list one (active codes that have a minor unit).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency(u8);

impl Currency {
    /// Yuan renminbi, exponent 2.
    pub const CNY: Self = Self(31);
    /// US dollar, exponent 2.
    pub const USD: Self = Self(144);
    /// Euro, exponent 2.
    pub const EUR: Self = Self(45);
    /// Pound sterling, exponent 2.
    pub const GBP: Self = Self(48);
    /// Yen, exponent 0.
    pub const JPY: Self = Self(68);
    /// Won, exponent 0.
    pub const KRW: Self = Self(74);
    /// Hong Kong dollar, exponent 2.
    pub const HKD: Self = Self(56);
    /// New Taiwan dollar, exponent 2.
    pub const TWD: Self = Self(140);
    /// Singapore dollar, exponent 2.
    pub const SGD: Self = Self(123);
    /// Kuwaiti dinar, exponent 3.
    pub const KWD: Self = Self(75);
    /// Unidad de fomento, exponent 4.
    pub const CLF: Self = Self(29);
    /// Swiss franc, exponent 2.
    pub const CHF: Self = Self(27);
    /// Baht, exponent 2.
    pub const THB: Self = Self(133);
    /// Dong, exponent 0.
    pub const VND: Self = Self(152);

    /// The currency of an upper-case three-letter code.
    ///
    /// # Errors
    ///
    /// - [`TypesError::UnknownCurrency`] when the code is not in the table (lower case is not).
    pub fn from_code(code: &str) -> Result<Self, TypesError> {
        TABLE
            .binary_search_by(|entry| entry.code.cmp(code))
            .ok()
            .and_then(|index| u8::try_from(index).ok())
            .map(Self)
            .ok_or_else(|| TypesError::UnknownCurrency { code: code.chars().take(16).collect() })
    }

    /// Every currency of the table, in code order.
    pub fn all() -> impl Iterator<Item = Self> {
        (0_u8..=u8::MAX).take(TABLE.len()).map(Self)
    }

    fn entry(self) -> &'static Entry {
        const MISSING: Entry = Entry { code: "XXX", numeric: 999, exponent: 0, name: "No currency" };
        // Always present: a `Currency` is only made from an index of the table.
        TABLE.get(usize::from(self.0)).unwrap_or(&MISSING)
    }

    /// The three-letter code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.entry().code
    }

    /// The numeric code.
    #[must_use]
    pub fn numeric(self) -> u16 {
        self.entry().numeric
    }

    /// Decimals of the minor unit: 0 for JPY, 2 for CNY, 3 for KWD, 4 for CLF.
    #[must_use]
    pub fn exponent(self) -> u8 {
        self.entry().exponent
    }

    /// Minor units in one major unit: 10 to the exponent.
    #[must_use]
    pub fn minor_per_major(self) -> i128 {
        match self.exponent() {
            0 => 1,
            1 => 10,
            2 => 100,
            3 => 1_000,
            _ => 10_000,
        }
    }

    /// The English name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.entry().name
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = TypesError;

    fn from_str(code: &str) -> Result<Self, TypesError> {
        Self::from_code(code)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        Self::from_code(&code).map_err(serde::de::Error::custom)
    }
}
