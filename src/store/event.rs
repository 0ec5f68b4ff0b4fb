//! Events: appended, and read in an order in which none is missed.

use super::Store;
use super::error::StoreError;
use super::link::{Link, Row};
use super::writer::Write;
use crate::domain::{ConversationId, EpisodeId, Event, Happening, ShopId};

/// An event with its place in the shop's stream.
#[derive(Clone, Debug, PartialEq)]
pub struct EventRow {
    /// What a reader resumes after.
    pub seq: i64,
    /// In which conversation, if in one.
    pub conversation: Option<ConversationId>,
    /// In which episode, if in one.
    pub episode: Option<EpisodeId>,
    /// What happened.
    pub event: Event,
}

/// Where an event belongs.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) shop: &'a ShopId,
    pub(super) conversation: Option<&'a ConversationId>,
    pub(super) episode: Option<&'a EpisodeId>,
}

impl super::ConversationRow {
    pub(super) fn place(&self) -> Place<'_> {
        Place { shop: &self.shop, conversation: Some(&self.id), episode: Some(&self.episode) }
    }
}

pub(super) async fn append(link: &mut Link, place: Place<'_>, event: &Event) -> Result<(), StoreError> {
    let body = serde_json::to_value(event)?;
    let kind = body.get("type").and_then(serde_json::Value::as_str).unwrap_or_default();
    link.execute(
        "INSERT INTO event (shop, conversation, episode, at, type, body) VALUES ($1, $2, $3, $4, $5, $6)",
        &[
            place.shop.into(),
            place.conversation.into(),
            place.episode.into(),
            event.at.into(),
            kind.into(),
            (&body.to_string()).into(),
        ],
    )
    .await?;
    Ok(())
}

/// Appends what happened at a point in time.
pub(super) async fn note(
    link: &mut Link,
    place: Place<'_>,
    at: crate::domain::At,
    what: Happening,
) -> Result<(), StoreError> {
    append(link, place, &Event { at, what }).await
}

struct Append {
    shop: ShopId,
    conversation: Option<ConversationId>,
    events: Vec<Event>,
}

impl Write for Append {
    type Answer = ();

    async fn run(&self, link: &mut Link) -> Result<(), StoreError> {
        let mut episode: Option<EpisodeId> = None;
        if let Some(id) = &self.conversation {
            let sql = "SELECT episode FROM conversation WHERE shop = $1 AND id = $2";
            let row = link.row(sql, &[(&self.shop).into(), id.into()]).await?;
            episode = row.map(|row| row.id("episode")).transpose()?;
        }
        let place = Place { shop: &self.shop, conversation: self.conversation.as_ref(), episode: episode.as_ref() };
        for event in &self.events {
            append(link, place, event).await?;
        }
        Ok(())
    }
}

impl Store {
    /// Appends what happened, in a conversation or in the shop.
    pub async fn append_events(
        &self,
        shop: &ShopId,
        conversation: Option<&ConversationId>,
        events: Vec<Event>,
    ) -> Result<(), StoreError> {
        self.write(Append { shop: shop.clone(), conversation: conversation.cloned(), events }).await
    }

    /// A shop's events after the one numbered `seq` (0: from the first), in the order in which a reader who resumes
    /// after each misses none. On PostgreSQL an event shows once no older transaction runs; numbers need not rise.
    pub async fn events_after(&self, shop: &ShopId, seq: i64, limit: i64) -> Result<Vec<EventRow>, StoreError> {
        let mut link = self.read().await?;
        // If the event itself is gone, the last one before it marks the place.
        let rows = link
            .rows(
                "SELECT seq, conversation, episode, body FROM event WHERE shop = $1 AND {{settled}} \
                 AND (tx, seq) > (COALESCE((SELECT b.tx FROM event b WHERE b.shop = $1 AND b.seq <= $2 \
                 ORDER BY b.seq DESC LIMIT 1), 0), $2) ORDER BY tx, seq LIMIT $3",
                &[shop.into(), seq.into(), limit.into()],
            )
            .await?;
        rows.iter().map(read).collect()
    }

    /// All events of a conversation, in the order of their numbers.
    pub async fn events(&self, shop: &ShopId, conversation: &ConversationId) -> Result<Vec<EventRow>, StoreError> {
        let rows = self
            .read()
            .await?
            .rows(
                "SELECT seq, conversation, episode, body FROM event WHERE shop = $1 AND conversation = $2 ORDER BY seq",
                &[shop.into(), conversation.into()],
            )
            .await?;
        rows.iter().map(read).collect()
    }

    /// The events of one kind in a conversation.
    pub async fn events_of(
        &self,
        shop: &ShopId,
        conversation: &ConversationId,
        kind: &str,
    ) -> Result<Vec<EventRow>, StoreError> {
        let sql = "SELECT seq, conversation, episode, body FROM event WHERE shop = $1 AND conversation = $2 \
                   AND type = $3 ORDER BY seq";
        let rows = self.read().await?.rows(sql, &[shop.into(), conversation.into(), kind.into()]).await?;
        rows.iter().map(read).collect()
    }

    /// The number of the last event that [`Store::events_after`] would give; 0 if there is none.
    pub async fn last_event_seq(&self, shop: &ShopId) -> Result<i64, StoreError> {
        let sql = "SELECT seq FROM event WHERE shop = $1 AND {{settled}} ORDER BY tx DESC, seq DESC LIMIT 1";
        self.read().await?.row(sql, &[shop.into()]).await?.map_or(Ok(0), |row| row.get("seq"))
    }
}

pub(super) fn read(row: &Row) -> Result<EventRow, StoreError> {
    Ok(EventRow {
        seq: row.get("seq")?,
        conversation: row.maybe_id("conversation")?,
        episode: row.maybe_id("episode")?,
        event: row.json("body")?,
    })
}
