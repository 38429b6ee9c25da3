//! Random months under contracts that use everything: every method and base, till detail, rates by condition, growth,
//! free goods, base stock, price protection, evidence, several VAT rates, balances of advances.

use endcap_settlement::*;
use endcap_types::*;
use proptest::prelude::*;

use crate::support::*;
use crate::world::{SKUS, Seed, World, build, cents, clauses, methods, seeds, shuffle};

/// A random month and its contract.
#[derive(Debug, Clone)]
pub(crate) struct Wide {
    pub(crate) world: World,
    pub(crate) till_sales: Vec<TillSale>,
    pub(crate) references: Vec<Reference>,
    pub(crate) evidence: Vec<ClauseEvidence>,
    pub(crate) price_cuts: Vec<SupplyPriceCut>,
    pub(crate) opening_advances: Vec<SideAmount>,
    pub(crate) peer_sales: Vec<SideAmount>,
}

impl Wide {
    pub(crate) fn facts(&self) -> Facts<'_> {
        Facts {
            till_sales: &self.till_sales,
            references: &self.references,
            evidence: &self.evidence,
            price_cuts: &self.price_cuts,
            opening_advances: &self.opening_advances,
            peer_sales: &self.peer_sales,
            ..self.world.facts()
        }
    }

    pub(crate) fn contract(&self) -> Contract {
        Contract::new(self.world.terms.clone()).unwrap()
    }

    pub(crate) fn try_settle(&self) -> Result<Statement, SettlementError> {
        settle(&self.contract(), &self.facts(), period("2025-01"), &[])
    }

    pub(crate) fn settle(&self) -> Statement {
        self.try_settle().unwrap()
    }

    pub(crate) fn shuffled(&self, seed: u64) -> Self {
        let mut wide = Self { world: self.world.shuffled(seed), ..self.clone() };
        shuffle(&mut wide.till_sales, seed);
        for sold in &mut wide.till_sales {
            shuffle(&mut sold.tenders, seed);
            shuffle(&mut sold.discounts, seed);
        }
        shuffle(&mut wide.references, seed);
        shuffle(&mut wide.evidence, seed);
        shuffle(&mut wide.price_cuts, seed);
        shuffle(&mut wide.opening_advances, seed);
        shuffle(&mut wide.peer_sales, seed);
        if let Method::TurnoverDeduction(method) = &mut wide.world.terms.method {
            shuffle(&mut method.rates, seed);
            if let Some(till) = &mut method.till {
                shuffle(&mut till.burdens, seed);
            }
        }
        wide
    }
}

fn rule(id: &str, text: &str, priority: u32, when: RateCondition) -> RateRule {
    RateRule { id: id.to_owned(), rate: rate(text), when, priority }
}

/// Rates by tender, depth, store and category; priorities decide where neither is more specific.
fn rates(by_tender: bool) -> Vec<RateRule> {
    let any = RateCondition::default;
    let dairy = || RateCondition { categories: [CategoryId::new("dairy").unwrap()].into(), ..any() };
    let depth = DepthRange { from: rate("20%"), to: rate("100%"), boundary: Boundary::Exceeds };
    let mut rules = vec![
        rule("deep", "15.5%", 1, RateCondition { depth: Some(depth), ..any() }),
        rule("shop", "19%", 2, RateCondition { stores: [StoreId::new("S-1").unwrap()].into(), ..any() }),
        rule("dairy", "18.25%", 3, dairy()),
        rule("deep-dairy", "14%", 1, RateCondition { depth: Some(depth), ..dairy() }),
        rule("promo", "16%", 4, RateCondition { promotion: InPromotion::Any, ..any() }),
    ];
    if by_tender {
        rules.push(rule("card", "22.6%", 5, RateCondition { tenders: [Tender::Card].into(), ..any() }));
        rules.push(rule("voucher", "15%", 6, RateCondition { tenders: [Tender::Voucher].into(), ..any() }));
    }
    rules
}

fn burden(of: BurdenOf, share: &str) -> Burden {
    Burden { of, supplier: rate(share) }
}

/// Every method and base.
pub(crate) fn all_methods() -> Vec<Method> {
    let mut all = methods();
    let Method::Consignment(layered) = all[1].clone() else { unreachable!() };
    let Method::TurnoverDeduction(plain) = all[3].clone() else { unreachable!() };
    let fee = SalesFee {
        rate: rate("12.5%"),
        base_tax: TaxBasis::Exclusive,
        settle: SettleMode::PaymentDeduct,
        tax: TaxRule::Service,
    };
    for price_basis in [
        PriceBasis::AverageOfPeriod,
        PriceBasis::PriceAtSettlement,
        PriceBasis::TillLessFee(fee),
        PriceBasis::TillLessMarkup(rate("25%")),
    ] {
        all.push(Method::Consignment(Consignment { price_basis, ..layered.clone() }));
    }
    let voids = [
        burden(BurdenOf::Void(Tender::Voucher), "50%"),
        burden(BurdenOf::Void(Tender::Card), "0%"),
        burden(BurdenOf::Void(Tender::Cash), "33.3%"),
    ];
    let received = TillTerms {
        base: TurnoverBase::ReceivedLessVoucherVoid,
        fees: vec![TenderFee { tender: Tender::Card, rate: rate("0.6%") }],
        base_tax: TaxBasis::Exclusive,
        burdens: voids.to_vec(),
        ..TillTerms::default()
    };
    let mut by_tender =
        TurnoverDeduction { overrides: vec![], rates: rates(true), till: Some(received), ..plain.clone() };
    if let Some(guarantee) = &mut by_tender.guarantee {
        guarantee.measure = GuaranteeMeasure::TurnoverOn(TurnoverBase::GrossTag);
    }
    let mut burdens = voids.to_vec();
    burdens.push(burden(BurdenOf::Discount("member".to_owned()), "40%"));
    burdens.push(burden(BurdenOf::AnyDiscount, "75%"));
    let tag = TillTerms {
        base: TurnoverBase::GrossTag,
        burdens,
        refunds: RefundsInBase::Ignored,
        ..TillTerms::default()
    };
    let mut on_tag =
        TurnoverDeduction { overrides: vec![], rates: rates(false), till: Some(tag), ..plain.clone() };
    if let Some(guarantee) = &mut on_tag.guarantee {
        guarantee.measure = GuaranteeMeasure::PeerCounter(PeerCounter { times: decimal("1.5") });
        guarantee.top_up_on = TopUpBase::Shortfall;
    }
    let tiers = [Tier::rate(0.into(), rate("22%")), Tier::rate(900.into(), rate("20%"))];
    let mut tiered = plain.clone();
    tiered.tiers = Some(CommissionTiers {
        method: TierMethod::Marginal,
        table: TierTable::new(tiers, Boundary::Exceeds).unwrap(),
    });
    tiered.occupancy =
        Some(Occupancy { rent: decimal("300"), mode: OccupancyMode::MaxRentCommissionGuarantee });
    let mut first = plain;
    if let Some(guarantee) = &mut first.guarantee {
        (guarantee.algorithm, guarantee.measure, guarantee.rate) =
            (GuaranteeAlgorithm::PaidAtStart, GuaranteeMeasure::Commission, rate("100%"));
        guarantee.amount = decimal("400");
    }
    all.extend([by_tender, on_tag, tiered, first].map(Method::TurnoverDeduction));
    all
}

/// Clauses beside those of the smaller world; the first is for credit terms alone.
pub(crate) fn more_clauses() -> Vec<Clause> {
    let each = Accumulation::EachPeriod;
    let table = TierTable::new(
        [Tier::rate(0.into(), rate("0.5%")), Tier::rate(10.into(), rate("2%")).with_flat(decimal("5"))],
        Boundary::ReachedAt,
    )
    .unwrap();
    let growth = |of, by, pay_on| {
        AmountRule::Growth(Growth {
            of,
            base_tax: TaxBasis::Exclusive,
            by,
            pay_on,
            table: table.clone(),
            accumulate: each,
            true_up: TrueUp::TwoWay,
        })
    };
    let free = |of, value| {
        AmountRule::FreeGoods(FreeGoods {
            of,
            buy: decimal("12"),
            free: decimal("1"),
            value,
            accumulate: each,
            true_up: TrueUp::TwoWay,
        })
    };
    let pay = SettleMode::PaymentDeduct;
    let base = AmountRule::BaseStock(decimal("500"));
    let mut held =
        clause("HELD", ClauseKind::Display, percent(BaseMeasure::Turnover, "2%"), pay, TaxRule::Service);
    held.evidence = EvidenceNeed::Required;
    let mut proved = Clause { id: ClauseId::new("PROVED").unwrap(), ..held.clone() };
    proved.cap = Some(decimal("30"));
    let on = SettleMode::OnInvoice;
    vec![
        clause("BASE", ClauseKind::BaseStock, base, pay, TaxRule::OutOfScope),
        clause(
            "G1",
            ClauseKind::GrowthRebate,
            growth(BaseMeasure::NetPurchases, GrowthBy::Percent, GrowthBase::Total),
            on,
            TaxRule::Goods,
        ),
        clause(
            "G2",
            ClauseKind::GrowthRebate,
            growth(BaseMeasure::Turnover, GrowthBy::Increment, GrowthBase::Increment),
            pay,
            TaxRule::Service,
        ),
        clause(
            "F1",
            ClauseKind::FreeGoods,
            free(BaseMeasure::SoldQuantity, FreeGoodsValue::Average),
            on,
            TaxRule::Goods,
        ),
        clause(
            "F2",
            ClauseKind::FreeGoods,
            free(BaseMeasure::PurchasedQuantity, FreeGoodsValue::Price(decimal("3.3333"))),
            pay,
            TaxRule::Service,
        ),
        clause(
            "PP",
            ClauseKind::PriceProtection,
            AmountRule::PriceProtection(StockTerms::SaleOrReturn),
            on,
            TaxRule::Goods,
        ),
        held,
        proved,
    ]
}

/// The till's story of a sale: a third off by two discounts, paid in two parts, a fifth of the second void.
fn told(index: usize, mut sale: Sale) -> TillSale {
    let received = i64::try_from(sale.amount.minor()).unwrap();
    let off = received / (2 + i64::try_from(index % 4).unwrap());
    let first = received / 3;
    let kinds = ["member", "markdown", "coupon"];
    let tenders = [Tender::Cash, Tender::Card, Tender::Voucher, Tender::Points];
    let second = tenders[index % 4].clone();
    let void = if second == Tender::Points { 0 } else { (received - first) / 5 };
    sale.store = Some(StoreId::new(if index.is_multiple_of(2) { "S-1" } else { "S-2" }).unwrap());
    let paid = |tender, minor, void| TenderAmount { tender, amount: cents(minor), void: cents(void) };
    TillSale {
        sale,
        tag: cents(received + off),
        discounts: vec![
            TillDiscount { kind: kinds[index % 3].to_owned(), amount: cents(off / 2) },
            TillDiscount { kind: kinds[(index + 1) % 3].to_owned(), amount: cents(off - off / 2) },
        ],
        tenders: vec![paid(Tender::Cash, first, 0), paid(second, received - first, void)],
    }
}

/// Lists of random facts.
type Lists = (Vec<Seed>, Vec<Seed>, Vec<Seed>, Vec<Seed>, Vec<Seed>, Vec<Seed>);

fn wide_of(lists: Lists, which: usize, mask: u32, refunds: &[bool]) -> Wide {
    let (deliveries, returns, sales, layers, movements, counts) = lists;
    let (stacks, few) = clauses();
    let mut terms = terms(all_methods().swap_remove(which));
    terms.stacks = stacks;
    let credit_terms = matches!(terms.method, Method::CreditTerms(_));
    let chosen = |(index, clause): &(usize, Clause)| {
        let needed = ["STORE", "DM", "P", "D1", "G1", "PROVED"].contains(&clause.id.as_str());
        let fits = clause.id.as_str() != "BASE" || credit_terms;
        // One clause in four, so that a month stays small while every pair still meets.
        fits && (needed || (mask >> index) & 1 != 0 && (mask >> ((index + 9) % 32)) & 1 != 0)
    };
    let all = few.into_iter().chain(more_clauses());
    terms.clauses = all.enumerate().filter(chosen).map(|(_, clause)| clause).collect();
    if mask & 1 << 28 != 0 {
        let some = |id: &str| Selection { skus: [sku(id)].into(), ..Selection::default() };
        terms.goods_vat_by = vec![GoodsVat { at: some("B1"), rate: rate("9%") }];
    }
    let sites = [vat::TaxSite::PerLine, vat::TaxSite::PerRateGroup, vat::TaxSite::PerDocument];
    terms.tax_site = sites[usize::try_from(mask >> 29).unwrap() % 3];
    let mut world = build(terms, (deliveries, returns, sales), (layers, movements, counts), refunds);
    let mut till_sales = Vec::new();
    if matches!(&world.terms.method, Method::TurnoverDeduction(method) if method.till.is_some()) {
        till_sales = world.sales.drain(..).enumerate().map(|(index, sale)| told(index, sale)).collect();
    }
    let side = |id: &str, on: &str, minor: i64| SideAmount {
        document: document(id),
        date: day(on),
        amount: cents(minor),
    };
    let reference = |clause: &str, id: &str, minor| Reference {
        clause: ClauseId::new(clause).unwrap(),
        document: document(id),
        date: day("2025-01-31"),
        base: Basis::Amount(cents(minor)),
    };
    let has = |id: &str| world.terms.clauses.iter().any(|clause| clause.id.as_str() == id);
    let seed = i64::from(mask % 90_000);
    let mut references = vec![reference("G1", "LY", seed + 1), reference("G1", "LY2", 30_000)];
    if has("G2") {
        references.push(reference("G2", "LY", 20_000));
    }
    let evidence = vec![ClauseEvidence {
        clause: ClauseId::new("PROVED").unwrap(),
        document: document("PHOTO"),
        covers: period(if mask & 2 == 0 { "2025-01" } else { "2025-01-02..2025-03-01" }),
    }];
    let price =
        |text: &str| Price::new(decimal(text), Currency::CNY, Unit::Piece, TaxBasis::Inclusive).unwrap();
    let price_cuts = vec![SupplyPriceCut {
        document: document("CUT"),
        date: day("2025-01-16"),
        sku: sku(SKUS[0].0),
        cut: PriceCut { old: price("7.5"), new: price("7.3333"), on_hand: pieces(seed % 50) },
    }];
    Wide {
        world,
        till_sales,
        references,
        evidence,
        price_cuts,
        opening_advances: vec![side("A2", "2024-11-01", seed), side("A1", "2024-10-01", 1_000)],
        peer_sales: vec![side("PEER", "2025-01-31", seed * 3)],
    }
}

pub(crate) const METHODS: usize = 12;

/// Any month.
pub(crate) fn wide() -> impl Strategy<Value = Wide> {
    wide_with(0..METHODS)
}

/// A month under one of the methods of a range.
pub(crate) fn wide_with(methods: core::ops::Range<usize>) -> impl Strategy<Value = Wide> {
    let facts = (seeds(4), seeds(3), seeds(6), seeds(3), seeds(2), seeds(2));
    (facts, methods, any::<u32>(), prop::collection::vec(any::<bool>(), 6))
        .prop_map(|(lists, which, mask, refunds)| wide_of(lists, which, mask, &refunds))
}
