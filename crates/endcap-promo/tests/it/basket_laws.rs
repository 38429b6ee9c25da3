//! Laws of the till: what holds for every basket, stack and context.

use endcap_promo::Language;
use endcap_promo::basket::{
    AmountStep, Basket, Context, Counting, GiftFor, LimitScope, Limits, Offer, Pick, PriceCut, Rule, Scope,
    SplitSafety, Stack, Stacking, Status, Threshold, UnitUse, refund, settle_basket,
};
use endcap_types::{Currency, Money};
use proptest::prelude::*;

use crate::basket_offers::{Lines, amount, build, context, cut, groups, lines, rate};
use crate::basket_support::{
    basket, cny, fen, group, noon, off, percent, promo, rule, settle, single, sku, step,
};

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn discounts_stay_between_nothing_and_the_value_and_everything_sums(
        lines in lines(), groups in groups(), context in context(),
    ) {
        let basket = build(&lines);
        let settled = settle_basket(&basket, &Stack::new(Currency::CNY, groups).unwrap(), &context).unwrap();
        for line in &settled.lines {
            prop_assert!(!line.pay.is_negative() && line.discount.minor() >= 0);
            prop_assert!(line.discount.minor() <= line.list.minor());
            prop_assert_eq!(Money::sum(line.discounts.values().copied(), Currency::CNY).unwrap(), line.discount);
        }
        let by_offer = Money::sum(settled.offers.iter().map(|offer| offer.discount), Currency::CNY).unwrap();
        prop_assert_eq!(by_offer, settled.discount);
        prop_assert_eq!(settled.list.checked_sub(&settled.discount).unwrap(), settled.pay);
        prop_assert_eq!(Money::sum(settled.lines.iter().map(|line| line.pay), Currency::CNY).unwrap(), settled.pay);
        for offer in &settled.offers {
            let paid = Money::sum(offer.funding.values().copied(), Currency::CNY).unwrap();
            prop_assert_eq!(paid, offer.worth().unwrap(), "somebody pays for everything the shopper gets");
        }
        for language in [Language::En, Language::Zh] {
            prop_assert_eq!(settled.explain(language).len(), settled.lines.len() + settled.offers.len() + 1);
        }
    }

    #[test]
    fn the_order_of_lines_groups_and_offers_changes_nothing(
        lines in lines(), groups in groups(), context in context(), turn in 0_usize..7,
    ) {
        let one = settle_basket(&build(&lines), &Stack::new(Currency::CNY, groups.clone()).unwrap(), &context);
        let mut lines = lines;
        let mut groups = groups;
        let by = turn.min(lines.len());
        lines.rotate_left(by);
        groups.reverse();
        for group in &mut groups {
            group.rules.reverse();
        }
        let other = settle_basket(&build(&lines), &Stack::new(Currency::CNY, groups).unwrap(), &context);
        prop_assert_eq!(one.unwrap(), other.unwrap());
    }

    #[test]
    fn scanning_units_one_by_one_is_scanning_them_together(lines in lines(), groups in groups(), context in context()) {
        let stack = Stack::new(Currency::CNY, groups).unwrap();
        let singles: Lines =
            lines.iter().flat_map(|(item, price, units)| (0..*units).map(|_| (*item, *price, 1))).collect();
        prop_assert_eq!(
            settle_basket(&build(&lines), &stack, &context).unwrap(),
            settle_basket(&build(&singles), &stack, &context).unwrap()
        );
    }

    #[test]
    fn limits_are_never_passed(lines in lines(), groups in groups(), context in context()) {
        let stack = Stack::new(Currency::CNY, groups).unwrap();
        let settled = settle_basket(&build(&lines), &stack, &context).unwrap();
        for rule in stack.groups().iter().flat_map(|group| &group.rules) {
            let offer = settled.offer(&rule.id).unwrap();
            for (scope, limit) in &rule.limits.amounts {
                if *scope != LimitScope::Application {
                    prop_assert!(offer.discount.minor() <= limit.minor(), "{:?}", scope);
                }
            }
            let fifteen = matches!(rule.offer, Offer::SpendThreshold { .. } | Offer::Coupon { .. });
            for (scope, limit) in &rule.limits.units {
                if *scope != LimitScope::Application && !fifteen {
                    let used = context.used.get(&rule.id).and_then(|used| used.units.get(scope)).copied().unwrap_or(0);
                    prop_assert!(offer.units <= limit.saturating_sub(used), "{:?}", scope);
                }
            }
        }
    }

    #[test]
    fn a_full_return_refunds_exactly_what_was_paid(lines in lines(), groups in groups(), context in context()) {
        let stack = Stack::new(Currency::CNY, groups).unwrap();
        let bought = build(&lines);
        let paid = settle_basket(&bought, &stack, &context).unwrap();
        let back = refund(&bought, &bought, &stack, &context).unwrap();
        prop_assert_eq!(back.amount, paid.pay);
        prop_assert_eq!(back.points_back, paid.points());
        let given: u64 = paid.handed_out().map(|out| out.units).sum();
        prop_assert_eq!(back.handed_out_back.values().sum::<u64>(), given);
    }

    #[test]
    fn a_partial_return_never_pays_back_more_than_was_paid(
        lines in lines(), groups in groups(), context in context(), keep in 0_usize..7,
    ) {
        let stack = Stack::new(Currency::CNY, groups).unwrap();
        let bought = build(&lines);
        let back = build(&lines[keep.min(lines.len())..].to_vec());
        let paid = settle_basket(&bought, &stack, &context).unwrap();
        let refund = refund(&bought, &back, &stack, &context).unwrap();
        prop_assert!(refund.amount.minor() >= 0 && refund.amount.minor() <= paid.pay.minor());
        // What is kept and what comes back together are what was paid, but for what nobody is charged.
        let identity = refund.amount.checked_add(&refund.kept.pay).unwrap().checked_sub(&refund.waived).unwrap();
        prop_assert_eq!(identity, paid.pay);
    }

    #[test]
    fn cutting_a_basket_in_two_never_gains_where_the_offer_says_so(
        left in lines(), right in lines(),
        offer in prop_oneof![
            cut().prop_map(|cut| Offer::PriceCut { cut }),
            (1_u32..5, rate()).prop_map(|(every, rate)| Offer::NthUnit { every, rate, pick: Pick::CheapestOfGroup }),
            (1_u32..4, 1_u32..4).prop_map(|(buy, free)| {
                Offer::BuyGet { buy, free, counting: Counting::Inclusive, pick: Pick::CheapestOfGroup }
            }),
            (amount(1, 9_000), amount(0, 9_000)).prop_map(|(spend, off)| {
                Offer::SpendThreshold { threshold: Threshold::Repeat(AmountStep { spend, off }) }
            }),
        ],
    ) {
        prop_assert_eq!(offer.split_safety(), SplitSafety::NeverGains);
        let rule = rule("X", offer);
        let together: Lines = left.iter().chain(&right).copied().collect();
        let off = |lines: &Lines| settle(&build(lines), rule.clone()).discount.minor();
        // A percentage is rounded once a line or unit: half a minor unit each, on both sides.
        let roundings = match &rule.offer {
            Offer::SpendThreshold { .. } | Offer::BuyGet { .. } => 0,
            _ => i128::from(together.iter().map(|(_, _, units)| *units).sum::<u64>()),
        };
        prop_assert!(off(&left) + off(&right) <= off(&together) + roundings);
    }

    #[test]
    fn free_units_of_buy_n_get_m_follow_the_formula_and_never_fall_with_units(
        buy in 1_u64..20, free in 1_u64..6, units in 0_u64..80,
    ) {
        let offer = |pick| Offer::BuyGet {
            buy: u32::try_from(buy).unwrap(), free: u32::try_from(free).unwrap(), counting: Counting::Inclusive, pick,
        };
        let of = |units: u64, pick| {
            let basket = Basket::new(Currency::CNY).with_units(sku("A"), fen(100), units).unwrap();
            settle(&basket, rule("X", offer(pick))).discount.minor()
        };
        let size = buy + free;
        let formula = (units / size) * free + (units % size).saturating_sub(buy);
        for pick in [Pick::Cheapest, Pick::CheapestOfGroup, Pick::MostExpensive] {
            prop_assert_eq!(of(units, pick), i128::from(formula * 100));
            prop_assert!(of(units + 1, pick) >= of(units, pick));
        }
    }

    #[test]
    fn settling_twice_is_settling_once(lines in lines(), groups in groups(), context in context()) {
        let stack = Stack::new(Currency::CNY, groups).unwrap();
        let basket = build(&lines);
        prop_assert_eq!(settle_basket(&basket, &stack, &context), settle_basket(&basket, &stack, &context));
    }

    #[test]
    fn zhe_and_the_rate_off_make_one(tenths in 0_i64..=100) {
        let PriceCut::Percent(rate) = PriceCut::zhe(rust_decimal::Decimal::new(tenths, 1)).unwrap() else {
            return Err(TestCaseError::fail("not a percentage"));
        };
        prop_assert_eq!(rate.as_percent() + rust_decimal::Decimal::from(tenths), rust_decimal::Decimal::ONE_HUNDRED);
    }
}

#[test]
fn picking_the_cheapest_of_the_whole_set_may_gain_by_cutting_the_basket() {
    let offer = Offer::BuyGet { buy: 2, free: 1, counting: Counting::Inclusive, pick: Pick::Cheapest };
    assert_eq!(offer.split_safety(), SplitSafety::MayGain);
    let of = |text| settle(&basket(text), rule("X", offer.clone())).discount.to_amount_string();
    assert_eq!(of("A:30.00x3;C:10.00x3"), "20.00");
    assert_eq!((of("A:30.00x3"), of("C:10.00x3")), ("30.00".to_owned(), "10.00".to_owned()));
}

#[test]
fn a_unit_used_up_by_one_set_is_not_taken_by_another() {
    let half = rule("HALF", Offer::NthUnit { every: 2, rate: off("0.5"), pick: Pick::CheapestOfGroup });
    let free =
        rule("FREE", Offer::BuyGet { buy: 1, free: 1, counting: Counting::Inclusive, pick: Pick::Cheapest });
    let of = |unit_use| {
        let rules = |rule: &Rule| vec![Rule { unit_use, ..rule.clone() }];
        let groups = vec![
            group("A", Stacking::Accumulate, 1, rules(&half)),
            group("B", Stacking::Accumulate, 2, rules(&free)),
        ];
        settle_basket(&basket("A:10.00x2"), &Stack::new(Currency::CNY, groups).unwrap(), &noon()).unwrap()
    };
    assert_eq!(of(UnitUse::Consumed).pay.to_amount_string(), "15.00");
    assert_eq!(of(UnitUse::Consumed).offers[1].status, Status::UnitsShort { missing: 2 });
    assert_eq!(of(UnitUse::Shared).pay.to_amount_string(), "10.00"); // 10 + 5, and the cheaper of them free
}

#[test]
fn every_status_is_reached_and_says_why() {
    let words = |settled: &endcap_promo::basket::BasketSettlement, id: &str| {
        let offer = settled.offer(&promo(id)).unwrap();
        (offer.words(Language::En), offer.words(Language::Zh))
    };
    let bag = basket("A:10.00x3");
    let says = |rule: Rule, context: &Context, en: &str, zh: &str| {
        let settled = settle_basket(&bag, &single(rule), context).unwrap();
        let (said_en, said_zh) = words(&settled, "X");
        assert!(said_en.ends_with(en), "{said_en}");
        assert!(said_zh.ends_with(zh), "{said_zh}");
    };
    let guest = noon();
    says(
        rule("X", percent("0.1")),
        &guest,
        "3.00 off 3 unit(s) (the retailer pays 3.00).",
        "3 件（零售商承担 3.00）。",
    );
    let capped = Limits { amounts: [(LimitScope::Basket, cny("1.00"))].into(), ..Limits::default() };
    let limited = Rule { limits: capped, ..rule("X", percent("0.1")) };
    says(limited, &guest, "the limit of the basket was reached.", "已达单笔上限。");
    let nth = Offer::NthUnit { every: 5, rate: off("0.5"), pick: Pick::CheapestOfGroup };
    says(rule("X", nth), &guest, "nothing; 2 more unit(s) needed.", "无优惠；还差 2 件。");
    let man = Offer::SpendThreshold { threshold: Threshold::Once(step("100.00", "20.00")) };
    says(rule("X", man), &guest, "70.00 more spend needed.", "还差 70.00。");
    let gift = Offer::Gift { given_for: GiftFor::Units(1), gifts: vec![sku("MUG")], value: cny("5.00") };
    let one = Context { gift_stock: [(sku("MUG"), 1)].into(), ..noon() };
    says(rule("X", gift), &one, "2 gift(s) out of stock.", "赠品缺 2 件。");
    says(rule("X", Offer::MemberPrice { price: cny("9.00") }), &guest, "for members only.", "仅限会员。");
    let trade = Offer::TradeIn { allowance: cny("4.00"), residual: cny("1.00") };
    says(rule("X", trade), &guest, "no old item was handed over.", "未交旧件。");
    let elsewhere = Rule { scope: Scope::Only([sku("Z")].into()), ..rule("X", percent("0.1")) };
    says(elsewhere, &guest, "nothing in the basket is eligible.", "无适用商品。");
    let morning = endcap_promo::basket::Window::Between {
        from: "2025-06-18T08:00:00".parse().unwrap(),
        to: "2025-06-18T12:00:00".parse().unwrap(),
    };
    says(
        Rule { window: morning, ..rule("X", percent("0.1")) },
        &guest,
        "outside its hours.",
        "不在活动时段。",
    );

    let rules = vec![rule("X", percent("0.1")), Rule { priority: 2, ..rule("Y", percent("0.2")) }];
    let stack = Stack::new(Currency::CNY, vec![group("G", Stacking::Largest, 1, rules)]).unwrap();
    let settled = settle_basket(&bag, &stack, &guest).unwrap();
    assert!(words(&settled, "X").0.ends_with("; Y was taken instead (this one was worth 3.00)."));

    let coupon = Rule {
        not_after: [promo("X")].into(),
        ..rule("Z", Offer::Coupon { face: cny("5.00"), minimum: cny("0.00") })
    };
    let groups = vec![
        group("G", Stacking::Accumulate, 1, vec![rule("X", percent("0.1"))]),
        group("H", Stacking::Accumulate, 1, vec![coupon]),
    ];
    let settled = settle_basket(&bag, &Stack::new(Currency::CNY, groups).unwrap(), &guest).unwrap();
    assert!(words(&settled, "Z").0.ends_with("nothing; not together with X."));
    assert!(words(&settled, "Z").1.ends_with("无优惠；不与 X 同享。"));
}
