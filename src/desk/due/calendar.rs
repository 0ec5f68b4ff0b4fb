//! Days and hours as people name them, from the moment they write.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{ToSpan as _, Zoned};

use crate::domain::At;

/// Where the writer stands in time.
pub(super) struct Calendar {
    now: Zoned,
}

/// A stretch of a day that is named instead of an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// 凌晨
    SmallHours,
    /// 早上
    Early,
    /// 上午, morning
    Morning,
    /// 中午, noon
    Noon,
    /// 下午, afternoon
    Afternoon,
    /// 晚上, evening, tonight
    Evening,
}

impl Part {
    /// When it is over: hours and minutes.
    fn end(self) -> Time {
        match self {
            Self::SmallHours => Time::constant(6, 0, 0, 0),
            Self::Early => Time::constant(10, 0, 0, 0),
            Self::Morning => Time::constant(12, 0, 0, 0),
            Self::Noon => Time::constant(13, 0, 0, 0),
            Self::Afternoon => END_OF_WORK,
            Self::Evening => END_OF_DAY,
        }
    }

    /// The hour of the day that an hour of the clock means within it: 下午3点 is 15, 晚上12点 is 24.
    fn hour(self, hour: i8) -> i8 {
        match self {
            Self::Afternoon | Self::Evening if hour < 12 => hour + 12,
            Self::Evening if hour == 12 => 24,
            Self::Noon if hour < 4 => hour + 12,
            _ => hour,
        }
    }
}

const END_OF_DAY: Time = Time::constant(23, 59, 59, 0);
const END_OF_WORK: Time = Time::constant(18, 0, 0, 0);

/// Hours and minutes as they were said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    pub(super) hour: i8,
    pub(super) minute: i8,
}

impl Calendar {
    pub(super) fn of(now: At, zone: &TimeZone) -> Self {
        Self { now: now.timestamp().to_zoned(zone.clone()) }
    }

    pub(super) fn is_ahead(&self, at: At) -> bool {
        at > At::from(self.now.timestamp())
    }

    pub(super) fn today(&self) -> Date {
        self.now.date()
    }

    /// So many days from today.
    pub(super) fn in_days(&self, days: i64) -> Option<Date> {
        self.today().checked_add(days.days()).ok()
    }

    /// So many milliseconds from now.
    pub(super) fn after(&self, millis: i64) -> At {
        At::from(self.now.timestamp()).plus(millis)
    }

    /// The same hour so many days from today.
    pub(super) fn days_from_now(&self, days: i64) -> Option<At> {
        self.moment(self.in_days(days)?, self.now.time())
    }

    /// The end of the day that is so many days of Monday to Friday ahead.
    pub(super) fn workdays(&self, count: i64) -> Option<At> {
        let mut date = self.today();
        for _ in 0..count.min(250) {
            date = date.tomorrow().ok()?;
            while matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) {
                date = date.tomorrow().ok()?;
            }
        }
        self.end_of(date)
    }

    pub(super) fn end_of(&self, date: Date) -> Option<At> {
        self.moment(date, END_OF_DAY)
    }

    /// When people go home.
    pub(super) fn end_of_work(&self, date: Date) -> Option<At> {
        self.moment(date, END_OF_WORK)
    }

    pub(super) fn end_of_part(&self, date: Date, part: Part) -> Option<At> {
        self.moment(date, part.end())
    }

    /// An hour of a day.
    pub(super) fn clock(&self, date: Date, part: Option<Part>, clock: Clock) -> Option<At> {
        let hour = part.map_or(clock.hour, |part| part.hour(clock.hour));
        let at = self.hour(date, hour, clock.minute)?;
        if !self.is_ahead(at) && part.is_none() && hour < 12 && date == self.today() {
            return self.hour(date, hour + 12, clock.minute);
        }
        Some(at)
    }

    fn hour(&self, date: Date, hour: i8, minute: i8) -> Option<At> {
        if (hour, minute) == (24, 0) {
            return self.end_of(date);
        }
        self.moment(date, Time::new(hour, minute, 0, 0).ok()?)
    }

    /// A day of the week, from 1 for Monday to 7; `weeks` 0 is this week, 1 the next. `None`: the coming one, today among
    /// them.
    pub(super) fn weekday(&self, day: i64, weeks: Option<i64>) -> Option<Date> {
        let today = i64::from(self.today().weekday().to_monday_one_offset());
        match weeks {
            Some(weeks) => self.in_days(day - today + 7 * weeks),
            None => self.in_days((day - today).rem_euclid(7)),
        }
    }

    /// A day of a month. Without a year it is the coming one, if this year's is long past.
    pub(super) fn day(&self, year: Option<i16>, month: i8, day: i8) -> Option<Date> {
        const LONG_PAST: i32 = 183;
        let date = Date::new(year.unwrap_or(self.today().year()), month, day).ok()?;
        let past = self.today().since(date).ok()?.get_days();
        if year.is_none() && past > LONG_PAST { Date::new(date.year() + 1, month, day).ok() } else { Some(date) }
    }

    /// The coming day of this number, in this month or the next that has it.
    pub(super) fn day_of_month(&self, day: i8) -> Option<Date> {
        let first = self.today().first_of_month();
        let months = (0..=2).filter_map(|months: i64| first.checked_add(months.months()).ok());
        let dates = months.filter_map(|month| Date::new(month.year(), month.month(), day).ok());
        dates.into_iter().find(|date| *date >= self.today())
    }

    pub(super) fn end_of_month(&self) -> Option<At> {
        self.end_of(self.today().last_of_month())
    }

    pub(super) fn end_of_year(&self) -> Option<At> {
        self.end_of(self.today().last_of_year())
    }

    /// A time of day that a change of clocks leaves out is taken an hour later.
    fn moment(&self, date: Date, time: Time) -> Option<At> {
        let there = date.to_datetime(time).to_zoned(self.now.time_zone().clone()).ok()?;
        Some(At::from(there.timestamp()))
    }
}
