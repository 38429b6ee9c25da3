//! ABC classification: limits, decisions, the kernel, and what comes out.

mod cutoffs;
mod kernel;
mod placement;
mod scheme;

pub use cutoffs::{Cut, Cutoffs, MAX_CUTS};
pub use kernel::classify_slice;
pub(crate) use kernel::{checked_add, checked_sum};
pub use placement::{ClassTotal, Classification, Placement, Reason};
pub use scheme::{Class, Convention, Measure, NegativePolicy, Scheme, TiePolicy};
