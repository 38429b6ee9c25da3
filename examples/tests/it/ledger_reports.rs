//! The example `ledger`.

use std::fs;
use std::process::Output;

use serde_json::Value;

use crate::program::{example, run_golden, transcript};

#[test]
fn golden_cases() {
    run_golden("ledger");
}

fn run(arguments: &[&str]) -> Output {
    example("ledger").args(arguments).output().expect("the example runs")
}

fn json(arguments: &[&str]) -> Value {
    let output = run(arguments);
    assert!(output.status.success(), "{}", transcript(&output));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Minor units of an amount with two decimals.
fn fen(amount: &Value) -> i64 {
    let text = amount.as_str().expect("money is a string");
    assert_eq!(text.split_once('.').expect("a point").1.len(), 2, "{text}");
    text.replace('.', "").parse().expect("digits")
}

#[test]
fn the_reports_of_the_sample_agree_with_each_other() {
    let balances = json(&["balances", "--format", "json"]);
    let balances = balances["balances"].as_array().expect("rows").clone();
    assert_eq!(balances.iter().map(|row| fen(&row["balance"])).sum::<i64>(), 0);
    let ageing = json(&["ageing", "--format", "json"]);
    let aged = ageing["currencies"][0]["rows"].as_array().expect("rows");
    assert_eq!(aged.len(), 3);
    let trial = json(&["trial-balance", "--format", "json"]);
    let rows = trial["rows"].as_array().expect("rows");
    let control = rows.iter().find(|row| row["account"] == "1122").expect("the control account");
    assert_eq!(ageing["currencies"][0]["total"]["total"], control["closing"]);
    for row in aged {
        let key_account = row["key_account"].as_str().expect("a name");
        let page = json(&["page", "--account", key_account, "--period", "2026-06", "--format", "json"]);
        let page = &page["pages"][0];
        assert_eq!(page["closing"], row["total"]);
        let moved: i64 = page["movements"].as_object().expect("movements").values().map(fen).sum();
        assert_eq!(fen(&page["opening"]) + moved, fen(&page["closing"]));
        let open: i64 =
            page["open_items"].as_array().expect("items").iter().map(|item| fen(&item["open"])).sum();
        assert_eq!(open, fen(&page["closing"]));
    }
}

#[test]
fn what_is_exported_comes_back() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = |name: &str| directory.path().join(name).display().to_string();
    for (format, option) in [("jsonl", "--events"), ("hledger", "--journal")] {
        let out = file(format);
        let output = run(&["export", "--to", format, "--out", &out]);
        assert!(output.status.success() && output.stdout.is_empty(), "{}", transcript(&output));
        for report in [&["balances"][..], &["ageing"], &["page", "--account", "BAILE", "--period", "2026-06"]]
        {
            let mut again = vec![option, &out];
            again.extend(report);
            assert_eq!(transcript(&run(&again)), transcript(&run(report)), "{format} {report:?}");
        }
    }
    // The log brings its chain along: its head can be kept, and a touched or shortened log is found out.
    let log = file("jsonl");
    let head = json(&["--events", &log, "verify", "--format", "json"])["head"].clone();
    let head = head.as_str().expect("a hash");
    assert!(run(&["--events", &log, "verify", "--head", head]).status.success());
    let text = fs::read_to_string(&log).expect("written");
    let touched = file("touched");
    fs::write(&touched, text.replacen("45200.00", "45200.01", 1)).expect("written");
    let output = run(&["--events", &touched, "verify"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).expect("text");
    assert!(said.starts_with(&format!("{touched}:14:1: ")), "{said}");
    assert!(said.ends_with("hash chain broken at sequence number 13\n"), "{said}");
    let cut = file("cut");
    fs::write(&cut, &text[..text.trim_end().rfind('\n').expect("lines") + 1]).expect("written");
    assert!(run(&["--events", &cut, "verify"]).status.success());
    assert_eq!(run(&["--events", &cut, "verify", "--head", head]).status.code(), Some(1));
}

/// A log holds what a journal cannot: reservations, disputes, and what was known when.
#[test]
fn a_log_shows_what_is_pending_disputed_and_known() {
    use endcap::ledger::*;
    use endcap::types::{AccountId, Currency, DocumentId, Money};
    let day = |day| chrono::NaiveDate::from_ymd_opt(2026, 6, day).expect("a real day");
    let cny = |text| Money::parse(text, Currency::CNY).expect("money");
    let who = || AccountId::new("HEXI").expect("an id");
    let key = |name: &str| IdempotencyKey::new(name).expect("a key");
    let mut ledger = Ledger::new(Settings::new("log").expect("a name"));
    ledger.open_all(chart::key_account_supplier().expect("a chart"), day(1)).expect("opened");
    let sale = |name: &str, amount, on| {
        let document = DocumentId::new(name).expect("an id");
        let item = ItemDraft {
            document: document.clone(),
            dated: day(on),
            due: Due::On(day(on + 2)),
            delivered: None,
        };
        EntryDraft::new(key(name), document, day(on), day(on))
            .leg(LegDraft::debit("1122", cny(amount)).of(who()).opens(item))
            .leg(LegDraft::credit("6001", cny(amount)))
    };
    ledger.post(&sale("I1", "100.00", 2)).expect("posted");
    let dispute = Directive::Dispute(Dispute {
        account: "1122".to_owned(),
        key_account: who(),
        document: DocumentId::new("I1").expect("an id"),
        amount: cny("30.00"),
        reason: "short delivery".to_owned(),
        effective: day(3),
    });
    ledger.direct(Directing { key: key("claim"), recorded: day(3), directive: dispute }).expect("noted");
    ledger.post(&sale("I2", "11.00", 4)).expect("posted");
    let held = ReserveDraft { draft: sale("I3", "50.00", 4), expires: Expiry::Never };
    ledger.reserve(held).expect("held");

    let directory = tempfile::tempdir().expect("a directory");
    let log = directory.path().join("log.jsonl").display().to_string();
    fs::write(&log, export::json_lines(&ledger).expect("a log")).expect("written");
    let balances = json(&["--events", &log, "balances", "--format", "json"]);
    let row = &balances["balances"][0];
    assert_eq!((row["balance"].as_str(), row["pending_debit"].as_str()), (Some("111.00"), Some("50.00")));
    let total = |more: &[&str]| {
        let mut arguments = vec!["--events", &log, "--as-of", "2026-06-30", "ageing", "--format", "json"];
        arguments.extend(more);
        json(&arguments)["currencies"][0]["total"].clone()
    };
    let now = total(&[]);
    assert_eq!((fen(&now["total"]), fen(&now["disputed"])), (11_100, 3_000));
    let then = total(&["--known-on", "2026-06-02"]);
    assert_eq!((fen(&then["total"]), fen(&then["disputed"])), (10_000, 0));
    let proof = json(&["--events", &log, "verify", "--format", "json"]);
    let tie_out = &proof["tie_outs"][0];
    for figure in ["ageing", "open_items", "control", "trial_balance"] {
        assert_eq!(tie_out[figure].as_str(), Some("111.00"), "{figure}");
    }
    let text = run(&["--events", &log, "ageing"]);
    assert!(String::from_utf8_lossy(&text.stdout).contains("of which disputed"), "{}", transcript(&text));
    let text = run(&["--events", &log]);
    assert!(String::from_utf8_lossy(&text.stdout).contains("pending debit"), "{}", transcript(&text));
}

#[test]
fn an_export_that_cannot_be_written_leaves_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    let blocked = directory.path().join("file");
    fs::write(&blocked, "in the way").expect("written");
    let out = blocked.join("below").display().to_string();
    let output = run(&["export", "--to", "csv", "--out", &out]);
    assert_eq!(output.status.code(), Some(1), "{}", transcript(&output));
    assert_eq!(fs::read_dir(directory.path()).expect("readable").count(), 1);
}
