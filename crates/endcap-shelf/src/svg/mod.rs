//! A planogram as a drawing that a shop can be built from: SVG text, one user unit a millimetre.
//!
//! | part | file |
//! |---|---|
//! | frame, title, dimensions | here and `frame` |
//! | product blocks and their labels | `block` |
//! | legend by brand | `legend` |
//! | escaping, measuring and fitting of text | `text` |

mod block;
mod frame;
mod legend;
mod text;

use core::fmt::Write;
use std::collections::BTreeMap;

use endcap_types::Language;

use crate::Planogram;
use text::escape;

/// How to draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SvgOptions {
    /// Heading; the name of the fixture follows.
    pub title: String,
    /// Words of the legend.
    pub language: Language,
    /// Pixels for a metre of shelf at normal zoom; 500 makes the smallest label about 11 pixels high.
    pub pixels_per_metre: u32,
}

impl SvgOptions {
    /// A heading in Chinese surroundings at 500 pixels a metre.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), language: Language::Zh, pixels_per_metre: 500 }
    }
}

/// Fonts that have Chinese, by platform.
const FONTS: &str =
    "Noto Sans CJK SC, Noto Sans SC, Microsoft YaHei, PingFang SC, WenQuanYi Zen Hei, sans-serif";
/// Room around the fixture, in millimetres.
const MARGIN_MM: u32 = 60;
/// Room for the title above, in millimetres.
const HEAD_MM: u32 = 150;
/// Room for heights at the left, in millimetres.
const LEFT_MM: u32 = 190;
/// Room for widths below, in millimetres.
const FOOT_MM: u32 = 130;

/// Where the fixture lies in the drawing.
struct Sheet<'a> {
    planogram: &'a Planogram,
    options: &'a SvgOptions,
    /// Brands in the order of their names, each with its colour.
    colours: BTreeMap<&'a str, &'static str>,
    out: String,
}

impl Planogram {
    /// The drawing as SVG text (陈列图): one block a product, coloured by brand, with shelves, dimensions and a legend.
    ///
    /// The same planogram gives the same bytes. One user unit is a millimetre. Blocks that do not fit their shelf are drawn where
    /// the data says: draw after [`Planogram::validate`].
    ///
    /// # Examples
    ///
    /// ```
    /// use endcap_shelf::{Fixture, FixtureSpec, Notches, Planogram, Segment, Shelf, SvgOptions};
    /// let board = Shelf::board(900, 300, 400);
    /// let fixture = Fixture::new(FixtureSpec {
    ///     name: "端架 <1>".into(), base_mm: 150, board_mm: 30, headroom_mm: 20,
    ///     segments: vec![Segment { name: "A".into(), shelves: vec![board], notches: Notches::None }],
    /// })?;
    /// let empty = Planogram { fixture, products: vec![], planned: [].into(), placements: vec![] };
    /// let svg = empty.to_svg(&SvgOptions::new("饮料"));
    /// assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
    /// assert!(svg.contains("饮料 · 端架 &lt;1&gt;") && svg.ends_with("</svg>\n"));
    /// # Ok::<(), endcap_shelf::ShelfError>(())
    /// ```
    ///
    /// # Source
    ///
    /// House rule.
    #[must_use]
    pub fn to_svg(&self, options: &SvgOptions) -> String {
        let mut sheet = Sheet::new(self, options);
        frame::draw(&mut sheet);
        block::draw(&mut sheet);
        let bottom = sheet.floor().saturating_add(FOOT_MM);
        let end = legend::draw(&mut sheet, bottom);
        sheet.finish(end)
    }
}

impl<'a> Sheet<'a> {
    fn new(planogram: &'a Planogram, options: &'a SvgOptions) -> Self {
        let mut colours: BTreeMap<&str, &str> =
            planogram.products.iter().map(|product| (product.spec().brand.as_str(), "")).collect();
        for (colour, next) in colours.values_mut().zip(legend::PALETTE.iter().cycle()) {
            *colour = next;
        }
        Self { planogram, options, colours, out: String::new() }
    }

    /// The drawing's x of the left end of the fixture.
    fn left(&self) -> u32 {
        MARGIN_MM.saturating_add(LEFT_MM)
    }

    /// The drawing's y of the floor.
    fn floor(&self) -> u32 {
        MARGIN_MM.saturating_add(HEAD_MM).saturating_add(self.planogram.fixture.height_mm())
    }

    /// The drawing's y of a height above the floor; heights above the drawing stop at its edge.
    fn y(&self, height_mm: u32) -> u32 {
        self.floor().saturating_sub(height_mm)
    }

    fn width(&self) -> u32 {
        let fixture = self.left().saturating_add(self.planogram.fixture.width_mm()).saturating_add(MARGIN_MM);
        fixture.max(900)
    }

    /// Adds one element; writing to a string cannot fail.
    fn put(&mut self, element: core::fmt::Arguments<'_>) {
        let _ = self.out.write_fmt(element);
        self.out.push('\n');
    }

    fn rect(&mut self, (x, y): (u32, u32), (width, height): (u32, u32), style: &str) {
        self.put(format_args!(r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" {style}/>"#));
    }

    /// Text with its baseline at y; `style` holds the anchor and the fill.
    fn text(&mut self, (x, y): (u32, u32), font_mm: u32, style: &str, text: &str) {
        let text = escape(text);
        self.put(format_args!(r#"<text x="{x}" y="{y}" font-size="{font_mm}" {style}>{text}</text>"#));
    }

    /// Wraps what was drawn in the root element.
    fn finish(self, height: u32) -> String {
        let width = self.width();
        let pixels = |millimetres: u32| {
            u64::from(millimetres).saturating_mul(u64::from(self.options.pixels_per_metre)).div_ceil(1_000)
        };
        let title = frame::heading(&self);
        let mut svg = String::with_capacity(self.out.len().saturating_add(600));
        let _ = writeln!(
            svg,
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}" viewBox="0 0 {width} {height}" font-family="{FONTS}" role="img">"#,
            pixels(width),
            pixels(height),
        );
        let _ = writeln!(svg, "<title>{}</title>", escape(&title));
        let _ = writeln!(svg, r##"<rect width="{width}" height="{height}" fill="#ffffff"/>"##);
        svg.push_str(&self.out);
        svg.push_str("</svg>\n");
        svg
    }
}
