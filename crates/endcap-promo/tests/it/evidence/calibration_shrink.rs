//! Many accounts at once: does the interval after shrinkage hold as often as it says, whether accounts differ or not?

use endcap_promo::evidence::distribution::chi_square_upper;
use endcap_promo::evidence::shrink::{Between, RandomEffects};

use super::calibration::{Rng, nominal};

/// Shares of accounts whose effect lies in its interval, over many portfolios, and mean widths in raw widths.
#[derive(Debug, Default)]
struct Held {
    plug_in: f64,
    posterior: f64,
    calibrated: f64,
    posterior_width: f64,
    calibrated_width: f64,
}

/// How the accounts' sampling variances lie.
#[derive(Debug, Clone, Copy)]
enum Errors {
    Equal,
    /// From 0.4 to 2.
    Unequal,
    /// Log-normal: the largest of thirty is some fifty times the smallest.
    VeryUnequal,
}

/// Which intervals are looked at.
#[derive(Debug, Clone, Copy)]
enum Compare {
    Calibrated,
    All,
}

/// Six thousand effects, twenty thousand in small portfolios, with a spread of `between` harmonic-mean errors.
fn shrunk(accounts: usize, between: f64, errors: Errors, compare: Compare) -> Held {
    let mut rng = Rng(9);
    let (mut held, mut all) = (Held::default(), 0.0);
    let effects: usize = if accounts <= 10 { 20_000 } else { 6_000 };
    for _ in 0..effects.div_ceil(accounts) {
        let variances: Vec<f64> = (0..accounts)
            .map(|_| match errors {
                Errors::Equal => 1.0,
                Errors::Unequal => 0.4 + 1.6 * rng.uniform(),
                Errors::VeryUnequal => rng.normal().exp(),
            })
            .collect();
        let precision: f64 = variances.iter().map(|v| 1.0 / v).sum();
        let tau = between * (accounts as f64 / precision).sqrt();
        let truth: Vec<f64> = (0..accounts).map(|_| 2.0 + tau * rng.normal()).collect();
        let y: Vec<f64> = truth.iter().zip(&variances).map(|(t, v)| t + v.sqrt() * rng.normal()).collect();
        let fit = RandomEffects::fit(&y, &variances, Between::Reml).unwrap();
        let (blups, posteriors) = match compare {
            Compare::Calibrated => (Vec::new(), Vec::new()),
            Compare::All => (fit.blups().unwrap(), fit.posteriors().unwrap()),
        };
        let calibrated = fit.calibrated().unwrap();
        for (j, truth) in truth.iter().enumerate() {
            // Inside the equal-tailed interval exactly when the truth's own tail is.
            let inside = |below: f64| f64::from(u8::from((0.025..=0.975).contains(&below)));
            if let (Some(blup), Some(posterior)) = (blups.get(j), posteriors.get(j)) {
                held.plug_in += inside(1.0 - blup.probability_above(*truth));
                held.posterior += inside(posterior.cdf(*truth));
                held.posterior_width += posterior.standard_deviation() / variances[j].sqrt();
            }
            held.calibrated += inside(calibrated[j].cdf(*truth));
            held.calibrated_width += calibrated[j].standard_deviation() / variances[j].sqrt();
            all += 1.0;
        }
    }
    for total in [
        &mut held.plug_in,
        &mut held.posterior,
        &mut held.calibrated,
        &mut held.posterior_width,
        &mut held.calibrated_width,
    ] {
        *total /= all;
    }
    eprintln!(
        "{accounts} accounts, {errors:?}, spread {between}: plug-in {:.2} %, posterior {:.2} % (width {:.2}), \
         calibrated {:.2} % (width {:.2})",
        100.0 * held.plug_in,
        100.0 * held.posterior,
        held.posterior_width,
        100.0 * held.calibrated,
        held.calibrated_width
    );
    held
}

/// Spread between accounts, in standard errors.
const SPREADS: [f64; 6] = [0.0, 0.2, 0.5, 0.8, 1.2, 3.0];

fn every_cell(errors: Errors) {
    for accounts in [10, 30, 88] {
        for between in SPREADS {
            let held = shrunk(accounts, between, errors, Compare::Calibrated);
            nominal(held.calibrated);
            // Shrinkage is never paid for: no wider than the account alone, and with many accounts much narrower.
            assert!(held.calibrated_width < 1.0, "{held:?}");
        }
    }
}

#[test]
fn calibrated_intervals_of_equal_errors() {
    every_cell(Errors::Equal);
}

#[test]
fn calibrated_intervals_of_unequal_errors() {
    every_cell(Errors::Unequal);
}

#[test]
fn calibrated_intervals_of_very_unequal_errors() {
    every_cell(Errors::VeryUnequal);
}

#[test]
fn the_posterior_meets_the_level_where_accounts_differ() {
    for (accounts, between) in [(10, 2.0), (30, 1.0), (30, 2.0), (88, 0.6), (88, 1.0), (150, 1.0)] {
        nominal(shrunk(accounts, between, Errors::Unequal, Compare::All).posterior);
    }
    // Where they hardly differ it holds its level too, and more.
    for (accounts, between) in [(10, 1.0), (30, 0.6), (30, 0.3)] {
        assert!(
            (0.945..=0.998).contains(&shrunk(accounts, between, Errors::Unequal, Compare::All).posterior)
        );
    }
    // What the plug-in interval leaves out at thirty accounts.
    assert!(shrunk(30, 0.6, Errors::Unequal, Compare::All).plug_in < 0.93);
}

#[test]
fn nobody_can_tell_no_spread_from_a_little() {
    // The sum of squares of k effects is all that tells τ² = 0 from τ² = v·√(2/k): v·χ² against (v + τ²)·χ². The best
    // guess cuts between the two where their densities cross; its two errors together are 1 less the total variation.
    for accounts in [10.0_f64, 30.0, 88.0, 1_000.0] {
        let (df, ratio) = (accounts - 1.0, 1.0 + (2.0 / accounts).sqrt());
        // Densities cross at s with (df/2)·ln ratio = (s/2)(1 − 1/ratio).
        let cut = df * ratio.ln() / (1.0 - 1.0 / ratio);
        let (missed, false_alarm) =
            (1.0 - chi_square_upper(cut / ratio, df).unwrap(), chi_square_upper(cut, df).unwrap());
        assert!(0.5 * (missed + false_alarm) > 0.28, "{accounts}: {missed} {false_alarm}");
    }
    // So an interval that pulls all the way is wide enough for the spread and holds nearly always without it.
    let held = shrunk(88, 0.0, Errors::Equal, Compare::All);
    assert!(held.posterior > 0.99 && held.posterior_width < held.calibrated_width, "{held:?}");
}
