//! The drawing is well-formed, complete and keeps every character.

use endcap_shelf::{Language, PlanOptions, Product, ProductSpec, SvgOptions, plan};
use endcap_types::Currency;
use proptest::prelude::*;

use crate::samples::{fixture, product, shelf, spec};

/// Checks nesting, attribute quoting and escaping by a small reading of the text; answers all character data.
fn read(svg: &str) -> Result<Vec<String>, String> {
    let mut open: Vec<String> = Vec::new();
    let mut texts = Vec::new();
    let mut rest = svg;
    while let Some(start) = rest.find('<') {
        let text = &rest[..start];
        if text.contains('>') {
            return Err(format!("stray > in {text:?}"));
        }
        texts.push(unescape(text)?);
        let end = rest.find('>').ok_or("tag never ends")?;
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            let last = open.pop().ok_or("closes too much")?;
            if last != name {
                return Err(format!("</{name}> closes <{last}>"));
            }
        } else if !tag.matches('"').count().is_multiple_of(2) || tag.contains('<') {
            return Err(format!("bad tag {tag:?}"));
        } else if !tag.ends_with('/') {
            open.push(tag.split(' ').next().unwrap_or("").to_owned());
        }
    }
    if open.is_empty() && rest.trim().is_empty() { Ok(texts) } else { Err(format!("open: {open:?}")) }
}

fn unescape(text: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let end = rest[at..].find(';').ok_or_else(|| format!("bare & in {text:?}"))? + at;
        out.push(match &rest[at + 1..end] {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "#39" => '\'',
            other => return Err(format!("unknown entity {other}")),
        });
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    Ok(out)
}

fn sample(name: &str, brand: &str) -> (endcap_shelf::Fixture, Vec<Product>) {
    let fixture = fixture(vec![vec![shelf(500, 280, 300, 100), shelf(500, 280, 300, 120)]]);
    let named = ProductSpec {
        name: name.into(),
        brand: brand.into(),
        max_stack: 2,
        ..spec("a", brand, (90, 110, 70), 60, 150)
    };
    (fixture, vec![Product::new(named).unwrap(), product("b", "蓝", (60, 200, 60), 80, 90)])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn is_well_formed_and_loses_no_name(name in "[<>&\"' a-z茶水乌龙🧃é]{1,40}", brand in "[<>&\"'甲乙x]{1,12}", title in "\\PC{0,60}") {
        let (fixture, products) = sample(&name, &brand);
        let best = plan(&fixture, &products, &PlanOptions::new(Currency::CNY)).unwrap();
        for language in [Language::Zh, Language::En] {
            let svg = best.planogram.to_svg(&SvgOptions { language, ..SvgOptions::new(title.clone()) });
            let texts = read(&svg).map_err(TestCaseError::fail)?;
            prop_assert!(texts.iter().any(|text| text.contains(&name)), "{name:?} is in no text");
            prop_assert!(texts.iter().any(|text| text.starts_with(&format!("{brand} "))), "{brand:?} is not in the legend");
        }
    }
}

#[test]
fn has_a_block_for_every_placement_with_its_facings_and_units() {
    let (fixture, products) = sample("无糖乌龙茶", "绿");
    let best = plan(&fixture, &products, &PlanOptions::new(Currency::CNY)).unwrap();
    let svg = best.planogram.to_svg(&SvgOptions::new("门店 <12>"));
    let texts = read(&svg).unwrap();
    assert_eq!(best.planogram.placements.len(), 2);
    for placement in &best.planogram.placements {
        let label = format!("{}面 {}件", placement.facings, placement.capacity_units());
        assert!(texts.contains(&label), "{label}");
        let spec = best.planogram.product(&placement.sku).unwrap().spec();
        assert!(texts.contains(&spec.name), "{}", spec.name);
    }
    assert!(texts.contains(&"门店 <12> · 端架".to_owned()));
    assert!(svg.contains("第 1 层 · 宽 500 × 高 280 × 深 300"));
}

#[test]
fn names_what_is_not_stocked() {
    let fixture = fixture(vec![vec![shelf(200, 280, 300, 100)]]);
    let products =
        vec![product("best", "甲", (180, 200, 60), 90, 200), product("left", "乙", (180, 200, 60), 10, 100)];
    let best = plan(&fixture, &products, &PlanOptions::new(Currency::CNY)).unwrap();
    let svg = best.planogram.to_svg(&SvgOptions::new(""));
    assert!(svg.contains("未上架 1：乙 left") && svg.contains("乙 0 面 0.0%"));
}
