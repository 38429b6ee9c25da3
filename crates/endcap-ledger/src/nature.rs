//! What a leg means to a key account: the columns of its page.

/// What a leg means to the key account (台账栏目): the column of its page.
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Nature {
    /// 期初: taken over when the ledger begins.
    Opening,
    /// 送货开票: goods delivered or invoiced.
    Invoice,
    /// 退货: goods returned.
    Return,
    /// 费用扣款: fees and deductions of the account.
    Deduction,
    /// 返利: rebates settled.
    Rebate,
    /// 回款: money received.
    Receipt,
    /// 核销坏账: written off.
    WriteOff,
    /// 其他: anything else.
    #[default]
    Other,
}

impl Nature {
    /// All natures, in the order of a page.
    pub const ALL: [Self; 8] = [
        Self::Opening,
        Self::Invoice,
        Self::Return,
        Self::Deduction,
        Self::Rebate,
        Self::Receipt,
        Self::WriteOff,
        Self::Other,
    ];

    /// The English label.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Opening => "Opening",
            Self::Invoice => "Deliveries and invoices",
            Self::Return => "Returns",
            Self::Deduction => "Deductions and fees",
            Self::Rebate => "Rebates",
            Self::Receipt => "Receipts",
            Self::WriteOff => "Written off",
            Self::Other => "Other",
        }
    }

    /// The Chinese label.
    #[must_use]
    pub const fn label_zh(self) -> &'static str {
        match self {
            Self::Opening => "期初",
            Self::Invoice => "送货开票",
            Self::Return => "退货",
            Self::Deduction => "费用扣款",
            Self::Rebate => "返利",
            Self::Receipt => "回款",
            Self::WriteOff => "核销坏账",
            Self::Other => "其他",
        }
    }
}
