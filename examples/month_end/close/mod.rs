//! The close itself, one step a file.

pub mod accounts;
pub mod books;
pub mod checks;
pub mod orders;
pub mod promotions;
pub mod settle;
pub mod shelves;
pub mod stock;

/// Facts that do not fit together, found while closing; the exit code is that of bad input.
#[derive(Debug)]
pub struct BadInput(pub String);

impl std::fmt::Display for BadInput {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for BadInput {}
