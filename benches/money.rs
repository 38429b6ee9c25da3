//! Multiply and round: the inner step of every settlement line.
fn main() {}
