//! From files to a [`Book`](crate::book::Book).

pub mod cover;
pub mod lines;
pub mod master;
pub mod sample;
pub mod shelves;
pub mod terms;
