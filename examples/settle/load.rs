//! A contract, its movements and earlier statements.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use endcap::calendar::{Event, EventDates, Period};
use endcap::settlement::compliance::Parties;
use endcap::settlement::{
    ClauseKind, Contract, Delivery, Facts, GoodsReturn, Layer, Movement, MovementKind, Occasion,
    OriginalTerms, Product, PromotionFunding, Sale, SideAmount, Statement, StockCount,
};
use endcap::types::{
    CategoryId, ClauseId, Currency, DocumentId, Money, PromotionId, Quantity, SkuId, StoreId,
};

use crate::common::contracts;
use crate::common::fields::{Reader, rows};
use crate::common::problems::{Problem, Problems, Source};
use crate::compliance;
use crate::options::Options;

const COLUMNS: [&str; 9] =
    ["date", "kind", "document", "sku", "quantity", "amount", "store", "clause", "promotion"];
const DATE: usize = 0;
const KIND: usize = 1;
const DOCUMENT: usize = 2;
const SKU: usize = 3;
const QUANTITY: usize = 4;
const AMOUNT: usize = 5;
const STORE: usize = 6;
const CLAUSE: usize = 7;
const PROMOTION: usize = 8;

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
    deliveries: Vec<Delivery>,
    returns: Vec<GoodsReturn>,
    sales: Vec<Sale>,
    opening: Vec<Layer>,
    movements: Vec<Movement>,
    counts: Vec<StockCount>,
    occasions: Vec<Occasion>,
    funding: Vec<PromotionFunding>,
    advances: Vec<SideAmount>,
    adjustments: Vec<SideAmount>,
    events: Vec<(NaiveDate, Event)>,
    days: BTreeSet<NaiveDate>,
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
    let mut lists = Lists::default();
    let contract = chosen.as_ref().map(|(contract, _)| contract);
    lists.read(&movements, (currency, contract), &mut problems);
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
        deliveries: lists.deliveries,
        returns: lists.returns,
        sales: lists.sales,
        opening: lists.opening,
        movements: lists.movements,
        counts: lists.counts,
        occasions: lists.occasions,
        funding: lists.funding,
        advances: lists.advances,
        adjustments: lists.adjustments,
        events: lists.events,
        days: lists.days,
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

#[derive(Default)]
struct Lists {
    deliveries: Vec<Delivery>,
    returns: Vec<GoodsReturn>,
    sales: Vec<Sale>,
    opening: Vec<Layer>,
    movements: Vec<Movement>,
    counts: Vec<StockCount>,
    occasions: Vec<Occasion>,
    funding: Vec<PromotionFunding>,
    advances: Vec<SideAmount>,
    adjustments: Vec<SideAmount>,
    events: Vec<(NaiveDate, Event)>,
    days: BTreeSet<NaiveDate>,
}

type Line<'a, 'b> = Reader<'a, 'b, 9>;

/// The kinds, and which columns each uses besides date, kind and document.
const KINDS: [(&str, &[usize]); 15] = [
    ("delivery", &[SKU, QUANTITY, AMOUNT, STORE]),
    ("return", &[SKU, QUANTITY, AMOUNT, STORE]),
    ("sale", &[SKU, QUANTITY, AMOUNT, STORE, PROMOTION]),
    ("opening", &[SKU, QUANTITY, AMOUNT]),
    ("count", &[SKU, QUANTITY]),
    ("transfer_in", &[SKU, QUANTITY]),
    ("transfer_out", &[SKU, QUANTITY]),
    ("destroyed", &[SKU, QUANTITY]),
    ("sample", &[SKU, QUANTITY]),
    ("agreed_shrink", &[SKU, QUANTITY]),
    ("occasion", &[SKU, QUANTITY, STORE, CLAUSE]),
    ("funding", &[AMOUNT, CLAUSE, PROMOTION]),
    ("advance", &[AMOUNT]),
    ("adjustment", &[AMOUNT]),
    ("event", &[]),
];

impl Lists {
    fn read(&mut self, path: &Path, known: (Currency, Option<&Contract>), problems: &mut Problems) {
        let mut seen: BTreeMap<(String, String, String), u64> = BTreeMap::new();
        rows(path, 1, COLUMNS, problems, |row| {
            let kind = row.text(KIND)?;
            let Some((_, used)) = KINDS.iter().find(|(name, _)| *name == kind) else {
                let names: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
                return Err(row.refuse(KIND, format_args!("expected one of {}", names.join(", "))));
            };
            for column in [SKU, QUANTITY, AMOUNT, STORE, CLAUSE, PROMOTION] {
                if !used.contains(&column) && !row.text(column)?.is_empty() {
                    return Err(row.refuse(column, format_args!("expected nothing here for {kind}")));
                }
            }
            if matches!(kind, "advance" | "adjustment" | "funding" | "occasion") {
                let key = (kind.to_owned(), row.text(DOCUMENT)?.to_owned(), row.text(PROMOTION)?.to_owned());
                if let Some(first) = seen.insert(key, row.row.line()) {
                    let text =
                        format!("expected each document of {kind} once; it stands on line {first}, too");
                    return Err(row.refuse(DOCUMENT, text));
                }
            }
            self.line(row, kind, known)
        });
    }

    fn line(
        &mut self,
        row: &Line<'_, '_>,
        kind: &str,
        (currency, contract): (Currency, Option<&Contract>),
    ) -> Result<(), Problem> {
        let date = row.date(DATE)?;
        let document = || row.id(DOCUMENT, |text| DocumentId::new(text));
        let sku = || row.id(SKU, |text| SkuId::new(text));
        let pieces = |count: i64| {
            Quantity::pieces(count)
                .map_err(|error| row.refuse(QUANTITY, format_args!("expected pieces: {error}")))
        };
        let amount = || row.price(AMOUNT, currency);
        let store = || optional(row, STORE, |text| StoreId::new(text));
        self.days.insert(date);
        match kind {
            "delivery" => self.deliveries.push(Delivery {
                document: document()?,
                date,
                store: store()?,
                sku: sku()?,
                quantity: pieces(row.count(QUANTITY)?)?,
                amount: amount()?,
            }),
            "return" => self.returns.push(GoodsReturn {
                document: document()?,
                date,
                store: store()?,
                sku: sku()?,
                quantity: pieces(row.count(QUANTITY)?)?,
                amount: amount()?,
            }),
            "sale" => {
                let (count, money) = (row.whole(QUANTITY)?, row.money(AMOUNT, currency)?);
                if (count < 0 && money.is_positive()) || (count > 0 && money.is_negative()) {
                    return Err(row.refuse(AMOUNT, "expected an amount with the sign of the quantity"));
                }
                self.sales.push(Sale {
                    document: document()?,
                    date,
                    store: store()?,
                    sku: sku()?,
                    quantity: pieces(count)?,
                    amount: money,
                    promotion: optional(row, PROMOTION, |text| PromotionId::new(text))?,
                    original: OriginalTerms::default(),
                });
            }
            "opening" => {
                let quantity = pieces(row.count(QUANTITY)?)?;
                if quantity.is_zero() {
                    return Err(row.refuse(QUANTITY, "expected a stock above zero"));
                }
                self.opening.push(Layer {
                    document: document()?,
                    date,
                    sku: sku()?,
                    delivered: quantity,
                    amount: amount()?,
                    remaining: quantity,
                });
            }
            "count" => {
                document()?;
                self.counts.push(StockCount { date, sku: sku()?, quantity: pieces(row.count(QUANTITY)?)? });
            }
            "occasion" => self.occasions.push(Occasion {
                clause: clause(row, contract)?,
                document: document()?,
                date,
                store: store()?,
                sku: optional(row, SKU, |text| SkuId::new(text))?,
                count: row.small(QUANTITY)?,
            }),
            "funding" => {
                let word = row.text(CLAUSE)?;
                let Some(kind) = ClauseKind::ALL.iter().find(|kind| kind.word() == word) else {
                    let expected = "expected a kind of clause such as promotion_funding or price_protection";
                    return Err(row.refuse(CLAUSE, expected));
                };
                self.funding.push(PromotionFunding {
                    promotion: row.id(PROMOTION, |text| PromotionId::new(text))?,
                    kind: *kind,
                    document: document()?,
                    date,
                    amount: amount()?,
                });
            }
            "advance" => self.advances.push(SideAmount { document: document()?, date, amount: amount()? }),
            "adjustment" => {
                let amount = row.money(AMOUNT, currency)?;
                self.adjustments.push(SideAmount { document: document()?, date, amount });
            }
            "event" => {
                let word = row.text(DOCUMENT)?;
                let known = Event::ALL.into_iter().filter(|event| *event != Event::EndOfSupplyPeriod);
                let Some(event) = known.into_iter().find(|event| event.word() == word) else {
                    let expected = "expected delivery, invoice_date, invoice_received, statement_confirmed or \
                                    acceptance";
                    return Err(row.refuse(DOCUMENT, expected));
                };
                self.events.push((date, event));
                // An event follows the month it belongs to: it opens no month of its own.
                self.days.remove(&date);
            }
            _ => {
                let kind = match kind {
                    "transfer_in" => MovementKind::TransferIn,
                    "transfer_out" => MovementKind::TransferOut,
                    "destroyed" => MovementKind::Destroyed,
                    "sample" => MovementKind::Sample,
                    _ => MovementKind::AgreedShrink,
                };
                let quantity = pieces(row.count(QUANTITY)?)?;
                self.movements.push(Movement { document: document()?, date, sku: sku()?, kind, quantity });
            }
        }
        Ok(())
    }
}

fn clause(row: &Line<'_, '_>, contract: Option<&Contract>) -> Result<ClauseId, Problem> {
    let known = |id: &ClauseId| {
        contract.is_none_or(|contract| contract.terms().clauses.iter().any(|clause| clause.id == *id))
    };
    row.known(CLAUSE, |text| ClauseId::new(text), known, "expected the id of a clause of the contract")
}

fn optional<T>(
    row: &Line<'_, '_>,
    column: usize,
    make: impl Fn(&str) -> Result<T, endcap::types::TypesError>,
) -> Result<Option<T>, Problem> {
    if row.text(column)?.is_empty() { Ok(None) } else { row.id(column, make).map(Some) }
}

impl Input {
    /// The first day anything moves; opening stock is older than the first month.
    pub fn first_day(&self) -> Option<NaiveDate> {
        let opening: BTreeSet<NaiveDate> = self.opening.iter().map(|layer| layer.date).collect();
        let moved = self.days.iter().find(|day| !opening.contains(day));
        moved.or(self.days.first()).copied()
    }

    /// The last day anything moves.
    pub fn last_day(&self) -> Option<NaiveDate> {
        self.days.last().copied()
    }

    /// Stock at the start of a month: what the statement before it left, or what the file says.
    pub fn opening(&self, month: Period, prior: &[Statement]) -> Vec<Layer> {
        let before = prior.iter().filter(|statement| statement.period().end() <= month.start());
        let last = before.max_by_key(|statement| statement.period().end());
        match last.and_then(|statement| statement.stock()) {
            Some(stock) => stock.closing_layers.clone(),
            None => self.opening.clone(),
        }
    }

    /// The facts of one month; papers follow its last day, goods come within it: the first event of each kind counts.
    pub fn facts<'a>(&'a self, month: Period, opening: &'a [Layer]) -> Facts<'a> {
        let mut events = EventDates::new();
        for event in Event::ALL {
            let from = match event {
                Event::Delivery | Event::Acceptance => month.start(),
                _ => month.last_day(),
            };
            let own = self.events.iter().filter(|(day, own)| *own == event && *day >= from);
            if let Some(day) = own.map(|(day, _)| *day).min() {
                events = events.with(event, day);
            }
        }
        Facts {
            products: &self.products,
            deliveries: &self.deliveries,
            returns: &self.returns,
            sales: &self.sales,
            opening_layers: opening,
            movements: &self.movements,
            counts: &self.counts,
            occasions: &self.occasions,
            funding: &self.funding,
            advances: &self.advances,
            adjustments: &self.adjustments,
            events,
            ..Facts::default()
        }
    }

    /// Money as the report shows it.
    pub fn shown(money: &Money) -> String {
        crate::common::amount::grouped(&money.to_amount_string())
    }
}
