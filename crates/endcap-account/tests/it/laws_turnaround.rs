//! Laws of turning an account round: a lever, pulled, reaches the target to the last fraction.

use endcap_account::{AccountEconomics, AccountError, Lever, ServiceCost, Strategic};
use endcap_types::{Currency, Exact, Money, Rate};
use proptest::prelude::*;

fn money(minor: i64) -> Money {
    Money::from_minor(i128::from(minor), Currency::CNY).expect("an amount")
}

fn accounts() -> impl Strategy<Value = AccountEconomics> {
    let lines = prop::collection::vec((1_i64..500, 0_i64..200_000), 0..4);
    (0_i64..1_000_000, 0_i64..1_000_000, lines, 0_u32..=100, any::<bool>()).prop_map(
        |(revenue, product_cost, lines, avoidable, strategic)| AccountEconomics {
            revenue: money(revenue),
            product_cost: money(product_cost),
            service: lines
                .into_iter()
                .enumerate()
                .map(|(number, (quantity, cost))| ServiceCost {
                    activity: format!("activity {number}"),
                    quantity: Exact::from_int(i128::from(quantity)),
                    cost: money(cost).exact(),
                })
                .collect(),
            avoidable: format!("{avoidable}%").parse::<Rate>().expect("a rate"),
            strategic: if strategic { Strategic::Yes } else { Strategic::No },
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn every_lever_alone_reaches_the_target(account in accounts(), target in -50_000_i64..100_000) {
        let target = money(target);
        let profit = account.profit().expect("a profit");
        let levers = account.levers(&target).expect("levers");
        if profit.value() >= target.exact().value() {
            prop_assert!(levers.is_empty());
            return Ok(());
        }
        prop_assert_eq!(
            levers.iter().any(|lever| matches!(lever, Lever::PriceRise { .. })),
            account.revenue.is_positive()
        );
        let mut exit = false;
        for lever in levers {
            let gained = match lever {
                Lever::PriceRise { share } => account.revenue.exact().times(&share).expect("small"),
                Lever::LessService { activity, keep, cut } => {
                    let line = account.service.iter().find(|line| line.activity == activity).expect("known");
                    prop_assert!(cut > Exact::ZERO && cut <= Exact::ONE);
                    // What is kept and what is cut make up what there was.
                    let gone = line.quantity.mul(&cut).expect("small");
                    prop_assert_eq!(keep.add(&gone).expect("small"), line.quantity.clone());
                    line.cost.times(&cut).expect("small")
                }
                Lever::FewerOrders { cut } => {
                    account.cost_to_serve().expect("a cost").times(&cut).expect("small")
                }
                Lever::Exit { saves } => {
                    exit = true;
                    prop_assert!(account.strategic == Strategic::No && saves.is_positive());
                    continue;
                }
                other => panic!("{other:?}"),
            };
            let after = profit.add(&gained).expect("small");
            prop_assert_eq!(after, target.exact());
        }
        // An exit exactly where what goes away costs more than what it brought in.
        let avoidable = account.cost_to_serve().expect("a cost").times_rate(&account.avoidable).expect("small");
        let worth = avoidable.value() > account.contribution().expect("a margin").value();
        prop_assert_eq!(exit, worth && account.strategic == Strategic::No);
    }
}

#[test]
fn currencies_do_not_mix() {
    let account = AccountEconomics {
        revenue: money(100),
        product_cost: money(200),
        service: Vec::new(),
        avoidable: Rate::ZERO,
        strategic: Strategic::No,
    };
    let target = Money::zero(Currency::USD);
    assert!(matches!(account.levers(&target), Err(AccountError::Value(_))));
}
