//! A year of public invoice lines settled through contracts: every figure of the reference to the cent.
//!
//! Set `ENDCAP_DATA` to a directory with `iowa_sales_2021.csv.zst` and `iowa_stores.csv`; else the test says why it did
//! nothing. The expected figures, and where they come from, are in `golden/iowa_settlement.json`.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use endcap::calendar::{BusinessCalendar, Event, EventDates, Grain, PaymentTerms, Period, dates};
use endcap::settlement::credit::{AgeBy, AgeEdges, OpenItem, ageing};
use endcap::settlement::{
    Boundary, CommissionTiers, Contract, ContractTerms, Facts, Guarantee, GuaranteeAlgorithm,
    GuaranteeMeasure, LineKind, Method, OriginalTerms, PromotionSales, Sale, Scope, Statement, Tier,
    TierMethod, TierTable, TopUpBase, TrueUp, TurnoverDeduction, settle,
};
use endcap::types::{
    AccountId, ContractId, Currency, DocumentId, Money, Quantity, Rate, Rounding, RoundingMode, SkuId,
    TaxBasis, vat::TaxSite,
};
use serde_json::Value;

/// One invoice: account, day, number, cents.
struct Invoice {
    account: String,
    date: NaiveDate,
    number: String,
    amount: Money,
}

fn dollars(minor: i128) -> Money {
    Money::from_minor(minor, Currency::USD).expect("an amount")
}

fn cents(text: &str) -> i128 {
    Money::parse(text, Currency::USD).expect("an amount").minor()
}

/// Account rules, read as lines of text from the contracts file of the example.
fn rules() -> Vec<(String, String)> {
    let contracts = include_str!("../../contracts/iowa.toml");
    let rules = contracts.lines().filter_map(|line| {
        let mut quoted = line.trim().strip_prefix("{ prefix = ")?.split('"');
        Some((quoted.nth(1)?.to_owned(), quoted.nth(1)?.to_owned()))
    });
    rules.collect()
}

/// Every invoice of the year: the lines of one number on one day and store, added up.
fn invoices(data: &Path) -> Vec<Invoice> {
    let rules = rules();
    let mut accounts: BTreeMap<String, String> = BTreeMap::new();
    let mut stores = csv::Reader::from_path(data.join("iowa_stores.csv")).expect("the store table");
    for row in stores.records() {
        let row = row.expect("a store");
        let name = row[1].to_uppercase();
        let rule = rules.iter().find(|(prefix, _)| name.starts_with(prefix));
        let account = rule.map_or_else(|| format!("IND:{}", &row[0]), |(_, account)| account.clone());
        accounts.insert(row[0].to_owned(), account);
    }
    let file = std::fs::File::open(data.join("iowa_sales_2021.csv.zst")).expect("the lines");
    let lines = BufReader::new(ruzstd::decoding::StreamingDecoder::new(file).expect("a zstd file"));
    let mut sums: BTreeMap<(String, String, String), i128> = BTreeMap::new();
    for line in lines.lines().skip(1) {
        let line = line.expect("text");
        let fields: Vec<&str> = line.split(',').collect();
        let [date, item, store, _, _, amount] = fields[..] else { panic!("{line}") };
        let (number, _) = item.split_at(item.len() - 5);
        let (whole, part) = amount.split_once('.').unwrap_or((amount, "00"));
        assert_eq!(part.len(), 2, "{line}");
        let minor = format!("{whole}{part}").parse::<i128>().expect("cents");
        *sums.entry((date.to_owned(), store.to_owned(), number.to_owned())).or_default() += minor;
    }
    let invoice = |((date, store, number), minor): ((String, String, String), i128)| Invoice {
        account: accounts[&store].clone(),
        date: dates::parse(&date).expect("a date"),
        number,
        amount: dollars(minor),
    };
    sums.into_iter().map(invoice).collect()
}

fn contract(account: &str, rounding: Rounding, method: TurnoverDeduction) -> Contract {
    Contract::new(ContractTerms {
        id: ContractId::new("REFERENCE").expect("an id"),
        account: AccountId::new(account).expect("an id"),
        currency: Currency::USD,
        valid: Period::year(2021).expect("a year"),
        scope: Scope::All,
        payment_terms: "from(end_of_supply_period);days(30)".parse().expect("terms"),
        goods_vat: Rate::ZERO,
        goods_vat_by: vec![],
        service_vat: None,
        amounts: TaxBasis::Inclusive,
        tax_site: TaxSite::PerRateGroup,
        rounding,
        method: Method::TurnoverDeduction(method),
        stacks: vec![],
        clauses: vec![],
    })
    .expect("sound terms")
}

fn at_2_75() -> TurnoverDeduction {
    TurnoverDeduction::at("2.75%".parse().expect("a rate"))
}

fn tiers(method: TierMethod) -> TurnoverDeduction {
    let bands = [(0, "1%"), (1_000_000, "2%"), (5_000_000, "3%"), (20_000_000, "4%")];
    let bands = bands.map(|(from, text): (i64, &str)| Tier::rate(from.into(), text.parse().expect("a rate")));
    let table = TierTable::new(bands, Boundary::ReachedAt).expect("a table");
    TurnoverDeduction { tiers: Some(CommissionTiers { method, table }), ..at_2_75() }
}

fn guaranteed(algorithm: GuaranteeAlgorithm) -> TurnoverDeduction {
    let guarantee = Guarantee {
        amount: 30_000_000.into(),
        cycle: Grain::Year,
        algorithm,
        rate: "2.75%".parse().expect("a rate"),
        measure: GuaranteeMeasure::Turnover,
        top_up_on: TopUpBase::Shortfall,
        true_up: TrueUp::TwoWay,
        promotion_sales: PromotionSales::Count,
        overage: None,
    };
    TurnoverDeduction { guarantee: Some(guarantee), ..at_2_75() }
}

/// The whole year in one statement, or its twelve months one after another.
fn statements(contract: &Contract, sales: &[Sale], months: u32) -> Vec<Statement> {
    let facts = Facts { sales, ..Facts::default() };
    if months == 1 {
        let year = Period::year(2021).expect("a year");
        return vec![settle(contract, &facts, year, &[]).expect("a statement")];
    }
    let mut prior: Vec<Statement> = Vec::new();
    for month in 1..=months {
        let period = Period::month(2021, month).expect("a month");
        prior.push(settle(contract, &facts, period, &prior).expect("a statement"));
    }
    prior
}

fn sum(statements: &[Statement], kind: LineKind) -> i128 {
    statements.iter().flat_map(|statement| statement.lines_of(kind)).map(|line| line.amount.minor()).sum()
}

fn sales_of(invoices: &[Invoice], account: &str) -> Vec<Sale> {
    let own = invoices.iter().filter(|invoice| invoice.account == account);
    own.map(|invoice| Sale {
        document: DocumentId::new(&invoice.number).expect("an id"),
        date: invoice.date,
        store: None,
        sku: SkuId::new("ALL").expect("an id"),
        quantity: Quantity::pieces(1).expect("one"),
        amount: invoice.amount,
        promotion: None,
        original: OriginalTerms::default(),
    })
    .collect()
}

fn account_reference(account: &str, expected: &Value, invoices: &[Invoice]) {
    let figure = |name: &str| cents(expected[name].as_str().expect(name));
    let sales = sales_of(invoices, account);
    let run = |rounding: Rounding, method: TurnoverDeduction, months: u32| {
        statements(&contract(account, rounding, method), &sales, months)
    };
    let half_even = Rounding::new(RoundingMode::HalfEven);
    let by_month = run(Rounding::HALF_AWAY, at_2_75(), 12);
    let turnover: Vec<i128> = by_month.iter().map(|month| month.totals().goods.minor()).collect();
    let months = expected["months"].as_array().expect("months");
    let months: Vec<i128> = months.iter().map(|month| cents(month.as_str().expect("an amount"))).collect();
    assert_eq!(turnover, months, "{account}");
    assert_eq!(turnover.iter().sum::<i128>(), figure("turnover"), "{account}");
    let commission = |statements: &[Statement]| sum(statements, LineKind::Commission);
    assert_eq!(commission(&by_month), figure("by_month_half_up"), "{account}");
    assert_eq!(commission(&run(half_even, at_2_75(), 12)), figure("by_month_half_even"), "{account}");
    assert_eq!(commission(&run(Rounding::HALF_AWAY, at_2_75(), 1)), figure("by_year"), "{account}");
    for (method, name) in [(TierMethod::Marginal, "tiers_marginal"), (TierMethod::Whole, "tiers_whole")] {
        assert_eq!(commission(&run(Rounding::HALF_AWAY, tiers(method), 1)), figure(name), "{account} {name}");
    }
    // Charged once, month by month with a true-up, or with the last month: the same shortfall.
    for (algorithm, months) in [
        (GuaranteeAlgorithm::PerPeriod, 1),
        (GuaranteeAlgorithm::MonthlyThenTrueUp, 12),
        (GuaranteeAlgorithm::CycleEnd, 12),
    ] {
        let year = run(Rounding::HALF_AWAY, guaranteed(algorithm), months);
        assert_eq!(sum(&year, LineKind::TopUp), figure("guarantee_top_up"), "{account} {algorithm:?}");
    }
    for statement in &by_month {
        statement.trace().verify().expect("a sound trace");
    }
}

fn ageing_reference(terms: &str, expected: &Value, invoices: &[Invoice]) {
    let terms: PaymentTerms = terms.parse().expect("terms");
    let calendar = BusinessCalendar::weekends();
    let as_of = dates::ymd(2021, 12, 31).expect("a date");
    let edges = AgeEdges::new([31, 61, 91, 181]).expect("edges");
    let mut due: BTreeMap<NaiveDate, NaiveDate> = BTreeMap::new();
    let items: Vec<(&str, OpenItem)> = (0..)
        .zip(invoices)
        .map(|(index, invoice): (u32, &Invoice)| {
            let due = *due.entry(invoice.date).or_insert_with(|| {
                let events = EventDates::new().with(Event::InvoiceDate, invoice.date);
                terms.due_date(&events, &calendar).expect("terms").date().expect("a due date")
            });
            let id = DocumentId::new(format!("{index}")).expect("an id");
            (invoice.account.as_str(), OpenItem::new(id, invoice.date, due, invoice.amount))
        })
        .collect();
    for (account, buckets) in expected.as_object().expect("accounts") {
        let own = items.iter().filter(|(of, _)| account == "ALL" || of == account);
        let own: Vec<OpenItem> = own.map(|(_, item)| item.clone()).collect();
        let told = ageing(&own, as_of, (AgeBy::DueDate, &edges), Currency::USD).expect("an ageing");
        let told: Vec<i128> = told.buckets.iter().map(|bucket| bucket.balance.minor()).collect();
        let buckets = buckets.as_array().expect("buckets");
        let buckets: Vec<i128> =
            buckets.iter().map(|text| cents(text.as_str().expect("an amount"))).collect();
        assert_eq!(told, buckets, "{account}");
    }
}

#[test]
fn real_year_of_public_lines_settles_to_the_reference() {
    let Some(data) = std::env::var_os("ENDCAP_DATA").map(PathBuf::from) else {
        eprintln!("skipped: ENDCAP_DATA is not set, so the public lines are absent");
        return;
    };
    if !data.join("iowa_sales_2021.csv.zst").exists() {
        eprintln!("skipped: {} has no iowa_sales_2021.csv.zst", data.display());
        return;
    }
    let golden: Value =
        serde_json::from_str(include_str!("../golden/iowa_settlement.json")).expect("the golden file");
    let invoices = invoices(&data);
    assert_eq!(invoices.len(), 100_992);
    let accounts = golden["accounts"].as_object().expect("accounts");
    assert_eq!(accounts.len(), 5);
    for (account, expected) in accounts {
        account_reference(account, expected, &invoices);
    }
    ageing_reference("from(invoice_date);days(30)", &golden["ageing"]["net30"], &invoices);
    ageing_reference("from(invoice_date);eom;days(45)", &golden["ageing"]["eom45"], &invoices);
}
