//! Arbitrary books of two sides: every line in one class, no residual, and the report mirrors when the sides swap.
#![no_main]

use arbitrary::Arbitrary;
use endcap_calendar::Period;
use endcap_settlement::reconcile::*;
use endcap_types::*;
use libfuzzer_sys::fuzz_target;

#[derive(Debug, Arbitrary)]
struct Row {
    kind: u8,
    date: u8,
    posted: u8,
    amount: Amount,
    quantity: Option<i16>,
    references: [u8; 6],
}

#[derive(Debug, Arbitrary)]
enum Amount {
    Small(i8),
    Usual(i32),
    Huge(i128),
}

#[derive(Debug, Arbitrary)]
struct Books {
    ours: Vec<Row>,
    theirs: Vec<Row>,
    keys: [u16; 4],
    tolerance: (u8, u8, u32),
    window: u16,
    transit: u16,
    known: [u8; 3],
}

const KINDS: [EntryKind; 6] = [
    EntryKind::Delivery,
    EntryKind::Return,
    EntryKind::Invoice,
    EntryKind::Deduction,
    EntryKind::Payment,
    EntryKind::Adjustment,
];
const FIELDS: [KeyField; 9] = [
    KeyField::Order,
    KeyField::Receipt,
    KeyField::Invoice,
    KeyField::Store,
    KeyField::Sku,
    KeyField::Clause,
    KeyField::Date,
    KeyField::Quantity,
    KeyField::Amount,
];

fn line(number: usize, row: &Row) -> Option<LedgerLine> {
    let day = |byte: u8| chrono::NaiveDate::from_ymd_opt(2025, 5, 1).unwrap() + chrono::Days::new(u64::from(byte));
    let minor = match row.amount {
        Amount::Small(minor) => minor.into(),
        Amount::Usual(minor) => minor.into(),
        Amount::Huge(minor) => minor,
    };
    let amount = Money::from_minor(minor, Currency::CNY).ok()?;
    let kind = KINDS[usize::from(row.kind) % KINDS.len()];
    let mut line =
        LedgerLine::new(DocumentId::new(format!("{}", number * 7919 % 10_007)).unwrap(), kind, day(row.date), amount);
    line.posted = day(row.posted);
    line.quantity = row.quantity.and_then(|count| Quantity::pieces(count.into()).ok());
    let text = |byte: u8| (byte % 5 != 0).then(|| format!("{}{}", "X".repeat(usize::from(byte % 3)), byte % 7));
    let [order, receipt, invoice, store, sku, clause] = row.references.map(text);
    line.order = order.and_then(|id| DocumentId::new(id).ok());
    line.receipt = receipt.and_then(|id| DocumentId::new(id).ok());
    line.invoice = invoice.and_then(|id| DocumentId::new(id).ok());
    line.store = store.and_then(|id| StoreId::new(id).ok());
    line.sku = sku.and_then(|id| SkuId::new(id).ok());
    line.clause = clause.and_then(|id| ClauseId::new(id).ok());
    Some(line)
}

fuzz_target!(|books: Books| {
    let lines = |rows: &[Row]| rows.iter().enumerate().filter_map(|(n, row)| line(n, row)).collect::<Vec<_>>();
    let (ours, theirs) = (lines(&books.ours), lines(&books.theirs));
    let mut rules = ReconRules::new(Period::month(2025, 6).unwrap(), Currency::CNY);
    let fields = |bits: u16| FIELDS.iter().enumerate().filter(|(n, _)| bits >> n & 1 == 1).map(|(_, f)| *f).collect();
    if books.keys[0] & 1 << 15 != 0 {
        rules.full_key = fields(books.keys[0]);
        rules.reduced_keys = vec![fields(books.keys[1]), fields(books.keys[2])];
        rules.fuzzy_key = fields(books.keys[3]);
    }
    let percent = Rate::percent(books.tolerance.1.into());
    let money = Money::from_minor(books.tolerance.2.into(), Currency::CNY).unwrap();
    let tolerance = match (books.tolerance.0 % 5, percent) {
        (1, Ok(rate)) => Tolerance::percent(rate),
        (2, _) => Tolerance::absolute(money),
        (3, Ok(rate)) => Tolerance::lesser_of(rate, money),
        (4, Ok(rate)) => Tolerance::greater_of(rate, money),
        _ => Ok(Tolerance::NONE),
    };
    rules.tolerance = tolerance.unwrap_or(Tolerance::NONE);
    rules.window_days = books.window.into();
    rules.transit_days = books.transit.into();
    if books.known[0] & 1 == 1 {
        rules.skus = Known::Only([SkuId::new("1").unwrap(), SkuId::new("X2").unwrap()].into());
    }
    if books.known[1] & 1 == 1 {
        rules.stores = Known::Only([StoreId::new("1").unwrap()].into());
    }
    rules.clauses.insert(ClauseId::new("1").unwrap(), Allowance::Unlimited);
    if money.is_positive() {
        rules.clauses.insert(ClauseId::new("X1").unwrap(), Allowance::UpTo(money));
    }
    let Ok(report) = reconcile(&ours, &theirs, &rules) else { return };
    assert_eq!(report.lines.len(), ours.len() + theirs.len());
    assert!(report.bridge.residual.is_zero());
    let swapped = reconcile(&theirs, &ours, &rules).unwrap();
    assert_eq!(swapped, report.mirrored());
    let reversed = |lines: &[LedgerLine]| lines.iter().rev().cloned().collect::<Vec<_>>();
    assert_eq!(reconcile(&reversed(&ours), &reversed(&theirs), &rules).unwrap(), report);
});
