//! Early-payment discounts and accruals: laws, and second answers in plain fractions.

use endcap_calendar::{CashDiscount, DiscountStep, dates};
use endcap_settlement::accrual::*;
use endcap_settlement::discount::*;
use endcap_settlement::{Boundary, Tier, TierMethod, TierTable};
use endcap_types::*;
use num_rational::{BigRational, Ratio};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::credit_laws::fen;
use crate::support::*;

type R = Ratio<i128>;

fn round(value: R) -> i128 {
    let half = R::new(1, 2);
    if value < R::from(0) {
        -((-value + half).floor().to_integer())
    } else {
        (value + half).floor().to_integer()
    }
}

fn bp(points: i64) -> Rate {
    Rate::basis_points(points.into()).unwrap()
}

fn sites() -> impl Strategy<Value = DiscountSite> {
    prop::sample::select(vec![DiscountSite::Document, DiscountSite::Discount, DiscountSite::Line])
}

fn treatments() -> impl Strategy<Value = DiscountTax> {
    prop::sample::select(vec![DiscountTax::Included, DiscountTax::Excluded, DiscountTax::Mixed])
}

fn tax_sites() -> impl Strategy<Value = vat::TaxSite> {
    prop::sample::select(vec![vat::TaxSite::PerLine, vat::TaxSite::PerRateGroup, vat::TaxSite::PerDocument])
}

prop_compose! {
    /// Invoices above zero, rounded to a fen or to five, half away or up or down.
    fn any_invoice()(
        lines in vec((0_i128..500_000, prop::sample::select(vec![0_i64, 600, 900, 1300, 1777])), 0..5),
        fixed in 0_i128..5_000,
        treatment in treatments(), site in sites(), tax_site in tax_sites(),
        mode in prop::sample::select(RoundingMode::ALL.to_vec()),
        step in prop::sample::select(vec![1_i128, 5, 100]),
    ) -> EarlyPayment {
        let lines = lines.into_iter().map(|(net, tax)| DiscountLine { net: fen(net), tax_rate: bp(tax) });
        let mut invoice = EarlyPayment::new(Currency::CNY, lines);
        invoice.fixed_tax = fen(fixed);
        (invoice.treatment, invoice.site, invoice.tax_site) = (treatment, site, tax_site);
        invoice.rounding = Rounding::new(mode).with_step(&fen(step)).unwrap();
        invoice
    }
}

fn plain(invoice: &EarlyPayment) -> EarlyPayment {
    EarlyPayment { rounding: Rounding::HALF_AWAY, ..invoice.clone() }
}

/// Tax on the invoice in fen, the net being kept at `kept`.
fn tax_of(invoice: &EarlyPayment, kept: R) -> i128 {
    let parts: Vec<(i128, R)> = invoice
        .lines
        .iter()
        .map(|line| {
            let percent = line.tax_rate.as_percent();
            let rate = percent.mantissa() * 100 / 10_i128.pow(percent.scale());
            (rate, R::new(line.net.minor() * rate, 10_000) * kept)
        })
        .collect();
    let sum = |rate: Option<i128>| -> R {
        parts.iter().filter(|(r, _)| rate.is_none_or(|rate| rate == *r)).map(|(_, tax)| *tax).sum()
    };
    match invoice.tax_site {
        vat::TaxSite::PerLine => parts.iter().map(|(_, tax)| round(*tax)).sum(),
        vat::TaxSite::PerDocument => round(sum(None)),
        vat::TaxSite::PerRateGroup => {
            let rates: std::collections::BTreeSet<i128> = parts.iter().map(|(rate, _)| *rate).collect();
            rates.into_iter().map(|rate| round(sum(Some(rate)))).sum()
        }
    }
}

fn tiers(seed: &[(u32, i64)], boundary: Boundary) -> TierTable {
    let mut from = 0_u32;
    let tiers = seed.iter().map(|(step, rate)| {
        let tier = Tier::rate(from.into(), bp(*rate));
        from += step;
        tier
    });
    TierTable::new(tiers.collect::<Vec<_>>(), boundary).unwrap()
}

proptest! {
    #![proptest_config(crate::support::at_least(1_000))]

    #[test]
    fn discount_and_payment_make_the_total(invoice in any_invoice(), rate in 0_i64..=10_000) {
        let told = invoice.settled_at(bp(rate)).unwrap();
        prop_assert_eq!(told.pay.minor() + told.discount.minor(), told.total.minor());
        prop_assert_eq!(told.net.minor() + told.tax.minor(), told.total.minor());
        prop_assert_eq!(told.discount_net.minor() + told.discount_tax.minor(), told.discount.minor());
        prop_assert!(!told.discount.is_negative() && !told.pay.is_negative());
    }

    #[test]
    fn tax_follows_the_treatment(invoice in any_invoice(), rate in 0_i64..=10_000) {
        let told = plain(&invoice).settled_at(bp(rate)).unwrap();
        let (d, fixed) = (R::new(rate.into(), 10_000), invoice.fixed_tax.minor());
        match invoice.treatment {
            DiscountTax::Included => prop_assert_eq!(told.tax.minor(), tax_of(&invoice, R::from(1)) + fixed),
            DiscountTax::Excluded => {
                prop_assert_eq!(told.tax.minor(), tax_of(&invoice, R::from(1)) + fixed);
                prop_assert!(told.discount_tax.is_zero());
                prop_assert!(told.pay.minor() >= told.tax.minor());
            }
            DiscountTax::Mixed => {
                prop_assert_eq!(told.tax.minor(), tax_of(&invoice, R::from(1) - d) + fixed);
                prop_assert!(told.discount_tax.is_zero());
            }
        }
    }

    #[test]
    fn amounts_agree_with_fractions(invoice in any_invoice(), rate in 0_i64..=10_000) {
        let invoice = plain(&invoice);
        let told = invoice.settled_at(bp(rate)).unwrap();
        let d = R::new(rate.into(), 10_000);
        let (net, total, fixed) = (told.net.minor(), told.total.minor(), invoice.fixed_tax.minor());
        let included = invoice.treatment == DiscountTax::Included;
        let base = if included { total } else { net };
        let discount = match invoice.site {
            DiscountSite::Document => total - round(R::from(total) - R::from(base) * d),
            DiscountSite::Discount => round(R::from(base) * d),
            DiscountSite::Line => {
                let one = |line: &DiscountLine| {
                    let percent = line.tax_rate.as_percent();
                    let tax = R::new(percent.mantissa(), 100 * 10_i128.pow(percent.scale()));
                    let gross = if included { R::from(1) + tax } else { R::from(1) };
                    round(R::from(line.net.minor()) * gross * d)
                };
                let lines: i128 = invoice.lines.iter().map(one).sum();
                let all = lines + if included { round(R::from(fixed) * d) } else { 0 };
                all.clamp(0, base)
            }
        };
        prop_assert_eq!(told.discount.minor(), discount);
    }

    #[test]
    fn paying_later_never_pays_less(
        invoice in any_invoice(), rates in prop::collection::btree_set(1_i64..=10_000, 0..4), grace in 0_u32..5,
    ) {
        let steps = rates.iter().rev().zip(1_u32..).map(|(rate, n)| DiscountStep { rate: bp(*rate), days: n * 7 });
        let offer = CashDiscount::new(steps, grace).unwrap();
        let base = day("2026-03-01");
        let mut before: Option<Settled> = None;
        for days in 0..45 {
            let told = invoice.paid_on(&offer, base, dates::add_days(base, days).unwrap()).unwrap();
            if let Some(before) = before {
                prop_assert!(before.pay.minor() <= told.pay.minor());
                prop_assert_eq!((before.total, before.tax), (told.total, told.tax));
            }
            before = Some(told);
        }
        // After the last window the whole invoice is due, not rounded to the step.
        let last = before.unwrap();
        prop_assert_eq!(last.pay, last.total);
        for window in invoice.windows(&offer, base).unwrap() {
            let at_end = invoice.paid_on(&offer, base, window.last_day_with_grace).unwrap();
            prop_assert_eq!(at_end, window.settled);
        }
    }

    #[test]
    fn a_credit_note_mirrors_its_invoice(mut invoice in any_invoice(), rate in 0_i64..=10_000) {
        if !invoice.rounding.mode().is_symmetric() {
            invoice.rounding = Rounding::HALF_EVEN;
        }
        let mut note = invoice.clone();
        note.fixed_tax = note.fixed_tax.negated();
        for line in &mut note.lines {
            line.net = line.net.negated();
        }
        let (one, other) = (invoice.settled_at(bp(rate)).unwrap(), note.settled_at(bp(rate)).unwrap());
        prop_assert_eq!(other.pay, one.pay.negated());
        prop_assert_eq!(other.discount, one.discount.negated());
        prop_assert_eq!(other.tax, one.tax.negated());
    }

    #[test]
    fn simple_cost_agrees(rate in 0_i64..10_000, early in 0_u32..60, gained in 1_u32..120) {
        let told = simple_cost(bp(rate), early, early + gained, YearDays::Days360).unwrap();
        let expected = R::new(rate.into(), 10_000 - i128::from(rate)) * R::new(360, gained.into());
        prop_assert_eq!(told, Exact::ratio(*expected.numer(), *expected.denom()).unwrap());
    }

    #[test]
    fn effective_cost_prints_the_true_digits(rate in 0_i64..1_200, gained in 1_u32..150) {
        let Ok(told) = effective_cost(bp(rate), 10, 10 + gained) else {
            // Only a cost above the largest rate is refused here: a year of compounding by 10^6.
            let growth = 1.0 / (1.0 - rate as f64 / 10_000.0);
            prop_assert!(growth.powf(365.0 / f64::from(gained)) > 999_000.0);
            return Ok(());
        };
        check_effective(rate, gained, &told);
    }

    #[test]
    fn accruals_telescope(
        seed in vec((1_u32..500_000, 0_i64..900), 1..5), bases in vec(-99_999_i128..1_500_000, 1..8),
        forecast in 1_i128..2_000_000, historical in 0_i64..900,
        method in prop::sample::select(vec![TierMethod::Marginal, TierMethod::Whole, TierMethod::Rolling, TierMethod::Total]),
    ) {
        let rule = AccrualRule::new(tiers(&seed, Boundary::ReachedAt), method, Currency::CNY);
        for estimator in [
            Estimator::CurrentTier,
            Estimator::ForecastTier { forecast: Exact::from_int(forecast) },
            Estimator::Historical(bp(historical)),
        ] {
            let mut accrued = fen(0);
            let mut booked = 0;
            for base in &bases {
                let told = rule.accrue(&estimator, &Exact::from_int(*base), accrued).unwrap();
                prop_assert_eq!(told.target.minor(), accrued.minor() + told.delta.minor());
                booked += told.delta.minor();
                accrued = accrued.checked_add(&told.delta).unwrap();
                prop_assert!(!accrued.is_negative());
            }
            let last = Exact::from_int(bases[bases.len() - 1]);
            let once = rule.accrue(&estimator, &last, fen(0)).unwrap();
            prop_assert_eq!(booked, once.delta.minor());
            // The true-up brings it to the entitlement, and the final release to nothing.
            let end = rule.true_up(&last, accrued).unwrap();
            let entitled = rule.accrue(&Estimator::CurrentTier, &last, fen(0)).unwrap();
            prop_assert_eq!(end.target, entitled.target);
            let given = release(end.target, entitled.target, Settlement::Final).unwrap();
            prop_assert_eq!(booked + end.delta.minor() + given.release.minor(), 0);
            prop_assert!(given.remaining.is_zero() && given.expense.is_zero());
        }
    }

    #[test]
    fn accrual_agrees_with_fractions(seed in vec((1_u32..500_000, 0_i64..900), 1..5), base in 1_i128..900_000, forecast in 1_i128..2_000_000) {
        let rule = AccrualRule::new(tiers(&seed, Boundary::ReachedAt), TierMethod::Whole, Currency::CNY);
        let mut from = 0;
        let mut rate = 0;
        for (step, points) in &seed {
            if forecast >= from {
                rate = i128::from(*points);
            }
            from += i128::from(*step);
        }
        let estimator = Estimator::ForecastTier { forecast: Exact::from_int(forecast) };
        let told = rule.accrue(&estimator, &Exact::from_int(base), fen(0)).unwrap();
        prop_assert_eq!(told.target.minor(), round(R::new(base * 100 * rate, 10_000)));
        prop_assert_eq!(told.effective_rate, Exact::ratio(rate, 10_000).unwrap());
    }

    #[test]
    fn every_release_nets_to_zero_with_its_accruals(accrued in 0_i128..9_999, parts in vec(0_i128..4_000, 1..6)) {
        let mut left = fen(accrued);
        let mut cost = accrued;
        let settled: i128 = parts.iter().sum();
        for (index, part) in parts.iter().enumerate() {
            let kind = if index + 1 == parts.len() { Settlement::Final } else { Settlement::Partial };
            let told = release(left, fen(*part), kind).unwrap();
            prop_assert_eq!(told.remaining.minor(), left.minor() + told.release.minor());
            prop_assert_eq!(told.expense.minor(), told.release.minor() + part);
            cost += told.release.minor() + part;
            left = told.remaining;
        }
        prop_assert!(left.is_zero());
        prop_assert_eq!(cost, settled); // accruals + releases + settlements
    }
}

/// `x^365` lies between the two ties around the answer, in fractions of any size.
fn check_effective(rate: i64, gained: u32, told: &Rate) {
    let fraction = |n: i128, d: i128| BigRational::new(n.into(), d.into());
    let percent = told.as_percent();
    let hundredths = percent.mantissa() * 10_i128.pow(2 - percent.scale());
    let grown = fraction(10_000, 10_000 - i128::from(rate)).pow(365);
    let days = i32::try_from(gained).unwrap();
    let tie = |doubled: i128| fraction(20_000 + doubled, 20_000).pow(days);
    assert!(hundredths == 0 || grown >= tie(2 * hundredths - 1), "{rate} {gained}: {told} is too high");
    assert!(grown < tie(2 * hundredths + 1), "{rate} {gained}: {told} is too low");
}

#[test]
fn a_tie_of_the_effective_cost_goes_up() {
    // 60 % over 73 days: 2.5^5 − 1 = 9665.625 %, exactly half way.
    let told = effective_cost(rate("60%"), 0, 73).unwrap();
    assert_eq!(told.to_string(), "9665.63%");
    check_effective(6_000, 73, &told);
    // Over a whole year the cost is d / (1 − d): 20 / 80.
    assert_eq!(effective_cost(rate("20%"), 0, 365).unwrap().to_string(), "25%");
    assert_eq!(effective_cost(rate("0%"), 0, 1).unwrap(), Rate::ZERO);
    // A rate of sixteen decimals, far beyond what fractions could hold.
    assert_eq!(effective_cost(rate("2.0000000000000001%"), 10, 30).unwrap().to_string(), "44.59%");
    assert_eq!(effective_cost(rate("2%"), 0, u32::MAX).unwrap(), Rate::ZERO);
    for (points, gained) in [(333, 7), (333, 364), (1, 1), (2_749, 31), (9_900, 365)] {
        check_effective(points, gained, &effective_cost(bp(points), 0, gained).unwrap());
    }
}

#[test]
fn a_coarse_step_never_charges_for_paying_early() {
    // 0.1 % off 13.32, rounded up to 0.05, would be 13.35.
    let line = DiscountLine { net: money("13.32"), tax_rate: Rate::ZERO };
    let mut invoice = EarlyPayment::new(Currency::CNY, [line]);
    invoice.rounding = Rounding::new(RoundingMode::Up).with_step(&money("0.05")).unwrap();
    let told = invoice.settled_at(rate("0.1%")).unwrap();
    assert_eq!((told.pay, told.discount), (money("13.32"), money("0.00")));
    // And rounding each discount up never gives away more than there is.
    let line = DiscountLine { net: money("0.01"), tax_rate: Rate::ZERO };
    invoice.lines = vec![line; 3];
    invoice.site = DiscountSite::Line;
    assert_eq!(invoice.settled_at(rate("1%")).unwrap().discount, money("0.03"));
}

#[test]
fn the_tax_of_a_mixed_offer_is_that_of_its_highest_step() {
    let line = DiscountLine { net: money("1000.00"), tax_rate: rate("21%") };
    let mut invoice = EarlyPayment::new(Currency::CNY, [line]);
    invoice.treatment = DiscountTax::Mixed;
    let step = |text: &str, days| DiscountStep { rate: rate(text), days };
    let offer = CashDiscount::new([step("3%", 10), step("2%", 30)], 0).unwrap();
    let base = day("2026-03-01");
    let pays = ["2026-03-11", "2026-03-31", "2026-04-01"]
        .map(|on| invoice.paid_on(&offer, base, day(on)).unwrap().pay.to_amount_string());
    // Tax 970.00 × 21 % = 203.70 whatever is paid.
    assert_eq!(pays, ["1173.70", "1183.70", "1203.70"]);
    assert!(invoice.windows(&CashDiscount::none(), base).unwrap().is_empty());
}

#[test]
fn a_base_below_zero_accrues_nothing() {
    let rule = AccrualRule::new(tiers(&[(100, 100)], Boundary::ReachedAt), TierMethod::Whole, Currency::JPY);
    let accrued = Money::parse("7", Currency::JPY).unwrap();
    for estimator in [Estimator::CurrentTier, Estimator::Historical(rate("3%"))] {
        let told = rule.accrue(&estimator, &Exact::from_int(-5_000), accrued).unwrap();
        assert_eq!((told.target.minor(), told.delta.minor()), (0, -7));
    }
    // 1 % of 4,950 yen is 49.5 yen.
    assert_eq!(rule.true_up(&Exact::from_int(4_950), accrued).unwrap().target.minor(), 50);
}

#[test]
fn extreme_amounts_are_refused_or_answered_without_panic() {
    let most = Money::from_minor(limits::MAX_MINOR, Currency::CNY).unwrap();
    let tax_rate = Rate::percent(limits::MAX_RATE_PERCENT.into()).unwrap();
    let mut invoice = EarlyPayment::new(Currency::CNY, [DiscountLine { net: most, tax_rate }]);
    assert!(invoice.settled_at(rate("1%")).is_err());
    invoice.lines[0].tax_rate = Rate::ZERO;
    let told = invoice.settled_at(rate("50%")).unwrap();
    assert_eq!(told.pay.minor() + told.discount.minor(), limits::MAX_MINOR);
    let late = CashDiscount::new([DiscountStep { rate: rate("1%"), days: 1 }], 0).unwrap();
    assert!(invoice.paid_on(&late, chrono::NaiveDate::MAX, chrono::NaiveDate::MAX).is_err());
    assert!(effective_cost(rate("99.9999999999999999%"), 0, 1).is_err());
    assert!(effective_cost(rate("0.0000000000000001%"), 0, 1).unwrap().is_zero());
    let rule = AccrualRule::new(tiers(&[(100, 100)], Boundary::ReachedAt), TierMethod::Whole, Currency::CNY);
    let huge = Exact::from_int(i128::MAX);
    assert!(rule.accrue(&Estimator::CurrentTier, &huge, money("0.00")).is_err());
    assert!(release(most, most, Settlement::Final).unwrap().remaining.is_zero());
}
