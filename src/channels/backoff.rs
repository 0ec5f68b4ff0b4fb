//! When an outgoing message is tried again.

use crate::domain::{MINUTE, SECOND};

/// Attempts before a message becomes a dead letter: with the waits between them about an hour.
pub const ATTEMPTS: u32 = 20;

const FIRST: i64 = SECOND;
const LONGEST: i64 = 5 * MINUTE;

/// Milliseconds to wait after `attempts` failed attempts; `None`: give up.
///
/// 1 s, 2 s, 4 s … up to 5 min, of which `jitter` (0 to 1, drawn by the caller) takes away up to a half, so that what
/// failed together does not come back together.
#[must_use]
pub fn next_attempt(attempts: u32, jitter: f64) -> Option<i64> {
    if attempts >= ATTEMPTS {
        return None;
    }
    if attempts == 0 {
        return Some(0);
    }
    let wait = FIRST.saturating_mul(1_i64 << (attempts - 1)).min(LONGEST);
    let jitter = if jitter.is_nan() { 0.0 } else { jitter.clamp(0.0, 1.0) };
    Some(wait - (wait as f64 / 2.0 * jitter) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn waits_double_up_to_five_minutes_and_then_end() {
        let waits: Vec<_> = (0..=ATTEMPTS).map(|attempts| next_attempt(attempts, 0.0)).collect();
        let seconds: Vec<_> = waits.iter().map(|wait| wait.map(|millis| millis / SECOND)).collect();
        assert_eq!(&seconds[..6], &[Some(0), Some(1), Some(2), Some(4), Some(8), Some(16)]);
        assert_eq!(&seconds[9..11], &[Some(256), Some(300)]);
        assert_eq!(seconds[19], Some(300));
        assert_eq!(seconds[20], None);
        assert_eq!(next_attempt(u32::MAX, 0.5), None);
    }

    #[test]
    fn a_dead_letter_is_one_after_about_an_hour() {
        let total = |jitter| (0..ATTEMPTS).filter_map(|attempts| next_attempt(attempts, jitter)).sum::<i64>();
        assert_eq!(total(0.0) / MINUTE, 58);
        assert_eq!(total(1.0) / MINUTE, 29);
    }

    proptest! {
        #[test]
        fn jitter_takes_away_at_most_half(attempts in 1..ATTEMPTS, jitter in proptest::num::f64::ANY) {
            let (longest, wait) = (next_attempt(attempts, 0.0), next_attempt(attempts, jitter));
            prop_assert!(wait <= longest);
            prop_assert!(wait.map(|millis| millis * 2) >= longest);
        }
    }
}
