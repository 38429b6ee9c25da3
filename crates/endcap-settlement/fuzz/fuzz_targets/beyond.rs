//! The newer half of what `settle` takes: the till in detail, rates by rule, growth, free goods, stock terms, evidence.

use arbitrary::Arbitrary;
use endcap_calendar::Period;
use endcap_settlement::*;
use endcap_types::*;
use rust_decimal::Decimal;

use crate::world::{Owned, day, document, rate, sku, table};

/// Most records of one kind: what a statement says of many it says of few, and few run faster.
pub const MOST: usize = 6;

#[derive(Debug, Arbitrary)]
pub struct TillSeed {
    day: u8,
    sku: u8,
    quantity: i8,
    document: u8,
    /// Discounts: kind and amount.
    discounts: [(u8, u16); 2],
    /// Tenders: which, amount, void.
    tenders: [(u8, i32, u8); 3],
    detail: u8,
}

#[derive(Debug, Arbitrary)]
pub struct BeyondSeed {
    /// What the till terms are; none below 64.
    till: u8,
    burdens: [u8; 3],
    fees: [u8; 2],
    rules: [(u8, u8, u8); 3],
    measure: u8,
    price_basis: u8,
    clauses: [(u8, u16, u8); 2],
    sold: Vec<TillSeed>,
    movements: Vec<(u8, u8, u8)>,
    funding: Vec<(u8, u16)>,
    references: Vec<(u8, u32)>,
    evidence: Vec<(u8, u8, u8)>,
    cuts: Vec<(u8, u8, u8, u8)>,
    peers: Vec<(u8, i32)>,
    opening_advances: Vec<(u8, i32)>,
}

fn tender(seed: u8) -> Tender {
    match seed % 6 {
        0 => Tender::Cash,
        1 => Tender::Card,
        2 => Tender::Mobile,
        3 => Tender::Voucher,
        4 => Tender::Points,
        _ => Tender::Other("gift card".to_owned()),
    }
}

fn store(seed: u8) -> Option<StoreId> {
    (seed & 1 == 1).then(|| StoreId::new(format!("T{}", seed % 4)).unwrap())
}

fn promotion(seed: u8) -> Option<PromotionId> {
    (seed & 2 == 2).then(|| PromotionId::new(format!("P-{}", seed % 3)).unwrap())
}

const BASES: [TurnoverBase; 4] = [
    TurnoverBase::GrossTag,
    TurnoverBase::Received,
    TurnoverBase::ReceivedLessVoucherVoid,
    TurnoverBase::ReceivedLessPoints,
];

impl BeyondSeed {
    /// Whether the till tells its sales apart.
    pub fn has_till(&self) -> bool {
        self.till >= 64
    }

    fn till(&self) -> TillTerms {
        let of =
            [BurdenOf::AnyDiscount, BurdenOf::Discount("K0".to_owned()), BurdenOf::Void(Tender::Voucher)];
        let burdens = of.into_iter().zip(self.burdens).filter(|(_, share)| *share > 30);
        let fees = [Tender::Card, Tender::Mobile].into_iter().zip(self.fees).filter(|(_, share)| *share > 60);
        TillTerms {
            base: BASES[usize::from(self.till) % 4],
            refunds: if self.till & 4 == 0 { RefundsInBase::Deducted } else { RefundsInBase::Ignored },
            fees: fees.map(|(tender, share)| TenderFee { tender, rate: rate(share.into()) }).collect(),
            base_tax: if self.till & 8 == 0 { TaxBasis::Inclusive } else { TaxBasis::Exclusive },
            burdens: burdens
                .map(|(of, share)| Burden { of, supplier: rate(u16::from(share) * 255) })
                .collect(),
        }
    }

    /// Adds what turnover deduction takes beyond rates, tiers and guarantees.
    pub fn extend(&self, method: &mut TurnoverDeduction) {
        if self.has_till() {
            method.till = Some(self.till());
        }
        if method.overrides.is_empty() {
            let rules = self.rules.iter().enumerate().filter(|(_, rule)| rule.0 & 1 == 1);
            method.rates = rules
                .map(|(n, (share, when, more))| RateRule {
                    id: format!("R{n}"),
                    rate: rate(u16::from(*share) * 100),
                    when: self.condition(*when, *more),
                    priority: n as u32,
                })
                .collect();
        }
        if self.measure & 1 == 1 {
            method.refund_rate = RefundRate::Current;
        }
        if let Some(guarantee) = &mut method.guarantee {
            match self.measure >> 5 {
                1 => guarantee.measure = GuaranteeMeasure::TurnoverOn(BASES[usize::from(self.measure) % 4]),
                2 => {
                    let times = Decimal::new(i64::from(self.measure), 1);
                    guarantee.measure = GuaranteeMeasure::PeerCounter(PeerCounter { times });
                }
                3 => {
                    guarantee.algorithm = GuaranteeAlgorithm::PaidAtStart;
                    guarantee.measure = GuaranteeMeasure::Commission;
                    guarantee.overage = None;
                }
                _ => {}
            }
        }
    }

    fn condition(&self, when: u8, more: u8) -> RateCondition {
        let mut condition = RateCondition::default();
        if when & 1 == 1 {
            condition.skus.insert(sku(more));
        }
        if when & 2 == 2 {
            condition.categories.insert(CategoryId::new("dairy").unwrap());
        }
        if when & 4 == 4 {
            condition.stores.insert(StoreId::new(format!("T{}", more % 4)).unwrap());
        }
        if when & 8 == 8 {
            condition.dates = Period::closed(day(more % 40), day(more % 40 + 20)).ok();
        }
        if when & 16 == 16 {
            condition.promotion = InPromotion::Any;
        }
        if when & 32 == 32 && self.has_till() {
            let boundary = if more & 1 == 0 { Boundary::ReachedAt } else { Boundary::Exceeds };
            condition.depth =
                Some(DepthRange { from: rate(u16::from(more) * 100), to: rate(60_000), boundary });
        }
        if when & 64 == 64 && self.has_till() {
            condition.tenders.insert(tender(more));
        }
        condition
    }

    /// Price bases that do not stand in the first half.
    pub fn price_basis(&self) -> Option<PriceBasis> {
        match self.price_basis % 6 {
            0 => Some(PriceBasis::PriceAtSettlement),
            1 => Some(PriceBasis::TillLessMarkup(rate(u16::from(self.price_basis) * 100))),
            2 => Some(PriceBasis::TillLessFee(SalesFee {
                rate: rate(u16::from(self.price_basis) * 50),
                base_tax: TaxBasis::Inclusive,
                settle: SettleMode::PaymentDeduct,
                tax: TaxRule::Service,
            })),
            _ => None,
        }
    }

    /// Clauses of the newer rules.
    pub fn clauses(&self) -> Vec<Clause> {
        let clause = |(n, (kind, value, flags)): (usize, &(u8, u16, u8))| {
            let accumulate =
                if flags & 1 == 0 { Accumulation::EachPeriod } else { Accumulation::Since(day(0)) };
            let amount = Decimal::new(i64::from(*value) + 1, 2);
            let quantity =
                [BaseMeasure::PurchasedQuantity, BaseMeasure::SoldQuantity][usize::from(flags >> 1) % 2];
            let rule = match kind % 7 {
                0 => AmountRule::Growth(Growth {
                    of: [BaseMeasure::NetPurchases, BaseMeasure::Turnover][usize::from(flags >> 1) % 2],
                    base_tax: TaxBasis::Inclusive,
                    by: if flags & 4 == 0 { GrowthBy::Percent } else { GrowthBy::Increment },
                    pay_on: if flags & 8 == 0 { GrowthBase::Total } else { GrowthBase::Increment },
                    table: table(&[(0, *value), (u32::from(*value), value / 2 + 1)], *flags)?,
                    accumulate,
                    true_up: TrueUp::TwoWay,
                }),
                1 => AmountRule::FreeGoods(FreeGoods {
                    of: quantity,
                    buy: Decimal::from(u32::from(flags >> 4) + 1),
                    free: Decimal::ONE,
                    value: if flags & 4 == 0 {
                        FreeGoodsValue::Price(amount)
                    } else {
                        FreeGoodsValue::Average
                    },
                    accumulate,
                    true_up: TrueUp::TwoWay,
                }),
                2 => AmountRule::BaseStock(amount),
                3 => AmountRule::PriceProtection(
                    [StockTerms::PureConsignment, StockTerms::SaleOrReturn, StockTerms::Prepaid]
                        [usize::from(flags >> 1) % 3],
                ),
                4 => AmountRule::PromotionFunding,
                _ => return None,
            };
            let tax = if flags & 16 == 0 { TaxRule::Goods } else { TaxRule::OutOfScope };
            let of_kind = if kind % 7 == 4 { ClauseKind::PromotionFunding } else { ClauseKind::Rebate };
            let id = ClauseId::new(format!("N{n}")).unwrap();
            let mut clause = Clause::new(id, of_kind, rule, SettleMode::PaymentDeduct, tax);
            if flags & 32 == 32 {
                clause.evidence = EvidenceNeed::Required;
            }
            Some(clause)
        };
        self.clauses.iter().enumerate().filter_map(clause).collect()
    }

    /// Facts of the newer kinds.
    pub fn facts(&self, contract: &Contract, owned: &mut Owned) {
        let money = |minor: i64| Money::from_minor(minor.into(), contract.currency()).unwrap();
        let clauses = &contract.terms().clauses;
        let clause =
            |seed: u8| clauses.get(usize::from(seed) % clauses.len().max(1)).map(|clause| &clause.id);
        for seed in self.sold.iter().take(MOST) {
            let tenders: Vec<TenderAmount> = seed
                .tenders
                .iter()
                .filter(|(_, amount, _)| *amount != 0)
                .map(|(of, amount, void)| {
                    let part = i64::from(*amount) * i64::from(*void % 5) / 5;
                    TenderAmount { tender: tender(*of), amount: money((*amount).into()), void: money(part) }
                })
                .collect();
            let discounts: Vec<TillDiscount> = seed
                .discounts
                .iter()
                .filter(|(_, amount)| *amount != 0)
                .map(|(kind, amount)| TillDiscount {
                    kind: format!("K{}", kind % 2),
                    amount: money((*amount).into()),
                })
                .collect();
            let paid: i128 = tenders.iter().map(|part| part.amount.minor()).sum();
            let less: i128 = discounts.iter().map(|part| part.amount.minor()).sum();
            let exact = |minor: i128| Money::from_minor(minor, contract.currency()).unwrap();
            // Mostly sums that add up; some that do not are refused, without a panic.
            let odd = i128::from(seed.detail & 128 == 128 && seed.detail & 64 == 64);
            owned.till_sales.push(TillSale {
                sale: Sale {
                    document: document(seed.document),
                    date: day(seed.day),
                    store: store(seed.detail),
                    sku: sku(seed.sku),
                    quantity: Quantity::pieces(seed.quantity.into()).unwrap(),
                    amount: exact(paid),
                    promotion: promotion(seed.detail),
                    original: OriginalTerms::default(),
                },
                tag: exact(paid + less + odd),
                discounts,
                tenders,
            });
        }
        let kinds = [
            MovementKind::TransferIn,
            MovementKind::TransferOut,
            MovementKind::Destroyed,
            MovementKind::Sample,
            MovementKind::AgreedShrink,
        ];
        for (on, of, count) in self.movements.iter().take(MOST) {
            owned.movements.push(Movement {
                document: document(*on),
                date: day(*on),
                sku: sku(*of),
                kind: kinds[usize::from(*count) % kinds.len()],
                quantity: Quantity::pieces((*count).into()).unwrap(),
            });
        }
        for (on, amount) in self.funding.iter().take(MOST) {
            owned.funding.push(PromotionFunding {
                promotion: PromotionId::new("P-1").unwrap(),
                kind: ClauseKind::PromotionFunding,
                document: document(*on),
                date: day(*on),
                amount: money((*amount).into()),
            });
        }
        for (on, base) in self.references.iter().take(MOST) {
            let Some(clause) = clause(*on) else { continue };
            let base = match on & 64 {
                0 => Basis::Amount(money((*base).into())),
                _ => Basis::Quantity(Quantity::pieces((*base).into()).unwrap()),
            };
            let (clause, document) = (clause.clone(), document(*on));
            owned.references.push(Reference { clause, document, date: day(*on), base });
        }
        for (of, from, to) in self.evidence.iter().take(MOST) {
            let (Some(clause), Ok(covers)) = (clause(*of), Period::closed(day(*from), day(*to))) else {
                continue;
            };
            let (clause, document) = (clause.clone(), document(*of));
            owned.evidence.push(ClauseEvidence { clause, document, covers });
        }
        for (on, of, price, stock) in self.cuts.iter().take(MOST) {
            let each = |cents: u8| {
                let tax = contract.terms().amounts;
                Price::new(Decimal::new(i64::from(cents) + 1, 2), contract.currency(), Unit::Piece, tax)
                    .unwrap()
            };
            owned.price_cuts.push(SupplyPriceCut {
                document: document(*on),
                date: day(*on),
                sku: sku(*of),
                cut: PriceCut {
                    old: each(*price),
                    new: each(price / 2),
                    on_hand: Quantity::pieces((*stock).into()).unwrap(),
                },
            });
        }
        let side = |(on, minor): &(u8, i32)| SideAmount {
            document: document(*on),
            date: day(*on),
            amount: money((*minor).into()),
        };
        owned.peer_sales.extend(self.peers.iter().take(MOST).map(side));
        owned.opening_advances.extend(self.opening_advances.iter().take(MOST).map(side));
    }
}
