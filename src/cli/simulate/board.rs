//! A switchboard: whatever is heard of a conversation reaches the player of its dialogue.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::domain::{At, ExternalId, ReplyKey, Turn, TurnId};

/// What a player hears.
pub(super) enum News {
    /// A turn was decided.
    Decided(Box<Decided>),
    /// Something reached the receiver.
    Delivery(Delivery),
}

/// A decided turn as it is stored.
pub(super) struct Decided {
    /// When it was, by the service's clock.
    pub(super) at: At,
    /// All of it.
    pub(super) turn: Turn,
}

/// One thing that was delivered, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Delivery {
    /// Its idempotency key.
    pub(super) key: ReplyKey,
    /// The turn it came from.
    pub(super) turn: Option<TurnId>,
    /// Words or news.
    pub(super) what: Delivered,
    /// When.
    pub(super) at: At,
}

/// What was delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Delivered {
    /// Words for the customer.
    Reply,
    /// The news that a person is needed.
    HandedOff,
}

/// Who listens to which of the platform's conversations.
#[derive(Default)]
pub(super) struct Board {
    lines: Mutex<HashMap<ExternalId, UnboundedSender<News>>>,
}

impl Board {
    /// Everything that is heard of a conversation from now on.
    pub(super) fn listen(&self, conversation: ExternalId) -> UnboundedReceiver<News> {
        let (sender, receiver) = unbounded_channel();
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).insert(conversation, sender);
        receiver
    }

    /// Passes news on; what is heard of conversations that aren't ours is nobody's business here.
    pub(super) fn tell(&self, conversation: &ExternalId, news: News) {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = lines.get(conversation) {
            let _ = line.send(news);
        }
    }
}

/// The name of a message; it begins with its conversation's.
pub(super) fn message_id(conversation: &ExternalId, number: u64) -> ExternalId {
    ExternalId::from(format!("{conversation}.{number}"))
}

/// The conversation that a message of ours belongs to.
pub(super) fn conversation_of(message: &ExternalId) -> Option<ExternalId> {
    message.as_str().rsplit_once('.').map(|(conversation, _)| ExternalId::from(conversation))
}
