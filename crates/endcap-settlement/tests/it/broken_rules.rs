//! One contract for every rule a contract can break.

use endcap_calendar::Grain;
use endcap_settlement::*;
use endcap_types::*;

use crate::support::*;

/// The only problem of `terms`, as `place: rule`.
fn only(terms: ContractTerms) -> String {
    let problems = terms.validate();
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    told[0].clone()
}

fn with_clause(change: impl FnOnce(&mut Clause)) -> ContractTerms {
    let mut terms = terms(credit());
    let rule = percent(BaseMeasure::NetPurchases, "1%");
    let mut clause = clause("R", ClauseKind::Rebate, rule, SettleMode::InvoiceDeduct, TaxRule::Goods);
    change(&mut clause);
    terms.clauses.push(clause);
    terms
}

fn turnover(change: impl FnOnce(&mut TurnoverDeduction)) -> ContractTerms {
    let mut method = TurnoverDeduction::at(rate("22%"));
    change(&mut method);
    terms(Method::TurnoverDeduction(method))
}

fn guarantee(change: impl FnOnce(&mut Guarantee)) -> ContractTerms {
    turnover(|method| {
        let mut guarantee = Guarantee {
            amount: decimal("1000"),
            cycle: Grain::Month,
            algorithm: GuaranteeAlgorithm::PerPeriod,
            rate: rate("22%"),
            measure: GuaranteeMeasure::Turnover,
            top_up_on: TopUpBase::Shortfall,
            true_up: TrueUp::TwoWay,
            promotion_sales: PromotionSales::Count,
            overage: None,
        };
        change(&mut guarantee);
        method.guarantee = Some(guarantee);
    })
}

fn consigned(change: impl FnOnce(&mut Consignment)) -> ContractTerms {
    let mut method = Consignment {
        price_basis: PriceBasis::PriceAtDelivery,
        prices: vec![],
        shrink: ShrinkBearer::Retailer,
        shrink_agreement: None,
    };
    change(&mut method);
    terms(Method::Consignment(method))
}

fn tiered(of: BaseMeasure, table: TierTable, since: &str) -> AmountRule {
    AmountRule::Tiered(Tiered {
        of,
        base_tax: TaxBasis::Inclusive,
        method: TierMethod::Rolling,
        table,
        accumulate: Accumulation::Since(day(since)),
        true_up: TrueUp::TwoWay,
    })
}

fn one_tier() -> TierTable {
    TierTable::new([Tier::rate(0.into(), rate("1%"))], Boundary::ReachedAt).unwrap()
}

fn stacked(mode: StackMode, change: impl FnOnce(&mut Clause)) -> ContractTerms {
    let mut terms = with_clause(|clause| {
        clause.stack = Some("S".to_owned());
        change(clause);
    });
    terms.stacks.push(Stack { id: "S".to_owned(), mode });
    terms
}

#[test]
fn sound_contracts_break_nothing() {
    assert!(with_clause(|_| {}).validate().is_empty());
    assert!(turnover(|_| {}).validate().is_empty());
    assert!(guarantee(|_| {}).validate().is_empty());
    assert!(consigned(|_| {}).validate().is_empty());
    assert!(stacked(StackMode::Cascade, |_| {}).validate().is_empty());
}

#[test]
fn rates_and_amounts() {
    let mut wrong = terms(credit());
    wrong.goods_vat = rate("-13%");
    assert_eq!(only(wrong), "goods_vat: rate -13% is outside 0% to 100%");
    let wrong = with_clause(|c| c.rule = AmountRule::Fixed(decimal("-1")));
    assert_eq!(only(wrong), "clauses[R].rule: amount -1 is negative");
    let wrong = with_clause(|c| c.rule = AmountRule::Fixed(decimal("1.005")));
    assert_eq!(only(wrong), "clauses[R].rule: 1.005 has more decimals than CNY has");
    let wrong = with_clause(|c| (c.floor, c.cap) = (Some(decimal("2")), Some(decimal("1"))));
    assert_eq!(only(wrong), "clauses[R]: floor 2 is above cap 1");
}

#[test]
fn net_amounts() {
    let mut wrong = terms(credit());
    wrong.amounts = TaxBasis::Exclusive;
    assert_eq!(
        only(wrong),
        "tax_site: amounts without tax need `tax_site = \"per_line\"`: each line posts its own gross"
    );
    let mut wrong = with_clause(|_| {});
    (wrong.amounts, wrong.tax_site) = (TaxBasis::Exclusive, vat::TaxSite::PerLine);
    let expected =
        "clauses[R].rule: amounts of the contract are without tax, so `base_tax` must be \"exclusive\"";
    assert_eq!(only(wrong), expected);
}

#[test]
fn clauses() {
    let wrong = with_clause(|c| c.valid = Some(period("2026")));
    assert_eq!(
        only(wrong),
        "clauses[R].valid: validity 2026-01-01..2027-01-01 has no day in the contract 2025-01-01..2026-01-01"
    );
    let wrong = with_clause(|c| c.tax = TaxRule::OutOfScope);
    let expected =
        "clauses[R].tax: what lowers the goods invoice carries the goods' VAT; tax must be \"goods\"";
    assert_eq!(only(wrong), expected);
    let wrong = with_clause(|c| c.rule = percent(BaseMeasure::SoldQuantity, "1%"));
    assert_eq!(only(wrong), "clauses[R].rule: percent cannot be measured on sold_quantity");
    let wrong = with_clause(|c| {
        c.rule = AmountRule::PerUnit(PerUnit { of: BaseMeasure::Turnover, amount: decimal("0.1") });
    });
    assert_eq!(only(wrong), "clauses[R].rule: per_unit cannot be measured on turnover");
    let wrong = with_clause(|c| {
        c.rule = percent(BaseMeasure::Goods, "1%");
        c.scope = Scope::Only(Selection { skus: [sku("A1")].into(), ..Selection::default() });
    });
    assert_eq!(
        only(wrong),
        "clauses[R].rule: `goods` are measured for the whole statement; use purchases or turnover with a narrower scope"
    );
    let wrong = with_clause(|c| c.rule = tiered(BaseMeasure::Turnover, one_tier(), "2024-01-01"));
    assert_eq!(
        only(wrong),
        "clauses[R].rule: accumulation since 2024-01-01 starts outside the contract 2025-01-01..2026-01-01"
    );
    let flat = Tier::rate(0.into(), rate("1%")).with_flat(decimal("5"));
    let flat = TierTable::new([flat], Boundary::ReachedAt).unwrap();
    let wrong = with_clause(|c| c.rule = tiered(BaseMeasure::Turnover, flat, "2025-01-01"));
    assert_eq!(only(wrong), "clauses[R].rule: flat amounts need the method marginal or whole");
    let mut wrong = with_clause(|c| c.rule = AmountRule::PromotionFunding);
    let mut twin = wrong.clauses[0].clone();
    twin.id = ClauseId::new("R2").unwrap();
    wrong.clauses.push(twin);
    assert_eq!(only(wrong), "clauses[R2].rule: promotion money of kind rebate is already funded by clause R");
}

#[test]
fn too_many_clauses() {
    let mut wrong = with_clause(|_| {});
    wrong.clauses = vec![wrong.clauses[0].clone(); 10_001];
    assert_eq!(only(wrong), "clauses: 10001 parts exceed the limit of 10000");
}

#[test]
fn stacks() {
    let wrong = with_clause(|c| c.stack = Some("T".to_owned()));
    assert_eq!(only(wrong), "clauses[R].stack: stack \"T\" is not in `stacks`");
    let wrong = stacked(StackMode::Cascade, |c| c.rule = AmountRule::Fixed(decimal("1")));
    assert_eq!(only(wrong), "clauses[R].stack: a cascade stack takes only percentages");
    let wrong =
        stacked(StackMode::BestOf, |c| c.rule = tiered(BaseMeasure::Turnover, one_tier(), "2025-01-01"));
    assert_eq!(only(wrong), "clauses[R].stack: a best_of stack takes only rules that do not accumulate");
    let itself = ClauseId::new("R").unwrap();
    let wrong = stacked(StackMode::Directed, |c| c.reduced_by = [itself].into());
    let expected = "clauses[R].stack: reduced by R, which is not another clause of the same directed stack";
    assert_eq!(only(wrong), expected);
    let mut wrong = stacked(StackMode::Parallel, |_| {});
    wrong.stacks.push(wrong.stacks[0].clone());
    assert_eq!(only(wrong), "stacks[S]: id \"S\" is used twice");
}

#[test]
fn turnover_deductions() {
    let wrong = turnover(|m| {
        let row = RateOverride { at: RateTarget::Sku(sku("A1")), rate: rate("1%") };
        m.overrides = vec![row.clone(), row];
    });
    assert_eq!(only(wrong), "method.turnover_deduction.overrides[1]: SKU A1 already has a rate");
    let place = "method.turnover_deduction.guarantee";
    let wrong = guarantee(|g| g.cycle = Grain::Week);
    assert_eq!(
        only(wrong),
        format!("{place}.cycle: a guarantee cycle is a month, quarter, half year or year")
    );
    let wrong = guarantee(|g| (g.overage, g.algorithm) = (Some(one_tier()), GuaranteeAlgorithm::CycleEnd));
    let expected =
        "overage bands need one commission rate, a monthly guarantee on turnover per period, and no tiers";
    assert_eq!(only(wrong), format!("{place}.overage: {expected}"));
    let wrong = guarantee(|g| (g.top_up_on, g.measure) = (TopUpBase::Turnover, GuaranteeMeasure::Commission));
    let expected =
        "a top-up on the guarantee or the turnover needs the measure turnover with all sales counted";
    assert_eq!(only(wrong), format!("{place}.top_up_on: {expected}"));
}

#[test]
fn consignments() {
    let wrong = consigned(|m| m.price_basis = PriceBasis::PriceAtSale);
    assert_eq!(only(wrong), "method.consignment.prices: price at sale or at settlement needs `prices`");
    let wrong = consigned(|m| m.shrink = ShrinkBearer::Supplier);
    assert_eq!(only(wrong), "method.consignment.shrink: a supplier share of shrink needs `shrink_agreement`");
    let price =
        SupplyPrice { sku: sku("A1"), from: day("2025-01-01"), price: decimal("1"), unit: Unit::Piece };
    let wrong = consigned(|m| m.prices = vec![price.clone(), price]);
    assert_eq!(only(wrong), "method.consignment.prices[1]: SKU A1 has two prices from 2025-01-01");
}

#[cfg(feature = "serde")]
#[test]
fn tiers_written_by_hand() {
    let read = |text: &str| toml::from_str::<TierTable>(text).map_err(|error| error.to_string());
    let table =
        read(r#"tiers = [{ from = "0", rate = "1%" }, { from = "10", rate = "2%", flat = "3" }]"#).unwrap();
    assert_eq!((table.boundary(), table.tiers().len()), (Boundary::ReachedAt, 2));
    let unclear =
        read(r#"tiers = [{ from = "0" }, { from = "10", rate = "2%", per_unit = "3" }]"#).unwrap_err();
    assert!(unclear.contains("breaks 2 rule(s): tiers[0]: a tier needs exactly one of"), "{unclear}");
    let wrong = read(r#"tiers = [{ from = "0", rate = "1" }]"#).unwrap_err();
    assert!(wrong.contains("not a rate"), "{wrong}");
}

#[test]
fn names_are_complete_and_distinct() {
    let distinct = |names: Vec<&str>| {
        let count = names.len();
        assert!(names.iter().all(|name| !name.is_empty()));
        let set: std::collections::BTreeSet<&str> = names.into_iter().collect();
        assert_eq!(set.len(), count);
    };
    distinct(ClauseKind::ALL.iter().map(|kind| kind.word()).collect());
    distinct(ClauseKind::ALL.iter().map(|kind| kind.name_en()).collect());
    distinct(ClauseKind::ALL.iter().map(|kind| kind.name_zh()).collect());
    distinct(What::ALL.iter().map(|what| what.word()).collect());
    assert_eq!(ClauseKind::Display.nature(), ClauseNature::Service);
}

#[test]
fn guarantees_of_their_own_measure() {
    let place = "method.turnover_deduction.guarantee";
    let wrong = guarantee(|g| g.measure = GuaranteeMeasure::TurnoverOn(TurnoverBase::Received));
    let needs = "a guarantee on a base of its own needs `till`: how the till is read";
    assert_eq!(only(wrong), format!("{place}.measure: {needs}"));
    let wrong = guarantee(|g| {
        g.measure = GuaranteeMeasure::PeerCounter(PeerCounter { times: decimal("2") });
        g.algorithm = GuaranteeAlgorithm::MonthlyThenTrueUp;
    });
    let ends =
        "a guarantee that follows a peer counter is known when its cycle ends: use per_period or cycle_end";
    assert_eq!(only(wrong), format!("{place}.algorithm: {ends}"));
    let wrong = guarantee(|g| g.algorithm = GuaranteeAlgorithm::PaidAtStart);
    let first = "a guarantee paid at the start is measured on commission, at a rate of 100%, beside no rent";
    assert_eq!(only(wrong), format!("{place}.algorithm: {first}"));
}
