//! Models that were learnt once, kept for the next start: learning takes seconds, reading what was learnt takes none.
//!
//! This room knows of no files: whoever composes the program says where models are kept.

use std::fmt::Debug;
use std::sync::OnceLock;

use super::Learnt;

/// A place where models are kept, by the digest of what they were learnt from.
pub trait Keep: Send + Sync + Debug {
    /// What was put there, if it still is.
    fn get(&self, digest: &str) -> Option<Vec<u8>>;
    /// Keeps it. If that fails, it will be learnt again.
    fn put(&self, digest: &str, model: &[u8]);
}

static PLACE: OnceLock<Box<dyn Keep>> = OnceLock::new();

/// Says where models are kept, for the whole process. The first word counts.
pub fn keep_in(place: Box<dyn Keep>) {
    // A second place would change nothing of what is learnt.
    let _ = PLACE.set(place);
}

/// The model of a digest: as it was kept, or learnt now and kept.
pub fn kept(digest: &str, learn: impl FnOnce() -> Learnt) -> Learnt {
    let place = PLACE.get();
    if let Some(learnt) = place.and_then(|place| Learnt::from_bytes(&place.get(digest)?)) {
        return learnt;
    }
    let learnt = learn();
    if let Some(place) = place {
        place.put(digest, &learnt.to_bytes());
    }
    learnt
}
