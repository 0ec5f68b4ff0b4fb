//! The queue, one conversation, one turn.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::Service;
use super::super::access::Caller;
use super::super::problem::Problem;
use super::holding::none;
use super::opened::opened;
use super::take_back::recall_ms;
use super::view::{ConversationItem, ConversationView, OrderView};
use crate::domain::{ConversationId, Mode, OrderLookup, OrderQuestion, Phase, Turn, TurnId, TurnInput};

const PAGE: i64 = 50;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show)).routes(routes!(orders)).routes(routes!(turn))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// waiting, agent, bot or closed; all without it.
    state: Option<String>,
    /// From the page before.
    cursor: Option<String>,
}

/// A page of conversations.
#[derive(Serialize, ToSchema)]
struct Conversations {
    /// Waiting ones by how long they wait, others by their last change.
    conversations: Vec<ConversationItem>,
    /// Asks for the next page.
    cursor: Option<String>,
}

/// The queue.
#[utoipa::path(get, path = "/api/v1/shops/{shop}/conversations", tag = "conversations", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), Filter), responses((status = 200, body = Conversations), (status = 401, body = Problem)))]
async fn list(
    State(service): State<Service>,
    caller: Caller,
    Query(filter): Query<Filter>,
) -> Result<Json<Conversations>, Problem> {
    let phase = match filter.state.as_deref() {
        None | Some("") => None,
        Some(word) => {
            Some(Phase::parse(word).ok_or_else(|| Problem::bad_request("state is waiting, agent, bot or closed"))?)
        }
    };
    let page = service.store.conversations(&caller.shop, phase, filter.cursor.as_deref(), PAGE).await?;
    let conversations = page.rows.iter().map(|row| ConversationItem::of(row, caller.outsourced)).collect();
    Ok(Json(Conversations { conversations, cursor: page.next }))
}

/// A conversation with its turns, suggestions and order.
#[utoipa::path(get, path = "/api/v1/shops/{shop}/conversations/{id}", tag = "conversations", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = ConversationView), (status = 404, body = Problem)))]
async fn show(
    State(service): State<Service>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
) -> Result<Json<ConversationView>, Problem> {
    let queued = service.store.queued(&caller.shop, &id.into()).await?.ok_or_else(none)?;
    let shop = service.shops.get(&caller.shop).ok_or_else(|| Problem::not_found("there is no such shop"))?;
    let recall = recall_ms(&service, &queued.row);
    let now = service.clockwork.now();
    let mut view = opened(&service.store, &shop.engine().playbook, &queued, recall, now).await?;
    view.add_undo(&caller.principal);
    let mut texts: Vec<&mut String> = view.suggestions.iter_mut().map(|suggestion| &mut suggestion.text).collect();
    caller.sign(&service, &mut texts).await?;
    Ok(Json(if caller.outsourced { view.masked() } else { view }))
}

/// The customer's orders.
#[derive(Serialize, ToSchema)]
struct Orders {
    orders: Vec<OrderView>,
    /// The shop's order source did not answer.
    source_down: bool,
}

/// The orders of the conversation's customer as they stand now.
#[utoipa::path(get, path = "/api/v1/shops/{shop}/conversations/{id}/orders", tag = "conversations", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), ("id" = String, Path)), responses((status = 200, body = Orders), (status = 404, body = Problem)))]
async fn orders(
    State(service): State<Service>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
) -> Result<Json<Orders>, Problem> {
    let row = service.store.conversation(&caller.shop, &ConversationId::from(id)).await?.ok_or_else(none)?;
    let shop = service.shops.get(&caller.shop).ok_or_else(|| Problem::not_found("there is no such shop"))?;
    let engine = shop.engine();
    let mut input = TurnInput {
        id: service.clockwork.id(),
        shop: row.shop,
        channel: row.address.channel,
        conversation: row.id,
        customer: row.customer,
        messages: Vec::new(),
        state: row.state,
        mode: Mode::Suggest,
        intent_modes: Default::default(),
        neighbours: None,
        now: service.clockwork.now(),
    };
    // Those of the customer; where they have none that we know of, those that were proven in this chat.
    let bound = input.state.orders.clone();
    // All of them, also where one was spoken of.
    input.state.order = None;
    let mut found = shop.orders().look_up(&OrderQuestion::default(), &input).await.lookup;
    if matches!(found, OrderLookup::None | OrderLookup::NotAsked) && !bound.is_empty() {
        let question = OrderQuestion { numbers: bound, ..OrderQuestion::default() };
        found = shop.orders().look_up(&question, &input).await.lookup;
    }
    let source_down = found == OrderLookup::SourceDown;
    Ok(Json(Orders { orders: OrderView::all(&engine.playbook, &found), source_down }))
}

/// Why the bot did what it did: the whole turn as it was stored.
#[utoipa::path(get, path = "/api/v1/shops/{shop}/turns/{id}", tag = "conversations", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = Object), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn turn(
    State(service): State<Service>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
) -> Result<Json<Turn>, Problem> {
    if caller.outsourced {
        return Err(Problem::new(StatusCode::FORBIDDEN, "whole records are for the shop's own people"));
    }
    let turn = service.store.turn(&caller.shop, &TurnId::from(id)).await?;
    turn.map(Json).ok_or_else(|| Problem::not_found("there is no such turn"))
}
