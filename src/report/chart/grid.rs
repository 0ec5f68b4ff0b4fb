//! A week of hours: how much of something in each.

use std::collections::HashMap;

use plotters::style::RGBColor;

use super::canvas::{Canvas, Drawn, INK, RULE, SOFT, Side, WHITE};
use super::wording::{no_data, weekday_names};
use super::{Picture, Shape};
use crate::report::filter::Cut;
use crate::report::{Count, Figures, Rate};

/// What stands in a cell: its words, the denominator if it has one, and how dark it is, 0 to 1.
struct Cell {
    words: String,
    of: Option<String>,
    dark: f64,
}

/// How many episodes began.
pub(super) fn episodes(canvas: &Canvas<'_>, picture: &Picture<'_>) -> Drawn {
    let most = picture.groups(Cut::WeekHour).iter().map(|group| group.figures.get(Count::Episodes)).max();
    let most = f64::from(most.unwrap_or(0).max(1));
    draw(canvas, picture, |figures| {
        let n = figures.get(Count::Episodes);
        (n > 0).then(|| Cell { words: n.to_string(), of: None, dark: f64::from(n) / most })
    })
}

/// How many waits for a person ended within 20 s, in percent: the darker, the fewer.
pub(super) fn waits(canvas: &Canvas<'_>, picture: &Picture<'_>) -> Drawn {
    draw(canvas, picture, |figures| {
        let (of, all) = Rate::Human20.counts();
        let (of, all) = (figures.get(of), figures.get(all));
        let percent = (of * 200 + all).checked_div(all * 2)?;
        let dark = 1.0 - f64::from(of) / f64::from(all);
        Some(Cell { words: percent.to_string(), of: Some(format!("n {all}")), dark })
    })
}

/// Where a cell lies: hours across and days down, or on a phone the other way round.
struct Layout {
    left: i32,
    top: i32,
    wide: i32,
    high: i32,
    is_upright: bool,
}

/// A phone is higher than wide, and so is its week.
pub(super) fn size(shape: Shape) -> (i32, i32) {
    match shape {
        Shape::Wide => (960, 270),
        Shape::Half | Shape::Narrow => (380, 500),
    }
}

impl Layout {
    fn of(canvas: &Canvas<'_>, picture: &Picture<'_>) -> Self {
        let (left, top) = (42, 22);
        let is_upright = picture.shape != Shape::Wide;
        let (across, down) = if is_upright { (7, 24) } else { (24, 7) };
        let (wide, high) = ((canvas.width - left - 4) / across, (canvas.height - top - 4) / down);
        Self { left, top, wide, high, is_upright }
    }

    fn cell(&self, day: i32, hour: i32) -> (i32, i32) {
        let (across, down) = if self.is_upright { (day, hour) } else { (hour, day) };
        (self.left + across * self.wide, self.top + down * self.high)
    }

    /// A name above a column or beside a row.
    fn name(&self, canvas: &Canvas<'_>, (day, hour): (i32, i32), is_column: bool, words: &str) -> Drawn {
        let (x, y) = self.cell(day, hour);
        match is_column {
            true => canvas.text(words, (x + self.wide / 2 - 1, 11), Side::Middle, 11, SOFT),
            false => canvas.text(words, (self.left - 8, y + self.high / 2 - 1), Side::Left, 11, SOFT),
        }
    }
}

fn draw(canvas: &Canvas<'_>, picture: &Picture<'_>, cell: impl Fn(&Figures) -> Option<Cell>) -> Drawn {
    let groups = picture.groups(Cut::WeekHour);
    let by_name: HashMap<&str, &Figures> = groups.iter().map(|group| (group.name.as_str(), &group.figures)).collect();
    let layout = Layout::of(canvas, picture);
    for hour in 0..24 {
        layout.name(canvas, (0, hour), !layout.is_upright, &format!("{hour:02}"))?;
    }
    for (day, name) in (0..).zip(weekday_names(picture.language)) {
        layout.name(canvas, (day, 0), layout.is_upright, name)?;
        for hour in 0..24 {
            let figures = by_name.get(format!("{}-{hour:02}", day + 1).as_str());
            one(canvas, &layout, layout.cell(day, hour), figures.and_then(|figures| cell(figures)))?;
        }
    }
    if by_name.is_empty() {
        let middle = (canvas.width / 2, canvas.height / 2);
        canvas.fill((middle.0 - 60, middle.1 - 14), (middle.0 + 60, middle.1 + 14), WHITE)?;
        canvas.text(no_data(picture.language), middle, Side::Middle, 14, SOFT)?;
    }
    Ok(())
}

fn one(canvas: &Canvas<'_>, layout: &Layout, (x, y): (i32, i32), cell: Option<Cell>) -> Drawn {
    let end = (x + layout.wide - 2, y + layout.high - 2);
    let Some(cell) = cell else { return canvas.outline((x, y), end, RULE) };
    canvas.fill((x, y), end, shade(cell.dark))?;
    let ink = if cell.dark > 0.55 { WHITE } else { INK };
    let middle = (x + layout.wide / 2 - 1, y + layout.high / 2 - 1);
    match cell.of {
        Some(of) if layout.is_upright => {
            canvas.text(&cell.words, (middle.0 - 10, middle.1), Side::Middle, 11, ink)?;
            canvas.text(&of, (middle.0 + 11, middle.1), Side::Middle, 8, ink)
        }
        Some(of) => {
            canvas.text(&cell.words, (middle.0, middle.1 - 5), Side::Middle, 12, ink)?;
            canvas.text(&of, (middle.0, middle.1 + 8), Side::Middle, 9, ink)
        }
        None => canvas.text(&cell.words, middle, Side::Middle, 11, ink),
    }
}

/// From nearly white to the house's green; in grey it is as dark as in colour.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between the two ends of a byte")]
fn shade(dark: f64) -> RGBColor {
    let between = |light: f64, deep: f64| (light + (deep - light) * dark.clamp(0.0, 1.0)).round() as u8;
    RGBColor(between(238.0, 10.0), between(245.0, 82.0), between(243.0, 71.0))
}
