//! How often somebody may try a password: by account and by where it comes from.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use axum::http::StatusCode;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::super::problem::Problem;

/// With more keys than these, those that are as good as new are forgotten.
const KEYS: usize = 10_000;
/// Tries that nobody has to wait for.
const BURST: u32 = 8;
/// After these, one more in so many seconds.
const PAUSE: Duration = Duration::from_secs(10);

/// Counts tries of passwords and of one-time links.
pub struct Throttle {
    /// From one place.
    tries: DefaultKeyedRateLimiter<(String, Option<IpAddr>)>,
    /// From wherever: looser, so that nobody is kept out by a stranger's wrong tries alone.
    accounts: DefaultKeyedRateLimiter<String>,
    places: DefaultKeyedRateLimiter<IpAddr>,
}

impl Default for Throttle {
    fn default() -> Self {
        // A team signs in from one address.
        Self {
            tries: RateLimiter::keyed(quota(BURST, PAUSE)),
            accounts: RateLimiter::keyed(quota(BURST * 8, PAUSE / 4)),
            places: RateLimiter::keyed(quota(200, PAUSE / 20)),
        }
    }
}

fn quota(burst: u32, pause: Duration) -> Quota {
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    Quota::with_period(pause).unwrap_or(Quota::per_second(burst)).allow_burst(burst)
}

impl Throttle {
    /// Somebody tries a one-time link, which is too long to be guessed.
    pub(super) fn link(&self, place: Option<IpAddr>) -> Result<(), Problem> {
        match place.is_none_or(|place| self.places.check_key(&place).is_ok()) {
            true => Ok(()),
            false => Err(too_many()),
        }
    }

    /// Somebody tries a password.
    pub(super) fn attempt(&self, account: &str, place: Option<IpAddr>) -> Result<(), Problem> {
        self.link(place)?;
        if self.accounts.len() > KEYS || self.tries.len() > KEYS || self.places.len() > KEYS {
            self.accounts.retain_recent();
            self.tries.retain_recent();
            self.places.retain_recent();
        }
        let account = account.to_lowercase();
        let is_slow = self.tries.check_key(&(account.clone(), place)).is_ok();
        if is_slow && self.accounts.check_key(&account).is_ok() {
            return Ok(());
        }
        Err(too_many())
    }
}

fn too_many() -> Problem {
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "too many tries; wait ten seconds").after(PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_is_slowed_down_and_others_are_not_held_up() {
        let throttle = Throttle::default();
        let passed = (0..100).filter(|_| throttle.attempt("Li", None).is_ok()).count();
        assert_eq!(passed, 8);
        assert!(throttle.attempt("li", None).is_err(), "the same account in other letters");
        assert!(throttle.attempt("wang", None).is_ok());
    }
}
