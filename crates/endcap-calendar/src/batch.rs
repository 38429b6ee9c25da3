//! Batch-held settlement: a batch is paid when a later batch arrives.

use chrono::NaiveDate;

use crate::problem::{BrokenRule, Place, Problem};
use crate::terms::{problems_of_run, run_of};
use crate::{
    Awaited, BusinessCalendar, CalendarError, Due, DueDate, PayRun, Pending, Pipeline, Step, dates, limits,
};

/// 滚结 / 压批结算: batch n falls due when batch n + k is received, after a lag.
///
/// due(n) = lag(receipt(n + k)); when the trade ends, the batches still waiting fall due at
/// lag(termination). Until then the due date is not known.
///
/// # Examples
/// ```
/// use endcap_calendar::{Awaited, BatchHeld, BusinessCalendar, Due, Trade, dates};
/// let calendar = BusinessCalendar::weekends();
/// let terms = BatchHeld::new(1, "days(7)".parse()?)?;
/// let receipts = [dates::ymd(2025, 3, 1)?, dates::ymd(2025, 4, 2)?];
/// let dues = terms.due_dates(&receipts, Trade::Running, &calendar)?;
/// assert_eq!(dues[0].date(), Some(dates::ymd(2025, 4, 9)?));
/// let Due::Pending(pending) = &dues[1] else { panic!("the third batch is not here") };
/// assert_eq!(pending.waiting_for, [Awaited::BatchReceipt(3)]);
/// let ended = terms.due_dates(&receipts, Trade::Terminated(dates::ymd(2025, 6, 30)?), &calendar)?;
/// assert_eq!(ended[1].date(), Some(dates::ymd(2025, 7, 7)?));
/// # Ok::<(), endcap_calendar::CalendarError>(())
/// ```
///
/// # Source
/// Trade usage 滚结 / 压批; the definition is a house rule.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BatchHeld {
    held: u32,
    lag: Pipeline,
    run: PayRun,
}

/// 合作状态: whether the trade goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Trade {
    /// 合作中: more batches may come.
    Running,
    /// 终止: ended on this day; no receipt is later.
    Terminated(NaiveDate),
}

impl BatchHeld {
    /// Holds `held` batches (k ≥ 1), with steps from the releasing receipt to the due date.
    ///
    /// # Errors
    /// - [`CalendarError::InvalidTerms`] when `held` is 0 or above [`limits::MAX_BATCHES_HELD`].
    pub fn new(held: u32, lag: Pipeline) -> Result<Self, CalendarError> {
        if held == 0 || held > limits::MAX_BATCHES_HELD {
            let rule = BrokenRule::BatchesHeld { held, limit: limits::MAX_BATCHES_HELD };
            return Err(CalendarError::InvalidTerms {
                problems: vec![Problem { place: Place::Whole, rule }],
            });
        }
        Ok(Self { held, lag, run: PayRun::OnDueDate })
    }

    /// 付款日: adds the steps from the due date to the pay date.
    ///
    /// # Errors
    /// - [`CalendarError::InvalidTerms`] with every problem of the steps.
    pub fn with_run(mut self, steps: impl IntoIterator<Item = Step>) -> Result<Self, CalendarError> {
        let steps: Vec<Step> = steps.into_iter().collect();
        let problems = problems_of_run(&steps);
        if !problems.is_empty() {
            return Err(CalendarError::InvalidTerms { problems });
        }
        self.run = run_of(steps);
        Ok(self)
    }

    /// Number of batches held.
    #[must_use]
    pub fn held(&self) -> u32 {
        self.held
    }

    /// The due date of batch `batch`, counted from 1; `receipts[i]` is the receipt of batch `i + 1`.
    ///
    /// # Errors
    /// - [`CalendarError::NoSuchBatch`] when that batch has not been received.
    /// - [`CalendarError::BatchesOutOfOrder`], [`CalendarError::TerminatedBeforeReceipt`] for facts that cannot be.
    /// - As [`PaymentTerms::due_date`](crate::PaymentTerms::due_date).
    pub fn due_date(
        &self,
        batch: usize,
        receipts: &[NaiveDate],
        trade: Trade,
        calendar: &BusinessCalendar,
    ) -> Result<Due, CalendarError> {
        check_facts(receipts, trade)?;
        if batch == 0 || batch > receipts.len() {
            return Err(CalendarError::NoSuchBatch { batch, received: receipts.len() });
        }
        self.due_of(batch, receipts, trade, calendar)
    }

    /// The due dates of all received batches; item `i` is batch `i + 1`.
    ///
    /// # Errors
    /// As [`BatchHeld::due_date`].
    pub fn due_dates(
        &self,
        receipts: &[NaiveDate],
        trade: Trade,
        calendar: &BusinessCalendar,
    ) -> Result<Vec<Due>, CalendarError> {
        check_facts(receipts, trade)?;
        (1..=receipts.len()).map(|batch| self.due_of(batch, receipts, trade, calendar)).collect()
    }

    fn due_of(
        &self,
        batch: usize,
        receipts: &[NaiveDate],
        trade: Trade,
        calendar: &BusinessCalendar,
    ) -> Result<Due, CalendarError> {
        let releasing = batch.saturating_add(usize::try_from(self.held).unwrap_or(usize::MAX));
        let receipt = releasing.checked_sub(1).and_then(|index| receipts.get(index));
        let base = match (receipt, trade) {
            (Some(date), _) => *date,
            (None, Trade::Terminated(date)) => date,
            (None, Trade::Running) => {
                return Ok(Due::Pending(Pending { waiting_for: vec![Awaited::BatchReceipt(releasing)] }));
            }
        };
        DueDate::compute(base, &self.lag, &self.run, calendar).map(Due::On)
    }
}

fn check_facts(receipts: &[NaiveDate], trade: Trade) -> Result<(), CalendarError> {
    let mut previous = None;
    for (batch, date) in (1..).zip(receipts) {
        let date = dates::check(*date)?;
        if let Some(previous) = previous.filter(|previous| date < *previous) {
            return Err(CalendarError::BatchesOutOfOrder { batch, date, previous });
        }
        previous = Some(date);
    }
    match (trade, previous) {
        (Trade::Terminated(terminated), Some(received)) if terminated < received => {
            Err(CalendarError::TerminatedBeforeReceipt { terminated, received })
        }
        _ => Ok(()),
    }
}
