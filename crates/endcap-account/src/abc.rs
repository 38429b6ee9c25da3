//! ABC classification: limits, decisions, the kernel, and what comes out.

mod accounts;
mod cutoffs;
mod kernel;
mod placement;
mod scheme;

pub use accounts::{ClassifiedAccounts, classify};
pub use cutoffs::{Cut, Cutoffs, MAX_CUTS};
pub(crate) use kernel::checked_sum;
pub use kernel::classify_slice;
pub use placement::{ClassTotal, Classification, Placement, Reason};
pub use scheme::{Class, Convention, Measure, NegativePolicy, Scheme, TiePolicy};
