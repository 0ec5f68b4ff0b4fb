//! The word lists of the engine (`lexicon/*.tsv`, built in): fillers, marks of asking, alarm words.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use crate::domain::Alarm;
use crate::text::{self, Text};

const FILLERS: &str = include_str!("../../lexicon/fillers.tsv");
const ASKING: &str = include_str!("../../lexicon/asking.tsv");
const NEGATORS: &str = include_str!("../../lexicon/negators.tsv");
const ALARMS: &str = include_str!("../../lexicon/alarms.tsv");

/// The rows of a list: its first column, and its text in normal form.
fn rows(list: &'static str) -> impl Iterator<Item = (&'static str, String)> {
    list.lines().skip(1).filter_map(|row| {
        let (kind, text) = row.split_once('\t')?;
        Some((kind, text::clauses_of(text).into_iter().next()?))
    })
}

/// What stands at a clause's edges without changing what it asks: 请问 …, … 谢谢, hi …, … please.
#[derive(Debug)]
pub(super) struct Fillers {
    lead: Vec<String>,
    trail: Vec<String>,
}

impl Fillers {
    pub(super) fn new() -> Self {
        let of = |edge: &str| {
            let mut texts: Vec<String> =
                rows(FILLERS).filter(|(kind, _)| *kind == edge).map(|(_, text)| text).collect();
            texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
            texts
        };
        Self { lead: of("lead"), trail: of("trail") }
    }

    /// Whether a clause says nothing at all: 我想问一下, hi excuse me.
    pub(super) fn are_all_of(&self, clause: &str) -> bool {
        const BYTES_AT_MOST: usize = 64;
        if clause.len() > BYTES_AT_MOST {
            return false;
        }
        // Places up to which the clause is nothing but fillers.
        let mut reached = vec![0];
        let mut seen = 0;
        while let Some(from) = reached.get(seen).copied() {
            seen += 1;
            let rest = clause[from..].trim_start();
            if rest.is_empty() {
                return true;
            }
            let begin = clause.len() - rest.len();
            for filler in self.lead.iter().chain(&self.trail).filter(|filler| rest.starts_with(filler.as_str())) {
                let is_whole = rest.len() == filler.len() || without(rest, &rest[filler.len()..], true).is_some();
                let end = begin + filler.len();
                if is_whole && !reached.contains(&end) {
                    reached.push(end);
                }
            }
        }
        false
    }

    /// The clause without its fillers. A clause of fillers alone keeps its last one.
    pub(super) fn strip<'c>(&self, clause: &'c str) -> &'c str {
        let mut core = clause;
        while let Some(rest) =
            self.lead.iter().find_map(|filler| without(core, core.strip_prefix(filler.as_str())?, true))
        {
            core = rest;
        }
        while let Some(rest) =
            self.trail.iter().find_map(|filler| without(core, core.strip_suffix(filler.as_str())?, false))
        {
            core = rest;
        }
        core
    }
}

/// What is left of a clause without a filler: something, and no Latin word cut in two.
fn without<'c>(clause: &str, rest: &'c str, leading: bool) -> Option<&'c str> {
    let cut_in_two = if leading {
        let cut = clause.len() - rest.len();
        clause[..cut].ends_with(|c: char| c.is_ascii_alphanumeric())
            && rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '\'')
    } else {
        clause[rest.len()..].starts_with(|c: char| c.is_ascii_alphanumeric())
            && rest.ends_with(|c: char| c.is_ascii_alphanumeric())
    };
    // 请问：包邮吗
    let rest = rest.trim_matches([' ', ':']);
    (!cut_in_two && !rest.is_empty()).then_some(rest)
}

/// Words by which a clause asks for something; `false`: longer words in which they ask for nothing (前几天, 申请过).
pub(super) fn asking() -> impl Iterator<Item = (bool, String)> {
    let rows = rows(ASKING).filter(|(kind, _)| matches!(*kind, "asks" | "tells"));
    rows.map(|(kind, text)| (kind == "asks", text))
}

/// Questions that lean on what was said before them: 怎么办, 可以吗, can you help.
#[derive(Debug)]
pub(super) struct Leaning(FxHashSet<String>);

impl Leaning {
    pub(super) fn new() -> Self {
        Self(rows(ASKING).filter(|(kind, _)| *kind == "leans").map(|(_, text)| text).collect())
    }

    /// Whether a clause, without its fillers, asks nothing else.
    pub(super) fn is(&self, core: &str) -> bool {
        self.0.contains(core)
    }
}

/// What a person says who asks the customer something (请提供…), and who only offers to help (还有什么可以帮您).
struct AskingBack {
    asks: Vec<String>,
    offers: Vec<String>,
    /// Words for an order's number.
    orders: Vec<String>,
}

static ASKING_BACK: LazyLock<AskingBack> = LazyLock::new(|| {
    let of = |wanted: &str| rows(ASKING).filter(|(kind, _)| *kind == wanted).map(|(_, text)| text).collect();
    AskingBack { asks: of("back"), offers: of("offer"), orders: of("order") }
});

/// Whether a person's words to a customer ask something that the customer's next words may answer. An offer of help
/// asks for nothing: what follows it is a request.
#[must_use]
pub fn asks_back(said: &str) -> bool {
    let text = Text::of(said);
    let clauses: Vec<&str> = text.clauses().iter().map(|clause| text.clause(clause)).collect();
    let has = |words: &[String]| clauses.iter().any(|clause| words.iter().any(|word| clause.contains(word.as_str())));
    (said.contains(['?', '？']) || has(&ASKING_BACK.asks)) && !has(&ASKING_BACK.offers)
}

/// Whether a person's words to a customer ask which order it is about.
#[must_use]
pub fn asks_for_order(said: &str) -> bool {
    let text = Text::of(said);
    let names_it = |clause: &str| ASKING_BACK.orders.iter().any(|word| clause.contains(word.as_str()));
    asks_back(said) && text.clauses().iter().any(|clause| names_it(text.clause(clause)))
}

/// Words that send a chat to a person; `None`: words around such a word that make it harmless.
pub(super) fn alarms() -> impl Iterator<Item = (Option<Alarm>, String)> {
    rows(ALARMS).map(|(kind, text)| {
        let alarm = match kind {
            "risk" => Some(Alarm::Risk),
            "anger" => Some(Alarm::Anger),
            _ => None,
        };
        (alarm, text)
    })
}

/// Words that say that what follows is not wanted; `false`: longer words in which they say nothing of the kind (要不要).
pub(super) fn negators() -> impl Iterator<Item = (bool, String)> {
    rows(NEGATORS).filter(|(kind, _)| *kind != "between").map(|(kind, text)| (kind == "not", text))
}

/// What may stand between such a word and what is not wanted: 不要给我退款, don't want a refund.
#[derive(Debug)]
pub(super) struct Between(Vec<String>);

impl Between {
    pub(super) fn new() -> Self {
        Self(rows(NEGATORS).filter(|(kind, _)| *kind == "between").map(|(_, text)| text).collect())
    }

    /// Whether a stretch of a clause says nothing else.
    pub(super) fn is_all_of(&self, stretch: &str) -> bool {
        const BYTES_AT_MOST: usize = 40;
        let rest = stretch.trim_start();
        if rest.is_empty() {
            return true;
        }
        let goes_on = |word: &String| {
            let rest = rest.strip_prefix(word.as_str())?;
            let cuts_a_word = word.is_ascii() && rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '\'');
            (!cuts_a_word).then_some(rest)
        };
        rest.len() <= BYTES_AT_MOST && self.0.iter().filter_map(goes_on).any(|rest| self.is_all_of(rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_for_an_order_is_told_from_who_names_one() {
        for (said, asks) in [
            ("请提供一下订单号", true),
            ("您好，麻烦发一下订单编号哦", true),
            ("是哪个订单呢？", true),
            ("Could you send me your order number?", true),
            ("您的订单号是 1001，已经发货了", false),
            ("您要哪个颜色？", false),
            ("Your order number is 1001.", false),
        ] {
            assert_eq!(asks_for_order(said), asks, "{said}");
        }
    }

    #[test]
    fn a_question_to_the_customer_is_no_offer_of_help() {
        for (said, asks) in [
            ("请提供一下订单号", true),
            ("您要哪个颜色？", true),
            ("Which size did you order?", true),
            ("Could you send me a photo of it", true),
            ("还有什么可以帮您的吗？", false),
            ("请问有什么问题？", false),
            ("Is there anything else?", false),
            ("已经给您登记了", false),
            ("It has been shipped.", false),
            ("", false),
        ] {
            assert_eq!(asks_back(said), asks, "{said}");
        }
    }

    #[test]
    fn fillers_leave_the_question() {
        let fillers = Fillers::new();
        for (clause, core) in [
            ("请问包邮吗", "包邮吗"),
            ("亲请问一下包邮吗谢谢", "包邮吗"),
            ("hi where is my order please", "where is my order"),
            ("hill street", "hill street"),
            ("请问:包邮吗", "包邮吗"),
            ("你好", "你好"),
            ("亲", "亲"),
            ("谢谢亲", "谢谢"),
        ] {
            assert_eq!(fillers.strip(clause), core, "{clause}");
        }
        for (clause, nothing) in [("我想问一下", true), ("hi excuse me", true), ("我想问一下运费", false)] {
            assert_eq!(fillers.are_all_of(clause), nothing, "{clause}");
        }
    }
}
