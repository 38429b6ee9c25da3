//! The facts of the run: in force, in scope, in canonical order, each with its trace node.

use chrono::NaiveDate;
use endcap_calendar::Period;
use endcap_types::{Exact, Money, SkuId};

use super::moved::{self, Goods, Numbered, Skus, Told};
use crate::trace::Cell;
use crate::{
    Catalogue, ClauseEvidence, Contract, Delivery, Facts, GoodsReturn, Layer, Measure, Movement, Occasion,
    PromotionFunding, Reference, Sale, SettlementError, SideAmount, StockCount, Subject, SupplyPriceCut,
    TenderAmount, TillSale, Trace, What,
};

/// A record with the trace node of its amount.
#[derive(Debug, Clone)]
pub(super) struct Fact<'a, T, C = Cell> {
    pub(super) record: &'a T,
    pub(super) cell: C,
}

/// All facts of the run.
#[derive(Debug)]
pub(super) struct Records<'a> {
    pub(super) deliveries: Goods<&'a Delivery>,
    /// Amounts negative.
    pub(super) returns: Goods<&'a GoodsReturn>,
    pub(super) sales: Goods<&'a Sale>,
    /// `tills[i]` is the till detail of `sales[i]`, where it has one; empty where none has.
    pub(super) tills: Vec<Option<&'a TillSale>>,
    /// Turnover of the peer counter, of all days.
    pub(super) peers: Vec<Fact<'a, SideAmount>>,
    pub(super) layers: Vec<&'a Layer>,
    pub(super) movements: Vec<&'a Movement>,
    pub(super) counts: Vec<&'a StockCount>,
    pub(super) occasions: Vec<&'a Occasion>,
    pub(super) funding: Vec<Fact<'a, PromotionFunding>>,
    /// Of all days; by clause and first day.
    pub(super) evidence: Vec<&'a ClauseEvidence>,
    /// Of all days.
    pub(super) references: Vec<&'a Reference>,
    pub(super) price_cuts: Vec<&'a SupplyPriceCut>,
    /// Balances at the start, whatever their day; oldest first.
    pub(super) opening_advances: Vec<Fact<'a, SideAmount>>,
    pub(super) advances: Vec<Fact<'a, SideAmount>>,
    pub(super) adjustments: Vec<Fact<'a, SideAmount>>,
    /// The SKUs of deliveries, returns and sales.
    pub(super) skus: Skus<'a>,
    /// How many of the sales state the rate of an original sale.
    pub(super) at_original: usize,
}

/// Which facts are looked at.
#[derive(Debug)]
pub(super) struct Filter<'a, 'c> {
    pub(super) contract: &'a Contract,
    pub(super) window: Period,
    catalogue: &'c Catalogue<'a>,
}

impl<'a> Filter<'a, '_> {
    pub(super) fn covers(&self, sku: &SkuId) -> Result<bool, SettlementError> {
        self.contract.terms().scope.covers(sku, self.catalogue)
    }

    /// Records of the window and the scope, sorted by `key`.
    fn goods<T, K: Ord>(
        &self,
        records: &'a [T],
        place: impl Fn(&'a T) -> (NaiveDate, &'a SkuId),
        key: impl Fn(&T) -> K,
    ) -> Result<Vec<&'a T>, SettlementError> {
        // Sorted before the scope is asked, so that the order of the list does not choose the error.
        let inside = records.iter().filter(|record| self.window.contains(place(record).0));
        let mut sorted: Vec<&T> = inside.collect();
        sorted.sort_by_cached_key(|record| key(record));
        let mut kept = Vec::with_capacity(sorted.len());
        for record in sorted {
            if self.covers(place(record).1)? {
                kept.push(record);
            }
        }
        Ok(kept)
    }

    fn dated<T, K: Ord>(
        &self,
        records: &'a [T],
        date: impl Fn(&T) -> NaiveDate,
        key: impl Fn(&T) -> K,
    ) -> Vec<&'a T> {
        let mut kept: Vec<&T> = records.iter().filter(|record| self.window.contains(date(record))).collect();
        kept.sort_by_cached_key(|record| key(record));
        kept
    }
}

/// All records, by `key`.
fn sorted<T, K: Ord>(records: &[T], key: impl Fn(&T) -> K) -> Vec<&T> {
    let mut sorted: Vec<&T> = records.iter().collect();
    sorted.sort_by_cached_key(|record| key(record));
    sorted
}

/// A sale, and its till detail where it has one.
type Sold<'a> = (&'a Sale, Option<&'a TillSale>);

/// Sales with their till details, and how many of them state the rate of an original sale.
type Sales<'a> = (Goods<&'a Sale>, Vec<Option<&'a TillSale>>, usize);

/// Sales with and without till detail as one list.
fn sales<'a>(
    filter: &Filter<'a, '_>,
    facts: &Facts<'a>,
    trace: &mut Trace,
    skus: &mut Numbered<'a>,
) -> Result<Sales<'a>, SettlementError> {
    let mut at_original: usize = 0;
    let mut originals =
        |sale: &Sale| at_original = at_original.saturating_add(usize::from(sale.original.rate.is_some()));
    if facts.till_sales.is_empty() {
        let tell = |r: &'a Sale| Told { place: (r.date, &r.document, &r.sku), amount: r.amount };
        let key = |r: &'a Sale| sale_key((r, None));
        let sales =
            moved::read(facts.sales.iter(), (filter, trace, skus), What::Sale, (tell, key), |sale| {
                originals(sale);
                Ok(())
            })?;
        return Ok((sales, Vec::new(), at_original));
    }
    let plain = facts.sales.iter().map(|sale| (sale, None));
    let given: Vec<Sold<'a>> =
        plain.chain(facts.till_sales.iter().map(|sold| (&sold.sale, Some(sold)))).collect();
    let tell = |(r, _): Sold<'a>| Told { place: (r.date, &r.document, &r.sku), amount: r.amount };
    let to = (filter, trace, skus);
    let read = moved::read(given.into_iter(), to, What::Sale, (tell, sale_key), |(sale, till)| {
        originals(sale);
        till.map_or(Ok(()), TillSale::check)
    })?;
    let (sales, tills) = read.taken_apart();
    Ok((sales, tills, at_original))
}

/// What tells two sales apart, the day, document and SKU first.
fn sale_key((r, till): Sold<'_>) -> impl Ord + use<> {
    let value = (r.quantity.amount(), r.quantity.unit(), r.amount.minor());
    let id = (r.date, r.document.clone(), r.sku.clone(), r.store.clone());
    (id, value, r.promotion.clone(), r.original.clone(), till.map(till_key))
}

/// What tells two details of otherwise equal sales apart.
fn till_key(till: &TillSale) -> impl Ord + use<> {
    let mut discounts: Vec<(String, i128)> =
        till.discounts.iter().map(|less| (less.kind.clone(), less.amount.minor())).collect();
    let paid = |paid: &TenderAmount| (paid.tender.clone(), paid.amount.minor(), paid.void.minor());
    let mut tenders: Vec<_> = till.tenders.iter().map(paid).collect();
    discounts.sort();
    tenders.sort();
    (till.tag.minor(), discounts, tenders)
}

/// Gives every record its trace node; `view` tells its amount, subject and sign.
fn traced<'a, T>(
    records: Vec<&'a T>,
    contract: &Contract,
    trace: &mut Trace,
    view: impl Fn(&T) -> (Money, Subject),
) -> Result<Vec<Fact<'a, T>>, SettlementError> {
    let expected = contract.currency();
    let mut facts = Vec::with_capacity(records.len());
    for record in records {
        let (money, subject) = view(record);
        if money.currency() != expected {
            let fact = format!("{} {}", subject.what.name_en(), subject.of);
            return Err(SettlementError::FactCurrency { fact, currency: money.currency(), expected });
        }
        let cell = trace.given(subject, Measure::Amount, Exact::from_int(money.minor()));
        facts.push(Fact { record, cell });
    }
    Ok(facts)
}

impl<'a> Records<'a> {
    pub(super) fn collect(
        contract: &'a Contract,
        facts: &Facts<'a>,
        window: Period,
        catalogue: &Catalogue<'a>,
        trace: &mut Trace,
    ) -> Result<Self, SettlementError> {
        let filter = Filter { contract, window, catalogue };
        let mut skus = Numbered::default();
        let tell = |r: &'a Delivery| Told { place: (r.date, &r.document, &r.sku), amount: r.amount };
        let key = |r: &'a Delivery| {
            let value = (r.quantity.amount(), r.quantity.unit(), r.amount.minor());
            (r.date, r.document.clone(), r.sku.clone(), r.store.clone(), value)
        };
        let (given, to) = (facts.deliveries.iter(), (&filter, &mut *trace, &mut skus));
        let deliveries = moved::read(given, to, What::Delivery, (tell, key), |_| Ok(()))?;
        let tell =
            |r: &'a GoodsReturn| Told { place: (r.date, &r.document, &r.sku), amount: r.amount.negated() };
        let key = |r: &'a GoodsReturn| {
            let value = (r.quantity.amount(), r.quantity.unit(), r.amount.minor());
            (r.date, r.document.clone(), r.sku.clone(), r.store.clone(), value)
        };
        let (given, to) = (facts.returns.iter(), (&filter, &mut *trace, &mut skus));
        let returns = moved::read(given, to, What::Return, (tell, key), |_| Ok(()))?;
        let (sales, tills, at_original) = sales(&filter, facts, trace, &mut skus)?;
        let peers = sorted(facts.peer_sales, |r| (r.date, r.document.clone(), r.amount.minor()));
        let mut layers = Vec::new();
        for layer in sorted(facts.opening_layers, layer_key) {
            if filter.covers(&layer.sku)? {
                layers.push(layer);
            }
        }
        let movements = filter.goods(
            facts.movements,
            |r| (r.date, &r.sku),
            |r| (r.date, r.document.clone(), r.sku.clone(), r.kind, r.quantity.amount(), r.quantity.unit()),
        )?;
        let counts = filter.goods(
            facts.counts,
            |r| (r.date, &r.sku),
            |r| (r.sku.clone(), r.date, r.quantity.amount(), r.quantity.unit()),
        )?;
        let occasions = filter.dated(
            facts.occasions,
            |r| r.date,
            |r| (r.clause.clone(), r.date, r.document.clone(), r.store.clone(), r.sku.clone(), r.count),
        );
        let funding = filter.dated(
            facts.funding,
            |r| r.date,
            |r| (r.kind, r.date, r.promotion.clone(), r.document.clone(), r.amount.minor()),
        );
        let price_cuts = filter.goods(
            facts.price_cuts,
            |r| (r.date, &r.sku),
            |r| {
                let prices = (r.cut.old.per_unit(), r.cut.new.per_unit(), r.cut.on_hand.amount());
                (r.date, r.document.clone(), r.sku.clone(), prices)
            },
        )?;
        let side = |r: &SideAmount| (r.date, r.document.clone(), r.amount.minor());
        let advances = filter.dated(facts.advances, |r| r.date, side);
        let adjustments = filter.dated(facts.adjustments, |r| r.date, side);
        Ok(Self {
            deliveries,
            returns,
            sales,
            skus: skus.with_products(catalogue),
            at_original,
            tills,
            peers: traced(peers, contract, trace, |r| {
                (r.amount, Subject::fact(What::PeerTurnover, &r.document, r.date))
            })?,
            layers,
            movements,
            counts,
            occasions,
            funding: traced(funding, contract, trace, |r| {
                (r.amount, Subject::fact(What::Funding, format!("{} {}", r.promotion, r.document), r.date))
            })?,
            evidence: sorted(facts.evidence, |r| (r.clause.clone(), r.covers, r.document.clone())),
            references: sorted(facts.references, |r| {
                (r.clause.clone(), r.date, r.document.clone(), r.base.to_string())
            }),
            price_cuts,
            opening_advances: traced(sorted(facts.opening_advances, side), contract, trace, |r| {
                (r.amount, Subject::fact(What::AdvanceLeft, &r.document, r.date))
            })?,
            advances: traced(advances, contract, trace, |r| {
                (r.amount, Subject::fact(What::Advance, &r.document, r.date))
            })?,
            adjustments: traced(adjustments, contract, trace, |r| {
                (r.amount, Subject::fact(What::Adjustment, &r.document, r.date))
            })?,
        })
    }
}

/// First in, first out: by day, then document, then content.
pub(super) fn layer_key(layer: &Layer) -> impl Ord + use<> {
    let quantities = (layer.delivered.amount(), layer.remaining.amount(), layer.remaining.unit());
    (layer.date, layer.document.clone(), layer.sku.clone(), quantities, layer.amount.minor())
}
