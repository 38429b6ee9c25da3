//! The text form of a [`Period`].

use std::fmt;
use std::str::FromStr;

use crate::{CalendarError, Period, dates};

const EXPECTED: &str = "YYYY-MM-DD..YYYY-MM-DD (end excluded), YYYY-MM-DD..=YYYY-MM-DD (end included), \
     YYYY, YYYY-Hn, YYYY-Qn, YYYY-MM, YYYY-MM-Hn (half month), YYYY-MM-Tn (ten days), YYYY-Wnn or YYYY-MM-DD";

/// Half-open bounds: `2025-06-01..2025-07-01`.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start(), self.end())
    }
}

/// Reads what [`Display`](fmt::Display) writes, closed bounds with `..=`, and the short names of natural periods.
///
/// # Examples
/// ```
/// use endcap_calendar::Period;
/// let june: Period = "2025-06-01..2025-07-01".parse()?;
/// for same in ["2025-06-01..=2025-06-30", "2025-06"] {
///     assert_eq!(same.parse::<Period>()?, june);
/// }
/// assert_eq!("2025-Q2".parse::<Period>()?, Period::quarter(2025, 2)?);
/// assert_eq!("2025-06-T3".parse::<Period>()?, Period::ten_day(2025, 6, 3)?);
/// # Ok::<(), endcap_calendar::CalendarError>(())
/// ```
impl FromStr for Period {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, CalendarError> {
        if let Some((first, last)) = text.split_once("..=") {
            return Self::closed(dates::parse(first)?, dates::parse(last)?);
        }
        if let Some((start, end)) = text.split_once("..") {
            // The exclusive end may be the day after the last supported date.
            let end = if end == crate::limits::END_DATE.to_string() {
                crate::limits::END_DATE
            } else {
                dates::parse(end)?
            };
            return Self::new(dates::parse(start)?, end);
        }
        let refused =
            || CalendarError::PeriodText { text: text.chars().take(60).collect(), expected: EXPECTED };
        let parts: Vec<&str> = text.split('-').collect();
        match parts.as_slice() {
            [year] => Self::year(year_number(year).ok_or_else(refused)?),
            [year, part] => {
                let year = year_number(year).ok_or_else(refused)?;
                match lettered(part).ok_or_else(refused)? {
                    ('Q', 1, number) => Self::quarter(year, number),
                    ('H', 1, number) => Self::half_year(year, number),
                    ('W', 2, number) => Self::iso_week(year, number),
                    (' ', 2, number) => Self::month(year, number),
                    _ => Err(refused()),
                }
            }
            [year, month, part] => {
                let year = year_number(year).ok_or_else(refused)?;
                let Some((' ', 2, month)) = lettered(month) else { return Err(refused()) };
                match lettered(part).ok_or_else(refused)? {
                    ('H', 1, number) => Self::half_month(year, month, number),
                    ('T', 1, number) => Self::ten_day(year, month, number),
                    (' ', 2, _) => Self::day(dates::parse(text)?),
                    _ => Err(refused()),
                }
            }
            _ => Err(refused()),
        }
    }
}

impl TryFrom<String> for Period {
    type Error = CalendarError;

    fn try_from(text: String) -> Result<Self, CalendarError> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
    }
}

fn year_number(text: &str) -> Option<i32> {
    (text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

/// An optional capital letter (blank if absent), the count of digits after it, and their value.
fn lettered(text: &str) -> Option<(char, usize, u32)> {
    let letter = text.chars().next().filter(char::is_ascii_uppercase);
    let digits = if letter.is_some() { text.get(1..)? } else { text };
    if digits.is_empty() || digits.len() > 2 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some((letter.unwrap_or(' '), digits.len(), digits.parse().ok()?))
}
