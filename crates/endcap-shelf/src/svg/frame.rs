//! The furniture: title, back wall, boards, uprights, dimensions.

use endcap_types::Language;

use super::{HEAD_MM, MARGIN_MM, Sheet};
use crate::{Mount, PegGrid, Place};

const INK: &str = "#1f2933";
const GREY: &str = "#7b8794";

/// The title and the fixture's name.
pub(super) fn heading(sheet: &Sheet<'_>) -> String {
    let name = &sheet.planogram.fixture.spec().name;
    if sheet.options.title.is_empty() { name.clone() } else { format!("{} · {name}", sheet.options.title) }
}

pub(super) fn draw(sheet: &mut Sheet<'_>) {
    title(sheet);
    let fixture = &sheet.planogram.fixture;
    let (left, floor) = (sheet.left(), sheet.floor());
    let board_mm = fixture.spec().board_mm;

    let mut at = left;
    for (index, segment) in fixture.spec().segments.iter().enumerate() {
        let width = segment.width_mm();
        let shelves = segment.shelves.iter().fold(fixture.spec().base_mm, |height, shelf| {
            height.saturating_add(board_mm).saturating_add(shelf.height_mm)
        });
        let wall = (width, shelves);
        let top = sheet.y(shelves);
        sheet.rect((at, top), wall, r##"fill="#f5f7fa" stroke="#9aa5b1" stroke-width="4""##);
        let plinth = fixture.spec().base_mm;
        let foot = (at, sheet.y(plinth));
        sheet.rect(foot, (width, plinth), r##"fill="#cbd2d9""##);
        widths(sheet, at, width, &segment.name, index);
        at = at.saturating_add(width);
    }
    boards(sheet);
    heights(sheet);
    let total = fixture.width_mm();
    if fixture.spec().segments.len() > 1 {
        dimension_across(sheet, left, total, floor.saturating_add(105), &format!("{total} mm"));
    }
}

fn title(sheet: &mut Sheet<'_>) {
    let text = heading(sheet);
    let room = sheet.width().saturating_sub(MARGIN_MM.saturating_mul(2));
    let text = super::text::shorten(&text, 56, room);
    sheet.text(
        (MARGIN_MM, MARGIN_MM.saturating_add(46)),
        56,
        &format!(r#"font-weight="bold" fill="{INK}""#),
        &text,
    );
    let placements = &sheet.planogram.placements;
    let facings = placements.iter().map(|p| u64::from(p.facings)).fold(0_u64, u64::saturating_add);
    let units =
        placements.iter().map(super::super::Placement::capacity_units).fold(0_u64, u64::saturating_add);
    let products = placements.len();
    let summary = match sheet.options.language {
        Language::Zh => format!("{products} 个单品 · {facings} 个排面 · 满架 {units} 件 · 尺寸单位 mm"),
        Language::En => {
            format!("{products} products · {facings} facings · {units} units when full · millimetres")
        }
    };
    let y = MARGIN_MM.saturating_add(HEAD_MM).saturating_sub(48);
    sheet.text((MARGIN_MM, y), 32, &format!(r#"fill="{GREY}""#), &summary);
}

/// The board of each shelf with its number and inner dimensions.
fn boards(sheet: &mut Sheet<'_>) {
    let fixture = &sheet.planogram.fixture;
    let board_mm = fixture.spec().board_mm;
    for place in fixture.places() {
        let x = sheet.left().saturating_add(place.left_mm);
        let y = sheet.y(place.board_top_mm);
        if let Mount::Pegs(grid) = place.board.mount {
            holes(sheet, &place, grid);
        }
        sheet.rect((x, y), (place.board.width_mm, board_mm), r##"fill="#3e4c59""##);
        let font = board_mm.saturating_mul(4).div_ceil(5).min(24);
        if font < 16 {
            continue;
        }
        let number = place.shelf.saturating_add(1);
        let (w, h, d) = (place.board.width_mm, place.board.height_mm, place.board.depth_mm);
        let used = (sheet.planogram.on(&place).iter())
            .filter_map(|p| Some(sheet.planogram.block_mm(p)?.0))
            .fold(0_u64, u64::saturating_add);
        let words = match sheet.options.language {
            Language::Zh => format!("第 {number} 层 · 宽 {w} × 高 {h} × 深 {d} · 已用 {used}"),
            Language::En => format!("shelf {number} · {w} wide × {h} high × {d} deep · {used} used"),
        };
        let words = super::text::shorten(&words, font, w.saturating_sub(20));
        let baseline = y.saturating_add(board_mm.saturating_add(font.saturating_mul(6).div_ceil(10)) / 2);
        sheet.text((x.saturating_add(10), baseline), font, r##"fill="#ffffff""##, &words);
    }
}

/// The back wall of a shelf with pegs: a pattern of holes from the left end and from the top.
fn holes(sheet: &mut Sheet<'_>, place: &Place<'_>, grid: PegGrid) {
    let PegGrid { across_mm, up_mm } = grid;
    let (width, height) = (place.board.width_mm, place.board.height_mm);
    let x = sheet.left().saturating_add(place.left_mm);
    let y = sheet.y(place.board_top_mm.saturating_add(height));
    let id = format!("holes-{}-{}", place.segment, place.shelf);
    let (middle, row) = (across_mm / 2, up_mm / 2);
    sheet.put(format_args!(
        r##"<pattern id="{id}" x="{x}" y="{y}" width="{across_mm}" height="{up_mm}" patternUnits="userSpaceOnUse"><circle cx="{middle}" cy="{row}" r="3" fill="#b8c2cc"/></pattern>"##
    ));
    sheet.rect((x, y), (width, height), &format!(r#"fill="url(#{id})""#));
}

/// Clear heights of the leftmost segment and the total height, at the left.
fn heights(sheet: &mut Sheet<'_>) {
    let fixture = &sheet.planogram.fixture;
    let x = sheet.left().saturating_sub(30);
    for place in fixture.places().filter(|place| place.segment == 0) {
        let (low, high) = (place.board_top_mm, place.board_top_mm.saturating_add(place.board.height_mm));
        dimension_up(sheet, x, low, high);
    }
    dimension_up(sheet, x.saturating_sub(75), 0, fixture.height_mm());
}

fn widths(sheet: &mut Sheet<'_>, x: u32, width: u32, name: &str, index: usize) {
    let number = index.saturating_add(1);
    let words = match sheet.options.language {
        Language::Zh => format!("第 {number} 节 {name} · {width} mm"),
        Language::En => format!("segment {number} {name} · {width} mm"),
    };
    let y = sheet.floor().saturating_add(45);
    dimension_across(sheet, x, width, y, &words);
}

/// A horizontal dimension line with its words under it.
fn dimension_across(sheet: &mut Sheet<'_>, x: u32, width: u32, y: u32, words: &str) {
    let right = x.saturating_add(width);
    let (above, below) = (y.saturating_sub(10), y.saturating_add(10));
    sheet.put(format_args!(
        r#"<path d="M{x} {above}V{below}M{right} {above}V{below}M{x} {y}H{right}" stroke="{GREY}" stroke-width="3" fill="none"/>"#
    ));
    let middle = x.saturating_add(width / 2);
    let words = super::text::shorten(words, 28, width);
    let style = format!(r#"text-anchor="middle" fill="{INK}""#);
    sheet.text((middle, y.saturating_add(38)), 28, &style, &words);
}

/// A vertical dimension line between two heights above the floor, with its length beside it.
fn dimension_up(sheet: &mut Sheet<'_>, x: u32, low: u32, high: u32) {
    let (bottom, top) = (sheet.y(low), sheet.y(high));
    let (before, after) = (x.saturating_sub(10), x.saturating_add(10));
    sheet.put(format_args!(
        r#"<path d="M{before} {bottom}H{after}M{before} {top}H{after}M{x} {bottom}V{top}" stroke="{GREY}" stroke-width="3" fill="none"/>"#
    ));
    let middle = top.saturating_add(bottom.saturating_sub(top) / 2);
    let x = x.saturating_sub(14);
    let style = format!(r#"text-anchor="middle" fill="{INK}" transform="rotate(-90 {x} {middle})""#);
    sheet.text((x, middle), 28, &style, &high.saturating_sub(low).to_string());
}
