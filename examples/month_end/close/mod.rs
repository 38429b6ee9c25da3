//! The close itself, one step a file.

pub mod accounts;
pub mod books;
pub mod checks;
pub mod orders;
pub mod promotions;
pub mod settle;
pub mod shelves;
pub mod stock;
