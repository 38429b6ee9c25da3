//! Several stages in a row or in a tree (多级库存).

pub mod guaranteed;
mod guaranteed_table;
pub mod serial;
mod serial_normal;
mod serial_poisson;
