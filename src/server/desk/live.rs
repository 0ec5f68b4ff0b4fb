//! `GET /api/v1/events`: one stream for a browser, over all of a person's shops, resumable.
//!
//! One task a node follows the store's events and reads each chat that changed once, however many desks look on. A chat
//! that is on somebody's desk is sent to them as the queue shows it; one that left it, as gone.

use std::collections::{BTreeSet, HashMap};
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, StreamExt as _, stream};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::Service;
use super::super::access::{session_cookie, token_hash};
use super::super::problem::Problem;
use super::item::{Item, is_on_desk};
use super::promises::open_for;
use super::session::Person;
use crate::domain::{At, ConversationId, Happening, PrincipalId, SECOND, ShopId};
use crate::store::{Presence, PresenceRow, QueueRow, StoreError, StreamPlace, StreamRow};

/// So often is looked for news.
const TICK: Duration = Duration::from_millis(50);
/// So often is looked who is there, and noted who is connected.
const PEOPLE: Duration = Duration::from_secs(2);
/// A quiet stream wakes so often to see whether its session still holds.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// The same in milliseconds, for a busy one.
const LOOK_EVERY: i64 = 4 * SECOND;
/// Read at once.
const BATCH: i64 = 500;
/// A desk that missed more loads everything anew.
const MISSED: usize = 5_000;
/// Batches that a slow desk may lag behind.
const LAG: usize = 256;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(events))
}

/// A chat that changed: as the queue shows it, or gone.
#[derive(Clone, Debug)]
struct Change {
    shop: ShopId,
    id: ConversationId,
    queued: Option<(Arc<QueueRow>, Item)>,
}

/// What happened since the last look.
#[derive(Clone, Debug, Default)]
struct Batch {
    place: StreamPlace,
    changes: Vec<Change>,
    /// Shops in which a promise was made, kept or passed on.
    promises: BTreeSet<ShopId>,
    /// Who is there changed.
    people: bool,
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
struct Connected {
    live: Arc<Live>,
    person: PrincipalId,
}

impl Connected {
    fn new(live: Arc<Live>, person: PrincipalId) -> Self {
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
async fn gather(
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

/// Somebody who works in one of my shops.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct AgentView {
    id: String,
    name: String,
    /// online, busy, away or offline.
    state: &'static str,
    /// How many chats they hold, over all shops.
    held: i64,
    shops: Vec<String>,
}

/// The people of my shops who sat at the desk at some time.
pub(super) async fn agents(service: &Service, person: &Person) -> Result<Vec<AgentView>, StoreError> {
    let presences = service.store.presences(service.clockwork.now()).await?;
    let held = service.store.held_chats().await?;
    let mut agents: Vec<AgentView> = Vec::new();
    for place in &person.places {
        for member in service.store.members(&place.shop).await?.into_iter().filter(|member| !member.person.disabled) {
            let id = member.person.id;
            if let Some(known) = agents.iter_mut().find(|agent| agent.id == id.as_str()) {
                known.shops.push(place.shop.to_string());
                continue;
            }
            let presence = presences.iter().find(|row| row.person == id).map_or(Presence::Offline, |row| row.presence);
            agents.push(AgentView {
                held: held.iter().find(|(holder, _)| *holder == id).map_or(0, |(_, n)| *n),
                id: id.to_string(),
                name: member.person.name,
                state: presence.key(),
                shops: vec![place.shop.to_string()],
            });
        }
    }
    Ok(agents)
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct From {
    /// Begin behind this place; the header `Last-Event-ID` comes first. Without both: from now on.
    after: Option<String>,
}

/// What changes on my desk, as it happens.
#[utoipa::path(get, path = "/api/v1/events", tag = "desk", security(("session" = [])), params(From),
    responses((status = 200, description = "text/event-stream"), (status = 401, body = Problem)))]
async fn events(
    State(service): State<Service>,
    person: Person,
    Query(from): Query<From>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let header = headers.get("last-event-id").and_then(|value| value.to_str().ok()).and_then(StreamPlace::parse);
    let after = header.or(from.after.as_deref().and_then(StreamPlace::parse));
    let now = service.clockwork.now();
    service.store.arrive(&person.id, now).await?;
    // Heard from here on; what happened before is read from the store.
    let receiver = service.live.sender.subscribe();
    let mut awake = service.live.awake.subscribe();
    if tokio::time::timeout(Duration::from_secs(5), awake.wait_for(|awake| *awake)).await.is_err() {
        return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "the stream isn't ready; try again"));
    }
    let missed = match after {
        Some(after) => missed(&service, &person, after).await?,
        None => Some(Batch { place: service.store.stream_end().await?, ..Batch::default() }),
    };
    let stop = service.stop.clone();
    let connected = Connected::new(service.live.clone(), person.id.clone());
    let secret = token_hash(session_cookie(&headers).unwrap_or_default());
    let reader = Reader { service, person, secret, looked_at: now, _connected: connected };
    let mut first = reader.told(missed.as_ref()).await;
    if let Some(missed) = &missed {
        // A line cut off before anything happened goes on from here too.
        first.push(Event::default().event("place").data("{}").id(missed.place.to_string()));
    }
    let stream = stream::unfold((reader, receiver), |(mut reader, mut receiver)| async move {
        let heard = tokio::time::timeout(LOOK_AGAIN, receiver.recv()).await;
        if !reader.is_still_allowed().await {
            return None;
        }
        let told = match heard {
            Err(_) => Vec::new(),
            Ok(Ok(batch)) => reader.told(Some(&batch)).await,
            Ok(Err(RecvError::Lagged(_))) => reader.told(None).await,
            Ok(Err(RecvError::Closed)) => return None,
        };
        Some((stream::iter(told), (reader, receiver)))
    });
    let stream = stream::iter(first).chain(stream.flatten()).map(Ok).take_until(stop.cancelled_owned());
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(12))))
}

/// All that happened behind a place; `None`: too much.
async fn missed(service: &Service, person: &Person, mut after: StreamPlace) -> Result<Option<Batch>, StoreError> {
    let mut rows = Vec::new();
    loop {
        let more = service.store.stream_after(after, BATCH).await?;
        let Some(last) = more.last() else { break };
        after = last.place;
        rows.extend(more.into_iter().filter(|row| person.place_in(&row.shop).is_some()));
        if rows.len() > MISSED {
            return Ok(None);
        }
    }
    let mut batch = gather(service, &rows, None).await?;
    batch.place = after;
    batch.people = true;
    Ok(Some(batch))
}

struct Reader {
    service: Service,
    person: Person,
    /// The hash of their session's secret.
    secret: String,
    /// When it was last looked whether the session holds.
    looked_at: At,
    _connected: Connected,
}

impl Reader {
    /// Whether the session still holds, looked up every few seconds; what the person may see is as it is then.
    async fn is_still_allowed(&mut self) -> bool {
        let now = self.service.clockwork.now();
        if now.since(self.looked_at) < LOOK_EVERY {
            return true;
        }
        self.looked_at = now;
        let store = &self.service.store;
        let Ok(Some(session)) = store.find_session(&self.secret, now).await else { return false };
        let Ok(Some(person)) = Person::find(&self.service, &session.principal).await else { return false };
        self.person = person;
        true
    }

    /// A batch as this person is to hear of it; without one they load everything anew.
    async fn told(&self, batch: Option<&Batch>) -> Vec<Event> {
        let Some(batch) = batch else { return vec![Event::default().event("reset").data("{}")] };
        let mut told = vec![];
        if let Some(items) = self.items(batch) {
            told.push(Event::default().event("items").data(items.to_string()));
        }
        if batch.promises.iter().any(|shop| self.person.place_in(shop).is_some())
            && let Ok(promises) = open_for(&self.service, &self.person).await
        {
            told.push(Event::default().event("promises").data(json!({ "promises": promises }).to_string()));
        }
        if batch.people
            && let Ok(agents) = agents(&self.service, &self.person).await
        {
            told.push(Event::default().event("people").data(json!({ "agents": agents }).to_string()));
        }
        // The last of a batch carries the place: a line cut off in the middle is told anew from before it.
        if let Some(last) = told.pop() {
            told.push(last.id(batch.place.to_string()));
        }
        told
    }

    fn items(&self, batch: &Batch) -> Option<Value> {
        let (mut items, mut gone) = (Vec::new(), Vec::new());
        for change in &batch.changes {
            let Some(place) = self.person.place_in(&change.shop) else { continue };
            match &change.queued {
                Some((queued, item)) if is_on_desk(queued, &self.person) => {
                    let item = item.clone();
                    items.push(if place.outsourced { item.masked() } else { item });
                }
                _ => gone.push(json!({ "shop": change.shop, "id": change.id })),
            }
        }
        let is_news = !(items.is_empty() && gone.is_empty());
        is_news.then(|| json!({ "items": items, "gone": gone }))
    }
}
