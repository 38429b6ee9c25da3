//! A contract, its movements and earlier statements.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use endcap::calendar::{BusinessCalendar, Event, EventDates, Period};
use endcap::settlement::compliance::Parties;
use endcap::settlement::{Contract, Facts, Layer, Method, Product, Sale, SideAmount, Statement, TillSale};
use endcap::types::{CategoryId, Currency, Money, SkuId};

use crate::common::contracts;
use crate::common::fields::rows;
use crate::common::problems::{Problem, Problems, Source};
use crate::movements::{Known, Movements};
use crate::options::Options;
use crate::{compliance, till};

/// Everything that is settled.
pub struct Input {
    pub contract: Contract,
    pub title: String,
    /// Where the contract and its clauses stand in their file.
    pub places: contracts::Places,
    pub parties: Parties,
    pub prior: Vec<Statement>,
    pub movements_name: String,
    products: Vec<Product>,
    moved: Movements,
    sales: Vec<Sale>,
    till_sales: Vec<TillSale>,
    calendar: Option<BusinessCalendar>,
}

/// What a month begins with.
pub struct Opening {
    layers: Vec<Layer>,
    advances: Vec<SideAmount>,
}

/// The file given, or that of the sample.
fn file(given: Option<&PathBuf>, sample: &str) -> PathBuf {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join("settle");
    given.cloned().unwrap_or_else(|| data.join(sample))
}

pub fn read(options: &Options) -> Result<Input, Problems> {
    let mut problems = Problems::default();
    let path = file(options.contracts.as_ref(), "contract.toml");
    let read = contracts::read(&path, 0, &mut problems);
    let chosen = read.and_then(|read| {
        let contract = choose(options, &read, &mut problems)?;
        Some((contract, (read.title, read.places)))
    });
    let currency = chosen.as_ref().map_or(Currency::CNY, |(contract, _)| contract.currency());
    let parties = compliance::parties(options, currency, &mut problems);
    let movements = file(options.movements.as_ref(), "movements.csv");
    let contract = chosen.as_ref().map(|(contract, _)| contract);
    let mut moved = Movements::read(&movements, Known { currency, contract }, &mut problems);
    let (sales, till_sales) = sales(options, (&movements, &mut moved), contract, &mut problems);
    let calendar = options.calendar.as_deref().map(|path| calendar(path, &mut problems));
    let sample = options.contracts.is_none() && options.movements.is_none();
    let sample = sample.then(|| file(None, "products.csv"));
    let products = products(options.products.clone().or(sample).as_deref(), &mut problems);
    let mut prior = Vec::new();
    for (index, path) in options.prior.iter().enumerate() {
        prior.extend(statement(path, index + 10, contract, &mut problems));
    }
    let (Some((contract, (title, places))), Some(parties), true) = (chosen, parties, problems.is_empty())
    else {
        return Err(problems);
    };
    prior.sort_by_key(|statement| statement.period().start());
    Ok(Input {
        contract,
        title,
        places,
        parties,
        prior,
        movements_name: movements.display().to_string(),
        products,
        moved,
        sales,
        till_sales,
        calendar,
    })
}

fn choose(options: &Options, read: &contracts::ContractsRead, problems: &mut Problems) -> Option<Contract> {
    let ids =
        || read.contracts.iter().map(|(contract, _)| contract.id().as_str()).collect::<Vec<_>>().join(", ");
    match (&options.contract, read.contracts.as_slice()) {
        (Some(id), contracts) => {
            let found = contracts.iter().find(|(contract, _)| contract.id().as_str() == id);
            if found.is_none() && problems.is_empty() {
                let text = format!("--contract {id}: expected one of {}", ids());
                problems.push(Problem::file(&read.source, text));
            }
            found.map(|(contract, _)| contract.clone())
        }
        (None, [(contract, _)]) => Some(contract.clone()),
        (None, []) => {
            if problems.is_empty() {
                problems.push(Problem::file(&read.source, "expected at least one [[contract]]"));
            }
            None
        }
        (None, _) => {
            let text = format!("holds several contracts; expected --contract with one of {}", ids());
            problems.push(Problem::file(&read.source, text));
            None
        }
    }
}

fn products(path: Option<&Path>, problems: &mut Problems) -> Vec<Product> {
    let mut products = Vec::new();
    let mut seen = BTreeSet::new();
    let Some(path) = path else { return products };
    rows(path, 2, ["sku", "category", "brand"], problems, |row| {
        let sku = row.id(0, |text| SkuId::new(text))?;
        if !seen.insert(sku.clone()) {
            return Err(row.refuse(0, "expected each SKU once"));
        }
        let category =
            if row.text(1)?.is_empty() { None } else { Some(row.id(1, |text| CategoryId::new(text))?) };
        let brand = Some(row.text(2)?.to_owned()).filter(|brand| !brand.is_empty());
        products.push(Product { sku, category, brand });
        Ok(())
    });
    products
}

/// Plain sales, and those that the till file takes apart.
fn sales(
    options: &Options,
    (path, moved): (&Path, &mut Movements),
    contract: Option<&Contract>,
    problems: &mut Problems,
) -> (Vec<Sale>, Vec<TillSale>) {
    let sales = std::mem::take(&mut moved.sales);
    let currency = contract.map_or(Currency::CNY, Contract::currency);
    let needed = contract.is_some_and(reads_the_till);
    let source = Source::new(path, 1);
    let (plain, taken_apart) = match &options.till {
        Some(till) => till::read(till, currency, sales, problems),
        None => (sales, Vec::new()),
    };
    if let (true, Some((first, line))) = (needed, plain.first()) {
        let text = format!(
            "{} of {}: the contract reads the till; expected every sale in the file of --till",
            first.document, first.sku
        );
        problems.push(Problem::at(&source, *line, 1, text));
    }
    (plain.into_iter().map(|(sale, _)| sale).collect(), taken_apart)
}

/// Days on which nobody works, and weekend days on which somebody does; other weekends are closed.
fn calendar(path: &Path, problems: &mut Problems) -> BusinessCalendar {
    let (mut holidays, mut workdays) = (Vec::new(), Vec::new());
    rows(path, 4, ["date", "kind"], problems, |row| {
        let date = row.date(0)?;
        match row.text(1)? {
            "holiday" => holidays.push(date),
            "workday" => workdays.push(date),
            _ => return Err(row.refuse(1, "expected holiday or workday")),
        }
        Ok(())
    });
    BusinessCalendar::weekends().with_holidays(holidays).with_workdays(workdays)
}

/// Whether turnover is told from discounts and tenders.
fn reads_the_till(contract: &Contract) -> bool {
    matches!(&contract.terms().method, Method::TurnoverDeduction(terms) if terms.till.is_some())
}

/// One statement of this contract; its identities and its trace are proved on the way in.
fn statement(
    path: &Path,
    number: usize,
    contract: Option<&Contract>,
    problems: &mut Problems,
) -> Option<Statement> {
    let source = Source::new(path, number);
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            problems.push(Problem::file(&source, format_args!("cannot be read: {error}")));
            return None;
        }
    };
    match serde_json::from_str::<Statement>(&text) {
        Ok(statement) => {
            let own = contract.is_none_or(|contract| contract.id() == statement.contract());
            if !own {
                let id = contract.map(|contract| contract.id().to_string()).unwrap_or_default();
                let text = format!("is a statement of {}; expected one of {id}", statement.contract());
                problems.push(Problem::file(&source, text));
            }
            own.then_some(statement)
        }
        Err(error) => {
            let line = u64::try_from(error.line()).unwrap_or(0);
            let text = format!("expected a statement as --out writes it: {error}");
            problems.push(Problem::at(&source, line, error.column(), text));
            None
        }
    }
}

impl Input {
    /// The first day anything moves; opening stock is older than the first month.
    pub fn first_day(&self) -> Option<NaiveDate> {
        let opening: BTreeSet<NaiveDate> = self.moved.opening.iter().map(|layer| layer.date).collect();
        let moved = self.moved.days.iter().find(|day| !opening.contains(day));
        moved.or(self.moved.days.first()).copied()
    }

    /// The last day anything moves.
    pub fn last_day(&self) -> Option<NaiveDate> {
        self.moved.days.last().copied()
    }

    /// Stock and advances at the start of a month: what the statement before it left, or what the file says.
    pub fn opening(&self, month: Period, prior: &[Statement]) -> Opening {
        let before = prior.iter().filter(|statement| statement.period().end() <= month.start());
        let last = before.max_by_key(|statement| statement.period().end());
        let stock = last.and_then(|statement| statement.stock());
        let advances = last.map(|statement| statement.advances_left().to_vec());
        Opening {
            layers: stock.map_or_else(|| self.moved.opening.clone(), |stock| stock.closing_layers.clone()),
            advances: advances.unwrap_or_else(|| self.moved.opening_advances.clone()),
        }
    }

    /// The facts of one month; papers follow its last day, goods come within it: the first event of each kind counts.
    pub fn facts<'a>(&'a self, month: Period, opening: &'a Opening) -> Facts<'a> {
        let mut events = EventDates::new();
        for event in Event::ALL {
            let from = match event {
                Event::Delivery | Event::Acceptance => month.start(),
                _ => month.last_day(),
            };
            let own = self.moved.events.iter().filter(|(day, own)| *own == event && *day >= from);
            if let Some(day) = own.map(|(day, _)| *day).min() {
                events = events.with(event, day);
            }
        }
        let moved = &self.moved;
        Facts {
            products: &self.products,
            deliveries: &moved.deliveries,
            returns: &moved.returns,
            sales: &self.sales,
            till_sales: &self.till_sales,
            peer_sales: &moved.peer_sales,
            opening_layers: &opening.layers,
            movements: &moved.movements,
            counts: &moved.counts,
            occasions: &moved.occasions,
            funding: &moved.funding,
            references: &moved.references,
            evidence: &moved.evidence,
            price_cuts: &moved.price_cuts,
            opening_advances: &opening.advances,
            advances: &moved.advances,
            adjustments: &moved.adjustments,
            events,
            calendar: self.calendar.as_ref(),
        }
    }

    /// Money as the report shows it.
    pub fn shown(money: &Money) -> String {
        crate::common::amount::grouped(&money.to_amount_string())
    }
}
