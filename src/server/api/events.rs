//! `GET /events`: what happens in a shop, as server-sent events, resumable.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, StreamExt as _, stream};
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::Service;
use super::super::access::Caller;
use super::super::problem::Problem;
use crate::domain::{Role, ShopId};

const LOOK_AGAIN: Duration = Duration::from_millis(200);
const AT_ONCE: i64 = 200;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(events))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct From {
    /// Begin after this event; the header `Last-Event-ID` comes first. Without both: from now on.
    after: Option<i64>,
}

/// What happens in the shop from now on, or from where the client left off.
#[utoipa::path(get, path = "/api/v1/shops/{shop}/events", tag = "events", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), From), responses((status = 200, description = "text/event-stream"), (status = 401, body = Problem)))]
async fn events(
    State(service): State<Service>,
    caller: Caller,
    Query(from): Query<From>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    // The whole record of a shop, private phrases and phones with it: for its programs and its leads.
    if caller.outsourced || caller.by_session && !caller.role.is_at_least(Role::Lead) {
        return Err(Problem::new(StatusCode::FORBIDDEN, "the desk's own stream is /api/v1/events"));
    }
    let header = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok());
    let after = match header.or(from.after) {
        Some(after) => after,
        None => service.store.last_event_seq(&caller.shop).await?,
    };
    let stop = service.stop.clone();
    let stream = follow(service, caller.shop, after).take_until(stop.cancelled_owned());
    Ok(Sse::new(stream).keep_alive(KeepAlive::default()))
}

fn follow(service: Service, shop: ShopId, after: i64) -> impl Stream<Item = Result<Event, Infallible>> {
    let batches = stream::unfold((service, shop, after), |(service, shop, mut after)| async move {
        loop {
            let rows = service.store.events_after(&shop, after, AT_ONCE).await.unwrap_or_default();
            if let Some(last) = rows.last() {
                after = last.seq;
                let shown = rows.into_iter().map(|row| {
                    let data = json!({ "conversation": row.conversation, "event": row.event });
                    Ok(Event::default().id(row.seq.to_string()).data(data.to_string()))
                });
                return Some((stream::iter(shown.collect::<Vec<_>>()), (service, shop, after)));
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    });
    batches.flatten()
}
