//! Answers of a source, used again for a while: a customer's turns come in quick succession.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::domain::{At, Order, OrderNumber};

/// More answers than this aren't kept; the oldest goes first.
const CAPACITY: usize = 2_048;

/// What was asked.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Asked {
    /// One order.
    Number(OrderNumber),
    /// A customer's orders, by the address that asks for them.
    Customer(String),
}

/// Answers by question, each with the time it was asked.
pub(super) struct Cache {
    /// In milliseconds.
    keep: i64,
    answers: Mutex<HashMap<Asked, (At, Vec<Order>)>>,
}

impl Cache {
    pub(super) fn new(keep: i64) -> Self {
        Self { keep, answers: Mutex::default() }
    }

    /// An answer that is young enough at `now`.
    pub(super) fn get(&self, asked: &Asked, now: At) -> Option<Vec<Order>> {
        let answers = self.answers();
        let (at, orders) = answers.get(asked)?;
        self.is_young(*at, now).then(|| orders.clone())
    }

    /// Keeps an answer; that there is none is one too.
    pub(super) fn put(&self, asked: Asked, orders: Vec<Order>, now: At) {
        if self.keep <= 0 {
            return;
        }
        let mut answers = self.answers();
        if answers.len() >= CAPACITY {
            answers.retain(|_, (at, _)| self.is_young(*at, now));
        }
        if answers.len() >= CAPACITY {
            let oldest = answers.iter().min_by_key(|(_, (at, _))| *at).map(|(asked, _)| asked.clone());
            oldest.and_then(|asked| answers.remove(&asked));
        }
        answers.insert(asked, (now, orders));
    }

    fn is_young(&self, at: At, now: At) -> bool {
        (0..self.keep).contains(&now.since(at))
    }

    fn answers(&self) -> MutexGuard<'_, HashMap<Asked, (At, Vec<Order>)>> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stays_bounded_and_forgets_the_oldest() {
        let cache = Cache::new(1_000_000);
        let asked = |i: i64| Asked::Number(OrderNumber::new(i.to_string()));
        for i in 0..5_000 {
            cache.put(asked(i), Vec::new(), At(i));
        }
        assert_eq!(cache.answers().len(), CAPACITY);
        assert!(cache.get(&asked(4_999), At(5_000)).is_some());
        assert!(cache.get(&asked(0), At(5_000)).is_none());
        assert!(cache.get(&asked(4_999), At(2_000_000)).is_none(), "too old");
    }
}
