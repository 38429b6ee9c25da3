//! What each promotion did, item by item, and the money it costs us.

use std::collections::BTreeMap;
use std::error::Error;

use chrono::{Datelike, Days, NaiveDate};
use endcap::calendar::Period;
use endcap::promo::{
    Economics, Evaluation, EvaluationOptions, FundingBasis, FundingLine, FundingPurpose, Language, Mechanic,
    Promotion, PromotionPlan as Terms, SellIn, Verdict, Week, WeekMark, WeekRole, WeeklySeries, evaluate,
};
use endcap::types::{ClauseId, Exact, Money, Price, Quantity, RoundingMode, SkuId, TaxBasis, Unit, allocate};
use rust_decimal::Decimal;

use crate::book::{Book, PromotionPlan};
use crate::document::{PromotionRow, Series};

/// Weeks drawn before a promotion.
const DRAWN_BEFORE: usize = 20;

/// One promoted item, judged.
pub struct Judged {
    pub plan: PromotionPlan,
    pub sku: SkuId,
    pub evaluation: Evaluation,
}

/// Judges every promotion that began on or before the last day of `month`, on sales up to that day only.
pub fn judge(book: &Book, month: Period) -> Result<Vec<Judged>, Box<dyn Error>> {
    let mut judged = Vec::new();
    for plan in book.promotions.iter().filter(|plan| plan.period.start() < month.end()) {
        let lump = allocate(plan.lump_sum, plan.skus.iter().map(|sku| (sku.clone(), Decimal::ONE)))?;
        for sku in &plan.skus {
            let terms = terms(book, plan, sku, lump[sku])?;
            let series = series(book, plan, sku, month)?;
            let economics = economics(book, plan, sku, &series)?;
            let evaluation = evaluate(&terms, &series, &economics, &EvaluationOptions::default())?;
            judged.push(Judged { plan: plan.clone(), sku: sku.clone(), evaluation });
        }
    }
    Ok(judged)
}

/// The agreed mechanic and funding of one item.
fn terms(book: &Book, plan: &PromotionPlan, sku: &SkuId, lump: Money) -> Result<Promotion, Box<dyn Error>> {
    let mut funding = Vec::new();
    if plan.funding_per_unit.is_positive() {
        funding.push(FundingLine {
            id: ClauseId::new("SCAN")?,
            purpose: FundingPurpose::PriceSupport,
            basis: FundingBasis::ScanBack { per_unit: plan.funding_per_unit.to_amount_string().parse()? },
            cap: None,
        });
    }
    if lump.is_positive() {
        funding.push(FundingLine {
            id: ClauseId::new("LUMP")?,
            purpose: FundingPurpose::DisplayFee,
            basis: FundingBasis::LumpSum { amount: lump.to_amount_string().parse()? },
            cap: None,
        });
    }
    let mechanic = if plan.price_cut.is_zero() {
        Mechanic::SupportOnly
    } else {
        Mechanic::PercentOff { rate: plan.price_cut }
    };
    Ok(Promotion::new(Terms {
        id: plan.id.clone(),
        period: plan.period,
        skus: vec![sku.clone()],
        currency: book.currency,
        unit: Unit::Piece,
        tax: TaxBasis::Inclusive,
        mechanic,
        funding,
    })?)
}

fn monday(date: NaiveDate) -> NaiveDate {
    date - Days::new(u64::from(date.weekday().num_days_from_monday()))
}

/// Whole weeks of sell-out up to the end of `month`; records cut at a month's end are put together again.
fn series(
    book: &Book,
    plan: &PromotionPlan,
    sku: &SkuId,
    month: Period,
) -> Result<WeeklySeries, Box<dyn Error>> {
    let mut weeks: BTreeMap<NaiveDate, (i64, Money)> = BTreeMap::new();
    let sales = book.sales.iter().filter(|s| s.account == plan.account && s.sku == *sku);
    for sale in sales {
        let start = monday(sale.date);
        if start + Days::new(7) <= month.end() {
            let week = weeks.entry(start).or_insert((0, Money::zero(book.currency)));
            week.0 += sale.units;
            week.1 = week.1.checked_add(&sale.amount)?;
        }
    }
    let promoted = |start: NaiveDate| {
        let end = start + Days::new(7);
        book.promotions.iter().any(|other| {
            other.account == plan.account
                && other.skus.contains(sku)
                && other.period.start() < end
                && start < other.period.end()
        })
    };
    if weeks.is_empty() {
        // Not sold yet: the promotion is judged when it was.
        let week =
            Week { start: monday(plan.period.start()), sold: None, shelf_price: None, mark: WeekMark::Clean };
        return Ok(WeeklySeries::new(vec![week])?);
    }
    let weeks = weeks
        .into_iter()
        .map(|(start, (units, amount))| {
            let mark = if promoted(start) { WeekMark::Promoted } else { WeekMark::Clean };
            Ok(Week {
                start,
                // When more came back than was sold, the week says nothing about demand.
                sold: (units >= 0).then(|| Quantity::pieces(units)).transpose()?,
                shelf_price: shelf_price(units, amount)?,
                mark,
            })
        })
        .collect::<Result<Vec<_>, Box<dyn Error>>>()?;
    Ok(WeeklySeries::new(weeks)?)
}

/// Till money by units, to four decimals.
fn shelf_price(units: i64, amount: Money) -> Result<Option<Price>, Box<dyn Error>> {
    if units <= 0 {
        return Ok(None);
    }
    let paid: Decimal = amount.to_amount_string().parse()?;
    let per_unit =
        paid.checked_div(Decimal::from(units)).ok_or("the average price is out of range")?.round_dp(4);
    Ok(Some(Price::new(per_unit, amount.currency(), Unit::Piece, TaxBasis::Inclusive)?))
}

/// Prices and cost of one piece, tax included on all of them: the cost carries the tax its sale would.
fn economics(
    book: &Book,
    plan: &PromotionPlan,
    sku: &SkuId,
    series: &WeeklySeries,
) -> Result<Economics, Box<dyn Error>> {
    let of = |amount: Decimal| Price::new(amount, book.currency, Unit::Piece, TaxBasis::Inclusive);
    let product = book.skus.get(sku).ok_or_else(|| format!("no product {sku}"))?;
    let cost: Decimal =
        product.unit_cost.ok_or_else(|| format!("no unit cost for {sku}"))?.to_amount_string().parse()?;
    let tax =
        product.vat.as_percent().checked_div(Decimal::ONE_HUNDRED).ok_or("the tax rate is out of range")?;
    let supply = book
        .supply_price(&plan.account, sku, plan.period.start())
        .ok_or_else(|| format!("no supply price of {sku} for {}", plan.account))?;
    let supply: Decimal = supply.to_amount_string().parse()?;
    // The last price of a quiet week before; else the first after; else any; else what the account pays.
    let quiet = || series.weeks().iter().filter(|week| week.mark == WeekMark::Clean);
    let mut before =
        quiet().filter(|week| week.start < plan.period.start()).filter_map(|week| week.shelf_price);
    let any = || series.weeks().iter().find_map(|week| week.shelf_price);
    let regular = before.next_back().or_else(|| quiet().find_map(|week| week.shelf_price)).or_else(any);
    Ok(Economics {
        unit_cost: of((cost * (Decimal::ONE + tax)).normalize())?,
        supply_price: of(supply)?,
        shelf_regular: regular.map_or_else(|| of(supply), Ok)?,
        sell_in: SellIn::EqualsSellOut,
    })
}

/// The rows of the report: items of promotions that ran in `month`.
pub fn rows(judged: &[Judged], month: Period) -> Result<Vec<PromotionRow>, Box<dyn Error>> {
    judged.iter().filter(|item| item.plan.period.overlap_days(month) > 0).map(row).collect()
}

fn row(item: &Judged) -> Result<PromotionRow, Box<dyn Error>> {
    let (plan, evaluation) = (&item.plan, &item.evaluation);
    let units = |figure: f64| format!("{figure:.0}");
    let mut row = PromotionRow {
        promotion: format!("{}/{}", plan.id, item.sku),
        account: plan.account.to_string(),
        skus: vec![item.sku.to_string()],
        first_day: plan.period.start().to_string(),
        last_day: plan.period.last_day().to_string(),
        mechanic: plan.mechanic.clone(),
        cost: evaluation.spend.to_amount_string(),
        chart: chart(evaluation),
        ..PromotionRow::default()
    };
    let whole = |figure: &Exact| figure.to_fixed(0, RoundingMode::HalfAwayFromZero);
    row.actual_units = whole(&evaluation.actual_units);
    if let Some((measured, reading)) = evaluation.measured().and_then(|m| Some((m, m.primary()?))) {
        row.baseline_units = whole(&reading.base_units);
        row.incremental_units = whole(&reading.net_incremental_units);
        if let Some(evidence) = &reading.effect.evidence {
            (row.low, row.high) = (units(evidence.low), units(evidence.high));
        }
        row.lift = reading.lift.to_percent(1);
        row.incremental_margin = measured.incremental_margin.to_amount_string();
        row.net = measured.net_margin.to_amount_string();
    }
    row.verdict = verdict(evaluation).to_owned();
    row.reason = evaluation.explain(Language::En).join(" ");
    row.reason_zh = evaluation.explain(Language::Zh).join("");
    Ok(row)
}

/// The verdict in the words of the report: it works when it sold more and paid for itself.
fn verdict(evaluation: &Evaluation) -> &'static str {
    match (evaluation.effect(), evaluation.payback()) {
        (Verdict::Works, Verdict::Works) => "works",
        (Verdict::Works, Verdict::DoesNot { .. }) => "sells, does not pay",
        (Verdict::Works, _) => "sells, payback open",
        (Verdict::DoesNot { .. }, _) => "does not",
        _ => "not enough evidence",
    }
}

fn chart(evaluation: &Evaluation) -> Series {
    let weeks = &evaluation.chart;
    let event = weeks.iter().position(|week| week.role == WeekRole::Event).unwrap_or(0);
    let shown = || weeks.iter().skip(event.saturating_sub(DRAWN_BEFORE));
    let figure = |value: Option<f64>| value.map_or_else(String::new, |v| format!("{v:.1}"));
    Series {
        weeks: shown().map(|week| week.start.format("%d %b").to_string()).collect(),
        actual: shown().map(|week| figure(week.actual)).collect(),
        baseline: shown().map(|week| figure(week.baseline)).collect(),
        promoted: shown().map(|week| week.role == WeekRole::Event).collect(),
    }
}
