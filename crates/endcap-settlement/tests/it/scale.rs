//! Law 19 over whole statements: ten times the money, and ten times every threshold, price and limit, is ten times the
//! statement before rounding; and after it, where the step of rounding grows alike.

use std::collections::BTreeMap;
use std::num::NonZeroU64;

use endcap_settlement::*;
use endcap_types::*;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::numbered_laws::thousand;
use crate::wide::{Wide, wide};
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
            method.occupancy.iter_mut().for_each(|occupancy| by(&mut occupancy.rent));
            if let Some(tiers) = &mut method.tiers {
                tiers.table = table(&tiers.table, factor, factor);
            }
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
            AmountRule::Tiered(rule) => rule.table = table(&rule.table, factor, factor),
            // Growth by a share stays what it is; growth by money grows alike.
            AmountRule::Growth(rule) => {
                let from = if rule.by == GrowthBy::Percent { 1 } else { factor };
                rule.table = table(&rule.table, from, factor);
            }
            AmountRule::FreeGoods(rule) => {
                if let FreeGoodsValue::Price(price) = &mut rule.value {
                    by(price);
                }
            }
            AmountRule::BaseStock(limit) => by(limit),
            AmountRule::PriceProtection(_) => {}
            AmountRule::Percent(_) | AmountRule::PromotionFunding => {}
        }
    }
    world
}

fn table(table: &TierTable, from: i64, flat: i64) -> TierTable {
    let tiers = table.tiers().iter().map(|tier| {
        let mut tier = *tier;
        tier.from *= Decimal::from(from);
        tier.flat *= Decimal::from(flat);
        tier
    });
    TierTable::new(tiers.collect::<Vec<_>>(), table.boundary()).unwrap()
}

/// The same month in that money.
fn scaled_wide(wide: &Wide, factor: i64) -> Wide {
    let mut wide = Wide { world: scaled(&wide.world, factor), ..wide.clone() };
    let up = |money: &mut Money| {
        *money = Money::from_minor(money.minor() * i128::from(factor), money.currency()).unwrap();
    };
    for sold in &mut wide.till_sales {
        up(&mut sold.sale.amount);
        up(&mut sold.tag);
        sold.sale.original.supply_price =
            sold.sale.original.supply_price.map(|price| price * Decimal::from(factor));
        sold.discounts.iter_mut().for_each(|less| up(&mut less.amount));
        for paid in &mut sold.tenders {
            up(&mut paid.amount);
            up(&mut paid.void);
        }
    }
    for reference in &mut wide.references {
        if let Basis::Amount(amount) = &mut reference.base {
            up(amount);
        }
    }
    wide.opening_advances.iter_mut().for_each(|left| up(&mut left.amount));
    wide.peer_sales.iter_mut().for_each(|peer| up(&mut peer.amount));
    for cut in &mut wide.price_cuts {
        for price in [&mut cut.cut.old, &mut cut.cut.new] {
            let per_unit = price.per_unit() * Decimal::from(factor);
            *price = Price::new(per_unit, price.currency(), price.unit(), TaxBasis::Inclusive).unwrap();
        }
    }
    wide
}

/// Leaves out what is kept in whole minor units by name, whatever the step of rounding: the turnover that a guarantee
/// compares and remembers, and the value of stock that is carried at an average price.
fn in_whole_units(wide: &mut Wide) {
    match &mut wide.world.terms.method {
        Method::Consignment(method) => {
            method.prices.iter_mut().for_each(|price| price.price = price.price.round_dp(2));
            if method.price_basis == PriceBasis::AverageOfPeriod {
                wide.world.counts.clear();
            }
        }
        Method::TurnoverDeduction(method) => {
            let fractions = |till: &TillTerms| till.base_tax == TaxBasis::Exclusive || !till.fees.is_empty();
            if method.till.as_ref().is_some_and(fractions) {
                method.guarantee = None;
            }
        }
        Method::CreditTerms(_) => {}
    }
}

/// Lines that one amount became: of one column, kind, clause, document, SKU and rate.
type Key = (Column, LineKind, Option<ClauseId>, Option<DocumentId>, Option<SkuId>, Option<Rate>);

fn by_key(statement: &Statement) -> BTreeMap<Key, Vec<&StatementLine>> {
    let mut groups: BTreeMap<Key, Vec<&StatementLine>> = BTreeMap::new();
    for line in statement.lines() {
        let (clause, document, sku) = (line.clause.clone(), line.document.clone(), line.sku.clone());
        groups.entry((line.column, line.kind, clause, document, sku, line.rate)).or_default().push(line);
    }
    for lines in groups.values_mut() {
        lines.sort_by_key(|line| (line.vat, line.amount.minor()));
    }
    groups
}

/// Whether an amount was shared over VAT rates, in whole minor units.
fn shared(statement: &Statement, lines: &[&StatementLine]) -> bool {
    let formula = |line: &&StatementLine| &statement.trace().node(line.trace).unwrap().formula;
    lines.iter().map(formula).any(|formula| matches!(formula, Formula::Share { .. }))
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

    /// The same over contracts that use everything. Goods of several VAT rates share what was posted in whole minor
    /// units, so of such an amount the shares are near, and their sum is exact.
    #[test]
    fn law_19_over_contracts_that_use_everything(mut wide in wide(), power in 1_u32..=3) {
        let factor = 10_i64.pow(power);
        in_whole_units(&mut wide);
        let (small, large) = (wide.settle(), scaled_wide(&wide, factor).settle());
        let (times, factor) = (Exact::from_int(factor.into()), i128::from(factor));
        let (ones, tens) = (by_key(&small), by_key(&large));
        prop_assert_eq!(ones.keys().collect::<Vec<_>>(), tens.keys().collect::<Vec<_>>());
        for ((key, one), ten) in ones.iter().zip(tens.values()) {
            let sum = |lines: &[&StatementLine]| lines.iter().map(|line| line.amount.minor()).sum::<i128>();
            prop_assert_eq!(sum(ten), factor * sum(one), "{:?}", key);
            if shared(&small, one) || shared(&large, ten) {
                for ten in ten {
                    let one = one.iter().find(|one| one.vat == ten.vat).map_or(0, |one| one.amount.minor());
                    prop_assert!((ten.amount.minor() - factor * one).abs() <= factor, "{:?}", key);
                }
                continue;
            }
            prop_assert_eq!(one.len(), ten.len(), "{:?}", key);
            for (one, ten) in one.iter().zip(ten) {
                prop_assert_eq!((one.vat, factor * one.amount.minor()), (ten.vat, ten.amount.minor()));
                for (a, b) in [(one.trace, ten.trace), (one.tax_trace, ten.tax_trace)] {
                    let (raw, tenfold) = (small.trace().raw(a).unwrap(), large.trace().raw(b).unwrap());
                    let why = (small.trace().explain(a, Language::En), large.trace().explain(b, Language::En));
                    prop_assert_eq!(tenfold.value(), &raw.value().mul(&times).unwrap(), "{:?}", why);
                }
            }
        }
        for (one, ten) in [
            (small.totals().payment, large.totals().payment),
            (small.totals().goods, large.totals().goods),
            (small.totals().on_hold, large.totals().on_hold),
            (small.totals().separate, large.totals().separate),
        ] {
            prop_assert_eq!(ten.minor(), factor * one.minor());
        }
    }
}
