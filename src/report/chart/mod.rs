//! Charts of a report as SVG, to be read on a screen, on paper, and in black and white: what is told apart by colour is told
//! apart by line, mark or hatching too. Days without a denominator are gaps. The figures behind each chart stand beside
//! it as a table; the charts carry no script, no style sheet and no font.

mod bars;
mod canvas;
mod days;
mod grid;
mod response;
mod trend;
mod volume;
mod wording;

#[cfg(test)]
mod tests;

use jiff::civil::Date;

use super::filter::Cut;
use super::made::{Group, Report};
use crate::domain::Language;
use canvas::Canvas;
pub use canvas::DrawError;

/// The charts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chart {
    /// Resolution, the bot alone, reply rate, by day.
    Trend,
    /// Episodes and hand-offs by day.
    Volume,
    /// Episodes by weekday and hour.
    Heat,
    /// The share of waits for a person that ended within 20 s, by weekday and hour.
    HeatWaits,
    /// The intents that were asked most: asked, and answered by the bot.
    Intents,
    /// Response times by day, people and bot apart.
    Response,
    /// Replies and acceptance by person.
    Agents,
}

/// For what it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A window or a sheet of paper.
    Wide,
    /// Half of that.
    Half,
    /// A phone.
    Narrow,
}

/// What is drawn.
pub struct Picture<'r> {
    /// With the chart's cut.
    pub report: &'r Report,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// Of the words in it.
    pub language: Language,
    /// For what.
    pub shape: Shape,
    /// What a group is called: its name's title.
    pub title: &'r dyn Fn(&str) -> String,
}

impl Chart {
    /// All of them.
    pub const ALL: &[Self] =
        &[Self::Trend, Self::Volume, Self::Heat, Self::HeatWaits, Self::Intents, Self::Response, Self::Agents];

    /// The word in its address.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Trend => "trend",
            Self::Volume => "volume",
            Self::Heat => "heat",
            Self::HeatWaits => "heat_waits",
            Self::Intents => "intents",
            Self::Response => "response",
            Self::Agents => "agents",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|chart| chart.key() == key)
    }

    /// By what the report has to be cut.
    #[must_use]
    pub fn cut(self) -> Cut {
        match self {
            Self::Trend | Self::Volume | Self::Response => Cut::Day,
            Self::Heat | Self::HeatWaits => Cut::WeekHour,
            Self::Intents => Cut::Intent,
            Self::Agents => Cut::Agent,
        }
    }

    /// Draws it: a whole SVG document.
    ///
    /// # Errors
    /// The library can't draw; it writes into memory, so this is a defect.
    pub fn draw(self, picture: &Picture<'_>) -> Result<String, DrawError> {
        let size = self.size(picture);
        Canvas::paint(size, |canvas| match self {
            Self::Trend => trend::draw(canvas, picture),
            Self::Volume => volume::draw(canvas, picture),
            Self::Heat => grid::episodes(canvas, picture),
            Self::HeatWaits => grid::waits(canvas, picture),
            Self::Intents => bars::intents(canvas, picture),
            Self::Response => response::draw(canvas, picture),
            Self::Agents => bars::agents(canvas, picture),
        })
    }

    /// Width and height. A chart of bars is as high as it has bars.
    fn size(self, picture: &Picture<'_>) -> (i32, i32) {
        let (width, height) = match picture.shape {
            Shape::Wide => (960, 300),
            Shape::Half => (470, 300),
            Shape::Narrow => (380, 280),
        };
        match self {
            Self::Intents | Self::Agents => (width, bars::height(self, picture)),
            Self::Heat | Self::HeatWaits => grid::size(picture.shape),
            _ => (width, height),
        }
    }
}

impl Picture<'_> {
    fn groups(&self, cut: Cut) -> &[Group] {
        self.report.cuts.iter().find(|(of, _)| *of == cut).map_or(&[], |(_, groups)| groups)
    }
}
