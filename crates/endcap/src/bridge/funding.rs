//! From a promotion to the contract clause that pays it.

use chrono::NaiveDate;
use endcap_promo::Evaluation;
use endcap_settlement::{ClauseKind, PromotionFunding};
use endcap_types::DocumentId;

use super::BridgeError;

/// The money a promotion costs the supplier, as facts a clause of kind `promotion_funding` settles (促销支持结算).
///
/// One fact per funding line, in the order of the promotion's terms; a line of zero is left out. `date` is the day the
/// promotion is settled on.
///
/// # Errors
///
/// - [`BridgeError::Types`] when the document's name does not fit an id.
///
/// # Source
///
/// House rule.
pub fn promotion_funding(
    evaluation: &Evaluation,
    document: &DocumentId,
    date: NaiveDate,
) -> Result<Vec<PromotionFunding>, BridgeError> {
    let mut facts = Vec::new();
    for amount in evaluation.funding.iter().filter(|amount| !amount.amount.is_zero()) {
        facts.push(PromotionFunding {
            promotion: amount.promotion.clone(),
            kind: ClauseKind::PromotionFunding,
            document: DocumentId::new(format!("{document}/{}", amount.line))?,
            date,
            amount: amount.amount,
        });
    }
    Ok(facts)
}
