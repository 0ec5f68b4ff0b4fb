//! How fast messages go out, over all dialogues together.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Hands out places in time, evenly.
pub(super) struct Pace {
    gap: Duration,
    next: Mutex<Instant>,
}

impl Pace {
    /// `rate` is in messages a second.
    pub(super) fn new(rate: f64) -> Self {
        Self { gap: Duration::from_secs_f64(1.0 / rate), next: Mutex::new(Instant::now()) }
    }

    /// Waits until a burst of so many messages may go out: all of them together, so that it stays one burst.
    pub(super) async fn wait_for(&self, messages: usize) {
        let start = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let start = (*next).max(Instant::now());
            *next = start + self.gap * u32::try_from(messages).unwrap_or(u32::MAX);
            start
        };
        tokio::time::sleep_until(start).await;
    }
}
