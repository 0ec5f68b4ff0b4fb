//! Counts the events up, behind them: reads a stretch of all shops' events, adds them to the episodes they belong to, and
//! keeps those. Every node tries; a batch that another node has kept meanwhile is dropped.
//!
//! On PostgreSQL two transactions of one conversation may stand in the stream the other way round than they happened.
//! An episode of which a later event was counted already is counted anew, from all its events.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::fold::{Open, Tally, is_refund};
use super::turn::TurnPart;
use crate::domain::{ConversationId, CustomerId, EpisodeId, Happening, ShopId, TurnId};
use crate::store::{Committed, EventRow, Store, StoreError, StreamRow, TallyBatch, TallyRow};

/// Read at once.
const STRETCH: i64 = 1_000;
/// So often is looked for news. The more come at once, the less each costs.
const EVERY: Duration = Duration::from_secs(2);

/// Of the definitions: rises with every change of what is counted or of the form in which it is kept.
const EDITION: i64 = 1;

/// Counts the events of a store.
#[derive(Clone, Debug)]
pub struct Follower {
    store: Store,
}

/// An episode that a batch touches, with the last event that is in it.
struct Counted {
    tally: Tally,
    seq: i64,
    /// A stored one is in it that came after one of the batch.
    anew: bool,
}

type Key = (ShopId, EpisodeId);

impl Follower {
    /// Counts for this store.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    /// Counts until it is told to stop.
    pub async fn run(self, stop: CancellationToken) {
        let mut beat = tokio::time::interval(EVERY);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = beat.tick() => {}
            }
            if let Err(error) = self.catch_up(|_| {}).await {
                tracing::error!(%error, "episodes can't be counted");
            }
        }
    }

    /// Counts all that has happened. `went_on` is told after each stretch how many events it held. How many there were.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn catch_up(&self, mut went_on: impl FnMut(usize)) -> Result<usize, StoreError> {
        let mut events = 0;
        loop {
            let from = self.store.tally_place().await?;
            if from.edition > EDITION {
                // A newer program counts here.
                return Ok(events);
            }
            if from.edition < EDITION {
                self.store.forget_tallies(EDITION).await?;
                continue;
            }
            let stretch = self.store.stream_after(from.place, STRETCH).await?;
            let Some(last) = stretch.last() else { return Ok(events) };
            let to = last.place;
            let mut batch = TallyBatch { from, to, rows: Vec::new(), refunds: Vec::new(), merged: Vec::new() };
            let is_last = stretch.len() < usize::try_from(STRETCH).unwrap_or(usize::MAX);
            self.count(&stretch, &mut batch).await?;
            if self.store.keep_tallies(batch).await? == Committed::Done {
                events += stretch.len();
                went_on(stretch.len());
            }
            if is_last {
                return Ok(events);
            }
        }
    }

    /// Throws all figures away and counts them anew.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn rebuild(&self, went_on: impl FnMut(usize)) -> Result<usize, StoreError> {
        self.store.forget_tallies(EDITION).await?;
        self.catch_up(went_on).await
    }

    async fn count(&self, stretch: &[StreamRow], batch: &mut TallyBatch) -> Result<(), StoreError> {
        let mut counted = self.touched(stretch).await?;
        let turns = self.turns(stretch).await?;
        for row in stretch {
            note_for_all(row, batch, &mut counted);
            let Some(key) = key(row) else { continue };
            let Some(conversation) = &row.event.conversation else { continue };
            if let Happening::EpisodeBegan { episode, customer, channel, by } = &row.event.event.what
                && !counted.contains_key(&key)
            {
                let with = match (customer, channel) {
                    (Some(customer), Some(channel)) => Some((customer.clone(), channel.clone())),
                    // Told before it was kept: as it is known now.
                    _ => self.with_whom(&row.shop, conversation).await?,
                };
                let Some(with) = with else { continue };
                let at = row.event.event.at;
                let tally = Tally::begin(episode.clone(), at, conversation.clone(), with, by.clone());
                counted.insert(key, Counted { tally, seq: row.event.seq, anew: false });
                continue;
            }
            let Some(counted) = counted.get_mut(&key) else { continue };
            add(counted, &row.event, &turns, &row.shop);
        }
        for ((shop, _), mut counted) in counted {
            if counted.anew {
                self.anew(&shop, &mut counted).await?;
            }
            batch.rows.push(kept(shop, &counted)?);
        }
        Ok(())
    }

    /// The episodes of a stretch, as far as they were counted before.
    async fn touched(&self, stretch: &[StreamRow]) -> Result<BTreeMap<Key, Counted>, StoreError> {
        let mut named: BTreeMap<&ShopId, Vec<EpisodeId>> = BTreeMap::new();
        for row in stretch {
            let Some(episode) = &row.event.episode else { continue };
            let episodes = named.entry(&row.shop).or_default();
            if episodes.last() != Some(episode) {
                episodes.push(episode.clone());
            }
        }
        let mut counted = BTreeMap::new();
        for (shop, mut episodes) in named {
            episodes.sort();
            episodes.dedup();
            for row in self.store.tallies(shop, &episodes).await? {
                let key = (shop.clone(), row.episode.clone());
                counted.insert(key, Counted { seq: row.seq, anew: false, tally: unpacked(row)? });
            }
        }
        Ok(counted)
    }

    async fn turns(&self, stretch: &[StreamRow]) -> Result<HashMap<(ShopId, TurnId), TurnPart>, StoreError> {
        let mut named: BTreeMap<&ShopId, Vec<TurnId>> = BTreeMap::new();
        for row in stretch {
            if let Happening::TurnDecided { turn, .. } = &row.event.event.what {
                named.entry(&row.shop).or_default().push(turn.clone());
            }
        }
        let mut turns = HashMap::new();
        for (shop, ids) in named {
            let parts = self.store.turn_bodies(shop, &ids).await?;
            turns.extend(parts.into_iter().map(|(id, part)| ((shop.clone(), id), part)));
        }
        Ok(turns)
    }

    async fn with_whom(
        &self,
        shop: &ShopId,
        conversation: &ConversationId,
    ) -> Result<Option<(CustomerId, crate::domain::ChannelName)>, StoreError> {
        let row = self.store.conversation(shop, conversation).await?;
        Ok(row.map(|row| (row.customer_id, row.address.channel)))
    }

    async fn anew(&self, shop: &ShopId, counted: &mut Counted) -> Result<(), StoreError> {
        let facts = &counted.tally.facts;
        let events = self.store.events_of_episode(shop, &facts.conversation, &facts.id).await?;
        let ids: Vec<TurnId> = events.iter().filter_map(|row| turn_of(row).cloned()).collect();
        let turns: HashMap<TurnId, TurnPart> = self.store.turn_bodies(shop, &ids).await?;
        let with = (facts.customer.clone(), facts.channel.clone());
        let (id, conversation, by) = (facts.id.clone(), facts.conversation.clone(), facts.begun_by.clone());
        let mut tally = Tally::begin(id, facts.started, conversation, with, by);
        for row in &events {
            tally.count(row.event.at, &row.event.what, turn_of(row).and_then(|turn| turns.get(turn)));
            counted.seq = counted.seq.max(row.seq);
        }
        counted.tally = tally;
        Ok(())
    }
}

fn key(row: &StreamRow) -> Option<Key> {
    Some((row.shop.clone(), row.event.episode.clone()?))
}

fn turn_of(row: &EventRow) -> Option<&TurnId> {
    match &row.event.what {
        Happening::TurnDecided { turn, .. } => Some(turn),
        _ => None,
    }
}

fn add(counted: &mut Counted, row: &EventRow, turns: &HashMap<(ShopId, TurnId), TurnPart>, shop: &ShopId) {
    if row.seq <= counted.seq {
        counted.anew = true;
        return;
    }
    let turn = turn_of(row).and_then(|turn| turns.get(&(shop.clone(), turn.clone())));
    counted.tally.count(row.event.at, &row.event.what, turn);
    counted.seq = row.seq;
}

/// What concerns more than one episode.
fn note_for_all(row: &StreamRow, batch: &mut TallyBatch, counted: &mut BTreeMap<Key, Counted>) {
    match &row.event.event.what {
        Happening::Merged { from, into } => {
            let theirs = counted.iter_mut().filter(|((shop, _), _)| *shop == row.shop);
            for (_, counted) in theirs.filter(|(_, counted)| counted.tally.facts.customer == *from) {
                counted.tally.facts.customer = into.clone();
            }
            batch.merged.push((row.shop.clone(), from.clone(), into.clone()));
        }
        Happening::OrderUpdated { order, update } if is_refund(update) => {
            batch.refunds.push((row.shop.clone(), order.clone(), row.event.event.at));
        }
        _ => {}
    }
}

fn unpacked(row: TallyRow) -> Result<Tally, StoreError> {
    let mut facts: super::Facts = serde_json::from_str(&row.facts)?;
    (facts.id, facts.customer, facts.started) = (row.episode, row.customer, row.started_at);
    let open: Open = serde_json::from_str(&row.open)?;
    Ok(Tally { facts, open })
}

fn kept(shop: ShopId, counted: &Counted) -> Result<TallyRow, StoreError> {
    let Tally { facts, open } = &counted.tally;
    Ok(TallyRow {
        shop,
        episode: facts.id.clone(),
        started_at: facts.started,
        customer: facts.customer.clone(),
        facts: serde_json::to_string(facts)?,
        open: serde_json::to_string(open)?,
        seq: counted.seq,
    })
}
