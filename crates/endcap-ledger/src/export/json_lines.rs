//! The log as JSON Lines, and back through every check.

use serde::{Deserialize, Serialize};

use crate::journal::{InputFault, InputProblem, Piece};
use crate::{Event, Ledger, LedgerError, NegativeStock, ReversalForm, Settings};

/// The first line: what the chain begins with.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct First {
    ledger: String,
    negative_stock: NegativeStock,
    #[serde(default, skip_serializing_if = "crate::ink::is_usual")]
    reversals: ReversalForm,
}

/// Writes the whole log as JSON Lines (事件流水): first the name and choices of the ledger, then one event a line.
///
/// Money, dates and hashes are strings, so no digit is lost; nothing of the ledger is left out.
///
/// # Errors
///
/// - [`LedgerError::NotExportable`] when an event cannot be written, which no ledger can bring about.
///
/// # Examples
///
/// ```
/// use endcap_ledger::{Ledger, Settings, chart, export};
/// let day = chrono::NaiveDate::from_ymd_opt(2026, 6, 2).expect("a real day");
/// let mut ledger = Ledger::new(Settings::new("demo")?);
/// ledger.open_all(chart::key_account_supplier()?, day)?;
/// let text = export::json_lines(&ledger)?;
/// assert!(text.starts_with("{\"ledger\":\"demo\",\"negative_stock\":\"refuse\"}\n{\"seq\":1,"));
/// assert_eq!(export::read_json_lines(&text), Ok(ledger));
/// # Ok::<(), endcap_ledger::LedgerError>(())
/// ```
///
/// # Source
///
/// jsonlines.org; the fields are those of [`Event`].
pub fn json_lines(ledger: &Ledger) -> Result<String, LedgerError> {
    let settings = ledger.settings();
    let first = First {
        ledger: settings.name().to_owned(),
        negative_stock: settings.negative_stock(),
        reversals: settings.reversals(),
    };
    let mut out = line(&first)?;
    for event in ledger.events() {
        out.push_str(&line(&event)?);
    }
    Ok(out)
}

fn line(value: &impl Serialize) -> Result<String, LedgerError> {
    match serde_json::to_string(value) {
        Ok(text) => Ok(text + "\n"),
        Err(error) => Err(LedgerError::NotExportable { format: "JSON Lines", reason: error.to_string() }),
    }
}

/// Reads what [`json_lines`] wrote and proves every event on the way (导入事件流水).
///
/// # Errors
///
/// - One [`InputProblem`] for each line that is not an event, with the column where reading stopped.
/// - When all are events, the first one that the chain or the rules of the ledger refuse.
pub fn read_json_lines(text: &str) -> Result<Ledger, Vec<InputProblem>> {
    let mut lines = (1_u64..).zip(text.split('\n').map(|text| text.strip_suffix('\r').unwrap_or(text)));
    let mut problems = Vec::new();
    let (_, head) = lines.next().unwrap_or((1, ""));
    let place = Piece { line: 1, column: 1, text: head };
    let expected = "the line {\"ledger\":\"name\",\"negative_stock\":\"refuse\"}";
    let settings = read::<First>(place, expected).and_then(|first| {
        let settings =
            Settings::new(first.ledger).map_err(|error| place.fault(InputFault::BadText(error)))?;
        Ok(settings.with_negative_stock(first.negative_stock).with_reversals(first.reversals))
    });
    let settings = settings.map_err(|problem| problems.push(problem)).ok();
    let mut events: Vec<Event> = Vec::new();
    let mut places = Vec::new();
    for (line, text) in lines {
        if text.is_empty() {
            continue;
        }
        let place = Piece { line, column: 1, text };
        match read::<Event>(place, "an event of a ledger") {
            Ok(event) => {
                events.push(event);
                places.push(place);
            }
            Err(problem) => problems.push(problem),
        }
    }
    let Some(settings) = settings.filter(|_| problems.is_empty()) else { return Err(problems) };
    Ledger::replay(settings, events).map_err(|error| {
        let seq = match &error {
            LedgerError::BrokenChain { seq } | LedgerError::CorruptEvent { seq, .. } => *seq,
            _ => 1,
        };
        let index = usize::try_from(seq.saturating_sub(1)).unwrap_or(usize::MAX);
        let place = places.get(index).or(places.last()).copied().unwrap_or(place);
        vec![place.fault(InputFault::NotAnEvent {
            expected: "an event that follows from those above it",
            reason: error.to_string(),
        })]
    })
}

fn read<T: for<'de> Deserialize<'de>>(place: Piece<'_>, expected: &'static str) -> Result<T, InputProblem> {
    serde_json::from_str(place.text).map_err(|error| {
        let reason = error.to_string();
        let reason = reason.split(" at line ").next().unwrap_or_default().to_owned();
        let column = error.column().max(1);
        InputProblem { column, ..place.fault(InputFault::NotAnEvent { expected, reason }) }
    })
}
