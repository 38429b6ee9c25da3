//! Baskets and offers the till's tests share.

use endcap_promo::basket::{
    AmountStep, Basket, BasketSettlement, Context, Group, Offer, PriceCut, Rule, Stack, Stacking,
    settle_basket,
};
use endcap_types::{Currency, Money, PromotionId, Rate, SkuId};

use crate::support::dec;

pub(crate) fn cny(text: &str) -> Money {
    Money::parse(text, Currency::CNY).unwrap()
}

pub(crate) fn fen(minor: i128) -> Money {
    Money::from_minor(minor, Currency::CNY).unwrap()
}

/// A fraction off, such as `0.15`.
pub(crate) fn off(fraction: &str) -> Rate {
    Rate::percent(dec(fraction) * dec("100")).unwrap()
}

pub(crate) fn sku(text: &str) -> SkuId {
    text.parse().unwrap()
}

pub(crate) fn promo(text: &str) -> PromotionId {
    text.parse().unwrap()
}

/// `A:9.99x2;B:3.00x1`.
pub(crate) fn basket(text: &str) -> Basket {
    text.split(';').fold(Basket::new(Currency::CNY), |basket, line| {
        let (key, rest) = line.split_once(':').unwrap();
        let (price, units) = rest.split_once('x').unwrap();
        basket.with_units(sku(key), cny(price), units.parse().unwrap()).unwrap()
    })
}

pub(crate) fn rule(id: &str, offer: Offer) -> Rule {
    Rule::new(promo(id), offer)
}

pub(crate) fn group(id: &str, stacking: Stacking, priority: u32, rules: Vec<Rule>) -> Group {
    Group { id: promo(id), stacking, priority, rules }
}

pub(crate) fn single(rule: Rule) -> Stack {
    Stack::single(Currency::CNY, rule).unwrap()
}

pub(crate) fn noon() -> Context {
    Context::guest("2025-06-18T12:00:00".parse().unwrap())
}

pub(crate) fn percent(fraction: &str) -> Offer {
    Offer::PriceCut { cut: PriceCut::Percent(off(fraction)) }
}

pub(crate) fn step(spend: &str, amount: &str) -> AmountStep {
    AmountStep { spend: cny(spend), off: cny(amount) }
}

pub(crate) fn settle(basket: &Basket, rule: Rule) -> BasketSettlement {
    settle_basket(basket, &single(rule), &noon()).unwrap()
}
