//! What is posted: entries of two legs, a thousand balances in all.

use std::fmt::Write as _;

use chrono::{Datelike, Days, NaiveDate};
use endcap::ledger::{
    Account, AccountKind, Dimension, Due, EntryDraft, IdempotencyKey, ItemDraft, Ledger, LegDraft, Settings,
};
use endcap::types::{AccountId, Currency, DocumentId, Money};

/// Key accounts, and accounts of income: together the balances.
pub const HALF: u32 = 500;

/// One sale in plain figures.
#[derive(Debug, Clone, Copy)]
pub struct Sale {
    pub party: u32,
    pub income: u32,
    pub day: u64,
    pub minor: i64,
}

pub fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 1, 1).unwrap()
}

pub fn day(number: u64) -> NaiveDate {
    first_day() + Days::new(number)
}

pub fn day_number(date: NaiveDate) -> i32 {
    date.num_days_from_ce()
}

pub fn cny(minor: i64) -> Money {
    Money::from_minor(i128::from(minor), Currency::CNY).unwrap()
}

pub fn party(number: u32) -> AccountId {
    AccountId::new(format!("KA{number:03}")).unwrap()
}

pub fn income(number: u32) -> String {
    format!("6001.{number:03}")
}

/// Sales of a year, most of them in order, one in eight up to a month late.
pub fn sales(count: usize) -> Vec<Sale> {
    let mut state = 20_250_605_u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let count_u64 = count as u64;
    (0..count_u64)
        .map(|n| {
            let on = 30 + n * 330 / count_u64;
            let late = if next(8) == 0 { next(30) } else { 0 };
            Sale {
                party: u32::try_from(next(u64::from(HALF))).unwrap(),
                income: u32::try_from(next(u64::from(HALF))).unwrap(),
                day: on - late,
                minor: i64::try_from(1 + next(10_000_000)).unwrap(),
            }
        })
        .collect()
}

/// The drafts of sales; with items, the debit leg stands on a control account and opens one.
pub fn drafts(sales: &[Sale]) -> Vec<EntryDraft> {
    let draft = |(n, sale): (usize, &Sale)| {
        let document = DocumentId::new(format!("INV-{n:07}")).unwrap();
        let on = day(sale.day);
        let item = ItemDraft {
            document: document.clone(),
            dated: on,
            due: Due::On(on + Days::new(30)),
            delivered: None,
        };
        EntryDraft::new(IdempotencyKey::new(format!("sale/{n:07}")).unwrap(), document, on, day(400))
            .leg(LegDraft::debit("1122", cny(sale.minor)).of(party(sale.party)).opens(item))
            .leg(LegDraft::credit(income(sale.income), cny(sale.minor)))
    };
    sales.iter().enumerate().map(draft).collect()
}

/// A ledger with the accounts and nothing posted.
pub fn empty() -> Ledger {
    let mut ledger = Ledger::new(Settings::new("ratios").unwrap());
    let receivable = Account::new("1122", ("Receivable", "应收账款"), AccountKind::Asset).unwrap();
    let bank = Account::new("1002", ("Bank", "银行存款"), AccountKind::Asset).unwrap();
    ledger.open_account(receivable.with_dimension(Dimension::OpenItems), first_day()).unwrap();
    ledger.open_account(bank, first_day()).unwrap();
    for number in 0..HALF {
        let account = Account::new(income(number), ("Sales", "收入"), AccountKind::Income).unwrap();
        ledger.open_account(account, first_day()).unwrap();
    }
    ledger
}

/// The ledger of all sales.
pub fn posted(sales: &[Sale]) -> Ledger {
    let mut ledger = empty();
    for draft in drafts(sales) {
        ledger.post(&draft).unwrap();
    }
    ledger
}

/// A journal of sales on 100 key accounts, as plain as every program reads it; with the `open` lines of Beancount.
pub fn journal(sales: &[Sale], beancount: bool) -> String {
    let mut out = String::new();
    if beancount {
        out.push_str("2024-01-01 open Income:S6001\n");
        (0..100).for_each(|n| writeln!(out, "2024-01-01 open Assets:R1122:KA{n:03}").unwrap());
    } else {
        out.push_str("account Income:S6001  ; name:Sales\naccount Assets:R1122  ; by:key_account\n\n");
    }
    for (n, sale) in sales.iter().enumerate() {
        let (date, yuan, fen) = (day(sale.day), sale.minor / 100, sale.minor % 100);
        let head =
            if beancount { format!("{date} * \"INV-{n:07}\"") } else { format!("{date} (INV-{n:07}) goods") };
        let party = sale.party % 100;
        writeln!(
            out,
            "{head}\n    Assets:R1122:KA{party:03}  {yuan}.{fen:02} CNY\n    Income:S6001  -{yuan}.{fen:02} CNY\n"
        )
        .unwrap();
    }
    out
}
