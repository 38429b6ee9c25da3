//! The text form of [`PaymentTerms`]: `from(event);step;…;run(step;…)`.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::scanner::{Scanner, Taken};
use crate::step_text::{read_step, read_steps};
use crate::terms::problems_of_base;
use crate::{BaseEvent, CalendarError, Event, PayRun, PaymentTerms};

const EVENTS: &str = "an event (delivery, invoice_date, invoice_received, statement_confirmed, acceptance, end_of_supply_period)";

impl fmt::Display for PaymentTerms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "from({})", self.base())?;
        if !self.pipeline().steps().is_empty() {
            write!(f, ";{}", self.pipeline())?;
        }
        match self.run() {
            PayRun::OnDueDate => Ok(()),
            PayRun::Steps(steps) => write!(f, ";run({steps})"),
        }
    }
}

/// Reads `from(event);step;…;run(step;…)`; the base event must be written, the run may be left out.
///
/// # Examples
/// ```
/// use endcap_calendar::PaymentTerms;
/// let text = "from(later_of(delivery,invoice_received));days(30);run(next_weekday(4))";
/// assert_eq!(text.parse::<PaymentTerms>()?.to_string(), text);
/// let refused = "days(30)".parse::<PaymentTerms>().unwrap_err();
/// assert_eq!(refused.to_string(), "at character 1: expected `from`, found `days`");
/// # Ok::<(), endcap_calendar::CalendarError>(())
/// ```
impl FromStr for PaymentTerms {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let mut scanner = Scanner::new(text)?;
        scanner.expect("from")?;
        scanner.expect("(")?;
        let base = read_base(&mut scanner)?;
        scanner.expect(")")?;
        let mut builder = Self::builder(base);
        while !scanner.is_at_end() {
            scanner.expect(";")?;
            let mark = scanner.mark();
            if scanner.word() == "run" {
                scanner.expect("(")?;
                builder = builder.pay_steps(read_steps(&mut scanner)?);
                scanner.expect(")")?;
                break;
            }
            scanner.back_to(mark);
            builder = builder.step(read_step(&mut scanner)?);
        }
        if !scanner.is_at_end() {
            return Err(scanner.refuse("the end; the payment run comes last"));
        }
        builder.build()
    }
}

impl TryFrom<String> for PaymentTerms {
    type Error = CalendarError;

    fn try_from(text: String) -> Result<Self, CalendarError> {
        text.parse()
    }
}

impl From<PaymentTerms> for String {
    fn from(terms: PaymentTerms) -> Self {
        terms.to_string()
    }
}

/// Reads an event, `later_of(…)` or `earlier_of(…)`.
impl FromStr for BaseEvent {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let mut scanner = Scanner::new(text)?;
        let base = read_base(&mut scanner)?;
        if !scanner.is_at_end() {
            return Err(scanner.refuse("the end"));
        }
        let problems = problems_of_base(&base);
        if problems.is_empty() { Ok(base) } else { Err(CalendarError::InvalidTerms { problems }) }
    }
}

impl TryFrom<String> for BaseEvent {
    type Error = CalendarError;

    fn try_from(text: String) -> Result<Self, CalendarError> {
        text.parse()
    }
}

impl From<BaseEvent> for String {
    fn from(base: BaseEvent) -> Self {
        base.to_string()
    }
}

/// Reads an event word; the whole text.
impl FromStr for Event {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let mut scanner = Scanner::new(text)?;
        let event = read_event(&mut scanner)?;
        if scanner.is_at_end() { Ok(event) } else { Err(scanner.refuse("the end")) }
    }
}

/// Reads an event, `later_of(…)` or `earlier_of(…)`.
fn read_base(scanner: &mut Scanner<'_>) -> Result<BaseEvent, CalendarError> {
    let mark = scanner.mark();
    let combine: fn(BTreeSet<Event>) -> BaseEvent = match scanner.word() {
        "later_of" => BaseEvent::LaterOf,
        "earlier_of" => BaseEvent::EarlierOf,
        _ => {
            scanner.back_to(mark);
            return read_event(scanner).map(BaseEvent::On);
        }
    };
    scanner.expect("(")?;
    let mut events = BTreeSet::from([read_event(scanner)?]);
    while scanner.eat(",") == Taken::Yes {
        events.insert(read_event(scanner)?);
    }
    scanner.expect(")")?;
    Ok(combine(events))
}

fn read_event(scanner: &mut Scanner<'_>) -> Result<Event, CalendarError> {
    let mark = scanner.mark();
    let word = scanner.word();
    Event::ALL.into_iter().find(|event| event.word() == word).ok_or_else(|| {
        scanner.back_to(mark);
        scanner.refuse(EVENTS)
    })
}
