//! Exports: what other programs read, and what comes back.

use std::collections::BTreeMap;

use endcap_ledger::journal::Journal;
use endcap_ledger::{
    Account, AccountKind, At, CurrencyRule, Due, Ledger, LedgerError, LegDraft, Nature, Settings, export,
};
use endcap_types::{AccountId, Currency, Money};
use proptest::prelude::*;

use crate::kit::{cny, date, day, doc, draft, invoice, ka, ledger, receipt};
use crate::oracle;
use crate::script::{run, script};

/// Balances per account, key account and currency, added up from the legs.
fn balances(ledger: &Ledger) -> BTreeMap<(String, Option<AccountId>, Currency), i128> {
    let mut balances = BTreeMap::new();
    for entry in oracle::entries(ledger) {
        for leg in &entry.legs {
            let code = ledger.accounts()[leg.account.index() as usize].code().to_owned();
            let slot = balances.entry((code, leg.key_account.clone(), leg.amount.currency()));
            *slot.or_insert(0) += leg.signed_minor();
        }
    }
    balances
}

fn reread(ledger: &Ledger) -> Ledger {
    let text = export::hledger(ledger);
    let journal = Journal::parse(&text, &[]).unwrap_or_else(|problems| panic!("{problems:#?}\n{text}"));
    let mut again = Ledger::new(ledger.settings().clone());
    journal.post_into(&mut again).unwrap_or_else(|problems| panic!("{problems:#?}\n{text}"));
    again
}

proptest! {
    #![proptest_config(crate::kit::cases(64))]

    #[test]
    fn what_hledger_reads_we_read_with_the_same_balances(steps in script(50), on in 0_u64..160) {
        let mut ledger = ledger();
        run(&mut ledger, &steps);
        let again = reread(&ledger);
        prop_assert_eq!(balances(&again), balances(&ledger));
        for account in ledger.accounts() {
            for currency in [Currency::CNY, Currency::USD] {
                let at = At::EndOf(day(on));
                prop_assert_eq!(
                    again.balance(account.code(), currency, at),
                    ledger.balance(account.code(), currency, at)
                );
            }
        }
        // Red legs come back red: what was debited and credited is the same, not only what is left.
        let turned = |ledger: &Ledger| -> Vec<_> {
            let rows = ledger.trial_balance(day(900)).unwrap().rows.into_iter();
            rows.map(|row| (row.code, row.debit, row.credit)).collect()
        };
        prop_assert_eq!(turned(&again), turned(&ledger));
        prop_assert_eq!(export::hledger(&again), export::hledger(&ledger), "export, import, export");
        prop_assert!(again.audit().is_clean());
    }

    #[test]
    fn a_log_in_json_lines_is_the_log(steps in script(30)) {
        let mut ledger = ledger();
        run(&mut ledger, &steps);
        let text = export::json_lines(&ledger).unwrap();
        prop_assert_eq!(text.lines().count(), ledger.events().len() + 1);
        prop_assert_eq!(export::read_json_lines(&text), Ok(ledger));
    }

    #[test]
    fn names_of_any_kind_survive(
        name in "[ -~上海é\u{3000}]{1,20}", code in "[ -~中]{1,12}", text in "[ -~上 ;%]{0,30}", key in "[ -~é]{1,20}",
    ) {
        let trimmed = |text: &str, spare: &str| Some(text.trim()).filter(|t| !t.is_empty()).unwrap_or(spare).to_owned();
        let mut ledger = Ledger::new(Settings::new("names").unwrap());
        let code = trimmed(&code, "c");
        let name = trimmed(&name, "n");
        let receivable = Account::new(code.clone(), (&name, "应收"), AccountKind::Asset).unwrap();
        ledger.open_account(receivable.with_dimension(endcap_ledger::Dimension::OpenItems), day(0)).unwrap();
        let rule = CurrencyRule::Only(Currency::CNY);
        let sales = Account::new("sales 1", ("Sales", "收入"), AccountKind::Income).unwrap();
        ledger.open_account(sales.with_currency(rule), day(0)).unwrap();
        let mut sale = draft(&trimmed(&key, "k"), day(3)).describe(text.trim());
        sale.document = endcap_types::DocumentId::new(name.clone()).unwrap();
        ledger.post(&sale.leg(LegDraft::debit(code.clone(), cny("1.00")).of(ka(&name)).nature(Nature::Invoice))
            .leg(LegDraft::credit("sales 1", cny("1.00")))).unwrap();
        let paid = draft("paid", day(4))
            .leg(LegDraft::debit("sales 1", cny("0.40")))
            .leg(LegDraft::credit(code, cny("0.40")).of(ka(&name))
                .clears(endcap_ledger::ClearingPolicy::Fifo));
        ledger.post(&paid).unwrap();
        let again = reread(&ledger);
        prop_assert_eq!(balances(&again), balances(&ledger));
        prop_assert_eq!(again.accounts(), ledger.accounts());
        prop_assert_eq!(export::hledger(&again), export::hledger(&ledger));
        let (one, other) = (oracle::entries(&again), oracle::entries(&ledger));
        for (one, other) in one.zip(other) {
            prop_assert_eq!((&one.key, &one.document, &one.description), (&other.key, &other.document, &other.description));
            prop_assert_eq!(&one.legs, &other.legs);
            prop_assert_eq!(&one.clearings, &other.clearings);
        }
    }
}

/// A ledger small enough to be read in full.
fn small() -> Ledger {
    let mut ledger = Ledger::new(Settings::new("Supplier \"Ltd\"").unwrap());
    let accounts = endcap_ledger::chart::key_account_supplier().unwrap();
    let wanted = ["1002", "1122", "1231", "2221.01", "6001"];
    ledger.open_all(accounts.into_iter().filter(|account| wanted.contains(&account.code())), day(0)).unwrap();
    let sale = invoice("INV-1", "ka 1;北京", cny("113.00"), day(3), Due::On(day(33)));
    ledger.post(&sale.describe("30% off; \"June\", paid later").nature(Nature::Invoice)).unwrap();
    let policy = endcap_ledger::ClearingPolicy::OldestDue;
    ledger.post(&receipt("fifo", "ka 1;北京", cny("100.00"), day(9), policy.clone())).unwrap();
    let usd = Money::parse("7.00", Currency::USD).unwrap();
    let exchange = draft("FX", day(10))
        .leg(LegDraft::debit("1002", usd))
        .leg(LegDraft::credit("6001", usd))
        .leg(LegDraft::debit("1002", cny("1.00")))
        .leg(LegDraft::remainder("6001", Currency::CNY));
    ledger.post(&exchange).unwrap();
    ledger.post(&receipt("B", "ka 1;北京", cny("5.00"), day(11), policy)).unwrap();
    ledger
}

#[test]
fn each_format_is_what_it_was() {
    let ledger = small();
    let formats = [
        ("hledger.journal", export::hledger(&ledger)),
        ("ledger.dat", export::ledger_cli(&ledger)),
        ("beancount.beancount", export::beancount(&ledger).unwrap()),
        ("legs.csv", export::csv(&ledger)),
        ("events.jsonl", export::json_lines(&ledger).unwrap()),
    ];
    for (name, found) in formats {
        let path = format!("{}/tests/golden/export_{name}", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("ENDCAP_BLESS").is_some() {
            std::fs::write(&path, &found).unwrap();
        }
        assert_eq!(found, std::fs::read_to_string(&path).unwrap(), "{name}");
    }
    assert_eq!(balances(&reread(&ledger)), balances(&ledger));
}

#[test]
fn documents_named_like_a_policy_are_documents() {
    let mut ledger = ledger();
    ledger.post(&invoice("fifo", "KA2", cny("3.00"), day(4), Due::NoDate)).unwrap();
    let policy = endcap_ledger::ClearingPolicy::Documents(vec![doc("fifo")]);
    ledger.post(&receipt("R|1=2", "KA2", cny("2.00"), day(5), policy)).unwrap();
    let text = export::hledger(&ledger);
    assert!(text.contains("clears:%66ifo=2.00"), "{text}");
    assert_eq!(export::hledger(&reread(&ledger)), text);
}

#[test]
fn beancount_is_refused_what_it_would_round() {
    let mut ledger = ledger();
    let large = Money::parse("79228162514264337593543950335", Currency::JPY).unwrap();
    let sale =
        draft("large", day(1)).leg(LegDraft::debit("1002", large)).leg(LegDraft::credit("6001", large));
    ledger.post(&sale).unwrap();
    let error = export::beancount(&ledger).unwrap_err();
    assert!(matches!(error, LedgerError::NotExportable { format: "beancount", .. }));
    assert_eq!(
        error.to_string(),
        "cannot be written as beancount: JPY turned over more than 28 digits of minor units"
    );
    assert_eq!(balances(&reread(&ledger)), balances(&ledger));
}

#[test]
fn a_log_that_was_touched_is_refused_at_its_line() {
    let text = export::json_lines(&small()).unwrap();
    let say = |text: &str| {
        let problems = export::read_json_lines(text).unwrap_err();
        problems.iter().map(|p| format!("{}:{}: {}", p.line, p.column, p.fault)).collect::<Vec<_>>()
    };
    assert_eq!(
        say(&text.replace("\"113.00\"", "\"113.01\"")),
        ["7:1: expected an event that follows from those above it: hash chain broken at sequence number 6"]
    );
    assert_eq!(
        say(&text.replace("Supplier", "Somebody")),
        ["2:1: expected an event that follows from those above it: hash chain broken at sequence number 1"]
    );
    let odd = text.replace("\"seq\":2,", "\"seq\":2,\"more\":1,").replace("\"seq\":4", "\"seq\":-4");
    assert_eq!(
        say(&odd),
        [
            "3:15: expected an event of a ledger: unknown field `more`, expected one of `seq`, `recorded`, `body`, `hash`",
            "5:9: expected an event of a ledger: invalid value: integer `-4`, expected u64",
        ]
    );
    assert_eq!(say("").len(), 1);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(say(&[lines[0], lines[2]].join("\n")).len(), 1);
    // A tail that is cut off can only be seen by who keeps the head.
    let cut = lines[..lines.len() - 1].join("\n");
    assert_eq!(export::read_json_lines(&cut).unwrap().events().len() + 1, small().events().len());
    assert_eq!(small().events().first().unwrap().recorded, date("2025-01-01"));
}
