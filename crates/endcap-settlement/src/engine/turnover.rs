//! 流水倒扣: turnover of the period, commission by rate, guarantee.

use std::collections::BTreeMap;

use endcap_types::{Exact, Rate};

use super::rates::{Amounts, Base, Part, Rated};
use super::source::{Asked, Source, source_of};
use super::{Draft, Run};
use crate::trace::Cell;
use crate::{
    BurdenOf, Column, CommissionTiers, Formula, Guarantee, GuaranteeAlgorithm, LineKind, Measure,
    PromotionSales, RefundRate, Sale, SettlementError, Subject, TierMethod, TierTable, TurnoverDeduction,
    What,
};

/// A line about to be posted.
pub(super) struct Charge {
    pub(super) draft: Draft,
    pub(super) cell: Cell,
    /// What it is measured on, by VAT rate.
    pub(super) parts: Vec<Part>,
}

/// What the retailer charges on turnover, before rent has its say.
pub(super) struct Charges {
    /// All commission.
    pub(super) commission: Cell,
    /// Commission by rate.
    pub(super) lines: Vec<Charge>,
    /// The top-up, and whether the guarantee was missed.
    pub(super) top_up: Option<(Charge, Reached)>,
}

/// Whether the guarantee of the period was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reached {
    Yes,
    No,
}

/// What the till brought, sorted by what becomes of it.
#[derive(Default)]
pub(super) struct Read {
    /// Owed for goods.
    pub(super) goods: Amounts,
    /// Money that bears commission, by the source of its rate.
    pub(super) groups: BTreeMap<Source, Amounts>,
    /// Money that counts towards the guarantee.
    pub(super) counting: Amounts,
    /// Discounts and voids that the parties share.
    pub(super) losses: BTreeMap<BurdenOf, Rated>,
}

/// Turnover and commission of the period, as the guarantee sees them.
pub(super) struct Turned {
    /// Turnover that counts towards the guarantee.
    pub(super) turnover: Base,
    /// Commission charged on this statement.
    pub(super) commission: Cell,
}

impl Run<'_> {
    pub(super) fn turnover_deduction(&mut self, method: &TurnoverDeduction) -> Result<(), SettlementError> {
        let Read { goods, groups, counting, losses } = match &method.till {
            None => self.read_sales(method)?,
            Some(till) => self.read_till(method, till)?,
        };
        let total = self.amounts(Subject::new(What::TurnoverLine), goods)?;
        if total.parts.is_empty() {
            let vat = self.goods_at(self.contract.terms().goods_vat);
            self.post(Draft::new(Column::Goods, LineKind::Turnover, vat), &total.cell)?;
        }
        for part in total.parts {
            let draft = Draft::new(Column::Goods, LineKind::Turnover, self.goods_at(part.vat));
            self.post(draft, &part.cell)?;
        }

        let mut charges = Vec::new();
        for (source, cells) in groups {
            let base = self.amounts(source.subject(), cells)?;
            charges.push(self.commission(method, &source, base)?);
        }
        let cells: Vec<Cell> = charges.iter().map(|charge| charge.cell.clone()).collect();
        let commission = self.sum(Subject::new(What::Commission), Measure::Amount, &cells)?;
        if let Some(guarantee) = &method.guarantee
            && guarantee.algorithm == GuaranteeAlgorithm::PaidAtStart
        {
            let turnover = self.amounts(Subject::new(What::Turnover), counting)?;
            let turned = Turned { turnover, commission };
            charges = self.paid_at_start(method, guarantee, &turned, charges)?;
            for charge in charges {
                self.post_taxed(&method.tax, charge.draft, &charge.cell, charge.parts)?;
            }
            return self.share_losses(method, losses);
        }
        let top_up = match &method.guarantee {
            None => None,
            Some(guarantee) => {
                let turnover = self.amounts(Subject::new(What::Turnover), counting)?;
                let turned = Turned { turnover, commission: commission.clone() };
                Some(self.guarantee(method, guarantee, &turned)?)
            }
        };
        let charges = Charges { commission, lines: charges, top_up };
        for charge in self.with_rent(method, charges)? {
            self.post_taxed(&method.tax, charge.draft, &charge.cell, charge.parts)?;
        }
        self.share_losses(method, losses)
    }

    /// Sales as the facts bring them: their amount is the turnover.
    fn read_sales(&mut self, method: &TurnoverDeduction) -> Result<Read, SettlementError> {
        if self.one_rate() && self.at_one_rate(method) {
            let all = Amounts::Grouped(self.all_sales()?);
            let groups = if self.records.sales.len() == 0 {
                BTreeMap::new()
            } else {
                [(Source::Default, all.clone())].into()
            };
            return Ok(Read { goods: all.clone(), groups, counting: all, losses: BTreeMap::new() });
        }
        let (mut goods, mut counting) = (Rated::new(), Rated::new());
        let mut groups: BTreeMap<Source, Rated> = BTreeMap::new();
        for fact in self.records.sales.iter() {
            let sale = fact.record;
            let source = source_of(&Asked { sale, tender: None, depth: None }, method, &self.catalogue)?;
            let cell = (self.vat_of(&sale.sku)?, fact.cell.cell());
            groups.entry(source).or_default().push(cell.clone());
            if counts(method, sale) {
                counting.push(cell.clone());
            }
            goods.push(cell);
        }
        let groups = groups.into_iter().map(|(source, cells)| (source, cells.into())).collect();
        Ok(Read { goods: goods.into(), groups, counting: counting.into(), losses: BTreeMap::new() })
    }

    /// Whether every sale bears the default commission and counts towards the guarantee, whatever it is.
    fn at_one_rate(&self, method: &TurnoverDeduction) -> bool {
        let originals = method.refund_rate == RefundRate::OriginalSale && self.records.at_original > 0;
        let plain = method.rates.is_empty() && method.overrides.is_empty() && !originals;
        plain && !excludes_promotions(method)
    }

    fn commission(
        &mut self,
        method: &TurnoverDeduction,
        source: &Source,
        measured: Base,
    ) -> Result<Charge, SettlementError> {
        let base = &measured.cell;
        let rate = source.rate(method);
        let overage =
            method.guarantee.as_ref().and_then(|terms| terms.overage.as_ref().map(|table| (terms, table)));
        let subject = Subject { what: What::Commission, ..source.subject() };
        let rounding = self.rounding();
        let (formula, inputs, shown) = match (source, &method.tiers, overage) {
            (Source::Default, Some(tiers), _) => (Formula::Sum, self.commission_bands(tiers, base)?, None),
            (Source::Default, None, Some((terms, table))) => {
                (Formula::Sum, self.with_overage(terms, table, &rate, base)?, Some(rate))
            }
            _ => {
                let rate_cell = self.rate_cell(What::Rate, &subject.of, &rate);
                (Formula::Multiply, vec![base.clone(), rate_cell], Some(rate))
            }
        };
        let inputs: Vec<&Cell> = inputs.iter().collect();
        let (cell, _) = self.trace.posted(subject, formula, &inputs, rounding)?;
        let vat = (self.contract.vat_of(&method.tax), self.contract.terms().amounts);
        let mut draft = Draft::new(Column::from(method.settle), LineKind::Commission, vat);
        draft.basis = Some(measured.basis);
        draft.rate = shown;
        Ok(Charge { draft, cell, parts: measured.parts })
    }

    fn commission_bands(
        &mut self,
        tiers: &CommissionTiers,
        base: &Cell,
    ) -> Result<Vec<Cell>, SettlementError> {
        self.amount_bands(&tiers.table, tiers.method, base)
    }

    fn amount_bands(
        &mut self,
        table: &TierTable,
        method: TierMethod,
        base: &Cell,
    ) -> Result<Vec<Cell>, SettlementError> {
        let x = base.value.div(&Exact::from_int(self.contract.currency().minor_per_major()))?;
        let mut cells = Vec::new();
        for band in table.bands(method, &x) {
            let formula = Formula::Band { method, measured: Measure::Amount, band };
            cells.push(self.trace.exact(Subject::new(What::Band), Measure::Amount, formula, &[base])?);
        }
        Ok(cells)
    }

    /// 超额扣率: the commission rate up to the guarantee, bands above it.
    fn with_overage(
        &mut self,
        terms: &Guarantee,
        table: &TierTable,
        rate: &Rate,
        base: &Cell,
    ) -> Result<Vec<Cell>, SettlementError> {
        let guarantee = self.cycle_guarantee(terms, self.window)?;
        let inside = self.trace.exact(
            Subject::new(What::UpToGuarantee),
            Measure::Amount,
            Formula::Smaller,
            &[base, &guarantee],
        )?;
        let excess = self.trace.exact(
            Subject::new(What::Excess),
            Measure::Amount,
            Formula::Excess,
            &[base, &guarantee],
        )?;
        let rate = self.rate_cell(What::Rate, "", rate);
        let subject = Subject::new(What::UpToGuarantee);
        let inside = self.trace.exact(subject, Measure::Amount, Formula::Multiply, &[&inside, &rate])?;
        let mut cells = vec![inside];
        cells.extend(self.amount_bands(table, TierMethod::Marginal, &excess)?);
        Ok(cells)
    }
}

/// Whether a sale counts towards the guarantee.
pub(super) fn counts(method: &TurnoverDeduction, sale: &Sale) -> bool {
    !(excludes_promotions(method) && sale.promotion.is_some())
}

fn excludes_promotions(method: &TurnoverDeduction) -> bool {
    method.guarantee.as_ref().is_some_and(|terms| terms.promotion_sales == PromotionSales::Exclude)
}
