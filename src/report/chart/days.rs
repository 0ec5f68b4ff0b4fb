//! What the charts by day have in common: a column for each day, whether something happened on it or not.

use std::collections::HashMap;

use jiff::civil::Date;

use super::canvas::{Canvas, DrawError, Drawn, RULE, SOFT, Side, pixels, width_of};
use super::wording::{day_name, no_data};
use super::{Picture, Shape};
use crate::report::filter::Cut;
use crate::report::{Count, Figures};

/// The columns of a chart by day.
pub(super) struct Days<'r> {
    /// Every day of the period, the first first; nothing where no episode began.
    pub(super) days: Vec<(Date, Option<&'r Figures>)>,
    left: i32,
    right: i32,
    top: i32,
    bottom: i32,
    below: Option<Count>,
}

/// More days than anybody asks for.
const MOST: usize = 750;
const LEFT: i32 = 50;
/// For the dates, and for a line below them.
const FOOT: i32 = 26;
const BELOW: i32 = 16;

impl<'r> Days<'r> {
    /// The columns below a place; below each date stands the count that a rate is of.
    pub(super) fn of(picture: &'r Picture<'_>, canvas: &Canvas<'_>, top: i32, below: Option<Count>) -> Self {
        let groups = picture.groups(Cut::Day);
        let by_name: HashMap<&str, &Figures> =
            groups.iter().map(|group| (group.name.as_str(), &group.figures)).collect();
        let dates = std::iter::successors(Some(picture.from), |day| day.tomorrow().ok());
        let dates = dates.take_while(|day| *day <= picture.to).take(MOST);
        let days = dates.map(|day| (day, by_name.get(day.to_string().as_str()).copied())).collect();
        let foot = FOOT + below.map_or(0, |_| BELOW);
        Self { days, left: LEFT, right: canvas.width - 10, top: top + 8, bottom: canvas.height - foot, below }
    }

    /// Says that there is nothing, if there is nothing.
    pub(super) fn is_empty(&self, canvas: &Canvas<'_>, picture: &Picture<'_>) -> Result<bool, DrawError> {
        let is_empty = self.days.iter().all(|(_, figures)| figures.is_none());
        if is_empty {
            let middle = (canvas.width / 2, canvas.height / 2);
            canvas.text(no_data(picture.language), middle, Side::Middle, 14, SOFT)?;
        }
        Ok(is_empty)
    }

    /// The width of a day.
    pub(super) fn slot(&self) -> i32 {
        (self.right - self.left) / self.len()
    }

    fn len(&self) -> i32 {
        i32::try_from(self.days.len()).unwrap_or(1).max(1)
    }

    /// The middle of a day.
    pub(super) fn x(&self, day: usize) -> i32 {
        let day = i32::try_from(day).unwrap_or(0);
        self.left + (self.right - self.left) * (2 * day + 1) / (2 * self.len())
    }

    /// The two sides of a day.
    pub(super) fn sides(&self, day: usize) -> (i32, i32) {
        let day = i32::try_from(day).unwrap_or(0);
        let at = |day: i32| self.left + (self.right - self.left) * day / self.len();
        (at(day), at(day + 1))
    }

    /// The place of a share from the bottom up.
    pub(super) fn y(&self, share: f64) -> i32 {
        self.bottom - pixels(share, self.bottom - self.top)
    }

    pub(super) fn top(&self) -> i32 {
        self.top
    }

    pub(super) fn bottom(&self) -> i32 {
        self.bottom
    }

    /// A line across, with its words at the left.
    pub(super) fn rule(&self, canvas: &Canvas<'_>, share: f64, words: &str) -> Drawn {
        let y = self.y(share);
        canvas.line(&[(self.left, y), (self.right, y)], RULE, 1, super::canvas::Dash::Solid)?;
        canvas.text(words, (self.left - 7, y), Side::Left, 11, SOFT)
    }

    /// One mark of so many points, so that they don't run into each other.
    pub(super) fn marks_every(&self) -> usize {
        usize::try_from(1 + 11 / self.slot().max(1)).unwrap_or(1)
    }

    /// Dates below, as many as fit, counted back from the last.
    pub(super) fn dates(&self, canvas: &Canvas<'_>, picture: &Picture<'_>) -> Drawn {
        let label = |day: Date| day_name(day, picture.language);
        let widest = self.days.iter().map(|(day, _)| width_of(&label(*day), 11)).max().unwrap_or(0);
        let gap = if picture.shape == Shape::Wide { 12 } else { 8 };
        let every = usize::try_from((widest + gap) / self.slot().max(1) + 1).unwrap_or(1);
        for (place, (day, figures)) in self.days.iter().enumerate() {
            if !(self.days.len() - 1 - place).is_multiple_of(every) {
                continue;
            }
            let words = label(*day);
            let half = width_of(&words, 11) / 2;
            let x = self.x(place).clamp(half, canvas.width - half - 2);
            canvas.text(&words, (x, self.bottom + 14), Side::Middle, 11, SOFT)?;
            if let Some(count) = self.below {
                let n = figures.map_or(0, |figures| figures.get(count));
                canvas.text(&format!("n {n}"), (x, self.bottom + 30), Side::Middle, 10, SOFT)?;
            }
        }
        Ok(())
    }
}
