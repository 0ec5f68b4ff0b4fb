//! When people are there.

use jiff::civil::Time;
use jiff::tz::TimeZone;

use crate::domain::At;

/// Hours of the day in which people answer, in the shop's zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HumanHours {
    text: String,
    from: Time,
    to: Time,
}

impl HumanHours {
    /// Reads `09:00-23:00`; `None` if it is no such thing.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.trim().split_once('-')?;
        let time = |text: &str| Time::strptime("%H:%M", text.trim()).ok();
        // 24:00 is how people write the day's end.
        let to = if to.trim() == "24:00" { Time::MAX } else { time(to)? };
        Some(Self { text: text.trim().to_owned(), from: time(from)?, to })
    }

    /// As the shop wrote it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether people are there; hours over midnight (20:00-02:00) are understood.
    #[must_use]
    pub fn contain(&self, now: At, zone: &TimeZone) -> bool {
        let time = now.timestamp().to_zoned(zone.clone()).time();
        if self.from <= self.to { self.from <= time && time < self.to } else { time >= self.from || time < self.to }
    }

    /// When people are there next; `now` if they are.
    #[must_use]
    pub fn next_opening(&self, now: At, zone: &TimeZone) -> At {
        if self.contain(now, zone) {
            return now;
        }
        let here = now.timestamp().to_zoned(zone.clone());
        let day = if here.time() < self.from { Ok(here.date()) } else { here.date().tomorrow() };
        let opening = day.and_then(|day| day.to_datetime(self.from).to_zoned(zone.clone()));
        opening.map_or(now, |opening| opening.timestamp().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{DAY, HOUR};

    #[test]
    fn hours_know_midnight_and_the_next_opening() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let at = |hour: i64| At(20_000 * DAY + (hour - 8) * HOUR);
        let day = HumanHours::parse("09:00-23:00").unwrap();
        let night = HumanHours::parse("20:00-02:00").unwrap();
        for (hour, by_day, by_night) in [(1, false, true), (9, true, false), (22, true, true), (23, false, true)] {
            assert_eq!((day.contain(at(hour), &zone), night.contain(at(hour), &zone)), (by_day, by_night), "{hour}");
        }
        assert_eq!(day.next_opening(at(1), &zone), at(9));
        assert_eq!(day.next_opening(at(23), &zone), at(33));
        assert_eq!(day.next_opening(at(10), &zone), at(10));
    }
}
