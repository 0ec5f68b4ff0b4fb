//! Values that many shops have in common: made once, kept as long as one of them needs it.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// Finished values by the digest of what they were made from.
#[derive(Debug)]
pub struct Shelf<T> {
    kept: Mutex<HashMap<String, Weak<T>>>,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self { kept: Mutex::default() }
    }
}

impl<T> Shelf<T> {
    /// The value under a digest, made now if nobody has it. Making it does not hold up who wants another.
    ///
    /// # Errors
    /// What `make` came to.
    pub fn get<E>(&self, digest: &str, make: impl FnOnce() -> Result<T, E>) -> Result<Arc<T>, E> {
        if let Some(kept) = self.lock().get(digest).and_then(Weak::upgrade) {
            return Ok(kept);
        }
        let made = Arc::new(make()?);
        let mut kept = self.lock();
        // Two may have made it at once; one of them is enough.
        if let Some(other) = kept.get(digest).and_then(Weak::upgrade) {
            return Ok(other);
        }
        kept.retain(|_, value| value.strong_count() > 0);
        kept.insert(digest.to_owned(), Arc::downgrade(&made));
        Ok(made)
    }

    /// The same where making cannot fail.
    pub fn of(&self, digest: &str, make: impl FnOnce() -> T) -> Arc<T> {
        match self.get::<Infallible>(digest, || Ok(make())) {
            Ok(kept) => kept,
            Err(never) => match never {},
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Weak<T>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_is_made_once_and_what_nobody_needs_is_let_go() {
        let shelf = Shelf::default();
        let get = |text: &str| shelf.of("a", || text.to_owned());
        let first = get("one");
        assert!(Arc::ptr_eq(&first, &get("two")));
        drop(first);
        assert_eq!(*get("three"), "three");
        let failed: Result<Arc<String>, &str> = shelf.get("b", || Err("no"));
        assert_eq!(failed, Err("no"));
    }
}
