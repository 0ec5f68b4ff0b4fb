//! Days: 11月3日, 2026-11-03, Nov 3rd, 今天, yesterday. What day today is, nobody here knows.

use jiff::civil::Date;
use regex::{Captures, Regex};

use super::page::{Found, Page};
use super::pattern::{BadPattern, own};
use super::{DIGITS, Reader};
use crate::domain::SlotKind;

const MONTH: &str = "(jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|january|february|march|april|august|september|october|november|december)";

/// What may stand before and after `11.3` for it to be a day: it may as well be a price, a length or a version.
const BEFORE_A_DAY: &str = "我在是从到于就,:";
const AFTER_A_DAY: &str = "号日下买拍付发寄到签收前之后那早上中晚就才已能会";
const WORDS_BEFORE_A_DAY: &[&str] =
    &["on", "by", "since", "from", "before", "after", "until", "till", "ordered", "placed", "bought", "paid"];

/// After `11月3` without 日: then it counts things, or time.
const COUNTED: &str = "个件天次元块双年";

/// Days in digits, Chinese or English. A comma before the year is a line feed in the normal form.
pub(super) struct Numeric {
    full: Regex,
    american: Regex,
    chinese: Regex,
    bare: Regex,
    month_first: Regex,
    day_first: Regex,
}

impl Numeric {
    pub(super) fn new() -> Result<Self, BadPattern> {
        Ok(Self {
            full: own(
                "‹(?<y>20[0-9]{2})(?:[-/.](?<m>[0-9]{1,2})[-/.](?<d>[0-9]{1,2})›|年(?<mz>[0-9]{1,2})月(?<dz>[0-9]{1,2})[日号]?)",
            )?,
            american: own("‹([0-9]{1,2})/([0-9]{1,2})/(?:20)?([0-9]{2})›")?,
            chinese: own("‹([0-9]{1,2})月([0-9]{1,2})([日号]?)")?,
            bare: own("‹([0-9]{1,2})([./-])([0-9]{1,2})›")?,
            month_first: own(&format!("‹{MONTH} ?([0-9]{{1,2}})(?:st|nd|rd|th)?(?:[ \n](20[0-9]{{2}}))?›"))?,
            day_first: own(&format!("‹([0-9]{{1,2}})(?:st|nd|rd|th)? ?(?:of )?{MONTH}(?:[ \n](20[0-9]{{2}}))?›"))?,
        })
    }
}

impl Reader for Numeric {
    fn signs(&self) -> &'static [&'static str] {
        DIGITS
    }

    fn read(&self, page: &Page<'_>, found: &mut Vec<Found>) {
        let mut all = |pattern: &Regex, date: &dyn Fn(&Captures<'_>) -> Option<String>| {
            for hit in pattern.captures_iter(page.normal) {
                let range = hit.get_match().range();
                if let Some(value) = date(&hit)
                    && !page.is_inside_a_number(&range)
                {
                    found.push(Found::new(SlotKind::Date, value, range));
                }
            }
        };
        all(&self.full, &|hit| {
            let part = |names: [&str; 2]| names.iter().find_map(|name| number(hit.name(name)?.as_str()));
            date(part(["y", "y"]), part(["m", "mz"])?, part(["d", "dz"])?)
        });
        all(&self.american, &|hit| {
            let (_, [one, other, year]) = hit.extract();
            american(Some(2000 + number(year)?), one, other)
        });
        all(&self.chinese, &|hit| {
            let (_, [month, day, suffix]) = hit.extract();
            let next = page.normal[hit.get_match().end()..].chars().next();
            let counts = suffix.is_empty() && next.is_some_and(|c| c.is_ascii_alphanumeric() || COUNTED.contains(c));
            if counts { None } else { date(None, number(month)?, number(day)?) }
        });
        all(&self.bare, &|hit| {
            let (_, [one, mark, other]) = hit.extract();
            if !is_about_a_day(page, hit) {
                return None;
            }
            if mark == "/" { american(None, one, other) } else { date(None, number(one)?, number(other)?) }
        });
        all(&self.month_first, &|hit| spelt(hit, 1, 2));
        all(&self.day_first, &|hit| spelt(hit, 2, 1));
    }
}

fn is_about_a_day(page: &Page<'_>, hit: &Captures<'_>) -> bool {
    let range = hit.get_match().range();
    let word = page.before(range.start).rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    WORDS_BEFORE_A_DAY.contains(&word)
        || page.opens_after(range.start, BEFORE_A_DAY) && page.closes_before(range.end, AFTER_A_DAY)
}

/// Month first, unless only the second number can be the month.
fn american(year: Option<i16>, one: &str, other: &str) -> Option<String> {
    let (one, other) = (number(one)?, number(other)?);
    if one > 12 { date(year, other, one) } else { date(year, one, other) }
}

fn spelt(hit: &Captures<'_>, month: usize, day: usize) -> Option<String> {
    let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let name = hit.get(month)?.as_str();
    let month = (1..).zip(months).find(|(_, start)| name.starts_with(start)).map(|(number, _)| number)?;
    date(hit.get(3).and_then(|year| number(year.as_str())), month, number(hit.get(day)?.as_str())?)
}

fn number(digits: &str) -> Option<i16> {
    digits.parse().ok()
}

/// `YYYY-MM-DD`, or `--MM-DD` without a year; none if there is no such day.
fn date(year: Option<i16>, month: i16, day: i16) -> Option<String> {
    // A leap year knows every day that some year has.
    const ANY_YEAR: i16 = 2024;
    let date = Date::new(year.unwrap_or(ANY_YEAR), month.try_into().ok()?, day.try_into().ok()?).ok()?;
    let day = format!("{:02}-{:02}", date.month(), date.day());
    Some(year.map_or_else(|| format!("--{day}"), |year| format!("{year:04}-{day}")))
}

/// Days counted from today.
pub(super) struct Worded {
    words: Regex,
}

impl Worded {
    pub(super) fn new() -> Result<Self, BadPattern> {
        let chinese = "今[天日晚早]|明[天日晚早]|昨[天日晚]|[以之今最大]?[后前]天";
        let english = "‹(?:the )?day (?:after tomorrow|before yesterday)›|‹(?:today|tonight|tomorrow|tmrw?|yesterday)›";
        Ok(Self { words: own(&format!("{chinese}|{english}"))? })
    }
}

impl Reader for Worded {
    fn signs(&self) -> &'static [&'static str] {
        &["今", "明", "昨", "后天", "前天", "today", "tonight", "tomorrow", "tmr", "yesterday"]
    }

    fn read(&self, page: &Page<'_>, found: &mut Vec<Found>) {
        for hit in self.words.find_iter(page.normal) {
            if let Some(day) = word_for(hit.as_str()) {
                found.push(Found::new(SlotKind::Date, day, hit.range()));
            }
        }
    }
}

fn word_for(words: &str) -> Option<&'static str> {
    match words {
        "today" | "tonight" => Some("today"),
        "tomorrow" | "tmr" | "tmrw" => Some("tomorrow"),
        "yesterday" => Some("yesterday"),
        "后天" => Some("day_after_tomorrow"),
        "前天" => Some("day_before_yesterday"),
        _ if words.ends_with("after tomorrow") => Some("day_after_tomorrow"),
        _ if words.ends_with("before yesterday") => Some("day_before_yesterday"),
        _ => match words.chars().next() {
            Some('今') if words != "今后天" && words != "今前天" => Some("today"),
            Some('明') => Some("tomorrow"),
            Some('昨') => Some("yesterday"),
            // 大后天 has no word of ours; 以后天天 is no day.
            _ => None,
        },
    }
}
