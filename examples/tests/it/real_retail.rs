//! A wholesaler's year, as it is: half a million lines with cancellations and missing customers.
//!
//! Set `ENDCAP_DATA` to a directory with `online_retail_2010-12_2011-12.csv.zst` (UCI Online Retail) to run these.

use std::collections::BTreeMap;
use std::num::NonZeroU8;
use std::path::PathBuf;

use chrono::Datelike;
use endcap::account::{
    Better, Concentration, NegativePolicy, NegativeShares, Scheme, TieRank, class_codes, classify_slice,
    rank_scores,
};
use endcap::types::RoundingMode;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value;

use crate::common::date::DateFormat;
use crate::common::problems::Problems;
use crate::common::table::Table;
use crate::program::{example, transcript};

fn file() -> Option<PathBuf> {
    let Some(directory) = std::env::var_os("ENDCAP_DATA").map(PathBuf::from) else {
        eprintln!("skipped: ENDCAP_DATA is not set, so the public file is absent");
        return None;
    };
    Some(directory.join("online_retail_2010-12_2011-12.csv.zst"))
}

/// A customer's net pence, days with a line, and last day.
#[derive(Default)]
struct Customer {
    pence: i64,
    invoices: std::collections::BTreeSet<String>,
    last: i32,
}

fn customers(path: &std::path::Path) -> (BTreeMap<String, Customer>, u64, u64) {
    let table = Table::open(path, 0).expect("a table");
    let column = |name: &str| table.column(name).expect("a column");
    let (id, invoice, date) = (column("CustomerID"), column("InvoiceNo"), column("InvoiceDate"));
    let (quantity, price) = (column("Quantity"), column("UnitPrice"));
    let mut problems = Problems::default();
    let (mut found, mut lines, mut blank) = (BTreeMap::<String, Customer>::new(), 0, 0);
    table.for_each(&mut problems, |row, _| {
        lines += 1;
        let name = row.text(id).expect("text").trim();
        if name.is_empty() {
            blank += 1;
            return;
        }
        let number = |column| row.text(column).expect("text").trim().parse::<Decimal>().expect("a number");
        let amount = (number(quantity) * number(price) * Decimal::ONE_HUNDRED)
            .round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
        let day = DateFormat::Iso.read(row.get(date)).expect("a date").num_days_from_ce();
        let customer = found.entry(name.to_owned()).or_default();
        customer.pence += i64::try_from(amount).expect("small");
        customer.last = customer.last.max(day);
        customer.invoices.insert(row.text(invoice).expect("text").to_owned());
    });
    assert!(problems.is_empty(), "{problems}");
    (found, lines, blank)
}

#[test]
fn real_retail_is_classified_as_counted_by_hand() {
    let Some(path) = file() else { return };
    let (customers, lines, blank) = customers(&path);
    assert_eq!((lines, blank, customers.len()), (541_909, 135_080, 4_372));
    let values: Vec<i64> = customers.values().map(|customer| customer.pence).collect();
    let scheme = Scheme { negatives: NegativePolicy::ClampZero, ..Scheme::default() };
    let mut codes = vec![0; values.len()];
    let cuts = class_codes(&values, &scheme, &mut codes).expect("classes");
    let placed = classify_slice(&values, &scheme).expect("classes");

    // By hand: how much is ahead of each, one member after the other.
    let gains: Vec<i128> = values.iter().map(|value| i128::from(*value.max(&0))).collect();
    let total: i128 = gains.iter().sum();
    let mut order: Vec<usize> = (0..gains.len()).collect();
    order.sort_by_key(|i| (-gains[*i], *i));
    let (mut ahead, mut members) = (0_i128, [0_u64; 3]);
    for (rank, i) in order.iter().enumerate() {
        let class = u8::from(ahead * 100 >= total * 80) + u8::from(ahead * 100 >= total * 95);
        let placement = placed.placements()[*i];
        assert_eq!((codes[*i], placement.class.position()), (class, class));
        assert_eq!((placement.rank, placement.prior), (rank + 1, ahead));
        members[usize::from(class)] += 1;
        ahead += gains[*i];
    }
    assert_eq!(cuts.members(), members);
    eprintln!("classes A, B, C: {members:?} of {}", gains.len());

    let market = Concentration::of(&gains, NegativeShares::Refuse).expect("shares");
    let squares: f64 = gains.iter().map(|gain| (*gain as f64 / total as f64).powi(2)).sum();
    let found: f64 =
        market.hhi_points().expect("an index").to_fixed(9, RoundingMode::HalfEven).parse().expect("a number");
    assert!((found / (squares * 10_000.0) - 1.0).abs() < 1e-9, "{found}");

    // RFM by counting how many are worse.
    let last: Vec<i128> = customers.values().map(|customer| i128::from(customer.last)).collect();
    let often: Vec<i128> = customers.values().map(|one| one.invoices.len() as i128).collect();
    let money: Vec<i128> = values.iter().map(|value| i128::from(*value)).collect();
    for figures in [last, often, money] {
        let scores = rank_scores(&figures, NonZeroU8::new(5).expect("five"), Better::Higher, TieRank::Min);
        let mut sorted = figures.clone();
        sorted.sort_unstable();
        for (figure, score) in figures.iter().zip(scores) {
            let worse = sorted.partition_point(|other| other < figure);
            assert_eq!(usize::from(score), worse * 5 / figures.len() + 1);
        }
    }
}

#[test]
fn real_retail_is_forecast_better_than_by_going_on_as_before() {
    let Some(path) = file() else { return };
    for model in ["bg-nbd", "mbg-nbd", "pareto-nbd"] {
        let mut command = example("customer_value");
        command.arg(&path).args([
            "--customer",
            "CustomerID",
            "--date",
            "InvoiceDate",
            "--quantity",
            "Quantity",
        ]);
        command.args(["--price", "UnitPrice", "--currency", "GBP", "--blank-customers", "skip"]);
        let output = command.args(["--model", model, "--format", "json"]).output().expect("runs");
        assert!(output.status.success(), "{}", transcript(&output));
        let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!((&report["lines"], &report["skipped_lines"]), (&541_909.into(), &135_080.into()));
        let fit = &report["model"];
        assert!(fit["gradient_norm"].as_f64().expect("a number") <= 1e-6, "{fit}");
        assert!(fit["agreeing_starts"].as_u64().expect("a count") >= 2, "{fit}");
        assert_eq!(report["spend"]["state"], "identified");
        let found = &report["calibration"];
        let number = |who: &str, what: &str| found[who][what].as_f64().expect("a number");
        eprintln!(
            "{model} ({}): {} transactions in the hold-out; model {:.0} ({:+.1} %), MAE {:.3}, RMSE {:.3}; as before {:.0} ({:+.1} %), MAE {:.3}, RMSE {:.3}",
            fit["state"],
            found["actual"],
            number("model", "predicted"),
            number("model", "total_error_percent"),
            number("model", "mean_absolute_error"),
            number("model", "root_mean_square_error"),
            number("naive", "predicted"),
            number("naive", "total_error_percent"),
            number("naive", "mean_absolute_error"),
            number("naive", "root_mean_square_error"),
        );
        // The last months before Christmas are the best: no model of steady rates foresees all of that.
        assert!(number("model", "total_error_percent").abs() < 25.0, "{found}");
        for what in ["mean_absolute_error", "root_mean_square_error"] {
            assert!(number("model", what) < 0.6 * number("naive", what), "{what}: {found}");
        }
    }
}
