//! Stores that are written to, tampered with, raced for and killed.

mod append;
mod crash;
mod program;
mod server;
