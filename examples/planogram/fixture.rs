//! The furniture as people write it.

use std::collections::BTreeSet;
use std::path::Path;

use endcap::shelf::{Fixture, Product, ShareRule};
use endcap::types::{CategoryId, Currency, Rate};
use serde::Deserialize;
use toml::Spanned;

use crate::common::chains::place;
use crate::common::problems::{Problem, Problems, Source};
use crate::common::toml_file::read_toml;

/// One fixture to plan.
pub struct Bay {
    pub title: String,
    pub currency: Currency,
    pub fixture: Fixture,
    shares: Vec<(Share, Place)>,
    source: Source,
}

/// Line and column of a share in its file.
type Place = (u64, usize);

/// A share of the width agreed for a brand or a category.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Share {
    brand: Option<String>,
    category: Option<CategoryId>,
    least: Option<Rate>,
    most: Option<Rate>,
}

impl Bay {
    /// The shares agreed, as rules on the products planned.
    pub fn share_rules(&self, products: &[Product]) -> Vec<ShareRule> {
        let rule = |share: &Share| {
            let (least, most) = (share.least.unwrap_or(Rate::ZERO), share.most.unwrap_or_else(whole));
            match (&share.brand, &share.category) {
                (Some(brand), _) => ShareRule::of_brand(brand, products, least, most),
                (None, Some(category)) => ShareRule::of_category(category, products, least, most),
                (None, None) => ShareRule { name: String::new(), members: BTreeSet::new(), least, most },
            }
        };
        self.shares.iter().map(|(share, _)| rule(share)).collect()
    }

    /// Refuses a share of a brand or a category that none of the products belongs to.
    pub fn check_members(&self, products: &[Product], problems: &mut Problems) {
        for (rule, (share, (line, column))) in self.share_rules(products).iter().zip(&self.shares) {
            if rule.members.is_empty() {
                let name = share.brand.as_deref().or(share.category.as_ref().map(CategoryId::as_str));
                let name = name.unwrap_or_default().as_bytes();
                let expected = "expected a brand or a category of the products";
                problems.push(Problem::value(&self.source, *line, *column, name, expected));
            }
        }
    }
}

/// 100 %.
fn whole() -> Rate {
    Rate::percent(100.into()).unwrap_or(Rate::ZERO)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    title: String,
    currency: Spanned<String>,
    fixture: Fixture,
    #[serde(default)]
    share: Vec<Spanned<Share>>,
}

/// Reads a fixture; `None` after at least one problem.
pub fn read(path: &Path, number: usize, problems: &mut Problems) -> Option<Bay> {
    let (document, text, source) = read_toml::<Document>(path, number, "a fixture", problems)?;
    let code = document.currency.as_ref();
    let Ok(currency) = Currency::from_code(code) else {
        let (line, column) = place(&text, document.currency.span().start);
        let expected = "expected a currency code such as CNY";
        problems.push(Problem::value(&source, line, column, code.as_bytes(), expected));
        return None;
    };
    let mut shares = Vec::new();
    for share in document.share {
        let Share { brand, category, least, most } = share.as_ref();
        let (low, high) = (least.unwrap_or(Rate::ZERO).as_percent(), most.unwrap_or_else(whole).as_percent());
        let expected = if brand.is_some() == category.is_some() {
            Some("expected either a brand or a category")
        } else if low.is_sign_negative() || low > high || high > 100.into() {
            Some("expected least and most in order, from 0% to 100%")
        } else {
            None
        };
        let (line, column) = place(&text, share.span().start);
        if let Some(expected) = expected {
            problems.push(Problem::value(&source, line, column, b"[[share]]", expected));
        }
        shares.push((share.into_inner(), (line, column)));
    }
    if !problems.is_empty() {
        return None;
    }
    Some(Bay { shares, source, title: document.title, currency, fixture: document.fixture })
}
