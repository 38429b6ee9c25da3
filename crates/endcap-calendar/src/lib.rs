//! Trade periods, day counts, business days, payment terms and due dates.
//!
//! Floor 1 of `endcap`: dates without time zone, integers and exact fractions; no clock, no built-in holidays.
//! Everything is a pure function of its arguments.
//!
//! # Catalogue
//!
//! | item | what it is |
//! |---|---|
//! | [`Period`] | 期间: a half-open run of days; month, quarter, half year, year, ISO week, 旬, half month or any bounds |
//! | [`Grain`] | 周期: the natural lengths of a period; [`Period::split`] cuts along them |
//! | [`RetailCalendar`], [`RetailYear`], [`RetailPattern`], [`YearStart`] | 零售日历: 4-4-5, 4-5-4, 5-4-4 years of 52 or 53 weeks |
//! | [`dates`] | checked date arithmetic: clamped and sticky months, month ends, whole months |
//! | [`DayCount`], [`YearFraction`] | 计息基准: Act/365F, Act/360, Act/Act ISDA, 30E/360 as exact fractions |
//! | [`BusinessCalendar`], [`Convention`] | 工作日历: weekends, holidays, make-up working days; following, preceding, modified following |
//! | [`Event`], [`BaseEvent`], [`EventDates`] | 起算事件: what a term counts from, and when it happened |
//! | [`Step`], [`MonthDay`], [`CutoffBoundary`], [`DayRange`] | 账期步骤: one step of a term |
//! | [`Pipeline`], [`AppliedStep`], [`Reason`] | 账期规则: checked steps, from a date to a date, each explained |
//! | [`PaymentTerms`], [`PaymentTermsBuilder`], [`PayRun`] | 付款条件: base event, pipeline, payment run; Chinese presets as constructors |
//! | [`Due`], [`DueDate`], [`Pending`], [`Awaited`] | 到期: the legal due date and the expected pay date, or what is awaited |
//! | [`Edifact2009`] | EDIFACT payment time references |
//! | [`BatchHeld`], [`Trade`] | 滚结 / 压批: a batch is paid when a later one arrives |
//! | [`InstalmentPlan`], [`InstalmentPlanBuilder`], [`InstalmentLine`], [`Share`], [`InstalmentMode`], [`PlanWarning`] | 分期付款: payment in parts |
//! | [`InvoiceAmount`], [`DueItem`], [`AmountSource`] | what a plan is run on, and what it gives |
//! | [`CashDiscount`], [`DiscountStep`], [`DiscountWindow`], [`DiscountTaken`], [`PartialPayment`] | 现金折扣: discounts for early payment |
//! | [`CalendarError`], [`Problem`], [`Place`], [`BrokenRule`] | what can go wrong; terms report all problems at once |
//! | [`limits`] | every limit, in one table |
//!
//! # Terms as text
//!
//! People write terms in contracts, so terms have a text form that parses, prints and serialises:
//!
//! ```
//! use endcap_calendar::{BusinessCalendar, Event, EventDates, PaymentTerms, dates};
//! // Goods and invoice in; cut-off on the 25th; the 10th of the next month; paid on a Thursday.
//! let terms: PaymentTerms = "from(later_of(delivery,invoice_received)); \
//!                            cutoff(25,after); months(1); dom(10); run(next_weekday(4))".parse()?;
//! let facts = EventDates::new()
//!     .with(Event::Delivery, dates::ymd(2025, 3, 10)?)
//!     .with(Event::InvoiceReceived, dates::ymd(2025, 3, 26)?);
//! let due = terms.due_date(&facts, &BusinessCalendar::weekends())?;
//! assert_eq!(due.to_string(), "due 2025-05-10, paid 2025-05-15");
//! for applied in &due.known().unwrap().trace {
//!     println!("{applied}"); // cutoff(25,after): 2025-03-26 -> 2025-04-01 (past the cut-off on day 25)
//! }
//! # Ok::<(), endcap_calendar::CalendarError>(())
//! ```
//!
//! # Scope
//!
//! Dates and the splitting of one amount over them. Interest, allocation of receipts and tax treatment
//! of discounts live one floor up.

mod batch;
mod business;
mod day_count;
mod discount;
mod edifact;
mod error;
mod event;
mod grain;
mod instalment;
mod period;
mod period_text;
mod pieces;
mod pipeline;
mod plan_text;
mod presets;
mod problem;
mod retail;
mod scanner;
mod schedule;
mod step;
mod step_text;
mod terms;
mod terms_text;

pub mod dates;
pub mod limits;

pub use batch::{BatchHeld, Trade};
pub use business::{BusinessCalendar, Convention};
pub use day_count::{DayCount, YearFraction};
pub use discount::{CashDiscount, DiscountStep, DiscountTaken, DiscountWindow, PartialPayment};
pub use edifact::Edifact2009;
pub use error::CalendarError;
pub use event::{Awaited, BaseEvent, Event, EventDates, Pending};
pub use grain::Grain;
pub use instalment::{
    InstalmentLine, InstalmentMode, InstalmentPlan, InstalmentPlanBuilder, PlanWarning, Share,
};
pub use period::Period;
pub use pieces::{Dates, Pieces};
pub use pipeline::{AppliedStep, Pipeline, Reason};
pub use problem::{BrokenRule, Place, Problem};
pub use retail::{RetailCalendar, RetailPattern, RetailYear, YearStart};
pub use schedule::{AmountSource, DueItem, InvoiceAmount};
pub use step::{CutoffBoundary, DayRange, MonthDay, Step};
pub use terms::{Due, DueDate, PayRun, PaymentTerms, PaymentTermsBuilder};

/// The examples of the readme, compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
#[derive(Debug)]
pub struct ReadmeDoctests;
