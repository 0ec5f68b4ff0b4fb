//! Sizes of clothes and shoes. `XXXL` and `3XL` are one, so are `XXL` and `2XL`; `US 8` keeps its system.

use regex::Regex;

use super::Reader;
use super::page::{Found, Page};
use super::pattern::{BadPattern, own};
use crate::domain::SlotKind;

/// A lone `m` is a size between such words or at the clause's ends; elsewhere it may be metres, or the end of `I'm`.
const BEFORE_A_LETTER: &str = "要选拍买穿换是有和或跟与到成改发";
const AFTER_A_LETTER: &str = "码号的吗还和或跟与吧呢可合偏会行够好";

/// Sizes by letters, by number with 码 or `size`, and by country.
pub(super) struct Sizes {
    extra: Regex,
    marked: Regex,
    named: Regex,
    country: Regex,
    letter: Regex,
}

impl Sizes {
    pub(super) fn new() -> Result<Self, BadPattern> {
        Ok(Self {
            extra: own("‹(?:([2-9])x|x{1,2})([ls])›")?,
            marked: own(r"‹(?:([sml]) ?[码号]|([0-9]{1,2}(?:\.5)?) ?码)")?,
            named: own(
                r"(?:‹sizes?(?:[是#: ]|is)+|(?:尺码|码数)[是为选: ]*)(?:(s|m|l|small|medium|large)|([0-9]{1,2}(?:\.5)?))›",
            )?,
            country: own(r"‹(us|eu|uk) ?(?:size )?([0-9]{1,2}(?:\.5)?)›")?,
            letter: own("‹[sml]›")?,
        })
    }

    /// Those with an X, told apart by what was typed: the normal form keeps two of three.
    fn read_extra(&self, page: &Page<'_>, found: &mut Vec<Found>) {
        for hit in self.extra.captures_iter(page.normal) {
            let range = hit.get_match().range();
            let typed = page.written(&range).chars().filter(|c| matches!(c, 'x' | 'X' | 'ｘ' | 'Ｘ')).count();
            let times = hit.get(1).and_then(|times| times.as_str().parse().ok()).unwrap_or(typed);
            let end = if hit.get(2).is_some_and(|end| end.as_str() == "l") { 'L' } else { 'S' };
            let value = match times {
                0 | 1 => format!("X{end}"),
                2 => format!("XX{end}"),
                more => format!("{more}X{end}"),
            };
            found.push(Found::new(SlotKind::Size, value, range));
        }
    }
}

impl Reader for Sizes {
    fn signs(&self) -> &'static [&'static str] {
        &["s", "m", "l", "码", "uk", "eu"]
    }

    fn read(&self, page: &Page<'_>, found: &mut Vec<Found>) {
        self.read_extra(page, found);
        for hit in self.marked.captures_iter(page.normal).chain(self.named.captures_iter(page.normal)) {
            let letter = hit.get(1).and_then(|letter| letter.as_str().get(..1)).map(str::to_ascii_uppercase);
            let value = letter.or_else(|| Some(hit.get(2)?.as_str().to_owned()));
            let range = hit.get_match().range();
            if let Some(value) = value
                && !page.is_inside_a_number(&range)
            {
                found.push(Found::new(SlotKind::Size, value, range));
            }
        }
        for hit in self.country.captures_iter(page.normal) {
            let (_, [country, number]) = hit.extract();
            let range = hit.get_match().range();
            // `tell us 8 things`
            let is_country = country != "us" || page.written(&range).starts_with("US");
            if is_country && !page.is_inside_a_number(&range) {
                found.push(Found::new(SlotKind::Size, format!("{} {number}", country.to_ascii_uppercase()), range));
            }
        }
        for hit in self.letter.find_iter(page.normal) {
            let fits = page.opens_after(hit.start(), BEFORE_A_LETTER) && page.closes_before(hit.end(), AFTER_A_LETTER);
            if fits && !page.is_bracketed(&hit.range()) {
                found.push(Found::new(SlotKind::Size, hit.as_str().to_ascii_uppercase(), hit.range()));
            }
        }
    }
}
