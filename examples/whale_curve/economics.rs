//! Profit per customer, the curve, and what to do about losses.

use std::collections::BTreeMap;

use endcap::account::{
    AccountEconomics, AccountError, AccountWhale, Class, ClassifiedAccounts, Lever, NegativePolicy, Scheme,
    ServiceCost, Strategic, classify,
};
use endcap::types::{AccountId, Exact, Money, Rounding, Unrounded};

use crate::Args;
use crate::load::Book;

/// One customer; all amounts posted, `profit = revenue − product cost − service`.
pub struct Customer {
    pub class: Class,
    pub revenue: Money,
    pub product_cost: Money,
    pub service: Money,
    pub profit: Money,
}

/// One pool after charging.
pub struct PoolUse {
    pub name: String,
    pub cost: Money,
    pub used: Exact,
    pub assigned: Money,
    pub unused: Money,
}

/// A loss-making customer, what each lever would need, and which to pull first.
pub struct Action {
    pub account: AccountId,
    pub class: Class,
    pub profit: Money,
    pub first_move: &'static str,
    pub why: String,
    pub levers: Vec<Lever>,
}

pub struct Found {
    pub customers: BTreeMap<AccountId, Customer>,
    pub pools: Vec<PoolUse>,
    pub whale: AccountWhale,
    pub actions: Vec<Action>,
    /// Spearman's correlation of the ranks by sales and by profit, times itself kept exact.
    pub rank_correlation: Option<Exact>,
    pub totals: Totals,
}

pub struct Totals {
    pub revenue: Money,
    pub product_cost: Money,
    pub service: Money,
    pub unused: Money,
}

impl Found {
    pub fn of(book: &Book, args: &Args, target: &Money) -> Result<Self, AccountError> {
        let currency = book.currency;
        // Whoever appears in either file is a customer: work without sales is a loss that must show.
        let mut service: BTreeMap<&AccountId, Vec<ServiceCost>> = BTreeMap::new();
        let mut pools = Vec::new();
        for pool in &book.pools {
            let mut volumes = Vec::new();
            for (account, by_activity) in &book.activities {
                for (activity, quantity) in
                    by_activity.iter().filter(|(name, _)| pool.activities.contains(*name))
                {
                    let quantity_exact = Exact::from_decimal(*quantity);
                    let cost = pool.pool.driver_rate(activity)?.times(&quantity_exact)?;
                    let line = ServiceCost { activity: activity.clone(), quantity: quantity_exact, cost };
                    service.entry(account).or_default().push(line);
                    volumes.push((account.clone(), activity.as_str(), *quantity));
                }
            }
            let used = pool.pool.assign(volumes)?;
            pools.push(PoolUse {
                name: pool.name.clone(),
                cost: pool.cost,
                used: used.assigned.share_of(&pool.cost.exact()).unwrap_or(Exact::ZERO),
                assigned: used.assigned.round(&Rounding::HALF_AWAY)?,
                unused: pool.cost.checked_sub(&used.assigned.round(&Rounding::HALF_AWAY)?)?,
            });
        }
        let mut economics: BTreeMap<AccountId, AccountEconomics> = BTreeMap::new();
        for account in book.sales.keys().chain(book.activities.keys()) {
            let (revenue, product_cost) = book.sales.get(account).copied().unwrap_or_default();
            let kept = args.strategic.iter().any(|name| name == account.as_str());
            economics.insert(
                account.clone(),
                AccountEconomics {
                    revenue: Money::from_minor(revenue, currency)?,
                    product_cost: Money::from_minor(product_cost, currency)?,
                    service: service.get(account).cloned().unwrap_or_default(),
                    avoidable: args.avoidable,
                    strategic: if kept { Strategic::Yes } else { Strategic::No },
                },
            );
        }
        let classes = classes(&economics, currency)?;
        let mut customers = BTreeMap::new();
        for (account, one) in &economics {
            let service = one.cost_to_serve()?.round(&Rounding::HALF_AWAY)?;
            let profit = one.revenue.checked_sub(&one.product_cost)?.checked_sub(&service)?;
            let class = classes.get(account).map_or(Class::A, |placement| placement.class);
            let (revenue, product_cost) = (one.revenue, one.product_cost);
            customers.insert(account.clone(), Customer { class, revenue, product_cost, service, profit });
        }
        let profits = customers.iter().map(|(account, one)| (account.clone(), one.profit));
        let whale = AccountWhale::of(profits, currency)?;
        let mut actions = Vec::new();
        for point in whale.destroyers() {
            let levers = economics.get(&point.account).map(|one| one.levers(target)).transpose()?;
            let levers = levers.unwrap_or_default();
            let (first_move, why) = first_move(&levers, args);
            let class = customers.get(&point.account).map_or(Class::A, |one| one.class);
            actions.push(Action {
                account: point.account.clone(),
                class,
                profit: point.profit,
                first_move,
                why,
                levers,
            });
        }
        let sum = |of: fn(&Customer) -> Money| Money::sum(customers.values().map(of), currency);
        let totals = Totals {
            revenue: sum(|one| one.revenue)?,
            product_cost: sum(|one| one.product_cost)?,
            service: sum(|one| one.service)?,
            unused: Money::sum(pools.iter().map(|pool| pool.unused), currency)?,
        };
        let rank_correlation = spearman(&customers);
        Ok(Self { customers, pools, whale, actions, rank_correlation, totals })
    }
}

fn classes(
    economics: &BTreeMap<AccountId, AccountEconomics>,
    currency: endcap::types::Currency,
) -> Result<ClassifiedAccounts, AccountError> {
    let scheme = Scheme { negatives: NegativePolicy::Net, ..Scheme::default() };
    classify(economics.iter().map(|(account, one)| (account.clone(), one.revenue)), currency, &scheme)
}

/// The order of decision: own process, terms, a distributor, exit.
fn first_move(levers: &[Lever], args: &Args) -> (&'static str, String) {
    let percent = |share: &Exact| crate::report::percent(share);
    let (cut_limit, price_limit) = (args.cut_limit.to_exact(), args.price_limit.to_exact());
    for lever in levers {
        match lever {
            Lever::LessService { activity, keep, cut } if *cut <= cut_limit => {
                let keep = keep.round_to_int(endcap::types::RoundingMode::Floor).unwrap_or(0);
                return ("serve less", format!("{activity}: at most {keep}, {} less", percent(cut)));
            }
            Lever::FewerOrders { cut } if *cut <= cut_limit => {
                return ("fewer, larger orders", format!("{} less work in all", percent(cut)));
            }
            Lever::PriceRise { share } if *share <= price_limit => {
                return ("renegotiate terms", format!("{} of net revenue", percent(share)));
            }
            _ => {}
        }
    }
    if let Some(Lever::Exit { saves }) = levers.iter().find(|lever| matches!(lever, Lever::Exit { .. })) {
        return ("exit", format!("saves {} of avoidable cost beyond its margin", posted(saves)));
    }
    ("hand to a distributor", "no single change within the limits closes the gap".to_owned())
}

fn posted(amount: &Unrounded) -> String {
    amount.round(&Rounding::HALF_AWAY).map_or_else(|_| "—".to_owned(), |money| money.to_amount_string())
}

/// `1 − 6 Σ d² / (n(n² − 1))` on ordinal ranks, ties by name.
fn spearman(customers: &BTreeMap<AccountId, Customer>) -> Option<Exact> {
    let ranks = |of: fn(&Customer) -> i128| {
        let mut order: Vec<(i128, usize)> = customers.values().map(of).zip(0..).collect();
        order.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut ranks = vec![0_i128; order.len()];
        for (rank, (_, position)) in (0..).zip(order) {
            ranks[position] = rank;
        }
        ranks
    };
    let (sales, profits) = (ranks(|one| one.revenue.minor()), ranks(|one| one.profit.minor()));
    let squares: i128 = sales.iter().zip(&profits).map(|(a, b)| (a - b) * (a - b)).sum();
    let n = i128::try_from(customers.len()).ok().filter(|n| *n > 1)?;
    Exact::ONE.sub(&Exact::ratio(6 * squares, n * (n * n - 1)).ok()?).ok()
}
