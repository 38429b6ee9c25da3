//! The weighted scorecard: points over habit, spending power and loyalty, behind gates that nothing outweighs.

use std::collections::{BTreeMap, BTreeSet};

use endcap_types::Exact;

use crate::error::AccountError;

/// Which of the three grounds a criterion speaks for (评价维度).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Dimension {
    /// How the account buys (购买习惯): frequency, recency, regularity, breadth of range.
    PurchaseHabit,
    /// How much it can buy (消费能力): turnover, size of the category, growth, potential.
    SpendingPower,
    /// How firmly it stays (品牌忠诚度): share of wallet and shelf, retention, compliance, payment conduct.
    Loyalty,
    /// Anything else, such as fit of technology.
    Other,
}

/// What happens to a criterion without points (缺失处理).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum MissingPoints {
    /// Refuse the score.
    #[default]
    Error,
    /// Leave it out and divide by the weights that remain.
    Reweight,
    /// Count 50 of 100 points.
    Neutral,
}

/// The answer to a must-pass question (准入门槛).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Gate {
    /// Passed.
    Pass,
    /// Failed: there is no score.
    Fail,
}

/// Where the points of a criterion come from (得分依据).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Basis {
    /// They were given.
    Given,
    /// They were missing and count 50.
    Neutral,
    /// They were missing and the criterion is left out.
    LeftOut,
}

/// One criterion of a scorecard (评分项).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct ScoreItem {
    /// Its name, each once.
    pub name: String,
    /// The ground it speaks for.
    pub dimension: Dimension,
    /// Its weight, above 0; weights are divided by their sum.
    pub weight: Exact,
}

/// A checked scorecard (加权评分卡).
///
/// Score `Σ w_j·p_j / Σ w_j` with points `p_j` from 0 to 100, after every gate has passed.
///
/// # Examples
///
/// ```
/// use endcap_account::{Dimension, Gate, MissingPoints, ScoreItem, Scorecard};
/// use endcap_types::Exact;
///
/// let item = |name: &str, dimension, weight| ScoreItem { name: name.into(), dimension, weight: Exact::from_int(weight) };
/// let card = Scorecard::new(
///     vec![
///         item("orders a month", Dimension::PurchaseHabit, 30),
///         item("turnover", Dimension::SpendingPower, 45),
///         item("share of wallet", Dimension::Loyalty, 25),
///     ],
///     vec!["licence".into()],
///     MissingPoints::Reweight,
/// )?;
/// let points = [("orders a month", 80), ("turnover", 60)].map(|(name, points)| (name, Exact::from_int(points)));
/// let score = card.score(points.clone(), [("licence", Gate::Pass)])?;
/// assert_eq!(score.total().to_string(), "68"); // (30·80 + 45·60) / 75; loyalty is unknown and left out
/// assert_eq!(score.by_dimension()[&Dimension::SpendingPower].to_string(), "36");
/// assert!(card.score(points, [("licence", Gate::Fail)]).is_err());
/// # Ok::<(), endcap_account::AccountError>(())
/// ```
///
/// # Source
///
/// House rule; additive scoring with knock-out criteria is common practice in supplier and distributor selection.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "ScorecardDocument", into = "ScorecardDocument"))]
pub struct Scorecard {
    items: Vec<ScoreItem>,
    gates: Vec<String>,
    missing: MissingPoints,
}

impl Scorecard {
    /// Checks criteria and gates.
    ///
    /// # Errors
    ///
    /// - [`AccountError::Empty`] without criteria; [`AccountError::DuplicateId`] for a name given twice.
    /// - [`AccountError::NegativeInput`] or [`AccountError::ZeroWeight`] for a weight that is not above zero.
    pub fn new(
        items: Vec<ScoreItem>,
        gates: Vec<String>,
        missing: MissingPoints,
    ) -> Result<Self, AccountError> {
        if items.is_empty() {
            return Err(AccountError::Empty);
        }
        let mut names = BTreeSet::new();
        for name in items.iter().map(|item| &item.name).chain(&gates) {
            if !names.insert(name) {
                return Err(AccountError::DuplicateId { id: name.clone() });
            }
        }
        for item in &items {
            if item.weight.is_negative() {
                let what = format!("the weight of {}", item.name);
                return Err(AccountError::NegativeInput { what, value: item.weight.to_string() });
            }
            if item.weight.is_zero() {
                return Err(AccountError::ZeroWeight { what: item.name.clone() });
            }
        }
        Ok(Self { items, gates, missing })
    }

    /// The criteria.
    #[must_use]
    pub fn items(&self) -> &[ScoreItem] {
        &self.items
    }

    /// The score of one account: gates first, then points by name; a criterion without an entry is missing.
    ///
    /// # Errors
    ///
    /// - [`AccountError::GateFailed`] for the first failed gate, in the order of the scorecard, before anything else.
    /// - [`AccountError::Missing`] for a gate without an answer, or points missing under [`MissingPoints::Error`].
    /// - [`AccountError::AllMissing`] where reweighting has nothing left.
    /// - [`AccountError::UnknownCriterion`] or [`AccountError::DuplicateId`] for a name that is not asked for, or twice.
    /// - [`AccountError::OutOfRange`] for points below 0 or above 100.
    /// - [`AccountError::Value`] where a sum outgrows the limit of exact numbers.
    pub fn score<'names>(
        &self,
        points: impl IntoIterator<Item = (&'names str, Exact)>,
        gates: impl IntoIterator<Item = (&'names str, Gate)>,
    ) -> Result<Score, AccountError> {
        let gates = by_name(gates, |name| self.gates.iter().any(|gate| gate == name))?;
        if let Some(failed) = self.gates.iter().find(|gate| gates.get(gate.as_str()) == Some(&Gate::Fail)) {
            return Err(AccountError::GateFailed { gate: failed.clone() });
        }
        if let Some(open) = self.gates.iter().find(|gate| !gates.contains_key(gate.as_str())) {
            return Err(AccountError::Missing { criterion: open.clone() });
        }
        let points = by_name(points, |name| self.items.iter().any(|item| item.name == name))?;
        let hundred = Exact::from_int(100);
        let mut used = Vec::with_capacity(self.items.len());
        for item in &self.items {
            let (points, basis) = match (points.get(item.name.as_str()), self.missing) {
                (Some(points), _) => (points.clone(), Basis::Given),
                (None, MissingPoints::Neutral) => (Exact::from_int(50), Basis::Neutral),
                (None, MissingPoints::Reweight) => (Exact::ZERO, Basis::LeftOut),
                (None, MissingPoints::Error) => {
                    return Err(AccountError::Missing { criterion: item.name.clone() });
                }
            };
            if points.is_negative() || points > hundred {
                let what = format!("the points of {}", item.name);
                let rule = "points are from 0 to 100";
                return Err(AccountError::OutOfRange { what, value: points.to_string(), rule });
            }
            used.push((item, points, basis));
        }
        let counted = used.iter().filter(|(_, _, basis)| *basis != Basis::LeftOut);
        let sum = Exact::sum(counted.map(|(item, _, _)| &item.weight))?;
        if sum.is_zero() {
            return Err(AccountError::AllMissing);
        }
        let contribution = |(item, points, basis): (&ScoreItem, Exact, Basis)| {
            let share = if basis == Basis::LeftOut { Exact::ZERO } else { item.weight.div(&sum)? };
            let adds = share.mul(&points)?;
            Ok(Contribution {
                name: item.name.clone(),
                dimension: item.dimension,
                share,
                points,
                adds,
                basis,
            })
        };
        let contributions = used.into_iter().map(contribution).collect::<Result<Vec<_>, AccountError>>()?;
        let total = Exact::sum(contributions.iter().map(|contribution| &contribution.adds))?;
        let mut by_dimension = BTreeMap::new();
        for contribution in &contributions {
            let sum = by_dimension.entry(contribution.dimension).or_insert(Exact::ZERO);
            *sum = sum.add(&contribution.adds)?;
        }
        Ok(Score { total, contributions, by_dimension })
    }
}

fn by_name<'names, T>(
    answers: impl IntoIterator<Item = (&'names str, T)>,
    known: impl Fn(&str) -> bool,
) -> Result<BTreeMap<&'names str, T>, AccountError> {
    let mut map = BTreeMap::new();
    for (name, answer) in answers {
        if !known(name) {
            return Err(AccountError::UnknownCriterion { name: name.to_owned() });
        }
        if map.insert(name, answer).is_some() {
            return Err(AccountError::DuplicateId { id: name.to_owned() });
        }
    }
    Ok(map)
}

/// What one criterion adds to a score (得分贡献).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contribution {
    /// The criterion.
    pub name: String,
    /// The ground it speaks for.
    pub dimension: Dimension,
    /// Its share of the weights that count, from 0 to 1.
    pub share: Exact,
    /// Its points, from 0 to 100; 0 where it is left out.
    pub points: Exact,
    /// `share · points`: what it adds to the total.
    pub adds: Exact,
    /// Where the points come from.
    pub basis: Basis,
}

/// The score of one account (综合得分) and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    total: Exact,
    contributions: Vec<Contribution>,
    by_dimension: BTreeMap<Dimension, Exact>,
}

impl Score {
    /// Points from 0 to 100.
    #[must_use]
    pub const fn total(&self) -> &Exact {
        &self.total
    }

    /// What each criterion adds, in the order of the scorecard; the sum is the total.
    #[must_use]
    pub fn contributions(&self) -> &[Contribution] {
        &self.contributions
    }

    /// What each dimension adds; the sum is the total.
    #[must_use]
    pub const fn by_dimension(&self) -> &BTreeMap<Dimension, Exact> {
        &self.by_dimension
    }
}

/// A scorecard as it is written down.
#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct ScorecardDocument {
    items: Vec<ScoreItem>,
    #[serde(default)]
    gates: Vec<String>,
    #[serde(default)]
    missing: MissingPoints,
}

#[cfg(feature = "serde")]
impl TryFrom<ScorecardDocument> for Scorecard {
    type Error = AccountError;

    fn try_from(document: ScorecardDocument) -> Result<Self, Self::Error> {
        Self::new(document.items, document.gates, document.missing)
    }
}

#[cfg(feature = "serde")]
impl From<Scorecard> for ScorecardDocument {
    fn from(card: Scorecard) -> Self {
        Self { items: card.items, gates: card.gates, missing: card.missing }
    }
}
