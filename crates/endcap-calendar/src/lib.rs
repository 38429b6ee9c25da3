//! Trade periods, day counts, business days, payment terms and due dates.

mod error;
mod grain;
mod period;
mod period_text;
mod pieces;

pub mod dates;
pub mod limits;

pub use error::CalendarError;
pub use grain::Grain;
pub use period::Period;
pub use pieces::{Dates, Pieces};
