//! Sums over all sets of controls: neighbouring sets share their factor.

/// What one set adds to the fit.
#[derive(Debug, Clone, Copy)]
pub(super) struct SetFit {
    /// `c'A⁻¹c`.
    pub(super) explained: f64,
    /// `c'A⁻¹d`.
    pub(super) shift: f64,
    /// `d'A⁻¹d`.
    pub(super) spread: f64,
    /// `√|A|`.
    pub(super) pivots: f64,
}

/// One row of the factor of a set: a column of the regression and what comes before it.
#[derive(Debug, Clone)]
struct Step {
    column: usize,
    /// The factor's row, its pivot last.
    row: Vec<f64>,
    /// Entries of `L⁻¹c` and `L⁻¹d`.
    c: f64,
    d: f64,
    /// Totals up to this row.
    fit: SetFit,
}

/// Factors `A = LL'` of the principal submatrices of one matrix, set by set.
///
/// Sets come as rising bit masks. A set is walked from its highest column down, so that the set before it, which differs
/// in the lowest bits, leaves most rows in place: sixteen sets of four columns take sixteen rows instead of thirty-two,
/// and no set takes memory.
#[derive(Debug, Clone)]
pub(super) struct SetTree {
    /// Upper triangle of `A` by rows.
    pub(super) matrix: Vec<f64>,
    /// `c`.
    pub(super) right: Vec<f64>,
    /// `d`.
    pub(super) gap: Vec<f64>,
    columns: usize,
    steps: Vec<Step>,
    depth: usize,
    /// The set whose factor stands in `steps`.
    current: u32,
}

impl SetTree {
    pub(super) fn new(columns: usize) -> Self {
        let zero = SetFit { explained: 0.0, shift: 0.0, spread: 0.0, pivots: 1.0 };
        let step = Step { column: 0, row: Vec::with_capacity(columns), c: 0.0, d: 0.0, fit: zero };
        Self {
            matrix: Vec::new(),
            right: Vec::new(),
            gap: Vec::new(),
            columns,
            steps: vec![step; columns],
            depth: 0,
            current: 0,
        }
    }

    /// The fit of a set; none where its matrix is not positive definite. Set 0 starts a new matrix.
    pub(super) fn visit(&mut self, set: u32) -> Option<SetFit> {
        if set <= self.current {
            self.depth = 0;
        }
        self.current = set;
        let (mut depth, mut same) = (0_usize, true);
        for column in (0..self.columns).rev().filter(|column| set >> column & 1 == 1) {
            let there = self.steps.get(depth).map(|step| step.column);
            same = same && depth < self.depth && there == Some(column);
            if !same && !self.grow(depth, column) {
                self.depth = depth;
                return None;
            }
            depth = depth.saturating_add(1);
        }
        self.depth = depth;
        Some(
            depth
                .checked_sub(1)
                .and_then(|last| self.steps.get(last))
                .map_or(SetFit { explained: 0.0, shift: 0.0, spread: 0.0, pivots: 1.0 }, |step| step.fit),
        )
    }

    /// Writes row `depth` for a column; false when the pivot is not positive.
    fn grow(&mut self, depth: usize, column: usize) -> bool {
        let columns = self.columns;
        let entry = |i: usize, j: usize| {
            // Place of `(i, j)`, `i ≤ j`, in an upper triangle stored by rows.
            let before = i.saturating_mul(columns.saturating_mul(2).saturating_sub(i).saturating_add(1)) / 2;
            self.matrix.get(before.saturating_add(j).saturating_sub(i)).copied().unwrap_or(f64::NAN)
        };
        let at = |list: &[f64]| list.get(column).copied().unwrap_or(f64::NAN);
        let (mut c, mut d, mut pivot) = (at(&self.right), at(&self.gap), entry(column, column));
        let diagonal = pivot;
        let (earlier, rest) = self.steps.split_at_mut_checked(depth).unwrap_or((&mut [], &mut []));
        let Some(step) = rest.first_mut() else { return false };
        step.row.clear();
        let zero = SetFit { explained: 0.0, shift: 0.0, spread: 0.0, pivots: 1.0 };
        let mut fit = zero;
        for above in earlier.iter() {
            let known = above.row.iter().zip(&step.row).map(|(x, y)| x * y).sum::<f64>();
            let value = (entry(column, above.column) - known) / above.row.last().copied().unwrap_or(f64::NAN);
            c -= value * above.c;
            d -= value * above.d;
            pivot -= value * value;
            step.row.push(value);
            fit = above.fit;
        }
        if pivot <= 1e-15 * diagonal || !pivot.is_finite() {
            return false;
        }
        let root = pivot.sqrt();
        step.row.push(root);
        (step.column, step.c, step.d) = (column, c / root, d / root);
        step.fit = SetFit {
            explained: fit.explained + step.c * step.c,
            shift: fit.shift + step.c * step.d,
            spread: fit.spread + step.d * step.d,
            pivots: fit.pivots * root,
        };
        true
    }
}
