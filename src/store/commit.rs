//! One turn, one transaction: the turn, its messages, the conversation, events and replies, or nothing of it.

use super::Store;
use super::claim::undecided;
use super::conversation::ConversationRow;
use super::error::StoreError;
use super::event;
use super::link::Link;
use super::outbox::{self, NewReply};
use super::promise::{self, NewPromise};
use super::writer::Write;
use crate::domain::{At, Event, MessageId, NodeId, Phase, SECOND, Turn};

/// What a decided turn comes to.
#[derive(Clone, Debug)]
pub struct CommitTurn {
    /// As it was decided; `outcome.state` is the conversation from now on, `outcome.decision` says how urgent it is.
    pub turn: Turn,
    /// The epoch that was claimed.
    pub epoch: i64,
    /// What happened with it, in order.
    pub events: Vec<Event>,
    /// What is to be sent, in order.
    pub replies: Vec<NewReply>,
    /// What the bot's words promise for people; left out where such a promise is open already.
    pub promises: Vec<NewPromise>,
    /// When it is committed; the replies' 60 s count from here.
    pub at: At,
}

/// Whether something came in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Committed {
    /// It is on disk.
    Done,
    /// Somebody else moved on meanwhile; nothing of it was stored.
    Stale,
}

impl Store {
    /// Stores a turn, if the conversation is still the one that was claimed. What came meanwhile becomes due 1 s after
    /// it was accepted.
    pub async fn commit_turn(&self, commit: CommitTurn) -> Result<Committed, StoreError> {
        self.write(Decided { node: self.node().clone(), commit }).await
    }
}

struct Decided {
    node: NodeId,
    commit: CommitTurn,
}

impl Write for Decided {
    type Answer = Committed;

    async fn run(&self, link: &mut Link) -> Result<Committed, StoreError> {
        let commit = &self.commit;
        let input = &commit.turn.input;
        let Some(mut conversation) = ConversationRow::lock(link, &input.shop, &input.conversation).await? else {
            return Ok(Committed::Stale);
        };
        let leased = conversation.lease.as_ref().is_some_and(|(node, _)| *node == self.node);
        if !leased || conversation.epoch != commit.epoch || conversation.turn_seq + 1 != commit.turn.seq {
            return Ok(Committed::Stale);
        }
        let pending = undecided(link, &input.shop, &input.conversation).await?;
        let is_of_turn = |id: &MessageId| input.messages.iter().any(|message| message.id == *id);
        let (decided, newer): (Vec<_>, Vec<_>) =
            pending.into_iter().partition(|pending| is_of_turn(&pending.message.id));
        if decided.len() != input.messages.len() {
            return Ok(Committed::Stale);
        }
        let last_received = decided.iter().map(|pending| pending.received_at).max().unwrap_or(commit.at);
        self.move_on(&mut conversation, last_received)?;
        conversation.first_pending_at = newer.iter().map(|pending| pending.received_at).min();
        conversation.last_pending_at = newer.iter().map(|pending| pending.received_at).max();
        conversation.due_at = conversation.first_pending_at.map(|at| at.plus(SECOND));
        self.insert(link, &conversation).await?;
        for event in &commit.events {
            event::append(link, conversation.place(), event).await?;
        }
        outbox::queue(link, &mut conversation, &commit.replies, commit.at).await?;
        for made in &commit.promises {
            promise::make_once(link, &conversation, made, commit.at).await?;
        }
        conversation.save(link).await?;
        Ok(Committed::Done)
    }
}

impl Decided {
    /// The conversation after the turn, if the turn may take it there.
    fn move_on(&self, conversation: &mut ConversationRow, last_received: At) -> Result<(), StoreError> {
        let CommitTurn { turn, at, .. } = &self.commit;
        let before = conversation.state.clone();
        conversation.go(turn.outcome.state.phase, *at)?;
        conversation.state = turn.outcome.state.clone();
        // Asked while the turn was being decided: its answer is yet to come.
        conversation.state.person_asked |= before.person_asked && !turn.input.state.person_asked;
        conversation.state.answered_at = before.answered_at;
        conversation.state.answered_from = before.answered_from;
        if before.answered_at.is_some_and(|at| at >= last_received) {
            // A person was quicker than the window.
            conversation.state.unanswered_since = None;
        } else if before.unanswered_since.is_none() && turn.input.state.unanswered_since.is_some() {
            // A person answered while the turn was being decided: what they owe began with this turn's messages.
            conversation.state.unanswered_since = conversation.state.unanswered_since.map(|_| turn.window_end);
        }
        if conversation.state.phase != Phase::Waiting {
            conversation.state.waiting_since = None;
            conversation.state.waiting_words = 0;
        } else if before.phase == Phase::Waiting {
            // Said while the turn was being decided.
            conversation.state.waiting_since = before.waiting_since;
            conversation.state.waiting_words = before.waiting_words;
            conversation.urgency = conversation.urgency.max(turn.outcome.decision.urgency);
        } else {
            conversation.state.waiting_since.get_or_insert(*at);
            conversation.urgency = turn.outcome.decision.urgency;
            conversation.queue = turn.outcome.decision.queue.clone();
        }
        conversation.turn_seq = turn.seq;
        conversation.lease = None;
        conversation.updated_at = *at;
        Ok(())
    }

    async fn insert(&self, link: &mut Link, conversation: &ConversationRow) -> Result<(), StoreError> {
        let turn = &self.commit.turn;
        let mut bare = turn.clone();
        bare.input.messages.iter_mut().for_each(|message| message.text.clear());
        link.execute(
            "INSERT INTO turn (shop, id, conversation, seq, episode, decided_at, act, rung, playbook, body) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            &[
                (&conversation.shop).into(),
                (&turn.input.id).into(),
                (&conversation.id).into(),
                turn.seq.into(),
                (&turn.episode).into(),
                turn.input.now.into(),
                turn.outcome.decision.act.key().into(),
                turn.outcome.decision.rung.key().into(),
                (&turn.outcome.playbook).into(),
                (&serde_json::to_string(&bare)?).into(),
            ],
        )
        .await?;
        for message in &turn.input.messages {
            link.execute(
                "UPDATE inbound SET turn = $3 WHERE shop = $1 AND id = $2",
                &[(&conversation.shop).into(), (&message.id).into(), (&turn.input.id).into()],
            )
            .await?;
        }
        Ok(())
    }
}
