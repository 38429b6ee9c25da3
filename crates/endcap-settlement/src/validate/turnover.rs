//! Rules of turnover deduction: rates, till, guarantee.

use std::collections::BTreeSet;

use endcap_calendar::Grain;
use endcap_types::{Rate, TaxBasis};

use super::Check;
use crate::problem::BrokenRule;
use crate::{
    BurdenOf, CommissionOn, Guarantee, GuaranteeAlgorithm, GuaranteeMeasure, PromotionSales, TillTerms,
    TopUpBase, TurnoverDeduction,
};

/// Most rates by condition of one contract.
const MAX_RATES: usize = 2_000;

impl Check<'_> {
    pub(super) fn turnover(&mut self, method: &TurnoverDeduction) {
        let place = "method.turnover_deduction";
        self.rate(&format!("{place}.rate"), &method.rate, 100);
        let mut seen = BTreeSet::new();
        for (index, row) in method.overrides.iter().enumerate() {
            let place = format!("{place}.overrides[{index}]");
            self.rate(&place, &row.rate, 100);
            if !seen.insert(&row.at) {
                self.tell(place, BrokenRule::DuplicateRate { target: row.at.to_string() });
            }
        }
        self.rates(&format!("{place}.rates"), method);
        if let Some(till) = &method.till {
            self.till(&format!("{place}.till"), till);
        }
        self.tax(&format!("{place}.tax"), &method.tax, method.settle);
        if let Some(tiers) = &method.tiers {
            let place = format!("{place}.tiers");
            self.table(&place, &tiers.table, tiers.method);
            self.rate_table(&place, &tiers.table);
        }
        if let Some(occupancy) = &method.occupancy {
            self.amount(&format!("{place}.occupancy.rent"), occupancy.rent);
        }
        if let Some(guarantee) = &method.guarantee {
            self.guarantee(&format!("{place}.guarantee"), guarantee, method);
        }
    }

    fn guarantee(&mut self, place: &str, guarantee: &Guarantee, method: &TurnoverDeduction) {
        self.amount(&format!("{place}.amount"), guarantee.amount);
        self.rate(&format!("{place}.rate"), &guarantee.rate, 100);
        if !matches!(guarantee.cycle, Grain::Month | Grain::Quarter | Grain::HalfYear | Grain::Year) {
            self.tell(format!("{place}.cycle"), BrokenRule::GuaranteeCycle);
        }
        let whole =
            matches!(guarantee.measure, GuaranteeMeasure::Turnover | GuaranteeMeasure::PeerCounter(_));
        let all_turnover = whole && guarantee.promotion_sales == PromotionSales::Count;
        if guarantee.top_up_on != TopUpBase::Shortfall && !all_turnover {
            self.tell(format!("{place}.top_up_on"), BrokenRule::TopUpBaseMeasure);
        }
        self.guarantee_measure(place, guarantee, method);
        let Some(overage) = &guarantee.overage else { return };
        let place = format!("{place}.overage");
        self.rate_table(&place, overage);
        let alone = method.overrides.is_empty()
            && method.rates.is_empty()
            && method.tiers.is_none()
            && guarantee.algorithm == GuaranteeAlgorithm::PerPeriod
            && guarantee.measure == GuaranteeMeasure::Turnover;
        if !alone {
            self.tell(place, BrokenRule::OverageNotAlone);
        }
    }

    /// Peer counters, bases of their own and guarantees paid first, each where they have a meaning.
    fn guarantee_measure(&mut self, place: &str, guarantee: &Guarantee, method: &TurnoverDeduction) {
        match &guarantee.measure {
            GuaranteeMeasure::TurnoverOn(_) if method.till.is_none() => {
                let rule = BrokenRule::NeedsTill { what: "a guarantee on a base of its own" };
                self.tell(format!("{place}.measure"), rule);
            }
            GuaranteeMeasure::PeerCounter(peer) => {
                self.price(&format!("{place}.measure"), peer.times);
                let ends = matches!(
                    guarantee.algorithm,
                    GuaranteeAlgorithm::PerPeriod | GuaranteeAlgorithm::CycleEnd
                );
                if !ends {
                    self.tell(format!("{place}.algorithm"), BrokenRule::PeerNeedsCycleEnd);
                }
            }
            _ => {}
        }
        let first = guarantee.algorithm == GuaranteeAlgorithm::PaidAtStart;
        let commission = guarantee.measure == GuaranteeMeasure::Commission && guarantee.rate == Rate::ONE;
        if first && (!commission || method.occupancy.is_some()) {
            self.tell(format!("{place}.algorithm"), BrokenRule::StartNeedsCommission);
        }
    }

    /// Rates by condition: each sound, and no two that one sale could fit without a winner.
    fn rates(&mut self, place: &str, method: &TurnoverDeduction) {
        let rates = &method.rates;
        if rates.len() > MAX_RATES {
            return self.tell(place, BrokenRule::TooMany { count: rates.len(), limit: MAX_RATES });
        }
        if !(rates.is_empty() || method.overrides.is_empty()) {
            self.tell(place, BrokenRule::RatesTwice);
        }
        let mut seen = BTreeSet::new();
        for (index, rule) in rates.iter().enumerate() {
            let place = format!("{place}[{}]", rule.id);
            if !seen.insert(&rule.id) {
                self.tell(place.clone(), BrokenRule::DuplicateId { id: rule.id.clone() });
            }
            self.rate(&place, &rule.rate, 100);
            if let Some(depth) = &rule.when.depth {
                self.rate(&place, &depth.from, 100);
                self.rate(&place, &depth.to, 100);
                if depth.is_empty() {
                    self.tell(place.clone(), BrokenRule::EmptyDepth { from: depth.from, to: depth.to });
                }
            }
            let tenders = !rule.when.tenders.is_empty();
            match &method.till {
                None if tenders => {
                    self.tell(place.clone(), BrokenRule::NeedsTill { what: "a rate by tender" });
                }
                None if rule.when.depth.is_some() => {
                    self.tell(place.clone(), BrokenRule::NeedsTill { what: "a rate by discount depth" });
                }
                Some(till) if tenders && till.style() == CommissionOn::Tag => {
                    self.tell(place.clone(), BrokenRule::TenderOnTag { what: "a rate by tender" });
                }
                _ => {}
            }
            for other in rates.iter().take(index).filter(|other| other.collides(rule)) {
                self.tell(place.clone(), BrokenRule::RateOverlap { other: other.id.clone() });
            }
        }
    }

    /// One style, every share within bounds, nothing said twice.
    fn till(&mut self, place: &str, till: &TillTerms) {
        if self.terms.amounts == TaxBasis::Exclusive && till.base_tax == TaxBasis::Inclusive {
            self.tell(format!("{place}.base_tax"), BrokenRule::BaseTaxUnknown);
        }
        let mut seen = BTreeSet::new();
        for fee in &till.fees {
            let place = format!("{place}.fees[{}]", fee.tender);
            self.rate(&place, &fee.rate, 100);
            if !seen.insert(&fee.tender) {
                self.tell(place, BrokenRule::DuplicateRate { target: fee.tender.to_string() });
            }
        }
        let tag = till.style() == CommissionOn::Tag;
        if tag && !till.fees.is_empty() {
            self.tell(format!("{place}.fees"), BrokenRule::TenderOnTag { what: "a fee of a tender" });
        }
        let mut seen = BTreeSet::new();
        let mut shared = false;
        for burden in &till.burdens {
            let place = format!("{place}.burdens[{}]", burden.of);
            self.rate(&place, &burden.supplier, 100);
            if !seen.insert(&burden.of) {
                self.tell(place.clone(), BrokenRule::DuplicateRate { target: burden.of.to_string() });
            }
            let discount = !matches!(burden.of, BurdenOf::Void(_));
            shared |= discount;
            if discount && !tag {
                self.tell(place, BrokenRule::StylesMixed { base: till.base.word() });
            }
        }
        if tag && !shared {
            self.tell(format!("{place}.burdens"), BrokenRule::TagWithoutBurdens);
        }
    }
}
