//! Four hundred small independent customers who order when they like and leave without a word: orders and the work
//! they cause. All in whole numbers, so that every machine makes the same bytes.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use crate::rng::Rng;
use crate::simulate::FIRST_DAY;

/// Customers, and days on which they may order.
const CUSTOMERS: u64 = 400;
const DAYS: u64 = 700;
/// Customers arrive within the first of these days.
const ARRIVALS: u64 = 240;

/// One order; amounts in fen.
pub struct Order {
    pub date: NaiveDate,
    pub customer: String,
    pub amount: u64,
    pub product_cost: u64,
}

/// Orders by day and customer, and quantities by customer and activity.
pub struct Customers {
    pub orders: Vec<Order>,
    pub activities: BTreeMap<(String, &'static str), u64>,
}

pub fn simulate(seed: u64) -> Customers {
    let mut rng = Rng::new(seed, "customers");
    let mut orders = Vec::new();
    let mut activities: BTreeMap<(String, &'static str), u64> = BTreeMap::new();
    for number in 1..=CUSTOMERS {
        let customer = format!("C{number:04}");
        // Squares of a uniform: many small, few large.
        let size = rng.below(1000);
        let typical = 60_000 + 900_000 * size / 1000 * size / 1000;
        // Chances in ten thousand: to order on a day, to leave after an order.
        let rate = 40 + 420 * rng.below(1000) / 1000 * rng.below(1000) / 1000 + rng.below(120);
        let faithful = rng.below(100) < 55;
        let leaves = if faithful { 60 } else { 1_200 + rng.below(5_500) };
        let margin = 22 + rng.below(14);
        let demanding = rng.below(100);
        let mut day = rng.below(ARRIVALS);
        let mut first = true;
        while day < DAYS {
            if first || rng.below(10_000) < rate {
                first = false;
                let amount = rng.around(typical as i64, typical as i64 / 4).max(5_000) as u64;
                orders.push(Order {
                    date: FIRST_DAY + Days::new(day),
                    customer: customer.clone(),
                    amount,
                    product_cost: amount * (100 - margin) / 100,
                });
                let mut work = |activity, quantity| {
                    if quantity > 0 {
                        *activities.entry((customer.clone(), activity)).or_default() += quantity;
                    }
                };
                work("order", 1);
                work("order line", 2 + rng.below(8));
                // A few ask for much: split deliveries, returns, visits.
                let drops = if demanding >= 85 { 2 + rng.below(4) } else { 1 };
                work("delivery drop", drops);
                work(
                    "return line",
                    if demanding >= 75 { rng.below(9) } else { u64::from(rng.below(12) == 0) },
                );
                work(
                    "store visit",
                    if demanding >= 90 { 1 + rng.below(2) } else { u64::from(rng.below(6) == 0) },
                );
                if rng.below(10_000) < leaves {
                    break;
                }
            }
            day += 1;
        }
    }
    orders.sort_by(|a, b| a.date.cmp(&b.date).then_with(|| a.customer.cmp(&b.customer)));
    Customers { orders, activities }
}
