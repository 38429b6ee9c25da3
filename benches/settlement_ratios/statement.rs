//! A statement of forty clauses over a hundred thousand lines, each line and clause traced, against plain sums.

use std::hint::black_box;

use chrono::NaiveDate;
use endcap::calendar::Period;
use endcap::settlement::*;
use endcap::types::*;
use rust_decimal::Decimal;

use crate::ratio::{Line, Mode, Work, compare};
use crate::units::{sequence, y};

const SKUS: usize = 2_000;
const CATEGORIES: usize = 20;
const BRANDS: usize = 10;
const CLAUSES: usize = 40;

pub fn rate(text: &str) -> Rate {
    text.parse().unwrap()
}

/// A contract of 2025 over everything, 13 % on goods and 6 % on services.
pub fn contract(method: Method, clauses: Vec<Clause>, amounts: TaxBasis) -> Contract {
    Contract::new(ContractTerms {
        id: ContractId::new("C-1").unwrap(),
        account: AccountId::new("WANYUE").unwrap(),
        currency: Currency::CNY,
        valid: Period::year(2025).unwrap(),
        scope: Scope::All,
        payment_terms: "from(end_of_supply_period);days(45)".parse().unwrap(),
        goods_vat: rate("13%"),
        goods_vat_by: vec![],
        service_vat: Some(rate("6%")),
        amounts,
        tax_site: vat::TaxSite::PerRateGroup,
        rounding: Rounding::HALF_AWAY,
        method,
        stacks: vec![],
        clauses,
    })
    .unwrap()
}

/// What a clause measures: the goods it names.
#[derive(Clone, Copy)]
enum Goods {
    All,
    Category(usize),
    NotCategory(usize),
    Brand(usize),
    /// SKUs of one remainder by fifty.
    Skus(usize),
}

impl Goods {
    fn of(clause: usize) -> Self {
        match clause {
            0..14 => Self::All,
            14..24 => Self::Category(clause % CATEGORIES),
            24..32 => Self::Brand(clause % BRANDS),
            32..38 => Self::Skus(clause % 50),
            _ => Self::NotCategory(clause % CATEGORIES),
        }
    }

    fn holds(self, sku: usize) -> bool {
        match self {
            Self::All => true,
            Self::Category(category) => sku % CATEGORIES == category,
            Self::NotCategory(category) => sku % CATEGORIES != category,
            Self::Brand(brand) => sku / CATEGORIES % BRANDS == brand,
            Self::Skus(rest) => sku % 50 == rest,
        }
    }

    fn scope(self, products: &[Product]) -> Scope {
        let mut named = Selection::default();
        let category = |category: usize| CategoryId::new(format!("category {category}")).unwrap();
        match self {
            Self::All => return Scope::All,
            Self::Category(number) => drop(named.categories.insert(category(number))),
            Self::Brand(brand) => drop(named.brands.insert(format!("brand {brand}"))),
            Self::Skus(_) => {
                let skus = products.iter().enumerate().filter(|(sku, _)| self.holds(*sku));
                named.skus.extend(skus.map(|(_, product)| product.sku.clone()));
            }
            Self::NotCategory(number) => {
                named.categories.insert(category(number));
                return Scope::Except(named);
            }
        }
        Scope::Only(named)
    }
}

/// Rate of a clause in hundredths of a percent.
fn points(clause: usize) -> i64 {
    20 + 3 * i64::try_from(clause).unwrap()
}

fn clauses(of: BaseMeasure, products: &[Product]) -> Vec<Clause> {
    (0..CLAUSES)
        .map(|number| {
            let rate = Rate::basis_points(Decimal::from(points(number))).unwrap();
            let rule = AmountRule::Percent(Percent { of, rate, base_tax: TaxBasis::Inclusive });
            let (settle, tax) = match number % 3 {
                0 => (SettleMode::InvoiceDeduct, TaxRule::Goods),
                1 => (SettleMode::PaymentDeduct, TaxRule::Service),
                _ => (SettleMode::OnInvoice, TaxRule::Goods),
            };
            let id = ClauseId::new(format!("K{number:02}")).unwrap();
            let mut clause = Clause::new(id, ClauseKind::Rebate, rule, settle, tax);
            clause.scope = Goods::of(number).scope(products);
            clause
        })
        .collect()
}

fn products() -> Vec<Product> {
    (0..SKUS)
        .map(|sku| Product {
            sku: SkuId::new(format!("690{sku:07}")).unwrap(),
            category: Some(CategoryId::new(format!("category {}", sku % CATEGORIES)).unwrap()),
            brand: Some(format!("brand {}", sku / CATEGORIES % BRANDS)),
        })
        .collect()
}

/// A line: document number, day of June, SKU, minor units.
type Row = (usize, u32, usize, i64);

/// `lines` rows in no order, `per_document` of them under one document.
fn rows(lines: usize, per_document: usize) -> Vec<Row> {
    let mut next = sequence(20_250_604);
    let mut rows: Vec<Row> = (0..lines)
        .map(|line| {
            let document = line / per_document;
            let day = 1 + u32::try_from(document % 30).unwrap();
            let sku = usize::try_from(next(SKUS as u64)).unwrap();
            (document, day, sku, 100 + i64::try_from(next(90_000)).unwrap())
        })
        .collect();
    for last in (1..rows.len()).rev() {
        rows.swap(last, usize::try_from(next(last as u64 + 1)).unwrap());
    }
    rows
}

fn on(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 6, day).unwrap()
}

fn fen(minor: i64) -> Money {
    Money::from_minor(minor.into(), Currency::CNY).unwrap()
}

fn share(minor: i64, points: i64) -> i64 {
    (2 * minor * points + 10_000) / 20_000
}

/// What the clauses take, from plain sums.
fn taken(rows: &[Row]) -> Vec<i64> {
    (0..CLAUSES)
        .map(|number| {
            let goods = Goods::of(number);
            share(rows.iter().filter(|row| goods.holds(row.2)).map(|row| row.3).sum(), points(number))
        })
        .collect()
}

fn check(statement: &Statement, taken: &[i64], payment: i64) {
    for (number, taken) in taken.iter().enumerate() {
        let id = ClauseId::new(format!("K{number:02}")).unwrap();
        let line = statement.lines().iter().find(|line| line.clause.as_ref() == Some(&id)).unwrap();
        assert_eq!(line.amount, fen(*taken));
    }
    assert_eq!(statement.totals().payment, fen(payment));
}

fn turnover(mode: Mode) -> Line {
    let lines = mode.rows(100_000);
    let (rows, products) = (rows(lines, 1), products());
    let sales: Vec<Sale> = rows
        .iter()
        .map(|(document, day, sku, minor)| Sale {
            document: DocumentId::new(format!("POS-{document:06}")).unwrap(),
            date: on(*day),
            store: Some(StoreId::new(format!("S{:03}", document % 40)).unwrap()),
            sku: products[*sku].sku.clone(),
            quantity: Quantity::pieces(3).unwrap(),
            amount: fen(*minor),
            promotion: None,
            original: OriginalTerms::default(),
        })
        .collect();
    let method = Method::TurnoverDeduction(TurnoverDeduction::at(rate("22%")));
    let contract = contract(method, clauses(BaseMeasure::Turnover, &products), TaxBasis::Inclusive);
    let facts = Facts { products: &products, sales: &sales, ..Facts::default() };
    let june = Period::month(2025, 6).unwrap();
    let taken = taken(&rows);
    let goods: i64 = rows.iter().map(|row| row.3).sum();
    let payment = goods - share(goods, 2_200) - taken.iter().sum::<i64>();
    let run = || {
        let statement = settle(&contract, black_box(&facts), june, &[]).unwrap();
        assert_eq!(statement.totals().payment, fen(payment));
        statement
    };
    check(&run(), &taken, payment);
    let name = "statement of 40 clauses over 100,000 till lines, traced";
    let subject = Work { per_call: CLAUSES * lines, run };
    compare(mode.fewer(), (name, "Y/clause/line", 0.3), y(), subject)
}

fn credit(mode: Mode) -> Line {
    let lines = mode.rows(100_000);
    let (rows, products) = (rows(lines, 20), products());
    let deliveries: Vec<Delivery> = rows
        .iter()
        .map(|(document, day, sku, minor)| Delivery {
            document: DocumentId::new(format!("GRN-{document:05}")).unwrap(),
            date: on(*day),
            store: Some(StoreId::new(format!("S{:03}", document % 40)).unwrap()),
            sku: products[*sku].sku.clone(),
            quantity: Quantity::pieces(12).unwrap(),
            amount: fen(*minor),
        })
        .collect();
    let method = Method::CreditTerms(CreditTerms {});
    let contract = contract(method, clauses(BaseMeasure::NetPurchases, &products), TaxBasis::Inclusive);
    let facts = Facts { products: &products, deliveries: &deliveries, ..Facts::default() };
    let june = Period::month(2025, 6).unwrap();
    let taken = taken(&rows);
    let payment = rows.iter().map(|row| row.3).sum::<i64>() - taken.iter().sum::<i64>();
    let run = || {
        let statement = settle(&contract, black_box(&facts), june, &[]).unwrap();
        assert_eq!(statement.totals().payment, fen(payment));
        statement
    };
    check(&run(), &taken, payment);
    let name = "statement of 40 clauses over 100,000 delivery lines, traced";
    let subject = Work { per_call: CLAUSES * lines, run };
    compare(mode.fewer(), (name, "Y/clause/line", 0.3), y(), subject)
}

pub fn lines(mode: Mode) -> Vec<Line> {
    vec![turnover(mode), credit(mode)]
}
