//! Two books of a hundred thousand lines each, against `sort_unstable` of the keys of both sides.

use std::hint::black_box;

use chrono::NaiveDate;
use endcap::calendar::Period;
use endcap::settlement::reconcile::*;
use endcap::types::*;

use crate::ratio::{Line, Mode, Work, compare};
use crate::units::sequence;

/// What becomes of a line of our books in theirs.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    Same,
    /// Another amount under the same receipt and SKU.
    Dearer,
    /// Without its references, three days later.
    Bare,
    Absent,
}

fn fate(number: usize) -> Fate {
    match number % 100 {
        0..90 => Fate::Same,
        90..95 => Fate::Dearer,
        95..98 => Fate::Bare,
        _ => Fate::Absent,
    }
}

/// Minor units by which a dearer line differs.
const DEARER: i64 = 37;

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 6, day).unwrap()
}

fn books(lines: usize) -> (Vec<LedgerLine>, Vec<LedgerLine>) {
    let mut next = sequence(20_250_605);
    let document = |text: String| Some(DocumentId::new(text).unwrap());
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for number in 0..lines {
        let (receipt, on) = (number / 20, day(1 + u32::try_from(number / 20 % 25).unwrap()));
        // No two amounts are equal, so that the passes leave no choice.
        let minor = 10_000 + 97 * i64::try_from(number).unwrap();
        let money = |minor: i64| Money::from_minor(minor.into(), Currency::CNY).unwrap();
        let id = DocumentId::new(format!("OUR-{number:07}")).unwrap();
        let mut line = LedgerLine::new(id, EntryKind::Delivery, on, money(minor));
        line.order = document(format!("PO-{:06}", receipt / 3));
        line.receipt = document(format!("GRN-{receipt:06}"));
        line.store = Some(StoreId::new(format!("S{:03}", receipt % 40)).unwrap());
        line.sku = Some(SkuId::new(format!("690{:07}", number % 20 + 20 * (receipt % 90))).unwrap());
        line.quantity = Some(Quantity::pieces(12).unwrap());
        let mut other = line.clone();
        other.id = DocumentId::new(format!("R/{:07}", number * 7_919 % 10_000_019)).unwrap();
        match fate(number) {
            Fate::Same => theirs.push(other),
            Fate::Dearer => {
                other.amount = money(minor + DEARER);
                theirs.push(other);
            }
            Fate::Bare => {
                (other.order, other.receipt, other.quantity) = (None, None, None);
                other.date = on + chrono::Days::new(3);
                other.posted = other.date;
                theirs.push(other);
            }
            Fate::Absent => {}
        }
        ours.push(line);
    }
    for books in [&mut ours, &mut theirs] {
        for last in (1..books.len()).rev() {
            books.swap(last, usize::try_from(next(last as u64 + 1)).unwrap());
        }
    }
    (ours, theirs)
}

/// All that pass 1 compares.
fn key(line: &LedgerLine) -> impl Ord + '_ {
    let documents = (&line.order, &line.receipt, &line.invoice);
    let places = (&line.store, &line.sku, &line.clause);
    (line.kind, documents, places, line.date, line.quantity.map(|held| held.amount()), line.amount.minor())
}

fn check(report: &ReconReport, ours: usize, theirs: usize) {
    let count = |what: fn(&LineClass) -> bool| report.lines.iter().filter(|line| what(&line.class)).count();
    let among = |wanted: &[Fate]| (0..ours).filter(|number| wanted.contains(&fate(*number))).count();
    assert_eq!(report.lines.len(), ours + theirs);
    assert_eq!(count(|class| *class == LineClass::Matched), 2 * among(&[Fate::Same, Fate::Bare]));
    assert_eq!(count(|class| matches!(class, LineClass::PriceVariance { .. })), 2 * among(&[Fate::Dearer]));
    assert_eq!(count(|class| *class == LineClass::OnlyOurs), among(&[Fate::Absent]));
    assert!(report.bridge.residual.is_zero());
}

pub fn lines(mode: Mode) -> Vec<Line> {
    let (ours, theirs) = books(mode.rows(100_000));
    let rules = ReconRules::new(Period::month(2025, 6).unwrap(), Currency::CNY);
    check(&reconcile(&ours, &theirs, &rules).unwrap(), ours.len(), theirs.len());
    let sorted = || {
        let mut one: Vec<_> = black_box(&ours).iter().map(key).collect();
        let mut other: Vec<_> = black_box(&theirs).iter().map(key).collect();
        one.sort_unstable();
        other.sort_unstable();
        assert_eq!((one.len(), other.len()), (ours.len(), theirs.len()));
        (one.first() < one.last(), other.first() < other.last())
    };
    let run = || {
        let report = reconcile(black_box(&ours), black_box(&theirs), &rules).unwrap();
        assert!(report.bridge.residual.is_zero());
        report
    };
    let name = "reconcile 100,000 x 100,000 lines";
    let (baseline, subject) = (Work { per_call: 1, run: sorted }, Work { per_call: 1, run });
    vec![compare(mode.fewer(), (name, "key sorts", 4.0), baseline, subject)]
}
