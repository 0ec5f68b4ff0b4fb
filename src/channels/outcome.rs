//! What came of one attempt to send, and how an HTTP answer is read.

use jiff::fmt::rfc2822;
use reqwest::StatusCode;

use crate::domain::{At, HOUR};

/// The longest that a platform can make us wait, in milliseconds.
const LONGEST_WAIT: i64 = HOUR;

/// What came of one attempt to send. `why` is for the person who looks at a dead letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendOutcome {
    /// The platform has it.
    Sent,
    /// The platform turned it away for now.
    Wait {
        /// Milliseconds it asked for, an hour at most; `None`: it didn't say, so back off.
        millis: Option<i64>,
        /// What it said.
        why: String,
    },
    /// It surely did not arrive; try again.
    NotSent {
        /// What stood in the way.
        why: String,
    },
    /// It may have arrived: the answer did not, or was a fault of the platform's. With a key trying again is safe;
    /// `at_most_once` gives it to a person.
    Unknown {
        /// What happened.
        why: String,
    },
    /// It will never be taken as it is; a dead letter.
    Final {
        /// What the platform said.
        why: String,
    },
}

/// Reads an answer: 2xx is sent; 429 and 503 wait; other 4xx are final; a redirect, which is not followed, surely did
/// nothing; any other 5xx may have come after the message was taken.
pub(super) fn judge(status: StatusCode, retry_after: Option<&str>, said: &str, now: At) -> SendOutcome {
    let code = status.as_u16();
    let why = if said.is_empty() { format!("status {code}") } else { format!("status {code}: {said}") };
    match code {
        200..=299 => SendOutcome::Sent,
        300..=399 => SendOutcome::NotSent { why: format!("status {code}: redirects are not followed") },
        429 | 503 => SendOutcome::Wait { millis: retry_after.and_then(|value| wait_of(value, now)), why },
        400..=499 => SendOutcome::Final { why },
        _ => SendOutcome::Unknown { why },
    }
}

/// Milliseconds that a `Retry-After` asks for: seconds, or an HTTP date in the form that senders must use.
fn wait_of(value: &str, now: At) -> Option<i64> {
    let value = value.trim();
    let millis = if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a number holds is more than an hour too.
        value.parse::<i64>().unwrap_or(i64::MAX).saturating_mul(1000)
    } else {
        At::from(rfc2822::DateTimeParser::new().parse_timestamp(value).ok()?).since(now)
    };
    Some(millis.clamp(0, LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_its_outcome() {
        use SendOutcome::{Final, NotSent, Sent, Unknown, Wait};
        for code in 100..600 {
            let outcome = judge(StatusCode::from_u16(code).unwrap(), None, "", At(0));
            let right = match code {
                200..=299 => matches!(outcome, Sent),
                300..=399 => matches!(outcome, NotSent { .. }),
                429 | 503 => matches!(outcome, Wait { millis: None, .. }),
                400..=499 => matches!(outcome, Final { .. }),
                _ => matches!(outcome, Unknown { .. }),
            };
            assert!(right, "{code} {outcome:?}");
        }
    }

    #[test]
    fn retry_after_is_read_in_both_forms_and_capped() {
        // 1994-11-06T08:49:37Z
        let now = At(784_111_777_000);
        for (value, expected) in [
            ("120", Some(120_000)),
            (" 0 ", Some(0)),
            ("86400", Some(HOUR)),
            ("99999999999999999999999", Some(HOUR)),
            ("Sun, 06 Nov 1994 08:50:07 GMT", Some(30_000)),
            ("Sun, 06 Nov 1994 08:49:00 GMT", Some(0)),
            ("Mon, 07 Nov 1994 08:49:37 GMT", Some(HOUR)),
            ("-5", None),
            ("", None),
            ("soon", None),
        ] {
            assert_eq!(wait_of(value, now), expected, "{value}");
        }
    }
}
