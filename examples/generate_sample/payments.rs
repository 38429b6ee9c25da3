//! What the chains paid: the statements of every month settled, then paid the way each chain pays.

use std::error::Error;
use std::path::Path;

use chrono::{Days, NaiveDate};
use endcap::calendar::Period;
use endcap::types::{Money, Rate, Rounding};

use crate::close::{promotions, settle};
use crate::common::problems::Problems;
use crate::load::sample;
use crate::load::terms::Terms;
use crate::rng::Rng;
use crate::simulate::LAST_DAY;

/// How a chain pays: days after the day agreed, share of payments cut short, share of payments without a reference.
struct Habit {
    late: (u64, u64),
    short_percent: u64,
    unnamed_percent: u64,
}

fn habit(account: &str) -> Habit {
    let of = |late, short_percent, unnamed_percent| Habit { late, short_percent, unnamed_percent };
    match account {
        "HEXI" => of((0, 6), 15, 0),
        "BAILE" => of((0, 35), 30, 0),
        "JIALIN" => of((0, 10), 0, 25),
        "XIAOLU" => of((20, 110), 20, 0),
        "QINGXI" => of((5, 40), 10, 0),
        _ => of((0, 4), 5, 0),
    }
}

/// One row of payments.csv: date, receipt, account, reference, amount.
pub type Row = (NaiveDate, String, String, String, String);

/// Settles every month of the book in `directory` and lists what was paid by the last day.
pub fn pay(directory: &Path) -> Result<Vec<Row>, Box<dyn Error>> {
    let mut problems = Problems::default();
    let terms = Terms::read(&directory.join("contracts.toml"), 0, &mut problems)
        .ok_or_else(|| problems.to_string())?;
    let book = sample::read(directory, &terms, &mut problems);
    let contracts = terms.contracts_for(book.accounts.keys(), &terms.chains, &mut problems);
    if !problems.is_empty() {
        return Err(problems.to_string().into());
    }
    let last = Period::containing(endcap::calendar::Grain::Month, LAST_DAY)?;
    let months = settle::months(&book, last)?;
    let judged = promotions::judge(&book, last)?;
    let statements = settle::settle_all(&book, (&contracts, &terms.places), &months, &judged)?;
    let cut = "1.8%".parse::<Rate>()?;
    let mut rows = Vec::new();
    for statement in statements.values().flatten() {
        let payment = statement.totals().payment;
        let (Some(agreed), true) = (statement.due().known().map(|d| d.expected_pay), payment.is_positive())
        else {
            continue;
        };
        let mut rng = Rng::new(77, statement.id().as_str());
        let habit = habit(statement.account().as_str());
        let days = habit.late.0 + rng.below(habit.late.1 - habit.late.0 + 1);
        let date = agreed + Days::new(days);
        let mut amount = payment;
        if rng.below(100) < habit.short_percent {
            // A deduction nobody agreed on: it stays open until it is settled or written off.
            let kept: Money = payment.exact().times_rate(&cut)?.round(&Rounding::HALF_AWAY)?;
            amount = payment.checked_sub(&kept)?;
        }
        let unnamed = rng.below(100) < habit.unnamed_percent;
        if date <= LAST_DAY {
            let account = statement.account().to_string();
            let reference = if unnamed { String::new() } else { statement.id().to_string() };
            rows.push((date, String::new(), account, reference, amount.to_amount_string()));
        }
    }
    rows.sort();
    for (number, row) in (1..).zip(&mut rows) {
        row.1 = format!("BR-{number:04}");
    }
    Ok(rows)
}
