//! [`InstalmentPlan`]: the lines of a payment in parts, checked together.

use endcap_types::{Money, Rate, Rounding};

use crate::problem::{self, BrokenRule, Place, Problem};
use crate::terms::{problems_of_base, problems_of_run, run_of};
use crate::{BaseEvent, CalendarError, CashDiscount, PayRun, Pipeline, Step, limits};

/// 分期份额: what a line asks for; the last line of a plan takes the rest whatever it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Share {
    /// 总额百分比: percent of the total with tax.
    PercentOfTotal(Rate),
    /// 不含税百分比: percent of the amount without tax.
    PercentOfUntaxed(Rate),
    /// 固定金额: a positive amount; it takes the sign of the total, so that a credit note mirrors its invoice.
    Fixed(Money),
    /// 余款: what is left.
    Balance,
}

/// 分期行: one line of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct InstalmentLine {
    /// What the line asks for.
    pub share: Share,
    /// Steps to its due date.
    pub pipeline: Pipeline,
}

/// 分期起算: where each line counts from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum InstalmentMode {
    /// 并行: every line counts from the base date.
    #[default]
    Parallel,
    /// 顺序: every line counts from the due date of the line before it.
    Sequential,
}

/// 分期付款: payment in parts, each with its own due date.
///
/// Each line is rounded by the plan's rounding (its step may be 10 or 0.05); the last line takes
/// the residual, unrounded by the step, so that the lines sum to the total.
///
/// # Examples
/// ```
/// use endcap_calendar::{BusinessCalendar, Event, EventDates, InstalmentPlan, InvoiceAmount, dates};
/// use endcap_types::{Currency, Money};
/// let plan = InstalmentPlan::builder(Event::InvoiceDate)
///     .lines(InstalmentPlan::parse_lines("40% | 30%@days(30) | balance@days(60)", Currency::CNY)?)
///     .build()?;
/// let total = InvoiceAmount::total(Money::parse("1000.01", Currency::CNY)?);
/// let facts = EventDates::new().with(Event::InvoiceDate, dates::ymd(2016, 1, 1)?);
/// let items = plan.schedule(&total, &facts, &BusinessCalendar::weekends())?;
/// let amounts: Vec<String> = items.iter().map(|item| item.amount.to_amount_string()).collect();
/// assert_eq!(amounts, ["400.00", "300.00", "300.01"]);
/// assert_eq!(items[2].due.date(), Some(dates::ymd(2016, 3, 1)?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// Odoo 17 and 18 for the last line as residual; Odoo community (OCA) for sequential lines and
/// percentages of the untaxed amount; the rounding site is a house rule.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "Stated", into = "Stated")
)]
pub struct InstalmentPlan {
    pub(crate) base: BaseEvent,
    pub(crate) lines: Vec<InstalmentLine>,
    pub(crate) mode: InstalmentMode,
    pub(crate) rounding: Rounding,
    pub(crate) run: PayRun,
    pub(crate) discount: CashDiscount,
}

/// 分期提醒: something in a plan that is allowed and that its author should know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanWarning {
    /// 固定金额可能超出余额: the lines before the last can exceed a small total.
    #[error("fixed lines leave a negative last line, before rounding, for totals below {total}")]
    FixedExceedsBelow {
        /// Fixed amounts / (1 − percentages of the total), rounded up; lines in percent of the untaxed amount are left out.
        total: Money,
    },
    /// The lines before the last exceed every total.
    #[error("fixed lines come on top of 100 % or more: the last line is negative for every total")]
    FixedAlwaysExceeds,
    /// The last line is written as a fixed amount and still takes the residual.
    #[error("the last line says {written} and takes the residual instead")]
    LastLineIsResidual {
        /// What it says.
        written: Money,
    },
}

impl InstalmentPlan {
    /// Begins a plan that counts from `base`: parallel lines, half away from zero to the minor unit.
    pub fn builder(base: impl Into<BaseEvent>) -> InstalmentPlanBuilder {
        InstalmentPlanBuilder {
            base: base.into(),
            lines: Vec::new(),
            mode: InstalmentMode::Parallel,
            rounding: Rounding::HALF_AWAY,
            run: Vec::new(),
            discount: CashDiscount::none(),
        }
    }

    /// The base event.
    #[must_use]
    pub fn base(&self) -> &BaseEvent {
        &self.base
    }

    /// The lines in order.
    #[must_use]
    pub fn lines(&self) -> &[InstalmentLine] {
        &self.lines
    }

    /// Where each line counts from.
    #[must_use]
    pub fn mode(&self) -> InstalmentMode {
        self.mode
    }

    /// Rounding of every line but the last.
    #[must_use]
    pub fn rounding(&self) -> &Rounding {
        &self.rounding
    }

    /// The payment run.
    #[must_use]
    pub fn run(&self) -> &PayRun {
        &self.run
    }

    /// The cash discount on every line.
    #[must_use]
    pub fn discount(&self) -> &CashDiscount {
        &self.discount
    }

    /// 提醒: what is allowed and worth knowing.
    ///
    /// # Errors
    /// - [`CalendarError::Types`] when fixed amounts are in several currencies or too large to sum.
    ///
    /// # Examples
    /// ```
    /// use endcap_calendar::{Event, InstalmentPlan, PlanWarning};
    /// use endcap_types::{Currency, Money};
    /// let lines = InstalmentPlan::parse_lines("70%|fixed:200|30%", Currency::CNY)?;
    /// let plan = InstalmentPlan::builder(Event::InvoiceDate).lines(lines).build()?;
    /// let total = Money::parse("666.67", Currency::CNY)?; // 200 / (1 − 70 %)
    /// assert_eq!(plan.warnings()?, [PlanWarning::FixedExceedsBelow { total }]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Source
    /// House rule.
    pub fn warnings(&self) -> Result<Vec<PlanWarning>, CalendarError> {
        let Some((last, before)) = self.lines.split_last() else { return Ok(Vec::new()) };
        let mut warnings = Vec::new();
        let mut percent = Rate::ZERO;
        let mut fixed: Option<Money> = None;
        for line in before {
            match line.share {
                Share::PercentOfTotal(rate) => percent = percent.checked_add(&rate)?,
                Share::Fixed(amount) => {
                    fixed = Some(match fixed {
                        Some(sum) => sum.checked_add(&amount)?,
                        None => amount,
                    });
                }
                Share::PercentOfUntaxed(_) | Share::Balance => {}
            }
        }
        if let Some(fixed) = fixed {
            if percent >= Rate::ONE {
                warnings.push(PlanWarning::FixedAlwaysExceeds);
            } else {
                let whole = percent.complement()?.to_exact().reciprocal()?;
                let up = Rounding::new(endcap_types::RoundingMode::Up);
                warnings
                    .push(PlanWarning::FixedExceedsBelow { total: fixed.exact().times(&whole)?.round(&up)? });
            }
        }
        if let Share::Fixed(written) = last.share {
            warnings.push(PlanWarning::LastLineIsResidual { written });
        }
        Ok(warnings)
    }
}

/// 分期生成器: collects the parts of an [`InstalmentPlan`] and checks them together.
#[derive(Debug, Clone)]
#[must_use = "call `build`"]
pub struct InstalmentPlanBuilder {
    base: BaseEvent,
    lines: Vec<InstalmentLine>,
    mode: InstalmentMode,
    rounding: Rounding,
    run: Vec<Step>,
    discount: CashDiscount,
}

impl InstalmentPlanBuilder {
    /// Adds a line.
    pub fn line(mut self, share: Share, pipeline: Pipeline) -> Self {
        self.lines.push(InstalmentLine { share, pipeline });
        self
    }

    /// Adds lines.
    pub fn lines(mut self, lines: impl IntoIterator<Item = InstalmentLine>) -> Self {
        self.lines.extend(lines);
        self
    }

    /// Says where each line counts from.
    pub fn mode(mut self, mode: InstalmentMode) -> Self {
        self.mode = mode;
        self
    }

    /// Says how every line but the last is rounded.
    pub fn rounding(mut self, rounding: Rounding) -> Self {
        self.rounding = rounding;
        self
    }

    /// Adds steps from each due date towards its pay date.
    pub fn pay_steps(mut self, steps: impl IntoIterator<Item = Step>) -> Self {
        self.run.extend(steps);
        self
    }

    /// Offers a cash discount on every line, counted from the base date.
    pub fn discount(mut self, discount: CashDiscount) -> Self {
        self.discount = discount;
        self
    }

    /// The plan, if it breaks no rule.
    ///
    /// # Errors
    /// - [`CalendarError::InvalidTerms`] with every problem: no line, a balance before the last line,
    ///   percentages outside 0–100 or not resolving to 100 %, fixed amounts not positive.
    pub fn build(self) -> Result<InstalmentPlan, CalendarError> {
        let mut problems = problems_of_base(&self.base);
        problems.extend(problems_of_lines(&self.lines));
        problems.extend(problems_of_run(&self.run));
        if !problems.is_empty() {
            return Err(CalendarError::InvalidTerms { problems });
        }
        Ok(InstalmentPlan {
            base: self.base,
            lines: self.lines,
            mode: self.mode,
            rounding: self.rounding,
            run: run_of(self.run),
            discount: self.discount,
        })
    }
}

fn problems_of_lines(lines: &[InstalmentLine]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut whole = |rule| problems.push(Problem { place: Place::Whole, rule });
    if lines.is_empty() {
        whole(BrokenRule::NoLine);
    }
    if lines.len() > limits::MAX_LINES {
        whole(BrokenRule::TooMany { count: lines.len(), limit: limits::MAX_LINES });
    }
    for (number, line) in (1..).zip(lines) {
        let mut report = |rule| problems.push(Problem { place: Place::Line(number), rule });
        match line.share {
            Share::PercentOfTotal(rate) | Share::PercentOfUntaxed(rate)
                if rate <= Rate::ZERO || rate > Rate::ONE =>
            {
                report(BrokenRule::RateOutside { rate });
            }
            Share::Fixed(amount) if !amount.is_positive() => report(BrokenRule::FixedNotPositive { amount }),
            Share::Balance if number < lines.len() => report(BrokenRule::BalanceNotLast),
            _ => {}
        }
        problems.extend(problem::of_steps(line.pipeline.steps(), Place::Line(number), |step| {
            Place::LineStep(number, step)
        }));
    }
    problems.extend(percent_problem(lines).map(|rule| Problem { place: Place::Whole, rule }));
    problems
}

/// Percentages of the total must leave nothing unsaid: 100 % when they are all there is, at most 100 % else.
fn percent_problem(lines: &[InstalmentLine]) -> Option<BrokenRule> {
    let mut sum = Rate::ZERO;
    let mut only_percent = !lines.is_empty();
    for line in lines {
        match line.share {
            Share::PercentOfTotal(rate) => sum = sum.checked_add(&rate).ok()?,
            _ => only_percent = false,
        }
    }
    (sum > Rate::ONE || only_percent && sum != Rate::ONE).then_some(BrokenRule::PercentsNotHundred { sum })
}

/// The written form.
#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename = "InstalmentPlan", deny_unknown_fields)]
struct Stated {
    base: BaseEvent,
    lines: Vec<InstalmentLine>,
    #[serde(default)]
    mode: InstalmentMode,
    #[serde(default)]
    rounding: Rounding,
    #[serde(default)]
    run: Pipeline,
    #[serde(default)]
    discount: CashDiscount,
}

#[cfg(feature = "serde")]
impl TryFrom<Stated> for InstalmentPlan {
    type Error = CalendarError;

    fn try_from(stated: Stated) -> Result<Self, CalendarError> {
        Self::builder(stated.base)
            .lines(stated.lines)
            .mode(stated.mode)
            .rounding(stated.rounding)
            .pay_steps(stated.run.steps().iter().cloned())
            .discount(stated.discount)
            .build()
    }
}

#[cfg(feature = "serde")]
impl From<InstalmentPlan> for Stated {
    fn from(plan: InstalmentPlan) -> Self {
        let run = match plan.run {
            PayRun::OnDueDate => Pipeline::default(),
            PayRun::Steps(steps) => steps,
        };
        Self {
            base: plan.base,
            lines: plan.lines,
            mode: plan.mode,
            rounding: plan.rounding,
            run,
            discount: plan.discount,
        }
    }
}
