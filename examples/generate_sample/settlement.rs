//! The files of the examples `settle` and `reconcile`: a counter of three months, and two sets of books of one month.

use std::error::Error;
use std::fs;
use std::path::Path;

use crate::rng::Rng;
use crate::{write, yuan};

/// SKUs of the counter: name, category, price in fen, pieces a day at most.
const COUNTER: [(&str, &str, u64, u64); 5] = [
    ("BIS-01", "biscuits", 1_280, 9),
    ("BIS-02", "biscuits", 1_590, 7),
    ("NUT-01", "nuts", 3_980, 6),
    ("NUT-02", "nuts", 4_680, 4),
    ("GIFT-01", "gifts", 16_800, 2),
];
/// The last day of each month of the first quarter, and by how much trade lies below its usual pace.
const MONTHS: [(u32, u32, u64); 3] = [(1, 31, 100), (2, 28, 150), (3, 31, 70)];

/// Days, tills and the counter.
pub fn write_all(out: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(out.join("settle"))?;
    fs::create_dir_all(out.join("reconcile"))?;
    fs::create_dir_all(out.join("compare_terms"))?;
    counter(&out.join("settle"))?;
    books(&out.join("reconcile"))
}

fn counter(out: &Path) -> Result<(), Box<dyn Error>> {
    let header = ["sku", "category", "brand"];
    let rows =
        COUNTER.iter().map(|(sku, category, ..)| vec![(*sku).into(), (*category).into(), "Luming".into()]);
    write(out, "products.csv", &header, rows)?;
    let mut rng = Rng::new(2_026, "counter");
    let mut rows = Vec::new();
    let mut line = |date: String, kind: &str, document: String, rest: [&str; 6]| {
        let mut row = vec![date, kind.to_owned(), document];
        row.extend(rest.map(str::to_owned));
        rows.push(row);
    };
    for (month, days, pace) in MONTHS {
        for day in 1..=days {
            let date = format!("2026-{month:02}-{day:02}");
            // The week before new year is promoted.
            let promotion = if month == 2 && (9..=15).contains(&day) { "NEWYEAR" } else { "" };
            for (sku, _, price, most) in COUNTER {
                let most = most * pace / 100;
                let pieces = rng.below(most + 1);
                if pieces == 0 {
                    continue;
                }
                let price = if promotion.is_empty() { price } else { price * 85 / 100 };
                let document = format!("T{month:02}{day:02}");
                let (pieces, amount) = (pieces.to_string(), yuan(price * pieces));
                line(date.clone(), "sale", document, [sku, &pieces, &amount, "QH-01", "", promotion]);
            }
        }
        let date = format!("2026-{month:02}-20");
        line(date.clone(), "sale", format!("R{month:02}20"), ["NUT-01", "-1", "-39.80", "QH-01", "", ""]);
        line(date, "occasion", format!("DM-{month:02}"), ["", "1", "", "", "DM", ""]);
    }
    let funding = ["", "", "860.00", "", "promotion_funding", "NEWYEAR"];
    line("2026-02-28".to_owned(), "funding", "P-NEWYEAR".to_owned(), funding);
    line("2026-03-31".to_owned(), "adjustment", "ADJ-1".to_owned(), ["", "", "-12.50", "", "", ""]);
    for date in ["2026-02-05", "2026-03-05", "2026-04-07"] {
        line(date.to_owned(), "event", "statement_confirmed".to_owned(), [""; 6]);
    }
    let header = ["date", "kind", "document", "sku", "quantity", "amount", "store", "clause", "promotion"];
    write(out, "movements.csv", &header, rows)
}

/// What the retailer's line differs by from ours.
enum Twist {
    Same,
    Later,
    Price(u64),
    Pieces(u64),
    Gone,
}

fn books(out: &Path) -> Result<(), Box<dyn Error>> {
    let header =
        ["id", "kind", "date", "posted", "amount", "quantity", "order", "invoice", "store", "sku", "clause"];
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let mut rng = Rng::new(606, "books");
    let row = |id: String, kind: &str, days: (u64, u64), amount: String, rest: [String; 6]| {
        let day = |day: u64| {
            if day > 30 { format!("2026-07-{:02}", day - 30) } else { format!("2026-06-{day:02}") }
        };
        let mut row = vec![id, kind.to_owned(), day(days.0), day(days.1), amount];
        row.extend(rest);
        row
    };
    for number in 1..=40_u64 {
        let day = 1 + number * 29 / 40;
        let (sku, _, price, _) = COUNTER[usize::try_from(number % 5)?];
        let pieces = 20 + rng.below(80);
        let twist = match number {
            7 => Twist::Price(price / 20),
            13 => Twist::Pieces(6),
            21 => Twist::Gone,
            39 | 40 => Twist::Later,
            _ => Twist::Same,
        };
        let supply = price * 7 / 10;
        let rest = |pieces: u64| {
            let store = format!("QH-{:02}", 1 + number % 4);
            [
                pieces.to_string(),
                format!("PO{number:03}"),
                String::new(),
                store,
                sku.to_owned(),
                String::new(),
            ]
        };
        let name = format!("D{number:03}");
        ours.push(row(name, "delivery", (day, day), yuan(supply * pieces), rest(pieces)));
        let id = format!("GR-{}", 7_000 + number);
        let (amount, pieces, posted) = match twist {
            Twist::Gone => continue,
            Twist::Same => (supply * pieces, pieces, day),
            Twist::Later => (supply * pieces, pieces, day + 4),
            Twist::Price(less) => ((supply - less) * pieces, pieces, day),
            Twist::Pieces(fewer) => (supply * (pieces - fewer), pieces - fewer, day),
        };
        theirs.push(row(id, "delivery", (day, posted.min(34)), yuan(amount), rest(pieces)));
    }
    let plain = |invoice: &str, clause: &str| {
        [String::new(), String::new(), invoice.to_owned(), String::new(), String::new(), clause.to_owned()]
    };
    let minus = |fen: u64| format!("-{}", yuan(fen));
    // What both took off, a rounding difference, and what they alone took off.
    ours.push(row("C01".into(), "deduction", (30, 30), minus(128_450), plain("DN-11", "LOGISTICS")));
    theirs.push(row("DN-11".into(), "deduction", (30, 30), minus(128_452), plain("DN-11", "LOGISTICS")));
    for (id, fen, clause) in
        [("DN-12", 60_000, "DM"), ("DN-13", 45_000, "DM"), ("DN-14", 150_000, "FESTIVAL")]
    {
        theirs.push(row(id.into(), "deduction", (28, 28), minus(fen), plain(id, clause)));
    }
    theirs.push(row("DN-14B".into(), "deduction", (28, 28), minus(150_000), plain("DN-14", "FESTIVAL")));
    theirs.push(row("RT-9".into(), "return", (17, 17), minus(23_880), plain("RT-9", "")));
    ours.push(row("PAY1".into(), "payment", (25, 25), minus(5_000_000), plain("PAY-0625", "")));
    theirs.push(row("PAY-0625".into(), "payment", (25, 25), minus(5_000_000), plain("PAY-0625", "")));
    write(out, "ours.csv", &header, ours)?;
    write(out, "theirs.csv", &header, theirs)
}
