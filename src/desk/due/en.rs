//! Times of promises in English.

use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Captures;

use super::calendar::{Calendar, Clock, Part};
use crate::desk::clauses::Clause;
use crate::desk::numerals::{english_words, hundredths, whole};
use crate::desk::pattern::Pattern;
use crate::domain::{At, HOUR, MINUTE};

const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MONTH: &str = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*";
const WEEKDAYS: &[&str] = &["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// within 2 hours, in half an hour, in the next 3 working days, within the hour
static LENGTH: LazyLock<Pattern> = LazyLock::new(|| {
    let number = format!(r"\d+(?:\.\d+)?|{}|a couple of|an?", english_words());
    Pattern::new(&format!(
        r"\b(?:within|in)\s+(?:the next\s+|about\s+|less than\s+|under\s+)?(?:(?:\d+)\s?(?:-|–|to|or)\s?)?(?P<number>half an|half a|{number}|the)[\s-]*(?P<work>(?:business|working|work)\s+)?(?P<unit>minute|min|hour|hr|day|week)s?\b"
    ))
});

/// by 6pm today, tomorrow morning, on Friday at 10:30, by Nov 25th, before noon
static POINT: LazyLock<Pattern> = LazyLock::new(|| {
    let clock = r"(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?\s?(?P<half>am|pm|a\.m\.?|p\.m\.?|o'clock)?";
    let part = "(?P<part>morning|noon|midday|lunchtime|afternoon|evening|night|midnight)";
    let clock2 = r"(?P<hour2>\d{1,2})(?::(?P<minute2>\d{2}))?\s?(?P<half2>am|pm|a\.m\.?|p\.m\.?|o'clock)?";
    let weekday = "(?P<weekday>mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?";
    let day = format!(
        r"(?:(?P<named>today|tonight|tomorrow)|(?P<week>next |this )?{weekday}|(?P<month>{MONTH})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?|the\s+(?P<day_of_month>\d{{1,2}})(?:st|nd|rd|th))"
    );
    let hour_of_it = format!(
        r"\s*,?\s*(?:(?:by|at|before|around)\s+)?(?:in the\s+)?(?:(?P<part2>morning|noon|midday|afternoon|evening|night)|{clock2})\b"
    );
    Pattern::new(&format!(
        r"\b(?:(?P<by>by|before|until|till|at|around|on|no later than|first thing)\s+)?(?:(?:{clock}|{part})\s*(?:on\s+)?)?(?:\b(?:this\s+)?{day}\b(?:{hour_of_it})?)?(?:\b|$)"
    ))
});

/// between 2 and 4pm: the later.
static BETWEEN: LazyLock<Pattern> = LazyLock::new(|| {
    let half = r"(?:am|pm|a\.m\.?|p\.m\.?)";
    Pattern::new(&format!(
        r"\bbetween\s+\d{{1,2}}(?::\d{{2}})?\s?{half}?\s+and\s+(?P<hour>\d{{1,2}})(?::(?P<minute>\d{{2}}))?\s?(?P<half>{half})?(?:\s+(?P<named>today|tomorrow))?"
    ))
});

/// by 28 November: the number is no hour.
static DAY_FIRST: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(&format!(
        r"\b(?:(?:by|before|until|till|on)\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{MONTH})\b"
    ))
});

/// this afternoon, by the end of the day, this week, EOD
static STRETCH: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\b(?P<stretch>this (?:morning|afternoon|evening)|(?:the\s+)?end of (?:the\s+|this\s+)?(?:day|today|business|working day|week|month|year)|close of business|eod|cob|this week|next week|this month|later today)\b(?P<next> tomorrow)?",
    )
});

/// What the writer will do.
static DEED: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\b(?:get back|getting back|come back to you|reply|respond|answer|write (?:back|to you)|let you know|call|ring|phone|contact|e-?mail|message|text you|update|check|look into|look it up|find out|ship|send|dispatch|post|refund|resend|arrange|process|sort|fix|follow up|confirm|resolve|replace|handle|deal with|investigate|issue|tell you|(?:an?|the|your) (?:answer|update|reply|result|call)|have (?:it|(?:the|your) \w+) (?:out|ready|sent|shipped|back)|be (?:shipped|sent|dispatched|refunded|processed|resent|replaced|resolved|fixed|posted|done)|hear (?:back )?from (?:us|me)|in touch|give you)\b",
    )
});
/// Who will do it.
static OURS: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\b(?:i|we|i'll|we'll|i'm|we're|let me|our|my|a colleague|someone|somebody|the (?:warehouse|team|manager|office)|he|she|they|they'll|you'll|you will|will|expect|it'll|it will|your (?:order|parcel|refund|replacement))\b",
    )
});
/// A parcel's or a bank's time.
static CARRIED: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\b(?:arrives?|arriving|deliver(?:s|ed|y)?|expected|estimated|courier|carrier|bank|should (?:get|receive|have) (?:it|the parcel)|reach(?:es)? you|show up|in your account)\b",
    )
});
static SURELY_OURS: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\b(?:i|we|i'll|we'll|let me)\b.*\b(?:get back|reply|respond|let you know|call|contact|check|ask|look into|find out|ship|send|dispatch|refund|confirm|follow up|update|tell you)\b",
    )
});
/// When people are there.
static HOURS: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\b(?:open|opens|opening|closed|closes|close at|close on|available|online|hours are|office hours|every day|daily|from \d+)\b",
    )
});
/// What was, what cannot be, and what the customer has to do.
static NOT: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\b(?:yesterday|ago|last (?:week|night|month|monday|friday)|already|was|were|has been|have been|had|can't|cannot|couldn't|won't|unable|don't|doesn't|didn't|not sure)\b",
    )
});
static YOURS: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\b(?:please|could you|can you|would you|you can|you need|you must|you have to|you may|if you (?:order|pay|place|buy|return|send|confirm)|orders|an order|ordered|paid|placed|once you|when you|after you|of (?:delivery|receipt|purchase|payment)|returns?|warranty)\b",
    )
});

/// The time that a clause promises, and the words that say so, in bytes of the clause.
pub(super) fn promised(clause: &Clause<'_>, calendar: &Calendar) -> Option<(At, Range<usize>)> {
    let lengths = LENGTH.all(clause.text).filter_map(|hit| Some((length(&hit, calendar)?, trimmed(&hit))));
    let points = POINT.all(clause.text).filter_map(|hit| Some((point(&hit, calendar)?, trimmed(&hit))));
    let stretches = STRETCH.all(clause.text).filter_map(|hit| Some((stretch(&hit, calendar)?, trimmed(&hit))));
    let days = DAY_FIRST.all(clause.text).filter_map(|hit| Some((day_first(&hit, calendar)?, trimmed(&hit))));
    let ranges = BETWEEN.all(clause.text).filter_map(|hit| Some((range(&hit, calendar)?, trimmed(&hit))));
    let mut times: Vec<(At, Range<usize>)> = ranges.chain(lengths).chain(days).chain(points).chain(stretches).collect();
    times.sort_by_key(|(_, said)| (said.start, usize::MAX - said.end));
    times.into_iter().find(|(at, said)| calendar.is_ahead(*at) && is_promise(clause, said))
}

fn trimmed(hit: &Captures<'_>) -> Range<usize> {
    let found = hit.get_match();
    found.start()..found.start() + found.as_str().trim_end_matches([' ', ',']).len()
}

fn is_promise(clause: &Clause<'_>, said: &Range<usize>) -> bool {
    let (before, after) = (&clause.text[..said.start], &clause.text[said.end..]);
    let is_alone = after.trim_matches([',', '.', '!', ' ']).is_empty() && before.trim().is_empty();
    let rest = if is_alone { [clause.before, clause.text, clause.after].concat() } else { clause.text.to_owned() };
    let without_the_time = rest.replace(&clause.text[said.clone()], " ");
    let is_carried = CARRIED.is_in(&rest) && !SURELY_OURS.is_in(&rest);
    DEED.is_in(&without_the_time)
        && OURS.is_in(&without_the_time)
        && !is_carried
        && ![&HOURS, &NOT].into_iter().any(|pattern| pattern.is_in(&rest))
        && !YOURS.is_in(clause.before)
        && !(YOURS.is_in(before) || is_alone && YOURS.is_in(&rest))
        && !FROM_ELSEWHERE.is_in(after)
}

/// within 48 hours of payment
static FROM_ELSEWHERE: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"^\s*(?:of|after|from|since|once|when)\b"));

fn length(hit: &Captures<'_>, calendar: &Calendar) -> Option<At> {
    let number = match hit.name("number")?.as_str() {
        "half an" | "half a" => 50,
        "a" | "an" | "the" => 100,
        "a couple of" => 200,
        number => hundredths(number)?,
    };
    let days = number / 100;
    match hit.name("unit")?.as_str() {
        "minute" | "min" => Some(calendar.after(number * MINUTE / 100)),
        "hour" | "hr" => Some(calendar.after(number * HOUR / 100)),
        "day" if hit.name("work").is_some() => calendar.workdays(days),
        // in the day is no time.
        "day" if hit.name("number").is_some_and(|number| number.as_str() == "the") => None,
        "day" => calendar.days_from_now(days),
        _ => calendar.days_from_now(7 * days),
    }
}

fn point(hit: &Captures<'_>, calendar: &Calendar) -> Option<At> {
    let text = |name: &str| hit.name(name).map(|group| group.as_str());
    let date = date(hit, calendar);
    let has_day = ["named", "weekday", "month", "day_of_month"].iter().any(|name| text(name).is_some());
    if has_day && date.is_none() {
        return None;
    }
    let day = date.unwrap_or(calendar.today());
    let by = text("by");
    let first = clock(text("hour"), text("minute"), text("half"));
    let second = clock(text("hour2"), text("minute2"), text("half2"));
    if let Some((clock, part)) = first.or(second) {
        // A number alone is no time of day.
        let is_time = text("minute").or(text("half")).or(text("minute2")).or(text("half2")).is_some();
        let is_by = matches!(by, Some("by" | "before" | "until" | "till" | "around" | "no later than"));
        let is_tonight = (text("named") == Some("tonight")).then_some(Part::Evening);
        let named_part = text("part2").and_then(part_of).or(is_tonight);
        let is_by_a_day = has_day && (first.is_none() || by.is_some());
        return (is_time || is_by || is_by_a_day).then(|| calendar.clock(day, part.or(named_part), clock)).flatten();
    }
    let part = text("part").or(text("part2"));
    let is_before = matches!(by, Some("by" | "before" | "until" | "till"));
    match part {
        Some("midnight" | "night") if date.is_some() || is_before => calendar.end_of(day),
        Some("noon" | "midday") if date.is_some() || is_before => calendar.end_of_part(day, Part::Morning),
        Some(part) if date.is_some() => calendar.end_of_part(day, part_of(part)?),
        Some(_) => None,
        None if by == Some("first thing") && date.is_some() => calendar.end_of_part(day, Part::Early),
        None => calendar.end_of(date?),
    }
}

fn part_of(said: &str) -> Option<Part> {
    Some(match said {
        "morning" => Part::Morning,
        "noon" | "midday" | "lunchtime" => Part::Noon,
        "afternoon" => Part::Afternoon,
        "evening" | "night" | "midnight" => Part::Evening,
        _ => return None,
    })
}

fn date(hit: &Captures<'_>, calendar: &Calendar) -> Option<Date> {
    let text = |name: &str| hit.name(name).map(|group| group.as_str());
    let small = |name: &str| text(name).and_then(whole).and_then(|number| i8::try_from(number).ok());
    if let Some(named) = text("named") {
        return calendar.in_days(i64::from(named == "tomorrow"));
    }
    if let Some(day) = text("weekday").and_then(|day| place(WEEKDAYS, day)) {
        let weeks = text("week").map(|week| i64::from(week.starts_with("next")));
        return calendar.weekday(day, weeks);
    }
    match text("month") {
        Some(month) => calendar.day(None, i8::try_from(place(MONTHS, month)?).ok()?, small("day")?),
        None => calendar.day_of_month(small("day_of_month")?),
    }
}

fn day_first(hit: &Captures<'_>, calendar: &Calendar) -> Option<At> {
    let month = i8::try_from(place(MONTHS, hit.name("month")?.as_str())?).ok()?;
    calendar.end_of(calendar.day(None, month, hit.name("day")?.as_str().parse().ok()?)?)
}

fn range(hit: &Captures<'_>, calendar: &Calendar) -> Option<At> {
    let text = |name: &str| hit.name(name).map(|group| group.as_str());
    let (clock, part) = clock(text("hour"), text("minute"), text("half"))?;
    calendar.clock(calendar.in_days(i64::from(text("named") == Some("tomorrow")))?, part, clock)
}

/// Which of the names a word begins with, from 1.
fn place(names: &[&str], said: &str) -> Option<i64> {
    (1..).zip(names).find(|(_, name)| said.starts_with(**name)).map(|(place, _)| place)
}

fn clock(hour: Option<&str>, minute: Option<&str>, half: Option<&str>) -> Option<(Clock, Option<Part>)> {
    let hour = i8::try_from(whole(hour?)?).ok().filter(|hour| *hour <= 24)?;
    let minute = minute.map_or(Some(0), |minute| minute.parse().ok())?;
    let (hour, part) = match half.map(|half| half.starts_with('p')) {
        Some(true) => (hour, Some(Part::Afternoon)),
        Some(false) if half.is_some_and(|half| half.starts_with('a')) => (hour % 12, Some(Part::Morning)),
        _ => (hour, None),
    };
    Some((Clock { hour, minute }, part))
}

fn stretch(hit: &Captures<'_>, calendar: &Calendar) -> Option<At> {
    let said = hit.name("stretch")?.as_str();
    let day = if hit.name("next").is_some() { calendar.in_days(1)? } else { calendar.today() };
    match said {
        "this morning" => calendar.end_of_part(day, Part::Morning),
        "this afternoon" => calendar.end_of_part(day, Part::Afternoon),
        "next week" => calendar.end_of(calendar.weekday(7, Some(1))?),
        _ if said.ends_with("week") => calendar.end_of(calendar.weekday(7, Some(0))?),
        _ if said.ends_with("month") => calendar.end_of_month(),
        _ if said.ends_with("year") => calendar.end_of_year(),
        _ if said.contains("business") || said.contains("working") || said == "cob" => calendar.end_of_work(day),
        _ => calendar.end_of(day),
    }
}
