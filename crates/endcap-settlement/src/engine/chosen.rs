//! The facts a scope chooses over some days: asked once for each SKU, not for each fact.

use endcap_calendar::Period;
use endcap_types::SkuId;

use super::records::{Goods, Records};
use crate::trace::{Gathering, Group, Stated};
use crate::{Delivery, GoodsReturn, Sale, Scope, SettlementError};

/// Which goods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moved {
    /// Deliveries.
    Delivered,
    /// Deliveries and returns.
    Purchased,
    /// Sales.
    Sold,
}

/// Places of facts among the records, in canonical order.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    deliveries: Vec<usize>,
    returns: Vec<usize>,
    sales: Vec<usize>,
}

impl Chosen {
    /// The facts in scope.
    pub(super) fn of(
        moved: Moved,
        records: &Records<'_>,
        scope: &Scope,
        days: Period,
    ) -> Result<Self, SettlementError> {
        let mut scoped = Scoped::new(scope, records);
        let mut chosen = Self::default();
        if moved != Moved::Sold {
            let range = between(&records.deliveries, days, |r: &Delivery| r.date);
            scoped.each(&records.delivered, range, |place| {
                chosen.deliveries.push(place);
                Ok(())
            })?;
        }
        if moved == Moved::Purchased {
            let range = between(&records.returns, days, |r: &GoodsReturn| r.date);
            scoped.each(&records.returned, range, |place| {
                chosen.returns.push(place);
                Ok(())
            })?;
        }
        if moved == Moved::Sold {
            let range = between(&records.sales, days, |r: &Sale| r.date);
            scoped.each(&records.sold, range, |place| {
                chosen.sales.push(place);
                Ok(())
            })?;
        }
        Ok(chosen)
    }

    /// The amounts of the facts in scope, deliveries before returns.
    pub(super) fn group(
        moved: Moved,
        records: &Records<'_>,
        scope: &Scope,
        days: Period,
    ) -> Result<Group, SettlementError> {
        let mut scoped = Scoped::new(scope, records);
        let mut group = Gathering::with_capacity(0);
        if moved != Moved::Sold {
            let range = between(&records.deliveries, days, |r: &Delivery| r.date);
            let facts = &records.deliveries;
            scoped.each(&records.delivered, range, |place| push(&mut group, facts, place))?;
        }
        if moved == Moved::Purchased {
            let range = between(&records.returns, days, |r: &GoodsReturn| r.date);
            let facts = &records.returns;
            scoped.each(&records.returned, range, |place| push(&mut group, facts, place))?;
        }
        if moved == Moved::Sold {
            let range = between(&records.sales, days, |r: &Sale| r.date);
            let facts = &records.sales;
            scoped.each(&records.sold, range, |place| push(&mut group, facts, place))?;
        }
        Ok(group.finish()?)
    }

    pub(super) fn deliveries<'r, 'a>(
        &'r self,
        records: &'r Records<'a>,
    ) -> impl Iterator<Item = &'r Goods<'a, Delivery>> + Clone {
        self.deliveries.iter().filter_map(|place| records.deliveries.get(*place))
    }

    pub(super) fn returns<'r, 'a>(
        &'r self,
        records: &'r Records<'a>,
    ) -> impl Iterator<Item = &'r Goods<'a, GoodsReturn>> + Clone {
        self.returns.iter().filter_map(|place| records.returns.get(*place))
    }

    pub(super) fn sales<'r, 'a>(
        &'r self,
        records: &'r Records<'a>,
    ) -> impl Iterator<Item = &'r Goods<'a, Sale>> + Clone {
        self.sales.iter().filter_map(|place| records.sales.get(*place))
    }

    /// Their amounts with their SKUs.
    pub(super) fn goods<'r, 'a: 'r>(
        &'r self,
        records: &'r Records<'a>,
    ) -> impl Iterator<Item = (&'a SkuId, Stated)> {
        let deliveries = self.deliveries(records).map(|fact| (&fact.record.sku, fact.cell));
        let returns = self.returns(records).map(|fact| (&fact.record.sku, fact.cell));
        let sales = self.sales(records).map(|fact| (&fact.record.sku, fact.cell));
        deliveries.chain(returns).chain(sales)
    }
}

fn push<T>(group: &mut Gathering, facts: &[Goods<'_, T>], place: usize) -> Result<(), SettlementError> {
    match facts.get(place) {
        Some(fact) => Ok(group.push(fact.cell)?),
        None => Ok(()),
    }
}

/// The places of the facts on some days; facts are in order of their days.
fn between<T>(
    facts: &[Goods<'_, T>],
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

    /// Takes the places in `range` whose SKU the scope covers.
    fn each(
        &mut self,
        skus: &[u32],
        range: core::ops::Range<usize>,
        mut take: impl FnMut(usize) -> Result<(), SettlementError>,
    ) -> Result<(), SettlementError> {
        if *self.scope == Scope::All {
            for place in range {
                take(place)?;
            }
            return Ok(());
        }
        for (place, number) in range.clone().zip(skus.get(range).unwrap_or_default()) {
            let number = usize::try_from(*number).unwrap_or(usize::MAX);
            let covers = match self.known.get(number) {
                Some(Some(covers)) => *covers,
                _ => self.ask(number)?,
            };
            if covers {
                take(place)?;
            }
        }
        Ok(())
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
