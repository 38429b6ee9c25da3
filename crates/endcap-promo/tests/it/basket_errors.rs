//! Every way a basket, an offer or a stack is refused, and the slow oracle beside the sets.

use endcap_promo::PromoError;
use endcap_promo::basket::{
    Basket, BasketError, Counting, Funder, Offer, Pick, PriceCut, Rule, Slot, Stack, Stacking, Threshold,
    TierMode, UnitStep, Window, refund, settle_basket,
};
use endcap_types::{Currency, Money, Rate, TypesError};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::basket_support::{
    basket, cny, fen, group, noon, off, percent, promo, rule, settle, single, sku, step,
};

/// What is wrong with one rule, as text.
fn refused(rule: Rule) -> Vec<String> {
    Stack::single(Currency::CNY, rule).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn a_basket_refuses_what_a_till_could_not_add_up() {
    let empty = || Basket::new(Currency::CNY);
    let error = empty().with_units(sku("A"), fen(-1), 1).unwrap_err();
    assert_eq!(error.to_string(), "the price of A is negative: CNY -0.01");
    let usd = Money::parse("1.00", Currency::USD).unwrap();
    let error = empty().with_units(sku("A"), usd, 1).unwrap_err();
    assert_eq!(error.to_string(), "A is in USD, the basket is in CNY");
    let error = empty().with_units(sku("A"), fen(1), 100_001).unwrap_err();
    assert_eq!(error, BasketError::TooManyUnits { units: 100_001, limit: 100_000 });
    assert!(empty().with_units(sku("A"), fen(1), 100_000).is_ok());
    let error = empty().with_units(sku("A"), fen(1_000_000_000_000_001), 1).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the basket is 1000000000000001, at most 1000000000000000 minor units allowed"
    );
    let error = empty().with_weighed(sku("A"), fen(100), "0".parse().unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "the weight of A is 0 kg, expected more than 0");
    let huge = Money::from_minor(10_i128.pow(30), Currency::CNY);
    let error = huge.map_err(BasketError::from).and_then(|huge| {
        empty().with_weighed(sku("A"), huge, "79228162514264337593543950335".parse().unwrap())
    });
    assert!(matches!(error, Err(BasketError::Types(TypesError::AmountOutOfRange { .. }))), "{error:?}");
}

#[test]
fn an_offer_is_refused_with_its_id_and_the_value() {
    let too_much = Rate::percent("100.01".parse().unwrap()).unwrap();
    let cut = Offer::PriceCut { cut: PriceCut::Percent(too_much) };
    assert_eq!(refused(rule("X", cut)), ["offer X: 100.01% off is outside 0% to 100%"]);
    let below = Offer::Coupon { face: fen(0), minimum: fen(0) };
    assert_eq!(
        refused(rule("X", below)),
        ["offer X: the face value is CNY 0.00, expected more than 0 and within reach"]
    );
    let none = Offer::NthUnit { every: 0, rate: off("0.5"), pick: Pick::Cheapest };
    assert_eq!(refused(rule("X", none)), ["offer X: the size of a group is 0, expected 1 to 1000"]);
    let cut = PriceCut::Percent(off("0.1"));
    let step_at = |from_units| UnitStep { from_units, cut };
    let tier = Offer::VolumeTier { steps: vec![step_at(3), step_at(3)], mode: TierMode::AllUnits };
    assert_eq!(
        refused(rule("X", tier)),
        ["offer X: the steps must rise strictly and there must be one; 3 follows 3"]
    );
    let empty = Offer::SpendThreshold { threshold: Threshold::Tiered(vec![]) };
    assert_eq!(
        refused(rule("X", empty)),
        ["offer X: the steps must rise strictly and there must be one; nothing follows nothing"]
    );
    let slot = |item: &str| Slot { skus: vec![sku(item)], units: 1 };
    let twice = Offer::Bundle { slots: vec![slot("A"), slot("A")], price: fen(1) };
    assert_eq!(refused(rule("X", twice)), ["offer X: A stands in two slots of the bundle"]);
    let no_slot = Offer::Bundle { slots: vec![], price: fen(1) };
    assert_eq!(refused(rule("X", no_slot)), ["offer X: a bundle needs slots, and every slot an item"]);
    let usd = Money::parse("1.00", Currency::USD).unwrap();
    let foreign = Offer::MemberPrice { price: usd };
    assert_eq!(refused(rule("X", foreign)), ["the member price of offer X is in USD, the basket is in CNY"]);
}

#[test]
fn terms_are_refused_all_at_once() {
    let noon = noon().at;
    let bad = Rule {
        window: Window::Between { from: noon, to: noon },
        funding: [
            (Funder::Supplier, Rate::percent("-10".parse().unwrap()).unwrap()),
            (Funder::Retailer, off("0.6")),
        ]
        .into(),
        ..rule("X", percent("0.1"))
    };
    assert_eq!(
        refused(bad),
        [
            "offer X: the window ends 2025-06-18 12:00:00, not after its start 2025-06-18 12:00:00",
            "offer X: a funding share is -10%, expected 0% or more",
            "offer X: the funding shares add up to 50%, expected 100%",
        ]
    );
}

#[test]
fn a_stack_refuses_arbitrary_winners() {
    let groups = |rules| vec![group("G", Stacking::Largest, 1, rules)];
    let says = |groups| -> Vec<String> {
        Stack::new(Currency::CNY, groups).unwrap_err().iter().map(ToString::to_string).collect()
    };
    let x = || rule("X", percent("0.1"));
    assert_eq!(says(groups(vec![x(), Rule { priority: 1, ..x() }])), ["offer X stands in the stack twice"]);
    let coupon = Rule { priority: 2, ..rule("Z", Offer::Coupon { face: fen(1), minimum: fen(0) }) };
    assert_eq!(
        says(groups(vec![x(), coupon])),
        ["offer Z belongs to the stage basket, its group is of the stage item"]
    );
    let two = vec![
        group("G", Stacking::Largest, 1, vec![x()]),
        group("H", Stacking::Largest, 1, vec![rule("Y", percent("0.1"))]),
    ];
    assert_eq!(says(two), ["groups G and H have the same priority 1"]);
    let many = (0..1_001).map(|n| Rule { priority: n, ..rule(&format!("R{n}"), percent("0.1")) }).collect();
    assert_eq!(says(groups(many)), ["the stack holds 1001 offers, at most 1000 allowed"]);
}

#[test]
fn settling_and_returning_refuse_what_does_not_fit() {
    let stack = Stack::new(Currency::USD, vec![]).unwrap();
    let error = settle_basket(&basket("A:1.00x1"), &stack, &noon()).unwrap_err();
    assert_eq!(error.to_string(), "the stack of offers is in USD, the basket is in CNY");
    let stack = single(rule("X", percent("0.1")));
    let error = refund(&basket("A:1.00x1"), &basket("A:1.00x2"), &stack, &noon()).unwrap_err();
    assert_eq!(error.to_string(), "2 of A at CNY 1.00 come back, 1 were bought");
    assert_eq!(PromoError::from(error.clone()).to_string(), error.to_string());
    let error = PriceCut::zhe("10.1".parse().unwrap()).unwrap_err();
    assert!(matches!(error, PromoError::OptionOutOfRange { option: "zhe", .. }), "{error}");
}

/// Prices in fen, dearest first: what the groups of a set offer give, by looking at each place.
fn grouped(prices: &[i64], size: usize, discounted: impl Fn(usize) -> bool, whole_groups: bool) -> Vec<i64> {
    let mut sorted = prices.to_vec();
    sorted.sort_by_key(|price| -price);
    let whole = sorted.len() / size * size;
    let at = |(place, price): (usize, i64)| {
        let counts = !whole_groups || place < whole;
        (counts && discounted(place % size)).then_some(price)
    };
    sorted.into_iter().enumerate().filter_map(at).collect()
}

fn half_away(numerator: i64, denominator: i64) -> i64 {
    (2 * numerator + denominator) / (2 * denominator)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn sets_equal_the_oracle_that_looks_at_each_place(
        prices in vec(0_i64..5_000, 0..14), every in 1_usize..5, permille in 0_i64..=1_000,
        buy in 1_usize..4, free in 1_usize..4,
    ) {
        let bag = prices.iter().enumerate().fold(Basket::new(Currency::CNY), |bag, (n, price)| {
            bag.with_units(sku(&format!("S{n:02}")), fen(i128::from(*price)), 1).unwrap()
        });
        let rate = Rate::permille(permille.into()).unwrap();
        let nth = Offer::NthUnit { every: u32::try_from(every).unwrap(), rate, pick: Pick::CheapestOfGroup };
        let oracle: i64 = grouped(&prices, every, |place| place == every - 1, true)
            .into_iter().map(|price| half_away(price * permille, 1_000)).sum();
        prop_assert_eq!(settle(&bag, rule("X", nth)).discount.minor(), i128::from(oracle));

        let get = |pick| Offer::BuyGet {
            buy: u32::try_from(buy).unwrap(), free: u32::try_from(free).unwrap(), counting: Counting::Inclusive, pick,
        };
        let free_of_groups = grouped(&prices, buy + free, |place| place >= buy, false);
        let oracle: i64 = free_of_groups.iter().sum();
        let settled = settle(&bag, rule("X", get(Pick::CheapestOfGroup)));
        prop_assert_eq!(settled.discount.minor(), i128::from(oracle));
        let mut sorted = prices.clone();
        sorted.sort_unstable();
        let cheapest: i64 = sorted.iter().take(free_of_groups.len()).sum();
        prop_assert_eq!(settle(&bag, rule("X", get(Pick::Cheapest))).discount.minor(), i128::from(cheapest));
        let dearest: i64 = sorted.iter().rev().take(free_of_groups.len()).sum();
        prop_assert_eq!(settle(&bag, rule("X", get(Pick::MostExpensive))).discount.minor(), i128::from(dearest));
    }

    #[test]
    fn thresholds_equal_the_oracle_on_the_sum(
        prices in vec(0_i64..5_000, 0..14), spend in 1_i64..9_000, taken in 0_i64..3_000,
    ) {
        let bag = prices.iter().enumerate().fold(Basket::new(Currency::CNY), |bag, (n, price)| {
            bag.with_units(sku(&format!("S{:02}", n % 4)), fen(i128::from(*price)), 1).unwrap()
        });
        let sum: i64 = prices.iter().sum();
        let at = step(&fen(i128::from(spend)).to_amount_string(), &fen(i128::from(taken)).to_amount_string());
        let of = |threshold| settle(&bag, rule("X", Offer::SpendThreshold { threshold })).discount.minor();
        let once = if sum >= spend { taken.min(sum) } else { 0 };
        prop_assert_eq!(of(Threshold::Once(at)), i128::from(once));
        prop_assert_eq!(of(Threshold::Repeat(at)), i128::from((sum / spend * taken).min(sum)));
    }
}

#[test]
fn money_in_another_currency_than_the_stack_is_named() {
    let usd = Money::parse("1.00", Currency::USD).unwrap();
    let limits = endcap_promo::basket::Limits {
        amounts: [(endcap_promo::basket::LimitScope::Basket, usd)].into(),
        ..endcap_promo::basket::Limits::default()
    };
    assert_eq!(
        refused(Rule { limits, ..rule("X", percent("0.1")) }),
        ["a limit of offer X is in USD, the basket is in CNY"]
    );
    assert_eq!(promo("X").as_str(), "X");
    assert_eq!(cny("1.00"), fen(100));
}
