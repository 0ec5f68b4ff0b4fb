//! The desk's queue: chats that wait for a person or are held by one, with what a list shows of each.

use super::Store;
use super::conversation::{ConversationRow, conversation_sql};
use super::error::StoreError;
use super::link::{Link, Row, Value};
use crate::domain::{At, ConversationId, Message, PrincipalId, Rung, ShopId};

/// So many chats of a shop are on a desk at most; the longest waiting first.
const MOST: i64 = 2000;

/// A chat as the queue shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueRow {
    /// The conversation.
    pub row: ConversationRow,
    /// What the customer wrote last, and when it came.
    pub last_said: Option<(Message, At)>,
    /// What was sent or is to be sent to them last, as its channel sends it, and when it was queued.
    pub last_reply: Option<(serde_json::Value, At)>,
    /// How many of the customer's messages wait for an answer.
    pub unread: i64,
    /// What the holder is called.
    pub holder_name: Option<String>,
    /// Why it was handed off last.
    pub rung: Option<Rung>,
    /// When the first open promise in it is due.
    pub promise_due: Option<At>,
}

/// A query for [`QueueRow`], with what comes after its `FROM`.
macro_rules! queue_sql {
    ($rest:literal) => {
        conversation_sql!(
            "(SELECT i.body FROM inbound i WHERE i.shop = c.shop AND i.conversation = c.id AND i.kind = 'message' \
             ORDER BY i.sent_at DESC, i.received_at DESC LIMIT 1) AS last_said, \
             (SELECT i.received_at FROM inbound i WHERE i.shop = c.shop AND i.conversation = c.id \
             AND i.kind = 'message' ORDER BY i.sent_at DESC, i.received_at DESC LIMIT 1) AS last_said_at, \
             (SELECT o.body FROM outbox o WHERE o.shop = c.shop AND o.conversation = c.id AND o.kind = 'reply' \
             AND o.state <> 'cancelled' ORDER BY o.seq DESC LIMIT 1) AS last_reply, \
             (SELECT o.created_at FROM outbox o WHERE o.shop = c.shop AND o.conversation = c.id AND o.kind = 'reply' \
             AND o.state <> 'cancelled' ORDER BY o.seq DESC LIMIT 1) AS last_reply_at, \
             (SELECT COUNT(*) FROM inbound i WHERE i.shop = c.shop AND i.conversation = c.id AND i.kind = 'message' \
             AND (i.sent_at >= c.unanswered_since OR i.received_at >= c.unanswered_since)) AS unread, \
             (SELECT p.name FROM principal p WHERE p.id = c.holder) AS holder_name, \
             (SELECT t.rung FROM turn t WHERE t.shop = c.shop AND t.conversation = c.id AND t.act = 'hand_off' \
             ORDER BY t.seq DESC LIMIT 1) AS handed_off_by, \
             (SELECT MIN(m.due) FROM promise m WHERE m.shop = c.shop AND m.conversation = c.id \
             AND m.state = 'open') AS promise_due",
            $rest
        )
    };
}

impl Store {
    /// A shop's chats that wait or are held: those that wait longest first, then those without an answer, then the
    /// latest.
    pub async fn queue(&self, shop: &ShopId) -> Result<Vec<QueueRow>, StoreError> {
        let sql = queue_sql!(
            "WHERE c.shop = $1 AND c.phase IN ('waiting', 'agent') \
             ORDER BY CASE WHEN c.phase = 'waiting' THEN 0 WHEN c.unanswered_since IS NOT NULL THEN 1 ELSE 2 END, \
             COALESCE(c.waiting_since, c.unanswered_since, -c.updated_at), c.id LIMIT $2"
        );
        read_all(&mut self.read().await?, sql, &[shop.into(), MOST.into()]).await
    }

    /// One chat as the queue shows it, whoever has it.
    pub async fn queued(&self, shop: &ShopId, id: &ConversationId) -> Result<Option<QueueRow>, StoreError> {
        let sql = queue_sql!("WHERE c.shop = $1 AND c.id = $2");
        Ok(read_all(&mut self.read().await?, sql, &[shop.into(), id.into()]).await?.pop())
    }

    /// How many chats each person holds, over all shops.
    pub async fn held_chats(&self) -> Result<Vec<(PrincipalId, i64)>, StoreError> {
        let sql = "SELECT holder, COUNT(*) AS n FROM conversation WHERE phase = 'agent' AND holder IS NOT NULL \
                   GROUP BY holder";
        let rows = self.read().await?.rows(sql, &[]).await?;
        rows.iter().map(|row| Ok((row.id("holder")?, row.get("n")?))).collect()
    }
}

async fn read_all(link: &mut Link, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<QueueRow>, StoreError> {
    link.rows(sql, values).await?.iter().map(QueueRow::read).collect()
}

impl QueueRow {
    fn read(row: &Row) -> Result<Self, StoreError> {
        let said_at = row.maybe_at("last_said_at")?;
        let reply_at = row.maybe_at("last_reply_at")?;
        let rung: Option<String> = row.get("handed_off_by")?;
        Ok(Self {
            row: ConversationRow::read(row)?,
            last_said: said_at.map(|at| Ok::<_, StoreError>((row.json("last_said")?, at))).transpose()?,
            last_reply: reply_at.map(|at| Ok::<_, StoreError>((row.json("last_reply")?, at))).transpose()?,
            unread: row.get("unread")?,
            holder_name: row.get("holder_name")?,
            rung: rung.and_then(|key| Rung::ALL.iter().copied().find(|rung| rung.key() == key)),
            promise_due: row.maybe_at("promise_due")?,
        })
    }
}
