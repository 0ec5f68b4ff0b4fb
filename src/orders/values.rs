//! How people and shop systems write times, sums of money and phone numbers.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::domain::{At, Money, SECOND};

/// Unix times from here on are milliseconds: as seconds this is the year 5138, as milliseconds 1973.
const FIRST_MILLISECONDS: i64 = 100_000_000_000;

/// A time in RFC 3339, as Unix seconds or milliseconds, or a date with or without a time of day in `zone`.
pub(super) fn instant(text: &str, zone: &TimeZone) -> Option<At> {
    let text = text.trim();
    if let Ok(unix) = text.parse::<i64>() {
        return unix_time(unix);
    }
    if let Ok(stamp) = text.parse::<jiff::Timestamp>() {
        return Some(stamp.into());
    }
    let civil: DateTime = text.replace('/', "-").parse().ok()?;
    Some(civil.to_zoned(zone.clone()).ok()?.timestamp().into())
}

/// Unix seconds or milliseconds, told apart by their size.
pub(super) fn unix_time(unix: i64) -> Option<At> {
    match unix {
        ..=0 => None,
        1..FIRST_MILLISECONDS => Some(At(unix * SECOND)),
        _ => Some(At(unix)),
    }
}

/// A sum in the shop's currency: `118`, `59.90`, `¥1,299.00`. A third digit after the point rounds.
pub(super) fn money(text: &str) -> Option<Money> {
    let text = text.trim();
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let text = text.trim_start_matches(['¥', '￥', '$', '€', '£', ' ']).trim_end_matches(['元', ' ']);
    let text = text.replace(',', "");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let is_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    let digit = |place: usize| fraction.as_bytes().get(place).map_or(0, |b| i64::from(b - b'0'));
    let hundredths = digit(0) * 10 + digit(1) + i64::from(digit(2) >= 5);
    let sum = whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(hundredths)?;
    Some(Money(if negative { -sum } else { sum }))
}

/// The digits of a phone number without the prefix of mainland China and without an extension
/// (`13812345678-1234`, `138 1234 5678 转 1234`), so that two ways of writing it are equal.
pub(super) fn phone_digits(text: &str) -> String {
    let main = text.split(['转', '#', 'x', 'X', ',', '，']).next().unwrap_or_default();
    let mut digits = String::with_capacity(main.len());
    for c in main.chars() {
        match c {
            '-' | '－' if without_mainland_prefix(&digits).len() >= MAINLAND_MOBILE => break,
            '０'..='９' => digits.extend(char::from_digit(c as u32 - '０' as u32, 10)),
            '0'..='9' => digits.push(c),
            _ => {}
        }
    }
    let local = without_mainland_prefix(&digits);
    if local.len() == MAINLAND_MOBILE { local.to_owned() } else { digits }
}

/// How many digits a mobile number of mainland China has.
const MAINLAND_MOBILE: usize = 11;

fn without_mainland_prefix(digits: &str) -> &str {
    let rest = digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86"));
    rest.filter(|rest| rest.starts_with('1')).unwrap_or(digits)
}

/// A value that is there but can't be read as what it should be.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unreadable;

/// A text, or a number as text. Null and the empty text are nothing.
pub(super) fn text_of(value: &Value) -> Result<Option<String>, Unreadable> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
        Value::Number(number) => Ok(Some(number.to_string())),
        _ => Err(Unreadable),
    }
}

/// A time as [`instant`] reads it. Zero and dates of zeros, which systems write for "not yet", are nothing.
pub(super) fn instant_of(value: &Value, zone: &TimeZone) -> Result<Option<At>, Unreadable> {
    if let Some(unix) = value.as_f64().filter(|_| !value.is_i64()) {
        return Ok(unix_time(unix as i64));
    }
    let Some(text) = text_of(value)? else { return Ok(None) };
    if text.chars().all(|c| matches!(c, '0' | '-' | ':' | ' ' | '/' | 'T' | 'Z' | '.')) {
        return Ok(None);
    }
    instant(&text, zone).map(Some).ok_or(Unreadable)
}

/// A sum as [`money`] reads it.
pub(super) fn money_of(value: &Value) -> Result<Option<Money>, Unreadable> {
    text_of(value)?.map_or(Ok(None), |text| money(&text).map(Some).ok_or(Unreadable))
}

/// Yes or no, also as 1 or 0.
pub(super) fn truth_of(value: &Value) -> Result<Option<bool>, Unreadable> {
    match value {
        Value::Bool(truth) => Ok(Some(*truth)),
        _ => match text_of(value)?.as_deref() {
            None => Ok(None),
            Some("1" | "true" | "yes") => Ok(Some(true)),
            Some("0" | "false" | "no") => Ok(Some(false)),
            Some(_) => Err(Unreadable),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shanghai() -> TimeZone {
        TimeZone::get("Asia/Shanghai").unwrap()
    }

    #[test]
    fn times_as_shops_write_them() {
        let expected = Some(At(1_794_291_600_000));
        for text in [
            "2026-11-10 14:20",
            "2026-11-10 14:20:00",
            "2026/11/10 14:20:00",
            "2026-11-10T14:20:00+08:00",
            "2026-11-10T06:20:00Z",
            "1794291600",
            "1794291600000",
        ] {
            assert_eq!(instant(text, &shanghai()), expected, "{text}");
        }
        assert_eq!(instant("2026-11-10", &shanghai()), Some(At(1_794_240_000_000)));
        for text in ["", "0", "yesterday", "2026-13-01 00:00", "0000-00-00 00:00:00"] {
            assert_eq!(instant(text, &shanghai()), None, "{text}");
        }
    }

    #[test]
    fn values_as_systems_write_them() {
        use serde_json::json;
        let expected = Ok(Some(At(1_794_291_600_000)));
        for value in [json!(1_794_291_600), json!(1_794_291_600_000_i64), json!("1794291600"), json!(1_794_291_600.0)] {
            assert_eq!(instant_of(&value, &shanghai()), expected, "{value}");
        }
        for value in [json!(null), json!(""), json!(0), json!("0"), json!("0000-00-00 00:00:00")] {
            assert_eq!(instant_of(&value, &shanghai()), Ok(None), "{value}");
        }
        for value in [json!("soon"), json!([]), json!(true)] {
            assert_eq!(instant_of(&value, &shanghai()), Err(Unreadable), "{value}");
        }
        assert_eq!(money_of(&json!(59.9)), Ok(Some(Money(5_990))));
        assert_eq!(money_of(&json!("59.90")), Ok(Some(Money(5_990))));
        assert_eq!(text_of(&json!(202_611_100_000_000_001_u64)), Ok(Some("202611100000000001".to_owned())));
        assert_eq!(truth_of(&json!(1)), Ok(Some(true)));
        assert_eq!(truth_of(&json!("maybe")), Err(Unreadable));
    }

    #[test]
    fn sums_as_shops_write_them() {
        for (text, cents) in [
            ("118", 11_800),
            ("59.9", 5_990),
            ("59.90", 5_990),
            ("¥1,299.00", 129_900),
            ("12.5元", 1_250),
            ("0.005", 1),
            ("59.989999999", 5_999),
            ("-20", -2_000),
        ] {
            assert_eq!(money(text), Some(Money(cents)), "{text}");
        }
        for text in ["", "free", "1e5", "1.2.3", ".5", "9999999999999999999"] {
            assert_eq!(money(text), None, "{text}");
        }
    }

    #[test]
    fn one_phone_written_in_many_ways() {
        for text in [
            "13812345678",
            "+86 138-1234-5678",
            "0086 13812345678",
            "0086138-1234-5678",
            "138 1234 5678 转 9876",
            "13812345678-9876",
            "１３８１２３４５６７８",
        ] {
            assert_eq!(phone_digits(text), "13812345678", "{text}");
        }
        assert_eq!(phone_digits("010-87654321"), "01087654321");
        assert_eq!(phone_digits("+1 (415) 555-0123"), "14155550123");
        assert_eq!(phone_digits("+86 138-1234-5678-9876"), "13812345678");
    }
}
