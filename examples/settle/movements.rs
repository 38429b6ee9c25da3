//! The movements file: one line for everything that happened, told apart by kind.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::NaiveDate;
use endcap::calendar::{Event, Period};
use endcap::settlement::{
    Basis, ClauseEvidence, ClauseKind, Contract, Delivery, GoodsReturn, Layer, Movement, MovementKind,
    Occasion, OriginalTerms, PriceCut, PromotionFunding, Reference, Sale, SideAmount, StockCount,
    SupplyPriceCut,
};
use endcap::types::{
    ClauseId, Currency, DocumentId, Money, Price, PromotionId, Quantity, SkuId, StoreId, TaxBasis, Unit,
};

use crate::common::fields::{Reader, rows_with};
use crate::common::problems::{Problem, Problems};

/// The columns; a file may leave out those from [`NEEDED`] on.
const COLUMNS: [&str; 14] = [
    "date",
    "kind",
    "document",
    "sku",
    "quantity",
    "amount",
    "store",
    "clause",
    "promotion",
    "until",
    "original_rate",
    "original_price",
    "old_price",
    "new_price",
];
const NEEDED: usize = 9;
const DATE: usize = 0;
const KIND: usize = 1;
const DOCUMENT: usize = 2;
const SKU: usize = 3;
const QUANTITY: usize = 4;
const AMOUNT: usize = 5;
const STORE: usize = 6;
const CLAUSE: usize = 7;
const PROMOTION: usize = 8;
const UNTIL: usize = 9;
const ORIGINAL_RATE: usize = 10;
const ORIGINAL_PRICE: usize = 11;
const OLD_PRICE: usize = 12;
const NEW_PRICE: usize = 13;

/// The kinds, and which columns each uses besides date, kind and document.
const KINDS: [(&str, &[usize]); 20] = [
    ("delivery", &[SKU, QUANTITY, AMOUNT, STORE]),
    ("return", &[SKU, QUANTITY, AMOUNT, STORE]),
    ("sale", &[SKU, QUANTITY, AMOUNT, STORE, PROMOTION, ORIGINAL_RATE, ORIGINAL_PRICE]),
    ("peer_sale", &[AMOUNT]),
    ("opening", &[SKU, QUANTITY, AMOUNT]),
    ("count", &[SKU, QUANTITY]),
    ("transfer_in", &[SKU, QUANTITY]),
    ("transfer_out", &[SKU, QUANTITY]),
    ("destroyed", &[SKU, QUANTITY]),
    ("sample", &[SKU, QUANTITY]),
    ("agreed_shrink", &[SKU, QUANTITY]),
    ("price_cut", &[SKU, QUANTITY, OLD_PRICE, NEW_PRICE]),
    ("occasion", &[SKU, QUANTITY, STORE, CLAUSE]),
    ("evidence", &[CLAUSE, UNTIL]),
    ("reference", &[QUANTITY, AMOUNT, CLAUSE]),
    ("funding", &[AMOUNT, CLAUSE, PROMOTION]),
    ("opening_advance", &[AMOUNT]),
    ("advance", &[AMOUNT]),
    ("adjustment", &[AMOUNT]),
    ("event", &[]),
];

/// Kinds of which a document stands on one line only.
const ONCE: [&str; 7] =
    ["occasion", "funding", "opening_advance", "advance", "adjustment", "price_cut", "peer_sale"];

/// Everything that happened, by kind.
#[derive(Default)]
pub struct Movements {
    pub deliveries: Vec<Delivery>,
    pub returns: Vec<GoodsReturn>,
    /// Sales with the line each stands on.
    pub sales: Vec<(Sale, u64)>,
    pub peer_sales: Vec<SideAmount>,
    pub opening: Vec<Layer>,
    pub movements: Vec<Movement>,
    pub counts: Vec<StockCount>,
    pub price_cuts: Vec<SupplyPriceCut>,
    pub occasions: Vec<Occasion>,
    pub evidence: Vec<ClauseEvidence>,
    pub references: Vec<Reference>,
    pub funding: Vec<PromotionFunding>,
    pub opening_advances: Vec<SideAmount>,
    pub advances: Vec<SideAmount>,
    pub adjustments: Vec<SideAmount>,
    pub events: Vec<(NaiveDate, Event)>,
    /// The days that open a month.
    pub days: BTreeSet<NaiveDate>,
}

impl Movements {
    pub fn read(path: &Path, known: Known<'_>, problems: &mut Problems) -> Self {
        let mut read = Self::default();
        let mut seen: BTreeMap<(String, String, String), u64> = BTreeMap::new();
        rows_with(path, 1, (COLUMNS, NEEDED), problems, |row| {
            let kind = row.text(KIND)?;
            let Some((_, used)) = KINDS.iter().find(|(name, _)| *name == kind) else {
                let names: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
                return Err(row.refuse(KIND, format_args!("expected one of {}", names.join(", "))));
            };
            for column in SKU..COLUMNS.len() {
                if !used.contains(&column) && !row.text(column)?.is_empty() {
                    return Err(row.refuse(column, format_args!("expected nothing here for {kind}")));
                }
            }
            if ONCE.contains(&kind) {
                let key = (kind.to_owned(), row.text(DOCUMENT)?.to_owned(), row.text(PROMOTION)?.to_owned());
                if let Some(first) = seen.insert(key, row.row.line()) {
                    let text =
                        format!("expected each document of {kind} once; it stands on line {first}, too");
                    return Err(row.refuse(DOCUMENT, text));
                }
            }
            read.take(&Line { row, known, date: row.date(DATE)? }, kind)
        });
        read
    }

    fn take(&mut self, line: &Line<'_, '_>, kind: &str) -> Result<(), Problem> {
        let date = line.date;
        // Papers follow or precede the month they belong to: they open no month of their own.
        if !matches!(kind, "event" | "reference" | "evidence" | "peer_sale" | "opening_advance") {
            self.days.insert(date);
        }
        match kind {
            "delivery" => self.deliveries.push(line.delivery()?),
            "return" => {
                let Delivery { document, date, store, sku, quantity, amount } = line.delivery()?;
                self.returns.push(GoodsReturn { document, date, store, sku, quantity, amount });
            }
            "sale" => self.sales.push((line.sale()?, line.row.row.line())),
            "peer_sale" => self.peer_sales.push(line.side(line.amount()?)?),
            "opening" => self.opening.push(line.layer()?),
            "count" => {
                line.document()?;
                self.counts.push(StockCount { date, sku: line.sku()?, quantity: line.pieces()? });
            }
            "price_cut" => self.price_cuts.push(line.price_cut()?),
            "occasion" => self.occasions.push(Occasion {
                clause: line.clause()?,
                document: line.document()?,
                date,
                store: line.optional(STORE, |text| StoreId::new(text))?,
                sku: line.optional(SKU, |text| SkuId::new(text))?,
                count: line.row.small(QUANTITY)?,
            }),
            "evidence" => self.evidence.push(ClauseEvidence {
                clause: line.clause()?,
                document: line.document()?,
                covers: line.covers()?,
            }),
            "reference" => self.references.push(Reference {
                clause: line.clause()?,
                document: line.document()?,
                date,
                base: line.base()?,
            }),
            "funding" => self.funding.push(line.funding()?),
            "opening_advance" => self.opening_advances.push(line.side(line.amount()?)?),
            "advance" => self.advances.push(line.side(line.amount()?)?),
            "adjustment" => {
                self.adjustments.push(line.side(line.row.money(AMOUNT, line.known.currency)?)?);
            }
            "event" => self.events.push((date, line.event()?)),
            _ => self.movements.push(line.movement(kind)?),
        }
        Ok(())
    }
}

/// What is known before the file is read.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    pub currency: Currency,
    pub contract: Option<&'a Contract>,
}

/// One line and its day.
struct Line<'a, 'b> {
    row: &'a Reader<'a, 'b, 14>,
    known: Known<'a>,
    date: NaiveDate,
}

impl Line<'_, '_> {
    fn document(&self) -> Result<DocumentId, Problem> {
        self.row.id(DOCUMENT, |text| DocumentId::new(text))
    }

    fn sku(&self) -> Result<SkuId, Problem> {
        self.row.id(SKU, |text| SkuId::new(text))
    }

    fn quantity(&self, count: i64) -> Result<Quantity, Problem> {
        Quantity::pieces(count)
            .map_err(|error| self.row.refuse(QUANTITY, format_args!("expected pieces: {error}")))
    }

    fn pieces(&self) -> Result<Quantity, Problem> {
        self.quantity(self.row.count(QUANTITY)?)
    }

    fn amount(&self) -> Result<Money, Problem> {
        self.row.price(AMOUNT, self.known.currency)
    }

    fn optional<T>(
        &self,
        column: usize,
        make: impl Fn(&str) -> Result<T, endcap::types::TypesError>,
    ) -> Result<Option<T>, Problem> {
        if self.row.text(column)?.is_empty() { Ok(None) } else { self.row.id(column, make).map(Some) }
    }

    fn side(&self, amount: Money) -> Result<SideAmount, Problem> {
        Ok(SideAmount { document: self.document()?, date: self.date, amount })
    }

    fn delivery(&self) -> Result<Delivery, Problem> {
        Ok(Delivery {
            document: self.document()?,
            date: self.date,
            store: self.optional(STORE, |text| StoreId::new(text))?,
            sku: self.sku()?,
            quantity: self.pieces()?,
            amount: self.amount()?,
        })
    }

    fn sale(&self) -> Result<Sale, Problem> {
        let (count, money) = (self.row.whole(QUANTITY)?, self.row.money(AMOUNT, self.known.currency)?);
        if (count < 0 && money.is_positive()) || (count > 0 && money.is_negative()) {
            return Err(self.row.refuse(AMOUNT, "expected an amount with the sign of the quantity"));
        }
        let mut original = OriginalTerms::default();
        for column in [ORIGINAL_RATE, ORIGINAL_PRICE] {
            if self.row.text(column)?.is_empty() {
                continue;
            }
            if count >= 0 {
                return Err(self
                    .row
                    .refuse(column, "expected nothing here: only a refund has original terms"));
            }
            match column {
                ORIGINAL_RATE => original.rate = Some(self.row.rate(column)?),
                _ => original.supply_price = Some(self.row.decimal(column)?),
            }
        }
        Ok(Sale {
            document: self.document()?,
            date: self.date,
            store: self.optional(STORE, |text| StoreId::new(text))?,
            sku: self.sku()?,
            quantity: self.quantity(count)?,
            amount: money,
            promotion: self.optional(PROMOTION, |text| PromotionId::new(text))?,
            original,
        })
    }

    fn layer(&self) -> Result<Layer, Problem> {
        let quantity = self.pieces()?;
        if quantity.is_zero() {
            return Err(self.row.refuse(QUANTITY, "expected a stock above zero"));
        }
        Ok(Layer {
            document: self.document()?,
            date: self.date,
            sku: self.sku()?,
            delivered: quantity,
            amount: self.amount()?,
            remaining: quantity,
        })
    }

    fn movement(&self, kind: &str) -> Result<Movement, Problem> {
        let kind = match kind {
            "transfer_in" => MovementKind::TransferIn,
            "transfer_out" => MovementKind::TransferOut,
            "destroyed" => MovementKind::Destroyed,
            "sample" => MovementKind::Sample,
            _ => MovementKind::AgreedShrink,
        };
        let quantity = self.pieces()?;
        Ok(Movement { document: self.document()?, date: self.date, sku: self.sku()?, kind, quantity })
    }

    fn price_cut(&self) -> Result<SupplyPriceCut, Problem> {
        let tax = self.known.contract.map_or(TaxBasis::Inclusive, |contract| contract.terms().amounts);
        let price = |column| {
            Price::new(self.row.decimal(column)?, self.known.currency, Unit::Piece, tax)
                .map_err(|error| self.row.refuse(column, format_args!("expected a price: {error}")))
        };
        let cut = PriceCut { old: price(OLD_PRICE)?, new: price(NEW_PRICE)?, on_hand: self.pieces()? };
        Ok(SupplyPriceCut { document: self.document()?, date: self.date, sku: self.sku()?, cut })
    }

    fn funding(&self) -> Result<PromotionFunding, Problem> {
        let word = self.row.text(CLAUSE)?;
        let Some(kind) = ClauseKind::ALL.iter().find(|kind| kind.word() == word) else {
            let expected = "expected a kind of clause such as promotion_funding or price_protection";
            return Err(self.row.refuse(CLAUSE, expected));
        };
        Ok(PromotionFunding {
            promotion: self.row.id(PROMOTION, |text| PromotionId::new(text))?,
            kind: *kind,
            document: self.document()?,
            date: self.date,
            amount: self.amount()?,
        })
    }

    fn event(&self) -> Result<Event, Problem> {
        let word = self.row.text(DOCUMENT)?;
        let mut known = Event::ALL.into_iter().filter(|event| *event != Event::EndOfSupplyPeriod);
        known.find(|event| event.word() == word).ok_or_else(|| {
            let expected =
                "expected delivery, invoice_date, invoice_received, statement_confirmed or acceptance";
            self.row.refuse(DOCUMENT, expected)
        })
    }

    /// The days a proof is for: its date, to the day in `until`.
    fn covers(&self) -> Result<Period, Problem> {
        let last = if self.row.text(UNTIL)?.is_empty() { self.date } else { self.row.date(UNTIL)? };
        Period::closed(self.date, last)
            .map_err(|_| self.row.refuse(UNTIL, format_args!("expected no day before {}", self.date)))
    }

    /// What a growth is compared with: money or pieces, not both.
    fn base(&self) -> Result<Basis, Problem> {
        match (self.row.text(AMOUNT)?.is_empty(), self.row.text(QUANTITY)?.is_empty()) {
            (false, true) => Ok(Basis::Amount(self.amount()?)),
            (true, false) => Ok(Basis::Quantity(self.pieces()?)),
            _ => {
                Err(self.row.refuse(AMOUNT, "expected an amount, or else a quantity, as the clause measures"))
            }
        }
    }

    fn clause(&self) -> Result<ClauseId, Problem> {
        let known = |id: &ClauseId| {
            self.known
                .contract
                .is_none_or(|contract| contract.terms().clauses.iter().any(|clause| clause.id == *id))
        };
        let expected = "expected the id of a clause of the contract";
        self.row.known(CLAUSE, |text| ClauseId::new(text), known, expected)
    }
}
