//! A choice out of a numbered list: 第二个, 2号链接, 最后那个, the second one, or a bare number as the whole clause.

use std::ops::Range;

use regex::Regex;

use super::Reader;
use super::numerals::{cardinal, ordinal, small};
use super::page::{Found, Page};
use super::pattern::{BadPattern, own};
use crate::domain::SlotKind;

/// The last of the list, however long it is.
const LAST: &str = "-1";

/// What is numbered in a list that a shop sends.
const MEASURES: &str = "[个款件条张种单双套只把台项份笔箱盒瓶]";

/// 第二个月 is time, 第二件半价 an offer, 最后一个问题 no thing.
const NO_CHOICE_BEFORE: &[&str] = &["月", "星期", "礼拜", "小时", "年", "问题", "疑问", "半价", "免", "打", "优惠"];

/// What may stand around `2号`, else a day of the month or a kind of battery, and after `选2`.
const BEFORE_A_NUMBER: &str = "要选就拍是买";
const AFTER_A_NUMBER: &str = "吧呢链那款啊呀";

/// A bare number beyond is no choice.
const CHOICES_AT_MOST: u8 = 20;

/// Choices that say that they are some.
pub(super) struct Choices {
    nth: Regex,
    last: Regex,
    first: Regex,
    hash: Regex,
    number: Regex,
    picked: Regex,
    english: Regex,
}

impl Choices {
    pub(super) fn new() -> Result<Self, BadPattern> {
        Ok(Self {
            nth: own(&format!("第([0-9]{{1,2}}|[一二两三四五六七八九十]{{1,3}}){MEASURES}"))?,
            last: own(&format!("(?:最[后下末][面边]?的?(?:那一?|一)|[后下][面边]的?那一?){MEASURES}|后者"))?,
            first: own(&format!("(?:最[前上][面边]?的?(?:那一?|一)|[前上][面边]的?那一?){MEASURES}|前者"))?,
            hash: own("#([0-9]{1,2})›|‹(?:number|option|choice) ?#?([0-9]{1,2}|[a-z]+)›|‹no\\.([0-9]{1,2})›")?,
            number: own("‹([0-9]{1,2})号")?,
            picked: own("选(?:项|择)?([0-9]{1,2}|[一二三四五六七八九十]{1,3})")?,
            english: own(
                "‹(?:the )?([a-z]+|[0-9]{1,2}(?:st|nd|rd|th)) (?:one|option|choice|link)›|‹the (former|latter)›",
            )?,
        })
    }
}

impl Reader for Choices {
    fn signs(&self) -> &'static [&'static str] {
        &[
            "第", "最", "面", "边", "后者", "前者", "#", "号", "选", "no.", "number", "option", "choice", "one",
            "link", "former", "latter",
        ]
    }

    fn read(&self, page: &Page<'_>, found: &mut Vec<Found>) {
        let mut add = |value: Option<String>, range: Range<usize>| {
            found.extend(value.map(|value| Found::new(SlotKind::Choice, value, range)));
        };
        let names_a_thing = |end: usize| !NO_CHOICE_BEFORE.iter().any(|word| page.after(end).starts_with(word));
        for hit in self.nth.captures_iter(page.normal) {
            let (range, (_, [number])) = (hit.get_match().range(), hit.extract());
            add(small(number).filter(|_| names_a_thing(range.end)).map(|number| number.to_string()), range);
        }
        for (pattern, value) in [(&self.last, LAST), (&self.first, "1")] {
            for hit in pattern.find_iter(page.normal) {
                add(names_a_thing(hit.end()).then(|| value.to_owned()), hit.range());
            }
        }
        for hit in self.hash.captures_iter(page.normal) {
            let number = (1..=3).find_map(|group| hit.get(group)).map(|number| number.as_str()).unwrap_or_default();
            let value = small(number).or_else(|| cardinal(number)).map(|number| number.to_string());
            let range = hit.get_match().range();
            add(value.filter(|_| !page.is_inside_a_number(&range)), range);
        }
        for hit in self.number.captures_iter(page.normal).chain(self.picked.captures_iter(page.normal)) {
            let (range, (words, [number])) = (hit.get_match().range(), hit.extract());
            let opens = words.starts_with('选') || page.opens_after(range.start, BEFORE_A_NUMBER);
            let closes = page.closes_before(range.end, AFTER_A_NUMBER);
            add(small(number).filter(|_| opens && closes).map(|number| number.to_string()), range);
        }
        for hit in self.english.captures_iter(page.normal) {
            let word = hit.get(1).or(hit.get(2)).map(|word| word.as_str()).unwrap_or_default();
            let range = hit.get_match().range();
            // `my first choice` was no choice of this list.
            add(in_english(word).filter(|_| !page.before(range.start).ends_with("my")), range);
        }
    }
}

/// A clause that is nothing but a number: the answer to a numbered question.
pub(super) struct Alone;

impl Reader for Alone {
    fn signs(&self) -> &'static [&'static str] {
        &[]
    }

    fn read(&self, page: &Page<'_>, found: &mut Vec<Found>) {
        // `the second please` is the longest.
        const BYTES_AT_MOST: usize = 24;
        for (range, clause) in page.clauses().filter(|(range, _)| range.len() <= BYTES_AT_MOST) {
            if let Some(value) = alone(clause) {
                found.push(Found::new(SlotKind::Choice, value, range));
            }
        }
    }
}

fn alone(clause: &str) -> Option<String> {
    let bare = clause.strip_suffix(" please").unwrap_or(clause);
    let bare = bare.trim_end_matches(['吧', '呢', '.', ')']).trim_start_matches('第');
    let word = bare.strip_prefix("the ").unwrap_or(bare);
    let number = small(bare).or_else(|| cardinal(bare)).or_else(|| ordinal(word));
    match number {
        // Beyond, `77` is anything and `the 21st` a day.
        Some(number) => (number <= CHOICES_AT_MOST).then(|| number.to_string()),
        None => in_english(word),
    }
}

/// The value of `second`, `2nd`, `last`, `former`.
fn in_english(word: &str) -> Option<String> {
    match word {
        "last" | "latter" => Some(LAST.to_owned()),
        "former" => Some("1".to_owned()),
        _ => ordinal(word).map(|number| number.to_string()),
    }
}
