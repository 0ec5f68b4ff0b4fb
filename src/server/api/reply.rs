//! A person's words: sent at once or held for a moment; and what the guard says of them before.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::Service;
use super::super::access::Caller;
use super::super::problem::Problem;
use super::funnel::{Suggested, edit_share};
use super::guarded::{FindingView, Guarding, PromisedView};
use super::holding::{held, none, take_it};
use crate::channels::{Author as Speaker, Notice, ReplyCreated};
use crate::classify::{asks_back, asks_for_order};
use crate::domain::{Attachment, AttachmentKind, ConversationId, Event, Happening, ReplyKey, SECOND, SuggestionId};
use crate::store::{Author, ConversationRow, NewReply, Queued, ReplyKind};

/// Nobody thinks longer about a word that is as good as said.
const LONGEST_HOLD: i64 = 10 * SECOND;
/// In characters; platforms take less.
const LONGEST: usize = 8_000;
const MOST_ATTACHMENTS: usize = 9;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(reply)).routes(routes!(proofread))
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
    /// The script of the library it began with.
    script_id: Option<String>,
    /// Held back for so long, in milliseconds, so that it can be undone; 10 s at most.
    #[serde(default)]
    undo_ms: i64,
    /// Rules of the guard whose warnings were read: it is sent all the same.
    #[serde(default)]
    despite: Vec<String>,
}

impl Said {
    fn check(&self) -> Result<(), Problem> {
        if self.text.trim().is_empty() && self.attachments.is_empty() {
            return Err(Problem::bad_request("`text` is empty and nothing is attached"));
        }
        if self.text.chars().count() > LONGEST || self.attachments.len() > MOST_ATTACHMENTS {
            return Err(Problem::bad_request("a reply has at most 8,000 characters and 9 attachments"));
        }
        let is_link = |attached: &Attachment| {
            ["https://", "http://", "/files/"].iter().any(|start| attached.url.starts_with(start))
        };
        match self.attachments.iter().all(is_link) {
            true => Ok(()),
            false => Err(Problem::bad_request("an attachment is an http or https address, or one that /files gave")),
        }
    }
}

impl Said {
    /// What the guard reads: the words, what attachments are called, and addresses that are neither ours nor a product's.
    fn guarded(&self, guarding: &Guarding<'_>) -> String {
        let is_known = |url: &str| url.starts_with("/files/") || guarding.sells(url);
        let more = self.attachments.iter().map(|attached| {
            let title = attached.title.as_deref().unwrap_or_default();
            let url = if is_known(&attached.url) { "" } else { &attached.url };
            format!("\n{title} {url}")
        });
        format!("{}{}", self.text, more.collect::<String>())
    }
}

/// Words with an address, for platforms that show no cards.
fn is_link(kind: AttachmentKind) -> bool {
    matches!(kind, AttachmentKind::Product | AttachmentKind::Coupon)
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
    /// The script that says the same, though the words were typed.
    passive_match: Option<String>,
    /// Until when it can be undone.
    undo_until: Option<i64>,
}

/// Replies to the customer. Takes the conversation if nobody holds it.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/conversations/{id}/reply", tag = "conversations", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), ("id" = String, Path)), request_body = Said,
    responses((status = 200, body = SaidResult), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn reply(
    State(service): State<Service>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
    Json(said): Json<Said>,
) -> Result<Json<SaidResult>, Problem> {
    said.check()?;
    let id = ConversationId::from(id);
    let row = service.store.conversation(&caller.shop, &id).await?.ok_or_else(none)?;
    if let Some(holder) = row.state.holder.as_ref().filter(|holder| **holder != caller.principal) {
        return Err(held(&service, holder).await);
    }
    let guarding = Guarding::new(&service, &caller)?;
    guarding.pass(&id, &said.guarded(&guarding), &said.despite).await?;
    if row.state.holder.is_none() {
        take_it(&service, &caller, &id, false).await?;
    }
    let suggested = match &said.suggestion_id {
        Some(id) => Some(Suggested::find(&service, &caller, id).await?),
        None => None,
    };
    let share = suggested.as_ref().map(|suggested| edit_share(&suggested.text, &said.text));
    let passive = match said.suggestion_id.is_none() && said.script_id.is_none() {
        true => guarding.equal_script(&said.text).await,
        false => None,
    };
    let now = service.clockwork.now();
    let hold = said.undo_ms.clamp(0, LONGEST_HOLD);
    let reply = new_reply(&service, &caller, &row, &said, &headers, hold);
    let key = reply.key.clone();
    let what = Happening::PersonReplied {
        by: caller.principal.clone(),
        reply: Some(key.clone()),
        suggestion: said.suggestion_id.map(SuggestionId::from),
        edit_share: share,
        passive: passive.is_some(),
        asks_order: asks_for_order(&said.text),
        script: said.script_id.or_else(|| passive.clone()),
    };
    let event = Event { at: now, what };
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
    let undo_until = (hold > 0).then(|| now.plus(hold).0);
    Ok(Json(SaidResult {
        reply_id: key.to_string(),
        suggestion,
        edit_share: share,
        passive_match: passive,
        undo_until,
    }))
}

/// The key that a reply is sent under: of the caller's own `idempotency-key`, so that one sent again after a lost answer
/// goes out once.
fn reply_key(service: &Service, caller: &Caller, row: &ConversationRow, headers: &HeaderMap) -> ReplyKey {
    match headers.get("idempotency-key").map(axum::http::HeaderValue::as_bytes).filter(|key| key.len() >= 8) {
        None => service.clockwork.id(),
        Some(own) => {
            let parts = [caller.shop.as_str(), caller.principal.as_str(), row.id.as_str()].join("\n");
            let hash = Sha256::new().chain_update(parts.as_bytes()).chain_update(b"\n").chain_update(own).finalize();
            ReplyKey::from(hex::encode(&hash[..16]))
        }
    }
}

/// The address by which the caller reached this service: platforms fetch pictures from there.
fn own_address(headers: &HeaderMap) -> String {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let by_tls = text("x-forwarded-proto") == Some("https")
        || text(header::ORIGIN.as_str()).is_some_and(|origin| origin.starts_with("https://"));
    let host = text("x-forwarded-host").or_else(|| text("host")).unwrap_or("localhost");
    format!("{}://{host}", if by_tls { "https" } else { "http" })
}

fn new_reply(
    service: &Service,
    caller: &Caller,
    row: &ConversationRow,
    said: &Said,
    headers: &HeaderMap,
    hold_ms: i64,
) -> NewReply {
    let key = reply_key(service, caller, row, headers);
    let absolute = |attached: &Attachment| {
        let url = match attached.url.starts_with('/') {
            true => format!("{}{}", own_address(headers), attached.url),
            false => attached.url.clone(),
        };
        Attachment { url, ..attached.clone() }
    };
    let mut text = said.text.clone();
    // A platform that shows no cards shows the words.
    for link in said.attachments.iter().filter(|attached| is_link(attached.kind)) {
        let title = link.title.as_deref().unwrap_or_default();
        let line = format!("{title} {}", link.url);
        text =
            [text.trim_end(), line.trim()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
    }
    let notice = Notice::ReplyCreated(ReplyCreated {
        reply_id: key.clone(),
        conversation_id: row.address.conversation.clone(),
        customer_id: Some(row.address.customer.clone()),
        text,
        attachments: said.attachments.iter().map(absolute).collect(),
        author: Speaker::Agent(caller.principal.clone()),
        in_reply_to: Vec::new(),
        intents: Vec::new(),
        turn_id: None,
    });
    outgoing(service, caller, row, (key, ReplyKind::Reply), &notice, hold_ms)
}

pub(super) fn outgoing(
    service: &Service,
    caller: &Caller,
    row: &ConversationRow,
    (key, kind): (ReplyKey, ReplyKind),
    notice: &Notice,
    hold_ms: i64,
) -> NewReply {
    let shop = service.shops.get(&caller.shop);
    NewReply {
        key,
        kind,
        author: Author::Agent(caller.principal.clone()),
        body: serde_json::to_value(notice).unwrap_or_default(),
        delivery: shop.map_or(crate::store::DeliveryMode::AtMostOnce, |shop| shop.delivery(&row.address.channel)),
        hold_ms,
    }
}

/// A text that isn't sent yet.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Draft {
    text: String,
}

/// What there is to say of it.
#[derive(Serialize, ToSchema)]
struct Proof {
    /// What the guard would warn of or hold back.
    guard: Vec<FindingView>,
    /// A time by which it promises something.
    promise: Option<PromisedView>,
}

/// What the guard says of a text, and the time by which it promises something. Nothing is stored.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/conversations/{id}/proofread", tag = "conversations", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), ("id" = String, Path)), request_body = Draft, responses((status = 200, body = Proof)))]
async fn proofread(
    State(service): State<Service>,
    caller: Caller,
    Path((_, _)): Path<(String, String)>,
    Json(Draft { text }): Json<Draft>,
) -> Result<Json<Proof>, Problem> {
    if text.chars().count() > LONGEST {
        return Err(Problem::bad_request("a reply has at most 8,000 characters"));
    }
    let guarding = Guarding::new(&service, &caller)?;
    let now = service.clockwork.now();
    Ok(Json(Proof { guard: guarding.findings(&text), promise: guarding.promised(&text, now) }))
}
