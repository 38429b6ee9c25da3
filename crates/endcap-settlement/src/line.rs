//! [`StatementLine`]: one posted amount of a statement.

use core::fmt;

use endcap_types::{ClauseId, DocumentId, Money, Quantity, Rate, SkuId};

use crate::canon::Canon;
use crate::{ClauseKind, SettleMode, TraceId, What};

/// 栏目: the column of the statement an amount belongs to.
///
/// `invoice = goods − on_invoice − invoice_deduct`, `payment = invoice − payment_deduct − advance + adjustment`;
/// separate amounts and those on hold touch neither.
///
/// # Source
/// The deduction columns of Chinese retail statements; the two identities are a house rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Column {
    /// 货款: owed for goods; returns are negative.
    Goods,
    /// 票折.
    OnInvoice,
    /// 票扣.
    InvoiceDeduct,
    /// 账扣.
    PaymentDeduct,
    /// 预付款.
    Advance,
    /// 调整.
    Adjustment,
    /// 单独结算.
    Separate,
    /// 待凭证: shown, but neither invoiced nor paid until its evidence arrives.
    OnHold,
}

impl Column {
    /// Every column, in the order of a statement.
    pub const ALL: [Self; 8] = [
        Self::Goods,
        Self::OnInvoice,
        Self::InvoiceDeduct,
        Self::PaymentDeduct,
        Self::Advance,
        Self::Adjustment,
        Self::Separate,
        Self::OnHold,
    ];

    pub(crate) const fn what(self) -> What {
        match self {
            Self::Goods => What::Goods,
            Self::OnInvoice => What::OnInvoice,
            Self::InvoiceDeduct => What::InvoiceDeduct,
            Self::PaymentDeduct => What::PaymentDeduct,
            Self::Advance => What::Advances,
            Self::Adjustment => What::Adjustments,
            Self::Separate => What::Separate,
            Self::OnHold => What::OnHold,
        }
    }

    /// The English name.
    #[must_use]
    pub const fn name_en(self) -> &'static str {
        self.what().name_en()
    }

    /// The Chinese name.
    #[must_use]
    pub const fn name_zh(self) -> &'static str {
        self.what().name_zh()
    }
}

impl From<SettleMode> for Column {
    fn from(mode: SettleMode) -> Self {
        match mode {
            SettleMode::OnInvoice => Self::OnInvoice,
            SettleMode::InvoiceDeduct => Self::InvoiceDeduct,
            SettleMode::PaymentDeduct => Self::PaymentDeduct,
            SettleMode::Separate => Self::Separate,
        }
    }
}

/// 行类型: what a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum LineKind {
    /// 到货: a delivery note, under credit terms.
    DeliveredGoods,
    /// 退货: a return note, under credit terms; negative.
    ReturnedGoods,
    /// 实销货款: goods sold, under consignment.
    SoldGoods,
    /// 损耗赔付: missing consignment stock that the retailer pays.
    ShrinkCharge,
    /// 流水: till turnover, under turnover deduction.
    Turnover,
    /// 扣点: the retailer's commission.
    Commission,
    /// 保底补差: charged because the guarantee was missed.
    TopUp,
    /// 租金: rent of the counter.
    Rent,
    /// 供方承担折扣: the supplier's share of discounts and voids at the till.
    DiscountShare,
    /// 超保底扣点: commission above a guarantee that was paid at the start of its cycle.
    AboveGuarantee,
    /// A clause of the trade terms.
    Clause(ClauseKind),
    /// 预付款.
    Advance,
    /// 调整.
    Adjustment,
}

impl LineKind {
    pub(crate) const fn what(self) -> What {
        match self {
            Self::DeliveredGoods => What::DeliveredGoods,
            Self::ReturnedGoods => What::ReturnedGoods,
            Self::SoldGoods => What::SoldGoods,
            Self::ShrinkCharge => What::ShrinkCharge,
            Self::Turnover => What::TurnoverLine,
            Self::Commission => What::Commission,
            Self::TopUp => What::TopUp,
            Self::Rent => What::Rent,
            Self::DiscountShare => What::DiscountShare,
            Self::AboveGuarantee => What::AboveGuarantee,
            Self::Clause(_) => What::Clause,
            Self::Advance => What::Advance,
            Self::Adjustment => What::Adjustment,
        }
    }

    /// The English name.
    #[must_use]
    pub const fn name_en(self) -> &'static str {
        match self {
            Self::Clause(kind) => kind.name_en(),
            _ => self.what().name_en(),
        }
    }

    /// The Chinese name.
    #[must_use]
    pub const fn name_zh(self) -> &'static str {
        match self {
            Self::Clause(kind) => kind.name_zh(),
            _ => self.what().name_zh(),
        }
    }
}

/// 基数: what a line was measured on, in its own period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Basis {
    /// Money, with or without VAT as the contract's amounts are.
    Amount(Money),
    /// Units.
    Quantity(Quantity),
    /// Stores or occasions.
    Count(u64),
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Amount(money) => money.fmt(f),
            Self::Quantity(quantity) => quantity.fmt(f),
            Self::Count(count) => count.fmt(f),
        }
    }
}

/// 结算行: one posted amount; deductions are positive and lower what is paid.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct StatementLine {
    /// The column it is added to.
    pub column: Column,
    /// What it is.
    pub kind: LineKind,
    /// The clause, for trade terms.
    pub clause: Option<ClauseId>,
    /// The document, for lines of one document.
    pub document: Option<DocumentId>,
    /// The SKU, for lines of one SKU.
    pub sku: Option<SkuId>,
    /// What was measured in this period, on a line of one VAT rate among several its part of it.
    pub basis: Option<Basis>,
    /// The rate, where there is one.
    pub rate: Option<Rate>,
    /// The guarantee the basis was compared with; on the first line of a top-up over several VAT rates.
    pub against: Option<Money>,
    /// 搭赠数量: units given free, on the first line of a free-goods clause.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub free: Option<Quantity>,
    /// The VAT rate.
    pub vat: Rate,
    /// The amount with VAT.
    pub amount: Money,
    /// The amount without VAT.
    pub net: Money,
    /// The VAT: `net + tax = amount`.
    pub tax: Money,
    /// Why the amount is what it is.
    pub trace: TraceId,
    /// Why the VAT is what it is.
    pub tax_trace: TraceId,
}

impl StatementLine {
    pub(crate) fn canon(&self, canon: Canon) -> Canon {
        // Statements without free goods keep the bytes they always had.
        let canon = match &self.free {
            Some(free) => canon.text("free").show(free),
            None => canon,
        };
        canon
            .text(self.column.what().word())
            .text(self.kind.what().word())
            .text(match self.kind {
                LineKind::Clause(kind) => kind.word(),
                _ => "",
            })
            .optional(self.clause.as_ref())
            .optional(self.document.as_ref())
            .optional(self.sku.as_ref())
            .optional(self.basis.as_ref())
            .optional(self.rate.as_ref())
            .optional(self.against.as_ref())
            .show(&self.vat)
            .show(&self.amount)
            .show(&self.net)
            .show(&self.tax)
            .show(&self.trace)
            .show(&self.tax_trace)
    }
}
