//! Values read out of a text: order numbers, phones, days, money, sizes, choices.
//!
//! A value's signs are looked for first, all at once; a text without any (most Chinese questions have neither a digit
//! nor a 今天) costs one walk of a small automaton. Only readers whose signs stand in the text run their patterns.
//!
//! No two slots overlap. Of those that would, this one stays:
//! 1. the one that is named just before it (订单号, 快递单号, 手机, 尾号) and by its own name; one that is named as something
//!    else comes last;
//! 2. the longest: `11.3元` is money and no day;
//! 3. the first in [`PRECEDENCE`]: eleven digits that fit the shop's order numbers are one, though they may be a phone.

use std::cmp::Reverse;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::domain::{Slot, SlotKind, Span};
use crate::text::Text;

mod choice;
mod day;
mod height;
mod label;
mod money;
mod number;
mod numerals;
mod page;
mod pattern;
mod phone;
mod size;
mod weight;

use page::{Found, Page};
pub use pattern::BadPattern;

/// Which kind stays where two are equally well named and equally long.
const PRECEDENCE: [SlotKind; 10] = [
    SlotKind::OrderNumber,
    SlotKind::Phone,
    SlotKind::Tracking,
    SlotKind::Date,
    SlotKind::Amount,
    SlotKind::Height,
    SlotKind::Weight,
    SlotKind::Size,
    SlotKind::LastFour,
    SlotKind::Choice,
];

/// What is read inside links too.
const NUMBERS_OF_THINGS: [SlotKind; 2] = [SlotKind::OrderNumber, SlotKind::Tracking];

/// The digits, as signs of a value.
const DIGITS: &[&str] = &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/// Reads values of one sort.
trait Reader: Send + Sync {
    /// Words and marks of the normal form of which one must stand in a text that has such a value. None: always read.
    fn signs(&self) -> &'static [&'static str];

    /// Adds what it finds. Overlaps are settled later.
    fn read(&self, page: &Page<'_>, found: &mut Vec<Found>);
}

/// The readers that are the same for every shop, and the automaton of their signs.
struct Readers {
    readers: Vec<Box<dyn Reader>>,
    signs: AhoCorasick,
    /// For each sign, its reader's bit.
    bits: Vec<u16>,
    /// The bits of readers without signs.
    always: u16,
}

static READERS: LazyLock<Result<Readers, BadPattern>> = LazyLock::new(Readers::new);

/// Stands for the shop's own numbers among the readers' bits; any digit is their sign.
const NUMBERS: u16 = 1 << 15;

impl Readers {
    fn new() -> Result<Self, BadPattern> {
        let readers: Vec<Box<dyn Reader>> = vec![
            Box::new(phone::Phones::new()?),
            Box::new(phone::LastFours::new()?),
            Box::new(day::Numeric::new()?),
            Box::new(day::Worded::new()?),
            Box::new(money::Amounts::new()?),
            Box::new(height::Heights::new()?),
            Box::new(weight::Weights::new()?),
            Box::new(size::Sizes::new()?),
            Box::new(choice::Choices::new()?),
            Box::new(choice::Alone),
        ];
        let mut always = 0;
        let mut signs = DIGITS.to_vec();
        let mut bits = vec![NUMBERS; DIGITS.len()];
        for (place, reader) in readers.iter().enumerate() {
            let bit = 1 << place;
            always |= if reader.signs().is_empty() { bit } else { 0 };
            signs.extend(reader.signs());
            bits.resize(signs.len(), bit);
        }
        let signs = AhoCorasick::new(signs).map_err(|why| BadPattern::new("signs", &why))?;
        Ok(Self { readers, signs, bits, always })
    }

    /// The bits of the readers that have something to read.
    fn called(&self, normal: &str) -> u16 {
        let seen = self.signs.find_overlapping_iter(normal);
        seen.filter_map(|sign| self.bits.get(sign.pattern().as_usize())).fold(self.always, |all, bit| all | bit)
    }
}

/// The readers of one shop. Immutable; any number of threads may use it.
#[derive(Debug)]
pub struct Slots {
    numbers: number::Numbers,
}

impl Slots {
    /// Compiles the shop's patterns of order numbers and the carriers' of tracking numbers. Letters match in either case;
    /// `^` at a pattern's start and `$` at its end mean nothing, since numbers are looked for within sentences.
    ///
    /// # Errors
    /// The first pattern that is no regular expression, is too large, or matches the empty text.
    pub fn compile(order_numbers: &[String], tracking: &[String]) -> Result<Self, BadPattern> {
        READERS.as_ref().map_err(Clone::clone)?;
        Ok(Self { numbers: number::Numbers::compile(order_numbers, tracking)? })
    }

    /// The values in a text, in its order, without overlaps. `message` is the text's place in its turn.
    #[must_use]
    pub fn read(&self, text: &Text<'_>, message: usize) -> Vec<Slot> {
        let Ok(fixed) = READERS.as_ref() else { return Vec::new() };
        let called = fixed.called(text.normal());
        let page = Page::of(text);
        let mut found = Vec::new();
        if called & NUMBERS != 0 {
            self.numbers.read(&page, &mut found);
        }
        for (_, reader) in fixed.readers.iter().enumerate().filter(|(place, _)| called & 1 << place != 0) {
            reader.read(&page, &mut found);
        }
        // A link to an order says which; the other numbers in links are ids of pages.
        found.retain(|one| NUMBERS_OF_THINGS.contains(&one.kind) || !page.is_in_a_link(&one.range));
        settle(found, |range| {
            let place = text.origin(range);
            Span { message, start: place.start, end: place.end }
        })
    }
}

/// Drops what overlaps something better; the rest in the order of the text. Overlaps are judged in the original: `¼` is
/// one character there, and `1`, a mark and `4` in the normal form.
fn settle(mut found: Vec<Found>, place: impl Fn(&Range<usize>) -> Span) -> Vec<Slot> {
    let rank = |kind: SlotKind| PRECEDENCE.iter().position(|other| *other == kind);
    found.sort_by_key(|one| (one.naming, Reverse(one.range.len()), rank(one.kind), one.range.start));
    let mut kept: Vec<Slot> = Vec::with_capacity(found.len());
    for Found { kind, value, range, .. } in found {
        let span = place(&range);
        if !kept.iter().any(|other| other.span.overlaps(&span)) {
            kept.push(Slot { kind, value, span });
        }
    }
    kept.sort_by_key(|slot| slot.span);
    kept
}

#[cfg(test)]
mod tests;
