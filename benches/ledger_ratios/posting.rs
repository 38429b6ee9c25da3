//! Posting, replay and memory: bars 2, 3, 4, 10 and 11.

use std::collections::HashMap;
use std::hint::black_box;
use std::time::Duration;

use double_entry::{
    Account as PeerAccount, AccountId as PeerId, AccountType, Amount, JournalEntry, Line, currencies,
};
use endcap::ledger::{At, FlatBook, Head, Ledger, verify};
use endcap::types::Currency;

use crate::work::{HALF, Sale, day, day_number, drafts, empty, income, party, sales};
use crate::{Size, Table, in_turns, peers, resident, timed};

/// An entry of the reference loop, 40 bytes, and its legs, 16 bytes each.
#[derive(Clone, Copy)]
struct Header {
    _key: u128,
    _effective: i32,
    _recorded: i32,
    _first_leg: u32,
    _legs: u32,
    _kind: u64,
}

#[derive(Clone, Copy)]
struct FlatLeg {
    _account: u32,
    _minor: i64,
}

/// What any ledger must do: check, add up, keep the entry in a flat arena, know its key again.
#[derive(Default)]
struct Reference {
    totals: Vec<i128>,
    headers: Vec<Header>,
    legs: Vec<FlatLeg>,
    keys: HashMap<u128, u32>,
}

impl Reference {
    fn post(&mut self, key: u128, sale: &Sale) -> Result<(), &'static str> {
        let number = u32::try_from(self.headers.len()).map_err(|_| "full")?;
        if sale.minor <= 0 {
            return Err("amount");
        }
        if self.keys.insert(key, number).is_some() {
            return Err("key");
        }
        let (debit, credit) = (sale.party, HALF + sale.income);
        for (account, minor) in [(debit, sale.minor), (credit, -sale.minor)] {
            let total = self.totals.get_mut(account as usize).ok_or("account")?;
            *total = total.checked_add(i128::from(minor)).ok_or("overflow")?;
        }
        let first = u32::try_from(self.legs.len()).map_err(|_| "full")?;
        self.headers.push(Header {
            _key: key,
            _effective: day_number(day(sale.day)),
            _recorded: day_number(day(400)),
            _first_leg: first,
            _legs: 2,
            _kind: 0,
        });
        self.legs.push(FlatLeg { _account: debit, _minor: sale.minor });
        self.legs.push(FlatLeg { _account: credit, _minor: -sale.minor });
        Ok(())
    }
}

fn reference(sales: &[Sale]) -> (Duration, i128) {
    let (time, reference) = timed(|| {
        let mut reference = Reference { totals: vec![0; 2 * HALF as usize], ..Reference::default() };
        for (n, sale) in black_box(sales).iter().enumerate() {
            // The key as a caller has it: 128 bits without order.
            let key = (n as u128).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
            reference.post(key, sale).unwrap();
        }
        reference
    });
    assert_eq!((reference.headers.len(), reference.legs.len()), (sales.len(), 2 * sales.len()));
    (time, reference.totals[..HALF as usize].iter().sum())
}

/// The bare loop that only appends a record of 48 bytes and adds to totals.
fn append(sales: &[Sale]) -> (Duration, i128) {
    let (time, (totals, records)) = timed(|| {
        let (mut totals, mut records) = (vec![0_i128; 2 * HALF as usize], Vec::new());
        for (n, sale) in black_box(sales).iter().enumerate() {
            totals[sale.party as usize] += i128::from(sale.minor);
            totals[(HALF + sale.income) as usize] -= i128::from(sale.minor);
            records.push([
                n as u64,
                sale.day,
                u64::from(sale.party),
                u64::from(sale.income),
                sale.minor as u64,
                0,
            ]);
        }
        (totals, records)
    });
    assert_eq!(black_box(records).len(), sales.len());
    (time, totals[..HALF as usize].iter().sum())
}

/// The published crate `double-entry`: one currency an entry, no open items, no dates but text.
fn peer(sales: &[Sale]) -> (Duration, i128) {
    let mut ledger = double_entry::Ledger::new();
    (0..HALF).for_each(|n| {
        ledger.add_account(PeerAccount::new(party(n).as_str(), "receivable", AccountType::Asset))
    });
    (0..HALF).for_each(|n| ledger.add_account(PeerAccount::new(income(n), "sales", AccountType::Revenue)));
    let entries: Vec<JournalEntry> = sales
        .iter()
        .enumerate()
        .map(|(n, sale)| {
            let amount = Amount::minor(sale.minor, currencies::USD);
            let lines = vec![
                Line::debit(party(sale.party).as_str(), amount),
                Line::credit(income(sale.income), amount),
            ];
            JournalEntry::draft(format!("INV-{n:07}"), day(sale.day).to_string(), "2025", lines)
        })
        .collect();
    let (time, ()) = timed(|| {
        for entry in black_box(&entries) {
            let version = ledger.version();
            ledger.post(entry, version).unwrap();
        }
    });
    let first = sales.iter().filter(|sale| sale.party == 0).map(|sale| i128::from(sale.minor)).sum::<i128>();
    assert_eq!(i128::from(ledger.balance(&PeerId::new(party(0).as_str()))), first);
    (time, sales.iter().map(|sale| i128::from(sale.minor)).sum())
}

/// The bare book: every posting checked and balanced, legs kept, balances kept.
fn bare(sales: &[Sale]) -> (Duration, i128) {
    let (time, book) = timed(|| {
        let mut book = FlatBook::new(Currency::CNY, 2 * HALF);
        for sale in black_box(sales) {
            book.post(&[(sale.party, sale.minor), (HALF + sale.income, -sale.minor)]).unwrap();
        }
        book
    });
    assert_eq!(black_box(&book).len(), sales.len());
    (time, book.balances()[..HALF as usize].iter().sum())
}

fn ours(drafts: &[endcap::ledger::EntryDraft]) -> (Duration, Ledger) {
    let mut ledger = empty();
    let (time, ()) = timed(|| {
        for draft in black_box(drafts) {
            ledger.post(draft).unwrap();
        }
    });
    (time, ledger)
}

/// Argument of the process that posts and says what an entry takes.
pub const CHILD: &str = "--memory";

/// Posts into a ledger and prints the bytes of memory that an entry takes.
pub fn child(entries: usize) {
    let drafts = drafts(&sales(entries));
    let before = resident();
    let (_, ledger) = ours(&drafts);
    println!("{}", (resident() - before) * 1024.0 / entries as f64);
    assert_eq!(black_box(ledger).events().len(), entries + empty().events().len());
}

pub fn bars(size: Size, table: &mut Table) {
    let sales = sales(size.entries);
    let owed: i128 = sales.iter().map(|sale| i128::from(sale.minor)).sum();
    let drafts = drafts(&sales);
    let check = |ledger: &Ledger| {
        assert_eq!(ledger.balance("1122", Currency::CNY, At::Now).unwrap().minor(), owed);
    };

    let (loop_time, post_time) = in_turns(
        size.rounds,
        || {
            let (time, total) = reference(&sales);
            assert_eq!(total, owed);
            time
        },
        || {
            let (time, ledger) = ours(&drafts);
            check(&ledger);
            time
        },
    );
    let each = |seconds: f64| seconds / size.entries as f64 * 1e9;
    let detail = format!(" ({:.0} ns against {:.0} ns)", each(post_time), each(loop_time));
    let what = "2 post: all checks, log, key, open item, as-of index";
    table.at_most(&format!("{what}; with chain"), "reference loop", 4.0, post_time / loop_time, &detail);
    table.at_most(
        "3 the same with the SHA-256 chain, built-in hasher",
        "reference loop",
        7.0,
        post_time / loop_time,
        &detail,
    );

    // What the chain costs: the same events hashed again, one behind the other.
    let (settings, head, events) = {
        let (_, ledger) = ours(&drafts);
        (ledger.settings().clone(), ledger.head(), ledger.events().to_vec())
    };
    let chain_times = (0..size.rounds).map(|_| {
        let (time, proved) = timed(|| verify(&settings, black_box(&events), Head::At(head)).unwrap());
        assert_eq!(proved, head);
        time
    });
    let chain_time = crate::median(chain_times.collect());
    drop(events);
    let without = post_time - chain_time;
    let detail = format!(" ({:.0} ns less {:.0} ns)", each(post_time), each(chain_time));
    table.at_most(
        &format!("{what}; less the chain, hashed apart"),
        "reference loop",
        4.0,
        without / loop_time,
        &detail,
    );

    let times = (0..size.rounds.min(3)).map(|_| {
        let (time, total) = peer(&sales);
        assert_eq!(total, owed);
        time
    });
    let peer_time = crate::median(times.collect());
    let detail = format!(" ({:.0} ns against {:.0} ns)", each(post_time), each(peer_time));
    table.at_most(what, "crate double-entry 0.1.1", 0.55, post_time / peer_time, &detail);
    let (append_time, bare_time) = in_turns(
        size.rounds * 3,
        || {
            let (time, total) = append(&sales);
            assert_eq!(total, owed);
            time
        },
        || {
            let (time, total) = bare(&sales);
            assert_eq!(total, owed);
            time
        },
    );
    let detail = format!(" ({:.1} ns against {:.1} ns)", each(bare_time), each(append_time));
    table.at_most(
        "4 bare post, no texts, keys or items",
        "append a record",
        2.5,
        bare_time / append_time,
        &detail,
    );

    let us = std::env::current_exe().unwrap().display().to_string();
    let (_, text) = peers::run(&us, &[CHILD, &size.entries.to_string()]);
    let bytes: f64 = text.trim().parse().unwrap();
    table.at_most("11 memory of an entry of two legs, all indexes", "bytes", 200.0, bytes.round(), "");

    let (_, ledger) = ours(&drafts);
    let times = (0..size.rounds)
        .map(|_| {
            let events = ledger.events().to_vec();
            let settings = ledger.settings().clone();
            let (time, again) = timed(|| Ledger::replay(settings, black_box(events)).unwrap());
            check(&again);
            assert_eq!(again.head(), ledger.head());
            time
        })
        .collect();
    let replay = crate::median(times);
    let detail = format!(" ({:.0} ns against {:.0} ns)", each(replay), each(post_time));
    table.at_most("10 replay, every hash proved", "posting", 1.5, replay / post_time, &detail);
}
