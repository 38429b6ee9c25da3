//! The sample set: one reading of the laws named, each rule with its source and how far it was checked.

mod china;
mod europe;
mod overseas;

use chrono::NaiveDate;
use endcap_calendar::dates::ymd;
use endcap_types::{Currency, Money};

use super::condition::Condition;
use super::rule::{Check, Confidence, Jurisdiction, Rule, Severity, Wording};
use super::rule_set::RuleSet;
use crate::SettlementError;

impl RuleSet {
    /// 示例规则集: fair trade, payment and VAT rules of China; unfair trading and late payment in the European Union;
    /// late payment and the groceries code in the United Kingdom; produce and allowances in the United States.
    ///
    /// Never used unless asked for. Not legal advice.
    ///
    /// # Errors
    /// - [`SettlementError`] never: the rules are constants, and a test reads them.
    ///
    /// # Source
    /// The `source` of each rule.
    pub fn sample() -> Result<Self, SettlementError> {
        let mut rules = Vec::new();
        china::fair_trade(&mut rules)?;
        china::small_enterprises(&mut rules)?;
        china::vat(&mut rules)?;
        europe::unfair_practices(&mut rules)?;
        europe::late_payment(&mut rules)?;
        overseas::united_kingdom(&mut rules)?;
        overseas::united_states(&mut rules)?;
        Ok(Self::new(rules)?)
    }
}

/// What several rules of one instrument share.
struct Instrument {
    jurisdiction: Jurisdiction,
    name: &'static str,
    from: NaiveDate,
    to: Option<NaiveDate>,
    applies_if: Condition,
    confidence: Confidence,
    source: &'static str,
}

impl Instrument {
    fn rule(
        &self,
        (id, article): (&str, &str),
        check: Check,
        severity: Severity,
        (en, zh): (&str, &str),
    ) -> Rule {
        Rule {
            id: id.to_owned(),
            jurisdiction: self.jurisdiction,
            instrument: self.name.to_owned(),
            article: article.to_owned(),
            effective_from: self.from,
            effective_to: self.to,
            applies_if: self.applies_if.clone(),
            check,
            severity,
            message: Wording::new(en, zh),
            confidence: self.confidence,
            source: self.source.to_owned(),
        }
    }
}

fn day(year: i32, month: u32, day: u32) -> Result<NaiveDate, SettlementError> {
    Ok(ymd(year, month, day)?)
}

/// Whole millions of a currency.
fn millions(count: i128, currency: Currency) -> Result<Money, SettlementError> {
    let minor = count.saturating_mul(1_000_000).saturating_mul(currency.minor_per_major());
    Ok(Money::from_minor(minor, currency)?)
}
