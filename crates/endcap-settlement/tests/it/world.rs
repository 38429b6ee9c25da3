//! Random months of trade for the laws.

use endcap_settlement::*;
use endcap_types::*;
use proptest::prelude::*;

use crate::support::*;

/// One random fact: day of the month, SKU, units, cents.
pub(crate) type Seed = (u32, usize, i64, i64);

/// A month of facts and the contract they are settled under.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) terms: ContractTerms,
    pub(crate) products: Vec<Product>,
    pub(crate) deliveries: Vec<Delivery>,
    pub(crate) returns: Vec<GoodsReturn>,
    pub(crate) sales: Vec<Sale>,
    pub(crate) layers: Vec<Layer>,
    pub(crate) movements: Vec<Movement>,
    pub(crate) counts: Vec<StockCount>,
    pub(crate) occasions: Vec<Occasion>,
    pub(crate) funding: Vec<PromotionFunding>,
    pub(crate) advances: Vec<SideAmount>,
}

impl World {
    pub(crate) fn facts(&self) -> Facts<'_> {
        Facts {
            products: &self.products,
            deliveries: &self.deliveries,
            returns: &self.returns,
            sales: &self.sales,
            opening_layers: &self.layers,
            movements: &self.movements,
            counts: &self.counts,
            occasions: &self.occasions,
            funding: &self.funding,
            advances: &self.advances,
            ..Facts::default()
        }
    }

    pub(crate) fn settle(&self) -> Statement {
        let contract = Contract::new(self.terms.clone()).unwrap();
        settle(&contract, &self.facts(), period("2025-01"), &[]).unwrap()
    }

    /// The same world with every list in another order.
    pub(crate) fn shuffled(&self, seed: u64) -> Self {
        let mut world = self.clone();
        shuffle(&mut world.products, seed);
        shuffle(&mut world.deliveries, seed);
        shuffle(&mut world.returns, seed);
        shuffle(&mut world.sales, seed);
        shuffle(&mut world.layers, seed);
        shuffle(&mut world.movements, seed);
        shuffle(&mut world.counts, seed);
        shuffle(&mut world.occasions, seed);
        shuffle(&mut world.funding, seed);
        shuffle(&mut world.advances, seed);
        shuffle(&mut world.terms.clauses, seed);
        shuffle(&mut world.terms.stacks, seed);
        match &mut world.terms.method {
            Method::Consignment(method) => shuffle(&mut method.prices, seed),
            Method::CreditTerms(_) => {}
            Method::TurnoverDeduction(method) => shuffle(&mut method.overrides, seed),
        }
        world
    }
}

/// Fisher–Yates with a small generator of its own.
pub(crate) fn shuffle<T>(list: &mut [T], seed: u64) {
    let mut state = seed;
    for index in (1..list.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        list.swap(index, usize::try_from(state >> 33).unwrap() % (index + 1));
    }
}

pub(crate) fn cents(minor: i64) -> Money {
    Money::from_minor(minor.into(), Currency::CNY).unwrap()
}

pub(crate) const SKUS: [(&str, &str); 4] =
    [("A1", "dairy"), ("A2", "dairy"), ("B1", "care"), ("C1", "bakery")];

fn on(day_of_month: u32) -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(2025, 1, day_of_month).unwrap()
}

/// Every kind of clause once, in stacks of every mode.
pub(crate) fn clauses() -> (Vec<Stack>, Vec<Clause>) {
    let stack = |id: &str, mode| Stack { id: id.to_owned(), mode };
    let stacks = vec![
        stack("cascade", StackMode::Cascade),
        stack("directed", StackMode::Directed),
        stack("best", StackMode::BestOf),
        stack("capped", StackMode::CappedSum(decimal("150.00"))),
    ];
    let in_stack = |mut clause: Clause, name: &str, priority: u32| {
        clause.stack = Some(name.to_owned());
        clause.priority = priority;
        clause
    };
    let rebate =
        |id: &str, rule| clause(id, ClauseKind::Rebate, rule, SettleMode::InvoiceDeduct, TaxRule::Goods);
    let fee =
        |id: &str, rule| clause(id, ClauseKind::Display, rule, SettleMode::PaymentDeduct, TaxRule::Service);
    let net = BaseMeasure::NetPurchases;
    let tiers = [Tier::rate(0.into(), rate("1%")), Tier::rate(2000.into(), rate("2.5%"))];
    let tiered = |method, accumulate| {
        AmountRule::Tiered(Tiered {
            of: net,
            base_tax: TaxBasis::Exclusive,
            method,
            table: TierTable::new(tiers, Boundary::ReachedAt).unwrap(),
            accumulate,
            true_up: TrueUp::TwoWay,
        })
    };
    let mut directed = in_stack(rebate("D2", percent(net, "7%")), "directed", 2);
    directed.reduced_by = [ClauseId::new("D1").unwrap()].into();
    let mut limited = fee("LIM", percent(BaseMeasure::Turnover, "3.3%"));
    (limited.floor, limited.cap) = (Some(decimal("10.00")), Some(decimal("99.99")));
    let mut prorated = fee("FIX", AmountRule::Fixed(decimal("1000.00")));
    (prorated.valid, prorated.proration) = (Some(period("2025-01-11..=2025-06-30")), Proration::Days);
    let mut dairy = fee("DAIRY", percent(BaseMeasure::Turnover, "1.7%"));
    dairy.scope = Scope::Only(Selection {
        categories: [CategoryId::new("dairy").unwrap()].into(),
        ..Selection::default()
    });
    let unit = |of, amount: &str| AmountRule::PerUnit(PerUnit { of, amount: decimal(amount) });
    let clauses = vec![
        in_stack(rebate("C2", percent(net, "3%")), "cascade", 1),
        in_stack(rebate("C1", percent(net, "5%")), "cascade", 2),
        in_stack(rebate("D1", percent(net, "2%")), "directed", 1),
        directed,
        in_stack(fee("B1", percent(BaseMeasure::Turnover, "1%")), "best", 0),
        in_stack(fee("B2", AmountRule::Fixed(decimal("20.00"))), "best", 0),
        in_stack(fee("K1", percent(BaseMeasure::Goods, "2%")), "capped", 1),
        in_stack(fee("K2", percent(BaseMeasure::GrossPurchases, "2%")), "capped", 2),
        limited,
        prorated,
        dairy,
        rebate("T1", tiered(TierMethod::Whole, Accumulation::EachPeriod)),
        rebate("T2", tiered(TierMethod::Marginal, Accumulation::Since(day("2025-01-01")))),
        fee("U1", unit(BaseMeasure::PurchasedQuantity, "0.125")),
        fee("U2", unit(BaseMeasure::SoldQuantity, "0.0333")),
        fee("STORE", AmountRule::PerStore(decimal("500.00"))),
        fee("DM", AmountRule::PerOccasion(decimal("33.33"))),
        clause(
            "P",
            ClauseKind::PromotionFunding,
            AmountRule::PromotionFunding,
            SettleMode::OnInvoice,
            TaxRule::Goods,
        ),
        clause(
            "SEP",
            ClauseKind::Data,
            AmountRule::Fixed(decimal("6.66")),
            SettleMode::Separate,
            TaxRule::OutOfScope,
        ),
    ];
    (stacks, clauses)
}

/// The methods the laws run through.
pub(crate) fn methods() -> Vec<Method> {
    let price = |id: &str, from: &str, amount: &str| SupplyPrice {
        sku: sku(id),
        from: day(from),
        price: decimal(amount),
        unit: Unit::Piece,
    };
    let prices: Vec<SupplyPrice> = SKUS
        .iter()
        .flat_map(|(id, _)| [price(id, "2025-01-01", "7.3333"), price(id, "2025-01-16", "7.5")])
        .collect();
    let consignment = |price_basis| {
        Method::Consignment(Consignment {
            price_basis,
            prices: prices.clone(),
            shrink: ShrinkBearer::Shared(rate("30%")),
            shrink_agreement: Some(document("AGR")),
        })
    };
    let mut turnover = TurnoverDeduction::at(rate("22.5%"));
    let over = |at, text: &str| RateOverride { at, rate: rate(text) };
    turnover.overrides = vec![
        over(RateTarget::Category(CategoryId::new("dairy").unwrap()), "18%"),
        over(RateTarget::Sku(sku("A2")), "17.77%"),
        over(RateTarget::AnyPromotion, "15%"),
    ];
    turnover.guarantee = Some(Guarantee {
        amount: decimal("5000.00"),
        cycle: endcap_calendar::Grain::Month,
        algorithm: GuaranteeAlgorithm::PerPeriod,
        rate: rate("20%"),
        measure: GuaranteeMeasure::Turnover,
        top_up_on: TopUpBase::Shortfall,
        true_up: TrueUp::TwoWay,
        promotion_sales: PromotionSales::Exclude,
        overage: None,
    });
    vec![
        credit(),
        consignment(PriceBasis::PriceAtDelivery),
        consignment(PriceBasis::PriceAtSale),
        Method::TurnoverDeduction(turnover),
    ]
}

pub(crate) fn seeds(most: usize) -> impl Strategy<Value = Vec<Seed>> {
    prop::collection::vec((1_u32..=31, 0_usize..4, 1_i64..60, 0_i64..90_000), 0..most)
}

/// A world from random facts; `which` chooses the method, `mask` the clauses.
pub(crate) fn world() -> impl Strategy<Value = World> {
    let facts = (seeds(8), seeds(4), seeds(12), seeds(4), seeds(3), seeds(2));
    (facts, 0_usize..4, any::<u32>(), prop::collection::vec(any::<bool>(), 12)).prop_map(
        |((deliveries, returns, sales, layers, movements, counts), which, mask, refunds)| {
            let (stacks, all) = clauses();
            let mut terms = terms(methods().swap_remove(which));
            terms.stacks = stacks;
            terms.clauses = all
                .into_iter()
                .enumerate()
                .filter(|(index, clause)| {
                    let always = ["STORE", "DM", "P", "D1"].contains(&clause.id.as_str());
                    always || mask & (1 << index) != 0
                })
                .map(|(_, clause)| clause)
                .collect();
            build(terms, (deliveries, returns, sales), (layers, movements, counts), &refunds)
        },
    )
}

pub(crate) fn build(
    terms: ContractTerms,
    (deliveries, returns, sales): (Vec<Seed>, Vec<Seed>, Vec<Seed>),
    (layers, movements, counts): (Vec<Seed>, Vec<Seed>, Vec<Seed>),
    refunds: &[bool],
) -> World {
    let named = |prefix: &str, index: usize| document(&format!("{prefix}{index}"));
    let product = |(id, category): &(&str, &str)| Product {
        sku: sku(id),
        category: Some(CategoryId::new(*category).unwrap()),
        brand: None,
    };
    let kinds = [MovementKind::TransferIn, MovementKind::Destroyed, MovementKind::Sample];
    let occasion = |clause: &str, id: &str, store: &str, count| Occasion {
        clause: ClauseId::new(clause).unwrap(),
        document: document(id),
        date: day("2025-01-09"),
        store: Some(StoreId::new(store).unwrap()),
        sku: None,
        count,
    };
    World {
        terms,
        products: SKUS.iter().map(product).collect(),
        deliveries: (0..)
            .zip(deliveries)
            .map(|(n, (d, s, q, c))| Delivery {
                document: named("D", n / 2),
                date: on(d),
                store: None,
                sku: sku(SKUS[s].0),
                quantity: pieces(q),
                amount: cents(c),
            })
            .collect(),
        returns: (0..)
            .zip(returns)
            .map(|(n, (d, s, q, c))| GoodsReturn {
                document: named("R", n),
                date: on(d),
                store: None,
                sku: sku(SKUS[s].0),
                quantity: pieces(q / 4),
                amount: cents(c),
            })
            .collect(),
        sales: (0..)
            .zip(sales)
            .map(|(n, (d, s, q, c))| {
                let back = refunds.get(n).copied().unwrap_or(false) && n % 3 == 0;
                let sign = if back { -1 } else { 1 };
                let original = OriginalTerms {
                    rate: (back && n % 2 == 0).then(|| rate("19.5%")),
                    supply_price: (back && n % 2 == 0).then(|| decimal("7.01")),
                };
                Sale {
                    document: named("S", n),
                    date: on(d),
                    store: None,
                    sku: sku(SKUS[s].0),
                    quantity: pieces(sign * q),
                    amount: cents(sign * c),
                    promotion: (n % 4 == 1).then(|| PromotionId::new("P").unwrap()),
                    original,
                }
            })
            .collect(),
        layers: (0..)
            .zip(layers)
            .map(|(n, (d, s, q, c))| Layer {
                document: named("L", n),
                date: on(d).checked_sub_months(chrono::Months::new(1)).unwrap(),
                sku: sku(SKUS[s].0),
                delivered: pieces(q + 20),
                amount: cents(c),
                remaining: pieces(if n == 1 { -q } else { q }),
            })
            .collect(),
        movements: (0..)
            .zip(movements)
            .map(|(n, (d, s, q, _))| Movement {
                document: named("M", n),
                date: on(d),
                sku: sku(SKUS[s].0),
                kind: kinds[n % 3],
                quantity: pieces(q / 5),
            })
            .collect(),
        // One count a SKU at most.
        counts: (0..)
            .zip(counts)
            .map(|(n, (_, _, q, _))| StockCount {
                date: day("2025-01-31"),
                sku: sku(SKUS[n].0),
                quantity: pieces(q / 10),
            })
            .collect(),
        occasions: vec![
            occasion("STORE", "O1", "S-1", 1),
            occasion("STORE", "O2", "S-1", 4),
            occasion("STORE", "O3", "S-2", 1),
            occasion("DM", "O4", "S-2", 3),
        ],
        funding: vec![
            PromotionFunding {
                promotion: PromotionId::new("P").unwrap(),
                kind: ClauseKind::PromotionFunding,
                document: document("PS-1"),
                date: day("2025-01-31"),
                amount: money("12.34"),
            };
            2
        ],
        advances: vec![SideAmount {
            document: document("ADV"),
            date: day("2025-01-02"),
            amount: money("50"),
        }],
    }
}
