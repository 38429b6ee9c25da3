//! Contracts and facts from arbitrary bytes: mostly sound ones, for refused contracts settle nothing.

use arbitrary::Arbitrary;
use chrono::NaiveDate;
use endcap_calendar::{Grain, Period};
use endcap_settlement::*;
use endcap_types::*;
use rust_decimal::Decimal;

use crate::beyond::{BeyondSeed, MOST};

#[derive(Debug, Arbitrary)]
pub struct World {
    terms: TermsSeed,
    clauses: Vec<ClauseSeed>,
    deliveries: Vec<FactSeed>,
    returns: Vec<FactSeed>,
    sales: Vec<FactSeed>,
    layers: Vec<FactSeed>,
    counts: Vec<FactSeed>,
    occasions: Vec<(u8, u8, u8, u8)>,
    sides: Vec<(bool, u8, i32)>,
    month: u8,
    beyond: BeyondSeed,
}

#[derive(Debug, Arbitrary)]
struct TermsSeed {
    method: u8,
    currency: u8,
    exclusive: bool,
    site: u8,
    rounding: (u8, u8),
    rate: u16,
    several_rates: bool,
    overrides: [u8; 3],
    tiers: Vec<(u32, u16)>,
    tier_method: u8,
    guarantee: Option<(u32, u8, u8, u16, u8, u8, bool)>,
    occupancy: Option<(u16, u8)>,
    shrink: u8,
    price_basis: u8,
    scope: u8,
    first: u8,
}

#[derive(Debug, Arbitrary)]
struct ClauseSeed {
    rule: u8,
    of: u8,
    value: u32,
    scope: u8,
    settle: u8,
    tax: u8,
    stack: u8,
    limits: (Option<u16>, Option<u16>),
    valid: Option<(u8, u8)>,
    flags: u8,
    tiers: Vec<(u32, u16)>,
}

#[derive(Debug, Arbitrary)]
struct FactSeed {
    day: u8,
    sku: u8,
    quantity: i16,
    amount: Amount,
    document: u8,
    detail: u8,
}

#[derive(Debug, Arbitrary, Clone, Copy)]
enum Amount {
    Usual(i32),
    Huge(i128),
}

const SKUS: [&str; 5] = ["A1", "A2", "B1", "C1", "Z9"];
const CURRENCIES: [Currency; 3] = [Currency::CNY, Currency::JPY, Currency::KWD];

pub fn sku(seed: u8) -> SkuId {
    SkuId::new(SKUS[usize::from(seed) % SKUS.len()]).unwrap()
}

pub fn day(seed: u8) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 1, 1).unwrap() + chrono::Days::new(u64::from(seed) % 70)
}

pub fn rate(seed: u16) -> Rate {
    Rate::percent(Decimal::new(seed.into(), 3)).unwrap()
}

pub fn table(rows: &[(u32, u16)], flags: u8) -> Option<TierTable> {
    let mut rows: Vec<_> =
        rows.iter().map(|(from, share)| (Decimal::new(i64::from(*from), 2), *share)).collect();
    rows.sort();
    rows.dedup_by_key(|row| row.0);
    let flat = |share: u16| if flags & 8 != 0 { Decimal::new(share.into(), 2) } else { Decimal::ZERO };
    let tiers = rows.into_iter().map(|(from, share)| Tier::rate(from, rate(share)).with_flat(flat(share)));
    TierTable::new(tiers, if flags & 1 == 0 { Boundary::ReachedAt } else { Boundary::Exceeds }).ok()
}

fn tier_method(seed: u8) -> TierMethod {
    [TierMethod::Marginal, TierMethod::Whole, TierMethod::Rolling, TierMethod::Total][usize::from(seed) % 4]
}

pub fn document(seed: u8) -> DocumentId {
    DocumentId::new(format!("D-{}", seed % 16)).unwrap()
}

fn scope(seed: u8) -> Scope {
    let mut named = Selection::default();
    match seed % 4 {
        0 => return Scope::All,
        1 => drop(named.categories.insert(CategoryId::new("dairy").unwrap())),
        2 => drop(named.brands.insert("own".to_owned())),
        _ => drop(named.skus.insert(sku(seed >> 2))),
    }
    if seed & 128 == 0 { Scope::Only(named) } else { Scope::Except(named) }
}

impl ClauseSeed {
    fn clause(&self, number: usize) -> Option<Clause> {
        use BaseMeasure::{Goods, GrossPurchases, NetPurchases, PurchasedQuantity, SoldQuantity, Turnover};
        let bases = [GrossPurchases, NetPurchases, Turnover, Goods, PurchasedQuantity, SoldQuantity];
        let of = bases[usize::from(self.of) % bases.len()];
        let value = Decimal::new(self.value.into(), 2);
        let base_tax = if self.flags & 2 == 0 { TaxBasis::Inclusive } else { TaxBasis::Exclusive };
        let percent = Percent { of, rate: rate(self.value as u16), base_tax };
        let rule = match self.rule % 7 {
            0 => AmountRule::Fixed(value),
            1 => AmountRule::PerUnit(PerUnit { of, amount: value }),
            2 => AmountRule::PerStore(value),
            3 => AmountRule::PerOccasion(value),
            4 => AmountRule::Percent(percent),
            _ => AmountRule::Tiered(Tiered {
                of,
                base_tax,
                method: tier_method(self.flags),
                table: table(&self.tiers, self.flags)?,
                accumulate: match self.flags & 4 {
                    0 => Accumulation::EachPeriod,
                    _ => Accumulation::Since(day(0)),
                },
                true_up: if self.flags & 16 == 0 { TrueUp::TwoWay } else { TrueUp::UpOnly },
            }),
        };
        let settle = [
            SettleMode::OnInvoice,
            SettleMode::InvoiceDeduct,
            SettleMode::PaymentDeduct,
            SettleMode::Separate,
        ][usize::from(self.settle) % 4];
        let tax = match self.tax % 4 {
            0 => TaxRule::Goods,
            1 => TaxRule::Service,
            2 => TaxRule::Rate(rate(self.tax.into())),
            _ => TaxRule::OutOfScope,
        };
        let id = ClauseId::new(format!("K{number}")).unwrap();
        let mut clause = Clause::new(id, ClauseKind::Rebate, rule, settle, tax);
        clause.scope = scope(self.scope);
        clause.floor = self.limits.0.map(|limit| Decimal::new(limit.into(), 2));
        clause.cap = self.limits.1.map(|limit| Decimal::new(limit.into(), 1));
        clause.valid = self.valid.and_then(|(from, to)| Period::closed(day(from), day(to)).ok());
        clause.proration =
            [Proration::None, Proration::Days, Proration::DaysWithLimits][usize::from(self.flags >> 5) % 3];
        clause.priority = u32::from(self.stack >> 3);
        if self.stack & 7 < 5 && self.flags & 64 != 0 {
            clause.stack = Some(format!("S{}", self.stack & 7));
        }
        Some(clause)
    }
}

impl World {
    fn currency(&self) -> Currency {
        CURRENCIES[usize::from(self.terms.currency) % CURRENCIES.len()]
    }

    fn money(&self, amount: Amount) -> Option<Money> {
        let minor = match amount {
            Amount::Usual(minor) => minor.into(),
            Amount::Huge(minor) => minor,
        };
        Money::from_minor(minor, self.currency()).ok()
    }

    pub fn period(&self) -> Period {
        match self.month % 4 {
            0 | 1 => Period::month(2025, 1).unwrap(),
            2 => Period::month(2025, 2).unwrap(),
            _ => Period::quarter(2025, 1).unwrap(),
        }
    }

    fn method(&self) -> Method {
        let seed = &self.terms;
        match seed.method % 3 {
            0 => Method::CreditTerms(CreditTerms {}),
            1 => Method::Consignment(Consignment {
                price_basis: self.beyond.price_basis().unwrap_or(
                    [PriceBasis::PriceAtDelivery, PriceBasis::PriceAtSale, PriceBasis::AverageOfPeriod]
                        [usize::from(seed.price_basis) % 3],
                ),
                prices: (0..4)
                    .map(|n| SupplyPrice {
                        sku: sku(n),
                        from: day(n * 3),
                        price: Decimal::new(i64::from(seed.rate) + 1, 2),
                        unit: Unit::Piece,
                    })
                    .collect(),
                shrink: match seed.shrink % 4 {
                    0 => ShrinkBearer::Retailer,
                    1 => ShrinkBearer::Supplier,
                    2 => ShrinkBearer::Shared(rate(u16::from(seed.shrink) * 100)),
                    _ => ShrinkBearer::RetailerAboveAllowance(rate(u16::from(seed.shrink))),
                },
                shrink_agreement: DocumentId::new("AGREED").ok(),
            }),
            _ => Method::TurnoverDeduction(self.turnover()),
        }
    }

    fn turnover(&self) -> TurnoverDeduction {
        let seed = &self.terms;
        let mut method = TurnoverDeduction::at(rate(seed.rate));
        let targets = [
            RateTarget::AnyPromotion,
            RateTarget::Sku(sku(1)),
            RateTarget::Category(CategoryId::new("dairy").unwrap()),
        ];
        for (at, share) in targets.into_iter().zip(seed.overrides) {
            if share & 1 == 1 {
                method.overrides.push(RateOverride { at, rate: rate(share.into()) });
            }
        }
        let tiers = table(&seed.tiers, seed.tier_method >> 2);
        method.guarantee =
            seed.guarantee.map(|(amount, cycle, algorithm, share, measure, on, overage)| Guarantee {
                amount: Decimal::new(amount.into(), 2),
                cycle: [Grain::Month, Grain::Quarter, Grain::Year][usize::from(cycle) % 3],
                algorithm: [
                    GuaranteeAlgorithm::PerPeriod,
                    GuaranteeAlgorithm::MonthlyThenTrueUp,
                    GuaranteeAlgorithm::CycleEnd,
                    GuaranteeAlgorithm::CumulativeCarry,
                ][usize::from(algorithm) % 4],
                rate: rate(share),
                measure: [GuaranteeMeasure::Turnover, GuaranteeMeasure::Commission][usize::from(measure) % 2],
                top_up_on: [TopUpBase::Shortfall, TopUpBase::Guarantee, TopUpBase::Turnover]
                    [usize::from(on) % 3],
                true_up: if on & 8 == 0 { TrueUp::TwoWay } else { TrueUp::UpOnly },
                promotion_sales: if on & 16 == 0 { PromotionSales::Count } else { PromotionSales::Exclude },
                overage: tiers.clone().filter(|_| overage),
            });
        if method.guarantee.as_ref().is_none_or(|terms| terms.overage.is_none()) {
            let tier_method = tier_method(seed.tier_method);
            method.tiers = tiers.map(|table| CommissionTiers { method: tier_method, table });
        }
        method.occupancy = seed.occupancy.map(|(rent, mode)| Occupancy {
            rent: Decimal::new(rent.into(), 1),
            mode: [
                OccupancyMode::Sum,
                OccupancyMode::MaxRentCommission,
                OccupancyMode::MaxRentCommissionGuarantee,
                OccupancyMode::NoCommissionBelowGuarantee,
            ][usize::from(mode) % 4],
        });
        self.beyond.extend(&mut method);
        method
    }

    pub fn contract(&self) -> Option<Contract> {
        let seed = &self.terms;
        let modes = [
            StackMode::Parallel,
            StackMode::Cascade,
            StackMode::Directed,
            StackMode::BestOf,
            StackMode::CappedSum(Decimal::new(seed.rate.into(), 1)),
        ];
        let clauses =
            self.clauses.iter().take(MOST).enumerate().filter_map(|(number, seed)| seed.clause(number));
        let clauses: Vec<Clause> = clauses.chain(self.beyond.clauses()).collect();
        let stacks = modes.into_iter().enumerate().map(|(n, mode)| Stack { id: format!("S{n}"), mode });
        let stacks =
            stacks.filter(|stack| clauses.iter().any(|clause| clause.stack.as_ref() == Some(&stack.id)));
        let milk = Selection { skus: [sku(0)].into(), ..Selection::default() };
        let several = vec![GoodsVat { at: milk, rate: rate(9_000) }];
        Contract::new(ContractTerms {
            id: ContractId::new("C-1").unwrap(),
            account: AccountId::new("WANYUE").unwrap(),
            currency: self.currency(),
            valid: Period::closed(day(seed.first % 20), NaiveDate::from_ymd_opt(2025, 12, 31).unwrap())
                .ok()?,
            scope: scope(seed.scope),
            payment_terms: "from(end_of_supply_period);days(45)".parse().unwrap(),
            goods_vat: rate(13_000),
            goods_vat_by: if seed.several_rates { several } else { vec![] },
            service_vat: Some(rate(6_000)),
            amounts: if seed.exclusive { TaxBasis::Exclusive } else { TaxBasis::Inclusive },
            tax_site: if seed.exclusive || seed.site & 1 == 0 {
                vat::TaxSite::PerLine
            } else {
                [vat::TaxSite::PerRateGroup, vat::TaxSite::PerDocument][usize::from(seed.site >> 1) % 2]
            },
            rounding: Rounding::new(RoundingMode::ALL[usize::from(seed.rounding.0) % 6])
                .with_step_minor(std::num::NonZeroU64::new(u64::from(seed.rounding.1 % 7) + 1).unwrap()),
            method: self.method(),
            stacks: stacks.collect(),
            clauses,
        })
        .ok()
    }

    pub fn facts(&self, contract: &Contract) -> Option<Owned> {
        let pieces = |count: i16| Quantity::pieces(count.into()).unwrap();
        let mut owned = Owned::default();
        for (sku_seed, (category, brand)) in
            [("dairy", "own"), ("dairy", "other"), ("care", "own")].iter().enumerate()
        {
            owned.products.push(Product {
                sku: sku(sku_seed as u8),
                category: CategoryId::new(*category).ok(),
                brand: Some((*brand).to_owned()),
            });
        }
        owned.products.push(Product { sku: sku(3), category: None, brand: None });
        for seed in self.deliveries.iter().take(MOST) {
            owned.deliveries.push(Delivery {
                document: document(seed.document),
                date: day(seed.day),
                store: None,
                sku: sku(seed.sku),
                quantity: pieces(seed.quantity),
                amount: self.money(seed.amount)?,
            });
        }
        for seed in self.returns.iter().take(MOST) {
            owned.returns.push(GoodsReturn {
                document: document(seed.document),
                date: day(seed.day),
                store: None,
                sku: sku(seed.sku),
                quantity: pieces(seed.quantity),
                amount: self.money(seed.amount)?,
            });
        }
        for seed in self.sales.iter().take(MOST) {
            owned.sales.push(Sale {
                document: document(seed.document),
                date: day(seed.day),
                store: None,
                sku: sku(seed.sku),
                quantity: pieces(seed.quantity),
                amount: self.money(seed.amount)?,
                promotion: (seed.detail & 1 == 1).then(|| PromotionId::new("P-1").unwrap()),
                original: OriginalTerms {
                    rate: (seed.detail & 2 == 2).then(|| rate(u16::from(seed.detail) * 50)),
                    supply_price: (seed.detail & 4 == 4).then(|| Decimal::new(seed.detail.into(), 1)),
                },
            });
        }
        for seed in self.layers.iter().take(MOST) {
            owned.layers.push(Layer {
                document: document(seed.document),
                date: day(seed.day),
                sku: sku(seed.sku),
                delivered: pieces(seed.quantity),
                amount: self.money(seed.amount)?,
                remaining: pieces(seed.quantity / (i16::from(seed.detail % 3) + 1)),
            });
        }
        for seed in self.counts.iter().take(MOST) {
            owned.counts.push(StockCount {
                date: day(seed.day),
                sku: sku(seed.sku),
                quantity: pieces(seed.quantity),
            });
        }
        for (clause, on, store, count) in self.occasions.iter().take(MOST) {
            let clauses = &contract.terms().clauses;
            let Some(clause) = clauses.get(usize::from(*clause) % clauses.len().max(1)) else { continue };
            owned.occasions.push(Occasion {
                clause: clause.id.clone(),
                document: document(*on),
                date: day(*on),
                store: (store & 1 == 1).then(|| StoreId::new(format!("T{}", store % 8)).unwrap()),
                sku: None,
                count: (*count).into(),
            });
        }
        for (advance, on, minor) in self.sides.iter().take(MOST) {
            let amount = Money::from_minor((*minor).into(), self.currency()).unwrap();
            let side = SideAmount { document: document(*on), date: day(*on), amount };
            if *advance { owned.advances.push(side) } else { owned.adjustments.push(side) }
        }
        self.beyond.facts(contract, &mut owned);
        // Under till terms every sale is told in detail.
        if self.beyond.has_till() && !owned.till_sales.is_empty() {
            owned.sales.clear();
        }
        Some(owned)
    }
}

#[derive(Default)]
pub struct Owned {
    products: Vec<Product>,
    deliveries: Vec<Delivery>,
    returns: Vec<GoodsReturn>,
    sales: Vec<Sale>,
    pub till_sales: Vec<TillSale>,
    pub peer_sales: Vec<SideAmount>,
    layers: Vec<Layer>,
    pub movements: Vec<Movement>,
    counts: Vec<StockCount>,
    occasions: Vec<Occasion>,
    pub funding: Vec<PromotionFunding>,
    pub references: Vec<Reference>,
    pub evidence: Vec<ClauseEvidence>,
    pub price_cuts: Vec<SupplyPriceCut>,
    pub opening_advances: Vec<SideAmount>,
    advances: Vec<SideAmount>,
    adjustments: Vec<SideAmount>,
}

impl Owned {
    pub fn facts(&self) -> Facts<'_> {
        Facts {
            products: &self.products,
            deliveries: &self.deliveries,
            returns: &self.returns,
            sales: &self.sales,
            opening_layers: &self.layers,
            counts: &self.counts,
            occasions: &self.occasions,
            advances: &self.advances,
            adjustments: &self.adjustments,
            till_sales: &self.till_sales,
            peer_sales: &self.peer_sales,
            movements: &self.movements,
            funding: &self.funding,
            references: &self.references,
            evidence: &self.evidence,
            price_cuts: &self.price_cuts,
            opening_advances: &self.opening_advances,
            ..Facts::default()
        }
    }

    pub fn reverse(&mut self) {
        self.products.reverse();
        self.deliveries.reverse();
        self.returns.reverse();
        self.sales.reverse();
        self.layers.reverse();
        self.counts.reverse();
        self.occasions.reverse();
        self.advances.reverse();
        self.adjustments.reverse();
        self.till_sales.reverse();
        self.till_sales.iter_mut().for_each(|sold| {
            sold.tenders.reverse();
            sold.discounts.reverse();
        });
        self.peer_sales.reverse();
        self.movements.reverse();
        self.funding.reverse();
        self.references.reverse();
        self.evidence.reverse();
        self.price_cuts.reverse();
        self.opening_advances.reverse();
    }
}
