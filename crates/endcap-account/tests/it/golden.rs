//! Published and house cases, row by row.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use endcap_account::{
    AccountError, Band, Between, Class, Concentration, Confirmed, Convention, CostPool, Cutoffs, Measure,
    NegativePolicy, NegativeShares, Reason, SalesWhaleCurve, Scheme, TiePolicy, TimeEquation, WhaleCurve,
    class_steps, classify, classify_slice, percent_of_time_rate,
};
use endcap_types::{AccountId, Currency, Exact, Money, Rate, RoundingMode};
use rust_decimal::Decimal;

use crate::{golden, scaled};

pub(crate) fn fixed(value: &Exact, places: u8) -> String {
    value.to_fixed(places, RoundingMode::HalfAwayFromZero)
}

pub(crate) fn exact(text: &str) -> Exact {
    match text.split_once('/') {
        Some((n, d)) => Exact::ratio(n.parse().expect("n"), d.parse().expect("d")).expect("a fraction"),
        None => Exact::from_decimal(text.parse().expect("a decimal")),
    }
}

/// The exact result, and its decimal rendering to as many places as the file gives.
pub(crate) fn check(value: &Exact, row: &BTreeMap<&str, &str>) {
    assert_eq!(value.to_string(), row["expected_exact"], "{row:?}");
    let decimal = row["expected_decimal"];
    let places = decimal.split_once('.').map_or(0, |(_, part)| part.len());
    assert_eq!(fixed(value, u8::try_from(places).expect("few")), decimal, "{row:?}");
}

pub(crate) fn error_name(error: &AccountError) -> String {
    let text = format!("{error:?}");
    text.split([' ', '(', '{']).next().unwrap_or_default().to_owned()
}

pub(crate) fn pairs(text: &str) -> Vec<(&str, &str)> {
    text.split('|')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once(':').expect("id:value"))
        .collect()
}

fn scheme(row: &BTreeMap<&str, &str>) -> Result<Scheme, AccountError> {
    Ok(Scheme {
        cutoffs: row["cuts"].parse()?,
        convention: match row["convention"] {
            "prefix_exclusive" => Convention::PrefixExclusive,
            "inclusive_le" => Convention::InclusiveLe,
            "inclusive_lt" => Convention::InclusiveLt,
            other => panic!("{other}"),
        },
        ties: match row["tie"] {
            "by_id" => TiePolicy::ById,
            "promote" => TiePolicy::Promote,
            "demote" => TiePolicy::Demote,
            other => panic!("{other}"),
        },
        negatives: match row["negative"] {
            "error" => NegativePolicy::Error,
            "clamp_zero" => NegativePolicy::ClampZero,
            "last_class" => NegativePolicy::LastClass,
            "net" => NegativePolicy::Net,
            other => panic!("{other}"),
        },
        measure: match row["measure"] {
            "value" => Measure::Value,
            "count" => Measure::Count,
            other => panic!("{other}"),
        },
    })
}

#[test]
fn abc_conventions() {
    for row in golden(include_str!("../golden/abc.csv")) {
        let members = pairs(row["members"]);
        let values = scaled(&members.iter().map(|(_, value)| *value).collect::<Vec<_>>());
        let accounts = members.iter().zip(&values).map(|((id, _), value)| {
            (
                AccountId::new(*id).expect("an id"),
                Money::from_minor(*value, Currency::CNY).expect("an amount"),
            )
        });
        let result = scheme(&row).and_then(|scheme| classify(accounts, Currency::CNY, &scheme));
        match result {
            Err(error) => assert_eq!(error_name(&error), row["expected_error"], "{row:?}"),
            Ok(classes) => {
                let found: Vec<String> = members
                    .iter()
                    .map(|(id, _)| {
                        format!(
                            "{id}:{}",
                            classes.get(&AccountId::new(*id).expect("an id")).expect("there").class
                        )
                    })
                    .collect();
                assert_eq!(found.join("|"), row["expected_classes"], "{row:?}");
                assert_eq!(row["expected_error"], "", "{row:?}");
            }
        }
    }
}

#[test]
fn reid_47_items() {
    let rows = golden(include_str!("../golden/reid47.csv"));
    let values: Vec<i128> = {
        let mut texts: Vec<&str> = rows.iter().map(|row| row["annual_usage"]).collect();
        texts.push("0.01");
        let mut values = scaled(&texts);
        values.pop();
        values
    };
    let run = |cutoffs: &str, convention, measure| {
        let cutoffs = cutoffs.parse().expect("limits");
        classify_slice(&values, &Scheme { cutoffs, convention, measure, ..Scheme::default() })
            .expect("classes")
    };
    let exclusive = run("80%|95%", Convention::PrefixExclusive, Measure::Value);
    let inclusive = run("80%|95%", Convention::InclusiveLe, Measure::Value);
    let count = run("20%|50%", Convention::PrefixExclusive, Measure::Count);
    let published = run("75%|93%", Convention::InclusiveLe, Measure::Value);
    assert_eq!(exclusive.total(), 5_168_478);
    for (i, row) in rows.iter().enumerate() {
        let placement = exclusive.placements()[i];
        assert_eq!(placement.rank.to_string(), row["rank"]);
        assert_eq!(Exact::ratio(placement.prior, 100).expect("cents"), exact(row["prior"]));
        assert_eq!(Exact::ratio(placement.cum, 100).expect("cents"), exact(row["cumulative"]));
        let share = Exact::ratio(placement.cum, exclusive.total()).expect("a total");
        assert_eq!(exact(&fixed(&share, 12)), exact(row["cumulative_share"]));
        for (classes, column) in
            [(&exclusive, "exclusive_80_95"), (&inclusive, "inclusive_le_80_95"), (&count, "count_20_50")]
        {
            assert_eq!(classes.placements()[i].class.to_string(), row[column], "{column} {row:?}");
        }
        assert_eq!(count.placements()[i].class.to_string(), row["published"]);
        assert_eq!(published.placements()[i].class.to_string(), row["published"]);
    }
    let sizes = |classes: &endcap_account::Classification| -> Vec<usize> {
        classes.classes().iter().map(|class| class.members).collect()
    };
    assert_eq!((sizes(&exclusive), sizes(&inclusive)), (vec![14, 14, 19], vec![13, 14, 20]));
}

#[test]
fn reasons_name_the_numbers() {
    let reasons = |values: &[i64], scheme: &Scheme| -> Vec<Reason> {
        classify_slice(values, scheme)
            .expect("classes")
            .placements()
            .iter()
            .map(|placement| placement.reason)
            .collect()
    };
    let default = Scheme::default();
    assert_eq!(
        reasons(&[50, 25, 15, 10, 0], &default),
        [
            Reason::Within,
            Reason::Within,
            Reason::CrossedUp { cut: 0 },
            Reason::CrossedUp { cut: 1 },
            Reason::ZeroValue
        ]
    );
    assert_eq!(
        reasons(&[80, 15, 5], &default),
        [Reason::EndsAtCut { cut: 0 }, Reason::StartsAtCut { cut: 0 }, Reason::StartsAtCut { cut: 1 }]
    );
    let inclusive = Scheme { convention: Convention::InclusiveLe, ..Scheme::default() };
    assert_eq!(reasons(&[90, 6, 4], &inclusive)[0], Reason::CrossedDown { cut: 0 });
    assert_eq!(reasons(&[96, 4], &inclusive)[0], Reason::CrossedDown { cut: 1 });
    assert_eq!(reasons(&[0, 0], &default), [Reason::ZeroTotal; 2]);
    let net = Scheme { negatives: NegativePolicy::Net, ..Scheme::default() };
    assert_eq!(reasons(&[-3, 2], &net), [Reason::NegativeValue, Reason::NegativeTotal]);
    let promote =
        Scheme { ties: TiePolicy::Promote, cutoffs: "0.7|0.95".parse().expect("limits"), ..default };
    let by_id = Class::new(1).expect("B");
    assert_eq!(
        reasons(&[50, 20, 20, 10], &promote)[2],
        Reason::Tie { group: 2, policy: TiePolicy::Promote, by_id }
    );
}

#[test]
fn concentration() {
    for row in golden(include_str!("../golden/concentration.csv")) {
        let texts: Vec<&str> = row["values"].split('|').filter(|text| !text.is_empty()).collect();
        if row["measure"] == "entropy_nats" {
            let all = Concentration::of(&scaled(&texts), NegativeShares::Refuse).expect("a distribution");
            let found = all.entropy_nats().expect("no negatives");
            let expected = row["expected_decimal"].parse::<f64>().expect("a number");
            assert!(
                (found - expected).abs() <= 1e-10 * expected && found.is_sign_positive(),
                "{found} {row:?}"
            );
            continue;
        }
        let result =
            Concentration::of(&scaled(&texts), NegativeShares::Refuse).and_then(|all| match row["measure"] {
                "hhi_10000" => all.hhi_points(),
                "hhi_normalised" => all.hhi_normalised(),
                "effective_number" => all.effective_number(),
                "gini" => all.gini(),
                "gini_unbiased" => all.gini_unbiased(),
                "cr" => all.top_share(row["param"].parse().expect("a count")),
                "lorenz" => all.lorenz(&exact(row["param"])),
                other => panic!("{other}"),
            });
        match result {
            Ok(value) => check(&value, &row),
            Err(error) => assert_eq!(format!("!{}", error_name(&error)), row["expected_exact"], "{row:?}"),
        }
    }
}

#[test]
fn hysteresis() {
    let letter = |text: &str| Class::from_letter(text.chars().next().expect("a letter")).expect("a class");
    for row in golden(include_str!("../golden/hysteresis.csv")) {
        let mut class = letter(row["initial_class"]);
        let series = row["series"].split('|');
        let found: Vec<Class> = if row["rule"] == "band" {
            let band = Band::new(row["cuts"].parse().expect("limits"), exact(row["band"])).expect("a band");
            series
                .map(|position| {
                    class = band.next(class, &exact(position)).expect("a class");
                    class
                })
                .collect()
        } else {
            let periods = row["periods"].parse::<NonZeroU32>().expect("periods");
            let mut confirmed = Confirmed::new(class, periods);
            series.map(|raw| confirmed.propose(letter(raw))).collect()
        };
        let text: Vec<String> = found.iter().map(Class::to_string).collect();
        assert_eq!(text.join("|"), row["expected_classes"], "{row:?}");
        let steps = class_steps(letter(row["initial_class"]), &found);
        assert_eq!(steps.to_string(), row["expected_total_steps"], "{row:?}");
    }
}

#[test]
fn whale() {
    for row in golden(include_str!("../golden/whale.csv")) {
        let members = row["members"].split('|');
        let result = if row["case"] == "koch_sales_weighted" {
            let cells: Vec<Vec<&str>> = members.map(|member| member.split(':').collect()).collect();
            let column = |at: usize| scaled(&cells.iter().map(|cells| cells[at]).collect::<Vec<_>>());
            let curve = SalesWhaleCurve::of(&column(1), &column(2)).expect("a curve");
            match row["quantity"] {
                "cum_profit_percent_at_cum_sales_percent" => curve.profit_percent_at(&exact(row["param"])),
                "peak_percent" => curve.peak_percent(),
                "erosion_percent" => curve.erosion_percent(),
                other => panic!("{other}"),
            }
        } else {
            let profits = scaled(&pairs(row["members"]).iter().map(|(_, value)| *value).collect::<Vec<_>>());
            let curve = WhaleCurve::of(&profits).expect("a curve");
            match row["quantity"] {
                "total" => Ok(Exact::from_int(curve.total())),
                "peak" => Ok(Exact::from_int(curve.peak())),
                "erosion" => Ok(Exact::from_int(curve.erosion())),
                "peak_members" => Ok(Exact::from_int(curve.peak_members() as i128)),
                "peak_percent" => curve.peak_percent(),
                "erosion_percent" => curve.erosion_percent(),
                "cum_percent_at" => curve.percent_at(&exact(row["param"]), Between::Interpolate),
                "cum_percent_at_floor" => curve.percent_at(&exact(row["param"]), Between::WholeMembers),
                other => panic!("{other}"),
            }
        };
        match result {
            Ok(value) => check(&value, &row),
            Err(error) => assert_eq!(format!("!{}", error_name(&error)), row["expected_exact"], "{row:?}"),
        }
    }
}

fn list<'a>(inputs: &BTreeMap<&'a str, &'a str>, name: &str) -> Vec<(&'a str, Decimal)> {
    let cells = inputs.get(name).map(|text| pairs(text)).unwrap_or_default();
    cells.into_iter().map(|(name, value)| (name, value.parse().expect("a decimal"))).collect()
}

#[test]
fn cost_to_serve() {
    for row in golden(include_str!("../golden/cost.csv")) {
        let inputs: BTreeMap<&str, &str> =
            row["inputs"].split(';').map(|part| part.split_once('=').expect("=")).collect();
        let number = |name: &str| inputs[name].parse::<Decimal>().expect("a decimal");
        let major =
            |amount: &endcap_types::Unrounded| amount.value().div(&Exact::from_int(100)).expect("a hundred");
        let quantity = row["quantity"];
        let driver = quantity.strip_prefix("cost_driver_rate:");
        let money = |text: &str| Money::parse(text, Currency::USD).expect("an amount");
        if inputs.contains_key("percent") {
            let activity = driver.expect("a driver rate");
            let of = |name: &str| {
                list(&inputs, name).into_iter().find(|(key, _)| *key == activity).expect("there").1
            };
            let share = Rate::percent(of("percent")).expect("a rate");
            let rate = percent_of_time_rate(&money(inputs["cost"]), &share, of("volume")).expect("a rate");
            check(&major(&rate), &row);
            continue;
        }
        let share = inputs.get("practical_percent").map_or("100", |text| text);
        let share = Rate::percent(share.parse().expect("a decimal")).expect("a rate");
        let theoretical = match row["case"] {
            "jahnel" => number("staff") * number("weeks") * number("min_per_week"),
            "city_enterprises" => {
                number("staff") * number("weeks") * number("productive_h_per_week") * Decimal::from(60)
            }
            _ if inputs.contains_key("capacity_h") => number("capacity_h"),
            _ => number("capacity_min"),
        };
        let capacity = CostPool::practical_capacity(theoretical, &share).expect("a capacity");
        if quantity == "practical_capacity_min" {
            check(&capacity, &row);
            continue;
        }
        let cost = inputs
            .get("cost")
            .map_or_else(|| (number("staff") * number("salary")).to_string(), |text| (*text).to_owned());
        let capacity: Decimal = capacity.to_string().parse().expect("an integer");
        let mut times = list(&inputs, "unit_min");
        times.extend(list(&inputs, "unit_h"));
        let pool = CostPool::new(
            money(&cost),
            capacity,
            times.iter().map(|(name, time)| ((*name).to_owned(), *time)),
        );
        let pool = pool.expect("a pool");
        let account = AccountId::new("all").expect("an id");
        let only = quantity.strip_prefix("assigned:");
        let volumes = list(&inputs, "volume");
        let chosen = volumes.iter().filter(|(name, _)| only.is_none_or(|only| only == *name));
        let used = if inputs.contains_key("equation") {
            pool.assign_times(equation_times(&inputs).into_iter().map(|time| (account.clone(), time)))
        } else {
            pool.assign(chosen.map(|(name, volume)| (account.clone(), *name, *volume)))
        };
        let used = used.expect("costs");
        let value = match quantity {
            "rate_per_min" | "rate_per_h" => major(&pool.rate().expect("a rate")),
            "interview_and_hire" => ["interview", "hire"].iter().fold(Exact::ZERO, |sum, activity| {
                sum.add(&major(&pool.driver_rate(activity).expect("a rate"))).expect("small")
            }),
            "used_min" | "used_h" => used.used.clone(),
            "used_percent" => used
                .used
                .mul(&Exact::from_int(100))
                .expect("small")
                .div(&Exact::from_decimal(capacity))
                .expect("above 0"),
            "assigned" => major(&used.assigned),
            "unused_min" | "unused_h" => used.unused_time.clone(),
            "unused_cost" => major(&used.unused),
            _ => match (driver, only) {
                (Some(activity), _) => major(&pool.driver_rate(activity).expect("a rate")),
                (_, Some(_)) => major(&used.assigned),
                _ => panic!("{quantity}"),
            },
        };
        check(&value, &row);
    }
}

/// `5 + 3*lines + …` and orders such as `100:lines4|200:lines1&new1`, where `new` is short for `new_customer`.
fn equation_times(inputs: &BTreeMap<&str, &str>) -> Vec<Exact> {
    let mut terms = inputs["equation"].split(" + ");
    let base = terms.next().expect("a base").parse().expect("a decimal");
    let terms = terms.map(|term| {
        let (each, driver) = term.split_once('*').expect("a term");
        (driver.split('_').next().expect("a name").to_owned(), each.parse().expect("a decimal"))
    });
    let equation = TimeEquation::new(base, terms).expect("an equation");
    let mut times = Vec::new();
    for (events, drivers) in pairs(inputs["orders"]) {
        let counts = drivers.split('&').map(|driver| {
            let digit = driver.find(|letter: char| letter.is_ascii_digit()).expect("a count");
            (&driver[..digit], driver[digit..].parse().expect("a decimal"))
        });
        let time = equation.time(counts).expect("a time");
        times.push(time.mul(&Exact::from_int(events.parse().expect("a count"))).expect("small"));
    }
    times
}

#[test]
fn posted_cost_sums_to_the_cost_supplied() {
    let minutes = [("visit".to_owned(), Decimal::ONE)];
    let pool =
        CostPool::new(Money::parse("100.00", Currency::CNY).expect("money"), Decimal::from(7), minutes);
    let account = |name: &str| AccountId::new(name).expect("an id");
    let volumes =
        [("a", 1), ("b", 2), ("c", 3)].map(|(id, times)| (account(id), "visit", Decimal::from(times)));
    let posted = pool
        .expect("a pool")
        .assign(volumes)
        .expect("costs")
        .post(&endcap_types::Rounding::HALF_AWAY)
        .expect("posted");
    let amounts: Vec<String> = posted.accounts.values().map(Money::to_amount_string).collect();
    // 100/7 = 14.285714…: 14.29, 28.57, 42.86; one minute is left, and what rounding left with it.
    assert_eq!(amounts, ["14.29", "28.57", "42.86"]);
    assert_eq!(posted.unused.to_amount_string(), "14.28");
}

#[test]
fn presets_are_what_they_say() {
    assert_eq!(Cutoffs::default(), Cutoffs::percent(&[80, 95]).expect("limits"));
    assert_eq!(Cutoffs::default(), "4/5|19/20".parse().expect("limits"));
    assert_eq!(Scheme::default().convention, Convention::PrefixExclusive);
}
