//! A node takes conversations whose window has ended; nobody else decides them while its lease lasts.

use super::Store;
use super::accept::MESSAGE;
use super::conversation::{ConversationRow, conversation_sql};
use super::error::StoreError;
use super::link::Link;
use super::writer::Write;
use crate::domain::{
    Address, At, ConversationId, ConversationState, Customer, EpisodeId, Message, MessageId, NodeId, ShopId,
};

/// A conversation with undecided messages, leased to this node.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimedConversation {
    /// Whose.
    pub shop: ShopId,
    /// Ours.
    pub id: ConversationId,
    /// The platform's.
    pub address: Address,
    /// Who the platform last said is writing.
    pub customer: Customer,
    /// Before the turn.
    pub state: ConversationState,
    /// To be handed back with the turn.
    pub epoch: i64,
    /// The current one.
    pub episode: EpisodeId,
    /// The number that the turn is to have.
    pub next_seq: i64,
    /// What is undecided, in the order of its sending; never empty.
    pub messages: Vec<Message>,
    /// When the first of them was accepted.
    pub first_pending_at: At,
    /// When the last of them was accepted.
    pub last_pending_at: At,
    /// When the window was to end.
    pub due_at: At,
}

/// An undecided message and when it was accepted.
pub(super) struct Undecided {
    pub(super) message: Message,
    pub(super) received_at: At,
}

/// What a conversation has undecided, in order. Platforms' clocks first; what they leave open, ours decides.
pub(super) async fn undecided(
    link: &mut Link,
    shop: &ShopId,
    conversation: &ConversationId,
) -> Result<Vec<Undecided>, StoreError> {
    let rows = link
        .rows(
            "SELECT body, received_at FROM inbound WHERE shop = $1 AND conversation = $2 AND turn IS NULL \
             AND kind = 'message' ORDER BY sent_at, received_at, id",
            &[shop.into(), conversation.into()],
        )
        .await?;
    rows.iter().map(|row| Ok(Undecided { message: row.json("body")?, received_at: row.at("received_at")? })).collect()
}

struct Claim {
    node: NodeId,
    now: At,
    lease_ms: i64,
    limit: i64,
}

impl Write for Claim {
    type Answer = Vec<ClaimedConversation>;

    async fn run(&self, link: &mut Link) -> Result<Self::Answer, StoreError> {
        let sql = conversation_sql!(
            "WHERE c.due_at IS NOT NULL AND c.due_at <= $1 AND (c.lease_until IS NULL OR c.lease_until <= $1) \
             ORDER BY c.due_at LIMIT $2 {{skip c}}"
        );
        let rows = link.rows(sql, &[self.now.into(), self.limit.into()]).await?;
        let mut claimed = Vec::with_capacity(rows.len());
        for row in &rows {
            claimed.extend(self.lease(link, ConversationRow::read(row)?).await?);
        }
        Ok(claimed)
    }
}

impl Claim {
    /// Leases one; `None` if nothing in it is undecided after all.
    async fn lease(&self, link: &mut Link, row: ConversationRow) -> Result<Option<ClaimedConversation>, StoreError> {
        let pending = undecided(link, &row.shop, &row.id).await?;
        let times = pending.iter().map(|pending| pending.received_at);
        let (Some(first), Some(last)) = (times.clone().min(), times.max()) else {
            let sql = "UPDATE conversation SET due_at = NULL, first_pending_at = NULL, last_pending_at = NULL, \
                       lease_node = NULL, lease_until = NULL WHERE shop = $1 AND id = $2";
            link.execute(sql, &[(&row.shop).into(), (&row.id).into()]).await?;
            return Ok(None);
        };
        link.execute(
            "UPDATE conversation SET lease_node = $3, lease_until = $4 WHERE shop = $1 AND id = $2",
            &[(&row.shop).into(), (&row.id).into(), (&self.node).into(), self.now.plus(self.lease_ms).into()],
        )
        .await?;
        Ok(Some(ClaimedConversation {
            next_seq: row.turn_seq + 1,
            messages: pending.into_iter().map(|pending| pending.message).collect(),
            first_pending_at: first,
            last_pending_at: last,
            due_at: row.due_at.unwrap_or(self.now),
            shop: row.shop,
            id: row.id,
            address: row.address,
            customer: row.customer,
            state: row.state,
            epoch: row.epoch,
            episode: row.episode,
        }))
    }
}

struct Postpone {
    node: NodeId,
    shop: ShopId,
    conversation: ConversationId,
    due_at: At,
}

impl Write for Postpone {
    type Answer = ();

    async fn run(&self, link: &mut Link) -> Result<(), StoreError> {
        link.execute(
            "UPDATE conversation SET due_at = $4, lease_node = NULL, lease_until = NULL \
             WHERE shop = $1 AND id = $2 AND lease_node = $3",
            &[(&self.shop).into(), (&self.conversation).into(), (&self.node).into(), self.due_at.into()],
        )
        .await?;
        Ok(())
    }
}

struct Blank {
    shop: ShopId,
    messages: Vec<MessageId>,
}

impl Write for Blank {
    type Answer = ();

    async fn run(&self, link: &mut Link) -> Result<(), StoreError> {
        for id in &self.messages {
            let row = link
                .row(
                    "SELECT body FROM inbound WHERE shop = $1 AND id = $2 AND kind = $3",
                    &[(&self.shop).into(), id.into(), MESSAGE.into()],
                )
                .await?;
            let Some(row) = row else { continue };
            let message: Message = row.json("body")?;
            let blank = Message { text: String::new(), attachments: Vec::new(), ..message };
            let sql = "UPDATE inbound SET body = $3 WHERE shop = $1 AND id = $2";
            link.execute(sql, &[(&self.shop).into(), id.into(), (&serde_json::to_string(&blank)?).into()]).await?;
        }
        Ok(())
    }
}

impl Store {
    /// Leases up to `limit` conversations that are due, of any shop, the longest due first, for `lease_ms`
    /// milliseconds. Where the lease lapses without a turn, anybody may claim it again.
    pub async fn claim_conversations(
        &self,
        now: At,
        lease_ms: i64,
        limit: i64,
    ) -> Result<Vec<ClaimedConversation>, StoreError> {
        self.write(Claim { node: self.node().clone(), now, lease_ms, limit }).await
    }

    /// Gives the lease back and looks again at `due_at`: more may follow. Nothing happens if it isn't ours any more.
    pub async fn postpone(&self, shop: &ShopId, conversation: &ConversationId, due_at: At) -> Result<(), StoreError> {
        let (node, shop, conversation) = (self.node().clone(), shop.clone(), conversation.clone());
        self.write(Postpone { node, shop, conversation, due_at }).await
    }

    /// Takes the texts and attachments out of messages. Their keys stay: what comes again is still known.
    pub async fn blank_messages(&self, shop: &ShopId, messages: Vec<MessageId>) -> Result<(), StoreError> {
        self.write(Blank { shop: shop.clone(), messages }).await
    }
}
