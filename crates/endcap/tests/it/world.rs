//! Random contracts and months of trade.

use endcap::calendar::{Event, EventDates};
use endcap::settlement::*;
use endcap::types::*;
use proptest::prelude::*;

use crate::kit::*;

/// A month and the terms it is settled under.
#[derive(Debug, Clone)]
pub(crate) struct World {
    terms: ContractTerms,
    deliveries: Vec<Delivery>,
    returns: Vec<GoodsReturn>,
    sales: Vec<Sale>,
    advances: Vec<SideAmount>,
    adjustments: Vec<SideAmount>,
    confirmed: bool,
}

impl World {
    /// The statement of January 2025.
    pub(crate) fn settle(&self) -> Statement {
        let contract = Contract::new(self.terms.clone()).unwrap();
        let confirmed = EventDates::new().with(Event::StatementConfirmed, day("2025-02-06"));
        let facts = Facts {
            deliveries: &self.deliveries,
            returns: &self.returns,
            sales: &self.sales,
            advances: &self.advances,
            adjustments: &self.adjustments,
            events: if self.confirmed { confirmed } else { EventDates::new() },
            ..Facts::default()
        };
        settle(&contract, &facts, period("2025-01"), &[]).unwrap()
    }
}

fn method() -> impl Strategy<Value = Method> {
    let taken = prop_oneof![
        Just((SettleMode::OnInvoice, TaxRule::Goods)),
        Just((SettleMode::InvoiceDeduct, TaxRule::Goods)),
        Just((SettleMode::PaymentDeduct, TaxRule::Service)),
        Just((SettleMode::Separate, TaxRule::Rate(rate("9%")))),
    ];
    let turnover = (taken, 0_i64..300_000, any::<bool>()).prop_map(|((settle, tax), least, rent)| {
        let mut method = TurnoverDeduction::at(rate("22.5%"));
        (method.settle, method.tax) = (settle, tax);
        method.guarantee = (least > 0).then(|| Guarantee {
            amount: decimal(&fen(least).to_amount_string()),
            cycle: endcap::calendar::Grain::Month,
            algorithm: GuaranteeAlgorithm::PerPeriod,
            rate: rate("20%"),
            measure: GuaranteeMeasure::Turnover,
            top_up_on: TopUpBase::Shortfall,
            true_up: TrueUp::TwoWay,
            promotion_sales: PromotionSales::Count,
            overage: None,
        });
        method.occupancy = rent.then(|| Occupancy { rent: decimal("123.45"), mode: OccupancyMode::Sum });
        Method::TurnoverDeduction(method)
    });
    let consignment = Method::Consignment(Consignment {
        price_basis: PriceBasis::PriceAtSale,
        prices: ["A1", "A2"]
            .map(|id| SupplyPrice {
                sku: sku(id),
                from: day("2025-01-01"),
                price: decimal("7.3333"),
                unit: Unit::Piece,
            })
            .to_vec(),
        shrink: ShrinkBearer::Retailer,
        shrink_agreement: None,
    });
    prop_oneof![2 => Just(credit()), 1 => Just(consignment), 2 => turnover]
}

fn clauses() -> impl Strategy<Value = Vec<Clause>> {
    let measure = prop_oneof![
        Just(BaseMeasure::GrossPurchases),
        Just(BaseMeasure::NetPurchases),
        Just(BaseMeasure::Turnover),
        Just(BaseMeasure::Goods),
    ];
    let percent = (measure, 1_i64..900).prop_map(|(of, tenths)| {
        let rate = Rate::percent(rust_decimal::Decimal::new(tenths, 2)).unwrap();
        AmountRule::Percent(Percent { of, rate, base_tax: TaxBasis::Inclusive })
    });
    let fixed = (1_i64..200_000).prop_map(|minor| AmountRule::Fixed(decimal(&fen(minor).to_amount_string())));
    let off_invoice = prop_oneof![Just(SettleMode::PaymentDeduct), Just(SettleMode::Separate)];
    let any_tax = prop_oneof![
        Just(TaxRule::Goods),
        Just(TaxRule::Service),
        Just(TaxRule::Rate(rate("9%"))),
        Just(TaxRule::OutOfScope)
    ];
    // What lowers the invoice carries the tax of the goods.
    let settled = prop_oneof![
        Just((SettleMode::OnInvoice, TaxRule::Goods)),
        Just((SettleMode::InvoiceDeduct, TaxRule::Goods)),
        (off_invoice, any_tax),
    ];
    let basis = prop_oneof![Just(TaxBasis::Inclusive), Just(TaxBasis::Exclusive)];
    let one = (0..ClauseKind::ALL.len(), prop_oneof![percent, fixed], settled, basis);
    prop::collection::vec(one, 0..7).prop_map(|all| {
        (0..)
            .zip(all)
            .map(|(n, (kind, rule, (settle, tax), amounts))| {
                let clause = clause(&format!("K{n}"), ClauseKind::ALL[kind], rule, settle, tax);
                Clause {
                    amounts: if settle.lowers_invoice() { TaxBasis::Inclusive } else { amounts },
                    ..clause
                }
            })
            .collect()
    })
}

/// A random world: it may be empty, return more than was delivered, refund more than was sold, deduct more than is owed.
pub(crate) fn world() -> impl Strategy<Value = World> {
    let seeds = |most| prop::collection::vec((1_u32..=31, 1_i64..60, 0_i64..90_000), 0..most);
    let side = prop::collection::vec(-60_000_i64..60_000, 0..3);
    let due = prop_oneof![
        Just(("from(end_of_supply_period);days(45);run(next_dom(25))", false)),
        Just(("from(statement_confirmed);eom;days(30)", true)),
        Just(("from(statement_confirmed);eom;days(30)", false)),
    ];
    let site = prop_oneof![Just(vat::TaxSite::PerRateGroup), Just(vat::TaxSite::PerLine)];
    let contract = (method(), clauses(), due, site, any::<bool>());
    let facts = (seeds(5), seeds(3), seeds(6), side.clone(), side, any::<u8>());
    (contract, facts).prop_map(|((method, clauses, (due, confirmed), site, several), facts)| {
        let (deliveries, returns, sales, advances, adjustments, refunds) = facts;
        let mut terms = terms(method);
        (terms.clauses, terms.tax_site) = (clauses, site);
        terms.payment_terms = due.parse().unwrap();
        if several {
            let at = Selection { skus: [sku("A2")].into(), ..Selection::default() };
            terms.goods_vat_by = vec![GoodsVat { at, rate: rate("9%") }];
        }
        let article = |pieces: i64| sku(if pieces % 2 == 0 { "A1" } else { "A2" });
        let on = |d: u32| chrono::NaiveDate::from_ymd_opt(2025, 1, d).unwrap();
        let side = |name: &str, amounts: Vec<i64>| -> Vec<SideAmount> {
            (0..)
                .zip(amounts)
                .map(|(n, minor)| SideAmount {
                    document: document(&format!("{name}{n}")),
                    date: on(9),
                    amount: fen(minor),
                })
                .collect()
        };
        World {
            deliveries: (0..)
                .zip(deliveries)
                .map(|(n, (d, pieces, minor))| Delivery {
                    sku: article(pieces),
                    ..delivery(&format!("D{n}"), on(d), fen(minor))
                })
                .collect(),
            returns: (0..)
                .zip(returns)
                .map(|(n, (d, pieces, minor))| GoodsReturn {
                    sku: article(pieces),
                    ..goods_return(&format!("R{n}"), on(d), fen(minor))
                })
                .collect(),
            sales: (0..)
                .zip(sales)
                .map(|(n, (d, pieces, minor))| {
                    let sign = if refunds & (1 << n) == 0 { 1 } else { -1 };
                    let sale = sale(&format!("S{n}"), on(d), sign * pieces, fen(sign * minor));
                    Sale { sku: article(pieces), ..sale }
                })
                .collect(),
            advances: side("ADV", advances),
            adjustments: side("ADJ", adjustments),
            confirmed,
            terms,
        }
    })
}
