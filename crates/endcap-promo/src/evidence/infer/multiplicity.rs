//! Many tests at once: adjusted p-values.

use super::super::EvidenceError;
use crate::border::count;

/// What is controlled over a set of tests (多重检验方法).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Adjustment {
    /// Chance of any false claim: `n·p`.
    Bonferroni,
    /// The same, stepwise: a few planned claims.
    Holm,
    /// Share of false claims among the claims (错误发现率): a portfolio.
    BenjaminiHochberg,
    /// The same under any dependence between the tests.
    BenjaminiYekutieli,
}

/// Adjusted p-values in the order given (校正后 p 值): a test is claimed at `alpha` when its value is at most `alpha`.
///
/// # Errors
///
/// - [`EvidenceError::Parameter`] for a p-value outside 0 to 1.
///
/// # Examples
///
/// ```
/// use endcap_promo::evidence::infer::multiplicity::{adjust, Adjustment};
/// let q = adjust(&[0.04, 0.001, 0.03], Adjustment::BenjaminiHochberg)?;
/// assert_eq!(q, [0.04, 0.003, 0.04]);
/// # Ok::<(), endcap_promo::evidence::EvidenceError>(())
/// ```
///
/// # Source
///
/// Holm (1979); Benjamini & Hochberg (1995); Benjamini & Yekutieli (2001).
pub fn adjust(p: &[f64], method: Adjustment) -> Result<Vec<f64>, EvidenceError> {
    if let Some(bad) = p.iter().find(|p| !(0.0..=1.0).contains(*p)) {
        let value = bad.to_string();
        return Err(EvidenceError::Parameter { parameter: "p-value", value, expected: "0 to 1" });
    }
    let n = count(p.len());
    let harmonic: f64 = (1..=p.len()).map(|i| 1.0 / count(i)).sum();
    let mut order: Vec<(usize, f64)> = p.iter().copied().enumerate().collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    let raw: Vec<f64> = (1..=p.len())
        .zip(&order)
        .map(|(rank, (_, p))| match method {
            Adjustment::Bonferroni => n * p,
            Adjustment::Holm => (n - count(rank) + 1.0) * p,
            Adjustment::BenjaminiHochberg => n * p / count(rank),
            Adjustment::BenjaminiYekutieli => harmonic * n * p / count(rank),
        })
        .map(|value| value.min(1.0))
        .collect();
    let monotone: Vec<f64> = match method {
        Adjustment::Bonferroni => raw,
        Adjustment::Holm => raw
            .into_iter()
            .scan(0.0_f64, |most, value| {
                *most = most.max(value);
                Some(*most)
            })
            .collect(),
        Adjustment::BenjaminiHochberg | Adjustment::BenjaminiYekutieli => {
            let mut down: Vec<f64> = raw
                .into_iter()
                .rev()
                .scan(1.0_f64, |least, value| {
                    *least = least.min(value);
                    Some(*least)
                })
                .collect();
            down.reverse();
            down
        }
    };
    let mut adjusted = vec![0.0; p.len()];
    for ((at, _), value) in order.iter().zip(monotone) {
        if let Some(slot) = adjusted.get_mut(*at) {
            *slot = value;
        }
    }
    Ok(adjusted)
}
