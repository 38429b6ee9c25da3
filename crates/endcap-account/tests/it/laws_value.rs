//! Laws of customer value.

use std::num::NonZeroU32;

use endcap_account::value::{
    BgBb, BgNbd, Boundary, Cbs, CbsTable, FitOptions, FitState, GammaGamma, MbgNbd, Opportunities,
    OpportunityTable, ParetoNbd, Penalty, PurchaseLog, RepeatBuying, RetentionTable, Sbg, Spend, ValuePlan,
    money_from_estimate, special,
};
use endcap_types::{Currency, Money, Rate};
use proptest::prelude::*;

fn positive() -> impl Strategy<Value = f64> {
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

fn history() -> impl Strategy<Value = (u32, f64, f64)> {
    (prop_oneof![Just(0_u32), 1_u32..8, 8_u32..400], 0.001_f64..=1.0, 0.1_f64..300.0)
        .prop_map(|(x, part, age)| (x, if x == 0 { 0.0 } else { part * age }, age))
}

fn cbs((x, t_x, t): (u32, f64, f64)) -> Cbs {
    Cbs::new(x, t_x, t).expect("a history")
}

fn near(found: f64, expected: f64, tolerance: f64) -> bool {
    (found - expected).abs() <= tolerance * expected.abs().max(1e-290)
}

/// Simulated buyers, from a fixed linear congruential sequence: Poisson purchases, dropout after each.
pub(crate) fn buyers(count: u32, seed: u64, unit: f64) -> Vec<Cbs> {
    let mut state = seed;
    let mut uniform = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    };
    (0..count)
        .map(|number| {
            // A gamma rate of shape 2, and a chance to leave with much spread.
            let rate = -0.05 * (uniform() * uniform()).ln();
            let leave = 0.9 * uniform() * uniform() * uniform();
            let age = 20.0 + f64::from(number % 20);
            let (mut now, mut last, mut repeats) = (0.0, 0.0, 0);
            loop {
                now -= uniform().ln() / rate;
                if now > age {
                    break;
                }
                (last, repeats) = (now, repeats + 1);
                if uniform() < leave {
                    break;
                }
            }
            // Hundredths, as published summaries have it.
            let last = if repeats == 0 { 0.0 } else { (last * 100.0_f64).ceil().min(age * 100.0) / 100.0 };
            cbs((repeats, last * unit, age * unit))
        })
        .collect()
}

/// The same, but customers leave at any moment: Pareto dropout.
fn leavers(count: u32, seed: u64) -> Vec<Cbs> {
    let mut state = seed;
    let mut uniform = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    };
    (0..count)
        .map(|_| {
            let rate = -0.2 * uniform().ln();
            let life = -uniform().ln() / (-0.08 * uniform().ln() * uniform());
            let (mut now, mut last, mut repeats) = (0.0, 0.0, 0);
            loop {
                now -= uniform().ln() / rate;
                if now > life.min(40.0) {
                    break;
                }
                (last, repeats) = (now, repeats + 1);
            }
            cbs((repeats, last, 40.0))
        })
        .collect()
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

fn any_boundary() -> FitOptions {
    FitOptions { boundary: Boundary::Report, ..FitOptions::default() }
}

#[test]
fn a_fit_knows_no_order_no_grouping_and_no_unit() {
    let rows = buyers(1_200, 7, 1.0);
    let table: CbsTable = rows.iter().copied().collect();
    let shuffled: CbsTable = rows.iter().rev().copied().collect();
    let (mut left, right): (CbsTable, CbsTable) =
        (rows[..500].iter().copied().collect(), rows[500..].iter().copied().collect());
    left.merge(&right);
    let fit = BgNbd::fit(&table, &FitOptions::default()).expect("a fit");
    assert_eq!(BgNbd::fit(&shuffled, &FitOptions::default()).expect("a fit"), fit);
    assert_eq!(BgNbd::fit(&left, &FitOptions::default()).expect("a fit"), fit);
    // Everybody twice: the same maximum, half the variance.
    left.merge(&table);
    let twice = BgNbd::fit(&left, &FitOptions::default()).expect("a fit");
    for (one, two) in fit.estimates.iter().zip(&twice.estimates) {
        assert!(near(two.value, one.value, 1e-6));
        let (one, two) = (one.standard_error.expect("an error"), two.standard_error.expect("an error"));
        assert!(near(two * 2.0_f64.sqrt(), one, 1e-5));
    }
    // One row a customer, straight from the public likelihood.
    let sum: f64 = rows.iter().map(|row| fit.model.log_likelihood(row).expect("a likelihood")).sum();
    assert!((sum - fit.log_likelihood).abs() < 1e-8 * sum.abs());
    // Days instead of weeks.
    let days: CbsTable = buyers(1_200, 7, 7.0).into_iter().collect();
    let daily = BgNbd::fit(&days, &FitOptions::default()).expect("a fit");
    for (estimate, unit) in fit.estimates.iter().zip([1.0, 7.0, 1.0, 1.0]) {
        let found = daily.estimates.iter().find(|other| other.name == estimate.name).expect("the same");
        assert!(near(found.value, estimate.value * unit, 1e-6), "{found:?} {estimate:?}");
    }
}

/// Moving any parameter lowers the likelihood; the standard errors are those of its curvature.
#[test]
fn a_fit_is_a_maximum() {
    let rows: CbsTable = buyers(1_500, 11, 1.0).into_iter().collect();
    let four =
        |fit: &[endcap_account::value::Estimate]| -> [f64; 4] { std::array::from_fn(|i| fit[i].value) };
    let bg = BgNbd::fit(&rows, &FitOptions::default()).expect("a fit");
    let mbg = MbgNbd::fit(&rows, &FitOptions::default()).expect("a fit");
    let left: CbsTable = leavers(1_500, 11).into_iter().collect();
    let pareto = ParetoNbd::fit(&left, &FitOptions::default()).expect("a fit");
    type Build = fn([f64; 4]) -> Box<dyn RepeatBuying>;
    let cases: [(&CbsTable, &[_], f64, Build); 3] = [
        (&rows, &bg.estimates, bg.log_likelihood, |[r, al, a, b]| {
            Box::new(BgNbd::new(r, al, a, b).expect("a model"))
        }),
        (&rows, &mbg.estimates, mbg.log_likelihood, |[r, al, a, b]| {
            Box::new(MbgNbd::new(r, al, a, b).expect("a model"))
        }),
        (&left, &pareto.estimates, pareto.log_likelihood, |[r, al, s, be]| {
            Box::new(ParetoNbd::new(r, al, s, be).expect("a model"))
        }),
    ];
    for (rows, estimates, best, build) in cases {
        let at = four(estimates);
        assert!((build(at).total_log_likelihood(rows).expect("a likelihood") - best).abs() < 1e-6);
        for i in 0..4 {
            for factor in [0.98, 0.999, 1.001, 1.02] {
                let moved = std::array::from_fn(|j| if i == j { at[j] * factor } else { at[j] });
                let found = build(moved).total_log_likelihood(rows).expect("a likelihood");
                assert!(found < best, "{i} {factor}: {found} {best}");
            }
        }
    }
    // The delta method of one parameter is its standard error; of a mean it is positive and small.
    let own = bg.standard_error_of(|values| Ok(values[1])).expect("an error");
    assert!(near(own, bg.estimates[1].standard_error.expect("an error"), 1e-6));
    let mean = bg.standard_error_of(|v| BgNbd::new(v[0], v[1], v[2], v[3])?.expected_transactions(26.0));
    assert!((0.001..0.5).contains(&mean.expect("an error")));
}

#[test]
fn other_models_find_the_parameters_that_made_the_data() {
    let model = BgBb::new(1.2, 0.8, 0.7, 2.8).expect("a model");
    let mut table = OpportunityTable::new();
    for t_x in 0..=6_u32 {
        for x in u32::from(t_x > 0)..=t_x {
            let history = Opportunities::new(x, t_x, 6).expect("a history");
            let ways: f64 = (1..x).fold(1.0, |ways, k| ways * f64::from(t_x - k) / f64::from(k));
            let expected = 1e6 * ways * model.log_likelihood(&history).expect("a likelihood").exp();
            table.add_many(history, expected.round() as u64);
        }
    }
    let fit = BgBb::fit(&table, &FitOptions::default()).expect("a fit");
    for (estimate, expected) in fit.estimates.iter().zip([1.2, 0.8, 0.7, 2.8]) {
        assert!(near(estimate.value, expected, 1e-3), "{estimate:?}");
    }
    let truth = Sbg::new(0.9, 2.2).expect("a model");
    let survivors: Vec<u64> =
        (0..12).map(|t| (1e8 * truth.survival(t).expect("a share")).round() as u64).collect();
    let mut renewals = RetentionTable::new();
    renewals.add_cohort(&survivors).expect("a cohort");
    renewals.add_cohort(&survivors[..5]).expect("a younger cohort");
    let fit = Sbg::fit(&renewals, &FitOptions::default()).expect("a fit");
    assert!(near(fit.estimates[0].value, 0.9, 1e-4) && near(fit.estimates[1].value, 2.2, 1e-4));
}

/// What ordinary searches trip over: nobody returns, everybody returns, no spread, huge counts, huge and tiny units.
#[test]
fn awkward_data_end_in_a_fit_or_in_a_reason() {
    let of = |rows: &[(u32, f64, f64, u64)]| {
        let mut table = CbsTable::new();
        rows.iter().for_each(|(x, t_x, t, n)| table.add_many(cbs((*x, *t_x, *t)), *n));
        table
    };
    let cases = [
        of(&[(0, 0.0, 30.0, 50), (0, 0.0, 40.0, 50)]),
        of(&[(10, 30.0, 30.0, 50), (12, 40.0, 40.0, 50)]),
        of(&[(1, 3.0, 30.0, 1)]),
        of(&[(4_000_000, 300.0, 301.0, 3), (0, 0.0, 300.0, 1_000_000)]),
        of(&[(2, 1e-9, 2e-9, 5), (0, 0.0, 2e-9, 9), (7, 1.5e-9, 2e-9, 2)]),
        of(&[(2, 1e9, 2e9, 5), (0, 0.0, 2e9, 9), (7, 1.5e9, 2e9, 2)]),
        of(&[(1, 0.01, 500.0, 400), (300, 499.9, 500.0, 20), (2, 80.0, 500.0, 90), (0, 0.0, 500.0, 2_000)]),
    ];
    for (number, table) in cases.iter().enumerate() {
        for options in [any_boundary(), FitOptions { penalty: Penalty::LogRidge(0.01), ..any_boundary() }] {
            let fits = [
                BgNbd::fit(table, &options).map(|fit| (fit.log_likelihood, fit.convergence)),
                MbgNbd::fit(table, &options).map(|fit| (fit.log_likelihood, fit.convergence)),
                ParetoNbd::fit(table, &options).map(|fit| (fit.log_likelihood, fit.convergence)),
            ];
            for fit in fits {
                match fit {
                    Ok((log_likelihood, report)) => {
                        assert!(
                            log_likelihood.is_finite() && report.gradient_norm <= 1e-3,
                            "{number} {report:?}"
                        );
                        assert!(report.state != FitState::Identified || report.gradient_norm <= 1e-6);
                        if options.penalty != Penalty::None {
                            assert_eq!(report.state, FitState::Identified, "{number}");
                        }
                    }
                    Err(error) => panic!("case {number}, {:?}: {error}", options.penalty),
                }
            }
        }
    }
}

/// Customers who buy every hour for a year: the search of the Python package `lifetimes` 0.11.3 ends on exactly these
/// data with "The model did not converge".
#[test]
fn a_common_search_fails_where_this_one_ends() {
    let mut state = 9_u64;
    let mut uniform = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    };
    let mut table = CbsTable::new();
    for number in 0..600 {
        let rate = -20.0 * (uniform() * uniform()).ln();
        let leave = 0.3 * uniform() * uniform() * uniform();
        let age = f64::from(300 + number % 400);
        let stays = (uniform().ln() / (-leave).ln_1p()).floor() + 1.0;
        let x = stays.min((rate * age).floor());
        let recency = if x > 0.0 { ((x / rate * 100.0).ceil() / 100.0).min(age) } else { 0.0 };
        table.add(cbs((x as u32, recency, age)));
    }
    let fit = BgNbd::fit(&table, &FitOptions::default()).expect("a fit");
    assert!(fit.convergence.agreeing_starts >= 2, "{:?}", fit.convergence);
    // The rates are gamma of shape 2 and scale 1/20 a day.
    assert!((fit.estimates[0].value - 2.0).abs() < 0.4, "{:?}", fit.estimates);
    assert!((fit.estimates[1].value - 0.05).abs() < 0.02, "{:?}", fit.estimates);
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
