//! What may be shown of the person an order goes to.

use super::regions::province_and_city;
use super::values::phone_digits;
use crate::domain::{Buyer, MaskedReceiver};
use crate::text::is_han;

/// Hides everything but a name's first letters, a phone's ends, and an address's province and city.
pub(super) fn receiver(buyer: &Buyer) -> MaskedReceiver {
    MaskedReceiver {
        name: buyer.name.as_deref().and_then(name),
        phone: buyer.phone.as_deref().and_then(phone),
        address: buyer.address.as_deref().and_then(address),
    }
}

/// Hides the buyer's name, phone and address where a carrier's words repeat them.
pub(super) fn carrier_words(text: &str, buyer: &Buyer) -> String {
    let mut text = text.to_owned();
    let secrets = [
        (buyer.address.as_deref(), buyer.address.as_deref().and_then(address)),
        (buyer.phone.as_deref(), buyer.phone.as_deref().and_then(phone)),
        (buyer.name.as_deref(), buyer.name.as_deref().and_then(name)),
    ];
    for (secret, masked) in secrets {
        // A single character would be replaced inside other words.
        if let Some(secret) = secret.map(str::trim).filter(|secret| secret.chars().count() > 1) {
            text = text.replace(secret, masked.as_deref().unwrap_or("**"));
        }
    }
    let digits = buyer.phone.as_deref().map(phone_digits).filter(|digits| digits.len() >= 7);
    match (digits, buyer.phone.as_deref().and_then(phone)) {
        (Some(digits), Some(masked)) => text.replace(&digits, &masked),
        _ => text,
    }
}

/// Hides the phone numbers in a text: Chinese mobiles, and whatever begins with a plus. Longer numbers, such as those of
/// orders, stay.
#[must_use]
pub fn mask_phones(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = number_end(&chars, at);
        if end == at {
            masked.push(chars[at]);
            at += 1;
            continue;
        }
        masked.push_str(&mask_number(&chars[at..end]));
        at = end;
    }
    masked
}

/// A stretch of digits, with every phone in it hidden: a whole one from abroad, or Chinese mobiles between its blanks.
fn mask_number(stretch: &[char]) -> String {
    let digits: String = stretch.iter().filter_map(|c| digit(*c)).collect();
    let is_abroad = stretch.first() == Some(&'+') && (8..=15).contains(&digits.len());
    let home = ["0086", "86"].into_iter().find_map(|code| digits.strip_prefix(code)).unwrap_or(&digits);
    if is_abroad || is_mobile(home) {
        return phone(home).unwrap_or_default();
    }
    let mut masked = String::new();
    let mut rest = stretch;
    while !rest.is_empty() {
        let taken = mobile_end(rest).filter(|_| !masked.ends_with(|c: char| c.is_ascii_digit()));
        match taken {
            Some(end) => {
                let digits: String = rest[..end].iter().filter_map(|c| digit(*c)).collect();
                masked.push_str(&phone(&digits).unwrap_or_default());
                rest = &rest[end..];
            }
            None => {
                masked.push(rest[0]);
                rest = &rest[1..];
            }
        }
    }
    masked
}

/// Where a mobile that begins here ends, if one does: eleven digits up to a blank, a hyphen or the end.
fn mobile_end(stretch: &[char]) -> Option<usize> {
    let mut digits = String::new();
    for (place, c) in stretch.iter().enumerate() {
        digits.extend(digit(*c));
        if digits.len() == 11 {
            let is_whole = stretch.get(place + 1).copied().and_then(digit).is_none();
            return (is_whole && is_mobile(&digits)).then_some(place + 1);
        }
    }
    None
}

fn is_mobile(digits: &str) -> bool {
    digits.len() == 11 && digits.starts_with('1') && !matches!(digits.as_bytes().get(1), Some(b'0'..=b'2'))
}

/// Where a number that begins here ends: digits, with single spaces or hyphens between them.
fn number_end(chars: &[char], start: usize) -> usize {
    let is_plus = chars[start] == '+' && chars.get(start + 1).copied().and_then(digit).is_some();
    let mut end = if is_plus { start + 1 } else { start };
    while chars.get(end).copied().and_then(digit).is_some() {
        end += 1;
        let parted = matches!(chars.get(end), Some(' ' | '-')) && chars.get(end + 1).copied().and_then(digit).is_some();
        end += usize::from(parted);
    }
    end
}

/// As an ASCII digit, of half or full width.
fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10),
        _ => None,
    }
}

/// 王** of 王小明, J*** S*** of John Smith. How long the name is stays hidden.
fn name(full: &str) -> Option<String> {
    const MOST_WORDS: usize = 3;
    let first = full.trim().chars().next()?;
    if !first.is_ascii_alphabetic() && !is_accented_latin(first) {
        return Some(format!("{first}**"));
    }
    let words = full.split([' ', '\u{a0}', '\u{3000}', '·', '\t']).filter_map(|word| word.chars().next());
    let masked: Vec<String> = words.take(MOST_WORDS).map(|letter| format!("{letter}***")).collect();
    Some(masked.join(" "))
}

fn is_accented_latin(c: char) -> bool {
    ('\u{c0}'..='\u{24f}').contains(&c)
}

/// 138****5678. Of a number too short for that less is shown.
fn phone(full: &str) -> Option<String> {
    let digits = phone_digits(full);
    let last = digits.get(digits.len().saturating_sub(4)..).unwrap_or_default();
    match digits.len() {
        0 => None,
        1..=7 => Some("****".to_owned()),
        8..=10 => Some(format!("****{last}")),
        _ => Some(format!("{}****{last}", digits.get(..3).unwrap_or_default())),
    }
}

/// Province and city. `None`: what of it may be shown can't be told.
fn address(full: &str) -> Option<String> {
    let shown = if full.chars().any(is_han) { han_address(full) } else { latin_address(full) };
    Some(shown).filter(|shown| !shown.is_empty())
}

fn han_address(full: &str) -> String {
    let mut bare: String = full.chars().filter(|c| !c.is_whitespace() && !matches!(c, ',' | '，' | '-')).collect();
    for country in ["中国", "中华人民共和国"] {
        if let Some(rest) = bare.strip_prefix(country) {
            bare = rest.to_owned();
        }
    }
    bare.truncate(province_and_city(&bare));
    bare
}

/// Words by which a part of an address is smaller than a city.
const SMALLER_THAN_A_CITY: &[&str] = &[
    "street",
    "st",
    "road",
    "rd",
    "avenue",
    "ave",
    "lane",
    "ln",
    "drive",
    "dr",
    "boulevard",
    "blvd",
    "court",
    "ct",
    "way",
    "square",
    "sq",
    "place",
    "pl",
    "terrace",
    "close",
    "crescent",
    "highway",
    "hwy",
    "route",
    "apt",
    "apartment",
    "unit",
    "flat",
    "suite",
    "ste",
    "floor",
    "fl",
    "room",
    "rm",
    "building",
    "bldg",
    "tower",
    "house",
    "cottage",
    "farm",
    "box",
    "po",
    "district",
    "dist",
    "county",
    "town",
    "village",
    "township",
    "community",
    "no",
    "block",
    "gate",
    "park",
];

/// The parts behind the last one that names a street or the like, without post codes; at most three: city, state and
/// country. Where no part names a street, only the last: which of the others is the city can't be told.
fn latin_address(full: &str) -> String {
    let parts: Vec<&str> = full.split([',', '\n', ';', '，']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let shown_from = match parts.iter().rposition(|part| is_smaller_than_a_city(part)) {
        Some(street) => (street + 1).max(parts.len().saturating_sub(3)),
        None if parts.len() > 1 => parts.len() - 1,
        None => parts.len(),
    };
    let shown: Vec<String> = parts[shown_from..].iter().map(|part| without_codes(part)).collect();
    let shown: Vec<String> = shown.into_iter().filter(|part| !part.is_empty()).collect();
    shown.join(", ")
}

fn is_smaller_than_a_city(part: &str) -> bool {
    // A number in front is a house's; behind a word it is a post code.
    part.starts_with(|c: char| c.is_numeric() || c == '#') && part.contains(char::is_alphabetic) && !is_code(part)
        || part
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| SMALLER_THAN_A_CITY.iter().any(|small| word.eq_ignore_ascii_case(small)))
}

/// Whether every word has a digit: a post code such as `NW1 6XE`.
fn is_code(part: &str) -> bool {
    part.split_whitespace().all(|word| word.contains(char::is_numeric))
}

fn without_codes(part: &str) -> String {
    let words: Vec<&str> = part.split_whitespace().filter(|word| !word.contains(char::is_numeric)).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn phones_in_a_text_are_hidden_and_other_numbers_stay() {
        for (text, shown) in [
            ("我电话13812345678，快点", "我电话138****5678，快点"),
            ("138 1234 5678 或 138-1234-5678", "138****5678 或 138****5678"),
            ("１３８１２３４５６７８", "138****5678"),
            ("订单202688130047125601", "订单202688130047125601"),
            ("call +44 7700 900123 please", "call 447****0123 please"),
            ("电话13812345678 2件", "电话138****5678 2件"),
            ("13812345678 13987654321", "138****5678 139****4321"),
            ("8613812345678、+86 138 1234 5678", "138****5678、138****5678"),
            ("008613812345678", "138****5678"),
            ("10月11日 100元 3件", "10月11日 100元 3件"),
            ("", ""),
        ] {
            assert_eq!(mask_phones(text), shown, "{text}");
        }
    }

    #[test]
    fn names() {
        for (full, masked) in [
            ("王小明", "王**"),
            ("王", "王**"),
            ("欧阳修文", "欧**"),
            ("John Smith", "J*** S***"),
            ("Émile", "É***"),
            ("Mary Ann van der Berg", "M*** A*** v***"),
        ] {
            assert_eq!(name(full).as_deref(), Some(masked), "{full}");
        }
        assert_eq!(name("  "), None);
    }

    #[test]
    fn phones() {
        for (full, masked) in [
            ("13812345678", "138****5678"),
            ("+86 138-1234-5678", "138****5678"),
            ("13812345678-9876", "138****5678"),
            ("+1 415 555 0123", "141****0123"),
            ("8765 4321", "****4321"),
            ("12315", "****"),
        ] {
            assert_eq!(phone(full).as_deref(), Some(masked), "{full}");
        }
        assert_eq!(phone("none"), None);
    }

    #[test]
    fn addresses() {
        for (full, shown) in [
            ("浙江省 杭州市 西湖区 文三路 100 号 3 幢 502 室", Some("浙江省杭州市")),
            ("中国北京市朝阳区建国路 1 号", Some("北京市")),
            ("文三路 100 号", None),
            ("221B Baker Street, London NW1 6XE, UK", Some("London, UK")),
            ("Flat 3, Rose Court, 12 Baker Street, London, NW1 6XE, UK", Some("London, UK")),
            ("123 Main St, Springfield, IL 62704, USA", Some("Springfield, IL, USA")),
            ("Room 501, No. 88 Wensan Road, Xihu District, Hangzhou, Zhejiang", Some("Hangzhou, Zhejiang")),
            ("Rose Hill, Lower Slaughter, Devon", Some("Devon")),
            ("12 Baker Street London", None),
            ("", None),
        ] {
            assert_eq!(address(full).as_deref(), shown, "{full}");
        }
    }

    #[test]
    fn a_carrier_repeats_who_receives() {
        let buyer =
            Buyer { name: Some("王小明".to_owned()), phone: Some("138 1234 5678".to_owned()), ..Buyer::default() };
        let words = carrier_words("已签收，签收人王小明（13812345678），快递员 13900001111", &buyer);
        assert_eq!(words, "已签收，签收人王**（138****5678），快递员 13900001111");
    }

    proptest! {
        #[test]
        fn a_name_shows_a_letter_of_three_words_at_most(full in "\\PC{0,30}") {
            let shown = name(&full).unwrap_or_default();
            prop_assert!(shown.chars().filter(|c| *c != '*' && *c != ' ').count() <= 3, "{shown}");
            prop_assert!(shown.is_empty() || shown.contains("**"));
        }

        #[test]
        fn a_phone_shows_seven_digits_at_most_and_never_the_middle(full in "[0-9 +()-]{0,24}") {
            let shown = phone(&full).unwrap_or_default();
            let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
            let all = phone_digits(&full);
            prop_assert!(digits.len() <= 7 && all.len() >= digits.len() + digits.len().min(4), "{full}: {shown}");
            prop_assert!(shown.is_empty() || shown.contains("****"));
        }

        #[test]
        fn an_address_shows_no_house_street_or_district(
            place in prop::sample::select(vec!["浙江省杭州市", "广东深圳", "上海市", "四川省凉山彝族自治州"]),
            district in "[西东南北][湖山城海][区县]",
            street in "[文武学院]{2}[路街巷]",
            house in "[1-9][0-9]{0,3}号",
            space in "[ ]?",
        ) {
            let full = [place, &district, &street, &house].join(&space);
            prop_assert_eq!(address(&full), Some(place.to_owned()));
        }

        #[test]
        fn whatever_is_written_no_digit_of_an_address_is_shown(full in "\\PC{0,60}") {
            let shown = address(&full).unwrap_or_default();
            prop_assert!(!shown.contains(char::is_numeric), "{shown}");
            prop_assert!(!shown.chars().any(is_han) || shown.chars().count() <= 20, "{shown}");
        }

        #[test]
        fn a_latin_street_is_hidden(
            number in 1..999_u32,
            street in "[A-Z][a-z]{3,8} (Street|Rd|Lane|Ave)",
            city in prop::sample::select(vec!["London", "Leeds", "Austin"]),
            code in "[A-Z]{1,2}[1-9] [1-9][A-Z]{2}",
        ) {
            let shown = address(&format!("{number} {street}, {city}, {code}, UK"));
            prop_assert_eq!(shown, Some(format!("{city}, UK")));
        }
    }
}
