//! The laws of settlement, on random months of trade.

use endcap_settlement::*;
use endcap_types::*;
use proptest::prelude::*;

use crate::support::*;
use crate::world::{World, build, cents, clauses, methods, seeds, world};

fn config() -> ProptestConfig {
    crate::support::at_least(1_000)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn order_of_facts_and_clauses_changes_nothing(world in world(), seed in any::<u64>()) {
        let (one, other) = (world.settle(), world.shuffled(seed).settle());
        prop_assert_eq!(one.fingerprint(), other.fingerprint());
        #[cfg(feature = "serde")]
        prop_assert_eq!(serde_json::to_string(&one).unwrap(), serde_json::to_string(&other).unwrap());
        prop_assert_eq!(one, other);
    }

    #[test]
    fn nothing_is_lost_between_goods_and_payment(world in world()) {
        let statement = world.settle();
        let totals = statement.totals();
        let mut signed = 0;
        for line in statement.lines() {
            prop_assert_eq!(line.net.minor() + line.tax.minor(), line.amount.minor());
            signed += match line.column {
                Column::Goods | Column::Adjustment => line.amount.minor(),
                Column::Separate => 0,
                _ => -line.amount.minor(),
            };
        }
        prop_assert_eq!(totals.payment.minor(), signed);
        let terms = [totals.on_invoice, totals.invoice_deduct, totals.payment_deduct].map(|m| m.minor());
        prop_assert_eq!(totals.goods.minor() - terms.iter().sum::<i128>() - totals.advances.minor(), signed);
        prop_assert_eq!(totals.invoice.minor(), totals.goods.minor() - terms[0] - terms[1]);
    }

    #[test]
    fn stock_rolls_forward(mut world in world(), priced_at_sale in any::<bool>()) {
        world.terms.method = methods().swap_remove(if priced_at_sale { 2 } else { 1 });
        let statement = world.settle();
        let stock = statement.stock().unwrap();
        for roll in &stock.rolls {
            let layers = stock.closing_layers.iter().filter(|layer| layer.sku == roll.sku);
            let left = layers.fold(pieces(0), |sum, layer| sum.checked_add(&layer.remaining).unwrap());
            // A loss leaves the stock, found goods stay a difference.
            let expected = match roll.variance().unwrap() {
                Some(variance) if variance.is_negative() => roll.counted.unwrap(),
                _ => roll.expected_close().unwrap(),
            };
            prop_assert_eq!(left, expected);
            if roll.counted.is_some() {
                let unreported = roll.unreported().unwrap().unwrap();
                prop_assert_eq!(unreported, roll.variance().unwrap().unwrap().negated());
            }
        }
        // Never stock above and below zero at once.
        for sku in crate::world::SKUS {
            let of_sku = || stock.closing_layers.iter().filter(|layer| layer.sku.as_str() == sku.0);
            let below = of_sku().any(|layer| layer.remaining.is_negative());
            let above = of_sku().any(|layer| !layer.remaining.is_negative() && !layer.remaining.is_zero());
            prop_assert!(!(below && above));
        }
    }

    #[test]
    fn every_amount_can_be_asked_why(world in world()) {
        let statement = world.settle();
        statement.trace().verify().unwrap();
        for line in statement.lines() {
            let en = statement.explain(line, Language::En).unwrap();
            let zh = statement.explain(line, Language::Zh).unwrap();
            prop_assert_eq!(en.len(), zh.len());
            let amount = line.amount.to_amount_string();
            let (in_en, in_zh) = (format!(": {amount}"), format!("：{amount}"));
            prop_assert!(en[0].contains(&in_en) && en[0].starts_with(line.kind.name_en()), "{}", en[0]);
            prop_assert!(zh[0].contains(&in_zh) && zh[0].starts_with(line.kind.name_zh()), "{}", zh[0]);
        }
    }

}

// The laws below run a thousand cases; those above have wider twins in `numbered_laws`.
proptest! {
    #![proptest_config(crate::numbered_laws::thousand())]

    /// Linear rules only: a mirrored month is the mirrored statement.
    #[test]
    fn sign_symmetry(sales in seeds(10), deliveries in seeds(8), returns in seeds(4), which in 0_usize..2) {
        let linear = ["C1", "C2", "D1", "D2", "DAIRY", "U1", "U2"];
        let (stacks, all) = clauses();
        let method = if which == 0 {
            credit()
        } else {
            let Method::TurnoverDeduction(mut method) = methods().swap_remove(3) else { unreachable!() };
            method.guarantee = None;
            Method::TurnoverDeduction(method)
        };
        let mut terms = terms(method);
        terms.stacks = stacks;
        terms.clauses = all.into_iter().filter(|clause| linear.contains(&clause.id.as_str())).collect();
        let mut world = build(terms, (deliveries, returns, sales), (vec![], vec![], vec![]), &[]);
        (world.occasions, world.funding, world.advances) = (vec![], vec![], vec![]);
        let statement = world.settle();
        let mut mirror = world.clone();
        for d in &mut mirror.deliveries {
            (d.quantity, d.amount) = (d.quantity.negated(), d.amount.negated());
        }
        for r in &mut mirror.returns {
            (r.quantity, r.amount) = (r.quantity.negated(), r.amount.negated());
        }
        for s in &mut mirror.sales {
            (s.quantity, s.amount) = (s.quantity.negated(), s.amount.negated());
        }
        let mirrored = mirror.settle();
        prop_assert_eq!(statement.lines().len(), mirrored.lines().len());
        let amounts = |s: &Statement| {
            s.lines().iter().map(|l| (l.column, l.kind, l.clause.clone(), l.rate, l.document.clone(), l.amount.minor(), l.tax.minor())).collect::<Vec<_>>()
        };
        let mut negated = amounts(&mirrored);
        for line in &mut negated {
            (line.5, line.6) = (-line.5, -line.6);
        }
        let (mut one, mut two) = (amounts(&statement), negated);
        one.sort();
        two.sort();
        prop_assert_eq!(one, two);
    }

    /// A sale and its refund in a later month, at the rate of the sale, leave nothing.
    #[test]
    fn a_refund_undoes_its_sale(minor in 1_i64..10_000_000, promoted in any::<bool>()) {
        let contract = Contract::new(terms(methods().swap_remove(3))).unwrap();
        let mut contract_terms = contract.terms().clone();
        if let Method::TurnoverDeduction(method) = &mut contract_terms.method {
            method.guarantee = None;
        }
        let contract = Contract::new(contract_terms).unwrap();
        let products = build(terms(credit()), (vec![], vec![], vec![]), (vec![], vec![], vec![]), &[]).products;
        let mut sold = sale("S", "2025-01-10", "A1", 5, "0");
        sold.amount = cents(minor);
        sold.promotion = promoted.then(|| PromotionId::new("P").unwrap());
        let sales = [sold.clone()];
        let facts = Facts { products: &products, sales: &sales, ..Facts::default() };
        let first = settle(&contract, &facts, period("2025-01"), &[]).unwrap();
        let charged = first.lines_of(LineKind::Commission).next().unwrap();
        let mut back = sale("S-R", "2025-03-10", "A1", -5, "0");
        back.amount = cents(-minor);
        back.original.rate = charged.rate;
        let sales = [back];
        let facts = Facts { products: &products, sales: &sales, ..Facts::default() };
        let later = settle(&contract, &facts, period("2025-03"), &[]).unwrap();
        for (one, two) in first.lines().iter().zip(later.lines()) {
            prop_assert_eq!(one.amount, two.amount.negated());
            prop_assert_eq!(one.tax, two.tax.negated());
        }
        prop_assert_eq!(first.totals().payment, later.totals().payment.negated());
    }

    /// However the year is cut, the interim payments sum to the one-shot result.
    #[test]
    fn cumulative_payments_sum_to_the_one_shot(
        bases in prop::collection::vec(-3_000_000_i64..30_000_000, 6),
        cut in 0_u32..32,
        method in 0_usize..4,
        net in any::<bool>(),
    ) {
        let method = [TierMethod::Marginal, TierMethod::Whole, TierMethod::Rolling, TierMethod::Total][method];
        let tiers = [("0", "1%"), ("100000", "2.75%"), ("300000", "3.3333%")];
        let tiers = tiers.map(|(from, text)| Tier::rate(decimal(from), rate(text)));
        let rule = AmountRule::Tiered(Tiered {
            of: BaseMeasure::NetPurchases,
            base_tax: if net { TaxBasis::Exclusive } else { TaxBasis::Inclusive },
            method,
            table: TierTable::new(tiers, Boundary::ReachedAt).unwrap(),
            accumulate: Accumulation::Since(day("2025-01-01")),
            true_up: TrueUp::TwoWay,
        });
        let mut terms = terms(credit());
        let mut rebate = clause("R", ClauseKind::Rebate, rule, SettleMode::PaymentDeduct, TaxRule::Service);
        if net {
            rebate.amounts = TaxBasis::Exclusive;
        }
        terms.clauses.push(rebate);
        let contract = Contract::new(terms).unwrap();
        let deliveries: Vec<Delivery> = (1..)
            .zip(&bases)
            .map(|(month, minor)| {
                let mut d = delivery("D", &format!("2025-0{month}-15"), "A1", 1, "0");
                d.amount = cents(*minor);
                d
            })
            .collect();
        let facts = Facts { deliveries: &deliveries, ..Facts::default() };
        let whole = settle(&contract, &facts, period("2025-H1"), &[]).unwrap();
        let mut prior: Vec<Statement> = Vec::new();
        let mut begin = 1;
        for month in 1..=6_u32 {
            // Bit m of the cut closes a period after month m.
            if month == 6 || cut & (1 << (month - 1)) != 0 {
                let end = if month == 6 { "2025-07-01".to_owned() } else { format!("2025-0{}-01", month + 1) };
                let part = period(&format!("2025-0{begin}-01..{end}"));
                let statement = settle(&contract, &facts, part, &prior).unwrap();
                prior.insert(0, statement); // any order
                begin = month + 1;
            }
        }
        // In the tax basis of the clause.
        let paid = |s: &Statement| {
            s.lines().iter().filter(|l| l.clause.is_some()).map(|l| if net { l.net } else { l.amount }.minor()).sum::<i128>()
        };
        prop_assert_eq!(prior.iter().map(paid).sum::<i128>(), paid(&whole));
    }

    /// A later period never pays a negative amount under `up_only`, and the total never falls below what two-way pays.
    #[test]
    fn up_only_never_takes_back(bases in prop::collection::vec(-3_000_000_i64..3_000_000, 5)) {
        let run = |true_up| {
            let rule = AmountRule::Tiered(Tiered {
                of: BaseMeasure::NetPurchases,
                base_tax: TaxBasis::Inclusive,
                method: TierMethod::Whole,
                table: TierTable::new([Tier::rate(10_000.into(), rate("3%"))], Boundary::Exceeds).unwrap(),
                accumulate: Accumulation::Since(day("2025-01-01")),
                true_up,
            });
            let mut terms = terms(credit());
            terms.clauses.push(clause("R", ClauseKind::Rebate, rule, SettleMode::Separate, TaxRule::Service));
            let contract = Contract::new(terms).unwrap();
            let mut prior: Vec<Statement> = Vec::new();
            for (month, minor) in (1..).zip(&bases) {
                let mut d = delivery("D", &format!("2025-0{month}-15"), "A1", 1, "0");
                d.amount = cents(*minor);
                let facts = Facts { deliveries: &[d], ..Facts::default() };
                let of = endcap_calendar::Period::month(2025, month).unwrap();
                prior.push(settle(&contract, &facts, of, &prior).unwrap());
            }
            prior.iter().map(|s| s.totals().separate.minor()).collect::<Vec<i128>>()
        };
        let (up, both) = (run(TrueUp::UpOnly), run(TrueUp::TwoWay));
        prop_assert!(up.iter().all(|paid| *paid >= 0));
        prop_assert!(up.iter().sum::<i128>() >= both.iter().sum::<i128>());
    }
}

/// A quarter of turnover under a guarantee: top-ups and commissions by month, in cents.
fn quarter(sales: &[i64], change: impl Fn(&mut Guarantee)) -> Vec<(i128, i128)> {
    let mut method = TurnoverDeduction::at(rate("22%"));
    let mut guarantee = Guarantee {
        amount: decimal("100000.00"),
        cycle: endcap_calendar::Grain::Quarter,
        algorithm: GuaranteeAlgorithm::MonthlyThenTrueUp,
        rate: rate("22%"),
        measure: GuaranteeMeasure::Turnover,
        top_up_on: TopUpBase::Shortfall,
        true_up: TrueUp::TwoWay,
        promotion_sales: PromotionSales::Count,
        overage: None,
    };
    change(&mut guarantee);
    method.guarantee = Some(guarantee);
    let contract = Contract::new(terms(Method::TurnoverDeduction(method))).unwrap();
    let mut prior: Vec<Statement> = Vec::new();
    let mut found = Vec::new();
    for (month, minor) in (1..).zip(sales) {
        let mut sold = sale("S", &format!("2025-0{month}-10"), "A1", 1, "0");
        sold.amount = cents(*minor);
        let facts = Facts { sales: &[sold], ..Facts::default() };
        let statement =
            settle(&contract, &facts, endcap_calendar::Period::month(2025, month).unwrap(), &prior).unwrap();
        let sum = |kind| statement.lines_of(kind).map(|line| line.amount.minor()).sum::<i128>();
        found.push((sum(LineKind::TopUp), sum(LineKind::Commission)));
        prior.push(statement);
    }
    found
}

proptest! {
    #![proptest_config(crate::numbered_laws::thousand())]

    #[test]
    fn monthly_then_true_up_equals_cycle_end(sales in prop::collection::vec(0_i64..6_000_000, 3), on in 0_usize..3) {
        let on = [TopUpBase::Shortfall, TopUpBase::Guarantee, TopUpBase::Turnover][on];
        let monthly = quarter(&sales, |g| g.top_up_on = on);
        let at_end = quarter(&sales, |g| (g.top_up_on, g.algorithm) = (on, GuaranteeAlgorithm::CycleEnd));
        let total = |list: &[(i128, i128)]| list.iter().map(|(top_up, _)| top_up).sum::<i128>();
        prop_assert_eq!(total(&monthly), total(&at_end));
        prop_assert!(at_end[..2].iter().all(|(top_up, _)| *top_up == 0));
        prop_assert!(monthly[..2].iter().all(|(top_up, _)| *top_up >= 0));
        let up_only = quarter(&sales, |g| (g.top_up_on, g.true_up) = (on, TrueUp::UpOnly));
        prop_assert!(up_only.iter().all(|(top_up, _)| *top_up >= 0));
    }

    #[test]
    fn equal_rates_charge_the_larger_of_sales_and_guarantee(minor in 0_i64..20_000_000) {
        let found = quarter(&[minor], |g| {
            (g.cycle, g.algorithm) = (endcap_calendar::Grain::Month, GuaranteeAlgorithm::PerPeriod);
        });
        let (top_up, commission) = found[0];
        prop_assert!(top_up >= 0);
        let exact = 22 * i128::from(minor.max(10_000_000));
        // Two rounded amounts: at most one cent apart.
        prop_assert!((100 * (top_up + commission) - exact).abs() <= 100);
    }

    #[test]
    fn more_sales_never_raise_the_top_up(minor in 0_i64..12_000_000, more in 0_i64..3_000_000, on in 0_usize..2) {
        let on = [TopUpBase::Shortfall, TopUpBase::Guarantee][on];
        let top_up = |minor| {
            let found = quarter(&[minor], |g| {
                (g.cycle, g.algorithm) = (endcap_calendar::Grain::Month, GuaranteeAlgorithm::PerPeriod);
                g.top_up_on = on;
            });
            found[0].0
        };
        prop_assert!(top_up(minor + more) <= top_up(minor));
    }
}

/// Increasing thresholds from steps, with rates in hundredths of a percent.
fn table(steps: &[(u32, u32)], boundary: Boundary, first: u32, rising: bool) -> TierTable {
    let mut from = i64::from(first);
    let mut bp = 0_u32;
    let tiers: Vec<Tier> = steps
        .iter()
        .map(|(step, pay)| {
            bp = if rising { bp + pay } else { *pay };
            let tier = Tier::rate(from.into(), Rate::basis_points(bp.into()).unwrap());
            from += i64::from(*step) + 1;
            tier
        })
        .collect();
    TierTable::new(tiers, boundary).unwrap()
}

proptest! {
    #![proptest_config(crate::numbered_laws::thousand())]

    #[test]
    fn marginal_is_continuous_and_monotone(
        steps in prop::collection::vec((0_u32..5000, 0_u32..900), 1..6), first in 0_u32..3, x in -100_i128..20_000, dx in 0_i128..50,
    ) {
        let at = |boundary, x: i128| {
            let x = Exact::ratio(x, 2).unwrap();
            table(&steps, boundary, first * 1000, false).evaluate(TierMethod::Marginal, &x).unwrap()
        };
        let (low, high) = (at(Boundary::ReachedAt, x), at(Boundary::ReachedAt, x + dx));
        prop_assert!(low <= high);
        // The highest rate is 9 %, so nothing jumps.
        let most = Exact::ratio(9 * dx, 200).unwrap();
        prop_assert!(high.sub(&low).unwrap() <= most);
        prop_assert_eq!(at(Boundary::Exceeds, x), low);
    }

    #[test]
    fn marginal_never_exceeds_whole_while_rates_rise(
        steps in prop::collection::vec((0_u32..5000, 0_u32..900), 1..6), x in -100_i128..20_000,
    ) {
        let table = table(&steps, Boundary::ReachedAt, 0, true);
        let x = Exact::from_int(x);
        let of = |method| table.evaluate(method, &x).unwrap();
        prop_assert!(of(TierMethod::Marginal) <= of(TierMethod::Whole));
        prop_assert!(of(TierMethod::Marginal) <= of(TierMethod::Rolling));
        prop_assert!(of(TierMethod::Rolling) <= of(TierMethod::Total));
        if x.signum() < 0 {
            prop_assert!(of(TierMethod::Total).is_zero());
        }
    }

    #[test]
    fn scale_changes_nothing_but_the_scale(
        steps in prop::collection::vec((0_u32..5000, 0_u32..900), 1..6), x in 0_i128..20_000, method in 0_usize..4,
    ) {
        let method = [TierMethod::Marginal, TierMethod::Whole, TierMethod::Rolling, TierMethod::Total][method];
        let table = table(&steps, Boundary::Exceeds, 7, false);
        let scaled = table.tiers().iter().map(|tier| Tier { from: tier.from * decimal("1000"), ..*tier });
        let scaled = TierTable::new(scaled, Boundary::Exceeds).unwrap();
        let thousand = Exact::from_int(1000);
        let big = scaled.evaluate(method, &Exact::from_int(x).mul(&thousand).unwrap()).unwrap();
        prop_assert_eq!(table.evaluate(method, &Exact::from_int(x)).unwrap().mul(&thousand).unwrap(), big);
    }

    #[test]
    fn the_next_threshold_is_the_nearest_above(
        steps in prop::collection::vec((0_u32..5000, 0_u32..900), 1..6), x in -50_i128..20_000, method in 0_usize..4,
    ) {
        let method = [TierMethod::Marginal, TierMethod::Whole, TierMethod::Rolling, TierMethod::Total][method];
        let table = table(&steps, Boundary::ReachedAt, 100, false);
        let x = Exact::from_int(x);
        match table.next_threshold(method, &x).unwrap() {
            None => prop_assert_eq!(table.reached(&x), table.tiers().len()),
            Some(next) => {
                let at = x.add(&next.missing).unwrap();
                prop_assert_eq!(&at, &Exact::from_decimal(next.threshold));
                prop_assert_eq!(table.reached(&at), table.reached(&x) + 1);
                let gain = table.evaluate(method, &at).unwrap().sub(&table.evaluate(method, &x).unwrap()).unwrap();
                prop_assert_eq!(next.extra, gain);
            }
        }
    }

    #[test]
    fn bands_leave_neither_gap_nor_overlap(
        steps in prop::collection::vec((0_u32..5000, 0_u32..900), 1..6), x in 0_i128..40_000,
    ) {
        let table = table(&steps, Boundary::ReachedAt, 0, false);
        let x = Exact::ratio(x, 2).unwrap();
        let bands = table.bands(TierMethod::Marginal, &x);
        let mut covered = Exact::ZERO;
        for (index, band) in bands.iter().enumerate() {
            covered = covered.add(&band.taken(TierMethod::Marginal, &x).unwrap()).unwrap();
            if let Some(next) = bands.get(index + 1) {
                prop_assert_eq!(band.upper, Some(next.lower));
            }
        }
        prop_assert_eq!(covered, x);
    }
}

#[test]
fn worlds_differ() {
    // The fingerprint is not a constant: a cent more on one sale is another statement.
    let base = World {
        sales: vec![sale("S1", "2025-01-10", "A1", 1, "10.00")],
        ..build(terms(methods().swap_remove(3)), (vec![], vec![], vec![]), (vec![], vec![], vec![]), &[])
    };
    let mut base = base;
    (base.occasions, base.funding) = (vec![], vec![]);
    let mut other = base.clone();
    other.sales[0].amount = money("10.01");
    assert_ne!(base.settle().fingerprint(), other.settle().fingerprint());
    let mut renamed = base.clone();
    renamed.sales[0].document = document("S2");
    assert_ne!(base.settle().fingerprint(), renamed.settle().fingerprint());
}
