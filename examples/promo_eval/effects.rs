//! What price and display do at every account, shrunk towards each other.

use endcap::promo::evidence::Inestimable;
use endcap::promo::evidence::demand::{AccountDemand, AccountWeeks};
use endcap::promo::evidence::panel::Coefficient;
use endcap::promo::evidence::shrink::{Prior, Sign};

use super::load::Loaded;

/// Effects of one account, or why there are none.
pub struct AccountEffects {
    pub account: String,
    pub weeks: usize,
    pub price: Coefficient,
    pub display: Coefficient,
    /// Log-price and display effects after shrinkage with known signs.
    pub shrunk: Option<(f64, f64)>,
    pub reason: Option<String>,
}

pub fn effects(loaded: &Loaded) -> Vec<AccountEffects> {
    if !loaded.priced {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut evidence = Vec::new();
    for (account, weeks) in &loaded.accounts {
        let column = |of: fn(&super::load::Observation) -> f64| -> Vec<f64> {
            weeks.values().filter(|seen| seen.units > 0.0 && seen.price.is_some()).map(of).collect()
        };
        let volume = column(|seen| seen.units);
        let (price, display) = (column(|seen| seen.price.unwrap_or(f64::NAN)), column(|seen| seen.display));
        let feature = if loaded.featured { column(|seen| seen.feature) } else { Vec::new() };
        let data = AccountWeeks { volume: &volume, price: &price, display: &display, feature: &feature };
        let missing = Coefficient::NotEstimable(Inestimable::NoVariation);
        let mut own = AccountEffects {
            account: account.clone(),
            weeks: volume.len(),
            price: missing,
            display: missing,
            shrunk: None,
            reason: None,
        };
        match AccountDemand::fit(&data, 4.min(volume.len() / 4)) {
            Ok(demand) => {
                let of = |name: &str| demand.effect(name).map_or(missing, |effect| effect.estimate);
                (own.price, own.display) = (of("log_price"), of("display"));
                let refused = demand.effects.iter().find_map(|effect| match effect.estimate {
                    Coefficient::NotEstimable(why) => {
                        Some(format!("{} is not estimable: {why}", effect.name))
                    }
                    Coefficient::Estimated { .. } => None,
                });
                own.reason = refused;
                evidence.push((found.len(), demand.evidence));
            }
            Err(error) => own.reason = Some(error.to_string()),
        }
        found.push(own);
    }
    let all: Vec<_> = evidence.iter().map(|(_, account)| account.clone()).collect();
    let mut signs = vec![Sign::Free, Sign::NotNegative, Sign::NotPositive];
    signs.extend(loaded.featured.then_some(Sign::NotNegative));
    if let Ok(prior) = Prior::fit(&all) {
        for (at, account) in &evidence {
            if let Ok(posterior) = prior.signed_posterior(account, &signs) {
                found[*at].shrunk = Some((posterior.mean[2], posterior.mean[1]));
            }
        }
    }
    found
}
