//! Law 19 over whole statements: ten times the money, and ten times every threshold, price and limit, is ten times the
//! statement before rounding; and after it, where the step of rounding grows alike.

use std::num::NonZeroU64;

use endcap_settlement::*;
use endcap_types::*;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::numbered_laws::thousand;
use crate::world::{World, world};

/// The same trade in a money of which `factor` are worth one.
fn scaled(world: &World, factor: i64) -> World {
    let mut world = world.clone();
    let up = |money: &mut Money| {
        *money = Money::from_minor(money.minor() * i128::from(factor), money.currency()).unwrap();
    };
    world.deliveries.iter_mut().for_each(|fact| up(&mut fact.amount));
    world.returns.iter_mut().for_each(|fact| up(&mut fact.amount));
    world.layers.iter_mut().for_each(|fact| up(&mut fact.amount));
    world.funding.iter_mut().for_each(|fact| up(&mut fact.amount));
    world.advances.iter_mut().for_each(|fact| up(&mut fact.amount));
    for sale in &mut world.sales {
        up(&mut sale.amount);
        sale.original.supply_price = sale.original.supply_price.map(|price| price * Decimal::from(factor));
    }
    let terms = &mut world.terms;
    let by = |amount: &mut Decimal| *amount *= Decimal::from(factor);
    terms.rounding = terms.rounding.with_step_minor(NonZeroU64::new(factor.try_into().unwrap()).unwrap());
    for stack in &mut terms.stacks {
        if let StackMode::CappedSum(cap) = &mut stack.mode {
            by(cap);
        }
    }
    match &mut terms.method {
        Method::CreditTerms(_) => {}
        Method::Consignment(method) => method.prices.iter_mut().for_each(|price| by(&mut price.price)),
        Method::TurnoverDeduction(method) => {
            method.guarantee.iter_mut().for_each(|guarantee| by(&mut guarantee.amount));
        }
    }
    for clause in &mut terms.clauses {
        clause.floor.iter_mut().for_each(by);
        clause.cap.iter_mut().for_each(by);
        match &mut clause.rule {
            AmountRule::Fixed(amount) | AmountRule::PerStore(amount) | AmountRule::PerOccasion(amount) => {
                by(amount)
            }
            AmountRule::PerUnit(rule) => by(&mut rule.amount),
            AmountRule::Tiered(rule) => {
                let tiers = rule.table.tiers().iter().map(|tier| {
                    let mut tier = *tier;
                    by(&mut tier.from);
                    by(&mut tier.flat);
                    tier
                });
                rule.table = TierTable::new(tiers.collect::<Vec<_>>(), rule.table.boundary()).unwrap();
            }
            AmountRule::Percent(_) | AmountRule::PromotionFunding => {}
            other => panic!("{other:?} has no scale here"),
        }
    }
    world
}

proptest! {
    #![proptest_config(thousand())]

    #[test]
    fn law_19_ten_times_the_money_is_ten_times_the_statement(world in world(), power in 1_u32..=3) {
        let factor = 10_i64.pow(power);
        let mut world = world;
        // Stock that comes in without a delivery is a layer worth money, whole cents of it: so are its prices here.
        if let Method::Consignment(method) = &mut world.terms.method {
            method.prices.iter_mut().for_each(|price| price.price = price.price.round_dp(2));
        }
        let (small, large) = (world.settle(), scaled(&world, factor).settle());
        let times = Exact::from_int(factor.into());
        prop_assert_eq!(small.lines().len(), large.lines().len());
        for (one, ten) in small.lines().iter().zip(large.lines()) {
            prop_assert_eq!((one.kind, &one.clause, &one.document, &one.sku), (ten.kind, &ten.clause, &ten.document, &ten.sku));
            // Posted amounts are rounded to steps of `factor`, and raw values are exact.
            prop_assert_eq!(ten.amount.minor(), one.amount.minor() * i128::from(factor), "{:?}", one);
            for (a, b) in [(one.trace, ten.trace), (one.tax_trace, ten.tax_trace)] {
                let (raw, tenfold) = (small.trace().raw(a).unwrap(), large.trace().raw(b).unwrap());
                let why = (small.trace().explain(a, Language::En), large.trace().explain(b, Language::En));
                prop_assert_eq!(tenfold.value(), &raw.value().mul(&times).unwrap(), "{:?}", why);
            }
        }
        prop_assert_eq!(large.totals().payment.minor(), small.totals().payment.minor() * i128::from(factor));
        prop_assert_eq!(large.totals().goods.minor(), small.totals().goods.minor() * i128::from(factor));
    }
}
