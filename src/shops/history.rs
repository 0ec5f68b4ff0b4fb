//! The versions of a shop in the order in which they were in force, and how people name one.

use crate::domain::{PlaybookHash, ShopId};
use crate::store::{Move, PlaybookMove, Store, StoreError};

/// What came of looking for a version by what somebody typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// The only one that begins so.
    One(PlaybookHash),
    /// Several begin so.
    Several(Vec<PlaybookHash>),
    /// None does; these are all there are, the latest first.
    None(Vec<PlaybookHash>),
}

/// Looks for a version by its hash or the first characters of it.
///
/// # Errors
/// The store does not answer.
pub async fn version_named(store: &Store, shop: &ShopId, said: &str) -> Result<Named, StoreError> {
    let all = store.playbook_hashes(shop).await?;
    Ok(named(all, said))
}

fn named(all: Vec<PlaybookHash>, said: &str) -> Named {
    let said = said.to_ascii_lowercase();
    let mut found: Vec<PlaybookHash> = all.iter().filter(|hash| hash.as_str().starts_with(&said)).cloned().collect();
    match found.len() {
        1 => Named::One(found.remove(0)),
        0 => Named::None(all),
        _ => Named::Several(found),
    }
}

/// The version that was in force before the one that is, by all moves, the last first. Whoever goes back twice gets two
/// steps back, and not forth again.
#[must_use]
pub fn in_force_before(moves: &[PlaybookMove]) -> Option<PlaybookHash> {
    let mut line: Vec<&PlaybookHash> = Vec::new();
    for step in moves.iter().rev() {
        if line.is_empty() {
            line.extend(&step.from);
        }
        let seen = line.iter().rposition(|hash| **hash == step.to);
        match seen.filter(|_| step.how == Move::RolledBack) {
            Some(place) => line.truncate(place + 1),
            None => line.push(&step.to),
        }
    }
    line.pop();
    line.pop().cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::At;

    #[test]
    fn a_version_by_its_first_characters() {
        let all = || ["3f9a", "3f77", "b001"].map(PlaybookHash::from).to_vec();
        assert_eq!(named(all(), "B0"), Named::One("b001".into()));
        assert_eq!(named(all(), "3f9a"), Named::One("3f9a".into()));
        assert_eq!(named(all(), "3f"), Named::Several(all()[..2].to_vec()));
        assert_eq!(named(all(), "c"), Named::None(all()));
    }

    #[test]
    fn one_step_back_and_then_another() {
        let step = |how, from: Option<&str>, to: &str| {
            let from = from.map(PlaybookHash::from);
            PlaybookMove { seq: 0, at: At(0), how, by: String::new(), from, to: to.into() }
        };
        let mut moves = vec![step(Move::Published, None, "a")];
        let then = |moves: &mut Vec<PlaybookMove>, how, from, to| {
            moves.insert(0, step(how, Some(from), to));
            in_force_before(moves).map(|hash| hash.to_string())
        };
        assert_eq!(in_force_before(&[]), None);
        assert_eq!(in_force_before(&moves), None);
        assert_eq!(then(&mut moves, Move::Published, "a", "b").as_deref(), Some("a"));
        assert_eq!(then(&mut moves, Move::Pushed, "b", "c").as_deref(), Some("b"));
        assert_eq!(then(&mut moves, Move::RolledBack, "c", "b").as_deref(), Some("a"));
        assert_eq!(then(&mut moves, Move::RolledBack, "b", "a"), None);
        assert_eq!(then(&mut moves, Move::RolledBack, "a", "c").as_deref(), Some("a"), "forward again");
        // The same words as before, written anew.
        assert_eq!(then(&mut moves, Move::Published, "c", "a").as_deref(), Some("c"));
        // A store that noted no moves at first.
        assert_eq!(in_force_before(&[step(Move::Published, Some("x"), "y")]), Some("x".into()));
    }
}
