//! What a person does with a conversation: take, release, transfer, close, reply.

use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::Service;
use super::super::access::Caller;
use super::super::problem::Problem;
use super::funnel::{Suggested, edit_share};
use crate::channels::{Author as Speaker, Notice, ReplyCreated};
use crate::classify::asks_back;
use crate::domain::{Attachment, ConversationId, Event, Happening, ReplyKey, SECOND, SuggestionId};
use crate::store::{Author, Close, Destination, NewReply, Queued, ReplyKind};

/// A takeover is answered once what was being sent has finished, or after this.
const SETTLES_WITHIN: i64 = 5 * SECOND;
const LOOK_AGAIN: Duration = Duration::from_millis(25);

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(take))
        .routes(routes!(release))
        .routes(routes!(transfer))
        .routes(routes!(close))
        .routes(routes!(reply))
}

/// Where a conversation stands after an action.
#[derive(Serialize, ToSchema)]
struct Stands {
    /// bot, waiting, agent or closed.
    state: &'static str,
}

fn none() -> Problem {
    Problem::not_found("there is no such conversation")
}

/// Takes a conversation from the bot or the queue. After this is answered, no automatic send starts.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/conversations/{id}/take", tag = "conversations", security(("token" = [])),
    params(("shop" = String, Path), ("id" = String, Path)), responses((status = 200, body = Stands), (status = 404, body = Problem)))]
async fn take(
    State(service): State<Service>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
) -> Result<Json<Stands>, Problem> {
    let id = ConversationId::from(id);
    let begun = service.clockwork.now();
    let taken = service.store.take(&caller.shop, &id, &caller.principal, begun).await?.ok_or_else(none)?;
    let mut sending = taken.sending;
    while sending > 0 && service.clockwork.now().since(begun) < SETTLES_WITHIN {
        tokio::time::sleep(LOOK_AGAIN).await;
        sending = service.store.sending_bot_rows(&caller.shop, &id, service.clockwork.now()).await?;
    }
    Ok(Json(Stands { state: "agent" }))
}

/// Gives a conversation back to the bot.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/conversations/{id}/release", tag = "conversations", security(("token" = [])),
    params(("shop" = String, Path), ("id" = String, Path)), responses((status = 200, body = Stands), (status = 404, body = Problem)))]
async fn release(
    State(service): State<Service>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
) -> Result<Json<Stands>, Problem> {
    let now = service.clockwork.now();
    service.store.release(&caller.shop, &id.into(), &caller.principal, now).await?.ok_or_else(none)?;
    Ok(Json(Stands { state: "bot" }))
}

/// To whom a conversation is passed on: a person or a queue.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Transfer {
    /// A person's id.
    agent: Option<String>,
    /// A queue of shop.yaml.
    queue: Option<String>,
    /// What the next one should know.
    #[serde(default)]
    note: String,
}

/// Passes a conversation on with a note.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/conversations/{id}/transfer", tag = "conversations", security(("token" = [])),
    params(("shop" = String, Path), ("id" = String, Path)), request_body = Transfer,
    responses((status = 200, body = Stands), (status = 404, body = Problem)))]
async fn transfer(
    State(service): State<Service>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
    Json(body): Json<Transfer>,
) -> Result<Json<Stands>, Problem> {
    let (to, state) = match (body.agent, body.queue) {
        (Some(agent), None) => (Destination::Person(agent.into()), "agent"),
        (None, Some(queue)) => (Destination::Queue(queue.into()), "waiting"),
        _ => return Err(Problem::bad_request("name either `agent` or `queue`")),
    };
    let now = service.clockwork.now();
    let done = service.store.transfer(&caller.shop, &id.into(), &caller.principal, to, &body.note, now).await?;
    done.ok_or_else(none)?;
    Ok(Json(Stands { state }))
}

/// Why a conversation is over.
#[derive(Deserialize, ToSchema, Default)]
#[serde(deny_unknown_fields)]
struct Closing {
    /// In the agent's words.
    reason: Option<String>,
}

/// Ends the episode.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/conversations/{id}/close", tag = "conversations", security(("token" = [])),
    params(("shop" = String, Path), ("id" = String, Path)), request_body = Closing,
    responses((status = 200, body = Stands), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn close(
    State(service): State<Service>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
    body: Option<Json<Closing>>,
) -> Result<Json<Stands>, Problem> {
    let close = Close {
        shop: caller.shop,
        conversation: id.into(),
        by: "agent".to_owned(),
        reason: body.and_then(|Json(body)| body.reason),
        last_words: Vec::new(),
        at: service.clockwork.now(),
    };
    service.store.close_conversation(close).await?.ok_or_else(none)?;
    Ok(Json(Stands { state: "closed" }))
}

/// A person's words.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Said {
    /// What is sent; may be empty if something is attached.
    #[serde(default)]
    text: String,
    /// What goes with it.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    attachments: Vec<Attachment>,
    /// The suggestion it began with.
    suggestion_id: Option<String>,
}

/// What became of it.
#[derive(Serialize, ToSchema)]
struct SaidResult {
    /// The idempotency key it is sent under.
    reply_id: String,
    /// as_it_was, edited or none.
    suggestion: &'static str,
    /// Levenshtein distance to the suggestion over the longer length.
    edit_share: Option<f32>,
}

/// Replies to the customer. Takes the conversation if nobody holds it.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/conversations/{id}/reply", tag = "conversations", security(("token" = [])),
    params(("shop" = String, Path), ("id" = String, Path)), request_body = Said,
    responses((status = 200, body = SaidResult), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn reply(
    State(service): State<Service>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
    Json(said): Json<Said>,
) -> Result<Json<SaidResult>, Problem> {
    if said.text.trim().is_empty() && said.attachments.is_empty() {
        return Err(Problem::bad_request("`text` is empty and nothing is attached"));
    }
    let id = ConversationId::from(id);
    let row = service.store.conversation(&caller.shop, &id).await?.ok_or_else(none)?;
    if row.state.holder.is_none() {
        service.store.take(&caller.shop, &id, &caller.principal, service.clockwork.now()).await?.ok_or_else(none)?;
    }
    let suggested = match &said.suggestion_id {
        Some(id) => Some(Suggested::find(&service, &caller.shop, id).await?),
        None => None,
    };
    let share = suggested.as_ref().map(|suggested| edit_share(&suggested.text, &said.text));
    let reply = new_reply(&service, &caller, &row, &said);
    let key = reply.key.clone();
    let what = Happening::PersonReplied {
        by: caller.principal.clone(),
        suggestion: said.suggestion_id.map(SuggestionId::from),
        edit_share: share,
    };
    let event = Event { at: service.clockwork.now(), what };
    let asks = asks_back(&said.text);
    match service.store.queue_agent_reply(&caller.shop, &id, &caller.principal, reply, asks, event).await? {
        None => return Err(none()),
        Some(Queued::NotHolder) => {
            return Err(Problem::new(StatusCode::CONFLICT, "somebody else holds this conversation"));
        }
        Some(Queued::Done | Queued::Already) => service.outbox.notify_one(),
    }
    let suggestion = match share {
        None => "none",
        Some(0.0) => "as_it_was",
        Some(_) => "edited",
    };
    Ok(Json(SaidResult { reply_id: key.to_string(), suggestion, edit_share: share }))
}

fn new_reply(service: &Service, caller: &Caller, row: &crate::store::ConversationRow, said: &Said) -> NewReply {
    let key: ReplyKey = service.clockwork.id();
    let notice = Notice::ReplyCreated(ReplyCreated {
        reply_id: key.clone(),
        conversation_id: row.address.conversation.clone(),
        customer_id: Some(row.address.customer.clone()),
        text: said.text.clone(),
        attachments: said.attachments.clone(),
        author: Speaker::Agent(caller.principal.clone()),
        in_reply_to: Vec::new(),
        intents: Vec::new(),
        turn_id: None,
    });
    let shop = service.shops.get(&caller.shop);
    NewReply {
        key,
        kind: ReplyKind::Reply,
        author: Author::Agent(caller.principal.clone()),
        body: serde_json::to_value(notice).unwrap_or_default(),
        delivery: shop.map_or(crate::store::DeliveryMode::AtMostOnce, |shop| shop.delivery(&row.address.channel)),
    }
}
