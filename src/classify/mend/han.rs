//! What a playbook says in Chinese, as pairs and threes of characters; and which pair of them an unknown one sounds like.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::sounds::{SOUNDS, Sound, Sounds};
use super::words;

/// A Han character by its place in the basic block.
pub(super) type Code = u16;

const FIRST: u32 = 0x4e00;

/// The code of a character of the basic block.
pub(super) fn code(c: char) -> Option<Code> {
    let place = u32::from(c).checked_sub(FIRST)?;
    (place < 0x5200).then(|| Code::try_from(place).ok()).flatten()
}

/// The character of a code.
pub(super) fn character(code: Code) -> char {
    char::from_u32(FIRST + u32::from(code)).unwrap_or('\u{4e00}')
}

/// How much a line adds to the weight of its pairs: what is looked for to the letter counts twice an example.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Phrase,
    /// A line or a word of a rule that says something by itself.
    Whole,
    Example,
}

/// From this weight on a pair is known: one example alone may be a slip of its writer, kept on purpose.
const KNOWN: u16 = 2;

/// Pairs and threes of characters, with how often they occur and how they sound.
#[derive(Debug, Default)]
pub(super) struct Grams {
    weights: FxHashMap<u32, Pair>,
    /// Two blurred sounds with a pair that sounds so, sorted.
    by_sound: Vec<(u32, u32)>,
    /// Digests of three characters, sorted.
    threes: Vec<u32>,
}

/// What is known of a pair.
#[derive(Clone, Copy, Debug, Default)]
struct Pair {
    weight: u16,
    /// How many lines begin with it.
    begins: u8,
    /// It stands as a word of its own.
    is_word: bool,
}

/// A pair that begins so many lines is a word, or next to one.
const BEGINS: u8 = 4;

fn pair(a: Code, b: Code) -> u32 {
    u32::from(a) << 16 | u32::from(b)
}

#[allow(clippy::cast_possible_truncation, reason = "the halves of a pair")]
fn parts(pair: u32) -> (Code, Code) {
    ((pair >> 16) as Code, pair as Code)
}

/// Three codes of 15 bits in 32: two threes in a few thousand million share a digest.
#[allow(clippy::cast_possible_truncation, reason = "a digest")]
fn three(a: Code, b: Code, c: Code) -> u32 {
    let all = u64::from(a) << 30 | u64::from(b) << 15 | u64::from(c);
    (all.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}

impl Grams {
    /// Takes in a clause of the playbook.
    pub(super) fn learn(&mut self, clause: &str, source: Source) {
        let mut before: (Option<Code>, Option<Code>) = (None, None);
        let is_two = clause.chars().nth(2).is_none();
        for (at, c) in clause.chars().enumerate() {
            let now = code(c);
            if let (Some(a), Some(b)) = (before.1, now) {
                let own = self.weights.entry(pair(a, b)).or_default();
                own.weight = own.weight.saturating_add(if source == Source::Example { 1 } else { 2 });
                own.begins = own.begins.saturating_add(u8::from(at == 1));
                own.is_word |= is_two && source == Source::Whole;
                if let Some(first) = before.0 {
                    self.threes.push(three(first, a, b));
                }
            }
            before = (before.1, now);
        }
    }

    /// Once all is learnt.
    pub(super) fn finish(&mut self) {
        self.threes.sort_unstable();
        self.threes.dedup();
        self.threes.shrink_to_fit();
        for (own, pair) in &mut self.weights {
            let (a, b) = parts(*own);
            pair.is_word |= pair.begins >= BEGINS || words::is_chinese(a, b);
            if pair.weight >= KNOWN {
                for first in SOUNDS.of(a) {
                    self.by_sound.extend(SOUNDS.of(b).iter().map(|second| (heard(first, *second), *own)));
                }
            }
        }
        self.by_sound.sort_unstable();
        self.by_sound.dedup();
        self.by_sound.shrink_to_fit();
    }

    /// How often the playbook says a pair; 0: it doesn't.
    pub(super) fn weight(&self, a: Code, b: Code) -> u16 {
        self.weights.get(&pair(a, b)).map(|own| own.weight).filter(|weight| *weight >= KNOWN).unwrap_or(0)
    }

    /// Whether a pair of the playbook is a word, and no end of one that meets the beginning of another.
    fn is_word(&self, a: Code, b: Code) -> bool {
        self.weights.get(&pair(a, b)).is_some_and(|own| own.is_word)
    }

    /// Whether the playbook or everybody says a pair.
    pub(super) fn knows(&self, a: Code, b: Code) -> bool {
        self.weight(a, b) > 0 || words::is_chinese(a, b)
    }

    /// Whether the playbook says three characters in a row.
    pub(super) fn says(&self, a: Code, b: Code, c: Code) -> bool {
        self.threes.binary_search(&three(a, b, c)).is_ok()
    }

    /// The pairs that sound like this, or nearly.
    pub(super) fn sounding(&self, first: Sound, second: Sound) -> impl Iterator<Item = (Code, Code, u16)> + '_ {
        let key = heard(first, second);
        let from = self.by_sound.partition_point(|(own, _)| *own < key);
        let own = self.by_sound[from..].iter().take_while(move |(own, _)| *own == key);
        own.map(|(_, pair)| {
            let (a, b) = parts(*pair);
            (a, b, self.weight(a, b))
        })
    }

    /// Bytes that it takes.
    pub(super) fn memory(&self) -> usize {
        self.weights.capacity() * 9 + self.by_sound.capacity() * 8 + self.threes.capacity() * 4
    }
}

fn heard(first: Sound, second: Sound) -> u32 {
    u32::from(SOUNDS.blurred(first)) << 16 | u32::from(SOUNDS.blurred(second))
}

/// Characters that every sentence has: what two of them sound like says little.
pub(super) const EVERYDAY: &str =
    "的了么吗呢吧啊嘛我你他她它这那是不在有就也都还很要会可以得地着过一下个给到和与没能去来说";

/// The weights that a pair must have to be read in place of one that sounds like it, by what speaks for it beside the
/// sound. Chosen by reading what was mended in real chats.
mod enough {
    /// Three characters in a row are the playbook's.
    pub(super) const WITH_THREE: u16 = 4;
    /// It is all of its clause.
    pub(super) const ALONE: u16 = 12;
    /// A pair beside it becomes known.
    pub(super) const WITH_NEIGHBOUR: u16 = 40;
}

/// Of two readings that speak equally well the one must be so many times as common.
const BY_FAR: u16 = 3;

/// One reading of an unknown pair, in the order of what speaks for it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Reading {
    threes: u8,
    kept: u8,
    mended_sides: u8,
    exact: u8,
    weight: u16,
    pair: (Code, Code),
}

/// A pair of a run of characters with what stands beside it.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) before: Option<Code>,
    pub(super) pair: (Code, Code),
    pub(super) after: Option<Code>,
}

impl Grams {
    /// What an unknown pair was meant to be, if only one thing can be.
    pub(super) fn meant(&self, place: Place) -> Option<(Code, Code)> {
        let (a, b) = place.pair;
        let sounds = &*SOUNDS;
        // Whoever takes one character for another means its commonest sound.
        let (first, second) = (*sounds.of(a).first()?, *sounds.of(b).first()?);
        let readings = self.sounding(first, second);
        let mut best: SmallVec<[Reading; 8]> =
            readings.filter_map(|(x, y, weight)| self.reading(place, (x, y), weight, sounds)).collect();
        best.sort_unstable();
        let reading = best.pop()?;
        let rival = best.iter().rev().find(|other| other.pair != reading.pair);
        let stands = rival.is_none_or(|rival| {
            (rival.threes, rival.kept, rival.mended_sides, rival.exact)
                < (reading.threes, reading.kept, reading.mended_sides, reading.exact)
                || rival.weight.saturating_mul(BY_FAR) <= reading.weight
        });
        (stands && self.is_enough(place, &reading)).then_some(reading.pair)
    }

    fn reading(&self, place: Place, (x, y): (Code, Code), weight: u16, sounds: &Sounds) -> Option<Reading> {
        let (a, b) = place.pair;
        let left = place.before.map(|l| (self.knows(l, a), self.knows(l, x)));
        let right = place.after.map(|r| (self.knows(b, r), self.knows(y, r)));
        let worse = |side: Option<(bool, bool)>| side.is_some_and(|(before, after)| before && !after);
        // There and where sound alike and are both meant.
        let is_there = |from: Code, to: Code| character(from) == '那' && character(to) == '哪';
        if (x, y) == (a, b) || worse(left) || worse(right) || is_there(a, x) || is_there(b, y) {
            return None;
        }
        let better = |side: Option<(bool, bool)>| u8::from(side.is_some_and(|(before, after)| !before && after));
        let three_left = place.before.is_some_and(|l| self.says(l, x, y));
        let three_right = place.after.is_some_and(|r| self.says(x, y, r));
        // 收获地: 货地 is no word, but 收货地 and 货地址 are the playbook's.
        if !(self.is_word(x, y) || three_left && three_right) {
            return None;
        }
        let alike = |from: Code, to: Code| sounds.of(from).first().is_some_and(|sound| sounds.of(to).contains(sound));
        Some(Reading {
            threes: u8::from(three_left) + u8::from(three_right),
            kept: u8::from(a == x) + u8::from(b == y),
            mended_sides: better(left) + better(right),
            exact: u8::from(alike(a, x)) + u8::from(alike(b, y)),
            weight,
            pair: (x, y),
        })
    }

    fn is_enough(&self, place: Place, reading: &Reading) -> bool {
        let (a, b) = place.pair;
        let is_covered_left = place.before.is_some_and(|l| self.knows(l, a));
        let is_covered_right = place.after.is_some_and(|r| self.knows(b, r));
        // Two words that meet: what each is part of is known.
        let (x, y) = reading.pair;
        let is_everyday = |code: Code| EVERYDAY.contains(character(code));
        let breaks_a_word = a != x && is_covered_left || b != y && is_covered_right;
        if breaks_a_word || is_covered_left && is_covered_right || is_everyday(x) && is_everyday(y) || reading.exact < 2
        {
            return reading.threes == 2 && reading.kept > 0 && reading.exact > 0;
        }
        let needed = match () {
            () if reading.threes > 0 => enough::WITH_THREE,
            () if place.before.is_none() && place.after.is_none() => enough::ALONE,
            () if reading.kept > 0 && reading.mended_sides > 0 => enough::WITH_NEIGHBOUR,
            () => return false,
        };
        reading.weight >= needed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grams(lines: &[&str]) -> Grams {
        let mut grams = Grams::default();
        for line in lines {
            for _ in 0..4 {
                grams.learn(line, Source::Phrase);
            }
        }
        grams.finish();
        grams
    }

    fn meant(grams: &Grams, before: &str, pair: &str, after: &str) -> Option<String> {
        let codes: Vec<Code> = pair.chars().filter_map(code).collect();
        let one = |text: &str| text.chars().next().and_then(code);
        let place = Place { before: one(before), pair: (codes[0], codes[1]), after: one(after) };
        grams.meant(place).map(|(a, b)| [character(a), character(b)].iter().collect())
    }

    #[test]
    fn a_pair_that_sounds_like_one_known_word_is_that_word() {
        let grams = grams(&["发货了吗", "我要退款", "快递单号多少", "快递到哪了", "怎么回事", "什么时候发货"]);
        for (before, pair, after, expected, why) in [
            ("", "发祸", "了", Some("发货"), "the next character agrees"),
            ("", "退宽", "", None, "alone it would have to be commoner"),
            ("要", "退宽", "", Some("退款"), "the character before agrees"),
            ("递", "单好", "多", Some("单号"), "both sides are words of their own, and both threes are known"),
            ("我", "单好", "多", None, "only one three is known"),
            ("", "四么", "时", None, "si is no shen"),
            ("", "快弟", "到", Some("快递"), ""),
            ("", "块第", "到", Some("快递"), "both characters wrong"),
            ("", "爱货", "了", None, "sounds like nothing known"),
        ] {
            assert_eq!(meant(&grams, before, pair, after).as_deref(), expected, "{before}[{pair}]{after} {why}");
        }
    }

    #[test]
    fn of_two_that_sound_alike_neither_is_chosen() {
        let grams = grams(&["有宝石吗", "有保时吗"]);
        assert_eq!(meant(&grams, "有", "饱识", "吗"), None);
    }

    #[test]
    fn an_example_alone_may_be_a_slip() {
        let mut grams = Grams::default();
        grams.learn("转人功", Source::Example);
        grams.learn("转人工", Source::Phrase);
        grams.finish();
        let known = |word: &str| {
            let codes: Vec<Code> = word.chars().filter_map(code).collect();
            grams.weight(codes[0], codes[1]) > 0
        };
        assert!(known("人工") && !known("人功"));
    }
}
