//! Named readings of Chinese payment terms.
//!
//! 月结30天 has at least three readings in public use, days apart, so there is no constructor of
//! that name: the caller picks one that says what it means. On 10 March they give
//!
//! | constructor | reading | due |
//! |---|---|---|
//! | [`PaymentTerms::monthly_from_invoice`] | one calendar month from the invoice | 10 April |
//! | [`PaymentTerms::eom_plus_days`] | month end plus 30 days | 30 April |
//! | [`PaymentTerms::eom_plus_months`] | month end plus one month | 30 April, always a month end |
//! | [`PaymentTerms::next_month_first_plus_days`] | 30 days from the 1st of the next month (次月结30天) | 1 May |
//! | [`PaymentTerms::eom_plus_days_then_pay_day`] | the same, then the fixed pay day (say the 20th) | 20 May |

use crate::{BaseEvent, CalendarError, Event, Grain, MonthDay, PaymentTerms, Step};

impl PaymentTerms {
    /// 月结 (开票日起算): `months` calendar months from the invoice date, day clamped.
    ///
    /// # Errors
    /// - [`CalendarError::InvalidTerms`] above the limit of months.
    ///
    /// # Examples
    /// ```
    /// use endcap_calendar::PaymentTerms;
    /// assert_eq!(PaymentTerms::monthly_from_invoice(1)?.to_string(), "from(invoice_date);months(1)");
    /// # Ok::<(), endcap_calendar::CalendarError>(())
    /// ```
    ///
    /// # Source
    /// Yite trade software manual, page 175.
    pub fn monthly_from_invoice(months: u32) -> Result<Self, CalendarError> {
        Self::builder(Event::InvoiceDate).step(Step::Months(months)).build()
    }

    /// 次月结: `days` days counted from the 1st of the month after the base event.
    ///
    /// # Errors
    /// - [`CalendarError::InvalidTerms`] above the limit of days.
    ///
    /// # Examples
    /// ```
    /// use endcap_calendar::{BusinessCalendar, Event, PaymentTerms, dates};
    /// let terms = PaymentTerms::next_month_first_plus_days(Event::InvoiceDate, 30)?;
    /// let due = terms.due_from(dates::ymd(2023, 3, 10)?, &BusinessCalendar::weekends())?;
    /// assert_eq!(due.due, dates::ymd(2023, 5, 1)?);
    /// # Ok::<(), endcap_calendar::CalendarError>(())
    /// ```
    ///
    /// # Source
    /// Yite trade software manual, page 175.
    pub fn next_month_first_plus_days(base: impl Into<BaseEvent>, days: u32) -> Result<Self, CalendarError> {
        Self::builder(base).step(Step::NextMonthDay(MonthDay::Day(1))).step(Step::Days(days)).build()
    }

    /// 月结 (批次, 固定付款日): the goods of one calendar month are a batch, `days` days count from the
    /// 1st of the next, and the amount is due on the first of `pay_days` then.
    ///
    /// # Errors
    /// - [`CalendarError::InvalidTerms`] with every day outside 1–31, an empty set, too many days.
    ///
    /// # Examples
    /// ```
    /// use endcap_calendar::{BusinessCalendar, Event, PaymentTerms, dates};
    /// let terms = PaymentTerms::eom_plus_days_then_pay_day(Event::Delivery, 30, [20])?;
    /// let due = terms.due_from(dates::ymd(2025, 1, 17)?, &BusinessCalendar::weekends())?;
    /// assert_eq!(due.due, dates::ymd(2025, 3, 20)?);
    /// # Ok::<(), endcap_calendar::CalendarError>(())
    /// ```
    ///
    /// # Source
    /// Trade article, Laochaguan 30396.
    pub fn eom_plus_days_then_pay_day(
        base: impl Into<BaseEvent>,
        days: u32,
        pay_days: impl IntoIterator<Item = u32>,
    ) -> Result<Self, CalendarError> {
        Self::builder(base)
            .step(Step::NextMonthDay(MonthDay::Day(1)))
            .step(Step::Days(days))
            .step(Step::next_day(pay_days))
            .build()
    }

    /// 月结 (月末加天): the end of the month of the base event plus `days` days.
    ///
    /// # Errors
    /// - [`CalendarError::InvalidTerms`] above the limit of days.
    ///
    /// # Source
    /// House rule.
    pub fn eom_plus_days(base: impl Into<BaseEvent>, days: u32) -> Result<Self, CalendarError> {
        Self::builder(base).step(Step::EndOf(Grain::Month)).step(Step::Days(days)).build()
    }

    /// 月结 (月末加月): the end of the month `months` months after the month of the base event.
    ///
    /// # Errors
    /// - [`CalendarError::InvalidTerms`] above the limit of months.
    ///
    /// # Source
    /// House rule.
    pub fn eom_plus_months(base: impl Into<BaseEvent>, months: u32) -> Result<Self, CalendarError> {
        Self::builder(base).step(Step::EndOf(Grain::Month)).step(Step::MonthsSticky(months)).build()
    }

    /// 货到n天: `days` days after the goods arrived.
    ///
    /// # Errors
    /// - [`CalendarError::InvalidTerms`] above the limit of days.
    ///
    /// # Source
    /// Trade usage.
    pub fn from_receipt(days: u32) -> Result<Self, CalendarError> {
        Self::builder(Event::Delivery).step(Step::Days(days)).build()
    }

    /// 票到n天: `days` days after the invoice arrived.
    ///
    /// # Errors
    /// - [`CalendarError::InvalidTerms`] above the limit of days.
    ///
    /// # Source
    /// Trade usage.
    pub fn from_invoice_receipt(days: u32) -> Result<Self, CalendarError> {
        Self::builder(Event::InvoiceReceived).step(Step::Days(days)).build()
    }

    /// 半月结: the end of the half month of the base event plus `days` days.
    ///
    /// # Errors
    /// - [`CalendarError::InvalidTerms`] above the limit of days.
    ///
    /// # Source
    /// EDIFACT D.19A, data element 2009, code 14.
    pub fn half_month_plus_days(base: impl Into<BaseEvent>, days: u32) -> Result<Self, CalendarError> {
        Self::builder(base).step(Step::EndOf(Grain::HalfMonth)).step(Step::Days(days)).build()
    }

    /// 旬结: the end of the ten-day period of the base event plus `days` days.
    ///
    /// # Errors
    /// - [`CalendarError::InvalidTerms`] above the limit of days.
    ///
    /// # Source
    /// EDIFACT D.19A, data element 2009, code 4.
    pub fn ten_day_plus_days(base: impl Into<BaseEvent>, days: u32) -> Result<Self, CalendarError> {
        Self::builder(base).step(Step::EndOf(Grain::TenDay)).step(Step::Days(days)).build()
    }
}
