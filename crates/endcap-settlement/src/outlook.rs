//! [`TierOutlook`]: how far a tiered clause is from its next threshold, and what reaching it is worth.

use endcap_types::{ClauseId, Money};
use rust_decimal::Decimal;

use crate::{Basis, TraceId};

/// 距下一档: the next threshold of a tiered clause, what is missing, and what it would add; the cliff of a retroactive
/// tier shows as a gain far above the rate.
///
/// It tells, and posts nothing: it is not part of the [fingerprint](crate::Statement::fingerprint).
///
/// # Source
/// House rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct TierOutlook {
    /// The clause.
    pub clause: ClauseId,
    /// The threshold, in the unit of the tier table.
    #[cfg_attr(feature = "serde", serde(with = "crate::text::decimal"))]
    pub threshold: Decimal,
    /// What is missing of the measured base, rounded up to the minor unit; a table that is exceeded, not reached, needs a
    /// trace more.
    pub missing: Basis,
    /// 达档增益: what the clause earns more at the threshold than now, floor and cap not counted.
    pub gain: Money,
    /// Why so much is missing.
    pub missing_trace: TraceId,
    /// Why so much is gained.
    pub gain_trace: TraceId,
}
