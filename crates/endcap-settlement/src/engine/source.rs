//! Where the commission rate of a sale comes from.

use endcap_types::{Exact, Rate};

use crate::{
    Catalogue, FactError, InPromotion, RateRule, RateTarget, RefundRate, Sale, SettlementError, Subject,
    Tender, TurnoverDeduction, What,
};

/// Where the rate of a sale comes from; sales of one source share a commission line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    Default,
    Target(RateTarget),
    /// A refund at the rate of its original sale.
    Original(Rate),
    /// A rule by several dimensions, by its id.
    Rule(String),
}

impl Source {
    /// Turnover of the source, as its lines name it.
    pub(super) fn subject(&self) -> Subject {
        match self {
            Self::Default => Subject::new(What::Turnover),
            Self::Target(target) => Subject::of(What::Turnover, target),
            Self::Original(rate) => Subject::of(What::Turnover, rate),
            Self::Rule(id) => Subject::of(What::Turnover, id),
        }
    }

    /// The rate.
    pub(super) fn rate(&self, method: &TurnoverDeduction) -> Rate {
        match self {
            Self::Default => method.rate,
            Self::Original(rate) => *rate,
            Self::Target(target) => {
                let found = method.overrides.iter().find(|row| row.at == *target);
                found.map_or(method.rate, |row| row.rate)
            }
            Self::Rule(id) => {
                let found = method.rates.iter().find(|rule| rule.id == *id);
                found.map_or(method.rate, |rule| rule.rate)
            }
        }
    }
}

/// The money a rate is asked for: a sale, or what was paid of it with one tender.
pub(super) struct Asked<'a> {
    pub(super) sale: &'a Sale,
    pub(super) tender: Option<&'a Tender>,
    pub(super) depth: Option<&'a Exact>,
}

/// The rate of a refund's original sale, else the most specific rate that fits, else the default.
pub(super) fn source_of(
    asked: &Asked<'_>,
    method: &TurnoverDeduction,
    catalogue: &Catalogue<'_>,
) -> Result<Source, SettlementError> {
    let sale = asked.sale;
    if method.refund_rate == RefundRate::OriginalSale
        && let Some(rate) = sale.original.rate
    {
        return Ok(Source::Original(rate));
    }
    if !method.rates.is_empty() {
        return Ok(rule_of(asked, &method.rates, catalogue)?.map_or(Source::Default, Source::Rule));
    }
    if method.overrides.is_empty() {
        return Ok(Source::Default);
    }
    let has = |target: &RateTarget| method.overrides.iter().any(|row| row.at == *target);
    let mut candidates = Vec::new();
    if let Some(promotion) = &sale.promotion {
        candidates.push(RateTarget::Promotion(promotion.clone()));
        candidates.push(RateTarget::AnyPromotion);
    }
    candidates.push(RateTarget::Sku(sale.sku.clone()));
    if let Some(found) = candidates.into_iter().find(|target| has(target)) {
        return Ok(Source::Target(found));
    }
    let by_group =
        method.overrides.iter().any(|row| matches!(row.at, RateTarget::Brand(_) | RateTarget::Category(_)));
    if by_group {
        let product = catalogue.product(&sale.sku)?;
        let brand = product.brand.clone().map(RateTarget::Brand);
        let category = product.category.clone().map(RateTarget::Category);
        if let Some(found) = [brand, category].into_iter().flatten().find(|target| has(target)) {
            return Ok(Source::Target(found));
        }
    }
    Ok(Source::Default)
}

/// The rule that wins: none finer fits, and of those the lowest priority; ids only decide what validation refuses.
fn rule_of(
    asked: &Asked<'_>,
    rules: &[RateRule],
    catalogue: &Catalogue<'_>,
) -> Result<Option<String>, SettlementError> {
    let mut fitting: Vec<&RateRule> = Vec::new();
    for rule in rules {
        if fits(asked, rule, catalogue)? {
            fitting.push(rule);
        }
    }
    let finest = fitting.iter().filter(|rule| !fitting.iter().any(|other| other.finer_than(rule)));
    Ok(finest.min_by_key(|rule| (rule.priority, &rule.id)).map(|rule| rule.id.clone()))
}

fn fits(asked: &Asked<'_>, rule: &RateRule, catalogue: &Catalogue<'_>) -> Result<bool, SettlementError> {
    let (sale, when) = (asked.sale, &rule.when);
    let promoted = match &when.promotion {
        InPromotion::Regardless => true,
        InPromotion::Any => sale.promotion.is_some(),
        InPromotion::OneOf(ids) => sale.promotion.as_ref().is_some_and(|id| ids.contains(id)),
    };
    let plain = promoted
        && when.dates.is_none_or(|dates| dates.contains(sale.date))
        && (when.skus.is_empty() || when.skus.contains(&sale.sku))
        && when.depth.is_none_or(|range| asked.depth.is_some_and(|depth| range.contains(depth)))
        && (when.tenders.is_empty() || asked.tender.is_some_and(|tender| when.tenders.contains(tender)));
    if !plain {
        return Ok(false);
    }
    if !(when.brands.is_empty() && when.categories.is_empty()) {
        let product = catalogue.product(&sale.sku)?;
        let brand = product.brand.as_ref().is_some_and(|brand| when.brands.contains(brand));
        let category = product.category.as_ref().is_some_and(|category| when.categories.contains(category));
        if !(when.brands.is_empty() || brand) || !(when.categories.is_empty() || category) {
            return Ok(false);
        }
    }
    match &sale.store {
        _ if when.stores.is_empty() => Ok(true),
        Some(store) => Ok(when.stores.contains(store)),
        None => {
            let (document, date) = (sale.document.clone(), sale.date);
            Err(FactError::StoreUnknown { document, date, rule: rule.id.clone() }.into())
        }
    }
}
