//! [`OpenItem`]: one document that is not settled.

use chrono::NaiveDate;
use endcap_types::{DocumentId, Money, Rate, TypesError};

/// 未清项: an invoice (above zero) or a credit note (below zero) that is not settled yet.
///
/// Instalments of one invoice are items of their own, with ids of their own (`INV-7/1`, `INV-7/2`).
///
/// # Examples
/// ```
/// use endcap_calendar::dates;
/// use endcap_settlement::credit::OpenItem;
/// use endcap_types::{Currency, DocumentId, Money};
/// let (dated, due) = (dates::ymd(2026, 1, 1)?, dates::ymd(2026, 1, 31)?);
/// let item = OpenItem::new(DocumentId::new("INV-7")?, dated, due, Money::parse("1000.00", Currency::CNY)?)
///     .with_interest(Money::parse("25.50", Currency::CNY)?, "12%".parse()?);
/// assert_eq!(item.open()?.to_amount_string(), "1025.50");
/// assert_eq!(item.days_overdue(dates::ymd(2026, 2, 10)?), 10);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct OpenItem {
    /// The document.
    pub id: DocumentId,
    /// 单据日期: date of the document.
    pub dated: NaiveDate,
    /// 到期日: legal due date.
    pub due: NaiveDate,
    /// 本金: open principal; below zero for a credit note.
    pub principal: Money,
    /// 利息: open late interest already charged; zero for a credit note.
    pub interest: Money,
    /// Rate of late interest, for [`AllocationOrder::HighestInterestFirst`](super::AllocationOrder).
    pub rate: Rate,
}

impl OpenItem {
    /// An item without interest.
    #[must_use]
    pub const fn new(id: DocumentId, dated: NaiveDate, due: NaiveDate, principal: Money) -> Self {
        let interest = Money::zero(principal.currency());
        Self { id, dated, due, principal, interest, rate: Rate::ZERO }
    }

    /// The same item with open `interest`, bearing late interest at `rate`.
    #[must_use]
    pub fn with_interest(self, interest: Money, rate: Rate) -> Self {
        Self { interest, rate, ..self }
    }

    /// Whether the item is a credit note.
    #[must_use]
    pub const fn is_credit(&self) -> bool {
        self.principal.is_negative()
    }

    /// 未清余额: principal + interest.
    ///
    /// # Errors
    /// - [`TypesError::CurrencyMismatch`], [`TypesError::AmountOutOfRange`].
    pub fn open(&self) -> Result<Money, TypesError> {
        self.principal.checked_add(&self.interest)
    }

    /// 逾期天数: days from the due date to `as_of`; zero or less while it is not late.
    #[must_use]
    pub fn days_overdue(&self, as_of: NaiveDate) -> i64 {
        endcap_calendar::dates::days_between(self.due, as_of)
    }
}
