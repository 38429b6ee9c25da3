//! Typed ids: a store id can never be passed where an account id is meant.

use crate::TypesError;
use crate::limits::MAX_ID_CHARS;

fn check(kind: &'static str, text: &str) -> Result<(), TypesError> {
    let reason = if text.is_empty() {
        "it is empty"
    } else if text.chars().count() > MAX_ID_CHARS {
        "it is longer than 64 characters"
    } else if text.chars().any(char::is_control) {
        "it holds a control character"
    } else if text.trim() != text {
        "it begins or ends with a space"
    } else {
        return Ok(());
    };
    Err(TypesError::InvalidId { kind, text: text.chars().take(MAX_ID_CHARS).collect(), reason })
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $kind:literal;)*) => {$(
        $(#[$doc])*
        ///
        /// Between 1 and 64 characters, no control characters, no outer spaces.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("use endcap_types::", stringify!($name), ";")]
        #[doc = concat!("let id = ", stringify!($name), "::new(\"E-0042\")?;")]
        /// assert_eq!(id.as_str(), "E-0042");
        #[doc = concat!("assert!(", stringify!($name), "::new(\" E-0042\").is_err());")]
        /// # Ok::<(), endcap_types::TypesError>(())
        /// ```
        ///
        /// # Source
        ///
        /// House rule.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Checks and keeps an id.
            ///
            /// # Errors
            ///
            /// - [`TypesError::InvalidId`] when the text breaks a rule above.
            pub fn new(text: impl Into<String>) -> Result<Self, TypesError> {
                let text = text.into();
                check($kind, &text)?;
                Ok(Self(text))
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl core::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl core::str::FromStr for $name {
            type Err = TypesError;

            fn from_str(text: &str) -> Result<Self, TypesError> {
                Self::new(text)
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                Self::new(text).map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// A key account (重点客户): the chain that signs the contract.
    AccountId "account";
    /// A store (门店) of an account.
    StoreId "store";
    /// A stock-keeping unit (单品 / SKU).
    SkuId "SKU";
    /// A product category (品类).
    CategoryId "category";
    /// A contract (合同).
    ContractId "contract";
    /// One clause of a contract (合同条款).
    ClauseId "clause";
    /// A settlement statement (对账单 / 结算单).
    StatementId "statement";
    /// A document of either side: delivery note, invoice, receipt (单据).
    DocumentId "document";
    /// A promotion (促销活动).
    PromotionId "promotion";
}
