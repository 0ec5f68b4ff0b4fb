//! What reports read of each episode. It is counted up from the events, behind them, by whichever node comes first; a
//! rebuild gives the same.

use std::collections::HashMap;

use serde::de::DeserializeOwned;

use super::Store;
use super::commit::Committed;
use super::error::StoreError;
use super::link::{Link, Row};
use super::stream::StreamPlace;
use super::writer::Write;
use crate::domain::{At, CustomerId, EpisodeId, OrderNumber, ShopId, TurnId};

/// An episode's figures, as far as they are counted. What the texts hold is for the room that counts.
#[derive(Clone, Debug, PartialEq)]
pub struct TallyRow {
    /// Whose.
    pub shop: ShopId,
    /// Which.
    pub episode: EpisodeId,
    /// When it began.
    pub started_at: At,
    /// With whom; rewritten when two customers turn out to be one.
    pub customer: CustomerId,
    /// What the rates are counted from.
    pub facts: String,
    /// What is needed to go on counting.
    pub open: String,
    /// The last event that is in it.
    pub seq: i64,
}

/// How far the events are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TallyPlace {
    /// The last event that was looked at.
    pub place: StreamPlace,
    /// How many batches were kept; rises.
    pub batch: i64,
    /// By which edition of the definitions.
    pub edition: i64,
}

/// What a batch of events came to.
#[derive(Clone, Debug)]
pub struct TallyBatch {
    /// Where it began.
    pub from: TallyPlace,
    /// The last event in it.
    pub to: StreamPlace,
    /// The episodes it touched, as they are now.
    pub rows: Vec<TallyRow>,
    /// Orders whose money went back.
    pub refunds: Vec<(ShopId, OrderNumber, At)>,
    /// Customers who turned out to be others: who is no more, and who stays.
    pub merged: Vec<(ShopId, CustomerId, CustomerId)>,
}

impl Write for TallyBatch {
    type Answer = Committed;

    async fn run(&self, link: &mut Link) -> Result<Committed, StoreError> {
        let batch = self.from.batch + 1;
        let sql = "UPDATE tally_place SET tx = $1, seq = $2, batch = $3 WHERE only_one = 1 AND batch = $4";
        let values = [self.to.tx.into(), self.to.seq.into(), batch.into(), self.from.batch.into()];
        if link.execute(sql, &values).await? == 0 {
            // Another node was first.
            return Ok(Committed::Stale);
        }
        for (shop, from, into) in &self.merged {
            let sql = "UPDATE tally SET customer = $3, batch = $4 WHERE customer = $2 AND shop = $1";
            link.execute(sql, &[shop.into(), from.into(), into.into(), batch.into()]).await?;
        }
        for row in &self.rows {
            keep(link, row, batch).await?;
        }
        for (shop, number, at) in &self.refunds {
            let sql = "INSERT INTO tally_refund (shop, number, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
            link.execute(sql, &[shop.into(), number.into(), (*at).into()]).await?;
        }
        Ok(Committed::Done)
    }
}

async fn keep(link: &mut Link, row: &TallyRow, batch: i64) -> Result<(), StoreError> {
    link.execute(
        "INSERT INTO tally (shop, episode, started_at, customer, facts, open, seq, batch) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (shop, episode) DO UPDATE SET \
         customer = excluded.customer, facts = excluded.facts, open = excluded.open, seq = excluded.seq, \
         batch = excluded.batch",
        &[
            (&row.shop).into(),
            (&row.episode).into(),
            row.started_at.into(),
            (&row.customer).into(),
            (&row.facts).into(),
            (&row.open).into(),
            row.seq.into(),
            batch.into(),
        ],
    )
    .await?;
    Ok(())
}

struct Forget {
    edition: i64,
}

impl Write for Forget {
    type Answer = ();

    async fn run(&self, link: &mut Link) -> Result<(), StoreError> {
        link.execute("DELETE FROM tally", &[]).await?;
        link.execute("DELETE FROM tally_refund", &[]).await?;
        // The batches go on rising: who has read some of them reads all of them again.
        let sql = "UPDATE tally_place SET tx = 0, seq = 0, batch = batch + 1, edition = $1";
        link.execute(sql, &[self.edition.into()]).await?;
        Ok(())
    }
}

impl Store {
    /// How far the events are counted.
    pub async fn tally_place(&self) -> Result<TallyPlace, StoreError> {
        let row =
            self.read().await?.row("SELECT tx, seq, batch, edition FROM tally_place WHERE only_one = 1", &[]).await?;
        let row = row.ok_or_else(|| StoreError::from(sqlx::Error::RowNotFound))?;
        let place = StreamPlace { tx: row.get("tx")?, seq: row.get("seq")? };
        Ok(TallyPlace { place, batch: row.get("batch")?, edition: row.get("edition")? })
    }

    /// Keeps what a batch of events came to, if nobody counted them meanwhile.
    pub async fn keep_tallies(&self, batch: TallyBatch) -> Result<Committed, StoreError> {
        self.write(batch).await
    }

    /// Throws all figures away; they are counted anew from the first event, by this edition of the definitions.
    pub async fn forget_tallies(&self, edition: i64) -> Result<(), StoreError> {
        self.write(Forget { edition }).await
    }

    /// The figures of some episodes of a shop, as far as there are any.
    pub async fn tallies(&self, shop: &ShopId, episodes: &[EpisodeId]) -> Result<Vec<TallyRow>, StoreError> {
        let sql = "SELECT episode, started_at, customer, facts, open, seq FROM tally WHERE shop = $1 \
                   AND episode IN ({{listed $2}})";
        let listed = serde_json::to_string(episodes)?;
        let rows = self.read().await?.rows(sql, &[shop.into(), (&listed).into()]).await?;
        rows.iter().map(|row| read(shop, row)).collect()
    }

    /// The figures of a shop's episodes that began from `from` until before `to`, in lines of: episode, customer, start,
    /// facts, parted by tabs. Each text holds many of them.
    pub async fn tally_lines(&self, shop: &ShopId, (from, to): (At, At)) -> Result<Vec<String>, StoreError> {
        // Put together by the database: a row each costs more than its text.
        let sql = "SELECT STRING_AGG(episode || {{tab}} || customer || {{tab}} || CAST(started_at AS TEXT) || {{tab}} \
                   || facts, {{newline}}) AS lines FROM tally WHERE shop = $1 AND started_at >= $2 AND started_at < $3 \
                   GROUP BY started_at / 14400000";
        let rows = self.read().await?.rows(sql, &[shop.into(), from.into(), to.into()]).await?;
        rows.iter().map(|row| row.get("lines")).collect()
    }

    /// The same of those that were written after a batch, whenever they began.
    pub async fn tally_changes(&self, shop: &ShopId, after_batch: i64) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT episode || {{tab}} || customer || {{tab}} || CAST(started_at AS TEXT) || {{tab}} || facts \
                   AS lines FROM tally WHERE shop = $1 AND batch > $2";
        let rows = self.read().await?.rows(sql, &[shop.into(), after_batch.into()]).await?;
        rows.iter().map(|row| row.get("lines")).collect()
    }

    /// When a shop's first episode began that is counted.
    pub async fn first_tally(&self, shop: &ShopId) -> Result<Option<At>, StoreError> {
        let sql = "SELECT MIN(started_at) AS at FROM tally WHERE shop = $1";
        let row = self.read().await?.row(sql, &[shop.into()]).await?;
        row.map_or(Ok(None), |row| row.maybe_at("at"))
    }

    /// Orders of a shop whose money went back from `from` until before `to`, and when.
    pub async fn refunds(&self, shop: &ShopId, (from, to): (At, At)) -> Result<Vec<(OrderNumber, At)>, StoreError> {
        let sql = "SELECT number, at FROM tally_refund WHERE shop = $1 AND at >= $2 AND at < $3";
        let rows = self.read().await?.rows(sql, &[shop.into(), from.into(), to.into()]).await?;
        rows.iter().map(|row| Ok((row.id("number")?, row.at("at")?))).collect()
    }

    /// Some turns of a shop, as much of each as the caller reads.
    pub async fn turn_bodies<T: DeserializeOwned>(
        &self,
        shop: &ShopId,
        turns: &[TurnId],
    ) -> Result<HashMap<TurnId, T>, StoreError> {
        let sql = "SELECT id, body FROM turn WHERE shop = $1 AND id IN ({{listed $2}})";
        let listed = serde_json::to_string(turns)?;
        let rows = self.read().await?.rows(sql, &[shop.into(), (&listed).into()]).await?;
        rows.iter().map(|row| Ok((row.id("id")?, row.json("body")?))).collect()
    }
}

fn read(shop: &ShopId, row: &Row) -> Result<TallyRow, StoreError> {
    Ok(TallyRow {
        shop: shop.clone(),
        episode: row.id("episode")?,
        started_at: row.at("started_at")?,
        customer: row.id("customer")?,
        facts: row.get("facts")?,
        open: row.get("open")?,
        seq: row.get("seq")?,
    })
}
