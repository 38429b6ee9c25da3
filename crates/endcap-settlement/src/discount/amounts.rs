//! [`EarlyPayment`]: the amounts of an early-payment discount.

use chrono::NaiveDate;
use endcap_calendar::CashDiscount;
use endcap_types::{Currency, Money, Rate, Rounding, TaxBasis, Unrounded, vat};

use crate::SettlementError;
use crate::credit::CreditError;

/// 折扣税务处理: what an early-payment discount does to the tax.
///
/// 10 % off 1,000.00 plus 15 % tax:
///
/// | | tax on the invoice | invoice | discount | to pay |
/// |---|---|---|---|---|
/// | `Included` | 150.00 | 1,150.00 | 115.00 | 1,035.00 |
/// | `Excluded` | 150.00 | 1,150.00 | 100.00 | 1,050.00 |
/// | `Mixed` | 135.00 | 1,135.00 | 100.00 | 1,035.00 |
///
/// # Source
/// The three treatments of public accounting software: mixed is usual in Belgium, excluded in the Netherlands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum DiscountTax {
    /// Net and tax are discounted, fixed tax too.
    #[default]
    Included,
    /// Only the net is discounted; the tax stays whole.
    Excluded,
    /// The tax is computed on the discounted net from the start, whether the discount is taken or not; the net is
    /// discounted when it is taken. Fixed tax is never discounted.
    Mixed,
}

/// 折扣舍入位置: which amount is rounded; the other one is the difference from the total.
///
/// 10 % off 1,725.05: rounding the amount to pay gives 1,552.55, rounding the discount 1,552.54.
///
/// # Source
/// Published defects of accounting software show all three; rounding the amount to pay is the house rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum DiscountSite {
    /// 整单: `pay = round(total − exact discount)`.
    #[default]
    Document,
    /// 折扣: `discount = round(exact discount)`.
    Discount,
    /// 逐行: `discount = Σ lines round(exact discount of the line)`; fixed tax is a line of its own.
    Line,
}

/// 发票行: a net amount and the tax on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct DiscountLine {
    /// Amount without tax.
    pub net: Money,
    /// Tax on it.
    pub tax_rate: Rate,
}

/// 提前付款: an invoice and how a discount on it is taxed and rounded.
///
/// # Examples
/// ```
/// use endcap_settlement::discount::{DiscountLine, DiscountTax, EarlyPayment};
/// use endcap_types::{Currency, Money};
/// let net = Money::parse("1000.00", Currency::EUR)?;
/// let mut invoice = EarlyPayment::new(Currency::EUR, [DiscountLine { net, tax_rate: "15%".parse()? }]);
/// invoice.treatment = DiscountTax::Mixed;
/// let told = invoice.settled_at("10%".parse()?)?;
/// assert_eq!(told.total.to_amount_string(), "1135.00"); // tax on 900.00
/// assert_eq!((told.discount.to_amount_string(), told.pay.to_amount_string()), ("100.00".into(), "1035.00".into()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
/// See [`DiscountTax`] and [`DiscountSite`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct EarlyPayment {
    /// Currency of the invoice.
    pub currency: Currency,
    /// Lines of the invoice.
    pub lines: Vec<DiscountLine>,
    /// 定额税: tax that is a fixed amount.
    pub fixed_tax: Money,
    /// What the discount does to the tax.
    #[cfg_attr(feature = "serde", serde(default))]
    pub treatment: DiscountTax,
    /// Which amount is rounded.
    #[cfg_attr(feature = "serde", serde(default))]
    pub site: DiscountSite,
    /// How it is rounded, such as to 0.05 in cash; the total of the invoice is never rounded by it.
    #[cfg_attr(feature = "serde", serde(default))]
    pub rounding: Rounding,
    /// Where the tax of the invoice is rounded.
    #[cfg_attr(feature = "serde", serde(default))]
    pub tax_site: vat::TaxSite,
    /// How the tax of the invoice is rounded.
    #[cfg_attr(feature = "serde", serde(default))]
    pub tax_rounding: Rounding,
}

/// 结清金额: what an invoice settles at. `pay + discount = total = net + tax`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Settled {
    /// The discount earned.
    pub rate: Rate,
    /// Net of the invoice.
    pub net: Money,
    /// Tax on the invoice.
    pub tax: Money,
    /// The invoice.
    pub total: Money,
    /// Amount to pay.
    pub pay: Money,
    /// Amount saved.
    pub discount: Money,
    /// Part of the discount that is tax: `round(tax × rate)` when included, else zero.
    pub discount_tax: Money,
    /// Part of the discount that is net: the rest.
    pub discount_net: Money,
}

/// 折扣期: one window of an offer and what the invoice settles at within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct EarlyWindow {
    /// 折扣截止日: last day without grace, included.
    pub last_day: NaiveDate,
    /// Last day with grace, included.
    pub last_day_with_grace: NaiveDate,
    /// The amounts.
    pub settled: Settled,
}

impl EarlyPayment {
    /// An invoice without fixed tax, tax included in the discount, the amount to pay rounded half away from zero.
    #[must_use]
    pub fn new(currency: Currency, lines: impl IntoIterator<Item = DiscountLine>) -> Self {
        Self {
            currency,
            lines: lines.into_iter().collect(),
            fixed_tax: Money::zero(currency),
            treatment: DiscountTax::Included,
            site: DiscountSite::Document,
            rounding: Rounding::HALF_AWAY,
            tax_site: vat::TaxSite::PerRateGroup,
            tax_rounding: Rounding::HALF_AWAY,
        }
    }

    /// 按折扣率结清: what the invoice settles at when `rate` is offered and taken.
    ///
    /// ```text
    /// included:  total = net + tax,             exact discount = total × rate
    /// excluded:  total = net + tax,             exact discount = net × rate
    /// mixed:     total = net + tax(net × (1 − rate)),  exact discount = net × rate
    /// ```
    ///
    /// Rounding to a coarse step never turns a discount into a surcharge, nor takes more than was to be discounted.
    ///
    /// # Errors
    /// - [`CreditError::DiscountOutside`] for a rate below 0 % or above 100 %.
    /// - [`SettlementError::Types`] when currencies differ, for negative tax rates and amounts out of range.
    pub fn settled_at(&self, rate: Rate) -> Result<Settled, SettlementError> {
        self.settled(rate, rate)
    }

    /// 按付款日结清: what the invoice settles at when paid in full on `paid_on`, under an `offer` counted from `base`.
    ///
    /// With [`DiscountTax::Mixed`] the tax is that of the highest discount offered, whatever day is paid.
    ///
    /// # Errors
    /// - Those of [`EarlyPayment::settled_at`].
    /// - [`SettlementError::Calendar`] for dates out of range.
    ///
    /// # Examples
    /// ```
    /// use endcap_calendar::{CashDiscount, DiscountStep, dates};
    /// use endcap_settlement::discount::{DiscountLine, EarlyPayment};
    /// use endcap_types::{Currency, Money};
    /// let step = |rate: &str, days| Ok::<_, endcap_types::TypesError>(DiscountStep { rate: rate.parse()?, days });
    /// let offer = CashDiscount::new([step("3%", 10)?, step("2%", 30)?], 0)?;
    /// let net = Money::parse("10000.00", Currency::CNY)?;
    /// let invoice = EarlyPayment::new(Currency::CNY, [DiscountLine { net, tax_rate: "0%".parse()? }]);
    /// let (base, paid_on) = (dates::ymd(2026, 3, 1)?, dates::ymd(2026, 3, 12)?);
    /// assert_eq!(invoice.paid_on(&offer, base, paid_on)?.pay.to_amount_string(), "9800.00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn paid_on(
        &self,
        offer: &CashDiscount,
        base: NaiveDate,
        paid_on: NaiveDate,
    ) -> Result<Settled, SettlementError> {
        self.settled(highest(offer), offer.rate_on(base, paid_on)?)
    }

    /// 折扣期: every window of `offer`, counted from `base`, in order.
    ///
    /// # Errors
    /// - As [`EarlyPayment::paid_on`].
    pub fn windows(
        &self,
        offer: &CashDiscount,
        base: NaiveDate,
    ) -> Result<Vec<EarlyWindow>, SettlementError> {
        let windows = offer.windows(Money::zero(self.currency), base, &self.rounding)?;
        let dated = windows.into_iter().map(|window| {
            Ok(EarlyWindow {
                last_day: window.last_day,
                last_day_with_grace: window.last_day_with_grace,
                settled: self.settled(highest(offer), window.rate)?,
            })
        });
        dated.collect()
    }

    fn settled(&self, offered: Rate, taken: Rate) -> Result<Settled, SettlementError> {
        for rate in [offered, taken] {
            if rate.is_negative() || rate > Rate::ONE {
                return Err(CreditError::DiscountOutside { rate }.into());
            }
        }
        let net = Money::sum(self.lines.iter().map(|line| line.net), self.currency)?;
        let tax = self.tax(offered)?.checked_add(&self.fixed_tax)?;
        let total = net.checked_add(&tax)?;
        let base = match self.treatment {
            DiscountTax::Included => total,
            DiscountTax::Excluded | DiscountTax::Mixed => net,
        };
        let discount = self.discount(total, base, taken)?;
        let discount_tax = match self.treatment {
            DiscountTax::Included => tax.exact().times_rate(&taken)?.round(&self.tax_rounding)?,
            DiscountTax::Excluded | DiscountTax::Mixed => Money::zero(self.currency),
        };
        Ok(Settled {
            rate: taken,
            net,
            tax,
            total,
            pay: total.checked_sub(&discount)?,
            discount,
            discount_tax,
            discount_net: discount.checked_sub(&discount_tax)?,
        })
    }

    /// The proportional tax of the invoice.
    fn tax(&self, offered: Rate) -> Result<Money, SettlementError> {
        let lines: Vec<(Money, Rate)> = self.lines.iter().map(|line| (line.net, line.tax_rate)).collect();
        let rule = (TaxBasis::Exclusive, self.tax_site);
        let whole = || vat::document(&lines, self.currency, rule, &self.tax_rounding);
        match self.treatment {
            DiscountTax::Included | DiscountTax::Excluded => Ok(whole()?.total().tax()),
            DiscountTax::Mixed => self.tax_on_discounted(offered),
        }
    }

    /// `round(net × (1 − offered) × tax rate)`, the discounted net not being rounded by itself.
    fn tax_on_discounted(&self, offered: Rate) -> Result<Money, SettlementError> {
        let kept = offered.complement()?.to_exact();
        let mut groups = std::collections::BTreeMap::new();
        for (index, line) in self.lines.iter().enumerate() {
            let share = vat::tax_share(TaxBasis::Exclusive, &line.tax_rate)?;
            let tax = line.net.exact().times(&kept)?.times(&share)?;
            let key = match self.tax_site {
                vat::TaxSite::PerLine => (Rate::ZERO, index),
                vat::TaxSite::PerRateGroup => (line.tax_rate, 0),
                vat::TaxSite::PerDocument => (Rate::ZERO, 0),
            };
            let group = groups.entry(key).or_insert(Unrounded::zero(self.currency));
            *group = group.add(&tax)?;
        }
        let rounded = groups.values().map(|tax| tax.round(&self.tax_rounding));
        Ok(Money::sum(rounded.collect::<Result<Vec<Money>, _>>()?, self.currency)?)
    }

    /// The rounded discount of `taken` on `base`, kept between nothing and all of `base`.
    fn discount(&self, total: Money, base: Money, taken: Rate) -> Result<Money, SettlementError> {
        let zero = Money::zero(self.currency);
        if taken.is_zero() {
            return Ok(zero);
        }
        let exact = base.exact().times_rate(&taken)?;
        let discount = match self.site {
            DiscountSite::Document => {
                total.checked_sub(&total.exact().sub(&exact)?.round(&self.rounding)?)?
            }
            DiscountSite::Discount => exact.round(&self.rounding)?,
            DiscountSite::Line => self.discount_by_line(taken)?,
        };
        let (least, most) = if base.is_negative() { (base, zero) } else { (zero, base) };
        Ok(discount.larger(&least)?.smaller(&most)?)
    }

    fn discount_by_line(&self, taken: Rate) -> Result<Money, SettlementError> {
        let mut parts = Vec::with_capacity(self.lines.len().saturating_add(1));
        for line in &self.lines {
            let net = line.net.exact();
            let base = match self.treatment {
                DiscountTax::Included => net.add(&net.times_rate(&line.tax_rate)?)?,
                DiscountTax::Excluded | DiscountTax::Mixed => net,
            };
            parts.push(base.times_rate(&taken)?.round(&self.rounding)?);
        }
        if self.treatment == DiscountTax::Included {
            parts.push(self.fixed_tax.exact().times_rate(&taken)?.round(&self.rounding)?);
        }
        Ok(Money::sum(parts, self.currency)?)
    }
}

/// Steps fall, so the first is the highest; 0 % without steps.
fn highest(offer: &CashDiscount) -> Rate {
    offer.steps().first().map_or(Rate::ZERO, |step| step.rate)
}
