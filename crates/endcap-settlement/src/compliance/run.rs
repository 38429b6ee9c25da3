//! [`check`]: every rule in effect against every fact it speaks about.

use chrono::NaiveDate;

use super::condition::{Applicability, Holds};
use super::dossier::Dossier;
use super::finding::{Finding, Measured};
use super::rule::{Check, Rule, Wording};
use super::rule_set::RuleSet;
use super::{clauses, conduct, payments};
use crate::SettlementError;

/// 合规检查: what the rules in effect `on` a day say about a contract, its statements and what was done.
///
/// Findings are in order of rule and place; the order of rules and records changes nothing, and an empty set finds
/// nothing. A rule whose conditions ask for something that is not known is held against the facts all the same, and
/// its findings say what would have to be known. Not legal advice.
///
/// # Errors
/// - [`SettlementError::Types`], [`SettlementError::Calendar`] for amounts and dates out of range.
/// - Those of [`late_interest`](crate::credit::late_interest) for rules that compute interest.
///
/// # Examples
/// ```
/// use endcap_calendar::{Period, dates::ymd};
/// use endcap_settlement::compliance::{Dossier, Jurisdiction, Parties, PaymentFact, RuleSet, check};
/// use endcap_settlement::{Contract, ContractTerms, CreditTerms, Language, Method, Scope};
/// use endcap_types::{AccountId, ContractId, Currency, DocumentId, Money, Rounding, TaxBasis, vat::TaxSite};
/// let contract = Contract::new(ContractTerms {
///     id: ContractId::new("C-1")?,
///     account: AccountId::new("HEXI")?,
///     currency: Currency::CNY,
///     valid: Period::year(2025)?,
///     scope: Scope::All,
///     payment_terms: "from(delivery);days(60)".parse()?,
///     goods_vat: "13%".parse()?,
///     goods_vat_by: vec![],
///     service_vat: None,
///     amounts: TaxBasis::Inclusive,
///     tax_site: TaxSite::default(),
///     rounding: Rounding::HALF_AWAY,
///     method: Method::CreditTerms(CreditTerms {}),
///     stacks: vec![],
///     clauses: vec![],
/// })?;
/// let mut parties = Parties::under([Jurisdiction::China]);
/// parties.buyer_turnover = Some(Money::parse("10000000.00", Currency::CNY)?);
/// // Goods of 1 March, paid on 1 May: 61 days.
/// let mut paid = PaymentFact::new(DocumentId::new("D-1")?, Money::parse("5000.00", Currency::CNY)?);
/// (paid.received, paid.paid) = (Some(ymd(2025, 3, 1)?), Some(ymd(2025, 5, 1)?));
/// let dossier = Dossier { payments: &[paid], ..Dossier::new(&contract, &parties) };
/// let found = check(&dossier, &RuleSet::sample()?, ymd(2025, 5, 31)?)?;
/// assert_eq!(found.len(), 1);
/// assert_eq!(found[0].rule, "CN-FT-13");
/// assert!(found[0].render(Language::En).contains("document D-1, paid 2025-05-01: 61 days, limit 60 days"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// House rule; each rule names its own.
pub fn check(dossier: &Dossier<'_>, rules: &RuleSet, on: NaiveDate) -> Result<Vec<Finding>, SettlementError> {
    let mut findings = Vec::new();
    let method = dossier.contract.terms().method.kind();
    for rule in rules.rules().filter(|rule| rule.in_effect(on)) {
        if !dossier.parties.jurisdictions.contains(&rule.jurisdiction) {
            continue;
        }
        let applies = match rule.applies_if.holds(dossier.parties, method) {
            Holds::No => continue,
            Holds::Yes => Applicability::Applies,
            Holds::Unknown(what) => Applicability::IfKnown(what),
        };
        let mut found = Found { rule, applies, findings: Vec::new() };
        one(&mut found, dossier, on)?;
        found.findings.sort_by_cached_key(|finding| {
            (finding.place.clone(), format!("{:?} {:?}", finding.fact, finding.limit))
        });
        found.findings.dedup();
        findings.append(&mut found.findings);
    }
    Ok(findings)
}

/// What one rule found so far.
pub(super) struct Found<'a> {
    pub(super) rule: &'a Rule,
    applies: Applicability,
    findings: Vec<Finding>,
}

impl Found<'_> {
    pub(super) fn push(&mut self, place: Wording, fact: Measured, limit: Measured) {
        self.findings.push(Finding::new(self.rule, &self.applies, place, (fact, limit)));
    }
}

fn one(found: &mut Found<'_>, dossier: &Dossier<'_>, on: NaiveDate) -> Result<(), SettlementError> {
    match &found.rule.check {
        Check::PaidWithin { from, days } => payments::paid_within(found, dossier, (*from, *days), on),
        Check::AgreedWithin { from, days } => payments::agreed_within(found, dossier, (*from, *days)),
        Check::PaidByDue => {
            payments::paid_by_due(found, dossier, on);
            Ok(())
        }
        Check::UndisputedPaid => payments::undisputed_paid(found, dossier, on),
        Check::StatutoryInterest { rate, default_days } => {
            payments::statutory_interest(found, dossier, (*rate, *default_days), on)
        }
        Check::Compensation { table, default_days } => {
            payments::compensation(found, dossier, (table, *default_days), on)
        }
        Check::InterestAtLeast { margin } => payments::interest_at_least(found, dossier, *margin),
        Check::NoClause { kinds } => {
            clauses::no_clause(found, dossier, kinds, on);
            Ok(())
        }
        Check::NoUnconditionalRebate => {
            clauses::no_unconditional_rebate(found, dossier, on);
            Ok(())
        }
        Check::ClauseNeeds { kinds, evidence } => {
            clauses::clause_needs(found, dossier, (kinds, evidence), on);
            Ok(())
        }
        Check::NoRebateBelowTarget => clauses::no_rebate_below_target(found, dossier),
        Check::NoConduct { conduct } => {
            conduct::no_conduct(found, dossier, conduct, on);
            Ok(())
        }
        Check::NoticeOf { conduct, days } => {
            conduct::notice_of(found, dossier, (*conduct, *days), on);
            Ok(())
        }
        Check::ConsignedStockAge { days } => {
            conduct::consigned_stock_age(found, dossier, *days, on);
            Ok(())
        }
        Check::RebateOnInvoice => {
            clauses::rebate_on_invoice(found, dossier, on);
            Ok(())
        }
        Check::ServiceTaxedApart => {
            clauses::service_taxed_apart(found, dossier, on);
            Ok(())
        }
        Check::ProportionalAllowances { tolerance } => {
            conduct::proportional_allowances(found, dossier, *tolerance)
        }
    }
}
