//! Rules of growth rebates, free goods and base stock.

use rust_decimal::Decimal;

use super::Check;
use crate::problem::BrokenRule;
use crate::{Accumulation, Clause, FreeGoods, FreeGoodsValue, Growth, Method, SettleMode, TaxRule};

impl Check<'_> {
    pub(super) fn growth(&mut self, place: &str, rule: &Growth, clause: &Clause) {
        let (name, quantity) =
            if rule.table.is_per_unit() { ("an amount per unit", true) } else { ("a rate", false) };
        self.measure(place, name, rule.of, quantity);
        self.goods_scope(place, rule.of, clause);
        if !quantity {
            self.base_tax(place, rule.base_tax);
            self.base_by_rate(place, rule.base_tax, clause);
        }
        self.since(place, clause);
    }

    pub(super) fn free_goods(&mut self, place: &str, rule: &FreeGoods, clause: &Clause) {
        self.measure(place, "free_goods", rule.of, true);
        if rule.buy <= Decimal::ZERO {
            self.tell(place, BrokenRule::FreeMultiple { multiple: rule.buy });
        }
        self.price(place, rule.free);
        match rule.value {
            FreeGoodsValue::Price(price) => self.price(place, price),
            FreeGoodsValue::Average if rule.accumulate != Accumulation::EachPeriod => {
                self.tell(place, BrokenRule::AverageNeedsPeriod);
            }
            FreeGoodsValue::Average => {}
        }
        self.since(place, clause);
    }

    pub(super) fn base_stock(&mut self, place: &str, amount: Decimal, clause: &Clause) {
        self.amount(place, amount);
        let fits = matches!(self.terms.method, Method::CreditTerms(_))
            && clause.settle == SettleMode::PaymentDeduct
            && clause.tax == TaxRule::OutOfScope
            && clause.stack.is_none()
            && clause.floor.is_none()
            && clause.cap.is_none();
        if !fits {
            self.tell(place, BrokenRule::BaseStockForm);
        }
    }
}
