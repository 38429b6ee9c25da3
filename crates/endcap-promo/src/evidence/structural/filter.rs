//! Kalman filter of the local level, eight pairs of scales at a time.

/// Scales filtered side by side.
pub(super) const LANES: usize = 8;
/// One number a lane.
pub(super) type Lane = [f64; LANES];

/// The pre-period, standardised: the treated series first, then the columns of the regression.
#[derive(Debug, Clone)]
pub(super) struct Series {
    /// `rows[t]`: treated value and columns at period `t`, in that order.
    pub(super) rows: Vec<Vec<f64>>,
    /// Whether the treated value of period `t` is known.
    pub(super) known: Vec<bool>,
    pub(super) width: usize,
    pub(super) first: f64,
}

/// What one pass over the pre-period leaves, for every lane.
#[derive(Debug, Clone)]
pub(super) struct Filtered {
    /// `Σ ln f` over known periods.
    pub(super) log_determinant: Lane,
    /// Whitened cross-products of the innovations, upper triangle by rows.
    pub(super) products: Vec<Lane>,
    /// Predicted average over the known periods of the event from the states alone, of every series.
    pub(super) levels: Vec<Lane>,
    /// Its variance, steps of the level during the event aside.
    pub(super) variance: Lane,
}

impl Series {
    pub(super) fn new(treated: &[Option<f64>], columns: &[Vec<f64>]) -> Self {
        let rows = treated
            .iter()
            .enumerate()
            .map(|(t, y)| {
                let own = y.unwrap_or(0.0);
                core::iter::once(own).chain(columns.iter().filter_map(|c| c.get(t).copied())).collect()
            })
            .collect();
        let first = treated.iter().flatten().next().copied().unwrap_or(0.0);
        let known = treated.iter().map(Option::is_some).collect();
        Self { rows, known, width: columns.len().saturating_add(1), first }
    }

    pub(super) const fn width(&self) -> usize {
        self.width
    }

    /// Filters with level variances `level` and observation variances `noise`.
    ///
    /// # Source
    ///
    /// Durbin & Koopman (2012), Time Series Analysis by State Space Methods, equations 2.15, and 6.2 for the columns.
    pub(super) fn filter(&self, level: &Lane, noise: &Lane) -> Filtered {
        if self.width == 1 { self.filter_alone(level, noise) } else { self.filter_columns(level, noise) }
    }

    /// The treated series alone: everything stays in registers.
    fn filter_alone(&self, level: &Lane, noise: &Lane) -> Filtered {
        let mut mean = [self.first; LANES];
        let mut variance = [1.0_f64; LANES];
        let mut squares = [0.0_f64; LANES];
        let mut determinant = Determinant::new();
        for (row, known) in self.rows.iter().zip(&self.known) {
            if !known {
                variance.iter_mut().zip(level).for_each(|(p, l)| *p += l);
                continue;
            }
            let y = row.first().copied().unwrap_or(0.0);
            let mut scale = [0.0_f64; LANES];
            let lanes = mean.iter_mut().zip(&mut variance).zip(&mut squares).zip(&mut scale);
            for ((((a, p), s), f), (l, o)) in lanes.zip(level.iter().zip(noise)) {
                let total = *p + o;
                let inverse = 1.0 / total;
                let gain = *p * inverse;
                let miss = y - *a;
                *a += gain * miss;
                *s += miss * miss * inverse;
                *p = gain * o + l;
                *f = total;
            }
            determinant.multiply(&scale);
        }
        Filtered {
            log_determinant: determinant.finish(),
            products: vec![squares],
            levels: vec![mean],
            variance,
        }
    }

    fn filter_columns(&self, level: &Lane, noise: &Lane) -> Filtered {
        let mut levels = vec![[0.0_f64; LANES]; self.width];
        if let Some(own) = levels.first_mut() {
            *own = [self.first; LANES];
        }
        let pairs = self.width.saturating_mul(self.width.saturating_add(1)) / 2;
        let mut products = vec![[0.0_f64; LANES]; pairs];
        let mut misses = vec![[0.0_f64; LANES]; self.width];
        let mut variance = [1.0_f64; LANES];
        let mut determinant = Determinant::new();
        for (row, known) in self.rows.iter().zip(&self.known) {
            if !known {
                variance.iter_mut().zip(level).for_each(|(p, l)| *p += l);
                continue;
            }
            let (mut scale, mut inverse, mut gain) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
            let lanes = variance.iter_mut().zip(&mut scale).zip(&mut inverse).zip(&mut gain);
            for ((((p, f), i), k), (l, o)) in lanes.zip(level.iter().zip(noise)) {
                *f = *p + o;
                *i = 1.0 / *f;
                *k = *p * *i;
                *p = *k * o + l;
            }
            determinant.multiply(&scale);
            for ((value, a), miss) in row.iter().zip(&mut levels).zip(&mut misses) {
                for ((a, miss), k) in a.iter_mut().zip(miss.iter_mut()).zip(&gain) {
                    *miss = value - *a;
                    *a += k * *miss;
                }
            }
            let mut slots = products.iter_mut();
            let mut rest = misses.as_slice();
            while let Some((left, later)) = rest.split_first() {
                let mut weighted = [0.0; LANES];
                for ((w, miss), i) in weighted.iter_mut().zip(left).zip(&inverse) {
                    *w = miss * i;
                }
                for (right, slot) in rest.iter().zip(&mut slots) {
                    for ((s, w), miss) in slot.iter_mut().zip(&weighted).zip(right) {
                        *s += w * miss;
                    }
                }
                rest = later;
            }
        }
        Filtered { log_determinant: determinant.finish(), products, levels, variance }
    }
}

/// Running `Σ ln f`, a logarithm every sixteen factors.
pub(super) struct Determinant {
    product: Lane,
    total: Lane,
    pending: u32,
}

impl Determinant {
    pub(super) const fn new() -> Self {
        Self { product: [1.0; LANES], total: [0.0; LANES], pending: 0 }
    }

    pub(super) fn multiply(&mut self, factors: &Lane) {
        self.product.iter_mut().zip(factors).for_each(|(product, f)| *product *= f);
        self.pending = self.pending.saturating_add(1);
        if self.pending == 16 {
            self.fold();
        }
    }

    fn fold(&mut self) {
        for (total, product) in self.total.iter_mut().zip(&mut self.product) {
            *total += libm::log(*product);
            *product = 1.0;
        }
        self.pending = 0;
    }

    pub(super) fn finish(mut self) -> Lane {
        self.fold();
        self.total
    }
}
