//! The arguments of a recorded call, read into the types of the models.

use endcap_inventory::models::eoq::*;
use endcap_inventory::models::*;
use serde_json::{Map, Value};

/// What a call may answer: numbers in the order of the peer's result, or a refusal.
pub(crate) type Answer = Result<Vec<f64>, String>;

/// The arguments of one call.
pub(crate) struct Args<'a>(pub(crate) &'a Map<String, Value>);

impl Args<'_> {
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| !value.is_null())
    }
    pub(crate) fn f(&self, name: &str) -> Result<f64, String> {
        self.0.get(name).and_then(Value::as_f64).ok_or(format!("{name} is missing"))
    }
    pub(crate) fn or(&self, name: &str, default: f64) -> f64 {
        self.0.get(name).and_then(Value::as_f64).unwrap_or(default)
    }
    pub(crate) fn list(&self, name: &str) -> Result<Vec<f64>, String> {
        let list = self.0.get(name).and_then(Value::as_array).ok_or(format!("{name} is missing"))?;
        Ok(list.iter().filter_map(Value::as_f64).collect())
    }
    /// Values by node number, from 1.
    pub(crate) fn nodes(&self, name: &str) -> Result<Vec<f64>, String> {
        let map = self.0.get(name).and_then(Value::as_object).ok_or(format!("{name} is missing"))?;
        (1..=map.len())
            .map(|n| map[&n.to_string()].as_f64().ok_or(format!("{name} of {n} is missing")))
            .collect()
    }
    pub(crate) fn costs(&self) -> Result<UnitCosts, String> {
        UnitCosts::new(self.f("holding_cost")?, self.f("stockout_cost")?).map_err(text)
    }
    pub(crate) fn lot(&self) -> Result<LotCosts, String> {
        Ok(LotCosts {
            fixed: self.f("fixed_cost")?,
            holding: self.f("holding_cost")?,
            demand: self.f("demand_rate")?,
        })
    }
    pub(crate) fn normal(&self) -> Result<Distribution, String> {
        Distribution::normal(self.f("demand_mean")?, self.f("demand_sd")?).map_err(text)
    }
    pub(crate) fn poisson(&self) -> Result<Distribution, String> {
        Distribution::poisson(self.f("demand_mean")?).map_err(text)
    }
    pub(crate) fn periodic(&self, demand: &Distribution) -> Result<Distribution, String> {
        RiskTime::Periodic { lead: self.or("lead_time", 0.0) }.demand(demand).map_err(text)
    }
    /// The distribution object or the pmf of a generic call.
    pub(crate) fn distribution(&self, object: &str, pmf: &str) -> Result<Distribution, String> {
        if self.has(pmf) {
            let map = self.0[pmf].as_object().unwrap();
            let mut points: Vec<(i64, f64)> =
                map.iter().map(|(k, v)| (k.parse().unwrap(), v.as_f64().unwrap())).collect();
            points.sort_by_key(|point| point.0);
            let (low, high) = (points[0].0, points[points.len() - 1].0);
            let mut masses = vec![0.0; usize::try_from(high - low).unwrap() + 1];
            for (k, mass) in points {
                masses[usize::try_from(k - low).unwrap()] = mass;
            }
            return Ok(Distribution::pmf(Pmf::new(low, masses).map_err(text)?));
        }
        let inner = self.0.get(object).and_then(Value::as_object).ok_or("no distribution given")?;
        let d = Args(inner);
        let made = match inner["dist"].as_str().unwrap() {
            "normal" => Distribution::normal(d.f("mean")?, d.f("sd")?),
            "exponential" => Distribution::exponential(d.f("rate")?),
            "gamma" => Distribution::gamma(d.f("shape")?, d.f("scale")?),
            "uniform" => Distribution::uniform(d.f("low")?, d.f("high")?),
            "lognormal" => Distribution::lognormal(d.f("mu")?, d.f("sigma")?),
            "poisson" => Distribution::poisson(d.f("mean")?),
            "negative_binomial" => Distribution::negative_binomial(d.f("r")?, d.f("p")?),
            "geometric" => Distribution::geometric(d.f("p")?, start(d.f("support_from")?)),
            other => panic!("unknown family {other}"),
        };
        made.map_err(text)
    }
}

pub(crate) fn start(from: f64) -> GeometricStart {
    if from == 1.0 { GeometricStart::One } else { GeometricStart::Zero }
}

pub(crate) fn text(error: ModelError) -> String {
    error.to_string()
}
