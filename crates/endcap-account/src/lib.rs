//! Which accounts are key, why, and what each one earns: ABC, concentration, cost to serve, the whale curve.

mod abc;
mod concentration;
mod error;
mod fraction;
mod grouped;
mod minor;

pub use abc::{
    Class, ClassTotal, Classification, Convention, Cut, Cutoffs, MAX_CUTS, Measure, NegativePolicy, Placement, Reason,
    Scheme, TiePolicy, classify_slice,
};
pub use concentration::{Concentration, NegativeShares};
pub use error::AccountError;
pub use fraction::Fraction;
pub use grouped::{GroupedSums, Validity};
pub use minor::MinorUnits;
