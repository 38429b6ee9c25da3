//! Which facts a sum is over, in which order, and what they come to: the engine's columns against a plain reading of the
//! records, fact by fact and clause by clause, down to the trace.

use chrono::{Days, NaiveDate};
use endcap_calendar::Period;
use endcap_settlement::*;
use endcap_types::*;
use proptest::prelude::*;

use crate::support::*;
use crate::world::shuffle;

/// Day, document, SKU, units, amount.
type Seed = (u64, u8, usize, i64, (u8, i64));

/// A clause: kind of scope, categories, brands, SKUs, measure, days.
type Choice = (u8, u8, u8, u8, bool, Option<(u64, u64)>);

const SKUS: usize = 8;

/// The last SKU has no record; others lack a brand or a category.
fn products() -> Vec<Product> {
    (0..SKUS - 1)
        .map(|n| Product {
            sku: sku(&format!("SKU-{n}")),
            category: (n % 4 != 3).then(|| CategoryId::new(format!("c{}", n % 2)).unwrap()),
            brand: (n % 3 != 2).then(|| format!("b{}", n % 3)),
        })
        .collect()
}

fn on(seed: u64) -> NaiveDate {
    day("2024-12-28") + Days::new(seed)
}

/// Mostly small, some beyond 64 bits.
fn amount((size, minor): (u8, i64)) -> Money {
    let minor = match size {
        0 => i128::from(i64::MAX) + i128::from(minor),
        1 => i128::from(minor) * 10_i128.pow(18),
        _ => i128::from(minor),
    };
    Money::from_minor(minor, Currency::CNY).unwrap()
}

fn scope((kind, categories, brands, skus, ..): Choice) -> Scope {
    let mut named = Selection::default();
    for n in (0..2).filter(|n| categories & (1 << n) != 0) {
        named.categories.insert(CategoryId::new(format!("c{n}")).unwrap());
    }
    for n in (0..2).filter(|n| brands & (1 << n) != 0) {
        named.brands.insert(format!("b{n}"));
    }
    for n in (0..SKUS).filter(|n| skus & (1 << n) != 0) {
        named.skus.insert(sku(&format!("SKU-{n}")));
    }
    match kind {
        _ if named.is_empty() => Scope::All,
        0 => Scope::All,
        1 => Scope::Only(named),
        _ => Scope::Except(named),
    }
}

/// What a fact says, in the order in which facts are told apart.
type Row = (NaiveDate, String, String, rust_decimal::Decimal, i128);

#[derive(Debug, Clone)]
struct Months {
    deliveries: Vec<Delivery>,
    returns: Vec<GoodsReturn>,
    sales: Vec<Sale>,
    choices: Vec<Choice>,
    on_credit: bool,
}

impl Months {
    fn clauses(&self) -> Vec<Clause> {
        let clause = |(n, choice): (usize, &Choice)| {
            let of = match (self.on_credit, choice.4) {
                (true, true) => BaseMeasure::NetPurchases,
                (true, false) => BaseMeasure::GrossPurchases,
                (false, _) => BaseMeasure::Turnover,
            };
            let id = format!("K{n}");
            let rule = percent(of, "1.37%");
            let mut clause = clause(&id, ClauseKind::Rebate, rule, SettleMode::PaymentDeduct, TaxRule::Goods);
            clause.scope = scope(*choice);
            clause.valid = choice.5.map(|(from, days)| Period::new(on(from), on(from + days)).unwrap());
            clause
        };
        self.choices.iter().enumerate().map(clause).collect()
    }

    fn settle(&self) -> Result<Statement, SettlementError> {
        let method = if self.on_credit {
            credit()
        } else {
            Method::TurnoverDeduction(TurnoverDeduction::at(rate("22%")))
        };
        let contract = Contract::new(ContractTerms { clauses: self.clauses(), ..terms(method) }).unwrap();
        let products = products();
        let facts = Facts {
            products: &products,
            deliveries: &self.deliveries,
            returns: &self.returns,
            sales: &self.sales,
            ..Facts::default()
        };
        settle(&contract, &facts, period("2025-01"), &[])
    }

    /// Deliveries before returns, or sales, each in canonical order.
    fn rows(&self, kinds: &[usize]) -> Vec<(SkuId, Row)> {
        let mut all: [Vec<(SkuId, Row)>; 3] = Default::default();
        let row = |on: NaiveDate, id: &DocumentId, sku: &SkuId, quantity: &Quantity, minor: i128| {
            (sku.clone(), (on, id.to_string(), sku.to_string(), quantity.amount(), minor))
        };
        for r in &self.deliveries {
            all[0].push(row(r.date, &r.document, &r.sku, &r.quantity, r.amount.minor()));
        }
        for r in &self.returns {
            // Returns are ordered by their own amounts, which are positive.
            all[1].push(row(r.date, &r.document, &r.sku, &r.quantity, r.amount.minor()));
        }
        for r in &self.sales {
            all[2].push(row(r.date, &r.document, &r.sku, &r.quantity, r.amount.minor()));
        }
        let mut told = Vec::new();
        for kind in kinds {
            all[*kind].sort_by(|one, other| one.1.cmp(&other.1));
            told.extend(all[*kind].iter().cloned().map(|(sku, mut row)| {
                row.4 *= if *kind == 1 { -1 } else { 1 };
                (sku, row)
            }));
        }
        told.retain(|(_, row)| period("2025-01").contains(row.0));
        told
    }

    /// What a clause measures; an error where it asks for a record that is not there.
    fn measured(&self, clause: &Clause) -> Result<Vec<Row>, SettlementError> {
        let AmountRule::Percent(rule) = &clause.rule else { unreachable!() };
        let kinds: &[usize] = match rule.of {
            BaseMeasure::NetPurchases => &[0, 1],
            BaseMeasure::GrossPurchases => &[0],
            _ => &[2],
        };
        let products = products();
        let catalogue = Catalogue::new(&products).unwrap();
        let mut told = Vec::new();
        for (sku, row) in self.rows(kinds) {
            if clause.valid.is_none_or(|days| days.contains(row.0))
                && clause.scope.covers(&sku, &catalogue)?
            {
                told.push(row);
            }
        }
        Ok(told)
    }

    fn shuffled(&self, seed: u64) -> Self {
        let mut months = self.clone();
        shuffle(&mut months.deliveries, seed);
        shuffle(&mut months.returns, seed);
        shuffle(&mut months.sales, seed);
        months
    }
}

/// The facts under a node, in the order of the sum that lies over them.
fn facts_under(trace: &Trace, id: TraceId, what: &[What]) -> Option<Vec<(NaiveDate, String, i128)>> {
    let node = trace.node(id).unwrap();
    if node.formula == Formula::Sum && what.contains(&node.subject.what) {
        let fact = |id: &TraceId| {
            let fact = trace.node(*id).unwrap();
            assert_eq!(fact.formula, Formula::Given);
            let (minor, one) = fact.raw.fraction().unwrap();
            assert_eq!(one, 1);
            (fact.subject.on.unwrap(), fact.subject.of.clone(), minor)
        };
        return Some(node.inputs.iter().map(fact).collect());
    }
    node.inputs.iter().find_map(|input| facts_under(trace, *input, what))
}

fn named(rows: &[Row]) -> Vec<(NaiveDate, String, i128)> {
    rows.iter().map(|row| (row.0, format!("{} {}", row.1, row.2), row.4)).collect()
}

fn months() -> impl Strategy<Value = Months> {
    let facts = |most: usize| {
        let seed = (0_u64..40, 0_u8..6, 0_usize..SKUS, 1_i64..4, (0_u8..8, 0_i64..900));
        prop::collection::vec(seed, 0..most)
    };
    let days = prop::option::of((4_u64..38, 1_u64..20));
    let choice = (0_u8..3, 0_u8..4, 0_u8..4, any::<u8>(), any::<bool>(), days);
    let choices = prop::collection::vec(choice, 1..6);
    (facts(24), facts(8), facts(24), choices, any::<bool>(), any::<[bool; 2]>()).prop_map(
        |(deliveries, returns, sales, choices, on_credit, [long, unknown])| {
            // Short documents are numbers as a whole; long ones are ranked by their texts.
            let name = |n: u8| {
                document(&if long {
                    format!("{}-NOTE-{n}{n}", "NORTH".repeat(usize::from(n)))
                } else {
                    format!("N{n}")
                })
            };
            let of = |n: usize| sku(&format!("SKU-{}", if unknown { n } else { n % (SKUS - 1) }));
            let delivered = |(d, n, s, q, a): Seed| Delivery {
                document: name(n),
                date: on(d),
                store: None,
                sku: of(s),
                quantity: pieces(q),
                amount: amount(a),
            };
            let returned = |(d, n, s, q, a): Seed| GoodsReturn {
                document: name(n),
                date: on(d),
                store: None,
                sku: of(s),
                quantity: pieces(q),
                amount: amount(a),
            };
            let sold = |(d, n, s, q, a): Seed| Sale {
                document: name(n),
                date: on(d),
                store: None,
                sku: of(s),
                quantity: pieces(q),
                amount: amount(a),
                promotion: None,
                original: OriginalTerms::default(),
            };
            Months {
                deliveries: deliveries.into_iter().map(delivered).collect(),
                returns: returns.into_iter().map(returned).collect(),
                sales: sales.into_iter().map(sold).collect(),
                choices,
                on_credit,
            }
        },
    )
}

proptest! {
    #![proptest_config(crate::support::at_least(1_000))]

    #[test]
    fn every_sum_is_over_the_facts_a_reader_would_choose(months in months(), seed in any::<u64>()) {
        let in_force = |clause: &&Clause| {
            clause.valid.is_none_or(|days| days.intersect(period("2025-01")).is_some())
        };
        let clauses = months.clauses();
        let clauses: Vec<&Clause> = clauses.iter().filter(in_force).collect();
        let unknown = clauses.iter().find_map(|clause| months.measured(clause).err());
        let settled = months.settle();
        if let Some(unknown) = unknown {
            let told = settled.unwrap_err();
            prop_assert_eq!(told.to_string(), unknown.to_string());
            return Ok(());
        }
        let statement = settled.unwrap();
        let trace = statement.trace();
        let measures = [What::NetPurchases, What::GrossPurchases, What::Turnover];
        for clause in clauses {
            let expected = named(&months.measured(clause).unwrap());
            let line = statement.lines().iter().find(|line| line.clause.as_ref() == Some(&clause.id)).unwrap();
            let told = facts_under(trace, line.trace, &measures).unwrap();
            prop_assert_eq!(&told, &expected, "{}", clause.id);
            let sum: i128 = expected.iter().map(|fact| fact.2).sum();
            prop_assert_eq!(line.basis, Some(Basis::Amount(Money::from_minor(sum, Currency::CNY).unwrap())));
            let exact = Exact::from_int(sum).mul(&rate("1.37%").to_exact()).unwrap();
            let posted = Unrounded::new(exact, Currency::CNY).round(&Rounding::HALF_AWAY).unwrap();
            prop_assert_eq!(line.amount, posted);
        }
        if months.on_credit {
            for (kind, list) in [(LineKind::DeliveredGoods, 0), (LineKind::ReturnedGoods, 1)] {
                let rows: Vec<Row> = months.rows(&[list]).into_iter().map(|(_, row)| row).collect();
                let mut documents: Vec<&String> = rows.iter().map(|row| &row.1).collect();
                documents.sort();
                documents.dedup();
                prop_assert_eq!(statement.lines_of(kind).count(), documents.len());
                for (line, document) in statement.lines_of(kind).zip(documents) {
                    prop_assert_eq!(line.document.as_ref().map(DocumentId::as_str), Some(document.as_str()));
                    let of: Vec<Row> = rows.iter().filter(|row| row.1 == *document).cloned().collect();
                    let told = facts_under(trace, line.trace, &[kind_of(kind)]).unwrap();
                    prop_assert_eq!(told, named(&of));
                    prop_assert_eq!(line.amount.minor(), of.iter().map(|row| row.4).sum::<i128>());
                }
            }
        }
        trace.verify().unwrap();
        let other = months.shuffled(seed).settle().unwrap();
        prop_assert_eq!(statement.fingerprint(), other.fingerprint());
        prop_assert_eq!(statement, other);
    }
}

fn kind_of(kind: LineKind) -> What {
    if kind == LineKind::DeliveredGoods { What::DeliveredGoods } else { What::ReturnedGoods }
}

/// Which of two unknown SKUs, or of two broken sales, an error names does not depend on the order of the list.
#[test]
fn the_order_of_facts_does_not_choose_the_error() {
    let dairy = Selection { categories: [CategoryId::new("dairy").unwrap()].into(), ..Selection::default() };
    let turnover = Method::TurnoverDeduction(TurnoverDeduction::at(rate("22%")));
    let scoped = |method| ContractTerms { scope: Scope::Only(dairy.clone()), ..terms(method) };
    let told = |terms: ContractTerms, facts: &Facts<'_>| {
        settle(&Contract::new(terms).unwrap(), facts, period("2025-01"), &[]).unwrap_err().to_string()
    };
    let sales = [sale("S2", "2025-01-10", "X", 1, "1"), sale("S1", "2025-01-10", "Y", 1, "1")];
    let [one, other] = sales.clone();
    let turned = [other, one];
    let first = told(scoped(turnover.clone()), &Facts { sales: &sales, ..Facts::default() });
    assert_eq!(first, told(scoped(turnover.clone()), &Facts { sales: &turned, ..Facts::default() }));
    assert!(first.contains('Y'), "{first}");

    let layer = |id: &str, of: &str| Layer {
        document: document(id),
        date: day("2024-12-01"),
        sku: sku(of),
        delivered: pieces(1),
        amount: money("1"),
        remaining: pieces(1),
    };
    let consigned = Method::Consignment(Consignment {
        price_basis: PriceBasis::PriceAtDelivery,
        prices: vec![],
        shrink: ShrinkBearer::Retailer,
        shrink_agreement: None,
    });
    let layers = [layer("L2", "X"), layer("L1", "Y")];
    let turned = [layer("L1", "Y"), layer("L2", "X")];
    let first = told(scoped(consigned.clone()), &Facts { opening_layers: &layers, ..Facts::default() });
    assert_eq!(first, told(scoped(consigned), &Facts { opening_layers: &turned, ..Facts::default() }));

    let broken = |id: &str, tag: &str| TillSale {
        sale: sale(id, "2025-01-10", "A1", 1, "10"),
        tag: money(tag),
        discounts: vec![],
        tenders: vec![],
    };
    let tills = [broken("S2", "11"), broken("S1", "12")];
    let turned = [broken("S1", "12"), broken("S2", "11")];
    let first = told(terms(turnover.clone()), &Facts { till_sales: &tills, ..Facts::default() });
    assert_eq!(first, told(terms(turnover.clone()), &Facts { till_sales: &turned, ..Facts::default() }));
    assert!(first.contains("S1"), "{first}");

    let product =
        |of: &str, brand: &str| Product { sku: sku(of), category: None, brand: Some(brand.to_owned()) };
    let products = [product("B", "1"), product("B", "2"), product("A", "1"), product("A", "2")];
    let turned: Vec<Product> = products.iter().rev().cloned().collect();
    let first = told(terms(turnover.clone()), &Facts { products: &products, ..Facts::default() });
    assert_eq!(first, told(terms(turnover), &Facts { products: &turned, ..Facts::default() }));
}
