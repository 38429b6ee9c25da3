//! An event as planned: what for, what it should do, how it will be judged.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use endcap_types::{AccountId, ClauseId, Exact, Rate, StoreId};
use rust_decimal::Decimal;

use crate::{Economics, Promotion};

/// What a promotion is for (促销目的).
///
/// # Source
///
/// House rule: the objective decides the figure the event is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Objective {
    /// More units (提量).
    Volume,
    /// A larger part of the category (提升份额).
    Share,
    /// First purchases (拉新试用).
    Trial,
    /// Stock that must go (清库).
    ClearStock,
    /// Holding ground against a competitor (防御).
    Defend,
    /// A launch (新品).
    NewProduct,
    /// Being seen (陈列).
    DisplayPresence,
}

impl Objective {
    /// The figure it is judged by.
    #[must_use]
    pub const fn kpi(self) -> &'static str {
        match self {
            Self::Volume => "net incremental units",
            Self::Share => "share change",
            Self::Trial => "new-buyer or repeat rate",
            Self::ClearStock => "stock left and recovery",
            Self::Defend => "loss avoided against controls",
            Self::NewProduct => "weighted distribution and repeat",
            Self::DisplayPresence => "compliant store-days",
        }
    }
}

/// A figure to reach (目标值), and which objective's figure it is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Target {
    /// The objective whose figure is meant; another one than the event's is a finding.
    pub on: Objective,
    /// The figure.
    pub value: Exact,
}

/// How the event will be judged (评估设计), chosen before it starts.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields))]
pub enum Design {
    /// Stores kept out of it, beyond reach of its shoppers.
    Controls {
        /// How many.
        units: u32,
    },
    /// A design that needs none, by name, such as a baseline of the event's own stores.
    NoControls {
        /// Its name.
        method: String,
    },
    /// Nothing has been chosen.
    Undecided,
}

/// How much the item lives on deals (促销依赖).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Dependence {
    /// Share of weeks on deal.
    pub weeks_on_deal: Rate,
    /// Share of volume sold on deal.
    pub volume_on_deal: Rate,
    /// Quarters in a row in which the baseline fell.
    pub falling_quarters: u32,
}

/// The price an announced cut refers to, and what was really charged (划线价).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct ReferencePrice {
    /// The price announced as the regular one, major units.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub announced: Decimal,
    /// Lowest price charged on each day, same place, major units.
    pub charged: BTreeMap<NaiveDate, Decimal>,
}

/// An event as planned (促销计划).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedEvent {
    /// Mechanic, window, items, funding.
    pub promotion: Promotion,
    /// Where it runs.
    pub account: AccountId,
    /// Its stores; empty when it runs in all stores of the account.
    pub stores: BTreeSet<StoreId>,
    /// What it is for.
    pub objective: Objective,
    /// The figure to reach; absent when nobody has set one.
    pub target: Option<Target>,
    /// Prices and cost.
    pub economics: Economics,
    /// Units expected in the window without it.
    pub base_units: Exact,
    /// Units expected on top, as a share of the base.
    pub planned_lift: Rate,
    /// What may be spent, major units.
    pub budget: Decimal,
    /// Proof of performance asked for, by lump-sum line.
    pub proof: BTreeMap<ClauseId, String>,
    /// Weeks after the end that still belong to its effect.
    pub cooldown_weeks: u32,
    /// Clean weeks before the start.
    pub clean_weeks: u32,
    /// How it will be judged.
    pub design: Design,
    /// Smallest lift the design can see; absent when nobody has worked it out.
    pub detectable_lift: Option<Rate>,
    /// Value of a gift to the shopper, major units; absent without one.
    pub gift_value: Option<Decimal>,
    /// Largest prize, major units; absent without a draw.
    pub largest_prize: Option<Decimal>,
    /// How much the item lives on deals; absent when not known.
    pub dependence: Option<Dependence>,
    /// The announced reference price; absent when none is announced.
    pub reference_price: Option<ReferencePrice>,
}

/// The principles as figures (检查标准): replace what your house does otherwise.
///
/// # Source
///
/// House rule, but for the reference price (China: lowest price of the 7 days before, rules on regulated promotion
/// conduct in force 2020-12-01; EU: at least 30 days, Directive 98/6/EC art. 6a) and the prize cap (50,000 CNY, same
/// Chinese rules). Verify before relying on them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct CheckRules {
    /// Planned lift below this multiple of the break-even lift is a warning.
    pub break_even_margin: Rate,
    /// Fewest clean weeks before the start; twice the length of the event is asked for as well.
    pub clean_weeks: u32,
    /// Fewest control stores.
    pub controls: u32,
    /// A gift below this share of the price is not noticed.
    pub gift_least: Rate,
    /// A gift above it costs too much.
    pub gift_most: Rate,
    /// Share of weeks on deal that is a warning.
    pub weeks_on_deal: Rate,
    /// Share of volume on deal that is a warning.
    pub volume_on_deal: Rate,
    /// Falling quarters in a row that are a warning.
    pub falling_quarters: u32,
    /// Days before the start whose lowest price a reference price may not exceed.
    pub reference_days: u32,
    /// Largest prize allowed, major units.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub prize_cap: Decimal,
}

impl Default for CheckRules {
    fn default() -> Self {
        // Whole percentages within the range of rates.
        let percent = |value: i64| Rate::percent(Decimal::from(value)).unwrap_or(Rate::ZERO);
        Self {
            break_even_margin: percent(120),
            clean_weeks: 8,
            controls: 5,
            gift_least: percent(2),
            gift_most: percent(10),
            weeks_on_deal: percent(25),
            volume_on_deal: percent(40),
            falling_quarters: 2,
            reference_days: 7,
            prize_cap: Decimal::from(50_000),
        }
    }
}
