//! Settling a basket: stages in order, groups in order, each offer on what the earlier ones left.

use std::collections::BTreeMap;

use endcap_types::{Money, PromotionId, Rate, allocate};

use super::outcome::{AppliedOffer, BasketSettlement, LineOutcome};
use super::set::Set;
use super::state::{Cut, Effect, State, spread};
use super::{
    Audience, Basket, BasketError, Context, Funder, Group, LimitScope, Membership, Offer, PriceCut, Rule,
    Stack, Stacking, Stage, Status, item, spend,
};

/// Settles a basket (结算): what each line costs, what each offer did and why, and who pays for it.
///
/// `0 ≤ discount of a line ≤ its value`; the order of lines, offers and groups as given changes nothing; nothing
/// accumulates inside.
///
/// # Errors
///
/// - [`BasketError::CurrencyDiffers`] when basket and offers are in different currencies.
///
/// # Examples
///
/// 第二件半价, then 满100减20, a third of it paid by the supplier:
///
/// ```
/// use endcap_promo::basket::{
///     AmountStep, Basket, Context, Funder, Group, Offer, Pick, Rule, Stack, Stacking, Threshold, settle_basket,
/// };
/// use endcap_types::{Currency, Money};
/// let cny = |text| Money::parse(text, Currency::CNY);
/// let second_half = Rule::new("HALF".parse()?, Offer::NthUnit { every: 2, rate: "50%".parse()?, pick: Pick::CheapestOfGroup });
/// let step = AmountStep { spend: cny("100.00")?, off: cny("20.00")? };
/// let hundred = Rule {
///     funding: [(Funder::Supplier, "25%".parse()?), (Funder::Retailer, "75%".parse()?)].into(),
///     ..Rule::new("HUNDRED".parse()?, Offer::SpendThreshold { threshold: Threshold::Once(step) })
/// };
/// let group = |rule: Rule| Group { id: rule.id.clone(), stacking: Stacking::Accumulate, priority: 1, rules: vec![rule] };
/// let stack = Stack::new(Currency::CNY, vec![group(second_half), group(hundred)]).map_err(|mut found| found.remove(0))?;
///
/// let basket = Basket::new(Currency::CNY)
///     .with_units("SHAMPOO".parse()?, cny("60.00")?, 2)?   // 60 + 30
///     .with_units("SOAP".parse()?, cny("15.00")?, 1)?;     // 15: alone, no pair
/// let noon = "2025-06-18T12:00:00".parse()?;
/// let settled = settle_basket(&basket, &stack, &Context::guest(noon))?;
/// assert_eq!(settled.list.to_amount_string(), "135.00");
/// assert_eq!(settled.pay.to_amount_string(), "85.00"); // 105.00 reaches 100.00
/// assert_eq!(settled.lines[0].discount.to_amount_string(), "47.14"); // 30.00 + 20.00 × 90/105
/// assert_eq!(settled.funding()?[&Funder::Supplier].to_amount_string(), "5.00");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// House rule: items, then sets, then the basket, then points and claims.
pub fn settle_basket(
    basket: &Basket,
    stack: &Stack,
    context: &Context,
) -> Result<BasketSettlement, BasketError> {
    if basket.currency() != stack.currency() {
        return Err(BasketError::CurrencyDiffers {
            what: "the stack of offers".to_owned(),
            expected: basket.currency(),
            found: stack.currency(),
        });
    }
    let mut till = Till { state: State::new(basket), context, offers: Vec::new(), cuts: BTreeMap::new() };
    for group in stack.groups() {
        till.group(group)?;
    }
    till.finish(basket)
}

/// A settlement in progress.
struct Till<'a> {
    state: State,
    context: &'a Context,
    offers: Vec<AppliedOffer>,
    /// Minor units off, by lot and offer.
    cuts: BTreeMap<(usize, PromotionId), i128>,
}

impl Till<'_> {
    fn group(&mut self, group: &Group) -> Result<(), BasketError> {
        if group.stacking == Stacking::Accumulate {
            for rule in &group.rules {
                let effect = self.effect(rule)?;
                self.carry_out(rule, &effect)?;
            }
            return Ok(());
        }
        let mut effects = Vec::with_capacity(group.rules.len());
        for rule in &group.rules {
            effects.push((rule, self.effect(rule)?));
        }
        let giving = effects.iter().enumerate().filter(|(_, (_, effect))| effect.gives());
        // Rules are in the order of priority, and the first of equals wins.
        let taken = match group.stacking {
            Stacking::Largest => giving.rev().max_by_key(|(_, (_, effect))| effect.worth()),
            Stacking::Smallest => giving.min_by_key(|(_, (_, effect))| effect.worth()),
            Stacking::FirstByPriority | Stacking::Accumulate => giving.into_iter().next(),
        };
        let taken = taken.map(|(index, (rule, _))| (index, rule.id.clone()));
        for (index, (rule, effect)) in effects.iter().enumerate() {
            match &taken {
                Some((winner, id)) if *winner != index && effect.gives() => {
                    let forgone = Money::from_minor(effect.worth(), self.state.currency)?;
                    self.carry_out(rule, &Effect::none(Status::SetAside { taken: id.clone(), forgone }))?;
                }
                _ => self.carry_out(rule, effect)?,
            }
        }
        Ok(())
    }

    /// What an offer would do now.
    fn effect(&self, rule: &Rule) -> Result<Effect, BasketError> {
        if !self.context.within(&rule.window) {
            return Ok(Effect::none(Status::OutsideWindow));
        }
        let members = rule.audience == Audience::Members || matches!(rule.offer, Offer::MemberPrice { .. });
        if members && self.context.membership == Membership::Guest {
            return Ok(Effect::none(Status::MembersOnly));
        }
        let before = self.offers.iter().find(|offer| {
            rule.not_after.contains(&offer.offer)
                && (offer.discount.is_positive() || offer.points > 0 || offer.later.is_positive())
        });
        if let Some(before) = before {
            return Ok(Effect::none(Status::Excluded { by: before.offer.clone() }));
        }
        if self.state.eligible(rule).is_empty()
            && !matches!(rule.offer, Offer::Bundle { .. } | Offer::AddOn { .. })
        {
            return Ok(Effect::none(Status::NothingEligible));
        }
        let mut effect = self.offer(rule)?;
        self.limit(rule, &mut effect)?;
        Ok(effect)
    }

    fn offer(&self, rule: &Rule) -> Result<Effect, BasketError> {
        let (state, context) = (&self.state, self.context);
        let set = Set { state, rule, context };
        match &rule.offer {
            Offer::PriceCut { cut } => item::price_cut(state, rule, context, cut),
            Offer::MemberPrice { price } => item::price_cut(state, rule, context, &PriceCut::Fixed(*price)),
            Offer::VolumeTier { steps, mode } => item::volume_tier(state, rule, context, steps, *mode),
            Offer::TradeIn { allowance, residual } => {
                item::trade_in(state, rule, context, allowance.minor(), residual.minor())
            }
            Offer::NthUnit { every, rate, pick } => set.nth_unit(*every, *rate, *pick),
            Offer::BuyGet { buy, free, counting, pick } => set.buy_get(*buy, *free, *counting, *pick),
            Offer::AddOn { spend, addon, price, units } => {
                set.add_on(spend.minor(), addon, price.minor(), *units)
            }
            Offer::Bundle { slots, price } => set.bundle(slots, price.minor()),
            Offer::SpendThreshold { threshold } => spend::threshold(state, rule, threshold),
            Offer::Coupon { face, minimum } => spend::coupon(state, rule, face.minor(), minimum.minor()),
            Offer::Gift { given_for, gifts, value } => {
                spend::gift(state, rule, context, *given_for, (gifts, *value))
            }
            Offer::Rebate { rule: rebate, minimum } => spend::rebate(state, rule, *rebate, minimum.minor()),
            Offer::Points { per, points } => spend::points(state, rule, context, per.minor(), *points),
        }
    }

    /// Money limits: of each application first, then of the basket, the customer, the day, the promotion.
    fn limit(&self, rule: &Rule, effect: &mut Effect) -> Result<(), BasketError> {
        let currency = self.state.currency;
        if let Some(most) = rule.limits.amounts.get(&LimitScope::Application).map(Money::minor) {
            for cuts in &mut effect.applications {
                let off = cuts.iter().fold(0_i128, |sum, cut| sum.saturating_add(cut.off));
                // A threshold counts its own multiples: it has been limited where they were added up.
                if off > most && rule.offer.stage() != Stage::Basket {
                    *cuts = spread(cuts, most, currency)?;
                    effect.status = Status::CapReached { scope: LimitScope::Application };
                }
            }
        }
        if let (left, Some(scope)) = self.context.minor_left(rule) {
            effect.limit_to(left, scope, currency)?;
        }
        Ok(())
    }

    fn carry_out(&mut self, rule: &Rule, effect: &Effect) -> Result<(), BasketError> {
        self.state.apply(effect);
        for Cut { unit, off } in effect.applications.iter().flatten() {
            if let Some(unit) = self.state.units.get(*unit) {
                let sum = self.cuts.entry((unit.lot, rule.id.clone())).or_insert(0);
                *sum = sum.saturating_add(*off);
            }
        }
        let money = |minor: i128| Money::from_minor(minor, self.state.currency);
        self.offers.push(AppliedOffer {
            offer: rule.id.clone(),
            names: rule.offer.names(),
            stage: rule.offer.stage(),
            status: effect.status.clone(),
            discount: money(effect.off())?,
            units: effect.units_off(),
            later: money(effect.later)?,
            points: effect.points,
            handed_out: effect.handed_out.clone(),
            recovered: money(effect.recovered)?,
            funding: funding(rule, money(effect.worth())?)?,
        });
        Ok(())
    }

    fn finish(self, basket: &Basket) -> Result<BasketSettlement, BasketError> {
        let currency = self.state.currency;
        let money = |minor: i128| Money::from_minor(minor, currency);
        let mut lines = Vec::new();
        for (lot, (key, units)) in basket.lots().enumerate() {
            let list = money(key.unit_minor.saturating_mul(i128::from(units)))?;
            let of_lot = self.cuts.iter().filter(|((of, _), off)| *of == lot && **off > 0);
            let mut discounts = BTreeMap::new();
            for ((_, offer), off) in of_lot {
                discounts.insert(offer.clone(), money(*off)?);
            }
            let discount = Money::sum(discounts.values().copied(), currency)?;
            lines.push(LineOutcome {
                sku: key.sku.clone(),
                unit_price: money(key.unit_minor)?,
                units,
                list,
                discounts,
                discount,
                pay: list.checked_sub(&discount)?,
            });
        }
        let list = basket.value()?;
        let discount = Money::sum(lines.iter().map(|line| line.discount), currency)?;
        Ok(BasketSettlement {
            currency,
            lines,
            offers: self.offers,
            list,
            discount,
            pay: list.checked_sub(&discount)?,
        })
    }
}

/// Shares of those who pay: largest remainder, ties to the first payer.
fn funding(rule: &Rule, worth: Money) -> Result<BTreeMap<Funder, Money>, BasketError> {
    if worth.is_zero() {
        return Ok(BTreeMap::new());
    }
    if rule.funding.is_empty() {
        return Ok(BTreeMap::from([(Funder::Retailer, worth)]));
    }
    let weights = rule.funding.iter().map(|(funder, share)| (funder.clone(), Rate::as_percent(share)));
    Ok(allocate(worth, weights)?)
}
