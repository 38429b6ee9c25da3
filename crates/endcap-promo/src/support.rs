//! What tactics cost that never pass the till: sampling, leaflets, displays, promoters. Exact rationals.
//!
//! Amounts are minor units of one currency; nothing is rounded here, because provisions are posted elsewhere.

use std::collections::BTreeMap;

use endcap_types::{AccountId, Exact, Rate};

use crate::PromoError;

/// Sampling (试吃 / 派样).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Sampling {
    /// Days × stores on which somebody samples.
    pub store_days: u32,
    /// Cost of one of them.
    pub day_rate: Exact,
    /// Samples handed out.
    pub samples: u64,
    /// Cost of one.
    pub sample_cost: Exact,
    /// Shoppers who bought for the first time afterwards.
    pub trialists: u64,
    /// Of those, the ones who bought again.
    pub repeaters: u64,
}

/// What sampling came to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SamplingResult {
    /// `days · day rate + samples · sample cost`.
    pub cost: Exact,
    /// Cost of one shopper who came back; none when nobody did.
    pub cost_per_repeater: crate::Measure,
    /// Repeaters / trialists.
    pub repeat_rate: crate::Measure,
}

/// Cost and yield of sampling (试吃成本与复购): judged by who comes back, not by the week's sales.
///
/// # Errors
///
/// - [`PromoError::Types`] when a result leaves the range of exact numbers.
///
/// # Examples
///
/// ```
/// use endcap_promo::support::{Sampling, sampling};
/// use endcap_types::Exact;
/// let n = Exact::from_int;
/// let result = sampling(&Sampling {
///     store_days: 20, day_rate: n(30_000), samples: 4_000, sample_cost: n(80), trialists: 600, repeaters: 150,
/// })?;
/// assert_eq!(result.cost, n(920_000)); // 9,200.00
/// assert_eq!(result.repeat_rate.to_percent(0), "25%");
/// # Ok::<(), endcap_promo::PromoError>(())
/// ```
///
/// # Source
///
/// House rule.
pub fn sampling(plan: &Sampling) -> Result<SamplingResult, PromoError> {
    let int = |n: u64| Exact::from_int(i128::from(n));
    let people = Exact::from_int(i128::from(plan.store_days)).mul(&plan.day_rate)?;
    let cost = people.add(&int(plan.samples).mul(&plan.sample_cost)?)?;
    Ok(SamplingResult {
        cost_per_repeater: crate::Measure::ratio(&cost, &int(plan.repeaters), crate::Undefined::NothingSold)?,
        repeat_rate: crate::Measure::ratio(
            &int(plan.repeaters),
            &int(plan.trialists),
            crate::Undefined::NothingSold,
        )?,
        cost,
    })
}

/// Displays or leaflets as planned and as found (堆头 / 海报执行).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Presence {
    /// Fee of one position for one day (of one item for one issue, for a leaflet).
    pub fee: Exact,
    /// Position-days agreed, by store.
    pub agreed: BTreeMap<endcap_types::StoreId, u32>,
    /// Position-days proved, by store; a store that is not listed proved none.
    pub proved: BTreeMap<endcap_types::StoreId, u32>,
}

/// What presence came to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct PresenceResult {
    /// Fee of everything agreed.
    pub agreed: Exact,
    /// Fee of what was proved, at most what was agreed, store by store: what is due.
    pub due: Exact,
    /// `agreed − due`: clawed back or not paid (扣回).
    pub claw_back: Exact,
    /// Position-days proved / agreed.
    pub compliance: crate::Measure,
}

/// Settles displays and leaflets against their proof (核销): days nobody proved are not paid, extra days earn nothing.
///
/// # Errors
///
/// - [`PromoError::Types`] when a result leaves the range of exact numbers.
///
/// # Examples
///
/// ```
/// use endcap_promo::support::{Presence, presence};
/// use endcap_types::Exact;
/// let result = presence(&Presence {
///     fee: Exact::from_int(12_000), // 120.00 a day
///     agreed: [("S1".parse()?, 14), ("S2".parse()?, 14)].into(),
///     proved: [("S1".parse()?, 20), ("S2".parse()?, 9)].into(),
/// })?;
/// assert_eq!(result.due, Exact::from_int(276_000)); // 14 + 9 days
/// assert_eq!(result.claw_back, Exact::from_int(60_000)); // 5 days nothing stood there
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// House rule: due only with proof, store by store.
pub fn presence(plan: &Presence) -> Result<PresenceResult, PromoError> {
    let mut agreed = Exact::ZERO;
    let mut proved = Exact::ZERO;
    for (store, days) in &plan.agreed {
        let done = plan.proved.get(store).copied().unwrap_or(0).min(*days);
        agreed = agreed.add(&Exact::from_int(i128::from(*days)))?;
        proved = proved.add(&Exact::from_int(i128::from(done)))?;
    }
    let (fee_agreed, due) = (agreed.mul(&plan.fee)?, proved.mul(&plan.fee)?);
    Ok(PresenceResult {
        claw_back: fee_agreed.sub(&due)?,
        compliance: crate::Measure::ratio(&proved, &agreed, crate::Undefined::NothingSold)?,
        agreed: fee_agreed,
        due,
    })
}

/// Promoters (导购 / 临促), alone or with partners.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Promoters {
    /// Days × stores.
    pub store_days: u32,
    /// Cost of one of them.
    pub day_rate: Exact,
    /// Units they sold.
    pub units: u64,
    /// Commission a unit.
    pub commission: Exact,
    /// Shares of partner brands (联合促销); the supplier pays the rest.
    pub partners: BTreeMap<AccountId, Rate>,
}

/// What promoters came to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct PromoterCost {
    /// `days · day rate + units · commission`.
    pub cost: Exact,
    /// What each partner pays.
    pub partners: BTreeMap<AccountId, Exact>,
    /// What is left for the supplier.
    pub supplier: Exact,
}

/// Cost of promoters and who bears it (导购成本分摊): the parts sum to the whole.
///
/// # Errors
///
/// - [`PromoError::OptionOutOfRange`] when a partner's share is negative or together they bear more than all of it.
/// - [`PromoError::Types`] when a result leaves the range of exact numbers.
///
/// # Source
///
/// House rule.
pub fn promoters(plan: &Promoters) -> Result<PromoterCost, PromoError> {
    let refuse = |value: String| PromoError::OptionOutOfRange {
        option: "partners",
        value,
        expected: "shares of 0% or more, together at most 100%",
    };
    let cost = Exact::from_int(i128::from(plan.store_days)).mul(&plan.day_rate)?;
    let cost = cost.add(&Exact::from_int(i128::from(plan.units)).mul(&plan.commission)?)?;
    let mut supplier = cost.clone();
    let mut shares = Rate::ZERO;
    let mut partners = BTreeMap::new();
    for (partner, share) in &plan.partners {
        shares = shares.checked_add(share)?;
        if share.is_negative() || shares > Rate::ONE {
            return Err(refuse(share.to_string()));
        }
        let part = cost.mul(&share.to_exact())?;
        supplier = supplier.sub(&part)?;
        partners.insert(partner.clone(), part);
    }
    Ok(PromoterCost { cost, partners, supplier })
}
