//! Growth rebates and free goods.

use endcap_calendar::Period;
use endcap_types::{Exact, Quantity, TaxBasis};

use super::Run;
use super::clauses::Measured;
use super::layers::quantity_of;
use super::tiered::Cumulated;
use crate::trace::Cell;
use crate::{
    Accumulation, BaseMeasure, Basis, Clause, FactError, Formula, FreeGoods, FreeGoodsValue, Growth,
    GrowthBase, GrowthBy, Measure, SettlementError, Subject, TierMethod, What,
};

impl<'a> Run<'a> {
    /// 增长返利: the band that growth reaches, on the total or the increment.
    pub(super) fn growth(
        &mut self,
        clause: &'a Clause,
        rule: &Growth,
        days: Period,
    ) -> Result<Measured<'a>, SettlementError> {
        let measured = self.cumulated(clause, (rule.of, rule.base_tax), rule.accumulate, days)?;
        let Cumulated { base, basis, parts, kind, before, begin } = measured;
        let id = clause.id.as_str();
        let reference = self.reference(clause, kind, Period::new(begin, days.end())?)?;
        if reference.value.signum() <= 0 {
            let reference = self.in_table(kind, &reference)?.to_string();
            return Err(SettlementError::GrowthReference { reference });
        }
        let subject = Subject::of(What::Increment, id);
        let increment = self.trace.exact(subject, kind, Formula::Subtract, &[&base, &reference])?;
        let (grown, by) = match rule.by {
            GrowthBy::Increment => (increment.clone(), kind),
            GrowthBy::Percent => {
                let subject = Subject::of(What::GrowthShare, id);
                let inputs = [&increment, &reference];
                (self.trace.exact(subject, Measure::Share, Formula::Ratio, &inputs)?, Measure::Share)
            }
        };
        let x = match by {
            Measure::Share => grown.value.mul(&Exact::from_int(100))?,
            _ => self.in_table(by, &grown)?,
        };
        let mut cells = Vec::new();
        if let Some(band) = rule.table.bands(TierMethod::Whole, &x).pop() {
            let on = match rule.pay_on {
                GrowthBase::Total => &base,
                GrowthBase::Increment => &increment,
            };
            let subject = Subject::of(What::BandRate, id);
            let unit = if rule.table.is_per_unit() { Measure::Amount } else { Measure::Share };
            let flat = band.flat;
            let formula = Formula::TierRate { measured: by, band };
            let pay = self.trace.exact(subject, unit, formula, &[&grown])?;
            cells.push(self.product(clause, on, &pay)?);
            if !flat.is_zero() {
                cells.push(self.price_cell(What::FlatAmount, id, flat)?);
            }
        }
        let amount = self.sum(Subject::of(What::Entitlement, id), Measure::Amount, &cells)?;
        let basis = Some(basis);
        Ok(Measured {
            clause,
            days,
            basis,
            parts,
            base: None,
            amount,
            rate: None,
            posted_before: before,
            free: None,
        })
    }

    /// The sum of what a clause compares with.
    fn reference(&mut self, clause: &Clause, kind: Measure, days: Period) -> Result<Cell, SettlementError> {
        let mut cells = Vec::new();
        for fact in &self.records.references {
            if fact.clause != clause.id || !days.contains(fact.date) {
                continue;
            }
            let value = match (&fact.base, kind) {
                (Basis::Amount(money), Measure::Amount) if money.currency() == self.contract.currency() => {
                    Exact::from_int(money.minor())
                }
                (Basis::Quantity(quantity), Measure::Number) => quantity.to_exact(),
                _ => {
                    let (document, clause) = (fact.document.clone(), clause.id.clone());
                    return Err(FactError::ReferenceKind { document, clause }.into());
                }
            };
            let name = format!("{} {}", clause.id, fact.document);
            cells.push(self.trace.given(Subject::fact(What::Reference, name, fact.date), kind, value));
        }
        self.sum(Subject::of(What::Reference, &clause.id), kind, &cells)
    }

    /// 搭赠: free units for full multiples, at their value.
    pub(super) fn free_goods(
        &mut self,
        clause: &'a Clause,
        rule: &FreeGoods,
        days: Period,
    ) -> Result<Measured<'a>, SettlementError> {
        let of = (rule.of, TaxBasis::Inclusive);
        let Cumulated { base, basis, parts, before, begin, .. } =
            self.cumulated(clause, of, rule.accumulate, days)?;
        let id = clause.id.as_str();
        let named = |what| Subject::of(what, id);
        let buy = self.trace.given(named(What::Multiple), Measure::Number, Exact::from_decimal(rule.buy));
        let each =
            self.trace.given(named(What::PerMultiple), Measure::Number, Exact::from_decimal(rule.free));
        let (subject, inputs) = (named(What::FullMultiples), [&base, &buy]);
        let full = self.trace.exact(subject, Measure::Number, Formula::FullMultiples, &inputs)?;
        let (subject, inputs) = (named(What::FreeQuantity), [&full, &each]);
        let free = self.trace.exact(subject, Measure::Number, Formula::Multiply, &inputs)?;
        let amount = match rule.value {
            FreeGoodsValue::Price(price) => {
                let price = self.price_cell(What::UnitAmount, id, price)?;
                self.product(clause, &free, &price)?
            }
            FreeGoodsValue::Average => {
                let money = match rule.of {
                    BaseMeasure::SoldQuantity => BaseMeasure::Turnover,
                    _ => BaseMeasure::NetPurchases,
                };
                let cost = self.measured(money, &clause.scope, days)?.cell;
                if free.value.is_zero() {
                    self.sum(named(What::Entitlement), Measure::Amount, &[])?
                } else {
                    let (subject, inputs) = (named(What::Entitlement), [&cost, &free, &base]);
                    self.trace.exact(subject, Measure::Amount, Formula::Prorate, &inputs)?
                }
            }
        };
        let like = match &basis {
            Basis::Quantity(quantity) => *quantity,
            _ => Quantity::zero(endcap_types::Unit::Piece),
        };
        let mut given = quantity_of(&free.value, like)?;
        if matches!(rule.accumulate, Accumulation::Since(_)) {
            for statement in self.prior_since(id, begin)? {
                let lines = statement.lines().iter().filter(|line| line.clause.as_ref() == Some(&clause.id));
                for earlier in lines.filter_map(|line| line.free) {
                    // Units of a month without sales are those of nothing.
                    if !earlier.is_zero() {
                        given = given.checked_sub(&earlier)?;
                    }
                }
            }
        }
        Ok(Measured {
            clause,
            days,
            basis: Some(basis),
            parts,
            base: None,
            amount,
            rate: None,
            posted_before: before,
            free: Some(given),
        })
    }
}
