//! All shops' events in the order in which a reader who resumes misses none: what the desks' streams follow together.

use super::Store;
use super::error::StoreError;
use super::event::{EventRow, read};
use crate::domain::ShopId;

/// A place in the stream. Its text resumes there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct StreamPlace {
    pub(super) tx: i64,
    pub(super) seq: i64,
}

impl std::fmt::Display for StreamPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.tx, self.seq)
    }
}

impl StreamPlace {
    /// Reads what [`std::fmt::Display`] wrote.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (tx, seq) = text.split_once('-')?;
        Some(Self { tx: tx.parse().ok()?, seq: seq.parse().ok()? })
    }
}

/// An event of any shop.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamRow {
    /// Where it stands.
    pub place: StreamPlace,
    /// Whose.
    pub shop: ShopId,
    /// What happened.
    pub event: EventRow,
}

impl Store {
    /// The place behind the last event that shows.
    pub async fn stream_end(&self) -> Result<StreamPlace, StoreError> {
        let sql = "SELECT tx, seq FROM event WHERE {{settled}} ORDER BY tx DESC, seq DESC LIMIT 1";
        let row = self.read().await?.row(sql, &[]).await?;
        row.map_or(Ok(StreamPlace::default()), |row| Ok(StreamPlace { tx: row.get("tx")?, seq: row.get("seq")? }))
    }

    /// What happened behind a place, `limit` events at most.
    pub async fn stream_after(&self, place: StreamPlace, limit: i64) -> Result<Vec<StreamRow>, StoreError> {
        let sql = "SELECT tx, seq, shop, conversation, episode, body FROM event WHERE {{settled}} \
                   AND (tx, seq) > ($1, $2) ORDER BY tx, seq LIMIT $3";
        let rows = self.read().await?.rows(sql, &[place.tx.into(), place.seq.into(), limit.into()]).await?;
        rows.iter()
            .map(|row| {
                let place = StreamPlace { tx: row.get("tx")?, seq: row.get("seq")? };
                Ok(StreamRow { place, shop: row.id("shop")?, event: read(row)? })
            })
            .collect()
    }
}
