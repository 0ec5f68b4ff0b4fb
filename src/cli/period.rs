//! Days on the command line: `2026-11-01`, `2026-11-01T09:30`, `-7d`, in the shop's zone.

use clap::Args;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan as _, Zoned};

use crate::domain::At;

/// From when to when, as it was written.
#[derive(Args, Clone, Debug, Default)]
pub struct Period {
    /// The first day: 2026-11-01, 2026-11-01T09:30, or -7d (days), -12h, -30m before now. Seven days ago without it.
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub from: Option<String>,
    /// The last day, all of it; or a time. Now without it.
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub to: Option<String>,
    /// The last so many days: the same as `--from -Nd`.
    #[arg(long, value_name = "N", conflicts_with_all = ["from", "to"], value_parser = clap::value_parser!(u32).range(1..=3660))]
    pub days: Option<u32>,
}

/// What is meant where nothing is said.
const DAYS: i32 = 7;

/// Which end of a day is meant by its date.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    First,
    Last,
}

impl Period {
    /// The first instant, and the one after the last.
    ///
    /// # Errors
    /// What can't be read as a date, or lies the wrong way round.
    pub fn between(&self, now: At, zone: &TimeZone) -> anyhow::Result<(At, At)> {
        let now = now.timestamp().to_zoned(zone.clone());
        let days = self.days.map_or(DAYS, |days| i32::try_from(days).unwrap_or(DAYS));
        let from = match &self.from {
            Some(text) => read(text, End::First, &now)?,
            None => start_of(&now, days.days())?,
        };
        let to = match &self.to {
            Some(text) => read(text, End::Last, &now)?,
            None => now.timestamp(),
        };
        anyhow::ensure!(from < to, "--from must lie before --to");
        Ok((from.into(), to.into()))
    }
}

/// A point in time as people write it: RFC 3339, or a date or time of the zone. A date is its first instant.
///
/// # Errors
/// What can't be read so.
pub fn instant(text: &str, now: At, zone: &TimeZone) -> anyhow::Result<At> {
    Ok(read(text, End::First, &now.timestamp().to_zoned(zone.clone()))?.into())
}

fn read(text: &str, end: End, now: &Zoned) -> anyhow::Result<Timestamp> {
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
        return Ok(at.to_zoned(now.time_zone().clone())?.timestamp());
    }
    let day = match text {
        "today" => now.date(),
        "yesterday" => now.date().yesterday()?,
        _ => text.parse::<Date>().map_err(|_| {
            anyhow::anyhow!("`{text}` is no date; write 2026-11-01, 2026-11-01T09:30, today, yesterday or -7d")
        })?,
    };
    of_day(day, end, now)
}

/// A day's first instant, or the one after its last.
fn of_day(day: Date, end: End, now: &Zoned) -> anyhow::Result<Timestamp> {
    let day = if end == End::Last { day.tomorrow()? } else { day };
    Ok(day.to_datetime(Time::midnight()).to_zoned(now.time_zone().clone())?.timestamp())
}

/// `7d` before now: a whole day; `12h`, `30m`: an instant.
fn before(back: &str, end: End, now: &Zoned) -> anyhow::Result<Timestamp> {
    let (digits, unit) = back.split_at(back.find(|c: char| !c.is_ascii_digit()).unwrap_or(back.len()));
    let number: i32 =
        digits.parse().map_err(|_| anyhow::anyhow!("`-{back}` is no length of time; write -7d or -12h"))?;
    Ok(match unit {
        "d" | "" => of_day(now.checked_sub(number.days())?.date(), end, now)?,
        "w" => of_day(now.checked_sub(number.weeks())?.date(), end, now)?,
        "h" => now.checked_sub(number.hours())?.timestamp(),
        "m" => now.checked_sub(number.minutes())?.timestamp(),
        _ => anyhow::bail!("`-{back}` is no length of time; write -7d, -2w, -12h or -30m"),
    })
}

fn start_of(now: &Zoned, back: Span) -> anyhow::Result<Timestamp> {
    of_day(now.checked_sub(back)?.date(), End::First, now)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(from: &str, to: &str) -> anyhow::Result<(String, String)> {
        let of = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let period = Period { from: of(from), to: of(to), days: None };
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        // 11 November 2026, 14:00 in Shanghai.
        let (from, to) = period.between(At(1_794_376_800_000), &zone)?;
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
        for (from, to) in [("soon", ""), ("-7x", ""), ("2026-13-01", ""), ("-1d", "-2d"), ("--", "")] {
            assert!(between(from, to).is_err(), "{from} to {to}");
        }
    }
}
