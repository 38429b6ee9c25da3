//! Credit exposure and the release of orders.

use std::collections::BTreeMap;

use endcap_types::Money;

use super::{CreditError, not_negative};
use crate::SettlementError;

/// 敞口构成: a kind of risk; the order is the order of checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum ExposureComponent {
    /// 未到期应收: invoiced, not due.
    OpenReceivables,
    /// 逾期应收: invoiced, past due.
    Overdue,
    /// 待开票: invoices in draft.
    DraftInvoices,
    /// 已发货未开票: delivered, not invoiced.
    ShippedNotInvoiced,
    /// 未发货订单: ordered, not delivered.
    OpenOrders,
    /// 未到期承兑汇票: bills of exchange that have not matured.
    BillsNotMatured,
    /// 应付返利: rebates accrued for the account; zero or less.
    AccruedRebates,
    /// 保证金 / 预收: deposits held; zero or less.
    Deposits,
}

impl ExposureComponent {
    /// All components, in order.
    pub const ALL: [Self; 8] = [
        Self::OpenReceivables,
        Self::Overdue,
        Self::DraftInvoices,
        Self::ShippedNotInvoiced,
        Self::OpenOrders,
        Self::BillsNotMatured,
        Self::AccruedRebates,
        Self::Deposits,
    ];

    /// Whether the component lowers the exposure.
    #[must_use]
    pub const fn reduces(self) -> bool {
        matches!(self, Self::AccruedRebates | Self::Deposits)
    }

    /// The word used in settings.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::OpenReceivables => "open_receivables",
            Self::Overdue => "overdue",
            Self::DraftInvoices => "draft_invoices",
            Self::ShippedNotInvoiced => "shipped_not_invoiced",
            Self::OpenOrders => "open_orders",
            Self::BillsNotMatured => "bills_not_matured",
            Self::AccruedRebates => "accrued_rebates",
            Self::Deposits => "deposits",
        }
    }
}

/// 信用额度: the most that may be at risk; zero means not locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "Money", into = "Money")
)]
pub struct CreditLimit(Money);

impl CreditLimit {
    /// A limit; zero never locks.
    ///
    /// # Errors
    /// - [`SettlementError::NegativeAmount`] below zero.
    pub fn new(amount: Money) -> Result<Self, SettlementError> {
        Ok(Self(not_negative("a credit limit", amount)?))
    }

    /// The amount; zero when not locked.
    #[must_use]
    pub const fn amount(&self) -> Money {
        self.0
    }

    /// Whether the limit can stop anything.
    #[must_use]
    pub const fn locks(&self) -> bool {
        self.0.is_positive()
    }

    /// Whether `amount` is above a limit that locks; equal is inside.
    fn is_broken_by(&self, amount: Money) -> Result<bool, SettlementError> {
        Ok(amount.compare(&self.0)?.is_gt() && self.locks())
    }
}

impl TryFrom<Money> for CreditLimit {
    type Error = SettlementError;

    fn try_from(amount: Money) -> Result<Self, SettlementError> {
        Self::new(amount)
    }
}

impl From<CreditLimit> for Money {
    fn from(limit: CreditLimit) -> Self {
        limit.0
    }
}

/// 计入方式: whether a component counts towards the exposure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Inclusion {
    /// Counts.
    Included,
    /// Only shown; its own limit still holds.
    Excluded,
}

/// 构成规则: how one component is treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct ComponentRule {
    /// Whether it counts.
    pub inclusion: Inclusion,
    /// Limit of this component alone.
    pub limit: CreditLimit,
}

/// 信用政策: the limit of an account and the rules of the components; one without a rule is excluded and has no limit.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct ExposurePolicy {
    /// 总额度: limit of the exposure.
    pub limit: CreditLimit,
    /// Rules by component.
    pub components: BTreeMap<ExposureComponent, ComponentRule>,
}

impl ExposurePolicy {
    /// The named components count, without limits of their own.
    #[must_use]
    pub fn including(limit: CreditLimit, components: impl IntoIterator<Item = ExposureComponent>) -> Self {
        let open = CreditLimit(Money::zero(limit.amount().currency()));
        let rule = ComponentRule { inclusion: Inclusion::Included, limit: open };
        Self { limit, components: components.into_iter().map(|component| (component, rule)).collect() }
    }
}

/// 敞口明细: one component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ExposureLine {
    /// The component.
    pub component: ExposureComponent,
    /// Its amount.
    pub amount: Money,
    /// Its rule.
    pub rule: ComponentRule,
}

/// What a limit is set on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Limited {
    /// One component.
    Component(ExposureComponent),
    /// The whole exposure.
    Total,
}

/// 超限: the first limit that is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Breach {
    /// Whose limit.
    pub of: Limited,
    /// The amount, the order included.
    pub amount: Money,
    /// The limit.
    pub limit: Money,
}

/// 放单结果: whether an order may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Release {
    /// 放行.
    Released,
    /// 冻结, for the first limit it breaks.
    Held(Breach),
}

/// 信用敞口: what is at risk with one account.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Exposure {
    /// Every component that has an amount or a rule, in order.
    pub lines: Vec<ExposureLine>,
    /// Sum of the included components.
    pub total: Money,
    /// The limit.
    pub limit: CreditLimit,
    /// 剩余额度: limit less exposure; without meaning for the release when the limit does not lock.
    pub headroom: Money,
}

/// 信用敞口: the sum of the included components against the limit.
///
/// # Errors
/// - [`CreditError::ExposureSign`] for deposits or accrued rebates above zero.
/// - [`SettlementError::Types`] when an amount or limit is in another currency.
///
/// # Examples
/// ```
/// use endcap_settlement::credit::{CreditLimit, ExposureComponent::*, ExposurePolicy, Release, exposure};
/// use endcap_types::{Currency, Money};
/// let yuan = |text: &str| Money::parse(text, Currency::CNY);
/// let amounts = [(OpenReceivables, yuan("300000.00")?), (OpenOrders, yuan("80000.00")?), (Deposits, yuan("-20000.00")?)];
/// let policy = ExposurePolicy::including(CreditLimit::new(yuan("500000.00")?)?, [OpenReceivables, Deposits]);
/// let told = exposure(&amounts.into(), &policy)?;
/// assert_eq!(told.headroom, yuan("220000.00")?);
/// assert_eq!(told.release(yuan("220000.00")?)?, Release::Released); // equal to the headroom
/// assert!(matches!(told.release(yuan("220000.01")?)?, Release::Held(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// OCA `account_financial_risk`: include flag and limit for each component, a limit of zero does not lock; signs and the
/// order of checks are house rules.
pub fn exposure(
    amounts: &BTreeMap<ExposureComponent, Money>,
    policy: &ExposurePolicy,
) -> Result<Exposure, SettlementError> {
    let currency = policy.limit.amount().currency();
    let zero = Money::zero(currency);
    let unruled = ComponentRule { inclusion: Inclusion::Excluded, limit: CreditLimit(zero) };
    let mut lines = Vec::new();
    for component in ExposureComponent::ALL {
        let (amount, rule) = (amounts.get(&component), policy.components.get(&component));
        if amount.is_none() && rule.is_none() {
            continue;
        }
        let (amount, rule) = (amount.copied().unwrap_or(zero), rule.copied().unwrap_or(unruled));
        zero.compare(&amount)?;
        zero.compare(&rule.limit.amount())?;
        if component.reduces() && amount.is_positive() {
            return Err(CreditError::ExposureSign { component, amount }.into());
        }
        lines.push(ExposureLine { component, amount, rule });
    }
    let included = lines.iter().filter(|line| line.rule.inclusion == Inclusion::Included);
    let total = Money::sum(included.map(|line| line.amount), currency)?;
    let headroom = policy.limit.amount().checked_sub(&total)?;
    Ok(Exposure { lines, total, limit: policy.limit, headroom })
}

impl Exposure {
    /// 放单检查: whether a new `order` may go; it adds to the open orders and to the whole.
    ///
    /// Components are checked first, in order, then the total: `amount + order ≤ limit`, equal being inside. The order
    /// counts against the total even where open orders are excluded.
    ///
    /// # Errors
    /// - [`SettlementError::NegativeAmount`] for an order below zero.
    /// - [`SettlementError::Types`] when currencies differ.
    pub fn release(&self, order: Money) -> Result<Release, SettlementError> {
        not_negative("an order", order)?;
        let total = self.total.checked_add(&order)?;
        for line in &self.lines {
            let amount = match line.component {
                ExposureComponent::OpenOrders => line.amount.checked_add(&order)?,
                _ => line.amount,
            };
            if line.rule.limit.is_broken_by(amount)? {
                let of = Limited::Component(line.component);
                return Ok(Release::Held(Breach { of, amount, limit: line.rule.limit.amount() }));
            }
        }
        if self.limit.is_broken_by(total)? {
            let limit = self.limit.amount();
            return Ok(Release::Held(Breach { of: Limited::Total, amount: total, limit }));
        }
        Ok(Release::Released)
    }
}
