//! The basket while it is being settled: unit by unit, what is left to pay.

use std::collections::BTreeMap;

use endcap_types::{Currency, Exact, Money, Rounding, allocate};
use rust_decimal::Decimal;

use super::{Basket, BasketError, Handout, LimitScope, LotKey, PriceCut, Rule, Status};

/// One unit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UnitState {
    /// Index of its lot.
    pub(crate) lot: usize,
    /// What is left to pay, in minor units.
    pub(crate) left: i128,
    /// Whether a set has used it up.
    pub(crate) taken: bool,
}

/// The basket while it is being settled.
#[derive(Debug, Clone)]
pub(crate) struct State {
    pub(crate) currency: Currency,
    pub(crate) lots: Vec<LotKey>,
    pub(crate) units: Vec<UnitState>,
}

/// Money off one unit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cut {
    /// Index of the unit.
    pub(crate) unit: usize,
    /// Minor units off, never more than is left to pay.
    pub(crate) off: i128,
}

/// What an offer would do to the basket as it stands.
#[derive(Debug, Clone)]
pub(crate) struct Effect {
    /// Cuts, by application.
    pub(crate) applications: Vec<Vec<Cut>>,
    /// Units used up.
    pub(crate) taken: Vec<usize>,
    /// Goods handed out on top.
    pub(crate) handed_out: Vec<Handout>,
    /// Points earned.
    pub(crate) points: u64,
    /// Money that may be claimed later, in minor units.
    pub(crate) later: i128,
    /// What the payer gets back for old items, in minor units.
    pub(crate) recovered: i128,
    /// What happened.
    pub(crate) status: Status,
}

impl Effect {
    /// Nothing, for a reason.
    pub(crate) const fn none(status: Status) -> Self {
        Self {
            applications: Vec::new(),
            taken: Vec::new(),
            handed_out: Vec::new(),
            points: 0,
            later: 0,
            recovered: 0,
            status,
        }
    }

    /// These applications.
    pub(crate) fn cuts(applications: Vec<Vec<Cut>>) -> Self {
        Self { applications, ..Self::none(Status::Applied) }
    }

    /// Minor units off at the till.
    pub(crate) fn off(&self) -> i128 {
        self.applications.iter().flatten().fold(0, |sum, cut| sum.saturating_add(cut.off))
    }

    /// Units with money off.
    pub(crate) fn units_off(&self) -> u64 {
        let units = self.applications.iter().flatten().filter(|cut| cut.off > 0).count();
        u64::try_from(units).unwrap_or(u64::MAX)
    }

    /// What it is worth to the shopper, in minor units: off the till, claims later, goods handed out.
    pub(crate) fn worth(&self) -> i128 {
        let goods = self.handed_out.iter().fold(0_i128, |sum, out| sum.saturating_add(out.value.minor()));
        self.off().saturating_add(self.later).saturating_add(goods)
    }

    /// Whether it gives the shopper anything.
    pub(crate) fn gives(&self) -> bool {
        self.worth() > 0 || self.points > 0
    }

    /// Cuts it down to at most `limit` minor units, in proportion, and says which limit did it.
    pub(crate) fn limit_to(
        &mut self,
        limit: i128,
        scope: LimitScope,
        currency: Currency,
    ) -> Result<(), BasketError> {
        if self.off() > limit {
            let cuts: Vec<Cut> = self.applications.concat();
            self.applications = vec![spread(&cuts, limit, currency)?];
            self.status = Status::CapReached { scope };
        }
        if self.later > limit {
            self.later = limit;
            self.status = Status::CapReached { scope };
        }
        Ok(())
    }
}

/// Shares `total` over cuts in proportion to them, largest remainder, ties to the first; no share exceeds its cut.
pub(crate) fn spread(cuts: &[Cut], total: i128, currency: Currency) -> Result<Vec<Cut>, BasketError> {
    let weights =
        cuts.iter().map(|cut| Decimal::try_from_i128_with_scale(cut.off, 0).unwrap_or(Decimal::MAX));
    if cuts.iter().all(|cut| cut.off == 0) {
        return Ok(Vec::new());
    }
    let shares = allocate(Money::from_minor(total, currency)?, weights.enumerate())?;
    Ok(cuts
        .iter()
        .zip(shares.values())
        .map(|(cut, share)| Cut { unit: cut.unit, off: share.minor() })
        .collect())
}

impl State {
    pub(crate) fn new(basket: &Basket) -> Self {
        let mut lots = Vec::new();
        let mut units = Vec::new();
        for (lot, (key, count)) in basket.lots().enumerate() {
            lots.push(key.clone());
            units.extend((0..count).map(|_| UnitState { lot, left: key.unit_minor, taken: false }));
        }
        Self { currency: basket.currency(), lots, units }
    }

    /// What is left to pay for a unit, in minor units.
    pub(crate) fn left(&self, unit: usize) -> i128 {
        self.units.get(unit).map_or(0, |unit| unit.left)
    }

    /// What is left to pay for units together.
    pub(crate) fn sum(&self, units: &[usize]) -> i128 {
        units.iter().fold(0, |sum, unit| sum.saturating_add(self.left(*unit)))
    }

    /// Eligible units in the order of the basket, taken or not.
    pub(crate) fn eligible(&self, rule: &Rule) -> Vec<usize> {
        self.matching(|key| rule.scope.contains(&key.sku))
    }

    /// Units of the lots that match.
    pub(crate) fn matching(&self, matches: impl Fn(&LotKey) -> bool) -> Vec<usize> {
        let lots: Vec<bool> = self.lots.iter().map(matches).collect();
        let of = |unit: &UnitState| lots.get(unit.lot).copied().unwrap_or(false);
        self.units.iter().enumerate().filter(|(_, unit)| of(unit)).map(|(index, _)| index).collect()
    }

    /// Those that no set has used up.
    pub(crate) fn free(&self, mut units: Vec<usize>) -> Vec<usize> {
        units.retain(|unit| self.units.get(*unit).is_some_and(|unit| !unit.taken));
        units
    }

    /// Dearest first; ties by item, price and place.
    pub(crate) fn dearest_first(&self, mut units: Vec<usize>) -> Vec<usize> {
        units.sort_by_key(|unit| (core::cmp::Reverse(self.left(*unit)), *unit));
        units
    }

    /// Units by lot, lots in order.
    pub(crate) fn by_lot(&self, units: &[usize]) -> BTreeMap<usize, Vec<usize>> {
        let mut lots: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for unit in units {
            if let Some(state) = self.units.get(*unit) {
                lots.entry(state.lot).or_default().push(*unit);
            }
        }
        lots
    }

    /// A price cut on units of one lot: a percentage is rounded once for them all.
    pub(crate) fn cut(&self, units: &[usize], cut: &PriceCut) -> Result<Vec<Cut>, BasketError> {
        let each = |off: &dyn Fn(i128) -> i128| -> Vec<Cut> {
            units.iter().map(|unit| Cut { unit: *unit, off: off(self.left(*unit)) }).collect()
        };
        Ok(match cut {
            PriceCut::Amount(amount) => each(&|left| left.min(amount.minor())),
            PriceCut::Fixed(price) => each(&|left| left.saturating_sub(price.minor()).max(0)),
            PriceCut::Percent(rate) => {
                let total = share(self.sum(units), &rate.to_exact(), self.currency)?;
                spread(&each(&|left| left), total, self.currency)?
            }
        })
    }

    /// `total` minor units off units of any lots: first by lot, then within the lot, by what is left to pay.
    pub(crate) fn split(&self, units: &[usize], total: i128) -> Result<Vec<Cut>, BasketError> {
        let lots = self.by_lot(units);
        let weight = |units: &Vec<usize>| Cut { unit: 0, off: self.sum(units) };
        let weights: Vec<Cut> = lots.values().map(weight).collect();
        let mut cuts = Vec::new();
        for (units, part) in lots.values().zip(spread(&weights, total, self.currency)?) {
            let each: Vec<Cut> =
                units.iter().map(|unit| Cut { unit: *unit, off: self.left(*unit) }).collect();
            cuts.extend(spread(&each, part.off, self.currency)?);
        }
        Ok(cuts)
    }

    /// Carries an effect out.
    pub(crate) fn apply(&mut self, effect: &Effect) {
        for cut in effect.applications.iter().flatten() {
            if let Some(unit) = self.units.get_mut(cut.unit) {
                unit.left = unit.left.saturating_sub(cut.off).max(0);
            }
        }
        for unit in &effect.taken {
            if let Some(unit) = self.units.get_mut(*unit) {
                unit.taken = true;
            }
        }
    }
}

/// `value · rate`, rounded once, half away from zero, to a minor unit.
pub(crate) fn share(value: i128, rate: &Exact, currency: Currency) -> Result<i128, BasketError> {
    let exact = Money::from_minor(value, currency)?.exact().times(rate)?;
    Ok(exact.round(&Rounding::HALF_AWAY)?.minor())
}
