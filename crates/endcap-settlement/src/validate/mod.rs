//! The rules a written contract must keep; every breach is listed.

use std::collections::{BTreeMap, BTreeSet};

use endcap_calendar::Period;
use endcap_types::{Currency, Money, Rate, TaxBasis, vat::TaxSite};
use rust_decimal::Decimal;

use crate::problem::{BrokenRule, Problem};
use crate::{
    AmountRule, BaseMeasure, Clause, Consignment, ContractTerms, Method, PriceBasis, RateTarget, Scope,
    SettleMode, ShrinkBearer, StackMode, TaxRule, TierMethod, TierTable,
};

mod rules;
mod turnover;

/// Most clauses of one contract.
const MAX_CLAUSES: usize = 10_000;

/// Problems found so far, and what the checks need to know of the contract.
struct Check<'a> {
    terms: &'a ContractTerms,
    problems: Vec<Problem>,
}

/// Every broken rule of `terms`, in the order of the document.
pub(crate) fn problems(terms: &ContractTerms) -> Vec<Problem> {
    let mut check = Check { terms, problems: Vec::new() };
    check.scope("scope", &terms.scope);
    check.rate("goods_vat", &terms.goods_vat, 100);
    check.goods_vat_by();
    if let Some(rate) = &terms.service_vat {
        check.rate("service_vat", rate, 100);
    }
    if terms.amounts == TaxBasis::Exclusive && terms.tax_site != TaxSite::PerLine {
        check.tell("tax_site", BrokenRule::NetNeedsLineTax);
    }
    match &terms.method {
        Method::Consignment(method) => check.consignment(method),
        Method::CreditTerms(_) => {}
        Method::TurnoverDeduction(method) => check.turnover(method),
    }
    check.stacks();
    check.clauses();
    check.problems
}

impl Check<'_> {
    fn tell(&mut self, place: impl Into<String>, rule: BrokenRule) {
        self.problems.push(Problem { place: place.into(), rule });
    }

    fn currency(&self) -> Currency {
        self.terms.currency
    }

    fn scope(&mut self, place: &str, scope: &Scope) {
        if scope.is_empty_selection() {
            self.tell(place, BrokenRule::EmptyScope);
        }
    }

    fn rate(&mut self, place: &str, rate: &Rate, limit: u32) {
        let percent = rate.as_percent();
        if rate.is_negative() || percent > Decimal::from(limit) {
            self.tell(place, BrokenRule::RateOutside { percent, limit });
        }
    }

    /// An amount that must be postable and not negative.
    fn amount(&mut self, place: &str, amount: Decimal) {
        if amount < Decimal::ZERO {
            self.tell(place, BrokenRule::NegativeAmount { amount });
        }
        let currency = self.currency();
        if Money::from_decimal(amount, currency).is_err() {
            self.tell(place, BrokenRule::TooPrecise { amount, currency });
        }
    }

    /// A price or an amount per unit: not negative, as many decimals as it likes.
    fn price(&mut self, place: &str, amount: Decimal) {
        if amount < Decimal::ZERO {
            self.tell(place, BrokenRule::NegativeAmount { amount });
        }
    }

    fn tax(&mut self, place: &str, tax: &TaxRule, settle: SettleMode) {
        if *tax == TaxRule::Service && self.terms.service_vat.is_none() {
            self.tell(place, BrokenRule::NoServiceVat);
        }
        if let TaxRule::Rate(rate) = tax {
            self.rate(place, rate, 100);
        }
        if settle.lowers_invoice() && *tax != TaxRule::Goods {
            self.tell(place, BrokenRule::InvoiceTaxNotGoods);
        }
    }

    /// Each category, brand and SKU has one VAT rate.
    fn goods_vat_by(&mut self) {
        let mut seen = BTreeSet::new();
        for (index, row) in self.terms.goods_vat_by.iter().enumerate() {
            let place = format!("goods_vat_by[{index}]");
            self.rate(&place, &row.rate, 100);
            if row.at.is_empty() {
                self.tell(place.clone(), BrokenRule::EmptySelection);
            }
            let skus = row.at.skus.iter().cloned().map(RateTarget::Sku);
            let brands = row.at.brands.iter().cloned().map(RateTarget::Brand);
            let categories = row.at.categories.iter().cloned().map(RateTarget::Category);
            for target in skus.chain(brands).chain(categories) {
                if !seen.insert(target.clone()) {
                    self.tell(place.clone(), BrokenRule::DuplicateRate { target: target.to_string() });
                }
            }
        }
    }

    fn table(&mut self, place: &str, table: &TierTable, method: TierMethod) {
        if table.has_flat() && matches!(method, TierMethod::Rolling | TierMethod::Total) {
            self.tell(place, BrokenRule::FlatNotDefined);
        }
    }

    fn rate_table(&mut self, place: &str, table: &TierTable) {
        if table.is_per_unit() {
            let rule = BrokenRule::MeasureMismatch { rule: "an amount per unit", measure: "turnover" };
            self.tell(place, rule);
        }
    }

    fn consignment(&mut self, method: &Consignment) {
        let place = "method.consignment";
        if method.price_basis.is_listed() && method.prices.is_empty() {
            self.tell(format!("{place}.prices"), BrokenRule::NoPrices);
        }
        let basis = format!("{place}.price_basis");
        match &method.price_basis {
            PriceBasis::TillLessFee(fee) => {
                self.rate(&basis, &fee.rate, 100);
                self.base_tax(&basis, fee.base_tax);
                self.tax(&basis, &fee.tax, fee.settle);
            }
            PriceBasis::TillLessMarkup(markup) => self.rate(&basis, markup, 1_000),
            _ => {}
        }
        let mut seen = BTreeSet::new();
        for (index, price) in method.prices.iter().enumerate() {
            self.price(&format!("{place}.prices[{index}]"), price.price);
            if !seen.insert((&price.sku, price.from)) {
                let rule = BrokenRule::DuplicatePrice { sku: price.sku.to_string(), from: price.from };
                self.tell(format!("{place}.prices[{index}]"), rule);
            }
        }
        let shrink = format!("{place}.shrink");
        match &method.shrink {
            ShrinkBearer::Retailer => return,
            ShrinkBearer::Supplier => {}
            ShrinkBearer::Shared(rate) | ShrinkBearer::RetailerAboveAllowance(rate) => {
                self.rate(&shrink, rate, 100)
            }
        }
        if method.shrink_agreement.is_none() {
            self.tell(shrink, BrokenRule::ShrinkWithoutAgreement);
        }
    }

    fn stacks(&mut self) {
        let mut seen = BTreeSet::new();
        for stack in &self.terms.stacks {
            let place = format!("stacks[{}]", stack.id);
            if !seen.insert(&stack.id) {
                self.tell(place.clone(), BrokenRule::DuplicateId { id: stack.id.clone() });
            }
            if let StackMode::CappedSum(cap) = &stack.mode {
                self.amount(&place, *cap);
            }
        }
    }

    fn clauses(&mut self) {
        let terms = self.terms;
        if terms.clauses.len() > MAX_CLAUSES {
            let rule = BrokenRule::TooMany { count: terms.clauses.len(), limit: MAX_CLAUSES };
            return self.tell("clauses", rule);
        }
        let mut seen = BTreeSet::new();
        let mut funding = BTreeMap::new();
        for clause in &terms.clauses {
            let place = format!("clauses[{}]", clause.id);
            if !seen.insert(&clause.id) {
                self.tell(place.clone(), BrokenRule::DuplicateId { id: clause.id.to_string() });
            }
            self.clause(&place, clause);
            if clause.rule == AmountRule::PromotionFunding
                && let Some(other) = funding.insert(clause.kind, &clause.id)
            {
                let rule = BrokenRule::DoubleFunding { kind: clause.kind.word(), other: other.to_string() };
                self.tell(format!("{place}.rule"), rule);
            }
        }
    }

    fn clause(&mut self, place: &str, clause: &Clause) {
        self.scope(&format!("{place}.scope"), &clause.scope);
        let contract: Period = self.terms.valid;
        if let Some(valid) = clause.valid
            && valid.intersect(contract).is_none()
        {
            self.tell(format!("{place}.valid"), BrokenRule::OutsideContract { valid, contract });
        }
        self.rule(&format!("{place}.rule"), clause);
        self.tax(&format!("{place}.tax"), &clause.tax, clause.settle);
        for (name, limit) in [("floor", clause.floor), ("cap", clause.cap)] {
            if let Some(limit) = limit {
                self.amount(&format!("{place}.{name}"), limit);
            }
        }
        if let (Some(floor), Some(cap)) = (clause.floor, clause.cap)
            && floor > cap
        {
            self.tell(place, BrokenRule::FloorAboveCap { floor, cap });
        }
        self.stacking(place, clause);
    }

    fn rule(&mut self, place: &str, clause: &Clause) {
        match &clause.rule {
            AmountRule::Fixed(amount) | AmountRule::PerStore(amount) | AmountRule::PerOccasion(amount) => {
                self.amount(place, *amount);
            }
            AmountRule::PerUnit(rule) => {
                self.price(place, rule.amount);
                self.measure(place, "per_unit", rule.of, true);
            }
            AmountRule::Percent(rule) => {
                self.rate(place, &rule.rate, 100);
                self.measure(place, "percent", rule.of, false);
                self.goods_scope(place, rule.of, clause);
                self.base_tax(place, rule.base_tax);
            }
            AmountRule::Tiered(rule) => {
                let (name, quantity) =
                    if rule.table.is_per_unit() { ("an amount per unit", true) } else { ("a rate", false) };
                self.measure(place, name, rule.of, quantity);
                self.goods_scope(place, rule.of, clause);
                self.table(place, &rule.table, rule.method);
                if !quantity {
                    self.base_tax(place, rule.base_tax);
                    self.base_by_rate(place, rule.base_tax, clause);
                }
                self.since(place, clause);
            }
            AmountRule::PromotionFunding | AmountRule::PriceProtection(_) => {}
            AmountRule::Growth(rule) => self.growth(place, rule, clause),
            AmountRule::FreeGoods(rule) => self.free_goods(place, rule, clause),
            AmountRule::BaseStock(amount) => self.base_stock(place, *amount, clause),
        }
    }

    fn since(&mut self, place: &str, clause: &Clause) {
        let contract = self.terms.valid;
        if let Some(since) = clause.rule.since()
            && !contract.contains(since)
        {
            self.tell(place, BrokenRule::SinceOutside { since, contract });
        }
    }

    fn measure(&mut self, place: &str, rule: &'static str, measure: BaseMeasure, quantity: bool) {
        if measure.is_quantity() != quantity {
            self.tell(place, BrokenRule::MeasureMismatch { rule, measure: measure.word() });
        }
    }

    fn goods_scope(&mut self, place: &str, measure: BaseMeasure, clause: &Clause) {
        if measure == BaseMeasure::Goods && (clause.scope != Scope::All || clause.valid.is_some()) {
            self.tell(place, BrokenRule::GoodsNeedWholeScope);
        }
    }

    fn base_tax(&mut self, place: &str, base_tax: TaxBasis) {
        if self.terms.amounts == TaxBasis::Exclusive && base_tax == TaxBasis::Inclusive {
            self.tell(place, BrokenRule::BaseTaxUnknown);
        }
    }

    /// A cumulative base without VAT is only known by rate where the lines of the clause are.
    fn base_by_rate(&mut self, place: &str, base_tax: TaxBasis, clause: &Clause) {
        let brought_down = self.terms.amounts == TaxBasis::Inclusive && base_tax == TaxBasis::Exclusive;
        let several = !self.terms.goods_vat_by.is_empty();
        if several && brought_down && clause.rule.since().is_some() && clause.tax != TaxRule::Goods {
            self.tell(place, BrokenRule::NetCumulationNeedsGoodsTax);
        }
    }

    fn stacking(&mut self, place: &str, clause: &Clause) {
        let terms = self.terms;
        let place = format!("{place}.stack");
        let mode = match &clause.stack {
            None => None,
            Some(name) => match terms.stacks.iter().find(|stack| stack.id == *name) {
                Some(stack) => Some(&stack.mode),
                None => return self.tell(place, BrokenRule::UnknownStack { stack: name.clone() }),
            },
        };
        match mode {
            Some(mode @ (StackMode::Cascade | StackMode::Directed))
                if !matches!(clause.rule, AmountRule::Percent(_)) =>
            {
                self.tell(place.clone(), BrokenRule::StackRule { mode: mode.word(), takes: "percentages" });
            }
            Some(mode @ (StackMode::BestOf | StackMode::CappedSum(_))) if clause.rule.since().is_some() => {
                let takes = "rules that do not accumulate";
                self.tell(place.clone(), BrokenRule::StackRule { mode: mode.word(), takes });
            }
            _ => {}
        }
        for other in &clause.reduced_by {
            let fits = mode == Some(&StackMode::Directed)
                && *other != clause.id
                && terms.clauses.iter().any(|peer| peer.id == *other && peer.stack == clause.stack);
            if !fits {
                self.tell(place.clone(), BrokenRule::ReducedByOutside { clause: other.to_string() });
            }
        }
    }
}
