//! One case per error of customer value, with its message.

use endcap_account::AccountError;
use endcap_account::value::{
    BgBb, BgNbd, Boundary, Cbs, CbsTable, FitOptions, FitState, GammaGamma, MAX_OPPORTUNITIES, Opportunities,
    OpportunityTable, ParetoNbd, Penalty, PurchaseLog, RepeatBuying, RetentionTable, Sbg, Spend, ValueError,
    ValuePlan, money_from_estimate, special, spend_correlation,
};
use endcap_types::{Currency, Money, Rate};

fn message<T: std::fmt::Debug>(result: Result<T, AccountError>) -> String {
    result.expect_err("refused").to_string()
}

fn strict() -> FitOptions {
    FitOptions::default()
}

fn table(rows: &[(u32, f64, f64, u64)]) -> CbsTable {
    let mut table = CbsTable::new();
    for (x, t_x, t, n) in rows {
        table.add_many(Cbs::new(*x, *t_x, *t).expect("a history"), *n);
    }
    table
}

#[test]
fn invalid_parameter() {
    let expected = "parameter alpha of BG/NBD is 0; it must be above zero and finite";
    assert_eq!(message(BgNbd::new(1.0, 0.0, 1.0, 1.0)), expected);
    assert!(message(ParetoNbd::new(1.0, 1.0, f64::NAN, 1.0)).starts_with("parameter s of Pareto/NBD is NaN"));
    assert!(message(BgBb::new(1.0, 1.0, 1.0, f64::INFINITY)).starts_with("parameter delta of BG/BB is inf"));
    assert!(message(GammaGamma::new(-1.0, 1.0, 1.0)).starts_with("parameter p of Gamma-Gamma is -1"));
    assert!(message(Sbg::new(1.0, -0.5)).starts_with("parameter beta of sBG is -0.5"));
}

#[test]
fn invalid_history() {
    let cases = [
        ((1, 5.0, 4.0), "recency is 5; it must lie between zero and the age"),
        ((1, f64::NAN, 4.0), "recency is NaN; it must lie between zero and the age"),
        ((0, 0.0, 0.0), "age is 0; it must be above zero and finite"),
        ((0, 0.0, f64::INFINITY), "age is inf; it must be above zero and finite"),
        ((0, 1.0, 4.0), "recency is 1; without a repeat transaction it must be zero"),
        ((2, 0.0, 4.0), "recency is 0; with repeat transactions it must be above zero"),
    ];
    for ((x, t_x, t), expected) in cases {
        assert_eq!(message(Cbs::new(x, t_x, t)), expected);
    }
    let cases = [
        ((3, 2, 4), "transactions is 3; they cannot exceed the opportunities up to the last of them"),
        ((1, 5, 4), "recency is 5; it cannot exceed the opportunities"),
        ((0, 1, 4), "recency is 1; without a repeat transaction it must be zero"),
        ((0, 0, MAX_OPPORTUNITIES + 1), "opportunities is 20001; at most 20,000 are supported"),
    ];
    for ((x, t_x, n), expected) in cases {
        assert_eq!(message(Opportunities::new(x, t_x, n)), expected);
    }
    let mut renewals = RetentionTable::new();
    assert_eq!(message(renewals.add_cohort(&[10, 8, 9])), "survivors is 9 after 8; survivors cannot rise");
    let expected = "survivors is [10]; a cohort needs its size and at least one renewal";
    assert_eq!(message(renewals.add_cohort(&[10])), expected);
    assert_eq!(renewals, RetentionTable::new(), "nothing half added");
}

#[test]
fn invalid_spend_and_undefined_mean() {
    let expected = "mean spend is -3 over 2 transaction(s); it must be above zero and finite";
    assert_eq!(message(Spend::new(2, -3.0)), expected);
    let expected = "mean spend is 3 over 0 transaction(s); without transactions it must be zero";
    assert_eq!(message(Spend::new(0, 3.0)), expected);
    let model = GammaGamma::new(2.0, 0.9, 10.0).expect("a model");
    let expected = "q is 0.9: without transactions the mean spend exists only for q above 1";
    assert_eq!(message(model.conditional_mean(&Spend::new(0, 0.0).expect("none"))), expected);
}

#[test]
fn invalid_setting() {
    let model = BgNbd::new(1.0, 1.0, 1.0, 1.0).expect("a model");
    let expected = "the horizon is -1; a duration must be zero or more and finite";
    assert_eq!(message(model.expected_transactions(-1.0)), expected);
    assert!(message(model.pmf(f64::NAN, 1)).starts_with("the horizon is NaN"));
    let rows = table(&[(1, 2.0, 3.0, 5)]);
    let options = FitOptions { penalty: Penalty::LogRidge(-1.0), ..strict() };
    let expected = "the penalty is -1; a penalty must be zero or more and finite";
    assert_eq!(message(BgNbd::fit(&rows, &options)), expected);
    let rate = |text: &str| text.parse::<Rate>().expect("a rate");
    let plan = |n, length, discount: &str| ValuePlan::new(n, length, &rate(discount), &rate("30%"));
    assert_eq!(message(plan(0, 1.0, "1%")), "the number of periods is 0; it must be 1 to 10,000");
    assert!(message(plan(1, 0.0, "1%")).starts_with("the length of a period is 0"));
    assert!(message(plan(1, 1.0, "-100%")).starts_with("the discount rate is -1; "));
    let bb = BgBb::new(1.0, 1.0, 1.0, 1.0).expect("a model");
    assert!(message(bb.pmf(MAX_OPPORTUNITIES + 1, 0)).starts_with("the horizon is 20001"));
    assert_eq!(
        message(Sbg::new(1.0, 1.0).expect("a model").churn_at(0)),
        "the renewal is 0; renewals are counted from 1"
    );
    assert_eq!(
        message(special::ln_gamma(0.0)),
        "the argument of ln Γ is 0; it must be above zero and finite"
    );
    assert_eq!(
        message(special::hyp2f1(1.0, 1.0, -2.0, 0.5)),
        "c is -2; ₂F₁ has a pole at zero and negative integers"
    );
    assert_eq!(message(special::hyp2f1(1.0, 1.0, 2.0, 1.0)), "z is 1; ₂F₁ is evaluated for z below 1");
}

#[test]
fn no_data() {
    let expected = "BG/NBD cannot be fitted: there are no customers";
    assert_eq!(message(BgNbd::fit(&CbsTable::new(), &strict())), expected);
    let expected = "Gamma-Gamma cannot be fitted: no customer has a transaction";
    assert_eq!(message(GammaGamma::fit([Spend::new(0, 0.0).expect("none")], &strict())), expected);
    let mut nobody = OpportunityTable::new();
    nobody.add_many(Opportunities::new(0, 0, 0).expect("a history"), 5);
    assert_eq!(
        message(BgBb::fit(&nobody, &strict())),
        "BG/BB cannot be fitted: no customer has an opportunity"
    );
    let one = [Spend::new(2, 5.0).expect("a spend")];
    let expected = "Gamma-Gamma cannot be fitted: a correlation needs two customers who differ";
    assert_eq!(message(spend_correlation(&one)), expected);
}

#[test]
fn out_of_float_and_not_settled() {
    assert_eq!(message(special::ln_gamma(1e308)), "ln Γ is beyond the range of floating point");
    assert_eq!(message(special::digamma(1e-310)), "ψ is beyond the range of floating point");
    assert_eq!(
        message(special::hyp2f1(900.0, 900.0, 2.0, 0.99)),
        "₂F₁ is beyond the range of floating point"
    );
    assert_eq!(
        message(special::hyp2f1(-2.3, 0.4, -1.5, 0.999_999_999)),
        "₂F₁ did not settle at (-2.3, 0.4; -1.5; 0.999999999)"
    );
    let expected = "an estimate of an amount is beyond the range of floating point";
    assert_eq!(message(money_from_estimate(f64::NAN, Currency::CNY)), expected);
    assert_eq!(message(money_from_estimate(1e80, Currency::CNY)), expected);
    assert!(matches!(money_from_estimate(1e40, Currency::CNY), Err(AccountError::Value(_))));
}

#[test]
fn at_boundary_unidentified_and_not_converged() {
    // Nobody ever came back: any rate small enough explains that.
    let silent = table(&[(0, 0.0, 30.0, 50), (0, 0.0, 40.0, 50)]);
    let refused = BgNbd::fit(&silent, &strict()).expect_err("refused");
    let text = refused.to_string();
    assert!(
        matches!(
            refused,
            AccountError::Customer(ValueError::AtBoundary { .. } | ValueError::Unidentified { .. })
        ),
        "{text}"
    );
    let told = BgNbd::fit(&silent, &FitOptions { boundary: Boundary::Report, ..strict() }).expect("reported");
    assert_ne!(told.convergence.state, FitState::Identified);
    assert!(told.covariance().is_none() && told.estimates.iter().all(|one| one.standard_error.is_none()));
    assert!(message(told.standard_error_of(|values| Ok(values[0]))).contains("without a covariance"));
    // Renewals that never fail: α runs to zero.
    let mut loyal = RetentionTable::new();
    loyal.add_cohort(&[100, 100, 100]).expect("a cohort");
    let text = message(Sbg::fit(&loyal, &strict()));
    assert!(
        text.starts_with("sBG has no maximum inside its domain: ")
            || text.starts_with("sBG is not identified"),
        "{text}"
    );
    // A search that may take no step.
    let mut cohort = RetentionTable::new();
    cohort.add_cohort(&[1000, 869, 743, 653, 593, 551, 517, 491]).expect("a cohort");
    let text = message(GammaGamma::fit(
        (1..60).map(|n| Spend::new(n, f64::from(n * n % 17 + 1)).expect("a spend")),
        &FitOptions { max_iterations: 0, ..strict() },
    ));
    assert!(text.starts_with("Gamma-Gamma did not converge: gradient "), "{text}");
}

#[test]
fn a_log_keeps_one_currency_and_its_sums() {
    let mut log = PurchaseLog::new(Currency::CNY);
    let dollars = Money::parse("1.00", Currency::USD).expect("an amount");
    assert!(matches!(log.add(&1, 0, &dollars), Err(AccountError::Value(_))));
    assert!(matches!(log.merge(&PurchaseLog::new(Currency::USD)), Err(AccountError::Value(_))));
    assert_eq!(log.span(), None);
}
