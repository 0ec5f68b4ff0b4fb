//! The clock and the ids of a running service; tests bring their own.

use std::sync::Arc;

use uuid::Uuid;

use crate::domain::At;

/// Reads the time.
pub type Clock = Arc<dyn Fn() -> At + Send + Sync>;

/// What the workers and the server take from the outside world besides the network.
#[derive(Clone)]
pub struct Clockwork {
    clock: Clock,
}

impl Clockwork {
    /// With a clock.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self { clock }
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> At {
        (self.clock)()
    }

    /// An id that nobody has, in the order of time (UUIDv7).
    #[must_use]
    pub fn id<Id: From<String>>(&self) -> Id {
        Id::from(Uuid::now_v7().to_string())
    }
}
