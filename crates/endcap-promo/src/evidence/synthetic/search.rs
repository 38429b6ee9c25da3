//! Downhill simplex: a minimum of a function without derivatives.

use crate::border::count;

/// How a descent is run (下降参数).
#[derive(Debug, Clone, Copy)]
pub(super) struct Descent {
    /// First step along every axis.
    pub(super) step: f64,
    /// Most evaluations.
    pub(super) rounds: usize,
    /// Ends when the values of the corners differ by no more than this share.
    pub(super) tolerance: f64,
}

/// The lowest point found and its value; ties keep the earlier corner, so the path is the same on every run.
///
/// # Source
///
/// Nelder & Mead (1965), with reflection 1, expansion 2, contraction and shrinkage ½.
pub(super) fn minimise(start: &[f64], descent: Descent, f: &mut dyn FnMut(&[f64]) -> f64) -> (Vec<f64>, f64) {
    let mut used: usize = 0;
    let mut value = |point: &[f64]| {
        used = used.saturating_add(1);
        (f(point), used)
    };
    let mut corners: Vec<(f64, Vec<f64>)> = Vec::with_capacity(start.len().saturating_add(1));
    corners.push((value(start).0, start.to_vec()));
    for axis in 0..start.len() {
        let mut point = start.to_vec();
        if let Some(x) = point.get_mut(axis) {
            *x += descent.step;
        }
        corners.push((value(&point).0, point));
    }
    let mut spent = corners.len();
    while spent < descent.rounds {
        corners.sort_by(|a, b| a.0.total_cmp(&b.0));
        let Some((worst, better)) = corners.split_last_mut() else { break };
        let (Some(best), Some(second)) = (better.first().cloned(), better.last().map(|c| c.0)) else { break };
        if worst.0 - best.0 <= descent.tolerance * (best.0.abs() + descent.tolerance) {
            break;
        }
        let mut centre = vec![0.0; start.len()];
        for (_, corner) in better.iter() {
            centre.iter_mut().zip(corner).for_each(|(c, x)| *c += x);
        }
        let size = count(better.len());
        centre.iter_mut().for_each(|c| *c /= size);
        let along = |share: f64| -> Vec<f64> {
            centre.iter().zip(&worst.1).map(|(c, w)| c + share * (w - c)).collect()
        };
        let reflected = along(-1.0);
        let (height, _) = value(&reflected);
        if height < best.0 {
            let further = along(-2.0);
            let (lower, so_far) = value(&further);
            spent = so_far;
            *worst = if lower < height { (lower, further) } else { (height, reflected) };
        } else if height < second {
            *worst = (height, reflected);
            spent = spent.saturating_add(1);
        } else {
            let inside = if height < worst.0 { along(-0.5) } else { along(0.5) };
            let (found, so_far) = value(&inside);
            spent = so_far;
            if found < worst.0.min(height) {
                *worst = (found, inside);
            } else {
                for corner in corners.iter_mut().skip(1) {
                    corner.1.iter_mut().zip(&best.1).for_each(|(x, b)| *x = b + 0.5 * (*x - b));
                    (corner.0, spent) = value(&corner.1);
                }
            }
        }
    }
    corners.sort_by(|a, b| a.0.total_cmp(&b.0));
    corners.into_iter().next().map_or_else(|| (start.to_vec(), f64::INFINITY), |(low, point)| (point, low))
}
