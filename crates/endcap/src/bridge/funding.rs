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
/// - [`BridgeError::Types`] when `document/line` is longer than an id may be.
///
/// # Examples
///
/// ```
/// use endcap::bridge::promotion_funding;
/// use endcap::calendar::dates;
/// use endcap::promo::*;
/// use endcap::types::{Currency, DocumentId, Price, Quantity, TaxBasis, Unit};
///
/// let line = |id: &str, basis| -> Result<FundingLine, Box<dyn std::error::Error>> {
///     Ok(FundingLine { id: id.parse()?, purpose: FundingPurpose::PriceSupport, basis, cap: None })
/// };
/// let promotion = Promotion::new(PromotionPlan {
///     id: "P-618".parse()?,
///     period: "2025-06-02..2025-06-16".parse()?,
///     skus: vec!["A1".parse()?],
///     currency: Currency::CNY,
///     unit: Unit::Piece,
///     tax: TaxBasis::Inclusive,
///     mechanic: Mechanic::PercentOff { rate: "20%".parse()? },
///     funding: vec![
///         line("SCAN", FundingBasis::ScanBack { per_unit: "1.00".parse()? })?,
///         line("ENDCAP", FundingBasis::LumpSum { amount: "5000.00".parse()? })?,
///     ],
/// })?;
/// let week = |day, sold, mark| -> Result<Week, Box<dyn std::error::Error>> {
///     Ok(Week { start: dates::ymd(2025, 6, day)?, sold: Some(Quantity::pieces(sold)?), shelf_price: None, mark })
/// };
/// let weeks = vec![week(2, 18_200, WeekMark::Promoted)?, week(9, 16_800, WeekMark::Promoted)?];
/// let price = |text: &str| -> Result<Price, Box<dyn std::error::Error>> {
///     Ok(Price::new(text.parse()?, Currency::CNY, Unit::Piece, TaxBasis::Inclusive)?)
/// };
/// let economics = Economics {
///     unit_cost: price("3.60")?,
///     supply_price: price("6.00")?,
///     shelf_regular: price("9.00")?,
///     sell_in: SellIn::EqualsSellOut,
/// };
/// let evaluation =
///     evaluate(&promotion, &WeeklySeries::new(weeks)?, &economics, &EvaluationOptions::default())?;
///
/// let facts = promotion_funding(&evaluation, &DocumentId::new("PS-06")?, dates::ymd(2025, 6, 30)?)?;
/// assert_eq!(facts.len(), 2);
/// assert_eq!((facts[0].document.as_str(), facts[0].amount.to_amount_string()), ("PS-06/SCAN", "35000.00".into()));
/// assert_eq!((facts[1].document.as_str(), facts[1].amount.to_amount_string()), ("PS-06/ENDCAP", "5000.00".into()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
