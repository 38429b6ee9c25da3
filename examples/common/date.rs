//! Dates as files write them.

use chrono::{Datelike, NaiveDate};

/// How dates are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum DateFormat {
    /// 2021-12-31, also with a time behind it.
    #[default]
    Iso,
    /// 12/31/2021, also with a time behind it.
    Us,
}

impl DateFormat {
    /// Reads one date; a time behind a space or a T is cut off. The error says what was expected.
    pub fn read(self, text: &[u8]) -> Result<NaiveDate, String> {
        let text = text.trim_ascii();
        let end = text.iter().position(|byte| matches!(byte, b' ' | b'T')).unwrap_or(text.len());
        let date = text.get(..end).unwrap_or_default();
        let found = match self {
            Self::Iso => parts(date, b'-').filter(|_| date.len() == 10).and_then(|[y, m, d]| day(y, m, d)),
            Self::Us => parts(date, b'/').filter(|_| date.len() >= 8).and_then(|[m, d, y]| day(y, m, d)),
        };
        found.ok_or_else(|| match self {
            Self::Iso => "expected a date such as 2021-12-31".to_owned(),
            Self::Us => "expected a date such as 12/31/2021".to_owned(),
        })
    }
}

/// The month of a date as `2021-12`.
pub fn month(date: NaiveDate) -> String {
    format!("{:04}-{:02}", date.year(), date.month())
}

fn day(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(i32::try_from(year).ok().filter(|year| *year >= 1000)?, month, day)
}

/// Three numbers of at most four digits.
fn parts(text: &[u8], separator: u8) -> Option<[u32; 3]> {
    let mut numbers = [0_u32; 3];
    let mut pieces = text.split(|byte| *byte == separator);
    for number in &mut numbers {
        let piece = pieces.next().filter(|piece| !piece.is_empty() && piece.len() <= 4)?;
        for byte in piece {
            *number = *number * 10 + u32::from(byte.is_ascii_digit().then(|| byte - b'0')?);
        }
    }
    pieces.next().is_none().then_some(numbers)
}
