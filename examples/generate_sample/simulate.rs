//! Two years of trade, week by week, in whole numbers only.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};

use crate::catalogue::{ACCOUNTS, Account, EVENTS, Event, SKUS, Sku, Trade};
use crate::rng::Rng;

pub const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2024, 7, 1).expect("a date");
pub const LAST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 6, 30).expect("a date");
/// Supply prices rise by three percent on this day.
pub const PRICE_RISE: NaiveDate = NaiveDate::from_ymd_opt(2025, 7, 1).expect("a date");

/// Accounts that sell chilled goods.
const COLD_CHAIN: [&str; 3] = ["HEXI", "YUEHE", "LVSHAN"];

pub struct Sale {
    pub date: NaiveDate,
    pub account: &'static str,
    pub sku: &'static str,
    pub units: u64,
    pub amount_fen: u64,
    pub promotion: &'static str,
}

pub struct Movement {
    pub date: NaiveDate,
    pub document: String,
    pub account: &'static str,
    pub sku: &'static str,
    pub pieces: u64,
    pub price_fen: u64,
}

pub struct Count {
    pub date: NaiveDate,
    pub account: &'static str,
    pub sku: &'static str,
    pub pieces: u64,
}

pub struct OpenOrder {
    pub ordered: NaiveDate,
    pub due: NaiveDate,
    pub account: &'static str,
    pub sku: &'static str,
    pub pieces: u64,
}

pub struct Activity {
    pub month: NaiveDate,
    pub account: &'static str,
    pub activity: &'static str,
    pub quantity: u64,
}

#[derive(Default)]
pub struct World {
    pub sales: Vec<Sale>,
    pub deliveries: Vec<Movement>,
    pub returns: Vec<Movement>,
    pub counts: Vec<Count>,
    pub open_orders: Vec<OpenOrder>,
    pub activities: Vec<Activity>,
}

/// Seasonal index in permille, by month.
const fn season(category: &str) -> [u64; 12] {
    match category.as_bytes() {
        b"Tea drinks" => [700, 720, 850, 980, 1150, 1300, 1420, 1380, 1150, 950, 780, 700],
        b"Nuts" => [1650, 1250, 850, 820, 820, 840, 830, 860, 1180, 1100, 1120, 1350],
        b"Condiments" => [1250, 1120, 960, 930, 920, 930, 920, 930, 980, 1020, 1080, 1150],
        b"Noodles" => [1120, 1080, 1010, 980, 960, 950, 960, 970, 990, 1020, 1060, 1100],
        b"Biscuits" => [1300, 1120, 950, 930, 930, 940, 930, 960, 1080, 1010, 980, 1060],
        _ => [960, 960, 980, 1000, 1030, 1060, 1070, 1060, 1020, 990, 960, 950],
    }
}

/// Change per week in tenths of a permille.
fn drift(account: &str) -> i64 {
    match account {
        "TIANMAI" => 32,
        "DONGHAI" => 18,
        "HEXI" => 6,
        "BAILE" => -6,
        "XIAOLU" => -28,
        _ => 2,
    }
}

/// Shelf price against the list, in permille.
fn shelf_price(account: &str) -> u64 {
    match account {
        "DONGHAI" => 900,
        "HEXI" | "TIANMAI" => 970,
        "JIALIN" => 1070,
        "QINGXI" | "LVSHAN" => 1080,
        _ => 1000,
    }
}

pub fn listed(account: &Account) -> Vec<&'static Sku> {
    let mut rng = Rng::new(7, account.id);
    let promoted = |sku: &Sku| EVENTS.iter().any(|e| e.account == account.id && e.skus.contains(&sku.id));
    // Only three chains have the cold chain for it.
    let can_chill = |sku: &Sku| sku.category != "Chilled dairy" || COLD_CHAIN.contains(&account.id);
    SKUS.iter()
        .filter(|sku| {
            let drawn = rng.below(100) < account.range;
            promoted(sku) || (drawn && can_chill(sku))
        })
        .collect()
}

pub fn supply_price(account: &Account, sku: &Sku, date: NaiveDate) -> u64 {
    let base = sku.supply * account.supply_permille;
    let permille = if date >= PRICE_RISE { 1030 } else { 1000 };
    (base * permille + 500_000) / 1_000_000
}

pub fn first_day(event: &Event) -> NaiveDate {
    NaiveDate::from_ymd_opt(event.from.0, event.from.1, event.from.2).expect("a date")
}

/// The day after the event.
pub fn end(event: &Event) -> NaiveDate {
    first_day(event) + Days::new(u64::from(event.weeks) * 7)
}

fn running(account: &str, sku: &str, week: NaiveDate) -> Option<&'static Event> {
    EVENTS
        .iter()
        .find(|e| e.account == account && e.skus.contains(&sku) && first_day(e) <= week && week < end(e))
}

/// Percent of normal demand left in the weeks after an event: buyers stocked up.
fn after_dip(account: &str, sku: &str, week: NaiveDate) -> u64 {
    let weeks_after = EVENTS
        .iter()
        .filter(|e| e.account == account && e.skus.contains(&sku) && week >= end(e))
        .map(|e| (week - end(e)).num_days() / 7)
        .min();
    match weeks_after {
        Some(0) => 82,
        Some(1) => 92,
        _ => 100,
    }
}

struct Shelf {
    stock: u64,
    recent: [u64; 4],
    affinity: u64,
    month_units: u64,
    rng: Rng,
}

pub fn run() -> World {
    let mut world = World::default();
    for account in ACCOUNTS {
        simulate(account, &mut world);
    }
    world.sales.sort_by_key(|s| (s.date, s.account, s.sku));
    world.deliveries.sort_by(|a, b| (a.date, &a.document, a.sku).cmp(&(b.date, &b.document, b.sku)));
    world.returns.sort_by(|a, b| (a.date, &a.document, a.sku).cmp(&(b.date, &b.document, b.sku)));
    world.counts.sort_by_key(|c| (c.date, c.account, c.sku));
    world.open_orders.sort_by_key(|o| (o.due, o.account, o.sku));
    world.activities.sort_by_key(|a| (a.month, a.account, a.activity));
    world
}

fn mean_units(account: &Account, sku: &Sku, affinity: u64, week: NaiveDate, index: i64) -> u64 {
    let seasonal = season(sku.category)[week.month0() as usize];
    let trend = (10_000 + drift(account.id) * index).max(1000) as u64;
    // popularity × 10 · scale % · affinity ‰ · season ‰ · trend in 1/10,000
    sku.popularity * account.scale / 100 * affinity / 1000 * seasonal / 1000 * trend / 10_000 / 10
}

fn simulate(account: &'static Account, world: &mut World) {
    let skus = listed(account);
    let mut shelves: BTreeMap<&str, Shelf> = BTreeMap::new();
    for sku in &skus {
        let mut rng = Rng::new(20_260_630, &format!("{}/{}", account.id, sku.id));
        let affinity = 600 + rng.below(801);
        let mean = mean_units(account, sku, affinity, FIRST_DAY, 0).max(2);
        shelves.insert(sku.id, Shelf { stock: mean * 3, recent: [mean; 4], affinity, month_units: 0, rng });
    }
    // Opening count, on the eve of the first day.
    for sku in &skus {
        world.counts.push(Count {
            date: FIRST_DAY - Days::new(1),
            account: account.id,
            sku: sku.id,
            pieces: shelves[sku.id].stock,
        });
    }
    let mut drops: BTreeMap<NaiveDate, (u64, u64)> = BTreeMap::new();
    let mut returns: BTreeMap<NaiveDate, u64> = BTreeMap::new();
    let mut week = FIRST_DAY;
    let mut index = 0_i64;
    while week <= LAST_DAY {
        let month = week.with_day(1).expect("a month has a first day");
        // Goods arrive on Monday morning.
        if index % i64::from(account.delivery_weeks) == 0 {
            let document = format!("DN-{}-{}", account.id, week.format("%y%m%d"));
            let mut lines = 0;
            for sku in &skus {
                let shelf = shelves.get_mut(sku.id).expect("listed");
                let pieces = order(account, sku, shelf, week);
                if pieces > 0 {
                    shelf.stock += pieces;
                    lines += 1;
                    let price_fen = supply_price(account, sku, week);
                    world.deliveries.push(Movement {
                        date: week,
                        document: document.clone(),
                        account: account.id,
                        sku: sku.id,
                        pieces,
                        price_fen,
                    });
                }
            }
            let drop = drops.entry(month).or_default();
            drop.0 += 1;
            drop.1 += lines;
        }
        for sku in &skus {
            let shelf = shelves.get_mut(sku.id).expect("listed");
            sell(account, sku, shelf, week, index, world);
        }
        // Expired and damaged goods go back in the week that holds the 22nd.
        let week_end = week + Days::new(6);
        if (22 - 6..=22).contains(&week.day()) && account.id != "DONGHAI" {
            let document = format!("RT-{}-{}", account.id, week.format("%y%m%d"));
            for sku in &skus {
                let shelf = shelves.get_mut(sku.id).expect("listed");
                let share = if sku.category == "Chilled dairy" { 12 } else { 2 };
                if shelf.rng.below(100) < 35 {
                    let pieces = (shelf.recent.iter().sum::<u64>() * share / 1000).min(shelf.stock / 4);
                    if pieces > 0 && week_end <= LAST_DAY {
                        shelf.stock -= pieces;
                        let price_fen = supply_price(account, sku, week);
                        // Booked on the Sunday, after the week's sales.
                        world.returns.push(Movement {
                            date: week_end,
                            document: document.clone(),
                            account: account.id,
                            sku: sku.id,
                            pieces,
                            price_fen,
                        });
                        *returns.entry(month).or_default() += 1;
                    }
                }
            }
        }
        week = week + Days::new(7);
        index += 1;
    }
    open_orders(account, &skus, &mut shelves, world);
    activities(account, &drops, &returns, world);
}

/// Pieces to bring the shelf to its target, in whole cases.
fn order(account: &Account, sku: &Sku, shelf: &Shelf, week: NaiveDate) -> u64 {
    let average = shelf.recent.iter().sum::<u64>() / 4;
    let weeks10 = u64::from(account.delivery_weeks) * 10 + 12;
    let mut target = average * weeks10 / 10;
    for ahead in 0..u64::from(account.delivery_weeks) {
        if let Some(event) = running(account.id, sku.id, week + Days::new(7 * ahead)) {
            target += average * event.uplift_percent / 100;
        }
    }
    let missing = target.saturating_sub(shelf.stock);
    if missing < sku.case_pack / 2 { 0 } else { missing.div_ceil(sku.case_pack) * sku.case_pack }
}

fn sell(
    account: &'static Account,
    sku: &'static Sku,
    shelf: &mut Shelf,
    week: NaiveDate,
    index: i64,
    world: &mut World,
) {
    let event = running(account.id, sku.id, week);
    let normal = mean_units(account, sku, shelf.affinity, week, index);
    let lift = event.map_or(100, |e| 100 + e.uplift_percent);
    let mean = (normal * lift / 100 * after_dip(account.id, sku.id, week) / 100) as i64;
    let spread = mean * 5 / 100 + mean.unsigned_abs().isqrt() as i64 * 6 / 10 + 1;
    let demand = shelf.rng.around(mean, spread).max(0) as u64;

    let list = sku.retail * shelf_price(account.id) / 1000 / 10 * 10;
    let price = event.map_or(list, |e| list * (100 - e.cut_percent) / 100 / 10 * 10);
    let promotion = event.map_or("", |e| e.id);

    // The till feed is cut at the month's end: a straddling week gives two records.
    let mut sold = 0;
    let mut from = week;
    let week_days = (LAST_DAY.min(week + Days::new(6)) - week).num_days() as u64 + 1;
    let units = demand * week_days / 7;
    let mut left_days = week_days;
    let mut left_units = units.min(shelf.stock);
    while left_days > 0 {
        let month_end = last_of_month(from);
        let days = left_days.min((month_end - from).num_days() as u64 + 1);
        let part = if days == left_days { left_units } else { left_units * days / left_days };
        if part > 0 {
            world.sales.push(Sale {
                date: from,
                account: account.id,
                sku: sku.id,
                units: part,
                amount_fen: part * price,
                promotion,
            });
        }
        shelf.stock -= part;
        shelf.month_units += part;
        sold += part;
        left_units -= part;
        left_days -= days;
        let last = from + Days::new(days - 1);
        if last == month_end {
            count(account, sku, shelf, month_end, world);
        }
        from = last + Days::new(1);
    }
    shelf.recent.rotate_left(1);
    shelf.recent[3] =
        if week_days == 7 { if event.is_some() { normal } else { sold } } else { shelf.recent[2] };
}

/// The stock taken at the month's end: now and then a few pieces are missing.
fn count(account: &Account, sku: &Sku, shelf: &mut Shelf, date: NaiveDate, world: &mut World) {
    let consigned =
        account.trade == Trade::Consigned || (account.id == "YUEHE" && sku.category == "Chilled dairy");
    if consigned && shelf.rng.below(100) < 30 {
        let lost = (shelf.month_units * 4 / 1000).min(shelf.stock);
        shelf.stock -= lost;
    }
    shelf.month_units = 0;
    world.counts.push(Count { date, account: account_id(account), sku: sku_id(sku), pieces: shelf.stock });
}

fn account_id(account: &Account) -> &'static str {
    account.id
}

fn sku_id(sku: &Sku) -> &'static str {
    sku.id
}

fn last_of_month(date: NaiveDate) -> NaiveDate {
    let next = date.with_day(1).and_then(|d| d.checked_add_months(chrono::Months::new(1))).expect("in range");
    next - Days::new(1)
}

fn open_orders(
    account: &'static Account,
    skus: &[&'static Sku],
    shelves: &mut BTreeMap<&str, Shelf>,
    world: &mut World,
) {
    let ordered = LAST_DAY - Days::new(4);
    let due = LAST_DAY + Days::new(6);
    for sku in skus {
        let shelf = shelves.get_mut(sku.id).expect("listed");
        if shelf.rng.below(100) < 30 {
            let pieces = (shelf.recent.iter().sum::<u64>() / 8).div_ceil(sku.case_pack) * sku.case_pack;
            if pieces > 0 {
                world.open_orders.push(OpenOrder { ordered, due, account: account.id, sku: sku.id, pieces });
            }
        }
    }
}

fn activities(
    account: &'static Account,
    drops: &BTreeMap<NaiveDate, (u64, u64)>,
    returns: &BTreeMap<NaiveDate, u64>,
    world: &mut World,
) {
    let visits = match account.format {
        "convenience" => u64::from(account.stores) * 2,
        "e-commerce" => 4,
        _ => u64::from(account.stores) * 4,
    };
    for (month, (orders, lines)) in drops {
        let promotions = EVENTS
            .iter()
            .filter(|e| e.account == account.id && first_day(e).with_day(1) == Some(*month))
            .map(|e| e.skus.len() as u64)
            .sum();
        let store_drops = match account.format {
            "convenience" | "supermarket" if account.id != "YUEHE" => orders * u64::from(account.stores) / 3,
            _ => orders * 2,
        };
        for (activity, quantity) in [
            ("order", *orders),
            ("order line", *lines),
            ("delivery drop", store_drops),
            ("store visit", visits),
            ("return line", returns.get(month).copied().unwrap_or(0)),
            ("promotion set-up", promotions),
            ("statement check", 1),
        ] {
            if quantity > 0 {
                world.activities.push(Activity { month: *month, account: account.id, activity, quantity });
            }
        }
    }
}
