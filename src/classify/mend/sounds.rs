//! How characters sound: syllables without tones, and which of them people take for one another.

use std::sync::LazyLock;

use pinyin::ToPinyin as _;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::han::{Code, code};

/// A syllable, by its place among all of them; 0 is none.
pub(super) type Sound = u16;

/// The longest syllable is `zhuang`.
pub(super) const LETTERS_AT_MOST: usize = 6;

const READINGS: &str = include_str!("../../../lexicon/readings.tsv");

/// The sounds of the characters.
pub(super) struct Sounds {
    /// Of each character its commonest.
    first: Vec<Sound>,
    /// Of characters with several, all.
    all: FxHashMap<Code, SmallVec<[Sound; 2]>>,
    by_letters: FxHashMap<&'static str, Sound>,
    by_blur: FxHashMap<String, Sound>,
    /// For each sound the one that stands for all that are taken for it.
    blurred: Vec<Sound>,
}

pub(super) static SOUNDS: LazyLock<Sounds> = LazyLock::new(Sounds::new);

impl Sounds {
    fn new() -> Self {
        let mut sounds = Self {
            first: Vec::new(),
            all: FxHashMap::default(),
            by_letters: FxHashMap::default(),
            by_blur: FxHashMap::default(),
            blurred: vec![0],
        };
        sounds.first =
            ('\u{4e00}'..='\u{9fff}').map(|c| c.to_pinyin().map_or(0, |own| sounds.named(own.plain()))).collect();
        for (c, letters) in READINGS.lines().skip(1).filter_map(|row| row.split_once('\t')) {
            let Some(code) = c.chars().next().and_then(code) else { continue };
            let sound = sounds.named(letters);
            let own = sounds.all.entry(code).or_default();
            if !own.contains(&sound) {
                own.push(sound);
            }
        }
        for (code, own) in &mut sounds.all {
            let first = &mut sounds.first[usize::from(*code)];
            if own.contains(first) {
                own.sort_by_key(|sound| sound != first);
            } else {
                *first = own[0];
            }
        }
        sounds
    }

    /// The sound that is written so, new if need be.
    fn named(&mut self, letters: &'static str) -> Sound {
        let letters = if letters.contains('ü') { if letters.starts_with('l') { "lv" } else { "nv" } } else { letters };
        if !letters.bytes().all(|letter| letter.is_ascii_lowercase())
            || !letters.contains(['a', 'e', 'i', 'o', 'u', 'v'])
        {
            return 0;
        }
        if let Some(known) = self.by_letters.get(letters) {
            return *known;
        }
        let sound = Sound::try_from(self.blurred.len()).unwrap_or(0);
        self.by_letters.insert(letters, sound);
        let first = *self.by_blur.entry(blur(letters)).or_insert(sound);
        self.blurred.push(first);
        sound
    }

    /// The sound of a syllable in letters.
    pub(super) fn of_letters(&self, letters: &str) -> Option<Sound> {
        self.by_letters.get(letters).copied()
    }

    /// What a character may sound like, the commonest first.
    pub(super) fn of(&self, c: Code) -> SmallVec<[Sound; 2]> {
        match self.all.get(&c) {
            Some(all) => all.clone(),
            None => self.first.get(usize::from(c)).copied().filter(|sound| *sound != 0).into_iter().collect(),
        }
    }

    /// The sound that stands for all that are taken for this one.
    pub(super) fn blurred(&self, sound: Sound) -> Sound {
        self.blurred.get(usize::from(sound)).copied().unwrap_or(0)
    }
}

/// One spelling for syllables that speakers of many dialects, and fingers, take for one another: n and l, zh and z, ch and
/// c, sh and s, in and ing, en and eng.
fn blur(letters: &str) -> String {
    let (first, rest) = match letters {
        _ if letters.starts_with("zh") => ("z", &letters[2..]),
        _ if letters.starts_with("ch") => ("c", &letters[2..]),
        _ if letters.starts_with("sh") => ("s", &letters[2..]),
        _ if letters.starts_with('n') => ("l", &letters[1..]),
        _ => ("", letters),
    };
    let rest = if rest.ends_with("ing") || rest.ends_with("eng") { &rest[..rest.len() - 1] } else { rest };
    format!("{first}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_sound_alike() {
        let sound = |c: char| code(c).map(|code| SOUNDS.of(code)).unwrap_or_default();
        let blurred = |c: char| SOUNDS.blurred(sound(c)[0]);
        for (a, b) in [('祸', '货'), ('宽', '款'), ('好', '号'), ('第', '递'), ('甚', '什')] {
            assert_eq!(sound(a)[0], sound(b)[0], "{a} {b}");
        }
        for (a, b) in [('那', '拉'), ('是', '四'), ('人', '仍'), ('心', '星'), ('知', '资')] {
            assert_ne!(sound(a)[0], sound(b)[0], "{a} {b}");
            assert_eq!(blurred(a), blurred(b), "{a} {b}");
        }
        assert_ne!(blurred('发'), blurred('花'));
    }

    #[test]
    fn everyday_characters_have_their_everyday_sound() {
        for (c, letters) in [
            ('还', "hai"),
            ('的', "de"),
            ('了', "le"),
            ('吗', "ma"),
            ('么', "me"),
            ('行', "xing"),
            ('哪', "na"),
            ('单', "dan"),
            ('没', "mei"),
            ('都', "dou"),
            ('给', "gei"),
            ('这', "zhe"),
            ('得', "de"),
            ('什', "shen"),
            ('退', "tui"),
            ('订', "ding"),
            ('换', "huan"),
            ('取', "qu"),
            ('消', "xiao"),
            ('吧', "ba"),
            ('呢', "ne"),
            ('地', "di"),
            ('差', "cha"),
            ('少', "shao"),
            ('重', "zhong"),
            ('为', "wei"),
            ('要', "yao"),
            ('绿', "lv"),
        ] {
            let own = SOUNDS.of(code(c).unwrap());
            assert_eq!(own.first().copied(), SOUNDS.of_letters(letters), "{c}");
        }
    }
}
