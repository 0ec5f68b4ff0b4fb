//! What is to be sent: queued → sending → sent, or cancelled, dead, unknown. Only a conversation's lowest unfinished
//! row may be claimed.

use super::conversation::ConversationRow;
use super::error::StoreError;
use super::event;
use super::link::{Link, Row};
use crate::domain::{At, ConversationId, Happening, PrincipalId, ReplyKey, ShopId};

/// A message that is to go out.
#[derive(Clone, Debug, PartialEq)]
pub struct NewReply {
    /// Fixed before the first attempt; the same at every one. Unique over all shops.
    pub key: ReplyKey,
    /// Words for the customer, or news for a desk.
    pub kind: ReplyKind,
    /// Whose words.
    pub author: Author,
    /// What the channel sends, in its own form.
    pub body: serde_json::Value,
    /// What to do when it can't be known whether it went out.
    pub delivery: DeliveryMode,
    /// Held back for so long, in milliseconds, so that its writer can think again; 0 but for people's words.
    pub hold_ms: i64,
}

/// Who speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Author {
    /// The bot.
    Bot,
    /// A person.
    Agent(PrincipalId),
}

impl Author {
    /// `bot` or `agent:ID`.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Bot => "bot".to_owned(),
            Self::Agent(id) => format!("agent:{id}"),
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(key: &str) -> Option<Self> {
        match key {
            "bot" => Some(Self::Bot),
            key => key.strip_prefix("agent:").map(|id| Self::Agent(id.into())),
        }
    }
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $key:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// The word in tables and in the API.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self { $(Self::$variant => $key,)* }
            }

            /// Reads the word.
            #[must_use]
            pub fn parse(key: &str) -> Option<Self> {
                match key { $($key => Some(Self::$variant),)* _ => None }
            }
        }
    )*};
}

words! {
    /// What goes out.
    ReplyKind {
        /// Words for the customer.
        Reply = "reply",
        /// News for a desk that isn't ours; goes out whoever holds the chat.
        HandedOff = "handed_off",
        /// The wish that the platform take words back.
        Recall = "recall",
    }
    /// What is done with a message whose sending was cut short.
    DeliveryMode {
        /// Sent again: it may arrive twice.
        AtLeastOnce = "at_least_once",
        /// Not sent again: a person looks whether it arrived.
        AtMostOnce = "at_most_once",
    }
    /// How far a message came.
    ReplyState {
        /// Waits for its turn or its next attempt.
        Queued = "queued",
        /// A node is sending it, while its lease lasts.
        Sending = "sending",
        /// The platform took it.
        Sent = "sent",
        /// Not sent, and not to be.
        Cancelled = "cancelled",
        /// The platform refused it for good.
        Dead = "dead",
        /// It may have arrived.
        Unknown = "unknown",
    }
}

/// A message of the outbox, as a chat or a list of dead letters shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplyRow {
    /// Whose.
    pub shop: ShopId,
    /// In which conversation.
    pub conversation: ConversationId,
    /// Its place in the conversation's outbox, from 1.
    pub seq: i64,
    /// As it was queued.
    pub reply: NewReply,
    /// The conversation's epoch when it was queued.
    pub epoch: i64,
    /// How far it came.
    pub state: ReplyState,
    /// When it was queued.
    pub created_at: At,
    /// When it may be tried next.
    pub due_at: At,
    /// Times it was claimed.
    pub attempts: i64,
    /// When the platform took it.
    pub sent_at: Option<At>,
    /// Why it isn't there yet, or never will be.
    pub last_error: Option<String>,
}

/// The columns of [`ReplyRow`], before a `FROM outbox o …`.
macro_rules! reply_sql {
    ($rest:literal) => {
        concat!(
            "SELECT o.shop, o.conversation, o.seq, o.key, o.epoch, o.state, o.author, o.kind, o.body, o.delivery, \
             o.created_at, o.due_at, o.attempts, o.sent_at, o.last_error ",
            $rest
        )
    };
    ($more:literal, $rest:literal) => {
        concat!(
            "SELECT o.shop, o.conversation, o.seq, o.key, o.epoch, o.state, o.author, o.kind, o.body, o.delivery, \
             o.created_at, o.due_at, o.attempts, o.sent_at, o.last_error, ",
            $more,
            " ",
            $rest
        )
    };
}
pub(super) use reply_sql;

impl ReplyRow {
    pub(super) fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            shop: row.id("shop")?,
            conversation: row.id("conversation")?,
            seq: row.get("seq")?,
            reply: NewReply {
                key: row.id("key")?,
                kind: row.word("kind", ReplyKind::parse)?,
                author: row.word("author", Author::parse)?,
                body: row.json("body")?,
                delivery: row.word("delivery", DeliveryMode::parse)?,
                hold_ms: 0,
            },
            epoch: row.get("epoch")?,
            state: row.word("state", ReplyState::parse)?,
            created_at: row.at("created_at")?,
            due_at: row.at("due_at")?,
            attempts: row.get("attempts")?,
            sent_at: row.maybe_at("sent_at")?,
            last_error: row.get("last_error")?,
        })
    }

    /// The bot's own words for the customer: a person's word overtakes them. News for a desk is none.
    pub(super) fn is_automatic(&self) -> bool {
        self.reply.author == Author::Bot && self.reply.kind == ReplyKind::Reply
    }
}

/// Queues messages behind the conversation's others. The caller saves the conversation.
pub(super) async fn queue(
    link: &mut Link,
    conversation: &mut ConversationRow,
    replies: &[NewReply],
    at: At,
) -> Result<(), StoreError> {
    for reply in replies {
        conversation.outbox_seq += 1;
        link.execute(
            "INSERT INTO outbox (shop, conversation, seq, key, epoch, state, author, kind, body, channel, delivery, \
             created_at, due_at, attempts) VALUES ($1, $2, $3, $4, $5, 'queued', $6, $7, $8, $9, $10, $11, $12, 0)",
            &[
                (&conversation.shop).into(),
                (&conversation.id).into(),
                conversation.outbox_seq.into(),
                (&reply.key).into(),
                conversation.epoch.into(),
                (&reply.author.key()).into(),
                reply.kind.key().into(),
                (&reply.body.to_string()).into(),
                (&conversation.address.channel).into(),
                reply.delivery.key().into(),
                at.into(),
                at.plus(reply.hold_ms).into(),
            ],
        )
        .await?;
    }
    Ok(())
}

/// Cancels the bot's replies that no node is sending yet.
pub(super) async fn cancel_queued(
    link: &mut Link,
    conversation: &ConversationRow,
    why: &str,
    at: At,
) -> Result<(), StoreError> {
    let rows = link
        .rows(
            "UPDATE outbox SET state = 'cancelled', last_error = $3 WHERE shop = $1 AND conversation = $2 \
             AND state = 'queued' AND author = 'bot' AND kind = 'reply' RETURNING key, seq",
            &[(&conversation.shop).into(), (&conversation.id).into(), why.into()],
        )
        .await?;
    let mut keys =
        rows.iter().map(|row| Ok((row.get("seq")?, row.id("key")?))).collect::<Result<Vec<_>, StoreError>>()?;
    keys.sort_by_key(|(seq, _): &(i64, ReplyKey)| *seq);
    for (_, reply) in keys {
        let cancelled = Happening::ReplyCancelled { reply, why: why.to_owned() };
        event::note(link, conversation.place(), at, cancelled).await?;
    }
    Ok(())
}
