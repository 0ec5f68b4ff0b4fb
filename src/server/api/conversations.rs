//! The queue, one conversation, one turn.

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::Service;
use super::super::access::Caller;
use super::super::problem::Problem;
use super::view::{ConversationItem, ConversationView, Line, OrderView, TurnView};
use crate::domain::{Message, Phase, ShopId, Turn, TurnId};
use crate::playbook::Playbook;
use crate::store::{ConversationRow, Store, StoreError};

const PAGE: i64 = 50;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show)).routes(routes!(turn))
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
#[utoipa::path(get, path = "/api/v1/shops/{shop}/conversations", tag = "conversations", security(("token" = [])),
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
    let conversations = page.rows.iter().map(ConversationItem::from).collect();
    Ok(Json(Conversations { conversations, cursor: page.next }))
}

/// A conversation with its turns, suggestions and order.
#[utoipa::path(get, path = "/api/v1/shops/{shop}/conversations/{id}", tag = "conversations", security(("token" = [])),
    params(("shop" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = ConversationView), (status = 404, body = Problem)))]
async fn show(
    State(service): State<Service>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
) -> Result<Json<ConversationView>, Problem> {
    let row = service.store.conversation(&caller.shop, &id.into()).await?;
    let row = row.ok_or_else(|| Problem::not_found("there is no such conversation"))?;
    let shop = service.shops.get(&caller.shop).ok_or_else(|| Problem::not_found("there is no such shop"))?;
    Ok(Json(conversation_view(&service.store, &shop.engine().playbook, &row).await?))
}

/// Why the bot did what it did: the whole turn as it was stored.
#[utoipa::path(get, path = "/api/v1/shops/{shop}/turns/{id}", tag = "conversations", security(("token" = [])),
    params(("shop" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = Object), (status = 404, body = Problem)))]
async fn turn(
    State(service): State<Service>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
) -> Result<Json<Turn>, Problem> {
    let turn = service.store.turn(&caller.shop, &TurnId::from(id)).await?;
    turn.map(Json).ok_or_else(|| Problem::not_found("there is no such turn"))
}

/// A conversation as a person sees it.
pub(crate) async fn conversation_view(
    store: &Store,
    playbook: &Playbook,
    row: &ConversationRow,
) -> Result<ConversationView, StoreError> {
    let turns = store.turns(&row.shop, &row.id).await?;
    let last = turns.last().map(|turn| &turn.outcome);
    Ok(ConversationView {
        item: ConversationItem::from(row),
        lines: lines(store, &row.shop, row).await?,
        suggestions: last.map(|outcome| outcome.suggestions.clone()).unwrap_or_default(),
        order: turns.iter().rev().find_map(|turn| OrderView::of(playbook, &turn.outcome.orders.lookup)),
        turns: turns.iter().map(|turn| TurnView::of(playbook, turn)).collect(),
    })
}

async fn lines(store: &Store, shop: &ShopId, row: &ConversationRow) -> Result<Vec<Line>, StoreError> {
    let said = store.messages(shop, &row.id).await?;
    let mut lines: Vec<Line> = said.into_iter().map(|(message, turn)| customer_line(message, turn)).collect();
    lines.extend(store.replies(shop, &row.id).await?.iter().filter_map(Line::reply));
    lines.extend(store.signals(shop, &row.id).await?.into_iter().filter_map(person_line));
    lines.sort_by_key(|line| line.at);
    Ok(lines)
}

fn customer_line(message: Message, turn: Option<TurnId>) -> Line {
    let mut text = message.text;
    for number in &message.order_numbers {
        text.push_str(&format!("[{number}]"));
    }
    Line {
        from: "customer".to_owned(),
        text,
        at: message.sent_at.0,
        turn_id: turn.map(|id| id.to_string()),
        state: None,
        attachments: message.attachments,
    }
}

/// What a person wrote on the platform itself.
fn person_line(signal: crate::store::SignalRow) -> Option<Line> {
    match signal.what {
        crate::store::SignalKind::AgentSent { agent, text, reply_key: None, .. } => Some(Line {
            from: format!("agent:{agent}"),
            text,
            at: signal.occurred_at.0,
            turn_id: None,
            state: None,
            attachments: Vec::new(),
        }),
        _ => None,
    }
}
