//! The model: priors, included controls, posterior of the effect.

use super::super::EvidenceError;
use super::super::distribution::GaussLegendre;
use super::super::effect::{Relative, relative};
use super::super::linalg::{Cholesky, Square, mean};
use super::data::{Data, LEVEL_LIMIT};
use super::filter::{Filtered, LANES, Lane};
use super::grid::{Node, Window, locate};
use super::mixture::Mixture;
use super::season::Season;
use super::sets::SetTree;
use crate::border::count;

/// Upper limit of the noise's scale.
const NOISE_LIMIT: f64 = 1.2;
/// Prior shape and rate of `1/σ_season²`.
const SEASON: (f64, f64) = (0.005, 0.005 * 0.01 * 0.01);
/// Log weight below which a component changes no digit of a sum of all.
const NEGLIGIBLE: f64 = -44.0;

/// Priors and accuracy of the structural model; scales are in standard deviations of the treated series before the
/// event.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StructuralOptions {
    /// Expected step of the level from period to period.
    pub level_scale: f64,
    /// Weight of that expectation, in observations.
    pub level_weight: f64,
    /// Controls expected to matter, the constant included.
    pub expected_controls: f64,
    /// Nodes an axis of the grid of scales: 12 give 1e-3 posterior standard deviations, 16 give 5e-4, 24 give 1e-6.
    pub nodes: usize,
    /// A season, for a history of two of its cycles and more.
    pub season: Season,
}

impl StructuralOptions {
    /// For weekly sales of accounts (周销售): the level may step by a tenth of a standard deviation, and the data decide.
    ///
    /// The default expects a hundredth with the weight of 32 observations; where sales drift, its intervals are too
    /// narrow.
    #[must_use]
    pub fn drifting() -> Self {
        Self { level_scale: 0.1, level_weight: 4.0, ..Self::default() }
    }
}

impl Default for StructuralOptions {
    /// The defaults of CausalImpact 1.4.1.
    fn default() -> Self {
        Self {
            level_scale: 0.01,
            level_weight: 32.0,
            expected_controls: 3.0,
            nodes: 24,
            season: Season::None,
        }
    }
}

/// The effect of an event on one series (因果影响); everything derives from one posterior, so interval, tail and ratio
/// cannot disagree.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Impact {
    /// Posterior of the mean effect of a known period of the event.
    pub average: Mixture,
    /// Known periods of the event.
    pub periods: usize,
    /// Mean of what was sold in those periods.
    pub actual_average: f64,
    /// Posterior mean of the noise's scale, in pre-period standard deviations.
    pub noise_scale: f64,
    /// Posterior mean of the level's scale, in pre-period standard deviations.
    pub level_scale: f64,
    /// Posterior probability that a control is in the model, in the order given (入选概率).
    pub inclusion: Vec<f64>,
}

impl Impact {
    /// Posterior of the effect of all known periods together.
    #[must_use]
    pub fn cumulative(&self) -> Mixture {
        self.average.affine(0.0, count(self.periods))
    }

    /// Equal-tailed interval of the cumulative effect.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::Parameter`] for a level outside (0, 1).
    pub fn interval(&self, level: f64) -> Result<(f64, f64), EvidenceError> {
        let n = count(self.periods);
        Ok((n * self.average.quantile(0.5 - 0.5 * level)?, n * self.average.quantile(0.5 + 0.5 * level)?))
    }

    /// The smaller tail, `min(P(effect ≤ 0), P(effect ≥ 0))`: compare it with α/2.
    #[must_use]
    pub fn tail(&self) -> f64 {
        let below = self.average.cdf(0.0);
        below.min(self.average.affine(0.0, -1.0).cdf(0.0))
    }

    /// Twice the tail: below α exactly when the interval of level `1 − α` excludes 0.
    #[must_use]
    pub fn p_two_sided(&self) -> f64 {
        (2.0 * self.tail()).min(1.0)
    }

    /// Expected sales over the known periods.
    #[must_use]
    pub fn base(&self) -> f64 {
        count(self.periods) * (self.actual_average - self.average.mean())
    }

    /// Effect over expected sales; `None` when the interval of the expectation holds 0.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::Parameter`] for a level outside (0, 1).
    pub fn relative(&self, level: f64) -> Result<Option<Relative>, EvidenceError> {
        let (low, high) = self.interval(level)?;
        let point = count(self.periods) * self.average.mean();
        Ok(relative(self.base(), point, low, high))
    }
}

/// The effect of an event on one series, with control series that the event did not touch (因果影响分析).
///
/// `treated[t]` is period `t`, absent when unknown; `controls[k][t]` is the same period of control `k`; the event runs
/// from index `start` to the end. Treated and controls are standardised by their own pre-period; the level starts at the
/// first known value.
///
/// # Errors
///
/// - [`EvidenceError::Shape`], [`EvidenceError::NotFinite`]; [`EvidenceError::TooMany`] beyond twelve controls.
/// - [`EvidenceError::TooFew`] for fewer than three known periods before, or none after.
/// - [`EvidenceError::TooFew`] for less than two cycles of the season before the event.
/// - [`EvidenceError::Constant`] for a treated or control series that never varies before the event.
/// - [`EvidenceError::Parameter`] for options out of range.
///
/// # Examples
///
/// ```
/// use endcap_promo::evidence::structural::{impact, StructuralOptions};
/// let control: Vec<f64> = (0..40).map(|t| f64::from(t % 7) + 0.05 * f64::from(t)).collect();
/// let mut treated: Vec<Option<f64>> =
///     control.iter().zip(0..).map(|(x, t)| Some(100.0 + 2.0 * x + f64::from(t * t % 5))).collect();
/// treated[32..].iter_mut().flatten().for_each(|y| *y += 10.0);
/// let found = impact(&treated, &[&control], 32, &StructuralOptions::default())?;
/// let (low, high) = found.interval(0.95)?;
/// assert!(low > 60.0 && low < 80.0 && high > 80.0 && high < 100.0); // the truth is 8 × 10
/// # Ok::<(), endcap_promo::evidence::EvidenceError>(())
/// ```
///
/// # Source
///
/// Brodersen, Gallusser, Koehler, Remy & Scott (2015), model and defaults; George & McCulloch (1997) for the included
/// sets; the posterior by quadrature instead of Gibbs draws.
pub fn impact(
    treated: &[Option<f64>],
    controls: &[&[f64]],
    start: usize,
    options: &StructuralOptions,
) -> Result<Impact, EvidenceError> {
    let data = Data::new(treated, controls, start, options)?;
    let rule = GaussLegendre::new(options.nodes)?;
    let limits = Window {
        level: (libm::log(options.level_scale) - 4.0, libm::log(LEVEL_LIMIT)),
        noise: (libm::log(1e-4), libm::log(NOISE_LIMIT)),
        season: data.season.is_some().then(|| (libm::log(1e-4), 0.0)),
    };
    let limits =
        Window { level: (limits.level.0.min(libm::log(LEVEL_LIMIT) - 4.0), limits.level.1), ..limits };
    let mut model = Model::new(&data, options)?;
    let window = locate(limits, &mut |nodes| {
        let mut parts = Vec::new();
        model.evaluate(nodes, &mut parts);
        model.by_node(nodes.len(), &parts)
    })?;
    let nodes = window.nodes(&rule);
    let mut parts = Vec::new();
    model.evaluate(&nodes, &mut parts);
    finish(&data, &nodes, &parts)
}

/// One component of the posterior: node, included set, log weight, mean and variance of the average forecast.
#[derive(Debug, Clone, Copy)]
struct Part {
    node: usize,
    set: u32,
    log: f64,
    mean: f64,
    variance: f64,
}

fn finish(data: &Data, nodes: &[Node], parts: &[Part]) -> Result<Impact, EvidenceError> {
    let weight = |part: &Part| part.log + nodes.get(part.node).map_or(f64::NEG_INFINITY, |node| node.weight);
    let forecast =
        Mixture::from_logs(parts.iter().map(|part| (weight(part), part.mean, part.variance.sqrt())))?;
    let most = parts.iter().map(weight).fold(f64::NEG_INFINITY, f64::max);
    let (mut total, mut level, mut noise) = (0.0, 0.0, 0.0);
    let mut inclusion = vec![0.0; data.controls];
    for part in parts {
        let below = weight(part) - most;
        if below < NEGLIGIBLE {
            continue;
        }
        let w = libm::exp(below);
        let (l, o) = nodes.get(part.node).map_or((0.0, 0.0), |node| (node.level, node.noise));
        total += w;
        level += w * libm::exp(l);
        noise += w * libm::exp(o);
        for (control, slot) in inclusion.iter_mut().enumerate() {
            // Column 0 is the constant.
            if part.set >> control.saturating_add(1) & 1 == 1 {
                *slot += w;
            }
        }
    }
    inclusion.iter_mut().for_each(|slot| *slot /= total);
    let actual_average = mean(&data.event);
    // Forecast in own units: centre + scale·z; effect: actual less forecast.
    let average = forecast.affine(actual_average - data.centre, -data.scale);
    Ok(Impact {
        average,
        periods: data.event.len(),
        actual_average,
        noise_scale: noise / total,
        level_scale: level / total,
        inclusion,
    })
}

struct Model<'a> {
    data: &'a Data,
    /// Prior shape and rate of `1/σ_level²`.
    level: (f64, f64),
    /// Prior shape and rate of `1/σ_noise²`.
    noise: (f64, f64),
    /// Slab precision in units of `1/σ_noise²`, upper triangle by rows.
    slab_upper: Vec<f64>,
    /// Admissible sets: bits of the columns, `½ln|Ω_γ|` plus log prior, number of columns.
    sets: Vec<(u32, f64, f64)>,
    tree: SetTree,
}

impl<'a> Model<'a> {
    fn new(data: &'a Data, options: &StructuralOptions) -> Result<Self, EvidenceError> {
        let columns = data.series.width().saturating_sub(1);
        let half = 0.5 * options.level_weight;
        let level = (half, half * options.level_scale * options.level_scale);
        let noise = if columns == 0 { (0.005, 0.005) } else { (25.0, 25.0 * 0.2) };
        let slab =
            Square::symmetric(columns, |i, j| 0.01 * data.gram.at(i, j) * if i == j { 1.0 } else { 0.5 });
        let chance = (options.expected_controls / count(columns.max(1))).min(1.0);
        let mut sets = Vec::new();
        let all = u32::try_from(columns).ok().and_then(|bits| 1_u32.checked_shl(bits)).unwrap_or(1);
        for set in 0..all {
            let inside = count(usize::try_from(set.count_ones()).unwrap_or(0));
            let outside = count(columns) - inside;
            if chance >= 1.0 && outside > 0.0 {
                continue;
            }
            let mut prior = inside * libm::log(chance);
            if outside > 0.0 {
                prior += outside * libm::log1p(-chance);
            }
            let members: Vec<usize> = (0..columns).filter(|k| set >> k & 1 == 1).collect();
            let at = |i: usize| members.get(i).copied().unwrap_or(0);
            let own = Square::symmetric(members.len(), |i, j| slab.at(at(i), at(j)));
            let factor = Cholesky::new("the controls' prior precision", &own)?;
            sets.push((set, prior + 0.5 * factor.log_determinant(), inside));
        }
        let mut slab_upper = Vec::new();
        for i in 0..columns {
            slab_upper.extend((i..columns).map(|j| slab.at(i, j)));
        }
        Ok(Self { data, level, noise, slab_upper, sets, tree: SetTree::new(columns) })
    }

    /// Log posterior of every node, sets summed.
    fn by_node(&self, nodes: usize, parts: &[Part]) -> Vec<f64> {
        let mut most = vec![f64::NEG_INFINITY; nodes];
        for part in parts {
            if let Some(slot) = most.get_mut(part.node) {
                *slot = slot.max(part.log);
            }
        }
        let mut total = vec![0.0; nodes];
        for part in parts {
            if let (Some(slot), Some(most)) = (total.get_mut(part.node), most.get(part.node))
                && part.log - most > NEGLIGIBLE
            {
                *slot += libm::exp(part.log - most);
            }
        }
        most.iter().zip(&total).map(|(most, total)| most + libm::log(*total)).collect()
    }

    /// Appends the components of all nodes.
    fn evaluate(&mut self, nodes: &[Node], parts: &mut Vec<Part>) {
        parts.reserve(nodes.len().saturating_mul(self.sets.len()));
        for (block, chunk) in nodes.chunks(LANES).enumerate() {
            let (mut level, mut noise, mut season) = ([1.0; LANES], [1.0; LANES], [1.0; LANES]);
            for (((l, o), s), node) in level.iter_mut().zip(&mut noise).zip(&mut season).zip(chunk) {
                *l = libm::exp(2.0 * node.level);
                *o = libm::exp(2.0 * node.noise);
                *s = libm::exp(2.0 * node.season);
            }
            let series = &self.data.series;
            let filtered = match &self.data.season {
                None => series.filter(&level, &noise),
                Some(plan) => series.filter_seasons(&level, &noise, &season, plan),
            };
            for (lane, node) in chunk.iter().enumerate() {
                let place = block.saturating_mul(LANES).saturating_add(lane);
                let of = |lanes: &Lane| lanes.get(lane).copied().unwrap_or(f64::NAN);
                let prior =
                    |(shape, rate): (f64, f64), log: f64, squared: f64| -2.0 * shape * log - rate / squared;
                let seasonal =
                    if self.data.season.is_some() { prior(SEASON, node.season, of(&season)) } else { 0.0 };
                let base = prior(self.level, node.level, of(&level))
                    + prior(self.noise, node.noise, of(&noise))
                    + seasonal
                    - 0.5 * of(&filtered.log_determinant);
                let own = of(&filtered.variance)
                    + of(&level) * self.data.drift
                    + of(&noise) / count(self.data.event.len());
                self.sets_of(&filtered, lane, node.noise, (place, base, own), parts);
            }
        }
    }

    /// The components of one node: every admissible set.
    fn sets_of(
        &mut self,
        filtered: &Filtered,
        lane: usize,
        log_noise: f64,
        (node, base, own): (usize, f64, f64),
        parts: &mut Vec<Part>,
    ) {
        let of = |lanes: &Lane| lanes.get(lane).copied().unwrap_or(f64::NAN);
        let columns = self.data.ahead.len();
        let mut products = filtered.products.iter().map(of);
        let squares = products.next().unwrap_or(f64::NAN);
        let start = filtered.levels.first().map_or(f64::NAN, of);
        if columns == 0 {
            parts.push(Part { node, set: 0, log: base - 0.5 * squares, mean: start, variance: own });
            return;
        }
        // Innovations' products of the treated series with the columns, then of the columns among themselves.
        let noise = libm::exp(2.0 * log_noise);
        let tree = &mut self.tree;
        tree.right.clear();
        tree.right.extend(products.by_ref().take(columns));
        tree.matrix.clear();
        tree.matrix.extend(products.zip(&self.slab_upper).map(|(product, slab)| product + slab / noise));
        tree.gap.clear();
        let levels = filtered.levels.iter().skip(1);
        tree.gap.extend(self.data.ahead.iter().zip(levels).map(|(ahead, level)| ahead - of(level)));
        for (set, prior, size) in &self.sets {
            let Some(found) = tree.visit(*set) else { continue };
            parts.push(Part {
                node,
                set: *set,
                log: base + prior
                    - size * log_noise
                    - 0.5 * (squares - found.explained)
                    - libm::log(found.pivots),
                mean: start + found.shift,
                variance: own + found.spread,
            });
        }
    }
}
