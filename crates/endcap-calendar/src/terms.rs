//! [`PaymentTerms`]: base event, pipeline and payment run; what they give is a [`Due`].

use std::fmt;

use chrono::NaiveDate;

use crate::problem::{self, BrokenRule, Place};
use crate::{
    AppliedStep, BaseEvent, BusinessCalendar, CalendarError, EventDates, Pending, Pipeline, Problem, Step,
};

/// 付款条件: from which event a term counts, by which steps, and on which days money moves.
///
/// The legal due date and the expected pay date are kept apart: interest counts from the first,
/// cash flow from the second.
///
/// # Examples
/// ```
/// use endcap_calendar::{BusinessCalendar, Due, Event, EventDates, PaymentTerms, dates};
/// // Goods of a month form a batch; 30 days from the 1st of the next; paid on the 20th.
/// let terms: PaymentTerms = "from(delivery);next_month_dom(1);days(30);run(next_dom(20))".parse()?;
/// let calendar = BusinessCalendar::weekends();
/// let facts = EventDates::new().with(Event::Delivery, dates::ymd(2025, 1, 17)?);
/// let Due::On(due) = terms.due_date(&facts, &calendar)? else { panic!("delivered") };
/// assert_eq!(due.due, dates::ymd(2025, 3, 3)?);
/// assert_eq!(due.expected_pay, dates::ymd(2025, 3, 20)?);
/// assert_eq!(terms.due_date(&EventDates::new(), &calendar)?.to_string(), "pending: waiting for delivery");
/// # Ok::<(), endcap_calendar::CalendarError>(())
/// ```
///
/// # Source
/// House rule; the language is described at [`Step`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "String", into = "String")
)]
pub struct PaymentTerms {
    base: BaseEvent,
    pipeline: Pipeline,
    run: PayRun,
}

/// 付款日: the days on which the payer moves money.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum PayRun {
    /// On the due date itself.
    #[default]
    OnDueDate,
    /// On the date these steps give from the due date; they never go back.
    Steps(Pipeline),
}

impl PayRun {
    /// The date money is expected to move for an amount due on `due`, and how it was found.
    pub(crate) fn pay_date(
        &self,
        due: NaiveDate,
        calendar: &BusinessCalendar,
    ) -> Result<(NaiveDate, Vec<AppliedStep>), CalendarError> {
        match self {
            Self::OnDueDate => Ok((due, Vec::new())),
            Self::Steps(pipeline) => {
                let (pay, trace) = pipeline.explain(due, calendar)?;
                if pay < due { Err(CalendarError::PayRunBeforeDue { due, pay }) } else { Ok((pay, trace)) }
            }
        }
    }
}

impl PaymentTerms {
    /// Terms that count from `base` by `pipeline`, paid on the due date.
    ///
    /// # Errors
    /// - [`CalendarError::InvalidTerms`] when `base` combines fewer than two events.
    ///
    /// # Examples
    /// ```
    /// use endcap_calendar::{Event, PaymentTerms};
    /// let terms = PaymentTerms::new(Event::InvoiceDate, "eom;days(45)".parse()?)?;
    /// assert_eq!(terms.to_string(), "from(invoice_date);eom;days(45)");
    /// # Ok::<(), endcap_calendar::CalendarError>(())
    /// ```
    pub fn new(base: impl Into<BaseEvent>, pipeline: Pipeline) -> Result<Self, CalendarError> {
        Self::builder(base).steps(pipeline.steps().iter().cloned()).build()
    }

    /// Begins terms that count from `base`.
    ///
    /// # Examples
    /// ```
    /// use endcap_calendar::{CutoffBoundary, Event, MonthDay, PaymentTerms, Step};
    /// let terms = PaymentTerms::builder(Event::StatementConfirmed)
    ///     .step(Step::Cutoff { day: MonthDay::Day(25), boundary: CutoffBoundary::After })
    ///     .step(Step::Months(1))
    ///     .step(Step::Day(MonthDay::Day(10)))
    ///     .pay_step(Step::next_day([15, 30]))
    ///     .build()?;
    /// assert_eq!(
    ///     terms.to_string(),
    ///     "from(statement_confirmed);cutoff(25,after);months(1);dom(10);run(next_dom(15,30))"
    /// );
    /// # Ok::<(), endcap_calendar::CalendarError>(())
    /// ```
    pub fn builder(base: impl Into<BaseEvent>) -> PaymentTermsBuilder {
        PaymentTermsBuilder { base: base.into(), steps: Vec::new(), run: Vec::new() }
    }

    /// The base event.
    #[must_use]
    pub fn base(&self) -> &BaseEvent {
        &self.base
    }

    /// The steps from the base date to the due date.
    #[must_use]
    pub fn pipeline(&self) -> &Pipeline {
        &self.pipeline
    }

    /// The payment run.
    #[must_use]
    pub fn run(&self) -> &PayRun {
        &self.run
    }

    /// 到期日: the due date with its explanation, or what it is waiting for.
    ///
    /// # Errors
    /// - [`CalendarError::DateOutOfRange`] when a date leaves the supported range.
    /// - [`CalendarError::NoBusinessDay`], [`CalendarError::CalendarNotKnown`] from business-day steps.
    /// - [`CalendarError::PayRunBeforeDue`] when the payment run goes back.
    pub fn due_date(&self, facts: &EventDates, calendar: &BusinessCalendar) -> Result<Due, CalendarError> {
        match self.base.resolve(facts)? {
            Ok(base) => self.due_from(base, calendar).map(Due::On),
            Err(pending) => Ok(Due::Pending(pending)),
        }
    }

    /// 到期日: the due date for a known base date.
    ///
    /// # Errors
    /// As [`PaymentTerms::due_date`].
    ///
    /// # Examples
    /// ```
    /// use endcap_calendar::{BusinessCalendar, PaymentTerms, dates};
    /// let terms: PaymentTerms = "from(invoice_date);eom;months_sticky(1)".parse()?;
    /// let due = terms.due_from(dates::ymd(2020, 6, 11)?, &BusinessCalendar::weekends())?;
    /// assert_eq!(due.due, dates::ymd(2020, 7, 31)?);
    /// # Ok::<(), endcap_calendar::CalendarError>(())
    /// ```
    pub fn due_from(&self, base: NaiveDate, calendar: &BusinessCalendar) -> Result<DueDate, CalendarError> {
        DueDate::compute(base, &self.pipeline, &self.run, calendar)
    }
}

/// 条件生成器: collects the parts of [`PaymentTerms`] and checks them together.
#[derive(Debug, Clone)]
#[must_use = "call `build`"]
pub struct PaymentTermsBuilder {
    base: BaseEvent,
    steps: Vec<Step>,
    run: Vec<Step>,
}

impl PaymentTermsBuilder {
    /// Adds a step towards the due date.
    pub fn step(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// Adds steps towards the due date.
    pub fn steps(mut self, steps: impl IntoIterator<Item = Step>) -> Self {
        self.steps.extend(steps);
        self
    }

    /// Adds a step from the due date towards the pay date.
    pub fn pay_step(mut self, step: Step) -> Self {
        self.run.push(step);
        self
    }

    /// Adds steps from the due date towards the pay date.
    pub fn pay_steps(mut self, steps: impl IntoIterator<Item = Step>) -> Self {
        self.run.extend(steps);
        self
    }

    /// The terms, if they break no rule.
    ///
    /// # Errors
    /// - [`CalendarError::InvalidTerms`] with every problem of base, steps and payment run.
    pub fn build(self) -> Result<PaymentTerms, CalendarError> {
        let mut problems = problems_of_base(&self.base);
        problems.extend(problem::of_steps(&self.steps, Place::Whole, Place::Step));
        problems.extend(problems_of_run(&self.run));
        if problems.is_empty() {
            Ok(PaymentTerms {
                base: self.base,
                pipeline: Pipeline::assume_checked(self.steps),
                run: run_of(self.run),
            })
        } else {
            Err(CalendarError::InvalidTerms { problems })
        }
    }
}

/// Problems of a base event.
pub(crate) fn problems_of_base(base: &BaseEvent) -> Vec<Problem> {
    match base {
        BaseEvent::LaterOf(events) | BaseEvent::EarlierOf(events) if events.len() < 2 => {
            vec![Problem { place: Place::Base, rule: BrokenRule::TooFewEvents { count: events.len() } }]
        }
        _ => Vec::new(),
    }
}

/// Problems of the steps of a payment run.
pub(crate) fn problems_of_run(run: &[Step]) -> Vec<Problem> {
    let mut problems = problem::of_steps(run, Place::Whole, Place::RunStep);
    let backward = (1..).zip(run).filter(|(_, step)| !step.is_forward());
    problems.extend(
        backward.map(|(number, _)| Problem { place: Place::RunStep(number), rule: BrokenRule::RunGoesBack }),
    );
    problems
}

/// The payment run of checked steps.
pub(crate) fn run_of(steps: Vec<Step>) -> PayRun {
    if steps.is_empty() { PayRun::OnDueDate } else { PayRun::Steps(Pipeline::assume_checked(steps)) }
}

/// 到期: a due date, or what it is waiting for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Due {
    /// The date is known.
    On(DueDate),
    /// 未到期: the date is not known yet.
    Pending(Pending),
}

impl Due {
    /// The known due date.
    #[must_use]
    pub fn known(&self) -> Option<&DueDate> {
        match self {
            Self::On(due) => Some(due),
            Self::Pending(_) => None,
        }
    }

    /// The legal due date, when known.
    #[must_use]
    pub fn date(&self) -> Option<NaiveDate> {
        self.known().map(|due| due.due)
    }

    /// The expected pay date, when known.
    #[must_use]
    pub fn expected_pay(&self) -> Option<NaiveDate> {
        self.known().map(|due| due.expected_pay)
    }
}

impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::On(due) => due.fmt(f),
            Self::Pending(pending) => write!(f, "pending: {pending}"),
        }
    }
}

/// 到期日与付款日: the dates of one amount, each step explained.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct DueDate {
    /// Date the term counts from.
    pub base: NaiveDate,
    /// 到期日: the legal due date; interest counts from here.
    pub due: NaiveDate,
    /// 付款日: the date money is expected to move; never before `due`.
    pub expected_pay: NaiveDate,
    /// Steps from `base` to `due`.
    pub trace: Vec<AppliedStep>,
    /// Steps of the payment run from `due` to `expected_pay`.
    pub run_trace: Vec<AppliedStep>,
}

impl DueDate {
    /// Runs the steps and the payment run.
    pub(crate) fn compute(
        base: NaiveDate,
        pipeline: &Pipeline,
        run: &PayRun,
        calendar: &BusinessCalendar,
    ) -> Result<Self, CalendarError> {
        let (due, trace) = pipeline.explain(base, calendar)?;
        let (expected_pay, run_trace) = run.pay_date(due, calendar)?;
        Ok(Self { base, due, expected_pay, trace, run_trace })
    }
}

impl fmt::Display for DueDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "due {}", self.due)?;
        if self.expected_pay != self.due {
            write!(f, ", paid {}", self.expected_pay)?;
        }
        Ok(())
    }
}
