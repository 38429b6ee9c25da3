//! [`Scenario`]: one unit of goods, its prices and terms, and how long the money takes under each method.

use endcap_types::{Currency, Exact, Price, Rate, TaxBasis, TypesError};

use crate::SettlementError;

/// 比较情景: one unit of goods under three methods; loss rates are shares of the money over the time it is out.
///
/// # Source
/// House rule; the formulas are textbook present value, named at each method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Scenario {
    /// 零售价.
    pub retail: Price,
    /// 供价.
    pub supply: Price,
    /// VAT of the goods.
    pub goods_vat: Rate,
    /// 扣点: commission of a concession, on turnover.
    pub concession: Rate,
    /// 资金成本: a year.
    pub cost_of_capital: Rate,
    /// Days from delivery to sale.
    pub days_to_sale: u32,
    /// Days from sale to settlement, for consignment and concession.
    pub days_to_settle: u32,
    /// 账期: days from delivery to payment, for credit terms.
    pub credit_days: u32,
    /// 损耗: share of the goods lost at the supplier's cost before sale.
    pub shrink: Rate,
    /// Selling cost per unit of a concession, borne by the supplier, without tax.
    pub selling_cost: Price,
    /// Expected loss on the receivable of credit terms.
    pub loss_credit: Rate,
    /// Expected loss on the money after sale.
    pub loss_after_sale: Rate,
}

/// The scenario in exact numbers, checked: what is discounted, before it is discounted.
#[derive(Debug, Clone)]
pub(super) struct Figures {
    pub(super) currency: Currency,
    /// P′: retail price without tax.
    pub(super) retail: Exact,
    /// S′: supply price without tax.
    pub(super) supply: Exact,
    /// Paid after the credit days: S′ × (1 − el).
    pub(super) credit: Exact,
    /// Paid after sale and settlement: S′ × (1 − s) × (1 − el).
    pub(super) consignment: Exact,
    /// Paid after sale and settlement: (P′ × (1 − c) × (1 − s) − k) × (1 − el).
    pub(super) concession: Exact,
    /// 1 − s.
    pub(super) kept: Exact,
    /// k.
    pub(super) selling_cost: Exact,
    /// 1 − el of credit terms.
    pub(super) paid_credit: Exact,
    /// 1 − el after sale.
    pub(super) paid_after_sale: Exact,
    /// D + L.
    pub(super) days_after: u64,
    /// T.
    pub(super) credit_days: u64,
    pub(super) cost_of_capital: Rate,
}

impl Scenario {
    pub(super) fn figures(&self) -> Result<Figures, SettlementError> {
        self.check()?;
        let retail = without_tax(&self.retail, &self.goods_vat)?;
        let supply = without_tax(&self.supply, &self.goods_vat)?;
        let selling_cost = Exact::from_decimal(self.selling_cost.per_unit());
        let rest = |rate: &Rate| Exact::ONE.sub(&rate.to_exact());
        let (kept, paid_credit) = (rest(&self.shrink)?, rest(&self.loss_credit)?);
        let paid_after_sale = rest(&self.loss_after_sale)?;
        let sold = retail.mul(&rest(&self.concession)?)?.mul(&kept)?;
        Ok(Figures {
            currency: self.retail.currency(),
            credit: supply.mul(&paid_credit)?,
            consignment: supply.mul(&kept)?.mul(&paid_after_sale)?,
            concession: sold.sub(&selling_cost)?.mul(&paid_after_sale)?,
            retail,
            supply,
            kept,
            selling_cost,
            paid_credit,
            paid_after_sale,
            days_after: u64::from(self.days_to_sale).saturating_add(u64::from(self.days_to_settle)),
            credit_days: u64::from(self.credit_days),
            cost_of_capital: self.cost_of_capital,
        })
    }

    fn check(&self) -> Result<(), SettlementError> {
        let within = |field, value: &Rate, fits: bool, limit| {
            if fits {
                return Ok(());
            }
            Err(SettlementError::ScenarioOutOfRange { field, value: value.to_string(), limit })
        };
        let share = |value: &Rate| !value.is_negative() && *value <= Rate::ONE;
        within("goods_vat", &self.goods_vat, !self.goods_vat.is_negative(), "0% or more")?;
        within("concession", &self.concession, share(&self.concession), "0% to 100%")?;
        let capital = &self.cost_of_capital;
        within("cost_of_capital", capital, !capital.is_negative(), "0% or more")?;
        let some_left = share(&self.shrink) && self.shrink != Rate::ONE;
        within("shrink", &self.shrink, some_left, "0% to less than 100%")?;
        let losses = [("loss_credit", &self.loss_credit), ("loss_after_sale", &self.loss_after_sale)];
        for (field, loss) in losses {
            within(field, loss, share(loss) && *loss != Rate::ONE, "0% to less than 100%")?;
        }
        for (field, price) in [("retail", &self.retail), ("supply", &self.supply)] {
            if price.per_unit().is_zero() {
                let value = price.to_string();
                return Err(SettlementError::ScenarioOutOfRange {
                    field,
                    value,
                    limit: "a price above zero",
                });
            }
        }
        crate::reconcile::same_basis("selling_cost", TaxBasis::Exclusive, self.selling_cost.tax())?;
        for other in [&self.supply, &self.selling_cost] {
            let (left, right) = (self.retail.currency(), other.currency());
            if left != right {
                return Err(TypesError::CurrencyMismatch { left, right }.into());
            }
            let (left, right) = (self.retail.unit(), other.unit());
            if left != right {
                return Err(TypesError::UnitMismatch { left, right }.into());
            }
        }
        Ok(())
    }
}

fn without_tax(price: &Price, vat: &Rate) -> Result<Exact, TypesError> {
    let per_unit = Exact::from_decimal(price.per_unit());
    match price.tax() {
        TaxBasis::Exclusive => Ok(per_unit),
        TaxBasis::Inclusive => per_unit.div(&Exact::ONE.add(&vat.to_exact())?),
    }
}
