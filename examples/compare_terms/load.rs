//! A scenario from TOML.

use std::path::Path;

use chrono::NaiveDate;
use endcap::calendar::{Grain, PaymentTerms, Period};
use endcap::settlement::compare::{
    Change, DatedQuantity, Discounting, Scenario, Timing, TradeChange, TradeGuarantee, TradeScenario,
};
use endcap::types::{Currency, Money, Price, Quantity, Rate, TaxBasis, Unit};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use crate::common::chains::place;
use crate::common::date::DateFormat;
use crate::common::problems::{Problem, Problems, Source};
use crate::common::toml_file::read_toml;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScenarioFile {
    title: String,
    currency: Currency,
    discounting: Discounting,
    window: Period,
    retail: Spanned<String>,
    supply: Spanned<String>,
    goods_vat: Spanned<Rate>,
    concession: Spanned<Rate>,
    cost_of_capital: Spanned<Rate>,
    #[serde(default)]
    credit_days: Option<u32>,
    #[serde(default)]
    days_to_settle: Option<u32>,
    #[serde(default)]
    terms: Option<TermsTable>,
    shrink: Spanned<Rate>,
    selling_cost: Spanned<String>,
    loss_credit: Spanned<Rate>,
    loss_after_sale: Spanned<Rate>,
    cost: Spanned<String>,
    cost_days: u32,
    salvage: Spanned<Rate>,
    deliveries: Vec<Spanned<Lot>>,
    sales: Vec<Spanned<Lot>>,
    #[serde(default)]
    guarantee: Option<GuaranteeTable>,
    #[serde(default)]
    ask: Ask,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TermsTable {
    credit: PaymentTerms,
    after_sale: PaymentTerms,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lot {
    #[serde(deserialize_with = "day")]
    on: NaiveDate,
    pieces: i64,
}

fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    let text = String::deserialize(deserializer)?;
    DateFormat::Iso.read(text.as_bytes()).map_err(serde::de::Error::custom)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GuaranteeTable {
    amount: Spanned<String>,
    rate: Spanned<Rate>,
    cycle: Grain,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Ask {
    fewer_sales: Vec<Spanned<Rate>>,
    concession: Vec<Spanned<Rate>>,
    credit_days: Vec<u32>,
    days_to_settle: Vec<u32>,
    cost_of_capital: Vec<Spanned<Rate>>,
    retail: Vec<Spanned<String>>,
    supply: Vec<Spanned<String>>,
    shrink: Vec<Spanned<Rate>>,
}

/// What is compared.
pub struct Input {
    pub name: String,
    pub title: String,
    pub discounting: Discounting,
    pub scenario: TradeScenario,
    /// What else is asked, each with its name.
    pub changes: Vec<(String, TradeChange)>,
}

pub fn read(path: Option<&Path>) -> Result<Input, Problems> {
    let sample =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join("compare_terms").join("scenario.toml");
    let path = path.unwrap_or(&sample);
    let mut problems = Problems::default();
    let Some((file, text, source)) = read_toml::<ScenarioFile>(path, 0, "a scenario", &mut problems) else {
        return Err(problems);
    };
    let mut reader = Reader { text: &text, source, problems, currency: file.currency };
    let name = path.display().to_string();
    let input = reader.input(file, name);
    match input {
        Some(input) if reader.problems.is_empty() => Ok(input),
        _ => Err(reader.problems),
    }
}

struct Reader<'a> {
    text: &'a str,
    source: Source,
    problems: Problems,
    currency: Currency,
}

impl Reader<'_> {
    fn refuse<T>(&mut self, at: &Spanned<T>, value: &str, expected: &str) {
        let (line, column) = place(self.text, at.span().start);
        self.problems.push(Problem::value(&self.source, line, column, value.as_bytes(), expected));
    }

    fn price(&mut self, text: &Spanned<String>, tax: TaxBasis, above_zero: bool) -> Option<Price> {
        let value = Decimal::from_str_exact(text.as_ref()).ok();
        let price = value.and_then(|value| Price::new(value, self.currency, Unit::Piece, tax).ok());
        let price = price.filter(|price| !above_zero || !price.per_unit().is_zero());
        if price.is_none() {
            let expected = if above_zero {
                "expected a price above zero such as \"113.00\""
            } else {
                "expected a price of zero or more such as \"2.50\""
            };
            self.refuse(text, text.as_ref(), expected);
        }
        price
    }

    /// A share from 0 % to 100 %.
    fn share(&mut self, rate: &Spanned<Rate>) -> Option<Rate> {
        let own = *rate.as_ref();
        if own.is_negative() || own > Rate::ONE {
            self.refuse(rate, &own.to_string(), "expected a rate from 0% to 100%");
            return None;
        }
        Some(own)
    }

    /// A share below 100 %: something is left.
    fn part(&mut self, rate: &Spanned<Rate>) -> Option<Rate> {
        let own = self.share(rate)?;
        if own == Rate::ONE {
            self.refuse(rate, "100%", "expected a rate below 100%");
            return None;
        }
        Some(own)
    }

    fn at_least_zero(&mut self, rate: &Spanned<Rate>) -> Option<Rate> {
        let own = *rate.as_ref();
        if own.is_negative() {
            self.refuse(rate, &own.to_string(), "expected a rate of zero or more");
            return None;
        }
        Some(own)
    }

    fn lots(&mut self, what: &str, window: Period, lots: &[Spanned<Lot>]) -> Vec<DatedQuantity> {
        let mut read = Vec::new();
        for spanned in lots {
            let lot = spanned.as_ref();
            match Quantity::pieces(lot.pieces) {
                Ok(quantity) if lot.pieces > 0 && window.contains(lot.on) => {
                    read.push(DatedQuantity { on: lot.on, quantity });
                }
                Ok(_) if lot.pieces > 0 => {
                    let expected = format!("expected {what} in the window {window}");
                    self.refuse(spanned, &lot.on.to_string(), &expected);
                }
                _ => self.refuse(spanned, &lot.pieces.to_string(), "expected pieces above zero"),
            }
        }
        read
    }

    /// More sold than delivered by the same day, told at the sale.
    fn stock(&mut self, sales: &[Spanned<Lot>], deliveries: &[Spanned<Lot>]) {
        let by = |lots: &[Spanned<Lot>], day: NaiveDate| -> i64 {
            let lots = lots.iter().map(Spanned::as_ref).filter(|lot| lot.on <= day);
            lots.fold(0, |sum: i64, lot| sum.saturating_add(lot.pieces))
        };
        for spanned in sales {
            let lot = spanned.as_ref();
            let (sold, delivered) = (by(sales, lot.on), by(deliveries, lot.on));
            if sold > delivered {
                let text = format!("expected at most what was delivered; {sold} sold of {delivered} by then");
                self.refuse(spanned, &lot.on.to_string(), &text);
                return;
            }
        }
    }

    fn input(&mut self, file: ScenarioFile, name: String) -> Option<Input> {
        let (inclusive, exclusive) = (TaxBasis::Inclusive, TaxBasis::Exclusive);
        let retail = self.price(&file.retail, inclusive, true);
        let supply = self.price(&file.supply, inclusive, true);
        let selling_cost = self.price(&file.selling_cost, exclusive, false);
        let cost = self.price(&file.cost, exclusive, false);
        let goods_vat = self.at_least_zero(&file.goods_vat);
        let concession = self.share(&file.concession);
        let cost_of_capital = self.at_least_zero(&file.cost_of_capital);
        let shrink = self.part(&file.shrink);
        let (loss_credit, loss_after_sale) = (self.part(&file.loss_credit), self.part(&file.loss_after_sale));
        let salvage = self.share(&file.salvage);
        let whole = |problems: &mut Problems, source: &Source, text: &str| {
            problems.push(Problem::file(source, text));
        };
        let timing = match (file.terms, file.credit_days.zip(file.days_to_settle)) {
            (None, Some(_)) => Some(Timing::Days),
            (Some(terms), None) if file.credit_days.is_none() && file.days_to_settle.is_none() => {
                Some(Timing::Terms { credit: terms.credit, after_sale: terms.after_sale })
            }
            _ => {
                let text =
                    "expected either credit_days and days_to_settle, or terms with credit and after_sale";
                whole(&mut self.problems, &self.source, text);
                None
            }
        };
        if file.deliveries.is_empty() {
            whole(&mut self.problems, &self.source, "expected at least one delivery");
        }
        let deliveries = self.lots("a delivery", file.window, &file.deliveries);
        let sales = self.lots("a sale", file.window, &file.sales);
        if self.problems.is_empty() {
            self.stock(&file.sales, &file.deliveries);
        }
        let guarantee = match &file.guarantee {
            None => None,
            Some(table) => {
                let rate = self.share(&table.rate);
                let amount =
                    Money::parse(table.amount.as_ref(), self.currency).ok().filter(|m| !m.is_negative());
                if amount.is_none() {
                    let expected = "expected an amount of zero or more such as \"100000.00\"";
                    self.refuse(&table.amount, table.amount.as_ref(), expected);
                }
                Some(TradeGuarantee { amount: amount?, rate: rate?, cycle: table.cycle })
            }
        };
        let changes = self.changes(&file.ask);
        Some(Input {
            name,
            title: file.title,
            discounting: file.discounting,
            scenario: TradeScenario {
                unit: Scenario {
                    retail: retail?,
                    supply: supply?,
                    goods_vat: goods_vat?,
                    concession: concession?,
                    cost_of_capital: cost_of_capital?,
                    days_to_sale: 0,
                    days_to_settle: file.days_to_settle.unwrap_or(0),
                    credit_days: file.credit_days.unwrap_or(0),
                    shrink: shrink?,
                    selling_cost: selling_cost?,
                    loss_credit: loss_credit?,
                    loss_after_sale: loss_after_sale?,
                },
                window: file.window,
                deliveries,
                sales,
                cost: cost?,
                cost_days: file.cost_days,
                salvage: salvage?,
                timing: timing?,
                guarantee,
            },
            changes,
        })
    }

    fn changes(&mut self, ask: &Ask) -> Vec<(String, TradeChange)> {
        let mut changes = Vec::new();
        for rate in &ask.fewer_sales {
            if let Some(fewer) = self.share(rate)
                && let Ok(left) = Rate::ONE.checked_sub(&fewer)
            {
                changes.push((format!("sales −{fewer}"), TradeChange::Sales(left)));
            }
        }
        let mut unit = |name: String, change: Change| changes.push((name, TradeChange::Unit(change)));
        for rate in &ask.concession {
            if let Some(rate) = self.share(rate) {
                unit(format!("concession {rate}"), Change::Concession(rate));
            }
        }
        for days in &ask.credit_days {
            unit(format!("credit_days {days}"), Change::CreditDays(*days));
        }
        for days in &ask.days_to_settle {
            unit(format!("days_to_settle {days}"), Change::DaysToSettle(*days));
        }
        for rate in &ask.cost_of_capital {
            if let Some(rate) = self.at_least_zero(rate) {
                unit(format!("cost_of_capital {rate}"), Change::CostOfCapital(rate));
            }
        }
        for text in &ask.retail {
            if let Some(price) = self.price(text, TaxBasis::Inclusive, true) {
                unit(format!("retail {}", price.per_unit()), Change::Retail(price));
            }
        }
        for text in &ask.supply {
            if let Some(price) = self.price(text, TaxBasis::Inclusive, true) {
                unit(format!("supply {}", price.per_unit()), Change::Supply(price));
            }
        }
        for rate in &ask.shrink {
            if let Some(rate) = self.part(rate) {
                unit(format!("shrink {rate}"), Change::Shrink(rate));
            }
        }
        changes
    }
}
