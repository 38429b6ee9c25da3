//! Many events at once: shrink, count false claims, rank.

use super::EvidenceError;
use super::distribution::normal_cdf;
use super::infer::multiplicity::{Adjustment, adjust};
use super::linalg::{check_finite, sum};
use super::shrink::{Between, Blup, RandomEffects};

/// One finished event of a portfolio (活动).
#[derive(Debug, Clone, PartialEq)]
pub struct PortfolioEvent {
    /// Key; ties in a ranking go to the smaller one.
    pub id: String,
    /// Estimated net effect, in money or units.
    pub net: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// What it cost.
    pub spend: f64,
}

/// An event among the others.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RankedEvent {
    /// Key.
    pub id: String,
    /// Net effect after shrinkage.
    pub shrunk: Blup,
    /// 95 % interval of the net effect that holds its level whether events differ or not, around a centre of its own
    /// ([`RandomEffects::calibrated`]); absent below four events.
    pub interval: Option<(f64, f64)>,
    /// Probability that the net effect is above zero.
    pub probability_positive: f64,
    /// One-sided p-value of "net effect at most zero", before shrinkage.
    pub p_one_sided: f64,
    /// The same adjusted over the portfolio (错误发现率 q 值).
    pub q: f64,
    /// Rank by raw net effect, from 1.
    pub rank_raw: usize,
    /// Rank by shrunk net effect.
    pub rank_shrunk: usize,
    /// Rank by shrunk net effect per spend.
    pub rank_per_spend: usize,
}

/// A portfolio of events (促销组合评估).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Portfolio {
    /// Events in the order given.
    pub events: Vec<RankedEvent>,
    /// Mean net effect over the population of events.
    pub mean: f64,
    /// Its standard error.
    pub mean_error: f64,
    /// Variance between events.
    pub tau_squared: f64,
    /// What an event not yet run is expected to bring (下一次活动的预测分布).
    pub next_event: Blup,
    /// Raw less shrunk sum over the events with positive raw effect: what picking winners overstates (赢家诅咒).
    pub winners_regret: f64,
}

/// Shrinks, adjusts and ranks (组合收缩与排序).
///
/// # Errors
///
/// - [`EvidenceError::TooFew`] for fewer than two events.
/// - [`EvidenceError::NotFinite`]; [`EvidenceError::Parameter`] for a standard error or spend that is not above zero.
///
/// # Examples
///
/// ```
/// use endcap_promo::evidence::portfolio::{rank, PortfolioEvent};
/// let event = |id: &str, net, standard_error, spend| PortfolioEvent { id: id.into(), net, standard_error, spend };
/// let portfolio = rank(&[
///     event("A", 12_000.0, 4_000.0, 20_000.0),
///     event("B", 31_000.0, 26_000.0, 40_000.0),
///     event("C", 4_200.0, 1_500.0, 6_000.0),
/// ])?;
/// assert_eq!(portfolio.events[1].rank_raw, 1);
/// assert_ne!(portfolio.events[1].rank_shrunk, 1); // a large gain with a larger error
/// # Ok::<(), endcap_promo::evidence::EvidenceError>(())
/// ```
///
/// # Source
///
/// Raudenbush & Bryk (1985) for the shrinkage; Benjamini & Hochberg (1995); house rule for the rankings.
pub fn rank(events: &[PortfolioEvent]) -> Result<Portfolio, EvidenceError> {
    if events.len() < 2 {
        return Err(EvidenceError::TooFew { what: "events", have: events.len(), need: 2 });
    }
    let net: Vec<f64> = events.iter().map(|event| event.net).collect();
    let spend: Vec<f64> = events.iter().map(|event| event.spend).collect();
    check_finite("spend", &spend)?;
    for (parameter, value) in
        events.iter().flat_map(|e| [("standard error", e.standard_error), ("spend", e.spend)])
    {
        if value.is_nan() || value <= 0.0 {
            return Err(EvidenceError::Parameter {
                parameter,
                value: value.to_string(),
                expected: "above 0",
            });
        }
    }
    let variances: Vec<f64> =
        events.iter().map(|event| event.standard_error * event.standard_error).collect();
    let fit = RandomEffects::fit(&net, &variances, Between::Reml)?;
    let shrunk = fit.blups()?;
    let intervals: Vec<Option<(f64, f64)>> = match fit.calibrated() {
        Ok(found) => found
            .iter()
            .map(|own| Ok(Some((own.quantile(0.025)?, own.quantile(0.975)?))))
            .collect::<Result<_, EvidenceError>>()?,
        Err(EvidenceError::TooFew { .. }) => vec![None; events.len()],
        Err(error) => return Err(error),
    };
    let p: Vec<f64> = events.iter().map(|event| normal_cdf(-event.net / event.standard_error)).collect();
    let q = adjust(&p, Adjustment::BenjaminiHochberg)?;
    let means: Vec<f64> = shrunk.iter().map(|blup| blup.mean).collect();
    let per_spend: Vec<f64> = means.iter().zip(&spend).map(|(mean, spend)| mean / spend).collect();
    let ranks = [places(events, &net), places(events, &means), places(events, &per_spend)];
    let [raw, by_mean, by_spend] = ranks;
    let rows = events
        .iter()
        .zip(shrunk.iter().zip(intervals))
        .zip(p.iter().zip(&q))
        .zip(raw.iter().zip(&by_mean).zip(&by_spend));
    let ranked = rows
        .map(|(((event, (blup, interval)), (p, q)), ((raw, by_mean), by_spend))| RankedEvent {
            id: event.id.clone(),
            shrunk: *blup,
            interval,
            probability_positive: blup.probability_above(0.0),
            p_one_sided: *p,
            q: *q,
            rank_raw: *raw,
            rank_shrunk: *by_mean,
            rank_per_spend: *by_spend,
        })
        .collect();
    let regret: Vec<f64> =
        net.iter().zip(&means).filter(|(net, _)| **net > 0.0).map(|(net, mean)| net - mean).collect();
    Ok(Portfolio {
        events: ranked,
        mean: fit.coefficients.first().copied().unwrap_or(f64::NAN),
        mean_error: fit.standard_errors().first().copied().unwrap_or(f64::NAN),
        tau_squared: fit.tau_squared,
        next_event: fit.predict(&[1.0])?,
        winners_regret: sum(&regret),
    })
}

/// Place of every event by falling value, from 1; ties by key.
fn places(events: &[PortfolioEvent], values: &[f64]) -> Vec<usize> {
    let mut order: Vec<(usize, &PortfolioEvent, f64)> =
        events.iter().zip(values).enumerate().map(|(at, (event, value))| (at, event, *value)).collect();
    order.sort_by(|a, b| b.2.total_cmp(&a.2).then_with(|| a.1.id.cmp(&b.1.id)).then(a.0.cmp(&b.0)));
    let mut places = vec![0; events.len()];
    for (rank, (at, _, _)) in (1..).zip(order) {
        if let Some(slot) = places.get_mut(at) {
            *slot = rank;
        }
    }
    places
}
