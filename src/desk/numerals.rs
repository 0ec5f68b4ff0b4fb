//! Numbers in digits, in Chinese numerals and in English words.

/// A number of at most two decimals, times a hundred: `59` `59.9` `1,299` `1.2万` `3百` `五十` `两百五` `fifty`.
/// `None` if it is no number, or beyond what a sum of money in a chat can be.
pub(super) fn hundredths(text: &str) -> Option<i64> {
    let text = text.trim();
    let (number, scale) = match text.char_indices().next_back()? {
        (at, 'w' | '万') if text.starts_with(is_digit) => (&text[..at], 10_000),
        (at, 'k' | '千') if text.starts_with(is_digit) => (&text[..at], 1_000),
        (at, '百') if text.starts_with(is_digit) => (&text[..at], 100),
        _ => (text, 1),
    };
    let number = number.trim();
    let value = if number.starts_with(is_digit) { decimal(number)? } else { whole(number)?.checked_mul(100)? };
    value.checked_mul(scale).filter(|value| *value <= MOST)
}

/// No sum or count in a chat is larger: eight digits are a date or a number of something.
const MOST: i64 = 9_999_999 * 100;

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

fn decimal(text: &str) -> Option<i64> {
    let (whole, places) = text.split_once('.').unwrap_or((text, ""));
    let whole: i64 = whole.replace(',', "").parse().ok()?;
    let places = match places.len() {
        0 => 0,
        1 => places.parse::<i64>().ok()? * 10,
        _ => places.get(..2)?.parse().ok()?,
    };
    whole.checked_mul(100)?.checked_add(places)
}

/// A whole number: digits, Chinese numerals up to 万, or an English word: `3` `三` `十二` `两百五` `three`.
pub(super) fn whole(text: &str) -> Option<i64> {
    if !text.is_empty() && text.chars().all(is_digit) {
        return text.parse().ok();
    }
    chinese(text).or_else(|| english(text))
}

fn chinese(text: &str) -> Option<i64> {
    let (mut total, mut section, mut digit, mut last_unit) = (0_i64, 0_i64, None, 0_i64);
    for c in text.chars() {
        let unit = match c {
            '十' => 10,
            '百' => 100,
            '千' => 1_000,
            '万' => 10_000,
            _ => {
                let value = "零一二三四五六七八九".chars().position(|known| known == c);
                let value = value.or(matches!(c, '两' | '俩').then_some(2))?;
                // 二十 yes, 二二 no: that is how numbers are spelt one by one.
                if digit.is_some_and(|digit| digit != 0) {
                    return None;
                }
                digit = Some(i64::try_from(value).ok()?);
                last_unit = if value == 0 { 1 } else { last_unit };
                continue;
            }
        };
        if unit == 10_000 {
            total = total.checked_add((section + digit.unwrap_or(0)).checked_mul(unit)?)?;
            section = 0;
        } else {
            section = section.checked_add(digit.unwrap_or(1).checked_mul(unit)?)?;
        }
        (digit, last_unit) = (None, unit);
    }
    // 两百五 is 250.
    let tail = digit.unwrap_or(0) * if last_unit >= 100 { last_unit / 10 } else { 1 };
    (!text.is_empty()).then_some(total + section + tail)
}

const ENGLISH: &[(&str, i64)] = &[
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("twelve", 12),
    ("fifteen", 15),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
];

/// The English words that are read, as alternatives of a pattern.
pub(super) fn english_words() -> String {
    let words: Vec<&str> = ENGLISH.iter().map(|(word, _)| *word).collect();
    words.join("|")
}

/// `three`, `fifty`, `a hundred`, `two hundred`.
fn english(text: &str) -> Option<i64> {
    let word = |word: &str| ENGLISH.iter().find(|(known, _)| *known == word).map(|(_, value)| *value);
    match text.strip_suffix("hundred") {
        Some(before) => match before.trim() {
            "" | "a" => Some(100),
            hundreds => Some(word(hundreds)? * 100),
        },
        None => word(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_however_they_are_written() {
        for (text, value) in [
            ("59", Some(5900)),
            ("59.9", Some(5990)),
            ("59.90", Some(5990)),
            ("1,299", Some(129_900)),
            ("1.5万", Some(1_500_000)),
            ("3百", Some(30_000)),
            ("2k", Some(200_000)),
            ("五", Some(500)),
            ("十", Some(1000)),
            ("十二", Some(1200)),
            ("五十", Some(5000)),
            ("一百零五", Some(10_500)),
            ("两百五", Some(25_000)),
            ("两百五十", Some(25_000)),
            ("一千二百", Some(120_000)),
            ("一万", Some(1_000_000)),
            ("fifty", Some(5000)),
            ("two hundred", Some(20_000)),
            ("a hundred", Some(10_000)),
            ("20240601001", None),
            ("二二", None),
            ("很多", None),
            ("", None),
        ] {
            assert_eq!(hundredths(text), value, "{text}");
        }
    }
}
