//! Short spans of time as settings write them: `90s`, `2m`, `1h`.

use super::facts::Length;
use crate::domain::{DAY, SECOND};

/// How such a span is written.
pub(super) const FORM: &str = "90s · 3m · 1h";

/// As a pattern, for editors.
pub(super) const PATTERN: &str = "^\\d+\\s*(s|m|min|h)$";

/// Nobody waits longer for a message.
const LONGEST: i64 = DAY;

/// Reads a span of more than nothing and at most a day, in milliseconds.
pub(super) fn millis(text: &str) -> Option<i64> {
    let text = text.trim();
    let millis = match text.strip_suffix('s') {
        Some(number) => number.trim().parse::<u32>().ok().map(|seconds| i64::from(seconds) * SECOND),
        None => Length::parse(text).map(Length::millis),
    };
    millis.filter(|millis| (1..=LONGEST).contains(millis))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{HOUR, MINUTE};

    #[test]
    fn seconds_minutes_and_hours_are_read() {
        for (text, expected) in [
            ("180s", Some(180 * SECOND)),
            (" 2 m ", Some(2 * MINUTE)),
            ("1h", Some(HOUR)),
            ("24h", Some(DAY)),
            ("25h", None),
            ("2d", None),
            ("0s", None),
            ("0m", None),
            ("-3s", None),
            ("180", None),
            ("soon", None),
        ] {
            assert_eq!(millis(text), expected, "{text}");
        }
    }
}
