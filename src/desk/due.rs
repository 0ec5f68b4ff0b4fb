//! The time by which a writer promises something: 今天18点前回复您, 半小时内, 3个工作日内, "by 6pm today".
//!
//! It is offered to the writer as a promise to keep, who may set it otherwise; so it is better to find none than one that
//! nobody made. A time counts only beside something that the writer will do (回复, 核实, 退款, "get back to you"), and not
//! where it tells when a parcel arrives, when people are there, what was, or what the customer has to do.
//!
//! How times are read: a day as the limit (周五前, by Friday) counts with that day, to its end; 上午 and "morning" end at
//! 12:00, 下午, 下班 and "end of business" at 18:00, 晚上 and "tonight" at the day's end; weeks begin on Mondays; an hour
//! without 上午 or 下午 that is past is meant for the afternoon.

mod calendar;
mod en;
mod zh;

use std::ops::Range;

use jiff::tz::TimeZone;

use super::clauses::clauses;
use super::squeeze::squeezed;
use crate::domain::At;
use crate::text::{Plain, is_han};
use calendar::Calendar;

/// When something is promised for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The time, always after `now`.
    pub at: At,
    /// The words that say so, in bytes of the text.
    pub said: Range<usize>,
}

/// The first time in a text by which its writer promises to do something. `zone` is the shop's.
#[must_use]
pub fn promised_time(text: &str, now: At, zone: &TimeZone) -> Option<Due> {
    let form = squeezed(&Plain::of(text));
    let calendar = Calendar::of(now, zone);
    let mut start = 0;
    for line in form.text().split('\n') {
        let found = clauses(line).iter().find_map(|clause| {
            let read = if clause.text.chars().any(is_han) {
                zh::promised(clause, &calendar)
            } else {
                en::promised(clause, &calendar)
            };
            let (at, said) = read?;
            Some(Due { at, said: form.origin(&(start + clause.start + said.start..start + clause.start + said.end)) })
        });
        if found.is_some() {
            return found;
        }
        start += line.len() + 1;
    }
    None
}

#[cfg(test)]
mod tests;
