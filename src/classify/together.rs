//! Lines of `together`: places for words, each with its alternatives, and which words of a sentence fill the places.

use smallvec::SmallVec;

use crate::text;

use super::phrases::Hit;

/// More places in a `together` line than anyone writes; the rest of such a line is left out by the compiler.
pub const MOST_WORDS: usize = 8;

/// So many choices among the alternatives that stand in one sentence are tried out for a line.
const READINGS_AT_MOST: usize = 64;

/// The places of a `together` line, each with its alternatives in normal form. `/` parts alternatives; `_` joins what
/// belongs together in English.
#[must_use]
pub fn together_words(line: &str) -> Vec<Vec<String>> {
    let places = written_places(line).map(|place| place.split(['/', '／']).filter_map(normal_form).collect());
    places.filter(|place: &Vec<String>| !place.is_empty()).collect()
}

/// Whether a `/` of a `together` line has no word on one of its sides.
#[must_use]
pub fn lacks_an_alternative(line: &str) -> bool {
    let mut places = written_places(line).filter(|place| place.contains(['/', '／']));
    places.any(|place| place.split(['/', '／']).any(|word| normal_form(word).is_none()))
}

/// The words of a `together` line as they are written, alternatives unparted.
fn written_places(line: &str) -> impl Iterator<Item = &str> {
    line.split([' ', '\u{3000}', '、', '，', ',', '\t'])
}

fn normal_form(word: &str) -> Option<String> {
    text::clauses_of(&word.replace('_', " ")).into_iter().next()
}

/// Which hit fills each place of a line.
pub(super) type Filled<'h> = SmallVec<[(u8, &'h Hit); 4]>;

/// The ways in which the hits of a line within one sentence fill all its places, those that explain most first: one for
/// each choice among the alternatives found. `hits` are in the order of the text.
pub(super) fn readings<'h>(hits: &[(u8, &'h Hit)], places: usize, normal: &str) -> Vec<Filled<'h>> {
    let shown = |hit: &Hit| &normal[hit.start..hit.end];
    let mut found: SmallVec<[SmallVec<[&str; 2]>; 4]> = SmallVec::new();
    found.resize_with(places, SmallVec::new);
    for (place, hit) in hits {
        let words = &mut found[usize::from(*place)];
        if !words.contains(&shown(hit)) {
            words.push(shown(hit));
        }
    }
    let choices = found.iter().fold(1_usize, |product, words| product.saturating_mul(words.len()));
    let mut readings: Vec<Filled<'h>> = Vec::new();
    for choice in 0..choices.min(READINGS_AT_MOST) {
        let mut left = choice;
        let chosen: SmallVec<[&str; 4]> = found
            .iter()
            .map(|words| {
                let word = words[left % words.len()];
                left /= words.len();
                word
            })
            .collect();
        let own = hits.iter().filter(|(place, hit)| chosen[usize::from(*place)] == shown(hit));
        readings.extend(fill(own, places));
    }
    readings.sort_by_key(|filled| std::cmp::Reverse(filled.iter().map(|(_, hit)| hit.end - hit.start).sum::<usize>()));
    readings
}

/// Each place takes the first hit whose letters no other place has.
fn fill<'h, 's>(hits: impl Iterator<Item = &'s (u8, &'h Hit)>, places: usize) -> Option<Filled<'h>>
where
    'h: 's,
{
    let mut filled = Filled::new();
    for (place, hit) in hits {
        let taken = filled.iter().any(|(seen, at)| seen == place || (at.start < hit.end && hit.start < at.end));
        if !taken {
            filled.push((*place, hit));
        }
    }
    (filled.len() == places).then_some(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_alternatives() {
        let cases: &[(&str, &[&[&str]], bool)] = &[
            ("包裹 没 收到", &[&["包裹"], &["没"], &["收到"]], false),
            ("几天/多久 收到／送到", &[&["几天", "多久"], &["收到", "送到"]], false),
            ("how_long/when、arrive/GET_here", &[&["how long", "when"], &["arrive", "get here"]], false),
            ("几天//多久 收到", &[&["几天", "多久"], &["收到"]], true),
            ("/几天 收到", &[&["几天"], &["收到"]], true),
            ("几天 / 多久", &[&["几天"], &["多久"]], true),
        ];
        for (line, places, lacks) in cases {
            assert_eq!(together_words(line), *places, "{line}");
            assert_eq!(lacks_an_alternative(line), *lacks, "{line}");
        }
    }
}
