//! Numbers as text.

/// A whole number from 1 to 99 in digits or Chinese numerals: `3`, `三`, `十二`, `二十`.
pub(super) fn small(text: &str) -> Option<u8> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok().filter(|number| (1..=99).contains(number));
    }
    let (tens, ones) = match text.split_once('十') {
        Some(("", ones)) => (1, ones),
        Some((tens, ones)) => (han_digit(tens)?, ones),
        None => (0, text),
    };
    let ones = if ones.is_empty() && tens > 0 { 0 } else { han_digit(ones)? };
    Some(tens * 10 + ones)
}

/// 一 to 九, also 两.
pub(super) fn han_digit(text: &str) -> Option<u8> {
    let digits =
        [("一", 1), ("二", 2), ("两", 2), ("三", 3), ("四", 4), ("五", 5), ("六", 6), ("七", 7), ("八", 8), ("九", 9)];
    digits.iter().find(|(han, _)| *han == text).map(|(_, digit)| *digit)
}

/// A decimal number of at most two places in hundredths; what isn't a digit or the point is passed over.
pub(super) fn hundredths(text: &str) -> Option<u64> {
    let (whole, places) = text.split_once('.').unwrap_or((text, ""));
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    let places = match places.len() {
        0 => 0,
        1 => places.parse::<u64>().ok()? * 10,
        2 => places.parse().ok()?,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(100)?.checked_add(places)
}

/// English ordinals and cardinals up to ten.
const ENGLISH: [(&str, &str); 10] = [
    ("first", "one"),
    ("second", "two"),
    ("third", "three"),
    ("fourth", "four"),
    ("fifth", "five"),
    ("sixth", "six"),
    ("seventh", "seven"),
    ("eighth", "eight"),
    ("ninth", "nine"),
    ("tenth", "ten"),
];

/// `second`, `2nd`.
pub(super) fn ordinal(word: &str) -> Option<u8> {
    let spelt = (1..).zip(ENGLISH).find(|(_, (ordinal, _))| *ordinal == word).map(|(number, _)| number);
    spelt.or_else(|| ["st", "nd", "rd", "th"].iter().find_map(|end| small(word.strip_suffix(end)?)))
}

/// `two`.
pub(super) fn cardinal(word: &str) -> Option<u8> {
    (1..).zip(ENGLISH).find(|(_, (_, cardinal))| *cardinal == word).map(|(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_are_read() {
        for (text, number) in [
            ("1", Some(1)),
            ("20", Some(20)),
            ("0", None),
            ("100", None),
            ("三", Some(3)),
            ("十", Some(10)),
            ("十二", Some(12)),
            ("二十", Some(20)),
            ("三十五", Some(35)),
            ("", None),
            ("百", None),
            ("十百", None),
        ] {
            assert_eq!(small(text), number, "{text}");
        }
    }

    #[test]
    fn decimals_are_read() {
        for (text, number) in [
            ("59", Some(5900)),
            ("59.9", Some(5990)),
            ("0.05", Some(5)),
            ("1\n299.00", Some(129_900)),
            ("1.234", None),
            ("", None),
        ] {
            assert_eq!(hundredths(text), number, "{text}");
        }
    }
}
