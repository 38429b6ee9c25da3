//! Where two domain crates meet, and the only place where they do.
