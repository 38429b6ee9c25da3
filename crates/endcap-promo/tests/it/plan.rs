//! Planning: the principles as checks, ranking, the catalogue of tactics and what support costs.

use std::collections::BTreeSet;

use endcap_promo::plan::{
    Check, CheckRules, Dependence, Design, Objective, PlannedEvent, RankBy, ReferencePrice, Severity, Target,
    check, forecast, rank,
};
use endcap_promo::support::{Promoters, Sampling, promoters, sampling};
use endcap_promo::tactic::{MoneyShape, Tactic};
use endcap_promo::{Economics, FundingBasis, Language, Mechanic, Party, PromoError, Promotion, SellIn};
use endcap_types::{Currency, Exact, Money, Rate};
use proptest::prelude::*;

use crate::basket_support::{cny, promo};
use crate::support::{dec, int, line, plan as promotion_plan, price};

fn rate(text: &str) -> Rate {
    text.parse().unwrap()
}

/// Base 20,000 at 6.00, cost 3.60, shelf 9.00; 20 % off, 1.00 a unit scanned back, 5,000.00 for the display, +100 %.
pub(crate) fn event(id: &str) -> PlannedEvent {
    let funding = vec![
        line("SB", FundingBasis::ScanBack { per_unit: dec("1.00") }),
        line("LUMP", FundingBasis::LumpSum { amount: dec("5000.00") }),
    ];
    let plan = endcap_promo::PromotionPlan { id: promo(id), ..promotion_plan(30, 2, funding) };
    PlannedEvent {
        promotion: Promotion::new(plan).unwrap(),
        account: "KA-1".parse().unwrap(),
        stores: BTreeSet::new(),
        objective: Objective::Volume,
        target: Some(Target { on: Objective::Volume, value: int(15_000) }),
        economics: Economics {
            unit_cost: price("3.60"),
            supply_price: price("6.00"),
            shelf_regular: price("9.00"),
            sell_in: SellIn::EqualsSellOut,
        },
        base_units: int(20_000),
        planned_lift: rate("110%"),
        budget: dec("50000.00"),
        proof: [("LUMP".parse().unwrap(), "dated photo per store".to_owned())].into(),
        cooldown_weeks: 2,
        clean_weeks: 8,
        design: Design::Controls { units: 5 },
        detectable_lift: Some(rate("20%")),
        gift_value: None,
        largest_prize: None,
        dependence: None,
        reference_price: None,
    }
}

fn found(events: &[PlannedEvent]) -> Vec<(Severity, String)> {
    check(events, &CheckRules::default())
        .unwrap()
        .iter()
        .map(|finding| (finding.severity, finding.words(Language::En)))
        .collect()
}

/// What one change of the sound event brings up, notes left out.
fn only(change: impl Fn(&mut PlannedEvent)) -> Vec<(Severity, String)> {
    let mut event = event("E");
    change(&mut event);
    found(&[event]).into_iter().filter(|(severity, _)| *severity != Severity::Note).collect()
}

#[test]
fn a_sound_event_has_no_error_and_no_warning() {
    assert_eq!(only(|_| {}), []);
    // 22,000 extra units at 2.40, 42,000 scanned back and 5,000 for the display: 5,800.00 left.
    let forecast = forecast(&event("E"), &rate("110%")).unwrap();
    assert_eq!(forecast.net_margin.to_amount_string(), "5800.00");
    assert_eq!(forecast.spend.to_amount_string(), "47000.00");
    assert_eq!(forecast.break_even.lift.to_percent(1), "89.3%");
    // 52,800.00 earned against twice 47,000.00: the rule of thumb is shown, not enforced.
    let notes = found(&[event("E")]);
    assert_eq!(
        notes,
        [(
            Severity::Note,
            "E: extra margin CNY 52800.00, twice the cost of the promotion is CNY 94000.00.".to_owned()
        )]
    );
}

#[test]
fn each_principle_is_found_with_its_figures() {
    let error = |text: &str| vec![(Severity::Error, text.to_owned())];
    let warning = |text: &str| vec![(Severity::Warning, text.to_owned())];
    assert_eq!(only(|e| e.target = None), error("E: no target on net incremental units."));
    assert_eq!(
        only(|e| e.objective = Objective::Trial),
        warning(
            "E: the target is on net incremental units, the objective is judged by new-buyer or repeat rate."
        )
    );
    assert_eq!(
        only(|e| e.planned_lift = rate("89%")),
        error("E: planned lift 89.0% is below the break-even 89.3%.")
    );
    assert_eq!(
        only(|e| e.planned_lift = rate("100%")),
        warning("E: planned lift 100.0% is less than 120% of the break-even 89.3%.")
    );
    assert_eq!(
        only(|e| e.budget = dec("46999.99")),
        error("E: planned spend CNY 47000.00 exceeds the budget CNY 46999.99.")
    );
    assert_eq!(only(|e| e.proof.clear()), error("E: lump sum LUMP of CNY 5000.00 has no proof terms."));
    assert_eq!(only(|e| e.clean_weeks = 7), error("E: 7 clean week(s) before the start, 8 needed."));
    assert_eq!(
        only(|e| e.design = Design::Controls { units: 4 }),
        warning("E: 4 control store(s), 5 needed.")
    );
    assert_eq!(only(|e| e.design = Design::Undecided), error("E: no design has been chosen to judge it by."));
    assert_eq!(only(|e| e.design = Design::NoControls { method: "own baseline".to_owned() }), []);
    assert_eq!(
        only(|e| e.detectable_lift = Some(rate("130%"))),
        warning("E: the design sees 130.0% at best and the plan is 110.0%: this test cannot succeed.")
    );
    assert_eq!(
        only(|e| e.gift_value = Some(dec("1.00"))),
        warning("E: the gift is worth 11.1% of the price, usual is 2% to 10%.")
    );
    assert_eq!(only(|e| e.gift_value = Some(dec("0.90"))), []);
    assert_eq!(
        only(|e| e.largest_prize = Some(dec("50000.01"))),
        error("E: largest prize CNY 50000.01, at most CNY 50000.")
    );
    let dependence = |weeks: &str, volume: &str, falling_quarters| Dependence {
        weeks_on_deal: rate(weeks),
        volume_on_deal: rate(volume),
        falling_quarters,
    };
    assert_eq!(only(|e| e.dependence = Some(dependence("24.9%", "39.9%", 1))), []);
    assert_eq!(only(|e| e.dependence = Some(dependence("25%", "40%", 2))).len(), 3);
}

#[test]
fn nobody_sells_below_cost_unless_stock_must_go() {
    let dear = |e: &mut PlannedEvent| {
        let funding = vec![line("SB", FundingBasis::ScanBack { per_unit: dec("2.50") })];
        let plan = endcap_promo::PromotionPlan { id: promo("E"), ..promotion_plan(30, 2, funding) };
        e.promotion = Promotion::new(plan).unwrap();
        e.budget = dec("999999.00");
    };
    let texts: Vec<String> = only(dear).into_iter().map(|(_, text)| text).collect();
    assert_eq!(
        texts,
        [
            "E: after funding a unit earns nothing: no lift breaks even.",
            "E: the supplier sells at CNY 3.50, below its cost CNY 3.60.",
        ]
    );
    let clearing = only(|e| {
        dear(e);
        e.objective = Objective::ClearStock;
        e.target = Some(Target { on: Objective::ClearStock, value: int(0) });
    });
    assert!(clearing.iter().all(|(_, text)| !text.contains("below its cost")), "{clearing:?}");
    // 9.00 at 50 % off is 4.50; 6.00 less 1.119… of funding is 4.88.
    let half = only(|e| {
        let plan = endcap_promo::PromotionPlan {
            mechanic: Mechanic::PercentOff { rate: rate("50%") },
            ..e.promotion.plan().clone()
        };
        e.promotion = Promotion::new(plan).unwrap();
    });
    assert_eq!(
        half,
        [(Severity::Error, "E: the retailer sells at CNY 4.50, below its cost CNY 4.88.".to_owned())]
    );
    let check = Check::BelowCost { party: Party::Retailer };
    assert!(check < Check::GiftValue);
}

#[test]
fn events_on_the_same_goods_clash_with_their_cooldown() {
    let (first, mut second) = (event("A"), event("B"));
    let moved = |week| {
        let plan = promotion_plan(week, 2, event("B").promotion.funding().to_vec());
        Promotion::new(endcap_promo::PromotionPlan { id: promo("B"), ..plan }).unwrap()
    };
    let errors = |events: &[PlannedEvent]| {
        found(events)
            .into_iter()
            .filter(|(severity, _)| *severity == Severity::Error)
            .map(|(_, text)| text)
            .collect::<Vec<_>>()
    };
    second.promotion = moved(33); // A runs weeks 30 and 31 and cools down in 32 and 33.
    assert_eq!(
        errors(&[first.clone(), second.clone()]),
        [
            "A: runs on the same goods as B (1 item(s), 7 day(s)): neither can be judged.",
            "B: runs on the same goods as A (1 item(s), 7 day(s)): neither can be judged.",
        ]
    );
    second.promotion = moved(34);
    assert_eq!(errors(&[first.clone(), second.clone()]), Vec::<String>::new());
    second.promotion = moved(30);
    second.stores = BTreeSet::from(["S2".parse().unwrap()]);
    let mut one_store = first.clone();
    one_store.stores = BTreeSet::from(["S1".parse().unwrap()]);
    assert_eq!(errors(&[one_store, second.clone()]), Vec::<String>::new());
    second.account = "KA-2".parse().unwrap();
    assert_eq!(errors(&[first, second]), Vec::<String>::new());
}

#[test]
fn a_reference_price_must_have_been_charged() {
    let start = event("E").promotion.period().start();
    let before = |days: i64| start - chrono::Duration::days(days);
    let with = |announced: &str, charged: &[(i64, &str)]| {
        let charged = charged.iter().map(|(days, price)| (before(*days), dec(price))).collect();
        let announced = dec(announced);
        only(|e| e.reference_price = Some(ReferencePrice { announced, charged: Clone::clone(&charged) }))
    };
    assert_eq!(with("9.00", &[(1, "9.00"), (8, "7.90")]), []);
    assert_eq!(
        with("9.00", &[(1, "9.00"), (7, "8.50")]),
        [(Severity::Error, "E: announced from CNY 9.00, the lowest price before was CNY 8.50.".to_owned())]
    );
    // Nothing charged within seven days: the last price before them counts.
    assert_eq!(with("9.00", &[(9, "9.00"), (30, "7.00")]), []);
    assert_eq!(
        with("9.00", &[]),
        [(Severity::Warning, "E: announced from CNY 9.00, no price of 7 days before is known.".to_owned())]
    );
}

#[test]
fn a_budget_buys_the_best_events_first() {
    let with = |id: &str, lift: &str, base: i64| PlannedEvent {
        planned_lift: rate(lift),
        base_units: int(base),
        ..event(id)
    };
    let events = [with("SMALL", "200%", 5_000), with("LARGE", "150%", 20_000), with("LOSER", "50%", 20_000)];
    let ids = |events: &[endcap_promo::plan::RankedEvent]| -> Vec<String> {
        events.iter().map(|event| event.event.to_string()).collect()
    };
    let all = rank(&events, cny("100000.00"), RankBy::NetMargin).unwrap();
    assert_eq!(ids(&all.taken), ["LARGE", "SMALL"]);
    assert_eq!(ids(&all.not_worth_it), ["LOSER"]);
    assert_eq!(
        (all.spend.to_amount_string(), all.net_margin.to_amount_string()),
        ("75000.00".into(), "21000.00".into())
    );
    let tight = rank(&events, cny("60000.00"), RankBy::NetMargin).unwrap();
    assert_eq!(
        (ids(&tight.taken), ids(&tight.over_budget)),
        (vec!["LARGE".to_owned()], vec!["SMALL".to_owned()])
    );
    let usd = Money::parse("1.00", Currency::USD).unwrap();
    assert!(matches!(rank(&events, usd, RankBy::NetPerSpend), Err(PromoError::CurrencyDiffers { .. })));
}

#[test]
fn the_catalogue_has_twenty_tactics_and_every_objective_has_one() {
    let numbers: Vec<u8> = Tactic::ALL.iter().map(|tactic| tactic.number()).collect();
    assert_eq!(numbers, (1..=20).collect::<Vec<u8>>());
    let names: BTreeSet<&str> = Tactic::ALL.iter().map(|tactic| tactic.name(Language::En)).collect();
    assert_eq!(names.len(), 20);
    for objective in [
        Objective::Volume,
        Objective::Share,
        Objective::Trial,
        Objective::ClearStock,
        Objective::Defend,
        Objective::NewProduct,
        Objective::DisplayPresence,
    ] {
        let suited: Vec<Tactic> = Tactic::suited_to(objective).collect();
        assert!(suited.len() >= 2, "{objective:?}");
        assert_eq!(suited[0].objectives()[0], objective, "the first suited one serves it first and foremost");
    }
    assert_eq!(Tactic::PrizeDraw.money_shape(), MoneyShape::Chance);
}

proptest! {
    #[test]
    fn partners_and_supplier_bear_all_of_the_promoters(
        days in 0_u32..500, rate_minor in 0_i64..50_000, units in 0_u64..10_000, commission in 0_i64..500,
        first in 0_i64..50, second in 0_i64..50,
    ) {
        let cost = promoters(&Promoters {
            store_days: days, day_rate: int(rate_minor), units, commission: int(commission),
            partners: [
                ("P1".parse().unwrap(), Rate::percent(first.into()).unwrap()),
                ("P2".parse().unwrap(), Rate::percent(second.into()).unwrap()),
            ].into(),
        }).unwrap();
        let parts = Exact::sum(cost.partners.values()).unwrap().add(&cost.supplier).unwrap();
        prop_assert_eq!(parts, cost.cost);
        prop_assert!(!cost.supplier.is_negative());
    }

    #[test]
    fn at_the_break_even_lift_the_supplier_keeps_nothing(base in 1_i64..50_000, lump in 0_i64..9_000, scan in 0_i64..23) {
        let mut event = event("E");
        let funding = vec![
            line("SB", FundingBasis::ScanBack { per_unit: rust_decimal::Decimal::new(scan, 1) }),
            line("LUMP", FundingBasis::LumpSum { amount: lump.into() }),
        ];
        event.promotion =
            Promotion::new(endcap_promo::PromotionPlan { id: promo("E"), ..promotion_plan(30, 2, funding) }).unwrap();
        event.base_units = int(base);
        let at = forecast(&event, &Rate::ZERO).unwrap().break_even;
        let units = at.units.value().unwrap().clone();
        // inc · m − units · f − F, exactly.
        let increment = units.sub(&int(base)).unwrap();
        let kept = increment.mul(&int(240)).unwrap()
            .sub(&units.mul(&int(scan * 10)).unwrap()).unwrap()
            .sub(&int(lump * 100)).unwrap();
        prop_assert!(kept.is_zero(), "{}", kept);
    }
}

#[test]
fn shares_of_partners_beyond_the_whole_are_refused_and_sampling_without_repeaters_has_no_price() {
    let partners = [("P1".parse().unwrap(), rate("60%")), ("P2".parse().unwrap(), rate("50%"))].into();
    let plan = Promoters { store_days: 1, day_rate: int(1), units: 0, commission: int(0), partners };
    assert!(matches!(promoters(&plan), Err(PromoError::OptionOutOfRange { option: "partners", .. })));
    let nobody = Sampling {
        store_days: 1,
        day_rate: int(100),
        samples: 10,
        sample_cost: int(5),
        trialists: 4,
        repeaters: 0,
    };
    let result = sampling(&nobody).unwrap();
    assert_eq!(result.cost, int(150));
    assert!(result.cost_per_repeater.value().is_none());
    assert_eq!(result.repeat_rate.to_percent(0), "0%");
}

#[test]
fn every_funding_basis_comes_to_its_worked_figure() {
    use endcap_promo::{Accrual, FundingVolume};
    use endcap_types::Rounding;
    // 2,800 scanned at 7.20 on average, 3,000 invoiced at 6.00.
    let volume = FundingVolume {
        scanned: int(2_800),
        invoiced: int(3_000),
        supply_price_minor: int(600),
        shelf_price_minor: int(720),
        currency: Currency::CNY,
        rounding: Rounding::HALF_AWAY,
    };
    let per_unit = dec("0.35");
    let five = rate("5%");
    let cases = [
        (FundingBasis::ScanBack { per_unit }, Accrual::UnitsScanned, "980.00", "2800 units scanned × 0.35"),
        (
            FundingBasis::OffInvoice { per_unit },
            Accrual::UnitsInvoiced,
            "1050.00",
            "3000 units invoiced × 0.35",
        ),
        (
            FundingBasis::BillBack { per_unit },
            Accrual::UnitsInvoiced,
            "1050.00",
            "3000 units bought in, claimed at 0.35",
        ),
        (
            FundingBasis::SellInShare { rate: five },
            Accrual::UnitsInvoiced,
            "900.00",
            "5% of 3000 units invoiced at the supply price",
        ),
        (
            FundingBasis::SellOutShare { rate: five },
            Accrual::UnitsScanned,
            "1008.00",
            "5% of what shoppers paid for 2800 units",
        ),
        (FundingBasis::LumpSum { amount: dec("12.50") }, Accrual::Fixed, "12.50", "lump sum 12.50"),
        (FundingBasis::FreeGoods { units: 10 }, Accrual::Fixed, "60.00", "10 free units at the supply price"),
    ];
    for (basis, accrual, amount, words) in cases {
        assert_eq!(basis.accrual(), accrual, "{}", basis.name());
        let funding = line("F", basis).amount(&promo("P"), &volume).unwrap();
        assert_eq!(funding.amount.to_amount_string(), amount, "{}", funding.basis.name());
        assert!(funding.explain(Language::En).contains(words), "{}", funding.explain(Language::En));
        assert!(funding.explain(Language::Zh).starts_with("F: "));
    }
}
