//! Laws of customer value.

use std::num::NonZeroU32;

use endcap_account::value::{
    BgBb, BgNbd, Cbs, GammaGamma, MbgNbd, Opportunities, ParetoNbd, PurchaseLog, RepeatBuying, Sbg, Spend,
    ValuePlan, money_from_estimate, special,
};
use endcap_types::{Currency, Money, Rate};
use proptest::prelude::*;

pub(crate) fn positive() -> impl Strategy<Value = f64> {
    (-2.5_f64..3.0).prop_map(f64::exp)
}

fn models() -> impl Strategy<Value = Vec<Box<dyn RepeatBuying>>> {
    (positive(), positive(), positive(), positive()).prop_map(|(a, b, c, d)| scaled(a, b, c, d, 1.0))
}

/// The three models at the same numbers, in another unit of time.
fn scaled(a: f64, b: f64, c: f64, d: f64, unit: f64) -> Vec<Box<dyn RepeatBuying>> {
    vec![
        Box::new(BgNbd::new(a, b * unit, c, d).expect("a model")),
        Box::new(MbgNbd::new(a, b * unit, c, d).expect("a model")),
        Box::new(ParetoNbd::new(a, b * unit, c, d * unit).expect("a model")),
    ]
}

pub(crate) fn history() -> impl Strategy<Value = (u32, f64, f64)> {
    (prop_oneof![Just(0_u32), 1_u32..8, 8_u32..400], 0.001_f64..=1.0, 0.1_f64..300.0)
        .prop_map(|(x, part, age)| (x, if x == 0 { 0.0 } else { part * age }, age))
}

pub(crate) fn cbs((x, t_x, t): (u32, f64, f64)) -> Cbs {
    Cbs::new(x, t_x, t).expect("a history")
}

pub(crate) fn near(found: f64, expected: f64, tolerance: f64) -> bool {
    (found - expected).abs() <= tolerance * expected.abs().max(1e-290)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn alive_is_a_probability_that_rises_with_recency_and_falls_with_age(
        models in models(), (x, t_x, t) in history(), part in 0.0_f64..1.0, later in 0.0_f64..200.0,
    ) {
        for model in models {
            let alive = model.p_alive(&cbs((x, t_x, t))).expect("a probability");
            prop_assert!((0.0..=1.0).contains(&alive));
            if x > 0 {
                let recent = model.p_alive(&cbs((x, t_x + part * (t - t_x), t))).expect("a probability");
                prop_assert!(recent >= alive * (1.0 - 1e-12), "{} {}", recent, alive);
            }
            let old = model.p_alive(&cbs((x, t_x, t + later))).expect("a probability");
            prop_assert!(old <= alive * (1.0 + 1e-12), "{} {}", old, alive);
        }
    }

    #[test]
    fn expectations_begin_at_zero_rise_and_stay_below_the_loyal_buyer(
        a in positive(), b in positive(), c in positive(), d in positive(),
        history in history(), t in 0.01_f64..500.0, more in 0.0_f64..500.0,
    ) {
        for model in scaled(a, b, c, d, 1.0) {
            let customer = cbs(history);
            prop_assert_eq!(model.expected_transactions(0.0).expect("a mean"), 0.0);
            prop_assert_eq!(model.conditional_expected_transactions(&customer, 0.0).expect("a mean"), 0.0);
            let (near_end, far_end) = (model.expected_transactions(t).expect("a mean"), model.expected_transactions(t + more).expect("a mean"));
            prop_assert!(near_end > 0.0 && near_end <= a * t / b * (1.0 + 1e-10));
            prop_assert!(far_end >= near_end * (1.0 - 1e-10));
            let given = |t| model.conditional_expected_transactions(&customer, t).expect("a mean");
            prop_assert!(given(t + more) >= given(t) * (1.0 - 1e-10));
        }
    }

    #[test]
    fn a_unit_of_time_changes_no_probability(
        a in positive(), b in positive(), c in positive(), d in positive(), unit in 0.01_f64..100.0,
        (x, t_x, t) in history(), horizon in 0.1_f64..100.0,
    ) {
        for (here, there) in scaled(a, b, c, d, 1.0).into_iter().zip(scaled(a, b, c, d, unit)) {
            let (one, other) = (cbs((x, t_x, t)), cbs((x, t_x * unit, t * unit)));
            let alive = here.p_alive(&one).expect("a probability");
            prop_assert!(near(there.p_alive(&other).expect("a probability"), alive, 1e-9));
            let mean = here.conditional_expected_transactions(&one, horizon).expect("a mean");
            let found = there.conditional_expected_transactions(&other, horizon * unit).expect("a mean");
            prop_assert!(near(found, mean, 1e-9), "{} {}", found, mean);
            let shift = f64::from(x) * unit.ln();
            let (l, m) = (here.log_likelihood(&one).expect("a likelihood"), there.log_likelihood(&other).expect("a likelihood"));
            prop_assert!((l - m - shift).abs() <= 1e-9 * (1.0 + l.abs() + shift.abs()));
        }
    }

    #[test]
    fn who_never_came_back_is_alive_for_certain_only_where_the_first_purchase_loses_nobody(
        r in positive(), alpha in positive(), a in positive(), b in positive(), t in 0.1_f64..100.0,
    ) {
        let once = cbs((0, 0.0, t));
        prop_assert_eq!(BgNbd::new(r, alpha, a, b).expect("a model").p_alive(&once).expect("one"), 1.0);
        let modified = MbgNbd::new(r, alpha, a, b).expect("a model").p_alive(&once).expect("less");
        prop_assert!(modified < 1.0);
    }

    /// MBG/NBD is BG/NBD with one more survived chance: `b + 1`, times the chance to have survived the first.
    #[test]
    fn the_modified_model_is_the_other_one_chance_later(
        r in positive(), alpha in positive(), a in positive(), b in positive(), history in history(), t in 0.1_f64..100.0,
    ) {
        prop_assume!(history.0 > 0);
        let customer = cbs(history);
        let (modified, plain) = (MbgNbd::new(r, alpha, a, b).expect("a model"), BgNbd::new(r, alpha, a, b + 1.0).expect("a model"));
        let (found, expected) = (modified.p_alive(&customer).expect("one"), plain.p_alive(&customer).expect("one"));
        prop_assert!(near(found, expected, 1e-9));
        let (found, expected) = (modified.log_likelihood(&customer).expect("one"), plain.log_likelihood(&customer).expect("one") + (b / (a + b)).ln());
        prop_assert!((found - expected).abs() <= 1e-9 * (1.0 + expected.abs()));
        let given = |model: &dyn RepeatBuying| model.conditional_expected_transactions(&customer, t).expect("a mean");
        prop_assert!(near(given(&modified), given(&plain), 1e-9));
    }

    #[test]
    fn counts_are_a_distribution_with_the_expected_mean(
        r in positive(), alpha in 2.0_f64..20.0, a in positive(), b in positive(), t in 0.1_f64..10.0,
    ) {
        let (plain, modified) = (BgNbd::new(r, alpha, a, b).expect("a model"), MbgNbd::new(r, alpha, a, b).expect("a model"));
        let (mut sums, mut means) = ([0.0; 2], [0.0; 2]);
        for n in 0..2_000_u32 {
            let both = [plain.pmf(t, n).expect("a share"), modified.pmf(t, n).expect("a share")];
            for (i, share) in both.into_iter().enumerate() {
                prop_assert!(share >= 0.0);
                sums[i] += share;
                means[i] += share * f64::from(n);
            }
        }
        for sum in sums {
            prop_assert!((sum - 1.0).abs() < 1e-9, "{}", sum);
        }
        let expected = [plain.expected_transactions(t).expect("a mean"), modified.expected_transactions(t).expect("a mean")];
        for (found, expected) in means.into_iter().zip(expected) {
            prop_assert!(near(found, expected, 1e-8), "{} {}", found, expected);
        }
    }

    /// The published closed form, where it is neither 0/0 nor a difference of large numbers.
    #[test]
    fn the_beta_mixture_equals_the_hypergeometric_form(
        r in 0.2_f64..5.0, alpha in 1.0_f64..20.0, a in 1.3_f64..6.0, b in 0.3_f64..6.0, history in history(), t in 1.0_f64..80.0,
    ) {
        let model = BgNbd::new(r, alpha, a, b).expect("a model");
        let closed = |r: f64, alpha: f64, b: f64| {
            let z = t / (alpha + t);
            let f = special::hyp2f1(r, b, a + b - 1.0, z).expect("a value");
            (a + b - 1.0) / (a - 1.0) * (1.0 - (alpha / (alpha + t)).powf(r) * f)
        };
        prop_assert!(near(model.expected_transactions(t).expect("a mean"), closed(r, alpha, b), 1e-7));
        let customer = cbs((history.0 % 20, if history.0 % 20 == 0 { 0.0 } else { history.1.max(1e-3) }, history.2));
        let x = f64::from(customer.repeats());
        let expected = closed(r + x, alpha + customer.age(), b + x) * model.p_alive(&customer).expect("one");
        let found = model.conditional_expected_transactions(&customer, t).expect("a mean");
        prop_assert!((found - expected).abs() <= 1e-7 * expected + 1e-9, "{} {}", found, expected);
    }

    /// Simpson's rule over the time of dropout, slow and obvious.
    #[test]
    fn the_silence_of_pareto_equals_simpsons_rule(
        r in 0.2_f64..3.0, alpha in 1.0_f64..20.0, s in 0.1_f64..3.0, beta in 1.0_f64..20.0,
        x in 0_u32..12, part in 0.05_f64..0.95, age in 1.0_f64..60.0,
    ) {
        let t_x = if x == 0 { 0.0 } else { part * age };
        let n = r + f64::from(x);
        let f = |u: f64| ((alpha + age) / (alpha + u)).powf(n) * ((beta + age) / (beta + u)).powf(s) / (beta + u);
        let steps = 4_000;
        let h = (age - t_x) / f64::from(steps);
        let weight = |k: i32| if k == 0 || k == steps { 1.0 } else if k % 2 == 1 { 4.0 } else { 2.0 };
        let integral: f64 = (0..=steps).map(|k| weight(k) * f(t_x + f64::from(k) * h)).sum::<f64>() * h / 3.0;
        let model = ParetoNbd::new(r, alpha, s, beta).expect("a model");
        let found = model.p_alive(&cbs((x, t_x, age))).expect("a probability");
        prop_assert!(near(found, 1.0 / (1.0 + s * integral), 1e-7), "{}", found);
    }

    #[test]
    fn opportunities_are_a_distribution(
        a in positive(), b in positive(), c in positive(), d in positive(), n in 1_u32..9, horizon in 0_u32..9,
    ) {
        let model = BgBb::new(a, b, c, d).expect("a model");
        let whole: f64 = (0..=n).map(|x| model.pmf(n, x).expect("a share")).sum();
        prop_assert!((whole - 1.0).abs() < 1e-11);
        let mean: f64 = (0..=n).map(|x| f64::from(x) * model.pmf(n, x).expect("a share")).sum();
        prop_assert!(near(mean, model.expected_transactions(n).expect("a mean"), 1e-10));
        // Over all histories, each as often as there are ways to it.
        let (mut likelihood, mut ahead) = (0.0, 0.0);
        for t_x in 0..=n {
            for x in u32::from(t_x > 0)..=t_x {
                let history = Opportunities::new(x, t_x, n).expect("a history");
                let ways: f64 = (1..x).fold(1.0, |ways, k| ways * f64::from(t_x - k) / f64::from(k));
                let share = ways * model.log_likelihood(&history).expect("a likelihood").exp();
                likelihood += share;
                ahead += share * model.conditional_expected_transactions(&history, horizon).expect("a mean");
                let alive = model.p_alive_next(&history).expect("a probability");
                prop_assert!((0.0..=1.0).contains(&alive));
            }
        }
        prop_assert!((likelihood - 1.0).abs() < 1e-10, "{}", likelihood);
        let expected = model.expected_transactions(n + horizon).expect("a mean") - model.expected_transactions(n).expect("a mean");
        prop_assert!((ahead - expected).abs() < 1e-9, "{} {}", ahead, expected);
    }

    #[test]
    fn retention_rises_and_survival_falls(a in positive(), b in positive(), t in 1_u32..200) {
        let model = Sbg::new(a, b).expect("a model");
        prop_assert!(model.retention(t + 1).expect("a rate") > model.retention(t).expect("a rate"));
        prop_assert!(model.survival(t + 1).expect("a share") < model.survival(t).expect("a share"));
        let lost: f64 = (1..=t).map(|t| model.churn_at(t).expect("a share")).sum();
        prop_assert!((lost + model.survival(t).expect("a share") - 1.0).abs() < 1e-11);
        let kept: f64 = (1..=t).map(|t| model.survival(t).expect("a share")).sum();
        prop_assert!(near(model.discounted_renewals(0, t, 0.0).expect("a sum"), kept, 1e-11));
    }

    #[test]
    fn a_mean_spend_is_drawn_towards_the_mean_of_all(
        p in 0.5_f64..20.0, q in 1.5_f64..20.0, v in 1.0_f64..50.0, x in 1_u32..40, mean in 0.1_f64..500.0, unit in 0.01_f64..100.0,
    ) {
        let model = GammaGamma::new(p, q, v).expect("a model");
        let prior = model.conditional_mean(&Spend::new(0, 0.0).expect("none")).expect("a mean");
        let found = model.conditional_mean(&Spend::new(x, mean).expect("a spend")).expect("a mean");
        let (low, high) = (prior.min(mean), prior.max(mean));
        prop_assert!(found >= low * (1.0 - 1e-12) && found <= high * (1.0 + 1e-12));
        let other = GammaGamma::new(p, q, v * unit).expect("a model");
        let scaled = other.conditional_mean(&Spend::new(x, mean * unit).expect("a spend")).expect("a mean");
        prop_assert!(near(scaled, found * unit, 1e-12));
    }

    #[test]
    fn the_log_of_purchases_does_not_depend_on_order_or_shards(
        lines in prop::collection::vec((0_u8..6, -5_i32..60, -500_i64..3_000), 0..80),
        shards in prop::collection::vec(0_usize..3, 80), end in 0_i32..70,
    ) {
        let amount = |minor: i64| Money::from_minor(i128::from(minor), Currency::CNY).expect("an amount");
        let mut whole = PurchaseLog::new(Currency::CNY);
        let mut parts = vec![PurchaseLog::new(Currency::CNY); 3];
        for (customer, day, minor) in &lines {
            whole.add(customer, *day, &amount(*minor)).expect("a line");
        }
        for ((customer, day, minor), shard) in lines.iter().zip(&shards).rev() {
            parts[*shard].add(customer, *day, &amount(*minor)).expect("a line");
        }
        let mut merged = parts.pop().expect("a part");
        for part in parts {
            merged.merge(&part).expect("a merge");
        }
        prop_assert_eq!(&merged, &whole);
        let week = NonZeroU32::new(7).expect("a week");
        let mut covered = 0_i128;
        for (customer, summary) in whole.summaries(end).expect("summaries") {
            // Slow and obvious: days with a positive net.
            let net = |day: i32| -> i64 {
                lines.iter().filter(|line| line.0 == customer && line.1 == day).map(|line| line.2).sum()
            };
            let days: Vec<i32> = (-5..end).filter(|day| net(*day) > 0).collect();
            prop_assert_eq!(summary.first_day, days[0]);
            prop_assert_eq!(summary.repeats as usize, days.len() - 1);
            prop_assert_eq!(summary.recency_days.cast_signed(), days[days.len() - 1] - days[0]);
            prop_assert_eq!(summary.age_days.cast_signed(), end - days[0]);
            let spend: i64 = days[1..].iter().map(|day| net(*day)).sum();
            prop_assert_eq!(summary.repeat_spend.minor(), i128::from(spend));
            prop_assert!(summary.history(week).is_ok() && summary.spend().is_ok());
            covered += summary.repeat_spend.minor() + summary.first_spend.minor();
            let (n, sum) = whole.between(&customer, -5, end).expect("a sum");
            prop_assert_eq!(n, summary.repeats + 1);
            prop_assert_eq!(sum.minor(), summary.repeat_spend.minor() + summary.first_spend.minor());
        }
        prop_assert!(covered >= 0);
    }
}

/// Without spread the chance to leave is one number, and the mean is a plain Poisson–gamma one.
#[test]
fn parameters_of_any_size_keep_their_digits() {
    for size in [1e3, 1e6, 1e9, 1e12] {
        let chance = 0.2;
        let model = BgNbd::new(1.5, 6.0, size * chance, size * (1.0 - chance)).expect("a model");
        let expected = -(-1.5 * (chance * 26.0_f64 / 6.0).ln_1p()).exp_m1() / chance;
        let found = model.expected_transactions(26.0).expect("a mean");
        assert!(near(found, expected, 10.0 / size + 1e-9), "{size}: {found} {expected}");
    }
    // A tiny chance to leave: the loyal buyer.
    for tiny in [1e-3, 1e-9, 1e-300] {
        let model = BgNbd::new(1.5, 6.0, tiny, 2.0).expect("a model");
        assert!(near(model.expected_transactions(26.0).expect("a mean"), 6.5, 10.0 * tiny + 1e-12));
    }
    // Nearly everybody leaves at once: one repeat at most.
    let model = BgNbd::new(1.5, 6.0, 2.0, 1e-9).expect("a model");
    let expected = 1.0 - (6.0_f64 / 32.0).powf(1.5);
    assert!(near(model.expected_transactions(26.0).expect("a mean"), expected, 1e-7));
}

#[test]
fn a_lifetime_value_is_discounted_and_pays_for_its_service() {
    let model = BgNbd::new(0.243, 4.414, 0.793, 2.426).expect("a model");
    let customer = cbs((2, 30.43, 38.86));
    let rate = |text: &str| text.parse::<Rate>().expect("a rate");
    // Without discount, cost and at full margin: spend × the expectation over the whole horizon.
    let plain = ValuePlan::new(13, 3.0, &rate("0%"), &rate("100%")).expect("a plan");
    let whole = model.conditional_expected_transactions(&customer, 39.0).expect("a mean");
    let value = plain.lifetime_value(&model, &customer, 20.0).expect("a value");
    assert!(near(value, 20.0 * whole, 1e-12));
    let discounted = ValuePlan::new(13, 3.0, &rate("2%"), &rate("100%")).expect("a plan");
    let lower = discounted.lifetime_value(&model, &customer, 20.0).expect("a value");
    assert!(lower < value && lower > value / 1.02_f64.powi(13));
    // One period: E/(1+d)·m·z − c/(1+d).
    let cost = Money::parse("1.50", Currency::CNY).expect("an amount");
    let one = ValuePlan::new(1, 39.0, &rate("10%"), &rate("25%")).expect("a plan");
    let one = one.less_cost_to_serve(&cost).expect("a plan");
    let expected = (whole * 20.0 * 0.25 - 1.5) / 1.1;
    let value = one.lifetime_value(&model, &customer, 20.0).expect("a value");
    assert!(near(value, expected, 1e-12));
    let money = one.lifetime_value_as_money(&model, &customer, 20.0, Currency::CNY).expect("an amount");
    assert_eq!(money, money_from_estimate(expected, Currency::CNY).expect("an amount"));
    assert_eq!(money_from_estimate(-0.125, Currency::CNY).expect("an amount").to_amount_string(), "-0.12");
    assert_eq!(money_from_estimate(1e9, Currency::JPY).expect("an amount").to_amount_string(), "1000000000");
}
