//! Goods of several VAT rates in one contract.

use std::collections::BTreeMap;

use endcap_settlement::*;
use endcap_types::vat::TaxSite;
use endcap_types::*;
use proptest::prelude::*;

use crate::support::*;
use crate::world::{World, build, cents, seeds, world};

/// Categories, brands and SKUs at a rate, each list joined by blanks.
fn at(categories: &str, brands: &str, skus: &str, text: &str) -> GoodsVat {
    let list = |text: &'static str| text.split_whitespace();
    let own = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
    GoodsVat {
        at: Selection {
            categories: list(own(categories)).map(|id| CategoryId::new(id).unwrap()).collect(),
            brands: list(own(brands)).map(str::to_owned).collect(),
            skus: list(own(skus)).map(sku).collect(),
        },
        rate: rate(text),
    }
}

fn rows() -> Vec<GoodsVat> {
    vec![at("dairy", "", "", "9%"), at("", "", "A2", "6%"), at("bakery", "", "", "0%")]
}

fn january(terms: ContractTerms, facts: &Facts<'_>) -> Statement {
    settle(&Contract::new(terms).unwrap(), facts, period("2025-01"), &[]).unwrap()
}

/// kind, VAT, amount, net, tax.
fn told(statement: &Statement) -> Vec<(LineKind, String, String, String, String)> {
    let text = |money: Money| money.to_amount_string();
    let line = |l: &StatementLine| (l.kind, l.vat.to_string(), text(l.amount), text(l.net), text(l.tax));
    statement.lines().iter().map(line).collect()
}

/// 600.00 at 13 % and 400.00 at 9 %, commission 22 %: 468.00 with 53.84 VAT and 312.00 with 25.76.
#[test]
fn a_basket_of_two_rates() {
    let mut terms = terms(Method::TurnoverDeduction(TurnoverDeduction::at(rate("22%"))));
    terms.goods_vat_by = vec![at("", "", "MILK", "9%")];
    let sales =
        [sale("S1", "2025-01-10", "SOAP", 60, "600.00"), sale("S1", "2025-01-10", "MILK", 40, "400.00")];
    let facts = Facts { sales: &sales, ..Facts::default() };
    let statement = january(terms.clone(), &facts);
    let line = |kind, vat: &str, amount: &str, net: &str, tax: &str| {
        (kind, vat.to_owned(), amount.to_owned(), net.to_owned(), tax.to_owned())
    };
    assert_eq!(
        told(&statement),
        [
            line(LineKind::Turnover, "9%", "400.00", "366.97", "33.03"),
            line(LineKind::Turnover, "13%", "600.00", "530.97", "69.03"),
            line(LineKind::Commission, "9%", "88.00", "80.73", "7.27"),
            line(LineKind::Commission, "13%", "132.00", "116.81", "15.19"),
        ]
    );
    let bases: Vec<_> = statement.lines_of(LineKind::Commission).map(|line| line.basis.unwrap()).collect();
    assert_eq!(bases, [Basis::Amount(money("400.00")), Basis::Amount(money("600.00"))]);
    assert_eq!(statement.totals().invoice, money("780.00"));
    assert_eq!(statement.totals().invoice_tax, money("79.60")); // 53.84 + 25.76
    let line = statement.lines_of(LineKind::Commission).next().unwrap();
    let why = statement.explain(line, Language::En).unwrap();
    assert_eq!(why[0], "commission [9%]: 88.00 = share 1 of 220.00 by 400.00 : 600.00");
    assert_eq!(why[1], "  commission: 220.00 = 1000.00 × 22%");
    assert_eq!(
        statement.explain(line, Language::Zh).unwrap()[0],
        "扣点 [9%]：88.00 = 220.00 按 400.00 : 600.00 分摊之第 1 份"
    );
    // 53.8407… + 25.7614… = 79.6022…
    terms.tax_site = TaxSite::PerDocument;
    assert_eq!(january(terms.clone(), &facts).totals().invoice_tax, money("79.60"));
    terms.tax_site = TaxSite::PerLine;
    assert_eq!(january(terms, &facts).totals().invoice_tax, money("79.60"));
}

/// SKU before brand before category; what no row names has the contract's rate.
#[test]
fn the_most_specific_rate_wins() {
    let mut terms = terms(credit());
    terms.goods_vat_by =
        vec![at("dairy", "", "", "9%"), at("", "Imported", "", "6%"), at("", "", "X9", "0%")];
    let contract = Contract::new(terms).unwrap();
    let product = |id: &str, category: Option<&str>, brand: Option<&str>| Product {
        sku: sku(id),
        category: category.map(|id| CategoryId::new(id).unwrap()),
        brand: brand.map(str::to_owned),
    };
    let products = [
        product("A1", Some("dairy"), None),
        product("A2", Some("dairy"), Some("Imported")),
        product("X9", Some("dairy"), Some("Imported")),
        product("B1", Some("care"), Some("Own")),
        product("B2", None, None),
    ];
    let catalogue = Catalogue::new(&products).unwrap();
    let rate_of = |id: &str| contract.goods_vat_of(&sku(id), &catalogue).map(|rate| rate.to_string());
    let rates = ["A1", "A2", "X9", "B1", "B2"].map(|id| rate_of(id).unwrap());
    assert_eq!(rates, ["9%", "6%", "0%", "13%", "13%"]);
    assert_eq!(rate_of("C1"), Err(SettlementError::UnknownProduct { sku: sku("C1") }));
    // A row for SKUs alone asks for no product record.
    let mut terms = contract.terms().clone();
    terms.goods_vat_by = vec![at("", "", "X9", "0%")];
    let contract = Contract::new(terms).unwrap();
    assert_eq!(contract.goods_vat_of(&sku("C1"), &catalogue).unwrap(), rate("13%"));
}

#[test]
fn rates_that_break_rules() {
    let told = |rows: Vec<GoodsVat>| {
        let mut terms = terms(credit());
        terms.goods_vat_by = rows;
        terms.validate().iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(told(vec![at("", "", "", "9%")]), ["goods_vat_by[0]: no category, brand or SKU is named"]);
    assert_eq!(told(vec![at("a", "", "", "109%")]), ["goods_vat_by[0]: rate 109% is outside 0% to 100%"]);
    let twice = vec![at("dairy", "B", "", "9%"), at("care dairy", "C", "A1", "6%"), at("", "B", "A1", "6%")];
    assert_eq!(
        told(twice),
        [
            "goods_vat_by[1]: category dairy already has a rate",
            "goods_vat_by[2]: SKU A1 already has a rate",
            "goods_vat_by[2]: brand B already has a rate",
        ]
    );
}

fn cumulative(tax: TaxRule, settle: SettleMode) -> Clause {
    let tiers = [("0", "1%"), ("2000", "2.5%"), ("5000", "3.3333%")];
    let rule = AmountRule::Tiered(Tiered {
        of: BaseMeasure::NetPurchases,
        base_tax: TaxBasis::Exclusive,
        method: TierMethod::Whole,
        table: TierTable::new(
            tiers.map(|(from, text)| Tier::rate(decimal(from), rate(text))),
            Boundary::ReachedAt,
        )
        .unwrap(),
        accumulate: Accumulation::Since(day("2025-01-01")),
        true_up: TrueUp::TwoWay,
    });
    clause("R", ClauseKind::Rebate, rule, settle, tax)
}

#[test]
fn a_cumulative_net_base_keeps_its_rates() {
    let problems = |tax, rows| {
        let mut terms = terms(credit());
        terms.goods_vat_by = rows;
        terms.clauses = vec![cumulative(tax, SettleMode::PaymentDeduct)];
        terms.validate().iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert!(problems(TaxRule::Service, vec![]).is_empty());
    assert!(problems(TaxRule::Goods, rows()).is_empty());
    assert_eq!(
        problems(TaxRule::Service, rows()),
        ["clauses[R].rule: a cumulative base without VAT over goods of several rates needs tax = \"goods\""]
    );
}

/// 1 130.00 at 13 % and 1 090.00 at 9 % are 2 000.00 without VAT: the second tier is reached, 2.5 % is 50.00.
#[test]
fn a_net_base_takes_each_rate_out() {
    let mut terms = terms(credit());
    terms.goods_vat_by = vec![at("", "", "A2", "9%")];
    terms.clauses = vec![cumulative(TaxRule::Goods, SettleMode::InvoiceDeduct)];
    let deliveries =
        [delivery("D1", "2025-01-02", "A1", 1, "1130.00"), delivery("D1", "2025-01-02", "A2", 1, "1090.00")];
    let statement = january(terms, &Facts { deliveries: &deliveries, ..Facts::default() });
    assert_eq!(statement.totals().invoice_deduct, money("50.00"));
    let shares: Vec<String> = statement
        .lines()
        .iter()
        .filter(|line| line.clause.is_some())
        .map(|line| format!("{} {}", line.vat, line.amount.to_amount_string()))
        .collect();
    // 50 × 1 090 / 2 220 = 24.549…
    assert_eq!(shares, ["9% 24.55", "13% 25.45"]);
}

/// Returns only: the deduction follows its negative base. Nothing at all: the contract's rate.
#[test]
fn bases_below_zero_and_empty_bases() {
    let mut terms = terms(credit());
    terms.goods_vat_by = vec![at("", "", "A2", "9%")];
    let rebate = percent(BaseMeasure::NetPurchases, "1%");
    let fixed = AmountRule::Fixed(decimal("10.00"));
    terms.clauses = vec![
        clause("R", ClauseKind::Rebate, rebate, SettleMode::InvoiceDeduct, TaxRule::Goods),
        clause("F", ClauseKind::Damage, fixed, SettleMode::InvoiceDeduct, TaxRule::Goods),
    ];
    let shares = |deliveries: &[Delivery], returns: &[GoodsReturn]| {
        let statement = january(terms.clone(), &Facts { deliveries, returns, ..Facts::default() });
        statement.trace().verify().unwrap();
        let lines = statement.lines().iter().filter(|line| line.column == Column::InvoiceDeduct);
        let text = |l: &StatementLine| {
            let basis = l.basis.map_or_else(|| "-".to_owned(), |basis| basis.to_string());
            format!("{} {} {} {basis}", l.clause.clone().unwrap(), l.vat, l.amount.to_amount_string())
        };
        lines.map(text).collect::<Vec<_>>()
    };
    let back =
        [goods_return("R1", "2025-01-02", "A1", 1, "300"), goods_return("R2", "2025-01-02", "A2", 1, "100")];
    assert_eq!(
        shares(&[], &back),
        ["R 9% -1.00 CNY -100.00", "R 13% -3.00 CNY -300.00", "F 9% 2.50 -", "F 13% 7.50 -"]
    );
    assert_eq!(shares(&[], &[]), ["R 13% 0.00 CNY 0.00", "F 13% 10.00 -"]);
    // 300 in at 13 %, 100 back at 9 %: the rebate of 2.00 stays with the goods that earned it.
    let bought = [delivery("D1", "2025-01-02", "A1", 1, "300")];
    assert_eq!(
        shares(&bought, &back[1..]),
        ["R 9% 0.00 CNY -100.00", "R 13% 2.00 CNY 300.00", "F 13% 10.00 -"]
    );
}

/// 100.00 at 13 % and 50.00 at 9 %, both without VAT; 10 % of the goods is 15.00 without VAT.
#[test]
fn net_amounts_at_two_rates() {
    let mut terms = terms(credit());
    (terms.amounts, terms.tax_site) = (TaxBasis::Exclusive, TaxSite::PerLine);
    terms.goods_vat_by = vec![at("", "", "A2", "9%")];
    let rule = AmountRule::Percent(Percent {
        of: BaseMeasure::Goods,
        rate: rate("10%"),
        base_tax: TaxBasis::Exclusive,
    });
    let mut rebate = clause("R", ClauseKind::Rebate, rule, SettleMode::InvoiceDeduct, TaxRule::Goods);
    rebate.amounts = TaxBasis::Exclusive;
    terms.clauses = vec![rebate];
    let deliveries =
        [delivery("D1", "2025-01-02", "A1", 1, "100"), delivery("D1", "2025-01-02", "A2", 1, "50")];
    let statement = january(terms, &Facts { deliveries: &deliveries, ..Facts::default() });
    statement.trace().verify().unwrap();
    let lines: Vec<String> =
        told(&statement).iter().map(|l| format!("{} {} {} {}", l.1, l.2, l.3, l.4)).collect();
    assert_eq!(
        lines,
        ["9% 54.50 50.00 4.50", "13% 113.00 100.00 13.00", "9% 5.45 5.00 0.45", "13% 11.30 10.00 1.30"]
    );
    assert_eq!(statement.totals().invoice, money("150.75"));
    assert_eq!(statement.totals().invoice_tax, money("15.75"));
}

/// Rent measures nothing: it follows the goods of the statement.
#[test]
fn rent_follows_the_goods() {
    let mut method = TurnoverDeduction::at(rate("0%"));
    method.occupancy = Some(Occupancy { rent: decimal("100.01"), mode: OccupancyMode::MaxRentCommission });
    let mut terms = terms(Method::TurnoverDeduction(method));
    terms.goods_vat_by = vec![at("", "", "A2", "9%")];
    let sales = [sale("S1", "2025-01-10", "A1", 1, "600"), sale("S1", "2025-01-10", "A2", 1, "400")];
    let statement = january(terms, &Facts { sales: &sales, ..Facts::default() });
    let rents: Vec<String> =
        statement.lines_of(LineKind::Rent).map(|l| format!("{} {}", l.vat, l.amount)).collect();
    assert_eq!(rents, ["9% CNY 40.00", "13% CNY 60.01"]);
}

fn several(mut world: World) -> World {
    world.terms.goods_vat_by = rows();
    world
}

/// Gross amounts by line but for the rate and what is brought down by it.
fn amounts(statement: &Statement) -> BTreeMap<(Column, LineKind, String, String), i128> {
    let mut sums = BTreeMap::new();
    for line in statement.lines() {
        let name = |id: Option<String>| id.unwrap_or_default();
        let clause = name(line.clause.as_ref().map(ToString::to_string));
        if clause == "T1" || clause == "T2" {
            continue;
        }
        let of = name(
            line.document.as_ref().map(ToString::to_string).or(line.sku.as_ref().map(ToString::to_string)),
        );
        *sums.entry((line.column, line.kind, clause, of)).or_insert(0) += line.amount.minor();
    }
    sums
}

proptest! {
    #![proptest_config(crate::support::at_least(48))]

    /// VAT rates move no gross amount, and every line carries the tax of its own rate.
    #[test]
    fn rates_split_lines_and_move_no_money(world in world(), site in 0_usize..3, seed in any::<u64>()) {
        let site = [TaxSite::PerLine, TaxSite::PerRateGroup, TaxSite::PerDocument][site];
        let mut one = world.clone();
        one.terms.tax_site = site;
        let mut many = several(one.clone());
        let statement = many.settle();
        prop_assert_eq!(amounts(&one.settle()), amounts(&statement));
        statement.trace().verify().unwrap();
        let mut invoice = Vec::new();
        for line in statement.lines() {
            prop_assert_eq!(line.net.minor() + line.tax.minor(), line.amount.minor());
            let split = vat::split_inclusive(&line.amount, &line.vat, &Rounding::HALF_AWAY).unwrap();
            prop_assert_eq!(line.tax, split.tax());
            match line.column {
                Column::Goods => invoice.push((line.amount, line.vat)),
                Column::OnInvoice | Column::InvoiceDeduct => invoice.push((line.amount.negated(), line.vat)),
                _ => {}
            }
        }
        // The tax of the document by the types, from the lines alone.
        let rule = (TaxBasis::Inclusive, site);
        let expected = vat::document(&invoice, Currency::CNY, rule, &Rounding::HALF_AWAY).unwrap().total().tax();
        prop_assert_eq!(statement.totals().invoice_tax, expected);
        #[cfg(feature = "serde")]
        {
            crate::oracle::reading::walk(&statement);
            let json = serde_json::to_string(&statement).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Statement>(&json).unwrap(), &statement);
        }
        many.terms.goods_vat_by.reverse();
        prop_assert_eq!(many.shuffled(seed).settle().fingerprint(), statement.fingerprint());
    }

    /// The parts of a clause's base are its whole base.
    #[test]
    fn parts_of_a_base_sum_to_it(world in world()) {
        let bases = |statement: &Statement| {
            let mut sums: BTreeMap<(LineKind, String, Option<Rate>), Exact> = BTreeMap::new();
            for line in statement.lines().iter().filter(|line| line.column != Column::Goods) {
                let value = match line.basis {
                    Some(Basis::Amount(money)) => Exact::from_int(money.minor()),
                    Some(Basis::Quantity(quantity)) => quantity.to_exact(),
                    Some(Basis::Count(count)) => Exact::from_int(count.into()),
                    None => Exact::ZERO,
                };
                let clause = line.clause.as_ref().map_or_else(String::new, ToString::to_string);
                let sum = sums.entry((line.kind, clause, line.rate)).or_insert(Exact::ZERO);
                *sum = sum.add(&value).unwrap();
            }
            sums
        };
        prop_assert_eq!(bases(&several(world.clone()).settle()), bases(&world.settle()));
    }

    /// However the year is cut, and whatever the rates, interim payments sum to the one-shot result.
    #[test]
    fn cumulative_net_bases_sum_to_the_one_shot(facts in seeds(12), back in seeds(6), cut in 0_u32..32) {
        let mut terms = terms(credit());
        terms.goods_vat_by = rows();
        terms.clauses = vec![cumulative(TaxRule::Goods, SettleMode::OnInvoice)];
        let mut world = build(terms, (facts, back, vec![]), (vec![], vec![], vec![]), &[]);
        // Spread over six months.
        for (index, d) in world.deliveries.iter_mut().enumerate() {
            d.date = d.date.checked_add_months(chrono::Months::new(index as u32 % 6)).unwrap();
        }
        for (index, r) in world.returns.iter_mut().enumerate() {
            r.date = r.date.checked_add_months(chrono::Months::new(index as u32 % 6)).unwrap();
        }
        let contract = Contract::new(world.terms.clone()).unwrap();
        let facts = Facts { occasions: &[], funding: &[], advances: &[], ..world.facts() };
        let whole = settle(&contract, &facts, period("2025-H1"), &[]).unwrap();
        let (mut prior, mut begin) = (Vec::new(), 1);
        for month in 1..=6_u32 {
            if month == 6 || cut & (1 << (month - 1)) != 0 {
                let part = period(&format!("2025-0{begin}-01..2025-0{}-01", month + 1));
                let statement = settle(&contract, &facts, part, &prior).unwrap();
                prior.push(statement);
                begin = month + 1;
            }
        }
        let paid: i128 = prior.iter().map(|statement| statement.totals().on_invoice.minor()).sum();
        prop_assert_eq!(paid, whole.totals().on_invoice.minor());
    }

    /// A guarantee charges the same whatever the rates of the goods.
    #[test]
    fn guarantees_do_not_see_rates(
        sales in prop::collection::vec((0_i64..4_000_000, 0_i64..4_000_000), 3),
        algorithm in 0_usize..3,
        on_commission in any::<bool>(),
    ) {
        let algorithm = [
            GuaranteeAlgorithm::MonthlyThenTrueUp,
            GuaranteeAlgorithm::CycleEnd,
            GuaranteeAlgorithm::CumulativeCarry,
        ][algorithm];
        let mut method = TurnoverDeduction::at(rate("22%"));
        method.guarantee = Some(Guarantee {
            amount: if on_commission { decimal("9000") } else { decimal("40000") },
            cycle: if algorithm == GuaranteeAlgorithm::CumulativeCarry {
                endcap_calendar::Grain::Month
            } else {
                endcap_calendar::Grain::Quarter
            },
            algorithm,
            rate: if on_commission { rate("100%") } else { rate("20%") },
            measure: if on_commission { GuaranteeMeasure::Commission } else { GuaranteeMeasure::Turnover },
            top_up_on: TopUpBase::Shortfall,
            true_up: TrueUp::TwoWay,
            promotion_sales: PromotionSales::Count,
            overage: None,
        });
        let run = |rows: Vec<GoodsVat>| {
            let mut terms = terms(Method::TurnoverDeduction(method.clone()));
            terms.goods_vat_by = rows;
            let contract = Contract::new(terms).unwrap();
            let mut prior: Vec<Statement> = Vec::new();
            for (month, (one, two)) in (1..).zip(&sales) {
                let mut sold = [
                    sale("S1", &format!("2025-0{month}-10"), "A1", 1, "0"),
                    sale("S2", &format!("2025-0{month}-10"), "B1", 1, "0"),
                ];
                (sold[0].amount, sold[1].amount) = (cents(*one), cents(*two));
                let facts = Facts { sales: &sold, ..Facts::default() };
                let of = endcap_calendar::Period::month(2025, month).unwrap();
                prior.push(settle(&contract, &facts, of, &prior).unwrap());
            }
            let top_up = |statement: &Statement| {
                let of = |line: &StatementLine| line.amount.minor();
                let top_up: i128 = statement.lines_of(LineKind::TopUp).map(of).sum();
                (top_up, statement.totals().payment.minor())
            };
            prior.iter().map(top_up).collect::<Vec<_>>()
        };
        prop_assert_eq!(run(vec![at("", "", "A1", "9%")]), run(vec![]));
    }
}
