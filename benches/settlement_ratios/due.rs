//! Due dates through full pipelines, with and without their explanation.

use std::hint::black_box;

use endcap::calendar::{BusinessCalendar, PaymentTerms, Period};

use crate::ratio::{Line, Mode, Work, compare};
use crate::units::{dates, m};

/// Cut-off, month, day, holidays and payment run; month end, term and pay days; a table of day ranges.
const TERMS: [(&str, &str); 3] = [
    (
        "cut-off, month, pay day, business day, run",
        "from(statement_confirmed);cutoff(25,after);months(1);dom(10);business(following);run(next_dom(15,eom))",
    ),
    (
        "month end, 30 days, pay days, business day",
        "from(invoice_date);eom;days(30);next_dom(10,25);business(modified_following)",
    ),
    (
        "day ranges, business day, weekly run",
        "from(delivery);ranges(1-7:0:10|8-15:0:20|16-23:0:25|24-31:1:eom);business(following);run(next_weekday(4))",
    ),
];

pub fn lines(mode: Mode) -> Vec<Line> {
    let calendar = BusinessCalendar::weekends()
        .with_holiday_period("2025-10-01..=2025-10-08".parse::<Period>().unwrap())
        .with_holiday_period("2025-01-28..=2025-02-04".parse::<Period>().unwrap());
    let bases = dates(2_000);
    let mut lines = Vec::new();
    for (name, text) in TERMS {
        let terms: PaymentTerms = text.parse().unwrap();
        let expected: Vec<_> = bases
            .iter()
            .map(|base| {
                let due = terms.due_from(*base, &calendar).unwrap();
                assert!(due.expected_pay >= due.due);
                (due.due, due.expected_pay)
            })
            .collect();
        let run = || {
            for (base, expected) in black_box(&bases).iter().zip(&expected) {
                let due = terms.due_from(*base, &calendar).unwrap();
                assert_eq!((due.due, due.expected_pay), *expected);
            }
        };
        let title = format!("due date explained: {name}");
        lines.push(compare(mode, (&title, "M each", 25.0), m(), Work { per_call: bases.len(), run }));
    }
    lines
}
