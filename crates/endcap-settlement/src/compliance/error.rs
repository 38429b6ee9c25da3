//! What can be wrong with a rule or a set of rules.

use chrono::NaiveDate;

/// Why a rule, or a set of rules, was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ComplianceError {
    /// Two rules with one id.
    #[error("rule {rule} is given twice")]
    DuplicateRule {
        /// The rule.
        rule: String,
    },
    /// A text that says nothing.
    #[error("rule {rule:?}: {field} is empty")]
    EmptyText {
        /// The rule.
        rule: String,
        /// The field.
        field: &'static str,
    },
    /// A rule that ends before it begins.
    #[error("rule {rule} is in effect from {from} and no longer on {to}; it would never apply")]
    NeverInEffect {
        /// The rule.
        rule: String,
        /// First day in effect.
        from: NaiveDate,
        /// First day no longer in effect.
        to: NaiveDate,
    },
    /// A list that names nothing.
    #[error("rule {rule}: {field} names nothing")]
    EmptyList {
        /// The rule.
        rule: String,
        /// The field.
        field: &'static str,
    },
    /// A rate or amount below zero.
    #[error("rule {rule}: {field} of {value} is below zero")]
    Negative {
        /// The rule.
        rule: String,
        /// The field.
        field: &'static str,
        /// The value.
        value: String,
    },
    /// Conditions nested too deeply.
    #[error("rule {rule}: conditions are nested more than {limit} deep")]
    TooDeep {
        /// The rule.
        rule: String,
        /// The limit.
        limit: usize,
    },
}
