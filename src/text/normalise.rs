//! One pass over a text that yields its normal form, the way back to the original, and its clauses.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::fold;
use super::is_han;
use crate::domain::Language;

/// The engine reads so many bytes of a message; whoever pastes a book is asked by a person what they want.
pub const READ_AT_MOST: usize = 8 * 1024;

/// A message's text beside its normal form.
#[derive(Debug)]
pub struct Text<'a> {
    original: &'a str,
    normal: String,
    /// For each byte of `normal`, where its character began and ended in `original`.
    origin: Vec<(u32, u32)>,
    clauses: Vec<Clause>,
    /// The stretches of `normal` that [`Text::with`] put there, in order.
    replaced: Vec<Range<usize>>,
}

/// Words to be read in place of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// Bytes of the normal form; at least one.
    pub range: Range<usize>,
    /// What stands there instead, itself in normal form, of one clause; at least one character.
    pub read_as: String,
}

/// A stretch of the normal form between two marks; phrases are looked for within one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Bytes of the normal form.
    pub range: Range<usize>,
    /// Which sentence of the text it belongs to, from 0.
    pub sentence: usize,
}

impl<'a> Text<'a> {
    /// Normalises a text. Only the first [`READ_AT_MOST`] bytes are read.
    #[must_use]
    pub fn of(original: &'a str) -> Self {
        let mut end = original.len().min(READ_AT_MOST);
        while !original.is_char_boundary(end) {
            end -= 1;
        }
        let mut pass = Pass::with_room_for(end);
        pass.read(&original[..end]);
        pass.end_clause();
        Self { original, normal: pass.normal, origin: pass.origin, clauses: pass.clauses, replaced: Vec::new() }
    }

    /// The text as it was written.
    #[must_use]
    pub fn original(&self) -> &'a str {
        self.original
    }

    /// The normal form, clauses parted by a line feed.
    #[must_use]
    pub fn normal(&self) -> &str {
        &self.normal
    }

    /// The clauses in order.
    #[must_use]
    pub fn clauses(&self) -> &[Clause] {
        &self.clauses
    }

    /// A clause's normal form.
    #[must_use]
    pub fn clause(&self, clause: &Clause) -> &str {
        &self.normal[clause.range.clone()]
    }

    /// The same text with some of its words read as others. Places in the new words lead to all the letters that they
    /// replace. A replacement that spans the end of a clause joins it with the next.
    ///
    /// `replacements` are in order and do not overlap.
    #[must_use]
    pub fn with(&self, replacements: &[Replacement]) -> Self {
        let mut made = Rebuilt { from: self, normal: String::new(), origin: Vec::new(), replaced: Vec::new(), done: 0 };
        let mut clauses: Vec<Clause> = Vec::with_capacity(self.clauses.len());
        let mut left = replacements.iter().peekable();
        let mut start = 0;
        for clause in &self.clauses {
            while let Some(next) = left.next_if(|next| next.range.start < clause.range.end) {
                made.copy_to(next.range.start);
                made.replace(next);
            }
            // Its end is gone: it goes on in the next.
            if made.done > clause.range.end {
                continue;
            }
            made.copy_to(clause.range.end);
            clauses.push(Clause { range: start..made.normal.len(), sentence: clause.sentence });
            made.copy_to((clause.range.end + 1).min(self.normal.len()));
            start = made.normal.len();
        }
        let Rebuilt { normal, origin, replaced, .. } = made;
        Self { original: self.original, normal, origin, clauses, replaced }
    }

    /// The stretches of the normal form that are not what was written, in order: see [`Text::with`].
    #[must_use]
    pub fn replaced(&self) -> &[Range<usize>] {
        &self.replaced
    }

    /// Where a stretch of the normal form stood in the original, in bytes. An empty stretch has no place: 0..0.
    #[must_use]
    pub fn origin(&self, range: &Range<usize>) -> Range<usize> {
        let touched = self.origin.get(range.clone()).unwrap_or_default();
        let start = touched.iter().map(|(start, _)| *start).min().unwrap_or(0);
        let end = touched.iter().map(|(_, end)| *end).max().unwrap_or(0);
        start as usize..end as usize
    }

    /// Chinese if a Han character stands in it, English from two Latin words on, else not to be told.
    #[must_use]
    pub fn language(&self) -> Option<Language> {
        if self.normal.chars().any(is_han) {
            return Some(Language::Zh);
        }
        let is_word = |word: &&str| word.chars().filter(char::is_ascii_alphabetic).count() > 0;
        (self.normal.split_whitespace().filter(is_word).count() >= 2).then_some(Language::En)
    }
}

/// A text as it is written anew by [`Text::with`].
struct Rebuilt<'t, 'a> {
    from: &'t Text<'a>,
    normal: String,
    origin: Vec<(u32, u32)>,
    replaced: Vec<Range<usize>>,
    /// So far of the old normal form.
    done: usize,
}

impl Rebuilt<'_, '_> {
    fn copy_to(&mut self, end: usize) {
        let begin = self.done;
        let shift = self.normal.len();
        let kept = self.from.replaced.iter().filter(|old| begin <= old.start && old.end <= end);
        self.replaced.extend(kept.map(|old| old.start - begin + shift..old.end - begin + shift));
        self.normal.push_str(&self.from.normal[begin..end]);
        self.origin.extend_from_slice(&self.from.origin[begin..end]);
        self.done = end;
    }

    fn replace(&mut self, by: &Replacement) {
        let place = self.from.origin(&by.range);
        let start = self.normal.len();
        self.normal.push_str(&by.read_as);
        self.origin.resize(self.normal.len(), (as_u32(place.start), as_u32(place.end)));
        self.replaced.push(start..self.normal.len());
        self.done = by.range.end;
    }
}

/// The state of the one pass.
struct Pass {
    normal: String,
    origin: Vec<(u32, u32)>,
    clauses: Vec<Clause>,
    clause_start: usize,
    sentence: usize,
    /// A space that waits for a character after it.
    space: Option<(u32, u32)>,
    /// The last character, and how often it stood in a row.
    last: Option<(char, u8)>,
    /// How many Han characters stand in a row, without a space.
    run: usize,
}

impl Pass {
    fn with_room_for(bytes: usize) -> Self {
        Self {
            normal: String::with_capacity(bytes),
            origin: Vec::with_capacity(bytes),
            clauses: Vec::with_capacity(4),
            clause_start: 0,
            sentence: 0,
            space: None,
            last: None,
            run: 0,
        }
    }

    fn read(&mut self, text: &str) {
        let mut rest = text.char_indices().peekable();
        while let Some((start, c)) = rest.next() {
            let mut end = start + c.len_utf8();
            if c.is_ascii() || is_plain_han(c) {
                self.take(c, start, end, text);
                continue;
            }
            while let Some((at, mark)) = rest.next_if(|(_, next)| is_combining_mark(*next)) {
                end = at + mark.len_utf8();
            }
            if !fold::is_invisible(c) {
                for c in text[start..end].nfkc().flat_map(char::to_lowercase) {
                    self.take(fold::plain_latin(c), start, end, text);
                }
            }
        }
    }

    /// Takes one character of the NFKC form.
    fn take(&mut self, c: char, start: usize, end: usize, text: &str) {
        let place = (as_u32(start), as_u32(end));
        let c = c.to_ascii_lowercase();
        if c == '.' && !stands_within_a_word(text, start, end) || fold::ends_sentence(c) {
            self.end_clause();
            self.sentence = self.clauses.last().map_or(0, |clause| clause.sentence + 1);
        } else if c.is_whitespace() {
            self.space.get_or_insert(place);
        } else if fold::is_quote(c) || fold::is_invisible(c) || is_combining_mark(c) || c.is_control() {
            // nothing is left of it
        } else if fold::ends_clause(c) {
            self.end_clause();
        } else {
            if self.space.is_some() && self.is_parted_by_a_space(&text[start..]) {
                self.end_clause();
            }
            self.push(if is_han(c) { fold::simplified(c) } else { c }, place);
        }
    }

    /// Whether a space between Han characters stands where others would write a comma: 能换小一码吗 运费谁出. Between few
    /// characters it parts nothing: 退 款, 什么时候 发货.
    fn is_parted_by_a_space(&self, rest: &str) -> bool {
        const ENOUGH: usize = 4;
        const AFTER_A_QUESTION: usize = 2;
        let is_question = self.last.is_some_and(|(last, _)| matches!(last, '吗' | '呢' | '呗' | '嘛' | '吧'));
        let following = rest.chars().take_while(|c| is_han(*c)).take(ENOUGH).count();
        self.run >= ENOUGH && following >= ENOUGH || self.run > 1 && is_question && following >= AFTER_A_QUESTION
    }

    fn push(&mut self, c: char, place: (u32, u32)) {
        let mut times = self.last.map_or(1, |(last, times)| if last == c { times.saturating_add(1) } else { 1 });
        self.run = if is_han(c) { self.run + 1 } else { 0 };
        // A space between two Han characters parts nothing, and one at a clause's start neither.
        if let Some(space) = self.space.take()
            && self.normal.len() > self.clause_start
        {
            let between_han = is_han(c) && self.last.is_some_and(|(last, _)| is_han(last));
            if between_han {
                self.run = 1;
            } else {
                self.write(' ', space);
                // A space that stays ends a run: `I'll leave` has two words with their own letters.
                times = 1;
            }
        }
        self.last = Some((c, times));
        if times <= 2 || c.is_ascii_digit() {
            self.write(c, place);
        }
    }

    fn write(&mut self, c: char, place: (u32, u32)) {
        self.normal.push(c);
        self.origin.resize(self.normal.len(), place);
    }

    fn end_clause(&mut self) {
        if self.normal.len() > self.clause_start {
            let range = self.clause_start..self.normal.len();
            self.clauses.push(Clause { range, sentence: self.sentence });
            let after = self.origin.last().copied().unwrap_or_default();
            self.write('\n', (after.1, after.1));
            self.clause_start = self.normal.len();
        }
        self.space = None;
        self.last = None;
        self.run = 0;
    }
}

/// A Han character that NFKC leaves alone.
fn is_plain_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}')
}

/// A full stop between two letters or digits (3.5, v2.0, dahan.com) ends nothing.
fn stands_within_a_word(text: &str, start: usize, end: usize) -> bool {
    let joins = |c: char| c.is_ascii_alphanumeric();
    text[..start].chars().next_back().is_some_and(joins) && text[end..].chars().next().is_some_and(joins)
}

/// Texts are cut at [`READ_AT_MOST`], far below `u32`.
fn as_u32(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> Vec<String> {
        super::super::clauses_of(text)
    }

    #[test]
    fn one_form_for_every_way_of_typing() {
        let cases: &[(&str, &[&str], &str)] = &[
            ("快递到哪了？", &["快递到哪了"], "a mark ends the clause"),
            ("快遞到哪了", &["快递到哪了"], "traditional characters"),
            ("快 递 到 哪 了", &["快递到哪了"], "spaces between Han characters"),
            ("能换小一码吗 运费谁出", &["能换小一码吗", "运费谁出"], "a space for a comma"),
            ("地址填错了帮我改下 发货了没有", &["地址填错了帮我改下", "发货了没有"], "between two that say enough"),
            ("在吗 包邮吗", &["在吗", "包邮吗"], "after a question"),
            ("什么时候 发货", &["什么时候发货"], "a space within a question"),
            ("快\u{200b}递\u{feff}到哪了", &["快递到哪了"], "zero width"),
            ("\u{202e}快递到哪了\u{202c}", &["快递到哪了"], "bidirectional controls"),
            ("ＷＨＥＲＥ　ｉｓ  My ORDER", &["where is my order"], "full width, case, runs of spaces"),
            ("whеrе is my оrdеr", &["where is my order"], "Cyrillic look-alikes"),
            ("cafe\u{301} mu\u{308}ller", &["cafe muller"], "combining marks"),
            ("在吗？？？？有人吗！！", &["在吗", "有人吗"], "many marks"),
            ("哈哈哈哈哈好好好好", &["哈哈好好"], "long repeats"),
            ("单号 111222333444", &["单号 111222333444"], "digits repeat as they like"),
            ("好的👌谢谢", &["好的", "谢谢"], "emoji part clauses"),
            ("多少W,3.5kg. 包邮吗", &["多少w", "3.5kg", "包邮吗"], "a full stop within a number"),
            ("我要“七天无理由”退货", &["我要七天无理由退货"], "quotes part nothing"),
            ("I'll leave, less so", &["i'll leave", "less so"], "a run ends with its word"),
            ("don’t cancel", &["don't cancel"], "typographic apostrophe"),
            ("①②㎏ﬁ", &["12kgfi"], "compatibility forms"),
            ("\u{200b}\u{200d}\u{feff}", &[], "nothing to see"),
            ("😀😀😀", &[], "only emoji"),
            ("", &[], "empty"),
        ];
        for (text, expected, why) in cases {
            assert_eq!(shown(text), *expected, "{why}: {text:?}");
        }
    }

    #[test]
    fn commas_part_clauses_and_full_stops_sentences() {
        let text = Text::of("包裹，到现在没收到。几点下班？");
        let sentences: Vec<_> = text.clauses().iter().map(|clause| clause.sentence).collect();
        assert_eq!(sentences, [0, 0, 1]);
    }

    #[test]
    fn a_span_points_at_the_original_characters() {
        let text = Text::of("ＨＩ！ 快\u{200b}遞到哪了");
        let at = text.normal().find("快递").unwrap();
        assert_eq!(&text.original()[text.origin(&(at..at + "快递".len()))], "快\u{200b}遞");
    }

    fn mended(text: &Text<'_>, words: &[(&str, &str)]) -> Vec<Replacement> {
        let place = |from: &str| text.normal().find(from).map(|at| at..at + from.len()).unwrap();
        words.iter().map(|(from, to)| Replacement { range: place(from), read_as: (*to).to_owned() }).collect()
    }

    #[test]
    fn words_are_read_as_others_and_places_lead_back() {
        let text = Text::of("你好！我的快 第到哪，refnud！");
        let once = text.with(&mended(&text, &[("快第", "快递"), ("refnud", "refund")]));
        let twice = once.with(&mended(&once, &[("你好", "您好呀")]));
        assert_eq!(twice.normal(), "您好呀\n我的快递到哪\nrefund\n");
        let shown: Vec<(&str, &str)> = twice
            .replaced()
            .iter()
            .map(|range| (&twice.normal()[range.clone()], &text.original()[twice.origin(range)]))
            .collect();
        assert_eq!(shown, [("您好呀", "你好"), ("快递", "快 第"), ("refund", "refnud")]);
        let clauses: Vec<(&str, usize)> =
            twice.clauses().iter().map(|clause| (twice.clause(clause), clause.sentence)).collect();
        assert_eq!(clauses, [("您好呀", 0), ("我的快递到哪", 1), ("refund", 1)]);
    }

    #[test]
    fn a_replacement_over_a_clauses_end_joins_two() {
        let text = Text::of("好。退.款 要多久？谢谢");
        let joined = text.with(&mended(&text, &[("退\n款", "退款")]));
        let clauses: Vec<&str> = joined.clauses().iter().map(|clause| joined.clause(clause)).collect();
        assert_eq!(clauses, ["好", "退款要多久", "谢谢"]);
        let place = joined.normal().find("退款").unwrap();
        assert_eq!(&text.original()[joined.origin(&(place..place + 6))], "退.款");
        assert_eq!(joined.clauses()[2].sentence, text.clauses()[3].sentence);
    }

    #[test]
    fn the_language_is_told_by_script() {
        for (text, language) in [
            ("hi 在吗", Some(Language::Zh)),
            ("hello there", Some(Language::En)),
            ("ok", None),
            ("12345", None),
            ("😀", None),
        ] {
            assert_eq!(Text::of(text).language(), language, "{text}");
        }
    }

    #[test]
    fn a_book_is_read_in_part() {
        let book = "退".repeat(100_000);
        assert!(Text::of(&book).normal().len() <= READ_AT_MOST + 1);
    }

    proptest! {
        #[test]
        fn any_text_has_a_normal_form_with_places_inside_the_original(text in "\\PC{0,80}|[\\x00-\\u{2fff}]{0,60}") {
            let normal = Text::of(&text);
            for clause in normal.clauses() {
                let shown = normal.clause(clause);
                prop_assert!(!shown.is_empty() && shown.trim() == shown);
                for (at, c) in shown.char_indices() {
                    let from = clause.range.start + at;
                    let place = normal.origin(&(from..from + c.len_utf8()));
                    prop_assert!(place.start < place.end && text.get(place).is_some());
                }
            }
        }

        #[test]
        fn a_normal_form_is_its_own_normal_form(text in "[a-zA-Z0-9一-龥 ，。！～Ａ-Ｚ]{0,60}") {
            let once = shown(&text);
            let twice: Vec<String> = once.iter().flat_map(|clause| shown(clause)).collect();
            prop_assert_eq!(once, twice);
        }
    }
}
