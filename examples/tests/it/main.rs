//! The examples as programs: what they print, what they refuse and how they say it.
//!
//! `cargo test -p endcap-examples` builds the examples before it runs this; with `--test it` alone, build them first.

#[path = "../../common/mod.rs"]
mod common;

mod classify;
mod contract_reference;
mod customer_value;
mod inputs;
mod inventory_backtest;
mod ledger_reports;
mod month_end;
mod peers;
mod planogram;
mod program;
mod promo_eval;
mod promo_evidence;
mod promo_plan;
mod real_retail;
mod replenish;
mod settlement;
mod settlement_reference;
mod tables;
mod whale_curve;
