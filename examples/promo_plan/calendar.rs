//! The calendar as people write it, checked on the way in.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::NaiveDate;
use endcap::calendar::Period;
use endcap::promo::plan::{
    CheckRules, Dependence, Design, Objective, PlannedEvent, RankBy, ReferencePrice, Target,
};
use endcap::promo::{Economics, FundingLine, Mechanic, Promotion, PromotionPlan, SellIn};
use endcap::types::{
    AccountId, ClauseId, Currency, Exact, Money, Price, PromotionId, Quantity, Rate, SkuId, StoreId,
    TaxBasis, Unit,
};
use rust_decimal::Decimal;
use serde::Deserialize;
use toml::Spanned;

use crate::common::chains::place;
use crate::common::problems::{Problem, Problems};
use crate::common::toml_file::read_toml;

/// The whole calendar.
pub struct Calendar {
    pub budget: Money,
    pub rank_by: RankBy,
    pub rules: CheckRules,
    pub events: Vec<Planned>,
}

/// One event and the lifts it is forecast at: low, planned, high.
pub struct Planned {
    pub event: PlannedEvent,
    pub lifts: [Rate; 3],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    currency: Spanned<String>,
    budget: Spanned<Decimal>,
    #[serde(default = "net_margin")]
    rank_by: RankBy,
    #[serde(default)]
    rules: CheckRules,
    event: Vec<Spanned<Event>>,
}

const fn net_margin() -> RankBy {
    RankBy::NetMargin
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    account: AccountId,
    #[serde(default)]
    stores: BTreeSet<StoreId>,
    objective: Objective,
    target: Option<Decimal>,
    base_units: Decimal,
    planned_lift: Rate,
    low_lift: Option<Rate>,
    high_lift: Option<Rate>,
    budget: Decimal,
    cooldown_weeks: u32,
    clean_weeks: u32,
    detectable_lift: Option<Rate>,
    design: Design,
    #[serde(default)]
    proof: BTreeMap<ClauseId, String>,
    prices: Prices,
    gift_value: Option<Decimal>,
    largest_prize: Option<Decimal>,
    dependence: Option<Dependence>,
    reference_price: Option<Reference>,
    promotion: Terms,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reference {
    announced: Decimal,
    charged: BTreeMap<NaiveDate, Decimal>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Prices {
    unit_cost: Decimal,
    supply: Decimal,
    shelf: Decimal,
    sell_in_units: Option<Decimal>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Terms {
    id: PromotionId,
    period: Period,
    skus: Vec<SkuId>,
    mechanic: Mechanic,
    #[serde(default)]
    funding: Vec<FundingLine>,
}

/// Reads a calendar; `None` after at least one problem.
pub fn read(path: &Path, problems: &mut Problems) -> Option<Calendar> {
    let (document, text, source) = read_toml::<Document>(path, 0, "a promotion calendar", problems)?;
    let mut at = |start: usize, value: &str, expected: String| {
        let (line, column) = place(&text, start);
        problems.push(Problem::value(&source, line, column, value.as_bytes(), expected));
    };
    let code = document.currency.as_ref();
    let Ok(currency) = Currency::from_code(code) else {
        at(document.currency.span().start, code, "expected a currency code such as CNY".to_owned());
        return None;
    };
    let total = *document.budget.as_ref();
    let budget = Money::from_decimal(total, currency).ok().filter(|budget| !budget.is_negative());
    if budget.is_none() {
        let expected = format!("expected an amount of {} of 0 or more", currency.code());
        at(document.budget.span().start, &total.to_string(), expected);
    }
    let mut ids = BTreeSet::new();
    let mut events = Vec::new();
    let mut sound = true;
    for spanned in document.event {
        let start = spanned.span().start;
        let event = spanned.into_inner();
        let id = event.promotion.id.to_string();
        if !ids.insert(id.clone()) {
            at(start, &id, "expected the id of another event: this one is taken".to_owned());
            sound = false;
        }
        match planned(event, currency) {
            Ok(event) => events.push(event),
            Err(error) => {
                at(start, &id, format!("expected a sound event: {error}"));
                sound = false;
            }
        }
    }
    let budget = budget?;
    sound.then_some(Calendar { budget, rank_by: document.rank_by, rules: document.rules, events })
}

fn planned(event: Event, currency: Currency) -> Result<Planned, Box<dyn std::error::Error>> {
    let price = |per_unit| Price::new(per_unit, currency, Unit::Piece, TaxBasis::Inclusive);
    for (what, value) in [("base_units", event.base_units), ("budget", event.budget)] {
        if value < Decimal::ZERO {
            return Err(format!("{what} is {value}, expected 0 or more").into());
        }
    }
    if event.planned_lift.is_negative() {
        return Err(format!("planned_lift is {}, expected 0% or more", event.planned_lift).into());
    }
    let sell_in = match event.prices.sell_in_units {
        None => SellIn::EqualsSellOut,
        Some(units) => SellIn::Units(Quantity::new(units, Unit::Piece)?),
    };
    let percent = event.planned_lift.as_percent();
    let low = event.low_lift.map_or_else(|| Rate::percent(percent / Decimal::TWO), Ok)?;
    let high = event.high_lift.map_or_else(|| Rate::percent(percent * Decimal::new(15, 1)), Ok)?;
    if low > event.planned_lift || event.planned_lift > high {
        return Err(format!("lifts must rise: {low}, {}, {high}", event.planned_lift).into());
    }
    let terms = event.promotion;
    let promotion = Promotion::new(PromotionPlan {
        id: terms.id,
        period: terms.period,
        skus: terms.skus,
        currency,
        unit: Unit::Piece,
        tax: TaxBasis::Inclusive,
        mechanic: terms.mechanic,
        funding: terms.funding,
    })?;
    let target = event.target.map(|value| Target { on: event.objective, value: Exact::from_decimal(value) });
    let reference_price = event
        .reference_price
        .map(|reference| ReferencePrice { announced: reference.announced, charged: reference.charged });
    Ok(Planned {
        lifts: [low, event.planned_lift, high],
        event: PlannedEvent {
            promotion,
            account: event.account,
            stores: event.stores,
            objective: event.objective,
            target,
            economics: Economics {
                unit_cost: price(event.prices.unit_cost)?,
                supply_price: price(event.prices.supply)?,
                shelf_regular: price(event.prices.shelf)?,
                sell_in,
            },
            base_units: Exact::from_decimal(event.base_units),
            planned_lift: event.planned_lift,
            budget: event.budget,
            proof: event.proof,
            cooldown_weeks: event.cooldown_weeks,
            clean_weeks: event.clean_weeks,
            design: event.design,
            detectable_lift: event.detectable_lift,
            gift_value: event.gift_value,
            largest_prize: event.largest_prize,
            dependence: event.dependence,
            reference_price,
        },
    })
}
