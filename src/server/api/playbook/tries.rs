//! `POST /playbook/try`: what the bot would say.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::mistake::{Mistaken, Refused};
use super::{Files, draft, may_read};
use crate::domain::{Act, At, Customer, Message, ShopId, Suggestion, Turn, TurnInput};
use crate::playbook::Playbook;
use crate::server::Service;
use crate::server::access::Caller;
use crate::server::api::view::TurnView;
use crate::server::problem::Problem;

/// One turn has few messages.
const MESSAGES_AT_MOST: usize = 20;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(try_out))
}

/// What is tried, and on which words.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Try {
    /// As for `lint`; none: the version in force.
    #[serde(default)]
    #[schema(value_type = Object)]
    files: Files,
    /// What a customer writes, in one go.
    messages: Vec<String>,
    /// The platform's id of a customer, taken as verified: their orders are looked up.
    customer_id: Option<String>,
}

/// What would be done.
#[derive(Serialize, ToSchema)]
struct Tried {
    #[serde(flatten)]
    turn: TurnView,
    /// What would be said.
    reply: Option<String>,
    /// In shadow and suggest mode: what would be done in auto.
    held_back: Option<&'static str>,
    /// What a person would be offered, the best first.
    #[schema(value_type = Vec<Object>)]
    suggestions: Vec<Suggestion>,
}

/// Decides one turn by a draft, as the first of a conversation that begins now. Nothing is stored or sent.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/playbook/try", tag = "playbook", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path)), request_body = Try,
    responses((status = 200, body = Tried), (status = 403, body = Problem), (status = 422, body = Mistaken)))]
async fn try_out(
    State(service): State<Service>,
    caller: Caller,
    Json(Try { files, messages, customer_id }): Json<Try>,
) -> Result<Json<Tried>, Refused> {
    may_read(&caller)?;
    let texts: Vec<&str> = messages.iter().map(String::as_str).filter(|text| !text.trim().is_empty()).collect();
    if texts.is_empty() || texts.len() > MESSAGES_AT_MOST {
        return Err(Problem::bad_request(format!("send one message to {MESSAGES_AT_MOST}")).into());
    }
    let shop = service.shops.get(&caller.shop).ok_or_else(|| Problem::not_found("there is no such shop"))?;
    let draft = draft(&service, &caller.shop, files).await?;
    let now = service.clockwork.now();
    let engine = service.shops.drafts().engine(&draft, now).await.map_err(|error| Refused::of(&caller.shop, error))?;
    let (playbook, _) = engine.at(now);
    let mut input = input(&service, &caller.shop, playbook, now);
    input.messages = texts.into_iter().map(|text| Message::plain(service.clockwork.id(), text, now)).collect();
    input.customer =
        Customer { verified: customer_id.is_some(), id: customer_id.map(Into::into), ..Customer::default() };
    // Orders and near examples are those of the shop as it is served: a draft has no addresses of its own.
    let outcome = engine.decide_near(&mut input, shop.orders(), shop.nearness()).await;
    let turn = Turn { episode: "try".into(), seq: 1, window_end: now, window: 0, input, outcome };
    let view = TurnView::of(playbook, &turn);
    let (decision, suggestions) = (turn.outcome.decision, turn.outcome.suggestions);
    let (reply, held_back) = (decision.reply.map(|reply| reply.text), decision.held_back.map(Act::key));
    Ok(Json(Tried { turn: view, reply, held_back, suggestions }))
}

/// A conversation that begins.
fn input(service: &Service, shop: &ShopId, playbook: &Playbook, now: At) -> TurnInput {
    TurnInput {
        id: service.clockwork.id(),
        shop: shop.clone(),
        channel: "try".into(),
        conversation: "try".into(),
        customer: Customer::default(),
        messages: Vec::new(),
        state: Default::default(),
        mode: playbook.settings.mode,
        intent_modes: Default::default(),
        neighbours: None,
        now,
    }
}
