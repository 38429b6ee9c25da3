//! Where the posterior of the two scales lives.

use super::super::EvidenceError;
use super::super::distribution::GaussLegendre;
use crate::border::count;

/// Nodes an axis of the passes that look for the mass.
const SEARCH_NODES: usize = 12;
/// Most such passes.
const MAX_PASSES: usize = 12;
/// Half-width of the last grid in posterior standard deviations.
const REACH: f64 = 9.0;

/// A rectangle in `(ln σ_level, ln σ_noise)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Window {
    pub(super) level: (f64, f64),
    pub(super) noise: (f64, f64),
}

/// One node: `ln σ_level`, `ln σ_noise` and the logarithm of its quadrature weight.
pub(super) type Node = (f64, f64, f64);

impl Window {
    pub(super) fn nodes(&self, rule: &GaussLegendre) -> Vec<Node> {
        let mut nodes = Vec::new();
        for (level, own) in rule.on(self.level.0, self.level.1) {
            for (noise, other) in rule.on(self.noise.0, self.noise.1) {
                nodes.push((level, noise, libm::log(own * other)));
            }
        }
        nodes
    }
}

/// Narrows `limits` to the posterior mean ± nine standard deviations of both scales, cut at the limits.
///
/// `evaluate` gives the log posterior density of every node, without its quadrature weight.
///
/// # Source
///
/// Naylor & Smith (1982), quadrature grids placed by the posterior's own moments; house rule for nine deviations.
pub(super) fn locate(
    limits: Window,
    evaluate: &mut dyn FnMut(&[Node]) -> Vec<f64>,
) -> Result<Window, EvidenceError> {
    let rule = GaussLegendre::new(SEARCH_NODES)?;
    let mut window = limits;
    for _ in 0..MAX_PASSES {
        let nodes = window.nodes(&rule);
        let logs = evaluate(&nodes);
        let most = logs.iter().zip(&nodes).map(|(log, node)| log + node.2).fold(f64::NEG_INFINITY, f64::max);
        let mut sums = [0.0_f64; 5];
        for (log, (level, noise, weight)) in logs.iter().zip(&nodes) {
            let w = libm::exp(log + weight - most);
            for (sum, term) in
                sums.iter_mut().zip([w, w * level, w * noise, w * level * level, w * noise * noise])
            {
                *sum += term;
            }
        }
        let [total, level, noise, level2, noise2] = sums;
        let axis = |first: f64, second: f64, (low, high): (f64, f64)| {
            let mean = first / total;
            let deviation = (second / total - mean * mean).max(0.0).sqrt();
            (mean, deviation, 1.6 * (high - low) / count(SEARCH_NODES))
        };
        let axes = [
            (axis(level, level2, window.level), limits.level),
            (axis(noise, noise2, window.noise), limits.noise),
        ];
        let resolved = axes.iter().all(|((_, deviation, spacing), _)| *deviation > 0.5 * spacing);
        let cut = |((mean, deviation, spacing), (low, high)): ((f64, f64, f64), (f64, f64))| {
            let reach = if resolved { REACH * deviation } else { (6.0 * deviation).max(1.5 * spacing) };
            ((mean - reach).max(low), (mean + reach).min(high))
        };
        let [a, b] = axes;
        window = Window { level: cut(a), noise: cut(b) };
        if resolved {
            return Ok(window);
        }
    }
    Ok(window)
}
