//! Groups of stores, treated and control: the effect and the return on the money spent.
//!
//! | item | what it is |
//! |---|---|
//! | [`Tbr`] | time-based regression of the treated group on the control group |
//! | [`GeoDesign`] | before the start: power, detectable effect, budget for a return |
//! | [`ratio_interval`] | effect over cost with precision, also when the cost is uncertain |
//! | [`difference_in_differences`], [`unit_differences`] | before and after, treated and control |

mod design;
mod did;
mod ratio;
mod tbr;

pub use design::{GeoDesign, RatioPrecision};
pub use did::{DidSpread, difference_in_differences, unit_differences};
pub use ratio::{Ratio, RatioInput, RatioInterval, ratio_interval};
pub use tbr::{Noise, Tbr};
