//! Weekly sell-out with events of known effect, for the example `promo_eval`.

use chrono::{Days, NaiveDate};

use super::rng::Rng;

/// Seed of every series.
const SEED: u64 = 20_230_703;
/// Weeks of the series.
const WEEKS: u64 = 104;

/// An event: account, first week, weeks, true lift in thousandths, price cut in percent, on display, spend in yuan.
pub const EVENTS: [(&str, u64, u64, i64, i64, bool, u32); 14] = [
    ("BAILE", 40, 2, 700, 20, true, 6_000),
    ("BAILE", 78, 2, 0, 0, true, 3_000),
    ("DASHENG", 52, 3, 350, 15, false, 4_000),
    ("DASHENG", 90, 2, 60, 5, false, 900),
    ("FUMAN", 45, 2, 1_100, 30, true, 9_000),
    ("FUMAN", 70, 2, 500, 20, false, 5_000),
    ("GUANGLIAN", 60, 4, 20, 0, false, 2_500),
    ("GUANGLIAN", 92, 2, 450, 15, true, 7_000),
    ("HEXI", 38, 2, 250, 10, true, 1_500),
    ("HEXI", 84, 2, -150, 0, false, 800),
    ("JINHUI", 66, 2, 600, 20, true, 5_500),
    ("LETONG", 57, 3, 150, 10, false, 2_000),
    ("LETONG", 101, 3, 400, 20, true, 4_200),
    ("MEIJIA", 48, 2, 900, 25, true, 8_000),
];

/// Accounts and their usual weekly units; the last five never take part.
const ACCOUNTS: [(&str, i64); 13] = [
    ("BAILE", 2_400),
    ("DASHENG", 1_500),
    ("FUMAN", 900),
    ("GUANGLIAN", 3_200),
    ("HEXI", 640),
    ("JINHUI", 1_100),
    ("LETONG", 480),
    ("MEIJIA", 2_000),
    ("QINGSHAN", 1_800),
    ("RUIFENG", 1_300),
    ("SANHE", 2_600),
    ("TIANYI", 760),
    ("XINGLONG", 1_000),
];

fn week(n: u64) -> String {
    let first = NaiveDate::from_ymd_opt(2023, 7, 3).unwrap_or_default();
    (first + Days::new(7 * n)).to_string()
}

/// Rows of `promo_weekly.csv`: account, week, units, price, display, feature.
pub fn weekly() -> Vec<Vec<String>> {
    // A level that all accounts share: a random walk in thousandths.
    let mut rng = Rng::new(SEED, "promo-common");
    let mut common = Vec::new();
    let mut level = 0_i64;
    for _ in 0..WEEKS {
        level += rng.around(0, 12) - level / 20;
        common.push(level + rng.around(0, 20));
    }
    let mut rows = Vec::new();
    for (account, usual) in ACCOUNTS {
        let mut rng = Rng::new(SEED, &format!("promo-{account}"));
        let regular = 1_290 + 10 * rng.around(0, 6);
        for n in 0..WEEKS {
            let event = EVENTS.iter().find(|e| e.0 == account && (e.1..e.1 + e.2).contains(&n));
            let after = EVENTS.iter().any(|e| e.0 == account && n == e.1 + e.2 && e.3 > 200);
            let lift = event.map_or(0, |e| e.3) - if after { 90 } else { 0 };
            let noise = rng.around(0, 55);
            let share = (1_000 + common.get(n as usize).copied().unwrap_or(0)) * (1_000 + noise) / 1_000;
            let units = usual * share / 1_000 * (1_000 + lift) / 1_000;
            let fen = regular * (100 - event.map_or(0, |e| e.4)) / 100;
            let display = event.filter(|e| e.5).map_or(rng.below(4), |_| 60 + rng.below(30));
            let feature = u8::from(event.is_some_and(|e| e.4 >= 20));
            rows.push(vec![
                account.to_owned(),
                week(n),
                units.max(1).to_string(),
                format!("{}.{:02}", fen / 100, fen % 100),
                format!("0.{display:02}"),
                feature.to_string(),
            ]);
        }
    }
    rows
}

/// Rows of `promo_events.csv`: event, account, first_week, last_week, unit_margin, spend.
pub fn events() -> Vec<Vec<String>> {
    (1..)
        .zip(EVENTS)
        .map(|(n, (account, start, weeks, _, _, _, spend))| {
            vec![
                format!("E{n:02}"),
                account.to_owned(),
                week(start),
                week(start + weeks - 1),
                "2.80".to_owned(),
                format!("{spend}.00"),
            ]
        })
        .collect()
}
