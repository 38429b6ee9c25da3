//! Gauss–Legendre nodes and weights.

use super::super::EvidenceError;
use crate::border::count;

/// Most nodes of one rule.
const MAX_NODES: usize = 256;

/// A Gauss–Legendre rule on −1..1 (高斯–勒让德求积): exact for polynomials of degree `2n − 1`.
///
/// # Examples
///
/// ```
/// use endcap_promo::evidence::distribution::GaussLegendre;
/// let rule = GaussLegendre::new(3)?;
/// let integral: f64 = rule.on(0.0, 2.0).map(|(x, weight)| weight * x.powi(5)).sum();
/// assert!((integral - 64.0 / 6.0).abs() < 1e-13);
/// # Ok::<(), endcap_promo::evidence::EvidenceError>(())
/// ```
///
/// # Source
///
/// Abramowitz & Stegun 25.4.29; nodes by Newton's method from Tricomi's approximation.
#[derive(Debug, Clone, PartialEq)]
pub struct GaussLegendre {
    nodes: Vec<(f64, f64)>,
}

impl GaussLegendre {
    /// The rule with `nodes` nodes.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::Parameter`] outside 2 to 256.
    pub fn new(nodes: usize) -> Result<Self, EvidenceError> {
        if !(2..=MAX_NODES).contains(&nodes) {
            let value = nodes.to_string();
            return Err(EvidenceError::Parameter { parameter: "nodes", value, expected: "2 to 256" });
        }
        let n = count(nodes);
        let rule = (0..nodes).map(|i| {
            let mut x = -libm::cos(core::f64::consts::PI * (count(i) + 0.75) / (n + 0.5));
            let mut slope = 1.0;
            for _ in 0..100 {
                let (value, derivative) = legendre(nodes, x);
                slope = derivative;
                let step = value / derivative;
                x -= step;
                if step.abs() < 1e-16 {
                    break;
                }
            }
            (x, 2.0 / ((1.0 - x * x) * slope * slope))
        });
        Ok(Self { nodes: rule.collect() })
    }

    /// Nodes and weights on `low..high`.
    pub fn on(&self, low: f64, high: f64) -> impl Iterator<Item = (f64, f64)> + '_ {
        let (middle, half) = (0.5 * (low + high), 0.5 * (high - low));
        self.nodes.iter().map(move |(x, weight)| (middle + half * x, half * weight))
    }
}

/// `P_n(x)` and its derivative by the three-term recurrence.
fn legendre(n: usize, x: f64) -> (f64, f64) {
    let (mut before, mut now) = (1.0, x);
    for k in 2..=n {
        let k = count(k);
        let next = ((2.0 * k - 1.0) * x * now - (k - 1.0) * before) / k;
        before = now;
        now = next;
    }
    (now, count(n) * (x * now - before) / (x * x - 1.0))
}
