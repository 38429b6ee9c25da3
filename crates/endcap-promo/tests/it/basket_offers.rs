//! Baskets, offers, stacks and contexts of every kind, drawn at random.

use std::collections::BTreeMap;

use endcap_promo::basket::{
    AmountStep, Basket, Context, Counting, Funder, GiftFor, Group, LimitScope, Limits, Membership, Offer,
    Pick, PriceCut, RateStep, RebateRule, Rule, Scope, Slot, Stacking, Threshold, TierMode, UnitStep,
    UnitUse, Used,
};
use endcap_types::{Currency, Money, Rate};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::basket_support::{fen, group, noon, promo, sku};

/// Items, unit prices and units.
pub(crate) type Lines = Vec<(u8, i64, u64)>;

pub(crate) fn lines() -> impl Strategy<Value = Lines> {
    vec((0_u8..5, 0_i64..30_000, 1_u64..6), 0..7)
}

pub(crate) fn build(lines: &Lines) -> Basket {
    lines.iter().fold(Basket::new(Currency::CNY), |basket, (item, price, units)| {
        basket.with_units(sku(&format!("S{item}")), fen(i128::from(*price)), *units).unwrap()
    })
}

pub(crate) fn rate() -> impl Strategy<Value = Rate> {
    prop_oneof![
        Just(Rate::ZERO),
        Just(Rate::ONE),
        (1_i64..1_000).prop_map(|permille| { Rate::permille(permille.into()).unwrap() })
    ]
}

pub(crate) fn amount(least: i64, most: i64) -> impl Strategy<Value = Money> {
    (least..most).prop_map(|minor| fen(i128::from(minor)))
}

pub(crate) fn cut() -> impl Strategy<Value = PriceCut> {
    prop_oneof![
        rate().prop_map(PriceCut::Percent),
        amount(0, 20_000).prop_map(PriceCut::Amount),
        amount(0, 20_000).prop_map(PriceCut::Fixed),
    ]
}

pub(crate) fn pick() -> impl Strategy<Value = Pick> {
    select(vec![Pick::Cheapest, Pick::CheapestOfGroup, Pick::MostExpensive])
}

pub(crate) fn item_offer() -> impl Strategy<Value = Offer> {
    prop_oneof![
        cut().prop_map(|cut| Offer::PriceCut { cut }),
        amount(0, 20_000).prop_map(|price| Offer::MemberPrice { price }),
        (cut(), cut(), any::<bool>()).prop_map(|(low, high, all)| Offer::VolumeTier {
            steps: vec![UnitStep { from_units: 2, cut: low }, UnitStep { from_units: 5, cut: high }],
            mode: if all { TierMode::AllUnits } else { TierMode::Marginal },
        }),
        (amount(0, 9_000), amount(0, 3_000))
            .prop_map(|(allowance, residual)| Offer::TradeIn { allowance, residual }),
    ]
}

pub(crate) fn set_offer() -> impl Strategy<Value = Offer> {
    prop_oneof![
        (1_u32..5, rate(), pick()).prop_map(|(every, rate, pick)| Offer::NthUnit { every, rate, pick }),
        (1_u32..4, 1_u32..4, any::<bool>(), pick()).prop_map(|(buy, free, added, pick)| {
            let counting = if added { Counting::Added } else { Counting::Inclusive };
            Offer::BuyGet { buy, free, counting, pick }
        }),
        (amount(1, 9_000), amount(0, 9_000), 1_u32..3).prop_map(|(spend, price, units)| Offer::AddOn {
            spend,
            addon: sku("S1"),
            price,
            units,
        }),
        (amount(0, 30_000), 1_u32..3, 1_u32..3).prop_map(|(price, first, second)| Offer::Bundle {
            slots: vec![
                Slot { skus: vec![sku("S0"), sku("S1")], units: first },
                Slot { skus: vec![sku("S2")], units: second },
            ],
            price,
        }),
    ]
}

pub(crate) fn threshold() -> impl Strategy<Value = Threshold> {
    let one = || (amount(1, 20_000), amount(0, 9_000)).prop_map(|(spend, off)| AmountStep { spend, off });
    prop_oneof![
        one().prop_map(Threshold::Once),
        one().prop_map(Threshold::Repeat),
        (amount(0, 9_000), amount(0, 9_000)).prop_map(|(low, high)| Threshold::Tiered(vec![
            AmountStep { spend: fen(5_000), off: low },
            AmountStep { spend: fen(25_000), off: high },
        ])),
        (rate(), rate()).prop_map(|(low, high)| Threshold::Percent(vec![
            RateStep { spend: fen(0), rate: low },
            RateStep { spend: fen(25_000), rate: high },
        ])),
    ]
}

pub(crate) fn basket_offer() -> impl Strategy<Value = Offer> {
    prop_oneof![
        threshold().prop_map(|threshold| Offer::SpendThreshold { threshold }),
        (amount(1, 9_000), amount(0, 9_000)).prop_map(|(face, minimum)| Offer::Coupon { face, minimum }),
    ]
}

pub(crate) fn after_offer() -> impl Strategy<Value = Offer> {
    prop_oneof![
        (amount(1, 9_000), 1_u32..9).prop_map(|(per, points)| Offer::Points { per, points }),
        (rate(), amount(0, 9_000))
            .prop_map(|(rate, minimum)| Offer::Rebate { rule: RebateRule::Rate(rate), minimum }),
        (amount(0, 9_000), amount(0, 9_000))
            .prop_map(|(amount, minimum)| Offer::Rebate { rule: RebateRule::Amount(amount), minimum }),
        (1_u32..5, amount(0, 900)).prop_map(|(units, value)| Offer::Gift {
            given_for: GiftFor::Units(units),
            gifts: vec![sku("MUG"), sku("BOWL")],
            value,
        }),
    ]
}

pub(crate) fn limits() -> impl Strategy<Value = Limits> {
    let scope = || {
        select(vec![
            LimitScope::Application,
            LimitScope::Basket,
            LimitScope::Customer,
            LimitScope::StoreDay,
            LimitScope::Total,
        ])
    };
    let units = proptest::collection::btree_map(scope(), 0_u64..9, 0..3);
    let amounts = proptest::collection::btree_map(scope(), amount(0, 9_000), 0..3);
    let applications = prop_oneof![3 => Just(None), 1 => (0_u64..4).prop_map(Some)];
    let some = (units, amounts, applications).prop_map(|(units, amounts, applications)| Limits {
        units,
        amounts,
        applications,
    });
    prop_oneof![2 => Just(Limits::default()), 1 => some]
}

pub(crate) fn terms(offer: Offer) -> impl Strategy<Value = Rule> {
    let scope = prop_oneof![
        Just(Scope::All),
        Just(Scope::Only([sku("S0"), sku("S1"), sku("S2")].into())),
        Just(Scope::AllBut([sku("S0")].into())),
    ];
    let funding = prop_oneof![
        Just(BTreeMap::new()),
        (0_i64..=100).prop_map(|share| {
            let supplier = Rate::percent(share.into()).unwrap();
            BTreeMap::from([(Funder::Supplier, supplier), (Funder::Retailer, supplier.complement().unwrap())])
        }),
    ];
    (scope, limits(), funding, any::<bool>()).prop_map(move |(scope, limits, funding, shared)| Rule {
        scope,
        limits,
        funding,
        unit_use: if shared { UnitUse::Shared } else { UnitUse::Consumed },
        ..Rule::new(promo("X"), offer.clone())
    })
}

pub(crate) fn groups() -> impl Strategy<Value = Vec<Group>> {
    let stacking = || {
        select(vec![Stacking::Accumulate, Stacking::Largest, Stacking::Smallest, Stacking::FirstByPriority])
    };
    let of = |offers: BoxedStrategy<Offer>| (stacking(), vec(offers.prop_flat_map(terms), 0..3));
    let stages = (
        of(item_offer().boxed()),
        of(set_offer().boxed()),
        of(set_offer().boxed()),
        of(basket_offer().boxed()),
        of(after_offer().boxed()),
    );
    stages.prop_map(|(item, set, second_set, basket, after)| {
        let mut groups = Vec::new();
        for (at, (stacking, rules)) in [item, set, second_set, basket, after].into_iter().enumerate() {
            let named = rules.into_iter().enumerate().map(|(n, rule)| Rule {
                id: promo(&format!("R{at}-{n}")),
                priority: u32::try_from(n).unwrap(),
                ..rule
            });
            groups.push(group(&format!("G{at}"), stacking, u32::try_from(at).unwrap(), named.collect()));
        }
        groups
    })
}

pub(crate) fn context() -> impl Strategy<Value = Context> {
    (any::<bool>(), 0_u64..4, 0_u64..4, 0_i64..4_000, 0_u64..3).prop_map(
        |(member, units, gifts, minor, old)| {
            let used = Used {
                units: [(LimitScope::Customer, units), (LimitScope::Total, units)].into(),
                amounts: [(LimitScope::StoreDay, fen(i128::from(minor)))].into(),
            };
            Context {
                membership: if member { Membership::Member } else { Membership::Guest },
                used: (0..5).map(|at| (promo(&format!("R{at}-0")), used.clone())).collect(),
                gift_stock: [(sku("MUG"), gifts), (sku("BOWL"), 1)].into(),
                traded_in: [(promo("R0-0"), old)].into(),
                ..noon()
            }
        },
    )
}
