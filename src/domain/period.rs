//! Days as people write them: `2026-11-01`, `2026-11-01T09:30`, `-7d`, in the shop's zone.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan as _, Zoned};
use thiserror::Error;

use super::At;

/// What is meant where nothing is said.
const DAYS: i32 = 7;

/// A date that is none, or a period the wrong way round.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DateError {
    /// It can't be read as a date.
    #[error("`{0}` is no date; write 2026-11-01, 2026-11-01T09:30, today, yesterday or -7d")]
    NoDate(String),
    /// It can't be read as a length of time.
    #[error("`-{0}` is no length of time; write -7d, -2w, -12h or -30m")]
    NoLength(String),
    /// It lies outside the calendar.
    #[error("`{0}` lies outside the calendar")]
    Outside(String),
    /// It ends before it begins.
    #[error("the first instant must lie before the last")]
    WrongWayRound,
}

/// Which end of a day is meant by its date.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    First,
    Last,
}

/// The first instant of a period and the one after its last: `from` is seven days ago if nothing is said, `to` is now.
/// A date as the end means all of that day.
///
/// # Errors
/// What can't be read as a date, or lies the wrong way round.
pub fn period(from: Option<&str>, to: Option<&str>, now: At, zone: &TimeZone) -> Result<(At, At), DateError> {
    let now = now.timestamp().to_zoned(zone.clone());
    let from = match from {
        Some(text) => read(text, End::First, &now)?,
        None => start_of(&now, DAYS.days())?,
    };
    let to = match to {
        Some(text) => read(text, End::Last, &now)?,
        None => now.timestamp(),
    };
    if from < to { Ok((from.into(), to.into())) } else { Err(DateError::WrongWayRound) }
}

/// A point in time as people write it: RFC 3339, or a date or time of the zone. A date is its first instant.
///
/// # Errors
/// What can't be read so.
pub fn instant(text: &str, now: At, zone: &TimeZone) -> Result<At, DateError> {
    Ok(read(text, End::First, &now.timestamp().to_zoned(zone.clone()))?.into())
}

/// Outside the calendar, as jiff says it.
fn outside<T>(outcome: Result<T, jiff::Error>, text: &str) -> Result<T, DateError> {
    outcome.map_err(|_| DateError::Outside(text.to_owned()))
}

fn read(text: &str, end: End, now: &Zoned) -> Result<Timestamp, DateError> {
    let text = text.trim();
    if let Some(back) = text.strip_prefix(['-', '−']) {
        return before(back, end, now);
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    if text.contains(['T', ' ', ':'])
        && let Ok(at) = text.parse::<DateTime>()
    {
        return Ok(outside(at.to_zoned(now.time_zone().clone()), text)?.timestamp());
    }
    let day = match text {
        "today" => now.date(),
        "yesterday" => outside(now.date().yesterday(), text)?,
        _ => text.parse::<Date>().map_err(|_| DateError::NoDate(text.to_owned()))?,
    };
    of_day(day, end, now)
}

/// A day's first instant, or the one after its last.
fn of_day(day: Date, end: End, now: &Zoned) -> Result<Timestamp, DateError> {
    let name = day.to_string();
    let day = if end == End::Last { outside(day.tomorrow(), &name)? } else { day };
    Ok(outside(day.to_datetime(Time::midnight()).to_zoned(now.time_zone().clone()), &name)?.timestamp())
}

/// `7d` before now: a whole day; `12h`, `30m`: an instant.
fn before(back: &str, end: End, now: &Zoned) -> Result<Timestamp, DateError> {
    let (digits, unit) = back.split_at(back.find(|c: char| !c.is_ascii_digit()).unwrap_or(back.len()));
    let number: i32 = digits.parse().map_err(|_| DateError::NoLength(back.to_owned()))?;
    let ago = |span: Result<Span, jiff::Error>| outside(span.and_then(|span| now.checked_sub(span)), back);
    match unit {
        "d" | "" => of_day(ago(Span::new().try_days(number))?.date(), end, now),
        "w" => of_day(ago(Span::new().try_weeks(number))?.date(), end, now),
        "h" => Ok(ago(Span::new().try_hours(number))?.timestamp()),
        "m" => Ok(ago(Span::new().try_minutes(number))?.timestamp()),
        _ => Err(DateError::NoLength(back.to_owned())),
    }
}

fn start_of(now: &Zoned, back: Span) -> Result<Timestamp, DateError> {
    of_day(outside(now.checked_sub(back), "-7d")?.date(), End::First, now)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(from: &'static str, to: &'static str) -> Result<(String, String), DateError> {
        let of = |text: &'static str| (!text.is_empty()).then_some(text);
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        // 11 November 2026, 14:00 in Shanghai.
        let (from, to) = period(of(from), of(to), At(1_794_376_800_000), &zone)?;
        Ok((from.timestamp().to_string(), to.timestamp().to_string()))
    }

    #[test]
    fn dates_are_days_of_the_shop() {
        for (from, to, first, end) in [
            ("2026-11-01", "2026-11-01", "2026-10-31T16:00:00Z", "2026-11-01T16:00:00Z"),
            ("2026-11-01T09:30", "2026-11-02 08:00", "2026-11-01T01:30:00Z", "2026-11-02T00:00:00Z"),
            ("2026-11-01T09:30:00Z", "today", "2026-11-01T09:30:00Z", "2026-11-11T16:00:00Z"),
            ("yesterday", "", "2026-11-09T16:00:00Z", "2026-11-11T06:00:00Z"),
            ("-7d", "-1d", "2026-11-03T16:00:00Z", "2026-11-10T16:00:00Z"),
            ("-1w", "-2h", "2026-11-03T16:00:00Z", "2026-11-11T04:00:00Z"),
            ("", "", "2026-11-03T16:00:00Z", "2026-11-11T06:00:00Z"),
        ] {
            assert_eq!(between(from, to).unwrap(), (first.to_owned(), end.to_owned()), "{from} to {to}");
        }
    }

    #[test]
    fn what_is_no_date_is_told() {
        for (from, to) in
            [("soon", ""), ("-7x", ""), ("2026-13-01", ""), ("-1d", "-2d"), ("--", ""), ("-99999999d", "")]
        {
            assert!(between(from, to).is_err(), "{from} to {to}");
        }
    }
}
