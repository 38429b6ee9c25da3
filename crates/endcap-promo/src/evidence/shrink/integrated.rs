//! Shrinkage that does not take the variance between accounts as known.

use super::super::EvidenceError;
use super::super::structural::Mixture;
use super::RandomEffects;
use crate::border::count;

/// Nodes on the logarithm of τ.
const NODES: usize = 96;
/// The posterior is followed until it has fallen by this much on the log scale.
const DEPTH: f64 = 32.0;

impl RandomEffects {
    /// Posterior of every account's effect, in the order given, averaged over what the data leave open about `τ`
    /// (完全贝叶斯收缩): a mixture of the normals of all `τ`, weighted by restricted likelihood under a flat prior on `τ² ≥ 0`.
    ///
    /// The shortest honest answer: intervals hold at least their level, and nearly always more than it where accounts
    /// hardly differ; [`Self::calibrated`] keeps to the level there too, at the price of some width. With few accounts they
    /// are wider than those of [`Self::blups`], with many the same. Summed on a grid of ln τ, not drawn: the same bits on
    /// every run.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::TooFew`] unless there are three more effects than moderators, the mean included: the flat
    ///   prior has no posterior below that.
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_promo::evidence::shrink::{Between, RandomEffects};
    /// let effects = [0.10, 0.30, 0.25, 0.05, 0.60];
    /// let fit = RandomEffects::fit(&effects, &[0.02; 5], Between::Reml)?;
    /// let (plain, honest) = (fit.blups()?, fit.posteriors()?);
    /// let (low, high) = plain[4].interval(0.95)?;
    /// assert!(honest[4].quantile(0.975)? - honest[4].quantile(0.025)? > high - low);
    /// # Ok::<(), endcap_promo::evidence::EvidenceError>(())
    /// ```
    ///
    /// # Source
    ///
    /// Morris (1983), "Parametric Empirical Bayes Inference", for what plug-in intervals leave out; Morris & Tang (2011) for
    /// the flat prior on τ², chosen there for its coverage; Röver (2020) for the posterior as a grid mixture.
    pub fn posteriors(&self) -> Result<Vec<Mixture>, EvidenceError> {
        let need = self.coefficients.len().saturating_add(3);
        let have = self.df().saturating_add(self.coefficients.len());
        if have < need {
            return Err(EvidenceError::TooFew { what: "effects", have, need });
        }
        // On x = ln τ the flat prior on τ² is e^2x.
        let nodes = self.nodes(2.0)?;
        let mut columns: Vec<Vec<(f64, f64, f64)>> = vec![Vec::with_capacity(NODES); have];
        for (tau_squared, log) in nodes {
            for (column, (mean, deviation)) in columns.iter_mut().zip(self.at(tau_squared)?) {
                column.push((log, mean, deviation));
            }
        }
        columns.iter().map(|column| Mixture::from_logs(column.iter().copied())).collect()
    }

    /// Grid of `τ²` and its log posterior weight, equidistant in ln τ, under a prior density `τ^power` of ln τ: 2 is flat
    /// on τ², 1 is flat on τ.
    pub(super) fn nodes(&self, power: f64) -> Result<Vec<(f64, f64)>, EvidenceError> {
        let density = |x: f64| self.log_likelihood(libm::exp(2.0 * x)).map(|log| log + power * x);
        let centre = libm::log(self.error_scale());
        let mut peak = (centre, density(centre)?);
        let grid = (0..=56_u8).map(|step| centre + 0.25 * (f64::from(step) - 28.0));
        let estimate = (self.tau_squared > 0.0).then(|| 0.5 * libm::log(self.tau_squared));
        for x in grid.chain(estimate) {
            let log = density(x)?;
            if log > peak.1 {
                peak = (x, log);
            }
        }
        let reach = |side: f64| -> Result<f64, EvidenceError> {
            let mut step = 1e-4;
            while step < 200.0 && density(peak.0 + side * step)? > peak.1 - 0.5 * power * DEPTH {
                step *= 1.4;
            }
            Ok(peak.0 + side * step)
        };
        let (low, high) = (reach(-1.0)?, reach(1.0)?);
        (0..NODES)
            .map(|node| {
                let x = low + (high - low) * (count(node) + 0.5) / count(NODES);
                Ok((libm::exp(2.0 * x), density(x)?))
            })
            .collect()
    }
}
