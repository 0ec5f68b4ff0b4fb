//! A text typed by hand that is a script of the shop's: nobody clicked, and yet it was used.

use super::library::{Kept, Library, closed_up};

/// A gap of a script holds at most so many letters of what was filled in.
const LONGEST_GAP: usize = 60;
/// Less than this around its gaps, in letters, tells no script from a sentence of one's own.
const LEAST_AROUND_GAPS: usize = 8;

impl Library {
    /// The id of the script that a text is, but for width, case, spaces and marks; whatever stands in its gaps. Of several
    /// the one with the most words of its own.
    #[must_use]
    pub fn equal_to(&self, text: &str) -> Option<&str> {
        let typed = closed_up(text);
        let mut same: Option<&Kept> = None;
        for kept in self.entries.iter().filter(|kept| kept.parts.fit(&typed)) {
            if same.is_none_or(|same| kept.parts.letters > same.parts.letters) {
                same = Some(kept);
            }
        }
        same.map(|kept| kept.entry.id.as_str())
    }
}

/// The words of a script between its gaps, closed up.
#[derive(Clone, Debug)]
pub(super) struct Parts {
    first: String,
    inner: Vec<String>,
    /// `None`: there is no gap.
    last: Option<String>,
    /// Of all of them together.
    letters: usize,
}

impl Parts {
    /// Of a script whose gaps are `{…}`, with whatever between the braces.
    pub(super) fn of(script: &str) -> Self {
        let mut parts = Vec::new();
        let mut rest = script;
        while let Some((before, after)) = rest.split_once('{') {
            parts.push(closed_up(before));
            rest = after.split_once('}').map_or("", |(_, after)| after);
        }
        parts.push(closed_up(rest));
        let letters = parts.iter().map(|part| part.chars().count()).sum();
        let last = if parts.len() > 1 { parts.pop() } else { None };
        let first = parts.remove(0);
        Self { first, inner: parts, last, letters }
    }

    /// Whether a text (closed up) is the script with something in each of its gaps.
    fn fit(&self, typed: &str) -> bool {
        let Some(last) = &self.last else { return !typed.is_empty() && typed == self.first };
        let rest = typed.strip_prefix(self.first.as_str()).and_then(|rest| rest.strip_suffix(last.as_str()));
        let Some(mut rest) = rest.filter(|_| self.letters >= LEAST_AROUND_GAPS) else { return false };
        for part in self.inner.iter().filter(|part| !part.is_empty()) {
            // Something stands in the gap before it.
            let next = rest.char_indices().nth(1).map_or(rest.len(), |(at, _)| at);
            let Some(at) = rest[next..].find(part.as_str()) else { return false };
            if rest[..next + at].chars().count() > LONGEST_GAP {
                return false;
            }
            rest = &rest[next + at + part.len()..];
        }
        !rest.is_empty() && rest.chars().count() <= LONGEST_GAP
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playbook::Playbook;
    use crate::playbook::layer::Layer;

    #[test]
    fn a_script_is_known_whatever_its_marks_and_gaps() {
        let script = "您好，您的包裹由{order.carrier}配送，单号 {order.tracking}，请留意电话。";
        for (text, expected) in [
            ("您好 您的包裹由中通配送 单号7312345678 请留意电话", true),
            ("您好！您的包裹由中通快递配送，单号 7312345678，请留意电话～", true),
            ("您好，您的包裹由配送，单号，请留意电话。", false),
            ("您好，您的包裹由中通配送，单号 7312345678，请留意短信。", false),
            ("好的", false),
            ("", false),
        ] {
            assert_eq!(Parts::of(script).fit(&closed_up(text)), expected, "{text}");
        }
        assert!(!Parts::of("{…}好的").fit("您这样好的"), "too little around the gap");
        assert!(Parts::of("您好，没有空").fit("您好没有空") && !Parts::of("您好，没有空").fit("您好没有空了"));
    }

    #[test]
    fn the_base_packs_scripts_are_known_when_typed_by_hand() {
        let playbook = Playbook::load("base".into(), &[Layer::base()]).playbook.unwrap();
        let library = Library::of(&playbook);
        let mut lost = Vec::new();
        for entry in library.entries() {
            let typed = entry.text.fill_known(&mut |_| Some("甲乙 12".to_owned()));
            let typed = typed.replace("{…}", "丙丁").replace(['，', '。'], " ");
            // Several intents have a few scripts in common.
            if library.equal_to(&typed).is_none() && closed_up(&typed).chars().count() > 20 {
                lost.push(format!("{}: {typed}", entry.id));
            }
        }
        assert!(lost.is_empty(), "{}", lost.join("\n"));
        assert_eq!(library.equal_to("我想想再说吧"), None);
    }
}
