//! Product blocks: every facing drawn, one label on each block.

use super::text::{Breaks, escape, shorten, width_mm, wrap};
use endcap_types::Language;

use super::Sheet;
use crate::{Mount, Place, Placement, ProductSpec, SizeMm};

/// Font sizes tried, largest first, in millimetres.
const FONTS_MM: [u32; 4] = [34, 30, 26, 22];

pub(super) fn draw(sheet: &mut Sheet<'_>) {
    let planogram = sheet.planogram;
    for place in planogram.fixture.places() {
        for placement in planogram.on(&place) {
            let Some(product) = planogram.product(&placement.sku) else { continue };
            block(sheet, &place, placement, product.spec());
        }
    }
}

fn block(sheet: &mut Sheet<'_>, place: &Place<'_>, placement: &Placement, spec: &ProductSpec) {
    let colour = sheet.colours.get(spec.brand.as_str()).copied().unwrap_or("#9aa5b1");
    let turned = placement.orientation.turn(spec.size);
    let (cell_width, cell_height) = place.board.mount.cell_mm(turned);
    let x = sheet.left().saturating_add(place.left_mm).saturating_add(placement.x_mm);
    let width = placement.facings.saturating_mul(cell_width);
    let height = placement.stack.saturating_mul(cell_height);
    // What stands rises from the board, what hangs falls from the highest row of holes.
    let room = place.board.height_mm.saturating_sub(sheet.planogram.fixture.spec().headroom_mm);
    let above = match place.board.mount {
        Mount::Board => height,
        Mount::Pegs(_) => room.max(height),
    };
    let y = sheet.y(place.board_top_mm.saturating_add(above));
    let tip = format!(
        "{} · {} · {} × {} × {} = {}",
        placement.sku,
        spec.name,
        placement.facings,
        placement.stack,
        placement.deep,
        placement.capacity_units()
    );
    sheet.put(format_args!("<g><title>{}</title>", escape(&tip)));
    if let Mount::Pegs(_) = place.board.mount {
        hung(sheet, (x, y), (cell_width, cell_height), turned, placement, colour);
        label(sheet, (x, y), (width, height), placement, spec);
        sheet.put(format_args!("</g>"));
        return;
    }
    sheet.rect((x, y), (width, height), &format!(r#"fill="{colour}""#));
    // Edges between units as one path: a thousand facings stay one element.
    let (right, bottom) = (x.saturating_add(width), y.saturating_add(height));
    let mut edges = String::new();
    for column in 1..placement.facings {
        let at = x.saturating_add(column.saturating_mul(cell_width));
        edges.push_str(&format!("M{at} {y}V{bottom}"));
    }
    for row in 1..placement.stack {
        let at = y.saturating_add(row.saturating_mul(cell_height));
        edges.push_str(&format!("M{x} {at}H{right}"));
    }
    if !edges.is_empty() {
        sheet.put(format_args!(
            r##"<path d="{edges}" stroke="#ffffff" stroke-opacity="0.65" stroke-width="3" fill="none"/>"##
        ));
    }
    sheet.rect((x, y), (width, height), r##"fill="none" stroke="#1f2933" stroke-width="4""##);
    label(sheet, (x, y), (width, height), placement, spec);
    sheet.put(format_args!("</g>"));
}

/// Units that hang, each under the middle of its cell, and their pegs: one path each, however many there are.
fn hung(
    sheet: &mut Sheet<'_>,
    (x, y): (u32, u32),
    (cell_width, cell_height): (u32, u32),
    turned: SizeMm,
    placement: &Placement,
    colour: &str,
) {
    let (mut units, mut pegs) = (String::new(), String::new());
    let SizeMm { width, height, .. } = turned;
    for column in 0..placement.facings {
        let cell = x.saturating_add(column.saturating_mul(cell_width));
        let left = cell.saturating_add(cell_width.saturating_sub(width) / 2);
        let middle = left.saturating_add(width / 2).saturating_sub(6);
        for row in 0..placement.stack {
            let top = y.saturating_add(row.saturating_mul(cell_height));
            units.push_str(&format!("M{left} {top}h{width}v{height}h-{width}z"));
            pegs.push_str(&format!("M{middle} {}h12", top.saturating_add(10)));
        }
    }
    sheet.put(format_args!(r##"<path d="{units}" fill="{colour}" stroke="#1f2933" stroke-width="3"/>"##));
    sheet.put(format_args!(r##"<path d="{pegs}" fill="none" stroke="#1f2933" stroke-width="8"/>"##));
}

/// Lines that fit, their font size, and whether they run upwards.
struct Label {
    lines: Vec<String>,
    font_mm: u32,
    direction: Direction,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Across,
    Up,
}

/// The name and the facings across the block if they fit, else upwards, else as much of the name as fits.
fn label(
    sheet: &mut Sheet<'_>,
    (x, y): (u32, u32),
    size: (u32, u32),
    placement: &Placement,
    spec: &ProductSpec,
) {
    let (width, height) = size;
    let count = match sheet.options.language {
        Language::Zh => format!("{}面 {}件", placement.facings, placement.capacity_units()),
        Language::En => format!("{}f {}u", placement.facings, placement.capacity_units()),
    };
    let label = fit(&spec.name, &count, size);
    let Some(label) = label else { return };
    let line_mm = label.font_mm.saturating_mul(6) / 5;
    let longest = label.lines.iter().map(|line| width_mm(line, label.font_mm)).max().unwrap_or(0);
    let lines = u32::try_from(label.lines.len()).unwrap_or(1);
    let (middle_x, middle_y) = (x.saturating_add(width / 2), y.saturating_add(height / 2));
    let (panel_width, panel_height) =
        (longest.saturating_add(12), line_mm.saturating_mul(lines).saturating_add(6));

    let turn = match label.direction {
        Direction::Across => String::new(),
        Direction::Up => format!(r#" transform="rotate(-90 {middle_x} {middle_y})""#),
    };
    sheet.put(format_args!("<g{turn}>"));
    let panel_x = middle_x.saturating_sub(panel_width / 2);
    let panel_y = middle_y.saturating_sub(panel_height / 2);
    sheet.rect(
        (panel_x, panel_y),
        (panel_width, panel_height),
        r##"rx="6" fill="#ffffff" fill-opacity="0.88""##,
    );
    for (row, line) in (1_u32..).zip(&label.lines) {
        // The baseline lies a quarter of the font above the lower end of the line.
        let baseline = panel_y
            .saturating_add(3)
            .saturating_add(line_mm.saturating_mul(row))
            .saturating_sub(label.font_mm / 3);
        let weight = if row == lines && lines > 1 { r##"fill="#52606d""## } else { r##"fill="#1f2933""## };
        sheet.text((middle_x, baseline), label.font_mm, &format!(r#"text-anchor="middle" {weight}"#), line);
    }
    sheet.put(format_args!("</g>"));
}

fn fit(name: &str, count: &str, (width, height): (u32, u32)) -> Option<Label> {
    let directions = [(Direction::Across, width, height), (Direction::Up, height, width)];
    // Everything, in the largest size that takes it; words stay whole if a smaller size allows it.
    for breaks in [Breaks::Spaces, Breaks::Characters] {
        for font_mm in FONTS_MM {
            for (direction, along, across) in directions {
                let most = across.saturating_sub(14).checked_div(font_mm.saturating_mul(6) / 5).unwrap_or(0);
                let most = usize::try_from(most).unwrap_or(0).min(4);
                let room = along.saturating_sub(20);
                if most < 2 || width_mm(count, font_mm) > room {
                    continue;
                }
                if let Some(mut lines) = wrap(name, font_mm, room, most.saturating_sub(1), breaks) {
                    lines.push(count.to_owned());
                    return Some(Label { lines, font_mm, direction });
                }
            }
        }
    }
    // One line of as much of the name as fits, along the longer side.
    let font_mm = 22;
    let (direction, along, across) =
        if width >= height { (Direction::Across, width, height) } else { (Direction::Up, height, width) };
    let line = shorten(name, font_mm, along.saturating_sub(20));
    (across >= 30 && !line.is_empty()).then(|| Label { lines: vec![line], font_mm, direction })
}
