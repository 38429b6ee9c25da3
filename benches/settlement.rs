//! A month settled: every fact traced, every amount explained.
//!
//! The baseline does the same sums in `rust_decimal` and forgets where they came from: no trace, no VAT, no checks. What
//! a month costs above it is what explanations cost. Tiers are the kernel of every rebate, against the usual loop.

use std::hint::black_box;

use chrono::NaiveDate;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use endcap::calendar::Period;
use endcap::settlement::*;
use endcap::types::*;
use rust_decimal::{Decimal, RoundingStrategy};

/// A fixed linear congruential sequence.
fn sequence(seed: u64) -> impl FnMut(i64) -> i64 {
    let mut state = seed;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(state >> 33).unwrap() % below
    }
}

fn fen(minor: i64) -> Money {
    Money::from_minor(minor.into(), Currency::CNY).unwrap()
}

fn rate(text: &str) -> Rate {
    text.parse().unwrap()
}

fn round(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// `amount × numerator / denominator`, half away from zero, for amounts that are not negative.
fn share(amount: i64, numerator: i64, denominator: i64) -> i64 {
    (2 * amount * numerator + denominator) / (2 * denominator)
}

fn on(day: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 6, u32::try_from(day).unwrap()).unwrap()
}

fn contract(method: Method, clauses: Vec<Clause>) -> Contract {
    Contract::new(ContractTerms {
        id: ContractId::new("C-1").unwrap(),
        account: AccountId::new("WANYUE").unwrap(),
        currency: Currency::CNY,
        valid: Period::year(2025).unwrap(),
        scope: Scope::All,
        payment_terms: "from(end_of_supply_period);days(45)".parse().unwrap(),
        goods_vat: rate("13%"),
        goods_vat_by: vec![],
        service_vat: Some(rate("6%")),
        amounts: TaxBasis::Inclusive,
        tax_site: vat::TaxSite::PerRateGroup,
        rounding: Rounding::HALF_AWAY,
        method,
        stacks: vec![],
        clauses,
    })
    .unwrap()
}

/// Five shares of purchases in hundredths of a percent, and a fixed fee of 3,000.00.
const SHARES: [(&str, i64); 5] = [("R1", 200), ("R2", 150), ("LOG", 275), ("CARD", 60), ("DATA", 33)];
const FEE: i64 = 300_000;

fn six_clauses() -> Vec<Clause> {
    let settled = |id: &str| match id {
        "R1" | "R2" => (ClauseKind::Rebate, SettleMode::InvoiceDeduct, TaxRule::Goods),
        "LOG" => (ClauseKind::Logistics, SettleMode::PaymentDeduct, TaxRule::Service),
        "CARD" => (ClauseKind::CardFee, SettleMode::PaymentDeduct, TaxRule::Service),
        _ => (ClauseKind::Data, SettleMode::PaymentDeduct, TaxRule::Service),
    };
    let mut clauses: Vec<Clause> = SHARES
        .iter()
        .map(|(id, points)| {
            let (kind, settle, tax) = settled(id);
            let rate = Rate::basis_points(Decimal::from(*points)).unwrap();
            let percent = Percent { of: BaseMeasure::NetPurchases, rate, base_tax: TaxBasis::Inclusive };
            Clause::new(ClauseId::new(*id).unwrap(), kind, AmountRule::Percent(percent), settle, tax)
        })
        .collect();
    let fee = AmountRule::Fixed(Decimal::new(FEE, 2));
    let id = ClauseId::new("DISPLAY").unwrap();
    clauses.push(Clause::new(id, ClauseKind::Display, fee, SettleMode::PaymentDeduct, TaxRule::Service));
    clauses
}

fn credit_month(c: &mut Criterion) {
    let lines = 2_000;
    let mut next = sequence(20_250_601);
    let minor: Vec<i64> = (0..lines).map(|_| 1_000 + next(900_000)).collect();
    let deliveries: Vec<Delivery> = minor
        .iter()
        .enumerate()
        .map(|(n, amount)| Delivery {
            document: DocumentId::new(format!("D-{}", n / 20)).unwrap(),
            date: on(1 + i64::try_from(n).unwrap() / 20 % 30),
            store: None,
            sku: SkuId::new(format!("A{}", n % 20)).unwrap(),
            quantity: Quantity::pieces(12).unwrap(),
            amount: fen(*amount),
        })
        .collect();
    let contract = contract(Method::CreditTerms(CreditTerms {}), six_clauses());
    let facts = Facts { deliveries: &deliveries, ..Facts::default() };
    let june = Period::month(2025, 6).unwrap();

    let goods: i64 = minor.iter().sum();
    let deducted: i64 = SHARES.iter().map(|(_, points)| share(goods, *points, 10_000)).sum();
    let payment = fen(goods - deducted - FEE);

    let mut group = c.benchmark_group("credit_month_2000_lines");
    group.throughput(Throughput::Elements(u64::try_from(lines).unwrap()));
    group.bench_function("settle", |bencher| {
        bencher.iter(|| {
            let statement = settle(&contract, black_box(&facts), june, &[]).unwrap();
            assert_eq!(statement.totals().payment, payment);
            statement
        });
    });
    let decimals: Vec<Decimal> = minor.iter().map(|minor| Decimal::new(*minor, 2)).collect();
    let rates: Vec<Decimal> = SHARES.iter().map(|(_, points)| Decimal::new(*points, 4)).collect();
    let expected = Decimal::from_i128_with_scale(payment.minor(), 2);
    group.bench_function("rust_decimal_without_trace", |bencher| {
        bencher.iter(|| {
            let goods: Decimal = black_box(&decimals).iter().sum();
            let deducted: Decimal = rates.iter().map(|rate| round(goods * rate)).sum();
            let payment = goods - deducted - Decimal::new(FEE, 2);
            assert_eq!(payment, expected);
            payment
        });
    });
    group.finish();
}

/// Commission in hundredths of a percent: promoted sales, then one SKU, then its category, then the rest.
const POINTS: [i64; 4] = [1_900, 1_750, 1_800, 2_200];

/// Which of [`POINTS`] fits the sale of SKU `sku`.
fn rate_of(sku: usize, promoted: bool) -> usize {
    match (promoted, sku) {
        (true, _) => 0,
        (false, 0) => 1,
        (false, 1..6) => 2,
        (false, _) => 3,
    }
}

fn turnover_month(c: &mut Criterion) {
    let lines = 5_000;
    let mut next = sequence(20_250_602);
    let minor: Vec<i64> = (0..lines).map(|_| 100 + next(90_000)).collect();
    let promoted = |n: usize| n % 7 == 3;
    let products: Vec<Product> = (0..20)
        .map(|n| Product {
            sku: SkuId::new(format!("A{n}")).unwrap(),
            category: Some(CategoryId::new(if n < 6 { "dairy" } else { "care" }).unwrap()),
            brand: None,
        })
        .collect();
    let sales: Vec<Sale> = minor
        .iter()
        .enumerate()
        .map(|(n, amount)| Sale {
            document: DocumentId::new(format!("S-{n}")).unwrap(),
            date: on(1 + i64::try_from(n % 30).unwrap()),
            store: None,
            sku: products[n % 20].sku.clone(),
            quantity: Quantity::pieces(3).unwrap(),
            amount: fen(*amount),
            promotion: promoted(n).then(|| PromotionId::new("P-618").unwrap()),
            original: OriginalTerms::default(),
        })
        .collect();
    let points = |n: usize| Rate::basis_points(Decimal::from(POINTS[n])).unwrap();
    let mut method = TurnoverDeduction::at(points(3));
    method.overrides = vec![
        RateOverride { at: RateTarget::AnyPromotion, rate: points(0) },
        RateOverride { at: RateTarget::Sku(products[0].sku.clone()), rate: points(1) },
        RateOverride { at: RateTarget::Category(CategoryId::new("dairy").unwrap()), rate: points(2) },
    ];
    let contract = contract(Method::TurnoverDeduction(method), vec![]);
    let facts = Facts { products: &products, sales: &sales, ..Facts::default() };
    let june = Period::month(2025, 6).unwrap();

    let which: Vec<usize> = (0..lines).map(|n| rate_of(n % 20, promoted(n))).collect();
    let mut by_rate = [0_i64; 4];
    for (minor, rate) in minor.iter().zip(&which) {
        by_rate[*rate] += minor;
    }
    let commission: i64 = by_rate.iter().zip(POINTS).map(|(sum, points)| share(*sum, points, 10_000)).sum();
    let payment = fen(minor.iter().sum::<i64>() - commission);

    let mut group = c.benchmark_group("turnover_month_5000_sales");
    group.throughput(Throughput::Elements(u64::try_from(lines).unwrap()));
    group.sample_size(30);
    group.bench_function("settle", |bencher| {
        bencher.iter(|| {
            let statement = settle(&contract, black_box(&facts), june, &[]).unwrap();
            assert_eq!(statement.totals().payment, payment);
            statement
        });
    });
    let decimals: Vec<(Decimal, usize)> =
        minor.iter().map(|minor| Decimal::new(*minor, 2)).zip(which.iter().copied()).collect();
    let expected = Decimal::from_i128_with_scale(payment.minor(), 2);
    group.bench_function("rust_decimal_without_trace", |bencher| {
        bencher.iter(|| {
            let mut by_rate = [Decimal::ZERO; 4];
            for (amount, rate) in black_box(&decimals) {
                by_rate[*rate] += amount;
            }
            let turnover: Decimal = by_rate.iter().sum();
            let commission: Decimal =
                by_rate.iter().zip(POINTS).map(|(sum, points)| round(sum * Decimal::new(points, 4))).sum();
            assert_eq!(turnover - commission, expected);
            turnover - commission
        });
    });
    group.finish();
}

/// Thresholds in major units and rates in hundredths of a percent.
const TIERS: [(i64, i64); 5] = [(0, 0), (20_000, 100), (50_000, 150), (100_000, 225), (500_000, 300)];

/// What is due in fen, from integers: each band's part, or the highest rate on the whole.
fn due(minor: i64, method: TierMethod) -> i64 {
    let reached = TIERS.iter().filter(|(from, _)| minor >= from * 100).count();
    if method == TierMethod::Whole {
        return share(minor, TIERS[reached - 1].1, 10_000);
    }
    let upper = |n: usize| TIERS.get(n + 1).map_or(i64::MAX, |(from, _)| from * 100);
    let exact: i64 = (0..reached).map(|n| (minor.min(upper(n)) - TIERS[n].0 * 100) * TIERS[n].1).sum();
    share(exact, 1, 10_000)
}

/// The usual loop.
fn decimal_due(amount: Decimal, tiers: &[(Decimal, Decimal)], method: TierMethod) -> Decimal {
    let mut due = Decimal::ZERO;
    for (n, (from, rate)) in tiers.iter().enumerate().take_while(|(_, (from, _))| amount >= *from) {
        if method == TierMethod::Whole {
            due = amount * rate;
        } else {
            let upper = tiers.get(n + 1).map_or(amount, |(upper, _)| amount.min(*upper));
            due += (upper - from) * rate;
        }
    }
    round(due)
}

fn tiers(c: &mut Criterion) {
    let amounts = 1_000;
    let mut next = sequence(20_250_603);
    let minor: Vec<i64> = (0..amounts).map(|_| next(80_000_000)).collect();
    let exact: Vec<Exact> = minor.iter().map(|minor| Exact::ratio((*minor).into(), 100).unwrap()).collect();
    let decimals: Vec<Decimal> = minor.iter().map(|minor| Decimal::new(*minor, 2)).collect();
    let bands = TIERS.map(|(from, points)| {
        Tier::rate(Decimal::from(from), Rate::basis_points(Decimal::from(points)).unwrap())
    });
    let table = TierTable::new(bands, Boundary::ReachedAt).unwrap();
    let plain = TIERS.map(|(from, points)| (Decimal::from(from), Decimal::new(points, 4)));
    let hundred = Exact::from_int(100);

    for (name, method) in [("tiers_marginal", TierMethod::Marginal), ("tiers_whole", TierMethod::Whole)] {
        let expected: i128 = minor.iter().map(|minor| i128::from(due(*minor, method))).sum();
        let mut group = c.benchmark_group(name);
        group.throughput(Throughput::Elements(amounts));
        group.bench_function("tier_table", |bencher| {
            bencher.iter(|| {
                let due = black_box(&exact).iter().map(|amount| {
                    let due = table.evaluate(method, amount).unwrap().mul(&hundred).unwrap();
                    due.round_to_int(RoundingMode::HalfAwayFromZero).unwrap()
                });
                let total: i128 = due.sum();
                assert_eq!(total, expected);
                total
            });
        });
        let in_decimal = Decimal::from_i128_with_scale(expected, 2);
        group.bench_function("rust_decimal", |bencher| {
            bencher.iter(|| {
                let amounts = black_box(&decimals).iter();
                let total: Decimal = amounts.map(|amount| decimal_due(*amount, &plain, method)).sum();
                assert_eq!(total, in_decimal);
                total
            });
        });
        group.finish();
    }
}

criterion_group!(benches, credit_month, turnover_month, tiers);
criterion_main!(benches);
