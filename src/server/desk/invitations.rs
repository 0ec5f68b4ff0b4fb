//! One-time links: whoever has one sets a password and is in.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::Service;
use super::super::access::token_hash;
use super::super::problem::Problem;
use super::home::Me;
use super::session::{LONGEST_ID, Origin, Person, begin, set_password};
use crate::domain::{PrincipalId, Role};
use crate::store::{InvitationRow, Membership};

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(look, accept))
}

/// A shop and what one is in it.
#[derive(Serialize, ToSchema)]
struct Place {
    id: String,
    name: String,
    role: &'static str,
}

/// What a link is for.
#[derive(Serialize, ToSchema)]
struct Invitation {
    /// first_manager, join or reset.
    purpose: &'static str,
    id: Option<String>,
    name: Option<String>,
    shops: Vec<Place>,
}

fn none() -> Problem {
    Problem::not_found("this link was used or is too old; ask your manager for a new one")
}

async fn find(service: &Service, origin: &Origin, token: &str) -> Result<InvitationRow, Problem> {
    service.throttle.link(origin.address())?;
    let found = service.store.find_invitation(&token_hash(token), service.clockwork.now()).await?;
    let found = found.ok_or_else(none)?;
    // Somebody became the first manager by another way.
    if found.principal.is_none() && service.store.has_people().await? {
        return Err(none());
    }
    Ok(found)
}

/// What a one-time link is for.
#[utoipa::path(get, path = "/api/v1/invitations/{token}", tag = "people", params(("token" = String, Path)),
    responses((status = 200, body = Invitation), (status = 404, body = Problem)))]
async fn look(
    State(service): State<Service>,
    origin: Origin,
    Path(token): Path<String>,
) -> Result<Json<Invitation>, Problem> {
    let Some(id) = find(&service, &origin, &token).await?.principal else {
        let shops = service.shops.all().into_iter().map(|shop| place(&service, &shop.id, Role::Manager));
        let shops = shops.flatten().collect();
        return Ok(Json(Invitation { purpose: "first_manager", id: None, name: None, shops }));
    };
    let row = service.store.find_principal(&id).await?.ok_or_else(none)?;
    let person = Person::find(&service, &id).await?.ok_or_else(none)?;
    let places = person.places.iter().filter_map(|at| place(&service, &at.shop, at.role)).collect();
    let purpose = if row.password_hash.is_some() { "reset" } else { "join" };
    Ok(Json(Invitation { purpose, id: Some(id.to_string()), name: Some(row.name), shops: places }))
}

fn place(service: &Service, shop: &crate::domain::ShopId, role: Role) -> Option<Place> {
    let shop = service.shops.get(shop)?;
    let engine = shop.engine();
    let settings = &engine.playbook.settings;
    let first = settings.languages.first().copied().unwrap_or(crate::domain::Language::Zh);
    Some(Place { id: shop.id.to_string(), name: settings.name.of(first).to_owned(), role: role.key() })
}

/// Who they want to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Welcome {
    /// The first manager chooses.
    #[serde(default)]
    id: Option<String>,
    /// As colleagues see it.
    #[serde(default)]
    name: Option<String>,
    /// At least 10 characters.
    password: String,
}

/// Sets the password and signs in. The link is worth nothing afterwards.
#[utoipa::path(post, path = "/api/v1/invitations/{token}", tag = "people", params(("token" = String, Path)),
    request_body = Welcome,
    responses((status = 200, body = Me), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn accept(
    State(service): State<Service>,
    origin: Origin,
    Path(token): Path<String>,
    Json(wish): Json<Welcome>,
) -> Result<Response, Problem> {
    let found = find(&service, &origin, &token).await?;
    let is_first = found.principal.is_none();
    let id = match found.principal {
        Some(id) => id,
        None => new_id(wish.id.as_deref().unwrap_or_default())?,
    };
    if let Some(weakness) = super::password::weakness(&wish.password, id.as_str()) {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, weakness));
    }
    if !service.store.use_invitation(&token_hash(&token), service.clockwork.now()).await? {
        return Err(none());
    }
    let name = wish.name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    if is_first {
        first_manager(&service, &id, name.as_deref()).await?;
    } else if let Some(name) = name {
        service.store.rename_principal(&id, &name).await?;
    }
    set_password(&service, &id, wish.password).await?;
    begin(&service, &id, &origin.parts.headers).await
}

async fn first_manager(service: &Service, id: &PrincipalId, name: Option<&str>) -> Result<(), Problem> {
    let now = service.clockwork.now();
    service.store.add_principal(id, name.unwrap_or(id.as_str()), now).await?;
    for shop in service.shops.all() {
        let place = Membership { shop: shop.id.clone(), role: Role::Manager, outsourced: false };
        service.store.set_place(id, place).await?;
    }
    Ok(())
}

/// An id that can be typed and told apart.
pub(super) fn new_id(text: &str) -> Result<PrincipalId, Problem> {
    let text = text.trim();
    let is_good = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '@');
    if (2..=LONGEST_ID).contains(&text.chars().count()) && text.chars().all(is_good) {
        return Ok(PrincipalId::from(text));
    }
    let why = "a name to sign in with has 2 to 64 letters, digits, or - _ . @";
    Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, why))
}
