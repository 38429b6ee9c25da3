//! Discounts and tenders inside a settlement: worked cases, refusals, and the free functions as a second opinion.

use std::collections::{BTreeMap, BTreeSet};

use endcap_settlement::*;
use endcap_types::*;
use proptest::prelude::*;

use crate::support::*;
use crate::world::cents;

pub(crate) fn paid(tender: Tender, minor: i64, void: i64) -> TenderAmount {
    TenderAmount { tender, amount: cents(minor), void: cents(void) }
}

/// A till sale of one piece of A1 on 10 January: discounts by type and tenders, all in cents.
pub(crate) fn till(id: &str, discounts: &[(&str, i64)], tenders: &[(Tender, i64, i64)]) -> TillSale {
    let received: i64 = tenders.iter().map(|(_, minor, _)| minor).sum();
    let off: i64 = discounts.iter().map(|(_, minor)| minor).sum();
    let mut sale = sale(id, "2025-01-10", "A1", if received < 0 { -1 } else { 1 }, "0");
    sale.amount = cents(received);
    TillSale {
        sale,
        tag: cents(received + off),
        discounts: discounts
            .iter()
            .map(|(kind, minor)| TillDiscount { kind: (*kind).to_owned(), amount: cents(*minor) })
            .collect(),
        tenders: tenders.iter().map(|(tender, minor, void)| paid(tender.clone(), *minor, *void)).collect(),
    }
}

pub(crate) fn burden(of: BurdenOf, share: &str) -> Burden {
    Burden { of, supplier: rate(share) }
}

fn contract(method: TurnoverDeduction) -> Contract {
    Contract::new(terms(Method::TurnoverDeduction(method))).unwrap()
}

fn january(method: TurnoverDeduction, till_sales: &[TillSale]) -> Result<Statement, SettlementError> {
    settle(&contract(method), &Facts { till_sales, ..Facts::default() }, period("2025-01"), &[])
}

fn with_till(text: &str, till: TillTerms) -> TurnoverDeduction {
    let mut method = TurnoverDeduction::at(rate(text));
    method.till = Some(till);
    method
}

fn rule(id: &str, text: &str, when: RateCondition) -> RateRule {
    RateRule { id: id.to_owned(), rate: rate(text), when, priority: 0 }
}

fn by_tender(tender: Tender) -> RateCondition {
    RateCondition { tenders: [tender].into(), ..RateCondition::default() }
}

fn amounts(statement: &Statement, kind: LineKind) -> Vec<String> {
    statement.lines_of(kind).map(|line| line.amount.to_amount_string()).collect()
}

/// Tag 1 200, 200 off, a voucher of 100 that carries 20 void, 30 by points: the four bases at 25 %.
#[test]
fn four_turnover_bases() {
    use Tender::{Cash, Points, Voucher};
    let tenders = [(Cash, 87_000, 0), (Voucher, 10_000, 2_000), (Points, 3_000, 0)];
    let sold = [till("S1", &[("member", 20_000)], &tenders)];
    let void = burden(BurdenOf::Void(Tender::Voucher), "0%");
    let cases = [
        (TurnoverBase::GrossTag, "300.00", "1200.00"),
        (TurnoverBase::Received, "250.00", "1000.00"),
        (TurnoverBase::ReceivedLessVoucherVoid, "245.00", "1000.00"),
        (TurnoverBase::ReceivedLessPoints, "242.50", "1000.00"),
    ];
    for (base, commission, goods) in cases {
        let mut burdens = vec![void.clone()];
        if base == TurnoverBase::GrossTag {
            burdens.push(burden(BurdenOf::AnyDiscount, "0%"));
        }
        let statement =
            january(with_till("25%", TillTerms { base, burdens, ..TillTerms::default() }), &sold).unwrap();
        assert_eq!(amounts(&statement, LineKind::Commission), [commission]);
        assert_eq!(statement.totals().goods, money(goods));
    }
}

/// Tag 100, 30 off shared 40 : 60 at 25 % on the tag: the supplier receives 100 − 25 − 12.
#[test]
fn a_discount_shared_on_the_tag_price() {
    let sold = [till("S1", &[("markdown", 2_000), ("member", 1_000)], &[(Tender::Cash, 7_000, 0)])];
    let burdens =
        vec![burden(BurdenOf::Discount("member".to_owned()), "100%"), burden(BurdenOf::AnyDiscount, "10%")];
    let terms = TillTerms { base: TurnoverBase::GrossTag, burdens, ..TillTerms::default() };
    let statement = january(with_till("25%", terms), &sold).unwrap();
    assert_eq!(statement.totals().payment, money("63.00"));
    assert_eq!(amounts(&statement, LineKind::DiscountShare), ["2.00", "10.00"]);
    let line = statement.lines_of(LineKind::DiscountShare).nth(1).unwrap();
    let en = statement.explain(line, Language::En).unwrap();
    assert_eq!(en[0], "shared discount borne by the supplier [discount member]: 10.00 = 10.00 × 100%");
    let zh = statement.explain(line, Language::Zh).unwrap();
    assert_eq!(zh[0], "供方承担折扣 [discount member]：10.00 = 10.00 × 100%");
}

/// Cash 22 %, cards 22.6 %, vouchers 15 %: as the free function charges them.
#[test]
fn rates_by_tender() {
    let sold = [
        till("S1", &[], &[(Tender::Cash, 1_000_000, 0), (Tender::Card, 500_000, 0)]),
        till("S2", &[], &[(Tender::Voucher, 200_000, 0)]),
    ];
    let mut method = with_till("22%", TillTerms::default());
    method.rates = vec![
        rule("card", "22.6%", by_tender(Tender::Card)),
        rule("voucher", "15%", by_tender(Tender::Voucher)),
    ];
    let statement = january(method, &sold).unwrap();
    assert_eq!(amounts(&statement, LineKind::Commission), ["300.00", "2200.00", "1130.00"]);
    let by = [("card".to_owned(), rate("22.6%")), ("voucher".to_owned(), rate("15%"))].into();
    let rates = TenderRates { default: rate("22%"), by };
    let sales = [("cash", "10000"), ("card", "5000"), ("voucher", "2000")];
    let sales: BTreeMap<String, Money> =
        sales.iter().map(|(tender, text)| ((*tender).to_owned(), money(text))).collect();
    let told = rates.commission(&sales, &Rounding::HALF_AWAY).unwrap();
    let total = Money::sum(told.into_values(), Currency::CNY).unwrap();
    assert_eq!(statement.totals().invoice_deduct, total);
}

/// Deeper than 30 % off the rate falls by three points; at 30 % it does not.
#[test]
fn rates_by_discount_depth() {
    let depth = DepthRange { from: rate("30%"), to: rate("100%"), boundary: Boundary::Exceeds };
    let when = RateCondition { depth: Some(depth), ..RateCondition::default() };
    let mut method = with_till("25%", TillTerms::default());
    method.rates = vec![rule("deep", "22%", when)];
    let at = [till("S1", &[("sale", 3_000)], &[(Tender::Cash, 7_000, 0)])];
    let beyond = [till("S1", &[("sale", 3_001)], &[(Tender::Cash, 6_999, 0)])];
    assert_eq!(amounts(&january(method.clone(), &at).unwrap(), LineKind::Commission), ["17.50"]);
    assert_eq!(amounts(&january(method, &beyond).unwrap(), LineKind::Commission), ["15.40"]); // 15.3978
}

/// More dimensions beat fewer; a finer good beats a coarser one; else the lower priority.
#[test]
fn the_most_specific_rule_wins() {
    let products = [Product {
        sku: sku("A1"),
        category: Some(CategoryId::new("dairy").unwrap()),
        brand: Some("Farm".to_owned()),
    }];
    let dairy = || RateCondition {
        categories: [CategoryId::new("dairy").unwrap()].into(),
        ..RateCondition::default()
    };
    let store = || -> BTreeSet<StoreId> { [StoreId::new("S-1").unwrap()].into() };
    let rules = [
        RateRule {
            priority: 9,
            ..rule("promo", "11%", RateCondition { promotion: InPromotion::Any, ..RateCondition::default() })
        },
        rule("dairy", "12%", dairy()),
        rule(
            "brand",
            "13%",
            RateCondition { brands: ["Farm".to_owned()].into(), ..RateCondition::default() },
        ),
        RateRule {
            priority: 5,
            ..rule("store", "14%", RateCondition { stores: store(), ..RateCondition::default() })
        },
        rule("both", "15%", RateCondition { stores: store(), ..dairy() }),
        rule("june", "16%", RateCondition { dates: Some(period("2025-06")), stores: store(), ..dairy() }),
    ];
    let mut sold = sale("S1", "2025-01-10", "A1", 1, "100.00");
    (sold.store, sold.promotion) = (Some(StoreId::new("S-1").unwrap()), Some(PromotionId::new("P").unwrap()));
    let charged = |rules: &[RateRule]| {
        let mut method = TurnoverDeduction::at(rate("22%"));
        method.rates = rules.to_vec();
        let sales = [sold.clone()];
        let facts = Facts { products: &products, sales: &sales, ..Facts::default() };
        let statement = settle(&contract(method), &facts, period("2025-01"), &[]).unwrap();
        amounts(&statement, LineKind::Commission).remove(0)
    };
    assert_eq!(charged(&rules), "15.00"); // two dimensions; June names three, but it is January
    assert_eq!(charged(&rules[..4]), "13.00"); // brand before category; then priority 0 before 5 and 9
    assert_eq!(charged(&[rules[0].clone(), rules[3].clone()]), "14.00");
    assert_eq!(charged(&rules[5..]), "22.00");
}

/// Two rules that one sale can fit, without a winner, are a problem, and so is every mixture of styles; all at once.
#[test]
fn till_terms_are_validated_all_at_once() {
    let depth = |from: &str, to: &str| RateCondition {
        depth: Some(DepthRange { from: rate(from), to: rate(to), boundary: Boundary::ReachedAt }),
        ..RateCondition::default()
    };
    let mut method = TurnoverDeduction::at(rate("22%"));
    method.rates = vec![
        rule("a", "20%", depth("0%", "30%")),
        rule("b", "21%", depth("30%", "60%")),
        rule("c", "19%", depth("29%", "31%")),
        rule("c", "18%", depth("90%", "80%")),
        rule("d", "101%", by_tender(Tender::Card)),
    ];
    method.overrides = vec![RateOverride { at: RateTarget::AnyPromotion, rate: rate("1%") }];
    let told = |method: &TurnoverDeduction| -> Vec<String> {
        let problems = terms(Method::TurnoverDeduction(method.clone())).validate();
        problems.iter().map(ToString::to_string).collect()
    };
    let p = "method.turnover_deduction.rates";
    let lower = "give one of them a lower `priority`";
    assert_eq!(
        told(&method),
        [
            format!("{p}: write `overrides` or `rates`, not both"),
            format!("{p}[a]: a rate by discount depth needs `till`: how the till is read"),
            format!("{p}[b]: a rate by discount depth needs `till`: how the till is read"),
            format!("{p}[c]: a rate by discount depth needs `till`: how the till is read"),
            format!("{p}[c]: rate \"a\" can fit the same sales and is as specific; {lower}"),
            format!("{p}[c]: rate \"b\" can fit the same sales and is as specific; {lower}"),
            format!("{p}[c]: id \"c\" is used twice"),
            format!("{p}[c]: no discount depth lies between 90% and 80%"),
            format!("{p}[c]: a rate by discount depth needs `till`: how the till is read"),
            format!("{p}[d]: rate 101% is outside 0% to 100%"),
            format!("{p}[d]: a rate by tender needs `till`: how the till is read"),
            format!("{p}[d]: rate \"a\" can fit the same sales and is as specific; {lower}"),
            format!("{p}[d]: rate \"b\" can fit the same sales and is as specific; {lower}"),
            format!("{p}[d]: rate \"c\" can fit the same sales and is as specific; {lower}"),
            format!("{p}[d]: rate \"c\" can fit the same sales and is as specific; {lower}"),
        ]
    );
    let p = "method.turnover_deduction.till";
    let mixed = TillTerms { burdens: vec![burden(BurdenOf::AnyDiscount, "40%")], ..TillTerms::default() };
    let style = "commission on received and a shared discount are two styles of contract; share discounts with base = \"gross_tag\"";
    assert_eq!(told(&with_till("22%", mixed)), [format!("{p}.burdens[any discount]: {style}")]);
    let fees = vec![TenderFee { tender: Tender::Card, rate: rate("0.6%") }; 2];
    let tag = TillTerms { base: TurnoverBase::GrossTag, fees, ..TillTerms::default() };
    assert_eq!(
        told(&with_till("22%", tag)),
        [
            format!("{p}.fees[card]: card already has a rate"),
            format!(
                "{p}.fees: a fee of a tender needs a base of received money; a tag price is not paid by tender"
            ),
            format!("{p}.burdens: commission on the tag price needs `burdens`: who bears which discount"),
        ]
    );
}

#[test]
fn till_facts_that_cannot_be_settled() {
    let told =
        |till: TillTerms, sold: TillSale| january(with_till("22%", till), &[sold]).unwrap_err().to_string();
    let mut sold = till("S1", &[("member", 100)], &[(Tender::Cash, 900, 0)]);
    sold.tag = cents(1_001);
    let sum = "till sale S1 received CNY 9.00, but tag less discounts is CNY 9.01";
    assert_eq!(told(TillTerms::default(), sold.clone()), sum);
    (sold.tag, sold.tenders) = (cents(1_000), vec![]);
    let sum = "till sale S1 received CNY 9.00, but the sum of the tenders is CNY 0.00";
    assert_eq!(told(TillTerms::default(), sold), sum);
    let sold = till("S1", &[], &[(Tender::Voucher, 900, 901)]);
    let void = "till sale S1: CNY 9.01 of CNY 9.00 paid with one tender cannot be void";
    assert_eq!(told(TillTerms::default(), sold), void);
    let sold = till("S1", &[], &[(Tender::Voucher, 900, 100)]);
    let nobody = "till sale S1 brings CNY 1.00 of void of voucher, and the contract says nobody bears it";
    assert_eq!(told(TillTerms::default(), sold), nobody);
    let tag = TillTerms {
        base: TurnoverBase::GrossTag,
        burdens: vec![burden(BurdenOf::Discount("member".to_owned()), "50%")],
        ..TillTerms::default()
    };
    let sold = till("S1", &[("coupon", 100)], &[(Tender::Cash, 900, 0)]);
    let nobody = "till sale S1 brings CNY 1.00 of discount coupon, and the contract says nobody bears it";
    assert_eq!(told(tag, sold), nobody);
    let plain = [sale("S9", "2025-01-10", "A1", 1, "9.00")];
    let facts = Facts { sales: &plain, ..Facts::default() };
    let method = with_till("22%", TillTerms::default());
    let error = settle(&contract(method), &facts, period("2025-01"), &[]).unwrap_err();
    let bare = "sale S9 of 2025-01-10 has no till detail, but the contract reads discounts and tenders";
    assert_eq!(error.to_string(), bare);
    let mut method = TurnoverDeduction::at(rate("22%"));
    let when = RateCondition { stores: [StoreId::new("S-1").unwrap()].into(), ..RateCondition::default() };
    method.rates = vec![rule("shop", "20%", when)];
    let error = settle(&contract(method), &facts, period("2025-01"), &[]).unwrap_err();
    assert_eq!(error.to_string(), "sale S9 of 2025-01-10 names no store, but rate shop is for stores");
}

/// Refunds left in, card fees and VAT taken off: 1 000 by card at 0.6 % and 13 % is 879.646…; a refund of 100 changes
/// the goods but not the commission.
#[test]
fn switches_of_the_base() {
    let sold =
        [till("S1", &[], &[(Tender::Card, 100_000, 0)]), till("S2", &[], &[(Tender::Card, -10_000, 0)])];
    let terms = TillTerms {
        refunds: RefundsInBase::Ignored,
        fees: vec![TenderFee { tender: Tender::Card, rate: rate("0.6%") }],
        base_tax: TaxBasis::Exclusive,
        ..TillTerms::default()
    };
    let statement = january(with_till("25%", terms), &sold).unwrap();
    assert_eq!(statement.totals().goods, money("900.00"));
    assert_eq!(amounts(&statement, LineKind::Commission), ["219.91"]); // 994.00 / 1.13 × 25 % = 219.9115…
    let line = statement.lines_of(LineKind::Commission).next().unwrap();
    assert_eq!(line.basis, Some(Basis::Amount(money("879.65"))));
    let why = statement.explain(line, Language::En).unwrap().join("\n");
    assert!(why.contains("fee of the tender [S1 A1 card] 2025-01-10: 6.00 = 1000.00 × 0.6%"), "{why}");
}

/// A guarantee measured on received money beside commission on the tag price; and one that follows a peer counter.
#[test]
fn guarantees_on_other_bases() {
    let guarantee = |amount: &str, measure| Guarantee {
        amount: decimal(amount),
        cycle: endcap_calendar::Grain::Month,
        algorithm: GuaranteeAlgorithm::PerPeriod,
        rate: rate("20%"),
        measure,
        top_up_on: TopUpBase::Shortfall,
        true_up: TrueUp::TwoWay,
        promotion_sales: PromotionSales::Count,
        overage: None,
    };
    let sold = [till("S1", &[("sale", 30_000)], &[(Tender::Cash, 70_000, 0)])];
    let burdens = vec![burden(BurdenOf::AnyDiscount, "0%")];
    let terms = TillTerms { base: TurnoverBase::GrossTag, burdens, ..TillTerms::default() };
    for (measure, top_up) in [
        (GuaranteeMeasure::Turnover, "0.00"),
        (GuaranteeMeasure::TurnoverOn(TurnoverBase::Received), "60.00"),
    ] {
        let mut method = with_till("20%", terms.clone());
        method.guarantee = Some(guarantee("1000", measure));
        assert_eq!(amounts(&january(method, &sold).unwrap(), LineKind::TopUp), [top_up]);
    }
    // The peer sold 20 000.00, times two: 40 000.00 against 35 000.00 at 20 %.
    let mut method = TurnoverDeduction::at(rate("20%"));
    method.guarantee =
        Some(guarantee("0", GuaranteeMeasure::PeerCounter(PeerCounter { times: decimal("2") })));
    let peer = SideAmount { document: document("PEER"), date: day("2025-01-31"), amount: money("20000") };
    let sales = [sale("S1", "2025-01-10", "A1", 1, "35000.00")];
    let facts = Facts { sales: &sales, peer_sales: core::slice::from_ref(&peer), ..Facts::default() };
    let statement = settle(&contract(method), &facts, period("2025-01"), &[]).unwrap();
    assert_eq!(amounts(&statement, LineKind::TopUp), ["1000.00"]);
    assert_eq!(statement.lines_of(LineKind::TopUp).next().unwrap().against, Some(money("40000.00")));
}

fn tender(index: usize) -> Tender {
    use Tender::{Card, Cash, Mobile, Other, Points, Voucher};
    [Cash, Card, Mobile, Voucher, Points, Other("gift".to_owned())][index % 6].clone()
}

/// Discounts, tenders, and whether it is a refund.
type TillSeed = (Vec<(usize, i64)>, Vec<(usize, i64, bool)>, bool);

/// Till sales from random discounts and tenders; voids are at most half of a tender.
pub(crate) fn till_sales() -> impl Strategy<Value = Vec<TillSale>> {
    let discounts = prop::collection::vec((0_usize..3, 0_i64..9_000), 0..3);
    let tenders = prop::collection::vec((0_usize..6, 1_i64..90_000, any::<bool>()), 1..4);
    prop::collection::vec((discounts, tenders, prop::bool::weighted(0.2)), 1..6).prop_map(|list| {
        let one = |(index, (discounts, tenders, back)): (usize, TillSeed)| {
            let sign = if back { -1 } else { 1 };
            let kinds = ["member", "markdown", "coupon"];
            let discounts: Vec<(&str, i64)> =
                discounts.iter().map(|(kind, minor)| (kinds[*kind], sign * minor)).collect();
            let tenders: Vec<(Tender, i64, i64)> = tenders
                .iter()
                .map(|(which, minor, void)| {
                    (tender(*which), sign * minor, if *void { sign * (minor / 2) } else { 0 })
                })
                .collect();
            till(&format!("S{index}"), &discounts, &tenders)
        };
        list.into_iter().enumerate().map(one).collect()
    })
}

proptest! {
    #![proptest_config(crate::support::at_least(1000))]

    /// The engine and the free functions agree on every base: money that bears commission, and what each side bears.
    #[test]
    fn engine_and_free_functions_agree(sold in till_sales(), which in 0_usize..4, share in 0_u32..=100) {
        use TurnoverBase::{GrossTag, Received, ReceivedLessPoints, ReceivedLessVoucherVoid};
        let base = [GrossTag, Received, ReceivedLessVoucherVoid, ReceivedLessPoints][which];
        let supplier = Rate::percent(share.into()).unwrap();
        let mut burdens: Vec<Burden> =
            (0..6).map(|index| Burden { of: BurdenOf::Void(tender(index)), supplier: Rate::ZERO }).collect();
        if base == GrossTag {
            burdens.push(Burden { of: BurdenOf::AnyDiscount, supplier });
        }
        let statement =
            january(with_till("23.7%", TillTerms { base, burdens, ..TillTerms::default() }), &sold).unwrap();
        let mut expected = money("0");
        let (mut tag, mut off) = (money("0"), money("0"));
        for sold in &sold {
            let told = sold.money().unwrap();
            expected = expected.checked_add(&told.base(base).unwrap()).unwrap();
            tag = tag.checked_add(&told.tag).unwrap();
            off = off.checked_add(&told.discount).unwrap();
        }
        // A month paid with points alone bears no commission on that base, and has no line of it.
        let line = statement.lines_of(LineKind::Commission).next();
        prop_assert_eq!(line.map_or(Some(Basis::Amount(money("0"))), |line| line.basis), Some(Basis::Amount(expected)));
        if base == GrossTag {
            let discount = SharedDiscount { amount: off, supplier };
            let split =
                share_discounts(tag, &[discount], (rate("23.7%"), CommissionOn::Tag), &Rounding::HALF_AWAY).unwrap();
            prop_assert_eq!(statement.totals().payment, split.supplier_net);
            prop_assert_eq!(line.unwrap().amount, split.commission);
        }
        statement.trace().verify().unwrap();
    }
}
