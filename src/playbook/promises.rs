//! Words that a shop must not say: absolute promises, superlatives that advertising law forbids, rewards for reviews.
//! The lists are `lexicon/promises.tsv`: a pattern and, beside it, the harmless words that hold the same letters.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::diagnostic::Bilingual;
use crate::domain::Language;
use crate::text::is_han;

/// What is wrong with the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 最便宜, 保证, guaranteed.
    Absolute,
    /// 好评返现, a gift for a 5-star review.
    Reward,
}

impl Fault {
    /// What is said of it.
    #[must_use]
    pub fn message(self, said: &str) -> Bilingual {
        match self {
            Self::Absolute => Bilingual::new(
                format!("“{said}”是绝对化的承诺或广告法禁用的说法"),
                format!("\"{said}\" is an absolute promise, or a superlative that advertising law forbids"),
            ),
            Self::Reward => Bilingual::new(
                format!("“{said}”是用好处换评价，平台会处罚"),
                format!("\"{said}\" offers a reward for a review, which platforms punish"),
            ),
        }
    }

    /// What to write instead.
    #[must_use]
    pub fn help(self) -> Bilingual {
        match self {
            Self::Absolute => Bilingual::new("说做得到的具体时间和条件", "say a time and a condition that can be kept"),
            Self::Reward => Bilingual::new("去掉返现、红包和赠品", "leave cash, coupons and gifts out"),
        }
    }
}

struct Pattern {
    fault: Fault,
    /// Of lines with Han characters, or of the others.
    language: Language,
    pattern: Regex,
    except: Option<Regex>,
}

static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let rows = include_str!("../../lexicon/promises.tsv").lines().skip(1);
    rows.filter_map(|row| {
        let mut columns = row.split('\t');
        let fault = if columns.next()? == "reward" { Fault::Reward } else { Fault::Absolute };
        let language = Language::parse(columns.next()?)?;
        let pattern = compiled(columns.next()?)?;
        Some(Pattern { fault, language, pattern, except: columns.next().and_then(compiled) })
    })
    .collect()
});

/// One automaton that tells most lines from those that need a closer look.
static ANY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let all: Vec<String> = PATTERNS.iter().map(|row| row.pattern.as_str().to_owned()).collect();
    Regex::new(&all.join("|")).ok()
});

fn compiled(pattern: &str) -> Option<Regex> {
    if pattern.is_empty() {
        return None;
    }
    Regex::new(&format!("(?i:{pattern})")).ok()
}

/// The first such words in a line of a script, in bytes. What stands between braces is no word of the script.
#[must_use]
pub fn find(line: &str) -> Option<(Fault, Range<usize>)> {
    found(line, 1).min_by_key(|(_, found)| found.start)
}

/// All such words in a line, in bytes, in order; of those that overlap, the first.
#[must_use]
pub fn find_all(line: &str) -> Vec<(Fault, Range<usize>)> {
    let mut all: Vec<(Fault, Range<usize>)> = found(line, usize::MAX).collect();
    all.sort_by_key(|(_, found)| (found.start, usize::MAX - found.end));
    let mut apart: Vec<(Fault, Range<usize>)> = Vec::with_capacity(all.len());
    for (fault, range) in all {
        if !apart.iter().any(|(other, taken)| *other == fault && range.start < taken.end) {
            apart.push((fault, range));
        }
    }
    apart
}

/// What each pattern finds in a line, up to so many of each.
fn found(line: &str, most: usize) -> impl Iterator<Item = (Fault, Range<usize>)> {
    let language = if line.chars().any(is_han) { Language::Zh } else { Language::En };
    let is_worth_it = ANY.as_ref().is_none_or(|any| any.is_match(line));
    let rows = PATTERNS.iter().filter(move |row| is_worth_it && row.language == language);
    rows.flat_map(move |row| row.found(line).take(most).map(|range| (row.fault, range)).collect::<Vec<_>>())
}

impl Pattern {
    fn found(&self, line: &str) -> impl Iterator<Item = Range<usize>> {
        let is_filled = move |at: usize| line[..at].rfind('{').is_some_and(|open| !line[open..at].contains('}'));
        let harmless: Vec<Range<usize>> =
            self.except.iter().flat_map(|except| except.find_iter(line)).map(|found| found.range()).collect();
        self.pattern.find_iter(line).map(|found| found.range()).filter(move |found| {
            // 最好 within 最好先: the longer, harmless words cover the start of the others.
            let is_harmless = harmless.iter().any(|calm| {
                calm.start <= found.start && found.start < calm.end
                    || found.start <= calm.start && calm.start < found.end && calm.end >= found.end
            });
            !is_harmless && !is_filled(found.start)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_list_compiles() {
        let rows = include_str!("../../lexicon/promises.tsv").lines().skip(1).count();
        assert_eq!(PATTERNS.len(), rows);
        assert!(ANY.is_some());
        for row in include_str!("../../lexicon/promises.tsv").lines().skip(1) {
            let except = row.split('\t').nth(3).unwrap();
            assert!(except.is_empty() || compiled(except).is_some(), "{row}");
        }
    }

    #[test]
    fn promises_and_superlatives_are_found() {
        for (line, said) in [
            ("我们是全网最低价", "全网最"),
            ("这款是最好的焊机", "最好"),
            ("质量最好，放心拍", "最好"),
            ("保证明天到", "保证"),
            ("亲，绝对正品", "绝对"),
            ("100%正品", "100%"),
            ("终身保修", "终身"),
            ("销量第一的电钻", "销量第一"),
            ("国家级工艺", "国家级"),
            ("永久免费维修", "永久"),
            ("明天一定会到货", "一定会到货"),
            ("确保今天发出", "确保今天"),
            ("It is guaranteed to arrive tomorrow.", "guaranteed"),
            ("The best drill there is", "best"),
            ("100% genuine", "100%"),
            ("It will never break.", "will never"),
            ("Our cheapest offer", "cheapest"),
            ("We promise delivery by Friday", "We promise"),
        ] {
            let (fault, at) = find(line).unwrap_or_else(|| panic!("not found: {line}"));
            assert_eq!((fault, &line[at]), (Fault::Absolute, said), "{line}");
        }
    }

    #[test]
    fn all_of_a_line_are_found_and_none_twice() {
        let line = "绝对正品，保证明天到，五星好评返现5元";
        let said: Vec<(Fault, &str)> = find_all(line).into_iter().map(|(fault, at)| (fault, &line[at])).collect();
        assert_eq!(said, [(Fault::Absolute, "绝对"), (Fault::Absolute, "保证"), (Fault::Reward, "五星好评返现")]);
        assert_eq!(find_all("请问要哪一款"), []);
    }

    #[test]
    fn rewards_for_reviews_are_found() {
        for line in [
            "好评返现5元",
            "五星好评送小礼物",
            "晒图领红包哦",
            "收到货带图评价返2元",
            "送您红包，麻烦给个五星好评",
            "还没有评价的亲，评价领红包",
            "平时没有奖励，今天晒图有红包",
            "Leave a 5-star review and get a gift",
            "A coupon for every positive review!",
            "Write us a review and receive a voucher",
        ] {
            assert_eq!(find(line).map(|(fault, _)| fault), Some(Fault::Reward), "{line}");
        }
    }

    #[test]
    fn harmless_words_with_the_same_letters_are_left_alone() {
        for line in [
            "最新物流：{order.last_event}",
            "最晚明天发出",
            "第一次使用请先充电",
            "最多可以用三张券",
            "最近三天的订单",
            "您最好先检查外包装",
            "最大功率 800W，最高转速 11000 转",
            "最低消费 59 元",
            "我会第一时间回复您",
            "不能保证当天送达",
            "保证金会原路退回",
            "充到 100% 再使用",
            "100%棉",
            "绝对不要在通电时拆卸",
            "请确保地址正确",
            "本店{facts.最好}有货",
            "收到后欢迎评价",
            "本店没有评价奖励，好评、晒单都不返现",
            "评价没有返现和奖励",
            "客户问好评、晒单有没有奖励",
            "赠品会和商品一起发出",
            "申请永久注销账号",
            "We can't guarantee the date",
            "Best regards, Dahan Tools",
            "It is best to charge it first",
            "We'll do our best",
            "Charge it to 100% first",
            "100% cotton",
            "We never ask for your password",
            "You can always reply here",
            "This shouldn't take forever",
            "Thanks for your review",
            "The refund goes back to your card",
        ] {
            assert_eq!(find(line), None, "{line}");
        }
    }
}
