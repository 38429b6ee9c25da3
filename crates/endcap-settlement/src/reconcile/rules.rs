//! [`ReconRules`]: on what lines are paired, and what else is known of the account.

use std::collections::{BTreeMap, BTreeSet};

use endcap_calendar::{Grain, Period};
use endcap_types::{ClauseId, Currency, Money, SkuId, StoreId};

use super::error::ReconcileError;
use super::line::KeyField;
use super::tolerance::Tolerance;

/// 主数据范围: which SKUs or stores the account knows.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "snake_case", bound(deserialize = "T: Ord + serde::Deserialize<'de>"))
)]
pub enum Known<T> {
    /// Not checked.
    Any,
    /// These and no others.
    Only(BTreeSet<T>),
}

impl<T: Ord> Known<T> {
    pub(super) fn knows(&self, id: Option<&T>) -> bool {
        match (self, id) {
            (Self::Any, _) | (_, None) => true,
            (Self::Only(known), Some(id)) => known.contains(id),
        }
    }
}

/// 条款额度: how much an agreed clause may take in the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Allowance {
    /// Agreed without a limit.
    Unlimited,
    /// At most this much, all its deductions of one side together; an amount above zero.
    UpTo(Money),
}

/// 对账规则: keys of the passes, tolerances, and what is agreed.
///
/// # Source
/// House rule: keys from full to reduced, then amount and date; every default is a field that can be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "super::rules_text::RulesText"))]
pub struct ReconRules {
    /// 对账期间: lines booked in it make the two balances.
    pub period: Period,
    /// The grid of periods, to name the one a line of another period was booked in.
    pub grain: Grain,
    /// Currency of the account.
    pub currency: Currency,
    /// Pass 1: fields that must be equal, where an absent value equals an absent one. Also tells duplicates.
    pub full_key: BTreeSet<KeyField>,
    /// Pass 2: sets of fields, tried in order; a line that lacks a value of a set is not asked.
    pub reduced_keys: Vec<BTreeSet<KeyField>>,
    /// Pass 3: fields that must still be equal, where an absent value equals an absent one.
    pub fuzzy_key: BTreeSet<KeyField>,
    /// How far amounts may differ: what pass 3 pairs, and what a paired line is forgiven. Measured on the larger one.
    pub tolerance: Tolerance,
    /// Most days between the dates of two lines paired by pass 3.
    pub window_days: u32,
    /// 在途天数: an unpaired delivery or return dated within so many last days of the period is taken to be in transit.
    pub transit_days: u32,
    /// Known SKUs.
    pub skus: Known<SkuId>,
    /// Known stores.
    pub stores: Known<StoreId>,
    /// Agreed clauses and what they may take.
    pub clauses: BTreeMap<ClauseId, Allowance>,
}

impl ReconRules {
    /// 默认规则: exact keys; then receipt + SKU, order + store + SKU, invoice; then equal amounts within seven days.
    ///
    /// Nothing is in transit, every SKU and store is known, and no clause is agreed until the caller says so.
    #[must_use]
    pub fn new(period: Period, currency: Currency) -> Self {
        use KeyField::{Amount, Clause, Date, Invoice, Order, Quantity, Receipt, Sku, Store};
        Self {
            period,
            grain: Grain::Month,
            currency,
            full_key: [Order, Receipt, Invoice, Store, Sku, Clause, Date, Quantity, Amount].into(),
            reduced_keys: vec![[Receipt, Sku].into(), [Order, Store, Sku].into(), [Invoice].into()],
            fuzzy_key: [Store, Sku, Clause].into(),
            tolerance: Tolerance::NONE,
            window_days: 7,
            transit_days: 0,
            skus: Known::Any,
            stores: Known::Any,
            clauses: BTreeMap::new(),
        }
    }

    /// 规则检查: whether every key names a field, every limit is above zero and all money is in the account's currency.
    ///
    /// # Errors
    /// - [`ReconcileError::EmptyKey`] for a full or reduced key without fields.
    /// - [`ReconcileError::AllowanceNotPositive`] for a clause limit of zero or less.
    /// - [`ReconcileError::RulesCurrency`] for money in another currency.
    pub fn check(&self) -> Result<(), ReconcileError> {
        if self.full_key.is_empty() {
            return Err(ReconcileError::EmptyKey { key: "full_key" });
        }
        if self.reduced_keys.iter().any(BTreeSet::is_empty) {
            return Err(ReconcileError::EmptyKey { key: "a key of reduced_keys" });
        }
        let same = |what: String, money: Money| {
            let (currency, expected) = (money.currency(), self.currency);
            if currency == expected {
                return Ok(());
            }
            Err(ReconcileError::RulesCurrency { what, currency, expected })
        };
        if let Some(money) = self.tolerance.money() {
            same("the tolerance".to_owned(), money)?;
        }
        for (clause, allowance) in &self.clauses {
            let Allowance::UpTo(amount) = allowance else { continue };
            same(format!("the limit of clause {clause}"), *amount)?;
            if !amount.is_positive() {
                return Err(ReconcileError::AllowanceNotPositive { clause: clause.clone(), amount: *amount });
            }
        }
        Ok(())
    }
}
