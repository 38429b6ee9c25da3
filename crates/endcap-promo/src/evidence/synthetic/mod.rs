//! Few treated accounts, many untreated ones: a weighted mix of the untreated stands in for the treated.
//!
//! | item | what it is |
//! |---|---|
//! | [`Panel`] | treated mean and donors over time |
//! | [`Design`], [`estimate`] | difference in differences, synthetic control, demeaned, synthetic DiD: one family |
//! | [`placebos`], [`PlaceboSpread`] | every untreated account treated once |
//! | [`conformal_p`] | all cyclic shifts of residuals refitted under the hypothesis |
//! | [`predictor_weights`] | the inner problem of a synthetic control with predictors |
//! | [`nested_weights`], [`nested_ratios`] | the importance of the predictors searched for, and every unit as a placebo |

mod estimate;
mod nested;
mod panel;
mod placebo;
mod predictors;
mod search;

pub use estimate::{Design, Intercept, Periods, SyntheticEstimate, Units, estimate};
pub use nested::{NestedFit, Starts, Unit, nested_ratios, nested_weights};
pub use panel::Panel;
pub use placebo::{PlaceboSpread, Placebos, conformal_p, error_ratios, placebos};
pub use predictors::{PredictorFit, predictor_weights};
