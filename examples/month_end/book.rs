//! Everything one close needs to know, whichever files it came from.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use endcap::calendar::Period;
use endcap::types::{AccountId, CasePack, Currency, DocumentId, Money, PromotionId, Rate, SkuId, StoreId};

/// One key account.
#[derive(Debug, Clone)]
pub struct Account {
    pub name: String,
    pub name_zh: String,
    pub format: String,
    pub stores: Vec<StoreId>,
}

/// One product.
#[derive(Debug, Clone)]
pub struct Sku {
    pub name: String,
    pub name_zh: String,
    pub brand: String,
    pub category: String,
    pub vat: Rate,
    pub case_pack: CasePack,
    /// Full cost of one piece without tax, where it is known.
    pub unit_cost: Option<Money>,
    /// Width, height and depth of one piece in millimetres, where they are known.
    pub size_mm: Option<(u32, u32, u32)>,
}

/// Units through the till, or invoiced to the stores where that is all the file knows.
#[derive(Debug, Clone)]
pub struct Sale {
    pub date: NaiveDate,
    pub account: AccountId,
    pub sku: SkuId,
    pub units: i64,
    pub amount: Money,
    pub promotion: Option<PromotionId>,
}

/// Goods delivered to an account, or sent back by it.
#[derive(Debug, Clone)]
pub struct Movement {
    pub date: NaiveDate,
    pub document: DocumentId,
    pub account: AccountId,
    pub sku: SkuId,
    pub pieces: i64,
    /// Pieces at the supply price of the day, tax included.
    pub amount: Money,
}

/// Stock found at the end of a day.
#[derive(Debug, Clone)]
pub struct Count {
    pub date: NaiveDate,
    pub account: AccountId,
    pub sku: SkuId,
    pub pieces: i64,
}

/// Ordered and not yet delivered.
#[derive(Debug, Clone)]
pub struct OpenOrder {
    pub ordered: NaiveDate,
    pub account: AccountId,
    pub sku: SkuId,
    pub pieces: i64,
}

/// Work done for an account in one month.
#[derive(Debug, Clone)]
pub struct Activity {
    pub month: Period,
    pub account: AccountId,
    pub activity: String,
    pub quantity: i64,
}

/// Money received.
#[derive(Debug, Clone)]
pub struct Payment {
    pub date: NaiveDate,
    pub receipt: DocumentId,
    pub account: AccountId,
    /// The statement it is for, where the payer says so.
    pub reference: Option<String>,
    pub amount: Money,
}

/// A promotion as agreed with the account.
#[derive(Debug, Clone)]
pub struct PromotionPlan {
    pub id: PromotionId,
    pub account: AccountId,
    pub skus: Vec<SkuId>,
    pub period: Period,
    pub mechanic: String,
    pub price_cut: Rate,
    pub funding_per_unit: Money,
    pub lump_sum: Money,
}

/// A paid capacity: what it costs a month, the minutes it can work, and the minutes each activity takes.
#[derive(Debug, Clone)]
pub struct Pool {
    pub monthly_cost: Money,
    pub capacity_minutes: i64,
    pub minutes: BTreeMap<String, i64>,
}

/// A supply price from a day on.
#[derive(Debug, Clone)]
pub struct SupplyPrice {
    pub from: NaiveDate,
    pub amount: Money,
}

/// What kind of files the book was read from; decides which parts of the close can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Sell-out, deliveries, returns, counts, payments: everything.
    Full,
    /// Invoice lines only: no stock, no promotions, no payments.
    LinesOnly,
}

/// All facts of one supplier.
#[derive(Debug)]
pub struct Book {
    pub title: String,
    pub note: String,
    pub source: Source,
    pub currency: Currency,
    pub accounts: BTreeMap<AccountId, Account>,
    pub skus: BTreeMap<SkuId, Sku>,
    pub prices: BTreeMap<(AccountId, SkuId), Vec<SupplyPrice>>,
    pub sales: Vec<Sale>,
    pub deliveries: Vec<Movement>,
    pub returns: Vec<Movement>,
    pub counts: Vec<Count>,
    pub open_orders: Vec<OpenOrder>,
    pub activities: Vec<Activity>,
    pub cost_pools: Vec<Pool>,
    pub promotions: Vec<PromotionPlan>,
    pub payments: Vec<Payment>,
}

impl Book {
    /// An empty book.
    pub fn new(title: &str, note: &str, source: Source, currency: Currency) -> Self {
        Self {
            title: title.to_owned(),
            note: note.to_owned(),
            source,
            currency,
            accounts: BTreeMap::new(),
            skus: BTreeMap::new(),
            prices: BTreeMap::new(),
            sales: Vec::new(),
            deliveries: Vec::new(),
            returns: Vec::new(),
            counts: Vec::new(),
            open_orders: Vec::new(),
            activities: Vec::new(),
            cost_pools: Vec::new(),
            promotions: Vec::new(),
            payments: Vec::new(),
        }
    }

    /// The supply price of one piece on a day, tax included.
    pub fn supply_price(&self, account: &AccountId, sku: &SkuId, date: NaiveDate) -> Option<Money> {
        let prices = self.prices.get(&(account.clone(), sku.clone()))?;
        prices.iter().rev().find(|price| price.from <= date).map(|price| price.amount)
    }

    /// Drops what is dated after `month`: a close knows only what had happened by then.
    pub fn forget_after(&mut self, month: Period) {
        let end = month.end();
        self.sales.retain(|sale| sale.date < end);
        self.deliveries.retain(|delivery| delivery.date < end);
        self.returns.retain(|goods| goods.date < end);
        self.counts.retain(|count| count.date < end);
        self.open_orders.retain(|order| order.ordered < end);
        self.payments.retain(|payment| payment.date < end);
        self.activities.retain(|activity| activity.month.start() < end);
    }
}
