//! Why the figures of a three-way match are what they are.

use endcap_types::{Exact, Money, Quantity, Rounding};

use super::error::ReconcileError;
use super::three_way::{
    InvoiceLine, MatchReason, MatchResult, MatchRules, MatchStatus, OrderLine, PayablePolicy, ReceiptLine,
};
use crate::explained::{Explained, Explainer};
use crate::trace::Cell;
use crate::{Formula, Measure, SettlementError, Subject, What};

impl MatchResult {
    /// 匹配说明: why the bill, the value of each finding and what is payable are what they are.
    ///
    /// The lines and rules are those the result was made from; findings are found by the word of their reason.
    ///
    /// # Errors
    /// - [`ReconcileError::MatchBroken`] when a figure does not follow from the lines and rules given.
    /// - [`SettlementError::Types`] when units or currencies differ, or an amount is out of range.
    ///
    /// # Examples
    /// ```
    /// use endcap_settlement::{Language, What, reconcile::*};
    /// use endcap_types::{Currency, Price, Quantity, TaxBasis, Unit};
    /// let price = Price::new(10.into(), Currency::CNY, Unit::Piece, TaxBasis::Exclusive)?;
    /// let order = OrderLine { quantity: Quantity::pieces(100)?, price };
    /// let receipt = ReceiptLine { quantity: Quantity::pieces(90)? };
    /// let bill = InvoiceLine { quantity: Quantity::pieces(95)?, price, amount: None };
    /// let rules = MatchRules::STRICT;
    /// let why = three_way_match(&order, &receipt, &bill, &rules)?.explained(&order, &receipt, &bill, &rules)?;
    /// let told = why.explain(What::Payable, "", Language::En)?;
    /// assert_eq!(told[0], "payable: 900.00 = the smaller of 900.00 | 900.00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Source
    /// House rule: every amount can be asked why.
    pub fn explained(
        &self,
        order: &OrderLine,
        receipt: &ReceiptLine,
        invoice: &InvoiceLine,
        rules: &MatchRules,
    ) -> Result<Explained, SettlementError> {
        let currency = self.billed.currency();
        let why = Explainer::new(currency);
        let mut work = Work { why, minor: Exact::from_int(currency.minor_per_major()), rules };
        let ordered = work.quantity(What::DeliveryQuantity, "ordered", &order.quantity);
        let received = work.quantity(What::DeliveryQuantity, "received", &receipt.quantity);
        let invoiced = work.quantity(What::DeliveryQuantity, "billed", &invoice.quantity);
        let at_order = work.price(What::OrderPrice, order.price.per_unit())?;
        let at_bill = work.price(What::BillPrice, invoice.price.per_unit())?;
        let product = |work: &mut Work<'_>, of: &str, price: &Cell, units: &Cell| {
            work.why.step(
                Subject::of(What::LayerPart, of),
                Measure::Amount,
                Formula::Multiply,
                &[price, units],
            )
        };
        let computed = product(&mut work, "billed at the price of the bill", &at_bill, &invoiced)?;
        let bill = match invoice.amount {
            Some(printed) => work.why.money(Subject::of(What::Billed, "printed"), &printed),
            None => computed.clone(),
        };
        let billed = work.posted(Subject::new(What::Billed), Formula::Take, &[&bill])?;
        same(billed.1, self.billed, "the bill is its printed value, or quantity × price")?;

        let agreed = product(&mut work, "billed at the price of the order", &at_order, &invoiced)?;
        let more = |work: &mut Work<'_>, of: &str, one: &Cell, other: &Cell| {
            let subject = Subject::of(What::DeliveryQuantity, of);
            work.why.step(subject, Measure::Number, Formula::Subtract, &[one, other])
        };
        let over = more(&mut work, "billed above received", &invoiced, &received)?;
        let surplus = more(&mut work, "received above ordered", &received, &ordered)?;

        let payable = match (rules.payable, self.status) {
            (PayablePolicy::HoldOnException, MatchStatus::Exception) => {
                let nothing = work.why.money(Subject::of(What::PaidQuantity, "held"), &Money::zero(currency));
                work.posted(Subject::new(What::Payable), Formula::Take, &[&nothing])?
            }
            (PayablePolicy::BilledWithinTolerance, MatchStatus::Matched | MatchStatus::WithinTolerance) => {
                // A printed value is paid as it stands, never above the bill as it was rounded.
                work.least(&[&bill, &billed.0], invoice.amount)?
            }
            (policy, _) => {
                let mut counted = vec![&received, &invoiced];
                if policy == PayablePolicy::OrderedAtMost {
                    counted.push(&ordered);
                }
                let subject = Subject::new(What::PaidQuantity);
                let units = work.why.step(subject, Measure::Number, Formula::Smaller, &counted)?;
                let one = product(&mut work, "paid at the price of the order", &at_order, &units)?;
                let other = product(&mut work, "paid at the price of the bill", &at_bill, &units)?;
                let mut amounts = vec![&one, &other];
                if invoice.amount.is_some() {
                    amounts.push(&bill);
                }
                work.least(&amounts, None)?
            }
        };
        same(payable.1, self.payable, "what is payable follows from the policy")?;

        for finding in &self.findings {
            let subject = Subject::of(What::Difference, finding.reason.word());
            let (_, told) = match finding.reason {
                MatchReason::InvoicedNothingReceived => work.posted(subject, Formula::Take, &[&bill])?,
                MatchReason::BilledMoreThanReceived => {
                    work.posted(subject, Formula::Multiply, &[&at_bill, &over])?
                }
                MatchReason::ReceivedMoreThanOrdered => {
                    work.posted(subject, Formula::Multiply, &[&at_order, &surplus])?
                }
                MatchReason::PriceDiffers => {
                    work.posted(subject, Formula::Subtract, &[&computed, &agreed])?
                }
                MatchReason::ShortDelivery => {
                    let none = Subject::of(What::Difference, "no money");
                    let nothing = work.why.money(none, &Money::zero(currency));
                    work.posted(subject, Formula::Take, &[&nothing])?
                }
                MatchReason::ValueGap => work.posted(subject, Formula::Subtract, &[&bill, &computed])?,
                MatchReason::WithinTolerance | MatchReason::Matched => {
                    work.why.amount(subject, Formula::Subtract, &[&billed.0, &payable.0])?
                }
            };
            same(told, finding.value, "the value of a finding follows from its reason")?;
        }
        Ok(work.why.done())
    }
}

struct Work<'a> {
    why: Explainer,
    minor: Exact,
    rules: &'a MatchRules,
}

impl Work<'_> {
    fn quantity(&mut self, what: What, of: &str, quantity: &Quantity) -> Cell {
        self.why.number(Subject::of(what, of), Measure::Number, quantity.to_exact())
    }

    fn price(&mut self, what: What, per_unit: rust_decimal::Decimal) -> Result<Cell, SettlementError> {
        let minor = Exact::from_decimal(per_unit).mul(&self.minor)?;
        Ok(self.why.number(Subject::new(what), Measure::Amount, minor))
    }

    /// What is paid: the smallest of `amounts`, and nothing when a bill is below zero.
    fn least(&mut self, amounts: &[&Cell], printed: Option<Money>) -> Result<(Cell, Money), SettlementError> {
        let subject = Subject::new(What::Payable);
        let rounding = if printed.is_some() { Rounding::HALF_AWAY } else { self.rules.rounding };
        if amounts.iter().all(|amount| !amount.value.is_negative()) {
            return self.why.posted(subject, Formula::Smaller, amounts, rounding);
        }
        let of = Subject::of(What::Payable, "before zero");
        let least = self.why.step(of, Measure::Amount, Formula::Smaller, amounts)?;
        let none = self.why.number(Subject::of(What::Payable, "nothing"), Measure::Amount, Exact::ZERO);
        self.why.posted(subject, Formula::Larger, &[&least, &none], rounding)
    }

    fn posted(
        &mut self,
        subject: Subject,
        formula: Formula,
        inputs: &[&Cell],
    ) -> Result<(Cell, Money), SettlementError> {
        self.why.posted(subject, formula, inputs, self.rules.rounding)
    }
}

fn same(told: Money, stated: Money, rule: &'static str) -> Result<(), SettlementError> {
    if told == stated { Ok(()) } else { Err(ReconcileError::MatchBroken { rule }.into()) }
}
