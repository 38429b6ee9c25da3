//! Offers on sets of units: nth unit, buy n get m, purchase with purchase, bundle.

use endcap_types::{Money, Rate};

use super::item::limited;
use super::state::{Cut, Effect, State, share};
use super::{BasketError, Context, Counting, Handout, Pick, Rule, Slot, Status, UnitUse};

/// A set offer in the middle of being worked out: whose it is and what it may still discount.
pub(crate) struct Set<'a> {
    pub(crate) state: &'a State,
    pub(crate) rule: &'a Rule,
    pub(crate) context: &'a Context,
}

impl Set<'_> {
    /// Units no other set has used up, dearest first.
    fn units(&self) -> Vec<usize> {
        let eligible = self.state.eligible(self.rule);
        self.state.dearest_first(match self.rule.unit_use {
            UnitUse::Consumed => self.state.free(eligible),
            UnitUse::Shared => eligible,
        })
    }

    /// The unit of every group of `every` that gets the rate.
    ///
    /// # Source
    ///
    /// House rule: units sorted dearest first, cut into groups; the offer takes the cheapest of each full group.
    pub(crate) fn nth_unit(&self, every: u32, rate: Rate, pick: Pick) -> Result<Effect, BasketError> {
        let units = self.units();
        let size = usize::try_from(every.max(1)).unwrap_or(usize::MAX);
        let groups = units.len().checked_div(size).unwrap_or(0);
        if groups == 0 {
            return Ok(short(size.saturating_sub(units.len())));
        }
        let (groups, mut status) = self.within_applications(groups);
        let (left, scope) = self.context.units_left(self.rule);
        let left = usize::try_from(left).unwrap_or(usize::MAX);
        if groups > left {
            status = limited(true, scope);
        }
        let groups = groups.min(left);
        let (chosen, used) = choose(&units, size, 1, groups, pick);
        let rate = rate.to_exact();
        let mut applications = Vec::with_capacity(groups);
        for unit in chosen {
            let off = share(self.state.left(unit), &rate, self.state.currency)?;
            applications.push(vec![Cut { unit, off }]);
        }
        Ok(self.consume(Effect { status, ..Effect::cuts(applications) }, used))
    }

    /// Free units in the basket, or on top of it.
    ///
    /// # Source
    ///
    /// House rule: repeats; an incomplete group gives what is beyond the bought units, as a till counts 10 + 3.
    pub(crate) fn buy_get(
        &self,
        buy: u32,
        free: u32,
        counting: Counting,
        pick: Pick,
    ) -> Result<Effect, BasketError> {
        let units = self.units();
        let (buy, free) = (count(buy), count(free));
        match counting {
            Counting::Added => self.hand_out(&units, buy, free),
            Counting::Inclusive => {
                let size = buy.saturating_add(free);
                let groups = units.len().checked_div(size).unwrap_or(0);
                let rest = units.len().checked_rem(size).unwrap_or(0);
                let partial = rest.saturating_sub(buy);
                if groups == 0 && partial == 0 {
                    return Ok(short(buy.saturating_add(1).saturating_sub(units.len())));
                }
                let all = groups.saturating_add(usize::from(partial > 0));
                let (applications, mut status) = self.within_applications(all);
                let whole = groups.min(applications);
                let partial = if applications > groups { partial } else { 0 };
                let (left, scope) = self.context.units_left(self.rule);
                let left = usize::try_from(left).unwrap_or(usize::MAX);
                let total = whole.saturating_mul(free).saturating_add(partial);
                if total > left {
                    status = limited(true, scope);
                }
                let (mut chosen, used) = self.free_units(&units, (buy, free), whole, partial, pick);
                chosen.truncate(left);
                let off = |unit: &usize| Cut { unit: *unit, off: self.state.left(*unit) };
                let applications =
                    chosen.chunks(free.max(1)).map(|set| set.iter().map(off).collect()).collect();
                Ok(self.consume(Effect { status, ..Effect::cuts(applications) }, used))
            }
        }
    }

    /// The units that are free and all units the sets use.
    fn free_units(
        &self,
        units: &[usize],
        (buy, free): (usize, usize),
        groups: usize,
        partial: usize,
        pick: Pick,
    ) -> (Vec<usize>, Vec<usize>) {
        let size = buy.saturating_add(free);
        let used = groups.saturating_mul(size);
        let used = if partial > 0 { used.saturating_add(buy).saturating_add(partial) } else { used };
        let total = groups.saturating_mul(free).saturating_add(partial);
        match pick {
            Pick::CheapestOfGroup => {
                let in_set: Vec<usize> = units.iter().take(used).copied().collect();
                let free = in_set.chunks(size).flat_map(|set| set.iter().skip(buy).copied()).collect();
                (free, in_set)
            }
            Pick::Cheapest => ends(units, used, total, End::Cheap),
            Pick::MostExpensive => ends(units, used, total, End::Dear),
        }
    }

    /// Further units of the cheapest eligible lot, for everything that is paid.
    fn hand_out(&self, units: &[usize], buy: usize, free: usize) -> Result<Effect, BasketError> {
        let sets = units.len().checked_div(buy).unwrap_or(0);
        if sets == 0 {
            return Ok(short(buy.saturating_sub(units.len())));
        }
        let (sets, mut status) = self.within_applications(sets);
        let (left, scope) = self.context.units_left(self.rule);
        let extra = u64::try_from(sets.saturating_mul(free)).unwrap_or(u64::MAX);
        if extra > left {
            status = limited(true, scope);
        }
        let extra = extra.min(left);
        let used: Vec<usize> = units.iter().take(sets.saturating_mul(buy)).copied().collect();
        let mut effect = Effect::none(status);
        let cheapest = units.last().and_then(|unit| self.state.units.get(*unit));
        if let Some(lot) = cheapest.and_then(|unit| self.state.lots.get(unit.lot))
            && extra > 0
        {
            let value = lot.unit_minor.saturating_mul(i128::from(extra));
            let value = Money::from_minor(value, self.state.currency)?;
            effect.handed_out.push(Handout { sku: lot.sku.clone(), units: extra, value });
        }
        Ok(self.consume(effect, used))
    }

    /// Add-on units at their price, so many for each multiple of the spend on other goods.
    pub(crate) fn add_on(
        &self,
        spend: i128,
        addon: &endcap_types::SkuId,
        price: i128,
        per_multiple: u32,
    ) -> Result<Effect, BasketError> {
        let others: Vec<usize> =
            self.state.matching(|key| self.rule.scope.contains(&key.sku) && key.sku != *addon);
        let spent = self.state.sum(&others);
        let times = spent.checked_div(spend).unwrap_or(0);
        if times == 0 {
            let missing = Money::from_minor(spend.saturating_sub(spent), self.state.currency)?;
            return Ok(Effect::none(Status::SpendShort { missing }));
        }
        let (times, mut status) = self.within_applications(usize::try_from(times).unwrap_or(usize::MAX));
        let entitled = times.saturating_mul(count(per_multiple));
        let (left, scope) = self.context.units_left(self.rule);
        let left = usize::try_from(left).unwrap_or(usize::MAX);
        let mut units =
            self.state.dearest_first(self.state.free(self.state.matching(|key| key.sku == *addon)));
        if units.is_empty() {
            return Ok(Effect::none(Status::NothingEligible));
        }
        if units.len().min(entitled) > left {
            status = limited(true, scope);
        }
        units.truncate(entitled.min(left));
        let off = |unit: usize| self.state.left(unit).saturating_sub(price).max(0);
        let applications = units.iter().map(|unit| vec![Cut { unit: *unit, off: off(*unit) }]).collect();
        Ok(self.consume(Effect { status, ..Effect::cuts(applications) }, units))
    }

    /// Complete sets at a price, dearest units first; a set that is cheaper than its price is left alone.
    ///
    /// # Source
    ///
    /// House rule: complete sets only, never dearer than their parts.
    pub(crate) fn bundle(&self, slots: &[Slot], price: i128) -> Result<Effect, BasketError> {
        let fill = |slot: &Slot| {
            let units = self.state.matching(|key| slot.skus.contains(&key.sku));
            self.state.dearest_first(match self.rule.unit_use {
                UnitUse::Consumed => self.state.free(units),
                UnitUse::Shared => units,
            })
        };
        let filled: Vec<(Vec<usize>, usize)> =
            slots.iter().map(|slot| (fill(slot), count(slot.units))).collect();
        let sets =
            filled.iter().map(|(units, need)| units.len().checked_div(*need).unwrap_or(0)).min().unwrap_or(0);
        if sets == 0 {
            let missing = filled.iter().map(|(units, need)| need.saturating_sub(units.len())).sum::<usize>();
            return Ok(short(missing));
        }
        let (sets, mut status) = self.within_applications(sets);
        let per_set: usize = filled.iter().fold(0, |sum, (_, need)| sum.saturating_add(*need));
        let (left, scope) = self.context.units_left(self.rule);
        let left = usize::try_from(left).unwrap_or(usize::MAX).checked_div(per_set).unwrap_or(0);
        if sets > left {
            status = limited(true, scope);
        }
        let mut applications = Vec::new();
        let mut used = Vec::new();
        for set in 0..sets.min(left) {
            let of = |(units, need): &(Vec<usize>, usize)| -> Vec<usize> {
                units.iter().skip(set.saturating_mul(*need)).take(*need).copied().collect()
            };
            let units: Vec<usize> = filled.iter().flat_map(of).collect();
            let off = self.state.sum(&units).saturating_sub(price).max(0);
            if off > 0 {
                applications.push(self.state.split(&units, off)?);
                used.extend(units);
            }
        }
        Ok(self.consume(Effect { status, ..Effect::cuts(applications) }, used))
    }

    /// As many applications as the rule allows in one basket.
    fn within_applications(&self, wanted: usize) -> (usize, Status) {
        let most = self.rule.limits.applications.unwrap_or(u64::MAX);
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        (wanted.min(most), limited(wanted > most, Some(super::LimitScope::Basket)))
    }

    fn consume(&self, effect: Effect, used: Vec<usize>) -> Effect {
        match self.rule.unit_use {
            UnitUse::Consumed => Effect { taken: used, ..effect },
            UnitUse::Shared => effect,
        }
    }
}

/// Units short of one application.
fn short(missing: usize) -> Effect {
    Effect::none(Status::UnitsShort { missing: u64::try_from(missing).unwrap_or(u64::MAX) })
}

/// A count of an offer, never zero.
fn count(value: u32) -> usize {
    usize::try_from(value.max(1)).unwrap_or(usize::MAX)
}

#[derive(Clone, Copy)]
enum End {
    Cheap,
    Dear,
}

/// `total` units from one end of a list sorted dearest first, and the `used` units their sets take: those and the
/// dearest of the rest.
fn ends(units: &[usize], used: usize, total: usize, end: End) -> (Vec<usize>, Vec<usize>) {
    match end {
        End::Cheap => {
            let paid = used.saturating_sub(total);
            let free: Vec<usize> = units.iter().rev().take(total).copied().collect();
            let set = units.iter().take(paid).copied().chain(free.iter().copied()).collect();
            (free, set)
        }
        End::Dear => {
            (units.iter().take(total).copied().collect(), units.iter().take(used).copied().collect())
        }
    }
}

/// The discounted units of `groups` groups of `size`, and all units the groups use.
fn choose(units: &[usize], size: usize, each: usize, groups: usize, pick: Pick) -> (Vec<usize>, Vec<usize>) {
    let used = groups.saturating_mul(size);
    match pick {
        Pick::CheapestOfGroup => {
            let in_set: Vec<usize> = units.iter().take(used).copied().collect();
            let skip = size.saturating_sub(each);
            (in_set.chunks(size).flat_map(|set| set.iter().skip(skip).copied()).collect(), in_set)
        }
        Pick::Cheapest => ends(units, used, groups.saturating_mul(each), End::Cheap),
        Pick::MostExpensive => ends(units, used, groups.saturating_mul(each), End::Dear),
    }
}
