//! Episodes: each begins with a customer's message, or with a person of the shop who writes first.

use super::Store;
use super::conversation::ConversationRow;
use super::error::StoreError;
use super::event::{self, EventRow, Place, read};
use super::link::Link;
use super::writer::Write;
use crate::domain::{
    At, ConversationId, Customer, EpisodeId, Event, Happening, Message, Phase, PrincipalId, ShopId, TurnId,
};

/// Begins the episode that the conversation names.
pub(super) async fn begin(
    link: &mut Link,
    conversation: &ConversationRow,
    by: Option<&PrincipalId>,
    at: At,
) -> Result<(), StoreError> {
    link.execute(
        "INSERT INTO episode (shop, id, conversation, started_at) VALUES ($1, $2, $3, $4)",
        &[(&conversation.shop).into(), (&conversation.episode).into(), (&conversation.id).into(), at.into()],
    )
    .await?;
    let began = Happening::EpisodeBegan {
        episode: conversation.episode.clone(),
        customer: Some(conversation.customer_id.clone()),
        channel: Some(conversation.address.channel.clone()),
        by: by.cloned(),
    };
    event::note(link, conversation.place(), at, began).await
}

/// A person moves in a closed chat: that is an episode of its own, so that what was over stays as it was. Nothing happens
/// in one that isn't closed. Doesn't save.
pub(super) async fn begin_by_person(
    link: &mut Link,
    conversation: &mut ConversationRow,
    by: &PrincipalId,
    at: At,
) -> Result<(), StoreError> {
    if conversation.state.phase != Phase::Closed {
        return Ok(());
    }
    conversation.state = conversation.state.next_episode();
    conversation.state.phase = Phase::Closed;
    // One a move, and no clock to ask: the epoch rises with every move.
    conversation.episode = EpisodeId::from(format!("{}.{}", conversation.id, conversation.epoch));
    begin(link, conversation, Some(by), at).await
}

/// The episode of a conversation that went on at an instant.
pub(super) async fn at(
    link: &mut Link,
    conversation: &ConversationRow,
    at: At,
) -> Result<Option<EpisodeId>, StoreError> {
    let sql = "SELECT id FROM episode WHERE shop = $1 AND conversation = $2 AND started_at <= $3 \
               ORDER BY started_at DESC LIMIT 1";
    let values = [(&conversation.shop).into(), (&conversation.id).into(), at.into()];
    link.row(sql, &values).await?.map(|row| row.id("id")).transpose()
}

struct Remark {
    shop: ShopId,
    episode: EpisodeId,
    events: Vec<Event>,
}

impl Write for Remark {
    type Answer = bool;

    async fn run(&self, link: &mut Link) -> Result<bool, StoreError> {
        let sql = "SELECT conversation FROM episode WHERE shop = $1 AND id = $2";
        let Some(row) = link.row(sql, &[(&self.shop).into(), (&self.episode).into()]).await? else { return Ok(false) };
        let conversation: ConversationId = row.id("conversation")?;
        let place = Place { shop: &self.shop, conversation: Some(&conversation), episode: Some(&self.episode) };
        for event in &self.events {
            event::append(link, place, event).await?;
        }
        Ok(true)
    }
}

impl Store {
    /// Notes what is said of an episode afterwards, whatever its conversation does meanwhile. False: there is none.
    pub async fn remark(&self, shop: &ShopId, episode: &EpisodeId, events: Vec<Event>) -> Result<bool, StoreError> {
        self.write(Remark { shop: shop.clone(), episode: episode.clone(), events }).await
    }

    /// The conversation that an episode is part of.
    pub async fn conversation_of_episode(
        &self,
        shop: &ShopId,
        episode: &EpisodeId,
    ) -> Result<Option<ConversationId>, StoreError> {
        let sql = "SELECT conversation FROM episode WHERE shop = $1 AND id = $2";
        let row = self.read().await?.row(sql, &[shop.into(), episode.into()]).await?;
        row.map(|row| row.id("conversation")).transpose()
    }

    /// The episode that a turn is part of.
    pub async fn episode_of_turn(&self, shop: &ShopId, turn: &TurnId) -> Result<Option<EpisodeId>, StoreError> {
        let sql = "SELECT episode FROM turn WHERE shop = $1 AND id = $2";
        let row = self.read().await?.row(sql, &[shop.into(), turn.into()]).await?;
        row.map(|row| row.id("episode")).transpose()
    }

    /// Who a conversation is with, and what they wrote first from an instant on.
    pub async fn opening(
        &self,
        shop: &ShopId,
        conversation: &ConversationId,
        from: At,
    ) -> Result<Option<(Option<String>, String)>, StoreError> {
        let sql = "SELECT c.customer_said, (SELECT i.body FROM inbound i WHERE i.shop = c.shop \
                   AND i.conversation = c.id AND i.kind = 'message' AND i.received_at >= $3 \
                   ORDER BY i.sent_at, i.received_at, i.id LIMIT 1) AS first \
                   FROM conversation c WHERE c.shop = $1 AND c.id = $2";
        let row = self.read().await?.row(sql, &[shop.into(), conversation.into(), from.into()]).await?;
        let Some(row) = row else { return Ok(None) };
        let who: Customer = row.json("customer_said")?;
        let first: Option<String> = row.get("first")?;
        let words = first.map(|first| serde_json::from_str::<Message>(&first)).transpose()?;
        Ok(Some((who.name, words.map(|message| message.text).unwrap_or_default())))
    }

    /// All that happened in an episode, in the order of its happening.
    pub async fn events_of_episode(
        &self,
        shop: &ShopId,
        conversation: &ConversationId,
        episode: &EpisodeId,
    ) -> Result<Vec<EventRow>, StoreError> {
        let sql = "SELECT seq, conversation, episode, body FROM event WHERE shop = $1 AND conversation = $2 \
                   AND episode = $3 AND {{settled}} ORDER BY seq";
        let rows = self.read().await?.rows(sql, &[shop.into(), conversation.into(), episode.into()]).await?;
        rows.iter().map(read).collect()
    }
}
