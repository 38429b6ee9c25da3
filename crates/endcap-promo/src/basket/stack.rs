//! Which offers go together, and in which order.

use std::collections::{BTreeMap, BTreeSet};

use endcap_types::{Currency, PromotionId};

use super::{BasketError, Offer, PriceCut, Rule, Stage, TierMode};
use crate::limits::MAX_OFFERS;

/// What happens when several offers of a group could apply (叠加规则).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Stacking {
    /// The one that gives most; ties to the lower priority number.
    Largest,
    /// The one that gives least of those that give something.
    Smallest,
    /// The first by priority that gives something.
    FirstByPriority,
    /// All of them in the order of priority, each on what the earlier ones left (折上折): 8折 then 9折 pays 0.72.
    Accumulate,
}

/// Offers that meet on the same goods (促销组).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Group {
    /// Its id, for messages.
    pub id: PromotionId,
    /// How its offers meet.
    pub stacking: Stacking,
    /// Lower goes first within its stage; unique there.
    pub priority: u32,
    /// The offers, all of one stage.
    pub rules: Vec<Rule>,
}

/// A checked set of offers (促销叠加): stages in order, groups in order, no arbitrary winner.
///
/// Items are discounted first, then sets, then the basket; points and claims look at what is left to pay.
///
/// # Examples
///
/// ```
/// use endcap_promo::basket::{Group, Offer, PriceCut, Rule, Stack, Stacking};
/// use endcap_types::Currency;
/// let cut = |id: &str, percent: &str, priority| -> Result<Rule, Box<dyn std::error::Error>> {
///     let offer = Offer::PriceCut { cut: PriceCut::Percent(percent.parse()?) };
///     Ok(Rule { priority, ..Rule::new(id.parse()?, offer) })
/// };
/// let group = Group {
///     id: "CUTS".parse()?, stacking: Stacking::Accumulate, priority: 1,
///     rules: vec![cut("EIGHTY", "20%", 1)?, cut("NINETY", "10%", 1)?],
/// };
/// let error = Stack::new(Currency::CNY, vec![group]).unwrap_err();
/// assert_eq!(error[0].to_string(), "offers EIGHTY and NINETY have the same priority 1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// House rule: order is data, because (P − 10) · 50 % is not P · 50 % − 10.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stack {
    currency: Currency,
    /// In the order they act: by stage, then priority; rules by priority.
    groups: Vec<Group>,
}

/// A table in which one more unit costs less (价格倒挂): 9 at 10.00 are 90.00, 10 at 8.00 are 80.00.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct PriceInversion {
    /// The offer.
    pub offer: PromotionId,
    /// Units at which the total falls.
    pub at: u32,
}

impl Stack {
    /// Checks groups and puts them in the order they act.
    ///
    /// # Errors
    ///
    /// All problems at once: those of each rule ([`Rule::problems`]), [`BasketError::OfferTwice`],
    /// [`BasketError::PriorityTwice`], [`BasketError::StageDiffers`], [`BasketError::TooManyOffers`].
    pub fn new(currency: Currency, mut groups: Vec<Group>) -> Result<Self, Vec<BasketError>> {
        let mut problems = Vec::new();
        let count = groups.iter().map(|group| group.rules.len()).sum();
        if count > MAX_OFFERS {
            problems.push(BasketError::TooManyOffers { count, limit: MAX_OFFERS });
        }
        let mut ids = BTreeSet::new();
        let mut places: BTreeMap<(Stage, u32), PromotionId> = BTreeMap::new();
        groups.retain(|group| !group.rules.is_empty());
        for group in &mut groups {
            group.rules.sort_by(|a, b| (a.priority, &a.id).cmp(&(b.priority, &b.id)));
            for rule in &group.rules {
                problems.extend(rule.problems(currency));
                if !ids.insert(rule.id.clone()) {
                    problems.push(BasketError::OfferTwice { offer: rule.id.clone() });
                }
            }
            for (first, second) in group.rules.iter().zip(group.rules.iter().skip(1)) {
                if first.priority == second.priority {
                    problems.push(BasketError::PriorityTwice {
                        what: "offers",
                        first: first.id.to_string(),
                        second: second.id.to_string(),
                        priority: first.priority,
                    });
                }
            }
            let stage = stage(group);
            for rule in group.rules.iter().filter(|rule| rule.offer.stage() != stage) {
                problems.push(BasketError::StageDiffers {
                    offer: rule.id.clone(),
                    expected: stage.name(),
                    found: rule.offer.stage().name(),
                });
            }
            if let Some(other) = places.insert((stage, group.priority), group.id.clone()) {
                problems.push(BasketError::PriorityTwice {
                    what: "groups",
                    first: other.to_string(),
                    second: group.id.to_string(),
                    priority: group.priority,
                });
            }
        }
        groups.sort_by(|a, b| (stage(a), a.priority, &a.id).cmp(&(stage(b), b.priority, &b.id)));
        if problems.is_empty() { Ok(Self { currency, groups }) } else { Err(problems) }
    }

    /// One offer on its own.
    ///
    /// # Errors
    ///
    /// As [`Stack::new`].
    pub fn single(currency: Currency, rule: Rule) -> Result<Self, Vec<BasketError>> {
        let id = rule.id.clone();
        Self::new(
            currency,
            vec![Group { id, stacking: Stacking::Accumulate, priority: 0, rules: vec![rule] }],
        )
    }

    /// The currency of every amount.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// The groups in the order they act.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// Volume tiers in which one more unit costs less, for goods at `unit_minor` a unit.
    ///
    /// An all-units table does that wherever a step is steep; it is a warning, not an error, because shops do it.
    ///
    /// # Source
    ///
    /// House rule.
    #[must_use]
    pub fn price_inversions(&self, unit_minor: i128) -> Vec<PriceInversion> {
        let rules = self.groups.iter().flat_map(|group| &group.rules);
        rules.flat_map(|rule| inversions(rule, unit_minor)).collect()
    }
}

/// The stage of a group: that of its first offer.
pub(crate) fn stage(group: &Group) -> Stage {
    group.rules.first().map_or(Stage::After, |rule| rule.offer.stage())
}

fn inversions(rule: &Rule, unit_minor: i128) -> Vec<PriceInversion> {
    let Offer::VolumeTier { steps, mode: TierMode::AllUnits } = &rule.offer else { return Vec::new() };
    let mut found = Vec::new();
    let mut below: Option<&PriceCut> = None;
    for step in steps {
        let units = i128::from(step.from_units);
        // Both totals in hundredths of a thousandth of a minor unit, exact enough to compare percent prices.
        let here = scaled_price(&step.cut, unit_minor).saturating_mul(units);
        let before =
            below.map_or_else(|| unit_minor.saturating_mul(SCALE), |cut| scaled_price(cut, unit_minor));
        if here < before.saturating_mul(units.saturating_sub(1)) {
            found.push(PriceInversion { offer: rule.id.clone(), at: step.from_units });
        }
        below = Some(&step.cut);
    }
    found
}

/// Ten decimals of a percent.
const SCALE: i128 = 1_000_000_000_000;

/// The unit price after a cut, times [`SCALE`].
fn scaled_price(cut: &PriceCut, unit_minor: i128) -> i128 {
    match cut {
        PriceCut::Percent(rate) => {
            let paid = endcap_types::Exact::from_int(unit_minor.saturating_mul(SCALE));
            let left = rate.complement().ok().and_then(|left| paid.mul(&left.to_exact()).ok());
            left.and_then(|left| left.round_to_int(endcap_types::RoundingMode::HalfAwayFromZero).ok())
                .unwrap_or(0)
        }
        PriceCut::Amount(off) => unit_minor.saturating_sub(off.minor()).max(0).saturating_mul(SCALE),
        PriceCut::Fixed(price) => unit_minor.min(price.minor()).saturating_mul(SCALE),
    }
}
