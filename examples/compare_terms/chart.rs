//! The cash of the three methods over time, as SVG: steps, for cash moves on days.

use std::error::Error;

use endcap::settlement::Language;
use endcap::settlement::compare::TradeComparison;
use endcap::types::RoundingMode;
use plotters::prelude::*;

use crate::report::{METHODS, name};

const COLOURS: [RGBColor; 3] = [RGBColor(15, 130, 122), RGBColor(37, 99, 173), RGBColor(214, 137, 16)];

pub fn cash(told: &TradeComparison) -> Result<String, Box<dyn Error>> {
    let mut series = Vec::new();
    for method in METHODS {
        let mut points = vec![(0.0, 0.0)];
        let mut balance = 0.0;
        for flow in &told.outcome(method).flows {
            let day = (flow.on - told.valued_on).num_days() as f64;
            points.push((day, balance));
            balance += flow.amount.to_fixed(6, RoundingMode::HalfEven).parse::<f64>()?;
            points.push((day, balance));
        }
        series.push(points);
    }
    let last = series.iter().flatten().map(|(day, _)| *day).fold(1.0, f64::max);
    for points in &mut series {
        let end = points.last().map_or(0.0, |(_, balance)| *balance);
        points.push((last, end));
    }
    let low = series.iter().flatten().map(|(_, cash)| *cash).fold(0.0, f64::min);
    let high = series.iter().flatten().map(|(_, cash)| *cash).fold(1.0, f64::max);
    let margin = (high - low) * 0.05;
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (860, 420)).into_drawing_area();
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(&area)
            .margin(12)
            .caption(format!("Cash of the supplier by method, {}", told.currency), ("sans-serif", 16))
            .x_label_area_size(32)
            .y_label_area_size(76)
            .build_cartesian_2d(0.0..last, (low - margin)..(high + margin))?;
        chart
            .configure_mesh()
            .x_desc(format!("days from {}", told.valued_on))
            .y_label_formatter(&|value| format!("{value:.0}"))
            .light_line_style(TRANSPARENT)
            .draw()?;
        for ((points, colour), method) in series.into_iter().zip(COLOURS).zip(METHODS) {
            chart
                .draw_series(LineSeries::new(points, colour.stroke_width(2)))?
                .label(name(method, Language::En))
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2)));
        }
        chart.configure_series_labels().background_style(WHITE).border_style(BLACK.mix(0.2)).draw()?;
        area.present()?;
    }
    Ok(svg)
}
