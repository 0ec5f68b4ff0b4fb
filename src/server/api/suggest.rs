//! `POST /suggest`: stateless suggestions for any desk that isn't ours.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::Service;
use super::super::access::Caller;
use super::super::problem::Problem;
use super::view::{OrderView, means, titles};
use crate::domain::{
    Candidate, ConversationState, Customer, Language, Message, Mode, OrderNumber, Phase, Suggestion, TurnInput,
};

/// A conversation is understood by its last messages.
const MESSAGES_AT_MOST: usize = 50;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(suggest))
}

/// The end of a conversation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Ask {
    /// Oldest first; the customer's last run of messages is what is answered.
    messages: Vec<Said>,
    /// The platform's id, vouched for by whoever calls: their orders may be shown to the agent.
    customer_id: Option<String>,
    /// Orders in question.
    #[serde(default)]
    order_numbers: Vec<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Said {
    from: Side,
    text: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Side {
    Customer,
    Agent,
}

/// What could be said.
#[derive(Serialize, ToSchema)]
struct Suggestions {
    /// The language of the suggestions.
    #[schema(value_type = String)]
    language: Option<Language>,
    /// What was understood, with evidence.
    #[schema(value_type = Vec<Object>)]
    intents: Vec<Candidate>,
    /// What the intents are called, by intent and language.
    #[schema(value_type = Object)]
    titles: BTreeMap<String, BTreeMap<&'static str, String>>,
    /// What the intents mean, in one sentence of their writer, by intent.
    means: BTreeMap<String, String>,
    /// The best first.
    #[schema(value_type = Vec<Object>)]
    suggestions: Vec<Suggestion>,
    /// The order in question.
    order: Option<OrderView>,
}

/// Suggests replies to the customer's last messages. Nothing is stored.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/suggest", tag = "suggestions", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path)), request_body = Ask,
    responses((status = 200, body = Suggestions), (status = 400, body = Problem), (status = 401, body = Problem)))]
async fn suggest(
    State(service): State<Service>,
    caller: Caller,
    Json(ask): Json<Ask>,
) -> Result<Json<Suggestions>, Problem> {
    let shop = service.shops.get(&caller.shop).ok_or_else(|| Problem::not_found("there is no such shop"))?;
    if ask.messages.len() > MESSAGES_AT_MOST {
        return Err(Problem::bad_request(format!("send the last {MESSAGES_AT_MOST} messages at most")));
    }
    let engine = shop.engine();
    let mut input = input(&service, &caller, ask)?;
    let mut outcome = engine.decide_near(&mut input, shop.orders(), shop.nearness()).await;
    let mut texts: Vec<&mut String> = outcome.suggestions.iter_mut().map(|suggestion| &mut suggestion.text).collect();
    caller.sign(&service, &mut texts).await?;
    Ok(Json(Suggestions {
        language: outcome.state.language,
        titles: titles(&engine.playbook, &outcome.classification),
        means: means(&engine.playbook, &outcome.classification),
        order: OrderView::of(&engine.playbook, &outcome.orders.lookup),
        intents: outcome.classification.intents,
        suggestions: outcome.suggestions,
    }))
}

/// The customer's last run of messages as a turn of a chat that a person holds. An agent's desk shows any order of the
/// customer's, and those it names itself.
fn input(service: &Service, caller: &Caller, ask: Ask) -> Result<TurnInput, Problem> {
    let now = service.clockwork.now();
    let last = ask.messages.iter().rposition(|said| said.from == Side::Customer);
    let last = last.ok_or_else(|| Problem::bad_request("there is no message of the customer"))?;
    let first = ask.messages[..last].iter().rposition(|said| said.from == Side::Agent).map_or(0, |at| at + 1);
    let numbers: Vec<OrderNumber> = ask.order_numbers.into_iter().map(OrderNumber::from).collect();
    let messages = ask
        .messages
        .into_iter()
        .take(last + 1)
        .skip(first)
        .map(|said| Message::plain(service.clockwork.id(), &said.text, now));
    let customer =
        Customer { verified: ask.customer_id.is_some(), id: ask.customer_id.map(Into::into), ..Customer::default() };
    let state = ConversationState {
        phase: Phase::Agent,
        holder: Some(caller.principal.clone()),
        order: numbers.first().cloned(),
        orders: numbers,
        ..ConversationState::default()
    };
    Ok(TurnInput {
        id: service.clockwork.id(),
        shop: caller.shop.clone(),
        channel: "suggest".into(),
        conversation: "suggest".into(),
        customer,
        messages: messages.collect(),
        state,
        mode: Mode::Suggest,
        intent_modes: Default::default(),
        neighbours: None,
        now,
    })
}
