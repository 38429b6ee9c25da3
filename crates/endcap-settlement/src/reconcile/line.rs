//! [`LedgerLine`]: one line of either side's books, and the fields it can be matched on.

use chrono::NaiveDate;
use endcap_types::{ClauseId, DocumentId, Money, Quantity, SkuId, StoreId, Unit};
use rust_decimal::Decimal;

/// 方: whose books.
///
/// # Source
/// House rule: both sides' books are read alike, so that swapping them mirrors the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Side {
    /// 我方: the supplier.
    Ours,
    /// 对方: the retailer.
    Theirs,
}

impl Side {
    /// The other side.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Ours => Self::Theirs,
            Self::Theirs => Self::Ours,
        }
    }

    /// The word used in messages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Theirs => "theirs",
        }
    }
}

/// 分录类型: what a line books; lines of different kinds are never paired.
///
/// # Source
/// House rule: the entries of a supplier's account with a chain; fees are told from goods so that none is matched with the
/// other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum EntryKind {
    /// 送货.
    Delivery,
    /// 退货.
    Return,
    /// 发票.
    Invoice,
    /// 扣款.
    Deduction,
    /// 付款.
    Payment,
    /// 调整.
    Adjustment,
}

impl EntryKind {
    /// The English name.
    #[must_use]
    pub const fn name_en(self) -> &'static str {
        match self {
            Self::Delivery => "delivery",
            Self::Return => "return",
            Self::Invoice => "invoice",
            Self::Deduction => "deduction",
            Self::Payment => "payment",
            Self::Adjustment => "adjustment",
        }
    }

    /// The Chinese name.
    #[must_use]
    pub const fn name_zh(self) -> &'static str {
        match self {
            Self::Delivery => "送货",
            Self::Return => "退货",
            Self::Invoice => "发票",
            Self::Deduction => "扣款",
            Self::Payment => "付款",
            Self::Adjustment => "调整",
        }
    }

    /// Whether the line moves goods.
    #[must_use]
    pub const fn is_goods(self) -> bool {
        matches!(self, Self::Delivery | Self::Return)
    }
}

/// 账目行: one line of one side's books, in the currency of the account.
///
/// `amount` is what the retailer owes the supplier by it: deliveries are positive, returns, deductions and payments
/// negative, on both sides.
///
/// # Source
/// House rule; the keys are those of an account statement (对账单): order, receipt, store, SKU, day, quantity, amount.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct LedgerLine {
    /// 行号: unique on its side; not shared with the other.
    pub id: DocumentId,
    /// What it books.
    pub kind: EntryKind,
    /// 业务日期: day of the delivery, return, invoice or payment.
    pub date: NaiveDate,
    /// 入账日期: day this side booked it; decides in whose period it counts.
    pub posted: NaiveDate,
    /// What the retailer owes by it, with its sign.
    pub amount: Money,
    /// 数量, when goods move; with the sign of the amount.
    #[cfg_attr(feature = "serde", serde(default))]
    pub quantity: Option<Quantity>,
    /// 订单号 (PO).
    #[cfg_attr(feature = "serde", serde(default))]
    pub order: Option<DocumentId>,
    /// 收货单号 (GRN).
    #[cfg_attr(feature = "serde", serde(default))]
    pub receipt: Option<DocumentId>,
    /// 发票号 or 扣款单号, as both sides know it.
    #[cfg_attr(feature = "serde", serde(default))]
    pub invoice: Option<DocumentId>,
    /// 门店.
    #[cfg_attr(feature = "serde", serde(default))]
    pub store: Option<StoreId>,
    /// 单品.
    #[cfg_attr(feature = "serde", serde(default))]
    pub sku: Option<SkuId>,
    /// 条款: the clause a deduction falls under.
    #[cfg_attr(feature = "serde", serde(default))]
    pub clause: Option<ClauseId>,
}

impl LedgerLine {
    /// A line booked on its own day, with no reference but its id.
    #[must_use]
    pub const fn new(id: DocumentId, kind: EntryKind, date: NaiveDate, amount: Money) -> Self {
        Self {
            id,
            kind,
            date,
            posted: date,
            amount,
            quantity: None,
            order: None,
            receipt: None,
            invoice: None,
            store: None,
            sku: None,
            clause: None,
        }
    }

    /// Order among lines of one side: amount, dates, id; the tie-break of every pass.
    pub(super) fn rank(&self) -> (i128, NaiveDate, NaiveDate, &DocumentId) {
        (self.amount.minor(), self.date, self.posted, &self.id)
    }
}

/// 匹配字段: what two lines can be asked to share; the kind is always shared.
///
/// # Source
/// House rule: keys are reduced field by field, from the exact one on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum KeyField {
    /// 订单号.
    Order,
    /// 收货单号.
    Receipt,
    /// 发票号.
    Invoice,
    /// 门店.
    Store,
    /// 单品.
    Sku,
    /// 条款.
    Clause,
    /// 业务日期.
    Date,
    /// 数量.
    Quantity,
    /// 金额.
    Amount,
}

/// One value of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part<'a> {
    Absent,
    Text(&'a str),
    Day(NaiveDate),
    Count(Decimal, Unit),
    Minor(i128),
}

impl KeyField {
    pub(super) fn of(self, line: &LedgerLine) -> Part<'_> {
        match self {
            Self::Order => text(line.order.as_ref()),
            Self::Receipt => text(line.receipt.as_ref()),
            Self::Invoice => text(line.invoice.as_ref()),
            Self::Store => text(line.store.as_ref()),
            Self::Sku => text(line.sku.as_ref()),
            Self::Clause => text(line.clause.as_ref()),
            Self::Date => Part::Day(line.date),
            Self::Quantity => {
                line.quantity.as_ref().map_or(Part::Absent, |q| Part::Count(q.amount(), q.unit()))
            }
            Self::Amount => Part::Minor(line.amount.minor()),
        }
    }
}

fn text<T: AsRef<str>>(id: Option<&T>) -> Part<'_> {
    id.map_or(Part::Absent, |id| Part::Text(id.as_ref()))
}
