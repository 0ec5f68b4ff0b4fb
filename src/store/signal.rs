//! A platform's other events: stored once like messages, and applied if nothing newer was.

use serde::{Deserialize, Serialize};

use super::Store;
use super::accept::Acceptance;
use super::conversation::ConversationRow;
use super::desk;
use super::error::StoreError;
use super::event;
use super::link::Link;
use super::outbox::{ReplyRow, ReplyState, reply_sql};
use super::send::mark_sent;
use super::takeover;
use super::writer::Write;
use crate::classify::{asks_back, asks_for_order};
use crate::domain::{
    At, ChannelName, ExternalId, Happening, MessageId, OrderNumber, Phase, PrincipalId, ReplyKey, ShopId,
};

/// Something else than a customer's message that a platform told us.
#[derive(Clone, Debug)]
pub struct Signal {
    /// To which shop.
    pub shop: ShopId,
    /// Through which channel.
    pub channel: ChannelName,
    /// The platform's name for it, such as `message.agent_sent`; part of what it is recognised by.
    pub kind: String,
    /// The platform's id of it.
    pub external_id: ExternalId,
    /// Ours, to store it under.
    pub id: MessageId,
    /// In which conversation of the platform, if in one.
    pub conversation: Option<ExternalId>,
    /// When it happened, by the platform's clock.
    pub occurred_at: At,
    /// When it was received.
    pub at: At,
    /// What happened.
    pub what: SignalKind,
}

/// What a platform can tell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum SignalKind {
    /// Somebody replied on the platform. Takes the chat over, unless it is the platform's own automatic reply or the
    /// echo of ours.
    AgentSent {
        /// The platform's id of the person.
        agent: PrincipalId,
        /// What was said.
        text: String,
        /// Said by the platform itself.
        automatic: bool,
        /// The key of the reply of ours that this echoes.
        reply_key: Option<ReplyKey>,
    },
    /// The customer took a message back.
    Recalled {
        /// The platform's id of it.
        message: ExternalId,
    },
    /// The platform gave the chat to a person.
    Assigned {
        /// The platform's id of the person.
        agent: PrincipalId,
    },
    /// The platform gave the chat back.
    Released,
    /// The chat is over.
    Closed {
        /// customer, agent, bot or idle.
        by: String,
    },
    /// The customer rated the service.
    Rated {
        /// 1 to 5.
        rating: u8,
    },
    /// News of an order.
    OrderUpdated {
        /// Which.
        number: OrderNumber,
        /// As it was told.
        update: serde_json::Value,
    },
}

impl SignalKind {
    /// Whether it says who holds the chat. Of these only the newest counts; a rating that comes late still counts.
    fn moves(&self) -> bool {
        matches!(self, Self::AgentSent { .. } | Self::Assigned { .. } | Self::Released | Self::Closed { .. })
    }
}

impl Store {
    /// Stores an event of a platform and applies it.
    pub async fn apply_signal(&self, signal: Signal) -> Result<Acceptance, StoreError> {
        self.write_first(signal).await
    }
}

impl Write for Signal {
    type Answer = Acceptance;

    async fn run(&self, link: &mut Link) -> Result<Acceptance, StoreError> {
        let mut conversation = match &self.conversation {
            Some(external) => ConversationRow::lock_external(link, &self.shop, &self.channel, external).await?,
            None => None,
        };
        if !self.insert(link, conversation.as_ref()).await? {
            return Ok(Acceptance::Duplicate);
        }
        if let SignalKind::OrderUpdated { number, update } = &self.what {
            self.update_order(link, conversation.as_ref(), number, update).await?;
        }
        let Some(conversation) = &mut conversation else { return Ok(Acceptance::Kept) };
        if self.what.moves() {
            if conversation.applied_at.is_some_and(|applied| self.occurred_at < applied) {
                return Ok(Acceptance::Kept);
            }
            conversation.applied_at = Some(self.occurred_at);
        }
        self.apply(link, conversation).await?;
        conversation.save(link).await?;
        Ok(Acceptance::Accepted { conversation: conversation.id.clone() })
    }
}

impl Signal {
    async fn insert(&self, link: &mut Link, conversation: Option<&ConversationRow>) -> Result<bool, StoreError> {
        let body = serde_json::to_string(&self.what)?;
        let rows = link
            .execute(
                "INSERT INTO inbound (shop, channel, kind, external_id, id, conversation, body, received_at, sent_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (shop, channel, kind, external_id) DO NOTHING",
                &[
                    (&self.shop).into(),
                    (&self.channel).into(),
                    (&self.kind).into(),
                    (&self.external_id).into(),
                    (&self.id).into(),
                    conversation.map(|conversation| &conversation.id).into(),
                    (&body).into(),
                    self.at.into(),
                    self.occurred_at.into(),
                ],
            )
            .await?;
        Ok(rows > 0)
    }

    async fn update_order(
        &self,
        link: &mut Link,
        conversation: Option<&ConversationRow>,
        number: &OrderNumber,
        update: &serde_json::Value,
    ) -> Result<(), StoreError> {
        link.execute(
            "INSERT INTO order_update (shop, number, occurred_at, body) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            &[(&self.shop).into(), number.into(), self.occurred_at.into(), (&update.to_string()).into()],
        )
        .await?;
        let updated = Happening::OrderUpdated { order: number.clone(), update: update.clone() };
        let nowhere = event::Place { shop: &self.shop, conversation: None, episode: None };
        event::note(link, conversation.map_or(nowhere, ConversationRow::place), self.at, updated).await
    }

    async fn apply(&self, link: &mut Link, conversation: &mut ConversationRow) -> Result<(), StoreError> {
        let happening = match &self.what {
            SignalKind::AgentSent { agent, text, automatic, reply_key } => {
                if let Some(ours) = self.echoed(link, reply_key.as_ref()).await? {
                    if matches!(ours.state, ReplyState::Sending | ReplyState::Unknown) {
                        mark_sent(link, &ours, self.at).await?;
                    }
                    return Ok(());
                }
                if *automatic {
                    return Ok(());
                }
                takeover::hold(link, conversation, agent, self.at).await?;
                conversation.state.person_asked = asks_back(text);
                conversation.state.answer(self.at);
                Happening::PersonReplied {
                    by: agent.clone(),
                    reply: None,
                    suggestion: None,
                    edit_share: None,
                    script: None,
                    passive: false,
                    asks_order: asks_for_order(text),
                }
            }
            SignalKind::Assigned { agent } => return takeover::hold(link, conversation, agent, self.at).await,
            SignalKind::Released => {
                let by = conversation.state.holder.clone().unwrap_or_else(|| "platform".into());
                return match conversation.state.phase {
                    Phase::Closed => Ok(()),
                    _ => desk::release(link, conversation, &by, self.at).await,
                };
            }
            SignalKind::Closed { by } => {
                return match conversation.state.phase {
                    Phase::Closed => Ok(()),
                    _ => desk::close(link, conversation, by, None, self.at).await,
                };
            }
            SignalKind::Recalled { message } => Happening::Recalled { message: message.to_string() },
            SignalKind::Rated { rating } => Happening::Rated { rating: *rating },
            SignalKind::OrderUpdated { .. } => return Ok(()),
        };
        event::note(link, conversation.place(), self.at, happening).await
    }

    /// The reply of ours that this is the echo of.
    async fn echoed(&self, link: &mut Link, key: Option<&ReplyKey>) -> Result<Option<ReplyRow>, StoreError> {
        let Some(key) = key else { return Ok(None) };
        let sql = reply_sql!("FROM outbox o WHERE o.shop = $1 AND o.key = $2");
        let row = link.row(sql, &[(&self.shop).into(), key.into()]).await?;
        row.map(|row| ReplyRow::read(&row)).transpose()
    }
}
