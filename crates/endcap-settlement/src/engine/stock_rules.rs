//! Clauses about stock: goods left unpaid, and credit when a supply price falls.

use endcap_calendar::Period;
use endcap_types::{Exact, TaxBasis};
use rust_decimal::Decimal;

use super::Run;
use super::clauses::Measured;
use super::tiered::Cumulated;
use crate::trace::Cell;
use crate::{
    Accumulation, BaseMeasure, Clause, Formula, Measure, SettlementError, StockTerms, Subject, What,
};

impl<'a> Run<'a> {
    /// 铺底: net purchases since the clause began, as far as the base reaches; nothing once it has ended.
    ///
    /// `payable = max(0, purchases − base) = purchases − min(purchases, base)`
    pub(super) fn base_stock(
        &mut self,
        clause: &'a Clause,
        limit: Decimal,
        days: Period,
    ) -> Result<Measured<'a>, SettlementError> {
        let valid = self.contract.terms().valid;
        let whole = clause.valid.and_then(|own| own.intersect(valid)).unwrap_or(valid);
        let of = (BaseMeasure::NetPurchases, TaxBasis::Inclusive);
        let since = Accumulation::Since(whole.start());
        let Cumulated { base, basis, parts, before, .. } = self.cumulated(clause, of, since, days)?;
        let ended = days.end() >= whole.end();
        let limit = if ended { Decimal::ZERO } else { limit };
        let limit = self.amount_cell(What::Cap, clause.id.as_str(), limit)?;
        let subject = Subject::of(What::Deferred, &clause.id);
        let amount = self.trace.exact(subject, Measure::Amount, Formula::Smaller, &[&base, &limit])?;
        Ok(Measured {
            clause,
            days,
            basis: Some(basis),
            parts,
            base: None,
            amount,
            rate: None,
            posted_before: before,
            free: None,
        })
    }

    /// 价格保护: `(old − new) × on hand` of each cut, rounded each; nothing where no money moved before the sale.
    pub(super) fn price_protection(
        &mut self,
        clause: &Clause,
        terms: StockTerms,
        days: Period,
    ) -> Result<Cell, SettlementError> {
        let mut credits = Vec::new();
        for fact in self.records.price_cuts.clone() {
            if !days.contains(fact.date) || !clause.scope.covers(&fact.sku, &self.catalogue)? {
                continue;
            }
            let found = fact.cut.old.tax();
            if found != self.contract.terms().amounts {
                let (what, expected) = ("the cut", self.contract.terms().amounts);
                return Err(SettlementError::TaxBasisMismatch { what, expected, found });
            }
            // The free function refuses what cannot be credited; its amount is what the trace tells.
            let rounding = self.rounding();
            let credit = fact.cut.credit(terms, &rounding)?;
            if credit.currency() != self.contract.currency() {
                let fact = format!("price cut {}", fact.document);
                let (currency, expected) = (credit.currency(), self.contract.currency());
                return Err(SettlementError::FactCurrency { fact, currency, expected });
            }
            if terms == StockTerms::PureConsignment {
                continue;
            }
            let name = format!("{} {}", fact.document, fact.sku);
            let named = |what| Subject::fact(what, &name, fact.date);
            let on_hand =
                self.trace.given(named(What::OnHandQuantity), Measure::Number, fact.cut.on_hand.to_exact());
            let mut values = Vec::new();
            for (what, price) in [(What::OldPrice, &fact.cut.old), (What::NewPrice, &fact.cut.new)] {
                let one = self.minor(price.per_unit())?;
                let price = self.trace.given(named(what), Measure::Amount, one);
                let inputs = [&price, &on_hand];
                values.push(self.trace.exact(named(what), Measure::Amount, Formula::Multiply, &inputs)?);
            }
            let inputs: Vec<&Cell> = values.iter().collect();
            let subject = named(What::PriceCut);
            credits.push(self.trace.posted(subject, Formula::Excess, &inputs, rounding)?.0);
        }
        self.sum(Subject::of(What::Entitlement, &clause.id), Measure::Amount, &credits)
    }

    fn minor(&self, amount: Decimal) -> Result<Exact, SettlementError> {
        let minor = Exact::from_int(self.contract.currency().minor_per_major());
        Ok(Exact::from_decimal(amount).mul(&minor)?)
    }
}
