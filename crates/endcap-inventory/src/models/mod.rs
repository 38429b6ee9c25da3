//! Inventory models (库存模型): from lot sizes to supply trees, exact wherever the field has an exact method.
//!
//! Every model takes checked numbers and gives a policy with its cost by part; a `…cost_of` beside it prices any other
//! policy, so that optimality can be checked from outside. Costs and probabilities are `f64`; one unit of time a call.
//!
//! | module | what it is |
//! |---|---|
//! | [`Distribution`], [`Pmf`] | demand: normal, exponential, uniform, gamma, lognormal, Poisson, negative binomial, geometric, any pmf; first and second losses |
//! | [`eoq`] | 经济批量: EOQ, finite rate, backorders, whole cases |
//! | [`discount`] | 数量折扣: all units, incremental |
//! | [`jrp`] | 联合补货: Silver's heuristic, cyclic optimum, lower bound |
//! | [`newsvendor`] | 报童: any demand, prices of a season, whole cases, columns |
//! | [`myopic`] | changing purchase costs |
//! | [`periodic`] | 基准库存与定期订货: base stock; order-up-to level for cycle service, fill rate, cost or cover |
//! | [`rq_normal`], [`rq_integer`] | 连续盘点 (r, Q): exact, and the classic heuristics |
//! | [`ss`], [`power`] | (s, S): exact with lead time, and the power approximation |
//! | [`horizon`], [`horizon_bounds`] | 有限期: exact programme and myopic bounds |
//! | [`lot_sizing`] | 动态批量: Wagner–Whitin in O(T log T), rules of thumb |
//! | [`supply`] | 供应不确定: disruptions and yields |
//! | [`echelon`] | 多级库存: serial systems, trees with guaranteed service |

mod cost_table;
mod costs;
pub mod discount;
mod dist;
pub mod echelon;
pub mod eoq;
mod error;
pub mod horizon;
pub mod horizon_bounds;
pub mod jrp;
pub mod lot_sizing;
pub mod myopic;
pub mod newsvendor;
pub(crate) mod num;
pub mod periodic;
pub mod power;
pub mod rq_integer;
pub mod rq_normal;
pub mod ss;
pub mod supply;

pub use costs::{RiskTime, UnitCosts};
pub use dist::{Distribution, GeometricStart, Losses, Pmf};
pub use error::ModelError;
pub(crate) use num::{float, float_len};

/// `φ(z)/Q(z)`, for any `z`.
#[allow(clippy::float_arithmetic, reason = "a statistics module: probabilities are f64")]
pub(crate) fn inverse_mills(z: f64) -> f64 {
    let tail = dist::tails::normal_upper(z);
    if tail > 0.0 { dist::tails::normal_density(z) / tail } else { z }
}
