//! What consignment goods are worth beside their layers: contract prices, till money, the retailer's fee, and losses.

use rust_decimal::Decimal;

use super::consignment::{listed, no_price};
use super::rates::{Base, Rated};
use super::tiered::by_rate;
use super::{Draft, Run};
use crate::trace::Cell;
use crate::{
    Basis, Column, Consignment, Formula, LineKind, Measure, PriceBasis, Sale, SalesFee, SettlementError,
    ShrinkBearer, Subject, TaxRule, What,
};

impl Run<'_> {
    /// The contract price of a sale, where goods are settled at contract prices.
    pub(super) fn contract_price(
        &self,
        method: &Consignment,
        sale: &Sale,
    ) -> Result<Option<Decimal>, SettlementError> {
        let on = match method.price_basis {
            PriceBasis::PriceAtSale => sale.date,
            PriceBasis::PriceAtSettlement => self.window.last_day(),
            _ => return Ok(None),
        };
        let price = listed(method, &sale.sku, on, sale.quantity.unit());
        price.map(Some).ok_or_else(|| no_price(&sale.sku, sale.quantity, on))
    }

    /// The till money of a sale, where goods are settled at it.
    pub(super) fn till_part(
        &mut self,
        method: &Consignment,
        sale: &Sale,
    ) -> Result<Option<Cell>, SettlementError> {
        let name = format!("{} {}", sale.document, sale.sku);
        let till = Subject::fact(What::Sale, &name, sale.date);
        match &method.price_basis {
            PriceBasis::TillLessFee(_) => Ok(Some(self.trace.given_money(till, &sale.amount))),
            PriceBasis::TillLessMarkup(markup) => {
                let till = self.trace.given_money(till, &sale.amount);
                let markup = self.rate_cell(What::Markup, "", markup);
                let subject = Subject::of(What::LayerPart, name);
                let inputs = [&till, &markup];
                let part = self.trace.exact(subject, Measure::Amount, Formula::WithoutTax, &inputs)?;
                Ok(Some(part))
            }
            _ => Ok(None),
        }
    }

    /// 手续费: the retailer's fee on the goods settled.
    pub(super) fn sales_fee(&mut self, fee: &SalesFee, sold: Rated) -> Result<(), SettlementError> {
        let goods = self.amounts(Subject::new(What::SoldGoods), sold)?;
        let base = self.with_base_tax(goods.cell, by_rate(&goods.parts), fee.base_tax)?;
        let rate = self.rate_cell(What::Rate, "", &fee.rate);
        let (subject, rounding) = (Subject::new(What::Commission), self.rounding());
        let (cell, _) = self.trace.posted(subject, Formula::Multiply, &[&base, &rate], rounding)?;
        let vat = (self.contract.vat_of(&fee.tax), self.contract.terms().amounts);
        let mut draft = Draft::new(Column::from(fee.settle), LineKind::Commission, vat);
        draft.basis = Some(goods.basis);
        draft.rate = Some(fee.rate);
        self.post_taxed(&fee.tax, draft, &cell, goods.parts)
    }

    /// 损耗: the part of the loss that the retailer pays.
    pub(super) fn shrink(
        &mut self,
        method: &Consignment,
        sold: &[Cell],
        losses: Rated,
    ) -> Result<(), SettlementError> {
        let rounding = self.rounding();
        let Base { cell: exact, mut parts, .. } = self.amounts(Subject::new(What::Loss), losses)?;
        // What is lost is rounded in whole, so it is shown in whole.
        parts.iter_mut().for_each(|part| part.basis = None);
        let (loss, _) = self.trace.posted(Subject::new(What::Loss), Formula::Take, &[&exact], rounding)?;
        let share = Subject::new(What::SupplierShare);
        let supplier = match &method.shrink {
            ShrinkBearer::Retailer => self.sum(share, Measure::Amount, &[])?,
            ShrinkBearer::Supplier => self.sum(share, Measure::Amount, core::slice::from_ref(&loss))?,
            ShrinkBearer::Shared(rate) => {
                let rate = self.rate_cell(What::Rate, "", rate);
                self.trace.posted(share, Formula::Multiply, &[&loss, &rate], rounding)?.0
            }
            ShrinkBearer::RetailerAboveAllowance(rate) => {
                let rate = self.rate_cell(What::Rate, "", rate);
                let sales = self.sum(Subject::new(What::SoldGoods), Measure::Amount, sold)?;
                let subject = Subject::new(What::Cap);
                let (allowance, _) =
                    self.trace.posted(subject, Formula::Multiply, &[&sales, &rate], rounding)?;
                self.trace.exact(share, Measure::Amount, Formula::Smaller, &[&loss, &allowance])?
            }
        };
        let subject = Subject::new(What::ShrinkCharge);
        let charge = self.trace.exact(subject, Measure::Amount, Formula::Subtract, &[&loss, &supplier])?;
        let vat = self.goods_at(self.contract.terms().goods_vat);
        let mut draft = Draft::new(Column::Goods, LineKind::ShrinkCharge, vat);
        draft.basis = Some(Basis::Amount(self.money_of(&loss)?));
        self.post_taxed(&TaxRule::Goods, draft, &charge, parts)
    }
}
