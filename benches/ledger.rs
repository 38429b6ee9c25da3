//! Ten thousand entries posted, aged and audited.
//!
//! Posting is timed against a plain map of balances that checks nothing, keeps no log and knows no open items; ageing
//! against one loop over a list of items; the audit against replaying the log.

use std::collections::BTreeMap;
use std::hint::black_box;

use chrono::{Days, NaiveDate};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use endcap::ledger::{
    AgeBasis, AgeingQuery, At, Buckets, Due, EntryDraft, IdempotencyKey, ItemDraft, Ledger, LegDraft,
    Settings, chart,
};
use endcap::types::{AccountId, Currency, DocumentId, Money};

const ACCOUNTS: usize = 50;

fn fen(minor: i128) -> Money {
    Money::from_minor(minor, Currency::CNY).unwrap()
}

fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 1, 1).unwrap()
}

fn as_of() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 12, 31).unwrap()
}

/// Invoices of three legs: net in whole yuan, 13 % VAT; due on some day of 2025 or early 2026.
struct Invoice {
    account: usize,
    net: i128,
    tax: i128,
    due: NaiveDate,
}

fn invoices() -> Vec<Invoice> {
    let mut state = 20_250_605_u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    (0..10_000)
        .map(|_| {
            let yuan = i128::from(1 + next(100_000));
            Invoice {
                account: usize::try_from(next(ACCOUNTS as u64)).unwrap(),
                net: yuan * 100,
                tax: yuan * 13,
                due: first_day() + Days::new(next(400)),
            }
        })
        .collect()
}

fn drafts(invoices: &[Invoice], accounts: &[AccountId]) -> Vec<EntryDraft> {
    let draft = |(n, invoice): (usize, &Invoice)| {
        let document = DocumentId::new(format!("INV-{n:05}")).unwrap();
        let item = ItemDraft {
            document: document.clone(),
            dated: first_day(),
            due: Due::On(invoice.due),
            delivered: None,
        };
        let key = IdempotencyKey::new(format!("invoice/{n:05}")).unwrap();
        let receivable = LegDraft::debit("1122", fen(invoice.net + invoice.tax));
        EntryDraft::new(key, document, first_day(), first_day())
            .leg(receivable.of(accounts[invoice.account].clone()).opens(item))
            .leg(LegDraft::credit("6001", fen(invoice.net)))
            .leg(LegDraft::credit("2221.01", fen(invoice.tax)))
    };
    invoices.iter().enumerate().map(draft).collect()
}

fn empty() -> Ledger {
    let mut ledger = Ledger::new(Settings::new("Supplier Ltd").unwrap());
    ledger.open_all(chart::key_account_supplier().unwrap(), first_day()).unwrap();
    ledger
}

fn post(c: &mut Criterion) {
    let invoices = invoices();
    let accounts: Vec<AccountId> =
        (0..ACCOUNTS).map(|n| AccountId::new(format!("KA{n:03}")).unwrap()).collect();
    let drafts = drafts(&invoices, &accounts);
    let owed: i128 = invoices.iter().map(|invoice| invoice.net + invoice.tax).sum();
    let entries = u64::try_from(drafts.len()).unwrap();

    let mut group = c.benchmark_group("post_10000_entries");
    group.throughput(Throughput::Elements(entries));
    group.sample_size(10);
    group.bench_function("ledger", |bencher| {
        bencher.iter_batched(
            empty,
            |mut ledger| {
                for draft in black_box(&drafts) {
                    ledger.post(draft).unwrap();
                }
                assert_eq!(ledger.balance("1122", Currency::CNY, At::Now).unwrap(), fen(owed));
                ledger
            },
            BatchSize::PerIteration,
        );
    });
    let codes = ["1122", "6001", "2221.01"];
    group.bench_function("map_of_balances", |bencher| {
        bencher.iter(|| {
            let mut balances = BTreeMap::<(&str, Option<&AccountId>), i128>::new();
            for invoice in black_box(&invoices) {
                let account = Some(&accounts[invoice.account]);
                *balances.entry((codes[0], account)).or_default() += invoice.net + invoice.tax;
                *balances.entry((codes[1], None)).or_default() -= invoice.net;
                *balances.entry((codes[2], None)).or_default() -= invoice.tax;
            }
            let receivable = balances.iter().filter(|((code, _), _)| *code == "1122");
            assert_eq!(receivable.map(|(_, balance)| balance).sum::<i128>(), owed);
            balances
        });
    });
    group.finish();

    let mut full = empty();
    for draft in &drafts {
        full.post(draft).unwrap();
    }
    age(c, &full, &invoices);
    audit(c, &full, owed);
}

/// Not due, then 1–30, 31–60, 61–90, 91–180 and more days overdue, in one loop.
fn loop_over_items(items: &[(NaiveDate, i128)]) -> [i128; 6] {
    let mut split = [0; 6];
    for (due, open) in items {
        let days = (as_of() - *due).num_days();
        let place = [0, 30, 60, 90, 180].iter().filter(|edge| days > **edge).count();
        split[place] += open;
    }
    split
}

fn age(c: &mut Criterion, ledger: &Ledger, invoices: &[Invoice]) {
    let items: Vec<(NaiveDate, i128)> =
        invoices.iter().map(|invoice| (invoice.due, invoice.net + invoice.tax)).collect();
    let expected = loop_over_items(&items);
    let query =
        AgeingQuery { account: "1122", currency: Currency::CNY, as_of: as_of(), basis: AgeBasis::DueDate };
    let buckets = Buckets::standard();
    let mut group = c.benchmark_group("ageing_of_10000_items");
    group.throughput(Throughput::Elements(u64::try_from(items.len()).unwrap()));
    group.sample_size(30);
    group.bench_function("ledger", |bencher| {
        bencher.iter(|| {
            let ageing = black_box(ledger).ageing(&query, &buckets).unwrap();
            let total = &ageing.total;
            let overdue = total.overdue.iter().map(|bucket| bucket.minor());
            assert!(std::iter::once(total.not_due.minor()).chain(overdue).eq(expected));
            ageing
        });
    });
    let sums: i128 = expected.iter().sum();
    group.bench_function("loop_over_items", |bencher| {
        bencher.iter(|| {
            let split = loop_over_items(black_box(&items));
            assert_eq!(split.iter().sum::<i128>(), sums);
            split
        });
    });
    group.finish();
}

fn audit(c: &mut Criterion, ledger: &Ledger, owed: i128) {
    let entries = ledger.events().len();
    let mut group = c.benchmark_group("audit_of_10000_entries");
    group.throughput(Throughput::Elements(u64::try_from(entries).unwrap()));
    group.sample_size(10);
    group.bench_function("audit", |bencher| {
        bencher.iter(|| {
            let report = black_box(ledger).audit();
            assert!(report.is_clean());
            assert_eq!(report.entries, 10_000);
            report
        });
    });
    group.bench_function("replay", |bencher| {
        bencher.iter_batched(
            || ledger.events().to_vec(),
            |events| {
                let again = Ledger::replay(ledger.settings().clone(), black_box(events)).unwrap();
                assert_eq!(again.balance("1122", Currency::CNY, At::Now).unwrap(), fen(owed));
                again
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, post);
criterion_main!(benches);
