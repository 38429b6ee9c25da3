//! Golden baskets: every mechanic of the till against figures worked out by hand or taken from published defects.

use std::collections::BTreeMap;

use endcap_promo::basket::{
    Counting, LimitScope, Offer, Pick, PriceCut, RateStep, Rule, Slot, Stack, Stacking, Threshold, TierMode,
    UnitStep, settle_basket,
};
use endcap_types::{Currency, Money, allocate};

use crate::basket_support::{basket, cny, group, noon, off, promo, rule, single, sku, step};
use crate::golden::{Row, rows};
use crate::support::dec;

/// `a=1;b=2` as a map.
fn params(row: &Row) -> BTreeMap<&'static str, &'static str> {
    row["params"].split(';').filter_map(|pair| pair.split_once('=')).collect()
}

fn pick(text: &str) -> Pick {
    match text {
        "cheapest" => Pick::Cheapest,
        "cheapest_of_group" => Pick::CheapestOfGroup,
        other => panic!("{other}"),
    }
}

/// `amount 10 (priority 1)` or `percent 0.5`.
fn candidate(text: &str, place: u32) -> Rule {
    let mut words = text.split(' ');
    let cut = match (words.next().unwrap(), words.next().unwrap()) {
        ("amount", amount) => PriceCut::Amount(cny(&format!("{amount}.00"))),
        ("percent", rate) => PriceCut::Percent(off(rate)),
        other => panic!("{other:?}"),
    };
    let priority =
        text.split_once("(priority ").map_or(place, |(_, n)| n.trim_end_matches(')').parse().unwrap());
    Rule { priority, ..rule(&format!("R{place}"), Offer::PriceCut { cut }) }
}

fn threshold(p: &BTreeMap<&str, &str>) -> Threshold {
    let steps: Vec<(&str, &str)> = p["steps"].split('|').map(|step| step.split_once('@').unwrap()).collect();
    let money = |text: &str| Money::from_decimal(dec(text), Currency::CNY).unwrap();
    let amounts =
        || steps.iter().map(|(at, off)| step(&money(at).to_amount_string(), &money(off).to_amount_string()));
    match p["kind"] {
        "once" => Threshold::Once(amounts().next().unwrap()),
        "repeat" => Threshold::Repeat(amounts().next().unwrap()),
        "tiered" => Threshold::Tiered(amounts().collect()),
        "percent" => Threshold::Percent(
            steps.iter().map(|(at, rate)| RateStep { spend: money(at), rate: off(rate) }).collect(),
        ),
        other => panic!("{other}"),
    }
}

fn stack_of(row: &Row) -> Stack {
    let p = params(row);
    let money = |key: &str| Money::from_decimal(dec(p[key]), Currency::CNY).unwrap();
    let mut limits = endcap_promo::basket::Limits::default();
    let offer = match row["mechanic"] {
        "price_cut_percent" => Offer::PriceCut { cut: PriceCut::Percent(off(p["rate"])) },
        "price_cut_amount" => Offer::PriceCut { cut: PriceCut::Amount(money("amount")) },
        "price_cut_fixed" => Offer::PriceCut { cut: PriceCut::Fixed(money("price")) },
        "limited(price_cut_fixed)" => {
            limits.units.insert(LimitScope::Total, p["units_left"].parse().unwrap());
            Offer::PriceCut { cut: PriceCut::Fixed(money("price")) }
        }
        "nth_unit" => {
            Offer::NthUnit { every: p["n"].parse().unwrap(), rate: off(p["rate"]), pick: pick(p["pick"]) }
        }
        "volume_tier" => Offer::VolumeTier {
            steps: p["tiers"]
                .split('|')
                .map(|tier| tier.split_once('@').unwrap())
                .map(|(units, rate)| UnitStep {
                    from_units: units.parse().unwrap(),
                    cut: PriceCut::Percent(off(rate)),
                })
                .collect(),
            mode: if p["mode"] == "all" { TierMode::AllUnits } else { TierMode::Marginal },
        },
        "threshold_spend" => {
            if p.contains_key("cap") {
                limits.amounts.insert(LimitScope::Basket, money("cap"));
            }
            Offer::SpendThreshold { threshold: threshold(&p) }
        }
        "buy_n_get_m" => {
            limits.applications = p.get("max_applications").map(|text| text.parse().unwrap());
            Offer::BuyGet {
                buy: p["n"].parse().unwrap(),
                free: p["m"].parse().unwrap(),
                counting: if p["counting"] == "added" { Counting::Added } else { Counting::Inclusive },
                pick: p.get("pick").map_or(Pick::Cheapest, |text| pick(text)),
            }
        }
        "purchase_with_purchase" => Offer::AddOn {
            spend: money("spend"),
            addon: sku(p["addon"]),
            price: money("price"),
            units: p["per_times"].parse().unwrap(),
        },
        "bundle_price" => Offer::Bundle {
            slots: p["slots"]
                .split('|')
                .map(|slot| slot.split_once('x').unwrap())
                .map(|(item, units)| Slot { skus: vec![sku(item)], units: units.parse().unwrap() })
                .collect(),
            price: money("price"),
        },
        "coupon" => Offer::Coupon { face: money("face"), minimum: money("min_spend") },
        "stacking" => {
            let stacking = match p["policy"] {
                "accumulate" => Stacking::Accumulate,
                "largest" => Stacking::Largest,
                "smallest" => Stacking::Smallest,
                "first_by_priority" => Stacking::FirstByPriority,
                other => panic!("{other}"),
            };
            let candidates = p.get("order").or_else(|| p.get("candidates")).unwrap();
            let rules = (1..).zip(candidates.split('|')).map(|(n, text)| candidate(text, n)).collect();
            return Stack::new(Currency::CNY, vec![group("G", stacking, 1, rules)]).unwrap();
        }
        other => panic!("unknown mechanic {other}"),
    };
    single(Rule { limits, ..rule("OFFER", offer) })
}

#[test]
fn every_golden_basket_comes_to_the_cent() {
    let golden = rows(include_str!("../golden/basket.csv"));
    assert_eq!(golden.len(), 88);
    for row in &golden {
        let case = row["case"];
        let stack = stack_of(row);
        let settled = settle_basket(&basket(row["basket"]), &stack, &noon()).unwrap();
        assert_eq!(settled.discount.to_amount_string(), row["total_discount"], "{case}: discount");
        assert_eq!(settled.pay.to_amount_string(), row["pay"], "{case}: pay");
        let expected: BTreeMap<&str, &str> =
            row["line_discounts"].split(';').map(|line| line.split_once(':').unwrap()).collect();
        for line in &settled.lines {
            assert_eq!(line.discount.to_amount_string(), expected[line.sku.as_str()], "{case}: {}", line.sku);
        }
        if row["params"].contains("counting=added") {
            // The note of these rows: floor(q / 17) further units.
            let paid: u64 = row["basket"].rsplit('x').next().unwrap().parse().unwrap();
            let handed_out: u64 = settled.handed_out().map(|out| out.units).sum();
            assert_eq!(handed_out, paid / 17, "{case}: handed out");
        }
    }
}

#[test]
fn a_steep_all_units_tier_warns_of_the_price_inversion() {
    let golden = rows(include_str!("../golden/basket.csv"));
    let row = golden.iter().find(|row| row["case"] == "tier_inversion_10").unwrap();
    let found = stack_of(row).price_inversions(1_000);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].at, found[0].offer.clone()), (10, promo("OFFER")));
    let gentle = golden.iter().find(|row| row["case"] == "tier_all_2").unwrap();
    // 2 at 9.00 = 18.00 against 1 at 10.00; 3 at 8.00 = 24.00 against 2 at 9.00: no step costs less than the one before.
    assert!(stack_of(gentle).price_inversions(1_000).is_empty());
}

#[test]
fn every_golden_split_sums_to_its_total() {
    let golden = rows(include_str!("../golden/discount_allocation.csv"));
    assert_eq!(golden.len(), 9);
    for row in &golden {
        let case = row["case"];
        let weights = row["weights"].split(';').map(|pair| pair.split_once('=').unwrap());
        let parts = allocate(cny(row["total"]), weights.map(|(key, weight)| (key, dec(weight)))).unwrap();
        for (key, part) in row["parts"].split(';').map(|pair| pair.split_once('=').unwrap()) {
            assert_eq!(parts[key].to_amount_string(), part, "{case}: {key}");
        }
        assert_eq!(
            Money::sum(parts.into_values(), Currency::CNY).unwrap().to_amount_string(),
            row["total"],
            "{case}"
        );
    }
}
