//! The text form of instalment lines: `70%@days(30)|fixed:200|balance@eom`.

use endcap_types::{Currency, Money};

use crate::problem::{self, Place};
use crate::scanner::{Scanner, Taken};
use crate::step_text::read_steps;
use crate::{CalendarError, InstalmentLine, InstalmentPlan, Pipeline, Share};

impl InstalmentPlan {
    /// Reads lines `share@pipeline` joined by `|`; fixed amounts are in `currency`.
    ///
    /// Shares: `30%` of the total, `10%u` of the untaxed amount, `fixed:200.00`, `balance`. The `@` may be
    /// left out with an empty pipeline.
    ///
    /// # Errors
    /// - [`CalendarError::Syntax`] with the position of the first wrong character.
    /// - [`CalendarError::InvalidTerms`] with every problem of every step.
    ///
    /// # Examples
    /// ```
    /// use endcap_calendar::InstalmentPlan;
    /// use endcap_types::Currency;
    /// let lines = InstalmentPlan::parse_lines("10%u | fixed:200@days(1) | balance@eom;days(1)", Currency::CNY)?;
    /// assert_eq!(InstalmentPlan::write_lines(&lines), "10%u|fixed:200.00@days(1)|balance@eom;days(1)");
    /// # Ok::<(), endcap_calendar::CalendarError>(())
    /// ```
    ///
    /// # Source
    ///
    /// House rule: the text form of this crate.
    pub fn parse_lines(text: &str, currency: Currency) -> Result<Vec<InstalmentLine>, CalendarError> {
        let mut scanner = Scanner::new(text)?;
        let mut read = Vec::new();
        loop {
            let share = read_share(&mut scanner, currency)?;
            let mut steps = Vec::new();
            if scanner.eat("@") == Taken::Yes && !scanner.is_at_end() && !scanner.rest().starts_with('|') {
                steps = read_steps(&mut scanner)?;
            }
            read.push((share, steps));
            if scanner.is_at_end() {
                break;
            }
            scanner.expect("|")?;
        }
        let numbered = (1..).zip(&read);
        let problems: Vec<_> = numbered
            .flat_map(|(line, (_, steps))| {
                problem::of_steps(steps, Place::Line(line), |step| Place::LineStep(line, step))
            })
            .collect();
        if !problems.is_empty() {
            return Err(CalendarError::InvalidTerms { problems });
        }
        let lines = read.into_iter();
        Ok(lines
            .map(|(share, steps)| InstalmentLine { share, pipeline: Pipeline::assume_checked(steps) })
            .collect())
    }

    /// Writes what [`InstalmentPlan::parse_lines`] reads; the currency is not written.
    ///
    /// # Source
    ///
    /// House rule: the text form of this crate.
    #[must_use]
    pub fn write_lines(lines: &[InstalmentLine]) -> String {
        let texts: Vec<String> = lines
            .iter()
            .map(|line| {
                let share = match line.share {
                    Share::PercentOfTotal(rate) => rate.to_string(),
                    Share::PercentOfUntaxed(rate) => format!("{rate}u"),
                    Share::Fixed(amount) => format!("fixed:{}", amount.to_amount_string()),
                    Share::Balance => "balance".to_owned(),
                };
                if line.pipeline.steps().is_empty() { share } else { format!("{share}@{}", line.pipeline) }
            })
            .collect();
        texts.join("|")
    }
}

fn read_share(scanner: &mut Scanner<'_>, currency: Currency) -> Result<Share, CalendarError> {
    let start = scanner.mark();
    match scanner.word() {
        "balance" => return Ok(Share::Balance),
        "fixed" => {
            scanner.expect(":")?;
            let mark = scanner.mark();
            let amount = Money::parse(scanner.run_of(is_numeric), currency);
            return amount.map(Share::Fixed).map_err(|_| {
                scanner.back_to(mark);
                scanner.refuse(&format!("an amount in {currency}"))
            });
        }
        "" => {}
        _ => scanner.back_to(start),
    }
    let digits = scanner.run_of(is_numeric);
    let rate = format!("{digits}%").parse();
    let (Ok(rate), Taken::Yes) = (rate, scanner.eat("%")) else {
        scanner.back_to(start);
        return Err(scanner.refuse(
            "a share (a percentage such as `30%` or `30%u`, `fixed:` with an amount, or `balance`)",
        ));
    };
    Ok(if scanner.eat("u") == Taken::Yes {
        Share::PercentOfUntaxed(rate)
    } else {
        Share::PercentOfTotal(rate)
    })
}

fn is_numeric(part: char) -> bool {
    part.is_ascii_digit() || part == '.'
}
