//! Customer messages come in: each is stored once, for ever, and its conversation becomes due.

use super::Store;
use super::conversation::ConversationRow;
use super::customer::{self, Writer};
use super::error::StoreError;
use super::link::Link;
use super::writer::Write;
use super::{episode, event};
use crate::domain::{
    Address, At, ConversationId, ConversationState, Customer, CustomerId, EpisodeId, ExternalId, Happening, Message,
    Phase, ShopId, Urgency,
};

/// The kind under which customer messages are deduplicated.
pub(super) const MESSAGE: &str = "message";

/// What a platform delivered for one conversation.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// To which shop.
    pub shop: ShopId,
    /// In which conversation of the platform.
    pub address: Address,
    /// Who writes, as the platform says now.
    pub customer: Customer,
    /// What was written, in order.
    pub messages: Vec<Incoming>,
    /// When it was received.
    pub at: At,
    /// When the window in which more may follow ends. An earlier end that was set before stands.
    pub due_at: At,
    /// Used where the conversation, episode or customer is new.
    pub ids: NewIds,
}

/// One message with the platform's id, by which it is recognised if it comes again.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// The platform's.
    pub external_id: ExternalId,
    /// As it is to be stored, with our id.
    pub message: Message,
}

/// Ids for what may have to be created.
#[derive(Clone, Debug)]
pub struct NewIds {
    /// If the platform's conversation is new to us.
    pub conversation: ConversationId,
    /// If an episode begins.
    pub episode: EpisodeId,
    /// If nobody is known by what identifies the customer.
    pub customer: CustomerId,
}

/// What became of something a platform delivered. All three are committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Acceptance {
    /// Stored, and in force.
    Accepted {
        /// Ours.
        conversation: ConversationId,
    },
    /// Stored without effect on a conversation: older than the last applied, or of a conversation that we don't know.
    Kept,
    /// It was here before; nothing changed.
    Duplicate,
}

impl Store {
    /// Stores a delivery; one answer a message, in order. Once this returns, the messages outlive a power cut.
    pub async fn accept(&self, delivery: Delivery) -> Result<Vec<Acceptance>, StoreError> {
        self.write_first(delivery).await
    }
}

impl Write for Delivery {
    type Answer = Vec<Acceptance>;

    async fn run(&self, link: &mut Link) -> Result<Vec<Acceptance>, StoreError> {
        let address = &self.address;
        let known = ConversationRow::lock_external(link, &self.shop, &address.channel, &address.conversation).await?;
        let mut conversation = match known {
            Some(conversation) => conversation,
            None if self.is_all_known(link).await? => return Ok(vec![Acceptance::Duplicate; self.messages.len()]),
            None => self.begin_conversation(link).await?,
        };
        let mut answers = Vec::with_capacity(self.messages.len());
        for incoming in &self.messages {
            let new = self.insert(link, &conversation.id, incoming).await?;
            answers.push(match new {
                true => Acceptance::Accepted { conversation: conversation.id.clone() },
                false => Acceptance::Duplicate,
            });
        }
        let new = answers.iter().filter(|answer| **answer != Acceptance::Duplicate).count();
        if new > 0 {
            self.wake(link, &mut conversation, u32::try_from(new).unwrap_or(u32::MAX)).await?;
        }
        Ok(answers)
    }
}

impl Delivery {
    /// Stores one message; false if it was here before.
    async fn insert(
        &self,
        link: &mut Link,
        conversation: &ConversationId,
        incoming: &Incoming,
    ) -> Result<bool, StoreError> {
        let body = serde_json::to_string(&incoming.message)?;
        let rows = link
            .execute(
                "INSERT INTO inbound (shop, channel, kind, external_id, id, conversation, body, received_at, sent_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (shop, channel, kind, external_id) DO NOTHING",
                &[
                    (&self.shop).into(),
                    (&self.address.channel).into(),
                    MESSAGE.into(),
                    (&incoming.external_id).into(),
                    (&incoming.message.id).into(),
                    conversation.into(),
                    (&body).into(),
                    self.at.into(),
                    incoming.message.sent_at.into(),
                ],
            )
            .await?;
        Ok(rows > 0)
    }

    /// Whether every message is here already, under another conversation; then none is begun for them.
    async fn is_all_known(&self, link: &mut Link) -> Result<bool, StoreError> {
        for incoming in &self.messages {
            let sql = "SELECT id FROM inbound WHERE shop = $1 AND channel = $2 AND kind = $3 AND external_id = $4";
            let values =
                [(&self.shop).into(), (&self.address.channel).into(), MESSAGE.into(), (&incoming.external_id).into()];
            if link.row(sql, &values).await?.is_none() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The conversation has something to decide, whoever holds it.
    async fn wake(&self, link: &mut Link, conversation: &mut ConversationRow, new: u32) -> Result<(), StoreError> {
        self.note_customer(link, conversation).await?;
        if conversation.state.phase == Phase::Closed {
            conversation.go(Phase::Bot, self.at)?;
            conversation.state = conversation.state.next_episode();
            conversation.episode = self.ids.episode.clone();
            conversation.urgency = Urgency::Normal;
            conversation.queue = None;
            conversation.flag = None;
            episode::begin(link, conversation, None, self.at).await?;
        }
        event::note(link, conversation.place(), self.at, Happening::MessageReceived { messages: new }).await?;
        conversation.due_at = Some(conversation.due_at.map_or(self.due_at, |due| due.min(self.due_at)));
        conversation.first_pending_at.get_or_insert(self.at);
        conversation.last_pending_at = Some(self.at);
        conversation.updated_at = self.at;
        conversation.save(link).await
    }

    /// Takes over what the platform says about the customer, if that is news.
    async fn note_customer(&self, link: &mut Link, conversation: &mut ConversationRow) -> Result<(), StoreError> {
        let said = customer::known_as(&conversation.customer, &self.customer);
        if said == conversation.customer && self.address.customer == conversation.address.customer {
            return Ok(());
        }
        let writer = Writer { shop: &self.shop, address: &self.address, said: &said, at: self.at };
        conversation.customer_id = writer.resolve(link, &self.ids.customer).await?;
        conversation.address.customer = self.address.customer.clone();
        conversation.customer = said;
        Ok(())
    }

    async fn begin_conversation(&self, link: &mut Link) -> Result<ConversationRow, StoreError> {
        let writer = Writer { shop: &self.shop, address: &self.address, said: &self.customer, at: self.at };
        let customer = writer.resolve(link, &self.ids.customer).await?;
        let state = serde_json::to_string(&ConversationState::default())?;
        let said = serde_json::to_string(&self.customer)?;
        let rows = link
            .execute(
                "INSERT INTO conversation (shop, id, channel, external_id, customer, customer_external, customer_said, \
                 phase, state, epoch, episode, turn_seq, outbox_seq, waiting_words, urgency, created_at, updated_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, 'bot', $8, 0, $9, 0, 0, 0, 'normal', $10, $10) \
                 ON CONFLICT (external_id, channel, shop) DO NOTHING",
                &[
                    (&self.shop).into(),
                    (&self.ids.conversation).into(),
                    (&self.address.channel).into(),
                    (&self.address.conversation).into(),
                    (&customer).into(),
                    (&self.address.customer).into(),
                    (&said).into(),
                    (&state).into(),
                    (&self.ids.episode).into(),
                    self.at.into(),
                ],
            )
            .await?;
        if rows == 0 {
            // Another node began it at the same moment.
            let (channel, external) = (&self.address.channel, &self.address.conversation);
            let conversation = ConversationRow::lock_external(link, &self.shop, channel, external).await?;
            return conversation.ok_or_else(|| sqlx::Error::RowNotFound.into());
        }
        let conversation = self.fresh(customer);
        episode::begin(link, &conversation, None, self.at).await?;
        Ok(conversation)
    }

    /// As it was just inserted.
    fn fresh(&self, customer_id: CustomerId) -> ConversationRow {
        ConversationRow {
            shop: self.shop.clone(),
            id: self.ids.conversation.clone(),
            address: self.address.clone(),
            customer_id,
            customer: self.customer.clone(),
            state: ConversationState::default(),
            epoch: 0,
            due_at: None,
            first_pending_at: None,
            last_pending_at: None,
            episode: self.ids.episode.clone(),
            turn_seq: 0,
            urgency: Urgency::Normal,
            queue: None,
            flag: None,
            applied_at: None,
            created_at: self.at,
            updated_at: self.at,
            outbox_seq: 0,
            lease: None,
        }
    }
}
