//! Several criteria at once: one matrix, several methods, one form of answer.

mod ahp;
mod edas;
mod linear;
mod matrix;
mod ng;
mod ranking;
mod saw;
mod topsis;
mod vikor;

pub use ahp::{Consistency, Judgements, MAX_JUDGED, MAX_JUDGEMENT, Priorities};
pub use edas::edas;
pub use linear::{Weighting, best_weights, blended_weights};
pub use matrix::{Criterion, CriterionMatrix, Direction, MAX_CRITERIA};
pub use ng::{NgScore, ng, ng_score};
pub use ranking::{Best, Ranking, Remark, Standing, rank_by};
pub use saw::saw;
pub use topsis::{Topsis, topsis};
pub use vikor::{Vikor, vikor};
