//! Who holds a conversation: take, release, transfer, close; and the notes and flags that colleagues leave in it.

use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::Service;
use super::super::access::Caller;
use super::super::problem::Problem;
use crate::domain::{ConversationId, PrincipalId, Role, SECOND};
use crate::playbook::flags::Flag;
use crate::store::{Close, Destination, StoreError, Upkeep};

/// A takeover is answered once what was being sent has finished, or after this.
const SETTLES_WITHIN: i64 = 5 * SECOND;
const LOOK_AGAIN: Duration = Duration::from_millis(25);
/// In characters.
const LONGEST_NOTE: usize = 2_000;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(take))
        .routes(routes!(release))
        .routes(routes!(transfer))
        .routes(routes!(close))
        .routes(routes!(note))
        .routes(routes!(flag))
}

/// Where a conversation stands after an action.
#[derive(Serialize, ToSchema)]
struct Stands {
    /// bot, waiting, agent or closed.
    state: &'static str,
}

pub(super) fn none() -> Problem {
    Problem::not_found("there is no such conversation")
}

/// For 409: who holds it.
pub(super) async fn held(service: &Service, holder: &PrincipalId) -> Problem {
    let name = service.store.find_principal(holder).await.ok().flatten().map(|row| row.name);
    let problem = Problem::new(StatusCode::CONFLICT, "somebody else holds this conversation");
    problem.with("holder", json!({ "id": holder, "name": name }))
}

/// How to take it.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Take {
    /// From whoever holds it; for leads.
    #[serde(default)]
    over: bool,
}

/// Takes a conversation from the bot or the queue. After this is answered, no automatic send starts.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/conversations/{id}/take", tag = "conversations", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), ("id" = String, Path)), request_body = Take,
    responses((status = 200, body = Stands), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn take(
    State(service): State<Service>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
    body: Option<Json<Take>>,
) -> Result<Json<Stands>, Problem> {
    let over = body.is_some_and(|Json(take)| take.over);
    if over {
        caller.must_be(Role::Lead)?;
    }
    take_it(&service, &caller, &ConversationId::from(id), over).await?;
    Ok(Json(Stands { state: "agent" }))
}

/// Takes it, and waits until nothing of the bot's is on its way.
pub(super) async fn take_it(
    service: &Service,
    caller: &Caller,
    id: &ConversationId,
    over: bool,
) -> Result<(), Problem> {
    let begun = service.clockwork.now();
    let taken = service.store.take(&caller.shop, id, &caller.principal, over, begun).await?.ok_or_else(none)?;
    let mut sending = match taken {
        Ok(taken) => taken.sending,
        Err(holder) => return Err(held(service, &holder).await),
    };
    while sending > 0 && service.clockwork.now().since(begun) < SETTLES_WITHIN {
        tokio::time::sleep(LOOK_AGAIN).await;
        sending = service.store.sending_bot_rows(&caller.shop, id, service.clockwork.now()).await?;
    }
    Ok(())
}

/// The only person from whom the caller may take it: themselves, but for those who look after others.
fn only_from(caller: &Caller) -> Option<&PrincipalId> {
    (!caller.role.is_at_least(Role::Lead)).then_some(&caller.principal)
}

/// A refusal with the holder's name.
async fn named<Done>(service: &Service, outcome: Result<Option<Done>, StoreError>) -> Result<Done, Problem> {
    match outcome {
        Err(StoreError::Held(holder)) => Err(held(service, &holder).await),
        outcome => outcome?.ok_or_else(none),
    }
}

/// Gives a conversation back to the bot.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/conversations/{id}/release", tag = "conversations", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), ("id" = String, Path)), responses((status = 200, body = Stands), (status = 404, body = Problem)))]
async fn release(
    State(service): State<Service>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
) -> Result<Json<Stands>, Problem> {
    let now = service.clockwork.now();
    let place = (&caller.shop, &ConversationId::from(id));
    let released = service.store.release(place, &caller.principal, only_from(&caller), now).await;
    named(&service, released).await?;
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
#[utoipa::path(post, path = "/api/v1/shops/{shop}/conversations/{id}/transfer", tag = "conversations", security(("token" = []), ("session" = [])),
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
    if body.note.chars().count() > LONGEST_NOTE {
        return Err(Problem::bad_request("a note has at most 2,000 characters"));
    }
    is_known(&service, &caller, &to).await?;
    let now = service.clockwork.now();
    let place = (&caller.shop, &ConversationId::from(id));
    let to = (to, body.note.as_str());
    let passed = service.store.transfer(place, &caller.principal, only_from(&caller), to, now).await;
    named(&service, passed).await?;
    Ok(Json(Stands { state }))
}

/// Refuses whom nobody knows. A program may name people of its platform; at the desk a slip would lose the chat.
async fn is_known(service: &Service, caller: &Caller, to: &Destination) -> Result<(), Problem> {
    if !caller.by_session {
        return Ok(());
    }
    let known = match to {
        Destination::Person(person) => {
            let members = service.store.members(&caller.shop).await?;
            members.iter().any(|member| member.person.id == *person && !member.person.disabled)
        }
        Destination::Queue(queue) => {
            let shop = service.shops.get(&caller.shop);
            queue.as_str() == "default"
                || shop.is_some_and(|shop| shop.engine().playbook.settings.queues.contains(queue))
        }
    };
    if known { Ok(()) } else { Err(Problem::bad_request("there is no such person or queue in this shop")) }
}

/// Why a conversation is over.
#[derive(Deserialize, ToSchema, Default)]
#[serde(deny_unknown_fields)]
struct Closing {
    /// In the agent's words.
    reason: Option<String>,
}

/// Ends the episode.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/conversations/{id}/close", tag = "conversations", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), ("id" = String, Path)), request_body = Closing,
    responses((status = 200, body = Stands), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn close(
    State(service): State<Service>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
    body: Option<Json<Closing>>,
) -> Result<Json<Stands>, Problem> {
    let close = Close {
        only_from: only_from(&caller).cloned(),
        shop: caller.shop,
        conversation: id.into(),
        by: "agent".to_owned(),
        reason: body.and_then(|Json(body)| body.reason),
        last_words: Vec::new(),
        at: service.clockwork.now(),
    };
    let closed = service.store.close_conversation(close).await;
    named(&service, closed).await?;
    Ok(Json(Stands { state: "closed" }))
}

async fn keep_up(service: &Service, caller: &Caller, id: String, what: Upkeep) -> Result<StatusCode, Problem> {
    let done = service.store.keep_up(&caller.shop, &id.into(), what, service.clockwork.now()).await?;
    done.map(|_| StatusCode::NO_CONTENT).ok_or_else(none)
}

/// A word for colleagues.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Note {
    text: String,
}

/// Leaves a word for colleagues. The customer never sees it.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/conversations/{id}/note", tag = "conversations", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), ("id" = String, Path)), request_body = Note,
    responses((status = 204), (status = 404, body = Problem)))]
async fn note(
    State(service): State<Service>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
    Json(Note { text }): Json<Note>,
) -> Result<StatusCode, Problem> {
    let text = text.trim().to_owned();
    if text.is_empty() || text.chars().count() > LONGEST_NOTE {
        return Err(Problem::bad_request("a note has 1 to 2,000 characters"));
    }
    let by = caller.principal.clone();
    keep_up(&service, &caller, id, Upkeep::Note { by, text }).await
}

/// One of the shop's flags, or none.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Flagged {
    flag: Option<String>,
}

/// Flags a conversation, or takes the flag away.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/conversations/{id}/flag", tag = "conversations", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), ("id" = String, Path)), request_body = Flagged,
    responses((status = 204), (status = 400, body = Problem), (status = 404, body = Problem)))]
async fn flag(
    State(service): State<Service>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
    Json(Flagged { flag }): Json<Flagged>,
) -> Result<StatusCode, Problem> {
    let shop = service.shops.get(&caller.shop).ok_or_else(|| Problem::not_found("there is no such shop"))?;
    let engine = shop.engine();
    let known = |flag: &str| Flag::parse(flag).is_some_and(|flag| engine.playbook.settings.flags.contains_key(&flag));
    if flag.as_deref().is_some_and(|flag| !known(flag)) {
        return Err(Problem::bad_request("the shop has no such flag; shop.yaml names them under `flags`"));
    }
    let by = caller.principal.clone();
    keep_up(&service, &caller, id, Upkeep::Flag { by, flag }).await
}
