//! `GET /api/v1/events`: one stream for a browser, over all of a person's shops, resumable. A chat that is on their desk
//! comes as the queue shows it; one that left it, as gone.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, StreamExt as _, stream};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::Service;
use super::super::access::{session_cookie, token_hash};
use super::super::problem::Problem;
use super::agents::agents;
use super::item::is_on_desk;
use super::live::{BATCH, Batch, Connected, gather};
use super::promises::open_for;
use super::session::Person;
use crate::domain::{At, SECOND};
use crate::store::{StoreError, StreamPlace};

/// A quiet stream wakes so often to see whether its session still holds.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// The same in milliseconds, for a busy one.
const LOOK_EVERY: i64 = 4 * SECOND;
/// A desk that missed more loads everything anew.
const MISSED: usize = 5_000;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(events))
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
    let not_ready = || Problem::new(StatusCode::SERVICE_UNAVAILABLE, "the stream isn't ready; try again");
    let receiver = service.live.listen().await.ok_or_else(not_ready)?;
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
