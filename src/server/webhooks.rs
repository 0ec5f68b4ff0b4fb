//! `POST /webhooks/{shop}/{channel}`: verify, parse, store, and only then 2xx. No thinking in the request.

use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::future::try_join_all;
use http_body_util::BodyExt as _;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::in_time::TooSlow;
use super::problem::{Problem, TOO_LARGE};
use super::{LARGEST_BODY, Service};
use crate::channels::{
    Acknowledgement, Channel, Delivered, IncomingMessage, OrderUpdated, RawRequest, Receipt, Signal as Told,
    SignalKind as ToldKind,
};
use crate::domain::{Address, At, ChannelName, PrincipalId, ShopId};
use crate::inbox::AFTER_A_REQUEST;
use crate::shops::TRY_CHANNEL;
use crate::store::{Acceptance, Delivery, Incoming, NewIds, Signal, SignalKind, StoreError};

/// A body that is too large is read so far: a refusal that is sent while the client still writes is lost with the
/// connection.
const READ_ON: usize = 8 * LARGEST_BODY;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(receive, challenge))
}

/// Delivers what happened on a platform: a customer's message, a person's reply, an order's news.
#[utoipa::path(
    post, path = "/webhooks/{shop}/{channel}", tag = "webhooks",
    params(("shop", description = "The shop's folder name"), ("channel", description = "As shop.yaml names it")),
    request_body(content = serde_json::Value, description = "Standard Webhooks 1.0.0: signed with webhook-id, webhook-timestamp, webhook-signature"),
    responses(
        (status = 200, description = "Stored and synced: {\"status\":\"accepted\"} or {\"status\":\"duplicate\"}"),
        (status = 400, description = "Malformed", body = Problem),
        (status = 401, description = "Signature or timestamp", body = Problem),
        (status = 404, description = "Unknown shop or channel", body = Problem),
        (status = 413, description = "Larger than 1 MiB", body = Problem),
        (status = 415, description = "Not JSON", body = Problem),
        (status = 503, description = "Not stored; Retry-After says when to try again", body = Problem),
    )
)]
async fn receive(
    State(service): State<Service>,
    Path((shop, channel)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let (shop, name) = (ShopId::from(shop), ChannelName::from(channel));
    // The try page writes through its own door, which is limited.
    let found = service.shops.get(&shop).filter(|_| name.as_str() != TRY_CHANNEL);
    let found = found.and_then(|shop| shop.channel(&name).cloned());
    let channel = found.ok_or_else(|| Problem::not_found("there is no such shop or channel"))?;
    let body = read_body(body).await?;
    let request = RawRequest { headers: &headers, query: query.as_deref(), body: &body };
    let receipt = take_in(&service, &shop, &name, channel.as_ref(), &request).await?;
    Ok(acknowledged(channel.acknowledge(receipt)))
}

/// Answers a platform's handshake, where it has one.
#[utoipa::path(
    get, path = "/webhooks/{shop}/{channel}", tag = "webhooks",
    params(("shop", description = "The shop's folder name"), ("channel", description = "As shop.yaml names it")),
    responses((status = 200, description = "The handshake's answer"), (status = 404, body = Problem, description = "No handshake here"))
)]
async fn challenge(
    State(service): State<Service>,
    Path((shop, channel)): Path<(String, String)>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let found = service.shops.get(&shop.into()).and_then(|shop| shop.channel(&channel.into()).cloned());
    let channel = found.ok_or_else(|| Problem::not_found("there is no such shop or channel"))?;
    let answer = channel.challenge(&query, service.clockwork.now()).map_err(crate::channels::Refusal::from)?;
    answer.map(acknowledged).ok_or_else(|| Problem::not_found("this channel has no handshake; deliver with POST"))
}

pub(super) fn acknowledged(answer: Acknowledgement) -> Response {
    ([(header::CONTENT_TYPE, answer.content_type)], answer.body).into_response()
}

/// All of a body, if it is small enough and comes in time.
pub(super) async fn read_body(mut body: Body) -> Result<Bytes, Problem> {
    let mut whole = Vec::new();
    let mut seen = 0;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|error| broken_off(&error))?.into_data() else { continue };
        seen += data.len();
        if seen <= LARGEST_BODY {
            whole.extend_from_slice(&data);
        } else if seen <= READ_ON {
            whole = Vec::new();
        } else {
            break;
        }
    }
    if seen > LARGEST_BODY { Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, TOO_LARGE)) } else { Ok(whole.into()) }
}

fn broken_off(error: &axum::Error) -> Problem {
    let mut causes = std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
    match causes.find_map(|cause| cause.downcast_ref::<TooSlow>()) {
        Some(slow) => Problem::new(StatusCode::REQUEST_TIMEOUT, slow.to_string()),
        None => Problem::bad_request("the body broke off"),
    }
}

/// Verifies, parses and stores one delivery. Whatever returns `Ok` is committed and synced.
pub(super) async fn take_in(
    service: &Service,
    shop: &ShopId,
    name: &ChannelName,
    channel: &dyn Channel,
    request: &RawRequest<'_>,
) -> Result<Receipt, Problem> {
    let now = service.clockwork.now();
    let delivered = channel.receive(request, now)?;
    let door = Door { service, shop, name, now };
    let stored = try_join_all(delivered.into_iter().map(|delivered| door.store(delivered))).await?;
    let all: Vec<Acceptance> = stored.into_iter().flatten().collect();
    let duplicate = !all.is_empty() && all.iter().all(|one| *one == Acceptance::Duplicate);
    let receipt = if duplicate { Receipt::Duplicate } else { Receipt::Accepted };
    let word = if duplicate { "duplicate" } else { "accepted" };
    metrics::counter!("xiaoer_deliveries_total", "shop" => shop.to_string(), "outcome" => word).increment(1);
    Ok(receipt)
}

/// Where a delivery comes in.
struct Door<'a> {
    service: &'a Service,
    shop: &'a ShopId,
    name: &'a ChannelName,
    now: At,
}

impl Door<'_> {
    async fn store(&self, delivered: Delivered) -> Result<Vec<Acceptance>, StoreError> {
        match delivered {
            Delivered::Message(message) => self.service.store.accept(self.delivery(*message)).await,
            Delivered::Signal(told) => self.apply(self.signal(told)).await,
            Delivered::Order(told) => self.apply(self.order(told)).await,
            Delivered::Ignored { kind } => {
                tracing::info!(shop = %self.shop, channel = %self.name, kind, "a delivery of an unknown type was ignored");
                Ok(Vec::new())
            }
        }
    }

    async fn apply(&self, signal: Signal) -> Result<Vec<Acceptance>, StoreError> {
        self.service.store.apply_signal(signal).await.map(|one| vec![one])
    }

    fn delivery(&self, message: IncomingMessage) -> Delivery {
        let clockwork = &self.service.clockwork;
        let customer = message.customer.id.clone().unwrap_or_else(|| message.conversation.clone());
        Delivery {
            shop: self.shop.clone(),
            address: Address { channel: self.name.clone(), conversation: message.conversation, customer },
            customer: message.customer,
            messages: vec![Incoming {
                external_id: message.external_id.clone(),
                message: message.parts.into_message(clockwork.id(), message.external_id),
            }],
            at: self.now,
            due_at: self.now.plus(AFTER_A_REQUEST),
            ids: NewIds { conversation: clockwork.id(), episode: clockwork.id(), customer: clockwork.id() },
        }
    }

    fn signal(&self, told: Told) -> Signal {
        let (kind, what) = self.what(told.what);
        Signal {
            shop: self.shop.clone(),
            channel: self.name.clone(),
            kind: kind.to_owned(),
            external_id: told.delivery,
            id: self.service.clockwork.id(),
            conversation: Some(told.conversation),
            occurred_at: told.occurred_at,
            at: self.now,
            what,
        }
    }

    fn what(&self, told: ToldKind) -> (&'static str, SignalKind) {
        // A platform that doesn't name its people: one person stands for them all.
        let person = |id: Option<crate::domain::ExternalId>| {
            let id = id.map_or_else(|| "someone".to_owned(), |id| id.to_string());
            PrincipalId::from(format!("{}:{id}", self.name))
        };
        match told {
            ToldKind::AgentSent { agent, text, automatic, reply, .. } => (
                "message.agent_sent",
                SignalKind::AgentSent { agent: person(agent), text, automatic, reply_key: reply },
            ),
            ToldKind::Recalled { message } => ("message.recalled", SignalKind::Recalled { message }),
            ToldKind::Assigned { agent } => ("conversation.assigned", SignalKind::Assigned { agent: person(agent) }),
            ToldKind::Released { .. } => ("conversation.released", SignalKind::Released),
            ToldKind::Closed { by } => ("conversation.closed", SignalKind::Closed { by: by.key().to_owned() }),
            ToldKind::Rated { rating } => ("conversation.rated", SignalKind::Rated { rating }),
        }
    }

    fn order(&self, told: OrderUpdated) -> Signal {
        Signal {
            shop: self.shop.clone(),
            channel: self.name.clone(),
            kind: "order.updated".to_owned(),
            external_id: told.delivery,
            id: self.service.clockwork.id(),
            conversation: told.conversation,
            occurred_at: told.occurred_at,
            at: self.now,
            what: SignalKind::OrderUpdated { number: told.number, update: told.update },
        }
    }
}
