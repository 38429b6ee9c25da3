//! From draft to closed: what may happen to an event when.

use chrono::NaiveDate;
use endcap_calendar::Period;
use endcap_types::{Money, PromotionId, Rate};

use super::finding::{Finding, Severity};

/// Where an event stands (活动状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum State {
    /// Being written (草案).
    Draft,
    /// Checked without an error (已计划).
    Planned,
    /// Its money is reserved (已预算).
    Budgeted,
    /// Approved (已批准).
    Approved,
    /// On (执行中).
    Running,
    /// Over; claims and evaluation open (已结束).
    Ended,
    /// Settled and evaluated (已关闭).
    Closed,
    /// Not approved (已驳回).
    Rejected,
    /// Called off before the start (已取消).
    Cancelled,
    /// Called off during the event (已中止): claims are settled, nothing is evaluated.
    Aborted,
}

/// Claims against an event (核销单).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Claims {
    /// Claimed so far, all claims together.
    pub claimed: Money,
    /// Lump-sum lines without proof.
    pub without_proof: usize,
}

/// How far the sell-out data goes (数据完整度).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Completeness {
    /// Share of store-weeks reported.
    pub reported: Rate,
}

/// What somebody wants to do with an event.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Command {
    /// Draft → planned, with the findings of the check.
    Plan(Vec<Finding>),
    /// Planned → budgeted.
    Budget,
    /// Budgeted → approved, up to an amount.
    Approve(Money),
    /// Planned or budgeted → rejected.
    Reject,
    /// Approved → running.
    Start,
    /// Anything before the start → cancelled.
    Cancel,
    /// Running → aborted.
    Abort,
    /// Running → ended.
    End,
    /// Ended or aborted: claims settled against the approval.
    Settle(Claims),
    /// Ended: evaluated on data of this completeness.
    Evaluate(Completeness),
    /// A claim that came late, or revised: settlement opens again.
    ReopenSettlement,
    /// Ended, settled and evaluated → closed.
    Close,
}

impl Command {
    const fn name(&self) -> &'static str {
        match self {
            Self::Plan(_) => "plan",
            Self::Budget => "budget",
            Self::Approve(_) => "approve",
            Self::Reject => "reject",
            Self::Start => "start",
            Self::Cancel => "cancel",
            Self::Abort => "abort",
            Self::End => "end",
            Self::Settle(_) => "settle",
            Self::Evaluate(_) => "evaluate",
            Self::ReopenSettlement => "reopen the settlement of",
            Self::Close => "close",
        }
    }
}

/// Why an event may not do that now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LifecycleError {
    /// The state does not allow it.
    #[error("cannot {command} promotion {event}: it is {state:?}")]
    NotFromHere {
        /// The event.
        event: PromotionId,
        /// What was wanted.
        command: &'static str,
        /// Where it stands.
        state: State,
    },
    /// The check found errors.
    #[error("promotion {event} has {errors} error(s) to mend before it is planned")]
    FindingsOpen {
        /// The event.
        event: PromotionId,
        /// Errors among the findings.
        errors: usize,
    },
    /// It is the wrong day.
    #[error("cannot {command} promotion {event} on {as_of}: it {rule}")]
    WrongDay {
        /// The event.
        event: PromotionId,
        /// What was wanted.
        command: &'static str,
        /// The day.
        as_of: NaiveDate,
        /// What the days have to be.
        rule: String,
    },
    /// More was claimed than was approved.
    #[error("promotion {event}: {claimed} claimed, {approved} approved and {tolerance} tolerated")]
    ClaimsExceedApproval {
        /// The event.
        event: PromotionId,
        /// Claimed.
        claimed: Money,
        /// Approved.
        approved: Money,
        /// Tolerated on top.
        tolerance: Money,
    },
    /// A lump sum without proof.
    #[error("promotion {event}: {lines} lump sum(s) without proof of performance")]
    ProofMissing {
        /// The event.
        event: PromotionId,
        /// How many.
        lines: usize,
    },
    /// Too little data to evaluate.
    #[error("promotion {event}: {reported} of the store-weeks are reported, {required} required")]
    DataIncomplete {
        /// The event.
        event: PromotionId,
        /// Reported.
        reported: Rate,
        /// Required.
        required: Rate,
    },
    /// Settlement or evaluation is missing.
    #[error("promotion {event} is not {missing} yet")]
    NotFinished {
        /// The event.
        event: PromotionId,
        /// What is missing.
        missing: &'static str,
    },
    /// Amounts of different currencies.
    #[error(transparent)]
    Types(#[from] endcap_types::TypesError),
}

/// An event on its way (活动生命周期): draft → planned → budgeted → approved → running → ended → closed.
///
/// Transitions are functions of the state, the command and the day; nothing happens by itself.
///
/// # Examples
///
/// ```
/// use endcap_promo::plan::{Command, Lifecycle, State};
/// use endcap_types::{Currency, Money, Rate};
/// let cny = |text| Money::parse(text, Currency::CNY);
/// let event = Lifecycle::new("618".parse()?, "2025-06-09..2025-06-23".parse()?, 2, cny("0.00")?, Rate::percent(95.into())?)?;
/// let day = |text: &str| text.parse::<chrono::NaiveDate>();
/// let event = event.apply(Command::Plan(vec![]), day("2025-05-01")?)?;
/// let event = event.apply(Command::Budget, day("2025-05-02")?)?;
/// let event = event.apply(Command::Approve(cny("20000.00")?), day("2025-05-03")?)?;
/// let early = event.clone().apply(Command::Start, day("2025-06-08")?).unwrap_err();
/// assert_eq!(early.to_string(), "cannot start promotion 618 on 2025-06-08: it runs 2025-06-09..2025-06-23");
/// assert_eq!(event.apply(Command::Start, day("2025-06-09")?)?.state(), State::Running);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Lifecycle {
    event: PromotionId,
    period: Period,
    cooldown_weeks: u32,
    tolerance: Money,
    required: Rate,
    state: State,
    approved: Option<Money>,
    settled: Option<Claims>,
    evaluations: u32,
}

impl Lifecycle {
    /// A draft: window, weeks of cooldown, what claims may exceed the approval by, and the share of store-weeks an
    /// evaluation asks for.
    ///
    /// # Errors
    ///
    /// - [`LifecycleError::Types`] when the share is not a share.
    pub fn new(
        event: PromotionId,
        period: Period,
        cooldown_weeks: u32,
        tolerance: Money,
        required: Rate,
    ) -> Result<Self, LifecycleError> {
        required.complement()?;
        Ok(Self {
            event,
            period,
            cooldown_weeks,
            tolerance,
            required,
            state: State::Draft,
            approved: None,
            settled: None,
            evaluations: 0,
        })
    }

    /// Where it stands.
    #[must_use]
    pub const fn state(&self) -> State {
        self.state
    }

    /// The claims it was settled on; none while settlement is open.
    #[must_use]
    pub const fn settled(&self) -> Option<&Claims> {
        self.settled.as_ref()
    }

    /// Versions of the evaluation: a revised series makes a new one, the old ones stay.
    #[must_use]
    pub const fn evaluations(&self) -> u32 {
        self.evaluations
    }

    /// Carries a command out on a day.
    ///
    /// # Errors
    ///
    /// - [`LifecycleError::NotFromHere`] when the state does not allow it.
    /// - [`LifecycleError::FindingsOpen`], [`LifecycleError::WrongDay`], [`LifecycleError::ClaimsExceedApproval`],
    ///   [`LifecycleError::ProofMissing`], [`LifecycleError::DataIncomplete`], [`LifecycleError::NotFinished`]: the guards.
    pub fn apply(mut self, command: Command, as_of: NaiveDate) -> Result<Self, LifecycleError> {
        let name = command.name();
        self.state = match (self.state, command) {
            (State::Draft, Command::Plan(findings)) => {
                let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
                if errors > 0 {
                    return Err(LifecycleError::FindingsOpen { event: self.event, errors });
                }
                State::Planned
            }
            (State::Planned, Command::Budget) => State::Budgeted,
            (State::Budgeted, Command::Approve(amount)) => {
                self.approved = Some(amount);
                State::Approved
            }
            (State::Planned | State::Budgeted, Command::Reject) => State::Rejected,
            (State::Approved, Command::Start) => {
                let on = self.period.contains(as_of);
                self.day(on, name, as_of, || format!("runs {}", self.period))?;
                State::Running
            }
            (State::Draft | State::Planned | State::Budgeted | State::Approved, Command::Cancel) => {
                let before = as_of < self.period.start();
                self.day(before, name, as_of, || format!("starts {}", self.period.start()))?;
                State::Cancelled
            }
            (State::Running, Command::Abort) => State::Aborted,
            (State::Running, Command::End) => {
                let over = as_of >= self.period.end();
                self.day(over, name, as_of, || format!("runs until {}", self.period.last_day()))?;
                State::Ended
            }
            (state @ (State::Ended | State::Aborted), Command::Settle(claims)) => {
                self.settle(claims)?;
                state
            }
            (state @ (State::Ended | State::Aborted | State::Closed), Command::ReopenSettlement) => {
                self.settled = None;
                if state == State::Closed { State::Ended } else { state }
            }
            (state @ (State::Ended | State::Closed), Command::Evaluate(data)) => {
                let over = self.cooldown_end();
                self.day(as_of >= over, name, as_of, || format!("cools down until {over}"))?;
                if data.reported < self.required {
                    let (reported, required) = (data.reported, self.required);
                    return Err(LifecycleError::DataIncomplete { event: self.event, reported, required });
                }
                self.evaluations = self.evaluations.saturating_add(1);
                state
            }
            (State::Ended, Command::Close) => {
                let missing = match (self.settled, self.evaluations) {
                    (None, _) => Some("settled"),
                    (Some(_), 0) => Some("evaluated"),
                    _ => None,
                };
                if let Some(missing) = missing {
                    return Err(LifecycleError::NotFinished { event: self.event, missing });
                }
                State::Closed
            }
            (state, _) => {
                return Err(LifecycleError::NotFromHere { event: self.event, command: name, state });
            }
        };
        Ok(self)
    }

    fn cooldown_end(&self) -> NaiveDate {
        let days = chrono::Days::new(u64::from(self.cooldown_weeks).saturating_mul(7));
        self.period.end().checked_add_days(days).unwrap_or(NaiveDate::MAX)
    }

    fn day(
        &self,
        allowed: bool,
        command: &'static str,
        as_of: NaiveDate,
        rule: impl Fn() -> String,
    ) -> Result<(), LifecycleError> {
        if allowed {
            return Ok(());
        }
        Err(LifecycleError::WrongDay { event: self.event.clone(), command, as_of, rule: rule() })
    }

    fn settle(&mut self, claims: Claims) -> Result<(), LifecycleError> {
        if claims.without_proof > 0 {
            return Err(LifecycleError::ProofMissing {
                event: self.event.clone(),
                lines: claims.without_proof,
            });
        }
        let approved = self.approved.unwrap_or_else(|| Money::zero(claims.claimed.currency()));
        let most = approved.checked_add(&self.tolerance)?;
        if claims.claimed.compare(&most)?.is_gt() {
            return Err(LifecycleError::ClaimsExceedApproval {
                event: self.event.clone(),
                claimed: claims.claimed,
                approved,
                tolerance: self.tolerance,
            });
        }
        self.settled = Some(claims);
        Ok(())
    }
}
