//! The facts a scope chooses over some days: asked once for each SKU, not for each fact.

use endcap_calendar::Period;
use endcap_types::SkuId;

use super::records::{Fact, Records};
use crate::trace::Cell;
use crate::{Delivery, GoodsReturn, Sale, Scope, SettlementError};

/// Places of facts among the records, in canonical order.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    deliveries: Vec<usize>,
    returns: Vec<usize>,
    sales: Vec<usize>,
}

impl Chosen {
    /// Deliveries in scope.
    pub(super) fn delivered(
        records: &Records<'_>,
        scope: &Scope,
        days: Period,
    ) -> Result<Self, SettlementError> {
        let mut scoped = Scoped::new(scope, records);
        let (facts, skus) = (&records.deliveries, &records.delivered);
        let deliveries = scoped.places(skus, between(facts, days, |r: &Delivery| r.date))?;
        Ok(Self { deliveries, ..Self::default() })
    }

    /// Deliveries and returns in scope.
    pub(super) fn purchased(
        records: &Records<'_>,
        scope: &Scope,
        days: Period,
    ) -> Result<Self, SettlementError> {
        let delivered = Self::delivered(records, scope, days)?;
        let mut scoped = Scoped::new(scope, records);
        let (facts, skus) = (&records.returns, &records.returned);
        let returns = scoped.places(skus, between(facts, days, |r: &GoodsReturn| r.date))?;
        Ok(Self { returns, ..delivered })
    }

    /// Sales in scope.
    pub(super) fn sold(records: &Records<'_>, scope: &Scope, days: Period) -> Result<Self, SettlementError> {
        let mut scoped = Scoped::new(scope, records);
        let sales = scoped.places(&records.sold, between(&records.sales, days, |r: &Sale| r.date))?;
        Ok(Self { sales, ..Self::default() })
    }

    pub(super) fn deliveries<'r, 'a>(
        &'r self,
        records: &'r Records<'a>,
    ) -> impl Iterator<Item = &'r Fact<'a, Delivery>> + Clone {
        self.deliveries.iter().filter_map(|place| records.deliveries.get(*place))
    }

    pub(super) fn returns<'r, 'a>(
        &'r self,
        records: &'r Records<'a>,
    ) -> impl Iterator<Item = &'r Fact<'a, GoodsReturn>> + Clone {
        self.returns.iter().filter_map(|place| records.returns.get(*place))
    }

    pub(super) fn sales<'r, 'a>(
        &'r self,
        records: &'r Records<'a>,
    ) -> impl Iterator<Item = &'r Fact<'a, Sale>> + Clone {
        self.sales.iter().filter_map(|place| records.sales.get(*place))
    }

    /// Their amounts, deliveries before returns.
    pub(super) fn cells<'r>(&'r self, records: &'r Records<'_>) -> impl Iterator<Item = &'r Cell> + Clone {
        let deliveries = self.deliveries(records).map(|fact| &fact.cell);
        let returns = self.returns(records).map(|fact| &fact.cell);
        deliveries.chain(returns).chain(self.sales(records).map(|fact| &fact.cell))
    }

    /// Their amounts with their SKUs.
    pub(super) fn goods<'r, 'a: 'r>(
        &'r self,
        records: &'r Records<'a>,
    ) -> impl Iterator<Item = (&'a SkuId, &'r Cell)> {
        let deliveries = self.deliveries(records).map(|fact| (&fact.record.sku, &fact.cell));
        let returns = self.returns(records).map(|fact| (&fact.record.sku, &fact.cell));
        let sales = self.sales(records).map(|fact| (&fact.record.sku, &fact.cell));
        deliveries.chain(returns).chain(sales)
    }
}

/// The places of the facts on some days; facts are in order of their days.
fn between<T>(
    facts: &[Fact<'_, T>],
    days: Period,
    date: impl Fn(&T) -> chrono::NaiveDate,
) -> core::ops::Range<usize> {
    let from = facts.partition_point(|fact| date(fact.record) < days.start());
    from..facts.partition_point(|fact| date(fact.record) < days.end())
}

/// What a scope says to the SKUs it was asked for.
struct Scoped<'s, 'r, 'a> {
    scope: &'s Scope,
    records: &'r Records<'a>,
    /// By number of the SKU.
    known: Vec<Option<bool>>,
}

impl<'s, 'r, 'a> Scoped<'s, 'r, 'a> {
    fn new(scope: &'s Scope, records: &'r Records<'a>) -> Self {
        Self { scope, records, known: vec![None; records.skus.len()] }
    }

    /// The places in `range` whose SKU the scope covers.
    fn places(
        &mut self,
        skus: &[u32],
        range: core::ops::Range<usize>,
    ) -> Result<Vec<usize>, SettlementError> {
        if *self.scope == Scope::All {
            return Ok(range.collect());
        }
        let mut places = Vec::new();
        for (place, number) in range.clone().zip(skus.get(range).unwrap_or_default()) {
            let number = usize::try_from(*number).unwrap_or(usize::MAX);
            let covers = match self.known.get(number) {
                Some(Some(covers)) => *covers,
                _ => self.ask(number)?,
            };
            if covers {
                places.push(place);
            }
        }
        Ok(places)
    }

    fn ask(&mut self, number: usize) -> Result<bool, SettlementError> {
        let Some((sku, product)) = self.records.skus.get(number) else { return Ok(false) };
        let covers = self.scope.covers_known(sku, *product)?;
        if let Some(known) = self.known.get_mut(number) {
            *known = Some(covers);
        }
        Ok(covers)
    }
}
