//! Rates by day.

use super::Picture;
use super::canvas::{BLUE, BROWN, Canvas, Dash, Drawn, EDGE, GREEN, Look, Mark, SOFT, Side, WHITE, width_of};
use super::days::Days;
use super::wording::{pending, trend_names};
use crate::report::{Count, Figures, Rate};

const RATES: [Rate; 3] = [Rate::Durable, Rate::Contained, Rate::Reply];
const LOOKS: [Look; 3] = [
    Look { color: GREEN, dash: Dash::Solid, mark: Mark::Disc },
    Look { color: BROWN, dash: Dash::Dashed, mark: Mark::Square },
    Look { color: BLUE, dash: Dash::Dotted, mark: Mark::Triangle },
];

pub(super) fn draw(canvas: &Canvas<'_>, picture: &Picture<'_>) -> Drawn {
    let names = trend_names(picture.language);
    let entries: Vec<_> = LOOKS.into_iter().zip(names).collect();
    let top = canvas.legend(&entries, 8)?;
    let days = Days::of(picture, canvas, top, Some(Count::Old));
    if days.is_empty(canvas, picture)? {
        return Ok(());
    }
    let pending = pending_runs(&days);
    for (left, right) in &pending {
        canvas.hatch((*left, days.top()), (*right, days.bottom()), EDGE, 9)?;
    }
    for percent in [0, 25, 50, 75, 100_u8] {
        days.rule(canvas, f64::from(percent) / 100.0, &format!("{percent}%"))?;
    }
    for (rate, look) in RATES.into_iter().zip(LOOKS) {
        let point = |(place, figures): (usize, Option<&Figures>)| {
            let (of, all) = rate.counts();
            let (of, all) = (figures?.get(of), figures?.get(all));
            (all > 0).then(|| (days.x(place), days.y(f64::from(of) / f64::from(all))))
        };
        let figures = days.days.iter().map(|(_, figures)| *figures);
        let points: Vec<_> = figures.enumerate().map(point).collect();
        canvas.series(&points, look, days.marks_every())?;
    }
    for run in pending {
        name_pending(canvas, picture, run, days.bottom() - 14)?;
    }
    days.dates(canvas, picture)
}

/// Where nothing can be said yet: the two sides of each run of such days.
fn pending_runs(days: &Days<'_>) -> Vec<(i32, i32)> {
    let is_pending = |figures: &Option<&Figures>| {
        figures.is_some_and(|figures| figures.get(Count::Old) == 0 && figures.get(Count::Pending) > 0)
    };
    let mut runs = Vec::new();
    let mut place = 0;
    while place < days.days.len() {
        let run = days.days[place..].iter().take_while(|(_, figures)| is_pending(figures)).count();
        if run > 0 {
            runs.push((days.sides(place).0, days.sides(place + run - 1).1));
        }
        place += run.max(1);
    }
    runs
}

/// Over the lines, for it says why one of them is missing.
fn name_pending(canvas: &Canvas<'_>, picture: &Picture<'_>, (left, right): (i32, i32), y: i32) -> Drawn {
    let words = pending(picture.language);
    let half = width_of(words, 11) / 2 + 5;
    let middle = ((left + right) / 2).min(canvas.width - half);
    canvas.fill((middle - half, y - 9), (middle + half, y + 9), WHITE)?;
    canvas.text(words, (middle, y), Side::Middle, 11, SOFT)
}
