//! A second, slow and obvious settlement in plain fractions: unit by unit, clause by clause, sharing no code with the
//! crate; and a second reading of every trace node from its JSON.

use std::collections::{BTreeMap, VecDeque};

use endcap_settlement::*;
use endcap_types::*;
use num_rational::Ratio;
use proptest::prelude::*;

use crate::world::{World, world};

type R = Ratio<i128>;

/// Half away from zero.
fn round(value: R) -> i128 {
    let half = R::new(1, 2);
    if value < R::from(0) {
        -((-value + half).floor().to_integer())
    } else {
        (value + half).floor().to_integer()
    }
}

fn units(quantity: &Quantity) -> i128 {
    quantity.amount().mantissa() / 10_i128.pow(quantity.amount().scale())
}

/// Amounts in cents by clause id, and `goods`, `commission`, `top_up`.
fn oracle(world: &World) -> BTreeMap<String, i128> {
    let mut told = BTreeMap::new();
    let net: i128 = world.deliveries.iter().map(|d| d.amount.minor()).sum::<i128>()
        - world.returns.iter().map(|r| r.amount.minor()).sum::<i128>();
    let gross: i128 = world.deliveries.iter().map(|d| d.amount.minor()).sum();
    let turnover: i128 = world.sales.iter().map(|s| s.amount.minor()).sum();
    let dairy = |sku: &SkuId| ["A1", "A2"].contains(&sku.as_str());

    let goods = match &world.terms.method {
        Method::CreditTerms(_) => net,
        Method::TurnoverDeduction(_) => {
            let mut groups: BTreeMap<(u8, i128), i128> = BTreeMap::new();
            for sale in &world.sales {
                // Rates in hundredths of a percent; groups by where the rate comes from.
                let key = match (&sale.original.rate, &sale.promotion, sale.sku.as_str()) {
                    (Some(_), _, _) => (0, 1950),
                    (None, Some(_), _) => (1, 1500),
                    (None, None, "A2") => (2, 1777),
                    (None, None, "A1") => (3, 1800),
                    _ => (4, 2250),
                };
                *groups.entry(key).or_insert(0) += sale.amount.minor();
            }
            let commission = groups.iter().map(|((_, bp), base)| round(R::new(base * bp, 10_000))).sum();
            told.insert("commission".to_owned(), commission);
            let plain = world.sales.iter().filter(|s| s.promotion.is_none());
            let measured: i128 = plain.map(|s| s.amount.minor()).sum();
            told.insert("top_up".to_owned(), round(R::new((500_000 - measured).max(0) * 20, 100)));
            turnover
        }
        Method::Consignment(method) => consigned(world, method.price_basis == PriceBasis::PriceAtDelivery),
    };
    told.insert("goods".to_owned(), goods);

    let has = |id: &str| world.terms.clauses.iter().any(|clause| clause.id.as_str() == id);
    let part = |base: i128, bp: i128| round(R::new(base * bp, 10_000));
    let mut clause = |id: &str, amount: i128| {
        if has(id) {
            told.insert(id.to_owned(), amount);
        }
    };
    let c2 = part(net, 300);
    clause("C2", c2);
    clause("C1", part(net - if has("C2") { c2 } else { 0 }, 500));
    let d1 = part(net, 200);
    clause("D1", d1);
    clause("D2", part(net - d1, 700));
    let b1 = part(turnover, 100);
    let both = has("B1") && has("B2");
    clause("B1", if both && b1 < 2000 { 0 } else { b1 });
    clause("B2", if both && b1 >= 2000 { 0 } else { 2000 });
    let k1 = part(goods, 200).min(15_000);
    clause("K1", k1);
    let left = (15_000 - if has("K1") { k1 } else { 0 }).max(0);
    clause("K2", part(gross, 200).min(left));
    clause("LIM", round(R::new(turnover * 33, 1000).max(R::from(1000)).min(R::from(9999))));
    clause("FIX", round(R::new(100_000 * 21, 31)));
    clause("DAIRY", part(world.sales.iter().filter(|s| dairy(&s.sku)).map(|s| s.amount.minor()).sum(), 170));
    let without_tax = R::new(net * 100, 113);
    let threshold = R::from(200_000);
    let whole = without_tax * if without_tax >= threshold { R::new(25, 1000) } else { R::new(10, 1000) };
    let above = (without_tax - threshold).max(R::from(0));
    let marginal = (without_tax - above) * R::new(10, 1000) + above * R::new(25, 1000);
    clause("T1", if net < 0 { 0 } else { round(whole) });
    clause("T2", if net < 0 { 0 } else { round(marginal) });
    let bought: i128 = world.deliveries.iter().map(|d| units(&d.quantity)).sum::<i128>()
        - world.returns.iter().map(|r| units(&r.quantity)).sum::<i128>();
    let sold: i128 = world.sales.iter().map(|s| units(&s.quantity)).sum();
    clause("U1", round(R::new(bought * 125, 10)));
    clause("U2", round(R::new(sold * 333, 100)));
    clause("STORE", 100_000);
    clause("DM", 9_999);
    clause("P", 2_468);
    clause("SEP", 666);
    told
}

/// Goods of a consignment month in cents, one unit at a time.
fn consigned(world: &World, by_layer: bool) -> i128 {
    let list = |date: chrono::NaiveDate| {
        if date < chrono::NaiveDate::from_ymd_opt(2025, 1, 16).unwrap() {
            R::new(73_333, 100)
        } else {
            R::from(750)
        }
    };
    let (mut goods, mut loss) = (0, R::from(0));
    for (name, _) in crate::world::SKUS {
        // (date, document, …) of each batch, and its units as prices; units owed are kept apart.
        let mut batches = Vec::new();
        for l in world.layers.iter().filter(|l| l.sku.as_str() == name) {
            let price = R::new(l.amount.minor(), units(&l.delivered));
            let key =
                (l.date, l.document.clone(), units(&l.delivered), units(&l.remaining), l.amount.minor());
            batches.push((key, price, units(&l.remaining)));
        }
        for d in world.deliveries.iter().filter(|d| d.sku.as_str() == name) {
            let key = (d.date, d.document.clone(), units(&d.quantity), units(&d.quantity), d.amount.minor());
            batches.push((key, R::new(d.amount.minor(), units(&d.quantity)), units(&d.quantity)));
        }
        let moved = |kinds: &[MovementKind]| {
            let of = world.movements.iter().filter(|m| m.sku.as_str() == name && kinds.contains(&m.kind));
            of.cloned().collect::<Vec<_>>()
        };
        for m in moved(&[MovementKind::TransferIn]) {
            let count = units(&m.quantity);
            if count > 0 {
                let amount = round(list(m.date) * count);
                let key = (m.date, m.document.clone(), count, count, amount);
                batches.push((key, R::new(amount, count), count));
            }
        }
        let mut owed: i128 = batches.iter().map(|(_, _, count)| (-count).max(0)).sum();
        batches.sort_by(|a, b| a.0.cmp(&b.0));
        // Owed units are refilled from the oldest stock, before refunded goods arrive.
        for batch in &mut batches {
            let filled = owed.min(batch.2.max(0));
            owed -= filled;
            batch.2 = batch.2.max(0) - filled;
        }
        let mut settled = R::from(0);
        let mut net = 0;
        let mut any = false;
        for s in world.sales.iter().filter(|s| s.sku.as_str() == name) {
            any = true;
            let count = units(&s.quantity);
            if s.original.supply_price.is_some() {
                settled += R::from(701) * count;
                let key = (s.date, s.document.clone(), -count, -count, 701 * -count);
                batches.push((key, R::from(701), -count));
            } else {
                net += count;
                if !by_layer {
                    settled += list(s.date) * count;
                }
            }
        }
        batches.sort_by(|a, b| a.0.cmp(&b.0));
        let mut shelf: VecDeque<R> =
            batches.iter().flat_map(|(_, price, count)| (0..*count).map(|_| *price)).collect();
        let mut stock = i128::try_from(shelf.len()).unwrap() - owed;
        for _ in 0..net.max(0) {
            let price = shelf.pop_front().unwrap_or(R::from(750));
            if by_layer {
                settled += price;
            }
        }
        if net < 0 {
            if by_layer {
                settled += R::from(750) * net;
            }
            // Refunded beyond what was sold: the last sale's document brings the goods back.
            let last = world.sales.iter().filter(|s| s.sku.as_str() == name);
            let last = last.max_by_key(|s| (s.date, s.document.clone())).unwrap();
            let key = (last.date, last.document.clone(), -net, -net, round(R::from(750) * -net));
            let at =
                batches.iter().filter(|(other, _, _)| *other < key).map(|(_, _, count)| *count).sum::<i128>();
            for _ in 0..-net {
                shelf.insert(usize::try_from(at).unwrap(), R::from(750));
            }
        }
        stock -= net;
        if any {
            goods += round(settled);
        }
        let returned: i128 =
            world.returns.iter().filter(|r| r.sku.as_str() == name).map(|r| units(&r.quantity)).sum();
        let gone = moved(&[MovementKind::Destroyed, MovementKind::Sample]);
        let out = returned + gone.iter().map(|m| units(&m.quantity)).sum::<i128>();
        for _ in 0..out {
            shelf.pop_front();
        }
        stock -= out;
        if let Some(count) = world.counts.iter().find(|c| c.sku.as_str() == name) {
            for _ in 0..(stock - units(&count.quantity)).max(0) {
                loss += if by_layer { shelf.pop_front().unwrap() } else { R::from(750) };
            }
        }
    }
    let lost = round(loss);
    goods + lost - round(R::new(lost * 30, 100))
}

/// The same amounts as a statement tells them.
fn told(statement: &Statement) -> BTreeMap<String, i128> {
    let mut told = BTreeMap::new();
    if statement.method() == MethodKind::TurnoverDeduction {
        told.insert("commission".to_owned(), 0);
    }
    for line in statement.lines() {
        let name = match (line.kind, &line.clause) {
            (_, Some(id)) => id.to_string(),
            (LineKind::Commission, _) => "commission".to_owned(),
            (LineKind::TopUp, _) => "top_up".to_owned(),
            _ => continue,
        };
        *told.entry(name).or_insert(0) += line.amount.minor();
    }
    told.insert("goods".to_owned(), statement.totals().goods.minor());
    told
}

proptest! {
    #![proptest_config(crate::support::at_least(1000))]

    #[test]
    fn settlement_agrees_with_plain_fractions(world in world()) {
        prop_assert_eq!(told(&world.settle()), oracle(&world));
    }
}

#[cfg(feature = "serde")]
pub(crate) mod reading {
    use num_rational::BigRational;

    use super::*;

    fn big(text: &str) -> BigRational {
        text.parse().unwrap()
    }

    fn int(value: i128) -> BigRational {
        BigRational::from_integer(value.into())
    }

    fn decimal(value: &serde_json::Value) -> BigRational {
        let text = value.as_str().unwrap();
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = big(&format!("{whole}{fraction}"));
        digits / int(10_i128.pow(fraction.len() as u32))
    }

    fn percent(value: &serde_json::Value) -> BigRational {
        let text = value.as_str().unwrap().trim_end_matches('%');
        decimal(&serde_json::Value::from(text)) / int(100)
    }

    fn half_away(value: &BigRational) -> BigRational {
        let half = BigRational::new(1.into(), 2.into());
        if *value < int(0) { -(-value + half).floor() } else { (value + half).floor() }
    }

    /// Largest remainder the long way: units one by one to whoever is furthest below its ideal share.
    fn shared(total: &BigRational, weights: &[BigRational], index: u64) -> BigRational {
        let sum = weights.iter().fold(int(0), |sum, weight| sum + weight);
        let (sign, size) = if *total < int(0) { (-1, -total) } else { (1, total.clone()) };
        let mut parts = vec![int(0); weights.len()];
        let mut left = size.clone();
        while left > int(0) {
            let behind = |at: usize| &size * &weights[at] / &sum - &parts[at];
            let mut next = 0;
            for at in 1..parts.len() {
                if behind(at) > behind(next) {
                    next = at;
                }
            }
            // Whole units the furthest behind is owed at once; only the last ones go one by one.
            let step = behind(next).floor().max(int(1));
            parts[next] += &step;
            left -= step;
        }
        parts[usize::try_from(index).unwrap()].clone() * int(sign)
    }

    /// A node's value from its inputs, read from JSON alone; none when it is stated.
    fn recompute(formula: &serde_json::Value, inputs: &[BigRational]) -> Option<BigRational> {
        let a = || inputs[0].clone();
        let rest = || inputs[1..].iter().fold(int(0), |sum, x| sum + x);
        if let Some(word) = formula.as_str() {
            return Some(match word {
                "given" => return None,
                "take" => a(),
                "sum" => inputs.iter().fold(int(0), |sum, x| sum + x),
                "subtract" => a() - rest(),
                "multiply" => inputs.iter().fold(int(1), |product, x| product * x),
                "prorate" => a() * &inputs[1] / &inputs[2],
                "tax_inside" => a() - a() / (int(1) + &inputs[1]),
                "tax_on_top" => a() * &inputs[1],
                "without_tax" => a() / (int(1) + &inputs[1]),
                "larger" => inputs.iter().max().unwrap().clone(),
                "smaller" => inputs.iter().min().unwrap().clone(),
                "excess" => (a() - rest()).max(int(0)),
                "not_chosen" => int(0),
                "on_hold" => a(),
                "ratio" => a() / &inputs[1],
                "full_multiples" => (a() / &inputs[1]).floor().max(int(0)),
                other => panic!("{other}"),
            });
        }
        if let Some(share) = formula.get("equal_share") {
            let (index, count) = (share["index"].as_i64().unwrap(), share["count"].as_i64().unwrap());
            let floor = (a() / int(count.into())).floor();
            let odd = a() - &floor * int(count.into());
            return Some(if int(index.into()) < odd { floor + int(1) } else { floor });
        }
        if let Some(share) = formula.get("share") {
            return Some(shared(&inputs[0], &inputs[1..], share["index"].as_u64().unwrap()));
        }
        if let Some(told) = formula.get("tier_rate") {
            let scale = match told["measured"].as_str().unwrap() {
                "amount" => BigRational::new(1.into(), 100.into()),
                "share" => int(100),
                _ => int(1),
            };
            let (x, band) = (a() * scale, &told["band"]);
            assert!(decimal(&band["lower"]) <= x, "{told}");
            assert!(band.get("upper").is_none_or(|upper| x <= decimal(upper)), "{told}");
            let pay = &band["pay"];
            return Some(pay.get("rate").map_or_else(|| decimal(&pay["per_unit"]) * int(100), percent));
        }
        let band = formula.get("band").unwrap();
        let (method, bounds) = (band["method"].as_str().unwrap(), &band["band"]);
        let scale = if band["measured"] == "amount" { int(100) } else { int(1) };
        let x = a() / scale;
        let up_to = bounds.get("upper").map_or(x.clone(), |upper| decimal(upper).min(x.clone()));
        let taken = match method {
            "whole" | "total" => x,
            "rolling" => up_to,
            "marginal" => up_to - decimal(&bounds["lower"]),
            other => panic!("{other}"),
        };
        let pay = &bounds["pay"];
        let factor = pay.get("rate").map_or_else(|| decimal(&pay["per_unit"]), percent);
        Some((taken * factor + decimal(&bounds["flat"])) * int(100))
    }

    /// Walks the trace of a statement from its JSON; returns how many nodes were computed and which formulas occurred.
    pub(crate) fn walk(statement: &Statement) -> BTreeMap<String, usize> {
        let json = serde_json::to_value(statement).unwrap();
        let nodes = json["trace"]["nodes"].as_array().unwrap();
        let results: BTreeMap<&str, BigRational> = nodes
            .iter()
            .map(|node| (node["id"].as_str().unwrap(), big(node["result"].as_str().unwrap())))
            .collect();
        let mut seen = BTreeMap::new();
        for node in nodes {
            let inputs = node.get("inputs").and_then(|list| list.as_array()).cloned().unwrap_or_default();
            let inputs: Vec<BigRational> =
                inputs.iter().map(|id| results[id.as_str().unwrap()].clone()).collect();
            let raw = big(node["raw"].as_str().unwrap());
            let word = node["formula"].as_str().map_or_else(
                || node["formula"].as_object().unwrap().keys().next().unwrap().clone(),
                str::to_owned,
            );
            *seen.entry(word).or_insert(0) += 1;
            if let Some(value) = recompute(&node["formula"], &inputs) {
                assert_eq!(value, raw, "{node}");
            }
            let rounded = match node.get("rounding") {
                None => raw,
                Some(rounding) if rounding["mode"] == "up" => {
                    if raw < int(0) {
                        raw.floor()
                    } else {
                        raw.ceil()
                    }
                }
                Some(_) => half_away(&raw),
            };
            assert_eq!(rounded, results[node["id"].as_str().unwrap()], "{node}");
        }
        // Every amount of the statement is a node, and every line leads down to something stated.
        for line in json["lines"].as_array().unwrap() {
            for (amount, id) in [("amount", "trace"), ("tax", "tax_trace")] {
                let posted = decimal(&line[amount]["amount"]) * int(100);
                assert_eq!(results[line[id].as_str().unwrap()], posted);
            }
        }
        seen
    }

    proptest! {
        #![proptest_config(crate::support::at_least(48))]

        #[test]
        fn every_trace_node_recomputes(world in world()) {
            let seen = walk(&world.settle());
            prop_assert!(seen["given"] > 0 && seen["sum"] > 0);
        }
    }

    #[test]
    fn the_walk_meets_tiers_shares_and_stacks() {
        let seen = walk(&crate::document::settle_january());
        for word in ["band", "equal_share", "excess", "multiply", "subtract", "tax_inside"] {
            assert!(seen.contains_key(word), "{word}");
        }
    }
}
