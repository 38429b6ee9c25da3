//! Key-account management for consumer-goods suppliers: one facade over the endcap crates, and the bridges between them.
