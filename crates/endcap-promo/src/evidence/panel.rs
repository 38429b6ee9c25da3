//! Store-week panels with fixed effects: what price, feature and display do beyond store and week.

use std::collections::BTreeMap;

use super::linalg::{Design, Square, check_finite, check_length, dot, mean};
use super::regression::{Ols, SampleFactor, clustered};
use super::{EvidenceError, Inestimable};
use crate::border::count;

/// Share of a column that must survive the fixed effects.
const ABSORBED: f64 = 1e-7;
/// Most rounds of alternating demeaning.
const MAX_ROUNDS: usize = 100_000;

/// What is held fixed (固定效应); ids name the group of every row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FixedEffects<'a> {
    /// One kind of group, such as stores.
    One(&'a [usize]),
    /// Two kinds that cross, such as stores and weeks.
    Two(&'a [usize], &'a [usize]),
}

/// One effect of a panel, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Coefficient {
    /// Estimated.
    Estimated {
        /// The coefficient.
        value: f64,
        /// Its standard error under equal scatter.
        standard_error: f64,
    },
    /// The data cannot separate it (无法估计): never a number.
    NotEstimable(Inestimable),
}

impl Coefficient {
    /// The estimate, if there is one.
    #[must_use]
    pub const fn value(&self) -> Option<f64> {
        match self {
            Self::Estimated { value, .. } => Some(*value),
            Self::NotEstimable(_) => None,
        }
    }

    /// Its standard error, if there is one.
    #[must_use]
    pub const fn standard_error(&self) -> Option<f64> {
        match self {
            Self::Estimated { standard_error, .. } => Some(*standard_error),
            Self::NotEstimable(_) => None,
        }
    }
}

/// A regression with fixed effects (面板固定效应回归).
#[derive(Debug, Clone, PartialEq)]
pub struct PanelFit {
    /// Every column, in the order given.
    pub coefficients: Vec<(String, Coefficient)>,
    /// Residual degrees of freedom: rows less groups less columns, plus one a connected block.
    pub df: usize,
    /// Residual sum of squares.
    pub rss: f64,
    /// Groups of each kind.
    pub groups: Vec<usize>,
    /// Rounds of demeaning of the slowest column.
    pub rounds: usize,
    design: Design,
    outcome: Vec<f64>,
}

impl PanelFit {
    /// Regresses `y` on the columns within the fixed effects.
    ///
    /// Columns are demeaned in turn by every kind of group until nothing moves by more than 10⁻¹² of their scale. A column
    /// of which less than 10⁻⁷ is left is absorbed, and reported so.
    ///
    /// # Errors
    ///
    /// - [`EvidenceError::Shape`], [`EvidenceError::NotFinite`].
    /// - [`EvidenceError::TooFew`] without residual degrees of freedom, or when no column is estimable.
    /// - [`EvidenceError::NotConverged`].
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_promo::evidence::linalg::Design;
    /// use endcap_promo::evidence::panel::{Coefficient, FixedEffects, PanelFit};
    /// use endcap_promo::evidence::Inestimable;
    /// let (stores, weeks) = ([0, 0, 0, 1, 1, 1], [0, 1, 2, 0, 1, 2]);
    /// // The flag is on in every store of week 2: week effects swallow it.
    /// let design = Design::new(6)?
    ///     .with("log price", &[0.1, 0.3, 0.2, 0.4, 0.1, 0.3])?
    ///     .with("feature", &[0.0, 0.0, 1.0, 0.0, 0.0, 1.0])?;
    /// let fit = PanelFit::new(&design, &[5.0, 4.5, 5.2, 3.9, 4.9, 4.8], FixedEffects::Two(&stores, &weeks))?;
    /// assert_eq!(fit.coefficients[1].1, Coefficient::NotEstimable(Inestimable::Absorbed));
    /// # Ok::<(), endcap_promo::evidence::EvidenceError>(())
    /// ```
    ///
    /// # Source
    ///
    /// Wittink, Addona, Hawkes & Porter (1988), SCAN*PRO, for the model; Guimarães & Portugal (2010) for alternating
    /// demeaning; Abowd, Creecy & Kramarz (2002) for the connected blocks.
    pub fn new(design: &Design, y: &[f64], effects: FixedEffects<'_>) -> Result<Self, EvidenceError> {
        check_length("y", y.len(), design.rows())?;
        check_finite("y", y)?;
        let kinds: Vec<&[usize]> = match effects {
            FixedEffects::One(ids) => vec![ids],
            FixedEffects::Two(first, second) => vec![first, second],
        };
        let mut groups = Vec::with_capacity(kinds.len());
        for ids in &kinds {
            check_length("group ids", ids.len(), design.rows())?;
            groups.push(Groups::new(ids));
        }
        let (outcome, mut rounds) = demean(y, &groups)?;
        let mut within = Design::new(design.rows())?;
        let mut absorbed = Vec::with_capacity(design.width());
        for (name, column) in design.names().iter().zip(design.columns()) {
            let (left, own) = demean(column, &groups)?;
            rounds = rounds.max(own);
            let centre = mean(column);
            let centred: f64 = column.iter().map(|x| (x - centre) * (x - centre)).sum();
            absorbed.push(if centred == 0.0 {
                Some(Inestimable::NoVariation)
            } else if dot(&left, &left) < ABSORBED * ABSORBED * centred {
                Some(Inestimable::Absorbed)
            } else {
                None
            });
            within = within.with(name, &left)?;
        }
        // A column that the ones before it explain is named by the fit, and left out.
        let fixed = fixed_rank(&groups);
        loop {
            let kept = within.keep(|j| matches!(absorbed.get(j), Some(None)));
            if kept.width() == 0 {
                return Err(EvidenceError::TooFew { what: "estimable columns", have: 0, need: 1 });
            }
            let used = fixed.saturating_add(kept.width());
            let df = design.rows().saturating_sub(used);
            if df == 0 {
                return Err(EvidenceError::TooFew {
                    what: "observations",
                    have: design.rows(),
                    need: used.saturating_add(1),
                });
            }
            match Ols::fit(&kept, &outcome) {
                Err(EvidenceError::NotEstimable { column, why }) => {
                    let place =
                        within.names().iter().zip(&absorbed).position(|(n, a)| *n == column && a.is_none());
                    match place.and_then(|j| absorbed.get_mut(j)) {
                        Some(slot) => *slot = Some(why),
                        None => return Err(EvidenceError::NotEstimable { column, why }),
                    }
                }
                Err(error) => return Err(error),
                Ok(fit) => {
                    let rss = fit.rss();
                    let covariance = fit.inverse_gram().scaled(rss / count(df));
                    let values = fit.coefficients().iter().zip(super::regression::roots(&covariance));
                    let mut values = values.map(|(value, standard_error)| Coefficient::Estimated {
                        value: *value,
                        standard_error,
                    });
                    let coefficients = design
                        .names()
                        .iter()
                        .zip(&absorbed)
                        .filter_map(|(name, why)| {
                            let own = match why {
                                Some(why) => Coefficient::NotEstimable(*why),
                                None => values.next()?,
                            };
                            Some((name.clone(), own))
                        })
                        .collect();
                    let groups = groups.iter().map(|g| g.sizes.len()).collect();
                    return Ok(Self { coefficients, df, rss, groups, rounds, design: kept, outcome });
                }
            }
        }
    }

    /// The coefficient of a column, by name.
    #[must_use]
    pub fn coefficient(&self, name: &str) -> Option<Coefficient> {
        self.coefficients.iter().find(|(column, _)| column == name).map(|(_, own)| *own)
    }

    /// Standard errors clustered by `clusters`, by name of the estimable columns (聚类标准误).
    ///
    /// # Errors
    ///
    /// - As [`clustered`].
    pub fn clustered_errors(
        &self,
        clusters: &[usize],
        factor: SampleFactor,
    ) -> Result<Vec<(String, f64)>, EvidenceError> {
        let fit = Ols::fit(&self.design, &self.outcome)?;
        let covariance: Square = clustered(&fit, clusters, factor)?;
        Ok(self.design.names().iter().cloned().zip(super::regression::roots(&covariance)).collect())
    }
}

/// Dense ids and sizes of one kind of group.
struct Groups {
    of: Vec<usize>,
    sizes: Vec<f64>,
}

impl Groups {
    fn new(ids: &[usize]) -> Self {
        let mut order: BTreeMap<usize, usize> = ids.iter().map(|id| (*id, 0)).collect();
        for (position, slot) in order.values_mut().enumerate() {
            *slot = position;
        }
        let of: Vec<usize> = ids.iter().filter_map(|id| order.get(id).copied()).collect();
        let mut sizes = vec![0.0; order.len()];
        for group in &of {
            if let Some(size) = sizes.get_mut(*group) {
                *size += 1.0;
            }
        }
        Self { of, sizes }
    }

    /// Takes the group means out; the largest of them.
    fn sweep(&self, values: &mut [f64], means: &mut Vec<f64>) -> f64 {
        means.clear();
        means.resize(self.sizes.len(), 0.0);
        for (group, value) in self.of.iter().zip(values.iter()) {
            if let Some(total) = means.get_mut(*group) {
                *total += value;
            }
        }
        let mut most = 0.0_f64;
        for (total, size) in means.iter_mut().zip(&self.sizes) {
            *total /= size;
            most = most.max(total.abs());
        }
        for (group, value) in self.of.iter().zip(values.iter_mut()) {
            *value -= means.get(*group).copied().unwrap_or(0.0);
        }
        most
    }
}

/// A column within the groups, and the rounds it took.
fn demean(column: &[f64], groups: &[Groups]) -> Result<(Vec<f64>, usize), EvidenceError> {
    let mut values = column.to_vec();
    let scale = column.iter().fold(f64::MIN_POSITIVE, |most, x| most.max(x.abs()));
    let mut means = Vec::new();
    for round in 1..=MAX_ROUNDS {
        let moved = groups.iter().map(|g| g.sweep(&mut values, &mut means)).fold(0.0, f64::max);
        if moved <= 1e-13 * scale || (groups.len() == 1 && round > 1) {
            return Ok((values, round));
        }
    }
    Err(EvidenceError::NotConverged { what: "demeaning", iterations: MAX_ROUNDS })
}

/// Rank of the dummies: groups of both kinds less one a connected block.
fn fixed_rank(groups: &[Groups]) -> usize {
    let [first, second] = groups else { return groups.iter().map(|g| g.sizes.len()).sum() };
    let nodes = first.sizes.len().saturating_add(second.sizes.len());
    let mut parent: Vec<usize> = (0..nodes).collect();
    let mut blocks = nodes;
    for (a, b) in first.of.iter().zip(&second.of) {
        let (a, b) = (find(&mut parent, *a), find(&mut parent, first.sizes.len().saturating_add(*b)));
        if a != b {
            if let Some(slot) = parent.get_mut(a.max(b)) {
                *slot = a.min(b);
            }
            blocks = blocks.saturating_sub(1);
        }
    }
    nodes.saturating_sub(blocks)
}

fn find(parent: &mut [usize], mut node: usize) -> usize {
    while let Some(up) = parent.get(node).copied().filter(|up| *up != node) {
        let grand = parent.get(up).copied().unwrap_or(up);
        if let Some(slot) = parent.get_mut(node) {
            *slot = grand;
        }
        node = up;
    }
    node
}
