//! What a platform delivered, in our words and before anything of it is stored.

use serde::{Deserialize, Serialize};

use crate::domain::{At, Attachment, Customer, ExternalId, Message, MessageId, OrderNumber, ProductId, ReplyKey};

/// One thing out of a delivery.
#[derive(Clone, Debug, PartialEq)]
pub enum Delivered {
    /// A customer wrote.
    Message(Box<IncomingMessage>),
    /// Something happened in a conversation.
    Signal(Signal),
    /// News of an order.
    Order(OrderUpdated),
    /// A kind this version doesn't know. It is answered like any other, so that a newer sender is not told to stop.
    Ignored {
        /// The platform's word for it.
        kind: String,
    },
}

/// A customer's message on its way in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IncomingMessage {
    /// The platform's id of it; a message is stored once by this.
    pub external_id: ExternalId,
    /// The platform's id of the conversation; replies are addressed to it.
    pub conversation: ExternalId,
    /// Who writes.
    pub customer: Customer,
    /// What was written.
    pub parts: MessageParts,
}

/// What was written; a [`Message`] without our id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessageParts {
    /// Whole, as it was written, but for what a database cannot hold: NUL and lone surrogates are U+FFFD.
    pub text: String,
    /// Pictures, videos and the like.
    pub attachments: Vec<Attachment>,
    /// Of an order card.
    pub order_numbers: Vec<OrderNumber>,
    /// The product the customer was looking at.
    pub product: Option<ProductId>,
    /// By the platform's clock, unless it runs more than five minutes ahead of ours; then, or without one, `now`.
    pub sent_at: At,
}

impl MessageParts {
    /// The message under the id we gave it and the platform's own.
    #[must_use]
    pub fn into_message(self, id: MessageId, external_id: ExternalId) -> Message {
        Message {
            id,
            external_id: Some(external_id),
            text: self.text,
            attachments: self.attachments,
            order_numbers: self.order_numbers,
            product: self.product,
            sent_at: self.sent_at,
        }
    }
}

/// Something happened in a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signal {
    /// The platform's id of the delivery; a signal is stored once by this.
    pub delivery: ExternalId,
    /// The platform's id of the conversation.
    pub conversation: ExternalId,
    /// By the platform's clock, never more than five minutes ahead of ours. One that is older than the last applied is
    /// kept, not applied.
    pub occurred_at: At,
    /// What.
    pub what: SignalKind,
}

/// The kinds of things that happen on a platform besides customers' messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum SignalKind {
    /// Words went out on the platform. Unless they are `automatic` or our own echo, a person took the chat over.
    AgentSent {
        /// The platform's id of the message.
        message: ExternalId,
        /// The platform's id of who wrote; always there when neither `automatic` nor `reply` is set.
        agent: Option<ExternalId>,
        /// May be empty: a picture alone.
        text: String,
        /// The platform's own automatic reply.
        automatic: bool,
        /// The key of our own message whose echo this claims to be; whether it is one, the store knows.
        reply: Option<ReplyKey>,
    },
    /// The customer took a message back.
    Recalled {
        /// The platform's id of it.
        message: ExternalId,
    },
    /// The platform gave the chat to a person.
    Assigned {
        /// The platform's id of the person, if it says.
        agent: Option<ExternalId>,
    },
    /// The platform gave the chat back.
    Released {
        /// The platform's id of who let go, if it says.
        agent: Option<ExternalId>,
    },
    /// The conversation is over.
    Closed {
        /// Who ended it.
        by: ClosedBy,
    },
    /// The customer rated the service.
    Rated {
        /// 1 to 5.
        rating: u8,
    },
}

/// Who ended a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosedBy {
    /// The customer left.
    Customer,
    /// A person at a desk.
    Agent,
    /// The bot.
    Bot,
    /// Nobody wrote any more; this confirms nothing.
    Idle,
}

impl ClosedBy {
    /// The word in deliveries, tables and reports.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Agent => "agent",
            Self::Bot => "bot",
            Self::Idle => "idle",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(key: &str) -> Option<Self> {
        [Self::Customer, Self::Agent, Self::Bot, Self::Idle].into_iter().find(|by| by.key() == key)
    }
}

/// News of an order. Orders live outside conversations, so it may name none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderUpdated {
    /// The platform's id of the delivery; an update is stored once by this.
    pub delivery: ExternalId,
    /// The platform's id of the conversation it was told in.
    pub conversation: Option<ExternalId>,
    /// By the platform's clock, never more than five minutes ahead of ours.
    pub occurred_at: At,
    /// Which order.
    pub number: OrderNumber,
    /// All that was told, an object, as it was told; the orders room reads it.
    pub update: serde_json::Value,
}
