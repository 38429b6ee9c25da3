//! The answer as text and as JSON.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write;

use endcap::shelf::{Product, ShareRule, ShelfPlan, Status, share_of_shelf};
use endcap::types::{Currency, Exact, Rounding, RoundingMode};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::fixture::Bay;

/// The answer.
pub struct Answer {
    pub text: String,
    pub json: Value,
}

/// Describes a plan.
pub fn answer(
    bay: &Bay,
    products: &[Product],
    best: &ShelfPlan,
    shares: &[ShareRule],
) -> Result<Answer, Box<dyn Error>> {
    let certificate = &best.certificate;
    let (lower, upper) =
        (major(certificate.lower(), bay.currency)?, major(certificate.upper(), bay.currency)?);
    let gap =
        certificate.gap_ratio()?.mul(&Exact::from_int(100))?.to_fixed(4, RoundingMode::HalfAwayFromZero);
    let status = match certificate.status() {
        Status::Optimal => "optimal",
        _ => "feasible",
    };
    let profit = best.profit.round(&Rounding::HALF_AWAY)?.to_amount_string();
    let facings: u32 = best.lines.iter().map(|line| line.facings).sum();
    let listed = best.lines.iter().filter(|line| line.facings > 0).count();
    let mut text = String::new();
    writeln!(text, "{}: {listed} of {} products, {facings} facings", bay.title, products.len())?;
    writeln!(
        text,
        "weekly profit {profit} {}; between {lower} and {upper}, gap {gap}%, {status}",
        bay.currency.code()
    )?;
    writeln!(text)?;
    let places: BTreeMap<_, _> =
        best.planogram.placements.iter().map(|placed| (&placed.sku, placed)).collect();
    let mut rows = Vec::new();
    let mut brands: BTreeMap<String, Decimal> = BTreeMap::new();
    writeln!(
        text,
        "  {:<14} {:<32} {:>7} {:>6} {:>6} {:>7} {:>9} {:>10}",
        "sku", "name", "facings", "bay", "shelf", "x mm", "capacity", "profit"
    )?;
    for (product, line) in products.iter().zip(&best.lines) {
        let spec = product.spec();
        let place = places.get(&line.sku);
        let at =
            |number: Option<usize>| number.map_or_else(|| "–".to_owned(), |number| (number + 1).to_string());
        let profit = line.profit.round(&Rounding::HALF_AWAY)?.to_amount_string();
        let name: String = spec.name.chars().take(32).collect();
        writeln!(
            text,
            "  {:<14} {name:<32} {:>7} {:>6} {:>6} {:>7} {:>9} {profit:>10}",
            line.sku.as_str(),
            line.facings,
            at(place.map(|placed| placed.segment)),
            at(place.map(|placed| placed.shelf)),
            place.map_or_else(|| "–".to_owned(), |placed| placed.x_mm.to_string()),
            line.capacity_units,
        )?;
        let width = place.and_then(|placed| best.planogram.block_mm(placed)).map_or(0, |(width, _)| width);
        if line.facings > 0 {
            *brands.entry(spec.brand.clone()).or_default() += Decimal::from(width);
        }
        rows.push(json!({
            "sku": line.sku, "name": spec.name, "brand": spec.brand, "category": spec.category,
            "facings": line.facings, "capacity_units": line.capacity_units, "profit": profit,
            "segment": place.map(|placed| placed.segment + 1),
            "shelf": place.map(|placed| placed.shelf + 1),
            "x_mm": place.map(|placed| placed.x_mm),
            "width_mm": width,
            "orientation": place.map(|placed| placed.orientation),
        }));
    }
    // Shares of an empty shelf are nothing to print.
    let of_shelf = if brands.is_empty() { BTreeMap::new() } else { share_of_shelf(brands, 4)? };
    let of_shelf: BTreeMap<String, String> =
        of_shelf.into_iter().map(|(brand, share)| (brand, share.rounded.to_string())).collect();
    writeln!(text, "\nShare of shelf")?;
    for (brand, share) in &of_shelf {
        writeln!(text, "  {brand:<32} {share:>8}")?;
    }
    let mut found = best.planogram.validate();
    found.extend(best.planogram.validate_shares(shares)?);
    let problems: Vec<String> = found.iter().map(ToString::to_string).collect();
    writeln!(text, "\nProblems found by the validator: {}", problems.len())?;
    let json = json!({
        "title": bay.title, "currency": bay.currency.code(), "status": status, "lower": lower, "upper": upper,
        "gap": format!("{gap}%"), "profit": profit, "facings": facings, "products": rows,
        "share_of_shelf": of_shelf, "problems": problems,
    });
    Ok(Answer { text, json })
}

/// Millionths of a minor unit in major units, to four decimals.
fn major(millionths: i64, currency: Currency) -> Result<String, Box<dyn Error>> {
    let per_major = currency.minor_per_major().checked_mul(1_000_000).ok_or("out of range")?;
    Ok(Exact::ratio(i128::from(millionths), per_major)?.to_fixed(4, RoundingMode::HalfAwayFromZero))
}
