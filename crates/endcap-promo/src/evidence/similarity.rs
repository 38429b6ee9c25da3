//! Which control series move like the treated one: dynamic time warping.

use super::EvidenceError;
use super::linalg::check_finite;

/// Most cells of one alignment.
const MAX_CELLS: usize = 25_000_000;

/// How far an alignment may stray from the diagonal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Band {
    /// As far as it likes.
    Free,
    /// At most that many periods (Sakoe–Chiba).
    Within(usize),
}

/// Dynamic-time-warping distance of two series (动态时间规整距离): the least sum of `|x_i − y_j|` over monotone alignments,
/// every step weighing one.
///
/// # Errors
///
/// - [`EvidenceError::TooFew`] for an empty series; [`EvidenceError::NotFinite`]; [`EvidenceError::TooMany`] beyond 25
///   million cells.
/// - [`EvidenceError::Parameter`] for a band narrower than the difference of the lengths.
///
/// # Examples
///
/// ```
/// use endcap_promo::evidence::similarity::{warping_distance, Band};
/// assert_eq!(warping_distance(&[1.0, 3.0, 5.0, 2.0, 8.0], &[2.0, 4.0, 1.0, 3.0, 6.0], Band::Free)?, 7.0);
/// # Ok::<(), endcap_promo::evidence::EvidenceError>(())
/// ```
///
/// # Source
///
/// Sakoe & Chiba (1978); step pattern `symmetric1` of Giorgino (2009).
pub fn warping_distance(x: &[f64], y: &[f64], band: Band) -> Result<f64, EvidenceError> {
    check_finite("first series", x)?;
    check_finite("second series", y)?;
    if x.is_empty() || y.is_empty() {
        return Err(EvidenceError::TooFew { what: "periods", have: 0, need: 1 });
    }
    let cells = x.len().saturating_mul(y.len());
    if cells > MAX_CELLS {
        return Err(EvidenceError::TooMany { what: "cells", have: cells, limit: MAX_CELLS });
    }
    let reach = match band {
        Band::Free => usize::MAX,
        Band::Within(periods) => periods,
    };
    if x.len().abs_diff(y.len()) > reach {
        let value = reach.to_string();
        return Err(EvidenceError::Parameter {
            parameter: "band",
            value,
            expected: "the difference of the lengths or more",
        });
    }
    let mut above = vec![f64::INFINITY; y.len()];
    let mut row = above.clone();
    for (i, a) in x.iter().enumerate() {
        // Only the cells of the band are visited; the cell left of it is out of reach.
        let from = i.saturating_sub(reach);
        let to = i.saturating_add(reach).saturating_add(1).min(y.len());
        let before = from.checked_sub(1).and_then(|j| above.get(j)).copied();
        let mut diagonal = if i == 0 { 0.0 } else { before.unwrap_or(f64::INFINITY) };
        let mut left = f64::INFINITY;
        row.fill(f64::INFINITY);
        let cells = row.iter_mut().zip(y).zip(&above).take(to).skip(from);
        for ((cell, b), up) in cells {
            left = (a - b).abs() + left.min(*up).min(diagonal);
            diagonal = *up;
            *cell = left;
        }
        core::mem::swap(&mut above, &mut row);
    }
    Ok(above.last().copied().unwrap_or(f64::INFINITY))
}

/// Control series in order of distance, nearest first; ties by position (对照筛选).
///
/// # Errors
///
/// - As [`warping_distance`].
pub fn nearest(treated: &[f64], controls: &[&[f64]], band: Band) -> Result<Vec<(usize, f64)>, EvidenceError> {
    let mut order = Vec::with_capacity(controls.len());
    for (at, control) in controls.iter().enumerate() {
        order.push((at, warping_distance(treated, control, band)?));
    }
    order.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    Ok(order)
}
