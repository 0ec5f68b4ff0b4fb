//! Stored turns decided anew with another playbook, and what would change. Nothing is sent or stored.

mod compare;

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;

use crate::domain::{At, OrderLookup, OrderQuestion, OrdersFound, Rung, Turn, TurnId, TurnInput};
use crate::engine::{Engine, Orders};
use crate::store::{Store, StoreError};

pub use compare::{Change, Kind, Side, compare, is_erased};

/// Which turns are decided again, and how much of it is kept.
#[derive(Clone, Debug)]
pub struct Stretch {
    /// The first instant.
    pub from: At,
    /// A turn of that instant after which it begins, if not with the first.
    pub after: Option<TurnId>,
    /// The instant after the last.
    pub to: At,
    /// So many changes are kept; all are counted.
    pub keep: usize,
}

/// What deciding anew came to.
#[derive(Debug, Default)]
pub struct Replayed {
    /// Stored turns of the stretch.
    pub turns: u64,
    /// Of these, those whose texts are gone.
    pub erased: u64,
    /// Those that this very playbook had decided.
    pub same_playbook: u64,
    /// Those of them that would change all the same: the program has changed since.
    pub same_playbook_changed: u64,
    /// What would change, in the order of deciding.
    pub changes: Vec<Change>,
    /// How many would change, by kind in the order of [`Kind::ALL`].
    counts: [usize; Kind::ALL.len()],
    /// Turns that no decision could be reached for then, and what would be done about them now.
    pub undecided: Vec<Change>,
    keep: usize,
}

impl Replayed {
    fn keeping(keep: usize) -> Self {
        Self { keep, ..Self::default() }
    }

    /// How many changes there are of a kind.
    #[must_use]
    pub fn count(&self, kind: Kind) -> usize {
        Kind::ALL.iter().zip(self.counts).find(|(of, _)| **of == kind).map_or(0, |(_, count)| count)
    }

    /// How many changes there are.
    #[must_use]
    pub fn changed(&self) -> usize {
        self.counts.iter().sum()
    }

    async fn decide(&mut self, engine: &Engine, turn: &Turn) {
        self.turns += 1;
        if is_erased(turn) {
            self.erased += 1;
            return;
        }
        let orders = AsFound { found: turn.outcome.orders.clone(), asked: AtomicBool::new(false) };
        let outcome = engine.decide(&turn.input, &orders).await;
        let not_looked_up = orders.found.lookup == OrderLookup::NotAsked && orders.asked.into_inner();
        let is_same_playbook = turn.outcome.playbook == engine.playbook.hash;
        self.same_playbook += u64::from(is_same_playbook);
        let Some(mut change) = compare(turn, &outcome) else { return };
        change.order_not_looked_up = not_looked_up;
        if was_not_decided(turn) {
            self.undecided.push(change);
            return;
        }
        self.same_playbook_changed += u64::from(is_same_playbook);
        self.add(change);
    }

    fn add(&mut self, change: Change) {
        let counts = Kind::ALL.iter().zip(&mut self.counts);
        counts.filter(|(kind, _)| **kind == change.kind).for_each(|(_, count)| *count += 1);
        if self.changes.len() < self.keep {
            self.changes.push(change);
        }
    }
}

/// Decides every turn of a stretch again: each by itself, in the state its conversation was in, in the mode of that time,
/// with the orders that were found then. `went_on` is told after every page how far it has come, and may end it.
///
/// # Errors
/// The store does not answer.
pub async fn again(
    store: &Store,
    engine: &Engine,
    stretch: Stretch,
    mut went_on: impl FnMut(At, &Replayed) -> ControlFlow<()>,
) -> Result<Replayed, StoreError> {
    let mut replayed = Replayed::keeping(stretch.keep);
    let (mut at, mut after) = (stretch.from, stretch.after);
    loop {
        let turns = store.turns_between(&engine.playbook.shop, (at, after.as_ref()), stretch.to).await?;
        let Some(last) = turns.last() else { break };
        (at, after) = (last.input.now, Some(last.input.id.clone()));
        for turn in &turns {
            replayed.decide(engine, turn).await;
        }
        if went_on(at, &replayed).is_break() {
            break;
        }
    }
    Ok(replayed)
}

/// A defect or a broken playbook cost this turn its decision: a person got the chat, and nothing was understood.
fn was_not_decided(turn: &Turn) -> bool {
    let outcome = &turn.outcome;
    outcome.decision.rung == Rung::Unsure
        && outcome.decision.reply.is_none()
        && outcome.suggestions.is_empty()
        && outcome.classification == Default::default()
}

/// Orders as they were found when the turn was decided; notes whether they are asked for now.
struct AsFound {
    found: OrdersFound,
    asked: AtomicBool,
}

#[async_trait]
impl Orders for AsFound {
    async fn look_up(&self, _: &OrderQuestion, _: &TurnInput) -> OrdersFound {
        self.asked.store(true, Ordering::Relaxed);
        match self.found.lookup {
            // Nobody looked then; the customer's orders of that time aren't known any more.
            OrderLookup::NotAsked => OrdersFound { lookup: OrderLookup::None, ..self.found.clone() },
            _ => self.found.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Message, TurnOutcome};
    use crate::playbook::Playbook;
    use crate::playbook::layer::Layer;

    #[tokio::test]
    async fn a_turn_that_broke_then_is_told_apart() {
        let playbook = Playbook::load("test".into(), &[Layer::base()]).playbook.unwrap();
        let engine = Engine::compile(playbook).unwrap();
        let mut replayed = Replayed::keeping(9);
        let input = TurnInput {
            id: "t-1".into(),
            shop: "test".into(),
            channel: "web".into(),
            conversation: "c-1".into(),
            customer: Default::default(),
            messages: vec![Message::plain("m-1".into(), "你好", At(0))],
            state: Default::default(),
            mode: Default::default(),
            intent_modes: Default::default(),
            neighbours: None,
            now: At(0),
        };
        let outcome = TurnOutcome::without_decision(&input, engine.playbook.hash.clone(), "internal error");
        let mut turn = Turn { episode: "e-1".into(), seq: 1, window_end: At(0), window: 0, input, outcome };
        replayed.decide(&engine, &turn).await;
        assert_eq!((replayed.changed(), replayed.undecided.len()), (0, 1));
        assert_eq!(replayed.undecided[0].kind, Kind::NewlyAnswered);

        turn.input.messages[0].text.clear();
        replayed.decide(&engine, &turn).await;
        assert_eq!((replayed.turns, replayed.erased, replayed.undecided.len()), (2, 1, 1));

        // All are counted, though not all are kept.
        let change = replayed.undecided[0].clone();
        replayed.keep = 1;
        replayed.add(change.clone());
        replayed.add(Change { kind: Kind::Other, ..change });
        assert_eq!((replayed.changes.len(), replayed.changed(), replayed.count(Kind::Other)), (1, 2, 1));
    }
}
