//! A conversation as the tables keep it: read as a whole, changed in memory, written back as a whole.

use super::error::StoreError;
use super::link::{Link, Row};
use crate::domain::{
    Address, At, ChannelName, ConversationId, ConversationState, Customer, CustomerId, EpisodeId, ExternalId, NodeId,
    Phase, PrincipalId, QueueName, ShopId, Urgency,
};

/// A stored conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct ConversationRow {
    /// Whose.
    pub shop: ShopId,
    /// Ours.
    pub id: ConversationId,
    /// The platform's.
    pub address: Address,
    /// The customer as we know them over all channels.
    pub customer_id: CustomerId,
    /// Who the platform last said is writing here.
    pub customer: Customer,
    /// Phase, holder and what the bot remembers.
    pub state: ConversationState,
    /// Rises whenever somebody else than a turn moves the conversation; what was decided before is stale then.
    pub epoch: i64,
    /// When undecided messages are to be looked at.
    pub due_at: Option<At>,
    /// When the first undecided message was accepted.
    pub first_pending_at: Option<At>,
    /// When the last undecided message was accepted.
    pub last_pending_at: Option<At>,
    /// The current episode, or the last.
    pub episode: EpisodeId,
    /// Turns so far.
    pub turn_seq: i64,
    /// How soon a person should look, while it waits.
    pub urgency: Urgency,
    /// Whose queue it is in.
    pub queue: Option<QueueName>,
    /// Which of the shop's flags somebody set.
    pub flag: Option<String>,
    /// When the last applied event of the platform happened.
    pub applied_at: Option<At>,
    /// When the first message was accepted.
    pub created_at: At,
    /// When it last changed.
    pub updated_at: At,
    /// Rows of the outbox so far.
    pub(super) outbox_seq: i64,
    /// Which node decides its turn, and until when it may take.
    pub(super) lease: Option<(NodeId, At)>,
}

/// The columns of [`ConversationRow`], before a `WHERE`.
macro_rules! conversation_sql {
    ($rest:literal) => {
        concat!(
            "SELECT c.shop, c.id, c.channel, c.external_id, c.customer, c.customer_external, c.customer_said, c.state, \
             c.epoch, c.due_at, c.first_pending_at, c.last_pending_at, c.lease_node, c.lease_until, c.episode, \
             c.turn_seq, c.outbox_seq, c.urgency, c.queue, c.flag, c.applied_at, c.created_at, c.updated_at \
             FROM conversation c ",
            $rest
        )
    };
    ($more:literal, $rest:literal) => {
        concat!(
            "SELECT c.shop, c.id, c.channel, c.external_id, c.customer, c.customer_external, c.customer_said, c.state, \
             c.epoch, c.due_at, c.first_pending_at, c.last_pending_at, c.lease_node, c.lease_until, c.episode, \
             c.turn_seq, c.outbox_seq, c.urgency, c.queue, c.flag, c.applied_at, c.created_at, c.updated_at, ",
            $more,
            " FROM conversation c ",
            $rest
        )
    };
}
pub(super) use conversation_sql;

impl ConversationRow {
    /// Reads one and keeps other nodes from changing it until the transaction ends.
    pub(super) async fn lock(link: &mut Link, shop: &ShopId, id: &ConversationId) -> Result<Option<Self>, StoreError> {
        let sql = conversation_sql!("WHERE c.shop = $1 AND c.id = $2 {{lock c}}");
        link.row(sql, &[shop.into(), id.into()]).await?.map(|row| Self::read(&row)).transpose()
    }

    /// The same by the platform's id.
    pub(super) async fn lock_external(
        link: &mut Link,
        shop: &ShopId,
        channel: &ChannelName,
        external: &ExternalId,
    ) -> Result<Option<Self>, StoreError> {
        let sql = conversation_sql!("WHERE c.shop = $1 AND c.channel = $2 AND c.external_id = $3 {{lock c}}");
        let row = link.row(sql, &[shop.into(), channel.into(), external.into()]).await?;
        row.map(|row| Self::read(&row)).transpose()
    }

    pub(super) fn read(row: &Row) -> Result<Self, StoreError> {
        let lease_node: Option<NodeId> = row.maybe_id("lease_node")?;
        Ok(Self {
            shop: row.id("shop")?,
            id: row.id("id")?,
            address: Address {
                channel: row.id("channel")?,
                conversation: row.id("external_id")?,
                customer: row.id("customer_external")?,
            },
            customer_id: row.id("customer")?,
            customer: row.json("customer_said")?,
            state: row.json("state")?,
            epoch: row.get("epoch")?,
            due_at: row.maybe_at("due_at")?,
            first_pending_at: row.maybe_at("first_pending_at")?,
            last_pending_at: row.maybe_at("last_pending_at")?,
            episode: row.id("episode")?,
            turn_seq: row.get("turn_seq")?,
            urgency: row.word("urgency", parse_urgency)?,
            queue: row.maybe_id("queue")?,
            flag: row.get("flag")?,
            applied_at: row.maybe_at("applied_at")?,
            created_at: row.at("created_at")?,
            updated_at: row.at("updated_at")?,
            outbox_seq: row.get("outbox_seq")?,
            lease: lease_node.zip(row.maybe_at("lease_until")?),
        })
    }

    /// Writes everything that can change. Phase, holder and waiting time are columns too, so that they can be asked for.
    pub(super) async fn save(&self, link: &mut Link) -> Result<(), StoreError> {
        let (state, said) = (serde_json::to_string(&self.state)?, serde_json::to_string(&self.customer)?);
        let lease = self.lease.as_ref();
        link.execute(
            "UPDATE conversation SET customer = $3, customer_external = $4, customer_said = $5, phase = $6, state = $7, \
             holder = $8, epoch = $9, due_at = $10, first_pending_at = $11, last_pending_at = $12, lease_node = $13, \
             lease_until = $14, episode = $15, turn_seq = $16, outbox_seq = $17, waiting_since = $18, \
             waiting_words = $19, urgency = $20, queue = $21, applied_at = $22, updated_at = $23, flag = $24, \
             unanswered_since = $25 WHERE shop = $1 AND id = $2",
            &[
                (&self.shop).into(),
                (&self.id).into(),
                (&self.customer_id).into(),
                (&self.address.customer).into(),
                (&said).into(),
                self.state.phase.key().into(),
                (&state).into(),
                (&self.state.holder).into(),
                self.epoch.into(),
                self.due_at.into(),
                self.first_pending_at.into(),
                self.last_pending_at.into(),
                lease.map(|(node, _)| node).into(),
                lease.map(|(_, until)| *until).into(),
                (&self.episode).into(),
                self.turn_seq.into(),
                self.outbox_seq.into(),
                self.state.waiting_since.into(),
                i64::from(self.state.waiting_words).into(),
                urgency_key(self.urgency).into(),
                (&self.queue).into(),
                self.applied_at.into(),
                self.updated_at.into(),
                self.flag.as_deref().into(),
                self.state.unanswered_since.into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// Goes to another phase, if that is a legal move. Who holds it and since when it waits follow from the phase.
    pub(super) fn go(&mut self, to: Phase, at: At) -> Result<(), StoreError> {
        let from = self.state.phase;
        if from != to && !from.may_become(to) {
            return Err(StoreError::IllegalMove { from, to });
        }
        self.state.phase = to;
        if to != Phase::Agent {
            self.state.holder = None;
            self.state.held_since = None;
        }
        if to != Phase::Waiting {
            self.state.waiting_since = None;
            self.state.waiting_words = 0;
        } else if from != Phase::Waiting {
            self.state.waiting_since = Some(at);
            self.state.waiting_words = 0;
        }
        self.updated_at = at;
        Ok(())
    }

    /// Makes everything stale that was decided up to now: the turn under way and the bot's queued replies.
    pub(super) fn begin_epoch(&mut self) {
        self.epoch += 1;
        self.lease = None;
    }

    /// A person holds it from now on; what the bot had asked is dropped.
    pub(super) fn hold(&mut self, by: &PrincipalId, at: At) -> Result<(), StoreError> {
        self.go(Phase::Agent, at)?;
        if self.state.holder.as_ref() != Some(by) {
            self.state.held_since = Some(at);
        }
        self.state.holder = Some(by.clone());
        self.state.was_held = true;
        self.state.pending = None;
        self.begin_epoch();
        Ok(())
    }

    /// The bot's words can't reach the customer: a person has to look. Nothing happens where one already does.
    pub(super) fn hand_over_undelivered(&mut self, at: At) -> Result<(), StoreError> {
        if self.state.phase == Phase::Bot {
            self.go(Phase::Waiting, at)?;
            self.begin_epoch();
        }
        Ok(())
    }
}

/// The word in tables.
pub(super) fn urgency_key(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Low => "low",
        Urgency::Normal => "normal",
        Urgency::High => "high",
    }
}

fn parse_urgency(key: &str) -> Option<Urgency> {
    [Urgency::Low, Urgency::Normal, Urgency::High].into_iter().find(|urgency| urgency_key(*urgency) == key)
}
