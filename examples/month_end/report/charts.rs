//! The charts of the report, as SVG text. Figures come in as plain numbers: nothing is decided here.

use std::error::Error;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

type Drawn = Result<String, Box<dyn Error>>;

const INK: RGBColor = RGBColor(31, 41, 55);
const FAINT: RGBColor = RGBColor(148, 158, 170);
const GRID: RGBColor = RGBColor(228, 232, 237);
const BLUE: RGBColor = RGBColor(37, 99, 173);
const TEAL: RGBColor = RGBColor(15, 130, 122);
const AMBER: RGBColor = RGBColor(214, 137, 16);
const RED: RGBColor = RGBColor(190, 58, 52);
const SHADE: RGBColor = RGBColor(253, 236, 200);

/// From not due to more than half a year late: the later, the redder.
const AGES: [RGBColor; 8] = [
    RGBColor(120, 170, 140),
    RGBColor(238, 205, 120),
    RGBColor(233, 165, 80),
    RGBColor(220, 120, 60),
    RGBColor(200, 80, 60),
    RGBColor(150, 40, 50),
    RGBColor(160, 160, 170),
    RGBColor(110, 130, 190),
];

fn text(size: u32) -> TextStyle<'static> {
    ("sans-serif", size).into_font().color(&INK)
}

fn millions(value: &f64) -> String {
    let size = value.abs();
    if size >= 1e6 {
        let shown = format!("{:.1}", value / 1e6);
        format!("{}m", shown.strip_suffix(".0").unwrap_or(&shown))
    } else if size >= 1e3 {
        format!("{:.0}k", value / 1e3)
    } else {
        format!("{value:.0}")
    }
}

/// Every other name a line lower, where there are too many for one line.
fn stagger(position: usize, count: usize) -> i32 {
    if count > 9 && position % 2 == 1 { 13 } else { 0 }
}

/// Sales per account, largest first, and their running share.
pub fn pareto(bars: &[(String, f64)], cuts: &[f64]) -> Drawn {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (620, 330)).into_drawing_area();
        let total: f64 = bars.iter().map(|(_, v)| v.max(0.0)).sum();
        let top = bars.first().map_or(1.0, |(_, v)| v.max(1.0)) * 1.12;
        let count = bars.len();
        let mut chart = ChartBuilder::on(&area)
            .margin(8)
            .set_label_area_size(LabelAreaPosition::Left, 52)
            .set_label_area_size(LabelAreaPosition::Right, 46)
            .set_label_area_size(LabelAreaPosition::Bottom, 34)
            .build_cartesian_2d(0.0..count as f64, 0.0..top)?
            .set_secondary_coord(0.0..count as f64, 0.0..105.0);
        chart
            .configure_mesh()
            .disable_x_mesh()
            .disable_x_axis()
            .bold_line_style(GRID)
            .light_line_style(TRANSPARENT)
            .axis_style(GRID)
            .y_labels(6)
            .y_label_formatter(&millions)
            .label_style(text(12))
            .draw()?;
        chart
            .configure_secondary_axes()
            .axis_style(GRID)
            .y_labels(6)
            .y_label_formatter(&|v| format!("{v:.0}%"))
            .label_style(text(12))
            .draw()?;
        chart.draw_series(bars.iter().enumerate().map(|(i, (_, v))| {
            let left = i as f64 + 0.14;
            Rectangle::new([(left, 0.0), (left + 0.72, v.max(0.0))], BLUE.mix(0.85).filled())
        }))?;
        for cut in cuts {
            let line = [(0.0, *cut), (count as f64, *cut)];
            chart.draw_secondary_series(DashedLineSeries::new(line, 4, 4, FAINT.stroke_width(1)))?;
        }
        let mut running = 0.0;
        let points: Vec<(f64, f64)> = bars
            .iter()
            .enumerate()
            .map(|(i, (_, v))| {
                running += v.max(0.0);
                (i as f64 + 0.5, if total > 0.0 { running / total * 100.0 } else { 0.0 })
            })
            .collect();
        chart.draw_secondary_series(LineSeries::new(points.clone(), AMBER.stroke_width(2)))?;
        chart.draw_secondary_series(points.iter().map(|p| Circle::new(*p, 3, AMBER.filled())))?;
        let plotting = chart.plotting_area();
        for (i, (name, _)) in bars.iter().enumerate() {
            let (x, y) = plotting.map_coordinate(&(i as f64 + 0.5, 0.0));
            let y = y + stagger(i, count);
            area.draw(&Text::new(
                name.clone(),
                (x, y + 10),
                text(11).pos(Pos::new(HPos::Center, VPos::Top)),
            ))?;
        }
        area.present()?;
    }
    Ok(svg)
}

/// Running profit over accounts, most profitable first.
pub fn whale(points: &[(String, f64)]) -> Drawn {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (620, 330)).into_drawing_area();
        let high = points.iter().map(|(_, v)| *v).fold(0.0, f64::max).max(1.0) * 1.12;
        let low = points.iter().map(|(_, v)| *v).fold(0.0, f64::min) * 1.1;
        let count = points.len();
        let mut chart = ChartBuilder::on(&area)
            .margin(8)
            .margin_right(20)
            .set_label_area_size(LabelAreaPosition::Left, 56)
            .set_label_area_size(LabelAreaPosition::Bottom, 34)
            .build_cartesian_2d(0.0..count as f64, low..high)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .disable_x_axis()
            .bold_line_style(GRID)
            .light_line_style(TRANSPARENT)
            .axis_style(GRID)
            .y_labels(6)
            .y_label_formatter(&millions)
            .label_style(text(12))
            .draw()?;
        let mut curve = vec![(0.0, 0.0)];
        curve.extend(points.iter().enumerate().map(|(i, (_, v))| (i as f64 + 1.0, *v)));
        chart.draw_series(AreaSeries::new(curve.clone(), 0.0, TEAL.mix(0.14)))?;
        chart.draw_series(LineSeries::new(curve.clone(), TEAL.stroke_width(2)))?;
        let peak = curve.iter().map(|p| p.1).fold(f64::MIN, f64::max);
        for (i, point) in curve.iter().enumerate().skip(1) {
            let fell = curve.get(i - 1).is_some_and(|before| before.1 > point.1);
            chart.draw_series([Circle::new(*point, 4, if fell { RED } else { TEAL }.filled())])?;
        }
        let end = curve.last().map_or(0.0, |p| p.1);
        chart.draw_series(DashedLineSeries::new(
            [(0.0, peak), (count as f64, peak)],
            4,
            4,
            FAINT.stroke_width(1),
        ))?;
        chart.draw_series(DashedLineSeries::new(
            [(0.0, end), (count as f64, end)],
            2,
            4,
            FAINT.stroke_width(1),
        ))?;
        let plotting = chart.plotting_area();
        for (i, (name, _)) in points.iter().enumerate() {
            let (x, _) = plotting.map_coordinate(&(i as f64 + 1.0, 0.0));
            let y = plotting.get_pixel_range().1.end + stagger(i, count);
            area.draw(&Text::new(name.clone(), (x, y + 8), text(11).pos(Pos::new(HPos::Center, VPos::Top))))?;
        }
        area.present()?;
    }
    Ok(svg)
}

/// One promotion: actual units, the baseline, the weeks it ran.
pub struct Weeks<'a> {
    pub labels: &'a [String],
    pub actual: &'a [f64],
    pub baseline: &'a [f64],
    pub promoted: &'a [bool],
}

pub fn promotion(weeks: &Weeks<'_>) -> Drawn {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (460, 210)).into_drawing_area();
        let count = weeks.actual.len();
        let high = weeks.actual.iter().chain(weeks.baseline).fold(1.0_f64, |a, b| a.max(*b)) * 1.12;
        let mut chart = ChartBuilder::on(&area)
            .margin(6)
            .margin_right(14)
            .set_label_area_size(LabelAreaPosition::Left, 44)
            .set_label_area_size(LabelAreaPosition::Bottom, 22)
            .build_cartesian_2d(0.0..(count.max(2) - 1) as f64, 0.0..high)?;
        chart.draw_series(weeks.promoted.iter().enumerate().filter(|(_, p)| **p).map(|(i, _)| {
            let x = i as f64;
            Rectangle::new(
                [((x - 0.5).max(0.0), 0.0), ((x + 0.5).min((count - 1) as f64), high)],
                SHADE.filled(),
            )
        }))?;
        let label = |x: &f64| weeks.labels.get(x.round().max(0.0) as usize).cloned().unwrap_or_default();
        chart
            .configure_mesh()
            .disable_x_mesh()
            .bold_line_style(GRID)
            .light_line_style(TRANSPARENT)
            .axis_style(GRID)
            .x_labels(6)
            .y_labels(4)
            .x_label_formatter(&label)
            .y_label_formatter(&millions)
            .label_style(text(11))
            .draw()?;
        let line =
            |values: &[f64]| values.iter().enumerate().map(|(i, v)| (i as f64, *v)).collect::<Vec<_>>();
        chart.draw_series(DashedLineSeries::new(line(weeks.baseline), 5, 3, AMBER.stroke_width(2)))?;
        chart.draw_series(LineSeries::new(line(weeks.actual), BLUE.stroke_width(2)))?;
        area.present()?;
    }
    Ok(svg)
}

/// Receivables per account, one bar each, cut by age.
pub fn ageing(accounts: &[(String, Vec<f64>)], buckets: &[String]) -> Drawn {
    let mut svg = String::new();
    {
        let rows = accounts.len().max(1);
        let height = 40 + 26 * rows as u32 + 30;
        let area = SVGBackend::with_string(&mut svg, (960, height)).into_drawing_area();
        let most =
            accounts.iter().map(|(_, v)| v.iter().filter(|x| **x > 0.0).sum::<f64>()).fold(1.0, f64::max);
        let least =
            accounts.iter().map(|(_, v)| v.iter().filter(|x| **x < 0.0).sum::<f64>()).fold(0.0, f64::min);
        let mut x = 96;
        for (i, name) in buckets.iter().enumerate() {
            area.draw(&Rectangle::new([(x, 8), (x + 11, 19)], AGES[i % AGES.len()].filled()))?;
            area.draw(&Text::new(name.clone(), (x + 15, 8), text(12)))?;
            x += 34 + 7 * name.chars().count() as i32;
        }
        let plot = area.margin(30, 0, 0, 0);
        let mut chart = ChartBuilder::on(&plot)
            .margin(4)
            .margin_right(24)
            .set_label_area_size(LabelAreaPosition::Left, 90)
            .set_label_area_size(LabelAreaPosition::Bottom, 24)
            .build_cartesian_2d((least * 1.05)..(most * 1.05), 0.0..rows as f64)?;
        chart
            .configure_mesh()
            .disable_y_mesh()
            .disable_y_axis()
            .bold_line_style(GRID)
            .light_line_style(TRANSPARENT)
            .axis_style(GRID)
            .x_label_formatter(&millions)
            .label_style(text(12))
            .draw()?;
        for (row, (name, values)) in accounts.iter().enumerate() {
            let top = (rows - row) as f64 - 0.2;
            let (mut right, mut left) = (0.0, 0.0);
            for (i, value) in values.iter().enumerate() {
                let from = if *value >= 0.0 { &mut right } else { &mut left };
                let bar = [(*from, top - 0.6), (*from + value, top)];
                *from += value;
                chart.draw_series([Rectangle::new(bar, AGES[i % AGES.len()].filled())])?;
            }
            let (_, y) = chart.plotting_area().map_coordinate(&(0.0, top - 0.3));
            let style = text(12).pos(Pos::new(HPos::Right, VPos::Center));
            area.draw(&Text::new(name.clone(), (88, y), style))?;
        }
        area.present()?;
    }
    Ok(svg)
}
