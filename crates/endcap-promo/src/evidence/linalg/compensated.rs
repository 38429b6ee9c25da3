//! Weighted sums of vectors to twice the working precision.

/// `Σ w_j·p_j`, every entry as if summed in twice the precision and rounded once (补偿求和).
///
/// Where the sum all but cancels, as a residual does at a perfect fit, the plain sum is noise.
///
/// # Source
///
/// Ogita, Rump & Oishi (2005), "Accurate Sum and Dot Product", algorithm 5.3; Dekker (1971) for the exact product.
pub(crate) fn combine<'a>(terms: impl Iterator<Item = (&'a [f64], f64)>, size: usize) -> Vec<f64> {
    let mut totals = vec![(0.0_f64, 0.0_f64); size];
    for (vector, weight) in terms {
        let w = split(weight);
        for ((total, lost), value) in totals.iter_mut().zip(vector) {
            let product = weight * value;
            let v = split(*value);
            let below = w.1 * v.1 - (((product - w.0 * v.0) - w.1 * v.0) - w.0 * v.1);
            let next = *total + product;
            let virtual_part = next - *total;
            *lost += (*total - (next - virtual_part)) + (product - virtual_part) + below;
            *total = next;
        }
    }
    totals.into_iter().map(|(total, lost)| total + lost).collect()
}

/// A number as the sum of two of half its digits.
fn split(x: f64) -> (f64, f64) {
    let scaled = 134_217_729.0 * x;
    let high = scaled - (scaled - x);
    (high, x - high)
}

#[cfg(test)]
mod tests {
    use super::combine;

    #[test]
    fn a_sum_that_cancels_keeps_its_digits() {
        let (a, b) = ([1.0 + 2.0_f64.powi(-30)], [-1.0 - 2.0_f64.powi(-29)]);
        let w = 1.0 + 2.0_f64.powi(-30);
        // w² − (1 + 2^-29) = 2^-60, which a plain sum loses.
        let exact = combine([(&a[..], w), (&b[..], 1.0)].into_iter(), 1);
        assert_eq!(exact, [2.0_f64.powi(-60)]);
        assert_eq!(w * a[0] + b[0], 0.0);
    }
}
