//! The facts a scope chooses over some days: the scope is asked once for each category, brand and named SKU.

use core::ops::Range;
use std::sync::Arc;

use endcap_calendar::Period;
use endcap_types::SkuId;

use super::moved::{Goods, Says};
use super::records::{Fact, Records};
use crate::fact_block::{Group, Places};
use crate::trace::Stated;
use crate::{Delivery, GoodsReturn, Sale, Scope, SettlementError};

/// Facts of less than one in so many are looked up by SKU, the others by going through all.
const FEW: usize = 4;

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
#[derive(Debug)]
pub(super) struct Chosen {
    deliveries: Places,
    returns: Places,
    sales: Places,
}

impl Chosen {
    /// The facts in scope.
    pub(super) fn of(
        moved: Moved,
        records: &Records<'_>,
        scope: &Scope,
        days: Period,
    ) -> Result<Self, SettlementError> {
        let asked = records.skus.asked(scope);
        let (mut deliveries, mut returns, mut sales) =
            (Places::Range(0..0), Places::Range(0..0), Places::Range(0..0));
        if moved == Moved::Sold {
            let range = records.sales.between(days, |r: &Sale| r.date);
            sales = covered(&records.sales, range, asked.as_deref(), records)?;
        } else {
            let range = records.deliveries.between(days, |r: &Delivery| r.date);
            deliveries = covered(&records.deliveries, range, asked.as_deref(), records)?;
        }
        if moved == Moved::Purchased {
            let range = records.returns.between(days, |r: &GoodsReturn| r.date);
            returns = covered(&records.returns, range, asked.as_deref(), records)?;
        }
        Ok(Self { deliveries, returns, sales })
    }

    /// Their amounts, deliveries before returns.
    pub(super) fn group(self, records: &Records<'_>) -> Result<Group, SettlementError> {
        let parts = [
            (&records.deliveries.block, self.deliveries),
            (&records.returns.block, self.returns),
            (&records.sales.block, self.sales),
        ];
        let parts = parts.into_iter().filter(|(_, places)| places.len() > 0);
        Ok(Group::of(parts.map(|(block, places)| (Arc::clone(block), places)).collect())?)
    }

    pub(super) fn deliveries<'a>(
        &self,
        records: &Records<'a>,
    ) -> impl Iterator<Item = Fact<'a, Delivery, Stated>> {
        self.deliveries.iter().filter_map(|place| records.deliveries.at(place))
    }

    pub(super) fn returns<'a>(
        &self,
        records: &Records<'a>,
    ) -> impl Iterator<Item = Fact<'a, GoodsReturn, Stated>> {
        self.returns.iter().filter_map(|place| records.returns.at(place))
    }

    pub(super) fn sales<'a>(&self, records: &Records<'a>) -> impl Iterator<Item = Fact<'a, Sale, Stated>> {
        self.sales.iter().filter_map(|place| records.sales.at(place))
    }

    /// Their amounts with their SKUs.
    pub(super) fn goods<'a>(&self, records: &Records<'a>) -> impl Iterator<Item = (&'a SkuId, Stated)> {
        let deliveries = self.deliveries(records).map(|fact| (&fact.record.sku, fact.cell));
        let returns = self.returns(records).map(|fact| (&fact.record.sku, fact.cell));
        let sales = self.sales(records).map(|fact| (&fact.record.sku, fact.cell));
        deliveries.chain(returns).chain(sales)
    }
}

/// The places in `range` whose SKUs are covered.
fn covered<T>(
    goods: &Goods<T>,
    range: Range<usize>,
    asked: Option<&[Says]>,
    records: &Records<'_>,
) -> Result<Places, SettlementError> {
    let Some(asked) = asked else { return Ok(Places::Range(range)) };
    let says = |number: &u32| {
        let place = usize::try_from(*number).unwrap_or(usize::MAX);
        asked.get(place).copied().unwrap_or(Says::No)
    };
    let numbers = goods.skus.get(range.clone()).unwrap_or_default();
    if asked.contains(&Says::Unknown)
        && let Some(number) = numbers.iter().find(|number| says(number) == Says::Unknown)
        && let Some(sku) = records.skus.sku(*number)
    {
        return Err(SettlementError::UnknownProduct { sku: sku.clone() });
    }
    let few = || goods.by_sku().each().zip(asked).filter(|(_, says)| **says == Says::Yes);
    let count = few().fold(0_usize, |sum, (places, _)| sum.saturating_add(places.len()));
    let mut places = Vec::with_capacity(count.min(numbers.len()));
    if count.saturating_mul(FEW) < numbers.len() {
        // A bit for each place puts the places of some SKUs in order without a look at the others.
        let mut bits = vec![0_u64; numbers.len().div_ceil(64)];
        for place in few().flat_map(|(places, _)| places) {
            let at = usize::try_from(*place).ok().and_then(|place| place.checked_sub(range.start));
            // A place outside the range has no bit: the last word may be wider, so ask.
            if let Some(at) = at.filter(|at| *at < numbers.len())
                && let Some(word) = bits.get_mut(at >> 6)
            {
                *word |= 1_u64.wrapping_shl(u32::try_from(at & 63).unwrap_or_default());
            }
        }
        let first = u32::try_from(range.start).unwrap_or(u32::MAX);
        for (word, from) in bits.into_iter().zip((first..).step_by(64)) {
            let mut rest = word;
            while rest != 0 {
                places.push(from.saturating_add(rest.trailing_zeros()));
                rest &= rest.wrapping_sub(1);
            }
        }
    } else {
        let first = u32::try_from(range.start).unwrap_or(u32::MAX);
        let covered = numbers.iter().zip(first..).filter(|(number, _)| says(number) == Says::Yes);
        places.extend(covered.map(|(_, place)| place));
    }
    Ok(Places::Some(places.into()))
}
