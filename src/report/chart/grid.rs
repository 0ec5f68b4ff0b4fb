//! A week of hours: how much of something in each.

use std::collections::HashMap;

use plotters::style::RGBColor;

use super::canvas::{Canvas, Drawn, INK, RULE, SOFT, Side, WHITE};
use super::wording::{no_data, weekday_names};
use super::{Picture, Shape};
use crate::report::counts::{Count, Figures, Rate};
use crate::report::filter::Cut;

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

fn draw(canvas: &Canvas<'_>, picture: &Picture<'_>, cell: impl Fn(&Figures) -> Option<Cell>) -> Drawn {
    let groups = picture.groups(Cut::WeekHour);
    let by_name: HashMap<&str, &Figures> = groups.iter().map(|group| (group.name.as_str(), &group.figures)).collect();
    let (left, top) = (42, 22);
    let (wide, high) = ((canvas.width - left - 4) / 24, (canvas.height - top - 6) / 7);
    let is_wide = picture.shape == Shape::Wide;
    for hour in 0..24 {
        if is_wide || hour % 3 == 0 {
            canvas.text(&format!("{hour:02}"), (left + hour * wide + wide / 2, 11), Side::Middle, 11, SOFT)?;
        }
    }
    for (row, name) in (0..).zip(weekday_names(picture.language)) {
        let y = top + row * high;
        canvas.text(name, (left - 8, y + high / 2), Side::Left, 12, INK)?;
        for hour in 0..24 {
            let figures = by_name.get(format!("{}-{hour:02}", row + 1).as_str());
            let at = (left + hour * wide, y);
            one(canvas, at, (wide, high), figures.and_then(|figures| cell(figures)), is_wide)?;
        }
    }
    if by_name.is_empty() {
        let middle = (left + 12 * wide, top + 7 * high / 2);
        canvas.fill((middle.0 - 60, middle.1 - 14), (middle.0 + 60, middle.1 + 14), WHITE)?;
        canvas.text(no_data(picture.language), middle, Side::Middle, 14, SOFT)?;
    }
    Ok(())
}

fn one(canvas: &Canvas<'_>, (x, y): (i32, i32), (wide, high): (i32, i32), cell: Option<Cell>, is_wide: bool) -> Drawn {
    let end = (x + wide - 2, y + high - 2);
    let Some(cell) = cell else { return canvas.outline((x, y), end, RULE) };
    canvas.fill((x, y), end, shade(cell.dark))?;
    let ink = if cell.dark > 0.55 { WHITE } else { INK };
    let middle = (x + wide / 2 - 1, y + high / 2 - 1);
    let size = if is_wide { 12 } else { 9 };
    match cell.of.filter(|_| is_wide) {
        Some(of) => {
            canvas.text(&cell.words, (middle.0, middle.1 - 5), Side::Middle, 12, ink)?;
            canvas.text(&of, (middle.0, middle.1 + 8), Side::Middle, 9, ink)
        }
        None => canvas.text(&cell.words, middle, Side::Middle, size, ink),
    }
}

/// From nearly white to the house's green; in grey it is as dark as in colour.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between the two ends of a byte")]
fn shade(dark: f64) -> RGBColor {
    let between = |light: f64, deep: f64| (light + (deep - light) * dark.clamp(0.0, 1.0)).round() as u8;
    RGBColor(between(238.0, 10.0), between(245.0, 82.0), between(243.0, 71.0))
}
