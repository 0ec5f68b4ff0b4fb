//! A person's height: 165cm, 1米65, 一米七, 5'7", and the first number of `165 110斤`.

use regex::{Captures, Regex};

use super::Reader;
use super::numerals::{han_digit, hundredths};
use super::page::{Found, Page};
use super::pattern::{BadPattern, own};
use crate::domain::SlotKind;

/// From a child's to a giant's; beyond, it is the length of a thing.
const CENTIMETRES: std::ops::RangeInclusive<u64> = 50..=230;

/// Heights with a unit, with 身高 before them, or with a weight behind.
pub(super) struct Heights {
    centimetres: Regex,
    metres: Regex,
    han: Regex,
    named: Regex,
    feet: Regex,
    beside_a_weight: Regex,
}

impl Heights {
    pub(super) fn new() -> Result<Self, BadPattern> {
        Ok(Self {
            centimetres: own(r"‹([0-9]{2,3})(?:\.[0-9])? ?(?:cms?›|厘米|公分)")?,
            metres: own(r"‹([12])(?:(?:米|m)([0-9]{1,2})›|(\.[0-9]{1,2}) ?(?:m›|米))")?,
            han: own("[一两]米([零一二三四五六七八九])([一二三四五六七八九])?")?,
            named: own(r"(?:身高|‹height)(?:[是:= ]|is|about|大概|大约)*(?:([0-9]{2,3})|([12]\.[0-9]{1,2}))›")?,
            feet: own(r"‹([3-7]) ?(?:'|ft›|feet›|foot›) ?([0-9]{1,2})(?: ?(?:''|in›|inch(?:es)?›)|›)")?,
            beside_a_weight: own(
                r"‹(1[3-9][0-9]|20[0-9])(?: ?/ ?| |高|\n)[0-9]{2,3}(?:\.[0-9])? ?(?:斤|公斤|千克|kgs?›)",
            )?,
        })
    }

    /// Each pattern with its way to count.
    fn ways(&self) -> [(&Regex, Way); 6] {
        [
            (&self.centimetres, |hit| part(hit, 1)),
            (&self.metres, metres),
            (&self.han, han),
            (&self.named, |hit| part(hit, 1).or_else(|| hundredths(hit.get(2)?.as_str()))),
            (&self.feet, feet),
            (&self.beside_a_weight, |hit| part(hit, 1)),
        ]
    }
}

/// The centimetres of a match.
type Way = fn(&Captures<'_>) -> Option<u64>;

impl Reader for Heights {
    fn signs(&self) -> &'static [&'static str] {
        &["cm", "厘米", "公分", "米", "m", "身高", "height", "'", "ft", "feet", "foot", "斤", "千克", "kg"]
    }

    fn read(&self, page: &Page<'_>, found: &mut Vec<Found>) {
        for (pattern, way) in self.ways() {
            for hit in pattern.captures_iter(page.normal) {
                // Beside a weight, only the first number is the height.
                let whole = hit.get_match().range();
                let first = hit.get(1).filter(|_| std::ptr::eq(pattern, &self.beside_a_weight));
                let range = first.map_or(whole, |first| first.range());
                let height = way(&hit).filter(|height| CENTIMETRES.contains(height));
                if let Some(height) = height
                    && !page.is_inside_a_number(&range)
                {
                    found.push(Found::new(SlotKind::Height, height.to_string(), range));
                }
            }
        }
    }
}

fn part(hit: &Captures<'_>, group: usize) -> Option<u64> {
    hit.get(group)?.as_str().parse().ok()
}

/// `1米7` is 170, `1米05` 105, `1.65m` 165.
fn metres(hit: &Captures<'_>) -> Option<u64> {
    let rest = match (hit.get(2), hit.get(3)) {
        (Some(rest), _) if rest.len() == 1 => part(hit, 2)? * 10,
        (Some(_), _) => part(hit, 2)?,
        (None, Some(places)) => hundredths(&format!("0{}", places.as_str()))?,
        (None, None) => return None,
    };
    Some(part(hit, 1)? * 100 + rest)
}

fn han(hit: &Captures<'_>) -> Option<u64> {
    let digit = |group: usize| hit.get(group).map_or(0, |han| u64::from(han_digit(han.as_str()).unwrap_or(0)));
    let metres = if hit.get(0)?.as_str().starts_with('一') { 100 } else { 200 };
    Some(metres + digit(1) * 10 + digit(2))
}

/// An inch is 2.54 cm.
fn feet(hit: &Captures<'_>) -> Option<u64> {
    let inches = part(hit, 2).filter(|inches| *inches < 12)?;
    Some(((part(hit, 1)? * 12 + inches) * 254 + 50) / 100)
}
