//! `/try/{shop}`: a customer's chat window with a random customer, and for whoever may, the agents' side beside it.
//!
//! The customer's side is open to everybody where a shop has it; the agents' side uses the API and its access alone.

mod chat;
mod limits;
mod people;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Service;
use super::access::is_at_the_demo;
use super::assets::{self, Frame};
use super::problem::Problem;
use super::webhooks::{acknowledged, read_body, take_in};
use crate::channels::{Channel as _, RawRequest, Refusal, TryPage, Visitor};
use crate::domain::{ChannelName, Language, ShopId};
use crate::shops::{Shop, TRY_CHANNEL};

use chat::Chat;
use limits::Limits;
use people::DEMO_CUSTOMERS;

pub(super) fn routes() -> Router<Service> {
    Router::new()
        .route("/", get(front))
        .route("/try/{shop}", get(page))
        .route("/try/{shop}/about", get(about))
        .route("/try/{shop}/ticket", post(ticket))
        .route("/try/{shop}/messages", get(read).post(say))
        .layer(Extension(Arc::new(Limits::default())))
}

/// The only try page, or a list of them.
async fn front(State(service): State<Service>) -> Response {
    let shops: Vec<_> = service.shops.all().into_iter().filter(|shop| shop.try_page.is_some()).collect();
    if let [only] = &shops[..] {
        return Redirect::temporary(&format!("/try/{}", only.id)).into_response();
    }
    let items: String = shops.iter().map(|shop| list_item(shop)).collect();
    let list = if items.is_empty() { "<p>xiaoer</p>".to_owned() } else { format!("<ul>{items}</ul>") };
    let page = format!("<!doctype html><meta charset=\"utf-8\"><title>xiaoer</title>{list}");
    assets::guarded(Html(page).into_response(), &Frame::Nowhere)
}

fn list_item(shop: &Shop) -> String {
    let engine = shop.engine();
    let name = escape(engine.playbook.settings.name.of(Language::Zh));
    let id = escape(shop.id.as_str());
    format!("<li><a href=\"/try/{id}\">{name}</a> {id}</li>")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A shop that has a page, and the page's channel.
fn open(service: &Service, shop: &str) -> Result<(Arc<Shop>, TryPage), Problem> {
    let found = service.shops.get(&ShopId::from(shop));
    let found = found.and_then(|shop| shop.try_page.clone().map(|page| (shop, page)));
    found.ok_or_else(|| Problem::not_found("there is no such shop, or it has no try page"))
}

async fn page(
    State(service): State<Service>,
    Path(shop): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    open(&service, &shop)?;
    Ok(assets::page("try", &headers, &Frame::Nowhere))
}

/// What the page needs to know of its shop.
#[derive(Serialize)]
struct About {
    /// By language.
    name: serde_json::Value,
    /// The languages the shop replies in.
    languages: Vec<Language>,
    /// Whether whoever asks may use the shop's API.
    agents: bool,
    /// Whom the visitor may play.
    customers: &'static [people::Person],
}

async fn about(State(service): State<Service>, Path(shop): Path<String>, parts: Parts) -> Result<Json<About>, Problem> {
    let (shop, _) = open(&service, &shop)?;
    let engine = shop.engine();
    let settings = &engine.playbook.settings;
    let agents = is_at_the_demo(&parts, &service, &shop.id);
    let name = json!({ "zh": settings.name.of(Language::Zh), "en": settings.name.of(Language::En) });
    let customers: &'static [people::Person] = if agents { DEMO_CUSTOMERS } else { &[] };
    Ok(Json(About { name, languages: settings.languages.clone(), agents, customers }))
}

/// Who the visitor wants to be.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    /// One of the demo's customers; somebody new without it.
    #[serde(rename = "as")]
    person: Option<String>,
}

async fn ticket(
    State(service): State<Service>,
    Extension(limits): Extension<Arc<Limits>>,
    Path(shop): Path<String>,
    parts: Parts,
    body: Body,
) -> Result<Response, Problem> {
    let (shop, page) = open(&service, &shop)?;
    if let Some(ConnectInfo(peer)) = parts.extensions.get::<ConnectInfo<SocketAddr>>() {
        limits.ticket(peer.ip())?;
    }
    let body = read_body(body).await?;
    let wish: Wish = match &body[..] {
        [] => Wish::default(),
        body => serde_json::from_slice(body).map_err(|_| Problem::bad_request("send {} or {\"as\": \"ID\"}"))?,
    };
    let conversation = format!("try-{}", service.clockwork.id::<String>());
    let customer = match wish.person {
        None => conversation.clone(),
        // Their orders are made up, and still nobody from outside sees them.
        Some(person) if is_at_the_demo(&parts, &service, &shop.id) && people::is_demo(&person) => person,
        Some(_) => return Err(Problem::new(StatusCode::FORBIDDEN, "you can't be this customer here")),
    };
    let visitor = Visitor { conversation: conversation.into(), customer: customer.into() };
    let ticket = page.ticket(&visitor, service.clockwork.now());
    Ok(Json(json!({ "ticket": ticket, "conversation_id": visitor.conversation, "customer_id": visitor.customer }))
        .into_response())
}

/// Who asks, by the ticket.
fn visitor(service: &Service, page: &TryPage, headers: &HeaderMap) -> Result<Visitor, Problem> {
    Ok(page.visitor(headers, service.clockwork.now()).map_err(Refusal::from)?)
}

async fn say(
    State(service): State<Service>,
    Extension(limits): Extension<Arc<Limits>>,
    Path(shop): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let (shop, page) = open(&service, &shop)?;
    let visitor = visitor(&service, &page, &headers)?;
    limits.message(&visitor.conversation)?;
    let body = read_body(body).await?;
    let request = RawRequest { headers: &headers, query: None, body: &body };
    let receipt = take_in(&service, &shop.id, &ChannelName::from(TRY_CHANNEL), &page, &request).await?;
    Ok(acknowledged(page.acknowledge(receipt)))
}

async fn read(
    State(service): State<Service>,
    Extension(limits): Extension<Arc<Limits>>,
    Path(shop): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Chat>, Problem> {
    let (shop, page) = open(&service, &shop)?;
    let visitor = visitor(&service, &page, &headers)?;
    limits.look(&visitor.conversation)?;
    Ok(Json(Chat::of(&service.store, &shop.id, &visitor).await?))
}
