//! Which accounts are key this month, and what each one earns after it was served.

use std::collections::BTreeMap;
use std::error::Error;

use endcap::account::{
    AccountWhale, Between, Concentration, CostPool, NegativePolicy, NegativeShares, Reason, Scheme, classify,
};
use endcap::calendar::Period;
use endcap::types::{AccountId, Exact, Money, Rounding, RoundingMode};
use rust_decimal::Decimal;

use crate::book::Book;
use crate::document::{AccountRow, ClassRow, Concentration as Figures, CurvePoint, Document, Profit};

/// What the statements and the cost of goods say of an account, without tax.
pub struct Earned {
    pub net_revenue: Money,
    pub goods_cost: Money,
}

/// Exact share as `33.415476%`.
pub fn percent(share: &Exact) -> Result<String, Box<dyn Error>> {
    let scaled = share.mul(&Exact::from_int(100))?;
    Ok(format!("{}%", scaled.to_fixed(6, RoundingMode::HalfAwayFromZero)))
}

/// Sales of the month by account; every account of the book is there.
pub fn month_sales(book: &Book, month: Period) -> Result<BTreeMap<AccountId, Money>, Box<dyn Error>> {
    let mut sales: BTreeMap<AccountId, Money> = BTreeMap::new();
    for sale in book.sales.iter().filter(|s| month.contains(s.date)) {
        let sum = sales.entry(sale.account.clone()).or_insert(Money::zero(book.currency));
        *sum = sum.checked_add(&sale.amount)?;
    }
    Ok(sales)
}

/// Classes, concentration, cost to serve and the whale curve, written into the document.
pub fn rank(
    book: &Book,
    month: Period,
    earned: &BTreeMap<AccountId, Earned>,
    methods: &BTreeMap<AccountId, Vec<String>>,
    doc: &mut Document,
) -> Result<(), Box<dyn Error>> {
    let sales = month_sales(book, month)?;
    let scheme = Scheme { negatives: NegativePolicy::Net, ..Scheme::default() };
    let classified =
        classify(sales.iter().map(|(id, amount)| (id.clone(), *amount)), book.currency, &scheme)?;
    doc.total_sales = Money::sum(sales.values().copied(), book.currency)?.to_amount_string();
    let costs = cost_to_serve(book, month)?;
    let mut profits = Vec::new();
    let mut ranked = Vec::new();
    for (id, placement) in classified.iter() {
        let Some(account) = book.accounts.get(id) else { continue };
        let known = earned.get(id).zip(costs.as_ref());
        let serving = costs.as_ref().map(|c| c.get(id).copied().unwrap_or(Money::zero(book.currency)));
        let profit = match (known, serving) {
            (Some((earned, _)), Some(serving)) => {
                let profit = earned.net_revenue.checked_sub(&earned.goods_cost)?.checked_sub(&serving)?;
                profits.push((id.clone(), profit));
                Some(profit)
            }
            _ => None,
        };
        let share = if classified.classification().total() > 0 {
            percent(&Exact::ratio(placement.value, classified.classification().total())?)?
        } else {
            String::new()
        };
        ranked.push((
            placement.rank,
            AccountRow {
                account: id.to_string(),
                name: account.name.clone(),
                name_zh: account.name_zh.clone(),
                format: account.format.clone(),
                stores: account.stores.len(),
                class: placement.class.to_string(),
                reason: reason(placement.reason),
                sales: sales[id].to_amount_string(),
                share,
                methods: methods.get(id).cloned().unwrap_or_default(),
                net_revenue: known.map(|(e, _)| e.net_revenue.to_amount_string()),
                goods_cost: known.map(|(e, _)| e.goods_cost.to_amount_string()),
                cost_to_serve: profit.and(serving).map(|m| m.to_amount_string()),
                profit: profit.map(|m| m.to_amount_string()),
            },
        ));
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    doc.accounts = ranked.into_iter().map(|(_, row)| row).collect();
    for class in classified.classification().classes() {
        let share = classified.classification().share(class);
        doc.classes.push(ClassRow {
            class: class.class.to_string(),
            members: class.members,
            value: Money::from_minor(class.value, book.currency)?.to_amount_string(),
            share: share.map_or_else(|_| Ok(String::new()), |s| percent(&s))?,
        });
    }
    let values: Vec<i128> = sales.values().map(Money::minor).collect();
    if let Ok(concentration) = Concentration::of(&values, NegativeShares::Net) {
        doc.concentration = Figures {
            hhi: concentration.hhi_points()?.to_fixed(6, RoundingMode::HalfAwayFromZero),
            gini: concentration.gini()?.to_fixed(10, RoundingMode::HalfAwayFromZero),
            effective_accounts: concentration.effective_number()?.to_fixed(2, RoundingMode::HalfAwayFromZero),
        };
    }
    if !profits.is_empty() {
        doc.profit = Some(whale(profits, book)?);
    }
    Ok(())
}

fn whale(profits: Vec<(AccountId, Money)>, book: &Book) -> Result<Profit, Box<dyn Error>> {
    let whale = AccountWhale::of(profits, book.currency)?;
    let curve = whale.curve();
    let amount = |minor: i128| Money::from_minor(minor, book.currency).map(|m| m.to_amount_string());
    Ok(Profit {
        total: amount(curve.total())?,
        peak: amount(curve.peak())?,
        peak_share_of_total: curve.peak_percent().map_or_else(
            |_| "–".to_owned(),
            |p| format!("{}%", p.to_fixed(1, RoundingMode::HalfAwayFromZero)),
        ),
        accounts_at_peak: curve.peak_members(),
        best_fifth_share: curve.percent_at(&Exact::ratio(1, 5)?, Between::Interpolate).map_or_else(
            |_| "–".to_owned(),
            |p| format!("{}%", p.to_fixed(1, RoundingMode::HalfAwayFromZero)),
        ),
        destroyed: amount(curve.erosion())?,
        curve: whale
            .points()
            .iter()
            .map(|p| CurvePoint {
                account: p.account.to_string(),
                profit: p.profit.to_amount_string(),
                running: p.cumulative.to_amount_string(),
            })
            .collect(),
    })
}

/// Cost to serve by account, or `None` where the book knows no costs.
fn cost_to_serve(book: &Book, month: Period) -> Result<Option<BTreeMap<AccountId, Money>>, Box<dyn Error>> {
    if book.cost_pools.is_empty() {
        return Ok(None);
    }
    let mut costs: BTreeMap<AccountId, Money> = BTreeMap::new();
    for pool in &book.cost_pools {
        let times =
            pool.minutes.iter().map(|(activity, minutes)| (activity.clone(), Decimal::from(*minutes)));
        let supplied = CostPool::new(pool.monthly_cost, Decimal::from(pool.capacity_minutes), times)?;
        let volumes = book
            .activities
            .iter()
            .filter(|a| a.month == month && pool.minutes.contains_key(&a.activity))
            .map(|a| (a.account.clone(), a.activity.as_str(), Decimal::from(a.quantity)));
        let posted = supplied.assign(volumes)?.post(&Rounding::HALF_AWAY)?;
        for (account, cost) in posted.accounts {
            let sum = costs.entry(account).or_insert(Money::zero(book.currency));
            *sum = sum.checked_add(&cost)?;
        }
    }
    Ok(Some(costs))
}

/// The reason of a class in words.
fn reason(reason: Reason) -> String {
    let letter = |cut: usize| char::from(b'A' + u8::try_from(cut).unwrap_or(25));
    match reason {
        Reason::Within => "lies inside the class".to_owned(),
        Reason::CrossedUp { cut } => format!("crosses the cut below {} and goes up", letter(cut)),
        Reason::CrossedDown { cut } => format!("crosses the cut below {} and goes down", letter(cut)),
        Reason::EndsAtCut { cut } => format!("ends exactly at the cut below {}", letter(cut)),
        Reason::StartsAtCut { cut } => format!("starts exactly at the cut below {}", letter(cut)),
        Reason::Tie { group, .. } => format!("moved with {group} accounts of equal sales"),
        Reason::ZeroValue => "no sales".to_owned(),
        Reason::ZeroTotal => "nobody has sales".to_owned(),
        Reason::NegativeTotal => "returns outweigh all sales".to_owned(),
        Reason::NegativeValue => "returns outweigh sales".to_owned(),
        _ => String::new(),
    }
}
