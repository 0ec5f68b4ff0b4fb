//! The form in which messages are compared: what people say without the ways they say it.

use std::sync::LazyLock;

use crate::text::Text;

/// Stands where a value was: a gap is a gap, whatever it held. It is a Han character so that it parts nothing.
const GAP: char = '某';

static SOFTENERS: LazyLock<Softeners> = LazyLock::new(Softeners::read);

/// Words that soften a sentence and change nothing of what it says (`lexicon/softeners.tsv`), the longest first.
struct Softeners {
    lead: Vec<&'static str>,
    nod: Vec<&'static str>,
    end: Vec<&'static str>,
    own: Vec<&'static str>,
}

impl Softeners {
    fn read() -> Self {
        let rows =
            || include_str!("../../lexicon/softeners.tsv").lines().skip(1).filter_map(|row| row.split_once('\t'));
        let of = |wanted: &str| {
            let mut texts: Vec<&str> = rows().filter(|(kind, _)| *kind == wanted).map(|(_, text)| text).collect();
            texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
            texts
        };
        Self { lead: of("lead"), nod: of("nod"), end: of("end"), own: of("self") }
    }

    /// A clause without them; empty if it says nothing else.
    fn off(&self, clause: &str) -> String {
        let mut core = clause.to_owned();
        for own in &self.own {
            core = core.replace(own, "");
        }
        let mut core = core.trim();
        let leads = || self.lead.iter().chain(&self.nod);
        while let Some(rest) = leads().find_map(|word| cut(core, core.strip_prefix(word)?, true)) {
            core = rest;
        }
        while let Some(rest) = self.end.iter().find_map(|word| cut(core, core.strip_suffix(word)?, false)) {
            core = rest;
        }
        core.to_owned()
    }
}

/// What is left, unless a Latin word was cut in two.
fn cut<'c>(whole: &'c str, rest: &'c str, at_start: bool) -> Option<&'c str> {
    let (edge, gone) = if at_start {
        (rest.chars().next(), whole[..whole.len() - rest.len()].chars().next_back())
    } else {
        (rest.chars().next_back(), whole[rest.len()..].chars().next())
    };
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '\'');
    (!(joins(edge) && joins(gone))).then(|| rest.trim())
}

/// A reply without the nod that it begins with, which belongs to the chat it was written in, and without marks left over.
#[must_use]
pub fn without_nod(reply: &str) -> &str {
    let is_mark = |c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、' | '~' | '～' | '。' | '!' | '！' | '.');
    let mut rest = reply.trim();
    while let Some(after) = SOFTENERS.nod.iter().find_map(|nod| cut(rest, rest.strip_prefix(nod)?, true)) {
        let after = after.trim_start_matches(['呢', '哦', '哈', '亲']).trim_start_matches(is_mark);
        if weight(&form(after)) < 3 {
            break;
        }
        rest = after;
    }
    rest.trim_end_matches(['、', ',', '，', ';', '；', ':', '：']).trim()
}

/// A message's clauses in the form in which they are compared: normal (`text/`), gaps as one character, without words
/// that only soften. A message of nothing but such words keeps its clauses as they are.
#[must_use]
pub fn form(message: &str) -> Vec<String> {
    let closed = without_gaps(message);
    let text = Text::of(&closed);
    let clauses: Vec<&str> = text.clauses().iter().map(|clause| text.clause(clause)).collect();
    let said: Vec<String> =
        clauses.iter().map(|clause| SOFTENERS.off(clause)).filter(|clause| says_something(clause)).collect();
    if said.is_empty() {
        return clauses.into_iter().filter(|clause| says_something(clause)).map(str::to_owned).collect();
    }
    said
}

fn says_something(clause: &str) -> bool {
    clause.chars().any(|c| c.is_alphanumeric() && c != GAP)
}

/// `{order.number}` and `{…phone}` as [`GAP`].
fn without_gaps(message: &str) -> String {
    let mut out = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}') else { break };
        out.push_str(&rest[..open]);
        out.push(GAP);
        rest = &rest[open + close + 1..];
    }
    out.push_str(rest);
    out
}

/// How much of a message is gaps: 0 to 1, in letters and gaps.
#[must_use]
pub fn share_of_gaps(message: &str) -> f32 {
    let letters = without_gaps(message).chars().filter(|c| c.is_alphanumeric()).count();
    let gaps = message.matches('{').count();
    if letters == 0 { 0.0 } else { gaps as f32 / letters as f32 }
}

/// How many letters a message has besides gaps and softening words: Han characters, and Latin words as two each.
#[must_use]
pub fn weight(form: &[String]) -> usize {
    let of = |clause: &String| {
        let han = clause.chars().filter(|c| crate::text::is_han(*c) && *c != GAP).count();
        let latin = clause.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).count();
        han + 2 * latin
    };
    form.iter().map(of).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_softens_is_left_out() {
        for (message, expected) in [
            ("亲亲，您的订单{order.number}已经发出了呢~", &["您的订单某已经发出了"][..]),
            ("您好，妹子这边为您查询哦", &["为您查询"]),
            ("Hello, we'll ship it today please", &["we'll ship it today"]),
            ("okra is fine", &["okra is fine"]),
            ("好的呢亲", &["好的呢亲"]),
            ("{…}", &[]),
            ("", &[]),
        ] {
            assert_eq!(form(message), expected, "{message}");
        }
    }

    #[test]
    fn gaps_and_letters_are_counted() {
        assert!((share_of_gaps("{…}和{…}") - 2.0 / 3.0).abs() < 1e-6);
        assert_eq!(weight(&form("您的订单{order.number}已发")), 6);
        assert_eq!(weight(&form("ship it today")), 6);
    }
}
