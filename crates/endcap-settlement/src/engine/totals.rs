//! The sums of a statement, each a trace node over its lines.

use endcap_types::vat::TaxSite;
use endcap_types::{Exact, Money};

use super::Run;
use super::rates::Once;
use crate::trace::Cell;
use crate::{
    Column, Formula, Measure, SettlementError, StatementLine, Subject, TotalTraces, Totals, TraceId, What,
};

impl Run<'_> {
    pub(super) fn totals(&mut self) -> Result<(Totals, TotalTraces), SettlementError> {
        let goods = self.column(Column::Goods)?;
        let on_invoice = self.column(Column::OnInvoice)?;
        let invoice_deduct = self.column(Column::InvoiceDeduct)?;
        let payment_deduct = self.column(Column::PaymentDeduct)?;
        let advances = self.column(Column::Advance)?;
        let adjustments = self.column(Column::Adjustment)?;
        let separate = self.column(Column::Separate)?;
        let on_hold = self.column(Column::OnHold)?;

        let inputs = [&goods, &on_invoice, &invoice_deduct];
        let invoice =
            self.trace.exact(Subject::new(What::Invoice), Measure::Amount, Formula::Subtract, &inputs)?;
        let invoice_tax = self.invoice_tax(&invoice)?;
        let inputs = [&invoice, &payment_deduct, &advances];
        let before_adjustments =
            self.trace.exact(Subject::new(What::Payment), Measure::Amount, Formula::Subtract, &inputs)?;
        let inputs = [&before_adjustments, &adjustments];
        let payment =
            self.trace.exact(Subject::new(What::Payment), Measure::Amount, Formula::Sum, &inputs)?;

        let totals = Totals {
            goods: self.money_of(&goods)?,
            on_invoice: self.money_of(&on_invoice)?,
            invoice_deduct: self.money_of(&invoice_deduct)?,
            invoice: self.money_of(&invoice)?,
            invoice_tax: self.money_of(&invoice_tax)?,
            payment_deduct: self.money_of(&payment_deduct)?,
            advances: self.money_of(&advances)?,
            adjustments: self.money_of(&adjustments)?,
            payment: self.money_of(&payment)?,
            separate: self.money_of(&separate)?,
            on_hold: self.money_of(&on_hold)?,
        };
        let traces = TotalTraces {
            goods: goods.id,
            on_invoice: on_invoice.id,
            invoice_deduct: invoice_deduct.id,
            invoice: invoice.id,
            invoice_tax: invoice_tax.id,
            payment_deduct: payment_deduct.id,
            advances: advances.id,
            adjustments: adjustments.id,
            payment: payment.id,
            separate: separate.id,
            on_hold: on_hold.id,
        };
        Ok((totals, traces))
    }

    /// One amount of each line of a column, as traced.
    pub(super) fn cells(&self, column: Column, of: impl Fn(&StatementLine) -> (TraceId, Money)) -> Vec<Cell> {
        // Lines are in order of their columns by now.
        let from = self.lines.partition_point(|line| line.column < column);
        let to = self.lines.partition_point(|line| line.column <= column);
        let lines = self.lines.get(from..to).unwrap_or_default();
        lines
            .iter()
            .map(|line| {
                let (id, money) = of(line);
                Cell { id, value: Exact::from_int(money.minor()) }
            })
            .collect()
    }

    fn column(&mut self, column: Column) -> Result<Cell, SettlementError> {
        let cells = self.cells(column, |line| (line.trace, line.amount));
        self.sum(Subject::new(column.what()), Measure::Amount, &cells)
    }

    /// VAT of the goods invoice: of the whole invoice, or line by line.
    fn invoice_tax(&mut self, invoice: &Cell) -> Result<Cell, SettlementError> {
        let terms = self.contract.terms();
        let subject = Subject::new(What::InvoiceTax);
        match terms.tax_site {
            TaxSite::PerRateGroup if !self.one_rate() => self.tax_by_rate(Once::Group),
            TaxSite::PerDocument if !self.one_rate() => self.tax_by_rate(Once::Document),
            // All lines of the goods invoice carry one rate, so its rate group is the document.
            TaxSite::PerRateGroup | TaxSite::PerDocument => {
                let rate = self.rate_cell(What::VatRate, "", &terms.goods_vat);
                let rounding = self.contract.tax_rounding();
                let (cell, _) =
                    self.trace.posted(subject, Formula::TaxInside, &[invoice, &rate], rounding)?;
                Ok(cell)
            }
            TaxSite::PerLine => {
                let mut parts = Vec::new();
                for column in [Column::Goods, Column::OnInvoice, Column::InvoiceDeduct] {
                    let cells = self.cells(column, |line| (line.tax_trace, line.tax));
                    let mut subject = Subject::new(What::Tax);
                    column.what().name_en().clone_into(&mut subject.of);
                    parts.push(self.sum(subject, Measure::Amount, &cells)?);
                }
                let inputs: Vec<&Cell> = parts.iter().collect();
                Ok(self.trace.exact(subject, Measure::Amount, Formula::Subtract, &inputs)?)
            }
        }
    }
}
