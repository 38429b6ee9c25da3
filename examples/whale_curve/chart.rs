//! The whale curve as a chart: cumulative profit over customers, the peak, and what comes down after it.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::economics::Found;
use crate::load::Book;
use crate::report::at;

const UP: RGBColor = RGBColor(31, 111, 235);
const DOWN: RGBColor = RGBColor(207, 34, 46);
const INK: RGBColor = RGBColor(60, 64, 72);
const GRID: RGBColor = RGBColor(228, 231, 236);

/// Draws cumulative profit, in percent of the total where it is positive and in money where it is not.
pub fn whale(book: &Book, found: &Found) -> Result<String, String> {
    let mut svg = String::new();
    draw(book, found, &mut svg).map_err(|error| error.to_string())?;
    Ok(svg)
}

fn draw(book: &Book, found: &Found, svg: &mut String) -> Result<(), Box<dyn std::error::Error>> {
    let area = SVGBackend::with_string(svg, (820, 460)).into_drawing_area();
    area.fill(&WHITE)?;
    let curve = found.whale.curve();
    let total = curve.total();
    let relative = total > 0;
    // For the eye only: a chart has no use for exact numbers.
    let unit = if relative { total as f64 / 100.0 } else { 10_f64.powi(i32::from(book.currency.exponent())) };
    let heights: Vec<f64> = curve.points().iter().map(|minor| *minor as f64 / unit).collect();
    let count = heights.len().saturating_sub(1).max(1) as f64;
    let line: Vec<(f64, f64)> =
        heights.iter().enumerate().map(|(k, height)| (k as f64 / count * 100.0, *height)).collect();
    let peak = line.get(curve.peak_members()).copied().unwrap_or((0.0, 0.0));
    let last = line.last().copied().unwrap_or((100.0, 0.0));
    let low = heights.iter().copied().fold(0.0, f64::min);
    let high = heights.iter().copied().fold(1.0_f64, f64::max);
    let room = (high - low) * 0.12;
    let mut plot = ChartBuilder::on(&area)
        .margin(16)
        .margin_right(28)
        .caption("Who makes the profit", ("sans-serif", 18))
        .x_label_area_size(44)
        .y_label_area_size(64)
        .build_cartesian_2d(0.0..100.0, if low < 0.0 { low - room } else { 0.0 }..high + room)?;
    plot.configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(GRID)
        .axis_style(ShapeStyle::from(&INK.mix(0.5)))
        .x_labels(11)
        .x_label_formatter(&|x| format!("{x:.0} %"))
        .y_label_formatter(&|y| if relative { format!("{y:.0} %") } else { format!("{y:.0}") })
        .x_desc("customers, most profitable first")
        .y_desc(if relative {
            "cumulative profit, % of the total".to_owned()
        } else {
            format!("cumulative profit, {}", book.currency.code())
        })
        .label_style(("sans-serif", 13))
        .draw()?;
    let (up, down) = line.split_at((curve.peak_members() + 1).min(line.len()));
    let down: Vec<(f64, f64)> = up.last().copied().into_iter().chain(down.iter().copied()).collect();
    plot.draw_series(AreaSeries::new(up.iter().copied(), 0.0, UP.mix(0.10)))?;
    plot.draw_series(AreaSeries::new(down.iter().copied(), 0.0, DOWN.mix(0.10)))?;
    if relative {
        let dashes =
            DashedLineSeries::new([(0.0, 100.0), (100.0, 100.0)], 5, 4, INK.mix(0.6).stroke_width(1));
        plot.draw_series(dashes)?;
    }
    plot.draw_series(LineSeries::new(up.iter().copied(), UP.stroke_width(3)))?;
    plot.draw_series(LineSeries::new(down.iter().copied(), DOWN.stroke_width(3)))?;
    plot.draw_series([peak, last].map(|point| Circle::new(point, 5, INK.filled())))?;
    let tell = |text: &str, point: (f64, f64), shift: (i32, i32), colour: RGBColor, pos: Pos| {
        let (x, y) = plot.backend_coord(&point);
        let style = ("sans-serif", 14).into_text_style(&area).color(&colour).pos(pos);
        area.draw(&Text::new(text.to_owned(), (x + shift.0, y + shift.1), style))
    };
    let amount = |height: f64| if relative { format!("{height:.0} %") } else { format!("{height:.0}") };
    let text = format!("peak {} from {:.0} % of the customers", amount(peak.1), peak.0);
    tell(&text, peak, (0, -14), INK, Pos::new(HPos::Center, VPos::Bottom))?;
    if curve.erosion() > 0 {
        let text = format!("−{} by the rest", amount(peak.1 - last.1));
        let middle = (0.5 * (peak.0 + last.0), 0.5 * last.1.max(0.0));
        tell(&text, middle, (0, 0), DOWN, Pos::new(HPos::Center, VPos::Center))?;
    }
    // The 20 % of the rule of thumb.
    if let Some(height) = at(found, 20) {
        let value: f64 = height.parse().unwrap_or(0.0);
        let (x, y) = plot.backend_coord(&(20.0, value));
        area.draw(&Circle::new((x, y), 5, UP.filled()))?;
        tell(
            &format!("20 % make {value:.0} %"),
            (20.0, value),
            (12, 14),
            UP,
            Pos::new(HPos::Left, VPos::Center),
        )?;
    }
    area.present()?;
    Ok(())
}
