//! The two languages in which everything is explained.

use core::fmt;

/// The language of an explanation (语言): English or simplified Chinese.
///
/// Every reason, trace, finding and drawing of the workspace takes this one type, so that a program chooses once.
///
/// # Examples
///
/// ```
/// use endcap_types::Language;
///
/// assert_eq!(Language::Zh.pick("due", "到期"), "到期");
/// assert_eq!(Language::En.to_string(), "en");
/// assert_eq!(Language::ALL.len(), 2);
/// ```
///
/// # Source
///
/// Codes of ISO 639-1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Simplified Chinese (简体中文).
    Zh,
}

impl Language {
    /// Both languages.
    pub const ALL: [Self; 2] = [Self::En, Self::Zh];

    /// The code of the language: `en` or `zh`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.pick("en", "zh")
    }

    /// The one of the two wordings that is in this language.
    #[must_use]
    pub const fn pick<T: Copy>(self, en: T, zh: T) -> T {
        match self {
            Self::En => en,
            Self::Zh => zh,
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
