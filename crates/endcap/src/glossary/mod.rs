//! The trade's terms (术语): Chinese, English, what each means, and its formula where it has one.
//!
//! ```
//! use endcap::glossary;
//! let term = glossary::find("鲸鱼曲线").unwrap();
//! assert_eq!(term.en, "Whale curve");
//! ```

mod table;

/// The part of the trade a term belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Accounts, prices, orders, visits (业务).
    Business,
    /// Shelf and display (陈列).
    Display,
    /// Stock and store operations (运营).
    Operations,
    /// Promotion (促销).
    Promotion,
    /// Settlement, receivables, ledger (财务).
    Finance,
}

/// One term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// Where it belongs.
    pub group: Group,
    /// The Chinese term.
    pub zh: &'static str,
    /// The English term.
    pub en: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// How it is computed; empty when there is nothing to compute.
    pub formula: &'static str,
}

const fn term(
    group: Group,
    zh: &'static str,
    en: &'static str,
    meaning: &'static str,
    formula: &'static str,
) -> Term {
    Term { group, zh, en, meaning, formula }
}

/// Every term, group by group.
///
/// # Source
///
/// Trade usage; formulas as the crates of this workspace compute them.
#[must_use]
pub const fn terms() -> &'static [Term] {
    table::TERMS
}

/// The term whose Chinese or English name is `name`, exactly; of names with several forms (`进场/进店`) any one form.
#[must_use]
pub fn find(name: &str) -> Option<&'static Term> {
    terms().iter().find(|t| t.zh == name || t.en == name || t.zh.split('/').any(|form| form == name))
}
