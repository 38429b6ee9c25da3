//! The legend: brands with their colours, facings and share of the width used; and what is not stocked.

use std::collections::BTreeMap;

use super::text::{shorten, width_mm};
use endcap_types::Language;

use super::{MARGIN_MM, Sheet};

/// Colours of brands in the order of their names: distinct to the colour-blind first.
pub(super) const PALETTE: [&str; 14] = [
    "#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#8d6e63", "#9ccc65",
    "#7e57c2", "#ef9a9a", "#26a69a", "#bdbdbd", "#c0a16b",
];

const FONT_MM: u32 = 30;
const ROW_MM: u32 = 54;

/// Draws from `top` downwards; answers where the drawing ends.
pub(super) fn draw(sheet: &mut Sheet<'_>, top: u32) -> u32 {
    let planogram = sheet.planogram;
    let mut facings: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for placement in &planogram.placements {
        let Some(product) = planogram.product(&placement.sku) else { continue };
        let entry = facings.entry(product.spec().brand.as_str()).or_default();
        entry.0 = entry.0.saturating_add(u64::from(placement.facings));
        let width = planogram.block_mm(placement).map_or(0, |(width, _)| width);
        entry.1 = entry.1.saturating_add(width);
    }
    let used = facings.values().map(|(_, width)| *width).fold(0_u64, u64::saturating_add);

    let room = sheet.width().saturating_sub(MARGIN_MM);
    let (mut x, mut y) = (MARGIN_MM, top.saturating_add(ROW_MM));
    for (brand, colour) in sheet.colours.clone() {
        let (count, width) = facings.get(brand).copied().unwrap_or((0, 0));
        let tenths = width.saturating_mul(1_000).saturating_add(used / 2).checked_div(used).unwrap_or(0);
        let (whole, tenth) = (tenths / 10, tenths % 10);
        let words = match sheet.options.language {
            Language::Zh => format!("{brand} {count} 面 {whole}.{tenth}%"),
            Language::En => format!("{brand} {count} facings {whole}.{tenth}%"),
        };
        let words = shorten(&words, FONT_MM, room.saturating_sub(MARGIN_MM).saturating_sub(60));
        let wide = width_mm(&words, FONT_MM).saturating_add(90);
        if x > MARGIN_MM && x.saturating_add(wide) > room {
            (x, y) = (MARGIN_MM, y.saturating_add(ROW_MM));
        }
        let swatch = (x, y.saturating_sub(28));
        sheet.rect(
            swatch,
            (36, 36),
            &format!(r##"rx="4" fill="{colour}" stroke="#1f2933" stroke-width="2""##),
        );
        sheet.text((x.saturating_add(48), y), FONT_MM, r##"fill="#1f2933""##, &words);
        x = x.saturating_add(wide);
    }

    let placed =
        |sku: &endcap_types::SkuId| planogram.placements.iter().any(|placement| placement.sku == *sku);
    let left_out: Vec<&str> = (planogram.products.iter())
        .filter(|product| !placed(product.sku()))
        .map(|product| product.spec().name.as_str())
        .collect();
    if !left_out.is_empty() {
        y = y.saturating_add(ROW_MM);
        let words = match sheet.options.language {
            Language::Zh => format!("未上架 {}：{}", left_out.len(), left_out.join("、")),
            Language::En => format!("not stocked ({}): {}", left_out.len(), left_out.join(", ")),
        };
        let words = shorten(&words, FONT_MM, room.saturating_sub(MARGIN_MM));
        sheet.text((MARGIN_MM, y), FONT_MM, r##"fill="#7b8794""##, &words);
    }
    y.saturating_add(MARGIN_MM)
}
