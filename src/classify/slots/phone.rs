//! Phone numbers, and the last four digits of one.

use std::ops::Range;

use regex::Regex;

use super::label::{Naming, naming};
use super::page::{Found, Page};
use super::pattern::{BadPattern, own};
use super::{DIGITS, Reader};
use crate::domain::SlotKind;

/// Chinese mobiles, with or without +86; others with their country's code.
pub(super) struct Phones {
    mobile: Regex,
    abroad: Regex,
}

impl Phones {
    pub(super) fn new() -> Result<Self, BadPattern> {
        Ok(Self {
            mobile: own(r"(?:\+?‹86[ -]?|‹)(1[3-9][0-9])[ -]?([0-9]{4})[ -]?([0-9]{4})›")?,
            abroad: own(r"\+[1-9][0-9]{0,2}(?:[ .-]?[0-9]{2,5}){2,5}›")?,
        })
    }
}

impl Reader for Phones {
    fn signs(&self) -> &'static [&'static str] {
        DIGITS
    }

    /// Digits alone; those of other countries with their `+`. A number that is called an order's or a parcel's is no phone.
    fn read(&self, page: &Page<'_>, found: &mut Vec<Found>) {
        for hit in self.mobile.captures_iter(page.normal) {
            let (_, parts) = hit.extract::<3>();
            add(page, hit.get_match().range(), parts.concat(), found);
        }
        for hit in self.abroad.find_iter(page.normal).filter(|hit| !hit.as_str().starts_with("+86")) {
            let digits: String = hit.as_str().chars().filter(|c| *c == '+' || c.is_ascii_digit()).collect();
            if (9..=16).contains(&digits.len()) {
                add(page, hit.range(), digits, found);
            }
        }
    }
}

fn add(page: &Page<'_>, range: Range<usize>, digits: String, found: &mut Vec<Found>) {
    let naming = naming(page.normal, range.start, SlotKind::Phone);
    if naming != Naming::Other {
        found.push(Found { naming, ..Found::new(SlotKind::Phone, digits, range) });
    }
}

/// Four digits that are a whole clause, or are called the end of a number.
pub(super) struct LastFours {
    four: Regex,
}

impl LastFours {
    pub(super) fn new() -> Result<Self, BadPattern> {
        Ok(Self { four: own("‹[0-9]{4}›")? })
    }
}

impl Reader for LastFours {
    fn signs(&self) -> &'static [&'static str] {
        DIGITS
    }

    fn read(&self, page: &Page<'_>, found: &mut Vec<Found>) {
        for hit in self.four.find_iter(page.normal) {
            let is_alone = page.opens_after(hit.start(), "") && page.closes_before(hit.end(), "");
            let naming = naming(page.normal, hit.start(), SlotKind::LastFour);
            if is_alone || naming == Naming::Own {
                found.push(Found { naming, ..Found::new(SlotKind::LastFour, hit.as_str(), hit.range()) });
            }
        }
    }
}
