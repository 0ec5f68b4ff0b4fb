//! What the messages of a group have in common, in words.

use crate::check::confusions::stretches::{self, Stretch};

/// So many members are looked at: their share hardly changes with more.
const LOOKED_AT: usize = 200;
/// Stretches are named that so many of them have.
const MOST_HAVE: f32 = 0.6;
/// Nobody reads more.
const NAMED: usize = 4;

/// Stretches of the middle message that most members have, the longest first, none within another.
pub(super) fn words(middle: &[String], members: &[(usize, usize)], forms: &[Vec<String>]) -> Vec<String> {
    let looked_at = &members[..members.len().min(LOOKED_AT)];
    let all: usize = looked_at.iter().map(|(_, count)| count).sum();
    let share = |text: &str| {
        let has = |form: usize| forms[form].iter().any(|clause| clause.contains(text));
        looked_at.iter().filter(|(form, _)| has(*form)).map(|(_, count)| count).sum::<usize>() as f32
            / all.max(1) as f32
    };
    let mut stretches = stretches::of(middle);
    stretches.retain(Stretch::is_a_veto);
    stretches.sort_by(|a, b| b.text.chars().count().cmp(&a.text.chars().count()).then_with(|| a.text.cmp(&b.text)));
    let mut named: Vec<String> = Vec::new();
    for Stretch { text, .. } in stretches {
        let is_told = named.iter().any(|other| other.contains(&text));
        if named.len() < NAMED && !is_told && share(&text) >= MOST_HAVE {
            named.push(text);
        }
    }
    named
}
