//! Taking a person's words back: before they went out, and where the platform can, after.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::Service;
use super::super::access::Caller;
use super::super::problem::Problem;
use super::holding::none;
use super::reply::outgoing;
use crate::channels::{Author as Speaker, Notice, ReplyRecalled};
use crate::domain::{ConversationId, ReplyKey};
use crate::store::{ConversationRow, ReplyKind, TakenBack};

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(undo)).routes(routes!(recall))
}

/// Which words are meant.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Meant {
    reply_id: String,
}

fn taken_back(outcome: Option<TakenBack>) -> Result<StatusCode, Problem> {
    match outcome {
        Some(TakenBack::Done) => Ok(StatusCode::NO_CONTENT),
        Some(TakenBack::TooLate) => Err(Problem::new(StatusCode::CONFLICT, "it is too late to take this back")),
        None => Err(Problem::not_found("you wrote no such reply here")),
    }
}

/// Keeps a reply of mine from going out, while it is held.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/conversations/{id}/undo", tag = "conversations", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), ("id" = String, Path)), request_body = Meant,
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn undo(
    State(service): State<Service>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
    Json(Meant { reply_id }): Json<Meant>,
) -> Result<StatusCode, Problem> {
    let (reply, now) = (ReplyKey::from(reply_id), service.clockwork.now());
    taken_back(service.store.undo_reply(&caller.shop, &id.into(), &caller.principal, &reply, now).await?)
}

/// Asks the platform to take a reply of mine back, where its channel can.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/conversations/{id}/recall", tag = "conversations", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), ("id" = String, Path)), request_body = Meant,
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn recall(
    State(service): State<Service>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
    Json(Meant { reply_id }): Json<Meant>,
) -> Result<StatusCode, Problem> {
    let id = ConversationId::from(id);
    let now = service.clockwork.now();
    let row = service.store.conversation(&caller.shop, &id).await?.ok_or_else(none)?;
    let sent = service.store.replies(&caller.shop, &id).await?;
    let sent = sent.into_iter().find(|sent| sent.reply.key.as_str() == reply_id);
    let sent_at = sent.and_then(|sent| sent.sent_at);
    if sent_at.is_none_or(|at| now.since(at) > recall_ms(&service, &row)) {
        return Err(Problem::new(StatusCode::CONFLICT, "this can't be taken back any more"));
    }
    let reply = ReplyKey::from(reply_id);
    let notice = Notice::ReplyRecalled(ReplyRecalled {
        reply_id: reply.clone(),
        conversation_id: row.address.conversation.clone(),
        customer_id: Some(row.address.customer.clone()),
        author: Speaker::Agent(caller.principal.clone()),
    });
    let key = (service.clockwork.id(), ReplyKind::Recall);
    let notice = outgoing(&service, &caller, &row, key, &notice, 0);
    let outcome = service.store.recall_reply((&caller.shop, &id), &caller.principal, &reply, notice, now).await?;
    service.outbox.notify_one();
    taken_back(outcome)
}

/// How long a channel can take words back, in milliseconds; 0: it can't.
pub(super) fn recall_ms(service: &Service, row: &ConversationRow) -> i64 {
    let shop = service.shops.get(&row.shop);
    let settings = shop.and_then(|shop| shop.engine().playbook.settings.channels.get(&row.address.channel).cloned());
    settings.and_then(|channel| channel.recall).unwrap_or(0)
}
