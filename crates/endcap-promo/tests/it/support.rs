//! Builders the tests share.

use chrono::{Days, NaiveDate};
use endcap_promo::{
    Economics, FundingBasis, FundingLine, FundingPurpose, Mechanic, Promotion, PromotionPlan, SellIn, Week,
    WeekMark, WeeklySeries,
};
use endcap_types::{Currency, Exact, Price, Quantity, TaxBasis, Unit};
use rust_decimal::Decimal;

pub(crate) fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// `12.5` or `-3` as an exact number.
pub(crate) fn exact(text: &str) -> Exact {
    Exact::from_decimal(dec(text))
}

pub(crate) fn int(n: i64) -> Exact {
    Exact::from_int(i128::from(n))
}

pub(crate) fn price(text: &str) -> Price {
    Price::new(dec(text), Currency::CNY, Unit::Piece, TaxBasis::Inclusive).unwrap()
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// 30 December 2024, a Monday: the first week of every series built here.
pub(crate) fn monday(week: usize) -> NaiveDate {
    day("2024-12-30") + Days::new(7 * week as u64)
}

pub(crate) fn line(id: &str, basis: FundingBasis) -> FundingLine {
    FundingLine { id: id.parse().unwrap(), purpose: FundingPurpose::PriceSupport, basis, cap: None }
}

pub(crate) fn scan_back(per_unit: &str) -> FundingLine {
    line("SB", FundingBasis::ScanBack { per_unit: dec(per_unit) })
}

pub(crate) fn lump(amount: &str) -> FundingLine {
    line("LUMP", FundingBasis::LumpSum { amount: dec(amount) })
}

/// A plan for `weeks` weeks from week `first` on, 20 % off.
pub(crate) fn plan(first: usize, weeks: usize, funding: Vec<FundingLine>) -> PromotionPlan {
    PromotionPlan {
        id: "EVENT".parse().unwrap(),
        period: endcap_calendar::Period::new(monday(first), monday(first + weeks)).unwrap(),
        skus: vec!["SKU-1".parse().unwrap()],
        currency: Currency::CNY,
        unit: Unit::Piece,
        tax: TaxBasis::Inclusive,
        mechanic: Mechanic::PercentOff { rate: "20%".parse().unwrap() },
        funding,
    }
}

pub(crate) fn promotion(first: usize, weeks: usize, funding: Vec<FundingLine>) -> Promotion {
    Promotion::new(plan(first, weeks, funding)).unwrap()
}

pub(crate) fn week(at: usize, units: i64, mark: WeekMark) -> Week {
    Week { start: monday(at), sold: Some(Quantity::pieces(units).unwrap()), shelf_price: None, mark }
}

/// Consecutive weeks from [`monday`] 0, promoted where `promoted` says so.
pub(crate) fn weeks(units: &[i64], promoted: impl Fn(usize) -> bool) -> Vec<Week> {
    let mark = |at| if promoted(at) { WeekMark::Promoted } else { WeekMark::Clean };
    units.iter().enumerate().map(|(at, units)| week(at, *units, mark(at))).collect()
}

pub(crate) fn series(units: &[i64], promoted: impl Fn(usize) -> bool) -> WeeklySeries {
    WeeklySeries::new(weeks(units, promoted)).unwrap()
}

/// Cost 3.60, supply 6.00, shelf 9.00.
pub(crate) fn economics() -> Economics {
    Economics {
        unit_cost: price("3.60"),
        supply_price: price("6.00"),
        shelf_regular: price("9.00"),
        sell_in: SellIn::EqualsSellOut,
    }
}

/// A small generator of reproducible noise: SplitMix64.
pub(crate) struct Noise(pub(crate) u64);

impl Noise {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Uniform in [0, 1).
    pub(crate) fn uniform(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Standard normal, by Box and Muller.
    pub(crate) fn normal(&mut self) -> f64 {
        let (u, v) = (1.0 - self.uniform(), self.uniform());
        (-2.0 * u.ln()).sqrt() * (core::f64::consts::TAU * v).cos()
    }
}
