//! What the desks of a node follow: one task reads the store's events, and each chat that changed once, however many desks
//! look on. `stream.rs` tells each desk of it.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{broadcast, watch};
use tokio_util::sync::CancellationToken;

use super::super::Service;
use super::item::Item;
use crate::domain::{ConversationId, Happening, PrincipalId, ShopId};
use crate::store::{PresenceRow, QueueRow, StoreError, StreamPlace, StreamRow};

/// So often is looked for news.
const TICK: Duration = Duration::from_millis(50);
/// So often is looked who is there, and noted who is connected.
const PEOPLE: Duration = Duration::from_secs(2);
/// Read at once.
pub(super) const BATCH: i64 = 500;
/// The task wakes with its next look.
const WAKES_WITHIN: Duration = Duration::from_secs(5);
/// Batches that a slow desk may lag behind.
const LAG: usize = 256;

/// A chat that changed: as the queue shows it, or gone.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub(super) shop: ShopId,
    pub(super) id: ConversationId,
    pub(super) queued: Option<(Arc<QueueRow>, Item)>,
}

/// What happened since the last look.
#[derive(Clone, Debug, Default)]
pub(super) struct Batch {
    pub(super) place: StreamPlace,
    pub(super) changes: Vec<Change>,
    /// Shops in which a promise was made, kept or passed on.
    pub(super) promises: BTreeSet<ShopId>,
    /// Who is there changed.
    pub(super) people: bool,
}

/// What the desks of this node follow.
pub struct Live {
    sender: broadcast::Sender<Arc<Batch>>,
    /// Whether the task follows: what happens from then on is told.
    awake: watch::Sender<bool>,
    connected: Mutex<HashMap<PrincipalId, usize>>,
}

impl Default for Live {
    fn default() -> Self {
        Self { sender: broadcast::channel(LAG).0, awake: watch::Sender::new(false), connected: Mutex::default() }
    }
}

/// Somebody's desk is connected while this lives.
pub(super) struct Connected {
    live: Arc<Live>,
    person: PrincipalId,
}

impl Connected {
    pub(super) fn new(live: Arc<Live>, person: PrincipalId) -> Self {
        *live.connected().entry(person.clone()).or_default() += 1;
        Self { live, person }
    }
}

impl Drop for Connected {
    fn drop(&mut self) {
        let mut connected = self.live.connected();
        if let Some(desks) = connected.get_mut(&self.person) {
            *desks -= 1;
            if *desks == 0 {
                connected.remove(&self.person);
            }
        }
    }
}

impl Live {
    /// How many desks of a person are connected to this node.
    pub(super) fn desks_of(&self, person: &PrincipalId) -> usize {
        self.connected().get(person).copied().unwrap_or(0)
    }

    /// Waits until the task follows; from then on nothing is missed. `None`: it doesn't come to that.
    pub(super) async fn listen(&self) -> Option<broadcast::Receiver<Arc<Batch>>> {
        let receiver = self.sender.subscribe();
        let mut awake = self.awake.subscribe();
        let waking = tokio::time::timeout(WAKES_WITHIN, awake.wait_for(|awake| *awake)).await;
        waking.is_ok_and(|woken| woken.is_ok()).then_some(receiver)
    }

    fn connected(&self) -> std::sync::MutexGuard<'_, HashMap<PrincipalId, usize>> {
        self.connected.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Follows the store for the desks until it is told to stop. While no desk is connected it rests.
pub async fn follow(service: Service, stop: CancellationToken) {
    let live = service.live.clone();
    let mut hub = Hub { service, place: None, on_desks: BTreeSet::new(), present: Vec::new() };
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut people = tokio::time::interval(PEOPLE);
    loop {
        let batch = tokio::select! {
            () = stop.cancelled() => return,
            _ = tick.tick() => if live.sender.receiver_count() == 0 { hub.rest(); Ok(None) } else { hub.look().await },
            _ = people.tick() => hub.look_at_people(&live).await,
        };
        match batch {
            Ok(Some(batch)) => drop(live.sender.send(Arc::new(batch))),
            Ok(None) => {}
            Err(error) => {
                tracing::error!(%error, "the desks' stream can't be read");
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        }
    }
}

struct Hub {
    service: Service,
    place: Option<StreamPlace>,
    /// Chats that were on some desk when they were last looked at.
    on_desks: BTreeSet<(ShopId, ConversationId)>,
    present: Vec<PresenceRow>,
}

impl Hub {
    fn rest(&mut self) {
        self.service.live.awake.send_replace(false);
        self.place = None;
        self.on_desks.clear();
    }

    async fn look(&mut self) -> Result<Option<Batch>, StoreError> {
        let Some(place) = self.place else {
            self.place = Some(self.service.store.stream_end().await?);
            self.service.live.awake.send_replace(true);
            return Ok(None);
        };
        let rows = self.service.store.stream_after(place, BATCH).await?;
        let Some(last) = rows.last() else { return Ok(None) };
        let place = last.place;
        let batch = gather(&self.service, &rows, Some(&mut self.on_desks)).await?;
        self.place = Some(place);
        let is_news = !(batch.changes.is_empty() && batch.promises.is_empty());
        Ok(is_news.then_some(batch))
    }

    async fn look_at_people(&mut self, live: &Live) -> Result<Option<Batch>, StoreError> {
        let connected: Vec<PrincipalId> = live.connected().keys().cloned().collect();
        if connected.is_empty() {
            return Ok(None);
        }
        let now = self.service.clockwork.now();
        let known = |person: &PrincipalId| self.present.iter().find(|row| row.person == *person);
        let stale = connected.iter().filter(|person| known(person).is_none_or(|row| now.since(row.seen_at) > 10_000));
        let stale: Vec<PrincipalId> = stale.cloned().collect();
        if !stale.is_empty() {
            self.service.store.see_people(stale, now).await?;
        }
        let present = self.service.store.presences(now).await?;
        let shown = |rows: &[PresenceRow]| -> Vec<_> { rows.iter().map(|r| (r.person.clone(), r.presence)).collect() };
        let changed = shown(&present) != shown(&self.present);
        self.present = present;
        Ok(changed.then(|| Batch { place: self.place.unwrap_or_default(), people: true, ..Batch::default() }))
    }
}

/// Reads each chat that the events speak of, once. With `on_desks` chats that were on no desk and aren't now are left out.
pub(super) async fn gather(
    service: &Service,
    rows: &[StreamRow],
    mut on_desks: Option<&mut BTreeSet<(ShopId, ConversationId)>>,
) -> Result<Batch, StoreError> {
    let mut batch = Batch { place: rows.last().map(|row| row.place).unwrap_or_default(), ..Batch::default() };
    let mut seen = BTreeSet::new();
    for row in rows {
        if speaks_of_promises(&row.event.event.what) {
            batch.promises.insert(row.shop.clone());
        }
        let Some(id) = &row.event.conversation else { continue };
        let key = (row.shop.clone(), id.clone());
        if !seen.insert(key.clone()) {
            continue;
        }
        let queued = on_a_desk(service, &row.shop, id).await?;
        if let Some(known) = &mut on_desks {
            let was = if queued.is_some() { !known.insert(key) } else { known.remove(&key) };
            // A desk that came before this task looked may have it all the same; what ends is told in any case.
            let ends = matches!(row.event.event.what, Happening::Closed { .. } | Happening::Released { .. });
            if queued.is_none() && !was && !ends {
                continue;
            }
        }
        batch.changes.push(Change { shop: row.shop.clone(), id: id.clone(), queued });
    }
    Ok(batch)
}

/// The chat, if it waits or is held.
async fn on_a_desk(
    service: &Service,
    shop: &ShopId,
    id: &ConversationId,
) -> Result<Option<(Arc<QueueRow>, Item)>, StoreError> {
    use crate::domain::Phase::{Agent, Waiting};
    let Some(served) = service.shops.get(shop) else { return Ok(None) };
    let row = service.store.conversation(shop, id).await?;
    if !row.is_some_and(|row| matches!(row.state.phase, Waiting | Agent)) {
        return Ok(None);
    }
    let queued = service.store.queued(shop, id).await?;
    let queued = queued.filter(|queued| matches!(queued.row.state.phase, Waiting | Agent));
    Ok(queued.map(|queued| {
        let item = Item::of(&served.engine().playbook, &queued);
        (Arc::new(queued), item)
    }))
}

fn speaks_of_promises(what: &Happening) -> bool {
    use Happening::{PromiseDropped, PromiseKept, PromiseMade, PromiseOverdue, PromisePassed, PromiseReminded};
    matches!(
        what,
        PromiseMade { .. }
            | PromiseKept { .. }
            | PromiseDropped { .. }
            | PromisePassed { .. }
            | PromiseReminded { .. }
            | PromiseOverdue { .. }
    )
}
