//! What charts are drawn with: lines, marks, hatching and words in pixels.

use plotters::backend::SVGBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea as _};
use plotters::element::{Circle, DashedPathElement, PathElement, Polygon, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color as _, IntoFont as _, RGBColor, ShapeStyle, TextStyle};
use unicode_width::UnicodeWidthChar as _;

/// A picture could not be drawn.
#[derive(Debug, thiserror::Error)]
#[error("the chart can't be drawn: {0}")]
pub struct DrawError(String);

pub(super) type Drawn = Result<(), DrawError>;
pub(super) type Place = (i32, i32);

pub(super) const INK: RGBColor = RGBColor(23, 35, 31);
pub(super) const SOFT: RGBColor = RGBColor(85, 100, 94);
pub(super) const RULE: RGBColor = RGBColor(223, 229, 226);
pub(super) const EDGE: RGBColor = RGBColor(150, 163, 157);
pub(super) const GREEN: RGBColor = RGBColor(15, 107, 92);
pub(super) const BROWN: RGBColor = RGBColor(138, 75, 0);
pub(super) const BLUE: RGBColor = RGBColor(35, 80, 158);
pub(super) const WHITE: RGBColor = RGBColor(255, 255, 255);

/// The library gives a font as many pixels as its lines are high.
const LINE: f64 = 1.24;

/// How a line is told from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dash {
    Solid,
    Dashed,
    Dotted,
}

/// How a point is told from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Disc,
    Square,
    Triangle,
}

/// How a series looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    pub(super) color: RGBColor,
    pub(super) dash: Dash,
    pub(super) mark: Mark,
}

/// On which side of its place a text stands.
#[derive(Clone, Copy)]
pub(super) enum Side {
    Right,
    Left,
    Middle,
}

/// A sheet of pixels.
pub(super) struct Canvas<'s> {
    area: DrawingArea<SVGBackend<'s>, Shift>,
    pub(super) width: i32,
    pub(super) height: i32,
}

fn told<E: std::fmt::Debug>(error: E) -> DrawError {
    DrawError(format!("{error:?}"))
}

impl Canvas<'_> {
    /// A document of this size, painted on.
    pub(super) fn paint(
        (width, height): (i32, i32),
        paint: impl FnOnce(&Canvas<'_>) -> Drawn,
    ) -> Result<String, DrawError> {
        let mut svg = String::new();
        {
            let size = (width.unsigned_abs(), height.unsigned_abs());
            let canvas = Canvas { area: SVGBackend::with_string(&mut svg, size).into_drawing_area(), width, height };
            canvas.area.fill(&WHITE).map_err(told)?;
            paint(&canvas)?;
            canvas.area.present().map_err(told)?;
        }
        Ok(svg)
    }

    /// Words beside a place, in the middle of their line.
    pub(super) fn text(&self, words: &str, at: Place, side: Side, size: i32, color: RGBColor) -> Drawn {
        let across = match side {
            Side::Right => HPos::Left,
            Side::Left => HPos::Right,
            Side::Middle => HPos::Center,
        };
        let font = ("sans-serif", f64::from(size) * LINE).into_font();
        let style = TextStyle::from(font).color(&color).pos(Pos::new(across, VPos::Center));
        // A name may hold what no XML can.
        let clean: String = words.chars().filter(|letter| !letter.is_control()).collect();
        self.area.draw(&Text::new(clean, at, style)).map_err(told)
    }

    /// A line through points.
    pub(super) fn line(&self, points: &[Place], color: RGBColor, width: u32, dash: Dash) -> Drawn {
        let style = ShapeStyle::from(&color).stroke_width(width);
        let points = points.to_vec();
        match dash {
            Dash::Solid => self.area.draw(&PathElement::new(points, style)).map_err(told),
            Dash::Dashed => self.area.draw(&DashedPathElement::new(points, 8, 5, style)).map_err(told),
            Dash::Dotted => self.area.draw(&DashedPathElement::new(points, 2, 4, style)).map_err(told),
        }
    }

    /// A rectangle, filled.
    pub(super) fn fill(&self, from: Place, to: Place, color: RGBColor) -> Drawn {
        self.area.draw(&Rectangle::new([from, to], color.filled())).map_err(told)
    }

    /// A rectangle's outline.
    pub(super) fn outline(&self, from: Place, to: Place, color: RGBColor) -> Drawn {
        self.area.draw(&Rectangle::new([from, to], ShapeStyle::from(&color).stroke_width(1))).map_err(told)
    }

    /// Lines from below left to above right, within a rectangle.
    pub(super) fn hatch(&self, (left, top): Place, (right, bottom): Place, color: RGBColor, apart: i32) -> Drawn {
        let height = bottom - top;
        let mut start = left - height;
        while start < right {
            let (low, high) = (start.max(left), (start + height).min(right));
            if low < high {
                self.line(&[(low, bottom - (low - start)), (high, bottom - (high - start))], color, 1, Dash::Solid)?;
            }
            start += apart;
        }
        Ok(())
    }

    /// One point of a series.
    pub(super) fn mark(&self, (x, y): Place, look: Look) -> Drawn {
        let style = look.color.filled();
        match look.mark {
            Mark::Disc => self.area.draw(&Circle::new((x, y), 3, style)).map_err(told),
            Mark::Square => self.area.draw(&Rectangle::new([(x - 3, y - 3), (x + 3, y + 3)], style)).map_err(told),
            Mark::Triangle => {
                self.area.draw(&Polygon::new(vec![(x, y - 4), (x + 4, y + 3), (x - 4, y + 3)], style)).map_err(told)
            }
        }
    }

    /// A series with gaps: each run of points is a line. `marks_every`: of so many points one is marked; a point alone
    /// always is.
    pub(super) fn series(&self, points: &[Option<Place>], look: Look, marks_every: usize) -> Drawn {
        for run in points.split(Option::is_none) {
            let run: Vec<Place> = run.iter().flatten().copied().collect();
            if run.len() > 1 {
                self.line(&run, look.color, 2, look.dash)?;
            }
            for (place, point) in run.iter().enumerate() {
                if run.len() == 1 || place.is_multiple_of(marks_every.max(1)) {
                    self.mark(*point, look)?;
                }
            }
        }
        Ok(())
    }

    /// What each series is called, in rows from the top; answers where the rows end.
    pub(super) fn legend(&self, entries: &[(Look, &str)], left: i32) -> Result<i32, DrawError> {
        let (mut x, mut y) = (left, 12);
        for (look, name) in entries {
            let wide = 34 + width_of(name, 12) + 18;
            if x > left && x + wide > self.width {
                (x, y) = (left, y + 18);
            }
            self.line(&[(x, y), (x + 26, y)], look.color, 2, look.dash)?;
            self.mark((x + 13, y), *look)?;
            self.text(name, (x + 33, y), Side::Right, 12, INK)?;
            x += wide;
        }
        Ok(y + 12)
    }
}

/// About how wide a text will be: nobody knows the reader's fonts.
pub(super) fn width_of(text: &str, size: i32) -> i32 {
    let halves: usize = text.chars().map(|letter| if letter.width() == Some(2) { 20 } else { 12 }).sum();
    i32::try_from(halves).unwrap_or(i32::MAX / size.max(1)).saturating_mul(size) / 20
}

/// A text that is no wider than this, with `…` where it was cut.
pub(super) fn shortened(text: &str, size: i32, most: i32) -> String {
    if width_of(text, size) <= most {
        return text.to_owned();
    }
    let mut short = String::new();
    for letter in text.chars() {
        if width_of(&short, size) + 2 * size > most {
            break;
        }
        short.push(letter);
    }
    format!("{}…", short.trim_end())
}

/// Pixels of a share of a length.
#[expect(clippy::cast_possible_truncation, reason = "held to the length, a few hundred pixels")]
pub(super) fn pixels(share: f64, length: i32) -> i32 {
    (share.clamp(0.0, 1.0) * f64::from(length)).round() as i32
}
