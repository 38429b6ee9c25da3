//! All lifts with their intervals, largest first.

use endcap::promo::{Language, Verdict};
use plotters::prelude::*;

use super::evaluate::{Evaluated, Judged};

/// Most events on one chart.
const MOST: usize = 40;

/// The chart as SVG text.
pub fn draw(evaluated: &Evaluated, language: Language, confidence: f64) -> Result<String, String> {
    let lift = |judged: &Judged| judged.judgement().and_then(|j| j.finding.relative);
    let mut shown: Vec<(&Judged, f64, f64, f64)> = evaluated
        .events
        .iter()
        .filter_map(|judged| lift(judged).map(|r| (judged, r.point, r.low, r.high)))
        .collect();
    shown.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.event.id.cmp(&b.0.event.id)));
    let unjudged = evaluated.events.len() - shown.len();
    let left_out = shown.len().saturating_sub(MOST);
    shown.truncate(MOST);
    let legend = Legend { language, confidence, left_out, unjudged };
    let mut svg = String::new();
    {
        let height = 170 + 22 * u32::try_from(shown.len().max(3)).unwrap_or(3);
        let root = SVGBackend::with_string(&mut svg, (900, height)).into_drawing_area();
        paint(&root, &shown, &legend).map_err(|error| error.to_string())?;
        root.present().map_err(|error| error.to_string())?;
    }
    Ok(svg)
}

const fn colour(verdict: &Verdict) -> RGBColor {
    match verdict {
        Verdict::Works => RGBColor(27, 120, 55),
        Verdict::DoesNot { .. } => RGBColor(178, 24, 43),
        Verdict::NotEnoughEvidence { .. } => RGBColor(120, 120, 120),
    }
}

/// What the words around the chart say.
struct Legend {
    language: Language,
    confidence: f64,
    /// Events with a lift beyond the largest.
    left_out: usize,
    /// Events without a lift.
    unjudged: usize,
}

impl Legend {
    fn title(&self) -> &'static str {
        match self.language {
            Language::En => "Did the promotions sell more?",
            Language::Zh => "促销多卖了吗？",
        }
    }

    fn axis(&self) -> String {
        let level = self.confidence;
        match self.language {
            Language::En => {
                format!("Lift: sold above expected, % of expected (dot: estimate, line: {level} % interval)")
            }
            Language::Zh => format!("提升率：超出预期的销量占预期的百分比（点：估计值，线：{level}% 区间）"),
        }
    }

    fn note(&self) -> String {
        let mut notes = Vec::new();
        let (more, without) = (self.left_out, self.unjudged);
        if more > 0 {
            notes.push(match self.language {
                Language::En => format!("the {MOST} largest, {more} more not shown"),
                Language::Zh => format!("前 {MOST} 名，另有 {more} 次未列出"),
            });
        }
        if without > 0 {
            notes.push(match self.language {
                Language::En => format!("{without} without a lift not shown"),
                Language::Zh => format!("{without} 次没有提升率，未列出"),
            });
        }
        notes.join("; ")
    }
}

fn paint(
    root: &DrawingArea<SVGBackend<'_>, plotters::coord::Shift>,
    shown: &[(&Judged, f64, f64, f64)],
    legend: &Legend,
) -> Result<(), Box<dyn std::error::Error>> {
    root.fill(&WHITE)?;
    let low = shown.iter().map(|row| row.2).fold(-0.2_f64, f64::min).max(-1.0);
    let high = shown.iter().map(|row| row.3).fold(0.2_f64, f64::max).min(5.0);
    let rows = shown.len().max(1) as f64;
    let mut chart = ChartBuilder::on(root)
        .caption(legend.title(), ("sans-serif", 20))
        .margin(12)
        .margin_bottom(40)
        .x_label_area_size(52)
        .y_label_area_size(250)
        .build_cartesian_2d(low * 1.05..high * 1.05, -0.5..rows - 0.5)?;
    chart
        .configure_mesh()
        .disable_y_mesh()
        .disable_y_axis()
        .light_line_style(TRANSPARENT)
        .x_labels(9)
        .x_desc(legend.axis())
        .axis_desc_style(("sans-serif", 13))
        .x_label_formatter(&|x| format!("{:.0}%", (100.0 * x).round() + 0.0))
        .label_style(("sans-serif", 13))
        .draw()?;
    chart.draw_series([PathElement::new(vec![(0.0, -0.5), (0.0, rows - 0.5)], BLACK.mix(0.6))])?;
    let place = |row: usize| rows - 1.0 - row as f64;
    for (row, (judged, point, from, to)) in shown.iter().enumerate() {
        let own = colour(&judged.verdict());
        let (from, to) = (from.max(low), to.min(high));
        chart.draw_series([PathElement::new(
            vec![(from, place(row)), (to, place(row))],
            own.stroke_width(2),
        )])?;
        let at = point.clamp(low, high);
        chart.draw_series([Circle::new((at, place(row)), 4, own.filled())])?;
        let name = format!("{} {}", judged.event.id, judged.event.account);
        let short: String = name.chars().take(32).collect();
        let pixel = chart.backend_coord(&(low, place(row)));
        let style = TextStyle::from(("sans-serif", 13).into_font()).color(&own);
        root.draw_text(&short, &style, (14, pixel.1 - 7))?;
        let percent = (100.0 * point).round() + 0.0;
        let figure = if percent == 0.0 { "0%".to_owned() } else { format!("{percent:+.0}%") };
        root.draw_text(&figure, &style, (218, pixel.1 - 7))?;
    }
    let labels = match legend.language {
        Language::En => ["sold more", "did not", "cannot be told"],
        Language::Zh => ["多卖了", "没有多卖", "看不出来"],
    };
    let (width, height) = root.dim_in_pixel();
    let note = legend.note();
    let y = i32::try_from(height).unwrap_or(400) - 18;
    root.draw_text(&note, &TextStyle::from(("sans-serif", 13).into_font()), (14, y))?;
    let samples = [RGBColor(27, 120, 55), RGBColor(178, 24, 43), RGBColor(120, 120, 120)];
    for (n, (label, own)) in labels.into_iter().zip(samples).enumerate() {
        let x = i32::try_from(width).unwrap_or(900) - 420 + 130 * i32::try_from(n).unwrap_or(0);
        let y = i32::try_from(height).unwrap_or(400) - 16;
        root.draw(&Circle::new((x, y + 6), 4, own.filled()))?;
        root.draw_text(label, &TextStyle::from(("sans-serif", 13).into_font()), (x + 10, y))?;
    }
    Ok(())
}
