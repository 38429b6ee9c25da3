//! The calibration as a chart: what happened, what the model said, what going on as before would have said.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::analysis::Calibration;

const ACTUAL: RGBColor = RGBColor(60, 64, 72);
const MODEL: RGBColor = RGBColor(31, 111, 235);
const NAIVE: RGBColor = RGBColor(214, 134, 41);
const GRID: RGBColor = RGBColor(228, 231, 236);

/// Draws mean transactions in the hold-out by the number of repeats before it.
pub fn calibration(found: &Calibration) -> Result<String, String> {
    let mut svg = String::new();
    draw(found, &mut svg).map_err(|error| error.to_string())?;
    Ok(svg)
}

fn draw(found: &Calibration, svg: &mut String) -> Result<(), Box<dyn std::error::Error>> {
    let area = SVGBackend::with_string(svg, (760, 420)).into_drawing_area();
    area.fill(&WHITE)?;
    let buckets = &found.by_frequency;
    let most = buckets.iter().flat_map(|b| [b.actual, b.model, b.naive]).fold(0.1_f64, f64::max) * 1.08;
    let count = buckets.len() as f64;
    let mut plot = ChartBuilder::on(&area)
        .margin(14)
        .margin_right(96)
        .caption("Repeat transactions in the hold-out", ("sans-serif", 17))
        .x_label_area_size(42)
        .y_label_area_size(46)
        .build_cartesian_2d(-0.4..count - 0.6, 0.0..most)?;
    let label = |x: &f64| {
        let near = x.round();
        let at = buckets.get(near.max(0.0) as usize).filter(|_| (x - near).abs() < 1e-6 && *x >= 0.0);
        at.map_or_else(String::new, |bucket| bucket.repeats.clone())
    };
    plot.configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(GRID)
        .axis_style(ShapeStyle::from(&ACTUAL.mix(0.5)))
        .x_labels(buckets.len() + 1)
        .x_label_formatter(&label)
        .x_desc("repeat transactions before the hold-out")
        .y_desc("mean transactions a customer")
        .label_style(("sans-serif", 13))
        .draw()?;
    let points = |of: &dyn Fn(usize) -> f64| -> Vec<(f64, f64)> {
        (0..buckets.len()).map(|i| (i as f64, of(i))).collect()
    };
    let series = [
        ("actual", ACTUAL, points(&|i| buckets[i].actual)),
        ("model", MODEL, points(&|i| buckets[i].model)),
        ("as before", NAIVE, points(&|i| buckets[i].naive)),
    ];
    // Names beside the ends of the lines, pushed apart where they would meet.
    let mut ends: Vec<(usize, f64)> =
        series.iter().enumerate().filter_map(|(i, (_, _, line))| Some((i, line.last()?.1))).collect();
    ends.sort_by(|a, b| a.1.total_cmp(&b.1));
    let gap = most * 0.055;
    let mut below = f64::NEG_INFINITY;
    for end in &mut ends {
        end.1 = end.1.max(below + gap);
        below = end.1;
    }
    for (i, (name, colour, line)) in series.into_iter().enumerate() {
        plot.draw_series(LineSeries::new(line.iter().copied(), colour.stroke_width(2)))?;
        plot.draw_series(line.iter().map(|point| Circle::new(*point, 4, colour.filled())))?;
        if let (Some(last), Some(height)) = (line.last(), ends.iter().find(|end| end.0 == i)) {
            let style = ("sans-serif", 14)
                .into_text_style(&area)
                .color(&colour)
                .pos(Pos::new(HPos::Left, VPos::Center));
            let (x, y) = plot.backend_coord(&(last.0, height.1));
            area.draw(&Text::new(name, (x + 12, y), style))?;
        }
    }
    area.present()?;
    Ok(())
}
