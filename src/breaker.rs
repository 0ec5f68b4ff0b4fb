//! A service of others that failed several times in a row is left alone for a while, so that customers don't wait for it
//! in vain.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::domain::{At, SECOND};

/// So many failures in a row, and it rests.
const FAILURES: u32 = 3;
/// How long it rests, in milliseconds. One failure after that and it rests again.
const REST: i64 = 10 * SECOND;

/// Counts failures in a row.
#[derive(Debug, Default)]
pub struct Breaker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    failures: u32,
    rests_until: Option<At>,
}

/// One request under way. Dropped without a word (its caller gave up waiting) it is a failure.
#[derive(Debug)]
pub struct Attempt<'a> {
    breaker: &'a Breaker,
    now: At,
    is_settled: bool,
}

impl Breaker {
    /// A new request; `None` while it rests.
    #[must_use]
    pub fn attempt(&self, now: At) -> Option<Attempt<'_>> {
        let rests = self.state().rests_until.is_some_and(|until| now < until);
        // Made only where it is let through: one that is dropped counts as a failure.
        (!rests).then(|| Attempt { breaker: self, now, is_settled: false })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Attempt<'_> {
    /// It answered.
    pub fn succeeded(mut self) {
        *self.breaker.state() = State::default();
        self.is_settled = true;
    }

    /// It works but can't answer this request.
    pub fn refused(mut self) {
        self.is_settled = true;
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        if !self.is_settled {
            let mut state = self.breaker.state();
            state.failures = state.failures.saturating_add(1);
            if state.failures >= FAILURES {
                state.rests_until = Some(self.now.plus(REST));
            }
        }
    }
}
