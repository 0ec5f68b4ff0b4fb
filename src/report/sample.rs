//! The weekly sample: real answers of the bot's, drawn so that anybody who draws again gets the same, for people to judge.

use jiff::civil::{Date, ISOWeekDate, Time, Weekday};
use jiff::tz::TimeZone;
use sha2::{Digest as _, Sha256};

use super::cabinet::Shelf;
use crate::domain::{At, ConversationId, EpisodeId, Verdict};

/// So many answers of a week are judged.
pub const SAMPLE: usize = 50;

/// A week from Monday to Sunday, as ISO 8601 numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Week {
    monday: Date,
}

/// An answer of the bot's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// In which episode.
    pub episode: EpisodeId,
    /// In which conversation.
    pub conversation: ConversationId,
    /// The turn's number in it.
    pub seq: i64,
    /// When.
    pub at: At,
    /// How somebody judged it.
    pub verdict: Option<Verdict>,
}

/// What was drawn of a week.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sample {
    /// Answers there were.
    pub population: usize,
    /// Those that were drawn, in the order of drawing.
    pub answers: Vec<Answer>,
}

impl Week {
    /// The week that holds an instant.
    #[must_use]
    pub fn of(at: At, zone: &TimeZone) -> Self {
        let date = at.timestamp().to_zoned(zone.clone()).date();
        let week = date.iso_week_date();
        Self { monday: monday(week.year(), week.week()).unwrap_or(date) }
    }

    /// Reads `2026-W47`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (year, week) = text.split_once("-W")?;
        Some(Self { monday: monday(year.parse().ok()?, week.parse().ok()?)? })
    }

    /// The one before.
    #[must_use]
    pub fn before(self) -> Self {
        Self { monday: self.monday.checked_sub(jiff::Span::new().days(7)).unwrap_or(self.monday) }
    }

    /// Its first instant, and the one after its last.
    #[must_use]
    pub fn period(self, zone: &TimeZone) -> (At, At) {
        let end = self.monday.checked_add(jiff::Span::new().days(7)).unwrap_or(self.monday);
        let [from, to] = [self.monday, end].map(|day| {
            let begins = day.to_datetime(Time::midnight()).to_zoned(zone.clone());
            begins.map_or(At(0), |begins| begins.timestamp().into())
        });
        (from, to)
    }
}

fn monday(year: i16, week: i8) -> Option<Date> {
    ISOWeekDate::new(year, week, Weekday::Monday).ok().map(Date::from)
}

impl std::fmt::Display for Week {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let week = self.monday.iso_week_date();
        write!(f, "{}-W{:02}", week.year(), week.week())
    }
}

impl Sample {
    /// Draws from a week's answers. Each answer's place is the hash of its name, so that everyone draws alike and nobody
    /// can choose: the first of them are a random sample.
    #[must_use]
    pub fn draw(shelf: &Shelf, week: Week, zone: &TimeZone) -> Self {
        let (from, to) = week.period(zone);
        let mut drawn: Vec<([u8; 32], Answer)> = Vec::new();
        for facts in shelf.episodes().iter().filter(|facts| facts.excluded().is_none()) {
            let answered = facts.turns.iter().filter(|turn| turn.is_answered() && turn.at >= from && turn.at < to);
            drawn.extend(answered.map(|turn| {
                let name = Sha256::new().chain_update(facts.id.as_str()).chain_update(turn.seq.to_be_bytes());
                let answer = Answer {
                    episode: facts.id.clone(),
                    conversation: facts.conversation.clone(),
                    seq: turn.seq,
                    at: turn.at,
                    verdict: turn.verdict,
                };
                (name.finalize().into(), answer)
            }));
        }
        let population = drawn.len();
        drawn.sort_by_key(|(name, _)| *name);
        Self { population, answers: drawn.into_iter().take(SAMPLE).map(|(_, answer)| answer).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_are_iso_weeks_of_the_zone() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let of = |text: &str| Week::of(text.parse::<jiff::Timestamp>().unwrap().into(), &zone).to_string();
        // 16:00 UTC is midnight there; 2027 begins in the last week of 2026.
        for (at, week) in [
            ("2026-11-15T15:59:59Z", "2026-W46"),
            ("2026-11-15T16:00:00Z", "2026-W47"),
            ("2027-01-03T15:59:59Z", "2026-W53"),
            ("2027-01-03T16:00:00Z", "2027-W01"),
        ] {
            assert_eq!(of(at), week, "{at}");
        }
        let week = Week::parse("2026-W47").unwrap();
        assert_eq!((week.to_string(), week.before().to_string()), ("2026-W47".to_owned(), "2026-W46".to_owned()));
        let (from, to) = week.period(&zone);
        assert_eq!(from.timestamp().to_string(), "2026-11-15T16:00:00Z");
        assert_eq!(to.timestamp().to_string(), "2026-11-22T16:00:00Z");
        assert_eq!(["2026-47", "2026-W54", "W47", ""].map(Week::parse), [None; 4]);
    }
}
