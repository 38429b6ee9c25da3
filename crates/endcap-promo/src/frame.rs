//! The series as one event sees it: which weeks are event, cooldown and quiet, and what forbids a judgement.

use endcap_calendar::Period;
use endcap_types::Exact;

use crate::evaluation::{ChartWeek, WeekRole};
use crate::limits::MIN_HISTORY_WEEKS;
use crate::{
    Baseline, EvaluationOptions, NotEvaluable, PromoError, Promotion, WeekMark, WeeklySeries, baseline, noise,
};

/// The series as the event sees it.
pub(crate) struct Frame {
    pub(crate) series: WeeklySeries,
    pub(crate) units: Vec<f64>,
    /// Clean, known, and outside event and cooldown.
    pub(crate) clean: Vec<bool>,
    pub(crate) event: Vec<usize>,
    pub(crate) cooldown: Vec<usize>,
    /// Event and cooldown weeks that the series does not hold yet.
    open: bool,
}

impl Frame {
    pub(crate) fn new(
        promotion: &Promotion,
        series: &WeeklySeries,
        options: &EvaluationOptions,
    ) -> Result<Self, PromoError> {
        let period = promotion.period();
        if !series.period().contains(period.start()) {
            return Err(PromoError::EventOutsideSeries { event: period, series: series.period() });
        }
        let series = series.with_promoted(period).with_halo(options.halo_before, options.halo_after);
        let event = series.weeks_touching(period);
        let first_after = event.last().map_or(0, |last| last.saturating_add(1));
        let cooldown_length = usize::try_from(options.cooldown_weeks).unwrap_or(usize::MAX);
        let cooldown_end = first_after.saturating_add(cooldown_length);
        let cooldown: Vec<usize> = (first_after..cooldown_end.min(series.len())).collect();
        let open = period.end() > series.period().end() || cooldown_end > series.len();
        let mut clean = series.clean_mask();
        for at in event.iter().chain(&cooldown) {
            if let Some(week) = clean.get_mut(*at) {
                *week = false;
            }
        }
        let units = series.estimates()?;
        Ok(Self { series, units, clean, event, cooldown, open })
    }

    pub(crate) fn window(&self) -> Vec<usize> {
        self.event.iter().chain(&self.cooldown).copied().collect()
    }

    /// Units sold in the known weeks of `weeks`, exactly.
    pub(crate) fn sold(&self, weeks: &[usize]) -> Result<Exact, PromoError> {
        let known = weeks.iter().filter_map(|at| self.series.units(*at));
        Ok(known.into_iter().try_fold(Exact::ZERO, |sum, units| sum.add(&units))?)
    }

    pub(crate) fn event_period(&self, promotion: &Promotion) -> Result<Period, PromoError> {
        let starts =
            |at: Option<&usize>| at.and_then(|at| self.series.weeks().get(*at)).map(|week| week.start);
        match (starts(self.event.first()), starts(self.event.last())) {
            (Some(first), Some(last)) => Ok(Period::new(first, endcap_calendar::dates::add_days(last, 7)?)?),
            _ => Ok(promotion.period()),
        }
    }

    /// What forbids a judgement, before any figure is computed.
    pub(crate) fn obstacle(&self, options: &EvaluationOptions) -> Option<NotEvaluable> {
        if self.open {
            return Some(NotEvaluable::WindowOpen);
        }
        let week = |at: &usize| self.series.weeks().get(*at);
        if self.window().iter().any(|at| week(at).is_none_or(|week| week.sold.is_none())) {
            return Some(NotEvaluable::MissingWeek);
        }
        if self.cooldown.iter().filter_map(week).any(|week| week.mark == WeekMark::Promoted) {
            return Some(NotEvaluable::OverlappingEvents);
        }
        let first = self.event.first().copied().unwrap_or(0);
        let history = self.clean.iter().take(first).filter(|clean| **clean).count();
        if history < MIN_HISTORY_WEEKS.max(self.event.len().saturating_mul(2)) {
            return Some(NotEvaluable::PrePeriodTooShort);
        }
        let enough = |method: &Baseline| {
            baseline::expected(method, &self.units, &self.clean, &self.window()).is_ok()
                && [self.event.len(), self.window().len()]
                    .into_iter()
                    .all(|weeks| noise::of_windows(method, &self.units, &self.clean, weeks).is_ok())
        };
        if !enough(&options.baseline) || !enough(&options.cross_check) {
            return Some(NotEvaluable::PrePeriodTooShort);
        }
        let quiet_sales = self.units.iter().zip(&self.clean).any(|(units, clean)| *clean && *units > 0.0);
        (!quiet_sales).then_some(NotEvaluable::ZeroBase)
    }

    pub(crate) fn chart(&self, method: &Baseline) -> Result<Vec<ChartWeek>, PromoError> {
        let window = self.window();
        let expected = match baseline::expected(method, &self.units, &self.clean, &window) {
            Ok(expected) => expected,
            Err(PromoError::TooFewCleanWeeks { .. }) => Vec::new(),
            Err(error) => return Err(error),
        };
        let ahead = noise::one_step(method, &self.units, &self.clean)?;
        let weeks = self.series.weeks().iter().zip(&self.units).zip(ahead).enumerate();
        let point = |(at, ((week, units), ahead)): (usize, ((&crate::Week, &f64), Option<f64>))| {
            let inside = window.iter().position(|inside| *inside == at);
            let role = match inside {
                Some(_) if self.event.contains(&at) => WeekRole::Event,
                Some(_) => WeekRole::Cooldown,
                None => WeekRole::Around,
            };
            let baseline = inside.map_or(ahead, |position| expected.get(position).copied());
            let actual = week.sold.is_some().then_some(*units);
            ChartWeek { start: week.start, actual, baseline, mark: week.mark, role }
        };
        Ok(weeks.map(point).collect())
    }
}
