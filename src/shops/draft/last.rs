//! The last value of each shop, of a few shops.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::domain::ShopId;

/// So many shops' values are kept.
const SHOPS: usize = 8;

/// What was made last of each shop, under a name of what it was made from.
pub(super) struct Last<Name, Value> {
    kept: Mutex<VecDeque<(ShopId, Name, Value)>>,
}

impl<Name, Value> Default for Last<Name, Value> {
    fn default() -> Self {
        Self { kept: Mutex::default() }
    }
}

impl<Name: PartialEq, Value: Clone> Last<Name, Value> {
    /// The shop's, if it goes by this name.
    pub(super) fn get(&self, shop: &ShopId, name: &Name) -> Option<Value> {
        let kept = self.lock();
        kept.iter().find(|(of, by, _)| of == shop && by == name).map(|(_, _, value)| value.clone())
    }

    /// In place of what the shop had; the shop that was longest without a new one may lose its own.
    pub(super) fn put(&self, shop: &ShopId, name: Name, value: Value) {
        let mut kept = self.lock();
        kept.retain(|(of, ..)| of != shop);
        kept.push_back((shop.clone(), name, value));
        if kept.len() > SHOPS {
            kept.pop_front();
        }
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<(ShopId, Name, Value)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_a_shop_and_not_of_all_shops() {
        let last: Last<u8, &str> = Last::default();
        let shop = |n: usize| ShopId::from(format!("s-{n}"));
        last.put(&shop(0), 1, "old");
        last.put(&shop(0), 2, "new");
        assert_eq!((last.get(&shop(0), &1), last.get(&shop(0), &2)), (None, Some("new")));
        assert_eq!(last.get(&shop(1), &2), None, "another shop's");
        (1..=SHOPS).for_each(|n| last.put(&shop(n), 1, "one"));
        assert_eq!((last.get(&shop(0), &2), last.get(&shop(SHOPS), &1)), (None, Some("one")));
    }
}
