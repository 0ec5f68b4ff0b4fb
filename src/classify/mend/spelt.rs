//! Chinese spelt in Latin letters: `kuaidi dao nali le`, 发huo了吗. The letters are cut into syllables in every way, and of
//! all characters that sound so the likeliest row of pairs that the playbook says is read.

use smallvec::SmallVec;

use super::han::{Code, EVERYDAY, Grams, code};
use super::sounds::{LETTERS_AT_MOST, SOUNDS};

/// A run of spelt words, with the characters beside it.
pub(super) struct Spelt<'t> {
    pub(super) words: &'t [&'t str],
    pub(super) before: Option<Code>,
    pub(super) after: Option<Code>,
}

/// Whether letters can be cut into syllables.
pub(super) fn is_spelt(word: &str) -> bool {
    let mut reached = [false; WORD_AT_MOST + 1];
    if word.len() > WORD_AT_MOST || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return false;
    }
    reached[0] = true;
    for end in 1..=word.len() {
        let from = end.saturating_sub(LETTERS_AT_MOST);
        reached[end] = (from..end).any(|start| reached[start] && SOUNDS.of_letters(&word[start..end]).is_some());
    }
    reached[word.len()]
}

const WORD_AT_MOST: usize = 40;
const LETTERS_IN_ALL: usize = 80;
/// So many readings of the letters so far are kept.
const KEPT: usize = 24;
/// What it costs where two words meet that the playbook never says side by side.
const BREAK: f32 = 5.0;
/// And within letters that nothing parts.
const BREAK_INSIDE: f32 = 7.0;
/// What it costs at least to read letters as a row of several words: the same as reading them as less common ones.
const LONELY: f32 = 3.0;
/// A pair spelt by itself must be as common; of two that sound so, one by far.
const ALONE: u16 = 12;
const BY_FAR: f32 = 1.1;

/// A reading of the letters up to a place.
#[derive(Clone, Debug)]
struct Reading {
    score: f32,
    breaks: u8,
    row: SmallVec<[Code; 12]>,
}

impl Reading {
    fn last(&self, before: Option<Code>) -> Option<Code> {
        self.row.last().copied().or(before)
    }
}

impl Spelt<'_> {
    /// The characters that were meant.
    pub(super) fn read(&self, grams: &Grams) -> Option<SmallVec<[Code; 12]>> {
        let letters: String = self.words.concat();
        if letters.len() > LETTERS_IN_ALL {
            return None;
        }
        let mut starts: SmallVec<[usize; 8]> = SmallVec::new();
        let mut at = 0;
        for word in self.words {
            starts.push(at);
            at += word.len();
        }
        let mut upto: Vec<Vec<Reading>> = vec![Vec::new(); letters.len() + 1];
        upto[0].push(Reading { score: 0.0, breaks: 0, row: SmallVec::new() });
        for at in 0..letters.len() {
            let here = best(std::mem::take(&mut upto[at]));
            for end in ends(&letters, &starts, at) {
                self.extend(grams, &letters, &starts, (at, end), &here, &mut upto);
            }
        }
        let whole = upto.pop().unwrap_or_default().into_iter().map(|reading| self.closed(grams, reading)).collect();
        let mut whole = best(whole).into_iter();
        let first = whole.next()?;
        let rival = whole.find(|other| other.row != first.row);
        self.is_enough(grams, &first, rival.as_ref()).then_some(first.row)
    }

    /// Every reading that goes on with the syllable from `at` to `end`.
    fn extend(
        &self,
        grams: &Grams,
        letters: &str,
        starts: &[usize],
        (at, end): (usize, usize),
        here: &[Reading],
        upto: &mut [Vec<Reading>],
    ) {
        let Some(sound) = SOUNDS.of_letters(&letters[at..end]) else { return };
        let is_exact = |code: Code| SOUNDS.of(code).contains(&sound);
        for (rank, reading) in here.iter().enumerate() {
            if let Some(last) = reading.last(self.before) {
                let firsts = SOUNDS.of(last);
                let mut seen: SmallVec<[Code; 8]> = SmallVec::new();
                for (a, b, weight) in firsts.iter().flat_map(|first| grams.sounding(*first, sound)) {
                    if a == last && is_exact(b) && !seen.contains(&b) {
                        seen.push(b);
                        upto[end].push(reading.with(&[b], weight, None));
                    }
                }
            }
            // A new word begins, with two syllables at once. It does not matter what stands before it: the best.
            if rank > 0 {
                continue;
            }
            let is_first = reading.row.is_empty();
            let cost = if starts.contains(&at) { BREAK } else { BREAK_INSIDE };
            for one in EVERYDAY.chars().filter_map(code).filter(|one| SOUNDS.of(*one).first() == Some(&sound)) {
                upto[end].push(reading.with(&[one], 1, Some(cost)));
            }
            for further in ends(letters, starts, end) {
                let Some(next) = SOUNDS.of_letters(&letters[end..further]) else { continue };
                let is_break = !is_first || self.before.is_some();
                for (a, b, weight) in grams.sounding(sound, next) {
                    if is_exact(a) && SOUNDS.of(b).contains(&next) {
                        upto[further].push(reading.with(&[a, b], weight, is_break.then_some(cost)));
                    }
                }
            }
        }
    }

    /// The reading with what stands behind it.
    fn closed(&self, grams: &Grams, mut reading: Reading) -> Reading {
        if let (Some(last), Some(after)) = (reading.row.last(), self.after) {
            match grams.weight(*last, after) {
                0 => {
                    reading.breaks += 1;
                    reading.score -= BREAK;
                }
                weight => reading.score += cost_of(weight),
            }
        }
        reading
    }

    fn is_enough(&self, grams: &Grams, reading: &Reading, rival: Option<&Reading>) -> bool {
        let row = &reading.row;
        let is_clear = rival.is_none_or(|rival| rival.score + BY_FAR <= reading.score);
        match row.len() {
            0 => false,
            // One syllable: what stands beside it must speak for it.
            1 => is_clear && reading.breaks == 0 && (self.before.is_some() || self.after.is_some()),
            2 if self.before.is_none() && self.after.is_none() => is_clear && grams.weight(row[0], row[1]) >= ALONE,
            2 | 3 => is_clear && reading.breaks <= 1,
            long => usize::from(reading.breaks) <= long / 3,
        }
    }
}

impl Reading {
    fn with(&self, codes: &[Code], weight: u16, cost_of_break: Option<f32>) -> Self {
        let mut row = self.row.clone();
        row.extend_from_slice(codes);
        Self {
            score: self.score + cost_of(weight) - cost_of_break.unwrap_or(0.0),
            breaks: self.breaks + u8::from(cost_of_break.is_some()),
            row,
        }
    }
}

/// What a pair adds: the rarer, the more it costs; so a row of few long syllables isn't worse than one of many short ones.
fn cost_of(weight: u16) -> f32 {
    f32::from(weight).ln() - LONELY
}

/// The best readings, the best first.
fn best(mut readings: Vec<Reading>) -> Vec<Reading> {
    readings.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.row.cmp(&b.row)));
    readings.dedup_by(|a, b| a.row == b.row);
    readings.truncate(KEPT);
    readings
}

/// Where a syllable that begins at `at` may end: not beyond its word.
fn ends<'l>(letters: &'l str, starts: &[usize], at: usize) -> impl Iterator<Item = usize> + use<'l> {
    let word_end = starts.iter().copied().find(|start| *start > at).unwrap_or(letters.len());
    let end = word_end.min(at + LETTERS_AT_MOST);
    (at + 1..=end).filter(move |end| SOUNDS.of_letters(&letters[at..*end]).is_some())
}

#[cfg(test)]
mod tests {
    use super::super::han::{Source, character};
    use super::*;

    #[test]
    fn letters_are_cut_into_syllables() {
        for (word, spelt) in
            [("kuaidi", true), ("xian", true), ("lvse", true), ("order", false), ("nr", false), ("refund", false)]
        {
            assert_eq!(is_spelt(word), spelt, "{word}");
        }
    }

    #[test]
    fn spelt_words_are_read() {
        let mut grams = Grams::default();
        for line in ["快递到哪里了", "我要退款", "退货运费谁出", "发货了吗", "什么时候发货", "在吗", "能退吗", "难退"]
        {
            for _ in 0..4 {
                grams.learn(line, Source::Phrase);
            }
        }
        for _ in 0..4 {
            grams.learn("在吗", Source::Phrase);
            grams.learn("退款", Source::Phrase);
        }
        grams.finish();
        for (before, words, after, expected) in [
            ("", "kuaidi dao nali le", "", Some("快递到哪里了")),
            ("", "kuaididaonalile", "", Some("快递到哪里了")),
            ("", "wo yao tuikuan", "", Some("我要退款")),
            ("", "tuikuan", "", Some("退款")),
            ("", "zaima", "", Some("在吗")),
            ("发", "huo", "了", Some("货")),
            ("", "shenme shihou fahuo", "", Some("什么时候发货")),
            ("", "huo", "", None),
            ("", "beijing", "", None),
            ("", "tuihuo yunfei", "", Some("退货运费")),
        ] {
            let words: Vec<&str> = words.split(' ').collect();
            let one = |text: &str| text.chars().next().and_then(code);
            let read = Spelt { words: &words, before: one(before), after: one(after) }.read(&grams);
            let shown = read.map(|row| row.iter().map(|code| character(*code)).collect::<String>());
            assert_eq!(shown.as_deref(), expected, "{before}{words:?}{after}");
        }
    }
}
