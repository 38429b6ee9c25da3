//! Published and agreed figures, row by row; every row but the pure tier functions runs through `settle`.

use std::collections::BTreeMap;

use endcap_settlement::*;
use endcap_types::*;

use crate::support::*;

type Row = BTreeMap<String, String>;

/// The rows of a golden file; every row names its source.
fn rows(text: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<Row> = reader.deserialize().map(Result::unwrap).collect();
    assert!(rows.iter().all(|row| !row["source"].is_empty()));
    rows
}

fn list(text: &str) -> Vec<String> {
    if text.is_empty() { vec![] } else { text.split('|').map(str::to_owned).collect() }
}

/// `k=v;k=v`.
fn pairs(text: &str) -> BTreeMap<String, String> {
    text.split(';')
        .filter_map(|pair| pair.split_once('='))
        .map(|(k, v)| (k.to_owned(), v.to_owned()))
        .collect()
}

fn exact(text: &str) -> Exact {
    Exact::from_decimal(decimal(text))
}

fn percent_rate(text: &str) -> Rate {
    Rate::percent(decimal(text)).unwrap()
}

fn cents(value: &Exact) -> String {
    value.to_fixed(2, RoundingMode::HalfAwayFromZero)
}

fn table(row: &Row) -> TierTable {
    let rates = list(&row["rates"]);
    let flats = row.get("flat_fees").map(|text| list(text)).unwrap_or_default();
    let per_unit = row.get("rate_kind").is_some_and(|kind| kind == "per_unit");
    let tiers = list(&row["thresholds"]).into_iter().enumerate().map(|(index, from)| {
        let tier = if per_unit {
            Tier::per_unit(decimal(&from), decimal(&rates[index]))
        } else {
            Tier::rate(decimal(&from), percent_rate(&rates[index]))
        };
        tier.with_flat(flats.get(index).map_or_else(|| 0.into(), |flat| decimal(flat)))
    });
    let boundary = match row["boundary"].as_str() {
        "reached_at" => Boundary::ReachedAt,
        "exceeds" => Boundary::Exceeds,
        other => panic!("{other}"),
    };
    TierTable::new(tiers, boundary).unwrap()
}

fn tier_method(text: &str) -> TierMethod {
    match text {
        "marginal" => TierMethod::Marginal,
        "whole" => TierMethod::Whole,
        "rolling" => TierMethod::Rolling,
        "total" => TierMethod::Total,
        other => panic!("{other}"),
    }
}

#[test]
fn tiers() {
    let rows = rows(include_str!("../golden/tiers.csv"));
    assert_eq!(rows.len(), 55);
    for row in rows {
        let base = exact(&row["base"]);
        let earned = match row["method"].as_str() {
            "free_goods" => free_goods(&base, &exact(&row["thresholds"]), &exact(&row["rates"])).unwrap(),
            growth @ ("growth_on_total" | "growth_on_increment") => {
                let on = if growth == "growth_on_total" { GrowthBase::Total } else { GrowthBase::Increment };
                growth_rebate(&table(&row), on, &base, &exact(&row["reference_base"])).unwrap()
            }
            method => table(&row).evaluate(tier_method(method), &base).unwrap(),
        };
        assert_eq!(cents(&earned), row["expected"], "{}", row["case"]);
    }
}

/// Month `index` from January 2025.
fn month(index: usize) -> endcap_calendar::Period {
    endcap_calendar::Period::month(2025, u32::try_from(index).unwrap() + 1).unwrap()
}

fn one_sale(id: usize, amount: &str) -> Vec<Sale> {
    let on = month(id).start().to_string();
    vec![sale(&format!("S{id}"), &on, "A1", 1, amount)]
}

#[test]
fn guarantee() {
    let rows = rows(include_str!("../golden/guarantee.csv"));
    assert_eq!(rows.len(), 21);
    for row in rows {
        let case = &row["case"];
        let profit = row["base_kind"] == "profit";
        let bases = list(&row["period_bases"]);
        let algorithm = match row["algorithm"].as_str() {
            "per_period" => GuaranteeAlgorithm::PerPeriod,
            "monthly_then_true_up" => GuaranteeAlgorithm::MonthlyThenTrueUp,
            "cycle_end" => GuaranteeAlgorithm::CycleEnd,
            "cumulative_carry" => GuaranteeAlgorithm::CumulativeCarry,
            other => panic!("{other}"),
        };
        let cycle = match (algorithm, bases.len()) {
            (GuaranteeAlgorithm::PerPeriod | GuaranteeAlgorithm::CumulativeCarry, _) => {
                endcap_calendar::Grain::Month
            }
            (_, 3) => endcap_calendar::Grain::Quarter,
            (_, 6) => endcap_calendar::Grain::HalfYear,
            other => panic!("{other:?}"),
        };
        let commission = if profit { "100" } else { row["commission_rate_pct"].as_str() };
        let mut method =
            TurnoverDeduction::at(percent_rate(if commission.is_empty() { "0" } else { commission }));
        method.guarantee = Some(Guarantee {
            amount: decimal(&row["guarantee"]),
            cycle,
            algorithm,
            rate: percent_rate(&row["guarantee_rate_pct"]),
            measure: if profit { GuaranteeMeasure::Commission } else { GuaranteeMeasure::Turnover },
            top_up_on: match row["calc_base"].as_str() {
                "shortfall" => TopUpBase::Shortfall,
                "guarantee" => TopUpBase::Guarantee,
                "turnover" => TopUpBase::Turnover,
                other => panic!("{other}"),
            },
            true_up: if row["true_up"] == "up_only" { TrueUp::UpOnly } else { TrueUp::TwoWay },
            promotion_sales: PromotionSales::Count,
            overage: None,
        });
        let mut terms = terms(Method::TurnoverDeduction(method));
        let first = match row["days_cycle"].as_str() {
            "31" => {
                terms.valid = period("2025-01-15..2025-02-01"); // 17 of 31 days
                0
            }
            "28" => {
                terms.valid = period("2025-02-28..=2025-02-28");
                1
            }
            _ => 0,
        };
        let contract = Contract::new(terms).unwrap();
        let mut prior = Vec::new();
        let (mut top_ups, mut guarantees) = (Vec::new(), Vec::new());
        for (index, base) in bases.iter().enumerate() {
            let mut sales = one_sale(first + index, base);
            sales[0].date = contract.terms().valid.start().max(sales[0].date);
            let facts = Facts { sales: &sales, ..Facts::default() };
            let statement = settle(&contract, &facts, month(first + index), &prior).unwrap();
            let line = statement.lines_of(LineKind::TopUp).next().unwrap();
            top_ups.push(line.amount);
            guarantees.extend(line.against.map(|money| money.to_amount_string()));
            prior.push(statement);
        }
        let total = Money::sum(top_ups.iter().copied(), Currency::CNY).unwrap();
        let top_ups: Vec<String> = top_ups.iter().map(Money::to_amount_string).collect();
        assert_eq!(top_ups, list(&row["expected_top_ups"]), "{case}");
        assert_eq!(guarantees, list(&row["expected_guarantees"]), "{case}");
        assert_eq!(total.to_amount_string(), row["expected_total_top_up"], "{case}");
    }
}

#[test]
fn commission() {
    let mut tested = BTreeMap::new();
    for row in rows(include_str!("../golden/commission.csv")) {
        let (case, given, expected) = (&row["case"], pairs(&row["inputs"]), pairs(&row["expected"]));
        *tested.entry(row["topic"].clone()).or_insert(0) += 1;
        let january = period("2025-01");
        let run = |method: TurnoverDeduction, sales: &[Sale]| {
            let contract = Contract::new(terms(Method::TurnoverDeduction(method))).unwrap();
            settle(&contract, &Facts { sales, ..Facts::default() }, january, &[]).unwrap()
        };
        let commission_of = |statement: &Statement| {
            Money::sum(statement.lines_of(LineKind::Commission).map(|line| line.amount), Currency::CNY)
                .unwrap()
        };
        match row["topic"].as_str() {
            "concession" => {
                let mut method = TurnoverDeduction::at(percent_rate(&given["rate_pct"]));
                method.settle = SettleMode::PaymentDeduct;
                method.tax = TaxRule::Rate(percent_rate(&given["commission_vat_pct"]));
                let statement = run(method, &one_sale(0, &given["sales_incl"]));
                let line = statement.lines_of(LineKind::Commission).next().unwrap();
                assert_eq!(line.amount, money(&expected["commission"]), "{case}");
                assert_eq!(line.net, money(&expected["commission_net"]), "{case}");
                assert_eq!(line.tax, money(&expected["commission_vat"]), "{case}");
                assert_eq!(statement.totals().payment, money(&expected["supplier"]), "{case}");
            }
            "promo_rate" => {
                let mut method = TurnoverDeduction::at(percent_rate(&given["rate_pct"]));
                let at = RateTarget::AnyPromotion;
                method.overrides.push(RateOverride { at, rate: percent_rate(&given["promo_rate_pct"]) });
                let mut sales = one_sale(0, &given["sales_normal"]);
                sales.extend(one_sale(0, &given["sales_promo"]));
                sales[1].promotion = Some(PromotionId::new("P").unwrap());
                assert_eq!(commission_of(&run(method, &sales)), money(&expected["commission"]), "{case}");
            }
            "refund" => {
                let mut method = TurnoverDeduction::at(percent_rate(&given["rate_now_pct"]));
                method.refund_rate = match given["policy"].as_str() {
                    "original_sale" => RefundRate::OriginalSale,
                    _ => RefundRate::Current,
                };
                let mut sales = one_sale(0, &format!("-{}", given["refund"]));
                sales[0].quantity = pieces(-1);
                sales[0].original.rate = Some(percent_rate(&given["rate_at_sale_pct"]));
                assert_eq!(commission_of(&run(method, &sales)), money(&expected["commission"]), "{case}");
            }
            "overage_tiers" => {
                let mut method = TurnoverDeduction::at(percent_rate(&given["rate_pct"]));
                let rates = list(&given["rates_over_pct"]);
                let froms = list(&given["thresholds_over"]);
                let tiers =
                    froms.iter().zip(&rates).map(|(from, r)| Tier::rate(decimal(from), percent_rate(r)));
                method.guarantee = Some(Guarantee {
                    rate: percent_rate(&given["rate_pct"]),
                    overage: Some(TierTable::new(tiers, Boundary::ReachedAt).unwrap()),
                    ..monthly_guarantee(&given["guarantee"])
                });
                let statement = run(method, &one_sale(0, &given["sales"]));
                let inside = money(&expected["commission_to_guarantee"]);
                let commission = inside.checked_add(&money(&expected["overage"])).unwrap();
                let top_up = statement.lines_of(LineKind::TopUp).next().unwrap().amount;
                assert_eq!(commission_of(&statement), commission, "{case}");
                assert_eq!(top_up, money(&expected["top_up"]), "{case}");
                assert_eq!(statement.totals().invoice_deduct, money(&expected["total"]), "{case}");
            }
            "occupancy" => {
                // 26 000 at 22 % make the commission of 5 720; a guarantee of 30 000 leaves a top-up of 880.
                let mut method = TurnoverDeduction::at(rate("22%"));
                let mode = match given["mode"].as_str() {
                    "sum" => OccupancyMode::Sum,
                    "max_rent_commission" => OccupancyMode::MaxRentCommission,
                    "max_rent_commission_guarantee" => OccupancyMode::MaxRentCommissionGuarantee,
                    "no_commission_below_guarantee" => OccupancyMode::NoCommissionBelowGuarantee,
                    other => panic!("{other}"),
                };
                method.occupancy = Some(Occupancy { rent: decimal(&given["rent"]), mode });
                let reached = given["guarantee_reached"] == "true";
                assert_eq!(
                    (given["commission"].as_str(), given["top_up"] == "0"),
                    ("5720", reached),
                    "{case}"
                );
                method.guarantee = Some(monthly_guarantee(if reached { "26000" } else { "30000" }));
                let statement = run(method, &one_sale(0, "26000"));
                let amount = |kind| statement.lines_of(kind).next().unwrap().amount;
                assert_eq!(amount(LineKind::Rent), money(&expected["rent"]), "{case}");
                assert_eq!(amount(LineKind::Commission), money(&expected["commission"]), "{case}");
                assert_eq!(amount(LineKind::TopUp), money(&expected["top_up"]), "{case}");
                assert_eq!(statement.totals().invoice_deduct, money(&expected["total"]), "{case}");
            }
            "percentage_rent" => crate::golden_till::percentage_rent(case, &given, &expected),
            "turnover_base" => crate::golden_till::turnover_base(case, &given, &expected),
            "burden" => crate::golden_till::burden(case, &given, &expected),
            "tender_rate" => crate::golden_till::tender_rate(case, &given, &expected),
            other => panic!("{other}"),
        }
    }
    let counts: Vec<(&str, i32)> = tested.iter().map(|(topic, count)| (topic.as_str(), *count)).collect();
    let all =
        [("burden", 2), ("concession", 5), ("occupancy", 7), ("overage_tiers", 2), ("percentage_rent", 4)];
    let more = [("promo_rate", 1), ("refund", 2), ("tender_rate", 1), ("turnover_base", 4)];
    assert_eq!(counts, [&all[..], &more[..]].concat());
}

fn monthly_guarantee(amount: &str) -> Guarantee {
    Guarantee {
        amount: decimal(amount),
        cycle: endcap_calendar::Grain::Month,
        algorithm: GuaranteeAlgorithm::PerPeriod,
        rate: rate("22%"),
        measure: GuaranteeMeasure::Turnover,
        top_up_on: TopUpBase::Shortfall,
        true_up: TrueUp::TwoWay,
        promotion_sales: PromotionSales::Count,
        overage: None,
    }
}

#[test]
fn netting() {
    let rows = rows(include_str!("../golden/netting.csv"));
    assert_eq!(rows.len(), 5);
    for row in rows {
        let (case, given, expected) = (&row["case"], pairs(&row["inputs"]), pairs(&row["expected"]));
        let mut terms = terms(credit());
        terms.goods_vat = percent_rate(&given["goods_vat_pct"]);
        let columns = [
            ("on_invoice", SettleMode::OnInvoice),
            ("invoice_deduct", SettleMode::InvoiceDeduct),
            ("payment_deduct", SettleMode::PaymentDeduct),
            ("separate", SettleMode::Separate),
        ];
        for (name, settle) in columns {
            for (index, amount) in list(&given[name]).iter().enumerate() {
                let tax = if settle.lowers_invoice() { TaxRule::Goods } else { TaxRule::Service };
                let rule = AmountRule::Fixed(decimal(amount));
                terms.clauses.push(clause(&format!("{name}{index}"), ClauseKind::Rebate, rule, settle, tax));
            }
        }
        let deliveries = [delivery("D1", "2025-01-10", "A1", 1, &given["goods_incl"])];
        let side = |name: &str| SideAmount {
            document: document(name),
            date: day("2025-01-20"),
            amount: money(&given[name]),
        };
        let (advances, adjustments) = ([side("advances")], [side("adjustments")]);
        let facts = Facts {
            deliveries: &deliveries,
            advances: &advances,
            adjustments: &adjustments,
            ..Facts::default()
        };
        let statement = settle(&Contract::new(terms).unwrap(), &facts, period("2025-01"), &[]).unwrap();
        let totals = statement.totals();
        assert_eq!(totals.invoice, money(&expected["invoice"]), "{case}");
        assert_eq!(totals.invoice_tax, money(&expected["invoice_vat"]), "{case}");
        assert_eq!(totals.payment, money(&expected["payment"]), "{case}");
        assert_eq!(totals.separate, money(&expected["separate"]), "{case}");
        assert_eq!(totals.cost_of_terms().unwrap(), money(&expected["total_cost"]), "{case}");
    }
}

#[test]
fn rebate_cumulative() {
    let rows = rows(include_str!("../golden/rebate_cumulative.csv"));
    assert_eq!(rows.len(), 10);
    for row in rows {
        let case = &row["case"];
        let rule = AmountRule::Tiered(Tiered {
            of: BaseMeasure::NetPurchases,
            base_tax: TaxBasis::Inclusive,
            method: tier_method(&row["method"]),
            table: table(&row),
            accumulate: Accumulation::Since(day("2025-01-01")),
            true_up: if row["policy"] == "up_only" { TrueUp::UpOnly } else { TrueUp::TwoWay },
        });
        let mut terms = terms(credit());
        terms.clauses.push(clause(
            "R",
            ClauseKind::Rebate,
            rule,
            SettleMode::PaymentDeduct,
            TaxRule::OutOfScope,
        ));
        let contract = Contract::new(terms).unwrap();
        let mut prior: Vec<Statement> = Vec::new();
        for (index, base) in list(&row["period_bases"]).iter().enumerate() {
            let on = month(index).start().to_string();
            let (mut deliveries, mut returns) = (vec![], vec![]);
            match base.strip_prefix('-') {
                Some(back) => returns.push(goods_return("R1", &on, "A1", 1, back)),
                None => deliveries.push(delivery("D1", &on, "A1", 1, base)),
            }
            let facts = Facts { deliveries: &deliveries, returns: &returns, ..Facts::default() };
            prior.push(settle(&contract, &facts, month(index), &prior).unwrap());
        }
        let paid: Vec<String> =
            prior.iter().map(|statement| statement.totals().payment_deduct.to_amount_string()).collect();
        assert_eq!(paid, list(&row["expected_payments"]), "{case}");
        let total =
            Money::sum(prior.iter().map(|statement| statement.totals().payment_deduct), Currency::CNY);
        assert_eq!(total.unwrap(), money(&row["expected_total"]), "{case}");
    }
}

#[test]
fn stacking() {
    let rows = rows(include_str!("../golden/stacking.csv"));
    assert_eq!(rows.len(), 11);
    for row in rows {
        let case = &row["case"];
        let mode = match row["mode"].as_str() {
            "parallel" => StackMode::Parallel,
            "cascade" => StackMode::Cascade,
            "directed" => StackMode::Directed,
            "best_of" => StackMode::BestOf,
            "capped_sum" => StackMode::CappedSum(decimal(&row["cap"])),
            other => panic!("{other}"),
        };
        let mut terms = terms(credit());
        terms.stacks.push(Stack { id: "S".to_owned(), mode });
        let order = list(&row["order"]);
        let reduced_by: Vec<&str> =
            if row["reduced_by"].is_empty() { vec![] } else { row["reduced_by"].split('|').collect() };
        for (index, text) in list(&row["rates_pct"]).iter().enumerate() {
            let number = (index + 1).to_string();
            let rule = percent(BaseMeasure::NetPurchases, &format!("{text}%"));
            let mut clause =
                clause(&number, ClauseKind::Rebate, rule, SettleMode::PaymentDeduct, TaxRule::OutOfScope);
            clause.stack = Some("S".to_owned());
            clause.priority = order.iter().position(|n| *n == number).unwrap_or(0).try_into().unwrap();
            let others = reduced_by.get(index).copied().unwrap_or("");
            clause.reduced_by =
                others.split('+').filter(|n| !n.is_empty()).map(|n| ClauseId::new(n).unwrap()).collect();
            terms.clauses.push(clause);
        }
        let deliveries = [delivery("D1", "2025-01-10", "A1", 1, &row["base"])];
        let facts = Facts { deliveries: &deliveries, ..Facts::default() };
        let statement = settle(&Contract::new(terms).unwrap(), &facts, period("2025-01"), &[]).unwrap();
        let amounts: Vec<String> = statement
            .lines()
            .iter()
            .filter(|line| line.clause.is_some())
            .map(|line| line.amount.to_amount_string())
            .collect();
        assert_eq!(amounts, list(&row["expected_amounts"]), "{case}");
        assert_eq!(statement.totals().payment_deduct, money(&row["expected_total"]), "{case}");
    }
}
