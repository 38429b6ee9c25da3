//! ABC classification: limits, decisions, the kernel, and what comes out.

mod accounts;
mod adjust;
mod codes;
mod cutoffs;
mod kernel;
mod limits;
mod placement;
mod scheme;
mod select;

pub use accounts::{ClassifiedAccounts, classify};
pub use adjust::{ManualClass, with_minimum_sizes};
pub use codes::{ClassCuts, CutPoint, class_codes};
pub use cutoffs::{Cut, Cutoffs, MAX_CUTS};
pub(crate) use kernel::checked_sum;
pub use kernel::classify_slice;
pub use limits::{DataLimits, data_limits};
pub use placement::{ClassTotal, Classification, Placement, Reason};
pub use scheme::{Class, Convention, Measure, NegativePolicy, Scheme, TiePolicy};
