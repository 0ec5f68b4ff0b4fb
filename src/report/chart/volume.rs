//! Episodes and hand-offs by day.

use super::Picture;
use super::canvas::{Canvas, Drawn, GREEN, INK, RULE, Side, WHITE, width_of};
use super::days::Days;
use super::wording::volume_names;
use crate::report::Count;

pub(super) fn draw(canvas: &Canvas<'_>, picture: &Picture<'_>) -> Drawn {
    let [all, handed_off] = volume_names(picture.language);
    legend(canvas, all, handed_off)?;
    let days = Days::of(picture, canvas, 24, None);
    if days.is_empty(canvas, picture)? {
        return Ok(());
    }
    let counts = days.days.iter().map(|(_, figures)| {
        figures.map_or((0, 0), |figures| (figures.get(Count::Episodes), figures.get(Count::HandedOff)))
    });
    let counts: Vec<(u32, u32)> = counts.collect();
    let (most, step) = scale(counts.iter().map(|(all, _)| *all).max().unwrap_or(0));
    let share = |n: u32| f64::from(n) / f64::from(most);
    for n in (0..=most).step_by(step as usize) {
        days.rule(canvas, share(n), &n.to_string())?;
    }
    for (place, (all, handed_off)) in counts.into_iter().enumerate() {
        let (left, right) = days.sides(place);
        let rim = (days.slot() / 6).clamp(1, 12);
        let (left, right) = (left + rim, (right - rim).max(left + rim + 1));
        if all > 0 {
            bar(canvas, (left, days.y(share(all))), (right, days.bottom()))?;
            hatched(canvas, (left, days.y(share(handed_off))), (right, days.bottom()))?;
        }
        let words = all.to_string();
        if all > 0 && width_of(&words, 10) + 4 <= days.slot() {
            canvas.text(&words, ((left + right) / 2, days.y(share(all)) - 7), Side::Middle, 10, INK)?;
        }
    }
    days.dates(canvas, picture)
}

fn legend(canvas: &Canvas<'_>, all: &str, handed_off: &str) -> Drawn {
    bar(canvas, (8, 6), (26, 18))?;
    canvas.text(all, (33, 12), Side::Right, 12, INK)?;
    let x = 33 + width_of(all, 12) + 20;
    bar(canvas, (x, 6), (x + 18, 18))?;
    hatched(canvas, (x, 6), (x + 18, 18))?;
    canvas.text(handed_off, (x + 25, 12), Side::Right, 12, INK)
}

/// All of a day.
fn bar(canvas: &Canvas<'_>, from: (i32, i32), to: (i32, i32)) -> Drawn {
    canvas.fill(from, to, RULE)?;
    canvas.outline(from, to, GREEN)
}

/// The part of it that was handed off.
fn hatched(canvas: &Canvas<'_>, from: (i32, i32), to: (i32, i32)) -> Drawn {
    if from.1 >= to.1 {
        return Ok(());
    }
    canvas.fill(from, to, WHITE)?;
    canvas.hatch(from, to, GREEN, 5)?;
    canvas.outline(from, to, GREEN)
}

/// The top of a scale of whole numbers, and its step: at most five steps of 1, 2 or 5 with noughts.
pub(super) fn scale(most: u32) -> (u32, u32) {
    let steps = (0..9).flat_map(|noughts| [1, 2, 5].map(|digit| digit * 10_u32.pow(noughts)));
    let step = steps.into_iter().find(|step| most.div_ceil(*step) <= 5).unwrap_or(most.max(1));
    (most.div_ceil(step).max(1).saturating_mul(step), step)
}
