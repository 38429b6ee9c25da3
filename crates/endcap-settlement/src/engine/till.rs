//! 收银口径: sales by discount and tender, as a contract reads them.

use std::collections::BTreeMap;

use endcap_types::{Exact, Rate, TaxBasis};

use super::rates::Rated;
use super::records::Fact;
use super::source::{Asked, Source, source_of};
use super::turnover::{Read, counts};
use super::{Draft, Run};
use crate::trace::{Cell, Stated};
use crate::{
    Burden, BurdenOf, Column, CommissionOn, FactError, Formula, GuaranteeMeasure, LineKind, Measure, Sale,
    SettlementError, Subject, TaxRule, Tender, TillSale, TillTerms, TurnoverBase, TurnoverDeduction, What,
};

/// Money that bears commission, and the tender it was paid with where the base knows it.
type Paid<'a> = Vec<(Option<&'a Tender>, Cell)>;

impl<'a> Run<'a> {
    /// Sales by their till detail.
    pub(super) fn read_till(
        &mut self,
        method: &TurnoverDeduction,
        till: &TillTerms,
    ) -> Result<Read, SettlementError> {
        let measured_on = match method.guarantee.as_ref().map(|terms| terms.measure) {
            Some(GuaranteeMeasure::TurnoverOn(base)) => base,
            _ => till.base,
        };
        let details = self.records.tills.iter().copied().chain(core::iter::repeat(None));
        let facts: Vec<(Fact<'a, Sale, Stated>, Option<&'a TillSale>)> =
            self.records.sales.iter().zip(details).collect();
        let (mut goods, mut counting) = (Rated::new(), Rated::new());
        let mut groups: BTreeMap<Source, Rated> = BTreeMap::new();
        let mut losses = BTreeMap::new();
        for (fact, detail) in facts {
            let sale = fact.record;
            let Some(detail) = detail else {
                let (document, date) = (sale.document.clone(), sale.date);
                return Err(FactError::NoTillDetail { document, date }.into());
            };
            let vat = self.vat_of(&sale.sku)?;
            let depth = detail.depth()?;
            let paid = self.till_base(till.base, till, detail, &vat)?;
            if counts(method, sale) {
                let counted = if measured_on == till.base {
                    paid.clone()
                } else {
                    self.till_base(measured_on, till, detail, &vat)?
                };
                counting.extend(counted.into_iter().map(|(_, cell)| (vat, cell)));
            }
            for (tender, cell) in paid {
                let asked = Asked { sale, tender, depth: Some(&depth) };
                let source = source_of(&asked, method, &self.catalogue)?;
                groups.entry(source).or_default().push((vat, cell));
            }
            let settled = match till.style() {
                CommissionOn::Received => fact.cell.cell(),
                CommissionOn::Tag => self.tag(detail),
            };
            goods.push((vat, settled));
            self.losses(till, detail, vat, &mut losses)?;
        }
        let groups = groups.into_iter().map(|(source, cells)| (source, cells.into())).collect();
        Ok(Read { goods: goods.into(), groups, counting: counting.into(), losses })
    }

    fn tag(&mut self, detail: &TillSale) -> Cell {
        let name = format!("{} {}", detail.sale.document, detail.sale.sku);
        self.trace.given_money(Subject::fact(What::TagPrice, name, detail.sale.date), &detail.tag)
    }

    /// The money of one sale that counts on a base: the tag price, or tender by tender.
    fn till_base(
        &mut self,
        base: TurnoverBase,
        till: &TillTerms,
        detail: &'a TillSale,
        vat: &Rate,
    ) -> Result<Paid<'a>, SettlementError> {
        if till.leaves_out(detail) {
            return Ok(Vec::new());
        }
        let sale = &detail.sale;
        let mut paid: Paid<'a> = Vec::new();
        if base.on_tag() {
            let tag = self.tag(detail);
            paid.push((None, tag));
        } else {
            for part in sorted(detail) {
                if base.without_points() && part.tender == Tender::Points {
                    continue;
                }
                let named = |what| {
                    let name = format!("{} {} {}", sale.document, sale.sku, part.tender);
                    Subject::fact(what, name, sale.date)
                };
                let mut cell = self.trace.given_money(named(What::TenderPaid), &part.amount);
                if base.without_void() && part.tender != Tender::Points && !part.void.is_zero() {
                    let void = self.trace.given_money(named(What::TenderVoid), &part.void);
                    cell = self.less(named(What::TurnoverBase), &cell, &void)?;
                }
                if let Some(rate) = till.fee(&part.tender) {
                    let rate = self.rate_cell(What::TenderFee, part.tender.word(), rate);
                    let subject = named(What::TenderFee);
                    let fee =
                        self.trace.exact(subject, Measure::Amount, Formula::Multiply, &[&cell, &rate])?;
                    cell = self.less(named(What::TurnoverBase), &cell, &fee)?;
                }
                paid.push((Some(&part.tender), cell));
            }
        }
        if till.base_tax == TaxBasis::Exclusive && self.contract.terms().amounts == TaxBasis::Inclusive {
            let rate = self.rate_cell(What::VatRate, "", vat);
            for (_, cell) in &mut paid {
                let subject =
                    Subject::fact(What::WithoutTax, format!("{} {}", sale.document, sale.sku), sale.date);
                *cell = self.trace.exact(subject, Measure::Amount, Formula::WithoutTax, &[&*cell, &rate])?;
            }
        }
        Ok(paid)
    }

    fn less(&mut self, subject: Subject, from: &Cell, take: &Cell) -> Result<Cell, SettlementError> {
        Ok(self.trace.exact(subject, Measure::Amount, Formula::Subtract, &[from, take])?)
    }

    /// Discounts, where the contract shares them, and what is void of the tenders.
    fn losses(
        &mut self,
        till: &TillTerms,
        detail: &TillSale,
        vat: Rate,
        losses: &mut BTreeMap<BurdenOf, Rated>,
    ) -> Result<(), SettlementError> {
        let sale = &detail.sale;
        let nobody = |loss: String, amount| {
            let document = sale.document.clone();
            SettlementError::from(FactError::NoBurden { document, loss, amount })
        };
        if till.style() == CommissionOn::Tag {
            let mut discounts: Vec<_> = detail.discounts.iter().collect();
            discounts.sort_by_key(|less| (&less.kind, less.amount.minor()));
            for less in discounts.into_iter().filter(|less| !less.amount.is_zero()) {
                let burden = till.discount(&less.kind);
                let burden = burden.ok_or_else(|| nobody(format!("discount {}", less.kind), less.amount))?;
                let name = format!("{} {} {}", sale.document, sale.sku, less.kind);
                let subject = Subject::fact(What::TillDiscount, name, sale.date);
                let cell = self.trace.given_money(subject, &less.amount);
                losses.entry(burden.of.clone()).or_default().push((vat, cell));
            }
        }
        for part in sorted(detail).into_iter().filter(|part| !part.void.is_zero()) {
            let burden = till.void(&part.tender);
            let burden = burden.ok_or_else(|| nobody(format!("void of {}", part.tender), part.void))?;
            let name = format!("{} {} {}", sale.document, sale.sku, part.tender);
            let subject = Subject::fact(What::TenderVoid, name, sale.date);
            let cell = self.trace.given_money(subject, &part.void);
            losses.entry(burden.of.clone()).or_default().push((vat, cell));
        }
        Ok(())
    }

    /// One line for the supplier's share of each loss; it changes the price of the goods and carries their VAT.
    pub(super) fn share_losses(
        &mut self,
        method: &TurnoverDeduction,
        losses: BTreeMap<BurdenOf, Rated>,
    ) -> Result<(), SettlementError> {
        let burdens = method.till.as_ref().map_or(&[][..], |till| &till.burdens);
        let rounding = self.rounding();
        for (of, cells) in losses {
            let Some(Burden { supplier, .. }) = burdens.iter().find(|burden| burden.of == of) else {
                continue;
            };
            let base = self.amounts(Subject::of(What::TillDiscount, &of), cells)?;
            let rate = self.rate_cell(What::Rate, &of.to_string(), supplier);
            let subject = Subject::of(What::DiscountShare, &of);
            let (cell, _) = self.trace.posted(subject, Formula::Multiply, &[&base.cell, &rate], rounding)?;
            let vat = self.goods_at(self.contract.terms().goods_vat);
            let mut draft = Draft::new(Column::from(method.settle), LineKind::DiscountShare, vat);
            draft.basis = Some(base.basis);
            draft.rate = Some(*supplier);
            self.post_taxed(&TaxRule::Goods, draft, &cell, base.parts)?;
        }
        Ok(())
    }

    /// The turnover of the peer counter in a cycle, times what the contract says.
    pub(super) fn peer_guarantee(
        &mut self,
        times: rust_decimal::Decimal,
        cycle: endcap_calendar::Period,
        stated: &Cell,
    ) -> Result<Cell, SettlementError> {
        let days = cycle.intersect(self.contract.terms().valid).unwrap_or(cycle);
        let inside = self.records.peers.iter().filter(|fact| days.contains(fact.record.date));
        let cells: Vec<Cell> = inside.map(|fact| fact.cell.clone()).collect();
        let turnover = self.sum(Subject::new(What::PeerTurnover), Measure::Amount, &cells)?;
        let times =
            self.trace.given(Subject::new(What::Multiple), Measure::Number, Exact::from_decimal(times));
        let (subject, rounding) = (Subject::new(What::Guarantee), self.rounding());
        let inputs = [&turnover, &times];
        let (peer, _) = self.trace.posted(subject.clone(), Formula::Multiply, &inputs, rounding)?;
        Ok(self.trace.exact(subject, Measure::Amount, Formula::Larger, &[stated, &peer])?)
    }
}

/// The tenders of a sale in an order of their own, whatever the order the till wrote them in.
fn sorted(detail: &TillSale) -> Vec<&crate::TenderAmount> {
    let mut parts: Vec<_> = detail.tenders.iter().collect();
    parts.sort_by_key(|part| (&part.tender, part.amount.minor(), part.void.minor()));
    parts
}
