//! Weekly shelf sales of one chain's stores, with empty shelves, and what the stores have and expect.

use chrono::{Days, NaiveDate};

use crate::rng::Rng;

/// First Monday of the weekly sample; 112 weeks, so that a year lies before every week of the last one.
const FIRST_WEEK: NaiveDate = NaiveDate::from_ymd_opt(2024, 5, 6).expect("a date");
const WEEKS: usize = 112;
const STORES: usize = 12;
/// Product, mean pieces a week in permille, pieces in a case, season, promotion weeks of the year.
const PRODUCTS: [(&str, u64, u64, Season, &[usize]); 6] = [
    ("TEA-01", 9_000, 12, Season::Summer, &[10, 11]),
    ("NUT-02", 4_000, 12, Season::Spring, &[34, 35]),
    ("BIS-01", 6_000, 24, Season::Flat, &[20]),
    ("NOO-03", 2_500, 6, Season::Flat, &[]),
    ("CON-04", 900, 6, Season::Spring, &[]),
    ("BIS-07", 300, 6, Season::Flat, &[40]),
];

enum Season {
    Flat,
    Summer,
    Spring,
}

impl Season {
    /// Index in permille; week 0 is early May.
    fn at(&self, week: usize) -> u64 {
        match (self, week % 52) {
            (Self::Summer, 4..=20) => 1500,
            (Self::Summer, 26..=44) => 650,
            (Self::Spring, 34..=40) => 1900,
            _ => 1000,
        }
    }
}

/// A file: its name and its records, the header first.
pub type File = (&'static str, Vec<Vec<String>>);

/// The four weekly files.
pub fn files() -> Vec<File> {
    let weeks: Vec<String> = (0..WEEKS).map(|week| day(week).to_string()).collect();
    let header = |extra: &[String]| {
        let mut header = vec!["Store".to_owned(), "Product".to_owned()];
        header.extend_from_slice(extra);
        header
    };
    let names = |text: &[&str]| text.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
    let (mut sales, mut flags) = (vec![header(&weeks)], vec![header(&weeks)]);
    let mut stock = vec![header(&names(&[
        "on_hand",
        "unusable",
        "case_pack",
        "minimum",
        "pallet",
        "shelf_capacity",
        "promotion",
    ]))];
    let mut pipeline = vec![header(&names(&["due", "pieces"]))];
    for store in 1..=STORES {
        for (place, (product, mean, case, season, promotions)) in PRODUCTS.iter().enumerate() {
            let id = vec![format!("HEXI-{store:03}"), (*product).to_owned()];
            let mut rng = Rng::new(20_260_630, &format!("weekly/{store}/{product}"));
            let size = 500 + rng.below(1_000);
            let (mut sold, mut stocked) = (id.clone(), id.clone());
            let mut empty = 0_u64;
            let mut recent = 0;
            for week in 0..WEEKS {
                let lift = if promotions.contains(&(week % 52)) { 2_400 } else { 1_000 };
                // Permille of a piece wanted this week, thrown as that many coins.
                let wanted = mean * size / 1_000 * season.at(week) / 1_000 * lift / 1_000;
                let pieces = count(&mut rng, wanted);
                if empty == 0 && rng.below(60) == 0 {
                    empty = 1 + rng.below(3);
                }
                let there = empty == 0;
                empty = empty.saturating_sub(1);
                sold.push(if there { pieces.to_string() } else { "0".to_owned() });
                stocked.push(if there { "True" } else { "False" }.to_owned());
                if week + 8 >= WEEKS && there {
                    recent += pieces;
                }
            }
            sales.push(sold);
            flags.push(stocked);
            let on_hand = recent * (1 + rng.below(4)) / 8;
            let mut row = id.clone();
            row.extend([
                on_hand.to_string(),
                if rng.below(9) == 0 { on_hand / 4 } else { 0 }.to_string(),
                case.to_string(),
                if place == 3 { 2 * case } else { 0 }.to_string(),
                if place == 0 { 10 * case } else { 0 }.to_string(),
                (recent / 2 + 3 * case).to_string(),
                if place == 2 && store % 4 == 0 { 20 } else { 0 }.to_string(),
            ]);
            stock.push(row);
            for ahead in 0..2 {
                if rng.below(3) == 0 {
                    let mut row = id.clone();
                    row.extend([day(WEEKS + ahead).to_string(), case.to_string()]);
                    pipeline.push(row);
                }
            }
        }
    }
    vec![
        ("weekly_sales.csv", sales),
        ("weekly_in_stock.csv", flags),
        ("store_stock.csv", stock),
        ("store_pipeline.csv", pipeline),
    ]
}

fn day(week: usize) -> NaiveDate {
    FIRST_WEEK.checked_add_days(Days::new(7 * week as u64)).expect("a date")
}

/// Pieces sold when `permille` thousandths of a piece are wanted: many small chances, some in pairs.
fn count(rng: &mut Rng, permille: u64) -> u64 {
    let chances = permille / 250 + 1;
    let mut pieces = 0;
    for _ in 0..chances {
        if rng.below(1_000 * chances) < permille * 4 / 5 {
            pieces += if rng.below(4) == 0 { 2 } else { 1 };
        }
    }
    pieces
}
