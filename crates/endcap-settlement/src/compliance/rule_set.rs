//! [`RuleSet`]: the rules a check is held against, each id once.

use std::collections::BTreeMap;

use super::error::ComplianceError;
use super::rule::Rule;

/// 规则集: checked rules, by id.
///
/// # Examples
/// ```
/// use endcap_settlement::compliance::RuleSet;
/// // What the library brings is a sample; callers replace, drop and add rules.
/// let sample = RuleSet::sample()?;
/// let mut own: Vec<_> = sample.rules().cloned().collect();
/// own.retain(|rule| rule.id != "US-RP");
/// assert_eq!(RuleSet::new(own)?.rules().count(), sample.rules().count() - 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// House rule: an empty set finds nothing, and there is no default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Vec<Rule>", into = "Vec<Rule>"))]
pub struct RuleSet {
    rules: BTreeMap<String, Rule>,
}

impl RuleSet {
    /// Checks every rule; the order they are given in changes nothing.
    ///
    /// # Errors
    /// - [`ComplianceError`], the first rule that breaks one of its own.
    pub fn new(rules: impl IntoIterator<Item = Rule>) -> Result<Self, ComplianceError> {
        let mut by_id = BTreeMap::new();
        for rule in rules {
            rule.check()?;
            let id = rule.id.clone();
            if by_id.insert(id.clone(), rule).is_some() {
                return Err(ComplianceError::DuplicateRule { rule: id });
            }
        }
        Ok(Self { rules: by_id })
    }

    /// The rules, by id.
    pub fn rules(&self) -> impl ExactSizeIterator<Item = &Rule> {
        self.rules.values()
    }

    /// One rule.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.get(id)
    }
}

impl TryFrom<Vec<Rule>> for RuleSet {
    type Error = ComplianceError;

    fn try_from(rules: Vec<Rule>) -> Result<Self, ComplianceError> {
        Self::new(rules)
    }
}

impl From<RuleSet> for Vec<Rule> {
    fn from(set: RuleSet) -> Self {
        set.rules.into_values().collect()
    }
}
