//! Response times by day, on a scale on which a second and an hour can both be read.

use super::Picture;
use super::canvas::{BLUE, Canvas, Dash, Drawn, EDGE, GREEN, Look, Mark, Place};
use super::days::Days;
use super::wording::{response_names, time_name};
use crate::report::counts::Figures;
use crate::report::times::Times;

const LOOKS: [Look; 4] = [
    Look { color: BLUE, dash: Dash::Solid, mark: Mark::Disc },
    Look { color: BLUE, dash: Dash::Dotted, mark: Mark::Disc },
    Look { color: GREEN, dash: Dash::Solid, mark: Mark::Square },
    Look { color: GREEN, dash: Dash::Dotted, mark: Mark::Square },
];

/// Lines across, in seconds; 20 s and 3 min are what platforms measure.
const RULES: [u32; 9] = [1, 5, 20, 60, 180, 600, 3_600, 21_600, 86_400];

pub(super) fn draw(canvas: &Canvas<'_>, picture: &Picture<'_>) -> Drawn {
    let entries: Vec<_> = LOOKS.into_iter().zip(response_names(picture.language)).collect();
    let top = canvas.legend(&entries, 8)?;
    let days = Days::of(picture, canvas, top, None);
    if days.is_empty(canvas, picture)? {
        return Ok(());
    }
    let measured: Vec<Option<[Option<[i64; 2]>; 2]>> =
        days.days.iter().map(|(_, figures)| figures.map(measured)).collect();
    let longest = measured.iter().flatten().flatten().flatten().flatten().max().copied().unwrap_or(0);
    let top = RULES.iter().copied().find(|rule| i64::from(*rule) * 1_000 >= longest).unwrap_or(u32::MAX).max(60);
    let share = |millis: f64| ((millis / 1_000.0).max(0.5) * 2.0).ln() / (f64::from(top) * 2.0).ln();
    for rule in RULES.into_iter().filter(|rule| *rule <= top) {
        days.rule(canvas, share(f64::from(rule) * 1_000.0), &time_name(rule, picture.language))?;
        if rule == 20 || rule == 180 {
            let y = days.y(share(f64::from(rule) * 1_000.0));
            canvas.line(&[(days.sides(0).0, y), (days.sides(days.days.len() - 1).1, y)], EDGE, 1, Dash::Dashed)?;
        }
    }
    for (series, look) in LOOKS.into_iter().enumerate() {
        let (whose, part) = (series / 2, series % 2);
        let point = |(place, of): (usize, &Option<[Option<[i64; 2]>; 2]>)| -> Option<Place> {
            let millis = of.as_ref()?[whose]?[part];
            Some((days.x(place), days.y(share(as_number(millis)))))
        };
        let points: Vec<_> = measured.iter().enumerate().map(point).collect();
        canvas.series(&points, look, days.marks_every())?;
    }
    days.dates(canvas, picture)
}

/// Median and p90 of people and of the bot.
fn measured(figures: &Figures) -> [Option<[i64; 2]>; 2] {
    let of = |times: &Times| times.clone().percentiles([50, 90]);
    [of(&figures.human), of(&figures.bot)]
}

/// Milliseconds up to some weeks are exact.
#[expect(clippy::cast_precision_loss, reason = "milliseconds of a wait are far below 2^52")]
fn as_number(millis: i64) -> f64 {
    millis as f64
}
