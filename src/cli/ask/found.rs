//! Where a line of the playbook stands, and where its words stand in the customer's text.

use std::ops::Range;

use crate::classify::together_words;
use crate::domain::{EvidenceKind, IntentId};
use crate::playbook::Playbook;
use crate::playbook::diagnostic::Place;
use crate::playbook::intent::Line;
use crate::text::{self, Text};

/// A line of an intent: of which kind it is, and where it stands.
pub(super) fn line<'p>(playbook: &'p Playbook, intent: &IntentId, text: &str) -> Option<(EvidenceKind, &'p Place)> {
    let wordings = playbook.intents.get(intent)?.wording.values();
    let mut lists = wordings.flat_map(|wording| {
        [
            (EvidenceKind::Phrase, &wording.phrases),
            (EvidenceKind::Whole, &wording.whole),
            (EvidenceKind::Together, &wording.together),
            (EvidenceKind::Example, &wording.examples),
        ]
    });
    lists.find_map(|(kind, lines)| Some((kind, place(lines, text)?)))
}

/// A line of an intent of this kind.
pub(super) fn line_of<'p>(
    playbook: &'p Playbook,
    intent: &IntentId,
    kind: EvidenceKind,
    text: &str,
) -> Option<&'p Place> {
    let mut wordings = playbook.intents.get(intent)?.wording.values();
    wordings.find_map(|wording| match kind {
        EvidenceKind::Phrase => place(&wording.phrases, text),
        EvidenceKind::Whole => place(&wording.whole, text),
        EvidenceKind::Together => place(&wording.together, text),
        EvidenceKind::Example | EvidenceKind::Model | EvidenceKind::Near => place(&wording.examples, text),
        EvidenceKind::Form => None,
    })
}

/// An `unless` line of an intent.
pub(super) fn unless<'p>(playbook: &'p Playbook, intent: &IntentId, text: &str) -> Option<&'p Place> {
    playbook.intents.get(intent)?.wording.values().find_map(|wording| place(&wording.unless, text))
}

fn place<'p>(lines: &'p [Line], text: &str) -> Option<&'p Place> {
    lines.iter().find(|line| line.text == text).map(|line| &line.place)
}

/// Where the words of a line stand in the original text: the whole line in one clause, else a word for each of its places
/// once, the longest of the alternatives that stand there.
pub(super) fn spans(text: &Text<'_>, line: &str, kind: EvidenceKind) -> Vec<Range<usize>> {
    let places = match kind {
        EvidenceKind::Together => together_words(line),
        _ => text::clauses_of(line).into_iter().map(|clause| vec![clause]).collect(),
    };
    let found = places.iter().filter_map(|place| {
        let stand = place.iter().filter_map(|pattern| first(text, pattern));
        stand.max_by_key(|range| (range.len(), std::cmp::Reverse(range.start)))
    });
    found.map(|range| text.origin(&range)).collect()
}

/// The first place of a pattern in the normal form that cuts no Latin word in two.
fn first(text: &Text<'_>, pattern: &str) -> Option<Range<usize>> {
    let normal = text.normal();
    let is_letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphabetic);
    let bytes = normal.as_bytes();
    let cuts =
        |at: usize| is_letter(at.checked_sub(1).and_then(|before| bytes.get(before))) && is_letter(bytes.get(at));
    let mut places = normal.match_indices(pattern).map(|(start, _)| start..start + pattern.len());
    places.find(|range| !range.is_empty() && !cuts(range.start) && !cuts(range.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_for_each_place_is_underlined() {
        for (text, line, shown) in [
            ("啥时候送到啊", "几天/啥时候 收到/送到", vec!["啥时候", "送到"]),
            ("坏了吗，灯", "灯 坏/坏了", vec!["灯", "坏了"]),
            ("When does it get here?", "how_long/when arrive/get_here", vec!["When", "get here"]),
            ("几天", "几天/多久 收到/送到", vec!["几天"]),
        ] {
            let found = spans(&Text::of(text), line, EvidenceKind::Together);
            assert_eq!(found.into_iter().map(|span| &text[span]).collect::<Vec<_>>(), shown, "{text}");
        }
    }
}
