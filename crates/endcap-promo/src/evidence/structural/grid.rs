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

/// Nodes an axis of those passes with a season: the grid has one axis more.
const SEASON_SEARCH_NODES: usize = 8;

/// A box in `(ln σ_level, ln σ_noise)`, and in `ln σ_season` with a season.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Window {
    pub(super) level: (f64, f64),
    pub(super) noise: (f64, f64),
    pub(super) season: Option<(f64, f64)>,
}

/// One node of the grid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Node {
    /// `ln σ_level`.
    pub(super) level: f64,
    /// `ln σ_noise`.
    pub(super) noise: f64,
    /// `ln σ_season`; minus infinity without a season.
    pub(super) season: f64,
    /// Logarithm of the quadrature weight.
    pub(super) weight: f64,
}

impl Window {
    pub(super) fn nodes(&self, rule: &GaussLegendre) -> Vec<Node> {
        let seasons: Vec<(f64, f64)> = match self.season {
            None => vec![(f64::NEG_INFINITY, 1.0)],
            Some((low, high)) => rule.on(low, high).collect(),
        };
        let mut nodes = Vec::new();
        for (level, own) in rule.on(self.level.0, self.level.1) {
            for (noise, other) in rule.on(self.noise.0, self.noise.1) {
                for (season, third) in &seasons {
                    let weight = libm::log(own * other * third);
                    nodes.push(Node { level, noise, season: *season, weight });
                }
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
    let size = if limits.season.is_some() { SEASON_SEARCH_NODES } else { SEARCH_NODES };
    let rule = GaussLegendre::new(size)?;
    let mut window = limits;
    for _ in 0..MAX_PASSES {
        let nodes = window.nodes(&rule);
        let logs = evaluate(&nodes);
        let most =
            logs.iter().zip(&nodes).map(|(log, node)| log + node.weight).fold(f64::NEG_INFINITY, f64::max);
        let mut sums = [0.0_f64; 7];
        for (log, node) in logs.iter().zip(&nodes) {
            let w = libm::exp(log + node.weight - most);
            let season = if node.season.is_finite() { node.season } else { 0.0 };
            let moments = [node.level, node.noise, season].map(|x| (w * x, w * x * x));
            let [(a, aa), (b, bb), (c, cc)] = moments;
            for (sum, term) in sums.iter_mut().zip([w, a, b, aa, bb, c, cc]) {
                *sum += term;
            }
        }
        let [total, level, noise, level2, noise2, season, season2] = sums;
        let axis = |first: f64, second: f64, (low, high): (f64, f64)| {
            let mean = first / total;
            let deviation = (second / total - mean * mean).max(0.0).sqrt();
            (mean, deviation, 1.6 * (high - low) / count(size))
        };
        let axes = [
            Some((axis(level, level2, window.level), limits.level)),
            Some((axis(noise, noise2, window.noise), limits.noise)),
            window.season.zip(limits.season).map(|(own, limit)| (axis(season, season2, own), limit)),
        ];
        let resolved = axes.iter().flatten().all(|((_, deviation, spacing), _)| *deviation > 0.5 * spacing);
        let cut = |((mean, deviation, spacing), (low, high)): ((f64, f64, f64), (f64, f64))| {
            let reach = if resolved { REACH * deviation } else { (6.0 * deviation).max(1.5 * spacing) };
            ((mean - reach).max(low), (mean + reach).min(high))
        };
        let [a, b, c] = axes.map(|axis| axis.map(cut));
        window = Window { level: a.unwrap_or(limits.level), noise: b.unwrap_or(limits.noise), season: c };
        if resolved {
            return Ok(window);
        }
    }
    Ok(window)
}
