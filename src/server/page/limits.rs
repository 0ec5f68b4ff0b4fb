//! How often one visitor may write, look and come in: the page is open to everybody.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;

use axum::http::StatusCode;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::super::problem::Problem;
use crate::domain::ExternalId;

/// With more keys than these, those that are as good as new are forgotten.
const KEYS: usize = 10_000;

/// The limits, by whom they count.
pub(super) struct Limits {
    messages: DefaultKeyedRateLimiter<ExternalId>,
    looks: DefaultKeyedRateLimiter<ExternalId>,
    tickets: DefaultKeyedRateLimiter<IpAddr>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            messages: RateLimiter::keyed(a_second(5, 10)),
            looks: RateLimiter::keyed(a_second(10, 20)),
            tickets: RateLimiter::keyed(a_second(2, 60)),
        }
    }
}

impl Limits {
    /// A visitor writes.
    pub(super) fn message(&self, conversation: &ExternalId) -> Result<(), Problem> {
        check(&self.messages, conversation)
    }

    /// A visitor reads.
    pub(super) fn look(&self, conversation: &ExternalId) -> Result<(), Problem> {
        check(&self.looks, conversation)
    }

    /// Somebody becomes a visitor.
    pub(super) fn ticket(&self, peer: IpAddr) -> Result<(), Problem> {
        check(&self.tickets, &peer)
    }
}

fn check<Key: Clone + Eq + Hash>(limiter: &DefaultKeyedRateLimiter<Key>, key: &Key) -> Result<(), Problem> {
    if limiter.len() > KEYS {
        limiter.retain_recent();
    }
    // Every quota gives at least one more within the second that the answer asks to wait.
    let too_many = || Problem::new(StatusCode::TOO_MANY_REQUESTS, "slower, please; try again in a second");
    limiter.check_key(key).map_err(|_| too_many())
}

fn a_second(times: u32, burst: u32) -> Quota {
    Quota::per_second(at_least_one(times)).allow_burst(at_least_one(burst))
}

fn at_least_one(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_a_flood_does_not_and_others_are_not_held_up() {
        let limits = Limits::default();
        let (one, other) = (ExternalId::from("try-1"), ExternalId::from("try-2"));
        let passed = (0..40).filter(|_| limits.message(&one).is_ok()).count();
        assert!((10..15).contains(&passed), "{passed}");
        assert!(limits.message(&other).is_ok());
    }
}
