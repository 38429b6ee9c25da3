//! A thousand random ledgers, exported and handed to the real hledger, Ledger and Beancount: each must accept every one
//! and come to the very same balances. A program that is not installed is left out, and the test says so.
//!
//! Many ledgers share one process: the accounts of each carry its number. `ENDCAP_LEDGERS` and `ENDCAP_SEED` make the
//! run longer or other.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use chrono::{Days, NaiveDate};
use endcap::ledger::{
    Account, AccountKind, ClearedItems, ClearingPolicy, CorrectionDate, Dimension, EntryDraft, EventBody,
    IdempotencyKey, Ledger, LegDraft, Nature, Reversal, Settings, export,
};
use endcap::types::{AccountId, Currency, DocumentId, Money};

/// Ledgers a process reads at once.
const TOGETHER: usize = 125;

/// Account path as the code and the key account say it, and currency, to minor units; nothing that is zero.
type Balances = BTreeMap<(String, Option<String>, String), i128>;

/// SplitMix64.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % limit
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[usize::try_from(self.below(list.len() as u64)).expect("small")]
    }
}

fn day(number: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 1).expect("a day") + Days::new(number)
}

const ACCOUNTS: [(&str, AccountKind, Dimension); 8] = [
    ("1002", AccountKind::Asset, Dimension::None),
    (" a bank", AccountKind::Asset, Dimension::None),
    ("1122", AccountKind::Asset, Dimension::OpenItems),
    (".2202 应付", AccountKind::Liability, Dimension::OpenItems),
    ("21%25", AccountKind::Liability, Dimension::None),
    ("=eq;x", AccountKind::Equity, Dimension::None),
    ("收入 6001", AccountKind::Income, Dimension::None),
    ("r&d (6601)", AccountKind::Expense, Dimension::KeyAccount),
];
const PARTIES: [&str; 8] = ["KA1", "ka 2", "上海 店", "x:y", "a;b  c", "%41", "-Ω", "(p) [q]"];
const TEXTS: [&str; 12] = [
    "",
    "goods delivered",
    "30% off; \"June\", paid later",
    "(x) = y",
    "* starred",
    "! pending",
    "a  b | c",
    "due:2025-01-01, key:none",
    "2025-01-01 again",
    "back\\slash \"quoted\"",
    "100.00 CNY @ 3",
    "上海　大润发",
];
const CURRENCIES: [Currency; 4] = [Currency::CNY, Currency::USD, Currency::JPY, Currency::EUR];

fn leg(numbers: &mut Numbers, code: &str, dimension: Dimension, amount: Money) -> LegDraft {
    let leg = LegDraft::signed(code, amount);
    let leg = if numbers.below(3) == 0 { leg.nature(Nature::Invoice) } else { leg };
    if dimension == Dimension::None {
        return leg;
    }
    let leg = leg.of(AccountId::new(*numbers.of(&PARTIES)).expect("an id"));
    match dimension {
        Dimension::OpenItems if numbers.below(2) == 0 => leg.clears(ClearingPolicy::OldestDue),
        _ => leg,
    }
}

/// A ledger of five to thirty entries, one to three currencies each, amounts of one to fourteen digits.
fn random_ledger(number: usize, numbers: &mut Numbers) -> Ledger {
    let mut ledger = Ledger::new(Settings::new(format!("random \"{number}\"")).expect("a name"));
    let accounts: Vec<(String, Dimension)> =
        ACCOUNTS.iter().map(|(code, _, dimension)| (format!("{number}{code}"), *dimension)).collect();
    for ((code, _), (name, kind, dimension)) in accounts.iter().zip(ACCOUNTS) {
        let account = Account::new(code.as_str(), (name.trim(), "科目"), kind).expect("an account");
        ledger.open_account(account.with_dimension(dimension), day(0)).expect("opened");
    }
    for step in 0..5 + numbers.below(26) {
        let name = format!("D-{step}");
        let key = IdempotencyKey::new(format!("{number}/{step}")).expect("a key");
        let document =
            DocumentId::new(if numbers.below(4) == 0 { format!("D {step};x") } else { name }).expect("an id");
        let entries = ledger.events().len() as u64 - accounts.len() as u64;
        if entries > 0 && numbers.below(8) == 0 {
            let of = accounts.len() as u64 + 1 + numbers.below(entries);
            let asked = Reversal {
                of: endcap::ledger::EntryId::from_seq(of),
                key,
                document,
                reason: "wrong; \"all\" of it".to_owned(),
                date: CorrectionDate::OriginalOrFirstOpen,
                recorded: day(800),
                cleared: ClearedItems::Release,
                form: endcap::ledger::FormRule::AsLedger,
            };
            let _ = ledger.reverse(asked); // an entry that was reversed before stays as it is
            continue;
        }
        let on = day(numbers.below(700));
        let mut draft = EntryDraft::new(key, document, on, day(800)).describe(*numbers.of(&TEXTS));
        let first = numbers.below(4);
        for currency in 0..1 + numbers.below(3) {
            let currency = CURRENCIES[usize::try_from((first + currency) % 4).expect("small")];
            let mut rest = 0_i128;
            for _ in 0..1 + numbers.below(3) {
                let digits = numbers.below(14);
                let minor =
                    i128::from(1 + numbers.below(10_u64.pow(u32::try_from(digits).expect("small") + 1)));
                let minor = if numbers.below(2) == 0 { minor } else { -minor };
                let (code, dimension) = numbers.of(&accounts).clone();
                rest -= minor;
                draft = draft.leg(leg(
                    numbers,
                    &code,
                    dimension,
                    Money::from_minor(minor, currency).expect("in range"),
                ));
            }
            if rest != 0 {
                let (code, dimension) = numbers.of(&accounts).clone();
                draft = draft.leg(leg(
                    numbers,
                    &code,
                    dimension,
                    Money::from_minor(rest, currency).expect("in range"),
                ));
            }
        }
        ledger.post(&draft).expect("a sound draft");
    }
    ledger
}

fn balances(ledger: &Ledger) -> Balances {
    let mut sums = Balances::new();
    for event in ledger.events() {
        let EventBody::EntryPosted(entry) = &event.body else { continue };
        for leg in &entry.legs {
            let code = ledger.accounts()[leg.account.index() as usize].code().to_owned();
            let party = leg.key_account.as_ref().map(ToString::to_string);
            *sums.entry((code, party, leg.amount.currency().to_string())).or_default() += leg.signed_minor();
        }
    }
    sums.retain(|_, minor| *minor != 0);
    sums
}

fn ledgers() -> &'static [Ledger] {
    static LEDGERS: OnceLock<Vec<Ledger>> = OnceLock::new();
    LEDGERS.get_or_init(|| {
        let number =
            |name, or| std::env::var(name).ok().map_or(or, |text: String| text.parse().expect("a number"));
        let mut numbers = Numbers(number("ENDCAP_SEED", 20_250_630));
        let count = usize::try_from(number("ENDCAP_LEDGERS", 1000)).expect("small");
        (0..count).map(|number| random_ledger(number, &mut numbers)).collect()
    })
}

/// Bytes written as a mark and two hexadecimal digits, back to text.
fn decoded(text: &str, mark: u8) -> String {
    let (bytes, mut out) = (text.as_bytes(), Vec::new());
    let mut at = 0;
    while at < bytes.len() {
        let digits =
            text.get(at + 1..at + 3).filter(|digits| !digits.contains(|c: char| !c.is_ascii_hexdigit()));
        match digits.filter(|digits| bytes[at] == mark && *digits == digits.to_uppercase()) {
            Some(digits) => {
                out.push(u8::from_str_radix(digits, 16).expect("two digits"));
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).expect("text")
}

/// `Root:CODE` or `Root:CODE:PARTY` as a peer says it.
fn named(path: &str, plain: impl Fn(&str) -> String) -> (String, Option<String>) {
    let mut parts = path.split(':').skip(1).map(plain);
    (parts.next().expect("a code"), parts.next())
}

/// `1234.50` in minor units; every decimal of the currency must be there, no more than zeros behind.
fn minor(number: &str, currency: &str) -> i128 {
    let currency = Currency::from_code(currency).expect("a currency");
    Money::parse(number, currency).unwrap_or_else(|error| panic!("{number}: {error}")).minor()
}

fn installed(tool: &str) -> bool {
    let found = Command::new(tool).arg("--version").output().is_ok_and(|output| output.status.success());
    if !found {
        eprintln!("left out: {tool} is not installed");
        assert!(std::env::var_os("ENDCAP_REQUIRE_PEERS").is_none(), "{tool} is required here");
    }
    found
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).env("LC_ALL", "C.UTF-8").output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let out = String::from_utf8(output.stdout).expect("text");
    assert!(output.status.success(), "{program} refuses: {said}\n{out}");
    out
}

/// Hands the ledgers to a peer in batches, one file each, and compares what it says of a file.
fn compare(peer: &str, text: impl Fn(&Ledger) -> String, ask: impl Fn(&Path) -> Balances) {
    let directory = tempfile::tempdir().expect("a directory");
    let (mut compared, mut figures) = (0, 0);
    for batch in ledgers().chunks(TOGETHER) {
        let file = directory.path().join("batch");
        std::fs::write(&file, batch.iter().map(&text).collect::<String>()).expect("written");
        let (mut ours, mut theirs) = (Balances::new(), ask(&file));
        batch.iter().for_each(|ledger| ours.extend(balances(ledger)));
        theirs.retain(|_, minor| *minor != 0);
        let differ: Vec<_> = ours
            .iter()
            .filter(|(key, minor)| theirs.get(key) != Some(minor))
            .chain(theirs.iter().filter(|(key, _)| !ours.contains_key(*key)))
            .collect();
        assert!(differ.is_empty(), "{peer}: {} figures differ, first {:?}", differ.len(), differ.first());
        compared += batch.len();
        figures += ours.len();
    }
    eprintln!("{peer} reads {compared} ledgers and comes to the same {figures} balances");
}

#[test]
fn hledger_comes_to_the_same_balances() {
    if !installed("hledger") {
        return;
    }
    compare("hledger", export::hledger, |file| {
        let file = file.display().to_string();
        let arguments = [
            "-f",
            &file,
            "--strict",
            "balance",
            "--flat",
            "--no-total",
            "--layout=bare",
            "--output-format=csv",
        ];
        let out = run("hledger", &arguments);
        let mut rows = csv::Reader::from_reader(out.as_bytes());
        rows.records()
            .map(|row| row.expect("a row"))
            .map(|row| {
                let (code, party) = named(&row[0], |part| decoded(part, b'%'));
                ((code, party, row[1].to_owned()), minor(&row[2].replace(',', ""), &row[1]))
            })
            .collect()
    });
}

#[test]
fn ledger_comes_to_the_same_balances() {
    if !installed("ledger") {
        return;
    }
    compare("Ledger", export::ledger_cli, |file| {
        let file = file.display().to_string();
        let format = "%(account)\t%(display_total)\n";
        let arguments = [
            "--args-only",
            "-f",
            &file,
            "--pedantic",
            "balance",
            "--flat",
            "--no-total",
            "--balance-format",
            format,
        ];
        let out = run("ledger", &arguments);
        let mut name = String::new();
        let mut found = Balances::new();
        for line in out.lines() {
            // An account of several currencies takes a line for each, the first one behind its name.
            let amount = match line.split_once('\t') {
                Some((account, amount)) => {
                    name = account.to_owned();
                    amount
                }
                None => line,
            };
            let amount = amount.trim();
            if amount == "0" {
                continue;
            }
            let (number, currency) = amount.split_once(' ').unwrap_or_else(|| panic!("{line}"));
            let (code, party) = named(&name, |part| decoded(part, b'%'));
            let key = (code, party, currency.to_owned());
            assert!(found.insert(key, minor(number, currency)).is_none(), "{line}: twice");
        }
        found
    });
}

/// A name in Beancount's characters, back to text.
fn from_beancount(part: &str) -> String {
    decoded(part.strip_prefix("X--").unwrap_or(part), b'-')
}

/// The closing balances of an export with no tolerance at all; Beancount alone would let half a cent pass.
fn exact(text: &str) -> (String, Balances) {
    let (mut out, mut asserted) = (String::new(), Balances::new());
    for line in text.lines() {
        let mut words = line.split_whitespace();
        match [(); 5].map(|()| words.next()) {
            [Some(date), Some("balance"), Some(account), Some(number), Some(currency)]
                if !line.starts_with(' ') =>
            {
                let (code, party) = named(account, from_beancount);
                asserted.insert((code, party, currency.to_owned()), minor(number, currency));
                writeln!(out, "{date} balance {account}  {number} ~ 0 {currency}")
                    .expect("a string takes it");
            }
            _ => writeln!(out, "{line}").expect("a string takes it"),
        }
    }
    (out, asserted)
}

#[test]
fn beancount_comes_to_the_same_balances() {
    if !installed("bean-check") {
        return;
    }
    let text = |ledger: &Ledger| exact(&export::beancount(ledger).expect("few digits")).0;
    compare("Beancount", text, |file| {
        let name = file.display().to_string();
        run("bean-check", &["--no-cache", &name]);
        exact(&std::fs::read_to_string(file).expect("the file").replace(" ~ 0 ", " ")).1
    });
    // Accepting means something: with one assertion a minor unit off, the file is refused.
    let (ledger, key) = ledgers()
        .iter()
        .find_map(|ledger| {
            Some((ledger, balances(ledger).into_iter().find(|((_, _, code), _)| code == "CNY")?))
        })
        .expect("some CNY");
    let whole = text(ledger);
    let right = Money::from_minor(key.1, Currency::CNY).expect("in range").to_amount_string();
    let wrong = Money::from_minor(key.1 + 1, Currency::CNY).expect("in range").to_amount_string();
    let broken = whole.replacen(&format!("  {right} ~ 0 CNY"), &format!("  {wrong} ~ 0 CNY"), 1);
    assert_ne!(whole, broken);
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("broken.beancount");
    std::fs::write(&file, broken).expect("written");
    let output = Command::new("bean-check").arg("--no-cache").arg(&file).output().expect("it runs");
    assert!(!output.status.success(), "Beancount must refuse a balance that is off by 0.01");
}
