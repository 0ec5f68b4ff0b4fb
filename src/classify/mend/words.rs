//! Ordinary words, which no playbook need speak of and which are nobody's slip: 实践 is not 时间, `sender` not `lender`.

use std::sync::LazyLock;

use super::han::{Code, code};

const ENGLISH: &str = include_str!("../../../lexicon/ordinary_en.tsv");
const CHINESE: &str = include_str!("../../../lexicon/ordinary_zh.tsv");

/// The common Chinese words of two characters: for each first character its second ones, sorted.
struct Pairs {
    from: Vec<u32>,
    seconds: Vec<Code>,
}

static PAIRS: LazyLock<Pairs> = LazyLock::new(|| {
    let mut all: Vec<(Code, Code)> = Vec::with_capacity(CHINESE.len() / 3);
    for (first, seconds) in CHINESE.lines().skip(1).filter_map(|row| row.split_once('\t')) {
        let Some(first) = first.chars().next().and_then(code) else { continue };
        all.extend(seconds.chars().filter_map(code).map(|second| (first, second)));
    }
    all.sort_unstable();
    let place = |first: usize| all.partition_point(|(own, _)| usize::from(*own) < first);
    let from = (0..=HAN).map(|first| u32::try_from(place(first)).unwrap_or(0)).collect();
    Pairs { from, seconds: all.into_iter().map(|(_, second)| second).collect() }
});

/// How many characters have a code.
const HAN: usize = 0x5200;

/// Whether two characters are a common Chinese word.
pub(super) fn is_chinese(first: Code, second: Code) -> bool {
    let first = usize::from(first);
    let (Some(from), Some(to)) = (PAIRS.from.get(first), PAIRS.from.get(first + 1)) else { return false };
    PAIRS.seconds.get(*from as usize..*to as usize).is_some_and(|own| own.binary_search(&second).is_ok())
}

/// The rows of the English list, sorted, without its header.
static ROWS: LazyLock<&str> = LazyLock::new(|| ENGLISH.split_once('\n').map_or("", |(_, rows)| rows));

/// Whether a word is common English or a regular form of such a word. The list has words of four letters or more.
pub(super) fn is_english(word: &str) -> bool {
    is_listed(word) || stems(word).any(|stem| is_listed(&stem))
}

fn is_listed(word: &str) -> bool {
    let rows = *ROWS;
    let (mut low, mut high) = (0, rows.len());
    while low < high {
        let middle = usize::midpoint(low, high);
        let start = rows[..middle].rfind('\n').map_or(0, |at| at + 1);
        let end = rows[start..].find('\n').map_or(rows.len(), |at| start + at);
        match rows[start..end].cmp(word) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => low = end + 1,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    false
}

/// `parties` → party, `shipped` → ship, `making` → make.
fn stems(word: &str) -> impl Iterator<Item = String> {
    const ENDINGS: &[(&str, &str)] = &[
        ("'s", ""),
        ("s", ""),
        ("es", ""),
        ("ies", "y"),
        ("ed", ""),
        ("ed", "e"),
        ("ied", "y"),
        ("ing", ""),
        ("ing", "e"),
        ("ings", ""),
        ("ly", ""),
        ("er", ""),
        ("er", "e"),
        ("ers", ""),
        ("ers", "e"),
        ("ness", ""),
    ];
    ENDINGS.iter().flat_map(move |(ending, instead)| {
        let stem = word.strip_suffix(ending).filter(|stem| stem.len() >= 3);
        // `shipped` doubles its last letter, behind a vowel; `workked` is a slip.
        let doubled = stem.filter(|stem| {
            let last = &stem.as_bytes()[stem.len() - 3..];
            matches!(*ending, "ed" | "ing" | "er") && last[1] == last[2] && b"aeiou".contains(&last[0])
        });
        // So are `damageed`, `shiping` and `makees`.
        let stem = stem.filter(|stem| match *ending {
            "ed" | "ing" | "er" if instead.is_empty() => {
                (!stem.ends_with('e') || stem.ends_with("ee")) && !doubles_its_end(stem)
            }
            "es" => stem.ends_with(['s', 'x', 'z', 'h', 'o']),
            _ => true,
        });
        let plain = stem.map(|stem| format!("{stem}{instead}"));
        plain.into_iter().chain(doubled.map(|stem| stem[..stem.len() - 1].to_owned()))
    })
}

/// `ship`: one vowel, and behind it one consonant that is doubled before an ending.
fn doubles_its_end(stem: &str) -> bool {
    let is_vowel = |letter: u8| b"aeiou".contains(&letter);
    let letters = stem.as_bytes();
    let last = letters[letters.len() - 1];
    letters.iter().filter(|letter| is_vowel(**letter)).count() == 1
        && is_vowel(letters[letters.len() - 2])
        && !is_vowel(last)
        && !b"wxy".contains(&last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_words_are_known() {
        for (word, known) in [
            ("absent", true),
            ("younger", true),
            ("parties", true),
            ("shipped", true),
            ("making", true),
            ("haven", true),
            ("packge", false),
            ("refnud", false),
            ("workked", false),
            ("damageed", false),
            ("boxes", true),
            ("shiping", false),
            ("opening", true),
            ("zzzz", false),
            ("aaaa", false),
        ] {
            assert_eq!(is_english(word), known, "{word}");
        }
        let known = |word: &str| {
            let codes: Vec<Code> = word.chars().filter_map(code).collect();
            is_chinese(codes[0], codes[1])
        };
        assert!(known("实践") && known("克服") && !known("发祸") && !known("快第"));
    }

    #[test]
    fn the_english_list_is_sorted() {
        let rows: Vec<&str> = ROWS.lines().collect();
        assert!(rows.len() > 10_000 && rows.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(
            is_listed(rows[0]) && is_listed(rows[rows.len() - 1]) && rows.iter().step_by(97).all(|row| is_listed(row))
        );
    }
}
